/* Operands: the stack entries while steps are built from nodes.
 *
 * An operand is loaded or converted only when it is used, to the type that its user needs: so `${select} = 'yes'`
 * becomes a comparison of two numbers, and `if(a, 1, 'x')` keeps both its types.  A step whose arguments are all
 * constant is run at once, and replaced by its value. */
#include "expr/compile.h"
#include "expr/machine.h"
#include "expr/pattern.h"

/* ---------------------------------------------------------------- operands */

expr_operand *expr_operand_new(expr_compiler *compiler, expr_operand_kind kind, expr_type type)
{
	expr_operand *operand = cnv_arena_get(&compiler->work, sizeof *operand);
	if (!operand) {
		compiler->no_memory = true;
		return &compiler->nobody;
	}
	*operand = (expr_operand){ .kind = kind, .type = type, .question = CNV_NONE };
	return operand;
}

expr_operand *expr_bad(expr_compiler *compiler)
{
	return expr_operand_new(compiler, OPERAND_BAD, TYPE_TEXT);
}

expr_operand *expr_constant_text(expr_compiler *compiler, cnv_str text)
{
	expr_operand *operand = expr_operand_new(compiler, OPERAND_CONSTANT, TYPE_TEXT);
	if (operand != &compiler->nobody)
		operand->value.text = text;
	return operand;
}

expr_operand *expr_constant_number(expr_compiler *compiler, double number)
{
	expr_operand *operand = expr_operand_new(compiler, OPERAND_CONSTANT, TYPE_NUMBER);
	if (operand != &compiler->nobody)
		operand->value.number = number;
	return operand;
}

expr_operand *expr_constant_truth(expr_compiler *compiler, bool truth)
{
	expr_operand *operand = expr_operand_new(compiler, OPERAND_CONSTANT, TYPE_BOOLEAN);
	if (operand != &compiler->nobody)
		operand->value.truth = truth;
	return operand;
}

expr_type expr_storage(expr_type type)
{
	return type == TYPE_TEXT || type == TYPE_BOOLEAN ? type : TYPE_NUMBER;
}

static uint32_t new_register(expr_compiler *compiler, expr_type type)
{
	cnv_expr *expr = compiler->expr;
	if (!cnv_arena_grow(compiler->arena, (void **)&expr->registers, expr->register_count, &expr->register_room,
			    sizeof *expr->registers)) {
		compiler->no_memory = true;
		return 0;
	}
	expr->registers[expr->register_count] = expr_storage(type);
	return expr->register_count++;
}

/* The register that holds an operand after its conversion. */
uint32_t expr_register_of(expr_compiler *compiler, const expr_operand *operand)
{
	cnv_expr *expr = compiler->expr;
	if (operand->kind == OPERAND_REGISTER)
		return operand->reg;
	uint32_t to = new_register(compiler, operand->type);
	if (!cnv_arena_grow(compiler->arena, (void **)&expr->constants, expr->constant_count, &expr->constant_room,
			    sizeof *expr->constants)) {
		compiler->no_memory = true;
		return to;
	}
	expr->constants[expr->constant_count].to = to;
	expr->constants[expr->constant_count++].value = operand->value;
	return to;
}

/* ---------------------------------------------------------------- folding */

/* Runs one step on constants.  false: it needs the world, or was undecided. */
static bool fold(expr_compiler *compiler, const expr_step *step, expr_type type, expr_operand *const *args,
		 uint32_t count, expr_value *value)
{
	expr_register *registers = cnv_arena_array(&compiler->work, count + 1, sizeof *registers);
	expr_value *values = cnv_arena_array(&compiler->work, count + 1, sizeof *values);
	uint64_t *bits = cnv_arena_array(&compiler->work, (size_t)(count + 1) * 2, sizeof *bits);
	uint32_t *numbers = cnv_arena_array(&compiler->work, count + 1, sizeof *numbers);
	if (!registers || !values || !bits || !numbers) {
		compiler->no_memory = true;
		return false;
	}
	for (uint32_t i = 0; i <= count; i++) {
		expr_type kept = expr_storage(i < count ? args[i]->type : type);
		if (i < count) {
			values[i] = args[i]->value;
			bits[(size_t)i * 2] = args[i]->value.truth;
		}
		registers[i].unsure = &bits[(size_t)i * 2 + 1];
		registers[i].at = kept == TYPE_TEXT     ? (void *)&values[i].text
				  : kept == TYPE_NUMBER ? (void *)&values[i].number
							: (void *)&bits[(size_t)i * 2];
		numbers[i] = i;
	}
	expr_machine machine = {
		.expr = compiler->expr, .registers = registers, .scratch = compiler->arena, .folding = true
	};
	expr_step alone = *step;
	alone.args = numbers;
	alone.argc = count;
	alone.to = count;
	expr_kernels[step->op](&machine, &alone, 1);
	expr_pattern_free(machine.last_pattern);
	if (machine.failed)
		compiler->no_memory = true;
	*value = values[count];
	value->truth = (bits[(size_t)count * 2] & 1) != 0;
	return !machine.asked_world && !machine.failed && (*registers[count].unsure & 1) == 0;
}

static const uint8_t knows[OP_COUNT] = {
#define STEP(name, what) [OP_##name] = (what),
	EXPR_STEPS(STEP)
#undef STEP
};

expr_operand *expr_emit(expr_compiler *compiler, expr_step step, expr_type type, expr_operand *const *args,
			uint32_t count)
{
	cnv_expr *expr = compiler->expr;
	bool constant = (knows[step.op] & STEP_READS) == 0;
	for (uint32_t i = 0; i < count; i++) {
		if (args[i]->kind == OPERAND_BAD || compiler->no_memory)
			return expr_bad(compiler);
		constant = constant && args[i]->kind == OPERAND_CONSTANT;
	}
	if (constant) {
		expr_operand *folded = expr_operand_new(compiler, OPERAND_CONSTANT, type);
		expr_value value = { .number = 0 };
		if (folded != &compiler->nobody && fold(compiler, &step, type, args, count, &value)) {
			folded->value = value;
			return folded;
		}
	}
	uint32_t *registers = cnv_arena_array(compiler->arena, count, sizeof *registers);
	if (!registers && count > 0) {
		compiler->no_memory = true;
		return expr_bad(compiler);
	}
	for (uint32_t i = 0; i < count; i++)
		registers[i] = expr_register_of(compiler, args[i]);
	step.args = registers;
	step.argc = count;
	step.to = new_register(compiler, type);
	if (!cnv_arena_grow(compiler->arena, (void **)&expr->steps, expr->step_count, &expr->step_room, sizeof step)) {
		compiler->no_memory = true;
		return expr_bad(compiler);
	}
	expr->steps[expr->step_count++] = step;
	expr_operand *result = expr_operand_new(compiler, OPERAND_REGISTER, type);
	if (result != &compiler->nobody)
		result->reg = step.to;
	return result;
}

/* ---------------------------------------------------------------- answers */

void expr_use(expr_compiler *compiler, cnv_question_id question)
{
	cnv_expr *expr = compiler->whole;
	for (uint32_t i = 0; i < expr->use_count; i++)
		if (expr->uses[i] == question)
			return;
	if (!cnv_arena_grow(compiler->arena, (void **)&expr->uses, expr->use_count, &expr->use_room, sizeof question)) {
		compiler->no_memory = true;
		return;
	}
	expr->uses[expr->use_count++] = question;
}

uint32_t expr_level_table(const expr_compiler *compiler, uint32_t level)
{
	return level == 0 ? compiler->whole->table : compiler->scopes[level].table;
}

bool expr_owns(const cnv_form *form, uint32_t owner, uint32_t table)
{
	while (table != owner && table != 0)
		table = form->tables[table].parent;
	return table == owner;
}

uint32_t expr_way_to(expr_compiler *compiler, uint32_t level, uint32_t table, bool *single)
{
	cnv_expr *expr = compiler->expr;
	uint32_t common = table, base = expr_level_table(compiler, level);
	while (!expr_owns(compiler->form, common, base))
		common = compiler->form->tables[common].parent;
	*single = common == table;
	for (uint32_t i = 0; i < expr->way_count; i++)
		if (expr->ways[i].table == table && expr->ways[i].level == level)
			return i;
	if (!cnv_arena_grow(compiler->arena, (void **)&expr->ways, expr->way_count, &expr->way_room,
			    sizeof *expr->ways)) {
		compiler->no_memory = true;
		return 0;
	}
	expr->ways[expr->way_count] = (expr_way){ .level = level, .table = table, .common = common };
	return expr->way_count++;
}

expr_step expr_column_step(expr_compiler *compiler, expr_op op, const expr_operand *answer)
{
	const cnv_question *question = &compiler->form->questions[answer->question];
	bool single;
	return (expr_step){ .op = op,
			    .way = expr_way_to(compiler, answer->level, question->table, &single),
			    .column = question->column };
}

const cnv_list *expr_closed_list(const expr_compiler *compiler, const expr_operand *operand)
{
	if (operand->kind != OPERAND_ANSWER)
		return NULL;
	const cnv_question *question = &compiler->form->questions[operand->question];
	bool chosen = cnv_kind_is_select(question->kind);
	if (!chosen || question->list >= compiler->form->list_count || compiler->form->lists[question->list].open)
		return NULL;
	return &compiler->form->lists[question->list];
}

expr_type expr_answer_type(const cnv_question *question)
{
	switch (cnv_kind_value(question->kind)) {
	case CNV_VALUE_NUMBER:
		return TYPE_ANSWER;
	case CNV_VALUE_DAY:
		return TYPE_DAY;
	case CNV_VALUE_MOMENT:
		return TYPE_MOMENT;
	case CNV_VALUE_TEXT:
	case CNV_VALUE_TIME:
	case CNV_VALUE_CHOICE:
	case CNV_VALUE_SET:
		break;
	}
	return TYPE_TEXT;
}

expr_operand *expr_question(expr_compiler *compiler, cnv_question_id id, uint32_t level, uint32_t from, uint32_t upto)
{
	const cnv_question *question = &compiler->form->questions[id];
	expr_operand *operand;
	bool single = true;

	if (question->role == CNV_REPEAT) {
		expr_way_to(compiler, level, question->table, &single);
		operand = expr_operand_new(compiler, single ? OPERAND_GROUP : OPERAND_ENTRIES, TYPE_TEXT);
	} else if (question->role == CNV_GROUP) {
		operand = expr_operand_new(compiler, OPERAND_GROUP, TYPE_TEXT);
	} else if (question->column == CNV_NONE) { /* a note */
		operand = expr_constant_text(compiler, CNV_STR(""));
	} else {
		expr_way_to(compiler, level, question->table, &single);
		operand = expr_operand_new(compiler, single ? OPERAND_ANSWER : OPERAND_ENTRIES,
					   expr_answer_type(question));
	}
	if (operand == &compiler->nobody)
		return operand;
	expr_use(compiler, id);
	operand->question = id;
	operand->level = level;
	operand->from = from;
	operand->upto = upto;
	return operand;
}

/* ---------------------------------------------------------------- sets */

expr_step expr_set_step(expr_op op, const expr_operand *set)
{
	return (expr_step){ .op = op, .data = set->reading };
}

expr_operand *expr_any(expr_compiler *compiler, const expr_operand *set)
{
	expr_operand *any = expr_operand_new(compiler, OPERAND_REGISTER, TYPE_BOOLEAN);
	if (any->kind == OPERAND_REGISTER)
		any->reg = set->reg;
	return any;
}

/* ---------------------------------------------------------------- conversions */

expr_operand *expr_placed(expr_operand *operand, uint32_t from, uint32_t upto)
{
	operand->from = from;
	operand->upto = upto;
	return operand;
}

static expr_operand *with_place(expr_operand *operand, const expr_operand *from)
{
	return expr_placed(operand, from->from, from->upto);
}

static expr_operand *load(expr_compiler *compiler, const expr_operand *answer, expr_type type)
{
	if (answer->kind == OPERAND_COLUMN) {
		const cnv_form *form = compiler->form;
		cnv_question_id self = compiler->context->self;
		const cnv_list *list = NULL;
		if (answer->items)
			list = answer->items->list;
		else if (form && self < form->count && form->questions[self].list < form->list_count)
			list = cnv_list_known(&form->lists[form->questions[self].list]);
		expr_step step = { .op = answer->items ? OP_load_item_text : OP_load_choice_text,
				   .level = answer->level,
				   .data = expr_column_texts(compiler, list, answer->name, true) };
		return step.data != NULL ? expr_emit(compiler, step, TYPE_TEXT, NULL, 0) : expr_bad(compiler);
	}
	const cnv_question *question = &compiler->form->questions[answer->question];
	if (type == TYPE_BOOLEAN)
		return expr_emit(compiler, expr_column_step(compiler, OP_load_there, answer), TYPE_BOOLEAN, NULL, 0);
	if (type != TYPE_TEXT)
		return expr_emit(compiler, expr_column_step(compiler, OP_load_number, answer), answer->type, NULL, 0);
	expr_step step = expr_column_step(compiler, OP_load_text, answer);
	if (question->list < compiler->form->list_count)
		step.data = &compiler->form->lists[question->list];
	return expr_emit(compiler, step, TYPE_TEXT, NULL, 0);
}

/* The step that converts a register to another type; OP_COUNT: no conversion is necessary.  The last column is for
 * date() and similar functions. */
/* clang-format off */
static const expr_op conversions[TYPE_COUNT][4] = {
	/*                   text                number                boolean               day                  */
	[TYPE_TEXT]    = { OP_COUNT,           OP_text_to_number,    OP_text_to_boolean,   OP_text_to_days      },
	[TYPE_NUMBER]  = { OP_number_to_text,  OP_COUNT,             OP_number_to_boolean, OP_COUNT             },
	[TYPE_BOOLEAN] = { OP_boolean_to_text, OP_boolean_to_number, OP_COUNT,             OP_boolean_to_number },
	[TYPE_DAY]     = { OP_day_to_text,     OP_COUNT,             OP_days_to_boolean,   OP_COUNT             },
	[TYPE_MOMENT]  = { OP_moment_to_text,  OP_COUNT,             OP_days_to_boolean,   OP_COUNT             },
	[TYPE_ANSWER]  = { OP_answer_to_text,  OP_COUNT,             OP_number_to_boolean, OP_COUNT             },
};
/* clang-format on */

static expr_operand *convert(expr_compiler *compiler, const expr_operand *operand, expr_type type)
{
	expr_op op = conversions[operand->type][type];
	if (op == OP_COUNT) {
		expr_operand *same = expr_operand_new(compiler, operand->kind, operand->type);
		if (same != &compiler->nobody)
			*same = *operand;
		return same;
	}
	expr_operand *args[] = { expr_operand_new(compiler, operand->kind, operand->type) };
	if (args[0] != &compiler->nobody)
		*args[0] = *operand;
	return expr_emit(compiler, (expr_step){ .op = op }, type, args, 1);
}

expr_operand *expr_as(expr_compiler *compiler, const expr_operand *operand, expr_type type)
{
	const cnv_form *form = compiler->form;

	switch (operand->kind) {
	case OPERAND_BAD:
		return expr_bad(compiler);
	case OPERAND_CONSTANT:
	case OPERAND_REGISTER:
		return with_place(convert(compiler, operand, type), operand);
	case OPERAND_ANSWER: {
		if (type == TYPE_BOOLEAN && operand->type != TYPE_ANSWER)
			return with_place(load(compiler, operand, TYPE_BOOLEAN), operand);
		expr_type as = type == TYPE_TEXT || operand->type == TYPE_TEXT ? TYPE_TEXT : TYPE_NUMBER;
		expr_operand *loaded = load(compiler, operand, as);
		return with_place(loaded->kind == OPERAND_BAD ? loaded : convert(compiler, loaded, type), operand);
	}
	case OPERAND_COLUMN: {
		expr_operand *loaded = load(compiler, operand, TYPE_TEXT);
		return with_place(loaded->kind == OPERAND_BAD ? loaded : convert(compiler, loaded, type), operand);
	}
	case OPERAND_CHOICE_OF: {
		static const expr_op choose[] = { OP_choose_text, OP_choose_number, OP_choose_boolean,
						  OP_choose_number };
		expr_operand *args[] = { expr_as(compiler, operand->condition, TYPE_BOOLEAN),
					 expr_as(compiler, operand->yes, type), expr_as(compiler, operand->no, type) };
		expr_type result = type == TYPE_TEXT || type == TYPE_BOOLEAN ? type : operand->type;
		return with_place(expr_emit(compiler, (expr_step){ .op = choose[type] },
					    expr_storage(result) == expr_storage(type) ? result : type, args, 3),
				  operand);
	}
	case OPERAND_SET: {
		const expr_source *source = &operand->reading->sources[0];
		expr_operand *any = expr_any(compiler, operand);
		if (type == TYPE_BOOLEAN && source->column == CNV_NONE)
			return with_place(any, operand);
		if (source->column == CNV_NONE) {
			expr_complain(compiler, CNV_NOT_AN_ANSWER, operand->from, operand->upto,
				      source->table == CNV_NONE ? CNV_STR("add one of its columns: /name, /label")
								: CNV_STR("name a question inside it"),
				      "this leads to %s, not to an answer",
				      source->table == CNV_NONE ? "items of a list" : "entries or a group");
			return expr_bad(compiler);
		}
		bool text = type == TYPE_TEXT || operand->type == TYPE_TEXT;
		expr_operand *loaded =
			expr_emit(compiler, expr_set_step(text ? OP_first_text : OP_first_number, operand),
				  text ? TYPE_TEXT : operand->type, &any, 1);
		return with_place(loaded->kind == OPERAND_BAD ? loaded : convert(compiler, loaded, type), operand);
	}
	case OPERAND_ENTRIES:
		return expr_as(compiler, compiler->first_of(compiler, operand), type);
	case OPERAND_GROUP:
		expr_complain(compiler, CNV_NOT_AN_ANSWER, operand->from, operand->upto,
			      CNV_STR("name a question inside it"), "\"%.*s\" is a group and has no answer of its own",
			      CNV_ARG(operand->question != CNV_NONE ? form->questions[operand->question].name
								    : CNV_STR("the form")));
		return expr_bad(compiler);
	}
	return expr_bad(compiler);
}

expr_operand *expr_choose(expr_compiler *compiler, const expr_operand *condition, const expr_operand *yes,
			  const expr_operand *no)
{
	expr_type type = yes->type;
	if (yes->type != no->type) {
		bool numbers = (yes->type == TYPE_NUMBER || yes->type == TYPE_ANSWER) &&
			       (no->type == TYPE_NUMBER || no->type == TYPE_ANSWER);
		bool days = (yes->type == TYPE_DAY || yes->type == TYPE_MOMENT) &&
			    (no->type == TYPE_DAY || no->type == TYPE_MOMENT);
		type = numbers ? TYPE_ANSWER : days ? TYPE_DAY : TYPE_TEXT;
	}
	if (condition->kind == OPERAND_CONSTANT) {
		expr_operand *taken = expr_operand_new(compiler, OPERAND_BAD, TYPE_TEXT);
		if (taken != &compiler->nobody)
			*taken = condition->value.truth ? *yes : *no;
		return taken;
	}
	expr_operand *operand = expr_operand_new(compiler, OPERAND_CHOICE_OF, type);
	if (operand != &compiler->nobody) {
		operand->condition = condition;
		operand->yes = yes;
		operand->no = no;
	}
	return operand;
}

expr_operand *expr_condition(expr_compiler *compiler, expr_operand *operand)
{
	return expr_as(compiler, operand, TYPE_BOOLEAN);
}
