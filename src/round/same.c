/* Whether two cells of a question have the same answer. */
#include "round/same.h"

static bool same_set(cnv_str a, cnv_str b)
{
	cnv_str rest = a, word, other, within;
	uint32_t count = 0, others = 0;

	for (within = b; cnv_str_word(&within, &other);)
		others++;
	while (cnv_str_word(&rest, &word)) {
		bool there = false;

		count++;
		for (within = b; !there && cnv_str_word(&within, &other);)
			there = cnv_str_equal(word, other);
		if (!there)
			return false;
	}
	return count == others;
}

/* The next character of a text, with each line end as one. */
static char next_char(cnv_str text, size_t *at)
{
	while (*at < text.len && text.at[*at] == '\r' && *at + 1 < text.len && text.at[*at + 1] == '\n')
		++*at;
	return *at < text.len ? text.at[(*at)++] : '\0';
}

bool same_text(cnv_str a, cnv_str b)
{
	size_t i = 0, k = 0;

	a = cnv_cell_trim(a);
	b = cnv_cell_trim(b);
	while (i < a.len && k < b.len)
		if (next_char(a, &i) != next_char(b, &k))
			return false;
	return i == a.len && k == b.len;
}

bool same_answer(const cnv_column *column, cnv_str a, cnv_str b)
{
	double one, other;

	if (same_text(a, b))
		return true;
	if (column->kind == CNV_CHOICES && a.len && b.len)
		return same_set(a, b);
	return column->numbers && cnv_number_read(a, &one) && cnv_number_read(b, &other) && one == other;
}
