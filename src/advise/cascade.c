/* Advice on cascades: a choice that is offered only for an answer that is not in the list.
 *
 * Seven of ten choice filters compare one column with one answer: region = ${region}.  A choice whose column holds
 * no code of that question's list is never offered, and nothing else reports it.
 */
#include "advise/advice.h"

/* `column = ${question}`, either way round. */
static bool read_term(const struct subject *subject, uint32_t term, cnv_str *column, cnv_str *question)
{
	const cnv_formula_tree *tree = subject->tree;
	uint32_t left = cnv_formula_arg(tree, term, 0), right = cnv_formula_arg(tree, term, 1), name = left;

	if (!cnv_formula_is_binary(tree, term, CNV_OP_EQUAL))
		return false;
	if (cnv_formula_is_reference(tree, left, question))
		name = right;
	else if (!cnv_formula_is_reference(tree, right, question))
		return false;
	if (!cnv_formula_is(tree, name, CNV_F_NAME))
		return false;
	*column = tree->nodes[name].text;
	return true;
}

static cnv_str text_of(const cnv_choice *choice, cnv_str heading)
{
	for (uint32_t i = 0; i < choice->extra_count; i++)
		if (cnv_str_equal(choice->extras[i].heading, heading))
			return choice->extras[i].text;
	return (cnv_str){ 0 };
}

/* Choices whose `column` holds no code of the list of the question `name`. */
static void advise_term(const struct advising *advising, const struct subject *subject, cnv_str column, cnv_str name)
{
	const cnv_form *form = advising->form;
	uint32_t lost = 0, budget = 1000; /* codes that are compared to find one that is near */
	const cnv_list *list = &form->lists[subject->question->list], *codes;
	const cnv_choice *first = NULL;
	cnv_question_id read = cnv_form_find(form, name);
	cnv_str code, others = { 0 };

	if (read >= form->count || form->questions[read].kind != CNV_CHOICE || form->questions[read].list == CNV_NONE)
		return;
	codes = &form->lists[form->questions[read].list];
	if (list->open || codes->open || list->count > *advising->choices_left)
		return;
	*advising->choices_left -= list->count;
	for (uint32_t i = 0; i < list->count; i++) {
		code = text_of(&list->choices[i], column);
		if (!code.len || cnv_list_find(codes, code) != CNV_NONE)
			continue;
		first = first ? first : &list->choices[i];
		lost++;
	}
	if (!lost)
		return;
	code = text_of(first, column);
	if (lost > 1)
		others = cnv_arena_format(advising->scratch, " (and %u other%s)", lost - 1, lost > 2 ? "s" : "");
	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = CNV_CHOICE_NEVER_OFFERED, .place = first->place, .field = list->name,
				.excerpt = first->name,
				.hint = cnv_hint_choice(form, codes, code, form->default_language, false, &budget,
							advising->scratch)),
		       "never offered by \"%.*s\": its %.*s is \"%.*s\", which is not in the list \"%.*s\"%.*s",
		       CNV_ARG(subject->question->name), CNV_ARG(column), CNV_ARG(code), CNV_ARG(codes->name),
		       CNV_ARG(others));
}

void cnv_advise_cascade(const struct advising *advising, const struct subject *subject)
{
	uint32_t top = cnv_formula_root(subject->tree), term = CNV_NONE;
	cnv_str column, name;

	while (subject->question->list != CNV_NONE &&
	       (term = cnv_formula_next_term(subject->tree, top, CNV_OP_AND, term)) != CNV_NONE)
		if (read_term(subject, term, &column, &name))
			advise_term(advising, subject, column, name);
}
