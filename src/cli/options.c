/* Reads the command line, using the tables of options and commands. */
#include <getopt.h>
#include <string.h>

#include "cli/man.h"
#include "cli/option.h"

enum { LONG_BASE = 1000 };

static const cli_command *find_command(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++)
		if (!strcmp(cli_commands[i].name, name))
			return &cli_commands[i];
	return NULL;
}

static cli_exit set_option(cli_options *options, const cli_option *row, const char *value)
{
	cnv_str text = cnv_str_from(value);
	char *at = (char *)options + row->at;

	if (value && !text.len)
		return cli_usage(options, "--%s needs a value", row->name);
	if (row->read)
		return row->read(options, text);
	if (row->value)
		memcpy(at, &text, sizeof text);
	else
		*(bool *)at = true;
	return CLI_DONE;
}

/* The command, before the options are read: two commands may use one letter for different options.  An option's value
 * that is also the name of a command is taken for it; only the meaning of a letter depends on this. */
static const cli_command *command_ahead(int argc, char **argv)
{
	const cli_command *command = NULL;

	for (int i = 1; i < argc && !command; i++)
		command = find_command(argv[i]);
	return command;
}

/* Whether the option's letter is valid for this command.  A letter that the command does not use belongs to its first
 * row. */
static bool has_letter(int option, const cli_command *command)
{
	bool claimed = command && cli_option_taken(command, &cli_option_rows[option]);

	for (int i = 0; i < cli_option_count; i++)
		if (i != option && cli_option_rows[i].letter == cli_option_rows[option].letter &&
		    ((command && cli_option_taken(command, &cli_option_rows[i])) || (i < option && !claimed)))
			return false;
	return cli_option_rows[option].letter != 0;
}

/* Builds the tables of getopt_long from ours. */
static void getopt_tables(struct option *longs, char *shorts, const cli_command *command)
{
	char *at = shorts;

	*at++ = ':';
	for (int i = 0; i < cli_option_count; i++) {
		const cli_option *row = &cli_option_rows[i];
		longs[i] =
			(struct option){ row->name, row->value ? required_argument : no_argument, NULL, LONG_BASE + i };
		if (has_letter(i, command)) {
			*at++ = row->letter;
			if (row->value)
				*at++ = ':';
		}
	}
	longs[cli_option_count] = (struct option){ NULL, 0, NULL, 0 };
	*at = 0;
}

static int option_of(int found, const cli_command *command)
{
	if (found >= LONG_BASE)
		return found - LONG_BASE;
	for (int i = 0; i < cli_option_count; i++)
		if (cli_option_rows[i].letter == found && has_letter(i, command))
			return i;
	return cli_option_count;
}

/* getopt_long accepts abbreviated names; a script that uses one would break when an option is added. */
static bool is_whole_name(char **argv, int id)
{
	const char *word = argv[optind - 1];
	size_t len = strlen(cli_option_rows[id].name);

	/* The value may be a separate word. */
	if (optarg == word)
		word = argv[optind - 2];
	return !strncmp(word, "--", 2) && !strncmp(word + 2, cli_option_rows[id].name, len) &&
	       (!word[2 + len] || word[2 + len] == '=');
}

static cli_exit unknown_option(const char *word)
{
	cnv_str name = cnv_str_from(word);
	cnv_nearest nearest;

	name.len = cnv_str_find(name, CNV_STR("=")) < name.len ? cnv_str_find(name, CNV_STR("=")) : name.len;
	if (!cnv_str_starts(name, CNV_STR("--")))
		return cli_usage(NULL, "unknown option \"%s\"", word);
	cnv_nearest_init(&nearest, cnv_str_slice(name, 2, name.len));
	for (int i = 0; i < cli_option_count; i++)
		cnv_nearest_offer(&nearest, cnv_str_from(cli_option_rows[i].name));
	if (!nearest.best.len)
		return cli_usage(NULL, "unknown option \"%.*s\"", CNV_ARG(name));
	return cli_usage(NULL, "unknown option \"%.*s\"; did you mean \"--%.*s\"?", CNV_ARG(name),
			 CNV_ARG(nearest.best));
}

static cli_exit read_operands(cli_options *options, int argc, char **argv, int from)
{
	const cli_command *command;

	if (from >= argc)
		return CLI_DONE;
	if (options->man && (options->page = cli_page_find(argv[from])) != NULL)
		return CLI_DONE;
	command = find_command(argv[from]);
	if (!command) {
		cnv_nearest nearest;
		cnv_nearest_init(&nearest, cnv_str_from(argv[from]));
		for (size_t i = 0; i < cli_command_count; i++)
			cnv_nearest_offer(&nearest, cnv_str_from(cli_commands[i].name));
		if (nearest.best.len)
			return cli_usage(NULL, "unknown command \"%s\"; did you mean \"%.*s\"?", argv[from],
					 CNV_ARG(nearest.best));
		return cli_usage(NULL, "unknown command \"%s\"", argv[from]);
	}
	options->command = command;
	options->operand_count = (uint32_t)(argc - from - 1);
	options->operands = cnv_mem_array(options->operand_count + 1u, sizeof *options->operands);
	if (!options->operands)
		return cli_out_of_memory();
	for (uint32_t i = 0; i < options->operand_count; i++)
		options->operands[i] = cnv_str_from(argv[from + 1 + (int)i]);
	return CLI_DONE;
}

cli_exit cli_options_read(cli_options *options, int argc, char **argv)
{
	struct option longs[CLI_MOST_OPTIONS + 1];
	char shorts[2 * CLI_MOST_OPTIONS + 2];
	bool given[CLI_MOST_OPTIONS] = { false };
	const cli_command *ahead = command_ahead(argc, argv);
	cli_exit code;
	int found, index = 0;

	*options = (cli_options){ .seed = 1 };
	getopt_tables(longs, shorts, ahead);
	opterr = 0;
	while ((found = getopt_long(argc, argv, shorts, longs, &index)) != -1) {
		int id;
		if (found == '?' && optopt >= LONG_BASE)
			return cli_usage(NULL, "--%s takes no value", cli_option_rows[optopt - LONG_BASE].name);
		if (found == '?')
			return optopt ? cli_usage(NULL, "unknown option \"-%c\"", optopt)
				      : unknown_option(argv[optind - 1]);
		if (found == ':')
			return cli_usage(NULL, "%s needs a value", argv[optind - 1]);
		id = option_of(found, ahead);
		if (found >= LONG_BASE && !is_whole_name(argv, id))
			return unknown_option(optarg && optarg == argv[optind - 1] ? argv[optind - 2]
										   : argv[optind - 1]);
		given[id] = true;
		if ((code = set_option(options, &cli_option_rows[id], optarg)) != CLI_DONE)
			return code;
	}
	if ((code = read_operands(options, argc, argv, optind)) != CLI_DONE || options->help || options->version ||
	    options->man || options->completion.len)
		return code;
	if (!options->command) {
		cli_help(stderr, NULL);
		return CLI_USAGE;
	}
	for (int i = 0; i < cli_option_count; i++)
		if (given[i] && !cli_option_taken(options->command, &cli_option_rows[i]))
			return cli_usage(options, "%s has no option --%s", options->command->name,
					 cli_option_rows[i].name);
	if (options->operand_count > options->command->most)
		return cli_usage(options, "unexpected \"%.*s\": usage: canvass %s %s",
				 CNV_ARG(options->operands[options->command->most]), options->command->name,
				 options->command->operands);
	if (options->operand_count < options->command->least)
		return cli_usage(options, "usage: canvass %s %s", options->command->name, options->command->operands);
	if (options->json && options->jsonl)
		return cli_usage(options, "--json and --jsonl cannot be combined");
	if (options->keep_blank && options->replace)
		return cli_usage(options, "--keep-blank and --replace cannot be combined");
	return cli_now(options);
}

void cli_options_fini(cli_options *options)
{
	cnv_mem_free(options->operands);
	options->operands = NULL;
}
