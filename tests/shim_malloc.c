/* Stands before the system's allocator (LD_PRELOAD) and refuses what the test names, to any library of the program and
 * to the processes it starts.
 *
 * SHIM_COUNT: a file of 8 bytes that all of them share, the number of requests so far.  SHIM_ONE: the request of this
 * number is refused.  SHIM_FROM: this one and all that follow. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The doors of glibc's own allocator, which need no dlsym: that one allocates itself. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);
void *__libc_memalign(size_t align, size_t size);

static _Atomic unsigned long own_count, *count = &own_count;
static unsigned long one, from;

static unsigned long number_in(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

/* Before main: what the loader and libraries ask for earlier is given. */
__attribute__((constructor)) static void begin(void)
{
	const char *shared = getenv("SHIM_COUNT");
	int file = shared ? open(shared, O_RDWR | O_CLOEXEC) : -1;

	if (file >= 0) {
		void *at = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
		if (at != MAP_FAILED)
			count = at;
		close(file);
	}
	one = number_in("SHIM_ONE");
	from = number_in("SHIM_FROM");
}

static bool is_refused(void)
{
	unsigned long number = atomic_fetch_add(count, 1) + 1;

	if (number != one && (!from || number < from))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return is_refused() ? NULL : __libc_malloc(size);
}
void *calloc(size_t times, size_t size)
{
	return is_refused() ? NULL : __libc_calloc(times, size);
}
void *realloc(void *at, size_t size)
{
	return is_refused() ? NULL : __libc_realloc(at, size);
}
void *memalign(size_t align, size_t size)
{
	return is_refused() ? NULL : __libc_memalign(align, size);
}
void *aligned_alloc(size_t align, size_t size)
{
	return is_refused() ? NULL : __libc_memalign(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
	*out = is_refused() ? NULL : __libc_memalign(align, size);
	return *out ? 0 : ENOMEM;
}
