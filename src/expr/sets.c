/* Steps over selected entries and items: counting, adding, joining, the first one.
 *
 * If one value is needed and there are several, the first in the order of the form is used; if there is none, the
 * value is blank. */
#include "expr/machine.h"

#include <math.h>

static const cnv_column *column_of(const expr_machine *machine, const expr_source *source)
{
	if (!machine->batch || source->column == CNV_NONE)
		return NULL;
	return &machine->batch->tables[source->table].columns[source->column];
}

cnv_str expr_member_text(expr_machine *machine, const expr_reading *reading, expr_member member)
{
	const expr_source *source = &reading->sources[member.source];
	const cnv_column *column;
	if (source->table == CNV_NONE)
		return source->texts != NULL && member.row < source->texts->count
			       ? expr_item_text(source->texts, member.row)
			       : CNV_STR("");
	column = column_of(machine, source);
	return column != NULL && expr_cell_there(column, member.row)
		       ? expr_cell_text(machine, source->list, column, member.row)
		       : CNV_STR("");
}

static bool is_typed(const expr_machine *machine, const expr_source *source)
{
	const cnv_column *column = source->table != CNV_NONE ? column_of(machine, source) : NULL;
	return column != NULL && expr_cell_is_typed(column);
}

double expr_member_number(expr_machine *machine, const expr_reading *reading, expr_member member, bool *blank)
{
	const expr_source *source = &reading->sources[member.source];
	bool mattered = false;
	int32_t utc_offset = machine->world ? machine->world->now.utc_offset : 0;
	if (is_typed(machine, source)) {
		const cnv_column *column = column_of(machine, source);
		*blank = !expr_cell_there(column, member.row);
		return *blank ? EXPR_NAN : expr_cell_number(column, member.row, utc_offset);
	}
	cnv_str text = cnv_str_trim(expr_member_text(machine, reading, member));
	*blank = text.len == 0;
	return *blank ? EXPR_NAN : expr_text_number(text, utc_offset, &mattered);
}

static bool is_filled(expr_machine *machine, const expr_reading *reading, expr_member member)
{
	const expr_source *source = &reading->sources[member.source];
	if (source->column == CNV_NONE)
		return true;
	if (is_typed(machine, source))
		return expr_cell_there(column_of(machine, source), member.row);
	return expr_member_text(machine, reading, member).len > 0;
}

#define OVER_MEMBERS(set, i, m) for (uint32_t m = (set)->starts[i]; m < (set)->ends[i]; m++)

void step_count_set(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_set *set = &machine->sets[((const expr_reading *)step->data)->set];
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = set->ends[i] - set->starts[i];
}

/* The result for the members of one row. */
typedef double total(expr_machine *machine, const expr_reading *reading, const expr_set *set, uint32_t row);

static void total_rows(expr_machine *machine, const expr_step *step, uint32_t count, total *of)
{
	const expr_reading *reading = step->data;
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = of(machine, reading, &machine->sets[reading->set], i);
}

static double count_filled(expr_machine *machine, const expr_reading *reading, const expr_set *set, uint32_t row)
{
	double filled = 0;
	OVER_MEMBERS(set, row, m)
	filled += is_filled(machine, reading, set->members[m]);
	return filled;
}

static double count_true(expr_machine *machine, const expr_reading *reading, const expr_set *set, uint32_t row)
{
	double truths = 0;
	OVER_MEMBERS(set, row, m)
	{
		bool blank = false;
		bool number = is_typed(machine, &reading->sources[set->members[m].source]);
		truths += is_filled(machine, reading, set->members[m]) &&
			  (!number || expr_member_number(machine, reading, set->members[m], &blank) != 0);
	}
	return truths;
}

static double sum(expr_machine *machine, const expr_reading *reading, const expr_set *set, uint32_t row)
{
	double whole = 0;
	OVER_MEMBERS(set, row, m)
	{
		bool blank;
		double number = expr_member_number(machine, reading, set->members[m], &blank);
		whole += blank ? 0 : number;
	}
	return whole;
}

/* The greatest (sign 1) or least (sign -1). */
static double extreme(expr_machine *machine, const expr_reading *reading, const expr_set *set, uint32_t row,
		      double sign)
{
	double found = EXPR_NAN;
	OVER_MEMBERS(set, row, m)
	{
		bool blank;
		double number = expr_member_number(machine, reading, set->members[m], &blank);
		if (!isnan(number) && !(number * sign <= found * sign))
			found = number;
	}
	return found;
}

static double least(expr_machine *machine, const expr_reading *reading, const expr_set *set, uint32_t row)
{
	return extreme(machine, reading, set, row, -1);
}

static double greatest(expr_machine *machine, const expr_reading *reading, const expr_set *set, uint32_t row)
{
	return extreme(machine, reading, set, row, 1);
}

void step_count_set_filled(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, count_filled);
}

void step_count_set_true(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, count_true);
}

void step_sum_set(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, sum);
}

void step_least_of_set(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, least);
}

void step_greatest_of_set(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, greatest);
}

/* args: whether there are any, the separator. */
void step_join_set(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_reading *reading = step->data;
	const expr_set *set = &machine->sets[reading->set];
	const cnv_str *separators = texts_of(machine, step->args[1]);
	cnv_str *to = texts_of(machine, step->to);
	cnv_text joined = { 0 };
	for (uint32_t i = 0; i < count && !machine->failed; i++) {
		to[i] = (cnv_str){ expr_no_items, 0 };
		if (set->starts[i] == set->ends[i])
			continue;
		joined.len = 0;
		OVER_MEMBERS(set, i, m)
		{
			if (m > set->starts[i])
				cnv_text_put(&joined, separators[i]);
			cnv_text_put(&joined, expr_member_text(machine, reading, set->members[m]));
		}
		cnv_str text = cnv_text_str(&joined);
		to[i] = expr_text_copy(machine, text.at, text.len);
		machine->failed = machine->failed || joined.failed;
	}
	cnv_text_fini(&joined);
}

void step_first_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_reading *reading = step->data;
	const expr_set *set = &machine->sets[reading->set];
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = set->starts[i] < set->ends[i] ? expr_member_text(machine, reading, set->members[set->starts[i]])
						      : CNV_STR("");
	machine->failed = machine->failed || machine->scratch->failed;
}

void step_first_number(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_reading *reading = step->data;
	const expr_set *set = &machine->sets[reading->set];
	double *to = numbers_of(machine, step->to);
	bool blank;
	for (uint32_t i = 0; i < count; i++)
		to[i] = set->starts[i] < set->ends[i]
				? expr_member_number(machine, reading, set->members[set->starts[i]], &blank)
				: EXPR_NAN;
}

/* ---------------------------------------------------------------- sets made from sets */

static bool add_member(expr_machine *machine, expr_set *set, expr_member member)
{
	if (set->count == set->room) {
		uint32_t room = set->room == 0 ? 256 : set->room * 2;
		expr_member *bigger =
			set->room > UINT32_MAX / 4 ? NULL : cnv_arena_array(machine->lasting, room, sizeof *bigger);
		if (!bigger) {
			machine->failed = true;
			return false;
		}
		for (uint32_t i = 0; i < set->count; i++)
			bigger[i] = set->members[i];
		set->members = bigger;
		set->room = room;
	}
	set->members[set->count++] = member;
	return true;
}

static bool is_same(const expr_reading *reading, expr_member a, expr_member b)
{
	const expr_source *one = &reading->sources[a.source], *other = &reading->sources[b.source];
	return a.row == b.row && one->table == other->table && one->column == other->column &&
	       one->texts == other->texts;
}

/* a | b: in the order of the form, each once. */
void step_unite(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_reading *reading = step->data;
	const expr_set *left = &machine->sets[reading->set], *right = &machine->sets[reading->other];
	expr_set *set = &machine->sets[step->set];
	uint64_t *any = bits_of(machine, step->to);

	set->count = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t a = left->starts[i], b = right->starts[i];
		set->starts[i] = set->count;
		while (a < left->ends[i] || b < right->ends[i]) {
			bool have_a = a < left->ends[i], have_b = b < right->ends[i];
			expr_member next_a = have_a ? left->members[a] : (expr_member){ 0, 0 };
			expr_member next_b = have_b ? right->members[b] : (expr_member){ 0, 0 };
			next_b.source += reading->first_count;
			bool take_a = have_a && (!have_b || !reading->merge || next_a.row <= next_b.row);
			if (have_a && have_b && is_same(reading, next_a, next_b))
				b++;
			if (!add_member(machine, set, take_a ? next_a : next_b))
				return;
			a += take_a;
			b += !take_a;
		}
		set->ends[i] = set->count;
		if (set->ends[i] > set->starts[i])
			cnv_bit_set(any, i);
		else
			cnv_bit_clear(any, i);
	}
}

/* Park and Miller's generator, as in the ODK specification: seed, then one number per call. */
static double next_uniform(int64_t *state)
{
	*state = *state * 16807 % 2147483647;
	return (double)(*state - 1) / 2147483646;
}

static int64_t seed_of_text(cnv_str text)
{
	uint8_t bytes[64];
	cnv_digest digest;
	uint64_t seed = 0;
	if (text.len == 0)
		return 0;
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, text.at, text.len);
	cnv_digest_end(&digest, bytes);
	for (uint32_t i = 0; i < 8; i++)
		seed = seed << 8 | bytes[i];
	return (int64_t)seed;
}

/* args: whether there are any, a number, the text it was parsed from. */
void step_shuffle(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_reading *reading = step->data;
	const expr_set *from = &machine->sets[reading->set];
	const uint64_t *any = bits_of(machine, step->args[0]);
	const double *numbers = numbers_of(machine, step->args[1]);
	const cnv_str *texts = step->argc > 2 ? texts_of(machine, step->args[2]) : NULL;
	expr_set *set = &machine->sets[step->set];
	uint64_t *to = bits_of(machine, step->to);

	set->count = 0;
	for (uint32_t i = 0; i < count; i++) {
		int64_t state = fabs(numbers[i]) < 9e18 ? (int64_t)numbers[i] % 2147483647 : 0;
		if (texts && isnan(numbers[i]))
			state = seed_of_text(texts[i]) % 2147483647;
		if (state <= 0)
			state += 2147483646;
		set->starts[i] = set->count;
		uint32_t members = from->ends[i] - from->starts[i];
		for (uint32_t k = 0; k < members; k++) {
			uint32_t j = (uint32_t)(next_uniform(&state) * (k + 1));
			expr_member member = from->members[from->starts[i] + k];
			if (!add_member(machine, set, member))
				return;
			expr_member *out = set->members + set->starts[i];
			out[k] = out[j];
			out[j] = member;
		}
		set->ends[i] = set->count;
	}
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++)
		to[w] = any[w];
}

/* jr:itext(): data is unused; the text of "list-3" is the label of the list's fourth choice, that of
 * "/data/group/name:label" the label of the question. */
void step_itext(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_form *form = machine->expr->form;
	const cnv_str *ids = texts_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		cnv_str id = ids[i];
		size_t dash = id.len;
		int64_t number;
		to[i] = CNV_STR("");
		if (!form)
			continue;
		if (cnv_str_starts(id, CNV_STR("/"))) {
			size_t colon = cnv_str_find(id, CNV_STR(":"));
			cnv_str path = cnv_str_slice(id, form->root.len + 2, colon),
				kind = cnv_str_slice(id, colon, id.len);
			uint32_t question = cnv_map_find(&form->by_path, path);
			if (question >= form->count)
				continue;
			const cnv_question *found = &form->questions[question];
			const cnv_wording *words = cnv_str_equal(kind, CNV_STR(":label"))  ? &found->label
						   : cnv_str_equal(kind, CNV_STR(":hint")) ? &found->hint
											   : NULL;
			to[i] = words ? cnv_wording_text(form, words, form->default_language) : CNV_STR("");
			continue;
		}
		while (dash > 0 && id.at[dash - 1] != '-')
			dash--;
		if (dash < 2 || !cnv_integer_read(cnv_str_slice(id, dash, id.len), &number))
			continue;
		for (uint32_t k = 0; k < form->list_count; k++) {
			const cnv_list *list = &form->lists[k];
			if (cnv_str_equal(list->name, cnv_str_slice(id, 0, dash - 1)) && number >= 0 &&
			    number < list->count)
				to[i] = cnv_wording_text(form, &list->choices[number].label, form->default_language);
		}
	}
}
