/* Lines above the header: a title, the respondent's name, an empty form's letterhead.
 *
 * A line that cannot be the header of this form is kept aside, and the next one is tried, up to a limit. A later line is
 * a header only if most of its cells name questions: a title may be about anything, but answers must not be taken for
 * headings. If no later line is a header, the first one is, and the lines kept are its records.
 */
#include "gather/title_lines.h"
#include "gather/place.h"

#include <string.h>

/* Lines that are tried, as in workbooks. */
#define MOST_LINES 40u

bool cnv_titles_may_follow(const cnv_gather *gather)
{
	return gather->section->holds == CNV_HOLDS_RESPONSES && !gather->returned && gather->second_count &&
	       gather->titles.count < MOST_LINES && !(gather->peek && gather->claiming);
}

/* In the first line a single heading above a line of several may be a title that is also a label. */
bool cnv_titles_is_header(const cnv_gather *gather, uint32_t known, uint32_t unknown)
{
	uint32_t filled = 0;

	if (gather->titles.count)
		return known > 1 && known > unknown;
	for (uint32_t i = 0; i < gather->second_count; i++)
		filled += !cnv_is_blank(gather->second[i]);
	return gather->named > 1 || filled < 2;
}

bool cnv_titles_end(const cnv_gather *gather)
{
	const cnv_section *section = gather->section;
	uint32_t words = 0;

	for (uint32_t at = 0; at < section->heading_count; at++) {
		words += cnv_str_equal(section->headings[at], CNV_STR("question")) ||
			 cnv_str_equal(section->headings[at], CNV_STR("answer"));
		if (section->holds == CNV_HOLDS_ENTRIES &&
		    cnv_str_find(section->headings[at], CNV_STR("[]/")) != SIZE_MAX)
			return true;
	}
	return (section->holds == CNV_HOLDS_RESPONSES && words > 1) || gather->titles.count == MOST_LINES;
}

/* The texts live as long as the file, the array of a section only while it is its header. */
bool cnv_titles_keep(cnv_gather *gather)
{
	const cnv_section *section = gather->section;
	cnv_titles *titles = &gather->titles;
	cnv_title_line *kept;

	if (!titles->lines)
		titles->lines = cnv_arena_array(&gather->arena, MOST_LINES + 1, sizeof *titles->lines);
	if (!titles->lines)
		return false;
	kept = &titles->lines[titles->count++];
	*kept = (cnv_title_line){ .count = section->heading_count, .line = section->header_line };
	kept->cells = cnv_arena_array(&gather->arena, kept->count, sizeof *kept->cells);
	if (kept->cells && kept->count)
		memcpy(kept->cells, section->headings, kept->count * sizeof *kept->cells);
	return kept->cells != NULL;
}

static bool set_header(cnv_gather *gather, const cnv_str *cells, uint32_t count, uint32_t line)
{
	cnv_section *section = gather->section;

	if (!cnv_mem_room((void **)&section->headings, &section->heading_room, count, sizeof *section->headings))
		return false;
	for (uint32_t i = 0; i < count; i++)
		section->headings[i] = cnv_str_trim_unicode(cells[i]);
	section->heading_count = count;
	section->header_line = line;
	gather->named = 0;
	gather->claiming = false;
	cnv_entries_fini(&gather->entries);
	return true;
}

bool cnv_titles_next(cnv_gather *gather, uint32_t line)
{
	bool set = set_header(gather, gather->second, gather->second_count, line);

	gather->second_count = 0;
	return set;
}

bool cnv_titles_restore(cnv_gather *gather)
{
	const cnv_title_line *first = gather->titles.lines;

	gather->seeking = false;
	return set_header(gather, first->cells, first->count, first->line);
}

void cnv_titles_report(cnv_gather *gather)
{
	const cnv_titles *titles = &gather->titles;
	cnv_str shown = { 0 };
	uint32_t cells = 0;

	if (!titles->count)
		return;
	for (uint32_t i = 0; i < titles->count; i++)
		for (uint32_t k = 0; k < titles->lines[i].count; k++) {
			if (!titles->lines[i].cells[k].len)
				continue;
			if (!cells++)
				shown = titles->lines[i].cells[k];
		}
	gather->account.as[CNV_AS_REPORTED] += cells;
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_TITLE_LINES, .place = cnv_gather_place(gather, titles->lines[0].line, 0),
				.field = cnv_gather_cut(gather, shown), .excerpt = shown),
		       "%u %s above the header in line %u: \"%.*s\"%s", cells, cnv_noun(cells, "cell", "cells"),
		       gather->section->header_line, CNV_ARG(cnv_gather_cut(gather, shown)), cells > 1 ? ", ..." : "");
}
