/* The number and date conventions of a return: decided for the whole return, and valid until it contradicts itself.
 * If all windows of a return wait in memory, they are scanned at once.  In a longer return, a window is decided
 * together with those before it.  If they do not suffice, or a later window contradicts them, the pass ends, and
 * another one begins with the conventions of the whole return. */
#include "round/arrival.h"

/* The windows so far do not decide it. */
static cnv_status ask_whole(void *self, cnv_conventions *conventions)
{
	arrival *a = self;

	(void)conventions;
	a->again = true;
	return CNV_STOPPED;
}

/* The convention used for earlier windows no longer holds. */
static bool contradicts(cnv_convention before, cnv_convention now)
{
	return now == CNV_CONTRADICTED && before != CNV_CONTRADICTED && before != CNV_UNDECIDED;
}

cnv_status settle_batch(arrival *a, cnv_batch *batch, cnv_ledger *ledger)
{
	const cnv_conventions before = a->conventions;
	bool known = a->whole || a->learned;
	cnv_settle_options options = { .literal = a->intake->options.strict,
				       .conventions = &a->conventions,
				       .look = known ? NULL : ask_whole,
				       .self = a,
				       .utc_offset = a->intake->options.now.utc_offset,
				       .by_window = !known,
				       .offered = a->stream.claims.hidden };
	cnv_status status;

	a->conventions.collected = a->conventions.complete;
	status = cnv_settle_with(batch, a->name, &options, ledger);
	if (!status && !options.literal && !known &&
	    (contradicts(cnv_date_order(&before), cnv_date_order(&a->conventions)) ||
	     contradicts(cnv_decimal_sign(&before), cnv_decimal_sign(&a->conventions)))) {
		a->again = true;
		return CNV_STOPPED;
	}
	if (!status && known)
		settle_tell(a);
	return status;
}

void settle_tell(arrival *a)
{
	if (!a->conventions.collected || a->conventions_told || a->intake->options.strict)
		return;
	cnv_conventions_report(&a->conventions, a->name, &a->diags);
	a->conventions_told = true;
}
