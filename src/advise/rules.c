/* Advice on a form that compiles: what a careful colleague would say before it goes out.
 *
 * Each piece looks at one trait of one formula, or at one rule that turned out to be a constant.  It is
 * meant to be right nearly always: a warning that is usually wrong teaches people to skip them all.
 */
#include "advise/advice.h"

#include <string.h>

struct advising {
	const cnv_plan *plan;
	const cnv_form *form;
	cnv_arena *scratch;
	cnv_diags *diags;
	uint32_t *choices_left; /* that may be looked at for cascades: many questions can share a long list */
};

/* One formula of one question. */
struct subject {
	cnv_question_id id;
	const cnv_question *question;
	cnv_slot slot;
	const cnv_formula *formula;
};

static cnv_place trait_place(const struct subject *subject, const cnv_trait *trait)
{
	cnv_place place = subject->formula->place;

	place.from = trait->from;
	place.upto = trait->upto;
	return place;
}

static cnv_str trait_text(const struct subject *subject, const cnv_trait *trait)
{
	return cnv_str_slice(subject->formula->text, trait->from, trait->upto);
}

/* ---------------------------------------------------------------- comparisons with texts */

/* The nearest choice by name or label, as a hint. */
static cnv_str choice_hint(const struct advising *advising, const cnv_list *list, cnv_str literal)
{
	uint32_t budget = 1000; /* names of a list longer than that are not typed by hand */

	return cnv_hint_choice(advising->form, list, literal, advising->form->default_language, &budget,
			       advising->scratch);
}

/* The literal stands beside = or !=, not as an argument of selected(). */
static bool is_compared(cnv_str formula, const cnv_trait *trait)
{
	cnv_str before = cnv_str_trim(cnv_str_slice(formula, 0, trait->from));
	cnv_str after = cnv_str_trim(cnv_str_slice(formula, trait->upto, formula.len));

	return !cnv_str_ends(before, CNV_STR(",")) || cnv_str_starts(after, CNV_STR("=")) ||
	       cnv_str_starts(after, CNV_STR("!"));
}

static void advise_equals(const struct advising *advising, const struct subject *subject, const cnv_trait *trait)
{
	const cnv_question *read = &advising->form->questions[trait->question];
	const cnv_list *list = read->list == CNV_NONE ? NULL : cnv_list_known(&advising->form->lists[read->list]);
	bool several = read->kind == CNV_CHOICES || read->kind == CNV_RANK;
	bool compared = is_compared(subject->formula->text, trait);
	cnv_str rest = trait->literal, word;

	if (!list || !trait->literal.len)
		return;
	if (several && compared && list->count > 1)
		cnv_diags_emit(advising->diags,
			       CNV_DIAG(.code = CNV_SEVERAL_COMPARED, .place = trait_place(subject, trait),
					.field = subject->question->name, .excerpt = subject->formula->text,
					.hint = cnv_arena_format(
						advising->scratch,
						"selected(${%.*s}, '%.*s') is true when it is among the ticked",
						CNV_ARG(read->name), CNV_ARG(trait->literal))),
			       "\"%.*s\" takes several choices; this is true only when exactly these are ticked",
			       CNV_ARG(read->name));
	if (!several || !compared) {
		if (cnv_list_find(list, trait->literal) != CNV_NONE)
			return;
		word = trait->literal;
	} else {
		do
			if (!cnv_str_word(&rest, &word))
				return;
		while (cnv_list_find(list, word) != CNV_NONE);
	}
	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = CNV_COMPARED_WITH_NO_CHOICE, .place = trait_place(subject, trait),
				.field = subject->question->name, .excerpt = subject->formula->text,
				.hint = choice_hint(advising, list, word)),
		       "\"%.*s\" is not a choice of \"%.*s\", whose list is \"%.*s\"", CNV_ARG(word),
		       CNV_ARG(read->name), CNV_ARG(list->name));
}

static void advise_pattern(const struct advising *advising, const struct subject *subject, const cnv_trait *trait)
{
	cnv_pattern_advise(subject->question, subject->formula, trait, advising->scratch, advising->diags);
}

static void advise_bare(const struct advising *advising, const struct subject *subject, const cnv_trait *trait)
{
	cnv_str name = trait->question == CNV_NONE ? (cnv_str){ 0 } : advising->form->questions[trait->question].name;

	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = CNV_BARE_CONDITION, .place = trait_place(subject, trait),
				.field = subject->question->name, .excerpt = subject->formula->text,
				.hint = cnv_arena_format(
					advising->scratch,
					"write ${%.*s} != '' for \"has been answered\", or compare it with a choice",
					CNV_ARG(name))),
		       "\"%.*s\" alone as a condition is read differently by different programs", CNV_ARG(name));
}

/* ---------------------------------------------------------------- comparisons that a blank answer turns false */

/* `${name} = ''`, `${name} != ''`, or a function that answers for a blank stands in the text. */
static bool guards(cnv_str text, cnv_str name, cnv_arena *scratch)
{
	static const char *const functions[] = { "coalesce(", "string-length(", "if(", "boolean(", "count-selected(" };
	cnv_str reference = cnv_arena_format(scratch, "${%.*s}", CNV_ARG(name));
	size_t at;

	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
		cnv_str call = cnv_arena_format(scratch, "%s%.*s", functions[i], CNV_ARG(reference));

		if (cnv_str_find(text, call) != SIZE_MAX)
			return true;
	}
	while ((at = cnv_str_find(text, reference)) != SIZE_MAX) {
		cnv_str rest = cnv_str_trim(cnv_str_slice(text, at + reference.len, text.len));

		if (cnv_str_starts(rest, CNV_STR("!")))
			rest = cnv_str_slice(rest, 1, rest.len);
		if (cnv_str_starts(rest, CNV_STR("="))) {
			rest = cnv_str_trim(cnv_str_slice(rest, 1, rest.len));
			if (cnv_str_starts(rest, CNV_STR("''")) || cnv_str_starts(rest, CNV_STR("\"\"")))
				return true;
		}
		text = cnv_str_slice(text, at + reference.len, text.len);
	}
	return false;
}

/* Every condition around `other` also stands around `id`: when `id` is asked, so is `other`. */
static bool asked_as_often(const struct advising *advising, cnv_question_id other, cnv_question_id id)
{
	const cnv_question *questions = advising->form->questions;

	for (cnv_question_id outer = other; outer != CNV_NONE; outer = questions[outer].parent) {
		bool found = !questions[outer].relevant.text.len;

		for (cnv_question_id mine = id; !found && mine != CNV_NONE; mine = questions[mine].parent)
			found = mine == outer ||
				cnv_str_equal(questions[mine].relevant.text, questions[outer].relevant.text);
		if (!found)
			return false;
	}
	return true;
}

/* `. <= ${other}` in a constraint: false when the other question is blank, which is hardly ever meant. */
static void advise_order(const struct advising *advising, const struct subject *subject, const cnv_trait *trait)
{
	cnv_question_id other = trait->other == subject->id ? trait->question : trait->other;
	const cnv_question *read;

	if (subject->slot != CNV_SLOT_CONSTRAINT || other == CNV_NONE || other == subject->id)
		return;
	read = &advising->form->questions[other];
	if (read->role != CNV_ASKED || (cnv_plan_rule(advising->plan, other, CNV_SLOT_REQUIRED)->kind == CNV_RULE_YES &&
					asked_as_often(advising, other, subject->id)))
		return;
	for (cnv_question_id id = subject->id; id != CNV_NONE; id = advising->form->questions[id].parent)
		if (guards(advising->form->questions[id].relevant.text, read->name, advising->scratch))
			return;
	if (guards(subject->formula->text, read->name, advising->scratch))
		return;
	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = CNV_ORDER_WITH_BLANK, .place = trait_place(subject, trait),
				.field = subject->question->name, .excerpt = subject->formula->text,
				.hint = cnv_arena_format(
					advising->scratch, "write (${%.*s} = '' or %.*s), or make \"%.*s\" required",
					CNV_ARG(read->name), CNV_ARG(trait_text(subject, trait)), CNV_ARG(read->name))),
		       "false whenever \"%.*s\" is blank, so the answer is refused then", CNV_ARG(read->name));
}

static void advise_date(const struct advising *advising, const struct subject *subject, const cnv_trait *trait)
{
	cnv_diags_emit(
		advising->diags,
		CNV_DIAG(.code = CNV_DATE_AS_TEXT, .place = trait_place(subject, trait),
			 .field = subject->question->name, .excerpt = subject->formula->text,
			 .hint = cnv_arena_format(advising->scratch, "write date('%.*s')", CNV_ARG(trait->literal))),
		"a date in quotes is a text to most programs, and no text is earlier or later");
}

/* ---------------------------------------------------------------- functions over many answers that get one */

/* `table` is `of` or lies around it. */
static bool is_around(const cnv_form *form, uint32_t table, uint32_t of)
{
	while (of != table && of)
		of = form->tables[of].parent;
	return of == table;
}

/* sum(${x}) where there is one x: the only argument, asked once or once in the same entry. */
static void advise_aggregates(const struct advising *advising, const struct subject *subject)
{
	static const char *const functions[] = { "sum", "count", "min", "max" };
	const cnv_form *form = advising->form;
	cnv_str text = subject->formula->text;

	for (size_t i = 0; i + 3 < text.len; i++) {
		size_t start = i, end;
		cnv_question_id read;
		cnv_place place = subject->formula->place;

		if (text.at[i] != '(' || text.at[i + 1] != '$' || text.at[i + 2] != '{')
			continue;
		while (start && text.at[start - 1] >= 'a' && text.at[start - 1] <= 'z')
			start--;
		end = cnv_str_find(cnv_str_slice(text, i, text.len), CNV_STR("})"));
		if (end == SIZE_MAX || (start && text.at[start - 1] == '-'))
			continue;
		read = cnv_form_find(form, cnv_str_slice(text, i + 3, i + end));
		if (read >= form->count || form->questions[read].role == CNV_GROUP ||
		    form->questions[read].role == CNV_REPEAT ||
		    !is_around(form, form->questions[read].table, cnv_slot_table(form, subject->id)))
			continue;
		place.from = (uint32_t)start;
		place.upto = (uint32_t)(i + end + 2);
		for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++)
			if (cnv_str_equal(cnv_str_slice(text, start, i), cnv_str_from(functions[k])))
				cnv_diags_emit(advising->diags,
					       CNV_DIAG(.code = CNV_ONE_ANSWER_SUMMED, .place = place,
							.field = subject->question->name, .excerpt = text),
					       "there is one \"%.*s\" here, and %s() of one answer is nothing new",
					       CNV_ARG(form->questions[read].name), functions[k]);
	}
}

/* ---------------------------------------------------------------- rules that are constants */

/* Whether a rule always gives the same; *yes what it gives. */
static bool is_constant(const struct advising *advising, const cnv_slot_rule *rule, bool *yes)
{
	cnv_world world = { 0 };
	const cnv_expr *expr;
	cnv_vector vector;

	*yes = rule->kind == CNV_RULE_YES;
	if (rule->kind != CNV_RULE_PROGRAM)
		return rule->kind != CNV_RULE_NONE;
	expr = rule->expr;
	if (!cnv_expr_is_constant(expr) || cnv_expr_run(expr, NULL, 0, 0, 1, NULL, &world, advising->scratch, &vector))
		return false;
	*yes = cnv_value_boolean(&vector, 0);
	return true;
}

static void say_rule(const struct advising *advising, const struct subject *subject, cnv_code code, const char *hint,
		     const char *message)
{
	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = code, .place = subject->formula->place, .field = subject->question->name,
				.excerpt = subject->formula->text, .hint = cnv_str_from(hint)),
		       "%s", message);
}

static void advise_constants(const struct advising *advising, const struct subject *subject)
{
	const cnv_slot_rule *rule = cnv_plan_rule(advising->plan, subject->id, subject->slot);
	bool yes;

	if ((subject->slot != CNV_SLOT_RELEVANT && subject->slot != CNV_SLOT_CONSTRAINT) ||
	    !is_constant(advising, rule, &yes))
		return;
	if (subject->slot == CNV_SLOT_CONSTRAINT && !yes)
		say_rule(advising, subject, CNV_RULE_NEVER_HOLDS,
			 "a rule usually compares the answer, written as a dot: . >= 0",
			 "no answer can meet this rule");
	if (subject->slot == CNV_SLOT_RELEVANT && !yes)
		say_rule(advising, subject, CNV_NEVER_ASKED, "if that is meant, take the row out of the form",
			 "this is never so, and nobody is asked");
	if (subject->slot == CNV_SLOT_RELEVANT && yes && rule->kind == CNV_RULE_PROGRAM)
		say_rule(advising, subject, CNV_ALWAYS_ASKED,
			 "compare an answer, written as ${question}, or empty the cell",
			 "this is always so, and everybody is asked");
}

/* Rules on rows that no person answers; of notes, and of constraints on groups, the form itself was told. */
static void advise_unanswered(const struct advising *advising, const struct subject *subject)
{
	cnv_role role = subject->question->role;
	cnv_slot_rule rule = *cnv_plan_rule(advising->plan, subject->id, subject->slot);

	if (role == CNV_ASKED || role == CNV_SHOWN || rule.kind == CNV_RULE_NONE)
		return;
	if (subject->slot == CNV_SLOT_REQUIRED && rule.kind != CNV_RULE_NO)
		say_rule(advising, subject, CNV_REQUIRED_OF_NOBODY,
			 "empty the cell; mark the questions themselves as required",
			 "a row that nobody answers cannot be required");
	if (subject->slot == CNV_SLOT_CONSTRAINT && (role == CNV_COMPUTED || role == CNV_METADATA))
		say_rule(advising, subject, CNV_RULE_ON_NOBODY,
			 "put the rule on a question, or show the mistake in a note with this condition as its "
			 "relevance",
			 "nobody answers this row, and its rule is never judged");
}

/* ---------------------------------------------------------------- public */

static void advise_formula(const struct advising *advising, const struct subject *subject)
{
	static void (*const advice[])(const struct advising *, const struct subject *, const cnv_trait *) = {
		[CNV_TRAIT_EQUALS] = advise_equals,     [CNV_TRAIT_PATTERN] = advise_pattern,
		[CNV_TRAIT_BARE] = advise_bare,         [CNV_TRAIT_ORDER] = advise_order,
		[CNV_TRAIT_DATE_LITERAL] = advise_date,
	};
	const cnv_slot_rule *rule = cnv_plan_rule(advising->plan, subject->id, subject->slot);
	cnv_trait trait;

	advise_constants(advising, subject);
	advise_unanswered(advising, subject);
	advise_aggregates(advising, subject);
	if (subject->slot == CNV_SLOT_CONSTRAINT)
		cnv_message_advise(advising->form, subject->question, advising->scratch, advising->diags);
	if (rule->kind != CNV_RULE_PROGRAM)
		return;
	if (subject->slot == CNV_SLOT_FILTER)
		cnv_cascade_advise(advising->form, subject->question, advising->choices_left, advising->scratch,
				   advising->diags);
	for (uint32_t i = 0; cnv_expr_trait(rule->expr, i, &trait); i++) {
		bool named = trait.kind == CNV_TRAIT_EQUALS || trait.kind == CNV_TRAIT_ORDER;

		if (!named || trait.question != CNV_NONE)
			advice[trait.kind](advising, subject, &trait);
	}
}

void cnv_advise(const cnv_plan *plan, cnv_arena *scratch, cnv_diags *diags)
{
	uint32_t choices_left = 1u << 20;
	struct advising advising = { plan, cnv_plan_form(plan), scratch, diags, &choices_left };
	cnv_once once;

	cnv_once_init(&once, diags);
	if (cnv_plan_form(plan)->looped)
		advising.diags = &once.diags;

	for (cnv_question_id id = 0; id < cnv_plan_form(plan)->count; id++)
		for (cnv_slot slot = 0; slot < CNV_SLOTS; slot++) {
			const cnv_question *question = &cnv_plan_form(plan)->questions[id];
			struct subject subject = { id, question, slot, cnv_slot_formula(question, slot) };

			if (subject.formula->text.len)
				advise_formula(&advising, &subject);
		}
	cnv_plan_probe(plan, advising.diags);
	cnv_once_fini(&once);
}
