/* change_lists.c: lists and choices that were added, removed, moved or altered. */
#include "form/changes.h"

static cnv_place list_place(const cnv_list *list)
{
	cnv_place place = list->count ? list->choices[0].place : (cnv_place){ 0 };

	place.row = list->count ? place.row : 0;
	return place;
}

static void emit_choice(const cnv_form_comparison *c, cnv_change_kind kind, const cnv_form *form, const cnv_list *list,
			const cnv_choice *choice)
{
	cnv_change change = { .kind = kind, .thing = "choice", .name = choice->name, .list = list->name };
	cnv_str label = cnv_wording_text(form, &choice->label, form->default_language);

	if (kind == CNV_CHANGE_ADDED) {
		change.after = label;
		change.to = choice->place;
	} else {
		change.before = label;
		change.from = choice->place;
	}
	cnv_form_emit_change(c, &change);
}

static cnv_status compare_list(const cnv_form_comparison *c, const cnv_list *old, const cnv_list *new)
{
	uint32_t *ranks = cnv_arena_array(c->arena, (size_t) new->count + 1, sizeof *ranks);
	bool *kept;
	cnv_status status = CNV_OK;

	if (!ranks)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < new->count; i++)
		ranks[i] = cnv_list_find(old, new->choices[i].name);
	kept = cnv_form_rising(ranks, new->count, c->arena);
	if (!kept)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < new->count && !status; i++) {
		const cnv_choice *choice = &new->choices[i];
		if (ranks[i] == CNV_NONE) {
			emit_choice(c, CNV_CHANGE_ADDED, c->after, new, choice);
			continue;
		}
		const cnv_choice *was = &old->choices[ranks[i]];
		cnv_change change = { .kind = CNV_CHANGE_ALTERED,
				      .thing = "choice",
				      .name = choice->name,
				      .list = new->name,
				      .aspect = "label",
				      .from = was->place,
				      .to = choice->place };
		cnv_form_compare_wording(c, change, &was->label, &choice->label);
		change.aspect = "column";
		status = cnv_form_compare_extras(c, change, was->extras, was->extra_count, choice->extras,
						 choice->extra_count);
		if (!kept[i] && !new->duplicates && !old->duplicates) {
			change.kind = CNV_CHANGE_MOVED;
			change.aspect = "order";
			change.before = ranks[i] ? old->choices[ranks[i] - 1].name : (cnv_str){ 0 };
			change.after = i ? new->choices[i - 1].name : (cnv_str){ 0 };
			cnv_form_emit_change(c, &change);
		}
	}
	for (uint32_t i = 0; i < old->count; i++)
		if (cnv_list_find(new, old->choices[i].name) == CNV_NONE)
			emit_choice(c, CNV_CHANGE_REMOVED, c->before, old, &old->choices[i]);
	return status;
}

cnv_status cnv_form_compare_lists(const cnv_form_comparison *c)
{
	const cnv_form *before = c->before, *after = c->after;
	cnv_map olds = { 0 }, news = { 0 };
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < before->list_count; i++)
		cnv_map_put(&olds, before->lists[i].name, i);
	for (uint32_t i = 0; i < after->list_count && !status; i++) {
		const cnv_list *list = &after->lists[i];
		uint32_t at = cnv_map_find(&olds, list->name);
		cnv_map_put(&news, list->name, i);
		if (at < before->list_count)
			status = compare_list(c, &before->lists[at], list);
		else
			cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_ADDED,
							       .thing = "list",
							       .name = list->name,
							       .to = list_place(list) });
	}
	for (uint32_t i = 0; i < before->list_count; i++)
		if (cnv_map_find(&news, before->lists[i].name) == CNV_NONE)
			cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_REMOVED,
							       .thing = "list",
							       .name = before->lists[i].name,
							       .from = list_place(&before->lists[i]) });
	if (olds.failed || news.failed)
		status = CNV_NO_MEMORY;
	cnv_map_fini(&olds);
	cnv_map_fini(&news);
	return status;
}
