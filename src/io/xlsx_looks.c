/* Format properties of each look.  Colour is never the only sign: coloured text is also worded, italic, bold or
 * struck through.  In a number format "_)" leaves a gap as wide as a parenthesis, so that figures do not touch the
 * line. */
#include "io/xlsx_looks.h"

/* clang-format off */
const cnv_xlsx_look cnv_xlsx_looks[CNV_LOOKS] = {
	[CNV_LOOK_PLAIN]          = { 10, INK, NO_FILL, WRAPPED | BOXED, NULL },
	[CNV_LOOK_TITLE]          = { 18, NAVY, NO_FILL, BOLD, NULL },
	[CNV_LOOK_SUBTITLE]       = { 12, GREY, NO_FILL, 0, NULL },
	[CNV_LOOK_HEADING]        = { 10, WHITE, NAVY, BOLD | WRAPPED | MIDDLE | BOXED, NULL },
	[CNV_LOOK_SECTION]        = { 10, NAVY, BAND, BOLD | MIDDLE, NULL },
	[CNV_LOOK_LABEL]          = { 10, INK, PALE, BOLD | WRAPPED | BOXED, NULL },
	[CNV_LOOK_CODE]           = { 10, INK, NO_FILL, WRAPPED | CENTRED | BOXED, NULL },
	[CNV_LOOK_INTEGER]        = { 10, INK, NO_FILL, RIGHT | BOXED, "#,##0_)" },
	[CNV_LOOK_NUMBER]         = { 10, INK, NO_FILL, RIGHT | BOXED, "0.00_)" },
	[CNV_LOOK_PERCENT]        = { 10, INK, NO_FILL, RIGHT | BOXED, "0%_)" },
	[CNV_LOOK_DAY]            = { 10, INK, NO_FILL, CENTRED | BOXED, "yyyy-mm-dd" },
	[CNV_LOOK_NOT_ASKED]      = { 9, GREY, NO_FILL, ITALIC | WRAPPED | CENTRED | BOXED, NULL },
	[CNV_LOOK_NO_REPLY]       = { 10, GREY, NO_FILL, CENTRED | BOXED, NULL },
	[CNV_LOOK_NO_ANSWER]      = { 9, GREY, NO_FILL, WRAPPED | CENTRED | BOXED, NULL },
	[CNV_LOOK_NOT_APPLICABLE] = { 10, INK, NO_FILL, ITALIC | WRAPPED | CENTRED | BOXED, NULL },
	[CNV_LOOK_DO_NOT_KNOW]    = { 10, INK, NO_FILL, ITALIC | WRAPPED | CENTRED | BOXED, NULL },
	[CNV_LOOK_WITHHELD]       = { 10, INK, PALE, ITALIC | WRAPPED | CENTRED | BOXED, NULL },
	[CNV_LOOK_NOT_USABLE]     = { 10, RED, NO_FILL, ITALIC | STRUCK | WRAPPED | BOXED, NULL },
	[CNV_LOOK_UNDUE]          = { 10, GREY, NO_FILL, WRAPPED | BOXED, NULL },
	[CNV_LOOK_ERROR]          = { 10, RED, NO_FILL, BOLD | BOXED, NULL },
	[CNV_LOOK_WARNING]        = { 10, AMBER, NO_FILL, BOLD | ITALIC | BOXED, NULL },
	[CNV_LOOK_TOTAL]          = { 10, INK, PALE, BOLD | WRAPPED | TOPPED, "#,##0_)" },
	[CNV_LOOK_REMARK]         = { 9, GREY, NO_FILL, 0, NULL },
	[CNV_LOOK_DISSENT]        = { 10, INK, BAND, BOLD | WRAPPED | CENTRED | BOXED, NULL },
	[CNV_LOOK_BODY]           = { 10, INK, NO_FILL, WRAPPED, NULL },
	[CNV_LOOK_NUMBERING]      = { 10, NAVY, NO_FILL, BOLD | WRAPPED | LINED, NULL },
	[CNV_LOOK_QUESTION]       = { 10, INK, NO_FILL, WRAPPED | LINED, NULL },
	[CNV_LOOK_OPTION]         = { 10, INK, NO_FILL, WRAPPED | SET_IN, NULL },
	[CNV_LOOK_STATE]          = { 9, INK, NO_FILL, ITALIC | WRAPPED | LINED, NULL },
	[CNV_LOOK_LOCKED]         = { 10, INK, PALE, WRAPPED | BOXED, NULL },
	[CNV_LOOK_FILL]           = { 10, INK, CREAM, WRAPPED | BOXED | OPEN, "@" },
	[CNV_LOOK_FILL_NUMBER]    = { 10, INK, CREAM, LEFT | WRAPPED | BOXED | OPEN, NULL },
	[CNV_LOOK_FILL_DAY]       = { 10, INK, CREAM, LEFT | BOXED | OPEN, "yyyy-mm-dd" },
	[CNV_LOOK_FILL_TIME]      = { 10, INK, CREAM, LEFT | BOXED | OPEN, "hh:mm" },
	[CNV_LOOK_FILL_MOMENT]    = { 10, INK, CREAM, LEFT | BOXED | OPEN, "yyyy-mm-dd hh:mm" },
	[CNV_LOOK_FILL_TICK]      = { 10, INK, CREAM, BOXED | CENTRED | OPEN, "@" },
	[CNV_LOOK_FILL_WRONG]     = { 10, RED, ROSE, BOLD | WRAPPED | FRAMED | OPEN, "@" },
	[CNV_LOOK_FILL_WRONG_NUMBER] = { 10, RED, ROSE, LEFT | BOLD | WRAPPED | FRAMED | OPEN, NULL },
	[CNV_LOOK_FILL_WRONG_DAY] = { 10, RED, ROSE, LEFT | BOLD | FRAMED | OPEN, "yyyy-mm-dd" },
	[CNV_LOOK_FILL_NOTE]      = { 9, INK, NO_FILL, WRAPPED | BOXED | OPEN, "@" },
	[CNV_LOOK_FILL_MORE]      = { 10, INK, NO_FILL, WRAPPED | OPEN, "@" },
	[CNV_LOOK_COVER_TITLE]    = { 20, NAVY, NO_FILL, BOLD | WRAPPED | MIDDLE, NULL },
	[CNV_LOOK_LINK]           = { 10, BLUE, NO_FILL, WRAPPED | LINKED, NULL },
	[CNV_LOOK_FIGURE]         = { 18, NAVY, NO_FILL, BOLD | MIDDLE | LEFT, "0" },
	[CNV_LOOK_FADED]          = { 0, GREY, FADED, ITALIC, NULL },
	[CNV_LOOK_WANTED]         = { 0, RED, ROSE, FRAMED, NULL },
};
/* clang-format on */

const cnv_xlsx_look cnv_xlsx_aside = { 9, GREY, NO_FILL, 0, NULL };
