/* Letters of open questions, one for each respondent. */
#ifndef CANVASS_CLI_LETTERS_H
#define CANVASS_CLI_LETTERS_H

#include "cli.h"

typedef struct cli_letters {
	const cnv_form_file *form;
	const cnv_roster *roster; /* NULL: contacts and languages are not known */
	cnv_store *store;
	cnv_str round, folder;
	cnv_str respondent;   /* only this one's; empty: all */
	bool force;           /* letters that exist are replaced */
	bool fixed_language;  /* in the form's language whatever the respondent's */
	cnv_diags *diags;
	uint64_t written;     /* letters */
} cli_letters;

/* Writes FOLDER/CODE.md and FOLDER/CODE.txt for each respondent with open queries, or none where one of them cannot be
 * written; names each on standard output. */
cli_exit cli_letters_write(cli_letters *letters);

#endif
