/* changes: each respondent's answers then and now.
 *
 * Both batches are of the same form, so that renamed questions and choices have met before: their columns and choices
 * have the same numbers.  An earlier answer that has no place in the form is not compared, and listed apart.  Of a repeat
 * the number of entries is compared, as in the Matrix. */
#include "report/changes.h"

#include <string.h>

#include "report/headline.h"

static const cnv_question *asked_of(const cnv_changes *c, cnv_question_id question)
{
	return &c->desk->form->questions[question];
}

static const cnv_column *column_then(const cnv_changes *c, cnv_question_id question)
{
	const cnv_question *asked = asked_of(c, question);

	return &c->earlier->batch->tables[asked->table].columns[asked->column];
}

/* ---------------------------------------------------------------- people */

static cnv_when when_of(const cnv_changes *c, const cnv_changed_person *person)
{
	const cnv_reported *then = person->then == CNV_NONE ? NULL : &c->earlier->responses[person->then];
	bool now = person->paired.response != CNV_NONE && !person->paired.blank;

	if (!person->paired.by_name || (then && then->shown != CNV_SHOWN_NAMED))
		return CNV_WHEN_WITHHELD;
	if (then && !then->blank)
		return now ? CNV_WHEN_BOTH : CNV_WHEN_THEN;
	return now ? CNV_WHEN_NOW : CNV_WHEN_NEVER;
}

static void add_person(cnv_changes *c, const cnv_paired *paired, uint32_t then)
{
	cnv_changed_person *person = &c->people[c->count++];

	*person = (cnv_changed_person){ .paired = *paired, .then = then };
	person->blank_then =
		then != CNV_NONE ? c->earlier->responses[then].blank
				 : c->earlier->blank && paired->listed != CNV_NONE && c->earlier->blank[paired->listed];
	person->when = when_of(c, person);
	c->whens[person->when]++;
}

static bool find_people(cnv_changes *c, cnv_arena *arena)
{
	const cnv_pairing *pairing = &c->desk->pairing;
	uint32_t responses = c->earlier->batch->tables[0].rows;
	cnv_map answered = { 0 };
	bool ok;

	c->people = cnv_arena_array(arena, (size_t)pairing->count + responses + 1, sizeof *c->people);
	for (uint32_t row = 0; row < responses; row++)
		cnv_map_put(&answered, c->earlier->responses[row].respondent, row);
	for (uint32_t i = 0; c->people && i < pairing->count; i++)
		add_person(c, &pairing->rows[i], cnv_map_find(&answered, pairing->rows[i].code));
	for (uint32_t row = 0; c->people && row < responses; row++) {
		cnv_str code = c->earlier->responses[row].respondent;

		if (cnv_map_find(&pairing->by_code, code) == CNV_NONE)
			add_person(c,
				   &(cnv_paired){ code, cnv_desk_name(c->desk, code), CNV_NONE, CNV_NONE, true, false },
				   row);
	}
	ok = c->people && !answered.failed;
	cnv_map_fini(&answered);
	return ok;
}

/* ---------------------------------------------------------------- one answer */

static bool same_text(cnv_str a, cnv_str b)
{
	return cnv_str_equal(cnv_cell_trim(a), cnv_cell_trim(b));
}

/* Are two accepted answers to a question the same value?  A choice that is not in the list has only its text. */
static bool same_value(const cnv_changes *c, const cnv_column *a, uint32_t then, const cnv_column *b, uint32_t now)
{
	const cnv_form *form = c->desk->form;
	size_t words = b->words;

	switch (cnv_kind_value(b->kind)) {
	case CNV_VALUE_NUMBER:
		return a->numbers[then] == b->numbers[now];
	case CNV_VALUE_DAY:
	case CNV_VALUE_TIME:
		return a->days[then] == b->days[now];
	case CNV_VALUE_MOMENT:
		return a->moments[then] == b->moments[now];
	case CNV_VALUE_CHOICE:
		if (a->choices[then] != CNV_NONE && b->choices[now] != CNV_NONE)
			return a->choices[then] == b->choices[now];
		break;
	case CNV_VALUE_SET:
		if (memcmp(a->sets + then * words, b->sets + now * words, words * sizeof *b->sets))
			return false;
		if (b->kind != CNV_RANK)
			return true;
		return same_text(cnv_cell_value(form, a, then, &c->desk->step),
				 cnv_cell_value(form, b, now, &c->desk->step));
	case CNV_VALUE_TEXT:
		break;
	}
	return same_text(cnv_column_text(a, then), cnv_column_text(b, now));
}

/* Something that the respondent has put there. */
static bool is_given(cnv_standing standing)
{
	return standing == CNV_STANDING_ANSWERED || standing == CNV_STANDING_NOT_APPLICABLE ||
	       standing == CNV_STANDING_DO_NOT_KNOW || standing == CNV_STANDING_NOT_USABLE;
}

static cnv_standing standing_of(const cnv_column *column, uint32_t row, bool blank)
{
	if (row == CNV_NONE || blank)
		return blank ? CNV_STANDING_RETURNED_BLANK : CNV_STANDING_NO_REPLY;
	return column ? cnv_verdict_standing((cnv_verdict)column->verdicts[row]) : CNV_STANDING_ANSWERED;
}

static bool is_lost(const cnv_changes *c, cnv_question_id question, uint32_t then)
{
	return c->lost && cnv_bit(c->lost, (size_t)then * c->desk->form->count + question);
}

static bool is_same(const cnv_changes *c, cnv_question_id question, uint32_t then, uint32_t now)
{
	const cnv_question *asked = asked_of(c, question);

	if (asked->role == CNV_REPEAT)
		return cnv_changes_entries_then(c, asked->table, then) == cnv_changes_entries_now(c, asked->table, now);
	return same_value(c, column_then(c, question), then, cnv_desk_column(c->desk, question), now);
}

/* Contacts are shown where a response allows it, then and now. */
static bool is_withheld(const cnv_changes *c, cnv_question_id question, const cnv_changed_person *person)
{
	cnv_privacy privacy = c->desk->privacy[question];

	if (person->when == CNV_WHEN_WITHHELD)
		return true;
	return (person->then != CNV_NONE && privacy > c->earlier->responses[person->then].privacy) ||
	       (person->paired.response != CNV_NONE &&
		privacy > c->desk->report->responses[person->paired.response].privacy);
}

cnv_move cnv_changes_move(const cnv_changes *c, cnv_question_id question, const cnv_changed_person *person)
{
	bool counted = asked_of(c, question)->role == CNV_REPEAT;
	cnv_move move;

	if (is_withheld(c, question, person))
		return (cnv_move){ CNV_STANDING_WITHHELD, CNV_STANDING_WITHHELD, false };
	move.then = standing_of(counted ? NULL : column_then(c, question), person->then, person->blank_then);
	move.now = standing_of(counted ? NULL : cnv_desk_column(c->desk, question), person->paired.response,
			       person->paired.blank);
	move.moved = person->when == CNV_WHEN_BOTH && (is_given(move.then) || is_given(move.now)) &&
		     move.then != CNV_STANDING_WITHHELD && move.now != CNV_STANDING_WITHHELD &&
		     !is_lost(c, question, person->then);
	if (move.moved && move.then == move.now)
		move.moved = move.then == CNV_STANDING_ANSWERED &&
			     !is_same(c, question, person->then, person->paired.response);
	return move;
}

uint32_t cnv_changes_entries_then(const cnv_changes *c, uint32_t table, uint32_t row)
{
	return c->entries[table][row];
}

uint32_t cnv_changes_entries_now(const cnv_changes *c, uint32_t table, uint32_t row)
{
	const uint32_t *starts = c->desk->pairing.entries[table].starts;

	return starts[row + 1] - starts[row];
}

/* ---------------------------------------------------------------- what cannot be compared */

bool cnv_changes_lists(const cnv_changes *c, const cnv_uncompared *uncompared)
{
	uint32_t at = uncompared->row;
	const cnv_reported *then = &c->earlier->responses[at];
	uint32_t paired = cnv_map_find(&c->desk->pairing.by_code, then->respondent);

	return then->shown == CNV_SHOWN_NAMED && (paired == CNV_NONE || c->desk->pairing.rows[paired].by_name) &&
	       (uncompared->question == CNV_NONE || !c->desk->privacy[uncompared->question] ||
		c->desk->report->audience == CNV_AUDIENCE_SECRETARIAT);
}

static bool mark_lost(cnv_changes *c, cnv_arena *arena)
{
	size_t questions = c->desk->form->count;

	if (!c->earlier->uncompared_count)
		return true;
	c->lost = cnv_arena_array(arena, CNV_BIT_WORDS(questions * c->earlier->batch->tables[0].rows) + 1,
				  sizeof *c->lost);
	for (uint32_t i = 0; c->lost && i < c->earlier->uncompared_count; i++) {
		const cnv_uncompared *uncompared = &c->earlier->uncompared[i];

		c->uncompared += cnv_changes_lists(c, uncompared);
		if (uncompared->question != CNV_NONE && !asked_of(c, uncompared->question)->table)
			cnv_bit_set(c->lost, uncompared->row * questions + uncompared->question);
	}
	return c->lost;
}

/* ---------------------------------------------------------------- all of them */

static bool count_entries(cnv_changes *c, cnv_arena *arena)
{
	const cnv_batch *batch = c->earlier->batch;

	c->entries = cnv_arena_array(arena, (size_t)batch->table_count + 1, sizeof *c->entries);
	for (uint32_t t = 1; c->entries && t < batch->table_count; t++) {
		c->entries[t] = cnv_arena_array(arena, (size_t)batch->tables[0].rows + 1, sizeof **c->entries);
		for (uint32_t row = 0; c->entries[t] && row < batch->tables[t].rows; row++)
			c->entries[t][cnv_batch_owner(batch, t, row, 0)]++;
	}
	return !arena->failed;
}

static bool is_fresh(const cnv_changes *c, cnv_question_id question)
{
	const cnv_question *asked = asked_of(c, question);

	return c->earlier->fresh[question] && (asked->role == CNV_ASKED || asked->role == CNV_REPEAT);
}

static bool is_compared(const cnv_changes *c, cnv_question_id question)
{
	const cnv_question *asked = asked_of(c, question);

	return (asked->role == CNV_REPEAT || asked->role == CNV_ASKED) && !cnv_desk_identifies(c->desk, question) &&
	       !is_fresh(c, question);
}

static void compare(cnv_changes *c, cnv_changed_question *question)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (cnv_changes_move(c, question->question, &c->people[i]).moved) {
			c->people[i].moved = true;
			question->moved++;
		}
	c->moves += question->moved;
}

static bool build(cnv_changes *c, cnv_desk *desk, cnv_arena *arena)
{
	const cnv_question_id *shown;
	uint32_t count = 0;

	*c = (cnv_changes){ .desk = desk, .earlier = desk->report->earlier };
	shown = cnv_desk_questions(desk, 0, &count, arena);
	c->questions = cnv_arena_array(arena, (size_t)count + 1, sizeof *c->questions);
	c->fresh = cnv_arena_array(arena, (size_t)count + 1, sizeof *c->fresh);
	if (!shown || !c->questions || !c->fresh || !find_people(c, arena) || !count_entries(c, arena) ||
	    !mark_lost(c, arena))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (is_fresh(c, shown[i]))
			c->fresh[c->fresh_count++] = shown[i];
		if (!is_compared(c, shown[i]))
			continue;
		c->questions[c->question_count] = (cnv_changed_question){ .question = shown[i] };
		compare(c, &c->questions[c->question_count++]);
	}
	for (uint32_t i = 0; i < c->count; i++)
		c->moved += c->people[i].moved;
	return !arena->failed && !desk->step.failed;
}

bool cnv_changes_find(cnv_desk *desk)
{
	cnv_changes *changes;

	if (!desk->report->earlier)
		return true;
	changes = cnv_arena_get(desk->arena, sizeof *changes);
	desk->changes = changes;
	return changes && build(changes, desk, desk->arena);
}

/* ---------------------------------------------------------------- counts */

/* Adds the options of an answer that counts. */
static void add_options(uint64_t *counts, uint32_t options, const cnv_column *column, uint32_t row)
{
	if (column->choices && column->choices[row] < options)
		counts[column->choices[row]]++;
	for (uint32_t option = 0; column->sets && option < options; option++)
		counts[option] += cnv_bit(column->sets + (size_t)row * column->words, option);
}

static void add_answer(cnv_counted *counted, const cnv_changes *c, cnv_question_id question, uint32_t row, bool now)
{
	const cnv_question *asked = asked_of(c, question);
	double *sum = now ? &counted->sum_now : &counted->sum_then;
	const cnv_column *column;

	if (asked->role == CNV_REPEAT) {
		*sum += now ? cnv_changes_entries_now(c, asked->table, row)
			    : cnv_changes_entries_then(c, asked->table, row);
		return;
	}
	column = now ? cnv_desk_column(c->desk, question) : column_then(c, question);
	if (column->numbers)
		*sum += column->numbers[row];
	add_options(now ? counted->now : counted->then, counted->options, column, row);
}

bool cnv_changes_count(cnv_counted *out, const cnv_changes *c, cnv_question_id question, cnv_arena *arena)
{
	const cnv_question *asked = asked_of(c, question);

	*out = (cnv_counted){ .options = asked->list != CNV_NONE && cnv_kind_is_select(asked->kind)
						 ? c->desk->form->lists[asked->list].count
						 : 0 };
	out->then = cnv_arena_array(arena, (size_t)out->options + CNV_STANDINGS, sizeof *out->then);
	out->now = cnv_arena_array(arena, (size_t)out->options + CNV_STANDINGS, sizeof *out->now);
	if (!out->then || !out->now)
		return false;
	for (uint32_t i = 0; i < c->count; i++) {
		const cnv_changed_person *person = &c->people[i];
		cnv_move move = cnv_changes_move(c, question, person);

		out->then[out->options + (uint32_t)move.then]++;
		out->now[out->options + (uint32_t)move.now]++;
		if (move.then == CNV_STANDING_ANSWERED)
			add_answer(out, c, question, person->then, false);
		if (move.now == CNV_STANDING_ANSWERED)
			add_answer(out, c, question, person->paired.response, true);
	}
	return true;
}
