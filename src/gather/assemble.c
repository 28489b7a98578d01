/* Answers that are spread over several columns.
 *
 * Tools write a multiple choice as one column for each choice, a ranking as one column for each rank, and a point as
 * one column for each coordinate. Their cells are held until the record ends; the answer is then written as XLSForm
 * would, choice names separated by spaces. If the whole answer also has a column, that column is used as long as it can
 * be read, and the pieces are compared with it. A cell that is neither a tick nor a blank is kept in the answer, so
 * that the check finds it.
 */
#include "gather/assemble.h"
#include "gather/pieces.h"
#include "gather/place.h"

#include <string.h>

typedef enum tick { TICK_NONE, TICK_YES, TICK_NO, TICK_OTHER } tick;

/* What tools and people write in the column of a choice; lower case. */
static const struct tick_word {
	const char *word;
	tick means;
} tick_words[] = {
	{ "1", TICK_YES },
	{ "0", TICK_NO },
	{ "true", TICK_YES },
	{ "false", TICK_NO },
	{ "y", TICK_YES },
	{ "n", TICK_NO },
	{ "yes", TICK_YES },
	{ "no", TICK_NO },
	{ "x", TICK_YES },
	{ "1.0", TICK_YES },
	{ "0.0", TICK_NO },
	{ "on", TICK_YES },
	{ "off", TICK_NO },
	{ "n/a", TICK_NONE },
	{ "-", TICK_NO },
	{ "\xe2\x9c\x93", TICK_YES }, /* check mark */
	{ "\xe2\x9c\x94", TICK_YES }, /* heavy check mark */
	{ "\xe2\x98\x91", TICK_YES }, /* ballot box with check */
	{ "\xe2\x98\x92", TICK_YES }, /* ballot box with x */
	{ "\xe2\x98\x90", TICK_NO },  /* ballot box */
};

bool cnv_tick_read(cnv_str text, bool *is_text)
{
	text = cnv_cell_trim(text);
	*is_text = false;
	for (size_t i = 0; text.len && i < sizeof tick_words / sizeof tick_words[0]; i++)
		if (cnv_str_is_word(text, tick_words[i].word))
			return tick_words[i].means == TICK_YES;
	*is_text = text.len > 0;
	return false;
}

/* choice: the one that the column is for */
static tick read_tick(const cnv_form *form, const cnv_list *list, uint32_t choice, cnv_str text)
{
	text = cnv_cell_trim(text);
	if (!text.len)
		return TICK_NONE;
	for (size_t i = 0; i < sizeof tick_words / sizeof tick_words[0]; i++)
		if (cnv_str_is_word(text, tick_words[i].word))
			return tick_words[i].means;
	if (choice == CNV_NONE)
		return TICK_OTHER;
	if (cnv_str_equal(text, list->choices[choice].name))
		return TICK_YES;
	for (uint32_t i = 0; i < form->language_count; i++)
		if (cnv_str_equal(text, cnv_str_trim_unicode(list->choices[choice].label.at[i])))
			return TICK_YES;
	return TICK_OTHER;
}

/* ---------------------------------------------------------------- pieces -> text */

static void put_word(cnv_pieces *pieces, cnv_str word)
{
	if (pieces->out->len > pieces->from && word.len)
		cnv_text_put_char(pieces->out, pieces->apart ? ';' : ' ');
	cnv_text_put(pieces->out, word);
}

/* The next piece may contain spaces, so `;` separates it.  The pieces before it are names, which have none. */
static void set_apart(cnv_pieces *pieces)
{
	for (size_t i = pieces->from; i < pieces->out->len && !pieces->apart; i++)
		if (pieces->out->at[i] == ' ')
			pieces->out->at[i] = ';';
	pieces->apart = true;
}

const cnv_list *cnv_piece_list(const cnv_batch *batch, cnv_question_id question, const cnv_form **form)
{
	const cnv_migration *migration = batch->migration;
	const cnv_question *of = &batch->form->questions[question];

	*form = batch->form;
	if (migration && migration->recodings[question]) {
		*form = migration->before;
		return migration->recodings[question]->before;
	}
	return of->list == CNV_NONE ? NULL : &batch->form->lists[of->list];
}

void cnv_pieces_init(cnv_pieces *pieces, const cnv_batch *batch, cnv_question_id question, cnv_text *out)
{
	*pieces = (cnv_pieces){ .batch = batch, .question = question, .out = out, .from = out->len };
}

cnv_str cnv_pieces_put(cnv_pieces *pieces, cnv_piece piece, uint32_t choice, cnv_str text)
{
	const cnv_form *form;
	const cnv_list *list = cnv_piece_list(pieces->batch, pieces->question, &form);
	tick found;
	size_t from;

	text = cnv_cell_trim(text);
	if (!text.len)
		return (cnv_str){ 0 };
	switch (piece) {
	case CNV_PIECE_LATITUDE:
	case CNV_PIECE_LONGITUDE:
	case CNV_PIECE_ALTITUDE:
	case CNV_PIECE_ACCURACY:
		pieces->point[piece - CNV_PIECE_LATITUDE] = text;
		return (cnv_str){ 0 };
	case CNV_PIECE_PLACE:
	case CNV_PIECE_WHOLE:
		if (list && cnv_list_find(list, text) == CNV_NONE)
			set_apart(pieces);
		put_word(pieces, text);
		return (cnv_str){ 0 };
	case CNV_PIECE_OTHER:
	case CNV_PIECE_CHOICE:
		break;
	}
	found = read_tick(form, list, choice, text);
	if (found == TICK_NONE || found == TICK_NO || choice == CNV_NONE)
		return (cnv_str){ 0 };
	if (found == TICK_OTHER && piece == CNV_PIECE_CHOICE)
		set_apart(pieces);
	put_word(pieces, list->choices[choice].name);
	if (found != TICK_OTHER || piece != CNV_PIECE_CHOICE)
		return (cnv_str){ 0 };
	from = pieces->out->len - list->choices[choice].name.len;
	cnv_text_format(pieces->out, ": %.*s", CNV_ARG(text));
	return cnv_str_slice(cnv_text_str(pieces->out), from, pieces->out->len);
}

/* "latitude longitude altitude accuracy", as many of them as there are. */
void cnv_pieces_end(cnv_pieces *pieces)
{
	uint32_t count = CNV_POINT_PIECES;

	while (count && !pieces->point[count - 1].len)
		count--;
	/* "1 17" is not a latitude, and must not become two coordinates. */
	for (uint32_t i = 0; i < count; i++) {
		cnv_str rest = pieces->point[i], word;

		if (cnv_str_word(&rest, &word) && rest.len)
			set_apart(pieces);
	}
	for (uint32_t i = 0; i < count; i++)
		put_word(pieces, pieces->point[i].len ? pieces->point[i] : i == 2 ? CNV_STR("0") : CNV_STR("?"));
}

bool cnv_piece_is_na(const cnv_batch *batch, cnv_question_id question, uint32_t choice, cnv_str text)
{
	const cnv_form *form;
	const cnv_list *list = cnv_piece_list(batch, question, &form);

	return !cnv_is_blank(text) && read_tick(form, list, choice, text) == TICK_NONE;
}

bool cnv_piece_is_text(const cnv_batch *batch, cnv_question_id question, uint32_t choice, cnv_str text)
{
	const cnv_form *form;
	const cnv_list *list = cnv_piece_list(batch, question, &form);

	return read_tick(form, list, choice, text) == TICK_OTHER;
}

/* ---------------------------------------------------------------- of a wide record */

/* Is there a tick, or the word for none, in any of its columns? */
static bool has_ticks(const cnv_gather *gather, const cnv_assembly *assembly)
{
	for (uint32_t at = assembly->first; at != CNV_NONE; at = gather->columns[at].piece_next)
		if (gather->columns[at].piece == CNV_PIECE_CHOICE && cnv_cell_trim(cnv_held_text(gather, at)).len)
			return true;
	return false;
}

/* The first column whose tick contradicts the whole answer, or is words that it does not have; CNV_NONE. */
static uint32_t find_contrary(const cnv_gather *gather, const cnv_assembly *assembly, const uint64_t *set,
			      cnv_str whole)
{
	const cnv_form *form;
	const cnv_list *list = cnv_piece_list(gather->batch, assembly->question, &form);

	/* The set is of the current list. */
	if (form != gather->form || !has_ticks(gather, assembly))
		return CNV_NONE;
	for (uint32_t at = assembly->first; at != CNV_NONE; at = gather->columns[at].piece_next) {
		const cnv_wide_column *column = &gather->columns[at];
		cnv_str text = cnv_cell_trim(cnv_held_text(gather, at));
		tick found = read_tick(form, list, column->choice, text);
		bool named = column->choice != CNV_NONE && cnv_bit(set, column->choice);
		bool differs = found == TICK_OTHER              ? cnv_str_find(whole, text) == SIZE_MAX
			       : text.len && found == TICK_NONE ? false
								: named != (found == TICK_YES);

		if (column->piece == CNV_PIECE_CHOICE && differs)
			return at;
	}
	return CNV_NONE;
}

/* Uses the whole answer if it can be read. */
static bool take_whole(cnv_gather *gather, const cnv_assembly *assembly, cnv_str whole, uint32_t line)
{
	const cnv_question *question = &gather->form->questions[assembly->question];
	const cnv_column *column = cnv_answer_column(gather, assembly->question);
	cnv_str text = cnv_cell_trim(whole);
	const uint64_t *set = text.len ? cnv_column_choices(gather->form, column, text, &gather->batch->failed) : NULL;
	char name[CNV_CELL_NAME_ROOM];
	uint32_t at = set ? find_contrary(gather, assembly, set, text) : CNV_NONE;

	if (at != CNV_NONE)
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_SPLIT_DIFFERS, .place = cnv_gather_place(gather, line, at + 1),
					.field = question->answer_path, .excerpt = cnv_held_text(gather, at)),
			       "\"%.*s\" is \"%.*s\", but the whole answer in column %s is \"%.*s\"",
			       CNV_ARG(cnv_gather_cut(gather, gather->section->headings[at])),
			       CNV_ARG(cnv_gather_cut(gather, cnv_cell_trim(cnv_held_text(gather, at)))),
			       cnv_gather_column(gather, assembly->whole, name), CNV_ARG(cnv_gather_cut(gather, text)));
	return set != NULL;
}

cnv_str cnv_assembled_other(const cnv_gather *gather, uint32_t at)
{
	const cnv_wide_column *column = &gather->columns[at];
	cnv_str text = cnv_held_text(gather, at);

	if (column->piece != CNV_PIECE_OTHER || !text.len ||
	    !cnv_piece_is_text(gather->batch, column->question, column->choice, text))
		return (cnv_str){ 0 };
	return text;
}

static void put_piece(cnv_gather *gather, const cnv_assembly *assembly, cnv_pieces *pieces, uint32_t at, uint32_t line)
{
	cnv_half_tick half = {
		.question = assembly->question, .line = line, .own_line = line, .source_column = at + 1
	};

	half.piece = cnv_pieces_put(pieces, gather->columns[at].piece, gather->columns[at].choice,
				    cnv_held_text(gather, at));
	if (half.piece.len)
		cnv_batch_half_tick(gather->batch, &half);
}

/* Bytes of a text that separate nothing. */
static size_t count_bytes(cnv_str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.at[i] != ' ' && text.at[i] != ',' && text.at[i] != ';';
	return count;
}

/* Is it the labels of the choices that are ticked, in any order?  Such a list has no names to find its parts by. */
static bool is_labels(const cnv_gather *gather, const cnv_assembly *assembly, cnv_str whole)
{
	const cnv_form *form;
	const cnv_list *list = cnv_piece_list(gather->batch, assembly->question, &form);
	size_t found = 0;

	for (uint32_t at = assembly->first; at != CNV_NONE; at = gather->columns[at].piece_next) {
		const cnv_wide_column *column = &gather->columns[at];
		size_t longest = 0;

		if (column->choice == CNV_NONE ||
		    read_tick(form, list, column->choice, cnv_held_text(gather, at)) != TICK_YES)
			continue;
		for (uint32_t i = 0; i < form->language_count; i++) {
			cnv_str label = cnv_str_trim_unicode(list->choices[column->choice].label.at[i]);

			if (label.len && cnv_str_find(whole, label) != SIZE_MAX && count_bytes(label) > longest)
				longest = count_bytes(label);
		}
		found += longest;
	}
	return found == count_bytes(whole);
}

/* The columns of the choices count, whatever is wrong with the whole answer. */
static void emit_unread(cnv_gather *gather, const cnv_assembly *assembly, cnv_str whole, uint32_t line, const char *why)
{
	char name[CNV_CELL_NAME_ROOM];

	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_SPLIT_DIFFERS, .place = cnv_gather_place(gather, line, assembly->whole + 1),
				.field = gather->form->questions[assembly->question].answer_path, .excerpt = whole,
				.hint = CNV_STR("check which is right; the columns of the choices count")),
		       "the whole answer in column %s %s%s%.*s%s", cnv_gather_column(gather, assembly->whole, name),
		       why, whole.len ? ": \"" : "", CNV_ARG(cnv_gather_cut(gather, whole)), whole.len ? "\"" : "");
}

/* The whole answer is none of the list's choices, or is blank.  Survey tools write both; in a questionnaire of canvass the
 * whole answer is for other words, and mostly blank. */
static void say_unread(cnv_gather *gather, const cnv_assembly *assembly, cnv_str whole, uint32_t line)
{
	whole = cnv_cell_trim(whole);
	if (whole.len && !is_labels(gather, assembly, whole))
		emit_unread(gather, assembly, whole, line, "has a choice that the list does not have");
	else if (!whole.len && assembly->whole != CNV_NONE && gather->tool)
		emit_unread(gather, assembly, whole, line, "is blank, and choices in their own columns are not");
}

static void assemble(cnv_gather *gather, cnv_assembly *assembly, uint32_t line)
{
	cnv_str whole = assembly->whole == CNV_NONE ? (cnv_str){ 0 } : cnv_held_text(gather, assembly->whole);
	cnv_pieces pieces;

	assembly->from = gather->assembled.len;
	cnv_pieces_init(&pieces, gather->batch, assembly->question, &gather->assembled);
	if (!take_whole(gather, assembly, whole, line)) {
		for (uint32_t at = assembly->first; at != CNV_NONE; at = gather->columns[at].piece_next)
			put_piece(gather, assembly, &pieces, at, line);
		cnv_pieces_end(&pieces);
		if (gather->assembled.len > assembly->from) {
			say_unread(gather, assembly, whole, line);
			whole = (cnv_str){ 0 };
		}
	}
	cnv_text_put(&gather->assembled, whole);
	assembly->len = gather->assembled.len - assembly->from;
}

cnv_str cnv_assembled_text(const cnv_gather *gather, uint32_t assembly)
{
	const cnv_assembly *at = &gather->assemblies[assembly];

	return cnv_str_slice(cnv_text_str(&gather->assembled), at->from, at->from + at->len);
}

void cnv_assemble(cnv_gather *gather, uint32_t line)
{
	cnv_text_reset(&gather->assembled);
	for (uint32_t i = 0; i < gather->assembly_count; i++)
		assemble(gather, &gather->assemblies[i], line);
	gather->batch->failed |= gather->assembled.failed;
}
