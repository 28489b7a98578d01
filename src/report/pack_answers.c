/* Answers, findings and remarks that a pack is filled in with. */
#include "report/pack_answers.h"

#include <math.h>

#include "report/pack_formulas.h"
#include "report/pack_text.h"

#define LONGEST_STATE 140u /* UTF-16 units of a message next to an answer, so that its row is not too high */

cnv_verdict pack_verdict(const pack_plan *plan, cnv_question_id id, uint32_t row)
{
	const cnv_question *question = &plan->form->questions[id];

	if (!plan->pack->batch || question->column == CNV_NONE)
		return CNV_BLANK;
	return (cnv_verdict)plan->pack->batch->tables[question->table].columns[question->column].verdicts[row];
}

const cnv_column *pack_column(const pack_plan *plan, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];

	return plan->pack->batch ? &plan->pack->batch->tables[question->table].columns[question->column] : NULL;
}

bool pack_is_chosen(const pack_plan *plan, cnv_question_id id, uint32_t choice, uint32_t row)
{
	const cnv_column *column = pack_column(plan, id);

	return column && column->sets && cnv_bit(column->understood, row) &&
	       cnv_bit(column->sets + (size_t)row * column->words, choice);
}

bool pack_is_whole(const pack_plan *plan, cnv_question_id id, uint32_t row)
{
	const cnv_column *column = pack_column(plan, id);

	return column && cnv_bit(column->answered, row) && !cnv_bit(column->understood, row);
}

bool pack_is_locked(const pack_plan *plan, cnv_question_id id)
{
	const cnv_column *column = pack_column(plan, id);

	/* The respondent's identity is prefilled and locked: a change would assign the answers to another
	 * respondent. */
	if (id == plan->form->respondent && column && cnv_bit(column->answered, plan->pack->row))
		return true;
	return cnv_yes_no_read(plan->form->questions[id].read_only.text) == CNV_YES;
}

static cnv_look look_of(const cnv_question *question)
{
	switch (cnv_kind_value(question->kind)) {
	case CNV_VALUE_NUMBER:
		return CNV_LOOK_FILL_NUMBER;
	case CNV_VALUE_DAY:
		return CNV_LOOK_FILL_DAY;
	case CNV_VALUE_TIME:
		return CNV_LOOK_FILL_TIME;
	case CNV_VALUE_MOMENT:
		return CNV_LOOK_FILL_MOMENT;
	case CNV_VALUE_TEXT:
	case CNV_VALUE_CHOICE:
	case CNV_VALUE_SET:
		break;
	}
	return CNV_LOOK_FILL;
}

cnv_cell pack_answer(const pack_plan *plan, cnv_question_id id, uint32_t row)
{
	const cnv_question *question = &plan->form->questions[id];
	const cnv_column *column = pack_column(plan, id);
	cnv_cell cell = { .look = pack_is_locked(plan, id) ? CNV_LOOK_LOCKED : look_of(question) };

	if (!column || !cnv_bit(column->answered, row))
		return cell;
	bool understood = cnv_bit(column->understood, row);
	cell.text = cnv_column_text(column, row);
	if (!understood)
		return cell;
	if (column->choices && plan->shown[question->list]) {
		if (column->choices[row] != CNV_NONE)
			cell.text = plan->shown[question->list][column->choices[row]];
	} else if (column->numbers && fabs(column->numbers[row]) < 1e15) {
		/* Spreadsheets keep 15 digits; longer numbers remain text. */
		cell.kind = CNV_CELL_NUMBER;
		cell.number = column->numbers[row];
	} else if (column->days && question->kind == CNV_DATE && cnv_day_date(column->days[row]).year > 1900) {
		cell.kind = CNV_CELL_DAY;
		cell.day = column->days[row];
	}
	return cell;
}

const cnv_finding *pack_wrong(const pack_plan *plan, uint32_t table, uint32_t row, cnv_question_id id)
{
	for (uint32_t at = plan->first_wrong[id]; at != CNV_NONE; at = plan->next_wrong[at])
		if (plan->pack->findings[at].table == table && plan->pack->findings[at].row == row)
			return &plan->pack->findings[at];
	return NULL;
}

bool cnv_pack_confirms(const cnv_pack *pack, const cnv_column *column, uint32_t row)
{
	return pack->confirm && cnv_bit(column->answered, row) && column->question != pack->form->respondent &&
	       cnv_yes_no_read(pack->form->questions[column->question].read_only.text) != CNV_YES;
}

bool pack_is_to_confirm(const pack_plan *plan, cnv_question_id id, uint32_t row)
{
	const cnv_column *column = pack_column(plan, id);

	return column && cnv_pack_confirms(plan->pack, column, row);
}

cnv_str cnv_pack_still_right(const cnv_form *form, uint32_t language)
{
	return cnv_str_from(pack_words(cnv_pack_tag(form, language))[WORD_STILL]);
}

cnv_str cnv_pack_still_right_hint(const cnv_form *form, uint32_t language)
{
	return cnv_str_from(pack_words(cnv_pack_tag(form, language))[WORD_TICK]);
}

cnv_str cnv_pack_uncarried(const cnv_pack *pack, uint32_t table, uint32_t row, cnv_question_id question,
			   cnv_arena *arena)
{
	cnv_str found = { 0 };

	for (uint32_t i = 0; i < pack->uncarried_count; i++) {
		const cnv_uncarried *gone = &pack->uncarried[i];

		if (gone->question != question || gone->row != row || gone->table != table)
			continue;
		if (found.len)
			found = cnv_arena_format(arena, "%.*s; %.*s", CNV_ARG(found), CNV_ARG(gone->text));
		else
			found = cnv_arena_format(arena, "%s %.*s",
						 pack_words(cnv_pack_tag(pack->form, pack->language))[WORD_BEFORE],
						 CNV_ARG(gone->text));
	}
	return found;
}

/* Codes of choices as their labels. */
static cnv_str title_choices(const pack_plan *plan, cnv_question_id id, cnv_str codes)
{
	const cnv_list *list = &plan->form->lists[plan->form->questions[id].list];
	cnv_text out = { 0 };
	cnv_str word, text;

	while (cnv_str_word(&codes, &word)) {
		uint32_t choice = cnv_list_find(list, word);

		text = choice == CNV_NONE ? word
					  : pack_text(plan, cnv_choice_title(plan->form, &list->choices[choice],
									     plan->pack->language));
		cnv_text_format(&out, "%s%.*s", out.len ? "; " : "", CNV_ARG(text));
	}
	text = cnv_arena_copy(plan->arena, cnv_text_str(&out));
	plan->arena->failed |= out.failed;
	cnv_text_fini(&out);
	return text;
}

cnv_str pack_uncarried(const pack_plan *plan, cnv_question_id id, uint32_t row)
{
	const cnv_pack *pack = plan->pack;
	cnv_text out = { 0 };
	cnv_str found = { 0 };

	for (uint32_t i = 0; i < pack->uncarried_count; i++) {
		const cnv_uncarried *gone = &pack->uncarried[i];
		cnv_str text = gone->text;

		if (gone->question != id || gone->row != row)
			continue;
		if (pack_is_listed(plan->form, &plan->form->questions[id]))
			text = title_choices(plan, id, text);
		cnv_text_format(&out, "%s%.*s", out.len ? "; " : "", CNV_ARG(text));
	}
	if (out.len)
		found = cnv_arena_format(plan->arena, "%s %.*s", plan->words[WORD_BEFORE], CNV_ARG(cnv_text_str(&out)));
	plan->arena->failed |= out.failed;
	cnv_text_fini(&out);
	return found;
}

static cnv_str join(const pack_plan *plan, cnv_str found, cnv_str more)
{
	if (!found.len || cnv_str_equal(found, more))
		return more;
	return cnv_arena_format(plan->arena, "%.*s\n%.*s", CNV_ARG(found), CNV_ARG(more));
}

cnv_str pack_remark(const pack_plan *plan, uint32_t table, uint32_t row, cnv_question_id id)
{
	const cnv_batch *batch = plan->pack->batch;
	cnv_str found = { 0 };

	for (uint32_t i = 0; batch && i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		if (remark->question == id && remark->row == row && remark->table == table)
			found = join(plan, found, remark->text);
	}
	return found;
}

cnv_str pack_other_remarks(const pack_plan *plan)
{
	const cnv_batch *batch = plan->pack->batch;
	cnv_str found = { 0 };

	for (uint32_t i = 0; batch && i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		cnv_question_id id = remark->question;
		bool placed = id < plan->form->count && plan->spots[id].sheet != CNV_NONE &&
			      pack_is_asked(&plan->form->questions[id]);

		if (!placed && cnv_batch_owner(batch, remark->table, remark->row, 0) == plan->pack->row)
			found = join(plan, found, remark->text);
	}
	return found;
}

/* ---------------------------------------------------------------- unusual answers */

cnv_str pack_unusual_text(const pack_plan *plan, cnv_question_id id)
{
	cnv_str message = pack_warning(plan, id);

	return message.len && cnv_utf16_length(message) <= LONGEST_STATE ? message : pack_word_str(plan, WORD_CHECK);
}

bool pack_is_unusual(const pack_plan *plan, cnv_question_id id, uint32_t row)
{
	return pack_verdict(plan, id, row) == CNV_ACCEPTED && !pack_holds(plan, id, &plan->form->questions[id].warning);
}
