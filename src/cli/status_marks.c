/* status: the events to record from its command line: sent, acknowledged, extended, declined, and the due date. */
#include <inttypes.h>

#include "cli/status.h"

typedef struct mark {
	cnv_notice_kind kind;
	cnv_str who;
	const char *option, *words;
} mark;

enum { MARKS = 4 };

static void list_marks(const cli_options *options, mark marks[MARKS])
{
	marks[0] = (mark){ CNV_NOTICE_SENT, options->sent, "sent", "sent" };
	marks[1] = (mark){ CNV_NOTICE_ACKNOWLEDGED, options->acknowledged, "acknowledged", "acknowledged" };
	marks[2] = (mark){ CNV_NOTICE_EXTENDED, options->extended, "extended", "extended" };
	marks[3] = (mark){ CNV_NOTICE_DECLINED, options->declined, "declined", "declined" };
}

cli_exit status_check_marks(const cli_options *options)
{
	bool wants_reason = options->extended.len || options->declined.len;

	if (options->make_current && !options->round.len)
		return cli_usage(options, "--make-current requires --round LABEL");
	if (options->extended.len && !options->has_due)
		return cli_usage(options, "--extended requires the new date: --due DATE");
	if (wants_reason && !options->reason.len)
		return cli_usage(options, "--extended and --declined require --reason TEXT");
	if (options->reason.len && !wants_reason)
		return cli_usage(options, "--reason requires --extended or --declined");
	return CLI_DONE;
}

/* Whether the mark is for the whole roster; "all" may also be the code of a respondent. */
static bool is_for_all(const mark *m, const cnv_roster *roster)
{
	return m->kind == CNV_NOTICE_SENT && cnv_str_equal(m->who, CNV_STR("all")) &&
	       cnv_map_find(&roster->by_code, m->who) == CNV_NONE;
}

static cli_exit check_marks(const cli_options *options, const mark marks[MARKS], const cnv_roster_file *roster)
{
	for (int i = 0; i < MARKS; i++) {
		if (!marks[i].who.len)
			continue;
		if (!roster->there)
			return cli_usage(options, "--%s requires a roster; name it with --roster", marks[i].option);
		if (!is_for_all(&marks[i], &roster->roster) &&
		    cnv_map_find(&roster->roster.by_code, marks[i].who) == CNV_NONE)
			return cli_usage(options, "--%s: \"%.*s\" is not in the roster", marks[i].option,
					 CNV_ARG(marks[i].who));
	}
	return CLI_DONE;
}

static void print_mark(const mark *m, const cnv_roster *roster, const cli_options *options)
{
	if (is_for_all(m, roster)) {
		fprintf(stderr, "%s to all %" PRIu32 " %s\n", m->words, roster->count,
			cnv_noun(roster->count, "respondent", "respondents"));
		return;
	}
	cli_put(stderr, m->who, false);
	fprintf(stderr, ": %s", m->words);
	if (m->kind == CNV_NOTICE_EXTENDED) {
		fputs(" until ", stderr);
		cli_put_day(stderr, options->due);
	}
	if (options->reason.len) {
		fputs(" (", stderr);
		cli_put(stderr, options->reason, false);
		fputc(')', stderr);
	}
	fputc('\n', stderr);
}

/* The notices of all marks, at most one for each respondent and mark; NULL: out of memory. */
static cnv_notice *list_notices(const mark marks[MARKS], const cli_options *options, const cnv_roster *roster,
				cnv_arena *arena, uint32_t *count)
{
	cnv_notice *notices = cnv_arena_array(arena, (size_t)roster->count + MARKS, sizeof *notices);

	*count = 0;
	for (int i = 0; i < MARKS && notices; i++) {
		bool all = marks[i].who.len && is_for_all(&marks[i], roster);
		uint32_t whom = all ? roster->count : marks[i].who.len > 0;
		for (uint32_t k = 0; k < whom; k++)
			notices[(*count)++] =
				(cnv_notice){ .kind = marks[i].kind,
					      .respondent = all ? roster->respondents[k].code : marks[i].who,
					      .due = options->due,
					      .reason = options->reason,
					      .at = options->now };
	}
	return notices;
}

static void print_marks(const mark marks[MARKS], const cli_options *options, const cnv_roster *roster, cnv_str round)
{
	for (int i = 0; i < MARKS; i++)
		if (marks[i].who.len)
			print_mark(&marks[i], roster, options);
	if (!options->has_due || options->extended.len)
		return;
	fputs("round ", stderr);
	cli_put(stderr, round, false);
	fputs(" is due on ", stderr);
	cli_put_day(stderr, options->due);
	fputc('\n', stderr);
}

/* --make-current: only for an existing round, so that a misspelt label creates none. */
static cli_exit make_current(const cli_options *options, cli_opened *o)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_exit code = cli_store_expect(o->store_name, &o->form, options);

	if (!code)
		code = cli_open_store(o, options, CNV_STORE_WRITE);
	if (!code)
		code = cli_exit_asked(cnv_store_make_current(o->store, options->round, &diags));
	code = cli_close_store(o, code);
	if (code)
		return code;
	fputs("round ", stderr);
	cli_put(stderr, options->round, false);
	fputs(" is now the current round\n", stderr);
	return CLI_DONE;
}

/* Loads the roster, given or stored, before anything is written: wrong usage creates no store. */
static cli_exit load_roster(const cli_options *options, cli_opened *o)
{
	cli_exit code =
		cnv_store_exists(o->store_name, o->form.form) ? cli_open_store(o, options, CNV_STORE_READ) : CLI_DONE;

	if (!code)
		code = cli_open_round(o, options);
	return cli_close_store(o, code);
}

cli_exit status_put_marks(const cli_options *options, cli_opened *o)
{
	cnv_noting noting = { .roster = &o->roster,
			      .has_due = options->has_due && !options->extended.len,
			      .due = options->due };
	mark marks[MARKS];
	bool any = options->has_due;
	cli_exit code;

	list_marks(options, marks);
	for (int i = 0; i < MARKS; i++)
		any |= marks[i].who.len > 0;
	o->store_name = cli_store_name(options, &o->form);
	if (!any)
		return options->make_current ? make_current(options, o) : CLI_DONE;
	code = load_roster(options, o);
	if (!code)
		code = check_marks(options, marks, &o->roster);
	if (!code) {
		noting.notices = list_notices(marks, options, &o->roster.roster, &o->form.arena, &noting.count);
		code = noting.notices ? cli_record(options, o, &noting) : cli_exit_for(CNV_NO_MEMORY);
	}
	if (!code)
		print_marks(marks, options, &o->roster.roster, o->round);
	if (!code && options->make_current)
		code = make_current(options, o);
	/* cli_open loads the roster again, as it is stored now. */
	cnv_roster_file_fini(&o->roster);
	return code;
}
