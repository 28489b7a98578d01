/* Does a store match the files imported into it?  The store checks the consistency of its own rows; here its
 * evidence is read again: every form version, every original, and the answers of every response against the digest
 * made when they were stored.  One handle holds a snapshot of the store during the check; each form version is read
 * through a handle of its own. */
#include "round/derive.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10) /* bytes of a large original read at a time */
enum { WINDOW = 512 };            /* responses compared at a time */

typedef struct verifying {
	cnv_str path, folder, program;
	const cnv_patience *patience;
	cnv_store *store; /* responses without a form */
	cnv_verified *out;
	cnv_diags *diags;
	cnv_arena arena, scratch; /* of all returns, and of one return */
	const cnv_stored_form *forms;
	const cnv_stored_return *returns;
	uint32_t form_count, return_count;
} verifying;

static void digest(cnv_str bytes, uint8_t sha256[32])
{
	cnv_digest sum;

	cnv_digest_init(&sum, CNV_SHA256);
	cnv_digest_add(&sum, bytes.at, bytes.len);
	cnv_digest_end(&sum, sha256);
}

static bool is_same(const uint8_t a[32], const uint8_t b[32])
{
	return !memcmp(a, b, 32);
}

/* ---------------------------------------------------------------- originals */

static void say_original(verifying *v, cnv_str name, const char *what)
{
	cnv_diags_emit(v->diags, CNV_DIAG(.code = CNV_VERIFY_ORIGINAL, .place = (cnv_place){ .source = name }), "%s",
		       what);
}

/* An original that is next to the store. */
static cnv_status check_kept(verifying *v, const cnv_original *original)
{
	int file = cnv_store_open_original(v->store, original->sha256);
	cnv_sha256 *sum = cnv_sha256_new();
	char *piece = cnv_arena_get(&v->scratch, PIECE);
	uint8_t sha256[32];
	uint64_t size = 0;
	ssize_t got = 1;

	while (sum && piece && file >= 0 && got) {
		got = read(file, piece, PIECE);
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0)
			cnv_sha256_add(sum, (cnv_str){ piece, (size_t)got });
		size += got > 0 ? (uint64_t)got : 0;
	}
	if (sum)
		cnv_sha256_end(sum, sha256);
	cnv_sha256_free(sum);
	if (file >= 0)
		close(file);
	if (!sum || !piece)
		return CNV_NO_MEMORY;
	if (file < 0)
		say_original(v, original->name, "the original is missing from the folder next to the store");
	else if (got < 0)
		say_original(v, original->name, "the original next to the store cannot be read");
	else if (size != original->size || !is_same(sha256, original->sha256))
		say_original(v, original->name, "the original next to the store was changed");
	return CNV_OK;
}

static bool is_whole(const cnv_original *original)
{
	uint8_t sha256[32];

	digest(original->bytes, sha256);
	return original->bytes.len == original->size && is_same(sha256, original->sha256);
}

/* For several files, the digest of their digests. */
static void digest_return(const cnv_original *originals, uint32_t count, uint8_t sha256[32])
{
	cnv_digest sum;

	if (count == 1) {
		memcpy(sha256, originals[0].sha256, 32);
		return;
	}
	cnv_digest_init(&sum, CNV_SHA256);
	for (uint32_t i = 0; i < count; i++)
		cnv_digest_add(&sum, originals[i].sha256, 32);
	cnv_digest_end(&sum, sha256);
}

static cnv_status check_originals(verifying *v, const cnv_stored_return *from)
{
	bool older = !from->file.program.len;
	const cnv_original *originals;
	uint8_t sha256[32];
	uint64_t size = 0;
	uint32_t count;
	cnv_status status = cnv_store_originals(v->store, from->id, &v->scratch, &originals, &count, v->diags);

	for (uint32_t i = 0; i < count && !status; i++) {
		const cnv_original *one = &originals[i];

		v->out->originals++;
		size += one->size;
		if (!one->bytes.len && one->size) {
			status = check_kept(v, one);
		} else if (!is_whole(one) && older && one->bytes.len == one->size) {
			cnv_diags_emit(v->diags,
				       CNV_DIAG(.code = CNV_VERIFY_OLDER, .place = (cnv_place){ .source = one->name }),
				       "the original cannot be checked: its digest does not match");
		} else if (!is_whole(one)) {
			say_original(v, one->name, "the original in the store was changed");
		}
	}
	if (status || older || !count)
		return status;
	digest_return(originals, count, sha256);
	if (size != from->file.size || !is_same(sha256, from->file.sha256))
		say_original(v, from->file.name, "the files of the return do not match its size and digest");
	return CNV_OK;
}

/* ---------------------------------------------------------------- inputs by which returns were judged */

static void check_form(verifying *v, const cnv_stored_form *form)
{
	uint8_t sha256[32];

	digest(form->bytes, sha256);
	if (!is_same(sha256, form->sha256))
		cnv_diags_emit(v->diags,
			       CNV_DIAG(.code = CNV_VERIFY_FORM, .place = (cnv_place){ .source = form->name }),
			       "version \"%.*s\" of the form was changed", CNV_ARG(form->version));
}

static cnv_status check_besides(verifying *v, const cnv_stored_return *from)
{
	const cnv_original *besides;
	uint32_t count;
	cnv_status status = cnv_store_besides(v->store, from->id, &v->scratch, &besides, &count, v->diags);

	for (uint32_t i = 0; i < count && !status; i++)
		if (!is_whole(&besides[i]))
			cnv_diags_emit(
				v->diags,
				CNV_DIAG(.code = CNV_VERIFY_FORM, .place = (cnv_place){ .source = besides[i].name }),
				"the file next to the form was changed in the store");
	return status;
}

static cnv_status check_extras(verifying *v)
{
	const cnv_str *names;
	uint32_t count;
	cnv_status status = cnv_store_extras(v->store, &v->scratch, &names, &count, v->diags);

	for (uint32_t i = 0; i < count && !status; i++)
		cnv_diags_emit(v->diags, CNV_DIAG(.code = CNV_VERIFY_EXTRA, .place = (cnv_place){ .source = v->path }),
			       "%.*s.files/%.*s belongs to no return", CNV_ARG(v->path), CNV_ARG(names[i]));
	return status;
}

/* ---------------------------------------------------------------- events */

static void on_link(void *self, const cnv_event_link *link)
{
	verifying *v = self;
	cnv_verified *out = v->out;

	if (!cnv_arena_grow(&out->arena, (void **)&out->links, out->link_count, &out->link_room, sizeof *out->links))
		return;
	out->links[out->link_count] = (cnv_verified_link){ .round = cnv_arena_copy(&out->arena, link->round),
							   .number = link->number,
							   .whole = link->whole };
	memcpy(out->links[out->link_count++].digest, link->digest, 32);
}

static cnv_status check_events(verifying *v)
{
	cnv_status status = cnv_store_verify_events(v->store, on_link, v, v->diags);

	return v->out->arena.failed ? CNV_NO_MEMORY : status;
}

/* ---------------------------------------------------------------- answers */

/* The responses of one return, a window at a time. */
static cnv_status check_answers(verifying *v, cnv_store *store, cnv_batch *batch, const cnv_stored_return *from)
{
	cnv_cursor *cursor = NULL;
	uint32_t count = 1;
	cnv_status status = cnv_store_read_return(&cursor, store, from, v->diags);

	while (!status && count) {
		cnv_reported reported[WINDOW];
		uint64_t wrong[CNV_BIT_WORDS(WINDOW)] = { 0 };

		cnv_batch_reset(batch);
		status = cnv_cursor_next(cursor, batch, reported, WINDOW, &count, v->diags);
		if (!status && count)
			status = cnv_store_check_digests(store, batch, reported, wrong, v->diags);
		for (uint32_t row = 0; row < count && !status; row++)
			if (cnv_bit(wrong, row))
				cnv_diags_emit(v->diags,
					       CNV_DIAG(.code = CNV_VERIFY_ANSWERS,
							.place = (cnv_place){ .source = from->file.name,
									      .row = reported[row].line },
							.field = reported[row].respondent),
					       "the answers of \"%.*s\", revision %u, were changed",
					       CNV_ARG(reported[row].respondent), reported[row].revision);
		v->out->responses += status ? 0 : count;
	}
	cnv_cursor_close(cursor);
	return status;
}

/* The store's last roster, whose groups its roll-ups are by, if it can be read. */
static cnv_status read_roster(verifying *v, cnv_store *store, cnv_roster *roster)
{
	cnv_diags quiet = { 0 };
	cnv_str source = { 0 }, bytes = { 0 };
	cnv_status status = cnv_store_roster(store, &source, &bytes, v->diags);

	*roster = (cnv_roster){ 0 };
	if (status || !bytes.len)
		return status;
	cnv_roster_init(roster, source, &v->arena);
	status = cnv_csv_roster(roster, bytes, &quiet);
	if (!status)
		cnv_store_group_by(store, roster);
	return status == CNV_NO_MEMORY ? status : CNV_OK;
}

/* All returns judged by one version of the form; the last version checks the rows too. */
static cnv_status check_version(verifying *v, const cnv_stored_form *version, bool last)
{
	cnv_diags quiet = { 0 };
	cnv_form_file form = { 0 };
	cnv_store *store = NULL;
	cnv_roster roster = { 0 };
	cnv_batch *batch = NULL;
	cnv_status status = cnv_form_file_read(&form, version->name, version->bytes, &quiet);

	if (!form.form && status == CNV_NO_MEMORY)
		goto out;
	if (!form.form) {
		cnv_diags_emit(v->diags,
			       CNV_DIAG(.code = CNV_VERIFY_FORM, .place = (cnv_place){ .source = version->name }),
			       "version \"%.*s\" of the form cannot be read, so its answers were not checked",
			       CNV_ARG(version->version));
		status = CNV_OK;
		goto out;
	}
	memcpy(form.form->sha256, version->sha256, sizeof form.form->sha256);
	status = cnv_store_open(&store, v->path, CNV_STORE_READ, form.form, form.bytes, v->patience, v->diags);
	if (!status && last)
		status = cnv_store_verify(store, v->diags);
	if (!status)
		status = read_roster(v, store, &roster);
	if (!status)
		status = cnv_store_verify_rollups(store, v->diags);
	if (!status && !(batch = cnv_batch_new(form.form)))
		status = CNV_NO_MEMORY;
	for (uint32_t i = 0; i < v->return_count && !status; i++)
		if (!v->returns[i].quarantined && is_same(v->returns[i].form, version->sha256))
			status = check_answers(v, store, batch, &v->returns[i]);
out:
	cnv_batch_free(batch);
	cnv_store_close(store, v->diags);
	cnv_roster_fini(&roster);
	cnv_form_file_fini(&form);
	return status;
}

/* ---------------------------------------------------------------- answers derived again */

/* Returns judged by an older canvass are only counted. */
static void say_underived(verifying *v, const cnv_stored_return *from, bool damaged)
{
	cnv_place place = { .source = from->file.name };

	v->out->not_checked++;
	if (damaged)
		cnv_diags_emit(v->diags, CNV_DIAG(.code = CNV_VERIFY_ROWS, .place = place),
			       "the options of the return were changed");
	else if (from->file.program.len)
		cnv_diags_emit(v->diags, CNV_DIAG(.code = CNV_VERIFY_UNDERIVED, .place = place),
			       "the return could not be judged again");
}

static cnv_status compare_returns(verifying *v, const derive *d)
{
	const cnv_stored_form *last = &v->forms[v->form_count - 1];
	cnv_diags quiet = { 0 };
	cnv_form_file form = { 0 };
	cnv_store *store = NULL;
	cnv_status status = cnv_form_file_read(&form, last->name, last->bytes, &quiet);

	if (!form.form) {
		cnv_form_file_fini(&form);
		return status == CNV_NO_MEMORY ? status : CNV_OK; /* already reported */
	}
	memcpy(form.form->sha256, last->sha256, sizeof form.form->sha256);
	status = cnv_store_open(&store, v->path, CNV_STORE_READ, form.form, form.bytes, v->patience, v->diags);
	for (uint32_t i = 0; i < v->return_count && !status; i++) {
		const cnv_stored_return *one = &v->returns[i];
		bool same = cnv_str_equal(one->file.program, v->program);

		if (d->twins[i] <= 0) {
			say_underived(v, one, d->twins[i] < 0);
			continue;
		}
		if (!v->out->derived++)
			status = cnv_store_compare_open(store, d->derived, v->diags);
		if (!status)
			status = cnv_store_compare_return(store, one, d->twins[i],
							  same ? CNV_VERIFY_DERIVED : CNV_VERIFY_OTHER_PROGRAM,
							  v->diags);
	}
	cnv_store_close(store, v->diags);
	cnv_form_file_fini(&form);
	return status;
}

/* The derived store, with its originals. */
static void remove_derived(verifying *v, cnv_str derived)
{
	static const char *const endings[] = { "", "-journal" };
	cnv_str folder = cnv_arena_format(&v->arena, "%.*s.files%c", CNV_ARG(derived), 0);
	const struct dirent *entry;
	DIR *open = folder.len ? opendir(folder.at) : NULL;

	while (open && (entry = readdir(open))) {
		cnv_str name = cnv_arena_format(&v->arena, "%.*s.files/%s%c", CNV_ARG(derived), entry->d_name, 0);
		if (name.len)
			unlink(name.at);
	}
	if (open) {
		closedir(open);
		rmdir(folder.at);
	}
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		cnv_str name = cnv_arena_format(&v->arena, "%.*s%s%c", CNV_ARG(derived), endings[i], 0);
		if (name.len)
			unlink(name.at);
	}
}

static cnv_status check_derived(verifying *v)
{
	derive d = { .store = v->store,
		     .forms = v->forms,
		     .returns = v->returns,
		     .form_count = v->form_count,
		     .return_count = v->return_count,
		     .folder = v->folder,
		     .diags = v->diags };
	cnv_status status;

	if (!v->form_count || !v->return_count)
		return CNV_OK;
	d.derived = cnv_arena_format(&v->arena, "%.*s/derived.db", CNV_ARG(v->folder));
	d.twins = cnv_arena_array(&v->arena, v->return_count, sizeof *d.twins);
	if (!d.derived.len || !d.twins)
		return CNV_NO_MEMORY;
	status = derive_all(&d);
	if (!status)
		status = compare_returns(v, &d);
	remove_derived(v, d.derived);
	return status;
}

/* ---------------------------------------------------------------- public */

static cnv_status verify(verifying *v)
{
	cnv_status status = cnv_store_forms(v->store, &v->arena, &v->forms, &v->form_count, v->diags);

	if (!status)
		status = cnv_store_returns(v->store, &v->arena, &v->returns, &v->return_count, v->diags);
	for (uint32_t i = 0; i < v->form_count && !status; i++)
		check_form(v, &v->forms[i]);
	/* The last version first: if rows are inconsistent, no other check makes sense. */
	for (uint32_t i = v->form_count; i-- > 0 && !status;)
		status = check_version(v, &v->forms[i], i == v->form_count - 1);
	for (uint32_t i = 0; i < v->return_count && !status; i++) {
		v->out->returns++;
		v->out->quarantined += v->returns[i].quarantined;
		cnv_arena_reset(&v->scratch);
		status = check_originals(v, &v->returns[i]);
		if (!status)
			status = check_besides(v, &v->returns[i]);
	}
	if (!status)
		status = check_extras(v);
	if (!status)
		status = check_events(v);
	return status ? status : check_derived(v);
}

/* A store on a server is verified as a file with all that it holds. */
static cnv_status bring_here(verifying *v)
{
	cnv_store_copied copied;
	cnv_str server = v->path;

	v->path = cnv_arena_format(&v->arena, "%.*s/server.db", CNV_ARG(v->folder));
	return v->path.len ? cnv_copy(server, v->path, v->patience, &copied, v->diags) : CNV_NO_MEMORY;
}

cnv_status cnv_verify(cnv_str path, cnv_str folder, cnv_str program, const cnv_patience *patience, cnv_verified *out,
		      cnv_diags *diags)
{
	verifying v = {
		.path = path, .folder = folder, .program = program, .patience = patience, .out = out, .diags = diags
	};
	bool far = cnv_store_is_on_server(path);
	cnv_status status = far ? bring_here(&v) : CNV_OK;

	*out = (cnv_verified){ 0 };
	if (!status)
		status = cnv_store_open(&v.store, v.path, CNV_STORE_READ, NULL, (cnv_str){ 0 }, patience, diags);
	if (status)
		status = status == CNV_NO_MEMORY ? status : CNV_NO_ACCESS;
	if (!v.store)
		goto out;
	status = verify(&v);
	/* A read error after a successful open is a difference, and has been reported. */
	if (status == CNV_NO_ACCESS)
		status = CNV_REJECTED;
out:
	cnv_store_close(v.store, diags);
	if (far)
		remove_derived(&v, v.path);
	cnv_arena_fini(&v.arena);
	cnv_arena_fini(&v.scratch);
	return status;
}

void cnv_verified_fini(cnv_verified *verified)
{
	cnv_arena_fini(&verified->arena);
	*verified = (cnv_verified){ 0 };
}
