/* change_questions.c: questions that were added, removed, renamed, moved or altered.
 *
 * Order is compared within each section by the longest run of questions that kept theirs, so that one moved question is
 * one change.
 */
#include "form/changes.h"

#include <stddef.h>

/* The parts of a question that are compared. */
static const struct wording_aspect {
	size_t at;
	const char *name;
} wording_aspects[] = {
	{ offsetof(cnv_question, label), "label" },
	{ offsetof(cnv_question, hint), "hint" },
	{ offsetof(cnv_question, guidance), "guidance" },
	{ offsetof(cnv_question, constraint_message), "message of the rule" },
	{ offsetof(cnv_question, required_message), "message where required" },
	{ offsetof(cnv_question, warning_message), "message of the warning" },
};

static const struct formula_aspect {
	size_t at;
	const char *name;
} formula_aspects[] = {
	{ offsetof(cnv_question, required), "required" },
	{ offsetof(cnv_question, relevant), "skip logic" },
	{ offsetof(cnv_question, constraint), "rule" },
	{ offsetof(cnv_question, warning), "warning" },
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

/* "select_one yn", as the type column has it. */
static cnv_str type_text(const cnv_form *form, const cnv_question *question, cnv_arena *arena)
{
	cnv_str name = cnv_str_from(question->type->name);

	if (question->list == CNV_NONE)
		return name;
	return cnv_arena_format(arena, "%.*s %.*s%s", CNV_ARG(name), CNV_ARG(form->lists[question->list].name),
				question->or_other ? " or_other" : "");
}

/* A formula as its author wrote it: undoes the replacement of yes and no by functions. */
static cnv_str formula_text(const cnv_formula *formula)
{
	if (cnv_str_equal(formula->text, CNV_STR("true()")))
		return CNV_STR("yes");
	return cnv_str_equal(formula->text, CNV_STR("false()")) ? CNV_STR("no") : formula->text;
}

static cnv_str headline_text(const cnv_question *question, cnv_arena *arena)
{
	return question->headline ? cnv_arena_format(arena, "%u", (unsigned)question->headline) : (cnv_str){ 0 };
}

static cnv_str unit_text(const cnv_form *form, const cnv_question *question)
{
	return question->unit == CNV_NONE ? (cnv_str){ 0 } : form->questions[question->unit].name;
}

static cnv_status compare_content(const cnv_form_comparison *c, const cnv_question *old, const cnv_question *new)
{
	cnv_change change = { .kind = CNV_CHANGE_ALTERED,
			      .thing = thing_of(new),
			      .name = new->name,
			      .from = old->place,
			      .to = new->place };

	change.aspect = "type";
	cnv_form_compare_text(c, change, type_text(c->before, old, c->arena), type_text(c->after, new, c->arena));
	for (size_t i = 0; i < sizeof wording_aspects / sizeof wording_aspects[0]; i++) {
		change.aspect = wording_aspects[i].name;
		cnv_form_compare_wording(c, change, field(old, wording_aspects[i].at),
					 field(new, wording_aspects[i].at));
	}
	for (size_t i = 0; i < sizeof formula_aspects / sizeof formula_aspects[0]; i++) {
		const cnv_formula *left = field(old, formula_aspects[i].at), *right = field(new, formula_aspects[i].at);
		change.aspect = formula_aspects[i].name;
		cnv_form_compare_text(c, change, formula_text(left), formula_text(right));
	}
	for (size_t i = 0; i < sizeof text_aspects / sizeof text_aspects[0]; i++) {
		const cnv_str *left = field(old, text_aspects[i].at), *right = field(new, text_aspects[i].at);
		change.aspect = text_aspects[i].name;
		cnv_form_compare_text(c, change, *left, *right);
	}
	change.aspect = "headline";
	cnv_form_compare_text(c, change, headline_text(old, c->arena), headline_text(new, c->arena));
	change.aspect = "unit";
	cnv_form_compare_text(c, change, unit_text(c->before, old), unit_text(c->after, new));
	change.aspect = "column";
	return cnv_form_compare_extras(c, change, old->extras, old->extra_count, new->extras, new->extra_count);
}

/* The same question in the first form, perhaps renamed. */
static cnv_question_id origin(const cnv_form_comparison *c, cnv_question_id id)
{
	cnv_question_id old = c->matching->before_of[id];

	return old == CNV_NONE ? c->matching->renamed[id] : old;
}

static bool same_section(const cnv_form_comparison *c, cnv_question_id old, cnv_question_id new)
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

/* The name before a question in its section; empty: it is the first. */
static cnv_str neighbour(const cnv_form *form, cnv_question_id id)
{
	cnv_question_id parent = form->questions[id].parent, at = id ? id - 1 : CNV_NONE;

	if (at == CNV_NONE || at == parent)
		return (cnv_str){ 0 };
	while (form->questions[at].parent != parent)
		at = form->questions[at].parent;
	return form->questions[at].name;
}

/* Which questions of the second form kept their order within their section. */
static bool *find_unmoved(const cnv_form_comparison *c)
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
	/* Now starts[p] is where the children of p end. */
	for (uint32_t parent = 0, from = 0; parent <= form->count; from = starts[parent++]) {
		uint32_t count = starts[parent] - from;
		bool *kept = count ? cnv_form_rising(ranks + from, count, c->arena) : NULL;
		if (count && !kept)
			return NULL;
		for (uint32_t i = 0; i < count; i++)
			unmoved[ids[from + i]] = kept[i];
	}
	return unmoved;
}

static void emit_move(const cnv_form_comparison *c, cnv_question_id old, cnv_question_id new, bool unmoved)
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
		cnv_form_emit_change(c, &change);
}

cnv_status cnv_form_compare_questions(const cnv_form_comparison *c)
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
			cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_ADDED,
							       .thing = thing_of(new),
							       .name = new->name,
							       .after = cnv_wording_text(after, &new->label,
											 after->default_language),
							       .to = new->place });
			continue;
		}
		gone[old] = false;
		if (c->matching->before_of[id] == CNV_NONE)
			cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_RENAMED,
							       .thing = thing_of(new),
							       .name = new->name,
							       .before = before->questions[old].name,
							       .after = new->name,
							       .from = before->questions[old].place,
							       .to = new->place });
		emit_move(c, old, id, unmoved[id]);
		status = compare_content(c, &before->questions[old], new);
	}
	for (cnv_question_id id = 0; id < before->count; id++) {
		const cnv_question *old = &before->questions[id];
		if (gone[id])
			cnv_form_emit_change(c, &(cnv_change){ .kind = CNV_CHANGE_REMOVED,
							       .thing = thing_of(old),
							       .name = old->name,
							       .before = cnv_wording_text(before, &old->label,
											  before->default_language),
							       .from = old->place });
	}
	return status;
}
