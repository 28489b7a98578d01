/* Nodes to steps.
 *
 * Nodes come in postfix order, so one pass with a stack of operands is enough and nothing recurses over the
 * text.  An operand is loaded or converted only when something uses it and says as what: that is how
 * `${select} = 'yes'` becomes a comparison of two numbers and `if(a, 1, 'x')` keeps both its types.  A step
 * whose arguments are all constant is run at once, and its value takes its place.
 */
#include "expr_internal.h"

#include <string.h>

void expr_complain(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint,
                   const char *format, ...)
{
	cnv_place place = compiler->formula->place;
	place.from = from;
	place.upto = upto;
	va_list list;
	va_start(list, format);
	cnv_text message = { 0 };
	cnv_text_vformat(&message, format, list);
	va_end(list);
	cnv_str words = cnv_text_str(&message);
	cnv_diags_say(compiler->diags, code, place, compiler->context->field, compiler->formula->text, hint, "%.*s",
		      CNV_ARG(words));
	cnv_text_fini(&message);
	compiler->rejected = true;
}

cnv_str expr_hint(expr_compiler *compiler, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	cnv_text text = { 0 };
	cnv_text_vformat(&text, format, list);
	va_end(list);
	cnv_str hint = cnv_arena_copy(&compiler->work, cnv_text_str(&text));
	cnv_text_fini(&text);
	return hint;
}

bool expr_grow(cnv_arena *arena, void **array, uint32_t count, uint32_t *room, size_t size)
{
	if (count < *room)
		return true;
	uint32_t wanted = *room == 0 ? 8 : *room * 2;
	void *bigger = cnv_arena_array(arena, wanted, size);
	if (bigger == NULL)
		return false;
	if (count > 0)
		memcpy(bigger, *array, count * size);
	*array = bigger;
	*room = wanted;
	return true;
}

/* ---------------------------------------------------------------- operands */

/* Stands in when memory has run out, so that nobody need ask. */
static expr_operand nobody;

expr_operand *expr_operand_new(expr_compiler *compiler, expr_operand_kind kind, expr_type type)
{
	expr_operand *operand = cnv_arena_get(&compiler->work, sizeof(*operand));
	if (operand == NULL) {
		compiler->no_memory = true;
		return &nobody;
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
	if (operand != &nobody)
		operand->value.text = text;
	return operand;
}

expr_operand *expr_constant_number(expr_compiler *compiler, double number)
{
	expr_operand *operand = expr_operand_new(compiler, OPERAND_CONSTANT, TYPE_NUMBER);
	if (operand != &nobody)
		operand->value.number = number;
	return operand;
}

expr_operand *expr_constant_truth(expr_compiler *compiler, bool truth)
{
	expr_operand *operand = expr_operand_new(compiler, OPERAND_CONSTANT, TYPE_BOOLEAN);
	if (operand != &nobody)
		operand->value.truth = truth;
	return operand;
}

static expr_type storage_of(expr_type type)
{
	return type == TYPE_TEXT || type == TYPE_BOOLEAN ? type : TYPE_NUMBER;
}

static uint32_t new_register(expr_compiler *compiler, expr_type type)
{
	cnv_expr *expr = compiler->expr;
	if (!expr_grow(compiler->arena, (void **)&expr->registers, expr->register_count, &expr->register_room,
		       sizeof(*expr->registers))) {
		compiler->no_memory = true;
		return 0;
	}
	expr->registers[expr->register_count] = storage_of(type);
	return expr->register_count++;
}

/* The register that holds an operand already brought to its type. */
static uint32_t register_of(expr_compiler *compiler, const expr_operand *operand)
{
	cnv_expr *expr = compiler->expr;
	if (operand->kind == OPERAND_REGISTER)
		return operand->reg;
	uint32_t to = new_register(compiler, operand->type);
	if (!expr_grow(compiler->arena, (void **)&expr->constants, expr->constant_count, &expr->constant_room,
		       sizeof(*expr->constants))) {
		compiler->no_memory = true;
		return to;
	}
	expr->constants[expr->constant_count].to = to;
	expr->constants[expr->constant_count++].value = operand->value;
	return to;
}

/* ---------------------------------------------------------------- folding */

/* Runs one step on constants.  false: it needs the world, or could not decide. */
static bool fold(expr_compiler *compiler, const expr_step *step, expr_type type, expr_operand *const *args,
                 uint32_t count, expr_value *value)
{
	expr_register *registers = cnv_arena_array(&compiler->work, count + 1, sizeof(*registers));
	expr_value *values = cnv_arena_array(&compiler->work, count + 1, sizeof(*values));
	uint64_t *bits = cnv_arena_array(&compiler->work, (size_t)(count + 1) * 2, sizeof(*bits));
	uint32_t *numbers = cnv_arena_array(&compiler->work, count + 1, sizeof(*numbers));
	if (registers == NULL || values == NULL || bits == NULL || numbers == NULL) {
		compiler->no_memory = true;
		return false;
	}
	for (uint32_t i = 0; i <= count; i++) {
		expr_type kept = storage_of(i < count ? args[i]->type : type);
		if (i < count) {
			values[i] = args[i]->value;
			bits[(size_t)i * 2] = args[i]->value.truth;
		}
		registers[i].unsure = &bits[(size_t)i * 2 + 1];
		registers[i].at = kept == TYPE_TEXT ? (void *)&values[i].text
				  : kept == TYPE_NUMBER ? (void *)&values[i].number
							: (void *)&bits[(size_t)i * 2];
		numbers[i] = i;
	}
	expr_machine machine = { .expr = compiler->expr,
				 .registers = registers,
				 .scratch = compiler->arena,
				 .folding = true };
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

/* Steps that read answers or chance are never folded, whatever their arguments. */
static bool can_fold(expr_op op)
{
	switch ((int)op) {
	case OP_load_text:
	case OP_load_number:
	case OP_load_there:
	case OP_load_choice_text:
	case OP_load_position:
	case OP_compare_column:
	case OP_column_is_choice:
	case OP_column_has_choice:
	case OP_count_entries:
	case OP_sum_entries:
	case OP_least_entry:
	case OP_greatest_entry:
	case OP_count_filled:
	case OP_count_true_entries:
	case OP_join_entries:
	case OP_random:
	case OP_uuid:
		return false;
	default:
		return true;
	}
}

expr_operand *expr_emit(expr_compiler *compiler, expr_step step, expr_type type, expr_operand *const *args,
                        uint32_t count)
{
	cnv_expr *expr = compiler->expr;
	bool constant = can_fold(step.op);
	for (uint32_t i = 0; i < count; i++) {
		if (args[i]->kind == OPERAND_BAD || compiler->no_memory)
			return expr_bad(compiler);
		constant = constant && args[i]->kind == OPERAND_CONSTANT;
	}
	if (constant) {
		expr_operand *folded = expr_operand_new(compiler, OPERAND_CONSTANT, type);
		expr_value value = { .number = 0 };
		if (folded != &nobody && fold(compiler, &step, type, args, count, &value)) {
			folded->value = value;
			return folded;
		}
	}
	uint32_t *registers = cnv_arena_array(compiler->arena, count, sizeof(*registers));
	if (registers == NULL && count > 0) {
		compiler->no_memory = true;
		return expr_bad(compiler);
	}
	for (uint32_t i = 0; i < count; i++)
		registers[i] = register_of(compiler, args[i]);
	step.args = registers;
	step.argc = count;
	step.to = new_register(compiler, type);
	if (!expr_grow(compiler->arena, (void **)&expr->steps, expr->step_count, &expr->step_room, sizeof(step))) {
		compiler->no_memory = true;
		return expr_bad(compiler);
	}
	expr->steps[expr->step_count++] = step;
	expr_operand *result = expr_operand_new(compiler, OPERAND_REGISTER, type);
	if (result != &nobody)
		result->reg = step.to;
	return result;
}

/* ---------------------------------------------------------------- answers */

void expr_use(expr_compiler *compiler, cnv_question_id question)
{
	cnv_expr *expr = compiler->expr;
	for (uint32_t i = 0; i < expr->use_count; i++)
		if (expr->uses[i] == question)
			return;
	if (!expr_grow(compiler->arena, (void **)&expr->uses, expr->use_count, &expr->use_room, sizeof(question))) {
		compiler->no_memory = true;
		return;
	}
	expr->uses[expr->use_count++] = question;
}

void expr_add_trait(expr_compiler *compiler, cnv_trait_kind kind, const expr_operand *answer, cnv_question_id other,
                    cnv_str literal, uint32_t from, uint32_t upto)
{
	cnv_expr *expr = compiler->expr;
	if (!expr_grow(compiler->arena, (void **)&expr->traits, expr->trait_count, &expr->trait_room,
		       sizeof(*expr->traits))) {
		compiler->no_memory = true;
		return;
	}
	expr->traits[expr->trait_count++] = (cnv_trait){ .kind = kind,
							 .question = answer != NULL ? answer->question : CNV_NONE,
							 .other = other,
							 .literal = literal,
							 .from = from,
							 .upto = upto };
}

static bool owns(const cnv_form *form, uint32_t owner, uint32_t table)
{
	while (table != owner && table != 0)
		table = form->tables[table].parent;
	return table == owner;
}

uint32_t expr_way_to(expr_compiler *compiler, uint32_t table, bool *single)
{
	cnv_expr *expr = compiler->expr;
	uint32_t common = table;
	while (!owns(compiler->form, common, expr->table))
		common = compiler->form->tables[common].parent;
	*single = common == table;
	for (uint32_t i = 0; i < expr->way_count; i++)
		if (expr->ways[i].table == table)
			return i;
	if (!expr_grow(compiler->arena, (void **)&expr->ways, expr->way_count, &expr->way_room, sizeof(*expr->ways))) {
		compiler->no_memory = true;
		return 0;
	}
	expr->ways[expr->way_count] = (expr_way){ .table = table, .common = common };
	return expr->way_count++;
}

expr_step expr_column_step(expr_compiler *compiler, expr_op op, const expr_operand *answer)
{
	const cnv_question *question = &compiler->form->questions[answer->question];
	bool single;
	return (expr_step){ .op = op,
			    .way = expr_way_to(compiler, question->table, &single),
			    .column = question->column };
}

const cnv_list *expr_closed_list(const expr_compiler *compiler, const expr_operand *operand)
{
	if (operand->kind != OPERAND_ANSWER)
		return NULL;
	const cnv_question *question = &compiler->form->questions[operand->question];
	bool chosen = question->kind == CNV_CHOICE || question->kind == CNV_CHOICES || question->kind == CNV_RANK;
	if (!chosen || question->list >= compiler->form->list_count || compiler->form->lists[question->list].open)
		return NULL;
	return &compiler->form->lists[question->list];
}

static expr_type answer_type(const cnv_question *question)
{
	switch (question->kind) {
	case CNV_INTEGER:
	case CNV_DECIMAL:
		return TYPE_ANSWER;
	case CNV_DATE:
		return TYPE_DAY;
	case CNV_DATETIME:
		return TYPE_MOMENT;
	case CNV_NOTHING:
	case CNV_TEXT:
	case CNV_TIME:
	case CNV_CHOICE:
	case CNV_CHOICES:
	case CNV_RANK:
	case CNV_GEOPOINT:
	case CNV_GEOTRACE:
	case CNV_GEOSHAPE:
	case CNV_FILE:
	case CNV_ACKNOWLEDGE:
		break;
	}
	return TYPE_TEXT;
}

expr_operand *expr_question(expr_compiler *compiler, cnv_question_id id, uint32_t from, uint32_t upto)
{
	const cnv_question *question = &compiler->form->questions[id];
	expr_operand *operand;
	bool single = true;

	if (question->role == CNV_REPEAT) {
		expr_way_to(compiler, question->table, &single);
		operand = expr_operand_new(compiler, single ? OPERAND_GROUP : OPERAND_ENTRIES, TYPE_TEXT);
	} else if (question->role == CNV_GROUP) {
		operand = expr_operand_new(compiler, OPERAND_GROUP, TYPE_TEXT);
	} else if (question->column == CNV_NONE) { /* a note */
		operand = expr_constant_text(compiler, CNV_STR(""));
	} else {
		expr_way_to(compiler, question->table, &single);
		operand = expr_operand_new(compiler, single ? OPERAND_ANSWER : OPERAND_ENTRIES, answer_type(question));
	}
	if (operand == &nobody)
		return operand;
	expr_use(compiler, id);
	operand->question = id;
	operand->from = from;
	operand->upto = upto;
	return operand;
}

/* ---------------------------------------------------------------- conversions */

static expr_operand *with_place(expr_operand *operand, const expr_operand *from)
{
	if (operand != &nobody) {
		operand->from = from->from;
		operand->upto = from->upto;
	}
	return operand;
}

static expr_operand *load(expr_compiler *compiler, const expr_operand *answer, expr_type type)
{
	if (answer->kind == OPERAND_COLUMN) {
		expr_step step = { .op = OP_load_choice_text };
		const cnv_form *form = compiler->form;
		cnv_question_id self = compiler->context->self;
		const cnv_list *list = form != NULL && self < form->count && form->questions[self].list < form->list_count
					       ? &form->lists[form->questions[self].list]
					       : NULL;
		size_t room = sizeof(expr_choice_texts) + sizeof(cnv_str) * ((size_t)(list != NULL ? list->count : 0) + 1);
		expr_choice_texts *texts = cnv_arena_get(compiler->arena, room);
		if (texts == NULL) {
			compiler->no_memory = true;
			return expr_bad(compiler);
		}
		texts->count = list != NULL ? list->count : 0;
		for (uint32_t i = 0; i < texts->count; i++) {
			const cnv_choice *choice = &list->choices[i];
			if (cnv_str_equal(answer->name, CNV_STR("name")))
				texts->at[i] = choice->name;
			else if (cnv_str_equal(answer->name, CNV_STR("label")))
				texts->at[i] = cnv_wording_text(form, &choice->label, form->default_language);
			for (uint32_t k = 0; k < choice->extra_count; k++)
				if (cnv_str_equal(choice->extras[k].heading, answer->name))
					texts->at[i] = choice->extras[k].text;
		}
		step.data = texts;
		return expr_emit(compiler, step, TYPE_TEXT, NULL, 0);
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

/* What turns a value in a register into another type; OP_COUNT: nothing needs doing.  The last column is what
 * date() and the like make of it. */
static const expr_op conversions[TYPE_COUNT][4] = {
	/*                   text               number             boolean              day           */
	[TYPE_TEXT]    = { OP_COUNT,           OP_text_to_number, OP_text_to_boolean,   OP_text_to_days   },
	[TYPE_NUMBER]  = { OP_number_to_text,  OP_COUNT,          OP_number_to_boolean, OP_COUNT          },
	[TYPE_BOOLEAN] = { OP_boolean_to_text, OP_boolean_to_number, OP_COUNT,          OP_boolean_to_number },
	[TYPE_DAY]     = { OP_day_to_text,     OP_COUNT,          OP_days_to_boolean,   OP_COUNT          },
	[TYPE_MOMENT]  = { OP_moment_to_text,  OP_COUNT,          OP_days_to_boolean,   OP_COUNT          },
	[TYPE_ANSWER]  = { OP_answer_to_text,  OP_COUNT,          OP_number_to_boolean, OP_COUNT          },
};

static expr_operand *convert(expr_compiler *compiler, const expr_operand *operand, expr_type type)
{
	expr_op op = conversions[operand->type][type];
	if (op == OP_COUNT) {
		expr_operand *same = expr_operand_new(compiler, operand->kind, operand->type);
		if (same != &nobody)
			*same = *operand;
		return same;
	}
	expr_operand *args[] = { expr_operand_new(compiler, operand->kind, operand->type) };
	if (args[0] != &nobody)
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
		static const expr_op choose[] = { OP_choose_text, OP_choose_number, OP_choose_boolean, OP_choose_number };
		expr_operand *args[] = { expr_as(compiler, operand->condition, TYPE_BOOLEAN),
					 expr_as(compiler, operand->yes, type), expr_as(compiler, operand->no, type) };
		expr_type result = type == TYPE_TEXT || type == TYPE_BOOLEAN ? type : operand->type;
		return with_place(expr_emit(compiler, (expr_step){ .op = choose[type] },
					    storage_of(result) == storage_of(type) ? result : type, args, 3),
				  operand);
	}
	case OPERAND_ENTRIES:
		expr_complain(compiler, CNV_REPEAT_ANSWERS, operand->from, operand->upto,
			      CNV_STR("use sum(), count(), count-non-empty(), min(), max() or join() over them"),
			      "answers of a repeat need sum(), count(), ... here: \"%.*s\" has one for each entry",
			      CNV_ARG(form->questions[operand->question].name));
		return expr_bad(compiler);
	case OPERAND_GROUP:
		expr_complain(compiler, CNV_NOT_AN_ANSWER, operand->from, operand->upto, CNV_STR("name a question inside it"),
			      "\"%.*s\" is a group and has no answer of its own",
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
		if (taken != &nobody)
			*taken = condition->value.truth ? *yes : *no;
		return taken;
	}
	expr_operand *operand = expr_operand_new(compiler, OPERAND_CHOICE_OF, type);
	if (operand != &nobody) {
		operand->condition = condition;
		operand->yes = yes;
		operand->no = no;
	}
	return operand;
}

expr_operand *expr_condition(expr_compiler *compiler, expr_operand *operand)
{
	if (operand->kind == OPERAND_ANSWER)
		expr_add_trait(compiler, CNV_TRAIT_BARE, operand, CNV_NONE, CNV_STR(""), operand->from, operand->upto);
	return expr_as(compiler, operand, TYPE_BOOLEAN);
}

/* ---------------------------------------------------------------- the whole */

static expr_operand *build_node(expr_compiler *compiler, const expr_node *node, expr_operand **args)
{
	expr_operand *operand = NULL;
	switch (node->kind) {
	case NODE_NUMBER:
		operand = expr_constant_number(compiler, node->number);
		break;
	case NODE_TEXT:
		operand = expr_constant_text(compiler, node->text);
		if (operand != &nobody)
			operand->literal = true;
		break;
	case NODE_QUESTION:
		return expr_question(compiler, node->meaning, node->from, node->upto);
	case NODE_ROOT:
		operand = expr_operand_new(compiler, OPERAND_GROUP, TYPE_TEXT);
		break;
	case NODE_NOTHING:
		operand = expr_constant_text(compiler, CNV_STR(""));
		break;
	case NODE_COLUMN:
		operand = expr_operand_new(compiler, OPERAND_COLUMN, TYPE_TEXT);
		if (operand != &nobody)
			operand->name = node->text;
		break;
	case NODE_NEGATE:
		args[0] = expr_as(compiler, args[0], TYPE_NUMBER);
		operand = expr_emit(compiler, (expr_step){ .op = OP_negate }, TYPE_NUMBER, args, 1);
		break;
	case NODE_BINARY:
		operand = expr_binary(compiler, node->op, args[0], args[1]);
		break;
	case NODE_CALL:
		operand = expr_call(compiler, node, args);
		break;
	case NODE_BAD:
		operand = expr_bad(compiler);
		break;
	}
	if (operand == NULL)
		operand = expr_bad(compiler);
	if (operand != &nobody) {
		operand->from = node->kind == NODE_BINARY && args[0]->upto > 0 ? args[0]->from : node->from;
		operand->upto = node->kind == NODE_BINARY && args[1]->upto > 0 ? args[1]->upto : node->upto;
	}
	return operand;
}

static expr_operand *build(expr_compiler *compiler)
{
	expr_operand **stack = cnv_arena_array(&compiler->work, (size_t)compiler->node_count + 1, sizeof(*stack));
	uint32_t top = 0;
	if (stack == NULL) {
		compiler->no_memory = true;
		return NULL;
	}
	for (uint32_t i = 0; i < compiler->node_count && !compiler->no_memory; i++) {
		const expr_node *node = &compiler->nodes[i];
		top -= node->count;
		stack[top] = build_node(compiler, node, &stack[top]);
		top++;
	}
	return top == 1 ? stack[0] : NULL;
}

/* Cells that are exactly a word for yes or no mean true() and false(), as in XLSForm. */
static bool is_yes_no(const cnv_context *context, cnv_str text, bool *truth)
{
	static const char *const words[] = { "yes",   "Yes",   "YES",	"true",	   "True", "TRUE", "true()", "no",
					     "No",    "NO",    "false", "False", "FALSE", "false()" };
	if (context->form == NULL || context->purpose == CNV_FOR_COUNT || context->purpose == CNV_FOR_FILTER)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (cnv_str_equal(cnv_str_trim(text), cnv_str_from(words[i]))) {
			*truth = i < 7;
			return true;
		}
	return false;
}

static bool parse_all(expr_compiler *compiler)
{
	cnv_str text = compiler->text;
	if (text.len > EXPR_BYTES) {
		expr_complain(compiler, CNV_EXPRESSION_TOO_LONG, 0, 0, CNV_STR("split it over several calculate questions"),
			      "the expression has %zu bytes; at most %u are possible", text.len, EXPR_BYTES);
		return false;
	}
	size_t broken = cnv_utf8_check(text);
	if (broken < text.len) {
		expr_complain(compiler, CNV_EXPRESSION_SYNTAX, (uint32_t)broken, (uint32_t)broken + 1,
			      CNV_STR("save the file as UTF-8"), "the expression is not valid UTF-8");
		return false;
	}
	expr_lex(compiler);
	if (compiler->no_memory)
		return false;
	expr_resolve_tokens(compiler);
	if (!compiler->quiet)
		expr_parse(compiler);
	return !compiler->quiet && !compiler->no_memory;
}

static uint32_t own_table(const cnv_context *context)
{
	if (context->form == NULL || context->self >= context->form->count)
		return 0;
	const cnv_question *self = &context->form->questions[context->self];
	return self->role == CNV_REPEAT ? context->form->tables[self->table].parent : self->table;
}

static void finish(expr_compiler *compiler, expr_operand *result)
{
	static const cnv_type types[] = { [TYPE_TEXT] = CNV_T_STRING,	[TYPE_NUMBER] = CNV_T_NUMBER,
					  [TYPE_BOOLEAN] = CNV_T_BOOLEAN };
	cnv_expr *expr = compiler->expr;
	expr_type type = result->type == TYPE_NUMBER || result->type == TYPE_BOOLEAN ? result->type : TYPE_TEXT;

	if (compiler->context->purpose == CNV_FOR_CONDITION || compiler->context->purpose == CNV_FOR_FILTER)
		result = expr_condition(compiler, result);
	else
		result = expr_as(compiler, result, compiler->context->purpose == CNV_FOR_COUNT ? TYPE_NUMBER : type);
	if (result->kind == OPERAND_BAD)
		return;
	expr->constant = result->kind == OPERAND_CONSTANT;
	expr->type = types[storage_of(result->type)];
	expr->result = register_of(compiler, result);
}

cnv_status cnv_expr_compile(cnv_expr **out, const cnv_formula *formula, const cnv_context *context, cnv_arena *arena,
                            cnv_diags *diags)
{
	cnv_expr *expr = cnv_arena_get(arena, sizeof(*expr));
	cnv_status status = CNV_REJECTED;
	bool truth;

	*out = NULL;
	if (expr == NULL)
		return CNV_NO_MEMORY;
	expr->form = context->form;
	expr->table = own_table(context);
	expr->formula = formula->text.len <= EXPR_BYTES ? cnv_arena_copy(arena, formula->text) : formula->text;
	expr_compiler compiler = { .context = context,
				   .form = context->form,
				   .formula = formula,
				   .text = expr->formula,
				   .arena = arena,
				   .diags = diags,
				   .expr = expr };
	if (context->form != NULL) {
		bool single;
		expr_way_to(&compiler, expr->table, &single); /* way 0 */
	}
	expr_operand *result = NULL;
	if (is_yes_no(context, formula->text, &truth))
		result = expr_constant_truth(&compiler, truth);
	else if (parse_all(&compiler))
		result = build(&compiler);
	if (result != NULL && !compiler.no_memory)
		finish(&compiler, result);
	if (compiler.no_memory || compiler.work.failed || arena->failed)
		status = CNV_NO_MEMORY;
	else if (!compiler.rejected && result != NULL)
		status = CNV_OK;
	cnv_arena_fini(&compiler.work);
	if (status == CNV_OK)
		*out = expr;
	else
		cnv_expr_fini(expr);
	return status;
}

void cnv_expr_fini(cnv_expr *expr)
{
	if (expr == NULL)
		return;
	for (uint32_t i = 0; i < expr->pattern_count; i++)
		expr_pattern_free(expr->patterns[i]);
	expr->pattern_count = 0;
}

cnv_type cnv_expr_type(const cnv_expr *expr)
{
	return expr->type;
}

const cnv_question_id *cnv_expr_uses(const cnv_expr *expr, uint32_t *count)
{
	*count = expr->use_count;
	return expr->uses;
}

bool cnv_expr_is_constant(const cnv_expr *expr)
{
	return expr->constant;
}

bool cnv_expr_is_volatile(const cnv_expr *expr)
{
	return expr->is_volatile;
}

bool cnv_expr_trait(const cnv_expr *expr, uint32_t index, cnv_trait *trait)
{
	if (index >= expr->trait_count)
		return false;
	*trait = expr->traits[index];
	return true;
}
