/* form: what was asked.
 *
 * A form is read once from its sheets and is immutable afterwards.  Things inside it are
 * referred to by number (cnv_question_id, list and table indexes); every text it holds lives
 * in the arena it was built in.  Formulas are kept as written, with their place and their tree:
 * the room check/ compiles them.
 */
#ifndef CANVASS_FORM_H
#define CANVASS_FORM_H

#include "canvass/formula.h"

/* ---------------------------------------------------------------- sheets (sheet.c)
 *
 * A form definition as tables of cells, before anything is parsed.  The CSV layout
 * (one file holding every sheet, its name in the first column) is taken apart here, record
 * by record; a workbook reader fills the same structure. */

typedef struct cnv_cell_text {
	cnv_str text;    /* cleaned: trimmed, curly quotes made straight */
	uint32_t row;    /* line of the file (CSV) or row of the sheet, from 1 */
	uint32_t column; /* column of the file or sheet, from 1 */
} cnv_cell_text;

typedef struct cnv_sheet_row {
	const cnv_cell_text *cells; /* of non-empty cells, by rising column */
	uint32_t count;
	uint32_t row;
} cnv_sheet_row;

typedef struct cnv_sheet {
	cnv_str name; /* as written */
	cnv_sheet_row header;
	cnv_sheet_row *rows;
	uint32_t count, room;
	uint32_t tab; /* its place in the workbook, from 1; 0: it comes from a CSV file */
	bool ended;   /* too many empty rows: the rest is not read */
	bool surplus; /* a cell beyond the header was reported */
} cnv_sheet;

typedef struct cnv_sheets {
	cnv_str source; /* file name for places */
	cnv_sheet *sheets;
	uint32_t count, room;
	cnv_arena *arena;
	uint32_t current; /* sheet being filled, CNV_NONE before the first */
	bool header_due;  /* the next row with content is a header */
	bool full;        /* more sheets than a form has: the rest is not read */
	bool rejected;    /* an error was reported: the form built of them is for checking only */
	bool alone;       /* a workbook with one sheet, which is the survey whatever its name */
} cnv_sheets;

void cnv_sheets_init(cnv_sheets *sheets, cnv_str source, cnv_arena *arena);
/* One CSV record: `row` is its first line.  Fields are copied into the arena. */
void cnv_sheets_add(cnv_sheets *sheets, const cnv_str *fields, uint32_t count, uint32_t row, cnv_diags *diags);
/* A workbook: its `tab`-th sheet (from 1) of `tabs` begins.  false: not a sheet of a form, its rows can be skipped. */
bool cnv_sheets_begin(cnv_sheets *sheets, cnv_str name, uint32_t tab, uint32_t tabs);
/* A row of the sheet that was begun, its cells by rising column; rows come by rising number.  Texts are copied. */
void cnv_sheets_put(cnv_sheets *sheets, const cnv_cell_text *cells, uint32_t count, uint32_t row, cnv_diags *diags);
const cnv_sheet *cnv_sheets_find(const cnv_sheets *sheets, cnv_str name); /* ASCII case ignored; NULL */
cnv_place cnv_sheet_place(const cnv_sheets *sheets, const cnv_sheet *sheet, uint32_t row, uint32_t column);
void cnv_sheets_fini(cnv_sheets *sheets);

/* ---------------------------------------------------------------- rows that forms share (bank*.c)
 *
 * The column `bank` of survey and choices names the block that a row comes from; a block is a form of a few rows. */

typedef struct cnv_bank_block {
	cnv_str name;
	cnv_place place;          /* where the form first names it */
	bool in_survey;           /* the survey names it, not only choices */
	bool bare;                /* a row with nothing else says where it belongs */
	const cnv_sheets *sheets; /* its rows, set by the caller; NULL: it cannot be read */
} cnv_bank_block;

bool cnv_bank_name_ok(cnv_str name); /* [a-z0-9_-], at most 64: the name of a file */
/* The blocks that a form names, each once, in its order; they live in the arena. */
cnv_status cnv_bank_blocks(cnv_bank_block **out, uint32_t *count, const cnv_sheets *form, cnv_arena *arena);
/* Reports rows that differ from their block. */
cnv_status cnv_bank_check(const cnv_sheets *form, const cnv_bank_block *blocks, uint32_t count, cnv_arena *arena,
			  cnv_diags *diags);
/* Emits the records of the form as one CSV file, with the rows of its blocks as those have them. */
cnv_status cnv_bank_expand(const cnv_sheets *form, const cnv_bank_block *blocks, uint32_t count, cnv_arena *arena,
			   void (*write)(void *self, const cnv_str *fields, uint32_t count), void *self);

/* ---------------------------------------------------------------- question types (question_type.c) */

typedef enum cnv_kind {
	CNV_NOTHING, /* groups, notes: no answer */
	CNV_TEXT,
	CNV_INTEGER, /* 32-bit */
	CNV_DECIMAL,
	CNV_DATE, /* days */
	CNV_TIME,
	CNV_DATETIME,
	CNV_CHOICE,  /* one of a list */
	CNV_CHOICES, /* several of a list */
	CNV_RANK,    /* all of a list, in order */
	CNV_GEOPOINT,
	CNV_GEOTRACE,
	CNV_GEOSHAPE,
	CNV_FILE,       /* a file name */
	CNV_ACKNOWLEDGE /* OK or empty */
} cnv_kind;

typedef enum cnv_role {
	CNV_ASKED, /* a person answers it */
	CNV_GROUP,
	CNV_REPEAT,
	CNV_SHOWN,    /* note */
	CNV_COMPUTED, /* calculate, hidden: never asked */
	CNV_METADATA  /* start, end, today, deviceid, ...: filled by a client */
} cnv_role;

/* Everything canvass knows about a question type.  Adding one: add a row and a case file. */
typedef struct cnv_question_type {
	const char *name; /* canonical: "select_one" */
	cnv_kind kind;
	cnv_role role;
	enum { CNV_LIST_NONE, CNV_LIST_CHOICES, CNV_LIST_FILE, CNV_LIST_EXTERNAL } list;
	const char *summary;
} cnv_question_type;

const cnv_question_type *cnv_question_type_at(size_t index); /* for documentation; NULL past the last */

/* ---------------------------------------------------------------- the form (build.c, choices.c) */

typedef uint32_t cnv_question_id; /* index into cnv_form.questions: groups and repeats have one too */

/* A cell as written, with its tree, to be compiled by check/.  text.len 0: there was none. */
typedef struct cnv_formula {
	cnv_str text;
	cnv_place place;
	const cnv_formula_tree *tree; /* of `text`, NULL: it has not been parsed (trigger, parameters, file; no text) */
} cnv_formula;

/* A text in each language of the form: at[language]; an empty text where it is missing. */
typedef struct cnv_wording {
	const cnv_str *at; /* form->language_count of them; never NULL */
	cnv_place place;   /* of its first cell */
} cnv_wording;

typedef struct cnv_extra {
	cnv_str heading, text; /* a column canvass does not know, kept */
} cnv_extra;

typedef enum cnv_yes_no { CNV_UNSET, CNV_NO, CNV_YES } cnv_yes_no;
/* The words that XLSForm turns into true() and false(), and these two themselves; CNV_UNSET: any other text. */
cnv_yes_no cnv_yes_no_read(cnv_str text);

/* Who may read the answers to a question, by the words of the column audience; each fewer than the one before. */
typedef enum cnv_privacy {
	CNV_PRIVACY_NONE,    /* everybody for whom the response is released */
	CNV_PRIVACY_CONTACT, /* of these the members, where the respondent lets contacts circulate; the secretariat */
	CNV_PRIVACY_SECRETARIAT, /* the secretariat only */
	CNV_PRIVACIES
} cnv_privacy;

cnv_str cnv_privacy_word(cnv_privacy privacy); /* of CNV_PRIVACY_NONE: empty */
cnv_privacy cnv_privacy_read(cnv_str word);    /* CNV_PRIVACY_NONE: it is another word */
cnv_privacy cnv_privacy_more(cnv_privacy one, cnv_privacy other);

typedef struct cnv_question {
	cnv_str name;
	const cnv_question_type *type;
	cnv_kind kind; /* type->kind unless bind::type or the fractions of a range change it */
	cnv_role role;
	cnv_place place;        /* its row; column of the name */
	cnv_question_id parent; /* enclosing group or repeat, CNV_NONE at the root */
	cnv_question_id repeat; /* nearest enclosing repeat (for a repeat: the next outer one), CNV_NONE */
	cnv_question_id after;  /* one past its last descendant; id + 1 for a question */
	uint32_t depth;         /* 0 at the root */
	uint32_t table;         /* table that holds its answers: 0 the response, else an entry of a repeat.  For a
	                            * repeat itself: the table of its entries */
	uint32_t column;        /* in that table, CNV_NONE when nothing is stored */
	uint32_t list;          /* of choices, CNV_NONE */
	bool or_other;          /* its type has or_other */
	bool other_of;          /* made by or_other: the text after it */
	cnv_wording label, hint, guidance;
	cnv_wording constraint_message, required_message, warning_message;
	cnv_formula relevant, required, constraint, warning, calculation, default_value, read_only;
	cnv_formula choice_filter, repeat_count, trigger, parameters;
	/* a question in the repeat whose entries the filter selects: of select_one ${name}, and of a place with
	 * reference-geometry=${repeat}; else CNV_NONE */
	cnv_question_id filtered;
	cnv_str appearance;
	cnv_str qno, legal_ref, audience; /* ours */
	cnv_privacy privacy;              /* by the words of audience */
	uint16_t headline;                /* its place in the summary, from 1; 0: it is not shown there */
	cnv_question_id unit;             /* the question whose answer is the unit of this number; CNV_NONE */
	const cnv_extra *extras;
	uint32_t extra_count;
	cnv_str path; /* "sec_a/economy", groups and repeats included */
	/* its name in long files: "economy", "doc[]/doc_name" (repeats only, ids inside []; groups too where a name
	 * occurs twice) */
	cnv_str answer_path;
} cnv_question;

typedef struct cnv_choice {
	cnv_str name;
	cnv_wording label;
	cnv_wording says; /* the predicate of a sentence about those who chose it: "have ratified" */
	cnv_place place;
	const cnv_extra *extras; /* other columns, for choice_filter */
	uint32_t extra_count;
} cnv_choice;

typedef struct cnv_list {
	cnv_str name; /* of an open list in a file: the file's name */
	const cnv_choice *choices;
	uint32_t count;
	bool open; /* its choices are in a file, on the sheet external_choices, or unknown: they are not counted */
	bool duplicates;       /* allow_choice_duplicates */
	cnv_map by_name;       /* name -> first index */
	const uint32_t *twins; /* of each choice the next one with its name, CNV_NONE; NULL: names are unique */
	cnv_map by_label; /* folded label in any language -> index; CNV_LABEL_AMBIGUOUS when two choices share it */
	const struct cnv_list *known; /* of an open list: its choices by name, if they could be read; else NULL */
	/* of an open list in a file: the cell that names it, and the columns of codes and labels; of a data file: its
	 * name */
	cnv_formula file;
	cnv_str value, label;
	const cnv_str *columns; /* of a data file: its columns; else NULL */
	uint32_t column_count;
} cnv_list;
#define CNV_LABEL_AMBIGUOUS (UINT32_MAX - 1)

/* The choices that an answer is checked against: of an open list those that could be read; NULL: unknown. */
static inline const cnv_list *cnv_list_known(const cnv_list *list)
{
	return list->open ? list->known : list;
}

/* One table of answers: the response itself (0), or the entries of one repeat. */
typedef struct cnv_form_table {
	cnv_question_id repeat;         /* CNV_NONE for table 0 */
	uint32_t parent;                /* table whose rows own these rows; 0 for table 0 */
	const cnv_question_id *columns; /* question of each column, in form order */
	uint32_t count;
} cnv_form_table;

typedef struct cnv_form {
	cnv_str source;
	cnv_str id, title, version, root; /* root element name, default "data" */
	cnv_place settings_place;
	cnv_str round;              /* settings column `round`; may be empty */
	cnv_str respondent_word;    /* settings column `respondent_word`: "economy"; default "respondent" */
	cnv_question_id respondent; /* question that identifies the respondent, CNV_NONE */
	cnv_question_id release;    /* question that says how a response may be shown, CNV_NONE */
	cnv_question_id circulate;  /* question that says whether contacts may go to the other respondents, CNV_NONE */
	cnv_question_id basis;      /* question that says who completed the response, CNV_NONE */
	cnv_formula instance_name;
	const cnv_extra *settings; /* every settings cell, by canonical heading */
	uint32_t setting_count;
	const cnv_str *languages; /* "English (en)"; "" when the form names none */
	uint32_t language_count;  /* at least 1 */
	uint32_t default_language;
	const cnv_question *questions;
	uint32_t count;
	const cnv_list *lists;
	uint32_t list_count;
	const cnv_form_table *tables;
	uint32_t table_count; /* 1 + repeats */
	uint8_t sha256[32];   /* of the form file's bytes, set by the reader */
	cnv_map by_name;      /* leaf name -> id; CNV_NAME_AMBIGUOUS when several */
	cnv_map by_path;      /* path -> id */
	/* data files next to the form that formulas and selects read; every cell is among the extras */
	const cnv_list *files;
	uint32_t file_count;
	/* settings column `regex_search`: regex() matches anywhere in an answer, as on the web, not only the whole answer */
	bool regex_search;
	bool looped; /* some rows make several questions: a loop asks them once for each choice of a list */
} cnv_form;

/* A default that is computed (once, when a response begins), not a fixed answer. */
bool cnv_default_is_dynamic(cnv_str text, cnv_kind kind);

/* Builds what can be built and reports every mistake.  CNV_REJECTED: errors were found; *out is
 * then a form for checking only, or NULL when none could be built.  Everything in the form lives
 * in `arena`.  fini frees the maps. */
cnv_status cnv_form_build(cnv_form **out, const cnv_sheets *sheets, cnv_arena *arena, cnv_diags *diags);
void cnv_form_fini(cnv_form *form);

/* A setting by its canonical heading; empty: not set. */
cnv_str cnv_form_setting(const cnv_form *form, const char *name);
cnv_question_id cnv_form_find(const cnv_form *form, cnv_str name); /* CNV_NONE, or CNV_NAME_AMBIGUOUS */
/* falls back to the default language, then any */
cnv_str cnv_wording_text(const cnv_form *form, const cnv_wording *wording, uint32_t language);
/* The label for people, or the name where there is none. */
cnv_str cnv_question_title(const cnv_form *form, const cnv_question *question, uint32_t language);
/* Does an answer to the question of the setting basis, the name of a choice, say so? */
bool cnv_is_compiled(cnv_str answer);
cnv_str cnv_choice_title(const cnv_form *form, const cnv_choice *choice, uint32_t language);
uint32_t cnv_list_find(const cnv_list *list, cnv_str name); /* CNV_NONE */
/* The language with this name: "French (fr)" is found by all of it, by "French" and by "fr"; CNV_NONE. */
uint32_t cnv_form_language(const cnv_form *form, cnv_str wanted);
/* The nearest question name, for hints; empty when none is near. */
cnv_str cnv_form_nearest(const cnv_form *form, cnv_str name);
/* The question, group or repeat that a path without conditions leads to in a formula of `self`; CNV_NONE: it leads
 * nowhere, to the form itself, or is no such path.  In a choice_filter `.`, `..` and bare names are the choice's: those
 * are for the caller to distinguish. */
cnv_question_id cnv_form_follow(const cnv_form *form, cnv_question_id self, const cnv_formula_tree *tree,
				uint32_t node);
/* The table whose rows a formula of `self` is evaluated over: of a repeat the one that owns its entries. */
uint32_t cnv_form_table_of(const cnv_form *form, cnv_question_id self);

/* ---------------------------------------------------------------- its vocabulary (vocabulary.c) */

/* Every name and label of the form, folded (cnv_text_fold); a returned file repeats many of them. */
typedef struct cnv_vocabulary {
	cnv_map headings; /* names, paths and labels of questions, and the headings of the long layout */
	cnv_map phrases;  /* names and labels of choices */
	cnv_map words; /* words of both with characters beyond ASCII; pairs of characters in scripts without spaces */
	cnv_arena arena;
} cnv_vocabulary;

cnv_status cnv_vocabulary_init(cnv_vocabulary *vocabulary, const cnv_form *form);
bool cnv_vocabulary_has(const cnv_vocabulary *vocabulary, cnv_str folded); /* a heading or phrase */
bool cnv_vocabulary_has_heading(const cnv_vocabulary *vocabulary, cnv_str folded);
bool cnv_vocabulary_has_word(const cnv_vocabulary *vocabulary, cnv_str word);
/* The words of a folded text, split as those of the vocabulary. */
void cnv_vocabulary_words(cnv_str folded, void (*word)(void *self, cnv_str word), void *self);
void cnv_vocabulary_fini(cnv_vocabulary *vocabulary);

/* ---------------------------------------------------------------- what changes between forms (match.c, changes.c) */

/* Which questions of two forms are the same: by path, else by a name that is unique on both sides. */
typedef struct cnv_matching {
	cnv_question_id *after_of;  /* of each question of the first form, CNV_NONE */
	cnv_question_id *before_of; /* of each question of the second, CNV_NONE */
	/* of each question of the second: the one of the first that it may be, under another name */
	cnv_question_id *renamed;
	cnv_question_id *renamed_to; /* the reverse */
} cnv_matching;                      /* lives in the arena */

cnv_status cnv_form_match(cnv_matching *out, const cnv_form *before, const cnv_form *after, cnv_arena *arena);

typedef enum cnv_change_kind {
	CNV_CHANGE_ADDED,
	CNV_CHANGE_REMOVED,
	CNV_CHANGE_RENAMED, /* probably: same type and label, another name */
	CNV_CHANGE_MOVED,   /* `aspect`: "section" (before and after: its name) or "order" (the one before it) */
	CNV_CHANGE_ALTERED
} cnv_change_kind;

typedef struct cnv_change {
	cnv_change_kind kind;
	const char *thing;     /* "question", "section", "repeat", "note", "list", "choice", "setting", "language" */
	cnv_str name;          /* of a choice: its code */
	cnv_str list;          /* of a choice */
	const char *aspect;    /* the part that was altered: "label", "rule" */
	cnv_str language;      /* of a text, where the form names it */
	cnv_str before, after; /* as written; of a thing added or removed, its label in `after` or `before` */
	cnv_place from, to;    /* in the first and in the second form; row 0: none */
} cnv_change;

/* Emits every change, in the order of the second form: settings, then questions (removed ones come
 * last), then lists with their choices. */
cnv_status cnv_form_changes(const cnv_form *before, const cnv_form *after, const cnv_matching *matching,
			    void (*emit)(void *self, const cnv_change *change), void *self, cnv_arena *scratch);

/* ---------------------------------------------------------------- answers to an older version (migrate.c) */

/* The choices of a list in an older version of the form. */
typedef struct cnv_recoding {
	const cnv_list *before;
	const uint32_t
		*now; /* of each choice of `before`: its index in the present list; CNV_NONE: no longer offered */
} cnv_recoding;

/* Where the answers to an older version of a form go in the present version. */
typedef struct cnv_migration {
	const cnv_form *before, *after;
	cnv_matching matching;
	/* of each question of `before`: the one of `after` that takes its answers (a section: that is the same), CNV_NONE */
	const cnv_question_id *successor_of;
	const cnv_question_id *predecessor_of; /* the reverse */
	/* of each question of `after`; NULL: its choices have the same codes and labels */
	const cnv_recoding *const *recodings;
} cnv_migration;

/* Both forms must outlive it; the rest lives in the arena. */
cnv_status cnv_form_migrate(cnv_migration *out, const cnv_form *before, const cnv_form *after, cnv_arena *arena);

/* ---------------------------------------------------------------- data files next to the form (external.c) */

/* A file that selects read their choices from, or that formulas read by pulldata() and instance(). */
typedef struct cnv_data_file {
	cnv_str name; /* as formulas write it, without its extension */
	cnv_str file;
} cnv_data_file;
/* The files that a form names, each once; in `arena`. */
const cnv_data_file *cnv_form_files(const cnv_form *form, uint32_t *count, cnv_arena *arena);

/* One such file, before the form is compiled. */
typedef struct cnv_external cnv_external;
cnv_external *cnv_external_new(cnv_form *form, const cnv_data_file *file, cnv_arena *arena); /* NULL: no memory */
/* The next cell of a row; the first row is the header. */
void cnv_external_field(cnv_external *external, cnv_str field);
/* Instead: a cell of a row that names its columns (XML, GeoJSON); of two with the same name the later counts. */
void cnv_external_cell(cnv_external *external, cnv_str heading, cnv_str text);
/* The row is complete.  CNV_REJECTED: more rows than a worksheet has; nothing was reported. */
cnv_status cnv_external_record(cnv_external *external, uint32_t line);
cnv_status cnv_external_end(cnv_external *external); /* adds it to form->files */
/* After the last file: attaches the choices in files to their lists, and reports those that could not be read. */
cnv_status cnv_form_attach_choices(cnv_form *form, cnv_arena *arena, cnv_diags *diags);

/* ---------------------------------------------------------------- the roster (roster.c): who is asked */

typedef struct cnv_respondent {
	cnv_str code, name, sort_name, language, contact, email;
	const cnv_str *groups; /* one for each grouping, "" where the cell is empty */
	cnv_place place;
} cnv_respondent;

typedef struct cnv_roster {
	cnv_str source;
	cnv_respondent *respondents; /* in roster order */
	uint32_t count, room;
	const cnv_str *groupings; /* TITLE of each column `group:TITLE` */
	uint32_t grouping_count;
	/* by_name: folded name, sort name or code; CNV_NAME_AMBIGUOUS when two codes fold to the same */
	cnv_map by_code, by_name;
	/* while reading: */
	const int32_t *roles; /* of each column */
	uint32_t column_count;
	bool headed, unreadable, rejected;
	cnv_arena *arena;
} cnv_roster;

void cnv_roster_init(cnv_roster *roster, cnv_str source, cnv_arena *arena);
/* One record of the roster CSV; the first is its header. */
void cnv_roster_add(cnv_roster *roster, const cnv_str *fields, uint32_t count, uint32_t row, cnv_diags *diags);
/* CNV_REJECTED: a column is missing, a code is malformed or occurs twice, or there is no respondent. */
cnv_status cnv_roster_end(cnv_roster *roster, cnv_diags *diags);
/* The respondent that a text names: by code, else by folded name, sort name or code; CNV_NONE: none or several.
 * Resets `scratch`. */
uint32_t cnv_roster_find(const cnv_roster *roster, cnv_str text, cnv_arena *scratch);
void cnv_roster_fini(cnv_roster *roster);
/* [A-Za-z0-9][A-Za-z0-9_-]{0,31}, and not a device name of Windows: codes become file names. */
bool cnv_respondent_code_ok(cnv_str code);

/* The groups of all groupings (roster_groups.c): those of one after the other, as the roster first names them. */
typedef struct cnv_group {
	cnv_str name; /* borrowed from the roster; empty: of respondents in no group of the grouping */
	uint32_t grouping, members;
} cnv_group;
typedef struct cnv_groups {
	const cnv_roster *roster; /* borrowed */
	cnv_group *at;
	uint32_t count;
	uint32_t *of;       /* [respondent * grouping_count + grouping] -> group */
	uint8_t sha256[32]; /* of who is in which group */
} cnv_groups;
bool cnv_groups_find(cnv_groups *groups, const cnv_roster *roster); /* false: out of memory */
void cnv_groups_fini(cnv_groups *groups);

#endif
