/* bank.c: rows that forms share.
 *
 * A block is a form of a few rows, in a file of its own: the rows of the survey that several forms have in common, and the
 * lists of their choices.  In a form, the column `bank` names the block that a row comes from.  A row with nothing but that
 * name is where the block belongs; cnv_bank_expand writes its rows there.  Other XLSForm programs ignore the column and
 * skip such a row, which has no type.
 *
 * A row of the form and one of the block are the same if they have the same name, and in choices the same list; rows
 * without a name are counted by their type.  The block decides the cells under its own headings; all other cells, and the
 * order, are the form's own.
 *
 * In choices, `bank` may be the form's own column for a choice_filter, so it is read only if the survey has one too.
 */
#include "form/bank.h"

#include "form/headers.h"

static const struct {
	const char *name, *other;
} sheet_of[] = {
	[BANK_SURVEY] = { "survey", "type" },
	[BANK_CHOICES] = { "choices", "list_name" },
};
_Static_assert(sizeof sheet_of / sizeof *sheet_of == BANK_SHEETS, "a row for each sheet");

#define BLOCK_NAME_MOST 64u

const char *cnv_bank_sheet_name(cnv_bank_sheet kind)
{
	return sheet_of[kind].name;
}

bool cnv_bank_name_ok(cnv_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!(name.at[i] >= 'a' && name.at[i] <= 'z') && !cnv_is_digit(name.at[i]) && name.at[i] != '_' &&
		    name.at[i] != '-')
			return false;
	return name.len && name.len <= BLOCK_NAME_MOST;
}

cnv_str cnv_bank_cell(const cnv_sheet_row *row, uint32_t column)
{
	for (uint32_t i = 0; column && i < row->count && row->cells[i].column <= column; i++)
		if (row->cells[i].column == column)
			return row->cells[i].text;
	return (cnv_str){ 0 };
}

uint32_t cnv_bank_column(const cnv_sheet *sheet, cnv_str heading, cnv_arena *arena)
{
	cnv_str wanted = cnv_form_snake(arena, heading);

	for (uint32_t i = 0; i < sheet->header.count; i++)
		if (cnv_str_equal(cnv_form_snake(arena, sheet->header.cells[i].text), wanted))
			return sheet->header.cells[i].column;
	return 0;
}

bool cnv_bank_is_bare(const cnv_sheet_row *row, uint32_t bank)
{
	return bank && row->count == 1 && row->cells[0].column == bank;
}

static const cnv_sheet *find_sheet(const cnv_sheets *sheets, cnv_bank_sheet kind)
{
	const cnv_sheet *sheet = cnv_sheets_find(sheets, cnv_str_from(sheet_of[kind].name));

	return sheet && sheet->header.count ? sheet : NULL;
}

static cnv_bank_columns find_columns(const cnv_sheet *sheet, cnv_bank_sheet kind, cnv_arena *arena)
{
	return (cnv_bank_columns){
		.bank = cnv_bank_column(sheet, CNV_STR("bank"), arena),
		.name = cnv_bank_column(sheet, CNV_STR("name"), arena),
		.other = cnv_bank_column(sheet, cnv_str_from(sheet_of[kind].other), arena),
	};
}

/* The column `bank` of a sheet of the form; 0: it is not read. */
static uint32_t bank_column(const cnv_sheets *form, cnv_bank_sheet kind, cnv_arena *arena)
{
	const cnv_sheet *survey = find_sheet(form, BANK_SURVEY), *sheet = find_sheet(form, kind);

	if (!survey || !sheet || !cnv_bank_column(survey, CNV_STR("bank"), arena))
		return 0;
	return cnv_bank_column(sheet, CNV_STR("bank"), arena);
}

cnv_status cnv_bank_blocks(cnv_bank_block **out, uint32_t *count, const cnv_sheets *form, cnv_arena *arena)
{
	cnv_map seen = { 0 };
	cnv_bank_block *blocks = NULL;
	uint32_t room = 0;

	*count = 0;
	for (cnv_bank_sheet kind = 0; kind < BANK_SHEETS; kind++) {
		const cnv_sheet *sheet = find_sheet(form, kind);
		uint32_t column = bank_column(form, kind, arena);

		for (uint32_t i = 0; column && i < sheet->count; i++) {
			const cnv_sheet_row *row = &sheet->rows[i];
			cnv_str name = cnv_bank_cell(row, column);
			uint32_t at;

			if (!name.len)
				continue;
			at = cnv_map_put(&seen, name, *count);
			if (at == *count) {
				if (!cnv_arena_grow(arena, (void **)&blocks, *count, &room, sizeof *blocks))
					break;
				blocks[(*count)++] =
					(cnv_bank_block){ .name = name,
							  .place = cnv_sheet_place(form, sheet, row->row, column) };
			}
			if (at >= *count)
				continue;
			blocks[at].in_survey = blocks[at].in_survey || kind == BANK_SURVEY;
			blocks[at].bare = blocks[at].bare || cnv_bank_is_bare(row, column);
		}
	}
	*out = blocks;
	cnv_map_fini(&seen);
	return arena->failed || seen.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- which row is which */

/* Rows met so far, to count those that have the same names. */
typedef struct met_rows {
	cnv_map seen;
	uint32_t *counts;
	uint32_t room, used;
} met_rows;

/* A text that is the same for a row of a block and the row of the form that comes from it. */
static cnv_str row_key(met_rows *met, cnv_str block, const cnv_bank_columns *columns, cnv_bank_sheet kind,
		       const cnv_sheet_row *row, cnv_arena *arena)
{
	cnv_str name = cnv_bank_cell(row, columns->name), other = { 0 }, key;
	uint32_t at;

	if (kind == BANK_CHOICES || !name.len)
		other = cnv_bank_cell(row, columns->other);
	key = cnv_arena_format(arena, "%.*s\n%.*s\n%.*s", CNV_ARG(block), CNV_ARG(name), CNV_ARG(other));
	at = cnv_map_put(&met->seen, key, met->used);
	if (at >= met->room)
		return key; /* no memory, which the arena or the map remembers */
	if (at == met->used)
		met->used++;
	return cnv_arena_format(arena, "%.*s\n%u", CNV_ARG(key), met->counts[at]++);
}

static bool start_counting(met_rows *met, uint32_t rows, cnv_arena *arena)
{
	met->room = rows;
	met->counts = cnv_arena_array(arena, rows, sizeof *met->counts);
	return met->counts;
}

/* The columns of a block in the form. */
static uint32_t *find_places(const cnv_sheet *sheet, const cnv_sheet *block, cnv_arena *arena)
{
	uint32_t *places = cnv_arena_array(arena, block->header.cells[block->header.count - 1].column, sizeof *places);

	for (uint32_t i = 0; places && sheet && i < block->header.count; i++)
		places[block->header.cells[i].column - 1] = cnv_bank_column(sheet, block->header.cells[i].text, arena);
	return places;
}

/* Lists the rows of the blocks, and where to find each by its key. */
static bool list_lines(cnv_bank_joint *joint, cnv_bank_sheet kind, const cnv_bank_block *blocks, uint32_t count,
		       cnv_map *by_key, cnv_arena *arena)
{
	met_rows met = { 0 };
	uint32_t rows = 0;

	joint->first = cnv_arena_array(arena, (size_t)count + 1, sizeof *joint->first);
	joint->place_of = cnv_arena_array(arena, count, sizeof *joint->place_of);
	joint->block = cnv_arena_array(arena, count, sizeof *joint->block);
	if (!joint->first || !joint->place_of || !joint->block)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		joint->block[i] = blocks[i].sheets ? find_sheet(blocks[i].sheets, kind) : NULL;
		/* A block that only choices name has no questions there. */
		if (kind == BANK_SURVEY && !blocks[i].in_survey)
			joint->block[i] = NULL;
		joint->first[i] = rows;
		rows += joint->block[i] ? joint->block[i]->count : 0;
	}
	joint->first[count] = joint->line_count = rows;
	joint->lines = cnv_arena_array(arena, rows, sizeof *joint->lines);
	if (!joint->lines || !start_counting(&met, rows, arena))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		cnv_bank_columns columns;

		if (!joint->block[i])
			continue;
		columns = find_columns(joint->block[i], kind, arena);
		joint->place_of[i] = find_places(joint->sheet, joint->block[i], arena);
		for (uint32_t k = 0; k < joint->block[i]->count; k++) {
			const cnv_sheet_row *row = &joint->block[i]->rows[k];
			uint32_t line = joint->first[i] + k;

			joint->lines[line] = (cnv_bank_line){ .row = row, .block = i, .taken = CNV_NONE };
			cnv_map_put(by_key, row_key(&met, blocks[i].name, &columns, kind, row, arena), line);
		}
	}
	cnv_map_fini(&met.seen);
	return !met.seen.failed && !by_key->failed && !arena->failed;
}

/* Finds the line of each row of the form that comes from a block. */
static bool match_rows(cnv_bank_joint *joint, cnv_bank_sheet kind, const cnv_bank_block *blocks, uint32_t count,
		       const cnv_map *by_key, cnv_arena *arena)
{
	uint32_t rows = joint->sheet->count;
	cnv_map names = { 0 };
	met_rows met = { 0 };

	joint->block_of = cnv_arena_array(arena, rows, sizeof *joint->block_of);
	joint->line_of = cnv_arena_array(arena, rows, sizeof *joint->line_of);
	if (!joint->block_of || !joint->line_of || !start_counting(&met, rows, arena))
		return false;
	for (uint32_t i = 0; i < count; i++)
		cnv_map_put(&names, blocks[i].name, i);
	for (uint32_t i = 0; i < rows; i++) {
		const cnv_sheet_row *row = &joint->sheet->rows[i];
		cnv_str name = cnv_bank_cell(row, joint->columns.bank);
		cnv_str key;

		joint->line_of[i] = CNV_NONE;
		joint->block_of[i] = name.len ? cnv_map_find(&names, name) : CNV_NONE;
		if (!name.len || cnv_bank_is_bare(row, joint->columns.bank))
			continue;
		key = row_key(&met, name, &joint->columns, kind, row, arena);
		joint->line_of[i] = cnv_map_find(by_key, key);
		if (joint->line_of[i] != CNV_NONE)
			joint->lines[joint->line_of[i]].taken = i;
	}
	cnv_map_fini(&names);
	cnv_map_fini(&met.seen);
	return !names.failed && !met.seen.failed && !arena->failed;
}

bool cnv_bank_join(cnv_bank_joint *joint, cnv_bank_sheet kind, const cnv_sheets *form, const cnv_bank_block *blocks,
		   uint32_t count, cnv_arena *arena)
{
	cnv_map by_key = { 0 };
	bool joined;

	*joint = (cnv_bank_joint){ .sheet = find_sheet(form, kind) };
	if (joint->sheet) {
		joint->columns = find_columns(joint->sheet, kind, arena);
		joint->columns.bank = bank_column(form, kind, arena);
	}
	joined = list_lines(joint, kind, blocks, count, &by_key, arena) &&
		 (!joint->sheet || match_rows(joint, kind, blocks, count, &by_key, arena));
	cnv_map_fini(&by_key);
	return joined;
}
