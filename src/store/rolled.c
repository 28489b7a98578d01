/* The words for the kinds of roll-ups in the store's tables, and the statements about those of a round. */
#include "store/rollup.h"

static const char *const words[] = {
	[CNV_ROLLED_ROWS] = "rows",       [CNV_ROLLED_STATE] = "state", [CNV_ROLLED_CHOICE] = "choice",
	[CNV_ROLLED_NUMBER] = "number",   [CNV_ROLLED_MANY] = "many",   [CNV_ROLLED_BUCKET] = "bucket",
	[CNV_ROLLED_SUM] = "sum",         [CNV_ROLLED_LEAST] = "least", [CNV_ROLLED_GREATEST] = "greatest",
	[CNV_ROLLED_FINDING] = "finding", [CNV_ROLLED_BLANK] = "blank",
};

cnv_str store_rolled_word(cnv_rolled_kind kind)
{
	return cnv_str_from(words[kind]);
}

bool store_rolled_find(cnv_str word, cnv_rolled_kind *kind)
{
	for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (cnv_str_equal(word, cnv_str_from(words[i]))) {
			*kind = (cnv_rolled_kind)i;
			return true;
		}
	return false;
}

void store_rollup_run(cnv_store *store, sql_fixed which, int64_t round)
{
	sql *run = sql_get(store, which);

	sql_put_integer(run, 1, round);
	sql_put_integer(run, 2, store_form_id(store));
	sql_run(run);
}
