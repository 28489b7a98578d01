/* The step of each operator for each pair of types, selected while compiling. */
#include "expr/compile.h"

/* XPath 1.0 section 3.4: how `=` compares.  BLANKS: as numbers, and two blanks are equal. */
enum manner { AS_TEXT, AS_NUMBER, AS_BOOLEAN, AS_BLANKS };

/* clang-format off */
static const uint8_t equality[TYPE_COUNT][TYPE_COUNT] = {
	/*                   text        number     boolean     day        moment     answer    */
	[TYPE_TEXT]    = { AS_TEXT,    AS_NUMBER, AS_BOOLEAN, AS_TEXT,   AS_TEXT,   AS_TEXT    },
	[TYPE_NUMBER]  = { AS_NUMBER,  AS_NUMBER, AS_BOOLEAN, AS_NUMBER, AS_NUMBER, AS_NUMBER  },
	[TYPE_BOOLEAN] = { AS_BOOLEAN, AS_BOOLEAN, AS_BOOLEAN, AS_BOOLEAN, AS_BOOLEAN, AS_BOOLEAN },
	[TYPE_DAY]     = { AS_TEXT,    AS_NUMBER, AS_BOOLEAN, AS_BLANKS, AS_BLANKS, AS_BLANKS  },
	[TYPE_MOMENT]  = { AS_TEXT,    AS_NUMBER, AS_BOOLEAN, AS_BLANKS, AS_BLANKS, AS_BLANKS  },
	[TYPE_ANSWER]  = { AS_TEXT,    AS_NUMBER, AS_BOOLEAN, AS_BLANKS, AS_BLANKS, AS_BLANKS  },
};
/* clang-format on */

static const struct operation {
	expr_op op; /* of arithmetic */
	expr_relation relation;
} operations[CNV_OP_UNION + 1] = {
	[CNV_OP_PLUS] = { OP_add, 0 },
	[CNV_OP_MINUS] = { OP_subtract, 0 },
	[CNV_OP_TIMES] = { OP_multiply, 0 },
	[CNV_OP_DIV] = { OP_divide, 0 },
	[CNV_OP_MOD] = { OP_modulo, 0 },
	[CNV_OP_EQUAL] = { OP_COUNT, IS_EQUAL },
	[CNV_OP_UNEQUAL] = { OP_COUNT, IS_UNEQUAL },
	[CNV_OP_LESS] = { OP_COUNT, IS_LESS },
	[CNV_OP_LESS_EQUAL] = { OP_COUNT, IS_LESS_EQUAL },
	[CNV_OP_MORE] = { OP_COUNT, IS_MORE },
	[CNV_OP_MORE_EQUAL] = { OP_COUNT, IS_MORE_EQUAL },
};

/* a < b is b > a. */
static const expr_relation turned[] = {
	[IS_EQUAL] = IS_EQUAL,           [IS_UNEQUAL] = IS_UNEQUAL, [IS_LESS] = IS_MORE,
	[IS_LESS_EQUAL] = IS_MORE_EQUAL, [IS_MORE] = IS_LESS,       [IS_MORE_EQUAL] = IS_LESS_EQUAL
};

static bool is_text_constant(const expr_operand *operand)
{
	return operand->kind == OPERAND_CONSTANT && operand->type == TYPE_TEXT;
}

static expr_operand *compare_column(expr_compiler *compiler, const expr_operand *answer, expr_relation relation,
				    double number)
{
	expr_step step = expr_column_step(compiler, OP_compare_column, answer);
	step.relation = relation;
	step.number = number;
	return expr_emit(compiler, step, TYPE_BOOLEAN, NULL, 0);
}

static expr_operand *invert_if(expr_compiler *compiler, bool invert, expr_operand *operand)
{
	if (!invert)
		return operand;
	return expr_emit(compiler, (expr_step){ .op = OP_invert }, TYPE_BOOLEAN, &operand, 1);
}

/* The number or day of a text that has the format in which one would be printed; other texts are compared as text. */
static bool read_canonical(const expr_operand *text, expr_type type, double *number)
{
	cnv_str written = text->value.text;
	char out[CNV_NUMBER_ROOM];
	int32_t day;
	if (type == TYPE_DAY) {
		if (!cnv_day_read(written, &day))
			return false;
		*number = day;
		return true;
	}
	if (type != TYPE_ANSWER || !cnv_number_read(written, number))
		return false;
	return cnv_str_equal(written, (cnv_str){ out, cnv_number_write(*number, out) });
}

/* ${answer} = 'literal', the most frequent comparison in forms. */
static expr_operand *equals_literal(expr_compiler *compiler, const expr_operand *answer, const expr_operand *literal,
				    bool unequal)
{
	const cnv_list *list = expr_closed_list(compiler, answer);
	const cnv_question *question = &compiler->form->questions[answer->question];
	double number;

	if (literal->value.text.len == 0) {
		expr_step step = expr_column_step(compiler, OP_load_there, answer);
		return invert_if(compiler, !unequal, expr_emit(compiler, step, TYPE_BOOLEAN, NULL, 0));
	}
	if (list && question->kind == CNV_CHOICE) {
		expr_step step = expr_column_step(compiler, OP_column_is_choice, answer);
		step.choice = cnv_list_find(list, literal->value.text);
		return invert_if(compiler, unequal, expr_emit(compiler, step, TYPE_BOOLEAN, NULL, 0));
	}
	if (read_canonical(literal, answer->type, &number))
		return compare_column(compiler, answer, unequal ? IS_UNEQUAL : IS_EQUAL, number);
	return NULL;
}

/* With the answers of a repeat from outside it: true when it is true for any of them, as XPath compares node-sets. */
static expr_operand *compare_entries(expr_compiler *compiler, expr_relation relation, enum manner manner,
				     expr_operand *left, expr_operand *right)
{
	if (left->kind != OPERAND_ENTRIES)
		return compare_entries(compiler, turned[relation], manner, right, left);
	const cnv_question *question = &compiler->form->questions[left->question];
	if (question->role == CNV_REPEAT)
		return expr_as(compiler, left, TYPE_TEXT); /* reports the error */
	expr_remark(compiler, CNV_REPEAT_ANSWERS, left->from, left->upto,
		    CNV_STR("use sum(), count(), count-non-empty(), min(), max() or join() over them"),
		    "\"%.*s\" has one answer for each entry; a comparison is true when it is true for any of them",
		    CNV_ARG(question->name));
	bool many = right->kind == OPERAND_ENTRIES && compiler->form->questions[right->question].role != CNV_REPEAT;
	const expr_operand *set = expr_as_set(compiler, left);
	expr_operand *other = many ? expr_as_set(compiler, right)
				   : expr_as(compiler, right, manner == AS_TEXT ? TYPE_TEXT : TYPE_NUMBER);
	expr_set_comparison *sides = cnv_arena_get(compiler->arena, sizeof *sides);
	if (!sides || set->kind == OPERAND_BAD || other->kind == OPERAND_BAD)
		return expr_bad(compiler);
	*sides = (expr_set_comparison){ .left = set->reading,
					.right = many ? other->reading : NULL,
					.as_text = manner == AS_TEXT,
					.blanks_equal = manner == AS_BLANKS };
	expr_operand *args[] = { expr_any(compiler, set), many ? expr_any(compiler, other) : other };
	expr_step step = { .op = OP_compare_set, .relation = relation, .data = sides };
	return expr_emit(compiler, step, TYPE_BOOLEAN, args, 2);
}

static bool has_entries(const expr_operand *left, const expr_operand *right)
{
	return left->kind == OPERAND_ENTRIES || right->kind == OPERAND_ENTRIES;
}

static expr_operand *build_equality(expr_compiler *compiler, expr_relation relation, expr_operand *left,
				    expr_operand *right)
{
	bool unequal = relation == IS_UNEQUAL;
	expr_operand *answer = left->kind == OPERAND_ANSWER ? left : right;
	expr_operand *other = answer == left ? right : left;
	enum manner manner = equality[left->type][right->type];

	if (has_entries(left, right) && manner != AS_BOOLEAN)
		return compare_entries(compiler, relation, manner, left, right);
	if (answer->kind == OPERAND_ANSWER && is_text_constant(other)) {
		expr_operand *quick = equals_literal(compiler, answer, other, unequal);
		if (quick)
			return quick;
	}
	bool constant_number =
		other->kind == OPERAND_CONSTANT && other->type != TYPE_TEXT && other->type != TYPE_BOOLEAN;
	if (answer->kind == OPERAND_ANSWER && answer->type != TYPE_TEXT && constant_number)
		return compare_column(compiler, answer, relation, other->value.number);

	static const struct {
		expr_type type;
		expr_op op;
	} manners[] = { [AS_TEXT] = { TYPE_TEXT, OP_compare_texts },
			[AS_NUMBER] = { TYPE_NUMBER, OP_compare_numbers },
			[AS_BOOLEAN] = { TYPE_BOOLEAN, OP_compare_booleans },
			[AS_BLANKS] = { TYPE_NUMBER, OP_compare_answers } };
	expr_operand *args[] = { expr_as(compiler, left, manners[manner].type),
				 expr_as(compiler, right, manners[manner].type) };
	expr_step step = { .op = manners[manner].op, .relation = relation };
	return expr_emit(compiler, step, TYPE_BOOLEAN, args, 2);
}

static expr_operand *build_order(expr_compiler *compiler, expr_relation relation, expr_operand *left,
				 expr_operand *right)
{
	if (has_entries(left, right))
		return compare_entries(compiler, relation, AS_NUMBER, left, right);
	expr_operand *args[] = { left->kind == OPERAND_ANSWER ? left : expr_as(compiler, left, TYPE_NUMBER),
				 right->kind == OPERAND_ANSWER ? right : expr_as(compiler, right, TYPE_NUMBER) };
	for (uint32_t i = 0; i < 2; i++)
		if (args[i]->kind == OPERAND_ANSWER && args[i]->type != TYPE_TEXT &&
		    args[1 - i]->kind == OPERAND_CONSTANT)
			return compare_column(compiler, args[i], i == 0 ? relation : turned[relation],
					      args[1 - i]->value.number);
	for (uint32_t i = 0; i < 2; i++)
		args[i] = expr_as(compiler, args[i], TYPE_NUMBER);
	return expr_emit(compiler, (expr_step){ .op = OP_compare_numbers, .relation = relation }, TYPE_BOOLEAN, args,
			 2);
}

static expr_operand *build_and_or(expr_compiler *compiler, bool both, expr_operand *left, expr_operand *right)
{
	expr_operand *args[] = { expr_condition(compiler, left), expr_condition(compiler, right) };
	if (args[0]->kind == OPERAND_BAD || args[1]->kind == OPERAND_BAD)
		return expr_bad(compiler);
	for (uint32_t i = 0; i < 2; i++)
		if (args[i]->kind == OPERAND_CONSTANT)
			return args[i]->value.truth == both ? args[1 - i] : args[i];
	return expr_emit(compiler, (expr_step){ .op = both ? OP_both : OP_either }, TYPE_BOOLEAN, args, 2);
}

expr_operand *expr_binary(expr_compiler *compiler, cnv_formula_op op, expr_operand *left, expr_operand *right)
{
	if (left->kind == OPERAND_BAD || right->kind == OPERAND_BAD)
		return expr_bad(compiler);
	if (op == CNV_OP_AND || op == CNV_OP_OR)
		return build_and_or(compiler, op == CNV_OP_AND, left, right);
	if (op == CNV_OP_EQUAL || op == CNV_OP_UNEQUAL)
		return build_equality(compiler, operations[op].relation, left, right);
	if (operations[op].op == OP_COUNT)
		return build_order(compiler, operations[op].relation, left, right);
	expr_operand *args[] = { expr_as(compiler, left, TYPE_NUMBER), expr_as(compiler, right, TYPE_NUMBER) };
	return expr_emit(compiler, (expr_step){ .op = operations[op].op }, TYPE_NUMBER, args, 2);
}
