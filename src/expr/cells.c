/* Conditions as a spreadsheet says them.
 *
 * A formula of the form becomes one of a workbook where both mean the same for every answer, blank ones included:
 * an empty cell counts as 0 there and as no number here, so each answer is asked whether it is a number, and a
 * comparison with what is none is false.  Texts are compared to the letter.  What cannot be said exactly is not said.
 */
#include "words.h"

#include <string.h>

#define EXCEL_DAY 25569.0 /* serial of 1970-01-01 */
#define TEXT_UNITS 255u   /* of a text within a formula */

typedef struct cells_teller {
	words_teller words; /* what the words ask of a tree is asked here too */
	const cnv_cells *cells;
	cnv_text *out;
} cells_teller;

static bool say_condition(cells_teller *t, const words_part *p);
static bool say_number(cells_teller *t, const words_part *p);

/* ---------------------------------------------------------------- saying */

static bool say(cells_teller *t, const char *text)
{
	cnv_text_put(t->out, cnv_str_from(text));
	return true;
}

static bool say_digits(cells_teller *t, double number)
{
	char digits[CNV_NUMBER_ROOM];

	cnv_text_put(t->out, (cnv_str){ digits, cnv_number_write(number, digits) });
	return number - number == 0;
}

static bool say_quoted(cells_teller *t, cnv_str text)
{
	if (cnv_utf16_length(text) > TEXT_UNITS)
		return false;
	cnv_text_put_char(t->out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] < 0x20)
			return false;
		if (text.at[i] == '"')
			cnv_text_put_char(t->out, '"');
		cnv_text_put_char(t->out, text.at[i]);
	}
	cnv_text_put_char(t->out, '"');
	return true;
}

/* ---------------------------------------------------------------- values */

/* An answer that is one cell. */
static const cnv_question *cell_of(const cells_teller *t, const words_part *p)
{
	const cnv_question *question = words_answer_of(&t->words, p);

	return question && question->kind != CNV_CHOICES && question->kind != CNV_RANK ? question : NULL;
}

static bool say_answer(cells_teller *t, const words_part *p)
{
	return t->cells && t->cells->answer(t->cells->self, p->node->meaning, t->out);
}

/* A text: "" where it is blank. */
static bool say_text(cells_teller *t, const words_part *p)
{
	const cnv_question *question = cell_of(t, p);

	if (words_is_text(p))
		return say_quoted(t, p->node->text);
	/* A number or a date is written otherwise in a cell, and a choice is shown by its label. */
	return question && question->kind == CNV_TEXT && say_answer(t, p) && say(t, "&\"\"");
}

/* date('2026-12-31') */
static bool say_date(cells_teller *t, const words_part *p)
{
	int32_t day;

	return p->node->count == 1 && words_is_text(p->args[0]) && cnv_day_read(p->args[0]->node->text, &day) &&
	       cnv_day_date(day).year > 1900 && say_digits(t, day + EXCEL_DAY);
}

static bool say_call(cells_teller *t, const words_part *p)
{
	const cnv_question *question = p->node->count ? words_answer_of(&t->words, p->args[0]) : NULL;

	if (words_is_call(p, "today"))
		return say(t, "TODAY()");
	if (words_is_call(p, "date"))
		return say_date(t, p);
	if (words_is_call(p, "string-length") && p->node->count == 1)
		return say(t, "LEN(") && say_text(t, p->args[0]) && say(t, ")");
	if (words_is_call(p, "count-selected") && question && question->kind == CNV_CHOICES)
		return t->cells && t->cells->count(t->cells->self, p->args[0]->node->meaning, t->out);
	return false;
}

static bool say_arithmetic(cells_teller *t, const words_part *p)
{
	static const struct {
		expr_token_kind op;
		const char *sign;
	} signs[] = { { TOKEN_PLUS, "+" }, { TOKEN_MINUS, "-" }, { TOKEN_TIMES, "*" }, { TOKEN_DIV, "/" } };

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (p->node->op == signs[i].op)
			return say(t, "(") && say_number(t, p->args[0]) && say(t, signs[i].sign) &&
			       say_number(t, p->args[1]) && say(t, ")");
	return false;
}

/* A number or a day: an error where an answer is none. */
static bool say_number(cells_teller *t, const words_part *p)
{
	const cnv_question *question = cell_of(t, p);

	if (p->node->kind == NODE_NUMBER)
		return say_digits(t, p->node->number);
	if (p->node->kind == NODE_NEGATE)
		return say(t, "(-") && say_number(t, p->args[0]) && say(t, ")");
	if (p->node->kind == NODE_BINARY)
		return say_arithmetic(t, p);
	if (p->node->kind == NODE_CALL)
		return say_call(t, p);
	if (!question || (question->kind != CNV_INTEGER && question->kind != CNV_DECIMAL && question->kind != CNV_DATE))
		return false;
	return say(t, "IF(ISNUMBER(") && say_answer(t, p) && say(t, "),") && say_answer(t, p) && say(t, ",NA())");
}

/* ---------------------------------------------------------------- comparisons */

/* Days are counted from another day in a workbook, so a day is compared with a day only. */
static bool say_measures(cells_teller *t, const words_part *a, const words_part *b, expr_relation relation)
{
	static const char *const signs[] = {
		[IS_EQUAL] = "=",       [IS_UNEQUAL] = "<>", [IS_LESS] = "<",
		[IS_LESS_EQUAL] = "<=", [IS_MORE] = ">",     [IS_MORE_EQUAL] = ">=",
	};
	bool day = words_is_day(&t->words, a);

	if (day != words_is_day(&t->words, b) ||
	    (!day && (!words_is_measure(&t->words, a) || !words_is_measure(&t->words, b))))
		return false;
	return say(t, "IFERROR(") && say_number(t, a) && say(t, signs[relation]) && say_number(t, b) &&
	       say(t, relation == IS_UNEQUAL ? ",TRUE)" : ",FALSE)");
}

/* Is the question unanswered? */
static bool say_blank(cells_teller *t, const words_part *p, bool blank)
{
	const cnv_question *question = words_answer_of(&t->words, p);

	if (!question || !t->cells)
		return false;
	if (question->kind == CNV_CHOICES)
		return say(t, "(") && t->cells->count(t->cells->self, p->node->meaning, t->out) &&
		       say(t, blank ? "=0)" : ">0)");
	return say(t, "(LEN(") && say_answer(t, p) && say(t, blank ? ")=0)" : ")>0)");
}

/* The choice that a constant names, by its index; CNV_NONE. */
static uint32_t choice_of(const cells_teller *t, const cnv_question *question, const words_part *constant)
{
	const cnv_choice *choice = words_choice_of(&t->words, question, constant);

	return choice ? (uint32_t)(choice - t->words.context->form->lists[question->list].choices) : CNV_NONE;
}

/* The choice is the one made: what the cell shows is compared. */
static bool say_is_choice(cells_teller *t, const words_part *answer, const words_part *constant, bool is)
{
	uint32_t choice = choice_of(t, cell_of(t, answer), constant);
	cnv_str shown = { 0 };

	if (choice != CNV_NONE && t->cells)
		shown = t->cells->shown(t->cells->self, answer->node->meaning, choice);
	return shown.len && say(t, "(") && say_answer(t, answer) && say(t, is ? "&\"\"=" : "&\"\"<>") &&
	       say_quoted(t, shown) && say(t, ")");
}

static bool say_equality(cells_teller *t, const words_part *a, const words_part *b, expr_relation relation)
{
	bool is = relation == IS_EQUAL;
	const cnv_question *question = cell_of(t, a), *other = cell_of(t, b);

	if (words_is_text(b) && !b->node->text.len)
		return say_blank(t, a, is);
	if (question && words_is_select(question) && words_is_constant(b))
		return say_is_choice(t, a, b, is);
	if (question && other && question->kind == CNV_CHOICE && other->kind == CNV_CHOICE &&
	    question->list == other->list)
		return say(t, "(") && say_answer(t, a) && say(t, is ? "&\"\"=" : "&\"\"<>") && say_answer(t, b) &&
		       say(t, "&\"\")");
	if (question && question->kind == CNV_TEXT && (words_is_text(b) || (other && other->kind == CNV_TEXT)))
		return say(t, is ? "EXACT(" : "NOT(EXACT(") && say_text(t, a) && say(t, ",") && say_text(t, b) &&
		       say(t, is ? ")" : "))");
	if (words_is_text(a) || words_is_text(b) || (question && question->kind == CNV_TEXT) ||
	    (other && other->kind == CNV_TEXT))
		return false;
	return say_measures(t, a, b, relation);
}

static bool say_comparison(cells_teller *t, const words_part *p)
{
	const words_part *a = p->args[0], *b = p->args[1];
	expr_relation relation;

	if (!words_relation_of(p->node->op, &relation))
		return false;
	if (words_is_constant(a) && !words_is_constant(b)) {
		a = p->args[1];
		b = p->args[0];
		relation = words_turned(relation);
	}
	if (relation == IS_EQUAL || relation == IS_UNEQUAL)
		return say_equality(t, a, b, relation);
	return say_measures(t, a, b, relation);
}

/* ---------------------------------------------------------------- conditions */

static bool say_selected(cells_teller *t, const words_part *p)
{
	const cnv_question *question = p->node->count == 2 ? words_answer_of(&t->words, p->args[0]) : NULL;
	uint32_t choice;

	if (!question || !words_is_text(p->args[1]) || !t->cells)
		return false;
	if (question->kind == CNV_CHOICE)
		return say_is_choice(t, p->args[0], p->args[1], true);
	choice = question->kind == CNV_CHOICES ? choice_of(t, question, p->args[1]) : CNV_NONE;
	return choice != CNV_NONE && t->cells->chosen(t->cells->self, p->args[0]->node->meaning, choice, t->out);
}

/* Functions of two texts; %s of them would be harder to read than the pieces. */
static bool say_text_test(cells_teller *t, const words_part *p)
{
	const words_part *text = p->node->count == 2 ? p->args[0] : NULL, *part = text ? p->args[1] : NULL;

	if (!text || !words_is_text(part) || !part->node->text.len)
		return false;
	if (words_is_call(p, "contains"))
		return say(t, "ISNUMBER(FIND(") && say_text(t, part) && say(t, ",") && say_text(t, text) &&
		       say(t, "))");
	if (words_is_call(p, "starts-with") || words_is_call(p, "ends-with"))
		return say(t, words_is_call(p, "ends-with") ? "EXACT(RIGHT(" : "EXACT(LEFT(") && say_text(t, text) &&
		       say(t, ",") && say_digits(t, (double)cnv_utf16_length(part->node->text)) && say(t, "),") &&
		       say_text(t, part) && say(t, ")");
	return false;
}

static bool say_condition(cells_teller *t, const words_part *p)
{
	bool any = words_is_binary(p, TOKEN_OR);

	/* The parser bounds how deep conditions stand inside each other, but chains of one operator grow to the left.
	 */
	if (any || words_is_binary(p, TOKEN_AND)) {
		if (++t->words.depth > EXPR_DEPTH)
			return false;
		bool said = say(t, any ? "OR(" : "AND(") && say_condition(t, p->args[0]) && say(t, ",") &&
			    say_condition(t, p->args[1]) && say(t, ")");
		t->words.depth--;
		return said;
	}
	if (p->node->kind == NODE_BINARY)
		return say_comparison(t, p);
	if (words_is_call(p, "not") && p->node->count == 1)
		return say(t, "NOT(") && say_condition(t, p->args[0]) && say(t, ")");
	if (words_is_call(p, "true") || words_is_call(p, "false"))
		return say(t, words_is_call(p, "true") ? "TRUE" : "FALSE");
	if (words_is_call(p, "selected"))
		return say_selected(t, p);
	if (p->node->kind == NODE_CALL)
		return say_text_test(t, p);
	return false;
}

/* ---------------------------------------------------------------- bounds */

/* Is it the same whatever is answered? */
static bool is_fixed(const cells_teller *t, const words_part *p)
{
	if (p->node->kind == NODE_NUMBER)
		return true;
	if (p->node->kind == NODE_BINARY || p->node->kind == NODE_NEGATE) {
		for (uint32_t i = 0; i < p->node->count; i++)
			if (!is_fixed(t, p->args[i]))
				return false;
		return true;
	}
	return words_is_call(p, "today") || words_is_call(p, "date");
}

/* One bound of the answer.  A strict one of whole numbers or days is the next one within. */
static bool take_bound(cells_teller *t, const words_part *p, cnv_cell_bounds *out, bool *begun)
{
	const cnv_question *self = &t->words.context->form->questions[t->words.context->self];
	const words_part *subject, *value;
	expr_relation relation;
	cnv_text text = { 0 };

	if (p->node->kind != NODE_BINARY || !words_relation_of(p->node->op, &relation))
		return false;
	bool turned = is_fixed(t, p->args[0]);
	subject = p->args[turned];
	value = p->args[!turned];
	relation = turned ? words_turned(relation) : relation;
	bool length = words_is_call(subject, "string-length") && subject->node->count <= 1;
	bool own = length && !subject->node->count;
	if (length && !own)
		subject = subject->args[0];
	if ((!own && !words_is_own_answer(&t->words, subject)) || !is_fixed(t, value) ||
	    (*begun && out->of_length != length) || relation == IS_EQUAL || relation == IS_UNEQUAL)
		return false;
	bool low = relation == IS_MORE || relation == IS_MORE_EQUAL;
	bool strict = relation == IS_LESS || relation == IS_MORE;
	cnv_str *bound = low ? &out->low : &out->high;
	if (bound->len || (strict && !length && self->kind == CNV_DECIMAL))
		return false;
	if (!length && words_is_day(&t->words, value) != (self->kind == CNV_DATE))
		return false;
	if (!length && self->kind != CNV_DATE && self->kind != CNV_INTEGER && self->kind != CNV_DECIMAL)
		return false;
	t->out = &text;
	bool said = say_number(t, value) && (!strict || say(t, low ? "+1" : "-1"));
	*bound = cnv_arena_copy(t->words.arena, cnv_text_str(&text));
	out->of_length = length;
	*begun = true;
	said = said && !text.failed;
	cnv_text_fini(&text);
	return said;
}

static bool take_bounds(cells_teller *t, const words_part *p, cnv_cell_bounds *out, bool *begun)
{
	while (words_is_binary(p, TOKEN_AND)) {
		if (!take_bound(t, p->args[1], out, begun))
			return false;
		p = p->args[0];
	}
	return take_bound(t, p, out, begun);
}

/* ---------------------------------------------------------------- public */

static expr_compiler compiler_of(const cnv_formula *formula, const cnv_context *context, cnv_arena *arena,
				 cnv_diags *silent)
{
	return (expr_compiler){ .context = context,
				.form = context->form,
				.formula = formula,
				.text = formula->text,
				.arena = arena,
				.diags = silent };
}

cnv_status cnv_expr_cells(cnv_text *out, bool *said, const cnv_formula *formula, const cnv_context *context,
			  const cnv_cells *cells, cnv_arena *arena)
{
	cnv_diags silent = { 0 };
	expr_compiler compiler = compiler_of(formula, context, arena, &silent);
	cells_teller t = { .words = { .compiler = &compiler, .context = context, .arena = arena },
			   .cells = cells,
			   .out = out };
	size_t before = out->len;
	bool truth;

	const words_part *root = words_tree(&compiler);
	if (expr_is_yes_no(context, formula->text, &truth))
		*said = say(&t, truth ? "1" : "0");
	else
		*said = root && say_condition(&t, root);
	if (!*said)
		out->len = before;
	return words_tree_end(&compiler) && !out->failed ? CNV_OK : CNV_NO_MEMORY;
}

cnv_status cnv_expr_bounds(cnv_cell_bounds *out, bool *said, const cnv_formula *formula, const cnv_context *context,
			   cnv_arena *arena)
{
	cnv_diags silent = { 0 };
	expr_compiler compiler = compiler_of(formula, context, arena, &silent);
	cells_teller t = { .words = { .compiler = &compiler, .context = context, .arena = arena } };
	bool begun = false;

	*out = (cnv_cell_bounds){ 0 };
	const words_part *root = words_tree(&compiler);
	*said = root && take_bounds(&t, root, out, &begun);
	return words_tree_end(&compiler) ? CNV_OK : CNV_NO_MEMORY;
}
