/* A round as stored: what status and report both begin with. */
#ifndef CANVASS_CLI_ROUND_H
#define CANVASS_CLI_ROUND_H

#include "cli.h"

typedef struct cli_round_data {
	cnv_form_file form;
	cnv_roster_file roster;
	cnv_store *store;
	cnv_str store_name, round;
	uint64_t responses;      /* that count: latest revisions */
	cnv_batch *batch;        /* all of them, when there are at most CNV_REPORT_NAMED; else NULL */
	cnv_reported *reported;  /* of the batch's rows, or of one window */
	uint64_t errors, warnings; /* found in them */
	cnv_tally *tally;
	cnv_arena arena;
} cli_round_data;

/* Opens the form, the store and the roster, counts the round, and reads it when it is small. */
cli_exit cli_round_open(cli_round_data *data, const cli_options *options);
/* CLI_ACCESS, said, where nothing has been imported yet. */
cli_exit cli_store_expect(cnv_str store_name, const cnv_form_file *form);
void cli_round_close(cli_round_data *data);

#endif
