/* Shared by the files of status. */
#ifndef CANVASS_CLI_STATUS_H
#define CANVASS_CLI_STATUS_H

#include "cli/cli.h"

/* Events with respondents (status_marks.c): checks their options, and records them. */
cli_exit status_check_marks(const cli_options *options);
/* The form must be open; sets the names of the store and the round. */
cli_exit status_put_marks(const cli_options *options, cli_opened *opened);

/* Interviews of the round that are not finished. */
typedef struct status_drafts {
	const cnv_draft *list;
	uint32_t count;
} status_drafts;

/* Texts are allocated in the arena of the standings. */
void status_print_text(cnv_standings *standings, status_drafts drafts);
void status_print_json(const cnv_standings *standings, status_drafts drafts);

#endif
