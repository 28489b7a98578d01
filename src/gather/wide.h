/* The columns of a wide table. */
#ifndef CANVASS_GATHER_WIDE_H
#define CANVASS_GATHER_WIDE_H

#include "gather/heading.h"

/* A column of a wide file. */
typedef struct cnv_wide_column {
	enum {
		CNV_WIDE_UNUSED,
		CNV_WIDE_DIRECT, /* an answer of the response: straight into the batch */
		CNV_WIDE_HELD,   /* an answer in an entry, or a remark: waits for the end of the record */
		CNV_WIDE_STRAY,  /* names what takes no answer: told when it is first filled */
		CNV_WIDE_CLAIM,  /* what the return says of itself */
		CNV_WIDE_KEY     /* what other tables know this record by, or what it belongs to */
	} use;
	cnv_claim_key claim; /* of CNV_WIDE_CLAIM */
	bool tool;           /* of a claim */
	cnv_path_role role;
	cnv_question_id question;
	cnv_column *column; /* of CNV_WIDE_DIRECT, and of a key that names the response */
	uint32_t entry;     /* CNV_NONE: the response itself */
	uint32_t next;      /* column of the same entry, CNV_NONE */
	uint32_t cell;      /* in cnv_gather.held, if that one is of this column: else blank in this record */
	cnv_piece piece;
	uint32_t choice;     /* of a piece */
	cnv_question_id other;
	uint32_t assembly;   /* it is part of, CNV_NONE */
	uint32_t piece_next; /* column of the same answer, CNV_NONE */
	bool leads;          /* the first of its assembly: stands for it among the columns of its entry */
} cnv_wide_column;


/* The columns of one answer in a wide file. */
typedef struct cnv_assembly {
	cnv_question_id question;
	uint32_t entry; /* CNV_NONE: the response itself */
	uint32_t whole; /* column of the whole answer, CNV_NONE */
	uint32_t first, last; /* columns of its pieces, linked by `piece_next` */
	size_t from, len; /* of this record's answer, in cnv_gather.assembled */
} cnv_assembly;

#endif
