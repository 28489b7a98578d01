/* One version of the form, and the tables that hold its answers. */
#ifndef CANVASS_STORE_SHAPE_H
#define CANVASS_STORE_SHAPE_H

#include "store/coding.h"

/* Questions of a part, at most: SQLite allows 2,000 columns, of which 500 leave room for our own and keep rows short.  A
 * row of PostgreSQL must fit a page of 8 KiB, where a text takes up to 18 bytes. */
#define STORE_PART 500u
#define STORE_PART_SERVER 400u
/* In a part: the column of its first question, after the id and the first part's further columns. */
#define STORE_FIRST(index, part) ((part) ? 1u : (index) ? 5u : 2u)
/* The columns that `incoming` needs for the rows of any part of the form's tables, and of any other table. */
uint32_t store_feed_columns(const cnv_form *form);

typedef struct store_column {
	store_coding coding;
	uint32_t list;   /* in that version, CNV_NONE */
	uint32_t column; /* in the current form's table; CNV_NONE: no longer asked */
	uint32_t at;     /* reading: column of its value in the rows of its stream; 0: the value is not read so */
	uint32_t cell;   /* the same, for figures: its number among the cells of the row, from 1; 0: it is none */
	bool wanted;     /* reading: the cell is put into the batch */
	uint64_t key;    /* digest key of its path */
} store_column;

typedef struct store_table {
	uint32_t table; /* in the current form; CNV_NONE: the repeat is no longer asked */
	uint32_t parent;
	store_column *columns;
	uint32_t count;
	uint32_t parts;
	sql *statements; /* per part: inserts when writing, streams when reading (unprepared if nothing is wanted) */
	uint32_t *cells; /* per part, reading for figures: the first column that is a blob of cells */
	bool read;       /* reading: it or a repeat inside it has wanted columns */
	sql *drops;      /* per part: deletes of one response's rows, prepared at first use */
	uint64_t key;    /* digest key of the repeat's path */
} store_table;

typedef struct store_version {
	int64_t form;
	bool same;                  /* reading: it is the current form */
	const cnv_migration *carry; /* reading: to the current form; NULL: by paths and names */
	store_table *tables;
	uint32_t count;
	uint32_t width; /* questions of a part, but for the last one */
	store_list *lists;
	uint32_t list_count, list_room;
	cnv_arena arena;
} store_version;

/* Makes room for the statements of a table with its count of columns; false: no memory. */
bool store_version_statements(store_version *version, store_table *table);
/* register.c: the current form as a version to write; if it is new, it is registered in the store and its tables are made. */
cnv_status store_version_write(cnv_store *store, store_version *version);
/* The questions [from, upto) of one part of table `index`. */
uint32_t store_part_from(const store_version *version, uint32_t part);
uint32_t store_part_upto(const store_version *version, uint32_t index, uint32_t part);
/* register.c: within a transaction, makes the tables of a version. */
void store_version_make(cnv_store *store, const store_version *version);
/* register.c: the columns of one part of table `index`, in the order that all statements use. */
void store_put_columns(cnv_text *out, const store_version *version, uint32_t index, uint32_t part);
/* A version of the form as recorded in the store, its columns paired with those of the current form. */
cnv_status store_version_read(cnv_store *store, store_version *version, int64_t form);
void store_version_fini(store_version *version);
/* carry.c.  The migration from a version that was read to the current form, if the caller has one and the store has the
 * version as that form would; NULL: none. */
const cnv_migration *store_find_carry(cnv_store *store, const store_version *version);
void store_carry_questions(const cnv_store *store, store_version *version); /* pairs its tables and columns */
/* The question of the current form that has the remarks on a path of the version; CNV_NONE: none, or several. */
cnv_question_id store_version_question(const store_version *version, const cnv_form *form, cnv_str path);
int64_t store_form_id(cnv_store *store); /* of the current form; 0: it is not in the store */
void store_version_drop(cnv_store *store, store_version *version,
			int64_t response); /* deletes the answers of one response */
/* One part of a table of answers, and the columns of its questions [from, upto). */
typedef struct store_part {
	int64_t form;
	uint32_t table, part, parent, from, upto;
	const store_column *columns; /* of the table; with `types`: those of the columns, by their coding; NULL: ANY */
	const char *const *types;
} store_part;
void store_put_part(cnv_text *out, const store_part *part); /* register.c: the statements that make it */
/* "answers_1_0_0" */
void store_table_name(cnv_text *out, int64_t form, uint32_t table, uint32_t part);

#endif
