/* The address of a store on a server. */
#ifndef CANVASS_STORE_ADDRESS_H
#define CANVASS_STORE_ADDRESS_H

#include "canvass/base.h"

/* The address as people may see it: without a password.  false: it has one where libpq would quote parts of it in its
 * messages; it is then to be rejected. */
bool store_address_shown(cnv_text *out, cnv_str address);
/* The schema of a form's store: "canvass_" and its id, at most 63 bytes, PostgreSQL's limit. */
void store_schema_name(cnv_text *out, cnv_str form_id);

#endif
