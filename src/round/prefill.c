/* Prefilled values: the respondent, fixed defaults, and the answers of an earlier round.
 *
 * What is filled in is judged like a return, and an answer that the form no longer accepts is not carried over: the
 * pack lists it next to its question.  Of several choices, those that are still in the list remain.  A default of a
 * question that is not asked is left out. */
#include "round/round_internal.h"

static bool is_last(const round_prefill *p)
{
	return cnv_str_equal(p->wanted, CNV_STR("last"));
}

/* ---------------------------------------------------------------- one respondent */

/* The form calculates it when another answer changes: it is no answer of the respondent. */
static bool is_triggered(const cnv_question *question)
{
	return question->calculation.text.len && question->trigger.text.len;
}

/* The date to which the answers apply: every round asks for it again. */
static bool is_asked_again(const cnv_question *question)
{
	return (question->kind == CNV_DATE || question->kind == CNV_DATETIME) && !question->table &&
	       (cnv_str_is_word(question->name, "as_at") || cnv_str_is_word(question->name, "as_of") ||
		cnv_default_is_dynamic(question->default_value.text, question->kind));
}

static bool is_left_out(const round_prefill *p, uint32_t table, uint32_t row, uint32_t column)
{
	return p->left_out && cnv_bit(p->left_out[table], (size_t)row * p->form->form->tables[table].count + column);
}

static void list_uncarried(round_prefill *p, uint32_t table, uint32_t row, cnv_question_id question, cnv_str text)
{
	if (!cnv_mem_room((void **)&p->uncarried, &p->uncarried_room, p->uncarried_count + 1, sizeof *p->uncarried)) {
		p->batch->failed = true;
		return;
	}
	p->uncarried[p->uncarried_count++] = (cnv_uncarried){
		.table = table, .row = row, .question = question, .text = cnv_arena_copy(&p->scratch, text)
	};
}

/* The choices of `text` that the list still has; the others are listed. */
static cnv_str keep_choices(round_prefill *p, uint32_t table, uint32_t row, cnv_question_id id, cnv_str text)
{
	const cnv_list *list = &p->form->form->lists[p->form->form->questions[id].list];
	cnv_text kept = { 0 }, gone = { 0 };
	cnv_str rest = text, word, out;

	while (cnv_str_word(&rest, &word)) {
		cnv_text *to = cnv_list_find(list, word) == CNV_NONE ? &gone : &kept;

		cnv_text_format(to, "%s%.*s", to->len ? " " : "", CNV_ARG(word));
	}
	if (kept.len && gone.len && !p->left_out)
		list_uncarried(p, table, row, id, cnv_text_str(&gone));
	out = kept.len ? cnv_arena_copy(&p->scratch, cnv_text_str(&kept)) : text;
	p->scratch.failed |= kept.failed || gone.failed;
	cnv_text_fini(&kept);
	cnv_text_fini(&gone);
	return out;
}

/* The earlier answer, as far as the form can still have it. */
static cnv_str earlier_answer(round_prefill *p, uint32_t table, uint32_t before, cnv_question_id id)
{
	const cnv_question *question = &p->form->form->questions[id];
	const cnv_column *column = &p->before->tables[table].columns[question->column];
	uint32_t row = p->batch->tables[table].rows - 1;
	cnv_str text;

	if (!cnv_bit(column->answered, before))
		return (cnv_str){ 0 };
	text = cnv_cell_value(p->form->form, column, before, &p->scratch);
	if (is_asked_again(question) && !p->same_round) {
		if (!p->left_out)
			list_uncarried(p, table, row, id, text);
		return (cnv_str){ 0 };
	}
	if (column->sets && question->kind == CNV_CHOICES && !cnv_bit(column->understood, before))
		text = keep_choices(p, table, row, id, text);
	return text;
}

/* One row of the batch: the earlier answers, else the question's own default. */
static void fill_row(round_prefill *p, uint32_t table, uint32_t before, bool again)
{
	const cnv_form *form = p->form->form;
	const cnv_form_table *columns = &form->tables[table];
	uint32_t row = p->batch->tables[table].rows - 1;

	for (uint32_t i = 0; i < columns->count; i++) {
		const cnv_question *question = &form->questions[columns->columns[i]];
		cnv_str text = { 0 };

		if (question->role != CNV_ASKED || columns->columns[i] == form->respondent || is_triggered(question))
			continue;
		if (again)
			text = earlier_answer(p, table, before, columns->columns[i]);
		else if (!cnv_default_is_dynamic(question->default_value.text, question->kind))
			text = question->default_value.text;
		if (text.len && !is_left_out(p, table, row, i))
			cnv_batch_put(p->batch, table, i, text, 0);
	}
}

/* Entries of the earlier answers, parents before children.  Those of one response are adjacent, [from, upto) in each
 * table, and are counted from row 0 here. */
static void fill_entries(round_prefill *p, uint32_t before)
{
	uint32_t count = p->before->table_count;
	uint32_t *from = cnv_arena_array(&p->scratch, count, sizeof *from);
	uint32_t *upto = cnv_arena_array(&p->scratch, count, sizeof *upto);

	if (!from || !upto)
		return;
	from[0] = before;
	upto[0] = before + 1;
	for (uint32_t t = 1; t < count; t++) {
		const cnv_table *table = &p->before->tables[t];
		uint32_t parent = p->form->form->tables[t].parent;

		from[t] = cnv_table_first(table, from[parent]);
		upto[t] = cnv_table_first(table, upto[parent]);
		for (uint32_t row = from[t]; row < upto[t]; row++) {
			cnv_batch_row(p->batch, t, table->parents[row] - from[parent], 0);
			fill_row(p, t, row, true);
		}
	}
}

/* The respondent's code, if the form has a question for it. */
static void fill_respondent(round_prefill *p, const cnv_respondent *respondent)
{
	const cnv_form *form = p->form->form;
	const cnv_question *question = form->respondent == CNV_NONE ? NULL : &form->questions[form->respondent];
	const cnv_list *list = question && question->list < form->list_count ? &form->lists[question->list] : NULL;

	if (!question || question->column == CNV_NONE || question->table)
		return;
	if (!list || list->open || cnv_list_find(list, respondent->code) != CNV_NONE) {
		cnv_batch_put(p->batch, 0, question->column, respondent->code, 0);
		return;
	}
	cnv_diags_emit(
		p->diags, CNV_DIAG(.code = CNV_PACK_RESPONDENT, .place = respondent->place, .field = respondent->code),
		"\"%.*s\" is not in the list of question \"%.*s\"", CNV_ARG(respondent->code), CNV_ARG(question->name));
}

/* ---------------------------------------------------------------- what the form accepts */

static bool is_carried(cnv_verdict verdict)
{
	switch (verdict) {
	case CNV_BLANK:
	case CNV_ACCEPTED:
	case CNV_NOT_APPLICABLE:
	case CNV_DO_NOT_KNOW:
	case CNV_WITHHELD:
	case CNV_MISSING:
	case CNV_NOT_ASKED:
		return true;
	case CNV_UNREADABLE:
	case CNV_NOT_A_CHOICE:
	case CNV_AGAINST_CONSTRAINT:
	case CNV_UNDUE:
	case CNV_DUPLICATE:
	case CNV_UNCHECKED:
	case CNV_RETURN_BLANK:
		break;
	}
	return false;
}

static bool make_left_out(round_prefill *p)
{
	uint32_t count = p->batch->table_count;
	uint64_t **left = cnv_arena_array(&p->scratch, count, sizeof *left);

	for (uint32_t t = 0; left && t < count; t++) {
		size_t cells;

		if (cnv_size_multiply(p->batch->tables[t].rows, p->batch->tables[t].count, &cells))
			left[t] = cnv_arena_array(&p->scratch, CNV_BIT_WORDS(cells) + 1, sizeof **left);
		if (!left[t])
			return false;
	}
	p->left_out = left;
	return left != NULL;
}

/* Leaves out what is not accepted; an earlier answer is listed. */
static bool leave_out(round_prefill *p, bool again)
{
	bool any = false;

	for (uint32_t t = 0; t < p->batch->table_count; t++) {
		const cnv_table *table = &p->batch->tables[t];

		for (uint32_t c = 0; c < table->count; c++)
			for (uint32_t row = 0; row < table->rows; row++) {
				const cnv_column *column = &table->columns[c];

				if (column->question == p->form->form->respondent || !cnv_bit(column->answered, row) ||
				    is_carried(column->verdicts[row]) ||
				    p->form->form->questions[column->question].role != CNV_ASKED)
					continue;
				if (!p->left_out && !make_left_out(p))
					return false;
				cnv_bit_set(p->left_out[t], (size_t)row * table->count + c);
				if (again)
					list_uncarried(p, t, row, column->question,
						       cnv_cell_value(p->form->form, column, row, &p->scratch));
				any = true;
			}
	}
	return any;
}

/* Calculations with a trigger are no answers. */
static void clear_triggered(round_prefill *p)
{
	for (uint32_t t = 0; t < p->batch->table_count; t++)
		for (uint32_t c = 0; c < p->batch->tables[t].count; c++) {
			cnv_column *column = &p->batch->tables[t].columns[c];
			const cnv_question *question = &p->form->form->questions[column->question];

			for (uint32_t row = 0;
			     row < p->batch->tables[t].rows && question->role == CNV_ASKED && is_triggered(question);
			     row++) {
				if (!cnv_bit(column->answered, row))
					continue;
				cnv_bit_clear(column->answered, row);
				cnv_bit_clear(column->understood, row);
				cnv_bit_clear(column->usable, row);
				column->verdicts[row] = CNV_BLANK;
			}
		}
}

/* Fills the batch and judges it. */
static cnv_status fill(round_prefill *p, const cnv_respondent *respondent, uint32_t before, cnv_pack *pack)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { 0 };
	cnv_settle_options options = { .utc_offset = p->world.now.utc_offset };
	cnv_status status;

	cnv_batch_reset(p->batch);
	pack->row = cnv_batch_row(p->batch, 0, 0, 0);
	if (pack->row != CNV_NONE)
		p->batch->seeds[pack->row] = cnv_response_seed(p->form->form, pack->round, respondent->code, 0);
	fill_respondent(p, respondent);
	fill_row(p, 0, before, before != CNV_NONE);
	if (before != CNV_NONE)
		fill_entries(p, before);
	if (p->batch->failed || p->scratch.failed)
		return CNV_NO_MEMORY;
	status = cnv_settle_with(p->batch, CNV_STR("pack"), &options, &ledger);
	if (!status)
		status = cnv_check(p->form->plan, p->batch, &p->world, CNV_STR("pack"), pack->language, &p->scratch,
				   &findings);
	return status;
}

cnv_status round_prefill_take(round_prefill *p, const cnv_respondent *respondent, cnv_pack *pack)
{
	uint32_t before = p->before ? cnv_map_find(&p->before_rows, respondent->code) : CNV_NONE;
	bool again = before != CNV_NONE;
	cnv_status status;

	cnv_arena_reset(&p->scratch);
	p->left_out = NULL;
	p->uncarried_count = 0;
	p->same_round = again && before >= p->same_from && before < p->same_count;
	status = fill(p, respondent, before, pack);
	while (!status && leave_out(p, again)) /* each time at least one more */
		status = fill(p, respondent, before, pack);
	if (!status && (p->batch->failed || p->scratch.failed))
		status = CNV_NO_MEMORY;
	if (status)
		return status;
	clear_triggered(p);
	if (again) {
		pack->confirm = true;
		pack->revision = p->same_round ? p->reported[before].revision : 0;
		p->filled++;
	} else if (p->before) {
		cnv_str where = is_last(p) ? CNV_STR("any round")
					   : cnv_arena_format(&p->scratch, "round %.*s", CNV_ARG(p->wanted));
		cnv_diags_emit(p->diags,
			       CNV_DIAG(.code = CNV_PACK_NOTHING_BEFORE, .place = respondent->place,
					.field = respondent->code),
			       "%.*s has no answers in %.*s", CNV_ARG(respondent->code), CNV_ARG(where));
	}
	pack->batch = p->batch;
	pack->world = &p->world;
	pack->uncarried = p->uncarried;
	pack->uncarried_count = p->uncarried_count;
	return p->scratch.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- the answers of earlier rounds */

/* Appends the answers of a round. */
static cnv_status read_round(round_prefill *p, cnv_str round)
{
	cnv_cursor *cursor = NULL;
	uint64_t responses = 0;
	void *room = p->reported;
	uint32_t count = 1, from = p->before_count;
	cnv_status status = cnv_store_count(p->store, round, &responses, p->diags);

	if (status)
		return status;
	responses += p->before_count;
	if (responses > UINT32_MAX ||
	    !cnv_mem_room(&room, &p->before_room, (uint32_t)responses + 1, sizeof *p->reported))
		return CNV_NO_MEMORY;
	p->reported = room;
	status = cnv_store_read(&cursor, p->store, round, p->diags);
	while (!status && count && p->before_count < responses) {
		status = cnv_cursor_next(cursor, p->before, p->reported + p->before_count,
					 (uint32_t)responses - p->before_count, &count, p->diags);
		p->before_count += status ? 0 : count;
	}
	cnv_cursor_close(cursor);
	for (uint32_t i = from; i < p->before_count; i++)
		cnv_map_put(&p->before_rows, p->reported[i].respondent, i);
	return !status && p->before_rows.failed ? CNV_NO_MEMORY : status;
}

/* The selected round; "last": all rounds, the latest first, so that each respondent's last answers are found. */
static cnv_status read_before(round_prefill *p)
{
	cnv_str wanted = p->wanted;
	const cnv_str *rounds = &wanted;
	uint32_t round_count = 1;
	cnv_status status = CNV_OK;

	if (is_last(p))
		status = cnv_store_rounds(p->store, &p->arena, &rounds, &round_count, p->diags);
	p->before = cnv_batch_new(p->form->form);
	if (!p->before)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < round_count && !status; i++) {
		uint32_t from = p->before_count;

		status = read_round(p, rounds[i]);
		if (cnv_str_equal(rounds[i], p->round)) {
			p->same_from = from;
			p->same_count = p->before_count;
		}
	}
	return status;
}

cnv_status round_prefill_open(round_prefill *p)
{
	p->batch = cnv_batch_new(p->form->form);
	if (!p->batch)
		return CNV_NO_MEMORY;
	return p->wanted.len ? read_before(p) : CNV_OK;
}

void round_prefill_fini(round_prefill *p)
{
	cnv_batch_free(p->before);
	cnv_batch_free(p->batch);
	cnv_mem_free(p->reported);
	cnv_mem_free(p->uncarried);
	cnv_map_fini(&p->before_rows);
	cnv_arena_fini(&p->scratch);
	cnv_arena_fini(&p->arena);
}
