/* The options: one table, used by parsing, --help, the man pages and completion. */
#include <stddef.h>
#include <string.h>

#include "cli/option.h"

enum { REASON = 1000 };    /* bytes: it is shown in a cell of the workbook */
enum { PERSON = 128 };     /* bytes of a name */
enum { ROUND_LABEL = 64 }; /* bytes: it is shown in titles and in every footer */

/* ---------------------------------------------------------------- values that are parsed */

static cli_exit read_round(cli_options *options, cnv_str text)
{
	const char *at = text.at, *end = text.at + text.len;

	if (text.len > ROUND_LABEL || cnv_utf8_check(text) < text.len)
		return cli_usage(options, "--round: the label must be UTF-8 of at most %d bytes", ROUND_LABEL);
	while (text.len && at < end) {
		uint32_t c = cnv_utf8_next(&at, end);
		if (c == '\n' || c == '\t' || cnv_is_hidden(c))
			return cli_usage(options, "--round: the label must be one line without control characters");
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
	code = cli_usage(options, "--encoding: \"%.*s\" is unknown; known are %.*s", CNV_ARG(text),
			 CNV_ARG(cnv_text_str(&names)));
	cnv_text_fini(&names);
	return code;
}

static cli_exit read_delimiter(cli_options *options, cnv_str text)
{
	options->delimiter = cnv_delimiter_find(text);
	if (options->delimiter)
		return CLI_DONE;
	return cli_usage(options, "--delimiter: \"%.*s\" is not comma, semicolon, tab, pipe, or one character",
			 CNV_ARG(text));
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
	return cli_usage(options, "--reason: the text must be UTF-8 of 1 to %d bytes", REASON);
}

static cli_exit read_by(cli_options *options, cnv_str text)
{
	const char *at = text.at, *end = text.at + text.len;

	options->by = cnv_str_trim_unicode(text);
	if (!options->by.len || text.len > PERSON || cnv_utf8_check(text) < text.len)
		return cli_usage(options, "--by: the name must be UTF-8 of 1 to %d bytes", PERSON);
	while (at < end) {
		uint32_t c = cnv_utf8_next(&at, end);
		if (c == '\n' || c == '\t' || cnv_is_hidden(c))
			return cli_usage(options, "--by: the name must be one line without control characters");
	}
	return CLI_DONE;
}

/* One of two words; *second: it is that one. */
static cli_exit read_either(cli_options *options, const char *option, const char *const words[2], cnv_str text,
			    bool *second)
{
	*second = cnv_str_equal(text, cnv_str_from(words[1]));
	if (*second || cnv_str_equal(text, cnv_str_from(words[0])))
		return CLI_DONE;
	return cli_usage(options, "%s: \"%.*s\" is not %s or %s", option, CNV_ARG(text), words[0], words[1]);
}

static cli_exit read_keep(cli_options *options, cnv_str text)
{
	bool last;
	cli_exit code = read_either(options, "--keep", (const char *const[]){ "first", "last" }, text, &last);

	options->keep_first = !last;
	return code;
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

static cli_exit read_labels(cli_options *options, cnv_str text)
{
	static const cnv_labels labels[] = { CNV_LABELS_CODE, CNV_LABELS_SHORT, CNV_LABELS_FULL };
	static const char *const words[] = { "code", "short", "full" };

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (cnv_str_equal(text, cnv_str_from(words[i]))) {
			options->labels = labels[i];
			return CLI_DONE;
		}
	return cli_usage(options, "--labels: \"%.*s\" is not code, short or full", CNV_ARG(text));
}

static cli_exit read_orient(cli_options *options, cnv_str text)
{
	bool across;
	cli_exit code = read_either(options, "--orient", (const char *const[]){ "down", "across" }, text, &across);

	options->orient = across ? CLI_ACROSS : CLI_DOWN;
	return code;
}

static cli_exit read_format(cli_options *options, cnv_str text)
{
	return read_either(options, "--format", (const char *const[]){ "csv", "xlsx" }, text, &options->books);
}

static cli_exit read_audience(cli_options *options, cnv_str text)
{
	for (uint32_t i = 0; i < CNV_AUDIENCES; i++)
		if (cnv_str_equal(text, cnv_str_from(cnv_audience_word((cnv_audience)i)))) {
			options->audience = (cnv_audience)i;
			return CLI_DONE;
		}
	return cli_usage(options, "--audience: \"%.*s\" is not public, members or secretariat", CNV_ARG(text));
}

static cli_exit read_as_of(cli_options *options, cnv_str text)
{
	options->has_as_of = cli_instant_read(text, &options->as_of);
	if (options->has_as_of)
		return CLI_DONE;
	return cli_usage(options, "--as-of: \"%.*s\" is not a time with an offset, such as 2026-12-01T00:00:00Z",
			 CNV_ARG(text));
}

static cli_exit read_count(cli_options *options, cnv_str text)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 1 || number > UINT32_MAX)
		return cli_usage(options, "--count: \"%.*s\" is not a whole number of 1 or more", CNV_ARG(text));
	options->count = (uint32_t)number;
	return CLI_DONE;
}

static cli_exit read_revision(cli_options *options, cnv_str text)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 1 || number > UINT32_MAX)
		return cli_usage(options, "--revision: \"%.*s\" is not a whole number of 1 or more", CNV_ARG(text));
	options->revision = (uint32_t)number;
	return CLI_DONE;
}

static cli_exit read_seed(cli_options *options, cnv_str text)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 0)
		return cli_usage(options, "--seed: \"%.*s\" is not a whole number of 0 or more", CNV_ARG(text));
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
	/* name, letter, value, its kind, group; summary: at most 51 characters, one line of --help */
	{ "store", 0, "FILE", CLI_FILE, CLI_INPUT, "file or URI (default: responses/<form_id>.db)", PUT(store) },
	{ "roster", 0, "FILE", CLI_FILE, CLI_INPUT, "list of respondents (default: stored or roster.csv)",
	  PUT(roster) },
	{ "map", 0, "FILE", CLI_FILE, CLI_INPUT, "column-to-question CSV, or none (default: stored)", PUT(map) },
	{ "was", 0, "FORM", CLI_FILE, CLI_INPUT, "version of the form that the files were made for", PUT(was) },
	{ "encoding", 0, "NAME", CLI_ENCODING, CLI_INPUT, "encoding of text files, such as windows-1252",
	  READ(read_encoding) },
	{ "delimiter", 0, "CHAR", CLI_DELIMITER, CLI_INPUT, "field separator: comma, semicolon, tab, pipe, CHAR",
	  READ(read_delimiter) },
	{ "set", 0, "NAME=VALUE", CLI_TEXT, CLI_INPUT, "answer to a question (repeatable)", READ(read_set) },
	{ "answers", 0, "FILE", CLI_FILE, CLI_INPUT, "read answers from a CSV file in the long layout", PUT(answers) },
	{ "against", 0, "STORE", CLI_FILE, CLI_INPUT, "check the answers in STORE against the second form",
	  PUT(against) },
	{ "template", 0, "FILE", CLI_FILE, CLI_INPUT, "covering text with {name}, {round}, {due}, {files}",
	  PUT(template) },
	{ "prefill", 0, "ROUND", CLI_TEXT, CLI_INPUT, "fill in answers of ROUND; last: each one's latest",
	  PUT(prefill) },
	{ "packs", 0, "DIR", CLI_FOLDER, CLI_INPUT, "folder of packs that distribute wrote, to attach", PUT(packs) },
	{ "round", 0, "LABEL", CLI_TEXT, CLI_SELECTION, "round (default: current, the form's, or the year)",
	  READ(read_round) },
	{ "respondent", 0, "CODE", CLI_TEXT, CLI_SELECTION, "one respondent, by code", PUT(respondent) },
	{ "language", 0, "NAME", CLI_TEXT, CLI_SELECTION, "language of texts (default: the form's)", PUT(language) },
	{ "audience", 0, "WHO", CLI_AUDIENCE, CLI_SELECTION, "public, members or secretariat (default: members)",
	  READ(read_audience) },
	{ "as-of", 0, "INSTANT", CLI_TEXT, CLI_SELECTION, "state at this time, ISO 8601 with offset",
	  READ(read_as_of) },
	{ "since", 0, "ROUND", CLI_TEXT, CLI_SELECTION, "what changed since ROUND, a day or a time", PUT(since) },
	{ "all", 0, NO_VALUE, CLI_SELECTION, "include what is settled", PUT(all) },
	{ "show", 0, "ID", CLI_TEXT, CLI_SELECTION, "only item ID of the quarantine, with all details", PUT(show) },
	{ "count", 'n', "COUNT", CLI_TEXT, CLI_SELECTION, "number of returns (default: all of the roster)",
	  READ(read_count) },
	{ "at", 0, "NAME", CLI_TEXT, CLI_SELECTION, "question that . refers to", PUT(at) },
	{ "dry-run", 'n', NO_VALUE, CLI_PROCESSING, "check everything, store nothing", PUT(rehearse) },
	{ "strict", 0, NO_VALUE, CLI_PROCESSING, "treat warnings as errors", PUT(strict) },
	{ "keep-blank", 0, NO_VALUE, CLI_PROCESSING, "keep the earlier answer where a return is blank",
	  PUT(keep_blank) },
	{ "keep", 0, "WHICH", CLI_WHICH, CLI_PROCESSING, "of two returns of one respondent: first or last",
	  READ(read_keep) },
	{ "replace", 0, NO_VALUE, CLI_PROCESSING, "do not warn of blanks that replace answers", PUT(replace) },
	{ "incomplete", 0, NO_VALUE, CLI_PROCESSING, "store --answers also if some are missing or wrong",
	  PUT(incomplete) },
	{ "clerk", 0, NO_VALUE, CLI_PROCESSING, "key many returns in a row, from the roster", PUT(clerk) },
	{ "twice", 0, NO_VALUE, CLI_PROCESSING, "ask everything twice, and show what differs", PUT(twice) },
	{ "threads", 0, "N", CLI_THREADS, CLI_PROCESSING, "extra threads for large files, 0 to 2 (default: 2)",
	  READ(read_threads) },
	{ "as", 0, "TYPE", CLI_TYPE, CLI_PROCESSING, "convert the result to number, string or boolean", READ(read_as) },
	{ "explain", 0, NO_VALUE, CLI_PROCESSING, "print the compiled steps instead of the value", PUT(explain) },
	{ "seed", 0, "NUMBER", CLI_TEXT, CLI_PROCESSING, "random seed (default: 1)", READ(read_seed) },
	{ "broken", 0, NO_VALUE, CLI_PROCESSING, "spoil most returns, and list the defects", PUT(broken) },
	{ "now", 0, "INSTANT", CLI_TEXT, CLI_PROCESSING, "use this as the current time, ISO 8601 with offset",
	  PUT(now_given) },
	{ "due", 0, "DATE", CLI_TEXT, CLI_RECORDING, "date by which answers are due, YYYY-MM-DD", READ(read_due) },
	{ "sent", 0, "CODE", CLI_TEXT, CLI_RECORDING, "record that the pack was sent to CODE, or to all", PUT(sent) },
	{ "acknowledged", 0, "CODE", CLI_TEXT, CLI_RECORDING, "record that CODE confirmed receipt", PUT(acknowledged) },
	{ "extended", 0, "CODE", CLI_TEXT, CLI_RECORDING, "extend deadline of CODE to --due; needs --reason",
	  PUT(extended) },
	{ "declined", 0, "CODE", CLI_TEXT, CLI_RECORDING, "record that CODE will not answer; needs --reason",
	  PUT(declined) },
	{ "waive", 0, "ID", CLI_TEXT, CLI_RECORDING, "accept the finding ID as it is; needs --reason", PUT(waive) },
	{ "reopen", 0, "ID", CLI_TEXT, CLI_RECORDING, "reopen a waived or answered finding", PUT(reopen) },
	{ "retry", 0, "ID", CLI_TEXT, CLI_RECORDING, "import item ID of the quarantine again, or all", PUT(retry) },
	{ "attribute", 0, "ID", CLI_TEXT, CLI_RECORDING, "import item ID as of --respondent; needs --reason",
	  PUT(attribute) },
	{ "dismiss", 0, "ID", CLI_TEXT, CLI_RECORDING, "item ID needs no import; needs --reason", PUT(dismiss) },
	{ "revision", 0, "NUMBER", CLI_TEXT, CLI_RECORDING, "make this revision count again", READ(read_revision) },
	{ "reason", 0, "TEXT", CLI_TEXT, CLI_RECORDING, "reason, in a few words", READ(read_reason) },
	{ "by", 0, "NAME", CLI_TEXT, CLI_RECORDING, "person who does this (default: the login name)", READ(read_by) },
	{ "drafts", 0, NO_VALUE, CLI_RECORDING, "list the interviews that are not finished", PUT(drafts) },
	{ "make-current", 0, NO_VALUE, CLI_RECORDING, "make --round the current round", PUT(make_current) },
	{ "blank", 0, NO_VALUE, CLI_OUTPUT, "print a CSV file to fill in, for --answers", PUT(blank) },
	{ "output", 'o', "PATH", CLI_FILE, CLI_OUTPUT, "file or folder to write", PUT(output) },
	{ "summary", 0, NO_VALUE, CLI_OUTPUT, "count questions, sections and minutes instead", PUT(summary) },
	{ "expand", 0, NO_VALUE, CLI_OUTPUT, "print the form with the rows of its bank, as CSV", PUT(expand) },
	{ "labels", 0, "KIND", CLI_LABELS, CLI_OUTPUT, "choices: code, short or full (default: short)",
	  READ(read_labels) },
	{ "with-labels", 0, NO_VALUE, CLI_OUTPUT, "choices by their labels, not their names", PUT(with_labels) },
	{ "formula-safe", 0, NO_VALUE, CLI_OUTPUT, "put an apostrophe before what looks like a formula",
	  PUT(formula_safe) },
	{ "sdmx", 0, "MAP", CLI_FILE, CLI_OUTPUT, "write SDMX-CSV, by this map of questions", PUT(sdmx) },
	{ "no-audit", 0, NO_VALUE, CLI_OUTPUT, "leave out Findings, Codebook, Sources and the legend", PUT(no_audit) },
	{ "orient", 0, "WAY", CLI_ORIENT, CLI_OUTPUT, "Matrix: respondents down or across (default: down)",
	  READ(read_orient) },
	{ "cross", 0, "QUESTION", CLI_TEXT, CLI_OUTPUT, "cross this choice question with all others", PUT(cross) },
	{ "technical", 0, NO_VALUE, CLI_OUTPUT, "show the names and codes of the form, too", PUT(technical) },
	{ "exact", 0, NO_VALUE, CLI_OUTPUT, "no approximate figures; reads all answers", PUT(exact) },
	{ "format", 0, "FORMAT", CLI_FORMAT, CLI_OUTPUT, "csv, or xlsx for filled-in packs (default: csv)",
	  READ(read_format) },
	{ "remind", 0, "DIR", CLI_FOLDER, CLI_OUTPUT, "write a reminder for each missing reply", PUT(remind) },
	{ "letters", 0, "DIR", CLI_FOLDER, CLI_OUTPUT, "write letters about open findings", PUT(letters) },
	{ "annotate", 0, "DIR", CLI_FOLDER, CLI_OUTPUT, "write returns with findings back for correction",
	  PUT(annotate) },
	{ "eml", 0, NO_VALUE, CLI_OUTPUT, "write mail drafts with packs; nothing is sent", PUT(mail) },
	{ "force", 'f', NO_VALUE, CLI_OUTPUT, "replace existing output files", PUT(force) },
	{ "json", 0, NO_VALUE, CLI_OUTPUT, "print one JSON object", PUT(json) },
	{ "jsonl", 0, NO_VALUE, CLI_OUTPUT, "print one JSON object per line", PUT(jsonl) },
	{ "help", 'h', NO_VALUE, CLI_GENERAL, "show this help", EVERYWHERE(help) },
	{ "version", 'V', NO_VALUE, CLI_GENERAL, "print the version", EVERYWHERE(version) },
	{ "man", 0, NO_VALUE, CLI_GENERAL, "print the manual page", EVERYWHERE(man) },
	{ "completion", 0, "SHELL", CLI_SHELL, CLI_GENERAL, "print completion for bash, zsh or fish", read_completion,
	  0, true },
};
#define OPTIONS (sizeof cli_option_rows / sizeof *cli_option_rows)
_Static_assert(OPTIONS <= CLI_MOST_OPTIONS, "CLI_MOST_OPTIONS is too small");
const int cli_option_count = (int)OPTIONS;

const char *const cli_group_names[CLI_GROUPS] = {
	[CLI_INPUT] = "Input",         [CLI_SELECTION] = "Selection", [CLI_PROCESSING] = "Processing",
	[CLI_RECORDING] = "Recording", [CLI_OUTPUT] = "Output",       [CLI_GENERAL] = "General",
};

/* Whether the row's name is in the command's list, where every name ends with a space. */
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
