/* verify of a workbook, and what it has in common with that of a store (verify_book.c). */
#ifndef CANVASS_CLI_VERIFY_H
#define CANVASS_CLI_VERIFY_H

#include "cli/cli.h"

/* Prints a difference; self: a cli_json with an open list, or NULL. */
void cli_on_difference(void *self, const cnv_diag *diag);
/* Verifies the workbook that is the operand. */
cli_exit cli_verify_book(const cli_options *options);

#endif
