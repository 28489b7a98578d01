/* When a question is asked, when it must be answered and which answers it accepts, as formulas of the workbook.
 *
 * Each question and group that is not always asked has a cell in a hidden column that is 1 while it is, so that
 * formulas of others stay short.  Entries have no such cells: their formulas contain the whole condition, written
 * for the first entry's row.  A condition without an exact formula is left out: the answer is judged when it comes
 * back. */
#include "report/pack_formulas.h"

#include <string.h>

#include "report/pack_text.h"

#define RULE_UNITS 250u  /* of a validation's formula */
#define LOOK_UNITS 1000u /* of a formula that others contain */

/* The owner of the current formula. */
typedef struct speaker {
	pack_plan *plan;
	cnv_question_id self;
	bool own; /* `.` is the cell itself, whether it is asked or not */
} speaker;

/* ---------------------------------------------------------------- cells of answers */

/* The cell of an answer; for an entry, in the row of the formula. */
static cnv_str cell_of(const speaker *s, cnv_question_id id, uint32_t offset)
{
	const pack_plan *plan = s->plan;
	const pack_spot *spot = &plan->spots[id];
	bool entry = plan->form->questions[id].table != 0;
	cnv_str cell = entry ? pack_cell(plan->arena, spot->row, spot->column + offset, false)
			     : pack_cell(plan->arena, spot->row + offset, spot->column, true);

	if (spot->sheet == plan->spots[s->self].sheet)
		return cell;
	return cnv_arena_format(plan->arena, "%.*s!%.*s", CNV_ARG(plan->sheets[spot->sheet].quoted), CNV_ARG(cell));
}

/* Does it have one cell (or one row of cells) that the formula can refer to, and is its `asked` known? */
static bool is_reachable(const speaker *s, cnv_question_id id)
{
	const cnv_form *form = s->plan->form;
	uint32_t table = form->questions[id].table;

	return s->plan->spots[id].sheet != CNV_NONE && pack_is_asked(&form->questions[id]) &&
	       (!table || table == form->questions[s->self].table) && (id < s->plan->ready || id == s->self);
}

static cnv_str asked_of(const speaker *s, cnv_question_id id)
{
	return s->own && id == s->self ? (cnv_str){ 0 } : s->plan->spots[id].asked;
}

static bool say_answer(void *self, cnv_question_id id, cnv_text *out)
{
	const speaker *s = self;

	if (!is_reachable(s, id) || pack_is_ticked(s->plan->form, &s->plan->form->questions[id]))
		return false;
	cnv_str asked = asked_of(s, id), cell = cell_of(s, id, 0);
	if (asked.len)
		cnv_text_format(out, "IF(%.*s,%.*s,\"\")", CNV_ARG(asked), CNV_ARG(cell));
	else
		cnv_text_put(out, cell);
	return true;
}

static bool say_chosen(void *self, cnv_question_id id, uint32_t choice, cnv_text *out)
{
	const speaker *s = self;

	if (!is_reachable(s, id) || !pack_is_ticked(s->plan->form, &s->plan->form->questions[id]))
		return false;
	cnv_str asked = asked_of(s, id);
	bool entry = s->plan->form->questions[id].table != 0;
	cnv_str cell = cell_of(s, id, entry ? choice : choice + 1);
	if (asked.len)
		cnv_text_format(out, "AND(%.*s,LEN(%.*s)>0)", CNV_ARG(asked), CNV_ARG(cell));
	else
		cnv_text_format(out, "(LEN(%.*s)>0)", CNV_ARG(cell));
	return true;
}

/* The cells of all its choices, "$D$8:$D$12". */
static cnv_str ticks_of(const speaker *s, cnv_question_id id)
{
	const pack_plan *plan = s->plan;
	const cnv_question *question = &plan->form->questions[id];
	const pack_spot *spot = &plan->spots[id];
	uint32_t last = plan->form->lists[question->list].count - 1;
	cnv_str first = cell_of(s, id, question->table ? 0 : 1);
	cnv_str end = question->table ? pack_cell(plan->arena, spot->row, spot->column + last, false)
				      : pack_cell(plan->arena, spot->row + last + 1, spot->column, true);

	return cnv_arena_format(plan->arena, "%.*s:%.*s", CNV_ARG(first), CNV_ARG(end));
}

static bool say_count(void *self, cnv_question_id id, cnv_text *out)
{
	const speaker *s = self;

	if (!is_reachable(s, id) || !pack_is_ticked(s->plan->form, &s->plan->form->questions[id]))
		return false;
	cnv_str asked = asked_of(s, id), ticks = ticks_of(s, id);
	if (asked.len)
		cnv_text_format(out, "IF(%.*s,COUNTA(%.*s),0)", CNV_ARG(asked), CNV_ARG(ticks));
	else
		cnv_text_format(out, "COUNTA(%.*s)", CNV_ARG(ticks));
	return true;
}

static cnv_str say_shown(void *self, cnv_question_id id, uint32_t choice)
{
	const speaker *s = self;
	const cnv_str *texts = s->plan->shown[s->plan->form->questions[id].list];

	return texts ? texts[choice] : (cnv_str){ 0 };
}

/* The formula without the name of its own sheet, which would only make it longer. */
static cnv_str localised(pack_plan *plan, cnv_question_id self, cnv_str formula)
{
	cnv_str name, rest = formula;
	cnv_text out = { 0 };
	bool inside = false; /* of a text */

	if (plan->spots[self].sheet == CNV_NONE || !formula.len)
		return formula;
	name = cnv_arena_format(plan->arena, "%.*s!", CNV_ARG(plan->sheets[plan->spots[self].sheet].quoted));
	while (rest.len) {
		bool here = !inside && name.len && cnv_str_starts(rest, name);
		inside ^= rest.at[0] == '"';
		if (!here)
			cnv_text_put_char(&out, rest.at[0]);
		rest = cnv_str_slice(rest, here ? name.len : 1, rest.len);
	}
	formula = cnv_arena_copy(plan->arena, cnv_text_str(&out));
	plan->arena->failed |= out.failed;
	cnv_text_fini(&out);
	return formula;
}

/* A condition of the form as a formula in the arena; empty if there is none within `most` characters. */
static cnv_str say_condition(pack_plan *plan, cnv_question_id self, const cnv_formula *formula, bool own, size_t most)
{
	speaker s = { plan, self, own };
	cnv_cells cells = { &s, say_answer, say_chosen, say_count, say_shown };
	cnv_context context = { .form = plan->form, .self = self, .purpose = CNV_FOR_CONDITION };
	cnv_text out = { 0 };
	cnv_str text = { 0 };
	bool said = false;

	if (!formula->text.len)
		return text;
	if (cnv_cells_write(&out, &said, formula, &context, &cells, plan->arena) != CNV_OK)
		plan->arena->failed = true;
	if (said)
		text = localised(plan, self, cnv_arena_copy(plan->arena, cnv_text_str(&out)));
	cnv_text_fini(&out);
	if (cnv_utf16_length(text) > most)
		text.len = 0;
	return text;
}

/* ---------------------------------------------------------------- the current values */

bool pack_holds(const pack_plan *plan, cnv_question_id self, const cnv_formula *condition)
{
	const cnv_pack *pack = plan->pack;
	cnv_context context = { .form = plan->form, .self = self, .purpose = CNV_FOR_CONDITION, .rows_ahead = 1 };
	cnv_diags silent = { 0 };
	cnv_arena scratch = { 0 };
	cnv_expr *expr = NULL;
	cnv_vector vector;
	bool holds = true;

	if (!pack->batch || !condition->text.len)
		return true;
	if (!cnv_expr_compile(&expr, condition, &context, &scratch, &silent) &&
	    !cnv_expr_run(expr, pack->batch, 0, pack->row, 1, NULL, pack->world, &scratch, &vector))
		holds = cnv_value_boolean(&vector, 0);
	cnv_expr_fini(expr);
	cnv_arena_fini(&scratch);
	return holds;
}

/* ---------------------------------------------------------------- asked and required */

/* "a" and "b", either of which may be empty. */
static cnv_str both(pack_plan *plan, cnv_str a, cnv_str b)
{
	if (!a.len || !b.len)
		return a.len ? a : b;
	return cnv_arena_format(plan->arena, "AND(%.*s,%.*s)", CNV_ARG(a), CNV_ARG(b));
}

static void settle_asked(pack_plan *plan, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];
	pack_spot *spot = &plan->spots[id];
	cnv_str around = question->parent == CNV_NONE ? (cnv_str){ 0 } : plan->spots[question->parent].asked;
	cnv_str own = say_condition(plan, id, &question->relevant, false, LOOK_UNITS);
	bool entry =
		question->role == CNV_REPEAT ? plan->form->tables[question->table].parent != 0 : question->table != 0;
	cnv_str whole = both(plan, around, own);

	spot->asked_now = question->parent == CNV_NONE || plan->spots[question->parent].asked_now;
	if (own.len && !entry)
		spot->asked_now = spot->asked_now && pack_holds(plan, id, &question->relevant);
	spot->asked = entry ? localised(plan, id, whole) : whole;
	if (!whole.len || entry) {
		if (cnv_utf16_length(spot->asked) > LOOK_UNITS)
			spot->asked = around;
		return;
	}
	if (spot->sheet == CNV_NONE) /* a group without rows of its own, or a calculation: its cell is never used */
		return;
	whole = localised(plan, id, whole);
	spot->asked_here = cnv_arena_format(plan->arena, "IF(%.*s,1,0)", CNV_ARG(whole));
	cnv_str cell = question->role == CNV_REPEAT ? pack_cell(plan->arena, 0, ENTRY_HELP, true)
						    : pack_cell(plan->arena, spot->row, COLUMN_ASKED, true);
	spot->asked =
		cnv_arena_format(plan->arena, "%.*s!%.*s=1", CNV_ARG(plan->sheets[spot->sheet].quoted), CNV_ARG(cell));
}

cnv_status pack_formulas_make(pack_plan *plan)
{
	const cnv_form *form = plan->form;

	for (cnv_question_id id = 0; id < form->count && !plan->arena->failed; id++) {
		settle_asked(plan, id);
		plan->ready = id + 1;
	}
	for (cnv_question_id id = 0; id < form->count && !plan->arena->failed; id++) {
		const cnv_question *question = &form->questions[id];
		if (plan->spots[id].sheet == CNV_NONE || !pack_is_asked(question))
			continue;
		plan->spots[id].required = say_condition(plan, id, &question->required, false, RULE_UNITS);
		if (cnv_str_equal(plan->spots[id].required, CNV_STR("0")))
			plan->spots[id].required.len = 0;
		plan->spots[id].rule = say_condition(plan, id, &question->constraint, true, RULE_UNITS);
		plan->spots[id].usual = say_condition(plan, id, &question->warning, true, LOOK_UNITS);
	}
	return plan->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- valid answers of a cell */

/* The value of `name` in the parameters of a range; empty. */
static cnv_str parameter(const cnv_question *question, cnv_str name)
{
	cnv_str rest = question->parameters.text, word;

	while (cnv_str_word(&rest, &word))
		if (cnv_str_starts(word, name) && word.len > name.len && word.at[name.len] == '=')
			return cnv_str_slice(word, name.len + 1, word.len);
	return (cnv_str){ 0 };
}

/* Bounds of a number or day, from the constraint or from a range's parameters; false: the constraint is of another
 * kind. */
static bool take_bounds(pack_plan *plan, cnv_question_id id, cnv_cell_bounds *bounds)
{
	const cnv_question *question = &plan->form->questions[id];
	cnv_context context = { .form = plan->form, .self = id, .purpose = CNV_FOR_CONDITION };
	double number;
	bool said = true;

	*bounds = (cnv_cell_bounds){ 0 };
	if (question->constraint.text.len &&
	    cnv_cells_bounds(bounds, &said, &question->constraint, &context, plan->arena) != CNV_OK)
		plan->arena->failed = true;
	if (!said)
		*bounds = (cnv_cell_bounds){ 0 };
	if (!question->constraint.text.len && !strcmp(question->type->name, "range")) {
		bounds->low = parameter(question, CNV_STR("start"));
		bounds->high = parameter(question, CNV_STR("end"));
		if (!cnv_number_read(bounds->low, &number) || !cnv_number_read(bounds->high, &number))
			*bounds = (cnv_cell_bounds){ CNV_STR("0"), CNV_STR("10"), false };
	}
	return said;
}

/* The check for each type of answer, whatever its rule. */
static const struct kind_rule {
	cnv_rule_kind rule;
	pack_word word;
	const char *low, *high; /* of all answers of the type */
	const char *test;       /* with the cell's name inserted between both parts; NULL: any text is valid */
} kinds[] = {
	[CNV_NOTHING] = { CNV_RULE_ANY, WORD_TEXT, "", "", NULL },
	[CNV_TEXT] = { CNV_RULE_ANY, WORD_TEXT, "", "", NULL },
	[CNV_INTEGER] = { CNV_RULE_WHOLE, WORD_WHOLE, "-2147483648", "2147483647", "INT" },
	[CNV_DECIMAL] = { CNV_RULE_DECIMAL, WORD_DECIMAL, "-1E+300", "1E+300", "" },
	[CNV_DATE] = { CNV_RULE_DAY, WORD_DAY, "1", "2958465", "" }, /* 1900-01-01 to 9999-12-31 */
	[CNV_TIME] = { CNV_RULE_TIME, WORD_TIME, "0", "0.99999", "" },
	[CNV_DATETIME] = { CNV_RULE_DAY, WORD_MOMENT, "1", "2958466", "" },
	[CNV_CHOICE] = { CNV_RULE_LIST, WORD_CHOOSE, "", "", NULL },
	[CNV_CHOICES] = { CNV_RULE_LIST, WORD_TICK, "", "", NULL },
	[CNV_RANK] = { CNV_RULE_ANY, WORD_TEXT, "", "", NULL },
	[CNV_GEOPOINT] = { CNV_RULE_ANY, WORD_TEXT, "", "", NULL },
	[CNV_GEOTRACE] = { CNV_RULE_ANY, WORD_TEXT, "", "", NULL },
	[CNV_GEOSHAPE] = { CNV_RULE_ANY, WORD_TEXT, "", "", NULL },
	[CNV_FILE] = { CNV_RULE_ANY, WORD_TEXT, "", "", NULL },
	[CNV_ACKNOWLEDGE] = { CNV_RULE_LIST, WORD_CHOOSE, "", "", NULL },
};

/* The constraint as a separate formula, together with the check of the answer's type. */
static bool rule_of_formula(pack_plan *plan, cnv_question_id id, const struct kind_rule *kind, cnv_rule *rule)
{
	speaker s = { plan, id, true };
	cnv_str said = plan->spots[id].rule, cell = cell_of(&s, id, 0);

	if (!said.len)
		return false;
	if (!kind->test)
		rule->low = said;
	else if (*kind->test)
		rule->low = cnv_arena_format(plan->arena, "AND(ISNUMBER(%.*s),%.*s=%s(%.*s),%.*s)", CNV_ARG(cell),
					     CNV_ARG(cell), kind->test, CNV_ARG(cell), CNV_ARG(said));
	else
		rule->low = cnv_arena_format(plan->arena, "AND(ISNUMBER(%.*s),%.*s)", CNV_ARG(cell), CNV_ARG(said));
	rule->kind = CNV_RULE_FORMULA;
	if (cnv_utf16_length(rule->low) <= RULE_UNITS)
		return true;
	rule->low.len = 0;
	return false;
}

static void rule_of_kind(pack_plan *plan, cnv_question_id id, const struct kind_rule *kind, cnv_rule *rule)
{
	cnv_cell_bounds bounds;
	bool bounded = take_bounds(plan, id, &bounds);

	rule->kind = kind->rule;
	rule->low = cnv_str_from(kind->low);
	rule->high = cnv_str_from(kind->high);
	if (!bounded) {
		if (!rule_of_formula(plan, id, kind, rule)) {
			rule->kind = kind->rule;
			rule->low = cnv_str_from(kind->low);
		} else {
			rule->high.len = 0;
		}
		return;
	}
	if (bounds.of_length) {
		rule->kind = CNV_RULE_LENGTH;
		rule->low = bounds.low;
		rule->high = bounds.high;
	} else if (bounds.low.len || bounds.high.len) {
		rule->low = bounds.low.len ? bounds.low : rule->low;
		rule->high = bounds.high.len ? bounds.high : rule->high;
	}
}

/* A cell that may hold anything else asks about an unusual answer, and accepts it. */
static void rule_of_warning(pack_plan *plan, cnv_question_id id, cnv_rule *rule)
{
	cnv_str message = pack_warning(plan, id);

	if (rule->kind != CNV_RULE_ANY || !plan->spots[id].usual.len ||
	    cnv_utf16_length(plan->spots[id].usual) > RULE_UNITS)
		return;
	rule->kind = CNV_RULE_FORMULA;
	rule->low = plan->spots[id].usual;
	if (message.len)
		rule->message = message;
}

cnv_status pack_rule(pack_plan *plan, cnv_question_id id, cnv_rule *rule)
{
	const cnv_question *question = &plan->form->questions[id];
	const struct kind_rule *kind = &kinds[question->kind];
	cnv_str own =
		pack_text(plan, cnv_wording_text(plan->form, &question->constraint_message, plan->pack->language));
	cnv_str words = pack_word_str(plan, kind->word);
	bool plain = kind->word == WORD_TEXT;

	*rule = (cnv_rule){ .title = question->qno.len ? question->qno : (cnv_str){ 0 } };
	rule->message = own.len ? own : plain ? pack_word_str(plan, WORD_CHECK) : words;
	rule->prompt = own.len && !plain ? cnv_arena_format(plan->arena, "%.*s\n%.*s", CNV_ARG(words), CNV_ARG(own))
		       : own.len         ? own
		       : plain           ? (cnv_str){ 0 }
					 : words;
	if (pack_is_ticked(plan->form, question)) {
		rule->kind = CNV_RULE_LIST;
		rule->low = CNV_STR("canvass_tick");
		rule->strict = true;
		rule->message = words;
	} else if (question->kind == CNV_ACKNOWLEDGE) {
		rule->kind = CNV_RULE_LIST;
		rule->low = CNV_STR("canvass_ok");
	} else if (question->kind == CNV_CHOICE && pack_is_listed(plan->form, question)) {
		rule->kind = CNV_RULE_LIST;
		rule->low = cnv_arena_format(plan->arena, "canvass_list_%u", plan->list_column[question->list]);
		rule->message = words;
	} else if (question->kind == CNV_CHOICE || question->kind == CNV_CHOICES) {
		rule->kind = CNV_RULE_ANY; /* of a list that was not found */
		rule->prompt = own;
	} else {
		rule_of_kind(plan, id, kind, rule);
		rule_of_warning(plan, id, rule);
	}
	return plan->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
