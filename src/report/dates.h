/* Is there a sheet of dates? */
#ifndef CANVASS_REPORT_DATES_H
#define CANVASS_REPORT_DATES_H

#include "report/desk.h"

/* Does the form ask for a date that the audience may see? */
bool cnv_dates_exist(const cnv_desk *desk);

#endif
