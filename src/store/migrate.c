/* Brings stores of an earlier layout up to date.
 *
 * The missing tables, columns and indexes are found by comparison with an empty store of the current layout.  So
 * each table or column is defined once, in schema.sql, and nothing is listed here.  A store opened for writing gets
 * them permanently, in one transaction.  A store opened for reading or a dry run is not changed by a single byte:
 * temporary tables and views shadow the older ones, because statements do not name a schema and SQLite looks up
 * temporary names first. */
#include "store/state.h"

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

/* All names are canvass's own and need no quotes. */
static void add_columns(cnv_store *store, cnv_store *blank, cnv_str table, cnv_text *script)
{
	bool stays = store->mode != CNV_STORE_WRITE, any = false;
	sql columns;

	sql_prepare(&columns, blank, CNV_STR("SELECT name FROM pragma_table_info(?1)"));
	sql_put_text(&columns, 1, table);
	while (sql_row(&columns) && !store->status) {
		cnv_str name = sql_text(&columns, 0);

		if (has(store, "SELECT 1 FROM pragma_table_info(?1, 'main') WHERE name = ?2", table, name))
			continue;
		if (!stays)
			cnv_text_format(script, "ALTER TABLE %.*s ADD COLUMN %.*s;", CNV_ARG(table), CNV_ARG(name));
		else if (!any)
			cnv_text_format(script, "CREATE TEMP VIEW %.*s AS SELECT *, NULL AS %.*s", CNV_ARG(table),
					CNV_ARG(name));
		else
			cnv_text_format(script, ", NULL AS %.*s", CNV_ARG(name));
		any = true;
	}
	sql_finish(&columns);
	if (stays && any)
		cnv_text_format(script, " FROM main.%.*s;", CNV_ARG(table));
}

/* Writes the statements that bring the store to the current layout, NUL-terminated. */
static void write_script(cnv_store *store, cnv_store *blank, cnv_text *script)
{
	bool stays = store->mode != CNV_STORE_WRITE;
	sql parts;

	sql_prepare(&parts, blank,
		    CNV_STR("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"));
	while (sql_row(&parts) && !store->status) {
		bool is_table = cnv_str_equal(sql_text(&parts, 0), CNV_STR("table"));
		cnv_str name = sql_text(&parts, 1), made = sql_text(&parts, 2);

		if (has(store, "SELECT 1 FROM main.sqlite_schema WHERE name = ?1", name, (cnv_str){ 0 })) {
			if (is_table)
				add_columns(store, blank, name, script);
		} else if (!stays) {
			cnv_text_format(script, "%.*s;", CNV_ARG(made));
		} else if (is_table) {
			/* SQLite stores every such statement starting with CREATE and one blank. */
			cnv_text_format(script, "CREATE TEMP%.*s;", CNV_ARG(cnv_str_slice(made, 6, made.len)));
		}
	}
	sql_finish(&parts);
	cnv_text_put_char(script, 0);
	if (script->failed)
		store_no_memory(store);
	else if (blank->status && !store->status)
		store->status = blank->status;
}

void store_migrate(cnv_store *store, int layout)
{
	cnv_store blank;
	cnv_text script = { 0 };
	bool lasting = store->mode == CNV_STORE_WRITE;

	store_blank_open(&blank, store);
	if (blank.status)
		store->status = blank.status;
	if (lasting)
		sql_script(store, "BEGIN EXCLUSIVE");
	store->open = lasting && !store->status;
	/* Another process may have done it in the meantime. */
	if (!store->status && store_layout(store) < layout) {
		write_script(store, &blank, &script);
		if (!store->status)
			sql_script(store, script.at);
		cnv_text_reset(&script);
		cnv_text_format(&script, "PRAGMA user_version = %d", layout);
		cnv_text_put_char(&script, 0);
		if (script.failed)
			store_no_memory(store);
		else if (lasting)
			sql_script(store, script.at);
		if (lasting)
			store_adopt_originals(store);
		if (lasting && store->form)
			store_describe(store);
	}
	if (lasting)
		sql_script(store, "COMMIT");
	if (!store->status)
		store->open = false;
	if (lasting && !store->status)
		store_forget_adopted(store);
	cnv_text_fini(&script);
	store_blank_close(&blank);
}
