/* One table of a return. */
#ifndef CANVASS_GATHER_SECTION_H
#define CANVASS_GATHER_SECTION_H

#include "canvass/gather.h"

/* What a column of the long layout holds. */
typedef enum cnv_long_part {
	CNV_PART_UNKNOWN, /* reported */
	CNV_PART_UNNAMED, /* no heading: reported when it first has a cell */
	CNV_PART_QUESTION,
	CNV_PART_NUMBER, /* the form's text, to be compared with it */
	CNV_PART_LABEL,  /* the same */
	CNV_PART_ANSWER,
	CNV_PART_NOTE,
	CNV_PART_AS_OF, /* this and the following: remarks of their own */
	CNV_PART_SOURCE_URL,
	CNV_PART_SOURCE_SEEN,
	CNV_PART_EVIDENCE,
	CNV_PART_STILL,     /* ticks that confirm prefilled answers */
	CNV_PART_PREFILLED, /* what canvass filled in */
	CNV_PART_OWN,       /* what a pack calculates, and both keyings of a return that was keyed twice */
	CNV_LONG_PARTS
} cnv_long_part;
#define CNV_SOURCE_PARTS (CNV_PART_EVIDENCE - CNV_PART_AS_OF + 1)

/* One table of the return: a file, or a sheet. */
typedef struct cnv_section {
	cnv_origin origin;
	cnv_holds holds;
	uint32_t table;    /* of CNV_HOLDS_ENTRIES */
	cnv_str *headings; /* the header record */
	uint32_t heading_count, heading_room;
	uint32_t header_line;
	bool titled;                             /* a sheet of a pack, with other lines above the header */
	cnv_long_part *parts;                    /* long */
	uint32_t part_columns[CNV_LONG_PARTS];   /* long; from 1, 0: none */
	uint32_t question_column, answer_column; /* of part_columns */
	struct cnv_section *earlier;
} cnv_section;

#endif
