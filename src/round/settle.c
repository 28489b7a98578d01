/* How a return writes its numbers and dates: decided for all of it, believed until it contradicts itself.
 *
 * A return whose windows all wait in memory is looked through at once.  Of a longer one a window decides with those before
 * it.  Where they do not suffice, or a later one contradicts them, the pass ends, and another one begins that knows the
 * whole. */
#include "arrival.h"

/* The windows so far do not tell. */
static cnv_status ask_whole(void *self, cnv_conventions *conventions)
{
	arrival *a = self;

	(void)conventions;
	a->again = true;
	return CNV_STOPPED;
}

/* What windows before this one were read by no longer holds. */
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
