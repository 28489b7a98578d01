/* Prefilled values: the respondent, fixed defaults, and the answers of an earlier round. */
#include "round/round_internal.h"

static bool is_last(const round_prefill *p)
{
	return cnv_str_equal(p->wanted, CNV_STR("last"));
}

/* ---------------------------------------------------------------- one respondent */

/* One row of the batch: the earlier answers, else the question's own default. */
static void fill_row(round_prefill *p, uint32_t table, uint32_t before, bool again)
{
	const cnv_form *form = p->form->form;
	const cnv_form_table *columns = &form->tables[table];

	for (uint32_t i = 0; i < columns->count; i++) {
		const cnv_question *question = &form->questions[columns->columns[i]];
		cnv_str text = { 0 };

		if (question->role != CNV_ASKED || columns->columns[i] == form->respondent)
			continue;
		if (again) {
			const cnv_column *column = &p->before->tables[table].columns[question->column];
			if (cnv_bit(column->answered, before))
				text = cnv_cell_value(form, column, before, &p->scratch);
		} else if (!cnv_default_is_dynamic(question->default_value.text, question->kind)) {
			text = question->default_value.text;
		}
		if (text.len)
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

cnv_status round_prefill_take(round_prefill *p, const cnv_respondent *respondent, cnv_pack *pack)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { 0 };
	cnv_settle_options options = { .utc_offset = p->world.now.utc_offset };
	uint32_t before = p->before ? cnv_map_find(&p->before_rows, respondent->code) : CNV_NONE;
	cnv_status status;

	cnv_arena_reset(&p->scratch);
	cnv_batch_reset(p->batch);
	pack->row = cnv_batch_row(p->batch, 0, 0, 0);
	if (pack->row != CNV_NONE)
		p->batch->seeds[pack->row] = cnv_response_seed(p->form->form, pack->round, respondent->code, 0);
	fill_respondent(p, respondent);
	fill_row(p, 0, before, before != CNV_NONE);
	if (before != CNV_NONE) {
		fill_entries(p, before);
		pack->confirm = true;
		pack->revision = p->reported[before].revision;
		p->filled++;
	} else if (p->before) {
		cnv_str where = is_last(p) ? CNV_STR("any round")
					   : cnv_arena_format(&p->scratch, "round %.*s", CNV_ARG(p->wanted));
		cnv_diags_emit(p->diags,
			       CNV_DIAG(.code = CNV_PACK_NOTHING_BEFORE, .place = respondent->place,
					.field = respondent->code),
			       "%.*s has no answers in %.*s", CNV_ARG(respondent->code), CNV_ARG(where));
	}
	if (p->batch->failed || p->scratch.failed)
		return CNV_NO_MEMORY;
	status = cnv_settle_with(p->batch, CNV_STR("pack"), &options, &ledger);
	if (!status)
		status = cnv_check(p->form->plan, p->batch, &p->world, CNV_STR("pack"), pack->language, &p->scratch,
				   &findings);
	pack->batch = p->batch;
	pack->world = &p->world;
	return status;
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
	for (uint32_t i = 0; i < round_count && !status; i++)
		status = read_round(p, rounds[i]);
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
	cnv_map_fini(&p->before_rows);
	cnv_arena_fini(&p->scratch);
	cnv_arena_fini(&p->arena);
}
