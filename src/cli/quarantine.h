/* The output of quarantine. */
#ifndef CANVASS_CLI_QUARANTINE_H
#define CANVASS_CLI_QUARANTINE_H

#include "cli/cli.h"

typedef struct quarantine_list {
	const cli_options *options;
	const cnv_form_file *form;
	const cnv_roster *roster; /* NULL */
	cli_json *json;           /* NULL: as text */
	cnv_arena scratch;
	uint64_t files, records, settled; /* files and records that wait */
	int64_t first;                    /* the first that waits, or the one that is shown; 0: none */
	bool dismissed;
	cnv_guess guess;
	cnv_remedy remedy;
} quarantine_list;

void quarantine_print_text(const quarantine_list *list, const cnv_item *item, const cnv_guess *guess);
void quarantine_print_json(const quarantine_list *list, const cnv_item *item, const cnv_guess *guess);

#endif
