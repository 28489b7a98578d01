/* What the files of collect share: an interview held with a person at a terminal. */
#ifndef CANVASS_CLI_COLLECT_H
#define CANVASS_CLI_COLLECT_H

#include "cli.h"

typedef struct collect_talk {
	cnv_interview in;
	const cnv_roster *roster; /* NULL: there is none */
	cnv_text line;
	bool stopped; /* the person ended the input */
	cnv_status status;
} collect_talk;

/* Asks every question, until the form's end or the person's. */
void collect_ask_all(collect_talk *talk);
/* Why these are nobody's answers; NULL: they are somebody's.  given: a code, or empty. */
const char *collect_nobody(const collect_talk *talk, cnv_str given);
void collect_put_bold(cnv_str text);

#endif
