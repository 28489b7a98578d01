/* Texts of the form as shown in a pack, and the languages that it has. */
#include "report/pack_text.h"

#include <string.h>

bool pack_is_asked(const cnv_question *question)
{
	return question->role == CNV_ASKED && question->column != CNV_NONE;
}

bool pack_is_listed(const cnv_form *form, const cnv_question *question)
{
	return (question->kind == CNV_CHOICE || question->kind == CNV_CHOICES) && question->list < form->list_count &&
	       !form->lists[question->list].open && form->lists[question->list].count > 0;
}

bool pack_is_ticked(const cnv_form *form, const cnv_question *question)
{
	return question->kind == CNV_CHOICES && pack_is_listed(form, question);
}

cnv_str pack_word_str(const pack_plan *plan, pack_word word)
{
	return cnv_str_from(plan->words[word]);
}

cnv_str pack_text(const pack_plan *plan, cnv_str text)
{
	cnv_text out = { 0 };
	cnv_reference found;
	size_t at = 0, done = 0;

	if (!cnv_has_reference(text))
		return text;
	while (cnv_reference_next(text, &at, &found)) {
		cnv_question_id id = found.last_saved ? CNV_NONE : cnv_form_find(plan->form, found.name);

		cnv_text_put(&out, cnv_str_slice(text, done, found.from));
		cnv_text_put_char(&out, '[');
		cnv_text_put(&out,
			     id < plan->form->count && plan->form->questions[id].qno.len ? plan->form->questions[id].qno
			     : id < plan->form->count
				     ? cnv_question_title(plan->form, &plan->form->questions[id], plan->pack->language)
				     : cnv_str_slice(text, found.from + 2, found.upto - 1));
		cnv_text_put_char(&out, ']');
		done = found.upto;
	}
	cnv_text_put(&out, cnv_str_slice(text, done, text.len));
	text = cnv_arena_copy(plan->arena, cnv_text_str(&out));
	plan->arena->failed |= out.failed;
	cnv_text_fini(&out);
	return text;
}

cnv_str pack_label(const pack_plan *plan, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];
	cnv_str label = pack_text(plan, cnv_question_title(plan->form, question, plan->pack->language));

	/* "C5. Each type" under the number C5 need not repeat it. */
	if (question->qno.len && cnv_str_starts(label, question->qno) && label.len > question->qno.len &&
	    (label.at[question->qno.len] == '.' || label.at[question->qno.len] == ' '))
		return cnv_str_trim_unicode(cnv_str_slice(label, question->qno.len + 1, label.len));
	return label;
}

cnv_str pack_hint(const pack_plan *plan, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];

	return pack_text(plan, cnv_wording_text(plan->form, &question->hint, plan->pack->language));
}

cnv_str pack_warning(const pack_plan *plan, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];

	return pack_text(plan, cnv_wording_text(plan->form, &question->warning_message, plan->pack->language));
}

cnv_str pack_number(const pack_plan *plan, cnv_question_id id)
{
	return plan->form->questions[id].qno;
}

cnv_str pack_cell(cnv_arena *arena, uint32_t row, uint32_t column, bool fixed_row)
{
	char name[CNV_CELL_NAME_ROOM];
	size_t letters = cnv_cell_name(0, column + 1, name);

	return cnv_arena_format(arena, "$%.*s%s%u", (int)letters, name, fixed_row ? "$" : "", row + 1);
}

/* The code in brackets at the end of "Français (fr)"; empty if there is none. */
static cnv_str tag_of(cnv_str language)
{
	size_t open = language.len;

	if (!cnv_str_ends(language, CNV_STR(")")))
		return (cnv_str){ 0 };
	while (open && language.at[open - 1] != '(')
		open--;
	return open ? cnv_str_slice(language, open, language.len - 1) : (cnv_str){ 0 };
}

cnv_str cnv_pack_tag(const cnv_form *form, uint32_t language)
{
	cnv_str tag = tag_of(form->languages[language]);

	return tag.len ? tag : CNV_STR("en");
}

/* How well a language matches a requested tag: 3 the same tag, 2 the same language, 0 no match. */
static int fit(cnv_str tag, cnv_str wanted)
{
	size_t first = 0, same = 0;

	while (same < tag.len && same < wanted.len && cnv_lower(tag.at[same]) == cnv_lower(wanted.at[same]))
		same++;
	if (same == tag.len && same == wanted.len)
		return 3;
	while (first < tag.len && tag.at[first] != '-')
		first++;
	return first > 1 && same >= first && (wanted.len == first || wanted.at[first] == '-' || wanted.at[first] == '_')
		       ? 2
		       : 0;
}

uint32_t cnv_pack_language(const cnv_form *form, cnv_str wanted)
{
	cnv_str word;

	for (cnv_str rest = wanted; cnv_str_word(&rest, &word);) {
		uint32_t best = CNV_NONE;
		int most = 0;

		for (uint32_t i = 0; i < form->language_count; i++) {
			cnv_str tag = tag_of(form->languages[i]);
			int how = tag.len ? fit(tag, word) : 0;
			if (how > most) {
				most = how;
				best = i;
			}
		}
		if (best != CNV_NONE)
			return best;
	}
	return form->default_language;
}

cnv_str pack_quoted(const pack_plan *plan, cnv_str text)
{
	cnv_text out = { 0 };
	cnv_str copy;

	cnv_text_put_char(&out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			cnv_text_put_char(&out, '"');
		cnv_text_put_char(&out, (unsigned char)text.at[i] < 0x20 ? ' ' : text.at[i]);
	}
	cnv_text_put_char(&out, '"');
	copy = cnv_arena_copy(plan->arena, cnv_text_str(&out));
	plan->arena->failed |= out.failed;
	cnv_text_fini(&out);
	return copy;
}
