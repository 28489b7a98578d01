/* paper_changes: what has changed since an earlier round or time: the sentences of the Summary, who moved from what to
 * what, and what could not be compared.  The rows are those of the sheet Changes. */
#include "report/changes.h"
#include "report/paper_desk.h"
#include "report/sayings.h"
#include "report/texts.h"

#define CUT 400u /* characters of a text; the annex has those of now whole */

/* The labels of choices: as they are ranked, or in the order of the form. */
static cnv_str labels_text(const cnv_desk *desk, const cnv_column *column, uint32_t row, cnv_arena *arena)
{
	const cnv_list *list = &desk->form->lists[column->list];
	cnv_str codes = cnv_cell_value(desk->form, column, row, arena), word, out;
	bool in_order = column->kind == CNV_CHOICES;
	cnv_text text = { 0 };

	for (uint32_t option = 0; in_order && option < list->count; option++)
		if (cnv_bit(column->sets + (size_t)row * column->words, option))
			cnv_text_format(
				&text, "%s%.*s", text.len ? "; " : "",
				CNV_ARG(cnv_choice_title(desk->form, &list->choices[option], desk->report->language)));
	while (!in_order && cnv_str_word(&codes, &word)) {
		uint32_t option = cnv_list_find(list, word);

		cnv_text_format(&text, "%s%.*s", text.len ? "; " : "",
				CNV_ARG(option == CNV_NONE ? word
							   : cnv_choice_title(desk->form, &list->choices[option],
									      desk->report->language)));
	}
	out = cnv_arena_copy(arena, cnv_text_str(&text));
	arena->failed |= text.failed;
	cnv_text_fini(&text);
	return out;
}

static cnv_str answer_text(const cnv_desk *desk, const cnv_column *column, uint32_t row, cnv_arena *arena)
{
	cnv_standing standing = cnv_verdict_standing((cnv_verdict)column->verdicts[row]);

	if (standing == CNV_STANDING_NOT_USABLE)
		return CNV_SAY(desk, arena, "not usable: {1}",
			       cnv_value_text(cnv_text_cut(cnv_column_text(column, row), CUT, arena)));
	if (standing != CNV_STANDING_ANSWERED)
		return cnv_say(desk, cnv_standing_words(standing));
	if (column->kind == CNV_DATE)
		return cnv_say_day(desk, arena, column->days[row]);
	if (column->list != CNV_NONE)
		return labels_text(desk, column, row, arena);
	return cnv_text_cut(cnv_cell_value(desk->form, column, row, arena), CUT, arena);
}

static cnv_str side_text(const cnv_changes *c, cnv_question_id question, const cnv_changed_person *person, bool now,
			 cnv_arena *arena)
{
	const cnv_question *asked = &c->desk->form->questions[question];
	uint32_t row = now ? person->paired.response : person->then;

	if (asked->role == CNV_REPEAT)
		return CNV_SAY(c->desk, arena, "{1} {1|entry|entries}",
			       cnv_value_count(now ? cnv_changes_entries_now(c, asked->table, row)
						   : cnv_changes_entries_then(c, asked->table, row)));
	return answer_text(c->desk,
			   now ? cnv_desk_column(c->desk, question)
			       : &c->earlier->batch->tables[0].columns[asked->column],
			   row, arena);
}

/* "JPN Japan" */
static cnv_str person_text(const cnv_changed_person *person, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s %.*s", CNV_ARG(person->paired.code), CNV_ARG(person->paired.name));
}

static void put_question(cnv_paper *paper, const cnv_changes *c, const cnv_changed_question *question)
{
	static const cnv_document_column columns[] = { { "Who", 34, false },
						       { "From", 33, false },
						       { "To", 33, false } };
	const cnv_document *to = paper->document;
	cnv_arena *step = &paper->desk.step;

	cnv_paper_question(paper, question->question);
	cnv_paper_table(paper, columns, 3, question->moved);
	for (uint32_t i = 0; i < c->count; i++) {
		const cnv_changed_person *person = &c->people[i];

		if (!cnv_changes_move(c, question->question, person).moved)
			continue;
		cnv_desk_next_step(&paper->desk);
		cnv_str cells[] = { person_text(person, step), side_text(c, question->question, person, false, step),
				    side_text(c, question->question, person, true, step) };
		to->row(to->self, &(cnv_document_row){ .cells = cells });
	}
	to->end_table(to->self);
}

/* Earlier answers that have no place in the form, and questions that are new. */
static void put_uncompared(cnv_paper *paper, const cnv_changes *c)
{
	static const cnv_document_column columns[] = {
		{ "Question", 30, false }, { "Who", 14, false }, { "Answer then", 26, false }, { "Why", 30, false }
	};
	const cnv_document *to = paper->document;
	cnv_arena *step = &paper->desk.step;

	if (!c->uncompared && !c->fresh_count)
		return;
	cnv_paper_say(paper, CNV_PASSAGE_SECTION, "Not compared");
	cnv_paper_table(paper, columns, 4, c->uncompared + c->fresh_count);
	for (uint32_t i = 0; i < c->earlier->uncompared_count; i++) {
		const cnv_uncompared *uncompared = &c->earlier->uncompared[i];

		if (!cnv_changes_lists(c, uncompared))
			continue;
		cnv_desk_next_step(&paper->desk);
		cnv_str cells[] = { uncompared->title, uncompared->respondent,
				    cnv_text_cut(uncompared->value, CUT, step),
				    cnv_say(&paper->desk, uncompared->why) };
		to->row(to->self, &(cnv_document_row){ .cells = cells });
	}
	for (uint32_t i = 0; i < c->fresh_count; i++) {
		cnv_str cells[] = { cnv_title_of(&paper->desk, c->fresh[i]), CNV_STR(""), CNV_STR(""),
				    cnv_say(&paper->desk, "the question was not asked then") };
		to->row(to->self, &(cnv_document_row){ .cells = cells });
	}
	to->end_table(to->self);
}

void cnv_paper_changes(cnv_paper *paper)
{
	const cnv_changes *c = paper->desk.changes;
	const cnv_document *to = paper->document;
	cnv_arena *step = &paper->desk.step;

	if (!c)
		return;
	cnv_desk_next_step(&paper->desk);
	to->part(to->self, CNV_NONE);
	cnv_paper_put(paper, CNV_PASSAGE_HEADING, CNV_STR(""),
		      CNV_SAY(&paper->desk, step, "Changes since {1}", cnv_value_text(cnv_changes_since(c, step))));
	cnv_paper_put(paper, CNV_PASSAGE_TEXT, CNV_STR(""), cnv_changes_sentences(c, step));
	for (uint32_t i = 0; i < c->question_count; i++)
		if (c->questions[i].moved)
			put_question(paper, c, &c->questions[i]);
	put_uncompared(paper, c);
	to->end_part(to->self);
	cnv_desk_next_step(&paper->desk);
}
