/* collect: the interview in the terminal.
 *
 * The questions that concern the respondent, in the form's order; a wrong answer is asked again with
 * the form's own message.  At the end the answers become a CSV in the long layout and are taken in
 * like any other return. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "interview.h"

/* Repeats within repeats: XLSForm tools use two or three levels; each level here is one C frame. */
enum { DEPTH = 16 };

/* Where the answers go. */
typedef struct destination {
	const cnv_form_file *form;
	const cnv_roster_file *roster;
	cnv_store *store;
	cnv_str store_name, round, respondent;
} destination;

typedef struct talk {
	interview in;
	const destination *to;
	cnv_text line;
	bool stopped; /* the person ended the input */
	cnv_status status;
} talk;

static bool go_on(const talk *t) { return !t->stopped && !t->status; }

static void put_bold(cnv_str text)
{
	bool colour = cli_colour(stdout);

	fputs(colour ? "\033[1m" : "", stdout);
	cli_put(stdout, text, true);
	fputs(colour ? "\033[0m" : "", stdout);
}

static void put_question(const talk *t, const cnv_question *question)
{
	const cnv_form_file *form = t->in.form;
	cnv_str hint = cnv_wording_text(form->form, &question->hint, form->language);

	putchar('\n');
	if (question->qno.len) {
		put_bold(question->qno);
		putchar(' ');
	}
	put_bold(cnv_question_title(form->form, question, form->language));
	putchar('\n');
	if (hint.len) {
		fputs("   ", stdout);
		cli_put(stdout, hint, true);
		putchar('\n');
	}
}

/* The choices on offer, numbered from 1 in the list's own order. */
static void put_choices(talk *t, const cnv_question *question, const uint64_t *offered)
{
	const cnv_list *list = &t->in.form->form->lists[question->list];

	for (uint32_t i = 0; i < list->count; i++) {
		if (!cnv_bit(offered, i))
			continue;
		printf("  %3" PRIu32 "  ", i + 1);
		cli_put(stdout, cnv_choice_title(t->in.form->form, &list->choices[i], t->in.form->language), false);
		fputs("  (", stdout);
		cli_put(stdout, list->choices[i].name, false);
		fputs(")\n", stdout);
	}
}

static const char *prompt_for(const cnv_question *question)
{
	static const char *const prompts[] = {
		[CNV_NOTHING] = "> ",
		[CNV_TEXT] = "> ",
		[CNV_INTEGER] = "a whole number> ",
		[CNV_DECIMAL] = "a number> ",
		[CNV_DATE] = "a date, YYYY-MM-DD> ",
		[CNV_TIME] = "a time, HH:MM> ",
		[CNV_DATETIME] = "date and time, YYYY-MM-DDTHH:MM> ",
		[CNV_CHOICE] = "number or code> ",
		[CNV_CHOICES] = "numbers or codes, with blanks between> ",
		[CNV_RANK] = "numbers or codes in order, with blanks between> ",
		[CNV_GEOPOINT] = "latitude longitude> ",
		[CNV_GEOTRACE] = "points, with ; between> ",
		[CNV_GEOSHAPE] = "points, with ; between> ",
		[CNV_FILE] = "file name> ",
		[CNV_ACKNOWLEDGE] = "OK to confirm> ",
	};
	return prompts[question->kind];
}

/* Numbers typed for choices become codes, unless the list itself has the number as a code. */
static cnv_str as_codes(talk *t, const cnv_question *question, cnv_str typed)
{
	const cnv_list *list = &t->in.form->form->lists[question->list];
	cnv_text codes = { 0 };
	cnv_str word, result;

	if (cnv_list_find(list, typed) != CNV_NONE)
		return typed;
	for (cnv_str rest = typed; cnv_str_word(&rest, &word);) {
		int64_t number;
		if (cnv_list_find(list, word) == CNV_NONE && cnv_integer_read(word, &number) && number >= 1 &&
		    number <= (int64_t)list->count)
			word = list->choices[number - 1].name;
		if (codes.len)
			cnv_text_put_char(&codes, ' ');
		cnv_text_put(&codes, word);
	}
	result = cnv_arena_copy(&t->in.texts, cnv_text_str(&codes));
	cnv_text_fini(&codes);
	return result;
}

static bool is_choice(cnv_kind kind) { return kind == CNV_CHOICE || kind == CNV_CHOICES || kind == CNV_RANK; }

static bool is_wrong(cnv_verdict verdict)
{
	return verdict == CNV_UNREADABLE || verdict == CNV_NOT_A_CHOICE || verdict == CNV_AGAINST_CONSTRAINT ||
	       verdict == CNV_MISSING;
}

/* Nobody of the roster, or nobody at all: told before the questions, not after them.  NULL: it is somebody. */
static const char *nobody(const talk *t, cnv_str given)
{
	static const char *const reasons[] = {
		[CNV_ATTRIBUTED] = NULL,
		[CNV_NO_RESPONDENT] = "nothing says whose answers these are",
		[CNV_UNKNOWN_RESPONDENT] = "this is nobody in the roster",
		[CNV_BAD_CODE] = "this cannot name a respondent; use a short code",
		[CNV_MISALIGNED] = NULL,
	};
	cnv_str code;

	return reasons[cnv_attribute(t->in.batch, 0, given, t->to->roster->there ? &t->to->roster->roster : NULL, CNV_STR("interview"), &code, NULL)];
}

/* Asks until the answer stands, or the person stops. */
static void ask(talk *t, uint32_t entry, cnv_question_id id)
{
	const cnv_form_file *form = t->in.form;
	const cnv_question *question = &form->form->questions[id];
	bool listed = is_choice(question->kind) && question->list != CNV_NONE && !form->form->lists[question->list].open;

	put_question(t, question);
	if (listed) {
		const cnv_list *list = &form->form->lists[question->list];
		uint64_t *offered = cnv_arena_array(&t->in.scratch, CNV_BIT_WORDS(list->count) + 1, sizeof *offered);
		t->status = offered ? cnv_plan_choices(form->plan, t->in.batch, id, t->in.entries[entry].row, &t->in.world,
		                                       &t->in.scratch, offered)
		                    : CNV_NO_MEMORY;
		if (!t->status)
			put_choices(t, question, offered);
	}
	while (go_on(t)) {
		cnv_str typed;
		if (!cli_ask(prompt_for(question), &t->line)) {
			t->stopped = true;
			return;
		}
		typed = cnv_str_trim(cnv_text_str(&t->line));
		if (listed && typed.len)
			typed = as_codes(t, question, typed);
		t->status = interview_answer_set(&t->in, entry, id, typed);
		if (t->status)
			return;
		const char *stranger = id == form->form->respondent ? nobody(t, (cnv_str){ 0 }) : NULL;
		if (!stranger && !is_wrong(interview_verdict(&t->in, entry, id)))
			return;
		fputs("  ! ", stdout);
		cli_put(stdout, t->in.complaint.len ? cnv_text_str(&t->in.complaint)
		                : stranger          ? cnv_str_from(stranger)
		                                    : CNV_STR("an answer is needed"), true);
		putchar('\n');
		interview_answer_set(&t->in, entry, id, (cnv_str){ 0 });
	}
}

static void ask_range(talk *t, uint32_t entry, cnv_question_id from, cnv_question_id upto, uint32_t depth);

/* Entry after entry of one repeat, as many as its count says or the person wants. */
static void ask_repeat(talk *t, uint32_t parent, cnv_question_id id, uint32_t depth)
{
	const cnv_form_file *form = t->in.form;
	const cnv_question *repeat = &form->form->questions[id];
	uint32_t wanted;

	for (uint32_t made = 0; go_on(t); made++) {
		if (!cnv_plan_repeat(form->plan, t->in.batch, id, t->in.entries[parent].row, &t->in.world, &t->in.scratch, &wanted))
			return;
		if (wanted == UINT32_MAX) {
			putchar('\n');
			put_bold(cnv_question_title(form->form, repeat, form->language));
			printf(": entry %" PRIu32 "\n", made + 1);
			if (!cli_ask(made ? "add another entry? (y or n)> " : "add an entry? (y or n)> ", &t->line)) {
				t->stopped = true;
				return;
			}
			cnv_str typed = cnv_str_trim(cnv_text_str(&t->line));
			if (!typed.len || (typed.at[0] | 0x20) != 'y')
				return;
		} else if (made >= wanted) {
			return;
		}
		uint32_t entry = interview_enter(&t->in, repeat->table, parent);
		if (entry == CNV_NONE) {
			t->status = CNV_NO_MEMORY;
			return;
		}
		ask_range(t, entry, id + 1, repeat->after, depth + 1);
	}
}

static void ask_range(talk *t, uint32_t entry, cnv_question_id from, cnv_question_id upto, uint32_t depth)
{
	const cnv_form_file *form = t->in.form;

	for (cnv_question_id id = from; id < upto && go_on(t);) {
		const cnv_question *question = &form->form->questions[id];
		if (question->role == CNV_REPEAT) {
			if (depth < DEPTH)
				ask_repeat(t, entry, id, depth);
			id = question->after;
			continue;
		}
		if (question->role == CNV_GROUP && cnv_question_title(form->form, question, form->language).len) {
			putchar('\n');
			put_bold(cnv_question_title(form->form, question, form->language));
			putchar('\n');
		}
		if (question->role == CNV_ASKED && question->column != CNV_NONE) {
			cnv_verdict verdict = interview_verdict(&t->in, entry, id);
			/* Already answered: given on the command line. */
			if (verdict == CNV_BLANK || verdict == CNV_MISSING)
				ask(t, entry, id);
		}
		id++;
	}
}

/* The answers so far, beside the store, so that an interview broken off is not lost. */
static void keep_draft(const talk *t, const destination *to, cnv_str csv)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_arena arena = { 0 };
	size_t stem = to->store_name.len;

	if (cnv_str_ends(to->store_name, CNV_STR(".db")))
		stem -= 3;
	cnv_str name = cnv_arena_format(&arena, "%.*s-draft.csv", CNV_ARG(cnv_str_slice(to->store_name, 0, stem)));
	if (t->in.answer_count && !cnv_file_save(name, csv, true, false, &diags)) {
		fputs("\nstopped: the answers given so far are in ", stderr);
		cli_put(stderr, name, false);
		fputs("; nothing was stored\n", stderr);
	} else {
		fputs("\nstopped: nothing was stored\n", stderr);
	}
	cnv_arena_fini(&arena);
}

static void on_diag(void *self, const cnv_diag *diag)
{
	(void)self;
	cli_print_diag(stdout, diag);
}

/* What became of it, and the next command. */
static void say_end(const destination *to, const cli_options *options, const cnv_intake_totals *totals)
{
	if (!totals->accepted && !totals->already) {
		puts("not stored as a response; see above");
		return;
	}
	if (totals->already || totals->responses.already) {
		puts("already imported; nothing changed");
	} else {
		fputs("stored in ", stdout);
		cli_put(stdout, to->store_name, false);
		fputs(", round ", stdout);
		cli_put(stdout, to->round, false);
		putchar('\n');
	}
	fflush(stdout);
	cli_say_next("status", to->form, options);
}

/* The answers are imported like any other return. */
static cli_exit import_answers(const destination *to, const cli_options *options, cnv_str csv)
{
	const cnv_intake_options how = { .round = to->round,
		                         .program = CNV_STR(CNV_VERSION),
		                         .now = options->now,
		                         .respondent = to->respondent,
		                         .roster = to->roster };
	const cnv_intake_listener listener = { .diag = on_diag };
	cnv_intake *intake = cnv_intake_new(&how, to->form, to->store, &listener);
	cli_exit code = CLI_ACCESS;

	if (!intake || cnv_intake_add_bytes(intake, CNV_STR("interview"), csv) || cnv_intake_run(intake)) {
		cli_out_of_memory();
	} else {
		const cnv_intake_totals *totals = cnv_intake_get_totals(intake);
		code = totals->failed ? CLI_ACCESS : totals->errors || totals->quarantined ? CLI_ERRORS : CLI_DONE;
		say_end(to, options, totals);
	}
	cnv_intake_free(intake);
	return code;
}

/* The respondent named on the command line: as the answer to the form's own question, where it has one. */
static cli_exit begin_with(talk *t, const cli_options *options)
{
	const cnv_form *form = t->in.form->form;
	cnv_str given = options->operand_count == 2 ? options->operands[1] : (cnv_str){ 0 };
	const char *stranger;

	if (form->respondent != CNV_NONE && !given.len)
		return CLI_DONE;
	if (form->respondent != CNV_NONE)
		t->status = interview_answer_set(&t->in, 0, form->respondent, given);
	if (t->status)
		return CLI_ACCESS;
	if (t->in.complaint.len) {
		fputs("canvass: ", stderr);
		cli_put(stderr, cnv_text_str(&t->in.complaint), true);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	stranger = nobody(t, given);
	if (!stranger)
		return CLI_DONE;
	return given.len ? cli_usage(options, "\"%.*s\": %s", CNV_ARG(given), stranger)
	                 : cli_usage(options, "%s; name the respondent after the form", stranger);
}

static cli_exit run_interview(const destination *to, const cli_options *options)
{
	const cnv_form *form = to->form->form;
	talk t = { .to = to };
	cnv_text csv = { 0 };
	cli_exit code = CLI_ACCESS;

	t.status = interview_init(&t.in, to->form, options->now);
	if (!t.status && (code = begin_with(&t, options)) == CLI_USAGE)
		goto out;
	code = CLI_ACCESS;
	put_bold(form->title.len ? form->title : form->id);
	fputs(", round ", stdout);
	cli_put(stdout, to->round, false);
	putchar('\n');
	printf("An empty line leaves a question unanswered. N/A, D/K and CONF mean\nnot applicable, do not know and "
	       "withheld. Ctrl-D stops.\n");
	if (!t.status)
		ask_range(&t, 0, 0, form->count, 0);
	if (!t.status)
		t.status = interview_write(&t.in, &csv);
	if (t.status) {
		cli_out_of_memory();
	} else if (t.stopped) {
		keep_draft(&t, to, cnv_text_str(&csv));
		code = CLI_STOPPED;
	} else {
		putchar('\n');
		code = import_answers(to, options, cnv_text_str(&csv));
	}
out:
	interview_fini(&t.in);
	cnv_text_fini(&t.line);
	cnv_text_fini(&csv);
	return code;
}

cli_exit cmd_collect(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_form_file form = { 0 };
	cnv_roster_file roster = { 0 };
	destination to = { .form = &form, .roster = &roster };
	cnv_store *store = NULL;
	cli_exit code;

	if (!isatty(STDIN_FILENO) || !cli_is_terminal(stdout))
		return cli_usage(options, "collect asks its questions in a terminal, and this is none; use import for files");
	if (!cli_ask_ready())
		return CLI_ACCESS;
	code = cli_form_use(&form, options, options->operands[0]);
	if (!code) {
		to.store_name = cli_store_name(options, &form);
		if (!options->store.len)
			cnv_folder_make_for(to.store_name);
		code = cnv_store_open(&store, to.store_name, CNV_STORE_WRITE, form.form, form.bytes, &cli_patience, &diags) ? CLI_ACCESS
		                                                                                                   : CLI_DONE;
	}
	if (!code)
		code = cli_roster_load(&roster, options, &form, store);
	if (!code) {
		if (options->operand_count == 2 && form.form->respondent == CNV_NONE)
			to.respondent = options->operands[1];
		to.store = store;
		to.round = cli_round(options, &form, store, &form.arena);
		code = run_interview(&to, options);
	}
	cnv_store_close(store, &diags);
	cnv_roster_file_fini(&roster);
	cnv_form_file_fini(&form);
	return code;
}
