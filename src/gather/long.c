/* The long layout: one answer a line, one response a file.
 *
 * Lines come in any order and a path may occur twice, so lines are kept until the end of the file. The file is then
 * judged as a whole: first whether it is a single return of this form, which is reported once, and only then line by
 * line.
 */
#include "canvass/gather.h"
#include "gather/claims.h"
#include "gather/layouts.h"
#include "gather/lines.h"
#include "gather/place.h"
#include "gather/remark.h"
#include "gather/sheets.h"
#include "gather/sent.h"

/* Maximum lines of one return: every question of 10,000 entries would be a very long form. */
#define MOST_LINES 1000000u

/* ---------------------------------------------------------------- lines */

void cnv_long_field(cnv_gather *gather, cnv_str field)
{
	uint32_t at = gather->at++;
	cnv_long_row *now = &gather->now;

	if (cnv_is_blank(field))
		return;
	gather->filled++;
	if (at >= gather->section->heading_count) {
		now->surplus = true;
		return;
	}
	cnv_long_put(gather, at, field);
}

cnv_status cnv_long_record(cnv_gather *gather, uint32_t line)
{
	cnv_long_row now = gather->now;

	now.cells = gather->filled;
	gather->now = (cnv_long_row){ 0 };
	gather->filled = 0;
	if (!now.cells)
		return CNV_OK;
	if (gather->row_count == MOST_LINES) {
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_TOO_MANY_LINES, .place = cnv_gather_place(gather, line, 0)),
			       "the file has more than %u lines with answers", MOST_LINES);
		return CNV_REJECTED;
	}
	if (!cnv_mem_room((void **)&gather->rows, &gather->row_room, gather->row_count + 1, sizeof *gather->rows))
		return CNV_NO_MEMORY;
	now.line = line;
	now.entry = now.question = now.other = CNV_NONE;
	now.pieces = now.pieces_last = now.piece_next = CNV_NONE;
	now.section = gather->section;
	gather->rows[gather->row_count++] = now;
	return CNV_OK;
}

/* ---------------------------------------------------------------- the file as a whole */

static bool stores(const cnv_gather *gather, const cnv_long_row *row)
{
	return row->found == CNV_PATH_KNOWN && gather->form->questions[row->question].column != CNV_NONE;
}

static cnv_status report_two(cnv_gather *gather, const cnv_long_row *row, cnv_str message)
{
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_TWO_RETURNS, .place = cnv_gather_place(gather, row->line, 0),
				.field = row->name, .excerpt = row->answer),
		       "%.*s", CNV_ARG(message));
	return CNV_REJECTED;
}

/* A repeated header, or a second answer to the identifying question: two returns were pasted together.  The same
 * respondent twice cannot be attributed either, so it is reported here once instead of for every path. */
static cnv_status reject_two(cnv_gather *gather)
{
	cnv_question_id who = cnv_identifying_question(gather->form);
	const cnv_long_row *first = NULL;

	for (uint32_t i = 0; i < gather->row_count; i++) {
		const cnv_long_row *row = &gather->rows[i];
		cnv_str answer = cnv_str_trim_unicode(row->answer);

		gather->section = row->section;
		if (cnv_str_is_word(row->name, "question") && cnv_str_is_word(answer, "answer"))
			return report_two(gather, row, CNV_STR("a second return begins here: repeated header line"));
		if (row->question != who || who == CNV_NONE || row->role != CNV_PATH_ANSWER || !answer.len)
			continue;
		if (first)
			return report_two(gather, row,
					  cnv_arena_format(&gather->scratch,
							   "a second return begins near here: \"%.*s\" is \"%.*s\""
							   " on line %u and \"%.*s\" on line %u",
							   CNV_ARG(row->name),
							   CNV_ARG(cnv_gather_cut(gather, first->answer)), first->line,
							   CNV_ARG(cnv_gather_cut(gather, row->answer)), row->line));
		first = row;
	}
	return CNV_OK;
}

static cnv_status reject_foreign(cnv_gather *gather)
{
	const cnv_form *form = gather->form;
	bool *seen = cnv_arena_array(&gather->arena, form->count, sizeof *seen);
	uint32_t known = 0, unknown = 0, questions = 0;

	if (!seen)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < gather->row_count; i++) {
		const cnv_long_row *row = &gather->rows[i];

		unknown += row->name.len && row->found == CNV_PATH_UNKNOWN && !row->claim;
		known += row->found == CNV_PATH_GONE;
		if (!stores(gather, row))
			continue;
		known++;
		questions += !seen[row->question];
		seen[row->question] = true;
	}
	if (!cnv_gather_is_foreign(form, known, unknown, questions))
		return CNV_OK;
	gather->section = gather->rows[0].section;
	cnv_diags_emit(
		gather->diags,
		CNV_DIAG(.code = CNV_OTHER_FORM, .place = cnv_gather_place(gather, gather->rows[0].line, 0),
			 .field = gather->rows[0].name, .hint = CNV_STR("import it with the form it was made for")),
		"%u of %u lines match no question of the form \"%.*s\"", unknown, unknown + known, CNV_ARG(form->id));
	return CNV_REJECTED;
}

/* ---------------------------------------------------------------- line by line */

/* A line without a question that claims something about the return. */
static void take_claim(cnv_gather *gather, cnv_long_row *row)
{
	bool tool;
	cnv_claim_key key = cnv_claim_column(row->name, &tool);

	row->claim = key != CNV_CLAIM_KEYS;
	if (row->claim)
		cnv_claim_cell(gather, key, tool, row->answer, row->line, gather->section->answer_column);
}

/* `doc[2]`, the name of an entry itself without an answer: it exists. */
static bool declare(cnv_gather *gather, const cnv_path *path, const cnv_long_row *row)
{
	const cnv_form *form = gather->form;
	uint32_t entry;

	if (row->found != CNV_PATH_KNOWN || row->role != CNV_PATH_ANSWER || row->answer.len ||
	    form->questions[path->question].role != CNV_REPEAT || path->depth != cnv_paths_depth(form, path->question))
		return true;
	if (!cnv_gather_entry(gather, path, row->line, row->name, &entry))
		return false;
	if (entry != CNV_NONE)
		gather->entries.at[entry].declared = true;
	return true;
}

static cnv_status resolve(cnv_gather *gather, cnv_long_row *row)
{
	cnv_path path = cnv_paths_find(&gather->paths, row->name, false);

	gather->section = row->section;
	/* One choice of several: `consulted/immigration`. */
	if (row->name.len && path.found == CNV_PATH_UNKNOWN) {
		cnv_heading heading = cnv_heading_read(&gather->paths, 0, row->name);

		if (heading.path.found == CNV_PATH_KNOWN && heading.piece != CNV_PIECE_WHOLE) {
			path = heading.path;
			row->piece = heading.piece;
			row->choice = heading.choice;
			row->other = heading.other;
		}
	}
	row->found = row->name.len ? path.found : CNV_PATH_UNKNOWN;
	row->role = path.role;
	row->question = path.question;
	if (row->name.len && path.found == CNV_PATH_UNKNOWN)
		take_claim(gather, row);
	if ((stores(gather, row) && !cnv_gather_entry(gather, &path, row->line, row->name, &row->entry)) ||
	    !declare(gather, &path, row))
		return gather->arena.failed ? CNV_NO_MEMORY : CNV_REJECTED;
	return CNV_OK;
}

/* What the line says, besides the name; it is reported nowhere else. */
static cnv_str words_of(cnv_gather *gather, const cnv_long_row *row)
{
	if (row->answer.len && row->note.len)
		return cnv_arena_format(&gather->arena, "%.*s; %.*s", CNV_ARG(row->answer), CNV_ARG(row->note));
	return row->answer.len ? row->answer : row->note.len ? row->note : row->name;
}

static void report_name(cnv_gather *gather, const cnv_long_row *row)
{
	cnv_place place = cnv_gather_place(gather, row->line, gather->section->question_column);
	cnv_path path = cnv_paths_find(&gather->paths, row->name, false);
	cnv_str shown = cnv_gather_cut(gather, row->name);
	cnv_str words = words_of(gather, row);

	switch (path.found) {
	case CNV_PATH_UNKNOWN:
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_UNKNOWN_PATH, .place = place, .field = shown, .excerpt = words,
					.hint = cnv_gather_hint(gather, &path, row->name)),
			       "no question has the name \"%.*s\"", CNV_ARG(shown));
		break;
	case CNV_PATH_AMBIGUOUS:
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_UNKNOWN_PATH, .place = place, .field = shown, .excerpt = words,
				 .hint = CNV_STR("write the full path, including the groups around the question")),
			"several questions have the name \"%.*s\"", CNV_ARG(shown));
		break;
	case CNV_PATH_WITHOUT_ENTRY:
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_UNKNOWN_PATH, .place = place, .field = shown, .excerpt = words,
					.hint = cnv_gather_hint(gather, &path, row->name)),
			       "\"%.*s\" is in a repeat and needs an entry number", CNV_ARG(shown));
		break;
	case CNV_PATH_ENTRY_NUMBER:
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_ENTRY_NUMBER, .place = place, .field = shown, .excerpt = words),
			       "entry numbers must be from 1 to %u", CNV_ENTRY_NUMBERS);
		break;
	case CNV_PATH_KNOWN:
	case CNV_PATH_GONE:
		break;
	}
}

/* Reports what is wrong with one line; true: its answer is used. */
static bool judge_line(cnv_gather *gather, const cnv_long_row *row)
{
	if (row->surplus) {
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_SURPLUS_CELLS, .place = cnv_gather_place(gather, row->line, 0),
					.field = row->name,
					.hint = CNV_STR("put quotes around each text that contains the separator")),
			       "more filled cells than header columns; the answer on this line is ignored");
		return false;
	}
	if (row->name.len && row->found != CNV_PATH_KNOWN) {
		if (!row->claim && !cnv_long_is_identity(gather, row))
			report_name(gather, row);
		return false;
	}
	if (stores(gather, row))
		return true;
	if (row->role != CNV_PATH_ANSWER || row->link)
		return false;
	/* A title of a section or a note: reported only if somebody answered it. */
	if (row->answer.len && !(row->name.len && cnv_long_is_label(gather, row, row->answer)))
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_NOT_A_QUESTION,
					.place = cnv_gather_place(gather, row->line, gather->section->answer_column),
					.field = row->name, .excerpt = row->answer),
			       "the answer \"%.*s\" is on a line that takes no answer",
			       CNV_ARG(cnv_gather_cut(gather, row->answer)));
	return false;
}

static void report_twice(cnv_gather *gather, const cnv_long_row *first, const cnv_long_row *row)
{
	cnv_str sheet = first->section == row->section ? (cnv_str){ 0 } : first->section->origin.sheet;

	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_PATH_TWICE,
				.place = cnv_gather_place(gather, row->line, gather->section->question_column),
				.field = row->name, .excerpt = row->answer),
		       "answered on line %u%s%.*s (\"%.*s\") and again on line %u (\"%.*s\"): neither counts",
		       first->line, sheet.len ? " of sheet " : "", CNV_ARG(sheet),
		       CNV_ARG(cnv_gather_cut(gather, cnv_str_trim_unicode(first->answer))), row->line,
		       CNV_ARG(cnv_gather_cut(gather, cnv_str_trim_unicode(row->answer))));
}

/* Finds the lines that carry an answer, and the paths that occur twice: the first line of a path keeps the cell. */
static void link_rows(cnv_gather *gather)
{
	cnv_map taken = { 0 };

	for (uint32_t i = 0; i < gather->row_count; i++) {
		cnv_long_row *row = &gather->rows[i];
		/* A piece has a line of its own; the answer is carried by its first piece. */
		uint32_t words[3] = { row->question, row->entry,
				      row->piece == CNV_PIECE_WHOLE ? 0 : 1 + row->piece + row->choice * 16 };
		uint32_t there;

		cnv_arena_reset(&gather->scratch);
		gather->section = row->section;
		if (!judge_line(gather, row) || row->role != CNV_PATH_ANSWER)
			continue;
		there = cnv_map_put(&taken,
				    cnv_arena_copy(&gather->arena, (cnv_str){ (const char *)words, sizeof words }), i);
		if (there != i) {
			cnv_long_row *earlier = &gather->rows[there];

			if (!earlier->answer.len && !row->answer.len)
				continue;
			report_twice(gather, earlier, row);
			if (!earlier->answer.len)
				earlier->answer = row->answer;
			earlier->twice = true;
			row = earlier;
		}
		if (there == i && row->piece != CNV_PIECE_WHOLE && !cnv_long_carry_piece(gather, &taken, i))
			continue;
		if (there != i)
			continue;
		if (row->entry != CNV_NONE && !gather->entries.at[row->entry].line)
			gather->entries.at[row->entry].line = row->line;
		row->linked = true;
	}
	cnv_long_join(gather, &taken);
	gather->arena.failed |= taken.failed;
	cnv_map_fini(&taken);
}

/* ---------------------------------------------------------------- laying out */

/* Collects the answers of all lines, the last line first: the ledger has carried answers in this order. */
static void collect_answers(cnv_gather *gather)
{
	cnv_pending_reset(&gather->composed);
	for (uint32_t i = gather->row_count; i-- > 0;) {
		const cnv_long_row *row = &gather->rows[i];
		cnv_column *column;

		if (!row->linked || (!row->answer.len && row->piece != CNV_PIECE_WHOLE))
			continue;
		column = cnv_answer_column(gather, row->question);
		column->source_column = row->section->answer_column;
		column->origin = row->section->origin;
		cnv_pending_add(&gather->composed, (cnv_pending_cell){ .text = row->answer,
								       .question = row->question,
								       .role = CNV_PATH_ANSWER,
								       .entry = row->entry,
								       .line = row->line,
								       .twice = row->twice });
	}
	gather->batch->failed |= gather->composed.failed;
}

static void keep_remarks(cnv_gather *gather)
{
	for (uint32_t i = 0; i < gather->row_count; i++) {
		const cnv_long_row *row = &gather->rows[i];
		bool known = row->found == CNV_PATH_KNOWN;
		cnv_str note = row->note;

		cnv_arena_reset(&gather->scratch);
		if (row->surplus)
			continue;
		if (row->found == CNV_PATH_GONE && row->answer.len)
			cnv_gather_remark(gather, CNV_NONE, CNV_PATH_OUTDATED, CNV_NONE, row->name, row->answer,
					  row->line);
		if (known && row->role != CNV_PATH_ANSWER && row->answer.len)
			cnv_gather_remark(gather, row->question, row->role, row->entry, row->name, row->answer,
					  row->line);
		if (note.len && !known && row->name.len)
			note = cnv_arena_format(&gather->scratch, "%.*s: %.*s", CNV_ARG(row->name), CNV_ARG(note));
		if (note.len)
			cnv_gather_remark(gather, known ? row->question : CNV_NONE, CNV_PATH_NOTE, row->entry,
					  row->name, note, row->line);
		if (row->words.len)
			cnv_gather_remark(gather, row->question, CNV_PATH_NOTE, row->entry, row->name, row->words,
					  row->line);
		for (uint32_t k = 0; row->sources && k < CNV_SOURCE_PARTS; k++)
			if (row->sources[k].len)
				cnv_gather_remark(gather, known ? row->question : CNV_NONE, CNV_PATH_NOTE, row->entry,
						  row->name, cnv_long_source(gather, row, k), row->line);
	}
}

/* What the file was sent out with, and the ticks that confirm it. */
static void keep_sent(cnv_gather *gather)
{
	for (uint32_t i = 0; i < gather->row_count; i++) {
		const cnv_long_row *row = &gather->rows[i];
		const cnv_entry *entry = row->entry == CNV_NONE ? NULL : &gather->entries.at[row->entry];

		if (!stores(gather, row) || row->role != CNV_PATH_ANSWER)
			continue;
		if (row->prefilled.len)
			cnv_gather_prefilled(gather, row->name, row->prefilled);
		if (row->still.len && (!entry || entry->present))
			cnv_sent_tick_put(gather, entry ? entry->table : 0, entry ? entry->row : gather->row,
					  row->question, row->still, row->line);
	}
}

static void keep_identity(cnv_gather *gather)
{
	for (uint32_t i = 0; i < gather->row_count; i++)
		if (cnv_long_is_identity(gather, &gather->rows[i])) {
			cnv_column_put(gather->batch, &gather->batch->identity, gather->row, gather->rows[i].answer);
			return;
		}
}

static cnv_status judge_file(cnv_gather *gather)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; !status && i < gather->row_count; i++)
		status = resolve(gather, &gather->rows[i]);
	if (!status && cnv_gather_failed(gather))
		status = CNV_NO_MEMORY;
	if (!status && gather->peek)
		return CNV_STOPPED;
	if (!status)
		status = reject_two(gather);
	/* A form of repeats alone has no line. */
	return status || !gather->row_count ? status : reject_foreign(gather);
}

cnv_status cnv_long_end(cnv_gather *gather)
{
	cnv_status status = judge_file(gather);

	if (status)
		return status;
	cnv_long_account(gather);
	cnv_sheets_look(gather);
	link_rows(gather);
	if (!cnv_entries_sort(&gather->entries, &gather->arena) || cnv_gather_failed(gather))
		return CNV_NO_MEMORY;
	gather->row = cnv_batch_row(gather->batch, 0, 0, 0); /* the response has no line of its own */
	if (gather->row == CNV_NONE)
		return CNV_NO_MEMORY;
	collect_answers(gather);
	cnv_pending_lay(gather, 0);
	if (gather->batch->failed)
		return CNV_NO_MEMORY;
	keep_identity(gather);
	keep_remarks(gather);
	keep_sent(gather);
	gather->responses = 1;
	return gather->children ? cnv_child_attach(gather) : CNV_OK;
}
