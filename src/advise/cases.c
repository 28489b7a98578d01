/* The answers that the conditions of a trial can distinguish.
 *
 * For select_one: every choice.  For select_multiple: every subset of the choices the formula names, with as many
 * others as make a difference.  For numbers and days: the constants, what is next to them and between them.  A formula
 * that does more than compare (it calculates, matches a pattern, follows a path) has too many cases and is not tried.
 */
#include "advise/probe.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- what a formula compares with */

static bool keep_number(struct literals *literals, double number)
{
	if (literals->number_count == MOST_LITERALS)
		return false;
	literals->numbers[literals->number_count++] = number;
	return true;
}

static bool keep_text(struct literals *literals, cnv_str text)
{
	double number;

	if (literals->text_count == MOST_LITERALS)
		return false;
	literals->texts[literals->text_count++] = text;
	return !cnv_number_read(text, &number) || keep_number(literals, number);
}

/* date('2026-01-31') */
static bool is_day(const cnv_formula_tree *tree, uint32_t node)
{
	return cnv_formula_is_call(tree, node, "date") && tree->nodes[node].argc == 1 &&
	       cnv_formula_is(tree, cnv_formula_arg(tree, node, 0), CNV_F_TEXT);
}

/* A function whose cases can be counted. */
static bool read_call(struct literals *literals, const cnv_formula_tree *tree, uint32_t node)
{
	static const char *const functions[] = { "not",           "selected", "count-selected", "true", "false",
						 "string-length", "if",       "boolean" };
	const cnv_formula_node *call = &tree->nodes[node];

	/* selected(${several}, ${one}) would need every pair. */
	for (uint32_t arg = cnv_formula_arg(tree, node, 1); arg != CNV_NONE; arg = tree->nodes[arg].next)
		if (tree->nodes[arg].kind == CNV_F_REFERENCE || tree->nodes[arg].kind == CNV_F_SELF)
			return false;
	literals->counts |= cnv_str_equal(call->text, CNV_STR("count-selected"));
	literals->lengths |= cnv_str_equal(call->text, CNV_STR("string-length"));
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		if (cnv_str_equal(call->text, cnv_str_from(functions[i])))
			return true;
	return is_day(tree, node);
}

/* An operator that combines or compares. */
static bool read_operator(struct literals *literals, const cnv_formula_tree *tree, uint32_t node)
{
	uint32_t left = cnv_formula_arg(tree, node, 0), right = cnv_formula_arg(tree, node, 1);
	cnv_formula_op op = tree->nodes[node].op;
	cnv_str text;

	if (cnv_op_is_comparison(op))
		literals->answers |= !cnv_formula_is_literal(tree, left, &text) && !is_day(tree, left) &&
				     !cnv_formula_is_literal(tree, right, &text) && !is_day(tree, right);
	return cnv_op_is_comparison(op) || op == CNV_OP_AND || op == CNV_OP_OR;
}

bool cnv_probe_literals(struct literals *literals, const cnv_formula_tree *tree)
{
	if (cnv_formula_root(tree) == CNV_NONE)
		return false;
	for (uint32_t i = 0; i < tree->count; i++) {
		const cnv_formula_node *node = &tree->nodes[i];
		bool negative = cnv_formula_is(tree, node->parent, CNV_F_NEGATE);

		switch (node->kind) {
		case CNV_F_NUMBER:
			if (!keep_number(literals, negative ? -node->number : node->number))
				return false;
			break;
		case CNV_F_TEXT:
			if (negative || !keep_text(literals, node->text))
				return false;
			break;
		case CNV_F_REFERENCE:
			if (negative || node->last_saved)
				return false;
			break;
		case CNV_F_SELF:
			if (negative)
				return false;
			break;
		case CNV_F_BINARY:
			if (negative || !read_operator(literals, tree, i))
				return false;
			break;
		case CNV_F_CALL:
			if (negative || !read_call(literals, tree, i))
				return false;
			break;
		case CNV_F_NEGATE:
			if (negative)
				return false;
			break;
		case CNV_F_NAME:
		case CNV_F_PARENT:
		case CNV_F_ROOT:
		case CNV_F_CURRENT:
		case CNV_F_INSTANCE:
		case CNV_F_STEP:
		case CNV_F_WHERE:
			return false;
		}
	}
	return true;
}

/* ---------------------------------------------------------------- what is tried for each question */

static struct value *add_value(struct trial *trial, struct read *read)
{
	if (!cnv_arena_grow(&trial->probing->trial, (void **)&read->values, read->count, &read->room,
			    sizeof *read->values))
		return &trial->lost;
	read->values[read->count] = (struct value){ 0 };
	return &read->values[read->count++];
}

static void add_number(struct trial *trial, struct read *read, double number)
{
	bool is_day = read->question->kind == CNV_DATE;
	char digits[CNV_NUMBER_ROOM], day[CNV_DAY_ROOM];
	struct value *value;
	cnv_str text;

	if (read->question->kind != CNV_DECIMAL && number != floor(number))
		return;
	for (uint32_t i = 1; i < read->count; i++)
		if (read->values[i].number == number)
			return;
	value = add_value(trial, read);
	value->number = number;
	if (is_day)
		text = (cnv_str){ day, cnv_day_write((int32_t)number, day) };
	else
		text = (cnv_str){ digits, cnv_number_write(number, digits) };
	value->text = cnv_arena_copy(&trial->probing->trial, text);
}

/* The points, what is next to each, and what is between two of them: enough for three questions in any order. */
static void add_points(struct trial *trial, struct read *read, const double *points, uint32_t count)
{
	static const double beside[] = { -2, -1, 0, 1, 2 }, between[] = { 0.25, 0.5, 0.75 };

	for (uint32_t i = 0; i < count; i++) {
		double next = INFINITY;

		for (size_t k = 0; k < sizeof beside / sizeof beside[0]; k++)
			add_number(trial, read, points[i] + beside[k]);
		for (uint32_t k = 0; k < count; k++)
			if (points[k] > points[i] && points[k] < next)
				next = points[k];
		for (size_t k = 0; next < INFINITY && k < sizeof between / sizeof between[0]; k++)
			add_number(trial, read, points[i] + (next - points[i]) * between[k]);
	}
}

static bool add_days(struct trial *trial, struct read *read)
{
	double days[MOST_LITERALS + 1] = { 0 };
	uint32_t count = 1;
	int32_t day;

	for (uint32_t i = 0; i < trial->literals.text_count; i++)
		if (cnv_day_read(trial->literals.texts[i], &day))
			days[count++] = day;
	add_points(trial, read, days, count);
	return true;
}

static bool add_numbers(struct trial *trial, struct read *read)
{
	double points[3 * MOST_LITERALS + 1] = { 0 };
	uint32_t count = 1;

	for (uint32_t i = 0; i < trial->literals.number_count; i++) {
		double number = trial->literals.numbers[i];

		points[count++] = number;
		if (number == floor(number))
			continue;
		points[count++] = floor(number); /* whole numbers next to it */
		points[count++] = ceil(number);
	}
	add_points(trial, read, points, count);
	return true;
}

static bool is_named(const struct trial *trial, cnv_str name)
{
	for (uint32_t i = 0; i < trial->literals.text_count; i++) {
		cnv_str rest = trial->literals.texts[i], word;

		while (cnv_str_word(&rest, &word))
			if (cnv_str_equal(word, name))
				return true;
	}
	return false;
}

static bool has_choice(const struct read *read, uint32_t choice)
{
	for (uint32_t i = 1; i < read->count; i++)
		if (read->values[i].choice == choice)
			return true;
	return false;
}

/* The named ones, and one other. */
static void add_named_choices(struct trial *trial, struct read *read, const cnv_list *list)
{
	uint32_t choice;

	for (uint32_t i = 0; i < trial->literals.text_count; i++) {
		cnv_str rest = trial->literals.texts[i], word;

		while (cnv_str_word(&rest, &word))
			if ((choice = cnv_list_find(list, word)) != CNV_NONE && !has_choice(read, choice))
				add_value(trial, read)->choice = choice;
	}
	for (choice = 0; choice < list->count && has_choice(read, choice); choice++)
		;
	if (choice < list->count)
		add_value(trial, read)->choice = choice;
}

static bool add_choices(struct trial *trial, struct read *read)
{
	const cnv_list *list = &trial->probing->form->lists[read->question->list];

	if (!trial->literals.answers && !trial->literals.number_count)
		add_named_choices(trial, read, list);
	else
		for (uint32_t i = 0; i < list->count && i <= MOST_ROWS; i++)
			add_value(trial, read)->choice = i;
	return list->count > 0;
}

/* The answer as a file would have it: names in the order of the list. */
static void add_set(struct trial *trial, struct read *read, const cnv_list *list, uint64_t set)
{
	cnv_text text = { 0 };
	struct value *value = add_value(trial, read);

	for (uint32_t i = 0; i < list->count; i++)
		if (set >> i & 1)
			cnv_text_format(&text, "%s%.*s", text.len ? " " : "", CNV_ARG(list->choices[i].name));
	value->set = set;
	value->text = cnv_arena_copy(&trial->probing->trial, cnv_text_str(&text));
	trial->probing->trial.failed |= text.failed;
	cnv_text_fini(&text);
}

/* The same names in the order of a formula. */
static void add_written(struct trial *trial, struct read *read, const cnv_list *list, cnv_str written)
{
	cnv_str rest = written, word;
	uint64_t set = 0;

	while (cnv_str_word(&rest, &word)) {
		uint32_t choice = cnv_list_find(list, word);

		if (choice == CNV_NONE)
			return;
		set |= UINT64_C(1) << choice;
	}
	if (set)
		*add_value(trial, read) = (struct value){ .text = written, .set = set };
}

/* Which of the named choices are selected, and how many others. */
static bool add_sets(struct trial *trial, struct read *read)
{
	const cnv_list *list = &trial->probing->form->lists[read->question->list];
	uint64_t named[4];
	uint32_t named_count = 0, others = 0;
	uint64_t other[65] = { 0 }; /* the first so many others */

	if (!list->count || list->count > 64)
		return false;
	for (uint32_t i = 0; i < list->count; i++) {
		if (!is_named(trial, list->choices[i].name)) {
			other[others + 1] = other[others] | UINT64_C(1) << i;
			others++;
		} else if (named_count == sizeof named / sizeof named[0]) {
			return false;
		} else {
			named[named_count++] = UINT64_C(1) << i;
		}
	}
	if (!trial->literals.counts && others > 1)
		others = 1;
	for (uint32_t some = 0; some < 1u << named_count; some++) {
		uint64_t set = 0;

		for (uint32_t i = 0; i < named_count; i++)
			set |= some >> i & 1 ? named[i] : 0;
		for (uint32_t i = 0; i <= others; i++)
			if (set | other[i])
				add_set(trial, read, list, set | other[i]);
	}
	for (uint32_t i = 0; i < trial->literals.text_count; i++)
		add_written(trial, read, list, trial->literals.texts[i]);
	return true;
}

static bool add_texts(struct trial *trial, struct read *read)
{
	const struct literals *literals = &trial->literals;
	cnv_arena *arena = &trial->probing->trial;
	char *filler = literals->lengths ? cnv_arena_get(arena, (size_t)MOST_LENGTH + 1) : NULL;
	char out[CNV_NUMBER_ROOM];

	add_value(trial, read)->text = CNV_STR("zq");
	add_value(trial, read)->text = CNV_STR("qz");
	for (uint32_t i = 0; i < literals->text_count; i++)
		if (literals->texts[i].len)
			add_value(trial, read)->text = literals->texts[i];
	for (uint32_t i = 0; i < literals->number_count; i++)
		for (int beside = -1; beside <= 1; beside++) {
			double number = literals->numbers[i] + beside;

			if (filler && number >= 1 && number <= MOST_LENGTH)
				add_value(trial, read)->text = (cnv_str){ filler, (size_t)number };
			else if (filler && number > MOST_LENGTH)
				return false;
			if (!filler)
				add_value(trial, read)->text =
					cnv_arena_copy(arena, (cnv_str){ out, cnv_number_write(number, out) });
		}
	if (filler)
		memset(filler, 'x', (size_t)MOST_LENGTH);
	return true;
}

static bool add_tick(struct trial *trial, struct read *read)
{
	add_value(trial, read)->text = CNV_STR("OK");
	return true;
}

bool cnv_probe_values(struct trial *trial, struct read *read)
{
	static bool (*const finders[])(struct trial *, struct read *) = {
		[CNV_TEXT] = add_texts,       [CNV_INTEGER] = add_numbers, [CNV_DECIMAL] = add_numbers,
		[CNV_DATE] = add_days,        [CNV_CHOICE] = add_choices,  [CNV_CHOICES] = add_sets,
		[CNV_ACKNOWLEDGE] = add_tick,
	};
	const cnv_question *question = read->question;
	const cnv_form *form = trial->probing->form;

	if (question->role != CNV_ASKED || (size_t)question->kind >= sizeof finders / sizeof finders[0] ||
	    !finders[question->kind] || (trial->literals.lengths && question->kind != CNV_TEXT))
		return false;
	if ((question->kind == CNV_CHOICE || question->kind == CNV_CHOICES) &&
	    (question->list == CNV_NONE || form->lists[question->list].open))
		return false;
	add_value(trial, read); /* the blank */
	return finders[question->kind](trial, read);
}
