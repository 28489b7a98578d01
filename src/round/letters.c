/* Letters to respondents: their open queries, as Markdown and as plain text.  Queries are sorted by respondent;
 * those of one respondent are collected until the next one begins, and are then written.  A first pass checks that
 * every letter can be written, so that either all letters are written or none. */
#include "round/round_internal.h"

#include "canvass/packs.h"

enum { LETTER_WIDTH = 76 }; /* columns: mail programs add two more when quoting */

typedef struct writing {
	cnv_letters *of;
	bool dry;        /* this is the first pass */
	cnv_arena arena; /* of one respondent */
	cnv_query *queries;
	uint32_t count, room;
	cnv_str code;
	bool refused; /* a letter cannot be written */
} writing;

static cnv_str name_letter(writing *w, const char *ending)
{
	cnv_str folder = w->of->folder;

	return cnv_arena_format(&w->arena, "%.*s%s%.*s.%s", CNV_ARG(folder),
				cnv_str_ends(folder, CNV_STR("/")) ? "" : "/", CNV_ARG(w->code), ending);
}

static cnv_status write_letter(writing *w, cnv_str name, const cnv_letter *letter, bool markdown)
{
	cnv_text_writer state;
	cnv_text text = { 0 };
	cnv_writer writer = markdown ? cnv_write_markdown(&state, &text) : cnv_write_text(&state, &text, LETTER_WIDTH);
	cnv_status status = cnv_letter_lay(letter, &writer, &w->arena);

	cnv_write_end(&state);
	if (!status && text.failed)
		status = CNV_NO_MEMORY;
	if (!status)
		status = cnv_file_save(name, cnv_text_str(&text), w->of->force, w->of->diags);
	cnv_text_fini(&text);
	return status;
}

/* --language, else the first of the respondent's languages that the form has, else the form's default. */
static uint32_t choose_language(const writing *w, const cnv_respondent *to)
{
	cnv_str rest = to ? to->language : (cnv_str){ 0 }, word;

	while (!w->of->fixed_language && cnv_str_word(&rest, &word)) {
		uint32_t language = cnv_form_language(w->of->form, word);
		if (language != CNV_NONE)
			return language;
	}
	return w->of->language;
}

static const cnv_respondent *find_respondent(const writing *w)
{
	uint32_t at = w->of->roster ? cnv_map_find(&w->of->roster->by_code, w->code) : CNV_NONE;

	return at == CNV_NONE ? NULL : &w->of->roster->respondents[at];
}

static cnv_status write_both(writing *w)
{
	const cnv_respondent *to = find_respondent(w);
	cnv_letter letter = { .form = w->of->form,
			      .language = choose_language(w, to),
			      .round = w->of->round,
			      .code = w->code,
			      .respondent = to,
			      .queries = w->queries,
			      .count = w->count };
	cnv_str plain = name_letter(w, "txt"), marked = name_letter(w, "md");
	cnv_status status = write_letter(w, marked, &letter, true);

	if (!status)
		status = write_letter(w, plain, &letter, false);
	if (!status) {
		w->of->written++;
		w->of->tell_letter(w->of->self, marked, w->count);
	}
	return status;
}

/* Can the letter be written?  Reports why not. */
static void look_ahead(writing *w)
{
	const char *const endings[] = { "md", "txt" };
	cnv_letters *of = w->of;

	if (!cnv_respondent_code_ok(w->code)) {
		cnv_diags_emit(of->diags, CNV_DIAG(.code = CNV_LETTER_NAME, .excerpt = w->code),
			       "\"%.*s\" cannot be a file name", CNV_ARG(w->code));
		w->refused = true;
		return;
	}
	for (size_t i = 0; i < sizeof endings / sizeof *endings && !of->force && !of->existing.len; i++) {
		cnv_str name = name_letter(w, endings[i]);
		if (cnv_file_exists(name))
			of->existing = cnv_arena_copy(&of->arena, name);
	}
	w->refused |= of->existing.len > 0;
}

/* All queries of one respondent are collected. */
static cnv_status end_respondent(writing *w)
{
	cnv_status status = CNV_OK;

	if (w->count && w->dry)
		look_ahead(w);
	else if (w->count)
		status = write_both(w);
	if (!status && w->arena.failed)
		status = CNV_NO_MEMORY;
	w->count = 0;
	w->code = (cnv_str){ 0 };
	cnv_arena_reset(&w->arena);
	return status;
}

static cnv_query keep(const cnv_query *query, cnv_arena *arena)
{
	cnv_query kept = *query;
	cnv_str *texts[] = { &kept.id,      &kept.respondent, &kept.reason, &kept.path, &kept.value,
			     &kept.message, &kept.hint,       &kept.remark, &kept.file, &kept.sheet };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = cnv_arena_copy(arena, *texts[i]);
	return kept;
}

static cnv_status on_query(void *self, const cnv_query *query)
{
	writing *w = self;
	cnv_status status = CNV_OK;

	if (query->state != CNV_QUERY_OPEN || cnv_query_is_ours(query))
		return CNV_OK;
	if (!cnv_str_equal(query->respondent, w->code))
		status = end_respondent(w);
	if (!w->code.len)
		w->code = cnv_arena_copy(&w->arena, query->respondent);
	if (!status && !cnv_mem_room((void **)&w->queries, &w->room, w->count + 1, sizeof *w->queries))
		status = CNV_NO_MEMORY;
	if (!status)
		w->queries[w->count++] = w->dry ? (cnv_query){ 0 } : keep(query, &w->arena);
	return status;
}

static cnv_status pass(writing *w)
{
	cnv_status status =
		cnv_store_queries(w->of->store, w->of->round, w->of->respondent, false, on_query, w, w->of->diags);

	return status ? status : end_respondent(w);
}

cnv_status cnv_letters_write(cnv_letters *letters)
{
	writing w = { .of = letters, .dry = true };
	cnv_status status = pass(&w);

	if (!status && w.refused)
		status = CNV_REJECTED;
	if (!status)
		status = cnv_folder_make(letters->folder, letters->diags);
	w.dry = false;
	if (!status)
		status = pass(&w);
	cnv_mem_free(w.queries);
	cnv_arena_fini(&w.arena);
	return status;
}

void cnv_letters_fini(cnv_letters *letters)
{
	cnv_arena_fini(&letters->arena);
}
