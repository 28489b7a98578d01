/* Points of lines and shapes, written "lat lon alt acc" and joined by ';'. */
#ifndef CANVASS_EXPR_GEO_H
#define CANVASS_EXPR_GEO_H

#include "canvass/base.h"

typedef struct place {
	double latitude, longitude;
} place;

/* The next point of a line; false at its end, with *broken if the text is not a point. */
bool expr_next_place(cnv_str *rest, place *out, bool *broken);

#endif
