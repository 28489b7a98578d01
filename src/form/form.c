/* form.c: looking things up in a finished form. */
#include "canvass/form.h"

void cnv_form_fini(cnv_form *form)
{
	if (!form)
		return;
	cnv_map_fini(&form->by_name);
	cnv_map_fini(&form->by_path);
	for (uint32_t i = 0; i < form->list_count; i++) {
		cnv_list *list = (cnv_list *)&form->lists[i]; /* const to readers; its maps are the form's own */

		cnv_map_fini(&list->by_name);
		cnv_map_fini(&list->by_label);
		if (list->known) {
			cnv_map_fini(&((cnv_list *)list->known)->by_name);
			cnv_map_fini(&((cnv_list *)list->known)->by_label);
		}
	}
}

cnv_question_id cnv_form_find(const cnv_form *form, cnv_str name)
{
	return cnv_map_find(&form->by_name, name);
}

cnv_str cnv_wording_text(const cnv_form *form, const cnv_wording *wording, uint32_t language)
{
	cnv_str text = { 0 };

	if (language < form->language_count)
		text = wording->at[language];
	if (!text.len)
		text = wording->at[form->default_language];
	for (uint32_t i = 0; !text.len && i < form->language_count; i++)
		text = wording->at[i];
	return text;
}

cnv_str cnv_question_title(const cnv_form *form, const cnv_question *question, uint32_t language)
{
	cnv_str label = cnv_wording_text(form, &question->label, language);

	return label.len ? label : question->name;
}

bool cnv_is_compiled(cnv_str answer)
{
	return answer.len >= 8 && cnv_str_equal(cnv_str_slice(answer, 0, 8), CNV_STR("compiled"));
}

cnv_str cnv_choice_title(const cnv_form *form, const cnv_choice *choice, uint32_t language)
{
	cnv_str label = cnv_wording_text(form, &choice->label, language);

	return label.len ? label : choice->name;
}

uint32_t cnv_list_find(const cnv_list *list, cnv_str name)
{
	return cnv_map_find(&list->by_name, name);
}

static bool is_word(cnv_str text, cnv_str wanted)
{
	bool same = text.len == wanted.len && text.len > 0;

	for (size_t i = 0; same && i < text.len; i++)
		same = cnv_lower(text.at[i]) == cnv_lower(wanted.at[i]);
	return same;
}

static bool is_language(cnv_str name, cnv_str wanted)
{
	size_t bracket = cnv_str_find(name, CNV_STR("("));
	cnv_str word = cnv_str_trim(cnv_str_slice(name, 0, bracket)), code = { 0 };

	if (bracket != SIZE_MAX && cnv_str_ends(name, CNV_STR(")")))
		code = cnv_str_slice(name, bracket + 1, name.len - 1);
	return cnv_str_equal(name, wanted) || is_word(word, wanted) || is_word(code, wanted);
}

uint32_t cnv_form_language(const cnv_form *form, cnv_str wanted)
{
	for (uint32_t i = 0; i < form->language_count; i++)
		if (wanted.len && is_language(form->languages[i], wanted))
			return i;
	return CNV_NONE;
}

cnv_str cnv_form_nearest(const cnv_form *form, cnv_str name)
{
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, name);
	for (cnv_question_id id = 0; id < form->count; id++)
		cnv_nearest_offer(&nearest, form->questions[id].name);
	return nearest.best;
}

cnv_str cnv_form_setting(const cnv_form *form, const char *name)
{
	for (uint32_t i = 0; i < form->setting_count; i++)
		if (cnv_str_equal(form->settings[i].heading, cnv_str_from(name)))
			return form->settings[i].text;
	return (cnv_str){ 0 };
}
