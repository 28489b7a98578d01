/* Completion for bash, zsh and fish, from the tables of commands and options.
 *
 * Each script offers the commands, the options of the command, and for the value of an option, by its kind, files,
 * folders, the words of a list, or nothing.  Operands are files; those of explain are codes.
 */
#include <string.h>

#include "cli/option.h"

static bool is_list(cli_kind kind)
{
	return kind >= CLI_CODE;
}

static void put_words(FILE *out, cli_kind kind)
{
	char word[CLI_WORD_ROOM];

	for (size_t i = 0; cli_kind_word(kind, i, word); i++)
		fprintf(out, "%s%s", i ? " " : "", word);
}

/* A text inside single quotes, with a backslash before each of the characters `escaped`.  `quote` is a single quote as the
 * shell writes it there: zsh ends the quotes for it, fish escapes it. */
static void put_quoted(FILE *out, const char *text, const char *escaped, const char *quote)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs(quote, out);
			continue;
		}
		if (strchr(escaped, *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* ---------------------------------------------------------------- bash */

/* Whether several options have the letter, in different commands. */
static bool shares_letter(const cli_option *row)
{
	for (int i = 0; i < cli_option_count; i++)
		if (&cli_option_rows[i] != row && cli_option_rows[i].letter == row->letter)
			return true;
	return false;
}

/* Prints the patterns of "COMMAND OPTION" for options whose value is of the kind; false: none. */
static bool bash_patterns(FILE *out, cli_kind kind)
{
	const char *between = "\t";

	for (int i = 0; i < cli_option_count; i++) {
		const cli_option *row = &cli_option_rows[i];
		if (!row->value || row->kind != kind)
			continue;
		fprintf(out, "%s*' --%s'", between, row->name);
		between = "|";
		if (row->letter && !shares_letter(row))
			fprintf(out, "|*' -%c'", row->letter);
		for (size_t c = 0; row->letter && shares_letter(row) && c < cli_command_count; c++)
			if (cli_option_taken(&cli_commands[c], row))
				fprintf(out, "|'%s -%c'", cli_commands[c].name, row->letter);
	}
	if (*between == '\t')
		return false;
	fputs(")\n", out);
	return true;
}

static void bash_values(FILE *out)
{
	fputs("\tcase \"$command $prev\" in\n", out);
	for (cli_kind kind = CLI_TEXT; kind <= CLI_SHELL; kind++) {
		if (!bash_patterns(out, kind))
			continue;
		if (kind == CLI_FILE || kind == CLI_FOLDER) {
			fprintf(out, "\t\t_canvass_files -%c", kind == CLI_FILE ? 'f' : 'd');
		} else if (is_list(kind)) {
			fputs("\t\t_canvass_words '", out);
			put_words(out, kind);
			fputc('\'', out);
		} else {
			fputs("\t\tCOMPREPLY=()", out);
		}
		fputs("\n\t\treturn ;;\n", out);
	}
	fputs("\tesac\n", out);
}

/* Prints the options whose value is a separate word, to find the command after them. */
static void bash_skipped(FILE *out)
{
	const char *between = "\t\t";

	for (int i = 0; i < cli_option_count; i++) {
		if (!cli_option_rows[i].value)
			continue;
		fprintf(out, "%s--%s", between, cli_option_rows[i].name);
		between = "|";
		if (cli_option_rows[i].letter && !shares_letter(&cli_option_rows[i]))
			fprintf(out, "|-%c", cli_option_rows[i].letter);
	}
	fputs(")\n", out);
}

static void bash_commands(FILE *out, const char *between)
{
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, "%s%s", i ? between : "", cli_commands[i].name);
}

static void bash_options(FILE *out, const cli_command *command)
{
	fprintf(out, "\t%s) options='", command ? command->name : "*");
	for (int i = 0; i < cli_option_count; i++)
		if (command ? cli_option_taken(command, &cli_option_rows[i]) : cli_option_rows[i].everywhere)
			fprintf(out, "--%s ", cli_option_rows[i].name);
	fputs("' ;;\n", out);
}

static void bash_operands(FILE *out)
{
	for (size_t i = 0; i < cli_command_count; i++)
		if (is_list(cli_commands[i].kind)) {
			fprintf(out, "\t%s)\n\t\t_canvass_words '", cli_commands[i].name);
			put_words(out, cli_commands[i].kind);
			fputs("' ;;\n", out);
		}
	fputs("\t'')\n\t\t_canvass_words '", out);
	bash_commands(out, " ");
	fputs("' ;;\n\t*)\n\t\t_canvass_files -f ;;\n", out);
}

static void put_bash(FILE *out)
{
	fputs("# Completion of canvass for bash.\n\n"
	      "_canvass_words() {\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
	      "}\n\n"
	      "_canvass_files() { # -f: files and folders, -d: folders\n"
	      "\tcompopt -o filenames 2>/dev/null\n"
	      "\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
	      "}\n\n"
	      "_canvass() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= options= i\n\n"
	      "\t# --option=value is three words here.\n"
	      "\tif [[ $cur == = ]]; then\n"
	      "\t\tcur=\n"
	      "\telif [[ $prev == = ]]; then\n"
	      "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\tfi\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in\n",
	      out);
	bash_skipped(out);
	fputs("\t\t\t[[ ${COMP_WORDS[i+1]} == = ]] && ((i++))\n\t\t\t((i++)) ;;\n\t\t", out);
	bash_commands(out, "|");
	fputs(")\n\t\t\tcommand=${COMP_WORDS[i]}\n\t\t\tbreak ;;\n\t\tesac\n\tdone\n", out);
	bash_values(out);
	fputs("\tcase $command in\n", out);
	for (size_t i = 0; i < cli_command_count; i++)
		bash_options(out, &cli_commands[i]);
	bash_options(out, NULL);
	fputs("\tesac\n"
	      "\tif [[ $cur == -* ]]; then\n"
	      "\t\t_canvass_words \"$options\"\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tcase $command in\n",
	      out);
	bash_operands(out);
	fputs("\tesac\n}\n\ncomplete -F _canvass canvass\n", out);
}

/* ---------------------------------------------------------------- zsh */

static void zsh_text(FILE *out, const char *text)
{
	put_quoted(out, text, "[]:\\", "'\\''");
}

/* The action after the second colon of a specification. */
static void zsh_action(FILE *out, cli_kind kind)
{
	if (is_list(kind)) {
		fputc('(', out);
		put_words(out, kind);
		fputc(')', out);
	} else {
		fputs(kind == CLI_FILE ? "_files" : kind == CLI_FOLDER ? "_files -/" : " ", out);
	}
}

static void zsh_specification(FILE *out, const cli_option *row, const char *dashes, const char *name, const char *joint)
{
	fputs(" \\\n\t\t\t'", out);
	if (row->letter)
		fprintf(out, "(-%c --%s)", row->letter, row->name);
	fprintf(out, "%s%s%s[", dashes, name, row->value ? joint : "");
	zsh_text(out, row->summary);
	fputc(']', out);
	if (row->value) {
		fputc(':', out);
		zsh_text(out, row->value);
		fputc(':', out);
		zsh_action(out, row->kind);
	}
	fputc('\'', out);
}

static void zsh_option(FILE *out, const cli_option *row)
{
	const char letter[2] = { row->letter, 0 };

	if (row->letter)
		zsh_specification(out, row, "-", letter, "+");
	zsh_specification(out, row, "--", row->name, "=");
}

static void zsh_command(FILE *out, const cli_command *command)
{
	fprintf(out, "\t%s)\n\t\t_arguments -s -S", command->name);
	for (int i = 0; i < cli_option_count; i++)
		if (cli_option_taken(command, &cli_option_rows[i]))
			zsh_option(out, &cli_option_rows[i]);
	fputs(" \\\n\t\t\t'*:", out);
	zsh_text(out, command->operands);
	fputc(':', out);
	zsh_action(out, command->kind);
	fputs("' && found=0 ;;\n", out);
}

static void put_zsh(FILE *out)
{
	fputs("#compdef canvass\n# Completion of canvass for zsh.\n\n"
	      "_canvass() {\n"
	      "\tlocal curcontext=$curcontext state state_descr line found=1\n"
	      "\tlocal -A opt_args\n"
	      "\tlocal -a commands=(\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++) {
		fprintf(out, "\t\t'%s:", cli_commands[i].name);
		zsh_text(out, cli_commands[i].summary);
		fputs("'\n", out);
	}
	fputs("\t)\n\n\t_arguments -C -s -S", out);
	for (int i = 0; i < cli_option_count; i++)
		if (cli_option_rows[i].everywhere)
			zsh_option(out, &cli_option_rows[i]);
	fputs(" \\\n\t\t\t'1:command:->command' \\\n\t\t\t'*::operand:->operands' && return 0\n"
	      "\tif [[ $state == command ]]; then\n"
	      "\t\t_describe -t commands command commands && found=0\n"
	      "\t\treturn found\n"
	      "\tfi\n"
	      "\tcurcontext=\"${curcontext%:*:*}:canvass-$words[1]:\"\n"
	      "\tcase $words[1] in\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		zsh_command(out, &cli_commands[i]);
	fputs("\tesac\n\treturn found\n}\n\n"
	      "# Loaded from a folder of functions, or read by the shell itself.\n"
	      "if [[ $funcstack[1] == _canvass ]]; then\n\t_canvass \"$@\"\nelse\n\tcompdef _canvass canvass\nfi\n",
	      out);
}

/* ---------------------------------------------------------------- fish */

static void fish_text(FILE *out, const char *text)
{
	fputc('\'', out);
	put_quoted(out, text, "\\", "\\'");
	fputc('\'', out);
}

static void fish_words(FILE *out, cli_kind kind)
{
	fputs(" -a '", out);
	put_words(out, kind);
	fputc('\'', out);
}

/* One row is for all commands that have the option. */
static void fish_option(FILE *out, const cli_option *row)
{
	fputs("complete -c canvass", out);
	if (!row->everywhere) {
		fputs(" -n '__fish_seen_subcommand_from", out);
		for (size_t i = 0; i < cli_command_count; i++)
			if (cli_option_taken(&cli_commands[i], row))
				fprintf(out, " %s", cli_commands[i].name);
		fputc('\'', out);
	}
	if (row->letter)
		fprintf(out, " -s %c", row->letter);
	fprintf(out, " -l %s", row->name);
	if (row->value)
		fputs(row->kind == CLI_FILE ? " -r -F" : " -x", out);
	if (row->kind == CLI_FOLDER)
		fputs(" -a '(__fish_complete_directories)'", out);
	if (is_list(row->kind))
		fish_words(out, row->kind);
	fputs(" -d ", out);
	fish_text(out, row->summary);
	fputc('\n', out);
}

static void put_fish(FILE *out)
{
	fputs("# Completion of canvass for fish.\n\n"
	      "complete -c canvass -n __fish_use_subcommand -f\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++) {
		fprintf(out, "complete -c canvass -n __fish_use_subcommand -a %s -d ", cli_commands[i].name);
		fish_text(out, cli_commands[i].summary);
		fputc('\n', out);
	}
	for (size_t i = 0; i < cli_command_count; i++)
		if (is_list(cli_commands[i].kind)) {
			fprintf(out, "complete -c canvass -n '__fish_seen_subcommand_from %s' -f",
				cli_commands[i].name);
			fish_words(out, cli_commands[i].kind);
			fputc('\n', out);
		}
	for (int i = 0; i < cli_option_count; i++)
		fish_option(out, &cli_option_rows[i]);
}

void cli_completion(FILE *out, cnv_str shell)
{
	if (cnv_str_equal(shell, CNV_STR("zsh")))
		put_zsh(out);
	else if (cnv_str_equal(shell, CNV_STR("fish")))
		put_fish(out);
	else
		put_bash(out);
}
