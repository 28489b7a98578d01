/* What a return claims: the form, the round and the form version it belongs to.  The hidden sheet of a canvass
 * workbook takes precedence over its columns and lines.  A return of another form or round, or one whose hidden
 * sheet was changed, is rejected.
 *
 * A return made for an older version of the form is read as that version: the store keeps the file of every version
 * that it has answers for, and --was names one that it does not know.  A file without claims that does not fit this
 * form is compared with the other forms in the same folder, and the best match is reported. */
#include <string.h>

#include "round/arrival.h"

enum {
	MOST_FORMS = 60,   /* in the folder of the form: only the first ones are tried */
	MOST_SEARCHES = 20 /* of one run: the matching form is searched for so many foreign files */
};

static void free_older(older_form *older)
{
	if (!older)
		return;
	cnv_form_file_fini(&older->form);
	cnv_arena_fini(&older->arena);
	cnv_mem_free(older);
}

void claims_forget_older(cnv_intake *in, bool all)
{
	older_form **from = in->older && !all ? &in->older->next : &in->older;

	while (*from) {
		older_form *older = *from;
		*from = older->next;
		free_older(older);
	}
}

/* ---------------------------------------------------------------- forms in the folder of the one given */

static bool is_form_name(cnv_str name)
{
	static const char *const endings[] = { ".csv", ".xlsx", ".xls", ".ods" };

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (cnv_str_ends(name, cnv_str_from(endings[i])))
			return true;
	return false;
}

/* Search in the form's folder: for a form id, or for the form that best fits the names in a file. */
typedef struct form_search {
	const cnv_gather *gather; /* NULL: by id */
	cnv_str id;
	uint32_t fits;      /* of the best so far */
	cnv_str best, name; /* its id and file; empty: none yet */
} form_search;

static void try_form(form_search *search, cnv_str name, cnv_arena *arena)
{
	cnv_diags quiet = { 0 };
	cnv_form_file form;
	cnv_status status = cnv_form_file_look(&form, name, &quiet);
	uint32_t fits = 0, names;

	if (!status && search->gather) {
		fits = cnv_gather_fits(search->gather, form.form, &names);
		if (fits < 2 || fits * 2 < names)
			fits = 0;
	} else if (!status) {
		fits = cnv_str_equal(form.form->id, search->id);
	}
	if (fits > search->fits) {
		search->fits = fits;
		search->best = cnv_arena_copy(arena, form.form->id);
		search->name = cnv_arena_copy(arena, name);
	}
	cnv_form_file_fini(&form);
}

static void search_forms(arrival *a, form_search *search)
{
	cnv_intake *in = a->intake;
	cnv_str own = in->form->name, folder;
	cnv_diags quiet = { 0 };
	cnv_arena arena = { 0 };
	cnv_folder beside = { 0 };
	uint32_t tried = 0;

	if (in->form->detached || in->searches++ >= MOST_SEARCHES)
		return;
	folder = cnv_folder_of(own);
	if (!cnv_folder_read(&beside, folder.len ? folder : CNV_STR("."), &arena, &quiet))
		for (uint32_t i = 0; i < beside.count && tried < MOST_FORMS; i++) {
			cnv_str name =
				folder.len ? beside.names[i] : cnv_str_slice(beside.names[i], 2, beside.names[i].len);
			if (!is_form_name(name) || cnv_file_same(name, own) || cnv_file_same(name, a->name))
				continue;
			try_form(search, name, &a->arena);
			tried++;
		}
	cnv_folder_fini(&beside);
	cnv_arena_fini(&arena);
}

cnv_str claims_guess(arrival *a)
{
	form_search search = { .gather = a->stream.gather };
	uint32_t names;

	if (!a->stream.gather)
		return (cnv_str){ 0 };
	search.fits = cnv_gather_fits(a->stream.gather, a->intake->form->form, &names);
	search_forms(a, &search);
	if (!search.best.len)
		return search.best;
	return cnv_arena_format(&a->arena, "this looks like a return of the form \"%.*s\": import it with %.*s",
				CNV_ARG(search.best), CNV_ARG(search.name));
}

/* ---------------------------------------------------------------- another form, another round */

/* KoboToolbox generates a form id: "a" and 21 letters and digits. */
static bool is_made_up(cnv_str id)
{
	if (id.len != 22 || id.at[0] != 'a')
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (!((id.at[i] >= '0' && id.at[i] <= '9') ||
		      (cnv_lower(id.at[i]) >= 'a' && cnv_lower(id.at[i]) <= 'z')))
			return false;
	return true;
}

/* Does the form declare its own id, or was it derived from the file name? */
static bool has_id(const cnv_form *form)
{
	for (uint32_t i = 0; i < form->setting_count; i++)
		if (cnv_str_equal(form->settings[i].heading, CNV_STR("id_string")) ||
		    cnv_str_equal(form->settings[i].heading, CNV_STR("form_id")))
			return true;
	return false;
}

static bool is_other_form(const arrival *a, const cnv_claim *claim, cnv_str said)
{
	const cnv_form *form = a->intake->form->form;

	if (!said.len || cnv_str_equal(said, form->id))
		return false;
	return !claim->tool || (has_id(form) && !is_made_up(said));
}

static cnv_status refuse_form(arrival *a, cnv_str said, cnv_place place)
{
	form_search search = { .id = said };
	cnv_str hint = CNV_STR("import it with its own form");

	search_forms(a, &search);
	if (search.name.len)
		hint = cnv_arena_format(&a->arena, "import it with %.*s", CNV_ARG(search.name));
	cnv_diags_emit(&a->diags,
		       CNV_DIAG(.code = CNV_CLAIMS_OTHER_FORM, .place = place, .field = CNV_STR("form"),
				.excerpt = said, .hint = hint),
		       "this is a return of the form \"%.*s\", not of \"%.*s\"", CNV_ARG(said),
		       CNV_ARG(a->intake->form->form->id));
	return CNV_REJECTED;
}

static cnv_status refuse_round(arrival *a, cnv_str said, cnv_place place, bool several)
{
	cnv_str hint = several ? CNV_STR("put the responses of each round into a separate file")
			       : cnv_arena_format(&a->arena, "import it with --round %.*s", CNV_ARG(said));

	cnv_diags_emit(&a->diags,
		       CNV_DIAG(.code = CNV_CLAIMS_OTHER_ROUND, .place = place, .field = CNV_STR("round"),
				.excerpt = said, .hint = hint),
		       "this is a return of round %.*s, and round %.*s is being imported", CNV_ARG(said),
		       CNV_ARG(a->intake->options.round));
	return CNV_REJECTED;
}

/* Is the hidden sheet unchanged since canvass wrote it? */
static bool holds(const cnv_claims *claims)
{
	const cnv_claim *check = &claims->at[CNV_CLAIM_CHECK];
	cnv_str values[CNV_CLAIM_KEYS] = { { 0 } };
	char should[CNV_CHECK_ROOM];

	/* Every workbook that names its respondent or round was sent out with a check value. */
	if (!claims->hidden ||
	    (!check->value.len && !claims->at[CNV_CLAIM_RESPONDENT].hidden && !claims->at[CNV_CLAIM_ROUND].hidden))
		return true;
	for (size_t i = 0; i < CNV_CLAIM_KEYS; i++)
		if (claims->at[i].hidden)
			values[i] = claims->at[i].value;
	cnv_claims_check(values, should);
	return cnv_str_equal(check->value, cnv_str_from(should));
}

static cnv_status refuse_changed(arrival *a, const cnv_claims *claims)
{
	cnv_place place = claims->at[CNV_CLAIM_CHECK].place;

	if (!place.source.len)
		place = (cnv_place){ .source = a->name, .sheet = CNV_STR("canvass") };
	cnv_diags_emit(&a->diags, CNV_DIAG(.code = CNV_CLAIMS_CHANGED, .place = place, .field = CNV_STR("check")),
		       "the hidden sheet, which identifies the return, was changed");
	return CNV_REJECTED;
}

cnv_status claims_judge(arrival *a, const cnv_claims *claims)
{
	const cnv_claim *form = &claims->at[CNV_CLAIM_FORM], *round = &claims->at[CNV_CLAIM_ROUND];
	cnv_str open = a->intake->options.round;

	if (is_other_form(a, form, form->value))
		return refuse_form(a, form->value, form->place);
	if (is_other_form(a, form, form->other))
		return refuse_form(a, form->other, form->other_place);
	if (!holds(claims))
		return refuse_changed(a, claims);
	if (a->intake->options.unowned) /* then it belongs to no round */
		return CNV_OK;
	if (round->value.len && !cnv_str_equal(round->value, open))
		return refuse_round(a, round->value, round->place, round->other.len > 0);
	if (round->other.len && !cnv_str_equal(round->other, open))
		return refuse_round(a, round->other, round->other_place, true);
	return CNV_OK;
}

/* ---------------------------------------------------------------- an older version */

static uint32_t count_added(const cnv_migration *migration)
{
	const cnv_form *form = migration->after;
	uint32_t added = 0;

	for (cnv_question_id id = 0; id < form->count; id++)
		added += form->questions[id].role == CNV_ASKED && form->questions[id].column != CNV_NONE &&
			 migration->predecessor_of[id] == CNV_NONE;
	return added;
}

/* An older form that was loaded before becomes the current one. */
static bool find_older(cnv_intake *in, cnv_str name, cnv_str bytes)
{
	for (older_form **from = &in->older; *from; from = &(*from)->next) {
		older_form *older = *from;

		if (!cnv_str_equal(older->form.name, name) || (bytes.len && !cnv_str_equal(older->form.bytes, bytes)))
			continue;
		*from = older->next;
		older->next = in->older;
		in->older = older;
		return true;
	}
	return false;
}

/* Loads an older form from `bytes`, or from its file if there are none, and keeps it for the next return. */
static cnv_status use_older(arrival *a, cnv_str name, cnv_str bytes)
{
	cnv_intake *in = a->intake;
	cnv_diags quiet = { 0 };
	older_form *older;
	cnv_status status;

	if (find_older(in, name, bytes))
		return CNV_OK;
	older = cnv_mem_get(sizeof *older);
	if (!older)
		return CNV_NO_MEMORY;
	name = cnv_arena_copy(&older->arena, name);
	status = bytes.len ? cnv_form_file_read(&older->form, name, bytes, &quiet)
			   : cnv_form_file_look(&older->form, name, &quiet);
	if (status && !bytes.len) { /* suggestions on it are dropped; errors that prevent reading it are reported */
		cnv_form_file_fini(&older->form);
		status = cnv_form_file_look(&older->form, name, &a->diags);
	}
	if (!status)
		status = cnv_form_migrate(&older->migration, older->form.form, in->form->form, &older->arena);
	if (status) {
		free_older(older);
		return status;
	}
	older->added = count_added(&older->migration);
	older->next = in->older;
	in->older = older;
	return CNV_OK;
}

static void say_older(arrival *a, cnv_place place, cnv_str said)
{
	const older_form *older = a->intake->older;
	cnv_str added = older->added ? cnv_arena_format(&a->arena, "; %u of the questions asked now %s not in it",
							older->added, cnv_noun(older->added, "was", "were"))
				     : (cnv_str){ 0 };

	cnv_diags_emit(&a->diags, CNV_DIAG(.code = CNV_VERSION_OLDER, .place = place, .field = CNV_STR("version")),
		       "made for version \"%.*s\" of the form; read as that version%.*s", CNV_ARG(said),
		       CNV_ARG(added));
}

static bool read_hex(cnv_str text, uint8_t out[32])
{
	static const char digits[] = "0123456789abcdef";

	if (text.len != 64)
		return false;
	for (size_t i = 0; i < 64; i++) {
		const char *digit = memchr(digits, cnv_lower(text.at[i]), 16);
		if (!digit)
			return false;
		out[i / 2] = (uint8_t)(out[i / 2] << 4 | (digit - digits));
	}
	return true;
}

/* Does the return claim the current version of the form? */
static bool is_current(const arrival *a, const cnv_claims *claims, const uint8_t *sha256)
{
	const cnv_form *form = a->intake->form->form;
	const cnv_claim *version = &claims->at[CNV_CLAIM_VERSION];

	if (sha256 && !memcmp(sha256, form->sha256, sizeof form->sha256))
		return true;
	return version->value.len && !version->other.len && cnv_str_equal(version->value, form->version);
}

/* Does the return name another version than that of the form it was made from? */
static bool is_misnamed(const arrival *a, const cnv_claims *claims, const uint8_t *sha256)
{
	const cnv_claim *version = &claims->at[CNV_CLAIM_VERSION];

	return is_current(a, claims, sha256) && version->value.len && !version->tool && !version->other.len &&
	       !cnv_str_equal(version->value, a->intake->form->form->version);
}

/* The location of a version claim, if there is one: by the version's name, else by the digest of its file. */
static const cnv_claim *version_said(const cnv_claims *claims)
{
	const cnv_claim *version = &claims->at[CNV_CLAIM_VERSION];

	return version->value.len ? version : &claims->at[CNV_CLAIM_FORM_SHA256];
}

cnv_status claims_find_version(arrival *a, const cnv_claims *claims, const cnv_migration **migration)
{
	cnv_intake *in = a->intake;
	const cnv_claim *version = &claims->at[CNV_CLAIM_VERSION], *said = version_said(claims);
	uint8_t bytes[32] = { 0 };
	const uint8_t *sha256 = read_hex(claims->at[CNV_CLAIM_FORM_SHA256].value, bytes) ? bytes : NULL;
	cnv_stored_form stored = { 0 };
	cnv_status status = CNV_OK;

	*migration = NULL;
	if (is_current(a, claims, sha256))
		return CNV_OK;
	if (said->value.len && !said->other.len)
		status = cnv_store_form(in->store, sha256, version->value, &a->arena, &stored, &a->faults);
	if (status || (!stored.bytes.len && !in->options.was.len))
		return status;
	status = use_older(a, stored.bytes.len ? stored.name : in->options.was, stored.bytes);
	if (!status)
		*migration = &in->older->migration;
	return status;
}

void claims_tell_version(arrival *a, const cnv_claims *claims)
{
	const cnv_form *form = a->intake->form->form;
	const cnv_claim *said = version_said(claims);
	uint8_t bytes[32] = { 0 };
	const uint8_t *sha256 = read_hex(claims->at[CNV_CLAIM_FORM_SHA256].value, bytes) ? bytes : NULL;

	if (a->migration) {
		const cnv_form_file *older = &a->intake->older->form;
		say_older(a, said->value.len ? said->place : (cnv_place){ .source = a->name },
			  older->form->version.len ? older->form->version : older->name);
	} else if (is_misnamed(a, claims, sha256)) {
		cnv_diags_emit(&a->diags,
			       CNV_DIAG(.code = CNV_VERSION_UNKNOWN, .place = said->place, .field = CNV_STR("version"),
					.excerpt = said->value),
			       "the return names another version, but was made from the form of version \"%.*s\";"
			       " read as that",
			       CNV_ARG(form->version));
	} else if (said->value.len && !said->tool && !is_current(a, claims, sha256)) {
		cnv_diags_emit(&a->diags,
			       CNV_DIAG(.code = CNV_VERSION_UNKNOWN,
					.place = said->other.len ? said->other_place : said->place,
					.field = CNV_STR("version"), .excerpt = said->value),
			       said->other.len
				       ? "its responses are for several versions of the form; read as version \"%.*s\""
				       : "made for an unknown version of the form; read as version \"%.*s\"",
			       CNV_ARG(form->version));
	}
}
