/* What the tests of importing share: an intake over files in the folder of the stage, without a process.
 *
 * Whatever its listener hears is written down as text, one event a line, and compared as that:
 *
 *     file a.csv
 *     E0691@3                             a diagnostic and its line
 *     ~ count: "3 ships" -> "3"           a value that was normalized
 *     + AA 2                              a new response, with its answers
 *     * AA 2: count 3 -> 4; remarks       a revision, with what has changed
 *     = a.csv accepted                    what became of the file; behind it the files read with it
 */
#ifndef CANVASS_TESTS_INTAKE_STAGE_H
#define CANVASS_TESTS_INTAKE_STAGE_H

#include "round_stage.h"

#include <sqlite3.h>

typedef struct importing {
	stage s;
	cnv_intake_options options; /* of the next run */
	cnv_text heard;             /* of the last; NUL-terminated when it has ended */
	cnv_intake_totals totals;
	cnv_status status;                    /* of cnv_intake_run */
	char message[512];                    /* of the last diagnostic, and its hint */
	void (*at_done)(struct importing *i); /* called when an outcome is told; NULL */
	uint64_t counted;                     /* for at_done */
	bool silent;                          /* only the outcomes are written down */
} importing;

/* Without the stage's folder. */
static inline cnv_str leaf(cnv_str name)
{
	return cnv_str_slice(name, cnv_folder_of(name).len, name.len);
}

static inline void on_import_file(void *self, cnv_str file)
{
	importing *i = self;

	cnv_text_format(&i->heard, "file %.*s\n", CNV_ARG(leaf(file)));
}

static inline void on_import_diag(void *self, const cnv_diag *diag)
{
	importing *i = self;
	char name[8];

	snprintf(i->message, sizeof i->message, "%.*s (%.*s)", CNV_ARG(diag->message), CNV_ARG(diag->hint));
	cnv_code_name(diag->code, name);
	if (!i->silent)
		cnv_text_format(&i->heard, "%s@%u\n", name, diag->place.row);
}

static inline void on_import_normalized(void *self, const cnv_ledger_entry *entry)
{
	importing *i = self;

	if (!i->silent)
		cnv_text_format(&i->heard, "~ %.*s: \"%.*s\" -> \"%.*s\"\n", CNV_ARG(entry->path), CNV_ARG(entry->from),
				CNV_ARG(entry->to));
}

static inline void on_import_response(void *self, const cnv_received *received)
{
	importing *i = self;

	if (i->silent)
		return;
	if (received->fresh) {
		cnv_text_format(&i->heard, "+ %.*s %u\n", CNV_ARG(received->respondent), received->answers);
		return;
	}
	cnv_text_format(&i->heard, "* %.*s %u%s", CNV_ARG(received->respondent), received->revision,
			received->compared ? ":" : " not compared");
	for (uint32_t k = 0; k < received->count; k++) {
		const cnv_changed *changed = &received->changed[k];
		cnv_text_format(&i->heard, "%s %.*s %.*s -> %.*s", k ? ";" : "", CNV_ARG(changed->path),
				CNV_ARG(changed->from), CNV_ARG(changed->to));
	}
	cnv_text_format(&i->heard, "%s\n", !received->remarks ? "" : received->count ? "; remarks" : " remarks");
}

static inline void on_import_done(void *self, const cnv_intake_done *done)
{
	static const char *const words[] = { [CNV_INTAKE_ACCEPTED] = "accepted",
					     [CNV_INTAKE_ALREADY] = "already",
					     [CNV_INTAKE_QUARANTINED] = "quarantined",
					     [CNV_INTAKE_FAILED] = "failed" };
	importing *i = self;

	cnv_text_format(&i->heard, "= %.*s %s%s%.*s\n", CNV_ARG(leaf(done->file)), words[done->outcome],
			done->with.len ? " with " : "", CNV_ARG(done->with));
	if (i->at_done)
		i->at_done(i);
}

/* roster: NULL: there is none. */
static inline void set_importing(importing *i, const char *form, const char *roster)
{
	*i = (importing){ 0 };
	set_stage(&i->s, form, roster);
	/* The stage was copied nowhere: what it told of itself stays true. */
	i->options = (cnv_intake_options){ .round = ROUND,
					   .fresh = true,
					   .now = i->s.now,
					   .program = CNV_STR("test"),
					   .store_name = path_to(&i->s, "s.db") };
	if (roster)
		i->options.roster = &i->s.roster;
}

static inline void strike_importing(importing *i)
{
	cnv_text_fini(&i->heard);
	strike(&i->s);
}

static inline cnv_intake *new_intake(importing *i)
{
	const cnv_intake_listener listener = { .self = i,
					       .file = on_import_file,
					       .diag = on_import_diag,
					       .normalized = on_import_normalized,
					       .response = on_import_response,
					       .done = on_import_done };

	cnv_text_reset(&i->heard);
	i->message[0] = 0;
	return cnv_intake_new(&i->options, &i->s.form, i->s.store, &listener);
}

/* Runs it, keeps its totals, and gives what was heard. */
static inline const char *run_intake(importing *i, cnv_intake *intake)
{
	i->status = cnv_intake_run(intake);
	i->totals = *cnv_intake_get_totals(intake);
	cnv_intake_free(intake);
	cnv_text_put_char(&i->heard, 0);
	return i->heard.at;
}

/* Imports the files of these names, separated by blanks, in one run. */
static inline const char *import(importing *i, const char *names)
{
	cnv_intake *intake = new_intake(i);
	cnv_str rest = cnv_str_from(names), name;

	assert_non_null(intake);
	while (cnv_str_split(&rest, ' ', &name) && name.len)
		assert_int_equal(
			cnv_intake_add(intake, cnv_arena_format(&i->s.arena, "%s/%.*s", i->s.folder, CNV_ARG(name))),
			CNV_OK);
	run_intake(i, intake);
	assert_int_equal(i->status, CNV_OK);
	return i->heard.at;
}

/* Writes one file and imports it. */
static inline const char *import_text(importing *i, const char *name, const char *bytes)
{
	write_file(&i->s, name, cnv_str_from(bytes));
	return import(i, name);
}

/* What a query gives: values with | between them, one row a line; in the stage's arena. */
static inline const char *stored(importing *i, const char *query)
{
	cnv_text out = { 0 };
	sqlite3_stmt *rows;
	sqlite3 *db;
	cnv_str copy;

	assert_int_equal(sqlite3_open(path_to(&i->s, "s.db").at, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &rows, NULL), SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		for (int k = 0; k < sqlite3_column_count(rows); k++) {
			const char *at = sqlite3_column_blob(rows, k);
			int len = sqlite3_column_bytes(rows, k);

			if (k)
				cnv_text_put_char(&out, '|');
			cnv_text_put(&out, (cnv_str){ at, (size_t)len });
		}
		cnv_text_put_char(&out, '\n');
	}
	sqlite3_finalize(rows);
	sqlite3_close(db);
	cnv_text_put_char(&out, 0);
	copy = cnv_arena_copy(&i->s.arena, cnv_text_str(&out));
	cnv_text_fini(&out);
	return copy.at;
}

/* Every response with its number, findings and place: what two ways of importing the same must agree in. */
static inline const char *stored_responses(importing *i)
{
	return stored(
		i, "SELECT r.respondent, r.revision, r.line, hex(r.digest), (SELECT group_concat(f.code) FROM finding f"
		   " WHERE f.response = r.id) FROM response r ORDER BY r.id");
}

#endif
