/* The output formats of one finding. */
#ifndef CANVASS_CLI_FINDINGS_H
#define CANVASS_CLI_FINDINGS_H

#include "cli/cli.h"

void findings_print_text(const cnv_form_file *form, const cnv_query *query);
void findings_print_json(cli_json *json, const cnv_form *form, const cnv_query *query);

#endif
