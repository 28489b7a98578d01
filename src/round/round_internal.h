/* Declarations private to round/. */
#ifndef CANVASS_ROUND_INTERNAL_H
#define CANVASS_ROUND_INTERNAL_H

#include "canvass/round.h"

/* Prefilled values of packs (prefill.c). */
typedef struct round_prefill {
	const cnv_form_file *form;
	cnv_store *store; /* only with `wanted` */
	cnv_str round;    /* the round of the packs */
	cnv_str wanted;   /* the round to prefill from; "last": each respondent's latest; empty: none */
	cnv_world world;
	cnv_diags *diags;
	uint32_t filled;  /* packs that were prefilled from a round */
	cnv_batch *batch; /* of the current respondent */
	/* the answers of earlier rounds */
	cnv_batch *before;
	cnv_reported *reported;
	uint32_t before_count, before_room;
	cnv_map before_rows;            /* of each respondent, the first */
	uint32_t same_from, same_count; /* rows [from, count) of `before` are of the packs' own round */
	/* of the current respondent */
	bool same_round;     /* the answers are of the packs' own round */
	uint64_t **left_out; /* by table: bit row * columns + column; NULL: nothing */
	cnv_uncarried *uncarried;
	uint32_t uncarried_count, uncarried_room;
	cnv_arena arena, scratch;
} round_prefill;

cnv_status round_prefill_open(round_prefill *prefill);
/* Prefills one respondent's pack; valid until the next call. */
cnv_status round_prefill_take(round_prefill *prefill, const cnv_respondent *respondent, cnv_pack *pack);
void round_prefill_fini(round_prefill *prefill);

/* What a report is compared with; the rest lives in the arena (since.c). */
cnv_status since_gather(cnv_earlier *out, const cnv_since *since, cnv_arena *arena);

/* Sets the traces of the answers that are shown by name; the list lives in the arena (trace.c). */
cnv_status trace_gather(cnv_report *report, cnv_store *store, cnv_arena *arena, cnv_diags *diags);

/* A paper about the group, or about report->profile (paper.c). */
cnv_status paper_lay(const cnv_report *report, const cnv_tally *tally, const cnv_document *document,
		     cnv_arena *scratch);
/* Writes it in the format that the ending of `target` names. */
cnv_status cnv_paper_write(const cnv_report *report, const cnv_comparison *comparison, cnv_str target,
			   cnv_diags *diags);

#endif
