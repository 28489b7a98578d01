/* The text after "other:" goes to the question that asks for it.
 *
 * "Other: ferry" answers two questions: the choice, which settle reads, and its text. The text is put into the column
 * of its own question if that is blank, and becomes a remark if it is not.
 */
#include "read/other.h"

/* Names of the question for the text: what comes before and after the name of the question with the list. */
static const struct naming {
	const char *before, *after;
} namings[] = { { "", "_other" }, { "", "_oth" }, { "", "_specify" }, { "", "_other_specify" }, { "other_", "" } };

void cnv_others_hold(cnv_others *others, cnv_question_id question, uint32_t row, cnv_str text)
{
	if (!cnv_mem_room((void **)&others->at, &others->room, others->count + 1, sizeof *others->at))
		others->failed = true;
	else
		others->at[others->count++] = (cnv_other){ .question = question, .row = row, .text = text };
}

void cnv_others_fini(cnv_others *others)
{
	cnv_mem_free(others->at);
	*others = (cnv_others){ 0 };
}

/* The text question for this one, NULL. */
static cnv_column *find_target(cnv_batch *batch, cnv_question_id id)
{
	const cnv_form *form = batch->form;
	const cnv_question *question = &form->questions[id];
	cnv_column *found = NULL;
	cnv_text name = { 0 };

	for (size_t i = 0; i < sizeof namings / sizeof namings[0] && !found; i++) {
		const cnv_question *beside;
		cnv_question_id target;

		cnv_text_reset(&name);
		cnv_text_format(&name, "%s%.*s%s", namings[i].before, CNV_ARG(question->name), namings[i].after);
		target = cnv_form_find(form, cnv_text_str(&name));
		beside = target < form->count ? &form->questions[target] : NULL;
		if (beside && beside->kind == CNV_TEXT && beside->role == CNV_ASKED && beside->column != CNV_NONE &&
		    beside->table == question->table)
			found = &batch->tables[beside->table].columns[beside->column];
	}
	batch->failed |= name.failed;
	cnv_text_fini(&name);
	return found;
}

static void remember(cnv_batch *batch, const cnv_table *table, const cnv_column *asked, const cnv_other *other)
{
	cnv_batch_remark(batch, table->index, other->row, asked->question, other->text,
			 cnv_row_line(table, asked, other->row));
}

/* Puts the texts of one question, by rising row, into the column for them. */
static void lay(cnv_batch *batch, cnv_column *asked, cnv_column *column, cnv_other *at, uint32_t count)
{
	const cnv_table *table = &batch->tables[batch->form->questions[asked->question].table];
	cnv_text text = { .limit = UINT32_MAX };
	uint32_t from = 0, next = 0;

	for (uint32_t row = 0; row < table->rows; row++) {
		cnv_str came = cnv_str_slice(cnv_text_str(&column->text), from, column->ends[row]);

		from = column->ends[row];
		for (; next < count && at[next].row == row; next++) {
			bool free = column->verdicts[row] == CNV_BLANK;

			if (!free && !cnv_str_equal(cnv_cell_trim(came), at[next].text))
				remember(batch, table, asked, &at[next]);
			if (!free)
				continue;
			came = at[next].text;
			at[next].moved = true;
			column->verdicts[row] = CNV_ACCEPTED;
			cnv_bit_set(column->answered, row);
			cnv_bit_set(column->understood, row);
			cnv_bit_set(column->usable, row);
			if (column->lines)
				column->lines[row] = cnv_row_line(table, asked, row);
		}
		cnv_text_put(&text, came);
		column->ends[row] = (uint32_t)text.len;
	}
	batch->failed |= text.failed;
	cnv_text_fini(&column->text);
	column->text = text;
}

/* They were collected by column, so those of one question are contiguous, rows rising. */
void cnv_others_lay(cnv_others *others, cnv_batch *batch)
{
	const cnv_form *form = batch->form;

	for (uint32_t i = 0, upto; i < others->count; i = upto) {
		const cnv_question *question = &form->questions[others->at[i].question];
		cnv_column *asked = &batch->tables[question->table].columns[question->column];
		cnv_column *column = find_target(batch, asked->question);

		for (upto = i; upto < others->count && others->at[upto].question == others->at[i].question; upto++) {
			/* The texts are in columns that are about to be rebuilt. */
			others->at[upto].text = cnv_arena_copy(&batch->arena, others->at[upto].text);
			others->at[upto].target = column ? column->question : CNV_NONE;
			if (!column)
				remember(batch, &batch->tables[question->table], asked, &others->at[upto]);
		}
		if (column && !batch->arena.failed)
			lay(batch, asked, column, &others->at[i], upto - i);
	}
	batch->failed |= batch->arena.failed;
}
