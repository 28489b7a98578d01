/* Text in HTML. */
#ifndef CANVASS_REPORT_HTML_H
#define CANVASS_REPORT_HTML_H

#include "canvass/base.h"

/* Appends the text, escaped for content and for attributes in double quotes; line feeds become <br>.  Control characters
 * have no place in HTML and are left out. */
void cnv_html_put(cnv_text *out, cnv_str text);

#endif
