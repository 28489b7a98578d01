/* All revisions of one respondent, whether they count or not. */
#include "store/state.h"

cnv_status cnv_store_revisions(cnv_store *store, cnv_str round, cnv_str respondent, cnv_arena *arena,
			       const cnv_revision **revisions, uint32_t *count, cnv_diags *diags)
{
	cnv_revision *list = NULL;
	uint32_t room = 0;
	sql read;

	store_enter(store, "list revisions", diags);
	*count = 0;
	sql_prepare(&read, store,
		    CNV_STR("SELECT r.id, r.revision, r.line, r.later IS NULL, r.later = 0, f.name, e.who,"
			    " f.received, f.received_offset, e.kind, e.reason FROM response r JOIN file f ON f.id ="
			    " +r.file LEFT JOIN event e ON e.id = +f.event WHERE r.round = ?1 AND r.respondent = ?2"
			    " ORDER BY r.revision"));
	sql_put_integer(&read, 1, store_round(store, round));
	sql_put_text(&read, 2, respondent);
	while (sql_row(&read) && cnv_arena_grow(arena, (void **)&list, *count, &room, sizeof *list))
		list[(*count)++] = (cnv_revision){ .id = (uint64_t)sql_integer(&read, 0),
						   .number = store_place(&read, 1),
						   .line = store_place(&read, 2),
						   .counts = sql_integer(&read, 3) != 0,
						   .withdrawn = sql_integer(&read, 4) != 0,
						   .file = cnv_arena_copy(arena, sql_text(&read, 5)),
						   .who = cnv_arena_copy(arena, sql_text(&read, 6)),
						   .how = cnv_arena_copy(arena, sql_text(&read, 9)),
						   .reason = cnv_arena_copy(arena, sql_text(&read, 10)),
						   .received = { .utc_ms = sql_integer(&read, 7),
								 .utc_offset = (int32_t)sql_integer(&read, 8) } };
	sql_finish(&read);
	*revisions = list;
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

cnv_status cnv_store_revision(cnv_store *store, cnv_str round, uint64_t id, cnv_batch *batch, cnv_reported *reported,
			      bool *found, cnv_diags *diags)
{
	int64_t of;

	*found = false;
	store_enter(store, "read a revision", diags);
	of = store_round(store, round);
	if (of != store->round)
		store_forget_earlier(store); /* it lists the files of one round */
	store->round = of;
	return store->status ? store->status : cnv_store_response(store, id, batch, reported, found, diags);
}
