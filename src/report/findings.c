/* findings: all findings on the current responses, and the returns that could not be imported. */
#include "report/listing.h"
#include "report/marks.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/shown_finding.h"
#include "report/texts.h"

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

static void fill_respondent(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const cnv_shown_finding *)record)->finding->respondent;
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
	const cnv_shown_finding *row = record;

	(void)page;
	(void)column;
	fill_if(page, row->placed, row->finding->question, cell);
}

static void fill_file(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_shown_finding *row = record;

	(void)column;
	cell->text = file_and_cell(row->finding, row->lined, &page->row_arena);
}

/* A line or column; 0 is not known. */
static void fill_place(const cnv_shown_finding *row, uint32_t place, cnv_cell *cell)
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
	fill_place(record, ((const cnv_shown_finding *)record)->finding->line, cell);
}

static void fill_column(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	fill_place(record, ((const cnv_shown_finding *)record)->finding->column, cell);
}

static void fill_severity(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	static const struct {
		cnv_look look;
		const char *word;
	} severities[] = { [CNV_NOTE] = { CNV_LOOK_PLAIN, "note" },
			   [CNV_WARNING] = { CNV_LOOK_WARNING, "warning" },
			   [CNV_ERROR] = { CNV_LOOK_ERROR, "error" } };
	const cnv_code_info *info = ((const cnv_shown_finding *)record)->info;
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
	cnv_code_name(((const cnv_shown_finding *)record)->finding->code, code);
	cell->text = cnv_arena_copy(&page->row_arena, cnv_str_from(code));
}

static void fill_value(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_shown_finding *row = record;

	(void)column;
	fill_if(page, row->quoted || (row->placed && !row->finding->value.len),
		cnv_text_cut(row->finding->value, 200, &page->row_arena), cell);
}

static void fill_message(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_shown_finding *row = record;

	(void)page;
	(void)column;
	cell->text = cnv_shown_finding_message(row);
}

static void fill_hint(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_shown_finding *row = record;

	(void)page;
	(void)column;
	if (row->quoted)
		cell->text = row->finding->hint;
}

/* The id names the question. */
static void fill_id(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_shown_finding *row = record;

	(void)page;
	(void)column;
	fill_if(page, row->placed || !row->finding->id.len, row->finding->id, cell);
}

/* The reason of a waiver may quote the answer. */
static void fill_state(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_shown_finding *row = record;
	cnv_str word = cnv_say(page->desk, cnv_query_state_word(row->finding->state));

	(void)column;
	if (!row->finding->id.len)
		return;
	cell->text =
		row->quoted && row->finding->reason.len
			? cnv_arena_format(&page->row_arena, "%.*s: %.*s", CNV_ARG(word), CNV_ARG(row->finding->reason))
			: word;
}

static void lay_finding(const cnv_listing *listing, const cnv_finding_index *index, const cnv_reported_finding *finding)
{
	cnv_page *page = listing->page;
	cnv_shown_finding shown;

	if (!cnv_page_has_room(page))
		return;
	shown = cnv_finding_shown(page->desk, index, finding, &page->row_arena);
	if (shown.sure && shown.placed)
		cnv_mark_line(page, CNV_LINE_FINDING, shown.question,
			      cnv_desk_response(page->desk, finding->respondent));
	cnv_listing_row(listing, &shown);
}

static cnv_str how_to_read(cnv_page *page)
{
	const cnv_report *report = page->desk->report;
	uint64_t there = report->errors + report->warnings;

	if (!report->finding_count && !report->quarantined_count)
		return cnv_say(page->desk, "None: every answer is readable and follows the form's rules.");
	if (there > report->finding_count)
		return CNV_SAY(page->desk, &page->row_arena,
			       "The first {1} of {2}, each with its place in the returned file. `canvass import -n"
			       " --jsonl` lists them all. What could not be imported is last.",
			       cnv_value_count(report->finding_count), cnv_value_count(there));
	return cnv_say(page->desk,
		       "Each with its place in the returned file; `canvass explain CODE` explains a code. What"
		       " could not be imported is last.");
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
	cnv_finding_index index = { 0 };
	bool has_ids = false;

	for (uint32_t i = 0; i < report->finding_count; i++)
		has_ids |= report->findings[i].id.len > 0;
	if (!cnv_finding_index_build(&index, page->desk))
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
	cnv_finding_index_fini(&index);
}
