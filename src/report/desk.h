/* The desk: all inputs of a workbook: the roster, the responses, and which respondents may be shown by name. */
#ifndef CANVASS_REPORT_DESK_H
#define CANVASS_REPORT_DESK_H

#include "canvass/report.h"
#include "report/tongue.h"

/* One line of the workbook: a respondent on the roster, or one who answered without being on it. */
typedef struct cnv_paired {
	cnv_str code, name;
	uint32_t listed;   /* index in the roster, CNV_NONE */
	uint32_t response; /* row of table 0, CNV_NONE: no reply */
	bool by_name;      /* answers may be shown by name (true if there are none) */
	bool blank;        /* what was returned is blank */
} cnv_paired;

/* Entries of one repeat by response: those of response r are rows[starts[r]] to rows[starts[r + 1]]. */
typedef struct cnv_entries {
	uint32_t *starts, *rows;
} cnv_entries;

typedef struct cnv_pairing {
	cnv_paired *rows;
	uint32_t count;
	cnv_map by_code;       /* code -> row */
	cnv_entries *entries;  /* of each table; [0] is empty */
	uint32_t *remarks;     /* those of the batch, by question, table and row */
	uint32_t *remark_ends; /* of each question; the last element is for the response as a whole */
	uint32_t withheld;     /* responses not shown by name */
} cnv_pairing;

/* ---------------------------------------------------------------- the desk */

struct cnv_page;
typedef void cnv_lay(struct cnv_page *page); /* called twice: to measure, and to write the same cells */

typedef struct cnv_sheet_plan {
	cnv_str name, quoted; /* quoted: as links name it */
	cnv_str tables;       /* the name of its first table, in every language; of the others with a number */
	const char *about;    /* for the list of sheets */
	cnv_lay *lay;
	uint32_t table; /* of a repeat's sheet */
	bool a3, portrait, one_page, hidden;
} cnv_sheet_plan;

typedef struct cnv_desk {
	const cnv_report *report;
	const cnv_form *form;
	const cnv_tally *tally;
	cnv_arena *arena;           /* until the workbook is complete */
	cnv_arena step;             /* one question's lists */
	cnv_text draft;             /* scratch for a text */
	bool failed;                /* out of memory in one of these */
	cnv_str one, many;          /* "economy", "economies" */
	cnv_tongue tongue;          /* of all texts that are not the form's; */
	cnv_map sayings;            /* its words, by the English ones: sayings.c */
	cnv_text *spoken;           /* scratch for a sentence, */
	cnv_text sentence;          /* which is here */
	const cnv_privacy *privacy; /* by question */
	bool *hidden;               /* by question: more private than what the audience may see of anybody */
	bool named;                 /* sheets that name respondents are included; there is a batch */
	cnv_pairing pairing;
	const struct cnv_headlines *headlines; /* of the workbook */
	const struct cnv_changes *changes;     /* of the workbook or paper; NULL: it is compared with nothing */
	cnv_sheet_plan *sheets;
	uint32_t sheet_count;
	struct cnv_marks *marks; /* of the answers in the Matrix; NULL: there are too many */
	const cnv_laid *laid;    /* all other sheets, for the manifest */
} cnv_desk;

/* Pairs the responses with the roster; false: out of memory.  Closed in every case. */
bool cnv_desk_open(cnv_desk *desk, const cnv_report *report, const cnv_tally *tally, cnv_arena *arena);
void cnv_desk_close(cnv_desk *desk);
/* Empties the arena of a step; an allocation failure is kept in desk->failed. */
void cnv_desk_next_step(cnv_desk *desk);
cnv_str cnv_desk_drafted(cnv_desk *desk, cnv_arena *arena); /* a copy of the draft */
bool cnv_pairing_build(cnv_desk *desk);                     /* false: out of memory */
void cnv_pairing_fini(cnv_pairing *pairing);
/* The name of a respondent outside any roster: the label of the choice that identifies it, else its code. */
cnv_str cnv_desk_name(const cnv_desk *desk, cnv_str code);
/* Finds the contacts, and hides them from those who may not see them. */
bool cnv_desk_hide(cnv_desk *desk);
/* Does this question have a column in the workbook? */
bool cnv_desk_shows(const cnv_desk *desk, cnv_question_id question);
/* Questions of one table that have a column, in form order; for table 0 its repeats too.  NULL: out of memory. */
const cnv_question_id *cnv_desk_questions(const cnv_desk *desk, uint32_t table, uint32_t *count, cnv_arena *arena);
/* The row of table 0 with the response of a code; CNV_NONE: none. */
uint32_t cnv_desk_response(const cnv_desk *desk, cnv_str code);
const cnv_column *cnv_desk_column(const cnv_desk *desk, cnv_question_id question); /* of the batch */
/* The remarks on one cell as one text, empty if there are none.  CNV_NONE: on the response as a whole. */
cnv_str cnv_desk_remark(cnv_desk *desk, cnv_question_id question, uint32_t row, cnv_arena *arena);
bool cnv_desk_has_remarks(const cnv_desk *desk, cnv_question_id question);
/* "2", or "2.1" for the first of a repeat inside the second entry. */
cnv_str cnv_desk_entry(const cnv_desk *desk, uint32_t table, uint32_t row, cnv_arena *arena);
/* Does the roster have groups, and are their answers known? */
bool cnv_desk_has_groups(const cnv_desk *desk);
/* The title of the outermost group around a question; empty at the root. */
cnv_str cnv_desk_section(const cnv_desk *desk, cnv_question_id question);

/* "1 declined, 1 withdrawn": those with a response that counts, or those without, by state in the order of the roster;
 * empty where the states are not known.  Who returned blank is in neither. */
cnv_str cnv_states_text(cnv_desk *desk, bool returned, cnv_arena *arena);
/* Respondents of the roster whose answers somebody else compiled: they have not replied. */
uint32_t cnv_desk_compiled(const cnv_desk *desk);
bool cnv_desk_is_compiled(const cnv_desk *desk, const cnv_paired *paired);
/* "21 economies: answers compiled by others, no replies"; empty where there are none. */
cnv_str cnv_desk_compiled_text(const cnv_desk *desk, cnv_arena *arena);
/* What those without answers are called: "No reply", or "No source found" where no one was asked. */
const char *cnv_desk_silent_word(const cnv_desk *desk);

#endif
