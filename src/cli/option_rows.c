/* The options: one table that parsing, --help, the man page and completion all read. */
#include <stddef.h>
#include <string.h>

#include "option.h"

enum { REASON = 1000 }; /* bytes: it stands in a cell of the workbook */
enum { ROUND_LABEL = 64 }; /* bytes: it stands in titles and in every footer */

/* ---------------------------------------------------------------- values that are more than a text */

static cli_exit read_round(cli_options *options, cnv_str text)
{
	const char *at = text.at, *end = text.at + text.len;

	if (text.len > ROUND_LABEL || cnv_utf8_check(text) < text.len)
		return cli_usage(options, "--round: a label has at most %d bytes, in UTF-8", ROUND_LABEL);
	while (text.len && at < end) {
		uint32_t c = cnv_utf8_next(&at, end);
		if (c == '\n' || c == '\t' || cli_is_hidden(c))
			return cli_usage(options, "--round: a label is one line without control characters");
	}
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
	{ "make-current", 0, NULL, "make the round of --round the current one", PUT(make_current) },
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
#define OPTIONS (sizeof cli_option_rows / sizeof *cli_option_rows)
_Static_assert(OPTIONS <= CLI_MOST_OPTIONS, "there are more options than the reading of the command line has room for");
const int cli_option_count = (int)OPTIONS;

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
