/* What a table of a return contains: responses, the entries of one repeat, or nothing of this form.
 *
 * Its headings decide. A child table has a column that refers to the parent (`PARENT_KEY`, `_parent_index`, `outer[]`),
 * or only questions of a repeat. Which repeat it is follows from the name of its file or sheet (`form-doc.csv`, the
 * first 31 characters on a tab), else from its questions. If two repeats match equally well, it is neither.
 */
#include "canvass/gather.h"
#include "gather/heading.h"
#include "gather/links.h"
#include "gather/tools.h"

/* Maximum characters of a sheet name. */
#define MOST_TAB 31u
/* Headings compared with each repeat; more would not change the result. */
#define MOST_TELLING 500u

static const struct link_heading {
	const char *word;
	cnv_link link;
	bool own; /* identifies the record itself; else refers to its parent */
} link_headings[] = {
	{ "key", CNV_LINK_KEY, true },
	{ "instanceid", CNV_LINK_KEY, true },
	{ "meta/instanceid", CNV_LINK_KEY, true },
	{ "meta-instanceid", CNV_LINK_KEY, true },
	{ "_index", CNV_LINK_INDEX, true },
	{ "_uuid", CNV_LINK_UUID, true },
	{ "_id", CNV_LINK_ID, true },
	{ "parent_key", CNV_LINK_KEY, false },
	{ "_parent_index", CNV_LINK_INDEX, false },
	{ "_submission__uuid", CNV_LINK_UUID, false },
	{ "_submission__id", CNV_LINK_ID, false },
};

static cnv_link find_link(cnv_str heading, bool own)
{
	for (size_t i = 0; i < sizeof link_headings / sizeof link_headings[0]; i++)
		if (link_headings[i].own == own && cnv_str_is_word(heading, link_headings[i].word))
			return link_headings[i].link;
	return CNV_LINKS;
}

cnv_link cnv_link_to_parent(cnv_str heading)
{
	return find_link(heading, false);
}

cnv_link cnv_link_own(cnv_str heading)
{
	return find_link(heading, true);
}

/* ---------------------------------------------------------------- whose table */

/* Central appends "~2" to the name of a repeat that another of its files has too. */
static cnv_str without_turn(cnv_str name)
{
	size_t at = name.len;

	while (at && name.at[at - 1] >= '0' && name.at[at - 1] <= '9')
		at--;
	return at > 1 && at < name.len && name.at[at - 1] == '~' ? cnv_str_slice(name, 0, at - 1) : name;
}

/* "doc" and "demo-doc" are names for a table of `doc`, and so are its first characters if a sheet name has no room for
 * more. */
static bool is_name_of(cnv_str name, cnv_str repeat)
{
	if (cnv_str_equal(name, repeat))
		return true;
	if (name.len == MOST_TAB && cnv_str_starts(repeat, name))
		return true;
	return name.len > repeat.len && cnv_str_ends(name, repeat) && name.at[name.len - repeat.len - 1] == '-';
}

/* The longer of "a-b" and "b" is meant. */
static uint32_t table_by_name(const cnv_form *form, cnv_str name)
{
	uint32_t found = CNV_NONE;
	size_t longest = 0;

	name = without_turn(name);
	for (uint32_t table = 1; table < form->table_count; table++) {
		cnv_str repeat = form->questions[form->tables[table].repeat].name;

		if (repeat.len <= longest || !is_name_of(name, repeat))
			continue;
		found = table;
		longest = repeat.len;
	}
	return found;
}

static bool is_known(cnv_paths *paths, uint32_t table, cnv_str heading)
{
	cnv_path path = cnv_heading_read(paths, table, heading).path;

	return path.found == CNV_PATH_KNOWN && paths->form->questions[path.question].column != CNV_NONE;
}

static uint32_t count_known(cnv_paths *paths, uint32_t table, const cnv_str *headings, uint32_t count)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < count; i++)
		known += is_known(paths, table, headings[i]);
	return known;
}

/* The repeat with most of the headings as questions; CNV_NONE: none, or a tie. */
static uint32_t table_by_headings(cnv_paths *paths, const cnv_str *headings, uint32_t count)
{
	uint32_t best = 0, found = CNV_NONE;

	if (count > MOST_TELLING)
		count = MOST_TELLING;
	for (uint32_t table = 1; table < paths->form->table_count; table++) {
		uint32_t known = count_known(paths, table, headings, count);

		if (known && known == best)
			found = CNV_NONE;
		if (known > best) {
			best = known;
			found = table;
		}
	}
	return found;
}

/* The repeat whose entries these are, by the name of the table or by its headings, and how many headings it knows;
 * CNV_NONE. */
static uint32_t find_table(cnv_paths *paths, cnv_str name, const cnv_str *headings, uint32_t count, uint32_t *known)
{
	uint32_t found = table_by_name(paths->form, name);

	*known = found == CNV_NONE ? 0 : count_known(paths, found, headings, count);
	if (*known)
		return found;
	found = table_by_headings(paths, headings, count);
	*known = found == CNV_NONE ? 0 : count_known(paths, found, headings, count);
	return found;
}

static uint32_t count_unknown(cnv_paths *paths, const cnv_str *headings, uint32_t count, uint32_t known)
{
	uint32_t tools = 0;

	for (uint32_t i = 0; i < count; i++)
		tools += cnv_tool_is_column(paths, headings[i], true) || cnv_link_to_parent(headings[i]) != CNV_LINKS;
	return count > known + tools ? count - known - tools : 0;
}

cnv_recognised cnv_gather_classify(const cnv_form *form, const cnv_migration *migration, cnv_str name,
				   const cnv_str *headings, uint32_t count)
{
	cnv_recognised weighed = { .holds = CNV_HOLDS_NOTHING };
	bool question = false, answer = false, keyed = false;
	cnv_arena arena = { 0 };
	cnv_paths paths;
	uint32_t of_entry = 0, found = CNV_NONE;

	cnv_paths_init(&paths, form, migration, &arena);
	for (uint32_t i = 0; i < count; i++) {
		question = question || cnv_str_is_word(headings[i], "question");
		answer = answer || cnv_str_is_word(headings[i], "answer");
		keyed = keyed || cnv_link_own(headings[i]) != CNV_LINKS;
		weighed.linked = weighed.linked || cnv_link_to_parent(headings[i]) != CNV_LINKS ||
				 cnv_paths_numbered(&paths, headings[i]) != CNV_NONE;
	}
	weighed.known = count_known(&paths, 0, headings, count);
	if (weighed.linked || !weighed.known)
		found = find_table(&paths, name, headings, count, &of_entry);
	/* The reader of the responses then runs out of memory too, and reports it. */
	if ((question && answer) || cnv_paths_failed(&paths)) {
		weighed.holds = CNV_HOLDS_RESPONSES;
	} else if (found != CNV_NONE) {
		weighed.holds = CNV_HOLDS_ENTRIES;
		weighed.table = found;
		weighed.known = of_entry;
	} else if (weighed.known) {
		weighed.holds = CNV_HOLDS_RESPONSES;
	}
	weighed.unknown = count_unknown(&paths, headings, count, weighed.known);
	/* A form of repeats alone: what the tool says of its responses. */
	if (!weighed.holds && keyed && !weighed.unknown && cnv_is_rootless(form))
		weighed.holds = CNV_HOLDS_RESPONSES;
	cnv_paths_fini(&paths);
	cnv_arena_fini(&arena);
	return weighed;
}

cnv_holds cnv_gather_recognise(const cnv_form *form, cnv_str name, const cnv_str *headings, uint32_t count,
			       uint32_t *table)
{
	cnv_recognised weighed = cnv_gather_classify(form, NULL, name, headings, count);

	*table = weighed.table;
	return weighed.holds;
}

void cnv_gather_known(const cnv_form *form, const cnv_migration *migration, uint32_t table, const cnv_str *headings,
		      uint32_t count, bool *known)
{
	cnv_arena arena = { 0 };
	cnv_paths paths;

	cnv_paths_init(&paths, form, migration, &arena);
	for (uint32_t i = 0; i < count; i++)
		known[i] = is_known(&paths, table, headings[i]);
	cnv_paths_fini(&paths);
	cnv_arena_fini(&arena);
}
