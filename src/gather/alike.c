/* Columns with the same heading, because their questions have the same label: "Other, please specify" three times.
 *
 * Tools write their columns in the order of the form. If as many columns have the heading as questions have the label,
 * the first column is the first question. This is reported, since nothing in the file says so.
 */
#include "gather/alike.h"
#include "gather/place.h"

/* Columns that are matched in this way; each is compared with every question. */
#define MOST_ALIKE 200u

static bool has_label(cnv_gather *gather, const cnv_question *question, cnv_str folded)
{
	for (uint32_t k = 0; k < gather->form->language_count; k++)
		if (cnv_str_equal(cnv_text_fold(&gather->scratch, cnv_str_trim_unicode(question->label.at[k])), folded))
			return true;
	return false;
}

/* The question of this label with number `number` (from 0) in the form; *count: how many there are. */
static cnv_question_id find_alike(cnv_gather *gather, uint32_t table, cnv_str folded, uint32_t number, uint32_t *count)
{
	cnv_question_id found = CNV_NONE;

	*count = 0;
	for (cnv_question_id id = 0; id < gather->form->count; id++) {
		const cnv_question *question = &gather->form->questions[id];

		if (question->table != table || question->column == CNV_NONE || !has_label(gather, question, folded))
			continue;
		if ((*count)++ == number)
			found = id;
	}
	return found;
}

cnv_question_id cnv_alike_find(cnv_gather *gather, uint32_t at)
{
	const cnv_section *section = gather->section;
	uint32_t table = section->holds == CNV_HOLDS_ENTRIES ? section->table : 0;
	uint32_t number = 0, columns = 0, questions;
	cnv_str heading = section->headings[at], folded;
	cnv_question_id found;

	if (!gather->tool || gather->batch->migration || gather->alike++ >= MOST_ALIKE)
		return CNV_NONE;
	for (uint32_t i = 0; i < section->heading_count; i++) {
		if (!cnv_str_equal(section->headings[i], heading))
			continue;
		columns++;
		number += i < at;
	}
	folded = cnv_text_fold(&gather->scratch, heading);
	found = find_alike(gather, table, folded, number, &questions);
	cnv_arena_reset(&gather->scratch);
	if (columns != questions)
		return CNV_NONE;
	if (!number && found != CNV_NONE)
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_COLUMNS_ALIKE,
				 .place = cnv_gather_place(gather, section->header_line, at + 1),
				 .field = cnv_gather_cut(gather, heading), .excerpt = heading),
			"%u columns have the heading \"%.*s\", as %u questions do: read in the order of the form",
			columns, CNV_ARG(cnv_gather_cut(gather, heading)), questions);
	return found;
}
