/* Recognizes the program that a database belongs to, from its first bytes. */
#include "store/state.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Finds the application id of an SQLite file, without SQLite, which would remove another program's write-ahead log.
 * false: not an SQLite file, or unreadable (*read). */
static bool find_application(const char *path, uint32_t *application, bool *read)
{
	unsigned char head[100];
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = file < 0 ? -1 : pread(file, head, sizeof head, 0);

	if (file >= 0)
		close(file);
	*application = 0;
	*read = got >= 0;
	if (got != (ssize_t)sizeof head || memcmp(head, "SQLite format 3", 16) != 0)
		return false;
	for (size_t i = 68; i < 72; i++)
		*application = *application << 8 | head[i];
	return true;
}

/* For a file that cannot be read, SQLite reports the error. */
bool store_is_foreign(const char *path)
{
	uint32_t application;
	bool read;

	return find_application(path, &application, &read) && application != STORE_APPLICATION;
}

bool store_may_be(const char *path)
{
	uint32_t application;
	bool read;

	return find_application(path, &application, &read) ? application == STORE_APPLICATION : !read;
}
