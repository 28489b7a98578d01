/* Calls of functions to steps: most by their row of the table, the others by a few lines here. */
#include "expr/calls.h"
#include "expr/pattern.h"

static expr_operand *complain_of(expr_compiler *compiler, const expr_node *call, const expr_operand *argument,
				 const char *what)
{
	bool placed = argument->upto > argument->from;
	expr_complain(compiler, CNV_ARGUMENT_KIND, placed ? argument->from : call->from,
		      placed ? argument->upto : call->upto,
		      expr_hint(compiler, "write %s(%s)", call->function->info.name, call->function->info.arguments),
		      "%s() needs %s here", call->function->info.name, what);
	return expr_bad(compiler);
}

/* The question that the formula belongs to, as `.` */
static expr_operand *self_operand(expr_compiler *compiler, const expr_node *call)
{
	cnv_question_id self = compiler->context->self;
	if (!compiler->form || self >= compiler->form->count)
		return expr_constant_text(compiler, CNV_STR(""));
	return expr_question(compiler, self, 0, call->from, call->upto);
}

static expr_operand *emit_plain(expr_compiler *compiler, const expr_node *call, expr_operand **args, uint32_t count)
{
	const expr_function *function = call->function;
	const char *letter = function->signature;
	expr_operand **converted = cnv_arena_array(&compiler->work, (size_t)count + 1, sizeof(expr_operand *));
	if (!converted) {
		compiler->no_memory = true;
		return expr_bad(compiler);
	}
	for (uint32_t i = 0; i < count; i++) {
		expr_type type = *letter == 'n'   ? TYPE_NUMBER
				 : *letter == 'b' ? TYPE_BOOLEAN
				 : *letter == 'd' ? TYPE_DAY
						  : TYPE_TEXT;
		converted[i] = *letter == 'b' ? expr_condition(compiler, args[i]) : expr_as(compiler, args[i], type);
		if (letter[1] == '?')
			letter += 2;
		else if (letter[1] != '*' && letter[1] != '+' && letter[1] != '\0')
			letter++;
	}
	return expr_emit(compiler, (expr_step){ .op = function->op, .data = function->data }, function->type, converted,
			 count);
}

expr_operand *expr_call(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	const expr_function *function = call->function;
	for (uint32_t i = 0; i < call->count; i++)
		if (args[i]->kind == OPERAND_BAD)
			return expr_bad(compiler);
	if (function->is_volatile)
		compiler->whole->is_volatile = true;
	if (function->build)
		return function->build(compiler, call, args);
	return emit_plain(compiler, call, args, call->count);
}

/* ---------------------------------------------------------------- values */

expr_operand *expr_build_true(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call, (void)args;
	return expr_constant_truth(compiler, true);
}

expr_operand *expr_build_false(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call, (void)args;
	return expr_constant_truth(compiler, false);
}

expr_operand *expr_build_pi(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call, (void)args;
	return expr_constant_number(compiler, 3.14159265358979323846);
}

/* string(), number(), boolean(): without an argument they use the question itself. */
expr_operand *expr_build_convert(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	const expr_operand *operand = call->count > 0 ? args[0] : self_operand(compiler, call);
	expr_operand *result = expr_as(compiler, operand, call->function->type);
	if (result->kind != OPERAND_BAD && call->function->type == TYPE_NUMBER)
		result->type = TYPE_NUMBER; /* a blank or a date becomes a number */
	return result;
}

expr_operand *expr_build_self(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_operand *self = call->count > 0 ? args[0] : self_operand(compiler, call);
	return emit_plain(compiler, call, &self, 1);
}

expr_operand *expr_build_not(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call;
	expr_operand *condition = expr_condition(compiler, args[0]);
	return expr_emit(compiler, (expr_step){ .op = OP_invert }, TYPE_BOOLEAN, &condition, 1);
}

/* A branch is loaded once; entries and groups are reported at their location. */
static expr_operand *settle(expr_compiler *compiler, expr_operand *operand)
{
	if (operand->kind == OPERAND_GROUP)
		return expr_as(compiler, operand, TYPE_TEXT); /* reports the error */
	if (operand->kind == OPERAND_ENTRIES)
		operand = expr_first_of(compiler, operand);
	if (operand->kind == OPERAND_SET)
		return expr_as(compiler, operand, operand->type == TYPE_TEXT ? TYPE_TEXT : TYPE_NUMBER);
	return operand;
}

expr_operand *expr_build_if(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call;
	expr_operand *condition = expr_condition(compiler, args[0]);
	expr_operand *yes = settle(compiler, args[1]), *no = settle(compiler, args[2]);
	if (condition->kind == OPERAND_BAD || yes->kind == OPERAND_BAD || no->kind == OPERAND_BAD)
		return expr_bad(compiler);
	return expr_choose(compiler, condition, yes, no);
}

static expr_operand *first_given(expr_compiler *compiler, expr_operand *first, expr_operand *second)
{
	expr_operand *value = settle(compiler, first);
	expr_operand *other = settle(compiler, second);
	if (value->kind == OPERAND_BAD || other->kind == OPERAND_BAD)
		return expr_bad(compiler);
	if (value->type == TYPE_BOOLEAN)
		return value;
	bool text = value->type == TYPE_TEXT || value->kind == OPERAND_CHOICE_OF;
	value = expr_as(compiler, value, text ? TYPE_TEXT : TYPE_NUMBER);
	if (value->kind == OPERAND_BAD)
		return value;
	expr_step step = { .op = text ? OP_text_to_boolean : OP_number_there };
	expr_operand *there = expr_emit(compiler, step, TYPE_BOOLEAN, &value, 1);
	return there->kind == OPERAND_BAD ? there : expr_choose(compiler, there, value, other);
}

expr_operand *expr_build_coalesce(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call;
	return first_given(compiler, args[0], args[1]);
}

expr_operand *expr_build_once(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_operand *self = self_operand(compiler, call);
	return first_given(compiler, self, args[0]);
}

expr_operand *expr_build_random(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	const expr_function *function = call->function;
	if (call->count > 0)
		args[0] = expr_as(compiler, args[0], TYPE_NUMBER);
	/* Each call in an expression draws its own numbers. */
	expr_step step = { .op = function->op, .choice = compiler->expr->step_count };
	return expr_emit(compiler, step, function->type, args, call->count);
}

/* ---------------------------------------------------------------- choices */

expr_operand *expr_build_selected(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	const cnv_list *list = expr_closed_list(compiler, args[0]);
	bool literal = args[1]->kind == OPERAND_CONSTANT && args[1]->type == TYPE_TEXT;
	cnv_str wanted = literal ? cnv_str_trim(args[1]->value.text) : CNV_STR("");

	cnv_str rest = wanted, word;
	if (!list || !literal || !cnv_str_word(&rest, &word) || word.len != wanted.len)
		return emit_plain(compiler, call, args, 2);
	bool one = compiler->form->questions[args[0]->question].kind == CNV_CHOICE;
	expr_step step = expr_column_step(compiler, one ? OP_column_is_choice : OP_column_has_choice, args[0]);
	step.choice = cnv_list_find(list, wanted);
	return expr_emit(compiler, step, TYPE_BOOLEAN, NULL, 0);
}

expr_operand *expr_build_choice_name(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	if (args[1]->kind != OPERAND_CONSTANT || args[1]->type != TYPE_TEXT)
		return complain_of(compiler, call, args[1], "the question's name in quotes");
	if (!compiler->form)
		return complain_of(compiler, call, args[1], "a form with such a question");
	cnv_question_id id = expr_resolve_quoted(compiler, args[1]);
	if (id == CNV_NONE)
		return expr_bad(compiler);
	const cnv_question *question = &compiler->form->questions[id];
	if (question->list >= compiler->form->list_count)
		return complain_of(compiler, call, args[1], "a question with choices");
	expr_operand *value = expr_as(compiler, args[0], TYPE_TEXT);
	const cnv_list *list = &compiler->form->lists[question->list], *known = cnv_list_known(list);
	expr_step step = { .op = OP_choice_name, .data = known ? known : list };
	return expr_emit(compiler, step, TYPE_TEXT, &value, 1);
}

/* ---------------------------------------------------------------- patterns */

static bool add_pattern(expr_compiler *compiler, expr_pattern *pattern)
{
	cnv_expr *expr = compiler->expr;
	if (!cnv_arena_grow(compiler->arena, (void **)&expr->patterns, expr->pattern_count, &expr->pattern_room,
			    sizeof(expr_pattern *))) {
		compiler->no_memory = true;
		expr_pattern_free(pattern);
		return false;
	}
	expr->patterns[expr->pattern_count++] = pattern;
	return true;
}

expr_operand *expr_build_regex(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call;
	expr_operand *pair[] = { expr_as(compiler, args[0], TYPE_TEXT), expr_as(compiler, args[1], TYPE_TEXT) };
	const cnv_form *form = compiler->form;
	expr_pattern_options options = { .search = compiler->context->search || (form && form->regex_search),
					 .caseless = compiler->context->caseless,
					 .jit = compiler->context->rows_ahead == 0 ||
						compiler->context->rows_ahead >= 100 };
	if (pair[0]->kind == OPERAND_BAD || pair[1]->kind == OPERAND_BAD)
		return expr_bad(compiler);
	compiler->expr->unsure = true;
	if (pair[1]->kind != OPERAND_CONSTANT)
		return expr_emit(
			compiler,
			(expr_step){ .op = OP_regex_computed, .search = options.search, .caseless = options.caseless },
			TYPE_BOOLEAN, pair, 2);
	expr_pattern *pattern;
	size_t offset = 0;
	char message[160];
	cnv_status status = expr_pattern_new(&pattern, pair[1]->value.text, options, &offset, message);
	if (status == CNV_NO_MEMORY) {
		compiler->no_memory = true;
		return expr_bad(compiler);
	}
	if (status != CNV_OK) {
		/* The caret is inside the quotes, at the error in the pattern. */
		uint32_t from = args[1]->from, upto = args[1]->upto;
		if (args[1]->literal && upto - from >= 2) {
			uint32_t at = from + 1 + (uint32_t)offset;
			from = at < upto - 1 ? at : upto - 1;
			upto = from + 1;
		}
		expr_complain(compiler, CNV_PATTERN_BAD, from, upto, CNV_STR(""), "invalid pattern: %s", message);
		return expr_bad(compiler);
	}
	if (!add_pattern(compiler, pattern))
		return expr_bad(compiler);
	return expr_emit(compiler, (expr_step){ .op = OP_regex, .data = pattern }, TYPE_BOOLEAN, pair, 1);
}

/* ---------------------------------------------------------------- many answers */

/* The step over a chosen set that corresponds to `op` over the entries of a repeat. */
static expr_op over_set(expr_op op)
{
	switch ((int)op) {
	case OP_count_entries:
		return OP_count_set;
	case OP_count_filled:
		return OP_count_set_filled;
	case OP_count_true_entries:
		return OP_count_set_true;
	case OP_sum_entries:
		return OP_sum_set;
	case OP_least_entry:
		return OP_least_of_set;
	case OP_greatest_entry:
		return OP_greatest_of_set;
	default:
		return OP_join_set;
	}
}

/* One operand for all the answers of a repeat: applies `op` to the entries of each row. */
static expr_operand *gather(expr_compiler *compiler, expr_op op, const expr_operand *entries, expr_type type,
			    expr_operand *separator)
{
	if (entries->kind == OPERAND_SET) {
		expr_operand *args[] = { expr_any(compiler, entries), separator };
		return expr_emit(compiler, expr_set_step(over_set(op), entries), type, args, separator ? 2 : 1);
	}
	const cnv_question *question = &compiler->form->questions[entries->question];
	expr_step step = expr_column_step(compiler, op, entries);
	if (question->role == CNV_REPEAT)
		step.column = CNV_NONE;
	else if (question->list < compiler->form->list_count)
		step.data = &compiler->form->lists[question->list];
	return expr_emit(compiler, step, type, &separator, separator ? 1 : 0);
}

/* Entries, groups or items, which have no value of their own. */
static bool is_repeat(const expr_compiler *compiler, const expr_operand *operand)
{
	if (operand->kind == OPERAND_SET)
		return operand->reading->sources[0].column == CNV_NONE;
	return operand->question != CNV_NONE && compiler->form->questions[operand->question].role == CNV_REPEAT;
}

static bool is_many(const expr_operand *operand)
{
	return operand->kind == OPERAND_ENTRIES || operand->kind == OPERAND_SET;
}

/* count, count-non-empty and sum: over a repeat's answers, or the single answer of a question outside it. */
expr_operand *expr_build_entries(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_op op = call->function->op;
	expr_operand *only = args[0];

	if (is_many(only)) {
		if (op == OP_sum_entries && is_repeat(compiler, only))
			return complain_of(compiler, call, only, "a question of the repeat");
		return gather(compiler, op, only, TYPE_NUMBER, NULL);
	}
	if (op == OP_count_entries && (only->kind == OPERAND_GROUP || only->kind == OPERAND_ANSWER))
		return expr_constant_number(compiler, 1);
	if (only->kind != OPERAND_ANSWER)
		return complain_of(compiler, call, only, "the answers of a repeat");
	if (op == OP_sum_entries)
		return expr_as(compiler, first_given(compiler, only, expr_constant_number(compiler, 0)), TYPE_NUMBER);
	only = expr_as(compiler, only, TYPE_BOOLEAN);
	return expr_as(compiler, only, TYPE_NUMBER);
}

static expr_operand **copy_args(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_operand **copy = cnv_arena_array(&compiler->work, (size_t)call->count + 1, sizeof *copy);
	if (!copy)
		compiler->no_memory = true;
	for (uint32_t i = 0; copy && i < call->count; i++)
		copy[i] = args[i];
	return copy;
}

expr_operand *expr_build_extreme(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	const expr_function *function = call->function;
	expr_op over = function->op == OP_least ? OP_least_entry : OP_greatest_entry;
	expr_operand **all = copy_args(compiler, call, args);
	for (uint32_t i = 0; all && i < call->count; i++)
		all[i] = is_many(all[i]) && !is_repeat(compiler, all[i])
				 ? gather(compiler, over, all[i], TYPE_NUMBER, NULL)
				 : expr_as(compiler, all[i], TYPE_NUMBER);
	if (!all)
		return expr_bad(compiler);
	return expr_emit(compiler, (expr_step){ .op = function->op }, TYPE_NUMBER, all, call->count);
}

/* Texts, or the texts of all entries with `separator` between them, from argument `first` on. */
static expr_operand *build_joined(expr_compiler *compiler, const expr_node *call, expr_operand **args, uint32_t first,
				  expr_operand *separator, expr_op op)
{
	expr_operand **all = copy_args(compiler, call, args);
	for (uint32_t i = 0; all && i < call->count; i++)
		all[i] = i >= first && is_many(all[i]) && !is_repeat(compiler, all[i])
				 ? gather(compiler, OP_join_entries, all[i], TYPE_TEXT, separator)
				 : expr_as(compiler, all[i], TYPE_TEXT);
	if (!all)
		return expr_bad(compiler);
	return expr_emit(compiler, (expr_step){ .op = op }, call->function->type, all, call->count);
}

expr_operand *expr_build_concat(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	return build_joined(compiler, call, args, 0, expr_constant_text(compiler, CNV_STR("")), OP_concat);
}

expr_operand *expr_build_join(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_operand *separator = expr_as(compiler, args[0], TYPE_TEXT);
	if (separator->kind == OPERAND_BAD)
		return separator;
	args[0] = separator;
	return build_joined(compiler, call, args, 1, separator, OP_join);
}

/* area and distance accept single points, lines, or the points of a repeat: all become one line. */
expr_operand *expr_build_places(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	return build_joined(compiler, call, args, 0, expr_constant_text(compiler, CNV_STR(";")), call->function->op);
}

/* A line of very many points may be left undecided. */
expr_operand *expr_build_intersects(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_operand *line = expr_as(compiler, args[0], TYPE_TEXT);

	compiler->expr->unsure = true;
	return expr_emit(compiler, (expr_step){ .op = call->function->op }, TYPE_BOOLEAN, &line, 1);
}

expr_operand *expr_build_checklist(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_operand **all = copy_args(compiler, call, args);
	for (uint32_t i = 0; all && i < call->count; i++) {
		if (i >= 2 && is_many(all[i]) && !is_repeat(compiler, all[i])) {
			all[i] = gather(compiler, OP_count_true_entries, all[i], TYPE_NUMBER, NULL);
			continue;
		}
		if (i >= 2)
			all[i] = expr_condition(compiler, all[i]);
		all[i] = expr_as(compiler, all[i], TYPE_NUMBER);
	}
	if (!all)
		return expr_bad(compiler);
	return expr_emit(compiler, (expr_step){ .op = OP_checklist }, TYPE_BOOLEAN, all, call->count);
}

expr_operand *expr_build_weighted(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	if (call->count % 2 != 0)
		return complain_of(compiler, call, args[call->count - 1], "a weight after each condition");
	expr_operand **all = copy_args(compiler, call, args);
	for (uint32_t i = 0; all && i < call->count; i++) {
		if (i >= 2 && i % 2 == 0)
			all[i] = expr_condition(compiler, all[i]);
		all[i] = expr_as(compiler, all[i], TYPE_NUMBER);
	}
	if (!all)
		return expr_bad(compiler);
	return expr_emit(compiler, (expr_step){ .op = OP_weighted_checklist }, TYPE_BOOLEAN, all, call->count);
}

expr_operand *expr_build_position(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	if (call->count == 0 && call->level > 0) {
		expr_step step = { .op = OP_load_item_position, .level = call->level };
		return expr_emit(compiler, step, TYPE_NUMBER, NULL, 0);
	}
	if (call->count == 0)
		return expr_constant_number(compiler, 1);
	if (args[0]->kind == OPERAND_ENTRIES || args[0]->kind == OPERAND_SET)
		return complain_of(compiler, call, args[0], "one entry");
	if (args[0]->kind == OPERAND_CONSTANT || args[0]->kind == OPERAND_REGISTER)
		return complain_of(compiler, call, args[0], "an entry");
	if (args[0]->kind != OPERAND_GROUP || !is_repeat(compiler, args[0]))
		return expr_constant_number(compiler, 1); /* the argument occurs only once */
	expr_step step = expr_column_step(compiler, OP_load_position, args[0]);
	return expr_emit(compiler, step, TYPE_NUMBER, NULL, 0);
}

expr_operand *expr_build_last(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)args;
	if (call->level == 0)
		return expr_constant_number(compiler, 1);
	return expr_emit(compiler, (expr_step){ .op = OP_load_item_last, .level = call->level }, TYPE_NUMBER, NULL, 0);
}

/* ---------------------------------------------------------------- chosen entries */

static bool is_repeat_name(const expr_compiler *compiler, const expr_operand *operand)
{
	return (operand->kind == OPERAND_ENTRIES || operand->kind == OPERAND_GROUP) && is_repeat(compiler, operand);
}

expr_operand *expr_build_indexed_repeat(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	cnv_question_id repeats[3];
	expr_operand *indexes[3];
	uint32_t count = call->count / 2;

	if (args[0]->kind != OPERAND_ANSWER && args[0]->kind != OPERAND_ENTRIES)
		return complain_of(compiler, call, args[0], "a question of a repeat");
	if (is_repeat(compiler, args[0]))
		return complain_of(compiler, call, args[0], "a question of a repeat");
	if (call->count % 2 == 0)
		return complain_of(compiler, call, args[call->count - 1], "the number of an entry after each repeat");
	if (call->level > 0)
		return complain_of(compiler, call, args[0], "to be outside conditions on paths");
	for (uint32_t i = 0; i < count; i++) {
		const expr_operand *repeat = args[1 + i * 2];
		if (!is_repeat_name(compiler, repeat))
			return complain_of(compiler, call, repeat, "a repeat");
		const cnv_form *form = compiler->form;
		uint32_t table = form->questions[args[0]->question].table;
		if (!expr_owns(form, form->questions[repeat->question].table, table))
			return complain_of(compiler, call, repeat, "a repeat around the question");
		repeats[i] = repeat->question;
		indexes[i] = expr_as(compiler, args[2 + i * 2], TYPE_NUMBER);
		if (indexes[i]->kind == OPERAND_BAD)
			return indexes[i];
	}
	return expr_select_indexed(compiler, args[0], repeats, indexes, count);
}

/* randomize(): with a seed as in the ODK specification, else by the random numbers of the run. */
expr_operand *expr_build_randomize(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	expr_operand *set = expr_as_set(compiler, args[0]), *text = NULL;
	expr_operand *seed;
	if (!set)
		return complain_of(compiler, call, args[0], "the answers of a repeat, or the items of a list");
	if (set->kind == OPERAND_BAD)
		return set;
	if (call->count == 1) {
		expr_step step = { .op = OP_random, .choice = compiler->expr->step_count };
		expr_operand *scale[] = { expr_emit(compiler, step, TYPE_NUMBER, NULL, 0),
					  expr_constant_number(compiler, 2147483646) };
		compiler->whole->is_volatile = true;
		seed = expr_emit(compiler, (expr_step){ .op = OP_multiply }, TYPE_NUMBER, scale, 2);
	} else {
		if (args[1]->type == TYPE_TEXT)
			text = expr_as(compiler, args[1], TYPE_TEXT);
		seed = expr_as(compiler, text ? text : args[1], TYPE_NUMBER);
	}
	if (seed->kind == OPERAND_BAD)
		return seed;
	return expr_shuffle(compiler, set, seed, text);
}

/* pulldata(): reads a file next to the form; without the file its cells are unknown. */
expr_operand *expr_build_pulldata(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	bool literal = true;
	for (uint32_t i = 0; i < 3; i++)
		literal = literal && args[i]->kind == OPERAND_CONSTANT && args[i]->type == TYPE_TEXT;
	const expr_items *items = literal ? expr_find_items(compiler, cnv_str_trim(args[0]->value.text)) : NULL;
	for (uint32_t i = 1; i < 3 && items; i++)
		if (!expr_has_column(items->list, args[i]->value.text))
			expr_remark_column(compiler, items->list, args[i]->value.text, true, args[i]->from,
					   args[i]->upto);
	if (items)
		return expr_look_up(compiler, items, args[1]->value.text, args[2]->value.text, args[3]);
	for (uint32_t i = 0; i < call->count; i++)
		if (expr_as(compiler, args[i], TYPE_TEXT)->kind == OPERAND_BAD)
			return expr_bad(compiler);
	if (!compiler->told_unknown)
		expr_remark(compiler, CNV_DATA_NOT_AT_HAND, args[0]->from, args[0]->upto,
			    literal ? expr_hint(compiler,
						"put %.*s.csv next to the form; without it, answers that depend on"
						" it are marked as not checked",
						CNV_ARG(args[0]->value.text))
				    : CNV_STR("write the names of the file and of its columns in quotes"),
			    "the file that pulldata() reads was not found, so this cannot be evaluated");
	compiler->told_unknown = true;
	compiler->expr->unsure = true;
	return expr_emit(compiler, (expr_step){ .op = OP_unknown }, TYPE_TEXT, NULL, 0);
}

/* ---------------------------------------------------------------- the form and the device */

expr_operand *expr_build_version(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call, (void)args;
	return expr_constant_text(compiler, compiler->form ? compiler->form->version : CNV_STR(""));
}

/* A return does not contain the name of the device. */
expr_operand *expr_build_property(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	(void)call, (void)args;
	return expr_emit(compiler, (expr_step){ .op = OP_blank }, TYPE_TEXT, NULL, 0);
}

expr_operand *expr_build_name(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	cnv_question_id id = call->count > 0 ? args[0]->question : compiler->context->self;
	if (call->count > 0 && (args[0]->kind == OPERAND_CONSTANT || args[0]->kind == OPERAND_REGISTER))
		return complain_of(compiler, call, args[0], "a question");
	if (!compiler->form || id >= compiler->form->count)
		return expr_constant_text(compiler, CNV_STR(""));
	return expr_constant_text(compiler, compiler->form->questions[id].name);
}

/* ---------------------------------------------------------------- dates */

expr_operand *expr_build_date(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	const expr_function *function = call->function;
	bool was_text = args[0]->type == TYPE_TEXT;
	bool literal = args[0]->kind == OPERAND_CONSTANT && was_text;
	expr_operand *days = expr_as(compiler, args[0], TYPE_DAY);
	if (days->kind == OPERAND_BAD)
		return days;
	if (literal && days->kind == OPERAND_CONSTANT && args[0]->value.text.len > 0 &&
	    days->value.number != days->value.number) {
		expr_complain(compiler, CNV_DATE_IMPOSSIBLE, args[0]->from, args[0]->upto,
			      CNV_STR("write dates as YYYY-MM-DD"), "\"%.*s\" is not a date that exists",
			      CNV_ARG(args[0]->value.text));
		return expr_bad(compiler);
	}
	if (args[0]->type == TYPE_MOMENT && function->op == OP_date)
		return expr_emit(compiler, (expr_step){ .op = OP_one_number, .data = &expr_floor }, TYPE_DAY, &days, 1);
	if (was_text || args[0]->type == TYPE_DAY || args[0]->type == TYPE_MOMENT) {
		expr_operand *date = expr_operand_new(compiler, days->kind, TYPE_DAY);
		if (date->kind != OPERAND_BAD) {
			*date = *days;
			date->type = TYPE_DAY;
		}
		return date;
	}
	return expr_emit(compiler, (expr_step){ .op = function->op }, TYPE_DAY, &days, 1);
}

static bool is_escape(char c)
{
	static const char escapes[] = "YymnbdeaWHhMS3%";
	for (size_t i = 0; i < sizeof escapes - 1; i++)
		if (escapes[i] == c)
			return true;
	return false;
}

expr_operand *expr_build_format(expr_compiler *compiler, const expr_node *call, expr_operand **args)
{
	cnv_str format =
		args[1]->kind == OPERAND_CONSTANT && args[1]->type == TYPE_TEXT ? args[1]->value.text : CNV_STR("");
	for (size_t i = 0; i < format.len; i++) {
		if (format.at[i] != '%')
			continue;
		char c = i + 1 < format.len ? format.at[++i] : '\0';
		if (is_escape(c))
			continue;
		uint32_t at = args[1]->from + (uint32_t)i;
		expr_complain(compiler, CNV_FORMAT_UNKNOWN, args[1]->literal ? at : args[1]->from,
			      args[1]->literal ? at + 2 : args[1]->upto,
			      CNV_STR("use one of: %Y %y %m %n %b %d %e %a %W %H %h %M %S %3 %%"),
			      "unknown escape in the date format");
		return expr_bad(compiler);
	}
	return emit_plain(compiler, call, args, 2);
}
