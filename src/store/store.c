/* Rolling a transaction back, and queries about the store itself. */
#include "store/engine.h"
#include "store/state.h"

void cnv_store_rollback(cnv_store *store)
{
	store_forget_earlier(store);
	if (store->open)
		sql_roll_back(store);
	store->broken = CNV_OK;
	/* The rollback may have removed the form's records made in the transaction. */
	if (store->has_version)
		store_version_fini(&store->version);
	store->has_version = false;
}

void cnv_store_be_patient(cnv_store *store, const cnv_patience *patience)
{
	store->patience = patience ? *patience : (cnv_patience){ .seconds = CNV_STORE_PATIENCE };
}

cnv_str cnv_store_round(const cnv_store *store)
{
	return cnv_text_str(&store->round_label);
}

bool cnv_store_replays(cnv_store *store, bool replays)
{
	store->replays = replays && !store->engine->in_file;
	store->must_replay = false;
	return !store->engine->in_file;
}

bool cnv_store_must_replay(cnv_store *store)
{
	bool must = store->must_replay;

	store->must_replay = false;
	return must;
}
