/* Seeds of random values: the same for a response wherever it is judged, and different between respondents.
 *
 * A response is judged in a window of its file, alone to be sent back, and again by `verify`: its random values must
 * not depend on the rows around it.
 */
#include "canvass/data.h"

/* FNV-1a, which reads bytes one by one and so does not depend on their order in words. */
static uint64_t add_text(uint64_t state, cnv_str text)
{
	const uint64_t prime = UINT64_C(0x100000001B3);

	for (size_t i = 0; i < text.len; i++)
		state = (state ^ (unsigned char)text.at[i]) * prime;
	return (state ^ 0xFF) * prime; /* no UTF-8 text has this byte: "a", "bc" is not "ab", "c" */
}

static uint64_t mix(uint64_t state)
{
	cnv_chance chance = { state };

	return cnv_chance_draw(&chance);
}

uint64_t cnv_response_seed(const cnv_form *form, cnv_str round, cnv_str respondent, uint64_t ordinal)
{
	uint64_t state = add_text(UINT64_C(0xCBF29CE484222325), form->id);

	state = add_text(add_text(state, round), respondent);
	if (!respondent.len)
		state = mix(state ^ ordinal);
	state = mix(state);
	return state ? state : 1;
}

bool cnv_row_seed(const cnv_batch *batch, uint32_t table, uint32_t row, uint64_t *seed)
{
	uint64_t state = 0;

	if (!batch->seeds)
		return false;
	for (; table; table = batch->form->tables[table].parent) {
		state = mix(state ^ ((uint64_t)table << 32 | batch->tables[table].positions[row]));
		row = batch->tables[table].parents[row];
	}
	if (!batch->seeds[row])
		return false;
	*seed = state ^ batch->seeds[row];
	return true;
}
