/* The sheets of entries: a row for each entry of a repeat, a column for each of its questions, or for each choice if
 * several may be chosen.
 *
 * Above the entries: title, instructions, two rows of headings, and the hidden row that names the columns for
 * machines.  Below the drawn rows there is room for more entries, unlocked and with the same rules. */
#include "report/pack_answers.h"
#include "report/pack_formulas.h"
#include "report/pack_sheets.h"
#include "report/pack_text.h"

#define HEADINGS_MOST 110.0 /* points */

/* The column width for each kind of answer. */
static double width_of(const cnv_form *form, const cnv_question *question)
{
	if (pack_is_ticked(form, question))
		return 12;
	if (question->kind == CNV_TEXT)
		return 26;
	if (question->kind == CNV_CHOICE)
		return 24;
	return 15;
}

static uint32_t cells_of(const pack_plan *plan, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];

	return pack_is_ticked(plan->form, question) ? plan->form->lists[question->list].count : 1;
}

/* Including the columns of answers that ticks cannot represent, and of remarks. */
static uint32_t columns_of(const pack_plan *plan, cnv_question_id id)
{
	return cells_of(plan, id) + (plan->spots[id].whole != CNV_NONE) + (plan->spots[id].note != CNV_NONE);
}

/* The next question of the sheet's table that has columns, from *at; CNV_NONE at the end. */
static cnv_question_id next_question(const pack_plan *plan, const pack_sheet *sheet, uint32_t *at)
{
	const cnv_form_table *table = &plan->form->tables[sheet->table];

	while (*at < table->count) {
		cnv_question_id id = table->columns[(*at)++];
		if (pack_is_asked(&plan->form->questions[id]))
			return id;
	}
	return CNV_NONE;
}

/* ---------------------------------------------------------------- head */

/* The number of missing required answers in the drawn rows: of each column that is always required, in rows that are
 * not empty. */
static cnv_str left_formula(const pack_desk *d)
{
	const pack_sheet *sheet = d->sheet;
	cnv_arena *arena = d->plan->arena;
	uint32_t last = ENTRY_ROW + sheet->entries - 1, at = 0;
	cnv_question_id id;
	cnv_text out = { 0 };
	cnv_str formula = { 0 };

	while ((id = next_question(d->plan, sheet, &at)) != CNV_NONE) {
		const pack_spot *spot = &d->plan->spots[id];
		bool always =
			!d->plan->form->questions[id].relevant.text.len; /* except for the repeat's own condition */

		if (!cnv_str_equal(spot->required, CNV_STR("1")) || !always || cells_of(d->plan, id) > 1)
			continue;
		cnv_str from = pack_cell(arena, ENTRY_ROW, spot->column, true);
		cnv_str upto = pack_cell(arena, last, spot->column, true);
		cnv_text_format(&out, "%sSUMPRODUCT((LEN(%.*s:%.*s)=0)*(", out.len ? "+" : "", CNV_ARG(from),
				CNV_ARG(upto));
		for (uint32_t column = ENTRY_FIRST; column < sheet->columns; column++)
			cnv_text_format(&out, "%sLEN(%.*s:%.*s)", column > ENTRY_FIRST ? "+" : "",
					CNV_ARG(pack_cell(arena, ENTRY_ROW, column, true)),
					CNV_ARG(pack_cell(arena, last, column, true)));
		cnv_text_put(&out, CNV_STR(">0))"));
	}
	if (out.len && out.len < 4000)
		formula = cnv_arena_copy(arena, cnv_text_str(&out));
	arena->failed |= out.failed;
	cnv_text_fini(&out);
	return formula;
}

static uint32_t left_now(const pack_desk *d)
{
	const cnv_batch *batch = d->plan->pack->batch;
	uint32_t count = 0, at = 0;
	cnv_question_id id;

	while ((id = next_question(d->plan, d->sheet, &at)) != CNV_NONE)
		for (uint32_t row = 0; batch && row < batch->tables[d->sheet->table].rows; row++)
			count += cnv_str_equal(d->plan->spots[id].required, CNV_STR("1")) &&
				 cells_of(d->plan, id) == 1 && pack_verdict(d->plan, id, row) == CNV_MISSING &&
				 cnv_batch_owner(batch, d->sheet->table, row, 0) == d->plan->pack->row;
	return count;
}

static void put_titles(pack_desk *d)
{
	cnv_arena *arena = d->plan->arena;
	const pack_spot *spot = &d->plan->spots[d->sheet->title];
	const cnv_question *repeat = &d->plan->form->questions[d->sheet->title];
	cnv_str entries = pack_word_str(d->plan, WORD_ENTRIES), none = pack_word_str(d->plan, WORD_NO_ENTRIES);
	cnv_str left = left_formula(d);

	pack_begin(d, 0, 27);
	if (spot->asked_here.len)
		pack_put(d, 0, ENTRY_HELP,
			 (cnv_cell){ .kind = CNV_CELL_FORMULA,
				     .look = CNV_LOOK_REMARK,
				     .formula = spot->asked_here,
				     .number = spot->asked_now });
	/* Not over the columns that are repeated on every page: it would be cut off there. */
	pack_put_text(d, 0, ENTRY_FIRST, CNV_LOOK_TITLE,
		      pack_text(d->plan, cnv_question_title(d->plan->form, repeat, d->plan->pack->language)));
	pack_begin(d, 1, 18);
	pack_put(d, 1, ENTRY_HELP,
		 left.len ? (cnv_cell){ .kind = CNV_CELL_FORMULA,
					.look = CNV_LOOK_REMARK,
					.formula = left,
					.number = left_now(d) }
			  : (cnv_cell){ .kind = CNV_CELL_NUMBER, .look = CNV_LOOK_REMARK });
	if (spot->asked_here.len)
		pack_put(d, 1, ENTRY_FIRST,
			 (cnv_cell){ .kind = CNV_CELL_FORMULA,
				     .look = CNV_LOOK_SUBTITLE,
				     .is_text = true,
				     .formula = cnv_arena_format(arena, "IF($A$1=1,%.*s,%.*s)",
								 CNV_ARG(pack_quoted(d->plan, entries)),
								 CNV_ARG(pack_quoted(d->plan, none))),
				     .text = spot->asked_now ? entries : none });
	else
		pack_put_text(d, 1, ENTRY_FIRST, CNV_LOOK_SUBTITLE, entries);
}

/* "C5.1 Name of the document" */
static cnv_str heading_of(const pack_desk *d, cnv_question_id id)
{
	cnv_str number = pack_number(d->plan, id), label = pack_label(d->plan, id);

	return number.len ? cnv_arena_format(d->plan->arena, "%.*s  %.*s", CNV_ARG(number), CNV_ARG(label)) : label;
}

static cnv_str choice_label(const pack_desk *d, cnv_question_id id, uint32_t choice)
{
	const cnv_list *list = &d->plan->form->lists[d->plan->form->questions[id].list];

	return pack_text(d->plan, cnv_choice_title(d->plan->form, &list->choices[choice], d->plan->pack->language));
}

static void put_headings(pack_desk *d)
{
	uint32_t at = 0;
	cnv_question_id id;
	double height = 20;

	while ((id = next_question(d->plan, d->sheet, &at)) != CNV_NONE) {
		const cnv_question *question = &d->plan->form->questions[id];
		double wanted = pack_height(heading_of(d, id),
					    cells_of(d->plan, id) * width_of(d->plan->form, question) / 1.12, false);
		height = wanted + 6 > height ? wanted + 6 : height;
	}
	pack_begin(d, ENTRY_HEADINGS, height > HEADINGS_MOST ? HEADINGS_MOST : height);
	pack_put_text(d, ENTRY_HEADINGS, ENTRY_NUMBER, CNV_LOOK_HEADING, pack_word_str(d->plan, WORD_NUMBER));
	if (d->sheet->parent_column != CNV_NONE) {
		uint32_t parent = d->plan->form->tables[d->sheet->table].parent;
		cnv_question_id outer = d->plan->form->tables[parent].repeat;
		pack_put_text(d, ENTRY_HEADINGS, d->sheet->parent_column, CNV_LOOK_HEADING,
			      cnv_arena_format(d->plan->arena, "%s: %.*s", d->plan->words[WORD_NUMBER],
					       CNV_ARG(d->plan->sheets[d->plan->spots[outer].sheet].name)));
	}
	for (at = 0; (id = next_question(d->plan, d->sheet, &at)) != CNV_NONE;)
		pack_put(d, ENTRY_HEADINGS, d->plan->spots[id].column,
			 (cnv_cell){ .look = CNV_LOOK_HEADING,
				     .text = heading_of(d, id),
				     .span = columns_of(d->plan, id) });
	if (d->sheet->confirms)
		pack_put_text(d, ENTRY_HEADINGS, d->sheet->columns, CNV_LOOK_HEADING,
			      pack_word_str(d->plan, WORD_STILL));
}

static void put_hints(pack_desk *d)
{
	uint32_t at = 0;
	cnv_question_id id;
	double height = 16;

	for (int write = 0; write < 2; write++) {
		if (write) {
			pack_begin(d, ENTRY_HINTS, height > HEADINGS_MOST ? HEADINGS_MOST : height);
			pack_put_text(d, ENTRY_HINTS, ENTRY_NUMBER, CNV_LOOK_LOCKED, (cnv_str){ 0 });
			if (d->sheet->parent_column != CNV_NONE)
				pack_put_text(d, ENTRY_HINTS, d->sheet->parent_column, CNV_LOOK_LOCKED, (cnv_str){ 0 });
		}
		for (at = 0; (id = next_question(d->plan, d->sheet, &at)) != CNV_NONE;) {
			const cnv_question *question = &d->plan->form->questions[id];
			bool ticked = pack_is_ticked(d->plan->form, question);
			for (uint32_t i = 0; i < cells_of(d->plan, id); i++) {
				cnv_str text = ticked ? choice_label(d, id, i) : pack_hint(d->plan, id);
				double wanted = pack_height(text, width_of(d->plan->form, question), false) + 4;
				height = wanted > height ? wanted : height;
				if (write)
					pack_put_text(d, ENTRY_HINTS, d->plan->spots[id].column + i, CNV_LOOK_LOCKED,
						      text);
			}
			if (write && d->plan->spots[id].whole != CNV_NONE)
				pack_put_text(d, ENTRY_HINTS, d->plan->spots[id].whole, CNV_LOOK_LOCKED,
					      pack_word_str(d->plan, WORD_ANSWER));
			if (write && d->plan->spots[id].note != CNV_NONE)
				pack_put_text(d, ENTRY_HINTS, d->plan->spots[id].note, CNV_LOOK_LOCKED,
					      pack_word_str(d->plan, WORD_REMARKS));
		}
		if (write && d->sheet->confirms)
			pack_put_text(d, ENTRY_HINTS, d->sheet->columns, CNV_LOOK_LOCKED,
				      pack_word_str(d->plan, WORD_TICK));
	}
}

static void put_note_header(pack_desk *d, cnv_question_id id)
{
	const pack_spot *spot = &d->plan->spots[id];

	if (spot->note != CNV_NONE)
		pack_put_text(d, ENTRY_HEADER, spot->note, CNV_LOOK_REMARK,
			      cnv_arena_format(d->plan->arena, "%.*s#note",
					       CNV_ARG(d->plan->form->questions[id].answer_path)));
}

static void put_header(pack_desk *d)
{
	const cnv_form *form = d->plan->form;
	uint32_t at = 0;
	cnv_question_id id;

	pack_begin(d, ENTRY_HEADER, CNV_ROW_HIDDEN);
	pack_put_text(d, ENTRY_HEADER, ENTRY_NUMBER, CNV_LOOK_REMARK, form->questions[d->sheet->title].answer_path);
	if (d->sheet->parent_column != CNV_NONE) {
		cnv_question_id outer = form->tables[form->tables[d->sheet->table].parent].repeat;
		pack_put_text(d, ENTRY_HEADER, d->sheet->parent_column, CNV_LOOK_REMARK,
			      form->questions[outer].answer_path);
	}
	while ((id = next_question(d->plan, d->sheet, &at)) != CNV_NONE) {
		const cnv_question *question = &d->plan->form->questions[id];
		const pack_spot *spot = &d->plan->spots[id];
		if (!pack_is_ticked(d->plan->form, question)) {
			pack_put_text(d, ENTRY_HEADER, spot->column, CNV_LOOK_REMARK, question->answer_path);
			put_note_header(d, id);
			continue;
		}
		for (uint32_t i = 0; i < d->plan->form->lists[question->list].count; i++)
			pack_put_text(d, ENTRY_HEADER, spot->column + i, CNV_LOOK_REMARK,
				      cnv_arena_format(d->plan->arena, "%.*s/%.*s", CNV_ARG(question->answer_path),
						       CNV_ARG(d->plan->form->lists[question->list].choices[i].name)));
		if (spot->whole != CNV_NONE)
			pack_put_text(d, ENTRY_HEADER, spot->whole, CNV_LOOK_REMARK, question->answer_path);
		put_note_header(d, id);
	}
	if (d->sheet->confirms)
		pack_put_text(d, ENTRY_HEADER, d->sheet->columns, CNV_LOOK_REMARK, CNV_STR("still_right"));
}

/* ---------------------------------------------------------------- entries */

/* The answers that ticks cannot represent, after the ticks. */
static void put_whole(pack_desk *d, uint32_t line, cnv_question_id id, uint32_t row, const cnv_finding *finding)
{
	cnv_cell cell = { .look = CNV_LOOK_FILL };

	if (row != CNV_NONE && pack_is_whole(d->plan, id, row)) {
		cell = pack_answer(d->plan, id, row);
		if (finding)
			pack_mark(d->plan, &cell, finding);
	}
	pack_put(d, line, d->plan->spots[id].whole, cell);
}

/* One answer, or its ticks, of an entry (a row of the batch's table; CNV_NONE: an empty one). */
static void put_answer(pack_desk *d, uint32_t line, cnv_question_id id, uint32_t row)
{
	const pack_spot *spot = &d->plan->spots[id];
	const cnv_question *question = &d->plan->form->questions[id];
	const cnv_pack blank = { .form = d->plan->form };
	const cnv_pack *pack = d->plan->pack;
	bool ticked = pack_is_ticked(d->plan->form, question);
	const cnv_finding *finding = row == CNV_NONE ? NULL : pack_wrong(d->plan, d->sheet->table, row, id);

	for (uint32_t i = 0; i < cells_of(d->plan, id); i++) {
		cnv_cell cell = { .look = CNV_LOOK_FILL_TICK };
		if (row == CNV_NONE)
			d->plan->pack = &blank;
		if (!ticked)
			cell = pack_answer(d->plan, id, row == CNV_NONE ? 0 : row);
		else if (pack_is_chosen(d->plan, id, i, row == CNV_NONE ? 0 : row))
			cell.text = CNV_STR("x");
		d->plan->pack = pack;
		if (finding && (!ticked || (!i && !pack_is_whole(d->plan, id, row)) || cell.text.len))
			pack_mark(d->plan, &cell, finding);
		if (!i && row != CNV_NONE && !cell.comment.len)
			cell.comment = pack_uncarried(d->plan, id, row);
		pack_put(d, line, spot->column + i, cell);
	}
	if (spot->whole != CNV_NONE)
		put_whole(d, line, id, row, finding);
	if (spot->note != CNV_NONE)
		pack_put_text(d, line, spot->note, CNV_LOOK_FILL_NOTE,
			      row == CNV_NONE ? (cnv_str){ 0 } : pack_remark(d->plan, d->sheet->table, row, id));
}

/* The number of the parent's entry on its own sheet: its position among the entries of this response. */
static uint32_t parent_number(const pack_desk *d, uint32_t row)
{
	const cnv_batch *batch = d->plan->pack->batch;
	uint32_t table = d->plan->form->tables[d->sheet->table].parent;
	uint32_t parent = batch->tables[d->sheet->table].parents[row], number = 0;

	for (uint32_t i = 0; i <= parent; i++)
		number += cnv_batch_owner(batch, table, i, 0) == d->plan->pack->row;
	return number;
}

/* The row height that fits the prefilled values. */
static double entry_height(const pack_desk *d, uint32_t row)
{
	double height = 20;
	uint32_t at = 0;
	cnv_question_id id;

	while (row != CNV_NONE && (id = next_question(d->plan, d->sheet, &at)) != CNV_NONE) {
		const cnv_question *question = &d->plan->form->questions[id];
		double wanted = 0;
		if (!pack_is_ticked(d->plan->form, question))
			wanted = pack_height(pack_answer(d->plan, id, row).text, width_of(d->plan->form, question),
					     false) +
				 5;
		height = wanted > height ? wanted : height;
	}
	return height;
}

static void put_entry(pack_desk *d, uint32_t index, uint32_t row)
{
	uint32_t line = ENTRY_ROW + index, at = 0;
	cnv_question_id id;

	pack_begin(d, line, entry_height(d, row));
	pack_put(d, line, ENTRY_NUMBER,
		 (cnv_cell){ .kind = CNV_CELL_NUMBER, .look = CNV_LOOK_LOCKED, .number = index + 1 });
	if (d->sheet->parent_column != CNV_NONE && row == CNV_NONE)
		pack_put_text(d, line, d->sheet->parent_column, CNV_LOOK_FILL_NUMBER, (cnv_str){ 0 });
	else if (d->sheet->parent_column != CNV_NONE)
		pack_put(d, line, d->sheet->parent_column,
			 (cnv_cell){ .kind = CNV_CELL_NUMBER,
				     .look = CNV_LOOK_FILL_NUMBER,
				     .number = parent_number(d, row) });
	while ((id = next_question(d->plan, d->sheet, &at)) != CNV_NONE)
		put_answer(d, line, id, row);
	if (d->sheet->confirms && row != CNV_NONE)
		pack_put_text(d, line, d->sheet->columns, CNV_LOOK_FILL_TICK, (cnv_str){ 0 });
}

static void put_entries(pack_desk *d)
{
	const cnv_batch *batch = d->plan->pack->batch;
	uint32_t index = 0;

	for (uint32_t row = 0; batch && row < batch->tables[d->sheet->table].rows; row++)
		if (cnv_batch_owner(batch, d->sheet->table, row, 0) == d->plan->pack->row)
			put_entry(d, index++, row);
	while (index < d->sheet->entries && !d->status)
		put_entry(d, index++, CNV_NONE);
}

/* ---------------------------------------------------------------- rules */

static void look_rule(pack_desk *d, cnv_question_id id, cnv_look look, cnv_str formula)
{
	const pack_spot *spot = &d->plan->spots[id];

	pack_put_rule(d, (cnv_rule){ .kind = CNV_RULE_LOOK,
				     .look = look,
				     .row = ENTRY_ROW,
				     .last_row = ENTRY_ROW + d->sheet->entries - 1,
				     .column = spot->column,
				     .last_column = spot->column + cells_of(d->plan, id) - 1,
				     .low = formula });
}

static void put_rules(pack_desk *d)
{
	cnv_arena *arena = d->plan->arena;
	/* A parent's number alone does not make an entry. */
	cnv_str first = pack_cell(arena, ENTRY_ROW, ENTRY_FIRST + (d->sheet->parent_column != CNV_NONE), false);
	cnv_str last = pack_cell(arena, ENTRY_ROW, d->sheet->columns - 1, false);
	uint32_t at = 0;
	cnv_question_id id;

	while ((id = next_question(d->plan, d->sheet, &at)) != CNV_NONE && !d->status) {
		const pack_spot *spot = &d->plan->spots[id];
		cnv_rule rule;
		cnv_str begun = cnv_arena_format(arena, "COUNTA(%.*s:%.*s)>0", CNV_ARG(first), CNV_ARG(last));

		d->status = pack_rule(d->plan, id, &rule);
		if (d->status)
			return;
		rule.row = ENTRY_ROW;
		rule.last_row = ENTRY_ROW + d->sheet->entries + ENTRIES_MORE - 1;
		rule.column = spot->column;
		rule.last_column = spot->column + cells_of(d->plan, id) - 1;
		if (rule.kind != CNV_RULE_ANY || rule.prompt.len)
			pack_put_rule(d, rule);
		if (spot->asked.len)
			look_rule(d, id, CNV_LOOK_FADED, cnv_arena_format(arena, "NOT(%.*s)", CNV_ARG(spot->asked)));
		if (!spot->required.len)
			continue;
		cnv_str ticks = cnv_arena_format(arena, "COUNTA(%.*s:%.*s)=0",
						 CNV_ARG(pack_cell(arena, ENTRY_ROW, spot->column, false)),
						 CNV_ARG(pack_cell(arena, ENTRY_ROW, rule.last_column, false)));
		cnv_str wanted = cnv_str_equal(spot->required, CNV_STR("1")) ? CNV_STR("TRUE") : spot->required;
		cnv_str asked = spot->asked.len ? spot->asked : CNV_STR("TRUE");
		look_rule(d, id, CNV_LOOK_WANTED,
			  cnv_arena_format(arena, "AND(%.*s,%.*s,%.*s,%.*s)", CNV_ARG(begun), CNV_ARG(ticks),
					   CNV_ARG(wanted), CNV_ARG(asked)));
	}
	if (d->sheet->confirms)
		pack_put_rule(d, (cnv_rule){ .kind = CNV_RULE_LIST,
					     .row = ENTRY_ROW,
					     .last_row = ENTRY_ROW + d->sheet->filled - 1,
					     .column = d->sheet->columns,
					     .last_column = d->sheet->columns,
					     .low = CNV_STR("canvass_tick"),
					     .title = pack_word_str(d->plan, WORD_STILL),
					     .prompt = pack_word_str(d->plan, WORD_TICK),
					     .message = pack_word_str(d->plan, WORD_TICK),
					     .strict = true });
}

cnv_status pack_lay_entries(pack_plan *plan, const pack_sheet *sheet, const cnv_grid *grid)
{
	pack_desk d = { .plan = plan, .sheet = sheet, .grid = grid };
	cnv_sheet_style style = pack_style(plan, sheet->name);
	uint32_t columns = sheet->columns + sheet->confirms;
	double *widths = cnv_arena_array(plan->arena, columns, sizeof *widths);
	cnv_look *looks = cnv_arena_array(plan->arena, columns, sizeof *looks);
	double whole = 0;
	uint32_t at = 0;
	cnv_question_id id;

	if (!widths || !looks)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < columns; i++) {
		widths[i] = i == ENTRY_HELP ? 0 : i == ENTRY_NUMBER ? 6 : 14;
		looks[i] = i < ENTRY_FIRST || i == sheet->columns ? CNV_LOOK_BODY : CNV_LOOK_FILL_MORE;
	}
	while ((id = next_question(plan, sheet, &at)) != CNV_NONE) {
		for (uint32_t i = 0; i < cells_of(plan, id); i++)
			widths[plan->spots[id].column + i] = width_of(plan->form, &plan->form->questions[id]);
		if (plan->spots[id].whole != CNV_NONE)
			widths[plan->spots[id].whole] = 26;
		if (plan->spots[id].note != CNV_NONE)
			widths[plan->spots[id].note] = 30;
	}
	for (uint32_t i = 0; i < columns; i++)
		whole += widths[i];
	style.columns = columns;
	style.widths = widths;
	style.looks = looks;
	style.landscape = true;
	style.spread = whole > 240;
	style.scale = style.spread ? 70 : 0;
	style.freeze_rows = ENTRY_ROW;
	style.freeze_columns = style.repeat_columns = ENTRY_FIRST + (sheet->parent_column != CNV_NONE);
	style.header_row = ENTRY_HINTS;
	style.repeat_row = ENTRY_HEADINGS;
	style.has_comments = plan->pack->finding_count > 0 || plan->pack->uncarried_count > 0;
	d.status = grid->sheet(grid->self, &style);
	put_titles(&d);
	put_headings(&d);
	put_hints(&d);
	put_header(&d);
	put_entries(&d);
	put_rules(&d);
	if (!d.status && plan->arena->failed)
		d.status = CNV_NO_MEMORY;
	return d.status;
}
