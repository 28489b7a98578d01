/* The entries of repeats that a file refers to.
 *
 * Both layouts number entries, `house[2]/person[1]/age`, in any order and with gaps. Here they become a tree in the
 * order that tables require: entries of one parent together, parents rising, the entries of each repeat by rising
 * number.
 */
#include "gather/entries.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a key for each repeat around an entry: its table and its number, most significant byte first, so that memcmp
 * sorts by number, and parents before their children. */
#define KEY_STEP 8u

static void write_word(char *at, uint32_t word)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*at++ = (char)(unsigned char)(word >> shift & 0xff);
}

uint32_t cnv_entries_get(cnv_entries *entries, uint32_t parent, uint32_t table, uint32_t number, cnv_arena *arena)
{
	char buffer[KEY_STEP * CNV_TABLE_DEPTH];
	cnv_str key = { buffer, 0 };
	uint32_t found;

	if (parent != CNV_NONE) {
		key.len = entries->at[parent].key.len;
		memcpy(buffer, entries->at[parent].key.at, key.len);
	}
	if (key.len + KEY_STEP > sizeof buffer)
		return CNV_NONE;
	write_word(buffer + key.len, table);
	write_word(buffer + key.len + 4, number);
	key.len += KEY_STEP;
	found = cnv_map_find(&entries->by_key, key);
	if (found != CNV_NONE)
		return found;
	if (entries->count == CNV_ENTRIES)
		return CNV_NONE;
	key = cnv_arena_copy(arena, key);
	if (arena->failed ||
	    !cnv_mem_room((void **)&entries->at, &entries->room, entries->count + 1, sizeof *entries->at)) {
		arena->failed = true;
		return CNV_NONE;
	}
	cnv_map_put(&entries->by_key, key, entries->count);
	entries->at[entries->count] = (cnv_entry){ .parent = parent,
						   .table = table,
						   .number = number,
						   .key = key,
						   .first = CNV_NONE,
						   .columns = CNV_NONE,
						   .row = CNV_NONE };
	return entries->count++;
}

typedef struct keyed_entry {
	cnv_str key;
	uint32_t entry;
} keyed_entry;

static int compare_keys(const void *a, const void *b)
{
	return cnv_str_compare(((const keyed_entry *)a)->key, ((const keyed_entry *)b)->key);
}

bool cnv_entries_sort(cnv_entries *entries, cnv_arena *arena)
{
	keyed_entry *sorted = cnv_arena_array(arena, entries->count, sizeof *sorted);

	entries->order = cnv_arena_array(arena, entries->count, sizeof *entries->order);
	if (!sorted || !entries->order)
		return false;
	for (uint32_t i = 0; i < entries->count; i++)
		sorted[i] = (keyed_entry){ entries->at[i].key, i };
	if (entries->count)
		qsort(sorted, entries->count, sizeof *sorted, compare_keys);
	for (uint32_t i = 0; i < entries->count; i++)
		entries->order[i] = sorted[i].entry;
	return true;
}

void cnv_entries_mark_present(cnv_entries *entries)
{
	for (uint32_t i = entries->count; i-- > 0;) {
		const cnv_entry *entry = &entries->at[entries->order[i]];

		if (entry->present && entry->parent != CNV_NONE)
			entries->at[entry->parent].present = true;
	}
}

bool cnv_entries_row(cnv_entries *entries, cnv_entry *entry, cnv_batch *batch, uint32_t row)
{
	uint32_t parent = entry->parent == CNV_NONE ? row : entries->at[entry->parent].row;

	entry->row = cnv_batch_row(batch, entry->table, parent, entry->line);
	if (entry->row == CNV_NONE)
		return false;
	batch->tables[entry->table].positions[entry->row] = entry->number;
	return true;
}

void cnv_entries_fini(cnv_entries *entries)
{
	cnv_map_fini(&entries->by_key);
	cnv_mem_free(entries->at);
	*entries = (cnv_entries){ 0 };
}
