/* Cells that wait for their entry. */
#include "gather/layouts.h"

void cnv_wide_hold(cnv_gather *gather, cnv_wide_column *column, cnv_str field)
{
	column->from = gather->held.len;
	column->len = field.len;
	column->record = gather->record;
	cnv_text_put(&gather->held, field);
	gather->batch->failed |= gather->held.failed;
	if (column->entry != CNV_NONE && column->role == CNV_PATH_ANSWER && column->assembly == CNV_NONE)
		gather->entries.at[column->entry].there = true;
}
