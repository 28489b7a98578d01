/* Options: one table that parsing, --help, the man page and completion all read. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "option.h"

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
		cnv_mem_note_shortage();
		return CLI_ACCESS;
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

/* ---------------------------------------------------------------- values that are more than a text */

static cli_exit read_round(cli_options *options, cnv_str text)
{
	if (text.len > ROUND_LABEL || cnv_utf8_check(text) < text.len)
		return cli_usage(options, "--round: a label has at most %d bytes, in UTF-8", ROUND_LABEL);
	options->round = text;
	return CLI_DONE;
}

static cli_exit read_encoding(cli_options *options, cnv_str text)
{
	cnv_text names = { 0 };
	cli_exit code;

	options->encoding = cnv_encoding_find(text);
	if (options->encoding)
		return CLI_DONE;
	for (size_t i = 0; cnv_encoding_at(i); i++)
		cnv_text_format(&names, "%s%.*s", i ? ", " : "", CNV_ARG(cnv_encoding_name(cnv_encoding_at(i))));
	code = cli_usage(options, "--encoding: \"%.*s\" is not known; there are %.*s", CNV_ARG(text),
	                 CNV_ARG(cnv_text_str(&names)));
	cnv_text_fini(&names);
	return code;
}

static cli_exit read_delimiter(cli_options *options, cnv_str text)
{
	options->delimiter = cnv_delimiter_find(text);
	if (options->delimiter)
		return CLI_DONE;
	return cli_usage(options, "--delimiter: \"%.*s\" is not comma, semicolon, tab, pipe, or a sign", CNV_ARG(text));
}

static cli_exit read_set(cli_options *options, cnv_str text)
{
	size_t equals = cnv_str_find(text, CNV_STR("="));

	if (equals == SIZE_MAX || !equals)
		return cli_usage(options, "--set: \"%.*s\" is not NAME=VALUE", CNV_ARG(text));
	if (options->set_count == CLI_SETS)
		return cli_usage(options, "--set: more than %u values; put them in a file (--answers)", CLI_SETS);
	options->sets[options->set_count++] =
	        (cnv_answer_given){ cnv_str_slice(text, 0, equals), cnv_str_slice(text, equals + 1, text.len) };
	return CLI_DONE;
}

static cli_exit read_as(cli_options *options, cnv_str text)
{
	if (!cnv_str_equal(text, CNV_STR("number")) && !cnv_str_equal(text, CNV_STR("string")) &&
	    !cnv_str_equal(text, CNV_STR("boolean")))
		return cli_usage(options, "--as: \"%.*s\" is not number, string or boolean", CNV_ARG(text));
	options->as = text;
	return CLI_DONE;
}

static cli_exit read_due(cli_options *options, cnv_str text)
{
	options->has_due = cnv_day_read(text, &options->due);
	if (options->has_due)
		return CLI_DONE;
	return cli_usage(options, "--due: \"%.*s\" is not a date such as 2026-12-31", CNV_ARG(text));
}

static cli_exit read_reason(cli_options *options, cnv_str text)
{
	options->reason = cnv_str_trim_unicode(text);
	if (options->reason.len && text.len <= REASON && cnv_utf8_check(text) == text.len)
		return CLI_DONE;
	return cli_usage(options, "--reason: a few words, at most %d bytes, in UTF-8", REASON);
}

static cli_exit read_threads(cli_options *options, cnv_str text)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 0 || number > 2)
		return cli_usage(options, "--threads: \"%.*s\" is not 0, 1 or 2", CNV_ARG(text));
	options->threads = (uint32_t)number;
	options->has_threads = true;
	return CLI_DONE;
}

static cli_exit read_count(cli_options *options, cnv_str text)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 1 || number > UINT32_MAX)
		return cli_usage(options, "--count: \"%.*s\" is not a whole number from 1", CNV_ARG(text));
	options->count = (uint32_t)number;
	return CLI_DONE;
}

static cli_exit read_seed(cli_options *options, cnv_str text)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 0)
		return cli_usage(options, "--seed: \"%.*s\" is not a whole number from 0", CNV_ARG(text));
	options->seed = (uint64_t)number;
	return CLI_DONE;
}

/* ---------------------------------------------------------------- the table */

#define PUT(member) NULL, offsetof(cli_options, member), false
#define READ(function) function, 0, false
#define EVERYWHERE(member) NULL, offsetof(cli_options, member), true

const cli_option cli_option_rows[] = {
	{ "store", 0, "FILE", "the database (default responses/<form_id>.db)", PUT(store) },
	{ "roster", 0, "FILE", "who is asked (default: as last given, else roster.csv beside the form)", PUT(roster) },
	{ "round", 0, "LABEL",
	  "the round (default: the current one, else the form's, else the year)", READ(read_round) },
	{ "now", 0, "INSTANT", "the time to work at, ISO 8601 with offset (default: the clock)", PUT(now_given) },
	{ "language", 0, "NAME", "language of the form's texts (default: the form's)", PUT(language) },
	{ "respondent", 0, "CODE",
	  "only this respondent; of an import, whose answers they are, where the file does not "
	  "say", PUT(respondent) },
	{ "encoding", 0, "NAME",
	  "the encoding of files that do not say it, such as windows-1252", READ(read_encoding) },
	{ "delimiter", 0, "CHAR",
	  "what parts their cells: comma, semicolon, tab, pipe or a character", READ(read_delimiter) },
	{ "output", 'o', "PATH", "where to write: of report the workbook, else the folder", PUT(output) },
	{ "force", 'f', NULL, "replace an output that exists", PUT(force) },
	{ "dry-run", 'n', NULL, "rehearse: judge everything, store nothing", PUT(rehearse) },
	{ "json", 0, NULL, "one JSON object on standard output", PUT(json) },
	{ "jsonl", 0, NULL, "one JSON object a line on standard output", PUT(jsonl) },
	{ "strict", 0, NULL,
	  "count warnings as errors; an import then reads only what stands as the form writes it", PUT(strict) },
	{ "set", 0, "NAME=VALUE", "the answer to a question; may be given again", READ(read_set) },
	{ "answers", 0, "FILE", "answers from a CSV in the long layout", PUT(answers) },
	{ "at", 0, "NAME", "the question that . stands for", PUT(at) },
	{ "as", 0, "TYPE", "convert the result: number, string or boolean", READ(read_as) },
	{ "against", 0, "STORE", "the database whose answers are judged by the second form", PUT(against) },
	{ "count", 'n', "COUNT",
	  "how many (default: one for each respondent of the roster, else 10)", READ(read_count) },
	{ "seed", 0, "NUMBER",
	  "chance begins here: the same number gives the same answers (default 1)", READ(read_seed) },
	{ "broken", 0, NULL, "spoil most of them as real returns are, and list how beside the folder", PUT(broken) },
	{ "was", 0, "FORM",
	  "the older form that the files were made for, where the store does not know it", PUT(was) },
	{ "map", 0, "FILE",
	  "which column is which question: a CSV of column,question (default: as last given; none: no "
	  "map)", PUT(map) },
	{ "keep-blank", 0, NULL, "where a return is blank, the respondent's earlier answer stands", PUT(keep_blank) },
	{ "threads", 0, "N", "extra threads for large files, 0 to 2 (default 2)", READ(read_threads) },
	{ "replace", 0, NULL, "blanks take the place of earlier answers without a warning", PUT(replace) },
	{ "due", 0, "DATE", "the day by which answers are asked for, YYYY-MM-DD", READ(read_due) },
	{ "reason", 0, "TEXT", "why, in a few words", READ(read_reason) },
	{ "sent", 0, "CODE",
	  "the questionnaire went out to this respondent; \"all\" for the whole roster", PUT(sent) },
	{ "acknowledged", 0, "CODE", "this respondent has confirmed that it arrived", PUT(acknowledged) },
	{ "extended", 0, "CODE", "this respondent has until --due DATE; --reason says why", PUT(extended) },
	{ "declined", 0, "CODE", "this respondent will not answer; --reason says why", PUT(declined) },
	{ "remind", 0, "DIR", "write a reminder for each respondent who is silent", PUT(remind) },
	{ "eml", 0, NULL,
	  "write mail drafts with the pack attached (of status: where --packs has it); nothing is sent", PUT(mail) },
	{ "packs", 0, "DIR", "where distribute put the packs", PUT(packs) },
	{ "all", 0, NULL, "those waived and closed too", PUT(all) },
	{ "waive", 0, "ID", "let a finding stand, for a reason (--reason)", PUT(waive) },
	{ "reopen", 0, "ID", "ask again what was waived or answered", PUT(reopen) },
	{ "letters", 0, "DIR", "write a letter of open questions to each respondent into this folder", PUT(letters) },
	{ "template", 0, "FILE",
	  "the covering text, with fields such as {name}, {round}, {due}, {files}", PUT(template) },
	{ "prefill", 0, "ROUND",
	  "fill in the answers of this round beforehand; last: each respondent's latest", PUT(prefill) },
	{ "annotate", 0, "DIR",
	  "write what is to be corrected into this folder, as workbooks to be sent back", PUT(annotate) },
	{ "help", 'h', NULL, "say how it is used", EVERYWHERE(help) },
	{ "version", 'V', NULL, "print the version", EVERYWHERE(version) },
	{ "man", 0, NULL, "print the manual page", EVERYWHERE(man) },
	{ "completion", 0, NULL, "print completion for bash", EVERYWHERE(completion) },
};
enum { OPTIONS = sizeof cli_option_rows / sizeof *cli_option_rows };
const int cli_option_count = OPTIONS;

/* Is `name` one of the space-ended words of a command's option list? */
bool cli_option_taken(const cli_command *command, const cli_option *row)
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

static cli_exit take(cli_options *options, const cli_option *row, const char *value)
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
	bool claimed = command && cli_option_taken(command, &cli_option_rows[option]);

	for (int i = 0; i < OPTIONS; i++)
		if (i != option && cli_option_rows[i].letter == cli_option_rows[option].letter &&
		    ((command && cli_option_taken(command, &cli_option_rows[i])) || (i < option && !claimed)))
			return false;
	return cli_option_rows[option].letter != 0;
}

/* The tables getopt_long wants, made from ours. */
static void getopt_tables(struct option *longs, char *shorts, const cli_command *command)
{
	char *at = shorts;

	*at++ = ':';
	for (int i = 0; i < OPTIONS; i++) {
		const cli_option *row = &cli_option_rows[i];
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

static int option_of(int found, const cli_command *command)
{
	if (found >= LONG_BASE)
		return found - LONG_BASE;
	for (int i = 0; i < OPTIONS; i++)
		if (cli_option_rows[i].letter == found && has_letter(i, command))
			return i;
	return OPTIONS;
}

/* getopt_long takes any beginning of a name for the name: a script would then break when an option is added. */
static bool is_whole_name(char **argv, int id)
{
	const char *word = argv[optind - 1];
	size_t len = strlen(cli_option_rows[id].name);

	/* The value may be a word of its own. */
	if (optarg == word)
		word = argv[optind - 2];
	return !strncmp(word, "--", 2) && !strncmp(word + 2, cli_option_rows[id].name, len) &&
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
		cnv_nearest_offer(&nearest, cnv_str_from(cli_option_rows[i].name));
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
		cli_out_of_memory();
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
			return optopt ? cli_usage(NULL, "there is no option -%c", optopt)
			              : no_option(argv[optind - 1]);
		if (found == ':')
			return cli_usage(NULL, "%s needs a value", argv[optind - 1]);
		id = option_of(found, ahead);
		if (found >= LONG_BASE && !is_whole_name(argv, id))
			return no_option(optarg && optarg == argv[optind - 1] ? argv[optind - 2] : argv[optind - 1]);
		given[id] = true;
		if ((code = take(options, &cli_option_rows[id], optarg)) != CLI_DONE)
			return code;
	}
	if ((code = read_operands(options, argc, argv, optind)) != CLI_DONE || options->help || options->version ||
	    options->man || options->completion)
		return code;
	if (!options->command) {
		cli_help(stderr, NULL);
		return CLI_USAGE;
	}
	for (int i = 0; i < OPTIONS; i++)
		if (given[i] && !cli_option_taken(options->command, &cli_option_rows[i]))
			return cli_usage(options, "%s does not take --%s", options->command->name, cli_option_rows[i].name);
	if (options->operand_count < options->command->least || options->operand_count > options->command->most)
		return cli_usage(options, "usage: canvass %s %s", options->command->name, options->command->operands);
	if (options->json && options->jsonl)
		return cli_usage(options, "--json and --jsonl exclude each other");
	if (options->keep_blank && options->replace)
		return cli_usage(options, "--keep-blank and --replace exclude each other");
	return read_now(options, options->now_given.at);
}

void cli_options_fini(cli_options *options)
{
	cnv_mem_free(options->operands);
	options->operands = NULL;
}
