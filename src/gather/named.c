/* Cells as a person names them on a command line: by the paths of the long layout, or by the number on the form. */
#include "canvass/gather.h"
#include "gather/paths.h"

_Static_assert(CNV_TABLE_DEPTH == sizeof((cnv_named *)NULL)->numbers / sizeof(uint32_t),
	       "as many numbers as a path has");

const char *cnv_named_words(cnv_named_problem problem)
{
	static const char *const words[] = {
		[CNV_NAMED_WELL] = "",
		[CNV_NAMED_UNKNOWN] = "no question has this name",
		[CNV_NAMED_SEVERAL] = "several questions have this name; use a path",
		[CNV_NAMED_WITHOUT_ENTRY] = "the number of the entry is missing",
		[CNV_NAMED_ENTRY_NUMBER] = "no entry has this number",
	};

	return words[problem];
}

/* The only question with this number outside repeats, or in one; CNV_NONE: there is none, or there are several. */
static cnv_question_id by_number(const cnv_form *form, cnv_str number, bool repeated)
{
	cnv_question_id found = CNV_NONE;

	for (cnv_question_id id = 0; id < form->count; id++) {
		if (!number.len || (form->questions[id].table != 0) != repeated ||
		    !cnv_str_equal(form->questions[id].qno, number))
			continue;
		if (found != CNV_NONE)
			return CNV_NONE;
		found = id;
	}
	return found;
}

/* "doc[2]/B3" as "doc[2]/title", and "B3" as "title"; the name itself: no question in a repeat has this number. */
static cnv_str with_name(const cnv_form *form, cnv_str name, cnv_arena *arena)
{
	size_t leaf = name.len;
	cnv_question_id id;

	while (leaf && name.at[leaf - 1] != '/')
		leaf--;
	id = by_number(form, cnv_str_slice(name, leaf, name.len), true);
	return id == CNV_NONE ? name
			      : cnv_arena_format(arena, "%.*s%.*s", CNV_ARG(cnv_str_slice(name, 0, leaf)),
						 CNV_ARG(form->questions[id].name));
}

static cnv_named resolve(cnv_paths *paths, cnv_str name, cnv_arena *arena)
{
	cnv_path path = cnv_paths_find(paths, name, false);
	cnv_named named = { .question = path.question, .depth = path.depth };

	if (path.found == CNV_PATH_UNKNOWN && (named.question = by_number(paths->form, name, false)) != CNV_NONE)
		return named;
	if (path.found == CNV_PATH_UNKNOWN) {
		name = with_name(paths->form, name, arena);
		path = cnv_paths_find(paths, name, false);
		named = (cnv_named){ .question = path.question, .depth = path.depth };
	}
	for (uint32_t i = 0; i < path.depth; i++)
		named.numbers[i] = path.numbers[i];
	if (path.found == CNV_PATH_KNOWN && path.role == CNV_PATH_ANSWER)
		return named;
	named.problem = path.found == CNV_PATH_AMBIGUOUS       ? CNV_NAMED_SEVERAL
			: path.found == CNV_PATH_WITHOUT_ENTRY ? CNV_NAMED_WITHOUT_ENTRY
			: path.found == CNV_PATH_ENTRY_NUMBER  ? CNV_NAMED_ENTRY_NUMBER
							       : CNV_NAMED_UNKNOWN;
	if (path.found != CNV_PATH_AMBIGUOUS)
		named.near = cnv_paths_suggest(paths, &path, name, arena);
	return named;
}

cnv_status cnv_gather_named(cnv_named *named, const cnv_form *form, const cnv_str *names, uint32_t count,
			    cnv_arena *arena)
{
	cnv_paths paths;
	bool failed;

	cnv_paths_init(&paths, form, NULL, arena);
	for (uint32_t i = 0; i < count; i++)
		named[i] = resolve(&paths, names[i], arena);
	failed = cnv_paths_failed(&paths);
	cnv_paths_fini(&paths);
	return failed ? CNV_NO_MEMORY : CNV_OK;
}

/* The number of its own entry is the last one. */
static bool is_named(const cnv_batch *batch, uint32_t table, uint32_t row, const cnv_named *named)
{
	for (uint32_t depth = named->depth; depth-- > 0 && table; table = batch->form->tables[table].parent) {
		if (batch->tables[table].positions[row] != named->numbers[depth])
			return false;
		row = batch->tables[table].parents[row];
	}
	return true;
}

uint32_t cnv_named_row(const cnv_named *named, const cnv_batch *batch, uint32_t from)
{
	uint32_t table = batch->form->questions[named->question].table;

	for (; from < batch->tables[table].rows; from++)
		if (is_named(batch, table, from, named))
			return from;
	return CNV_NONE;
}
