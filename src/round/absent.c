/* Sheets of a pack that did not come.  Where single sheets are saved as CSV, a question on another sheet has not been left
 * blank: what the respondent answered before still counts, and a first return has no answer there. */
#include "round/arrival.h"

typedef struct keeping {
	arrival *a;
	const bool *present; /* by question */
	uint64_t **replaced, **dropped;
	bool *earlier;
	cnv_arena arena;
} keeping;

/* Has a sheet of this repeat come? */
static bool is_table_present(const keeping *k, uint32_t table)
{
	const cnv_table *of = &k->a->intake->window->tables[table];

	for (uint32_t c = 0; c < of->count; c++)
		if (k->present[of->columns[c].question])
			return true;
	return false;
}

/* Marks what is taken from the earlier response: cells of the response itself, and the entries of whole repeats. */
static cnv_status mark(keeping *k)
{
	const cnv_batch *window = k->a->intake->window;
	const cnv_table *root = &window->tables[0];

	k->replaced = cnv_arena_array(&k->arena, window->table_count, sizeof *k->replaced);
	k->dropped = cnv_arena_array(&k->arena, window->table_count, sizeof *k->dropped);
	k->earlier = cnv_arena_array(&k->arena, window->table_count, sizeof *k->earlier);
	for (uint32_t t = 0; t < window->table_count && !k->arena.failed; t++) {
		const cnv_table *table = &window->tables[t];

		k->replaced[t] = cnv_arena_array(&k->arena, CNV_BIT_WORDS((size_t)table->rows * table->count) + 1,
						 sizeof(uint64_t));
		k->dropped[t] = cnv_arena_array(&k->arena, CNV_BIT_WORDS(table->rows) + 1, sizeof(uint64_t));
	}
	if (k->arena.failed)
		return CNV_NO_MEMORY;
	for (uint32_t c = 0; c < root->count; c++)
		if (!k->present[root->columns[c].question])
			cnv_bit_set(k->replaced[0], c);
	for (uint32_t t = 1; t < window->table_count; t++)
		k->earlier[t] = !is_table_present(k, t);
	return CNV_OK;
}

cnv_status absent_keep(arrival *a)
{
	cnv_intake *in = a->intake;
	keeping k = { .a = a, .present = cnv_gather_present(a->stream.gather) };
	cnv_str respondent = { 0 };
	cnv_reported reported;
	bool found = false;
	uint32_t row = 0;
	cnv_status status;

	a->partial = false;
	if (!k.present || in->options.unowned || in->window->tables[0].rows != 1)
		return CNV_OK;
	status = settle_batch(a, in->window, NULL);
	if (!status)
		owner_guess(a, &respondent);
	cnv_batch_reset(in->earlier);
	if (!status && respondent.len)
		status = cnv_store_earlier(in->store, respondent, in->earlier, &reported, &found, &a->faults);
	if (!status && found)
		status = mark(&k);
	if (!status && found) {
		a->partial = true;
		a->fills.replaced = k.replaced;
		a->fills.dropped = k.dropped;
		a->fills.earlier = k.earlier;
		status = sent_refill(a, &row);
	}
	cnv_arena_fini(&k.arena);
	return status;
}
