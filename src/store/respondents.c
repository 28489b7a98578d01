/* The indexes of respondents, which a transaction of many responses drops and the next look-up makes again. */
#include "store/engine.h"
#include "store/state.h"

bool store_drops_indexes(const cnv_store *store)
{
	return store->engine->in_file || store->making;
}

/* A transaction of many responses has dropped the indexes, or a dry run has packed its responses. */
void store_index_respondents(cnv_store *store)
{
	if (store->indexed)
		return;
	if (store->mode == CNV_STORE_WRITE && !store_drops_indexes(store))
		return;
	if (store->mode == CNV_STORE_WRITE)
		sql_script(store,
			   "CREATE INDEX IF NOT EXISTS response_by_respondent ON response (respondent, round);"
			   "CREATE INDEX IF NOT EXISTS response_current ON response (round) WHERE later IS NULL");
	else
		store_rehearse_small(store);
	store->indexed = true;
}
