/* advice.c: what is wrong or odd in a question by itself, once the whole form stands.
 *
 * Missing labels and calculations, words where an expression belongs, defaults that are no answer,
 * rules without a message and messages without a rule.
 */
#include "form_internal.h"

#include <string.h>

static bool is_type(const cnv_question *question, const char *name)
{
	return question->type && !strcmp(question->type->name, name);
}

static const cnv_cell_text *cell_of(const struct build *build, const cnv_question *question, enum role role)
{
	const struct row_cells *cells = build->cells_of[question - build->questions];

	return cells ? cells->at[role] : NULL;
}

static bool has_media(const struct build *build, const cnv_question *question)
{
	return cell_of(build, question, ROLE_IMAGE) || cell_of(build, question, ROLE_AUDIO) ||
	       cell_of(build, question, ROLE_VIDEO);
}

static bool has_wording(const cnv_wording *wording)
{
	return wording->place.row > 0;
}

static void check_label(struct build *build, const cnv_question *question)
{
	cnv_str title = question->name;

	if (has_wording(&question->label) || has_media(build, question))
		return;
	if (question->role == CNV_REPEAT) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_REPEAT_NO_LABEL, .place = question->place, .field = question->name,
					.excerpt = title),
			       "the repeat has no label");
		return;
	}
	if (question->role == CNV_ASKED && has_wording(&question->hint) && build->survey_heads.has[ROLE_LABEL])
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_LABEL_ONLY_HINT, .place = question->place, .field = question->name,
					.excerpt = title),
			       "the question has a hint and no label; reports will show its name");
	/* One that only a trigger fills is not shown. */
	if ((question->role != CNV_ASKED && question->role != CNV_SHOWN) || has_wording(&question->hint) ||
	    question->trigger.text.len)
		return;
	/* Where nothing has words there is one mistake: the column. */
	if (!build->survey_heads.has[ROLE_LABEL] && !build->survey_heads.has[ROLE_HINT]) {
		if (!build->label_told)
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_HEADER_MISSING,
						.place = row_place(build, build->survey, build->survey->header.row),
						.hint = CNV_STR("write in a column label what people are asked")),
				       "sheet \"survey\" has no column \"label\"");
		build->label_told = true;
		return;
	}
	/* Without a name the excerpt would be empty: the type tells more. */
	if (!title.len && cell_of(build, question, ROLE_TYPE))
		title = cell_of(build, question, ROLE_TYPE)->text;
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_LABEL_MISSING, .place = question->place, .field = question->name,
				.excerpt = title),
		       "the question has no label or hint");
}

/* A word or a number where yes, no or an expression belongs.  It is dropped, for as a formula it would mean nothing. */
static void check_yes_no(struct build *build, const cnv_question *question, cnv_formula *formula, const char *what)
{
	cnv_str text = formula->text;
	double number;

	if (!text.len || (!is_name(text) && !cnv_number_read(text, &number)))
		return;
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_YES_NO, .place = formula->place, .field = question->name, .excerpt = text),
		       "\"%.*s\" in the column %s is neither yes or no nor an expression", CNV_ARG(text), what);
	*formula = (cnv_formula){ .place = formula->place };
}

static void check_messages(struct build *build, cnv_question *question)
{
	static const char no_use[] = "people never see the %s: there is no %s";
	const struct row_cells *cells = build->cells_of[question - build->questions];
	const cnv_cell_text *constraint = cells->at[ROLE_CONSTRAINT];
	const cnv_cell_text *rule_message = cells->at[ROLE_CONSTRAINT_MESSAGE];
	const cnv_cell_text *must_message = cells->at[ROLE_REQUIRED_MESSAGE];

	if (question->kind == CNV_NOTHING && constraint && question->role != CNV_METADATA) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_CONSTRAINT_UNUSED, .place = question->constraint.place,
					.field = question->name, .excerpt = constraint->text),
			       question->role == CNV_SHOWN ? "a note has no answer that a constraint could judge"
							   : "a group has no answer that a constraint could judge");
		question->constraint = (cnv_formula){ .place = question->constraint.place };
	} else if (constraint && !rule_message && question->role == CNV_ASKED) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_CONSTRAINT_SILENT, .place = question->constraint.place,
					.field = question->name, .excerpt = constraint->text),
			       "the constraint has no message");
	}
	if (rule_message && !constraint && !question->constraint.text.len)
		cnv_diags_emit(
			&build->diags,
			CNV_DIAG(.code = CNV_MESSAGE_ALONE, .place = question->constraint_message.place,
				 .field = question->name, .excerpt = rule_message->text,
				 .hint = CNV_STR("write the rule in the column constraint, or remove the message")),
			no_use, "message", "constraint");
	if (must_message && !cells->at[ROLE_REQUIRED])
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_MESSAGE_ALONE, .place = question->required_message.place,
					.field = question->name, .excerpt = must_message->text,
					.hint = CNV_STR("write yes in the column required, or remove the message")),
			       no_use, "message", "yes in required");
	if (question->role == CNV_SHOWN && cells->at[ROLE_REQUIRED] &&
	    !cnv_str_equal(question->required.text, CNV_STR("false()")))
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_NOTE_REQUIRED, .place = question->required.place,
					.field = question->name, .excerpt = cells->at[ROLE_REQUIRED]->text),
			       "a note cannot be answered, so it must not be required");
}

static void check_calculation(struct build *build, const cnv_question *question)
{
	const cnv_cell_text *type = cell_of(build, question, ROLE_TYPE);
	cnv_place place = question->place;

	if (is_type(question, "calculate") && !question->calculation.text.len &&
	    !(question->standard.text.len && cnv_default_is_dynamic(question->standard.text, question->kind)))
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_CALCULATION_MISSING, .place = place, .field = question->name,
					.excerpt = question->name.len ? question->name : type->text),
			       "there is nothing to calculate");
	if (!is_type(question, "background-geopoint"))
		return;
	if (!question->trigger.text.len)
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_BACKGROUND_GEOPOINT, .place = place, .field = question->name,
					.excerpt = question->name,
					.hint = CNV_STR("name a question in the column trigger: ${name}")),
			       "a background-geopoint needs a trigger, the question that sets it off");
	if (question->calculation.text.len)
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_BACKGROUND_GEOPOINT, .place = question->calculation.place,
					.field = question->name, .excerpt = question->calculation.text,
					.hint = CNV_STR("empty the column calculation")),
			       "a background-geopoint cannot have a calculation");
}

static bool is_name_like(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       c == '.' || (unsigned char)c >= 0x80;
}

/* As other XLSForm tools decide: something is computed when it calls a function, refers to a question, or
 * holds an operator.  Days and places are full of hyphens, so there `-` alone says nothing. */
bool cnv_default_is_dynamic(cnv_str text, cnv_kind kind)
{
	bool hyphens = kind == CNV_DATE || kind == CNV_DATETIME || kind == CNV_TIME || kind == CNV_GEOPOINT ||
		       kind == CNV_GEOTRACE || kind == CNV_GEOSHAPE;
	char quote = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool after_name = i > 0 && is_name_like(text.at[i - 1]);

		if (quote) {
			quote = c == quote ? 0 : quote;
			continue;
		}
		if ((c == '\'' || c == '"') &&
		    cnv_str_find(cnv_str_slice(text, i + 1, text.len), (cnv_str){ &c, 1 }) != SIZE_MAX)
			quote = c;
		else if (c == '$' && i + 1 < text.len && text.at[i + 1] == '{')
			return true;
		else if (c == '(' && after_name)
			return true;
		else if (c == '*' || c == '+' || c == '|')
			return true;
		/* A hyphen inside a name or before a number is part of it. */
		else if (c == '-' && !hyphens && !after_name && i > 0 && text.at[i - 1] == ' ' && i + 1 < text.len &&
			 text.at[i + 1] == ' ')
			return true;
		else if (c == ' ' && (cnv_str_starts(cnv_str_slice(text, i, text.len), CNV_STR(" div ")) ||
				      cnv_str_starts(cnv_str_slice(text, i, text.len), CNV_STR(" mod "))))
			return true;
	}
	return false;
}

/* Can this text be an answer of this kind? */
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
	       : kind == CNV_DATE    ? "a day such as 2026-12-31"
	       : kind == CNV_TIME    ? "a time such as 09:30"
				     : "a day and time such as 2026-12-31T09:30";
}

static void say_no_choice(struct build *build, const cnv_question *question, const cnv_list *list, cnv_str name)
{
	cnv_str bare = name.len > 2 ? cnv_str_slice(name, 1, name.len - 1) : name, hint;
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, name);
	for (uint32_t i = 0; i < list->count && build->nearest_left; i++)
		cnv_nearest_offer(&nearest, list->choices[i].name);
	build->nearest_left -= build->nearest_left > 0;
	hint = did_you_mean(build, nearest.best);
	if ((name.at[0] == '\'' || name.at[0] == '"') && cnv_list_find(list, bare) != CNV_NONE)
		hint = cnv_arena_format(build->arena, "write %.*s, without quotes", CNV_ARG(bare));
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_DEFAULT_CHOICE,
				.place = part_place(question->standard.place, question->standard.text, name),
				.field = question->name, .excerpt = question->standard.text, .hint = hint),
		       "the default \"%.*s\" is not in the list \"%.*s\"", CNV_ARG(name), CNV_ARG(list->name));
}

static void check_default(struct build *build, const cnv_question *question)
{
	cnv_str text = question->standard.text, rest = text, name;
	const cnv_list *list = question->list == CNV_NONE ? NULL : &build->form->lists[question->list];

	if (!text.len || cnv_default_is_dynamic(text, question->kind))
		return;
	if (!is_answer(question->kind, text))
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_DEFAULT_KIND, .place = question->standard.place,
					.field = question->name, .excerpt = text,
					.hint = cnv_arena_format(build->arena, "write %s", kind_words(question->kind))),
			       "the default \"%.*s\" is not %s", CNV_ARG(text), kind_words(question->kind));
	if (!list || list->open)
		return;
	if (question->kind == CNV_CHOICE) {
		if (cnv_list_find(list, text) == CNV_NONE)
			say_no_choice(build, question, list, text);
		return;
	}
	while (cnv_str_word(&rest, &name))
		if (cnv_list_find(list, name) == CNV_NONE)
			say_no_choice(build, question, list, name);
}

static void check_other(struct build *build, const cnv_question *question, bool *told)
{
	const cnv_cell_text *type = cell_of(build, question, ROLE_TYPE);
	cnv_place place = cell_place(build, build->survey, type);
	size_t blank = type->text.len;

	while (blank > 0 && type->text.at[blank - 1] != ' ')
		blank--;
	place = part_place(place, type->text, cnv_str_slice(type->text, blank, type->text.len));
	if (question->choice_filter.text.len)
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_OR_OTHER_FILTER, .place = place, .field = question->name,
					.excerpt = type->text),
			       "or_other does not work together with a choice_filter");
	else if (build->language_count > 1 && !*told) {
		*told = true;
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_OR_OTHER_TRANSLATED, .place = place, .field = question->name,
					.excerpt = type->text),
			       "or_other adds English texts, whatever the language");
	}
}

/* In a group shown as a table all selects share one list. */
static void check_table_list(struct build *build, const cnv_question *group)
{
	cnv_question_id id = (cnv_question_id)(group - build->questions) + 1;
	uint32_t list = CNV_NONE;

	for (; id < group->after; id++) {
		const cnv_question *question = &build->questions[id];

		if (question->list == CNV_NONE)
			continue;
		if (list != CNV_NONE && question->list != list)
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_TABLE_LIST, .place = question->place,
						.field = question->name, .excerpt = question->name,
						.hint = CNV_STR("use one list for all, or take table-list from the "
								"appearance of the group")),
				       "selects in a table-list use different lists");
		else if (question->choice_filter.text.len)
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_TABLE_LIST, .place = question->choice_filter.place,
						.field = question->name, .excerpt = question->choice_filter.text,
						.hint = CNV_STR("take table-list from the appearance of the group")),
				       "a choice_filter does not work in a table-list");
		list = question->list;
	}
}

static void check_type(struct build *build, const cnv_question *question)
{
	const cnv_cell_text *type = cell_of(build, question, ROLE_TYPE);

	if (is_type(question, "simserial") || is_type(question, "subscriberid"))
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_TYPE_OLD, .place = cell_place(build, build->survey, type),
					.field = question->name, .excerpt = type->text),
			       "devices of today no longer give %s", question->type->name);
	if (is_type(question, "image") && !parameter_find(question, "max-pixels").len)
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_MAX_PIXELS, .place = cell_place(build, build->survey, type),
					.field = question->name, .excerpt = type->text),
			       "pictures are taken at their full size");
	if (is_type(question, "select_one_external") && !question->choice_filter.text.len)
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_EXTERNAL_FILTER, .place = cell_place(build, build->survey, type),
					.field = question->name, .excerpt = type->text),
			       "select_one_external is meant to be used with a choice_filter");
	if (question->type && question->type->list == CNV_LIST_FILE &&
	    cnv_str_find(question->appearance, CNV_STR("search(")) != SIZE_MAX)
		cnv_diags_emit(
			&build->diags,
			CNV_DIAG(.code = CNV_LIST_SEARCHED,
				 .place = cell_place(build, build->survey, cell_of(build, question, ROLE_APPEARANCE)),
				 .field = question->name, .excerpt = question->appearance,
				 .hint = CNV_STR("remove search(), or use select_one with a list")),
			"search() does not work with choices from a file");
	if (cell_of(build, question, ROLE_BIG_IMAGE) && !cell_of(build, question, ROLE_IMAGE))
		cnv_diags_emit(
			&build->diags,
			CNV_DIAG(.code = CNV_BIG_IMAGE,
				 .place = cell_place(build, build->survey, cell_of(build, question, ROLE_BIG_IMAGE)),
				 .field = question->name, .excerpt = cell_of(build, question, ROLE_BIG_IMAGE)->text),
			"a big-image needs an image");
}

void questions_check(struct build *build)
{
	bool other_told = false;

	for (cnv_question_id id = 0; id < build->count; id++) {
		cnv_question *question = &build->questions[id];
		bool unsure = !build->type_of[id] || build->type_of[id]->unsure;

		if (!build->cells_of[id])
			continue;
		if (!unsure || question->role == CNV_ASKED)
			check_label(build, question);
		check_yes_no(build, question, &question->required, "required");
		check_yes_no(build, question, &question->read_only, "read_only");
		if (unsure)
			continue;
		check_messages(build, question);
		check_calculation(build, question);
		parameters_check(build, question);
		check_default(build, question);
		check_type(build, question);
		if (question->or_other)
			check_other(build, question, &other_told);
		if (question->role == CNV_GROUP &&
		    cnv_str_find(question->appearance, CNV_STR("table-list")) != SIZE_MAX)
			check_table_list(build, question);
	}
}
