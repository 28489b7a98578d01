/* A judged window goes into the store.
 *
 * First a digest of every response is summed over its cells, column by column, then each response
 * is compared with the one its respondent gave before, and what is new is written row by row with
 * statements prepared once.  Texts are bound where they lie in the batch.  Besides its values a
 * row has three short blobs: verdicts, source lines, and the respondent's own text where a value
 * does not give it back; schema.sql tells how they are made. */
#include "store/sql.h"

#include <assert.h>
#include <string.h>

/* What is known of each row of one table while its window is written. */
typedef struct window_table {
	uint32_t *owners; /* row of table 0; NULL for table 0 */
	uint64_t *keys;   /* of the entry, for digests: its repeat, its number, and those around it */
	int64_t *ids;     /* in the store; 0: not written */
	uint32_t rows, owner_room, key_room, id_room;
} window_table;

/* The cells of one part of a table on their way into the store, and the row under way. */
typedef struct part_feed {
	cnv_store *store;
	const cnv_table *table;
	uint32_t index, from, count, first; /* table; its questions [from, from + count); column of the first of them */
	bool has_lines;
	uint32_t row;
	store_value values[STORE_PART];
	cnv_text verdicts, lines, own;
} part_feed;

struct store_window {
	window_table *tables;
	uint32_t count;
	uint64_t (*sums)[2]; /* digest of each response */
	uint32_t sum_room;
	uint8_t digest[16];
	part_feed feed;
	cnv_text scratch;
};

void store_window_free(struct store_window *window)
{
	if (!window)
		return;
	for (uint32_t i = 0; i < window->count; i++) {
		cnv_mem_free(window->tables[i].owners);
		cnv_mem_free(window->tables[i].keys);
		cnv_mem_free(window->tables[i].ids);
	}
	cnv_mem_free(window->tables);
	cnv_mem_free(window->sums);
	cnv_text_fini(&window->feed.verdicts);
	cnv_text_fini(&window->feed.lines);
	cnv_text_fini(&window->feed.own);
	cnv_text_fini(&window->scratch);
	cnv_mem_free(window);
}

static struct store_window *make_window(uint32_t tables)
{
	struct store_window *window = cnv_mem_get(sizeof *window);

	if (!window)
		return NULL;
	window->tables = cnv_mem_array(tables, sizeof *window->tables);
	if (!window->tables) {
		store_window_free(window);
		return NULL;
	}
	window->count = tables;
	return window;
}

static bool lay_out_window(struct store_window *window, const cnv_batch *batch)
{
	uint32_t responses = batch->tables[0].rows;

	if (!cnv_mem_room((void **)&window->sums, &window->sum_room, responses, sizeof *window->sums))
		return false;
	if (responses)
		memset(window->sums, 0, responses * sizeof *window->sums);
	for (uint32_t i = 0; i < window->count; i++) {
		window_table *table = &window->tables[i];

		table->rows = batch->tables[i].rows;
		if (!cnv_mem_room((void **)&table->owners, &table->owner_room, table->rows, sizeof *table->owners) ||
		    !cnv_mem_room((void **)&table->keys, &table->key_room, table->rows, sizeof *table->keys) ||
		    !cnv_mem_room((void **)&table->ids, &table->id_room, table->rows, sizeof *table->ids))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- digests */

/* Which response each entry belongs to, and its key.  A table stands after the one that owns it. */
static void find_owners(struct store_window *window, const store_version *version, const cnv_batch *batch)
{
	for (uint32_t i = 0; i < window->count; i++) {
		const cnv_table *table = &batch->tables[i];
		window_table *own = &window->tables[i];
		uint32_t parent = batch->form->tables[i].parent;

		for (uint32_t row = 0; row < own->rows; row++) {
			own->ids[row] = 0;
			own->owners[row] = i ? window->tables[parent].owners[table->parents[row]] : row;
			own->keys[row] = i ? store_mix(store_mix(window->tables[parent].keys[table->parents[row]],
								 version->tables[i].key),
						       table->positions[row])
					   : 0;
			if (i)
				store_mix_cell(window->sums[own->owners[row]], own->keys[row], (cnv_str){ 0 });
		}
	}
}

static void sum_cells(struct store_window *window, const store_version *version, const cnv_batch *batch)
{
	for (uint32_t i = 0; i < window->count; i++) {
		const window_table *own = &window->tables[i];

		for (uint32_t k = 0; k < batch->tables[i].count; k++)
			store_mix_column(window->sums, own->owners, own->keys, version->tables[i].columns[k].key,
					 &batch->tables[i].columns[k], own->rows);
	}
}

static void sum_remarks(struct store_window *window, const cnv_batch *batch)
{
	for (uint32_t i = 0; i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		const window_table *own = &window->tables[remark->table];
		cnv_str path = { 0 };

		if (remark->question != CNV_NONE)
			path = batch->form->questions[remark->question].path;
		store_mix_cell(window->sums[own->owners[remark->row]], store_mix_text(3, path) ^ own->keys[remark->row],
			       remark->text);
	}
}

static void end_digest(struct store_window *window, uint32_t row)
{
	for (size_t i = 0; i < 16; i++)
		window->digest[i] = (uint8_t)(window->sums[row][i / 8] >> (8 * (i % 8)));
}

/* ---------------------------------------------------------------- responses */

typedef struct response_feed {
	cnv_store *store;
	const cnv_table *table;
	const cnv_str *respondents;
	uint32_t row;
} response_feed;

static bool begin_response(void *self, uint32_t row)
{
	response_feed *feed = self;

	if (!feed->store->window->tables[0].ids[row])
		return false;
	feed->row = row;
	end_digest(feed->store->window, row);
	return true;
}

static void give_response(void *self, uint32_t column, struct sqlite3_context *out)
{
	const response_feed *feed = self;
	const cnv_store *store = feed->store;

	switch (column) {
	case 0:
		sql_give_integer(out, store->window->tables[0].ids[feed->row]);
		break;
	case 1:
		sql_give_integer(out, store->file);
		break;
	case 2:
		sql_give_integer(out, store->version.form);
		break;
	case 3:
		sql_give_integer(out, store->round);
		break;
	case 4:
		sql_give_text(out, feed->respondents[feed->row]);
		break;
	case 5:
		sql_give_integer(out, feed->table->lines[feed->row]);
		break;
	case 6:
		sql_give_blob(out, (cnv_str){ (const char *)store->window->digest, sizeof store->window->digest });
		break;
	case 7:
		sql_give_integer(out, 1);
		break;
	}
}

/* In a large transaction every response is taken for new, until it is paired at the end. */
static void put_all(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, cnv_outcome *outcomes)
{
	const cnv_table *table = &batch->tables[0];
	response_feed feed = { .store = store, .table = table, .respondents = respondents };

	store_note(store, respondents, table->rows);
	for (uint32_t row = 0; row < table->rows; row++) {
		outcomes[row] = respondents[row].len ? CNV_NEW : CNV_QUARANTINED;
		if (!respondents[row].len)
			continue;
		store->window->tables[0].ids[row] = store->next_response++;
		store->counts.fresh++;
		if (store->mode == CNV_STORE_REHEARSE) {
			end_digest(store->window, row);
			store_spool(store, store->window->tables[0].ids[row], respondents[row], store->window->digest);
		}
	}
	sql_run_feed(sql_get(store, SQL_PUT_RESPONSES),
		     &(sql_feed){ .self = &feed, .rows = table->rows, .begin = begin_response, .give = give_response });
}

/* The last large transaction has dropped it. */
static void make_index(cnv_store *store)
{
	if (store->mode == CNV_STORE_WRITE && !store->indexed)
		sql_script(store, "CREATE INDEX IF NOT EXISTS response_by_respondent ON response (respondent, round)");
	store->indexed = true;
}

/* One response after the other: each is compared with what its respondent gave before. */
static void put_each(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, cnv_outcome *outcomes)
{
	struct store_window *window = store->window;
	const cnv_table *table = &batch->tables[0];

	make_index(store);
	for (uint32_t row = 0; row < table->rows && !store->status; row++) {
		int64_t revision, before, id;
		sql *put;

		outcomes[row] = CNV_QUARANTINED;
		if (!respondents[row].len)
			continue;
		end_digest(window, row);
		outcomes[row] = store_compare(store, respondents[row], window->digest, &revision, &before);
		if (outcomes[row] == CNV_ALREADY) {
			store->counts.already++;
			continue;
		}
		id = store->next_response++;
		put = sql_get(store, SQL_PUT_RESPONSE);
		sql_put_integer(put, 1, id);
		sql_put_integer(put, 2, store->file);
		sql_put_integer(put, 3, store->version.form);
		sql_put_integer(put, 4, store->round);
		sql_put_text(put, 5, respondents[row]);
		sql_put_integer(put, 6, table->lines[row]);
		sql_put_blob(put, 7, window->digest, sizeof window->digest);
		sql_put_integer(put, 8, revision);
		sql_run(put);
		if (before) {
			put = sql_get(store, SQL_SET_LATER);
			sql_put_integer(put, 1, before);
			sql_put_integer(put, 2, id);
			sql_run(put);
		}
		window->tables[0].ids[row] = id;
		store_note(store, &respondents[row], 1);
		if (outcomes[row] == CNV_NEW)
			store->counts.fresh++;
		else
			store->counts.revisions++;
	}
}

/* ---------------------------------------------------------------- answers */

static uint64_t zigzag(int64_t value)
{
	return value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
}

static bool has_lines(const cnv_table *table)
{
	for (uint32_t i = 0; i < table->count; i++)
		if (table->columns[i].lines)
			return true;
	return false;
}

static void put_lines(part_feed *feed)
{
	const cnv_table *table = feed->table;
	int64_t before = table->lines[feed->row];

	cnv_text_reset(&feed->lines);
	for (uint32_t i = 0; i < feed->count && feed->has_lines; i++) {
		int64_t line = cnv_row_line(table, &table->columns[feed->from + i], feed->row);

		store_put_varint(&feed->lines, zigzag(line - before));
		before = line;
	}
}

static cnv_str cell_text(const cnv_column *column, uint32_t row)
{
	uint32_t start = row ? column->ends[row - 1] : 0;

	return (cnv_str){ column->text.at ? column->text.at + start : "", column->ends[row] - start };
}

/* Makes the values and blobs of one row ready. */
static bool begin_row(void *self, uint32_t row)
{
	part_feed *feed = self;
	cnv_store *store = feed->store;
	const store_table *shape = &store->version.tables[feed->index];
	struct store_window *window = store->window;
	uint32_t own_before = 0;

	if (!window->tables[feed->index].ids[row] || store->status)
		return false;
	feed->row = row;
	cnv_text_reset(&feed->own);
	for (uint32_t i = 0; i < feed->count; i++) {
		const cnv_column *column = &feed->table->columns[feed->from + i];
		store_coding coding = shape->columns[feed->from + i].coding;
		const store_list *list = column->list == CNV_NONE ? NULL : &store->version.lists[column->list];
		cnv_verdict verdict = (cnv_verdict)column->verdicts[row];
		cnv_str text = cell_text(column, row);
		store_value *value = &feed->values[i];
		char *verdicts = &feed->verdicts.at[i / 2];

		*value = store_encode(coding, list, column, row, text, &window->scratch);
		*verdicts = (char)(i % 2 ? (unsigned char)*verdicts | (unsigned)verdict << 4 : (unsigned)verdict);
		/* A calculation may give a value and no text: the value then stands for it. */
		if ((!text.len && (value->type != SQL_NULL || verdict == CNV_BLANK)) ||
		    store_gives_back(coding, list, value, verdict, text, &window->scratch))
			continue;
		store_put_varint(&feed->own, i - own_before);
		store_put_varint(&feed->own, text.len);
		cnv_text_put(&feed->own, text);
		own_before = i;
	}
	put_lines(feed);
	if (feed->own.failed || feed->lines.failed || window->scratch.failed)
		store_no_memory(store);
	return true;
}

static void give_value(const part_feed *feed, uint32_t at, struct sqlite3_context *out)
{
	cnv_store *store = feed->store;
	const store_column *shape = &store->version.tables[feed->index].columns[feed->from + at];
	const cnv_column *column = &feed->table->columns[feed->from + at];
	const store_value *value = &feed->values[at];

	switch (value->type) {
	case SQL_INTEGER:
		sql_give_integer(out, value->integer);
		break;
	case SQL_REAL:
		sql_give_real(out, value->real);
		break;
	case SQL_TEXT:
		if (shape->coding == CODING_TEXT)
			sql_give_text(out, value->text);
		else /* the scratch text has been used since */
			sql_give_copy(out,
				      store_encode(shape->coding, &store->version.lists[column->list], column,
						   feed->row, cell_text(column, feed->row), &store->window->scratch)
					      .text);
		break;
	case SQL_NULL:
	case SQL_BLOB:
		break;
	}
}

/* Columns that only the first part has: line, and in a repeat whose entry it is. */
static void give_place(const part_feed *feed, uint32_t column, struct sqlite3_context *out)
{
	const window_table *tables = feed->store->window->tables;
	uint32_t parent = feed->store->form->tables[feed->index].parent;

	if (column == 1)
		sql_give_integer(out, feed->table->lines[feed->row]);
	else if (column == 2)
		sql_give_integer(out, tables[0].ids[tables[feed->index].owners[feed->row]]);
	else if (column == 3)
		sql_give_integer(out, tables[parent].ids[feed->table->parents[feed->row]]);
	else
		sql_give_integer(out, feed->table->positions[feed->row]);
}

static void give_cell(void *self, uint32_t column, struct sqlite3_context *out)
{
	const part_feed *feed = self;

	if (column == 0)
		sql_give_integer(out, feed->store->window->tables[feed->index].ids[feed->row]);
	else if (column < feed->first)
		give_place(feed, column, out);
	else if (column < feed->first + feed->count)
		give_value(feed, column - feed->first, out);
	else if (column == feed->first + feed->count)
		sql_give_blob(out, cnv_text_str(&feed->verdicts));
	else if (column == feed->first + feed->count + 1 && feed->has_lines)
		sql_give_blob(out, cnv_text_str(&feed->lines));
	else if (column == feed->first + feed->count + 2 && feed->own.len)
		sql_give_blob(out, cnv_text_str(&feed->own));
}

static void put_part(cnv_store *store, const cnv_table *table, uint32_t part, bool lines)
{
	part_feed *feed = &store->window->feed;
	uint32_t left = table->count - part * STORE_PART;

	feed->store = store;
	feed->table = table;
	feed->index = table->index;
	feed->from = part * STORE_PART;
	feed->count = left < STORE_PART ? left : STORE_PART;
	feed->first = STORE_FIRST(table->index, part);
	feed->has_lines = lines;
	cnv_text_reset(&feed->verdicts);
	if (!cnv_text_reserve(&feed->verdicts, feed->count / 2 + 1)) {
		store_no_memory(store);
		return;
	}
	feed->verdicts.len = (feed->count + 1) / 2;
	sql_run_feed(&store->version.tables[table->index].statements[part],
		     &(sql_feed){ .self = feed, .rows = table->rows, .begin = begin_row, .give = give_cell });
}

static int64_t last_entry(cnv_store *store, uint32_t index)
{
	cnv_text text = { 0 };
	sql ask;
	int64_t last;

	cnv_text_put(&text, CNV_STR("SELECT coalesce(max(id), 0) FROM "));
	store_table_name(&text, store->version.form, index, 0);
	if (text.failed)
		store_no_memory(store);
	sql_prepare(&ask, store, cnv_text_str(&text));
	last = sql_number(&ask, 0);
	sql_finish(&ask);
	cnv_text_fini(&text);
	return last;
}

static void put_answers(cnv_store *store, const cnv_batch *batch)
{
	for (uint32_t i = 0; i < batch->table_count; i++) {
		const cnv_table *table = &batch->tables[i];
		window_table *own = &store->window->tables[i];
		bool lines = has_lines(table);
		int64_t last = i && table->rows ? last_entry(store, i) : 0;

		for (uint32_t row = 0; i && row < table->rows; row++)
			if (store->window->tables[0].ids[own->owners[row]])
				own->ids[row] = ++last;
		for (uint32_t part = 0; part < store->version.tables[i].parts && table->rows && !store->status; part++)
			put_part(store, table, part, lines);
	}
}

static void put_remarks(cnv_store *store, const cnv_batch *batch)
{
	for (uint32_t i = 0; i < batch->remark_count && !store->status; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		const window_table *own = &store->window->tables[remark->table];
		int64_t response = store->window->tables[0].ids[own->owners[remark->row]];
		sql *put;

		if (!response)
			continue;
		put = sql_get(store, SQL_PUT_REMARK);
		sql_put_integer(put, 1, response);
		sql_put_integer(put, 2, remark->table);
		if (remark->table)
			sql_put_integer(put, 3, own->ids[remark->row]);
		if (remark->question != CNV_NONE)
			sql_put_text(put, 4, store->form->questions[remark->question].path);
		sql_put_integer(put, 5, remark->line);
		sql_put_text(put, 6, remark->text);
		sql_run(put);
	}
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_store_put_batch(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, uint64_t *ids,
			       cnv_outcome *outcomes, cnv_diags *diags)
{
	store_enter(store, "keep the answers", diags);
	if (!store->status && !store->window && !(store->window = make_window(batch->table_count)))
		store_no_memory(store);
	if (!store->status && !lay_out_window(store->window, batch))
		store_no_memory(store);
	if (store->status)
		return store->status;
	assert(store->open && store->file && batch->form == store->form);
	find_owners(store->window, &store->version, batch);
	sum_cells(store->window, &store->version, batch);
	sum_remarks(store->window, batch);
	if (store->large)
		put_all(store, batch, respondents, outcomes);
	else
		put_each(store, batch, respondents, outcomes);
	if (store->mode == CNV_STORE_WRITE) {
		put_answers(store, batch);
		put_remarks(store, batch);
	}
	for (uint32_t row = 0; row < batch->tables[0].rows; row++)
		ids[row] = (uint64_t)store->window->tables[0].ids[row];
	return store->status;
}

cnv_status cnv_store_put_finding(cnv_store *store, uint64_t response, const cnv_finding *finding, cnv_diags *diags)
{
	const cnv_diag *diag = &finding->diag;
	sql *put;

	store_enter(store, "keep a finding", diags);
	put = sql_get(store, SQL_PUT_FINDING);
	sql_put_integer(put, 1, store->file);
	sql_put_integer(put, 2, (int64_t)response);
	sql_put_integer(put, 3, diag->code);
	sql_put_integer(put, 4, diag->severity);
	sql_put_integer(put, 5, finding->verdict);
	sql_put_integer(put, 6, finding->table);
	if (finding->question < store->form->count)
		sql_put_text(put, 7, store->form->questions[finding->question].path);
	sql_put_text(put, 8, diag->field);
	sql_put_integer(put, 9, diag->place.row);
	sql_put_integer(put, 10, diag->place.column);
	sql_put_text(put, 11, diag->excerpt);
	sql_put_text(put, 12, diag->message);
	sql_put_text(put, 13, diag->hint);
	sql_run(put);
	return store->status;
}

cnv_status cnv_store_put_ledger(cnv_store *store, uint64_t response, const cnv_ledger_entry *entry, cnv_diags *diags)
{
	sql *put;

	store_enter(store, "keep a change to an answer", diags);
	put = sql_get(store, SQL_PUT_LEDGER);
	sql_put_integer(put, 1, store->file);
	sql_put_integer(put, 2, (int64_t)response);
	sql_put_integer(put, 3, entry->table);
	sql_put_text(put, 4, entry->path);
	sql_put_integer(put, 5, entry->place.row);
	sql_put_integer(put, 6, entry->place.column);
	sql_put_text(put, 7, entry->from);
	sql_put_text(put, 8, entry->to);
	sql_put_text(put, 9, cnv_str_from(entry->why));
	sql_run(put);
	return store->status;
}
