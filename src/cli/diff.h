/* The output formats of diff: text, and one JSON object. */
#ifndef CANVASS_CLI_DIFF_H
#define CANVASS_CLI_DIFF_H

#include "cli/cli.h"

/* Called in this order; the calls from `against` to `end_against` only with --against. */
typedef struct diff_printer {
	void (*begin)(cli_json *json, cnv_str before, cnv_str after);
	void (*change)(cli_json *json, const cnv_change *change);
	void (*end_changes)(cli_json *json, uint64_t changes, bool failed);
	void (*against)(cli_json *json, const cnv_against *against, cnv_str store);
	void (*fallen)(cli_json *json, const cnv_fallen *fallen);
	void (*end_fallen)(cli_json *json);
	void (*anew)(cli_json *json, const cnv_form *form, const cnv_anew *anew);
	/* questions: how many would be asked again; failed: the list of answers is incomplete */
	void (*end_against)(cli_json *json, const cnv_against *against, uint64_t questions, bool failed);
	void (*end)(cli_json *json);
} diff_printer;

extern const diff_printer diff_text, diff_json; /* text ignores `json` */

#endif
