/* desk: what the workbook and the paper have in common: the responses paired with the roster. */
#include "report/sayings.h"
#include "report/texts.h"

bool cnv_desk_open(cnv_desk *desk, const cnv_report *report, const cnv_tally *tally, cnv_arena *arena)
{
	*desk = (cnv_desk){ .report = report, .form = report->form, .tally = tally, .arena = arena };
	desk->named = report->batch;
	desk->one = report->form->respondent_word.len ? report->form->respondent_word : CNV_STR("respondent");
	desk->many = cnv_plural(arena, desk->one);
	return cnv_sayings_open(desk) && cnv_desk_hide(desk) && cnv_pairing_build(desk);
}

void cnv_desk_close(cnv_desk *desk)
{
	cnv_sayings_close(desk);
	cnv_pairing_fini(&desk->pairing);
	cnv_arena_fini(&desk->step);
	cnv_text_fini(&desk->draft);
	cnv_text_fini(&desk->sentence);
}

enum { MOST_STATES = 16 };

uint32_t cnv_desk_compiled(const cnv_desk *desk)
{
	const cnv_report *report = desk->report;
	uint32_t count = 0;

	for (uint32_t i = 0; report->replies && i < report->roster->count; i++)
		count += report->replies[i].compiled;
	return count;
}

bool cnv_desk_is_compiled(const cnv_desk *desk, const cnv_paired *paired)
{
	const cnv_report *report = desk->report;

	return report->replies && paired->listed != CNV_NONE && report->replies[paired->listed].compiled;
}

cnv_str cnv_desk_compiled_text(const cnv_desk *desk, cnv_arena *arena)
{
	uint32_t compiled = cnv_desk_compiled(desk);

	if (!compiled)
		return (cnv_str){ 0 };
	return CNV_SAY(desk, arena, "{1 people}: answers compiled by others, no replies", cnv_value_count(compiled));
}

const char *cnv_desk_silent_word(const cnv_desk *desk)
{
	return desk->report->no_one_asked ? "No source found" : "No reply";
}

cnv_str cnv_states_text(cnv_desk *desk, bool returned, cnv_arena *arena)
{
	const cnv_report *report = desk->report;
	struct {
		const char *state;
		uint32_t count;
	} seen[MOST_STATES];
	uint32_t states = 0;

	for (uint32_t i = 0; report->replies && i < report->roster->count; i++) {
		uint32_t at = 0;

		if (report->replies[i].returned != returned || report->replies[i].blank)
			continue;
		while (at < states && seen[at].state != report->replies[i].state)
			at++;
		if (at == MOST_STATES)
			continue;
		if (at == states) {
			seen[states].state = report->replies[i].state;
			seen[states++].count = 0;
		}
		seen[at].count++;
	}
	cnv_text_reset(&desk->draft);
	for (uint32_t i = 0; i < states; i++)
		cnv_text_format(&desk->draft, "%s%u %.*s", i ? ", " : "", seen[i].count,
				CNV_ARG(cnv_say(desk, seen[i].state)));
	return cnv_desk_drafted(desk, arena);
}

bool cnv_desk_has_groups(const cnv_desk *desk)
{
	const cnv_roster *roster = desk->report->roster;

	if (!roster || !roster->grouping_count)
		return false;
	return desk->named ||
	       (cnv_tally_groups(desk->tally) && cnv_by_group_groups(cnv_tally_groups(desk->tally))->count);
}
