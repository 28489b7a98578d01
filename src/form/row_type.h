/* row_type.h: what a cell of the column `type` says about its row (question_type.c). */
#ifndef CANVASS_FORM_ROW_TYPE_H
#define CANVASS_FORM_ROW_TYPE_H

#include "canvass/form.h"

typedef enum cnv_form_line {
	LINE_SKIPPED,
	LINE_QUESTION,
	LINE_BEGIN_GROUP,
	LINE_BEGIN_REPEAT,
	LINE_BEGIN_LOOP,
	LINE_END_GROUP,
	LINE_END_REPEAT,
	LINE_END_LOOP,
	LINE_SETTING
} cnv_form_line;

/* A parsed type cell. */
typedef struct cnv_form_row_type {
	cnv_form_line kind;
	const cnv_question_type *type; /* of a question */
	const char *builtin;           /* constraint that the type implies; NULL */
	cnv_str list;                  /* list, file or ${question} named after the command; part of the cell */
	bool or_other;
	bool unsure;            /* the type was a mistake, this is the nearest: report nothing that follows from it */
	uint32_t list_index;    /* set by cnv_form_resolve_lists */
	const cnv_choice *each; /* of a group that a loop makes for this choice */
} cnv_form_row_type;

typedef enum cnv_form_type_reading {
	TYPE_READ,
	TYPE_UNKNOWN,    /* *nearest may name what was meant */
	TYPE_OTHER_CASE, /* right except for its case; accepted */
	TYPE_NO_LIST,    /* a select without its list */
	TYPE_LIST_WORDS  /* words after the list name */
} cnv_form_type_reading;

cnv_form_type_reading cnv_form_read_type(cnv_form_row_type *typed, cnv_str text, cnv_str *nearest);
/* The type with this canonical name; NULL. */
const cnv_question_type *cnv_form_find_type(const char *name);

#endif
