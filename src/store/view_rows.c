/* What the views of answers are made of: rows of a table of answers with their response, and the entries around them. */
#include "store/views.h"

#include <stdio.h>

#include "store/engine.h"
#include "store/state.h"

void views_put_quoted(cnv_text *out, cnv_str text, char quote)
{
	cnv_text_put_char(out, quote);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == quote)
			cnv_text_put_char(out, quote);
		cnv_text_put_char(out, text.at[i]);
	}
	cnv_text_put_char(out, quote);
}

void views_begin(views *v)
{
	cnv_text_put(&v->text,
		     v->store->engine->in_file ? CNV_STR("CREATE VIEW ") : CNV_STR("CREATE OR REPLACE VIEW "));
}

void views_begin_term(cnv_text *out, uint32_t *terms)
{
	cnv_text_put(out, (*terms)++ ? CNV_STR(" UNION ALL SELECT ") : CNV_STR(" AS SELECT "));
}

void views_name_rows(char room[16], uint32_t table, uint32_t part)
{
	snprintf(room, 16, "%c%u", part ? 'a' : 'e', part ? part : table);
}

void views_read_paths(cnv_store *store, const store_version *version, view_paths *paths)
{
	sql *read = sql_get(store, SQL_FORM_TABLES);

	paths->at = cnv_arena_array(&paths->arena, version->count, sizeof *paths->at);
	sql_put_integer(read, 1, version->form);
	for (uint32_t i = 0; paths->at && i < version->count && sql_row(read); i++)
		paths->at[i] = cnv_arena_copy(&paths->arena, sql_text(read, 2));
	sql_reset(read);
	if (paths->arena.failed)
		store_no_memory(store);
}

void views_put_entry(cnv_text *out, const store_version *version, const view_paths *paths, uint32_t table)
{
	uint32_t parent = version->tables[table].parent;
	cnv_str path = paths->at[table];

	if (parent && parent < table) {
		views_put_entry(out, version, paths, parent);
		cnv_text_put(out, CNV_STR(" || "));
		path = cnv_str_slice(path, paths->at[parent].len, path.len);
	}
	views_put_quoted(out, path, '\'');
	cnv_text_format(out, " || '[' || e%u.position || ']'", table);
}

void views_put_rows(cnv_text *out, const store_version *version, uint32_t table, uint32_t first, uint32_t parts)
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

bool views_withholds(const views *v, const store_version *version, uint32_t table, uint32_t index)
{
	uint32_t now = version->tables[table].table, column = version->tables[table].columns[index].column;

	if (!v->privacy)
		return false;
	return now == CNV_NONE || column == CNV_NONE || v->privacy[v->store->form->tables[now].columns[column]];
}
