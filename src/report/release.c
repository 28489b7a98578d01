/* release: what an audience may see of each response, decided in one place, before anything is counted or laid out.
 *
 * The question named by the setting `release` says how a response may be shown.  `attributed`: by name, to all.
 * `members_only`: by name to members, and not to the public.  `aggregate_only`: in counts only.  Anything else: to
 * the secretariat only.  Contacts are for the secretariat, and for members where the question named by the
 * setting `circulate` is answered yes; what is marked `secretariat` is for no one else.
 *
 * What may not be seen is taken out of the batch itself (mask.c), so that every sheet, count and sentence made from it
 * shows the same and still adds up.  An answer that may only be counted is withheld as well while it could be guessed
 * (few.c): where few chose the same, or all did, and then also what is asked depending on it. */
#include "report/few.h"
#include "report/mask.h"

#include <string.h>

const char *cnv_audience_word(cnv_audience audience)
{
	static const char *const words[] = {
		[CNV_AUDIENCE_MEMBERS] = "members",
		[CNV_AUDIENCE_PUBLIC] = "public",
		[CNV_AUDIENCE_SECRETARIAT] = "secretariat",
	};
	_Static_assert(sizeof words / sizeof words[0] == CNV_AUDIENCES, "a word for each audience");

	return words[audience];
}

/* ---------------------------------------------------------------- contacts, and what is for the secretariat */

/* Is a question of this name marked, or one of them if there are several? */
static bool names_marked(const cnv_form *form, const bool *marked, cnv_str name)
{
	uint32_t question = cnv_form_find(form, name);

	if (question != CNV_NAME_AMBIGUOUS)
		return question < form->count && marked[question];
	for (question = 0; question < form->count; question++)
		if (marked[question] && cnv_str_equal(form->questions[question].name, name))
			return true;
	return false;
}

/* Does a formula mention a marked question?  Any word of it that is the name of one counts: in ${name}, a path, or a
 * text. */
static bool mentions_marked(const cnv_form *form, const bool *marked, const cnv_formula *formula)
{
	cnv_str word;

	for (size_t at = 0; cnv_formula_next_word(formula->text, &at, &word);)
		if (names_marked(form, marked, word))
			return true;
	return false;
}

/* Marks what is at least as private: questions, all questions inside such groups, and calculations that read them. */
static void mark_private(const cnv_form *form, cnv_privacy privacy, bool *marked)
{
	bool more = true;

	for (cnv_question_id q = 0; q < form->count; q++)
		marked[q] = form->questions[q].privacy >= privacy ||
			    (form->questions[q].parent != CNV_NONE && marked[form->questions[q].parent]);
	/* A calculation may read a later one; chains of these are short. */
	for (uint32_t round = 0; more && round < form->count; round++) {
		more = false;
		for (cnv_question_id q = 0; q < form->count; q++)
			if (!marked[q] && form->questions[q].calculation.text.len &&
			    mentions_marked(form, marked, &form->questions[q].calculation))
				marked[q] = more = true;
	}
}

cnv_privacy *cnv_release_privacy(const cnv_form *form, cnv_arena *arena)
{
	cnv_privacy *all = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *all);
	bool *marked = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *marked);

	if (!all || !marked)
		return NULL;
	for (cnv_privacy privacy = CNV_PRIVACY_CONTACT; privacy < CNV_PRIVACIES; privacy++) {
		mark_private(form, privacy, marked);
		for (cnv_question_id q = 0; q < form->count; q++)
			if (marked[q])
				all[q] = privacy;
	}
	return all;
}

cnv_privacy cnv_release_most_private(const cnv_form *form, cnv_audience audience)
{
	if (audience == CNV_AUDIENCE_SECRETARIAT)
		return CNV_PRIVACY_SECRETARIAT;
	return audience == CNV_AUDIENCE_MEMBERS && form->circulate != CNV_NONE ? CNV_PRIVACY_CONTACT : CNV_PRIVACY_NONE;
}

/* ---------------------------------------------------------------- one response */

bool cnv_release_reads(const cnv_form *form, cnv_question_id question)
{
	return question == form->release || question == form->circulate;
}

/* A usable answer to a question of the response itself; empty: none. */
static cnv_str answer_to(const cnv_batch *batch, cnv_question_id question, uint32_t row, cnv_arena *arena)
{
	const cnv_question *asked = &batch->form->questions[question];
	const cnv_column *column;

	if (asked->table != 0 || asked->column == CNV_NONE)
		return CNV_STR("");
	column = &batch->tables[0].columns[asked->column];
	if (column->verdicts[row] != CNV_ACCEPTED)
		return CNV_STR("");
	return cnv_cell_value(batch->form, column, row, arena);
}

static bool is_yes(cnv_str answer)
{
	return cnv_str_equal(answer, CNV_STR("yes")) || cnv_str_equal(answer, CNV_STR("true")) ||
	       cnv_str_equal(answer, CNV_STR("1")) || cnv_str_equal(answer, CNV_STR("OK"));
}

static cnv_privacy privacy_shown(const cnv_batch *batch, uint32_t row, cnv_audience audience, cnv_arena *arena)
{
	cnv_privacy most = cnv_release_most_private(batch->form, audience);

	if (most == CNV_PRIVACY_CONTACT && !is_yes(answer_to(batch, batch->form->circulate, row, arena)))
		return CNV_PRIVACY_NONE;
	return most;
}

static cnv_shown shown_to(const cnv_batch *batch, uint32_t row, cnv_audience audience, cnv_arena *arena)
{
	cnv_str answer;

	if (audience == CNV_AUDIENCE_SECRETARIAT || batch->form->release == CNV_NONE)
		return CNV_SHOWN_NAMED;
	answer = answer_to(batch, batch->form->release, row, arena);
	if (cnv_str_equal(answer, CNV_STR("attributed")))
		return CNV_SHOWN_NAMED;
	if (cnv_str_equal(answer, CNV_STR("members_only")) && audience == CNV_AUDIENCE_MEMBERS)
		return CNV_SHOWN_NAMED;
	return cnv_str_equal(answer, CNV_STR("aggregate_only")) ? CNV_SHOWN_COUNTED : CNV_SHOWN_WITHHELD;
}

/* ---------------------------------------------------------------- the batch */

typedef struct release {
	cnv_batch *batch;
	cnv_reported *responses;
	const cnv_privacy *privacy; /* by question */
	bool *agreed;      /* by question: its counts would say what each of those chose who may only be counted */
	uint32_t **owners; /* by table and row: its response */
	uint32_t **into;   /* by table and row: its number after rows were removed; NULL: none were */
	uint64_t *erase;   /* of one column's rows */
	cnv_few few;
	cnv_arena *arena;
} release;

static void decide(release *r, cnv_audience audience, bool whole)
{
	cnv_arena step = { 0 };

	for (uint32_t row = 0; row < r->batch->tables[0].rows; row++) {
		cnv_reported *response = &r->responses[row];

		cnv_arena_reset(&step);
		response->shown = shown_to(r->batch, row, audience, &step);
		response->privacy = privacy_shown(r->batch, row, audience, &step);
		if (response->shown == CNV_SHOWN_COUNTED && !whole)
			response->shown = CNV_SHOWN_WITHHELD;
		if (response->shown != CNV_SHOWN_NAMED) {
			response->privacy = CNV_PRIVACY_NONE;
			response->errors = response->warnings = 0;
			memset(response->priors, 0, sizeof response->priors);
		}
	}
	r->arena->failed |= step.failed;
	cnv_arena_fini(&step);
}

/* Is there anything that the audience may not see?  Most forms have no such question. */
static bool withholds(const release *r)
{
	cnv_privacy most = CNV_PRIVACY_NONE;

	for (cnv_question_id q = 0; q < r->batch->form->count; q++)
		most = r->privacy[q] > most ? r->privacy[q] : most;
	for (uint32_t row = 0; row < r->batch->tables[0].rows; row++)
		if (r->responses[row].shown != CNV_SHOWN_NAMED || r->responses[row].privacy < most)
			return true;
	return false;
}

static bool find_owners(release *r)
{
	uint32_t most = 0;

	r->owners = cnv_arena_array(r->arena, r->batch->table_count, sizeof *r->owners);
	r->into = cnv_arena_array(r->arena, r->batch->table_count, sizeof *r->into);
	for (uint32_t t = 0; r->owners && r->into && t < r->batch->table_count; t++) {
		uint32_t rows = r->batch->tables[t].rows;

		most = rows > most ? rows : most;
		r->owners[t] = cnv_arena_array(r->arena, (size_t)rows + 1, sizeof **r->owners);
		for (uint32_t row = 0; r->owners[t] && row < rows; row++)
			r->owners[t][row] = cnv_batch_owner(r->batch, t, row, 0);
	}
	r->erase = cnv_arena_array(r->arena, CNV_BIT_WORDS(most) + 1, sizeof *r->erase);
	return !r->arena->failed;
}

static bool reads_agreed(const release *r, const cnv_question *question)
{
	const cnv_form *form = r->batch->form;

	return (question->parent != CNV_NONE && r->agreed[question->parent]) ||
	       mentions_marked(form, r->agreed, &question->relevant) ||
	       mentions_marked(form, r->agreed, &question->choice_filter);
}

/* Who was asked a question, and which choices there were, says as much as the answers that decide it. */
static void spread_agreed(release *r)
{
	const cnv_form *form = r->batch->form;
	bool more = true;

	for (uint32_t round = 0; more && round < form->count; round++) {
		more = false;
		for (cnv_question_id q = 0; q < form->count; q++)
			if (!r->agreed[q] && reads_agreed(r, &form->questions[q]))
				r->agreed[q] = more = true;
	}
}

/* Who answers, how the answers may be shown, and whether others compiled them, is known of each anyway. */
static bool is_known(const cnv_form *form, cnv_question_id question)
{
	return question == form->respondent || question == form->release || question == form->basis;
}

static bool find_agreed(release *r)
{
	const cnv_form *form = r->batch->form;
	bool any = false;

	r->agreed = cnv_arena_array(r->arena, (size_t)form->count + 1, sizeof *r->agreed);
	for (uint32_t t = 0; r->agreed && t < r->batch->table_count; t++) {
		cnv_table *table = &r->batch->tables[t];

		for (uint32_t c = 0; c < table->count; c++) {
			cnv_column *column = &table->columns[c];

			if (is_known(form, column->question))
				continue;
			if (!cnv_few_agree(&r->few, column, r->owners[t], table->rows, &r->agreed[column->question]))
				return false;
			any |= r->agreed[column->question];
		}
	}
	if (any)
		spread_agreed(r);
	return r->agreed;
}

/* Are the entries of a response seen?  Their number is an answer as well. */
static bool keeps_entry(const release *r, uint32_t table, uint32_t row, bool counted)
{
	const cnv_reported *response = &r->responses[r->owners[table][row]];

	if (r->privacy[r->batch->form->tables[table].repeat] > response->privacy)
		return false;
	return response->shown == CNV_SHOWN_NAMED || (response->shown == CNV_SHOWN_COUNTED && counted);
}

/* Removes entries, and renumbers their entries' parents; a table comes after that of its parent. */
static bool remove_entries(release *r, uint32_t t)
{
	cnv_table *table = &r->batch->tables[t];
	const uint32_t *parents = r->into[r->batch->form->tables[t].parent];
	uint32_t rows = table->rows, kept = 0;
	bool counted =
		cnv_few_entries_count(&r->few, r->owners[t], rows) && !r->agreed[r->batch->form->tables[t].repeat];
	uint64_t *keep = cnv_arena_array(r->arena, CNV_BIT_WORDS(rows) + 1, sizeof *keep);

	r->into[t] = cnv_arena_array(r->arena, (size_t)rows + 1, sizeof **r->into);
	if (!keep || !r->into[t])
		return false;
	for (uint32_t row = 0; row < rows; row++) {
		if ((parents && parents[table->parents[row]] == CNV_NONE) || !keeps_entry(r, t, row, counted))
			continue;
		cnv_bit_set(keep, row);
		r->owners[t][kept++] = r->owners[t][row];
	}
	cnv_mask_rows(table, keep, r->into[t]);
	for (uint32_t row = 0; parents && row < table->rows; row++)
		table->parents[row] = parents[table->parents[row]];
	return true;
}

/* The answers to one question: those of a response that is withheld, contacts, and those of few. */
static bool mask_column(release *r, uint32_t t, cnv_column *column)
{
	uint32_t rows = r->batch->tables[t].rows;
	const uint32_t *owners = r->owners[t];
	cnv_privacy privacy = r->privacy[column->question];

	memset(r->erase, 0, CNV_BIT_WORDS(rows) * sizeof *r->erase);
	for (uint32_t row = 0; row < rows; row++) {
		const cnv_reported *response = &r->responses[owners[row]];

		if (response->shown == CNV_SHOWN_WITHHELD || privacy > response->privacy ||
		    (response->shown == CNV_SHOWN_COUNTED && r->agreed[column->question]))
			cnv_mask_cell(column, row);
		else if (response->shown == CNV_SHOWN_COUNTED)
			cnv_mask_value(column, row);
		else
			continue;
		cnv_bit_set(r->erase, row);
	}
	cnv_mask_texts(column, rows, r->erase);
	return cnv_few_mask(&r->few, column, owners, rows);
}

static void mask_remarks(release *r)
{
	cnv_batch *batch = r->batch;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < batch->remark_count; i++) {
		cnv_remark remark = batch->remarks[i];
		const cnv_reported *response;

		if (r->into[remark.table])
			remark.row = r->into[remark.table][remark.row];
		if (remark.row == CNV_NONE)
			continue;
		response = &r->responses[r->owners[remark.table][remark.row]];
		if (response->shown != CNV_SHOWN_NAMED ||
		    (remark.question != CNV_NONE && r->privacy[remark.question] > response->privacy))
			continue;
		batch->remarks[kept++] = remark;
	}
	batch->remark_count = kept;
}

cnv_status cnv_release_apply(cnv_batch *batch, cnv_reported *responses, cnv_audience audience, bool whole,
			     cnv_secrets *secrets, cnv_arena *arena)
{
	release r = { .batch = batch, .responses = responses, .arena = arena };

	r.privacy = cnv_release_privacy(batch->form, arena);
	if (!r.privacy)
		return CNV_NO_MEMORY;
	decide(&r, audience, whole);
	if (audience == CNV_AUDIENCE_SECRETARIAT)
		return arena->failed ? CNV_NO_MEMORY : CNV_OK;
	if (secrets && cnv_secrets_gather(secrets, batch, responses, r.privacy))
		return CNV_NO_MEMORY;
	if (!withholds(&r))
		return arena->failed ? CNV_NO_MEMORY : CNV_OK;
	r.few = (cnv_few){ .form = batch->form, .responses = responses, .arena = arena };
	if (!find_owners(&r) || !find_agreed(&r))
		return CNV_NO_MEMORY;
	for (uint32_t t = 1; t < batch->table_count; t++)
		if (!remove_entries(&r, t))
			return CNV_NO_MEMORY;
	mask_remarks(&r);
	for (uint32_t t = 0; t < batch->table_count; t++)
		for (uint32_t c = 0; c < batch->tables[t].count; c++)
			if (!mask_column(&r, t, &batch->tables[t].columns[c]))
				return CNV_NO_MEMORY;
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
