/* markdown: plain text in Markdown, with every character escaped that could begin markup. */
#include "report/markdown.h"

#include <string.h>

/* Does `c` at this position of the line begin a list, a heading or a rule? */
static bool begins_block(cnv_str text, size_t at, bool line_start, bool begins)
{
	size_t digits = at;

	if (line_start && strchr("-+=", text.at[at]))
		return true;
	if (text.at[at] != '.' && text.at[at] != ')')
		return false;
	while (digits > 0 && text.at[digits - 1] >= '0' && text.at[digits - 1] <= '9')
		digits--;
	return digits < at && (digits == 0 ? begins : text.at[digits - 1] == '\n');
}

/* A terminal would obey some, and the other papers have none either. */
static bool is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7F;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

void cnv_markdown_put(cnv_text *out, cnv_str text, size_t at, bool line_start, bool begins)
{
	char c = text.at[at];
	/* An underscore inside a word is literal. */
	bool plain = c == '_' && at && at + 1 < text.len && is_word(text.at[at - 1]) && is_word(text.at[at + 1]);

	if (is_control(c))
		return;
	if ((strchr("\\`*_[]<>#|~&$", c) && !plain) || begins_block(text, at, line_start, begins))
		cnv_text_put_char(out, '\\');
	cnv_text_put_char(out, c);
}
