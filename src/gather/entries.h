/* The entries of repeats that a file names. */
#ifndef CANVASS_GATHER_ENTRIES_H
#define CANVASS_GATHER_ENTRIES_H

#include "canvass/data.h"

#define CNV_ENTRY_NUMBERS 9999u /* highest number of an entry */
#define CNV_ENTRIES 10000u      /* of one response, in all its repeats */

typedef struct cnv_entry {
	uint32_t parent; /* entry, CNV_NONE: the response */
	uint32_t table, number;
	cnv_str key;      /* numbers of the entries around it and its own: sorts entries as they are laid out */
	uint32_t first;   /* of its pending cells, CNV_NONE */
	uint32_t columns; /* of a wide table: the first of its columns, CNV_NONE */
	bool declared;    /* a line of a long file names the entry itself: it exists, also with nothing in it */
	bool present;     /* a cell of it, or of an entry inside it, is not blank */
	uint32_t line, row;
} cnv_entry;

typedef struct cnv_entries {
	cnv_entry *at;
	uint32_t count, room;
	cnv_map by_key;
	uint32_t *order; /* entries by rising key, parents before their children: cnv_entries_sort */
} cnv_entries;

/* The entry `number` of `table` inside `parent`, created if new.  CNV_NONE: over CNV_ENTRIES, or the arena failed. */
uint32_t cnv_entries_get(cnv_entries *entries, uint32_t parent, uint32_t table, uint32_t number, cnv_arena *arena);
bool cnv_entries_sort(cnv_entries *entries, cnv_arena *arena);
/* Marks each entry that has a present entry inside it as present. */
void cnv_entries_mark_present(cnv_entries *entries);
/* Adds the row of one entry under row `row` of table 0; entries come in `order`.  false: no memory. */
bool cnv_entries_row(cnv_entries *entries, cnv_entry *entry, cnv_batch *batch, uint32_t row);
void cnv_entries_fini(cnv_entries *entries);

#endif
