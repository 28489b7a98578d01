/* formulas.h: cells that hold formulas. */
#ifndef CANVASS_FORM_FORMULAS_H
#define CANVASS_FORM_FORMULAS_H

#include "form/builder.h"

/* A formula with its tree; when memory runs out, the arena remembers. */
cnv_formula cnv_form_make_formula(cnv_form_builder *build, cnv_str text, cnv_place place);
/* The i-th of the formulas of a question that have a tree, empty ones included; NULL past the last. */
const cnv_formula *cnv_form_formula_at(const cnv_question *question, uint32_t i);
/* The name in the next instance('name') after the node *after (CNV_NONE: the first); false past the last. */
bool cnv_form_next_instance(const cnv_formula_tree *tree, uint32_t *after, cnv_str *name);

#endif
