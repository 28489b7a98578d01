/* name.h: what a name may look like. */
#ifndef CANVASS_FORM_NAME_H
#define CANVASS_FORM_NAME_H

#include "canvass/base.h"

/* Bytes of a name: longer ones are rejected and cut, so that paths are bounded. */
#define NAME_MOST 255u

bool cnv_form_is_name(cnv_str name); /* NCName, or prefix:NCName */

#endif
