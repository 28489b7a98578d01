/* An interview at the terminal: shared by the files of collect. */
#ifndef CANVASS_CLI_COLLECT_H
#define CANVASS_CLI_COLLECT_H

#include "cli/cli.h"

typedef struct collect_state {
	cnv_interview in;
	const cnv_roster *roster; /* NULL: none */
	cnv_text line;
	bool stopped; /* end of input */
	cnv_status status;
} collect_state;

/* Asks every question, until the end of the form or of the input. */
void collect_ask_all(collect_state *state);
/* Why the respondent is rejected; NULL: accepted.  given: a code, or empty. */
const char *collect_reject_respondent(const collect_state *state, cnv_str given);
void collect_put_bold(cnv_str text);

#endif
