/* layout: the sheets of the workbook, in their order. */
#include "report/changes.h"
#include "report/dates.h"
#include "report/headline.h"
#include "report/marks.h"
#include "report/positions.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/texts.h"

#define NAME 31u /* characters of a sheet's name in Excel */

/* When a sheet is included, and how it is printed. */
enum {
	NAMES = 1 /* a batch, because it names respondents */,
	ROSTER = 2,
	GROUPS = 4,
	EACH_REPEAT = 8,
	A3 = 16,
	PORTRAIT = 32,
	ONE_PAGE = 64,
	AUDIT = 128, /* how the figures came about */
	POSITIONS = 256,
	CHANGES = 512,
	CROSSINGS = 1024,
	DATES = 2048
};

/* The table of sheets.  To add a sheet, add a row and its function. */
static const struct row {
	const char *name, *about;
	cnv_lay *lay;
	unsigned int traits;
} rows[] = {
	{ "Summary", "Who answered, and the questions that matter, on one page.", cnv_lay_summary,
	  PORTRAIT | ONE_PAGE },
	{ "Overview", "How the choices were answered, section by section, in charts.", cnv_lay_overview, PORTRAIT },
	{ "Returns", "Who has answered, when, how much, and with what defects.", cnv_lay_returns, NAMES },
	{ "Matrix", "Every answer: respondents down, questions across.", cnv_lay_matrix, NAMES | A3 },
	{ "Counts", "How many chose each option of each question, and who.", cnv_lay_counts, PORTRAIT },
	{ "Groups", "The same by groups of respondents.", cnv_lay_groups, GROUPS },
	{ "Crossings", "The same by the answers to one question.", cnv_lay_crossings, NAMES | CROSSINGS },
	{ "Numbers", "Range, quartiles, mean and sum of every number asked for, and by group.", cnv_lay_numbers, 0 },
	{ "Dates", "Earliest, middle and latest of every date asked for, and by year.", cnv_lay_dates, NAMES | DATES },
	{ NULL, "Its entries, one on each line.", cnv_lay_repeat, NAMES | EACH_REPEAT | A3 },
	{ "Comments", "Answers in words and remarks, word for word.", cnv_lay_comments, NAMES },
	{ "Non-respondents", "Who has not answered.", cnv_lay_silent, NAMES | ROSTER },
	{ "Changes", "Who has changed which answers since then, and what could not be compared.", cnv_lay_changes,
	  CHANGES },
	{ "Positions", "How far respondents agree with the majority and with each other.", cnv_lay_positions,
	  NAMES | POSITIONS },
	{ "Findings", "Every error and warning, with its place in the returned file.", cnv_lay_findings, AUDIT },
	{ "Codebook", "The questions, their codes and their rules.", cnv_lay_codebook, A3 | AUDIT },
	{ "Sources", "File and line of every answer shown.", cnv_lay_sources, NAMES | AUDIT },
	{ "How to read this", "What the cells mean, and what the workbook is based on.", cnv_lay_cover,
	  PORTRAIT | AUDIT },
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* Characters that Excel forbids in a sheet name become a blank, and runs of blanks one. */
static size_t put_sheet_byte(char *out, size_t len, char c)
{
	if ((unsigned char)c < 0x20 || c == 0x7F || cnv_str_find(CNV_STR("[]:*?/\\"), (cnv_str){ &c, 1 }) != SIZE_MAX)
		c = ' ';
	if (c == ' ' && len > 0 && out[len - 1] == ' ')
		return len;
	out[len] = c;
	return len + 1;
}

/* The first characters of `text` that fit into `most` UTF-16 units, trimmed of blanks and apostrophes. */
static cnv_str trim_name(cnv_str text, size_t most)
{
	const char *at = text.at, *end = text.at + text.len;
	size_t units = 0, len = 0;

	while (at < end) {
		units += cnv_utf8_next(&at, end) > 0xFFFF ? 2 : 1;
		if (units > most)
			break;
		len = (size_t)(at - text.at);
	}
	text = cnv_str_trim(cnv_str_slice(text, 0, len));
	while (cnv_str_starts(text, CNV_STR("'")))
		text = cnv_str_trim(cnv_str_slice(text, 1, text.len));
	while (cnv_str_ends(text, CNV_STR("'")))
		text = cnv_str_trim(cnv_str_slice(text, 0, text.len - 1));
	return text;
}

/* A valid name that no other sheet has; like Excel, compares without regard to case. */
static cnv_str sheet_name(cnv_desk *desk, cnv_map *taken, cnv_str title, cnv_str otherwise)
{
	char *clean = cnv_arena_get(desk->arena, title.len);
	cnv_str name = { clean, 0 }, tried;

	for (size_t i = 0; clean && i < title.len; i++)
		name.len = put_sheet_byte(clean, name.len, title.at[i]);
	name = cnv_str_trim(name);
	if (!trim_name(name, NAME).len)
		name = otherwise;
	tried = trim_name(name, NAME);
	/* Of one more name than there are sheets, one is free. */
	for (uint32_t number = 2; number < desk->form->table_count + ROWS + 2; number++) {
		cnv_str folded = cnv_text_fold(desk->arena, tried);

		if (cnv_map_find(taken, folded) == CNV_NONE) {
			cnv_map_put(taken, folded, number);
			break;
		}
		tried = cnv_arena_format(desk->arena, "%.*s %u", CNV_ARG(trim_name(name, NAME - 6)), number);
	}
	return tried;
}

static bool is_wanted(const cnv_desk *desk, const struct row *row)
{
	const cnv_roster *roster = desk->report->roster;

	return (desk->named || !(row->traits & NAMES)) && (roster || !(row->traits & ROSTER)) &&
	       (!(row->traits & GROUPS) || cnv_desk_has_groups(desk)) &&
	       !(desk->report->no_audit && (row->traits & AUDIT)) && (!(row->traits & CHANGES) || desk->changes) &&
	       (desk->report->crosses || !(row->traits & CROSSINGS)) &&
	       (!(row->traits & DATES) || cnv_dates_exist(desk)) &&
	       (!(row->traits & POSITIONS) || cnv_positions_exist(desk));
}

/* "How_to_read_this" */
static cnv_str table_name(cnv_desk *desk, const char *name)
{
	cnv_str copy = cnv_arena_format(desk->arena, "%s", name);
	char *out = cnv_arena_get(desk->arena, copy.len);

	for (size_t at = 0; out && at < copy.len; at++) {
		char c = cnv_lower(copy.at[at]);
		out[at] = c >= 'a' && c <= 'z' ? copy.at[at] : '_';
	}
	return (cnv_str){ out, out ? copy.len : 0 };
}

static void add_sheet(cnv_desk *desk, const struct row *row, cnv_str name, cnv_str tables, uint32_t table)
{
	desk->sheets[desk->sheet_count++] = (cnv_sheet_plan){
		.name = name,
		.quoted = cnv_sheet_quoted(name, desk->arena),
		.tables = tables,
		.about = row->about,
		.lay = row->lay,
		.table = table,
		.a3 = row->traits & A3,
		.portrait = row->traits & PORTRAIT,
		.one_page = row->traits & ONE_PAGE,
	};
}

static bool plan_sheets(cnv_desk *desk)
{
	const cnv_form *form = desk->form;
	cnv_map taken = { 0 };
	uint32_t repeats = 0;

	desk->sheets = cnv_arena_array(desk->arena, (size_t)ROWS + form->table_count, sizeof *desk->sheets);
	if (!desk->sheets)
		return false;
	cnv_map_put(&taken, CNV_STR("history"), 0); /* reserved by Excel */
	cnv_map_put(&taken, cnv_text_fold(desk->arena, CNV_STR(CNV_MANIFEST_SHEET)), 0);
	for (uint32_t i = 0; i < ROWS; i++)
		if (rows[i].name)
			cnv_map_put(&taken, cnv_text_fold(desk->arena, cnv_say(desk, rows[i].name)), 0);
	for (uint32_t i = 0; i < ROWS; i++) {
		if (!is_wanted(desk, &rows[i]))
			continue;
		if (!(rows[i].traits & EACH_REPEAT))
			add_sheet(desk, &rows[i], cnv_say(desk, rows[i].name), table_name(desk, rows[i].name), 0);
		for (uint32_t table = 1; rows[i].traits & EACH_REPEAT && table < form->table_count; table++) {
			cnv_question_id repeat = form->tables[table].repeat;

			if (!desk->hidden[repeat])
				add_sheet(desk, &rows[i],
					  sheet_name(desk, &taken, cnv_title_of(desk, repeat),
						     form->questions[repeat].name),
					  cnv_arena_format(desk->arena, "Entries_%u", ++repeats), table);
		}
	}
	bool failed = taken.failed || desk->arena->failed;
	cnv_map_fini(&taken);
	return !failed;
}

static cnv_status lay_manifest(cnv_desk *desk, cnv_grid *grid)
{
	const cnv_sheet_plan plan = {
		.name = CNV_STR(CNV_MANIFEST_SHEET), .lay = cnv_lay_manifest, .portrait = true, .hidden = true
	};

	cnv_page page;
	cnv_status status;

	desk->laid = grid->laid(grid->self);
	if (!desk->laid)
		return CNV_NO_MEMORY;
	cnv_page_measure(&page, desk, &plan);
	status = cnv_page_write(&page, grid);
	cnv_page_fini(&page);
	return status;
}

static cnv_status lay_sheets(cnv_desk *desk, cnv_grid *grid)
{
	cnv_page *pages = cnv_arena_array(desk->arena, (size_t)desk->sheet_count + 1, sizeof *pages);
	cnv_status status = pages ? CNV_OK : CNV_NO_MEMORY;

	for (uint32_t i = 0; pages && i < desk->sheet_count; i++)
		cnv_page_measure(&pages[i], desk, &desk->sheets[i]);
	for (uint32_t i = 0; pages && i < desk->sheet_count; i++) {
		if (!status)
			status = cnv_page_write(&pages[i], grid);
		cnv_page_fini(&pages[i]);
	}
	return status;
}

cnv_status cnv_report_lay(const cnv_report *report, const cnv_tally *tally, cnv_grid *grid, cnv_arena *scratch)
{
	cnv_desk desk;
	cnv_headlines headlines;
	cnv_status status = CNV_NO_MEMORY;

	if (cnv_desk_open(&desk, report, tally, scratch) && cnv_changes_find(&desk) && plan_sheets(&desk) &&
	    cnv_marks_open(&desk) && cnv_headlines_build(&headlines, &desk, scratch))
		status = CNV_OK;
	desk.headlines = &headlines;
	if (!status)
		status = lay_sheets(&desk, grid);
	if (!status && grid->laid)
		status = lay_manifest(&desk, grid);
	cnv_desk_close(&desk);
	return status;
}
