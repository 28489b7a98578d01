/* Files, read forward in pieces.
 *
 * Files are read with read(2) and never mapped, so that a file truncated by another process during reading ends
 * early instead of killing the program.  Only regular files are accepted: canvass reads some twice (to recognize,
 * then to parse) and reports their line numbers, and neither works with a pipe. */
#include "io/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

struct cnv_file {
	cnv_str name;
	uint64_t size;           /* bytes when it was opened */
	struct timespec written; /* its modification time when it was opened */
	int descriptor;
};

static const cnv_trouble reading[] = {
	{ ENOENT, CNV_FILE_MISSING, "no such file", "check the spelling, and the folder you are in" },
	{ ENOTDIR, CNV_FILE_MISSING, "part of its path is a file, not a folder", "check the spelling of the path" },
	{ EACCES, CNV_FILE_FORBIDDEN, "permission denied", "ask the owner for access" },
	{ EPERM, CNV_FILE_FORBIDDEN, "permission denied", "ask the owner for access" },
	{ EISDIR, CNV_FILE_IS_FOLDER, "this is a folder, not a file", "name the file inside it" },
	{ ENXIO, CNV_FILE_NOT_REGULAR, "this is not an ordinary file", "save its content to a file first" },
	{ ENAMETOOLONG, CNV_CANNOT_READ, "its name is longer than the system allows", "give it a shorter name" },
	{ ELOOP, CNV_CANNOT_READ, "its symbolic links form a loop", "name the file itself" },
	{ EMFILE, CNV_CANNOT_READ, "too many files are open at once", "name fewer files in one run" },
	{ EIO, CNV_CANNOT_READ, "the disk reports a fault", "copy the file again from its source and retry" },
	{ 0, CNV_CANNOT_READ, "the system cannot read it", "" },
};

/* Opens a file for reading; -1 with errno set.  Without O_NONBLOCK opening a pipe would wait for a writer. */
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
	char *path = cnv_path(name);
	if (!path)
		return cnv_trouble_say(reading, errno, name, diags);
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
		status = cnv_trouble_say(reading, errno, name, diags);
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
		return cnv_trouble_say(reading, errno, file->name, diags);
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
			return cnv_trouble_say(reading, errno, file->name, diags);
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
	if (file->size > limit || file->size >= SIZE_MAX) {
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_FILE_TOO_LARGE, .place = place),
			       "it has %llu bytes; the limit is %zu", (unsigned long long)file->size, limit);
		status = CNV_REJECTED;
		goto out;
	}
	/* One byte more than its size shows whether another process is still writing to it. */
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
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_CANNOT_READ, .place = place,
					.hint = CNV_STR("wait until it is complete, and run again")),
			       "it grew while it was being read");
		status = CNV_NO_ACCESS;
		goto out;
	}
	*bytes = (cnv_str){ at, len };
out:
	cnv_file_close(file);
	return status;
}

/* 0, or the error why the file cannot be examined. */
static int look_at(cnv_str name, struct stat *about)
{
	char *path = cnv_path(name);
	int error = path && !stat(path, about) ? 0 : errno;
	cnv_mem_free(path);
	return error;
}

cnv_status cnv_file_look(cnv_str name, bool *there, cnv_diags *diags)
{
	struct stat about;
	int error = look_at(name, &about);

	*there = !error;
	return error && error != ENOENT && error != ENOTDIR ? cnv_trouble_say(reading, error, name, diags) : CNV_OK;
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
