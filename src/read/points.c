/* Points, traces and shapes on the map: only their form is checked; the text is the value. */
#include "read/value.h"

#include <string.h>

/* Minimum points of a trace and of a shape; the length of the text is the maximum. */
#define LEAST_TRACE 2u
#define LEAST_SHAPE 3u

/* "latitude longitude [altitude [accuracy]]". */
static bool read_point(cnv_str text, double point[2])
{
	cnv_str word;
	uint32_t count = 0;

	for (; cnv_str_word(&text, &word); count++) {
		double number;

		if (count == 4 || !cnv_number_read(word, &number))
			return false;
		if (count < 2)
			point[count] = number;
	}
	return count >= 2 && point[0] >= -90 && point[0] <= 90 && point[1] >= -180 && point[1] <= 180;
}

bool cnv_points_valid(cnv_kind kind, cnv_str text)
{
	double first[2] = { 0 }, point[2] = { 0 };
	uint32_t count = 0;
	cnv_str piece;

	if (kind == CNV_GEOPOINT)
		return read_point(text, point);
	while (cnv_str_split(&text, ';', &piece)) {
		if (!text.len && count && !cnv_cell_trim(piece).len)
			break;
		if (!read_point(piece, point))
			return false;
		if (!count++)
			memcpy(first, point, sizeof first);
	}
	if (kind == CNV_GEOTRACE)
		return count >= LEAST_TRACE;
	return count >= LEAST_SHAPE && !memcmp(first, point, sizeof first);
}
