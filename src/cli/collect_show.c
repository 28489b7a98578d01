/* What an interview shows: one line after the other, so that screen readers and logs can follow. */
#include <inttypes.h>

#include "cli/collect.h"

/* Choices printed at once: longer lists are searched. */
#define MOST_PRINTED 30u

void collect_put_bold(const collect_state *t, cnv_str text)
{
	bool colour = !t->accessible && cli_colour(stdout);

	fputs(colour ? "\033[1m" : "", stdout);
	cli_put(stdout, text, true);
	fputs(colour ? "\033[0m" : "", stdout);
}

static const cnv_question *question_of(const collect_state *t, cnv_session_cell cell)
{
	return &t->to->form.form->questions[cell.question];
}

cnv_str collect_number(const collect_state *t, cnv_question_id id)
{
	const cnv_question *question = &t->to->form.form->questions[id];

	return question->qno.len ? question->qno : question->name;
}

static cnv_str title_of(collect_state *t, cnv_session_cell cell)
{
	cnv_str label = cnv_session_text(t->session, cell, &question_of(t, cell)->label, &t->temp);

	return label.len ? label : question_of(t, cell)->name;
}

static void put_indented(const char *lead, cnv_str text)
{
	if (!text.len)
		return;
	printf("     %s", lead);
	cli_put(stdout, text, true);
	putchar('\n');
}

/* The nearest group or repeat around a question. */
static cnv_question_id section_of(const collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);

	return question->role == CNV_GROUP ? cell.question : question->parent;
}

static void show_section(collect_state *t, cnv_session_cell cell)
{
	cnv_question_id section = section_of(t, cell);
	cnv_session_cell title = { cell.entry, section };

	if (section == t->section && cell.entry == t->entry)
		return;
	t->section = section;
	t->entry = cell.entry;
	if (section == CNV_NONE)
		return;
	if (cell.entry && cnv_session_repeat_of(t->session, cell.entry) == section)
		title.entry = cnv_session_parent(t->session, cell.entry);
	fputs("\n== ", stdout);
	collect_put_bold(t, title_of(t, title));
	if (cell.entry && cnv_session_repeat_of(t->session, cell.entry) == section)
		printf(", entry %" PRIu32, cnv_session_position(t->session, cell.entry));
	puts(" ==");
}

/* ---------------------------------------------------------------- choices */

static void put_choice(const collect_state *t, const cnv_list *list, uint32_t choice, uint32_t number)
{
	bool numbered = collect_is_numbered(list);

	if (numbered)
		printf("  %5.*s  ", CNV_ARG(list->choices[choice].name));
	else
		printf("  %5" PRIu32 "  ", number);
	cli_put(stdout, cnv_choice_title(t->to->form.form, &list->choices[choice], t->to->form.language), false);
	putchar('\n');
}

void collect_show_choices(collect_state *t, cnv_session_cell cell, cnv_str word)
{
	const cnv_form *form = t->to->form.form;
	const cnv_list *list = cnv_session_list(t->session, cell.question);
	const uint64_t *offered = list ? cnv_session_offered(t->session, cell) : NULL;
	uint32_t number = 0, printed = 0, more = 0;

	for (uint32_t i = 0; offered && i < list->count; i++) {
		if (!cnv_bit(offered, i))
			continue;
		number++;
		if (word.len &&
		    !collect_contains(cnv_choice_title(form, &list->choices[i], t->to->form.language), word,
				      &t->temp) &&
		    !collect_contains(list->choices[i].name, word, &t->temp))
			continue;
		if (printed < MOST_PRINTED) {
			put_choice(t, list, i, number);
			printed++;
		} else {
			more++;
		}
	}
	if (more)
		printf("         ... %" PRIu32 " more; /WORD searches\n", more);
	if (word.len && !printed)
		puts("         no choice has this word");
}

/* ---------------------------------------------------------------- the question */

static const char *kind_words(const cnv_question *question)
{
	static const char *const words[] = {
		[CNV_TEXT] = "text",
		[CNV_INTEGER] = "whole number",
		[CNV_DECIMAL] = "number",
		[CNV_DATE] = "date YYYY-MM-DD",
		[CNV_TIME] = "time HH:MM",
		[CNV_DATETIME] = "date and time YYYY-MM-DDTHH:MM",
		[CNV_CHOICE] = "number of a choice",
		[CNV_CHOICES] = "numbers, such as 1,3-5",
		[CNV_RANK] = "numbers in order",
		[CNV_GEOPOINT] = "latitude longitude",
		[CNV_GEOTRACE] = "points separated by ;",
		[CNV_GEOSHAPE] = "points separated by ;",
		[CNV_FILE] = "file name",
		[CNV_ACKNOWLEDGE] = "OK confirms",
	};

	return words[question->kind] ? words[question->kind] : "answer";
}

/* The position of a question among those that are asked. */
static uint32_t position_of(collect_state *t, cnv_session_cell cell)
{
	cnv_session_cell at = { 0, CNV_NONE };
	uint32_t position = 0;

	while (cnv_session_next(t->session, &at)) {
		position += cnv_session_is_question(t->session, at);
		if (at.entry == cell.entry && at.question == cell.question)
			break;
	}
	return position;
}

const char *collect_prompt(collect_state *t, cnv_session_cell cell)
{
	cnv_session_state state = cnv_session_state_of(t->session, cell);
	cnv_session_progress progress = cnv_session_progress_of(t->session);

	return cnv_arena_format(&t->temp, "%u/%u %s%s> %c", position_of(t, cell), progress.asked,
				kind_words(question_of(t, cell)), state.required ? ", required" : "", 0)
		.at;
}

void collect_show_title(collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);

	show_section(t, cell);
	putchar('\n');
	if (question->qno.len) {
		collect_put_bold(t, question->qno);
		fputs("  ", stdout);
	}
	collect_put_bold(t, title_of(t, cell));
	putchar('\n');
}

void collect_show(collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);
	cnv_str answer = cnv_session_shown(t->session, cell, &t->temp);

	if (question->role == CNV_GROUP) {
		show_section(t, cell);
		return;
	}
	collect_show_title(t, cell);
	put_indented("", cnv_session_text(t->session, cell, &question->hint, &t->temp));
	if (question->role != CNV_ASKED)
		return;
	collect_show_choices(t, cell, (cnv_str){ 0 });
	put_indented("answer: ", answer);
	put_indented("remark: ", cnv_session_remark_of(t->session, cell));
}

/* ---------------------------------------------------------------- help and review */

static cnv_str rule_words(collect_state *t, cnv_question_id id, const cnv_formula *rule, bool of_answer)
{
	const cnv_form *form = t->to->form.form;
	cnv_context context = { .form = form, .self = id, .purpose = CNV_FOR_CONDITION };
	cnv_str *names = cnv_arena_array(&t->temp, (size_t)form->count + 1, sizeof *names);
	cnv_words_style style = { .names = names, .language = t->to->form.language, .of_answer = of_answer };
	cnv_words words = { 0 };
	cnv_str text = { 0 };

	for (cnv_question_id q = 0; names && q < form->count; q++)
		names[q] = collect_number(t, q);
	if (!names || !rule->text.len || cnv_words_write(&words, rule, &context, &style, &t->temp))
		return text;
	for (uint32_t i = 0; i < words.count; i++)
		text = cnv_arena_format(&t->temp, "%.*s%.*s", CNV_ARG(text), CNV_ARG(words.runs[i].text));
	return text;
}

void collect_show_help(collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);

	put_indented("", cnv_session_text(t->session, cell, &question->hint, &t->temp));
	put_indented("", cnv_session_text(t->session, cell, &question->guidance, &t->temp));
	put_indented("rule: ", rule_words(t, cell.question, &question->constraint, true));
	put_indented("asked only if: ", rule_words(t, cell.question, &question->relevant, false));
	collect_show_choices(t, cell, (cnv_str){ 0 });
}

void collect_put_finding(const collect_state *t, cnv_session_cell cell)
{
	cnv_session_state state = cnv_session_state_of(t->session, cell);

	if (!state.finding)
		return;
	fputs("  ! ", stdout);
	cli_put(stdout, state.finding->message, false);
	putchar('\n');
	if (state.finding->hint.len) {
		fputs("    ", stdout);
		cli_put(stdout, state.finding->hint, false);
		putchar('\n');
	}
}

static void put_line(collect_state *t, cnv_session_cell cell, uint32_t number, const cnv_session_state *state)
{
	cnv_str answer = cnv_session_shown(t->session, cell, &t->temp);

	printf("  %3" PRIu32 "  ", number);
	if (question_of(t, cell)->qno.len) {
		cli_put(stdout, question_of(t, cell)->qno, false);
		putchar(' ');
	}
	cli_put(stdout, title_of(t, cell), false);
	fputs(": ", stdout);
	if (answer.len)
		cli_put(stdout, answer, false);
	else
		fputs(state->required ? "(missing)" : "-", stdout);
	putchar('\n');
}

uint32_t collect_review(collect_state *t, bool open)
{
	cnv_session_cell at = { 0, CNV_NONE };
	uint32_t number = 0, shown = 0;

	while (cnv_session_next(t->session, &at)) {
		cnv_session_state state;

		if (!cnv_session_is_question(t->session, at))
			continue;
		number++;
		state = cnv_session_state_of(t->session, at);
		if (open && !(state.finding && state.finding->severity == CNV_ERROR) && state.verdict != CNV_MISSING)
			continue;
		put_line(t, at, number, &state);
		if (state.verdict != CNV_MISSING)
			collect_put_finding(t, at);
		shown++;
	}
	return shown;
}
