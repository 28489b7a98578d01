/* A map from the columns of a returned file to questions, written by a person.
 *
 * A small CSV with the columns `column` and `question` decides what no rule can: a heading on the left, the name or
 * path of a question on the right, or nothing there if the column is to be ignored. Headings are compared folded, as
 * labels are.
 */
#include "gather/heading.h"

/* Rows: more than any sheet has columns. */
#define MOST_ROWS 20000u

typedef enum map_part { PART_NONE, PART_COLUMN, PART_QUESTION } map_part;

typedef struct map_row {
	cnv_str column, question;
	uint32_t line;
	bool used; /* a file has this column */
} map_row;

struct cnv_column_map {
	cnv_str source;
	cnv_arena *arena;
	map_part *parts;
	uint32_t part_count, part_room;
	uint32_t at; /* index of the next field in the record */
	bool headed, failed;
	map_row now;
	map_row *rows;
	uint32_t count, room;
	cnv_map by_column;
};

cnv_column_map *cnv_column_map_new(cnv_str source, cnv_arena *arena)
{
	cnv_column_map *map = cnv_mem_get(sizeof *map);

	if (!map)
		return NULL;
	map->source = source;
	map->arena = arena;
	return map;
}

static cnv_place place_of(const cnv_column_map *map, uint32_t line, map_part part)
{
	cnv_place place = { .source = map->source, .row = line };

	for (uint32_t i = 0; part && i < map->part_count; i++)
		if (map->parts[i] == part)
			place.column = i + 1;
	return place;
}

void cnv_column_map_field(cnv_column_map *map, cnv_str field)
{
	uint32_t at = map->at++;

	field = cnv_arena_copy(map->arena, cnv_str_trim_unicode(field));
	if (map->headed) {
		if (at < map->part_count && map->parts[at] == PART_COLUMN)
			map->now.column = field;
		else if (at < map->part_count && map->parts[at] == PART_QUESTION)
			map->now.question = field;
		return;
	}
	if (!cnv_mem_room((void **)&map->parts, &map->part_room, at + 1, sizeof *map->parts)) {
		map->failed = true;
		return;
	}
	map->parts[at] = cnv_str_is_word(field, "column")     ? PART_COLUMN
			 : cnv_str_is_word(field, "question") ? PART_QUESTION
							      : PART_NONE;
	map->part_count = at + 1;
}

static cnv_status add_row(cnv_column_map *map, uint32_t line, cnv_diags *diags)
{
	uint32_t there;

	if (!map->now.column.len && !map->now.question.len)
		return CNV_OK;
	if (map->count == MOST_ROWS) {
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_MAP_TOO_LONG, .place = place_of(map, line, PART_NONE)),
			       "the map has more than %u lines", MOST_ROWS);
		return CNV_REJECTED;
	}
	if (!cnv_mem_room((void **)&map->rows, &map->room, map->count + 1, sizeof *map->rows))
		return CNV_NO_MEMORY;
	map->now.line = line;
	there = cnv_map_put(&map->by_column, cnv_text_fold(map->arena, map->now.column), map->count);
	if (there != map->count)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_MAP_TWICE, .place = place_of(map, line, PART_COLUMN),
					.field = map->now.column),
			       "the column \"%.*s\" is also on line %u", CNV_ARG(map->now.column),
			       map->rows[there].line);
	map->rows[map->count++] = map->now;
	return there + 1 == map->count ? CNV_OK : CNV_REJECTED;
}

cnv_status cnv_column_map_record(cnv_column_map *map, uint32_t line, cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	map->at = 0;
	if (map->headed) {
		status = add_row(map, line, diags);
	} else if (!place_of(map, line, PART_COLUMN).column || !place_of(map, line, PART_QUESTION).column) {
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_MAP_HEADER, .place = place_of(map, line, PART_NONE)),
			       "the header of the map must name \"column\" and \"question\"");
		status = CNV_REJECTED;
	}
	map->headed = true;
	map->now = (map_row){ 0 };
	return map->failed || map->arena->failed ? CNV_NO_MEMORY : status;
}

/* A question of the response, or of a repeat: its child table has it without an entry number. */
static bool is_known(cnv_paths *paths, cnv_str name)
{
	cnv_path_found found = cnv_heading_read(paths, 0, name).path.found;

	return found == CNV_PATH_KNOWN || found == CNV_PATH_WITHOUT_ENTRY;
}

cnv_status cnv_column_map_end(cnv_column_map *map, const cnv_form *form, cnv_diags *diags)
{
	cnv_arena arena = { 0 };
	cnv_paths paths;
	cnv_status status = CNV_OK;

	cnv_paths_init(&paths, form, NULL, &arena);
	for (uint32_t i = 0; i < map->count; i++) {
		const map_row *row = &map->rows[i];
		cnv_str near;

		if (!row->question.len || is_known(&paths, row->question))
			continue;
		near = cnv_form_nearest(form, row->question);
		cnv_diags_emit(
			diags,
			CNV_DIAG(.code = CNV_MAP_QUESTION, .place = place_of(map, row->line, PART_QUESTION),
				 .field = row->question, .excerpt = row->question,
				 .hint = near.len ? cnv_arena_format(&arena, "did you mean \"%.*s\"?", CNV_ARG(near))
						  : near),
			"no question has the name \"%.*s\"", CNV_ARG(row->question));
		status = CNV_REJECTED;
	}
	if (cnv_paths_failed(&paths) || map->by_column.failed)
		status = CNV_NO_MEMORY;
	cnv_paths_fini(&paths);
	cnv_arena_fini(&arena);
	return status;
}

bool cnv_column_map_find(cnv_column_map *map, cnv_str heading, cnv_str *question, cnv_arena *scratch)
{
	uint32_t at = map ? cnv_map_find(&map->by_column, cnv_text_fold(scratch, heading)) : CNV_NONE;

	if (at == CNV_NONE)
		return false;
	map->rows[at].used = true;
	*question = map->rows[at].question;
	return true;
}

void cnv_column_map_report_unused(const cnv_column_map *map, cnv_diags *diags)
{
	for (uint32_t i = 0; i < map->count; i++)
		if (!map->rows[i].used)
			cnv_diags_emit(diags,
				       CNV_DIAG(.code = CNV_MAP_COLUMN,
						.place = place_of(map, map->rows[i].line, PART_COLUMN),
						.field = map->rows[i].column, .excerpt = map->rows[i].column),
				       "no file has a column \"%.*s\"", CNV_ARG(map->rows[i].column));
}

void cnv_column_map_free(cnv_column_map *map)
{
	if (!map)
		return;
	cnv_mem_free(map->parts);
	cnv_mem_free(map->rows);
	cnv_map_fini(&map->by_column);
	cnv_mem_free(map);
}
