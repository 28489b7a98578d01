/* The cells of the long layout next to questions and answers.
 *
 * The number and the label of a question are in the file for people.  They are compared with the form, because
 * somebody who writes over them means something by it, or has moved an answer to the wrong line. */
#include "gather/lines.h"
#include "gather/account.h"
#include "canvass/gather.h"
#include "gather/place.h"
#include "gather/sheets.h"

#define TEXTS_TOLD 100u /* changed and missing texts reported one by one */

static const char *const source_words[CNV_SOURCE_PARTS] = { "as of", "source", "source seen", "evidence" };

static void put_source(cnv_gather *gather, cnv_long_part part, cnv_str field)
{
	cnv_long_row *now = &gather->now;

	if (!now->sources)
		now->sources = cnv_arena_array(&gather->arena, CNV_SOURCE_PARTS, sizeof *now->sources);
	if (now->sources)
		now->sources[part - CNV_PART_AS_OF] = cnv_arena_copy(&gather->arena, cnv_str_trim_unicode(field));
}

/* A column without a heading has a cell: it is reported once. */
static void report_unnamed(cnv_gather *gather, uint32_t at)
{
	char name[CNV_CELL_NAME_ROOM];

	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_STRANGE_COLUMN,
				.place = cnv_gather_place(gather, gather->section->header_line, at + 1),
				.hint = CNV_STR("write what belongs to an answer in the column \"note\"")),
		       "column %s has no heading and is ignored", cnv_gather_column(gather, at, name));
	gather->section->parts[at] = CNV_PART_UNKNOWN;
}

void cnv_long_put(cnv_gather *gather, uint32_t at, cnv_str field)
{
	cnv_long_row *now = &gather->now;
	cnv_long_part part = gather->section->parts[at];

	switch (part) {
	case CNV_PART_QUESTION:
		now->name = cnv_arena_copy(&gather->arena, cnv_str_trim_unicode(field));
		break;
	case CNV_PART_NUMBER:
		now->number = cnv_arena_copy(&gather->arena, field);
		break;
	case CNV_PART_LABEL:
		now->label = cnv_arena_copy(&gather->arena, field);
		break;
	case CNV_PART_ANSWER:
		now->answer = cnv_arena_copy(&gather->arena, field);
		break;
	case CNV_PART_NOTE:
		now->note = cnv_arena_copy(&gather->arena, field);
		break;
	case CNV_PART_AS_OF:
	case CNV_PART_SOURCE_URL:
	case CNV_PART_SOURCE_SEEN:
	case CNV_PART_EVIDENCE:
		put_source(gather, part, field);
		break;
	case CNV_PART_STILL:
		now->still = cnv_arena_copy(&gather->arena, cnv_str_trim_unicode(field));
		break;
	case CNV_PART_PREFILLED:
		now->prefilled = cnv_arena_copy(&gather->arena, field);
		break;
	case CNV_PART_OWN:
		now->own++;
		break;
	case CNV_PART_UNNAMED:
		report_unnamed(gather, at);
		now->unknown++;
		break;
	case CNV_PART_UNKNOWN:
	case CNV_LONG_PARTS:
		now->unknown++;
		break;
	}
}

cnv_str cnv_long_source(cnv_gather *gather, const cnv_long_row *row, uint32_t source)
{
	bool named = row->found != CNV_PATH_KNOWN && row->name.len;

	return cnv_arena_format(&gather->scratch, "%.*s%s%s: %.*s", CNV_ARG(named ? row->name : (cnv_str){ 0 }),
				named ? ": " : "", source_words[source], CNV_ARG(row->sources[source]));
}

/* ---------------------------------------------------------------- the form's texts */

/* Removes a character of a text, or a run of white space. */
static cnv_str take_one(cnv_str text)
{
	bool space = (unsigned char)text.at[0] <= ' ';

	do
		text = cnv_str_slice(text, 1, text.len);
	while (space && text.len && (unsigned char)text.at[0] <= ' ');
	return text;
}

/* Removes `words` from the beginning of *text, whatever white space is between them. */
static bool take_words(cnv_str *text, cnv_str words)
{
	while (words.len) {
		bool space = (unsigned char)words.at[0] <= ' ';

		if (!text->len || space != ((unsigned char)text->at[0] <= ' ') ||
		    (!space && text->at[0] != words.at[0]))
			return false;
		*text = take_one(*text);
		words = take_one(words);
	}
	return true;
}

/* Removes the form's text from the beginning of *text.  A pack has the number or label of a question in brackets
 * where the form refers to it. */
static bool take_text(cnv_str *text, cnv_str form)
{
	cnv_str rest = cnv_str_trim_unicode(*text);
	cnv_reference found;
	size_t at = 0, done = 0;

	form = cnv_str_trim_unicode(form);
	while (cnv_reference_next(form, &at, &found)) {
		size_t end;

		if (!take_words(&rest, cnv_str_slice(form, done, found.from)))
			return false;
		done = found.upto;
		end = cnv_str_starts(rest, CNV_STR("[")) ? cnv_str_find(rest, CNV_STR("]")) : SIZE_MAX;
		if (end != SIZE_MAX)
			rest = cnv_str_slice(rest, end + 1, rest.len);
		else if (!take_words(&rest, cnv_str_slice(form, found.from, found.upto)))
			return false;
	}
	if (!take_words(&rest, cnv_str_slice(form, done, form.len)))
		return false;
	*text = cnv_str_trim_unicode(rest);
	return true;
}

/* Where a pack may have an earlier answer that it did not fill in, behind the label and the hint. */
typedef enum earlier { EARLIER_NONE, EARLIER_BRACKETS, EARLIER_LINE } earlier;

static bool is_earlier(cnv_str text, earlier where)
{
	return where == EARLIER_LINE ||
	       (where == EARLIER_BRACKETS && cnv_str_starts(text, CNV_STR("(")) && cnv_str_ends(text, CNV_STR(")")));
}

/* Is it the form's text, perhaps followed by the hint, or by an earlier answer? */
static bool is_text(cnv_str text, cnv_str form, cnv_str hint, earlier where)
{
	if (!take_text(&text, form))
		return false;
	return !text.len || is_earlier(text, where) || (hint.len && take_text(&text, hint) && !text.len);
}

static bool is_label_of(const cnv_form *form, cnv_question_id id, uint32_t choice, cnv_str text, earlier where)
{
	const cnv_question *question = &form->questions[id];
	bool of_choice =
		choice != CNV_NONE && question->list < form->list_count && choice < form->lists[question->list].count;

	for (uint32_t i = 0; i < form->language_count; i++) {
		cnv_str label = of_choice ? cnv_choice_title(form, &form->lists[question->list].choices[choice], i)
					  : cnv_question_title(form, question, i);
		cnv_str hint = of_choice ? (cnv_str){ 0 } : cnv_wording_text(form, &question->hint, i);

		if (is_text(text, label, hint, where))
			return true;
		/* A pack does not repeat the number that is next to the label. */
		if (!of_choice && question->qno.len && cnv_str_starts(label, question->qno) &&
		    is_text(text, cnv_str_slice(label, question->qno.len + 1, label.len), hint, where))
			return true;
	}
	return false;
}

static cnv_question_id older(const cnv_gather *gather, cnv_question_id id)
{
	return gather->batch->migration ? gather->batch->migration->predecessor_of[id] : CNV_NONE;
}

bool cnv_long_is_label(const cnv_gather *gather, const cnv_long_row *row, cnv_str text)
{
	uint32_t choice = row->piece == CNV_PIECE_CHOICE || row->piece == CNV_PIECE_OTHER ? row->choice : CNV_NONE;
	cnv_question_id was = older(gather, row->question);
	earlier where = row->section->part_columns[CNV_PART_PREFILLED]                ? EARLIER_BRACKETS
			: cnv_map_find(&gather->sent.unfilled, row->name) != CNV_NONE ? EARLIER_LINE
										      : EARLIER_NONE;

	return is_label_of(gather->form, row->question, choice, text, where) ||
	       (was != CNV_NONE && is_label_of(gather->batch->migration->before, was, choice, text, where));
}

static bool is_number(const cnv_gather *gather, const cnv_long_row *row)
{
	cnv_question_id was = older(gather, row->question);

	return cnv_is_same_text(row->number, gather->form->questions[row->question].qno) ||
	       (was != CNV_NONE && cnv_is_same_text(row->number, gather->batch->migration->before->questions[was].qno));
}

/* ---------------------------------------------------------------- what is reported */

static bool has_room(cnv_gather *gather)
{
	return gather->texts_told++ < TEXTS_TOLD;
}

static void report_changed(cnv_gather *gather, const cnv_long_row *row, cnv_long_part part, cnv_str text)
{
	if (has_room(gather))
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_TEXT_CHANGED,
				 .place = cnv_gather_place(gather, row->line, gather->section->part_columns[part]),
				 .field = row->name, .excerpt = text),
			"the %s of \"%.*s\" is \"%.*s\", which is not the form's",
			part == CNV_PART_NUMBER ? "number" : "label", CNV_ARG(cnv_gather_cut(gather, row->name)),
			CNV_ARG(cnv_gather_cut(gather, cnv_str_trim_unicode(text))));
}

static void report_missing(cnv_gather *gather, const cnv_long_row *row, cnv_long_part part)
{
	if (has_room(gather))
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_TEXT_MISSING,
				 .place = cnv_gather_place(gather, row->line, gather->section->part_columns[part]),
				 .field = row->name),
			"\"%.*s\" has lost its %s", CNV_ARG(cnv_gather_cut(gather, row->name)),
			part == CNV_PART_NUMBER  ? "number"
			: part == CNV_PART_LABEL ? "label"
						 : "value");
}

/* A line with a text and without a question. */
static void report_stray(cnv_gather *gather, const cnv_long_row *row)
{
	cnv_long_part part = row->label_changed ? CNV_PART_LABEL : CNV_PART_NUMBER;
	cnv_str text = cnv_str_trim_unicode(row->label_changed ? row->label : row->number);

	if (has_room(gather))
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_TEXT_STRAY,
				 .place = cnv_gather_place(gather, row->line, gather->section->part_columns[part]),
				 .excerpt = text),
			"the line names no question, and its text \"%.*s\" is not read",
			CNV_ARG(cnv_gather_cut(gather, text)));
}

/* Most texts of the column are not the form's: it is another column of this name. */
static void report_column(cnv_gather *gather, cnv_long_part part, uint32_t count)
{
	uint32_t column = gather->section->part_columns[part];

	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_TEXT_CHANGED,
				.place = cnv_gather_place(gather, gather->section->header_line, column),
				.field = gather->section->headings[column - 1]),
		       "%u %s of the column \"%.*s\" %s not the form's and %s not read", count,
		       count == 1 ? "cell" : "cells", CNV_ARG(gather->section->headings[column - 1]),
		       count == 1 ? "is" : "are", count == 1 ? "is" : "are");
}

static void report_rest(cnv_gather *gather)
{
	uint32_t more = gather->texts_told > TEXTS_TOLD ? gather->texts_told - TEXTS_TOLD : 0;

	if (more)
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_TEXT_CHANGED, .place = cnv_gather_place(gather, 0, 0)),
			       "%u more %s of the form %s changed or missing", more, more == 1 ? "text" : "texts",
			       more == 1 ? "is" : "are");
}

/* ---------------------------------------------------------------- the account */

bool cnv_long_is_identity(const cnv_gather *gather, const cnv_long_row *row)
{
	return row->answer.len && cnv_identifying_question(gather->form) == CNV_NONE &&
	       (cnv_str_is_word(row->name, "instanceid") || cnv_str_is_word(row->name, "key"));
}

/* Of the numbers, or of the labels, of questions. */
typedef struct tally {
	uint32_t same, changed, missing;
} tally;

typedef struct counts {
	tally numbers, labels;
	cnv_map titles;   /* of sections, repeats, notes and lists, trimmed */
	bool titled;      /* the map is filled */
	uint64_t *listed; /* by question: its choices have lines of their own */
} counts;

static void add_title(cnv_gather *gather, counts *c, cnv_question_id id, cnv_str title)
{
	cnv_str number = gather->form->questions[id].qno;

	title = cnv_str_trim_unicode(title);
	if (title.len)
		cnv_map_put(&c->titles, cnv_arena_copy(&gather->arena, title), id);
	/* A pack does not repeat the number that is next to the title. */
	if (number.len && title.len > number.len && cnv_str_starts(title, number))
		cnv_map_put(&c->titles,
			    cnv_arena_copy(&gather->arena,
					   cnv_str_trim_unicode(cnv_str_slice(title, number.len + 1, title.len))),
			    id);
}

/* Sections and texts have no answer, and a list has none of its own if each of its choices has a line. */
static bool is_heading(const cnv_gather *gather, const counts *c, cnv_question_id id)
{
	return gather->form->questions[id].column == CNV_NONE || cnv_bit(c->listed, id);
}

/* The question whose title this is, on a line of its own: of a section, or a text of the form; CNV_NONE. */
static cnv_question_id find_title(cnv_gather *gather, counts *c, cnv_str text)
{
	const cnv_form *form = gather->form;
	cnv_question_id found;

	for (cnv_question_id id = 0; !c->titled && id < form->count; id++)
		for (uint32_t i = 0; is_heading(gather, c, id) && i < form->language_count; i++)
			add_title(gather, c, id, cnv_question_title(form, &form->questions[id], i));
	c->titled = true;
	text = cnv_str_trim_unicode(text);
	found = cnv_map_find(&c->titles, text);
	if (found != CNV_NONE)
		return found;
	/* A pack has the hint below the title. */
	found = cnv_map_find(&c->titles,
			     cnv_str_trim_unicode(cnv_str_slice(text, 0, cnv_str_find(text, CNV_STR("\n")))));
	return found != CNV_NONE && is_label_of(form, found, CNV_NONE, text, EARLIER_NONE) ? found : CNV_NONE;
}

/* A line that names no question: has it the title of a section, or the link to the entries of a repeat? */
static void compare_title(cnv_gather *gather, counts *c, cnv_long_row *row)
{
	cnv_question_id id = row->label.len ? find_title(gather, c, row->label) : CNV_NONE;
	bool number = id != CNV_NONE && cnv_is_same_text(row->number, gather->form->questions[id].qno);

	row->label_changed = row->label.len && id == CNV_NONE;
	row->number_changed = row->number.len && !number && find_title(gather, c, row->number) == CNV_NONE;
	row->link = id != CNV_NONE && cnv_sheets_is_link(gather, id, row->answer);
}

static void count_text(tally *t, cnv_str text, bool expected, bool changed)
{
	t->same += text.len && !changed;
	t->changed += changed;
	t->missing += expected && !text.len;
}

/* The line of a pack that confirms all earlier answers; blank: it does not. */
static bool is_tick_of_all(const cnv_long_row *row)
{
	return row->claim && cnv_str_equal(row->name, CNV_STR("still_right"));
}

/* Compares the number and the label of a line with the form. */
static void compare_texts(cnv_gather *gather, counts *c, cnv_long_row *row)
{
	bool whole = row->piece == CNV_PIECE_WHOLE;

	if (!row->name.len) {
		compare_title(gather, c, row);
		return;
	}
	if (row->found != CNV_PATH_KNOWN) {
		row->number_changed = row->number.len > 0 && !is_tick_of_all(row);
		row->label_changed = row->label.len > 0 && !is_tick_of_all(row);
		return;
	}
	row->number_changed = row->number.len && !is_number(gather, row);
	row->label_changed = row->label.len && !cnv_long_is_label(gather, row, row->label);
	count_text(&c->numbers, row->number, whole && gather->form->questions[row->question].qno.len,
		   row->number_changed);
	count_text(&c->labels, row->label, true, row->label_changed);
}

static cnv_cell_class class_of_name(const cnv_gather *gather, const cnv_long_row *row)
{
	if (row->found == CNV_PATH_KNOWN || row->found == CNV_PATH_GONE)
		return CNV_AS_FORM;
	return row->claim || cnv_long_is_identity(gather, row) ? CNV_AS_IDENTITY : CNV_AS_REPORTED;
}

static cnv_cell_class class_of_answer(const cnv_gather *gather, const cnv_long_row *row)
{
	if (!row->name.len)
		return row->link ? CNV_AS_FORM : CNV_AS_REPORTED;
	if (row->found == CNV_PATH_GONE)
		return CNV_AS_REMARK;
	if (row->found != CNV_PATH_KNOWN)
		return class_of_name(gather, row);
	if (row->role != CNV_PATH_ANSWER)
		return CNV_AS_REMARK;
	if (gather->form->questions[row->question].column != CNV_NONE)
		return CNV_AS_ANSWER;
	return cnv_long_is_label(gather, row, row->answer) ? CNV_AS_FORM : CNV_AS_REPORTED;
}

static void count_line(cnv_gather *gather, const cnv_long_row *row)
{
	uint64_t *as = gather->account.as;

	if (row->surplus) {
		as[CNV_AS_REPORTED] += row->cells;
		return;
	}
	as[CNV_AS_FORM] += row->own;
	as[CNV_AS_REPORTED] += row->unknown;
	as[CNV_AS_REMARK] += row->note.len > 0;
	as[row->found == CNV_PATH_KNOWN ? CNV_AS_ANSWER : CNV_AS_REPORTED] += row->still.len > 0;
	as[CNV_AS_FORM] += row->prefilled.len > 0;
	for (uint32_t i = 0; row->sources && i < CNV_SOURCE_PARTS; i++)
		as[CNV_AS_REMARK] += row->sources[i].len > 0;
	if (row->name.len)
		as[class_of_name(gather, row)]++;
	if (row->answer.len)
		as[class_of_answer(gather, row)]++;
	if (row->number.len)
		as[row->number_changed ? CNV_AS_REPORTED : CNV_AS_FORM]++;
	if (row->label.len)
		as[row->label_changed ? CNV_AS_REPORTED : CNV_AS_FORM]++;
}

/* A text that most lines have and some have not was deleted. */
static bool was_deleted(const tally *t)
{
	return t->missing && t->same > t->missing;
}

/* Most texts are the form's: each that is not was changed. */
static bool was_changed(const tally *t)
{
	return t->same >= t->changed;
}

static void report_line(cnv_gather *gather, const counts *c, const cnv_long_row *row)
{
	bool named = class_of_name(gather, row) != CNV_AS_REPORTED;
	bool numbered = row->piece == CNV_PIECE_WHOLE && row->found == CNV_PATH_KNOWN &&
			gather->form->questions[row->question].qno.len;

	if (row->surplus)
		return;
	if (is_tick_of_all(row))
		return;
	if (row->claim && !row->answer.len)
		report_missing(gather, row, CNV_PART_ANSWER);
	if (row->found != CNV_PATH_KNOWN) {
		/* Else the line is reported for its name or its answer. */
		if ((row->number_changed || row->label_changed) && (named || (!row->name.len && !row->answer.len)))
			report_stray(gather, row);
		return;
	}
	if (row->number_changed && was_changed(&c->numbers))
		report_changed(gather, row, CNV_PART_NUMBER, row->number);
	if (row->label_changed && was_changed(&c->labels))
		report_changed(gather, row, CNV_PART_LABEL, row->label);
	if (numbered && !row->number.len && was_deleted(&c->numbers))
		report_missing(gather, row, CNV_PART_NUMBER);
	if (!row->label.len && was_deleted(&c->labels))
		report_missing(gather, row, CNV_PART_LABEL);
}

void cnv_long_account(cnv_gather *gather)
{
	counts c = { .listed = cnv_arena_array(&gather->arena, CNV_BIT_WORDS(gather->form->count), sizeof *c.listed) };

	if (!c.listed)
		return;
	for (uint32_t i = 0; i < gather->row_count; i++)
		if (gather->rows[i].found == CNV_PATH_KNOWN && gather->rows[i].piece == CNV_PIECE_CHOICE)
			cnv_bit_set(c.listed, gather->rows[i].question);
	for (uint32_t i = 0; i < gather->row_count; i++) {
		gather->section = gather->rows[i].section;
		compare_texts(gather, &c, &gather->rows[i]);
		count_line(gather, &gather->rows[i]);
	}
	for (uint32_t i = 0; i < gather->row_count; i++) {
		gather->section = gather->rows[i].section;
		report_line(gather, &c, &gather->rows[i]);
		cnv_arena_reset(&gather->scratch);
	}
	if (!was_changed(&c.numbers))
		report_column(gather, CNV_PART_NUMBER, c.numbers.changed);
	if (!was_changed(&c.labels))
		report_column(gather, CNV_PART_LABEL, c.labels.changed);
	report_rest(gather);
	gather->arena.failed |= c.titles.failed;
	cnv_map_fini(&c.titles);
}
