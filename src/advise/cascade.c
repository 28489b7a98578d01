/* Advice on cascades: a choice that is offered only beside an answer that nobody can give.
 *
 * Seven of ten choice filters compare one column with one answer: region = ${region}.  A choice whose column holds
 * no code of that question's list is then never offered, and nothing else tells of it.
 */
#include "advise/advice.h"

/* Takes `column = ${question}` apart, either way round; false when the filter says more. */
static bool read_filter(cnv_str filter, cnv_str *column, cnv_str *question)
{
	size_t equals = cnv_str_find(filter, CNV_STR("="));
	cnv_str left, right;

	if (equals == SIZE_MAX)
		return false;
	left = cnv_str_trim(cnv_str_slice(filter, 0, equals));
	right = cnv_str_trim(cnv_str_slice(filter, equals + 1, filter.len));
	if (cnv_str_starts(left, CNV_STR("${"))) {
		cnv_str other = left;

		left = right;
		right = other;
	}
	if (!cnv_str_starts(right, CNV_STR("${")) || cnv_str_find(right, CNV_STR("}")) != right.len - 1)
		return false;
	*column = left;
	*question = cnv_str_slice(right, 2, right.len - 1);
	return true;
}

static cnv_str text_of(const cnv_choice *choice, cnv_str heading)
{
	for (uint32_t i = 0; i < choice->extra_count; i++)
		if (cnv_str_equal(choice->extras[i].heading, heading))
			return choice->extras[i].text;
	return (cnv_str){ 0 };
}

void cnv_cascade_advise(const cnv_form *form, const cnv_question *question, uint32_t *left, cnv_arena *scratch,
			cnv_diags *diags)
{
	cnv_str filter = question->choice_filter.text, column, name;
	uint32_t lost = 0, budget = 1000; /* as many codes are looked through for one that is near */
	const cnv_list *list, *codes;
	const cnv_choice *first = NULL;
	cnv_question_id read;

	if (question->list == CNV_NONE || !read_filter(filter, &column, &name))
		return;
	read = cnv_form_find(form, name);
	if (read >= form->count || form->questions[read].kind != CNV_CHOICE || form->questions[read].list == CNV_NONE)
		return;
	list = &form->lists[question->list];
	codes = &form->lists[form->questions[read].list];
	if (list->open || codes->open || list->count > *left)
		return;
	*left -= list->count;
	for (uint32_t i = 0; i < list->count; i++) {
		cnv_str code = text_of(&list->choices[i], column);

		if (!code.len || cnv_list_find(codes, code) != CNV_NONE)
			continue;
		first = first ? first : &list->choices[i];
		lost++;
	}
	if (!lost)
		return;
	name = text_of(first, column);
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_CHOICE_NEVER_OFFERED, .place = first->place, .field = list->name,
				.excerpt = first->name,
				.hint = cnv_hint_choice(form, codes, name, form->default_language, &budget, scratch)),
		       "never offered by \"%.*s\": its %.*s is \"%.*s\", which the list \"%.*s\" does not hold%s",
		       CNV_ARG(question->name), CNV_ARG(column), CNV_ARG(name), CNV_ARG(codes->name),
		       lost > 1 ? ", and others like it" : "");
}
