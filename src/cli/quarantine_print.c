/* quarantine: one item, as text and as a JSON object. */
#include <inttypes.h>

#include "cli/quarantine.h"

static void print_line(const char *lead, cnv_str text)
{
	if (!text.len)
		return;
	printf("     %s", lead);
	cli_put(stdout, text, false);
	putchar('\n');
}

static void print_place(const cnv_item *item)
{
	cnv_place place = { .source = item->file, .sheet = item->sheet, .row = item->line, .tab = item->sheet.len > 0 };
	cnv_text text = { 0 };
	char code[8], day[CNV_DAY_ROOM];

	cnv_code_name(item->code, code);
	cnv_place_write(&text, &place);
	printf("%4lld  ", (long long)item->id);
	cli_put(stdout, cnv_text_str(&text), false);
	printf("  error[%s]", code);
	if (item->from) {
		cnv_day_write(cnv_instant_day(item->received), day);
		printf(", received %s", day);
	}
	if (item->state != CNV_ITEM_WAITS)
		printf(", %s", cnv_item_state_word(item->state));
	putchar('\n');
	cnv_text_fini(&text);
}

static void print_guess(const quarantine_list *list, const cnv_guess *guess)
{
	const cnv_respondent *one;

	if (guess->respondent == CNV_NONE)
		return;
	one = &list->roster->respondents[guess->respondent];
	fputs("     perhaps from ", stdout);
	cli_put(stdout, one->code, false);
	putchar(' ');
	cli_put(stdout, one->name, false);
	printf(", by %s\n", guess->by);
}

static void print_details(const cnv_item *item)
{
	char hex[64];

	print_line("names itself: ", item->claimed);
	print_line("record: ", item->record);
	if (!item->from)
		return;
	printf("     %" PRIu64 " %s, SHA-256 %.*s\n", item->size, cnv_noun(item->size, "byte", "bytes"),
	       CNV_ARG(cnv_hex_write(item->sha256, 32, hex)));
}

void quarantine_print_text(const quarantine_list *list, const cnv_item *item, const cnv_guess *guess)
{
	print_place(item);
	print_line("", item->message);
	print_line("hint: ", item->hint);
	print_guess(list, guess);
	if (list->options->show.len)
		print_details(item);
}

void quarantine_print_json(const quarantine_list *list, const cnv_item *item, const cnv_guess *guess)
{
	cli_json *json = list->json;
	char code[8], received[CNV_INSTANT_ROOM], hex[64];

	cnv_code_name(item->code, code);
	cli_json_open(json, NULL, '{');
	cli_json_number(json, "id", (uint64_t)item->id);
	cli_json_text(json, "state", cnv_str_from(cnv_item_state_word(item->state)));
	cli_json_text(json, "kind", item->whole ? CNV_STR("file") : CNV_STR("record"));
	cli_json_text(json, "file", item->file);
	cli_json_number(json, "row", item->line);
	cli_json_text(json, "code", cnv_str_from(code));
	cli_json_text(json, "message", item->message);
	if (item->hint.len)
		cli_json_text(json, "hint", item->hint);
	if (item->claimed.len)
		cli_json_text(json, "claimed", item->claimed);
	if (guess->respondent != CNV_NONE) {
		cli_json_text(json, "respondent", list->roster->respondents[guess->respondent].code);
		cli_json_text(json, "guessed_by", cnv_str_from(guess->by));
	}
	if (item->record.len)
		cli_json_text(json, "record", item->record);
	if (item->from) {
		cnv_instant_write(item->received, received);
		cli_json_text(json, "received", cnv_str_from(received));
		cli_json_number(json, "size", item->size);
		cli_json_text(json, "sha256", cnv_hex_write(item->sha256, 32, hex));
	}
	cli_json_close(json, '}');
}
