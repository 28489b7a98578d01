/* The columns of a wide table. */
#ifndef CANVASS_GATHER_WIDE_H
#define CANVASS_GATHER_WIDE_H

#include "gather/heading.h"

/* A column of a wide file. */
typedef struct cnv_wide_column {
	enum {
		CNV_WIDE_UNUSED,
		CNV_WIDE_DIRECT,   /* an answer of the response: put directly into the batch */
		CNV_WIDE_HELD,     /* an answer in an entry, or a remark: held until the record ends */
		CNV_WIDE_STRAY,    /* a name that takes no answer: reported when it first has a cell */
		CNV_WIDE_IDENTITY, /* one of several identities of the record */
		CNV_WIDE_CLAIM,    /* a claim about the return */
		CNV_WIDE_KEY       /* a key that other tables refer to, or that refers to a parent */
	} use;
	uint8_t as;          /* cnv_cell_class of its cells */
	bool filled;         /* without a heading, and has a cell */
	cnv_claim_key claim; /* of CNV_WIDE_CLAIM */
	bool tool;           /* of a claim */
	uint32_t rank;       /* of CNV_WIDE_IDENTITY: the lowest that is not blank counts */
	cnv_path_role role;
	cnv_question_id question;
	cnv_column *column; /* of CNV_WIDE_DIRECT, and of a key that names the response */
	uint32_t entry;     /* CNV_NONE: the response itself */
	uint32_t next;      /* column of the same entry, CNV_NONE */
	uint32_t cell; /* index in cnv_gather.held, valid if that cell has this column; else blank in this record */
	cnv_piece piece;
	uint32_t choice; /* of a piece */
	cnv_question_id other;
	uint32_t assembly;   /* the assembly it belongs to, CNV_NONE */
	uint32_t piece_next; /* column of the same answer, CNV_NONE */
	bool leads;          /* represents its assembly among the columns of its entry */
} cnv_wide_column;

/* The columns of one answer in a wide table. */
typedef struct cnv_assembly {
	cnv_question_id question;
	uint32_t entry;       /* CNV_NONE: the response itself */
	uint32_t whole;       /* column of the whole answer, CNV_NONE */
	uint32_t first, last; /* columns of its pieces, linked by `piece_next` */
	size_t from, len;     /* of this record's answer, in cnv_gather.assembled */
} cnv_assembly;

#endif
