/* Respondents by their answer to one question. */
#ifndef CANVASS_REPORT_BUCKETS_H
#define CANVASS_REPORT_BUCKETS_H

#include "report/desk.h"

/* Respondents by their answer to one question: bucket b is items[starts[b]] to items[starts[b + 1]], indexes of
 * pairing rows in ascending order, one for each entry in a repeat.  Buckets are the choices of the list, then the
 * standings. */
typedef struct cnv_buckets {
	uint32_t options; /* number of buckets that are choices */
	uint32_t *starts, *items;
} cnv_buckets;
/* Over pairing rows people[0] to people[count]; NULL: all.  Of some people only, those who are not shown by name are
 * withheld: a group is small.  false: out of memory. */
bool cnv_buckets_build(cnv_buckets *buckets, const cnv_desk *desk, cnv_question_id question, const uint32_t *people,
		       uint32_t count, cnv_arena *arena);
/* Returns how many answers of people (as above) are in a bucket. */
uint32_t cnv_bucket_size(const cnv_buckets *buckets, uint32_t bucket);

#endif
