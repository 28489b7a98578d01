/* status: output as text, with a table of the roster, totals, and the response rate of each group. */
#include <inttypes.h>

#include "cli/status.h"

/* Terminal columns: longer names are cut, codes are not. */
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
	cnv_standings *s;
	size_t code_width, name_width; /* 0: no names */
} listing;

static void measure_columns(listing *l)
{
	const cnv_standings *s = l->s;

	l->code_width = LEAST_CODE;
	l->name_width = s->roster ? LEAST_NAME : 0;
	for (uint32_t i = 0; s->roster && i < s->roster->count; i++) {
		widen(&l->code_width, s->roster->respondents[i].code);
		widen(&l->name_width, s->roster->respondents[i].name);
	}
	for (uint64_t i = 0; i < s->responses; i++)
		widen(&l->code_width, s->reported[i].respondent);
	if (l->name_width > MOST_NAME)
		l->name_width = MOST_NAME;
}

/* ---------------------------------------------------------------- a line of the table */

/* "sent, due 2026-12-31, in 3 days" */
static void put_silence(const listing *l, const cnv_reply *reply)
{
	char day[CNV_DAY_ROOM];

	fputs(cnv_standings_words(l->s, reply->state), stdout);
	if (cnv_state_is_silent(reply->state) && reply->notice)
		fputs(reply->notice == CNV_NOTICE_SENT ? ", sent" : ", acknowledged", stdout);
	if (reply->has_due && cnv_state_is_silent(reply->state)) {
		cnv_day_write(reply->due, day);
		printf(", due %s, %.*s", day, CNV_ARG(cnv_days_words(reply->due - l->s->today, &l->s->arena)));
	}
	if (reply->reason.len) {
		fputs(" (", stdout);
		if (reply->item)
			printf("item %lld of the quarantine: ", (long long)reply->item);
		cli_put(stdout, reply->reason, false);
		putchar(')');
	}
	if (reply->reminded)
		printf(", reminded %" PRIu32 " %s", reply->reminded, cnv_noun(reply->reminded, "time", "times"));
	putchar('\n');
}

/* reply: NULL, for a respondent who is not in the roster */
static void put_response(const listing *l, uint32_t row, const cnv_reply *reply)
{
	const cnv_reported *r = &l->s->reported[row];
	const cnv_completeness *c = &l->s->complete[row];
	char day[CNV_DAY_ROOM];

	cnv_day_write(cnv_instant_day(r->received), day);
	printf("%s  %8" PRIu32 "  %4" PRIu32 " of %-4" PRIu32 " %6" PRIu32 " %9" PRIu32 "%s%s", day, r->revision,
	       c->answered, c->asked, r->errors, r->warnings, reply && reply->late ? "  late" : "",
	       c->blank ? "  blank" : "");
	if (reply && reply->item)
		printf("  %sitem %lld of the quarantine", reply->state == CNV_STATE_CONFLICT ? "conflict: " : "also ",
		       (long long)reply->item);
	putchar('\n');
}

static void put_names(const listing *l, cnv_str code, cnv_str name)
{
	put_padded(code, l->code_width);
	if (l->name_width)
		put_cut(name, l->name_width);
}

/* The roster in its order, then respondents who are not in it. */
static void list_rows(const listing *l)
{
	const cnv_standings *s = l->s;

	for (uint32_t i = 0; s->roster && i < s->roster->count; i++) {
		const cnv_reply *reply = &s->replies[i];
		put_names(l, s->roster->respondents[i].code, s->roster->respondents[i].name);
		if (reply->row == CNV_NONE)
			put_silence(l, reply);
		else
			put_response(l, reply->row, reply);
	}
	for (uint32_t row = 0; row < s->responses; row++) {
		cnv_str code = s->reported[row].respondent;
		if (s->roster && cnv_map_find(&s->roster->by_code, code) != CNV_NONE)
			continue;
		put_names(l, code, (cnv_str){ 0 });
		put_response(l, row, NULL);
	}
}

/* ---------------------------------------------------------------- sums */

static void print_totals(const cnv_standings *s)
{
	if (!s->roster) {
		printf("\n%" PRIu64 " %s; without a roster, missing replies are not known\n", s->responses,
		       cnv_noun(s->responses, "response", "responses"));
		return;
	}
	printf("\n%" PRIu32 " of %" PRIu32 " answered", s->replied, s->roster->count);
	if (s->states[CNV_STATE_CONFLICT])
		printf(" (%" PRIu32 " with a later return in conflict)", s->states[CNV_STATE_CONFLICT]);
	if (s->states[CNV_STATE_COMPILED])
		printf(", %" PRIu32 " compiled by others (not replies)", s->states[CNV_STATE_COMPILED]);
	for (int i = CNV_STATE_BLANK; i >= CNV_STATE_DECLINED; i--)
		if (s->states[i])
			printf(", %" PRIu32 " %s", s->states[i], cnv_state_words((cnv_state)i));
	/* Whose answers are compiled has not replied either. */
	printf(", %" PRIu32 " without %s", s->silent, s->states[CNV_STATE_COMPILED] ? "answers" : "a reply");
	if (s->overdue)
		printf(" (%" PRIu32 " overdue)", s->overdue);
	putchar('\n');
}

/* The rates of one grouping, [from, upto). */
static void print_rates(const cnv_standings *s, uint32_t from, uint32_t upto)
{
	size_t width = 0;

	for (uint32_t i = from; i < upto; i++)
		widen(&width, s->rates[i].group);
	printf("\nresponse rate by ");
	cli_put(stdout, s->roster->groupings[s->rates[from].grouping], false);
	putchar('\n');
	for (uint32_t i = from; i < upto; i++) {
		const cnv_rate *rate = &s->rates[i];
		printf("  ");
		put_padded(rate->group, width);
		printf("%3" PRIu32 " of %-3" PRIu32 " %3" PRIu32 "%%\n", rate->replied, rate->members,
		       cnv_rate_percent(rate));
	}
}

static void print_drafts(status_drafts drafts)
{
	if (drafts.count)
		puts("\ninterviews that are not finished");
	for (uint32_t i = 0; i < drafts.count; i++) {
		fputs("  ", stdout);
		cli_put_draft(&drafts.list[i]);
	}
}

static void print_title(const cnv_standings *s, cnv_arena *arena)
{
	cli_put(stdout, s->form->title.len ? s->form->title : s->form->id, false);
	printf(", round ");
	cli_put(stdout, s->round, false);
	if (s->has_due) {
		printf(", due ");
		cli_put_day(stdout, s->due);
		printf(" (%.*s)", CNV_ARG(cnv_days_words(s->due - s->today, arena)));
	}
	printf("\n\n");
}

static void print_all_rates(const cnv_standings *s)
{
	for (uint32_t from = 0, upto; from < s->rate_count; from = upto) {
		for (upto = from + 1; upto < s->rate_count && s->rates[upto].grouping == s->rates[from].grouping;
		     upto++)
			;
		print_rates(s, from, upto);
	}
}

void status_print_text(cnv_standings *s, status_drafts drafts)
{
	listing l = { .s = s };

	if (!s->batch) { /* too many to read */
		printf("%" PRIu64 " responses in round ", s->responses);
		cli_put(stdout, s->round, false);
		printf(": too many to list\n");
		print_drafts(drafts);
		print_all_rates(s);
		return;
	}
	measure_columns(&l);
	print_title(s, &s->arena);
	put_padded(CNV_STR("code"), l.code_width);
	if (l.name_width)
		put_padded(CNV_STR("name"), l.name_width);
	printf("received    revision  answered     errors  warnings\n");
	list_rows(&l);
	print_totals(s);
	print_drafts(drafts);
	print_all_rates(s);
}
