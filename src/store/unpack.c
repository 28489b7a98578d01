/* Own texts and lines of a row as they were before layout 8, packed in varints: own texts as the cell of the part less the
 * one before, the length, and the text; lines as differences from the line of the cell before, in zigzag. */
#include "store/coding.h"
#include "store/own.h"

bool store_own_unpack(cnv_str packed, uint32_t from, cnv_text *out)
{
	size_t start = out->len;
	uint64_t column = from, ahead, len;

	for (bool first = true; packed.len; first = false) {
		if (!store_get_varint(&packed, &ahead) || !store_get_varint(&packed, &len) || len > packed.len ||
		    (!first && !ahead) || ahead >= CNV_NONE - column)
			return false;
		column += ahead;
		store_own_put(out, start, (uint32_t)column, cnv_str_slice(packed, 0, (size_t)len));
		packed = cnv_str_slice(packed, (size_t)len, packed.len);
	}
	store_own_end(out);
	return out->len > start + 1;
}

bool store_lines_unpack(cnv_str packed, uint32_t from, cnv_text *out)
{
	size_t start = out->len;
	int64_t step = 0;

	(void)from;
	while (packed.len) {
		uint64_t more;

		if (!store_get_varint(&packed, &more) || more >> 1 > UINT32_MAX)
			return false;
		step += (int64_t)(more >> 1) ^ -(int64_t)(more & 1);
		if (step > UINT32_MAX || step < -(int64_t)UINT32_MAX)
			return false;
		store_lines_put(out, start, step);
	}
	store_lines_end(out);
	return out->len > start + 1;
}
