/* Views for people who read a store with SQL (canvass-store(5)).
 *
 * Two kinds of views depend on the form and are made again with each of its versions: `answers`, a column for each
 * question, and `cell`, a row for each cell, which `answers_long` reads.  Both are the union of what each version
 * of the form has: an answer given to an older version is in the column of the question as it is now.  No row is
 * stored twice.  Names of columns are the only texts of a form that become part of a statement: they are quoted, at
 * most 63 bytes long, and unique without regard to case. */
#include "store/views.h"

#include "canvass/report.h"
#include "store/engine.h"
#include "store/state.h"

#include <stdio.h>

#define MOST_COLUMNS 1000u /* of a view: SQLite allows 2,000, PostgreSQL 1,664 */
#define MOST_NAME 63u      /* bytes of a column's: what PostgreSQL allows */
#define MOST_VERSIONS 400u /* of a union: SQLite allows 500 */

static const char fixed[] = {
#include "reading.h"
	0
};
static const char server_functions[] = {
#include "postgres.h"
	0
};

/* ---------------------------------------------------------------- values for people */

#define LABEL "coalesce(label, name)"
/* A window has an order, an aggregate has none. */
#define JOINED(order)                                                                                                  \
	"(SELECT group_concat(" LABEL ", '; ') OVER (ORDER BY " order                                                  \
	" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) %s "
#define IS_NAMED "instr(' ' || %s || ' ', ' ' || name || ' ')" /* where, in a list of names; 0: nowhere */

/* What people read of one stored value: the labels of choices, dates and times in ISO 8601. */
static void put_value(cnv_text *out, const store_version *version, uint32_t table, uint32_t index)
{
	const store_column *column = &version->tables[table].columns[index];
	char of[128], rows[16], value[32];

	views_name_rows(rows, table, index / version->width);
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
		cnv_text_format(out, "date(%s / 1000, 'unixepoch') || 'T' || time(%s / 1000, 'unixepoch') || 'Z'",
				value, value);
		break;
	case CODING_CODE:
		cnv_text_format(out, "(SELECT " LABEL " %s code = %s)", of, value);
		break;
	case CODING_BITS:
		cnv_text_format(out, JOINED("code") "%s >> CAST(code AS int) & 1 = 1 LIMIT 1)", of, value);
		break;
	case CODING_NAMES:
		cnv_text_format(out, JOINED("code") IS_NAMED " > 0 LIMIT 1)", of, value);
		break;
	case CODING_ORDER:
		cnv_text_format(out, JOINED(IS_NAMED) IS_NAMED " > 0 LIMIT 1)", value, of, value);
		break;
	case CODING_TEXT:
	case CODING_INTEGER:
	case CODING_REAL:
	case CODINGS:
		cnv_text_format(out, "%s", value);
		break;
	}
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
		views_put_quoted(&v->text, name, '"');
		record_column(v, view, position++, name, i);
	}
	cnv_text_put_char(&v->text, ')');
	if (!cnv_naming_fini(&names))
		store_no_memory(v->store);
}

/* A column of a server has one type: that of numbers, if all versions have numbers in it. */
static void find_texts(const views *v, const wide *view, uint32_t *at, bool *texts)
{
	for (uint32_t i = 0; i < v->count; i++) {
		uint32_t table = find_columns(view, &v->versions[i], at);

		for (uint32_t k = 0; table != CNV_NONE && k < view->upto - view->from; k++)
			texts[k] |= at[k] != CNV_NONE &&
				    !store_is_number(v->versions[i].tables[table].columns[at[k]].coding);
	}
}

static void put_typed_value(views *v, const store_version *version, uint32_t table, uint32_t index, bool text)
{
	cnv_text *out = &v->text;
	bool number = index != CNV_NONE && store_is_number(version->tables[table].columns[index].coding), withheld;

	if (index == CNV_NONE) {
		cnv_text_put(out, text ? CNV_STR("CAST(NULL AS text)") : CNV_STR("CAST(NULL AS REAL)"));
		return;
	}
	withheld = views_withholds(v, version, table, index);
	cnv_text_put(out, withheld ? CNV_STR("CASE WHEN " VIEWS_SEES_ALL " THEN ") : (cnv_str){ 0 });
	cnv_text_put(out, text && number ? CNV_STR("number_text(") : (cnv_str){ 0 });
	put_value(out, version, table, index);
	cnv_text_put(out, text && number ? CNV_STR(")") : (cnv_str){ 0 });
	cnv_text_put(out, withheld ? CNV_STR(" END") : (cnv_str){ 0 });
}

static void put_wide_term(views *v, const wide *view, const store_version *version, uint32_t table, const uint32_t *at,
			  const bool *texts)
{
	view_paths paths = { 0 };

	cnv_text_put(&v->text, CNV_STR(VIEWS_IDENTITY));
	if (view->table) {
		views_read_paths(v->store, version, &paths);
		cnv_text_put(&v->text, CNV_STR(", "));
		if (!v->store->status)
			views_put_entry(&v->text, version, &paths, table);
		cnv_arena_fini(&paths.arena);
	}
	for (uint32_t i = view->from; i < view->upto; i++) {
		cnv_text_put(&v->text, CNV_STR(", "));
		put_typed_value(v, version, table, at[i - view->from], texts[i - view->from]);
	}
	views_put_rows(&v->text, version, table, 1, version->tables[table].parts);
	cnv_text_put(&v->text, CNV_STR(" WHERE r.later IS NULL"));
}

static void make_wide(views *v, const wide *view)
{
	size_t room = view->upto - view->from + 1;
	uint32_t *at = cnv_mem_array(room, sizeof *at), terms = 0;
	bool *texts = cnv_mem_array(room, sizeof *texts);

	if (!at || !texts) {
		store_no_memory(v->store);
		goto out;
	}
	if (!v->store->engine->in_file)
		find_texts(v, view, at, texts);
	views_begin(v);
	cnv_text_put(&v->text, cnv_str_from(view->name));
	put_column_names(v, view);
	for (uint32_t i = 0; i < v->count && !v->store->status; i++) {
		uint32_t table = find_columns(view, &v->versions[i], at);

		if (table == CNV_NONE)
			continue;
		views_begin_term(&v->text, &terms);
		put_wide_term(v, view, &v->versions[i], table, at, texts);
	}
	cnv_text_put_char(&v->text, ';');
out:
	cnv_mem_free(at);
	cnv_mem_free(texts);
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

/* On a server other views read those of cells, which are replaced instead. */
static void drop_views(cnv_store *store, cnv_text *text)
{
	sql read;

	sql_prepare(&read, store,
		    store->engine->in_file
			    ? CNV_STR("SELECT name FROM sqlite_schema WHERE type = 'view' AND (name = 'cell' OR"
				      " name GLOB 'cell_*' OR name IN (SELECT view FROM view_column))")
			    : CNV_STR("SELECT DISTINCT view FROM view_column"));
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
		    CNV_STR("SELECT id FROM form WHERE id > ?1 AND id > (SELECT max(id) FROM form) - ?2 ORDER BY id"
			    " LIMIT 1"));
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

/* On a server: those who may read answers_long may read the views of answers, which are made again. */
static void share(views *v)
{
	sql read;

	sql_prepare(
		&read, v->store,
		CNV_STR("SELECT DISTINCT 'GRANT SELECT ON ' || w.view || ' TO ' || CASE a.grantee WHEN 0 THEN 'PUBLIC'"
			" ELSE quote_ident(pg_get_userbyid(a.grantee)) END FROM view_column w, pg_catalog.pg_class c,"
			" aclexplode(c.relacl) a WHERE c.oid = to_regclass('answers_long') AND a.privilege_type ="
			" 'SELECT' AND a.grantee <> c.relowner"));
	while (sql_row(&read))
		cnv_text_format(&v->text, "%.*s;", CNV_ARG(sql_text(&read, 0)));
	sql_finish(&read);
	run(v);
}

void store_views_make_fixed(cnv_store *store)
{
	if (!store->engine->in_file)
		sql_script(store, server_functions);
	if (!sql_has(store, "replies"))
		sql_script(store, fixed);
}

void store_views_make(cnv_store *store)
{
	views v = { .store = store };

	read_versions(&v);
	if (!store->engine->in_file)
		v.privacy = cnv_release_privacy(store->form, &v.arena);
	if (v.arena.failed)
		store_no_memory(store);
	if (!store->status && v.count) {
		drop_views(store, &v.text);
		run(&v);
		views_make_cells(&v);
	}
	for (uint32_t table = 0; v.count && table < store->form->table_count && !store->status; table++)
		make_wides(&v, table);
	run(&v);
	if (!store->engine->in_file)
		share(&v);
	cnv_arena_fini(&v.arena);
	for (uint32_t i = 0; i < v.count; i++)
		store_version_fini(&v.versions[i]);
	cnv_mem_free(v.versions);
	cnv_text_fini(&v.text);
}
