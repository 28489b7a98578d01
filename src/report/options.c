/* options: the columns of rows that count the answers to a question. */
#include "report/options.h"

void cnv_fill_option(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	static const cnv_look looks[] = { [CNV_LINE_OPTION] = CNV_LOOK_CODE,
					  [CNV_LINE_STATE] = CNV_LOOK_NO_ANSWER,
					  [CNV_LINE_TOTAL] = CNV_LOOK_TOTAL,
					  [CNV_LINE_UNANSWERED] = CNV_LOOK_NO_ANSWER };
	const cnv_option_row *row = record;

	(void)page;
	(void)column;
	cell->look = looks[row->kind];
	cell->text = row->option;
}

void cnv_fill_option_label(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_option_row *row = record;

	(void)page;
	(void)column;
	cell->look = row->kind == CNV_LINE_TOTAL ? CNV_LOOK_TOTAL : cell->look;
	cell->text = row->label;
}

void cnv_fill_option_words(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_option_row *row = record;

	if (row->kind == CNV_LINE_OPTION) {
		cnv_fill_option_label(page, column, record, cell);
		return;
	}
	cnv_fill_option(page, column, record, cell);
	if (row->kind == CNV_LINE_UNANSWERED)
		cell->text = row->label;
}

void cnv_option_count(const cnv_option_row *row, cnv_cell *cell, uint64_t n)
{
	cell->look = row->kind == CNV_LINE_TOTAL ? CNV_LOOK_TOTAL : cell->look;
	cnv_cell_count(cell, n);
}

void cnv_option_share(cnv_page *page, const cnv_option_row *row, cnv_cell *cell, uint64_t n, uint64_t answered)
{
	if (row->kind == CNV_LINE_OPTION && answered)
		cnv_cell_number(page, cell, (double)n / (double)answered);
	else
		cell->look = row->kind == CNV_LINE_TOTAL ? CNV_LOOK_TOTAL : CNV_LOOK_INTEGER;
}
