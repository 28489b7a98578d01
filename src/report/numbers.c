/* numbers: statistics of the answers to each question of a number, and of calculations that are numbers.
 *
 * A row for all respondents is followed by one for each group of the roster. */
#include "report/figures.h"
#include "report/grouping.h"
#include "report/listing.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

#include <stdlib.h>

#define MOST_FAR 40u /* outliers listed of a question */

struct record {
	cnv_subject subject;
	cnv_str group;
	cnv_figures figures;
	const cnv_question_tally *tally; /* of all; NULL: of a group */
	bool has_units;                  /* of all, which have no common figures */
	cnv_str far;
};

/* The answers to one question; without names only what is tallied. */
struct block {
	cnv_page *page;
	const cnv_listing *listing;
	cnv_question_id question;
	cnv_valued_list values;
	const cnv_grouping *groupings;
	uint32_t grouping_count;
};

/* ---------------------------------------------------------------- the columns */

enum { N, LEAST, LOWER, MEDIAN, UPPER, GREATEST, MEAN, SUM, ANSWERED, ASKED };

static void fill_count(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	if (column->number == N && row->has_units)
		return;
	if (column->number == N)
		cnv_cell_count(cell, row->figures.n);
	else if (row->tally)
		cnv_cell_count(cell, column->number == ANSWERED ? row->tally->standing[CNV_STANDING_ANSWERED]
								: row->tally->asked);
}

static void fill_figure(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_figures *of = &row->figures;
	const double figures[] = {
		[LEAST] = of->least, [LOWER] = of->lower,       [MEDIAN] = of->median,
		[UPPER] = of->upper, [GREATEST] = of->greatest, [MEAN] = cnv_number_round(of->mean, 2),
		[SUM] = of->sum
	};
	bool is_quartile = column->number == LOWER || column->number == UPPER;

	if (!of->n)
		return;
	if (is_quartile && !of->has_quartiles) {
		cell->look = CNV_LOOK_PLAIN;
		cell->text = cnv_say(page->desk, CNV_NO_QUARTILES);
		return;
	}
	if (of->about && (is_quartile || column->number == MEDIAN)) {
		cell->look = CNV_LOOK_PLAIN;
		cell->text = cnv_about_text(figures[column->number], &page->row_arena);
		return;
	}
	cnv_cell_number(page, cell, figures[column->number]);
}

static void fill_group(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const struct record *)record)->group;
}

static void fill_far(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const struct record *)record)->far;
}

static void add_columns(cnv_listing *listing, bool grouped)
{
	static const cnv_listing_column about[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question, .technical = true },
		{ .heading = "label", .most = 44, .fill = cnv_fill_title },
		{ 0 }
	};
	static const cnv_listing_column group[] = { { .heading = "group", .most = 24, .fill = fill_group }, { 0 } };
	static const cnv_listing_column figures[] = {
		{ .heading = "n", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = N },
		{ .heading = "min", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = LEAST },
		{ .heading = "lower quartile", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = LOWER },
		{ .heading = "median", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = MEDIAN },
		{ .heading = "upper quartile", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = UPPER },
		{ .heading = "max", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = GREATEST },
		{ .heading = "mean", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = MEAN },
		{ .heading = "sum", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = SUM },
		{ .heading = "answered", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ANSWERED },
		{ .heading = "asked", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ASKED },
		{ 0 }
	};
	static const cnv_listing_column far[] = { { .heading = "outliers", .most = 40, .fill = fill_far }, { 0 } };

	cnv_listing_add(listing, about);
	if (grouped)
		cnv_listing_add(listing, group);
	cnv_listing_add(listing, figures);
	if (listing->page->desk->named)
		cnv_listing_add(listing, far);
}

/* ---------------------------------------------------------------- the rows */

/* "INA 1200, ROK 3 and 2 more" */
static cnv_str list_far(const struct block *block, double median)
{
	cnv_desk *desk = block->page->desk;
	const cnv_valued_list *values = &block->values;
	bool *far = cnv_arena_array(&desk->step, (size_t)values->count + 1, sizeof *far);
	char digits[CNV_NUMBER_ROOM];
	uint32_t found = 0;

	if (!far || !cnv_outliers_find(far, values->at, values->count, median, &desk->step))
		return CNV_STR("");
	cnv_text_reset(&desk->draft);
	for (uint32_t i = 0; i < values->count; i++) {
		if (!far[i] || found++ >= MOST_FAR)
			continue;
		cnv_text_format(&desk->draft, "%s%.*s %.*s", found > 1 ? ", " : "",
				CNV_ARG(desk->pairing.rows[values->at[i].person].code),
				(int)cnv_number_write(values->at[i].value, digits), digits);
	}
	if (found <= MOST_FAR)
		return cnv_desk_drafted(desk, &desk->step);
	return CNV_SAY(desk, &desk->step, "{1} and {2} more", cnv_value_text(cnv_text_str(&desk->draft)),
		       cnv_value_count(found - MOST_FAR));
}

/* What is tallied, of numbers; what is calculated is not tallied, and only known by name. */
static void lay_all(const struct block *block)
{
	cnv_desk *desk = block->page->desk;
	const cnv_question *asked = &desk->form->questions[block->question];
	struct record record = { .subject.question = block->question,
				 .group = cnv_say(desk, "(all)"),
				 .tally = cnv_tally_question(desk->tally, block->question),
				 .has_units = asked->unit != CNV_NONE };
	cnv_figures named = cnv_figures_of(block->values.at, block->values.count);

	record.figures = asked->role == CNV_COMPUTED && !record.tally->numbers
				 ? named
				 : cnv_figures_tallied(desk->tally, block->question);
	if (!record.has_units && !record.figures.has_quartiles && named.n == record.figures.n) {
		record.figures.lower = named.lower;
		record.figures.upper = named.upper;
		record.figures.has_quartiles = true;
	}
	if (block->values.count && !record.has_units)
		record.far = list_far(block, record.figures.median);
	if (asked->table)
		record.subject.aside = CNV_SAY(desk, &desk->step, "of {1} {1|entry|entries}",
					       cnv_value_count(cnv_tally_rows(desk->tally, asked->table)));
	cnv_listing_row(block->listing, &record);
}

/* The answers of each group, which rise as all do. */
static bool lay_groups(const struct block *block, const cnv_grouping *grouping)
{
	cnv_desk *desk = block->page->desk;
	const cnv_valued_list *values = &block->values;
	uint32_t *group_of = cnv_arena_array(&desk->step, (size_t)desk->pairing.count + 1, sizeof *group_of);
	uint32_t *ends = cnv_arena_array(&desk->step, (size_t)grouping->count + 2, sizeof *ends);
	cnv_valued *sorted = cnv_arena_array(&desk->step, (size_t)values->count + 1, sizeof *sorted);

	if (!group_of || !ends || !sorted)
		return false;
	for (uint32_t i = 0; i < desk->pairing.count; i++)
		group_of[i] = CNV_NONE;
	for (uint32_t g = 0; g < grouping->count; g++)
		for (uint32_t i = grouping->starts[g]; i < grouping->starts[g + 1]; i++)
			group_of[grouping->people[i]] = g;
	for (uint32_t i = 0; i < values->count; i++)
		if (group_of[values->at[i].person] != CNV_NONE)
			ends[group_of[values->at[i].person] + 2]++;
	for (uint32_t g = 0; g < grouping->count; g++)
		ends[g + 2] += ends[g + 1];
	for (uint32_t i = 0; i < values->count; i++)
		if (group_of[values->at[i].person] != CNV_NONE)
			sorted[ends[group_of[values->at[i].person] + 1]++] = values->at[i];
	for (uint32_t g = 0; g < grouping->count && cnv_page_has_room(block->page); g++) {
		struct record record = { .subject.question = block->question, .group = grouping->names[g] };

		record.figures = cnv_figures_of(sorted + ends[g], ends[g + 1] - ends[g]);
		cnv_listing_row(block->listing, &record);
	}
	return true;
}

/* ---------------------------------------------------------------- units */

/* An answer, by the unit it was given in. */
struct measured {
	cnv_str unit;
	uint32_t at; /* of the values, which rise */
};

static int by_unit(const void *a, const void *b)
{
	const struct measured *left = a, *right = b;
	int order = cnv_str_compare(left->unit, right->unit);

	return order ? order : left->at < right->at ? -1 : left->at > right->at;
}

/* The unit of a number in a row of its table, as it was answered; empty: it was not. */
static cnv_str unit_of(const cnv_desk *desk, const cnv_question *asked, uint32_t row, cnv_arena *arena)
{
	const cnv_batch *batch = desk->report->batch;
	const cnv_question *unit = &desk->form->questions[asked->unit];
	const cnv_column *column = cnv_desk_column(desk, asked->unit);
	uint32_t at = unit->table == asked->table ? row : cnv_batch_owner(batch, asked->table, row, unit->table);

	if (column->verdicts[at] != CNV_ACCEPTED || !cnv_desk_shows(desk, asked->unit))
		return (cnv_str){ 0 };
	return cnv_cell_value(desk->form, column, at, arena);
}

/* A row for each unit: numbers of different ones are neither compared nor added up.  false: out of memory. */
static bool lay_units(const struct block *block)
{
	cnv_desk *desk = block->page->desk;
	const cnv_question *asked = &desk->form->questions[block->question];
	uint32_t count = block->values.count, upto;
	struct measured *measured = cnv_arena_array(&desk->step, (size_t)count + 1, sizeof *measured);
	cnv_valued *sorted = cnv_arena_array(&desk->step, (size_t)count + 1, sizeof *sorted);

	if (!measured || !sorted)
		return false;
	for (uint32_t i = 0; i < count; i++)
		measured[i] = (struct measured){ unit_of(desk, asked, block->values.at[i].row, &desk->step), i };
	qsort(measured, count, sizeof *measured, by_unit);
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = block->values.at[measured[i].at];
	for (uint32_t from = 0; from < count && cnv_page_has_room(block->page); from = upto) {
		struct record record = { .subject.question = block->question,
					 .group = measured[from].unit.len ? measured[from].unit
									  : cnv_say(desk, "(no unit)") };

		for (upto = from + 1; upto < count && cnv_str_equal(measured[upto].unit, measured[from].unit);)
			upto++;
		record.figures = cnv_figures_of(sorted + from, upto - from);
		cnv_listing_row(block->listing, &record);
	}
	return !desk->step.failed;
}

static bool has_units(const cnv_form *form)
{
	for (cnv_question_id q = 0; q < form->count; q++)
		if (form->questions[q].unit != CNV_NONE)
			return true;
	return false;
}

/* ---------------------------------------------------------------- the sheet */

static bool is_number(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return cnv_desk_shows(desk, question) &&
	       (asked->kind == CNV_INTEGER || asked->kind == CNV_DECIMAL ||
		(asked->role == CNV_COMPUTED && asked->kind == CNV_TEXT && desk->named));
}

/* false: out of memory. */
static bool lay_question(struct block *block, uint32_t *laid)
{
	cnv_desk *desk = block->page->desk;
	bool is_text = desk->form->questions[block->question].kind == CNV_TEXT;

	cnv_desk_next_step(desk);
	if (desk->named &&
	    !cnv_values_find(&block->values, desk, block->question, NULL, desk->pairing.count, &desk->step))
		return false;
	if ((is_text && (block->values.has_text || !block->values.count)) || !cnv_page_has_room(block->page))
		return true;
	lay_all(block);
	++*laid;
	if (desk->form->questions[block->question].unit != CNV_NONE)
		return !block->values.count || lay_units(block);
	for (uint32_t number = 0; block->values.count && number < block->grouping_count; number++)
		if (!lay_groups(block, &block->groupings[number]))
			return false;
	return true;
}

/* The groupings of the roster, if respondents are named. */
static bool sort_groupings(struct block *block, cnv_arena *arena)
{
	const cnv_desk *desk = block->page->desk;
	const cnv_roster *roster = desk->report->roster;
	cnv_grouping *groupings;

	block->grouping_count = roster && desk->named ? roster->grouping_count : 0;
	groupings = cnv_arena_array(arena, (size_t)block->grouping_count + 1, sizeof *groupings);
	for (uint32_t number = 0; groupings && number < block->grouping_count; number++)
		if (!cnv_grouping_sort(&groupings[number], desk, number, arena))
			return false;
	block->groupings = groupings;
	return groupings;
}

void cnv_lay_numbers(cnv_page *page)
{
	cnv_listing listing = { .page = page };
	struct block block = { .page = page, .listing = &listing };
	cnv_arena arena = { 0 };
	uint32_t laid = 0;
	bool ok = sort_groupings(&block, &arena), about = false;

	cnv_page_answers_title(
		page, cnv_say(page->desk, "Numbers"),
		cnv_say(page->desk,
			"Over the answers that count, in the units they were given in. Quartiles as Excel's"
			" QUARTILE.INC; an outlier is more than 3.5 scaled median absolute deviations from the"
			" median."));
	add_columns(&listing, block.grouping_count > 0 || has_units(page->desk->form));
	cnv_listing_heads(&listing, 3);
	for (cnv_question_id q = 0; ok && q < page->desk->form->count; q++) {
		if (!is_number(page->desk, q))
			continue;
		block.question = q;
		block.values = (cnv_valued_list){ 0 };
		ok = lay_question(&block, &laid);
		about |= cnv_tally_question(page->desk->tally, q)->about;
	}
	if (!ok)
		page->status = CNV_NO_MEMORY;
	if (about) {
		cnv_page_text(page, 0, CNV_LOOK_REMARK, cnv_about_remark(page->desk, &page->row_arena));
		cnv_page_end_row(page);
	}
	if (!laid) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "The form asks for no numbers.");
		cnv_page_end_row(page);
	}
	cnv_arena_fini(&arena);
}
