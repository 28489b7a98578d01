/* follow.c: where the paths of formulas lead. */
#include "canvass/form.h"

static cnv_question_id find_child(const cnv_form *form, cnv_question_id parent, cnv_str name)
{
	cnv_question_id id = parent == CNV_NONE ? 0 : parent + 1;
	cnv_question_id end = parent == CNV_NONE ? form->count : form->questions[parent].after;

	for (; id < end; id = form->questions[id].after)
		if (cnv_str_equal(form->questions[id].name, name))
			return id;
	return CNV_NONE;
}

/* A place on a path: a question, group or repeat, the form's root (CNV_NONE), or what is above it. */
struct place {
	cnv_question_id id;
	bool above;
};

/* false: there is nothing. */
static bool take_step(const cnv_form *form, struct place *place, cnv_formula_step step, cnv_str name)
{
	switch (step) {
	case CNV_STEP_SELF:
		return true;
	case CNV_STEP_PARENT:
		place->above = place->id == CNV_NONE;
		if (place->id != CNV_NONE)
			place->id = form->questions[place->id].parent;
		return !place->above;
	case CNV_STEP_NAME:
		if (place->above) {
			place->above = false;
			return cnv_str_equal(name, form->root);
		}
		place->id = find_child(form, place->id, name);
		return place->id != CNV_NONE;
	case CNV_STEP_ANY:
	case CNV_STEP_ATTRIBUTE:
	case CNV_STEP_CALL:
	case CNV_STEP_ANYWHERE:
		return false;
	}
	return false;
}

static bool begin(const cnv_form *form, cnv_question_id self, const cnv_formula_node *node, struct place *place)
{
	*place = (struct place){ .id = self };
	switch (node->kind) {
	case CNV_F_REFERENCE:
		place->id = node->text.len && !node->last_saved ? cnv_form_find(form, node->text) : CNV_NONE;
		return place->id < form->count;
	case CNV_F_ROOT:
		*place = (struct place){ .id = CNV_NONE, .above = true };
		return true;
	case CNV_F_SELF:
	case CNV_F_CURRENT:
		return self < form->count;
	case CNV_F_PARENT:
		return self < form->count && take_step(form, place, CNV_STEP_PARENT, node->text);
	case CNV_F_NAME:
		return self < form->count && take_step(form, place, CNV_STEP_NAME, node->text);
	case CNV_F_STEP:
		return self < form->count && !node->axis.len && take_step(form, place, node->step, node->text);
	case CNV_F_NUMBER:
	case CNV_F_TEXT:
	case CNV_F_INSTANCE:
	case CNV_F_WHERE:
	case CNV_F_NEGATE:
	case CNV_F_BINARY:
	case CNV_F_CALL:
		return false;
	}
	return false;
}

cnv_question_id cnv_form_follow(const cnv_form *form, cnv_question_id self, const cnv_formula_tree *tree, uint32_t node)
{
	struct place place;

	if (!form || !tree || node >= tree->count || !begin(form, self, &tree->nodes[tree->nodes[node].first], &place))
		return CNV_NONE;
	for (uint32_t i = tree->nodes[node].first + 1; i <= node; i++) {
		const cnv_formula_node *step = &tree->nodes[i];

		if (step->kind != CNV_F_STEP || step->axis.len || !take_step(form, &place, step->step, step->text))
			return CNV_NONE;
	}
	return place.above ? CNV_NONE : place.id;
}

uint32_t cnv_form_table_of(const cnv_form *form, cnv_question_id self)
{
	if (!form || self >= form->count)
		return 0;
	const cnv_question *question = &form->questions[self];
	return question->role == CNV_REPEAT ? form->tables[question->table].parent : question->table;
}
