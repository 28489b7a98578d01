/* Reminders: a text for each respondent who is silent, or a mail draft with the questionnaire attached.
 *
 * Nothing is sent from here; a person looks at each and sends it. */
#include <inttypes.h>
#include <string.h>

#include "circulation.h"
#include "mailing.h"

typedef struct reminding {
	const cli_circulation *circulation;
	cli_round_data *d;
	const cli_options *options;
	cnv_arena scratch;
	cnv_str stem; /* of the packs' files */
	cnv_text text, file;
	uint32_t without; /* drafts whose pack was not found */
	cnv_diags diags;
} reminding;

/* "31 December 2026" */
static cnv_str day_words(int32_t day, cnv_arena *arena)
{
	static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
		                              "July",    "August",   "September", "October", "November", "December" };
	cnv_date date = cnv_day_date(day);

	return cnv_arena_format(arena, "%u %s %d", date.day, months[date.month - 1], date.year);
}

static void put_due(reminding *r, const cli_standing *standing)
{
	cnv_str day;
	int32_t left;

	if (!standing->has_due)
		return;
	day = day_words(standing->due, &r->scratch);
	left = standing->due - r->circulation->today;
	if (standing->state == CLI_STATE_EXTENDED)
		cnv_text_format(&r->text, "You were given until %.*s, ", CNV_ARG(day));
	else if (left < 0)
		cnv_text_format(&r->text, "They were asked for by %.*s, ", CNV_ARG(day));
	else
		cnv_text_format(&r->text, "They are asked for by %.*s, ", CNV_ARG(day));
	cnv_text_format(&r->text, "%.*s.\n", CNV_ARG(cli_days_words(left, &r->scratch)));
}

static void put_reminder(reminding *r, const cnv_respondent *to, const cli_standing *standing, bool attached)
{
	const cnv_form *form = r->d->form.form;
	cnv_str title = form->title.len ? form->title : form->id;

	cnv_text_reset(&r->text);
	cnv_text_format(&r->text, "Dear %.*s,\n\n", CNV_ARG(to->contact.len ? to->contact : to->name));
	cnv_text_format(&r->text, "We have not yet received the answers of %.*s to\n%.*s (round %.*s).\n",
	                CNV_ARG(to->name), CNV_ARG(title), CNV_ARG(r->d->round));
	put_due(r, standing);
	cnv_text_put(&r->text, attached ? CNV_STR("\nThe questionnaire is attached. Please fill it in and return it,")
	                                : CNV_STR("\nPlease fill in the questionnaire and return it,"));
	cnv_text_put(&r->text, CNV_STR("\nor tell us if no answer is to come.\n\nWith thanks\n"));
}

static void put_draft(reminding *r, const cnv_respondent *to, const cnv_attachment *parts, uint32_t count)
{
	const cnv_form *form = r->d->form.form;
	cnv_str title = form->title.len ? form->title : form->id;
	cnv_str subject = cnv_arena_format(&r->scratch, "Reminder: %.*s (round %.*s)", CNV_ARG(title),
	                                   CNV_ARG(r->d->round));

	cnv_text_reset(&r->file);
	cli_draft_put(&r->file, to, subject, cnv_text_str(&r->text), r->options->now, parts, count);
}

static cnv_str name_reminder(reminding *r, cnv_str code)
{
	return cnv_arena_format(&r->scratch, "%.*s/%.*s.%s", CNV_ARG(r->options->remind), CNV_ARG(code),
	                        r->options->mail ? "eml" : "txt");
}

/* The first file that would be written over; empty: none. */
static cnv_str find_existing(reminding *r)
{
	const cnv_roster *roster = &r->d->roster.roster;

	for (uint32_t i = 0; i < roster->count; i++) {
		cnv_str name = name_reminder(r, roster->respondents[i].code);
		if (cli_is_silent(r->circulation->standings[i].state) && cnv_file_exists(name))
			return name;
	}
	return (cnv_str){ 0 };
}

static cnv_status write_reminder(reminding *r, const cnv_respondent *to, const cli_standing *standing)
{
	cnv_attachment parts[CLI_ATTACHED];
	uint32_t count = 0;
	cnv_str target;

	cnv_arena_reset(&r->scratch);
	if (r->options->mail && r->options->packs.len)
		count = cli_pack_load(r->options->packs, r->stem, to->code, parts, &r->scratch, &r->diags);
	r->without += r->options->mail && r->options->packs.len && !count;
	put_reminder(r, to, standing, count > 0);
	if (r->options->mail)
		put_draft(r, to, parts, count);
	target = name_reminder(r, to->code);
	if (r->text.failed || r->file.failed || r->scratch.failed)
		return CNV_NO_MEMORY;
	return cnv_file_save(target, cnv_text_str(r->options->mail ? &r->file : &r->text), r->options->force, false,
	                     &r->diags);
}

static void say_reminders(const reminding *r, uint32_t count)
{
	fprintf(stderr, "%" PRIu32 " %s written to ", count,
	        r->options->mail ? cnv_noun(count, "mail draft", "mail drafts")
	                         : cnv_noun(count, "reminder", "reminders"));
	cli_put(stderr, r->options->remind, false);
	fputs(count ? "; nothing was sent\n" : ": nobody is silent\n", stderr);
	if (r->without)
		fprintf(stderr, "%" PRIu32 " %s: no pack was found in ", r->without,
		        cnv_noun(r->without, "draft has no questionnaire attached",
		                   "drafts have no questionnaire attached"));
	if (r->without) {
		cli_put(stderr, r->options->packs, false);
		fputc('\n', stderr);
	}
}

cli_exit cli_remind(const cli_circulation *circulation, cli_round_data *d, const cli_options *options,
                    cli_reminded *reminded)
{
	const cnv_roster *roster = &d->roster.roster;
	reminding r = { .circulation = circulation, .d = d, .options = options, .diags = cli_diags_to(stderr) };
	cnv_status status = CNV_OK;

	if (!d->roster.there)
		return cli_usage(options, "--remind needs a roster: give it with --roster");
	r.stem = cli_file_stem(&d->form);
	if (!options->force) {
		cnv_str there = find_existing(&r);
		if (there.len) {
			cli_exit code = cli_refuse_existing(there);
			cnv_arena_fini(&r.scratch);
			return code;
		}
	}
	reminded->codes = cnv_arena_array(&reminded->arena, (size_t)roster->count + 1, sizeof *reminded->codes);
	if (!reminded->codes)
		status = CNV_NO_MEMORY;
	if (!status)
		status = cnv_folder_make(options->remind, &r.diags);
	for (uint32_t i = 0; i < roster->count && !status; i++) {
		if (!cli_is_silent(circulation->standings[i].state))
			continue;
		status = write_reminder(&r, &roster->respondents[i], &circulation->standings[i]);
		if (!status)
			reminded->codes[reminded->count++] =
				cnv_arena_copy(&reminded->arena, roster->respondents[i].code);
	}
	if (!status)
		say_reminders(&r, reminded->count);
	cnv_text_fini(&r.text);
	cnv_text_fini(&r.file);
	cnv_arena_fini(&r.scratch);
	return status == CNV_REJECTED ? CLI_USAGE : cli_exit_for(status);
}
