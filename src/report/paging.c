/* paging: where the printed pages of a sheet begin.
 *
 * A sheet of blocks, such as a question with its options or a table with its chart, has breaks between its blocks, so
 * that one is printed on one page where it fits.  For these to hold it is printed at a scale that is known here: a
 * spreadsheet program that shrinks a sheet to the width of a page breaks where it likes. */
#include "report/page.h"

#define SPREAD_SCALE 70u /* percent: small, but readable on paper */
#define GAP 0.72         /* units that the margins of a column add to its width, which is in digits at 11 point */
#define PIXELS 7.0       /* of one unit */
#define COLUMN 9.2       /* units of a column without a width of its own, which a chart may end in */
#define ROW 15.0         /* points of a row without a height of its own */
/* Parts of a page that are used, as other programs draw wider and taller. */
#define WIDTH_USED 0.92
#define HEIGHT_USED 0.94
#define FILLED 0.75 /* of a page: where less would be filled, a question's rows are on two pages */

/* Units of a sheet's width on A4 and A3 that, printed on one page, still can be read. */
static const double widest[2] = { 260, 360 };
/* Units of width and points of height between the margins of a page at full size: A4, then A3; upright, then landscape. */
static const double wide[2][2] = { { 99, 146 }, { 146, 213 } };
static const double high[2][2] = { { 748, 501 }, { 1096, 748 } };

/* Units of width from one column to another, with their margins; hidden ones have none. */
static double width_of(const cnv_page *page, uint32_t from, uint32_t upto)
{
	double width = 0;

	for (uint32_t column = from; column < upto; column++)
		width += page->widths[column] > 0 ? page->widths[column] + GAP : 0;
	return width;
}

/* Of a sheet that is spread over several pages: breaks before a section where at least half of the page is filled, and
 * else where the page is full. */
static void find_breaks(cnv_page *page, double room)
{
	uint32_t first = page->style.repeat_columns, begins = first, section = first, count = 0;
	double used = 0;

	room -= width_of(page, 0, first);
	page->breaks = cnv_arena_array(page->desk->arena, (size_t)page->style.columns + 1, sizeof *page->breaks);
	for (uint32_t column = first; page->breaks && column < page->style.columns; column++) {
		double width = width_of(page, column, column + 1);

		if (page->bands[column] && used > room / 2)
			section = column;
		if (used + width > room && column > begins) {
			begins = section > begins ? section : column;
			page->breaks[count++] = begins;
			used = width_of(page, begins, column);
		}
		used += width;
	}
	page->style.breaks = page->breaks;
	page->style.break_count = page->breaks ? count : 0;
}

void cnv_paging_plan(cnv_page *page)
{
	cnv_sheet_style *style = &page->style;
	cnv_paging *paging = &page->paging;
	double width = width_of(page, 0, style->columns), room = wide[style->a3][style->landscape] * WIDTH_USED;

	if (style->one_page)
		return;
	width = width > paging->chart ? width : paging->chart;
	style->spread = width > widest[style->a3];
	if (style->spread) {
		style->scale = SPREAD_SCALE;
		find_breaks(page, room * 100 / SPREAD_SCALE);
	} else if (paging->has_blocks) {
		style->scale = width > room ? (uint32_t)(room * 100 / width) : 100;
	}
	if (paging->has_blocks)
		paging->room = high[style->a3][style->landscape] * HEIGHT_USED * 100 / style->scale;
}

uint32_t cnv_paging_columns(const cnv_page *page)
{
	return page->style.break_count ? page->breaks[0] : page->style.columns;
}

void cnv_paging_begin(cnv_page *page)
{
	cnv_paging *paging = &page->paging;

	paging->used = paging->before = paging->repeated = 0;
	paging->begins = paging->block = paging->led = paging->count = 0;
}

/* The title above it belongs to a block. */
static void begin_block(cnv_page *page, bool whole)
{
	cnv_paging *paging = &page->paging;

	paging->whole = whole;
	if (paging->led && paging->led == page->row)
		return;
	paging->block = page->row;
	paging->before = paging->used;
}

void cnv_page_block(cnv_page *page)
{
	page->paging.has_blocks = true;
	begin_block(page, true);
}

void cnv_paging_question(cnv_page *page)
{
	page->paging.has_blocks = true;
	begin_block(page, false);
}

void cnv_paging_lead(cnv_page *page)
{
	begin_block(page, false);
	page->paging.led = page->row + 1;
}

void cnv_paging_chart(cnv_page *page, const cnv_chart *chart)
{
	double end = width_of(page, 0, chart->column) + chart->width / PIXELS + COLUMN;

	page->paging.chart = end > page->paging.chart ? end : page->paging.chart;
}

/* The page is full: the next one begins with the block that is not complete, or with this row where the block is longer
 * than a page or would leave too much of one empty. */
static void begin_page(cnv_page *page)
{
	cnv_paging *paging = &page->paging;
	bool whole = paging->block > paging->begins && (paging->whole || paging->before > paging->room * FILLED);

	paging->begins = whole ? paging->block : page->row;
	paging->rows[paging->count++] = paging->begins;
	paging->used = paging->repeated + (whole ? paging->used - paging->before : 0);
	paging->before = paging->repeated;
}

void cnv_paging_row(cnv_page *page, double height)
{
	const cnv_sheet_style *style = &page->style;
	cnv_paging *paging = &page->paging;

	height = height > 0 ? height : ROW;
	if (paging->used + height > paging->room && page->row > paging->begins && paging->room > 0 &&
	    paging->count < CNV_SHEET_BREAKS)
		begin_page(page);
	paging->used += height;
	if (style->header_row != CNV_NONE && page->row >= style->repeat_row && page->row <= style->header_row)
		paging->repeated += height;
}
