/* What lexer and parser share. */
#ifndef CANVASS_FORMULA_INTERNAL_H
#define CANVASS_FORMULA_INTERNAL_H

#include "canvass/formula.h"

typedef enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_TEXT,      /* `text` without its quotes */
	TOKEN_REFERENCE, /* `text` is the name inside ${}, empty where it is malformed */
	TOKEN_NAME,
	TOKEN_FUNCTION, /* a name before '(' */
	TOKEN_DOT,
	TOKEN_DOTS,
	TOKEN_ANY,           /* '*' as a step */
	TOKEN_CLOSE,         /* ')' */
	TOKEN_CLOSE_BRACKET, /* ']'; after any kind up to here, but END and FUNCTION, '*' or a name is an operator */
	TOKEN_OPEN,
	TOKEN_OPEN_BRACKET,
	TOKEN_COMMA,
	TOKEN_SLASH,
	TOKEN_SLASHES,
	TOKEN_AT,
	TOKEN_AXIS, /* '::' */
	TOKEN_OPERATOR
} token_kind;

struct token {
	token_kind kind;
	cnv_formula_op op;
	uint32_t from, upto;
	cnv_str text;
	uint32_t mention; /* REFERENCE and FUNCTION */
};

/* A tree being made. */
struct reading {
	cnv_str text;
	cnv_arena *arena; /* of the tree */
	cnv_arena work;   /* of the tokens */
	bool quiet;       /* the formula has lost its shape: nothing further is reported */
	bool no_memory;
	struct token *tokens;
	uint32_t token_count, token_room;
	cnv_formula_mention *mentions;
	uint32_t mention_count, mention_room;
	cnv_formula_mistake *mistakes;
	uint32_t mistake_count, mistake_room;
	uint32_t opened, closed; /* parentheses */
	/* parser */
	uint32_t next; /* token */
	uint32_t depth, level, parts;
	cnv_formula_node *nodes;
	uint32_t count, room;
	cnv_formula_opening *openings;
	uint32_t opening_count, opening_room;
	uint32_t outer_from, outer_upto; /* of the last operand, with its parentheses */
};

/* Room for one more element of an array in an arena; false, and `no_memory`, when memory has run out. */
bool formula_grow(struct reading *reading, cnv_arena *arena, void **at, uint32_t count, uint32_t *room, size_t size);
void formula_lex(struct reading *reading);
/* Records a mistake under [from, upto). */
void formula_mistake(struct reading *reading, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint,
		     const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Is `word` an operator in any letter case?  NULL: no. */
const char *formula_operator_word(cnv_str word);
bool formula_is_blank(char c);

#endif
