/* Answers of the long layout that are spread over several lines, one for each choice.
 *
 * Words at the choice "other" are more than a tick: they are the answer to the question that asks for them, or else a
 * remark.  Where a line has the whole answer too, that counts, and choices that contradict it are reported. */
#include "gather/lines.h"
#include "gather/pieces.h"
#include "gather/place.h"

#include <string.h>

/* The key of a line: its piece from 1, 0 for the whole answer, UINT32_MAX for the first of the pieces. */
static uint32_t find_line(const cnv_map *taken, cnv_question_id question, uint32_t entry, uint32_t piece)
{
	uint32_t words[3] = { question, entry, piece };

	return cnv_map_find(taken, (cnv_str){ (const char *)words, sizeof words });
}

bool cnv_long_carry_piece(cnv_gather *gather, cnv_map *taken, uint32_t at)
{
	cnv_long_row *row = &gather->rows[at], *first;
	uint32_t words[3] = { row->question, row->entry, UINT32_MAX };
	uint32_t there =
		cnv_map_put(taken, cnv_arena_copy(&gather->arena, (cnv_str){ (const char *)words, sizeof words }), at);

	if (there == at)
		return true;
	first = &gather->rows[there];
	if (first->pieces == CNV_NONE)
		first->pieces = at;
	else
		gather->rows[first->pieces_last].piece_next = at;
	first->pieces_last = at;
	return false;
}

static void put_piece(cnv_gather *gather, const cnv_long_row *first, cnv_pieces *pieces, const cnv_long_row *row)
{
	cnv_half_tick half = { .question = first->question, .line = first->line, .own_line = row->line };

	half.piece = cnv_pieces_put(pieces, row->piece, row->choice, row->answer);
	if (half.piece.len)
		cnv_batch_half_tick(gather->batch, &half);
}

/* The answer that the pieces make up. */
static cnv_str join_pieces(cnv_gather *gather, cnv_long_row *row)
{
	cnv_text text = { 0 };
	cnv_pieces pieces;
	cnv_str answer;

	cnv_pieces_init(&pieces, gather->batch, row->question, &text);
	put_piece(gather, row, &pieces, row);
	for (uint32_t at = row->pieces; at != CNV_NONE; at = gather->rows[at].piece_next) {
		put_piece(gather, row, &pieces, &gather->rows[at]);
		row->twice = row->twice || gather->rows[at].twice;
	}
	cnv_pieces_end(&pieces);
	answer = cnv_arena_copy(&gather->arena, cnv_text_str(&text));
	gather->arena.failed |= text.failed;
	cnv_text_fini(&text);
	return answer;
}

/* ---------------------------------------------------------------- words at a choice */

/* Words at the choice "other" answer the question that asks for them, if that is blank. */
static void keep_words(cnv_gather *gather, const cnv_map *taken, cnv_long_row *row)
{
	uint32_t other = row->other == CNV_NONE ? CNV_NONE : find_line(taken, row->other, row->entry, 0);

	if (other != CNV_NONE && !gather->rows[other].answer.len)
		gather->rows[other].answer = row->answer;
	else
		row->words = row->answer;
}

static void look_at_tick(cnv_gather *gather, const cnv_map *taken, cnv_long_row *row)
{
	const cnv_batch *batch = gather->batch;

	if (row->surplus || !row->answer.len || (row->piece != CNV_PIECE_OTHER && row->piece != CNV_PIECE_CHOICE))
		return;
	if (row->piece == CNV_PIECE_OTHER && cnv_piece_is_text(batch, row->question, row->choice, row->answer))
		keep_words(gather, taken, row);
	if (!cnv_piece_is_na(batch, row->question, row->choice, row->answer))
		return;
	gather->section = row->section;
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_TICK_MISSING_WORD,
				.place = cnv_gather_place(gather, row->line, gather->section->answer_column),
				.field = row->name, .excerpt = row->answer),
		       "\"%.*s\" at the choice \"%.*s\" is read as not selected",
		       CNV_ARG(cnv_gather_cut(gather, cnv_str_trim_unicode(row->answer))),
		       CNV_ARG(cnv_gather_cut(gather, row->name)));
	cnv_arena_reset(&gather->scratch);
}

/* ---------------------------------------------------------------- the whole answer */

/* The same choices, or where they cannot be read the same text. */
static bool is_same_answer(cnv_gather *gather, cnv_question_id question, cnv_str a, cnv_str b)
{
	const cnv_column *column = cnv_answer_column(gather, question);
	size_t size = column->words * sizeof(uint64_t);
	const uint64_t *set = column->kind == CNV_CHOICES
				      ? cnv_column_choices(gather->form, column, a, &gather->batch->failed)
				      : NULL;
	uint64_t *copy = set ? cnv_arena_get(&gather->scratch, size) : NULL;

	if (!copy)
		return cnv_is_same_text(a, b);
	memcpy(copy, set, size);
	set = cnv_column_choices(gather->form, column, b, &gather->batch->failed);
	return set && !memcmp(copy, set, size);
}

static void report_differs(cnv_gather *gather, const cnv_long_row *row, const cnv_long_row *whole, cnv_str answer)
{
	gather->section = row->section;
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_SPLIT_DIFFERS,
				.place = cnv_gather_place(gather, row->line, gather->section->answer_column),
				.field = gather->form->questions[row->question].answer_path, .excerpt = answer),
		       "the choices from here on make \"%.*s\", but the whole answer on line %u is \"%.*s\"",
		       CNV_ARG(cnv_gather_cut(gather, answer)), whole->line,
		       CNV_ARG(cnv_gather_cut(gather, cnv_str_trim_unicode(whole->answer))));
}

void cnv_long_join(cnv_gather *gather, const cnv_map *taken)
{
	for (uint32_t i = 0; i < gather->row_count; i++)
		if (gather->rows[i].found == CNV_PATH_KNOWN)
			look_at_tick(gather, taken, &gather->rows[i]);
	for (uint32_t i = 0; i < gather->row_count; i++) {
		cnv_long_row *row = &gather->rows[i];
		uint32_t whole;
		cnv_str answer;

		if (row->piece == CNV_PIECE_WHOLE || row->found != CNV_PATH_KNOWN ||
		    find_line(taken, row->question, row->entry, UINT32_MAX) != i)
			continue;
		whole = find_line(taken, row->question, row->entry, 0);
		answer = join_pieces(gather, row);
		if (whole != CNV_NONE && gather->rows[whole].answer.len) {
			if (answer.len && !is_same_answer(gather, row->question, answer, gather->rows[whole].answer))
				report_differs(gather, row, &gather->rows[whole], answer);
			answer.len = 0;
		}
		row->answer = answer;
		cnv_arena_reset(&gather->scratch);
	}
}
