/* draw.h: numbers by chance that are the same in every run. */
#ifndef CANVASS_TESTS_DRAW_H
#define CANVASS_TESTS_DRAW_H

#include <stdint.h>

/* 0 to `below` - 1; below: at most 2^31. */
static inline uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

#endif
