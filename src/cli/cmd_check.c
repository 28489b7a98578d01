/* check: every mistake of a form in one run, and what a clean form holds. */
#include <inttypes.h>

#include "cli.h"

typedef struct listener {
	FILE *out;
	cli_json *json; /* NULL: text */
	bool lines;     /* one object a line */
} listener;

static void on_diag(void *self, const cnv_diag *diag)
{
	listener *l = self;

	if (!l->json) {
		cli_print_diag(l->out, diag);
	} else {
		if (l->lines)
			l->json->depth = 0, l->json->comma = 0;
		cli_json_diag(l->json, NULL, diag);
	}
}

typedef struct holdings {
	uint32_t questions, sections, repeats, lists, languages, rules;
} holdings;

static holdings count_holdings(const cli_form *loaded)
{
	const cnv_form *form = loaded->form;
	holdings h = { .lists = form->list_count, .languages = form->language_count,
		       .rules = loaded->plan ? cnv_plan_expressions(loaded->plan) : 0 };

	for (cnv_question_id id = 0; id < form->count; id++) {
		h.questions += form->questions[id].role == CNV_ASKED;
		h.sections += form->questions[id].role == CNV_GROUP;
		h.repeats += form->questions[id].role == CNV_REPEAT;
	}
	return h;
}

static void print_count(const char *lead, uint32_t count, const char *one, const char *many)
{
	printf("%s%" PRIu32 " %s", lead, count, cli_plural(count, one, many));
}

static void print_summary(const cli_form *loaded, const cnv_diags *diags)
{
	if (loaded->form) {
		holdings h = count_holdings(loaded);
		cli_put(stdout, loaded->name, false);
		print_count(": ", h.questions, "question", "questions");
		print_count(", ", h.sections, "section", "sections");
		print_count(", ", h.repeats, "repeat", "repeats");
		print_count(", ", h.lists, "list", "lists");
		print_count(", ", h.languages, "language", "languages");
		print_count(", ", h.rules, "rule", "rules");
		putchar('\n');
	}
	if (!diags->errors && !diags->warnings)
		printf("no mistakes found\n");
	else
		printf("%" PRIu64 " %s, %" PRIu64 " %s\n", diags->errors, cli_plural(diags->errors, "error", "errors"),
		       diags->warnings, cli_plural(diags->warnings, "warning", "warnings"));
}

static void json_summary(cli_json *json, const cli_form *loaded, const cnv_diags *diags)
{
	cli_json_number(json, "errors", diags->errors);
	cli_json_number(json, "warnings", diags->warnings);
	if (loaded->form) {
		holdings h = count_holdings(loaded);
		cli_json_text(json, "form_id", loaded->form->id);
		cli_json_text(json, "version", loaded->form->version);
		cli_json_number(json, "questions", h.questions);
		cli_json_number(json, "sections", h.sections);
		cli_json_number(json, "repeats", h.repeats);
		cli_json_number(json, "lists", h.lists);
		cli_json_number(json, "languages", h.languages);
		cli_json_number(json, "rules", h.rules);
	}
}

cli_exit cmd_check(const cli_options *options)
{
	cli_json json = { .out = stdout };
	listener l = { .out = stdout, .json = options->json || options->jsonl ? &json : NULL, .lines = options->jsonl };
	cnv_diags diags = { .tell = on_diag, .self = &l };
	cli_form form;
	cnv_status status;

	if (options->json) {
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.check/1"));
		cli_json_text(&json, "form", options->operands[0]);
		cli_json_open(&json, "diagnostics", '[');
	}
	status = cli_form_load(&form, options->operands[0], true, &diags);
	if (options->json) {
		cli_json_close(&json, ']');
		json_summary(&json, &form, &diags);
		cli_json_close(&json, '}');
	} else if (!options->jsonl && status != CNV_NO_ACCESS) {
		print_summary(&form, &diags);
	}
	cli_form_fini(&form);
	if (status == CNV_NO_ACCESS || status == CNV_NO_MEMORY)
		return CLI_ACCESS;
	return status || diags.errors || (options->strict && diags.warnings) ? CLI_ERRORS : CLI_DONE;
}
