/* diff: output as text. */
#include <inttypes.h>

#include "cli/diff.h"

/* ---------------------------------------------------------------- one line a change */

static void put(cnv_str text)
{
	cli_put(stdout, text, false);
}

static void put_quoted(cnv_str text)
{
	putchar('"');
	put(text);
	putchar('"');
}

static void put_place(const cnv_place *place)
{
	put(place->source);
	printf(":%" PRIu32, place->row);
}

static void put_places(const cnv_change *change)
{
	if (change->from.row)
		put_place(&change->from);
	if (change->from.row && change->to.row)
		fputs(" -> ", stdout);
	if (change->to.row)
		put_place(&change->to);
	if (change->from.row || change->to.row)
		fputs(": ", stdout);
}

/* The altered part: "label (English (en))", "column region". */
static void put_aspect(const cnv_change *change)
{
	bool column = cnv_str_equal(cnv_str_from(change->aspect), CNV_STR("column"));

	fputs(change->aspect, stdout);
	if (!change->language.len)
		return;
	fputs(column ? " " : " (", stdout);
	put(change->language);
	fputs(column ? "" : ")", stdout);
}

static void put_altered(const cnv_change *change)
{
	fputs(": ", stdout);
	put_aspect(change);
	if (!change->before.len) {
		fputs(" added: ", stdout);
		put_quoted(change->after);
	} else if (!change->after.len) {
		fputs(" removed: ", stdout);
		put_quoted(change->before);
	} else {
		fputs(" was ", stdout);
		put_quoted(change->before);
		fputs(", is ", stdout);
		put_quoted(change->after);
	}
}

static void put_moved_end(bool section, cnv_str name)
{
	if (!name.len) {
		fputs(section ? "outside all sections" : "first", stdout);
		return;
	}
	fputs(section ? "in " : "after ", stdout);
	put(name);
}

static void put_moved(const cnv_change *change)
{
	bool section = cnv_str_equal(cnv_str_from(change->aspect), CNV_STR("section"));

	fputs(" moved: was ", stdout);
	put_moved_end(section, change->before);
	fputs(", is ", stdout);
	put_moved_end(section, change->after);
}

static void print_change(cli_json *json, const cnv_change *change)
{
	cnv_str label = change->kind == CNV_CHANGE_ADDED ? change->after : change->before;

	(void)json;
	put_places(change);
	printf("%s ", change->thing);
	put(change->name);
	if (change->list.len) {
		fputs(" of list ", stdout);
		put(change->list);
	}
	switch (change->kind) {
	case CNV_CHANGE_ADDED:
	case CNV_CHANGE_REMOVED:
		fputs(change->kind == CNV_CHANGE_ADDED ? " added" : " removed", stdout);
		if (label.len) {
			fputs(": ", stdout);
			put_quoted(label);
		}
		break;
	case CNV_CHANGE_RENAMED:
		fputs(": possibly renamed from ", stdout);
		put(change->before);
		break;
	case CNV_CHANGE_MOVED:
		put_moved(change);
		break;
	case CNV_CHANGE_ALTERED:
		put_altered(change);
		break;
	}
	putchar('\n');
}

static void print_nothing(cli_json *json)
{
	(void)json;
}

static void print_begin(cli_json *json, cnv_str before, cnv_str after)
{
	(void)json;
	(void)before;
	(void)after;
}

static void print_end_changes(cli_json *json, uint64_t changes, bool failed)
{
	(void)json;
	if (changes && !failed)
		printf("%" PRIu64 " %s\n", changes, cnv_noun(changes, "change", "changes"));
	else if (!failed)
		puts("no differences");
}

/* ---------------------------------------------------------------- against the store */

static void print_against(cli_json *json, const cnv_against *against, cnv_str store)
{
	(void)json;
	(void)store;
	fputs("\nround ", stdout);
	put(against->round);
	printf(", %" PRIu64 " %s, checked against the second form:\n", against->responses,
	       cnv_noun(against->responses, "response", "responses"));
}

static void print_fallen(cli_json *json, const cnv_fallen *fallen)
{
	(void)json;
	fputs("  ", stdout);
	put(fallen->respondent);
	fputs(": ", stdout);
	put(fallen->path);
	putchar(' ');
	put_quoted(fallen->value);
	fputs(" would no longer be valid: ", stdout);
	put(fallen->why);
	putchar('\n');
}

static void print_anew(cli_json *json, const cnv_form *form, const cnv_anew *anew)
{
	(void)json;
	if (anew->asked) {
		fputs("  ", stdout);
		put(form->questions[anew->question].name);
		printf(" would be asked again %" PRIu64 " %s (required: %" PRIu64 ")\n", anew->asked,
		       cnv_noun(anew->asked, "time", "times"), anew->required);
	}
	if (anew->now_required) {
		fputs("  ", stdout);
		put(form->questions[anew->question].name);
		printf(" was left blank %" PRIu64 " %s and would be required\n", anew->now_required,
		       cnv_noun(anew->now_required, "time", "times"));
	}
}

static void print_end_against(cli_json *json, const cnv_against *against, uint64_t questions, bool failed)
{
	(void)json;
	if (failed)
		return;
	printf("%" PRIu64 " %s would no longer be valid, %" PRIu64 " %s would be asked again\n", against->fallen,
	       cnv_noun(against->fallen, "answer", "answers"), questions, cnv_noun(questions, "question", "questions"));
}

const diff_printer diff_text = { print_begin,   print_change, print_end_changes, print_against, print_fallen,
				 print_nothing, print_anew,   print_end_against, print_nothing };
