/* Expressions against what other engines agree on: ../shared/conformance/expressions.tsv, read in place.
 *
 * At least 95 in 100 must agree; those that do not are listed, each with its reason, in
 * tests/cases/expr/known-differences.tsv, and the list must be exact. */
#include "canvass/expr.h"
#include "expr_stage.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ZONE (-7 * 3600) /* the suites ran there */

/* Undoes \\ \t \n \r in place. */
static cnv_str unescape(cnv_str cell, char *out)
{
	size_t len = 0;
	for (size_t i = 0; i < cell.len; i++) {
		char c = cell.at[i];
		if (c == '\\' && i + 1 < cell.len) {
			char next = cell.at[++i];
			c = next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
		}
		out[len++] = c;
	}
	return (cnv_str){ out, len };
}

static bool same_number(double got, const char *expected, double tolerance)
{
	if (strcmp(expected, "NaN") == 0)
		return isnan(got);
	double wanted = strcmp(expected, "Infinity") == 0    ? INFINITY
			: strcmp(expected, "-Infinity") == 0 ? -INFINITY
							     : strtod(expected, NULL);
	if (got == wanted)
		return true;
	if (tolerance <= 0)
		tolerance = strlen(expected) > 12 ? fabs(wanted) * 1e-9 : 0;
	return fabs(got - wanted) <= tolerance;
}

/* cells: expression, type, expected, tolerance. */
static bool agrees(const cnv_str cells[6], char *got, size_t room)
{
	char *expression = malloc(cells[0].len + 1), *expected = malloc(cells[2].len + 1);
	cnv_arena arena = { 0 };
	cnv_diags diags = { 0 };
	cnv_context context = { .self = CNV_NONE, .rows_ahead = 1 };
	cnv_formula formula = { .text = unescape(cells[0], expression) };
	cnv_world world = { .now = { INT64_C(1796108400000), ZONE }, .seed = 1 };
	cnv_expr *expr = NULL;
	cnv_vector vector;
	bool same = false;
	cnv_str wanted = unescape(cells[2], expected);

	expected[wanted.len] = '\0';
	snprintf(got, room, "error");
	if (cnv_expr_compile(&expr, &formula, &context, &arena, &diags) == CNV_OK &&
	    cnv_expr_run(expr, NULL, 0, 0, 1, NULL, &world, &arena, &vector) == CNV_OK) {
		cnv_str text = cnv_value_string(&vector, 0, &arena);
		snprintf(got, room, "%.*s", CNV_ARG(text));
		if (cnv_str_equal(cells[1], CNV_STR("number")))
			same = same_number(cnv_value_number(&vector, 0), expected, strtod(cells[3].at, NULL));
		else if (cnv_str_equal(cells[1], CNV_STR("boolean")))
			same = cnv_value_boolean(&vector, 0) == cnv_str_equal(wanted, CNV_STR("true"));
		else
			same = cnv_str_equal(text, wanted);
	}
	cnv_expr_fini(expr);
	cnv_arena_fini(&arena);
	free(expression);
	free(expected);
	return same;
}

static bool is_known(const char *known, unsigned line)
{
	char wanted[16];
	snprintf(wanted, sizeof(wanted), "\n%u\t", line);
	return known != NULL && strstr(known, wanted) != NULL;
}

static unsigned count_known(const char *known)
{
	unsigned count = 0;
	for (const char *at = known; at != NULL && (at = strchr(at, '\n')) != NULL; at++)
		count += at[1] >= '0' && at[1] <= '9';
	return count;
}

static void expressions_agree_with_other_engines(void **state)
{
	(void)state;
	const char *shared = getenv("CANVASS_SHARED");
	char path[4096];
	snprintf(path, sizeof(path), "%s/conformance/expressions.tsv", shared != NULL ? shared : "../shared");
	char *text = read_file(path);
	if (text == NULL) {
		print_message("skipped: %s is not here\n", path);
		skip();
	}
	char *known = read_file("tests/cases/expr/known-differences.tsv");
	unsigned line = 1, total = 0, agreed = 0, surprises = 0;
	cnv_str rest = cnv_str_from(text), row;
	cnv_str_split(&rest, '\n', &row); /* header */
	while (cnv_str_split(&rest, '\n', &row)) {
		cnv_str cells[6] = { { 0 } };
		char got[400];
		line++;
		if (row.len == 0)
			continue;
		for (size_t i = 0; i < 6; i++)
			cnv_str_split(&row, '\t', &cells[i]);
		bool same = agrees(cells, got, sizeof(got));
		total++;
		agreed += same;
		if (same == is_known(known, line)) {
			surprises++;
			print_message("line %u: %.*s as %.*s: expected \"%.*s\", got \"%s\"%s\n", line,
				      CNV_ARG(cells[0]), CNV_ARG(cells[1]), CNV_ARG(cells[2]), got,
				      same ? " (listed as different)" : "");
		}
	}
	print_message("agreement: %u of %u expressions (%.1f%%)\n", agreed, total, 100.0 * agreed / total);
	unsigned listed = count_known(known);
	free(text);
	free(known);
	assert_true(agreed * 100 >= total * 95);
	assert_int_equal(surprises, 0);
	assert_int_equal(listed, total - agreed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_agree_with_other_engines),
	};
	return cmocka_run_group_tests_name("conformance", tests, NULL, NULL);
}
