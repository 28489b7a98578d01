/* The drafts of interviews that are not finished, as text. */
#include <inttypes.h>

#include "cli/cli.h"

void cli_put_progress(const cnv_draft *draft)
{
	int32_t begun = cnv_instant_day(draft->begun), changed = cnv_instant_day(draft->changed);

	if (draft->asked)
		printf("%" PRIu32 " of %" PRIu32 " %s answered", draft->answered, draft->asked,
		       cnv_noun(draft->asked, "question", "questions"));
	else
		printf("%" PRIu32 " %s answered", draft->answered, cnv_noun(draft->answered, "question", "questions"));
	fputs(", begun on ", stdout);
	cli_put_day(stdout, begun);
	if (changed != begun) {
		fputs(", last changed on ", stdout);
		cli_put_day(stdout, changed);
	}
	putchar('\n');
}

void cli_put_draft(const cnv_draft *draft)
{
	cli_put(stdout, draft->respondent, false);
	fputs(": ", stdout);
	cli_put(stdout, draft->who.len ? draft->who : CNV_STR("somebody"), false);
	fputs(" has a draft, ", stdout);
	cli_put_progress(draft);
}
