/* What the files of the room report share: the desk on which a workbook is laid out, and the
 * page on which a sheet is written.
 *
 *   pairing.c   who was asked, who answered, what may be shown of whom
 *   page.c      rows of cells: measured once, then written
 *   cells.c     one answer as one cell; names and counts in words
 *   cover.c returns.c matrix.c counts.c groups.c numbers.c repeats.c lists.c codebook.c sources.c
 *               one function each for a sheet, run twice: to measure and to write
 *   layout.c    their order
 */
#ifndef CANVASS_REPORT_INTERNAL_H
#define CANVASS_REPORT_INTERNAL_H

#include "canvass/report.h"
#include "report/median.h"

/* ---------------------------------------------------------------- tally */

uint64_t cnv_tally_rows(const cnv_tally *tally, uint32_t table); /* responses, or entries of a repeat */
uint64_t cnv_tally_silent(const cnv_tally *tally);               /* of the roster, without a response */

/* ---------------------------------------------------------------- pairing */

/* One line of the workbook: a respondent asked, or one who answered without being on the roster. */
typedef struct cnv_paired {
	cnv_str code, name;
	uint32_t listed;   /* index in the roster, CNV_NONE */
	uint32_t response; /* row of table 0, CNV_NONE: no reply */
	bool by_name;      /* answers may be shown by name (true where there are none) */
} cnv_paired;

/* Entries of one repeat by response: those of response r are rows[starts[r]] to rows[starts[r + 1]]. */
typedef struct cnv_entries {
	uint32_t *starts, *rows;
} cnv_entries;

typedef struct cnv_pairing {
	cnv_paired *rows;
	uint32_t count;
	cnv_map by_code;       /* code -> row */
	cnv_entries *entries;  /* of each table; [0] is empty */
	uint32_t *remarks;     /* the batch's, by question, table and row */
	uint32_t *remark_ends; /* of each question, and in the last place of the response as a whole */
	uint32_t withheld;     /* responses not to be shown by name */
} cnv_pairing;

/* ---------------------------------------------------------------- the desk */

struct cnv_page;
typedef void cnv_lay(struct cnv_page *page); /* run twice: to measure, and to write the same cells */

typedef struct cnv_sheet_plan {
	cnv_str name;
	const char *about; /* for the Cover */
	cnv_lay *lay;
	uint32_t table; /* of a repeat's sheet */
	bool a3;
} cnv_sheet_plan;

typedef struct cnv_desk {
	const cnv_report *report;
	const cnv_form *form;
	const cnv_tally *tally;
	cnv_arena *arena;  /* until the workbook is laid out */
	cnv_arena step;    /* one question's lists */
	cnv_text draft;    /* a text being put together */
	bool failed;       /* memory ran out in one of these */
	cnv_str one, many; /* "economy", "economies" */
	bool *hidden;      /* by question: contact data, or computed from it */
	bool named;        /* sheets that name respondents are laid out; there is a batch */
	cnv_pairing pairing;
	cnv_sheet_plan *sheets;
	uint32_t sheet_count;
} cnv_desk;

/* Empties the arena of a step; want of memory is remembered in desk->failed. */
void cnv_desk_next_step(cnv_desk *desk);
cnv_str cnv_desk_drafted(cnv_desk *desk, cnv_arena *arena); /* a copy of the draft */
bool cnv_pairing_build(cnv_desk *desk);                     /* false: no memory */
void cnv_pairing_fini(cnv_pairing *pairing);
/* Marks contact questions, all inside contact groups, and calculations that read them. */
bool cnv_desk_hide(cnv_desk *desk);
/* Does this question have a column in the workbook? */
bool cnv_desk_shows(const cnv_desk *desk, cnv_question_id question);
/* Questions of one table that have a column, in form order; for table 0 its repeats too.  NULL: no memory. */
const cnv_question_id *cnv_desk_questions(const cnv_desk *desk, uint32_t table, uint32_t *count, cnv_arena *arena);
const cnv_column *cnv_desk_column(const cnv_desk *desk, cnv_question_id question); /* of the batch */
/* The remarks on one cell as one text, empty when there are none.  CNV_NONE: on the response as a whole. */
cnv_str cnv_desk_remark(cnv_desk *desk, cnv_question_id question, uint32_t row, cnv_arena *arena);
bool cnv_desk_has_remarks(const cnv_desk *desk, cnv_question_id question);
/* "2", or "2.1" for the first of a repeat inside the second entry. */
cnv_str cnv_desk_entry(const cnv_desk *desk, uint32_t table, uint32_t row, cnv_arena *arena);
/* The title of the outermost group around a question; empty at the root. */
cnv_str cnv_desk_section(const cnv_desk *desk, cnv_question_id question);

/* Respondents by what they answered to one question: in bucket b are items[starts[b]] to items[starts[b + 1]], numbers
 * of pairing rows in their order, one for each entry in a repeat.  Buckets are the choices of the list, then
 * the standings. */
typedef struct cnv_buckets {
	uint32_t options; /* how many buckets are choices */
	uint32_t *starts, *items;
} cnv_buckets;
/* Over pairing rows people[0] to people[count]; NULL: all.  false: no memory. */
bool cnv_buckets_build(cnv_buckets *buckets, const cnv_desk *desk, cnv_question_id question, const uint32_t *people,
		       uint32_t count, cnv_arena *arena);
/* Of people (as above), how many answers fall in a bucket. */
uint32_t cnv_bucket_size(const cnv_buckets *buckets, uint32_t bucket);

/* ---------------------------------------------------------------- the page */

#define CNV_PAGE_ROWS 1048576u /* Excel's */
#define CNV_PAGE_COLUMNS 16384u
#define CNV_PAGE_COMMENTS 10000u /* cell comments of one sheet: more make Excel slow, and all stand in Comments */

/* Columns of a sheet that are known beforehand; the last has no heading. */
typedef struct cnv_heading {
	const char *text;
	double most; /* width, characters; 0: 60 */
} cnv_heading;

typedef struct cnv_page {
	cnv_desk *desk;
	const cnv_sheet_plan *plan;
	cnv_grid *grid;      /* NULL while measuring */
	cnv_arena row_arena; /* texts of the row being made */
	cnv_sheet_style style;
	double *widths, *most; /* by column; room for style.columns */
	uint32_t room;
	cnv_cell *cells; /* of the row being made */
	uint32_t *at;    /* their columns */
	uint32_t count;
	uint32_t row;
	uint32_t comments;
	uint32_t heads;           /* rows above the header row that belong to it */
	cnv_question_id question; /* of the row before, to tell it once */
	bool cut;                 /* a row did not fit on the sheet */
	cnv_status status;        /* sticky */
} cnv_page;

/* Measures and writes one sheet. */
cnv_status cnv_page_lay(cnv_desk *desk, cnv_grid *grid, const cnv_sheet_plan *plan);

void cnv_page_cell(cnv_page *page, uint32_t column, const cnv_cell *cell); /* texts borrowed until the row ends */
void cnv_page_text(cnv_page *page, uint32_t column, cnv_look look, cnv_str text);
void cnv_page_words(cnv_page *page, uint32_t column, cnv_look look, const char *text);
void cnv_page_number(cnv_page *page, uint32_t column, cnv_look look, double number); /* not finite: its text */
void cnv_page_count(cnv_page *page, uint32_t column, cnv_look look, uint64_t count);
void cnv_page_day(cnv_page *page, uint32_t column, int32_t day);
void cnv_page_end_row(cnv_page *page);
void cnv_page_skip_row(cnv_page *page); /* leaves one empty */
/* One row more, and one to say that there were too many? */
bool cnv_page_has_room(cnv_page *page);
/* The title and one line on how to read the sheet. */
void cnv_page_title(cnv_page *page, cnv_str title, cnv_str remark);
/* A column's greatest width; to be told before its first cell. */
void cnv_page_limit(cnv_page *page, uint32_t column, double most);
/* The row of headings that is repeated in print and carries the filter; everything above and the first
 * `frozen` columns stay in view. */
void cnv_page_headings(cnv_page *page, const cnv_heading *headings, uint32_t frozen);
void cnv_page_header_row(cnv_page *page, uint32_t frozen); /* the same for headings laid cell by cell: ends the row */

/* ---------------------------------------------------------------- cells */

/* The answer in one row of a question's column; nothing of a response not to be shown by name but "withheld". */
void cnv_page_answer(cnv_page *page, uint32_t at, const cnv_column *column, uint32_t row, bool by_name);
/* Code and name of a respondent in columns `at` and at + 1. */
void cnv_page_respondent(cnv_page *page, uint32_t at, const cnv_paired *paired);
/* Number, name and title of a question in columns `at` to at + 2; `aside` follows the title in brackets.  Written small
 * where the row before was about the same question. */
void cnv_page_question(cnv_page *page, uint32_t at, cnv_question_id question, cnv_str aside);
/* Three rows above a table of questions: sections, number and title, name.  `fixed` columns come before those of
 * the questions; the first `frozen` stay in view. */
void cnv_page_question_heads(cnv_page *page, const cnv_heading *fixed, const cnv_question_id *questions, uint32_t count,
			     uint32_t frozen);
/* Lines that a text takes when wrapped between words in `room` columns of a terminal. */
double cnv_wrapped_lines(cnv_str text, double room);
/* At most `most` characters, cut between words where there is one near, with "…". */
cnv_str cnv_text_cut(cnv_str text, size_t most, cnv_arena *arena);
/* "1,234 economies", "1 economy" */
cnv_str cnv_count_words(cnv_arena *arena, uint64_t count, cnv_str one, cnv_str many);
cnv_str cnv_plural(cnv_arena *arena, cnv_str one);
/* "INA, ROK, PH (2)": the codes of pairing rows, and how many more may not be named. */
cnv_str cnv_names_text(cnv_desk *desk, const uint32_t *items, uint32_t count, cnv_arena *arena);
/* A file's name without its folders: those are of the machine that took it in, and no business of the reader. */
cnv_str cnv_file_title(cnv_str name);
cnv_str cnv_title_of(const cnv_desk *desk, cnv_question_id question);
bool cnv_is_select(const cnv_question *question);
/* The word in brackets that stands in the column `option` for a standing. */
const char *cnv_standing_option(cnv_standing standing);

/* ---------------------------------------------------------------- sheets */

cnv_lay cnv_lay_cover, cnv_lay_returns, cnv_lay_matrix, cnv_lay_counts, cnv_lay_groups, cnv_lay_numbers, cnv_lay_repeat,
	cnv_lay_comments, cnv_lay_silent, cnv_lay_findings, cnv_lay_codebook, cnv_lay_sources;

#endif
