/* Declarations shared by the files that put formulas into words: the renderer, values and claims.
 *
 *   tree --claims.c--> claims --values.c, words.c--> runs of words
 *   tree --cells.c--> a formula of a spreadsheet */
#ifndef CANVASS_WORDS_INTERNAL_H
#define CANVASS_WORDS_INTERNAL_H

#include "canvass/words.h"

typedef const cnv_formula_node words_node; /* of the renderer's tree */

typedef enum words_claim_kind {
	CLAIM_VALUE,    /* subject relation value */
	CLAIM_ANSWERED, /* subject is answered */
	CLAIM_INCLUDES, /* subject has the choice, perhaps with others */
	CLAIM_CHOICES,  /* number of choices made, relation value */
	CLAIM_LENGTH,   /* number of characters, relation value */
	CLAIM_HOLDS,    /* subject, a verb about two texts: matches the pattern */
	CLAIM_ALONE,    /* the choice is not combined with others */
	CLAIM_WORD      /* always true, always false */
} words_claim_kind;

/* One statement about one subject. */
typedef struct words_claim {
	words_claim_kind kind;
	bool negated; /* negated: VALUE, except equality; ANSWERED, INCLUDES, HOLDS */
	cnv_formula_op relation;
	words_node *subject, *value;
	const char *verb, *no_verb; /* HOLDS; WORD: verb */
} words_claim;

typedef struct words_renderer {
	const cnv_formula_tree *tree;
	const cnv_question_id
		*questions; /* parallel to the tree's nodes: the target of a path, CNV_NONE: no question */
	const cnv_context *context;
	const cnv_words_style *style;
	cnv_words *out;
	cnv_arena *arena;
	words_node *previous; /* subject of the previous claim in this chain; NULL */
	bool was;             /* and `is` was its verb */
	bool bare;            /* the subject is the answer itself and need not be named */
	bool mixed;           /* while bare, another subject was met */
	uint32_t depth;       /* of nested values */
} words_renderer;

/* ---------------------------------------------------------------- tree.c */

/* Prepares for the formula; returns its root, or NULL: it cannot be compiled, or out of memory (see the arena). */
words_node *words_begin(words_renderer *t, const cnv_formula *formula);
words_node *words_arg(const words_renderer *t, words_node *p, uint32_t i);

bool words_is_binary(words_node *p, cnv_formula_op op);
bool words_is_call(words_node *p, const char *name);
bool words_is_text(words_node *p);
bool words_is_constant(words_node *p); /* a number or a text */
bool words_is_comparison(words_node *p);

/* The question, group or repeat of a path; CNV_NONE. */
cnv_question_id words_question(const words_renderer *t, words_node *p);
/* The column of the choice being filtered; empty: not such a column. */
cnv_str words_column(const words_renderer *t, words_node *p);
/* A question with a single answer where the formula is evaluated; else NULL. */
const cnv_question *words_answer_of(const words_renderer *t, words_node *p);
bool words_is_own_answer(const words_renderer *t, words_node *p);
/* Both are the same question; NULL equals none. */
bool words_is_same(const words_renderer *t, words_node *a, words_node *b);
/* The choice that a constant denotes: a text by its code, a number by the only code with that value. */
const cnv_choice *words_choice_of(const words_renderer *t, const cnv_question *question, words_node *constant);
/* A day, or a day some days before or after another.  Not an instant: today at ten is not on or before today(). */
bool words_is_day(const words_renderer *t, words_node *p);
/* A value for arithmetic. */
bool words_is_measure(const words_renderer *t, words_node *p);

/* ---------------------------------------------------------------- values.c */

void words_put_run(words_renderer *t, cnv_str text, bool as_written);
void words_put(words_renderer *t, const char *words);
void words_put_choice(words_renderer *t, const cnv_choice *choice);
void words_put_as_written(words_renderer *t, words_node *p);
/* A value by itself: a number, a question's answer, a sum.  false: part of it may have been written. */
bool words_render_value(words_renderer *t, words_node *p);

/* ---------------------------------------------------------------- claims.c */

/* A condition that is one claim, or its negation. */
bool words_claim_of(const words_renderer *t, words_node *p, words_claim *c);
/* The value as it is written for this subject: a choice by its label. */
bool words_render_claimed(words_renderer *t, const words_claim *c);
/* "B2 ", unless it has just been named or is the answer of the rule. */
bool words_render_subject(words_renderer *t, words_node *subject);
bool words_render_claim(words_renderer *t, const words_claim *c);

#endif
