/* What the tests of the store share: a stage with a form, a batch and a store in a folder of its own.
 *
 * Forms and files are written with | between fields.  A judged batch is made by gather and settle;
 * verdicts that only check/ gives are set by hand.  A store is compared by its dump: every table in
 * the order of its rows, which SQLite is asked for here and nowhere else in the tests. */
#ifndef CANVASS_TESTS_STORE_STAGE_H
#define CANVASS_TESTS_STORE_STAGE_H

#include "canvass/store.h"

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

/* Two forms most stories are told with, and three files of which each answers the one before. */
static const char plain_form[] __attribute__((unused)) =
	"survey\n|type|name|label\n|text|respondent|Who\n|integer|age|Age\n"
	"|select_one yn|member|Member\nchoices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n"
	"settings\n|form_id\n|plain\n";

static const char nested_form[] __attribute__((unused)) =
	"survey\n|type|name|label\n|text|respondent|Who\n|begin repeat|doc|Documents\n"
	"|text|title|Title\n|begin repeat|issue|Issues\n|date|day|Day\n|end repeat\n|end repeat\n"
	"|integer|n|N\nsettings\n|form_id\n|nested\n";

static const char *const pairing_story[] __attribute__((unused)) = {
	"respondent|age|member\nAUS|1|yes\nNZ|1|yes\nAUS|1|yes\nAUS|2|yes\nPNG||\n",
	"respondent|age|member\nNZ|1|yes\nAUS|3|yes\nNZ|2|yes\nCT|1|no\nNZ|2|yes\nAUS|3|yes\n",
	"respondent|age|member\nCT|1|no\nPNG||\n",
};

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

static inline void hear(void *self, const cnv_diag *diag)
{
	stage *s = self;
	char name[8];
	size_t len = strlen(s->said);

	cnv_code_name(diag->code, name);
	snprintf(s->said + len, sizeof s->said - len, "%s%s", len ? " " : "", name);
}

static inline uint32_t split(cnv_str line)
{
	uint32_t count = 0;

	while (count < MOST_FIELDS && cnv_str_split(&line, '|', &fields[count]))
		count++;
	return count;
}

/* Takes the form on stage; its digest is that of its text. */
static inline void set_form(stage *s, const char *text)
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

static inline void set_stage(stage *s, const char *form)
{
	*s = (stage){ .folder = "/tmp/canvass-store-XXXXXX" };
	s->diags = (cnv_diags){ .emit = hear, .self = s };
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof s->path, "%s/s.db", s->folder);
	set_form(s, form);
}

static inline void strike(stage *s)
{
	cnv_store_close(s->store, &s->diags);
	cnv_batch_free(s->batch);
	cnv_batch_free(s->again);
	cnv_form_fini(s->form);
	cnv_arena_fini(&s->arena);
	remove(s->path);
	assert_int_equal(rmdir(s->folder), 0); /* nothing else was left there */
}

static inline cnv_status open_store(stage *s, cnv_store_mode mode)
{
	return cnv_store_open(&s->store, cnv_str_from(s->path), mode, s->form, CNV_STR("the form"), NULL, &s->diags);
}

static inline void close_store(stage *s)
{
	assert_int_equal(cnv_store_close(s->store, &s->diags), CNV_OK);
	s->store = NULL;
}

/* Gathers and settles; the separator is |. */
static inline void answer(stage *s, const char *file)
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

static inline cnv_store_file next_file(stage *s)
{
	return (cnv_store_file){ .name = CNV_STR("a.csv"),
				 .sha256 = { ++s->files },
				 .size = 5,
				 .layout = CNV_WIDE,
				 .received = { .utc_ms = 1000 * s->files, .utc_offset = 3600 } };
}

static inline cnv_status begin(stage *s, bool large)
{
	cnv_status status = cnv_store_begin(s->store, CNV_STR("2026"), (cnv_instant){ .utc_ms = 7 }, &s->diags);

	return status || !large ? status : cnv_store_expect_many(s->store, &s->diags);
}

/* Writes the batch on stage as one file; the first column tells whose answers they are. */
static inline cnv_status put(stage *s, bool large)
{
	cnv_str respondents[MOST_ROWS] = { 0 };
	cnv_store_file file = next_file(s);
	cnv_original original = { .name = file.name, .size = file.size, .bytes = CNV_STR("bytes") };
	cnv_status status = begin(s, large);

	memcpy(original.sha256, file.sha256, sizeof original.sha256);
	assert_true(s->batch->tables[0].rows <= MOST_ROWS);
	for (uint32_t row = 0; row < s->batch->tables[0].rows; row++)
		respondents[row] = cnv_column_text(&s->batch->tables[0].columns[0], row);
	if (!status)
		status = cnv_store_put_file(s->store, &file, &s->diags);
	if (!status)
		status = cnv_store_put_original(s->store, &original, &s->diags);
	if (!status)
		status = cnv_store_put_batch(s->store, s->batch, respondents, s->ids, s->outcomes, NULL, &s->diags);
	if (!status)
		status = cnv_store_commit(s->store, &s->counts, &s->diags);
	return status;
}

static inline void take(stage *s, const char *file, bool large)
{
	answer(s, file);
	assert_int_equal(put(s, large), CNV_OK);
}

static inline void assert_counts(const stage *s, uint64_t fresh, uint64_t revisions, uint64_t already)
{
	assert_int_equal(s->counts.fresh, fresh);
	assert_int_equal(s->counts.revisions, revisions);
	assert_int_equal(s->counts.already, already);
}

/* Reads the round into `again`, in windows of two. */
static inline cnv_status read_back(stage *s)
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

static inline void dump_rows(sqlite3 *db, const char *query, cnv_text *out)
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

static inline void assert_whole(stage *s)
{
	assert_string_equal(dump(s, "PRAGMA integrity_check"), " 3:ok\n");
}

#endif
