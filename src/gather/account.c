/* The account: each cell that a gatherer is given gets one class.
 *
 * Cells of the wide layout that go straight into the batch are not counted one by one: they are the filled cells of
 * their column, counted when the window is full.  All others are counted with their record, so that a record that is
 * set aside can change the class of all its cells. */
#include "gather/account.h"

void cnv_account_texts(cnv_gather *gather, const cnv_str *texts, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		gather->account.as[CNV_AS_FORM] += !cnv_is_blank(texts[i]);
}

void cnv_account_headings(cnv_gather *gather, const bool *reported)
{
	for (uint32_t at = 0; at < gather->section->heading_count; at++)
		if (gather->section->headings[at].len)
			gather->account.as[reported[at] ? CNV_AS_REPORTED : CNV_AS_FORM]++;
}

void cnv_account_all(cnv_gather *gather, uint32_t count, cnv_cell_class as)
{
	for (size_t i = 0; i < CNV_CELL_CLASSES; i++)
		gather->as[i] = 0;
	gather->as[as] = count;
}

void cnv_account_misaligned(cnv_gather *gather)
{
	uint32_t count = gather->surplus;

	for (size_t i = 0; i < CNV_CELL_CLASSES; i++)
		count += gather->as[i];
	cnv_account_all(gather, count, CNV_AS_REPORTED);
	for (uint32_t at = 0; at < gather->section->heading_count; at++)
		if (gather->columns[at].use == CNV_WIDE_DIRECT &&
		    cnv_column_text(gather->columns[at].column, gather->row).len)
			cnv_account_move(gather, (cnv_cell_class)gather->columns[at].as, 1);
}

static _Atomic size_t left_to_count = SIZE_MAX; /* records until one is forgotten; SIZE_MAX: none */

void cnv_account_fail_once(size_t records)
{
	left_to_count = records;
}

static bool is_forgotten(void)
{
	return left_to_count != SIZE_MAX && !left_to_count--;
}

void cnv_account_record(cnv_gather *gather)
{
	bool forgotten = is_forgotten();

	for (size_t i = 0; i < CNV_CELL_CLASSES; i++) {
		gather->account.as[i] += forgotten ? 0 : gather->as[i];
		gather->as[i] = 0;
	}
}

void cnv_account_move(cnv_gather *gather, cnv_cell_class from, uint32_t count)
{
	gather->account.as[from] -= count; /* may wrap until the window is counted */
	gather->account.as[CNV_AS_REPORTED] += count;
}

/* The filled cells of a column. */
static uint32_t count_filled(const cnv_column *column, uint32_t rows)
{
	uint32_t filled = rows && column->ends[0];

	for (uint32_t row = 1; row < rows; row++)
		filled += column->ends[row] != column->ends[row - 1];
	return filled;
}

void cnv_gather_count(cnv_gather *gather)
{
	uint32_t rows = gather->batch->tables[0].rows;

	if (gather->returned != CNV_WIDE || gather->batch->failed)
		return;
	for (uint32_t at = 0; at < gather->column_count; at++)
		if (gather->columns[at].use == CNV_WIDE_DIRECT)
			gather->account.as[gather->columns[at].as] += count_filled(gather->columns[at].column, rows);
}

cnv_account *cnv_gather_account(cnv_gather *gather)
{
	return &gather->account;
}

/* ---------------------------------------------------------------- texts of the form */

/* Removes white space from the beginning. */
static cnv_str skip_space(cnv_str text)
{
	while (text.len && (unsigned char)text.at[0] <= ' ')
		text = cnv_str_slice(text, 1, text.len);
	return text;
}

bool cnv_is_same_text(cnv_str a, cnv_str b)
{
	a = cnv_str_trim_unicode(a);
	b = cnv_str_trim_unicode(b);
	while (a.len && b.len) {
		bool space = (unsigned char)a.at[0] <= ' ';

		if (space != ((unsigned char)b.at[0] <= ' ') || (!space && a.at[0] != b.at[0]))
			return false;
		a = space ? skip_space(a) : cnv_str_slice(a, 1, a.len);
		b = space ? skip_space(b) : cnv_str_slice(b, 1, b.len);
	}
	return !a.len && !b.len;
}
