/* Texts that sheets share: cut, counted, measured. */
#ifndef CANVASS_REPORT_TEXTS_H
#define CANVASS_REPORT_TEXTS_H

#include "report/desk.h"

/* How wide a text is on a sheet, in digits of its size. */
double cnv_line_width(cnv_str text);
/* The number of lines of a text, wrapped between words, in the room of so many digits. */
double cnv_wrapped_lines(cnv_str text, double room);
/* At most `most` characters, cut between words if there is a boundary near, with "…". */
cnv_str cnv_text_cut(cnv_str text, size_t most, cnv_arena *arena);
cnv_str cnv_count_text(cnv_arena *arena, uint64_t count); /* "1,234" */
/* "1,234 economies", "1 economy" */
cnv_str cnv_count_words(cnv_arena *arena, uint64_t count, cnv_str one, cnv_str many);
/* The same with the word for respondents; "3 entries". */
cnv_str cnv_count_people(const cnv_desk *desk, cnv_arena *arena, uint64_t count);
cnv_str cnv_count_entries(const cnv_desk *desk, cnv_arena *arena, uint64_t count);
cnv_str cnv_plural(cnv_arena *arena, cnv_str one);
/* A file's name without its folders, which belong to the machine that imported it. */
cnv_str cnv_file_title(cnv_str name);
/* "'Who''s there'": a sheet as formulas and links name it. */
cnv_str cnv_sheet_quoted(cnv_str name, cnv_arena *arena);
cnv_str cnv_title_of(const cnv_desk *desk, cnv_question_id question);
/* "Ships, 2026, audience: members" */
cnv_str cnv_desk_footer(cnv_desk *desk);
bool cnv_is_select(const cnv_question *question);
/* The word in brackets for a standing in the column `option`.  `unasked`: of a round in which no one was asked. */
const char *cnv_standing_option(cnv_standing standing, bool unasked);
/* The same word without brackets. */
const char *cnv_standing_short(cnv_standing standing, bool unasked);

#endif
