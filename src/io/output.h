/* Temporary files on their way to their names. */
#ifndef CANVASS_IO_OUTPUT_H
#define CANVASS_IO_OUTPUT_H

#include "canvass/io.h"

/* 0 when the target may be written, else the error that says why not. */
int cnv_target_trouble(const char *path, bool force);
/* Gives a temporary its name.  0 or the error; without `force` never over a file that appeared meanwhile. */
int cnv_name_file(const char *temporary, const char *path, bool force);
/* Makes a file for `target` under the name `path`: open for writing, locked, with the mode that the target has or is to
 * have.  -1 with errno set; EAGAIN: another process has taken it for a leftover. */
int cnv_temporary_make(const char *path, const char *target, bool private);
/* A fresh name for a temporary in a folder; the caller's to free.  NULL: no memory. */
char *cnv_temporary_name(cnv_str folder, unsigned number);
/* Locks what was just made, and proves that it still has its name. */
bool cnv_temporary_hold(int descriptor, const char *path);
/* Removes what killed runs left in the folder. */
void cnv_temporary_sweep(cnv_str folder);
/* Writes all of an output that is open, and commits it; abandons it when that fails. */
cnv_status cnv_output_save(cnv_output *output, cnv_str bytes, cnv_diags *diags);

#endif
