/* The list of corrections, on a separate sheet: the answer as received, the problem, and a link to the cell.
 *
 * The form's own messages are in the pack's language.  Canvass's messages are in English; a pack in another
 * supported language describes the expected kind of answer in that language. */
#include "report/pack_answers.h"
#include "report/pack_sheets.h"
#include "report/pack_text.h"

enum { ISSUE_ID, ISSUE_QUESTION, ISSUE_ANSWER, ISSUE_MATTER, ISSUE_LINK, ISSUE_COLUMNS };
static const double widths[ISSUE_COLUMNS] = { 16, 46, 32, 54, 26 };
enum { ISSUE_FIRST = 3 /* row, from 0: below title, subtitle and headings */ };

/* ---------------------------------------------------------------- words */

/* ---------------------------------------------------------------- rows */

/* The row of an entry on its sheet: its position among the entries of this response. */
static uint32_t entry_row(const pack_plan *plan, uint32_t table, uint32_t row, uint32_t *number)
{
	uint32_t before = 0;

	for (uint32_t i = 0; i < row; i++)
		before += cnv_batch_owner(plan->pack->batch, table, i, 0) == plan->pack->row;
	*number = before + 1;
	return ENTRY_ROW + before;
}

/* Name and sheet of the cell that a finding is on. */
static cnv_cell link_to(const pack_plan *plan, const cnv_finding *finding, uint32_t line)
{
	const pack_spot *spot = &plan->spots[finding->question];
	const cnv_question *question = &plan->form->questions[finding->question];
	bool ticked = pack_is_ticked(plan->form, question);
	bool whole = ticked && pack_is_whole(plan, finding->question, finding->row);
	uint32_t column = spot->column;
	char name[CNV_CELL_NAME_ROOM];
	const pack_sheet *sheet;

	if (spot->sheet == CNV_NONE)
		return (cnv_cell){ .look = CNV_LOOK_LOCKED };
	sheet = &plan->sheets[spot->sheet];
	if (question->role == CNV_REPEAT) {
		line = ENTRY_ROW;
		column = ENTRY_FIRST;
	} else if (finding->table && whole && spot->whole != CNV_NONE) {
		column = spot->whole;
	} else if (!finding->table && ticked && !whole) {
		line++;
	}
	cnv_cell_name(line + 1, column + 1, name);
	return (cnv_cell){ .look = CNV_LOOK_LINK,
			   .text = cnv_arena_format(plan->arena, "%.*s, %s", CNV_ARG(sheet->name), name),
			   .link = cnv_arena_format(plan->arena, "%.*s!%s", CNV_ARG(sheet->quoted), name) };
}

static void begin(pack_desk *d, uint32_t row, const cnv_cell *question, const cnv_cell *answer, const cnv_cell *matter)
{
	const cnv_cell *cells[] = { question, answer, matter };
	double height = 0;

	for (uint32_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
		double wanted = pack_height(cells[i]->text, widths[ISSUE_QUESTION + i], false) +
				pack_height(cells[i]->aside, widths[ISSUE_QUESTION + i], true);
		height = wanted > height ? wanted : height;
	}
	pack_begin(d, row, height + 6);
}

static cnv_str id_of(const pack_plan *plan, uint32_t at)
{
	if (plan->pack->ids && plan->pack->ids[at].len)
		return plan->pack->ids[at];
	return cnv_arena_format(plan->arena, "%u", at + 1);
}

static void put_row(pack_desk *d, uint32_t at, cnv_cell question, cnv_cell answer, cnv_cell matter, cnv_cell where)
{
	uint32_t row = ISSUE_FIRST + at;

	begin(d, row, &question, &answer, &matter);
	pack_put_text(d, row, ISSUE_ID, CNV_LOOK_NUMBERING, id_of(d->plan, at));
	pack_put(d, row, ISSUE_QUESTION, question);
	pack_put(d, row, ISSUE_ANSWER, answer);
	pack_put(d, row, ISSUE_MATTER, matter);
	pack_put(d, row, ISSUE_LINK, where);
}

static void put_finding(pack_desk *d, uint32_t at)
{
	pack_plan *plan = d->plan;
	const cnv_finding *finding = &plan->pack->findings[at];
	cnv_cell question = { .look = CNV_LOOK_QUESTION }, matter = { .look = CNV_LOOK_QUESTION };
	cnv_cell answer = { .look = CNV_LOOK_LOCKED, .text = finding->diag.excerpt };
	cnv_str label = pack_label(plan, finding->question), number = pack_number(plan, finding->question);
	uint32_t line = plan->spots[finding->question].row, entry = 0;

	question.text =
		number.len ? cnv_arena_format(plan->arena, "%.*s  %.*s", CNV_ARG(number), CNV_ARG(label)) : label;
	if (finding->table && plan->pack->batch && plan->form->questions[finding->question].table == finding->table) {
		line = entry_row(plan, finding->table, finding->row, &entry);
		question.aside = cnv_arena_format(plan->arena, "%s %u", plan->words[WORD_ENTRY], entry);
	}
	matter.text = pack_matter(plan, finding, &matter.aside);
	put_row(d, at, question, answer, matter, link_to(plan, finding, line));
}

/* A finding on the whole file has its location in that file. */
static void put_told(pack_desk *d, uint32_t at)
{
	pack_plan *plan = d->plan;
	const cnv_diag *diag = &plan->pack->told[at];
	cnv_cell where = { .look = CNV_LOOK_LOCKED };
	cnv_str source = diag->place.source;
	char name[CNV_CELL_NAME_ROOM];
	size_t from = source.len;

	while (from && source.at[from - 1] != '/')
		from--;
	source = cnv_str_slice(source, from, source.len);
	if (diag->place.row && diag->place.sheet.len) {
		cnv_cell_name(diag->place.row, diag->place.column ? diag->place.column : 1, name);
		where.text = cnv_arena_format(plan->arena, "%.*s, %.*s!%s", CNV_ARG(source), CNV_ARG(diag->place.sheet),
					      name);
	} else if (diag->place.row) {
		where.text = cnv_arena_format(plan->arena, "%.*s:%u", CNV_ARG(source), diag->place.row);
	} else {
		where.text = source;
	}
	put_row(d, plan->pack->finding_count + at, (cnv_cell){ .look = CNV_LOOK_QUESTION, .text = diag->field },
		(cnv_cell){ .look = CNV_LOOK_LOCKED, .text = diag->excerpt },
		(cnv_cell){ .look = CNV_LOOK_QUESTION, .text = diag->message, .aside = diag->hint }, where);
}

/* ---------------------------------------------------------------- the sheet */

cnv_status pack_lay_issues(pack_plan *plan, const cnv_grid *grid)
{
	static const pack_word headings[] = { WORD_NUMBER, WORD_QUESTION, WORD_ANSWER, WORD_ISSUE, WORD_SEE_SHEET };
	pack_desk d = { .plan = plan, .grid = grid };
	cnv_sheet_style style = pack_style(plan, pack_word_str(plan, WORD_ISSUES));

	style.columns = ISSUE_COLUMNS;
	style.widths = widths;
	style.landscape = true;
	style.freeze_rows = ISSUE_FIRST;
	style.header_row = style.repeat_row = ISSUE_FIRST - 1;
	d.status = grid->sheet(grid->self, &style);
	pack_begin(&d, 0, 27);
	pack_put_text(&d, 0, 0, CNV_LOOK_TITLE, style.name);
	pack_begin(&d, 1, 18);
	pack_put_text(&d, 1, 0, CNV_LOOK_SUBTITLE, pack_subtitle(plan));
	for (uint32_t i = 0; i < ISSUE_COLUMNS; i++)
		pack_put_text(&d, ISSUE_FIRST - 1, i, CNV_LOOK_HEADING, pack_word_str(plan, headings[i]));
	for (uint32_t i = 0; i < plan->pack->finding_count && !d.status; i++)
		put_finding(&d, i);
	for (uint32_t i = 0; i < plan->pack->told_count && !d.status; i++)
		put_told(&d, i);
	return d.status ? d.status : plan->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
