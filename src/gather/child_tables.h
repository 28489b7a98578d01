/* Child tables: the entries of one repeat, one row each. */
#ifndef CANVASS_GATHER_CHILD_TABLES_H
#define CANVASS_GATHER_CHILD_TABLES_H

#include "gather/links.h"
#include "gather/paths.h"
#include "gather/pending.h"
#include "gather/section.h"

/* One row of a child table. */
typedef struct cnv_child_entry {
	cnv_str own, parent; /* its key, and that of the row it belongs to */
	cnv_str still;       /* the tick that confirms it */
	uint32_t line;
	uint32_t first;            /* of its cells, linked by `next`; CNV_NONE */
	uint32_t next;             /* of the same parent, CNV_NONE */
	uint32_t row;              /* in the batch, of the response being laid out */
	uint32_t answers, remarks; /* cells that are */
	bool attached;
} cnv_child_entry;

typedef struct cnv_child_family {
	uint32_t first, last; /* entries with the same parent */
} cnv_child_family;

/* One child table. */
typedef struct cnv_child_table {
	cnv_section *section; /* NULL: the return has no such table */
	cnv_link link;
	uint32_t link_column; /* from 1; 0: none */
	cnv_child_entry *entries;
	uint32_t count, room;
	cnv_pending cells; /* of all entries */
	cnv_child_family *families;
	uint32_t family_count, family_room;
	cnv_map by_parent;
	uint32_t *attached; /* to the response being laid out */
	uint32_t attached_count, attached_room;
} cnv_child_table;

#endif
