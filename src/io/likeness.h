/* Scores how closely a decoded text resembles real writing. */
#ifndef CANVASS_IO_LIKENESS_H
#define CANVASS_IO_LIKENESS_H

#include "canvass/io.h"

typedef struct cnv_likeness cnv_likeness;
/* language: the respondent's, BCP 47; may be empty. */
cnv_likeness *cnv_likeness_new(const cnv_vocabulary *vocabulary, const cnv_form *form, cnv_str language);
void cnv_likeness_cell(cnv_likeness *likeness, cnv_str cell);
typedef struct cnv_likeness_why {
	uint64_t known, characters; /* cells that are words of the form; characters beyond ASCII */
	const char *language;       /* the one that explains most letters; NULL: none */
	bool expected;              /* it is the respondent's language or one of the form's */
} cnv_likeness_why;
/* The mean of the points of all characters beyond ASCII since the last call, from -4 to 4. */
double cnv_likeness_take(cnv_likeness *likeness, cnv_likeness_why *why);
bool cnv_likeness_failed(const cnv_likeness *likeness); /* memory ran out */
void cnv_likeness_free(cnv_likeness *likeness);

#endif
