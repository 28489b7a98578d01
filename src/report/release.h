/* What an audience may see of each response. */
#ifndef CANVASS_REPORT_RELEASE_H
#define CANVASS_REPORT_RELEASE_H

#include "canvass/report.h"

/* Marks contact questions, all questions inside contact groups, and calculations that read them.  NULL: out of
 * memory. */
bool *cnv_release_contacts(const cnv_form *form, cnv_arena *arena);
/* May the audience see contacts of any respondent?  Of which ones, `contacts` of each response says. */
bool cnv_release_has_contacts(const cnv_form *form, cnv_audience audience);

#endif
