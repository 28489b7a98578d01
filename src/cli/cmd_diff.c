/* diff: what changed between two versions of a form, and what that does to answers already stored. */
#include <inttypes.h>

#include "against.h"

typedef struct telling {
	const cli_options *options;
	cli_json *json; /* NULL: text */
	uint64_t changes;
	bool begun; /* the answers are being told */
} telling;

static const char *const kinds[] = {
	[CNV_CHANGE_ADDED] = "added", [CNV_CHANGE_REMOVED] = "removed", [CNV_CHANGE_RENAMED] = "renamed",
	[CNV_CHANGE_MOVED] = "moved", [CNV_CHANGE_ALTERED] = "altered",
};

/* ---------------------------------------------------------------- text: one line a change */

static void put(cnv_str text) { cli_put(stdout, text, false); }

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

/* What is altered: "label (English (en))", "column region". */
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
	fputs(section ? "in " : "behind ", stdout);
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

static void print_change(const cnv_change *change)
{
	cnv_str label = change->kind == CNV_CHANGE_ADDED ? change->after : change->before;

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
		printf(" %s", kinds[change->kind]);
		if (label.len) {
			fputs(": ", stdout);
			put_quoted(label);
		}
		break;
	case CNV_CHANGE_RENAMED:
		fputs(": renamed? The same was called ", stdout);
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

/* ---------------------------------------------------------------- JSON */

static void json_place(cli_json *json, const char *key, const cnv_place *place)
{
	if (!place->row)
		return;
	cli_json_open(json, key, '{');
	cli_json_text(json, "file", place->source);
	cli_json_text(json, "sheet", place->sheet);
	cli_json_number(json, "row", place->row);
	cli_json_close(json, '}');
}

static void json_change(cli_json *json, const cnv_change *change)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "change", cnv_str_from(kinds[change->kind]));
	cli_json_text(json, "thing", cnv_str_from(change->thing));
	cli_json_text(json, "name", change->name);
	if (change->list.len)
		cli_json_text(json, "list", change->list);
	if (change->aspect)
		cli_json_text(json, "aspect", cnv_str_from(change->aspect));
	if (change->language.len)
		cli_json_text(json, change->aspect && cnv_str_equal(cnv_str_from(change->aspect), CNV_STR("column")) ? "column"
		                                                                                                     : "language",
		              change->language);
	if (change->kind != CNV_CHANGE_ADDED)
		cli_json_text(json, "before", change->before);
	if (change->kind != CNV_CHANGE_REMOVED)
		cli_json_text(json, "after", change->after);
	json_place(json, "from", &change->from);
	json_place(json, "to", &change->to);
	cli_json_close(json, '}');
}

static void on_change(void *self, const cnv_change *change)
{
	telling *t = self;

	t->changes++;
	if (t->json)
		json_change(t->json, change);
	else
		print_change(change);
}

/* ---------------------------------------------------------------- against the store */

static void on_begin(void *self, const cli_against *against)
{
	telling *t = self;

	t->begun = true;
	if (t->json) {
		cli_json_open(t->json, "against", '{');
		cli_json_text(t->json, "store", t->options->against);
		cli_json_text(t->json, "round", against->round);
		cli_json_number(t->json, "responses", against->responses);
		cli_json_open(t->json, "fallen", '[');
		return;
	}
	fputs("\nround ", stdout);
	put(against->round);
	printf(", %" PRIu64 " %s, judged by the second form:\n", against->responses,
	       cnv_noun(against->responses, "response", "responses"));
}

static void on_fallen(void *self, const cli_fallen *fallen)
{
	telling *t = self;

	if (t->json) {
		cli_json_open(t->json, NULL, '{');
		cli_json_text(t->json, "respondent", fallen->respondent);
		cli_json_text(t->json, "question", fallen->path);
		cli_json_text(t->json, "value", fallen->value);
		cli_json_text(t->json, "why", fallen->why);
		cli_json_close(t->json, '}');
		return;
	}
	fputs("  ", stdout);
	put(fallen->respondent);
	fputs(": ", stdout);
	put(fallen->path);
	putchar(' ');
	put_quoted(fallen->value);
	fputs(" would no longer stand: ", stdout);
	put(fallen->why);
	putchar('\n');
}

static void print_anew(const cnv_form *form, const cli_anew *anew)
{
	if (anew->asked) {
		fputs("  ", stdout);
		put(form->questions[anew->question].name);
		printf(" would be asked anew %" PRIu64 " %s, %" PRIu64 " of them with an answer required\n", anew->asked,
		       cnv_noun(anew->asked, "time", "times"), anew->required);
	}
	if (anew->now_required) {
		fputs("  ", stdout);
		put(form->questions[anew->question].name);
		printf(" was left blank %" PRIu64 " %s and would be required\n", anew->now_required,
		       cnv_noun(anew->now_required, "time", "times"));
	}
}

static void json_anew(cli_json *json, const cnv_form *form, const cli_anew *anew)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "question", form->questions[anew->question].name);
	cli_json_number(json, "asked", anew->asked);
	cli_json_number(json, "required", anew->required);
	cli_json_number(json, "now_required", anew->now_required);
	cli_json_close(json, '}');
}

static void tell_against(const telling *t, const cli_against *against)
{
	const cnv_form *form = against->after->form;
	uint64_t questions = 0;

	if (t->json) {
		cli_json_close(t->json, ']');
		cli_json_open(t->json, "anew", '[');
	}
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cli_anew *anew = &against->anew[id];
		if (!anew->asked && !anew->now_required)
			continue;
		questions++;
		if (t->json)
			json_anew(t->json, form, anew);
		else
			print_anew(form, anew);
	}
	if (t->json) {
		cli_json_close(t->json, ']');
		cli_json_close(t->json, '}');
		return;
	}
	printf("%" PRIu64 " %s would no longer stand, %" PRIu64 " %s would be asked again\n", against->fallen,
	       cnv_noun(against->fallen, "answer", "answers"), questions, cnv_noun(questions, "question", "questions"));
}

static cli_exit run_against(telling *t, cnv_form_file *before, cnv_form_file *after, const cnv_matching *matching)
{
	cli_against against = { .options = t->options, .before = before, .after = after, .matching = matching, .self = t,
		                .tell_fallen = on_fallen };
	cli_exit code = cli_against_run(&against, on_begin);

	if (!code) {
		tell_against(t, &against);
		code = against.fallen ? CLI_ERRORS : CLI_DONE;
	} else if (t->json && t->begun) {
		cli_json_close(t->json, ']');
		cli_json_close(t->json, '}');
	}
	cli_against_fini(&against);
	return code;
}

/* ---------------------------------------------------------------- the command */

static cli_exit compare(telling *t, cnv_form_file *before, cnv_form_file *after)
{
	cnv_arena scratch = { 0 };
	cnv_matching matching;
	cli_exit code = CLI_DONE;
	cnv_status status = cnv_form_match(&matching, before->form, after->form, &scratch);

	if (t->json) {
		cli_json_open(t->json, NULL, '{');
		cli_json_text(t->json, "schema", CNV_STR("canvass.diff/1"));
		cli_json_text(t->json, "before", before->name);
		cli_json_text(t->json, "after", after->name);
		cli_json_open(t->json, "changes", '[');
	}
	if (!status)
		status = cnv_form_changes(before->form, after->form, &matching, on_change, t, &scratch);
	if (t->json)
		cli_json_close(t->json, ']');
	else if (!status && t->changes)
		printf("%" PRIu64 " %s\n", t->changes, cnv_noun(t->changes, "change", "changes"));
	else if (!status)
		puts("no differences");
	if (status) {
		cli_out_of_memory();
		code = CLI_ACCESS;
	} else if (t->options->against.len) {
		code = run_against(t, before, after, &matching);
	}
	if (t->json)
		cli_json_close(t->json, '}');
	cnv_arena_fini(&scratch);
	return code;
}

cli_exit cmd_diff(const cli_options *options)
{
	cli_json json = { .out = stdout };
	telling t = { .options = options, .json = options->json ? &json : NULL };
	cnv_form_file before = { 0 }, after = { 0 };
	cli_exit code;

	if (options->round.len && !options->against.len)
		return cli_usage(options, "--round goes with --against STORE");
	code = cli_form_use(&before, options, options->operands[0]);
	if (!code)
		code = cli_form_use(&after, options, options->operands[1]);
	if (!code)
		code = compare(&t, &before, &after);
	cnv_form_file_fini(&after);
	cnv_form_file_fini(&before);
	return code;
}
