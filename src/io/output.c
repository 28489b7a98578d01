/* Outputs: files that appear complete or not at all.
 *
 * Data is written to a temporary file in the target's own folder, because rename(2) is atomic only within one file
 * system.  The order that survives a power cut: data, fsync, name, fsync of the folder.
 *
 * A killed run leaves its temporary file behind; the next run that writes into the same folder removes it.  A
 * leftover is recognized by its missing lock: the writer holds a lock (flock) until the file has its final name, and
 * the system releases it when the writer ends, however it ends.  The process number in the name only keeps names
 * distinct; in a container every process may have the same one. */
#define _DEFAULT_SOURCE /* flock */
#include "io/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/path.h"

#define TEMPORARY_TRIES 10000u /* names tried next to a target */

/* ---------------------------------------------------------------- leftovers */

/* ".canvass-123-4.part" */
static bool is_temporary(const char *name)
{
	static const char before[] = ".canvass-", digits[] = "0123456789";
	size_t len;

	if (strncmp(name, before, sizeof before - 1))
		return false;
	name += sizeof before - 1;
	len = strspn(name, digits);
	if (!len || name[len] != '-')
		return false;
	name += len + 1;
	len = strspn(name, digits);
	return len && !strcmp(name + len, ".part");
}

/* Does the name still refer to the open file? */
static bool is_same(int folder, const char *name, int descriptor)
{
	struct stat named, open_one;

	return !fstat(descriptor, &open_one) && !fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) &&
	       named.st_dev == open_one.st_dev && named.st_ino == open_one.st_ino;
}

/* Empties the folder of a set of outputs; it contains only files. */
static void empty_folder(int folder)
{
	int again = dup(folder);
	DIR *names = again < 0 ? NULL : fdopendir(again);

	if (!names && again >= 0)
		close(again);
	for (const struct dirent *entry; names && (entry = readdir(names));)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(folder, entry->d_name, 0);
	if (names)
		closedir(names);
}

/* Removes one leftover; does nothing while a process holds its lock. */
static void remove_leftover(int folder, const char *name)
{
	struct stat about;
	int descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (descriptor < 0)
		return;
	if (!fstat(descriptor, &about) && about.st_uid == geteuid() &&
	    (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) && !flock(descriptor, LOCK_EX | LOCK_NB) &&
	    is_same(folder, name, descriptor)) {
		if (S_ISDIR(about.st_mode))
			empty_folder(descriptor);
		unlinkat(folder, name, S_ISDIR(about.st_mode) ? AT_REMOVEDIR : 0);
	}
	close(descriptor);
}

/* Reading a folder costs more the more files it has, and many outputs may go into one: after a sweep that saw n
 * names the next n / SWEEP_SHARE outputs into the same folder skip the sweep. */
#define SWEEP_SHARE 16u
static _Atomic uint64_t last_swept; /* folder, by its device and inode number */
static _Atomic uint32_t not_due;    /* outputs into it that still skip the sweep */

static void sweep(DIR *names)
{
	uint32_t seen = 0;

	for (const struct dirent *entry; (entry = readdir(names));) {
		seen++;
		if (is_temporary(entry->d_name))
			remove_leftover(dirfd(names), entry->d_name);
	}
	not_due = seen / SWEEP_SHARE;
}

void cnv_temporary_sweep(cnv_str folder)
{
	int descriptor = cnv_folder_open(folder);
	struct stat about;

	if (descriptor < 0)
		return;
	uint64_t own = fstat(descriptor, &about)
			       ? 0
			       : (uint64_t)about.st_dev * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)about.st_ino;
	DIR *names = NULL;
	if (own == last_swept && not_due)
		not_due--;
	else if ((names = fdopendir(descriptor)) != NULL)
		sweep(names);
	last_swept = own;
	if (names)
		closedir(names);
	else
		close(descriptor);
}

/* ---------------------------------------------------------------- temporaries */

char *cnv_temporary_name(cnv_str folder, unsigned number)
{
	cnv_text name = { 0 };
	cnv_text_put(&name, folder);
	cnv_text_format(&name, ".canvass-%ld-%u.part", (long)getpid(), number);
	char *path = name.failed ? NULL : cnv_path(cnv_text_str(&name));
	cnv_text_fini(&name);
	return path;
}

/* Between creation and locking another process may have removed the file as a leftover.  On a file system without
 * locks, nothing is ever swept. */
bool cnv_temporary_hold(int descriptor, const char *path)
{
	if (flock(descriptor, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		return false;
	return is_same(AT_FDCWD, path, descriptor);
}

int cnv_temporary_make(const char *path, const char *target, bool private)
{
	struct stat old;
	bool replaces = !lstat(target, &old) && S_ISREG(old.st_mode);
	mode_t mode = replaces || private ? S_IRUSR | S_IWUSR : 0666; /* less the umask */
	int error = 0, descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	if (descriptor < 0)
		return -1;
	if (!cnv_temporary_hold(descriptor, path))
		error = EAGAIN;
	else if (replaces && !private && fchmod(descriptor, old.st_mode & 0777))
		error = errno;
	if (!error)
		return descriptor;
	if (error != EAGAIN)
		unlink(path);
	close(descriptor);
	errno = error;
	return -1;
}

/* Makes an empty file with a new name next to the target; returns its descriptor, or -1 with errno set. */
static int open_temporary(const char *target, bool private, char **temporary)
{
	cnv_str folder = cnv_folder_of(cnv_str_from(target));

	cnv_temporary_sweep(folder);
	for (unsigned number = 0; number < TEMPORARY_TRIES; number++) {
		char *path = cnv_temporary_name(folder, number);
		if (!path) {
			errno = ENOMEM;
			return -1;
		}
		int descriptor = cnv_temporary_make(path, target, private);
		if (descriptor >= 0) {
			*temporary = path;
			return descriptor;
		}
		int error = errno;
		cnv_mem_free(path);
		errno = error;
		if (error != EEXIST && error != EAGAIN)
			return -1;
	}
	errno = EBUSY;
	return -1;
}

/* ---------------------------------------------------------------- outputs */

int cnv_target_trouble(const char *path, bool force)
{
	struct stat about;
	if (!stat(path, &about)) {
		if (S_ISDIR(about.st_mode))
			return EISDIR;
		if (!S_ISREG(about.st_mode))
			return ENXIO;
		return force ? 0 : EEXIST;
	}
	/* A dangling link also occupies the name. */
	return !force && !lstat(path, &about) ? EEXIST : 0;
}

static cnv_status open_output(cnv_output *output, cnv_str target, bool force, bool private, cnv_diags *diags)
{
	*output = (cnv_output){ .target = target, .descriptor = -1, .force = force };
	char *path = cnv_path(target);
	int error = path ? cnv_target_trouble(path, force) : errno;
	if (!error) {
		output->descriptor = open_temporary(path, private, &output->temporary);
		error = output->descriptor < 0 ? errno : 0;
	}
	cnv_mem_free(path);
	return error ? cnv_trouble_say(cnv_writing, error, target, diags) : CNV_OK;
}

cnv_status cnv_output_open(cnv_output *output, cnv_str target, bool force, cnv_diags *diags)
{
	return open_output(output, target, force, false, diags);
}

cnv_status cnv_output_write(cnv_output *output, cnv_str bytes, cnv_diags *diags)
{
	while (bytes.len) {
		ssize_t put = write(output->descriptor, bytes.at, bytes.len > SSIZE_MAX ? SSIZE_MAX : bytes.len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return cnv_trouble_say(cnv_writing, put < 0 ? errno : ENOSPC, output->target, diags);
		bytes.at += put;
		bytes.len -= (size_t)put;
	}
	return CNV_OK;
}

/* link(2) fails where rename(2) would replace; on file systems without links (FAT) another file can appear between
 * the check and the rename. */
int cnv_name_file(const char *temporary, const char *path, bool force)
{
	struct stat about;
	if (force)
		return rename(temporary, path) ? errno : 0;
	if (!link(temporary, path)) {
		unlink(temporary);
		return 0;
	}
	if (errno == EEXIST || !lstat(path, &about))
		return EEXIST;
	return rename(temporary, path) ? errno : 0;
}

/* Syncs the data, then renames, then syncs the folder; returns 0 or the error.  The lock is held until the file has
 * its final name. */
static int settle(cnv_output *output, const char *path)
{
	struct stat about;
	bool is_new = lstat(path, &about);
	int error = fsync(output->descriptor) ? errno : 0;
	if (!error)
		error = cnv_name_file(output->temporary, path, output->force);
	if (error)
		return error;
	cnv_mem_free(output->temporary);
	output->temporary = NULL;
	if (close(output->descriptor))
		error = errno;
	output->descriptor = -1;
	if (!error)
		error = cnv_folder_sync(cnv_folder_of(output->target));
	/* A file that could not be made durable is removed again; a file that was replaced cannot be restored. */
	if (error && is_new)
		unlink(path);
	return error;
}

cnv_status cnv_output_commit(cnv_output *output, cnv_diags *diags)
{
	cnv_str target = output->target;
	if (output->keep)
		return output->keep(output, diags);
	char *path = cnv_path(target);
	int error = path ? settle(output, path) : errno;

	cnv_mem_free(path);
	cnv_output_abandon(output);
	return error ? cnv_trouble_say(cnv_writing, error, target, diags) : CNV_OK;
}

void cnv_output_abandon(cnv_output *output)
{
	if (output->temporary) {
		unlink(output->temporary);
		if (output->descriptor >= 0)
			close(output->descriptor);
		cnv_mem_free(output->temporary);
	}
	*output = (cnv_output){ .descriptor = -1 };
}

cnv_status cnv_output_save(cnv_output *output, cnv_str bytes, cnv_diags *diags)
{
	cnv_status status = cnv_output_write(output, bytes, diags);

	if (!status)
		return cnv_output_commit(output, diags);
	cnv_output_abandon(output);
	return status;
}

static cnv_status save_file(cnv_str target, cnv_str bytes, bool force, bool private, cnv_diags *diags)
{
	cnv_output output;
	cnv_status status = open_output(&output, target, force, private, diags);

	return status ? status : cnv_output_save(&output, bytes, diags);
}

cnv_status cnv_file_save(cnv_str target, cnv_str bytes, bool force, cnv_diags *diags)
{
	return save_file(target, bytes, force, false, diags);
}

cnv_status cnv_file_save_private(cnv_str target, cnv_str bytes, bool force, cnv_diags *diags)
{
	return save_file(target, bytes, force, true, diags);
}

cnv_status cnv_output_apart(cnv_str target, const cnv_input *inputs, size_t count, cnv_diags *diags)
{
	for (size_t i = 0; i < count; i++)
		if (inputs[i].name.len && cnv_file_same(target, inputs[i].name)) {
			cnv_diags_emit(diags,
				       CNV_DIAG(.code = CNV_OUTPUT_IS_INPUT, .place = (cnv_place){ .source = target }),
				       "this is the %s itself", inputs[i].word);
			return CNV_REJECTED;
		}
	return CNV_OK;
}
