/* The windows of a large round: with a second thread they bring the same responses in the same order. */
#include "round_stage.h"

#include "round/scan.h"

enum { PIECE = 1000, MANY = 9 * PIECE };

static const char form[] =
	"survey\n,type,name,label\n,text,respondent,Who\n,integer,count,How many\n,integer,other,Other\n"
	"settings\n,form_id\n,scan\n";

/* Imports responses R<first> and on, each with its number as its count. */
static void import_many(stage *s, cnv_str round, uint32_t first)
{
	cnv_world world = { .now = s->now, .seed = 1 };
	cnv_store_file file = {
		.name = CNV_STR("a.csv"), .sha256 = { ++s->files }, .size = 5, .layout = CNV_WIDE, .received = s->now
	};
	static cnv_str whose[PIECE];
	static uint64_t ids[PIECE];
	static cnv_outcome outcomes[PIECE];
	cnv_batch *batch = cnv_batch_new(s->form.form);
	cnv_store_counts counts;
	cnv_arena scratch = { 0 };
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { 0 };

	assert_int_equal(cnv_store_begin(s->store, round, s->now, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	for (uint32_t from = first; from < first + MANY; from += PIECE) {
		cnv_text csv = { 0 };

		cnv_text_format(&csv, "respondent,count,other\n");
		for (uint32_t i = from; i < from + PIECE; i++)
			cnv_text_format(&csv, "R%u,%u,7\n", i, i);
		cnv_text_put_char(&csv, 0);
		cnv_batch_reset(batch);
		gather(s, batch, csv.at);
		assert_int_equal(cnv_settle(batch, CNV_STR("a.csv"), &ledger), CNV_OK);
		assert_int_equal(cnv_check(s->form.plan, batch, &world, CNV_STR("a.csv"), 0, &scratch, &findings),
				 CNV_OK);
		assert_int_equal(batch->tables[0].rows, PIECE);
		for (uint32_t row = 0; row < PIECE; row++)
			whose[row] = cnv_column_text(&batch->tables[0].columns[0], row);
		assert_int_equal(cnv_store_put_batch(s->store, batch, whose, ids, outcomes, NULL, &s->diags), CNV_OK);
		cnv_text_fini(&csv);
	}
	assert_int_equal(cnv_store_commit(s->store, &counts, &s->diags), CNV_OK);
	cnv_arena_fini(&scratch);
	cnv_batch_free(batch);
}

static bool wants_count(const void *self, uint32_t table, uint32_t column)
{
	(void)self;
	return !table && column == 1;
}

/* Reads a pass; returns the size of its first window. */
static uint32_t read_all(stage *s, cnv_str round, uint32_t first, bool second)
{
	const cnv_wanted wanted = { .wants = wants_count };
	const scan_window *window;
	uint32_t have = 0, size = 0;
	scan *pass;

	assert_int_equal(scan_open(&pass, s->store, s->form.form, round, &wanted, second, &s->diags), CNV_OK);
	for (; !scan_next(pass, &window, &s->diags) && window->count;) {
		size = size ? size : window->count;
		assert_int_equal(window->batch->tables[0].rows, window->count);
		for (uint32_t row = 0; row < window->count; row++, have++) {
			char who[16];

			snprintf(who, sizeof who, "R%u", first + have);
			assert_true(cnv_str_equal(window->reported[row].respondent, cnv_str_from(who)));
			assert_true(window->batch->tables[0].columns[1].numbers[row] == first + have);
			assert_int_equal(window->batch->tables[0].columns[2].verdicts[row], CNV_BLANK);
		}
	}
	assert_int_equal(window->status, CNV_OK);
	scan_close(pass);
	assert_int_equal(have, MANY);
	return size;
}

static void two_threads_bring_what_one_brings(void **state)
{
	const cnv_str before = CNV_STR("2025"), now = CNV_STR("2026");
	stage s;

	(void)state;
	set_stage(&s, form, NULL);
	import_many(&s, before, 50001);
	import_many(&s, now, 1);
	open_store(&s, CNV_STORE_READ);
	/* A stripe is of as many ids as a window has rows: the other round begins within the third. */
	assert_int_equal(read_all(&s, before, 50001, true), CNV_WINDOW_ROWS);
	assert_int_equal(read_all(&s, now, 1, true), 3 * CNV_WINDOW_ROWS - MANY);
	assert_int_equal(read_all(&s, now, 1, false), CNV_WINDOW_ROWS);
	strike(&s);
}

/* A pass that is not read to its end stops the thread. */
static void a_pass_may_end_early(void **state)
{
	const scan_window *window;
	const cnv_wanted all = { 0 };
	stage s;

	(void)state;
	set_stage(&s, form, NULL);
	import_many(&s, CNV_STR("2026"), 1);
	open_store(&s, CNV_STORE_READ);
	for (uint32_t windows = 0; windows < 4; windows++) {
		scan *pass;

		assert_int_equal(scan_open(&pass, s.store, s.form.form, CNV_STR("2026"), &all, true, &s.diags), CNV_OK);
		for (uint32_t i = 0; i < windows; i++)
			assert_int_equal(scan_next(pass, &window, &s.diags), CNV_OK);
		scan_close(pass);
	}
	strike(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_threads_bring_what_one_brings),
		cmocka_unit_test(a_pass_may_end_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
