/* The questions that matter most, each with a line or a few sentences made from the answers. */
#ifndef CANVASS_REPORT_HEADLINE_H
#define CANVASS_REPORT_HEADLINE_H

#include "report/desk.h"

typedef struct cnv_headline {
	cnv_question_id question;
	cnv_str label; /* of the question */
	/* "Ratified 4 of 10 that answered (INA, ROK), ...; no answer 9; no reply 2", or, where its choices say their
	 * predicates, "Four of the ten economies that answered have ratified (INA, ROK).  No answer 9; no reply 2." */
	cnv_str text;
	cnv_str dissent; /* whose answer is not the majority's; empty where a question has no majority */
} cnv_headline;

typedef struct cnv_headlines {
	cnv_headline *items;
	uint32_t count;
	bool by_form; /* the form names them; else those with the widest disagreement and the strongest consensus */
} cnv_headlines;

/* Texts are in `arena`, or the form's.  Resets the arena of a step.  false: out of memory. */
bool cnv_headlines_build(cnv_headlines *out, cnv_desk *desk, cnv_arena *arena);

/* The text and dissent of one question (this and the next: headline_words.c); false: out of memory. */
bool cnv_headline_write(cnv_headline *headline, cnv_desk *desk, cnv_arena *arena);
/* "No economy answered (no answer 19; no reply 2).", of a question without any answer, even one that is not shown or not
 * usable; else empty.  Of everyone (people NULL), or of pairing rows people[0] to people[count], of whom those not shown
 * by name are withheld.  With `named`, who is in which state, if there are several.  Resets the arena of a step, which
 * the text is in. */
cnv_str cnv_unanswered_text(cnv_desk *desk, cnv_question_id question, const uint32_t *people, uint32_t count,
			    bool named);
/* An option that was chosen, and how many chose it. */
typedef struct cnv_chosen {
	uint32_t option;
	uint64_t n;
} cnv_chosen;
/* Those of a question of choices, the most frequent first, in the arena of a step.  NULL: out of memory. */
cnv_chosen *cnv_options_chosen(cnv_desk *desk, cnv_question_id question, uint32_t *count);
/* The choice that more than half of those who answered a select_one chose; CNV_NONE: there is none. */
uint32_t cnv_majority_of(const cnv_desk *desk, cnv_question_id question);
/* Says who answers, or how the answers may be used, and is no answer to compare: the questions that the settings
 * name. */
bool cnv_desk_identifies(const cnv_desk *desk, cnv_question_id question);

#endif
