/* Numbers and dates as people write them, and how a cell of a file is to be read. */
#ifndef CANVASS_READ_WRITTEN_H
#define CANVASS_READ_WRITTEN_H

#include "canvass/read.h"

/* Which of its two readings a text allows.  Numbers: decimal point first, comma second; dates: day first, month second.
 */
typedef enum cnv_ways {
	CNV_WAY_NONE,
	CNV_WAY_ANY, /* both readings have the same value, in the first */
	CNV_WAY_FIRST,
	CNV_WAY_SECOND,
	CNV_WAY_EITHER /* they differ */
} cnv_ways;

typedef struct cnv_written_number {
	cnv_ways ways;
	double by_point, by_comma;
	bool point_grouped, comma_grouped; /* has thousands separators */
} cnv_written_number;

typedef enum cnv_date_form { CNV_DATE_YEAR_FIRST, CNV_DATE_YEAR_LAST, CNV_DATE_POINTS, CNV_DATE_NAMED } cnv_date_form;

typedef struct cnv_written_date {
	cnv_date_form form;
	cnv_ways ways;
	int32_t day_first, month_first; /* days */
	bool short_year;                /* of two digits: never accepted */
	bool timed, zoned;
	int32_t milliseconds; /* since midnight */
	int64_t utc_offset_ms;
} cnv_written_date;

typedef enum cnv_number_form {
	CNV_NUMBER_WHOLE,
	CNV_NUMBER_FRACTION,
	CNV_NUMBER_GROUP_LIKE /* 1.234: the point may be a thousands separator */
} cnv_number_form;

/* Removes one to `most` digits from the beginning; returns how many, 0: none, or more. */
uint32_t cnv_digits_take(cnv_str *rest, uint32_t most, uint32_t *number);
/* text: trimmed.  false: not a number, date or time.  scratch: memory for folding; the caller resets it */
bool cnv_number_written(cnv_str text, cnv_arena *scratch, cnv_written_number *out);
bool cnv_date_written(cnv_str text, cnv_arena *scratch, cnv_written_date *out); /* with a time of day or without */
bool cnv_time_written(cnv_str text, cnv_arena *scratch, int32_t *milliseconds);
/* The form of a number as XLSForm writes it. */
cnv_number_form cnv_number_form_of(cnv_str text);
/* UTC milliseconds of a date on `day`; utc_offset: of its time if it names no zone, in seconds east. */
int64_t cnv_written_moment(const cnv_written_date *date, int32_t day, int32_t utc_offset);

/* How this cell is to be read; CNV_UNDECIDED or CNV_CONTRADICTED: not at all. */
cnv_convention cnv_choose_number(const cnv_conventions *conventions, const cnv_written_number *number);
cnv_convention cnv_choose_date(const cnv_conventions *conventions, const cnv_written_date *date);

#endif
