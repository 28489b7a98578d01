/* One table of a return. */
#ifndef CANVASS_GATHER_SECTION_H
#define CANVASS_GATHER_SECTION_H

#include "canvass/gather.h"

typedef enum cnv_long_part { CNV_PART_NONE, CNV_PART_QUESTION, CNV_PART_ANSWER, CNV_PART_NOTE } cnv_long_part;

/* One table of the return: a file, or a sheet. */
typedef struct cnv_section {
	cnv_origin origin;
	cnv_holds holds;
	uint32_t table;    /* of CNV_HOLDS_ENTRIES */
	cnv_str *headings; /* the header record */
	uint32_t heading_count, heading_room;
	uint32_t header_line;
	cnv_long_part *parts;                    /* long */
	uint32_t question_column, answer_column; /* long; from 1 */
	struct cnv_section *earlier;
} cnv_section;

#endif
