/* index.h: looking things up by name, where several may have the same name. */
#ifndef CANVASS_FORM_INDEX_H
#define CANVASS_FORM_INDEX_H

#include "canvass/form.h"

typedef struct cnv_form_index_entry {
	cnv_str key;
	uint32_t owner; /* the first with this key */
	bool shared;    /* another one has it too */
} cnv_form_index_entry;

/* { 0 } is ready to use. */
typedef struct cnv_form_index {
	cnv_form_index_entry *at; /* in the order of their first owner */
	uint32_t count, room;
	cnv_map by_key; /* of `at` */
	bool failed;
} cnv_form_index;

/* The key is borrowed; an empty one is ignored. */
void cnv_form_index_put(cnv_form_index *index, cnv_str key, uint32_t owner);
/* Enters into `map` every key that it does not have: its owner, or CNV_NAME_AMBIGUOUS.  Frees the index.  false: no
 * memory. */
bool cnv_form_index_end(cnv_form_index *index, cnv_map *map);

#endif
