/* The account of a return: its cells, as the parser delivered them, against their classes.
 *
 * The classes are counted where cells are used (gather/account.c, io/xlsx_returned.c), the cells where they are parsed.
 * The two counts are independent, so a cell that is neither used nor reported, and one that is used twice, shows here. */
#include "round/arrival.h"

void account_add(cnv_account *sum, const cnv_account *account)
{
	sum->cells += account->cells;
	for (size_t i = 0; i < CNV_CELL_CLASSES; i++)
		sum->as[i] += account->as[i];
}

cnv_status account_close(arrival *a)
{
	const cnv_account *account = &a->stream.account;
	uint64_t classed = 0;

	for (size_t i = 0; i < CNV_CELL_CLASSES; i++)
		classed += account->as[i];
	if (classed == account->cells)
		return CNV_OK;
	cnv_diags_emit(&a->diags, CNV_DIAG(.code = CNV_ACCOUNT_WRONG, .place = (cnv_place){ .source = a->name }),
		       "the file has %llu cells, and %llu are accounted for", (unsigned long long)account->cells,
		       (unsigned long long)classed);
	return CNV_REJECTED;
}
