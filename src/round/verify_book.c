/* Verifies a workbook: against its manifest, and against the store that it was made from.
 *
 * The digests of the sheets in the file must be those of the manifest.  A manifest can be changed as well, so with a
 * store the workbook is laid out again, as the manifest says, and the digests must be the same once more.  If they
 * differ, it is laid out as of the time at which the workbook was made: then the store has only grown since. */
#include "canvass/round.h"

#include <string.h>

/* ---------------------------------------------------------------- the file */

typedef struct reading {
	cnv_manifest_reader manifest;
	bool there;
} reading;

static void on_content(void *self, const cnv_content *content)
{
	reading *r = self;

	if (!cnv_str_equal(content->sheet, CNV_STR(CNV_MANIFEST_SHEET)) || content->kind == CNV_CONTENT_NOTE ||
	    content->kind == CNV_CONTENT_CHART || content->kind == CNV_CONTENT_LINK)
		return;
	r->there = true;
	cnv_manifest_put(&r->manifest, content->row, content->column, content->text);
}

static const cnv_laid_sheet *find_sheet(const cnv_laid_sheet *sheets, uint32_t count, cnv_str name)
{
	for (uint32_t i = 0; i < count; i++)
		if (cnv_str_equal(sheets[i].name, name))
			return &sheets[i];
	return NULL;
}

static bool has_cells(const cnv_laid_sheet *a, const cnv_laid_sheet *b)
{
	return a->cells == b->cells && !memcmp(a->cell_digest, b->cell_digest, sizeof a->cell_digest);
}

static bool has_notes(const cnv_laid_sheet *a, const cnv_laid_sheet *b)
{
	return a->notes == b->notes && !memcmp(a->note_digest, b->note_digest, sizeof a->note_digest);
}

static bool has_charts(const cnv_laid_sheet *a, const cnv_laid_sheet *b)
{
	return a->charts == b->charts && !memcmp(a->chart_digest, b->chart_digest, sizeof a->chart_digest);
}

static bool has_links(const cnv_laid_sheet *a, const cnv_laid_sheet *b)
{
	return a->links == b->links && !memcmp(a->link_digest, b->link_digest, sizeof a->link_digest);
}

/* What differs between a sheet as it is and as it was written; NULL: nothing. */
static const char *difference(const cnv_laid_sheet *now, const cnv_laid_sheet *was)
{
	if (!now)
		return "it was removed or renamed";
	if (!has_cells(now, was))
		return now->cells < was->cells   ? "cells were removed"
		       : now->cells > was->cells ? "cells were added"
						 : "a cell was changed";
	if (!has_notes(now, was))
		return "a note was changed";
	if (!has_charts(now, was))
		return "a chart was changed";
	return has_links(now, was) ? NULL : "a link was changed";
}

static void emit_sheet(const cnv_book_check *check, cnv_str sheet, const char *why, cnv_diags *diags)
{
	cnv_diags_emit(
		diags,
		CNV_DIAG(.code = CNV_VERIFY_SHEET, .place = (cnv_place){ .source = check->name, .sheet = sheet }), "%s",
		why);
}

/* Compares the sheets of the file with the manifest. */
static void compare_file(const cnv_book_check *check, cnv_book_found *found, const cnv_laid *laid, cnv_diags *diags)
{
	const cnv_manifest *m = &found->manifest;

	found->untouched = true;
	for (uint32_t i = 0; i < m->count; i++) {
		const char *why = difference(find_sheet(laid->sheets, laid->count, m->sheets[i].name), &m->sheets[i]);

		found->untouched &= !why;
		if (why)
			emit_sheet(check, m->sheets[i].name, why, diags);
	}
	for (uint32_t i = 0; i < laid->count; i++) {
		cnv_str name = laid->sheets[i].name;

		if (cnv_str_equal(name, CNV_STR(CNV_MANIFEST_SHEET)) || find_sheet(m->sheets, m->count, name))
			continue;
		found->untouched = false;
		emit_sheet(check, name, "it was added", diags);
	}
}

static cnv_status read_manifest(const cnv_book_check *check, cnv_book_found *found, reading *r, cnv_diags *diags)
{
	cnv_status status = cnv_manifest_end(&r->manifest);

	if (status == CNV_NO_MEMORY)
		return status;
	if (status || !r->there) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_VERIFY_MANIFEST, .place = (cnv_place){ .source = check->name }),
			       r->there ? "the sheet %s cannot be read" : "there is no sheet %s", CNV_MANIFEST_SHEET);
		return CNV_OK;
	}
	found->manifest = r->manifest.manifest;
	return CNV_OK;
}

static cnv_status check_file(const cnv_book_check *check, cnv_book_found *found, cnv_diags *diags)
{
	reading r = { .manifest = { .arena = &found->arena } };
	cnv_content_listener listener = { &r, on_content };
	cnv_contents *contents = cnv_contents_new(&listener);
	cnv_status status = contents ? cnv_contents_read(contents, check->name, check->bytes, diags) : CNV_NO_MEMORY;
	const cnv_laid *laid = status ? NULL : cnv_contents_laid(contents);

	if (!status && !laid)
		status = CNV_NO_MEMORY;
	if (!status)
		status = read_manifest(check, found, &r, diags);
	if (!status && found->manifest.sheets)
		compare_file(check, found, laid, diags);
	cnv_contents_free(contents);
	return status;
}

/* ---------------------------------------------------------------- the store */

typedef struct again {
	const cnv_book_check *check;
	cnv_book_found *found;
	cnv_store *store;
	cnv_stored_form stored;
	cnv_form_file form;
	cnv_roster_file roster;
	cnv_arena arena;
	cnv_diags *diags;
	cnv_diags laying; /* passes on errors alone: what report says of answers to earlier versions is no difference */
} again;

static void on_laying(void *self, const cnv_diag *diag)
{
	if (diag->severity == CNV_ERROR)
		cnv_diags_forward(self, diag);
}

static void emit_input(const again *a, const char *why)
{
	cnv_diags_emit(a->diags, CNV_DIAG(.code = CNV_VERIFY_INPUT, .place = (cnv_place){ .source = a->check->name }),
		       "%s", why);
}

/* Opens the store with the version of the form that the workbook was made with.  CNV_REJECTED: it has no such version,
 * which was reported. */
static cnv_status open_form(again *a)
{
	const cnv_manifest *m = &a->found->manifest;
	cnv_diags quiet = { 0 };
	cnv_status status = cnv_store_open(&a->store, a->check->store, CNV_STORE_READ, NULL, (cnv_str){ 0 },
					   a->check->patience, a->diags);

	if (!status)
		status = cnv_store_form(a->store, m->form_sha256, (cnv_str){ 0 }, &a->arena, &a->stored, a->diags);
	cnv_store_close(a->store, a->diags);
	a->store = NULL;
	if (status)
		return status;
	if (!a->stored.bytes.len || memcmp(a->stored.sha256, m->form_sha256, sizeof m->form_sha256)) {
		emit_input(a, "the store does not have the version of the form that it was made with");
		return CNV_REJECTED;
	}
	status = cnv_form_file_read(&a->form, a->stored.name, a->stored.bytes, &quiet);
	if (!a->form.form && status != CNV_NO_MEMORY)
		emit_input(a, "the form in the store cannot be read");
	if (!a->form.form)
		return status == CNV_NO_MEMORY ? status : CNV_REJECTED;
	memcpy(a->form.form->sha256, m->form_sha256, sizeof m->form_sha256);
	return CNV_OK;
}

static cnv_status open_store(again *a, bool past)
{
	cnv_status status = cnv_store_open(&a->store, a->check->store, CNV_STORE_READ, a->form.form, a->form.bytes,
					   a->check->patience, a->diags);

	return status || !past ? status : cnv_store_as_of(a->store, a->found->manifest.now, a->diags);
}

static bool find_language(const again *a, uint32_t *language)
{
	const cnv_form *form = a->form.form;

	for (*language = 0; *language < form->language_count; ++*language)
		if (cnv_str_equal(form->languages[*language], a->found->manifest.language))
			return true;
	emit_input(a, "the form does not have its language");
	return false;
}

static bool had_roster(const cnv_manifest *m)
{
	static const uint8_t none[32];

	return memcmp(m->roster_sha256, none, sizeof none);
}

/* Is the roster the one that the workbook was made with? */
static bool has_roster(const again *a)
{
	uint8_t digest[32] = { 0 };
	cnv_digest digesting;

	if (a->roster.there) {
		cnv_digest_init(&digesting, CNV_SHA256);
		cnv_digest_add(&digesting, a->roster.bytes.at, a->roster.bytes.len);
		cnv_digest_end(&digesting, digest);
	}
	if (!memcmp(digest, a->found->manifest.roster_sha256, sizeof digest))
		return true;
	emit_input(a, "the roster that it was made with was not found");
	return false;
}

static bool is_same(const cnv_manifest *m, const cnv_laid *laid)
{
	if (laid->count != m->count + 1) /* the manifest */
		return false;
	for (uint32_t i = 0; i < m->count; i++)
		if (difference(&laid->sheets[i], &m->sheets[i]) ||
		    !cnv_str_equal(laid->sheets[i].name, m->sheets[i].name))
			return false;
	return true;
}

/* What it was compared with. */
static cnv_status open_since(again *a, const cnv_standings *standings, cnv_since *since)
{
	const cnv_manifest *m = &a->found->manifest;
	cnv_instant at = m->now;

	if (m->since_time.len && !cnv_instant_read(m->since_time, 0, &at))
		return CNV_REJECTED;
	return cnv_since_open(since, standings, a->store, a->form.bytes, m->since_round, at, &a->laying);
}

/* Lays the workbook out from the open store. */
static cnv_status lay_standings(again *a, const cnv_standings *standings, uint32_t language, bool past,
				cnv_contents *contents)
{
	const cnv_manifest *m = &a->found->manifest;
	bool compares = m->since_round.len || m->since_time.len;
	cnv_question_id cross = m->crossed.len ? cnv_map_find(&a->form.form->by_path, m->crossed) : CNV_NONE;
	cnv_since since = { 0 };
	cnv_status status = m->crossed.len && cross == CNV_NONE ? CNV_REJECTED : CNV_OK;

	if (!status && compares)
		status = open_since(a, standings, &since);
	if (!status && compares && (!standings->batch || !since.standings.batch))
		status = CNV_REJECTED;
	if (!status)
		status = cnv_comparison_digest(&(cnv_comparison){ .standings = standings,
								  .store = a->store,
								  .language = language,
								  .words = m->words,
								  .now = m->now,
								  .as_of = m->as_of,
								  .labels = m->labels,
								  .no_audit = m->no_audit,
								  .technical = m->technical,
								  .across = m->across,
								  .since = compares ? &since : NULL,
								  .crosses = m->crossed.len > 0,
								  .cross = cross,
								  .roster = a->roster.bytes,
								  .few_late = past,
								  .late = m->late },
					       contents, &a->laying);
	cnv_since_close(&since);
	return status;
}

/* The same for the round that it shows. */
static cnv_status lay_again(again *a, bool past, cnv_contents *contents)
{
	const cnv_manifest *m = &a->found->manifest;
	cnv_standings standings = { 0 };
	uint32_t language;
	cnv_status status;

	if (!find_language(a, &language) || !has_roster(a))
		return CNV_REJECTED;
	status = cnv_standings_read(&standings, a->store, a->form.form, a->roster.there ? &a->roster.roster : NULL,
				    m->round, m->now, m->audience, m->exact, &a->laying);
	if (!status)
		status = lay_standings(a, &standings, language, past, contents);
	cnv_standings_fini(&standings);
	return status;
}

/* One of the two attempts: as the store is, or as it was. */
static cnv_status attempt(again *a, bool past, cnv_text *names)
{
	const cnv_manifest *m = &a->found->manifest;
	cnv_contents *contents = cnv_contents_new(NULL);
	const cnv_laid *laid = NULL;
	cnv_status status = contents ? open_store(a, past || m->as_of) : CNV_NO_MEMORY;

	if (!status && had_roster(m))
		status = cnv_roster_file_load(&a->roster, a->check->roster, a->stored.name, a->store, a->diags);
	if (!status)
		status = lay_again(a, past, contents);
	if (!status && !(laid = cnv_contents_laid(contents)))
		status = CNV_NO_MEMORY;
	a->found->same = !status && is_same(m, laid);
	cnv_text_reset(names);
	for (uint32_t i = 0; !status && i < m->count; i++)
		if (difference(find_sheet(laid->sheets, laid->count, m->sheets[i].name), &m->sheets[i]))
			cnv_text_format(names, "%s%.*s", names->len ? ", " : "", CNV_ARG(m->sheets[i].name));
	cnv_contents_free(contents);
	cnv_roster_file_fini(&a->roster);
	cnv_store_close(a->store, a->diags);
	a->store = NULL;
	return status;
}

static void emit_differences(const again *a, cnv_str names, bool older)
{
	cnv_str program = a->found->manifest.program;
	cnv_place place = { .source = a->check->name };

	if (older)
		cnv_diags_emit(a->diags, CNV_DIAG(.code = CNV_VERIFY_BOOK_OLDER, .place = place),
			       "it is what the store held then; today these sheets would differ: %.*s", CNV_ARG(names));
	else if (!cnv_str_equal(program, cnv_str_from(cnv_version())))
		cnv_diags_emit(a->diags, CNV_DIAG(.code = CNV_VERIFY_BOOK_PROGRAM, .place = place),
			       "canvass %.*s made it; this version makes these sheets differently: %.*s",
			       CNV_ARG(program), CNV_ARG(names));
	else
		cnv_diags_emit(a->diags, CNV_DIAG(.code = CNV_VERIFY_BOOK, .place = place),
			       "these sheets are not what the store holds: %.*s",
			       CNV_ARG(names.len ? names : CNV_STR("other sheets, or in another order")));
}

static cnv_status check_store(again *a)
{
	cnv_text now = { 0 }, then = { 0 };
	cnv_status status = open_form(a);

	if (!status)
		status = attempt(a, false, &now);
	if (!status && !a->found->same) {
		status = attempt(a, true, &then);
		if (!status && (now.failed || then.failed))
			status = CNV_NO_MEMORY;
		a->found->grown = !status && a->found->same;
		if (!status)
			emit_differences(a, cnv_text_str(a->found->grown ? &now : &then), a->found->grown);
	}
	a->found->compared = !status;
	cnv_text_fini(&now);
	cnv_text_fini(&then);
	/* What cannot be compared has been reported. */
	return status == CNV_REJECTED ? CNV_OK : status;
}

cnv_status cnv_book_verify(const cnv_book_check *check, cnv_book_found *found, cnv_diags *diags)
{
	again a = { .check = check, .found = found, .diags = diags, .laying = { .emit = on_laying, .self = diags } };
	cnv_status status;

	*found = (cnv_book_found){ 0 };
	status = check_file(check, found, diags);
	if (!status && found->manifest.sheets && check->store.len)
		status = check_store(&a);
	cnv_form_file_fini(&a.form);
	cnv_arena_fini(&a.arena);
	return status;
}

void cnv_book_found_fini(cnv_book_found *found)
{
	cnv_arena_fini(&found->arena);
	*found = (cnv_book_found){ 0 };
}
