/* desk: what the workbook and the paper have in common: the responses paired with the roster. */
#include "report/texts.h"

bool cnv_desk_open(cnv_desk *desk, const cnv_report *report, const cnv_tally *tally, cnv_arena *arena)
{
	*desk = (cnv_desk){ .report = report, .form = report->form, .tally = tally, .arena = arena };
	desk->named = report->batch;
	desk->one = report->form->respondent_word.len ? report->form->respondent_word : CNV_STR("respondent");
	desk->many = cnv_plural(arena, desk->one);
	return cnv_desk_hide(desk) && cnv_pairing_build(desk);
}

void cnv_desk_close(cnv_desk *desk)
{
	cnv_pairing_fini(&desk->pairing);
	cnv_arena_fini(&desk->step);
	cnv_text_fini(&desk->draft);
}
