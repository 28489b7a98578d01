/* judging: one call of cnv_check, as its steps share it. */
#ifndef CANVASS_CHECK_JUDGING_H
#define CANVASS_CHECK_JUDGING_H

#include "check/plan.h"

/* A finding in the making, kept until the window is judged so that findings are reported in the order of the file. */
typedef struct cnv_event {
	uint32_t tab; /* of its sheet, 0: lines of a text; set by cnv_judge_event */
	uint32_t line, table, row;
	cnv_question_id question;
	uint16_t code;
	uint8_t verdict;
	uint32_t
		count; /* CNV_ANSWER_NOT_A_CHOICE: which half tick, from 1; CNV_UNDUE_FOLLOWS: answers; CNV_ENTRIES_NOT_AS_COUNTED: entries expected; CNV_ANSWER_NOT_OFFERED: the choice rejected;
			 * CNV_ZEROS_LOST: how many; CNV_TEXT_MADE_DATE: which of cnv_text_originals */
	cnv_str text;  /* what the file holds, where the column does not */
} cnv_event;

/* A condition over the rows of a table: where it is true, and where it is true or could not be evaluated. */
typedef struct cnv_truth {
	const uint64_t *sure, *possible; /* NULL until it was run; the same mask where nothing is in doubt */
} cnv_truth;

typedef struct cnv_judging {
	const cnv_plan *plan;
	cnv_batch *batch;
	const cnv_world *world;
	cnv_str source;
	uint32_t language;
	cnv_arena *scratch; /* masks and events: the whole call */
	cnv_arena temp;     /* one expression */
	uint32_t *ends;     /* of a column that is being calculated, and its text */
	cnv_text text;
	cnv_truth *truths;         /* of each program that is a condition, over its table's rows */
	const uint64_t **asked;    /* of each question, over the rows of its table */
	const uint64_t **required; /* of each question, where a row must be answered; else NULL */
	const uint64_t **gates;    /* of each table but the first: its repeat's relevance over the parent's rows */
	cnv_event *events;
	uint32_t event_count, event_room;
	uint32_t nearest_budget; /* names that may still be compared for "did you mean" */
	cnv_str *names;          /* what each question is called, once a rule was put into words; in scratch */
	bool failed;
} cnv_judging;

/* ---------------------------------------------------------------- masks.c: a bit per row */

/* The truth of a condition over the rows of the question's formula table; NULL when memory ran out.  A relevance in
 * doubt counts as true, any other condition as false. */
const uint64_t *cnv_judge_mask(cnv_judging *judging, cnv_question_id id, cnv_slot slot);
uint64_t *cnv_judge_new_mask(cnv_judging *judging, uint32_t rows); /* zeros, in scratch */
bool cnv_judge_any(const uint64_t *bits, uint32_t rows);
/* Removes the lowest bit of *word and returns its place; *word is not 0. */
static inline uint32_t cnv_take_bit(uint64_t *word)
{
	uint32_t at = (uint32_t)__builtin_ctzll(*word);

	*word &= *word - 1;
	return at;
}

/* ---------------------------------------------------------------- events.c */

void cnv_judge_event(cnv_judging *judging, cnv_event event);
/* An event of one cell, with its present verdict. */
void cnv_judge_cell(cnv_judging *judging, const cnv_table *table, const cnv_column *column, uint32_t row, cnv_code code,
		    uint32_t count);

/* ---------------------------------------------------------------- the steps */

/* filter.c: rejects choices that are not offered. */
cnv_status cnv_judge_filter(cnv_judging *judging, const cnv_table *table, cnv_column *column);

/* calculate.c: runs the calculation of a question and fills its column. */
cnv_status cnv_judge_calculation(cnv_judging *judging, cnv_question_id id);

/* damage.c: reports what a spreadsheet did to the answers of a text question that are accepted even so. */
void cnv_judge_damage(cnv_judging *judging, const cnv_table *table, const cnv_column *column);
/* Why answers of a text question break its rule (`vector`), where a spreadsheet is to blame: the code to report each
 * with, 0 for none, and how many zeros were lost or which original of a date it was.  Both NULL: there is no such answer.  In `temp`, like the vector. */
typedef struct cnv_explained {
	uint16_t *codes;
	uint8_t *counts;
} cnv_explained;
cnv_status cnv_judge_explain(cnv_judging *judging, const cnv_table *table, cnv_column *column, const cnv_vector *vector,
			     cnv_explained *out);
/* How many zeros in front make an all-digits text a name of the list; 0: none do. */
uint32_t cnv_zeros_lost(const cnv_list *list, cnv_str text);

/* unreadable.c: the code for an answer that cannot be read as its kind, and in some cases its words.
 */
uint16_t cnv_unreadable_code(cnv_judging *judging, const cnv_column *column, uint32_t row);
void cnv_word_unreadable(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena);

/* ticks.c: reports the cells of a list of ticks that are no ticks; false: the answer has none. */
void cnv_judge_sort_ticks(cnv_batch *batch);
bool cnv_judge_ticks(cnv_judging *judging, const cnv_table *table, const cnv_column *column, uint32_t row);
void cnv_place_half_tick(const cnv_judging *judging, const cnv_event *event, cnv_place *place);

/* undue.c: of the sorted events, joins the many undue answers of a response that have one reason. */
void cnv_judge_follow(cnv_judging *judging);
void cnv_word_undue(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena);

/* rules.c: a rule in words; as the form has it where there are no words for a piece of it. */
cnv_str cnv_rule_words(cnv_judging *judging, cnv_question_id id, const cnv_formula *rule, bool of_answer,
		       cnv_arena *arena);

/* findings.c: words and emits every event, in the order of the file. */
cnv_status cnv_judge_emit(cnv_judging *judging, cnv_findings *findings);

#endif
