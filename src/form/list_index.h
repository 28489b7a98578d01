/* list_index.h: finding the choices of a list. */
#ifndef CANVASS_FORM_LIST_INDEX_H
#define CANVASS_FORM_LIST_INDEX_H

#include "canvass/form.h"

/* Fills by_label: each folded label in any of `languages`.  false: no memory. */
bool cnv_form_index_labels(cnv_list *list, uint32_t languages, cnv_arena *arena);
/* Fills twins, when by_name is complete.  false: no memory. */
bool cnv_form_chain_twins(cnv_list *list, cnv_arena *arena);

#endif
