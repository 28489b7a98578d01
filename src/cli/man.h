/* Manual pages in mdoc(7): canvass(1), a page for each command, canvass-form(5) and canvass-store(5). */
#ifndef CANVASS_CLI_MAN_H
#define CANVASS_CLI_MAN_H

#include "cli/cli.h"

/* A page that is not about a command: `canvass NAME --man`. */
typedef struct cli_page {
	const char *name;
	void (*print)(FILE *out);
} cli_page;

const cli_page *cli_page_find(const char *name);     /* NULL: none */
void cli_man(FILE *out, const cli_command *command); /* NULL: canvass(1) */

void man_form(FILE *out);  /* man_form.c */
void man_store(FILE *out); /* man_store.c */

#endif
