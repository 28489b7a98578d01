/* letter: what is asked of a respondent about the answers given. */
#include "canvass/report.h"

const char *cnv_query_state_word(cnv_query_state state)
{
	static const char *const words[] = { [CNV_QUERY_OPEN] = "open",
					     [CNV_QUERY_ANSWERED] = "answered",
					     [CNV_QUERY_WAIVED] = "waived",
					     [CNV_QUERY_CLOSED] = "closed" };

	return (size_t)state < sizeof words / sizeof words[0] ? words[state] : "";
}
