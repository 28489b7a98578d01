/* status: the roster against the round. */
#include <inttypes.h>
#include <string.h>

#include "circulation.h"

/* One response's completeness. */
typedef struct progress {
	uint32_t asked, answered, open; /* open: no answer, or not usable */
} progress;

/* Counts the questions a person is asked, of the response itself and of its entries. */
static void add_cell(progress *p, cnv_verdict verdict)
{
	switch (cnv_verdict_standing(verdict)) {
	case CNV_STANDING_ANSWERED:
	case CNV_STANDING_NOT_APPLICABLE:
	case CNV_STANDING_DO_NOT_KNOW:
	case CNV_STANDING_WITHHELD:
		p->asked++;
		p->answered++;
		break;
	case CNV_STANDING_NOT_USABLE:
		p->asked++;
		p->open++;
		break;
	case CNV_STANDING_NO_ANSWER:
		p->asked++;
		if (verdict == CNV_MISSING)
			p->open++;
		break;
	case CNV_STANDING_NOT_ASKED:
	case CNV_STANDING_NO_REPLY:
	case CNV_STANDINGS:
		break;
	}
}

static void measure(const cli_round_data *d, progress *each)
{
	const cnv_form *form = d->form.form;

	for (uint32_t t = 0; t < d->batch->table_count; t++) {
		const cnv_table *table = &d->batch->tables[t];
		for (uint32_t c = 0; c < table->count; c++) {
			const cnv_column *column = &table->columns[c];
			if (form->questions[column->question].role != CNV_ASKED)
				continue;
			for (uint32_t row = 0; row < table->rows; row++)
				add_cell(&each[cnv_batch_owner(d->batch, t, row, 0)], column->verdicts[row]);
		}
	}
}

/* Columns of the terminal: a longer name is cut, codes are never. */
enum { LEAST_CODE = 4, LEAST_NAME = 4, MOST_NAME = 40 };

static void put_padded(cnv_str text, size_t width)
{
	size_t taken = cnv_text_width(text);

	cli_put(stdout, text, false);
	printf("%*s ", taken < width ? (int)(width - taken) : 0, "");
}

static void put_cut(cnv_str text, size_t width)
{
	const char *at = text.at, *end = text.at + text.len;
	size_t taken = 0;

	if (cnv_text_width(text) <= width) {
		put_padded(text, width);
		return;
	}
	for (const char *next = at; next < end; at = next) {
		cnv_utf8_next(&next, end);
		size_t wide = cnv_text_width((cnv_str){ at, (size_t)(next - at) });
		if (taken + wide >= width)
			break;
		taken += wide;
	}
	cli_put(stdout, (cnv_str){ text.at, (size_t)(at - text.at) }, false);
	put_padded(CNV_STR("…"), width - taken);
}

static void widen(size_t *width, cnv_str text)
{
	size_t wanted = cnv_text_width(text);

	if (wanted > *width)
		*width = wanted;
}

typedef struct listing {
	cli_round_data *d;
	const progress *each;
	const cli_circulation *circulation;
	const uint32_t *received; /* row of each respondent of the roster, CNV_NONE */
	cli_json *json;           /* NULL: text */
	size_t code_width, name_width; /* 0: no names */
} listing;

static void json_standing(cli_json *json, const cli_circulation *circulation, const cli_standing *standing)
{
	char day[CNV_DAY_ROOM];

	cli_json_text(json, "state", cnv_str_from(cli_state_words(standing->state)));
	if (standing->has_due) {
		cnv_day_write(standing->due, day);
		cli_json_text(json, "due", cnv_str_from(day));
		cli_json_boolean(json, "late", standing->late || (cli_is_silent(standing->state) &&
		                                                  standing->due < circulation->today));
	}
	if (standing->reason.len)
		cli_json_text(json, "reason", standing->reason);
	if (standing->reminded)
		cli_json_number(json, "reminded", standing->reminded);
}

static void json_row(const listing *l, cnv_str code, cnv_str name, const cli_standing *standing, const cnv_reported *r,
                     const progress *p)
{
	cli_json *json = l->json;
	char day[CNV_INSTANT_ROOM];

	cli_json_open(json, NULL, '{');
	cli_json_text(json, "code", code);
	if (name.len)
		cli_json_text(json, "name", name);
	cli_json_boolean(json, "returned", r != NULL);
	if (standing)
		json_standing(json, l->circulation, standing);
	if (r) {
		cnv_instant_write(r->received, day);
		cli_json_text(json, "received", cnv_str_from(day));
		cli_json_number(json, "revision", r->revision);
		cli_json_number(json, "asked", p->asked);
		cli_json_number(json, "answered", p->answered);
		cli_json_number(json, "to_mend", p->open);
		cli_json_number(json, "errors", r->errors);
		cli_json_number(json, "warnings", r->warnings);
	}
	cli_json_close(json, '}');
}

/* "sent, due 2026-12-31, in 3 days" */
static void put_silence(const listing *l, const cli_standing *standing)
{
	char day[CNV_DAY_ROOM];

	fputs(cli_state_words(standing ? standing->state : CLI_STATE_SILENT), stdout);
	if (standing && standing->has_due && standing->state != CLI_STATE_DECLINED) {
		cnv_day_write(standing->due, day);
		printf(", due %s, %.*s", day,
		       CNV_ARG(cli_days_words(standing->due - l->circulation->today, &l->d->arena)));
	}
	if (standing && standing->reason.len) {
		fputs(" (", stdout);
		cli_put(stdout, standing->reason, false);
		putchar(')');
	}
	if (standing && standing->reminded)
		printf(", reminded %" PRIu32 " %s", standing->reminded, cnv_noun(standing->reminded, "time", "times"));
	putchar('\n');
}

static void text_row(const listing *l, cnv_str code, cnv_str name, const cli_standing *standing, const cnv_reported *r,
                     const progress *p)
{
	char day[CNV_DAY_ROOM];

	put_padded(code, l->code_width);
	if (l->name_width)
		put_cut(name, l->name_width);
	if (!r) {
		put_silence(l, standing);
		return;
	}
	cnv_day_write(cnv_instant_day(r->received), day);
	printf("%s  %8" PRIu32 "  %4" PRIu32 " of %-4" PRIu32 " %6" PRIu32 " %9" PRIu32 "%s\n", day, r->revision, p->answered,
	       p->asked, r->errors, r->warnings, standing && standing->late ? "  late" : "");
}

static void measure_columns(listing *l)
{
	const cli_round_data *d = l->d;

	l->code_width = LEAST_CODE;
	l->name_width = d->roster.there ? LEAST_NAME : 0;
	for (uint32_t i = 0; i < d->roster.roster.count; i++) {
		widen(&l->code_width, d->roster.roster.respondents[i].code);
		widen(&l->name_width, d->roster.roster.respondents[i].name);
	}
	for (uint64_t i = 0; i < d->responses; i++)
		widen(&l->code_width, d->reported[i].respondent);
	if (l->name_width > MOST_NAME)
		l->name_width = MOST_NAME;
}

/* listed: number in the roster, CNV_NONE. */
static void list_row(const listing *l, cnv_str code, uint32_t listed, uint32_t row)
{
	const cnv_reported *r = row == CNV_NONE ? NULL : &l->d->reported[row];
	const progress *p = row == CNV_NONE ? NULL : &l->each[row];
	const cli_standing *standing = listed == CNV_NONE ? NULL : &l->circulation->standings[listed];
	cnv_str name = listed == CNV_NONE ? (cnv_str){ 0 } : l->d->roster.roster.respondents[listed].name;

	if (l->json)
		json_row(l, code, name, standing, r, p);
	else
		text_row(l, code, name, standing, r, p);
}

/* The roster in its order, then whoever answered without being in it; gives how many of the roster replied. */
static uint32_t list_rows(const listing *l)
{
	const cnv_roster *roster = l->d->roster.there ? &l->d->roster.roster : NULL;
	uint32_t replied = 0;

	for (uint32_t i = 0; roster && i < roster->count; i++) {
		list_row(l, roster->respondents[i].code, i, l->received[i]);
		replied += l->received[i] != CNV_NONE;
	}
	for (uint32_t row = 0; row < l->d->responses; row++)
		if (!roster || cnv_map_find(&roster->by_code, l->d->reported[row].respondent) == CNV_NONE)
			list_row(l, l->d->reported[row].respondent, CNV_NONE, row);
	return replied;
}

/* ---------------------------------------------------------------- response rates */

typedef struct rate {
	cnv_str group;
	uint32_t members, replied;
} rate;

/* The groups of one grouping in the order in which the roster first names them; returns how many. */
static uint32_t count_rates(const listing *l, uint32_t grouping, rate *rates)
{
	const cnv_roster *roster = &l->d->roster.roster;
	cnv_map map = { 0 };
	uint32_t count = 0;

	for (uint32_t i = 0; i < roster->count; i++) {
		cnv_str group = roster->respondents[i].groups[grouping];
		uint32_t at;
		if (!group.len)
			group = CNV_STR("(no group)");
		at = cnv_map_put(&map, group, count);
		if (at == count)
			rates[count++] = (rate){ .group = group };
		rates[at].members++;
		rates[at].replied += l->received[i] != CNV_NONE;
	}
	cnv_map_fini(&map);
	return count;
}

static uint32_t percent(const rate *r) { return (r->replied * 200 + r->members) / (2 * r->members); }

static void tell_rates(const listing *l)
{
	const cnv_roster *roster = &l->d->roster.roster;
	rate *rates = cnv_arena_array(&l->d->arena, (size_t)roster->count + 1, sizeof *rates);

	if (l->json)
		cli_json_open(l->json, "groups", '[');
	for (uint32_t g = 0; rates && g < roster->grouping_count; g++) {
		uint32_t count;
		size_t width = 0;
		memset(rates, 0, roster->count * sizeof *rates);
		count = count_rates(l, g, rates);
		for (uint32_t i = 0; i < count; i++)
			widen(&width, rates[i].group);
		if (!l->json) {
			printf("\nanswered by ");
			cli_put(stdout, roster->groupings[g], false);
			putchar('\n');
		}
		for (uint32_t i = 0; i < count; i++) {
			if (l->json) {
				cli_json_open(l->json, NULL, '{');
				cli_json_text(l->json, "grouping", roster->groupings[g]);
				cli_json_text(l->json, "group", rates[i].group);
				cli_json_number(l->json, "members", rates[i].members);
				cli_json_number(l->json, "replied", rates[i].replied);
				cli_json_close(l->json, '}');
				continue;
			}
			printf("  ");
			put_padded(rates[i].group, width);
			printf("%3" PRIu32 " of %-3" PRIu32 " %3" PRIu32 "%%\n", rates[i].replied, rates[i].members,
			       percent(&rates[i]));
		}
	}
	if (l->json)
		cli_json_close(l->json, ']');
}

static void print_totals(const listing *l, uint32_t replied)
{
	const cli_round_data *d = l->d;
	uint32_t declined = 0, overdue = 0, silent = 0;

	if (!d->roster.there) {
		printf("\n%" PRIu64 " %s; without a roster nobody is known to be silent\n", d->responses,
		       cnv_noun(d->responses, "response", "responses"));
		return;
	}
	for (uint32_t i = 0; i < l->circulation->count; i++) {
		const cli_standing *standing = &l->circulation->standings[i];
		declined += standing->state == CLI_STATE_DECLINED;
		silent += cli_is_silent(standing->state);
		overdue += cli_is_silent(standing->state) && standing->has_due && standing->due < l->circulation->today;
	}
	printf("\n%" PRIu32 " of %" PRIu32 " answered", replied, d->roster.roster.count);
	if (declined)
		printf(", %" PRIu32 " declined", declined);
	printf(", %" PRIu32 " did not reply", silent);
	if (overdue)
		printf(" (%" PRIu32 " overdue)", overdue);
	putchar('\n');
}

/* A reminder is proposed so many days before answers are due. */
enum { REMIND_DAYS = 14 };

/* What a person would do now: talk, not data. */
static void say_next_steps(const listing *l, const cli_options *options)
{
	uint32_t silent = 0;

	for (uint32_t i = 0; i < l->circulation->count; i++) {
		const cli_standing *standing = &l->circulation->standings[i];
		bool soon = !standing->has_due || standing->due <= l->circulation->today + REMIND_DAYS;
		silent += cli_is_silent(standing->state) && soon;
	}
	fflush(stdout);
	if (silent && l->circulation->sent && !options->remind.len) {
		cli_say_next("status", &l->d->form, options);
		fprintf(stderr, "        with --remind DIR, to remind %" PRIu32 " who %s silent\n", silent,
		        cnv_noun(silent, "is", "are"));
	}
	if (l->d->responses)
		cli_say_next(l->d->errors + l->d->warnings ? "findings" : "report", &l->d->form, options);
}

static void json_begin(const cli_round_data *d, cli_json *json)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "schema", CNV_STR("canvass.status/1"));
	cli_json_text(json, "form", d->form.form->id);
	cli_json_text(json, "round", d->round);
	cli_json_number(json, "responses", d->responses);
}

/* More than are named: nobody reads a list of them. */
static void tell_many(const cli_round_data *d, cli_json *json)
{
	if (json) {
		json_begin(d, json);
		cli_json_close(json, '}');
		return;
	}
	printf("%" PRIu64 " responses in round ", d->responses);
	cli_put(stdout, d->round, false);
	printf(": too many to list\n");
}

static void tell_json(const listing *l)
{
	char day[CNV_DAY_ROOM];
	uint32_t replied;

	json_begin(l->d, l->json);
	if (l->circulation->has_due) {
		cnv_day_write(l->circulation->due, day);
		cli_json_text(l->json, "due", cnv_str_from(day));
	}
	cli_json_open(l->json, "respondents", '[');
	replied = list_rows(l);
	cli_json_close(l->json, ']');
	tell_rates(l);
	cli_json_number(l->json, "replied", replied);
	cli_json_number(l->json, "roster", l->d->roster.there ? l->d->roster.roster.count : 0);
	cli_json_close(l->json, '}');
}

static void tell_text(const listing *l)
{
	const cli_round_data *d = l->d;
	char day[CNV_DAY_ROOM];

	cli_put(stdout, d->form.form->title.len ? d->form.form->title : d->form.form->id, false);
	printf(", round ");
	cli_put(stdout, d->round, false);
	if (l->circulation->has_due) {
		cnv_day_write(l->circulation->due, day);
		printf(", due %s (%.*s)", day,
		       CNV_ARG(cli_days_words(l->circulation->due - l->circulation->today, &l->d->arena)));
	}
	printf("\n\n");
	put_padded(CNV_STR("code"), l->code_width);
	if (l->name_width)
		put_padded(CNV_STR("name"), l->name_width);
	printf("received    revision  answered     errors  warnings\n");
	print_totals(l, list_rows(l));
	tell_rates(l);
}

/* Which response is whose. */
static bool pair_rows(cli_round_data *d, uint32_t **received)
{
	const cnv_roster *roster = &d->roster.roster;
	uint32_t count = d->roster.there ? roster->count : 0;

	*received = cnv_arena_array(&d->arena, (size_t)count + 1, sizeof **received);
	if (!*received)
		return false;
	for (uint32_t i = 0; i < count; i++)
		(*received)[i] = CNV_NONE;
	for (uint32_t i = 0; count && i < d->responses; i++) {
		uint32_t at = cnv_map_find(&roster->by_code, d->reported[i].respondent);
		if (at != CNV_NONE)
			(*received)[at] = i;
	}
	return true;
}

/* The round of few enough responses to be listed. */
static cli_exit tell_round(cli_round_data *d, const cli_options *options, cli_reminded *reminded)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_json json = { .out = stdout };
	cli_circulation circulation;
	listing l = { .d = d, .circulation = &circulation, .json = options->json ? &json : NULL };
	progress *each = cnv_arena_array(&d->arena, (size_t)d->responses + 1, sizeof *each);
	uint32_t *received;
	cnv_status status = CNV_NO_MEMORY;

	if (each && pair_rows(d, &received))
		status = cli_circulation_read(&circulation, d, received, options, &diags);
	if (status == CNV_NO_MEMORY)
		fputs("canvass: out of memory\n", stderr);
	if (status)
		return cli_exit_for(status);
	measure(d, each);
	l.each = each;
	l.received = received;
	measure_columns(&l);
	if (options->json)
		tell_json(&l);
	else
		tell_text(&l);
	if (!options->json)
		say_next_steps(&l, options);
	if (!d->responses)
		cli_say_empty(d->round);
	return options->remind.len ? cli_remind(&circulation, d, options, reminded) : CLI_DONE;
}

cli_exit cmd_status(const cli_options *options)
{
	cli_round_data d;
	cli_json json = { .out = stdout };
	cli_reminded reminded = { 0 };
	bool changed;
	cli_exit code;

	if ((options->mail || options->packs.len) && !options->remind.len)
		return cli_usage(options, "--eml and --packs go with --remind DIR");
	if (options->force && !options->remind.len)
		return cli_usage(options, "--force goes with --remind DIR");
	code = cli_circulation_mark(options, &changed);
	if (code)
		return code;
	code = cli_round_open(&d, options);
	if (!code && !d.batch && options->remind.len)
		code = cli_usage(options, "--remind: in a round of more than %u responses nobody is reminded by name",
		                 CNV_REPORT_NAMED);
	else if (!code && !d.batch)
		tell_many(&d, options->json ? &json : NULL);
	else if (!code)
		code = tell_round(&d, options, &reminded);
	cli_round_close(&d);
	if (!code)
		code = cli_circulation_remember(options, CNV_NOTICE_REMINDED, reminded.codes, reminded.count, NULL);
	cnv_arena_fini(&reminded.arena);
	return code;
}
