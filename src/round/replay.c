/* A return that is imported again, because the server ended its transaction for the sake of another one.
 *
 * It is imported from its first byte, as if it had not been before.  What was reported of it by then is not reported
 * twice: the reports of the second time are compared with those of the first, until one differs. */
#include "round/arrival.h"

static uint64_t mark(const cnv_diag *diag)
{
	uint64_t place = (uint64_t)diag->place.row << 32 | diag->place.column;
	uint64_t hash = cnv_str_hash(diag->message, place ^ (uint64_t)diag->code << 48);

	return cnv_str_hash(diag->field, cnv_str_hash(diag->place.source, hash));
}

void replay_emit(cnv_intake *in, const cnv_diag *diag)
{
	replay *r = &in->replay;
	uint64_t now = r->possible ? mark(diag) : 0;

	if (r->at < r->count && r->reported[r->at] == now) {
		r->at++;
		return;
	}
	/* What differs is new, and so is all that follows. */
	r->count = r->at;
	if (r->possible && cnv_mem_room((void **)&r->reported, &r->room, r->count + 1, sizeof *r->reported)) {
		r->reported[r->count++] = now;
		r->at = r->count;
	}
	if (in->listener.diag)
		in->listener.diag(in->listener.self, diag);
}

void replay_begin(cnv_intake *in)
{
	in->replay.at = in->replay.count = in->replay.tries = 0;
	in->replay.possible = cnv_store_replays(in->store, true);
}

bool replay_again(cnv_intake *in)
{
	replay *r = &in->replay;

	if (!r->possible || !cnv_store_must_replay(in->store))
		return false;
	r->at = 0;
	/* The last time it fails, it is reported. */
	cnv_store_replays(in->store, ++r->tries < MOST_REPLAYS);
	return true;
}

void replay_end(cnv_intake *in)
{
	cnv_store_replays(in->store, false);
}
