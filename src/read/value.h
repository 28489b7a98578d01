/* Values as XLSForm writes them. */
#ifndef CANVASS_READ_VALUE_H
#define CANVASS_READ_VALUE_H

#include "canvass/read.h"

/* Is the text a point, trace or shape?  Points are separated by `;`, which may also end the text, as Collect writes it; a shape
 * ends where it began. */
bool cnv_points_valid(cnv_kind kind, cnv_str text);
/* A file name without the folders before it. */
cnv_str cnv_file_leaf(cnv_str text);

#endif
