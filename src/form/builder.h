/* builder.h: the state of a form being built.
 *
 * A build reads, in this order: sheets, headers, settings, languages, the types of the survey rows, lists, questions;
 * then it checks names, references and the questions one by one.  build.c calls the steps (steps.h).
 */
#ifndef CANVASS_FORM_BUILDER_H
#define CANVASS_FORM_BUILDER_H

#include "form/cells.h"
#include "form/held.h"
#include "form/row_type.h"

/* Nested groups and repeats: no real form is deeper, and the limit bounds the length of paths. */
#define DEPTH_MOST 32u
/* Searches for a near name: each looks at every name, so a form full of mistakes gets no more hints after that. */
#define NEAREST_MOST 100u

/* How questions use a list of the choices sheet. */
typedef struct cnv_form_list_use {
	bool selected, several, or_other, searched, plain;
	cnv_place place; /* of its first row's list_name */
	uint32_t sheet_count;
} cnv_form_list_use;

struct cnv_form_builder {
	cnv_form *form;
	const cnv_sheets *sheets;
	cnv_arena *arena;
	cnv_diags *diags; /* of `held` */
	cnv_form_held held;
	bool no_memory;

	const cnv_sheet *survey, *choices, *settings, *external;
	cnv_form_heads survey_heads, choices_heads, external_heads;

	const cnv_cell_text **setting_cells; /* parallel to form->settings */
	bool keep_blanks;                    /* clean_text_values is no */
	bool choice_duplicates;              /* allow_choice_duplicates is yes */
	bool no_instance_id;                 /* omit_instanceID is yes */
	const cnv_cell_text *default_language;

	cnv_str *languages;
	uint32_t language_count, language_room;
	uint32_t plain_language; /* of columns without a suffix */
	const cnv_str *blank;    /* an empty text in each language */

	cnv_form_row_type *typed; /* of the survey's rows; then of the rows with loops expanded */
	cnv_form_cells *lines;    /* parallel to typed */
	uint32_t line_count;
	cnv_question *questions;
	const cnv_form_cells **cells_of; /* parallel to questions; NULL for those made by or_other */
	cnv_form_row_type **type_of;     /* parallel to questions; NULL where there is no row */
	uint32_t count, room;

	cnv_list *lists;
	cnv_form_list_use *uses; /* parallel to lists */
	uint32_t list_count, list_room;
	cnv_map list_by_name, external_by_name, open_by_name;
	cnv_list *externals;   /* of the sheet external_choices, by external_by_name */
	bool label_reported;   /* that there is no column for labels */
	uint64_t alike;        /* bits of the first languages: written in two ways */
	uint32_t nearest_left; /* searches for a near name still allowed */
};

#endif
