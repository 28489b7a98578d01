/* probe: what the files of a trial share; see probe.c. */
#ifndef CANVASS_ADVISE_PROBE_H
#define CANVASS_ADVISE_PROBE_H

#include "advise/advice.h"

#define MOST_ROWS 4096u      /* combinations of one trial */
#define MOST_READS 4u        /* questions of one trial */
#define MOST_LITERALS 24u    /* numbers, and texts, of one trial */
#define MOST_FORMULAS 24u    /* of one trial: the question's own, those around it, those of what it reads */
#define MOST_LENGTH 4096.0   /* of a text that string-length() is tried with */
#define MOST_WORK (1u << 20) /* rows tried in one form, so that no form takes long */

/* What the formulas of one trial compare with. */
struct literals {
	cnv_str texts[MOST_LITERALS];
	double numbers[MOST_LITERALS];
	uint32_t text_count, number_count;
	bool counts, lengths; /* they call count-selected(), string-length() */
	bool answers;         /* they compare answers with each other */
};

/* One answer that is tried; the first of each question is the blank. */
struct value {
	cnv_str text;
	double number; /* or days */
	uint32_t choice;
	uint64_t set;
};

struct read {
	const cnv_question *question;
	cnv_question_id id;
	struct value *values;
	uint32_t count, room;
	const uint64_t *blank; /* bit a row */
};

enum outcome { UNSURE, POSSIBLE, NEVER, ALWAYS };

struct probing {
	const cnv_plan *plan;
	const cnv_form *form;
	cnv_diags *diags;
	cnv_arena kept, trial; /* the whole form; one trial */
	cnv_batch batch;       /* columns that are read have memory, the others none */
	uint8_t *outcomes;     /* of each program by itself: 1 + enum outcome */
	bool *dead;            /* of each question: it was reported as never asked */
	uint32_t work;
};

/* A formula that must be true; one that a read question depends on, only where that question is answered. */
struct condition {
	const cnv_expr *expr;
	uint32_t table;
	uint32_t of; /* index in `reads`, or CNV_NONE */
};

/* One trial: formulas, what they read, and all combinations of it. */
struct trial {
	struct probing *probing;
	struct condition conditions[MOST_FORMULAS];
	uint32_t count;
	struct read reads[MOST_READS];
	uint32_t read_count;
	struct literals literals;
	cnv_question_id answered; /* its own answer is not blank: the question of a constraint */
	uint32_t rows;
	struct value lost; /* takes what is written when memory has run out */
};

/* cases.c: collects what a formula compares with; false when it does more than compare. */
bool cnv_probe_literals(struct literals *literals, const cnv_formula_tree *tree);
/* cases.c: every answer to one question that the formulas can distinguish; false when they cannot be counted. */
bool cnv_probe_values(struct trial *trial, struct read *read);

#endif
