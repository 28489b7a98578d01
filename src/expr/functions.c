/* Everything canvass knows about the functions of XLSForm expressions.
 *
 * Adding one: add a row (by name), and a step in expr_internal.h with its loop in the file of its subject.
 * The signature checks the number of arguments and says how each is read; `build` is only for functions
 * that need more than converted arguments.  Every example is run by the tests.  FOREIGN rows are functions that other
 * applications added: listed, so that their names are known, and refused.
 */
#include "calls.h"

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
	{ YES("abs", "number", "without its sign", "abs(-2.5)", "number\t2.5"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_abs, false },
	{ YES("acos", "number", "arc cosine", "acos(1)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_acos, false },
	FOREIGN("add-date", "date, years, months, days", "a date moved (Community Health Toolkit)",
		"add-date('2026-01-01', 0, 1)"),
	{ YES("area", "shape", "square metres inside a geoshape", "area('0 0;0 1;1 1;0 0')", "number\t6195942628.45"),
	  "x+", TYPE_NUMBER, OP_area, expr_build_places, NULL, false },
	{ YES("asin", "number", "arc sine", "asin(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_asin,
	  false },
	{ YES("atan", "number", "arc tangent", "atan(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_atan, false },
	{ YES("atan2", "y, x", "angle of a point", "atan2(0, 1)", "number\t0"), "nn", TYPE_NUMBER, OP_two_numbers, NULL,
	  &expr_atan2, false },
	{ YES("base64-decode", "text", "the text behind a Base64 text", "base64-decode('SGVsbG8=')", "string\tHello"),
	  "s", TYPE_TEXT, OP_base64_decode, NULL, NULL, false },
	{ YES("boolean", "value", "false for 0, NaN and an empty text", "boolean('x')", "boolean\ttrue"), "b",
	  TYPE_BOOLEAN, OP_COUNT, expr_build_convert, NULL, false },
	{ YES("boolean-from-string", "text", "true for 'true' and '1'", "boolean-from-string('1')", "boolean\ttrue"),
	  "s", TYPE_BOOLEAN, OP_boolean_from_string, NULL, NULL, false },
	{ YES("ceiling", "number", "the next whole number upwards", "ceiling(1.2)", "number\t2"), "n", TYPE_NUMBER,
	  OP_one_number, NULL, &expr_ceiling, false },
	{ YES("checklist", "min, max, condition, ...", "are between min and max of the conditions true? (-1: no bound)",
	      "checklist(1, 2, true(), false())", "boolean\ttrue"),
	  "nnx+", TYPE_BOOLEAN, OP_checklist, expr_build_checklist, NULL, false },
	{ YES("coalesce", "a, b", "the first that is not empty", "coalesce('', 'b')", "string\tb"), "xx", TYPE_TEXT,
	  OP_COUNT, expr_build_coalesce, NULL, false },
	{ YES("concat", "text, ...", "the texts one after the other", "concat('a', 1)", "string\ta1"), "x*", TYPE_TEXT,
	  OP_concat, expr_build_concat, NULL, false },
	{ YES("contains", "text, part", "does the part occur in the text?", "contains('abc', 'b')", "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_contains, NULL, NULL, false },
	{ YES("cos", "number", "cosine", "cos(0)", "number\t1"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_cos,
	  false },
	{ YES("count", "entries", "how many entries a repeat has", "count(${crew})", "number\t2"), "e", TYPE_NUMBER,
	  OP_count_entries, expr_build_entries, NULL, false },
	FOREIGN("count-if", "entries, condition", "entries that meet a condition (SurveyCTO)", "count-if(1, 2)"),
	{ YES("count-non-empty", "answers", "how many of a repeat's answers are given", "count-non-empty(${rank})",
	      "number\t2"),
	  "e", TYPE_NUMBER, OP_count_filled, expr_build_entries, NULL, false },
	{ YES("count-selected", "choices", "how many choices were made", "count-selected('a b')", "number\t2"), "s",
	  TYPE_NUMBER, OP_count_selected, NULL, NULL, false },
	{ YES("current", "", "the question itself, where a path begins", "string(current())", "string\t"), "", TYPE_TEXT,
	  OP_COUNT, expr_build_name, NULL, false },
	{ YES("date", "value", "a date made of a text or of days since 1970", "date(18262)", "string\t2020-01-01"), "x",
	  TYPE_DAY, OP_date, expr_build_date, NULL, false },
	{ YES("date-time", "value", "a date with time made of a text or of days since 1970",
	      "date-time('2020-01-01T10:00:00.000+00:00') = date('2020-01-01T10:00:00.000+00:00')", "boolean\ttrue"),
	  "x", TYPE_DAY, OP_date_time, expr_build_date, NULL, false },
	{ YES("decimal-date-time", "value", "days since 1970-01-01, UTC, with their fraction",
	      "decimal-date-time('1970-01-02T12:00:00Z')", "number\t1.5"),
	  "d", TYPE_NUMBER, OP_decimal_date_time, NULL, NULL, false },
	{ YES("decimal-time", "time", "a time of day as a fraction of the day", "decimal-time('06:00')",
	      "number\t0.25"),
	  "s", TYPE_NUMBER, OP_decimal_time, NULL, NULL, false },
	FOREIGN("difference-in-months", "date, date", "whole months between (Community Health Toolkit)",
		"difference-in-months('2026-01-01', '2026-03-01')"),
	{ YES("digest", "text, algorithm, encoding?",
	      "a fingerprint: MD5, SHA-1, SHA-256, SHA-384 or SHA-512, base64 or hex", "digest('abc', 'MD5', 'hex')",
	      "string\t900150983cd24fb0d6963f7d28e17f72"),
	  "sss?", TYPE_TEXT, OP_digest, NULL, NULL, false },
	{ YES("distance", "line", "metres along a geotrace or between points", "distance('0 0;0 0')", "number\t0"),
	  "x+", TYPE_NUMBER, OP_distance, expr_build_places, NULL, false },
	FOREIGN("duration", "", "time spent in the form (SurveyCTO)", "duration()"),
	{ YES("enclosed-area", "shape", "another name of area()", "enclosed-area('0 0;0 1;1 1;0 0')",
	      "number\t6195942628.45"),
	  "x+", TYPE_NUMBER, OP_area, expr_build_places, NULL, false },
	{ YES("ends-with", "text, part", "does the text end with the part?", "ends-with('abc', 'c')", "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_ends_with, NULL, NULL, false },
	{ YES("exp", "number", "e to this power", "exp(0)", "number\t1"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_exp, false },
	{ YES("exp10", "number", "10 to this power", "exp10(2)", "number\t100"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_exp10, false },
	{ YES("false", "", "false", "false()", "boolean\tfalse"), "", TYPE_BOOLEAN, OP_COUNT, expr_build_false, NULL,
	  false },
	{ YES("floor", "number", "the next whole number downwards", "floor(-1.2)", "number\t-2"), "n", TYPE_NUMBER,
	  OP_one_number, NULL, &expr_floor, false },
	{ YES("format-date", "date, format", "a date written as the format says",
	      "format-date('2026-12-01', '%e/%n/%Y')", "string\t1/12/2026"),
	  "ds", TYPE_TEXT, OP_format_date, expr_build_format, NULL, false },
	{ YES("format-date-time", "date, format", "a date and time written as the format says",
	      "format-date-time('2026-12-01T09:05:00', '%H:%M')", "string\t09:05"),
	  "ds", TYPE_TEXT, OP_format_date, expr_build_format, NULL, false },
	{ YES("geofence", "point, shape", "is the point inside the geoshape?", "geofence('1 1', '0 0;0 2;2 2;2 0;0 0')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_geofence, NULL, NULL, false },
	{ YES("if", "condition, yes, no", "one of two values", "if(1 > 2, 'a', 'b')", "string\tb"), "bxx", TYPE_TEXT,
	  OP_COUNT, expr_build_if, NULL, false },
	FOREIGN("index", "", "number of the entry (SurveyCTO)", "index()"),
	{ YES("indexed-repeat", "answer, repeat, number, ...", "one answer of one entry of a repeat",
	      "indexed-repeat(${rank}, ${crew}, 2)", "string\t2"),
	  "xxnx?n?x?n?", TYPE_TEXT, OP_COUNT, expr_build_indexed_repeat, NULL, false },
	{ YES("instance", "name", "the items of a list, where a path begins",
	      "instance('place')/root/item[name = 'syd']/label", "string\tSydney"),
	  "s", TYPE_TEXT, OP_COUNT, expr_build_name, NULL, false },
	{ YES("int", "number", "without its fraction", "int(-1.9)", "number\t-1"), "n", TYPE_NUMBER, OP_one_number,
	  NULL, &expr_int, false },
	{ YES("is-selected", "choices, choice", "another name of selected()", "is-selected('a b', 'b')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_selected, expr_build_selected, NULL, false },
	{ YES("join", "separator, text, ...", "the texts with the separator between them", "join('-', 'a', '', 'c')",
	      "string\ta--c"),
	  "sx*", TYPE_TEXT, OP_join, expr_build_join, NULL, false },
	{ YES("jr:choice-name", "value, '${question}'", "the label of a choice", "jr:choice-name('y', '${ok}')",
	      "string\tYes, indeed"),
	  "sx", TYPE_TEXT, OP_choice_name, expr_build_choice_name, NULL, false },
	{ YES("jr:itext", "id", "a text of the form", "jr:itext('place-0')", "string\tSydney"), "s", TYPE_TEXT, OP_itext,
	  NULL, NULL, false },
	{ YES("last", "", "in a condition on a path: how many there are", "string(${crew}[last()]/rank)", "string\t2"), "",
	  TYPE_NUMBER, OP_COUNT, expr_build_last, NULL, false },
	{ YES("local-name", "question?", "the name of a question", "local-name(${ok})", "string\tok"), "x?", TYPE_TEXT,
	  OP_COUNT, expr_build_name, NULL, false },
	{ YES("log", "number", "natural logarithm", "log(1)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_log, false },
	{ YES("log10", "number", "logarithm to base 10", "log10(1000)", "number\t3"), "n", TYPE_NUMBER, OP_one_number,
	  NULL, &expr_log10, false },
	{ YES("max", "number, ...", "the greatest", "max(1, 5, '')", "number\t5"), "x+", TYPE_NUMBER, OP_greatest,
	  expr_build_extreme, NULL, false },
	{ YES("min", "number, ...", "the least", "min(3, -2)", "number\t-2"), "x+", TYPE_NUMBER, OP_least,
	  expr_build_extreme, NULL, false },
	{ YES("name", "question?", "the name of a question", "name(${ok})", "string\tok"), "x?", TYPE_TEXT, OP_COUNT,
	  expr_build_name, NULL, false },
	{ YES("normalize-space", "text?", "without blanks at the ends, one blank between words",
	      "normalize-space('  a   b ')", "string\ta b"),
	  "s?", TYPE_TEXT, OP_normalize_space, expr_build_self, NULL, false },
	{ YES("not", "condition", "true when the condition is false", "not(1 = 2)", "boolean\ttrue"), "b", TYPE_BOOLEAN,
	  OP_invert, expr_build_not, NULL, false },
	{ YES("now", "", "date and time of the run", "now() >= today()", "boolean\ttrue"), "", TYPE_MOMENT, OP_now,
	  NULL, NULL, true },
	{ YES("number", "value?", "the value as a number; NaN where it is none", "number(' 12 ')", "number\t12"), "n?",
	  TYPE_NUMBER, OP_COUNT, expr_build_convert, NULL, false },
	{ YES("once", "value", "what the question holds already, else the value", "once('x')", "string\tx"), "x",
	  TYPE_TEXT, OP_COUNT, expr_build_once, NULL, true },
	FOREIGN("parse-timestamp-to-date", "milliseconds", "a date (Community Health Toolkit)",
		"parse-timestamp-to-date(0)"),
	{ YES("pi", "", "3.14159...", "round(pi(), 2)", "number\t3.14"), "", TYPE_NUMBER, OP_COUNT, expr_build_pi, NULL,
	  false },
	{ YES("position", "..?", "number of the repeat's entry, from 1", "position(..)", "number\t1"), "e?", TYPE_NUMBER,
	  OP_load_position, expr_build_position, NULL, false },
	{ YES("pow", "x, y", "x to the power y", "pow(2, 10)", "number\t1024"), "nn", TYPE_NUMBER, OP_two_numbers, NULL,
	  &expr_pow, false },
	{ YES("property", "name", "a property of the device, which is blank here", "property('deviceid')", "string\t"),
	  "s", TYPE_TEXT, OP_COUNT, expr_build_property, NULL, false },
	{ YES("pulldata", "file, column, key column, key", "a cell of a file beside the form",
	      "if(true(), 'x', pulldata('a', 'b', 'c', 'd'))", "string\tx"),
	  "ssss", TYPE_TEXT, OP_COUNT, expr_build_pulldata, NULL, false },
	{ YES("random", "", "a number from 0 up to 1", "random() < 1", "boolean\ttrue"), "", TYPE_NUMBER, OP_random,
	  expr_build_random, NULL, true },
	{ YES("randomize", "entries, seed?", "in an order of chance",
	      "join(' ', randomize(instance('place')/root/item/name, 42))", "string\tsyd mel lima"),
	  "xx?", TYPE_TEXT, OP_COUNT, expr_build_randomize, NULL, false },
	{ YES("regex", "text, pattern", "does the whole text match the pattern?", "regex('AB12', '[A-Z]+[0-9]+')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_regex, expr_build_regex, NULL, false },
	{ YES("round", "number, digits?", "rounded; half upwards", "round(2.345, 2)", "number\t2.35"), "nn?",
	  TYPE_NUMBER, OP_round_to, NULL, NULL, false },
	FOREIGN("search", "file", "choices from an attached file", "search('x')"),
	{ YES("selected", "choices, choice", "is it among the choices made?", "selected('a b', 'b')", "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_selected, expr_build_selected, NULL, false },
	{ YES("selected-at", "choices, number", "one of the choices made, counted from 0", "selected-at('a b', 1)",
	      "string\tb"),
	  "sn", TYPE_TEXT, OP_selected_at, NULL, NULL, false },
	{ YES("sin", "number", "sine", "sin(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_sin,
	  false },
	{ YES("sqrt", "number", "square root", "sqrt(9)", "number\t3"), "n", TYPE_NUMBER, OP_one_number, NULL,
	  &expr_sqrt, false },
	{ YES("starts-with", "text, part", "does the text begin with the part?", "starts-with('abc', 'a')",
	      "boolean\ttrue"),
	  "ss", TYPE_BOOLEAN, OP_starts_with, NULL, NULL, false },
	{ YES("string", "value?", "the value as a text", "string(1.0)", "string\t1"), "s?", TYPE_TEXT, OP_COUNT,
	  expr_build_convert, NULL, false },
	{ YES("string-length", "text?", "length in characters, as spreadsheets count them", "string-length('abc')",
	      "number\t3"),
	  "s?", TYPE_NUMBER, OP_string_length, expr_build_self, NULL, false },
	{ YES("substr", "text, start, end?", "a part of a text, counted from 0", "substr('hello', 1, 3)", "string\tel"),
	  "snn?", TYPE_TEXT, OP_substr, NULL, NULL, false },
	{ YES("substring", "text, start, length?", "a part of a text, counted from 1", "substring('hello', 2, 3)",
	      "string\tell"),
	  "snn?", TYPE_TEXT, OP_substring, NULL, NULL, false },
	{ YES("substring-after", "text, part", "what follows the part", "substring-after('a--b', '--')", "string\tb"),
	  "ss", TYPE_TEXT, OP_substring_after, NULL, NULL, false },
	{ YES("substring-before", "text, part", "what precedes the part", "substring-before('a-b', '-')", "string\ta"),
	  "ss", TYPE_TEXT, OP_substring_before, NULL, NULL, false },
	{ YES("sum", "answers", "the sum of a repeat's answers", "sum(${rank})", "number\t3"), "e", TYPE_NUMBER,
	  OP_sum_entries, expr_build_entries, NULL, false },
	FOREIGN("sum-if", "entries, condition", "sum over entries that meet a condition (SurveyCTO)", "sum-if(1, 2)"),
	{ YES("tan", "number", "tangent", "tan(0)", "number\t0"), "n", TYPE_NUMBER, OP_one_number, NULL, &expr_tan,
	  false },
	{ YES("today", "", "the day of the run", "today() <= now()", "boolean\ttrue"), "", TYPE_DAY, OP_today, NULL,
	  NULL, true },
	{ YES("translate", "text, from, to", "characters replaced one by one", "translate('abc', 'ab', 'x')",
	      "string\txc"),
	  "sss", TYPE_TEXT, OP_translate, NULL, NULL, false },
	{ YES("true", "", "true", "true()", "boolean\ttrue"), "", TYPE_BOOLEAN, OP_COUNT, expr_build_true, NULL,
	  false },
	{ YES("uuid", "length?", "a random identifier", "string-length(uuid())", "number\t36"), "n?", TYPE_TEXT,
	  OP_uuid, expr_build_random, NULL, true },
	{ YES("version", "", "the version of the form", "version()", "string\t"), "", TYPE_TEXT, OP_COUNT,
	  expr_build_version, NULL, false },
	{ YES("weighted-checklist", "min, max, condition, weight, ...",
	      "do the weights of the true conditions add up to between min and max? (-1: no bound)",
	      "weighted-checklist(1, 3, true(), 2)", "boolean\ttrue"),
	  "nnbnx*", TYPE_BOOLEAN, OP_weighted_checklist, expr_build_weighted, NULL, false },
};

const uint32_t expr_function_count = sizeof(expr_functions) / sizeof(expr_functions[0]);

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
