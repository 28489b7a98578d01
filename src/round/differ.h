/* Which answers of two responses differ (differ.c). */
#ifndef CANVASS_ROUND_DIFFER_H
#define CANVASS_ROUND_DIFFER_H

#include "canvass/round.h"

/* The two responses are rows of table 0 of batches of the same form. */
typedef struct differ {
	const cnv_batch *now, *was;
	cnv_arena *arena;   /* of the texts of changes */
	cnv_arena *scratch; /* of one cell */
	void *self;
	/* gone: the entry does not exist any more; line: of the cell that is compared, now or before; NULL: not wanted */
	void (*changed)(void *self, const cnv_changed *changed, bool gone, uint32_t line);
	/* an answer that both have, and rows of its table; NULL: not wanted */
	void (*kept)(void *self, cnv_question_id question, uint32_t now, uint32_t was);
} differ;

bool differ_compares(const cnv_form *form, cnv_question_id question);
/* Emits every answer that differs, in the order of the tables. */
void differ_run(const differ *d, uint32_t now, uint32_t was);
/* Do both have the same remarks in the same order? */
bool differ_same_remarks(const differ *d, uint32_t now, uint32_t was);

#endif
