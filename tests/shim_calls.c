/* Preloaded into a program under test: counts its calls that change files, or those that read one file, and at one of them
 * kills the process, stops it, or lets the call fail.  tests/shim.py compiles it.
 *
 *   SHIM_FILE    absolute path of a file: what counts is that it is opened or read, and nothing else
 *   SHIM_AT      number of that call, from 1; 0: none, count only
 *   SHIM_DO      kill: SIGKILL in place of the call; torn: the same after half of a write; stop: SIGSTOP before the
 *                call; a number: the call fails with this errno
 *   SHIM_FROM    with an errno: that call and all after it that need room or the disk fail (a disk that stays full)
 *   SHIM_COUNT   file into which the number of calls is written when the process exits
 *   SHIM_TRACE   file to which each call is appended, for people
 *
 * A read of any descriptor that was opened by the path of SHIM_FILE counts, also when the path leads to another file by then.
 *
 * Only calls through libc's functions are seen: SQLite's and canvass's are, those that stdio makes inside libc (standard
 * output) are not.  The calls themselves are made by syscall(2), so that sanitizers need not be loaded first. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KILL = -1, TORN = -2, STOP = -3 };

static long at;
static int what;
static bool from, ready;
static const char *watched, *count_name, *trace_name;
static atomic_long calls;

__attribute__((constructor)) static void begin(void)
{
	const char *word = getenv("SHIM_DO"), *number = getenv("SHIM_AT");

	at = number ? atol(number) : 0;
	from = getenv("SHIM_FROM") != NULL;
	watched = getenv("SHIM_FILE");
	count_name = getenv("SHIM_COUNT");
	trace_name = getenv("SHIM_TRACE");
	if (word)
		what = !strcmp(word, "kill")   ? KILL
		       : !strcmp(word, "torn") ? TORN
		       : !strcmp(word, "stop") ? STOP
					       : atoi(word);
	ready = true;
}

static void put_line(const char *name, int flags, const char *line)
{
	long file = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	if (file < 0)
		return;
	syscall(SYS_write, file, line, strlen(line));
	syscall(SYS_close, file);
}

__attribute__((destructor)) static void end(void)
{
	char line[32];

	if (!count_name)
		return;
	snprintf(line, sizeof line, "%ld\n", atomic_load(&calls));
	put_line(count_name, O_TRUNC, line);
}

/* The path of an open file; of one that lost its name, followed by " (deleted)". */
static const char *path_of(long file, char *target, size_t room)
{
	char link[64];
	ssize_t got;

	snprintf(link, sizeof link, "/proc/self/fd/%ld", file);
	got = (ssize_t)syscall(SYS_readlinkat, AT_FDCWD, link, target, room - 1);
	target[got > 0 ? got : 0] = 0;
	return target;
}

static void trace(long number, const char *name, const char *path, long file, size_t len)
{
	char line[4400], target[4096];

	snprintf(line, sizeof line, "%ld %s %s %zu\n", number, name, path ? path : path_of(file, target, sizeof target),
		 len);
	put_line(trace_name, O_APPEND, line);
}

/* Counts a call: true when it is to fail, with errno set.  *half: only half of a write is made, and then the process
 * dies. */
static bool count(const char *name, const char *path, long file, size_t len, bool frees, bool *half)
{
	int error = errno;
	long number = atomic_fetch_add(&calls, 1) + 1;

	if (trace_name)
		trace(number, name, path, file, len);
	errno = error;
	if (!at || number < at || (number > at && !from) || (number > at && frees))
		return false;
	switch (what) {
	case TORN:
		if (half && len > 1) {
			*half = true;
			return false;
		}
		/* fall through */
	case KILL:
		syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
		return false;
	case STOP:
		raise(SIGSTOP);
		return false;
	default:
		errno = what;
		return true;
	}
}

/* A call that changes something begins. */
static bool meet(const char *name, const char *path, long file, size_t len, bool frees, bool *half)
{
	if (!ready || watched || (!path && (file == STDOUT_FILENO || file == STDERR_FILENO)))
		return false;
	return count(name, path, file, len, frees, half);
}

/* A read begins. */
static bool meet_read(int file)
{
	char target[4096];
	size_t len;

	if (!ready || !watched)
		return false;
	len = strlen(watched);
	path_of(file, target, sizeof target);
	return !strncmp(target, watched, len) && (!target[len] || target[len] == ' ') &&
	       count("read", watched, file, 0, false, NULL);
}

static void die(void)
{
	syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

#define PATH(name, path) meet(name, path, -1, 0, false, NULL)
#define FREES(name, path) meet(name, path, -1, 0, true, NULL)
#define FILE_(name, file) meet(name, NULL, file, 0, false, NULL)

/* ---------------------------------------------------------------- opening */

static int open_it(int folder, const char *path, int flags, mode_t mode)
{
	if ((flags & (O_CREAT | O_TRUNC)) && PATH("open", path))
		return -1;
	if (ready && watched && !strcmp(path, watched) && count("open", path, -1, 0, false, NULL))
		return -1;
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags)                                                                                                    \
	mode_t mode = 0;                                                                                               \
	if ((flags)&O_CREAT) {                                                                                         \
		va_list list;                                                                                          \
		va_start(list, flags);                                                                                 \
		mode = (mode_t)va_arg(list, int);                                                                      \
		va_end(list);                                                                                          \
	}

int open(const char *path, int flags, ...)
{
	MODE(flags) return open_it(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...)
{
	MODE(flags) return open_it(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int folder, const char *path, int flags, ...)
{
	MODE(flags) return open_it(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...)
{
	MODE(flags) return open_it(folder, path, flags | O_LARGEFILE, mode);
}
int creat(const char *path, mode_t mode)
{
	return open_it(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char *path, mode_t mode)
{
	return creat(path, mode);
}

/* ---------------------------------------------------------------- writing */

ssize_t write(int file, const void *bytes, size_t len)
{
	bool half = false;
	ssize_t put;

	if (meet("write", NULL, file, len, false, &half))
		return -1;
	put = (ssize_t)syscall(SYS_write, file, bytes, half ? len / 2 : len);
	if (half)
		die();
	return put;
}

ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t where)
{
	bool half = false;
	ssize_t put;

	if (meet("pwrite", NULL, file, len, false, &half))
		return -1;
	put = (ssize_t)syscall(SYS_pwrite64, file, bytes, half ? len / 2 : len, where);
	if (half)
		die();
	return put;
}

ssize_t pwrite(int file, const void *bytes, size_t len, off_t where)
{
	return pwrite64(file, bytes, len, where);
}

ssize_t writev(int file, const struct iovec *pieces, int count)
{
	return FILE_("writev", file) ? -1 : (ssize_t)syscall(SYS_writev, file, pieces, count);
}

ssize_t copy_file_range(int in, off64_t *from_at, int out, off64_t *to_at, size_t len, unsigned int flags)
{
	return FILE_("copy_file_range", out)
		       ? -1
		       : (ssize_t)syscall(SYS_copy_file_range, in, from_at, out, to_at, len, flags);
}

ssize_t sendfile64(int out, int in, off64_t *in_at, size_t len)
{
	return FILE_("sendfile", out) ? -1 : (ssize_t)syscall(SYS_sendfile, out, in, in_at, len);
}

ssize_t sendfile(int out, int in, off_t *in_at, size_t len)
{
	return sendfile64(out, in, in_at, len);
}

int ftruncate64(int file, off64_t len)
{
	return meet("ftruncate", NULL, file, 0, true, NULL) ? -1 : (int)syscall(SYS_ftruncate, file, len);
}

int ftruncate(int file, off_t len)
{
	return ftruncate64(file, len);
}

int truncate(const char *path, off_t len)
{
	return FREES("truncate", path) ? -1 : (int)syscall(SYS_truncate, path, len);
}

int posix_fallocate64(int file, off64_t where, off64_t len)
{
	if (FILE_("fallocate", file))
		return errno;
	return syscall(SYS_fallocate, file, 0, where, len) ? errno : 0;
}

int posix_fallocate(int file, off_t where, off_t len)
{
	return posix_fallocate64(file, where, len);
}

int fallocate64(int file, int mode, off64_t where, off64_t len)
{
	return FILE_("fallocate", file) ? -1 : (int)syscall(SYS_fallocate, file, mode, where, len);
}

int fallocate(int file, int mode, off_t where, off_t len)
{
	return fallocate64(file, mode, where, len);
}

/* ---------------------------------------------------------------- reading */

ssize_t read(int file, void *to, size_t len)
{
	return meet_read(file) ? -1 : (ssize_t)syscall(SYS_read, file, to, len);
}

ssize_t pread64(int file, void *to, size_t len, off64_t where)
{
	return meet_read(file) ? -1 : (ssize_t)syscall(SYS_pread64, file, to, len, where);
}

ssize_t pread(int file, void *to, size_t len, off_t where)
{
	return pread64(file, to, len, where);
}

/* Built with _FORTIFY_SOURCE, the program calls these. */
ssize_t __read_chk(int file, void *to, size_t len, size_t room);
ssize_t __pread64_chk(int file, void *to, size_t len, off64_t where, size_t room);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
ssize_t __read_chk(int file, void *to, size_t len, size_t room)
{
	return len > room ? (abort(), -1) : read(file, to, len);
}

ssize_t __pread64_chk(int file, void *to, size_t len, off64_t where, size_t room)
{
	return len > room ? (abort(), -1) : pread64(file, to, len, where);
}

int __open_2(const char *path, int flags)
{
	return open_it(AT_FDCWD, path, flags, 0);
}
int __open64_2(const char *path, int flags)
{
	return open_it(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}

/* ---------------------------------------------------------------- making it last, names and modes */

/* Counted only: a process that dies loses nothing that it wrote, and waiting for the disk is most of a run. */
int fsync(int file)
{
	return FILE_("fsync", file) ? -1 : 0;
}
int fdatasync(int file)
{
	return FILE_("fdatasync", file) ? -1 : 0;
}

int rename(const char *old, const char *new)
{
	return PATH("rename", new) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
}

int renameat(int old_folder, const char *old, int new_folder, const char *new)
{
	return PATH("rename", new) ? -1 : (int)syscall(SYS_renameat2, old_folder, old, new_folder, new, 0);
}

int renameat2(int old_folder, const char *old, int new_folder, const char *new, unsigned int flags)
{
	return PATH("rename", new) ? -1 : (int)syscall(SYS_renameat2, old_folder, old, new_folder, new, flags);
}

int link(const char *old, const char *new)
{
	return PATH("link", new) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, old, AT_FDCWD, new, 0);
}

int linkat(int old_folder, const char *old, int new_folder, const char *new, int flags)
{
	return PATH("link", new) ? -1 : (int)syscall(SYS_linkat, old_folder, old, new_folder, new, flags);
}

int symlink(const char *to, const char *path)
{
	return PATH("symlink", path) ? -1 : (int)syscall(SYS_symlinkat, to, AT_FDCWD, path);
}

int unlink(const char *path)
{
	return FREES("unlink", path) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags)
{
	return FREES("unlink", path) ? -1 : (int)syscall(SYS_unlinkat, folder, path, flags);
}

int rmdir(const char *path)
{
	return FREES("rmdir", path) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}
int mkdir(const char *path, mode_t mode)
{
	return PATH("mkdir", path) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
	return PATH("mkdir", path) ? -1 : (int)syscall(SYS_mkdirat, folder, path, mode);
}

int chmod(const char *path, mode_t mode)
{
	return PATH("chmod", path) ? -1 : (int)syscall(SYS_fchmodat, AT_FDCWD, path, mode);
}
int fchmod(int file, mode_t mode)
{
	return FILE_("fchmod", file) ? -1 : (int)syscall(SYS_fchmod, file, mode);
}
