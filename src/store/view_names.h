/* The names of a view's columns. */
#ifndef CANVASS_STORE_VIEW_NAMES_H
#define CANVASS_STORE_VIEW_NAMES_H

#include "canvass/base.h"

/* Names taken so far in one view; { 0 } is none. */
typedef struct store_naming {
	cnv_map taken;        /* lower case -> index in `last` */
	uint32_t *last, room; /* the last number appended to that name */
	cnv_text name;
	cnv_arena arena;
} store_naming;

/* A name that no other column has: `wanted`, or with _2, _3, ... appended.  Until the next call. */
cnv_str store_name_column(store_naming *names, cnv_str wanted);
bool store_naming_fini(store_naming *names); /* false: no memory, and names are not to be used */

#endif
