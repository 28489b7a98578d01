/* Quotes operands for a shell: for printed commands that people paste. */
#include "canvass/base.h"

#include <string.h>

/* Characters without a special meaning to a shell anywhere in a word; so are all characters beyond ASCII. */
static bool is_plain(char c)
{
	return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (cnv_lower(c) >= 'a' && cnv_lower(c) <= 'z') ||
	       (c && strchr("_-./:,+@%", c));
}

/* Writes invisible characters in $'...' quotes, as escaped bytes. */
static void put_escaped(cnv_text *out, cnv_str operand)
{
	cnv_text_put(out, CNV_STR("$'"));
	for (size_t i = 0; i < operand.len; i++) {
		unsigned char c = (unsigned char)operand.at[i];

		if (c < 0x20 || c >= 0x7f)
			cnv_text_format(out, "\\x%02x", c);
		else
			cnv_text_format(out, c == '\'' || c == '\\' ? "\\%c" : "%c", c);
	}
	cnv_text_put_char(out, '\'');
}

static void put_quoted(cnv_text *out, cnv_str operand)
{
	cnv_text_put_char(out, '\'');
	for (size_t i = 0; i < operand.len; i++)
		if (operand.at[i] == '\'')
			cnv_text_put(out, CNV_STR("'\\''"));
		else
			cnv_text_put_char(out, operand.at[i]);
	cnv_text_put_char(out, '\'');
}

void cnv_shell_quote(cnv_text *out, cnv_str operand)
{
	const char *at = operand.at, *end = operand.at + operand.len;
	bool plain = operand.len > 0, seen = cnv_utf8_check(operand) == operand.len;

	for (size_t i = 0; i < operand.len; i++)
		plain &= is_plain(operand.at[i]);
	while (seen && operand.len && at < end)
		seen = !cnv_is_hidden(cnv_utf8_next(&at, end)) && at[-1] != '\n' && at[-1] != '\t';
	if (!seen)
		put_escaped(out, operand);
	else if (plain)
		cnv_text_put(out, operand);
	else
		put_quoted(out, operand);
}
