/* lists.h: the lists that selects offer, while a form is built. */
#ifndef CANVASS_FORM_LISTS_H
#define CANVASS_FORM_LISTS_H

#include "form/builder.h"

/* The index of the list called `name` in `map`, added when new; CNV_NONE: no memory. */
uint32_t cnv_form_put_list(cnv_form_builder *build, cnv_map *map, cnv_str name);

#endif
