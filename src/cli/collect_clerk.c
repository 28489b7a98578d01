/* Many paper returns in a row: a clerk names a respondent of the roster, keys the return, and goes on with the next. */
#include <inttypes.h>

#include "cli/collect.h"

enum { MOST_LISTED = 30 };

typedef struct clerk {
	cli_opened *opened;
	cli_options options; /* with the time at which each return is begun */
	const cnv_roster *roster;
	uint32_t keyed;
	bool begun; /* the first return is behind: the clerk knows the questions */
	cnv_text line;
	cnv_arena temp;
} clerk;

static bool begins(clerk *c, cnv_str text, cnv_str word)
{
	return cnv_str_starts(cnv_text_fold(&c->temp, text), cnv_text_fold(&c->temp, word));
}

/* Is this respondent meant by the beginning of a name or code? */
static bool is_meant(clerk *c, uint32_t i, cnv_str typed)
{
	const cnv_respondent *one = &c->roster->respondents[i];

	return begins(c, one->name, typed) || begins(c, one->sort_name, typed) || begins(c, one->code, typed);
}

/* The respondents that are meant; empty: all. */
static void list(clerk *c, cnv_str typed)
{
	uint32_t listed = 0, more = 0;

	for (uint32_t i = 0; i < c->roster->count; i++) {
		const cnv_respondent *one = &c->roster->respondents[i];

		if (typed.len && !is_meant(c, i, typed))
			continue;
		if (listed == MOST_LISTED) {
			more++;
			continue;
		}
		printf("  %5" PRIu32 "  ", i + 1);
		cli_put(stdout, one->code, false);
		fputs("  ", stdout);
		cli_put(stdout, one->name, false);
		putchar('\n');
		listed++;
	}
	if (more)
		printf("         ... %" PRIu32 " more; type the start of a name\n", more);
}

/* An exact code first, then a number in the roster, then the start of a name or code that only one has; CNV_NONE. */
static uint32_t find(clerk *c, cnv_str typed)
{
	uint32_t found = cnv_map_find(&c->roster->by_code, typed), count = 0;
	int64_t number;

	if (found != CNV_NONE)
		return found;
	if (cnv_integer_read(typed, &number) && number > 0 && number <= c->roster->count)
		return (uint32_t)number - 1;
	found = cnv_map_find(&c->roster->by_name, cnv_text_fold(&c->temp, typed));
	if (found < c->roster->count)
		return found;
	for (uint32_t i = 0; i < c->roster->count; i++)
		if (is_meant(c, i, typed)) {
			found = i;
			count++;
		}
	if (count == 1)
		return found;
	if (count)
		list(c, typed);
	else
		puts("  ! no respondent of the roster has this code, number or name; ? lists them");
	return CNV_NONE;
}

/* Asks for the next respondent; false: the clerk leaves. */
static bool ask_next(clerk *c, uint32_t *respondent)
{
	for (*respondent = CNV_NONE; *respondent == CNV_NONE;) {
		const char *prompt;
		cnv_str typed;

		cnv_arena_reset(&c->temp);
		prompt = cnv_arena_format(&c->temp, "next respondent (%" PRIu32 " keyed)> %c", c->keyed, 0).at;
		if (!prompt || !cli_ask(prompt, &c->line))
			return false;
		typed = cnv_str_trim(cnv_text_str(&c->line));
		if (cnv_str_equal(typed, CNV_STR(":q")))
			return false;
		if (cnv_str_equal(typed, CNV_STR("?")))
			list(c, (cnv_str){ 0 });
		else if (typed.len)
			*respondent = find(c, typed);
	}
	return true;
}

/* Keys one return; false: the input has ended, or the store failed. */
static bool key_one(clerk *c, uint32_t respondent, cli_exit *worst)
{
	const cnv_respondent *one = &c->roster->respondents[respondent];
	bool ended = false;
	cli_exit code = cli_now(&c->options);

	if (code) {
		*worst = cli_worse(*worst, code);
		return false;
	}
	if (c->opened->store)
		cnv_store_by(c->opened->store, cli_by(&c->options), c->options.now);
	putchar('\n');
	cli_put(stdout, one->code, false);
	fputs("  ", stdout);
	cli_put(stdout, one->name, false);
	putchar('\n');
	code = collect_one(c->opened, &c->options, one->code, c->begun, &ended);
	c->begun = true;
	c->keyed += code == CLI_DONE || code == CLI_ERRORS;
	putchar('\n');
	/* A return that is left unfinished is a draft, and no failure. */
	if (code != CLI_STOPPED)
		*worst = cli_worse(*worst, code);
	return !ended && code != CLI_ACCESS;
}

cli_exit collect_clerk(cli_opened *opened, const cli_options *options)
{
	clerk c = { .opened = opened, .options = *options, .roster = cli_roster(opened) };
	cli_exit worst = CLI_DONE;
	uint32_t respondent;

	if (!c.roster)
		return cli_usage(options, "--clerk needs a roster; name it with --roster");
	puts("Type the code, number or name of each respondent; ? lists them, :q leaves.");
	while (ask_next(&c, &respondent) && key_one(&c, respondent, &worst))
		;
	printf("\n%" PRIu32 " %s keyed\n", c.keyed, cnv_noun(c.keyed, "return", "returns"));
	fflush(stdout);
	cli_print_next("status", "", &opened->form, options);
	cnv_text_fini(&c.line);
	cnv_arena_fini(&c.temp);
	return worst;
}
