/* The output of history. */
#ifndef CANVASS_CLI_HISTORY_H
#define CANVASS_CLI_HISTORY_H

#include "cli/cli.h"

#include "canvass/history.h"

typedef struct history_list {
	const cnv_form_file *form;
	cnv_str respondent; /* only this one's; empty: all */
	cli_json *json;     /* NULL: as text */
	uint64_t events;    /* so far */
} history_list;

void history_text_event(const history_list *list, const cnv_event *event);
void history_json_event(const history_list *list, const cnv_event *event);
void history_text_revision(const history_list *list, const cnv_history_revision *revision);
void history_json_revision(const history_list *list, const cnv_history_revision *revision);
/* The answers to one question. */
void history_text_past(const history_list *list, const cnv_past *past);
void history_json_past(const history_list *list, const cnv_past *past);
/* "counts", "replaced" or "withdrawn" */
const char *history_state(const cnv_revision *revision);
/* ", by NAME"; nothing without a name. */
void history_put_by(cnv_str who);
/* "2026-12-01 10:00", in the zone in which it happened. */
void history_put_minute(cnv_instant at);

#endif
