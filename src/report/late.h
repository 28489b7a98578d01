/* Returns received after the cut-off. */
#ifndef CANVASS_REPORT_LATE_H
#define CANVASS_REPORT_LATE_H

#include "report/page.h"

/* A table of them, below the rest of the sheet; nothing where there are none. */
void cnv_page_late(cnv_page *page);

#endif
