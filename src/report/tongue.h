/* The languages that canvass writes packs and reports in. */
#ifndef CANVASS_REPORT_TONGUE_H
#define CANVASS_REPORT_TONGUE_H

#include "canvass/report.h"

/* Tables of words have their columns in this order. */
typedef enum cnv_tongue {
	CNV_ENGLISH,
	CNV_FRENCH,
	CNV_SPANISH,
	CNV_PORTUGUESE,
	CNV_INDONESIAN,
	CNV_VIETNAMESE,
	CNV_RUSSIAN,
	CNV_JAPANESE,
	CNV_CHINESE, /* in simplified characters */
	CNV_CHINESE_TRADITIONAL,
	CNV_KOREAN,
	CNV_THAI,
	CNV_TONGUES
} cnv_tongue;

/* By a BCP 47 tag; CNV_TONGUES: none of them. */
cnv_tongue cnv_tongue_find(cnv_str tag);
const char *cnv_tongue_tag(cnv_tongue tongue);
/* Is the language of the tag, which need not be one of these, written from right to left? */
bool cnv_tag_is_from_right(cnv_str tag);
/* The look that a text has on a sheet that is read from the right: one that is not wrapped ends at the sheet's right
 * edge, which a text in Latin letters would leave. */
cnv_look cnv_look_from_right(cnv_look look);
/* How many forms a noun has after a whole number, and which of them, from 0. */
uint32_t cnv_tongue_forms(cnv_tongue tongue);
uint32_t cnv_tongue_form(cnv_tongue tongue, uint64_t number);
/* "1,234", as the language groups its digits. */
void cnv_tongue_put_count(cnv_text *out, cnv_tongue tongue, uint64_t number);

#endif
