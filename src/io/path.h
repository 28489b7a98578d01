/* Names of files and folders, and what the system says of them. */
#ifndef CANVASS_IO_PATH_H
#define CANVASS_IO_PATH_H

#include "canvass/io.h"

/* What an error number of the system means to a person; the last row of a table answers for all others. */
typedef struct cnv_trouble {
	int error;
	cnv_code code;
	const char *message, *hint;
} cnv_trouble;

extern const cnv_trouble cnv_writing[];
/* Says what went wrong with the file `name`; the status to pass on. */
cnv_status cnv_trouble_say(const cnv_trouble *rows, int error, cnv_str name, cnv_diags *diags);
/* `name` as the system wants it, the caller's to free; NULL with errno set when it cannot be a path. */
char *cnv_path(cnv_str name);

/* Makes a folder: 0, EEXIST where it is there already, or the error.  A link in its place is ELOOP unless link_ok. */
int cnv_folder_new(const char *path, bool link_ok);
/* Opens a folder, named as cnv_folder_of does (empty: the current one); -1 with errno set. */
int cnv_folder_open(cnv_str folder);
/* Waits until the names in such a folder are on the disk; 0 or the error. */
int cnv_folder_sync(cnv_str folder);

#endif
