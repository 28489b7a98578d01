/* formulas.c: cells that hold formulas. */
#include "form/formulas.h"

cnv_formula cnv_form_make_formula(cnv_form_builder *build, cnv_str text, cnv_place place)
{
	return (cnv_formula){ .text = text,
			      .place = place,
			      .tree = text.len ? cnv_formula_parse(text, build->arena) : NULL };
}

const cnv_formula *cnv_form_formula_at(const cnv_question *question, uint32_t i)
{
	const cnv_formula *formulas[] = { &question->relevant,  &question->required,      &question->constraint,
					  &question->warning,   &question->calculation,   &question->default_value,
					  &question->read_only, &question->choice_filter, &question->repeat_count };

	return i < sizeof formulas / sizeof formulas[0] ? formulas[i] : NULL;
}

bool cnv_form_next_instance(const cnv_formula_tree *tree, uint32_t *after, cnv_str *name)
{
	for (uint32_t i = *after == CNV_NONE ? 0 : *after + 1; tree && i < tree->count; i++)
		if (tree->nodes[i].kind == CNV_F_INSTANCE) {
			*after = i;
			*name = cnv_str_trim(tree->nodes[i].text);
			return true;
		}
	return false;
}
