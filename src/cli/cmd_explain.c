/* explain: print the explanation of a diagnostic code, from the table of codes. */
#include "cli/cli.h"

cli_exit cmd_explain(const cli_options *options)
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
