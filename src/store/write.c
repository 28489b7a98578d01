/* Writes a checked window to the store.
 *
 * First a digest of every response is summed over its cells, column by column.  Then each response is compared with
 * its respondent's previous one (in a large file only at the end).  New rows are prepared by columns, some hundred
 * rows at a time, and inserted by statements that are prepared once.  Texts are passed without a copy from the
 * batch.  After its values a row has its verdicts, its source lines, and the respondent's own texts if the values do
 * not reproduce them; schema.sql describes their format. */
#include "store/digest.h"
#include "store/own.h"
#include "store/rollup.h"

#include <assert.h>
#include <string.h>

/* State of each row of one table while its window is written. */
typedef struct window_table {
	uint32_t *owners; /* row of table 0 */
	uint64_t *keys;   /* of the entry, for digests: its repeat, its number, and those around it */
	int64_t *ids;     /* in the store; 0: not written */
	uint32_t rows, owner_room, key_room, id_room;
} window_table;

/* Rows to be inserted: at most as many of one part of a table as keep its cells within 256 KiB. */
#define MOST_CELLS 16384u
#define MOST_ROWS 1024u
typedef struct shipment {
	uint32_t rows[MOST_ROWS]; /* of the table */
	uint32_t count;
	sql_cell cells[MOST_CELLS];
	uint64_t own[MOST_ROWS]; /* bits: columns whose text is kept; a part of more than 64 questions has fewer rows */
	uint8_t bytes[16 * MOST_ROWS]; /* digests, or verdicts */
	cnv_text made, scratch;
	cnv_arena names;
} shipment;

struct store_window {
	window_table *tables;
	uint32_t count;
	uint64_t (*sums)[2]; /* digest of each response */
	uint32_t sum_room;
	cnv_str *retried; /* the respondents whose records are tried again; the others are empty */
	uint32_t retried_room;
	shipment shipment;
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
	cnv_mem_free(window->retried);
	cnv_text_fini(&window->shipment.made);
	cnv_text_fini(&window->shipment.scratch);
	cnv_arena_fini(&window->shipment.names);
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

/* Sets the response that each entry belongs to, and its key.  A table comes after the table that owns it. */
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
			store_mix_column(window->sums, i ? own->owners : NULL, own->keys,
					 version->tables[i].columns[k].key, &batch->tables[i].columns[k], own->rows);
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

static void end_digest(const struct store_window *window, uint32_t row, uint8_t digest[16])
{
	for (size_t half = 0; half < 2; half++)
		for (size_t i = 0; i < 8; i++)
			digest[8 * half + i] = (uint8_t)(window->sums[row][half] >> (8 * i));
}

/* ---------------------------------------------------------------- responses */

/* Picks the next rows of a table to write, at most `most`, starting at *row.  false: none left. */
static bool pick_rows(shipment *ship, const window_table *own, uint32_t most, uint32_t *row)
{
	ship->count = 0;
	for (; *row < own->rows && ship->count < most; ++*row)
		if (own->ids[*row])
			ship->rows[ship->count++] = *row;
	return ship->count > 0;
}

/* An engine that counts ids appends each row that has the next one without searching for its place.  The last must be
 * the one that we counted. */
static void check_counted(cnv_store *store, int64_t last)
{
	if (store->status || sql_last_id(store) == last)
		return;
	store_say(store, CNV_STORE_DAMAGED, CNV_STR("restore a backup of it"),
		  "row %lld was stored as %lld: the tables of the store do not match", (long long)last,
		  (long long)sql_last_id(store));
	store->status = CNV_NO_ACCESS;
}

static void put_responses(cnv_store *store, const cnv_table *table, const cnv_str *respondents)
{
	struct store_window *window = store->window;
	shipment *ship = &window->shipment;
	bool counted = sql_counts_ids(store);

	for (uint32_t next = 0; pick_rows(ship, &window->tables[0], MOST_ROWS, &next) && !store->status;) {
		sql *put = sql_get(store, SQL_PUT_RESPONSES);
		sql_cell *cell = ship->cells;

		for (uint32_t i = 0; i < ship->count; i++) {
			uint32_t row = ship->rows[i];

			end_digest(window, row, &ship->bytes[16 * i]);
			*cell++ = (sql_cell){ .kind = counted ? CELL_NULL : CELL_INTEGER,
					      .integer = window->tables[0].ids[row] };
			*cell++ = (sql_cell){ .kind = CELL_INTEGER, .integer = store->file };
			*cell++ = (sql_cell){ .kind = CELL_INTEGER, .integer = store->version.form };
			*cell++ = (sql_cell){ .kind = CELL_INTEGER, .integer = store->round };
			*cell++ = (sql_cell){ .kind = CELL_TEXT,
					      .at = respondents[row].at,
					      .len = (uint32_t)respondents[row].len };
			*cell++ = (sql_cell){ .kind = CELL_INTEGER, .integer = table->lines[row] };
			*cell++ = (sql_cell){ .kind = CELL_BLOB, .at = (const char *)&ship->bytes[16 * i], .len = 16 };
			*cell++ = (sql_cell){ .kind = CELL_INTEGER, .integer = 1 };
		}
		sql_run_feed(put, &(sql_feed){ .cells = ship->cells, .rows = ship->count, .columns = 8 });
		if (counted)
			check_counted(store, window->tables[0].ids[ship->rows[ship->count - 1]]);
	}
}

/* Was the record on this line quarantined in the file's earlier import? */
static bool is_retried(cnv_store *store, uint32_t line)
{
	sql *find = sql_get(store, SQL_IS_RETRIED);

	sql_put_integer(find, 1, line);
	return sql_number(find, 0) != 0;
}

/* Of a return that is already stored except for some records, leaves only those records. */
static const cnv_str *leave_retried(cnv_store *store, const cnv_table *table, const cnv_str *respondents,
				    cnv_outcome *outcomes, uint64_t *seen)
{
	struct store_window *window = store->window;

	if (!cnv_mem_room((void **)&window->retried, &window->retried_room, table->rows, sizeof *window->retried)) {
		store_no_memory(store);
		return respondents;
	}
	for (uint32_t row = 0; row < table->rows; row++) {
		bool there = respondents[row].len && !is_retried(store, table->lines[row]);

		window->retried[row] = there ? (cnv_str){ 0 } : respondents[row];
		if (!there)
			continue;
		outcomes[row] = CNV_ALREADY;
		store->counts.already++;
		if (seen)
			cnv_bit_set(seen, row);
	}
	return window->retried;
}

/* If many responses are expected, each is treated as new until it is paired at the end. */
static void put_all(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, cnv_outcome *outcomes,
		    uint64_t *seen)
{
	const cnv_table *table = &batch->tables[0];
	int64_t *ids = store->window->tables[0].ids;
	uint8_t digest[16];

	for (uint32_t row = 0; row < table->rows; row++)
		outcomes[row] = respondents[row].len ? CNV_NEW : CNV_QUARANTINED;
	if (store->retried)
		respondents = leave_retried(store, table, respondents, outcomes, seen);
	store_note(store, respondents, table->rows, seen);
	for (uint32_t row = 0; row < table->rows; row++) {
		if (!respondents[row].len)
			continue;
		ids[row] = store->next_response++;
		store->counts.fresh++;
		if (store->mode == CNV_STORE_WRITE)
			continue;
		end_digest(store->window, row, digest);
		store_spool(store, &(store_known){ .id = ids[row],
						   .line = table->lines[row],
						   .respondent = respondents[row],
						   .digest = { (const char *)digest, sizeof digest } });
	}
	if (store->mode == CNV_STORE_WRITE)
		put_responses(store, table, respondents);
}

/* Records a response with the previous one, which is of this return or stored. */
static void note_pair(cnv_store *store, cnv_str respondent, uint32_t line, int64_t id, const store_known *before,
		      cnv_outcome outcome)
{
	int64_t last = before->id >= store->first_response ? before->line : 0;
	sql *find;

	if (store->has_pairs) {
		find = sql_get(store, SQL_LAST_PAIR);
		sql_put_text(find, 1, respondent);
		last = sql_number(find, last);
	}
	store_note_pair(store, ++store->pairs,
			&(cnv_pair){ .respondent = respondent,
				     .id = (uint64_t)id,
				     .before = before->withdrawn ? 0 : (uint64_t)before->id,
				     .line = line,
				     .line_before = (uint32_t)last,
				     .revision = (uint32_t)before->revision + (outcome == CNV_REVISION),
				     .outcome = outcome });
}

/* Compares the responses one by one with the previous one of their respondent. */
static void put_each(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, cnv_outcome *outcomes,
		     uint64_t *seen)
{
	struct store_window *window = store->window;
	const cnv_table *table = &batch->tables[0];

	store_index_respondents(store);
	for (uint32_t row = 0; row < table->rows && !store->status; row++) {
		store_known before = { 0 };
		uint8_t digest[16];
		int64_t id = 0;
		sql *put;

		outcomes[row] = CNV_QUARANTINED;
		if (!respondents[row].len)
			continue;
		end_digest(window, row, digest);
		if (store->retried && !is_retried(store, table->lines[row]))
			outcomes[row] = CNV_ALREADY;
		else
			outcomes[row] = store_compare(store, respondents[row], digest, &before);
		if (seen && outcomes[row] != CNV_NEW)
			cnv_bit_set(seen, row);
		if (outcomes[row] != CNV_ALREADY)
			id = store->next_response++;
		if (before.id)
			note_pair(store, respondents[row], table->lines[row], id, &before, outcomes[row]);
		if (outcomes[row] == CNV_ALREADY) {
			store->counts.already++;
			continue;
		}
		put = sql_get(store, SQL_PUT_RESPONSE);
		sql_put_integer(put, 1, id);
		sql_put_integer(put, 2, store->file);
		sql_put_integer(put, 3, store->version.form);
		sql_put_integer(put, 4, store->round);
		sql_put_text(put, 5, respondents[row]);
		sql_put_integer(put, 6, table->lines[row]);
		sql_put_blob(put, 7, digest, sizeof digest);
		sql_put_integer(put, 8, before.revision + 1);
		sql_run(put);
		if (before.id) {
			put = sql_get(store, SQL_SET_LATER);
			sql_put_integer(put, 1, before.id);
			sql_put_integer(put, 2, id);
			sql_run(put);
			if (!before.withdrawn)
				store_rollup_gone(store, before.id);
		}
		window->tables[0].ids[row] = id;
		store_note(store, &respondents[row], 1, NULL);
		if (outcomes[row] == CNV_NEW)
			store->counts.fresh++;
		else
			store->counts.revisions++;
	}
}

/* ---------------------------------------------------------------- answers */

static bool has_lines(const cnv_table *table)
{
	for (uint32_t i = 0; i < table->count; i++)
		if (table->columns[i].lines)
			return true;
	return false;
}

/* One part of a table: its questions [from, from + count), and the column where their values begin. */
typedef struct part {
	const cnv_table *table;
	uint32_t from, count, first, columns;
	bool has_lines;
	bool counted; /* by the engine */
} part;

/* Columns before the questions': the id; in the first part also line, and in a repeat the response and the parent
 * entry. */
static void lay_places(const cnv_store *store, const part *of, shipment *ship)
{
	const window_table *tables = store->window->tables;
	const cnv_table *table = of->table;
	uint32_t parent = store->form->tables[table->index].parent;

	for (uint32_t i = 0; i < ship->count; i++) {
		uint32_t row = ship->rows[i];
		sql_cell *cells = &ship->cells[(size_t)i * of->columns];

		cells[0] = (sql_cell){ .kind = of->counted ? CELL_NULL : CELL_INTEGER,
				       .integer = tables[table->index].ids[row] };
		if (of->first > 1)
			cells[1] = (sql_cell){ .kind = CELL_INTEGER, .integer = table->lines[row] };
		if (of->first <= 2)
			continue;
		cells[2] =
			(sql_cell){ .kind = CELL_INTEGER, .integer = tables[0].ids[tables[table->index].owners[row]] };
		cells[3] = (sql_cell){ .kind = CELL_INTEGER, .integer = tables[parent].ids[table->parents[row]] };
		cells[4] = (sql_cell){ .kind = CELL_INTEGER, .integer = table->positions[row] };
	}
}

/* Values and verdicts, column by column. */
static void lay_columns(cnv_store *store, const part *of, shipment *ship)
{
	const store_table *shape = &store->version.tables[of->table->index];
	uint32_t bytes = (of->count + 1) / 2;
	store_lane lane = { .rows = ship->rows,
			    .count = ship->count,
			    .stride = of->columns,
			    .own_stride = (of->count + 63) / 64,
			    .own = ship->own,
			    .made = &ship->made,
			    .scratch = &ship->scratch,
			    .form = store->form,
			    .names = &ship->names };

	memset(ship->own, 0, sizeof *ship->own * ship->count * lane.own_stride);
	for (uint32_t k = 0; k < of->count; k++) {
		const cnv_column *column = &of->table->columns[of->from + k];
		uint8_t *verdicts = ship->bytes + k / 2;

		lane.bit = k;
		lane.cells = ship->cells + of->first + k;
		store_encode(shape->columns[of->from + k].coding,
			     column->list == CNV_NONE ? NULL : &store->version.lists[column->list], column, &lane);
		if (k % 2)
			for (uint32_t i = 0; i < ship->count; i++, verdicts += bytes)
				*verdicts = (uint8_t)(*verdicts | column->verdicts[ship->rows[i]] << 4);
		else
			for (uint32_t i = 0; i < ship->count; i++, verdicts += bytes)
				*verdicts = column->verdicts[ship->rows[i]];
	}
}

static void make_lines(const part *of, uint32_t row, cnv_text *made)
{
	size_t from = made->len;

	for (uint32_t k = 0; k < of->count; k++)
		store_lines_put(made, from,
				(int64_t)cnv_row_line(of->table, &of->table->columns[of->from + k], row) -
					of->table->lines[row]);
	store_lines_end(made);
}

static void make_own(const part *of, uint32_t row, const uint64_t *own, cnv_text *made)
{
	size_t from = made->len;

	for (uint32_t word = 0; word < (of->count + 63) / 64; word++) {
		for (uint64_t left = own[word]; left; left &= left - 1) {
			uint32_t column = of->from + 64 * word + (uint32_t)__builtin_ctzll(left);

			store_own_put(made, from, column, cnv_column_text(&of->table->columns[column], row));
		}
	}
	store_own_end(made);
}

/* What follows the values: verdicts, lines, own texts. */
static void lay_rest(const part *of, shipment *ship)
{
	uint32_t bytes = (of->count + 1) / 2, words = (of->count + 63) / 64;

	for (uint32_t i = 0; i < ship->count; i++) {
		sql_cell *cells = &ship->cells[(size_t)i * of->columns + of->first + of->count];
		const uint64_t *own = &ship->own[(size_t)i * words];
		uint64_t any = 0;

		cells[0] = (sql_cell){ .kind = CELL_BLOB, .at = (const char *)&ship->bytes[i * bytes], .len = bytes };
		cells[1] = cells[2] = (sql_cell){ .kind = CELL_NULL };
		if (of->has_lines) {
			cells[1] = (sql_cell){ .kind = CELL_MADE_TEXT, .from = ship->made.len };
			make_lines(of, ship->rows[i], &ship->made);
			cells[1].len = (uint32_t)(ship->made.len - cells[1].from);
		}
		for (uint32_t k = 0; k < words; k++)
			any |= own[k];
		if (any) {
			cells[2] = (sql_cell){ .kind = CELL_MADE_TEXT, .from = ship->made.len };
			make_own(of, ship->rows[i], own, &ship->made);
			cells[2].len = (uint32_t)(ship->made.len - cells[2].from);
		}
	}
}

/* The last id in a part of a table of answers. */
static int64_t last_entry(cnv_store *store, uint32_t index, uint32_t number)
{
	cnv_text text = { 0 };
	sql ask;
	int64_t last;

	cnv_text_put(&text, CNV_STR("SELECT coalesce(max(id), 0) FROM "));
	store_table_name(&text, store->version.form, index, number);
	if (text.failed)
		store_no_memory(store);
	sql_prepare(&ask, store, cnv_text_str(&text));
	last = sql_number(&ask, 0);
	sql_finish(&ask);
	cnv_text_fini(&text);
	return last;
}

static void put_part(cnv_store *store, const cnv_table *table, uint32_t number, bool lines)
{
	const store_version *version = &store->version;
	uint32_t from = store_part_from(version, number);
	part of = { .table = table,
		    .from = from,
		    .count = store_part_upto(version, table->index, number) - from,
		    .first = STORE_FIRST(table->index, number),
		    .has_lines = lines };
	shipment *ship = &store->window->shipment;
	const window_table *own = &store->window->tables[table->index];
	uint32_t most, next = 0;
	bool counts = store->large && sql_counts_ids(store);
	int64_t last = counts ? last_entry(store, table->index, number) : 0;

	of.columns = of.first + of.count + 3;
	most = MOST_CELLS / of.columns < MOST_ROWS ? MOST_CELLS / of.columns : MOST_ROWS;
	while (pick_rows(ship, own, most, &next) && !store->status) {
		of.counted = counts && own->ids[ship->rows[0]] == last + 1;
		last = own->ids[ship->rows[ship->count - 1]];
		cnv_text_reset(&ship->made);
		lay_places(store, &of, ship);
		lay_columns(store, &of, ship);
		lay_rest(&of, ship);
		if (ship->made.failed || ship->scratch.failed)
			store_no_memory(store);
		sql_run_feed(&store->version.tables[table->index].statements[number],
			     &(sql_feed){ .cells = ship->cells,
					  .rows = ship->count,
					  .columns = of.columns,
					  .made = ship->made.at ? ship->made.at : "" });
		if (of.counted)
			check_counted(store, last);
	}
}

static void put_answers(cnv_store *store, const cnv_batch *batch)
{
	for (uint32_t i = 0; i < batch->table_count; i++) {
		const cnv_table *table = &batch->tables[i];
		window_table *own = &store->window->tables[i];
		bool lines = has_lines(table);
		int64_t last = i && table->rows ? last_entry(store, i, 0) : 0;

		for (uint32_t row = 0; i && row < table->rows; row++)
			if (store->window->tables[0].ids[own->owners[row]])
				own->ids[row] = ++last;
		for (uint32_t k = 0; k < store->version.tables[i].parts && table->rows && !store->status; k++)
			put_part(store, table, k, lines);
	}
}

static void put_remarks(cnv_store *store, const cnv_batch *batch)
{
	cnv_arena paths = { 0 };

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
		cnv_arena_reset(&paths);
		if (remark->question != CNV_NONE)
			sql_put_text(put, 7,
				     cnv_cell_path(batch, remark->table, remark->row, remark->question, &paths));
		if (paths.failed)
			store_no_memory(store);
		sql_run(put);
	}
	cnv_arena_fini(&paths);
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_store_put_batch(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, uint64_t *ids,
			       cnv_outcome *outcomes, uint64_t *seen, cnv_diags *diags)
{
	store_enter(store, "store the answers", diags);
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
	if (seen)
		memset(seen, 0, CNV_BIT_WORDS(batch->tables[0].rows) * sizeof *seen);
	if (store->large)
		put_all(store, batch, respondents, outcomes, seen);
	else
		put_each(store, batch, respondents, outcomes, seen);
	if (store->mode == CNV_STORE_WRITE) {
		put_answers(store, batch);
		store_rollup_put(store, batch, respondents, store->window->tables[0].ids);
		put_remarks(store, batch);
	}
	for (uint32_t row = 0; row < batch->tables[0].rows; row++)
		ids[row] = (uint64_t)store->window->tables[0].ids[row];
	return store->status;
}

cnv_status cnv_store_check_digests(cnv_store *store, const cnv_batch *batch, const cnv_reported *reported,
				   uint64_t *wrong, cnv_diags *diags)
{
	uint8_t digest[16];
	sql ask;

	store_enter(store, "compare its answers", diags);
	if (!store->has_version)
		store->has_version = !store_version_write(store, &store->version);
	if (!store->status && !store->window && !(store->window = make_window(batch->table_count)))
		store_no_memory(store);
	if (!store->status && !lay_out_window(store->window, batch))
		store_no_memory(store);
	if (store->status)
		return store->status;
	find_owners(store->window, &store->version, batch);
	sum_cells(store->window, &store->version, batch);
	sum_remarks(store->window, batch);
	sql_prepare(&ask, store, CNV_STR("SELECT 1 FROM response WHERE id = ?1 AND digest = ?2"));
	for (uint32_t row = 0; row < batch->tables[0].rows && !store->status; row++) {
		end_digest(store->window, row, digest);
		sql_reset(&ask);
		sql_put_integer(&ask, 1, (int64_t)reported[row].id);
		sql_put_blob(&ask, 2, digest, sizeof digest);
		if (!sql_number(&ask, 0))
			cnv_bit_set(wrong, row);
	}
	sql_finish(&ask);
	return store->status;
}

static void put_finding(cnv_store *store, int64_t response, const cnv_finding *finding)
{
	const cnv_diag *diag = &finding->diag;
	sql *put = sql_get(store, SQL_PUT_FINDING);

	sql_put_integer(put, 1, store->file);
	sql_put_integer(put, 2, response);
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
	if (diag->place.sheet.len)
		sql_put_text(put, 14, diag->place.sheet);
	sql_run(put);
}

cnv_status cnv_store_put_finding(cnv_store *store, uint64_t response, const cnv_finding *finding, cnv_diags *diags)
{
	store_enter(store, "keep a finding", diags);
	put_finding(store, (int64_t)response, finding);
	store_rollup_finding(store, (int64_t)response, finding->diag.severity);
	return store->status;
}

static bool is_same_finding(const cnv_diag *a, const cnv_diag *b)
{
	return a->code == b->code && cnv_str_equal(a->field, b->field) && cnv_str_equal(a->excerpt, b->excerpt) &&
	       cnv_str_equal(a->message, b->message);
}

/* Does the response have as many of the same content as there are up to found[at]? */
static bool has_finding(cnv_store *store, int64_t response, const cnv_diag *found, uint32_t at)
{
	sql *find = sql_get(store, SQL_COUNT_SAME_FINDINGS);
	int64_t earlier = 0;

	for (uint32_t i = 0; i < at; i++)
		earlier += is_same_finding(&found[i], &found[at]);
	sql_put_integer(find, 1, response);
	sql_put_integer(find, 2, found[at].code);
	sql_put_text(find, 3, found[at].field);
	sql_put_text(find, 4, found[at].excerpt);
	sql_put_text(find, 5, found[at].message);
	return sql_number(find, 0) > earlier;
}

cnv_status cnv_store_add_findings(cnv_store *store, cnv_str respondent, const cnv_diag *found, uint32_t count,
				  cnv_diags *diags)
{
	bool any = false, of_form, followed;
	int64_t response;
	sql *find;

	store_enter(store, "keep a finding", diags);
	if (store->mode != CNV_STORE_WRITE)
		return store->status;
	find = sql_get(store, SQL_LATEST);
	sql_put_integer(find, 1, store->round);
	sql_put_text(find, 2, respondent);
	response = sql_number(find, 0);
	find = sql_get(store, SQL_OF_RESPONSE);
	sql_put_integer(find, 1, response);
	if (!sql_row(find))
		response = 0;
	of_form = response && sql_integer(find, 0) == store_form_id(store);
	followed = response && sql_integer(find, 1) != 0;
	sql_reset(find);
	for (uint32_t i = 0; i < count && response; i++) {
		if (has_finding(store, response, found, i))
			continue;
		put_finding(store, response, &(cnv_finding){ .diag = found[i], .question = CNV_NONE });
		if (of_form)
			store_rollup_finding(store, response, found[i].severity);
		any = true;
	}
	if (any && !of_form)
		store_rollup_drop_others(store);
	if (any && followed)
		store_match_one(store, store->round, respondent, response, true, store->now);
	return store->status;
}

cnv_status cnv_store_put_ledger(cnv_store *store, uint64_t response, const cnv_ledger_entry *entry, cnv_diags *diags)
{
	sql *put;

	store_enter(store, "store a ledger entry", diags);
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
	if (entry->place.sheet.len)
		sql_put_text(put, 10, entry->place.sheet);
	sql_run(put);
	return store->status;
}
