/* The table of functions of XLSForm expressions.
 *
 * To add one: add a row (sorted by name), and a step in steps.h with its loop in the file of its subject.
 * The signature determines the number of arguments and the type of each; `build` is only for functions that need
 * more than converted arguments.  Every example is run by the tests.  FOREIGN rows are functions that other
 * applications added: listed, so that their names are known, and rejected. */
#include "expr/calls.h"

#include <string.h>

#define YES(name, arguments, summary, example, result)                                                                 \
	{                                                                                                              \
		name, arguments, summary, example, result, true                                                        \
	}
#define FOREIGN(name, arguments, summary, example)                                                                     \
	{                                                                                                              \
		{ name, arguments, summary, example, "error\tE0115", false }, "x*", TYPE_TEXT, OP_COUNT, NULL, NULL,   \
			false                                                                                          \
	}

const expr_function expr_functions[] = {
	{ YES("abs", "number", "absolute value", "abs(-2.5)", "number\t2.5"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_abs, false },
	{ YES("acos", "number", "arc cosine", "acos(1)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_acos, false },
	FOREIGN("add-date", "date, years, months, days", "a date moved (Community Health Toolkit)",
		"add-date('2026-01-01', 0, 1)"),
	{ YES("area", "shape", "area of a geoshape in square metres", "area('0 0;0 1;1 1;0 0')",
	      "number\t6195942628.45"),
	  "x+", TYPE_NUMBER, OP_area, expr_build_places, NULL, false },
	{ YES("asin", "number", "arc sine", "asin(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_asin,
	  false },
	{ YES("atan", "number", "arc tangent", "atan(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_atan, false },
	{ YES("atan2", "y, x", "angle of the point (x, y) in radians", "atan2(0, 1)", "number\t0"), "nn", TYPE_NUMBER,
	  OP_two_numbers, NULL, &expr_atan2, false },
	{ YES("base64-decode", "text", "decoded Base64 text", "base64-decode('SGVsbG8=')", "string\tHello"), "s",
	  TYPE_TEXT, OP_base64_decode, NULL, NULL, false },
	{ YES("boolean", "value", "false for 0, NaN and an empty text, else true", "boolean('x')", "boolean\ttrue"),
	  "b", TYPE_BOOLEAN, OP_COUNT, expr_build_convert, NULL, false },
	{ YES("boolean-from-string", "text", "true for 'true' and '1', else false", "boolean-from-string('1')",
	      "boolean\ttrue"),
	  "s", TYPE_BOOLEAN, OP_boolean_from_string, NULL, NULL, false },
	{ YES("ceiling", "number", "the number rounded up", "ceiling(1.2)", "number\t2"), "n", TYPE_NUMBER,
	  OP_one_number, NULL, &expr_ceiling, false },
	{ YES("checklist", "min, max, condition, ...", "whether min to max of the conditions are true (-1: no limit)",
	      "checklist(1, 2, true(), false())", "boolean\ttrue"),
	  "nnx+", TYPE_BOOLEAN, OP_checklist, expr_build_checklist, NULL, false },
	{ YES("coalesce", "a, b", "the first value that is not empty", "coalesce('', 'b')", "string\tb"), "xx",
	  TYPE_TEXT, OP_COUNT, expr_build_coalesce, NULL, false },
	{ YES("concat", "text, ...", "the texts joined", "concat('a', 1)", "string\ta1"), "x*", TYPE_TEXT, OP_concat,
	  expr_build_concat, NULL, false },
	{ YES("contains", "text, part", "whether the text contains the part", "contains('abc', 'b')", "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_contains, NULL, NULL, false },
	{ YES("cos", "number", "cosine", "cos(0)", "number\t1"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_cos,
	  false },
	{ YES("count", "entries", "number of entries of a repeat", "count(${crew})", "number\t2"), "e", TYPE_NUMBER,
	  OP_count_entries, expr_build_entries, NULL, false },
	FOREIGN("count-if", "entries, condition", "entries that meet a condition (SurveyCTO)", "count-if(1, 2)"),
	{ YES("count-non-empty", "answers", "number of answers in a repeat that are not blank",
	      "count-non-empty(${rank})", "number\t2"),
	  "e", TYPE_NUMBER, OP_count_filled, expr_build_entries, NULL, false },
	{ YES("count-selected", "choices", "number of selected choices", "count-selected('a b')", "number\t2"), "s",
	  TYPE_NUMBER, OP_count_selected, NULL, NULL, false },
	{ YES("current", "", "the question itself, as the start of a path", "string(current())", "string\t"), "",
	  TYPE_TEXT, OP_COUNT, expr_build_name, NULL, false },
	{ YES("date", "value", "date from a text, or from days since 1970", "date(18262)", "string\t2020-01-01"), "x",
	  TYPE_DAY, OP_date, expr_build_date, NULL, false },
	{ YES("date-time", "value", "date and time from a text, or from days since 1970",
	      "date-time('2020-01-01T10:00:00.000+00:00') = date('2020-01-01T10:00:00.000+00:00')", "boolean\ttrue"),
	  "x", TYPE_DAY, OP_date_time, expr_build_date, NULL, false },
	{ YES("decimal-date-time", "value", "days since 1970-01-01 in UTC, with a fraction",
	      "decimal-date-time('1970-01-02T12:00:00Z')", "number\t1.5"),
	  "d", TYPE_NUMBER, OP_decimal_date_time, NULL, NULL, false },
	{ YES("decimal-time", "time", "time of day as a fraction of a day", "decimal-time('06:00')", "number\t0.25"),
	  "s", TYPE_NUMBER, OP_decimal_time, NULL, NULL, false },
	FOREIGN("difference-in-months", "date, date", "whole months between (Community Health Toolkit)",
		"difference-in-months('2026-01-01', '2026-03-01')"),
	{ YES("digest", "text, algorithm, encoding?",
	      "digest by MD5, SHA-1, SHA-256, SHA-384 or SHA-512, in base64 or hex", "digest('abc', 'MD5', 'hex')",
	      "string\t900150983cd24fb0d6963f7d28e17f72"),
	  "sss?", TYPE_TEXT, OP_digest, NULL, NULL, false },
	{ YES("distance", "line", "length of a geotrace, or between points, in metres", "distance('0 0;0 0')",
	      "number\t0"),
	  "x+", TYPE_NUMBER, OP_distance, expr_build_places, NULL, false },
	FOREIGN("duration", "", "time spent in the form (SurveyCTO)", "duration()"),
	{ YES("enclosed-area", "shape", "another name of area()", "enclosed-area('0 0;0 1;1 1;0 0')",
	      "number\t6195942628.45"),
	  "x+", TYPE_NUMBER, OP_area, expr_build_places, NULL, false },
	{ YES("ends-with", "text, part", "whether the text ends with the part", "ends-with('abc', 'c')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_ends_with, NULL, NULL, false },
	{ YES("exp", "number", "e to the power of the number", "exp(0)", "number\t1"), "n", TYPE_NUMBER, OP_one_number,
	  NULL, &expr_exp, false },
	{ YES("exp10", "number", "10 to the power of the number", "exp10(2)", "number\t100"), "n", TYPE_NUMBER,
	  OP_one_number, NULL, &expr_exp10, false },
	{ YES("false", "", "false", "false()", "boolean\tfalse"), "", TYPE_BOOLEAN, OP_COUNT, expr_build_false, NULL,
	  false },
	{ YES("floor", "number", "the number rounded down", "floor(-1.2)", "number\t-2"), "n", TYPE_NUMBER,
	  OP_one_number, NULL, &expr_floor, false },
	{ YES("format-date", "date, format", "date in the given format", "format-date('2026-12-01', '%e/%n/%Y')",
	      "string\t1/12/2026"),
	  "ds", TYPE_TEXT, OP_format_date, expr_build_format, NULL, false },
	{ YES("format-date-time", "date, format", "date and time in the given format",
	      "format-date-time('2026-12-01T09:05:00', '%H:%M')", "string\t09:05"),
	  "ds", TYPE_TEXT, OP_format_date, expr_build_format, NULL, false },
	{ YES("geofence", "point, shape", "whether the point is inside the geoshape",
	      "geofence('1 1', '0 0;0 2;2 2;2 0;0 0')", "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_geofence, NULL, NULL, false },
	{ YES("if", "condition, yes, no", "the first value if the condition is true, else the second",
	      "if(1 > 2, 'a', 'b')", "string\tb"),
	  "bxx", TYPE_TEXT, OP_COUNT, expr_build_if, NULL, false },
	FOREIGN("index", "", "number of the entry (SurveyCTO)", "index()"),
	{ YES("indexed-repeat", "answer, repeat, number, ...", "answer in one entry of a repeat",
	      "indexed-repeat(${rank}, ${crew}, 2)", "string\t2"),
	  "xxnx?n?x?n?", TYPE_TEXT, OP_COUNT, expr_build_indexed_repeat, NULL, false },
	{ YES("instance", "name", "items of a list or file, as the start of a path",
	      "instance('place')/root/item[name = 'syd']/label", "string\tSydney"),
	  "s", TYPE_TEXT, OP_COUNT, expr_build_name, NULL, false },
	{ YES("int", "number", "the number without its fraction", "int(-1.9)", "number\t-1"), "n", TYPE_NUMBER,
	  OP_one_number, NULL, &expr_int, false },
	{ YES("intersects", "shape", "whether a geotrace or geoshape crosses or touches itself",
	      "intersects('0 0;2 2;0 2;2 0')", "boolean\ttrue"),
	  "s", TYPE_BOOLEAN, OP_intersects, expr_build_intersects, NULL, false },
	{ YES("is-selected", "choices, choice", "another name of selected()", "is-selected('a b', 'b')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_selected, expr_build_selected, NULL, false },
	{ YES("join", "separator, text, ...", "the texts joined with the separator", "join('-', 'a', '', 'c')",
	      "string\ta--c"),
	  "sx*", TYPE_TEXT, OP_join, expr_build_join, NULL, false },
	{ YES("jr:choice-name", "value, '${question}'", "label of a choice", "jr:choice-name('y', '${ok}')",
	      "string\tYes, indeed"),
	  "sx", TYPE_TEXT, OP_choice_name, expr_build_choice_name, NULL, false },
	{ YES("jr:itext", "id", "text of the form by its id", "jr:itext('place-0')", "string\tSydney"), "s", TYPE_TEXT,
	  OP_itext, NULL, NULL, false },
	{ YES("last", "", "number of candidates, in a condition on a path", "string(${crew}[last()]/rank)",
	      "string\t2"),
	  "", TYPE_NUMBER, OP_COUNT, expr_build_last, NULL, false },
	{ YES("local-name", "question?", "name of a question", "local-name(${ok})", "string\tok"), "x?", TYPE_TEXT,
	  OP_COUNT, expr_build_name, NULL, false },
	{ YES("log", "number", "natural logarithm", "log(1)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_log, false },
	{ YES("log10", "number", "logarithm to base 10", "log10(1000)", "number\t3"), "n", TYPE_NUMBER, OP_one_number,
	  NULL, &expr_log10, false },
	{ YES("max", "number, ...", "the greatest value", "max(1, 5, '')", "number\t5"), "x+", TYPE_NUMBER, OP_greatest,
	  expr_build_extreme, NULL, false },
	{ YES("min", "number, ...", "the least value", "min(3, -2)", "number\t-2"), "x+", TYPE_NUMBER, OP_least,
	  expr_build_extreme, NULL, false },
	{ YES("name", "question?", "name of a question", "name(${ok})", "string\tok"), "x?", TYPE_TEXT, OP_COUNT,
	  expr_build_name, NULL, false },
	{ YES("normalize-space", "text?", "the text without spaces at its ends, and with single spaces inside",
	      "normalize-space('  a   b ')", "string\ta b"),
	  "s?", TYPE_TEXT, OP_normalize_space, expr_build_self, NULL, false },
	{ YES("not", "condition", "true if the condition is false", "not(1 = 2)", "boolean\ttrue"), "b", TYPE_BOOLEAN,
	  OP_invert, expr_build_not, NULL, false },
	{ YES("now", "", "current date and time", "now() >= today()", "boolean\ttrue"), "", TYPE_MOMENT, OP_now, NULL,
	  NULL, true },
	{ YES("number", "value?", "the value as a number, or NaN", "number(' 12 ')", "number\t12"), "n?", TYPE_NUMBER,
	  OP_COUNT, expr_build_convert, NULL, false },
	{ YES("once", "value", "the question's own value if it has one, else the value", "once('x')", "string\tx"), "x",
	  TYPE_TEXT, OP_COUNT, expr_build_once, NULL, true },
	FOREIGN("parse-timestamp-to-date", "milliseconds", "a date (Community Health Toolkit)",
		"parse-timestamp-to-date(0)"),
	{ YES("pi", "", "3.14159...", "round(pi(), 2)", "number\t3.14"), "", TYPE_NUMBER, OP_COUNT, expr_build_pi, NULL,
	  false },
	{ YES("position", "..?", "number of the entry in its repeat, from 1", "position(..)", "number\t1"), "e?",
	  TYPE_NUMBER, OP_load_position, expr_build_position, NULL, false },
	{ YES("pow", "x, y", "x to the power y", "pow(2, 10)", "number\t1024"), "nn", TYPE_NUMBER, OP_two_numbers, NULL,
	  &expr_pow, false },
	{ YES("property", "name", "property of the device, always blank in canvass", "property('deviceid')",
	      "string\t"),
	  "s", TYPE_TEXT, OP_COUNT, expr_build_property, NULL, false },
	{ YES("pulldata", "file, column, key column, key", "value from a file next to the form",
	      "if(true(), 'x', pulldata('a', 'b', 'c', 'd'))", "string\tx"),
	  "ssss", TYPE_TEXT, OP_COUNT, expr_build_pulldata, NULL, false },
	{ YES("random", "", "random number from 0 to less than 1", "random() < 1", "boolean\ttrue"), "", TYPE_NUMBER,
	  OP_random, expr_build_random, NULL, true },
	{ YES("randomize", "entries, seed?", "the entries in random order",
	      "join(' ', randomize(instance('place')/root/item/name, 42))", "string\tsyd mel lima"),
	  "xx?", TYPE_TEXT, OP_COUNT, expr_build_randomize, NULL, false },
	{ YES("regex", "text, pattern", "whether the whole text matches the pattern", "regex('AB12', '[A-Z]+[0-9]+')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_regex, expr_build_regex, NULL, false },
	{ YES("round", "number, digits?", "the rounded number, halves upwards", "round(2.345, 2)", "number\t2.35"),
	  "nn?", TYPE_NUMBER, OP_round_to, NULL, NULL, false },
	FOREIGN("search", "file", "choices from an attached file", "search('x')"),
	{ YES("selected", "choices, choice", "whether the choice is selected", "selected('a b', 'b')", "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_selected, expr_build_selected, NULL, false },
	{ YES("selected-at", "choices, number", "the selected choice with this number, from 0", "selected-at('a b', 1)",
	      "string\tb"),
	  "sn", TYPE_TEXT, OP_selected_at, NULL, NULL, false },
	{ YES("sin", "number", "sine", "sin(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_sin,
	  false },
	{ YES("sqrt", "number", "square root", "sqrt(9)", "number\t3"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_sqrt, false },
	{ YES("starts-with", "text, part", "whether the text begins with the part", "starts-with('abc', 'a')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_starts_with, NULL, NULL, false },
	{ YES("string", "value?", "the value as text", "string(1.0)", "string\t1"), "s?", TYPE_TEXT, OP_COUNT,
	  expr_build_convert, NULL, false },
	{ YES("string-length", "text?", "length in characters, as counted by spreadsheets", "string-length('abc')",
	      "number\t3"),
	  "s?", TYPE_NUMBER, OP_string_length, expr_build_self, NULL, false },
	{ YES("substr", "text, start, end?", "part of a text, with positions from 0", "substr('hello', 1, 3)",
	      "string\tel"),
	  "snn?", TYPE_TEXT, OP_substr, NULL, NULL, false },
	{ YES("substring", "text, start, length?", "part of a text, with positions from 1", "substring('hello', 2, 3)",
	      "string\tell"),
	  "snn?", TYPE_TEXT, OP_substring, NULL, NULL, false },
	{ YES("substring-after", "text, part", "the text after the part", "substring-after('a--b', '--')", "string\tb"),
	  "ss", TYPE_TEXT, OP_substring_after, NULL, NULL, false },
	{ YES("substring-before", "text, part", "the text before the part", "substring-before('a-b', '-')",
	      "string\ta"),
	  "ss", TYPE_TEXT, OP_substring_before, NULL, NULL, false },
	{ YES("sum", "answers", "sum of the answers in a repeat", "sum(${rank})", "number\t3"), "e", TYPE_NUMBER,
	  OP_sum_entries, expr_build_entries, NULL, false },
	FOREIGN("sum-if", "entries, condition", "sum over entries that meet a condition (SurveyCTO)", "sum-if(1, 2)"),
	{ YES("tan", "number", "tangent", "tan(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_tan,
	  false },
	{ YES("today", "", "current date", "today() <= now()", "boolean\ttrue"), "", TYPE_DAY, OP_today, NULL, NULL,
	  true },
	{ YES("translate", "text, from, to", "the text with characters replaced one by one",
	      "translate('abc', 'ab', 'x')", "string\txc"),
	  "sss", TYPE_TEXT, OP_translate, NULL, NULL, false },
	{ YES("true", "", "true", "true()", "boolean\ttrue"), "", TYPE_BOOLEAN, OP_COUNT, expr_build_true, NULL,
	  false },
	{ YES("uuid", "length?", "random identifier", "string-length(uuid())", "number\t36"), "n?", TYPE_TEXT, OP_uuid,
	  expr_build_random, NULL, true },
	{ YES("version", "", "version of the form", "version()", "string\t"), "", TYPE_TEXT, OP_COUNT,
	  expr_build_version, NULL, false },
	{ YES("weighted-checklist", "min, max, condition, weight, ...",
	      "whether the weights of the true conditions add up to min to max (-1: no limit)",
	      "weighted-checklist(1, 3, true(), 2)", "boolean\ttrue"),
	  "nnbnx*", TYPE_BOOLEAN, OP_weighted_checklist, expr_build_weighted, NULL, false },
};

const uint32_t expr_function_count = sizeof expr_functions / sizeof expr_functions[0];

uint32_t expr_function_find(cnv_str name)
{
	uint32_t low = 0, high = expr_function_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = cnv_str_compare(name, cnv_str_from(expr_functions[middle].info.name));
		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return CNV_NONE;
}

void expr_function_counts(const expr_function *function, uint32_t *least, uint32_t *most)
{
	*least = *most = 0;
	for (const char *at = function->signature; *at != '\0'; at++) {
		if (*at == '?') {
			--*least;
		} else if (*at == '*') {
			--*least;
			*most = CNV_NONE;
		} else if (*at == '+') {
			*most = CNV_NONE;
		} else {
			++*least;
			++*most;
		}
	}
}

const cnv_function_info *cnv_function_find(cnv_str name)
{
	uint32_t at = expr_function_find(name);
	return at != CNV_NONE ? &expr_functions[at].info : NULL;
}

const cnv_function_info *cnv_function_at(size_t index)
{
	return index < expr_function_count ? &expr_functions[index].info : NULL;
}
