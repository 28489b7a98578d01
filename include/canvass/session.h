/* session: one response under way.
 *
 * A state, not a script: answers, remarks and entries are set in any order, and cnv_session_turn judges everything
 * again by the rules of an import.  A session knows no terminal, file or clock.  The caller that asks the questions, in a
 * terminal or on a page, reads from it what is asked, what is offered and what is wrong.
 */
#ifndef CANVASS_SESSION_H
#define CANVASS_SESSION_H

#include "canvass/check.h"
#include "canvass/gather.h"

typedef struct cnv_session cnv_session;

/* A question of the response (entry 0), or of an entry of a repeat.  An entry keeps its number, also when it is removed.
 * With the id of a group, the cell is its title; with that of a repeat, the place after its entries. */
typedef struct cnv_session_cell {
	uint32_t entry;
	cnv_question_id question; /* CNV_NONE: before the first, or after the last */
} cnv_session_cell;

/* The plan is borrowed.  The session begins with one blank response, judged.  NULL: no memory. */
cnv_session *cnv_session_new(const cnv_plan *plan, const cnv_world *world, uint32_t language);
void cnv_session_free(cnv_session *session); /* NULL is fine */
/* The time of the next turn: today() is taken again, values of once(), uuid() and random() stay. */
void cnv_session_clock(cnv_session *session, cnv_instant now);
void cnv_session_language(cnv_session *session, uint32_t language);

/* ---------------------------------------------------------------- changes; CNV_NO_MEMORY is their only failure */

/* An answer as a person writes it, copied; empty takes it back. */
cnv_status cnv_session_set(cnv_session *session, cnv_session_cell cell, cnv_str text);
/* The remark on an answer; empty takes it back. */
cnv_status cnv_session_remark(cnv_session *session, cnv_session_cell cell, cnv_str text);
/* Adds an entry to a repeat inside `parent`; its number, or CNV_NONE: no memory. */
uint32_t cnv_session_enter(cnv_session *session, uint32_t parent, cnv_question_id repeat);
/* Removes an entry and those inside it. */
void cnv_session_remove(cnv_session *session, uint32_t entry);
/* Takes all answers, entries and remarks of a response in a batch: a draft, a file, an earlier response.  Calculations are
 * made again.  The session is new. */
cnv_status cnv_session_take(cnv_session *session, const cnv_batch *batch, uint32_t row);
/* Judges everything.  Fills in defaults of new entries, calculations, and as many entries as repeat_count asks for; an
 * entry too many is set aside, and returns with its answers.  Every other call below reads the last turn. */
cnv_status cnv_session_turn(cnv_session *session);

/* ---------------------------------------------------------------- what is known of a cell */

typedef struct cnv_session_finding {
	cnv_session_cell cell;
	cnv_code code;
	cnv_severity severity;
	cnv_str message, hint; /* until the next turn */
} cnv_session_finding;

typedef struct cnv_session_state {
	cnv_verdict verdict; /* CNV_BLANK where nothing is stored */
	bool asked, required;
	bool fixed;                         /* read-only or calculated: not for the person to change */
	bool filled;                        /* by a default or a calculation */
	const cnv_session_finding *finding; /* the worst of the answer; NULL: none */
} cnv_session_state;
cnv_session_state cnv_session_state_of(cnv_session *session, cnv_session_cell cell);
/* The answer may stay: it is neither missing nor wrong. */
bool cnv_session_passes(cnv_session *session, cnv_session_cell cell);
/* The answer as it was set or calculated, also where it is set aside because it is not asked; until the next turn. */
cnv_str cnv_session_written(const cnv_session *session, cnv_session_cell cell);
/* The same as a program reads it: codes, ISO dates, plain numbers; in the arena. */
cnv_str cnv_session_value(const cnv_session *session, cnv_session_cell cell, cnv_arena *arena);
/* The same for people, with the labels of choices. */
cnv_str cnv_session_shown(const cnv_session *session, cnv_session_cell cell, cnv_arena *arena);
/* "doc[2]/title": its path in a long file; in the arena. */
cnv_str cnv_session_path(const cnv_session *session, cnv_session_cell cell, cnv_arena *arena);
cnv_str cnv_session_remark_of(const cnv_session *session, cnv_session_cell cell);
/* Findings about answers that are asked, in the order of the form; NULL past the last. */
const cnv_session_finding *cnv_session_finding_at(const cnv_session *session, uint32_t index);
/* A text of the form in the session's language, with the answers that it refers to; in the arena. */
cnv_str cnv_session_text(const cnv_session *session, cnv_session_cell cell, const cnv_wording *wording,
			 cnv_arena *arena);
/* The list of a question that is answered by choosing, NULL: it is not; and the choices on offer, a bit each, until the
 * next call (NULL: no memory). */
const cnv_list *cnv_session_list(const cnv_session *session, cnv_question_id question);
const uint64_t *cnv_session_offered(cnv_session *session, cnv_session_cell cell);

/* ---------------------------------------------------------------- entries and the way through the form */

/* The i-th entry of a repeat inside `parent`, from 0; CNV_NONE past the last. */
uint32_t cnv_session_entry(const cnv_session *session, uint32_t parent, cnv_question_id repeat, uint32_t i);
uint32_t cnv_session_entries(const cnv_session *session, uint32_t parent, cnv_question_id repeat);
/* Where an entry is now: its repeat, the entry around it, and its position from 1. */
cnv_question_id cnv_session_repeat_of(const cnv_session *session, uint32_t entry);
uint32_t cnv_session_parent(const cnv_session *session, uint32_t entry);
uint32_t cnv_session_position(const cnv_session *session, uint32_t entry);
/* How many entries repeat_count asks for; UINT32_MAX: the person decides. */
uint32_t cnv_session_wanted(cnv_session *session, uint32_t parent, cnv_question_id repeat);

/* The next cell in the order of the form that is asked: questions, notes, titles of groups and ends of repeats.  *at begins
 * as { 0, CNV_NONE }; false past the last.  _before is its reverse. */
bool cnv_session_next(cnv_session *session, cnv_session_cell *at);
bool cnv_session_before(cnv_session *session, cnv_session_cell *at);
bool cnv_session_is_question(const cnv_session *session, cnv_session_cell cell); /* one that a person may answer */
/* The cell that a path names; false: there is no such entry. */
bool cnv_session_find(const cnv_session *session, const cnv_named *named, cnv_session_cell *cell);

typedef struct cnv_session_progress {
	uint32_t asked, answered, missing, wrong; /* missing: required and not answered */
} cnv_session_progress;
cnv_session_progress cnv_session_progress_of(cnv_session *session);
/* The response as it was judged, one row: for attribution and comparison; until the next turn. */
const cnv_batch *cnv_session_batch(const cnv_session *session);

/* ---------------------------------------------------------------- the long layout */

typedef struct cnv_session_line {
	cnv_str path, answer, note; /* borrowed for the call; note alone: of an answer that is blank */
	cnv_question_id question;   /* CNV_NONE: a remark on the whole response */
} cnv_session_line;
/* The lines of the response, which an import judges alike.  draft: with the answers that are set aside. */
cnv_status cnv_session_write(cnv_session *session, bool draft, void (*line)(void *self, const cnv_session_line *line),
			     void *self);
/* The lines to be filled in: of each question that is asked, or that may be once others are answered, with the answers so
 * far; of a repeat without entries a first one. */
cnv_status cnv_session_blank(cnv_session *session, void (*line)(void *self, const cnv_session_line *line), void *self);

#endif
