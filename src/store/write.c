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

struct store_window {
	window_table *tables;
	uint32_t count;
	uint64_t (*sums)[2]; /* digest of each response */
	uint32_t sum_room;
	uint8_t digest[16];
	cnv_text verdicts, lines, own, scratch;
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
	cnv_text_fini(&window->verdicts);
	cnv_text_fini(&window->lines);
	cnv_text_fini(&window->own);
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

		for (uint32_t k = 0; k < batch->tables[i].count; k++) {
			const cnv_column *column = &batch->tables[i].columns[k];
			uint64_t key = version->tables[i].columns[k].key;

			for (uint32_t row = 0; row < own->rows; row++) {
				cnv_str text = cnv_column_text(column, row);

				if (text.len)
					store_mix_cell(window->sums[own->owners[row]], key ^ own->keys[row], text);
			}
		}
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

/* Whether each row is written, under which id; what hangs on a response that it follows is left as it is. */
static void put_responses(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, cnv_outcome *outcomes)
{
	struct store_window *window = store->window;
	const cnv_table *table = &batch->tables[0];

	for (uint32_t row = 0; row < table->rows && !store->status; row++) {
		int64_t revision = 1, before = 0, id;
		sql *put;

		outcomes[row] = CNV_QUARANTINED;
		if (!respondents[row].len)
			continue;
		outcomes[row] = CNV_NEW;
		end_digest(window, row);
		if (!store->large)
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

static void put_lines(const cnv_table *table, uint32_t row, cnv_text *out)
{
	int64_t before = table->lines[row];

	cnv_text_reset(out);
	for (uint32_t i = 0; i < table->count; i++) {
		int64_t line = cnv_row_line(table, &table->columns[i], row);

		store_put_varint(out, zigzag(line - before));
		before = line;
	}
}

static void put_value(sql *statement, uint32_t at, store_coding coding, const store_value *value)
{
	switch (value->type) {
	case SQL_INTEGER:
		sql_put_integer(statement, at, value->integer);
		break;
	case SQL_REAL:
		sql_put_real(statement, at, value->real);
		break;
	case SQL_TEXT:
		if (coding == CODING_TEXT)
			sql_put_text(statement, at, value->text);
		else
			sql_put_copy(statement, at, value->text); /* it lies in the scratch text */
		break;
	case SQL_NULL:
	case SQL_BLOB:
		sql_put_null(statement, at);
		break;
	}
}

/* Binds the cells of one part from parameter `at` on, and gathers their verdicts and own texts. */
static void put_cells(cnv_store *store, const store_table *shape, const cnv_table *table, uint32_t row, uint32_t part,
		      uint32_t at, uint32_t *own_before)
{
	struct store_window *window = store->window;
	uint32_t from = part * STORE_PART, upto = from + STORE_PART < table->count ? from + STORE_PART : table->count;

	for (uint32_t i = from; i < upto; i++) {
		const cnv_column *column = &table->columns[i];
		store_coding coding = shape->columns[i].coding;
		const store_list *list = column->list == CNV_NONE ? NULL : &store->version.lists[column->list];
		cnv_verdict verdict = (cnv_verdict)column->verdicts[row];
		store_value value = store_encode(coding, list, column, row, &window->scratch);
		cnv_str text = cnv_column_text(column, row);

		put_value(&shape->statements[part], at + i - from, coding, &value);
		if (i % 2)
			window->verdicts.at[i / 2] =
				(char)((unsigned char)window->verdicts.at[i / 2] | (unsigned)verdict << 4);
		else
			window->verdicts.at[i / 2] = (char)verdict;
		/* A calculation may give a value and no text: the value then stands for it. */
		if ((!text.len && value.type != SQL_NULL) ||
		    store_gives_back(coding, list, &value, verdict, text, &window->scratch))
			continue;
		store_put_varint(&window->own, i - *own_before);
		store_put_varint(&window->own, text.len);
		cnv_text_put(&window->own, text);
		*own_before = i;
	}
}

static void put_blob_text(sql *statement, uint32_t at, const cnv_text *text, bool there)
{
	if (there)
		sql_put_blob(statement, at, text->at, text->len);
	else
		sql_put_null(statement, at);
}

/* One row in all its parts; the first runs last, when its blobs are whole. */
static void put_row(cnv_store *store, uint32_t index, const cnv_table *table, uint32_t row, int64_t id, bool lines)
{
	struct store_window *window = store->window;
	const store_table *shape = &store->version.tables[index];
	sql *first = &shape->statements[0];
	uint32_t own_before = 0;

	cnv_text_reset(&window->own);
	cnv_text_reset(&window->verdicts);
	cnv_text_reset(&window->lines);
	if (!cnv_text_reserve(&window->verdicts, table->count / 2 + 1)) {
		store_no_memory(store);
		return;
	}
	window->verdicts.len = (table->count + 1) / 2;
	for (uint32_t part = 0; part < shape->parts; part++) {
		put_cells(store, shape, table, row, part, part ? 2 : index ? 9 : 6, &own_before);
		sql_put_integer(&shape->statements[part], 1, id);
		if (part)
			sql_run(&shape->statements[part]);
	}
	if (lines)
		put_lines(table, row, &window->lines);
	if (window->own.failed || window->lines.failed || window->scratch.failed)
		store_no_memory(store);
	sql_put_integer(first, 2, table->lines[row]);
	put_blob_text(first, 3, &window->verdicts, true);
	put_blob_text(first, 4, &window->lines, lines);
	put_blob_text(first, 5, &window->own, window->own.len);
	if (index) {
		const window_table *parents = &window->tables[store->form->tables[index].parent];

		sql_put_integer(first, 6, window->tables[0].ids[window->tables[index].owners[row]]);
		sql_put_integer(first, 7, parents->ids[table->parents[row]]);
		sql_put_integer(first, 8, table->positions[row]);
	}
	sql_run(first);
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

		for (uint32_t row = 0; row < table->rows && !store->status; row++) {
			if (!store->window->tables[0].ids[own->owners[row]])
				continue;
			if (i)
				own->ids[row] = ++last;
			put_row(store, i, table, row, own->ids[row], lines);
		}
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
	put_responses(store, batch, respondents, outcomes);
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
