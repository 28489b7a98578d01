/* Answers that a spreadsheet damaged: reported, and never repaired.
 *
 * A text that breaks its rule may have been right before: the rule is tried again with a plus sign, with leading
 * zeros, and with what became a date, for all such answers of a window at once. */
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

/* Ways in which a spreadsheet may have changed an answer: each is undone, and the rule is tried again. */
enum {
	PLUS,            /* +61262 became 61262 */
	ZERO,            /* one zero in front is lost, */
	MOST_LOST = 2,   /* or two: with more, any number fits some code */
	DATE = ZERO + 3, /* the first original of a date; */
	WAYS = DATE + CNV_ORIGINALS
};

struct trial {
	cnv_judging *judging;
	const cnv_table *table;
	cnv_column *column;
	cnv_explained *explained;
	uint32_t *rows;       /* they break the rule, and may have been another text */
	uint32_t count, left; /* left: not yet explained */
	uint32_t ways;        /* that can change one of them */
};

/* So many are tried row by row; more of them over the whole window. */
#define FEW 64u

/* Appends what the answer may have been; the answer itself where this way does not change it. */
static void put_tried(cnv_str text, uint32_t way, cnv_text *out)
{
	cnv_originals originals;

	text = cnv_str_trim_unicode(text);
	if (way >= DATE) {
		cnv_text_originals(text, &originals);
		cnv_text_put(out, way - DATE < originals.count ? cnv_str_from(originals.at[way - DATE]) : text);
		return;
	}
	if (is_number(text) && way == PLUS)
		cnv_text_put_char(out, '+');
	for (uint32_t i = PLUS; is_number(text) && i < way; i++)
		cnv_text_put_char(out, '0');
	cnv_text_put(out, text);
}

/* The column with the answers to try, and blanks in the other rows. */
static bool lay_trial(const struct trial *trial, uint32_t way)
{
	cnv_text *text = &trial->judging->text;
	uint32_t next = 0;

	cnv_text_reset(text);
	for (uint32_t row = 0; row < trial->table->rows; row++) {
		if (next < trial->count && trial->rows[next] == row)
			put_tried(cnv_column_text(trial->column, trial->rows[next++]), way, text);
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

/* Tries one way; `met`: which answers, changed by it, satisfy the rule. */
static cnv_status run_trial(const struct trial *trial, uint32_t way, uint64_t **met)
{
	cnv_judging *judging = trial->judging;
	cnv_column *column = trial->column;
	cnv_text kept = column->text;
	uint32_t *ends = column->ends;
	cnv_status status;

	*met = cnv_arena_array(&judging->temp, CNV_BIT_WORDS(trial->table->rows), sizeof **met);
	if (!*met || !lay_trial(trial, way))
		return CNV_NO_MEMORY;
	column->text = judging->text;
	column->ends = judging->ends;
	status = meet(trial, *met);
	column->text = kept;
	column->ends = ends;
	for (uint32_t i = 0; !status && i < trial->count; i++) {
		uint32_t row = trial->rows[i];
		size_t from = row ? judging->ends[row - 1] : 0;
		cnv_str tried = cnv_str_slice(cnv_text_str(&judging->text), from, judging->ends[row]);

		if (cnv_str_equal(tried, cnv_str_trim_unicode(cnv_column_text(column, row))))
			cnv_bit_clear(*met, row);
	}
	return status;
}

/* These answers are explained; but: except those. */
static void explain(struct trial *trial, const uint64_t *met, const uint64_t *but, cnv_code code, uint32_t count)
{
	for (uint32_t i = 0; i < trial->count; i++) {
		uint32_t row = trial->rows[i];

		if (trial->explained->codes[row] || !cnv_bit(met, row) || (but && cnv_bit(but, row)))
			continue;
		trial->explained->codes[row] = (uint16_t)code;
		trial->explained->counts[row] = (uint8_t)count;
		trial->left--;
	}
}

/* Zeros are lost only where the length is fixed: with one more, the rule is broken again. */
static cnv_status try_zeros(struct trial *trial)
{
	uint64_t *met[MOST_LOST + 1];
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i <= MOST_LOST && !status; i++)
		status = run_trial(trial, ZERO + i, &met[i]);
	for (uint32_t i = 0; i < MOST_LOST && !status; i++)
		explain(trial, met[i], met[i + 1], CNV_ZEROS_LOST, i + 1);
	return status;
}

static cnv_status try_ways(struct trial *trial)
{
	uint64_t *met;
	cnv_status status = run_trial(trial, PLUS, &met);

	if (!status)
		explain(trial, met, NULL, CNV_PLUS_LOST, 0);
	if (!status && trial->left)
		status = try_zeros(trial);
	for (uint32_t way = DATE; way < trial->ways && trial->left && !status; way++) {
		status = run_trial(trial, way, &met);
		if (!status)
			explain(trial, met, NULL, CNV_TEXT_MADE_DATE, way - DATE);
	}
	return status;
}

/* Lists the answers that a trial may change; false: no memory. */
static bool list_tried(struct trial *trial, const cnv_vector *vector)
{
	const cnv_column *column = trial->column;
	uint32_t rows = trial->table->rows;

	trial->ways = DATE;
	for (uint32_t i = 0; i < CNV_BIT_WORDS(rows); i++) {
		uint64_t against = column->usable[i] & ~vector->booleans[i] & ~(vector->unsure ? vector->unsure[i] : 0);

		while (against) {
			uint32_t row = i * 64 + cnv_take_bit(&against);
			cnv_str text = cnv_str_trim_unicode(cnv_column_text(column, row));
			cnv_originals originals;

			if (column->verdicts[row] != CNV_ACCEPTED)
				continue;
			cnv_text_originals(text, &originals);
			if (!is_number(text) && !originals.count)
				continue;
			if (DATE + originals.count > trial->ways)
				trial->ways = DATE + originals.count;
			if (!trial->rows)
				trial->rows = cnv_arena_array(&trial->judging->temp, rows, sizeof *trial->rows);
			if (!trial->rows)
				return false;
			trial->rows[trial->count++] = row;
		}
	}
	trial->left = trial->count;
	return true;
}

cnv_status cnv_judge_explain(cnv_judging *judging, const cnv_table *table, cnv_column *column, const cnv_vector *vector,
			     cnv_explained *out)
{
	struct trial trial = { .judging = judging, .table = table, .column = column, .explained = out };

	_Static_assert(WAYS <= UINT8_MAX, "an original's number is a byte");
	*out = (cnv_explained){ 0 };
	if (!list_tried(&trial, vector))
		return CNV_NO_MEMORY;
	if (!trial.count)
		return CNV_OK;
	out->codes = cnv_arena_array(&judging->temp, table->rows, sizeof *out->codes);
	out->counts = cnv_arena_array(&judging->temp, table->rows, sizeof *out->counts);
	judging->ends = cnv_arena_array(&judging->temp, table->rows, sizeof *judging->ends);
	if (!out->codes || !out->counts || !judging->ends)
		return CNV_NO_MEMORY;
	return try_ways(&trial);
}
