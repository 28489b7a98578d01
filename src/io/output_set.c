/* A set of outputs that appear together: the packs of a round and their manifest.
 *
 * They are written into one temporary folder, under numbers.  The commit first syncs all of them to the disk, then
 * makes the missing folders and renames every file, then syncs the names.  So after a power cut there are
 * either no files or only complete ones; and syncing all together takes a tenth of the time of syncing each alone.
 *
 * The lock that distinguishes the set from a leftover is on the temporary folder, because a set may have more files
 * than a process may hold open. */
#include "io/output.h"
#include "io/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 10000u /* names tried for the temporary folder */

struct cnv_staged {
	cnv_str target;        /* in the arena, NUL-terminated */
	const char *temporary; /* NULL: a folder */
	bool force;
	bool named, is_new; /* it has its final name; the name was free before */
};

static cnv_status say_trouble(int error, cnv_str name, cnv_diags *diags)
{
	return cnv_trouble_say(cnv_writing, error, name, diags);
}

/* Makes and locks the temporary folder; returns 0 or the error. */
static int make_staging(cnv_outputs *set)
{
	cnv_str slash = cnv_str_ends(set->folder, CNV_STR("/")) ? (cnv_str){ 0 } : CNV_STR("/");
	cnv_str folder = cnv_arena_format(&set->arena, "%.*s%.*s", CNV_ARG(set->folder), CNV_ARG(slash));

	if (set->arena.failed)
		return ENOMEM;
	cnv_temporary_sweep(folder);
	for (unsigned number = 0; number < TRIES; number++) {
		set->staging = cnv_temporary_name(folder, number);
		if (!set->staging)
			return ENOMEM;
		int error = mkdir(set->staging, S_IRWXU) ? errno : 0;
		if (!error) {
			set->lock = open(set->staging, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (set->lock >= 0 && cnv_temporary_hold(set->lock, set->staging))
				return 0;
			error = set->lock < 0 && errno != ENOENT ? errno : EEXIST;
			if (set->lock >= 0)
				close(set->lock);
			set->lock = -1;
		}
		cnv_mem_free(set->staging);
		set->staging = NULL;
		if (error != EEXIST)
			return error;
	}
	return EBUSY;
}

cnv_status cnv_outputs_open(cnv_outputs *set, cnv_str folder, cnv_diags *diags)
{
	*set = (cnv_outputs){ .folder = folder, .lock = -1 };
	int error = make_staging(set);

	if (!error)
		return CNV_OK;
	cnv_outputs_abandon(set);
	return say_trouble(error, folder, diags);
}

/* Adds a member; NULL: no memory. */
static struct cnv_staged *add(cnv_outputs *set, cnv_str target, bool force)
{
	void *each = set->each;
	cnv_str copy = cnv_arena_format(&set->arena, "%.*s", CNV_ARG(target));

	if (set->arena.failed || !cnv_mem_room(&each, &set->room, set->count + 1, sizeof *set->each))
		return NULL;
	set->each = each;
	set->each[set->count] = (struct cnv_staged){ .target = copy, .force = force };
	return &set->each[set->count++];
}

cnv_status cnv_outputs_folder(cnv_outputs *set, cnv_str name, cnv_diags *diags)
{
	(void)diags;
	while (name.len > 1 && cnv_str_ends(name, CNV_STR("/")))
		name.len--;
	return add(set, name, true) ? CNV_OK : CNV_NO_MEMORY;
}

/* Keeps an output until the commit of its set. */
static cnv_status keep(cnv_output *output, cnv_diags *diags)
{
	cnv_outputs *set = output->set;
	cnv_str target = output->target;
	struct cnv_staged *member = add(set, target, output->force);
	cnv_str name = cnv_arena_format(&set->arena, "%s", output->temporary);
	int error = !member || set->arena.failed ? ENOMEM : close(output->descriptor) ? errno : 0;

	if (error != ENOMEM)
		output->descriptor = -1;
	if (!error) {
		member->temporary = name.at;
		cnv_mem_free(output->temporary);
		output->temporary = NULL;
	} else if (member) {
		set->count--;
	}
	cnv_output_abandon(output);
	return error ? say_trouble(error, target, diags) : CNV_OK;
}

cnv_status cnv_outputs_begin(cnv_outputs *set, cnv_output *output, cnv_str target, bool force, cnv_diags *diags)
{
	*output = (cnv_output){ .target = target, .descriptor = -1, .force = force, .set = set, .keep = keep };
	char *path = cnv_path(target);
	int error = path ? cnv_target_trouble(path, force) : errno;

	if (!error) {
		cnv_str name = cnv_arena_format(&set->arena, "%s/%u", set->staging, (unsigned)set->begun++);
		output->temporary = set->arena.failed ? NULL : cnv_path(name);
		output->descriptor = output->temporary ? cnv_temporary_make(output->temporary, path, false) : -1;
		error = !output->temporary ? ENOMEM : output->descriptor < 0 ? errno : 0;
	}
	cnv_mem_free(path);
	if (!error)
		return CNV_OK;
	if (output->descriptor < 0) {
		cnv_mem_free(output->temporary);
		output->temporary = NULL;
	}
	return say_trouble(error, target, diags);
}

cnv_status cnv_outputs_save(cnv_outputs *set, cnv_str target, cnv_str bytes, bool force, cnv_diags *diags)
{
	cnv_output output;
	cnv_status status = cnv_outputs_begin(set, &output, target, force, diags);

	return status ? status : cnv_output_save(&output, bytes, diags);
}

cnv_str cnv_outputs_find(const cnv_outputs *set, cnv_str target)
{
	for (uint32_t i = set->count; i-- > 0;)
		if (set->each[i].temporary && cnv_str_equal(set->each[i].target, target))
			return cnv_str_from(set->each[i].temporary);
	return (cnv_str){ 0 };
}

/* ---------------------------------------------------------------- the commit */

static int sync_file(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int error = descriptor < 0 || fsync(descriptor) ? errno : 0;

	if (descriptor >= 0)
		close(descriptor);
	return error;
}

/* Renames a member to its final name; returns 0 or the error. */
static int give_name(struct cnv_staged *member)
{
	struct stat about;
	int error;

	if (!member->temporary) {
		/* A link at this path may lead anywhere. */
		error = cnv_folder_new(member->target.at, false);
		member->named = member->is_new = !error;
		return error == EEXIST ? 0 : error;
	}
	member->is_new = lstat(member->target.at, &about) != 0;
	error = cnv_name_file(member->temporary, member->target.at, member->force);
	member->named = !error;
	return error;
}

/* The folder of a member's name; only for the first of several members in one folder. */
static bool is_first_of(const cnv_outputs *set, uint32_t i, cnv_map *folders)
{
	cnv_str folder = cnv_folder_of(set->each[i].target);

	return cnv_map_put(folders, folder.len ? folder : CNV_STR("."), i) == i;
}

static int sync_folders(cnv_outputs *set, uint32_t *at)
{
	cnv_map folders = { 0 };
	int error = 0;

	for (*at = 0; *at < set->count && !error; (*at)++)
		if (is_first_of(set, *at, &folders))
			error = folders.failed ? ENOMEM : cnv_folder_sync(cnv_folder_of(set->each[*at].target));
	*at -= error != 0;
	cnv_map_fini(&folders);
	return error;
}

/* Undoes the renames, the last first, except where a file was replaced. */
static void take_back(cnv_outputs *set)
{
	for (uint32_t i = set->count; i-- > 0;)
		if (set->each[i].named && set->each[i].is_new)
			remove(set->each[i].target.at);
}

cnv_status cnv_outputs_commit(cnv_outputs *set, cnv_diags *diags)
{
	uint32_t at;
	int error = 0;

	for (at = 0; at < set->count && !error; at++)
		error = set->each[at].temporary ? sync_file(set->each[at].temporary) : 0;
	for (at = error ? at : 0; at < set->count && !error; at++)
		error = give_name(&set->each[at]);
	at -= error != 0;
	if (!error)
		error = sync_folders(set, &at);
	cnv_status status = error ? say_trouble(error, set->each[at].target, diags) : CNV_OK;
	if (error)
		take_back(set);
	cnv_outputs_abandon(set);
	return status;
}

void cnv_outputs_abandon(cnv_outputs *set)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (set->each[i].temporary && !set->each[i].named)
			unlink(set->each[i].temporary);
	if (set->staging && set->lock >= 0) {
		rmdir(set->staging);
		close(set->lock);
	}
	cnv_mem_free(set->staging);
	cnv_mem_free(set->each);
	cnv_arena_fini(&set->arena);
	*set = (cnv_outputs){ .lock = -1 };
}
