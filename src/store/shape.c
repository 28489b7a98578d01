/* The tables that hold the answers of one form version.
 *
 * The store records each version for which it has answers: its tables, questions and choices by name.  So answers
 * stored under an older version can be read into the current form without the older form file, question by question
 * and choice by choice.  They are paired by path, otherwise by a name that only one question of the form has. */
#include "store/shape.h"

#include <string.h>

#include "store/digest.h"
#include "store/engine.h"
#include "store/state.h"

/* ---------------------------------------------------------------- names of tables and columns */

void store_table_name(cnv_text *out, int64_t form, uint32_t table, uint32_t part)
{
	cnv_text_format(out, "answers_%lld_%u_%u", (long long)form, table, part);
}

uint32_t store_part_from(const store_version *version, uint32_t part)
{
	return part * version->width;
}

uint32_t store_part_upto(const store_version *version, uint32_t index, uint32_t part)
{
	uint32_t upto = (part + 1) * version->width, count = version->tables[index].count;

	return upto < count ? upto : count;
}

uint32_t store_feed_columns(const cnv_form *form)
{
	uint32_t most = 0;

	for (uint32_t i = 0; form && i < form->table_count; i++) {
		uint32_t count = form->tables[i].count < STORE_PART ? form->tables[i].count : STORE_PART;

		most = count > most ? count : most;
	}
	return most + STORE_FIRST(1, 0) + 3;
}

/* Prepares the statements that delete the rows of one response; in a repeat the parts after the first find them by
 * the ids in the first. */
static void prepare_drop(cnv_store *store, const store_version *version, uint32_t index, uint32_t part)
{
	cnv_text text = { 0 };

	cnv_text_put(&text, CNV_STR("DELETE FROM "));
	store_table_name(&text, version->form, index, part);
	if (index && part) {
		cnv_text_put(&text, CNV_STR(" WHERE id IN (SELECT id FROM "));
		store_table_name(&text, version->form, index, 0);
		cnv_text_put(&text, CNV_STR(" WHERE response = ?1)"));
	} else {
		cnv_text_put(&text, index ? CNV_STR(" WHERE response = ?1") : CNV_STR(" WHERE id = ?1"));
	}
	if (text.failed)
		store_no_memory(store);
	sql_prepare(&version->tables[index].drops[part], store, cnv_text_str(&text));
	cnv_text_fini(&text);
}

void store_version_drop(cnv_store *store, store_version *version, int64_t response)
{
	for (uint32_t i = 0; i < version->count; i++) {
		store_table *table = &version->tables[i];

		/* The first part last: the others look up their ids in it. */
		for (uint32_t part = table->parts; part-- > 0 && !store->status;) {
			if (!table->drops[part].at)
				prepare_drop(store, version, i, part);
			sql_put_integer(&table->drops[part], 1, response);
			sql_run(&table->drops[part]);
		}
	}
}

bool store_version_statements(store_version *version, store_table *table)
{
	table->parts = table->count <= version->width ? 1 : (table->count + version->width - 1) / version->width;
	table->statements = cnv_arena_array(&version->arena, table->parts, sizeof *table->statements);
	table->drops = cnv_arena_array(&version->arena, table->parts, sizeof *table->drops);
	table->cells = cnv_arena_array(&version->arena, table->parts, sizeof *table->cells);
	return table->statements && table->drops && table->cells;
}

int64_t store_form_id(cnv_store *store)
{
	sql *find = sql_get(store, SQL_FIND_FORM);

	sql_put_blob(find, 1, store->form->sha256, sizeof store->form->sha256);
	return sql_number(find, 0);
}

/* ---------------------------------------------------------------- a version to read */

static void damaged(cnv_store *store)
{
	if (store->status)
		return;
	store_say(store, CNV_STORE_DAMAGED, CNV_STR("restore a backup of it"),
		  "the store does not say how its answers are stored");
	store->status = CNV_NO_ACCESS;
}

static void read_tables(cnv_store *store, store_version *version)
{
	const cnv_form *form = store->form;
	sql *read = sql_get(store, SQL_FORM_TABLES);
	uint32_t room = 0, count = 0;
	store_table *tables = NULL;

	sql_put_integer(read, 1, version->form);
	while (sql_row(read)) {
		int64_t parent = sql_integer(read, 1), columns = sql_integer(read, 3);
		uint32_t repeat = cnv_map_find(&form->by_path, sql_text(read, 2));
		store_table *table;

		if (sql_integer(read, 0) != count || parent < 0 || parent > count || columns < 0 ||
		    columns > INT32_MAX) {
			damaged(store);
			break;
		}
		if (!cnv_mem_room((void **)&tables, &room, count + 1, sizeof *tables)) {
			store_no_memory(store);
			break;
		}
		table = &tables[count++];
		*table = (store_table){ .table = CNV_NONE, .parent = (uint32_t)parent, .count = (uint32_t)columns };
		if (count == 1)
			table->table = 0;
		else if (repeat < form->count && form->questions[repeat].role == CNV_REPEAT &&
			 form->tables[form->questions[repeat].table].parent == tables[parent].table)
			table->table = form->questions[repeat].table;
	}
	sql_reset(read);
	version->tables = cnv_arena_array(&version->arena, count, sizeof *tables);
	if (!version->tables && !store->status)
		store_no_memory(store);
	if (!store->status && !count)
		damaged(store);
	if (!store->status) {
		memcpy(version->tables, tables, count * sizeof *tables);
		version->count = count;
	}
	for (uint32_t i = 0; i < version->count && !store->status; i++) {
		store_table *table = &version->tables[i];

		table->columns = cnv_arena_array(&version->arena, table->count, sizeof *table->columns);
		if (!table->columns || !store_version_statements(version, table))
			store_no_memory(store);
	}
	cnv_mem_free(tables);
}

static void read_questions(cnv_store *store, store_version *version)
{
	sql *read = sql_get(store, SQL_FORM_QUESTIONS);
	uint64_t count = 0, wanted = 0;

	sql_put_integer(read, 1, version->form);
	while (sql_row(read)) {
		int64_t tab = sql_integer(read, 0), col = sql_integer(read, 1);
		int64_t list = sql_kind(read, 3) == SQL_INTEGER ? sql_integer(read, 3) : CNV_NONE;
		store_column *column;

		if (tab < 0 || tab >= version->count || col < 0 || col >= version->tables[tab].count)
			break;
		column = &version->tables[tab].columns[col];
		*column = (store_column){ .list = CNV_NONE, .column = CNV_NONE };
		if (!store_coding_find(sql_text(read, 2), &column->coding))
			break;
		/* Choices stored as text need no list, and the list of a select from a file has no names to record. */
		if (column->coding >= CODING_CODE) {
			if (list < 0 || list >= version->list_count)
				break;
			column->list = (uint32_t)list;
		}
		count++;
	}
	sql_reset(read);
	for (uint32_t i = 0; i < version->count; i++)
		wanted += version->tables[i].count;
	if (count != wanted)
		damaged(store);
}

/* Finds the question of the current form for each column: by path first; then, among those still unpaired on both
 * sides, by a name that only one question has (a question moved to another group). */
static void pair_questions(cnv_store *store, store_version *version, uint64_t *const *taken, bool by_name)
{
	const cnv_form *form = store->form;
	sql *read = sql_get(store, SQL_FORM_QUESTIONS);

	sql_put_integer(read, 1, version->form);
	while (sql_row(read)) {
		const store_table *table = &version->tables[sql_integer(read, 0)];
		store_column *column = &table->columns[sql_integer(read, 1)];
		uint32_t id = by_name ? cnv_form_find(form, sql_text(read, 4))
				      : cnv_map_find(&form->by_path, sql_text(read, 5));
		const cnv_question *question = id < form->count ? &form->questions[id] : NULL;

		if (!question || column->column != CNV_NONE || question->column == CNV_NONE ||
		    table->table == CNV_NONE || question->table != table->table ||
		    cnv_bit(taken[table->table], question->column))
			continue;
		column->column = question->column;
		cnv_bit_set(taken[table->table], question->column);
	}
	sql_reset(read);
}

static void find_questions(cnv_store *store, store_version *version)
{
	const cnv_form *form = store->form;
	cnv_arena arena = { 0 };
	uint64_t **taken = cnv_arena_array(&arena, form->table_count, sizeof *taken);

	for (uint32_t i = 0; taken && i < form->table_count; i++)
		taken[i] = cnv_arena_array(&arena, CNV_BIT_WORDS(form->tables[i].count), sizeof *taken[i]);
	if (arena.failed)
		store_no_memory(store);
	if (!store->status) {
		pair_questions(store, version, taken, false);
		pair_questions(store, version, taken, true);
	}
	cnv_arena_fini(&arena);
}

/* Choices arrive by rising list and code: they are counted first, then placed. */
static void read_lists(cnv_store *store, store_version *version)
{
	sql *read = sql_get(store, SQL_FORM_CHOICES);
	uint32_t *sizes = NULL, room = 0, lists = 0;

	sql_put_integer(read, 1, version->form);
	while (sql_row(read)) {
		int64_t list = sql_integer(read, 0), code = sql_integer(read, 1);

		if (list < 0 || list >= INT32_MAX || code < 0 || code >= INT32_MAX) {
			damaged(store);
			break;
		}
		if (!cnv_mem_room((void **)&sizes, &room, (uint32_t)list + 1, sizeof *sizes)) {
			store_no_memory(store);
			break;
		}
		while (lists <= list)
			sizes[lists++] = 0;
		sizes[list] = (uint32_t)code + 1;
	}
	sql_reset(read);
	version->lists = cnv_arena_array(&version->arena, lists, sizeof *version->lists);
	if (!version->lists)
		store_no_memory(store);
	for (uint32_t i = 0; i < lists && !store->status; i++) {
		version->lists[i] = (store_list){ .count = sizes[i], .current_list = CNV_NONE };
		version->lists[i].names = cnv_arena_array(&version->arena, sizes[i], sizeof(cnv_str));
		if (!version->lists[i].names)
			store_no_memory(store);
		version->list_count = version->list_room = i + 1;
	}
	read = sql_get(store, SQL_FORM_CHOICES);
	sql_put_integer(read, 1, version->form);
	while (sql_row(read)) {
		store_list *list = &version->lists[sql_integer(read, 0)];
		uint32_t code = (uint32_t)sql_integer(read, 1);
		cnv_str *names = (cnv_str *)list->names;

		names[code] = cnv_arena_copy(&version->arena, sql_text(read, 2));
		cnv_map_put(&list->by_name, names[code], code);
		if (version->arena.failed || list->by_name.failed)
			store_no_memory(store);
	}
	sql_reset(read);
	cnv_mem_free(sizes);
}

/* Adds a list, equal to an old one except for its pairing.  NULL: no memory. */
static store_list *add_list(store_version *version, const store_list *like)
{
	store_list *list;

	if (version->list_count == version->list_room) {
		uint32_t room = 2 * version->list_count + 8;
		store_list *grown = cnv_arena_array(&version->arena, room, sizeof *grown);

		if (!grown)
			return NULL;
		memcpy(grown, version->lists, version->list_count * sizeof *grown);
		version->lists = grown;
		version->list_room = room;
	}
	list = &version->lists[version->list_count++];
	*list = (store_list){ .names = like->names, .count = like->count, .current_list = CNV_NONE };
	for (uint32_t i = 0; i < list->count; i++)
		cnv_map_put(&list->by_name, list->names[i], i);
	return list;
}

/* Pairs choices: finds the index of each choice of an old list in list `now` of the current form, by the recoding or,
 * without one, by name.  An old list whose columns now have several lists is paired once with each.  Returns the paired
 * list; CNV_NONE: no memory. */
static uint32_t pair_list(store_version *version, uint32_t old, const cnv_form *form, uint32_t now,
			  const cnv_recoding *recoding)
{
	store_list *list = &version->lists[old];

	for (uint32_t i = 0; i < version->list_count && list->current_list != CNV_NONE; i++)
		if (version->lists[i].names == list->names && version->lists[i].current_list == now)
			return i;
	if (list->current_list != CNV_NONE) {
		store_list like = *list;

		list = add_list(version, &like);
		if (!list)
			return CNV_NONE;
	}
	list->current = cnv_arena_array(&version->arena, list->count, sizeof *list->current);
	if (!list->current || list->by_name.failed)
		return CNV_NONE;
	list->current_list = now;
	for (uint32_t i = 0; i < list->count; i++)
		list->current[i] = recoding && i < recoding->before->count
					   ? recoding->now[i]
					   : cnv_list_find(&form->lists[now], list->names[i]);
	return (uint32_t)(list - version->lists);
}

static void pair_columns(cnv_store *store, store_version *version)
{
	const cnv_form *form = store->form;

	for (uint32_t i = 0; i < version->count; i++) {
		const store_table *table = &version->tables[i];

		for (uint32_t k = 0; k < table->count && table->table != CNV_NONE && !store->status; k++) {
			store_column *column = &table->columns[k];
			cnv_question_id question;
			uint32_t now;

			if (column->column == CNV_NONE || column->list == CNV_NONE)
				continue;
			question = form->tables[table->table].columns[column->column];
			now = form->questions[question].list;
			if (now == CNV_NONE)
				continue;
			column->list = pair_list(version, column->list, form, now,
						 version->carry ? version->carry->recodings[question] : NULL);
			if (column->list == CNV_NONE)
				store_no_memory(store);
		}
	}
}

/* Does the version store its answers as the current form would? */
static bool keeps_alike(const store_version *version, const cnv_form *form)
{
	for (uint32_t i = 0; i < version->count; i++) {
		const store_table *table = &version->tables[i];

		for (uint32_t k = 0; table->table != CNV_NONE && k < table->count; k++) {
			const store_column *column = &table->columns[k];
			const cnv_question *question;

			if (column->column == CNV_NONE)
				continue;
			question = &form->questions[form->tables[table->table].columns[column->column]];
			if (column->coding != store_coding_of(form, question))
				return false;
			if (column->list != CNV_NONE &&
			    (column->list != question->list ||
			     version->lists[column->list].count != form->lists[question->list].count))
				return false;
		}
	}
	return true;
}

cnv_status store_version_read(cnv_store *store, store_version *version, int64_t form)
{
	*version = (store_version){ .form = form, .width = store->engine->width };
	version->same = store_form_id(store) == form;
	read_tables(store, version);
	if (!store->status)
		read_lists(store, version);
	if (!store->status)
		read_questions(store, version);
	if (!store->status && !version->same)
		version->carry = store_find_carry(store, version);
	if (!store->status && version->carry)
		store_carry_questions(store, version);
	else if (!store->status)
		find_questions(store, version);
	/* In the same form every choice has the same index, even if two have one name, unless the store's record
	 * differs. */
	version->same = version->same && !store->status && keeps_alike(version, store->form);
	if (!store->status && !version->same)
		pair_columns(store, version);
	if (store->status)
		store_version_fini(version);
	return store->status;
}

void store_version_fini(store_version *version)
{
	for (uint32_t i = 0; i < version->count; i++)
		for (uint32_t part = 0; version->tables[i].statements && part < version->tables[i].parts; part++)
			sql_finish(&version->tables[i].statements[part]);
	for (uint32_t i = 0; i < version->count; i++)
		for (uint32_t part = 0; version->tables[i].drops && part < version->tables[i].parts; part++)
			sql_finish(&version->tables[i].drops[part]);
	for (uint32_t i = 0; i < version->list_count; i++)
		cnv_map_fini(&version->lists[i].by_name);
	cnv_arena_fini(&version->arena);
	*version = (store_version){ 0 };
}
