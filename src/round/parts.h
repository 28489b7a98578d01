/* Groups files into returns (parts.c). */
#ifndef CANVASS_ROUND_PARTS_H
#define CANVASS_ROUND_PARTS_H

#include "round/beginning.h"

#include "canvass/packs.h"

/* A file to import. */
typedef struct parts_given {
	cnv_str name;
	cnv_str kept;  /* the path of an original that is read in its place; empty: it is read itself */
	cnv_str bytes; /* of a file in memory */
	bool in_memory;
	uint64_t size;    /* when it was peeked at; UINT64_MAX: it was not */
	uint32_t table;   /* the repeat whose entries it holds, CNV_NONE: it holds responses */
	uint32_t root;    /* of entries and further sheets: the response file that they belong to, CNV_NONE */
	sheet_kind sheet; /* of a pack, as a file of its own */
	cnv_str title;    /* of such a sheet: its first text */
	uint32_t next;    /* of responses: the first file of entries; of entries: the next such file; CNV_NONE */
} parts_given;

typedef struct parts_list {
	parts_given *at;
	uint32_t count, room;
	cnv_arena names;
} parts_list; /* { 0 } is ready to use */

cnv_status parts_add(parts_list *list, cnv_str name);
/* A file read from another place, where it is kept. */
cnv_status parts_add_kept(parts_list *list, cnv_str name, cnv_str path);
cnv_status parts_add_bytes(parts_list *list, cnv_str name, cnv_str bytes);
/* Groups files that belong together. */
cnv_status parts_sort(parts_list *list, const parts_asked *asked);
void parts_free(parts_list *list);

/* The files of one return, opened. */
#define CNV_PARTS 255u /* files of entries: real forms have fewer repeats */
typedef struct parts {
	source *sources;
	stream_part *at; /* entries first, the responses last */
	uint32_t count;
	uint64_t size; /* of all */
	bool alone;    /* it holds entries, not responses */
} parts;               /* { 0 } may be closed */

/* Opens file `at` of the list and the files that belong to it: passed with it, or found next to it. */
cnv_status parts_open(parts *p, const parts_list *list, uint32_t at, const parts_asked *asked, cnv_arena *arena,
		      cnv_diags *diags);
source *parts_main(const parts *p);
/* The digest of the return: of its only file, else over the digests of its files, the response file first. */
void parts_digest(const parts *p, uint8_t sha256[32]);
bool parts_digested(const parts *p); /* all of it has been read once, and its digest is final */
void parts_close(parts *p);

#endif
