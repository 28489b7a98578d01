/* Short texts that an audience may not see: what is laid out is compared with them as a whole. */
#ifndef CANVASS_REPORT_BRIEFS_H
#define CANVASS_REPORT_BRIEFS_H

#include "canvass/base.h"

enum { CNV_BRIEF_LEAST = 4 }; /* bytes: shorter ones are codes and marks */

typedef struct cnv_briefs {
	cnv_map texts; /* the short texts */
	cnv_map words; /* of these texts: the index in `known` */
	bool *known;   /* may everybody read the word elsewhere? */
	uint32_t count, room;
} cnv_briefs; /* { 0 } is ready to use */

/* Takes a copy of the text, trimmed by the caller.  Memory that is lacking is noted in the arena and the maps. */
void cnv_briefs_add(cnv_briefs *briefs, cnv_str text, cnv_arena *arena);
/* Everybody may read this text, and so the words in it. */
void cnv_briefs_allow(cnv_briefs *briefs, cnv_str text);
/* Is the whole text one of them, with a word that is read nowhere else? */
bool cnv_briefs_has(const cnv_briefs *briefs, cnv_str text);
/* Can any be found at all? */
bool cnv_briefs_any(const cnv_briefs *briefs);
bool cnv_briefs_failed(const cnv_briefs *briefs);
void cnv_briefs_fini(cnv_briefs *briefs);

#endif
