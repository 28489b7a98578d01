/* explain: a diagnostic told at length, from the table of codes. */
#include <inttypes.h>

#include "cli.h"

static const char *const severity_words[] = { [CNV_NOTE] = "note", [CNV_WARNING] = "warning", [CNV_ERROR] = "error" };

/* "E0107", "e107" and "107" are the same. */
static bool read_code(cnv_str text, uint16_t *code)
{
	int64_t number;

	if (text.len && ((text.at[0] | 0x20) == 'e' || (text.at[0] | 0x20) == 'w' || (text.at[0] | 0x20) == 'n'))
		text = cnv_str_slice(text, 1, text.len);
	if (!cnv_integer_read(text, &number) || number < 1 || number > 9999)
		return false;
	*code = (uint16_t)number;
	return true;
}

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
	info = read_code(options->operands[0], &code) ? cnv_code_find(code) : NULL;
	if (!info)
		return cli_usage(options, "there is no code \"%.*s\"; canvass explain lists them all",
		                 CNV_ARG(options->operands[0]));
	cnv_code_name(info->code, name);
	printf("%s (%s): %s\n\n", name, severity_words[info->severity], info->title);
	cli_put_wrapped(stdout, info->text, 0);
	return CLI_DONE;
}
