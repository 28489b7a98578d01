/* Options: one table that parsing, --help, the man page and completion all read. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"

typedef enum option_id {
	OPTION_STORE,
	OPTION_ROSTER,
	OPTION_ROUND,
	OPTION_NOW,
	OPTION_LANGUAGE,
	OPTION_RESPONDENT,
	OPTION_ENCODING,
	OPTION_DELIMITER,
	OPTION_OUTPUT,
	OPTION_FORCE,
	OPTION_DRY_RUN,
	OPTION_JSON,
	OPTION_JSONL,
	OPTION_STRICT,
	OPTION_SET,
	OPTION_ANSWERS,
	OPTION_AT,
	OPTION_AS,
	OPTION_AGAINST,
	OPTION_COUNT,
	OPTION_SEED,
	OPTION_BROKEN,
	OPTION_WAS,
	OPTION_MAP,
	OPTION_KEEP_BLANK,
	OPTION_REPLACE,
	OPTION_DUE,
	OPTION_REASON,
	OPTION_SENT,
	OPTION_ACKNOWLEDGED,
	OPTION_EXTENDED,
	OPTION_DECLINED,
	OPTION_REMIND,
	OPTION_EML,
	OPTION_PACKS,
	OPTION_ALL,
	OPTION_WAIVE,
	OPTION_REOPEN,
	OPTION_LETTERS,
	OPTION_TEMPLATE,
	OPTION_PREFILL,
	OPTION_ANNOTATE,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_MAN,
	OPTION_COMPLETION,
	OPTIONS
} option_id;

typedef struct option_row {
	const char *name;
	char letter; /* 0: none */
	const char *value; /* NULL: takes none */
	const char *summary;
	bool everywhere; /* taken by every command */
} option_row;

static const option_row option_rows[] = {
	[OPTION_STORE] = { "store", 0, "FILE", "the database (default responses/<form_id>.db)", false },
	[OPTION_ROSTER] = { "roster", 0, "FILE", "who is asked (default: as last given, else roster.csv beside the form)",
	                    false },
	[OPTION_ROUND] = { "round", 0, "LABEL", "the round (default: the current one, else the form's, else the year)",
	                   false },
	[OPTION_NOW] = { "now", 0, "INSTANT", "the time to work at, ISO 8601 with offset (default: the clock)", false },
	[OPTION_LANGUAGE] = { "language", 0, "NAME", "language of the form's texts (default: the form's)", false },
	[OPTION_RESPONDENT] = { "respondent", 0, "CODE", "only this respondent; of an import, whose answers they are, where the file does "
	                                            "not say", false },
	[OPTION_ENCODING] = { "encoding", 0, "NAME", "the encoding of files that do not say it, such as windows-1252", false },
	[OPTION_DELIMITER] = { "delimiter", 0, "CHAR", "what parts their cells: comma, semicolon, tab, pipe or a character",
	                       false },
	[OPTION_OUTPUT] = { "output", 'o', "PATH", "where to write: of report the workbook, else the folder", false },
	[OPTION_FORCE] = { "force", 'f', NULL, "replace an output that exists", false },
	[OPTION_DRY_RUN] = { "dry-run", 'n', NULL, "rehearse: judge everything, store nothing", false },
	[OPTION_JSON] = { "json", 0, NULL, "one JSON object on standard output", false },
	[OPTION_JSONL] = { "jsonl", 0, NULL, "one JSON object a line on standard output", false },
	[OPTION_STRICT] = { "strict", 0, NULL,
	                    "count warnings as errors; an import then reads only what stands as the form writes it",
	                    false },
	[OPTION_SET] = { "set", 0, "NAME=VALUE", "the answer to a question; may be given again", false },
	[OPTION_ANSWERS] = { "answers", 0, "FILE", "answers from a CSV in the long layout", false },
	[OPTION_AT] = { "at", 0, "NAME", "the question that . stands for", false },
	[OPTION_AS] = { "as", 0, "TYPE", "convert the result: number, string or boolean", false },
	[OPTION_AGAINST] = { "against", 0, "STORE", "the database whose answers are judged by the second form", false },
	[OPTION_COUNT] = { "count", 'n', "COUNT", "how many (default: one for each respondent of the roster, else 10)",
	                    false },
	[OPTION_SEED] = { "seed", 0, "NUMBER", "chance begins here: the same number gives the same answers (default 1)",
	                  false },
	[OPTION_BROKEN] = { "broken", 0, NULL, "spoil most of them as real returns are, and list how beside the folder",
	                    false },
	[OPTION_WAS] = { "was", 0, "FORM", "the older form that the files were made for, where the store does not know it",
	                    false },
	[OPTION_MAP] = { "map", 0, "FILE", "which column is which question: a CSV of column,question (default: as last given; none: no map)",
	                 false },
	[OPTION_KEEP_BLANK] = { "keep-blank", 0, NULL, "where a return is blank, the respondent's earlier answer stands",
	                    false },
	[OPTION_REPLACE] = { "replace", 0, NULL, "blanks take the place of earlier answers without a warning", false },
	[OPTION_DUE] = { "due", 0, "DATE", "the day by which answers are asked for, YYYY-MM-DD", false },
	[OPTION_REASON] = { "reason", 0, "TEXT", "why, in a few words", false },
	[OPTION_SENT] = { "sent", 0, "CODE", "the questionnaire went out to this respondent; \"all\" for the whole roster",
	                    false },
	[OPTION_ACKNOWLEDGED] = { "acknowledged", 0, "CODE", "this respondent has confirmed that it arrived", false },
	[OPTION_EXTENDED] = { "extended", 0, "CODE", "this respondent has until --due DATE; --reason says why", false },
	[OPTION_DECLINED] = { "declined", 0, "CODE", "this respondent will not answer; --reason says why", false },
	[OPTION_REMIND] = { "remind", 0, "DIR", "write a reminder for each respondent who is silent", false },
	[OPTION_EML] = { "eml", 0, NULL, "write mail drafts with the pack attached (of status: where --packs has it); nothing is sent",
	                    false },
	[OPTION_PACKS] = { "packs", 0, "DIR", "where distribute put the packs", false },
	[OPTION_ALL] = { "all", 0, NULL, "those waived and closed too", false },
	[OPTION_WAIVE] = { "waive", 0, "ID", "let a finding stand, for a reason (--reason)", false },
	[OPTION_REOPEN] = { "reopen", 0, "ID", "ask again what was waived or answered", false },
	[OPTION_LETTERS] = { "letters", 0, "DIR", "write a letter of open questions to each respondent into this folder",
	                    false },
	[OPTION_TEMPLATE] = { "template", 0, "FILE", "the covering text, with fields such as {name}, {round}, {due}, {files}",
	                      false },
	[OPTION_PREFILL] = { "prefill", 0, "ROUND", "fill in the answers of this round beforehand; last: each respondent's latest", false },
	[OPTION_ANNOTATE] = { "annotate", 0, "DIR", "write what is to be corrected into this folder, as workbooks to be sent back",
	                      false },
	[OPTION_HELP] = { "help", 'h', NULL, "say how it is used", true },
	[OPTION_VERSION] = { "version", 'V', NULL, "print the version", true },
	[OPTION_MAN] = { "man", 0, NULL, "print the manual page", true },
	[OPTION_COMPLETION] = { "completion", 0, NULL, "print completion for bash", true },
};
_Static_assert(sizeof option_rows / sizeof *option_rows == OPTIONS, "a row for each option");

enum { LONG_BASE = 1000 };
enum { REASON = 1000 }; /* bytes: it stands in a cell of the workbook */
enum { ROUND_LABEL = 64 }; /* bytes: it stands in titles and in every footer */

cli_exit cli_exit_for(cnv_status status)
{
	switch (status) {
	case CNV_OK:
		return CLI_DONE;
	case CNV_REJECTED:
		return CLI_ERRORS;
	case CNV_NO_MEMORY:
	case CNV_NO_ACCESS:
		return CLI_ACCESS;
	case CNV_STOPPED:
		return CLI_STOPPED;
	}
	return CLI_ACCESS;
}

cli_exit cli_worse(cli_exit a, cli_exit b) { return a > b ? a : b; }

cli_exit cli_usage(const cli_options *options, const char *format, ...)
{
	cnv_text said = { 0 };
	va_list list;

	va_start(list, format);
	cnv_text_vformat(&said, format, list);
	va_end(list);
	fputs("canvass: ", stderr);
	cli_put(stderr, cnv_text_str(&said), false);
	if (options && options->command)
		fprintf(stderr, "\n  see: canvass %s --help\n", options->command->name);
	else
		fputs("\n  see: canvass --help\n", stderr);
	cnv_text_fini(&said);
	return CLI_USAGE;
}

/* Is `name` one of the space-ended words of a command's option list? */
static bool takes(const cli_command *command, const option_row *row)
{
	size_t len = strlen(row->name);

	if (row->everywhere)
		return true;
	for (const char *at = command->options; (at = strstr(at, row->name)) != NULL; at += len)
		if ((at == command->options || at[-1] == ' ') && at[len] == ' ')
			return true;
	return false;
}

static const cli_command *find_command(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++)
		if (!strcmp(cli_commands[i].name, name))
			return &cli_commands[i];
	return NULL;
}

/* The offset of local time at `now`, seconds east: the one thing asked of the local zone. */
static int32_t local_offset(time_t now)
{
	struct tm local, utc;
	int64_t seconds;

	if (!localtime_r(&now, &local) || !gmtime_r(&now, &utc))
		return 0;
	seconds = (int64_t)(local.tm_hour - utc.tm_hour) * 3600 + (int64_t)(local.tm_min - utc.tm_min) * 60 +
	          (local.tm_sec - utc.tm_sec);
	if (local.tm_year != utc.tm_year)
		seconds += local.tm_year > utc.tm_year ? 86400 : -86400;
	else if (local.tm_yday != utc.tm_yday)
		seconds += local.tm_yday > utc.tm_yday ? 86400 : -86400;
	return (int32_t)seconds;
}

static cli_exit read_now(cli_options *options, const char *given)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t seconds;

	if (given) {
		cnv_str text = cnv_str_from(given);
		/* Without an offset an instant would mean different things in different places. */
		const char *offset = text.len > 6 ? text.at + text.len - 6 : "";
		bool zoned = cnv_str_ends(text, CNV_STR("Z")) || ((*offset == '+' || *offset == '-') && offset[3] == ':');
		if (!zoned || !cnv_instant_read(text, 0, &options->now))
			return cli_usage(options, "--now: \"%s\" is not an instant with an offset, such as 2026-12-01T00:00:00Z", given);
		return CLI_DONE;
	}
	if (epoch && *epoch) {
		if (!cnv_integer_read(cnv_str_from(epoch), &seconds) || seconds < 0 || seconds > INT64_C(253402300799))
			return cli_usage(options, "SOURCE_DATE_EPOCH: \"%s\" is not a number of seconds", epoch);
		options->now.utc_ms = seconds * 1000;
		options->now.utc_offset = 0;
		return CLI_DONE;
	}
	time_t clock = time(NULL);
	options->now.utc_ms = (int64_t)clock * 1000;
	options->now.utc_offset = local_offset(clock);
	return CLI_DONE;
}

static cli_exit unknown_encoding(const cli_options *options, const char *given)
{
	cnv_text names = { 0 };
	cli_exit code;

	for (size_t i = 0; cnv_encoding_at(i); i++)
		cnv_text_format(&names, "%s%.*s", i ? ", " : "", CNV_ARG(cnv_encoding_name(cnv_encoding_at(i))));
	code = cli_usage(options, "--encoding: \"%s\" is not known; there are %.*s", given, CNV_ARG(cnv_text_str(&names)));
	cnv_text_fini(&names);
	return code;
}

static cli_exit take(cli_options *options, option_id id, const char *value, const char **now)
{
	cnv_str text = cnv_str_from(value);
	int64_t number;
	size_t equals;

	if (value && !text.len)
		return cli_usage(options, "--%s needs a value", option_rows[id].name);
	switch (id) {
	case OPTION_STORE:
		options->store = text;
		break;
	case OPTION_ROSTER:
		options->roster = text;
		break;
	case OPTION_ROUND:
		if (text.len > ROUND_LABEL || cnv_utf8_check(text) < text.len)
			return cli_usage(options, "--round: a label has at most %d bytes, in UTF-8", ROUND_LABEL);
		options->round = text;
		break;
	case OPTION_NOW:
		*now = value;
		break;
	case OPTION_LANGUAGE:
		options->language = text;
		break;
	case OPTION_RESPONDENT:
		options->respondent = text;
		break;
	case OPTION_ENCODING:
		options->encoding = cnv_encoding_find(text);
		if (!options->encoding)
			return unknown_encoding(options, value);
		break;
	case OPTION_DELIMITER:
		options->delimiter = cnv_delimiter_find(text);
		if (!options->delimiter)
			return cli_usage(options, "--delimiter: \"%s\" is not comma, semicolon, tab, pipe, or a sign", value);
		break;
	case OPTION_OUTPUT:
		options->output = text;
		break;
	case OPTION_FORCE:
		options->force = true;
		break;
	case OPTION_DRY_RUN:
		options->rehearse = true;
		break;
	case OPTION_JSON:
		options->json = true;
		break;
	case OPTION_JSONL:
		options->jsonl = true;
		break;
	case OPTION_STRICT:
		options->strict = true;
		break;
	case OPTION_SET:
		equals = cnv_str_find(text, CNV_STR("="));
		if (equals == SIZE_MAX || !equals)
			return cli_usage(options, "--set: \"%s\" is not NAME=VALUE", value);
		if (options->set_count == CLI_SETS)
			return cli_usage(options, "--set: more than %u values; put them in a file (--answers)", CLI_SETS);
		options->sets[options->set_count++] = (cli_set){ cnv_str_slice(text, 0, equals),
			                                         cnv_str_slice(text, equals + 1, text.len) };
		break;
	case OPTION_ANSWERS:
		options->answers = text;
		break;
	case OPTION_AT:
		options->at = text;
		break;
	case OPTION_AS:
		if (!cnv_str_equal(text, CNV_STR("number")) && !cnv_str_equal(text, CNV_STR("string")) &&
		    !cnv_str_equal(text, CNV_STR("boolean")))
			return cli_usage(options, "--as: \"%s\" is not number, string or boolean", value);
		options->as = text;
		break;
	case OPTION_AGAINST:
		options->against = text;
		break;
	case OPTION_DUE:
		if (!cnv_day_read(text, &options->due))
			return cli_usage(options, "--due: \"%s\" is not a date such as 2026-12-31", value);
		options->has_due = true;
		break;
	case OPTION_REASON:
		options->reason = cnv_str_trim_unicode(text);
		if (!options->reason.len || text.len > REASON || cnv_utf8_check(text) < text.len)
			return cli_usage(options, "--reason: a few words, at most %d bytes, in UTF-8", REASON);
		break;
	case OPTION_SENT:
		options->sent = text;
		break;
	case OPTION_ACKNOWLEDGED:
		options->acknowledged = text;
		break;
	case OPTION_EXTENDED:
		options->extended = text;
		break;
	case OPTION_DECLINED:
		options->declined = text;
		break;
	case OPTION_REMIND:
		options->remind = text;
		break;
	case OPTION_EML:
		options->mail = true;
		break;
	case OPTION_PACKS:
		options->packs = text;
		break;
	case OPTION_COUNT:
		if (!cnv_integer_read(text, &number) || number < 1 || number > UINT32_MAX)
			return cli_usage(options, "--count: \"%s\" is not a whole number from 1", value);
		options->count = (uint32_t)number;
		break;
	case OPTION_SEED:
		if (!cnv_integer_read(text, &number) || number < 0)
			return cli_usage(options, "--seed: \"%s\" is not a whole number from 0", value);
		options->seed = (uint64_t)number;
		break;
	case OPTION_BROKEN:
		options->broken = true;
		break;
	case OPTION_WAS:
		options->was = text;
		break;
	case OPTION_MAP:
		options->map = text;
		break;
	case OPTION_KEEP_BLANK:
		options->keep_blank = true;
		break;
	case OPTION_REPLACE:
		options->replace = true;
		break;
	case OPTION_ALL:
		options->all = true;
		break;
	case OPTION_WAIVE:
		options->waive = text;
		break;
	case OPTION_REOPEN:
		options->reopen = text;
		break;
	case OPTION_LETTERS:
		options->letters = text;
		break;
	case OPTION_TEMPLATE:
		options->template = text;
		break;
	case OPTION_PREFILL:
		options->prefill = text;
		break;
	case OPTION_ANNOTATE:
		options->annotate = text;
		break;
	case OPTION_HELP:
		options->help = true;
		break;
	case OPTION_VERSION:
		options->version = true;
		break;
	case OPTION_MAN:
		cli_man(stdout);
		exit(CLI_DONE);
	case OPTION_COMPLETION:
		cli_completion(stdout);
		exit(CLI_DONE);
	case OPTIONS:
		break;
	}
	return CLI_DONE;
}

/* The command that the arguments name, as far as that can be said before the options are read: two commands may use one
 * letter for different options. */
static const cli_command *command_ahead(int argc, char **argv)
{
	const cli_command *command = NULL;

	for (int i = 1; i < argc && !command; i++)
		command = find_command(argv[i]);
	return command;
}

/* Does an option's letter mean it under this command?  The first row of a letter has it where no command claims it. */
static bool has_letter(int option, const cli_command *command)
{
	bool claimed = command && takes(command, &option_rows[option]);

	for (int i = 0; i < OPTIONS; i++)
		if (i != option && option_rows[i].letter == option_rows[option].letter &&
		    ((command && takes(command, &option_rows[i])) || (i < option && !claimed)))
			return false;
	return option_rows[option].letter != 0;
}

/* The tables getopt_long wants, made from ours. */
static void getopt_tables(struct option *longs, char *shorts, const cli_command *command)
{
	char *at = shorts;

	*at++ = ':';
	for (int i = 0; i < OPTIONS; i++) {
		const option_row *row = &option_rows[i];
		longs[i] = (struct option){ row->name, row->value ? required_argument : no_argument, NULL, LONG_BASE + i };
		if (has_letter(i, command)) {
			*at++ = row->letter;
			if (row->value)
				*at++ = ':';
		}
	}
	longs[OPTIONS] = (struct option){ NULL, 0, NULL, 0 };
	*at = 0;
}

static option_id option_of(int found, const cli_command *command)
{
	if (found >= LONG_BASE)
		return (option_id)(found - LONG_BASE);
	for (int i = 0; i < OPTIONS; i++)
		if (option_rows[i].letter == found && has_letter(i, command))
			return (option_id)i;
	return OPTIONS;
}

/* getopt_long takes any beginning of a name for the name: a script would then break when an option is added. */
static bool is_whole_name(char **argv, option_id id)
{
	const char *word = argv[optind - 1];
	size_t len = strlen(option_rows[id].name);

	/* The value may be a word of its own. */
	if (optarg == word)
		word = argv[optind - 2];
	return !strncmp(word, "--", 2) && !strncmp(word + 2, option_rows[id].name, len) &&
	       (!word[2 + len] || word[2 + len] == '=');
}

static cli_exit no_option(const char *word)
{
	cnv_str name = cnv_str_from(word);
	cnv_nearest nearest;

	name.len = cnv_str_find(name, CNV_STR("=")) < name.len ? cnv_str_find(name, CNV_STR("=")) : name.len;
	if (!cnv_str_starts(name, CNV_STR("--")))
		return cli_usage(NULL, "there is no option \"%s\"", word);
	cnv_nearest_init(&nearest, cnv_str_slice(name, 2, name.len));
	for (int i = 0; i < OPTIONS; i++)
		cnv_nearest_offer(&nearest, cnv_str_from(option_rows[i].name));
	if (!nearest.best.len)
		return cli_usage(NULL, "there is no option \"%.*s\"", CNV_ARG(name));
	return cli_usage(NULL, "there is no option \"%.*s\"; did you mean \"--%.*s\"?", CNV_ARG(name), CNV_ARG(nearest.best));
}

static cli_exit read_operands(cli_options *options, int argc, char **argv, int from)
{
	const cli_command *command;

	if (from >= argc)
		return CLI_DONE;
	command = find_command(argv[from]);
	if (!command) {
		cnv_nearest nearest;
		cnv_nearest_init(&nearest, cnv_str_from(argv[from]));
		for (size_t i = 0; i < cli_command_count; i++)
			cnv_nearest_offer(&nearest, cnv_str_from(cli_commands[i].name));
		if (nearest.best.len)
			return cli_usage(NULL, "there is no command \"%s\"; did you mean \"%.*s\"?", argv[from],
			                 CNV_ARG(nearest.best));
		return cli_usage(NULL, "there is no command \"%s\"", argv[from]);
	}
	options->command = command;
	options->operand_count = (uint32_t)(argc - from - 1);
	options->operands = cnv_mem_array(options->operand_count + 1u, sizeof *options->operands);
	if (!options->operands) {
		fputs("canvass: out of memory\n", stderr);
		return CLI_ACCESS;
	}
	for (uint32_t i = 0; i < options->operand_count; i++)
		options->operands[i] = cnv_str_from(argv[from + 1 + (int)i]);
	return CLI_DONE;
}

cli_exit cli_options_read(cli_options *options, int argc, char **argv)
{
	struct option longs[OPTIONS + 1];
	char shorts[2 * OPTIONS + 2];
	bool given[OPTIONS] = { false };
	const cli_command *ahead = command_ahead(argc, argv);
	const char *now = NULL;
	cli_exit code;
	int found, index = 0;

	*options = (cli_options){ .seed = 1 };
	getopt_tables(longs, shorts, ahead);
	opterr = 0;
	while ((found = getopt_long(argc, argv, shorts, longs, &index)) != -1) {
		option_id id;
		if (found == '?' && optopt >= LONG_BASE)
			return cli_usage(NULL, "--%s takes no value", option_rows[optopt - LONG_BASE].name);
		if (found == '?')
			return optopt ? cli_usage(NULL, "there is no option -%c", optopt)
			              : no_option(argv[optind - 1]);
		if (found == ':')
			return cli_usage(NULL, "%s needs a value", argv[optind - 1]);
		id = option_of(found, ahead);
		if (found >= LONG_BASE && !is_whole_name(argv, id))
			return no_option(optarg && optarg == argv[optind - 1] ? argv[optind - 2] : argv[optind - 1]);
		given[id] = true;
		if ((code = take(options, id, optarg, &now)) != CLI_DONE)
			return code;
	}
	if ((code = read_operands(options, argc, argv, optind)) != CLI_DONE || options->help || options->version)
		return code;
	if (!options->command) {
		cli_help(stderr, NULL);
		return CLI_USAGE;
	}
	for (int i = 0; i < OPTIONS; i++)
		if (given[i] && !takes(options->command, &option_rows[i]))
			return cli_usage(options, "%s does not take --%s", options->command->name, option_rows[i].name);
	if (options->operand_count < options->command->least || options->operand_count > options->command->most)
		return cli_usage(options, "usage: canvass %s %s", options->command->name, options->command->operands);
	if (options->json && options->jsonl)
		return cli_usage(options, "--json and --jsonl exclude each other");
	if (options->keep_blank && options->replace)
		return cli_usage(options, "--keep-blank and --replace exclude each other");
	return read_now(options, now);
}

void cli_options_fini(cli_options *options)
{
	cnv_mem_free(options->operands);
	options->operands = NULL;
}

/* ---------------------------------------------------------------- told from the tables */

enum { HELP_WIDTH = 78, SUMMARIES = 27 }; /* columns */

/* Words of a text in lines of a terminal, those after the first set in by `indent`. */
static void print_wrapped(FILE *out, const char *text, size_t indent)
{
	cnv_str rest = cnv_str_from(text), word;
	size_t column = indent;

	while (cnv_str_word(&rest, &word)) {
		if (column > indent && column + 1 + word.len > HELP_WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		fprintf(out, "%s%.*s", column > indent ? " " : "", CNV_ARG(word));
		column += word.len + (column > indent);
	}
	fputc('\n', out);
}

static void print_option(FILE *out, const option_row *row)
{
	char left[48];

	if (row->letter)
		snprintf(left, sizeof left, "-%c, --%s%s%s", row->letter, row->name, row->value ? " " : "",
		         row->value ? row->value : "");
	else
		snprintf(left, sizeof left, "    --%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
	fprintf(out, "  %-*s ", SUMMARIES - 3, left);
	print_wrapped(out, row->summary, SUMMARIES);
}

void cli_help(FILE *out, const cli_command *command)
{
	if (command) {
		fprintf(out, "usage: canvass %s [OPTION...] %s\n\n", command->name, command->operands);
		print_wrapped(out, command->story, 0);
		fputs("\noptions:\n", out);
		for (int i = 0; i < OPTIONS; i++)
			if (takes(command, &option_rows[i]) && i != OPTION_MAN && i != OPTION_COMPLETION && i != OPTION_VERSION)
				print_option(out, &option_rows[i]);
		fprintf(out, "\nexample:\n  %s\n", command->example);
		return;
	}
	fputs("canvass runs a questionnaire from the blank form to the comparison workbook.\n\n"
	      "usage: canvass COMMAND [OPTION...] [OPERAND...]\n\ncommands:\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, "  %-10s %s\n", cli_commands[i].name, cli_commands[i].summary);
	fputs("\noptions of canvass itself:\n", out);
	for (int i = OPTION_HELP; i < OPTIONS; i++)
		print_option(out, &option_rows[i]);
	fputs("\nHow a command is used: canvass COMMAND --help\n", out);
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
	fputs(".Sh DESCRIPTION\nA form, written once as an XLSForm, is checked, and returned files are judged by its own "
	      "rules, kept, and laid side by side in a workbook.\nNo server and no network are needed.\n"
	      ".Sh COMMANDS\n.Bl -tag -width Ds\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++) {
		fprintf(out, ".It Ic %s Ar %s\n", cli_commands[i].name, cli_commands[i].operands);
		man_text(out, cli_commands[i].story);
	}
	fputs(".El\n.Sh OPTIONS\nOptions may stand before or after the operands.\n.Bl -tag -width Ds\n", out);
	for (int i = 0; i < OPTIONS; i++) {
		const option_row *row = &option_rows[i];
		fputs(".It ", out);
		if (row->letter)
			fprintf(out, "Fl %c , ", row->letter);
		fprintf(out, "Fl \\-%s%s%s\n", row->name, row->value ? " Ar " : "", row->value ? row->value : "");
		man_text(out, row->summary);
	}
	fputs(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
	      ".It Ev SOURCE_DATE_EPOCH\nThe time to work at, in seconds, where\n.Fl \\-now\nis not given.\n"
	      ".It Ev NO_COLOR , CLICOLOR , TERM\nWhether colour is used on a terminal.\n.El\n"
	      ".Sh EXIT STATUS\n.Bl -tag -width Ds\n"
	      ".It 0\nDone, no errors found.\n"
	      ".It 1\nDone, and what was judged has errors.\n"
	      ".It 2\nCannot start: wrong usage, or a form that cannot be used.\n"
	      ".It 3\nA file, disk or database failed.\n"
	      ".It 130\nInterrupted.\n.El\n"
	      ".Sh EXAMPLES\n",
	      out);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, ".Dl %s\n", cli_commands[i].example);
}

void cli_completion(FILE *out)
{
	fputs("_canvass() {\n\tlocal words\n\tcase \"${COMP_WORDS[1]}\" in\n", out);
	for (size_t i = 0; i < cli_command_count; i++) {
		fprintf(out, "\t%s) words=\"", cli_commands[i].name);
		for (int o = 0; o < OPTIONS; o++)
			if (takes(&cli_commands[i], &option_rows[o]))
				fprintf(out, "--%s ", option_rows[o].name);
		fputs("\" ;;\n", out);
	}
	fputs("\t*) words=\"", out);
	for (size_t i = 0; i < cli_command_count; i++)
		fprintf(out, "%s ", cli_commands[i].name);
	fputs("\" ;;\n\tesac\n"
	      "\tif [[ ${COMP_WORDS[COMP_CWORD]} == -* || $COMP_CWORD -eq 1 ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
	      "\telse\n\t\tCOMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n\tfi\n}\n"
	      "complete -F _canvass canvass\n",
	      out);
}
