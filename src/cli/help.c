/* --help, from the tables of commands and options. */
#include <string.h>

#include "cli/option.h"

enum { SUMMARIES = 27 }; /* column */

const char *cli_exit_meaning(const cli_command *command, size_t index, int *code)
{
	const struct {
		int code;
		const char *meaning; /* NULL: does not occur */
	} rows[] = {
		{ CLI_DONE, "done, no errors" },
		{ CLI_ERRORS, command ? command->failure : "done, and what was checked has errors" },
		{ CLI_USAGE, "cannot start: wrong usage, or a form that cannot be used" },
		{ CLI_ACCESS, "a file, disk or database failed, or memory ran out" },
		{ CLI_STOPPED, "interrupted" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!rows[i].meaning || index--)
			continue;
		*code = rows[i].code;
		return rows[i].meaning;
	}
	return NULL;
}

static void print_option(FILE *out, const cli_option *row)
{
	char left[48];

	if (row->letter)
		snprintf(left, sizeof left, "-%c, --%s%s%s", row->letter, row->name, row->value ? " " : "",
			 row->value ? row->value : "");
	else
		snprintf(left, sizeof left, "    --%s%s%s", row->name, row->value ? " " : "",
			 row->value ? row->value : "");
	fprintf(out, "  %-*s ", SUMMARIES - 3, left);
	cli_put_wrapped(out, cnv_str_from(row->summary), (cli_margins){ .width = CLI_PAGE, .indent = SUMMARIES });
}

/* A command's help lists --help only of the options that every command has. */
static bool is_listed(const cli_command *command, const cli_option *row)
{
	return command ? cli_option_taken(command, row) && (!row->everywhere || !strcmp(row->name, "help"))
		       : row->everywhere;
}

static void print_options(FILE *out, const cli_command *command)
{
	for (cli_group group = 0; group < CLI_GROUPS; group++) {
		bool any = false;
		for (int i = 0; i < cli_option_count; i++) {
			const cli_option *row = &cli_option_rows[i];
			if (row->group != group || !is_listed(command, row))
				continue;
			if (!any)
				fprintf(out, "\n%s:\n", cli_group_names[group]);
			any = true;
			print_option(out, row);
		}
	}
}

static void print_exit_codes(FILE *out, const cli_command *command)
{
	const char *meaning;
	int code;

	fputs("\nExit codes:\n", out);
	for (size_t i = 0; (meaning = cli_exit_meaning(command, i, &code)) != NULL; i++)
		fprintf(out, "  %-4d %s\n", code, meaning);
}

static void help_command(FILE *out, const cli_command *command)
{
	fprintf(out, "canvass %s: %s\n\nusage: canvass %s [OPTION...]%s%s\n\n", command->name, command->summary,
		command->name, *command->operands ? " " : "", command->operands);
	cli_put_wrapped(out, cnv_str_from(command->story), (cli_margins){ .width = CLI_PAGE });
	print_options(out, command);
	fputs("\nExamples:\n", out);
	for (size_t i = 0; i < CLI_EXAMPLES && command->examples[i]; i++)
		fprintf(out, "  %s\n", command->examples[i]);
	print_exit_codes(out, command);
	fprintf(out, "\nManual page: canvass-%s(1), or: canvass %s --man\n", command->name, command->name);
}

void cli_help(FILE *out, const cli_command *command)
{
	if (command) {
		help_command(out, command);
		return;
	}
	fputs("canvass: run a questionnaire from the blank form to the comparison workbook\n\n"
	      "usage: canvass COMMAND [OPTION...] [OPERAND...]\n\nCommands:\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, "  %-10s %s\n", cli_commands[i].name, cli_commands[i].summary);
	print_options(out, NULL);
	print_exit_codes(out, NULL);
	fputs("\nHelp for a command: canvass COMMAND --help\nManual pages: canvass(1), canvass-form(5), "
	      "canvass-store(5)\n",
	      out);
}
