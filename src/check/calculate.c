/* Calculations: the values of a formula put into a column, as if the file held them.
 *
 * The file's own value is kept where the formula has another value each time it is run (now(), once(), random()), where
 * it cannot be evaluated, and where it is a missing-value word; else the formula's value is used, and a difference is
 * reported.  NaN is no answer.
 */
#include "check/judging.h"

#include <math.h>
#include <string.h>

struct filling {
	cnv_judging *judging;
	const cnv_table *table;
	cnv_column *column;
	const cnv_vector *values;
	const uint64_t *asked;
	bool keeps; /* the formula is volatile or has a trigger: an answer in the file stays */
};

/* The text that the value of one row is stored as. */
static cnv_str value_text(const struct filling *filling, uint32_t row)
{
	char digits[CNV_DAY_ROOM];
	double number;

	if (filling->values->type != CNV_T_NUMBER)
		return cnv_value_string(filling->values, row, &filling->judging->temp);
	number = cnv_value_number(filling->values, row);
	if (isnan(number))
		return (cnv_str){ 0 };
	if (filling->column->kind == CNV_DATE && fabs(number) < 2e6)
		return cnv_arena_copy(&filling->judging->temp,
				      (cnv_str){ digits, cnv_day_write((int32_t)floor(number), digits) });
	if (filling->column->kind == CNV_INTEGER && fabs(number) < 1e15) {
		struct cnv_vector whole = { .type = CNV_T_NUMBER, .numbers = &number };

		number = trunc(number);
		return cnv_value_string(&whole, 0, &filling->judging->temp);
	}
	return cnv_value_string(filling->values, row, &filling->judging->temp);
}

static bool same_value(cnv_str a, cnv_str b)
{
	double one, other;

	return cnv_str_equal(a, b) || (cnv_number_read(a, &one) && cnv_number_read(b, &other) && one == other);
}

/* Names ticked in `text`, as bits; false when one is not in the list. */
static bool read_choices(const cnv_list *list, uint32_t words, cnv_str text, uint64_t *set)
{
	cnv_str word;

	memset(set, 0, words * sizeof *set);
	while (cnv_str_word(&text, &word)) {
		uint32_t choice = cnv_list_find(list, word);

		if (choice == CNV_NONE || choice / 64 >= words)
			return false;
		cnv_bit_set(set, choice);
	}
	return true;
}

/* Reads a calculated text into the typed value; the verdict is the one that settling would have set. */
static cnv_verdict type_value(const struct filling *filling, uint32_t row, cnv_str text)
{
	cnv_column *column = filling->column;
	const cnv_form *form = filling->judging->plan->form;
	const cnv_list *list = column->list == CNV_NONE ? NULL : &form->lists[column->list];
	cnv_instant instant;
	int32_t offset;
	bool zoned;

	switch (cnv_kind_value(column->kind)) {
	case CNV_VALUE_NUMBER:
		return cnv_number_read(text, &column->numbers[row]) ? CNV_ACCEPTED : CNV_UNREADABLE;
	case CNV_VALUE_DAY:
		/* now() and date-time() calculate an instant; a date keeps its day */
		return cnv_day_read(cnv_str_slice(text, 0, CNV_DAY_ROOM - 1), &column->days[row]) ? CNV_ACCEPTED
												  : CNV_UNREADABLE;
	case CNV_VALUE_TIME:
		return cnv_time_read(text, &column->days[row], &offset, &zoned) ? CNV_ACCEPTED : CNV_UNREADABLE;
	case CNV_VALUE_MOMENT:
		if (!cnv_instant_read(text, filling->judging->world->now.utc_offset, &instant))
			return CNV_UNREADABLE;
		column->moments[row] = instant.utc_ms;
		return CNV_ACCEPTED;
	case CNV_VALUE_CHOICE:
		column->choices[row] = list && !list->open ? cnv_list_find(list, text) : CNV_NONE;
		list = list ? cnv_list_known(list) : NULL;
		return !list || cnv_list_find(list, text) != CNV_NONE ? CNV_ACCEPTED : CNV_NOT_A_CHOICE;
	case CNV_VALUE_SET:
		return !list || list->open ||
				       read_choices(list, column->words, text,
						    column->sets + (size_t)row * column->words)
			       ? CNV_ACCEPTED
			       : CNV_NOT_A_CHOICE;
	case CNV_VALUE_TEXT:
		break;
	}
	return CNV_ACCEPTED;
}

static void set_bit(uint64_t *bits, uint32_t at, bool value)
{
	if (value)
		cnv_bit_set(bits, at);
	else
		cnv_bit_clear(bits, at);
}

/* The text of one row from now on. */
static cnv_str fill_row(const struct filling *filling, uint32_t row)
{
	cnv_column *column = filling->column;
	cnv_str came = cnv_column_text(column, row), text;
	bool answered = cnv_bit(column->answered, row);
	uint8_t verdict = column->verdicts[row];
	/* A formula over data that is missing decides nothing: the file's value stays. */
	bool unsure = filling->values->unsure && cnv_bit(filling->values->unsure, row);
	bool word = verdict == CNV_NOT_APPLICABLE || verdict == CNV_DO_NOT_KNOW || verdict == CNV_WITHHELD;

	if (unsure || !cnv_bit(filling->asked, row) ||
	    (answered && (filling->keeps || word || verdict == CNV_DUPLICATE)))
		return came;
	text = value_text(filling, row);
	if (answered && same_value(came, text))
		return came;
	if (answered)
		cnv_judge_event(filling->judging,
				(cnv_event){ .line = cnv_row_line(filling->table, column, row),
					     .table = filling->table->index,
					     .row = row,
					     .question = column->question,
					     .code = CNV_NOT_AS_CALCULATED,
					     .verdict = CNV_ACCEPTED,
					     .text = cnv_arena_copy(filling->judging->scratch, came) });
	column->verdicts[row] = text.len ? (uint8_t)type_value(filling, row, text) : CNV_BLANK;
	set_bit(column->answered, row, text.len > 0);
	set_bit(column->understood, row, column->verdicts[row] == CNV_ACCEPTED);
	set_bit(column->usable, row, column->verdicts[row] == CNV_ACCEPTED);
	return text;
}

/* Rewrites the column's text: a row's length can have changed. */
static cnv_status fill_column(const struct filling *filling)
{
	cnv_column *column = filling->column;
	cnv_text *text = &filling->judging->text;

	cnv_text_reset(text);
	for (uint32_t row = 0; row < filling->table->rows; row++) {
		/* the old ends are still those of later rows */
		cnv_text_put(text, fill_row(filling, row));
		filling->judging->ends[row] = (uint32_t)text->len;
	}
	cnv_text_reset(&column->text);
	cnv_text_put(&column->text, cnv_text_str(text));
	if (text->failed || column->text.failed)
		return CNV_NO_MEMORY;
	memcpy(column->ends, filling->judging->ends, filling->table->rows * sizeof *column->ends);
	return CNV_OK;
}

cnv_status cnv_judge_calculation(cnv_judging *judging, cnv_question_id id)
{
	const cnv_plan *plan = judging->plan;
	const cnv_question *question = &plan->form->questions[id];
	cnv_table *table = &judging->batch->tables[question->table];
	const cnv_expr *expr = cnv_plan_rule(plan, id, CNV_SLOT_CALCULATION)->expr;
	cnv_vector values;
	struct filling filling = { .judging = judging,
				   .table = table,
				   .column = &table->columns[question->column],
				   .values = &values,
				   .asked = judging->asked[id],
				   .keeps = cnv_expr_is_volatile(expr) || question->trigger.text.len };

	if (!table->rows)
		return CNV_OK;
	cnv_arena_reset(&judging->temp);
	judging->ends = cnv_arena_array(&judging->temp, table->rows, sizeof *judging->ends);
	if (!judging->ends || cnv_expr_run(expr, judging->batch, table->index, 0, table->rows, NULL, judging->world,
					   &judging->temp, &values))
		return CNV_NO_MEMORY;
	return fill_column(&filling);
}
