/* Answers to an older version of the form, read into the current one as a migration says.
 *
 * The store itself knows only paths and names.  Where the caller has read the older form, renamed questions and recoded
 * choices find their place too. */
#include "store/shape.h"

#include <string.h>

#include "store/state.h"

/* The migration from the version to the current form, if the caller has one and the store has the version as that
 * form would. */
const cnv_migration *store_find_carry(cnv_store *store, const store_version *version)
{
	sql *find = sql_get(store, SQL_FORM_SHA256);
	const cnv_migration *found = NULL;
	uint8_t sha256[32];
	bool same;

	if (store->carry_failed)
		store_no_memory(store);
	sql_put_integer(find, 1, version->form);
	if (sql_row(find)) {
		store_take_digest(find, 0, sha256);
		for (uint32_t i = 0; i < store->carry_count && !found; i++)
			if (!memcmp(store->carries[i]->before->sha256, sha256, sizeof sha256))
				found = store->carries[i];
	}
	sql_reset(find);
	same = found && found->after == store->form && found->before->table_count == version->count;
	for (uint32_t i = 0; same && i < version->count; i++)
		same = found->before->tables[i].count == version->tables[i].count;
	for (uint32_t i = 0; same && i < version->list_count; i++)
		same = i < found->before->list_count &&
		       (found->before->lists[i].open || found->before->lists[i].count >= version->lists[i].count);
	return same ? found : NULL;
}

/* Finds tables and columns of the current form by a migration. */
void store_carry_questions(const cnv_store *store, store_version *version)
{
	const cnv_form *before = version->carry->before, *after = store->form;

	for (uint32_t i = 0; i < version->count; i++) {
		store_table *table = &version->tables[i];
		cnv_question_id repeat = i ? version->carry->successor_of[before->tables[i].repeat] : CNV_NONE;

		if (i)
			table->table = repeat == CNV_NONE ? CNV_NONE : after->questions[repeat].table;
		for (uint32_t k = 0; k < table->count; k++) {
			cnv_question_id now = version->carry->successor_of[before->tables[i].columns[k]];

			if (table->table != CNV_NONE && now != CNV_NONE && after->questions[now].table == table->table)
				table->columns[k].column = after->questions[now].column;
		}
	}
}

cnv_question_id store_version_question(const store_version *version, const cnv_form *form, cnv_str path)
{
	cnv_question_id was;

	if (!version->carry)
		return cnv_map_find(&form->by_path, path);
	was = cnv_map_find(&version->carry->before->by_path, path);
	return was < version->carry->before->count ? version->carry->successor_of[was] : CNV_NONE;
}

void cnv_store_carry(cnv_store *store, const cnv_migration *migration)
{
	if (cnv_mem_room((void **)&store->carries, &store->carry_room, store->carry_count + 1, sizeof migration))
		store->carries[store->carry_count++] = migration;
	else
		store->carry_failed = true;
}
