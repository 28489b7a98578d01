/* Text of manual pages in mdoc(7). */
#ifndef CANVASS_CLI_MDOC_H
#define CANVASS_CLI_MDOC_H

#include <stdio.h>

#include "canvass/base.h"

/* Start of a page, up to the name section; the title is in upper case. */
void mdoc_begin(FILE *out, const char *title, int section, const char *name, const char *summary);
/* Escapes what roff would interpret; start: the text begins a line. */
void mdoc_escaped(FILE *out, cnv_str text, bool start);
/* A paragraph, escaped, with each sentence on a line of its own, as mdoc(7) requires. */
void mdoc_text(FILE *out, const char *paragraph);
/* A row of a list: the term, escaped, and its text. */
void mdoc_item(FILE *out, const char *term, const char *text);

#endif
