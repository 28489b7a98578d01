/* How complete a response is, in one line: above the review, and after submission. */
#include <inttypes.h>

#include "cli/collect.h"

/* The questions whose answers may be right, but are unlikely. */
static uint32_t count_doubtful(collect_state *t)
{
	cnv_session_cell at = { 0, CNV_NONE };
	uint32_t count = 0;

	while (cnv_session_next(t->session, &at)) {
		const cnv_session_finding *finding = cnv_session_state_of(t->session, at).finding;

		count += cnv_session_is_question(t->session, at) && finding && finding->severity == CNV_WARNING;
	}
	return count;
}

cnv_str collect_summary(collect_state *t)
{
	cnv_session_progress progress = cnv_session_progress_of(t->session);
	uint32_t blank = progress.asked - progress.answered - progress.missing, doubtful = count_doubtful(t);
	cnv_str line = cnv_arena_format(&t->temp, "%" PRIu32 " of %" PRIu32 " questions answered", progress.answered,
					progress.asked);

	if (blank)
		line = cnv_arena_format(&t->temp, "%.*s, %" PRIu32 " left blank", CNV_ARG(line), blank);
	if (progress.missing)
		line = cnv_arena_format(&t->temp, "%.*s, %" PRIu32 " required %s missing", CNV_ARG(line),
					progress.missing, cnv_noun(progress.missing, "answer is", "answers are"));
	if (progress.wrong)
		line = cnv_arena_format(&t->temp, "%.*s, %" PRIu32 " %s not usable", CNV_ARG(line), progress.wrong,
					cnv_noun(progress.wrong, "answer is", "answers are"));
	if (doubtful)
		line = cnv_arena_format(&t->temp, "%.*s, %" PRIu32 " %s", CNV_ARG(line), doubtful,
					cnv_noun(doubtful, "warning", "warnings"));
	return line;
}
