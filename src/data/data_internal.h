/* What the sources of data/ share. */
#ifndef CANVASS_DATA_INTERNAL_H
#define CANVASS_DATA_INTERNAL_H

#include "canvass/data.h"

#include <string.h>

/* Where a column stands that is the `column`th of its table; 0: none. */
static inline uint32_t cnv_origin_column(const cnv_origin *origin, uint32_t column)
{
	return column && origin->columns ? origin->columns[column - 1] : column;
}

/* ---------------------------------------------------------------- table.c */

/* Appends the text of one cell of the last row; running out of memory makes the batch `failed`. */
void cnv_column_put(cnv_batch *batch, cnv_column *column, uint32_t row, cnv_str text);
/* The same on the hot path, where nearly always there is room. */
static inline void cnv_column_append(cnv_batch *batch, cnv_column *column, uint32_t row, cnv_str text)
{
	cnv_text *to = &column->text;
	char *at = to->at + to->len;

	if (text.len > to->room - to->len || to->room == UINT32_MAX) {
		cnv_column_put(batch, column, row, text);
		return;
	}
	to->len += text.len;
	column->ends[row] = (uint32_t)to->len;
	memcpy(at, text.at, text.len);
}
/* Takes the last row of table 0 back; it must have no entries in repeats. */
void cnv_batch_pop(cnv_batch *batch);
/* Marks a row of table 0 whose record had more cells than the header. */
void cnv_batch_misaligned(cnv_batch *batch, uint32_t row);

/* Adds what was changed of an answer to an older version. */
void cnv_batch_carried(cnv_batch *batch, const cnv_carried *carried);

/* ---------------------------------------------------------------- carry.c */

/* Puts the text of one cell of the last row of the column's table, as the form now writes it when the return is of an older
 * version; what that changes is kept in batch->carried. */
void cnv_carry_put(cnv_batch *batch, cnv_column *column, cnv_str text, uint32_t line /* 0: the row's */);

/* ---------------------------------------------------------------- entries.c: the entries of repeats that a file names
 */

#define CNV_ENTRY_NUMBERS 9999u /* highest number of an entry */
#define CNV_ENTRIES 10000u      /* of one response, in all its repeats */

typedef struct cnv_entry {
	uint32_t parent; /* entry, CNV_NONE: the response */
	uint32_t table, number;
	cnv_str key;    /* numbers of the entries around it and its own: sorts entries as they are laid out */
	uint32_t first; /* first of its cells: the layouts link them */
	bool there;     /* one of its cells, or of an entry inside it, is not blank */
	uint32_t line, row;
} cnv_entry;

typedef struct cnv_entries {
	cnv_entry *at;
	uint32_t count, room;
	cnv_map by_key;
	uint32_t *order; /* entries by rising key, parents before what they hold: cnv_entries_sort */
} cnv_entries;

/* The entry `number` of `table` inside `parent`, made when it is new.  CNV_NONE: over CNV_ENTRIES, or the arena failed.
 */
uint32_t cnv_entries_get(cnv_entries *entries, uint32_t parent, uint32_t table, uint32_t number, cnv_arena *arena);
bool cnv_entries_sort(cnv_entries *entries, cnv_arena *arena);
/* An entry is there when one inside it is. */
void cnv_entries_find_there(cnv_entries *entries);
/* Makes the row of one entry under row `row` of table 0; entries come in `order`.  false: no memory. */
bool cnv_entries_row(cnv_entries *entries, cnv_entry *entry, cnv_batch *batch, uint32_t row);
void cnv_entries_fini(cnv_entries *entries);

/* ---------------------------------------------------------------- paths.c: how a file names a question */

typedef enum cnv_path_found {
	CNV_PATH_KNOWN,
	CNV_PATH_UNKNOWN,
	CNV_PATH_AMBIGUOUS,     /* several questions go by this name */
	CNV_PATH_WITHOUT_ENTRY, /* a question of a repeat, without the number of its entry */
	CNV_PATH_ENTRY_NUMBER,  /* entry 0, or over CNV_ENTRY_NUMBERS */
	CNV_PATH_GONE           /* a question of the older version that is no longer asked */
} cnv_path_found;

/* CNV_PATH_OUTDATED: the answer to a question that is no longer asked, kept as a remark. */
typedef enum cnv_path_role {
	CNV_PATH_ANSWER,
	CNV_PATH_NOTE,
	CNV_PATH_RESERVATION,
	CNV_PATH_OUTDATED
} cnv_path_role;

typedef struct cnv_path {
	cnv_path_found found;
	cnv_path_role role;
	cnv_question_id question; /* where it is known, or known but for its entry */
	uint32_t depth;
	uint32_t numbers[CNV_TABLE_DEPTH]; /* of entries, outermost first */
} cnv_path;

/* Questions by what people read; filled when the first column needs it. */
typedef struct cnv_labels {
	const cnv_form *form;
	cnv_arena *arena;
	cnv_names names;
	bool filled;
} cnv_labels;

/* The question of `table` that a heading of words means: CNV_NONE, or CNV_NAME_AMBIGUOUS. */
cnv_question_id cnv_labels_find(cnv_labels *labels, uint32_t table, cnv_str text);
bool cnv_labels_failed(const cnv_labels *labels);
void cnv_labels_fini(cnv_labels *labels);

/* Ranks of names, in the order in which the first five are tried. */
typedef enum cnv_path_rank {
	CNV_PATH_EXACT, /* the full path */
	CNV_PATH_BRIEF, /* the short path of long files */
	CNV_PATH_LOOSE, /* either, with the separators of other tools */
	CNV_PATH_INNER, /* groups and repeats; questions of a repeat by their name alone */
	CNV_PATH_REPEATS,    /* `outer[]/inner[]` */
	CNV_PATH_LOCAL,      /* paths in the table of one repeat; scope: the table */
	CNV_PATH_LOCAL_NAME, /* names alone, there */
	CNV_PATH_CHOICE      /* choices as names of columns contain them; scope: the list */
} cnv_path_rank;

typedef struct cnv_paths {
	const cnv_form *form;
	cnv_arena *arena;
	cnv_names names; /* by cnv_path_rank */
	cnv_labels labels;
	bool *listed; /* lists whose choices are in `names` */
	cnv_text key;
	const cnv_migration *migration; /* NULL: names are this form's */
	struct cnv_paths *older;        /* of the version that the names are of */
} cnv_paths;

/* migration: names are tried in the older version first; NULL. */
void cnv_paths_init(cnv_paths *paths, const cnv_form *form, const cnv_migration *migration, cnv_arena *arena);
/* labels: a label of the form will do as well. */
cnv_path cnv_paths_find(cnv_paths *paths, cnv_str name, bool labels);
/* The same for a column of a table of entries, which names no numbers of them. */
cnv_path cnv_paths_find_in(cnv_paths *paths, uint32_t table, cnv_str name);
/* Repeats around a question. */
uint32_t cnv_paths_depth(const cnv_form *form, cnv_question_id question);
/* The repeat whose entries a column of this heading numbers: `outer[]`.  CNV_NONE: none. */
uint32_t cnv_paths_numbered(cnv_paths *paths, cnv_str heading);
/* What the path of a known question should have been, for "did you mean"; empty when nothing is near. */
cnv_str cnv_paths_suggest(cnv_paths *paths, const cnv_path *path, cnv_str name, cnv_arena *scratch);
bool cnv_paths_failed(const cnv_paths *paths);
void cnv_paths_fini(cnv_paths *paths);

/* ---------------------------------------------------------------- heading.c: a question, or a piece of its answer */

typedef enum cnv_piece {
	CNV_PIECE_WHOLE,
	CNV_PIECE_CHOICE, /* ticked or not */
	CNV_PIECE_OTHER,  /* the same of the choice `other`, or its text */
	CNV_PIECE_PLACE,  /* the choice on one place of a ranking */
	CNV_PIECE_LATITUDE,
	CNV_PIECE_LONGITUDE,
	CNV_PIECE_ALTITUDE,
	CNV_PIECE_ACCURACY
} cnv_piece;
#define CNV_POINT_PIECES 4u

typedef struct cnv_heading {
	cnv_path path;
	cnv_piece piece;
	uint32_t choice;       /* whose tick it is, CNV_NONE; of a place: counted from 0 */
	cnv_question_id other; /* takes the text of `other`, CNV_NONE */
	bool ignored;          /* a person said so */
} cnv_heading;

/* table: 0, or that of the entries whose columns are read. */
cnv_heading cnv_heading_read(cnv_paths *paths, uint32_t table, cnv_str name);

/* What the map says of a heading: a question, or empty where it is to be passed over.  false: nothing. */
bool cnv_column_map_find(cnv_column_map *map, cnv_str heading, cnv_str *question, cnv_arena *scratch);

/* ---------------------------------------------------------------- assemble.c: one answer out of several columns */

/* The list that choices of pieces are places in, and the form that it is of: of a return of an older version the older
 * one, so that the answer put together is one of that version, and is then carried over like a whole one. */
const cnv_list *cnv_piece_list(const cnv_batch *batch, cnv_question_id question, const cnv_form **form);

typedef struct cnv_pieces {
	const cnv_batch *batch;
	cnv_question_id question;
	cnv_text *out;
	size_t from; /* of the answer in `out` */
	bool apart;  /* a piece holds blanks of its own, so `;` stands between them */
	cnv_str point[CNV_POINT_PIECES];
} cnv_pieces;

/* Pieces of one answer -> its text, at the end of `out`. */
void cnv_pieces_init(cnv_pieces *pieces, const cnv_batch *batch, cnv_question_id question, cnv_text *out);
void cnv_pieces_put(cnv_pieces *pieces, cnv_piece piece, uint32_t choice, cnv_str text);
void cnv_pieces_end(cnv_pieces *pieces);
/* Is this cell of the choice `other` a text, and no tick? */
bool cnv_piece_is_text(const cnv_batch *batch, cnv_question_id question, uint32_t choice, cnv_str text);

/* The columns of one answer in a wide file. */
typedef struct cnv_assembly {
	cnv_question_id question;
	uint32_t entry; /* CNV_NONE: the response itself */
	uint32_t whole; /* column of the whole answer, CNV_NONE */
	uint32_t first, last; /* columns of its pieces, linked by `piece_next` */
	size_t from, len; /* of this record's answer, in cnv_gather.assembled */
} cnv_assembly;

/* Assembles the answers of the record that has been held. */
void cnv_assemble(cnv_gather *gather, uint32_t line);
cnv_str cnv_assembled_text(const cnv_gather *gather, uint32_t assembly);
/* The text of "other" that stands in column `at` in place of a tick; empty. */
cnv_str cnv_assembled_other(const cnv_gather *gather, uint32_t at);
/* Texts of "other" that no question asks for. */
void cnv_assembled_remarks(cnv_gather *gather, uint32_t line);

/* ---------------------------------------------------------------- tools.c: who wrote the file */

typedef struct cnv_tool {
	const char *name; /* "KoboToolbox" */
	uint32_t rules;   /* CNV_TOOL_... : what its cells mean beyond their letters */
} cnv_tool;
#define CNV_TOOL_NA_BLANK 1u  /* `n/a`: no answer */
#define CNV_TOOL_OTHER 2u     /* `-oth-`: the choice other */
#define CNV_TOOL_ESCAPES 4u   /* {newline}, {question_not_shown} */
#define CNV_TOOL_APOSTROPHE 8u /* '=1: an apostrophe before what a spreadsheet takes for a formula */

/* NULL: nothing tells. */
const cnv_tool *cnv_tool_of(const cnv_str *headings, uint32_t count);
/* Is the second line of a file, and not the first, its header, as in a VV file? */
bool cnv_tool_is_second_header(const cnv_str *second, uint32_t count);
extern const cnv_tool cnv_tool_vv;
/* A column that tools add of their own accord. */
bool cnv_tool_is_column(cnv_paths *paths, cnv_str heading);
/* What a cell of `question` (CNV_NONE) says by the rules of its tool; in `out` where that differs. */
cnv_str cnv_tool_cell(const cnv_gather *gather, cnv_question_id question, cnv_str text, cnv_text *out);

/* ---------------------------------------------------------------- gather.c */

/* A column of a wide file. */
typedef struct cnv_wide_column {
	enum {
		CNV_WIDE_UNUSED,
		CNV_WIDE_DIRECT, /* an answer of the response: straight into the batch */
		CNV_WIDE_HELD,   /* an answer in an entry, or a remark: waits for the end of the record */
		CNV_WIDE_STRAY,  /* names what takes no answer: told when it is first filled */
		CNV_WIDE_CLAIM,  /* what the return says of itself */
		CNV_WIDE_KEY     /* what other tables know this record by, or what it belongs to */
	} use;
	cnv_claim_key claim; /* of CNV_WIDE_CLAIM */
	bool tool;           /* of a claim */
	cnv_path_role role;
	cnv_question_id question;
	cnv_column *column; /* of CNV_WIDE_DIRECT, and of a key that names the response */
	uint32_t entry;     /* CNV_NONE: the response itself */
	uint32_t next;      /* column of the same entry, CNV_NONE */
	size_t from, len;   /* of the record's text held back */
	uint32_t record;    /* the record it was last held for */
	cnv_piece piece;
	uint32_t choice;     /* of a piece */
	cnv_question_id other;
	uint32_t assembly;   /* it is part of, CNV_NONE */
	uint32_t piece_next; /* column of the same answer, CNV_NONE */
	bool leads;          /* the first of its assembly: stands for it among the columns of its entry */
} cnv_wide_column;

/* A line of a long file. */
typedef struct cnv_long_row {
	cnv_str name, answer, note; /* as they came; in the arena */
	uint32_t line;
	bool surplus;
	cnv_path_found found;
	cnv_path_role role;
	cnv_question_id question;
	uint32_t entry;
	uint32_t next; /* row of the same entry, CNV_NONE */
	bool twice;    /* its path stands on another line too */
	bool claim;    /* what the return says of itself, and no answer */
	cnv_piece piece;
	uint32_t choice; /* of a piece */
	uint32_t pieces, pieces_last, piece_next; /* rows of the other pieces of its answer; CNV_NONE */
	struct cnv_section *section;
} cnv_long_row;

typedef enum cnv_long_part { CNV_PART_NONE, CNV_PART_QUESTION, CNV_PART_ANSWER, CNV_PART_NOTE } cnv_long_part;

/* One table of the return. */
typedef struct cnv_section {
	cnv_origin origin;
	cnv_holds holds;
	uint32_t table; /* of CNV_HOLDS_ENTRIES */
	cnv_str *headings; /* the header record */
	uint32_t heading_count, heading_room;
	uint32_t header_line;
	cnv_long_part *parts; /* long */
	uint32_t question_column, answer_column; /* long; from 1 */
	struct cnv_section *earlier;
} cnv_section;

/* What links a row of a table of entries to what it belongs to. */
typedef enum cnv_link {
	CNV_LINK_KEY,    /* PARENT_KEY -> KEY, else instanceID */
	CNV_LINK_INDEX,  /* _parent_index -> _index */
	CNV_LINK_NUMBER, /* `outer[]` -> the number of the entry around it */
	CNV_LINK_UUID,   /* _submission__uuid -> _uuid: the response alone */
	CNV_LINK_ID,     /* _submission__id -> _id: the response alone */
	CNV_LINK_ALL,    /* nothing: all belong to the one response there is */
	CNV_LINKS
} cnv_link;

/* A row of a table of entries; texts are ranges of cnv_fed.text. */
typedef struct cnv_fed_entry {
	uint32_t line;
	uint32_t cell, cells;      /* in cnv_fed.cells */
	size_t own[2], parent[2];  /* its key, and that of what it belongs to: [from, upto) */
	uint32_t number;           /* in its table, where it is known by that */
	uint32_t next;             /* of the same parent, CNV_NONE */
	uint32_t row;              /* in the batch, of the response being laid out */
	bool attached;
} cnv_fed_entry;

typedef struct cnv_fed_cell {
	cnv_question_id question;
	cnv_path_role role;
	uint32_t column; /* of its table, from 0 */
	size_t from, upto;
} cnv_fed_cell;

typedef struct cnv_fed_family {
	uint32_t first, last; /* entries of one parent */
} cnv_fed_family;

/* One table of entries. */
typedef struct cnv_fed {
	cnv_section *section; /* NULL: this table of the form was not given */
	cnv_link link;
	uint32_t link_column; /* from 1; 0: none */
	cnv_fed_entry *entries;
	uint32_t count, room;
	cnv_fed_cell *cells;
	uint32_t cell_count, cell_room;
	cnv_text text;
	cnv_fed_family *families;
	uint32_t family_count, family_room;
	cnv_map by_parent;
	uint32_t *attached; /* to the response being laid out */
	uint32_t attached_count, attached_room;
} cnv_fed;

/* "did you mean" compares a name with every question; past this many strange names nobody reads them. */
#define CNV_GATHER_HINTS 100u

struct cnv_gather {
	const cnv_form *form;
	cnv_batch *batch;
	cnv_diags *diags;
	cnv_status status; /* sticky */
	/* where the fields of the record go: decided when the one before it has ended */
	enum { CNV_INTO_NOTHING, CNV_INTO_HEADER, CNV_INTO_SECOND, CNV_INTO_LONG, CNV_INTO_WIDE, CNV_INTO_ENTRIES } into;
	cnv_layout layout;   /* of the table under way */
	cnv_layout returned; /* of the responses */
	cnv_arena arena;   /* the file's */
	cnv_arena scratch; /* one diagnostic's */
	cnv_paths paths;
	cnv_entries entries;
	uint32_t at;    /* field of the record */
	bool any;       /* a record came */
	uint32_t hints; /* suggestions still given */
	cnv_claims claims;
	cnv_map gone;       /* names of questions no longer asked that were answered */
	cnv_text gone_named; /* the first of them */
	bool claiming; /* a column of the wide layout says what the return is */
	bool claimed;  /* this record has made a claim, which wants its line */
	bool peek;     /* only the claims are wanted */

	cnv_column_map *map;  /* NULL */
	const cnv_tool *tool; /* that wrote the file; NULL */
	uint32_t rules;       /* of its cells */
	cnv_text cell;        /* a cell by those rules */
	bool pending;         /* the header waits for the line after it */
	cnv_str *second;      /* that line */
	uint32_t second_count, second_room;
	cnv_assembly *assemblies;
	uint32_t assembly_count, assembly_room;
	cnv_text assembled;

	cnv_section *section;  /* the table under way, or being told of */
	cnv_section *sections; /* the latest, linked by `earlier` */
	cnv_fed *fed;         /* form->table_count; NULL: no table of entries was given */
	size_t fed_bytes;
	uint32_t keys[CNV_LINKS]; /* columns of this table that are keys of each kind, CNV_NONE */
	uint32_t own_key, own_number; /* the same, of an entry itself */

	/* wide */
	cnv_wide_column *columns;
	uint32_t named;      /* columns with a heading */
	uint32_t root_first; /* first remark on the response itself, linked by `next`; CNV_NONE */
	cnv_text held;
	uint32_t row; /* of the record, CNV_NONE before its first cell that is not blank */
	uint32_t record;
	uint32_t filled;  /* cells of the record that are not blank */
	uint32_t surplus; /* filled cells past the header */
	bool like_header, told_short;
	uint32_t straight; /* columns of this record whose cells may take the straight way */
	bool stray; /* a column that takes no answer is filled in this record */
	uint64_t responses;
	size_t bytes; /* of text in the batch */

	/* long */
	cnv_long_row *rows;
	uint32_t row_count, row_room;
	cnv_long_row now;
};

/* A diagnostic on a line of the file; column 0: the whole line. */
cnv_place cnv_gather_place(const cnv_gather *gather, uint32_t line, uint32_t column);
/* `did you mean "..."?` for a name that was not found, or empty; in `scratch`, which the caller resets. */
cnv_str cnv_gather_hint(cnv_gather *gather, const cnv_path *path, cnv_str name);
/* The entry a known path names, CNV_NONE for the response itself.  false: too many entries, which has been told. */
bool cnv_gather_entry(cnv_gather *gather, const cnv_path *path, uint32_t line, cnv_str name, uint32_t *entry);
/* A column (from 0) as people find it: by its letter in a sheet, else by its number. */
const char *cnv_gather_column(const cnv_gather *gather, uint32_t at, char out[CNV_CELL_NAME_ROOM]);
/* Some 60 characters of a text for a message. */
cnv_str cnv_gather_cut(cnv_gather *gather, cnv_str text);
/* Keeps a remark on `question` in an entry (CNV_NONE: in the response).  Where that entry was left blank, the whole
 * response carries it, with the name it stood under. */
void cnv_gather_remark(cnv_gather *gather, cnv_question_id question, cnv_path_role role, uint32_t entry, cnv_str name,
		       cnv_str text, uint32_t line);
/* Keeps a remark on `question` (CNV_NONE: on the whole row) in a row of the batch. */
void cnv_gather_remark_row(cnv_gather *gather, uint32_t table, uint32_t row, cnv_question_id question,
			   cnv_path_role role, cnv_str name, cnv_str text, uint32_t line);
/* Reports the questions no longer asked whose answers became remarks. */
void cnv_gather_report_gone(cnv_gather *gather);
/* Did a record run out of memory? */
static inline bool cnv_gather_record_failed(const cnv_gather *gather)
{
	return gather->batch->failed || gather->arena.failed || gather->gone.failed || gather->gone_named.failed ||
	       gather->scratch.failed || gather->cell.failed || gather->assembled.failed || gather->entries.by_key.failed;
}
static inline bool cnv_gather_failed(const cnv_gather *gather)
{
	return cnv_gather_record_failed(gather) || cnv_paths_failed(&gather->paths);
}
/* Nothing but white space.  A letter or digit of ASCII, nearly every first byte there is, needs no look at the rest. */
static inline bool cnv_is_blank(cnv_str text)
{
	return !text.len || ((text.at[0] <= ' ' || text.at[0] > '~') && !cnv_str_trim_unicode(text).len);
}

/* Hardly a question of this file is the form's: `known` and `unknown` names, the known ones of so many questions. */
bool cnv_gather_is_foreign(const cnv_form *form, uint32_t known, uint32_t unknown, uint32_t questions);
/* Keeps a cell until the record ends. */
void cnv_wide_hold(cnv_gather *gather, cnv_wide_column *column, cnv_str field);
cnv_status cnv_wide_header(cnv_gather *gather); /* of responses, or of the entries of one repeat */
void cnv_wide_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_wide_record(cnv_gather *gather, uint32_t line);
cnv_status cnv_long_header(cnv_gather *gather);
void cnv_long_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_long_record(cnv_gather *gather, uint32_t line);
cnv_status cnv_long_end(cnv_gather *gather);

/* ---------------------------------------------------------------- claims.c */

/* What a column or line of this name claims, where no question goes by it; CNV_CLAIM_KEYS: nothing. */
cnv_claim_key cnv_claim_column(cnv_str name, bool *tool);
/* The cell of such a column or line; line 0: cnv_claims_line gives it when its record has ended. */
void cnv_claim_cell(cnv_gather *gather, cnv_claim_key key, bool tool, cnv_str value, uint32_t line, uint32_t column);
void cnv_claims_line(cnv_gather *gather, uint32_t line);

/* ---------------------------------------------------------------- recognise.c: what a table holds */

/* The heading of what links an entry to its parent; CNV_LINKS: no such heading. */
cnv_link cnv_link_to_parent(cnv_str heading);
/* The heading of what other tables know a record by. */
cnv_link cnv_link_own(cnv_str heading);

/* ---------------------------------------------------------------- fed.c: tables of entries, until their response comes
 */

cnv_status cnv_fed_open(cnv_gather *gather);
cnv_status cnv_fed_header(cnv_gather *gather);
cnv_status cnv_fed_record(cnv_gather *gather, uint32_t line);
/* Lays out the entries of the response that gather->row is, in every table. */
cnv_status cnv_fed_attach(cnv_gather *gather);
/* Tells the entries whose parent did not come. */
cnv_status cnv_fed_end(cnv_gather *gather);
void cnv_fed_field(cnv_gather *gather, cnv_str field);
void cnv_fed_fini(cnv_gather *gather);

/* ---------------------------------------------------------------- choice.c: the choices a cell names */

#define CNV_CHOICE_CACHE 128u /* a power of 2 */

/* What one text was found to mean.  The text is borrowed: it stands in the column being settled. */
typedef struct cnv_choice_found {
	cnv_str text;
	uint32_t choice; /* CNV_NONE: none */
	const char *why; /* for the ledger; NULL: the name itself */
	cnv_str rest;    /* what stands after "other:" */
	bool labelled;   /* by a label, with its code or alone */
} cnv_choice_found;

/* What a choice says where a list asks yes or no. */
typedef enum cnv_says { CNV_SAYS_NOTHING, CNV_SAYS_YES, CNV_SAYS_NO, CNV_SAYS_NEITHER } cnv_says;

typedef struct cnv_choice_reader {
	const cnv_form *form;
	const cnv_list *list;
	bool literal; /* names only */
	bool offered; /* labels are as good as names */
	cnv_arena *scratch;
	cnv_choice_found cache[CNV_CHOICE_CACHE];
	uint32_t *picked; /* by the last cnv_choices_read, in order, each once */
	uint32_t count, room;
	uint64_t *set; /* the same, a bit a choice */
	bool twice;    /* one of them was named again */
	const char *why;
	cnv_str rest;           /* of the cell: what stands after "other:" */
	cnv_names by_fold; /* folded names, once `indexed` */
	uint32_t commas;  /* the most that a label has, once `commas_counted` */
	uint32_t yes, no; /* once `asks_known`: the choices that say so, CNV_NONE where no list of yes and no */
	bool only_yes_no; /* its other choices are "not known" and the like */
	uint32_t other;   /* the choice for all else, once `other_known` */
	bool indexed, commas_counted, asks_known, other_known, failed;
} cnv_choice_reader;

void cnv_choice_reader_init(cnv_choice_reader *reader, const cnv_form *form, const cnv_list *list, bool literal,
			    cnv_arena *scratch);
/* The one choice of a folded name or label, CNV_NONE. */
uint32_t cnv_choice_by_name(cnv_choice_reader *reader, cnv_str folded);
uint32_t cnv_choice_by_label(const cnv_choice_reader *reader, cnv_str folded);
/* choice_words.c: yes and no in other words, a code with its label, "other: ..." */
void cnv_choice_read_words(cnv_choice_reader *reader, cnv_str text, cnv_str folded, cnv_choice_found *found);
/* Finds it, and remembers it in `found`, a place of the cache. */
const cnv_choice_found *cnv_choice_look(cnv_choice_reader *reader, cnv_str text, cnv_choice_found *found);
/* text: trimmed, not blank. */
static inline const cnv_choice_found *cnv_choice_read(cnv_choice_reader *reader, cnv_str text)
{
	uint32_t first = (unsigned char)text.at[0], last = (unsigned char)text.at[text.len - 1];
	uint32_t middle = (unsigned char)text.at[text.len / 2], mixed = (uint32_t)text.len << 24 | middle << 16 | last << 8 | first;
	cnv_choice_found *found = &reader->cache[(mixed * UINT32_C(0x9E3779B1)) >> 16 & (CNV_CHOICE_CACHE - 1)];

	return cnv_str_equal(found->text, text) ? found : cnv_choice_look(reader, text, found);
}
/* The first piece of `text` that is none, where its pieces are parted by semicolons, line ends or commas; empty: none is
 * found.  Uses the set of the last cnv_choices_read. */
cnv_str cnv_choices_strange(cnv_choice_reader *reader, cnv_str text);
/* All the choices `text` names, into `set` (cleared first; CNV_BIT_WORDS(list->count)).  false: one of them is none. */
bool cnv_choices_read(cnv_choice_reader *reader, cnv_str text, uint64_t *set);
cnv_str cnv_choices_names(const cnv_choice_reader *reader, cnv_arena *arena); /* of `picked`, one blank between */
void cnv_choice_reader_fini(cnv_choice_reader *reader);

/* ---------------------------------------------------------------- written.c: numbers and dates as people write them */

/* Which of its two readings a text allows.  Numbers: decimal point first, comma second; dates: day first, month second.
 */
typedef enum cnv_ways {
	CNV_WAY_NONE,
	CNV_WAY_ANY, /* both give the same value, which stands in the first */
	CNV_WAY_FIRST,
	CNV_WAY_SECOND,
	CNV_WAY_EITHER /* they differ */
} cnv_ways;

typedef struct cnv_written_number {
	cnv_ways ways;
	double by_point, by_comma;
	bool point_grouped, comma_grouped; /* thousands are parted */
} cnv_written_number;

typedef enum cnv_date_form { CNV_DATE_YEAR_FIRST, CNV_DATE_YEAR_LAST, CNV_DATE_POINTS, CNV_DATE_NAMED } cnv_date_form;

typedef struct cnv_written_date {
	cnv_date_form form;
	cnv_ways ways;
	int32_t day_first, month_first; /* days */
	bool short_year;                /* of two digits: never to be read */
	bool timed, zoned;
	int32_t milliseconds; /* since midnight */
	int64_t utc_offset_ms;
} cnv_written_date;

typedef enum cnv_number_form {
	CNV_NUMBER_WHOLE,
	CNV_NUMBER_FRACTION,
	CNV_NUMBER_GROUP_LIKE /* 1.234: a point that could part thousands */
} cnv_number_form;

/* text: trimmed.  false: it is none.  scratch: what folding takes; the caller resets it. */
bool cnv_number_written(cnv_str text, cnv_arena *scratch, cnv_written_number *out);
bool cnv_date_written(cnv_str text, cnv_arena *scratch, cnv_written_date *out); /* with a time of day or without */
bool cnv_time_written(cnv_str text, cnv_arena *scratch, int32_t *milliseconds);
/* Of a number as XLSForm writes it. */
cnv_number_form cnv_number_form_of(cnv_str text);
/* UTC milliseconds of a date that fell on `day`; without a zone UTC is taken, as cnv_settle takes it. */
int64_t cnv_written_moment(const cnv_written_date *date, int32_t day);

/* ---------------------------------------------------------------- convention.c */

/* The way this cell is to be read; CNV_UNDECIDED and CNV_CONTRADICTED: it is not. */
cnv_convention cnv_choose_number(const cnv_conventions *conventions, const cnv_written_number *number);
cnv_convention cnv_choose_date(const cnv_conventions *conventions, const cnv_written_date *date);

/* ---------------------------------------------------------------- other.c: the texts after "other:" */

typedef struct cnv_other {
	cnv_question_id question, target; /* the one with the list; the one that takes the text, CNV_NONE */
	uint32_t row;
	cnv_str text;
	bool moved; /* it is the target's answer now; else it is a remark */
} cnv_other;

typedef struct cnv_others {
	cnv_other *at;
	uint32_t count, room;
	bool failed;
} cnv_others; /* { 0 } is ready to use */

/* text: borrowed until cnv_others_lay, which copies it into the batch. */
void cnv_others_hold(cnv_others *others, cnv_question_id question, uint32_t row, cnv_str text);
void cnv_others_lay(cnv_others *others, cnv_batch *batch);
void cnv_others_fini(cnv_others *others);

/* ---------------------------------------------------------------- value.c */

/* The number, day, time or moment of a cell, as XLSForm writes it. */
cnv_str cnv_value_written(const cnv_column *column, uint32_t row, cnv_arena *arena);

/* Without white space around it. */
static inline cnv_str cnv_cell_trim(cnv_str text)
{
	if (text.len && text.at[0] > ' ' && text.at[0] <= '~' && text.at[text.len - 1] > ' ' &&
	    text.at[text.len - 1] <= '~')
		return text;
	return cnv_str_trim_unicode(text);
}
/* The choices that `text` names, a bit each, until another text of the column is read.  NULL: one of them is none, or no
 * memory (*failed). */
const uint64_t *cnv_column_choices(const cnv_form *form, const cnv_column *column, cnv_str text, bool *failed);
/* A file name without the folders before it. */
cnv_str cnv_file_leaf(cnv_str text);

/* ---------------------------------------------------------------- attribute.c */

/* The question of table 0 that says whose answers they are, CNV_NONE. */
cnv_question_id cnv_identifying_question(const cnv_form *form);

#endif
