/* sources: the origin of each answer shown by name, to the line of its file.
 *
 * Of a file with responses that are not shown by name there is neither line nor digest: both depend on their answers. */
#include "report/listing.h"
#include "report/marks.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/texts.h"

/* Does the workbook show content of this cell? */
static bool has_answer(const cnv_column *column, uint32_t row)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	return verdict != CNV_BLANK && verdict != CNV_MISSING && verdict != CNV_NOT_ASKED;
}

/* Was the file read with conventions that differ from an ordinary CSV?  They may have been found by any of its answers. */
static bool is_read_otherwise(const cnv_reported_file *file)
{
	return !file->unnamed && file->reading.len && !cnv_str_equal(file->reading, CNV_STR("UTF-8, comma"));
}

const cnv_trace *cnv_trace_find(const cnv_trace *traces, uint32_t count, cnv_question_id question, uint32_t row)
{
	uint32_t from = 0, upto = count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;
		const cnv_trace *at = &traces[middle];

		if (at->question < question || (at->question == question && at->row < row))
			from = middle + 1;
		else
			upto = middle;
	}
	return from < count && traces[from].question == question && traces[from].row == row ? &traces[from] : NULL;
}

/* An answer, and the response it is of. */
struct record {
	cnv_subject subject;
	const cnv_column *column;
	uint32_t table, row;
	uint32_t file; /* that brought it, in the report */
	uint32_t line; /* in that file */
};

/* NULL: not known. */
static const cnv_reported_file *file_of(const cnv_page *page, const void *record)
{
	const cnv_report *report = page->desk->report;
	uint32_t file = ((const struct record *)record)->file;

	return file < report->file_count ? &report->files[file] : NULL;
}

/* The file of its response, unless it is older. */
static void find_file(struct record *record, const cnv_report *report)
{
	const cnv_trace *trace =
		cnv_trace_find(report->traces, report->trace_count, record->subject.question, record->row);

	record->file = trace ? trace->file : report->responses[record->subject.paired->response].file;
	record->line =
		trace ? trace->line : cnv_row_line(&report->batch->tables[record->table], record->column, record->row);
}

static void fill_entry(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	if (row->table)
		cell->text = cnv_desk_entry(page->desk, row->table, row->row, &page->row_arena);
}

static void fill_value(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	cnv_arena *arena = &page->row_arena;

	(void)column;
	cell->text = cnv_text_cut(cnv_cell_value(page->desk->form, row->column, row->row, arena), 80, arena);
}

static void fill_file(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported_file *file = file_of(page, record);

	(void)column;
	if (file)
		cell->text = cnv_file_title(file->name);
}

static void fill_line(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_reported_file *file = file_of(page, record);

	(void)column;
	if (file && file->unnamed)
		cell->look = CNV_LOOK_PLAIN;
	else
		cnv_cell_count(cell, row->line);
}

static void fill_digest(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported_file *file = file_of(page, record);
	char *hex = cnv_arena_get(&page->row_arena, 64);

	(void)column;
	if (hex && file && !file->unnamed)
		cell->text = cnv_hex_write(file->sha256, 32, hex);
}

static void fill_reading(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported_file *file = file_of(page, record);

	(void)column;
	if (file && is_read_otherwise(file))
		cell->text = file->reading;
}

static void fill_reason(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported_file *file = file_of(page, record);

	(void)column;
	if (file && !file->unnamed)
		cell->text = file->reason;
}

static void fill_received(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported_file *file = file_of(page, record);

	(void)column;
	if (file)
		cnv_cell_day(page, cell, cnv_instant_day(file->received));
}

static void lay_source(const cnv_listing *listing, struct record *record)
{
	if (!has_answer(record->column, record->row) || !cnv_page_has_room(listing->page))
		return;
	if (!record->table)
		cnv_mark_line(listing->page, CNV_LINE_SOURCE, record->subject.question, record->row);
	find_file(record, listing->page->desk->report);
	cnv_listing_row(listing, record);
}

static void lay_respondent(const cnv_listing *listing, const cnv_paired *paired)
{
	const cnv_desk *desk = listing->page->desk;

	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		const cnv_question *asked = &desk->form->questions[q];
		struct record record = { .subject = { paired, q, { 0 } }, .table = asked->table };
		const cnv_entries *entries;

		/* A computed value has no line. */
		if (!cnv_desk_shows(desk, q) || asked->role != CNV_ASKED)
			continue;
		record.column = cnv_desk_column(desk, q);
		record.row = paired->response;
		if (!asked->table) {
			lay_source(listing, &record);
			continue;
		}
		entries = &desk->pairing.entries[asked->table];
		for (uint32_t e = entries->starts[paired->response]; e < entries->starts[paired->response + 1]; e++) {
			record.row = entries->rows[e];
			lay_source(listing, &record);
		}
	}
}

static bool has_numbers(const cnv_desk *desk)
{
	for (cnv_question_id q = 0; q < desk->form->count; q++)
		if (desk->form->questions[q].qno.len)
			return true;
	return false;
}

void cnv_lay_sources(cnv_page *page)
{
	static const cnv_listing_column respondent[] = {
		{ .heading = "respondent", .look = CNV_LOOK_LABEL, .fill = cnv_fill_code }, { 0 }
	};
	static const cnv_listing_column number[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_number }, { 0 }
	};
	static const cnv_listing_column variable[] = {
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_variable }, { 0 }
	};
	static const cnv_listing_column entry[] = { { .heading = "entry", .look = CNV_LOOK_CODE, .fill = fill_entry },
						    { 0 } };
	static const cnv_listing_column origin[] = { { .heading = "value", .most = 50, .fill = fill_value },
						     { .heading = "file", .most = 36, .fill = fill_file },
						     { .heading = "line", .look = CNV_LOOK_INTEGER, .fill = fill_line },
						     { .heading = "SHA-256", .most = 68, .fill = fill_digest },
						     { 0 } };
	static const cnv_listing_column reading[] = { { .heading = "read as", .most = 40, .fill = fill_reading },
						      { 0 } };
	static const cnv_listing_column reasons[] = {
		{ .heading = "received", .look = CNV_LOOK_DAY, .fill = fill_received },
		{ .heading = "reason", .most = 40, .fill = fill_reason },
		{ 0 }
	};
	const cnv_pairing *pairing = &page->desk->pairing;
	const cnv_report *report = page->desk->report;
	cnv_listing listing = { .page = page };
	bool otherwise = false, has_reasons = false;
	uint32_t frozen;

	for (uint32_t i = 0; i < report->file_count; i++) {
		otherwise |= is_read_otherwise(&report->files[i]);
		has_reasons |= report->files[i].reason.len > 0 && !report->files[i].unnamed &&
			       report->audience != CNV_AUDIENCE_PUBLIC;
	}
	cnv_page_answers_title(
		page, cnv_say(page->desk, "Sources"),
		cnv_say(page->desk,
			"The line of the returned file with each answer; the SHA-256 identifies the file."));
	/* This is the longest sheet of most workbooks: a column in which every cell would be empty is left out. */
	cnv_listing_add(&listing, respondent);
	if (has_numbers(page->desk))
		cnv_listing_add(&listing, number);
	cnv_listing_add(&listing, variable);
	frozen = listing.count;
	if (page->desk->form->table_count > 1)
		cnv_listing_add(&listing, entry);
	cnv_listing_add(&listing, origin);
	if (otherwise)
		cnv_listing_add(&listing, reading);
	if (has_reasons)
		cnv_listing_add(&listing, reasons);
	cnv_listing_heads(&listing, frozen);
	for (uint32_t i = 0; i < pairing->count; i++)
		if (pairing->rows[i].response != CNV_NONE && pairing->rows[i].by_name)
			lay_respondent(&listing, &pairing->rows[i]);
}
