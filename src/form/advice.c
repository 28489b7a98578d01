/* advice.c: what is wrong or odd in one question, checked once the whole form is known.
 *
 * Missing labels and calculations, words where an expression belongs, constraints without a message and messages
 * without a constraint.
 */
#include "form/defaults.h"
#include "form/formulas.h"
#include "form/parameters.h"
#include "form/places.h"
#include "form/steps.h"

#include <string.h>

static bool is_type(const cnv_question *question, const char *name)
{
	return question->type && !strcmp(question->type->name, name);
}

static bool has_media(const cnv_form_builder *build, const cnv_question *question)
{
	return cnv_form_cell_of(build, question, ROLE_IMAGE) || cnv_form_cell_of(build, question, ROLE_AUDIO) ||
	       cnv_form_cell_of(build, question, ROLE_VIDEO);
}

static bool has_wording(const cnv_wording *wording)
{
	return wording->place.row > 0;
}

/* A select whose appearance is `label` shows the labels of its choices above the other selects of a table. */
static bool is_heading_row(const cnv_question *question)
{
	cnv_str words = question->appearance, word;

	while ((question->kind == CNV_CHOICE || question->kind == CNV_CHOICES) && cnv_str_word(&words, &word))
		if (cnv_str_equal(word, CNV_STR("label")))
			return true;
	return false;
}

static void check_label(cnv_form_builder *build, const cnv_question *question)
{
	cnv_str title = question->name;

	if (has_wording(&question->label) || has_media(build, question))
		return;
	if (question->role == CNV_REPEAT) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_REPEAT_NO_LABEL, .place = question->place, .field = question->name,
					.excerpt = title),
			       "the repeat has no label");
		return;
	}
	if (question->role == CNV_ASKED && has_wording(&question->hint) && build->survey_heads.has[ROLE_LABEL])
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_LABEL_ONLY_HINT, .place = question->place, .field = question->name,
					.excerpt = title),
			       "the question has a hint but no label; reports will show its name");
	/* A question that only a trigger fills is not shown. */
	if ((question->role != CNV_ASKED && question->role != CNV_SHOWN) || has_wording(&question->hint) ||
	    question->trigger.text.len || is_heading_row(question))
		return;
	/* Without a column for texts, only the missing column is reported. */
	if (!build->survey_heads.has[ROLE_LABEL] && !build->survey_heads.has[ROLE_HINT]) {
		if (!build->label_reported)
			cnv_diags_emit(
				build->diags,
				CNV_DIAG(.code = CNV_HEADER_MISSING,
					 .place = cnv_form_row_place(build, build->survey, build->survey->header.row),
					 .hint = CNV_STR("add a column label with the texts of the questions")),
				"sheet \"survey\" has no column \"label\"");
		build->label_reported = true;
		return;
	}
	/* Without a name the excerpt would be empty; show the type. */
	if (!title.len && cnv_form_cell_of(build, question, ROLE_TYPE))
		title = cnv_form_cell_of(build, question, ROLE_TYPE)->text;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_LABEL_MISSING, .place = question->place, .field = question->name,
				.excerpt = title),
		       "the question has no label or hint");
}

/* A single word or number where yes, no or an expression is expected.  Other programs evaluate it: a number is true
 * unless it is 0, and a word is a path that finds nothing. */
static void check_yes_no(cnv_form_builder *build, const cnv_question *question, cnv_formula *formula, const char *what)
{
	uint32_t root = cnv_formula_root(formula->tree);
	cnv_str text = formula->text;
	double number = 0;
	bool yes;

	if (!cnv_formula_is(formula->tree, root, CNV_F_NAME) && !cnv_formula_is_number(formula->tree, root, &number))
		return;
	yes = number != 0;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_YES_NO, .place = formula->place, .field = question->name, .excerpt = text),
		       "\"%.*s\" in the column %s is not yes, no or an expression; it is read as %s", CNV_ARG(text),
		       what, yes ? "yes" : "no");
	*formula = cnv_form_make_formula(build, yes ? CNV_STR("true()") : (cnv_str){ 0 }, formula->place);
}

static void check_messages(cnv_form_builder *build, cnv_question *question)
{
	const cnv_form_cells *cells = build->cells_of[question - build->questions];
	const cnv_cell_text *constraint = cells->at[ROLE_CONSTRAINT];
	const cnv_cell_text *rule_message = cells->at[ROLE_CONSTRAINT_MESSAGE];
	const cnv_cell_text *must_message = cells->at[ROLE_REQUIRED_MESSAGE];

	if (question->kind == CNV_NOTHING && constraint && question->role != CNV_METADATA) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CONSTRAINT_UNUSED, .place = question->constraint.place,
					.field = question->name, .excerpt = constraint->text),
			       question->role == CNV_SHOWN
				       ? "a constraint has no effect on a note, which has no answer"
				       : "a constraint has no effect on a group, which has no answer");
		question->constraint = (cnv_formula){ .place = question->constraint.place };
	} else if (constraint && !rule_message && question->role == CNV_ASKED) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CONSTRAINT_SILENT, .place = question->constraint.place,
					.field = question->name, .excerpt = constraint->text),
			       "the constraint has no message");
	}
	if (rule_message && !constraint && !question->constraint.text.len)
		cnv_diags_emit(
			build->diags,
			CNV_DIAG(.code = CNV_MESSAGE_ALONE, .place = question->constraint_message.place,
				 .field = question->name, .excerpt = rule_message->text,
				 .hint = CNV_STR("write the rule in the column constraint, or remove the message")),
			"the message is never shown: there is no constraint");
	if (question->kind == CNV_NOTHING && question->warning.text.len) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CONSTRAINT_UNUSED, .place = question->warning.place,
					.field = question->name, .excerpt = question->warning.text),
			       "a warning has no effect on a row without an answer");
		question->warning = (cnv_formula){ .place = question->warning.place };
	} else if (cells->at[ROLE_WARNING] && !cells->at[ROLE_WARNING_MESSAGE]) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CONSTRAINT_SILENT, .place = question->warning.place,
					.field = question->name, .excerpt = question->warning.text,
					.hint = CNV_STR("say in the column warning_message what to check")),
			       "the warning has no message");
	} else if (cells->at[ROLE_WARNING_MESSAGE] && !cells->at[ROLE_WARNING]) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_MESSAGE_ALONE, .place = question->warning_message.place,
					.field = question->name, .excerpt = cells->at[ROLE_WARNING_MESSAGE]->text,
					.hint = CNV_STR("write the rule in the column warning, or remove the message")),
			       "the message is never shown: there is no rule in the column warning");
	}
	if (must_message && !cells->at[ROLE_REQUIRED])
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_MESSAGE_ALONE, .place = question->required_message.place,
					.field = question->name, .excerpt = must_message->text,
					.hint = CNV_STR("write yes in the column required, or remove the message")),
			       "the message is never shown: the question is not required");
	if (question->role == CNV_SHOWN && cells->at[ROLE_REQUIRED] &&
	    !cnv_str_equal(question->required.text, CNV_STR("false()")))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NOTE_REQUIRED, .place = question->required.place,
					.field = question->name, .excerpt = cells->at[ROLE_REQUIRED]->text),
			       "a note cannot be answered, so it must not be required");
}

static void check_calculation(cnv_form_builder *build, const cnv_question *question)
{
	const cnv_cell_text *type = cnv_form_cell_of(build, question, ROLE_TYPE);
	cnv_place place = question->place;

	if (is_type(question, "calculate") && !question->calculation.text.len &&
	    !(question->default_value.text.len && cnv_default_is_dynamic(question->default_value.text, question->kind)))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CALCULATION_MISSING, .place = place, .field = question->name,
					.excerpt = question->name.len ? question->name : type->text),
			       "the calculation is missing");
	if (!is_type(question, "background-geopoint"))
		return;
	if (!question->trigger.text.len)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_BACKGROUND_GEOPOINT, .place = place, .field = question->name,
					.excerpt = question->name,
					.hint = CNV_STR("name a question in the column trigger: ${name}")),
			       "a background-geopoint needs a trigger");
	if (question->calculation.text.len)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_BACKGROUND_GEOPOINT, .place = question->calculation.place,
					.field = question->name, .excerpt = question->calculation.text,
					.hint = CNV_STR("clear the column calculation")),
			       "a background-geopoint cannot have a calculation");
}

static void check_other(cnv_form_builder *build, const cnv_question *question, bool *reported)
{
	const cnv_cell_text *type = cnv_form_cell_of(build, question, ROLE_TYPE);
	cnv_place place = cnv_form_cell_place(build, build->survey, type);
	size_t blank = type->text.len;

	while (blank > 0 && type->text.at[blank - 1] != ' ')
		blank--;
	place = cnv_form_part_place(place, type->text, cnv_str_slice(type->text, blank, type->text.len));
	if (question->choice_filter.text.len)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_OR_OTHER_FILTER, .place = place, .field = question->name,
					.excerpt = type->text),
			       "or_other does not work with a choice_filter");
	else if (build->language_count > 1 && !*reported) {
		*reported = true;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_OR_OTHER_TRANSLATED, .place = place, .field = question->name,
					.excerpt = type->text),
			       "or_other adds its texts in English only");
	}
}

/* In a group shown as a table, all selects must share one list. */
static void check_table_list(cnv_form_builder *build, const cnv_question *group)
{
	cnv_question_id id = (cnv_question_id)(group - build->questions) + 1;
	uint32_t list = CNV_NONE;

	for (; id < group->after; id++) {
		const cnv_question *question = &build->questions[id];

		if (question->list == CNV_NONE)
			continue;
		if (list != CNV_NONE && question->list != list)
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_TABLE_LIST, .place = question->place,
						.field = question->name, .excerpt = question->name,
						.hint = CNV_STR("use one list for all of them, or remove table-list"
								" from the appearance of the group")),
				       "the selects of a table-list use different lists");
		else if (question->choice_filter.text.len)
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_TABLE_LIST, .place = question->choice_filter.place,
						.field = question->name, .excerpt = question->choice_filter.text,
						.hint = CNV_STR("remove table-list from the appearance of the group")),
				       "a choice_filter does not work in a table-list");
		list = question->list;
	}
}

static void check_type(cnv_form_builder *build, const cnv_question *question)
{
	const cnv_cell_text *type = cnv_form_cell_of(build, question, ROLE_TYPE);

	if (is_type(question, "simserial") || is_type(question, "subscriberid"))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_TYPE_OLD, .place = cnv_form_cell_place(build, build->survey, type),
					.field = question->name, .excerpt = type->text),
			       "current devices no longer provide %s", question->type->name);
	if (is_type(question, "image") && !cnv_form_find_parameter(question, "max-pixels").len)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_MAX_PIXELS,
					.place = cnv_form_cell_place(build, build->survey, type),
					.field = question->name, .excerpt = type->text),
			       "pictures are stored at full size");
	if (is_type(question, "select_one_external") && !question->choice_filter.text.len)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_EXTERNAL_FILTER,
					.place = cnv_form_cell_place(build, build->survey, type),
					.field = question->name, .excerpt = type->text),
			       "select_one_external is meant to be used with a choice_filter");
	if (question->type && question->type->list == CNV_LIST_FILE &&
	    cnv_str_find(question->appearance, CNV_STR("search(")) != SIZE_MAX)
		cnv_diags_emit(
			build->diags,
			CNV_DIAG(.code = CNV_LIST_SEARCHED,
				 .place = cnv_form_cell_place(build, build->survey,
							      cnv_form_cell_of(build, question, ROLE_APPEARANCE)),
				 .field = question->name, .excerpt = question->appearance,
				 .hint = CNV_STR("remove search(), or use select_one with a list")),
			"search() does not work with choices from a file");
	if (cnv_form_cell_of(build, question, ROLE_BIG_IMAGE) && !cnv_form_cell_of(build, question, ROLE_IMAGE))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_BIG_IMAGE,
					.place = cnv_form_cell_place(build, build->survey,
								     cnv_form_cell_of(build, question, ROLE_BIG_IMAGE)),
					.field = question->name,
					.excerpt = cnv_form_cell_of(build, question, ROLE_BIG_IMAGE)->text),
			       "a big-image needs an image");
}

void cnv_form_check_questions(cnv_form_builder *build)
{
	bool other_reported = false;

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
		cnv_form_check_parameters(build, question);
		cnv_form_check_default(build, question);
		check_type(build, question);
		if (question->or_other)
			check_other(build, question, &other_reported);
		if (question->role == CNV_GROUP &&
		    cnv_str_find(question->appearance, CNV_STR("table-list")) != SIZE_MAX)
			check_table_list(build, question);
	}
}
