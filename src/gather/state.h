/* The state of a gatherer while it reads a return. */
#ifndef CANVASS_GATHER_STATE_H
#define CANVASS_GATHER_STATE_H

#include "gather/entries.h"
#include "gather/child_tables.h"
#include "gather/long.h"
#include "gather/pending.h"
#include "gather/tools.h"
#include "gather/wide.h"

/* "did you mean" compares a name with every question: suggestions stop after this many unknown names. */
#define CNV_GATHER_HINTS 100u

/* A line above the header; its cells are trimmed. */
typedef struct cnv_title_line {
	cnv_str *cells;
	uint32_t count, line;
} cnv_title_line;

typedef struct cnv_titles {
	cnv_title_line *lines;
	uint32_t count;
} cnv_titles;

struct cnv_gather {
	const cnv_form *form;
	cnv_batch *batch;
	cnv_diags *diags;
	cnv_status status; /* sticky */
	/* where the fields of this record go; decided at the end of the one before */
	enum {
		CNV_INTO_NOTHING,
		CNV_INTO_HEADER,
		CNV_INTO_SECOND,
		CNV_INTO_LONG,
		CNV_INTO_WIDE,
		CNV_INTO_ENTRIES
	} into;
	cnv_layout layout;   /* of the current table */
	cnv_layout returned; /* of the responses */
	cnv_arena arena;     /* lives as long as the file */
	cnv_arena scratch;   /* for one diagnostic */
	cnv_paths paths;
	cnv_entries entries;
	uint32_t at;    /* index of the next field in the record */
	bool any;       /* at least one record was read */
	uint32_t hints; /* suggestions left */
	cnv_claims claims;
	cnv_sent sent;
	cnv_map gone;        /* names of answered questions that are no longer asked */
	cnv_text gone_named; /* the first of them */
	bool claiming;       /* a column of the wide layout is a claim */
	bool claimed;        /* this record has made a claim, whose line is not yet known */
	bool peek;           /* only the claims are wanted */
	cnv_account account;
	uint32_t as[CNV_CELL_CLASSES]; /* cells of this record, without those that go straight into the batch */

	cnv_column_map *map;  /* NULL */
	const cnv_tool *tool; /* that wrote the file; NULL: unknown */
	uint32_t rules;       /* of its cells */
	cnv_text cell;        /* a cell by those rules */
	bool pending;         /* the header is mapped after the next line */
	cnv_str *second;      /* that line */
	uint32_t second_count, second_room;
	cnv_titles titles; /* lines above the header, in the table that is being read */
	uint32_t alike;    /* columns matched by their order */
	bool seeking;      /* a line that cannot be the header is not rejected */
	bool is_title;     /* the line last tried is such a line */
	cnv_assembly *assemblies;
	uint32_t assembly_count, assembly_room;
	cnv_text assembled;

	cnv_section *section;      /* the current table, or the one that a diagnostic is about */
	cnv_section *sections;     /* the latest, linked by `earlier` */
	cnv_child_table *children; /* form->table_count; NULL: no child tables */
	size_t child_bytes;
	uint32_t keys[CNV_LINKS];     /* key columns of this table by kind, CNV_NONE */
	uint32_t own_key, own_number; /* the key columns of the entry itself */
	uint32_t still;               /* the column of ticks that confirm entries; CNV_NONE */

	/* wide */
	cnv_wide_column *columns;
	uint32_t column_count;
	uint32_t named;      /* columns with a heading */
	uint32_t root_first; /* the first held column of the response itself, CNV_NONE */
	cnv_pending held;    /* cells of the record, by column */
	uint32_t row;        /* of the record, CNV_NONE before its first cell that is not blank */
	uint32_t filled;     /* cells of the record that are not blank */
	uint32_t surplus;    /* filled cells past the header */
	bool like_header, short_reported;
	uint32_t straight;      /* columns of this record whose cells may take the fast path */
	bool stray;             /* a column that takes no answer has a cell in this record */
	cnv_text identity;      /* of this record, so far */
	uint32_t identity_rank; /* of its column; CNV_NONE: none yet */
	uint64_t responses;
	size_t bytes;         /* of text in the batch */
	cnv_pending composed; /* the answers and remarks of a record, or of a long file */

	/* long */
	cnv_long_row *rows;
	uint32_t row_count, row_room;
	cnv_long_row now;
	bool *present;        /* by question: its sheet came; NULL: all came */
	cnv_link_words links; /* NULL: unknown */
	uint32_t texts_told;  /* changed or missing texts of the form that were reported */
};

/* Did memory run out while a record was read? */
static inline bool cnv_gather_record_failed(const cnv_gather *gather)
{
	return gather->batch->failed || gather->arena.failed || gather->gone.failed || gather->gone_named.failed ||
	       gather->scratch.failed || gather->cell.failed || gather->assembled.failed ||
	       gather->entries.by_key.failed;
}
static inline bool cnv_gather_failed(const cnv_gather *gather)
{
	return cnv_gather_record_failed(gather) || cnv_paths_failed(&gather->paths);
}

/* The column that takes the answers to a question. */
static inline cnv_column *cnv_answer_column(const cnv_gather *gather, cnv_question_id id)
{
	const cnv_question *question = &gather->form->questions[id];

	return &gather->batch->tables[question->table].columns[question->column];
}

/* The cell of column `at` that this record holds; empty. */
static inline cnv_str cnv_held_text(const cnv_gather *gather, uint32_t at)
{
	uint32_t cell = gather->columns[at].cell;

	return cell < gather->held.count && gather->held.cells[cell].column == at ? gather->held.cells[cell].text
										  : (cnv_str){ 0 };
}

#endif
