/* Answers that a spreadsheet spoilt: told, and never mended.
 *
 * A text that is against its rule may have been right before: the rule is tried again with zeros in front,
 * and with the month that a date was made of, for all such answers of a window at once. */
#include "check/check_internal.h"

#include <string.h>

/* Codes have lost more zeros than that nowhere. */
#define MOST_ZEROS 6u
#define MOST_CODE 32u

static bool is_number(cnv_str text)
{
	size_t at = 0;

	while (at < text.len && at < MOST_CODE && text.at[at] >= '0' && text.at[at] <= '9')
		at++;
	return text.len && at == text.len;
}

uint32_t cnv_zeros_lost(const cnv_list *list, cnv_str text)
{
	char padded[MOST_ZEROS + MOST_CODE];

	text = cnv_str_trim_unicode(text);
	if (!is_number(text))
		return 0;
	memset(padded, '0', MOST_ZEROS);
	memcpy(padded + MOST_ZEROS, text.at, text.len);
	for (uint32_t zeros = 1; zeros <= MOST_ZEROS; zeros++)
		if (cnv_list_find(list, (cnv_str){ padded + MOST_ZEROS - zeros, text.len + zeros }) != CNV_NONE)
			return zeros;
	return 0;
}

void cnv_judge_damage(cnv_judging *judging, const cnv_table *table, const cnv_column *column)
{
	const char *at = column->text.at ? column->text.at : "";
	uint32_t from = 0;

	for (uint32_t row = 0; row < table->rows; from = column->ends[row++]) {
		cnv_str text = { at + from, column->ends[row] - from };
		cnv_damage damage;

		if (text.len < 2 || column->verdicts[row] != CNV_ACCEPTED)
			continue;
		damage = cnv_damage_find(text);
		if (damage != CNV_UNDAMAGED)
			cnv_judge_cell(judging, table, column, row, cnv_damage_words(damage)->code, 0);
	}
}

/* ---------------------------------------------------------------- answers against a rule */

struct trial {
	cnv_judging *judging;
	const cnv_table *table;
	cnv_column *column;
	const cnv_vector *vector;
	cnv_explained *explained;
	uint32_t zeros; /* 0: months */
	bool any;
};

/* An answer to be tried: against the rule, and not explained yet. */
static bool is_tried(const struct trial *trial, uint32_t row)
{
	return cnv_bit(trial->column->usable, row) && trial->column->verdicts[row] == CNV_ACCEPTED &&
	       !cnv_bit(trial->vector->booleans, row) &&
	       !(trial->vector->unsure && cnv_bit(trial->vector->unsure, row)) &&
	       (!trial->explained->codes || !trial->explained->codes[row]);
}

/* What the answer may have been, put into the text; false: this trial has nothing for it. */
static bool put_tried(const struct trial *trial, cnv_str text, cnv_text *out)
{
	char month[CNV_MONTH_ROOM];

	text = cnv_str_trim_unicode(text);
	if (trial->zeros) {
		if (!is_number(text))
			return false;
		for (uint32_t i = 0; i < trial->zeros; i++)
			cnv_text_put_char(out, '0');
		cnv_text_put(out, text);
		return true;
	}
	if (!cnv_damaged_month(text, month))
		return false;
	cnv_text_put(out, cnv_str_from(month));
	return true;
}

/* The column with the answers to be tried in place of those that came. */
static void lay_trial(struct trial *trial)
{
	cnv_text *text = &trial->judging->text;

	cnv_text_reset(text);
	trial->any = false;
	for (uint32_t row = 0; row < trial->table->rows; row++) {
		cnv_str came = cnv_column_text(trial->column, row);

		if (is_tried(trial, row) && put_tried(trial, came, text))
			trial->any = true;
		else
			cnv_text_put(text, came);
		trial->judging->ends[row] = (uint32_t)text->len;
	}
}

static cnv_status run_trial(struct trial *trial)
{
	cnv_judging *judging = trial->judging;
	cnv_column *column = trial->column;
	const cnv_rule *rule = cnv_plan_rule(judging->plan, column->question, CNV_SLOT_CONSTRAINT);
	cnv_text kept = column->text;
	uint32_t *ends = column->ends;
	cnv_vector vector;
	cnv_status status;

	lay_trial(trial);
	if (!trial->any || judging->text.failed)
		return judging->text.failed ? CNV_NO_MEMORY : CNV_OK;
	column->text = judging->text;
	column->ends = judging->ends;
	status = cnv_expr_run(judging->plan->programs[rule->program], judging->batch, trial->table->index, 0,
			      trial->table->rows, NULL, judging->world, &judging->temp, &vector);
	column->text = kept;
	column->ends = ends;
	if (status)
		return status;
	for (uint32_t row = 0; row < trial->table->rows; row++) {
		size_t from = row ? judging->ends[row - 1] : 0;
		cnv_str tried = cnv_str_slice(cnv_text_str(&judging->text), from, judging->ends[row]);

		if (!is_tried(trial, row) || !cnv_bit(vector.booleans, row) ||
		    (vector.unsure && cnv_bit(vector.unsure, row)) ||
		    cnv_str_equal(tried, cnv_column_text(column, row)))
			continue;
		trial->explained->codes[row] = trial->zeros ? CNV_ZEROS_LOST : CNV_TEXT_MADE_DATE;
		trial->explained->zeros[row] = (uint8_t)trial->zeros;
	}
	return CNV_OK;
}

/* Is there an answer that any trial has something for? */
static bool is_worth_it(const struct trial *trial)
{
	char month[CNV_MONTH_ROOM];

	for (uint32_t row = 0; row < trial->table->rows; row++) {
		cnv_str text = cnv_str_trim_unicode(cnv_column_text(trial->column, row));

		if (is_tried(trial, row) && (is_number(text) || cnv_damaged_month(text, month)))
			return true;
	}
	return false;
}

static bool is_against(const cnv_vector *vector, const cnv_column *column, uint32_t rows)
{
	uint64_t any = 0;

	for (size_t i = 0; i < CNV_BIT_WORDS(rows); i++)
		any |= column->usable[i] & ~vector->booleans[i];
	return any != 0;
}

cnv_status cnv_judge_explain(cnv_judging *judging, const cnv_table *table, cnv_column *column, const cnv_vector *vector,
			     cnv_explained *out)
{
	struct trial trial = {
		.judging = judging, .table = table, .column = column, .vector = vector, .explained = out
	};
	cnv_status status = CNV_OK;

	*out = (cnv_explained){ 0 };
	if (!is_against(vector, column, table->rows) || !is_worth_it(&trial))
		return CNV_OK;
	out->codes = cnv_arena_array(&judging->temp, table->rows, sizeof *out->codes);
	out->zeros = cnv_arena_array(&judging->temp, table->rows, sizeof *out->zeros);
	judging->ends = cnv_arena_array(&judging->temp, table->rows, sizeof *judging->ends);
	if (!out->codes || !out->zeros || !judging->ends)
		return CNV_NO_MEMORY;
	for (; !status && trial.zeros <= MOST_ZEROS; trial.zeros++)
		status = run_trial(&trial);
	return status;
}
