/* Files to import that are archives (archive.c). */
#ifndef CANVASS_ROUND_ARCHIVE_H
#define CANVASS_ROUND_ARCHIVE_H

#include "round/parts.h"

/* Adds the tables in an archive, each as a file in memory named after both, or the file itself if it is no archive of
 * tables.  Files in it that are no tables are reported. */
cnv_status archive_add(parts_list *list, cnv_str name, cnv_diags *diags);

#endif
