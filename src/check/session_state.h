/* A session, as its files share it. */
#ifndef CANVASS_CHECK_SESSION_STATE_H
#define CANVASS_CHECK_SESSION_STATE_H

#include "canvass/session.h"

typedef struct session_answer {
	cnv_str text, remark; /* in `texts` */
	bool filled;          /* by a default, or kept from a calculation */
	uint32_t judged;      /* the judgement in which it last had a finding */
	uint32_t finding;     /* the worst of those, in `findings` */
} session_answer;

typedef struct session_entry {
	uint32_t table, parent; /* parent: its number */
	uint32_t row;           /* in the batch of the last turn; CNV_NONE: not in it */
	bool removed;
	bool aside;              /* more than repeat_count asks for */
	bool begun;              /* its defaults were filled in */
	session_answer *answers; /* of each column of its table */
} session_entry;

struct cnv_session {
	const cnv_plan *plan;
	const cnv_form *form;
	cnv_world world;
	uint32_t language;
	cnv_batch *batch;
	cnv_arena texts;   /* answers, as long as the session */
	cnv_arena judged;  /* masks and findings, until the next turn */
	cnv_arena scratch; /* one call */
	session_entry *entries;
	uint32_t count, room;
	uint32_t **rows; /* of each table: the entry of each row; in `judged` */
	cnv_str remarks; /* on the whole response; in `texts` */
	cnv_asking asking;
	cnv_session_finding *findings; /* in `judged` */
	uint32_t finding_count, finding_room;
	uint32_t judgements; /* so far */
	uint64_t *triggers;  /* bit a question: the trigger of another names it */
};

/* The table of a cell's entry, and the row; CNV_NONE: it was not judged. */
static inline uint32_t session_row(const cnv_session *session, cnv_session_cell cell)
{
	return cell.entry < session->count ? session->entries[cell.entry].row : CNV_NONE;
}

/* The answer of a cell; NULL where nothing is stored. */
session_answer *session_answer_at(const cnv_session *session, cnv_session_cell cell);
/* Is a question, group or repeat asked in an entry that holds it? */
bool session_asks(const cnv_session *session, uint32_t entry, cnv_question_id question);

#endif
