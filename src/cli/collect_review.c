/* All answers one below the other: what is missing, what is wrong, what will be submitted. */
#include <inttypes.h>

#include "cli/collect.h"

enum { INDENT = 7 }; /* of all that is below the number of an answer */

static void put_line(collect_state *t, cnv_session_cell cell, uint32_t number, const cnv_session_state *state)
{
	cnv_str qno = t->to->form.form->questions[cell.question].qno;
	cnv_str answer = cnv_session_shown(t->session, cell, &t->temp);

	if (!answer.len)
		answer = state->required ? CNV_STR("(missing)") : CNV_STR("-");
	printf("  %3" PRIu32 "  ", number);
	collect_put(cnv_arena_format(&t->temp, "%.*s%s%.*s: %.*s", CNV_ARG(qno), qno.len ? " " : "",
				     CNV_ARG(collect_title(t, cell)), CNV_ARG(answer)),
		    INDENT, 0);
}

uint32_t collect_review(collect_state *t, bool open)
{
	cnv_session_cell at = { 0, CNV_NONE };
	uint32_t number = 0, shown = 0;

	while (cnv_session_next(t->session, &at)) {
		cnv_session_state state;

		if (!cnv_session_is_question(t->session, at))
			continue;
		number++;
		state = cnv_session_state_of(t->session, at);
		if (open && !(state.finding && state.finding->severity == CNV_ERROR) && state.verdict != CNV_MISSING)
			continue;
		put_line(t, at, number, &state);
		if (state.verdict != CNV_MISSING)
			collect_put_finding(t, at, INDENT);
		shown++;
	}
	return shown;
}
