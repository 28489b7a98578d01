/* The map of an SDMX export, written by a person: which answer is which observation. */
#ifndef CANVASS_EXPORT_SDMX_H
#define CANVASS_EXPORT_SDMX_H

#include "export/dataset.h"

typedef enum map_part {
	MAP_TEXT,     /* the same in every observation: USD */
	MAP_VARIABLE, /* ${round}, ${currency} */
	MAP_VALUE,    /* ${value}: the answer; of a choice, 1 if it was chosen, else 0 */
	MAP_STATUS    /* ${status}: of the observation, in the codes of SDMX */
} map_part;

typedef struct map_cell {
	map_part part;
	cnv_str text;               /* of MAP_TEXT */
	const dataset_table *table; /* of MAP_VARIABLE: the row's own, or that of the responses */
	const data_variable *variable;
} map_cell;

/* A question, or one of its choices, whose answers are observations. */
typedef struct map_row {
	const dataset_table *table;
	const data_variable *variable;
	uint32_t choice; /* of its list; CNV_NONE: any answer */
	bool has_value, has_status;
	bool first;            /* of the lines of its question */
	const map_cell *cells; /* one for each component */
} map_row;

typedef struct sdmx_map {
	cnv_str source;
	cnv_str *components; /* the header of the export */
	uint32_t count;
	map_row *rows;
	uint32_t row_count, row_room;
	cnv_map codes; /* component, role and name -> index in `written` */
	cnv_str *written;
	uint32_t written_count, written_room;
	cnv_text key;
	cnv_arena *arena;
} sdmx_map;

/* Contacts that the audience may not see are left out, with a warning.  CNV_REJECTED: reported. */
cnv_status sdmx_map_load(sdmx_map *map, cnv_str name, const dataset *data, cnv_arena *arena, cnv_diags *diags);
/* What the component has in place of the name of a respondent or round: ISO codes, for example. */
cnv_str sdmx_map_code(sdmx_map *map, uint32_t component, variable_role role, cnv_str name);
void sdmx_map_fini(sdmx_map *map);

#endif
