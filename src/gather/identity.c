/* The identity of each record in the export of a survey tool: the respondent, if no question of the form asks for one.
 *
 * One column is enough for most files, and its cells go directly into the batch. Some tools have several, and leave the
 * better one blank in some records: the identity is then chosen record by record.
 */
#include "canvass/gather.h"
#include "gather/layouts.h"

/* Headings of any tool, the best one first; lower case. */
static const char *const identity_headings[] = {
	"respondent", "meta/rootuuid", "instanceid", "meta/instanceid", "meta-instanceid", "key", "_uuid", "_id",
};

static uint32_t find_heading(const cnv_gather *gather, const char *word)
{
	for (uint32_t at = 0; at < gather->section->heading_count; at++)
		if ((gather->columns[at].use == CNV_WIDE_UNUSED || gather->columns[at].use == CNV_WIDE_CLAIM) &&
		    cnv_str_is_word(gather->section->headings[at], word))
			return at;
	return CNV_NONE;
}

/* The columns that the tool itself prefers; each record uses the first that is not blank.  Returns how many. */
static uint32_t take_ranked(cnv_gather *gather)
{
	uint32_t count = 0, only = CNV_NONE;

	for (uint32_t rank = 0; gather->tool && rank < CNV_TOOL_IDENTITIES && gather->tool->identities[rank]; rank++) {
		uint32_t at = find_heading(gather, gather->tool->identities[rank]);

		if (at == CNV_NONE)
			continue;
		gather->columns[at].use = CNV_WIDE_IDENTITY;
		gather->columns[at].as = CNV_AS_IDENTITY;
		gather->columns[at].rank = rank;
		only = at;
		count++;
	}
	/* A column alone needs no rank, if its cells are taken as they are. */
	if (count == 1 && !gather->tool->urn) {
		gather->columns[only].use = CNV_WIDE_DIRECT;
		gather->columns[only].column = &gather->batch->identity;
	}
	return count;
}

void cnv_identity_take(cnv_gather *gather)
{
	gather->identity_rank = CNV_NONE;
	if (cnv_identifying_question(gather->form) != CNV_NONE)
		return;
	if (find_heading(gather, identity_headings[0]) == CNV_NONE && take_ranked(gather))
		return;
	for (size_t i = 0; i < sizeof identity_headings / sizeof identity_headings[0]; i++) {
		uint32_t at = find_heading(gather, identity_headings[i]);

		if (at == CNV_NONE)
			continue;
		gather->columns[at].use = CNV_WIDE_DIRECT;
		gather->columns[at].as = CNV_AS_IDENTITY;
		gather->columns[at].column = &gather->batch->identity;
		return;
	}
}

void cnv_identity_put(cnv_gather *gather, uint32_t at, cnv_str field)
{
	const cnv_wide_column *column = &gather->columns[at];

	if (gather->children) /* it may also be the key of entries */
		cnv_pending_hold(gather, at, field);
	if (column->rank >= gather->identity_rank)
		return;
	field = cnv_str_trim_unicode(field);
	if (gather->tool->urn && cnv_str_starts(field, CNV_STR("uuid:")))
		field = cnv_str_slice(field, 5, field.len);
	cnv_text_reset(&gather->identity);
	cnv_text_put(&gather->identity, field);
	gather->identity_rank = column->rank;
}

void cnv_identity_end(cnv_gather *gather)
{
	if (gather->identity_rank == CNV_NONE)
		return;
	cnv_column_put(gather->batch, &gather->batch->identity, gather->row, cnv_text_str(&gather->identity));
	gather->batch->failed |= gather->identity.failed;
	gather->identity_rank = CNV_NONE;
}
