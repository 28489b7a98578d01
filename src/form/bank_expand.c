/* bank_expand.c: a form with the rows of the blocks it names, as the records of one CSV file.
 *
 * A row of the form that comes from a block is written as the block has it, with the form's own cells under other
 * headings.  Rows of the block that the form lacks follow the row that is before them in the block.  A row that names a
 * block and is not in it is left out: it came from an older bank. */
#include "form/bank.h"
#include "form/headers.h"

#include <string.h>

typedef struct writer {
	const cnv_bank_block *blocks;
	uint32_t block_count;
	cnv_arena *arena;
	cnv_str *fields; /* of one record; the first is the name of a sheet */
	uint32_t width;
	void (*emit)(void *self, const cnv_str *fields, uint32_t count);
	void *self;
} writer;

/* One sheet as it will be: its headings by column - 1, of a CSV file, where the first column has the sheets' names. */
typedef struct plan {
	cnv_bank_joint joint;
	bool joined; /* the sheet has rows of blocks */
	const cnv_sheet *sheet;
	cnv_str name;
	cnv_str *headings;
	uint32_t columns, shift; /* shift: how far cells of the form move to the right */
	uint32_t bank;
} plan;

static void clear(writer *w)
{
	memset(w->fields, 0, w->width * sizeof *w->fields);
}

static void put(writer *w, uint32_t column, cnv_str text)
{
	if (column && column <= w->width)
		w->fields[column - 1] = text;
}

static void emit(writer *w)
{
	w->emit(w->self, w->fields, w->width);
}

/* ---------------------------------------------------------------- columns */

static uint32_t add_heading(plan *p, cnv_str heading, cnv_arena *arena)
{
	cnv_str wanted = cnv_form_snake(arena, heading);

	for (uint32_t i = 1; i < p->columns; i++)
		if (cnv_str_equal(cnv_form_snake(arena, p->headings[i]), wanted))
			return i + 1;
	p->headings[p->columns] = heading;
	return ++p->columns;
}

/* Does a block write anything under this heading? */
static bool is_used(const cnv_bank_joint *joint, uint32_t block, uint32_t column)
{
	for (uint32_t i = joint->first[block]; i < joint->first[block + 1]; i++)
		if (cnv_bank_cell(joint->lines[i].row, column).len)
			return true;
	return false;
}

/* The headings of the form, then those that only its blocks have. */
static bool plan_columns(plan *p, const writer *w)
{
	const cnv_sheet_row *header = p->sheet ? &p->sheet->header : NULL;
	uint32_t last = header && header->count ? header->cells[header->count - 1].column : 0;
	size_t most = (size_t)last + 3;

	for (uint32_t i = 0; p->joined && i < w->block_count; i++)
		most += p->joint.block[i] ? p->joint.block[i]->header.count : 0;
	p->headings = cnv_arena_array(w->arena, most, sizeof *p->headings);
	if (!p->headings)
		return false;
	p->shift = p->sheet && p->sheet->tab ? 1 : 0;
	p->columns = header ? last + p->shift : 1;
	for (uint32_t i = 0; header && i < header->count; i++)
		p->headings[header->cells[i].column - 1 + p->shift] = header->cells[i].text;
	for (uint32_t i = 0; p->joined && i < w->block_count; i++) {
		const cnv_sheet *block = p->joint.block[i];

		for (uint32_t k = 0; block && k < block->header.count; k++) {
			uint32_t column = block->header.cells[k].column;
			uint32_t *place = &p->joint.place_of[i][column - 1];

			if (*place)
				*place += p->shift;
			else if (is_used(&p->joint, i, column))
				*place = add_heading(p, block->header.cells[k].text, w->arena);
		}
	}
	if (p->joined && p->joint.line_count)
		p->bank = add_heading(p, CNV_STR("bank"), w->arena);
	return true;
}

/* ---------------------------------------------------------------- rows */

static void write_row(writer *w, const plan *p, const cnv_sheet_row *row, const cnv_bank_line *line)
{
	clear(w);
	for (uint32_t i = 0; row && i < row->count; i++)
		put(w, row->cells[i].column + p->shift, row->cells[i].text);
	if (line) {
		const cnv_sheet *block = p->joint.block[line->block];

		for (uint32_t i = 0; i < block->header.count; i++) {
			uint32_t column = block->header.cells[i].column;

			put(w, p->joint.place_of[line->block][column - 1], cnv_bank_cell(line->row, column));
		}
		put(w, p->bank, w->blocks[line->block].name);
	}
	emit(w);
}

/* Writes the rows of a block from `line` on that the form lacks, up to one that it has. */
static void write_lacking(writer *w, const plan *p, uint32_t block, uint32_t line)
{
	for (; line < p->joint.first[block + 1] && p->joint.lines[line].taken == CNV_NONE; line++)
		write_row(w, p, NULL, &p->joint.lines[line]);
}

static void write_rows(writer *w, const plan *p)
{
	const cnv_bank_joint *joint = &p->joint;
	bool *begun = cnv_arena_array(w->arena, w->block_count, sizeof *begun);

	for (uint32_t i = 0; begun && p->sheet && i < p->sheet->count; i++) {
		const cnv_sheet_row *row = &p->sheet->rows[i];
		uint32_t block = p->joined ? joint->block_of[i] : CNV_NONE;

		if (block == CNV_NONE) {
			write_row(w, p, row, NULL);
			continue;
		}
		if (!begun[block])
			write_lacking(w, p, block, joint->first[block]);
		begun[block] = true;
		if (joint->line_of[i] == CNV_NONE || joint->lines[joint->line_of[i]].taken != i)
			continue;
		write_row(w, p, row, &joint->lines[joint->line_of[i]]);
		write_lacking(w, p, block, joint->line_of[i] + 1);
	}
	for (uint32_t block = 0; begun && p->joined && block < w->block_count; block++)
		if (!begun[block])
			write_lacking(w, p, block, joint->first[block]);
}

static void write_sheet(writer *w, const plan *p)
{
	clear(w);
	put(w, 1, p->name);
	emit(w);
	clear(w);
	for (uint32_t i = 1; i < p->columns; i++)
		put(w, i + 1, p->headings[i]);
	emit(w);
	write_rows(w, p);
}

/* ---------------------------------------------------------------- sheets */

/* Joins a sheet with its blocks if it is one that has any. */
static bool plan_sheet(plan *p, const writer *w, const cnv_sheets *form, const cnv_sheet *sheet)
{
	p->sheet = sheet;
	p->name = sheet->name;
	for (cnv_bank_sheet kind = 0; kind < BANK_SHEETS; kind++)
		if (cnv_sheets_find(form, cnv_str_from(cnv_bank_sheet_name(kind))) == sheet) {
			p->joined = sheet->header.count;
			if (p->joined && !cnv_bank_join(&p->joint, kind, form, w->blocks, w->block_count, w->arena))
				return false;
			if (form->alone)
				p->name = cnv_str_from(cnv_bank_sheet_name(kind));
		}
	return plan_columns(p, w);
}

/* The sheet choices of a form that has none: of the blocks alone. */
static bool plan_choices(plan *p, const writer *w, const cnv_sheets *form)
{
	p->name = CNV_STR("choices");
	p->joined = true;
	return cnv_bank_join(&p->joint, BANK_CHOICES, form, w->blocks, w->block_count, w->arena) && plan_columns(p, w);
}

cnv_status cnv_bank_expand(const cnv_sheets *form, const cnv_bank_block *blocks, uint32_t count, cnv_arena *arena,
			   void (*write)(void *self, const cnv_str *fields, uint32_t count), void *self)
{
	writer w = { .blocks = blocks, .block_count = count, .arena = arena, .emit = write, .self = self };
	plan *plans = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *plans);
	uint32_t sheets = 0;

	for (; plans && sheets < form->count; sheets++)
		if (!plan_sheet(&plans[sheets], &w, form, &form->sheets[sheets]))
			return CNV_NO_MEMORY;
	if (plans && !cnv_sheets_find(form, CNV_STR("choices"))) {
		if (!plan_choices(&plans[sheets], &w, form))
			return CNV_NO_MEMORY;
		sheets += plans[sheets].joint.line_count > 0;
	}
	for (uint32_t i = 0; plans && i < sheets; i++)
		w.width = plans[i].columns > w.width ? plans[i].columns : w.width;
	w.fields = cnv_arena_array(arena, w.width, sizeof *w.fields);
	if (!plans || !w.fields)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < sheets; i++)
		write_sheet(&w, &plans[i]);
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
