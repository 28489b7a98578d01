/* explain.c: the steps of a program, one per line: register, type, operation, and operands. */
#include "expr/sets.h"

static const struct operation {
	const char *name;
	uint8_t knows;
} operations[OP_COUNT] = {
#define STEP(name, knows) [OP_##name] = { #name, (knows) },
	EXPR_STEPS(STEP)
#undef STEP
};

static const char *const types[] = { [TYPE_TEXT] = "string", [TYPE_NUMBER] = "number", [TYPE_BOOLEAN] = "boolean" };

static const char *const relations[] = {
	[IS_EQUAL] = "=",       [IS_UNEQUAL] = "!=", [IS_LESS] = "<",
	[IS_LESS_EQUAL] = "<=", [IS_MORE] = ">",     [IS_MORE_EQUAL] = ">=",
};

static void put_number(cnv_text *out, double number)
{
	char digits[CNV_NUMBER_ROOM];
	cnv_text_put(out, (cnv_str){ digits, cnv_number_write(number, digits) });
}

/* A register by its number; a constant by its value. */
static void put_register(cnv_text *out, const cnv_expr *expr, uint32_t at)
{
	for (uint32_t i = 0; i < expr->constant_count; i++) {
		const struct expr_constant *constant = &expr->constants[i];
		if (constant->to != at)
			continue;
		if (expr->registers[at] == TYPE_TEXT)
			cnv_text_format(out, "'%.*s'", CNV_ARG(constant->value.text));
		else if (expr->registers[at] == TYPE_BOOLEAN)
			cnv_text_format(out, "%s()", constant->value.truth ? "true" : "false");
		else
			put_number(out, constant->value.number);
		return;
	}
	cnv_text_format(out, "r%u", at);
}

/* The question whose column a step reads, or the repeat whose entries it reads. */
static cnv_question_id question_of(const cnv_expr *expr, const expr_step *step)
{
	const cnv_form_table *table = &expr->form->tables[expr->ways[step->way].table];
	return step->column == CNV_NONE ? table->repeat : table->columns[step->column];
}

static void put_column(cnv_text *out, const cnv_expr *expr, const expr_step *step, uint8_t what)
{
	const cnv_question *question = &expr->form->questions[question_of(expr, step)];
	cnv_text_format(out, " ${%.*s}", CNV_ARG(question->name));
	if ((what & STEP_RELATION) != 0) {
		cnv_text_format(out, " %s ", relations[step->relation]);
		put_number(out, step->number);
	}
	if ((what & STEP_CHOICE) == 0)
		return;
	const cnv_list *list = &expr->form->lists[question->list];
	if (step->choice < list->count)
		cnv_text_format(out, " '%.*s'", CNV_ARG(list->choices[step->choice].name));
	else
		cnv_text_put(out, CNV_STR(" (not a choice)"));
}

static void put_args(cnv_text *out, const cnv_expr *expr, const expr_step *step, uint8_t what)
{
	bool compares = (what & STEP_RELATION) != 0 && step->argc == 2;
	for (uint32_t i = 0; i < step->argc; i++) {
		if (i > 0 && compares)
			cnv_text_format(out, " %s", relations[step->relation]);
		else if (i > 0)
			cnv_text_put(out, CNV_STR(","));
		cnv_text_put(out, CNV_STR(" "));
		put_register(out, expr, step->args[i]);
	}
}

/* EXPR_LEVELS limits the nesting of conditions, and so this recursion. */
static void put_program(cnv_text *out, const cnv_expr *expr)
{
	for (uint32_t i = 0; i < expr->step_count; i++) {
		const expr_step *step = &expr->steps[i];
		uint8_t what = operations[step->op].knows;

		for (uint32_t k = 0; k < expr->level; k++)
			cnv_text_put(out, CNV_STR("  "));
		cnv_text_format(out, "r%u %s = %s", step->to, types[expr->registers[step->to]],
				operations[step->op].name);
		if ((what & STEP_COLUMN) == STEP_COLUMN)
			put_column(out, expr, step, what);
		if (step->op == OP_select)
			cnv_text_format(out, " set %u", step->set);
		if ((what & STEP_SET) != 0)
			cnv_text_format(out, " set %u", ((const expr_reading *)step->data)->set);
		put_args(out, expr, step, what);
		cnv_text_put(out, CNV_STR("\n"));
		/* The conditions of a path that are evaluated for each of its members. */
		const expr_selector *selector = step->op == OP_select ? step->data : NULL;
		for (uint32_t h = 0; selector && h < selector->hop_count; h++)
			for (uint32_t f = 0; f < selector->hops[h].filter_count; f++)
				if (selector->hops[h].filters[f].kind == BY_PROGRAM)
					put_program(out, selector->hops[h].filters[f].program);
	}
	for (uint32_t k = 0; k < expr->level; k++)
		cnv_text_put(out, CNV_STR("  "));
	cnv_text_put(out, CNV_STR("result "));
	cnv_text_format(out, "%s = ", types[expr->registers[expr->result]]);
	put_register(out, expr, expr->result);
	cnv_text_put(out, CNV_STR("\n"));
}

void cnv_expr_explain(const cnv_expr *expr, cnv_text *out)
{
	put_program(out, expr);
}
