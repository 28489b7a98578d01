/* The forms that a round was answered with, where the form it is read with is another version.
 *
 * Their answers are carried to that form as import carries a return of an older version: through renamed questions and
 * recoded choices, and with the verdicts they have.  What cannot be carried is listed: an answer whose question is gone,
 * has another type, or no longer offers the choice. */
#include "round/round_internal.h"

#include <inttypes.h>
#include <string.h>

cnv_str cnv_form_version_name(const cnv_form *form)
{
	return form->version.len ? form->version : CNV_STR("(no version)");
}

static cnv_status add_version(cnv_versions *out, const cnv_stored_form *stored, const cnv_form *form, cnv_diags *diags)
{
	cnv_form_version *version = &out->at[out->count];
	cnv_diags quiet = { 0 };
	cnv_status status = cnv_form_file_read(&version->form, stored->name, stored->bytes, &quiet);

	if (!status)
		status = cnv_form_migrate(&version->migration, version->form.form, form, &version->form.arena);
	if (!status) {
		out->count++;
		return CNV_OK;
	}
	cnv_form_file_fini(&version->form);
	if (status == CNV_NO_MEMORY)
		return status;
	cnv_diags_emit(diags, CNV_DIAG(.code = CNV_VERSION_UNREADABLE, .field = CNV_STR("version")),
		       "cannot read version \"%.*s\" of the form in the store; its questions and choices are matched by"
		       " their names",
		       CNV_ARG(stored->version));
	return CNV_OK;
}

cnv_status cnv_versions_read(cnv_versions *out, cnv_store *store, const cnv_form *form, cnv_str round, cnv_diags *diags)
{
	const cnv_stored_form *forms = NULL;
	uint32_t count = 0;
	cnv_status status = cnv_store_round_forms(store, round, &out->arena, &forms, &count, diags);

	if (!status && !(out->at = cnv_arena_array(&out->arena, (size_t)count + 1, sizeof *out->at)))
		status = CNV_NO_MEMORY;
	for (uint32_t i = 0; i < count && !status; i++)
		if (memcmp(forms[i].sha256, form->sha256, sizeof form->sha256))
			status = add_version(out, &forms[i], form, diags);
	return status;
}

void cnv_versions_fini(cnv_versions *versions)
{
	for (uint32_t i = 0; i < versions->count; i++)
		cnv_form_file_fini(&versions->at[i].form);
	cnv_arena_fini(&versions->arena);
	*versions = (cnv_versions){ 0 };
}

/* ---------------------------------------------------------------- what could not be carried */

/* Responses of one version, as they were given and as they are carried. */
typedef struct carrying {
	const cnv_form_version *version;
	const cnv_batch *was, *now;
	const cnv_reported *reported; /* of the rows of was->tables[0] */
	uint32_t *lost;               /* of each question of the version */
	/* of one response, by table: its first entry in both batches */
	uint32_t *was_first, *was_upto, *now_first;
	cnv_not_carried_list *out;
	cnv_arena *arena;
} carrying;

static bool is_given(cnv_verdict verdict)
{
	return verdict == CNV_ACCEPTED || verdict == CNV_NOT_APPLICABLE || verdict == CNV_DO_NOT_KNOW ||
	       verdict == CNV_WITHHELD;
}

/* The answer as the older form shows it: choices by their labels. */
static cnv_str shown_then(const carrying *c, const cnv_column *column, uint32_t row)
{
	const cnv_form *form = c->version->form.form;
	const cnv_list *list = column->list == CNV_NONE ? NULL : &form->lists[column->list];
	cnv_str codes = cnv_cell_value(form, column, row, c->arena), word, out;
	cnv_text text = { 0 };

	if (!list || column->verdicts[row] != CNV_ACCEPTED)
		return cnv_arena_copy(c->arena, codes);
	while (cnv_str_word(&codes, &word)) {
		uint32_t choice = cnv_list_find(list, word);

		cnv_text_format(&text, "%s%.*s", text.len ? "; " : "",
				CNV_ARG(choice == CNV_NONE ? word
							   : cnv_choice_title(form, &list->choices[choice],
									      c->version->form.language)));
	}
	out = cnv_arena_copy(c->arena, cnv_text_str(&text));
	c->arena->failed |= text.failed;
	cnv_text_fini(&text);
	return out;
}

static const char *why_lost(const carrying *c, cnv_question_id was, cnv_question_id now)
{
	const cnv_form *before = c->version->form.form, *after = c->now->form;

	if (now == CNV_NONE)
		return "the question is not in this version of the form";
	return before->questions[was].kind == after->questions[now].kind && after->questions[now].list != CNV_NONE
		       ? "this version of the form does not offer the choice"
		       : "the question has another type in this version of the form";
}

/* As private as the question, or a section that it is in. */
static cnv_privacy privacy_of(const cnv_form *form, cnv_question_id question)
{
	cnv_privacy privacy = CNV_PRIVACY_NONE;

	for (; question != CNV_NONE; question = form->questions[question].parent)
		privacy = cnv_privacy_more(privacy, form->questions[question].privacy);
	return privacy;
}

static void note_lost(carrying *c, uint32_t table, const cnv_column *column, uint32_t row, uint32_t response,
		      cnv_question_id now)
{
	cnv_not_carried_list *out = c->out;
	const cnv_form *form = c->version->form.form;

	c->lost[column->question]++;
	if (!cnv_arena_grow(c->arena, (void **)&out->at, out->count, &out->room, sizeof *out->at))
		return;
	out->at[out->count++] =
		(cnv_not_carried){ .respondent = cnv_arena_copy(c->arena, c->reported[response].respondent),
				   .path = cnv_cell_path(c->was, table, row, column->question, c->arena),
				   .value = shown_then(c, column, row),
				   .why = why_lost(c, column->question, now),
				   .title = cnv_question_title(form, &form->questions[column->question],
							       c->version->form.language),
				   .question = now,
				   .privacy = privacy_of(form, column->question),
				   .row = c->now_first[0],
				   .file = c->reported[response].file,
				   .line = cnv_row_line(&c->was->tables[table], column, row) };
}

/* The cell that takes the answer; *row becomes its row.  NULL: there is none. */
static const cnv_column *heir_cell(const carrying *c, uint32_t table, cnv_question_id now, uint32_t *row)
{
	const cnv_question *heir = now == CNV_NONE ? NULL : &c->now->form->questions[now];
	uint32_t into;

	if (!heir || heir->column == CNV_NONE)
		return NULL;
	into = c->now_first[heir->table] + (*row - c->was_first[table]);
	if (into >= c->now->tables[heir->table].rows)
		return NULL;
	*row = into;
	return &c->now->tables[heir->table].columns[heir->column];
}

static void look_at_column(carrying *c, uint32_t table, const cnv_column *column, uint32_t response)
{
	cnv_question_id now = c->version->migration.successor_of[column->question];

	if (c->version->form.form->questions[column->question].role != CNV_ASKED)
		return;
	for (uint32_t row = c->was_first[table]; row < c->was_upto[table]; row++) {
		uint32_t into = row;
		const cnv_column *heir;

		if (!cnv_bit(column->answered, row) || !is_given((cnv_verdict)column->verdicts[row]))
			continue;
		heir = heir_cell(c, table, now, &into);
		if (!heir || !is_given((cnv_verdict)heir->verdicts[into]))
			note_lost(c, table, column, row, response, heir ? now : CNV_NONE);
	}
}

/* The entries of one response are next to each other in every table, in the same order on both sides. */
static void look_at_response(carrying *c, uint32_t was, uint32_t now)
{
	const cnv_form *before = c->was->form, *after = c->now->form;

	c->was_first[0] = was;
	c->was_upto[0] = was + 1;
	c->now_first[0] = now;
	for (uint32_t t = 1; t < c->was->table_count; t++) {
		c->was_first[t] = cnv_table_first(&c->was->tables[t], c->was_first[before->tables[t].parent]);
		c->was_upto[t] = cnv_table_first(&c->was->tables[t], c->was_upto[before->tables[t].parent]);
	}
	for (uint32_t t = 1; t < c->now->table_count; t++)
		c->now_first[t] = cnv_table_first(&c->now->tables[t], c->now_first[after->tables[t].parent]);
	for (uint32_t t = 0; t < c->was->table_count; t++)
		for (uint32_t i = 0; i < c->was->tables[t].count; i++)
			look_at_column(c, t, &c->was->tables[t].columns[i], was);
}

/* One line for each question, with all its answers that are lost. */
static void say_lost(const carrying *c, cnv_diags *diags)
{
	const cnv_form *before = c->version->form.form;

	for (cnv_question_id q = 0; q < before->count; q++) {
		const cnv_question *question = &before->questions[q];

		if (!c->lost[q])
			continue;
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_NOT_CARRIED, .field = question->name),
			       "%" PRIu32 " %s to \"%.*s\" of version \"%.*s\" %s not carried over: %s", c->lost[q],
			       cnv_noun(c->lost[q], "answer", "answers"), CNV_ARG(question->name),
			       CNV_ARG(cnv_form_version_name(before)), cnv_noun(c->lost[q], "was", "were"),
			       why_lost(c, q, c->version->migration.successor_of[q]));
	}
}

static bool make_room(carrying *c, cnv_arena *scratch)
{
	c->lost = cnv_arena_array(scratch, (size_t)c->version->form.form->count + 1, sizeof *c->lost);
	c->was_first = cnv_arena_array(scratch, (size_t)c->was->table_count + 1, sizeof *c->was_first);
	c->was_upto = cnv_arena_array(scratch, (size_t)c->was->table_count + 1, sizeof *c->was_upto);
	c->now_first = cnv_arena_array(scratch, (size_t)c->now->table_count + 1, sizeof *c->now_first);
	return !scratch->failed;
}

/* Both sides are in the order of response ids. */
static cnv_status look_at_all(carrying *c, const cnv_reported *carried, cnv_diags *diags)
{
	cnv_arena scratch = { 0 };
	uint32_t now = 0;
	bool ok = make_room(c, &scratch);

	for (uint32_t was = 0; ok && was < c->was->tables[0].rows; was++) {
		while (now < c->now->tables[0].rows && carried[now].id < c->reported[was].id)
			now++;
		if (now < c->now->tables[0].rows && carried[now].id == c->reported[was].id)
			look_at_response(c, was, now);
	}
	if (ok)
		say_lost(c, diags);
	cnv_arena_fini(&scratch);
	return ok && !c->arena->failed ? CNV_OK : CNV_NO_MEMORY;
}

cnv_status cnv_version_answers(cnv_answered *out, cnv_store *store, const cnv_form *form, cnv_str bytes, cnv_str round,
			       cnv_diags *diags)
{
	cnv_store *own = NULL;
	cnv_cursor *cursor = NULL;
	cnv_diags quiet = { 0 };
	uint64_t responses = 0;
	uint32_t count = 1;
	cnv_status status = cnv_store_open_again(&own, store, form, bytes, diags);

	*out = (cnv_answered){ 0 };
	if (!status)
		status = cnv_store_count(own, round, &responses, diags);
	if (!status && (responses > CNV_REPORT_NAMED || !(out->batch = cnv_batch_new(form)) ||
			!(out->reported = cnv_mem_array((size_t)responses + 1, sizeof *out->reported))))
		status = responses > CNV_REPORT_NAMED ? CNV_REJECTED : CNV_NO_MEMORY;
	if (!status)
		status = cnv_store_read_own(&cursor, own, round, diags);
	while (!status && count && out->count < responses) {
		status = cnv_cursor_next(cursor, out->batch, out->reported + out->count,
					 (uint32_t)responses - out->count, &count, diags);
		out->count += status ? 0 : count;
	}
	cnv_cursor_close(cursor);
	cnv_store_close(own, &quiet);
	return status;
}

void cnv_answered_fini(cnv_answered *answered)
{
	cnv_batch_free(answered->batch);
	cnv_mem_free(answered->reported);
	*answered = (cnv_answered){ 0 };
}

cnv_status cnv_versions_list_lost(const cnv_versions *versions, cnv_store *store, cnv_str round, const cnv_batch *now,
				  const cnv_reported *reported, cnv_not_carried_list *out, cnv_arena *arena,
				  cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < versions->count && !status; i++) {
		const cnv_form_version *version = &versions->at[i];
		cnv_answered was;

		status = cnv_version_answers(&was, store, version->form.form, version->form.bytes, round, diags);
		if (!status) {
			carrying c = { .version = version,
				       .was = was.batch,
				       .now = now,
				       .reported = was.reported,
				       .out = out,
				       .arena = arena };

			if (was.count)
				cnv_diags_emit(
					diags, CNV_DIAG(.code = CNV_VERSION_CARRIED, .field = CNV_STR("version")),
					"%" PRIu32 " %s of round %.*s %s given with version \"%.*s\" of the form,"
					" and %s carried to version \"%.*s\"",
					was.count, cnv_noun(was.count, "response", "responses"), CNV_ARG(round),
					cnv_noun(was.count, "was", "were"),
					CNV_ARG(cnv_form_version_name(version->form.form)),
					cnv_noun(was.count, "is", "are"), CNV_ARG(cnv_form_version_name(now->form)));
			status = look_at_all(&c, reported, diags);
		}
		cnv_answered_fini(&was);
	}
	return status;
}
