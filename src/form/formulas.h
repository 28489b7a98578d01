/* formulas.h: cells that hold formulas. */
#ifndef CANVASS_FORM_FORMULAS_H
#define CANVASS_FORM_FORMULAS_H

#include "builder.h"

/* A formula with its tree; when memory runs out, the arena remembers. */
cnv_formula cnv_form_make_formula(cnv_form_builder *build, cnv_str text, cnv_place place);

#endif
