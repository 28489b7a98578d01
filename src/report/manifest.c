/* manifest: how a workbook was made, and the digests of its other sheets.
 *
 * The facts are one table, from which the sheet is laid out and read again.  Nothing here depends on answers that the
 * audience may not see: of the returned files only those count in which every response is shown by name, and a digest
 * of a sheet says no more than the sheet. */
#include "report/page.h"
#include "report/sheets.h"

#include <string.h>

typedef enum kind { TEXT, DIGEST, INSTANT, COUNT, TRUTH, AUDIENCE, LABELS } kind;

#define FACT(words, kind, field)                                                                                       \
	{                                                                                                              \
		words, kind, offsetof(cnv_manifest, field), false                                                      \
	}

/* To add an option of report that changes what is laid out, add a row. */
static const struct fact {
	const char *words;
	kind kind;
	size_t at;
	bool rare; /* a truth that is laid out only where it is so */
} facts[] = {
	FACT("canvass", TEXT, program),
	FACT("form", TEXT, form),
	FACT("version of the form", TEXT, version),
	FACT("SHA-256 of the form", DIGEST, form_sha256),
	FACT("SHA-256 of the roster", DIGEST, roster_sha256),
	FACT("SHA-256 of the files shown by name", DIGEST, files_sha256),
	FACT("round", TEXT, round),
	FACT("as at", INSTANT, now),
	FACT("as of a cut-off", TRUTH, as_of),
	FACT("received after the cut-off", COUNT, late),
	FACT("audience", AUDIENCE, audience),
	FACT("language", TEXT, language),
	FACT("language of other texts", TEXT, words),
	FACT("labels", LABELS, labels),
	FACT("respondents across", TRUTH, across),
	FACT("names of questions", TRUTH, technical),
	FACT("without audit sheets", TRUTH, no_audit),
	FACT("compared with the round", TEXT, since_round),
	FACT("compared with the time", TEXT, since_time),
	FACT("crossed with", TEXT, crossed),
	{ "exact figures", TRUTH, offsetof(cnv_manifest, exact), true },
};
enum { FACTS = sizeof facts / sizeof facts[0] };

static const char *const label_words[] = {
	[CNV_LABELS_SHORT] = "short", [CNV_LABELS_FULL] = "full", [CNV_LABELS_CODE] = "code"
};
enum { LABEL_WORDS = sizeof label_words / sizeof label_words[0] };

/* The columns of the table of sheets. */
enum { TITLES = 2 }; /* rows above the facts */
enum { SHEET, CELLS, NOTES, CHARTS, LINKS, CELL_DIGEST, NOTE_DIGEST, CHART_DIGEST, LINK_DIGEST, COLUMNS };
static const cnv_heading headings[COLUMNS + 1] = {
	[SHEET] = { "sheet", 0 },
	[CELLS] = { "cells", 0 },
	[NOTES] = { "notes", 0 },
	[CHARTS] = { "charts", 0 },
	[LINKS] = { "links", 0 },
	[CELL_DIGEST] = { "SHA-256 of the cells", 70 },
	[NOTE_DIGEST] = { "of the notes", 70 },
	[CHART_DIGEST] = { "of the charts", 70 },
	[LINK_DIGEST] = { "of the links", 70 },
};

/* ---------------------------------------------------------------- as it is laid out */

static void digest_files(cnv_manifest *m, const cnv_report *report)
{
	bool all = report->audience == CNV_AUDIENCE_SECRETARIAT || report->form->release == CNV_NONE;
	cnv_digest digest;

	cnv_digest_init(&digest, CNV_SHA256);
	for (uint32_t i = 0; i < report->file_count; i++)
		if (all || !report->files[i].unnamed)
			cnv_digest_add(&digest, report->files[i].sha256, sizeof report->files[i].sha256);
	cnv_digest_end(&digest, m->files_sha256);
}

static cnv_str instant_text(cnv_instant instant, cnv_arena *arena)
{
	char words[CNV_INSTANT_ROOM];

	return cnv_arena_copy(arena, (cnv_str){ words, cnv_instant_write(instant, words) });
}

static bool gather(cnv_manifest *m, const cnv_desk *desk)
{
	const cnv_report *report = desk->report;
	const cnv_form *form = desk->form;
	const cnv_earlier *earlier = report->earlier;

	*m = (cnv_manifest){
		.program = cnv_str_from(cnv_version()),
		.form = form->id,
		.version = form->version,
		.round = report->round,
		.language = form->languages[report->language],
		.words = cnv_str_from(cnv_tongue_tag(desk->tongue)),
		.now = report->now,
		.as_of = report->as_of,
		.late = report->late_count,
		.across = report->across,
		.technical = report->technical,
		.no_audit = report->no_audit,
		.exact = report->exact,
		.audience = report->audience,
		.labels = report->labels,
		.since_round = earlier ? earlier->round : (cnv_str){ 0 },
		.since_time = earlier && !earlier->round.len ? instant_text(earlier->at, desk->arena) : (cnv_str){ 0 },
		.crossed = report->crosses ? form->questions[report->cross].path : (cnv_str){ 0 },
		.sheets = desk->laid->sheets,
		.count = desk->laid->count,
	};
	memcpy(m->form_sha256, form->sha256, sizeof m->form_sha256);
	memcpy(m->roster_sha256, report->roster_sha256, sizeof m->roster_sha256);
	digest_files(m, report);
	return !desk->arena->failed;
}

static cnv_str digest_text(cnv_page *page, const uint8_t digest[32])
{
	char *hex = cnv_arena_get(&page->row_arena, 64);

	return hex ? cnv_hex_write(digest, 32, hex) : (cnv_str){ 0 };
}

static cnv_str fact_text(cnv_page *page, const struct fact *fact, const cnv_manifest *m)
{
	const void *at = (const char *)m + fact->at;

	switch (fact->kind) {
	case TEXT:
		return *(const cnv_str *)at;
	case DIGEST:
		return digest_text(page, at);
	case INSTANT:
		return instant_text(*(const cnv_instant *)at, &page->row_arena);
	case COUNT:
		return cnv_arena_format(&page->row_arena, "%u", *(const uint32_t *)at);
	case TRUTH:
		return *(const bool *)at ? CNV_STR("yes") : CNV_STR("no");
	case AUDIENCE:
		return cnv_str_from(cnv_audience_word(*(const cnv_audience *)at));
	case LABELS:
		return cnv_str_from(label_words[*(const cnv_labels *)at]);
	}
	return (cnv_str){ 0 };
}

static void lay_sheet(cnv_page *page, const cnv_laid_sheet *sheet)
{
	cnv_page_text(page, SHEET, CNV_LOOK_LABEL, sheet->name);
	cnv_page_count(page, CELLS, CNV_LOOK_INTEGER, sheet->cells);
	cnv_page_count(page, NOTES, CNV_LOOK_INTEGER, sheet->notes);
	cnv_page_count(page, CHARTS, CNV_LOOK_INTEGER, sheet->charts);
	cnv_page_count(page, LINKS, CNV_LOOK_INTEGER, sheet->links);
	cnv_page_text(page, CELL_DIGEST, CNV_LOOK_PLAIN, digest_text(page, sheet->cell_digest));
	cnv_page_text(page, NOTE_DIGEST, CNV_LOOK_PLAIN, digest_text(page, sheet->note_digest));
	cnv_page_text(page, CHART_DIGEST, CNV_LOOK_PLAIN, digest_text(page, sheet->chart_digest));
	cnv_page_text(page, LINK_DIGEST, CNV_LOOK_PLAIN, digest_text(page, sheet->link_digest));
	cnv_page_end_row(page);
}

void cnv_lay_manifest(cnv_page *page)
{
	cnv_manifest manifest;

	if (!gather(&manifest, page->desk)) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	cnv_page_title(page, CNV_STR(CNV_MANIFEST_SHEET),
		       CNV_STR("How this workbook was made, and what its other sheets hold; canvass verify compares"
			       " them."));
	for (size_t i = 0; i < FACTS; i++) {
		if (facts[i].rare && !*(const bool *)((const char *)&manifest + facts[i].at))
			continue;
		cnv_page_words(page, 0, CNV_LOOK_LABEL, facts[i].words);
		cnv_page_text(page, 1, CNV_LOOK_PLAIN, fact_text(page, &facts[i], &manifest));
		cnv_page_end_row(page);
	}
	cnv_page_skip_row(page);
	cnv_page_headings(page, headings, 0);
	for (uint32_t i = 0; i < manifest.count; i++)
		lay_sheet(page, &manifest.sheets[i]);
}

/* ---------------------------------------------------------------- as it is read */

static bool read_digest(cnv_str text, uint8_t digest[32])
{
	if (text.len != 64)
		return false;
	for (size_t i = 0; i < 64; i++) {
		char c = text.at[i];
		uint8_t half = (uint8_t)(c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16);

		if (half > 15)
			return false;
		digest[i / 2] = (uint8_t)(i % 2 ? digest[i / 2] << 4 | half : half);
	}
	return true;
}

static bool read_count(cnv_str text, uint64_t most, uint64_t *count)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 0 || (uint64_t)number > most)
		return false;
	*count = (uint64_t)number;
	return true;
}

static bool read_word(cnv_str text, const char *(*word)(size_t index), size_t count, size_t *index)
{
	for (*index = 0; *index < count; ++*index)
		if (cnv_str_equal(text, cnv_str_from(word(*index))))
			return true;
	return false;
}

static const char *truth_word(size_t index)
{
	return index ? "yes" : "no";
}

static const char *audience_word(size_t index)
{
	return cnv_audience_word((cnv_audience)index);
}

static const char *label_word(size_t index)
{
	return label_words[index];
}

static bool read_fact(cnv_manifest_reader *r, const struct fact *fact, cnv_str text)
{
	void *at = (char *)&r->manifest + fact->at;
	uint64_t count = 0;
	size_t index = 0;
	bool read = false;

	switch (fact->kind) {
	case TEXT:
		*(cnv_str *)at = cnv_arena_copy(r->arena, text);
		return true;
	case DIGEST:
		return read_digest(text, at);
	case INSTANT:
		return cnv_instant_read(text, 0, at);
	case COUNT:
		read = read_count(text, UINT32_MAX, &count);
		*(uint32_t *)at = (uint32_t)count;
		break;
	case TRUTH:
		read = read_word(text, truth_word, 2, &index);
		*(bool *)at = index == 1;
		break;
	case AUDIENCE:
		read = read_word(text, audience_word, CNV_AUDIENCES, &index);
		*(cnv_audience *)at = read ? (cnv_audience)index : CNV_AUDIENCE_MEMBERS;
		break;
	case LABELS:
		read = read_word(text, label_word, LABEL_WORDS, &index);
		*(cnv_labels *)at = read ? (cnv_labels)index : CNV_LABELS_SHORT;
		break;
	}
	return read;
}

static void read_name(cnv_manifest_reader *r, cnv_str words)
{
	r->fact = CNV_NONE;
	if (cnv_str_equal(words, cnv_str_from(headings[SHEET].text))) {
		r->headings = r->row;
		return;
	}
	for (uint32_t i = 0; i < FACTS; i++)
		if (cnv_str_equal(words, cnv_str_from(facts[i].words)))
			r->fact = i;
	/* Another version of canvass may lay out what this one does not know. */
	if (r->fact == CNV_NONE)
		r->damaged = true;
	else if (facts[r->fact].kind == TEXT) /* may be empty: its cell is then blank */
		r->found |= UINT64_C(1) << r->fact;
}

/* Does the last sheet have all of its columns? */
static bool is_whole(const cnv_manifest_reader *r)
{
	return !r->manifest.count || r->columns == COLUMNS;
}

static void begin_sheet(cnv_manifest_reader *r, cnv_str name)
{
	r->damaged |= !is_whole(r);
	r->columns = 1;
	if (cnv_arena_grow(r->arena, (void **)&r->sheets, r->manifest.count, &r->room, sizeof *r->sheets))
		r->sheets[r->manifest.count++] = (cnv_laid_sheet){ .name = cnv_arena_copy(r->arena, name) };
}

static bool read_column(cnv_laid_sheet *sheet, uint32_t column, cnv_str text)
{
	const uint64_t most = UINT64_C(1) << 53; /* whole numbers above are not exact in a cell */

	switch (column) {
	case CELLS:
		return read_count(text, most, &sheet->cells);
	case NOTES:
		return read_count(text, most, &sheet->notes);
	case CHARTS:
		return read_count(text, most, &sheet->charts);
	case LINKS:
		return read_count(text, most, &sheet->links);
	case CELL_DIGEST:
		return read_digest(text, sheet->cell_digest);
	case NOTE_DIGEST:
		return read_digest(text, sheet->note_digest);
	case CHART_DIGEST:
		return read_digest(text, sheet->chart_digest);
	case LINK_DIGEST:
		return read_digest(text, sheet->link_digest);
	default:
		return false;
	}
}

void cnv_manifest_put(cnv_manifest_reader *r, uint32_t row, uint32_t column, cnv_str text)
{
	bool first = row != r->row;

	r->row = row;
	if (row <= TITLES || (r->headings && row == r->headings))
		return;
	if (r->headings && column - 1 == SHEET)
		begin_sheet(r, text);
	else if (r->headings && r->manifest.count && r->columns == column - 1 &&
		 read_column(&r->sheets[r->manifest.count - 1], column - 1, text))
		r->columns++;
	else if (!r->headings && first && column == 1)
		read_name(r, text);
	else if (!r->headings && !first && column == 2 && r->fact != CNV_NONE && read_fact(r, &facts[r->fact], text))
		r->found |= UINT64_C(1) << r->fact;
	else
		r->damaged = true;
}

cnv_status cnv_manifest_end(cnv_manifest_reader *r)
{
	r->manifest.sheets = r->sheets;
	if (r->arena->failed)
		return CNV_NO_MEMORY;
	for (size_t i = 0; i < FACTS; i++)
		if (facts[i].rare)
			r->found |= UINT64_C(1) << i;
	return r->found == (UINT64_C(1) << FACTS) - 1 && !r->damaged && is_whole(r) ? CNV_OK : CNV_REJECTED;
}
