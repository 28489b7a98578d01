/* form_internal.h: what the files of the form room share while a form is being built.
 *
 * A build walks: sheets -> headings -> settings -> languages -> types of the survey rows -> lists ->
 * questions -> references and advice.  Diagnostics are held back and told in the order of the file.
 */
#ifndef CANVASS_FORM_INTERNAL_H
#define CANVASS_FORM_INTERNAL_H

#include "canvass/form.h"

/* Groups and repeats inside each other: deeper forms do not exist, and paths would grow without end. */
#define DEPTH_MOST 32u
/* Bytes of a name: longer ones are refused and cut, so that a path has a bound. */
#define NAME_MOST 255u
/* Searches for a near name: each looks at every name there is, so a form full of mistakes gets no more hints. */
#define NEAREST_MOST 100u

/* ---------------------------------------------------------------- headings (headers.c) */

enum role {
	ROLE_EXTRA,   /* a column canvass does not know: kept */
	ROLE_DROPPED, /* no heading, or one that cannot be used */
	ROLE_TYPE,
	ROLE_NAME,
	ROLE_LIST_NAME,
	ROLE_RELEVANT,
	ROLE_REQUIRED,
	ROLE_CONSTRAINT,
	ROLE_CALCULATION,
	ROLE_DEFAULT,
	ROLE_READ_ONLY,
	ROLE_CHOICE_FILTER,
	ROLE_REPEAT_COUNT,
	ROLE_TRIGGER,
	ROLE_PARAMETERS,
	ROLE_APPEARANCE,
	ROLE_BIND_TYPE,
	ROLE_DISABLED,
	ROLE_QNO,
	ROLE_LEGAL_REF,
	ROLE_AUDIENCE,
	/* translatable from here on */
	ROLE_LABEL,
	ROLE_HINT,
	ROLE_GUIDANCE,
	ROLE_CONSTRAINT_MESSAGE,
	ROLE_REQUIRED_MESSAGE,
	ROLE_IMAGE,
	ROLE_BIG_IMAGE,
	ROLE_AUDIO,
	ROLE_VIDEO,
	ROLES
};
#define ROLE_FIRST_WORDING ROLE_LABEL
#define ROLE_FIRST_MEDIA ROLE_IMAGE

typedef enum table_kind { SURVEY_TABLE = 1, CHOICES_TABLE = 2 } table_kind;

struct head {
	enum role role;
	bool suffixed;     /* a language was written after the heading */
	uint32_t language; /* of a wording; settled by languages_settle */
	cnv_str heading;   /* as written */
	cnv_str suffix;    /* language as written */
};

struct heads {
	const cnv_sheet *sheet;
	struct head *at; /* by column - 1 */
	uint32_t count;  /* columns up to the last heading */
	bool has[ROLES];
};

/* The cells of one row, by what they are; a wording's is the first in any language. */
struct row_cells {
	const cnv_sheet_row *row;
	const cnv_cell_text *at[ROLES];
};

/* ---------------------------------------------------------------- types (question_type.c) */

typedef enum line_kind {
	LINE_SKIPPED,
	LINE_QUESTION,
	LINE_BEGIN_GROUP,
	LINE_BEGIN_REPEAT,
	LINE_BEGIN_LOOP,
	LINE_END_GROUP,
	LINE_END_REPEAT,
	LINE_END_LOOP,
	LINE_SETTING
} line_kind;

/* A type cell, understood. */
struct typed {
	line_kind kind;
	const cnv_question_type *type; /* of a question */
	const char *builtin;           /* constraint that the type brings along; NULL */
	cnv_str list;                  /* list, file or ${question} named after the command; part of the cell */
	bool or_other;
	bool unsure;         /* the type was a mistake, this is the nearest: stay silent on what follows from it */
	uint32_t list_index; /* settled by lists_resolve */
	const cnv_choice *each; /* of a group that a loop makes for this choice */
};

/* How a type text reads. */
typedef enum type_reading {
	TYPE_READ,
	TYPE_UNKNOWN,    /* *nearest may name what was meant */
	TYPE_OTHER_CASE, /* right but for its case; read so */
	TYPE_NO_LIST,    /* a select without its list */
	TYPE_LIST_WORDS  /* words after the list name */
} type_reading;
type_reading type_read(struct typed *typed, cnv_str text, cnv_str *nearest);
const cnv_question_type *type_named(const char *name);

/* ---------------------------------------------------------------- the build */

struct held_diag {
	cnv_diag diag;
	uint32_t sheet, order;
};

struct build {
	cnv_form *form;
	const cnv_sheets *sheets;
	cnv_arena *arena;
	cnv_diags diags; /* holds back */
	struct held_diag *held;
	uint32_t held_count, held_room;
	bool no_memory;

	const cnv_sheet *survey, *choices, *settings, *external;
	struct heads survey_heads, choices_heads, external_heads;

	const cnv_cell_text **setting_cells; /* beside form->settings */
	bool keep_blanks;                    /* clean_text_values is no */
	bool choice_duplicates;              /* allow_choice_duplicates is yes */
	bool no_instance_id;                 /* omit_instanceID is yes */
	const cnv_cell_text *default_language;

	cnv_str *languages;
	uint32_t language_count, language_room;
	uint32_t plain_language; /* of columns without a suffix */
	const cnv_str *blank;    /* a wording of nothing */

	struct typed *typed;     /* of the survey's rows, then of those with their loops written out */
	struct row_cells *lines; /* beside typed */
	uint32_t line_count;
	cnv_question *questions;
	const struct row_cells **cells_of; /* beside questions; NULL for those made by or_other */
	struct typed **type_of;            /* beside questions; NULL where the row has none */
	uint32_t count, room;

	cnv_list *lists;
	struct list_use *uses; /* beside lists */
	bool label_told;       /* that there is no column for labels */
	uint32_t nearest_left; /* how often a near name may still be looked for */
	uint32_t list_count, list_room;
	cnv_map list_by_name, external_by_name, open_by_name;
	cnv_list *externals; /* of the sheet external_choices, by external_by_name */
};

struct list_use {
	bool selected, several, or_other, searched, plain; /* how questions use it */
	cnv_place place;                                   /* of its first row's list_name */
	uint32_t sheet_count;
};

cnv_place cell_place(const struct build *build, const cnv_sheet *sheet, const cnv_cell_text *cell);
cnv_place row_place(const struct build *build, const cnv_sheet *sheet, uint32_t row);
/* What a row of the file is called: "line" of a CSV, "row" of a workbook. */
const char *row_word(const struct build *build);
/* The place with the caret under `part`, a piece of the cell's text. */
cnv_place part_place(cnv_place place, cnv_str whole, cnv_str part);
/* "did you mean "x"?", or empty when nothing is near. */
cnv_str did_you_mean(struct build *build, cnv_str best);

/* A formula with its tree; without memory the arena remembers. */
cnv_formula formula_make(struct build *build, cnv_str text, cnv_place place);

/* headers.c */
void heads_read(struct build *build, struct heads *heads, const cnv_sheet *sheet, table_kind kind);
/* Sorts the cells of a row by what they are, telling those that are not under a heading.  false: nothing is left. */
bool row_read(struct build *build, const struct heads *heads, const cnv_sheet_row *row, struct row_cells *cells);
/* The same for the row that row_read kept in cells->row, without telling anything. */
bool row_sort(const struct heads *heads, const cnv_sheet_row *row, struct row_cells *cells);
cnv_str snake(cnv_arena *arena, cnv_str heading);
cnv_wording wording_read(struct build *build, const struct heads *heads, const struct row_cells *cells, enum role role);
const cnv_extra *extras_read(struct build *build, const struct heads *heads, const struct row_cells *cells,
			     uint32_t *count);

/* loops.c */
void loops_write(struct build *build); /* the rows of the survey, those in loops once for each choice */

/* rows.c */
bool types_read(struct build *build);
bool questions_read(struct build *build);

/* settings.c */
void settings_read(struct build *build);
void settings_finish(struct build *build);                                 /* once the questions stand */
void settings_put(struct build *build, const char *heading, cnv_str text); /* legacy rows of the survey sheet */

/* language.c */
void languages_settle(struct build *build);

/* names.c */
bool is_name(cnv_str name); /* NCName, or prefix:NCName */
void names_check(struct build *build);
bool names_index(struct build *build);

/* choices.c */
void lists_read(struct build *build);
void lists_resolve(struct build *build); /* lists of the typed rows */
void lists_finish(struct build *build);

/* Links the choices of one name; false: no memory. */
bool chain_twins(cnv_list *list, cnv_arena *arena);

/* references.c */
void references_check(struct build *build);
/* "did you mean" for the name of a question. */
cnv_str nearest_question(struct build *build, cnv_str name);

/* parameters.c */
void parameters_check(struct build *build, cnv_question *question);
cnv_str parameter_find(const cnv_question *question, const char *key);
cnv_str parameter_read(cnv_str text, const char *key); /* the same of the cell itself */

/* externals.c */
void externals_check(struct build *build);

/* advice.c */
void questions_check(struct build *build);

/* numbering.c */
void numbering_check(struct build *build);

/* translations.c */
void translations_check(struct build *build);

#endif
