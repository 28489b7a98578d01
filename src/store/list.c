/* Lists for the report, in addition to the answers: files, findings, the ledger, and records that could not be
 * imported. */
#include "store/state.h"

int64_t store_round(cnv_store *store, cnv_str label)
{
	sql *find = sql_get(store, SQL_FIND_ROUND);

	sql_put_text(find, 1, label);
	return sql_number(find, 0);
}

static uint64_t count(cnv_store *store, sql_fixed which, int64_t round)
{
	sql *ask = sql_get(store, which);

	sql_put_integer(ask, 1, round);
	return (uint64_t)sql_number(ask, 0);
}

cnv_status cnv_store_count(cnv_store *store, cnv_str round, uint64_t *responses, cnv_diags *diags)
{
	int64_t id;

	store_enter(store, "count its responses", diags);
	id = store_round(store, round);
	*responses = store->has_as_of ? 0 : count(store, SQL_ROLLED_RESPONSES, id);
	if (!*responses)
		*responses = count(store, SQL_COUNT_RESPONSES, id);
	return store->status;
}

cnv_status cnv_store_latest(cnv_store *store, cnv_str round, cnv_str respondent, uint32_t *revision, uint8_t sha256[32],
			    cnv_diags *diags)
{
	sql ask;

	store_enter(store, "find a response", diags);
	*revision = 0;
	sql_prepare(&ask, store,
		    CNV_STR("SELECT r.revision, f.sha256 FROM response r JOIN file f ON f.id = r.file"
			    " WHERE r.respondent = ?1 AND r.round = ?2 AND r.later IS NULL"));
	sql_put_text(&ask, 1, respondent);
	sql_put_integer(&ask, 2, store_round(store, round));
	if (sql_row(&ask)) {
		cnv_str digest = sql_text(&ask, 1);

		*revision = (uint32_t)sql_integer(&ask, 0);
		for (size_t i = 0; i < 32; i++)
			sha256[i] = i < digest.len ? (uint8_t)digest.at[i] : 0;
	}
	sql_finish(&ask);
	return store->status;
}

cnv_status cnv_store_files(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_reported_file **files,
			   uint32_t *file_count, cnv_diags *diags)
{
	cnv_reported_file *list;
	int64_t id;
	uint64_t room;
	sql *read;

	store_enter(store, "list its files", diags);
	*files = NULL;
	*file_count = 0;
	id = store_round(store, round);
	room = count(store, SQL_COUNT_FILES, id);
	list = cnv_arena_array(arena, room < UINT32_MAX ? (size_t)room : SIZE_MAX, sizeof *list);
	if (!list) {
		store_no_memory(store);
		return store->status;
	}
	*files = list;
	read = sql_get(store, SQL_READ_FILES);
	sql_put_integer(read, 1, id);
	while (*file_count < room && sql_row(read)) {
		cnv_reported_file *file = &list[(*file_count)++];
		cnv_str sha256 = sql_text(read, 1);

		file->name = cnv_arena_copy(arena, sql_text(read, 0));
		for (size_t i = 0; i < sizeof file->sha256 && i < sha256.len; i++)
			file->sha256[i] = (uint8_t)sha256.at[i];
		file->received =
			(cnv_instant){ .utc_ms = sql_integer(read, 2), .utc_offset = (int32_t)sql_integer(read, 3) };
		file->reading = cnv_arena_copy(arena, sql_text(read, 5));
		file->reason = cnv_arena_copy(arena, sql_text(read, 6));
		file->how = cnv_arena_copy(arena, sql_text(read, 7));
		file->responses = store_place(read, 8);
	}
	sql_reset(read);
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

void store_take_digest(sql *read, uint32_t column, uint8_t sha256[32])
{
	cnv_str digest = sql_text(read, column);

	for (size_t i = 0; i < 32; i++)
		sha256[i] = i < digest.len ? (uint8_t)digest.at[i] : 0;
}

uint32_t store_place(sql *read, uint32_t column)
{
	int64_t number = sql_integer(read, column);

	return number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

/* A question is shown by its number; without a number, or within an entry, by its path. */
static cnv_str name_question(const cnv_form *form, cnv_str stored, cnv_str path)
{
	uint32_t id = cnv_map_find(&form->by_path, stored);

	if (id < form->count && form->questions[id].qno.len && form->questions[id].table == 0)
		return form->questions[id].qno;
	return path.len ? path : stored;
}

static cnv_status read_list(cnv_store *store, cnv_str round, sql_fixed counting, sql_fixed reading, uint32_t most,
			    cnv_arena *arena, const cnv_reported_finding **rows, uint32_t *given, uint64_t *all)
{
	cnv_reported_finding *list;
	int64_t id = store_round(store, round);
	uint32_t room;
	sql *read;

	*rows = NULL;
	*given = 0;
	if (all)
		*all = count(store, counting, id);
	room = all && *all < most ? (uint32_t)*all : most;
	list = cnv_arena_array(arena, room, sizeof *list);
	if (!list) {
		store_no_memory(store);
		return store->status;
	}
	*rows = list;
	read = sql_get(store, reading);
	sql_put_integer(read, 1, id);
	sql_put_integer(read, 2, room);
	if (reading == SQL_READ_FINDINGS) /* an earlier response is not the one that its queries are of now */
		sql_put_integer(read, 3, store->has_as_of);
	while (*given < room && sql_row(read)) {
		cnv_str question = name_question(store->form, sql_text(read, 1), sql_text(read, 2));

		list[(*given)++] = (cnv_reported_finding){
			.respondent = cnv_arena_copy(arena, sql_text(read, 0)),
			.question = cnv_arena_copy(arena, question),
			.value = cnv_arena_copy(arena, sql_text(read, 3)),
			.message = cnv_arena_copy(arena, sql_text(read, 4)),
			.hint = cnv_arena_copy(arena, sql_text(read, 5)),
			.file = cnv_arena_copy(arena, sql_text(read, 6)),
			.line = store_place(read, 7),
			.column = store_place(read, 8),
			.code = (uint16_t)sql_integer(read, 9),
			.sheet = cnv_arena_copy(arena, sql_text(read, 10)),
			.id = cnv_arena_copy(arena, sql_text(read, 11)),
			.state = (cnv_query_state)sql_integer(read, 12),
			.reason = cnv_arena_copy(arena, sql_text(read, 13)),
		};
	}
	sql_reset(read);
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

cnv_status cnv_store_findings(cnv_store *store, cnv_str round, uint32_t most, cnv_arena *arena,
			      const cnv_reported_finding **findings, uint32_t *given, uint64_t *all, cnv_diags *diags)
{
	store_enter(store, "list its findings", diags);
	return read_list(store, round, SQL_COUNT_FINDINGS, SQL_READ_FINDINGS, most, arena, findings, given, all);
}

cnv_status cnv_store_quarantined(cnv_store *store, cnv_str round, uint32_t most, cnv_arena *arena,
				 const cnv_reported_finding **rows, uint32_t *given, uint64_t *all, cnv_diags *diags)
{
	store_enter(store, "list the quarantine", diags);
	return read_list(store, round, SQL_COUNT_QUARANTINED, SQL_READ_QUARANTINED, most, arena, rows, given, all);
}

cnv_status cnv_store_readings(cnv_store *store, cnv_str round, uint32_t most, cnv_arena *arena,
			      const cnv_reported_reading **readings, uint32_t *given, cnv_diags *diags)
{
	cnv_reported_reading *list = cnv_arena_array(arena, (size_t)most + 1, sizeof *list);
	sql *read;

	store_enter(store, "read its ledger", diags);
	*readings = list;
	*given = 0;
	if (!list) {
		store_no_memory(store);
		return store->status;
	}
	read = sql_get(store, SQL_READ_LEDGER);
	sql_put_integer(read, 1, store_round(store, round));
	sql_put_integer(read, 2, most);
	while (*given < most && sql_row(read))
		list[(*given)++] = (cnv_reported_reading){
			.respondent = cnv_arena_copy(arena, sql_text(read, 0)),
			.path = cnv_arena_copy(arena, sql_text(read, 1)),
			.written = cnv_arena_copy(arena, sql_text(read, 2)),
			.read_as = cnv_arena_copy(arena, sql_text(read, 3)),
			.why = cnv_arena_copy(arena, sql_text(read, 4)),
		};
	sql_reset(read);
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}
