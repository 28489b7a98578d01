/* Reading the answers back, in the order of their ids.
 *
 * Everything that hangs on a response lies in the order of responses too, so each table is a
 * stream that waits at its next row: a million responses are read in one pass over every table.
 * A stream that lags far behind (the responses between belong to another round, or are revised)
 * is asked anew instead of walked.  Whatever the file holds, only what fits the form is taken. */
#include "store/sql.h"

#include <string.h>

typedef struct cursor_file {
	int64_t id;
	cnv_instant received;
} cursor_file;

/* The entries of the response under way, by rising id; their rows stand together in the batch. */
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
	cursor_entries *entries; /* one for each table of the version, and as many as the largest has */
	uint32_t entries_room;
	cnv_text scratch;
};

static void damaged(cnv_store *store, int64_t response)
{
	if (store->status)
		return;
	store_say(store, CNV_STORE_DAMAGED, CNV_STR("go back to a copy of it"),
		  "the store cannot give back response %lld: its rows do not fit together", (long long)response);
	store->status = CNV_NO_ACCESS;
}

/* ---------------------------------------------------------------- streams */

static void step(sql *stream, uint32_t key_column)
{
	if (sql_row(stream)) {
		stream->stream = STREAM_ROW;
		stream->key = sql_integer(stream, key_column);
	} else {
		stream->stream = STREAM_END;
	}
}

/* Is there a row with this key?  Keys are asked for in rising order. */
static bool seek(sql *stream, uint32_t key_column, int64_t key)
{
	if (stream->stream == STREAM_ROW && stream->key < key)
		step(stream, key_column);
	if (stream->stream == STREAM_UNASKED || (stream->stream == STREAM_ROW && stream->key < key)) {
		sql_reset(stream);
		sql_put_integer(stream, 1, key);
		step(stream, key_column);
	}
	return stream->stream == STREAM_ROW && stream->key == key && !stream->store->status;
}

/* ---------------------------------------------------------------- cells */

/* The blobs of one row, and how far they are read. */
typedef struct row_blobs {
	cnv_str verdicts, lines, own;
	int64_t line;      /* of the cell before */
	uint64_t own_next; /* column of the next own text; UINT64_MAX: none */
	uint64_t own_len;
} row_blobs;

static void next_own(row_blobs *blobs, uint64_t from)
{
	uint64_t ahead = 0;

	blobs->own_next = UINT64_MAX;
	if (store_get_varint(&blobs->own, &ahead) && store_get_varint(&blobs->own, &blobs->own_len) &&
	    blobs->own_len <= blobs->own.len)
		blobs->own_next = from + ahead;
}

static bool take_own(row_blobs *blobs, uint32_t column, cnv_str *text)
{
	if (blobs->own_next != column)
		return false;
	*text = cnv_str_slice(blobs->own, 0, (size_t)blobs->own_len);
	blobs->own = cnv_str_slice(blobs->own, (size_t)blobs->own_len, blobs->own.len);
	next_own(blobs, column);
	return true;
}

/* Source line of the next cell; 0: the record's. */
static uint32_t take_line(row_blobs *blobs, uint32_t row_line)
{
	uint64_t step_over;

	if (!blobs->lines.len || !store_get_varint(&blobs->lines, &step_over))
		return 0;
	blobs->line += (int64_t)(step_over >> 1) ^ -(int64_t)(step_over & 1);
	if (blobs->line <= 0 || blobs->line > UINT32_MAX || blobs->line == row_line)
		return 0;
	return (uint32_t)blobs->line;
}

static cnv_verdict verdict_at(cnv_str verdicts, uint32_t column)
{
	uint32_t verdict;

	if (column / 2 >= verdicts.len)
		return CNV_BLANK;
	verdict = (unsigned char)verdicts.at[column / 2] >> (column % 2 * 4) & 15;
	return verdict <= CNV_UNCHECKED ? (cnv_verdict)verdict : CNV_UNCHECKED;
}

static store_value value_at(sql *statement, uint32_t column)
{
	store_value value = { .type = sql_kind(statement, column) };

	switch (value.type) {
	case SQL_INTEGER:
		value.integer = sql_integer(statement, column);
		break;
	case SQL_REAL:
		value.real = sql_real(statement, column);
		break;
	case SQL_TEXT:
	case SQL_BLOB:
		value.text = sql_text(statement, column);
		break;
	case SQL_NULL:
		break;
	}
	return value;
}

/* Sets what cnv_check would have left for the last row of a column. */
static void set_typed(const cnv_form *form, const store_column *shape, const store_list *list, const store_value *value,
		      cnv_verdict verdict, cnv_str text, cnv_column *column, uint32_t row)
{
	bool understood = value->type != SQL_NULL && store_decode(form, shape->coding, list, value, column, row);

	/* Only the form has changed since: the answer is no longer one to this question. */
	if (value->type != SQL_NULL && !understood && verdict == CNV_ACCEPTED)
		verdict = column->list == CNV_NONE ? CNV_UNREADABLE : CNV_NOT_A_CHOICE;
	column->verdicts[row] = (uint8_t)verdict;
	if (cnv_str_trim_unicode(text).len)
		cnv_bit_set(column->answered, row);
	if (understood)
		cnv_bit_set(column->understood, row);
	if (understood && verdict == CNV_ACCEPTED)
		cnv_bit_set(column->usable, row);
}

static void read_cell(cnv_cursor *cursor, const store_version *version, const store_column *shape, sql *part,
		      uint32_t at, cnv_batch *batch, uint32_t table, row_blobs *blobs, uint32_t index)
{
	uint32_t row = batch->tables[table].rows - 1;
	uint32_t line = take_line(blobs, batch->tables[table].lines[row]);
	cnv_verdict verdict = verdict_at(blobs->verdicts, index);
	const store_list *list = shape->list == CNV_NONE ? NULL : &version->lists[shape->list];
	cnv_str text = { 0 };
	bool own = take_own(blobs, index, &text);
	store_value value;

	if (shape->column == CNV_NONE)
		return;
	value = value_at(part, at);
	if (!own) {
		cnv_text_reset(&cursor->scratch);
		store_value_text(shape->coding, list, &value, verdict, &cursor->scratch);
		text = cnv_text_str(&cursor->scratch);
	}
	cnv_batch_put(batch, table, shape->column, text, line);
	if (!batch->failed)
		set_typed(batch->form, shape, list, &value, verdict, text, &batch->tables[table].columns[shape->column],
			  row);
}

/* Fills the last row of the batch's table from the parts of row `id`; the first part's row waits in its stream. */
static void read_row(cnv_cursor *cursor, store_version *version, uint32_t index, int64_t id, cnv_batch *batch)
{
	const store_table *table = &version->tables[index];
	cnv_table *into = &batch->tables[table->table];

	/* What was not in the form then was not asked. */
	if (!version->same)
		for (uint32_t i = 0; i < into->count; i++)
			into->columns[i].verdicts[into->rows - 1] = CNV_NOT_ASKED;
	for (uint32_t part = 0; part < table->parts; part++) {
		uint32_t from = part * STORE_PART, left = table->count - from;
		uint32_t count = left < STORE_PART ? left : STORE_PART, first = STORE_FIRST(index, part);
		sql *row = &table->statements[part];
		row_blobs blobs = { .line = into->lines[into->rows - 1] };

		if (part && !seek(row, 0, id)) {
			damaged(cursor->store, id);
			return;
		}
		blobs.verdicts = sql_text(row, first + count);
		blobs.lines = sql_text(row, first + count + 1);
		blobs.own = sql_text(row, first + count + 2);
		next_own(&blobs, 0);
		for (uint32_t i = 0; i < count; i++)
			read_cell(cursor, version, &table->columns[from + i], row, first + i, batch, table->table,
				  &blobs, i);
	}
}

/* ---------------------------------------------------------------- entries and remarks */

/* Row in the batch of an entry of the response under way, CNV_NONE when there is none. */
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
	if (table->table == CNV_NONE)
		return;
	entries->first = batch->tables[table->table].rows;
	while (seek(stream, 2, response)) {
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
		read_row(cursor, version, index, id, batch);
		step(stream, 2);
	}
}

/* The table of the version whose entries went into table `now` of the batch is the same number in the store's remark.
 */
static void read_remarks(cnv_cursor *cursor, const store_version *version, int64_t response, uint32_t row,
			 cnv_batch *batch)
{
	sql *stream = &cursor->remarks;

	for (; seek(stream, 0, response); step(stream, 0)) {
		int64_t tab = sql_integer(stream, 1);
		cnv_question_id question = CNV_NONE;
		uint32_t table, at = row;

		if (tab < 0 || tab >= version->count || version->tables[tab].table == CNV_NONE)
			continue;
		table = version->tables[tab].table;
		if (tab)
			at = find_entry(&cursor->entries[tab], sql_integer(stream, 2));
		if (sql_kind(stream, 3) == SQL_TEXT)
			question = cnv_map_find(&batch->form->by_path, sql_text(stream, 3));
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

static void read_particulars(cnv_cursor *cursor, int64_t id, cnv_batch *batch, cnv_reported *reported)
{
	sql *response = &cursor->responses;
	uint32_t file = find_file(cursor, sql_integer(response, 1));

	if (file == CNV_NONE) {
		damaged(cursor->store, id);
		return;
	}
	*reported = (cnv_reported){
		.respondent = cnv_arena_copy(&batch->arena, sql_text(response, 3)),
		.file = file,
		.revision = clamp_line(sql_integer(response, 5)),
		.line = clamp_line(sql_integer(response, 4)),
		.received = cursor->files[file].received,
		.id = (uint64_t)id,
	};
	for (; seek(&cursor->findings, 0, id); step(&cursor->findings, 0)) {
		int64_t severity = sql_integer(&cursor->findings, 1);

		reported->errors += severity == CNV_ERROR;
		reported->warnings += severity == CNV_WARNING;
	}
}

/* The response that waits in the cursor's row, with all that hangs on it. */
static void read_response(cnv_cursor *cursor, cnv_batch *batch, cnv_reported *reported)
{
	cnv_store *store = cursor->store;
	int64_t id = sql_integer(&cursor->responses, 0);
	store_version *version = find_version(cursor, sql_integer(&cursor->responses, 2));
	uint32_t row;

	if (!version)
		return;
	read_particulars(cursor, id, batch, reported);
	if (!seek(&version->tables[0].statements[0], 0, id))
		damaged(store, id);
	if (store->status)
		return;
	row = cnv_batch_row(batch, 0, 0, reported->line);
	if (row == CNV_NONE) {
		store_no_memory(store);
		return;
	}
	read_row(cursor, version, 0, id, batch);
	for (uint32_t i = 1; i < version->count && !store->status; i++)
		read_entries(cursor, version, i, id, row, batch);
	if (!store->status)
		read_remarks(cursor, version, id, row, batch);
	if (batch->failed || batch->arena.failed || cursor->scratch.failed)
		store_no_memory(store);
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

/* ---------------------------------------------------------------- public */

cnv_status cnv_store_read(cnv_cursor **out, cnv_store *store, cnv_str round, cnv_diags *diags)
{
	cnv_cursor *cursor = cnv_mem_get(sizeof *cursor);
	int64_t id;

	*out = NULL;
	store_enter(store, "give its answers", diags);
	if (!cursor)
		return CNV_NO_MEMORY;
	cursor->store = store;
	id = store_round(store, round);
	read_files(cursor, id);
	/* The index of respondents is of no use here: the order of ids is the table's own. */
	sql_prepare(&cursor->responses, store,
		    CNV_STR("SELECT id, file, form, respondent, line, revision FROM response NOT INDEXED"
			    " WHERE round = ?1 AND later IS NULL ORDER BY id"));
	sql_prepare(&cursor->remarks, store,
		    CNV_STR("SELECT response, tab, row, question, line, text FROM remark WHERE response >= ?1"
			    " ORDER BY response, id"));
	sql_prepare(&cursor->findings, store,
		    CNV_STR("SELECT response, severity FROM finding WHERE response >= ?1 ORDER BY response"));
	sql_put_integer(&cursor->responses, 1, id);
	if (store->status)
		cnv_cursor_close(cursor);
	else
		*out = cursor;
	return store->status;
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
	cnv_text_fini(&cursor->scratch);
	cnv_mem_free(cursor);
}
