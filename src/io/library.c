/* Libraries loaded on demand.
 *
 * Loading and relocating a library takes longer than many commands take to run, so a library that few commands need
 * is not linked.  All its functions are looked up at once: a missing one is reported before anything depends on it. */
#include "canvass/io.h"

#include <dlfcn.h>
#include <string.h>

const char *cnv_library_load(const char *name, const cnv_symbol *symbols, size_t count, void *into)
{
	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; library && i < count; i++) {
		void *found = dlsym(library, symbols[i].name);

		if (!found)
			return dlerror();
		/* POSIX allows a function's address in a void *; C has no cast for it. */
		memcpy((char *)into + symbols[i].at, &found, sizeof found);
	}
	return library ? NULL : dlerror();
}
