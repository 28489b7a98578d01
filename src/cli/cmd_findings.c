/* findings: list open findings, waive or reopen them, and write letters about them. */
#include <inttypes.h>

#include "cli/findings.h"

#include "canvass/packs.h"

enum { STATES = CNV_QUERY_CLOSED + 1 };

typedef struct listing {
	const cli_options *options;
	const cnv_form_file *form;
	const cnv_roster *roster; /* NULL */
	cli_json *json;           /* NULL: text */
	cnv_text respondent;      /* of the last finding listed */
	uint64_t counts[STATES], listed;
} listing;

static void print_respondent(listing *l, cnv_str code)
{
	uint32_t at = l->roster ? cnv_map_find(&l->roster->by_code, code) : CNV_NONE;

	if (cnv_str_equal(code, cnv_text_str(&l->respondent)))
		return;
	cnv_text_reset(&l->respondent);
	cnv_text_put(&l->respondent, code);
	putchar('\n');
	cli_put(stdout, code, false);
	if (at != CNV_NONE) {
		putchar(' ');
		cli_put(stdout, l->roster->respondents[at].name, false);
	}
	putchar('\n');
}

static cnv_status on_query(void *self, const cnv_query *query)
{
	listing *l = self;

	if ((size_t)query->state < STATES)
		l->counts[query->state]++;
	if (!l->options->all && query->state > CNV_QUERY_ANSWERED)
		return CNV_OK;
	l->listed++;
	if (l->json) {
		findings_print_json(l->json, l->form->form, query);
		return CNV_OK;
	}
	print_respondent(l, query->respondent);
	findings_print_text(l->form, query);
	return CNV_OK;
}

/* ---------------------------------------------------------------- the list */

static cnv_status on_item(void *self, const cnv_item *item)
{
	(void)item;
	++*(uint64_t *)self;
	return CNV_OK;
}

/* What was not imported has no findings. */
static cnv_status print_quarantine(const cli_opened *o, const cli_options *options, cnv_diags *diags)
{
	uint64_t items = 0;
	cnv_status status = cnv_store_items(o->store, o->round, false, on_item, &items, diags);

	if (status || !items)
		return status;
	fprintf(stderr, "%" PRIu64 " %s in quarantine\n", items,
		cnv_noun(items, "file or record waits", "files or records wait"));
	cli_print_next("quarantine", "", &o->form, options);
	return CNV_OK;
}

static void print_counts(const listing *l)
{
	const uint64_t *n = l->counts;

	printf("%s%" PRIu64 " open, %" PRIu64 " answered, %" PRIu64 " waived, %" PRIu64 " closed%s\n",
	       l->listed ? "\n" : "", n[CNV_QUERY_OPEN], n[CNV_QUERY_ANSWERED], n[CNV_QUERY_WAIVED],
	       n[CNV_QUERY_CLOSED],
	       !l->options->all && n[CNV_QUERY_WAIVED] + n[CNV_QUERY_CLOSED] ? " (--all lists them)" : "");
	fflush(stdout);
	if (n[CNV_QUERY_OPEN])
		cli_print_next("findings", "--letters letters", l->form, l->options);
	else
		cli_print_next("report", "", l->form, l->options);
}

static void begin_json(cli_json *json, const cnv_form *form, cnv_str round)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "schema", CNV_STR("canvass.findings/1"));
	cli_json_text(json, "form", form->id);
	cli_json_text(json, "round", round);
	cli_json_open(json, "findings", '[');
}

static void end_json(cli_json *json, const uint64_t counts[STATES])
{
	cli_json_close(json, ']');
	for (int i = 0; i < STATES; i++)
		cli_json_number(json, cnv_query_state_word((cnv_query_state)i), counts[i]);
	cli_json_close(json, '}');
}

static void begin_text(const cnv_form *form, cnv_str round)
{
	cli_put(stdout, form->title.len ? form->title : form->id, false);
	fputs(", round ", stdout);
	cli_put(stdout, round, false);
	putchar('\n');
}

static cnv_status list(const cli_options *options, const cli_opened *o, cnv_diags *diags)
{
	cli_json json = { .out = stdout };
	listing l = {
		.options = options, .form = &o->form, .roster = cli_roster(o), .json = options->json ? &json : NULL
	};
	cnv_status status;

	if (options->json)
		begin_json(&json, o->form.form, o->round);
	else
		begin_text(o->form.form, o->round);
	status = cnv_store_queries(o->store, o->round, options->respondent, true, on_query, &l, diags);
	if (options->json)
		end_json(&json, l.counts);
	else if (!status)
		print_counts(&l);
	if (!status && !options->json)
		status = print_quarantine(o, options, diags);
	cnv_text_fini(&l.respondent);
	return status;
}

/* ---------------------------------------------------------------- settling */

static cnv_status settle(const cli_options *options, const cnv_form_file *form, cnv_store *store, cnv_str round,
			 cnv_diags *diags)
{
	bool waive = options->waive.len > 0;
	cnv_str id = waive ? options->waive : options->reopen;
	cnv_query_state before = CNV_QUERY_OPEN, after = waive ? CNV_QUERY_WAIVED : CNV_QUERY_OPEN;
	cnv_status status = cnv_store_settle(store, round, id, after, options->reason, options->now, &before, diags);

	if (status)
		return status;
	cli_put(stdout, id, false);
	if (before == after && !waive)
		printf(": already open; nothing changed\n");
	else
		printf(": %s, was %s\n", cnv_query_state_word(after), cnv_query_state_word(before));
	fflush(stdout);
	cli_print_next("findings", "", form, options);
	return CNV_OK;
}

static void on_letter(void *self, cnv_str markdown, uint32_t questions)
{
	(void)self;
	cli_put(stdout, markdown, false);
	printf(" and .txt: %" PRIu32 " %s\n", questions, cnv_noun(questions, "question", "questions"));
}

static void print_letters(const cnv_letters *letters, const cnv_form_file *form, const cli_options *options)
{
	if (!letters->written) {
		printf("no open findings: no letter written\n");
		return;
	}
	printf("%" PRIu64 " %s written, each as Markdown and as plain text\n", letters->written,
	       cnv_noun(letters->written, "letter", "letters"));
	fflush(stdout);
	fputs("  next, when corrected files come back: ", stderr);
	cli_begin_command("import", form, options);
	fputs(" FILE...\n", stderr);
}

static cnv_status write_letters(const cli_options *options, const cli_opened *o, cnv_diags *diags)
{
	cnv_letters letters = { .form = o->form.form,
				.language = o->form.language,
				.roster = cli_roster(o),
				.store = o->store,
				.round = o->round,
				.folder = options->letters,
				.respondent = options->respondent,
				.force = options->force,
				.fixed_language = options->language.len > 0,
				.tell_letter = on_letter,
				.diags = diags };
	cnv_status status = cnv_letters_write(&letters);

	if (letters.existing.len)
		cli_reject_existing(letters.existing);
	if (!status)
		print_letters(&letters, &o->form, options);
	cnv_letters_fini(&letters);
	return status;
}

/* ---------------------------------------------------------------- the command */

static cli_exit check_usage(const cli_options *options)
{
	int actions = (options->waive.len > 0) + (options->reopen.len > 0) + (options->letters.len > 0);

	if (actions > 1)
		return cli_usage(options, "--waive, --reopen and --letters cannot be combined");
	if (options->waive.len && !options->reason.len)
		return cli_usage(options, "--waive requires --reason TEXT");
	if (options->reason.len && !options->waive.len)
		return cli_usage(options, "--reason requires --waive ID");
	if (options->force && !options->letters.len)
		return cli_usage(options, "--force requires --letters DIR");
	if (actions && (options->all || options->json))
		return cli_usage(options, "--%s cannot be combined with --waive, --reopen or --letters",
				 options->all ? "all" : "json");
	if (options->respondent.len && (options->waive.len || options->reopen.len))
		return cli_usage(
			options,
			"--respondent cannot be combined with --waive or --reopen: the id names the respondent");
	return CLI_DONE;
}

static cli_exit run_findings(cli_opened *o, const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	bool settles = options->waive.len || options->reopen.len;
	cnv_status status;

	if (cnv_findings_ready(&o->store, o->store_name, &o->form, o->round, settles, cli_by(options), options->now,
			       &cli_patience, &diags))
		return CLI_ACCESS;
	if (settles)
		status = settle(options, &o->form, o->store, o->round, &diags);
	else if (options->letters.len)
		status = write_letters(options, o, &diags);
	else
		status = list(options, o, &diags);
	return cli_exit_asked(status);
}

cli_exit cmd_findings(const cli_options *options)
{
	cli_opened opened = { 0 };
	cli_exit code = check_usage(options);

	if (!code)
		code = cli_open(&opened, options);
	if (!code)
		code = cli_check_respondent(&opened, options);
	if (!code)
		code = run_findings(&opened, options);
	code = cli_close_store(&opened, code);
	cli_close(&opened);
	return code;
}
