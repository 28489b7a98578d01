/* Where each respondent stands in a round: what status shows, and whom it reminds. */
#ifndef CANVASS_CLI_CIRCULATION_H
#define CANVASS_CLI_CIRCULATION_H

#include "round.h"

typedef enum cli_state {
	CLI_STATE_SILENT, /* nothing is known to have gone out */
	CLI_STATE_SENT,
	CLI_STATE_ACKNOWLEDGED,
	CLI_STATE_EXTENDED,
	CLI_STATE_DECLINED,
	CLI_STATE_RECEIVED
} cli_state;
const char *cli_state_words(cli_state state);

typedef struct cli_standing {
	cli_state state;
	bool has_due;
	int32_t due;     /* the round's, or a later one given */
	cnv_str reason;  /* of the extension or refusal */
	uint32_t reminded; /* times */
	bool late;       /* received after it was due */
} cli_standing;

typedef struct cli_circulation {
	cli_standing *standings; /* of each respondent of the roster */
	uint32_t count;
	bool sent;     /* something is known to have gone out */
	bool has_due;
	int32_t due, today;
} cli_circulation; /* lives in the round's arena */

/* Writes down what the options say passed with a respondent, and says so.  *changed: there was something. */
cli_exit cli_circulation_mark(const cli_options *options, bool *changed);
/* received: row in the round's responses of each respondent, CNV_NONE. */
cnv_status cli_circulation_read(cli_circulation *out, cli_round_data *round, const uint32_t *received,
                                const cli_options *options, cnv_diags *diags);
/* Is an answer still to come? */
bool cli_is_silent(cli_state state);
/* "in 30 days", "today", "3 days ago" */
cnv_str cli_days_words(int32_t days, cnv_arena *arena);

/* Who was written a reminder. */
typedef struct cli_reminded {
	cnv_str *codes;
	uint32_t count;
	cnv_arena arena;
} cli_reminded;

/* Writes a reminder for each who is silent into options->remind, and says how many. */
cli_exit cli_remind(const cli_circulation *circulation, cli_round_data *round, const cli_options *options,
                    cli_reminded *reminded);
/* Writes down what happened to each of them, once the round is closed: the store is open to one at a time.  Of what was
 * sent the store also keeps the roster, if it is given, and the day it is due. */
cli_exit cli_circulation_remember(const cli_options *options, cnv_notice_kind kind, const cnv_str *codes, uint32_t count,
                                  const cnv_roster_file *roster);

#endif
