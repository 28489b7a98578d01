/* changes.c: what differs between two versions of a form.
 *
 * Everything is compared as its author wrote it: a formula with the same meaning in other words is a change.
 */
#include "form/changes.h"

static void compare_setting(const cnv_form_comparison *c, cnv_str heading, cnv_str before, cnv_str after)
{
	if (cnv_str_equal(before, after))
		return;
	cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_ALTERED,
					       .thing = "setting",
					       .name = heading,
					       .aspect = "value",
					       .before = before,
					       .after = after,
					       .from = c->before->settings_place,
					       .to = c->after->settings_place });
}

static cnv_status compare_settings(const cnv_form_comparison *c)
{
	const cnv_form *before = c->before, *after = c->after;
	cnv_map olds = { 0 }, news = { 0 };
	cnv_status status;

	for (uint32_t i = 0; i < before->setting_count; i++)
		cnv_map_put(&olds, before->settings[i].heading, i);
	for (uint32_t i = 0; i < after->setting_count; i++) {
		uint32_t at = cnv_map_find(&olds, after->settings[i].heading);
		cnv_map_put(&news, after->settings[i].heading, i);
		compare_setting(c, after->settings[i].heading,
				at < before->setting_count ? before->settings[at].text : (cnv_str){ 0 },
				after->settings[i].text);
	}
	for (uint32_t i = 0; i < before->setting_count; i++)
		if (cnv_map_find(&news, before->settings[i].heading) == CNV_NONE)
			compare_setting(c, before->settings[i].heading, before->settings[i].text, (cnv_str){ 0 });
	status = olds.failed || news.failed ? CNV_NO_MEMORY : CNV_OK;
	cnv_map_fini(&olds);
	cnv_map_fini(&news);
	return status;
}

static uint32_t find_language(const cnv_form *form, cnv_str name)
{
	for (uint32_t i = 0; i < form->language_count; i++)
		if (cnv_str_equal(form->languages[i], name))
			return i;
	return CNV_NONE;
}

static void compare_languages(const cnv_form_comparison *c)
{
	for (uint32_t i = 0; i < c->after->language_count; i++) {
		c->languages[i] = find_language(c->before, c->after->languages[i]);
		/* If each form has one language, they are the same, named or not. */
		if (c->languages[i] == CNV_NONE && c->after->language_count == 1 && c->before->language_count == 1)
			c->languages[i] = 0;
		else if (c->languages[i] == CNV_NONE)
			cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_ADDED,
							       .thing = "language",
							       .name = c->after->languages[i] });
	}
	for (uint32_t i = 0; i < c->before->language_count; i++)
		if (find_language(c->after, c->before->languages[i]) == CNV_NONE &&
		    (c->after->language_count > 1 || c->before->language_count > 1))
			cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_REMOVED,
							       .thing = "language",
							       .name = c->before->languages[i] });
}

cnv_status cnv_form_changes(const cnv_form *before, const cnv_form *after, const cnv_matching *matching,
			    void (*emit)(void *self, const cnv_change *change), void *self, cnv_arena *scratch)
{
	cnv_form_comparison c = { .before = before,
				  .after = after,
				  .matching = matching,
				  .emit = emit,
				  .self = self,
				  .arena = scratch,
				  .languages = cnv_arena_array(scratch, after->language_count, sizeof *c.languages) };
	cnv_status status;

	if (!c.languages)
		return CNV_NO_MEMORY;
	status = compare_settings(&c);
	compare_languages(&c);
	if (!status)
		status = cnv_form_compare_questions(&c);
	if (!status)
		status = cnv_form_compare_lists(&c);
	return status || scratch->failed ? CNV_NO_MEMORY : CNV_OK;
}
