/* interview: a session (canvass/session.h) as a return: submitted through an intake, and kept as a draft before. */
#ifndef CANVASS_INTERVIEW_H
#define CANVASS_INTERVIEW_H

#include "canvass/round.h"
#include "canvass/session.h"

/* What a session had when a paper was keyed, once of two times (keying.c).  { 0 } may be freed. */
typedef struct cnv_keyed {
	cnv_question_id question;
	cnv_str path, answer, note;
	bool written; /* while the response is written */
} cnv_keyed;
typedef struct cnv_keying {
	cnv_keyed *lines;
	uint32_t count, room;
	cnv_map by_path;
	cnv_arena arena;
} cnv_keying;
enum { CNV_KEYINGS = 2 };
cnv_status cnv_keying_take(cnv_keying *keying, cnv_session *session);
void cnv_keying_fini(cnv_keying *keying);

/* What the file says of itself.  The revision that it corrects keeps its bytes apart from those of earlier ones. */
typedef struct cnv_interview_claims {
	cnv_str round;
	uint32_t revision;   /* 0: none */
	cnv_keying *keyings; /* CNV_KEYINGS of them, kept in columns of their own; NULL: it was keyed once */
} cnv_interview_claims;

typedef enum cnv_interview_lines {
	CNV_LINES_RESPONSE,
	CNV_LINES_DRAFT, /* with the answers that are set aside */
	CNV_LINES_BLANK  /* to be filled in: what is asked, or may be */
} cnv_interview_lines;
/* The response as a CSV in the long layout.  claims: NULL: none. */
cnv_status cnv_interview_write(cnv_session *session, const cnv_form_file *form, const cnv_interview_claims *claims,
			       cnv_interview_lines lines, cnv_text *csv);
/* Takes such a file into a new session; before: the form that it was made for, NULL: this one. */
cnv_status cnv_interview_take(cnv_session *session, const cnv_form_file *form, const cnv_form_file *before,
			      cnv_str name, cnv_str bytes, cnv_diags *diags);
/* The same with a draft, also of another version of the form. */
cnv_status cnv_interview_resume(cnv_session *session, const cnv_form_file *form, const cnv_draft *draft,
				cnv_diags *diags);
/* Takes the answers that count of a respondent into a new session (NULL: only asks); *revision: theirs, 0: there are none.
 * The store is opened to be read. */
cnv_status cnv_interview_correct(cnv_session *session, const cnv_form_file *form, cnv_store *store, cnv_str round,
				 cnv_str respondent, uint32_t *revision, cnv_diags *diags);
/* Sets single answers of a judged session by their paths, all of them or none (amend.c): one in the entry after the last adds
 * it, and the path of an entry, without a value, removes it.  CNV_REJECTED, said for each: it is unknown, not asked, not for
 * a person to change, or wrong. */
cnv_status cnv_interview_amend(cnv_session *session, const cnv_form *form, const cnv_answer_given *given,
			       uint32_t count, cnv_diags *diags);
/* Whose answers they are; given: a code, or empty. */
cnv_attribution cnv_interview_owner(const cnv_session *session, cnv_str given, const cnv_roster *roster, cnv_str *code);

#endif
