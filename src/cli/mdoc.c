/* Text of manual pages in mdoc(7). */
#include "cli/mdoc.h"

void mdoc_begin(FILE *out, const char *title, int section, const char *name, const char *summary)
{
	fprintf(out, ".Dd December 1, 2026\n.Dt %s %d\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n", title, section, name, summary);
}

void mdoc_escaped(FILE *out, cnv_str text, bool start)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		if (start && (c == '.' || c == '\''))
			fputs("\\&", out);
		start = c == '\n';
		if (c == '\\')
			fputs("\\e", out);
		else if (c == '-')
			fputs("\\-", out);
		else if (c == '"')
			fputs("\\(dq", out);
		else
			fputc(c, out);
	}
}

/* Whether the space at `i` ends a sentence. */
static bool ends_sentence(cnv_str text, size_t i)
{
	return text.at[i] == ' ' && i && (text.at[i - 1] == '.' || text.at[i - 1] == ';');
}

void mdoc_text(FILE *out, const char *paragraph)
{
	cnv_str text = cnv_str_from(paragraph);
	size_t from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && !ends_sentence(text, i))
			continue;
		mdoc_escaped(out, cnv_str_slice(text, from, i), true);
		fputc('\n', out);
		from = i + 1;
	}
}

void mdoc_item(FILE *out, const char *term, const char *text)
{
	fputs(".It ", out);
	mdoc_escaped(out, cnv_str_from(term), true);
	fputc('\n', out);
	mdoc_text(out, text);
}
