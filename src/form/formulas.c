/* formulas.c: cells that hold formulas. */
#include "formulas.h"

cnv_formula cnv_form_make_formula(cnv_form_builder *build, cnv_str text, cnv_place place)
{
	return (cnv_formula){ .text = text,
			      .place = place,
			      .tree = text.len ? cnv_formula_parse(text, build->arena) : NULL };
}
