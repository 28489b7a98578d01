/* Brings stores of an earlier layout up to date.
 *
 * Each table is defined once, in schema.sql (those of answers in register.c), and nothing is listed here: what an older
 * store lacks is found by comparison with an empty store of the current layout.
 *
 * A store opened for writing is made again, in one transaction, because SQLite cannot make the columns of a table strict:
 * the older tables get another name, and each is copied into the one that takes its place and then dropped, so that the
 * file grows by its largest table at most.  A store opened for reading or a dry run is not changed by a single byte:
 * temporary tables and views shadow the older ones, because statements do not name a schema and SQLite looks up temporary
 * names first.
 *
 * On a server, whose tables have had their types from the beginning, a table that is new is made, and one that lacks a
 * column gets it, so that who may read or write it, and its views, stay as they are. */
#include "store/engine.h"
#include "store/own.h"
#include "store/state.h"
#include "store/views.h"

#define OLDER "before_"
/* From this layout on tables are strict and have own texts as JSON: only tables that are new since, or have a column more,
 * are made. */
#define STRICT_LAYOUT 8
/* Tables of answers; older layouts have the same columns, with own texts and lines packed. */
#define ANSWERS "answers_[0-9]*_[0-9]*_[0-9]*"
#define UNPACK_OWN "canvass_unpack_own"
#define UNPACK_LINES "canvass_unpack_lines"

typedef struct migration {
	cnv_store *store, *blank; /* blank: empty, of the current layout */
	int64_t from;             /* the store's layout */
	int to;
	bool lacks; /* a table that is compared lacks a column */
	cnv_text text;
} migration;

static bool has(cnv_store *store, const char *question, cnv_str name, cnv_str column)
{
	sql ask;
	bool found;

	sql_prepare(&ask, store, cnv_str_from(question));
	sql_put_text(&ask, 1, name);
	if (column.len)
		sql_put_text(&ask, 2, column);
	found = sql_row(&ask);
	sql_finish(&ask);
	return found;
}

static bool has_table(cnv_store *store, cnv_str name)
{
	return has(
		store,
		store->engine->in_file
			? "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?1"
			: "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = ?1",
		name, (cnv_str){ 0 });
}

static bool has_column(cnv_store *store, cnv_str table, cnv_str name)
{
	return has(store,
		   store->engine->in_file
			   ? "SELECT 1 FROM pragma_table_info(?1, 'main') WHERE name = ?2"
			   : "SELECT 1 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
			     " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ="
			     " current_schema() AND c.relname = ?1 AND a.attname = ?2 AND NOT a.attisdropped",
		   table, name);
}

/* Calls `act` with each row of a query; its parameter is `name`. */
static void each(migration *m, cnv_store *of, const char *query, cnv_str name, void (*act)(migration *m, sql *row))
{
	sql rows;

	sql_prepare(&rows, of, cnv_str_from(query));
	if (name.len)
		sql_put_text(&rows, 1, name);
	while (sql_row(&rows) && !m->store->status)
		act(m, &rows);
	sql_finish(&rows);
}

/* ---------------------------------------------------------------- tables of answers */

/* answers_<form>_<table>_<part> */
static store_part part_of(cnv_str table)
{
	int64_t numbers[3] = { 0 };
	cnv_str word;

	cnv_str_split(&table, '_', &word);
	for (size_t i = 0; i < 3 && cnv_str_split(&table, '_', &word); i++)
		for (size_t k = 0; k < word.len; k++)
			numbers[i] = numbers[i] * 10 + (word.at[k] - '0');
	return (store_part){ .form = numbers[0], .table = (uint32_t)numbers[1], .part = (uint32_t)numbers[2] };
}

/* The part with its questions, and its repeat with the one around it. */
static store_part read_part(migration *m, cnv_str table)
{
	store_part part = part_of(table);
	sql ask;

	sql_prepare(&ask, m->store,
		    CNV_STR("SELECT count(*), (SELECT parent FROM main.form_table WHERE form = ?2 AND tab = ?3) FROM"
			    " pragma_table_info(?1, 'main') WHERE name GLOB 'q[0-9]*'"));
	sql_put_text(&ask, 1, table);
	sql_put_integer(&ask, 2, part.form);
	sql_put_integer(&ask, 3, part.table);
	part.from = part.part * STORE_PART;
	if (sql_row(&ask)) {
		part.upto = part.from + (uint32_t)sql_integer(&ask, 0);
		part.parent = (uint32_t)sql_integer(&ask, 1);
	}
	sql_finish(&ask);
	return part;
}

/* The columns of a part, with own texts and lines as they are now, FROM its table. */
static void put_answers(migration *m, cnv_str table, const char *from)
{
	store_part part = read_part(m, table);

	cnv_text_put(&m->text, part.part    ? CNV_STR("SELECT id")
			       : part.table ? CNV_STR("SELECT id, line, response, parent, position")
					    : CNV_STR("SELECT id, line"));
	for (uint32_t i = part.from; i < part.upto; i++)
		cnv_text_format(&m->text, ", q%u", i);
	cnv_text_format(&m->text,
			", verdicts, " UNPACK_LINES "(lines) AS lines, " UNPACK_OWN "(own, %u) AS own FROM %s%.*s;",
			part.from, from, CNV_ARG(table));
}

static void shadow_answers(migration *m, sql *row)
{
	cnv_str table = sql_text(row, 0);

	cnv_text_format(&m->text, "CREATE TEMP VIEW %.*s AS ", CNV_ARG(table));
	put_answers(m, table, "main.");
}

static void copy_answers(migration *m, sql *row)
{
	cnv_str table = sql_text(row, 0);
	store_part part = read_part(m, table);

	store_put_part(&m->text, &part);
	cnv_text_format(&m->text, "INSERT INTO %.*s ", CNV_ARG(table));
	put_answers(m, table, OLDER);
	cnv_text_format(&m->text, "DROP TABLE " OLDER "%.*s;", CNV_ARG(table));
}

/* ---------------------------------------------------------------- for good */

static void drop(migration *m, sql *row)
{
	cnv_str type = sql_text(row, 0), name = sql_text(row, 1);

	cnv_text_format(&m->text, "DROP %.*s IF EXISTS %.*s;", CNV_ARG(type), CNV_ARG(name));
}

/* Its indexes and triggers would keep their names, which are needed again. */
static void rename_table(migration *m, sql *row)
{
	cnv_str name = sql_text(row, 0);

	each(m, m->store,
	     "SELECT type, name FROM main.sqlite_schema WHERE tbl_name = ?1 AND type IN ('index', 'trigger') AND sql IS"
	     " NOT NULL",
	     name, drop);
	cnv_text_format(&m->text, "ALTER TABLE %.*s RENAME TO " OLDER "%.*s;", CNV_ARG(name), CNV_ARG(name));
}

static void rename_known(migration *m, sql *row)
{
	if (has_table(m->store, sql_text(row, 0)))
		rename_table(m, row);
}

static void make(migration *m, sql *row)
{
	cnv_str made = sql_text(row, 0);

	cnv_text_format(&m->text, "%.*s;", CNV_ARG(made));
}

/* The columns that both layouts have: their names, or their values in the types of today. */
static void put_common(migration *m, cnv_str table, bool values)
{
	bool any = false;
	sql columns;

	sql_prepare(&columns, m->blank, CNV_STR("SELECT name, type FROM pragma_table_info(?1)"));
	sql_put_text(&columns, 1, table);
	while (sql_row(&columns)) {
		cnv_str name = sql_text(&columns, 0), type = sql_text(&columns, 1);

		if (!has_column(m->store, table, name))
			continue;
		cnv_text_put(&m->text, any ? CNV_STR(", ") : (cnv_str){ 0 });
		any = true;
		/* A number is not converted: what is none is damage. */
		if (values && !cnv_str_equal(type, CNV_STR("INTEGER")))
			cnv_text_format(&m->text, "CAST(%.*s AS %.*s)", CNV_ARG(name), CNV_ARG(type));
		else
			cnv_text_put(&m->text, name);
	}
	sql_finish(&columns);
}

static void copy_table(migration *m, sql *row)
{
	cnv_str name = sql_text(row, 0);

	if (!has_table(m->store, name))
		return;
	cnv_text_format(&m->text, "INSERT INTO %.*s (", CNV_ARG(name));
	put_common(m, name, false);
	cnv_text_put(&m->text, CNV_STR(") SELECT "));
	put_common(m, name, true);
	cnv_text_format(&m->text, " FROM " OLDER "%.*s;DROP TABLE " OLDER "%.*s;", CNV_ARG(name), CNV_ARG(name));
}

#define TABLES "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"
#define OLDER_ANSWERS                                                                                                  \
	"SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name GLOB '" ANSWERS "' ORDER BY rowid"

static void see_column(migration *m, sql *row)
{
	m->lacks |= !has_column(m->store, sql_text(row, 0), sql_text(row, 1));
}

static bool lacks_column(migration *m, cnv_str table)
{
	m->lacks = false;
	each(m, m->blank, "SELECT ?1, name FROM pragma_table_info(?1)", table, see_column);
	return m->lacks;
}

/* A table that the store lacks, or that lacks a column there; its indexes are made when it is full. */
static void make_changed(migration *m, sql *row)
{
	cnv_str table = sql_text(row, 0), made = sql_text(row, 1);
	bool known = has_table(m->store, table);

	if (known && !lacks_column(m, table))
		return;
	if (known)
		rename_table(m, row);
	cnv_text_format(&m->text, "%.*s;", CNV_ARG(made));
	if (!known)
		return;
	copy_table(m, row);
	each(m, m->blank, "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND type <> 'table' AND sql IS NOT NULL",
	     table, make);
}

/* Are its roll-ups passed over? */
static bool has_no_sketches(const migration *m)
{
	return m->from < LAYOUT_OF_SKETCHES;
}

static void write_lasting(migration *m)
{
	cnv_str none = { 0 };

	if (m->from >= STRICT_LAYOUT) {
		/* The next import into a round counts it again. */
		if (has_no_sketches(m) && has_table(m->store, CNV_STR("rollup")))
			cnv_text_put(&m->text, CNV_STR("DELETE FROM rollup;"));
		each(m, m->blank, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", none,
		     make_changed);
		return;
	}
	each(m, m->blank, "SELECT type, name FROM sqlite_schema WHERE type = 'view'", none, drop);
	each(m, m->blank, TABLES, none, rename_known);
	each(m, m->store, OLDER_ANSWERS, none, rename_table);
	each(m, m->blank, "SELECT sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", none, make);
	each(m, m->blank, TABLES, none, copy_table);
	each(m, m->store, OLDER_ANSWERS, none, copy_answers);
	/* An index is made faster when its table is full, and only then are events final. */
	each(m, m->blank, "SELECT sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid",
	     none, make);
}

/* ---------------------------------------------------------------- for good, on a server */

static void add_column(migration *m, sql *row)
{
	cnv_str table = sql_text(row, 0), name = sql_text(row, 1), type = sql_text(row, 2);

	if (has_column(m->store, table, name))
		return;
	cnv_text_format(&m->text, "ALTER TABLE %.*s ADD COLUMN %.*s %.*s%s", CNV_ARG(table), CNV_ARG(name),
			CNV_ARG(type), sql_integer(row, 3) ? " NOT NULL" : "");
	if (sql_kind(row, 4) != SQL_NULL)
		cnv_text_format(&m->text, " DEFAULT %.*s", CNV_ARG(sql_text(row, 4)));
	cnv_text_put_char(&m->text, ';');
}

static void extend_table(migration *m, sql *row)
{
	cnv_str table = sql_text(row, 0), made = sql_text(row, 1);

	if (has_table(m->store, table)) {
		each(m, m->blank, "SELECT ?1, name, type, \"notnull\", dflt_value FROM pragma_table_info(?1)", table,
		     add_column);
		return;
	}
	cnv_text_format(&m->text, "%.*s;", CNV_ARG(made));
	each(m, m->blank, "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND type = 'index' AND sql IS NOT NULL",
	     table, make);
}

/* A table is changed when there is no reader of it left: they are waited for, as those who write are. */
#define LONGEST_WAIT 86400u /* seconds; the server counts milliseconds in 31 bits */
static void write_on_server(migration *m)
{
	uint32_t patience = m->store->patience.seconds, seconds = patience < LONGEST_WAIT ? patience : LONGEST_WAIT;

	cnv_text_format(&m->text, "SET LOCAL lock_timeout = %u;", seconds ? seconds * 1000u : 1u);
	if (has_no_sketches(m) && has_table(m->store, CNV_STR("rollup")))
		cnv_text_put(&m->text, CNV_STR("DELETE FROM rollup;"));
	each(m, m->blank, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", (cnv_str){ 0 },
	     extend_table);
	if (m->from < LAYOUT_OF_SEVERAL)
		cnv_text_put(&m->text, CNV_STR("ALTER TABLE query DROP CONSTRAINT query_respondent_round_path_code_key,"
					       " ADD UNIQUE (respondent, round, path, code, nth);"));
	cnv_text_format(&m->text, "UPDATE canvass SET layout = %d", m->to);
}

/* ---------------------------------------------------------------- for one reader */

static void shadow_table(migration *m, sql *row)
{
	cnv_str table = sql_text(row, 0), made = sql_text(row, 1);
	bool any = false;
	sql columns;

	if (!has_table(m->store, table) || (has_no_sketches(m) && cnv_str_equal(table, CNV_STR("rollup")))) {
		/* SQLite stores every such statement starting with CREATE and one blank. */
		cnv_text_format(&m->text, "CREATE TEMP%.*s;", CNV_ARG(cnv_str_slice(made, 6, made.len)));
		return;
	}
	sql_prepare(&columns, m->blank,
		    CNV_STR("SELECT name, coalesce(dflt_value, 'NULL') FROM pragma_table_info(?1)"));
	sql_put_text(&columns, 1, table);
	while (sql_row(&columns)) {
		cnv_str name = sql_text(&columns, 0), value = sql_text(&columns, 1);

		if (has_column(m->store, table, name))
			continue;
		if (!any)
			cnv_text_format(&m->text, "CREATE TEMP VIEW %.*s AS SELECT *", CNV_ARG(table));
		cnv_text_format(&m->text, ", %.*s AS %.*s", CNV_ARG(value), CNV_ARG(name));
		any = true;
	}
	sql_finish(&columns);
	if (any)
		cnv_text_format(&m->text, " FROM main.%.*s;", CNV_ARG(table));
}

static void write_shadows(migration *m)
{
	each(m, m->blank, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", (cnv_str){ 0 },
	     shadow_table);
	if (m->from < STRICT_LAYOUT)
		each(m, m->store, OLDER_ANSWERS, (cnv_str){ 0 }, shadow_answers);
}

/* ---------------------------------------------------------------- public */

static void add_functions(cnv_store *store)
{
	static const sql_unpacking own = { store_own_unpack }, lines = { store_lines_unpack };

	sql_add_unpack(store, UNPACK_OWN, &own);
	sql_add_unpack(store, UNPACK_LINES, &lines);
}

/* Within the transaction. */
static void migrate(migration *m)
{
	cnv_store *store = m->store;
	bool lasting = store->mode == CNV_STORE_WRITE, in_file = store->engine->in_file;

	if (!lasting)
		write_shadows(m);
	else if (in_file)
		write_lasting(m);
	else
		write_on_server(m);
	if (lasting && in_file)
		cnv_text_format(&m->text, "PRAGMA user_version = %d", m->to);
	cnv_text_put_char(&m->text, 0);
	if (m->text.failed)
		store_no_memory(store);
	else if (m->blank->status && !store->status)
		store->status = m->blank->status;
	if (!store->status)
		sql_script(store, m->text.at);
	if (!lasting)
		return;
	if (in_file)
		store_adopt_originals(store);
	else
		store_views_make_fixed(store);
	if (store->form)
		store_describe(store);
}

/* A view that a person made keeps the names of the tables that it reads. */
static void begin(cnv_store *store)
{
	if (store->engine->in_file)
		sql_script(store, "PRAGMA legacy_alter_table = ON; BEGIN EXCLUSIVE");
	else
		sql_begin(store, true);
	store->open = !store->status;
}

static void commit(cnv_store *store)
{
	if (store->engine->in_file)
		sql_script(store, "COMMIT; PRAGMA legacy_alter_table = OFF");
	else
		sql_commit(store);
	if (store->status)
		return;
	store->open = false;
	if (store->engine->in_file)
		store_forget_adopted(store);
}

void store_migrate(cnv_store *store, int layout)
{
	const cnv_store like = {
		.engine = &sql_sqlite, .name = store->name, .doing = store->doing, .diags = store->diags
	};
	cnv_store blank;
	migration m = { .store = store, .blank = &blank, .to = layout };
	bool lasting = store->mode == CNV_STORE_WRITE, done = false;

	store_blank_open(&blank, &like);
	if (blank.status)
		store->status = blank.status;
	if (store->engine->in_file)
		add_functions(store);
	if (lasting)
		begin(store);
	if (!store->status)
		m.from = store_layout(store);
	/* Another process may have done it in the meantime. */
	if (!store->status && m.from < layout) {
		migrate(&m);
		done = lasting;
	}
	if (lasting)
		commit(store);
	if (done && !store->status)
		store_say(store, CNV_STORE_UPGRADED, (cnv_str){ 0 }, "upgraded from layout %d to %d", (int)m.from,
			  layout);
	cnv_text_fini(&m.text);
	store_blank_close(&blank);
}
