/* Views for people who read a store with SQL (canvass-store(5)).
 *
 * Two kinds of views depend on the form and are made again with each of its versions: `answers`, a column for each
 * question, and `cell`, a row for each cell, which `answers_long` reads.  Both are the union of what each version
 * of the form has: an answer given to an older version is in the column of the question as it is now.  No row is
 * stored twice.  Names of columns are the only texts of a form that become part of a statement: they are quoted, at
 * most 63 bytes long, and unique without regard to case. */
#include "store/views.h"

#include "store/engine.h"
#include "store/state.h"

#include <stdio.h>

#define MOST_COLUMNS 1000u /* of a view: SQLite allows 2,000 */
#define MOST_NAME 63u      /* bytes of a column's: what PostgreSQL allows */
#define MOST_VERSIONS 400u /* of a union: SQLite allows 500 */
#define MOST_TERMS 400u    /* of the union for one version, each for a run of columns */
#define SHORTEST_RUN 16u   /* columns of such a run: each cell is found by comparing with them in turn */

typedef struct views {
	cnv_store *store;
	store_version *versions; /* by rising id */
	uint32_t count;
	cnv_text text;
} views;

/* ---------------------------------------------------------------- texts */

static void put_quoted(cnv_text *out, cnv_str text, char quote)
{
	cnv_text_put_char(out, quote);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == quote)
			cnv_text_put_char(out, quote);
		cnv_text_put_char(out, text.at[i]);
	}
	cnv_text_put_char(out, quote);
}

/* A union has no view on its left before the first. */
static void begin_term(cnv_text *out, uint32_t *terms)
{
	cnv_text_put(out, (*terms)++ ? CNV_STR(" UNION ALL SELECT ") : CNV_STR(" AS SELECT "));
}

/* ---------------------------------------------------------------- values for people */

#define LABEL "coalesce(label, name)"

/* The rows of table `table` are e<table>, those of its parts after the first a<part>. */
static void name_rows(char room[16], uint32_t table, uint32_t part)
{
	snprintf(room, 16, "%c%u", part ? 'a' : 'e', part ? part : table);
}

/* What people read of one stored value: the labels of choices, dates and times in ISO 8601. */
static void put_value(cnv_text *out, const store_version *version, uint32_t table, uint32_t index)
{
	const store_column *column = &version->tables[table].columns[index];
	char of[128], rows[16], value[32];

	name_rows(rows, table, index / version->width);
	snprintf(value, sizeof value, "%s.q%u", rows, index);
	snprintf(of, sizeof of, "FROM choice WHERE form = %lld AND list = %u AND", (long long)version->form,
		 column->list);
	switch (column->coding) {
	case CODING_DAY:
		cnv_text_format(out, "date(%s * 86400, 'unixepoch')", value);
		break;
	case CODING_TIME:
		cnv_text_format(out, "time(%s / 1000, 'unixepoch')", value);
		break;
	case CODING_MOMENT:
		cnv_text_format(out, "strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', %s / 1000, 'unixepoch')", value);
		break;
	case CODING_CODE:
		cnv_text_format(out, "(SELECT " LABEL " %s code = %s)", of, value);
		break;
	case CODING_BITS:
		cnv_text_format(out, "(SELECT group_concat(" LABEL ", '; ') %s %s >> code & 1)", of, value);
		break;
	case CODING_NAMES:
		cnv_text_format(out,
				"(SELECT group_concat(" LABEL ", '; ') %s instr(' ' || %s || ' ', ' ' || name || ' '))",
				of, value);
		break;
	case CODING_ORDER: /* a window has an order, an aggregate has none */
		cnv_text_format(
			out,
			"(SELECT group_concat(" LABEL
			", '; ') OVER (ORDER BY instr(' ' || %s || ' ', ' ' || name || ' ') ROWS BETWEEN "
			"UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) %s instr(' ' || %s || ' ', ' ' || name || "
			"' ') LIMIT 1)",
			value, of, value);
		break;
	case CODING_TEXT:
	case CODING_INTEGER:
	case CODING_REAL:
	case CODINGS:
		cnv_text_format(out, "%s", value);
		break;
	}
}

/* ---------------------------------------------------------------- rows */

typedef struct table_paths {
	cnv_str *at; /* of each table of a version */
	cnv_arena arena;
} table_paths;

static void read_paths(views *v, const store_version *version, table_paths *paths)
{
	sql *read = sql_get(v->store, SQL_FORM_TABLES);

	paths->at = cnv_arena_array(&paths->arena, version->count, sizeof *paths->at);
	sql_put_integer(read, 1, version->form);
	for (uint32_t i = 0; paths->at && i < version->count && sql_row(read); i++)
		paths->at[i] = cnv_arena_copy(&paths->arena, sql_text(read, 2));
	sql_reset(read);
	if (paths->arena.failed)
		store_no_memory(v->store);
}

/* The path of an entry: `crew[2]`, `crew[2]/paper[1]`. */
static void put_entry(cnv_text *out, const store_version *version, const table_paths *paths, uint32_t table)
{
	uint32_t parent = version->tables[table].parent;
	cnv_str path = paths->at[table];

	if (parent && parent < table) {
		put_entry(out, version, paths, parent);
		cnv_text_put(out, CNV_STR(" || "));
		path = cnv_str_slice(path, paths->at[parent].len, path.len);
	}
	put_quoted(out, path, '\'');
	cnv_text_format(out, " || '[' || e%u.position || ']'", table);
}

/* The rows of a table with their response; their parts [first, parts), and the entries around them. */
static void put_rows(cnv_text *out, const store_version *version, uint32_t table, uint32_t first, uint32_t parts)
{
	uint32_t inner = table;

	cnv_text_put(out, CNV_STR(" FROM "));
	store_table_name(out, version->form, table, 0);
	cnv_text_format(out, " e%u", table);
	for (uint32_t part = first ? first : 1; part < parts; part++) {
		cnv_text_put(out, CNV_STR(" JOIN "));
		store_table_name(out, version->form, table, part);
		cnv_text_format(out, " a%u ON a%u.id = e%u.id", part, part, table);
	}
	for (uint32_t outer; (outer = version->tables[inner].parent) && outer < inner; inner = outer) {
		cnv_text_put(out, CNV_STR(" JOIN "));
		store_table_name(out, version->form, outer, 0);
		cnv_text_format(out, " e%u ON e%u.id = e%u.parent", outer, outer, inner);
	}
	cnv_text_format(out, " JOIN response r ON r.id = e%u.%s JOIN round ON round.id = r.round", table,
			table ? "response" : "id");
}

#define IDENTITY "r.respondent AS respondent, round.label AS round, r.revision AS revision"

/* ---------------------------------------------------------------- a row for each cell */

static void put_run(cnv_text *out, const store_version *version, const table_paths *paths, uint32_t table,
		    uint32_t from, uint32_t upto)
{
	uint32_t part = from / version->width, first = part * version->width;
	char rows[16];

	name_rows(rows, table, part);
	cnv_text_format(out,
			"%lld AS form, %u AS tab, k.col AS col, r.id AS response, " IDENTITY
			", r.later IS NULL AS counts, ",
			(long long)version->form, table);
	if (table)
		put_entry(out, version, paths, table);
	else
		cnv_text_put(out, CNV_STR("NULL"));
	cnv_text_format(out,
			" AS entry, nullif(e%u.line + coalesce(%s.lines ->> (k.col - %u), 0), 0) AS line, CASE k.col",
			table, rows, first);
	for (uint32_t i = from; i < upto; i++)
		cnv_text_format(out, " WHEN %u THEN %s.q%u", i, rows, i);
	/* Of each byte of the verdicts the lower half, its second digit, is that of an even column. */
	cnv_text_format(
		out,
		" END AS value, %s.own ->> ('$.' || k.col) AS written, instr('0123456789ABCDEF', "
		"substr(hex(substr(%s.verdicts, (k.col - %u) / 2 + 1, 1)), 2 - (k.col - %u) %% 2, 1)) - 1 AS verdict",
		rows, rows, first, first);
	put_rows(out, version, table, part, part + 1);
	cnv_text_format(out, " JOIN question k ON k.form = %lld AND k.tab = %u AND k.col BETWEEN %u AND %u",
			(long long)version->form, table, from, upto - 1);
}

static void put_version_cells(views *v, const store_version *version, const table_paths *paths, uint32_t run)
{
	uint32_t terms = 0;

	cnv_text_format(&v->text, "CREATE VIEW cell_%lld", (long long)version->form);
	for (uint32_t t = 0; t < version->count; t++) {
		uint32_t count = version->tables[t].count, upto;

		for (uint32_t from = 0; from < count; from = upto) {
			uint32_t part_end = (from / version->width + 1) * version->width;

			upto = from + run < count ? from + run : count;
			upto = upto < part_end ? upto : part_end;
			begin_term(&v->text, &terms);
			put_run(&v->text, version, paths, t, from, upto);
		}
	}
	cnv_text_put_char(&v->text, ';');
}

static void make_cells(views *v)
{
	uint32_t terms = 0;

	for (uint32_t i = 0; i < v->count && !v->store->status; i++) {
		const store_version *version = &v->versions[i];
		table_paths paths = { 0 };
		uint32_t columns = 0;

		for (uint32_t t = 0; t < version->count; t++)
			columns += version->tables[t].count;
		read_paths(v, version, &paths);
		if (!v->store->status)
			put_version_cells(v, version, &paths,
					  columns / MOST_TERMS < SHORTEST_RUN ? SHORTEST_RUN
									      : columns / MOST_TERMS + 1);
		cnv_arena_fini(&paths.arena);
	}
	cnv_text_put(&v->text, CNV_STR("CREATE VIEW cell"));
	for (uint32_t i = 0; i < v->count; i++) {
		begin_term(&v->text, &terms);
		cnv_text_format(&v->text, "* FROM cell_%lld", (long long)v->versions[i].form);
	}
	cnv_text_put_char(&v->text, ';');
}

/* ---------------------------------------------------------------- a column for each question */

/* One such view: the questions [from, upto) of a table of the current form. */
typedef struct wide {
	char name[48];
	uint32_t table, from, upto;
} wide;

/* Which column of which table of a version has the answers to each question of the wide view; CNV_NONE: none has. */
static uint32_t find_columns(const wide *view, const store_version *version, uint32_t *at)
{
	uint32_t table = CNV_NONE;

	for (uint32_t i = view->from; i < view->upto; i++)
		at[i - view->from] = CNV_NONE;
	for (uint32_t t = 0; t < version->count; t++) {
		if (version->tables[t].table != view->table)
			continue;
		table = t;
		for (uint32_t c = 0; c < version->tables[t].count; c++) {
			uint32_t now = version->tables[t].columns[c].column;

			if (now != CNV_NONE && now >= view->from && now < view->upto)
				at[now - view->from] = c;
		}
	}
	return table;
}

static void record_column(views *v, const wide *view, uint32_t position, cnv_str name, uint32_t column)
{
	const cnv_form *form = v->store->form;
	sql *put = sql_get(v->store, SQL_PUT_VIEW_COLUMN);

	sql_put_text(put, 1, cnv_str_from(view->name));
	sql_put_integer(put, 2, position);
	sql_put_text(put, 3, name);
	if (column != CNV_NONE) {
		const cnv_question *question = &form->questions[form->tables[view->table].columns[column]];

		sql_put_text(put, 4, question->path);
		sql_put_text(put, 5, cnv_question_title(form, question, form->default_language));
	}
	sql_run(put);
}

/* Names the columns of the view and records them. */
static void put_column_names(views *v, const wide *view)
{
	static const char *const leading[] = { "respondent", "round", "revision", "entry" };
	const cnv_form *form = v->store->form;
	uint32_t position = 0;
	cnv_naming names = { .most = MOST_NAME };

	cnv_text_put(&v->text, CNV_STR(" ("));
	for (size_t i = 0; i < (view->table ? 4 : 3); i++) {
		cnv_str name = cnv_naming_take(&names, cnv_str_from(leading[i]));

		cnv_text_format(&v->text, "%s%s", i ? ", " : "", leading[i]);
		record_column(v, view, position++, name, CNV_NONE);
	}
	for (uint32_t i = view->from; i < view->upto && !v->store->status; i++) {
		cnv_str name = cnv_naming_take(&names, form->questions[form->tables[view->table].columns[i]].name);

		cnv_text_put(&v->text, CNV_STR(", "));
		put_quoted(&v->text, name, '"');
		record_column(v, view, position++, name, i);
	}
	cnv_text_put_char(&v->text, ')');
	if (!cnv_naming_fini(&names))
		store_no_memory(v->store);
}

static void put_wide_term(views *v, const wide *view, const store_version *version, uint32_t table, const uint32_t *at)
{
	table_paths paths = { 0 };

	cnv_text_put(&v->text, CNV_STR(IDENTITY));
	if (view->table) {
		read_paths(v, version, &paths);
		cnv_text_put(&v->text, CNV_STR(", "));
		if (!v->store->status)
			put_entry(&v->text, version, &paths, table);
		cnv_arena_fini(&paths.arena);
	}
	for (uint32_t i = view->from; i < view->upto; i++) {
		cnv_text_put(&v->text, CNV_STR(", "));
		if (at[i - view->from] == CNV_NONE)
			cnv_text_put(&v->text, CNV_STR("NULL"));
		else
			put_value(&v->text, version, table, at[i - view->from]);
	}
	put_rows(&v->text, version, table, 1, version->tables[table].parts);
	cnv_text_put(&v->text, CNV_STR(" WHERE r.later IS NULL"));
}

static void make_wide(views *v, const wide *view)
{
	uint32_t *at = cnv_mem_get((view->upto - view->from + 1) * sizeof *at), terms = 0;

	if (!at) {
		store_no_memory(v->store);
		return;
	}
	cnv_text_format(&v->text, "CREATE VIEW %s", view->name);
	put_column_names(v, view);
	for (uint32_t i = 0; i < v->count && !v->store->status; i++) {
		uint32_t table = find_columns(view, &v->versions[i], at);

		if (table == CNV_NONE)
			continue;
		begin_term(&v->text, &terms);
		put_wide_term(v, view, &v->versions[i], table, at);
	}
	cnv_text_put_char(&v->text, ';');
	cnv_mem_free(at);
}

/* `answers`, or answers_1, answers_2, ... when there are too many questions for one; answers_repeat_1 of the first
 * repeat, and so on. */
static void make_wides(views *v, uint32_t table)
{
	uint32_t count = v->store->form->tables[table].count, number = 0;
	wide view = { .table = table };

	do {
		int len = table ? snprintf(view.name, sizeof view.name, "answers_repeat_%u", table)
				: snprintf(view.name, sizeof view.name, "answers");

		view.upto = count - view.from < MOST_COLUMNS ? count : view.from + MOST_COLUMNS;
		if (count > MOST_COLUMNS)
			snprintf(view.name + len, sizeof view.name - (size_t)len, "_%u", ++number);
		make_wide(v, &view);
		view.from = view.upto;
	} while (view.from < count && !v->store->status);
}

/* ---------------------------------------------------------------- all of them */

static void drop_views(cnv_store *store, cnv_text *text)
{
	sql read;

	sql_prepare(
		&read, store,
		CNV_STR("SELECT name FROM sqlite_schema WHERE type = 'view' AND (name = 'cell' OR name GLOB 'cell_*'"
			" OR name IN (SELECT view FROM view_column))"));
	while (sql_row(&read)) {
		cnv_str name = sql_text(&read, 0);

		cnv_text_format(text, "DROP VIEW %.*s;", CNV_ARG(name));
	}
	sql_finish(&read);
	cnv_text_put(text, CNV_STR("DELETE FROM view_column;"));
}

/* The latest versions, as many as one view can have. */
static void read_versions(views *v)
{
	int64_t first = 0;
	sql read;

	v->versions = cnv_mem_get(MOST_VERSIONS * sizeof *v->versions);
	if (!v->versions) {
		store_no_memory(v->store);
		return;
	}
	sql_prepare(&read, v->store,
		    CNV_STR("SELECT id FROM form WHERE id > ?1 AND id > (SELECT max(id) FROM form) - ?2 ORDER BY id "
			    "LIMIT 1"));
	while (!v->store->status && v->count < MOST_VERSIONS) {
		sql_put_integer(&read, 1, first);
		sql_put_integer(&read, 2, MOST_VERSIONS);
		first = sql_number(&read, 0);
		if (!first || store_version_read(v->store, &v->versions[v->count], first))
			break;
		v->count++;
	}
	sql_finish(&read);
}

static void run(views *v)
{
	cnv_text_put_char(&v->text, 0);
	if (v->text.failed)
		store_no_memory(v->store);
	sql_script(v->store, v->text.at);
	cnv_text_reset(&v->text);
}

void store_views_make(cnv_store *store)
{
	views v = { .store = store };

	/* They are in SQLite's words. */
	if (!store->engine->in_file)
		return;
	read_versions(&v);
	if (!store->status && v.count) {
		drop_views(store, &v.text);
		run(&v);
		make_cells(&v);
	}
	for (uint32_t table = 0; v.count && table < store->form->table_count && !store->status; table++)
		make_wides(&v, table);
	run(&v);
	for (uint32_t i = 0; i < v.count; i++)
		store_version_fini(&v.versions[i]);
	cnv_mem_free(v.versions);
	cnv_text_fini(&v.text);
}
