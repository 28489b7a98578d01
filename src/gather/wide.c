/* The wide layout: one response a row, one question a column.
 *
 * This is the hot path, 24 cells a response a million times over: a cell of the response itself is appended to its
 * column at once. Cells of repeats, and remarks, are held until the record ends, because the row of an entry can only
 * be added when all entries of the record are known.
 */
#include "gather/account.h"
#include "gather/claims.h"
#include "gather/layouts.h"
#include "gather/place.h"

static void begin_row(cnv_gather *gather)
{
	if (!gather->batch->tables[0].rows)
		gather->bytes = 0;
	gather->row = cnv_batch_row(gather->batch, 0, 0, 0);
	gather->like_header = true;
}

/* The identity of a record is not the answer to a question. */
static void put_direct(cnv_gather *gather, cnv_column *column, cnv_str field)
{
	if (column->question == CNV_NONE)
		cnv_column_put(gather->batch, column, gather->row, field);
	else
		cnv_carry_put(gather->batch, column, field, 0);
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
	case CNV_WIDE_DIRECT: /* counted by cnv_gather_count */
		put_direct(gather, column->column, field);
		return;
	case CNV_WIDE_HELD:
		cnv_pending_hold(gather, at, field);
		break;
	case CNV_WIDE_STRAY:
		cnv_pending_hold(gather, at, field);
		gather->stray = true;
		break;
	case CNV_WIDE_IDENTITY:
		cnv_identity_put(gather, at, field);
		break;
	case CNV_WIDE_CLAIM:
		cnv_claim_cell(gather, column->claim, column->tool, field, 0, at + 1);
		break;
	case CNV_WIDE_KEY:
		cnv_pending_hold(gather, at, field);
		if (column->column)
			put_direct(gather, column->column, field);
		break;
	}
	gather->as[column->as]++;
}

/* A cell that may be blank, or encoded by its tool. */
__attribute__((noinline)) static void read_field(cnv_gather *gather, uint32_t at, cnv_str field)
{
	cnv_str read = field;

	if (gather->rules && at < gather->section->heading_count)
		read = cnv_tool_cell(gather->form, gather->rules, gather->columns[at].question, field, &gather->cell);
	if (!cnv_is_blank(read))
		put_field(gather, at, read);
	else if (!cnv_is_blank(field)) /* the tool's word for a blank */
		gather->as[CNV_AS_FORM]++;
}

/* Most cells begin with a letter or digit and are answers of the response itself.  Their path is inline, and no other
 * function returns into it, so that no register has to be saved.  The first cell of a row, which adds it, takes the
 * slow path; once a cell differs from its heading, filled cells need not be counted. */
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

static void report_misaligned(cnv_gather *gather, uint32_t line)
{
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_SURPLUS_CELLS, .place = cnv_gather_place(gather, line, 0),
				.hint = CNV_STR("put quotes around each text that contains the separator")),
		       "%u more filled %s than header columns; the answers of this row cannot be matched to questions",
		       gather->surplus, gather->surplus == 1 ? "cell" : "cells");
	cnv_batch_misaligned(gather->batch, gather->row);
	cnv_account_misaligned(gather);
}

static void report_short(cnv_gather *gather, uint32_t line)
{
	cnv_diags_emit(gather->diags, CNV_DIAG(.code = CNV_SHORT_ROW, .place = cnv_gather_place(gather, line, 0)),
		       "the row ends after %u of %u columns; the remaining cells are read as blank", gather->at,
		       gather->section->heading_count);
	gather->short_reported = true;
}

/* Reports, once each, the columns of this record that take no answer. */
static void report_strays(cnv_gather *gather, uint32_t line)
{
	for (uint32_t at = 0; at < gather->section->heading_count; at++) {
		cnv_wide_column *column = &gather->columns[at];
		cnv_str shown = cnv_gather_cut(gather, gather->section->headings[at]);
		cnv_role role;

		if (column->use != CNV_WIDE_STRAY || !cnv_held_text(gather, at).len)
			continue;
		role = gather->form->questions[column->question].role;
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_STRANGE_COLUMN, .place = cnv_gather_place(gather, line, at + 1),
					.field = shown, .excerpt = gather->section->headings[at],
					.hint = CNV_STR("move its answers to the columns of the questions")),
			       "\"%.*s\" is %s and takes no answer; the column is ignored", CNV_ARG(shown),
			       role == CNV_GROUP    ? "a section"
			       : role == CNV_REPEAT ? "a repeat"
						    : "a note");
		column->use = CNV_WIDE_UNUSED;
	}
}

static cnv_status keep_row(cnv_gather *gather, uint32_t line)
{
	gather->batch->tables[0].lines[gather->row] = line;
	gather->responses++;
	if (gather->claimed)
		cnv_claims_line(gather, line);
	cnv_identity_end(gather);
	if (gather->surplus) {
		report_misaligned(gather, line);
		return CNV_OK;
	}
	if (gather->at < gather->section->heading_count && !gather->short_reported)
		report_short(gather, line);
	if (gather->stray)
		report_strays(gather, line);
	if (gather->held.count) {
		cnv_pending_compose(gather, line);
		cnv_pending_lay(gather, line);
	}
	return gather->children ? cnv_child_attach(gather) : CNV_OK;
}

cnv_status cnv_wide_record(cnv_gather *gather, uint32_t line)
{
	cnv_status status = CNV_OK;

	if (gather->row != CNV_NONE && gather->like_header && gather->filled == gather->named) {
		cnv_batch_pop(gather->batch);
		cnv_account_all(gather, gather->filled, CNV_AS_FORM);
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_HEADER_AGAIN, .place = cnv_gather_place(gather, line, 0)),
			       "repeated header of line %u; the row is skipped", gather->section->header_line);
	} else if (gather->row != CNV_NONE) {
		status = keep_row(gather, line);
		if (gather->peek && !gather->claiming)
			return CNV_STOPPED;
	}
	cnv_account_record(gather);
	gather->row = gather->identity_rank = CNV_NONE;
	gather->stray = false;
	gather->filled = gather->surplus = gather->straight = 0;
	if (gather->held.count)
		cnv_pending_reset(&gather->held);
	return status;
}
