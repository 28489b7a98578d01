/* sources: the origin of each answer shown by name, to the line of its file. */
#include "report/sheets.h"
#include "report/texts.h"

/* Does the workbook show content of this cell? */
static bool has_answer(const cnv_column *column, uint32_t row)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	return verdict != CNV_BLANK && verdict != CNV_MISSING && verdict != CNV_NOT_ASKED;
}

/* Was the file read with conventions that differ from an ordinary CSV? */
static bool is_read_otherwise(const cnv_reported_file *file)
{
	return file->reading.len && !cnv_str_equal(file->reading, CNV_STR("UTF-8, comma"));
}

/* The last columns, which are absent where no file needs them; 0: absent. */
typedef struct extra_columns {
	uint32_t reading, reason;
} extra_columns;

static extra_columns add_columns(const cnv_report *report, cnv_heading *headings, uint32_t from)
{
	extra_columns extra = { 0 };
	bool otherwise = false, reasons = false;

	for (uint32_t i = 0; i < report->file_count; i++) {
		otherwise |= is_read_otherwise(&report->files[i]);
		reasons |= report->files[i].reason.len > 0 && report->audience != CNV_AUDIENCE_PUBLIC;
	}
	if (otherwise) {
		headings[from] = (cnv_heading){ "read as", 40 };
		extra.reading = from++;
	}
	if (reasons) {
		headings[from] = (cnv_heading){ "reason", 40 };
		extra.reason = from;
	}
	return extra;
}

static void lay_source(cnv_page *page, const cnv_paired *paired, cnv_question_id question, uint32_t row,
		       extra_columns extra)
{
	cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	const cnv_question *asked = &desk->form->questions[question];
	const cnv_column *column = cnv_desk_column(desk, question);
	const cnv_table *table = &report->batch->tables[asked->table];
	uint32_t file = report->responses[paired->response].file;
	char *hex;

	cnv_page_text(page, 0, CNV_LOOK_LABEL, paired->code);
	cnv_page_text(page, 1, CNV_LOOK_LABEL, asked->qno);
	cnv_page_text(page, 2, CNV_LOOK_LABEL, asked->name);
	cnv_page_text(page, 3, CNV_LOOK_CODE,
		      asked->table ? cnv_desk_entry(desk, asked->table, row, &page->row_arena) : CNV_STR(""));
	cnv_page_text(page, 4, CNV_LOOK_PLAIN,
		      cnv_text_cut(cnv_cell_value(desk->form, column, row, &page->row_arena), 80, &page->row_arena));
	if (file < report->file_count)
		cnv_page_text(page, 5, CNV_LOOK_PLAIN, cnv_file_title(report->files[file].name));
	cnv_page_count(page, 6, CNV_LOOK_INTEGER, cnv_row_line(table, column, row));
	hex = cnv_arena_get(&page->row_arena, 64);
	if (hex && file < report->file_count)
		cnv_page_text(page, 7, CNV_LOOK_PLAIN, cnv_hex_write(report->files[file].sha256, 32, hex));
	if (file < report->file_count && extra.reading && is_read_otherwise(&report->files[file]))
		cnv_page_text(page, extra.reading, CNV_LOOK_PLAIN, report->files[file].reading);
	if (file < report->file_count && extra.reason)
		cnv_page_text(page, extra.reason, CNV_LOOK_PLAIN, report->files[file].reason);
	cnv_page_end_row(page);
}

static void lay_respondent(cnv_page *page, const cnv_paired *paired, extra_columns extra)
{
	const cnv_desk *desk = page->desk;

	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		const cnv_question *asked = &desk->form->questions[q];
		const cnv_column *column;
		const cnv_entries *entries;

		/* A computed value has no line. */
		if (!cnv_desk_shows(desk, q) || asked->role != CNV_ASKED)
			continue;
		column = cnv_desk_column(desk, q);
		if (!asked->table) {
			if (has_answer(column, paired->response) && cnv_page_has_room(page))
				lay_source(page, paired, q, paired->response, extra);
			continue;
		}
		entries = &desk->pairing.entries[asked->table];
		for (uint32_t e = entries->starts[paired->response]; e < entries->starts[paired->response + 1]; e++)
			if (has_answer(column, entries->rows[e]) && cnv_page_has_room(page))
				lay_source(page, paired, q, entries->rows[e], extra);
	}
}

void cnv_lay_sources(cnv_page *page)
{
	cnv_heading headings[] = { { "respondent", 0 }, { "question", 0 }, { "name", 0 }, { "entry", 0 },
				   { "value", 50 },     { "file", 36 },    { "line", 0 }, { "SHA-256", 62 },
				   { NULL, 0 },         { NULL, 0 },       { NULL, 0 } };
	const cnv_pairing *pairing = &page->desk->pairing;
	const cnv_report *report = page->desk->report;
	extra_columns extra = add_columns(report, headings, 8);

	cnv_page_title(page, CNV_STR("Sources"),
		       CNV_STR("The line of the returned file with each answer; the SHA-256 identifies the file."));
	cnv_page_headings(page, headings, 3);
	for (uint32_t i = 0; i < pairing->count; i++)
		if (pairing->rows[i].response != CNV_NONE && pairing->rows[i].by_name)
			lay_respondent(page, &pairing->rows[i], extra);
}
