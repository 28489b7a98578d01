/* What an interview shows: one line after the other, so that screen readers and logs can follow. */
#include <inttypes.h>

#include "cli/collect.h"

static const cnv_question *question_of(const collect_state *t, cnv_session_cell cell)
{
	return &t->to->form.form->questions[cell.question];
}

cnv_str collect_number(const collect_state *t, cnv_question_id id)
{
	const cnv_question *question = &t->to->form.form->questions[id];

	return question->qno.len ? question->qno : question->name;
}

cnv_str collect_title(collect_state *t, cnv_session_cell cell)
{
	cnv_str label = cnv_session_text(t->session, cell, &question_of(t, cell)->label, &t->temp);

	return label.len ? label : question_of(t, cell)->name;
}

/* `lead` and the text in the margin of a question; nothing, if there is no text. */
static void put_below(const collect_state *t, cnv_session_cell cell, const char *lead, cnv_str text)
{
	size_t margin = collect_margin(t, cell);

	if (!text.len)
		return;
	printf("%*s%s", (int)margin, "", lead);
	collect_put(text, margin, margin + cnv_text_width(cnv_str_from(lead)));
}

/* ---------------------------------------------------------------- sections */

/* The nearest group or repeat around a question. */
static cnv_question_id section_of(const collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);

	return question->role == CNV_GROUP ? cell.question : question->parent;
}

bool collect_section(collect_state *t, cnv_session_cell cell, collect_heading *last, cnv_str *title)
{
	cnv_question_id section = section_of(t, cell);
	cnv_session_cell at = { cell.entry, section };
	bool entry = cell.entry && cnv_session_repeat_of(t->session, cell.entry) == section;

	if (section == last->section && cell.entry == last->entry)
		return false;
	*last = (collect_heading){ section, cell.entry };
	if (section == CNV_NONE)
		return false;
	if (entry)
		at.entry = cnv_session_parent(t->session, cell.entry);
	*title = collect_title(t, at);
	if (entry)
		*title = cnv_arena_format(&t->temp, "%.*s, entry %" PRIu32, CNV_ARG(*title),
					  cnv_session_position(t->session, cell.entry));
	return true;
}

static void show_section(collect_state *t, cnv_session_cell cell)
{
	cnv_str title;

	if (!collect_section(t, cell, &t->heading, &title))
		return;
	putchar('\n');
	collect_put_title(t, cnv_arena_format(&t->temp, "== %.*s ==", CNV_ARG(title)), 3);
}

/* ---------------------------------------------------------------- the question */

/* How an answer is written; empty: any text. */
static const char *kind_words(const cnv_question *question)
{
	static const char *const words[] = {
		[CNV_TEXT] = "",
		[CNV_INTEGER] = "whole number",
		[CNV_DECIMAL] = "number",
		[CNV_DATE] = "date YYYY-MM-DD",
		[CNV_TIME] = "time HH:MM",
		[CNV_DATETIME] = "date and time YYYY-MM-DDTHH:MM",
		[CNV_CHOICE] = "choose one",
		[CNV_CHOICES] = "choose one or several, such as 1,3-5",
		[CNV_RANK] = "put all in order, such as 2,1,3",
		[CNV_GEOPOINT] = "latitude longitude",
		[CNV_GEOTRACE] = "points separated by ;",
		[CNV_GEOSHAPE] = "points separated by ;",
		[CNV_FILE] = "file name",
		[CNV_ACKNOWLEDGE] = "OK confirms",
	};

	return words[question->kind] ? words[question->kind] : "answer";
}

/* What each question is called in a rule: its number, else its title. */
static const cnv_str *names_of(collect_state *t)
{
	const cnv_form *form = t->to->form.form;

	if (t->names && t->names_language == t->to->form.language)
		return t->names;
	t->names = cnv_arena_array(&t->arena, (size_t)form->count + 1, sizeof *t->names);
	t->names_language = t->to->form.language;
	for (cnv_question_id q = 0; t->names && q < form->count; q++)
		t->names[q] = form->questions[q].qno.len
				      ? form->questions[q].qno
				      : cnv_arena_format(&t->arena, "\"%.*s\"",
							 CNV_ARG(cnv_question_title(form, &form->questions[q],
										    t->names_language)));
	return t->names;
}

cnv_str collect_rule_words(collect_state *t, cnv_question_id id, const cnv_formula *rule, bool of_answer)
{
	cnv_context context = { .form = t->to->form.form, .self = id, .purpose = CNV_FOR_CONDITION };
	cnv_words_style style = { .language = t->to->form.language, .of_answer = of_answer };
	cnv_words words = { 0 };
	cnv_str text = { 0 };

	if (!rule->text.len)
		return text;
	style.names = names_of(t);
	if (!style.names || cnv_words_write(&words, rule, &context, &style, &t->temp))
		return text;
	for (uint32_t i = 0; i < words.count; i++) {
		if (words.runs[i].as_written)
			return (cnv_str){ 0 };
		text = cnv_arena_format(&t->temp, "%.*s%.*s", CNV_ARG(text), CNV_ARG(words.runs[i].text));
	}
	return text;
}

/* "(date YYYY-MM-DD, from 1 January 2000 to today; required)"; a rule that has no words is what the form says of it. */
static void put_expected(collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);
	cnv_str rule = collect_rule_words(t, cell.question, &question->constraint, true);
	bool required = cnv_session_state_of(t->session, cell).required;
	const char *kind = kind_words(question);
	/* The example of several choices has a comma of its own. */
	const char *between = question->list == CNV_NONE ? ", " : "; ";

	if (!rule.len)
		put_below(t, cell, "", cnv_session_text(t->session, cell, &question->constraint_message, &t->temp));
	if (!*kind && !rule.len && !required)
		return;
	put_below(t, cell, "",
		  cnv_arena_format(&t->temp, "(%s%s%.*s%s)", kind, *kind && rule.len ? between : "", CNV_ARG(rule),
				   !required           ? ""
				   : *kind || rule.len ? "; required"
						       : "required"));
}

void collect_show_title(collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);
	cnv_str title = collect_title(t, cell);
	size_t margin = 0, width = cnv_text_width(question->qno);

	show_section(t, cell);
	putchar('\n');
	if (question->qno.len) {
		margin = collect_margin(t, cell);
		title = cnv_arena_format(&t->temp, "%.*s%*s%.*s", CNV_ARG(question->qno),
					 (int)(width < margin ? margin - width : 1), "", CNV_ARG(title));
	}
	collect_put_title(t, title, margin);
}

static void put_hint(collect_state *t, cnv_session_cell cell)
{
	put_below(t, cell, "", cnv_session_text(t->session, cell, &question_of(t, cell)->hint, &t->temp));
}

static void put_answer(collect_state *t, cnv_session_cell cell)
{
	put_below(t, cell, "answer: ", cnv_session_shown(t->session, cell, &t->temp));
}

void collect_show_shortly(collect_state *t, cnv_session_cell cell)
{
	collect_show_title(t, cell);
	put_answer(t, cell);
}

void collect_show(collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);

	if (question->role == CNV_GROUP) {
		show_section(t, cell);
		return;
	}
	if (question->role != CNV_ASKED) {
		show_section(t, cell);
		putchar('\n');
		collect_put(collect_title(t, cell), 0, 0);
		return;
	}
	collect_show_title(t, cell);
	if (!t->brief)
		put_hint(t, cell);
	put_expected(t, cell);
	collect_show_choices(t, cell, (cnv_str){ 0 });
	put_answer(t, cell);
	put_below(t, cell, "remark: ", cnv_session_remark_of(t->session, cell));
}

void collect_show_help(collect_state *t, cnv_session_cell cell)
{
	const cnv_question *question = question_of(t, cell);

	if (t->brief)
		put_hint(t, cell);
	put_below(t, cell, "", cnv_session_text(t->session, cell, &question->guidance, &t->temp));
	put_below(t, cell, "rule: ", collect_rule_words(t, cell.question, &question->constraint, true));
	put_below(t, cell, "asked only if: ", collect_rule_words(t, cell.question, &question->relevant, false));
}

/* ---------------------------------------------------------------- the prompt */

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
	cnv_session_progress progress = cnv_session_progress_of(t->session);
	cnv_str number = question_of(t, cell)->qno;

	return cnv_arena_format(&t->temp, "%.*s%s(%" PRIu32 "/%" PRIu32 ")> %c", CNV_ARG(number), number.len ? " " : "",
				position_of(t, cell), progress.asked, 0)
		.at;
}
