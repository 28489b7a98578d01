/* explain: a diagnostic code, from the table of codes; or an answer of a respondent, by the rules of its form. */
#include "cli/explain.h"

enum { OF_ANSWER = 3 }; /* operands: FORM RESPONDENT QUESTION */

static cli_exit explain_code(const cli_options *options)
{
	const cnv_code_info *info;
	char name[8];
	uint16_t code;

	if (!options->operand_count) {
		for (size_t i = 0; (info = cnv_code_at(i)) != NULL; i++) {
			cnv_code_name(info->code, name);
			printf("%s  %s\n", name, info->title);
		}
		return CLI_DONE;
	}
	info = cnv_code_read(options->operands[0], &code) ? cnv_code_find(code) : NULL;
	if (!info)
		return cli_usage(options, "unknown code \"%.*s\"; canvass explain lists all codes",
				 CNV_ARG(options->operands[0]));
	cnv_code_name(info->code, name);
	printf("%s (%s): %s\n\n", name, cnv_severity_word(info->severity), info->title);
	cli_put_wrapped(stdout, cnv_str_from(info->text), (cli_margins){ .width = CLI_PAGE });
	return CLI_DONE;
}

static cli_exit print_why(const cli_options *options, const cli_opened *opened, const cnv_named *named,
			  const cnv_why *why)
{
	cnv_str respondent = options->operands[1];

	if (!why->revision)
		return cli_usage(options, "\"%.*s\" has no response in round \"%.*s\"", CNV_ARG(respondent),
				 CNV_ARG(opened->round));
	if (!why->there)
		return cli_usage(options, "\"%.*s\": there is no such entry", CNV_ARG(options->operands[2]));
	(options->json ? explain_json : explain_text)(opened, respondent, named, why);
	return CLI_DONE;
}

static cli_exit explain_answer(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_opened opened = { 0 };
	cnv_why why = { 0 };
	cnv_named named;
	cli_exit code = cli_open(&opened, options);

	if (!code)
		code = cli_question(&named, options, opened.form.form, options->operands[2], &opened.form.arena);
	if (!code && named.problem)
		code = cli_usage(options, "\"%.*s\": %s; did you mean \"%.*s\"?", CNV_ARG(options->operands[2]),
				 cnv_named_words(named.problem), CNV_ARG(named.near));
	if (!code)
		code = cli_exit_for(cnv_why_read(&why, opened.store, &opened.form, opened.round, options->operands[1],
						 &named, &diags));
	if (!code)
		code = print_why(options, &opened, &named, &why);
	cnv_why_fini(&why);
	code = cli_close_store(&opened, code);
	cli_close(&opened);
	return code;
}

cli_exit cmd_explain(const cli_options *options)
{
	bool store = options->json || options->store.len || options->round.len || options->roster.len ||
		     options->language.len || options->now_given.len;

	if (options->operand_count == OF_ANSWER)
		return explain_answer(options);
	if (options->operand_count > 1)
		return cli_usage(options, "usage: canvass explain CODE, or canvass explain FORM RESPONDENT QUESTION");
	if (store)
		return cli_usage(options, "options are for FORM RESPONDENT QUESTION; a code takes none");
	return explain_code(options);
}
