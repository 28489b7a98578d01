/* The wide layout: one row a response, one column a question.
 *
 * This is the hot path, 24 cells a response a million times over: a cell of the response itself is
 * appended to its column as it comes.  Cells of repeats, and remarks, are held back until the record
 * ends, because an entry's row can only be made when it is known which entries there are. */
#include "gather/assemble.h"
#include "gather/claims.h"
#include "gather/layouts.h"
#include "gather/place.h"
#include "gather/remark.h"

static void begin_row(cnv_gather *gather)
{
	if (!gather->batch->tables[0].rows)
		gather->bytes = 0;
	gather->row = cnv_batch_row(gather->batch, 0, 0, 0);
	gather->like_header = true;
}

/* The identity of a record is no question's answer. */
static void put_direct(cnv_gather *gather, cnv_column *column, cnv_str field)
{
	if (column->question == CNV_NONE)
		cnv_column_put(gather->batch, column, gather->row, field);
	else
		cnv_carry_put(gather->batch, column, field, 0);
}

static cnv_column *column_of(const cnv_gather *gather, cnv_question_id id)
{
	const cnv_question *question = &gather->form->questions[id];

	return &gather->batch->tables[question->table].columns[question->column];
}

/* A cell that is not blank, whatever its column is for. */
static void put_field(cnv_gather *gather, uint32_t at, cnv_str field)
{
	cnv_wide_column *column;

	if (gather->row == CNV_NONE)
		begin_row(gather);
	if (gather->row == CNV_NONE)
		return;
	gather->filled++;
	if (at >= gather->section->heading_count) {
		gather->surplus++;
		return;
	}
	column = &gather->columns[at];
	gather->bytes += field.len;
	if (gather->like_header && !cnv_str_equal(field, gather->section->headings[at]))
		gather->like_header = false;
	if (!gather->like_header && !gather->rules && !gather->batch->migration)
		gather->straight = gather->section->heading_count;
	switch (column->use) {
	case CNV_WIDE_UNUSED:
		break;
	case CNV_WIDE_DIRECT:
		put_direct(gather, column->column, field);
		break;
	case CNV_WIDE_HELD:
		cnv_wide_hold(gather, column, field);
		break;
	case CNV_WIDE_STRAY:
		column->record = gather->record;
		gather->stray = true;
		break;
	case CNV_WIDE_CLAIM:
		cnv_claim_cell(gather, column->claim, column->tool, field, 0, at + 1);
		break;
	case CNV_WIDE_KEY:
		cnv_wide_hold(gather, column, field);
		if (column->column)
			put_direct(gather, column->column, field);
		break;
	}
}

/* A cell that may be blank, or mean something else by the rules of the tool that wrote it. */
__attribute__((noinline)) static void read_field(cnv_gather *gather, uint32_t at, cnv_str field)
{
	if (gather->rules && at < gather->section->heading_count)
		field = cnv_tool_cell(gather->form, gather->rules, gather->columns[at].question, field, &gather->cell);
	if (!cnv_is_blank(field))
		put_field(gather, at, field);
}

/* Most cells begin with a letter or digit and are answers of the response itself.  What they need is here, and nothing
 * that calls another function comes back, so that no register has to be saved.  The first cell of a row, which makes
 * it, goes the long way; once a cell differs from its heading, how many are filled is not asked. */
void cnv_wide_field(cnv_gather *gather, cnv_str field)
{
	uint32_t at = gather->at++;

	if (at < gather->straight && field.len && field.at[0] > ' ' && field.at[0] <= '~' &&
	    gather->columns[at].use == CNV_WIDE_DIRECT) {
		gather->bytes += field.len;
		cnv_column_append(gather->batch, gather->columns[at].column, gather->row, field);
	} else if (field.len) {
		read_field(gather, at, field);
	}
}

static cnv_str held_text(const cnv_gather *gather, const cnv_wide_column *column)
{
	return cnv_str_slice(cnv_text_str(&gather->held), column->from, column->from + column->len);
}

static void keep_remarks(cnv_gather *gather, uint32_t first, uint32_t line)
{
	for (uint32_t at = first; at != CNV_NONE; at = gather->columns[at].next) {
		const cnv_wide_column *column = &gather->columns[at];

		if (column->record == gather->record && column->role != CNV_PATH_ANSWER)
			cnv_gather_remark(gather, column->question, column->role, column->entry, gather->section->headings[at],
					  held_text(gather, column), line);
	}
}

/* Texts of "other" that stood in the column of that choice, for the question that asks for them. */
static void put_other(cnv_gather *gather, uint32_t assembly)
{
	for (uint32_t at = gather->assemblies[assembly].first; at != CNV_NONE; at = gather->columns[at].piece_next) {
		cnv_str text = cnv_assembled_other(gather, at);

		if (text.len && gather->columns[at].other != CNV_NONE)
			cnv_carry_put(gather->batch, column_of(gather, gather->columns[at].other), text, 0);
	}
}

static void put_entry(cnv_gather *gather, cnv_entry *entry)
{
	if (!cnv_entries_row(&gather->entries, entry, gather->batch, gather->row))
		return;
	for (uint32_t at = entry->first; at != CNV_NONE; at = gather->columns[at].next) {
		const cnv_wide_column *column = &gather->columns[at];
		cnv_column *to = column->role == CNV_PATH_ANSWER ? column_of(gather, column->question) : NULL;

		if (!to)
			continue;
		cnv_batch_stands(gather->batch, entry->table, gather->form->questions[column->question].column, at + 1);
		if (column->assembly != CNV_NONE) {
			cnv_carry_put(gather->batch, to, cnv_assembled_text(gather, column->assembly), 0);
			put_other(gather, column->assembly);
		} else if (column->record == gather->record) {
			cnv_carry_put(gather->batch, to, held_text(gather, column), 0);
		}
	}
}

/* Answers of the response itself that stood in several columns. */
static void put_assembled(cnv_gather *gather)
{
	for (uint32_t i = 0; i < gather->assembly_count; i++) {
		if (gather->assemblies[i].entry != CNV_NONE)
			continue;
		cnv_carry_put(gather->batch, column_of(gather, gather->assemblies[i].question), cnv_assembled_text(gather, i),
			      0);
		put_other(gather, i);
	}
}

/* Lays out what was held back. */
static void end_row(cnv_gather *gather, uint32_t line)
{
	cnv_entries *entries = &gather->entries;

	if (gather->assembly_count) {
		cnv_assemble(gather, line);
		put_assembled(gather);
	}
	cnv_entries_find_there(entries);
	for (uint32_t i = 0; i < entries->count; i++) {
		cnv_entry *entry = &entries->at[entries->order[i]];

		entry->line = line;
		if (entry->there)
			put_entry(gather, entry);
	}
	keep_remarks(gather, gather->root_first, line);
	cnv_assembled_remarks(gather, line);
	for (uint32_t i = 0; i < entries->count; i++) {
		keep_remarks(gather, entries->at[i].first, line);
		entries->at[i].there = false;
	}
}

static void tell_misaligned(cnv_gather *gather, uint32_t line)
{
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_SURPLUS_CELLS, .place = cnv_gather_place(gather, line, 0),
				.hint = CNV_STR("put quotes around every text that holds the separator")),
		       "the row has %u more filled %s than the header has columns, so its answers cannot be told apart",
		       gather->surplus, gather->surplus == 1 ? "cell" : "cells");
	cnv_batch_misaligned(gather->batch, gather->row);
}

static void tell_short(cnv_gather *gather, uint32_t line)
{
	cnv_diags_emit(gather->diags, CNV_DIAG(.code = CNV_SHORT_ROW, .place = cnv_gather_place(gather, line, 0)),
		       "the row ends after %u of %u columns; the rest is read as blank", gather->at,
		       gather->section->heading_count);
	gather->told_short = true;
}

/* Columns of this record whose answers belong to no question: each is told once. */
static void tell_strays(cnv_gather *gather, uint32_t line)
{
	for (uint32_t at = 0; at < gather->section->heading_count; at++) {
		cnv_wide_column *column = &gather->columns[at];
		cnv_str shown = cnv_gather_cut(gather, gather->section->headings[at]);
		cnv_role role;

		if (column->use != CNV_WIDE_STRAY || column->record != gather->record)
			continue;
		role = gather->form->questions[column->question].role;
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_STRANGE_COLUMN, .place = cnv_gather_place(gather, line, at + 1),
					.field = shown, .excerpt = gather->section->headings[at],
					.hint = CNV_STR("move what stands in it to the columns of its questions")),
			       "\"%.*s\" is %s and takes no answer; the column is ignored", CNV_ARG(shown),
			       role == CNV_GROUP    ? "a section"
			       : role == CNV_REPEAT ? "a repeat"
						    : "a text to be read");
		column->use = CNV_WIDE_UNUSED;
	}
}

static cnv_status keep_row(cnv_gather *gather, uint32_t line)
{
	gather->batch->tables[0].lines[gather->row] = line;
	gather->responses++;
	if (gather->claimed)
		cnv_claims_line(gather, line);
	if (gather->surplus) {
		tell_misaligned(gather, line);
		for (uint32_t i = 0; i < gather->entries.count; i++)
			gather->entries.at[i].there = false;
		return CNV_OK;
	}
	if (gather->at < gather->section->heading_count && !gather->told_short)
		tell_short(gather, line);
	if (gather->stray)
		tell_strays(gather, line);
	if (gather->held.len)
		end_row(gather, line);
	return gather->fed ? cnv_fed_attach(gather) : CNV_OK;
}

cnv_status cnv_wide_record(cnv_gather *gather, uint32_t line)
{
	cnv_status status = CNV_OK;

	if (gather->row != CNV_NONE && gather->like_header && gather->filled == gather->named) {
		cnv_batch_pop(gather->batch);
		for (uint32_t i = 0; i < gather->entries.count; i++)
			gather->entries.at[i].there = false;
		cnv_diags_emit(
			gather->diags, CNV_DIAG(.code = CNV_HEADER_AGAIN, .place = cnv_gather_place(gather, line, 0)),
			"the header of line %u stands here again and is passed over", gather->section->header_line);
	} else if (gather->row != CNV_NONE) {
		status = keep_row(gather, line);
		if (gather->peek && !gather->claiming)
			return CNV_STOPPED;
	}
	gather->row = CNV_NONE;
	gather->stray = false;
	gather->filled = gather->surplus = gather->straight = 0;
	cnv_text_reset(&gather->held);
	gather->record++;
	return status;
}
