/* The sheet Positions. */
#ifndef CANVASS_REPORT_POSITIONS_H
#define CANVASS_REPORT_POSITIONS_H

#include "report/desk.h"

/* Are there two respondents and a question to compare them by? */
bool cnv_positions_exist(const cnv_desk *desk);

#endif
