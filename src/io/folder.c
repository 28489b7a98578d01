/* Folders: lists a folder's files in the order of their names, for import and for finding other forms; and makes
 * folders.
 *
 * Only files directly in the folder count.  Skipped files are counted by reason, so that no file is missed silently.
 *
 * Names are in natural order, with numbers by value.  Of two files of one respondent the later counts; AUS-10
 * follows AUS-2, and "PE (2).xlsx" follows "PE.xlsx". */
#include "io/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder with more files than this is not a folder of returns. */
enum { MOST_FILES = 1000000 };

static cnv_str c_name(cnv_str name, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s", CNV_ARG(name));
}

int cnv_folder_new(const char *path, bool link_ok)
{
	struct stat about;

	if (!mkdir(path, 0777)) /* less the umask */
		return 0;
	if (errno != EEXIST)
		return errno;
	if (link_ok ? stat(path, &about) : lstat(path, &about))
		return errno;
	return S_ISDIR(about.st_mode) ? EEXIST : S_ISLNK(about.st_mode) ? ELOOP : ENOTDIR;
}

int cnv_folder_open(cnv_str folder)
{
	char *path = cnv_path(folder.len ? folder : CNV_STR("."));
	if (!path)
		return -1;
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = errno;
	cnv_mem_free(path);
	errno = error;
	return descriptor;
}

int cnv_folder_sync(cnv_str folder)
{
	int descriptor = cnv_folder_open(folder);
	/* A folder that can be written but not read cannot be synced. */
	if (descriptor < 0)
		return errno == EACCES ? 0 : errno;
	/* Some file systems cannot sync a folder, and return EINVAL. */
	int error = fsync(descriptor) && errno != EINVAL ? errno : 0;
	close(descriptor);
	return error;
}

static cnv_status make(cnv_str name, bool link_ok, cnv_diags *diags)
{
	while (name.len > 1 && cnv_str_ends(name, CNV_STR("/")))
		name.len--;
	char *path = cnv_path(name);
	int error = path ? cnv_folder_new(path, link_ok) : errno;

	cnv_mem_free(path);
	if (error == EEXIST)
		return CNV_OK;
	if (!error)
		error = cnv_folder_sync(cnv_folder_of(name));
	return error ? cnv_trouble_say(cnv_writing, error, name, diags) : CNV_OK;
}

cnv_status cnv_folder_make(cnv_str name, cnv_diags *diags)
{
	return make(name, true, diags);
}

cnv_status cnv_folder_make_own(cnv_str name, cnv_diags *diags)
{
	return make(name, false, diags);
}

void cnv_folder_make_for(cnv_str file)
{
	cnv_diags quiet = { 0 };
	cnv_str folder = cnv_folder_of(file);

	if (folder.len)
		cnv_folder_make(folder, &quiet);
}

bool cnv_folder_takes(cnv_str file, bool missing)
{
	cnv_str folder = cnv_folder_of(file);
	cnv_arena arena = { 0 };
	cnv_str path;
	bool takes;

	if (missing && folder.len > 1 && !cnv_is_folder(folder))
		folder = cnv_folder_of(cnv_str_slice(folder, 0, folder.len - 1));
	path = c_name(folder.len ? folder : CNV_STR("."), &arena);
	takes = path.len && !access(path.at, W_OK | X_OK);
	cnv_arena_fini(&arena);
	return takes;
}

bool cnv_is_folder(cnv_str name)
{
	cnv_arena arena = { 0 };
	struct stat about;
	cnv_str path = c_name(name, &arena);
	bool is = path.len && !stat(path.at, &about) && S_ISDIR(about.st_mode);

	cnv_arena_fini(&arena);
	return is;
}

/* Excel and LibreOffice leave a file of this name next to a file that they have open. */
static bool is_lock(cnv_str leaf)
{
	return cnv_str_starts(leaf, CNV_STR("~$")) || cnv_str_starts(leaf, CNV_STR(".~lock."));
}

/* Files and folders that Windows and macOS make by themselves; neither distinguishes case. */
static bool is_system(cnv_str leaf)
{
	static const char *const names[] = { "thumbs.db", "ehthumbs.db", "desktop.ini",
					     ".ds_store", "icon\r",      "__macosx" };

	/* On a disk without resource forks macOS stores them in files with these names. */
	if (cnv_str_starts(leaf, CNV_STR("._")))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (cnv_str_is_word(leaf, names[i]))
			return true;
	return false;
}

/* Counts a system file, and keeps the first names in sort order as examples, whatever order readdir has. */
static void keep_example(cnv_folder *folder, cnv_str leaf)
{
	folder->system++;
	for (size_t i = 0; i < CNV_FOLDER_EXAMPLES; i++) {
		cnv_str held = folder->examples[i];

		if (held.len && cnv_str_compare(held, leaf) <= 0)
			continue;
		folder->examples[i] = leaf;
		leaf = held;
		if (!leaf.len)
			return;
	}
}

static void add(cnv_folder *folder, cnv_str path, cnv_str leaf)
{
	struct stat about;

	if (is_lock(leaf)) {
		folder->locks++;
	} else if (is_system(leaf)) {
		keep_example(folder, cnv_str_slice(path, path.len - leaf.len, path.len));
	} else if (leaf.at[0] == '.') {
		folder->hidden++;
	} else if (stat(path.at, &about)) {
		folder->others++;
	} else if (S_ISDIR(about.st_mode)) {
		folder->folders++;
		if (cnv_mem_room((void **)&folder->inner, &folder->inner_room, folder->inner_count + 1,
				 sizeof *folder->inner))
			folder->inner[folder->inner_count++] = path;
		else
			folder->failed = true;
	} else if (!S_ISREG(about.st_mode)) {
		folder->others++;
	} else if (folder->count == MOST_FILES ||
		   !cnv_mem_room((void **)&folder->names, &folder->room, folder->count + 1, sizeof *folder->names)) {
		folder->failed = true;
	} else {
		folder->names[folder->count++] = path;
	}
}

static bool is_digit(cnv_str text, size_t at)
{
	return at < text.len && text.at[at] >= '0' && text.at[at] <= '9';
}

/* Takes a run of digits off the front of *text; returns it without its leading zeros. */
static cnv_str take_number(cnv_str *text)
{
	size_t from = 0, upto = 0;

	while (is_digit(*text, upto))
		upto++;
	while (from < upto && text->at[from] == '0')
		from++;
	cnv_str number = cnv_str_slice(*text, from, upto);
	*text = cnv_str_slice(*text, upto, text->len);
	return number;
}

/* Compares by bytes, but runs of digits by value. */
static int compare_natural(cnv_str a, cnv_str b)
{
	while (a.len && b.len) {
		int order;

		if (is_digit(a, 0) && is_digit(b, 0)) {
			cnv_str one = take_number(&a), other = take_number(&b);
			order = one.len != other.len ? (one.len < other.len ? -1 : 1) : cnv_str_compare(one, other);
		} else {
			order = cnv_str_compare(cnv_str_slice(a, 0, 1), cnv_str_slice(b, 0, 1));
			a = cnv_str_slice(a, 1, a.len);
			b = cnv_str_slice(b, 1, b.len);
		}
		if (order)
			return order;
	}
	return (a.len > 0) - (b.len > 0);
}

/* The length of a name without its extension. */
static size_t stem_len(cnv_str name)
{
	size_t dot = name.len;

	while (dot && name.at[dot - 1] != '.' && name.at[dot - 1] != '/')
		dot--;
	return dot > 1 && name.at[dot - 1] == '.' ? dot - 1 : name.len;
}

/* Compares by stem, so that "PE.csv" comes before "PE (2).csv" although '.' comes after ' '; ties ("02" and "2") by
 * bytes. */
static int compare_names(const void *a, const void *b)
{
	cnv_str one = *(const cnv_str *)a, other = *(const cnv_str *)b;
	int order = compare_natural(cnv_str_slice(one, 0, stem_len(one)), cnv_str_slice(other, 0, stem_len(other)));

	return order ? order : cnv_str_compare(one, other);
}

cnv_status cnv_folder_read(cnv_folder *folder, cnv_str name, cnv_arena *arena, cnv_diags *diags)
{
	cnv_str path = c_name(name, arena);
	const char *slash = cnv_str_ends(name, CNV_STR("/")) ? "" : "/";
	DIR *dir = path.len ? opendir(path.at) : NULL;
	const struct dirent *entry;

	*folder = (cnv_folder){ 0 };
	if (!dir) {
		if (arena->failed)
			return CNV_NO_MEMORY;
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_CANNOT_READ, .place = (cnv_place){ .source = name }),
			       "the folder cannot be read: %s", strerror(errno));
		return CNV_NO_ACCESS;
	}
	while ((entry = readdir(dir)) != NULL) {
		cnv_str leaf = cnv_str_from(entry->d_name);
		if (cnv_str_equal(leaf, CNV_STR(".")) || cnv_str_equal(leaf, CNV_STR("..")))
			continue;
		cnv_str file = cnv_arena_format(arena, "%.*s%s%.*s", CNV_ARG(name), slash, CNV_ARG(leaf));
		if (file.len)
			add(folder, file, leaf);
	}
	closedir(dir);
	if (folder->count)
		qsort(folder->names, folder->count, sizeof *folder->names, compare_names);
	if (folder->inner_count)
		qsort(folder->inner, folder->inner_count, sizeof *folder->inner, compare_names);
	return folder->failed || arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

uint32_t cnv_folder_passed(const cnv_folder *folder)
{
	return folder->own + folder->hidden + folder->locks + folder->system + folder->folders + folder->others;
}

void cnv_folder_fini(cnv_folder *folder)
{
	cnv_mem_free(folder->names);
	cnv_mem_free(folder->inner);
	*folder = (cnv_folder){ 0 };
}
