/* Single answers of a response amended, without an interview: all of them, or none. */
#include "canvass/round.h"

typedef struct amending {
	cnv_session *session;
	const cnv_form *form;
	const cnv_answer_given *given;
	cnv_session_cell *cells; /* of each given answer */
	cnv_diags *diags;
	bool rejected;
} amending;

#define AMEND_DIAG(a, i, ...)                                                                                          \
	CNV_DIAG(.place = { .source = CNV_STR("--set") }, .field = (a)->given[i].name, __VA_ARGS__)

static void report_unknown(amending *a, uint32_t i, const cnv_named *named, cnv_arena *arena)
{
	cnv_str hint = named->near.len && named->problem != CNV_NAMED_WELL
			       ? cnv_arena_format(arena, "did you mean \"%.*s\"?", CNV_ARG(named->near))
			       : (cnv_str){ 0 };

	cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_UNKNOWN, .hint = hint), "%s",
		       named->problem ? cnv_named_words(named->problem) : "there is no such entry");
	a->rejected = true;
}

/* The cells that are named; groups and repeats have none. */
static cnv_status find_cells(amending *a, uint32_t count, cnv_arena *arena)
{
	cnv_named *named = cnv_arena_array(arena, (size_t)count + 1, sizeof *named);
	cnv_str *names = cnv_arena_array(arena, (size_t)count + 1, sizeof *names);
	cnv_status status;

	a->cells = cnv_arena_array(arena, (size_t)count + 1, sizeof *a->cells);
	if (!named || !names || !a->cells)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < count; i++)
		names[i] = a->given[i].name;
	status = cnv_gather_named(named, a->form, names, count, arena);
	for (uint32_t i = 0; i < count && !status; i++) {
		if (named[i].problem == CNV_NAMED_WELL && a->form->questions[named[i].question].column == CNV_NONE)
			named[i] = (cnv_named){ .problem = CNV_NAMED_UNKNOWN, .question = CNV_NONE };
		if (named[i].problem || !cnv_session_find(a->session, &named[i], &a->cells[i]))
			report_unknown(a, i, &named[i], arena);
	}
	return status;
}

/* Before anything is set: what a person may not change. */
static void check_open(amending *a, uint32_t i)
{
	if (a->cells[i].question == a->form->respondent)
		cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_FIXED),
			       "this answer says whose response it is");
	else if (!cnv_session_is_question(a->session, a->cells[i]) ||
		 cnv_session_state_of(a->session, a->cells[i]).fixed)
		cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_FIXED), "the form sets this answer");
	else
		return;
	a->rejected = true;
}

/* After everything was judged: what is not asked now, unless it is taken back, or wrong. */
static void check_set(amending *a, uint32_t i)
{
	cnv_session_state state = cnv_session_state_of(a->session, a->cells[i]);
	const cnv_session_finding *finding = state.finding;

	if (!state.asked && !a->given[i].value.len)
		return;
	if (!state.asked)
		cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_NOT_ASKED),
			       "the question is not asked of this respondent");
	else if (finding && finding->severity == CNV_ERROR)
		cnv_diags_emit(a->diags,
			       AMEND_DIAG(a, i, .code = (uint16_t)finding->code, .excerpt = a->given[i].value,
					  .hint = finding->hint),
			       "%.*s", CNV_ARG(finding->message));
	else
		return;
	a->rejected = true;
}

cnv_status cnv_interview_amend(cnv_session *session, const cnv_form *form, const cnv_answer_given *given,
			       uint32_t count, cnv_diags *diags)
{
	amending a = { .session = session, .form = form, .given = given, .diags = diags };
	cnv_arena arena = { 0 };
	cnv_status status = find_cells(&a, count, &arena);
	bool goes = !status && !a.rejected;

	for (uint32_t i = 0; i < count && goes; i++)
		check_open(&a, i);
	goes = goes && !a.rejected;
	for (uint32_t i = 0; i < count && goes && !status; i++)
		status = cnv_session_set(session, a.cells[i], given[i].value);
	if (goes && !status)
		status = cnv_session_turn(session);
	for (uint32_t i = 0; i < count && goes && !status; i++)
		check_set(&a, i);
	cnv_arena_fini(&arena);
	return status ? status : a.rejected ? CNV_REJECTED : CNV_OK;
}
