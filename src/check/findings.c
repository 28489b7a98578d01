/* Findings: the events of a window in words, in the order of the file.
 *
 * The form's own message is used where it has one, with ${question} replaced by its answer; ours says what is wrong
 * with this value, and the hint what to write or which rule applies.
 */
#include "check/hints.h"
#include "check/judging.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of an answer that are quoted. */
#define MOST_EXCERPT 200u
#define MOST_QUOTED 60u
/* Names compared for "did you mean" in one window: a file whose every cell is wrong must not take a minute. */
#define NEAREST_BUDGET 20000u

/* By sheet and line; on one line the response before its entries, rows in order, and questions as the form has them. */
static int compare_events(const void *a, const void *b)
{
	const cnv_event *one = a, *other = b;

	if (one->tab != other->tab)
		return one->tab < other->tab ? -1 : 1;
	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	if (one->table != other->table)
		return one->table < other->table ? -1 : 1;
	if (one->row != other->row)
		return one->row < other->row ? -1 : 1;
	if (one->question != other->question)
		return one->question < other->question ? -1 : 1;
	if (one->code != other->code)
		return one->code < other->code ? -1 : 1;
	return one->count < other->count ? -1 : one->count > other->count;
}

/* The value, short enough for a sentence. */
static cnv_str quoted(cnv_str text, cnv_arena *arena)
{
	cnv_str start = cnv_utf8_cut(cnv_str_trim_unicode(text), MOST_QUOTED);

	return cnv_arena_format(arena, start.len < cnv_str_trim_unicode(text).len ? "\"%.*s...\"" : "\"%.*s\"",
				CNV_ARG(start));
}

/* The row of `question` as seen from `row` of `table`: the same row, or that of an enclosing entry. */
static bool row_of(const cnv_judging *judging, cnv_question_id question, uint32_t table, uint32_t row, uint32_t *found)
{
	const cnv_form *form = judging->plan->form;
	uint32_t wanted = form->questions[question].table, at = table;

	while (at != wanted && at)
		at = form->tables[at].parent;
	if (at != wanted)
		return false;
	*found = wanted == table ? row : cnv_batch_owner(judging->batch, table, row, wanted);
	return true;
}

/* The answer that replaces ${name} where the event is, or `otherwise` where there is none to show. */
static cnv_str answer_of(const cnv_judging *judging, const cnv_reference *reference, cnv_str otherwise,
			 const cnv_event *event, cnv_arena *arena)
{
	const cnv_form *form = judging->plan->form;
	cnv_question_id id = reference->last_saved ? CNV_NONE : cnv_form_find(form, reference->name);
	const cnv_question *question = id < form->count ? &form->questions[id] : NULL;
	uint32_t row;

	if (!question || question->column == CNV_NONE || !row_of(judging, id, event->table, event->row, &row))
		return otherwise;
	return cnv_utf8_cut(
		cnv_cell_value(form, &judging->batch->tables[question->table].columns[question->column], row, arena),
		MOST_EXCERPT);
}

/* A message of the form, each ${question} replaced by its answer as a program reads it, or by the start of a long one.
 */
static cnv_str fill_message(const cnv_judging *judging, cnv_str message, const cnv_event *event, cnv_arena *arena)
{
	cnv_text filled = { 0 };
	cnv_reference reference;
	size_t at = 0, done = 0;
	cnv_str result;

	while (cnv_reference_next(message, &at, &reference)) {
		cnv_text_put(&filled, cnv_str_slice(message, done, reference.from));
		cnv_text_put(&filled, answer_of(judging, &reference,
						cnv_str_slice(message, reference.from, reference.upto), event, arena));
		done = at;
	}
	if (!done)
		return message;
	cnv_text_put(&filled, cnv_str_slice(message, done, message.len));
	result = cnv_arena_copy(arena, cnv_text_str(&filled));
	arena->failed |= filled.failed;
	cnv_text_fini(&filled);
	return result;
}

static cnv_str own_message(const cnv_judging *judging, const cnv_wording *wording, const cnv_event *event,
			   cnv_arena *arena)
{
	return fill_message(judging, cnv_wording_text(judging->plan->form, wording, judging->language), event, arena);
}

/* ---------------------------------------------------------------- the words for each code */

static void word_missing(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_question *question = &judging->plan->form->questions[event->question];

	diag->message = own_message(judging, &question->required_message, event, arena);
	if (!diag->message.len)
		diag->message = CNV_STR("an answer is required");
	if (cnv_plan_rule(judging->plan, event->question, CNV_SLOT_REQUIRED)->kind == CNV_RULE_PROGRAM)
		diag->hint = cnv_arena_format(
			arena, "required here because: %.*s",
			CNV_ARG(cnv_rule_words(judging, event->question, &question->required, false, arena)));
}

static void put_damage(cnv_diag *diag, cnv_damage damage, cnv_arena *arena)
{
	const cnv_damage_info *info = cnv_damage_words(damage);
	cnv_str text = cnv_str_trim_unicode(diag->excerpt);

	diag->message = cnv_arena_format(arena, "%.*s %s", CNV_ARG(quoted(text, arena)), info->words);
	diag->hint = cnv_str_from(info->hint);
}

/* Where a spreadsheet is to blame, that is what to correct. */
static void word_damage(cnv_diag *diag, cnv_arena *arena)
{
	cnv_damage damage = cnv_damage_find(cnv_str_trim_unicode(diag->excerpt));

	if (damage != CNV_UNDAMAGED)
		put_damage(diag, damage, arena);
}

/* Found by the code: the excerpt of a long text no longer shows what is wrong with it. */
static void word_damaged(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	(void)judging;
	for (cnv_damage damage = CNV_UNDAMAGED + 1; damage < CNV_DAMAGES; damage++)
		if (cnv_damage_words(damage)->code == (cnv_code)event->code)
			put_damage(diag, damage, arena);
}

static void word_zeros_lost(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	static const char zeros[] = "00000000";
	cnv_str text = cnv_str_trim_unicode(diag->excerpt);
	int count = event->count < sizeof zeros ? (int)event->count : 0;

	(void)judging;
	diag->message =
		cnv_arena_format(arena, "leading zeros lost: %.*s%.*s would match", count, zeros, CNV_ARG(text));
	diag->hint = cnv_arena_format(arena, "a spreadsheet drops them: format the cell as text and write %.*s%.*s",
				      count, zeros, CNV_ARG(text));
}

static void word_plus_lost(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	cnv_str text = cnv_str_trim_unicode(diag->excerpt);

	(void)judging, (void)event;
	diag->message = cnv_arena_format(arena, "leading plus sign lost: +%.*s would match", CNV_ARG(text));
	diag->hint = cnv_arena_format(arena, "a spreadsheet drops it: format the cell as text and write +%.*s",
				      CNV_ARG(text));
}

static void word_made_date(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	cnv_originals originals;

	(void)judging;
	cnv_text_originals(diag->excerpt, &originals);
	if (event->count >= originals.count)
		return;
	diag->message = cnv_arena_format(arena, "%.*s was probably %s before a spreadsheet read it as a date",
					 CNV_ARG(quoted(diag->excerpt, arena)), originals.at[event->count]);
	diag->hint = cnv_arena_format(arena, "format the cell as text and write %s", originals.at[event->count]);
}

static void word_unreadable(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_question *question = &judging->plan->form->questions[event->question];
	cnv_str text = cnv_str_trim_unicode(diag->excerpt);
	cnv_readings readings;

	cnv_readings_find(&readings, question->kind, text, judging->batch->conventions, arena);
	if (readings.count == 2)
		diag->message = cnv_arena_format(arena, "%.*s can be read in two ways", CNV_ARG(quoted(text, arena)));
	else
		diag->message = cnv_arena_format(arena, "%.*s is not %s", CNV_ARG(quoted(text, arena)),
						 cnv_kinds[question->kind].words);
	diag->hint = cnv_hint_unreadable(question->kind, diag->excerpt, judging->batch->conventions, arena);
	cnv_word_unreadable(judging, event, diag, arena);
	word_damage(diag, arena);
}

/* The first part of several choices that is no choice; all of the text where no part can be singled out. */
static cnv_str find_strange(cnv_judging *judging, const cnv_list *list, cnv_str text)
{
	cnv_str rest = text, word, strange = { 0 };

	if (!judging->batch->literal && judging->nearest_budget >= list->count) {
		judging->nearest_budget -= list->count;
		strange = cnv_unknown_choice(judging->plan->form, list, cnv_str_trim_unicode(text));
	}
	while (!strange.len && cnv_str_word(&rest, &word))
		if (cnv_list_find(list, word) == CNV_NONE)
			strange = word;
	return strange.len ? strange : text;
}

/* "land: perhaps" comes from a cell for the choice alone, with something in it that is no tick. */
static bool word_half_tick(const cnv_judging *judging, const cnv_list *list, cnv_diag *diag, cnv_str strange,
			   cnv_arena *arena)
{
	size_t colon = cnv_str_find(strange, CNV_STR(":")), at = cnv_str_find(diag->excerpt, strange);
	cnv_str name = cnv_str_slice(strange, 0, colon), text;

	if (colon == SIZE_MAX || at == SIZE_MAX || cnv_list_find(list, name) == CNV_NONE)
		return false;
	/* The colon ends a word of names with blanks between them; else what follows it is part of the piece. */
	text = colon + 1 == strange.len ? cnv_str_slice(diag->excerpt, at, diag->excerpt.len) : strange;
	text = cnv_str_trim_unicode(cnv_str_slice(text, colon + 1, text.len));
	if (judging->batch->offered)
		name = cnv_choice_title(judging->plan->form, &list->choices[cnv_list_find(list, name)],
					judging->language);
	diag->message = cnv_arena_format(arena, "cannot tell from %.*s whether \"%.*s\" is selected",
					 CNV_ARG(quoted(text, arena)), CNV_ARG(name));
	diag->hint = CNV_STR("write x or 1 for a selected choice, and leave the others blank");
	return true;
}

static void word_not_a_choice(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_form *form = judging->plan->form;
	const cnv_question *question = &form->questions[event->question];
	const cnv_list *list = question->list == CNV_NONE ? NULL : cnv_list_known(&form->lists[question->list]);
	cnv_str wrong = diag->excerpt;

	if (!list) {
		word_unreadable(judging, event, diag, arena);
		return;
	}
	if (question->kind != CNV_CHOICE)
		wrong = find_strange(judging, list, diag->excerpt);
	if (word_half_tick(judging, list, diag, wrong, arena)) {
		/* The cell of a choice has only what follows its name. */
		if (event->count)
			diag->excerpt = cnv_str_trim_unicode(cnv_str_slice(
				diag->excerpt, cnv_str_find(diag->excerpt, CNV_STR(":")) + 1, diag->excerpt.len));
		return;
	}
	diag->message =
		judging->batch->offered
			? cnv_arena_format(arena, "%.*s is not one of the choices", CNV_ARG(quoted(wrong, arena)))
			: cnv_arena_format(arena, "%.*s is not in the list \"%.*s\"", CNV_ARG(quoted(wrong, arena)),
					   CNV_ARG(form->lists[question->list].name));
	diag->hint = cnv_hint_choice(form, list, wrong, judging->language, judging->batch->offered,
				     &judging->nearest_budget, arena);
	word_damage(diag, arena);
	if (!judging->batch->literal || judging->nearest_budget < form->lists[question->list].count)
		return;
	judging->nearest_budget -= form->lists[question->list].count;
	wrong = cnv_lenient_choices(form, question, cnv_str_trim_unicode(diag->excerpt), arena);
	if (wrong.len)
		diag->hint = cnv_arena_format(arena, "write %.*s", CNV_ARG(wrong));
}

static void word_not_offered(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_form *form = judging->plan->form;
	const cnv_question *question = &form->questions[event->question];

	diag->message =
		cnv_arena_format(arena, "\"%.*s\" is not offered with these other answers",
				 CNV_ARG(cnv_list_known(&form->lists[question->list])->choices[event->count].name));
	diag->hint = cnv_arena_format(arena, "choices are offered where: %.*s", CNV_ARG(question->choice_filter.text));
}

static void word_against_rule(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_question *question = &judging->plan->form->questions[event->question];

	cnv_damage damage =
		question->kind == CNV_TEXT ? cnv_damage_find(cnv_str_trim_unicode(diag->excerpt)) : CNV_UNDAMAGED;

	diag->message = own_message(judging, &question->constraint_message, event, arena);
	if (!diag->message.len) {
		diag->message = cnv_arena_format(arena, "%.*s breaks the rule for this question",
						 CNV_ARG(quoted(diag->excerpt, arena)));
		diag->hint = cnv_arena_format(
			arena, "the rule: %.*s",
			CNV_ARG(cnv_rule_words(judging, event->question, &question->constraint, true, arena)));
	}
	if (damage != CNV_UNDAMAGED)
		diag->hint = cnv_arena_format(arena, "it %s: %s", cnv_damage_words(damage)->words,
					      cnv_damage_words(damage)->hint);
}

static void word_unlikely(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_question *question = &judging->plan->form->questions[event->question];

	diag->message = own_message(judging, &question->warning_message, event, arena);
	if (!diag->message.len)
		diag->message = cnv_arena_format(arena, "%.*s is unusual", CNV_ARG(quoted(diag->excerpt, arena)));
	diag->hint = CNV_STR("correct the answer, or confirm it: it counts as it is");
}

static void word_unchecked(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	(void)judging, (void)event, (void)arena;
	diag->message = CNV_STR("the rule for this question could not be evaluated for this answer");
	diag->hint = CNV_STR("check the answer by hand: the rule took too long, or reads data that is missing");
}

static void word_for_required(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	(void)judging, (void)arena;
	diag->message = event->verdict == CNV_WITHHELD ? CNV_STR("a required answer is withheld")
			: event->verdict == CNV_DO_NOT_KNOW
				? CNV_STR("a required answer is not known")
				: CNV_STR("a required question is marked as not applicable");
}

static void word_not_as_calculated(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_question *question = &judging->plan->form->questions[event->question];
	const cnv_column *column = &judging->batch->tables[question->table].columns[question->column];

	diag->message = cnv_arena_format(arena, "the form calculates %.*s here; that value is used",
					 CNV_ARG(quoted(cnv_column_text(column, event->row), arena)));
	diag->hint = cnv_arena_format(arena, "calculated as: %.*s", CNV_ARG(question->calculation.text));
}

static void word_entries(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_question *repeat = &judging->plan->form->questions[event->question];

	diag->message = cnv_arena_format(arena, "%u %s expected, %.*s found", event->count,
					 event->count == 1 ? "entry" : "entries", CNV_ARG(event->text));
	diag->hint = cnv_arena_format(arena, "the number comes from: %.*s", CNV_ARG(repeat->repeat_count.text));
}

static const struct wording {
	cnv_code code;
	void (*word)(cnv_judging *, const cnv_event *, cnv_diag *, cnv_arena *);
} wordings[] = {
	{ CNV_ANSWER_MISSING, word_missing },
	{ CNV_ANSWER_UNREADABLE, word_unreadable },
	{ CNV_ANSWER_NOT_A_CHOICE, word_not_a_choice },
	{ CNV_ANSWER_NOT_OFFERED, word_not_offered },
	{ CNV_ANSWER_AGAINST_RULE, word_against_rule },
	{ CNV_ANSWER_UNLIKELY, word_unlikely },
	{ CNV_ANSWER_UNCHECKED, word_unchecked },
	{ CNV_ANSWER_UNDUE, cnv_word_undue },
	{ CNV_UNDUE_FOLLOWS, cnv_word_undue },
	{ CNV_WORD_FOR_REQUIRED, word_for_required },
	{ CNV_NOT_AS_CALCULATED, word_not_as_calculated },
	{ CNV_ENTRIES_NOT_AS_COUNTED, word_entries },
	{ CNV_ZEROS_LOST, word_zeros_lost },
	{ CNV_TEXT_MADE_DATE, word_made_date },
	{ CNV_PLUS_LOST, word_plus_lost },
	{ CNV_OTHER_UNIT, cnv_word_unreadable },
	{ CNV_NUMBER_MADE_DATE, cnv_word_unreadable },
	{ CNV_ERROR_CELL, word_damaged },
	{ CNV_NARROW_CELL, word_damaged },
	{ CNV_SHORTENED_NUMBER, word_damaged },
	{ CNV_ROUNDED_NUMBER, word_damaged },
	{ CNV_TEXT_CUT, word_damaged },
	{ CNV_FORMULA_SHOWN, word_damaged },
	{ CNV_APOSTROPHE, word_damaged },
};

/* A cell's place in the file; for a column that the file lacks, the nearest place that is known. */
static cnv_place place_of(const cnv_judging *judging, const cnv_event *event)
{
	const cnv_question *question = &judging->plan->form->questions[event->question];

	cnv_place place = cnv_batch_place(judging->batch, event->table, question->column, event->row, event->line,
					  judging->source);

	if (event->code == CNV_ANSWER_NOT_A_CHOICE && event->count)
		cnv_place_half_tick(judging, event, &place);
	return place;
}

static void emit_event(cnv_judging *judging, const cnv_event *event, const cnv_code_info *info, cnv_findings *findings)
{
	const cnv_question *question = &judging->plan->form->questions[event->question];
	cnv_arena *arena = &judging->temp;
	cnv_finding finding = { .table = event->table,
				.row = event->row,
				.question = event->question,
				.verdict = (cnv_verdict)event->verdict };

	finding.diag = (cnv_diag){ .severity = info->severity, .code = event->code, .place = place_of(judging, event) };
	if (question->column == CNV_NONE) {
		finding.diag.field = question->name;
	} else {
		const cnv_column *column = &judging->batch->tables[event->table].columns[question->column];

		finding.diag.field = cnv_cell_path(judging->batch, event->table, event->row, event->question, arena);
		finding.diag.excerpt =
			cnv_utf8_cut(event->text.len ? event->text : cnv_column_text(column, event->row), MOST_EXCERPT);
	}
	for (size_t i = 0; i < sizeof wordings / sizeof wordings[0]; i++)
		if (wordings[i].code == (cnv_code)event->code)
			wordings[i].word(judging, event, &finding.diag, arena);
	findings->emit(findings->self, &finding);
}

cnv_status cnv_judge_emit(cnv_judging *judging, cnv_findings *findings)
{
	judging->nearest_budget = NEAREST_BUDGET;
	if (judging->event_count)
		qsort(judging->events, judging->event_count, sizeof *judging->events, compare_events);
	cnv_judge_follow(judging);
	for (uint32_t i = 0; i < judging->event_count; i++) {
		const cnv_event *event = &judging->events[i];
		const cnv_code_info *info = cnv_code_find(event->code);

		if (!info)
			continue;
		if (info->severity == CNV_ERROR)
			findings->errors++;
		else
			findings->warnings++;
		if (!findings->emit)
			continue;
		cnv_arena_reset(&judging->temp);
		emit_event(judging, event, info, findings);
		if (judging->temp.failed)
			return CNV_NO_MEMORY;
	}
	return CNV_OK;
}
