/* changes_sheet: the sheet Changes: who moved, the counts side by side, and what could not be compared. */
#include "report/cells.h"
#include "report/changes.h"
#include "report/options.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/texts.h"

enum { THEN, NOW };

/* A row of one of the three tables. */
struct record {
	cnv_option_row row; /* begins with the subject */
	const cnv_changes *changes;
	const cnv_changed_person *person; /* who moved; NULL: none */
	cnv_move move;
	double then, now;                 /* of a count */
	const cnv_uncompared *uncompared; /* NULL: the question is new */
};

/* ---------------------------------------------------------------- who moved */

static void fill_entries(cnv_page *page, cnv_cell *cell, uint32_t count)
{
	cell->text = cnv_count_entries(page->desk, &page->row_arena, count);
}

static void fill_answer(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_changes *c = row->changes;
	const cnv_question *asked = &c->desk->form->questions[row->row.subject.question];
	bool now = place->number == NOW;
	uint32_t response = now ? row->person->paired.response : row->person->then;

	if (asked->role == CNV_REPEAT) {
		fill_entries(page, cell,
			     now ? cnv_changes_entries_now(c, asked->table, response)
				 : cnv_changes_entries_then(c, asked->table, response));
		return;
	}
	cnv_answer_fill(page, cell,
			now ? cnv_desk_column(c->desk, row->row.subject.question)
			    : &c->earlier->batch->tables[0].columns[asked->column],
			response, true);
	cell->comment = (cnv_str){ 0 };
	if (!cell->text.len && cell->kind == CNV_CELL_TEXT)
		cell->text = cnv_say(page->desk, "no answer");
}

/* "+ Law; − Cost": what was ticked and what no longer is. */
static cnv_str ticks_text(cnv_page *page, const struct record *row, const cnv_column *then, const cnv_column *now)
{
	cnv_desk *desk = page->desk;
	const cnv_list *list = &desk->form->lists[now->list];
	const uint64_t *before = then->sets + (size_t)row->person->then * then->words;
	const uint64_t *after = now->sets + (size_t)row->person->paired.response * now->words;

	cnv_text_reset(&desk->draft);
	for (uint32_t added = 2; added-- > 0;)
		for (uint32_t option = 0; option < list->count; option++)
			if (cnv_bit(after, option) == added && cnv_bit(before, option) != added)
				cnv_text_format(&desk->draft, "%s%s %.*s", desk->draft.len ? "; " : "",
						added ? "+" : "−",
						CNV_ARG(cnv_choice_title(desk->form, &list->choices[option],
									 desk->report->language)));
	return cnv_desk_drafted(desk, &page->row_arena);
}

/* Of numbers and entries the difference, of several choices which; nothing where one side has no answer. */
static void fill_difference(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_changes *c = row->changes;
	const cnv_question *asked = &c->desk->form->questions[row->row.subject.question];
	const cnv_column *then, *now;

	(void)place;
	if (row->move.then != CNV_STANDING_ANSWERED || row->move.now != CNV_STANDING_ANSWERED)
		return;
	if (asked->role == CNV_REPEAT) {
		cell->look = CNV_LOOK_INTEGER;
		cnv_cell_number(page, cell,
				(double)cnv_changes_entries_now(c, asked->table, row->person->paired.response) -
					(double)cnv_changes_entries_then(c, asked->table, row->person->then));
		return;
	}
	then = &c->earlier->batch->tables[0].columns[asked->column];
	now = cnv_desk_column(c->desk, row->row.subject.question);
	if (now->numbers) {
		cell->look = CNV_LOOK_NUMBER;
		cnv_cell_number(page, cell,
				now->numbers[row->person->paired.response] - then->numbers[row->person->then]);
	} else if (now->sets && now->kind == CNV_CHOICES) {
		cell->text = ticks_text(page, row, then, now);
	}
}

static void lay_moves(cnv_page *page, const cnv_changes *c)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question, .technical = true },
		{ .heading = "label", .most = 40, .fill = cnv_fill_title },
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = cnv_fill_code },
		{ .heading = "respondent", .most = 32, .look = CNV_LOOK_LABEL, .fill = cnv_fill_name },
		{ .heading = "from", .most = 36, .fill = fill_answer, .number = THEN },
		{ .heading = "to", .most = 36, .fill = fill_answer, .number = NOW },
		{ .heading = "change", .most = 44, .fill = fill_difference },
		{ 0 }
	};
	cnv_listing listing = { .page = page };

	cnv_listing_add(&listing, columns);
	cnv_listing_heads(&listing, 2);
	for (uint32_t i = 0; i < c->question_count; i++) {
		cnv_question_id question = c->questions[i].question;

		for (uint32_t k = 0; c->questions[i].moved && k < c->count && cnv_page_has_room(page); k++) {
			struct record record = { .row.subject = { .paired = &c->people[k].paired,
								  .question = question },
						 .changes = c,
						 .person = &c->people[k],
						 .move = cnv_changes_move(c, question, &c->people[k]) };

			if (record.move.moved)
				cnv_listing_row(&listing, &record);
		}
	}
	if (!c->moves) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "No answer has changed.");
		cnv_page_end_row(page);
	}
}

/* ---------------------------------------------------------------- counts side by side */

static void fill_figure(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	if (row->row.kind == CNV_LINE_TOTAL)
		cell->look = CNV_LOOK_TOTAL;
	cnv_cell_number(page, cell, place->number == NOW ? row->now : row->then);
}

static void fill_growth(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)place;
	if (row->row.kind == CNV_LINE_TOTAL)
		cell->look = CNV_LOOK_TOTAL;
	else
		cnv_cell_number(page, cell, row->now - row->then);
}

static void lay_line(const cnv_listing *listing, struct record *record, cnv_str option, cnv_str label)
{
	record->row.option = option;
	record->row.label = label;
	if (cnv_page_has_room(listing->page))
		cnv_listing_row(listing, record);
}

/* Sums of what was answered: of a number, and of a repeat its entries. */
static void lay_sums(const cnv_listing *listing, struct record *record, const cnv_counted *counted)
{
	const cnv_question *asked = &record->changes->desk->form->questions[record->row.subject.question];

	record->row.kind = CNV_LINE_OPTION;
	record->then = counted->sum_then;
	record->now = counted->sum_now;
	if (asked->role == CNV_REPEAT)
		lay_line(listing, record, cnv_say(listing->page->desk, "(entries)"), CNV_STR(""));
	else if (asked->kind == CNV_INTEGER || asked->kind == CNV_DECIMAL)
		lay_line(listing, record, cnv_say(listing->page->desk, "(sum)"), CNV_STR(""));
}

static void lay_question(const cnv_listing *listing, const cnv_changes *c, cnv_question_id question)
{
	cnv_desk *desk = c->desk;
	const cnv_question *asked = &desk->form->questions[question];
	struct record record = { .row.subject.question = question, .changes = c };
	/* In an earlier round, some may have been. */
	bool unasked = desk->report->no_one_asked && !desk->report->earlier->round.len;
	cnv_counted counted;
	double then = 0, now = 0;

	if (!cnv_changes_count(&counted, c, question, &desk->step)) {
		listing->page->status = CNV_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < counted.options + CNV_STANDINGS; i++) {
		record.row.kind = i < counted.options ? CNV_LINE_OPTION : CNV_LINE_STATE;
		record.then = (double)counted.then[i];
		record.now = (double)counted.now[i];
		if (i < counted.options) {
			const cnv_choice *choice = &desk->form->lists[asked->list].choices[i];

			lay_line(listing, &record, choice->name,
				 cnv_choice_title(desk->form, choice, desk->report->language));
			continue;
		}
		then += record.then;
		now += record.now;
		if (counted.then[i] || counted.now[i])
			lay_line(listing, &record,
				 cnv_say(desk, cnv_standing_option((cnv_standing)(i - counted.options), unasked)),
				 CNV_STR(""));
	}
	record.row.kind = CNV_LINE_TOTAL;
	record.then = then;
	record.now = now;
	lay_line(listing, &record, cnv_say(listing->page->desk, "(total)"), CNV_STR(""));
	lay_sums(listing, &record, &counted);
}

/* The title of a part of the sheet, and the headings of its table. */
static void begin_part(cnv_listing *listing, const char *title, const cnv_listing_column *columns)
{
	cnv_page *page = listing->page;

	cnv_page_skip_row(page);
	cnv_page_words(page, 0, CNV_LOOK_SECTION, title);
	cnv_page_end_row(page);
	cnv_listing_add(listing, columns);
	cnv_listing_heads(listing, CNV_NONE);
	page->question = CNV_NONE;
}

static void lay_counts(cnv_page *page, const cnv_changes *c)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question, .technical = true },
		{ .heading = "label", .most = 40, .fill = cnv_fill_title },
		{ .heading = "option", .fill = cnv_fill_option },
		{ .heading = "option label", .most = 32, .fill = cnv_fill_option_label },
		{ .heading = "n then", .look = CNV_LOOK_INTEGER, .fill = fill_figure, .number = THEN },
		{ .heading = "n now", .look = CNV_LOOK_INTEGER, .fill = fill_figure, .number = NOW },
		{ .heading = "difference", .look = CNV_LOOK_INTEGER, .fill = fill_growth },
		{ 0 }
	};
	cnv_listing listing = { .page = page };

	begin_part(&listing, "Counts side by side", columns);
	for (uint32_t i = 0; i < c->question_count; i++) {
		cnv_desk_next_step(page->desk);
		lay_question(&listing, c, c->questions[i].question);
	}
}

/* ---------------------------------------------------------------- what could not be compared */

static void fill_path(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)place;
	cell->text =
		row->uncompared ? row->uncompared->path : page->desk->form->questions[row->row.subject.question].name;
}

static void fill_label(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)place;
	cell->text = row->uncompared ? row->uncompared->title : cnv_title_of(page->desk, row->row.subject.question);
}

static void fill_who(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	if (row->person)
		cell->text = place->number ? row->person->paired.name : row->person->paired.code;
}

static void fill_lost(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	(void)place;
	if (((const struct record *)record)->uncompared)
		cell->text = cnv_text_cut(((const struct record *)record)->uncompared->value, 2000, &page->row_arena);
}

/* What is answered now, where the question is still asked of the response itself. */
static void fill_instead(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	cnv_question_id question = row->row.subject.question;

	if (row->person && question != CNV_NONE && !page->desk->form->questions[question].table &&
	    row->person->paired.response != CNV_NONE)
		fill_answer(page, place, record, cell);
}

static void fill_why(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)place;
	cell->text = cnv_say(page->desk, row->uncompared ? row->uncompared->why : "the question was not asked then");
}

/* The people whose earlier answers these are, by the rows of the responses. */
static const cnv_changed_person **find_owners(const cnv_changes *c, cnv_arena *arena)
{
	const cnv_changed_person **owners =
		cnv_arena_array(arena, (size_t)c->earlier->batch->tables[0].rows + 1, sizeof *owners);

	for (uint32_t i = 0; owners && i < c->count; i++)
		if (c->people[i].then != CNV_NONE)
			owners[c->people[i].then] = &c->people[i];
	return owners;
}

static void lay_lost(const cnv_listing *listing, const cnv_changes *c)
{
	cnv_page *page = listing->page;
	const cnv_changed_person **owners = find_owners(c, &page->desk->step);

	if (!owners)
		page->status = CNV_NO_MEMORY;
	for (uint32_t i = 0; owners && i < c->earlier->uncompared_count && cnv_page_has_room(page); i++) {
		const cnv_uncompared *uncompared = &c->earlier->uncompared[i];

		if (cnv_changes_lists(c, uncompared))
			cnv_listing_row(listing, &(struct record){ .row.subject.question = uncompared->question,
								   .changes = c,
								   .person = owners[uncompared->row],
								   .uncompared = uncompared });
	}
}

static void lay_uncompared(cnv_page *page, const cnv_changes *c)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = fill_path },
		{ .heading = "label", .most = 40, .fill = fill_label },
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = fill_who, .number = 0 },
		{ .heading = "respondent", .most = 32, .look = CNV_LOOK_LABEL, .fill = fill_who, .number = 1 },
		{ .heading = "answer then", .most = 36, .fill = fill_lost },
		{ .heading = "answer now", .most = 36, .fill = fill_instead, .number = NOW },
		{ .heading = "why it is not compared", .most = 44, .fill = fill_why },
		{ 0 }
	};
	cnv_listing listing = { .page = page };

	if (!c->uncompared && !c->fresh_count)
		return;
	begin_part(&listing, "Not compared", columns);
	cnv_desk_next_step(page->desk);
	lay_lost(&listing, c);
	for (uint32_t i = 0; i < c->fresh_count && cnv_page_has_room(page); i++)
		cnv_listing_row(&listing, &(struct record){ .row.subject.question = c->fresh[i], .changes = c });
}

/* ---------------------------------------------------------------- the sheet */

void cnv_lay_changes(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_changes *c = desk->changes;

	cnv_desk_next_step(desk);
	cnv_page_answers_title(
		page,
		CNV_SAY(desk, &desk->step, "Changes since {1}", cnv_value_text(cnv_changes_since(c, &desk->step))),
		c->whens[CNV_WHEN_WITHHELD]
			? cnv_say(desk,
				  "Who changed an answer, the counts then and now, and what could not be compared."
				  " Those who are not shown by name, then or now, count as withheld both times. Of"
				  " a repeat, the number of entries.")
			: cnv_say(desk, "Who changed an answer, the counts then and now, and what could not be"
					" compared. Of a repeat, the number of entries."));
	for (uint32_t i = 0; i < CNV_CHANGES_SENTENCES; i++) {
		cnv_str sentence = cnv_changes_sentence(c, i, &page->row_arena);

		if (!sentence.len)
			continue;
		cnv_page_text(page, 0, CNV_LOOK_SUBTITLE, sentence);
		cnv_page_end_row(page);
	}
	cnv_page_skip_row(page);
	lay_moves(page, c);
	lay_counts(page, c);
	lay_uncompared(page, c);
}
