/* The bytes of a return as windows of rows: the same with and without a thread, and ended by whoever judges them. */
#include "round_stage.h"

#include "round/stream.h"

typedef struct streaming {
	stage s;
	cnv_vocabulary vocabulary;
	cnv_batch *batch, *slot;
	source from;
	stream_part part;
	stream stream;
	cnv_text heard; /* rows of each window with its first and last respondent, and codes of diagnostics */
	uint32_t windows, fail_at; /* fail_at: the window that is not wanted, from 1; 0: none */
} streaming;

static cnv_status on_window(void *self, cnv_batch *full)
{
	streaming *t = self;
	const cnv_column *who = &full->tables[0].columns[0];
	uint32_t rows = full->tables[0].rows;

	cnv_text_format(&t->heard, "%u %.*s-%.*s\n", rows, CNV_ARG(cnv_column_text(who, 0)),
			CNV_ARG(cnv_column_text(who, rows - 1)));
	cnv_batch_reset(full);
	return ++t->windows == t->fail_at ? CNV_NO_ACCESS : CNV_OK;
}

static void on_diag(void *self, const cnv_diag *diag)
{
	streaming *t = self;
	char name[8];

	cnv_code_name(diag->code, name);
	cnv_text_format(&t->heard, "%s@%u\n", name, diag->place.row);
}

static void set_streaming(streaming *t, cnv_str bytes)
{
	*t = (streaming){ 0 };
	set_stage(&t->s, ships_form, NULL);
	assert_int_equal(cnv_vocabulary_init(&t->vocabulary, t->s.form.form), CNV_OK);
	t->batch = cnv_batch_new(t->s.form.form);
	t->slot = cnv_batch_new(t->s.form.form);
	source_borrow(&t->from, CNV_STR("a.csv"), bytes);
	t->part = (stream_part){ .source = &t->from, .table = CNV_NONE };
	t->stream = (stream){ .form = t->s.form.form,
			      .vocabulary = &t->vocabulary,
			      .parts = &t->part,
			      .part_count = 1,
			      .batch = t->batch,
			      .slot = t->slot,
			      .self = t,
			      .window = on_window,
			      .hear = on_diag };
}

/* What was heard, NUL-terminated. */
static const char *ended(streaming *t)
{
	cnv_text_put_char(&t->heard, 0);
	return t->heard.at;
}

static void strike_streaming(streaming *t)
{
	stream_fini(&t->stream);
	source_close(&t->from);
	cnv_batch_free(t->batch);
	cnv_batch_free(t->slot);
	cnv_vocabulary_fini(&t->vocabulary);
	cnv_text_fini(&t->heard);
	strike(&t->s);
}

static cnv_str many_rows(cnv_text *out, uint32_t rows)
{
	cnv_text_put(out, CNV_STR("respondent,count,form_id\n"));
	for (uint32_t row = 1; row <= rows; row++)
		cnv_text_format(out, "R%05u,3,ships%s\n", row, row == 5000 ? ",more" : "");
	return cnv_text_str(out);
}

/* Parsing may be a window ahead with what it says, and never behind. */
static void windows_and_diagnostics_come_in_order(void **state)
{
	cnv_text bytes = { 0 };

	(void)state;
	many_rows(&bytes, 10000);
	for (uint32_t threads = 0; threads < 2; threads++) {
		streaming t;
		static const char in_turn[] =
			"4096 R00001-R04096\nE0606@5001\n4096 R04097-R08192\n1808 R08193-R10000\n";

		set_streaming(&t, cnv_text_str(&bytes));
		t.stream.threads = threads;
		assert_int_equal(stream_run(&t.stream), CNV_OK);
		assert_int_equal(t.stream.bytes, bytes.len);
		assert_int_equal(t.stream.layout, CNV_WIDE);
		assert_true(cnv_str_equal(t.stream.claims.at[CNV_CLAIM_FORM].value, CNV_STR("ships")));
		ended(&t);
		if (!threads)
			assert_string_equal(t.heard.at, in_turn);
		assert_non_null(strstr(t.heard.at, "E0606@5001\n"));
		assert_true(strstr(t.heard.at, "E0606@5001\n") < strstr(t.heard.at, "4096 R04097"));
		strike_streaming(&t);
	}
	cnv_text_fini(&bytes);
}

static void whoever_judges_may_end_it(void **state)
{
	cnv_text bytes = { 0 };

	(void)state;
	many_rows(&bytes, 20000);
	for (uint32_t threads = 0; threads < 2; threads++)
		for (uint32_t at = 1; at <= 5; at++) {
			streaming t;

			set_streaming(&t, cnv_text_str(&bytes));
			t.stream.threads = threads;
			t.fail_at = at;
			assert_int_equal(stream_run(&t.stream), CNV_NO_ACCESS);
			assert_int_equal(t.windows, at);
			strike_streaming(&t);
		}
	cnv_text_fini(&bytes);
}

static void what_cannot_be_read_is_rejected(void **state)
{
	static const struct {
		const char *bytes, *heard;
	} rows[] = {
		{ "ship,flag\nA,B\n", "E0601@1\n" },
		{ "", "E0010@0\n" },
		{ "respondent,count,count\nAA,3,4\n", "E0604@1\n" },
	};

	(void)state;
	for (uint32_t threads = 0; threads < 2; threads++)
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			streaming t;

			set_streaming(&t, cnv_str_from(rows[i].bytes));
			t.stream.threads = threads;
			assert_int_equal(stream_run(&t.stream), CNV_REJECTED);
			assert_string_equal(ended(&t), rows[i].heard);
			strike_streaming(&t);
		}
}

static void a_peek_wants_the_claims_alone(void **state)
{
	streaming t;

	(void)state;
	set_streaming(&t, CNV_STR("ship,flag,form_id,round\nA,B,cargo,r0\n"));
	t.stream.peek = true;
	stream_run(&t.stream);
	assert_true(cnv_str_equal(t.stream.claims.at[CNV_CLAIM_FORM].value, CNV_STR("cargo")));
	assert_true(cnv_str_equal(t.stream.claims.at[CNV_CLAIM_ROUND].value, CNV_STR("r0")));
	strike_streaming(&t);
}

static void how_the_responses_are_read_is_known(void **state)
{
	static const struct {
		const char *bytes, *reading;
	} rows[] = {
		{ "respondent,count\nAA,3\n", "" },
		{ "respondent;count\nAA;3\n", "UTF-8, semicolon" },
		{ "respondent,remark\nAA,caf\xe9\n", "windows-1252, comma" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		streaming t;

		set_streaming(&t, cnv_str_from(rows[i].bytes));
		assert_int_equal(stream_run(&t.stream), CNV_OK);
		cnv_text_put_char(&t.stream.reading, 0);
		assert_string_equal(t.stream.reading.at, rows[i].reading);
		strike_streaming(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_and_diagnostics_come_in_order),
		cmocka_unit_test(whoever_judges_may_end_it),
		cmocka_unit_test(what_cannot_be_read_is_rejected),
		cmocka_unit_test(a_peek_wants_the_claims_alone),
		cmocka_unit_test(how_the_responses_are_read_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
