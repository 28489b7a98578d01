/* All answers one below the other: what is missing, what is wrong, what will be submitted. */
#include <inttypes.h>

#include "cli/collect.h"

/* ": ", unless the title ends a sentence. */
static const char *after_title(cnv_str title)
{
	static const char *const ends[] = { "?", ":", ".", "!", "\u061f", "\uff1f", "\uff1a", "\u3002" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (cnv_str_ends(title, cnv_str_from(ends[i])))
			return " ";
	return ": ";
}

static void put_line(collect_state *t, cnv_session_cell cell, uint32_t number, const cnv_session_state *state)
{
	cnv_str qno = t->to->form.form->questions[cell.question].qno;
	cnv_str title = cnv_str_trim(collect_title(t, cell)), answer = cnv_session_shown(t->session, cell, &t->temp);

	if (!answer.len)
		answer = state->required ? CNV_STR("(missing)") : CNV_STR("-");
	printf("  %3" PRIu32 "  ", number);
	collect_put(cnv_arena_format(&t->temp, "%.*s%s%.*s%s%.*s", CNV_ARG(qno), qno.len ? " " : "", CNV_ARG(title),
				     after_title(title), CNV_ARG(answer)),
		    COLLECT_LISTED, 0);
}

/* Among all answers the titles of sections; among the open ones those of entries, which are alike otherwise. */
static void put_heading(collect_state *t, cnv_session_cell cell, bool open, collect_heading *last)
{
	cnv_str title;

	if (!(open && !cell.entry) && collect_section(t, cell, last, &title)) {
		fputs("  ", stdout);
		collect_put(title, 2, 0);
	}
}

static bool is_listed(const cnv_session_state *state, collect_reviewed which)
{
	if (which == COLLECT_ALL || state->verdict == CNV_MISSING)
		return true;
	return state->finding && (which == COLLECT_OPEN_AND_DOUBTFUL || state->finding->severity == CNV_ERROR);
}

uint32_t collect_review(collect_state *t, collect_reviewed which)
{
	cnv_session_cell at = { 0, CNV_NONE };
	collect_heading heading = { CNV_NONE, 0 };
	uint32_t number = 0, shown = 0;

	while (cnv_session_next(t->session, &at)) {
		cnv_session_state state;

		if (!cnv_session_is_question(t->session, at))
			continue;
		number++;
		state = cnv_session_state_of(t->session, at);
		if (!is_listed(&state, which))
			continue;
		put_heading(t, at, which != COLLECT_ALL, &heading);
		put_line(t, at, number, &state);
		if (state.verdict != CNV_MISSING)
			collect_put_finding(t, at, true);
		shown++;
	}
	return shown;
}
