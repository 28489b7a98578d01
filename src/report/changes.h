/* What has changed since an earlier round or time, respondent by respondent.
 *
 * Who is not shown by name, then or now, is withheld from all of it, from the counts as well: the difference of two
 * counts is what one respondent answered. */
#ifndef CANVASS_REPORT_CHANGES_H
#define CANVASS_REPORT_CHANGES_H

#include "report/desk.h"

/* When a respondent has answered; each is in one of these. */
typedef enum cnv_when {
	CNV_WHEN_BOTH,
	CNV_WHEN_NOW,  /* and not then */
	CNV_WHEN_THEN, /* and not now */
	CNV_WHEN_NEVER,
	CNV_WHEN_WITHHELD, /* answers of one time or both are not shown by name */
	CNV_WHENS
} cnv_when;

typedef struct cnv_changed_person {
	cnv_paired paired; /* of now */
	uint32_t then;     /* the row of the earlier response, CNV_NONE */
	cnv_when when;
	bool blank_then;
	bool moved; /* in one question or more */
} cnv_changed_person;

/* A question that is compared. */
typedef struct cnv_changed_question {
	cnv_question_id question;
	uint32_t moved; /* respondents */
} cnv_changed_question;

typedef struct cnv_changes {
	cnv_desk *desk;
	const cnv_earlier *earlier;
	cnv_changed_person *people; /* those of the pairing, then those who answered then only */
	uint32_t count;
	uint32_t whens[CNV_WHENS]; /* people in each */
	uint32_t moved;            /* people */
	uint64_t moves;            /* answers */
	cnv_changed_question *questions;
	uint32_t question_count;
	cnv_question_id *fresh; /* questions that were not asked then */
	uint32_t fresh_count;
	uint32_t uncompared; /* answers, of people who are shown by name */
	uint32_t **entries;  /* by table: of each earlier response; NULL: it is not compared */
	uint64_t *lost;      /* bits: earlier response * questions of the form + question; NULL: none */
} cnv_changes;

/* Compares, and sets desk->changes, if the report is compared with anything; false: out of memory. */
bool cnv_changes_find(cnv_desk *desk);

/* An answer then and now. */
typedef struct cnv_move {
	cnv_standing then, now;
	bool moved; /* something is given on one side or both, and it is not the same; both may be shown */
} cnv_move;
cnv_move cnv_changes_move(const cnv_changes *changes, cnv_question_id question, const cnv_changed_person *person);
/* Entries of a repeat of one response. */
uint32_t cnv_changes_entries_then(const cnv_changes *changes, uint32_t table, uint32_t row);
uint32_t cnv_changes_entries_now(const cnv_changes *changes, uint32_t table, uint32_t row);
/* May this answer that has no place in the form be shown? */
bool cnv_changes_lists(const cnv_changes *changes, const cnv_uncompared *uncompared);

/* The counts of one question then and now: its options, then the standings.  They add up to the people, or with
 * several answers possible the standings do. */
typedef struct cnv_counted {
	uint32_t options;
	uint64_t *then, *now; /* options + CNV_STANDINGS */
	/* of a number, over its answers; of a repeat, of its entries */
	double sum_then, sum_now;
} cnv_counted;
bool cnv_changes_count(cnv_counted *counted, const cnv_changes *changes, cnv_question_id question, cnv_arena *arena);

/* "round 2025", "3 December 2026": what the report is compared with. */
cnv_str cnv_changes_since(const cnv_changes *changes, cnv_arena *arena);
/* What has changed in three sentences, from 0; some may be empty (changes_words.c). */
enum { CNV_CHANGES_SENTENCES = 3 };
cnv_str cnv_changes_sentence(const cnv_changes *changes, uint32_t number, cnv_arena *arena);
/* Those that are not empty, one after the other. */
cnv_str cnv_changes_sentences(const cnv_changes *changes, cnv_arena *arena);

#endif
