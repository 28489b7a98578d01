/* history: what a respondent has answered in each revision, and why an answer is as it is. */
#ifndef CANVASS_HISTORY_H
#define CANVASS_HISTORY_H

#include "canvass/round.h"

/* ---------------------------------------------------------------- what happened (history.c) */

/* An answer of a revision that differs from the one before. */
typedef struct cnv_history_change {
	cnv_changed changed;
	uint32_t line; /* in the revision's file, or where an entry is gone in the file before */
} cnv_history_change;

typedef struct cnv_history_revision {
	cnv_revision revision;
	bool remarks; /* other remarks than before */
	cnv_history_change *changes;
	uint32_t count, room;
} cnv_history_revision;

/* { 0 } may be freed. */
typedef struct cnv_history {
	cnv_history_revision *revisions;
	uint32_t count;
	cnv_arena arena;
} cnv_history;

/* The revisions of a respondent in a round, each compared with the one before; the store is opened to be read. */
cnv_status cnv_history_read(cnv_history *history, cnv_store *store, const cnv_form *form, cnv_str round,
			    cnv_str respondent, cnv_diags *diags);
void cnv_history_fini(cnv_history *history);

/* What a question was answered with in one revision; in a repeat, in one entry. */
typedef struct cnv_past_answer {
	uint32_t revision; /* index in `revisions` */
	cnv_str path, value;
	cnv_verdict verdict;
	uint32_t line; /* in the revision's file */
} cnv_past_answer;

/* { 0 } may be freed. */
typedef struct cnv_past {
	const cnv_revision *revisions;
	uint32_t revision_count;
	cnv_past_answer *answers; /* by revision */
	uint32_t count, room;
	cnv_arena arena;
} cnv_past;

/* The answers to one question in all revisions of a respondent; without numbers of entries, in all entries.  The store is
 * opened to be read. */
cnv_status cnv_past_read(cnv_past *past, cnv_store *store, const cnv_form *form, cnv_str round, cnv_str respondent,
			 const cnv_named *named, cnv_diags *diags);
void cnv_past_fini(cnv_past *past);

/* ---------------------------------------------------------------- why (why.c) */

typedef struct cnv_why_finding {
	uint16_t code;
	cnv_severity severity;
	cnv_str message, hint;
} cnv_why_finding;

/* One answer of the response that counts, and the rules that decide about it.  { 0 } may be freed. */
typedef struct cnv_why {
	uint32_t revision; /* 0: no response counts */
	bool there;        /* false: there is no such entry, and nothing else is set */
	cnv_str path, value;
	cnv_verdict verdict;
	uint32_t line; /* in the revision's file */
	cnv_explanation rules;
	cnv_why_finding *findings; /* that are not closed */
	uint32_t finding_count, finding_room;
	cnv_arena arena;
} cnv_why;
/* The rules are run as at the time when the response was received.  The store is opened to be read. */
cnv_status cnv_why_read(cnv_why *why, cnv_store *store, const cnv_form_file *form, cnv_str round, cnv_str respondent,
			const cnv_named *named, cnv_diags *diags);
void cnv_why_fini(cnv_why *why);

#endif
