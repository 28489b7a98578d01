/* held.c: diagnostics held back during a build, to be emitted in the order of the file.
 *
 * The steps of a build go over the sheets several times; a reader wants the file read once.
 */
#include "form/held.h"

#include <stdlib.h>

static uint32_t sheet_rank(const cnv_sheets *sheets, cnv_str name)
{
	for (uint32_t i = 0; i < sheets->count; i++)
		if (sheets->sheets[i].name.at == name.at)
			return i + 1;
	return 0;
}

static void hold(void *self, const cnv_diag *diag)
{
	cnv_form_held *held = self;
	void *at = held->at;
	cnv_form_held_diag *next;

	if (!cnv_mem_room(&at, &held->room, held->count + 1, sizeof *held->at)) {
		held->failed = true;
		return;
	}
	held->at = at;
	next = &held->at[held->count];
	next->diag = *diag;
	next->diag.message = cnv_arena_copy(held->arena, diag->message);
	next->sheet = sheet_rank(held->sheets, diag->place.sheet);
	next->order = held->count++;
}

/* By sheet, row, column, and the order in which they were reported. */
static int compare_held(const void *left, const void *right)
{
	const cnv_form_held_diag *a = left, *b = right;
	uint32_t keys[][2] = { { a->sheet, b->sheet },
			       { a->diag.place.row, b->diag.place.row },
			       { a->diag.place.column, b->diag.place.column },
			       { a->order, b->order } };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return 0;
}

void cnv_form_hold(cnv_form_held *held, const cnv_sheets *sheets, cnv_arena *arena)
{
	*held = (cnv_form_held){ .sheets = sheets, .arena = arena };
	held->diags = (cnv_diags){ .emit = hold, .self = held };
}

void cnv_form_emit_held(cnv_form_held *held, bool once, cnv_diags *diags)
{
	cnv_once filter;

	if (held->count)
		qsort(held->at, held->count, sizeof *held->at, compare_held);
	cnv_once_init(&filter, diags);
	for (uint32_t i = 0; i < held->count; i++)
		cnv_diags_forward(once ? &filter.diags : diags, &held->at[i].diag);
	cnv_once_fini(&filter);
	cnv_mem_free(held->at);
	held->at = NULL;
}
