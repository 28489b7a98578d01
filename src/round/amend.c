/* Single answers and entries of a response amended, without an interview: all of them, or none.
 *
 * Answers of entries that exist are set first, because they may decide how many entries there are; then entries are added by
 * naming an answer in the one after the last; then entries are removed.  So all numbers of entries are those before the
 * change. */
#include <inttypes.h>

#include "canvass/interview.h"

typedef struct amending {
	cnv_session *session;
	const cnv_form *form;
	const cnv_answer_given *given;
	cnv_named *named;        /* of each given answer */
	cnv_session_cell *cells; /* of each; entry CNV_NONE: it is not there yet */
	uint32_t count;
	cnv_diags *diags;
	bool rejected;
	cnv_status status;
	cnv_arena arena;
} amending;

#define AMEND_DIAG(a, i, ...)                                                                                          \
	CNV_DIAG(.place = { .source = CNV_STR("--set") }, .field = (a)->given[i].name, __VA_ARGS__)

static bool goes_on(const amending *a)
{
	return !a->status && !a->rejected;
}

/* ---------------------------------------------------------------- names */

static void report_unknown(amending *a, uint32_t i, const char *words, cnv_str near)
{
	cnv_str hint = near.len ? cnv_arena_format(&a->arena, "did you mean \"%.*s\"?", CNV_ARG(near)) : near;

	cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_UNKNOWN, .hint = hint), "%s", words);
	a->rejected = true;
}

static void report_fixed(amending *a, uint32_t i, const char *words)
{
	cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_FIXED), "%s", words);
	a->rejected = true;
}

/* Is an entry named, and not an answer? */
static bool names_entry(const amending *a, uint32_t i)
{
	return a->form->questions[a->named[i].question].role == CNV_REPEAT;
}

/* The numbers that the path of an entry has. */
static uint32_t depth_of(const cnv_form *form, cnv_question_id repeat)
{
	uint32_t depth = 0;

	for (uint32_t table = form->questions[repeat].table; table; table = form->tables[table].parent)
		depth++;
	return depth;
}

/* A group has no answer; an entry is only removed. */
static void check_name(amending *a, uint32_t i)
{
	cnv_named *named = &a->named[i];

	if (!named->problem && names_entry(a, i) && named->depth < depth_of(a->form, named->question))
		named->problem = CNV_NAMED_WITHOUT_ENTRY;
	if (named->problem)
		report_unknown(a, i, cnv_named_words(named->problem), named->near);
	else if (names_entry(a, i) && a->given[i].value.len)
		report_fixed(a, i, "an entry has no answer of its own");
	else if (!names_entry(a, i) && a->form->questions[named->question].column == CNV_NONE)
		report_unknown(a, i, cnv_named_words(CNV_NAMED_UNKNOWN), (cnv_str){ 0 });
}

static void find_names(amending *a)
{
	cnv_str *names = cnv_arena_array(&a->arena, (size_t)a->count + 1, sizeof *names);

	a->named = cnv_arena_array(&a->arena, (size_t)a->count + 1, sizeof *a->named);
	a->cells = cnv_arena_array(&a->arena, (size_t)a->count + 1, sizeof *a->cells);
	if (!a->named || !names || !a->cells) {
		a->status = CNV_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < a->count; i++)
		names[i] = a->given[i].name;
	a->status = cnv_gather_named(a->named, a->form, names, a->count, &a->arena);
	for (uint32_t i = 0; i < a->count && !a->status; i++)
		check_name(a, i);
	for (uint32_t i = 0; i < a->count && goes_on(a); i++)
		cnv_session_find(a->session, &a->named[i], &a->cells[i]);
}

/* ---------------------------------------------------------------- answers */

static void set_answer(amending *a, uint32_t i)
{
	cnv_session_cell cell = a->cells[i];

	if (cell.question == a->form->respondent)
		report_fixed(a, i, "this answer says whose response it is");
	else if (!cnv_session_is_question(a->session, cell) || cnv_session_state_of(a->session, cell).fixed)
		report_fixed(a, i, "the form sets this answer");
	else
		a->status = cnv_session_set(a->session, cell, a->given[i].value);
}

/* Those whose entries are there. */
static void set_answers(amending *a)
{
	for (uint32_t i = 0; i < a->count && !a->status; i++)
		if (a->cells[i].entry != CNV_NONE && !names_entry(a, i))
			set_answer(a, i);
	if (goes_on(a))
		a->status = cnv_session_turn(a->session);
}

/* After everything was judged: what is not asked now, unless it is taken back, or wrong. */
static void check_set(amending *a, uint32_t i)
{
	cnv_session_state state = cnv_session_state_of(a->session, a->cells[i]);
	const cnv_session_finding *finding = state.finding;

	if (!state.asked && !a->given[i].value.len)
		return;
	if (a->cells[i].entry && !cnv_session_position(a->session, a->cells[i].entry)) {
		report_unknown(a, i, "its entry is removed", (cnv_str){ 0 });
		return;
	}
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

/* ---------------------------------------------------------------- entries */

/* May a person add entries here, and remove them? */
static bool check_free(amending *a, uint32_t i, uint32_t parent, cnv_question_id repeat)
{
	if (!cnv_session_state_of(a->session, (cnv_session_cell){ parent, repeat }).asked) {
		cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_NOT_ASKED),
			       "these entries are not asked of this respondent");
		a->rejected = true;
		return false;
	}
	if (cnv_session_wanted(a->session, parent, repeat) == UINT32_MAX)
		return true;
	report_fixed(a, i, "the form sets how many entries there are");
	return false;
}

/* The entry of a number inside `parent`; one after the last is added.  CNV_NONE: rejected. */
static uint32_t reach_entry(amending *a, uint32_t i, uint32_t parent, cnv_question_id repeat, uint32_t number)
{
	uint32_t entry = cnv_session_entry(a->session, parent, repeat, number - 1);
	uint32_t count = cnv_session_entries(a->session, parent, repeat);

	if (entry != CNV_NONE)
		return entry;
	if (!a->given[i].value.len) {
		report_unknown(a, i, "there is no such entry", (cnv_str){ 0 });
		return CNV_NONE;
	}
	if (!check_free(a, i, parent, repeat))
		return CNV_NONE;
	if (number != count + 1) {
		cnv_diags_emit(a->diags, AMEND_DIAG(a, i, .code = CNV_AMEND_UNKNOWN),
			       "there is no such entry; the next that can be added is number %" PRIu32, count + 1);
		a->rejected = true;
		return CNV_NONE;
	}
	entry = cnv_session_enter(a->session, parent, repeat);
	a->status = entry == CNV_NONE ? CNV_NO_MEMORY : cnv_session_turn(a->session);
	return entry;
}

/* The cell of an answer whose entry was not there. */
static void reach_cell(amending *a, uint32_t i)
{
	const cnv_named *named = &a->named[i];
	uint32_t around[CNV_TABLE_DEPTH], table = a->form->questions[named->question].table, entry = 0;

	for (uint32_t depth = named->depth; depth-- > 0; table = a->form->tables[table].parent)
		around[depth] = table;
	for (uint32_t depth = 0; depth < named->depth && entry != CNV_NONE && !a->status; depth++)
		entry = reach_entry(a, i, entry, a->form->tables[around[depth]].repeat, named->numbers[depth]);
	a->cells[i] = (cnv_session_cell){ entry, named->question };
}

static void add_entries(amending *a)
{
	bool any = false;

	for (uint32_t i = 0; i < a->count && !a->status; i++) {
		if (a->cells[i].entry != CNV_NONE)
			continue;
		reach_cell(a, i);
		if (a->cells[i].entry != CNV_NONE && !a->status)
			set_answer(a, i);
		any = true;
	}
	if (any && goes_on(a))
		a->status = cnv_session_turn(a->session);
}

static void remove_entries(amending *a)
{
	bool any = false;

	for (uint32_t i = 0; i < a->count; i++)
		if (names_entry(a, i) &&
		    check_free(a, i, cnv_session_parent(a->session, a->cells[i].entry), a->named[i].question)) {
			cnv_session_remove(a->session, a->cells[i].entry);
			any = true;
		}
	if (any && goes_on(a))
		a->status = cnv_session_turn(a->session);
}

/* ---------------------------------------------------------------- all */

cnv_status cnv_interview_amend(cnv_session *session, const cnv_form *form, const cnv_answer_given *given,
			       uint32_t count, cnv_diags *diags)
{
	amending a = { .session = session, .form = form, .given = given, .count = count, .diags = diags };
	bool goes;

	find_names(&a);
	if (goes_on(&a))
		set_answers(&a);
	if (goes_on(&a))
		add_entries(&a);
	if (goes_on(&a))
		remove_entries(&a);
	goes = goes_on(&a);
	for (uint32_t i = 0; i < count && goes; i++)
		check_set(&a, i);
	cnv_arena_fini(&a.arena);
	return a.status ? a.status : a.rejected ? CNV_REJECTED : CNV_OK;
}
