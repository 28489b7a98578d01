/* The returns of a folder: the files in it and in its direct subfolders, where packs come back.  Files that canvass
 * put there are not returns: a store with its companion files, the manifest of packs, and the page, letter and draft
 * next to a questionnaire.  For each folder read, the files passed over are reported. */
#include "round/archive.h"
#include "round/arrival.h"

static const char store_magic[] = "SQLite format 3";
static const char manifest_header[] = "respondent,language,file,bytes,sha256";

/* Does the file begin with these bytes? */
static bool begins_with(cnv_str name, cnv_str beginning)
{
	char head[64];
	cnv_diags quiet = { 0 };
	cnv_file *file = NULL;
	size_t len = 0;
	bool is = !cnv_file_open(&file, name, &quiet) && !cnv_file_peek(file, 0, head, sizeof head, &len, &quiet) &&
		  cnv_str_starts((cnv_str){ head, len }, beginning);

	cnv_file_close(file);
	return is;
}

static cnv_str leaf_of(cnv_str name)
{
	return cnv_str_slice(name, cnv_folder_of(name).len, name.len);
}

/* The store that is imported into, even while it is empty, any other store, and SQLite's companion files. */
static bool is_store(const cnv_intake *in, cnv_str name)
{
	static const char *const endings[] = { "", "-journal", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		cnv_str ending = cnv_str_from(endings[i]), store = cnv_str_slice(name, 0, name.len - ending.len);
		if (cnv_str_ends(name, ending) &&
		    (cnv_file_same(store, in->options.store_name) || begins_with(store, cnv_str_from(store_magic))))
			return true;
	}
	return false;
}

/* inner: in a subfolder of the folder named. */
static bool is_own(const cnv_intake *in, cnv_str name, bool inner)
{
	static const char *const endings[] = { ".html", ".txt", ".eml" };

	if (cnv_str_equal(leaf_of(name), CNV_STR("manifest.csv")))
		return begins_with(name, cnv_str_from(manifest_header));
	for (size_t i = 0; inner && i < sizeof endings / sizeof *endings; i++)
		if (cnv_str_ends(name, cnv_str_from(endings[i])))
			return true;
	return is_store(in, name);
}

/* The originals of a store are in a folder named after it; older versions used "files". */
static bool is_originals(const cnv_intake *in, cnv_str folder)
{
	cnv_str ending = CNV_STR(".files");

	return cnv_str_equal(leaf_of(folder), CNV_STR("files")) ||
	       (cnv_str_ends(folder, ending) && is_store(in, cnv_str_slice(folder, 0, folder.len - ending.len)));
}

static void on_fault(void *self, const cnv_diag *diag)
{
	cnv_intake *in = self;

	if (in->listener.diag)
		in->listener.diag(in->listener.self, diag);
}

static cnv_status add_files(cnv_intake *in, cnv_folder *folder, bool inner)
{
	cnv_diags faults = { .emit = on_fault, .self = in };
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < folder->count && !status; i++) {
		if (is_own(in, folder->names[i], inner))
			folder->own++;
		else
			status = archive_add(&in->given, folder->names[i], &faults);
	}
	return status;
}

static void tell(cnv_intake *in, cnv_str name, const cnv_folder *folder)
{
	if (in->listener.folder)
		in->listener.folder(in->listener.self, name, folder);
}

cnv_status folder_add(cnv_intake *in, cnv_str name)
{
	cnv_diags faults = { .emit = on_fault, .self = in };
	cnv_arena arena = { 0 };
	cnv_folder folder = { 0 }, inside = { 0 };
	cnv_status status = cnv_folder_read(&folder, name, &arena, &faults), worst = CNV_OK;

	if (!status)
		status = add_files(in, &folder, false);
	for (uint32_t i = 0; i < folder.inner_count && !status; i++) {
		if (is_originals(in, folder.inner[i]))
			continue;
		status = cnv_folder_read(&inside, folder.inner[i], &arena, &faults);
		if (status == CNV_NO_ACCESS) { /* reported; the others are read anyway */
			worst = status;
			status = CNV_OK;
			continue;
		}
		if (!status)
			status = add_files(in, &inside, true);
		/* A subfolder without files counts as passed over. */
		folder.folders -= inside.count > 0;
		if (!status && inside.count)
			tell(in, folder.inner[i], &inside);
		cnv_folder_fini(&inside);
	}
	if (!status)
		tell(in, name, &folder);
	cnv_folder_fini(&folder);
	cnv_arena_fini(&arena);
	return status ? status : worst;
}
