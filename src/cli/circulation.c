/* Where each respondent stands: what the store knows of a round, brought together with who has answered. */
#include <inttypes.h>

#include "circulation.h"

const char *cli_state_words(cli_state state)
{
	static const char *const words[] = {
		[CLI_STATE_SILENT] = "no reply",         [CLI_STATE_SENT] = "sent",
		[CLI_STATE_ACKNOWLEDGED] = "acknowledged", [CLI_STATE_EXTENDED] = "extended",
		[CLI_STATE_DECLINED] = "declined",       [CLI_STATE_RECEIVED] = "received",
	};

	return words[state];
}

bool cli_is_silent(cli_state state) { return state != CLI_STATE_RECEIVED && state != CLI_STATE_DECLINED; }

cnv_str cli_days_words(int32_t days, cnv_arena *arena)
{
	uint32_t count = (uint32_t)(days < 0 ? -days : days);

	if (!days)
		return CNV_STR("today");
	if (days > 0)
		return cnv_arena_format(arena, "in %" PRIu32 " %s", count, cnv_noun(count, "day", "days"));
	return cnv_arena_format(arena, "%" PRIu32 " %s ago", count, cnv_noun(count, "day", "days"));
}

/* ---------------------------------------------------------------- what the options write down */

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

static cli_exit check_usage(const cli_options *options)
{
	bool wants_reason = options->extended.len || options->declined.len;

	if (options->extended.len && !options->has_due)
		return cli_usage(options, "--extended needs the new day: --due DATE");
	if (wants_reason && !options->reason.len)
		return cli_usage(options, "say why: --reason TEXT");
	if (options->reason.len && !wants_reason)
		return cli_usage(options, "--reason says why for --extended or --declined");
	return CLI_DONE;
}

/* Does the mark go to the whole roster?  A respondent of that code comes first. */
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
			return cli_usage(options, "--%s needs a roster: give it with --roster", marks[i].option);
		if (!is_for_all(&marks[i], &roster->roster) &&
		    cnv_map_find(&roster->roster.by_code, marks[i].who) == CNV_NONE)
			return cli_usage(options, "--%s: \"%.*s\" is no code of the roster", marks[i].option,
			                 CNV_ARG(marks[i].who));
	}
	return CLI_DONE;
}

static void say_mark(const mark *m, const cnv_roster *roster, const cli_options *options)
{
	char day[CNV_DAY_ROOM];

	if (is_for_all(m, roster)) {
		fprintf(stderr, "%s to all %" PRIu32 " %s\n", m->words, roster->count,
		        cnv_noun(roster->count, "respondent", "respondents"));
		return;
	}
	cli_put(stderr, m->who, false);
	fprintf(stderr, ": %s", m->words);
	if (m->kind == CNV_NOTICE_EXTENDED) {
		cnv_day_write(options->due, day);
		fprintf(stderr, " until %s", day);
	}
	if (options->reason.len) {
		fputs(" (", stderr);
		cli_put(stderr, options->reason, false);
		fputc(')', stderr);
	}
	fputc('\n', stderr);
}

static cnv_status put_mark(cnv_store *store, const mark *m, const cli_options *options, const cnv_roster *roster,
                           cnv_diags *diags)
{
	bool all = is_for_all(m, roster);
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < roster->count && !status; i++) {
		cnv_notice notice = { .kind = m->kind,
			              .respondent = roster->respondents[i].code,
			              .due = options->due,
			              .reason = options->reason,
			              .at = options->now };
		if (all || cnv_str_equal(notice.respondent, m->who))
			status = cnv_store_put_notice(store, &notice, diags);
	}
	return status;
}

static cnv_status put_notices(cnv_store *store, cnv_notice_kind kind, const cnv_str *codes, uint32_t count,
                              const cnv_roster_file *roster, const cli_options *options, cnv_diags *diags)
{
	cnv_store_counts counts;
	cnv_status status = CNV_OK;

	if (kind == CNV_NOTICE_SENT && roster->given)
		status = cnv_store_keep_roster(store, roster->source, roster->bytes, diags);
	if (!status && kind == CNV_NOTICE_SENT && options->has_due)
		status = cnv_store_set_due(store, options->due, diags);
	for (uint32_t i = 0; i < count && !status; i++)
		status = cnv_store_put_notice(
			store, &(cnv_notice){ .kind = kind, .respondent = codes[i], .at = options->now }, diags);
	return status ? status : cnv_store_commit(store, &counts, diags);
}

/* Sending the questionnaire of a round makes that round the current one. */
static cnv_status begin(cnv_store *store, cnv_str round, cnv_notice_kind kind, cnv_instant now, cnv_diags *diags)
{
	cnv_status status = cnv_store_begin(store, round, now, diags);

	return status || kind != CNV_NOTICE_SENT ? status : cnv_store_make_current(store, round, diags);
}

cli_exit cli_circulation_remember(const cli_options *options, cnv_notice_kind kind, const cnv_str *codes, uint32_t count,
                                  const cnv_roster_file *roster)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_form_file form = { 0 };
	cnv_store *store = NULL;
	cnv_status status;
	cli_exit code = count ? cli_form_use(&form, options, options->operands[0]) : CLI_DONE;

	if (code || !count)
		goto out;
	if (!options->store.len)
		cnv_folder_make_for(cli_store_name(options, &form));
	status = cnv_store_open(&store, cli_store_name(options, &form), CNV_STORE_WRITE, form.form, form.bytes, &cli_patience, &diags);
	if (!status)
		status = begin(store, cli_round(options, &form, store, &form.arena), kind, options->now, &diags);
	if (!status)
		status = put_notices(store, kind, codes, count, roster, options, &diags);
	code = status == CNV_REJECTED ? CLI_ACCESS : cli_exit_for(status);
out:
	if (cnv_store_close(store, &diags) && code < CLI_ACCESS)
		code = CLI_ACCESS;
	cnv_form_file_fini(&form);
	return code;
}

static cnv_status put_marks(cnv_store *store, const mark marks[MARKS], const cli_options *options,
                            const cnv_roster_file *roster, cnv_str round, cnv_diags *diags)
{
	cnv_store_counts counts;
	cnv_status status = cnv_store_begin(store, round, options->now, diags);

	if (!status && roster->given)
		status = cnv_store_keep_roster(store, roster->source, roster->bytes, diags);
	for (int i = 0; i < MARKS && !status; i++)
		if (marks[i].who.len)
			status = put_mark(store, &marks[i], options, &roster->roster, diags);
	if (!status && options->has_due && !options->extended.len)
		status = cnv_store_set_due(store, options->due, diags);
	if (!status)
		status = cnv_store_commit(store, &counts, diags);
	if (status)
		cnv_store_rollback(store);
	return status;
}

static void say_marks(const mark marks[MARKS], const cli_options *options, const cnv_roster *roster, cnv_str round)
{
	char day[CNV_DAY_ROOM];

	for (int i = 0; i < MARKS; i++)
		if (marks[i].who.len)
			say_mark(&marks[i], roster, options);
	if (!options->has_due || options->extended.len)
		return;
	cnv_day_write(options->due, day);
	fputs("round ", stderr);
	cli_put(stderr, round, false);
	fprintf(stderr, " is due on %s\n", day);
}

/* The roster that is to be marked, as given or as the store remembers it: what is asked wrongly makes no store. */
static cli_exit load_roster(cnv_roster_file *roster, const cli_options *options, const cnv_form_file *form, cnv_str store_name)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_store *store = NULL;
	cli_exit code;

	if (cnv_file_exists(store_name) &&
	    cnv_store_open(&store, store_name, CNV_STORE_READ, form->form, form->bytes, &cli_patience, &diags))
		return CLI_ACCESS;
	code = cli_roster_load(roster, options, form, store);
	return cnv_store_close(store, &diags) && !code ? CLI_ACCESS : code;
}

cli_exit cli_circulation_mark(const cli_options *options, bool *changed)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_form_file form = { 0 };
	cnv_roster_file roster = { 0 };
	cnv_store *store = NULL;
	cnv_str name, round;
	mark marks[MARKS];
	cli_exit code = check_usage(options);

	if (code)
		return code;
	list_marks(options, marks);
	*changed = options->has_due;
	for (int i = 0; i < MARKS; i++)
		*changed |= marks[i].who.len > 0;
	if (!*changed)
		return CLI_DONE;
	code = cli_form_use(&form, options, options->operands[0]);
	if (code)
		goto out;
	name = cli_store_name(options, &form);
	code = load_roster(&roster, options, &form, name);
	if (!code)
		code = check_marks(options, marks, &roster);
	if (code)
		goto out;
	if (!options->store.len)
		cnv_folder_make_for(name);
	if (cnv_store_open(&store, name, CNV_STORE_WRITE, form.form, form.bytes, &cli_patience, &diags)) {
		code = CLI_ACCESS;
		goto out;
	}
	round = cli_round(options, &form, store, &form.arena);
	code = cli_exit_for(put_marks(store, marks, options, &roster, round, &diags));
	if (!code)
		say_marks(marks, options, &roster.roster, round);
out:
	if (cnv_store_close(store, &diags) && code < CLI_ACCESS)
		code = CLI_ACCESS;
	cnv_roster_file_fini(&roster);
	cnv_form_file_fini(&form);
	return code;
}

/* ---------------------------------------------------------------- where everyone stands */

static void apply(cli_standing *standing, const cnv_notice *notice)
{
	switch (notice->kind) {
	case CNV_NOTICE_SENT: /* again, to who declined: the question is open once more */
		if (standing->state == CLI_STATE_SILENT || standing->state == CLI_STATE_DECLINED)
			standing->state = CLI_STATE_SENT;
		break;
	case CNV_NOTICE_ACKNOWLEDGED:
		if (standing->state != CLI_STATE_EXTENDED)
			standing->state = CLI_STATE_ACKNOWLEDGED;
		break;
	case CNV_NOTICE_EXTENDED:
		standing->state = CLI_STATE_EXTENDED;
		standing->has_due = true;
		standing->due = notice->due;
		standing->reason = notice->reason;
		break;
	case CNV_NOTICE_DECLINED:
		standing->state = CLI_STATE_DECLINED;
		standing->reason = notice->reason;
		break;
	case CNV_NOTICE_REMINDED:
		standing->reminded++;
		break;
	}
}

cnv_status cli_circulation_read(cli_circulation *out, cli_round_data *d, const uint32_t *received,
                                const cli_options *options, cnv_diags *diags)
{
	const cnv_roster *roster = &d->roster.roster;
	const cnv_notice *notices = NULL;
	uint32_t notice_count = 0;
	cnv_status status;

	*out = (cli_circulation){ .today = cnv_instant_day(options->now) };
	if (!d->roster.there)
		return CNV_OK;
	out->standings = cnv_arena_array(&d->arena, (size_t)roster->count + 1, sizeof *out->standings);
	if (!out->standings)
		return CNV_NO_MEMORY;
	out->count = roster->count;
	status = cnv_store_due(d->store, d->round, &out->has_due, &out->due, diags);
	if (!status)
		status = cnv_store_notices(d->store, d->round, &d->arena, &notices, &notice_count, diags);
	for (uint32_t i = 0; i < roster->count; i++)
		out->standings[i] = (cli_standing){ .has_due = out->has_due, .due = out->due };
	for (uint32_t i = 0; i < notice_count; i++) {
		uint32_t at = cnv_map_find(&roster->by_code, notices[i].respondent);
		if (at == CNV_NONE)
			continue;
		out->sent = true;
		apply(&out->standings[at], &notices[i]);
	}
	for (uint32_t i = 0; i < roster->count; i++) {
		cli_standing *standing = &out->standings[i];
		if (received[i] == CNV_NONE)
			continue;
		standing->state = CLI_STATE_RECEIVED;
		standing->late = standing->has_due && cnv_instant_day(d->reported[received[i]].received) > standing->due;
	}
	return status;
}
