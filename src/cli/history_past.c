/* history of one question: its answers, revision by revision, as text and as JSON. */
#include <inttypes.h>

#include "cli/history.h"

/* How a revision came: typed in by hand, or from a file. */
static void put_origin(const cnv_revision *revision)
{
	fputs("  ", stdout);
	cli_put(stdout, revision->how.len ? revision->how : CNV_STR("imported"), false);
	if (!cnv_str_equal(revision->how, cnv_str_from(cnv_event_word(CNV_EVENT_ENTERED)))) {
		fputs(" from ", stdout);
		cli_put(stdout, revision->file, false);
	}
	fputs(", ", stdout);
	history_put_minute(revision->received);
	history_put_by(revision->who);
	if (revision->reason.len) {
		fputs(": ", stdout);
		cli_put(stdout, revision->reason, false);
	}
	putchar('\n');
}

static void put_answer(const cnv_past_answer *answer)
{
	cnv_standing standing = cnv_verdict_standing(answer->verdict);

	fputs("  ", stdout);
	cli_put(stdout, answer->path, false);
	fputs(": ", stdout);
	if (answer->value.len)
		cli_put(stdout, answer->value, false);
	else
		fputs("(blank)", stdout);
	if (answer->line)
		printf(" (line %" PRIu32 ")", answer->line);
	if (standing == CNV_STANDING_NOT_USABLE || standing == CNV_STANDING_NOT_ASKED || answer->verdict == CNV_MISSING)
		printf(", %s", cnv_verdict_words(answer->verdict));
	putchar('\n');
}

void history_text_past(const history_list *list, const cnv_past *past)
{
	uint32_t next = 0;

	(void)list;
	for (uint32_t i = 0; i < past->revision_count; i++) {
		const cnv_revision *revision = &past->revisions[i];

		printf("%srevision %" PRIu32 ", %s\n", i ? "\n" : "", revision->number, history_state(revision));
		put_origin(revision);
		if (next == past->count || past->answers[next].revision != i)
			puts("  (no such entry)");
		while (next < past->count && past->answers[next].revision == i)
			put_answer(&past->answers[next++]);
	}
	if (!past->revision_count)
		puts("no revisions");
}

void history_json_past(const history_list *list, const cnv_past *past)
{
	cli_json *json = list->json;

	cli_json_open(json, "answers", '[');
	for (uint32_t i = 0; i < past->count; i++) {
		const cnv_past_answer *answer = &past->answers[i];
		const cnv_revision *revision = &past->revisions[answer->revision];
		char received[CNV_INSTANT_ROOM];

		cnv_instant_write(revision->received, received);
		cli_json_open(json, NULL, '{');
		cli_json_number(json, "revision", revision->number);
		cli_json_text(json, "state", cnv_str_from(history_state(revision)));
		cli_json_text(json, "question", answer->path);
		cli_json_text(json, "value", answer->value);
		cli_json_text(json, "verdict", cnv_str_from(cnv_verdict_words(answer->verdict)));
		cli_json_text(json, "how", revision->how.len ? revision->how : CNV_STR("imported"));
		cli_json_text(json, "file", revision->file);
		cli_json_number(json, "row", answer->line);
		cli_json_text(json, "received", cnv_str_from(received));
		if (revision->who.len)
			cli_json_text(json, "who", revision->who);
		if (revision->reason.len)
			cli_json_text(json, "reason", revision->reason);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}
