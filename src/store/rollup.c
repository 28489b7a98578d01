/* Roll-ups: how often each state, choice and number occurs among the responses that count in a round, and
 * how many findings they have.
 *
 * A round of more than CNV_REPORT_NAMED responses is reported by counts alone, and reading every answer for them would
 * take seconds.  So the transaction that makes a round that large writes the counts too, one row for each state, choice
 * and number that occurs, and later ones add what came and subtract what counts no more.  Smaller rounds have none:
 * their reports show every answer, and read it.
 *
 * Numbers of which there are too many different ones are a sketch; where its least or greatest counts no more, the round is
 * counted again at once.  Counts by group of the roster are in rollup_group.c.
 *
 * Counts are kept for each version of the form, and changed only by a store that is open with it.  What would be dear or
 * cannot be known is not corrected: the counts are dropped, and made from the answers by the next import into the round.
 * A reader uses them only where they have as many responses as the round (cnv_store_rollups). */
#include "store/rollup_count.h"

#include "store/engine.h"

/* Responses that are read one by one to subtract them; instead of more, all are counted again. */
#define MOST_GONE CNV_REPORT_NAMED

/* ---------------------------------------------------------------- from the answers */

/* Adds or subtracts the findings that a statement counts by severity. */
static void add_findings(cnv_store *store, sql *count, int64_t sign)
{
	while (sql_row(count)) {
		int64_t severity = sql_integer(count, 0);

		if (severity >= 0 && severity <= CNV_ERROR)
			store->rollup->findings[severity] += sign * sql_integer(count, 1);
	}
	sql_reset(count);
}

void store_rollup_read_all(cnv_store *store, int64_t round)
{
	cnv_reported *reported = cnv_mem_array(CNV_WINDOW_ROWS, sizeof *reported);
	const char *doing = store->doing;
	cnv_diags *diags = store->diags;
	cnv_cursor *cursor = NULL;
	uint32_t count = 1;
	sql *findings;

	if (!reported)
		store_no_memory(store);
	if (!store->status)
		store_read_all_counted(&cursor, store, round);
	store_rollup_clear(store->rollup);
	while (!store->status && count) {
		cnv_batch_reset(store->rollup->batch);
		if (!cnv_cursor_next(cursor, store->rollup->batch, reported, CNV_WINDOW_ROWS, &count, diags))
			store_rollup_window(store, store->rollup->batch, NULL, reported, NULL, 1);
	}
	cnv_cursor_close(cursor);
	findings = sql_get(store, SQL_FINDINGS_OF_FORM);
	sql_put_integer(findings, 1, round);
	sql_put_integer(findings, 2, store_form_id(store));
	add_findings(store, findings, 1);
	store->doing = doing;
	cnv_mem_free(reported);
}

/* Those of other versions of the form, of which a response counts no more. */
static void drop_others(cnv_store *store, int64_t round)
{
	store_rollup_run(store, SQL_UNROLL_OTHERS, round);
	store_ungroup_others(store, round);
}

/* Are all responses that count among those counted?  It stays so while only they come and go. */
static void find_whole(cnv_store *store, int64_t round)
{
	sql *ask = sql_get(store, SQL_COUNT_RESPONSES);

	sql_put_integer(ask, 1, round);
	store_rollup_run(store, sql_number(ask, 0) == store->rollup->rows[0] ? SQL_ROLLED_WHOLE : SQL_NOT_WHOLE, round);
}

/* Counts all responses of a round again, instead of what was counted. */
static void count_again(cnv_store *store, int64_t round)
{
	store_ungroup(store, round);
	store_rollup_run(store, SQL_UNROLL, round);
	store_rollup_read_all(store, round);
	store_rollup_write(store, round, false);
	if (store->rollup->by)
		store_group(store, store->rollup->by, round);
	find_whole(store, round);
}

/* Is a least or greatest number no longer known? */
static bool is_unsure(const store_rollup *r)
{
	for (cnv_question_id q = 0; q < r->form->count; q++)
		if (r->questions[q].many && r->questions[q].sketch->unsure)
			return true;
	return false;
}

/* Adds or subtracts one response as it is stored. */
static void count_one(cnv_store *store, cnv_cursor **cursor, int64_t round, int64_t response, int64_t sign)
{
	store_rollup *r = store->rollup;
	cnv_reported reported;
	sql *findings;

	cnv_batch_reset(r->batch);
	if (!store_read_counted(cursor, store, round, response, r->batch, &reported)) {
		r->others = true;
		return;
	}
	store_rollup_window(store, r->batch, NULL, &reported, NULL, sign);
	findings = sql_get(store, SQL_FINDINGS_OF_RESPONSE);
	sql_put_integer(findings, 1, response);
	add_findings(store, findings, sign);
}

/* ---------------------------------------------------------------- a transaction */

void store_rollup_begin(cnv_store *store)
{
	store_rollup *r = store->rollup;

	if (r) {
		store_rollup_clear(r);
		r->gone_count = r->dropped = 0;
		r->counting = r->again = r->others = false;
	}
	if (store->mode == CNV_STORE_WRITE && !store->status && store->first_response > CNV_REPORT_NAMED &&
	    store_is_rolled(store, store->round))
		store_rollup_many(store);
}

void store_rollup_many(cnv_store *store)
{
	if (store->mode != CNV_STORE_WRITE || !store->engine->in_file || store->status)
		return;
	if (!store->rollup)
		store->rollup = store_rollup_make(store);
	if (!store->rollup || store->rollup->counting)
		return;
	store->rollup->counting = true;
	store_rollup_load_many(store, store->round);
}

void store_rollup_put(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, const int64_t *ids)
{
	if (store->rollup && store->rollup->counting)
		store_rollup_window(store, batch, respondents, NULL, ids, 1);
}

void store_rollup_finding(cnv_store *store, int64_t response, cnv_severity severity)
{
	if (store->rollup && store->rollup->counting && response)
		store->rollup->findings[severity]++;
}

void store_rollup_drop_others(cnv_store *store)
{
	if (!store->engine->in_file || store->status)
		return;
	drop_others(store, store->round);
	store_rollup_run(store, SQL_NOT_WHOLE_OTHERS, store->round);
}

void store_rollup_gone(cnv_store *store, int64_t response)
{
	store_rollup *r = store->rollup;

	if (!r || !r->counting || r->again)
		return;
	if (r->gone_count + r->dropped == MOST_GONE)
		r->again = true;
	else if (cnv_mem_room((void **)&r->gone, &r->gone_room, r->gone_count + 1, sizeof *r->gone))
		r->gone[r->gone_count++] = response;
	else
		store_no_memory(store);
}

void store_rollup_drop(cnv_store *store, int64_t response)
{
	store_rollup *r = store->rollup;
	cnv_cursor *cursor = NULL;

	if (!r || !r->counting || r->again)
		return;
	r->again = r->gone_count + r->dropped++ == MOST_GONE;
	if (r->again)
		return;
	count_one(store, &cursor, store->round, response, -1);
	cnv_cursor_close(cursor);
}

static bool is_large(cnv_store *store)
{
	sql *ask = sql_get(store, SQL_COUNT_SOME);

	sql_put_integer(ask, 1, store->round);
	sql_put_integer(ask, 2, CNV_REPORT_NAMED + 1);
	return sql_number(ask, 0) > CNV_REPORT_NAMED;
}

/* Has the round had no other return with responses? */
static bool is_first(cnv_store *store)
{
	sql *ask = sql_get(store, SQL_OTHER_FILE);

	sql_put_integer(ask, 1, store->round);
	sql_put_integer(ask, 2, store->file);
	return !sql_number(ask, 0);
}

/* Were findings counted, if only of responses that were there before? */
static bool has_findings(const store_rollup *r)
{
	for (uint32_t severity = 0; r && r->counting && severity <= CNV_ERROR; severity++)
		if (r->findings[severity])
			return true;
	return false;
}

void store_rollup_end(cnv_store *store)
{
	bool rolled, whole, came = store->next_response != store->first_response;
	cnv_cursor *cursor = NULL;
	store_rollup *r;

	/* Not even the whole store has so many responses that a round may be large. */
	if (store->mode != CNV_STORE_WRITE || !store->engine->in_file || store->status ||
	    store->next_response - 1 <= CNV_REPORT_NAMED || (!came && !has_findings(store->rollup)))
		return;
	rolled = store_is_rolled(store, store->round);
	if (came)
		store_rollup_run(store, SQL_NOT_WHOLE_OTHERS, store->round);
	if (!rolled && !is_large(store))
		return;
	if (!store->rollup && !(store->rollup = store_rollup_make(store)))
		return;
	r = store->rollup;
	whole = r->counting && !r->again &&
		(rolled ? !r->by || store_is_grouped(store, r->by, store->round) : is_first(store));
	for (uint32_t i = 0; whole && i < r->gone_count && !store->status; i++)
		count_one(store, &cursor, store->round, r->gone[i], -1);
	cnv_cursor_close(cursor);
	whole = whole && !is_unsure(r);
	if (r->others || !whole)
		drop_others(store, store->round);
	if (!whole) {
		count_again(store, store->round);
		return;
	}
	if (!r->by)
		store_ungroup(store, store->round);
	store_rollup_write(store, store->round, rolled);
	if (r->by)
		store_group(store, r->by, store->round);
	if (!rolled)
		find_whole(store, store->round);
}

void store_rollup_change(cnv_store *store, int64_t round, int64_t gone, int64_t come)
{
	cnv_cursor *cursor = NULL;
	bool grouped;

	if (store->status || !store_ask_number(store, "SELECT EXISTS (SELECT 1 FROM rollup)"))
		return;
	if (!store->rollup && !(store->rollup = store_rollup_make(store)))
		return;
	store_rollup_clear(store->rollup);
	store->rollup->others = false;
	store_rollup_load_many(store, round);
	if (gone)
		count_one(store, &cursor, round, gone, -1);
	if (come && !store->status)
		count_one(store, &cursor, round, come, 1);
	cnv_cursor_close(cursor);
	if (come)
		store_rollup_run(store, SQL_NOT_WHOLE_OTHERS, round);
	if (store->rollup->others) {
		store_rollup_run(store, SQL_NOT_WHOLE, round);
		drop_others(store, round);
	}
	if (store_is_rolled(store, round) && is_unsure(store->rollup)) {
		count_again(store, round);
		return;
	}
	/* By another roster, or by one that is not known here. */
	grouped = store->rollup->by && store_is_grouped(store, store->rollup->by, round);
	if (!grouped)
		store_ungroup(store, round);
	if (store_is_rolled(store, round))
		store_rollup_write(store, round, true);
	if (grouped)
		store_group(store, store->rollup->by, round);
}
