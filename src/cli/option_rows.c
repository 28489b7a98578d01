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
		if (c == '\n' || c == '\t' || cnv_is_hidden(c))
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
	if (!cli_kind_has(CLI_TYPE, text))
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

static cli_exit read_completion(cli_options *options, cnv_str text)
{
	if (!cli_kind_has(CLI_SHELL, text))
		return cli_usage(options, "--completion: \"%.*s\" is not bash, zsh or fish", CNV_ARG(text));
	options->completion = text;
	return CLI_DONE;
}

/* ---------------------------------------------------------------- the table */

#define NO_VALUE NULL, CLI_TEXT
#define PUT(member) NULL, offsetof(cli_options, member), false
#define READ(function) function, 0, false
#define EVERYWHERE(member) NULL, offsetof(cli_options, member), true

const cli_option cli_option_rows[] = {
	{ "store", 0, "FILE", CLI_FILE, "database file (default: responses/<form_id>.db)", PUT(store) },
	{ "roster", 0, "FILE", CLI_FILE, "list of respondents (default: as last given, or roster.csv)", PUT(roster) },
	{ "round", 0, "LABEL", CLI_TEXT, "round label (default: current, the form's, or the year)", READ(read_round) },
	{ "now", 0, "INSTANT", CLI_TEXT, "use this as the current time (ISO 8601 with offset)", PUT(now_given) },
	{ "language", 0, "NAME", CLI_TEXT, "language of texts (default: the form's)", PUT(language) },
	{ "respondent", 0, "CODE", CLI_TEXT, "limit to CODE; with import, for files that name nobody", PUT(respondent) },
	{ "encoding", 0, "NAME", CLI_ENCODING, "encoding of text files, such as windows-1252", READ(read_encoding) },
	{ "delimiter", 0, "CHAR", CLI_DELIMITER, "field separator: comma, semicolon, tab, pipe, or CHAR",
	  READ(read_delimiter) },
	{ "output", 'o', "PATH", CLI_FILE, "output workbook (report) or folder", PUT(output) },
	{ "force", 'f', NO_VALUE, "replace existing output files", PUT(force) },
	{ "dry-run", 'n', NO_VALUE, "judge everything, store nothing", PUT(rehearse) },
	{ "json", 0, NO_VALUE, "print one JSON object", PUT(json) },
	{ "jsonl", 0, NO_VALUE, "print one JSON object per line", PUT(jsonl) },
	{ "strict", 0, NO_VALUE, "treat warnings as errors; import: exact codes and formats", PUT(strict) },
	{ "set", 0, "NAME=VALUE", CLI_TEXT, "answer to a question; may be repeated", READ(read_set) },
	{ "answers", 0, "FILE", CLI_FILE, "read answers from a CSV file in the long layout", PUT(answers) },
	{ "at", 0, "NAME", CLI_TEXT, "the question that . refers to", PUT(at) },
	{ "as", 0, "TYPE", CLI_TYPE, "convert the result to number, string or boolean", READ(read_as) },
	{ "against", 0, "STORE", CLI_FILE, "database whose answers are judged by the second form", PUT(against) },
	{ "count", 'n', "COUNT", CLI_TEXT, "number of returns (default: as in the roster, or 10)", READ(read_count) },
	{ "seed", 0, "NUMBER", CLI_TEXT, "random seed (default: 1)", READ(read_seed) },
	{ "broken", 0, NO_VALUE, "spoil most returns, and list how next to the folder", PUT(broken) },
	{ "was", 0, "FORM", CLI_FILE, "older form of the files, if the store does not know it", PUT(was) },
	{ "map", 0, "FILE", CLI_FILE, "CSV of column,question (default: as last given), or none", PUT(map) },
	{ "keep-blank", 0, NO_VALUE, "where a return is blank, keep the earlier answer", PUT(keep_blank) },
	{ "threads", 0, "N", CLI_THREADS, "extra threads for large files, 0 to 2 (default: 2)", READ(read_threads) },
	{ "replace", 0, NO_VALUE, "accept blanks over earlier answers without a warning", PUT(replace) },
	{ "due", 0, "DATE", CLI_TEXT, "date by which answers are due, YYYY-MM-DD", READ(read_due) },
	{ "reason", 0, "TEXT", CLI_TEXT, "why, in a few words", READ(read_reason) },
	{ "sent", 0, "CODE", CLI_TEXT, "record: sent to CODE, or to all", PUT(sent) },
	{ "acknowledged", 0, "CODE", CLI_TEXT, "record: CODE confirmed that it arrived", PUT(acknowledged) },
	{ "extended", 0, "CODE", CLI_TEXT, "record: CODE has until --due; --reason says why", PUT(extended) },
	{ "declined", 0, "CODE", CLI_TEXT, "record: CODE will not answer; --reason says why", PUT(declined) },
	{ "make-current", 0, NO_VALUE, "make the round given with --round the current one", PUT(make_current) },
	{ "remind", 0, "DIR", CLI_FOLDER, "write a reminder for each respondent without a reply", PUT(remind) },
	{ "eml", 0, NO_VALUE, "write mail drafts, packs attached; nothing is sent", PUT(mail) },
	{ "packs", 0, "DIR", CLI_FOLDER, "folder of the packs that distribute wrote", PUT(packs) },
	{ "all", 0, NO_VALUE, "include waived and closed findings", PUT(all) },
	{ "waive", 0, "ID", CLI_TEXT, "accept a finding as it is; needs --reason", PUT(waive) },
	{ "reopen", 0, "ID", CLI_TEXT, "reopen a waived or answered finding", PUT(reopen) },
	{ "letters", 0, "DIR", CLI_FOLDER, "write a letter of open questions to each respondent", PUT(letters) },
	{ "template", 0, "FILE", CLI_FILE, "covering text, with {name}, {round}, {due}, {files}", PUT(template) },
	{ "prefill", 0, "ROUND", CLI_TEXT, "fill in answers of ROUND, or each respondent's last", PUT(prefill) },
	{ "annotate", 0, "DIR", CLI_FOLDER, "write returns with findings as workbooks to correct", PUT(annotate) },
	{ "help", 'h', NO_VALUE, "show this help", EVERYWHERE(help) },
	{ "version", 'V', NO_VALUE, "print the version", EVERYWHERE(version) },
	{ "man", 0, NO_VALUE, "print the manual page", EVERYWHERE(man) },
	{ "completion", 0, "SHELL", CLI_SHELL, "print completion for bash, zsh or fish", read_completion, 0, true },
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
