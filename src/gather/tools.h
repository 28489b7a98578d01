/* Which survey tool wrote the file, and what its cells mean. */
#ifndef CANVASS_GATHER_TOOLS_H
#define CANVASS_GATHER_TOOLS_H

#include "gather/paths.h"

#define CNV_TOOL_IDENTITIES 3u
typedef struct cnv_tool {
	const char *name; /* "KoboToolbox" */
	uint32_t rules;   /* CNV_TOOL_...: special meanings of its cells */
	/* columns with the identity of a record, the best one first, lower case; NULL: those of any tool */
	const char *identities[CNV_TOOL_IDENTITIES];
	bool urn; /* of them `uuid:1` and `1` are the same */
} cnv_tool;
#define CNV_TOOL_NA_BLANK 1u   /* `n/a`: no answer */
#define CNV_TOOL_OTHER 2u      /* `-oth-`: the choice other */
#define CNV_TOOL_ESCAPES 4u    /* {newline}, {question_not_shown} */
#define CNV_TOOL_APOSTROPHE 8u /* '=1: an apostrophe before what a spreadsheet would read as a formula */

/* NULL: unknown. */
const cnv_tool *cnv_tool_of(const cnv_str *headings, uint32_t count);
/* Is the second line of the file the real header, as in a VV file? */
bool cnv_tool_is_second_header(const cnv_str *second, uint32_t count);
extern const cnv_tool cnv_tool_vv;
/* A column that a survey tool adds itself; by_tool: the file is known to be one's. */
bool cnv_tool_is_column(cnv_paths *paths, cnv_str heading, bool by_tool);
/* A line of HXL hashtags, in nearly all of the columns of `asked` questions. */
bool cnv_tool_is_tags(const cnv_str *line, uint32_t count, uint32_t asked);
/* The text of a cell of `question` (CNV_NONE) under these rules of its tool; in `out` if it differs. */
cnv_str cnv_tool_cell(const cnv_form *form, uint32_t rules, cnv_question_id question, cnv_str text, cnv_text *out);

#endif
