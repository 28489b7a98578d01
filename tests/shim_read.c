/* Preloaded into a program under test: stops it (SIGSTOP) before one of its reads of one file, so that the test can change
 * the file and let it go on.  tests/shim.py compiles it.
 *
 *   SHIM_FILE    absolute path of the file
 *   SHIM_AT      number of the read, from 1; 0: none, count only
 *   SHIM_COUNT   file into which the number of reads is written when the process exits
 *
 * A read of any descriptor that was opened by this path counts, also when the path leads to another file by then; so does
 * opening it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long at;
static const char *wanted, *count_name;
static atomic_long reads;

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("SHIM_AT");

	at = number ? atol(number) : 0;
	count_name = getenv("SHIM_COUNT");
	wanted = getenv("SHIM_FILE");
}

__attribute__((destructor)) static void end(void)
{
	char line[32];
	long file;

	if (!count_name)
		return;
	snprintf(line, sizeof line, "%ld\n", atomic_load(&reads));
	file = syscall(SYS_openat, AT_FDCWD, count_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0)
		return;
	syscall(SYS_write, file, line, strlen(line));
	syscall(SYS_close, file);
}

static void meet(void)
{
	if (atomic_fetch_add(&reads, 1) + 1 == at)
		raise(SIGSTOP);
}

static void meet_file(int file)
{
	char link[64], target[4096];
	ssize_t got;

	if (!wanted)
		return;
	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	got = (ssize_t)syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
	target[got > 0 ? got : 0] = 0;
	/* A file that lost its name is followed by " (deleted)". */
	if (!strncmp(target, wanted, strlen(wanted)) && (!target[strlen(wanted)] || target[strlen(wanted)] == ' '))
		meet();
}

static int open_it(int folder, const char *path, int flags, mode_t mode)
{
	if (wanted && !strcmp(path, wanted))
		meet();
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags) \
	mode_t mode = 0; \
	if ((flags) & O_CREAT) { \
		va_list list; \
		va_start(list, flags); \
		mode = (mode_t)va_arg(list, int); \
		va_end(list); \
	}

int open(const char *path, int flags, ...) { MODE(flags) return open_it(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_it(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_it(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_it(folder, path, flags | O_LARGEFILE, mode); }

ssize_t read(int file, void *to, size_t len)
{
	meet_file(file);
	return (ssize_t)syscall(SYS_read, file, to, len);
}

ssize_t pread64(int file, void *to, size_t len, off64_t where)
{
	meet_file(file);
	return (ssize_t)syscall(SYS_pread64, file, to, len, where);
}

ssize_t pread(int file, void *to, size_t len, off_t where) { return pread64(file, to, len, where); }

/* Nothing here loses power, and waiting for the disk is most of a run. */
int fsync(int file) { (void)file; return 0; }
int fdatasync(int file) { (void)file; return 0; }

/* Built with _FORTIFY_SOURCE, the program calls these. */
ssize_t __read_chk(int file, void *to, size_t len, size_t room);
ssize_t __pread64_chk(int file, void *to, size_t len, off64_t where, size_t room);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
ssize_t __read_chk(int file, void *to, size_t len, size_t room) { return len > room ? (abort(), -1) : read(file, to, len); }

ssize_t __pread64_chk(int file, void *to, size_t len, off64_t where, size_t room)
{
	return len > room ? (abort(), -1) : pread64(file, to, len, where);
}

int __open_2(const char *path, int flags) { return open_it(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_it(AT_FDCWD, path, flags | O_LARGEFILE, 0); }
