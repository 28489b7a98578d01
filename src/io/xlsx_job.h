/* Writing a complete workbook. */
#ifndef CANVASS_IO_XLSX_JOB_H
#define CANVASS_IO_XLSX_JOB_H

#include "canvass/io.h"

cnv_xlsx_writer cnv_xlsx_write_here; /* in this process */

#endif
