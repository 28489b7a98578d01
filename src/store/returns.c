/* Returns as they were imported, with their files: the data needed to verify them, or to check them again. */
#include "store/state.h"

static const char list_returns[] =
	"SELECT f.id, f.name, f.sha256, f.size, f.given, f.layout, f.received, f.received_offset, f.reading,"
	" f.options, f.program, r.label, v.sha256, o.bytes, m.bytes, f.responses, f.quarantined, f.event FROM file"
	" f LEFT JOIN round r ON r.id = +f.round LEFT JOIN form v ON v.id = +f.form LEFT JOIN roster o ON o.id ="
	" +f.roster LEFT JOIN column_map m ON m.id = +f.map ORDER BY f.id";

/* Before layout 3 a return has one file, in its own row. */
static const char list_originals[] =
	"SELECT o.name, o.size, o.sha256, o.bytes, o.position FROM original o WHERE o.file = ?1 UNION ALL"
	" SELECT f.name, f.size, f.sha256, f.bytes, 0 FROM file f WHERE f.id = ?1 AND f.program IS NULL AND NOT EXISTS"
	" (SELECT 1 FROM original o WHERE o.file = ?1) ORDER BY 5";

static const char list_besides[] = "SELECT b.name, b.size, b.sha256, b.bytes FROM judged_with j JOIN beside b ON"
				   " b.id = +j.beside WHERE j.file = ?1 ORDER BY b.id";

static uint32_t count_rows(cnv_store *store, const char *query, int64_t of)
{
	cnv_text text = { 0 };
	sql ask;
	int64_t count;

	cnv_text_format(&text, "SELECT count(*) FROM (%s) AS listed", query);
	if (text.failed)
		store_no_memory(store);
	sql_prepare(&ask, store, cnv_text_str(&text));
	if (of)
		sql_put_integer(&ask, 1, of);
	count = sql_number(&ask, 0);
	sql_finish(&ask);
	cnv_text_fini(&text);
	return count >= 0 && count < UINT32_MAX ? (uint32_t)count : 0;
}

/* A roster is shared by many returns: its bytes are copied once per run of consecutive returns with the same roster. */
static cnv_str copy_shared(cnv_arena *arena, cnv_str bytes, cnv_str *last)
{
	if (!cnv_str_equal(bytes, *last))
		*last = cnv_arena_copy(arena, bytes);
	return bytes.len ? *last : (cnv_str){ 0 };
}

cnv_status cnv_store_returns(cnv_store *store, cnv_arena *arena, const cnv_stored_return **returns, uint32_t *count,
			     cnv_diags *diags)
{
	cnv_stored_return *list = NULL;
	cnv_str roster = { 0 }, map = { 0 };
	uint32_t room;
	sql read;

	store_enter(store, "list its returns", diags);
	*returns = NULL;
	*count = 0;
	room = count_rows(store, list_returns, 0);
	if (!store->status && !(list = cnv_arena_array(arena, room, sizeof *list)))
		store_no_memory(store);
	sql_prepare(&read, store, cnv_str_from(list_returns));
	while (*count < room && sql_row(&read)) {
		cnv_stored_return *one = &list[(*count)++];
		int64_t size = sql_integer(&read, 3), responses = sql_integer(&read, 15);

		*one = (cnv_stored_return){
			.id = sql_integer(&read, 0),
			.file = { .name = cnv_arena_copy(arena, sql_text(&read, 1)),
				  .size = size > 0 ? (uint64_t)size : 0,
				  .given = cnv_arena_copy(arena, sql_text(&read, 4)),
				  .layout = (cnv_layout)sql_integer(&read, 5),
				  .received = { .utc_ms = sql_integer(&read, 6),
						.utc_offset = (int32_t)sql_integer(&read, 7) },
				  .reading = cnv_arena_copy(arena, sql_text(&read, 8)),
				  .options = cnv_arena_copy(arena, sql_text(&read, 9)),
				  .program = cnv_arena_copy(arena, sql_text(&read, 10)) },
			.round = cnv_arena_copy(arena, sql_text(&read, 11)),
			.roster = copy_shared(arena, sql_text(&read, 13), &roster),
			.map = copy_shared(arena, sql_text(&read, 14), &map),
			.responses = responses > 0 ? (uint64_t)responses : 0,
			.quarantined = sql_integer(&read, 16) != 0,
			.event = sql_integer(&read, 17),
		};
		store_take_digest(&read, 2, one->file.sha256);
		store_take_digest(&read, 12, one->form);
	}
	sql_finish(&read);
	*returns = list;
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

static cnv_status list_files(cnv_store *store, const char *query, int64_t id, cnv_arena *arena,
			     const cnv_original **files, uint32_t *count)
{
	cnv_original *list = NULL;
	uint32_t room;
	sql read;

	*files = NULL;
	*count = 0;
	room = count_rows(store, query, id);
	if (!store->status && !(list = cnv_arena_array(arena, room, sizeof *list)))
		store_no_memory(store);
	sql_prepare(&read, store, cnv_str_from(query));
	sql_put_integer(&read, 1, id);
	while (*count < room && sql_row(&read)) {
		cnv_original *file = &list[(*count)++];
		int64_t size = sql_integer(&read, 1);

		*file = (cnv_original){ .name = cnv_arena_copy(arena, sql_text(&read, 0)),
					.size = size > 0 ? (uint64_t)size : 0,
					.bytes = cnv_arena_copy(arena, sql_text(&read, 3)) };
		store_take_digest(&read, 2, file->sha256);
	}
	sql_finish(&read);
	*files = list;
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

cnv_status cnv_store_originals(cnv_store *store, int64_t id, cnv_arena *arena, const cnv_original **originals,
			       uint32_t *count, cnv_diags *diags)
{
	store_enter(store, "read the originals of a return", diags);
	return list_files(store, list_originals, id, arena, originals, count);
}

cnv_status cnv_store_besides(cnv_store *store, int64_t id, cnv_arena *arena, const cnv_original **besides,
			     uint32_t *count, cnv_diags *diags)
{
	store_enter(store, "read the files next to the form", diags);
	return list_files(store, list_besides, id, arena, besides, count);
}
