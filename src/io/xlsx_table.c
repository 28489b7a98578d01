/* Tables of a sheet: a range with headings, which programs name, filter and read aloud as one.
 *
 * In constant-memory mode the library rejects tables, because it would write their headings into rows that are on disk
 * already.  Here the headings are cells like any other, so it is asked in its ordinary mode for a table without
 * headings, which writes no cell; that the table has them is set afterwards. */
#include "io/xlsx_writer.h"

#include <stddef.h>
#include <string.h>

/* The text of a heading as it is in its cell: Excel repairs a table whose headings differ from their cells. */
static char *heading_copy(struct xlsx_writer *writer, const cnv_sheet_table *table, uint32_t at)
{
	if (xlsx_make_text(writer, &writer->text, table->headings[at], table->row, table->column + at) != CNV_OK)
		return NULL;
	char *copy = cnv_arena_get(&writer->arena, writer->text.len);
	if (copy)
		memcpy(copy, writer->text.at, writer->text.len);
	return copy;
}

/* NULL: no memory, or a heading was rejected. */
static lxw_table_column **make_columns(struct xlsx_writer *writer, const cnv_sheet_table *table)
{
	uint32_t count = table->last_column - table->column + 1;
	lxw_table_column *columns = cnv_arena_array(&writer->arena, count, sizeof *columns);
	lxw_table_column **list = cnv_arena_array(&writer->arena, (size_t)count + 1, sizeof *list);

	for (uint32_t at = 0; columns && list && at < count; at++) {
		columns[at] = (lxw_table_column){ .header = heading_copy(writer, table, at) };
		if (!columns[at].header)
			return NULL;
		list[at] = &columns[at];
	}
	return columns ? list : NULL;
}

static lxw_error add(struct xlsx_writer *writer, const cnv_sheet_table *table, const char *name,
		     lxw_table_column **columns)
{
	lxw_worksheet *sheet = writer->sheet;
	lxw_table_options options = {
		.name = (char *)name,
		.no_header_row = LXW_TRUE,
		.no_banded_rows = LXW_TRUE,
		.style_type = LXW_TABLE_STYLE_TYPE_LIGHT, /* number 0 of these is none: its cells have their looks */
		.columns = columns,
	};

	sheet->optimize = LXW_FALSE;
	lxw_error error = worksheet_add_table(sheet, table->row, (lxw_col_t)table->column, table->last_row,
					      (lxw_col_t)table->last_column, &options);
	sheet->optimize = LXW_TRUE;
	if (error)
		return error;
	/* The tail pointer of the library's queue points to the link field of its last member. */
	char *link = (char *)sheet->table_objs->stqh_last;
	lxw_table_obj *added = (void *)(link - offsetof(lxw_table_obj, list_pointers));
	added->no_header_row = LXW_FALSE;
	added->no_autofilter = !table->filtered;
	return LXW_NO_ERROR;
}

cnv_status xlsx_put_table(void *self, const cnv_sheet_table *table)
{
	struct xlsx_writer *writer = self;

	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheet || table->last_row >= XLSX_ROWS || table->last_column >= XLSX_COLUMNS ||
	    table->row >= table->last_row || table->column > table->last_column)
		return xlsx_refuse_cell(writer, table->row, table->column, "a table is outside the sheet");
	char *name = cnv_xlsx_plain(&writer->arena, table->name, table->name.len);
	lxw_table_column **columns = make_columns(writer, table);
	if (writer->status != CNV_OK)
		return writer->status;
	if (!name || !columns)
		return writer->status = CNV_NO_MEMORY;
	writer->tables++;
	writer->has_table = true;
	locale_t before = xlsx_enter(writer);
	lxw_error error = add(writer, table, name, columns);
	return xlsx_leave(writer, before, error);
}
