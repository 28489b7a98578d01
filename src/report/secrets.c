/* secrets: texts that an audience may not see are searched for in what is laid out, before anything is written.
 *
 * Release takes them out of the batch, so nothing made from it can show them; this is the proof, by other means.  Before
 * they are taken out, their beginnings are copied here, and those are allowed that the audience may read anyway: in a
 * response shown by name, in the form or the roster, or because they are words of a report.
 *
 * A beginning has BEGINNING bytes, or is the whole of a shorter text.  They are sorted, and each knows the longest other
 * that it begins with, so at each place of a text one binary search finds all that are there: a few, as their lengths
 * differ.  A rolling hash of WINDOW bytes (Karp and Rabin 1987) makes that rare: a text is searched in one pass, however
 * many secrets there are.  Short texts are compared with whole cells (briefs.c). */
#include "report/briefs.h"
#include "report/sayings.h"

#include <stdlib.h>
#include <string.h>

enum {
	WINDOW = 16,    /* bytes: shorter texts are not searched for in others, which may well use them too */
	BEGINNING = 32, /* bytes: texts are laid out cut, but no shorter than this */
	BITS = 16       /* of the table of hashes, for each secret */
};
#define BASE UINT64_C(0x9E3779B97F4A7C15)

typedef struct secret {
	cnv_str text;
	uint32_t shorter; /* the longest other one that it begins with; CNV_NONE */
	bool allowed;
} secret;

struct cnv_secrets {
	cnv_arena arena;
	cnv_briefs briefs; /* those shorter than a window */
	secret *all;
	uint32_t count, room;
	uint64_t *bits;       /* by hash */
	uint64_t mask;        /* the number of bits less one */
	uint64_t power;       /* BASE to the WINDOW */
	bool sealed;          /* sorted, with its table */
	cnv_privacy *privacy; /* by question; NULL: nothing was gathered */
	/* of what is laid out */
	cnv_str sheet;    /* of a workbook */
	uint32_t columns; /* of a paper's table */
	bool found;
	cnv_place place; /* of the first that was found; nowhere in a paper */
};

cnv_secrets *cnv_secrets_new(void)
{
	return cnv_mem_get(sizeof(cnv_secrets));
}

void cnv_secrets_free(cnv_secrets *secrets)
{
	if (!secrets)
		return;
	cnv_briefs_fini(&secrets->briefs);
	cnv_arena_fini(&secrets->arena);
	cnv_mem_free(secrets->bits);
	cnv_mem_free(secrets);
}

void cnv_secrets_add(cnv_secrets *secrets, cnv_str text)
{
	text = cnv_str_trim(text);
	if (text.len >= CNV_BRIEF_LEAST && text.len < WINDOW)
		cnv_briefs_add(&secrets->briefs, text, &secrets->arena);
	if (text.len < WINDOW || !cnv_arena_grow(&secrets->arena, (void **)&secrets->all, secrets->count,
						 &secrets->room, sizeof *secrets->all))
		return;
	text = cnv_arena_copy(&secrets->arena, cnv_str_slice(text, 0, text.len < BEGINNING ? text.len : BEGINNING));
	secrets->all[secrets->count++] = (secret){ .text = text };
	secrets->sealed = false;
}

/* ---------------------------------------------------------------- the search */

static int by_text(const void *a, const void *b)
{
	return cnv_str_compare(((const secret *)a)->text, ((const secret *)b)->text);
}

static uint64_t add_byte(uint64_t hash, char byte)
{
	return hash * BASE + (unsigned char)byte + 1;
}

static uint64_t hash_of(cnv_str text)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < WINDOW; i++)
		hash = add_byte(hash, text.at[i]);
	return hash;
}

/* The upper bits of the product depend on all of a hash. */
static size_t bit_of(const cnv_secrets *s, uint64_t hash)
{
	return (size_t)((hash * BASE) >> 20 & s->mask);
}

static bool seal(cnv_secrets *s)
{
	uint64_t size = 1024;
	uint32_t kept = 0;

	if (s->sealed)
		return true;
	if (s->count)
		qsort(s->all, s->count, sizeof *s->all, by_text);
	for (uint32_t i = 0; i < s->count; i++)
		if (!kept || !cnv_str_equal(s->all[i].text, s->all[kept - 1].text))
			s->all[kept++] = s->all[i];
	s->count = kept;
	for (uint32_t i = 0; i < kept; i++) {
		uint32_t before = i ? i - 1 : CNV_NONE;

		while (before != CNV_NONE && !cnv_str_starts(s->all[i].text, s->all[before].text))
			before = s->all[before].shorter;
		s->all[i].shorter = before;
	}
	while (size < (uint64_t)kept * BITS)
		size *= 2;
	s->mask = size - 1;
	cnv_mem_free(s->bits);
	s->bits = cnv_mem_array(size / 64, sizeof *s->bits);
	if (!s->bits || s->arena.failed || cnv_briefs_failed(&s->briefs))
		return false;
	s->power = 1;
	for (uint32_t i = 0; i < WINDOW; i++)
		s->power *= BASE;
	for (uint32_t i = 0; i < kept; i++)
		cnv_bit_set(s->bits, bit_of(s, hash_of(s->all[i].text)));
	s->sealed = true;
	return true;
}

/* The last secret that is not after the text in their order; CNV_NONE: all are. */
static uint32_t find_last(const cnv_secrets *s, cnv_str text)
{
	uint32_t from = 0, upto = s->count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (cnv_str_compare(s->all[middle].text, text) <= 0)
			from = middle + 1;
		else
			upto = middle;
	}
	return from ? from - 1 : CNV_NONE;
}

/* Allows those that the text begins with; or, does it begin with one that is not allowed? */
static bool visit_here(cnv_secrets *s, cnv_str text, bool allows)
{
	bool told = false;

	for (uint32_t i = find_last(s, text); i != CNV_NONE; i = s->all[i].shorter) {
		if (!cnv_str_starts(text, s->all[i].text))
			continue;
		s->all[i].allowed |= allows;
		told |= !s->all[i].allowed;
	}
	return told;
}

/* The same at each place of a text. */
static bool visit_text(cnv_secrets *s, cnv_str text, bool allows)
{
	bool told = false;
	uint64_t hash;

	if (!s->count || text.len < WINDOW)
		return false;
	hash = hash_of(text);
	for (size_t i = 0;; i++) {
		if (cnv_bit(s->bits, bit_of(s, hash)))
			told |= visit_here(s, cnv_str_slice(text, i, text.len), allows);
		if (i + WINDOW == text.len)
			return told;
		hash = add_byte(hash, text.at[i + WINDOW]) - s->power * ((unsigned char)text.at[i] + UINT64_C(1));
	}
}

static void allow(cnv_secrets *s, cnv_str text)
{
	visit_text(s, text, true);
	cnv_briefs_allow(&s->briefs, text);
}

/* ---------------------------------------------------------------- answers */

/* Words: what other answers consist of, many give alike, and counts may show. */
static bool has_words(const cnv_column *column, uint32_t row)
{
	return (!column->numbers && !column->days && !column->moments && !column->choices && !column->sets) ||
	       !cnv_bit(column->understood, row);
}

static bool may_see(const cnv_reported *response, cnv_privacy privacy)
{
	return response->shown == CNV_SHOWN_NAMED && privacy <= response->privacy;
}

typedef void visit(cnv_secrets *secrets, cnv_str text);

/* Visits the texts that the audience may see, or those that it may not. */
static void visit_batch(cnv_secrets *s, const cnv_batch *batch, const cnv_reported *responses,
			const cnv_privacy *privacy, bool seen, visit *take)
{
	for (uint32_t t = 0; t < batch->table_count; t++)
		for (uint32_t c = 0; c < batch->tables[t].count; c++) {
			const cnv_column *column = &batch->tables[t].columns[c];

			for (uint32_t row = 0; row < batch->tables[t].rows; row++)
				if (has_words(column, row) && may_see(&responses[cnv_batch_owner(batch, t, row, 0)],
								      privacy[column->question]) == seen)
					take(s, cnv_column_text(column, row));
		}
	for (uint32_t i = 0; i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		cnv_privacy of = remark->question == CNV_NONE ? CNV_PRIVACY_NONE : privacy[remark->question];

		if (may_see(&responses[cnv_batch_owner(batch, remark->table, remark->row, 0)], of) == seen)
			take(s, remark->text);
	}
}

/* Units and the like, of answers that counts may show. */
static void allow_counted(cnv_secrets *s, const cnv_batch *batch)
{
	for (uint32_t t = 0; s->briefs.count && t < batch->table_count; t++)
		for (uint32_t c = 0; c < batch->tables[t].count; c++) {
			const cnv_column *column = &batch->tables[t].columns[c];

			for (uint32_t row = 0; row < batch->tables[t].rows; row++)
				if (!has_words(column, row))
					cnv_briefs_allow(&s->briefs, cnv_column_text(column, row));
		}
}

cnv_status cnv_secrets_gather(cnv_secrets *secrets, const cnv_batch *batch, const cnv_reported *responses,
			      const cnv_privacy *privacy)
{
	secrets->privacy = cnv_arena_array(&secrets->arena, (size_t)batch->form->count + 1, sizeof *privacy);
	if (secrets->privacy)
		memcpy(secrets->privacy, privacy, batch->form->count * sizeof *privacy);
	visit_batch(secrets, batch, responses, privacy, false, cnv_secrets_add);
	if (!secrets->privacy || !seal(secrets))
		return CNV_NO_MEMORY;
	visit_batch(secrets, batch, responses, privacy, true, allow);
	allow_counted(secrets, batch);
	return CNV_OK;
}

/* ---------------------------------------------------------------- what everybody may read */

static void allow_wording(cnv_secrets *s, const cnv_form *form, const cnv_wording *wording)
{
	for (uint32_t language = 0; language < form->language_count; language++)
		allow(s, wording->at[language]);
}

static void allow_form(cnv_secrets *s, const cnv_form *form)
{
	const cnv_str texts[] = { form->title, form->id, form->version, form->source };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		allow(s, texts[i]);
	for (cnv_question_id q = 0; q < form->count; q++) {
		const cnv_question *asked = &form->questions[q];
		const cnv_wording *wordings[] = { &asked->label,
						  &asked->hint,
						  &asked->guidance,
						  &asked->constraint_message,
						  &asked->required_message,
						  &asked->warning_message };
		const cnv_str plain[] = { asked->relevant.text, asked->required.text, asked->constraint.text,
					  asked->warning.text,  asked->legal_ref,     asked->path };

		for (size_t i = 0; i < sizeof wordings / sizeof wordings[0]; i++)
			allow_wording(s, form, wordings[i]);
		allow(s, cnv_str_from(asked->type->name));
		for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
			allow(s, plain[i]);
	}
	for (uint32_t list = 0; list < form->list_count; list++)
		for (uint32_t i = 0; i < form->lists[list].count; i++) {
			allow(s, form->lists[list].choices[i].name);
			allow_wording(s, form, &form->lists[list].choices[i].label);
			allow_wording(s, form, &form->lists[list].choices[i].says);
		}
}

static void allow_roster(cnv_secrets *s, const cnv_report *report)
{
	const cnv_roster *roster = report->roster;

	for (uint32_t i = 0; roster && i < roster->count; i++) {
		allow(s, roster->respondents[i].code);
		allow(s, roster->respondents[i].name);
		for (uint32_t g = 0; g < roster->grouping_count; g++)
			allow(s, roster->respondents[i].groups[g]);
		if (report->replies)
			allow(s, report->replies[i].reason);
	}
}

/* Who answered is known, whatever they may have answered. */
static void allow_respondents(cnv_secrets *s, const cnv_report *report)
{
	const cnv_earlier *earlier = report->earlier;

	for (uint64_t i = 0; report->responses && i < report->response_count; i++)
		allow(s, report->responses[i].respondent);
	for (uint32_t i = 0; earlier && i < earlier->batch->tables[0].rows; i++)
		allow(s, earlier->responses[i].respondent);
	for (uint32_t i = 0; i < report->late_count; i++)
		allow(s, report->late[i].respondent);
}

static void allow_sayings(cnv_secrets *s)
{
	for (uint32_t table = 0; table < CNV_SAYING_TABLES; table++)
		for (size_t i = 0; i < cnv_sayings(table).count; i++)
			for (cnv_tongue tongue = 0; tongue < CNV_TONGUES; tongue++)
				if (cnv_sayings(table).rows[i].in[tongue])
					allow(s, cnv_str_from(cnv_sayings(table).rows[i].in[tongue]));
}

/* Words of the sheet Manifest, which is in English only. */
static void allow_manifest(cnv_secrets *s)
{
	static const char *const words[] = { "short", "full", "code", "yes", "no", "public", "members", "secretariat" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		allow(s, cnv_str_from(words[i]));
}

static void allow_files(cnv_secrets *s, const cnv_report *report)
{
	char hex[64];

	for (uint32_t i = 0; i < report->file_count; i++) {
		allow(s, report->files[i].name);
		if (!report->files[i].unnamed)
			allow(s, cnv_hex_write(report->files[i].sha256, 32, hex));
	}
}

/* Answers that are compared with, and those that no question takes any more, of those shown by name. */
static void allow_earlier(cnv_secrets *s, const cnv_report *report)
{
	const cnv_earlier *earlier = report->earlier;

	for (uint32_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].code == CNV_NOT_CARRIED)
			allow(s, report->findings[i].value);
	if (!earlier || !s->privacy)
		return;
	visit_batch(s, earlier->batch, earlier->responses, s->privacy, true, allow);
	for (uint32_t i = 0; i < earlier->uncompared_count; i++)
		if (earlier->responses[earlier->uncompared[i].row].shown == CNV_SHOWN_NAMED)
			allow(s, earlier->uncompared[i].value);
}

cnv_status cnv_secrets_seal(cnv_secrets *s, const cnv_report *report)
{
	char hex[64];

	for (uint32_t i = 0; i < report->file_count; i++)
		if (report->files[i].unnamed)
			cnv_secrets_add(s, cnv_hex_write(report->files[i].sha256, 32, hex));
	if (!seal(s))
		return CNV_NO_MEMORY;
	allow_form(s, report->form);
	allow_roster(s, report);
	allow_respondents(s, report);
	allow_files(s, report);
	allow_sayings(s);
	allow_manifest(s);
	allow_earlier(s, report);
	return CNV_OK;
}

/* ---------------------------------------------------------------- what is laid out */

/* Is it the first text that has a secret? */
static bool look(cnv_secrets *s, cnv_str text)
{
	bool first = !s->found && (visit_text(s, text, false) || cnv_briefs_has(&s->briefs, text));

	s->found |= first;
	return first;
}

static cnv_status on_sheet(void *self, const cnv_sheet_style *style)
{
	cnv_secrets *s = self;

	s->sheet = cnv_arena_copy(&s->arena, style->name);
	if (look(s, style->name) || look(s, style->footer))
		s->place = (cnv_place){ .tab = 1, .sheet = s->sheet };
	return CNV_OK;
}

static cnv_status on_row(void *self, uint32_t row, double height)
{
	(void)self;
	(void)row;
	(void)height;
	return CNV_OK;
}

static cnv_status on_cell(void *self, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	cnv_secrets *s = self;

	if (look(s, cell->text) || look(s, cell->comment) || look(s, cell->aside) || look(s, cell->formula) ||
	    look(s, cell->link) || look(s, cell->tip))
		s->place = (cnv_place){ .tab = 1, .sheet = s->sheet, .row = row + 1, .column = column + 1 };
	return CNV_OK;
}

static cnv_status on_finish(void *self)
{
	(void)self;
	return CNV_OK;
}

static cnv_status on_chart(void *self, const cnv_chart *chart)
{
	cnv_secrets *s = self;

	if (look(s, chart->title) || look(s, chart->alt))
		s->place =
			(cnv_place){ .tab = 1, .sheet = s->sheet, .row = chart->row + 1, .column = chart->column + 1 };
	return CNV_OK;
}

static cnv_status on_name(void *self, cnv_str name, cnv_str range)
{
	cnv_secrets *s = self;

	if (look(s, name) || look(s, range))
		s->place = (cnv_place){ .tab = 1, .sheet = s->sheet };
	return CNV_OK;
}

/* Its headings are the texts of cells. */
static cnv_status on_sheet_table(void *self, const cnv_sheet_table *table)
{
	cnv_secrets *s = self;

	if (look(s, table->name))
		s->place =
			(cnv_place){ .tab = 1, .sheet = s->sheet, .row = table->row + 1, .column = table->column + 1 };
	return CNV_OK;
}

static cnv_status on_pages(void *self, const uint32_t *rows, uint32_t count)
{
	(void)self;
	(void)rows;
	(void)count;
	return CNV_OK;
}

static void on_begin(void *self, const cnv_document_head *head)
{
	cnv_secrets *s = self;

	look(s, head->title);
	look(s, head->footer);
	for (uint32_t i = 0; i < head->group_count; i++)
		look(s, head->groups[i]);
}

static void on_passage(void *self, cnv_passage passage, cnv_str lead, cnv_str text)
{
	(void)passage;
	look(self, lead);
	look(self, text);
}

static void on_table(void *self, const cnv_document_column *columns, uint32_t count, uint32_t rows)
{
	(void)rows;
	((cnv_secrets *)self)->columns = count;
	(void)columns; /* their headings are canvass's own */
}

static void on_part(void *self, uint32_t group)
{
	(void)self;
	(void)group;
}

static void on_document_row(void *self, const cnv_document_row *row)
{
	cnv_secrets *s = self;

	for (uint32_t i = 0; i < s->columns; i++)
		look(s, row->cells[i]);
}

static void on_end(void *self)
{
	(void)self;
}

bool cnv_secrets_any(const cnv_secrets *secrets)
{
	for (uint32_t i = 0; i < secrets->count; i++)
		if (!secrets->all[i].allowed)
			return true;
	return cnv_briefs_any(&secrets->briefs);
}

/* The digests of sheets are the writer's: the manifest is laid out without them. */
static const cnv_laid *no_sheets(void *self)
{
	static const cnv_laid none = { 0 };

	(void)self;
	return &none;
}

cnv_grid cnv_secrets_grid(cnv_secrets *secrets)
{
	return (cnv_grid){ .self = secrets,
			   .sheet = on_sheet,
			   .row = on_row,
			   .cell = on_cell,
			   .finish = on_finish,
			   .name = on_name,
			   .chart = on_chart,
			   .table = on_sheet_table,
			   .pages = on_pages,
			   .laid = no_sheets };
}

cnv_document cnv_secrets_document(cnv_secrets *secrets)
{
	return (cnv_document){ .self = secrets,
			       .takes_groups = true,
			       .begin = on_begin,
			       .passage = on_passage,
			       .part = on_part,
			       .end_part = on_end,
			       .table = on_table,
			       .row = on_document_row,
			       .end_table = on_end,
			       .end = on_end };
}

cnv_status cnv_secrets_judge(const cnv_secrets *secrets, cnv_str target, cnv_diags *diags)
{
	cnv_place place = secrets->place;

	if (secrets->arena.failed)
		return CNV_NO_MEMORY;
	if (!secrets->found)
		return CNV_OK;
	place.source = target;
	cnv_diags_emit(diags, CNV_DIAG(.code = CNV_SECRET_LAID, .place = place),
		       "a text that this audience may not see would be shown");
	return CNV_REJECTED;
}
