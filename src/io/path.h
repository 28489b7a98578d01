/* Names of files and folders, and messages for system errors. */
#ifndef CANVASS_IO_PATH_H
#define CANVASS_IO_PATH_H

#include "canvass/io.h"

/* The meaning of a system error number for people; the last row of a table applies to all others. */
typedef struct cnv_trouble {
	int error;
	cnv_code code;
	const char *message, *hint;
} cnv_trouble;

extern const cnv_trouble cnv_writing[];
/* Reports what went wrong with the file `name`; returns the status to pass on. */
cnv_status cnv_trouble_say(const cnv_trouble *rows, int error, cnv_str name, cnv_diags *diags);
/* `name` in the system's form; the caller frees it.  NULL with errno set when it cannot be a path. */
char *cnv_path(cnv_str name);

/* Makes a folder. Returns 0, EEXIST if it already exists, or the error. A link at the path is ELOOP unless link_ok. */
int cnv_folder_new(const char *path, bool link_ok);
/* Opens a folder, named as by cnv_folder_of (empty: the current one); -1 with errno set. */
int cnv_folder_open(cnv_str folder);
/* Syncs the names in such a folder to the disk; returns 0 or the error. */
int cnv_folder_sync(cnv_str folder);

#endif
