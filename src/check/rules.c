/* The rules of a form in words, for findings. */
#include "check/judging.h"

/* What each question is called: its number, else its name. */
static const cnv_str *names_of(cnv_judging *judging)
{
	const cnv_form *form = judging->plan->form;
	cnv_str *names = judging->names;

	if (names)
		return names;
	judging->names = names = cnv_arena_array(judging->scratch, (size_t)form->count + 1, sizeof *names);
	for (cnv_question_id id = 0; names && id < form->count; id++)
		names[id] = form->questions[id].qno.len ? form->questions[id].qno : form->questions[id].name;
	return names;
}

cnv_str cnv_rule_words(cnv_judging *judging, cnv_question_id id, const cnv_formula *rule, bool of_answer,
		       cnv_arena *arena)
{
	cnv_context context = { .form = judging->plan->form, .self = id, .purpose = CNV_FOR_CONDITION };
	cnv_words_style style = { .names = names_of(judging), .language = judging->language, .of_answer = of_answer };
	cnv_words words = { 0 };
	cnv_str text = { 0 };

	if (!style.names || cnv_words_write(&words, rule, &context, &style, arena))
		return rule->text;
	for (uint32_t i = 0; i < words.count; i++) {
		if (words.runs[i].as_written)
			return rule->text;
		text = text.len ? cnv_arena_format(arena, "%.*s%.*s", CNV_ARG(text), CNV_ARG(words.runs[i].text))
				: words.runs[i].text;
	}
	return text.len ? text : rule->text;
}
