/* How a file refers to a question.
 *
 * The first match wins, in this order: the full path (`sec_a/economy`, `sec_c/doc[1]/doc_name`), the short path of long
 * files (`economy`, `doc[1]/doc_name`), either of them with what other tools write between the names,
 * and, for the columns of a wide file, a label in any language. A short form counts only if it is unique: nothing is
 * guessed. Entry numbers are removed before the look-up (`doc[]/doc_name`). Groups come last, so that a line with only
 * the title of a section is recognized.
 */
#include "gather/paths.h"
#include "gather/separators.h"

/* Maximum groups around a question; deeper questions have no full path. */
#define MOST_GROUPS 64u

static const struct suffix {
	const char *text;
	cnv_path_role role;
} suffixes[] = {
	{ "#note", CNV_PATH_NOTE },
	{ "#rsv", CNV_PATH_RESERVATION },
};

/* ---------------------------------------------------------------- the index */

/* "sec_c/doc[]/doc_name"; empty when the groups are nested too deep. */
static cnv_str bracketed_path(cnv_paths *paths, cnv_question_id id)
{
	const cnv_form *form = paths->form;
	cnv_question_id around[MOST_GROUPS];
	uint32_t depth = 0;

	for (cnv_question_id at = id; at != CNV_NONE; at = form->questions[at].parent) {
		if (depth == MOST_GROUPS)
			return (cnv_str){ 0 };
		around[depth++] = at;
	}
	cnv_text_reset(&paths->key);
	while (depth-- > 0) {
		const cnv_question *question = &form->questions[around[depth]];

		cnv_text_put(&paths->key, question->name);
		if (depth && question->role == CNV_REPEAT)
			cnv_text_put(&paths->key, CNV_STR("[]"));
		if (depth)
			cnv_text_put_char(&paths->key, '/');
	}
	return cnv_arena_copy(paths->arena, cnv_text_str(&paths->key));
}

/* With `/` in place of what other tools write. */
static cnv_str loosened(cnv_paths *paths, cnv_str name)
{
	cnv_separators_unify(&paths->key, name);
	return cnv_text_str(&paths->key);
}

static void put_local(cnv_paths *paths, cnv_path_rank rank, cnv_str name, cnv_question_id id)
{
	cnv_names_put(&paths->names, rank, paths->form->questions[id].table, name, id);
}

/* The names of a question in a child table: below the repeat, or with everything around it. */
static void index_local(cnv_paths *paths, cnv_question_id id, cnv_str full)
{
	const cnv_question *question = &paths->form->questions[id];
	const cnv_question *repeat = &paths->form->questions[paths->form->tables[question->table].repeat];
	cnv_str path = question->path, below = cnv_str_slice(path, repeat->path.len + 1, path.len);

	below = cnv_arena_copy(paths->arena, loosened(paths, below));

	put_local(paths, CNV_PATH_LOCAL, below, id);
	put_local(paths, CNV_PATH_LOCAL,
		  loosened(paths, cnv_arena_format(paths->arena, "%.*s/%.*s", CNV_ARG(repeat->name), CNV_ARG(below))),
		  id);
	put_local(paths, CNV_PATH_LOCAL, loosened(paths, path), id);
	put_local(paths, CNV_PATH_LOCAL, loosened(paths, full), id);
	put_local(paths, CNV_PATH_LOCAL, loosened(paths, question->answer_path), id);
	put_local(paths, CNV_PATH_LOCAL_NAME, question->name, id);
}

void cnv_paths_init(cnv_paths *paths, const cnv_form *form, const cnv_migration *migration, cnv_arena *arena)
{
	*paths = (cnv_paths){ .form = form, .arena = arena, .migration = migration };
	paths->labels = (cnv_labels){ .form = form, .arena = arena };
	if (migration)
		paths->older = cnv_arena_get(arena, sizeof *paths->older);
	if (paths->older)
		cnv_paths_init(paths->older, migration->before, NULL, arena);
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_question *question = &form->questions[id];
		cnv_str full = bracketed_path(paths, id);

		if (question->role == CNV_GROUP || question->role == CNV_REPEAT) {
			cnv_names_put(&paths->names, CNV_PATH_INNER, 0, full, id);
			if (question->role == CNV_REPEAT) {
				cnv_names_put(&paths->names, CNV_PATH_REPEATS, 0, question->answer_path, id);
				cnv_names_put(&paths->names, CNV_PATH_INNER, 0, question->answer_path, id);
			}
			continue;
		}
		cnv_names_put(&paths->names, CNV_PATH_EXACT, 0, full, id);
		cnv_names_put(&paths->names, CNV_PATH_LOOSE, 0, loosened(paths, full), id);
		cnv_names_put(&paths->names, CNV_PATH_BRIEF, 0, question->answer_path, id);
		cnv_names_put(&paths->names, CNV_PATH_LOOSE, 0, loosened(paths, question->answer_path), id);
		cnv_names_put(&paths->names, question->table ? CNV_PATH_INNER : CNV_PATH_BRIEF, 0, question->name, id);
		if (question->table)
			index_local(paths, id, full);
	}
}

/* ---------------------------------------------------------------- looking up */

/* Reads `[number]` at the start of `rest`.  Returns its length, 0 if there is none; a number too large is read as
 * CNV_ENTRY_NUMBERS + 1. */
static size_t read_entry(cnv_str rest, uint32_t *number)
{
	size_t at = 1;

	*number = 0;
	while (at < rest.len && rest.at[at] >= '0' && rest.at[at] <= '9') {
		if (*number <= CNV_ENTRY_NUMBERS)
			*number = *number * 10 + (uint32_t)(rest.at[at] - '0');
		at++;
	}
	if (*number > CNV_ENTRY_NUMBERS)
		*number = CNV_ENTRY_NUMBERS + 1;
	return at > 1 && at < rest.len && rest.at[at] == ']' ? at + 1 : 0;
}

/* Removes the entry numbers from a name: "doc[2]/doc_name" becomes "doc[]/doc_name" and 2. */
static cnv_str take_numbers(cnv_paths *paths, cnv_str name, cnv_path *path)
{
	cnv_text_reset(&paths->key);
	for (size_t i = 0; i < name.len;) {
		uint32_t number;
		size_t len = name.at[i] == '[' ? read_entry(cnv_str_slice(name, i, name.len), &number) : 0;

		if (len && path->depth < CNV_TABLE_DEPTH) {
			path->numbers[path->depth++] = number;
			cnv_text_put(&paths->key, CNV_STR("[]"));
			i += len;
		} else {
			cnv_text_put_char(&paths->key, name.at[i++]);
		}
	}
	return cnv_arena_copy(paths->arena, cnv_text_str(&paths->key));
}

uint32_t cnv_paths_depth(const cnv_form *form, cnv_question_id question)
{
	uint32_t depth = 0;

	for (uint32_t table = form->questions[question].table; table; table = form->tables[table].parent)
		depth++;
	return depth;
}

static cnv_question_id look_up(cnv_paths *paths, cnv_str key, cnv_str name, bool labels)
{
	cnv_question_id id = CNV_NONE;

	for (cnv_path_rank rank = CNV_PATH_EXACT; id == CNV_NONE && rank <= CNV_PATH_INNER; rank++)
		id = cnv_names_find(&paths->names, rank, 0, rank == CNV_PATH_LOOSE ? loosened(paths, key) : key);
	return id == CNV_NONE && labels ? cnv_labels_find(&paths->labels, 0, name) : id;
}

/* Removes `#note` or `#rsv` from the end of a name. */
static cnv_str take_role(cnv_str name, cnv_path_role *role)
{
	name = cnv_str_trim_unicode(name);
	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		cnv_str suffix = cnv_str_from(suffixes[i].text);

		if (name.len > suffix.len && cnv_str_ends(name, suffix)) {
			*role = suffixes[i].role;
			return cnv_str_slice(name, 0, name.len - suffix.len);
		}
	}
	return name;
}

static cnv_path find_path(cnv_paths *paths, cnv_str name, bool labels)
{
	cnv_path path = { .found = CNV_PATH_UNKNOWN, .question = CNV_NONE };
	const cnv_question *question;

	name = take_role(name, &path.role);
	path.question = look_up(paths, take_numbers(paths, name, &path), name, labels);
	if (path.question == CNV_NONE)
		return path;
	if (path.question == CNV_NAME_AMBIGUOUS) {
		path.found = CNV_PATH_AMBIGUOUS;
		path.question = CNV_NONE;
		return path;
	}
	question = &paths->form->questions[path.question];
	path.found = CNV_PATH_KNOWN;
	for (uint32_t i = 0; i < path.depth; i++)
		if (!path.numbers[i] || path.numbers[i] > CNV_ENTRY_NUMBERS)
			path.found = CNV_PATH_ENTRY_NUMBER;
	if (question->column != CNV_NONE && path.depth != cnv_paths_depth(paths->form, path.question))
		path.found = CNV_PATH_WITHOUT_ENTRY;
	return path;
}

cnv_path cnv_paths_find(cnv_paths *paths, cnv_str name, bool labels)
{
	cnv_path path = { .found = CNV_PATH_UNKNOWN };

	if (paths->older)
		path = find_path(paths->older, name, labels);
	if (path.found == CNV_PATH_UNKNOWN || path.found == CNV_PATH_AMBIGUOUS)
		return find_path(paths, name, labels);
	path.question = paths->migration->successor_of[path.question];
	if (path.question == CNV_NONE)
		path.found = CNV_PATH_GONE;
	return path;
}

static cnv_path find_path_in(cnv_paths *paths, uint32_t table, cnv_str name)
{
	cnv_path path = { .found = CNV_PATH_UNKNOWN, .question = CNV_NONE };

	name = take_role(name, &path.role);
	path.question = cnv_names_find(&paths->names, CNV_PATH_LOCAL, table, loosened(paths, name));
	if (path.question == CNV_NONE)
		path.question = cnv_names_find(&paths->names, CNV_PATH_LOCAL_NAME, table, name);
	if (path.question == CNV_NONE)
		path.question = cnv_labels_find(&paths->labels, table, name);
	if (path.question == CNV_NAME_AMBIGUOUS) {
		path.found = CNV_PATH_AMBIGUOUS;
		path.question = CNV_NONE;
	} else if (path.question != CNV_NONE) {
		path.found = CNV_PATH_KNOWN;
	}
	return path;
}

/* The table of the older version that is now `table`; CNV_NONE. */
static uint32_t older_table(const cnv_paths *paths, uint32_t table)
{
	const cnv_form *older = paths->older->form;

	for (uint32_t i = 1; i < older->table_count; i++)
		if (paths->migration->successor_of[older->tables[i].repeat] == paths->form->tables[table].repeat)
			return i;
	return CNV_NONE;
}

cnv_path cnv_paths_find_in(cnv_paths *paths, uint32_t table, cnv_str name)
{
	cnv_path path = { .found = CNV_PATH_UNKNOWN };
	uint32_t was = paths->older ? older_table(paths, table) : CNV_NONE;

	if (was != CNV_NONE)
		path = find_path_in(paths->older, was, name);
	if (path.found != CNV_PATH_KNOWN)
		return find_path_in(paths, table, name);
	path.question = paths->migration->successor_of[path.question];
	if (path.question == CNV_NONE)
		path.found = CNV_PATH_GONE;
	return path;
}

uint32_t cnv_paths_numbered(cnv_paths *paths, cnv_str heading)
{
	cnv_question_id id = CNV_NONE;

	if (!cnv_str_ends(heading, CNV_STR("[]")))
		return CNV_NONE;
	if (paths->older)
		id = cnv_names_find(&paths->older->names, CNV_PATH_REPEATS, 0, heading);
	if (paths->older && id < paths->older->form->count)
		id = paths->migration->successor_of[id];
	if (id >= paths->form->count)
		id = cnv_names_find(&paths->names, CNV_PATH_REPEATS, 0, heading);
	return id < paths->form->count ? paths->form->questions[id].table : CNV_NONE;
}

/* ---------------------------------------------------------------- suggesting */

cnv_str cnv_paths_suggest(cnv_paths *paths, const cnv_path *path, cnv_str name, cnv_arena *scratch)
{
	const cnv_form *form = paths->form;
	cnv_question_id id = path->question;
	cnv_str rest;

	if (id == CNV_NONE) {
		cnv_str last = cnv_str_trim_unicode(name), piece;

		for (rest = last; cnv_str_split(&rest, '/', &piece);)
			last = piece;
		last = cnv_form_nearest(form, last);
		id = last.len ? cnv_form_find(form, last) : CNV_NONE;
		if (id == CNV_NONE || id == CNV_NAME_AMBIGUOUS)
			return last;
	}
	cnv_text_reset(&paths->key);
	rest = form->questions[id].answer_path;
	for (uint32_t depth = 0; rest.len; depth++) {
		size_t slot = cnv_str_find(rest, CNV_STR("[]"));
		uint32_t number = depth < path->depth ? path->numbers[depth] : 1;

		if (slot == SIZE_MAX)
			break;
		cnv_text_put(&paths->key, cnv_str_slice(rest, 0, slot));
		cnv_text_format(&paths->key, "[%u]", number && number <= CNV_ENTRY_NUMBERS ? number : 1);
		rest = cnv_str_slice(rest, slot + 2, rest.len);
	}
	cnv_text_put(&paths->key, rest);
	return cnv_arena_copy(scratch, cnv_text_str(&paths->key));
}

bool cnv_paths_failed(const cnv_paths *paths)
{
	if (paths->older && cnv_paths_failed(paths->older))
		return true;
	return paths->key.failed || cnv_names_failed(&paths->names) || cnv_labels_failed(&paths->labels) ||
	       (paths->arena && paths->arena->failed);
}

void cnv_paths_fini(cnv_paths *paths)
{
	if (paths->older)
		cnv_paths_fini(paths->older);
	cnv_names_fini(&paths->names);
	cnv_labels_fini(&paths->labels);
	cnv_text_fini(&paths->key);
	*paths = (cnv_paths){ 0 };
}
