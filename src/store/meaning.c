/* What answers mean, as the digest of a response counts it: answers that differ only in their spelling are the same.
 *
 * Each cell counts as one text that all spellings of its answer share: that of its value, as the store writes values
 * out; for what was not understood, and for texts, the respondent's own text without white space around it and with
 * line feeds as line ends.  Most cells are spelled like that, and then their hash is that of the cell.
 *
 * Many respondents give the same few numbers and choices, so the hashes of those of a column are remembered: a look-up
 * costs less than comparing the spelling. */
#include "store/digest.h"

#include "canvass/read.h"

#include <stdlib.h>
#include <string.h>

/* A few rows do not pay for clearing the memory. */
#define MEMO_ROWS 16u
#define MEMO_BITS 8u

typedef struct memo {
	uint64_t image; /* of the value */
	uint64_t sum[2];
	bool used;
} memo;

/* ---------------------------------------------------------------- the text that spellings share */

static cnv_str with_line_feeds(cnv_str text, cnv_text *scratch)
{
	if (!text.len || !memchr(text.at, '\r', text.len))
		return text;
	scratch->len = 0;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != '\r' || i + 1 == text.len || text.at[i + 1] != '\n')
			cnv_text_put_char(scratch, text.at[i]);
	return cnv_text_str(scratch);
}

static int by_bytes(const void *a, const void *b)
{
	return cnv_str_compare(*(const cnv_str *)a, *(const cnv_str *)b);
}

/* Several choices of an open list: their order does not matter. */
static cnv_str sort_words(cnv_str text, const store_lane *lane)
{
	cnv_str *words = NULL, rest = text, word;
	uint32_t count = 0, room = 0;

	while (cnv_str_word(&rest, &word) && cnv_arena_grow(lane->names, (void **)&words, count, &room, sizeof *words))
		words[count++] = word;
	if (lane->names->failed) { /* the owner of `scratch` reports it */
		lane->scratch->failed = true;
		return text;
	}
	if (count)
		qsort(words, count, sizeof *words, by_bytes);
	lane->scratch->len = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (i)
			cnv_text_put_char(lane->scratch, ' ');
		cnv_text_put(lane->scratch, words[i]);
	}
	return cnv_text_str(lane->scratch);
}

/* Of a cell that is stored as text. */
static cnv_str meaning_of_text(const cnv_column *column, uint32_t row, const store_lane *lane)
{
	cnv_str text = cnv_cell_trim(cnv_column_text(column, row));

	switch (column->kind) {
	case CNV_CHOICES:
		return sort_words(text, lane);
	case CNV_FILE:
	case CNV_ACKNOWLEDGE:
		return cnv_cell_value(lane->form, column, row, lane->names);
	case CNV_NOTHING:
	case CNV_TEXT:
	case CNV_INTEGER:
	case CNV_DECIMAL:
	case CNV_DATE:
	case CNV_TIME:
	case CNV_DATETIME:
	case CNV_CHOICE:
	case CNV_RANK:
	case CNV_GEOPOINT:
	case CNV_GEOTRACE:
	case CNV_GEOSHAPE:
		break;
	}
	return with_line_feeds(text, lane->scratch);
}

/* Until the next call with this lane. */
static cnv_str meaning(store_coding coding, const store_list *list, const cnv_column *column, uint32_t row,
		       const store_lane *lane)
{
	cnv_str text = cnv_column_text(column, row);
	const cnv_missing_word *missing;
	store_lane one = *lane;
	sql_cell cell;
	uint64_t own = 0;

	if (!cnv_bit(column->understood, row)) {
		text = cnv_cell_trim(text);
		missing = cnv_missing_word_find(text);
		return missing ? missing->word : with_line_feeds(text, lane->scratch);
	}
	cnv_arena_reset(lane->names);
	if (coding == CODING_TEXT)
		return meaning_of_text(column, row, lane);
	lane->made->len = 0;
	one.rows = &row;
	one.count = one.stride = one.own_stride = 1;
	one.cells = &cell;
	one.own = &own;
	store_encode(coding, list, column, &one);
	if (!own || cell.kind == CELL_NULL)
		return text;
	if (cell.kind == CELL_MADE_TEXT)
		return cnv_str_slice(cnv_text_str(lane->made), cell.from, lane->made->len);
	return store_write_value(coding, list, &cell, lane->scratch);
}

/* ---------------------------------------------------------------- values of all kinds */

typedef struct mixing {
	const store_sums *to;
	store_coding coding;
	const store_list *list;
	const cnv_column *column;
	const store_lane *lane;
	bool returns; /* there are carriage returns in the column */
} mixing;

/* A plain character at the beginning or end of a text is no white space. */
static inline bool is_plain(char c)
{
	return c > ' ' && c <= '~';
}

/* Is it certain that a cell is spelled as its meaning? */
static inline bool is_usual(const mixing *m, uint32_t row, cnv_str text)
{
	if (!cnv_bit(m->column->understood, row))
		return false;
	switch (m->coding) {
	case CODING_TEXT:
		return is_plain(text.at[0]) && is_plain(text.at[text.len - 1]) && m->column->kind == CNV_TEXT &&
		       !m->returns;
	case CODING_REAL:
		return store_is_plain_number(text, m->column->numbers[row]);
	case CODING_DAY:
		return store_is_day(text);
	case CODING_TIME:
		return store_is_time(text);
	case CODING_INTEGER:
	case CODING_MOMENT:
	case CODING_CODE:
	case CODING_BITS:
	case CODING_NAMES:
	case CODING_ORDER:
	case CODINGS:
		break;
	}
	return false;
}

/* A cell that was counted as it is spelled counts by its meaning instead. */
static void respell(const mixing *m, uint32_t row, cnv_str text)
{
	const store_sums *to = m->to;
	cnv_str meant = meaning(m->coding, m->list, m->column, row, m->lane);
	uint64_t *sum = to->sums[to->owners ? to->owners[row] : row];
	uint64_t key = to->key ^ (to->keys ? to->keys[row] : 0);

	if (cnv_str_equal(text, meant))
		return;
	store_unmix_cell(sum, key, text);
	store_mix_cell(sum, key, meant);
}

/* All cells as they are spelled, and then those whose meaning is spelled otherwise. */
static void mix_all(mixing *m)
{
	const cnv_column *column = m->column;
	const store_sums *to = m->to;
	const char *texts = column->text.at ? column->text.at : "";

	m->returns = m->coding == CODING_TEXT && memchr(texts, '\r', column->text.len);
	store_mix_column(to->sums, to->owners, to->keys, to->key, column, to->rows);
	for (uint32_t row = 0, from = 0; row < to->rows; from = column->ends[row++]) {
		cnv_str text = { texts + from, column->ends[row] - from };

		if (text.len && !is_usual(m, row, text))
			respell(m, row, text);
	}
}

/* ---------------------------------------------------------------- values that occur again and again */

static uint64_t image_of(const cnv_column *column, uint32_t row)
{
	uint64_t image;

	if (column->choices)
		return column->choices[row];
	if (!column->numbers)
		return column->sets[(size_t)row * column->words];
	memcpy(&image, &column->numbers[row], sizeof image);
	return image;
}

/* Whole numbers and choices of responses; values are the same if their images are. */
static void mix_known(const mixing *m)
{
	memo known[1u << MEMO_BITS] = { { 0 } };
	const cnv_column *column = m->column;

	for (uint32_t row = 0, from = 0; row < m->to->rows; from = column->ends[row++]) {
		uint64_t *sum = m->to->sums[row], image;
		memo *at;

		if (column->ends[row] == from)
			continue;
		if (!cnv_bit(column->understood, row)) {
			store_mix_cell(sum, m->to->key, meaning(m->coding, m->list, column, row, m->lane));
			continue;
		}
		image = image_of(column, row);
		at = &known[image * UINT64_C(0x9e3779b97f4a7c15) >> (64 - MEMO_BITS)];
		if (!at->used || at->image != image) {
			*at = (memo){ .image = image, .used = true };
			store_mix_cell(at->sum, m->to->key, meaning(m->coding, m->list, column, row, m->lane));
		}
		sum[0] += at->sum[0];
		sum[1] += at->sum[1];
	}
}

void store_mix_meanings(const store_sums *to, store_coding coding, const store_list *list, const cnv_column *column,
			const store_lane *lane)
{
	mixing m = { .to = to, .coding = coding, .list = list, .column = column, .lane = lane };
	bool known = coding == CODING_INTEGER || coding == CODING_CODE || coding == CODING_BITS;

	if (known && !to->owners && to->rows >= MEMO_ROWS)
		mix_known(&m);
	else
		mix_all(&m);
}
