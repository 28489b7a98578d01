/* buckets: respondents by their answer to one question, for the columns of names.
 *
 * This is a counting sort, so that a list of a thousand choices over all respondents costs no more than reading the
 * column: the first pass counts each bucket, the second one fills it. */
#include "report/buckets.h"

#include "report/texts.h"

struct sorting {
	bool part; /* of the respondents: what is only counted is withheld for so few */
	const cnv_desk *desk;
	const cnv_column *column;
	uint32_t table, options;
	uint32_t *places; /* of each bucket: counts in the first pass, next free place in the second */
	uint32_t *items;  /* NULL in the first pass */
};

static void put(struct sorting *sorting, uint32_t bucket, uint32_t person)
{
	if (sorting->items)
		sorting->items[sorting->places[bucket]] = person;
	sorting->places[bucket]++;
}

static void put_cell(struct sorting *sorting, uint32_t row, uint32_t person)
{
	const cnv_column *column = sorting->column;
	cnv_standing standing = cnv_verdict_standing((cnv_verdict)column->verdicts[row]);

	if (sorting->part && standing != CNV_STANDING_RETURNED_BLANK && !sorting->desk->pairing.rows[person].by_name)
		standing = CNV_STANDING_WITHHELD;
	put(sorting, sorting->options + (uint32_t)standing, person);
	if (standing != CNV_STANDING_ANSWERED || !sorting->options)
		return;
	if (column->choices && column->choices[row] < sorting->options)
		put(sorting, column->choices[row], person);
	for (uint32_t word = 0; column->sets && word < column->words; word++)
		for (uint64_t set = column->sets[(size_t)row * column->words + word]; set; set &= set - 1) {
			uint32_t option = word * 64 + (uint32_t)__builtin_ctzll(set);
			if (option < sorting->options)
				put(sorting, option, person);
		}
}

static void put_all(struct sorting *sorting, const uint32_t *people, uint32_t count)
{
	const cnv_pairing *pairing = &sorting->desk->pairing;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t person = people ? people[i] : i, response = pairing->rows[person].response;

		if (response == CNV_NONE) {
			if (!sorting->table)
				put(sorting,
				    sorting->options + (pairing->rows[person].blank ? CNV_STANDING_RETURNED_BLANK
										    : CNV_STANDING_NO_REPLY),
				    person);
		} else if (!sorting->table) {
			put_cell(sorting, response, person);
		} else {
			const cnv_entries *entries = &pairing->entries[sorting->table];
			for (uint32_t at = entries->starts[response]; at < entries->starts[response + 1]; at++)
				put_cell(sorting, entries->rows[at], person);
		}
	}
}

bool cnv_buckets_build(cnv_buckets *buckets, const cnv_desk *desk, cnv_question_id question, const uint32_t *people,
		       uint32_t count, cnv_arena *arena)
{
	const cnv_question *asked = &desk->form->questions[question];
	uint32_t options = cnv_is_select(asked) ? desk->form->lists[asked->list].count : 0;
	uint32_t all = options + CNV_STANDINGS, *places = cnv_arena_array(arena, all, sizeof *places);
	struct sorting sorting = { people, desk, cnv_desk_column(desk, question), asked->table, options, places, NULL };
	uint32_t sum = 0;

	buckets->options = options;
	buckets->starts = cnv_arena_array(arena, (size_t)all + 1, sizeof *buckets->starts);
	if (!places || !buckets->starts)
		return false;
	put_all(&sorting, people, count);
	for (uint32_t bucket = 0; bucket < all; bucket++) {
		buckets->starts[bucket] = sum;
		sum += places[bucket];
		places[bucket] = buckets->starts[bucket];
	}
	buckets->starts[all] = sum;
	sorting.items = buckets->items = cnv_arena_array(arena, (size_t)sum + 1, sizeof *buckets->items);
	if (!sorting.items)
		return false;
	put_all(&sorting, people, count);
	return true;
}

uint32_t cnv_bucket_size(const cnv_buckets *buckets, uint32_t bucket)
{
	return buckets->starts[bucket + 1] - buckets->starts[bucket];
}
