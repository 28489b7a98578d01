/* Files: read forward in pieces, written whole or not at all.
 *
 * Reading is by read(2) and never by mapping, so that a file cut short by someone else while it is
 * read ends early instead of killing the program.  Only ordinary files are taken: canvass reads some
 * twice (to digest, then to parse) and names their lines, and a pipe can do neither.
 *
 * Writing goes to a temporary in the target's own folder, because rename(2) is atomic only within one
 * file system.  The order that survives a power cut: data, fsync, name, fsync of the folder.
 */
#include "canvass/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10) /* bytes hashed or copied at a time */
#define TEMPORARY_TRIES 100       /* names tried beside a target: leftovers of killed runs are stepped over */

struct cnv_file {
	cnv_str name;
	uint64_t size; /* bytes when it was opened */
	struct timespec written; /* when it had last been written to by then */
	int descriptor;
};

/* What the system's error numbers mean to the person; the last row answers for all others. */
struct trouble {
	int error;
	cnv_code code;
	const char *message, *hint;
};

static const struct trouble reading[] = {
	{ ENOENT, CNV_FILE_MISSING, "there is no file of this name", "check the spelling, and the folder you are in" },
	{ ENOTDIR, CNV_FILE_MISSING, "part of its path is a file, not a folder", "check the spelling of the path" },
	{ EACCES, CNV_FILE_FORBIDDEN, "you may not read it", "ask its owner for the right to read it" },
	{ EPERM, CNV_FILE_FORBIDDEN, "you may not read it", "ask its owner for the right to read it" },
	{ EISDIR, CNV_FILE_IS_FOLDER, "this is a folder, and a file is wanted", "name the file inside it" },
	{ ENXIO, CNV_FILE_NOT_REGULAR, "this is not an ordinary file", "save its content to a file first" },
	{ ENAMETOOLONG, CNV_CANNOT_READ, "its name is longer than the system allows", "give it a shorter name" },
	{ ELOOP, CNV_CANNOT_READ, "its links lead in a circle", "name the file itself" },
	{ EMFILE, CNV_CANNOT_READ, "too many files are open at once", "name fewer files in one run" },
	{ EIO, CNV_CANNOT_READ, "the disk reports a fault", "copy the file from where it came and try again" },
	{ 0, CNV_CANNOT_READ, "the system refuses to read it", "" },
};

static const struct trouble writing[] = {
	{ ENOENT, CNV_CANNOT_WRITE, "its folder does not exist", "make the folder first, or check the spelling" },
	{ ENOTDIR, CNV_CANNOT_WRITE, "part of its path is a file, not a folder", "check the spelling of the path" },
	{ EACCES, CNV_FILE_FORBIDDEN, "you may not write in its folder", "choose a folder of your own" },
	{ EPERM, CNV_FILE_FORBIDDEN, "you may not write in its folder", "choose a folder of your own" },
	{ EROFS, CNV_FILE_FORBIDDEN, "its disk can only be read", "choose a folder on another disk" },
	{ EISDIR, CNV_FILE_IS_FOLDER, "this is a folder, and a file is to be written", "name a file inside it" },
	{ ENXIO, CNV_FILE_NOT_REGULAR, "this is not an ordinary file, and it cannot be replaced", "name another file" },
	{ EEXIST, CNV_OUTPUT_EXISTS, "a file of this name is already there", "give another name, or add --force" },
	{ ENOSPC, CNV_CANNOT_WRITE, "the disk is full", "make room on the disk and run again" },
	{ EDQUOT, CNV_CANNOT_WRITE, "your share of the disk is used up", "make room and run again" },
	{ EFBIG, CNV_CANNOT_WRITE, "it would grow larger than files may here", "write it to another disk" },
	{ ENAMETOOLONG, CNV_CANNOT_WRITE, "its name is longer than the system allows", "give it a shorter name" },
	{ EMFILE, CNV_CANNOT_WRITE, "too many files are open at once", "name fewer files in one run" },
	{ EIO, CNV_CANNOT_WRITE, "the disk reports a fault", "write it to another disk" },
	{ 0, CNV_CANNOT_WRITE, "the system refuses to write it", "" },
};

/* Says what went wrong with file `name`; the status to pass on. */
static cnv_status say(const struct trouble *rows, int error, cnv_str name, cnv_diags *diags)
{
	while (rows->error && rows->error != error)
		rows++;
	cnv_place place = { .source = name };
	cnv_str none = { 0 }, hint = cnv_str_from(rows->hint);
	if (rows->error)
		cnv_diags_say(diags, rows->code, place, none, none, hint, "%s", rows->message);
	else
		cnv_diags_say(diags, rows->code, place, none, none, hint, "%s (error %d)", rows->message, error);
	return rows->code == CNV_OUTPUT_EXISTS ? CNV_REJECTED : CNV_NO_ACCESS;
}

/* `name` as the system wants it; NULL with errno set when it cannot be one. */
static char *c_name(cnv_str name)
{
	if (!name.len || memchr(name.at, '\0', name.len)) {
		errno = ENOENT;
		return NULL;
	}
	char *path = cnv_mem_get(name.len + 1);
	if (path)
		memcpy(path, name.at, name.len);
	else
		errno = ENOMEM;
	return path;
}

/* Opens what is to be read; -1 with errno set.  Without O_NONBLOCK the open of a pipe would wait for a writer. */
static int open_regular(const char *path, struct stat *about)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (descriptor < 0)
		return -1;
	int error = 0;
	if (fstat(descriptor, about))
		error = errno;
	else if (S_ISDIR(about->st_mode))
		error = EISDIR;
	else if (!S_ISREG(about->st_mode))
		error = ENXIO;
	if (error) {
		close(descriptor);
		errno = error;
		return -1;
	}
	return descriptor;
}

cnv_status cnv_file_open(cnv_file **out, cnv_str name, cnv_diags *diags)
{
	*out = NULL;
	char *path = c_name(name);
	if (!path)
		return errno == ENOMEM ? CNV_NO_MEMORY : say(reading, ENOENT, name, diags);
	cnv_file *file = cnv_mem_get(sizeof *file);
	cnv_status status = CNV_NO_MEMORY;
	if (!file)
		goto out;
	file->name = name;
	struct stat about = { 0 };
	file->descriptor = open_regular(path, &about);
	file->size = (uint64_t)about.st_size;
	file->written = about.st_mtim;
	if (file->descriptor < 0) {
		status = say(reading, errno, name, diags);
		cnv_mem_free(file);
		goto out;
	}
	*out = file;
	status = CNV_OK;
out:
	cnv_mem_free(path);
	return status;
}

uint64_t cnv_file_size(const cnv_file *file)
{
	return file->size;
}

bool cnv_file_changed(const cnv_file *file)
{
	struct stat about;

	return fstat(file->descriptor, &about) || (uint64_t)about.st_size != file->size ||
	       about.st_mtim.tv_sec != file->written.tv_sec || about.st_mtim.tv_nsec != file->written.tv_nsec;
}

cnv_status cnv_file_read(cnv_file *file, char *at, size_t room, size_t *len, cnv_diags *diags)
{
	ssize_t got;
	*len = 0;
	if (room > SSIZE_MAX)
		room = SSIZE_MAX;
	do
		got = read(file->descriptor, at, room);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return say(reading, errno, file->name, diags);
	*len = (size_t)got;
	return CNV_OK;
}

cnv_status cnv_file_peek(cnv_file *file, uint64_t at, char *to, size_t room, size_t *len, cnv_diags *diags)
{
	*len = 0;
	while (*len < room) {
		ssize_t got = pread(file->descriptor, to + *len, room - *len, (off_t)(at + *len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return say(reading, errno, file->name, diags);
		if (!got)
			break;
		*len += (size_t)got;
	}
	return CNV_OK;
}

void cnv_file_close(cnv_file *file)
{
	if (!file)
		return;
	close(file->descriptor);
	cnv_mem_free(file);
}

/* Fills `at` up to `room` or to the end of the file. */
static cnv_status read_full(cnv_file *file, char *at, size_t room, size_t *len, cnv_diags *diags)
{
	*len = 0;
	while (*len < room) {
		size_t got;
		cnv_status status = cnv_file_read(file, at + *len, room - *len, &got, diags);
		if (status != CNV_OK)
			return status;
		if (!got)
			break;
		*len += got;
	}
	return CNV_OK;
}

cnv_status cnv_file_load(cnv_str name, size_t limit, cnv_arena *arena, cnv_str *bytes, cnv_diags *diags)
{
	*bytes = (cnv_str){ 0 };
	cnv_file *file;
	cnv_status status = cnv_file_open(&file, name, diags);
	if (status != CNV_OK)
		return status;

	cnv_place place = { .source = name };
	cnv_str none = { 0 };
	if (file->size > limit || file->size >= SIZE_MAX) {
		cnv_diags_say(diags, CNV_FILE_TOO_LARGE, place, none, none, CNV_STR("check that it is the right file"),
			      "it has %llu bytes; at most %zu are read", (unsigned long long)file->size, limit);
		status = CNV_REJECTED;
		goto out;
	}
	/* One byte more than it had shows whether somebody is still writing to it. */
	size_t room = (size_t)file->size + 1, len;
	char *at = cnv_arena_get(arena, room);
	if (!at) {
		status = CNV_NO_MEMORY;
		goto out;
	}
	status = read_full(file, at, room, &len, diags);
	if (status != CNV_OK)
		goto out;
	if (len == room) {
		cnv_diags_say(diags, CNV_CANNOT_READ, place, none, none,
			      CNV_STR("wait until it has been written, and run again"),
			      "it grew while it was being read");
		status = CNV_NO_ACCESS;
		goto out;
	}
	*bytes = (cnv_str){ at, len };
out:
	cnv_file_close(file);
	return status;
}

/* Reads `file` to its end into the digest and, where there is one, the copy. */
static cnv_status digest_pieces(cnv_file *file, cnv_output *copy, cnv_sha256 *digest, cnv_diags *diags)
{
	char *piece = cnv_mem_get(PIECE);
	if (!piece)
		return CNV_NO_MEMORY;
	cnv_status status;
	for (;;) {
		size_t len;
		status = cnv_file_read(file, piece, PIECE, &len, diags);
		if (status != CNV_OK || !len)
			break;
		cnv_sha256_add(digest, (cnv_str){ piece, len });
		if (copy)
			status = cnv_output_write(copy, (cnv_str){ piece, len }, diags);
		if (status != CNV_OK)
			break;
	}
	cnv_mem_free(piece);
	return status;
}

cnv_status cnv_file_digest(cnv_str name, cnv_str copy_to, uint8_t sha256[32], cnv_diags *diags)
{
	cnv_output copy = { 0 };
	cnv_file *file;
	cnv_sha256 *digest = NULL;

	cnv_status status = cnv_file_open(&file, name, diags);
	if (status != CNV_OK)
		return status;
	if (copy_to.len)
		status = cnv_output_open(&copy, copy_to, true, diags);
	if (status == CNV_OK && !(digest = cnv_sha256_new()))
		status = CNV_NO_MEMORY;
	if (status == CNV_OK)
		status = digest_pieces(file, copy_to.len ? &copy : NULL, digest, diags);
	if (status == CNV_OK && copy_to.len)
		status = cnv_output_commit(&copy, diags);
	if (status == CNV_OK)
		cnv_sha256_end(digest, sha256);
	cnv_sha256_free(digest);
	cnv_output_abandon(&copy);
	cnv_file_close(file);
	return status;
}

/* 0, or the error that says why there is nothing to look at. */
static int look_at(cnv_str name, struct stat *about)
{
	char *path = c_name(name);
	int error = path && !stat(path, about) ? 0 : errno;
	cnv_mem_free(path);
	return error;
}

cnv_status cnv_file_look(cnv_str name, bool *there, cnv_diags *diags)
{
	struct stat about;
	int error = look_at(name, &about);

	*there = !error;
	if (error == ENOMEM)
		return CNV_NO_MEMORY;
	return error && error != ENOENT && error != ENOTDIR ? say(reading, error, name, diags) : CNV_OK;
}

bool cnv_file_exists(cnv_str name)
{
	struct stat about;

	return !look_at(name, &about);
}

bool cnv_file_same(cnv_str a, cnv_str b)
{
	struct stat one, other;

	return !look_at(a, &one) && !look_at(b, &other) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* ---------------------------------------------------------------- output */

cnv_str cnv_folder_of(cnv_str name)
{
	size_t len = name.len;
	while (len && name.at[len - 1] != '/')
		len--;
	return (cnv_str){ name.at, len };
}

/* Makes an empty file of a fresh name beside the target: its descriptor, or -1 with errno set. */
static int open_temporary(cnv_str target, char **temporary)
{
	for (unsigned int number = 0; number < TEMPORARY_TRIES; number++) {
		cnv_text name = { 0 };
		cnv_text_put(&name, cnv_folder_of(target));
		cnv_text_format(&name, ".canvass-%ld-%u.part", (long)getpid(), number);
		char *path = name.failed ? NULL : c_name(cnv_text_str(&name));
		cnv_text_fini(&name);
		if (!path) {
			errno = ENOMEM;
			return -1;
		}
		int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (descriptor >= 0) {
			*temporary = path;
			return descriptor;
		}
		int error = errno;
		cnv_mem_free(path);
		errno = error;
		if (error != EEXIST)
			return -1;
	}
	errno = EMFILE;
	return -1;
}

/* 0 when the target may be written, else the error that says why not. */
static int target_trouble(const char *path, bool force)
{
	struct stat about;
	if (!stat(path, &about)) {
		if (S_ISDIR(about.st_mode))
			return EISDIR;
		if (!S_ISREG(about.st_mode))
			return ENXIO;
		return force ? 0 : EEXIST;
	}
	/* A link that leads nowhere is a name in use as well. */
	return !force && !lstat(path, &about) ? EEXIST : 0;
}

cnv_status cnv_output_open(cnv_output *output, cnv_str target, bool force, cnv_diags *diags)
{
	*output = (cnv_output){ .target = target, .descriptor = -1, .force = force };
	char *path = c_name(target);
	if (!path)
		return errno == ENOMEM ? CNV_NO_MEMORY : say(writing, ENOENT, target, diags);
	int error = target_trouble(path, force);
	cnv_mem_free(path);
	if (error)
		return say(writing, error, target, diags);
	output->descriptor = open_temporary(target, &output->temporary);
	if (output->descriptor < 0)
		return errno == ENOMEM ? CNV_NO_MEMORY : say(writing, errno, target, diags);
	return CNV_OK;
}

cnv_status cnv_output_write(cnv_output *output, cnv_str bytes, cnv_diags *diags)
{
	while (bytes.len) {
		ssize_t put = write(output->descriptor, bytes.at, bytes.len > SSIZE_MAX ? SSIZE_MAX : bytes.len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return say(writing, put < 0 ? errno : ENOSPC, output->target, diags);
		bytes.at += put;
		bytes.len -= (size_t)put;
	}
	return CNV_OK;
}

/* Gives the temporary its name, never over a file that appeared meanwhile; 0 or the error.  link(2) refuses where
 * rename(2) would replace; file systems without links (FAT) leave a moment between looking and renaming. */
static int name_new(const char *temporary, const char *path)
{
	if (!link(temporary, path)) {
		unlink(temporary);
		return 0;
	}
	if (errno == EEXIST)
		return EEXIST;
	struct stat about;
	if (!lstat(path, &about))
		return EEXIST;
	return rename(temporary, path) ? errno : 0;
}

/* The folder that holds the target, opened to be synced: -1 with errno set.  Folders one may write in but not read
 * cannot be, and -1 with errno 0 stands for them. */
static int open_folder(cnv_str target)
{
	cnv_str folder = cnv_folder_of(target);
	char *path = c_name(folder.len ? folder : CNV_STR("."));
	if (!path)
		return -1;
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = descriptor < 0 && errno != EACCES ? errno : 0;
	cnv_mem_free(path);
	errno = error;
	return descriptor;
}

/* Data first, then the name, then the folder that holds the name; 0 or the error. */
static int settle(cnv_output *output, const char *path, int folder)
{
	int error = !output->later && fsync(output->descriptor) ? errno : 0;
	if (close(output->descriptor) && !error)
		error = errno;
	output->descriptor = -1;
	if (!error && output->force)
		error = rename(output->temporary, path) ? errno : 0;
	else if (!error)
		error = name_new(output->temporary, path);
	if (error)
		return error;
	cnv_mem_free(output->temporary);
	output->temporary = NULL;
	/* Some file systems cannot sync a folder, and say EINVAL. */
	return !output->later && folder >= 0 && fsync(folder) && errno != EINVAL ? errno : 0;
}

cnv_status cnv_file_settle(cnv_str name, cnv_diags *diags)
{
	int error = 0, descriptor = -1;
	char *path = c_name(name);

	if (!path)
		return CNV_NO_MEMORY;
	descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0 || (fsync(descriptor) && errno != EINVAL))
		error = errno;
	if (descriptor >= 0)
		close(descriptor);
	cnv_mem_free(path);
	return error ? say(writing, error, name, diags) : CNV_OK;
}

cnv_status cnv_output_commit(cnv_output *output, cnv_diags *diags)
{
	cnv_str target = output->target;
	int error = 0, folder = -1;
	char *path = c_name(target);
	if (path)
		folder = open_folder(target);
	if (!path || (folder < 0 && errno))
		error = errno;
	else
		error = settle(output, path, folder);
	if (folder >= 0)
		close(folder);
	cnv_mem_free(path);
	cnv_output_abandon(output);
	if (!error)
		return CNV_OK;
	return error == ENOMEM ? CNV_NO_MEMORY : say(writing, error, target, diags);
}

void cnv_output_abandon(cnv_output *output)
{
	if (output->temporary) {
		if (output->descriptor >= 0)
			close(output->descriptor);
		unlink(output->temporary);
		cnv_mem_free(output->temporary);
	}
	*output = (cnv_output){ .descriptor = -1 };
}

cnv_status cnv_file_save(cnv_str target, cnv_str bytes, bool force, bool later, cnv_diags *diags)
{
	cnv_output output;
	cnv_status status = cnv_output_open(&output, target, force, diags);

	output.later = later;
	if (!status)
		status = cnv_output_write(&output, bytes, diags);
	if (!status)
		return cnv_output_commit(&output, diags);
	cnv_output_abandon(&output);
	return status;
}

cnv_status cnv_file_rename(cnv_str from, cnv_str to, cnv_diags *diags)
{
	char *old = c_name(from), *new = c_name(to);
	int folder = -1, error = 0;

	if (!old || !new || rename(old, new))
		error = errno;
	cnv_mem_free(old);
	cnv_mem_free(new);
	if (!error)
		folder = open_folder(to);
	if (folder >= 0) {
		if (fsync(folder) && errno != EINVAL)
			error = errno;
		close(folder);
	}
	if (!error)
		return CNV_OK;
	return error == ENOMEM ? CNV_NO_MEMORY : say(writing, error, to, diags);
}
