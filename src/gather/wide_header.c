/* The header of a wide table: what each column is.
 *
 * A header is mapped once, column by column, and reported as a whole: unknown columns, two columns for the same
 * question, a file of another form. Columns that survey tools add are ignored without a warning.
 */
#include "gather/account.h"
#include "gather/alike.h"
#include "gather/claims.h"
#include "gather/layouts.h"
#include "gather/links.h"
#include "gather/place.h"
#include "gather/remark.h"
#include "gather/title_lines.h"

#include <string.h>

/* ---------------------------------------------------------------- mapping */

/* Sorts of columns after the roles: a piece of an answer and its choice. */
#define FIRST_PIECE 8u
#define PIECE_KINDS (CNV_PIECE_ACCURACY + 1u)

typedef struct mapping {
	cnv_map taken;      /* question, entry and sort -> column */
	cnv_map assemblies; /* question and entry -> assembly */
	uint32_t known;     /* columns that are answers */
	uint32_t unknown;   /* unknown columns */
	uint32_t questions; /* distinct questions with a column */
	bool *ignored;      /* by column: to be reported */
	bool *seen;         /* by question */
	bool rejected;
	bool beyond; /* too many entries */
} mapping;

/* sort: a cnv_path_role, or FIRST_PIECE and more. */
static cnv_str key_of(cnv_gather *gather, cnv_question_id question, uint32_t entry, uint32_t sort)
{
	uint32_t words[3] = { question, entry, sort };

	return cnv_arena_copy(&gather->arena, (cnv_str){ (const char *)words, sizeof words });
}

/* The column map has priority over the heading itself. */
static cnv_heading read_heading(cnv_gather *gather, cnv_str heading)
{
	cnv_str question;

	if (cnv_column_map_find(gather->map, heading, &question, &gather->scratch)) {
		if (!question.len)
			return (cnv_heading){ .path.found = CNV_PATH_UNKNOWN, .ignored = true };
		heading = question;
	}
	return cnv_heading_read(&gather->paths,
				gather->section->holds == CNV_HOLDS_ENTRIES ? gather->section->table : 0, heading);
}

static void report_twice(cnv_gather *gather, mapping *map, uint32_t first, uint32_t at)
{
	cnv_str heading = gather->section->headings[at];
	char name[CNV_CELL_NAME_ROOM], other[CNV_CELL_NAME_ROOM];

	map->rejected = true;
	if (gather->seeking && gather->titles.count) /* this line is then no header */
		return;
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_COLUMN_TWICE,
				.place = cnv_gather_place(gather, gather->section->header_line, at + 1),
				.field = cnv_gather_cut(gather, heading), .excerpt = heading),
		       "columns %s and %s are both the question \"%.*s\"", cnv_gather_column(gather, first, other),
		       cnv_gather_column(gather, at, name),
		       CNV_ARG(gather->form->questions[gather->columns[at].question].name));
}

static void count_known(cnv_gather *gather, mapping *map, uint32_t at)
{
	cnv_question_id id = gather->columns[at].question;
	const cnv_question *question = &gather->form->questions[id];
	cnv_column *column = &gather->batch->tables[question->table].columns[question->column];

	if (!column->source_column)
		column->source_column = at + 1;
	map->known++;
	map->questions += !map->seen[id];
	map->seen[id] = true;
}

/* Assigns column `at` to its question.  false: the header cannot be used. */
static bool take_column(cnv_gather *gather, mapping *map, uint32_t at, const cnv_heading *heading)
{
	const cnv_path *path = &heading->path;
	const cnv_question *question = &gather->form->questions[path->question];
	cnv_wide_column *column = &gather->columns[at];
	uint32_t first, sort = (uint32_t)path->role;

	if (!cnv_gather_entry(gather, path, gather->section->header_line, gather->section->headings[at],
			      &column->entry)) {
		map->rejected = true;
		return false;
	}
	column->question = path->question;
	column->role = path->role;
	column->piece = heading->piece;
	column->choice = heading->choice;
	column->other = heading->other;
	column->use = CNV_WIDE_HELD;
	column->as = path->role == CNV_PATH_ANSWER ? CNV_AS_ANSWER : CNV_AS_REMARK;
	/* Each piece of an answer is distinct; those of "other" may have no choice. */
	if (column->piece != CNV_PIECE_WHOLE)
		sort = FIRST_PIECE + (uint32_t)column->piece + PIECE_KINDS * (column->choice + 1);
	first = cnv_map_put(&map->taken, key_of(gather, path->question, column->entry, sort), at);
	if (first != at) {
		column->use = CNV_WIDE_UNUSED;
		/* Each of several pieces may have a remark. */
		if (path->role == CNV_PATH_NOTE)
			column->use = CNV_WIDE_HELD;
		else
			report_twice(gather, map, first, at);
		return true;
	}
	if (path->role != CNV_PATH_ANSWER)
		return true;
	if (column->piece == CNV_PIECE_WHOLE && column->entry == CNV_NONE &&
	    gather->section->holds == CNV_HOLDS_RESPONSES)
		column->use = CNV_WIDE_DIRECT;
	column->column = &gather->batch->tables[question->table].columns[question->column];
	count_known(gather, map, at);
	return true;
}

/* ---------------------------------------------------------------- answers in several columns */

/* The assembly of the answer that column `at` is a piece of, created if new; CNV_NONE: no memory. */
static uint32_t assembly_of(cnv_gather *gather, mapping *map, uint32_t at)
{
	const cnv_wide_column *column = &gather->columns[at];
	uint32_t made = gather->assembly_count, whole;
	uint32_t there = cnv_map_put(&map->assemblies, key_of(gather, column->question, column->entry, 0), made);

	if (there != made)
		return there;
	if (!cnv_mem_room((void **)&gather->assemblies, &gather->assembly_room, made + 1, sizeof *gather->assemblies)) {
		gather->arena.failed = true;
		return CNV_NONE;
	}
	whole = cnv_map_find(&map->taken, key_of(gather, column->question, column->entry, CNV_PATH_ANSWER));
	gather->assemblies[made] = (cnv_assembly){ .question = column->question,
						   .entry = column->entry,
						   .whole = whole,
						   .first = CNV_NONE,
						   .last = CNV_NONE };
	gather->assembly_count++;
	gather->columns[whole == CNV_NONE ? at : whole].leads = true;
	return made;
}

/* Adds column `at` to the pieces of its answer; ranks are sorted, whatever the order of their columns. */
static void link_piece(cnv_gather *gather, cnv_assembly *assembly, uint32_t at)
{
	cnv_wide_column *columns = gather->columns;
	bool place = columns[at].piece == CNV_PIECE_PLACE;
	uint32_t *to = &assembly->first;

	if (assembly->last != CNV_NONE && (!place || columns[assembly->last].choice < columns[at].choice))
		to = &columns[assembly->last].piece_next;
	while (*to != CNV_NONE && columns[*to].choice < columns[at].choice)
		to = &columns[*to].piece_next;
	columns[at].piece_next = *to;
	*to = at;
	if (columns[at].piece_next == CNV_NONE)
		assembly->last = at;
}

/* Links the pieces of each answer.  If there is a column for the whole answer, only ticks of a multiple choice are
 * used. */
static void link_pieces(cnv_gather *gather, mapping *map)
{
	gather->assembly_count = 0;
	for (uint32_t at = 0; at < gather->section->heading_count; at++) {
		cnv_wide_column *column = &gather->columns[at];
		bool choices = column->piece == CNV_PIECE_CHOICE || column->piece == CNV_PIECE_OTHER;
		cnv_assembly *assembly;
		uint32_t whole, number;

		if (column->use != CNV_WIDE_HELD || column->piece == CNV_PIECE_WHOLE || column->role != CNV_PATH_ANSWER)
			continue;
		whole = cnv_map_find(&map->taken, key_of(gather, column->question, column->entry, CNV_PATH_ANSWER));
		if (whole != CNV_NONE && !choices) {
			column->use = CNV_WIDE_UNUSED;
			continue;
		}
		/* The question for the text of "other" may have a column of its own. */
		if (column->other != CNV_NONE && cnv_map_find(&map->taken, key_of(gather, column->other, column->entry,
										  CNV_PATH_ANSWER)) != CNV_NONE)
			column->other = CNV_NONE;
		number = assembly_of(gather, map, at);
		if (number == CNV_NONE)
			return;
		assembly = &gather->assemblies[number];
		column->assembly = number;
		if (whole != CNV_NONE) {
			gather->columns[whole].use = CNV_WIDE_HELD;
			gather->columns[whole].assembly = number;
		}
		link_piece(gather, assembly, at);
	}
}

/* A file with a survey tool's signature, or with tables of entries, which only tools write, and canvass, in whose
 * workbooks a hidden sheet says so. */
static bool is_by_tool(const cnv_gather *gather)
{
	return gather->tool || (gather->children && !gather->claims.at[CNV_CLAIM_FORM].hidden);
}

/* A column with the name of a section, a repeat or a note; tools use some of these names themselves. */
static void take_stray(cnv_gather *gather, uint32_t at, const cnv_path *path)
{
	gather->columns[at].as = CNV_AS_IDENTITY;
	if (cnv_tool_is_column(&gather->paths, gather->section->headings[at], is_by_tool(gather)))
		return;
	gather->columns[at].as = CNV_AS_REPORTED;
	gather->columns[at].use = CNV_WIDE_STRAY;
	gather->columns[at].question = path->question;
}

/* Metadata of a survey tool, or a column that is reported. */
static void take_unknown(cnv_gather *gather, mapping *map, uint32_t at)
{
	/* Packs have it in their tables of entries. */
	if (gather->section->holds == CNV_HOLDS_ENTRIES &&
	    cnv_str_is_word(gather->section->headings[at], "still_right"))
		return;
	map->ignored[at] = !cnv_tool_is_column(&gather->paths, gather->section->headings[at], is_by_tool(gather));
	gather->columns[at].as = map->ignored[at] ? CNV_AS_REPORTED : CNV_AS_IDENTITY;
}

/* A question that is no longer asked: its answers become remarks. */
static void take_gone(cnv_gather *gather, mapping *map, uint32_t at)
{
	gather->columns[at].use = CNV_WIDE_HELD;
	gather->columns[at].role = CNV_PATH_OUTDATED;
	gather->columns[at].as = CNV_AS_REMARK;
	map->known++;
}

/* A column without a question that claims something about the return. */
static bool take_claim(cnv_gather *gather, uint32_t at)
{
	cnv_wide_column *column = &gather->columns[at];

	column->claim = cnv_claim_column(gather->section->headings[at], &column->tool);
	if (column->claim == CNV_CLAIM_KEYS)
		return false;
	column->use = CNV_WIDE_CLAIM;
	column->as = CNV_AS_IDENTITY;
	gather->claiming = true;
	return true;
}

/* Links held columns to their entries, in the order of the file. */
static void link_held(cnv_gather *gather)
{
	gather->root_first = CNV_NONE;
	for (uint32_t at = gather->section->heading_count; at-- > 0;) {
		cnv_wide_column *column = &gather->columns[at];
		uint32_t *first;

		if (column->use != CNV_WIDE_HELD || (column->assembly != CNV_NONE && !column->leads))
			continue;
		first = column->entry == CNV_NONE ? &gather->root_first : &gather->entries.at[column->entry].columns;
		column->next = *first;
		*first = at;
	}
}

/* ---------------------------------------------------------------- headers */

/* The key columns that child tables refer to; they may also be answers, or identify the respondent. */
static void take_keys(cnv_gather *gather)
{
	for (uint32_t i = 0; i < CNV_LINKS; i++)
		gather->keys[i] = CNV_NONE;
	for (uint32_t at = gather->section->heading_count; gather->children && at-- > 0;) {
		cnv_link link = cnv_link_own(gather->section->headings[at]);
		cnv_wide_column *column = &gather->columns[at];

		if (link == CNV_LINKS || column->entry != CNV_NONE)
			continue;
		/* instanceID is used if there is no KEY. */
		if (gather->keys[link] != CNV_NONE && !cnv_str_is_word(gather->section->headings[at], "key"))
			continue;
		if (column->use == CNV_WIDE_UNUSED) {
			column->use = CNV_WIDE_KEY;
			column->as = CNV_AS_IDENTITY;
		}
		gather->keys[link] = at;
	}
}

/* Several questions have this label: the order of the columns may decide. */
static void take_alike(cnv_gather *gather, uint32_t at, cnv_path *path)
{
	cnv_question_id question = cnv_alike_find(gather, at);

	if (question == CNV_NONE)
		return;
	*path = (cnv_path){ .found = CNV_PATH_KNOWN, .question = question };
}

static void map_column(cnv_gather *gather, mapping *map, uint32_t at)
{
	cnv_str name = gather->section->headings[at];
	cnv_heading heading = read_heading(gather, name);
	const cnv_path *path = &heading.path;

	gather->columns[at] = (cnv_wide_column){ .entry = CNV_NONE,
						 .next = CNV_NONE,
						 .question = CNV_NONE,
						 .other = CNV_NONE,
						 .assembly = CNV_NONE,
						 .piece_next = CNV_NONE,
						 .as = CNV_AS_FORM };
	gather->named += name.len > 0;
	if (heading.ignored)
		return;
	if (path->found == CNV_PATH_AMBIGUOUS)
		take_alike(gather, at, &heading.path);
	if (path->found == CNV_PATH_UNKNOWN && gather->section->holds == CNV_HOLDS_RESPONSES && take_claim(gather, at))
		return;
	if (path->found == CNV_PATH_GONE)
		take_gone(gather, map, at);
	else if (path->found != CNV_PATH_KNOWN)
		take_unknown(gather, map, at);
	else if (path->role == CNV_PATH_ANSWER && gather->form->questions[path->question].column == CNV_NONE)
		take_stray(gather, at, path);
	else
		map->beyond = !take_column(gather, map, at, &heading);
	map->unknown += map->ignored[at];
}

cnv_status cnv_wide_header(cnv_gather *gather)
{
	mapping map = { 0 };
	cnv_status status = CNV_OK;
	bool foreign;

	gather->columns = cnv_arena_array(&gather->arena, gather->section->heading_count, sizeof *gather->columns);
	gather->column_count = gather->section->heading_count;
	map.ignored = cnv_arena_array(&gather->arena, gather->section->heading_count, sizeof *map.ignored);
	map.seen = cnv_arena_array(&gather->arena, gather->form->count, sizeof *map.seen);
	if (!gather->columns || !map.ignored || !map.seen)
		return CNV_NO_MEMORY;
	cnv_header_reset_columns(gather, 0);
	for (uint32_t at = 0; at < gather->section->heading_count && !map.beyond; at++)
		map_column(gather, &map, at);
	link_pieces(gather, &map);
	if (gather->section->holds == CNV_HOLDS_RESPONSES) {
		cnv_identity_take(gather);
		take_keys(gather);
	}
	for (uint32_t at = 0; at < gather->section->heading_count; at++)
		map.ignored[at] = map.ignored[at] && gather->columns[at].use == CNV_WIDE_UNUSED;
	link_held(gather);
	foreign = gather->section->holds == CNV_HOLDS_RESPONSES &&
		  !(gather->children && cnv_is_rootless(gather->form)) &&
		  cnv_gather_is_foreign(gather->form, map.known, map.unknown, map.questions);
	gather->is_title = gather->seeking && (gather->titles.count || !map.rejected) &&
			   (foreign || map.rejected || !cnv_titles_is_header(gather, map.known, map.unknown));
	if (gather->peek || gather->is_title)
		status = CNV_OK;
	else if (map.rejected)
		status = CNV_REJECTED;
	else if (foreign)
		status = cnv_wide_reject(gather, map.known, map.unknown);
	for (uint32_t at = 0; !status && !gather->is_title && at < gather->section->heading_count; at++)
		if (map.ignored[at]) {
			cnv_path path = read_heading(gather, gather->section->headings[at]).path;

			cnv_wide_report_column(gather, at, &path);
		}
	if (!gather->is_title)
		cnv_account_headings(gather, map.ignored);
	gather->arena.failed |= map.taken.failed || map.assemblies.failed;
	cnv_map_fini(&map.taken);
	cnv_map_fini(&map.assemblies);
	if (!cnv_entries_sort(&gather->entries, &gather->arena))
		status = CNV_NO_MEMORY;
	return status;
}
