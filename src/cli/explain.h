/* explain: the output about one answer. */
#ifndef CANVASS_CLI_EXPLAIN_H
#define CANVASS_CLI_EXPLAIN_H

#include "cli/cli.h"

#include "canvass/history.h"

void explain_text(const cli_opened *opened, cnv_str respondent, const cnv_named *named, const cnv_why *why);
void explain_json(const cli_opened *opened, cnv_str respondent, const cnv_named *named, const cnv_why *why);

#endif
