/* hints.c: "did you mean". */
#include "form/hints.h"

cnv_str cnv_form_did_you_mean(cnv_form_builder *build, cnv_str best)
{
	if (!best.len)
		return best;
	return cnv_arena_format(build->arena, "did you mean \"%.*s\"?", CNV_ARG(best));
}

bool cnv_form_begin_nearest(cnv_form_builder *build, cnv_nearest *nearest, cnv_str wanted)
{
	cnv_nearest_init(nearest, wanted);
	if (!build->nearest_left)
		return false;
	build->nearest_left--;
	return true;
}

cnv_str cnv_form_nearest_question(cnv_form_builder *build, cnv_str name)
{
	cnv_nearest nearest;

	if (cnv_form_begin_nearest(build, &nearest, name))
		nearest.best = cnv_form_nearest(build->form, name);
	return cnv_form_did_you_mean(build, nearest.best);
}
