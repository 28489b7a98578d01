/* libxlsxwriter as used by canvass: its own header, and the call that loads it. */
#ifndef CANVASS_IO_XLSX_LIBRARY_H
#define CANVASS_IO_XLSX_LIBRARY_H

#include "canvass/io.h"

#include <xlsxwriter.h>

/* Call before the first call into the library.  CNV_NO_ACCESS, reported: the system has no suitable version. */
cnv_status cnv_xlsx_library_load(cnv_place place, cnv_diags *diags);

#endif
