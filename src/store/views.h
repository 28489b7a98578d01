/* The views that people query. */
#ifndef CANVASS_STORE_VIEWS_H
#define CANVASS_STORE_VIEWS_H

#include "store/shape.h"

/* Within a transaction: makes the views that depend on the form again, for the versions that the store has. */
void store_views_make(cnv_store *store);

#endif
