/* gather: the layouts of returned tables -> a batch.
 *
 * Records are fed field by field; the header decides what each column is, and cells become texts in the columns of
 * their questions. A table may contain one response a row (wide), one answer a line (long), or the entries of one
 * repeat.
 */
#ifndef CANVASS_GATHER_H
#define CANVASS_GATHER_H

#include "canvass/read.h"

/* ---------------------------------------------------------------- the account: the class of each cell
 *
 * The parser of a return counts its non-empty cells; the code that uses a cell, or reports it, assigns it one class.
 * At the end of the return the classes add up to the count, or a cell was lost. */

typedef enum cnv_cell_class {
	CNV_AS_ANSWER,
	CNV_AS_REMARK,
	CNV_AS_IDENTITY, /* who, which round, metadata of a survey tool */
	CNV_AS_FORM,     /* texts of the form, as canvass or the survey tool wrote them */
	CNV_AS_REPORTED, /* none of these: a diagnostic names it or its column */
	CNV_CELL_CLASSES
} cnv_cell_class;

typedef struct cnv_account {
	uint64_t cells; /* as the parser delivered them */
	uint64_t as[CNV_CELL_CLASSES];
} cnv_account;

/* Nothing but white space.  Nearly every cell begins with a visible ASCII character and is decided by it. */
static inline bool cnv_is_blank(cnv_str text)
{
	return !text.len || ((text.at[0] <= ' ' || text.at[0] > '~') && !cnv_str_trim_unicode(text).len);
}

/* The same text, whatever white space is around and between its words: programs break lines in different ways. */
bool cnv_is_same_text(cnv_str a, cnv_str b);

/* ---------------------------------------------------------------- gather (gather.c): records of a CSV -> a batch
 *
 * The first record decides the layout: long when it names `question` and `answer`, else wide. */

typedef enum cnv_layout { CNV_LAYOUT_UNKNOWN, CNV_LONG, CNV_WIDE } cnv_layout;

typedef struct cnv_gather cnv_gather;

/* Places in diagnostics name `source`.  The batch is borrowed and filled. */
cnv_gather *cnv_gather_new(const cnv_form *form, cnv_batch *batch, cnv_str source, cnv_diags *diags);
/* A map of columns written by a person (column_map.c): a CSV of `column` and `question`, fed field by field; the first
 * record is the header. */
typedef struct cnv_column_map cnv_column_map;
cnv_column_map *cnv_column_map_new(cnv_str source, cnv_arena *arena); /* NULL: no memory */
void cnv_column_map_field(cnv_column_map *map, cnv_str field);
cnv_status cnv_column_map_record(cnv_column_map *map, uint32_t line, cnv_diags *diags);
/* CNV_REJECTED: it names an unknown question. */
cnv_status cnv_column_map_end(cnv_column_map *map, const cnv_form *form, cnv_diags *diags);
/* Reports the lines whose column no file had. */
void cnv_column_map_report_unused(const cnv_column_map *map, cnv_diags *diags);
void cnv_column_map_free(cnv_column_map *map);
/* The map for the headings, borrowed; NULL: none.  Before the first record. */
void cnv_gather_map(cnv_gather *gather, cnv_column_map *map);
/* What packs have before the name of a sheet of entries, in each language from 0; NULL: there are no more. */
typedef const char *(*cnv_link_words)(uint32_t language);
void cnv_gather_links(cnv_gather *gather, cnv_link_words words);
/* Of sheets of a pack that came as files, after cnv_gather_end: by question, is it on one of them?  NULL: all are. */
const bool *cnv_gather_present(const cnv_gather *gather);

/* A return may consist of several tables: Central's root CSV and its repeat CSVs, the sheets of a workbook. */
typedef enum cnv_holds {
	CNV_HOLDS_NOTHING, /* no table of this form */
	CNV_HOLDS_RESPONSES,
	CNV_HOLDS_ENTRIES /* of one repeat, a row an entry */
} cnv_holds;

/* What a table with these headings contains, and of which repeat.  name: of its sheet, or of its file without folders
 * and extension. */
cnv_holds cnv_gather_recognise(const cnv_form *form, cnv_str name, const cnv_str *headings, uint32_t count,
			       uint32_t *table);
/* The same, with its evidence. */
typedef struct cnv_recognised {
	cnv_holds holds;
	uint32_t table;   /* of CNV_HOLDS_ENTRIES */
	uint32_t known;   /* headings of questions */
	uint32_t unknown; /* headings neither of questions nor of survey tools */
	bool linked;      /* one refers to a parent row */
} cnv_recognised;
/* migration: from an older version that the table may be of; or NULL */
cnv_recognised cnv_gather_classify(const cnv_form *form, const cnv_migration *migration, cnv_str name,
				   const cnv_str *headings, uint32_t count);
/* Which headings of a table (of entries; 0: of responses) are questions.  If memory runs out some are missed: the
 * reader of the table then runs out of it too, and reports it. */
void cnv_gather_known(const cnv_form *form, const cnv_migration *migration, uint32_t table, const cnv_str *headings,
		      uint32_t count, bool *known);
/* The next records are those of one table, beginning with its header.  Child tables come before the responses and are
 * kept in memory, at most CNV_ENTRY_TABLE_BYTES, until their response comes.  Several tables of responses are sections
 * of one long questionnaire.  Without this call there is one table, of responses.  `origin` is borrowed as long as the
 * batch has rows. */
#define CNV_ENTRY_TABLE_BYTES (256u << 20)
cnv_status cnv_gather_open(cnv_gather *gather, cnv_holds holds, uint32_t table, cnv_origin origin);
/* This table is a sheet of a pack: other lines are above its header, which has the words question and answer, or paths of
 * entries. */
void cnv_gather_titled(cnv_gather *gather);
/* Cells of a file without answers, which is read by the caller: reported as a whole. */
void cnv_gather_unread(cnv_gather *gather, uint32_t count);
/* A cell of such a file: the tick that confirms all earlier answers, as it was written. */
void cnv_gather_tick_all(cnv_gather *gather, cnv_str tick, cnv_place place);
void cnv_gather_field(cnv_gather *gather, cnv_str field); /* valid UTF-8, no NUL; borrowed for the call */
/* The record that began on `line` has ended.  CNV_REJECTED: the file cannot be used (wrong header, no known question,
 * two returns in one); this has been reported, and the rest is ignored.  A record with more cells than the header is
 * reported and its row marked misaligned: the caller sets it aside. */
cnv_status cnv_gather_record(cnv_gather *gather, uint32_t line);
/* The batch is full: the caller judges, stores and resets it. */
bool cnv_gather_full(const cnv_gather *gather);
/* End of file: puts the response of a long file into the batch.  CNV_REJECTED: nothing could be read. */
cnv_status cnv_gather_end(cnv_gather *gather);
/* Of the cells so far; the caller counts `cells`.  Complete after cnv_gather_end and cnv_gather_count. */
cnv_account *cnv_gather_account(cnv_gather *gather);
/* For tests: lets so many more records be counted, and then forgets the classes of the next; SIZE_MAX: of none. */
void cnv_account_fail_once(size_t records);
/* Counts the answers of the batch, just before its rows are taken from it. */
void cnv_gather_count(cnv_gather *gather);
cnv_layout cnv_gather_layout(const cnv_gather *gather);
/* The survey tool that wrote the file, "KoboToolbox"; empty if unknown. */
cnv_str cnv_gather_tool(const cnv_gather *gather);
/* The most frequent of comma, semicolon and tab in the header line, outside quotes. */
char cnv_gather_separator(cnv_str first_line);
void cnv_gather_free(cnv_gather *gather);

/* ---------------------------------------------------------------- what a return says of itself (claims.c) */

typedef enum cnv_claim_key {
	CNV_CLAIM_FORM, /* the form's id */
	CNV_CLAIM_VERSION,
	CNV_CLAIM_FORM_SHA256, /* of the form file, in hexadecimal */
	CNV_CLAIM_ROUND,
	CNV_CLAIM_RESPONDENT, /* code */
	CNV_CLAIM_LANGUAGE,
	CNV_CLAIM_REVISION,    /* of the answers in this round that it was prefilled with */
	CNV_CLAIM_STILL_RIGHT, /* a tick: all prefilled answers are confirmed */
	CNV_CLAIM_CHECK,       /* over form, version, form_sha256, round, respondent and language */
	CNV_CLAIM_KEYS
} cnv_claim_key;

/* Texts belong to the gatherer.  Empty value: no claim. */
typedef struct cnv_claim {
	cnv_str value;
	cnv_place place;
	bool hidden; /* from the hidden sheet of a workbook of canvass; else from a column or line */
	bool tool;   /* the survey tool's own name for the form or version, which may differ from the form's */
	/* the first cell of the column that differs from `value`; else empty */
	cnv_str other;
	cnv_place other_place;
} cnv_claim;

typedef struct cnv_claims {
	cnv_claim at[CNV_CLAIM_KEYS];
	bool hidden; /* there is a hidden sheet */
} cnv_claims;

/* One line of the hidden sheet: keys are form, version, form_sha256, round, respondent, language, revision, check;
 * others are ignored.  Before the first record.  Texts are copied; place.source must outlive the gatherer. */
void cnv_gather_claim(cnv_gather *gather, cnv_str key, cnv_str value, cnv_place place);
/* The claims so far; complete after cnv_gather_end. */
const cnv_claims *cnv_gather_claims(const cnv_gather *gather);
/* Reads the claims only; call it before the first record.  The gatherer then does not reject returns of other forms,
 * and stops (CNV_STOPPED) as soon as the claims are known. */
void cnv_gather_peek(cnv_gather *gather);
/* How many of the names in the file are questions of this form, which need not be the gatherer's own; *names: of how
 * many. */
uint32_t cnv_gather_fits(const cnv_gather *gather, const cnv_form *form, uint32_t *names);

/* The check value of a pack, over its form, version, form_sha256, round, respondent and language: it detects workbooks
 * that were mixed up or edited carelessly.  Anybody can compute it: it proves nothing about the author. */
#define CNV_CHECK_ROOM 17 /* 16 hexadecimal digits and NUL */
void cnv_claims_check(const cnv_str values[CNV_CLAIM_KEYS], char out[CNV_CHECK_ROOM]);
/* The key of the hidden sheet: "form_sha256". */
const char *cnv_claim_word(cnv_claim_key key);

/* ---------------------------------------------------------------- answers it was sent out with (sent.c)
 *
 * A pack with earlier answers lists them: the workbook on its hidden sheet, the CSV in a column `prefilled`.  A tick in
 * the column `still_right` confirms one of them, or an entry with all of its answers. */

typedef struct cnv_sent_answer {
	cnv_str path, text;
} cnv_sent_answer;

/* A cell of the column `still_right`, at a cell of the batch. */
typedef struct cnv_sent_tick {
	uint32_t table, row;
	cnv_question_id question; /* CNV_NONE: the whole entry */
	uint32_t line;
	cnv_str text;
} cnv_sent_tick;

/* Texts belong to the gatherer. */
typedef struct cnv_sent {
	cnv_sent_answer *answers;
	uint32_t count, room;
	cnv_sent_tick *ticks; /* complete after cnv_gather_end */
	uint32_t tick_count, tick_room;
	cnv_map unfilled; /* paths of earlier answers that are listed and not filled in */
} cnv_sent;

/* Adds an answer; texts are copied. */
void cnv_gather_prefilled(cnv_gather *gather, cnv_str path, cnv_str text);
void cnv_gather_unfilled(cnv_gather *gather, cnv_str path);
const cnv_sent *cnv_gather_sent(const cnv_gather *gather);
/* Is it what tools and people write to tick something?  *text: neither a tick nor a sign of its absence. */
bool cnv_sent_is_ticked(cnv_str text, bool *is_text);

/* ---------------------------------------------------------------- whose answers (attribute.c) */

typedef enum cnv_attribution {
	CNV_ATTRIBUTED,
	/* the identifying answer is blank, or there is no such question and no code was given */
	CNV_NO_RESPONDENT,
	CNV_UNKNOWN_RESPONDENT, /* not in the roster */
	CNV_BAD_CODE,           /* without a roster: not a usable code (control characters, over 200 bytes) */
	CNV_MISALIGNED /* its record had more cells than the header, so its cells cannot be trusted; already reported */
} cnv_attribution;

/* The question of table 0 that identifies the respondent; CNV_NONE. */
cnv_question_id cnv_identifying_question(const cnv_form *form);
/* A form that asks its questions in repeats only. */
bool cnv_is_rootless(const cnv_form *form);
/* Finds who answered row `row` of table 0 (settled).  given: `import --respondent`, or empty.  roster: NULL if there is
 * none.  *code (the rejected value for CNV_UNKNOWN_RESPONDENT) is borrowed from roster, batch or given; a name or label
 * in place of the code is added to the ledger. */
cnv_attribution cnv_attribute(const cnv_batch *batch, uint32_t row, cnv_str given, const cnv_roster *roster,
			      cnv_str source, cnv_str *code, cnv_ledger *ledger);

/* ---------------------------------------------------------------- cells named by hand (named.c) */

typedef enum cnv_named_problem {
	CNV_NAMED_WELL,
	CNV_NAMED_UNKNOWN,
	CNV_NAMED_SEVERAL,       /* questions have this name: a path is needed */
	CNV_NAMED_WITHOUT_ENTRY, /* of a repeat, without the number of its entry */
	CNV_NAMED_ENTRY_NUMBER   /* no entry can have that number */
} cnv_named_problem;

typedef struct cnv_named {
	cnv_named_problem problem;
	cnv_question_id question; /* CNV_NONE: unknown; groups and repeats too */
	uint32_t depth;
	uint32_t numbers[CNV_TABLE_DEPTH]; /* of the entries, outermost first */
	cnv_str near;                      /* the path that may be meant; empty: none */
} cnv_named;
const char *cnv_named_words(cnv_named_problem problem); /* "no question has this name" */
/* Resolves paths of the long layout (`age`, `doc[2]/title`), and numbers of questions outside repeats.  `near` is in the
 * arena. */
cnv_status cnv_gather_named(cnv_named *named, const cnv_form *form, const cnv_str *names, uint32_t count,
			    cnv_arena *arena);
/* The first row from `from` on, in the question's table, that a path means; CNV_NONE: none.  Of a path without numbers of
 * entries: every row. */
uint32_t cnv_named_row(const cnv_named *named, const cnv_batch *batch, uint32_t from);

#endif
