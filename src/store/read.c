/* Reads the answers back, in the order of their ids.
 *
 * All rows that belong to responses are stored in the order of responses too, so each table is a stream positioned
 * at its next row: a million responses are read in one pass over every table.  A stream that is far behind (the
 * responses in between belong to another round, or have been revised) is queried again instead of stepped.  Whatever
 * the file contains, only values that fit the form are accepted. */
#include "store/rollup.h"
#include "store/row.h"

#include <string.h>

typedef struct cursor_file {
	int64_t id;
	cnv_instant received;
} cursor_file;

/* The entries of the current response, by rising id; their rows are adjacent in the batch. */
typedef struct cursor_entries {
	int64_t *ids;
	uint32_t count, room;
	uint32_t first; /* row in the batch */
} cursor_entries;

struct cnv_cursor {
	cnv_store *store;
	sql responses, remarks, findings;
	bool ended;
	cursor_file *files;
	uint32_t file_count, file_room;
	store_version *versions;
	uint32_t version_count, version_room;
	cursor_entries *entries; /* one for each table of the version; room for the version with most tables */
	uint32_t entries_room;
	store_rows rows;
	bool plain; /* of the particulars only those in the response's own row */
};

static void damaged(cnv_store *store, int64_t response)
{
	if (store->status)
		return;
	store_say(store, CNV_STORE_DAMAGED, CNV_STR("restore a backup of it"),
		  "cannot read response %lld: its rows do not match", (long long)response);
	store->status = CNV_NO_ACCESS;
}

/* ---------------------------------------------------------------- entries and remarks */

/* Row in the batch of an entry of the current response; CNV_NONE: none. */
static uint32_t find_entry(const cursor_entries *entries, int64_t id)
{
	uint32_t from = 0, upto = entries->count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (entries->ids[middle] < id)
			from = middle + 1;
		else
			upto = middle;
	}
	return from < entries->count && entries->ids[from] == id ? entries->first + from : CNV_NONE;
}

static uint32_t clamp_line(int64_t line)
{
	return line > 0 && line <= UINT32_MAX ? (uint32_t)line : 0;
}

static void read_entries(cnv_cursor *cursor, store_version *version, uint32_t index, int64_t response, uint32_t row,
			 cnv_batch *batch)
{
	store_table *table = &version->tables[index];
	cursor_entries *entries = &cursor->entries[index];
	sql *stream = &table->statements[0];
	uint32_t last_parent = 0;

	entries->count = 0;
	if (!table->read)
		return;
	entries->first = batch->tables[table->table].rows;
	while (store_stream_seek(stream, 2, response)) {
		int64_t id = sql_integer(stream, 0), parent = sql_integer(stream, 3);
		uint32_t parent_row = table->parent ? find_entry(&cursor->entries[table->parent], parent) : row;

		if (parent_row == CNV_NONE || parent_row < last_parent ||
		    (entries->count && id <= entries->ids[entries->count - 1])) {
			damaged(cursor->store, response);
			return;
		}
		last_parent = parent_row;
		if (!cnv_mem_room((void **)&entries->ids, &entries->room, entries->count + 1, sizeof *entries->ids) ||
		    cnv_batch_row(batch, table->table, parent_row, clamp_line(sql_integer(stream, 1))) == CNV_NONE) {
			store_no_memory(cursor->store);
			return;
		}
		entries->ids[entries->count++] = id;
		if (!store_row_read(&cursor->rows, version, index, id, batch)) {
			damaged(cursor->store, id);
			return;
		}
		store_stream_step(stream, 2);
	}
}

/* Finds the version's table for table `now` of the batch: the store's remarks use the version's number. */
static void read_remarks(cnv_cursor *cursor, const store_version *version, int64_t response, uint32_t row,
			 cnv_batch *batch)
{
	sql *stream = &cursor->remarks;

	for (; store_stream_seek(stream, 0, response); store_stream_step(stream, 0)) {
		int64_t tab = sql_integer(stream, 1);
		cnv_question_id question = CNV_NONE;
		uint32_t table, at = row;

		if (tab < 0 || tab >= version->count || version->tables[tab].table == CNV_NONE)
			continue;
		table = version->tables[tab].table;
		if (tab)
			at = find_entry(&cursor->entries[tab], sql_integer(stream, 2));
		if (sql_kind(stream, 3) == SQL_TEXT)
			question = store_version_question(version, batch->form, sql_text(stream, 3));
		if (at != CNV_NONE)
			cnv_batch_remark(batch, table, at, question, sql_text(stream, 5),
					 clamp_line(sql_integer(stream, 4)));
	}
}

/* ---------------------------------------------------------------- responses */

static store_version *find_version(cnv_cursor *cursor, int64_t form)
{
	cnv_store *store = cursor->store;
	store_version *version;

	for (uint32_t i = 0; i < cursor->version_count; i++)
		if (cursor->versions[i].form == form)
			return &cursor->versions[i];
	if (!cnv_mem_room((void **)&cursor->versions, &cursor->version_room, cursor->version_count + 1,
			  sizeof *cursor->versions)) {
		store_no_memory(store);
		return NULL;
	}
	version = &cursor->versions[cursor->version_count];
	if (store_version_read(store, version, form))
		return NULL;
	cursor->version_count++;
	store_rows_prepare(&cursor->rows, store, version);
	if (version->count > cursor->entries_room) {
		cursor_entries *grown =
			cnv_mem_resize(cursor->entries, cursor->entries_room, version->count, sizeof *grown);

		if (!grown) {
			store_no_memory(store);
			return NULL;
		}
		memset(grown + cursor->entries_room, 0, (version->count - cursor->entries_room) * sizeof *grown);
		cursor->entries = grown;
		cursor->entries_room = version->count;
	}
	return version;
}

static uint32_t find_file(const cnv_cursor *cursor, int64_t id)
{
	uint32_t from = 0, upto = cursor->file_count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (cursor->files[middle].id < id)
			from = middle + 1;
		else
			upto = middle;
	}
	return from < cursor->file_count && cursor->files[from].id == id ? from : CNV_NONE;
}

static void read_files(cnv_cursor *cursor, int64_t round)
{
	sql *read = sql_get(cursor->store, SQL_READ_FILES);

	sql_put_integer(read, 1, round);
	while (sql_row(read)) {
		if (!cnv_mem_room((void **)&cursor->files, &cursor->file_room, cursor->file_count + 1,
				  sizeof *cursor->files)) {
			store_no_memory(cursor->store);
			break;
		}
		cursor->files[cursor->file_count++] =
			(cursor_file){ .id = sql_integer(read, 4),
				       .received = { .utc_ms = sql_integer(read, 2),
						     .utc_offset = (int32_t)sql_integer(read, 3) } };
	}
	sql_reset(read);
}

/* Columns of the statement that reads the responses; figures do not need the last ones. */
enum { RESPONSE_ID, RESPONSE_FORM, RESPONSE_RESPONDENT, RESPONSE_FILE, RESPONSE_LINE, RESPONSE_REVISION };

static void count_findings(cnv_cursor *cursor, int64_t id, cnv_reported *reported)
{
	sql *findings = &cursor->findings;

	for (; store_stream_seek(findings, 0, id); store_stream_step(findings, 0)) {
		int64_t severity = sql_integer(findings, 1);

		reported->errors += severity == CNV_ERROR;
		reported->warnings += severity == CNV_WARNING;
	}
}

static void read_particulars(cnv_cursor *cursor, int64_t id, cnv_batch *batch, cnv_reported *reported)
{
	sql *response = &cursor->responses;
	uint32_t file;

	*reported = (cnv_reported){ .id = (uint64_t)id };
	if (!cursor->rows.wanted.nameless)
		reported->respondent = cnv_arena_copy(&batch->arena, sql_text(response, RESPONSE_RESPONDENT));
	count_findings(cursor, id, reported);
	if (cursor->rows.counts)
		return;
	reported->line = clamp_line(sql_integer(response, RESPONSE_LINE));
	reported->revision = clamp_line(sql_integer(response, RESPONSE_REVISION));
	if (cursor->plain)
		return;
	file = find_file(cursor, sql_integer(response, RESPONSE_FILE));
	if (file == CNV_NONE && cursor == cursor->store->earlier) {
		/* The current return has been stored since. */
		cursor->file_count = 0;
		read_files(cursor, cursor->store->round);
		file = find_file(cursor, sql_integer(response, RESPONSE_FILE));
	}
	if (file == CNV_NONE) {
		damaged(cursor->store, id);
		return;
	}
	reported->file = file;
	reported->received = cursor->files[file].received;
}

/* Reads the response in the cursor's row, with all that belongs to it. */
static void read_response(cnv_cursor *cursor, cnv_batch *batch, cnv_reported *reported)
{
	cnv_store *store = cursor->store;
	int64_t id = sql_integer(&cursor->responses, RESPONSE_ID);
	store_version *version = find_version(cursor, sql_integer(&cursor->responses, RESPONSE_FORM));
	uint32_t row;

	if (!version)
		return;
	read_particulars(cursor, id, batch, reported);
	if (store->status)
		return;
	row = cnv_batch_row(batch, 0, 0, reported->line);
	if (row == CNV_NONE) {
		store_no_memory(store);
		return;
	}
	if (!store_row_read(&cursor->rows, version, 0, id, batch))
		damaged(store, id);
	for (uint32_t i = 1; i < version->count && !store->status; i++)
		read_entries(cursor, version, i, id, row, batch);
	if (!store->status && !cursor->rows.counts)
		read_remarks(cursor, version, id, row, batch);
	if (batch->failed || batch->arena.failed || cursor->rows.scratch.failed)
		store_no_memory(store);
}

/* ---------------------------------------------------------------- public */

/* Which responses: those of a round that count, those of the store's form or with some ids among them, one chosen by the caller, or all
 * of a return. */
typedef enum reach { LATEST, LATEST_OWN, LATEST_BETWEEN, ONE, ONE_OWN, OF_RETURN } reach;
static const char *const reaches[] = {
	[LATEST] = " FROM response NOT INDEXED WHERE round = ?1 AND later IS NULL ORDER BY id",
	[LATEST_OWN] = (" FROM response NOT INDEXED WHERE round = ?1 AND later IS NULL AND form = ?2 ORDER BY id"),
	[LATEST_BETWEEN] = (" FROM response NOT INDEXED WHERE round = ?1 AND later IS NULL AND id >= ?2 AND id < ?3"
			    " ORDER BY id"),
	[ONE] = " FROM response WHERE round = ?1 AND id = ?2",
	[ONE_OWN] = " FROM response WHERE round = ?1 AND form = ?2 AND id = ?3",
	[OF_RETURN] = (" FROM response NOT INDEXED WHERE file = ?1 AND id >= (SELECT first FROM file WHERE id = ?1)"
		       " AND id <= (SELECT last FROM file WHERE id = ?1) ORDER BY id"),
};

static cnv_status open_cursor(cnv_cursor **out, cnv_store *store, int64_t of, const cnv_wanted *counted, reach which)
{
	cnv_cursor *cursor = cnv_mem_get(sizeof *cursor);
	cnv_text text = { 0 };

	*out = NULL;
	if (!cursor)
		return CNV_NO_MEMORY;
	cursor->store = store;
	cursor->rows.counts = counted;
	if (counted)
		cursor->rows.wanted = *counted;
	cursor->plain = which == OF_RETURN;
	if (!cursor->plain)
		read_files(cursor, of);
	/* The index of respondents does not help here: the table itself is in the order of ids. */
	cnv_text_put(&text, CNV_STR("SELECT id, form"));
	if (!cursor->rows.wanted.nameless)
		cnv_text_put(&text, CNV_STR(", respondent"));
	if (!counted)
		cnv_text_put(&text, CNV_STR(", file, line, revision"));
	cnv_text_put(&text, cnv_str_from(reaches[which]));
	if (text.failed)
		store_no_memory(store);
	sql_prepare(&cursor->responses, store, cnv_text_str(&text));
	cnv_text_fini(&text);
	sql_prepare(&cursor->remarks, store,
		    CNV_STR("SELECT response, tab, row, question, line, text FROM remark WHERE response >= ?1"
			    " ORDER BY response, id"));
	sql_prepare(&cursor->findings, store,
		    CNV_STR("SELECT n.response, n.severity FROM finding n WHERE n.response >= ?1 AND NOT EXISTS"
			    " (SELECT 1 FROM query q WHERE q.finding = +n.id AND q.state = 2) ORDER BY n.response"));
	sql_scan(&cursor->responses);
	sql_scan(&cursor->remarks);
	sql_scan(&cursor->findings);
	sql_put_integer(&cursor->responses, 1, of);
	if (store->status)
		cnv_cursor_close(cursor);
	else
		*out = cursor;
	return store->status;
}

cnv_status cnv_store_read(cnv_cursor **out, cnv_store *store, cnv_str round, cnv_diags *diags)
{
	store_enter(store, "give its answers", diags);
	return open_cursor(out, store, store_round(store, round), NULL, LATEST);
}

cnv_status cnv_store_read_own(cnv_cursor **out, cnv_store *store, cnv_str round, cnv_diags *diags)
{
	store_enter(store, "give its answers", diags);
	if (!open_cursor(out, store, store_round(store, round), NULL, LATEST_OWN))
		sql_put_integer(&(*out)->responses, 2, store_form_id(store));
	return store->status;
}

cnv_status cnv_store_read_counts(cnv_cursor **out, cnv_store *store, cnv_str round, const cnv_wanted *wanted,
				 cnv_diags *diags)
{
	store_enter(store, "give its answers", diags);
	if (!open_cursor(out, store, store_round(store, round), wanted, LATEST_BETWEEN))
		cnv_cursor_between(*out, 0, INT64_MAX);
	return store->status;
}

void cnv_cursor_between(cnv_cursor *cursor, uint64_t from, uint64_t upto)
{
	sql_reset(&cursor->responses);
	sql_put_integer(&cursor->responses, 2, (int64_t)from);
	sql_put_integer(&cursor->responses, 3, (int64_t)upto);
	cursor->ended = false;
}

cnv_status cnv_store_extent(cnv_store *store, uint64_t *first, uint64_t *last, cnv_diags *diags)
{
	sql ask;

	*first = *last = 0;
	store_enter(store, "give its answers", diags);
	sql_prepare(&ask, store, CNV_STR("SELECT (SELECT min(id) FROM response), (SELECT max(id) FROM response)"));
	if (sql_row(&ask)) {
		*first = (uint64_t)sql_integer(&ask, 0);
		*last = (uint64_t)sql_integer(&ask, 1);
	}
	sql_finish(&ask);
	return store->status;
}

cnv_status cnv_store_read_return(cnv_cursor **out, cnv_store *store, const cnv_stored_return *from, cnv_diags *diags)
{
	store_enter(store, "read the answers of a return", diags);
	return open_cursor(out, store, from->id, NULL, OF_RETURN);
}

cnv_status cnv_cursor_next(cnv_cursor *cursor, cnv_batch *batch, cnv_reported *reported, uint32_t rows, uint32_t *count,
			   cnv_diags *diags)
{
	cnv_store *store = cursor->store;

	*count = 0;
	store_enter(store, "give its answers", diags);
	while (!store->status && !cursor->ended && *count < rows) {
		if (!sql_row(&cursor->responses)) {
			cursor->ended = true;
			break;
		}
		read_response(cursor, batch, &reported[*count]);
		++*count;
	}
	return store->status;
}

void cnv_cursor_close(cnv_cursor *cursor)
{
	if (!cursor)
		return;
	for (uint32_t i = 0; i < cursor->version_count; i++)
		store_version_fini(&cursor->versions[i]);
	for (uint32_t i = 0; i < cursor->entries_room; i++)
		cnv_mem_free(cursor->entries[i].ids);
	sql_finish(&cursor->responses);
	sql_finish(&cursor->remarks);
	sql_finish(&cursor->findings);
	cnv_mem_free(cursor->entries);
	cnv_mem_free(cursor->versions);
	cnv_mem_free(cursor->files);
	cnv_text_fini(&cursor->rows.scratch);
	cnv_mem_free(cursor);
}

/* ---------------------------------------------------------------- one respondent after the other, while importing */

static void rewind_stream(sql *stream)
{
	sql_reset(stream);
	stream->stream = STREAM_UNASKED;
}

/* No statement may stay at a row while the transaction continues, and the next respondent may be anywhere. */
static void rewind_all(cnv_cursor *cursor)
{
	rewind_stream(&cursor->responses);
	rewind_stream(&cursor->remarks);
	rewind_stream(&cursor->findings);
	for (uint32_t i = 0; i < cursor->version_count; i++)
		for (uint32_t k = 0; k < cursor->versions[i].count; k++)
			for (uint32_t part = 0; part < cursor->versions[i].tables[k].parts; part++)
				rewind_stream(&cursor->versions[i].tables[k].statements[part]);
}

static void give_one(cnv_store *store, int64_t id, cnv_batch *batch, cnv_reported *reported, bool *found)
{
	cnv_cursor *cursor;

	if (!store->earlier && open_cursor(&store->earlier, store, store->round, NULL, ONE))
		return;
	cursor = store->earlier;
	sql_put_integer(&cursor->responses, 2, id);
	if (sql_row(&cursor->responses)) {
		read_response(cursor, batch, reported);
		*found = !store->status;
	}
	rewind_all(cursor);
}

cnv_status cnv_store_response(cnv_store *store, uint64_t id, cnv_batch *batch, cnv_reported *reported, bool *found,
			      cnv_diags *diags)
{
	*found = false;
	store_enter(store, "give a response", diags);
	if (!store->status)
		give_one(store, (int64_t)id, batch, reported, found);
	return store->status;
}

cnv_status cnv_store_earlier(cnv_store *store, cnv_str respondent, cnv_batch *batch, cnv_reported *reported,
			     bool *found, cnv_diags *diags)
{
	int64_t id = 0;
	sql *find;

	*found = false;
	store_enter(store, "give an earlier response", diags);
	store_index_respondents(store);
	find = sql_get(store, SQL_LATEST);
	sql_put_integer(find, 1, store->round);
	sql_put_text(find, 2, respondent);
	/* Without a digest it was withdrawn. */
	if (sql_row(find) && sql_text(find, 1).len)
		id = sql_integer(find, 0);
	sql_reset(find);
	if (id && !store->status)
		give_one(store, id, batch, reported, found);
	return store->status;
}

cnv_status cnv_store_earlier_revision(cnv_store *store, cnv_str respondent, uint32_t revision, cnv_batch *batch,
				      cnv_reported *reported, bool *found, cnv_diags *diags)
{
	int64_t id;
	sql *find;

	*found = false;
	store_enter(store, "give an earlier revision", diags);
	store_index_respondents(store);
	find = sql_get(store, SQL_FIND_REVISION);
	sql_put_integer(find, 1, store->round);
	sql_put_text(find, 2, respondent);
	sql_put_integer(find, 3, revision);
	id = sql_number(find, 0);
	if (id && !store->status)
		give_one(store, id, batch, reported, found);
	return store->status;
}

/* ---------------------------------------------------------------- for roll-ups */

bool store_read_counted(cnv_cursor **cursor, cnv_store *store, int64_t round, int64_t id, cnv_batch *batch,
			cnv_reported *reported)
{
	bool found;

	if (!*cursor && open_cursor(cursor, store, round, &(cnv_wanted){ .nameless = !store->roster }, ONE_OWN))
		return false;
	sql_put_integer(&(*cursor)->responses, 2, store_form_id(store));
	sql_put_integer(&(*cursor)->responses, 3, id);
	found = sql_row(&(*cursor)->responses);
	if (found)
		read_response(*cursor, batch, reported);
	rewind_all(*cursor);
	return found && !store->status;
}

cnv_status store_read_all_counted(cnv_cursor **cursor, cnv_store *store, int64_t round)
{
	if (!open_cursor(cursor, store, round, &(cnv_wanted){ .nameless = !store->roster }, LATEST_OWN))
		sql_put_integer(&(*cursor)->responses, 2, store_form_id(store));
	return store->status;
}

void store_forget_earlier(cnv_store *store)
{
	cnv_cursor_close(store->earlier);
	store->earlier = NULL;
}
