/* Conditions that contradict themselves or each other, found by trying.
 *
 * A condition that only compares answers with constants and with each other can distinguish few answers: the choices of
 * a list, the numbers at, between and next to the constants, the days around them.  These become rows of invented
 * answers, one for every combination, and the compiled program is run over them as over a returned file.  No row true:
 * no respondent can ever meet the condition.  All true: it decides nothing.  A formula that calculates, matches patterns or
 * reads the clock is left alone, so that the advice is certain.
 */
#include "advise/probe.h"

#include <string.h>

/* ---------------------------------------------------------------- every combination a row */

static void put_value(cnv_column *column, uint32_t row, const struct value *value)
{
	if (column->numbers)
		column->numbers[row] = value->number;
	if (column->days)
		column->days[row] = (int32_t)value->number;
	if (column->choices)
		column->choices[row] = value->choice;
	if (column->sets)
		column->sets[row] = value->set;
	cnv_bit_set(column->answered, row);
}

static bool make_column(struct probing *probing, cnv_column *column, const cnv_question *question, uint32_t rows)
{
	cnv_arena *arena = &probing->trial;

	*column = (cnv_column){ .question = (cnv_question_id)(question - probing->form->questions),
				.kind = question->kind,
				.list = question->list,
				.words = 1 };
	column->ends = cnv_arena_array(arena, rows, sizeof *column->ends);
	column->answered = cnv_arena_array(arena, CNV_BIT_WORDS(rows), sizeof *column->answered);
	column->verdicts = cnv_arena_array(arena, rows, sizeof *column->verdicts);
	if (question->kind == CNV_INTEGER || question->kind == CNV_DECIMAL)
		column->numbers = cnv_arena_array(arena, rows, sizeof *column->numbers);
	if (question->kind == CNV_DATE)
		column->days = cnv_arena_array(arena, rows, sizeof *column->days);
	if (question->kind == CNV_CHOICE)
		column->choices = cnv_arena_array(arena, rows, sizeof *column->choices);
	if (question->kind == CNV_CHOICES)
		column->sets = cnv_arena_array(arena, rows, sizeof *column->sets);
	column->understood = column->usable = column->answered;
	return !arena->failed;
}

/* Fills one question's column; each answer is repeated `stride` times, and all of them again. */
static bool lay_out(struct trial *trial, struct read *read, uint32_t stride)
{
	struct probing *probing = trial->probing;
	cnv_column *column = &probing->batch.tables[read->question->table].columns[read->question->column];
	size_t bytes = 0;

	if (!make_column(probing, column, read->question, trial->rows))
		return false;
	for (uint32_t row = 0; row < trial->rows; row++)
		bytes += read->values[row / stride % read->count].text.len;
	column->text.at = cnv_arena_get(&probing->trial, bytes + 1);
	if (!column->text.at)
		return false;
	for (uint32_t row = 0; row < trial->rows; row++) {
		uint32_t which = row / stride % read->count;
		cnv_str text = read->values[which].text;

		if (column->choices)
			column->choices[row] = CNV_NONE;
		if (which)
			put_value(column, row, &read->values[which]);
		if (text.len)
			memcpy(column->text.at + column->text.len, text.at, text.len);
		column->text.len += text.len;
		column->ends[row] = (uint32_t)column->text.len;
	}
	read->blank = column->answered;
	return true;
}

/* Row i of a repeat belongs to row i of the table around it. */
static bool make_tables(struct trial *trial)
{
	struct probing *probing = trial->probing;
	uint32_t *parents = cnv_arena_array(&probing->trial, trial->rows, sizeof *parents);
	uint32_t *positions = cnv_arena_array(&probing->trial, trial->rows, sizeof *positions);

	if (!parents || !positions)
		return false;
	for (uint32_t row = 0; row < trial->rows; row++) {
		parents[row] = row;
		positions[row] = 1;
	}
	for (uint32_t i = 0; i < probing->batch.table_count; i++) {
		cnv_table *table = &probing->batch.tables[i];

		table->rows = table->room = trial->rows;
		table->parents = i ? parents : NULL;
		table->positions = i ? positions : NULL;
	}
	return true;
}

/* Answers that are compared with each other must be of one kind, so that each is tried with the values of the other. */
static bool are_alike(const struct trial *trial)
{
	const cnv_question *first = trial->reads[0].question;

	for (uint32_t i = 1; i < trial->read_count; i++) {
		const cnv_question *question = trial->reads[i].question;

		if (question->list != first->list ||
		    (question->kind != first->kind && (question->kind > CNV_DECIMAL || question->kind < CNV_INTEGER ||
						       first->kind > CNV_DECIMAL || first->kind < CNV_INTEGER)))
			return false;
	}
	return true;
}

static bool prepare(struct trial *trial)
{
	uint32_t stride = 1;
	size_t rows = 1;

	if (trial->literals.answers && !are_alike(trial))
		return false;
	for (uint32_t i = 0; i < trial->read_count; i++) {
		if (!cnv_probe_values(trial, &trial->reads[i]) || trial->probing->trial.failed)
			return false;
		rows *= trial->reads[i].count;
		if (rows > MOST_ROWS)
			return false;
	}
	if (trial->probing->work + rows > MOST_WORK)
		return false;
	trial->probing->work += (uint32_t)rows;
	trial->rows = (uint32_t)rows;
	if (!make_tables(trial))
		return false;
	for (uint32_t i = 0; i < trial->read_count; i++) {
		if (!lay_out(trial, &trial->reads[i], stride))
			return false;
		stride *= trial->reads[i].count;
	}
	return true;
}

/* ---------------------------------------------------------------- what is tried together */

static bool has_program(const cnv_plan *plan, cnv_question_id id, cnv_slot slot)
{
	return cnv_plan_rule(plan, id, slot)->kind == CNV_RULE_PROGRAM;
}

static bool reads_already(const struct trial *trial, cnv_question_id id)
{
	for (uint32_t i = 0; i < trial->read_count; i++)
		if (trial->reads[i].id == id)
			return true;
	return false;
}

/* A text that is no choice has been reported already. */
static bool compares_with_choices(const struct subject *subject)
{
	struct equality equality;
	cnv_str word;

	for (uint32_t i = 0; subject->tree && i < subject->tree->count; i++) {
		uint32_t list = cnv_subject_equality(subject, i, &equality)
					? subject->form->questions[equality.answer].list
					: CNV_NONE;

		while (list != CNV_NONE && cnv_str_word(&equality.text, &word))
			if (cnv_list_find(&subject->form->lists[list], word) == CNV_NONE)
				return false;
	}
	return true;
}

/* `${q} = 'NaN'` tests for a number that could not be computed; no answer that a person enters makes it true. */
static bool names_nan(const cnv_formula_tree *tree)
{
	for (uint32_t i = 0; tree && i < tree->count; i++)
		if (cnv_formula_is(tree, i, CNV_F_TEXT) && cnv_str_equal(tree->nodes[i].text, CNV_STR("NaN")))
			return true;
	return false;
}

/* Adds one formula to what must be true; of: the read question that it belongs to, and then it must not read more. */
static bool add_formula(struct trial *trial, cnv_question_id id, cnv_slot slot, uint32_t of)
{
	const struct probing *probing = trial->probing;
	const cnv_form *form = probing->form;
	struct literals before = trial->literals;
	const cnv_question_id *uses;
	const cnv_expr *expr;
	struct subject subject;
	uint32_t count;

	if (!has_program(probing->plan, id, slot) || trial->count == MOST_FORMULAS)
		return false;
	cnv_subject_init(&subject, probing->plan, id, slot);
	expr = subject.rule->expr;
	uses = cnv_expr_uses(expr, &count);
	if (!count || cnv_expr_is_volatile(expr) || !compares_with_choices(&subject) || names_nan(subject.tree))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const cnv_question *question = &form->questions[uses[i]];

		if (reads_already(trial, uses[i]))
			continue;
		if (of != CNV_NONE || trial->read_count == MOST_READS || question->column == CNV_NONE ||
		    !cnv_table_encloses(form, question->table, cnv_slot_table(form, id)))
			return false;
		trial->reads[trial->read_count++] = (struct read){ .question = question, .id = uses[i] };
	}
	if (!cnv_probe_literals(&trial->literals, subject.tree)) {
		trial->literals = before;
		return false;
	}
	trial->conditions[trial->count++] = (struct condition){ expr, cnv_slot_table(form, id), of };
	return true;
}

/* What the questions that are read depend on themselves: they are blank when they are not asked. */
static void add_gates(struct trial *trial)
{
	const cnv_form *form = trial->probing->form;

	for (uint32_t i = 0; i < trial->read_count; i++)
		for (cnv_question_id id = trial->reads[i].id; id != CNV_NONE; id = form->questions[id].parent)
			if (!trial->probing->dead[trial->reads[i].id]) /* those are reported already */
				add_formula(trial, id, CNV_SLOT_RELEVANT, i);
}

/* Sets in *wrong the rows in which the condition is false. */
static bool judge(struct trial *trial, const struct condition *condition, uint64_t *wrong)
{
	static const cnv_world world = { 0 };
	struct probing *probing = trial->probing;
	const uint64_t *needed = condition->of == CNV_NONE ? NULL : trial->reads[condition->of].blank;
	cnv_vector vector;

	if (cnv_expr_run(condition->expr, &probing->batch, condition->table, 0, trial->rows, NULL, &world,
			 &probing->trial, &vector) ||
	    vector.type != CNV_T_BOOLEAN)
		return false;
	for (uint32_t w = 0; w < CNV_BIT_WORDS(trial->rows); w++)
		wrong[w] |= ~vector.booleans[w] & (needed ? needed[w] : UINT64_MAX);
	return true;
}

static void forget(struct trial *trial)
{
	struct probing *probing = trial->probing;

	for (uint32_t i = 0; i < trial->read_count; i++) {
		const cnv_question *question = trial->reads[i].question;

		probing->batch.tables[question->table].columns[question->column] = (cnv_column){ 0 };
	}
	cnv_arena_reset(&probing->trial);
}

/* A rule that holds for all but the blank may be meant to ask for an answer: . != '' or count-selected(.) > 0. */
static bool decides(const struct trial *trial, uint32_t tried)
{
	const struct literals *literals = &trial->literals;
	bool compared = literals->number_count > 0;

	for (uint32_t i = 0; i < literals->text_count; i++)
		compared |= literals->texts[i].len > 0;
	return tried == trial->rows || (compared && !literals->counts && !literals->lengths);
}

/* Tries every combination.  NEVER: no row makes all conditions true. */
static enum outcome try_all(struct trial *trial)
{
	enum outcome outcome = UNSURE;
	uint64_t *wrong;
	uint32_t right = 0, tried = 0;

	if (!prepare(trial))
		goto out;
	wrong = cnv_arena_array(&trial->probing->trial, CNV_BIT_WORDS(trial->rows), sizeof *wrong);
	if (!wrong)
		goto out;
	for (uint32_t i = 0; i < trial->count; i++)
		if (!judge(trial, &trial->conditions[i], wrong))
			goto out;
	for (uint32_t row = 0; row < trial->rows; row++) {
		bool counts = true;

		for (uint32_t i = 0; i < trial->read_count; i++)
			counts &= trial->reads[i].id != trial->answered || cnv_bit(trial->reads[i].blank, row);
		tried += counts;
		right += counts && !cnv_bit(wrong, row);
	}
	outcome = !right ? NEVER : right == tried && decides(trial, tried) ? ALWAYS : POSSIBLE;
out:
	forget(trial);
	return tried || outcome == UNSURE ? outcome : UNSURE;
}

/* ---------------------------------------------------------------- what is reported */

/* message: holds one %s, for the noun, or none. */
static void report(struct probing *probing, cnv_question_id id, cnv_slot slot, cnv_code code, cnv_str hint,
		   const char *message)
{
	const cnv_question *question = &probing->form->questions[id];
	const cnv_formula *formula = cnv_slot_formula(question, slot);

	cnv_diags_emit(probing->diags,
		       CNV_DIAG(.code = (uint16_t)code, .place = formula->place, .field = question->name,
				.excerpt = formula->text, .hint = hint),
		       "%.*s", CNV_ARG(cnv_arena_format(&probing->kept, message, cnv_subject_noun(question))));
}

/* A formula by itself. */
static enum outcome try_alone(struct probing *probing, cnv_question_id id, cnv_slot slot)
{
	struct trial trial = { .probing = probing, .answered = slot == CNV_SLOT_CONSTRAINT ? id : CNV_NONE };
	const cnv_slot_rule *rule = cnv_plan_rule(probing->plan, id, slot);
	enum outcome outcome;

	if (rule->kind != CNV_RULE_PROGRAM)
		return UNSURE;
	if (probing->outcomes[rule->program])
		return (enum outcome)(probing->outcomes[rule->program] - 1);
	outcome = add_formula(&trial, id, slot, CNV_NONE) ? try_all(&trial) : UNSURE;
	probing->outcomes[rule->program] = (uint8_t)(1 + outcome);
	return outcome;
}

/* A relevance together with that of a group around it, or with all of them and what the questions it reads depend on.
 */
static bool is_excluded(struct probing *probing, cnv_question_id id, cnv_question_id around)
{
	const cnv_question *questions = probing->form->questions;
	struct trial trial = { .probing = probing, .answered = CNV_NONE };
	uint32_t alone;

	if (!add_formula(&trial, id, CNV_SLOT_RELEVANT, CNV_NONE))
		return false;
	alone = trial.count;
	if (around != CNV_NONE) {
		if (!add_formula(&trial, around, CNV_SLOT_RELEVANT, CNV_NONE))
			return false;
	} else {
		for (around = questions[id].parent; around != CNV_NONE; around = questions[around].parent)
			add_formula(&trial, around, CNV_SLOT_RELEVANT, CNV_NONE);
		add_gates(&trial);
	}
	return trial.count > alone && try_all(&trial) == NEVER;
}

static void probe_relevance(struct probing *probing, cnv_question_id id)
{
	const cnv_question *questions = probing->form->questions;
	cnv_question_id around;
	cnv_str hint = CNV_STR("use \"or\" where any of several answers is enough");

	if (questions[id].parent != CNV_NONE && probing->dead[questions[id].parent]) {
		probing->dead[id] = true;
		return;
	}
	switch (try_alone(probing, id, CNV_SLOT_RELEVANT)) {
	case NEVER:
		probing->dead[id] = true;
		report(probing, id, CNV_SLOT_RELEVANT, CNV_NEVER_TRUE, hint,
		       "no answers make this true: this %s is never asked");
		return;
	case ALWAYS:
		report(probing, id, CNV_SLOT_RELEVANT, CNV_ALWAYS_TRUE,
		       CNV_STR("use \"and\" where all parts must be true"),
		       "every answer makes this true: this %s is always asked");
		return;
	case UNSURE:
	case POSSIBLE:
		break;
	}
	if (!has_program(probing->plan, id, CNV_SLOT_RELEVANT))
		return;
	for (around = questions[id].parent; around != CNV_NONE; around = questions[around].parent) {
		if (!has_program(probing->plan, around, CNV_SLOT_RELEVANT) || !is_excluded(probing, id, around))
			continue;
		hint = cnv_arena_format(&probing->kept, "compare with the relevance of \"%.*s\": %.*s",
					CNV_ARG(questions[around].name), CNV_ARG(questions[around].relevant.text));
		report(probing, id, CNV_SLOT_RELEVANT, CNV_NEVER_TRUE, hint,
		       "never true when the group around it is asked");
		probing->dead[id] = true;
		return;
	}
	if (!is_excluded(probing, id, CNV_NONE))
		return;
	probing->dead[id] = true;
	report(probing, id, CNV_SLOT_RELEVANT, CNV_NEVER_TRUE,
	       CNV_STR("compare with the relevance of the questions it names: a question that is not asked reads as"
		       " blank"),
	       "never true when the questions it reads are asked");
}

static void probe_constraint(struct probing *probing, cnv_question_id id)
{
	switch (try_alone(probing, id, CNV_SLOT_CONSTRAINT)) {
	case NEVER:
		report(probing, id, CNV_SLOT_CONSTRAINT, CNV_RULE_CONTRADICTS,
		       CNV_STR("compare its parts: one allows only what another rejects"),
		       "no answer satisfies this constraint");
		break;
	case ALWAYS:
		report(probing, id, CNV_SLOT_CONSTRAINT, CNV_RULE_ALWAYS_HOLDS,
		       CNV_STR("use \"and\" where all parts must be true: . >= 1 and . <= 10"),
		       "this constraint accepts every answer");
		break;
	case UNSURE:
	case POSSIBLE:
		break;
	}
}

/* ---------------------------------------------------------------- public */

static bool make_batch(struct probing *probing)
{
	const cnv_form *form = probing->form;
	cnv_batch *batch = &probing->batch;

	*batch = (cnv_batch){ .form = form, .table_count = form->table_count };
	batch->tables = cnv_arena_array(&probing->kept, form->table_count, sizeof *batch->tables);
	if (!batch->tables)
		return false;
	for (uint32_t i = 0; i < form->table_count; i++) {
		cnv_table *table = &batch->tables[i];

		table->index = i;
		table->count = form->tables[i].count;
		table->columns = cnv_arena_array(&probing->kept, table->count + 1, sizeof *table->columns);
		if (!table->columns)
			return false;
	}
	return true;
}

void cnv_advise_probe(const cnv_plan *plan, cnv_diags *diags)
{
	struct probing probing = { .plan = plan, .form = cnv_plan_form(plan), .diags = diags };

	probing.outcomes = cnv_arena_array(&probing.kept, cnv_plan_programs(plan) + 1, sizeof *probing.outcomes);
	probing.dead = cnv_arena_array(&probing.kept, probing.form->count + 1, sizeof *probing.dead);
	if (probing.outcomes && probing.dead && make_batch(&probing))
		for (cnv_question_id id = 0; id < probing.form->count; id++) {
			probe_relevance(&probing, id);
			if (probing.form->questions[id].role == CNV_ASKED)
				probe_constraint(&probing, id);
		}
	cnv_arena_fini(&probing.trial);
	cnv_arena_fini(&probing.kept);
}
