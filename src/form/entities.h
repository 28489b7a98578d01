/* entities.h: entities of ODK Central, which canvass does not make. */
#ifndef CANVASS_FORM_ENTITIES_H
#define CANVASS_FORM_ENTITIES_H

#include "form/builder.h"

const cnv_sheet *cnv_form_entities(const cnv_form_builder *build); /* the sheet; NULL: there is none */
/* Reports once what is ignored, and a column save_to without the sheet. */
void cnv_form_check_entities(cnv_form_builder *build);

#endif
