/* Tables of entries. */
#ifndef CANVASS_GATHER_FED_H
#define CANVASS_GATHER_FED_H

#include "gather/links.h"
#include "gather/paths.h"
#include "gather/section.h"

/* A row of a table of entries; texts are ranges of cnv_fed.text. */
typedef struct cnv_fed_entry {
	uint32_t line;
	uint32_t cell, cells;      /* in cnv_fed.cells */
	size_t own[2], parent[2];  /* its key, and that of what it belongs to: [from, upto) */
	uint32_t number;           /* in its table, where it is known by that */
	uint32_t next;             /* of the same parent, CNV_NONE */
	uint32_t row;              /* in the batch, of the response being laid out */
	bool attached;
} cnv_fed_entry;

typedef struct cnv_fed_cell {
	cnv_question_id question;
	cnv_path_role role;
	uint32_t column; /* of its table, from 0 */
	size_t from, upto;
} cnv_fed_cell;

typedef struct cnv_fed_family {
	uint32_t first, last; /* entries of one parent */
} cnv_fed_family;

/* One table of entries. */
typedef struct cnv_fed {
	cnv_section *section; /* NULL: this table of the form was not given */
	cnv_link link;
	uint32_t link_column; /* from 1; 0: none */
	cnv_fed_entry *entries;
	uint32_t count, room;
	cnv_fed_cell *cells;
	uint32_t cell_count, cell_room;
	cnv_text text;
	cnv_fed_family *families;
	uint32_t family_count, family_room;
	cnv_map by_parent;
	uint32_t *attached; /* to the response being laid out */
	uint32_t attached_count, attached_room;
} cnv_fed;

#endif
