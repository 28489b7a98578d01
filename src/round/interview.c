/* An interview: the answers so far, and the next question.  After each answer the whole response is copied to a
 * batch and judged again: a form of hundreds of questions needs well under a millisecond, and skip logic, filters
 * and rules are exactly those of an import.  The position in the form is a stack of ranges of questions and of
 * repeats, so that the caller needs no recursion. */
#include "canvass/round.h"

static void on_finding(void *self, const cnv_finding *finding)
{
	cnv_interview *in = self;
	const cnv_interview_entry *entry = &in->entries[in->watched_entry];

	if (finding->question != in->watched || finding->table != entry->table || finding->row != entry->row)
		return;
	if (in->complaint.len)
		return;
	cnv_text_put(&in->complaint, finding->diag.message);
	if (finding->diag.hint.len)
		cnv_text_format(&in->complaint, "\n  hint: %.*s", CNV_ARG(finding->diag.hint));
}

/* Entries were made in the order they were met, parents first, so rows are in ascending parent order. */
static void lay(cnv_interview *in)
{
	cnv_batch_reset(in->batch);
	for (uint32_t table = 0; table < in->batch->table_count; table++) {
		for (uint32_t e = 0; e < in->entry_count; e++) {
			cnv_interview_entry *entry = &in->entries[e];
			if (entry->table != table)
				continue;
			entry->row = cnv_batch_row(in->batch, table, in->entries[entry->parent].row, 0);
			for (uint32_t a = 0; a < in->answer_count; a++) {
				const cnv_interview_answer *answer = &in->answers[a];
				if (answer->entry == e && answer->text.len)
					cnv_batch_put(in->batch, table,
						      in->form->form->questions[answer->question].column, answer->text,
						      0);
			}
		}
	}
}

/* Random values: others for each respondent and time, and the same whenever the interview is judged. */
static void seed(cnv_interview *in)
{
	const cnv_form *form = in->form->form;
	char time[CNV_INSTANT_ROOM];
	cnv_str label = { time, cnv_instant_write(in->world.now, time) }, respondent = { 0 };

	if (form->respondent != CNV_NONE && !form->questions[form->respondent].table)
		respondent = cnv_cell_trim(
			cnv_column_text(&in->batch->tables[0].columns[form->questions[form->respondent].column], 0));
	in->batch->seeds[0] = cnv_response_seed(form, label, respondent, 0);
}

static cnv_status judge(cnv_interview *in)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { .emit = on_finding, .self = in };
	cnv_settle_options options = { .utc_offset = in->world.now.utc_offset };
	cnv_str source = CNV_STR("interview");
	cnv_status status;

	cnv_arena_reset(&in->scratch);
	cnv_text_reset(&in->complaint);
	lay(in);
	if (in->batch->failed)
		return CNV_NO_MEMORY;
	seed(in);
	status = cnv_settle_with(in->batch, source, &options, &ledger);
	if (!status)
		status = cnv_check(in->form->plan, in->batch, &in->world, source, in->form->language, &in->scratch,
				   &findings);
	return status;
}

/* Adds an entry of a repeat; its index, or CNV_NONE: out of memory. */
static uint32_t enter(cnv_interview *in, uint32_t table, uint32_t parent)
{
	if (!cnv_mem_room((void **)&in->entries, &in->entry_room, in->entry_count + 1, sizeof *in->entries))
		return CNV_NONE;
	in->entries[in->entry_count] = (cnv_interview_entry){ .table = table, .parent = parent };
	in->entry_count++;
	if (in->entry_count > 1 && judge(in))
		return CNV_NONE;
	return in->entry_count - 1;
}

cnv_status cnv_interview_init(cnv_interview *in, const cnv_form_file *form, cnv_instant now)
{
	*in = (cnv_interview){ .form = form, .world = { .now = now, .seed = 1 }, .watched = CNV_NONE };
	in->batch = cnv_batch_new(form->form);
	if (!in->batch || enter(in, 0, 0) == CNV_NONE)
		return CNV_NO_MEMORY;
	in->stops[in->depth++] = (cnv_interview_stop){ .upto = form->form->count, .repeat = CNV_NONE };
	return judge(in);
}

void cnv_interview_fini(cnv_interview *in)
{
	cnv_batch_free(in->batch);
	cnv_mem_free(in->entries);
	cnv_mem_free(in->answers);
	cnv_arena_fini(&in->texts);
	cnv_arena_fini(&in->scratch);
	cnv_text_fini(&in->complaint);
}

static cnv_interview_answer *find_answer(cnv_interview *in, uint32_t entry, cnv_question_id question)
{
	for (uint32_t i = 0; i < in->answer_count; i++)
		if (in->answers[i].entry == entry && in->answers[i].question == question)
			return &in->answers[i];
	if (!cnv_mem_room((void **)&in->answers, &in->answer_room, in->answer_count + 1, sizeof *in->answers))
		return NULL;
	in->answers[in->answer_count] = (cnv_interview_answer){ .entry = entry, .question = question };
	return &in->answers[in->answer_count++];
}

cnv_status cnv_interview_set(cnv_interview *in, uint32_t entry, cnv_question_id question, cnv_str text)
{
	cnv_interview_answer *answer = find_answer(in, entry, question);

	if (!answer)
		return CNV_NO_MEMORY;
	answer->text = cnv_arena_copy(&in->texts, text);
	if (in->texts.failed)
		return CNV_NO_MEMORY;
	in->watched = question;
	in->watched_entry = entry;
	return judge(in);
}

cnv_verdict cnv_interview_verdict(const cnv_interview *in, uint32_t entry, cnv_question_id question)
{
	const cnv_interview_entry *e = &in->entries[entry];
	const cnv_column *column = &in->batch->tables[e->table].columns[in->form->form->questions[question].column];

	return (cnv_verdict)column->verdicts[e->row];
}

/* ---------------------------------------------------------------- the way through the form */

static void begin_range(cnv_interview *in, uint32_t entry, cnv_question_id from, cnv_question_id upto)
{
	in->stops[in->depth++] = (cnv_interview_stop){ .entry = entry, .next = from, .upto = upto, .repeat = CNV_NONE };
}

/* Begins another entry of the repeat on top, whose questions are next. */
static cnv_status begin_entry(cnv_interview *in)
{
	cnv_interview_stop *stop = &in->stops[in->depth - 1];
	const cnv_question *repeat = &in->form->form->questions[stop->repeat];
	uint32_t entry = enter(in, repeat->table, stop->entry);

	if (entry == CNV_NONE)
		return CNV_NO_MEMORY;
	stop->made++;
	begin_range(in, entry, stop->repeat + 1, repeat->after);
	return CNV_OK;
}

/* The repeat on top: as many entries as its count requires, or as the person chooses.  True: ask the person. */
static bool go_on_repeat(cnv_interview *in, cnv_interview_step *step, cnv_status *status)
{
	const cnv_interview_stop *stop = &in->stops[in->depth - 1];
	uint32_t wanted;

	if (!cnv_plan_repeat(in->form->plan, in->batch, stop->repeat, in->entries[stop->entry].row, &in->world,
			     &in->scratch, &wanted)) {
		in->depth--;
	} else if (wanted == UINT32_MAX) {
		*step = (cnv_interview_step){ CNV_STEP_ENTRY, stop->repeat, stop->entry, stop->made };
		return true;
	} else if (stop->made >= wanted) {
		in->depth--;
	} else {
		*status = begin_entry(in);
	}
	return false;
}

/* The next question of the range on top.  True: there is something to show or to ask. */
static bool go_on_range(cnv_interview *in, cnv_interview_step *step)
{
	const cnv_form *form = in->form->form;
	cnv_interview_stop *stop = &in->stops[in->depth - 1];
	cnv_question_id id = stop->next;
	const cnv_question *question = &form->questions[id];
	cnv_verdict verdict;

	if (id >= stop->upto) {
		in->depth--;
		return false;
	}
	*step = (cnv_interview_step){ CNV_STEP_SECTION, id, stop->entry, 0 };
	if (question->role == CNV_REPEAT) {
		stop->next = question->after;
		if (in->depth < CNV_INTERVIEW_DEPTH - 1)
			in->stops[in->depth++] = (cnv_interview_stop){ .entry = stop->entry, .repeat = id };
		return false;
	}
	stop->next++;
	if (question->role == CNV_GROUP)
		return cnv_question_title(form, question, in->form->language).len > 0;
	if (question->role != CNV_ASKED || question->column == CNV_NONE)
		return false;
	step->kind = CNV_STEP_QUESTION;
	verdict = cnv_interview_verdict(in, stop->entry, id);
	return verdict == CNV_BLANK || verdict == CNV_MISSING; /* else already answered, or not asked */
}

cnv_status cnv_interview_next(cnv_interview *in, cnv_interview_step *step)
{
	cnv_status status = CNV_OK;

	while (in->depth && !status) {
		bool repeat = in->stops[in->depth - 1].repeat != CNV_NONE;
		if (repeat ? go_on_repeat(in, step, &status) : go_on_range(in, step))
			return CNV_OK;
	}
	*step = (cnv_interview_step){ .kind = CNV_STEP_END };
	return status;
}

cnv_status cnv_interview_another(cnv_interview *in, bool wanted)
{
	if (wanted)
		return begin_entry(in);
	in->depth--;
	return CNV_OK;
}

/* ---------------------------------------------------------------- what is asked of the person */

const cnv_list *cnv_interview_list(const cnv_interview *in, cnv_question_id id)
{
	const cnv_form *form = in->form->form;
	const cnv_question *question = &form->questions[id];
	bool chosen = cnv_kind_is_select(question->kind);

	return chosen && question->list != CNV_NONE ? cnv_list_known(&form->lists[question->list]) : NULL;
}

cnv_status cnv_interview_choices(cnv_interview *in, const cnv_interview_step *step, const uint64_t **offered)
{
	const cnv_list *list = cnv_interview_list(in, step->question);
	uint64_t *bits = cnv_arena_array(&in->scratch, CNV_BIT_WORDS(list->count) + 1, sizeof *bits);

	*offered = bits;
	if (!bits)
		return CNV_NO_MEMORY;
	return cnv_plan_choices(in->form->plan, in->batch, step->question, in->entries[step->entry].row, &in->world,
				&in->scratch, bits);
}

cnv_str cnv_interview_codes(cnv_interview *in, const cnv_list *list, cnv_str typed)
{
	cnv_text codes = { 0 };
	cnv_str word, result;

	if (cnv_list_find(list, typed) != CNV_NONE)
		return typed;
	for (cnv_str rest = typed; cnv_str_word(&rest, &word);) {
		int64_t number;
		if (cnv_list_find(list, word) == CNV_NONE && cnv_integer_read(word, &number) && number >= 1 &&
		    number <= (int64_t)list->count)
			word = list->choices[number - 1].name;
		if (codes.len)
			cnv_text_put_char(&codes, ' ');
		cnv_text_put(&codes, word);
	}
	result = cnv_arena_copy(&in->texts, cnv_text_str(&codes));
	cnv_text_fini(&codes);
	return result;
}

bool cnv_interview_stands(const cnv_interview *in, const cnv_interview_step *step)
{
	cnv_verdict verdict = cnv_interview_verdict(in, step->entry, step->question);

	return verdict != CNV_UNREADABLE && verdict != CNV_NOT_A_CHOICE && verdict != CNV_AGAINST_CONSTRAINT &&
	       verdict != CNV_MISSING;
}

cnv_attribution cnv_interview_owner(const cnv_interview *in, cnv_str given, const cnv_roster *roster)
{
	cnv_str code;

	return cnv_attribute(in->batch, 0, given, roster, CNV_STR("interview"), &code, NULL);
}

/* ---------------------------------------------------------------- the whole */

cnv_status cnv_interview_write(cnv_interview *in, cnv_text *csv)
{
	const cnv_form *form = in->form->form;

	cnv_arena_reset(&in->scratch);
	cnv_csv_put_head(csv, false);
	for (uint32_t i = 0; i < in->answer_count; i++) {
		const cnv_interview_answer *answer = &in->answers[i];
		const cnv_interview_entry *entry = &in->entries[answer->entry];
		const cnv_question *question = &form->questions[answer->question];
		if (!answer->text.len)
			continue;
		cnv_csv_put_answer(csv,
				   &(cnv_csv_answer){ .path = cnv_cell_path(in->batch, entry->table, entry->row,
									    answer->question, &in->scratch),
						      .number = question->qno,
						      .label = cnv_question_title(form, question, in->form->language),
						      .answer = answer->text });
	}
	return csv->failed || in->scratch.failed ? CNV_NO_MEMORY : CNV_OK;
}
