/* references.c: ${name} in texts that are no formulas, and names. */
#include "canvass/formula.h"

/* NameStartChar of XML 1.0 (fifth edition) without the colon, beyond ASCII. */
static const struct range {
	uint32_t from, upto; /* both included */
} start_ranges[] = {
	{ 0xC0, 0xD6 },     { 0xD8, 0xF6 },     { 0xF8, 0x2FF },    { 0x370, 0x37D },
	{ 0x37F, 0x1FFF },  { 0x200C, 0x200D }, { 0x2070, 0x218F }, { 0x2C00, 0x2FEF },
	{ 0x3001, 0xD7FF }, { 0xF900, 0xFDCF }, { 0xFDF0, 0xFFFD }, { 0x10000, 0xEFFFF },
};
#define START_RANGES (sizeof start_ranges / sizeof *start_ranges)

static bool is_start(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	for (size_t i = 0; i < START_RANGES; i++)
		if (c >= start_ranges[i].from && c <= start_ranges[i].upto)
			return true;
	return false;
}

static bool is_inside(uint32_t c)
{
	return is_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 0xB7 ||
	       (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

size_t cnv_name_span(cnv_str text)
{
	const char *at = text.at, *end = text.len ? at + text.len : at;

	while (at < end) {
		const char *before = at;
		uint32_t c = cnv_utf8_next(&at, end);

		if (before == text.at ? !is_start(c) : !is_inside(c))
			return (size_t)(before - text.at);
	}
	return text.len;
}

/* ---------------------------------------------------------------- ${name} */

/* Where a malformed reference at the beginning of `text` ends: at its brace where that is on the same line and before
 * the next reference, else at the next dollar sign, the end of the line or a blank. */
static size_t malformed_end(cnv_str text)
{
	size_t len;

	for (len = 2; len < text.len && text.at[len] != '\n' && text.at[len] != '$'; len++)
		if (text.at[len] == '}')
			return len + 1;
	if (len < text.len)
		return len;
	for (len = 2; len < text.len && text.at[len] != ' '; len++)
		continue;
	return len;
}

bool cnv_reference_next(cnv_str text, size_t *at, cnv_reference *out)
{
	cnv_str rest = cnv_str_slice(text, *at, text.len), saved = CNV_STR("last-saved#");
	size_t found = cnv_str_find(rest, CNV_STR("${")), name, end;

	if (found == SIZE_MAX)
		return false;
	*out = (cnv_reference){ .from = *at + found };
	rest = cnv_str_slice(rest, found, rest.len);
	out->last_saved = cnv_str_starts(cnv_str_slice(rest, 2, rest.len), saved);
	name = 2 + (out->last_saved ? saved.len : 0);
	end = name + cnv_name_span(cnv_str_slice(rest, name, rest.len));
	if (end > name && end < rest.len && rest.at[end] == '}')
		out->name = cnv_str_slice(rest, name, end++);
	else
		end = malformed_end(rest);
	out->upto = *at = out->from + end;
	return true;
}

bool cnv_has_reference(cnv_str text)
{
	return cnv_str_find(text, CNV_STR("${")) != SIZE_MAX;
}

bool cnv_reference_read(cnv_str text, cnv_reference *out)
{
	size_t at = 0;

	return cnv_str_starts(text, CNV_STR("${")) && cnv_reference_next(text, &at, out) && out->name.len &&
	       at == text.len;
}

/* ---------------------------------------------------------------- words and defaults */

static bool is_name_like(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       c == '.' || (unsigned char)c >= 0x80;
}

bool cnv_formula_next_word(cnv_str text, size_t *at, cnv_str *word)
{
	size_t from = *at, upto;

	while (from < text.len && !is_name_like(text.at[from]))
		from++;
	for (upto = from; upto < text.len && is_name_like(text.at[upto]); upto++)
		;
	*at = upto;
	*word = cnv_str_slice(text, from, upto);
	return upto > from;
}

/* An operator, a call or a reference begins at `i`. */
static bool computes(cnv_str text, size_t i, bool hyphens)
{
	cnv_str rest = cnv_str_slice(text, i, text.len);
	bool after_name = i > 0 && is_name_like(text.at[i - 1]);

	switch (text.at[i]) {
	case '*':
	case '+':
	case '|':
		return true;
	case '$':
		return cnv_str_starts(rest, CNV_STR("${"));
	case '(':
		return after_name;
	case '-': /* a hyphen inside a name or before a number is part of it */
		return !hyphens && i > 0 && text.at[i - 1] == ' ' && cnv_str_starts(rest, CNV_STR("- "));
	case ' ':
		return cnv_str_starts(rest, CNV_STR(" div ")) || cnv_str_starts(rest, CNV_STR(" mod "));
	default:
		return false;
	}
}

bool cnv_formula_is_computed(cnv_str text, bool hyphens)
{
	char quote = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if ((c == '\'' || c == '"') &&
			 cnv_str_find(cnv_str_slice(text, i + 1, text.len), (cnv_str){ &c, 1 }) != SIZE_MAX)
			quote = c;
		else if (computes(text, i, hyphens))
			return true;
	}
	return false;
}
