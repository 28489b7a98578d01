/* eval: evaluate an expression.
 *
 * Answers come from --set or from a file in the long layout.  They are gathered, settled and judged
 * like a return, so that the expression reads the same values as in an import.  Without a form, the
 * names of --set become a form of text questions. */
#include <stdlib.h>

#include "cli/cli.h"

typedef struct evaluation {
	const cli_options *options;
	cnv_form_file form;
	bool has_form;
	cnv_batch *batch;
	cnv_question_id self;
	uint32_t table;
	cnv_arena scratch;
	uint16_t first_error; /* of the current expression */
	bool quiet;           /* errors are printed as codes on standard output */
} evaluation;

static void on_diag(void *self, const cnv_diag *diag)
{
	evaluation *e = self;

	if (diag->severity == CNV_ERROR && !e->first_error)
		e->first_error = diag->code;
	if (!e->quiet)
		cli_print_diag(stderr, diag);
}

/* Judges the answers as one response. */
static cnv_status judge_answers(evaluation *e, cnv_diags *diags)
{
	const cli_options *options = e->options;
	const cnv_answers answers = { .given = options->sets,
				      .count = options->set_count,
				      .source = CNV_STR("--set"),
				      .file = options->answers };

	e->batch = cnv_batch_new(e->form.form);
	return e->batch ? cnv_answers_judge(e->batch, &answers, &e->form, options->now, &e->scratch, diags)
			: CNV_NO_MEMORY;
}

static cli_exit choose_self(evaluation *e)
{
	const cnv_form *form = e->form.form;

	e->self = CNV_NONE;
	if (!e->options->at.len)
		return CLI_DONE;
	if (!e->has_form)
		return cli_usage(e->options, "--at requires a form");
	e->self = cnv_form_find(form, e->options->at);
	if (e->self == CNV_NONE)
		e->self = cnv_map_find(&form->by_path, e->options->at);
	if (e->self == CNV_NAME_AMBIGUOUS)
		return cli_usage(e->options, "--at: \"%.*s\" is the name of several questions; use a path",
				 CNV_ARG(e->options->at));
	if (e->self == CNV_NONE) {
		cnv_str near = cnv_form_nearest(form, e->options->at);
		return near.len ? cli_usage(e->options,
					    "--at: the form has no question \"%.*s\"; did you mean \"%.*s\"?",
					    CNV_ARG(e->options->at), CNV_ARG(near))
				: cli_usage(e->options, "--at: the form has no question \"%.*s\"",
					    CNV_ARG(e->options->at));
	}
	e->table = form->questions[e->self].table;
	if (!e->batch->tables[e->table].rows)
		return cli_usage(e->options, "--at: no entry has \"%.*s\"; set one of its answers",
				 CNV_ARG(e->options->at));
	return CLI_DONE;
}

/* A value on one line: backslash, tab, CR and LF are escaped.  Other bytes are unchanged, except control characters on a
 * terminal. */
static void put_value(cnv_str text)
{
	bool shown = cli_is_terminal(stdout);
	size_t from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		const char *escape = i == text.len        ? ""
				     : text.at[i] == '\\' ? "\\\\"
				     : text.at[i] == '\t' ? "\\t"
				     : text.at[i] == '\r' ? "\\r"
				     : text.at[i] == '\n' ? "\\n"
							  : NULL;
		if (!escape)
			continue;
		if (shown)
			cli_put(stdout, cnv_str_slice(text, from, i), true);
		else if (i > from)
			fwrite(text.at + from, 1, i - from, stdout);
		fputs(escape, stdout);
		from = i + 1;
	}
}

static void print_result(evaluation *e, const cnv_vector *vector)
{
	char number[CNV_NUMBER_ROOM];
	cnv_type type = vector->type;

	if (cnv_str_equal(e->options->as, CNV_STR("number")))
		type = CNV_T_NUMBER;
	else if (cnv_str_equal(e->options->as, CNV_STR("string")))
		type = CNV_T_STRING;
	else if (cnv_str_equal(e->options->as, CNV_STR("boolean")))
		type = CNV_T_BOOLEAN;
	switch (type) {
	case CNV_T_NUMBER:
		cnv_number_write(cnv_value_number(vector, 0), number);
		printf("number\t%s\n", number);
		break;
	case CNV_T_BOOLEAN:
		printf("boolean\t%s\n", cnv_value_boolean(vector, 0) ? "true" : "false");
		break;
	case CNV_T_STRING:
		fputs("string\t", stdout);
		put_value(cnv_value_string(vector, 0, &e->scratch));
		putchar('\n');
		break;
	}
}

/* Prints the answers that the expression reads, to explain its value. */
static void print_answers(evaluation *e, const cnv_expr *expr)
{
	uint32_t count;
	const cnv_question_id *uses = cnv_expr_uses(expr, &count);

	for (uint32_t i = 0; i < count; i++) {
		const cnv_question *question = &e->form.form->questions[uses[i]];
		const cnv_table *table = &e->batch->tables[question->table];
		if (question->column == CNV_NONE || !table->rows)
			continue;
		const cnv_column *column = &table->columns[question->column];
		fprintf(stderr, "  ${%.*s} is ", CNV_ARG(question->name));
		if (!cnv_bit(column->usable, 0)) {
			fputs("blank\n", stderr);
			continue;
		}
		fputc('\'', stderr);
		cli_put(stderr, cnv_cell_value(e->form.form, column, 0, &e->scratch), false);
		fputs("'\n", stderr);
	}
}

/* The steps of the compiled expression; nothing is run. */
static bool explain(const cnv_expr *expr)
{
	cnv_text out = { 0 };
	bool whole;

	cnv_expr_explain(expr, &out);
	whole = !out.failed;
	cli_put(stdout, cnv_text_str(&out), true);
	cnv_text_fini(&out);
	return whole;
}

/* Compiles, runs and prints one expression; true if it has a value. */
static bool evaluate(evaluation *e, cnv_str text, uint32_t line)
{
	cnv_world world = { .now = e->options->now, .seed = 1 };
	cnv_formula formula = { .text = text, .place = { .source = CNV_STR("expression"), .row = line } };
	cnv_context context = { .form = e->form.form, .self = e->self, .purpose = CNV_FOR_VALUE, .rows_ahead = 1 };
	cnv_diags diags = { .emit = on_diag, .self = e };
	cnv_arena arena = { 0 };
	cnv_expr *expr = NULL;
	cnv_vector vector;
	cnv_status status;

	e->first_error = 0;
	cnv_arena_reset(&e->scratch);
	status = cnv_expr_compile(&expr, &formula, &context, &arena, &diags);
	if (!status && e->options->explain) {
		bool whole = explain(expr);

		cnv_expr_fini(expr);
		cnv_arena_fini(&arena);
		return whole;
	}
	if (!status)
		status = cnv_expr_run(expr, e->batch, e->table, 0, 1, NULL, &world, &e->scratch, &vector);
	if (!status && vector.unsure && cnv_bit(vector.unsure, 0)) {
		e->first_error = CNV_ANSWER_UNCHECKED;
		if (!e->quiet)
			fputs("canvass: cannot be evaluated: it takes too long, or reads data that was not found\n",
			      stderr);
		status = CNV_REJECTED;
	}
	if (!status) {
		if (!e->quiet)
			print_answers(e, expr);
		print_result(e, &vector);
	} else if (e->quiet) {
		char code[8];
		cnv_code_name(e->first_error, code);
		printf("error\t%s\n", e->first_error ? code : "memory");
	}
	cnv_expr_fini(expr);
	cnv_arena_fini(&arena);
	return !status;
}

static cli_exit evaluate_lines(evaluation *e)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	bool all = true;

	e->quiet = true;
	for (uint32_t number = 1; (len = getline(&line, &room, stdin)) != -1; number++) {
		size_t length = (size_t)len;
		if (length && line[length - 1] == '\n')
			length--;
		if (length && line[length - 1] == '\r')
			length--;
		cnv_str text = { line, cnv_unescape(line, length) };
		if (cnv_utf8_check(text) < text.len) {
			printf("error\tutf-8\n");
			all = false;
			continue;
		}
		all &= evaluate(e, text, number);
	}
	free(line);
	return all ? CLI_DONE : CLI_ERRORS;
}

cli_exit cmd_eval(const cli_options *options)
{
	evaluation e = { .options = options };
	cnv_diags diags = { .emit = on_diag, .self = &e };
	cnv_str expression = options->operands[options->operand_count - 1];
	cli_exit code = CLI_DONE;
	cnv_status status = CNV_OK;

	if (options->set_count && options->answers.len)
		return cli_usage(options, "--set and --answers cannot be combined");
	e.has_form = options->operand_count == 2;
	if (e.has_form)
		code = cli_form_use(&e.form, options, options->operands[0]);
	else if (options->answers.len)
		code = cli_usage(options, "--answers requires a form");
	else
		status = options->set_count ? cnv_form_file_of_names(&e.form, CNV_STR("--set"), options->sets,
								     options->set_count, &diags)
					    : CNV_OK;
	if (!code && !status && e.form.form)
		status = judge_answers(&e, &diags);
	if (!code && status)
		code = cli_exit_asked(status);
	if (!code)
		code = choose_self(&e);
	if (!code)
		code = cnv_str_equal(expression, CNV_STR("-")) ? evaluate_lines(&e)
		       : evaluate(&e, expression, 0)           ? CLI_DONE
							       : CLI_ERRORS;
	cnv_batch_free(e.batch);
	cnv_arena_fini(&e.scratch);
	cnv_form_file_fini(&e.form);
	return code;
}
