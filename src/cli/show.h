/* show: what the files of the command share. */
#ifndef CANVASS_CLI_SHOW_H
#define CANVASS_CLI_SHOW_H

#include "cli/cli.h"

cli_exit cli_show_summary(const cnv_form_file *form, bool json);
cli_exit cli_show_expanded(cnv_str form); /* show_expand.c */

#endif
