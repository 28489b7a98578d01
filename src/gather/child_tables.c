/* Child tables: entries that are read before the responses they belong to.
 *
 * Central, SurveyCTO and KoboToolbox export the entries of a repeat as a table of its own, each row with the key of its
 * parent; canvass's own workbooks have a sheet without keys, for one response. Child tables are read first, row by row,
 * into one list of cells, and their rows are grouped into families: the entries of one parent. When a response has been
 * read, its families are added under it, and theirs under them. Entries left over at the end are reported.
 */
#include "gather/account.h"
#include "gather/layouts.h"
#include "gather/place.h"
#include "gather/remark.h"
#include "gather/sent.h"

cnv_status cnv_child_open(cnv_gather *gather)
{
	cnv_section *section = gather->section;
	cnv_child_table *child;

	if (!gather->children)
		gather->children = cnv_mem_array(gather->form->table_count, sizeof *gather->children);
	if (!gather->children)
		return CNV_NO_MEMORY;
	child = &gather->children[section->table];
	if (child->section) {
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_ENTRIES_TWICE, .place = cnv_gather_place(gather, 0, 0),
				 .field = gather->form->questions[gather->form->tables[section->table].repeat].name),
			"second table of entries of \"%.*s\"",
			CNV_ARG(gather->form->questions[gather->form->tables[section->table].repeat].name));
		return CNV_REJECTED;
	}
	child->section = section;
	child->link = CNV_LINK_ALL;
	return CNV_OK;
}

/* ---------------------------------------------------------------- rows */

cnv_status cnv_child_header(cnv_gather *gather)
{
	const cnv_section *section = gather->section;
	const cnv_form *form = gather->form;
	cnv_child_table *child = &gather->children[section->table];
	uint32_t outer = form->tables[section->table].parent;
	cnv_status status = cnv_wide_header(gather);

	for (uint32_t i = CNV_LINKS; i-- > 0;)
		gather->keys[i] = CNV_NONE;
	gather->own_key = gather->own_number = gather->still = CNV_NONE;
	for (uint32_t at = 0; !status && at < section->heading_count; at++) {
		cnv_str heading = section->headings[at];
		cnv_link parent = cnv_link_to_parent(heading), own = cnv_link_own(heading);
		uint32_t numbered = cnv_paths_numbered(&gather->paths, heading);

		if (gather->columns[at].use != CNV_WIDE_UNUSED)
			continue;
		if (numbered != CNV_NONE && numbered == outer)
			parent = CNV_LINK_NUMBER;
		if (cnv_str_is_word(heading, "still_right"))
			gather->still = at;
		else if (numbered == section->table)
			gather->own_number = at;
		else if (parent != CNV_LINKS)
			gather->keys[parent] = at;
		else if (own == CNV_LINK_KEY || (own == CNV_LINK_INDEX && gather->own_key == CNV_NONE))
			gather->own_key = at;
		else
			continue;
		gather->columns[at].use = CNV_WIDE_KEY;
		gather->columns[at].as = at == gather->still ? CNV_AS_ANSWER : CNV_AS_IDENTITY;
	}
	for (uint32_t i = CNV_LINK_ALL; i-- > 0;)
		if (gather->keys[i] != CNV_NONE && (!outer || i < CNV_LINK_UUID))
			child->link = (cnv_link)i;
	child->link_column = child->link == CNV_LINK_ALL ? 0 : gather->keys[child->link] + 1;
	return status;
}

static cnv_str held_key(const cnv_gather *gather, uint32_t at)
{
	if (at == CNV_NONE)
		return (cnv_str){ 0 };
	if (gather->columns[at].use == CNV_WIDE_DIRECT)
		return cnv_cell_trim(cnv_column_text(gather->columns[at].column, gather->row));
	return cnv_cell_trim(cnv_held_text(gather, at));
}

static cnv_str keep_text(cnv_gather *gather, cnv_child_table *child, cnv_str text)
{
	gather->child_bytes += text.len;
	return cnv_pending_copy(&child->cells, text);
}

/* Copies the cells of the record; returns the first, or CNV_NONE. */
static uint32_t keep_cells(cnv_gather *gather, cnv_child_table *child)
{
	uint32_t first = child->cells.count;

	for (uint32_t i = 0; i < gather->composed.count; i++) {
		cnv_pending_cell cell = gather->composed.cells[i];

		cell.text = keep_text(gather, child, cell.text);
		cell.next = i + 1 < gather->composed.count ? child->cells.count + 1 : CNV_NONE;
		cnv_pending_add(&child->cells, cell);
	}
	gather->child_bytes += gather->composed.count * sizeof *child->cells.cells;
	return gather->composed.count ? first : CNV_NONE;
}

/* Adds the entry after its siblings. */
static void join_family(cnv_gather *gather, cnv_child_table *child, uint32_t at)
{
	cnv_child_entry *entry = &child->entries[at];
	cnv_str key = entry->parent;
	uint32_t there = cnv_map_find(&child->by_parent, key);

	if (there != CNV_NONE) {
		child->entries[child->families[there].last].next = at;
		child->families[there].last = at;
		return;
	}
	if (!cnv_mem_room((void **)&child->families, &child->family_room, child->family_count + 1,
			  sizeof *child->families)) {
		gather->arena.failed = true;
		return;
	}
	gather->child_bytes += key.len + sizeof *child->families;
	cnv_map_put(&child->by_parent, key, child->family_count);
	gather->arena.failed |= child->by_parent.failed;
	child->families[child->family_count++] = (cnv_child_family){ at, at };
}

static cnv_status keep_entry(cnv_gather *gather, cnv_child_table *child, uint32_t line)
{
	cnv_str parent = child->link == CNV_LINK_ALL ? (cnv_str){ 0 } : held_key(gather, gather->keys[child->link]);
	cnv_str own = held_key(gather, gather->own_number);
	cnv_child_entry entry = { .line = line, .next = CNV_NONE, .row = CNV_NONE };
	char digits[CNV_NUMBER_ROOM];

	cnv_pending_compose(gather, line);
	/* A row with a key is an entry even if nothing in it is answered; a numbered line of a sheet is not. */
	if (!gather->composed.count && !(parent.len && child->link != CNV_LINK_NUMBER))
		return CNV_OK;
	if (!own.len)
		own = held_key(gather, gather->own_key);
	if (!own.len)
		own = (cnv_str){ digits, cnv_number_write((double)child->count + 1, digits) };
	entry.first = keep_cells(gather, child);
	entry.own = keep_text(gather, child, own);
	entry.parent = keep_text(gather, child, parent);
	entry.answers = gather->as[CNV_AS_ANSWER];
	entry.remarks = gather->as[CNV_AS_REMARK];
	entry.still = keep_text(gather, child, held_key(gather, gather->still));
	gather->arena.failed |= child->cells.failed;
	if (!cnv_mem_room((void **)&child->entries, &child->room, child->count + 1, sizeof *child->entries))
		return CNV_NO_MEMORY;
	child->entries[child->count] = entry;
	join_family(gather, child, child->count++);
	gather->child_bytes += sizeof entry;
	if (gather->child_bytes > CNV_ENTRY_TABLE_BYTES) {
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_ENTRIES_TOO_LARGE, .place = cnv_gather_place(gather, line, 0)),
			       "the tables of entries are larger than %u MiB", CNV_ENTRY_TABLE_BYTES >> 20);
		return CNV_REJECTED;
	}
	return CNV_OK;
}

/* A line of tags below the header, which has no key: KoboToolbox writes it in each table. */
static bool is_tags(const cnv_gather *gather, const cnv_child_table *child)
{
	if (child->count || child->link == CNV_LINK_ALL || cnv_held_text(gather, gather->keys[child->link]).len)
		return false;
	for (uint32_t i = 0; i < gather->held.count; i++)
		if (!cnv_str_starts(cnv_cell_trim(gather->held.cells[i].text), CNV_STR("#")))
			return false;
	return true;
}

void cnv_child_field(cnv_gather *gather, cnv_str field)
{
	uint32_t at = gather->at++;

	if (cnv_is_blank(field))
		return;
	gather->filled++;
	if (at >= gather->section->heading_count) {
		gather->surplus++;
		return;
	}
	gather->as[gather->columns[at].as]++;
	if (gather->columns[at].use != CNV_WIDE_UNUSED)
		cnv_pending_hold(gather, at, field);
	else if (gather->section->titled && !gather->section->headings[at].len && !gather->columns[at].filled) {
		gather->columns[at].filled = true;
		cnv_wide_report_column(gather, at, &(cnv_path){ .found = CNV_PATH_UNKNOWN });
	}
}

cnv_status cnv_child_record(cnv_gather *gather, uint32_t line)
{
	cnv_child_table *child = &gather->children[gather->section->table];
	cnv_status status = CNV_OK;

	if (gather->surplus) {
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_SURPLUS_CELLS, .place = cnv_gather_place(gather, line, 0),
					.hint = CNV_STR("put quotes around each text that contains the separator")),
			       "%u more filled %s than header columns; the entry is ignored", gather->surplus,
			       gather->surplus == 1 ? "cell" : "cells");
		cnv_account_all(gather, gather->filled, CNV_AS_REPORTED);
	} else if (gather->filled && is_tags(gather, child)) {
		cnv_account_all(gather, gather->filled, CNV_AS_FORM);
	} else if (gather->filled) {
		status = keep_entry(gather, child, line);
	}
	cnv_account_record(gather);
	gather->filled = gather->surplus = 0;
	cnv_pending_reset(&gather->held);
	return status;
}

/* ---------------------------------------------------------------- under their response */

static void put_entry(cnv_gather *gather, uint32_t table, const cnv_child_entry *entry)
{
	const cnv_child_table *child = &gather->children[table];

	cnv_pending_put(gather, &child->cells, entry->first, entry->row);
	for (uint32_t i = entry->first; i != CNV_NONE; i = child->cells.cells[i].next) {
		const cnv_pending_cell *cell = &child->cells.cells[i];

		gather->bytes += sizeof *cell;
		if (cell->role != CNV_PATH_ANSWER)
			cnv_gather_remark_row(gather, table, entry->row, cell->question, cell->role,
					      child->section->headings[cell->column], cell->text, entry->line);
	}
}

static cnv_status report_too_many(cnv_gather *gather, const cnv_child_table *child, const cnv_child_entry *entry)
{
	gather->section = child->section;
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_TOO_MANY_ENTRIES, .place = cnv_gather_place(gather, entry->line, 0)),
		       "more than %u entries belong to \"%.*s\"", CNV_ENTRY_NUMBERS,
		       CNV_ARG(cnv_gather_cut(gather, entry->parent)));
	return CNV_REJECTED;
}

/* The entries were already added under another row with this key. */
static void report_shared(cnv_gather *gather, const cnv_child_table *child, uint32_t family)
{
	const cnv_child_entry *first = &child->entries[child->families[family].first];
	cnv_str key = cnv_gather_cut(gather, first->parent);
	cnv_section *section = gather->section;

	gather->section = child->section;
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_KEY_TWICE, .place = cnv_gather_place(gather, first->line, 0), .field = key,
				.excerpt = key),
		       "two rows have the key \"%.*s\"; its entries count for both", CNV_ARG(key));
	gather->section = section;
}

/* Adds the entries with this key under row `parent` of the parent table. */
static cnv_status attach_family(cnv_gather *gather, uint32_t table, cnv_str key, uint32_t parent)
{
	cnv_child_table *child = &gather->children[table];
	uint32_t family = cnv_map_find(&child->by_parent, key), count = 0;

	if (family == CNV_NONE)
		return CNV_OK;
	if (child->link != CNV_LINK_ALL && child->entries[child->families[family].first].attached)
		report_shared(gather, child, family);
	for (uint32_t at = child->families[family].first; at != CNV_NONE; at = child->entries[at].next) {
		cnv_child_entry *entry = &child->entries[at];

		if (count++ == CNV_ENTRY_NUMBERS)
			return report_too_many(gather, child, entry);
		entry->row = cnv_batch_row(gather->batch, table, parent, entry->line);
		if (entry->row == CNV_NONE || !cnv_mem_room((void **)&child->attached, &child->attached_room,
							    child->attached_count + 1, sizeof *child->attached)) {
			gather->batch->failed = true;
			return CNV_NO_MEMORY;
		}
		entry->attached = true;
		child->attached[child->attached_count++] = at;
		put_entry(gather, table, entry);
		if (entry->still.len)
			cnv_sent_tick_put(gather, table, entry->row, CNV_NONE, entry->still, entry->line);
	}
	return CNV_OK;
}

cnv_status cnv_child_attach(cnv_gather *gather)
{
	cnv_status status = CNV_OK;

	for (uint32_t table = 1; !status && table < gather->form->table_count; table++) {
		cnv_child_table *child = &gather->children[table];
		const cnv_child_table *around = &gather->children[gather->form->tables[table].parent];

		child->attached_count = 0;
		if (!child->section)
			continue;
		if (!gather->form->tables[table].parent) {
			cnv_str key = child->link == CNV_LINK_ALL ? (cnv_str){ 0 }
								  : held_key(gather, gather->keys[child->link]);

			if (child->link == CNV_LINK_ALL || key.len)
				status = attach_family(gather, table, key, gather->row);
			continue;
		}
		for (uint32_t i = 0; !status && i < around->attached_count; i++) {
			const cnv_child_entry *entry = &around->entries[around->attached[i]];

			status = attach_family(gather, table, entry->own, entry->row);
		}
	}
	return status;
}

bool cnv_child_any(const cnv_gather *gather)
{
	for (uint32_t table = 1; gather->children && table < gather->form->table_count; table++)
		if (gather->children[table].count)
			return true;
	return false;
}

/* An entry that belongs to none of the responses, or in a repeat inside another to none of its entries. */
static void report_alone(cnv_gather *gather, uint32_t table, const cnv_place *place, cnv_str key)
{
	uint32_t parent = gather->form->tables[table].parent;
	const cnv_question *repeat = parent ? &gather->form->questions[gather->form->tables[parent].repeat] : NULL;
	cnv_diag diag = { .code = CNV_ENTRY_WITHOUT_PARENT, .place = *place, .field = key, .excerpt = key };

	if (repeat && gather->present && !gather->children[parent].section) {
		diag.hint = CNV_STR("import that sheet together with this one");
		cnv_diags_emit(gather->diags, &diag,
			       "this entry belongs to number %.*s on the sheet \"%.*s\", which is missing",
			       CNV_ARG(key),
			       CNV_ARG(cnv_gather_cut(gather, cnv_question_title(gather->form, repeat, 0))));
		return;
	}
	cnv_diags_emit(gather->diags, &diag,
		       key.len ? "entry without a response: no response has the key \"%.*s\""
			       : "entry without a response: its key is blank%.*s",
		       CNV_ARG(key));
}

cnv_status cnv_child_end(cnv_gather *gather)
{
	for (uint32_t table = 1; gather->children && table < gather->form->table_count; table++) {
		const cnv_child_table *child = &gather->children[table];

		if (gather->responses < 2 || child->link != CNV_LINK_ALL || !child->count)
			continue;
		gather->section = child->section;
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_ENTRIES_OF_NOBODY, .place = cnv_gather_place(gather, 0, 0)),
			       "the entries have no key that links them to one of the responses");
		return CNV_REJECTED;
	}
	for (uint32_t table = 1; gather->children && table < gather->form->table_count; table++) {
		const cnv_child_table *child = &gather->children[table];

		for (uint32_t i = 0; i < child->count; i++) {
			cnv_str key = cnv_gather_cut(gather, child->entries[i].parent);
			cnv_place place;

			if (child->entries[i].attached)
				continue;
			cnv_account_move(gather, CNV_AS_ANSWER, child->entries[i].answers);
			cnv_account_move(gather, CNV_AS_REMARK, child->entries[i].remarks);
			gather->section = child->section;
			place = cnv_gather_place(gather, child->entries[i].line, child->link_column);
			report_alone(gather, table, &place, key);
			cnv_arena_reset(&gather->scratch);
		}
	}
	return CNV_OK;
}

void cnv_child_fini(cnv_gather *gather)
{
	for (uint32_t table = 1; gather->children && table < gather->form->table_count; table++) {
		cnv_child_table *child = &gather->children[table];

		cnv_mem_free(child->entries);
		cnv_pending_fini(&child->cells);
		cnv_mem_free(child->families);
		cnv_mem_free(child->attached);
		cnv_map_fini(&child->by_parent);
	}
	cnv_mem_free(gather->children);
}
