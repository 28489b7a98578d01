/* The outcome of an interview: a draft after every answer, a response in the end; and the time of both. */
#include "cli/collect.h"

cnv_str collect_first_who(collect_state *t)
{
	return cnv_arena_format(&t->arena, "%.*s, first keying", CNV_ARG(t->who));
}

/* A session as a draft; its bytes are the text's. */
static cnv_draft make_draft(collect_state *t, cnv_session *session, cnv_str who, cnv_text *csv)
{
	cnv_session_progress progress = cnv_session_progress_of(session);

	if (!t->status)
		t->status = cnv_interview_write(session, &t->to->form, NULL, CNV_LINES_DRAFT, csv);
	return (cnv_draft){ .respondent = t->respondent,
			    .who = who,
			    .form = t->to->form.bytes,
			    .version = t->to->form.form->version,
			    .bytes = cnv_text_str(csv),
			    .answered = progress.answered,
			    .asked = progress.asked,
			    .changed = t->now };
}

void collect_clock(collect_state *t)
{
	int32_t day = cnv_instant_day(t->now);

	if (cli_now_read(t->options, &t->now))
		return;
	cnv_session_clock(t->session, t->now);
	if (t->to->store)
		cnv_store_by(t->to->store, cli_by(t->options), t->now);
	if (cnv_instant_day(t->now) != day)
		t->status = cnv_session_turn(t->session);
}

/* The store is made with the first thing to be stored. */
static cli_exit reach_store(collect_state *t)
{
	cli_exit code = t->to->store ? CLI_DONE : cli_open_store(t->to, t->options, CNV_STORE_WRITE);

	if (!code)
		cnv_store_by(t->to->store, cli_by(t->options), t->now);
	return code;
}

/* A draft could not be stored: asks whether to try again; false: the interview ends, and what was kept before stays. */
static bool try_again(collect_state *t)
{
	cnv_str typed;

	while (cli_ask("not saved; press Enter to try again, :q leaves> ", &t->line)) {
		typed = cnv_str_trim(cnv_text_str(&t->line));
		if (!typed.len)
			return true;
		if (cnv_str_equal(typed, CNV_STR(":q")))
			return false;
		puts("  ! press Enter, or type :q");
	}
	t->ended = true;
	return false;
}

/* The prompt that follows says what to do. */
static void on_fault(void *self, const cnv_diag *diag)
{
	cnv_diag fault = *diag;

	fault.hint = (cnv_str){ 0 };
	cli_print_diag(self, &fault);
}

/* Stores the drafts, however often that takes: an answer that is not on the disk is not behind the next prompt. */
static void put_drafts(collect_state *t, const cnv_draft *drafts, uint32_t count)
{
	cnv_diags diags = { .emit = on_fault, .self = stdout };

	while (reach_store(t) || cnv_store_put_drafts(t->to->store, t->to->round, drafts, count, &diags))
		if (t->stopped || !try_again(t)) {
			putchar('\n');
			collect_put(t->drafted ? CNV_STR("stopped: the last change was not saved; those before it"
							 " are in the draft")
					       : CNV_STR("stopped: nothing was stored"),
				    0, 0);
			t->status = CNV_NO_ACCESS;
			return;
		}
}

/* The drafts of what was keyed so far: the interview's own, and a finished first keying that has none yet. */
static uint32_t make_drafts(collect_state *t, cnv_draft drafts[CNV_KEYINGS], cnv_text csv[CNV_KEYINGS])
{
	uint32_t count = 1;

	drafts[0] = make_draft(t, t->session, t->who, &csv[0]);
	if (t->first && !t->first_kept)
		drafts[count++] = make_draft(t, t->first, collect_first_who(t), &csv[1]);
	return count;
}

/* The draft that need not be stored any more. */
static void note_kept(collect_state *t, cnv_text *csv)
{
	cnv_text before = t->kept;

	t->kept = *csv;
	*csv = before;
}

void collect_begin_keeping(collect_state *t)
{
	cnv_text csv = { 0 };

	make_draft(t, t->session, t->who, &csv);
	note_kept(t, &csv);
	cnv_text_fini(&csv);
	t->begun = true;
}

void collect_keep(collect_state *t)
{
	cnv_text csv[CNV_KEYINGS] = { 0 };
	cnv_draft drafts[CNV_KEYINGS];
	uint32_t count;

	if (!t->begun || t->deciding || t->status)
		return;
	count = make_drafts(t, drafts, csv);
	if (!t->status && (count > 1 || !cnv_str_equal(cnv_text_str(&t->kept), drafts[0].bytes))) {
		put_drafts(t, drafts, count);
		if (!t->status) {
			note_kept(t, &csv[0]);
			t->drafted = true;
			t->first_kept |= t->first != NULL;
		}
	}
	for (uint32_t i = 0; i < CNV_KEYINGS; i++)
		cnv_text_fini(&csv[i]);
}

/* The response is stored: its drafts are no longer needed. */
static cnv_status drop_drafts(collect_state *t)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = CNV_OK;

	if (!t->begun)
		return CNV_OK;
	if (t->first)
		status = cnv_store_drop_draft(t->to->store, t->to->round, t->respondent, collect_first_who(t), t->now,
					      &diags);
	return status ? status
		      : cnv_store_drop_draft(t->to->store, t->to->round, t->respondent, t->who, t->now, &diags);
}

/* ---------------------------------------------------------------- submission */

/* Is it about answers, which an interview has listed in its own words?  Of --set, those that were set. */
static bool is_known(const collect_state *t, const cnv_diag *diag)
{
	const cnv_session_finding *finding;

	for (uint32_t i = 0; t->set_paths && i < t->options->set_count; i++)
		if (cnv_str_equal(t->set_paths[i], diag->field))
			return false;
	for (uint32_t i = 0; (finding = cnv_session_finding_at(t->session, i)) != NULL; i++)
		if (finding->code == (cnv_code)diag->code)
			return true;
	return false;
}

/* Notes say how a file was read.  How a typed answer was read has been shown at once. */
static void on_diag(void *self, const cnv_diag *diag)
{
	const collect_state *t = self;

	if (t->options->answers.len || (diag->severity != CNV_NOTE && !is_known(t, diag)))
		cli_print_diag(stdout, diag);
}

/* The answers that a correction changes. */
static void on_response(void *self, const cnv_received *received)
{
	const collect_state *t = self;

	for (uint32_t i = 0; i < received->count; i++) {
		cli_put_change(t->to->form.form, &received->changed[i]);
		putchar('\n');
	}
}

/* Prints the outcome, and the next command. */
static void print_outcome(collect_state *t, const cnv_intake_totals *totals)
{
	if (!totals->accepted && !totals->already) {
		puts("not stored as a response; see above");
		return;
	}
	if (totals->already || totals->responses.already) {
		puts("already imported; nothing changed");
	} else {
		fputs("stored in ", stdout);
		cli_put(stdout, t->to->store_name, false);
		fputs(", round ", stdout);
		cli_put(stdout, t->to->round, false);
		if (!t->options->answers.len && !t->amends) {
			cnv_arena_reset(&t->temp);
			fputs(": ", stdout);
			cli_put(stdout, collect_summary(t), false);
		}
		putchar('\n');
	}
	fflush(stdout);
	if (!t->options->clerk)
		cli_print_next("status", "", &t->to->form, t->options);
}

/* "entered by rita": the name of the return, as Sources and history show it. */
static cnv_str return_name(collect_state *t)
{
	const char *words = t->first ? "entered twice by" : "entered by";

	return t->who.len ? cnv_arena_format(&t->arena, "%s %.*s", words, CNV_ARG(t->who)) : CNV_STR("interview");
}

/* What is imported: the file, or the session as a CSV. */
static cnv_status add_return(collect_state *t, cnv_intake *intake, const cnv_attached *file, cnv_text *csv)
{
	const cnv_interview_claims claims = { t->to->round, t->revision, t->first ? t->keyings : NULL };
	cnv_status status;

	if (file)
		return cnv_intake_add_bytes(intake, file->name, file->bytes);
	status = cnv_interview_write(t->session, &t->to->form, &claims,
				     t->amends ? CNV_LINES_DRAFT : CNV_LINES_RESPONSE, csv);
	return status ? status : cnv_intake_add_bytes(intake, return_name(t), cnv_text_str(csv));
}

cli_exit collect_submit(collect_state *t, const cnv_attached *file)
{
	/* The command line names the respondent if no answer does. */
	bool named = file || t->to->form.form->respondent == CNV_NONE;
	const cnv_intake_options how = { .round = t->to->round,
					 .program = cnv_str_from(cnv_version()),
					 .now = t->now,
					 .respondent = named ? t->respondent : (cnv_str){ 0 },
					 .replace = !file,
					 .roster = &t->to->roster };
	const cnv_intake_listener listener = { .self = t, .diag = on_diag, .response = on_response };
	cnv_intake *intake;
	cnv_text csv = { 0 };
	cli_exit code = reach_store(t);

	if (code)
		return code;
	intake = cnv_intake_new(&how, &t->to->form, t->to->store, &listener);
	code = CLI_ACCESS;
	cnv_store_because(t->to->store, t->options->reason);
	cnv_store_by_hand(t->to->store);
	if (!intake || add_return(t, intake, file, &csv) || cnv_intake_run(intake)) {
		cli_out_of_memory();
	} else {
		const cnv_intake_totals *totals = cnv_intake_get_totals(intake);

		code = totals->failed ? CLI_ACCESS : totals->errors || totals->quarantined ? CLI_ERRORS : CLI_DONE;
		if ((totals->accepted || totals->already) && drop_drafts(t))
			code = CLI_ACCESS;
		print_outcome(t, totals);
	}
	cnv_intake_free(intake);
	cnv_text_fini(&csv);
	return code;
}
