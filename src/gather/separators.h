/* The separators between the names in a heading. */
#ifndef CANVASS_GATHER_SEPARATORS_H
#define CANVASS_GATHER_SEPARATORS_H

#include "canvass/base.h"

#define CNV_SEPARATORS "/-:.|>\\"

/* Writes the text with `/` in place of every separator and the blanks around it; none at its ends. */
void cnv_separators_unify(cnv_text *out, cnv_str text);
/* Does a name begin after this text: is it blank, or does a separator end it? */
bool cnv_separators_end(cnv_str text);

#endif
