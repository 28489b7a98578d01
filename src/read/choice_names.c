/* Look-up of choices by folded name or label. */
#include "read/choice.h"

/* The index is built when the first text needs it. */
static void index_names(cnv_choice_reader *reader)
{
	for (uint32_t i = 0; !reader->indexed && i < reader->list->count; i++)
		cnv_names_put(&reader->by_fold, 0, 0, cnv_text_fold(reader->scratch, reader->list->choices[i].name), i);
	reader->indexed = true;
	reader->failed |= reader->scratch->failed || cnv_names_failed(&reader->by_fold);
}

uint32_t cnv_choice_by_name(cnv_choice_reader *reader, cnv_str folded)
{
	uint32_t found;

	index_names(reader);
	found = folded.len ? cnv_names_find(&reader->by_fold, 0, 0, folded) : CNV_NONE;
	return found < reader->list->count ? found : CNV_NONE;
}

uint32_t cnv_choice_by_label(const cnv_choice_reader *reader, cnv_str folded)
{
	uint32_t found = folded.len ? cnv_map_find(&reader->list->by_label, folded) : CNV_NONE;

	return found < reader->list->count ? found : CNV_NONE;
}

void cnv_choice_reader_init(cnv_choice_reader *reader, const cnv_form *form, const cnv_list *list, bool literal,
			    cnv_arena *scratch)
{
	*reader = (cnv_choice_reader){ .form = form, .list = list, .literal = literal, .scratch = scratch };
}

void cnv_choice_reader_fini(cnv_choice_reader *reader)
{
	cnv_mem_free(reader->picked);
	cnv_names_fini(&reader->by_fold);
}
