/* change_texts.c: texts that differ between two versions of a form. */
#include "form/changes.h"

void cnv_form_emit_change(const cnv_form_comparison *c, const cnv_change *change)
{
	c->emit(c->self, change);
}

void cnv_form_compare_wording(const cnv_form_comparison *c, cnv_change change, const cnv_wording *before,
			      const cnv_wording *after)
{
	for (uint32_t i = 0; i < c->after->language_count; i++) {
		if (c->languages[i] == CNV_NONE)
			continue;
		change.before = before->at[c->languages[i]];
		change.after = after->at[i];
		change.language = c->after->languages[i];
		if (!cnv_str_equal(change.before, change.after))
			cnv_form_emit_change(c, &change);
	}
}

void cnv_form_compare_text(const cnv_form_comparison *c, cnv_change change, cnv_str before, cnv_str after)
{
	change.before = before;
	change.after = after;
	if (!cnv_str_equal(before, after))
		cnv_form_emit_change(c, &change);
}

cnv_status cnv_form_compare_extras(const cnv_form_comparison *c, cnv_change change, const cnv_extra *before,
				   uint32_t before_count, const cnv_extra *after, uint32_t after_count)
{
	cnv_map olds = { 0 }, news = { 0 };
	cnv_status status;

	for (uint32_t i = 0; i < before_count; i++)
		cnv_map_put(&olds, before[i].heading, i);
	for (uint32_t i = 0; i < after_count; i++) {
		uint32_t at = cnv_map_find(&olds, after[i].heading);
		cnv_map_put(&news, after[i].heading, i);
		change.language = after[i].heading;
		cnv_form_compare_text(c, change, at < before_count ? before[at].text : (cnv_str){ 0 }, after[i].text);
	}
	for (uint32_t i = 0; i < before_count; i++) {
		change.language = before[i].heading;
		if (cnv_map_find(&news, before[i].heading) == CNV_NONE)
			cnv_form_compare_text(c, change, before[i].text, (cnv_str){ 0 });
	}
	status = olds.failed || news.failed ? CNV_NO_MEMORY : CNV_OK;
	cnv_map_fini(&olds);
	cnv_map_fini(&news);
	return status;
}
