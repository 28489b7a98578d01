/* Comments and charts of a sheet, which are in parts of their own: what the reader must give of them, as a sum.
 *
 * Of a chart this is its place, its title, its alternative text and the cells that it draws.  Colours and sizes are not
 * part of it. */
#include "io/xlsx_beside.h"

#include <string.h>

#include "io/xlsx_text.h"

char *cnv_xlsx_plain(cnv_arena *arena, cnv_str s, size_t most)
{
	size_t len = s.len < most ? s.len : most;

	if (cnv_utf8_check(s) != s.len)
		len = 0;
	while (len && len < s.len && ((unsigned char)s.at[len] & 0xC0) == 0x80)
		len--;
	char *copy = cnv_arena_get(arena, len + 1);
	for (size_t at = 0; copy && at < len; at++)
		copy[at] = (unsigned char)s.at[at] < 0x20 ? ' ' : s.at[at];
	return copy;
}

static void put_range(cnv_text *cells, uint32_t row, uint32_t column, uint32_t last_row)
{
	char from[CNV_CELL_NAME_ROOM], upto[CNV_CELL_NAME_ROOM];

	cnv_cell_name(row + 1, column + 1, from);
	cnv_cell_name(last_row + 1, column + 1, upto);
	cnv_text_format(cells, "%s%s", cells->len ? " " : "", from);
	if (last_row != row)
		cnv_text_format(cells, ":%s", upto);
}

cnv_xlsx_chart cnv_xlsx_chart_read(cnv_text *cells, const cnv_chart *chart, cnv_str title, cnv_str alt)
{
	cnv_text_reset(cells);
	for (uint32_t column = chart->first_column; column <= chart->last_column; column++) {
		put_range(cells, chart->head_row, column, chart->head_row);
		put_range(cells, chart->first_row, chart->label_column, chart->last_row);
		put_range(cells, chart->first_row, column, chart->last_row);
	}
	return (cnv_xlsx_chart){ .row = chart->row + 1,
				 .column = chart->column + 1,
				 .title = title,
				 .alt = alt,
				 .cells = cnv_text_str(cells) };
}

cnv_str cnv_xlsx_note_read(cnv_text *out, cnv_str written)
{
	cnv_text_reset(out);
	cnv_text_put(out, written);
	if (out->len)
		out->len = cnv_xlsx_unescape(out->at, out->len);
	return cnv_str_trim(cnv_text_str(out));
}

static uint64_t sum_of(uint64_t seed, cnv_str text)
{
	return cnv_str_hash(text, seed * UINT64_C(0x9E3779B97F4A7C15));
}

uint64_t cnv_xlsx_note_sum(uint32_t row, uint32_t column, cnv_str text)
{
	return sum_of((uint64_t)row << 32 | (uint64_t)column << 1, text);
}

uint64_t cnv_xlsx_chart_sum(const cnv_xlsx_chart *chart)
{
	uint64_t sum = sum_of((uint64_t)chart->row << 32 | (uint64_t)chart->column << 1 | 1, chart->title);

	return sum_of(sum_of(sum, chart->alt), chart->cells);
}

/* ---------------------------------------------------------------- in a file */

static cnv_status add_note(void *self, uint32_t row, uint32_t column, cnv_str author, cnv_str text)
{
	(void)author;
	*(uint64_t *)self += cnv_xlsx_note_sum(row, column, text);
	return CNV_OK;
}

static cnv_status add_chart(void *self, const cnv_xlsx_chart *chart)
{
	*(uint64_t *)self += cnv_xlsx_chart_sum(chart);
	return CNV_OK;
}

cnv_status cnv_xlsx_beside_sum(cnv_zip *zip, uint32_t sheet_part, cnv_str sheet_name, uint64_t *sum)
{
	cnv_diags silent = { 0 };
	cnv_xlsx_sink sink = { .self = sum, .comment = add_note, .chart = add_chart };
	cnv_book book = { .sink = &sink, .diags = &silent, .zip = zip };
	cnv_xlsx_sheet sheet = { .name = sheet_name };

	*sum = 0;
	cnv_status status = cnv_book_besides(&book, sheet_part, &sheet);
	cnv_arena_fini(&book.arena);
	return status;
}
