/* change_order.c: which items kept their order. */
#include "form/changes.h"

bool *cnv_form_rising(const uint32_t *ranks, uint32_t count, cnv_arena *arena)
{
	uint32_t *ends =
		cnv_arena_array(arena, (size_t)count + 1, sizeof *ends); /* index that ends a run of each length */
	uint32_t *previous = cnv_arena_array(arena, (size_t)count + 1, sizeof *previous);
	bool *kept = cnv_arena_array(arena, (size_t)count + 1, sizeof *kept);
	uint32_t length = 0;

	if (!ends || !previous || !kept)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t low = 0, high = length;
		if (ranks[i] == CNV_NONE)
			continue;
		while (low < high) {
			uint32_t middle = low + (high - low) / 2;
			if (ranks[ends[middle]] < ranks[i])
				low = middle + 1;
			else
				high = middle;
		}
		previous[i] = low ? ends[low - 1] : CNV_NONE;
		ends[low] = i;
		length = low == length ? length + 1 : length;
	}
	for (uint32_t at = length ? ends[length - 1] : CNV_NONE; at != CNV_NONE; at = previous[at])
		kept[at] = true;
	return kept;
}
