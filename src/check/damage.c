/* Answers that a spreadsheet damaged: reported, and never repaired.
 *
 * A text that breaks its rule may have been right before: the rule is tried again with leading zeros, and with the
 * month that became a date, for all such answers of a window at once. */
#include "check/judging.h"

#include <string.h>

/* No code has more leading zeros. */
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
	cnv_explained *explained;
	uint32_t *rows; /* they break the rule, and may have been another text */
	uint32_t count;
	uint32_t zeros; /* 0: months */
};

/* So many are tried row by row; more of them over the whole window. */
#define FEW 64u

/* Appends what the answer may have been; the answer itself where this trial does not change it. */
static void put_tried(const struct trial *trial, cnv_str text, cnv_text *out)
{
	char month[CNV_MONTH_ROOM];

	text = cnv_str_trim_unicode(text);
	if (trial->zeros && is_number(text)) {
		for (uint32_t i = 0; i < trial->zeros; i++)
			cnv_text_put_char(out, '0');
		cnv_text_put(out, text);
	} else if (!trial->zeros && cnv_damaged_month(text, month)) {
		cnv_text_put(out, cnv_str_from(month));
	} else {
		cnv_text_put(out, text);
	}
}

/* The column with the answers to try, and blanks in the other rows. */
static bool lay_trial(const struct trial *trial)
{
	cnv_text *text = &trial->judging->text;
	uint32_t next = 0;

	cnv_text_reset(text);
	for (uint32_t row = 0; row < trial->table->rows; row++) {
		if (next < trial->count && trial->rows[next] == row)
			put_tried(trial, cnv_column_text(trial->column, trial->rows[next++]), text);
		trial->judging->ends[row] = (uint32_t)text->len;
	}
	return !text->failed;
}

/* Which of these answers satisfy the rule. */
static cnv_status meet(const struct trial *trial, uint64_t *met)
{
	cnv_judging *judging = trial->judging;
	const cnv_slot_rule *rule = cnv_plan_rule(judging->plan, trial->column->question, CNV_SLOT_CONSTRAINT);
	uint32_t runs = trial->count <= FEW ? trial->count : 1;

	for (uint32_t i = 0; i < runs; i++) {
		uint32_t from = runs > 1 || trial->count == 1 ? trial->rows[i] : 0;
		uint32_t count = runs > 1 || trial->count == 1 ? 1 : trial->table->rows;
		cnv_vector vector;

		if (cnv_expr_run(rule->expr, judging->batch, trial->table->index, from, count, NULL, judging->world,
				 &judging->temp, &vector))
			return CNV_NO_MEMORY;
		for (uint32_t k = 0; k < count; k++)
			if (cnv_bit(vector.booleans, k) && !(vector.unsure && cnv_bit(vector.unsure, k)))
				cnv_bit_set(met, from + k);
	}
	return CNV_OK;
}

static cnv_status run_trial(const struct trial *trial)
{
	cnv_judging *judging = trial->judging;
	cnv_column *column = trial->column;
	cnv_text kept = column->text;
	uint32_t *ends = column->ends;
	uint64_t *met = cnv_arena_array(&judging->temp, CNV_BIT_WORDS(trial->table->rows), sizeof *met);
	cnv_status status;

	if (!met || !lay_trial(trial))
		return CNV_NO_MEMORY;
	column->text = judging->text;
	column->ends = judging->ends;
	status = meet(trial, met);
	column->text = kept;
	column->ends = ends;
	for (uint32_t i = 0; !status && i < trial->count; i++) {
		uint32_t row = trial->rows[i];
		size_t from = row ? judging->ends[row - 1] : 0;
		cnv_str tried = cnv_str_slice(cnv_text_str(&judging->text), from, judging->ends[row]);

		if (trial->explained->codes[row] || !cnv_bit(met, row) ||
		    cnv_str_equal(tried, cnv_str_trim_unicode(cnv_column_text(column, row))))
			continue;
		trial->explained->codes[row] = trial->zeros ? CNV_ZEROS_LOST : CNV_TEXT_MADE_DATE;
		trial->explained->zeros[row] = (uint8_t)trial->zeros;
	}
	return status;
}

/* Lists the answers that a trial may change; false: no memory. */
static bool list_tried(struct trial *trial, const cnv_vector *vector)
{
	const cnv_column *column = trial->column;
	uint32_t rows = trial->table->rows;
	char month[CNV_MONTH_ROOM];

	for (uint32_t i = 0; i < CNV_BIT_WORDS(rows); i++) {
		uint64_t against = column->usable[i] & ~vector->booleans[i] & ~(vector->unsure ? vector->unsure[i] : 0);

		while (against) {
			uint32_t row = i * 64 + cnv_take_bit(&against);
			cnv_str text = cnv_str_trim_unicode(cnv_column_text(column, row));

			if (column->verdicts[row] != CNV_ACCEPTED ||
			    (!is_number(text) && !cnv_damaged_month(text, month)))
				continue;
			if (!trial->rows)
				trial->rows = cnv_arena_array(&trial->judging->temp, rows, sizeof *trial->rows);
			if (!trial->rows)
				return false;
			trial->rows[trial->count++] = row;
		}
	}
	return true;
}

cnv_status cnv_judge_explain(cnv_judging *judging, const cnv_table *table, cnv_column *column, const cnv_vector *vector,
			     cnv_explained *out)
{
	struct trial trial = { .judging = judging, .table = table, .column = column, .explained = out };
	cnv_status status = CNV_OK;

	*out = (cnv_explained){ 0 };
	if (!list_tried(&trial, vector))
		return CNV_NO_MEMORY;
	if (!trial.count)
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
