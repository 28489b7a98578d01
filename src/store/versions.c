/* The versions of the form under which answers were imported, each with the bytes of its file. */
#include "store/state.h"

static void take_found(cnv_store *store, sql *find, cnv_arena *arena, cnv_stored_form *found)
{
	if (!sql_row(find))
		return;
	*found = (cnv_stored_form){ .version = cnv_arena_copy(arena, sql_text(find, 0)),
				    .name = cnv_arena_copy(arena, sql_text(find, 1)),
				    .bytes = cnv_arena_copy(arena, sql_text(find, 2)) };
	store_take_digest(find, 3, found->sha256);
	sql_reset(find);
	if (arena->failed)
		store_no_memory(store);
}

/* Those that a statement finds: version, name, bytes, digest. */
static void list_forms(cnv_store *store, sql *read, cnv_arena *arena, const cnv_stored_form **forms, uint32_t *count)
{
	cnv_stored_form *list = NULL;
	uint32_t room = 0;

	*count = 0;
	while (sql_row(read) && cnv_arena_grow(arena, (void **)&list, *count, &room, sizeof *list)) {
		cnv_stored_form *form = &list[(*count)++];

		*form = (cnv_stored_form){ .version = cnv_arena_copy(arena, sql_text(read, 0)),
					   .name = cnv_arena_copy(arena, sql_text(read, 1)),
					   .bytes = cnv_arena_copy(arena, sql_text(read, 2)) };
		store_take_digest(read, 3, form->sha256);
	}
	*forms = list;
	if (arena->failed)
		store_no_memory(store);
}

cnv_status cnv_store_forms(cnv_store *store, cnv_arena *arena, const cnv_stored_form **forms, uint32_t *count,
			   cnv_diags *diags)
{
	sql read;

	store_enter(store, "list its forms", diags);
	sql_prepare(&read, store, CNV_STR("SELECT version, name, bytes, sha256 FROM form ORDER BY id"));
	list_forms(store, &read, arena, forms, count);
	sql_finish(&read);
	return store->status;
}

cnv_status cnv_store_round_forms(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_stored_form **forms,
				 uint32_t *count, cnv_diags *diags)
{
	sql read;

	store_enter(store, "list the forms of a round", diags);
	/* By returns, which are few, and not by responses. */
	sql_prepare(&read, store,
		    CNV_STR("SELECT version, name, bytes, sha256 FROM form WHERE id IN (SELECT form FROM file WHERE"
			    " round = ?1 AND first IS NOT NULL) ORDER BY id"));
	sql_put_integer(&read, 1, store_round(store, round));
	list_forms(store, &read, arena, forms, count);
	sql_finish(&read);
	return store->status;
}

cnv_status cnv_store_form(cnv_store *store, const uint8_t *sha256, cnv_str version, cnv_arena *arena,
			  cnv_stored_form *found, cnv_diags *diags)
{
	sql *find;

	*found = (cnv_stored_form){ 0 };
	store_enter(store, "give an older version of the form", diags);
	if (sha256) {
		find = sql_get(store, SQL_FORM_BY_SHA256);
		sql_put_blob(find, 1, sha256, 32);
		take_found(store, find, arena, found);
	}
	if (found->bytes.len || !version.len || store->status)
		return store->status;
	find = sql_get(store, SQL_FORM_BY_VERSION);
	sql_put_text(find, 1, version);
	sql_put_blob(find, 2, store->form->sha256, sizeof store->form->sha256);
	take_found(store, find, arena, found);
	return store->status;
}
