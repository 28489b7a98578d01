/* numbering.c: numbers and codes that occur in several places of a form and should agree.
 *
 * The number of a question is in the column qno and often also in its label or the label of its section; the code of a
 * choice often also in the label of the choice.  If the two differ, somebody will answer the wrong one.  The column
 * audience keeps answers out of reports, so a misspelling of its words is also reported.
 */
#include "form/places.h"
#include "form/steps.h"

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* The number that a label begins with, such as C5 in "C5. Each type" or 2 in "2) No"; a single letter only if
 * `letters`.  Empty when there is none: "C185 status" and "24-hour telephone" have no number. */
static cnv_str label_number(cnv_str label, bool letters)
{
	size_t at = 0, digits = 0;

	if (label.len && is_capital(label.at[0]))
		at++;
	while (at < label.len && (cnv_is_digit(label.at[at]) ||
				  (label.at[at] == '.' && at + 1 < label.len && cnv_is_digit(label.at[at + 1])))) {
		digits += cnv_is_digit(label.at[at]);
		at++;
	}
	if (!at || (!digits && !letters) || digits > 6 || at + 1 >= label.len || label.at[at + 1] != ' ' ||
	    (label.at[at] != '.' && label.at[at] != ')' && label.at[at] != ':'))
		return (cnv_str){ 0 };
	return cnv_str_slice(label, 0, at);
}

/* C5.1 is inside C5, and B3 is inside B; C51 is not inside C5. */
static bool is_inside(cnv_str number, cnv_str outer)
{
	cnv_str rest = cnv_str_slice(number, outer.len, number.len);

	return cnv_str_starts(number, outer) &&
	       (!rest.len || !cnv_is_digit(rest.at[0]) || !cnv_is_digit(outer.at[outer.len - 1]));
}

/* ---------------------------------------------------------------- numbers of questions */

static void check_twice(cnv_form_builder *build, const cnv_question *question, cnv_map *numbers)
{
	cnv_question_id id = (cnv_question_id)(question - build->questions), first;

	first = cnv_map_find(numbers, question->qno);
	if (first == CNV_NONE) {
		cnv_map_put(numbers, question->qno, id);
		return;
	}
	/* A loop asks the same question of each choice. */
	if (build->questions[first].place.row == question->place.row)
		return;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_NUMBER_TWICE,
				.place = cnv_form_cell_place(build, build->survey,
							     cnv_form_cell_of(build, question, ROLE_QNO)),
				.field = question->name, .excerpt = question->qno),
		       "\"%.*s\" already has the number \"%.*s\"", CNV_ARG(build->questions[first].name),
		       CNV_ARG(question->qno));
}

static void check_label(cnv_form_builder *build, const cnv_question *question)
{
	const cnv_cell_text *label = cnv_form_cell_of(build, question, ROLE_LABEL);
	cnv_str number;

	if (!label || !(number = label_number(label->text, false)).len || cnv_str_equal(number, question->qno))
		return;
	cnv_diags_emit(
		build->diags,
		CNV_DIAG(.code = CNV_NUMBER_DIFFERS,
			 .place = cnv_form_part_place(cnv_form_cell_place(build, build->survey, label), label->text,
						      number),
			 .field = question->name, .excerpt = label->text,
			 .hint = cnv_arena_format(build->arena, "remove the number from the label, or write \"%.*s\"",
						  CNV_ARG(question->qno))),
		"the label says \"%.*s\", the column qno \"%.*s\"", CNV_ARG(number), CNV_ARG(question->qno));
}

/* The questions of section B are B1, B2, ...: reports a single one that is not, or a section where none is. */
static void check_section(cnv_form_builder *build, const cnv_question *group)
{
	const cnv_cell_text *label = cnv_form_cell_of(build, group, ROLE_LABEL);
	cnv_question_id id = (cnv_question_id)(group - build->questions) + 1;
	const cnv_question *stray = NULL;
	uint32_t inside = 0, outside = 0;
	cnv_str number;

	if (!label || !(number = label_number(label->text, true)).len)
		return;
	for (; id < group->after; id++) {
		const cnv_question *question = &build->questions[id];

		if (!question->qno.len || !cnv_form_cell_of(build, question, ROLE_QNO))
			continue;
		if (is_inside(question->qno, number)) {
			inside++;
			continue;
		}
		outside++;
		stray = stray ? stray : question;
	}
	if (outside && !inside)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NUMBER_DIFFERS,
					.place = cnv_form_part_place(cnv_form_cell_place(build, build->survey, label),
								     label->text, number),
					.field = group->name, .excerpt = label->text,
					.hint = CNV_STR("number the section like its questions")),
			       "the label says \"%.*s\", but its first question has the number \"%.*s\"",
			       CNV_ARG(number), CNV_ARG(stray->qno));
	else if (outside == 1 && inside > 1)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NUMBER_DIFFERS,
					.place = cnv_form_cell_place(build, build->survey,
								     cnv_form_cell_of(build, stray, ROLE_QNO)),
					.field = stray->name, .excerpt = stray->qno,
					.hint = CNV_STR("number it like the others in its section")),
			       "the number \"%.*s\" is in the section \"%.*s\"", CNV_ARG(stray->qno), CNV_ARG(number));
}

/* ---------------------------------------------------------------- audience */

static void check_audience(cnv_form_builder *build, const cnv_question *question)
{
	cnv_str rest = question->audience, word;

	while (cnv_str_word(&rest, &word)) {
		const cnv_cell_text *cell = cnv_form_cell_of(build, question, ROLE_AUDIENCE);
		cnv_nearest nearest;

		if (!cell || cnv_privacy_read(word))
			continue;
		cnv_nearest_init(&nearest, word);
		for (cnv_privacy p = CNV_PRIVACY_CONTACT; p < CNV_PRIVACIES; p++)
			cnv_nearest_offer(&nearest, cnv_privacy_word(p));
		if (nearest.best.len)
			cnv_diags_emit(
				build->diags,
				CNV_DIAG(.code = CNV_AUDIENCE_NEAR,
					 .place = cnv_form_part_place(cnv_form_cell_place(build, build->survey, cell),
								      cell->text, word),
					 .field = question->name, .excerpt = cell->text),
				"\"%.*s\" is not \"%.*s\"; the answer would be shown in reports", CNV_ARG(word),
				CNV_ARG(nearest.best));
	}
}

/* ---------------------------------------------------------------- headlines */

static void check_headline(cnv_form_builder *build, const cnv_question *question)
{
	const cnv_cell_text *cell = cnv_form_cell_of(build, question, ROLE_HEADLINE);

	if (!cell || (question->headline && question->column != CNV_NONE))
		return;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_HEADLINE_UNUSABLE, .place = cnv_form_cell_place(build, build->survey, cell),
				.field = question->name, .excerpt = cell->text),
		       question->headline
			       ? "this row has no answer: it cannot be a headline"
			       : "\"%.*s\" is not a whole number from 1 to 999: the summary does not show it",
		       CNV_ARG(cell->text));
}

/* ---------------------------------------------------------------- codes of choices */

static bool is_number(cnv_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!cnv_is_digit(text.at[i]))
			return false;
	return text.len > 0;
}

/* The code that a label begins with: "1.  Yes", "1) Yes", "1 = Yes", "1 - Yes", "1 Yes". */
static cnv_str label_code(cnv_str label)
{
	size_t at = 0;
	cnv_str rest;
	bool marked;

	while (at < label.len && cnv_is_digit(label.at[at]))
		at++;
	if (!at || at > 4)
		return (cnv_str){ 0 };
	rest = cnv_str_trim(cnv_str_slice(label, at, label.len));
	if (rest.len < 2)
		return (cnv_str){ 0 };
	marked = rest.at[0] == '.' || rest.at[0] == ')' || rest.at[0] == ':' || rest.at[0] == '=' ||
		 (rest.at[0] == '-' && label.at[at] == ' ');
	if (marked ? rest.at[1] != ' ' : label.at[at] != ' ' || !is_capital(rest.at[0]))
		return (cnv_str){ 0 };
	return cnv_str_slice(label, 0, at);
}

/* A label that begins with the code of another choice of the list. */
static void check_codes(cnv_form_builder *build, const cnv_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const cnv_choice *choice = &list->choices[i];
		cnv_str label = choice->label.at[build->form->default_language], code = label_code(label);

		if (!is_number(choice->name) || !code.len || cnv_str_equal(code, choice->name) ||
		    cnv_list_find(list, code) == CNV_NONE)
			continue;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CODE_DIFFERS, .place = choice->label.place, .field = list->name,
					.excerpt = label),
			       "the label says \"%.*s\", but the choice is stored as \"%.*s\"", CNV_ARG(code),
			       CNV_ARG(choice->name));
	}
}

/* ---------------------------------------------------------------- sections without a title */

/* A loop, or a group that it makes, whose title is its choice. */
static bool is_of_loop(const cnv_form_builder *build, cnv_question_id id)
{
	const cnv_form_row_type *typed = build->type_of[id];

	return !typed || typed->kind == LINE_BEGIN_LOOP;
}

/* Reports a single group without a label; forms without any, or with few, are meant that way. */
static void check_titles(cnv_form_builder *build)
{
	const cnv_question *untitled = NULL;
	uint32_t titled = 0, others = 0;

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		if (question->role != CNV_GROUP || is_of_loop(build, id))
			continue;
		if (question->label.place.row) {
			titled++;
		} else {
			untitled = question;
			others++;
		}
	}
	if (others == 1 && titled > 1)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_GROUP_NO_LABEL, .place = untitled->place, .field = untitled->name,
					.excerpt = untitled->name),
			       "all other groups have a label; this one has none");
}

void cnv_form_check_numbering(cnv_form_builder *build)
{
	cnv_map numbers = { 0 };

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		if (question->qno.len && cnv_form_cell_of(build, question, ROLE_QNO)) {
			check_twice(build, question, &numbers);
			check_label(build, question);
		}
		if (question->role == CNV_GROUP || question->role == CNV_REPEAT)
			check_section(build, question);
		check_audience(build, question);
		check_headline(build, question);
	}
	build->no_memory = build->no_memory || numbers.failed;
	cnv_map_fini(&numbers);
	for (uint32_t i = 0; i < build->form->list_count; i++)
		check_codes(build, &build->form->lists[i]);
	check_titles(build);
}
