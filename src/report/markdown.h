/* Text in Markdown (CommonMark). */
#ifndef CANVASS_REPORT_MARKDOWN_H
#define CANVASS_REPORT_MARKDOWN_H

#include "canvass/report.h"

/* Appends the byte of `text` at `at`, which is not a line feed, escaped where it could begin markup.  `line_start`: it is
 * the first of a line; `begins`: the text begins a line.  Control characters are left out. */
void cnv_markdown_put(cnv_text *out, cnv_str text, size_t at, bool line_start, bool begins);

#endif
