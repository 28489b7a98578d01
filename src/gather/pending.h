/* Cells that wait until the row they belong to exists.
 *
 * The row of an entry can only be made when it is known which entries a response has.  Until then the cells of a wide record,
 * the lines of a long file and the rows of a child table wait here, each with its question and its entry. */
#ifndef CANVASS_GATHER_PENDING_H
#define CANVASS_GATHER_PENDING_H

#include "canvass/gather.h"

#include <string.h>

typedef struct cnv_pending_cell {
	cnv_str text;
	cnv_question_id question;
	uint32_t column; /* of its table, from 0 */
	uint32_t entry;  /* CNV_NONE: the response, or the entry that a row of a child table is */
	uint32_t line;   /* 0: the row's */
	uint32_t next;   /* cell of the same row, CNV_NONE */
	uint8_t role;    /* cnv_path_role */
	bool twice;      /* its path occurs twice: neither value counts */
} cnv_pending_cell;

typedef struct cnv_pending {
	cnv_pending_cell *cells;
	uint32_t count, room;
	cnv_arena texts;
	char *at; /* what is left of the newest block of texts */
	size_t left;
	bool failed;
} cnv_pending; /* { 0 } is ready to use */

/* A new block of texts, of at least `size` bytes.  false: no memory. */
bool cnv_pending_block(cnv_pending *pending, size_t size);
/* A copy of the text that lives as long as the cells; texts lie end to end. */
static inline cnv_str cnv_pending_copy(cnv_pending *pending, cnv_str text)
{
	cnv_str copy = { 0 };

	if (!text.len || (text.len > pending->left && !cnv_pending_block(pending, text.len)))
		return copy;
	copy = (cnv_str){ pending->at, text.len };
	memcpy(pending->at, text.at, text.len);
	pending->at += text.len;
	pending->left -= text.len;
	return copy;
}

/* Adds a cell, whose text is borrowed. */
static inline void cnv_pending_add(cnv_pending *pending, cnv_pending_cell cell)
{
	if (pending->count == pending->room &&
	    !cnv_mem_room((void **)&pending->cells, &pending->room, pending->count + 1, sizeof *pending->cells))
		pending->failed = true;
	else
		pending->cells[pending->count++] = cell;
}

static inline void cnv_pending_reset(cnv_pending *pending)
{
	pending->count = 0;
	pending->left = 0;
	cnv_arena_reset(&pending->texts);
}

static inline void cnv_pending_fini(cnv_pending *pending)
{
	cnv_mem_free(pending->cells);
	cnv_arena_fini(&pending->texts);
}

#endif
