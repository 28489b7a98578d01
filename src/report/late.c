/* late: what came after the time that the report is about. */
#include "report/late.h"

void cnv_page_late(cnv_page *page)
{
	const cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	const cnv_roster *roster = report->roster;

	if (!report->late_count)
		return;
	cnv_page_skip_row(page);
	cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "Received after the cut-off");
	cnv_page_end_row(page);
	cnv_page_words(page, 0, CNV_LOOK_HEADING, "code");
	cnv_page_words(page, 1, CNV_LOOK_HEADING, "name");
	cnv_page_words(page, 2, CNV_LOOK_HEADING, "received");
	cnv_page_end_row(page);
	for (uint32_t i = 0; i < report->late_count && cnv_page_has_room(page); i++) {
		const cnv_late *late = &report->late[i];
		uint32_t listed = roster ? cnv_map_find(&roster->by_code, late->respondent) : CNV_NONE;

		cnv_page_text(page, 0, CNV_LOOK_LABEL, late->respondent);
		cnv_page_text(page, 1, CNV_LOOK_LABEL,
			      listed == CNV_NONE ? late->respondent : roster->respondents[listed].name);
		cnv_page_day(page, 2, cnv_instant_day(late->received));
		cnv_page_end_row(page);
	}
}
