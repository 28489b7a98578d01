/* cells.c: conditions as formulas of a spreadsheet.
 *
 * A formula of the form becomes one of a workbook if both have the same result for every answer, including blank
 * ones: an empty cell counts as 0 in a spreadsheet and as not a number in the form, so the formula tests whether
 * each answer is a number, and a comparison with a non-number is false.  Text comparison is exact.  A condition
 * without an exact equivalent has no formula. */
#include "words/words_internal.h"

#include <string.h>

#define EXCEL_DAY 25569.0 /* serial of 1970-01-01 */
#define TEXT_UNITS 255u   /* of a text in a formula */

typedef struct cells_renderer {
	words_renderer words; /* for tree functions shared with the renderer of words */
	const cnv_cells *cells;
	cnv_text *out;
} cells_renderer;

static words_node *arg(const cells_renderer *t, words_node *p, uint32_t i)
{
	return words_arg(&t->words, p, i);
}

static bool put_condition(cells_renderer *t, words_node *p);
static bool put_number(cells_renderer *t, words_node *p);

/* ---------------------------------------------------------------- writing */

static bool put(cells_renderer *t, const char *text)
{
	cnv_text_put(t->out, cnv_str_from(text));
	return true;
}

static bool put_digits(cells_renderer *t, double number)
{
	char digits[CNV_NUMBER_ROOM];

	cnv_text_put(t->out, (cnv_str){ digits, cnv_number_write(number, digits) });
	return number - number == 0;
}

static bool put_quoted(cells_renderer *t, cnv_str text)
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

/* An answer with a single cell. */
static const cnv_question *cell_of(const cells_renderer *t, words_node *p)
{
	const cnv_question *question = words_answer_of(&t->words, p);

	return question && question->kind != CNV_CHOICES && question->kind != CNV_RANK ? question : NULL;
}

static bool put_answer(cells_renderer *t, words_node *p)
{
	return t->cells && t->cells->answer(t->cells->self, words_question(&t->words, p), t->out);
}

/* A text: "" if it is blank. */
static bool put_text(cells_renderer *t, words_node *p)
{
	const cnv_question *question = cell_of(t, p);

	if (words_is_text(p))
		return put_quoted(t, p->text);
	/* Numbers and dates have another format in a cell, and a choice is shown by its label. */
	return question && question->kind == CNV_TEXT && put_answer(t, p) && put(t, "&\"\"");
}

/* date('2026-12-31') */
static bool put_date(cells_renderer *t, words_node *p)
{
	int32_t day;

	return p->argc == 1 && words_is_text(arg(t, p, 0)) && cnv_day_read(arg(t, p, 0)->text, &day) &&
	       cnv_day_date(day).year > 1900 && put_digits(t, day + EXCEL_DAY);
}

static bool put_call(cells_renderer *t, words_node *p)
{
	const cnv_question *question = p->argc ? words_answer_of(&t->words, arg(t, p, 0)) : NULL;

	if (words_is_call(p, "today"))
		return put(t, "TODAY()");
	if (words_is_call(p, "date"))
		return put_date(t, p);
	if (words_is_call(p, "string-length") && p->argc == 1)
		return put(t, "LEN(") && put_text(t, arg(t, p, 0)) && put(t, ")");
	if (words_is_call(p, "count-selected") && question && question->kind == CNV_CHOICES)
		return t->cells && t->cells->count(t->cells->self, words_question(&t->words, arg(t, p, 0)), t->out);
	return false;
}

static bool put_arithmetic(cells_renderer *t, words_node *p)
{
	static const struct {
		cnv_formula_op op;
		const char *sign;
	} signs[] = { { CNV_OP_PLUS, "+" }, { CNV_OP_MINUS, "-" }, { CNV_OP_TIMES, "*" }, { CNV_OP_DIV, "/" } };

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (p->op == signs[i].op)
			return put(t, "(") && put_number(t, arg(t, p, 0)) && put(t, signs[i].sign) &&
			       put_number(t, arg(t, p, 1)) && put(t, ")");
	return false;
}

/* A number or a day: an error if the answer is neither. */
static bool put_number(cells_renderer *t, words_node *p)
{
	const cnv_question *question = cell_of(t, p);

	if (p->kind == CNV_F_NUMBER)
		return put_digits(t, p->number);
	if (p->kind == CNV_F_NEGATE)
		return put(t, "(-") && put_number(t, arg(t, p, 0)) && put(t, ")");
	if (p->kind == CNV_F_BINARY)
		return put_arithmetic(t, p);
	if (p->kind == CNV_F_CALL)
		return put_call(t, p);
	if (!question || (question->kind != CNV_INTEGER && question->kind != CNV_DECIMAL && question->kind != CNV_DATE))
		return false;
	return put(t, "IF(ISNUMBER(") && put_answer(t, p) && put(t, "),") && put_answer(t, p) && put(t, ",NA())");
}

/* ---------------------------------------------------------------- comparisons */

/* A workbook counts days from another day, so a day is compared only with a day. */
static bool put_measures(cells_renderer *t, words_node *a, words_node *b, cnv_formula_op relation)
{
	static const char *const signs[] = {
		[CNV_OP_EQUAL] = "=",       [CNV_OP_UNEQUAL] = "<>", [CNV_OP_LESS] = "<",
		[CNV_OP_LESS_EQUAL] = "<=", [CNV_OP_MORE] = ">",     [CNV_OP_MORE_EQUAL] = ">=",
	};
	bool day = words_is_day(&t->words, a);

	if (day != words_is_day(&t->words, b) ||
	    (!day && (!words_is_measure(&t->words, a) || !words_is_measure(&t->words, b))))
		return false;
	return put(t, "IFERROR(") && put_number(t, a) && put(t, signs[relation]) && put_number(t, b) &&
	       put(t, relation == CNV_OP_UNEQUAL ? ",TRUE)" : ",FALSE)");
}

/* Is the question unanswered? */
static bool put_blank(cells_renderer *t, words_node *p, bool blank)
{
	const cnv_question *question = words_answer_of(&t->words, p);

	if (!question || !t->cells)
		return false;
	if (question->kind == CNV_CHOICES)
		return put(t, "(") && t->cells->count(t->cells->self, words_question(&t->words, p), t->out) &&
		       put(t, blank ? "=0)" : ">0)");
	return put(t, "(LEN(") && put_answer(t, p) && put(t, blank ? ")=0)" : ")>0)");
}

/* The choice that a constant denotes, by its index; CNV_NONE. */
static uint32_t choice_of(const cells_renderer *t, const cnv_question *question, words_node *constant)
{
	const cnv_choice *choice = words_choice_of(&t->words, question, constant);

	return choice ? (uint32_t)(choice - t->words.context->form->lists[question->list].choices) : CNV_NONE;
}

/* Is this choice selected?  Compares the text shown in the cell. */
static bool put_is_choice(cells_renderer *t, words_node *answer, words_node *constant, bool is)
{
	uint32_t choice = choice_of(t, cell_of(t, answer), constant);
	cnv_str shown = { 0 };

	if (choice != CNV_NONE && t->cells)
		shown = t->cells->shown(t->cells->self, words_question(&t->words, answer), choice);
	return shown.len && put(t, "(") && put_answer(t, answer) && put(t, is ? "&\"\"=" : "&\"\"<>") &&
	       put_quoted(t, shown) && put(t, ")");
}

static bool put_equality(cells_renderer *t, words_node *a, words_node *b, cnv_formula_op relation)
{
	bool is = relation == CNV_OP_EQUAL;
	const cnv_question *question = cell_of(t, a), *other = cell_of(t, b);

	if (words_is_text(b) && !b->text.len)
		return put_blank(t, a, is);
	if (question && cnv_kind_is_select(question->kind) && words_is_constant(b))
		return put_is_choice(t, a, b, is);
	if (question && other && question->kind == CNV_CHOICE && other->kind == CNV_CHOICE &&
	    question->list == other->list)
		return put(t, "(") && put_answer(t, a) && put(t, is ? "&\"\"=" : "&\"\"<>") && put_answer(t, b) &&
		       put(t, "&\"\")");
	if (question && question->kind == CNV_TEXT && (words_is_text(b) || (other && other->kind == CNV_TEXT)))
		return put(t, is ? "EXACT(" : "NOT(EXACT(") && put_text(t, a) && put(t, ",") && put_text(t, b) &&
		       put(t, is ? ")" : "))");
	if (words_is_text(a) || words_is_text(b) || (question && question->kind == CNV_TEXT) ||
	    (other && other->kind == CNV_TEXT))
		return false;
	return put_measures(t, a, b, relation);
}

static bool put_comparison(cells_renderer *t, words_node *p)
{
	words_node *a = arg(t, p, 0), *b = arg(t, p, 1);
	cnv_formula_op relation;

	if (!words_is_comparison(p))
		return false;
	relation = p->op;
	if (words_is_constant(a) && !words_is_constant(b)) {
		a = arg(t, p, 1);
		b = arg(t, p, 0);
		relation = cnv_op_turn(relation);
	}
	if (relation == CNV_OP_EQUAL || relation == CNV_OP_UNEQUAL)
		return put_equality(t, a, b, relation);
	return put_measures(t, a, b, relation);
}

/* ---------------------------------------------------------------- conditions */

static bool put_selected(cells_renderer *t, words_node *p)
{
	const cnv_question *question = p->argc == 2 ? words_answer_of(&t->words, arg(t, p, 0)) : NULL;
	uint32_t choice;

	if (!question || !words_is_text(arg(t, p, 1)) || !t->cells)
		return false;
	if (question->kind == CNV_CHOICE)
		return put_is_choice(t, arg(t, p, 0), arg(t, p, 1), true);
	choice = question->kind == CNV_CHOICES ? choice_of(t, question, arg(t, p, 1)) : CNV_NONE;
	return choice != CNV_NONE &&
	       t->cells->chosen(t->cells->self, words_question(&t->words, arg(t, p, 0)), choice, t->out);
}

/* Functions of two texts; one format with %s would be less readable than the pieces. */
static bool put_text_test(cells_renderer *t, words_node *p)
{
	words_node *text = p->argc == 2 ? arg(t, p, 0) : NULL, *part = text ? arg(t, p, 1) : NULL;

	if (!text || !words_is_text(part) || !part->text.len)
		return false;
	if (words_is_call(p, "contains"))
		return put(t, "ISNUMBER(FIND(") && put_text(t, part) && put(t, ",") && put_text(t, text) &&
		       put(t, "))");
	if (words_is_call(p, "starts-with") || words_is_call(p, "ends-with"))
		return put(t, words_is_call(p, "ends-with") ? "EXACT(RIGHT(" : "EXACT(LEFT(") && put_text(t, text) &&
		       put(t, ",") && put_digits(t, (double)cnv_utf16_length(part->text)) && put(t, "),") &&
		       put_text(t, part) && put(t, ")");
	return false;
}

static bool put_condition(cells_renderer *t, words_node *p)
{
	bool any = words_is_binary(p, CNV_OP_OR);

	/* The parser bounds the nesting of conditions, but chains of one operator grow to the left. */
	if (any || words_is_binary(p, CNV_OP_AND)) {
		if (++t->words.depth > CNV_FORMULA_DEPTH)
			return false;
		bool said = put(t, any ? "OR(" : "AND(") && put_condition(t, arg(t, p, 0)) && put(t, ",") &&
			    put_condition(t, arg(t, p, 1)) && put(t, ")");
		t->words.depth--;
		return said;
	}
	if (p->kind == CNV_F_BINARY)
		return put_comparison(t, p);
	if (words_is_call(p, "not") && p->argc == 1)
		return put(t, "NOT(") && put_condition(t, arg(t, p, 0)) && put(t, ")");
	if (words_is_call(p, "true") || words_is_call(p, "false"))
		return put(t, words_is_call(p, "true") ? "TRUE" : "FALSE");
	if (words_is_call(p, "selected"))
		return put_selected(t, p);
	if (p->kind == CNV_F_CALL)
		return put_text_test(t, p);
	return false;
}

/* ---------------------------------------------------------------- bounds */

/* Is the value independent of the answers? */
static bool is_fixed(const cells_renderer *t, words_node *p)
{
	if (p->kind == CNV_F_NUMBER)
		return true;
	if (p->kind == CNV_F_BINARY || p->kind == CNV_F_NEGATE) {
		for (uint32_t i = 0; i < p->argc; i++)
			if (!is_fixed(t, arg(t, p, i)))
				return false;
		return true;
	}
	return words_is_call(p, "today") || words_is_call(p, "date");
}

/* One bound of the answer.  A strict bound of integers or days becomes the next value inside. */
static bool take_bound(cells_renderer *t, words_node *p, cnv_cell_bounds *out, bool *begun)
{
	const cnv_question *self = &t->words.context->form->questions[t->words.context->self];
	words_node *subject, *value;
	cnv_formula_op relation;
	cnv_text text = { 0 };

	if (!words_is_comparison(p))
		return false;
	relation = p->op;
	bool turned = is_fixed(t, arg(t, p, 0));
	subject = arg(t, p, turned);
	value = arg(t, p, !turned);
	relation = turned ? cnv_op_turn(relation) : relation;
	bool length = words_is_call(subject, "string-length") && subject->argc <= 1;
	bool own = length && !subject->argc;
	if (length && !own)
		subject = arg(t, subject, 0);
	if ((!own && !words_is_own_answer(&t->words, subject)) || !is_fixed(t, value) ||
	    (*begun && out->of_length != length) || relation == CNV_OP_EQUAL || relation == CNV_OP_UNEQUAL)
		return false;
	bool low = relation == CNV_OP_MORE || relation == CNV_OP_MORE_EQUAL;
	bool strict = relation == CNV_OP_LESS || relation == CNV_OP_MORE;
	cnv_str *bound = low ? &out->low : &out->high;
	if (bound->len || (strict && !length && self->kind == CNV_DECIMAL))
		return false;
	if (!length && words_is_day(&t->words, value) != (self->kind == CNV_DATE))
		return false;
	if (!length && self->kind != CNV_DATE && self->kind != CNV_INTEGER && self->kind != CNV_DECIMAL)
		return false;
	t->out = &text;
	bool said = put_number(t, value) && (!strict || put(t, low ? "+1" : "-1"));
	*bound = cnv_arena_copy(t->words.arena, cnv_text_str(&text));
	out->of_length = length;
	*begun = true;
	said = said && !text.failed;
	cnv_text_fini(&text);
	t->out = NULL;
	return said;
}

static bool take_bounds(cells_renderer *t, words_node *p, cnv_cell_bounds *out, bool *begun)
{
	while (words_is_binary(p, CNV_OP_AND)) {
		if (!take_bound(t, arg(t, p, 1), out, begun))
			return false;
		p = arg(t, p, 0);
	}
	return take_bound(t, p, out, begun);
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_cells_write(cnv_text *out, bool *written, const cnv_formula *formula, const cnv_context *context,
			   const cnv_cells *cells, cnv_arena *arena)
{
	cells_renderer t = { .words = { .context = context, .arena = arena }, .cells = cells, .out = out };
	words_node *root = words_begin(&t.words, formula);
	size_t before = out->len;
	bool truth;

	if (cnv_expr_is_yes_no(context, formula->text, &truth))
		*written = put(&t, truth ? "1" : "0");
	else
		*written = root && put_condition(&t, root);
	if (!*written)
		out->len = before;
	return arena->failed || out->failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_status cnv_cells_bounds(cnv_cell_bounds *out, bool *written, const cnv_formula *formula, const cnv_context *context,
			    cnv_arena *arena)
{
	cells_renderer t = { .words = { .context = context, .arena = arena } };
	words_node *root = words_begin(&t.words, formula);
	bool begun = false;

	*out = (cnv_cell_bounds){ 0 };
	*written = root && take_bounds(&t, root, out, &begun);
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
