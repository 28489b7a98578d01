/* What sheets read of the counts by group; groups are those of cnv_by_group_groups. */
#ifndef CANVASS_REPORT_BY_GROUP_H
#define CANVASS_REPORT_BY_GROUP_H

#include "canvass/report.h"

/* Respondents of the roster with a response, and those of them whose response is blank. */
void cnv_by_group_listed(const cnv_by_group *by, uint64_t *responses, uint64_t *blank);
/* Members who are in this state, or made this choice, at a choice question outside repeats. */
uint64_t cnv_by_group_standing(const cnv_by_group *by, uint32_t group, cnv_question_id question, cnv_standing standing);
uint64_t cnv_by_group_option(const cnv_by_group *by, uint32_t group, cnv_question_id question, uint32_t option);

#endif
