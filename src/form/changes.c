/* changes.c: what is different between two versions of a form.
 *
 * Everything a person wrote is compared as it was written: a rule that says the same in other words is a change.  Order
 * is compared inside each section by its longest run of questions that kept theirs, so that one question moved
 * is one change and not many.
 */
#include "canvass/form.h"

#include <stddef.h>

typedef struct comparison {
	const cnv_form *before, *after;
	const cnv_matching *matching;
	void (*emit)(void *self, const cnv_change *change);
	void *self;
	cnv_arena *arena;
	uint32_t *languages; /* of each language of `after`: the same one in `before`, CNV_NONE */
} comparison;

/* What is compared of a question, besides its place. */
static const struct wording_aspect {
	size_t at;
	const char *name;
} wording_aspects[] = {
	{ offsetof(cnv_question, label), "label" },
	{ offsetof(cnv_question, hint), "hint" },
	{ offsetof(cnv_question, guidance), "guidance" },
	{ offsetof(cnv_question, constraint_message), "message of the rule" },
	{ offsetof(cnv_question, required_message), "message where required" },
};

static const struct formula_aspect {
	size_t at;
	const char *name;
} formula_aspects[] = {
	{ offsetof(cnv_question, required), "required" },
	{ offsetof(cnv_question, relevant), "skip logic" },
	{ offsetof(cnv_question, constraint), "rule" },
	{ offsetof(cnv_question, calculation), "calculation" },
	{ offsetof(cnv_question, default_value), "default" },
	{ offsetof(cnv_question, read_only), "read-only" },
	{ offsetof(cnv_question, choice_filter), "choice filter" },
	{ offsetof(cnv_question, repeat_count), "number of entries" },
	{ offsetof(cnv_question, trigger), "trigger" },
	{ offsetof(cnv_question, parameters), "parameters" },
};

static const struct text_aspect {
	size_t at;
	const char *name;
} text_aspects[] = {
	{ offsetof(cnv_question, qno), "number" },
	{ offsetof(cnv_question, legal_ref), "legal reference" },
	{ offsetof(cnv_question, audience), "audience" },
	{ offsetof(cnv_question, appearance), "appearance" },
};

static const void *field(const cnv_question *question, size_t at)
{
	return (const char *)question + at;
}

static const char *thing_of(const cnv_question *question)
{
	static const char *const things[] = {
		[CNV_ASKED] = "question", [CNV_GROUP] = "section",        [CNV_REPEAT] = "repeat",
		[CNV_SHOWN] = "note",     [CNV_COMPUTED] = "calculation", [CNV_METADATA] = "metadata",
	};
	return things[question->role];
}

/* ---------------------------------------------------------------- order */

/* Which of `ranks` belong to one longest rising run of them; CNV_NONE belongs to none.  n log n. */
static bool *rising(const uint32_t *ranks, uint32_t count, cnv_arena *arena)
{
	uint32_t *ends =
		cnv_arena_array(arena, (size_t)count + 1, sizeof *ends); /* index that ends a run of each length */
	uint32_t *previous = cnv_arena_array(arena, (size_t)count + 1, sizeof *previous);
	bool *kept = cnv_arena_array(arena, (size_t)count + 1, sizeof *kept);
	uint32_t length = 0;

	if (!ends || !previous || !kept)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t low = 0, high = length;
		if (ranks[i] == CNV_NONE)
			continue;
		while (low < high) {
			uint32_t middle = low + (high - low) / 2;
			if (ranks[ends[middle]] < ranks[i])
				low = middle + 1;
			else
				high = middle;
		}
		previous[i] = low ? ends[low - 1] : CNV_NONE;
		ends[low] = i;
		length = low == length ? length + 1 : length;
	}
	for (uint32_t at = length ? ends[length - 1] : CNV_NONE; at != CNV_NONE; at = previous[at])
		kept[at] = true;
	return kept;
}

/* ---------------------------------------------------------------- settings and languages */

static void tell(const comparison *c, const cnv_change *change)
{
	c->emit(c->self, change);
}

static void compare_setting(const comparison *c, cnv_str heading, cnv_str before, cnv_str after)
{
	if (cnv_str_equal(before, after))
		return;
	tell(c, &(cnv_change){ .kind = CNV_CHANGE_ALTERED,
			       .thing = "setting",
			       .name = heading,
			       .aspect = "value",
			       .before = before,
			       .after = after,
			       .from = c->before->settings_place,
			       .to = c->after->settings_place });
}

static cnv_status compare_settings(const comparison *c)
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

static void compare_languages(const comparison *c)
{
	for (uint32_t i = 0; i < c->after->language_count; i++) {
		c->languages[i] = find_language(c->before, c->after->languages[i]);
		/* One language on each side is the same one, named or not. */
		if (c->languages[i] == CNV_NONE && c->after->language_count == 1 && c->before->language_count == 1)
			c->languages[i] = 0;
		else if (c->languages[i] == CNV_NONE)
			tell(c, &(cnv_change){ .kind = CNV_CHANGE_ADDED,
					       .thing = "language",
					       .name = c->after->languages[i] });
	}
	for (uint32_t i = 0; i < c->before->language_count; i++)
		if (find_language(c->after, c->before->languages[i]) == CNV_NONE &&
		    (c->after->language_count > 1 || c->before->language_count > 1))
			tell(c, &(cnv_change){ .kind = CNV_CHANGE_REMOVED,
					       .thing = "language",
					       .name = c->before->languages[i] });
}

/* ---------------------------------------------------------------- texts */

/* Tells what differs of a text in the languages that both forms have; `change` is filled but for that. */
static void compare_wording(const comparison *c, cnv_change change, const cnv_wording *before, const cnv_wording *after)
{
	for (uint32_t i = 0; i < c->after->language_count; i++) {
		if (c->languages[i] == CNV_NONE)
			continue;
		change.before = before->at[c->languages[i]];
		change.after = after->at[i];
		change.language = c->after->languages[i];
		if (!cnv_str_equal(change.before, change.after))
			tell(c, &change);
	}
}

static void compare_text(const comparison *c, cnv_change change, cnv_str before, cnv_str after)
{
	change.before = before;
	change.after = after;
	if (!cnv_str_equal(before, after))
		tell(c, &change);
}

/* Columns that canvass does not know, by heading; `change` is filled but for aspect and texts. */
static cnv_status compare_extras(const comparison *c, cnv_change change, const cnv_extra *before, uint32_t before_count,
				 const cnv_extra *after, uint32_t after_count)
{
	cnv_map olds = { 0 }, news = { 0 };
	cnv_status status;

	for (uint32_t i = 0; i < before_count; i++)
		cnv_map_put(&olds, before[i].heading, i);
	for (uint32_t i = 0; i < after_count; i++) {
		uint32_t at = cnv_map_find(&olds, after[i].heading);
		cnv_map_put(&news, after[i].heading, i);
		change.language = after[i].heading;
		compare_text(c, change, at < before_count ? before[at].text : (cnv_str){ 0 }, after[i].text);
	}
	for (uint32_t i = 0; i < before_count; i++) {
		change.language = before[i].heading;
		if (cnv_map_find(&news, before[i].heading) == CNV_NONE)
			compare_text(c, change, before[i].text, (cnv_str){ 0 });
	}
	status = olds.failed || news.failed ? CNV_NO_MEMORY : CNV_OK;
	cnv_map_fini(&olds);
	cnv_map_fini(&news);
	return status;
}

/* ---------------------------------------------------------------- questions */

/* "select_one yn", as the type column has it. */
static cnv_str type_text(const cnv_form *form, const cnv_question *question, cnv_arena *arena)
{
	cnv_str name = cnv_str_from(question->type->name);

	if (question->list == CNV_NONE)
		return name;
	return cnv_arena_format(arena, "%.*s %.*s%s", CNV_ARG(name), CNV_ARG(form->lists[question->list].name),
				question->or_other ? " or_other" : "");
}

/* A formula as its author wrote it: yes and no have been made functions. */
static cnv_str formula_text(const cnv_formula *formula)
{
	if (cnv_str_equal(formula->text, CNV_STR("true()")))
		return CNV_STR("yes");
	return cnv_str_equal(formula->text, CNV_STR("false()")) ? CNV_STR("no") : formula->text;
}

static cnv_status compare_content(const comparison *c, const cnv_question *old, const cnv_question *new)
{
	cnv_change change = { .kind = CNV_CHANGE_ALTERED,
			      .thing = thing_of(new),
			      .name = new->name,
			      .from = old->place,
			      .to = new->place };

	change.aspect = "type";
	compare_text(c, change, type_text(c->before, old, c->arena), type_text(c->after, new, c->arena));
	for (size_t i = 0; i < sizeof wording_aspects / sizeof wording_aspects[0]; i++) {
		change.aspect = wording_aspects[i].name;
		compare_wording(c, change, field(old, wording_aspects[i].at), field(new, wording_aspects[i].at));
	}
	for (size_t i = 0; i < sizeof formula_aspects / sizeof formula_aspects[0]; i++) {
		const cnv_formula *left = field(old, formula_aspects[i].at), *right = field(new, formula_aspects[i].at);
		change.aspect = formula_aspects[i].name;
		compare_text(c, change, formula_text(left), formula_text(right));
	}
	for (size_t i = 0; i < sizeof text_aspects / sizeof text_aspects[0]; i++) {
		const cnv_str *left = field(old, text_aspects[i].at), *right = field(new, text_aspects[i].at);
		change.aspect = text_aspects[i].name;
		compare_text(c, change, *left, *right);
	}
	change.aspect = "column";
	return compare_extras(c, change, old->extras, old->extra_count, new->extras, new->extra_count);
}

/* The question of the first form that this one is, perhaps under another name. */
static cnv_question_id origin(const comparison *c, cnv_question_id id)
{
	cnv_question_id old = c->matching->before_of[id];

	return old == CNV_NONE ? c->matching->renamed[id] : old;
}

static bool same_section(const comparison *c, cnv_question_id old, cnv_question_id new)
{
	cnv_question_id from = c->before->questions[old].parent, to = c->after->questions[new].parent;

	if (from == CNV_NONE || to == CNV_NONE)
		return from == to;
	return origin(c, to) == from;
}

static cnv_str section_name(const cnv_form *form, cnv_question_id id)
{
	cnv_question_id parent = form->questions[id].parent;

	return parent == CNV_NONE ? (cnv_str){ 0 } : form->questions[parent].name;
}

/* What stands before a question in its section; empty: it is the first. */
static cnv_str neighbour(const cnv_form *form, cnv_question_id id)
{
	cnv_question_id parent = form->questions[id].parent, at = id ? id - 1 : CNV_NONE;

	if (at == CNV_NONE || at == parent)
		return (cnv_str){ 0 };
	while (form->questions[at].parent != parent)
		at = form->questions[at].parent;
	return form->questions[at].name;
}

/* Which questions of the second form stand in the order that they had, each among its section's. */
static bool *find_unmoved(const comparison *c)
{
	const cnv_form *form = c->after;
	uint32_t *starts = cnv_arena_array(c->arena, (size_t)form->count + 3, sizeof *starts);
	uint32_t *ids = cnv_arena_array(c->arena, (size_t)form->count + 1, sizeof *ids);
	uint32_t *ranks = cnv_arena_array(c->arena, (size_t)form->count + 1, sizeof *ranks);
	bool *unmoved = cnv_arena_array(c->arena, (size_t)form->count + 1, sizeof *unmoved);

	if (!starts || !ids || !ranks || !unmoved)
		return NULL;
	/* Children sorted by parent: the root is 0, question p is p + 1. */
	for (cnv_question_id id = 0; id < form->count; id++)
		starts[form->questions[id].parent + 2]++;
	for (uint32_t i = 1; i < form->count + 2; i++)
		starts[i] += starts[i - 1];
	for (cnv_question_id id = 0; id < form->count; id++) {
		uint32_t at = starts[form->questions[id].parent + 1]++;
		ids[at] = id;
		ranks[at] = origin(c, id) != CNV_NONE && same_section(c, origin(c, id), id) ? origin(c, id) : CNV_NONE;
	}
	/* starts[p] is now where the children of p end. */
	for (uint32_t parent = 0, from = 0; parent <= form->count; from = starts[parent++]) {
		uint32_t count = starts[parent] - from;
		bool *kept = count ? rising(ranks + from, count, c->arena) : NULL;
		if (count && !kept)
			return NULL;
		for (uint32_t i = 0; i < count; i++)
			unmoved[ids[from + i]] = kept[i];
	}
	return unmoved;
}

static void tell_moved(const comparison *c, cnv_question_id old, cnv_question_id new, bool unmoved)
{
	bool same = same_section(c, old, new);
	cnv_change change = { .kind = CNV_CHANGE_MOVED,
			      .thing = thing_of(&c->after->questions[new]),
			      .name = c->after->questions[new].name,
			      .aspect = same ? "order" : "section",
			      .before = same ? neighbour(c->before, old) : section_name(c->before, old),
			      .after = same ? neighbour(c->after, new) : section_name(c->after, new),
			      .from = c->before->questions[old].place,
			      .to = c->after->questions[new].place };

	if (!same || !unmoved)
		tell(c, &change);
}

static cnv_status compare_questions(const comparison *c)
{
	const cnv_form *before = c->before, *after = c->after;
	bool *gone = cnv_arena_array(c->arena, (size_t)before->count + 1, sizeof *gone);
	bool *unmoved = find_unmoved(c);
	cnv_status status = CNV_OK;

	if (!gone || !unmoved)
		return CNV_NO_MEMORY;
	for (cnv_question_id id = 0; id < before->count; id++)
		gone[id] = c->matching->after_of[id] == CNV_NONE;
	for (cnv_question_id id = 0; id < after->count && !status; id++) {
		const cnv_question *new = &after->questions[id];
		cnv_question_id old = origin(c, id);
		if (old == CNV_NONE) {
			tell(c, &(cnv_change){ .kind = CNV_CHANGE_ADDED,
					       .thing = thing_of(new),
					       .name = new->name,
					       .after = cnv_wording_text(after, &new->label, after->default_language),
					       .to = new->place });
			continue;
		}
		gone[old] = false;
		if (c->matching->before_of[id] == CNV_NONE)
			tell(c, &(cnv_change){ .kind = CNV_CHANGE_RENAMED,
					       .thing = thing_of(new),
					       .name = new->name,
					       .before = before->questions[old].name,
					       .after = new->name,
					       .from = before->questions[old].place,
					       .to = new->place });
		tell_moved(c, old, id, unmoved[id]);
		status = compare_content(c, &before->questions[old], new);
	}
	for (cnv_question_id id = 0; id < before->count; id++) {
		const cnv_question *old = &before->questions[id];
		if (gone[id])
			tell(c,
			     &(cnv_change){ .kind = CNV_CHANGE_REMOVED,
					    .thing = thing_of(old),
					    .name = old->name,
					    .before = cnv_wording_text(before, &old->label, before->default_language),
					    .from = old->place });
	}
	return status;
}

/* ---------------------------------------------------------------- lists */

static cnv_place list_place(const cnv_list *list)
{
	cnv_place place = list->count ? list->choices[0].place : (cnv_place){ 0 };

	place.row = list->count ? place.row : 0;
	return place;
}

static void tell_choice(const comparison *c, cnv_change_kind kind, const cnv_form *form, const cnv_list *list,
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
	tell(c, &change);
}

static cnv_status compare_list(const comparison *c, const cnv_list *old, const cnv_list *new)
{
	uint32_t *ranks = cnv_arena_array(c->arena, (size_t) new->count + 1, sizeof *ranks);
	bool *kept;
	cnv_status status = CNV_OK;

	if (!ranks)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < new->count; i++)
		ranks[i] = cnv_list_find(old, new->choices[i].name);
	kept = rising(ranks, new->count, c->arena);
	if (!kept)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < new->count && !status; i++) {
		const cnv_choice *choice = &new->choices[i];
		if (ranks[i] == CNV_NONE) {
			tell_choice(c, CNV_CHANGE_ADDED, c->after, new, choice);
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
		compare_wording(c, change, &was->label, &choice->label);
		change.aspect = "column";
		status = compare_extras(c, change, was->extras, was->extra_count, choice->extras, choice->extra_count);
		if (!kept[i] && !new->duplicates && !old->duplicates) {
			change.kind = CNV_CHANGE_MOVED;
			change.aspect = "order";
			change.before = ranks[i] ? old->choices[ranks[i] - 1].name : (cnv_str){ 0 };
			change.after = i ? new->choices[i - 1].name : (cnv_str){ 0 };
			tell(c, &change);
		}
	}
	for (uint32_t i = 0; i < old->count; i++)
		if (cnv_list_find(new, old->choices[i].name) == CNV_NONE)
			tell_choice(c, CNV_CHANGE_REMOVED, c->before, old, &old->choices[i]);
	return status;
}

static cnv_status compare_lists(const comparison *c)
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
			tell(c, &(cnv_change){ .kind = CNV_CHANGE_ADDED,
					       .thing = "list",
					       .name = list->name,
					       .to = list_place(list) });
	}
	for (uint32_t i = 0; i < before->list_count; i++)
		if (cnv_map_find(&news, before->lists[i].name) == CNV_NONE)
			tell(c, &(cnv_change){ .kind = CNV_CHANGE_REMOVED,
					       .thing = "list",
					       .name = before->lists[i].name,
					       .from = list_place(&before->lists[i]) });
	if (olds.failed || news.failed)
		status = CNV_NO_MEMORY;
	cnv_map_fini(&olds);
	cnv_map_fini(&news);
	return status;
}

/* ---------------------------------------------------------------- the whole */

cnv_status cnv_form_changes(const cnv_form *before, const cnv_form *after, const cnv_matching *matching,
			    void (*told)(void *self, const cnv_change *change), void *self, cnv_arena *scratch)
{
	comparison c = { .before = before,
			 .after = after,
			 .matching = matching,
			 .emit = told,
			 .self = self,
			 .arena = scratch,
			 .languages = cnv_arena_array(scratch, after->language_count, sizeof *c.languages) };
	cnv_status status;

	if (!c.languages)
		return CNV_NO_MEMORY;
	status = compare_settings(&c);
	compare_languages(&c);
	if (!status)
		status = compare_questions(&c);
	if (!status)
		status = compare_lists(&c);
	return status || scratch->failed ? CNV_NO_MEMORY : CNV_OK;
}
