/* Rows in the binary format of PostgreSQL's COPY: whole numbers and decimals have 8 bytes, the highest first. */
#include "store/binary.h"

#include <string.h>

static void put_number(cnv_text *out, uint64_t number, int count)
{
	char bytes[8];

	for (int i = 0; i < count; i++)
		bytes[i] = (char)(number >> 8 * (count - 1 - i) & 0xff);
	cnv_text_put(out, (cnv_str){ bytes, (size_t)count });
}

static void put_field(cnv_text *out, cnv_str bytes)
{
	put_number(out, bytes.len, 4);
	cnv_text_put(out, bytes);
}

/* A number as its column has it: whole numbers of a column of decimals are decimals there. */
static void put_cell_number(cnv_text *out, const sql_cell *cell, uint32_t type)
{
	double real = cell->kind == CELL_REAL ? cell->real : (double)cell->integer;
	uint64_t bits = (uint64_t)cell->integer;

	if (type == BINARY_REAL)
		memcpy(&bits, &real, sizeof bits);
	put_number(out, 8, 4);
	put_number(out, bits, 8);
}

static void put_cell(cnv_text *out, const sql_cell *cell, const char *made, uint32_t type)
{
	switch ((sql_cell_kind)cell->kind) {
	case CELL_NULL:
		put_number(out, UINT32_MAX, 4);
		break;
	case CELL_INTEGER:
	case CELL_REAL:
		put_cell_number(out, cell, type);
		break;
	case CELL_TEXT:
	case CELL_BLOB:
		put_field(out, (cnv_str){ cell->at, cell->len });
		break;
	case CELL_MADE_TEXT:
		put_field(out, (cnv_str){ made + cell->from, cell->len });
		break;
	}
}

void binary_begin(cnv_text *out)
{
	static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* its signature, no flags, nothing more */

	cnv_text_put(out, (cnv_str){ head, sizeof head });
}

void binary_rows(cnv_text *out, const sql_feed *feed, const uint32_t *types)
{
	const sql_cell *cell = feed->cells;

	for (uint32_t row = 0; row < feed->rows; row++) {
		put_number(out, feed->columns, 2);
		for (uint32_t i = 0; i < feed->columns; i++, cell++)
			put_cell(out, cell, feed->made, types[i]);
	}
}

void binary_end(cnv_text *out)
{
	put_number(out, UINT16_MAX, 2);
}
