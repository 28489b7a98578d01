/* What the tests of the room round share: a form, a roster and a store in a folder of their own, without a process.
 *
 * Forms and rosters are CSV texts, loaded as the commands load them.  Answers are gathered, settled, judged and stored as
 * an import would do, one call one file. */
#ifndef CANVASS_TESTS_ROUND_STAGE_H
#define CANVASS_TESTS_ROUND_STAGE_H

#include "canvass/round.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* 2026-12-20T12:00:00Z, and a day. */
#define NOON INT64_C(1797768000000)
#define A_DAY INT64_C(86400000)
#define ROUND CNV_STR("r1")

static const char ships_form[] __attribute__((unused)) = "survey\n,type,name,label,required\n,text,respondent,Who,"
							 "yes\n,integer,count,How many,yes\n,text,remark,Remark,\n"
							 "settings\n,form_title,form_id\n,Ships and crews,ships\n";
static const char ships_roster[] __attribute__((unused)) =
	"code,name,contact,email,group:Region\nAA,Alpha,Ms Ada,ada@example.org,North\n"
	"BB,Beta,,,North\nCC,Gamma,,,South\nDD,Delta,,,\n";

typedef struct stage {
	char folder[40];
	cnv_arena arena;
	cnv_form_file form;
	cnv_roster_file roster;
	cnv_store *store;
	cnv_instant now;
	char said[256];    /* codes, one after the other */
	char message[256]; /* the last */
	cnv_diags diags;
	uint8_t files;
} stage;

static inline void hear(void *self, const cnv_diag *diag)
{
	stage *s = self;
	char name[8];
	size_t len = strlen(s->said);

	cnv_code_name(diag->code, name);
	snprintf(s->said + len, sizeof s->said - len, "%s%s", len ? " " : "", name);
	snprintf(s->message, sizeof s->message, "%.*s: %.*s", CNV_ARG(diag->place.source), CNV_ARG(diag->message));
}

/* A path in the stage's folder; NUL-terminated. */
static inline cnv_str path_to(stage *s, const char *name)
{
	return cnv_arena_format(&s->arena, "%s/%s", s->folder, name);
}

static inline void write_file(stage *s, const char *name, cnv_str bytes)
{
	assert_int_equal(cnv_file_save(path_to(s, name), bytes, true, &s->diags), CNV_OK);
}

static inline cnv_str read_file(stage *s, const char *name)
{
	cnv_str bytes;

	assert_int_equal(cnv_file_load(path_to(s, name), 1u << 20, &s->arena, &bytes, &s->diags), CNV_OK);
	return bytes;
}

static inline bool is_there(stage *s, const char *name)
{
	return cnv_file_exists(path_to(s, name));
}

static inline bool holds(cnv_str text, const char *words)
{
	return cnv_str_find(text, cnv_str_from(words)) != SIZE_MAX;
}

static inline void open_store(stage *s, cnv_store_mode mode)
{
	assert_int_equal(cnv_store_close(s->store, &s->diags), CNV_OK);
	assert_int_equal(
		cnv_store_open(&s->store, path_to(s, "s.db"), mode, s->form.form, s->form.bytes, NULL, &s->diags),
		CNV_OK);
}

/* roster: NULL: there is none. */
static inline void set_stage(stage *s, const char *form, const char *roster)
{
	*s = (stage){ .folder = "/tmp/canvass-round-XXXXXX", .now = { .utc_ms = NOON } };
	s->diags = (cnv_diags){ .emit = hear, .self = s };
	assert_non_null(mkdtemp(s->folder));
	write_file(s, "form.csv", cnv_str_from(form));
	if (roster)
		write_file(s, "roster.csv", cnv_str_from(roster));
	assert_int_equal(cnv_form_file_load(&s->form, path_to(s, "form.csv"), false, &s->diags), CNV_OK);
	assert_int_equal(cnv_roster_file_load(&s->roster, (cnv_str){ 0 }, path_to(s, "form.csv"), NULL, &s->diags),
			 CNV_OK);
	open_store(s, CNV_STORE_WRITE);
}

/* Links are removed and not followed. */
static inline void remove_all(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		cnv_text inside = { 0 };
		struct stat about;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		cnv_text_format(&inside, "%s/%s", path, entry->d_name);
		cnv_text_put_char(&inside, 0);
		if (!lstat(inside.at, &about) && S_ISDIR(about.st_mode))
			remove_all(inside.at);
		else
			unlink(inside.at);
		cnv_text_fini(&inside);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static inline void strike(stage *s)
{
	cnv_store_close(s->store, &s->diags);
	cnv_roster_file_fini(&s->roster);
	cnv_form_file_fini(&s->form);
	cnv_arena_fini(&s->arena);
	remove_all(s->folder);
}

static inline void on_field(void *self, cnv_str field)
{
	cnv_gather_field(self, field);
}
static inline cnv_status on_record(void *self, uint32_t line)
{
	return cnv_gather_record(self, line);
}

static inline void gather(stage *s, cnv_batch *batch, const char *csv)
{
	cnv_gather *gatherer = cnv_gather_new(s->form.form, batch, CNV_STR("a.csv"), &s->diags);
	cnv_csv_sink sink = { .self = gatherer, .field = on_field, .record = on_record };

	assert_int_equal(cnv_csv_read(CNV_STR("a.csv"), cnv_str_from(csv), 0, (cnv_csv_limits){ 0 }, &sink, &s->diags),
			 CNV_OK);
	assert_int_equal(cnv_gather_end(gatherer), CNV_OK);
	cnv_gather_free(gatherer);
}

typedef struct judging {
	cnv_finding kept[16];
	uint32_t count;
	cnv_arena arena;
} judging;

static inline void on_finding(void *self, const cnv_finding *finding)
{
	judging *j = self;

	assert_true(j->count < 16);
	j->kept[j->count] = *finding;
	j->kept[j->count++].diag = cnv_diag_copy(&j->arena, &finding->diag);
}

/* One file of responses, stored at stage.now; column 0 of the form says whose each is. */
static inline void take(stage *s, cnv_str round, const char *csv)
{
	cnv_batch *batch = cnv_batch_new(s->form.form);
	cnv_ledger ledger = { 0 };
	judging j = { 0 };
	cnv_findings findings = { .emit = on_finding, .self = &j };
	cnv_world world = { .now = s->now, .seed = 1 };
	cnv_arena scratch = { 0 };
	cnv_str whose[16] = { 0 };
	uint64_t ids[16];
	cnv_outcome outcomes[16];
	cnv_store_counts counts;
	cnv_store_file file = {
		.name = CNV_STR("a.csv"), .sha256 = { ++s->files }, .size = 5, .layout = CNV_WIDE, .received = s->now
	};

	gather(s, batch, csv);
	assert_int_equal(cnv_settle(batch, CNV_STR("a.csv"), &ledger), CNV_OK);
	assert_int_equal(cnv_check(s->form.plan, batch, &world, CNV_STR("a.csv"), 0, &scratch, &findings), CNV_OK);
	assert_true(batch->tables[0].rows <= 16);
	for (uint32_t row = 0; row < batch->tables[0].rows; row++)
		whose[row] = cnv_column_text(&batch->tables[0].columns[0], row);
	assert_int_equal(cnv_store_begin(s->store, round, s->now, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_batch(s->store, batch, whose, ids, outcomes, NULL, &s->diags), CNV_OK);
	for (uint32_t i = 0; i < j.count; i++)
		assert_int_equal(cnv_store_put_finding(s->store,
						       ids[cnv_batch_owner(batch, j.kept[i].table, j.kept[i].row, 0)],
						       &j.kept[i], &s->diags),
				 CNV_OK);
	assert_int_equal(cnv_store_commit(s->store, &counts, &s->diags), CNV_OK);
	cnv_arena_fini(&j.arena);
	cnv_arena_fini(&scratch);
	cnv_batch_free(batch);
}

/* Notes one event at stage.now. */
static inline void note(stage *s, cnv_notice_kind kind, const char *who, int32_t due, const char *reason)
{
	cnv_notice notice = {
		.kind = kind, .respondent = cnv_str_from(who), .due = due, .reason = cnv_str_from(reason), .at = s->now
	};
	cnv_noting noting = { .notices = &notice, .count = 1 };

	assert_int_equal(cnv_notices_keep(&noting, s->store, ROUND, s->now, &s->diags), CNV_OK);
}

static inline int32_t today(const stage *s)
{
	return cnv_instant_day(s->now);
}

static inline void read_standings(stage *s, cnv_standings *standings)
{
	assert_int_equal(cnv_standings_read(standings, s->store, s->form.form,
					    s->roster.there ? &s->roster.roster : NULL, ROUND, s->now,
					    CNV_AUDIENCE_SECRETARIAT, false, &s->diags),
			 CNV_OK);
}

#endif
