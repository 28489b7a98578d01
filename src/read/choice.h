/* The choices that a cell names. */
#ifndef CANVASS_READ_CHOICE_H
#define CANVASS_READ_CHOICE_H

#include "canvass/read.h"

#define CNV_CHOICE_CACHE 128u /* a power of 2 */

/* The meaning of one text.  The text is borrowed from the column being settled. */
typedef struct cnv_choice_found {
	cnv_str text;
	uint32_t choice; /* CNV_NONE: none */
	const char *why; /* for the ledger; NULL: the name itself */
	cnv_str rest;    /* the text after "other:" */
	bool labelled;   /* by a label, with its code or alone */
} cnv_choice_found;

/* What a choice means if its list asks yes or no. */
typedef enum cnv_says { CNV_SAYS_NOTHING, CNV_SAYS_YES, CNV_SAYS_NO, CNV_SAYS_NEITHER } cnv_says;

typedef struct cnv_choice_reader {
	const cnv_form *form;
	const cnv_list *list;
	bool literal; /* names only */
	bool offered; /* labels are accepted like names */
	cnv_arena *scratch;
	cnv_choice_found cache[CNV_CHOICE_CACHE];
	uint32_t *picked; /* by the last cnv_choices_read, in order, each once */
	uint32_t count, room;
	uint64_t *set; /* the same, a bit a choice */
	bool twice;    /* one of them occurs twice */
	const char *why;
	cnv_str rest;            /* of the cell: the text after "other:" */
	cnv_names by_fold;       /* folded names, once `indexed` */
	uint32_t commas, blanks; /* the maximum in a label, once `commas_counted` */
	uint32_t yes,
		no; /* once `asks_known`: the choices that mean yes and no, CNV_NONE if the list does not ask that */
	bool only_yes_no; /* its other choices are "not known" and the like */
	uint32_t other;   /* the choice "other", once `other_known` */
	bool indexed, commas_counted, asks_known, other_known, failed;
} cnv_choice_reader;

void cnv_choice_reader_init(cnv_choice_reader *reader, const cnv_form *form, const cnv_list *list, bool literal,
			    cnv_arena *scratch);
/* The only choice with this folded name or label, CNV_NONE. */
uint32_t cnv_choice_by_name(cnv_choice_reader *reader, cnv_str folded);
uint32_t cnv_choice_by_label(const cnv_choice_reader *reader, cnv_str folded);
/* choice_words.c: yes and no in other words, a code with its label, "other: ..." */
void cnv_choice_read_words(cnv_choice_reader *reader, cnv_str text, cnv_str folded, cnv_choice_found *found);
/* Finds it, and caches it in `found`. */
const cnv_choice_found *cnv_choice_look(cnv_choice_reader *reader, cnv_str text, cnv_choice_found *found);
/* text: trimmed, not blank. */
static inline const cnv_choice_found *cnv_choice_read(cnv_choice_reader *reader, cnv_str text)
{
	uint32_t first = (unsigned char)text.at[0], last = (unsigned char)text.at[text.len - 1];
	uint32_t middle = (unsigned char)text.at[text.len / 2],
		 mixed = (uint32_t)text.len << 24 | middle << 16 | last << 8 | first;
	cnv_choice_found *found = &reader->cache[(mixed * UINT32_C(0x9E3779B1)) >> 16 & (CNV_CHOICE_CACHE - 1)];

	return cnv_str_equal(found->text, text) ? found : cnv_choice_look(reader, text, found);
}
/* The first piece of `text` that is not a choice, if semicolons, line ends or commas separate its pieces; empty: there
 * is none.  Uses the set of the last cnv_choices_read. */
cnv_str cnv_choices_unknown(cnv_choice_reader *reader, cnv_str text);
/* All choices that `text` names, into `set` (cleared first; CNV_BIT_WORDS(list->count)).  false: one piece is not a
 * choice. */
bool cnv_choices_read(cnv_choice_reader *reader, cnv_str text, uint64_t *set);
cnv_str cnv_choices_names(const cnv_choice_reader *reader, cnv_arena *arena); /* of `picked`, separated by spaces */
void cnv_choice_reader_fini(cnv_choice_reader *reader);

#endif
