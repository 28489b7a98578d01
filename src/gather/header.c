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

/* The headings of the long layout; those of a pack come with the column "asked" only. */
static const char *const long_words[CNV_LONG_PARTS] = {
	[CNV_PART_QUESTION] = "question",
	[CNV_PART_NUMBER] = "no",
	[CNV_PART_LABEL] = "label",
	[CNV_PART_ANSWER] = "answer",
	[CNV_PART_NOTE] = "note",
	[CNV_PART_AS_OF] = "as_of",
	[CNV_PART_SOURCE_URL] = "source_url",
	[CNV_PART_SOURCE_SEEN] = "source_seen",
	[CNV_PART_EVIDENCE] = "evidence",
	[CNV_PART_STILL] = "still_right",
	[CNV_PART_PREFILLED] = "prefilled",
};

static bool is_own(const cnv_section *section, cnv_str heading)
{
	static const char *const keyed[] = { "first_keying", "first_note", "second_keying", "second_note" };
	bool asked = false;

	for (size_t i = 0; i < sizeof keyed / sizeof *keyed; i++)
		if (cnv_str_is_word(heading, keyed[i]))
			return true;
	for (uint32_t at = 0; at < section->heading_count && !asked; at++)
		asked = cnv_str_is_word(section->headings[at], "asked");
	return asked && (cnv_str_is_word(heading, "asked") || cnv_str_is_word(heading, "state"));
}

static cnv_long_part find_part(const cnv_section *section, cnv_str heading)
{
	if (!heading.len)
		return CNV_PART_UNNAMED;
	for (cnv_long_part part = 0; part < CNV_LONG_PARTS; part++)
		if (long_words[part] && cnv_str_is_word(heading, long_words[part]))
			return part;
	return is_own(section, heading) ? CNV_PART_OWN : CNV_PART_UNKNOWN;
}

static cnv_status report_part_twice(cnv_gather *gather, uint32_t first, uint32_t at)
{
	char name[CNV_CELL_NAME_ROOM], other[CNV_CELL_NAME_ROOM];
	cnv_str heading = gather->section->headings[at];

	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_COLUMN_TWICE,
				.place = cnv_gather_place(gather, gather->section->header_line, at + 1),
				.field = heading, .excerpt = heading),
		       "columns %s and %s both have the heading \"%s\"", cnv_gather_column(gather, first, other),
		       cnv_gather_column(gather, at, name), long_words[gather->section->parts[at]]);
	return CNV_REJECTED;
}

static void report_unknown(cnv_gather *gather, uint32_t at)
{
	cnv_str heading = gather->section->headings[at], shown = cnv_gather_cut(gather, heading);

	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_STRANGE_COLUMN,
				.place = cnv_gather_place(gather, gather->section->header_line, at + 1), .field = shown,
				.excerpt = heading,
				.hint = CNV_STR("write what belongs to an answer in the column \"note\"")),
		       "unknown column \"%.*s\": the column is ignored", CNV_ARG(shown));
}

cnv_status cnv_long_header(cnv_gather *gather)
{
	cnv_section *section = gather->section;

	section->parts = cnv_arena_array(&gather->arena, section->heading_count, sizeof *section->parts);
	if (!section->parts)
		return CNV_NO_MEMORY;
	for (uint32_t at = 0; at < section->heading_count; at++) {
		cnv_long_part part = find_part(section, section->headings[at]);

		section->parts[at] = part;
		gather->account.as[part == CNV_PART_UNKNOWN ? CNV_AS_REPORTED : CNV_AS_FORM] +=
			section->headings[at].len > 0;
		if (part == CNV_PART_UNKNOWN)
			report_unknown(gather, at);
		if (!long_words[part])
			continue;
		if (section->part_columns[part])
			return report_part_twice(gather, section->part_columns[part] - 1, at);
		section->part_columns[part] = at + 1;
	}
	section->question_column = section->part_columns[CNV_PART_QUESTION];
	section->answer_column = section->part_columns[CNV_PART_ANSWER];
	if (!gather->row_count)
		cnv_header_reset_columns(gather, section->answer_column);
	return CNV_OK;
}
