/* How long a questionnaire is: the fewest and the most questions that one respondent is asked.
 *
 * Each question is asked, not asked, or undecided.  Undecided ones that depend on the same answers are searched
 * together: every case of the answer on which most of them depend, then what is left in the same way.  What cannot be
 * decided counts as asked in the most and as not asked in the least, so both bounds hold for every respondent.
 */
#include "advise/extent.h"

#include <string.h>

#define MOST_LEVELS 24u       /* answers that are decided at once; each branch of the search has its own */
#define SEARCH_STEPS 4000000u /* of conditions; after them the rest is undecided */

/* Seconds to answer for somebody who knows the answer and types or ticks it: an estimate, not measured.  docs/forms.md
 * and the help of show name the common ones. */
static const uint8_t seconds_to_answer[] = {
	[CNV_TEXT] = 40,     [CNV_INTEGER] = 15,  [CNV_DECIMAL] = 15, [CNV_DATE] = 15,       [CNV_TIME] = 15,
	[CNV_DATETIME] = 20, [CNV_CHOICE] = 10,   [CNV_CHOICES] = 20, [CNV_RANK] = 40,       [CNV_GEOPOINT] = 60,
	[CNV_GEOTRACE] = 90, [CNV_GEOSHAPE] = 90, [CNV_FILE] = 60,    [CNV_ACKNOWLEDGE] = 5,
};
enum { READ_BYTES = 20 }; /* in a second: about 200 words a minute */

typedef enum measure { QUESTIONS, SECONDS, MEASURES } measure;

typedef struct bounds {
	uint64_t least[MEASURES], most[MEASURES];
} bounds;

/* The questions that one branch of the search looks at; arrays by position. */
struct level {
	cnv_question_id *ids; /* rising */
	uint32_t *root, *next;
	uint32_t count, room;
};

struct search {
	const cnv_form *form;
	struct gates gates;
	uint8_t *asked;     /* truth, of each question */
	uint32_t *position; /* of each question in the level that is being divided */
	uint32_t *linked;   /* of each gate: a position that depends on it, CNV_NONE */
	uint32_t *votes;    /* of each gate: how many conditions name it */
	bounds *weights;    /* of each question, with the entries that it can have */
	struct level levels[MOST_LEVELS];
	uint32_t work;
	cnv_arena arena;
};

/* ---------------------------------------------------------------- one branch */

static void add(bounds *sum, const bounds *part, bool certain)
{
	for (int m = 0; m < MEASURES; m++) {
		sum->least[m] += certain ? part->least[m] : 0;
		sum->most[m] += part->most[m];
	}
}

/* Decides what can be decided, adds it up, and keeps the rest. */
static void settle(struct search *search, struct level *level, bounds *sum)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < level->count; i++)
		search->asked[level->ids[i]] = MAYBE;
	for (uint32_t i = 0; i < level->count; i++) {
		cnv_question_id id = level->ids[i], parent = search->form->questions[id].parent;
		truth around = parent == CNV_NONE ? YES : (truth)search->asked[parent];
		truth own = around == NO ? NO : cnv_gate_truth(&search->gates, id, search->asked, &search->work);

		search->asked[id] = (uint8_t)(own == YES ? around : own);
		if (search->asked[id] == YES)
			add(sum, &search->weights[id], true);
		else if (search->asked[id] == MAYBE)
			level->ids[left++] = id;
	}
	level->count = left;
}

static uint32_t root_of(struct level *level, uint32_t i)
{
	while (level->root[i] != i)
		i = level->root[i] = level->root[level->root[i]];
	return i;
}

/* The lower position becomes the root, so that chains begin with it. */
static void join(struct level *level, uint32_t a, uint32_t b)
{
	a = root_of(level, a);
	b = root_of(level, b);
	level->root[a > b ? a : b] = a > b ? b : a;
}

static bool is_comparison(const struct gate_step *step)
{
	return step->kind == STEP_COMPARE || step->kind == STEP_SELECTED;
}

static bool is_open(const struct search *search, const struct gate *gate)
{
	return gate->at == CNV_NONE && search->asked[gate->id] != NO;
}

/* A question that is undecided as one of this level. */
static bool is_here(const struct search *search, const struct level *level, cnv_question_id id)
{
	uint32_t at = search->position[id];

	return search->asked[id] == MAYBE && at < level->count && level->ids[at] == id;
}

/* Joins questions that depend on one another, or on the same answer. */
static void divide(struct search *search, struct level *level)
{
	for (uint32_t i = 0; i < level->count; i++) {
		const struct gate_condition *condition = &search->gates.conditions[level->ids[i]];

		search->position[level->ids[i]] = i;
		level->root[i] = i;
		for (uint32_t k = 0; k < condition->count; k++)
			if (is_comparison(&condition->steps[k]))
				search->linked[condition->steps[k].gate] = CNV_NONE;
	}
	for (uint32_t i = 0; i < level->count; i++) {
		const struct gate_condition *condition = &search->gates.conditions[level->ids[i]];
		cnv_question_id parent = search->form->questions[level->ids[i]].parent;

		if (parent != CNV_NONE && is_here(search, level, parent))
			join(level, i, search->position[parent]);
		for (uint32_t k = 0; k < condition->count; k++) {
			const struct gate_step *step = &condition->steps[k];
			uint32_t *linked = &search->linked[step->gate];
			cnv_question_id on;

			if (!is_comparison(step))
				continue;
			on = search->gates.gates[step->gate].id;
			if (is_here(search, level, on))
				join(level, i, search->position[on]);
			if (!is_open(search, &search->gates.gates[step->gate]))
				continue;
			if (*linked != CNV_NONE)
				join(level, i, *linked);
			*linked = i;
		}
	}
}

/* Makes a chain of each part: next[] leads from its root to its last. */
static void chain(struct level *level)
{
	for (uint32_t i = 0; i < level->count; i++)
		level->next[i] = CNV_NONE;
	for (uint32_t i = level->count; i-- > 0;) {
		uint32_t root = root_of(level, i);

		if (root == i)
			continue;
		level->next[i] = level->next[root];
		level->next[root] = i;
	}
}

/* The open gate that most conditions of a part name; NULL: none. */
static struct gate *choose_gate(struct search *search, const struct level *level, uint32_t first)
{
	struct gate *best = NULL;
	uint32_t most = 0;

	for (int pass = 0; pass < 2; pass++) /* counts; then sets the counts back to 0 */
		for (uint32_t i = first; i != CNV_NONE; i = level->next[i]) {
			const struct gate_condition *condition = &search->gates.conditions[level->ids[i]];

			for (uint32_t k = 0; k < condition->count; k++) {
				const struct gate_step *step = &condition->steps[k];
				struct gate *gate = &search->gates.gates[step->gate];

				if (!is_comparison(step) || !is_open(search, gate))
					continue;
				if (pass)
					search->votes[step->gate] = 0;
				else if (++search->votes[step->gate] > most) {
					most = search->votes[step->gate];
					best = gate;
				}
			}
		}
	return best;
}

static bool make_level(struct search *search, struct level *level, uint32_t count)
{
	if (level->room >= count)
		return true;
	level->ids = cnv_arena_array(&search->arena, count, sizeof *level->ids);
	level->root = cnv_arena_array(&search->arena, count, sizeof *level->root);
	level->next = cnv_arena_array(&search->arena, count, sizeof *level->next);
	level->room = search->arena.failed ? 0 : count;
	return level->room > 0;
}

/* The part of a level that begins at `first` becomes the next level. */
static bool copy_part(struct search *search, uint32_t depth, uint32_t first)
{
	const struct level *level = &search->levels[depth];
	struct level *inner = &search->levels[depth + 1];

	if (!make_level(search, inner, search->levels[0].room))
		return false;
	inner->count = 0;
	for (uint32_t i = first; i != CNV_NONE; i = level->next[i])
		inner->ids[inner->count++] = level->ids[i];
	return true;
}

static bounds look(struct search *search, uint32_t depth);

/* A part: the fewest and the most over all cases of one answer. */
static bounds look_at_part(struct search *search, uint32_t depth, uint32_t first)
{
	const struct level *level = &search->levels[depth];
	struct gate *gate = choose_gate(search, level, first);
	bounds sum = { 0 }, part;

	if (!gate || depth + 1 == MOST_LEVELS || search->work > SEARCH_STEPS) {
		for (uint32_t i = first; i != CNV_NONE; i = level->next[i])
			add(&sum, &search->weights[level->ids[i]], false);
		return sum;
	}
	for (uint32_t at = 0; at < gate->cases; at++) {
		gate->at = at;
		if (!copy_part(search, depth, first))
			break;
		part = look(search, depth + 1);
		for (int m = 0; m < MEASURES; m++) {
			sum.least[m] = !at || part.least[m] < sum.least[m] ? part.least[m] : sum.least[m];
			sum.most[m] = part.most[m] > sum.most[m] ? part.most[m] : sum.most[m];
		}
	}
	gate->at = CNV_NONE;
	for (uint32_t i = first; i != CNV_NONE; i = level->next[i])
		search->asked[level->ids[i]] = MAYBE;
	return sum;
}

/* The recursion is as deep as answers are decided at once. */
static bounds look(struct search *search, uint32_t depth)
{
	struct level *level = &search->levels[depth];
	bounds sum = { 0 }, part;

	settle(search, level, &sum);
	divide(search, level);
	chain(level);
	for (uint32_t i = 0; i < level->count; i++) {
		if (level->root[i] != i)
			continue;
		part = look_at_part(search, depth, i);
		add(&sum, &part, true);
	}
	return sum;
}

/* ---------------------------------------------------------------- weights */

static uint64_t text_bytes(const cnv_form *form, const cnv_question *question)
{
	return cnv_wording_text(form, &question->label, form->default_language).len +
	       cnv_wording_text(form, &question->hint, form->default_language).len;
}

/* Entries of the repeats around a question: the number that repeat_count writes; else none at least, and one at most. */
static void count_entries(const cnv_form *form, cnv_question_id id, uint64_t *least, uint64_t *most)
{
	double number;

	*least = *most = 1;
	for (id = form->questions[id].repeat; id != CNV_NONE; id = form->questions[id].repeat) {
		const cnv_formula_tree *tree = form->questions[id].repeat_count.tree;
		bool fixed =
			cnv_formula_is_number(tree, cnv_formula_root(tree), &number) && number >= 0 && number <= 1000;

		*least *= fixed ? (uint64_t)number : 0;
		*most *= fixed ? (uint64_t)number : 1;
		if (*most > UINT32_MAX)
			*most = UINT32_MAX;
		if (*least > UINT32_MAX)
			*least = UINT32_MAX;
	}
}

static void weigh(struct search *search, cnv_question_id id)
{
	const cnv_question *question = &search->form->questions[id];
	uint64_t least, most, seconds = text_bytes(search->form, question) / READ_BYTES;

	if (question->role != CNV_ASKED && question->role != CNV_SHOWN && question->role != CNV_GROUP &&
	    question->role != CNV_REPEAT)
		return;
	if (question->role == CNV_ASKED)
		seconds += seconds_to_answer[question->kind];
	count_entries(search->form, id, &least, &most);
	search->weights[id] = (bounds){
		.least = { [QUESTIONS] = question->role == CNV_ASKED ? least : 0, [SECONDS] = least * seconds },
		.most = { [QUESTIONS] = question->role == CNV_ASKED ? most : 0, [SECONDS] = most * seconds },
	};
}

/* ---------------------------------------------------------------- public */

static bool prepare(struct search *search, const cnv_plan *plan)
{
	uint32_t count = search->form->count;

	if (!cnv_gates_read(&search->gates, plan) || !make_level(search, &search->levels[0], count + 1))
		return false;
	search->asked = cnv_arena_array(&search->arena, (size_t)count + 1, sizeof *search->asked);
	search->position = cnv_arena_array(&search->arena, (size_t)count + 1, sizeof *search->position);
	search->weights = cnv_arena_array(&search->arena, (size_t)count + 1, sizeof *search->weights);
	search->linked = cnv_arena_array(&search->arena, (size_t)search->gates.count + 1, sizeof *search->linked);
	search->votes = cnv_arena_array(&search->arena, (size_t)search->gates.count + 1, sizeof *search->votes);
	if (search->arena.failed)
		return false;
	for (cnv_question_id id = 0; id < count; id++) {
		weigh(search, id);
		search->levels[0].ids[id] = id;
	}
	search->levels[0].count = count;
	return true;
}

static uint32_t minutes(uint64_t seconds)
{
	return (uint32_t)((seconds + 59) / 60);
}

cnv_status cnv_extent_find(cnv_extent *out, const cnv_plan *plan)
{
	struct search search = { .form = cnv_plan_form(plan) };
	bool failed = !prepare(&search, plan);
	bounds found = { 0 };

	*out = (cnv_extent){ 0 };
	for (cnv_question_id id = 0; id < search.form->count; id++) {
		const cnv_slot_rule *required = cnv_plan_rule(plan, id, CNV_SLOT_REQUIRED);

		if (search.form->questions[id].role != CNV_ASKED)
			continue;
		out->questions++;
		out->required += required->kind == CNV_RULE_YES;
		out->required_sometimes += required->kind == CNV_RULE_PROGRAM;
	}
	if (!failed)
		found = look(&search, 0);
	failed = failed || search.arena.failed || search.gates.arena.failed;
	out->asked_least = (uint32_t)found.least[QUESTIONS];
	out->asked_most = (uint32_t)found.most[QUESTIONS];
	out->minutes_least = minutes(found.least[SECONDS]);
	out->minutes_most = minutes(found.most[SECONDS]);
	cnv_arena_fini(&search.arena);
	cnv_gates_fini(&search.gates);
	return failed ? CNV_NO_MEMORY : CNV_OK;
}
