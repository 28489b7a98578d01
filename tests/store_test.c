/* The room store: what is written is read back, who answered twice, what a rehearsal leaves, and
 * what happens to files that are no store.
 *
 * Forms and files are written with | between fields.  A judged batch is made by gather and settle;
 * verdicts that only check/ gives are set by hand.  A store is compared by its dump: every table in
 * the order of its rows, which SQLite is asked for here and nowhere else in the tests. */
#include "canvass/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <sqlite3.h>

#define MOST_FIELDS 6000
#define MOST_ROWS 64

/* ---------------------------------------------------------------- the stage */

typedef struct stage {
	cnv_arena arena;
	cnv_form *form;
	cnv_batch *batch, *again;
	cnv_store *store;
	char folder[32], path[48];
	char said[256]; /* codes, one after the other */
	cnv_diags diags;
	cnv_store_counts counts;
	uint64_t ids[MOST_ROWS];
	cnv_outcome outcomes[MOST_ROWS];
	cnv_reported reported[MOST_ROWS];
	uint32_t read;
	uint8_t files; /* put so far: each has another SHA-256 */
} stage;

static cnv_str fields[MOST_FIELDS];

static void hear(void *self, const cnv_diag *diag)
{
	stage *s = self;
	char name[8];
	size_t len = strlen(s->said);

	cnv_code_name(diag->code, name);
	snprintf(s->said + len, sizeof s->said - len, "%s%s", len ? " " : "", name);
}

static uint32_t split(cnv_str line)
{
	uint32_t count = 0;

	while (count < MOST_FIELDS && cnv_str_split(&line, '|', &fields[count]))
		count++;
	return count;
}

/* Takes the form on stage; its digest is that of its text. */
static void set_form(stage *s, const char *text)
{
	cnv_diags quiet = { 0 };
	cnv_str rest = cnv_str_from(text), line;
	cnv_sheets sheets;
	cnv_digest digest;
	uint8_t sha256[64];
	uint32_t row = 0;

	cnv_batch_free(s->batch);
	cnv_batch_free(s->again);
	if (s->form)
		cnv_form_fini(s->form);
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &s->arena);
	while (cnv_str_split(&rest, '\n', &line))
		if (++row && line.len)
			cnv_sheets_add(&sheets, fields, split(line), row, &quiet);
	assert_int_equal(cnv_form_build(&s->form, &sheets, &s->arena, &quiet), CNV_OK);
	cnv_sheets_fini(&sheets);
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, text, strlen(text));
	cnv_digest_end(&digest, sha256);
	memcpy(s->form->sha256, sha256, sizeof s->form->sha256);
	s->batch = cnv_batch_new(s->form);
	s->again = cnv_batch_new(s->form);
	assert_non_null(s->batch);
	assert_non_null(s->again);
}

static void set_stage(stage *s, const char *form)
{
	*s = (stage){ .folder = "/tmp/canvass-store-XXXXXX" };
	s->diags = (cnv_diags){ .tell = hear, .self = s };
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof s->path, "%s/s.db", s->folder);
	set_form(s, form);
}

static void strike(stage *s)
{
	cnv_store_close(s->store, &s->diags);
	cnv_batch_free(s->batch);
	cnv_batch_free(s->again);
	cnv_form_fini(s->form);
	cnv_arena_fini(&s->arena);
	remove(s->path);
	assert_int_equal(rmdir(s->folder), 0); /* nothing else was left there */
}

static cnv_status open_store(stage *s, cnv_store_mode mode)
{
	return cnv_store_open(&s->store, cnv_str_from(s->path), mode, s->form, CNV_STR("the form"), &s->diags);
}

static void close_store(stage *s)
{
	assert_int_equal(cnv_store_close(s->store, &s->diags), CNV_OK);
	s->store = NULL;
}

/* Gathers and settles; the separator is |. */
static void answer(stage *s, const char *file)
{
	cnv_diags quiet = { 0 };
	cnv_ledger ledger = { 0 };
	cnv_str rest = cnv_str_from(file), line;
	cnv_gather *gather;
	uint32_t row = 0;

	cnv_batch_reset(s->batch);
	gather = cnv_gather_new(s->form, s->batch, CNV_STR("a.csv"), &quiet);
	assert_non_null(gather);
	while (cnv_str_split(&rest, '\n', &line)) {
		uint32_t count = split(line);

		row++;
		for (uint32_t i = 0; line.len && i < count; i++)
			cnv_gather_field(gather, fields[i]);
		if (line.len)
			assert_int_equal(cnv_gather_record(gather, row), CNV_OK);
	}
	assert_int_equal(cnv_gather_end(gather), CNV_OK);
	cnv_gather_free(gather);
	assert_int_equal(cnv_settle(s->batch, CNV_STR("a.csv"), &ledger), CNV_OK);
}

static cnv_store_file next_file(stage *s)
{
	return (cnv_store_file){ .name = CNV_STR("a.csv"),
				 .sha256 = { ++s->files },
				 .size = 5,
				 .bytes = CNV_STR("bytes"),
				 .layout = CNV_WIDE,
				 .received = { .utc_ms = 1000 * s->files, .utc_offset = 3600 } };
}

static cnv_status begin(stage *s, bool large)
{
	return cnv_store_begin(s->store, CNV_STR("2026"), (cnv_instant){ .utc_ms = 7 }, large, &s->diags);
}

/* Writes the batch on stage as one file; the first column tells whose answers they are. */
static cnv_status put(stage *s, bool large)
{
	cnv_str respondents[MOST_ROWS] = { 0 };
	cnv_store_file file = next_file(s);
	cnv_status status = begin(s, large);

	assert_true(s->batch->tables[0].rows <= MOST_ROWS);
	for (uint32_t row = 0; row < s->batch->tables[0].rows; row++)
		respondents[row] = cnv_column_text(&s->batch->tables[0].columns[0], row);
	if (!status)
		status = cnv_store_put_file(s->store, &file, &s->diags);
	if (!status)
		status = cnv_store_put_batch(s->store, s->batch, respondents, s->ids, s->outcomes, &s->diags);
	if (!status)
		status = cnv_store_commit(s->store, &s->counts, &s->diags);
	return status;
}

static void take(stage *s, const char *file, bool large)
{
	answer(s, file);
	assert_int_equal(put(s, large), CNV_OK);
}

static void assert_counts(const stage *s, uint64_t fresh, uint64_t revisions, uint64_t already)
{
	assert_int_equal(s->counts.fresh, fresh);
	assert_int_equal(s->counts.revisions, revisions);
	assert_int_equal(s->counts.already, already);
}

/* Reads the round into `again`, in windows of two. */
static cnv_status read_back(stage *s)
{
	cnv_cursor *cursor;
	cnv_status status = cnv_store_read(&cursor, s->store, CNV_STR("2026"), &s->diags);
	uint32_t count = 1;

	cnv_batch_reset(s->again);
	s->read = 0;
	while (!status && count) {
		status = cnv_cursor_next(cursor, s->again, s->reported + s->read, 2, &count, &s->diags);
		s->read += count;
	}
	cnv_cursor_close(cursor);
	return status;
}

/* ---------------------------------------------------------------- dumps */

static void dump_rows(sqlite3 *db, const char *query, cnv_text *out)
{
	sqlite3_stmt *rows;

	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &rows, NULL), SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(rows); i++) {
			const char *at = sqlite3_column_blob(rows, i);
			int len = sqlite3_column_bytes(rows, i);

			cnv_text_format(out, " %d:", sqlite3_column_type(rows, i));
			cnv_text_put(out, (cnv_str){ at, (size_t)len });
		}
		cnv_text_put_char(out, '\n');
	}
	sqlite3_finalize(rows);
}

/* What one query, or every table, gives; NUL-terminated, in the stage's arena. */
static const char *dump(stage *s, const char *query)
{
	cnv_text names = { 0 }, out = { 0 };
	cnv_str rest, name, copy;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
	if (query) {
		dump_rows(db, query, &out);
	} else {
		dump_rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", &names);
		rest = cnv_text_str(&names);
		while (cnv_str_split(&rest, '\n', &name) && name.len) {
			char text[128];

			snprintf(text, sizeof text, "SELECT * FROM %.*s", (int)name.len - 3, name.at + 3);
			cnv_text_put(&out, name);
			cnv_text_put_char(&out, '\n');
			dump_rows(db, text, &out);
		}
	}
	sqlite3_close(db);
	cnv_text_put_char(&out, 0);
	copy = cnv_arena_copy(&s->arena, cnv_text_str(&out));
	cnv_text_fini(&names);
	cnv_text_fini(&out);
	return copy.at;
}

static void assert_whole(stage *s)
{
	assert_string_equal(dump(s, "PRAGMA integrity_check"), " 3:ok\n");
}

/* ---------------------------------------------------------------- equal batches */

static void assert_same_cell(const cnv_column *a, const cnv_column *b, uint32_t row)
{
	cnv_str x = cnv_column_text(a, row), y = cnv_column_text(b, row);

	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.at, y.at, x.len);
	assert_int_equal(a->verdicts[row], b->verdicts[row]);
	assert_int_equal(cnv_bit(a->answered, row), cnv_bit(b->answered, row));
	assert_int_equal(cnv_bit(a->understood, row), cnv_bit(b->understood, row));
	assert_int_equal(cnv_bit(b->usable, row), cnv_bit(a->understood, row) && a->verdicts[row] == CNV_ACCEPTED);
	if (!cnv_bit(a->understood, row))
		return;
	if (a->numbers)
		assert_memory_equal(&a->numbers[row], &b->numbers[row], sizeof *a->numbers);
	if (a->days)
		assert_int_equal(a->days[row], b->days[row]);
	if (a->moments)
		assert_true(a->moments[row] == b->moments[row]);
	if (a->choices)
		assert_int_equal(a->choices[row], b->choices[row]);
	if (a->sets)
		assert_memory_equal(a->sets + (size_t)row * a->words, b->sets + (size_t)row * b->words,
				    a->words * sizeof *a->sets);
}

static void assert_same_batch(const cnv_batch *a, const cnv_batch *b)
{
	for (uint32_t t = 0; t < a->table_count; t++) {
		const cnv_table *x = &a->tables[t], *y = &b->tables[t];

		assert_int_equal(x->rows, y->rows);
		for (uint32_t row = 0; row < x->rows; row++) {
			assert_int_equal(x->lines[row], y->lines[row]);
			if (t)
				assert_int_equal(x->parents[row], y->parents[row]);
			if (t)
				assert_int_equal(x->positions[row], y->positions[row]);
			for (uint32_t i = 0; i < x->count; i++) {
				assert_same_cell(&x->columns[i], &y->columns[i], row);
				assert_int_equal(cnv_row_line(x, &x->columns[i], row),
						 cnv_row_line(y, &y->columns[i], row));
			}
		}
	}
	assert_int_equal(a->remark_count, b->remark_count);
	for (uint32_t i = 0; i < a->remark_count; i++) {
		assert_int_equal(a->remarks[i].table, b->remarks[i].table);
		assert_int_equal(a->remarks[i].row, b->remarks[i].row);
		assert_int_equal(a->remarks[i].question, b->remarks[i].question);
		assert_int_equal(a->remarks[i].line, b->remarks[i].line);
		assert_true(cnv_str_equal(a->remarks[i].text, b->remarks[i].text));
	}
}

/* ---------------------------------------------------------------- cells: each is stored and read back */

struct cell_case {
	const char *name, *type, *cell;
	cnv_verdict verdict; /* CNV_BLANK: as settled */
	int own;             /* the respondent's own text is kept */
};

/* clang-format off */
static const struct cell_case cell_cases[] = {
	{ "a text is kept as it came", "text", "  two blanks, é 船  ", 0, 0 },
	{ "a blank cell stays blank", "text", "", 0, 0 },
	{ "a cell of blanks alone is blank", "text", "   ", 0, 0 },
	{ "a whole number", "integer", "42", 0, 0 },
	{ "the least whole number", "integer", "-2147483648", 0, 0 },
	{ "leading zeros are kept", "integer", "007", 0, 1 },
	{ "blanks around a number are kept", "integer", " 7 ", 0, 1 },
	{ "minus zero is kept", "integer", "-0", 0, 1 },
	{ "a number that is none", "integer", "many", 0, 1 },
	{ "a decimal", "decimal", "99889.6", 0, 0 },
	{ "a decimal with a last zero", "decimal", "0.50", 0, 1 },
	{ "a decimal below one", "decimal", "-0.000001", 0, 0 },
	{ "a decimal of 17 digits", "decimal", "0.12345678901234567", 0, 1 },
	{ "a decimal beyond 2^53", "decimal", "9007199254740993", 0, 1 },
	{ "a date", "date", "2026-02-28", 0, 0 },
	{ "the first date", "date", "0001-01-01", 0, 0 },
	{ "the last date", "date", "9999-12-31", 0, 0 },
	{ "a date that does not exist", "date", "2026-02-30", 0, 1 },
	{ "a time", "time", "09:05", 0, 0 },
	{ "a time with seconds", "time", "23:59:59", 0, 0 },
	{ "a time with milliseconds and a zone", "time", "23:59:59.123+10:00", 0, 1 },
	{ "an instant of another zone", "dateTime", "2026-12-01T09:00:00.000+10:00", 0, 1 },
	{ "a choice by its name", "select_one few", "b", 0, 0 },
	{ "a choice by its label", "select_one few", "Beta", 0, 1 },
	{ "a choice that is none", "select_one few", "z", 0, 1 },
	{ "several choices in the list's order", "select_multiple few", "a c", 0, 0 },
	{ "several choices in another order", "select_multiple few", "c a", 0, 1 },
	{ "several choices of a long list", "select_multiple many", "m3 m70", 0, 0 },
	{ "the same in another order", "select_multiple many", "m70 m3", 0, 1 },
	{ "several choices of which one is none", "select_multiple few", "a z", 0, 1 },
	{ "a ranking", "rank few", "c a b", 0, 0 },
	{ "a ranking with two blanks", "rank few", "c  a b", 0, 1 },
	{ "a place", "geopoint", "12.5 -3 0 0", 0, 0 },
	{ "a file name", "image", "a.jpg", 0, 0 },
	{ "an acknowledgement", "acknowledge", "OK", 0, 0 },
	{ "not applicable", "integer", "N/A", 0, 0 },
	{ "do not know, as a text", "text", "D/K", 0, 0 },
	{ "withheld, with a blank", "date", "CONF ", 0, 1 },
	{ "a missing answer", "integer", "", CNV_MISSING, 0 },
	{ "a number against the rule", "integer", "5", CNV_AGAINST_CONSTRAINT, 0 },
	{ "a choice that was filtered out", "select_one few", "a", CNV_NOT_A_CHOICE, 0 },
	{ "a question not asked", "text", "", CNV_NOT_ASKED, 0 },
	{ "an answer not due", "integer", "5", CNV_UNDUE, 0 },
	{ "a missing word not due", "integer", "N/A", CNV_UNDUE, 1 },
	{ "an answer that could not be checked", "text", "x", CNV_UNCHECKED, 0 },
};
/* clang-format on */

static char cell_form[4096];

static void set_cell_form(const char *type)
{
	int len = snprintf(cell_form, sizeof cell_form,
			   "survey\n|type|name|label\n|text|respondent|Who\n|%s|q|Q\n|text|end|End\nchoices\n"
			   "|list_name|name|label\n|few|a|Alpha\n|few|b|Beta\n|few|c|Gamma\n",
			   type);

	for (int i = 0; i < 80; i++)
		len += snprintf(cell_form + len, sizeof cell_form - (size_t)len, "|many|m%d|M %d\n", i, i);
	snprintf(cell_form + len, sizeof cell_form - (size_t)len, "settings\n|form_id\n|cells\n");
}

static void a_cell_comes_back(void **state)
{
	const struct cell_case *test = *state;
	char file[256];
	stage s;

	set_cell_form(test->type);
	set_stage(&s, cell_form);
	snprintf(file, sizeof file, "respondent|q|end\nAUS|%s|x\nNZ|%s|\n", test->cell, test->cell);
	answer(&s, file);
	if (test->verdict)
		s.batch->tables[0].columns[1].verdicts[0] = (uint8_t)test->verdict;
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(put(&s, false), CNV_OK);
	close_store(&s);
	assert_int_equal(open_store(&s, CNV_STORE_READ), CNV_OK);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_same_batch(s.batch, s.again);
	assert_string_equal(s.said, "");
	assert_string_equal(dump(&s, "SELECT count(own) FROM answers_1_0_0 WHERE id = 1"),
			    test->own ? " 1:1\n" : " 1:0\n");
	strike(&s);
}

/* ---------------------------------------------------------------- whole files */

static const char plain_form[] =
	"survey\n|type|name|label\n|text|respondent|Who\n|integer|age|Age\n"
	"|select_one yn|member|Member\nchoices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n"
	"settings\n|form_id\n|plain\n";

static const char nested_form[] =
	"survey\n|type|name|label\n|text|respondent|Who\n|begin repeat|doc|Documents\n"
	"|text|title|Title\n|begin repeat|issue|Issues\n|date|day|Day\n|end repeat\n|end repeat\n"
	"|integer|n|N\nsettings\n|form_id\n|nested\n";

static void repeats_inside_repeats_come_back(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	answer(&s, "question|answer|note\n"
		   "respondent|AUS|by e-mail\n"
		   "doc[2]/title|second|\n"
		   "doc[1]/title|first|a remark\n"
		   "doc[2]/issue[1]/day|2026-01-01|\n"
		   "doc[2]/issue[2]/day|soon|another\n"
		   "n|3|\n");
	assert_int_equal(s.batch->tables[2].rows, 2);
	assert_int_equal(s.batch->remark_count, 3);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(put(&s, false), CNV_OK);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_same_batch(s.batch, s.again);
	assert_int_equal(s.reported[0].revision, 1);
	assert_int_equal(s.reported[0].received.utc_ms, 1000);
	take(&s, "respondent|doc[1]/title|doc[2]/title|doc[1]/issue[1]/day\nNZ|a|b|2026-02-02\nPNG||c|\n", true);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 3);
	assert_int_equal(s.again->tables[1].rows, 2 + s.batch->tables[1].rows);
	assert_whole(&s);
	strike(&s);
}

static void later_answers_are_revisions(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age|member\nAUS|1|yes\nNZ|1|yes\n", false);
	assert_counts(&s, 2, 0, 0);
	take(&s, "respondent|age|member\nAUS|2|yes\nNZ|1|yes\nNZ|3|no\nNZ|3|no\n", false);
	assert_counts(&s, 0, 2, 2);
	assert_int_equal(s.outcomes[1], CNV_ALREADY);
	assert_int_equal(s.ids[1], 0);
	assert_int_equal(s.ids[2], 4);
	/* Back to an earlier answer is a revision too; the order of columns does not matter. */
	take(&s, "member|age|respondent\nyes|1|AUS\n", false);
	assert_counts(&s, 0, 1, 0);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 2);
	assert_true(cnv_str_equal(s.reported[0].respondent, CNV_STR("NZ")));
	assert_int_equal(s.reported[0].revision, 2);
	assert_int_equal(s.reported[0].line, 4);
	assert_int_equal(s.reported[0].file, 1);
	assert_int_equal(s.reported[1].revision, 3);
	assert_int_equal(s.reported[1].file, 2);
	strike(&s);
}

static void a_remark_makes_a_revision(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "question|answer|note\nrespondent|AUS|\nage|4|\n", false);
	take(&s, "question|answer|note\nrespondent|AUS|\nage|4|\n", false);
	assert_counts(&s, 0, 0, 1);
	take(&s, "question|answer|note\nrespondent|AUS|\nage|4|about\n", false);
	assert_counts(&s, 0, 1, 0);
	strike(&s);
}

/* The same story in small and in large transactions; ids and index order aside, the stores are alike. */
static const char *const pairing_story[] = {
	"respondent|age|member\nAUS|1|yes\nNZ|1|yes\nAUS|1|yes\nAUS|2|yes\nPNG||\n",
	"respondent|age|member\nNZ|1|yes\nAUS|3|yes\nNZ|2|yes\nCT|1|no\nNZ|2|yes\nAUS|3|yes\n",
	"respondent|age|member\nCT|1|no\nPNG||\n",
};

static const char *tell_story(bool large, stage *s)
{
	static const cnv_store_counts expected[] = { { 3, 1, 1, 0 }, { 1, 2, 3, 0 }, { 0, 0, 2, 0 } };

	set_stage(s, plain_form);
	assert_int_equal(open_store(s, CNV_STORE_WRITE), CNV_OK);
	for (size_t i = 0; i < 3; i++) {
		take(s, pairing_story[i], large);
		assert_counts(s, expected[i].fresh, expected[i].revisions, expected[i].already);
	}
	assert_whole(s);
	return dump(s, "SELECT r.respondent, r.revision, r.file, r.line, r.digest, (SELECT revision FROM response l"
		       " WHERE l.id = r.later), a.q0, a.q1, a.q2, a.verdicts FROM response r LEFT JOIN answers_1_0_0 a"
		       " ON a.id = r.id ORDER BY 1, 2");
}

static void large_and_small_transactions_agree(void **state)
{
	stage small, large;
	const char *a = tell_story(false, &small), *b = tell_story(true, &large);

	(void)state;
	assert_string_equal(a, b);
	assert_string_equal(dump(&large, "SELECT count(*) FROM answers_1_0_0"), " 1:7\n");
	/* The index is back, and small transactions find in it what large ones wrote. */
	take(&large, "respondent|age|member\nAUS|3|yes\nNZ|9|yes\n", false);
	assert_counts(&large, 0, 1, 1);
	strike(&small);
	strike(&large);
}

static void what_hangs_on_a_dropped_response_goes_too(void **state)
{
	cnv_str who[2] = { CNV_STR("AUS"), CNV_STR("AUS") };
	cnv_finding finding = { .diag = { .severity = CNV_ERROR, .message = CNV_STR("m") }, .question = CNV_NONE };
	cnv_ledger_entry entry = { .why = "w" };
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|doc[1]/title|doc[1]/issue[1]/day\nAUS|a|2026-01-01\n", false);
	answer(&s, "respondent|doc[1]/title|doc[1]/issue[1]/day\nAUS|a|2026-01-01\nAUS|a|2026-01-01\n");
	assert_int_equal(begin(&s, true), CNV_OK);
	assert_int_equal(cnv_store_put_file(s.store, &(cnv_store_file){ .sha256 = { 9 } }, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_finding(s.store, s.ids[0], &finding, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_ledger(s.store, s.ids[1], &entry, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_counts(&s, 0, 0, 2);
	assert_string_equal(dump(&s, "SELECT (SELECT count(*) FROM response), (SELECT count(*) FROM answers_1_0_0),"
				     " (SELECT count(*) FROM answers_1_1_0), (SELECT count(*) FROM answers_1_2_0),"
				     " (SELECT count(*) FROM finding), (SELECT count(*) FROM ledger)"),
			    " 1:1 1:1 1:1 1:1 1:0 1:0\n");
	strike(&s);
}

static void the_same_imports_give_the_same_store(void **state)
{
	const char *dumps[2];
	stage s[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		set_stage(&s[i], nested_form);
		assert_int_equal(open_store(&s[i], CNV_STORE_WRITE), CNV_OK);
		take(&s[i], "respondent|n|doc[1]/title\nAUS|1|x\nNZ|oh|y\n", false);
		take(&s[i], "respondent|n|doc[1]/title\nAUS|2|x\nAUS|3|x\n", true);
		dumps[i] = dump(&s[i], NULL);
	}
	assert_string_equal(dumps[0], dumps[1]);
	strike(&s[0]);
	strike(&s[1]);
}

/* ---------------------------------------------------------------- many questions */

static void many_questions(uint32_t count)
{
	cnv_text form = { 0 }, file = { 0 };
	stage s;

	cnv_text_put(&form, CNV_STR("survey\n|type|name|label\n|text|respondent|Who\n"));
	cnv_text_put(&file, CNV_STR("respondent"));
	for (uint32_t i = 0; i < count; i++) {
		cnv_text_format(&form, "|integer|q%u|Q %u\n", i, i);
		cnv_text_format(&file, "|q%u", i);
	}
	cnv_text_put(&form, CNV_STR("settings\n|form_id\n|long"));
	cnv_text_put_char(&form, 0);
	for (uint32_t row = 0; row < 3; row++) {
		cnv_text_format(&file, "\nR%u", row);
		for (uint32_t i = 0; i < count; i++)
			cnv_text_format(&file, i % 7 == row ? "|x%u" : "|%u", i);
	}
	cnv_text_put_char(&file, 0);
	set_stage(&s, form.at);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, file.at, false);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_same_batch(s.batch, s.again);
	assert_whole(&s);
	cnv_text_fini(&form);
	cnv_text_fini(&file);
	strike(&s);
}

static void twelve_hundred_questions_come_back(void **state)
{
	(void)state;
	many_questions(1200);
}

static void five_thousand_questions_come_back(void **state)
{
	(void)state;
	many_questions(5000);
}

/* ---------------------------------------------------------------- versions of a form */

static void answers_to_an_older_form_are_read_by_name(void **state)
{
	stage s;

	(void)state;
	set_stage(
		&s,
		"survey\n|type|name|label\n|text|respondent|Who\n|select_one l|one|One\n|select_multiple l|more|More\n"
		"|integer|n|N\n|text|gone|Gone\n|date|when|When\n|begin repeat|doc|D\n|text|title|T\n|end repeat\n"
		"choices\n|list_name|name|label\n|l|a|A\n|l|b|B\n|l|c|C\nsettings\n|form_id\n|f\n");
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|one|more|n|gone|when|doc[1]/title\nAUS|c|b c|5|x|2026-01-01|t\nNZ|a|a|6|x||\n", false);
	close_store(&s);
	/* Choices turned round and one gone; a question moved, one new, one of another type; the repeat later. */
	set_form(&s,
		 "survey\n|type|name|label\n|text|respondent|Who\n|text|new|New\n|begin group|g|G\n|decimal|n|N\n"
		 "|end group\n|select_multiple l|more|More\n|select_one l|one|One\n|integer|when|When\n"
		 "|begin repeat|other|O\n|text|x|X\n|end repeat\n|begin repeat|doc|D\n|integer|size|S\n|text|title|T\n"
		 "|end repeat\nchoices\n|list_name|name|label\n|l|c|C\n|l|b|B\nsettings\n|form_id\n|f\n");
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|n|one\nPNG|7.5|b\n", false);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 3);

	const cnv_column *c = s.again->tables[0].columns;
	/* respondent, new, n, more, one, when */
	assert_int_equal(c[1].verdicts[0], CNV_NOT_ASKED);
	assert_true(c[2].numbers[0] == 5 && c[2].numbers[2] == 7.5);
	assert_int_equal(c[3].sets[0], 3);
	assert_int_equal(c[4].choices[0], 0);
	assert_int_equal(c[4].verdicts[0], CNV_ACCEPTED);
	assert_int_equal(c[4].verdicts[1], CNV_NOT_A_CHOICE);
	assert_false(cnv_bit(c[4].understood, 1));
	assert_true(cnv_str_equal(cnv_column_text(&c[4], 1), CNV_STR("a")));
	assert_int_equal(c[4].choices[2], 1);
	assert_int_equal(c[5].verdicts[0], CNV_UNREADABLE);
	assert_true(cnv_str_equal(cnv_column_text(&c[5], 0), CNV_STR("2026-01-01")));
	assert_int_equal(s.again->tables[1].rows, 0);
	assert_int_equal(s.again->tables[2].rows, 1);
	assert_true(cnv_str_equal(cnv_column_text(&s.again->tables[2].columns[1], 0), CNV_STR("t")));
	/* The same answers under the new form are no revision. */
	take(&s, "respondent|n|one\nPNG|7.5|b\n", false);
	assert_counts(&s, 0, 0, 1);
	strike(&s);
}

/* ---------------------------------------------------------------- files, quarantine, findings, roster */

static void a_file_is_known_by_its_digest(void **state)
{
	cnv_store_file file = { .name = CNV_STR("a.csv"), .sha256 = { 1 }, .size = 5, .bytes = CNV_STR("bytes") };
	uint8_t other[32] = { 2 };
	cnv_file_known known;
	uint64_t responses;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nAUS|1\nNZ|2\nNZ|2\n", false);
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_find_file(s.store, file.sha256, &known, &responses, &s.diags), CNV_OK);
	assert_int_equal(known, CNV_FILE_ACCEPTED);
	assert_int_equal(responses, 3);
	assert_true(cnv_store_has_size(s.store, 5));
	assert_false(cnv_store_has_size(s.store, 6));
	assert_int_equal(cnv_store_find_file(s.store, other, &known, &responses, &s.diags), CNV_OK);
	assert_int_equal(known, CNV_FILE_NEW);
	cnv_store_rollback(s.store);
	assert_int_equal(cnv_store_begin(s.store, CNV_STR("2027"), (cnv_instant){ 0 }, false, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_find_file(s.store, file.sha256, &known, &responses, &s.diags), CNV_OK);
	assert_int_equal(known, CNV_FILE_NEW); /* another round */
	cnv_store_rollback(s.store);
	assert_true(cnv_str_equal(cnv_store_round(s.store), CNV_STR("2026")));
	assert_string_equal(dump(&s, "SELECT bytes, received, received_offset FROM file"), " 4:bytes 1:1000 1:3600\n");
	strike(&s);
}

static void a_quarantined_file_may_be_tried_again(void **state)
{
	cnv_diag why = { .code = CNV_STORE_FAILED,
			 .message = CNV_STR("why"),
			 .place = { .source = CNV_STR("a"), .row = 4 } };
	cnv_store_file file = { .name = CNV_STR("a.csv"), .sha256 = { 7 }, .size = 5, .bytes = CNV_STR("bytes") };
	const cnv_reported_finding *rows;
	cnv_file_known known;
	uint64_t responses, all;
	uint32_t given;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(cnv_store_find_file(s.store, file.sha256, &known, &responses, &s.diags), CNV_OK);
		assert_int_equal(known, i ? CNV_FILE_QUARANTINED : CNV_FILE_NEW);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		if (i < 2)
			assert_int_equal(cnv_store_quarantine(s.store, &why, (cnv_str){ 0 }, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
		assert_int_equal(
			cnv_store_quarantined(s.store, CNV_STR("2026"), 9, &s.arena, &rows, &given, &all, &s.diags),
			CNV_OK);
		assert_int_equal(given, i < 2);
		assert_int_equal(s.counts.quarantined, 0);
	}
	/* A single record is counted, and kept with its bytes. */
	file.sha256[0] = 8;
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_quarantine(s.store, &why, CNV_STR("x,1"), &s.diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_int_equal(s.counts.quarantined, 1);
	assert_int_equal(cnv_store_quarantined(s.store, CNV_STR("2026"), 9, &s.arena, &rows, &given, &all, &s.diags),
			 CNV_OK);
	assert_int_equal(given, 1);
	assert_int_equal(rows[0].line, 4);
	assert_true(cnv_str_equal(rows[0].message, CNV_STR("why")));
	assert_string_equal(dump(&s, "SELECT bytes, whole FROM quarantine"), " 4:x,1 1:0\n");
	strike(&s);
}

static void put_one_finding(stage *s, uint64_t response, cnv_severity severity, uint32_t line)
{
	cnv_finding finding = { .diag = { .severity = severity,
					  .code = CNV_STORE_FAILED,
					  .field = CNV_STR("age"),
					  .excerpt = CNV_STR("-1"),
					  .message = CNV_STR("m"),
					  .hint = CNV_STR("h"),
					  .place = { .row = line, .column = 2 } },
				.question = 1,
				.verdict = CNV_AGAINST_CONSTRAINT };

	assert_int_equal(cnv_store_put_finding(s->store, response, &finding, &s->diags), CNV_OK);
}

static void findings_of_the_latest_revisions_are_listed(void **state)
{
	cnv_str who[2] = { CNV_STR("AUS"), CNV_STR("NZ") };
	const cnv_reported_finding *rows;
	const cnv_reported_file *files;
	uint32_t given;
	uint64_t all;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	for (int i = 0; i < 2; i++) {
		cnv_store_file file = next_file(&s);

		answer(&s, i ? "respondent|age\nAUS|-2\n" : "respondent|age\nAUS|-1\nNZ|-1\n");
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, &s.diags), CNV_OK);
		put_one_finding(&s, 0, CNV_WARNING, 1);
		put_one_finding(&s, s.ids[0], CNV_ERROR, 3);
		put_one_finding(&s, s.ids[0], CNV_WARNING, 2);
		if (!i)
			put_one_finding(&s, s.ids[1], CNV_ERROR, 5);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	}
	assert_int_equal(cnv_store_findings(s.store, CNV_STR("2026"), 4, &s.arena, &rows, &given, &all, &s.diags),
			 CNV_OK);
	assert_int_equal(all, 5);
	assert_int_equal(given, 4);
	assert_int_equal(rows[0].respondent.len, 0);
	assert_true(cnv_str_equal(rows[2].respondent, CNV_STR("NZ")));
	assert_true(cnv_str_equal(rows[3].respondent, CNV_STR("AUS")));
	assert_int_equal(rows[3].line, 2);
	assert_true(cnv_str_equal(rows[3].question, CNV_STR("age")));
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.reported[1].errors, 1);
	assert_int_equal(s.reported[1].warnings, 1);
	assert_int_equal(cnv_store_files(s.store, CNV_STR("2026"), &s.arena, &files, &given, &s.diags), CNV_OK);
	assert_int_equal(given, 2);
	assert_int_equal(files[1].sha256[0], 2);
	strike(&s);
}

static void the_roster_is_remembered(void **state)
{
	cnv_str source, bytes;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(cnv_store_roster(s.store, &source, &bytes, &s.diags), CNV_OK);
	assert_int_equal(source.len, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(
			cnv_store_keep_roster(s.store, CNV_STR("r.csv"), i ? CNV_STR("two") : CNV_STR("one"), &s.diags),
			CNV_OK);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	}
	assert_int_equal(cnv_store_roster(s.store, &source, &bytes, &s.diags), CNV_OK);
	assert_true(cnv_str_equal(source, CNV_STR("r.csv")) && cnv_str_equal(bytes, CNV_STR("two")));
	strike(&s);
}

/* ---------------------------------------------------------------- rehearsals, rollbacks */

static void a_rehearsal_counts_alike_and_leaves_nothing(void **state)
{
	cnv_file_known known;
	const char *before;
	uint64_t responses;
	stage s;

	(void)state;
	for (int large = 0; large < 2; large++) {
		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, CNV_STORE_REHEARSE), CNV_OK);
		take(&s, pairing_story[0], large);
		assert_counts(&s, 3, 1, 1);
		close_store(&s);
		assert_int_equal(access(s.path, F_OK), -1);

		assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
		take(&s, pairing_story[0], large);
		close_store(&s);
		before = dump(&s, NULL);
		assert_int_equal(open_store(&s, CNV_STORE_REHEARSE), CNV_OK);
		take(&s, pairing_story[1], large);
		assert_counts(&s, 1, 2, 3);
		take(&s, pairing_story[2], large); /* knows what the file before it brought */
		assert_counts(&s, 0, 0, 2);
		assert_int_equal(begin(&s, large), CNV_OK);
		for (uint8_t i = 1; i < 5; i++) {
			uint8_t sha256[32] = { i };

			assert_int_equal(cnv_store_find_file(s.store, sha256, &known, &responses, &s.diags), CNV_OK);
			assert_int_equal(known, i == 1 ? CNV_FILE_NEW : CNV_FILE_ACCEPTED);
		}
		cnv_store_rollback(s.store);
		close_store(&s);
		assert_string_equal(before, dump(&s, NULL));
		assert_string_equal(s.said, "");
		strike(&s);
	}
}

static void a_rollback_leaves_the_store_as_it_was(void **state)
{
	cnv_str who[1] = { CNV_STR("NZ") };
	cnv_store_file file = { .sha256 = { 9 } };
	const char *before;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	before = dump(&s, NULL);
	for (int i = 0; i < 2; i++) {
		answer(&s, "respondent|age\nNZ|1\n");
		assert_int_equal(begin(&s, i), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, &s.diags), CNV_OK);
		cnv_store_rollback(s.store);
		assert_string_equal(before, dump(&s, NULL));
	}
	take(&s, "respondent|age\nNZ|1\n", false);
	assert_counts(&s, 1, 0, 0);
	strike(&s);
}

/* ---------------------------------------------------------------- opening */

static void a_new_store_is_private_and_durable(void **state)
{
	mode_t mask = umask(0);
	struct stat about;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	umask(mask);
	assert_int_equal(stat(s.path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_string_equal(dump(&s, "SELECT * FROM pragma_page_size, pragma_journal_mode, pragma_application_id,"
				     " pragma_user_version"),
			    " 1:16384 3:delete 1:1129207379 1:1\n");
	strike(&s);
}

struct refusal {
	const char *name, *make; /* SQL, or the file's bytes after a '='; NULL: no file; "/": a folder */
	cnv_store_mode mode;
	cnv_status status;
	const char *said;
};

static const struct refusal refusals[] = {
	{ "a text is no store", "=respondent,age\nAUS,1\n", CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a short text is no store", "=x", CNV_STORE_READ, CNV_REJECTED, "E0702" },
	{ "a database of another program is left alone", "CREATE TABLE t (a)", CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a write-ahead log of another program is left alone", "PRAGMA journal_mode = WAL; CREATE TABLE t (a)",
	  CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a folder is no store", "/", CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a store of a later canvass",
	  "PRAGMA application_id = 1129207379; PRAGMA user_version = 99; CREATE TABLE store (a)", CNV_STORE_WRITE,
	  CNV_REJECTED, "E0704" },
	{ "a store of another form",
	  "PRAGMA application_id = 1129207379; PRAGMA user_version = 1; CREATE TABLE store (form_id);"
	  " INSERT INTO store VALUES ('other')",
	  CNV_STORE_WRITE, CNV_REJECTED, "E0703" },
	{ "a store without tables", "PRAGMA application_id = 1129207379; PRAGMA user_version = 1; CREATE TABLE t (a)",
	  CNV_STORE_READ, CNV_NO_ACCESS, "E0700" },
	{ "there is nothing to read yet", NULL, CNV_STORE_READ, CNV_NO_ACCESS, "E0701" },
	{ "an empty file holds nothing yet", "=", CNV_STORE_READ, CNV_NO_ACCESS, "E0701" },
};

static void write_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	fputs(bytes, file);
	fclose(file);
}

static cnv_str file_bytes(stage *s, const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = cnv_arena_get(&s->arena, 1 << 20);
	size_t len = file ? fread(bytes, 1, 1 << 20, file) : 0;

	if (file)
		fclose(file);
	return (cnv_str){ bytes, len };
}

static void what_is_no_store_is_refused(void **state)
{
	const struct refusal *test = *state;
	cnv_str before;
	stage s;

	set_stage(&s, plain_form);
	if (test->make && test->make[0] == '=') {
		write_file(s.path, test->make + 1);
	} else if (test->make && test->make[0] == '/') {
		assert_int_equal(mkdir(s.path, 0700), 0);
	} else if (test->make) {
		sqlite3 *db;

		assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, test->make, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
	}
	before = file_bytes(&s, s.path);
	assert_int_equal(open_store(&s, test->mode), test->status);
	assert_null(s.store);
	assert_string_equal(s.said, test->said);
	assert_true(cnv_str_equal(before, file_bytes(&s, s.path)));
	strike(&s);
}

static void a_store_in_use_is_waited_for_then_told(void **state)
{
	sqlite3 *other;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nNZ|1\n", false);
	assert_int_equal(sqlite3_open(s.path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(begin(&s, false), CNV_NO_ACCESS);
	assert_string_equal(s.said, "E0705");
	sqlite3_close(other);
	take(&s, "respondent|age\nNZ|2\n", false);
	assert_counts(&s, 0, 1, 0);
	strike(&s);
}

/* One byte after the other is turned: whatever that does, nothing crashes, and it is told or harmless. */
static void a_damaged_store_is_told(void **state)
{
	cnv_str whole;
	char *bytes;
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|n|doc[1]/title|doc[1]/issue[1]/day\nAUS|x|t|2026-01-01\nNZ|2|t|soon\n", false);
	close_store(&s);
	whole = file_bytes(&s, s.path);
	bytes = (char *)whole.at;
	for (size_t at = 100; at < whole.len; at += bytes[at] ? 3 : 997) {
		char kept = bytes[at];
		FILE *file = fopen(s.path, "wb");

		assert_non_null(file);
		bytes[at] = (char)~kept;
		fwrite(bytes, 1, whole.len, file);
		fclose(file);
		bytes[at] = kept;
		s.said[0] = 0;
		if (open_store(&s, CNV_STORE_READ) == CNV_OK)
			if (read_back(&s) != CNV_OK)
				assert_string_not_equal(s.said, "");
		cnv_store_close(s.store, &s.diags);
		s.store = NULL;
	}
	s.store = NULL;
	strike(&s);
}

/* ---------------------------------------------------------------- memory */

static void lack_of_memory_is_told_once_and_harmless(void **state)
{
	cnv_status status = CNV_NO_MEMORY;
	const char *before;
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|n\nAUS|1\n", false);
	close_store(&s);
	answer(&s, "respondent|n|doc[1]/title\nAUS|2|x\nNZ| 3|y\n");
	before = dump(&s, NULL);
	for (size_t k = 0; status; k++) {
		s.files = 1;
		cnv_mem_fail_after(k);
		status = open_store(&s, CNV_STORE_WRITE);
		if (!status)
			status = put(&s, k % 2);
		if (status)
			cnv_store_close(s.store, &s.diags);
		cnv_mem_fail_after(SIZE_MAX);
		if (status) {
			assert_int_equal(status, CNV_NO_MEMORY);
			assert_string_equal(before, dump(&s, NULL));
			s.store = NULL;
		}
		assert_true(k < 10000);
	}
	status = CNV_NO_MEMORY;
	for (size_t k = 0; status; k++) {
		cnv_batch_reset(s.again);
		cnv_mem_fail_after(k);
		status = read_back(&s);
		cnv_mem_fail_after(SIZE_MAX);
		if (status)
			assert_int_equal(status, CNV_NO_MEMORY);
		cnv_batch_free(s.again);
		s.again = cnv_batch_new(s.form);
	}
	assert_int_equal(s.read, 2);
	strike(&s);
}

/* ---------------------------------------------------------------- all of them */

#define CELLS (sizeof cell_cases / sizeof cell_cases[0])
#define REFUSALS (sizeof refusals / sizeof refusals[0])

int main(void)
{
	static const struct CMUnitTest stories[] = {
		cmocka_unit_test(repeats_inside_repeats_come_back),
		cmocka_unit_test(later_answers_are_revisions),
		cmocka_unit_test(a_remark_makes_a_revision),
		cmocka_unit_test(large_and_small_transactions_agree),
		cmocka_unit_test(what_hangs_on_a_dropped_response_goes_too),
		cmocka_unit_test(the_same_imports_give_the_same_store),
		cmocka_unit_test(twelve_hundred_questions_come_back),
		cmocka_unit_test(five_thousand_questions_come_back),
		cmocka_unit_test(answers_to_an_older_form_are_read_by_name),
		cmocka_unit_test(a_file_is_known_by_its_digest),
		cmocka_unit_test(a_quarantined_file_may_be_tried_again),
		cmocka_unit_test(findings_of_the_latest_revisions_are_listed),
		cmocka_unit_test(the_roster_is_remembered),
		cmocka_unit_test(a_rehearsal_counts_alike_and_leaves_nothing),
		cmocka_unit_test(a_rollback_leaves_the_store_as_it_was),
		cmocka_unit_test(a_new_store_is_private_and_durable),
		cmocka_unit_test(a_store_in_use_is_waited_for_then_told),
		cmocka_unit_test(a_damaged_store_is_told),
		cmocka_unit_test(lack_of_memory_is_told_once_and_harmless),
	};
	static struct CMUnitTest tests[CELLS + REFUSALS + sizeof stories / sizeof stories[0]];
	size_t count = 0;

	for (size_t i = 0; i < CELLS; i++)
		tests[count++] = (struct CMUnitTest){ .name = cell_cases[i].name,
						      .test_func = a_cell_comes_back,
						      .initial_state = (void *)&cell_cases[i] };
	for (size_t i = 0; i < REFUSALS; i++)
		tests[count++] = (struct CMUnitTest){ .name = refusals[i].name,
						      .test_func = what_is_no_store_is_refused,
						      .initial_state = (void *)&refusals[i] };
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
		tests[count++] = stories[i];
	return _cmocka_run_group_tests("store", tests, count, NULL, NULL);
}
