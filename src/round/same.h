/* Whether two cells of a question have the same answer (same.c). */
#ifndef CANVASS_ROUND_SAME_H
#define CANVASS_ROUND_SAME_H

#include "canvass/data.h"

/* Workbooks keep line ends as line feeds. */
bool same_text(cnv_str a, cnv_str b);
/* The order of several choices does not matter. */
bool same_answer(const cnv_column *column, cnv_str a, cnv_str b);

#endif
