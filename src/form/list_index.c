/* list_index.c: finding the choices of a list. */
#include "form/list_index.h"

#include "form/index.h"

bool cnv_form_index_labels(cnv_list *list, uint32_t languages, cnv_arena *arena)
{
	cnv_form_index labels = { 0 };

	for (uint32_t i = 0; i < list->count; i++) {
		/* Choices with one name are one: lists with allow_choice_duplicates, and files. */
		uint32_t first = cnv_map_find(&list->by_name, list->choices[i].name);

		for (uint32_t k = 0; k < languages; k++)
			cnv_form_index_put(&labels, cnv_text_fold(arena, list->choices[i].label.at[k]),
					   first < i ? first : i);
	}
	return cnv_form_index_end(&labels, &list->by_label);
}

bool cnv_form_chain_twins(cnv_list *list, cnv_arena *arena)
{
	uint32_t *twins, *last;

	if (list->by_name.count == list->count)
		return true;
	twins = cnv_arena_array(arena, list->count, sizeof *twins);
	last = cnv_mem_array(list->count, sizeof *last); /* so far, by the first of its name */
	for (uint32_t i = 0; twins && last && i < list->count; i++) {
		uint32_t first = cnv_map_find(&list->by_name, list->choices[i].name);

		twins[i] = CNV_NONE;
		if (first < i)
			twins[last[first]] = i;
		if (first <= i)
			last[first] = i;
	}
	list->twins = last ? twins : NULL;
	cnv_mem_free(last);
	return list->twins != NULL;
}
