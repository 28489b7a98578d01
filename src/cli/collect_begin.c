/* What is there when an interview begins: drafts, and a response that counts. */
#include <inttypes.h>

#include "cli/collect.h"

bool collect_start_again(collect_state *t)
{
	cnv_session_cell who = { 0, t->to->form.form->respondent };

	cnv_session_free(t->session);
	t->session = cnv_session_new(t->to->form.plan, &(cnv_world){ t->now, (uint64_t)t->now.utc_ms | 1 },
				     t->to->form.language);
	if (!t->session)
		t->status = CNV_NO_MEMORY;
	else if (who.question != CNV_NONE)
		t->status = cnv_session_set(t->session, who, t->respondent);
	return !t->status;
}

static bool offer_draft(collect_state *t, const cnv_draft *draft)
{
	cnv_diags diags = cli_diags_to(stdout);

	fputs("\nYou have a draft, ", stdout);
	cli_put_progress(draft);
	if (!collect_yes(t, "resume it? (y/n)> ", 'y') || t->stopped) {
		if (!t->stopped)
			puts("your first answer now replaces that draft");
		return false;
	}
	t->drafted = true;
	if (!collect_start_again(t))
		return true;
	t->status = cnv_interview_resume(t->session, &t->to->form, draft, &diags);
	if (!cnv_str_equal(draft->form, t->to->form.bytes))
		puts("the form has changed since; the answers were carried over");
	return true;
}

static bool has_response(collect_state *t)
{
	cnv_diags diags = cli_diags_to(stderr);
	const cnv_revision *revisions;
	uint32_t count;
	bool counts = false;

	t->status =
		cnv_store_revisions(t->to->store, t->to->round, t->respondent, &t->arena, &revisions, &count, &diags);
	for (uint32_t i = 0; i < count && !t->status; i++)
		counts |= revisions[i].counts;
	return counts;
}

/* The store opened once more, to be read; NULL: that failed, t->status. */
static cnv_store *open_reading(collect_state *t, cnv_diags *diags)
{
	cnv_store *reading = NULL;

	t->status = cnv_store_open(&reading, t->to->store_name, CNV_STORE_READ, t->to->form.form, t->to->form.bytes,
				   &cli_patience, diags);
	return reading;
}

static void take_counting(collect_state *t, cnv_store *reading, cnv_diags *diags)
{
	if (collect_start_again(t))
		t->status = cnv_interview_correct(t->session, &t->to->form, reading, t->to->round, t->respondent,
						  &t->revision, diags);
}

bool collect_take_counting(collect_state *t)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_store *reading = open_reading(t, &diags);

	if (reading)
		take_counting(t, reading, &diags);
	cnv_store_close(reading, &diags);
	return !t->status && t->revision;
}

/* Corrects the answers that count: starts from them. */
static bool offer_correction(collect_state *t)
{
	cnv_diags diags = cli_diags_to(stdout);
	cnv_store *reading;
	cnv_str typed;

	if (!has_response(t))
		return !t->status;
	reading = open_reading(t, &diags);
	if (!reading ||
	    cnv_interview_correct(NULL, &t->to->form, reading, t->to->round, t->respondent, &t->revision, &diags)) {
		cnv_store_close(reading, &diags);
		t->status = CNV_NO_ACCESS;
		return false;
	}
	while (t->revision && !t->status) {
		printf("\nThere is a response already: revision %" PRIu32 "\n", t->revision);
		if (!cli_ask(t->twice ? "b starts with a blank one, n leaves it> "
				      : "c corrects it, b starts with a blank one, n leaves it> ",
			     &t->line)) {
			t->stopped = t->ended = true;
			break;
		}
		typed = cnv_str_trim(cnv_text_str(&t->line));
		if (cnv_str_is_word(typed, "n"))
			t->stopped = true;
		if (cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "b"))
			break;
		if (t->twice || !cnv_str_is_word(typed, "c")) {
			puts(t->twice ? "  ! type b or n" : "  ! type c, b or n");
			continue;
		}
		t->corrects = true;
		take_counting(t, reading, &diags);
		break;
	}
	cnv_store_close(reading, &diags);
	return !t->stopped && !t->status;
}

/* The first keying of an interview that was stopped in the second. */
static void resume_first(collect_state *t, const cnv_draft *draft)
{
	cnv_diags diags = cli_diags_to(stdout);
	cnv_session *second = t->session;

	printf("\nYour first keying is finished, with %" PRIu32 " %s\n", draft->answered,
	       cnv_noun(draft->answered, "answer", "answers"));
	if (!collect_yes(t, "go on with the second? (y/n)> ", 'y') || t->stopped)
		return;
	t->session = NULL;
	if (collect_start_again(t))
		t->status = cnv_interview_resume(t->session, &t->to->form, draft, &diags);
	t->first = t->session;
	t->session = second;
	t->twice = t->first_kept = t->drafted = true;
}

bool collect_begin(collect_state *t)
{
	cnv_diags diags = cli_diags_to(stderr);
	const cnv_draft *drafts, *own = NULL, *first = NULL;
	cnv_str first_who = collect_first_who(t);
	uint32_t count;

	if (!t->to->store)
		return true;
	t->status = cnv_store_drafts(t->to->store, t->to->round, t->respondent, &t->arena, &drafts, &count, &diags);
	for (uint32_t i = 0; i < count && !t->status; i++) {
		if (cnv_str_equal(drafts[i].who, t->who))
			own = &drafts[i];
		else if (cnv_str_equal(drafts[i].who, first_who))
			first = &drafts[i];
		else
			cli_put_draft(&drafts[i]);
	}
	if (!t->status && first)
		resume_first(t, first);
	if (t->status || t->stopped)
		return false;
	if (own && offer_draft(t, own))
		return !t->status;
	return !t->stopped && !t->status && (t->twice || offer_correction(t));
}

cli_exit collect_list_drafts(const cli_options *options)
{
	cli_opened opened = { 0 };
	cnv_diags diags = cli_diags_to(stderr);
	cnv_arena arena = { 0 };
	const cnv_draft *drafts;
	uint32_t count = 0;
	cli_exit code = cli_open(&opened, options);

	if (!code)
		code = cli_exit_for(
			cnv_store_drafts(opened.store, opened.round, (cnv_str){ 0 }, &arena, &drafts, &count, &diags));
	for (uint32_t i = 0; i < count && !code; i++)
		cli_put_draft(&drafts[i]);
	if (!code && !count)
		puts("no drafts");
	code = cli_close_store(&opened, code);
	cnv_arena_fini(&arena);
	cli_close(&opened);
	return code;
}
