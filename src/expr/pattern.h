/* pattern.h: compiled patterns of regex(). */
#ifndef CANVASS_EXPR_PATTERN_H
#define CANVASS_EXPR_PATTERN_H

#include "expr/steps.h"

typedef struct expr_pattern_options {
	bool search; /* match anywhere in the text instead of the whole text */
	bool caseless;
	bool jit;
	bool computed; /* it may change in the next row: no automaton is made */
} expr_pattern_options;

typedef enum expr_match { MATCH_NO, MATCH_YES, MATCH_UNSURE } expr_match;

/* CNV_REJECTED: *offset is the byte of the error in the pattern, message describes it. */
cnv_status expr_pattern_new(expr_pattern **out, cnv_str text, expr_pattern_options options, size_t *offset,
			    char message[160]);
void expr_pattern_free(expr_pattern *pattern);                            /* may be NULL */
expr_match expr_pattern_match(const expr_pattern *pattern, cnv_str text); /* valid UTF-8 */

/* ---------------------------------------------------------------- patterns that are regular languages (automaton.c) */

typedef struct expr_automaton expr_automaton;

/* A valid pattern to match against a whole text, case-sensitive.  NULL: left to PCRE2. */
expr_automaton *expr_automaton_new(cnv_str pattern);
bool expr_automaton_match(const expr_automaton *automaton, cnv_str text); /* valid UTF-8 */
void expr_automaton_free(expr_automaton *automaton);                      /* may be NULL */

#endif
