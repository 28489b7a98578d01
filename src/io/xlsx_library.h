/* libxlsxwriter as canvass uses it: its own header, and the call that loads it. */
#ifndef CANVASS_IO_XLSX_LIBRARY_H
#define CANVASS_IO_XLSX_LIBRARY_H

#include "canvass/io.h"

#include <xlsxwriter.h>

/* Before the first call into the library; CNV_NO_ACCESS, reported, when the system has none that fits. */
cnv_status cnv_xlsx_library_load(cnv_place place, cnv_diags *diags);

#endif
