/* growth.h: whether work grows linearly with its input, judged in a way that holds on any machine.
 *
 * No time is asserted.  TIMES small pieces of work are compared with one that is TIMES as large, in processor time:
 * linear work takes about as long both ways, quadratic work TIMES as long in one piece.  A busy machine slows both; where
 * it slows only one, further attempts find the least that each takes. */
#ifndef CANVASS_TESTS_GROWTH_H
#define CANVASS_TESTS_GROWTH_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { GROWTH_TIMES = 16, GROWTH_MOST = 5, GROWTH_ATTEMPTS = 5 };

/* `work` is done on an input of `size`, which is a multiple of GROWTH_TIMES. */
static inline bool grows_evenly(void (*work)(size_t size), size_t size)
{
	clock_t small = 0, large = 0;

	for (int attempt = 0; attempt < GROWTH_ATTEMPTS; attempt++) {
		clock_t begun = clock(), between, ended;

		for (int i = 0; i < GROWTH_TIMES; i++)
			work(size / GROWTH_TIMES);
		between = clock();
		work(size);
		ended = clock();
		if (!attempt || between - begun < small)
			small = between - begun;
		if (!attempt || ended - between < large)
			large = ended - between;
		if (large <= GROWTH_MOST * small)
			return true;
	}
	return false;
}

#endif
