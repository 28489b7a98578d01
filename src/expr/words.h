/* What the files that tell formulas in words share: the tree, the claims and the voice.
 *
 *   nodes --words.c--> parts --words_claims.c--> claims --words_values.c, words.c--> runs of words
 *                      parts --cells.c--> a formula of a spreadsheet
 */
#ifndef CANVASS_EXPR_WORDS_H
#define CANVASS_EXPR_WORDS_H

#include "expr_internal.h"

/* A node with what it is applied to, and the bytes of the formula that all of it takes. */
typedef struct words_part {
	const expr_node *node;
	struct words_part **args;
	uint32_t from, upto;
} words_part;

typedef enum words_claim_kind {
	CLAIM_VALUE,    /* subject relation value */
	CLAIM_ANSWERED, /* subject is answered */
	CLAIM_INCLUDES, /* subject has the choice, perhaps with others */
	CLAIM_CHOICES,  /* number of choices made, relation value */
	CLAIM_LENGTH,   /* number of characters, relation value */
	CLAIM_HOLDS,    /* subject, a verb of two texts: fits the pattern */
	CLAIM_ALONE,    /* the choice is not together with others */
	CLAIM_WORD      /* always, never */
} words_claim_kind;

/* One thing said of one subject. */
typedef struct words_claim {
	words_claim_kind kind;
	bool negated; /* VALUE, but for equality; ANSWERED, INCLUDES, HOLDS */
	expr_relation relation;
	const words_part *subject, *value;
	const char *verb, *no_verb; /* HOLDS; WORD: verb */
} words_claim;

typedef struct words_teller {
	expr_compiler *compiler;
	const cnv_context *context;
	const cnv_telling *telling;
	cnv_words *out;
	cnv_arena *arena;
	const words_part *previous; /* subject of the claim just told in this chain; NULL */
	bool was;                   /* and `is` was its verb */
	bool bare;                  /* the subject is the answer itself and need not be named */
	bool mixed;                 /* while bare, another subject was met */
	uint32_t depth;             /* of values inside each other */
} words_teller;

/* ---------------------------------------------------------------- words.c */

/* The tree of the compiler's formula, parsed in silence; NULL: it has none, or memory has run out.  To be ended, whatever
 * came of it; then false says that memory has run out. */
words_part *words_tree(expr_compiler *compiler);
bool words_tree_end(expr_compiler *compiler);

/* ---------------------------------------------------------------- words_values.c */

bool words_is_binary(const words_part *p, expr_token_kind op);
bool words_is_call(const words_part *p, const char *name);
bool words_is_text(const words_part *p);
bool words_is_constant(const words_part *p); /* a number or a text */

void words_say_run(words_teller *t, cnv_str text, bool as_written);
void words_say(words_teller *t, const char *words);
void words_say_quoted(words_teller *t, cnv_str text);
void words_say_choice(words_teller *t, const cnv_choice *choice);
void words_say_as_written(words_teller *t, const words_part *p);

/* A question of which there is one answer where the formula stands; NULL for anything else. */
const cnv_question *words_answer_of(const words_teller *t, const words_part *p);
bool words_is_own_answer(const words_teller *t, const words_part *p);
bool words_is_same(const words_part *a, const words_part *b); /* both the same question; NULL is none */
bool words_is_select(const cnv_question *question);
/* The choice that a constant names: a text by its code, a number by the one code of that value. */
const cnv_choice *words_choice_of(const words_teller *t, const cnv_question *question, const words_part *constant);
/* A day, or a day some days before or after another.  An instant is none: today at ten is not on or before today(). */
bool words_is_day(const words_teller *t, const words_part *p);
/* Something that can be reckoned with. */
bool words_is_measure(const words_teller *t, const words_part *p);
/* A value by itself: a number, a question's answer, a sum.  false: part of it may have been said. */
bool words_tell_value(words_teller *t, const words_part *p);

/* ---------------------------------------------------------------- words_claims.c */

/* A condition that is one claim, or the opposite of one. */
bool words_claim_of(const words_teller *t, const words_part *p, words_claim *c);
/* The value as it is said of this subject: a choice by its label. */
bool words_tell_claimed(words_teller *t, const words_claim *c);
/* "B2 ", unless it has just been named or is the answer that a rule is about. */
bool words_tell_subject(words_teller *t, const words_part *subject);
bool words_tell_claim(words_teller *t, const words_claim *c);
bool words_relation_of(expr_token_kind op, expr_relation *relation);
expr_relation words_turned(expr_relation relation); /* with its sides exchanged */

#endif
