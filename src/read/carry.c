/* Answers to an older version of the form, rewritten for the current one.
 *
 * paths.c has found the question of the answer; here its text is carried over: the choice gets its current code, and
 * what changed, including the name of the question, is kept for the ledger. Only returns of an older version come here,
 * so a reader of choices is made for each cell that needs one.
 */
#include "read/choice.h"

static void keep(cnv_batch *batch, const cnv_column *column, uint32_t row, cnv_str from, cnv_str to, const char *why)
{
	cnv_carried carried = {
		.table = batch->form->questions[column->question].table,
		.row = row,
		.question = column->question,
		.from = from,
		.to = to,
		.why = why,
	};

	cnv_batch_carried(batch, &carried);
}

/* The current code of a choice; its old code if it is no longer offered, which settling reports. */
static cnv_str code_now(const cnv_recoding *recoding, const cnv_list *list, uint32_t choice)
{
	uint32_t now = recoding->now[choice];

	return now == CNV_NONE ? recoding->before->choices[choice].name : list->choices[now].name;
}

/* The codes of the choices that `text` names, separated by spaces; empty if it names none. */
static cnv_str recoded(cnv_choice_reader *reader, const cnv_recoding *recoding, const cnv_column *column,
		       const cnv_list *list, cnv_str text, cnv_arena *arena)
{
	cnv_text out = { 0 };
	cnv_str copy = { 0 };
	uint64_t *set;

	if (column->kind == CNV_CHOICE) {
		const cnv_choice_found *found = cnv_choice_read(reader, text);

		/* The text after "other:" must be kept. */
		return found->choice == CNV_NONE || found->rest.len ? copy : code_now(recoding, list, found->choice);
	}
	set = cnv_arena_array(arena, CNV_BIT_WORDS(recoding->before->count) + 1, sizeof *set);
	if (!set || !cnv_choices_read(reader, text, set) || reader->rest.len)
		return copy;
	for (uint32_t i = 0; i < reader->count; i++)
		cnv_text_format(&out, "%s%.*s", i ? " " : "", CNV_ARG(code_now(recoding, list, reader->picked[i])));
	copy = cnv_arena_copy(arena, cnv_text_str(&out));
	arena->failed |= out.failed;
	cnv_text_fini(&out);
	return copy;
}

static cnv_str recode(cnv_batch *batch, const cnv_recoding *recoding, const cnv_column *column, uint32_t row,
		      cnv_str text)
{
	const cnv_list *list = &batch->form->lists[column->list];
	cnv_arena scratch = { 0 };
	cnv_choice_reader reader;
	cnv_str trimmed = cnv_cell_trim(text), now;

	if (!trimmed.len)
		return text;
	cnv_choice_reader_init(&reader, batch->migration->before, recoding->before, false, &scratch);
	now = recoded(&reader, recoding, column, list, trimmed, &batch->arena);
	batch->failed |= reader.failed || scratch.failed || batch->arena.failed;
	cnv_choice_reader_fini(&reader);
	cnv_arena_fini(&scratch);
	if (!now.len || cnv_str_equal(now, trimmed))
		return text;
	keep(batch, column, row, cnv_arena_copy(&batch->arena, trimmed), now,
	     "choice code changed in this version of the form");
	return now;
}

static cnv_str carry(cnv_batch *batch, const cnv_column *column, uint32_t row, cnv_str text)
{
	const cnv_migration *migration = batch->migration;
	const cnv_question *question = &batch->form->questions[column->question], *was;
	const cnv_recoding *recoding = migration->recodings[column->question];

	if (migration->predecessor_of[column->question] == CNV_NONE)
		return text;
	was = &migration->before->questions[migration->predecessor_of[column->question]];
	if (!cnv_str_equal(was->name, question->name))
		keep(batch, column, row, was->answer_path, question->answer_path,
		     "question renamed in this version of the form");
	else if (!cnv_str_equal(was->path, question->path))
		keep(batch, column, row, was->path, question->path, "question moved in this version of the form");
	return recoding ? recode(batch, recoding, column, row, text) : text;
}

void cnv_carry_put(cnv_batch *batch, cnv_column *column, cnv_str text, uint32_t line)
{
	const cnv_question *question = &batch->form->questions[column->question];

	if (batch->migration && text.len)
		text = carry(batch, column, batch->tables[question->table].rows - 1, text);
	cnv_batch_put(batch, question->table, question->column, text, line);
}
