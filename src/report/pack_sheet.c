/* The sheets of questions: number, question and hint, answer, state, remarks.
 *
 * The column of paths, the row that names the columns for machines, and the column of `asked` formulas are hidden.
 * The state is in words next to the answer, so that colour alone carries no information. */
#include "report/pack_answers.h"
#include "report/pack_formulas.h"
#include "report/pack_sheets.h"
#include "report/pack_text.h"

#define LONG_TEXT 200.0 /* answers longer than this many characters get a higher cell */

static const double widths[COLUMNS + 1] = { 0, 8, 58, 36, 13, 32, 0, 11 };

/* The cell with the `asked` formula. */
static void put_asked(pack_desk *d, uint32_t row, cnv_question_id id)
{
	const pack_spot *spot = &d->plan->spots[id];

	if (spot->asked_here.len)
		pack_put(d, row, COLUMN_ASKED,
			 (cnv_cell){ .kind = CNV_CELL_FORMULA,
				     .look = CNV_LOOK_REMARK,
				     .formula = spot->asked_here,
				     .number = spot->asked_now });
}

static void put_band(pack_desk *d, uint32_t row, cnv_str text)
{
	for (uint32_t column = COLUMN_NUMBER; column <= COLUMN_NOTE; column++)
		pack_put_text(d, row, column, CNV_LOOK_SECTION, column == COLUMN_NUMBER ? text : (cnv_str){ 0 });
}

/* The tick that confirms an earlier answer. */
static void put_still(pack_desk *d, uint32_t row, cnv_question_id id)
{
	if (pack_is_to_confirm(d->plan, id, d->plan->pack->row))
		pack_put_text(d, row, COLUMN_STILL, CNV_LOOK_FILL_TICK, (cnv_str){ 0 });
}

/* ---------------------------------------------------------------- the state of an answer */

/* True while the cell holds its prefilled value. */
static cnv_str unchanged(const pack_desk *d, uint32_t row, const cnv_cell *answer)
{
	cnv_arena *arena = d->plan->arena;
	cnv_str cell = pack_cell(arena, row, COLUMN_ANSWER, false);
	char digits[CNV_NUMBER_ROOM];

	switch (answer->kind) {
	case CNV_CELL_NUMBER:
		cnv_number_write(answer->number, digits);
		return cnv_arena_format(arena, "%.*s=%s", CNV_ARG(cell), digits);
	case CNV_CELL_DAY:
		return cnv_arena_format(arena, "%.*s=%d", CNV_ARG(cell), answer->day + 25569);
	case CNV_CELL_TEXT:
	case CNV_CELL_FORMULA:
		break;
	}
	if (cnv_utf16_length(answer->text) > 250)
		return cnv_arena_format(arena, "LEN(%.*s)=%zu", CNV_ARG(cell), cnv_utf16_length(answer->text));
	return cnv_arena_format(arena, "%.*s&\"\"=%.*s", CNV_ARG(cell), CNV_ARG(pack_quoted(d->plan, answer->text)));
}

/* The same, and nothing confirms it. */
static cnv_str unconfirmed(const pack_desk *d, uint32_t row, cnv_str same)
{
	return cnv_arena_format(d->plan->arena, "AND(%.*s,LEN(%.*s)=0,LEN(canvass_all)=0)", CNV_ARG(same),
				CNV_ARG(pack_cell(d->plan->arena, row, COLUMN_STILL, false)));
}

/* "not asked", "required", "confirm or change", a rule that is violated, or the message of a warning: a formula, and its
 * current value. */
static void put_state(pack_desk *d, uint32_t row, cnv_question_id id, cnv_str blank, cnv_str same, pack_word word)
{
	const pack_spot *spot = &d->plan->spots[id];
	cnv_verdict verdict = pack_verdict(d->plan, id, d->plan->pack->row);
	bool ticked = pack_is_ticked(d->plan->form, &d->plan->form->questions[id]);
	cnv_text out = { 0 };
	cnv_cell cell = { .kind = CNV_CELL_FORMULA, .look = CNV_LOOK_STATE, .is_text = true };
	uint32_t open = 0;

	if (spot->asked_here.len) {
		cnv_text_format(&out, "IF($G%u=0,%.*s,", row + 1,
				CNV_ARG(pack_quoted(d->plan, pack_word_str(d->plan, WORD_NOT_ASKED))));
		open++;
		if (!spot->asked_now)
			cell.text = pack_word_str(d->plan, WORD_NOT_ASKED);
	}
	if (spot->required.len && !pack_is_locked(d->plan, id)) {
		cnv_str required = pack_quoted(d->plan, pack_word_str(d->plan, WORD_REQUIRED));
		if (cnv_str_equal(spot->required, CNV_STR("1")))
			cnv_text_format(&out, "IF(%.*s,%.*s,", CNV_ARG(blank), CNV_ARG(required));
		else
			cnv_text_format(&out, "IF(AND(%.*s,%.*s),%.*s,", CNV_ARG(blank), CNV_ARG(spot->required),
					CNV_ARG(required));
		open++;
		if (spot->asked_now && (verdict == CNV_MISSING || !d->plan->pack->batch) && !cell.text.len)
			cell.text = pack_word_str(d->plan, WORD_REQUIRED);
	}
	if (ticked && spot->rule.len) {
		cnv_text_format(&out, "IF(AND(NOT(%.*s),NOT(%.*s)),%.*s,", CNV_ARG(blank), CNV_ARG(spot->rule),
				CNV_ARG(pack_quoted(d->plan, pack_word_str(d->plan, WORD_CHECK))));
		open++;
	}
	if (same.len) {
		cnv_text_format(&out, "IF(%.*s,%.*s,", CNV_ARG(same),
				CNV_ARG(pack_quoted(d->plan, pack_word_str(d->plan, word))));
		open++;
		if (!cell.text.len)
			cell.text = pack_word_str(d->plan, word);
	}
	if (spot->usual.len && !pack_is_locked(d->plan, id)) {
		cnv_text_format(&out, "IF(AND(NOT(%.*s),NOT(%.*s)),%.*s,", CNV_ARG(blank), CNV_ARG(spot->usual),
				CNV_ARG(pack_quoted(d->plan, pack_unusual_text(d->plan, id))));
		open++;
		if (!cell.text.len && pack_is_unusual(d->plan, id, d->plan->pack->row))
			cell.text = pack_unusual_text(d->plan, id);
	}
	if (open) {
		cnv_text_put(&out, CNV_STR("\"\""));
		while (open--)
			cnv_text_put_char(&out, ')');
		cell.formula = cnv_arena_copy(d->plan->arena, cnv_text_str(&out));
		pack_put(d, row, COLUMN_STATE, cell);
	} else {
		pack_put_text(d, row, COLUMN_STATE, CNV_LOOK_STATE, (cnv_str){ 0 });
	}
	d->plan->arena->failed |= out.failed;
	cnv_text_fini(&out);
}

/* ---------------------------------------------------------------- rows */

/* Is the answer likely to have several lines? */
static bool is_long(const pack_desk *d, cnv_question_id id)
{
	const cnv_question *question = &d->plan->form->questions[id];
	cnv_context context = { .form = d->plan->form, .self = id, .purpose = CNV_FOR_CONDITION };
	cnv_cell_bounds bounds = { 0 };
	double most = 0;
	bool said = false;

	if (question->kind != CNV_TEXT)
		return false;
	if (cnv_str_find(question->appearance, CNV_STR("multiline")) != SIZE_MAX)
		return true;
	if (question->constraint.text.len)
		cnv_cells_bounds(&bounds, &said, &question->constraint, &context, d->plan->arena);
	return said && bounds.of_length && cnv_number_read(bounds.high, &most) && most > LONG_TEXT;
}

/* The hint, and an earlier answer that is not filled in. */
static cnv_str aside_of(const pack_desk *d, cnv_question_id id)
{
	cnv_str hint = pack_hint(d->plan, id), before = pack_uncarried(d->plan, id, d->plan->pack->row);

	if (!hint.len || !before.len)
		return hint.len ? hint : before;
	return cnv_arena_format(d->plan->arena, "%.*s\n%.*s", CNV_ARG(hint), CNV_ARG(before));
}

static void put_words(pack_desk *d, uint32_t row, cnv_question_id id)
{
	pack_put_text(d, row, COLUMN_NUMBER, CNV_LOOK_NUMBERING, pack_number(d->plan, id));
	pack_put(d, row, COLUMN_LABEL,
		 (cnv_cell){ .look = CNV_LOOK_QUESTION, .text = pack_label(d->plan, id), .aside = aside_of(d, id) });
}

static double words_height(const pack_desk *d, cnv_question_id id)
{
	return pack_height(pack_label(d->plan, id), widths[COLUMN_LABEL], false) +
	       pack_height(aside_of(d, id), widths[COLUMN_LABEL], true) + PACK_PADDING;
}

static bool mark_wrong(const pack_desk *d, cnv_question_id id, cnv_cell *cell)
{
	const cnv_finding *finding = pack_wrong(d->plan, 0, d->plan->pack->row, id);

	if (finding)
		pack_mark(d->plan, cell, finding);
	return finding;
}

static double check_height(const pack_desk *d)
{
	return pack_height(pack_word_str(d->plan, WORD_CHECK), widths[COLUMN_STATE], true) + PACK_PADDING;
}

/* Space for the state of an unusual answer, which the row keeps free. */
static double unusual_height(const pack_desk *d, cnv_question_id id)
{
	if (!d->plan->spots[id].usual.len)
		return 0;
	return pack_height(pack_unusual_text(d->plan, id), widths[COLUMN_STATE], true) + PACK_PADDING;
}

static void put_question(pack_desk *d, uint32_t row, cnv_question_id id)
{
	const cnv_question *question = &d->plan->form->questions[id];
	cnv_cell answer = pack_answer(d->plan, id, d->plan->pack->row);
	double height = words_height(d, id), filled = 0;

	bool wrong = mark_wrong(d, id, &answer) && pack_verdict(d->plan, id, d->plan->pack->row) != CNV_MISSING;
	double check = wrong ? check_height(d) : 0, unusual = unusual_height(d, id);

	if (answer.kind == CNV_CELL_TEXT)
		filled = pack_height(answer.text, widths[COLUMN_ANSWER], false) + PACK_PADDING;
	filled = check > filled ? check : filled;
	filled = unusual > filled ? unusual : filled;
	if (is_long(d, id) && filled < 3 * PACK_LINE + PACK_PADDING)
		filled = 3 * PACK_LINE + PACK_PADDING;
	pack_begin(d, row, height > filled ? height : filled);
	pack_put_text(d, row, COLUMN_PATH, CNV_LOOK_REMARK, question->answer_path);
	put_words(d, row, id);
	pack_put(d, row, COLUMN_ANSWER, answer);
	put_state(d, row, id,
		  cnv_arena_format(d->plan->arena, "LEN(%.*s)=0",
				   CNV_ARG(pack_cell(d->plan->arena, row, COLUMN_ANSWER, false))),
		  wrong ? unchanged(d, row, &answer)
		  : pack_is_to_confirm(d->plan, id, d->plan->pack->row)
			  ? unconfirmed(d, row, unchanged(d, row, &answer))
			  : (cnv_str){ 0 },
		  wrong ? WORD_CHECK : WORD_CONFIRM);
	pack_put_text(d, row, COLUMN_NOTE, CNV_LOOK_FILL_NOTE, pack_remark(d->plan, 0, d->plan->pack->row, id));
	put_asked(d, row, id);
	put_still(d, row, id);
}

static void put_lead(pack_desk *d, uint32_t row, cnv_question_id id)
{
	cnv_arena *arena = d->plan->arena;
	const cnv_question *question = &d->plan->form->questions[id];
	uint32_t count = d->plan->form->lists[question->list].count;
	cnv_str ticks = cnv_arena_format(arena, "%.*s:%.*s", CNV_ARG(pack_cell(arena, row + 1, COLUMN_ANSWER, false)),
					 CNV_ARG(pack_cell(arena, row + count, COLUMN_ANSWER, false)));

	bool whole = pack_is_whole(d->plan, id, d->plan->pack->row);
	bool confirm = pack_is_to_confirm(d->plan, id, d->plan->pack->row);
	cnv_cell answer = { .look = whole ? CNV_LOOK_FILL : CNV_LOOK_QUESTION };
	double height = words_height(d, id), filled = unusual_height(d, id);

	/* An answer that ticks cannot represent is shown above them as received, with the path of the whole answer. */
	if (whole) {
		answer = pack_answer(d->plan, id, d->plan->pack->row);
		mark_wrong(d, id, &answer);
		double whole_height = pack_height(answer.text, widths[COLUMN_ANSWER], false) + PACK_PADDING;
		filled = filled > whole_height ? filled : whole_height;
		filled = filled > check_height(d) ? filled : check_height(d);
		ticks = cnv_arena_format(arena, "%.*s:%.*s", CNV_ARG(pack_cell(arena, row, COLUMN_ANSWER, false)),
					 CNV_ARG(pack_cell(arena, row + count, COLUMN_ANSWER, false)));
	}
	pack_begin(d, row, height > filled ? height : filled);
	if (whole || confirm)
		pack_put_text(d, row, COLUMN_PATH, CNV_LOOK_REMARK, question->answer_path);
	put_words(d, row, id);
	pack_put(d, row, COLUMN_ANSWER, answer);
	if (answer.comment.len)
		put_state(d, row, id, cnv_arena_format(arena, "COUNTA(%.*s)=0", CNV_ARG(ticks)),
			  unchanged(d, row, &answer), WORD_CHECK);
	else
		put_state(d, row, id, cnv_arena_format(arena, "COUNTA(%.*s)=0", CNV_ARG(ticks)),
			  confirm ? unconfirmed(d, row, cnv_arena_format(arena, "COUNTA(%.*s)>0", CNV_ARG(ticks)))
				  : (cnv_str){ 0 },
			  WORD_CONFIRM);
	pack_put_text(d, row, COLUMN_NOTE, CNV_LOOK_QUESTION, (cnv_str){ 0 });
	put_asked(d, row, id);
	put_still(d, row, id);
}

static void put_option(pack_desk *d, uint32_t row, const pack_row *option)
{
	const cnv_question *question = &d->plan->form->questions[option->question];
	const cnv_choice *choice = &d->plan->form->lists[question->list].choices[option->choice];
	cnv_str label = pack_text(d->plan, cnv_choice_title(d->plan->form, choice, d->plan->pack->language));
	bool chosen = pack_is_chosen(d->plan, option->question, option->choice, d->plan->pack->row);
	cnv_cell tick = { .look = pack_is_locked(d->plan, option->question) ? CNV_LOOK_LOCKED : CNV_LOOK_FILL_TICK };

	tick.text = chosen ? CNV_STR("x") : (cnv_str){ 0 };
	if ((!option->choice && !pack_is_whole(d->plan, option->question, d->plan->pack->row)) || chosen)
		mark_wrong(d, option->question, &tick);
	pack_begin(d, row, pack_height(label, widths[COLUMN_LABEL] - 4, false) + PACK_PADDING);
	pack_put_text(
		d, row, COLUMN_PATH, CNV_LOOK_REMARK,
		cnv_arena_format(d->plan->arena, "%.*s/%.*s", CNV_ARG(question->answer_path), CNV_ARG(choice->name)));
	pack_put_text(d, row, COLUMN_LABEL, CNV_LOOK_OPTION, label);
	pack_put(d, row, COLUMN_ANSWER, tick);
	pack_put_text(d, row, COLUMN_NOTE, CNV_LOOK_FILL_NOTE,
		      option->choice ? (cnv_str){ 0 } : pack_remark(d->plan, 0, d->plan->pack->row, option->question));
	if (d->plan->spots[option->question].asked_here.len)
		pack_put(d, row, COLUMN_ASKED,
			 (cnv_cell){ .kind = CNV_CELL_FORMULA,
				     .look = CNV_LOOK_REMARK,
				     .formula = cnv_arena_format(d->plan->arena, "$G$%u",
								 d->plan->spots[option->question].row + 1),
				     .number = d->plan->spots[option->question].asked_now });
}

static void put_note(pack_desk *d, uint32_t row, cnv_question_id id)
{
	double width = widths[COLUMN_LABEL] + widths[COLUMN_ANSWER] + widths[COLUMN_STATE] + widths[COLUMN_NOTE];
	cnv_str text = pack_label(d->plan, id);

	pack_begin(d, row, pack_height(text, width, false) + PACK_PADDING);
	pack_put(d, row, COLUMN_LABEL,
		 (cnv_cell){ .look = CNV_LOOK_BODY, .text = text, .span = COLUMN_NOTE - COLUMN_LABEL + 1 });
	put_asked(d, row, id);
}

/* The entries of a repeat are on another sheet: a link leads there. */
static void put_repeat(pack_desk *d, uint32_t row, cnv_question_id id)
{
	const pack_sheet *there = &d->plan->sheets[d->plan->spots[id].sheet];

	pack_begin(d, row, words_height(d, id));
	put_words(d, row, id);
	pack_put(d, row, COLUMN_ANSWER,
		 (cnv_cell){ .look = CNV_LOOK_LINK,
			     .text = cnv_arena_format(d->plan->arena, "%s %.*s", d->plan->words[WORD_SEE_SHEET],
						      CNV_ARG(there->name)),
			     .link = cnv_arena_format(d->plan->arena, "%.*s!A1", CNV_ARG(there->quoted)) });
	if (d->plan->spots[id].asked_here.len) {
		cnv_str asked = d->plan->spots[id].asked;
		pack_put(d, row, COLUMN_STATE,
			 (cnv_cell){ .kind = CNV_CELL_FORMULA,
				     .look = CNV_LOOK_STATE,
				     .is_text = true,
				     .formula = cnv_arena_format(
					     d->plan->arena, "IF(%.*s,\"\",%.*s)", CNV_ARG(asked),
					     CNV_ARG(pack_quoted(d->plan, pack_word_str(d->plan, WORD_NOT_ASKED)))),
				     .text = d->plan->spots[id].asked_now ? (cnv_str){ 0 }
									  : pack_word_str(d->plan, WORD_NOT_ASKED) });
		pack_put(d, row, COLUMN_ASKED,
			 (cnv_cell){ .kind = CNV_CELL_FORMULA,
				     .look = CNV_LOOK_REMARK,
				     .formula = cnv_arena_format(d->plan->arena, "IF(%.*s,1,0)", CNV_ARG(asked)),
				     .number = d->plan->spots[id].asked_now });
	}
}

/* It has no path, so that it is read as a remark on the whole response. */
static void put_remarks(pack_desk *d, uint32_t row)
{
	cnv_str text = pack_other_remarks(d->plan);

	pack_begin(d, row, pack_height(text, widths[COLUMN_NOTE], false) + PACK_PADDING + PACK_LINE);
	pack_put_text(d, row, COLUMN_LABEL, CNV_LOOK_QUESTION, pack_word_str(d->plan, WORD_REMARKS));
	pack_put_text(d, row, COLUMN_NOTE, CNV_LOOK_FILL_NOTE, text);
}

static void put_row(pack_desk *d, uint32_t at)
{
	const pack_row *row = &d->sheet->rows[at];
	uint32_t number = FIRST_ROW + at;

	switch (row->kind) {
	case ROW_BAND:
		pack_begin(d, number, PACK_LINE + 9);
		put_band(d, number, pack_label(d->plan, row->question));
		put_asked(d, number, row->question);
		break;
	case ROW_QUIET:
		pack_begin(d, number, CNV_ROW_HIDDEN);
		put_asked(d, number, row->question);
		break;
	case ROW_NOTE:
		put_note(d, number, row->question);
		break;
	case ROW_QUESTION:
		put_question(d, number, row->question);
		break;
	case ROW_LEAD:
		put_lead(d, number, row->question);
		break;
	case ROW_OPTION:
		put_option(d, number, row);
		break;
	case ROW_REPEAT:
		put_repeat(d, number, row->question);
		break;
	case ROW_REMARKS:
		put_remarks(d, number);
		break;
	}
}

/* ---------------------------------------------------------------- head and rules */

static void put_head(pack_desk *d)
{
	static const struct {
		uint32_t column;
		const char *machine;
		pack_word word;
	} columns[] = {
		{ COLUMN_PATH, "question", PACK_WORDS },  { COLUMN_NUMBER, "no", WORD_NUMBER },
		{ COLUMN_LABEL, "label", WORD_QUESTION }, { COLUMN_ANSWER, "answer", WORD_ANSWER },
		{ COLUMN_STATE, "state", WORD_STATE },    { COLUMN_NOTE, "note", WORD_REMARKS },
		{ COLUMN_ASKED, "asked", PACK_WORDS },    { COLUMN_STILL, "still_right", WORD_STILL },
	};
	size_t count = sizeof columns / sizeof columns[0] - !d->plan->pack->confirm;
	const pack_sheet *sheet = d->sheet;
	cnv_str title =
		sheet->title == CNV_NONE
			? d->plan->form->title
			: pack_text(d->plan, cnv_question_title(d->plan->form, &d->plan->form->questions[sheet->title],
								d->plan->pack->language));

	pack_begin(d, 0, 27);
	pack_put_text(d, 0, COLUMN_NUMBER, CNV_LOOK_TITLE, title);
	if (sheet->title != CNV_NONE)
		put_asked(d, 0, sheet->title);
	pack_begin(d, 1, 18);
	pack_put_text(d, 1, COLUMN_NUMBER, CNV_LOOK_SUBTITLE, pack_subtitle(d->plan));
	pack_begin(d, 2, 6);
	pack_begin(d, 3, 20);
	for (size_t i = 0; i < count; i++)
		if (columns[i].word != PACK_WORDS)
			pack_put_text(d, 3, columns[i].column, CNV_LOOK_HEADING,
				      pack_word_str(d->plan, columns[i].word));
	pack_begin(d, 4, CNV_ROW_HIDDEN);
	for (size_t i = 0; i < count; i++)
		pack_put_text(d, 4, columns[i].column, CNV_LOOK_REMARK, cnv_str_from(columns[i].machine));
}

static void put_rules(pack_desk *d)
{
	const pack_sheet *sheet = d->sheet;
	uint32_t last = FIRST_ROW + sheet->row_count - 1;

	if (!sheet->row_count)
		return;
	for (uint32_t at = 0; at < sheet->row_count; at++) {
		const pack_row *row = &sheet->rows[at];
		cnv_rule rule;
		uint32_t first = FIRST_ROW + at, count = 1;

		if ((row->kind != ROW_QUESTION && row->kind != ROW_LEAD) || pack_is_locked(d->plan, row->question))
			continue;
		if (!d->status)
			d->status = pack_rule(d->plan, row->question, &rule);
		if (d->status)
			return;
		if (row->kind == ROW_LEAD) {
			count = d->plan->form->lists[d->plan->form->questions[row->question].list].count;
			first++;
		}
		if (rule.kind == CNV_RULE_ANY && !rule.prompt.len)
			continue;
		rule.row = first;
		rule.last_row = first + count - 1;
		rule.column = rule.last_column = COLUMN_ANSWER;
		pack_put_rule(d, rule);
	}
	if (d->plan->pack->confirm)
		pack_put_rule(d, (cnv_rule){ .kind = CNV_RULE_LIST,
					     .row = FIRST_ROW,
					     .last_row = last,
					     .column = COLUMN_STILL,
					     .last_column = COLUMN_STILL,
					     .low = CNV_STR("canvass_tick"),
					     .title = pack_word_str(d->plan, WORD_STILL),
					     .prompt = pack_word_str(d->plan, WORD_TICK),
					     .message = pack_word_str(d->plan, WORD_TICK),
					     .strict = true });
	pack_put_rule(d, (cnv_rule){ .kind = CNV_RULE_LOOK,
				     .look = CNV_LOOK_FADED,
				     .row = FIRST_ROW,
				     .last_row = last,
				     .column = COLUMN_NUMBER,
				     .last_column = COLUMN_NOTE,
				     .low = cnv_arena_format(d->plan->arena, "AND(ISNUMBER($G%u),$G%u=0)",
							     FIRST_ROW + 1, FIRST_ROW + 1) });
	pack_put_rule(d, (cnv_rule){ .kind = CNV_RULE_LOOK,
				     .look = CNV_LOOK_WANTED,
				     .row = FIRST_ROW,
				     .last_row = last,
				     .column = COLUMN_ANSWER,
				     .last_column = COLUMN_STATE,
				     .low = cnv_arena_format(
					     d->plan->arena, "$E%u=%.*s", FIRST_ROW + 1,
					     CNV_ARG(pack_quoted(d->plan, pack_word_str(d->plan, WORD_REQUIRED)))) });
}

cnv_status pack_lay_questions(pack_plan *plan, const pack_sheet *sheet, const cnv_grid *grid)
{
	pack_desk d = { .plan = plan, .sheet = sheet, .grid = grid };
	cnv_sheet_style style = pack_style(plan, sheet->name);

	style.columns = COLUMNS + plan->pack->confirm;
	style.widths = widths;
	style.landscape = true;
	style.freeze_rows = FIRST_ROW;
	style.header_row = 3;
	style.repeat_row = 3;
	style.has_comments = plan->pack->finding_count > 0;
	d.status = grid->sheet(grid->self, &style);
	put_head(&d);
	for (uint32_t at = 0; at < sheet->row_count && !d.status; at++)
		put_row(&d, at);
	put_rules(&d);
	if (!d.status && plan->arena->failed)
		d.status = CNV_NO_MEMORY;
	return d.status;
}
