/* read: from the text of a cell to its value.
 *
 * A gathered batch has texts only. Here each becomes a number, a day or a choice (settle.c), read by the conventions of
 * the file (convention.c). Answers to an older version of the form are carried over on their way into the batch
 * (carry.c), and earlier answers may fill the blanks of a return (fill.c). Every change of a text is recorded in the
 * ledger.
 */
#ifndef CANVASS_READ_H
#define CANVASS_READ_H

#include "canvass/data.h"

/* ---------------------------------------------------------------- conventions (convention.c)
 *
 * How a file writes what XLSForm writes one way only.  Decided for the whole file by the cells that allow one reading:
 * 31/12/2026, 1.234,5. */

typedef enum cnv_convention {
	CNV_UNDECIDED,
	CNV_FIRST_WAY,  /* decimal point; day before month */
	CNV_SECOND_WAY, /* decimal comma; month before day */
	CNV_CONTRADICTED
} cnv_convention;

/* What a cell is evidence for. */
typedef enum cnv_evidence {
	CNV_SEEN_POINT,
	CNV_SEEN_COMMA,
	CNV_SEEN_DAY_FIRST,
	CNV_SEEN_MONTH_FIRST,
	CNV_SEEN_PLAIN,    /* 2.5, the format of XLSForm */
	CNV_SEEN_DOUBTFUL, /* 1.234, read as XLSForm would, though it may be a thousand */
	CNV_EVIDENCES
} cnv_evidence;

/* Maximum bytes of a number or date as people write them; longer texts are prose. */
#define CNV_WRITTEN_ROOM 64u
/* Bytes of a sheet name: 31 characters. */
#define CNV_TAB_ROOM 124u

typedef struct cnv_seen {
	uint64_t cells;
	cnv_place place; /* of the first; its sheet is in `tab` */
	uint8_t len, tab_len;
	char text[CNV_WRITTEN_ROOM], tab[CNV_TAB_ROOM];
} cnv_seen;

typedef struct cnv_conventions {
	bool collected; /* this window has been collected, */
	bool complete;  /* and the whole file */
	cnv_seen seen[CNV_EVIDENCES];
} cnv_conventions; /* { 0 } is ready to use */

/* Adds the evidence in a gathered batch, which need not be settled. */
cnv_status cnv_conventions_collect(cnv_conventions *conventions, const cnv_batch *batch);
cnv_convention cnv_decimal_sign(const cnv_conventions *conventions);
cnv_convention cnv_date_order(const cnv_conventions *conventions);
/* "decimal comma; dates day first", or nothing: decisions by cells in other formats than that of XLSForm. */
void cnv_conventions_words(const cnv_conventions *conventions, cnv_text *out);
/* Reports the decisions as a note, and contradictions as warnings. */
void cnv_conventions_report(const cnv_conventions *conventions, cnv_str source, cnv_diags *diags);

/* The first piece of a cell with several choices that is not a choice of `list`, if separators are known; else empty.
 */
cnv_str cnv_unknown_choice(const cnv_form *form, const cnv_list *list, cnv_str text);
/* The names of the choices that an unaccepted text would be read as without --strict; empty: none. */
cnv_str cnv_lenient_choices(const cnv_form *form, const cnv_question *question, cnv_str text, cnv_arena *arena);
/* Possible readings of a number, date or time that was not understood, in the format of XLSForm. */
typedef struct cnv_readings {
	uint32_t count;
	cnv_str at[2];     /* decimal point and decimal comma, or day first and month first */
	bool contradicted; /* the file uses both ways */
	bool short_year;   /* a year of two digits: not read */
} cnv_readings;
void cnv_readings_find(cnv_readings *out, cnv_kind kind, cnv_str text, const cnv_conventions *conventions,
		       cnv_arena *arena);

/* ---------------------------------------------------------------- damage (damage.c)
 *
 * What spreadsheets do to a text, seen on the text alone. */

typedef enum cnv_damage {
	CNV_UNDAMAGED,
	CNV_DAMAGE_ERROR,      /* #REF! */
	CNV_DAMAGE_NARROW,     /* ##### */
	CNV_DAMAGE_EXPONENT,   /* 1.2E+17 */
	CNV_DAMAGE_ROUNDED,    /* 123456789012345000 */
	CNV_DAMAGE_CUT,        /* at 255 or 32,767 characters */
	CNV_DAMAGE_FORMULA,    /* =A1 */
	CNV_DAMAGE_APOSTROPHE, /* '007 */
	CNV_DAMAGES
} cnv_damage;
cnv_damage cnv_damage_find(cnv_str text); /* trimmed */
/* The code of the warning if the text is accepted, the message after the quoted text, and the hint. */
typedef struct cnv_damage_info {
	cnv_code code;
	const char *words, *hint;
} cnv_damage_info;
const cnv_damage_info *cnv_damage_words(cnv_damage damage);

/* What a text may have been before a spreadsheet read it as a date (originals.c), the most likely first. */
#define CNV_ORIGINALS 32u
#define CNV_ORIGINAL_ROOM 12
typedef struct cnv_originals {
	uint32_t count; /* 0: it is no date */
	char at[CNV_ORIGINALS][CNV_ORIGINAL_ROOM];
} cnv_originals;
/* Of a text: "Sep-06" was 2006-09, and 3/24/2026 was 3-24; and of the number by which a spreadsheet counts a day. */
void cnv_text_originals(cnv_str text, cnv_originals *out);
/* Of a number: "5-mar" was 5.3, and 1905-07-18 was 2026. */
void cnv_number_originals(cnv_str text, cnv_kind kind, cnv_originals *out);

/* ---------------------------------------------------------------- units (unit.c) */

/* Bytes of a unit; a longer text is prose. */
#define CNV_UNIT_ROOM 24u
/* A number with a unit before or after it: "USD 5", "30%", "+5".  Borrowed from the text. */
typedef struct cnv_united {
	cnv_str number; /* without sign */
	cnv_str unit;   /* empty: there is only a plus sign */
	bool negative;
} cnv_united;
bool cnv_unit_split(cnv_str text, cnv_united *out);
/* Is it a unit or currency at all: "%", "USD", "km"?  Other words may mean anything: "ca. 5". */
bool cnv_unit_is_known(cnv_str unit, cnv_arena *scratch);
bool cnv_unit_is_percent(cnv_str unit, cnv_arena *scratch);
/* Does the label or hint of the question mention it, in any language, or by another of its names? */
bool cnv_unit_is_mentioned(const cnv_form *form, const cnv_question *question, cnv_str unit, cnv_arena *scratch);
/* The same of a column's cells, which repeat few units.  len 0: the column begins. */
typedef struct cnv_unit_cache {
	char unit[CNV_UNIT_ROOM];
	size_t len;
	bool asked;
} cnv_unit_cache;
bool cnv_unit_is_asked(cnv_unit_cache *cache, const cnv_form *form, const cnv_question *question, cnv_str unit,
		       cnv_arena *scratch);

/* ---------------------------------------------------------------- values (value.c) */

/* The answer as a program reads it: choice names, ISO dates, plain numbers; the text itself if it was not understood.
 * In `arena` unless it already exists elsewhere. */
cnv_str cnv_cell_value(const cnv_form *form, const cnv_column *column, uint32_t row, cnv_arena *arena);
/* The number, day, time or moment of a cell, as XLSForm writes it. */
cnv_str cnv_value_written(const cnv_column *column, uint32_t row, cnv_arena *arena);
/* The choices that `text` names, one bit each, valid until another text of the column is read.  NULL: one piece is not a
 * choice, or memory ran out (*failed). */
const uint64_t *cnv_column_choices(const cnv_form *form, const cnv_column *column, cnv_str text, bool *failed);

/* ---------------------------------------------------------------- answers to an older version (carry.c) */

/* Puts the text of one cell into the last row of the column's table.  If the return is of an older version, the text is
 * first rewritten for the current form, and batch->carried records the change. */
void cnv_carry_put(cnv_batch *batch, cnv_column *column, cnv_str text, uint32_t line /* 0: the row's */);

/* ---------------------------------------------------------------- settle (settle.c): text -> typed value, two bits */

#define CNV_WHY_LABEL "label converted to its code"

/* One change made to understand a cell. */
typedef struct cnv_ledger_entry {
	uint32_t table, row;
	cnv_question_id question;
	cnv_place place;
	cnv_str path;     /* cnv_cell_path */
	cnv_str from, to; /* the text before and after */
	const char *why;  /* CNV_WHY_LABEL */
} cnv_ledger_entry;

typedef struct cnv_ledger {
	void (*emit)(void *self, const cnv_ledger_entry *entry); /* borrowed for the call; NULL: counted only */
	void *self;
	uint64_t count;
} cnv_ledger;

/* One loop per column over all rows: sets typed values, `answered`, `understood`, and the verdicts that the text alone
 * decides (CNV_NOT_APPLICABLE, CNV_DO_NOT_KNOW, CNV_WITHHELD, CNV_UNREADABLE, CNV_NOT_A_CHOICE, else CNV_ACCEPTED or
 * CNV_BLANK; CNV_DUPLICATE stays as gather set it). */
cnv_status cnv_settle(cnv_batch *batch, cnv_str source, cnv_ledger *ledger);

/* What settling accepts beyond the formats of XLSForm. */
typedef struct cnv_settle_options {
	bool literal; /* nothing: a text that needs an entry in the ledger is not understood */
	/* of the file, collected when the first cell needs them; NULL: the batch is the whole file */
	cnv_conventions *conventions;
	/* collects them again from the whole file; NULL: the batch is the whole file */
	cnv_status (*look)(void *self, cnv_conventions *conventions);
	/* For a file too large to be read twice for every date: a window decides with those before it, and the whole
	 * file is read only if they do not.  The caller clears `collected` from window to window, and checks for
	 * contradictions. */
	bool by_window;
	/* A workbook of canvass, whose cells choose from a list of labels: a label, or a code with its label, is then
	 * exact. */
	bool offered;
	/* seconds east: of the times of day that name no zone, as expressions have it (cnv_world) */
	int32_t utc_offset;
	void *self;
} cnv_settle_options; /* { 0 } is what cnv_settle does */
/* cnv_settle with these options, which the batch remembers for hints. */
cnv_status cnv_settle_with(cnv_batch *batch, cnv_str source, const cnv_settle_options *options, cnv_ledger *ledger);

/* ---------------------------------------------------------------- earlier answers where a return is blank (fill.c) */

/* A cell that was blank in the return and has the earlier answer. */
typedef struct cnv_prefill_cell {
	uint32_t table, row; /* of the result */
	cnv_question_id question;
	uint32_t earlier; /* row of the same table in the earlier responses */
} cnv_prefill_cell;

typedef struct cnv_prefill {
	cnv_prefill_cell *at;
	uint32_t count, room;
	uint64_t **discarded; /* by table: a bit for each cell of the earlier responses; NULL: none */
	/* Which cells of the return are replaced, whether blank or not: by table, bit row * columns + column.  Without an
	 * earlier answer they become blank.  NULL: those that are blank. */
	uint64_t **replaced;
	uint64_t **dropped; /* with `replaced`: entries of the return that are left out; by table, bit a row */
	/* With `replaced`: by table, the entries of the earlier response follow, in a repeat inside another those of the
	 * entry with the same number; or NULL: none. */
	const bool *earlier;
} cnv_prefill; /* { 0 } is ready to use */

/* Copies the settled rows of `from` into `out` (emptied first, not settled).  A blank answer is replaced by that of the
 * earlier response: row rows[r] of `earlier`, in rising order, CNV_NONE: there is none.  A repeat without entries keeps
 * the earlier ones.  fills: the cells that were replaced. */
cnv_status cnv_prefill_blanks(cnv_batch *out, const cnv_batch *from, const cnv_batch *earlier, const uint32_t *rows,
			      cnv_prefill *fills);
/* Discards those that turned out, when the result was judged, to be no longer asked: they are not used again. */
cnv_status cnv_prefill_discard(cnv_prefill *fills, const cnv_batch *judged, const cnv_batch *earlier, cnv_arena *arena,
			       bool *any);
/* After the result was settled with the conventions of its file: restores the earlier values. */
void cnv_prefill_set(const cnv_prefill *fills, cnv_batch *settled, const cnv_batch *earlier);
void cnv_prefill_fini(cnv_prefill *fills);

#endif
