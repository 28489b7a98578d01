/* A form compiled: every formula of every question turned into a rule, and the order to run them in.
 *
 * A cell that is only a yes or no word is a constant.  A condition that several questions of one table have in the same
 * words is compiled once and its truth shared, unless it can mean something else on each (it reads its own place, as
 * with a dot) or differs from call to call (it calls random()).  A formula that cannot be compiled is not shared, so
 * that it is reported wherever it occurs.
 */
#include "check/plan.h"

/* One build: what compile() needs besides the plan. */
struct build {
	cnv_plan *plan;
	cnv_arena *arena;
	cnv_diags *diags;
	cnv_map shared; /* table and text of a condition -> program */
	uint32_t rows_ahead;
	bool rejected;
	uint32_t nearest_left;
};

static bool read_word(cnv_str text, cnv_slot_rule *rule)
{
	cnv_yes_no word = cnv_yes_no_read(text);

	if (word != CNV_UNSET)
		rule->kind = word == CNV_YES ? CNV_RULE_YES : CNV_RULE_NO;
	return word != CNV_UNSET;
}

/* The same text could mean something else on another question: it has a dot, a bare name, a path, or a call without
 * arguments that may mean the question itself, such as string-length(). */
static bool reads_own_place(const cnv_formula_tree *tree)
{
	static const char *const placeless[] = { "true", "false", "today", "now" };

	for (uint32_t i = 0; tree && i < tree->count; i++) {
		const cnv_formula_node *node = &tree->nodes[i];
		bool own = node->kind != CNV_F_NUMBER && node->kind != CNV_F_TEXT && node->kind != CNV_F_REFERENCE &&
			   node->kind != CNV_F_NEGATE && node->kind != CNV_F_BINARY &&
			   (node->kind != CNV_F_CALL || !node->argc);

		for (size_t k = 0; own && k < sizeof placeless / sizeof placeless[0]; k++)
			own = !cnv_formula_is_call(tree, i, placeless[k]);
		if (own)
			return true;
	}
	return !tree;
}

static bool add_program(struct build *build, cnv_expr *expr, uint32_t *index)
{
	cnv_plan *plan = build->plan;

	if (!cnv_mem_room((void **)&plan->programs, &plan->program_room, plan->program_count + 1,
			  sizeof *plan->programs)) {
		cnv_expr_fini(expr);
		return false;
	}
	*index = plan->program_count++;
	plan->programs[*index] = expr;
	return true;
}

/* Unknown names that are compared with all names of the form, for "did you mean". */
#define MOST_SEARCHES 100u

/* Turns one formula into a rule. */
static cnv_status compile(struct build *build, cnv_question_id id, cnv_slot slot)
{
	cnv_plan *plan = build->plan;
	const cnv_question *question = &plan->form->questions[id];
	const cnv_formula *formula = cnv_slot_formula(question, slot);
	cnv_slot_rule *rule = &plan->rules[id][slot];
	cnv_context context = { .form = plan->form,
				.self = id,
				.purpose = cnv_slots[slot].purpose,
				.field = question->name,
				.nearest_left = &build->nearest_left,
				.rows_ahead = build->rows_ahead };
	cnv_str key = { 0 };
	uint32_t found = CNV_NONE;
	cnv_expr *expr = NULL;
	cnv_status status;

	if (slot == CNV_SLOT_FILTER && question->filtered != CNV_NONE)
		context.self = question->filtered;
	if (!formula->text.len || (cnv_slots[slot].word && read_word(formula->text, rule)) ||
	    (slot == CNV_SLOT_DEFAULT && !cnv_default_is_dynamic(formula->text, question->kind)))
		return CNV_OK;
	plan->expressions++;
	if (cnv_slots[slot].purpose == CNV_FOR_CONDITION && !reads_own_place(formula->tree)) {
		key = cnv_arena_format(build->arena, "%u:%.*s", cnv_slot_table(plan->form, id), CNV_ARG(formula->text));
		found = cnv_map_find(&build->shared, key);
	}
	if (found != CNV_NONE) {
		*rule = (cnv_slot_rule){ CNV_RULE_PROGRAM, found, plan->programs[found] };
		return CNV_OK;
	}
	status = cnv_expr_compile(&expr, formula, &context, build->arena, build->diags);
	if (status == CNV_REJECTED) {
		build->rejected = true;
		return CNV_OK;
	}
	if (status)
		return status;
	if (!add_program(build, expr, &found))
		return CNV_NO_MEMORY;
	if (key.len && !cnv_expr_is_volatile(expr))
		cnv_map_put(&build->shared, key, found);
	*rule = (cnv_slot_rule){ CNV_RULE_PROGRAM, found, plan->programs[found] };
	return CNV_OK;
}

static cnv_status compile_all(struct build *build)
{
	cnv_plan *plan = build->plan;
	const cnv_form *form = plan->form;
	cnv_context settings = {
		.form = form, .self = CNV_NONE, .field = CNV_STR("instance_name"), .rows_ahead = build->rows_ahead
	};
	cnv_status status;

	for (cnv_question_id id = 0; id < form->count; id++)
		for (cnv_slot slot = 0; slot < CNV_SLOTS; slot++)
			if ((status = compile(build, id, slot)))
				return status;
	if (form->instance_name.text.len) {
		plan->expressions++;
		status = cnv_expr_compile(&plan->instance_name, &form->instance_name, &settings, build->arena,
					  build->diags);
		if (status == CNV_REJECTED)
			build->rejected = true;
		else if (status)
			return status;
	}
	return build->shared.failed || build->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_plan_build(cnv_plan **out, const cnv_form *form, uint32_t rows_ahead, cnv_arena *arena, cnv_diags *diags)
{
	struct build build = {
		.arena = arena, .diags = diags, .rows_ahead = rows_ahead, .nearest_left = MOST_SEARCHES
	};
	size_t shortages = cnv_mem_shortages();
	cnv_status status = CNV_NO_MEMORY;
	cnv_once once;

	*out = NULL;
	cnv_once_init(&once, diags);
	if (form->looped)
		build.diags = &once.diags;
	build.plan = cnv_arena_get(arena, sizeof *build.plan);
	if (!build.plan)
		goto out;
	build.plan->form = form;
	build.plan->rules = cnv_arena_array(arena, form->count, sizeof *build.plan->rules);
	if (form->count && !build.plan->rules)
		goto out;
	if ((status = compile_all(&build)))
		goto out;
	status = cnv_plan_sort(build.plan, arena, build.diags);
	if (!status && build.rejected)
		status = CNV_REJECTED;
out:
	cnv_once_fini(&once);
	cnv_map_fini(&build.shared);
	if (cnv_mem_shortages() != shortages)
		status = CNV_NO_MEMORY;
	if (status && status != CNV_REJECTED) {
		cnv_plan_fini(build.plan);
		return status;
	}
	build.plan->rejected = status == CNV_REJECTED;
	*out = build.plan;
	return status;
}

void cnv_plan_fini(cnv_plan *plan)
{
	if (!plan)
		return;
	for (uint32_t i = 0; i < plan->program_count; i++)
		cnv_expr_fini(plan->programs[i]);
	cnv_mem_free(plan->programs);
	cnv_expr_fini(plan->instance_name);
	plan->programs = NULL;
	plan->program_count = plan->program_room = 0;
	plan->instance_name = NULL;
}

uint32_t cnv_plan_expressions(const cnv_plan *plan)
{
	return plan->expressions;
}

bool cnv_plan_is_volatile(const cnv_plan *plan)
{
	for (uint32_t i = 0; i < plan->program_count; i++)
		if (cnv_expr_is_volatile(plan->programs[i]))
			return true;
	return false;
}

const cnv_form *cnv_plan_form(const cnv_plan *plan)
{
	return plan->form;
}

uint32_t cnv_plan_programs(const cnv_plan *plan)
{
	return plan->program_count;
}
