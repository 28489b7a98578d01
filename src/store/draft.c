/* Drafts of interviews.  Each answer is one small transaction, so that whatever ends the program, all answers before the
 * last prompt are kept. */
#include "store/state.h"

static void put_draft(cnv_store *store, const cnv_draft *draft)
{
	sql put;

	sql_prepare(
		&put, store,
		CNV_STR("INSERT INTO draft (round, respondent, who, form, version, bytes, answered, changed,"
			" changed_offset, asked, begun, begun_offset) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			" ?8, ?9) ON CONFLICT (round, respondent, who) DO UPDATE SET form = ?4, version = ?5, bytes ="
			" ?6, answered = ?7, changed = ?8, changed_offset = ?9, asked = ?10"));
	sql_put_integer(&put, 1, store->round);
	sql_put_text(&put, 2, draft->respondent);
	sql_put_text(&put, 3, draft->who);
	sql_put_blob(&put, 4, draft->form.at, draft->form.len);
	sql_put_text(&put, 5, draft->version);
	sql_put_blob(&put, 6, draft->bytes.at, draft->bytes.len);
	sql_put_integer(&put, 7, draft->answered);
	sql_put_integer(&put, 8, draft->changed.utc_ms);
	sql_put_integer(&put, 9, draft->changed.utc_offset);
	sql_put_integer(&put, 10, draft->asked);
	sql_run(&put);
	sql_finish(&put);
}

cnv_status cnv_store_put_drafts(cnv_store *store, cnv_str round, const cnv_draft *drafts, uint32_t count,
				cnv_diags *diags)
{
	if (store_begin_to(store, "store a draft", round, drafts->changed, diags))
		return store->status;
	for (uint32_t i = 0; i < count && !store->status; i++)
		put_draft(store, &drafts[i]);
	return store_end(store);
}

cnv_status cnv_store_drop_draft(cnv_store *store, cnv_str round, cnv_str respondent, cnv_str who, cnv_instant now,
				cnv_diags *diags)
{
	sql drop;

	if (store_begin_to(store, "remove a draft", round, now, diags))
		return store->status;
	sql_prepare(&drop, store, CNV_STR("DELETE FROM draft WHERE round = ?1 AND respondent = ?2 AND who = ?3"));
	sql_put_integer(&drop, 1, store->round);
	sql_put_text(&drop, 2, respondent);
	sql_put_text(&drop, 3, who);
	sql_run(&drop);
	sql_finish(&drop);
	return store_end(store);
}

cnv_status cnv_store_drafts(cnv_store *store, cnv_str round, cnv_str respondent, cnv_arena *arena,
			    const cnv_draft **drafts, uint32_t *count, cnv_diags *diags)
{
	cnv_draft *list = NULL;
	uint32_t room = 0;
	sql read;

	store_enter(store, "list drafts", diags);
	*count = 0;
	sql_prepare(&read, store,
		    CNV_STR("SELECT respondent, who, CASE WHEN ?2 <> '' THEN form END, version, CASE WHEN ?2 <> ''"
			    " THEN bytes END, answered, changed, changed_offset, asked, coalesce(begun, changed),"
			    " coalesce(begun_offset, changed_offset) FROM draft WHERE round = ?1 AND (?2 = '' OR"
			    " respondent = ?2) ORDER BY respondent, who"));
	sql_put_integer(&read, 1, store_round(store, round));
	sql_put_text(&read, 2, respondent);
	while (sql_row(&read) && cnv_arena_grow(arena, (void **)&list, *count, &room, sizeof *list))
		list[(*count)++] = (cnv_draft){
			.respondent = cnv_arena_copy(arena, sql_text(&read, 0)),
			.who = cnv_arena_copy(arena, sql_text(&read, 1)),
			.form = cnv_arena_copy(arena, sql_text(&read, 2)),
			.version = cnv_arena_copy(arena, sql_text(&read, 3)),
			.bytes = cnv_arena_copy(arena, sql_text(&read, 4)),
			.answered = (uint32_t)sql_integer(&read, 5),
			.changed = { .utc_ms = sql_integer(&read, 6), .utc_offset = (int32_t)sql_integer(&read, 7) },
			.asked = (uint32_t)sql_integer(&read, 8),
			.begun = { .utc_ms = sql_integer(&read, 9), .utc_offset = (int32_t)sql_integer(&read, 10) }
		};
	sql_finish(&read);
	*drafts = list;
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}
