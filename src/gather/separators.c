/* What tools write between the names of the groups and of the question in a heading: Central `-`, others `:` or `.`,
 * KoboToolbox whatever its user chose, ` / ` or `::`. */
#include "gather/separators.h"

#include <string.h>

/* The length of the separator at the start of the text; 0: none.  One `_` belongs to a name, two do not. */
static size_t separator_len(cnv_str rest)
{
	size_t len = 0;

	if (rest.at[0] == '_')
		len = rest.len > 1 && rest.at[1] == '_' ? 2 : 0;
	else if (rest.at[0])
		len = strchr(CNV_SEPARATORS, rest.at[0]) != NULL;
	return len;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

void cnv_separators_unify(cnv_text *out, cnv_str text)
{
	bool pending = false; /* a separator that is written once something follows it */

	cnv_text_reset(out);
	for (size_t i = 0; i < text.len;) {
		size_t len = separator_len(cnv_str_slice(text, i, text.len));

		if (!len && !(pending && is_space(text.at[i]))) {
			if (pending && out->len)
				cnv_text_put_char(out, '/');
			pending = false;
			cnv_text_put_char(out, text.at[i++]);
			continue;
		}
		while (len && out->len && is_space(out->at[out->len - 1]))
			out->len--;
		pending = true;
		i += len ? len : 1;
	}
}

bool cnv_separators_end(cnv_str text)
{
	size_t at = text.len;

	while (at && is_space(text.at[at - 1]))
		at--;
	return !at || separator_len(cnv_str_slice(text, at - 1, text.len)) ||
	       (at > 1 && separator_len(cnv_str_slice(text, at - 2, at)));
}
