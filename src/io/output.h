/* Temporary files before they get their final names. */
#ifndef CANVASS_IO_OUTPUT_H
#define CANVASS_IO_OUTPUT_H

#include "canvass/io.h"

/* 0 when the target may be written; otherwise the error. */
int cnv_target_trouble(const char *path, bool force);
/* Renames a temporary file.  Returns 0 or the error; without `force` it never replaces a file that appeared in the
 * meantime. */
int cnv_name_file(const char *temporary, const char *path, bool force);
/* Makes a file for `target` with the name `path`: open for writing, locked, with the mode of the existing or future
 * target.  -1 with errno set; EAGAIN: another process has removed it as a leftover. */
int cnv_temporary_make(const char *path, const char *target, bool private);
/* A new name for a temporary file in a folder; the caller frees it.  NULL: no memory. */
char *cnv_temporary_name(cnv_str folder, unsigned number);
/* Locks a file just made, and checks that it still has its name. */
bool cnv_temporary_hold(int descriptor, const char *path);
/* Removes temporary files that killed runs left in the folder. */
void cnv_temporary_sweep(cnv_str folder);
/* Writes the content of an open output and commits it; abandons it on failure. */
cnv_status cnv_output_save(cnv_output *output, cnv_str bytes, cnv_diags *diags);

#endif
