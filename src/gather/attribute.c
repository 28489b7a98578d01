/* Who answered.
 *
 * The identifying question of the form decides. A form without one may have a question `respondent`, `instanceID` or
 * `KEY`, or the file may contain the identity that a survey tool gave the record; the code given on the command line
 * comes last. With a roster, only its respondents are accepted.
 */
#include "canvass/gather.h"

/* Maximum bytes of a respondent code if there is no roster. */
#define MOST_CODE 200u

static bool holds_answer(const cnv_form *form, cnv_question_id id)
{
	return id < form->count && !form->questions[id].table && form->questions[id].column != CNV_NONE;
}

bool cnv_is_rootless(const cnv_form *form)
{
	for (uint32_t i = 0; i < form->tables[0].count; i++)
		if (form->questions[form->tables[0].columns[i]].role == CNV_ASKED)
			return false;
	return form->table_count > 1;
}

cnv_question_id cnv_identifying_question(const cnv_form *form)
{
	static const char *const names[] = { "respondent", "instanceID", "KEY" };

	if (form->respondent != CNV_NONE)
		return holds_answer(form, form->respondent) ? form->respondent : CNV_NONE;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		cnv_question_id id = cnv_form_find(form, cnv_str_from(names[i]));

		if (holds_answer(form, id))
			return id;
	}
	return CNV_NONE;
}

static bool is_misaligned(const cnv_batch *batch, uint32_t row)
{
	uint32_t from = 0, upto = batch->misaligned_count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (batch->misaligned[middle] < row)
			from = middle + 1;
		else
			upto = middle;
	}
	return from < batch->misaligned_count && batch->misaligned[from] == row;
}

static bool is_usable_code(cnv_str code)
{
	if (code.len > MOST_CODE)
		return false;
	for (size_t i = 0; i < code.len; i++)
		if ((unsigned char)code.at[i] < ' ' || code.at[i] == 0x7f)
			return false;
	return true;
}

static void add_ledger(const cnv_batch *batch, uint32_t row, const cnv_column *column, cnv_str source, cnv_str from,
		       cnv_str to, cnv_ledger *ledger)
{
	const cnv_table *table = &batch->tables[0];
	cnv_ledger_entry entry = { .row = row, .question = CNV_NONE, .from = from, .to = to };

	if (!ledger)
		return;
	ledger->count++;
	if (!ledger->emit)
		return;
	entry.why = "respondent's name converted to the code";
	entry.place = (cnv_place){ .source = source };
	if (column) {
		entry.place.row = cnv_row_line(table, column, row);
		entry.place.column = column->source_column;
		entry.question = column->question;
		if (column->question != CNV_NONE) {
			const cnv_question *question = &batch->form->questions[column->question];

			entry.path = question->answer_path;
			entry.place = cnv_batch_place(batch, 0, question->column, row, entry.place.row, source);
		}
	}
	ledger->emit(ledger->self, &entry);
}

static const cnv_choice *choice_of(const cnv_batch *batch, const cnv_column *column, uint32_t row)
{
	if (column->kind != CNV_CHOICE || column->list == CNV_NONE || !cnv_bit(column->understood, row) ||
	    column->choices[row] == CNV_NONE)
		return NULL;
	return &batch->form->lists[column->list].choices[column->choices[row]];
}

/* The cell has a value, though perhaps not a valid code. */
static bool names_somebody(const cnv_column *column, uint32_t row)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	return verdict != CNV_DUPLICATE && verdict != CNV_NOT_APPLICABLE && verdict != CNV_DO_NOT_KNOW &&
	       verdict != CNV_WITHHELD;
}

cnv_attribution cnv_attribute(const cnv_batch *batch, uint32_t row, cnv_str given, const cnv_roster *roster,
			      cnv_str source, cnv_str *code, cnv_ledger *ledger)
{
	const cnv_form *form = batch->form;
	cnv_question_id who = cnv_identifying_question(form);
	const cnv_column *column = &batch->identity;
	const cnv_choice *choice;
	cnv_str came, said;
	uint32_t found;

	*code = (cnv_str){ 0 };
	if (is_misaligned(batch, row))
		return CNV_MISALIGNED;
	if (who != CNV_NONE)
		column = &batch->tables[0].columns[form->questions[who].column];
	choice = choice_of(batch, column, row);
	came = names_somebody(column, row) ? cnv_cell_trim(cnv_column_text(column, row)) : (cnv_str){ 0 };
	if (!came.len && form->respondent == CNV_NONE) {
		came = cnv_cell_trim(given);
		column = NULL;
	}
	said = came.len && choice ? choice->name : came;
	if (!said.len)
		return CNV_NO_RESPONDENT;
	if (!roster) {
		*code = said;
		return is_usable_code(said) ? CNV_ATTRIBUTED : CNV_BAD_CODE;
	}
	found = cnv_roster_find(roster, said, batch->scratch);
	for (uint32_t i = 0; found == CNV_NONE && choice && i < form->language_count; i++)
		if (choice->label.at[i].len)
			found = cnv_roster_find(roster, choice->label.at[i], batch->scratch);
	if (found == CNV_NONE) {
		*code = said;
		return CNV_UNKNOWN_RESPONDENT;
	}
	*code = roster->respondents[found].code;
	if (!cnv_str_equal(*code, said))
		add_ledger(batch, row, column, source, came, *code, ledger);
	return CNV_ATTRIBUTED;
}
