/* How values are stored. */
#ifndef CANVASS_STORE_CODING_H
#define CANVASS_STORE_CODING_H

#include "store/sql.h"

/* The names are in coding.c and are part of the format. */
typedef enum store_coding {
	CODING_TEXT,
	CODING_INTEGER,
	CODING_REAL,
	CODING_DAY,
	CODING_TIME,
	CODING_MOMENT,
	CODING_CODE,
	CODING_BITS,
	CODING_NAMES,
	CODING_ORDER,
	CODINGS
} store_coding;

/* Lists with more choices are stored by name: the sign bit and one more bit stay clear. */
#define STORE_BITS 62u

/* The value in one column of one row.  NULL: not understood, or blank. */
typedef struct store_value {
	sql_type type;
	int64_t integer;
	double real;
	cnv_str text;
} store_value;

typedef struct store_list {
	const cnv_str *names;
	uint32_t count;
	cnv_map by_name;   /* reading only */
	uint32_t *current; /* reading: index in list `current_list` of the current form, CNV_NONE: no longer there */
	uint32_t current_list;
} store_list;

cnv_str store_coding_name(store_coding coding);
bool store_coding_find(cnv_str name, store_coding *coding);
bool store_is_number(store_coding coding); /* a whole number or a decimal */
store_coding store_coding_of(const cnv_form *form, const cnv_question *question);
/* Puts the values of one column's cells into a feed: row rows[i] into cells[i * stride].  If the value does not
 * reproduce the respondent's text byte for byte, bit `bit` of own[i * own_stride] is set.  Texts of several names
 * are appended to `made`. */
typedef struct store_lane {
	const uint32_t *rows;
	uint32_t count, stride, own_stride, bit;
	sql_cell *cells;
	uint64_t *own;
	cnv_text *made, *scratch;
	const cnv_form *form;
	cnv_arena *names; /* of one cell: its choices in the order of the respondent */
} store_lane;
void store_encode(store_coding coding, const store_list *list, const cnv_column *column, const store_lane *lane);
/* A number in a column that has both: whole where it is, and exact. */
void store_set_number(sql_cell *cell, double number);
/* Appends the text that a value represents to `out`. */
void store_value_text(store_coding coding, const store_list *list, const store_value *value, cnv_verdict verdict,
		      cnv_text *out);
/* Fills the typed value of a cell; false: the column cannot hold it. */
bool store_decode(const cnv_form *form, store_coding coding, const store_list *list, const store_value *value,
		  cnv_column *column, uint32_t row);

/* Writes whole numbers in 7-bit groups, lowest first. */
void store_put_varint(cnv_text *out, uint64_t value);
#define STORE_VARINT 10u                              /* maximum length in bytes */
size_t store_write_varint(char *out, uint64_t value); /* returns the bytes written */
bool store_get_varint(cnv_str *rest, uint64_t *value);

#endif
