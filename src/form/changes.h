/* changes.h: what the files that compare two versions of a form share. */
#ifndef CANVASS_FORM_CHANGES_H
#define CANVASS_FORM_CHANGES_H

#include "canvass/form.h"

typedef struct cnv_form_comparison {
	const cnv_form *before, *after;
	const cnv_matching *matching;
	void (*emit)(void *self, const cnv_change *change);
	void *self;
	cnv_arena *arena;
	uint32_t *languages; /* of each language of `after`: the same one in `before`, CNV_NONE */
} cnv_form_comparison;

/* change_texts.c; `change` is complete except for what each fills in. */

void cnv_form_emit_change(const cnv_form_comparison *c, const cnv_change *change);
/* Before and after, when they differ. */
void cnv_form_compare_text(const cnv_form_comparison *c, cnv_change change, cnv_str before, cnv_str after);
/* The same in every language that both forms have. */
void cnv_form_compare_wording(const cnv_form_comparison *c, cnv_change change, const cnv_wording *before,
			      const cnv_wording *after);
/* The same for unknown columns, by heading. */
cnv_status cnv_form_compare_extras(const cnv_form_comparison *c, cnv_change change, const cnv_extra *before,
				   uint32_t before_count, const cnv_extra *after, uint32_t after_count);
/* change_order.c: which of `ranks` belong to one longest rising run of them; CNV_NONE belongs to none.  n log n.  In
 * the arena; NULL: no memory. */
bool *cnv_form_rising(const uint32_t *ranks, uint32_t count, cnv_arena *arena);

cnv_status cnv_form_compare_questions(const cnv_form_comparison *c); /* change_questions.c */
cnv_status cnv_form_compare_lists(const cnv_form_comparison *c);     /* change_lists.c */

#endif
