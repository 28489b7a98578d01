/* findings: all findings on the current responses, and the returns that could not be imported.
 *
 * A finding quotes its cell.  The quote is left out where the Matrix hides the answer too: contact data, and answers
 * of respondents not shown by name.  For the latter even the question is hidden: that an answer was due can disclose
 * the one it depends on.  A line of a file that has their answers too depends on these, and is left out. */
#include "report/listing.h"
#include "report/sayings.h"
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
	bool contact = finding->contact || (question != CNV_NONE && desk->contacts[question]);

	if (contact && !has_contacts_of(desk, finding->respondent))
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

/* "AUS.csv"; of a workbook "AUS.xlsx: Answers!D22", or only the file if the location is hidden. */
static cnv_str file_and_cell(const cnv_reported_finding *finding, bool lined, cnv_arena *arena)
{
	cnv_place place = { .source = cnv_file_title(finding->file),
			    .sheet = finding->sheet,
			    .row = finding->line,
			    .column = finding->column,
			    .tab = 1 };
	cnv_text text = { 0 };
	cnv_str told;

	if (!lined || !finding->sheet.len)
		return place.source;
	cnv_place_write(&text, &place);
	told = cnv_arena_copy(arena, cnv_text_str(&text));
	arena->failed |= text.failed;
	cnv_text_fini(&text);
	return told;
}

/* A finding, and what of it may be shown. */
struct record {
	const cnv_reported_finding *finding;
	const cnv_code_info *info;
	bool quoted; /* its answer */
	bool placed; /* the question, and where the answer is, */
	bool lined;  /* to the line */
};

static void fill_respondent(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const struct record *)record)->finding->respondent;
}

/* The text, or that it is withheld. */
static void fill_if(const cnv_page *page, bool shown, cnv_str text, cnv_cell *cell)
{
	cell->text = shown ? text : cnv_say(page->desk, "withheld");
	if (!shown)
		cell->look = CNV_LOOK_WITHHELD;
}

static void fill_question(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	(void)column;
	fill_if(page, row->placed, row->finding->question, cell);
}

static void fill_file(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	cell->text = file_and_cell(row->finding, row->lined, &page->row_arena);
}

/* A line or column; 0 is not known. */
static void fill_place(const struct record *row, uint32_t place, cnv_cell *cell)
{
	if (row->lined && place)
		cnv_cell_count(cell, place);
	else
		cell->look = CNV_LOOK_PLAIN;
}

static void fill_line(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	fill_place(record, ((const struct record *)record)->finding->line, cell);
}

static void fill_column(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	fill_place(record, ((const struct record *)record)->finding->column, cell);
}

static void fill_severity(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	static const struct {
		cnv_look look;
		const char *word;
	} severities[] = { [CNV_NOTE] = { CNV_LOOK_PLAIN, "note" },
			   [CNV_WARNING] = { CNV_LOOK_WARNING, "warning" },
			   [CNV_ERROR] = { CNV_LOOK_ERROR, "error" } };
	const cnv_code_info *info = ((const struct record *)record)->info;
	cnv_severity severity = info ? info->severity : CNV_ERROR;

	(void)page;
	(void)column;
	cell->look = severities[severity].look;
	cell->text = cnv_say(page->desk, severities[severity].word);
}

static void fill_code(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	char code[8];

	(void)column;
	cnv_code_name(((const struct record *)record)->finding->code, code);
	cell->text = cnv_arena_copy(&page->row_arena, cnv_str_from(code));
}

static void fill_value(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	fill_if(page, row->quoted || (row->placed && !row->finding->value.len),
		cnv_text_cut(row->finding->value, 200, &page->row_arena), cell);
}

static void fill_message(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	(void)column;
	cell->text = row->quoted || !row->info ? row->finding->message : cnv_str_from(row->info->title);
}

static void fill_hint(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	(void)column;
	if (row->quoted)
		cell->text = row->finding->hint;
}

/* The id names the question. */
static void fill_id(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	(void)column;
	fill_if(page, row->placed || !row->finding->id.len, row->finding->id, cell);
}

/* The reason of a waiver may quote the answer. */
static void fill_state(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	cnv_str word = cnv_say(page->desk, cnv_query_state_word(row->finding->state));

	(void)column;
	if (!row->finding->id.len)
		return;
	cell->text =
		row->quoted && row->finding->reason.len
			? cnv_arena_format(&page->row_arena, "%.*s: %.*s", CNV_ARG(word), CNV_ARG(row->finding->reason))
			: word;
}

/* By what findings are looked up. */
struct index {
	cnv_map questions;
	cnv_map partly; /* names of files with responses that are not shown by name */
};

static bool index_files(const cnv_report *report, cnv_map *partly)
{
	for (uint32_t i = 0; i < report->file_count; i++)
		if (report->files[i].partly)
			cnv_map_put(partly, report->files[i].name, i);
	return !partly->failed;
}

static void lay_finding(const cnv_listing *listing, const struct index *index, const cnv_reported_finding *finding)
{
	cnv_page *page = listing->page;
	cnv_question_id question;
	bool placed;

	if (!cnv_page_has_room(page))
		return;
	question = cnv_map_find(&index->questions, without_entries(finding->question, &page->row_arena));
	placed = may_place(page->desk, question, finding);
	cnv_listing_row(listing,
			&(struct record){ .finding = finding,
					  .info = cnv_code_find(finding->code),
					  .quoted = may_quote(page->desk, question, finding),
					  .placed = placed,
					  .lined = placed && cnv_map_find(&index->partly, finding->file) == CNV_NONE });
}

static cnv_str how_to_read(cnv_page *page)
{
	const cnv_report *report = page->desk->report;
	uint64_t there = report->errors + report->warnings;

	if (!report->finding_count && !report->quarantined_count)
		return cnv_say(page->desk, "None: every answer is readable and follows the form's rules.");
	if (there > report->finding_count)
		return CNV_SAY(page->desk, &page->row_arena,
			       "The first {1} of {2}, each with its place in the returned file. `canvass import -n "
			       "--jsonl` lists them all. What could not be imported is last.",
			       cnv_value_count(report->finding_count), cnv_value_count(there));
	return cnv_say(page->desk,
		       "Each with its place in the returned file; `canvass explain CODE` explains a code. What could "
		       "not be imported is last.");
}

void cnv_lay_findings(cnv_page *page)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "respondent", .look = CNV_LOOK_LABEL, .fill = fill_respondent },
		{ .heading = "question", .most = 24, .look = CNV_LOOK_LABEL, .fill = fill_question },
		{ .heading = "file", .most = 28, .fill = fill_file },
		{ .heading = "line", .look = CNV_LOOK_INTEGER, .fill = fill_line },
		{ .heading = "column", .look = CNV_LOOK_INTEGER, .fill = fill_column },
		{ .heading = "severity", .fill = fill_severity },
		{ .heading = "code", .look = CNV_LOOK_CODE, .fill = fill_code },
		{ .heading = "value", .most = 32, .fill = fill_value },
		{ .heading = "message", .most = 60, .fill = fill_message },
		{ .heading = "hint", .most = 40, .fill = fill_hint },
		{ 0 }
	};
	static const cnv_listing_column queries[] = { { .heading = "id", .look = CNV_LOOK_LABEL, .fill = fill_id },
						      { .heading = "state", .most = 40, .fill = fill_state },
						      { 0 } };
	const cnv_report *report = page->desk->report;
	cnv_listing listing = { .page = page };
	struct index index = { 0 };
	bool has_ids = false;

	for (uint32_t i = 0; i < report->finding_count; i++)
		has_ids |= report->findings[i].id.len > 0;
	if (!index_questions(page->desk, &index.questions) || !index_files(report, &index.partly))
		page->status = CNV_NO_MEMORY;
	cnv_page_answers_title(page, cnv_say(page->desk, "Findings"), how_to_read(page));
	cnv_listing_add(&listing, columns);
	if (has_ids)
		cnv_listing_add(&listing, queries);
	cnv_listing_heads(&listing, 2);
	for (uint32_t i = 0; i < report->finding_count; i++)
		lay_finding(&listing, &index, &report->findings[i]);
	for (uint32_t i = 0; i < report->quarantined_count; i++)
		lay_finding(&listing, &index, &report->quarantined[i]);
	cnv_map_fini(&index.questions);
	cnv_map_fini(&index.partly);
}
