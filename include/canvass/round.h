/* round: what happens between those who ask and a respondent.
 *
 * The room uses files and the store, and prints nothing; it knows no command line and no clock.  Whatever happens is
 * told to a listener or by diagnostics, and each caller decides what a person sees of it.
 */
#ifndef CANVASS_ROUND_H
#define CANVASS_ROUND_H

#include "canvass/io.h"
#include "canvass/store.h"

/* ---------------------------------------------------------------- what a command is given (given.c) */

/* A form as its file has it, with its plan.  { 0 } may be freed. */
typedef struct cnv_form_file {
	cnv_arena arena; /* of all that is in it */
	cnv_str name;    /* as given; borrowed */
	cnv_str bytes;
	cnv_sheets sheets;
	cnv_form *form;     /* NULL: it cannot be built */
	cnv_plan *plan;     /* NULL: it was only looked at, or cannot be compiled */
	uint32_t language;  /* for messages: the form's default until the caller sets another */
	cnv_original *besides; /* the files next to it that were read with it */
	uint32_t beside_count;
} cnv_form_file;

/* Reads, builds and compiles the form and the files next to it; with `advise` says advice too.  CNV_REJECTED: it cannot
 * be used. */
cnv_status cnv_form_file_load(cnv_form_file *form, cnv_str name, bool advise, cnv_diags *diags);
/* The same without compiling its formulas, which only asking and judging need: from a file, and from bytes (copied). */
cnv_status cnv_form_file_look(cnv_form_file *form, cnv_str name, cnv_diags *diags);
cnv_status cnv_form_file_read(cnv_form_file *form, cnv_str name, cnv_str bytes, cnv_diags *diags);
void cnv_form_file_fini(cnv_form_file *form);

typedef struct cnv_roster_file {
	cnv_arena arena;
	cnv_str source, bytes;
	cnv_roster roster;
	bool there; /* false: the round has no roster */
	bool given; /* by name or found next to the form: to be remembered by the store */
} cnv_roster_file;

/* `name`, else the one that the store (or NULL) remembers, else roster.csv next to the form, else none.  CNV_REJECTED:
 * it cannot be used. */
cnv_status cnv_roster_file_load(cnv_roster_file *roster, cnv_str name, cnv_str form_name, cnv_store *store,
                                cnv_diags *diags);
void cnv_roster_file_fini(cnv_roster_file *roster);

typedef struct cnv_map_file {
	cnv_column_map *map; /* NULL: there is none */
	cnv_str source, bytes;
	cnv_arena arena;
	bool given; /* by name, or "none": to be remembered by the store */
} cnv_map_file;

/* `name` ("none": without one), else the one that the store remembers, else none.  CNV_REJECTED: it cannot be used. */
cnv_status cnv_map_file_load(cnv_map_file *map, cnv_str name, const cnv_form *form, cnv_store *store, cnv_diags *diags);
void cnv_map_file_fini(cnv_map_file *map);

/* ---------------------------------------------------------------- packs (pack_file.c) */

/* Writes a workbook to be filled in whole or not at all.  CNV_REJECTED, said: it exists, and is not to be replaced.
 * later: the caller waits for the disk. */
cnv_status cnv_pack_write(const cnv_pack *pack, cnv_str target, bool force, bool later, cnv_instant now,
                          cnv_arena *scratch, cnv_diags *diags);

#endif
