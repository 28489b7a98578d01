/* history: one event or revision, as text and as a JSON object. */
#include <inttypes.h>
#include <string.h>

#include "cli/history.h"

enum { MINUTE = 16, KIND = 12 }; /* bytes of "2026-12-01T10:00"; columns of the longest kind */

void history_put_minute(cnv_instant at)
{
	char text[CNV_INSTANT_ROOM];

	cnv_instant_write(at, text);
	text[MINUTE] = 0;
	if (text[10] == 'T')
		text[10] = ' ';
	fputs(text, stdout);
}

void history_put_by(cnv_str who)
{
	if (!who.len)
		return;
	fputs(", by ", stdout);
	cli_put(stdout, who, false);
}

void history_text_event(const history_list *list, const cnv_event *event)
{
	(void)list;
	printf("%4" PRIu32 "  ", event->number);
	history_put_minute(event->at);
	fputs("  ", stdout);
	cli_put(stdout, event->kind, false);
	printf("%*s", event->kind.len < KIND ? (int)(KIND - event->kind.len) : 1, "");
	cli_put(stdout, event->respondent, false);
	if (event->respondent.len && event->detail.len)
		fputs(": ", stdout);
	cli_put(stdout, event->detail, false);
	if (!cnv_str_ends(event->detail, event->who)) /* "entered by bob" has said it */
		history_put_by(event->who);
	putchar('\n');
	if (event->reason.len) {
		fputs("      ", stdout);
		cli_put(stdout, event->reason, false);
		putchar('\n');
	}
}

void history_json_event(const history_list *list, const cnv_event *event)
{
	cli_json *json = list->json;
	char at[CNV_INSTANT_ROOM], hex[64];

	cnv_instant_write(event->at, at);
	cli_json_open(json, NULL, '{');
	cli_json_number(json, "number", event->number);
	cli_json_text(json, "at", cnv_str_from(at));
	cli_json_text(json, "kind", event->kind);
	if (event->respondent.len)
		cli_json_text(json, "respondent", event->respondent);
	if (event->who.len)
		cli_json_text(json, "who", event->who);
	if (event->reason.len)
		cli_json_text(json, "reason", event->reason);
	if (event->detail.len)
		cli_json_text(json, "detail", event->detail);
	if (event->has_file)
		cli_json_text(json, "sha256", cnv_hex_write(event->sha256, 32, hex));
	cli_json_text(json, "digest", cnv_hex_write(event->digest, 32, hex));
	cli_json_close(json, '}');
}

/* ---------------------------------------------------------------- revisions */

const char *history_state(const cnv_revision *revision)
{
	return revision->counts ? "counts" : revision->withdrawn ? "withdrawn" : "replaced";
}

static void put_change(const history_list *list, const cnv_history_change *change)
{
	cli_put_change(list->form->form, &change->changed);
	if (change->line)
		printf(" (line %" PRIu32 ")", change->line);
	putchar('\n');
}

void history_text_revision(const history_list *list, const cnv_history_revision *one)
{
	const cnv_revision *revision = &one->revision;

	printf("\nrevision %" PRIu32 ", %s: ", revision->number, history_state(revision));
	cli_put(stdout, revision->file, false);
	if (revision->line > 1)
		printf(":%" PRIu32, revision->line);
	fputs(", received ", stdout);
	history_put_minute(revision->received);
	history_put_by(revision->who);
	if (revision->number > 1)
		printf("; %" PRIu32 " %s%s", one->count, cnv_noun(one->count, "answer changed", "answers changed"),
		       one->remarks ? ", remarks changed" : "");
	putchar('\n');
	for (uint32_t i = 0; i < one->count; i++)
		put_change(list, &one->changes[i]);
}

void history_json_revision(const history_list *list, const cnv_history_revision *one)
{
	cli_json *json = list->json;
	char received[CNV_INSTANT_ROOM];

	cnv_instant_write(one->revision.received, received);
	cli_json_open(json, NULL, '{');
	cli_json_number(json, "revision", one->revision.number);
	cli_json_text(json, "state", cnv_str_from(history_state(&one->revision)));
	cli_json_text(json, "file", one->revision.file);
	cli_json_number(json, "row", one->revision.line);
	cli_json_text(json, "received", cnv_str_from(received));
	if (one->revision.who.len)
		cli_json_text(json, "who", one->revision.who);
	cli_json_boolean(json, "remarks_changed", one->remarks);
	cli_json_open(json, "changed", '[');
	for (uint32_t i = 0; i < one->count; i++) {
		const cnv_history_change *change = &one->changes[i];
		cnv_str number = list->form->form->questions[change->changed.question].qno;

		cli_json_open(json, NULL, '{');
		if (number.len)
			cli_json_text(json, "no", number);
		cli_json_text(json, "question", change->changed.path);
		cli_json_text(json, "from", change->changed.from);
		cli_json_text(json, "to", change->changed.to);
		cli_json_number(json, "row", change->line);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
	cli_json_close(json, '}');
}
