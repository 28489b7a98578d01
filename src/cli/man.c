/* The manual pages of canvass and of its commands, from the tables of commands and options. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/man.h"
#include "cli/mdoc.h"
#include "cli/option.h"

static const cli_page pages[] = { { "form", man_form }, { "store", man_store } };

const cli_page *cli_page_find(const char *name)
{
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (!strcmp(pages[i].name, name))
			return &pages[i];
	return NULL;
}

/* "[FORM] EXPRESSION": a macro for each operand. */
static void put_operands(FILE *out, const char *operands)
{
	while (*operands) {
		size_t len = strcspn(operands, " ");
		bool optional = *operands == '[';
		const char *name = operands + optional;
		size_t name_len = len - 2u * optional;
		bool several = name_len > 3 && !strncmp(name + name_len - 3, "...", 3);

		fprintf(out, "%s%.*s%s\n", optional ? ".Op Ar " : ".Ar ", (int)(several ? name_len - 3 : name_len),
			name, several ? " ..." : "");
		operands += len;
		operands += *operands == ' ';
	}
}

/* ---------------------------------------------------------------- sections */

static void put_option(FILE *out, const cli_option *row)
{
	fputs(".It ", out);
	if (row->letter)
		fprintf(out, "Fl %c , ", row->letter);
	fputs("Fl ", out);
	fputs("\\-", out);
	mdoc_escaped(out, cnv_str_from(row->name), false);
	fprintf(out, "%s%s\n", row->value ? " Ar " : "", row->value ? row->value : "");
	mdoc_text(out, row->summary);
}

/* command NULL: the options that every command has. */
static void put_options(FILE *out, const cli_command *command)
{
	fputs(".Sh OPTIONS\nOptions may be before or after the operands.\n", out);
	for (cli_group group = 0; group < CLI_GROUPS; group++) {
		bool any = false;
		for (int i = 0; i < cli_option_count; i++) {
			const cli_option *row = &cli_option_rows[i];
			if (row->group != group || (command ? !cli_option_taken(command, row) : !row->everywhere))
				continue;
			if (!any)
				fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n", cli_group_names[group]);
			any = true;
			put_option(out, row);
		}
		if (any)
			fputs(".El\n", out);
	}
}

static void put_exit_status(FILE *out, const cli_command *command)
{
	const char *meaning;
	int code;

	fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds\n", out);
	for (size_t i = 0; (meaning = cli_exit_meaning(command, i, &code)) != NULL; i++)
		fprintf(out, ".It %d\n%c%s.\n", code, toupper((unsigned char)meaning[0]), meaning + 1);
	fputs(".El\n", out);
}

static void put_examples(FILE *out, const cli_command *command)
{
	fputs(".Bd -literal -offset indent\n", out);
	for (size_t i = 0; i < CLI_EXAMPLES && command->examples[i]; i++) {
		mdoc_escaped(out, cnv_str_from(command->examples[i]), true);
		fputc('\n', out);
	}
	fputs(".Ed\n", out);
}

/* ---------------------------------------------------------------- pages */

static void man_command(FILE *out, const cli_command *command)
{
	char name[32], title[32];

	snprintf(name, sizeof name, "canvass-%s", command->name);
	for (size_t i = 0; i <= strlen(name); i++)
		title[i] = (char)toupper((unsigned char)name[i]);
	mdoc_begin(out, title, 1, name, command->summary);
	fprintf(out, ".Sh SYNOPSIS\n.Nm \"canvass %s\"\n.Op Ar option ...\n", command->name);
	put_operands(out, command->operands);
	fputs(".Sh DESCRIPTION\n", out);
	mdoc_text(out, command->story);
	put_options(out, command);
	put_exit_status(out, command);
	fputs(".Sh EXAMPLES\n", out);
	put_examples(out, command);
	fputs(".Sh SEE ALSO\n.Xr canvass 1 ,\n.Xr canvass-form 5 ,\n.Xr canvass-store 5\n", out);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const cli_command *const *)a)->name, (*(const cli_command *const *)b)->name);
}

static void put_see_also(FILE *out)
{
	const cli_command *sorted[32];
	size_t count = cli_command_count < 32 ? cli_command_count : 32;

	for (size_t i = 0; i < count; i++)
		sorted[i] = &cli_commands[i];
	qsort(sorted, count, sizeof *sorted, by_name);
	fputs(".Sh SEE ALSO\n", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, ".Xr canvass-%s 1 ,\n", sorted[i]->name);
	fputs(".Xr canvass-form 5 ,\n.Xr canvass-store 5\n", out);
}

static void man_canvass(FILE *out)
{
	mdoc_begin(out, "CANVASS", 1, "canvass", "run a questionnaire from the blank form to the comparison workbook");
	fputs(".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar option ...\n.Op Ar operand ...\n.Sh DESCRIPTION\n", out);
	mdoc_text(out, "A form is an XLSForm: a questionnaire written in a spreadsheet. canvass checks the form, writes"
		       " a questionnaire for each respondent, imports what they return, checks every answer against the"
		       " form's own rules, stores it with the original files, and writes all responses next to each"
		       " other into an XLSX workbook. No server and no network are needed.");
	fputs(".Sh COMMANDS\n.Bl -tag -width distribute\n", out);
	for (size_t i = 0; i < cli_command_count; i++) {
		fprintf(out, ".It Ic %s\n%c%s.\nSee\n.Xr canvass-%s 1 .\n", cli_commands[i].name,
			toupper((unsigned char)cli_commands[i].summary[0]), cli_commands[i].summary + 1,
			cli_commands[i].name);
	}
	fputs(".El\n", out);
	put_options(out, NULL);
	fputs(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
	      ".It Ev CANVASS_PATIENCE\nSeconds to wait for another process that uses the store (default 60).\n"
	      ".It Ev SOURCE_DATE_EPOCH\nThe current time, in seconds since 1970, unless\n.Fl \\-now\nis given.\n"
	      ".It Ev TMPDIR\nThe folder for temporary files (default\n.Pa /tmp ) .\n"
	      ".It Ev NO_COLOR , CLICOLOR , CLICOLOR_FORCE , TERM\nWhether colour is used on a terminal.\n.El\n"
	      ".Sh FILES\n.Bl -tag -width Ds\n"
	      ".It Pa responses/<form_id>.db\nThe store, unless it is on a PostgreSQL server; see\n.Xr canvass-store 5 "
	      ".\n"
	      ".It Pa responses/<form_id>.db.files/\nOriginal files over 16 MiB; copy and move it together with the "
	      "store.\n"
	      ".It Pa reports/<form_id>.xlsx\nThe comparison workbook.\n"
	      ".It Pa roster.csv\nThe list of respondents, next to the form.\n.El\n",
	      out);
	put_exit_status(out, NULL);
	fputs("A reader that stops early, as in\n.Ql canvass explain | head ,\nis not an error.\n.Sh EXAMPLES\n", out);
	mdoc_text(out, "The main job, from the form to the workbook:");
	fputs(".Bd -literal -offset indent\n"
	      "canvass check forms/seafarers\\-id.csv\n"
	      "canvass import forms/seafarers\\-id.csv responses/published/*.csv\n"
	      "canvass status forms/seafarers\\-id.csv\n"
	      "canvass report forms/seafarers\\-id.csv\n.Ed\n",
	      out);
	put_see_also(out);
}

void cli_man(FILE *out, const cli_command *command)
{
	if (command)
		man_command(out, command);
	else
		man_canvass(out);
}
