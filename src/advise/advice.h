/* advice: what the files of this room share. */
#ifndef CANVASS_ADVISE_ADVICE_H
#define CANVASS_ADVISE_ADVICE_H

#include "canvass/advise.h"

struct advising {
	const cnv_plan *plan;
	const cnv_form *form;
	cnv_arena *scratch;
	cnv_diags *diags;
	uint32_t *choices_left; /* that may still be looked at for cascades: many questions can share a long list */
};

/* ---------------------------------------------------------------- subject.c: one formula of one question */

struct subject {
	const cnv_form *form;
	cnv_question_id id;
	const cnv_question *question;
	cnv_slot slot;
	const cnv_formula *formula;
	const cnv_formula_tree *tree; /* NULL: there is no formula */
	const cnv_slot_rule *rule;
	bool conditions;                                   /* the formula has paths with conditions: */
	uint64_t inside[CNV_BIT_WORDS(CNV_FORMULA_PARTS)]; /* the nodes inside of them; else not set */
};

void cnv_subject_init(struct subject *subject, const cnv_plan *plan, cnv_question_id id, cnv_slot slot);

/* The question whose one answer the node reads: ${name}, the dot, or a path.  CNV_NONE: it reads no answer, or many. */
cnv_question_id cnv_subject_answer(const struct subject *subject, uint32_t node);

/* An answer compared with a text: answer = 'text', answer != 'text', selected(answer, 'text'). */
struct equality {
	cnv_question_id answer;
	cnv_str text;
	uint32_t node; /* of the text */
	bool selected;
};
bool cnv_subject_equality(const struct subject *subject, uint32_t node, struct equality *out);

const char *cnv_subject_noun(const cnv_question *question); /* "question", "group" or "repeat" */

/* The place of a node. */
cnv_place cnv_subject_place(const struct subject *subject, uint32_t node);

/* `table` is `of` or encloses it: each row of `of` sees one row of it. */
bool cnv_table_encloses(const cnv_form *form, uint32_t table, uint32_t of);

/* ---------------------------------------------------------------- advice on one formula */

/* comparisons.c: codes that no list has, sets compared as one, answers as conditions, blanks, dates in quotes. */
void cnv_advise_comparisons(const struct advising *advising, const struct subject *subject);

/* patterns.c: regular expressions. */
void cnv_advise_patterns(const struct advising *advising, const struct subject *subject);

/* messages.c: a constraint that allows other numbers than its message names. */
void cnv_advise_message(const struct advising *advising, const struct subject *subject);

/* cascade.c: choices that a filter never offers. */
void cnv_advise_cascade(const struct advising *advising, const struct subject *subject);

/* ---------------------------------------------------------------- advice on all conditions */

/* probe.c: conditions that no answers meet, and conditions that all of them do. */
void cnv_advise_probe(const cnv_plan *plan, cnv_diags *diags);

#endif
