/* What links a row of a table of entries to the row it belongs to. */
#ifndef CANVASS_GATHER_LINKS_H
#define CANVASS_GATHER_LINKS_H

#include "canvass/gather.h"

/* What links a row of a table of entries to what it belongs to. */
typedef enum cnv_link {
	CNV_LINK_KEY,    /* PARENT_KEY -> KEY, else instanceID */
	CNV_LINK_INDEX,  /* _parent_index -> _index */
	CNV_LINK_NUMBER, /* `outer[]` -> the number of the entry around it */
	CNV_LINK_UUID,   /* _submission__uuid -> _uuid: the response alone */
	CNV_LINK_ID,     /* _submission__id -> _id: the response alone */
	CNV_LINK_ALL,    /* nothing: all belong to the one response there is */
	CNV_LINKS
} cnv_link;


/* The heading of what links an entry to its parent; CNV_LINKS: no such heading. */
cnv_link cnv_link_to_parent(cnv_str heading);
/* The heading of what other tables know a record by. */
cnv_link cnv_link_own(cnv_str heading);

#endif
