/* An interview at the terminal: shows each question, and asks until the answer is valid. */
#include <inttypes.h>

#include "cli/collect.h"

static bool go_on(const collect_state *t)
{
	return !t->stopped && !t->status;
}

void collect_put_bold(cnv_str text)
{
	bool colour = cli_colour(stdout);

	fputs(colour ? "\033[1m" : "", stdout);
	cli_put(stdout, text, true);
	fputs(colour ? "\033[0m" : "", stdout);
}

static void put_question(const collect_state *t, const cnv_question *question)
{
	const cnv_form_file *form = t->in.form;
	cnv_str hint = cnv_wording_text(form->form, &question->hint, form->language);

	putchar('\n');
	if (question->qno.len) {
		collect_put_bold(question->qno);
		putchar(' ');
	}
	collect_put_bold(cnv_question_title(form->form, question, form->language));
	putchar('\n');
	if (hint.len) {
		fputs("   ", stdout);
		cli_put(stdout, hint, true);
		putchar('\n');
	}
}

/* Choices of one list on a screen: lists in files may be as long as a gazetteer. */
#define MOST_PRINTED 200u

/* Prints the choices that are offered, numbered from 1 in the order of the list. */
static void put_choices(collect_state *t, const cnv_interview_step *step, const cnv_list *list)
{
	const cnv_form_file *form = t->in.form;
	const uint64_t *offered;
	uint32_t printed = 0;

	t->status = cnv_interview_choices(&t->in, step, &offered);
	for (uint32_t i = 0; i < list->count && !t->status; i++) {
		if (!cnv_bit(offered, i))
			continue;
		if (printed++ == MOST_PRINTED) {
			printf("       ... (%" PRIu32 " choices; enter the code of any of them)\n",
			       (uint32_t)cnv_bits_count(offered, list->count));
			return;
		}
		printf("  %3" PRIu32 "  ", i + 1);
		cli_put(stdout, cnv_choice_title(form->form, &list->choices[i], form->language), false);
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
		[CNV_INTEGER] = "whole number> ",
		[CNV_DECIMAL] = "number> ",
		[CNV_DATE] = "date (YYYY-MM-DD)> ",
		[CNV_TIME] = "time (HH:MM)> ",
		[CNV_DATETIME] = "date and time (YYYY-MM-DDTHH:MM)> ",
		[CNV_CHOICE] = "number or code> ",
		[CNV_CHOICES] = "numbers or codes, separated by spaces> ",
		[CNV_RANK] = "numbers or codes in order, separated by spaces> ",
		[CNV_GEOPOINT] = "latitude and longitude, separated by a space> ",
		[CNV_GEOTRACE] = "points, separated by ;> ",
		[CNV_GEOSHAPE] = "points, separated by ;> ",
		[CNV_FILE] = "file name> ",
		[CNV_ACKNOWLEDGE] = "OK to confirm> ",
	};
	return prompts[question->kind];
}

/* Checked before the questions, not after them. */
const char *collect_reject_respondent(const collect_state *t, cnv_str given)
{
	static const char *const reasons[] = {
		[CNV_ATTRIBUTED] = NULL,
		[CNV_NO_RESPONDENT] = "no respondent",
		[CNV_UNKNOWN_RESPONDENT] = "not in the roster",
		[CNV_BAD_CODE] = "invalid respondent code; use a short code",
		[CNV_MISALIGNED] = NULL,
	};

	return reasons[cnv_interview_owner(&t->in, given, t->roster)];
}

/* Asks until the answer is valid, or the input ends. */
static void ask(collect_state *t, const cnv_interview_step *step)
{
	const cnv_form *form = t->in.form->form;
	const cnv_question *question = &form->questions[step->question];
	const cnv_list *list = cnv_interview_list(&t->in, step->question);

	put_question(t, question);
	if (list)
		put_choices(t, step, list);
	while (go_on(t)) {
		const char *reason;
		cnv_str typed;
		if (!cli_ask(prompt_for(question), &t->line)) {
			t->stopped = true;
			return;
		}
		typed = cnv_str_trim(cnv_text_str(&t->line));
		if (list && typed.len)
			typed = cnv_interview_codes(&t->in, list, typed);
		t->status = cnv_interview_set(&t->in, step->entry, step->question, typed);
		if (t->status)
			return;
		reason = step->question == form->respondent ? collect_reject_respondent(t, (cnv_str){ 0 }) : NULL;
		if (!reason && cnv_interview_stands(&t->in, step))
			return;
		fputs("  ! ", stdout);
		cli_put(stdout,
			t->in.complaint.len ? cnv_text_str(&t->in.complaint)
			: reason            ? cnv_str_from(reason)
					    : CNV_STR("an answer is required"),
			true);
		putchar('\n');
		t->status = cnv_interview_set(&t->in, step->entry, step->question, (cnv_str){ 0 });
	}
}

static void put_title(const collect_state *t, cnv_question_id id)
{
	putchar('\n');
	collect_put_bold(cnv_question_title(t->in.form->form, &t->in.form->form->questions[id], t->in.form->language));
}

/* Asks for another entry of a repeat. */
static void ask_entry(collect_state *t, const cnv_interview_step *step)
{
	cnv_str typed;

	put_title(t, step->question);
	printf(": entry %" PRIu32 "\n", step->made + 1);
	if (!cli_ask(step->made ? "add another entry? (y/n)> " : "add an entry? (y/n)> ", &t->line)) {
		t->stopped = true;
		return;
	}
	typed = cnv_str_trim(cnv_text_str(&t->line));
	t->status = cnv_interview_another(&t->in, typed.len && (typed.at[0] | 0x20) == 'y');
}

void collect_ask_all(collect_state *t)
{
	cnv_interview_step step;

	while (go_on(t)) {
		t->status = cnv_interview_next(&t->in, &step);
		if (t->status)
			return;
		switch (step.kind) {
		case CNV_STEP_END:
			return;
		case CNV_STEP_SECTION:
			put_title(t, step.question);
			putchar('\n');
			break;
		case CNV_STEP_QUESTION:
			ask(t, &step);
			break;
		case CNV_STEP_ENTRY:
			ask_entry(t, &step);
			break;
		}
	}
}
