/* Answers that are no value of their kind, but whose history shows: a number with a unit of its own, a number that a
 * spreadsheet turned into a date, a day that does not exist. */
#include "check/judging.h"

#include <math.h>

static bool is_numeric(cnv_kind kind)
{
	return kind == CNV_INTEGER || kind == CNV_DECIMAL;
}

/* "USD 5" where the question does not mention dollars.  The number is read if it is written as in the form. */
static bool has_other_unit(const cnv_form *form, const cnv_question *question, cnv_str text, cnv_united *united,
			   cnv_arena *arena)
{
	return cnv_unit_split(text, united) && united->unit.len && cnv_unit_is_known(united->unit, arena) &&
	       !cnv_unit_is_mentioned(form, question, united->unit, arena);
}

uint16_t cnv_unreadable_code(cnv_judging *judging, const cnv_column *column, uint32_t row)
{
	const cnv_form *form = judging->plan->form;
	cnv_str text = cnv_str_trim_unicode(cnv_column_text(column, row));
	cnv_originals originals;
	cnv_united united;

	if (!is_numeric(column->kind))
		return CNV_ANSWER_UNREADABLE;
	cnv_number_originals(text, column->kind, &originals);
	if (originals.count)
		return CNV_NUMBER_MADE_DATE;
	cnv_arena_reset(&judging->temp);
	return has_other_unit(form, &form->questions[column->question], text, &united, &judging->temp)
		       ? CNV_OTHER_UNIT
		       : CNV_ANSWER_UNREADABLE;
}

/* ---------------------------------------------------------------- words */

static void word_made_date(const cnv_originals *originals, cnv_str text, cnv_diag *diag, cnv_arena *arena)
{
	if (originals->count == 1) {
		diag->message =
			cnv_arena_format(arena, "\"%.*s\" was probably %s before a spreadsheet read it as a date",
					 CNV_ARG(text), originals->at[0]);
		diag->hint = cnv_arena_format(arena, "format the cell as a number and write %s", originals->at[0]);
		return;
	}
	diag->message = cnv_arena_format(arena, "\"%.*s\" was probably %s or %s before a spreadsheet read it as a date",
					 CNV_ARG(text), originals->at[0], originals->at[1]);
	diag->hint = CNV_STR("format the cell as a number and write it again");
}

static void word_other_unit(const cnv_united *united, cnv_str text, cnv_diag *diag, cnv_arena *arena)
{
	const char *sign = united->negative ? "-" : "";
	char share[CNV_NUMBER_ROOM];
	double number;

	diag->message =
		cnv_arena_format(arena, "\"%.*s\" has a unit that the question does not mention", CNV_ARG(text));
	if (cnv_unit_is_percent(united->unit, arena) && cnv_number_read(united->number, &number)) {
		diag->hint = cnv_arena_format(
			arena, "write %s%.*s if the question asks for per cent, or %s%.*s if it asks for a share", sign,
			CNV_ARG(united->number), sign,
			CNV_ARG(((cnv_str){ share, cnv_number_write(cnv_number_round(number / 100, 15), share) })));
		return;
	}
	diag->hint = CNV_STR("convert it to the unit that the question asks for, and write the number alone");
}

static bool is_digits(cnv_str text, size_t from, size_t upto, int *number)
{
	*number = 0;
	for (size_t i = from; i < upto; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*number = *number * 10 + (text.at[i] - '0');
	}
	return true;
}

/* 2026-02-30: "February 2026 has 28 days". */
static void word_no_such_day(cnv_str text, cnv_diag *diag, cnv_arena *arena)
{
	static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
					      "July",    "August",   "September", "October", "November", "December" };
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, last;

	if (text.len < CNV_DAY_ROOM - 1 || text.at[4] != '-' || text.at[7] != '-' || !is_digits(text, 0, 4, &year) ||
	    !is_digits(text, 5, 7, &month) || !is_digits(text, 8, 10, &day) || month < 1 || month > 12 || day < 1)
		return;
	last = lengths[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
	if (day <= last)
		return;
	diag->message = cnv_arena_format(arena, "\"%.*s\" does not exist: %s %d has %d days", CNV_ARG(text),
					 months[month - 1], year, last);
	diag->hint = CNV_STR("write the day that is meant, as in 2026-09-30");
}

void cnv_word_unreadable(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_form *form = judging->plan->form;
	const cnv_question *question = &form->questions[event->question];
	cnv_str text = cnv_str_trim_unicode(diag->excerpt);
	cnv_originals originals;
	cnv_united united;

	if (question->kind == CNV_DATE || question->kind == CNV_DATETIME) {
		word_no_such_day(text, diag, arena);
	} else if (event->code == CNV_NUMBER_MADE_DATE) {
		cnv_number_originals(text, question->kind, &originals);
		if (originals.count)
			word_made_date(&originals, text, diag, arena);
	} else if (event->code == CNV_OTHER_UNIT && cnv_unit_split(text, &united)) {
		word_other_unit(&united, text, diag, arena);
	}
}
