/* The kinds of answers: words for each, the expected format, and the type of its values. */
#include "canvass/data.h"

const cnv_kind_info cnv_kinds[CNV_KINDS] = {
	[CNV_NOTHING] = { CNV_VALUE_TEXT, "an answer", "" },
	[CNV_TEXT] = { CNV_VALUE_TEXT, "a text", "" },
	[CNV_INTEGER] = { CNV_VALUE_NUMBER, "a whole number",
			  "write digits only, such as 12 or 3000, without separators or words" },
	[CNV_DECIMAL] = { CNV_VALUE_NUMBER, "a number", "write digits with a point for the decimals, such as 1200.50" },
	[CNV_DATE] = { CNV_VALUE_DAY, "a date", "write year, month and day with hyphens, such as 2026-09-30" },
	[CNV_TIME] = { CNV_VALUE_TIME, "a time of day", "write hours and minutes, such as 14:30" },
	[CNV_DATETIME] = { CNV_VALUE_MOMENT, "a date with a time", "write it as 2026-09-30T14:30" },
	[CNV_CHOICE] = { CNV_VALUE_CHOICE, "one of the choices", "write the code of one choice" },
	[CNV_CHOICES] = { CNV_VALUE_SET, "a set of choices", "write the codes of the choices, separated by spaces" },
	[CNV_RANK] = { CNV_VALUE_SET, "a ranking of the choices",
		       "write the codes of all choices in order, separated by spaces" },
	[CNV_GEOPOINT] = { CNV_VALUE_TEXT, "a place",
			   "write latitude and longitude in degrees, such as -33.86 151.21" },
	[CNV_GEOTRACE] = { CNV_VALUE_TEXT, "a line of points",
			   "write points as latitude and longitude, separated by semicolons" },
	[CNV_GEOSHAPE] = { CNV_VALUE_TEXT, "an area",
			   "write points as latitude and longitude, separated by semicolons; the last repeats the"
			   " first" },
	[CNV_FILE] = { CNV_VALUE_TEXT, "a file name", "write the name of the file without its folder" },
	[CNV_ACKNOWLEDGE] = { CNV_VALUE_TEXT, "OK", "write OK or leave the cell empty" },
};
