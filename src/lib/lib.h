/* What the files of lib/ share: a call into the library, from its arguments to its status.
 *
 * Every function that allocates begins with lib_enter and ends with lib_leave.  In between the memory of this thread comes
 * from the context's allocator, and what it refuses is noted, as not every room can say why it failed. */
#ifndef CANVASS_LIB_H
#define CANVASS_LIB_H

#include "canvass.h"
#include "canvass/round.h"

struct canvass_context {
	canvass_allocator allocator; /* without functions: malloc */
};

struct canvass_findings {
	canvass_context *context;
	canvass_on_finding *on_finding; /* NULL: they are collected */
	void *self;
	cnv_diags diags;    /* to them */
	uint64_t totals[3]; /* by severity */
	canvass_finding *at;
	uint32_t count, room;
	cnv_arena texts;
	bool failed; /* memory ran out in the call under way */
};

struct canvass_form {
	canvass_context *context;
	cnv_checked checked;
	cnv_arena names;
	canvass_text id, version, title; /* and names of questions, copied as their own texts do not end with NUL */
	canvass_text *questions;
	uint32_t count;
};

typedef struct lib_call {
	cnv_allocator allocator;
	const cnv_allocator *before; /* of the call that this one is inside of, in a callback */
	canvass_allocator own;
	canvass_findings *findings; /* NULL: they are not wanted */
	cnv_diags diags;            /* to them */
	bool refused;               /* memory was */
} lib_call;                         /* stays where it is */

/* context and findings: NULL as in the header. */
void lib_enter(lib_call *call, const canvass_context *context, canvass_findings *findings);
canvass_status lib_leave(lib_call *call, cnv_status status);
/* The same of a call that has lasting effects: if it succeeded, memory that was refused meanwhile does not matter. */
canvass_status lib_leave_stored(lib_call *call, cnv_status status);

/* Passes a diagnostic on; self: the findings, or NULL. */
void lib_hear(void *self, const cnv_diag *diag);

/* A struct that a caller gave, as large as this library knows it: into `own`, of `size` bytes.  false: its struct_size cannot
 * be right, or a field that is not known here is not 0.  given: NULL is all 0. */
bool lib_read_sized(void *own, size_t size, const void *given);
/* Can results be written to it? */
bool lib_is_sized(const void *given);
/* Writes as much of `own` to a caller's struct as that has room for; its struct_size stays. */
void lib_write_sized(void *given, const void *own, size_t size);

/* NULL is empty; borrowed. */
cnv_str lib_str(const char *text);
/* A copy that ends with NUL; of no bytes when memory ran out. */
canvass_text lib_text(cnv_arena *arena, cnv_str text);
bool lib_is_time(canvass_time time);
cnv_instant lib_instant(canvass_time time);
bool lib_is_file(const canvass_file *file);
bool lib_are_files(const canvass_file *files, size_t count);
cnv_attached lib_attached(const canvass_file *file); /* borrowed */

/* How returned files are to be read; false: there is no such encoding or delimiter. */
bool lib_read_as(cnv_intake_options *options, const char *encoding, const char *delimiter);
/* Runs an intake over the files. */
cnv_status lib_run(const cnv_intake_options *options, const canvass_form *form, cnv_store *store,
		   const canvass_file *files, size_t count, lib_call *call, canvass_counts *counts);

#endif
