/* Counts that several sheets share. */
#ifndef CANVASS_REPORT_TALLY_H
#define CANVASS_REPORT_TALLY_H

#include "canvass/report.h"

uint64_t cnv_tally_rows(const cnv_tally *tally, uint32_t table); /* responses, or entries of a repeat */
/* Respondents of the roster: who have answered; who returned blank; who have done neither. */
uint64_t cnv_tally_replied(const cnv_tally *tally);
uint64_t cnv_tally_blank(const cnv_tally *tally);
uint64_t cnv_tally_silent(const cnv_tally *tally);
/* Of a question of numbers; false: it has none, or more than 16,384 different ones. */
bool cnv_tally_quartiles(const cnv_tally *tally, cnv_question_id question, double *lower, double *upper);
uint64_t cnv_tally_outside(const cnv_tally *tally); /* responses of respondents that are not of the roster */

#endif
