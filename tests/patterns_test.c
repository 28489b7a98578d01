/* The patterns that the project ships, through regex(): every valid example is accepted and every invalid one refused.
 *
 * Where a check digit or the calendar decides (column check_rule), the pattern gives the shape alone; the invalid
 * examples it cannot refuse are listed in tests/cases/patterns-rule-only.tsv, and the list must be exact. */
#include "canvass/expr.h"
#include "expr_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ID, DESCRIPTION, PATTERN, FLAGS, RULE, VALID, INVALID, SOURCE, COLUMNS };

typedef struct pattern_row {
	cnv_str cells[COLUMNS];
} pattern_row;

static pattern_row rows[256];
static size_t row_count;
static char *file_text, *rule_only;
static unsigned found_rule_only;

/* One CSV record, quotes undone in place; NULL at the end. */
static char *read_record(char *at, pattern_row *row)
{
	if (*at == '\0')
		return NULL;
	for (size_t column = 0; column < COLUMNS; column++) {
		char *out = at, *start = at;
		bool quoted = *at == '"';
		at += quoted;
		while (*at != '\0' && (quoted || (*at != ',' && *at != '\n'))) {
			if (quoted && *at == '"' && *++at != '"')
				break;
			if (*at != '\r')
				*out++ = *at;
			at++;
		}
		char end = *at;
		row->cells[column] = (cnv_str){ start, (size_t)(out - start) };
		if (end != '\0')
			at++;
		if (end != ',')
			break;
	}
	return at;
}

static bool next_example(cnv_str *rest, char *out, cnv_str *example)
{
	if (rest->at == NULL)
		return false;
	size_t cut = cnv_str_find(*rest, CNV_STR(" | "));
	cnv_str raw = cut == SIZE_MAX ? *rest : cnv_str_slice(*rest, 0, cut);
	*rest = cut == SIZE_MAX ? (cnv_str){ NULL, 0 } : cnv_str_slice(*rest, cut + 3, rest->len);
	size_t len = 0;
	for (size_t i = 0; i < raw.len; i++) {
		bool line = raw.at[i] == '\\' && i + 1 < raw.len && raw.at[i + 1] == 'n';
		out[len++] = line ? '\n' : raw.at[i];
		i += line;
	}
	*example = (cnv_str){ out, len };
	return true;
}

/* regex('example', 'pattern'), as a form would have it. */
static bool accepts(const pattern_row *row, cnv_str example)
{
	bool search = cnv_str_equal(row->cells[RULE], CNV_STR("search"));
	bool caseless = cnv_str_find(row->cells[FLAGS], CNV_STR("i")) != SIZE_MAX;
	cnv_arena arena = { 0 };
	cnv_diags diags = { 0 };
	cnv_context context = { .self = CNV_NONE, .search = search, .caseless = caseless };
	const char quote = cnv_str_find(example, CNV_STR("'")) == SIZE_MAX ? '\'' : '"';
	cnv_formula formula = { .text = cnv_arena_format(&arena, "regex(%c%.*s%c, '%.*s')", quote, CNV_ARG(example),
							 quote, CNV_ARG(row->cells[PATTERN])) };
	cnv_world world = { .seed = 1 };
	cnv_expr *expr;
	cnv_vector vector;

	assert_int_equal(cnv_expr_compile(&expr, &formula, &context, &arena, &diags), CNV_OK);
	assert_int_equal(cnv_expr_run(expr, NULL, 0, 0, 1, NULL, &world, &arena, &vector), CNV_OK);
	bool accepted = cnv_value_boolean(&vector, 0);
	assert_false(vector.unsure != NULL && cnv_bit(vector.unsure, 0));
	cnv_expr_fini(expr);
	cnv_arena_fini(&arena);
	return accepted;
}

static bool is_rule_only(const pattern_row *row, cnv_str example)
{
	cnv_arena arena = { 0 };
	cnv_str line = cnv_arena_format(&arena, "\n%.*s\t%.*s\n", CNV_ARG(row->cells[ID]), CNV_ARG(example));
	bool listed = cnv_str_find(cnv_str_from(rule_only), line) != SIZE_MAX;
	cnv_arena_fini(&arena);
	return listed;
}

static void examples_are_told_apart(void **state)
{
	const pattern_row *row = *state;
	bool by_rule = row->cells[RULE].len > 0 && !cnv_str_equal(row->cells[RULE], CNV_STR("search")) &&
		       !cnv_str_equal(row->cells[RULE], CNV_STR("mid"));
	char room[1024];
	cnv_str example, rest = row->cells[VALID];
	unsigned wrong = 0;

	while (next_example(&rest, room, &example))
		if (!accepts(row, example)) {
			print_message("refused, but valid: %.*s\n", CNV_ARG(example));
			wrong++;
		}
	rest = row->cells[INVALID];
	while (next_example(&rest, room, &example)) {
		if (!accepts(row, example))
			continue;
		cnv_str written = example;
		for (size_t i = 0; i < written.len; i++) /* in the list a line feed is a blank */
			room[i] = room[i] == '\n' ? ' ' : room[i];
		if (by_rule && is_rule_only(row, written)) {
			found_rule_only++;
			continue;
		}
		print_message("accepted, but invalid: %.*s\t%.*s\n", CNV_ARG(row->cells[ID]), CNV_ARG(written));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void only_a_rule_refuses_what_is_listed_as_such(void **state)
{
	(void)state;
	unsigned listed = 0;
	for (const char *at = rule_only; (at = strchr(at, '\n')) != NULL; at++)
		listed += at[1] != '\0';
	assert_int_equal(found_rule_only, listed);
}

int main(void)
{
	static struct CMUnitTest tests[257];
	static char names[256][96];

	file_text = read_file("tests/cases/patterns.csv");
	rule_only = read_file("tests/cases/patterns-rule-only.tsv");
	if (file_text == NULL || rule_only == NULL) {
		print_error("tests/cases/patterns.csv or patterns-rule-only.tsv is missing; run from the repository\n");
		return 1;
	}
	pattern_row header;
	char *at = read_record(file_text, &header);
	while (at != NULL && row_count < 256 && (at = read_record(at, &rows[row_count])) != NULL)
		row_count++;
	for (size_t i = 0; i < row_count; i++) {
		snprintf(names[i], sizeof(names[i]), "examples of %.*s", CNV_ARG(rows[i].cells[ID]));
		tests[i] = (struct CMUnitTest){ .name = names[i],
						.test_func = examples_are_told_apart,
						.initial_state = &rows[i] };
	}
	tests[row_count] = (struct CMUnitTest){ .name = "only a rule refuses what is listed as such",
						.test_func = only_a_rule_refuses_what_is_listed_as_such };
	int failed = _cmocka_run_group_tests("patterns", tests, row_count + 1, NULL, NULL);
	free(file_text);
	free(rule_only);
	return failed;
}
