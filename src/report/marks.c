/* marks: notes and links of the answers in the Matrix.
 *
 * There is one mark for each cell, found by its place.  Other sheets are measured before the Matrix is written, and
 * leave in it which of their rows is about the answer.  What may not be shown of a finding is not in its note either
 * (shown_finding.c); the lines that a cell leads to are those that their sheets show.
 *
 * LibreOffice shows a text with a link in blue, and on one line.  So a text leads somewhere only if there is more to read
 * than where it came from, and page.c leaves the link out where it would wrap; numbers and dates look as ever.  The code
 * of a respondent leads to the sources of all their answers, which are in the order of the columns. */
#include "report/marks.h"

#include "canvass/read.h"

#include "report/sayings.h"
#include "report/shown_finding.h"
#include "report/texts.h"

#define MOST 5u      /* findings in one note */
#define MESSAGE 300u /* characters of a finding, */
#define VALUE 100u   /* of a value, */
#define NOTE 2000u   /* and of the note */

_Static_assert(2 * CNV_REPORT_MARKED <= CNV_GRID_LINKS, "a link for each answer and each respondent");

/* A line of another sheet. */
struct line {
	cnv_line_about kind; /* 0: there is none */
	uint32_t sheet, row; /* in desk->sheets, and from 0 */
};

typedef struct cnv_mark {
	struct line line;          /* that it leads to */
	uint32_t finding, reading; /* the first about it, from 1; 0: none */
} cnv_mark;

/* A finding that may be shown at its cell. */
struct told {
	uint32_t next; /* about the same cell, from 1; 0: none */
	cnv_severity severity;
	cnv_str message;
};

struct cnv_marks {
	cnv_mark *cells;   /* of each response `width`, */
	uint32_t *columns; /* and which of them each question has; CNV_NONE: none */
	uint32_t width;
	struct line *sources;   /* of each response the first */
	struct told *findings;  /* those of the report; */
	uint32_t *next_reading; /* of its readings, as `next` */
};

/* Is the question answered in the response itself, or is it a repeat in it? */
static bool has_cell(const cnv_form *form, cnv_question_id question)
{
	const cnv_question *asked = &form->questions[question];

	if (asked->role == CNV_REPEAT)
		return form->tables[asked->table].parent == 0;
	return asked->table == 0 && asked->column != CNV_NONE;
}

static uint32_t count_cells(const cnv_form *form)
{
	uint32_t count = 0;

	for (cnv_question_id q = 0; q < form->count; q++)
		count += has_cell(form, q);
	return count;
}

bool cnv_report_marks(const cnv_report *report)
{
	return report->batch &&
	       (uint64_t)report->batch->tables[0].rows * count_cells(report->form) <= CNV_REPORT_MARKED;
}

static cnv_mark *mark_of(const cnv_desk *desk, cnv_question_id question, uint32_t response)
{
	const struct cnv_marks *marks = desk->marks;

	if (!marks || question >= desk->form->count || response == CNV_NONE || marks->columns[question] == CNV_NONE)
		return NULL;
	return &marks->cells[(size_t)response * marks->width + marks->columns[question]];
}

/* ---------------------------------------------------------------- before sheets are laid */

/* Chains them from the last to the first, so that each cell has them in their order. */
static void chain_findings(const cnv_desk *desk, const cnv_finding_index *index)
{
	const cnv_report *report = desk->report;

	for (uint32_t i = report->finding_count; i-- > 0;) {
		cnv_shown_finding shown = cnv_finding_shown(desk, index, &report->findings[i], desk->arena);
		cnv_mark *mark =
			shown.sure && shown.placed
				? mark_of(desk, shown.question, cnv_desk_response(desk, shown.finding->respondent))
				: NULL;

		if (!mark)
			continue;
		desk->marks->findings[i] = (struct told){ .next = mark->finding,
							  .severity = shown.info ? shown.info->severity : CNV_ERROR,
							  .message = cnv_shown_finding_message(&shown) };
		mark->finding = i + 1;
	}
}

static void chain_readings(const cnv_desk *desk, const cnv_finding_index *index)
{
	const cnv_report *report = desk->report;

	for (uint32_t i = report->reading_count; i-- > 0;) {
		const cnv_reported_reading *reading = &report->readings[i];
		cnv_question_id question = cnv_map_find(&index->questions, reading->path);
		cnv_mark *mark = mark_of(desk, question, cnv_desk_response(desk, reading->respondent));

		if (!mark || !cnv_str_equal(desk->form->questions[question].answer_path, reading->path))
			continue;
		desk->marks->next_reading[i] = mark->reading;
		mark->reading = i + 1;
	}
}

static bool make_room(struct cnv_marks *marks, const cnv_report *report, cnv_arena *arena)
{
	size_t responses = report->batch->tables[0].rows;

	marks->columns = cnv_arena_array(arena, (size_t)report->form->count + 1, sizeof *marks->columns);
	for (cnv_question_id q = 0; marks->columns && q < report->form->count; q++)
		marks->columns[q] = has_cell(report->form, q) ? marks->width++ : CNV_NONE;
	marks->cells = cnv_arena_array(arena, responses * marks->width + 1, sizeof *marks->cells);
	marks->sources = cnv_arena_array(arena, responses + 1, sizeof *marks->sources);
	marks->findings = cnv_arena_array(arena, (size_t)report->finding_count + 1, sizeof *marks->findings);
	marks->next_reading = cnv_arena_array(arena, (size_t)report->reading_count + 1, sizeof *marks->next_reading);
	return !arena->failed;
}

bool cnv_marks_open(cnv_desk *desk)
{
	const cnv_report *report = desk->report;
	cnv_finding_index index = { 0 };
	bool ok;

	if (!cnv_report_marks(report))
		return true;
	desk->marks = cnv_arena_array(desk->arena, 1, sizeof *desk->marks);
	if (!desk->marks || !make_room(desk->marks, report, desk->arena))
		return false;
	/* How the figures came about is left out with the sheets about it. */
	if (report->no_audit)
		return true;
	ok = cnv_finding_index_build(&index, desk);
	if (ok) {
		chain_findings(desk, &index);
		chain_readings(desk, &index);
	}
	cnv_finding_index_fini(&index);
	return ok && !desk->arena->failed;
}

void cnv_mark_line(const cnv_page *page, cnv_line_about kind, cnv_question_id question, uint32_t response)
{
	cnv_mark *mark = page->grid ? NULL : mark_of(page->desk, question, response);
	struct line line = { kind, (uint32_t)(page->plan - page->desk->sheets), page->row };

	if (!mark)
		return;
	if (kind > mark->line.kind)
		mark->line = line;
	if (kind == CNV_LINE_SOURCE && !page->desk->marks->sources[response].kind)
		page->desk->marks->sources[response] = line;
}

/* ---------------------------------------------------------------- the cell */

/* Adds a line to the note. */
static void add_line(cnv_page *page, cnv_cell *cell, cnv_str line)
{
	cell->comment = cell->comment.len ? cnv_arena_format(&page->row_arena, "%.*s\n%.*s", CNV_ARG(cell->comment),
							     CNV_ARG(line))
					  : line;
}

static void add_findings(cnv_page *page, const cnv_mark *mark, cnv_cell *cell)
{
	static const char *const severities[] = {
		[CNV_NOTE] = "note", [CNV_WARNING] = "warning", [CNV_ERROR] = "error"
	};
	const struct told *findings = page->desk->marks->findings;
	cnv_arena *arena = &page->row_arena;

	for (uint32_t at = mark->finding, count = 0; at && count < MOST; at = findings[at - 1].next, count++) {
		const struct told *told = &findings[at - 1];

		add_line(page, cell,
			 cnv_arena_format(arena, "%.*s: %.*s", CNV_ARG(cnv_say(page->desk, severities[told->severity])),
					  CNV_ARG(cnv_text_cut(told->message, MESSAGE, arena))));
	}
}

static cnv_value value_of(cnv_str text, cnv_arena *arena)
{
	return cnv_value_text(text.len ? cnv_text_cut(text, VALUE, arena) : CNV_STR("–"));
}

/* Does the cell show the answer as it was written?  A label shown short is still the one that was written. */
static bool shows(const cnv_page *page, const cnv_cell *cell, const cnv_reported_reading *reading, cnv_arena *arena)
{
	if (page->desk->report->labels != CNV_LABELS_CODE && cnv_str_equal(reading->why, CNV_STR(CNV_WHY_LABEL)))
		return true;
	return cell->kind == CNV_CELL_TEXT &&
	       cnv_str_equal(cnv_text_fold(arena, cell->text), cnv_text_fold(arena, reading->written));
}

/* The readings of a cell build on one another: the first is of what was written. */
static void add_readings(cnv_page *page, const cnv_mark *mark, cnv_cell *cell)
{
	const cnv_report *report = page->desk->report;
	cnv_arena *arena = &page->row_arena;

	for (uint32_t at = mark->reading, count = 0; at && count < MOST;
	     at = page->desk->marks->next_reading[at - 1], count++) {
		const cnv_reported_reading *reading = &report->readings[at - 1];

		if (shows(page, cell, reading, arena))
			continue;
		add_line(page, cell,
			 CNV_SAY(page->desk, arena, "As written: {1}. Read as: {2} ({3}).",
				 value_of(reading->written, arena), value_of(reading->read_as, arena),
				 cnv_value_text(reading->why)));
	}
}

static void link_to(cnv_page *page, const struct line *line, cnv_cell *cell)
{
	const cnv_sheet_plan *sheet = &page->desk->sheets[line->sheet];

	/* Of a sheet that is measured, the lines of later sheets are not known yet. */
	if (!page->grid || !line->kind)
		return;
	cell->link = cnv_arena_format(&page->row_arena, "%.*s!A%u", CNV_ARG(sheet->quoted), line->row + 1);
	cell->tip = sheet->name;
}

void cnv_mark_cell(cnv_page *page, cnv_question_id question, uint32_t response, cnv_cell *cell)
{
	const cnv_mark *mark = mark_of(page->desk, question, response);

	if (!mark)
		return;
	add_findings(page, mark, cell);
	add_readings(page, mark, cell);
	cell->comment = cnv_text_cut(cell->comment, NOTE, &page->row_arena);
	if (cell->kind != CNV_CELL_TEXT || mark->line.kind != CNV_LINE_SOURCE)
		link_to(page, &mark->line, cell);
}

void cnv_mark_code(cnv_page *page, uint32_t response, cnv_cell *cell)
{
	if (page->desk->marks && response != CNV_NONE)
		link_to(page, &page->desk->marks->sources[response], cell);
}
