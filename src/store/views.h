/* The views that people query. */
#ifndef CANVASS_STORE_VIEWS_H
#define CANVASS_STORE_VIEWS_H

#include "canvass/form.h"
#include "store/shape.h"

/* Within a transaction: makes the views that depend on the form again, for the versions that the store has. */
void store_views_make(cnv_store *store);
/* Makes those that do not. */
void store_views_make_fixed(cnv_store *store);

/* ---------------------------------------------------------------- for those who make them */

typedef struct views {
	cnv_store *store;
	store_version *versions; /* by rising id */
	uint32_t count;
	const cnv_privacy *privacy; /* on a server: of the questions of the current form */
	cnv_arena arena;
	cnv_text text;
} views;

/* The paths of the tables of a version: empty for table 0. */
typedef struct view_paths {
	cnv_str *at; /* of each table of a version */
	cnv_arena arena;
} view_paths;

/* Whose answers a row is, of which round and revision; with views_put_rows. */
#define VIEWS_IDENTITY "r.respondent AS respondent, round.label AS round, r.revision AS revision"

/* On a server: who may read the tables, and not the views alone (docs/roles.sql). */
#define VIEWS_SEES_ALL "has_table_privilege(current_user, CAST('response' AS regclass), 'SELECT')"

void views_put_quoted(cnv_text *out, cnv_str text, char quote);
/* "CREATE VIEW ".  On a server other views may read one that is made again: it is replaced. */
void views_begin(views *v);
/* A union has no view on its left before the first. */
void views_begin_term(cnv_text *out, uint32_t *terms);
/* The rows of table `table` are e<table>, those of its parts after the first a<part>. */
void views_name_rows(char room[16], uint32_t table, uint32_t part);
void views_read_paths(cnv_store *store, const store_version *version, view_paths *paths);
/* The path of an entry: `crew[2]`, `crew[2]/paper[1]`. */
void views_put_entry(cnv_text *out, const store_version *version, const view_paths *paths, uint32_t table);
/* The rows of a table with their response; their parts [first, parts), and the entries around them. */
void views_put_rows(cnv_text *out, const store_version *version, uint32_t table, uint32_t first, uint32_t parts);
/* Are the answers to a question of the version withheld from those who see the views alone: private (column audience), or no
 * longer asked? */
bool views_withholds(const views *v, const store_version *version, uint32_t table, uint32_t index);
/* view_cells.c: appends `cell`, and cell_<form> for each version. */
void views_make_cells(views *v);

#endif
