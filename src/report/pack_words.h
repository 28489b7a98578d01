/* A pack's own words, in the supported languages. */
#ifndef CANVASS_REPORT_PACK_WORDS_H
#define CANVASS_REPORT_PACK_WORDS_H

#include "canvass/report.h"

typedef enum pack_word {
	WORD_QUESTIONNAIRE,
	WORD_COVER,
	WORD_FOR,
	WORD_ROUND,
	WORD_DUE,
	WORD_CONTACT,
	WORD_PURPOSE,
	WORD_HOW,
	WORD_HOW_CELLS,
	WORD_HOW_LISTS,
	WORD_HOW_STATES,
	WORD_HOW_NONE,
	WORD_HOW_RETURN,
	WORD_LEFT,
	WORD_CONTENTS,
	WORD_NUMBER,
	WORD_QUESTION,
	WORD_ANSWER,
	WORD_STATE,
	WORD_REMARKS,
	WORD_REQUIRED,
	WORD_NOT_ASKED,
	WORD_CONFIRM,
	WORD_STILL,     /* the column of ticks by which earlier answers are confirmed */
	WORD_STILL_ALL, /* the one tick on the cover */
	WORD_HOW_STILL,
	WORD_BEFORE, /* an earlier answer that is not filled in */
	WORD_ENTRY,
	WORD_ENTRIES,
	WORD_NO_ENTRIES,
	WORD_SEE_SHEET,
	WORD_PAGE,
	WORD_CHOOSE,
	WORD_TICK,
	WORD_WHOLE,
	WORD_DECIMAL,
	WORD_DAY,
	WORD_TIME,
	WORD_MOMENT,
	WORD_TEXT,
	WORD_CHECK,
	WORD_ISSUES,
	WORD_ISSUE,
	WORD_CLEAR,
	WORD_ONE_OF,
	WORD_ANY_OF,
	PACK_WORDS
} pack_word;

/* The words of one language, by its tag; English if it is not supported. */
const char *const *pack_words(cnv_str tag);

#endif
