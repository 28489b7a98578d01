/* Random numbers that are reproducible to the byte on every machine. */
#include "canvass/base.h"

uint64_t cnv_chance_draw(cnv_chance *chance)
{
	uint64_t x = chance->state += UINT64_C(0x9E3779B97F4A7C15);

	x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
	return x ^ (x >> 31);
}

uint32_t cnv_chance_below(cnv_chance *chance, uint32_t count)
{
	return (uint32_t)((cnv_chance_draw(chance) >> 32) * count >> 32);
}

double cnv_chance_share(cnv_chance *chance)
{
	return (double)(cnv_chance_draw(chance) >> 11) * 0x1p-53;
}
