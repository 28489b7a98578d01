/* Values as XLSForm writes them. */
#ifndef CANVASS_READ_VALUE_H
#define CANVASS_READ_VALUE_H

#include "canvass/read.h"

/* The number, day, time or moment of a cell, as XLSForm writes it. */
cnv_str cnv_value_written(const cnv_column *column, uint32_t row, cnv_arena *arena);
/* A file name without the folders before it. */
cnv_str cnv_file_leaf(cnv_str text);

#endif
