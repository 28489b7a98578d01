/* Texts that sheets share: cut, counted, measured. */
#ifndef CANVASS_REPORT_TEXTS_H
#define CANVASS_REPORT_TEXTS_H

#include "report/desk.h"

/* Columns of a terminal come close to characters of a spreadsheet; ASCII, nearly all there is, is counted directly. */
double cnv_line_width(cnv_str text);
/* Lines that a text takes when wrapped between words in `room` columns of a terminal. */
double cnv_wrapped_lines(cnv_str text, double room);
/* At most `most` characters, cut between words where there is one near, with "…". */
cnv_str cnv_text_cut(cnv_str text, size_t most, cnv_arena *arena);
/* "1,234 economies", "1 economy" */
cnv_str cnv_count_words(cnv_arena *arena, uint64_t count, cnv_str one, cnv_str many);
cnv_str cnv_plural(cnv_arena *arena, cnv_str one);
/* A file's name without its folders, which are those of the machine that imported it. */
cnv_str cnv_file_title(cnv_str name);
cnv_str cnv_title_of(const cnv_desk *desk, cnv_question_id question);
bool cnv_is_select(const cnv_question *question);
/* The word in brackets that stands in the column `option` for a standing. */
const char *cnv_standing_option(cnv_standing standing);

#endif
