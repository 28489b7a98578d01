/* status: the roster against the round. */
#include <inttypes.h>
#include <string.h>

#include "round.h"

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

static void json_row(cli_json *json, cnv_str code, cnv_str name, const cnv_reported *r, const progress *p)
{
	char day[CNV_INSTANT_ROOM];

	cli_json_open(json, NULL, '{');
	cli_json_text(json, "code", code);
	if (name.len)
		cli_json_text(json, "name", name);
	cli_json_boolean(json, "returned", r != NULL);
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

static void text_row(cnv_str code, cnv_str name, size_t code_width, size_t name_width, const cnv_reported *r,
                     const progress *p)
{
	char day[CNV_DAY_ROOM];

	put_padded(code, code_width);
	if (name_width)
		put_cut(name, name_width);
	if (!r) {
		printf("no reply\n");
		return;
	}
	cnv_day_write(cnv_instant_day(r->received), day);
	printf("%s  %8" PRIu32 "  %4" PRIu32 " of %-4" PRIu32 " %6" PRIu32 " %9" PRIu32 "\n", day, r->revision, p->answered,
	       p->asked, r->errors, r->warnings);
}

typedef struct listing {
	cli_round_data *d;
	const progress *each;
	cli_json *json; /* NULL: text */
	size_t code_width, name_width; /* 0: no names */
} listing;

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

static void list_row(const listing *l, cnv_str code, cnv_str name, uint32_t row)
{
	const cnv_reported *r = row == CNV_NONE ? NULL : &l->d->reported[row];
	const progress *p = row == CNV_NONE ? NULL : &l->each[row];

	if (l->json)
		json_row(l->json, code, name, r, p);
	else
		text_row(code, name, l->code_width, l->name_width, r, p);
}

/* The roster in its order, then whoever answered without being in it; gives how many of the roster replied. */
static uint32_t list_rows(const listing *l, const cnv_map *rows)
{
	const cnv_roster *roster = l->d->roster.there ? &l->d->roster.roster : NULL;
	uint32_t replied = 0;

	for (uint32_t i = 0; roster && i < roster->count; i++) {
		uint32_t row = cnv_map_find(rows, roster->respondents[i].code);
		list_row(l, roster->respondents[i].code, roster->respondents[i].name, row);
		replied += row != CNV_NONE;
	}
	for (uint32_t row = 0; row < l->d->responses; row++)
		if (!roster || cnv_map_find(&roster->by_code, l->d->reported[row].respondent) == CNV_NONE)
			list_row(l, l->d->reported[row].respondent, (cnv_str){ 0 }, row);
	return replied;
}

static void print_totals(const cli_round_data *d, uint32_t replied)
{
	if (!d->roster.there) {
		printf("\n%" PRIu64 " %s; without a roster nobody is known to be silent\n", d->responses,
		       cli_plural(d->responses, "response", "responses"));
		return;
	}
	uint32_t silent = d->roster.roster.count - replied;
	printf("\n%" PRIu32 " of %" PRIu32 " answered, %" PRIu32 " did not reply\n", replied, d->roster.roster.count, silent);
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

cli_exit cmd_status(const cli_options *options)
{
	cli_round_data d;
	cli_json json = { .out = stdout };
	cnv_map rows = { 0 };
	progress *each = NULL;
	cli_exit code = cli_round_open(&d, options);

	if (code)
		goto out;
	if (!d.batch) {
		tell_many(&d, options->json ? &json : NULL);
		goto out;
	}
	each = cnv_mem_array((size_t)d.responses + 1, sizeof *each);
	for (uint32_t i = 0; i < d.responses; i++)
		cnv_map_put(&rows, d.reported[i].respondent, i);
	if (!each || rows.failed) {
		fputs("canvass: out of memory\n", stderr);
		code = CLI_ACCESS;
		goto out;
	}
	measure(&d, each);
	listing l = { .d = &d, .each = each, .json = options->json ? &json : NULL };
	measure_columns(&l);
	if (options->json) {
		json_begin(&d, &json);
		cli_json_open(&json, "respondents", '[');
		uint32_t replied = list_rows(&l, &rows);
		cli_json_close(&json, ']');
		cli_json_number(&json, "replied", replied);
		cli_json_number(&json, "roster", d.roster.there ? d.roster.roster.count : 0);
		cli_json_close(&json, '}');
	} else {
		cli_put(stdout, d.form.form->title.len ? d.form.form->title : d.form.form->id, false);
		printf(", round ");
		cli_put(stdout, d.round, false);
		printf("\n\n");
		put_padded(CNV_STR("code"), l.code_width);
		if (l.name_width)
			put_padded(CNV_STR("name"), l.name_width);
		printf("received    revision  answered     errors  warnings\n");
		print_totals(&d, list_rows(&l, &rows));
		fflush(stdout);
		cli_say_next("report", &d.form, options);
	}
	if (!d.responses)
		cli_say_empty(d.round);
out:
	cnv_map_fini(&rows);
	cnv_mem_free(each);
	cli_round_close(&d);
	return code;
}
