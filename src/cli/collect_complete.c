/* What Tab completes: commands, the questions and languages that they name, and choices by label or code. */
#include <inttypes.h>

#include "cli/collect.h"

/* Completions printed at once. */
enum { MOST_LISTED = 30 };

/* Where a line is typed. */
typedef struct place {
	collect_state *t;
	cnv_session_cell cell;
} place;

typedef struct completions {
	collect_state *t;
	cnv_str typed; /* the piece that is completed */
	cnv_str start; /* the same, folded */
	cnv_str listed[MOST_LISTED];
	cnv_str common; /* what all of them begin with */
	uint32_t count;
} completions;

static cnv_str common_start(cnv_str a, cnv_str b)
{
	size_t len = 0;

	while (len < a.len && len < b.len && a.at[len] == b.at[len])
		len++;
	while (len < a.len && len && ((unsigned char)a.at[len] & 0xC0) == 0x80)
		len--;
	return cnv_str_slice(a, 0, len);
}

/* A text that may be meant, and what is typed for it; true: it begins with what was typed. */
static bool offer(completions *c, cnv_str text, cnv_str whole)
{
	if (!text.len || !cnv_str_starts(cnv_text_fold(&c->t->temp, text), c->start))
		return false;
	c->common = c->count ? common_start(c->common, whole) : whole;
	if (c->count < MOST_LISTED)
		c->listed[c->count] = text;
	c->count++;
	return true;
}

/* ---------------------------------------------------------------- what there is */

/* A label that would be read as several choices, or has characters that are escaped, is completed to its code. */
static void offer_choices(completions *c, cnv_session_cell cell)
{
	const cnv_form *form = c->t->to->form.form;
	const cnv_list *list = cnv_session_list(c->t->session, cell.question);
	const uint64_t *offered = list ? cnv_session_offered(c->t->session, cell) : NULL;
	bool several = form->questions[cell.question].kind != CNV_CHOICE;

	for (uint32_t i = 0; offered && i < list->count; i++) {
		const cnv_choice *choice = &list->choices[i];
		cnv_str title = cnv_choice_title(form, choice, c->t->to->form.language);
		bool coded = !collect_is_plain(title) || (several && cnv_str_find(title, CNV_STR(",")) != SIZE_MAX);

		if (cnv_bit(offered, i) && !offer(c, title, coded ? choice->name : title))
			offer(c, choice->name, choice->name);
	}
}

/* Questions and repeats by number and by name. */
static void offer_questions(completions *c)
{
	const cnv_question *questions = c->t->to->form.form->questions;
	cnv_session_cell at = { 0, CNV_NONE };

	while (cnv_session_next(c->t->session, &at)) {
		const cnv_question *question = &questions[at.question];

		if (!cnv_session_is_question(c->t->session, at) && question->role != CNV_REPEAT)
			continue;
		if (!c->start.len || !offer(c, question->qno, question->qno))
			offer(c, question->name, question->name);
	}
}

static void offer_languages(completions *c)
{
	const cnv_form *form = c->t->to->form.form;

	for (uint32_t i = 0; i < form->language_count; i++)
		offer(c, form->languages[i], form->languages[i]);
}

/* ---------------------------------------------------------------- the line */

static void begin(completions *c, cnv_str typed)
{
	c->typed = typed;
	c->start = cnv_text_fold(&c->t->temp, typed);
}

/* Takes the blanks before a piece away, and what comes before `mark`, if there is one. */
static cnv_str last_piece(cnv_str typed, char mark)
{
	size_t from = typed.len;

	while (from && typed.at[from - 1] != mark)
		from--;
	typed = cnv_str_slice(typed, mark ? from : 0, typed.len);
	while (typed.len && typed.at[0] == ' ')
		typed = cnv_str_slice(typed, 1, typed.len);
	return typed;
}

static void complete_command(completions *c, cnv_str typed)
{
	cnv_str rest = typed, word = { 0 };
	const char *name;

	cnv_str_word(&rest, &word);
	if (!cnv_str_starts(rest, CNV_STR(" "))) {
		begin(c, word);
		for (size_t i = 0; (name = collect_command_word(i)) != NULL; i++)
			offer(c, cnv_str_from(name), cnv_str_from(name));
		return;
	}
	begin(c, last_piece(rest, ' '));
	if (cnv_str_is_word(word, ":g"))
		offer_questions(c);
	else if (cnv_str_is_word(word, ":lang"))
		offer_languages(c);
}

static void put_list(const completions *c)
{
	putchar('\n');
	for (uint32_t i = 0; i < c->count && i < MOST_LISTED; i++) {
		fputs("    ", stdout);
		collect_put(c->listed[i], 4, 0);
	}
	if (c->count > MOST_LISTED)
		printf("    ... %" PRIu32 " more\n", c->count - MOST_LISTED);
}

static cli_completed complete(void *self, cnv_str typed, size_t *replaced, cnv_str *text)
{
	const place *at = self;
	completions c = { .t = at->t };

	if (cnv_str_starts(typed, CNV_STR(":"))) {
		complete_command(&c, typed);
	} else if (cnv_session_list(c.t->session, at->cell.question)) {
		bool one = c.t->to->form.form->questions[at->cell.question].kind == CNV_CHOICE;

		begin(&c, last_piece(typed, one ? 0 : ','));
		offer_choices(&c, at->cell);
	}
	if (!c.count)
		return CLI_NOT_COMPLETED;
	*replaced = c.typed.len;
	*text = c.common;
	if (c.count == 1 || c.common.len > c.typed.len)
		return CLI_COMPLETED;
	put_list(&c);
	return CLI_LISTED;
}

bool collect_line_at(collect_state *t, cnv_session_cell cell, const char *prompt, const char *before, cnv_str *typed)
{
	place at = { t, cell };

	return collect_line_with(t, prompt, before, &(cli_completer){ &at, complete }, typed);
}
