/* What the headers of both layouts share, and the header of the long one. */
#include "gather/layouts.h"
#include "gather/place.h"

bool cnv_gather_is_foreign(const cnv_form *form, uint32_t known, uint32_t unknown, uint32_t questions)
{
	uint32_t asked = 0;

	for (cnv_question_id id = 0; id < form->count; id++)
		asked += form->questions[id].role == CNV_ASKED && form->questions[id].column != CNV_NONE;
	return !known || (unknown > known && questions < asked / 2);
}

void cnv_header_reset_columns(cnv_gather *gather, uint32_t source_column)
{
	const cnv_section *section = gather->section;

	for (uint32_t i = 0; i < gather->batch->table_count; i++) {
		cnv_table *table = &gather->batch->tables[i];

		if (section->holds == CNV_HOLDS_ENTRIES ? i != section->table
							: gather->children && gather->children[i].section)
			continue;
		table->origin = section->origin;
		for (uint32_t k = 0; k < table->count; k++) {
			table->columns[k].source_column = source_column;
			table->columns[k].origin = section->origin;
		}
	}
}

cnv_status cnv_long_header(cnv_gather *gather)
{
	static const struct long_heading {
		const char *word;
		cnv_long_part part;
	} words[] = {
		{ "question", CNV_PART_QUESTION },
		{ "answer", CNV_PART_ANSWER },
		{ "note", CNV_PART_NOTE },
	};
	uint32_t columns[CNV_PART_NOTE + 1] = { 0 }; /* from 1 */
	char name[CNV_CELL_NAME_ROOM], other[CNV_CELL_NAME_ROOM];

	gather->section->parts =
		cnv_arena_array(&gather->arena, gather->section->heading_count, sizeof *gather->section->parts);
	if (!gather->section->parts)
		return CNV_NO_MEMORY;
	for (uint32_t at = 0; at < gather->section->heading_count; at++)
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
			if (!cnv_str_is_word(gather->section->headings[at], words[i].word))
				continue;
			if (columns[words[i].part]) {
				cnv_diags_emit(gather->diags,
					       CNV_DIAG(.code = CNV_COLUMN_TWICE,
							.place = cnv_gather_place(gather, gather->section->header_line,
										  at + 1),
							.field = gather->section->headings[at],
							.excerpt = gather->section->headings[at]),
					       "columns %s and %s both have the heading \"%s\"",
					       cnv_gather_column(gather, columns[words[i].part] - 1, other),
					       cnv_gather_column(gather, at, name), words[i].word);
				return CNV_REJECTED;
			}
			columns[words[i].part] = at + 1;
			gather->section->parts[at] = words[i].part;
		}
	gather->section->question_column = columns[CNV_PART_QUESTION];
	gather->section->answer_column = columns[CNV_PART_ANSWER];
	if (!gather->row_count)
		cnv_header_reset_columns(gather, gather->section->answer_column);
	return CNV_OK;
}
