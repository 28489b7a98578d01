/* The room expr: case files, the examples of the function table, windows, limits and failing memory.
 *
 * tests/cases/expr/NAME.case holds cases parted by blank lines: the expression, the answers, the result.  Answers are
 * `path=text` parted by ` | `; `+` begins the next response; `@name` sets the question that the expression belongs to,
 * `@filter`, `@condition`, `@count` its purpose; `-` is none.  The result is a type and the values of all rows.  A case
 * that begins with FAIL has the whole message in place of the result.  The form is tests/cases/expr/form.txt. */
#include "expr/compile.h"
#include "expr/machine.h"
#include "expr/pattern.h"
#include "expr_stage.h"
#include "render_diag.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1796083200000) /* 2026-12-01T00:00:00Z */

static cnv_arena form_arena;
static cnv_form *form;

static void print_diag(void *self, const cnv_diag *diag)
{
	(void)self;
	print_error("%.*s (%.*s)\n", CNV_ARG(diag->message), CNV_ARG(diag->hint));
}

static bool build_form(void)
{
	char *text = read_file("tests/cases/expr/form.txt");
	cnv_sheets sheets;
	cnv_diags diags = { .emit = print_diag };
	uint32_t row = 0;

	if (text == NULL)
		return false;
	cnv_sheets_init(&sheets, CNV_STR("form.txt"), &form_arena);
	cnv_str rest = cnv_str_from(text), line;
	while (cnv_str_split(&rest, '\n', &line)) {
		cnv_str fields[16], field;
		uint32_t count = 0;
		row++;
		while (count < 16 && cnv_str_split(&line, '|', &field))
			fields[count++] = field;
		if (count > 0)
			cnv_sheets_add(&sheets, fields, count, row, &diags);
	}
	cnv_status status = cnv_form_build(&form, &sheets, &form_arena, &diags);
	cnv_sheets_fini(&sheets);
	free(text);
	return status == CNV_OK;
}

/* ---------------------------------------------------------------- one expression over some answers */

typedef struct stage {
	cnv_arena arena, scratch;
	cnv_batch *batch;
	cnv_context context;
	cnv_expr *expr;
	cnv_vector vector;
	cnv_text said;
	cnv_diags diags;
} stage;

static void stage_open(stage *on)
{
	*on = (stage){ .context = { .form = form, .self = CNV_NONE } };
	on->diags = (cnv_diags){ .emit = render_diag, .self = &on->said };
	on->batch = cnv_batch_new(form);
	assert_non_null(on->batch);
}

static void stage_close(stage *on)
{
	cnv_expr_fini(on->expr);
	cnv_batch_free(on->batch);
	cnv_text_fini(&on->said);
	cnv_arena_fini(&on->scratch);
	cnv_arena_fini(&on->arena);
}

static void put(stage *on, cnv_question_id id, cnv_str text)
{
	cnv_batch_put(on->batch, form->questions[id].table, form->questions[id].column, text, 1);
}

/* "crew[2]/leg[1]/port=Perth": adds the entries that are not there yet. */
static void put_path(stage *on, cnv_str item)
{
	size_t equals = cnv_str_find(item, CNV_STR("="));
	cnv_str path = cnv_str_slice(item, 0, equals), step;
	uint32_t table = 0, parent = on->batch->tables[0].rows - 1;
	while (cnv_str_split(&path, '/', &step)) {
		size_t bracket = cnv_str_find(step, CNV_STR("["));
		cnv_question_id id = cnv_form_find(form, cnv_str_slice(step, 0, bracket));
		assert_in_range(id, 0, form->count - 1);
		if (bracket == SIZE_MAX) {
			put(on, id, cnv_str_slice(item, equals + 1, item.len));
			return;
		}
		int64_t number = 0;
		assert_true(cnv_integer_read(cnv_str_slice(step, bracket + 1, step.len - 1), &number));
		table = form->questions[id].table;
		const cnv_table *entries = &on->batch->tables[table];
		bool known = entries->rows > 0 && entries->parents[entries->rows - 1] == parent &&
			     entries->positions[entries->rows - 1] == (uint64_t)number;
		parent = known ? entries->rows - 1 : cnv_batch_row(on->batch, table, parent, 1);
		entries->positions[parent] = (uint32_t)number; /* numbers may have gaps */
	}
}

static void settle(stage *on)
{
	cnv_ledger ledger = { 0 };
	assert_int_equal(cnv_settle(on->batch, CNV_STR("answers"), &ledger), CNV_OK);
	for (uint32_t t = 0; t < on->batch->table_count; t++)
		for (uint32_t c = 0; c < on->batch->tables[t].count; c++) {
			cnv_column *column = &on->batch->tables[t].columns[c];
			for (size_t w = 0; w < CNV_BIT_WORDS(on->batch->tables[t].rows); w++)
				column->usable[w] = column->understood[w];
		}
}

static void answer(stage *on, cnv_str answers)
{
	cnv_batch_row(on->batch, 0, 0, 1);
	while (answers.len > 0) {
		size_t bar = cnv_str_find(answers, CNV_STR(" | "));
		cnv_str item = cnv_str_trim(cnv_str_slice(answers, 0, bar));
		answers = bar == SIZE_MAX ? CNV_STR("") : cnv_str_slice(answers, bar + 3, answers.len);
		if (cnv_str_equal(item, CNV_STR("+")))
			cnv_batch_row(on->batch, 0, 0, 1);
		else if (cnv_str_equal(item, CNV_STR("@filter")))
			on->context.purpose = CNV_FOR_FILTER;
		else if (cnv_str_equal(item, CNV_STR("@condition")))
			on->context.purpose = CNV_FOR_CONDITION;
		else if (cnv_str_equal(item, CNV_STR("@count")))
			on->context.purpose = CNV_FOR_COUNT;
		else if (item.len > 0 && item.at[0] == '@')
			on->context.self = cnv_form_find(form, cnv_str_slice(item, 1, item.len));
		else if (!cnv_str_equal(item, CNV_STR("-")))
			put_path(on, item);
	}
	settle(on);
}

static cnv_status compile(stage *on, cnv_str expression)
{
	cnv_formula formula = { .text = expression };
	if (on->context.self < form->count)
		on->context.field = form->questions[on->context.self].name;
	return cnv_expr_compile(&on->expr, &formula, &on->context, &on->arena, &on->diags);
}

static const cnv_world world = { .now = { NOW, 0 }, .seed = 42 };

static void put_value(stage *on, cnv_text *out, uint32_t row)
{
	if (on->vector.unsure != NULL && cnv_bit(on->vector.unsure, row))
		cnv_text_put(out, CNV_STR("unsure"));
	else
		cnv_text_put(out, cnv_value_string(&on->vector, row, &on->scratch));
}

/* "type TAB value", values of several rows parted by " / ". */
static void run_all(stage *on, cnv_text *out)
{
	static const char *const types[] = {
		[CNV_T_STRING] = "string", [CNV_T_NUMBER] = "number", [CNV_T_BOOLEAN] = "boolean"
	};
	uint32_t table = on->expr->table;
	uint32_t count = on->batch->tables[table].rows;
	uint32_t *choices = NULL;

	if (on->context.purpose == CNV_FOR_FILTER) { /* one response, every choice in turn */
		const cnv_list *list = &form->lists[form->questions[on->context.self].list];
		cnv_text_put(out, CNV_STR("choices\t"));
		for (uint32_t i = 0; i < list->count; i++) {
			assert_int_equal(
				cnv_expr_run(on->expr, on->batch, table, 0, 1, &i, &world, &on->scratch, &on->vector),
				CNV_OK);
			if (cnv_value_boolean(&on->vector, 0))
				cnv_text_format(out, "%s%.*s", out->at[out->len - 1] == '\t' ? "" : " ",
						CNV_ARG(list->choices[i].name));
		}
		return;
	}
	assert_int_equal(cnv_expr_run(on->expr, on->batch, table, 0, count, choices, &world, &on->scratch, &on->vector),
			 CNV_OK);
	cnv_text_format(out, "%s\t", types[cnv_expr_type(on->expr)]);
	for (uint32_t row = 0; row < count; row++) {
		if (row > 0)
			cnv_text_put(out, CNV_STR(" / "));
		put_value(on, out, row);
	}
}

/* ---------------------------------------------------------------- case files */

typedef struct one_case {
	bool fails, warns; /* warns: the messages follow the result */
	cnv_str expression, answers, result;
} one_case;

static const char *const case_files[] = { "operators", "answers", "functions", "dates", "repeats", "filters",
					  "syntax",    "names",   "calls",     "paths", "section7" };
#define CASE_FILES (sizeof(case_files) / sizeof(case_files[0]))

static one_case cases[1024];
static size_t case_count;
static char *case_texts[CASE_FILES];

static void case_gives_what_it_says(void **state)
{
	const one_case *one = *state;
	stage on;
	cnv_text out = { 0 };
	cnv_str wanted = one->result;

	stage_open(&on);
	answer(&on, one->answers);
	cnv_status status = compile(&on, one->expression);
	if (status == CNV_OK)
		run_all(&on, &out);
	else
		assert_int_equal(status, CNV_REJECTED);
	cnv_str got = cnv_str_trim(cnv_text_str(one->fails ? &on.said : &out));
	if (on.expr == NULL && !one->fails)
		got = cnv_text_str(&on.said);
	if (one->warns && on.expr) {
		cnv_text_put(&out, CNV_STR("\n"));
		cnv_text_put(&out, cnv_text_str(&on.said));
		got = cnv_str_trim(cnv_text_str(&out));
	}
	bool same = cnv_str_equal(got, cnv_str_trim(wanted)) && one->fails == (on.expr == NULL);
	if (!same)
		print_error("expected:\n%.*s\ngot:\n%.*s\n%.*s\n", CNV_ARG(wanted), CNV_ARG(got),
			    CNV_ARG(one->fails ? cnv_text_str(&out) : CNV_STR("")));
	cnv_text_fini(&out);
	stage_close(&on);
	assert_true(same);
}

static void read_cases(char *text)
{
	cnv_str rest = cnv_str_from(text);
	while (rest.len > 0 && case_count < sizeof(cases) / sizeof(cases[0])) {
		size_t end = cnv_str_find(rest, CNV_STR("\n\n"));
		cnv_str block = cnv_str_slice(rest, 0, end), line;
		rest = end == SIZE_MAX ? CNV_STR("") : cnv_str_slice(rest, end + 2, rest.len);
		one_case *one = &cases[case_count];
		*one = (one_case){ 0 };
		while (block.len > 0 && (block.at[0] == '#' || block.at[0] == '\n'))
			cnv_str_split(&block, '\n', &line);
		if (block.len == 0)
			continue;
		cnv_str_split(&block, '\n', &one->expression);
		one->fails = cnv_str_equal(one->expression, CNV_STR("FAIL"));
		one->warns = cnv_str_equal(one->expression, CNV_STR("WARN"));
		if (one->fails || one->warns)
			cnv_str_split(&block, '\n', &one->expression);
		cnv_str_split(&block, '\n', &one->answers);
		one->result = block;
		case_count++;
	}
}

/* ---------------------------------------------------------------- the function table */

static void example_gives_its_result(void **state)
{
	const cnv_function_info *info = *state;
	stage on;
	cnv_text out = { 0 };

	stage_open(&on);
	bool inside = cnv_str_find(cnv_str_from(info->example), CNV_STR("..")) != SIZE_MAX;
	answer(&on, inside ? CNV_STR("@rank | crew[1]/rank=1") : CNV_STR("ok=y | crew[1]/rank=1 | crew[2]/rank=2"));
	if (compile(&on, cnv_str_from(info->example)) == CNV_OK)
		run_all(&on, &out);
	else
		cnv_text_format(&out, "error\t%.5s", strstr(on.said.at, "error[") + 6);
	bool same = cnv_str_equal(cnv_text_str(&out), cnv_str_from(info->result));
	if (!same)
		print_error("%s: expected %s, got %.*s\n%.*s", info->example, info->result, CNV_ARG(cnv_text_str(&out)),
			    CNV_ARG(cnv_text_str(&on.said)));
	cnv_text_fini(&out);
	stage_close(&on);
	assert_true(same);
}

static void functions_stand_by_name(void **state)
{
	(void)state;
	const cnv_function_info *info, *last = cnv_function_at(0);
	for (size_t i = 1; (info = cnv_function_at(i)) != NULL; i++) {
		assert_true(strcmp(last->name, info->name) < 0);
		last = info;
	}
	assert_null(cnv_function_at(SIZE_MAX));
}

/* ---------------------------------------------------------------- windows */

static void fill_window(stage *on, uint32_t rows)
{
	cnv_question_id age = cnv_form_find(form, CNV_STR("age")), who = cnv_form_find(form, CNV_STR("who"));
	cnv_question_id ok = cnv_form_find(form, CNV_STR("ok"));
	char text[32];
	for (uint32_t i = 0; i < rows; i++) {
		cnv_batch_row(on->batch, 0, 0, i + 1);
		snprintf(text, sizeof(text), "%u", i % 500);
		if (i % 7 != 3)
			put(on, age, cnv_str_from(text));
		snprintf(text, sizeof(text), "n%u", i);
		put(on, who, cnv_str_from(text));
		put(on, ok, i % 2 ? CNV_STR("y") : CNV_STR("n"));
	}
	settle(on);
}

static void a_window_may_begin_and_end_anywhere(void **state)
{
	(void)state;
	static const uint32_t windows[][2] = { { 0, 1000 }, { 0, 1 },   { 37, 700 }, { 63, 2 },
					       { 64, 64 },  { 999, 1 }, { 1, 999 } };
	stage on;
	stage_open(&on);
	fill_window(&on, 1000);
	on.context.self = cnv_form_find(form, CNV_STR("age"));
	assert_int_equal(compile(&on, CNV_STR(". >= 100 and . != 300 and ${ok} = 'y' and regex(${who}, 'n[0-9]+')")),
			 CNV_OK);
	for (size_t k = 0; k < sizeof(windows) / sizeof(windows[0]); k++) {
		uint32_t from = windows[k][0], count = windows[k][1];
		assert_int_equal(cnv_expr_run(on.expr, on.batch, 0, from, count, NULL, &world, &on.scratch, &on.vector),
				 CNV_OK);
		for (uint32_t i = 0; i < count; i++) {
			uint32_t row = from + i;
			bool wanted = row % 7 != 3 && row % 500 >= 100 && row % 500 != 300 && row % 2 == 1;
			assert_int_equal(cnv_value_boolean(&on.vector, i), wanted);
		}
		assert_int_equal(cnv_bits_count(on.vector.booleans, CNV_BIT_WORDS(count) * 64),
				 cnv_bits_count(on.vector.booleans, count));
	}
	stage_close(&on);
}

static void rows_do_not_allocate(void **state)
{
	(void)state;
	stage on;
	stage_open(&on);
	fill_window(&on, 4096);
	on.context.self = cnv_form_find(form, CNV_STR("age"));
	assert_int_equal(compile(&on, CNV_STR(". >= 1 and . <= ${other_age} and regex(${who}, 'n[0-9]+')")), CNV_OK);
	assert_int_equal(cnv_expr_run(on.expr, on.batch, 0, 0, 4096, NULL, &world, &on.scratch, &on.vector), CNV_OK);
	cnv_arena_reset(&on.scratch);
	size_t before = cnv_mem_allocations();
	assert_int_equal(cnv_expr_run(on.expr, on.batch, 0, 0, 4096, NULL, &world, &on.scratch, &on.vector), CNV_OK);
	assert_in_range(cnv_mem_allocations() - before, 0, 4);
	stage_close(&on);
}

/* Two responses with a thousand entries each of two repeats side by side: all boats of a response see the same crew. */
static void entries_are_gone_through_once_for_all_who_look_at_them(void **state)
{
	static const char *const wanted[2][3] = { { "7000", "7", "1999" }, { "9000", "9", "1999" } };
	static const char *const sights[3] = { "sum(${rank})", "max(${rank})", "string-length(join(',', ${rank}))" };
	cnv_question_id rank = cnv_form_find(form, CNV_STR("rank")), seats = cnv_form_find(form, CNV_STR("seats"));
	(void)state;
	stage on;
	stage_open(&on);
	for (uint32_t response = 0; response < 2; response++) {
		cnv_batch_row(on.batch, 0, 0, 1);
		for (uint32_t i = 0; i < 1000; i++) {
			cnv_batch_row(on.batch, form->questions[rank].table, response, 1);
			put(&on, rank, response ? CNV_STR("9") : CNV_STR("7"));
			cnv_batch_row(on.batch, form->questions[seats].table, response, 1);
			put(&on, seats, CNV_STR("1"));
		}
	}
	settle(&on);
	on.context.self = seats;
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(compile(&on, cnv_str_from(sights[i])), CNV_OK);
		cnv_arena_reset(&on.scratch);
		assert_int_equal(
			cnv_expr_run(on.expr, on.batch, on.expr->table, 0, 2000, NULL, &world, &on.scratch, &on.vector),
			CNV_OK);
		assert_in_range(on.scratch.taken, 1, 300000); /* a joined text for each boat would be 4 MB */
		for (uint32_t row = 0; row < 2000; row++)
			assert_true(cnv_str_equal(cnv_value_string(&on.vector, row, &on.arena),
						  cnv_str_from(wanted[row / 1000][i])));
		cnv_expr_fini(on.expr);
		on.expr = NULL;
	}
	stage_close(&on);
}

static void chance_repeats_with_the_seed(void **state)
{
	(void)state;
	stage on;
	stage_open(&on);
	fill_window(&on, 300);
	assert_int_equal(compile(&on, CNV_STR("concat(random(), ' ', random(), ' ', uuid(), ' ', uuid(5))")), CNV_OK);
	assert_true(cnv_expr_is_volatile(on.expr));
	cnv_world other = { .seed = 43 };
	cnv_vector again, elsewhere;
	cnv_expr_run(on.expr, on.batch, 0, 0, 300, NULL, &world, &on.scratch, &on.vector);
	cnv_expr_run(on.expr, on.batch, 0, 0, 300, NULL, &world, &on.scratch, &again);
	cnv_expr_run(on.expr, on.batch, 0, 0, 300, NULL, &other, &on.scratch, &elsewhere);
	for (uint32_t i = 0; i < 300; i++) {
		assert_true(cnv_str_equal(on.vector.strings[i], again.strings[i]));
		assert_false(cnv_str_equal(on.vector.strings[i], elsewhere.strings[i]));
		assert_true(i == 0 || !cnv_str_equal(on.vector.strings[i], on.vector.strings[i - 1]));
		cnv_str rest = on.vector.strings[i], first = { 0 }, second = { 0 };
		assert_true(cnv_str_word(&rest, &first) && cnv_str_word(&rest, &second));
		assert_false(cnv_str_equal(first, second));
	}
	stage_close(&on);
}

/* ---------------------------------------------------------------- patterns that cannot decide */

static const struct unsure_case {
	const char *name, *expression, *result;
} unsure_cases[] = {
	{ "a pattern over its limits is unsure", "regex(., '(a|aa)+[0-9]\\1*')", "boolean\tunsure" },
	{ "and is sure when its other side is false", "1 > 2 or (${age} = 1 and regex(., '(a|aa)+[0-9]\\1*'))",
	  "boolean\tfalse" },
	{ "or is sure when its other side is true", "${age} = 2 or regex(., '(a|aa)+[0-9]\\1*')", "boolean\ttrue" },
	{ "not() of an unsure is unsure", "not(regex(., '(a|aa)+[0-9]\\1*'))", "boolean\tunsure" },
	{ "the side of if() that is not taken does not count", "if(${age} = 2, 'x', regex(., '(a|aa)+[0-9]\\1*'))",
	  "string\tx" },
	{ "the side of if() that is taken counts", "if(${age} = 1, 'x', regex(., '(a|aa)+[0-9]\\1*'))",
	  "string\tunsure" },
	{ "an unsure condition makes if() unsure", "if(regex(., '(a|aa)+[0-9]\\1*'), 1, 2)", "number\tunsure" },
	{ "a computed pattern that is none is unsure", "regex('a', concat('(', ${age}))", "boolean\tunsure" },
	{ "a computed pattern works", "regex('2', ${age})", "boolean\ttrue" },
	{ "alternatives, classes and counts always decide", "regex(., '(a|aa)+[0-9]')", "boolean\tfalse" },
	{ "a long subject needs no stack", "regex(., '(a|b)*')", "boolean\ttrue" },
};

static void unsure_travels_only_where_it_counts(void **state)
{
	const struct unsure_case *one = *state;
	stage on;
	cnv_text out = { 0 }, text = { 0 };
	stage_open(&on);
	while (text.len < 30000)
		cnv_text_put_char(&text, 'a');
	cnv_batch_row(on.batch, 0, 0, 1);
	on.context.self = cnv_form_find(form, CNV_STR("who"));
	put(&on, on.context.self, cnv_text_str(&text));
	put(&on, cnv_form_find(form, CNV_STR("age")), CNV_STR("2"));
	settle(&on);
	for (uint32_t rows_ahead = 0; rows_ahead < 2; rows_ahead++) { /* with and without JIT */
		on.context.rows_ahead = rows_ahead;
		cnv_expr_fini(on.expr);
		cnv_text_reset(&out);
		assert_int_equal(compile(&on, cnv_str_from(one->expression)), CNV_OK);
		run_all(&on, &out);
		assert_string_equal((cnv_text_put_char(&out, '\0'), out.at), one->result);
	}
	cnv_text_fini(&text);
	cnv_text_fini(&out);
	stage_close(&on);
}

/* ---------------------------------------------------------------- limits */

static cnv_status compile_repeated(const char *before, const char *middle, const char *after, uint32_t times,
				   uint16_t *code)
{
	cnv_text text = { 0 };
	stage on;
	stage_open(&on);
	for (uint32_t i = 0; i < times; i++)
		cnv_text_put(&text, cnv_str_from(before));
	cnv_text_put(&text, cnv_str_from(middle));
	for (uint32_t i = 0; i < times; i++)
		cnv_text_put(&text, cnv_str_from(after));
	cnv_status status = compile(&on, cnv_text_str(&text));
	const char *at = on.said.len > 0 ? strstr(on.said.at, "[E") : NULL;
	*code = at != NULL ? (uint16_t)strtol(at + 2, NULL, 10) : 0;
	cnv_text_fini(&text);
	stage_close(&on);
	return status;
}

static const struct limit {
	const char *name, *before, *middle, *after;
	uint32_t most;
	uint16_t code;
} limits[] = {
	{ "64 parentheses inside each other, not 65", "(", "1", ")", 64, CNV_EXPRESSION_TOO_DEEP },
	{ "64 calls inside each other, not 65", "not(", "1", ")", 64, CNV_EXPRESSION_TOO_DEEP },
	{ "4,096 parts, not more", "1+", "1", "", 2047, CNV_EXPRESSION_TOO_LARGE },
	{ "4,096 parts of unary minus", "-", "1", "", 4095, CNV_EXPRESSION_TOO_LARGE },
	{ "65,535 bytes, not 65,536", " ", "1", "", 65534, CNV_EXPRESSION_TOO_LONG },
};

static void limit_is_kept_exactly(void **state)
{
	const struct limit *limit = *state;
	uint16_t code;
	assert_int_equal(compile_repeated(limit->before, limit->middle, limit->after, limit->most, &code), CNV_OK);
	assert_int_equal(compile_repeated(limit->before, limit->middle, limit->after, limit->most + 1, &code),
			 CNV_REJECTED);
	assert_int_equal(code, limit->code);
}

static void chance_follows_the_response(void **state)
{
	(void)state;
	stage on;
	stage_open(&on);
	answer(&on, CNV_STR("crew[1]/rank=1 | crew[2]/rank=1 | + | crew[1]/rank=1 | crew[2]/rank=1"));
	uint64_t seed = cnv_response_seed(form, CNV_STR("2026"), CNV_STR("AA"), 0);
	assert_true(seed != cnv_response_seed(form, CNV_STR("2026"), CNV_STR("BB"), 0));
	assert_true(seed != cnv_response_seed(form, CNV_STR("2027"), CNV_STR("AA"), 0));
	assert_true(seed == cnv_response_seed(form, CNV_STR("2026"), CNV_STR("AA"), 7));
	assert_true(cnv_response_seed(form, CNV_STR(""), CNV_STR(""), 0) !=
		    cnv_response_seed(form, CNV_STR(""), CNV_STR(""), 1));
	on.batch->seeds[0] = on.batch->seeds[1] = seed;
	assert_int_equal(compile(&on, CNV_STR("concat(uuid(), ' ', random(), ' ', count(${crew}[random() < 0.5]))")),
			 CNV_OK);
	cnv_expr_run(on.expr, on.batch, 0, 0, 2, NULL, &world, &on.scratch, &on.vector);
	assert_true(cnv_str_equal(on.vector.strings[0], on.vector.strings[1]));
	on.batch->seeds[1] = seed + 1;
	cnv_expr_run(on.expr, on.batch, 0, 0, 2, NULL, &world, &on.scratch, &on.vector);
	assert_false(cnv_str_equal(on.vector.strings[0], on.vector.strings[1]));
	on.batch->seeds[1] = seed;
	on.context.self = cnv_form_find(form, CNV_STR("rank"));
	cnv_expr_fini(on.expr);
	assert_int_equal(compile(&on, CNV_STR("uuid()")), CNV_OK);
	cnv_expr_run(on.expr, on.batch, 1, 0, 4, NULL, &world, &on.scratch, &on.vector);
	assert_true(cnv_str_equal(on.vector.strings[0], on.vector.strings[2]));
	assert_true(cnv_str_equal(on.vector.strings[1], on.vector.strings[3]));
	assert_false(cnv_str_equal(on.vector.strings[0], on.vector.strings[1]));
	stage_close(&on);
}

static void predicates_are_bounded_too(void **state)
{
	(void)state;
	uint16_t code;
	assert_int_equal(compile_repeated("/data/age[", "1", "]", 5000, &code), CNV_REJECTED);
	assert_int_equal(compile_repeated("instance('x')/root[", "1", "]", 3000, &code), CNV_REJECTED);
	assert_int_equal(compile_repeated("${age}[", "1", "]", 5000, &code), CNV_REJECTED);
	assert_int_equal(compile_repeated("a::", "b", "", 20000, &code), CNV_REJECTED);
}

/* ---------------------------------------------------------------- memory */

static void every_allocation_may_fail(void **state)
{
	(void)state;
	static const char *const expressions[] = {
		"if(regex(${who}, '[a-z]+') and ${age} > 3, concat(${who}, ' ', ${age}), join(', ', ${crew_name}))",
		"translate(${who}, 'abc', 'xyz') = format-date(today(), '%Y') or sum(${rank}) > count(${crew})",
		"iff(${nobody} == 'x'",
		"join(' ', ${crew}[count(leg[miles > ${age}]) = 0 or regex(crew_name, 'A.*')]/crew_name | ${who})",
		("concat(instance('place')/root/item[name = ${place} or region = concat('a', ${who})]/label, "
		 "join('', randomize(instance('place')/root/item/name, ${age})), indexed-repeat(${rank}, ${crew}, 1))"),
	};
	for (size_t k = 0; k < sizeof(expressions) / sizeof(expressions[0]); k++) {
		bool done = false;
		for (size_t n = 0; n < 400 && !done; n++) {
			stage on;
			stage_open(&on);
			answer(&on, CNV_STR("who=abc | age=4 | crew[1]/crew_name=Ann"));
			cnv_text_reserve(&on.said, 4096);
			cnv_mem_fail_after(n);
			cnv_status status = compile(&on, cnv_str_from(expressions[k]));
			if (status == CNV_OK)
				status =
					cnv_expr_run(on.expr, on.batch, 0, 0, 1, NULL, &world, &on.scratch, &on.vector);
			cnv_mem_fail_after(SIZE_MAX);
			assert_true(status == CNV_NO_MEMORY || status == (k == 2 ? CNV_REJECTED : CNV_OK));
			done = status != CNV_NO_MEMORY && n > 40;
			stage_close(&on);
		}
		assert_true(done);
	}
}

/* ---------------------------------------------------------------- conditions on paths */

/* Each of many entries is compared with each other one of its response: past the limit the row is told as unsure. */
static void too_many_conditions_for_a_row_are_unsure(void **state)
{
	(void)state;
	static const struct {
		uint32_t entries;
		bool unsure;
	} cases_of[] = { { 100, false }, { 400, true } };
	for (size_t k = 0; k < 2; k++) {
		stage on;
		stage_open(&on);
		cnv_question_id rank = cnv_form_find(form, CNV_STR("rank"));
		cnv_batch_row(on.batch, 0, 0, 1);
		for (uint32_t i = 0; i < cases_of[k].entries; i++) {
			cnv_batch_row(on.batch, form->questions[rank].table, 0, 1);
			put(&on, rank, i % 2 ? CNV_STR("1") : CNV_STR("2"));
		}
		cnv_batch_row(on.batch, 0, 0, 1); /* the next is as sure as ever */
		cnv_batch_row(on.batch, form->questions[rank].table, 1, 1);
		put(&on, rank, CNV_STR("1"));
		settle(&on);
		assert_int_equal(
			compile(&on, CNV_STR("count(${crew}[count(../crew[rank > 1]) = count(/data/crew[rank > "
					     "string-length(crew_name)]) - rank])")),
			CNV_OK);
		assert_int_equal(cnv_expr_run(on.expr, on.batch, 0, 0, 2, NULL, &world, &on.scratch, &on.vector),
				 CNV_OK);
		assert_non_null(on.vector.unsure);
		assert_int_equal(cnv_bit(on.vector.unsure, 0), cases_of[k].unsure);
		assert_false(cnv_bit(on.vector.unsure, 1));
		stage_close(&on);
	}
}

/* The window does not show in what conditions choose. */
static void conditions_give_the_same_in_any_window(void **state)
{
	(void)state;
	static const char *const expressions[] = {
		"sum(${crew}[rank > ${age} mod 5]/rank)",
		"join('', instance('place')/root/item[string-length(name) = ${age} mod 3 + 2]/name)",
		"count(${crew}[count(../crew[rank = current()/../age mod 7]) > 0 and position() != ${age} mod 2])",
		"instance('place')/root/item[name = 'lima']/label",
	};
	stage on;
	stage_open(&on);
	cnv_question_id age = cnv_form_find(form, CNV_STR("age")), rank = cnv_form_find(form, CNV_STR("rank"));
	for (uint32_t i = 0; i < 700; i++) {
		char text[16];
		cnv_batch_row(on.batch, 0, 0, i + 1);
		snprintf(text, sizeof(text), "%u", i % 101);
		put(&on, age, cnv_str_from(text));
		for (uint32_t k = 0; k < i % 9; k++) {
			cnv_batch_row(on.batch, form->questions[rank].table, i, i + 1);
			snprintf(text, sizeof(text), "%u", (i * 7 + k) % 10);
			put(&on, rank, cnv_str_from(text));
		}
	}
	settle(&on);
	on.context.self = age;
	for (size_t k = 0; k < sizeof(expressions) / sizeof(expressions[0]); k++) {
		cnv_vector whole;
		on.expr = NULL;
		assert_int_equal(compile(&on, cnv_str_from(expressions[k])), CNV_OK);
		assert_int_equal(cnv_expr_run(on.expr, on.batch, 0, 0, 700, NULL, &world, &on.scratch, &whole), CNV_OK);
		for (uint32_t i = 0; i < 700; i++) {
			assert_int_equal(
				cnv_expr_run(on.expr, on.batch, 0, i, 1, NULL, &world, &on.scratch, &on.vector),
				CNV_OK);
			cnv_str one = cnv_value_string(&on.vector, 0, &on.scratch);
			cnv_str other = cnv_value_string(&whole, i, &on.scratch);
			assert_true(cnv_str_equal(one, other));
		}
		cnv_expr_fini(on.expr);
		on.expr = NULL;
	}
	stage_close(&on);
}

/* ---------------------------------------------------------------- what the checker of forms asks */

static void constants_are_known_as_such(void **state)
{
	(void)state;
	static const struct {
		const char *expression;
		bool constant, is_volatile;
	} wanted[] = { { "1 + 1 = 2", true, false },
		       { "true()", true, false },
		       { "yes", true, false },
		       { "date('2020-01-01') < date('2020-01-02')", true, false },
		       { "${age} > 1", false, false },
		       { "today() > date('2020-01-01')", false, true },
		       { "once('x') = 'x'", true, true },
		       { "random() < 2", false, true },
		       { "1 = 2 and ${age}", true, false } };
	for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
		stage on;
		stage_open(&on);
		on.context.purpose = CNV_FOR_CONDITION;
		assert_int_equal(compile(&on, cnv_str_from(wanted[k].expression)), CNV_OK);
		assert_int_equal(cnv_expr_is_constant(on.expr), wanted[k].constant);
		assert_int_equal(cnv_expr_is_volatile(on.expr), wanted[k].is_volatile);
		stage_close(&on);
	}
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "\xFF", "'\xC3", "${\xED\xA0\x80}", "1 \x01 2", "\xEF\xBB\xBF + 1" };
	for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		stage on;
		stage_open(&on);
		assert_int_equal(compile(&on, cnv_str_from(bad[k])), CNV_REJECTED);
		assert_true(on.diags.errors > 0);
		stage_close(&on);
	}
}

/* ---------------------------------------------------------------- all of them */

static struct CMUnitTest tests[2048];
static char names[2048][160];
static size_t test_count;

static void add(const char *what, const char *of, CMUnitTestFunction function, const void *state)
{
	snprintf(names[test_count], sizeof(names[0]), "%s%s", what, of);
	tests[test_count] = (struct CMUnitTest){ .name = names[test_count],
						 .test_func = function,
						 .initial_state = (void *)(uintptr_t)state };
	test_count++;
}

int main(void)
{
	if (!build_form()) {
		print_error("tests/cases/expr/form.txt is no form; run from the repository\n");
		return 1;
	}
	for (size_t i = 0; i < CASE_FILES; i++) {
		char path[128];
		size_t before = case_count;
		snprintf(path, sizeof(path), "tests/cases/expr/%s.case", case_files[i]);
		case_texts[i] = read_file(path);
		if (case_texts[i] == NULL) {
			print_error("%s is missing\n", path);
			return 1;
		}
		read_cases(case_texts[i]);
		for (size_t k = before; k < case_count; k++) {
			char shown[100];
			snprintf(shown, sizeof(shown), "%s%.*s", cases[k].fails ? "FAIL " : "",
				 CNV_ARG(cases[k].expression));
			snprintf(path, sizeof(path), "%s: ", case_files[i]);
			add(path, shown, case_gives_what_it_says, &cases[k]);
		}
	}
	const cnv_function_info *info;
	for (size_t i = 0; (info = cnv_function_at(i)) != NULL; i++)
		add("the example of ", info->name, example_gives_its_result, info);
	for (size_t i = 0; i < sizeof(unsure_cases) / sizeof(unsure_cases[0]); i++)
		add("unsure: ", unsure_cases[i].name, unsure_travels_only_where_it_counts, &unsure_cases[i]);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		add("limit: ", limits[i].name, limit_is_kept_exactly, &limits[i]);
	add("functions stand by name", "", functions_stand_by_name, NULL);
	add("a window may begin and end anywhere", "", a_window_may_begin_and_end_anywhere, NULL);
	add("rows do not allocate", "", rows_do_not_allocate, NULL);
	add("entries are gone through once for all who look at them", "",
	    entries_are_gone_through_once_for_all_who_look_at_them, NULL);
	add("chance repeats with the seed", "", chance_repeats_with_the_seed, NULL);
	add("chance follows the response", "", chance_follows_the_response, NULL);
	add("predicates are bounded too", "", predicates_are_bounded_too, NULL);
	add("every allocation may fail", "", every_allocation_may_fail, NULL);
	add("constants are known as such", "", constants_are_known_as_such, NULL);
	add("too many conditions for a row are unsure", "", too_many_conditions_for_a_row_are_unsure, NULL);
	add("conditions give the same in any window", "", conditions_give_the_same_in_any_window, NULL);
	add("bytes that are no text are refused", "", bytes_that_are_no_text_are_refused, NULL);
	int failed = _cmocka_run_group_tests("expr", tests, test_count, NULL, NULL);
	for (size_t i = 0; i < CASE_FILES; i++)
		free(case_texts[i]);
	cnv_form_fini(form);
	cnv_arena_fini(&form_arena);
	return failed;
}
