/* names.c: ${name} is the one question with that name, anywhere in the form. */
#include "expr/compile.h"

bool expr_may_search(const expr_compiler *compiler)
{
	uint32_t *left = compiler->context->nearest_left;

	if (left && !*left)
		return false;
	if (left)
		--*left;
	return true;
}

cnv_question_id expr_find_name(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	if (!compiler->form) {
		expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, CNV_STR("name the form as well"),
			      "no form is given, so no question is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	cnv_question_id found = cnv_form_find(compiler->form, name);
	if (found < compiler->form->count)
		return found;
	if (found == CNV_NAME_AMBIGUOUS) {
		expr_complain(compiler, CNV_AMBIGUOUS_NAME, from, upto,
			      compiler->form->looped
				      ? CNV_STR("give one of them another name; in a loop put %(name)s into the"
						" name, and into the reference")
				      : CNV_STR("give one of them another name"),
			      "more than one question is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	if (cnv_str_equal(name, CNV_STR("instanceID")))
		return EXPR_NAME_IDENTITY;
	if (cnv_str_equal(name, CNV_STR("instanceName")) && compiler->form->instance_name.text.len > 0)
		return EXPR_NAME_RECORD;
	cnv_str near = expr_may_search(compiler) ? cnv_form_nearest(compiler->form, name) : CNV_STR("");
	cnv_str hint = near.len > 0 ? expr_hint(compiler, "did you mean ${%.*s}?", CNV_ARG(near)) : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, hint, "no question is called \"%.*s\"", CNV_ARG(name));
	return CNV_NONE;
}
