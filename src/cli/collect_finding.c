/* What is wrong with an answer, in the words of an interview; and which of two readings is meant.
 *
 * The findings are those of an import.  Where these send the reader to a file or a code, an interview says what to type. */
#include <inttypes.h>

#include "cli/collect.h"

/* The first piece of an answer that is no choice; all of it, where one choice is asked for. */
static cnv_str strange_piece(const collect_state *t, cnv_session_cell cell, const cnv_list *list)
{
	cnv_str written = cnv_session_written(t->session, cell), rest = written, piece;

	if (t->to->form.form->questions[cell.question].kind == CNV_CHOICE)
		return written;
	while (cnv_str_word(&rest, &piece))
		if (cnv_list_find(list, piece) == CNV_NONE)
			return piece;
	return written;
}

/* The label on offer that is nearest to a text; empty: none is near. */
static cnv_str nearest_label(const collect_state *t, cnv_session_cell cell, const cnv_list *list, cnv_str text)
{
	enum { MOST = 1000 }; /* choices that are compared */
	const uint64_t *offered = cnv_session_offered(t->session, cell);
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, text);
	for (uint32_t i = 0; offered && i < list->count && i < MOST; i++)
		if (cnv_bit(offered, i))
			cnv_nearest_offer(&nearest,
					  cnv_choice_title(t->to->form.form, &list->choices[i], t->to->form.language));
	return nearest.best;
}

/* A hint that puts a rule into words, where other questions have the names that a return has: their titles instead. */
static void rename_questions(collect_state *t, cnv_session_cell cell, const cnv_formula *rule, bool of_answer,
			     cnv_str lead, cnv_str *hint)
{
	cnv_str words;

	if (!cnv_str_starts(*hint, lead))
		return;
	words = collect_rule_words(t, cell.question, rule, of_answer);
	if (words.len)
		*hint = cnv_arena_format(&t->temp, "%.*s%.*s", CNV_ARG(lead), CNV_ARG(words));
}

/* The same in the words of an interview. */
static cnv_session_finding reword(collect_state *t, cnv_session_cell cell, const cnv_session_finding *finding,
				  bool listed)
{
	const cnv_question *question = &t->to->form.form->questions[cell.question];
	const cnv_list *list = cnv_session_list(t->session, cell.question);
	cnv_session_finding words = *finding;
	cnv_str strange, label;

	if (finding->code == CNV_ANSWER_UNLIKELY)
		words.hint = listed ? CNV_STR("it counts as it is")
				    : CNV_STR("it counts as it is; :b goes back to correct it");
	if (finding->code == CNV_ANSWER_MISSING)
		rename_questions(t, cell, &question->required, false, CNV_STR("required here because: "), &words.hint);
	if (finding->code == CNV_ANSWER_AGAINST_RULE)
		rename_questions(t, cell, &question->constraint, true, CNV_STR("the rule: "), &words.hint);
	if (finding->code == CNV_ANSWER_UNREADABLE && question->kind == CNV_ACKNOWLEDGE)
		words.hint = CNV_STR("type ok to confirm");
	if (finding->code == CNV_ANSWER_NOT_OFFERED)
		words.hint = CNV_STR("choose among those that are shown");
	if (finding->code != CNV_ANSWER_NOT_A_CHOICE || !list)
		return words;
	strange = strange_piece(t, cell, list);
	label = nearest_label(t, cell, list, strange);
	words.message = cnv_arena_format(&t->temp, "\"%.*s\" is not one of the choices", CNV_ARG(strange));
	words.hint = label.len ? cnv_arena_format(&t->temp, "did you mean \"%.*s\"?", CNV_ARG(label))
			       : CNV_STR("type the number of a choice, or the first characters of its label");
	return words;
}

void collect_put_finding(collect_state *t, cnv_session_cell cell, bool listed)
{
	const cnv_session_finding *finding = cnv_session_state_of(t->session, cell).finding;
	size_t indent = listed ? COLLECT_LISTED : 2;
	cnv_session_finding words;

	if (!finding)
		return;
	words = reword(t, cell, finding, listed);
	printf("%*s! ", (int)indent, "");
	collect_put(words.message, indent + 2, 0);
	if (words.hint.len) {
		printf("%*s", (int)indent + 2, "");
		collect_put(words.hint, indent + 2, 0);
	}
}

/* "2026-12-01", and as a person says it: "1 December 2026". */
static void put_reading(uint32_t number, cnv_str reading)
{
	char words[CNV_DAY_WORDS];
	int32_t day;

	printf("    %" PRIu32 "  ", number);
	collect_put(cnv_day_read(reading, &day) ? cnv_day_words(day, words) : reading, 7, 0);
}

bool collect_ask_which(collect_state *t, cnv_session_cell cell, cnv_str *typed)
{
	cnv_readings readings = { 0 };
	cnv_str choice;

	if (cnv_session_state_of(t->session, cell).verdict != CNV_UNREADABLE)
		return false;
	cnv_readings_find(&readings, t->to->form.form->questions[cell.question].kind, *typed,
			  cnv_session_batch(t->session)->conventions, &t->temp);
	if (readings.count != 2)
		return false;
	collect_say(cnv_arena_format(&t->temp, "! \"%.*s\" can be read in two ways%c", CNV_ARG(*typed), 0).at);
	for (uint32_t i = 0; i < readings.count; i++)
		put_reading(i + 1, readings.at[i]);
	*typed = (cnv_str){ 0 };
	while (!typed->len && collect_line(t, "which? (1-2)> ", &choice) && choice.len) {
		if (cnv_str_equal(choice, CNV_STR("1")) || cnv_str_equal(choice, CNV_STR("2")))
			*typed = readings.at[choice.at[0] - '1'];
		else if (choice.len == 1 || cnv_str_starts(choice, CNV_STR(":")))
			collect_say("! type 1 or 2, or another answer; Enter returns to the question");
		else
			*typed = choice;
	}
	return true;
}
