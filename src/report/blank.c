/* blank: responses in which nothing is answered.
 *
 * Each question counts them as returned blank, and in no other state, together with the returns from which no response
 * was made.  Who a response is from is no answer; a remark is one. */
#include "canvass/gather.h"
#include "canvass/report.h"

typedef struct search {
	const cnv_form *form;
	cnv_question_id who; /* identifies the respondent */
	const cnv_table *table;
} search;

static bool is_asked(const search *s, const cnv_column *column)
{
	return column->question != s->who && s->form->questions[column->question].role == CNV_ASKED;
}

/* By verdicts: a batch that is only counted has no texts. */
static bool has_answer(const search *s, uint32_t row)
{
	for (uint32_t c = 0; c < s->table->count; c++) {
		uint8_t verdict = s->table->columns[c].verdicts[row];

		if (verdict != CNV_BLANK && verdict != CNV_MISSING && verdict != CNV_NOT_ASKED &&
		    is_asked(s, &s->table->columns[c]))
			return true;
	}
	return false;
}

void cnv_blank_find(cnv_reported *responses, const cnv_batch *batch)
{
	search s = { batch->form, cnv_identifying_question(batch->form), NULL };

	for (uint32_t row = 0; row < batch->tables[0].rows; row++)
		responses[row].blank = true;
	for (uint32_t t = 0; t < batch->table_count; t++) {
		s.table = &batch->tables[t];
		for (uint32_t row = 0; row < s.table->rows; row++) {
			cnv_reported *response = &responses[cnv_batch_owner(batch, t, row, 0)];

			if (response->blank && has_answer(&s, row))
				response->blank = false;
		}
	}
	for (uint32_t i = 0; i < batch->remark_count; i++)
		responses[cnv_batch_owner(batch, batch->remarks[i].table, batch->remarks[i].row, 0)].blank = false;
}

void cnv_blank_mark(cnv_batch *batch, const cnv_reported *responses)
{
	for (uint32_t t = 0; t < batch->table_count; t++) {
		const cnv_table *table = &batch->tables[t];

		for (uint32_t row = 0; row < table->rows; row++)
			if (responses[cnv_batch_owner(batch, t, row, 0)].blank)
				for (uint32_t c = 0; c < table->count; c++)
					table->columns[c].verdicts[row] = CNV_RETURN_BLANK;
	}
}
