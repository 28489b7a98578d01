/* The words of a report that are not the form's, in twelve languages.
 *
 * Code has them in English, which is their key, and says them by cnv_say.  In a sentence, {1} is a value, {1|day|days}
 * the form of a noun after the number that is value 1, {1 people} a number of respondents by the form's word for them
 * ("21 economies"), and {people} and {person} are that word.  Only English uses the form's word: other languages would have to
 * inflect it. */
#ifndef CANVASS_REPORT_SAYINGS_H
#define CANVASS_REPORT_SAYINGS_H

#include "report/desk.h"

typedef struct cnv_saying {
	const char *in[CNV_TONGUES];
} cnv_saying;

typedef struct cnv_saying_table {
	const cnv_saying *rows;
	size_t count;
} cnv_saying_table;

enum { CNV_SAYING_TABLES = 4 };
extern const cnv_saying cnv_saying_words[]; /* sheets, headings, states */
extern const size_t cnv_saying_word_count;
extern const cnv_saying cnv_saying_sentences[]; /* days, and the sheets from Summary to Counts */
extern const size_t cnv_saying_sentence_count;
extern const cnv_saying cnv_saying_sheets[]; /* the other sheets */
extern const size_t cnv_saying_sheet_count;
extern const cnv_saying cnv_saying_papers[]; /* the meeting paper, and the profile */
extern const size_t cnv_saying_paper_count;
cnv_saying_table cnv_sayings(uint32_t table);

/* The value of one place of a sentence: a text, or a number. */
typedef struct cnv_value {
	cnv_str text; /* at is not NULL */
	uint64_t number;
} cnv_value;
cnv_value cnv_value_text(cnv_str text);
cnv_value cnv_value_count(uint64_t number);

/* Finds the words of the desk's language; false: out of memory. */
bool cnv_sayings_open(cnv_desk *desk);
void cnv_sayings_close(cnv_desk *desk);
/* Words without places.  English where a language has none. */
cnv_str cnv_say(const cnv_desk *desk, const char *english);
/* A sentence with its values, in the arena. */
cnv_str cnv_say_values(const cnv_desk *desk, cnv_arena *arena, const char *english, const cnv_value *values,
		       uint32_t count);
/* "3 December 2026" */
cnv_str cnv_tongue_day(cnv_tongue tongue, cnv_arena *arena, int32_t day);
cnv_str cnv_say_day(const cnv_desk *desk, cnv_arena *arena, int32_t day);
#define CNV_SAY(desk, arena, english, ...)                                                                             \
	cnv_say_values(desk, arena, english, (const cnv_value[]){ __VA_ARGS__ },                                       \
		       (uint32_t)(sizeof(const cnv_value[]){ __VA_ARGS__ } / sizeof(cnv_value)))

#endif
