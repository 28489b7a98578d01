/* The beginning of a file: its first lines, before it is read as a return (beginning.c). */
#ifndef CANVASS_ROUND_BEGINNING_H
#define CANVASS_ROUND_BEGINNING_H

#include "round/stream.h"

/* How a file is peeked at. */
typedef struct parts_asked {
	const cnv_form *form;
	const cnv_vocabulary *vocabulary;
	const cnv_encoding *encoding;
	char delimiter;
	const cnv_roster *roster; /* NULL */
} parts_asked;

/* AUS of responses/AUS.csv. */
cnv_str parts_stem(cnv_str name);
/* Parses the bytes that a file begins with; the sink stops it.  Errors are reported when the file is read.  false: it is a
 * workbook, or its dialect is not found, or there is no memory. */
bool parts_parse(cnv_str name, cnv_str bytes, const parts_asked *asked, const cnv_csv_sink *sink, cnv_arena *arena);

#endif
