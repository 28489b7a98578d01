/* What a heading means: a question, or a piece of its answer. */
#ifndef CANVASS_GATHER_HEADING_H
#define CANVASS_GATHER_HEADING_H

#include "canvass/gather.h"
#include "gather/paths.h"

typedef enum cnv_piece {
	CNV_PIECE_WHOLE,
	CNV_PIECE_CHOICE, /* selected or not */
	CNV_PIECE_OTHER,  /* the same for the choice `other`, or its text */
	CNV_PIECE_PLACE,  /* the choice at one rank */
	CNV_PIECE_LATITUDE,
	CNV_PIECE_LONGITUDE,
	CNV_PIECE_ALTITUDE,
	CNV_PIECE_ACCURACY
} cnv_piece;
#define CNV_POINT_PIECES 4u

typedef struct cnv_heading {
	cnv_path path;
	cnv_piece piece;
	uint32_t choice;       /* of CNV_PIECE_CHOICE: the choice, CNV_NONE; of CNV_PIECE_PLACE: the rank, from 0 */
	cnv_question_id other; /* takes the text of `other`, CNV_NONE */
	bool ignored;          /* the column map says so */
} cnv_heading;

/* table: 0, or that of the entries whose columns are read */
cnv_heading cnv_heading_read(cnv_paths *paths, uint32_t table, cnv_str name);

/* Looks up a heading in the map: its question, empty if the column is to be ignored.  false: not in the map. */
bool cnv_column_map_find(cnv_column_map *map, cnv_str heading, cnv_str *question, cnv_arena *scratch);

#endif
