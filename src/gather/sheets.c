/* The sheets of a pack, where each comes back as a file.
 *
 * Spreadsheet programs save one sheet as CSV, not the workbook.  A sheet of questions then has the texts that a pack
 * adds to those of the form, but not the hidden sheet that says what was sent.
 */
#include "gather/sheets.h"
#include "gather/place.h"

#include <string.h>

/* Characters of a sheet's name; a longer title is cut. */
#define SHEET_NAME 31u

/* Is it the name of a sheet with this title?  Characters that a name cannot have are blanks, a long title is cut, and a
 * second sheet of the same name has a number. */
static bool is_sheet_of(cnv_str name, cnv_str title)
{
	size_t len = 0, digits = name.len;

	while (len < name.len && len < title.len &&
	       (name.at[len] == title.at[len] || (name.at[len] == ' ' && strchr("[]:*?/\\'\n\t", title.at[len]))))
		len++;
	if (len < title.len && len < SHEET_NAME / 2)
		return false;
	if (len == name.len)
		return true;
	while (digits > len && name.at[digits - 1] >= '0' && name.at[digits - 1] <= '9')
		digits--;
	return digits < name.len && digits - len <= 1 && name.at[digits - 1] == ' ';
}

bool cnv_sheets_is_link(const cnv_gather *gather, cnv_question_id repeat, cnv_str answer)
{
	const cnv_form *form = gather->form;

	answer = cnv_str_trim_unicode(answer);
	if (form->questions[repeat].role != CNV_REPEAT || !gather->links)
		return false;
	for (uint32_t at = 0; gather->links(at); at++) {
		cnv_str see = cnv_str_from(gather->links(at)), name;

		if (!cnv_str_starts(answer, see))
			continue;
		name = cnv_str_trim_unicode(cnv_str_slice(answer, see.len, answer.len));
		for (uint32_t i = 0; name.len && i < form->language_count; i++)
			if (is_sheet_of(name,
					cnv_str_trim_unicode(cnv_question_title(form, &form->questions[repeat], i))))
				return true;
	}
	return false;
}

/* ---------------------------------------------------------------- sheets that did not come */

static bool has_heading(const cnv_section *section, const char *word)
{
	for (uint32_t at = 0; at < section->heading_count; at++)
		if (cnv_str_is_word(section->headings[at], word))
			return true;
	return false;
}

/* Is it a sheet of questions that is a file of its own?  Only packs have the column "asked". */
static bool is_file(const cnv_section *section)
{
	return section->holds == CNV_HOLDS_RESPONSES && !section->origin.tab && has_heading(section, "asked");
}

static bool has_file(const cnv_gather *gather)
{
	for (const cnv_section *section = gather->sections; section; section = section->earlier)
		if (is_file(section))
			return true;
	return false;
}

/* Questions that have a line, and all questions of the repeats that came. */
static void find_present(const cnv_gather *gather, bool *present)
{
	const cnv_form *form = gather->form;

	for (uint32_t i = 0; i < gather->row_count; i++)
		if (gather->rows[i].found == CNV_PATH_KNOWN)
			present[gather->rows[i].question] = true;
	for (uint32_t t = 1; t < form->table_count; t++)
		for (uint32_t c = 0; gather->children && gather->children[t].section && c < form->tables[t].count; c++)
			present[form->tables[t].columns[c]] = true;
}

/* Was it asked when the pack was made? */
static bool was_asked(const cnv_gather *gather, cnv_question_id id)
{
	const cnv_question *question = &gather->form->questions[id];
	const cnv_migration *migration = gather->batch->migration;

	return question->role == CNV_ASKED && question->column != CNV_NONE && id != gather->form->respondent &&
	       (!migration || migration->predecessor_of[id] != CNV_NONE);
}

static void report_absent(cnv_gather *gather, cnv_question_id first, uint32_t absent, uint32_t asked)
{
	cnv_str title = cnv_question_title(gather->form, &gather->form->questions[first], 0);

	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_SHEETS_MISSING,
				.place = cnv_gather_place(gather, gather->sections->header_line, 0),
				.field = gather->form->questions[first].answer_path),
		       "%u of the %u questions %s on sheets of the questionnaire that did not come, the first is"
		       " \"%.*s\": %s as not returned",
		       absent, asked, cnv_noun(absent, "is", "are"), CNV_ARG(cnv_gather_cut(gather, title)),
		       cnv_noun(absent, "its answer counts", "their answers count"));
}

/* Only the hidden sheet of a pack lists what it was sent out with.  Where the cover confirms all of it, every answer is
 * given. */
static void report_sent(cnv_gather *gather)
{
	const cnv_section *section = gather->sections;
	const cnv_claim *all = &gather->claims.at[CNV_CLAIM_STILL_RIGHT];
	bool is_text;

	if (cnv_sent_is_ticked(all->value, &is_text))
		return;
	if (is_text)
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_STILL_RIGHT_TEXT, .place = all->place, .excerpt = all->value),
			       "the text in place of the tick on the cover confirms nothing, and is not read");

	while (section && !(is_file(section) && has_heading(section, "still_right")))
		section = section->earlier;
	if (section && !gather->sent.count)
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_SENT_UNKNOWN, .place = { .source = section->origin.source,
								      .row = section->header_line,
								      .heading = CNV_STR("still_right") }),
			"sheets saved as CSV do not say which answers were filled in before: all count as given");
}

void cnv_sheets_look(cnv_gather *gather)
{
	const cnv_form *form = gather->form;
	cnv_question_id first = CNV_NONE;
	uint32_t absent = 0, asked = 0;

	if (!has_file(gather))
		return;
	report_sent(gather);
	gather->present = cnv_arena_array(&gather->arena, (size_t)form->count + 1, sizeof *gather->present);
	if (!gather->present)
		return;
	find_present(gather, gather->present);
	for (cnv_question_id id = 0; id < form->count; id++) {
		if (!was_asked(gather, id))
			continue;
		asked++;
		absent += !gather->present[id];
		if (!gather->present[id] && first == CNV_NONE)
			first = id;
	}
	if (!absent)
		gather->present = NULL;
	else
		report_absent(gather, first, absent, asked);
}

const bool *cnv_gather_present(const cnv_gather *gather)
{
	return gather->present;
}

/* ---------------------------------------------------------------- links */

void cnv_gather_links(cnv_gather *gather, cnv_link_words words)
{
	gather->links = words;
}
