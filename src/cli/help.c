/* --help and the man page, from the tables of commands and options. */
#include <string.h>

#include "option.h"

enum { SUMMARIES = 27 }; /* column */

static void print_option(FILE *out, const cli_option *row)
{
	char left[48];

	if (row->letter)
		snprintf(left, sizeof left, "-%c, --%s%s%s", row->letter, row->name, row->value ? " " : "",
		         row->value ? row->value : "");
	else
		snprintf(left, sizeof left, "    --%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
	fprintf(out, "  %-*s ", SUMMARIES - 3, left);
	cli_put_wrapped(out, row->summary, SUMMARIES);
}

/* Asked of canvass, and of no command: all that every command takes but --help. */
static bool is_of_canvass(const cli_option *row)
{
	return row->everywhere && strcmp(row->name, "help") != 0;
}

void cli_help(FILE *out, const cli_command *command)
{
	if (command) {
		fprintf(out, "usage: canvass %s [OPTION...] %s\n\n", command->name, command->operands);
		cli_put_wrapped(out, command->story, 0);
		fputs("\noptions:\n", out);
		for (int i = 0; i < cli_option_count; i++)
			if (cli_option_taken(command, &cli_option_rows[i]) && !is_of_canvass(&cli_option_rows[i]))
				print_option(out, &cli_option_rows[i]);
		fprintf(out, "\nexample:\n  %s\n", command->example);
		return;
	}
	fputs("canvass runs a questionnaire from the blank form to the comparison workbook.\n\n"
	      "usage: canvass COMMAND [OPTION...] [OPERAND...]\n\ncommands:\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, "  %-10s %s\n", cli_commands[i].name, cli_commands[i].summary);
	fputs("\noptions of canvass itself:\n", out);
	for (int i = 0; i < cli_option_count; i++)
		if (cli_option_rows[i].everywhere)
			print_option(out, &cli_option_rows[i]);
	fputs("\nHelp on a command: canvass COMMAND --help\n", out);
}

/* mdoc(7) wants every sentence on a line of its own. */
static void man_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == ' ' && (text[-1] == '.' || text[-1] == ';'))
			fputc('\n', out);
		else if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
	fputc('\n', out);
}

void cli_man(FILE *out)
{
	fputs(".Dd November 22, 2026\n.Dt CANVASS 1\n.Os\n.Sh NAME\n.Nm canvass\n"
	      ".Nd run a questionnaire from the blank form to the comparison workbook\n.Sh SYNOPSIS\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, ".Nm\n.Ic %s\n.Op Ar option ...\n.Ar %s\n", cli_commands[i].name, cli_commands[i].operands);
	fputs(".Sh DESCRIPTION\nA form, written once as an XLSForm, is checked; returned files are judged by its own "
	      "rules, kept, and laid side by side in a workbook.\nNo server and no network are needed.\n"
	      ".Sh COMMANDS\n.Bl -tag -width Ds\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++) {
		fprintf(out, ".It Ic %s Ar %s\n", cli_commands[i].name, cli_commands[i].operands);
		man_text(out, cli_commands[i].story);
	}
	fputs(".El\n.Sh OPTIONS\nOptions may come before or after the operands.\n.Bl -tag -width Ds\n", out);
	for (int i = 0; i < cli_option_count; i++) {
		const cli_option *row = &cli_option_rows[i];
		fputs(".It ", out);
		if (row->letter)
			fprintf(out, "Fl %c , ", row->letter);
		fprintf(out, "Fl \\-%s%s%s\n", row->name, row->value ? " Ar " : "", row->value ? row->value : "");
		man_text(out, row->summary);
	}
	fputs(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
	      ".It Ev SOURCE_DATE_EPOCH\nThe current time, in seconds since 1970, if\n.Fl \\-now\nis not given.\n"
	      ".It Ev CANVASS_PATIENCE\nHow many seconds to wait for another process that uses the store (default 60).\n"
	      ".It Ev NO_COLOR , CLICOLOR , TERM\nWhether colour is used on a terminal.\n.El\n"
	      ".Sh EXIT STATUS\n.Bl -tag -width Ds\n"
	      ".It 0\nDone, no errors found.\n"
	      ".It 1\nDone, and what was judged has errors.\n"
	      ".It 2\nCannot start: wrong usage, or a form that cannot be used.\n"
	      ".It 3\nA file, disk or database failed, or memory ran out.\n"
	      ".It 130\nInterrupted.\n.El\n"
	      "A reader that stops early, as in\n.Ql canvass explain | head ,\nis not an error.\n"
	      ".Sh EXAMPLES\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, ".Dl %s\n", cli_commands[i].example);
}
