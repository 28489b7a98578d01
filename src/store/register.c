/* A version of the form that answers are written for: recorded in the store, with its tables and the views for people. */
#include "store/engine.h"
#include "store/state.h"
#include "store/views.h"

#include "store/digest.h"

/* ---------------------------------------------------------------- its tables */

/* The columns of one part, in the order that all statements use and in which store_put_part defines them. */
void store_put_columns(cnv_text *out, const store_version *version, uint32_t index, uint32_t part)
{
	cnv_text_put(out, CNV_STR("id"));
	if (!part)
		cnv_text_put(out, index ? CNV_STR(", line, response, parent, position") : CNV_STR(", line"));
	for (uint32_t i = store_part_from(version, part); i < store_part_upto(version, index, part); i++)
		cnv_text_format(out, ", q%u", i);
	cnv_text_put(out, CNV_STR(", verdicts, lines, own"));
}

/* The definition of a part, with its index. */
void store_put_part(cnv_text *out, const store_part *part)
{
	cnv_text_put(out, CNV_STR("CREATE TABLE "));
	store_table_name(out, part->form, part->table, part->part);
	cnv_text_put(out, CNV_STR(" (id INTEGER PRIMARY KEY"));
	if (part->part || !part->table)
		cnv_text_put(out, CNV_STR(" REFERENCES "));
	if (part->part)
		store_table_name(out, part->form, part->table, 0);
	else
		cnv_text_put(out, part->table ? CNV_STR(", line INTEGER, response INTEGER REFERENCES response, parent"
							" INTEGER REFERENCES ")
					      : CNV_STR("response, line INTEGER"));
	if (part->table && !part->part) {
		store_table_name(out, part->form, part->parent, 0);
		cnv_text_put(out, CNV_STR(", position INTEGER"));
	}
	for (uint32_t i = part->from; i < part->upto; i++)
		cnv_text_format(out, ", q%u %s", i, part->types ? part->types[part->columns[i].coding] : "ANY");
	cnv_text_put(out, CNV_STR(", verdicts BLOB, lines TEXT, own TEXT) STRICT;"));
	if (!part->table || part->part)
		return;
	cnv_text_put(out, CNV_STR("CREATE INDEX "));
	store_table_name(out, part->form, part->table, 0);
	cnv_text_put(out, CNV_STR("_by_response ON "));
	store_table_name(out, part->form, part->table, 0);
	cnv_text_put(out, CNV_STR(" (response);"));
}

static void make_part(cnv_store *store, const store_version *version, uint32_t index, uint32_t part, cnv_text *text)
{
	const store_table *table = &version->tables[index];

	cnv_text_reset(text);
	store_put_part(text, &(store_part){ .form = version->form,
					    .table = index,
					    .part = part,
					    .parent = table->parent,
					    .from = store_part_from(version, part),
					    .upto = store_part_upto(version, index, part),
					    .columns = table->columns,
					    .types = store->engine->types });
	cnv_text_put_char(text, 0);
	if (text->failed)
		store_no_memory(store);
	sql_script(store, text->at);
}

void store_version_make(cnv_store *store, const store_version *version)
{
	cnv_text text = { 0 };

	for (uint32_t i = 0; i < version->count; i++)
		for (uint32_t part = 0; part < version->tables[i].parts; part++)
			make_part(store, version, i, part, &text);
	cnv_text_fini(&text);
}

static void prepare_insert(cnv_store *store, const store_version *version, uint32_t index, uint32_t part,
			   cnv_text *text)
{
	const store_table *table = &version->tables[index];
	uint32_t count =
		STORE_FIRST(index, part) + store_part_upto(version, index, part) - store_part_from(version, part) + 3;

	cnv_text_reset(text);
	cnv_text_put(text, CNV_STR("INSERT INTO "));
	store_table_name(text, version->form, index, part);
	cnv_text_put(text, CNV_STR(" ("));
	store_put_columns(text, version, index, part);
	cnv_text_put(text, CNV_STR(") SELECT c0"));
	for (uint32_t i = 1; i < count; i++)
		cnv_text_format(text, ", c%u", i);
	cnv_text_put(text, CNV_STR(" FROM incoming"));
	if (text->failed)
		store_no_memory(store);
	sql_prepare(&table->statements[part], store, cnv_text_str(text));
}

/* ---------------------------------------------------------------- the version */

static bool make_lists(store_version *version, const cnv_form *form)
{
	version->lists = cnv_arena_array(&version->arena, form->list_count, sizeof *version->lists);
	if (!version->lists)
		return false;
	version->list_count = form->list_count;
	for (uint32_t i = 0; i < form->list_count; i++) {
		const cnv_list *from = &form->lists[i];
		cnv_str *names = cnv_arena_array(&version->arena, from->count, sizeof *names);
		store_list *list = &version->lists[i];

		if (!names)
			return false;
		list->names = names;
		list->count = from->count;
		for (uint32_t k = 0; k < from->count; k++) {
			names[k] = from->choices[k].name;
			cnv_map_put(&list->by_name, names[k], k);
		}
		if (list->by_name.failed)
			return false;
	}
	return true;
}

static bool make_tables(store_version *version, const cnv_form *form)
{
	version->tables = cnv_arena_array(&version->arena, form->table_count, sizeof *version->tables);
	if (!version->tables)
		return false;
	version->count = form->table_count;
	for (uint32_t i = 0; i < form->table_count; i++) {
		const cnv_form_table *from = &form->tables[i];
		store_table *table = &version->tables[i];

		table->table = i;
		table->parent = from->parent;
		table->count = from->count;
		table->key = i ? store_mix_text(1, form->questions[from->repeat].path) : 0;
		table->columns = cnv_arena_array(&version->arena, from->count, sizeof *table->columns);
		if (!table->columns || !store_version_statements(version, table))
			return false;
		for (uint32_t k = 0; k < from->count; k++) {
			const cnv_question *question = &form->questions[from->columns[k]];

			table->columns[k] = (store_column){ .coding = store_coding_of(form, question),
							    .list = question->list,
							    .column = k,
							    .key = store_mix_text(2, question->path) };
		}
	}
	return true;
}

/* Records the names by which the version's answers can be read without its form file. */
static void put_names(cnv_store *store, const store_version *version)
{
	const cnv_form *form = store->form;

	for (uint32_t i = 0; i < version->count && !store->status; i++) {
		const store_table *table = &version->tables[i];
		sql *put = sql_get(store, SQL_PUT_FORM_TABLE);

		sql_put_integer(put, 1, version->form);
		sql_put_integer(put, 2, i);
		sql_put_integer(put, 3, table->parent);
		sql_put_text(put, 4, i ? form->questions[form->tables[i].repeat].path : (cnv_str){ 0 });
		sql_run(put);
		for (uint32_t k = 0; k < table->count && !store->status; k++) {
			const cnv_question *question = &form->questions[form->tables[i].columns[k]];

			put = sql_get(store, SQL_PUT_QUESTION);
			sql_put_integer(put, 1, version->form);
			sql_put_integer(put, 2, i);
			sql_put_integer(put, 3, k);
			sql_put_text(put, 4, store_coding_name(table->columns[k].coding));
			if (table->columns[k].list != CNV_NONE)
				sql_put_integer(put, 5, table->columns[k].list);
			sql_put_text(put, 6, question->name);
			sql_put_text(put, 7, question->path);
			sql_put_text(put, 8, cnv_question_title(form, question, form->default_language));
			sql_run(put);
		}
	}
	for (uint32_t i = 0; i < version->list_count; i++) {
		for (uint32_t k = 0; k < version->lists[i].count && !store->status; k++) {
			sql *put = sql_get(store, SQL_PUT_CHOICE);

			sql_put_integer(put, 1, version->form);
			sql_put_integer(put, 2, i);
			sql_put_integer(put, 3, k);
			sql_put_text(put, 4, version->lists[i].names[k]);
			sql_put_text(put, 5,
				     cnv_choice_title(form, &form->lists[i].choices[k], form->default_language));
			sql_run(put);
		}
	}
}

static void register_version(cnv_store *store, store_version *version)
{
	sql *put = sql_get(store, SQL_PUT_FORM);

	sql_put_text(put, 1, store->form->version);
	sql_put_text(put, 2, store->form->source);
	sql_put_blob(put, 3, store->form->sha256, sizeof store->form->sha256);
	sql_put_blob(put, 4, store->form_bytes.at, store->form_bytes.len);
	version->form = sql_number(put, 0);
	put_names(store, version);
	store_version_make(store, version);
	store_views_make(store);
}

cnv_status store_version_write(cnv_store *store, store_version *version)
{
	cnv_text text = { 0 };

	*version = (store_version){ .width = store->engine->width };
	if (!make_lists(version, store->form) || !make_tables(version, store->form))
		store_no_memory(store);
	version->form = store_form_id(store);
	if (store->mode == CNV_STORE_WRITE && !store->status) {
		if (!version->form)
			register_version(store, version);
		for (uint32_t i = 0; i < version->count; i++)
			for (uint32_t part = 0; part < version->tables[i].parts; part++)
				prepare_insert(store, version, i, part, &text);
	}
	cnv_text_fini(&text);
	if (store->status)
		store_version_fini(version);
	return store->status;
}

void store_describe(cnv_store *store)
{
	store_version version = { .width = store->engine->width };

	if (!make_lists(&version, store->form) || !make_tables(&version, store->form))
		store_no_memory(store);
	version.form = store_form_id(store);
	if (version.form && !store->status)
		put_names(store, &version);
	store_views_make(store);
	store_version_fini(&version);
}
