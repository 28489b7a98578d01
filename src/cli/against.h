/* Stored answers judged by another version of their form. */
#ifndef CANVASS_CLI_AGAINST_H
#define CANVASS_CLI_AGAINST_H

#include "cli.h"

/* An answer that stood and would no longer. */
typedef struct cli_fallen {
	cnv_str respondent, path, value, why;
} cli_fallen;

/* What people would have to come back for. */
typedef struct cli_anew {
	cnv_question_id question;      /* of the second form */
	uint64_t asked;                /* was not asked, or is new */
	uint64_t required;             /* of those: must be answered */
	uint64_t now_required;         /* was asked and left blank, and must be answered now */
} cli_anew;

typedef struct cli_against {
	const cli_options *options;
	cnv_form_file *before, *after;
	const cnv_matching *matching;
	/* who hears of it: each borrowed for the call */
	void *self;
	void (*tell_fallen)(void *self, const cli_fallen *fallen);
	/* when done */
	cnv_str round;
	uint64_t responses, fallen;
	cli_anew *anew; /* of each question of the second form */
	/* while running */
	cnv_batch *old, *new;
	cnv_reported *reported;
	cnv_arena scratch, texts;
} cli_against;

/* `begin` is called once the round is known, before the first answer is told.  Prints what prevents it. */
cli_exit cli_against_run(cli_against *against, void (*begin)(void *self, const cli_against *against));
void cli_against_fini(cli_against *against);

#endif
