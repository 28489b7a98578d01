/* What the files of status share. */
#ifndef CANVASS_CLI_STATUS_H
#define CANVASS_CLI_STATUS_H

#include "cli.h"

/* What passed with respondents, as the options have it (status_marks.c): are they used rightly, and writing it down. */
cli_exit status_check_marks(const cli_options *options);
/* The form is open; names the store and the round. */
cli_exit status_put_marks(const cli_options *options, cli_opened *opened);

/* The standings live until the command ends; days are written into their arena. */
void status_print_text(cnv_standings *standings);
void status_print_json(const cnv_standings *standings);

#endif
