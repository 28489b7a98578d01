/* parameters.c: the column `parameters`, such as `start=0 end=10 step=2`.
 *
 * One table lists the keys of each type and their values; the few rules between keys follow.
 */
#include "form/parameters.h"

#include "form/hints.h"
#include "form/name.h"
#include "form/places.h"

#include <math.h>
#include <string.h>

/* Parameters of one cell; any more are ignored. */
#define PARAMETERS_MOST 24u

typedef enum rule {
	RULE_ANY,
	RULE_NUMBER,
	RULE_WHOLE,   /* digits */
	RULE_NATURAL, /* digits */
	RULE_TRUE_FALSE,
	RULE_TRUE,
	RULE_WORDS, /* one of `words` */
	RULE_NAME,
	RULE_SEED, /* number or ${name} */
	RULE_LIST,
	RULE_PACKAGE /* of Android: two words or more with dots */
} rule;

static const struct parameter_spec {
	const char *type, *key;
	rule rule;
	const char *words; /* separated by one blank */
} specs[] = {
	{ "text", "rows", RULE_WHOLE, NULL },
	{ "range", "start", RULE_NUMBER, NULL },
	{ "range", "end", RULE_NUMBER, NULL },
	{ "range", "step", RULE_NUMBER, NULL },
	{ "range", "tick_interval", RULE_NUMBER, NULL },
	{ "range", "placeholder", RULE_NUMBER, NULL },
	{ "range", "tick_labelset", RULE_LIST, NULL },
	{ "select_one", "randomize", RULE_TRUE_FALSE, NULL },
	{ "select_one", "seed", RULE_SEED, NULL },
	{ "select_multiple", "randomize", RULE_TRUE_FALSE, NULL },
	{ "select_multiple", "seed", RULE_SEED, NULL },
	{ "rank", "randomize", RULE_TRUE_FALSE, NULL },
	{ "rank", "seed", RULE_SEED, NULL },
	{ "select_one_from_file", "value", RULE_NAME, NULL },
	{ "select_one_from_file", "label", RULE_NAME, NULL },
	{ "select_one_from_file", "randomize", RULE_TRUE_FALSE, NULL },
	{ "select_one_from_file", "seed", RULE_SEED, NULL },
	{ "select_multiple_from_file", "value", RULE_NAME, NULL },
	{ "select_multiple_from_file", "label", RULE_NAME, NULL },
	{ "select_multiple_from_file", "randomize", RULE_TRUE_FALSE, NULL },
	{ "select_multiple_from_file", "seed", RULE_SEED, NULL },
	{ "select_one_external", "randomize", RULE_TRUE_FALSE, NULL },
	{ "select_one_external", "seed", RULE_SEED, NULL },
	{ "image", "max-pixels", RULE_WHOLE, NULL },
	{ "image", "app", RULE_PACKAGE, NULL },
	{ "audio", "quality", RULE_WORDS, "voice-only low normal external" },
	{ "background-audio", "quality", RULE_WORDS, "voice-only low normal" },
	{ "geopoint", "capture-accuracy", RULE_NUMBER, NULL },
	{ "geopoint", "warning-accuracy", RULE_NUMBER, NULL },
	{ "geopoint", "allow-mock-accuracy", RULE_TRUE_FALSE, NULL },
	{ "geopoint", "reference-geometry", RULE_ANY, NULL },
	{ "geotrace", "incremental", RULE_TRUE, NULL },
	{ "geotrace", "allow-mock-accuracy", RULE_TRUE_FALSE, NULL },
	{ "geotrace", "reference-geometry", RULE_ANY, NULL },
	{ "geoshape", "incremental", RULE_TRUE, NULL },
	{ "geoshape", "allow-mock-accuracy", RULE_TRUE_FALSE, NULL },
	{ "geoshape", "reference-geometry", RULE_ANY, NULL },
	{ "audit", "location-priority", RULE_WORDS, "no-power low-power balanced high-accuracy" },
	{ "audit", "location-min-interval", RULE_NATURAL, NULL },
	{ "audit", "location-max-age", RULE_NATURAL, NULL },
	{ "audit", "track-changes", RULE_TRUE_FALSE, NULL },
	{ "audit", "identify-user", RULE_TRUE_FALSE, NULL },
	{ "audit", "track-changes-reasons", RULE_WORDS, "on-form-edit" },
};
#define SPECS (sizeof specs / sizeof *specs)

struct parameter {
	cnv_str whole, key, value;
};

/* The next piece of a parameters cell: separated by `;` if it contains any, else by `,`, else by blanks. */
static bool next_piece(cnv_str text, cnv_str *rest, cnv_str *piece)
{
	char separator = cnv_str_find(text, CNV_STR(";")) != SIZE_MAX   ? ';'
			 : cnv_str_find(text, CNV_STR(",")) != SIZE_MAX ? ','
									: 0;

	if (!separator)
		return cnv_str_word(rest, piece);
	if (!cnv_str_split(rest, separator, piece))
		return false;
	*piece = cnv_str_trim(*piece);
	return true;
}

static bool read_piece(cnv_str piece, struct parameter *parameter)
{
	size_t at = cnv_str_find(piece, CNV_STR("=")), second;
	cnv_str value;

	if (at == SIZE_MAX)
		return false;
	value = cnv_str_slice(piece, at + 1, piece.len);
	second = cnv_str_find(value, CNV_STR("="));
	*parameter = (struct parameter){ piece, cnv_str_trim(cnv_str_slice(piece, 0, at)),
					 cnv_str_trim(cnv_str_slice(value, 0, second)) };
	return true;
}

cnv_str cnv_form_find_parameter(const cnv_question *question, const char *key)
{
	return cnv_form_read_parameter(question->parameters.text, key);
}

cnv_str cnv_form_read_parameter(cnv_str text, const char *key)
{
	cnv_str rest = text, piece;
	struct parameter parameter;

	while (text.len && next_piece(text, &rest, &piece))
		if (read_piece(piece, &parameter) && cnv_str_is_word(parameter.key, key))
			return parameter.value;
	return (cnv_str){ 0 };
}

static bool is_digits(cnv_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return text.len > 0;
}

static bool is_word_of(cnv_str text, const char *words)
{
	cnv_str rest = cnv_str_from(words), word;

	while (cnv_str_word(&rest, &word))
		if (word.len == text.len) {
			size_t i = 0;

			while (i < text.len && cnv_lower(text.at[i]) == word.at[i])
				i++;
			if (i == text.len)
				return true;
		}
	return false;
}

static bool is_package(cnv_str text)
{
	bool dotted = false, begins = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = cnv_lower(text.at[i]);
		bool letter = c >= 'a' && c <= 'z';

		if (c == '.' && begins)
			return false;
		if (c != '.' && !letter && (begins || (c != '_' && (c < '0' || c > '9'))))
			return false;
		dotted = dotted || c == '.';
		begins = c == '.';
	}
	return dotted && !begins;
}

/* NULL when the value is valid, else a hint. */
static const char *find_fault(const cnv_form_builder *build, const struct parameter_spec *spec, cnv_str value)
{
	cnv_reference reference;
	double number;

	switch (spec->rule) {
	case RULE_ANY:
		return NULL;
	case RULE_NUMBER:
		return cnv_number_read(value, &number) ? NULL : "write a number";
	case RULE_WHOLE:
	case RULE_NATURAL:
		return is_digits(value) ? NULL : "write a whole number";
	case RULE_TRUE_FALSE:
		return cnv_str_is_word(value, "true") || cnv_str_is_word(value, "false") ? NULL : "write true or false";
	case RULE_TRUE:
		return cnv_str_is_word(value, "true") || cnv_str_is_word(value, "true()") ||
				       cnv_str_is_word(value, "yes")
			       ? NULL
			       : "write true, or leave the parameter out";
	case RULE_WORDS:
		return is_word_of(value, spec->words) ? NULL : spec->words;
	case RULE_NAME:
		return cnv_form_is_name(value) ? NULL : "write the name of a column: letters, digits and underscores";
	case RULE_SEED:
		return cnv_number_read(value, &number) || cnv_reference_read(value, &reference)
			       ? NULL
			       : "write a number or ${name}";
	case RULE_LIST:
		return cnv_map_find(&build->list_by_name, value) != CNV_NONE
			       ? NULL
			       : "write the name of a list on the choices sheet";
	case RULE_PACKAGE:
		return is_package(value) ? NULL : "write an Android package such as org.example.camera";
	}
	return NULL;
}

static void report_value(cnv_form_builder *build, const cnv_question *question, cnv_str part, cnv_str hint,
			 const char *message)
{
	cnv_diags_emit(
		build->diags,
		CNV_DIAG(.code = CNV_PARAMETER_VALUE,
			 .place = cnv_form_part_place(question->parameters.place, question->parameters.text, part),
			 .field = question->name, .excerpt = question->parameters.text, .hint = hint),
		"%s", message);
}

/* The parameters of a type, as a hint. */
static cnv_str keys_of(cnv_form_builder *build, const char *type)
{
	cnv_text text = { 0 };
	cnv_str copy;

	for (size_t i = 0; i < SPECS; i++)
		if (!strcmp(specs[i].type, type))
			cnv_text_format(&text, "%s%s", text.len ? ", " : "", specs[i].key);
	copy = cnv_arena_format(build->arena, "%s takes %.*s", type, CNV_ARG(cnv_text_str(&text)));
	build->no_memory = build->no_memory || text.failed;
	cnv_text_fini(&text);
	return copy;
}

static bool takes_parameters(const char *type)
{
	for (size_t i = 0; i < SPECS; i++)
		if (!strcmp(specs[i].type, type))
			return true;
	return false;
}

static void check_one(cnv_form_builder *build, const cnv_question *question, const struct parameter *parameter)
{
	const char *type = question->type->name;
	cnv_str text = question->parameters.text;
	const struct parameter_spec *spec = NULL;
	const char *wanted;

	for (size_t i = 0; i < SPECS && !spec; i++)
		if (!strcmp(specs[i].type, type) && cnv_str_is_word(parameter->key, specs[i].key))
			spec = &specs[i];
	if (!spec) {
		cnv_nearest nearest;
		cnv_str hint;

		cnv_nearest_init(&nearest, parameter->key);
		for (size_t i = 0; i < SPECS; i++)
			if (!strcmp(specs[i].type, type))
				cnv_nearest_offer(&nearest, cnv_str_from(specs[i].key));
		hint = nearest.best.len ? cnv_form_did_you_mean(build, nearest.best) : keys_of(build, type);
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_PARAMETER_UNKNOWN,
					.place = cnv_form_part_place(question->parameters.place, text, parameter->key),
					.field = question->name, .excerpt = text, .hint = hint),
			       "%s has no parameter \"%.*s\"", type, CNV_ARG(parameter->key));
		return;
	}
	/* Only plain and annotated images are taken by another app; other appearances ignore the parameter. */
	if (spec->rule == RULE_PACKAGE && question->appearance.len &&
	    cnv_str_find(question->appearance, CNV_STR("annotate")) == SIZE_MAX)
		return;
	wanted = find_fault(build, spec, parameter->value);
	if (!wanted)
		return;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_PARAMETER_VALUE,
				.place = cnv_form_part_place(question->parameters.place, text, parameter->whole),
				.field = question->name, .excerpt = text,
				.hint = spec->words ? cnv_arena_format(build->arena, "write one of: %s", wanted)
						    : cnv_str_from(wanted)),
		       "\"%.*s\" is not a valid value of %s", CNV_ARG(parameter->value), spec->key);
}

static bool is_multiple(double value, double step)
{
	double times = value / step;

	/* Decimal fractions are not exact in binary; a billionth of a step is close enough. */
	return fabs(times - floor(times + 0.5)) < 1e-9;
}

static bool number_of(const cnv_question *question, const char *key, double *number)
{
	return cnv_number_read(cnv_form_find_parameter(question, key), number);
}

/* The labels of a scale are at numbers on it. */
static void check_labelset(cnv_form_builder *build, const cnv_question *question, double start, double end, double step)
{
	cnv_str name = cnv_form_find_parameter(question, "tick_labelset");
	uint32_t id = cnv_map_find(&build->list_by_name, name);
	const cnv_list *list;
	double low = fmin(start, end), high = fmax(start, end), interval = step;
	bool no_ticks;

	if (!name.len || id == CNV_NONE)
		return;
	list = &build->lists[id];
	no_ticks = cnv_str_find(question->appearance, CNV_STR("no-ticks")) != SIZE_MAX;
	number_of(question, "tick_interval", &interval);
	if (no_ticks && list->by_name.count > 2)
		report_value(build, question, name, CNV_STR("keep the labels of both ends"),
			     "a scale with no-ticks takes a list of two choices");
	for (uint32_t i = 0; i < list->count; i++) {
		double value = 0;
		const char *message = NULL;

		if (!cnv_number_read(list->choices[i].name, &value))
			message = "the choices in tick_labelset must have numbers as names";
		else if (value < low || value > high)
			message = "the choices in tick_labelset must be between start and end";
		else if (no_ticks && value != start && value != end)
			message = "with no-ticks, the choices in tick_labelset must be start and end";
		else if (!is_multiple(value - start, interval))
			message = "the choices in tick_labelset must be on the ticks";
		if (message) {
			report_value(build, question, name, (cnv_str){ 0 }, message);
			return;
		}
	}
}

/* The default, vertical or no-ticks; pyxform rejects the parameters of a scale with any other appearance. */
static bool shows_scale(cnv_str appearance)
{
	return !appearance.len || cnv_str_find(appearance, CNV_STR("vertical")) != SIZE_MAX ||
	       cnv_str_find(appearance, CNV_STR("no-ticks")) != SIZE_MAX;
}

static bool is_whole(double value)
{
	return value == floor(value);
}

/* The answer's distance from the start of the scale, as a formula. */
static cnv_str distance(cnv_form_builder *build, double start)
{
	char from[CNV_NUMBER_ROOM];

	cnv_number_write(start, from);
	return start == 0 ? CNV_STR(".") : cnv_arena_format(build->arena, "(. - %s)", from);
}

cnv_str cnv_form_range_rule(cnv_form_builder *build, const cnv_question *question, cnv_str *words)
{
	double start = 1, end = 10, step = 1;
	char low[CNV_NUMBER_ROOM], high[CNV_NUMBER_ROOM], by[CNV_NUMBER_ROOM];
	cnv_str on_step = { 0 }, from;

	number_of(question, "start", &start);
	number_of(question, "end", &end);
	number_of(question, "step", &step);
	cnv_number_write(fmin(start, end), low);
	cnv_number_write(fmax(start, end), high);
	cnv_number_write(fabs(step), by);
	from = distance(build, start);
	if (step != 0 && is_whole(start) && is_whole(step) && fabs(step) != 1)
		on_step = cnv_arena_format(build->arena, " and %.*s mod %s = 0", CNV_ARG(from), by);
	/* Decimal fractions are not exact in binary. */
	else if (step != 0 && !(is_whole(start) && is_whole(step)))
		on_step = cnv_arena_format(build->arena, " and abs(%.*s div %s - round(%.*s div %s, 0)) < 0.000001",
					   CNV_ARG(from), by, CNV_ARG(from), by);
	*words = on_step.len ? cnv_arena_format(build->arena, "A number from %s to %s, in steps of %s.", low, high, by)
			     : cnv_arena_format(build->arena, "A number from %s to %s.", low, high);
	return cnv_arena_format(build->arena, ". >= %s and . <= %s%.*s", low, high, CNV_ARG(on_step));
}

static void check_range(cnv_form_builder *build, const cnv_question *question)
{
	static const char *const shown[] = { "tick_interval", "placeholder", "tick_labelset" };
	double start = 1, end = 10, step = 1, tick, placeholder;

	number_of(question, "start", &start);
	number_of(question, "end", &end);
	number_of(question, "step", &step);
	if (step == 0 || fabs(step) > fabs(end - start)) {
		report_value(build, question, cnv_form_find_parameter(question, "step"),
			     CNV_STR("write a step other than 0 that fits the range"),
			     step == 0 ? "the step is 0" : "the step is larger than the range");
		return;
	}
	if (number_of(question, "tick_interval", &tick) &&
	    (tick == 0 || fabs(tick) > fabs(end - start) || !is_multiple(tick, step))) {
		report_value(build, question, cnv_form_find_parameter(question, "tick_interval"),
			     CNV_STR("write a multiple of the step"), "ticks cannot have this interval");
		return;
	}
	if (number_of(question, "placeholder", &placeholder) &&
	    (placeholder < fmin(start, end) || placeholder > fmax(start, end) ||
	     !is_multiple(placeholder - start, step)))
		report_value(build, question, cnv_form_find_parameter(question, "placeholder"),
			     CNV_STR("write a number between start and end that is on a step"),
			     "the placeholder is not on the scale");
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		cnv_str value = cnv_form_find_parameter(question, shown[i]);

		if (value.len && !shows_scale(question->appearance)) {
			report_value(
				build, question, value,
				CNV_STR("remove the parameter, or write vertical, no-ticks or nothing in the column"
					" appearance"),
				"this appearance shows no scale, so the parameter has no effect");
			return;
		}
	}
	check_labelset(build, question, start, end, step);
}

static void check_audit(cnv_form_builder *build, const cnv_question *question)
{
	cnv_str priority = cnv_form_find_parameter(question, "location-priority");
	cnv_str interval = cnv_form_find_parameter(question, "location-min-interval");
	cnv_str age = cnv_form_find_parameter(question, "location-max-age");
	double seconds, oldest;

	if ((priority.len || interval.len || age.len) && !(priority.len && interval.len && age.len))
		report_value(
			build, question, question->parameters.text,
			CNV_STR("set location-priority, location-min-interval and location-max-age, or none of them"),
			"the audit's location parameters only work together");
	else if (cnv_number_read(interval, &seconds) && cnv_number_read(age, &oldest) && oldest < seconds)
		report_value(build, question, age, CNV_STR("write at least location-min-interval"),
			     "location-max-age is less than location-min-interval");
}

void cnv_form_check_parameters(cnv_form_builder *build, cnv_question *question)
{
	cnv_str text = question->parameters.text, rest = text, piece;
	const char *type = question->type ? question->type->name : "";
	cnv_str seed, randomize;
	uint32_t count = 0;

	if (question->role == CNV_GROUP || question->role == CNV_REPEAT || !takes_parameters(type))
		return;
	while (text.len && next_piece(text, &rest, &piece) && count++ < PARAMETERS_MOST) {
		struct parameter parameter;

		if (read_piece(piece, &parameter)) {
			check_one(build, question, &parameter);
			continue;
		}
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_PARAMETERS_SYNTAX,
					.place = cnv_form_part_place(question->parameters.place, text, piece),
					.field = question->name, .excerpt = text),
			       "\"%.*s\" is not a parameter", CNV_ARG(piece));
		return;
	}
	seed = cnv_form_find_parameter(question, "seed");
	randomize = cnv_form_find_parameter(question, "randomize");
	if (seed.len && !cnv_str_is_word(randomize, "true"))
		report_value(build, question, seed, CNV_STR("add randomize=true"),
			     "a seed has no effect without randomize=true");
	if (!strcmp(type, "range"))
		check_range(build, question);
	if (!strcmp(type, "audit") && text.len)
		check_audit(build, question);
}
