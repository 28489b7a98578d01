/* findings: what was found in the answers and is not settled; waiving, asking again, and letters. */
#include <inttypes.h>
#include <string.h>

#include "letters.h"

enum { STATES = CNV_QUERY_CLOSED + 1, TITLE_WIDTH = 100 };

typedef struct listing {
	const cli_options *options;
	const cnv_form_file *form;
	const cnv_roster *roster; /* NULL */
	cli_json *json;           /* NULL: text */
	cnv_text respondent;      /* whose findings are being listed */
	uint64_t counts[STATES], listed;
} listing;

/* ---------------------------------------------------------------- one finding */

static void json_query(cli_json *json, const cnv_form *form, const cnv_query *query)
{
	char code[8], changed[CNV_INSTANT_ROOM];

	cnv_code_name(query->code, code);
	cnv_instant_write(query->changed, changed);
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "id", query->id);
	cli_json_text(json, "respondent", query->respondent);
	cli_json_text(json, "state", cnv_str_from(cnv_query_state_word(query->state)));
	if (query->reason.len)
		cli_json_text(json, "reason", query->reason);
	cli_json_text(json, "changed", cnv_str_from(changed));
	cli_json_text(json, "code", cnv_str_from(code));
	cli_json_text(json, "severity", query->severity == CNV_ERROR ? CNV_STR("error") : CNV_STR("warning"));
	if (query->question != CNV_NONE && form->questions[query->question].qno.len)
		cli_json_text(json, "no", form->questions[query->question].qno);
	cli_json_text(json, "question", query->path);
	cli_json_text(json, "value", query->value);
	cli_json_text(json, "message", query->message);
	if (query->hint.len)
		cli_json_text(json, "hint", query->hint);
	if (query->remark.len)
		cli_json_text(json, "remark", query->remark);
	cli_json_text(json, "file", query->file);
	if (query->sheet.len)
		cli_json_text(json, "sheet", query->sheet);
	cli_json_number(json, "row", query->line);
	cli_json_number(json, "column", query->column);
	cli_json_close(json, '}');
}

static void print_line(const char *lead, cnv_str text)
{
	printf("    %s", lead);
	cli_put(stdout, text, false);
	putchar('\n');
}

/* "A3 Date to which the answers apply", cut to a line. */
static void print_question(const cnv_form *form, uint32_t language, const cnv_query *query)
{
	const cnv_question *question;
	cnv_str title;

	if (query->question == CNV_NONE)
		return;
	question = &form->questions[query->question];
	title = cnv_question_title(form, question, language);
	if (title.len > TITLE_WIDTH) {
		title = cnv_str_slice(title, 0, TITLE_WIDTH);
		title = cnv_str_slice(title, 0, cnv_utf8_check(title));
	}
	fputs("    ", stdout);
	if (question->qno.len) {
		cli_put(stdout, question->qno, false);
		putchar(' ');
	}
	cli_put(stdout, title, false);
	if (question->table) {
		fputs(" (", stdout);
		cli_put(stdout, query->path, false);
		putchar(')');
	}
	putchar('\n');
}

static void print_query(listing *l, const cnv_query *query)
{
	cnv_place place = { .source = query->file,
		            .sheet = query->sheet,
		            .row = query->line,
		            .column = query->sheet.len ? query->column : 0,
		            .tab = query->sheet.len > 0 };
	cnv_text text = { 0 };
	char code[8];

	cnv_code_name(query->code, code);
	cnv_place_write(&text, &place);
	printf("  ");
	cli_put(stdout, query->id, false);
	printf("  %s  %s[%s]  ", cnv_query_state_word(query->state), query->severity == CNV_ERROR ? "error" : "warning",
	       code);
	cli_put(stdout, cnv_text_str(&text), false);
	putchar('\n');
	cnv_text_fini(&text);
	print_question(l->form->form, l->form->language, query);
	print_line("", query->message);
	if (query->value.len && cnv_str_find(query->message, query->value) == SIZE_MAX)
		print_line("stands there: ", query->value);
	if (query->hint.len)
		print_line("hint: ", query->hint);
	if (query->remark.len)
		print_line("their remark: ", query->remark);
	if (query->reason.len)
		print_line("waived: ", query->reason);
}

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
		json_query(l->json, l->form->form, query);
		return CNV_OK;
	}
	print_respondent(l, query->respondent);
	print_query(l, query);
	return CNV_OK;
}

/* ---------------------------------------------------------------- the list */

static void print_counts(const listing *l)
{
	const uint64_t *n = l->counts;

	printf("%s%" PRIu64 " open, %" PRIu64 " answered, %" PRIu64 " waived, %" PRIu64 " closed%s\n",
	       l->listed ? "\n" : "", n[CNV_QUERY_OPEN], n[CNV_QUERY_ANSWERED], n[CNV_QUERY_WAIVED], n[CNV_QUERY_CLOSED],
	       !l->options->all && n[CNV_QUERY_WAIVED] + n[CNV_QUERY_CLOSED] ? " (--all lists them)" : "");
	fflush(stdout);
	if (n[CNV_QUERY_OPEN])
		cli_say_next("findings --letters letters", l->form, l->options);
	else
		cli_say_next("report", l->form, l->options);
}

static cnv_status list(listing *l, cnv_store *store, cnv_str round, cnv_diags *diags)
{
	cli_json json = { .out = stdout };
	cnv_status status;

	if (l->options->json) {
		l->json = &json;
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.findings/1"));
		cli_json_text(&json, "form", l->form->form->id);
		cli_json_text(&json, "round", round);
		cli_json_open(&json, "findings", '[');
	} else {
		cli_put(stdout, l->form->form->title.len ? l->form->form->title : l->form->form->id, false);
		fputs(", round ", stdout);
		cli_put(stdout, round, false);
		putchar('\n');
	}
	status = cnv_store_queries(store, round, l->options->respondent, true, on_query, l, diags);
	if (l->json) {
		cli_json_close(&json, ']');
		for (int i = 0; i < STATES; i++)
			cli_json_number(&json, cnv_query_state_word((cnv_query_state)i), l->counts[i]);
		cli_json_close(&json, '}');
	} else if (!status) {
		print_counts(l);
	}
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
		printf(": open already, nothing changed\n");
	else
		printf(": %s, was %s\n", cnv_query_state_word(after), cnv_query_state_word(before));
	fflush(stdout);
	cli_say_next("findings", form, options);
	return status;
}

static cli_exit write_letters(const cli_options *options, const cnv_form_file *form, const cnv_roster_file *roster,
                              cnv_store *store, cnv_str round, cnv_diags *diags)
{
	cli_letters letters = { .form = form,
		                .roster = roster->there ? &roster->roster : NULL,
		                .store = store,
		                .round = round,
		                .folder = options->letters,
		                .respondent = options->respondent,
		                .force = options->force,
		                .fixed_language = options->language.len > 0,
		                .diags = diags };
	cli_exit code = cli_letters_write(&letters);

	if (code)
		return code;
	if (!letters.written)
		printf("nothing is open: no letter was written\n");
	else
		printf("%" PRIu64 " %s written, each as Markdown and as plain text\n", letters.written,
		       cnv_noun(letters.written, "letter", "letters"));
	fflush(stdout);
	if (letters.written)
		fputs("  when corrected files come back: canvass import ", stderr);
	else
		return CLI_DONE;
	cli_put(stderr, form->name, false);
	fputs(" FILE...\n", stderr);
	return CLI_DONE;
}

/* ---------------------------------------------------------------- the command */

static cli_exit check_usage(const cli_options *options)
{
	int wishes = (options->waive.len > 0) + (options->reopen.len > 0) + (options->letters.len > 0);

	if (wishes > 1)
		return cli_usage(options, "--waive, --reopen and --letters exclude each other");
	if (options->waive.len && !options->reason.len)
		return cli_usage(options, "--waive needs --reason TEXT");
	if (options->reason.len && !options->waive.len)
		return cli_usage(options, "--reason goes with --waive ID");
	if (options->force && !options->letters.len)
		return cli_usage(options, "--force goes with --letters DIR");
	if (wishes && (options->all || options->json))
		return cli_usage(options, "--%s goes with the list", options->all ? "all" : "json");
	if (options->respondent.len && (options->waive.len || options->reopen.len))
		return cli_usage(options, "--respondent goes with the list and with --letters; an id says whose it is");
	return CLI_DONE;
}

/* Opens the store with its queries up to date: to be read, where nothing waits to be matched and nothing is settled. */
static cnv_status open_matched(cnv_store **store, cnv_str name, const cnv_form_file *form, const cli_options *options,
                               cnv_str *round, cnv_arena *arena, cnv_diags *diags)
{
	bool settles = options->waive.len || options->reopen.len;
	uint64_t waiting = 0;
	cnv_status status = cnv_store_open(store, name, settles ? CNV_STORE_WRITE : CNV_STORE_READ, form->form,
	                                   form->bytes, &cli_patience, diags);

	if (status)
		return status;
	*round = cli_round(options, form, *store, arena);
	status = cnv_store_unmatched(*store, *round, &waiting, diags);
	if (status || !waiting)
		return status;
	if (!settles) {
		status = cnv_store_close(*store, diags);
		*store = NULL;
		if (!status)
			status = cnv_store_open(store, name, CNV_STORE_WRITE, form->form, form->bytes, &cli_patience, diags);
	}
	return status ? status : cnv_store_match(*store, *round, options->now, diags);
}

cli_exit cmd_findings(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_form_file form = { 0 };
	cnv_roster_file roster = { 0 };
	listing l = { .options = options, .form = &form };
	cnv_store *store = NULL;
	cnv_str name, round = { 0 };
	cnv_status status = CNV_OK;
	cli_exit code = check_usage(options);

	if (!code)
		code = cli_form_use(&form, options, options->operands[0]);
	if (code)
		goto out;
	name = cli_store_name(options, &form);
	code = cli_store_expect(name, &form);
	if (!code && open_matched(&store, name, &form, options, &round, &form.arena, &diags))
		code = CLI_ACCESS;
	if (!code)
		code = cli_roster_load(&roster, options, &form, store);
	if (code)
		goto out;
	l.roster = roster.there ? &roster.roster : NULL;
	if (l.roster && options->respondent.len && cnv_map_find(&l.roster->by_code, options->respondent) == CNV_NONE) {
		code = cli_usage(options, "--respondent: \"%.*s\" is not in the roster", CNV_ARG(options->respondent));
		goto out;
	}
	if (options->waive.len || options->reopen.len)
		status = settle(options, &form, store, round, &diags);
	else if (options->letters.len)
		code = write_letters(options, &form, &roster, store, round, &diags);
	else
		status = list(&l, store, round, &diags);
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	if (!code && status)
		code = status == CNV_REJECTED ? CLI_USAGE : CLI_ACCESS;
out:
	if (cnv_store_close(store, &diags) && code < CLI_ACCESS)
		code = CLI_ACCESS;
	cnv_text_fini(&l.respondent);
	cnv_roster_file_fini(&roster);
	cnv_form_file_fini(&form);
	return code;
}
