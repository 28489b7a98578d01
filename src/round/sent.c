/* Answers that a return was sent out with.  The return lists them, so each is compared with the answer that came back:
 * it is confirmed by a tick, changed, or untouched.  An untouched answer has not been given, and is taken out before the
 * return is judged; in the round that it comes from, it stays as it is.  A return in which nothing is answered is blank:
 * it is recorded as such, and makes no response. */
#include "round/arrival.h"
#include "round/same.h"

typedef struct sending {
	arrival *a;
	const cnv_sent *sent;
	cnv_map by_path; /* of sent->answers */
	cnv_map ticks;   /* "table row question" -> of sent->ticks */
	bool *found;     /* of sent->answers: the return still has the cell */
	bool all;        /* all of them are confirmed */
	bool same_round; /* they are the respondent's answers in this round */
	bool given;      /* an answer was given, or a remark made */
	cnv_arena arena;
} sending;

/* ---------------------------------------------------------------- equal answers */

/* Before its choice was converted for this version of the form. */
static cnv_str carried_from(const cnv_batch *batch, uint32_t table, uint32_t row, cnv_question_id question)
{
	for (uint32_t i = 0; i < batch->carried_count; i++) {
		const cnv_carried *carried = &batch->carried[i];

		if (carried->table == table && carried->row == row && carried->question == question)
			return carried->from;
	}
	return (cnv_str){ 0 };
}

static bool is_same(sending *s, const cnv_column *column, uint32_t table, uint32_t row, cnv_str sent)
{
	const cnv_batch *batch = s->a->intake->window;
	cnv_str now = cnv_cell_value(batch->form, column, row, &s->arena);

	return same_answer(column, now, sent) || same_text(cnv_column_text(column, row), sent) ||
	       (batch->migration && same_text(carried_from(batch, table, row, column->question), sent));
}

/* ---------------------------------------------------------------- ticks */

static cnv_str tick_key(uint32_t words[3], uint32_t table, uint32_t row, cnv_question_id question)
{
	words[0] = table;
	words[1] = row;
	words[2] = question;
	return (cnv_str){ (const char *)words, 3 * sizeof *words };
}

static void say_tick(sending *s, const cnv_sent_tick *tick, cnv_code code, cnv_str path, const char *message)
{
	const cnv_batch *batch = s->a->intake->window;
	uint32_t column = tick->question == CNV_NONE ? CNV_NONE : batch->form->questions[tick->question].column;
	cnv_place place = cnv_batch_place(batch, tick->table, column, tick->row, tick->line, s->a->name);

	place.column = 0; /* the answer's, not the tick's */
	cnv_diags_emit(&s->a->diags,
		       CNV_DIAG(.code = (uint16_t)code, .place = place, .field = path, .excerpt = tick->text), "%s",
		       message);
}

/* Ticks by their cells.  A text in place of a tick is kept as a remark. */
static void file_ticks(sending *s)
{
	cnv_batch *batch = s->a->intake->window;

	for (uint32_t i = 0; i < s->sent->tick_count; i++) {
		const cnv_sent_tick *tick = &s->sent->ticks[i];
		cnv_str path = { 0 };
		uint32_t words[3];
		bool is_text;

		if (cnv_sent_is_ticked(tick->text, &is_text))
			cnv_map_put(&s->ticks,
				    cnv_arena_copy(&s->arena, tick_key(words, tick->table, tick->row, tick->question)),
				    i);
		if (!is_text)
			continue;
		cnv_batch_remark(batch, tick->table, tick->row, tick->question, tick->text, tick->line);
		if (tick->question != CNV_NONE)
			path = cnv_cell_path(batch, tick->table, tick->row, tick->question, &s->arena);
		say_tick(s, tick, CNV_STILL_RIGHT_TEXT, path,
			 "the text in place of a tick confirms nothing; it is kept as a remark");
	}
}

/* The tick at a cell, or at its entry; CNV_NONE. */
static uint32_t find_tick(const sending *s, uint32_t table, uint32_t row, cnv_question_id question)
{
	uint32_t words[3], at = cnv_map_find(&s->ticks, tick_key(words, table, row, question));

	return at == CNV_NONE && table ? cnv_map_find(&s->ticks, tick_key(words, table, row, CNV_NONE)) : at;
}

/* ---------------------------------------------------------------- states */

static bool add_state(sending *s, cnv_str path, cnv_prior state)
{
	arrival *a = s->a;

	s->given |= state != CNV_PRIOR_UNTOUCHED;
	if (!cnv_mem_room((void **)&a->priors, &a->prior_room, a->prior_count + 1, sizeof *a->priors))
		return false;
	a->priors[a->prior_count++] = (sent_state){ cnv_arena_copy(&a->arena, path), state };
	return true;
}

/* An answer of the respondent: neither their code nor a value of the form. */
static bool is_given(const cnv_form *form, const cnv_column *column, uint32_t row)
{
	const cnv_question *question = &form->questions[column->question];

	return question->role == CNV_ASKED && column->question != form->respondent &&
	       (cnv_bit(column->answered, row) || column->verdicts[row] == CNV_DUPLICATE) &&
	       cnv_yes_no_read(question->read_only.text) != CNV_YES &&
	       !(question->calculation.text.len && question->trigger.text.len);
}

static bool is_default(const cnv_form *form, const cnv_column *column, uint32_t row)
{
	cnv_str given = form->questions[column->question].default_value.text;

	return given.len && same_text(cnv_column_text(column, row), given);
}

/* The path under which the return may list the answer: that of the version it was made for. */
static uint32_t find_sent(const sending *s, cnv_str path, cnv_question_id question)
{
	const cnv_migration *migration = s->a->intake->window->migration;
	uint32_t at = cnv_map_find(&s->by_path, path);

	if (at != CNV_NONE || !migration || migration->predecessor_of[question] == CNV_NONE)
		return at;
	return cnv_map_find(&s->by_path, migration->before->questions[migration->predecessor_of[question]].answer_path);
}

static bool judge_cell(sending *s, uint32_t table, uint32_t at, uint32_t row, uint64_t **untouched)
{
	const cnv_batch *batch = s->a->intake->window;
	const cnv_column *column = &batch->tables[table].columns[at];
	cnv_question_id question = column->question;
	cnv_str path;
	uint32_t sent, tick;
	bool answered = cnv_bit(column->answered, row) || column->verdicts[row] == CNV_DUPLICATE;

	if (batch->form->questions[question].role != CNV_ASKED)
		return true;
	path = cnv_cell_path(batch, table, row, question, &s->arena);
	sent = find_sent(s, path, question);
	if (sent == CNV_NONE) {
		s->given |= is_given(batch->form, column, row) && !is_default(batch->form, column, row);
		return !s->sent->count || !is_given(batch->form, column, row) || add_state(s, path, CNV_PRIOR_NEW);
	}
	s->found[sent] = true;
	tick = find_tick(s, table, row, question);
	if (!answered || !is_same(s, column, table, row, s->sent->answers[sent].text)) {
		if (tick != CNV_NONE && s->sent->ticks[tick].question == question)
			say_tick(s, &s->sent->ticks[tick], CNV_STILL_RIGHT_CHANGED, path,
				 answered ? "ticked as still right, but changed; the new answer counts"
					  : "ticked as still right, but deleted; it counts as no answer");
		return add_state(s, path, CNV_PRIOR_CHANGED);
	}
	if (s->all || tick != CNV_NONE)
		return add_state(s, path, CNV_PRIOR_CONFIRMED);
	cnv_bit_set(untouched[table], (size_t)row * batch->tables[table].count + at);
	return add_state(s, path, CNV_PRIOR_UNTOUCHED);
}

static bool judge_cells(sending *s, uint64_t **untouched)
{
	const cnv_batch *batch = s->a->intake->window;

	for (uint32_t t = 0; t < batch->table_count; t++)
		for (uint32_t row = 0; row < batch->tables[t].rows; row++)
			for (uint32_t c = 0; c < batch->tables[t].count; c++)
				if (!judge_cell(s, t, c, row, untouched))
					return false;
	for (uint32_t i = 0; i < s->sent->count; i++)
		if (!s->found[i] && !add_state(s, s->sent->answers[i].path, CNV_PRIOR_CHANGED))
			return false;
	s->given |= batch->remark_count > 0;
	return true;
}

/* ---------------------------------------------------------------- taking out */

static bool has_remark(const cnv_batch *batch, uint32_t table, uint32_t row)
{
	for (uint32_t i = 0; i < batch->remark_count; i++)
		if (batch->remarks[i].table == table && batch->remarks[i].row == row)
			return true;
	return false;
}

/* Entries that consist of untouched answers, with no entry in them that stays. */
static void drop_entries(const cnv_batch *batch, uint64_t **untouched, uint64_t **dropped)
{
	for (uint32_t t = batch->table_count; t-- > 1;) {
		const cnv_table *table = &batch->tables[t];

		for (uint32_t row = 0; row < table->rows; row++) {
			bool any = false, stays = has_remark(batch, t, row);

			for (uint32_t c = 0; c < table->count; c++) {
				bool out = cnv_bit(untouched[t], (size_t)row * table->count + c);

				any |= out;
				stays |= !out && is_given(batch->form, &table->columns[c], row);
			}
			if (any && !stays)
				cnv_bit_set(dropped[t], row);
		}
	}
	/* Children come after their parents, and keep them. */
	for (uint32_t t = batch->table_count; t-- > 1;) {
		uint32_t parent = batch->form->tables[t].parent;

		for (uint32_t row = 0; parent && row < batch->tables[t].rows; row++)
			if (!cnv_bit(dropped[t], row))
				cnv_bit_clear(dropped[parent], batch->tables[t].parents[row]);
	}
}

cnv_status sent_refill(arrival *a, const uint32_t *rows)
{
	cnv_intake *in = a->intake;
	cnv_batch *filled = cnv_batch_new(in->form->form);
	cnv_status status =
		filled ? cnv_prefill_blanks(filled, in->window, in->earlier, rows, &a->fills) : CNV_NO_MEMORY;

	if (!status) {
		filled->migration = in->window->migration;
		cnv_batch_swap(filled, in->window);
	}
	cnv_batch_free(filled);
	a->fills.replaced = a->fills.dropped = NULL;
	a->fills.earlier = NULL;
	return status;
}

static uint64_t **make_bits(const cnv_batch *batch, bool cells, cnv_arena *arena)
{
	uint64_t **bits = cnv_arena_array(arena, batch->table_count, sizeof *bits);

	for (uint32_t t = 0; bits && t < batch->table_count; t++) {
		size_t count = batch->tables[t].rows;

		if (cells && !cnv_size_multiply(count, batch->tables[t].count, &count))
			return NULL;
		bits[t] = cnv_arena_array(arena, CNV_BIT_WORDS(count) + 1, sizeof **bits);
		if (!bits[t])
			return NULL;
	}
	return bits;
}

static cnv_status take_out(sending *s, uint64_t **untouched)
{
	arrival *a = s->a;
	cnv_batch *batch = a->intake->window;
	uint64_t **dropped = make_bits(batch, false, &s->arena);
	uint32_t none = CNV_NONE;

	if (!dropped)
		return CNV_NO_MEMORY;
	drop_entries(batch, untouched, dropped);
	a->fills.replaced = untouched;
	a->fills.dropped = dropped;
	return sent_refill(a, &none);
}

/* ---------------------------------------------------------------- the return */

static cnv_status judge_sent(sending *s)
{
	arrival *a = s->a;
	cnv_batch *batch = a->intake->window;
	uint64_t **untouched = make_bits(batch, true, &s->arena);
	bool any = false;

	s->found = cnv_arena_array(&s->arena, (size_t)s->sent->count + 1, sizeof *s->found);
	if (!untouched || !s->found)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < s->sent->count; i++)
		cnv_map_put(&s->by_path, s->sent->answers[i].path, i);
	if (s->sent->count)
		file_ticks(s);
	if (!judge_cells(s, untouched) || s->by_path.failed || s->ticks.failed || s->arena.failed || batch->failed)
		return CNV_NO_MEMORY;
	a->blank = !s->given;
	for (uint32_t i = 0; i < a->prior_count; i++)
		any |= a->priors[i].state == CNV_PRIOR_UNTOUCHED;
	return any && !s->same_round && !a->blank ? take_out(s, untouched) : CNV_OK;
}

/* Has the form anything to ask except who answers? */
static bool asks(const cnv_form *form)
{
	for (cnv_question_id id = 0; id < form->count; id++)
		if (form->questions[id].role == CNV_ASKED && form->questions[id].column != CNV_NONE &&
		    id != form->respondent)
			return true;
	return false;
}

cnv_status sent_take(arrival *a)
{
	cnv_intake *in = a->intake;
	const cnv_claim *all = &a->stream.claims.at[CNV_CLAIM_STILL_RIGHT];
	sending s = { .a = a, .sent = cnv_gather_sent(a->stream.gather) };
	bool is_text;
	cnv_status status;

	a->blank = false;
	a->prior_count = 0;
	if (a->stream.layout != CNV_LONG || in->options.unowned || !asks(in->form->form) ||
	    in->window->tables[0].rows != 1)
		return CNV_OK;
	s.all = cnv_sent_is_ticked(all->value, &is_text);
	s.same_round = a->stream.claims.at[CNV_CLAIM_REVISION].hidden;
	status = settle_batch(a, in->window, NULL);
	if (!status)
		status = judge_sent(&s);
	cnv_map_fini(&s.by_path);
	cnv_map_fini(&s.ticks);
	cnv_arena_fini(&s.arena);
	return status;
}

cnv_status sent_store(arrival *a, uint64_t response)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < a->prior_count && !status; i++)
		status = cnv_store_put_prior(a->intake->store, response, a->priors[i].path, a->priors[i].state,
					     &a->faults);
	return status;
}

cnv_status sent_store_blank(arrival *a, cnv_str respondent)
{
	cnv_status status;

	if (a->silent || !respondent.len)
		return CNV_OK;
	cnv_diags_emit(
		&a->diags,
		CNV_DIAG(.code = CNV_RETURNED_BLANK, .place = (cnv_place){ .source = a->name }, .excerpt = respondent),
		a->prior_count ? "returned without an answer: nothing that was filled in is confirmed or changed"
			       : "returned blank: nothing is answered");
	status = cnv_store_put_blank(a->intake->store, respondent, &a->faults);
	return status ? status : heard_store_rest(&a->heard, 0, &a->faults);
}

void sent_forget(arrival *a)
{
	a->prior_count = 0;
	a->blank = a->merged = a->partial = false;
}
