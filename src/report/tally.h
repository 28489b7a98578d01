/* Counts that several sheets share. */
#ifndef CANVASS_REPORT_TALLY_H
#define CANVASS_REPORT_TALLY_H

#include "canvass/report.h"

uint64_t cnv_tally_rows(const cnv_tally *tally, uint32_t table); /* responses, or entries of a repeat */
uint64_t cnv_tally_silent(const cnv_tally *tally);               /* of the roster, without a response */

#endif
