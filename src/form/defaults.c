/* defaults.c: the column `default`: a fixed answer, or a formula run once when a response begins. */
#include "form/defaults.h"

#include "form/hints.h"
#include "form/places.h"

/* Dates and places are full of hyphens, so there `-` alone does not make a formula. */
bool cnv_default_is_dynamic(cnv_str text, cnv_kind kind)
{
	return cnv_formula_is_computed(text, kind == CNV_DATE || kind == CNV_DATETIME || kind == CNV_TIME ||
						     kind == CNV_GEOPOINT || kind == CNV_GEOTRACE ||
						     kind == CNV_GEOSHAPE);
}

/* The text can be an answer of this kind. */
static bool is_answer(cnv_kind kind, cnv_str text)
{
	int64_t whole;
	double number;
	int32_t day, milliseconds, offset;
	bool zoned;
	cnv_instant instant;

	switch (kind) {
	case CNV_INTEGER:
		return cnv_integer_read(text, &whole) && whole >= INT32_MIN && whole <= INT32_MAX;
	case CNV_DECIMAL:
		return cnv_number_read(text, &number);
	case CNV_DATE:
		return cnv_day_read(text, &day);
	case CNV_TIME:
		return cnv_time_read(text, &milliseconds, &offset, &zoned);
	case CNV_DATETIME:
		return cnv_instant_read(text, 0, &instant) || cnv_day_read(text, &day);
	case CNV_NOTHING:
	case CNV_TEXT:
	case CNV_CHOICE:
	case CNV_CHOICES:
	case CNV_RANK:
	case CNV_GEOPOINT:
	case CNV_GEOTRACE:
	case CNV_GEOSHAPE:
	case CNV_FILE:
	case CNV_ACKNOWLEDGE:
		return true;
	}
	return true;
}

static const char *kind_words(cnv_kind kind)
{
	return kind == CNV_INTEGER   ? "a whole number"
	       : kind == CNV_DECIMAL ? "a number"
	       : kind == CNV_DATE    ? "a date such as 2026-12-31"
	       : kind == CNV_TIME    ? "a time such as 09:30"
				     : "a date and time such as 2026-12-31T09:30";
}

static void report_no_choice(cnv_form_builder *build, const cnv_question *question, const cnv_list *list, cnv_str name)
{
	cnv_str bare = name.len > 2 ? cnv_str_slice(name, 1, name.len - 1) : name, hint;
	cnv_nearest nearest;

	if (cnv_form_begin_nearest(build, &nearest, name))
		for (uint32_t i = 0; i < list->count; i++)
			cnv_nearest_offer(&nearest, list->choices[i].name);
	hint = cnv_form_did_you_mean(build, nearest.best);
	if ((name.at[0] == '\'' || name.at[0] == '"') && cnv_list_find(list, bare) != CNV_NONE)
		hint = cnv_arena_format(build->arena, "write %.*s, without quotes", CNV_ARG(bare));
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_DEFAULT_CHOICE,
				.place = cnv_form_part_place(question->default_value.place,
							     question->default_value.text, name),
				.field = question->name, .excerpt = question->default_value.text, .hint = hint),
		       "the default \"%.*s\" is not in the list \"%.*s\"; it is ignored", CNV_ARG(name),
		       CNV_ARG(list->name));
}

/* Reports every name that is not in the list; true: there is one.  The name of a single choice may contain spaces. */
static bool has_stranger(cnv_form_builder *build, const cnv_question *question, const cnv_list *list)
{
	bool single = question->kind == CNV_CHOICE, found = false;
	cnv_str rest = question->default_value.text, name = rest;

	while (single || cnv_str_word(&rest, &name)) {
		if (cnv_list_find(list, name) == CNV_NONE) {
			report_no_choice(build, question, list, name);
			found = true;
		}
		if (single)
			break;
	}
	return found;
}

/* A default that cannot be an answer is reported and removed, as other programs ignore it. */
void cnv_form_check_default(cnv_form_builder *build, cnv_question *question)
{
	cnv_str text = question->default_value.text;
	const cnv_list *list = question->list == CNV_NONE ? NULL : &build->form->lists[question->list];
	bool wrong = false;

	if (!text.len || cnv_default_is_dynamic(text, question->kind))
		return;
	if (!is_answer(question->kind, text)) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_DEFAULT_KIND, .place = question->default_value.place,
					.field = question->name, .excerpt = text,
					.hint = cnv_arena_format(build->arena, "write %s", kind_words(question->kind))),
			       "the default \"%.*s\" is not %s; it is ignored", CNV_ARG(text),
			       kind_words(question->kind));
		wrong = true;
	}
	if (list && !list->open)
		wrong = has_stranger(build, question, list) || wrong;
	if (wrong)
		question->default_value = (cnv_formula){ .place = question->default_value.place };
}
