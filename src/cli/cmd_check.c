/* check: every mistake of a form in one run, and what a clean form holds. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli.h"

/* Everything said, kept so that it can be told in the order of the form's lines. */
typedef struct listener {
	cnv_diag *diags;
	uint32_t count, room;
	cnv_arena texts;
	bool failed;
} listener;

static void on_diag(void *self, const cnv_diag *diag)
{
	listener *l = self;

	if (!cnv_mem_room((void **)&l->diags, &l->room, l->count + 1, sizeof *l->diags)) {
		l->failed = true;
		return;
	}
	l->diags[l->count++] = cnv_diag_copy(&l->texts, diag);
}

/* By sheet of a workbook, line, column and place in the cell; what is said of the whole form comes last. */
static int by_place(const void *a, const void *b)
{
	const cnv_place *left = &((const cnv_diag *)a)->place, *right = &((const cnv_diag *)b)->place;
	uint32_t one = left->row ? left->tab : UINT32_MAX, other = right->row ? right->tab : UINT32_MAX;

	if (one == other) {
		one = left->row ? left->row : UINT32_MAX;
		other = right->row ? right->row : UINT32_MAX;
	}
	if (one == other) {
		one = left->column;
		other = right->column;
	}
	if (one == other) {
		one = left->from;
		other = right->from;
	}
	if (one == other) {
		one = ((const cnv_diag *)a)->code;
		other = ((const cnv_diag *)b)->code;
	}
	return (one > other) - (one < other);
}

typedef struct holdings {
	uint32_t questions, sections, repeats, lists, languages, rules;
} holdings;

static holdings count_holdings(const cnv_form_file *loaded)
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
	printf("%s%" PRIu32 " %s", lead, count, cnv_noun(count, one, many));
}

static void print_summary(const cnv_form_file *loaded, const cnv_diags *diags)
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
		printf("%" PRIu64 " %s, %" PRIu64 " %s\n", diags->errors, cnv_noun(diags->errors, "error", "errors"),
		       diags->warnings, cnv_noun(diags->warnings, "warning", "warnings"));
}

static void json_summary(cli_json *json, const cnv_form_file *loaded, const cnv_diags *diags)
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

static void tell(const listener *l, const cli_options *options, cli_json *json)
{
	for (uint32_t i = 0; i < l->count; i++) {
		if (options->json || options->jsonl)
			cli_json_diag(json, NULL, &l->diags[i]);
		else
			cli_print_diag(stdout, &l->diags[i]);
	}
}

cli_exit cmd_check(const cli_options *options)
{
	cli_json json = { .out = stdout };
	listener l = { 0 };
	cnv_diags diags = { .tell = on_diag, .self = &l };
	cnv_form_file form;
	cnv_status status = cnv_form_file_load(&form, options->operands[0], true, &diags);

	if (l.failed || l.texts.failed)
		status = CNV_NO_MEMORY;
	if (l.count)
		qsort(l.diags, l.count, sizeof *l.diags, by_place);
	if (options->json) {
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.check/1"));
		cli_json_text(&json, "form", options->operands[0]);
		cli_json_open(&json, "diagnostics", '[');
	}
	tell(&l, options, &json);
	if (options->json) {
		cli_json_close(&json, ']');
		json_summary(&json, &form, &diags);
		cli_json_close(&json, '}');
	} else if (!options->jsonl && status != CNV_NO_ACCESS) {
		print_summary(&form, &diags);
	}
	cnv_mem_free(l.diags);
	cnv_arena_fini(&l.texts);
	cnv_form_file_fini(&form);
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	if (status == CNV_NO_ACCESS || status == CNV_NO_MEMORY)
		return CLI_ACCESS;
	return status || diags.errors || (options->strict && diags.warnings) ? CLI_ERRORS : CLI_DONE;
}
