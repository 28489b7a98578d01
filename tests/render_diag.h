/* render_diag.h: diagnostics as text, for golden files.  The cli has its own, with colours and the width of a terminal.
 */
#ifndef CANVASS_TESTS_RENDER_DIAG_H
#define CANVASS_TESTS_RENDER_DIAG_H

#include "canvass/base.h"

static const char *const render_severity[] = { "note", "warning", "error" };

/* The excerpt's first line, with the caret under the bytes [from, upto) as far as they lie on it. */
static inline void render_excerpt(cnv_text *out, const cnv_diag *diag)
{
	size_t end = cnv_str_find(diag->excerpt, CNV_STR("\n"));
	cnv_str line = cnv_str_slice(diag->excerpt, 0, end);
	size_t from = diag->place.from, upto = diag->place.upto < line.len ? diag->place.upto : line.len;

	if (!line.len)
		return;
	cnv_text_format(out, "    %.*s\n", CNV_ARG(line));
	if (from >= upto)
		return;
	cnv_text_put(out, CNV_STR("    "));
	for (size_t width = cnv_text_width(cnv_str_slice(line, 0, from)); width > 0; width--)
		cnv_text_put_char(out, ' ');
	cnv_text_put_char(out, '^');
	for (size_t width = cnv_text_width(cnv_str_slice(line, from, upto)); width > 1; width--)
		cnv_text_put_char(out, '~');
	cnv_text_put_char(out, '\n');
}

/* file:LINE (sheet, column heading): error[E0203]: field: message */
static inline void render_diag(void *self, const cnv_diag *diag)
{
	cnv_text *out = self;
	char code[8];

	cnv_code_name(diag->code, code);
	cnv_place_write(out, &diag->place);
	cnv_text_format(out, ": %s[%s]: ", render_severity[diag->severity], code);
	if (diag->field.len)
		cnv_text_format(out, "%.*s: ", CNV_ARG(diag->field));
	cnv_text_format(out, "%.*s\n", CNV_ARG(diag->message));
	render_excerpt(out, diag);
	if (diag->hint.len)
		cnv_text_format(out, "  hint: %.*s\n", CNV_ARG(diag->hint));
}

#endif
