/* How a row of a child table refers to its parent row. */
#ifndef CANVASS_GATHER_LINKS_H
#define CANVASS_GATHER_LINKS_H

#include "canvass/gather.h"

/* The kind of key by which a row of a child table refers to its parent. */
typedef enum cnv_link {
	CNV_LINK_KEY,    /* PARENT_KEY -> KEY, else instanceID */
	CNV_LINK_INDEX,  /* _parent_index -> _index */
	CNV_LINK_NUMBER, /* `outer[]` -> the number of the entry around it */
	CNV_LINK_UUID,   /* _submission__uuid -> _uuid: of the response only */
	CNV_LINK_ID,     /* _submission__id -> _id: of the response only */
	CNV_LINK_ALL,    /* no key: all belong to the only response */
	CNV_LINKS
} cnv_link;

/* The kind of key that refers to a parent; CNV_LINKS: the heading is not such a key. */
cnv_link cnv_link_to_parent(cnv_str heading);
/* The kind of key that identifies the row itself; CNV_LINKS: none. */
cnv_link cnv_link_own(cnv_str heading);

#endif
