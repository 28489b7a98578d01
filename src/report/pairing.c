/* pairing: matches the current responses to the roster.
 *
 * Each respondent of the roster has one line, in roster order; respondents outside the roster follow, so that no
 * answers are dropped.  Without a roster only those who answered are listed. */
#include "report/texts.h"

#include <stdlib.h>

cnv_str cnv_desk_name(const cnv_desk *desk, cnv_str code)
{
	const cnv_form *form = desk->form;
	const cnv_list *list;
	uint32_t choice;

	if (form->respondent == CNV_NONE || form->questions[form->respondent].list == CNV_NONE)
		return code;
	list = &form->lists[form->questions[form->respondent].list];
	choice = cnv_list_find(list, code);
	return choice == CNV_NONE ? code : cnv_choice_title(form, &list->choices[choice], desk->report->language);
}

static void add_row(cnv_desk *desk, cnv_str code, cnv_str name, uint32_t listed, uint32_t response)
{
	cnv_pairing *pairing = &desk->pairing;
	cnv_paired *paired = &pairing->rows[pairing->count];

	*paired = (cnv_paired){ code, name, listed, response, true, false };
	if (response != CNV_NONE) {
		paired->by_name = desk->report->responses[response].shown == CNV_SHOWN_NAMED;
		paired->blank = desk->report->responses[response].blank;
	} else if (desk->report->replies && listed != CNV_NONE) {
		paired->blank = desk->report->replies[listed].blank;
	}
	pairing->withheld += !paired->by_name;
	cnv_map_put(&pairing->by_code, code, pairing->count++);
}

static bool pair(cnv_desk *desk)
{
	const cnv_report *report = desk->report;
	const cnv_roster *roster = report->roster;
	uint32_t responses = report->batch->tables[0].rows, asked = roster ? roster->count : 0;
	cnv_map answered = { 0 };
	uint64_t *taken = cnv_arena_array(desk->arena, CNV_BIT_WORDS(responses) + 1, sizeof *taken);

	desk->pairing.rows = cnv_arena_array(desk->arena, (size_t)responses + asked + 1, sizeof *desk->pairing.rows);
	if (!taken || !desk->pairing.rows)
		return false;
	for (uint32_t r = 0; r < responses; r++)
		cnv_map_put(&answered, report->responses[r].respondent, r);
	for (uint32_t i = 0; i < asked; i++) {
		uint32_t response = cnv_map_find(&answered, roster->respondents[i].code);

		add_row(desk, roster->respondents[i].code, roster->respondents[i].name, i, response);
		if (response != CNV_NONE)
			cnv_bit_set(taken, response);
	}
	for (uint32_t r = 0; r < responses; r++)
		if (!cnv_bit(taken, r))
			add_row(desk, report->responses[r].respondent,
				cnv_desk_name(desk, report->responses[r].respondent), CNV_NONE, r);
	bool failed = answered.failed || desk->pairing.by_code.failed;
	cnv_map_fini(&answered);
	return !failed;
}

/* Entries by response, in their original order: a counting sort on the owner. */
static bool sort_entries(cnv_desk *desk, uint32_t table)
{
	const cnv_batch *batch = desk->report->batch;
	uint32_t responses = batch->tables[0].rows, rows = batch->tables[table].rows;
	cnv_entries *entries = &desk->pairing.entries[table];
	uint32_t *owners = cnv_arena_array(desk->arena, (size_t)rows + 1, sizeof *owners);

	entries->starts = cnv_arena_array(desk->arena, (size_t)responses + 2, sizeof *entries->starts);
	entries->rows = cnv_arena_array(desk->arena, (size_t)rows + 1, sizeof *entries->rows);
	if (!owners || !entries->starts || !entries->rows)
		return false;
	for (uint32_t row = 0; row < rows; row++) {
		owners[row] = cnv_batch_owner(batch, table, row, 0);
		entries->starts[owners[row] + 2]++;
	}
	for (uint32_t r = 0; r < responses; r++)
		entries->starts[r + 2] += entries->starts[r + 1];
	for (uint32_t row = 0; row < rows; row++)
		entries->rows[entries->starts[owners[row] + 1]++] = row;
	return true;
}

/* Remarks by question (the response as a whole last), then by row in their original order: sorted once by the index
 * that `at` uses. */
struct remark_key {
	cnv_question_id question;
	uint32_t row, index;
};

static int by_place(const void *a, const void *b)
{
	const struct remark_key *left = a, *right = b;

	if (left->question != right->question)
		return left->question < right->question ? -1 : 1;
	if (left->row != right->row)
		return left->row < right->row ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

static bool sort_remarks(cnv_desk *desk)
{
	const cnv_batch *batch = desk->report->batch;
	cnv_question_id whole = desk->form->count;
	struct remark_key *keys = cnv_arena_array(desk->arena, (size_t)batch->remark_count + 1, sizeof *keys);

	desk->pairing.remarks = cnv_arena_array(desk->arena, (size_t)batch->remark_count + 1, sizeof(uint32_t));
	desk->pairing.remark_ends = cnv_arena_array(desk->arena, (size_t)whole + 1, sizeof(uint32_t));
	if (!keys || !desk->pairing.remarks || !desk->pairing.remark_ends)
		return false;
	for (uint32_t i = 0; i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];

		keys[i] =
			(struct remark_key){ remark->question == CNV_NONE ? whole : remark->question, remark->row, i };
		desk->pairing.remark_ends[keys[i].question]++;
	}
	qsort(keys, batch->remark_count, sizeof *keys, by_place);
	for (uint32_t i = 0; i < batch->remark_count; i++)
		desk->pairing.remarks[i] = keys[i].index;
	for (cnv_question_id q = 1; q <= whole; q++)
		desk->pairing.remark_ends[q] += desk->pairing.remark_ends[q - 1];
	return true;
}

bool cnv_pairing_build(cnv_desk *desk)
{
	if (!desk->named)
		return true;
	desk->pairing.entries = cnv_arena_array(desk->arena, desk->form->table_count, sizeof *desk->pairing.entries);
	if (!desk->pairing.entries || !pair(desk) || !sort_remarks(desk))
		return false;
	for (uint32_t table = 1; table < desk->form->table_count; table++)
		if (!sort_entries(desk, table))
			return false;
	return true;
}

void cnv_pairing_fini(cnv_pairing *pairing)
{
	cnv_map_fini(&pairing->by_code);
}

bool cnv_desk_hide(cnv_desk *desk)
{
	const cnv_form *form = desk->form;
	cnv_privacy most = cnv_release_most_private(form, desk->report->audience);

	desk->privacy = cnv_release_privacy(form, desk->arena);
	desk->hidden = cnv_arena_array(desk->arena, (size_t)form->count + 1, sizeof *desk->hidden);
	if (!desk->privacy || !desk->hidden)
		return false;
	for (cnv_question_id q = 0; q < form->count; q++)
		desk->hidden[q] = desk->privacy[q] > most;
	return true;
}

uint32_t cnv_desk_response(const cnv_desk *desk, cnv_str code)
{
	uint32_t person = code.len && desk->named ? cnv_map_find(&desk->pairing.by_code, code) : CNV_NONE;

	return person == CNV_NONE ? CNV_NONE : desk->pairing.rows[person].response;
}

bool cnv_desk_shows(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	/* Metadata is filled in by a client and identifies its user and device. */
	return asked->column != CNV_NONE && !desk->hidden[question] &&
	       (asked->role == CNV_ASKED || asked->role == CNV_COMPUTED);
}

void cnv_desk_next_step(cnv_desk *desk)
{
	desk->failed |= desk->step.failed;
	cnv_arena_reset(&desk->step);
}

cnv_str cnv_desk_drafted(cnv_desk *desk, cnv_arena *arena)
{
	desk->failed |= desk->draft.failed;
	return cnv_arena_copy(arena, cnv_text_str(&desk->draft));
}

/* A repeat of the response itself: the Matrix has its number of entries. */
static bool is_first_repeat(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return asked->role == CNV_REPEAT && desk->form->tables[asked->table].parent == 0 && !desk->hidden[question];
}

const cnv_question_id *cnv_desk_questions(const cnv_desk *desk, uint32_t table, uint32_t *count, cnv_arena *arena)
{
	const cnv_form *form = desk->form;
	cnv_question_id *questions = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *questions);

	*count = 0;
	for (cnv_question_id q = 0; questions && q < form->count; q++)
		if ((form->questions[q].table == table && cnv_desk_shows(desk, q)) ||
		    (table == 0 && is_first_repeat(desk, q)))
			questions[(*count)++] = q;
	return questions;
}

const cnv_column *cnv_desk_column(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return &desk->report->batch->tables[asked->table].columns[asked->column];
}

bool cnv_desk_has_remarks(const cnv_desk *desk, cnv_question_id question)
{
	const uint32_t *ends = desk->pairing.remark_ends;
	cnv_question_id place = question == CNV_NONE ? desk->form->count : question;

	return ends[place] > (place ? ends[place - 1] : 0);
}

cnv_str cnv_desk_remark(cnv_desk *desk, cnv_question_id question, uint32_t row, cnv_arena *arena)
{
	const cnv_remark *all = desk->report->batch->remarks;
	const cnv_pairing *pairing = &desk->pairing;
	cnv_question_id place = question == CNV_NONE ? desk->form->count : question;
	uint32_t from = place ? pairing->remark_ends[place - 1] : 0, upto = pairing->remark_ends[place], end = upto;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (all[pairing->remarks[middle]].row < row)
			from = middle + 1;
		else
			upto = middle;
	}
	if (from == end || all[pairing->remarks[from]].row != row)
		return CNV_STR("");
	if (from + 1 == end || all[pairing->remarks[from + 1]].row != row)
		return all[pairing->remarks[from]].text;
	cnv_text_reset(&desk->draft);
	for (; from < end && all[pairing->remarks[from]].row == row; from++) {
		if (desk->draft.len)
			cnv_text_put_char(&desk->draft, '\n');
		cnv_text_put(&desk->draft, all[pairing->remarks[from]].text);
	}
	return cnv_desk_drafted(desk, arena);
}

cnv_str cnv_desk_entry(const cnv_desk *desk, uint32_t table, uint32_t row, cnv_arena *arena)
{
	const cnv_batch *batch = desk->report->batch;
	cnv_str text = { 0 };

	/* Each step goes to an enclosing table, so the number of steps is less than the number of tables. */
	for (uint32_t steps = 0; table != 0 && steps < desk->form->table_count; steps++) {
		const cnv_table *entries = &batch->tables[table];

		text = text.len ? cnv_arena_format(arena, "%u.%.*s", entries->positions[row], CNV_ARG(text))
				: cnv_arena_format(arena, "%u", entries->positions[row]);
		row = entries->parents[row];
		table = desk->form->tables[table].parent;
	}
	return text;
}

cnv_str cnv_desk_section(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_form *form = desk->form;
	cnv_question_id top = form->questions[question].parent;

	if (top == CNV_NONE)
		return CNV_STR("");
	while (form->questions[top].parent != CNV_NONE)
		top = form->questions[top].parent;
	return cnv_title_of(desk, top);
}
