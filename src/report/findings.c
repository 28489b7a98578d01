/* findings: all findings on the current responses, and the returns that could not be imported.
 *
 * A finding quotes its cell.  The quote is left out where the Matrix hides the answer too: contact data, and answers
 * of respondents not shown by name.  For the latter even the question is hidden: that an answer was due can disclose
 * the one it depends on. */
#include "report/sheets.h"
#include "report/texts.h"

/* Questions by the ways a finding may refer to them: number, name or path without entry numbers. */
static bool index_questions(const cnv_desk *desk, cnv_map *map)
{
	/* Hidden ones first: if two share a number, the more careful treatment applies. */
	for (int round = 0; round < 2; round++)
		for (cnv_question_id q = 0; q < desk->form->count; q++) {
			const cnv_question *asked = &desk->form->questions[q];

			if (desk->hidden[q] != (round == 0))
				continue;
			if (asked->qno.len)
				cnv_map_put(map, asked->qno, q);
			cnv_map_put(map, asked->name, q);
			cnv_map_put(map, asked->answer_path, q);
		}
	return !map->failed;
}

/* "doc[2]/doc_name" -> "doc[]/doc_name" */
static cnv_str without_entries(cnv_str path, cnv_arena *arena)
{
	char *out;
	size_t len = 0;
	bool inside = false;

	if (cnv_str_find(path, CNV_STR("[")) == SIZE_MAX)
		return path;
	out = cnv_arena_get(arena, path.len);
	if (!out)
		return CNV_STR("");
	for (size_t i = 0; i < path.len; i++) {
		inside = inside && path.at[i] != ']';
		if (!inside)
			out[len++] = path.at[i];
		inside = inside || path.at[i] == '[';
	}
	return (cnv_str){ out, len };
}

static bool is_by_name(const cnv_desk *desk, cnv_str respondent)
{
	uint32_t person;

	if (desk->form->release == CNV_NONE || desk->report->audience == CNV_AUDIENCE_SECRETARIAT)
		return true;
	person = desk->named ? cnv_map_find(&desk->pairing.by_code, respondent) : CNV_NONE;
	return person != CNV_NONE && desk->pairing.rows[person].by_name;
}

static bool has_contacts_of(const cnv_desk *desk, cnv_str respondent)
{
	uint32_t person = desk->named ? cnv_map_find(&desk->pairing.by_code, respondent) : CNV_NONE;
	uint32_t response = person == CNV_NONE ? CNV_NONE : desk->pairing.rows[person].response;

	return desk->report->audience == CNV_AUDIENCE_SECRETARIAT ||
	       (response != CNV_NONE && desk->report->responses[response].contacts);
}

static bool may_quote(const cnv_desk *desk, cnv_question_id question, const cnv_reported_finding *finding)
{
	if (question != CNV_NONE && desk->contacts[question] && !has_contacts_of(desk, finding->respondent))
		return false;
	if (question != CNV_NONE && question == desk->form->respondent)
		return true;
	/* A finding on a file, without a question or respondent, is of somebody whose release is not known. */
	if (question == CNV_NONE && !finding->respondent.len)
		return desk->form->release == CNV_NONE || desk->report->audience == CNV_AUDIENCE_SECRETARIAT;
	return is_by_name(desk, finding->respondent);
}

/* May the question be shown?  Respondents not shown by name got their findings from the import. */
static bool may_place(const cnv_desk *desk, cnv_question_id question, const cnv_reported_finding *finding)
{
	return !finding->respondent.len || (question != CNV_NONE && question == desk->form->respondent) ||
	       is_by_name(desk, finding->respondent);
}

/* A line or column; the empty cell keeps its border. */
static void lay_place(cnv_page *page, uint32_t at, uint32_t place)
{
	if (place)
		cnv_page_count(page, at, CNV_LOOK_INTEGER, place);
	else
		cnv_page_words(page, at, CNV_LOOK_PLAIN, "");
}

/* "AUS.csv"; of a workbook "AUS.xlsx: Answers!D22", or only the file if the location is hidden. */
static cnv_str file_and_cell(const cnv_reported_finding *finding, bool placed, cnv_arena *arena)
{
	cnv_place place = { .source = cnv_file_title(finding->file),
			    .sheet = finding->sheet,
			    .row = finding->line,
			    .column = finding->column,
			    .tab = 1 };
	cnv_text text = { 0 };
	cnv_str told;

	if (!placed || !finding->sheet.len)
		return place.source;
	cnv_place_write(&text, &place);
	told = cnv_arena_copy(arena, cnv_text_str(&text));
	arena->failed |= text.failed;
	cnv_text_fini(&text);
	return told;
}

/* The id names the question, and the reason of a waiver may quote the answer. */
static void lay_query(cnv_page *page, const cnv_reported_finding *finding, bool placed, bool quoted)
{
	const char *word = cnv_query_state_word(finding->state);

	if (placed)
		cnv_page_text(page, 10, CNV_LOOK_LABEL, finding->id);
	else
		cnv_page_words(page, 10, CNV_LOOK_WITHHELD, "withheld");
	cnv_page_text(page, 11, CNV_LOOK_PLAIN,
		      quoted && finding->reason.len
			      ? cnv_arena_format(&page->row_arena, "%s: %.*s", word, CNV_ARG(finding->reason))
			      : cnv_str_from(word));
}

static void lay_finding(cnv_page *page, const cnv_map *questions, const cnv_reported_finding *finding)
{
	static const struct {
		cnv_look look;
		const char *word;
	} severities[] = { [CNV_NOTE] = { CNV_LOOK_PLAIN, "note" },
			   [CNV_WARNING] = { CNV_LOOK_WARNING, "warning" },
			   [CNV_ERROR] = { CNV_LOOK_ERROR, "error" } };
	const cnv_code_info *info = cnv_code_find(finding->code);
	cnv_severity severity = info ? info->severity : CNV_ERROR;
	cnv_question_id question = cnv_map_find(questions, without_entries(finding->question, &page->row_arena));
	bool quoted = may_quote(page->desk, question, finding), placed = may_place(page->desk, question, finding);
	char code[8];

	cnv_code_name(finding->code, code);
	cnv_page_text(page, 0, CNV_LOOK_LABEL, finding->respondent);
	if (placed)
		cnv_page_text(page, 1, CNV_LOOK_LABEL, finding->question);
	else
		cnv_page_words(page, 1, CNV_LOOK_WITHHELD, "withheld");
	cnv_page_text(page, 2, CNV_LOOK_PLAIN, file_and_cell(finding, placed, &page->row_arena));
	lay_place(page, 3, placed ? finding->line : 0);
	lay_place(page, 4, placed ? finding->column : 0);
	cnv_page_words(page, 5, severities[severity].look, severities[severity].word);
	cnv_page_text(page, 6, CNV_LOOK_CODE, cnv_arena_copy(&page->row_arena, cnv_str_from(code)));
	if (quoted || (placed && !finding->value.len))
		cnv_page_text(page, 7, CNV_LOOK_PLAIN, cnv_text_cut(finding->value, 200, &page->row_arena));
	else
		cnv_page_words(page, 7, CNV_LOOK_WITHHELD, "withheld");
	cnv_page_text(page, 8, CNV_LOOK_PLAIN, quoted || !info ? finding->message : cnv_str_from(info->title));
	cnv_page_text(page, 9, CNV_LOOK_PLAIN, quoted ? finding->hint : CNV_STR(""));
	if (finding->id.len)
		lay_query(page, finding, placed, quoted);
	cnv_page_end_row(page);
}

static cnv_str how_to_read(cnv_page *page)
{
	const cnv_report *report = page->desk->report;
	uint64_t there = report->errors + report->warnings;

	if (!report->finding_count && !report->quarantined_count)
		return CNV_STR("None: every answer is readable and follows the form's rules.");
	if (there > report->finding_count)
		return cnv_arena_format(&page->row_arena,
					"The first %u of %llu, each with its place in the returned file. `canvass "
					"import -n --jsonl` lists them all. What could not be imported is last.",
					report->finding_count, (unsigned long long)there);
	return CNV_STR("Each with its place in the returned file; `canvass explain CODE` explains a code. What could "
		       "not be imported is last.");
}

void cnv_lay_findings(cnv_page *page)
{
	cnv_heading headings[] = { { "respondent", 0 }, { "question", 24 }, { "file", 28 }, { "line", 0 },
				   { "column", 0 },     { "severity", 0 },  { "code", 0 },  { "value", 32 },
				   { "message", 60 },   { "hint", 40 },     { NULL, 0 },    { "state", 40 },
				   { NULL, 0 } };
	const cnv_report *report = page->desk->report;
	cnv_map questions = { 0 };

	for (uint32_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].id.len)
			headings[10].text = "id";

	if (!index_questions(page->desk, &questions))
		page->status = CNV_NO_MEMORY;
	cnv_page_title(page, CNV_STR("Findings"), how_to_read(page));
	cnv_page_headings(page, headings, 2);
	for (uint32_t i = 0; i < report->finding_count && cnv_page_has_room(page); i++)
		lay_finding(page, &questions, &report->findings[i]);
	for (uint32_t i = 0; i < report->quarantined_count && cnv_page_has_room(page); i++)
		lay_finding(page, &questions, &report->quarantined[i]);
	cnv_map_fini(&questions);
}
