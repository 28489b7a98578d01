/* Kinds of values that are one of a list of words. */
#include <string.h>

#include "cli/cli.h"

enum { MOST_WORDS = 5 };

/* Lists that are not a table of another room. */
static const char *const lists[][MOST_WORDS] = {
	[CLI_DELIMITER] = { "comma", "semicolon", "tab", "pipe" },
	[CLI_TYPE] = { "number", "string", "boolean" },
	[CLI_FORMAT] = { "csv", "xlsx" },
	[CLI_AUDIENCE] = { "public", "members", "secretariat" },
	[CLI_THREADS] = { "0", "1", "2" },
	[CLI_WHICH] = { "first", "last" },
	[CLI_SHELL] = { "bash", "zsh", "fish" },
	[CLI_LABELS] = { "code", "short", "full" },
	[CLI_ORIENT] = { "down", "across" },
};
_Static_assert(sizeof lists / sizeof *lists == CLI_ORIENT + 1, "the last kind has a list");

static bool code_at(size_t index, char word[CLI_WORD_ROOM])
{
	const cnv_code_info *info = cnv_code_at(index);

	if (info)
		cnv_code_name(info->code, word);
	return info != NULL;
}

static bool encoding_at(size_t index, char word[CLI_WORD_ROOM])
{
	const cnv_encoding *encoding = cnv_encoding_at(index);

	if (encoding)
		snprintf(word, CLI_WORD_ROOM, "%.*s", CNV_ARG(cnv_encoding_name(encoding)));
	return encoding != NULL;
}

bool cli_kind_word(cli_kind kind, size_t index, char word[CLI_WORD_ROOM])
{
	if (kind == CLI_CODE)
		return code_at(index, word);
	if (kind == CLI_ENCODING)
		return encoding_at(index, word);
	if (index >= MOST_WORDS || !lists[kind][index])
		return false;
	snprintf(word, CLI_WORD_ROOM, "%s", lists[kind][index]);
	return true;
}

bool cli_kind_has(cli_kind kind, cnv_str text)
{
	char word[CLI_WORD_ROOM];

	for (size_t i = 0; cli_kind_word(kind, i, word); i++)
		if (cnv_str_equal(text, cnv_str_from(word)))
			return true;
	return false;
}
