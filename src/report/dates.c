/* dates: the earliest, middle and latest answer to each question of a date, and how many are of each year. */
#include "report/dates.h"

#include <stdlib.h>

#include "report/cells.h"
#include "report/figures.h"
#include "report/listing.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

/* Some of the answers to one question: those of a year, or all. */
struct record {
	cnv_subject subject;
	const cnv_valued *values; /* rising */
	uint32_t count, all;
	const cnv_question_tally *tally; /* of all; NULL: of a year */
	cnv_str names;
};

enum { N, ANSWERED, ASKED };
enum { EARLIEST, MIDDLE, LATEST };

static int32_t year_of(const cnv_valued *valued)
{
	return cnv_day_date((int32_t)valued->value).year;
}

static void fill_year(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	cell->text = row->tally ? cnv_say(page->desk, "(all)")
				: cnv_arena_format(&page->row_arena, "%d", (int)year_of(row->values));
}

static void fill_count(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	if (column->number == N)
		cnv_cell_count(cell, row->count);
	else if (row->tally)
		cnv_cell_count(cell, column->number == ANSWERED ? row->tally->standing[CNV_STANDING_ANSWERED]
								: row->tally->asked);
}

static void fill_share(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	if (!row->tally)
		cnv_cell_number(page, cell, (double)row->count / row->all);
}

static void fill_day(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const uint32_t at[] = { [EARLIEST] = 0, [MIDDLE] = (row->count - 1) / 2, [LATEST] = row->count - 1 };

	if (row->count)
		cnv_cell_day(page, cell, (int32_t)row->values[at[column->number]].value);
}

static void fill_names(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const struct record *)record)->names;
}

/* ---------------------------------------------------------------- the rows */

static int by_person(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* In the order of the roster. */
static cnv_str name_people(cnv_desk *desk, const cnv_valued *values, uint32_t count)
{
	uint32_t *people = cnv_arena_array(&desk->step, (size_t)count + 1, sizeof *people);

	for (uint32_t i = 0; people && i < count; i++)
		people[i] = values[i].person;
	if (!people || !count)
		return CNV_STR("");
	qsort(people, count, sizeof *people, by_person);
	return cnv_names_text(desk, people, count, &desk->step);
}

static void lay_years(const cnv_listing *listing, struct record record, const cnv_valued_list *values)
{
	cnv_desk *desk = listing->page->desk;

	record.tally = NULL;
	for (uint32_t from = 0, upto; from < values->count && cnv_page_has_room(listing->page); from = upto) {
		for (upto = from + 1; upto < values->count && year_of(&values->at[upto]) == year_of(&values->at[from]);)
			upto++;
		record.values = values->at + from;
		record.count = upto - from;
		record.names = name_people(desk, record.values, record.count);
		cnv_listing_row(listing, &record);
	}
}

/* false: out of memory. */
static bool lay_question(const cnv_listing *listing, cnv_question_id question)
{
	cnv_desk *desk = listing->page->desk;
	const cnv_question *asked = &desk->form->questions[question];
	struct record record = { .subject.question = question, .tally = cnv_tally_question(desk->tally, question) };
	cnv_valued_list values = { 0 };

	cnv_desk_next_step(desk);
	if (!cnv_values_find(&values, desk, question, NULL, desk->pairing.count, &desk->step))
		return false;
	record.values = values.at;
	record.count = record.all = values.count;
	if (asked->table)
		record.subject.aside = CNV_SAY(desk, &desk->step, "of {1} {1|entry|entries}",
					       cnv_value_count(cnv_tally_rows(desk->tally, asked->table)));
	if (cnv_page_has_room(listing->page))
		cnv_listing_row(listing, &record);
	lay_years(listing, record, &values);
	return true;
}

static bool is_date(const cnv_desk *desk, cnv_question_id question)
{
	cnv_kind kind = desk->form->questions[question].kind;

	return (kind == CNV_DATE || kind == CNV_DATETIME) && cnv_desk_shows(desk, question);
}

bool cnv_dates_exist(const cnv_desk *desk)
{
	for (cnv_question_id q = 0; q < desk->form->count; q++)
		if (is_date(desk, q))
			return true;
	return false;
}

void cnv_lay_dates(cnv_page *page)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question, .technical = true },
		{ .heading = "label", .most = 44, .fill = cnv_fill_title },
		{ .heading = "year", .look = CNV_LOOK_CODE, .fill = fill_year },
		{ .heading = "n", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = N },
		{ .heading = "share", .look = CNV_LOOK_PERCENT, .fill = fill_share },
		{ .heading = "earliest", .look = CNV_LOOK_DAY, .fill = fill_day, .number = EARLIEST },
		{ .heading = "median", .look = CNV_LOOK_DAY, .fill = fill_day, .number = MIDDLE },
		{ .heading = "latest", .look = CNV_LOOK_DAY, .fill = fill_day, .number = LATEST },
		{ .heading = "answered", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ANSWERED },
		{ .heading = "asked", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ASKED },
		{ .heading = "names", .most = 60, .fill = fill_names },
		{ 0 }
	};
	cnv_listing listing = { .page = page };

	cnv_page_answers_title(
		page, cnv_say(page->desk, "Dates"),
		cnv_say(page->desk,
			"Dates of those shown by name, all and by year. The share is n of all these dates; of an"
			" even number of dates, the median is the earlier one of the two in the middle."));
	cnv_listing_add(&listing, columns);
	cnv_listing_heads(&listing, 4);
	for (cnv_question_id q = 0; q < page->desk->form->count; q++)
		if (is_date(page->desk, q) && !lay_question(&listing, q)) {
			page->status = CNV_NO_MEMORY;
			return;
		}
}
