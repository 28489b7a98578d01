/* Folders: the files of one by name, which import takes in when it is given it and where other forms are looked for;
 * and making one.
 *
 * Only what lies in it directly counts.  What is passed over is counted by its reason, so that no file is missed in
 * silence. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

/* A folder of more files than this is not one of returns. */
enum { MOST_FILES = 1000000 };

static cnv_str c_name(cnv_str name, cnv_arena *arena) { return cnv_arena_format(arena, "%.*s", CNV_ARG(name)); }

cnv_status cli_folder_make(cnv_str name, cnv_diags *diags)
{
	cnv_arena arena = { 0 };
	cnv_str path = c_name(name, &arena);
	int error = !path.len ? ENOMEM : mkdir(path.at, 0700) && errno != EEXIST ? errno : 0;

	cnv_arena_fini(&arena);
	if (!error)
		return CNV_OK;
	if (error == ENOMEM)
		return CNV_NO_MEMORY;
	cnv_diags_say(diags, CNV_CANNOT_WRITE, (cnv_place){ .source = name }, (cnv_str){ 0 }, (cnv_str){ 0 },
	              (cnv_str){ 0 }, "the folder cannot be made: %s", strerror(error));
	return CNV_NO_ACCESS;
}

void cli_folder_make_for(cnv_str file)
{
	cnv_diags quiet = { 0 };
	cnv_str folder = cnv_folder_of(file);

	if (folder.len)
		cli_folder_make(folder, &quiet);
}

bool cli_is_folder(cnv_str name)
{
	cnv_arena arena = { 0 };
	struct stat about;
	cnv_str path = c_name(name, &arena);
	bool is = path.len && !stat(path.at, &about) && S_ISDIR(about.st_mode);

	cnv_arena_fini(&arena);
	return is;
}

/* Programs leave a file of this name beside one that they have open: Excel and LibreOffice. */
static bool is_lock(cnv_str leaf)
{
	return cnv_str_starts(leaf, CNV_STR("~$")) || cnv_str_starts(leaf, CNV_STR(".~lock."));
}

static void add(cli_folder *folder, cnv_str path, cnv_str leaf)
{
	struct stat about;

	if (is_lock(leaf)) {
		folder->locks++;
	} else if (leaf.at[0] == '.') {
		folder->hidden++;
	} else if (stat(path.at, &about)) {
		folder->others++;
	} else if (S_ISDIR(about.st_mode)) {
		folder->folders++;
	} else if (!S_ISREG(about.st_mode)) {
		folder->others++;
	} else if (folder->count == MOST_FILES ||
	           !cnv_mem_room((void **)&folder->names, &folder->room, folder->count + 1, sizeof *folder->names)) {
		folder->failed = true;
	} else {
		folder->names[folder->count++] = path;
	}
}

static int compare_names(const void *a, const void *b)
{
	return cnv_str_compare(*(const cnv_str *)a, *(const cnv_str *)b);
}

cnv_status cli_folder_read(cli_folder *folder, cnv_str name, cnv_arena *arena, cnv_diags *diags)
{
	cnv_str path = c_name(name, arena);
	const char *slash = cnv_str_ends(name, CNV_STR("/")) ? "" : "/";
	DIR *dir = path.len ? opendir(path.at) : NULL;
	const struct dirent *entry;

	*folder = (cli_folder){ 0 };
	if (!dir) {
		if (arena->failed)
			return CNV_NO_MEMORY;
		cnv_diags_say(diags, CNV_CANNOT_READ, (cnv_place){ .source = name }, (cnv_str){ 0 }, (cnv_str){ 0 },
		              (cnv_str){ 0 }, "the folder cannot be read: %s", strerror(errno));
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
	return folder->failed || arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

uint32_t cli_folder_passed(const cli_folder *folder)
{
	return folder->hidden + folder->locks + folder->folders + folder->others;
}

static void say_passed(FILE *out, uint32_t count, const char *one, const char *many, bool *any)
{
	if (!count)
		return;
	fprintf(out, "%s%" PRIu32 " %s", *any ? ", " : "", count, cnv_noun(count, one, many));
	*any = true;
}

void cli_folder_say(FILE *out, const cli_folder *folder, cnv_str name)
{
	bool any = false;

	cli_put(out, name, false);
	fprintf(out, ": %" PRIu32 " %s", folder->count, cnv_noun(folder->count, "file", "files"));
	if (cli_folder_passed(folder))
		fputs("; passed over: ", out);
	say_passed(out, folder->hidden, "hidden file", "hidden files", &any);
	say_passed(out, folder->locks, "lock file of an open document", "lock files of open documents", &any);
	say_passed(out, folder->folders, "folder", "folders", &any);
	say_passed(out, folder->others, "entry that is no file", "entries that are no files", &any);
	fputc('\n', out);
}

void cli_folder_fini(cli_folder *folder)
{
	cnv_mem_free(folder->names);
	*folder = (cli_folder){ 0 };
}
