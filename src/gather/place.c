/* Where in a return something is, and how messages quote it. */
#include "gather/place.h"

#include <stdio.h>

/* Characters of a value that a message quotes. */
#define MOST_QUOTED 60u

cnv_place cnv_gather_place(const cnv_gather *gather, uint32_t line, uint32_t column)
{
	const cnv_section *section = gather->section;
	cnv_place place = { .source = section->origin.source,
			    .sheet = section->origin.sheet,
			    .row = line,
			    .column = cnv_origin_column(&section->origin, column),
			    .tab = section->origin.tab };

	if (column && column <= gather->section->heading_count)
		place.heading = gather->section->headings[column - 1];
	return place;
}

cnv_str cnv_gather_hint(cnv_gather *gather, const cnv_path *path, cnv_str name)
{
	cnv_str near;

	if (!gather->hints)
		return (cnv_str){ 0 };
	gather->hints--;
	near = cnv_paths_suggest(&gather->paths, path, cnv_gather_cut(gather, name), &gather->scratch);
	return near.len ? cnv_arena_format(&gather->scratch, "did you mean \"%.*s\"?", CNV_ARG(near)) : near;
}

cnv_str cnv_gather_cut(cnv_gather *gather, cnv_str text)
{
	const char *at = text.at, *end = text.len ? at + text.len : at;

	for (uint32_t i = 0; i < MOST_QUOTED && at < end; i++)
		cnv_utf8_next(&at, end);
	if (at == end)
		return text;
	return cnv_arena_format(&gather->scratch, "%.*s...", (int)(at - text.at), text.at);
}

const char *cnv_gather_column(const cnv_gather *gather, uint32_t at, char out[CNV_CELL_NAME_ROOM])
{
	const cnv_origin *origin = &gather->section->origin;

	if (origin->tab)
		cnv_cell_name(0, cnv_origin_column(origin, at + 1), out);
	else
		snprintf(out, CNV_CELL_NAME_ROOM, "%u", at + 1);
	return out;
}
