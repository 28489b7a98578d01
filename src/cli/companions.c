/* The files of one return: responses in one, the entries of each repeat in another.
 *
 * ODK Central, Briefcase and SurveyCTO export `form.csv` and beside it `form-doc.csv` for the repeat
 * `doc`.  The files with entries are taken in together with the one of the responses: those given on
 * the command line, and those that lie beside it.  A file with entries is known by its header and is
 * no return by itself. */
#include <string.h>

#include "taking.h"

/* A header is at most so long; a longer one is not looked at. */
enum { HEADER = 1 << 18 };

typedef struct header {
	cnv_str *headings;
	uint32_t count, room;
	cnv_arena *arena;
	bool failed;
} header;

static void on_heading(void *self, cnv_str field)
{
	header *h = self;

	if (cnv_mem_room((void **)&h->headings, &h->room, h->count + 1, sizeof *h->headings))
		h->headings[h->count++] = cnv_arena_copy(h->arena, cnv_str_trim_unicode(field));
	else
		h->failed = true;
}

static cnv_status on_header(void *self, uint32_t line)
{
	(void)self;
	(void)line;
	return CNV_STOPPED;
}

/* The repeat whose entries a CSV file holds, CNV_NONE.  What is wrong with the file is told when it is read. */
static uint32_t entries_of(const cnv_form *form, cnv_str name)
{
	cnv_arena arena = { 0 };
	cnv_diags quiet = { 0 };
	header h = { .arena = &arena };
	cnv_csv_sink sink = { .self = &h, .field = on_heading, .record = on_header };
	cnv_file *file = NULL;
	char *piece = NULL;
	size_t len = 0;
	uint32_t table = CNV_NONE;

	if (form->table_count > 1 && !cnv_file_open(&file, name, &quiet) && (piece = cnv_mem_get(HEADER)) != NULL &&
	    !cnv_file_peek(file, 0, piece, HEADER, &len, &quiet) && !cnv_xlsx_is((cnv_str){ piece, len })) {
		cnv_csv_read(name, (cnv_str){ piece, len }, 0, (cnv_csv_limits){ 0 }, &sink, &quiet);
		cnv_recognised found = cnv_gather_weigh(form, NULL, taking_stem(name), h.headings, h.count);
		if (found.holds == CNV_HOLDS_ENTRIES && found.linked && !h.failed)
			table = found.table;
	}
	cnv_file_close(file);
	cnv_mem_free(piece);
	cnv_mem_free(h.headings);
	cnv_arena_fini(&arena);
	return table;
}

/* ---------------------------------------------------------------- files given together */

struct cli_given {
	uint32_t table; /* of the repeat whose entries it holds, CNV_NONE: it holds responses */
	uint32_t root;  /* of entries: the file of responses that they go with, CNV_NONE */
	uint32_t next;  /* the first file of entries that goes with responses; behind entries the next; CNV_NONE */
};

/* The file of responses that one of entries goes with: the longest that it is named after, as demo-doc.csv is after
 * demo.csv, else the only one. */
static uint32_t root_of(cnv_str entries, const cnv_map *roots, uint32_t only)
{
	cnv_str stem = taking_stem(entries);

	for (size_t len = stem.len; len--;) {
		uint32_t root = stem.at[len] == '-' ? cnv_map_find(roots, cnv_str_slice(stem, 0, len)) : CNV_NONE;
		if (root != CNV_NONE)
			return root;
	}
	return only;
}

/* roots: number of each file of responses by what it is named. */
static void pair(cli_intake *in, uint32_t count, const cnv_map *roots, uint32_t only)
{
	/* From the last, so that each chain is in the order given. */
	for (uint32_t i = count; i--;) {
		struct cli_given *given = &in->together[i];
		if (given->table == CNV_NONE)
			continue;
		given->root = root_of(in->given[i], roots, only);
		if (given->root == CNV_NONE)
			continue;
		given->next = in->together[given->root].next;
		in->together[given->root].next = i;
	}
}

cnv_status cli_companions_sort(cli_intake *intake, const cnv_str *names, uint32_t count)
{
	cnv_map roots = { 0 };
	uint32_t responses = 0, last = CNV_NONE;
	cnv_status status = CNV_OK;

	intake->given = names;
	intake->together = cnv_mem_array((size_t)count + 1, sizeof *intake->together);
	if (!intake->together)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t table = entries_of(intake->form->form, names[i]);
		intake->together[i] = (struct cli_given){ .table = table, .root = CNV_NONE, .next = CNV_NONE };
		cnv_map_put(&intake->given_at, names[i], i);
		if (table != CNV_NONE)
			continue;
		cnv_map_put(&roots, taking_stem(names[i]), i);
		responses++;
		last = i;
	}
	if (roots.failed || intake->given_at.failed)
		status = CNV_NO_MEMORY;
	else
		pair(intake, count, &roots, responses == 1 ? last : CNV_NONE);
	cnv_map_fini(&roots);
	return status;
}

bool cli_is_companion(const cli_intake *intake, uint32_t at) { return intake->together[at].root != CNV_NONE; }

void cli_companions_fini(cli_intake *intake)
{
	cnv_mem_free(intake->together);
	cnv_map_fini(&intake->given_at);
	intake->together = NULL;
}

/* ---------------------------------------------------------------- the companions of one file */

static cnv_status add(taking *t, cnv_str name, uint32_t table)
{
	taking_companion *companion;
	cnv_status status;

	for (uint32_t i = 0; i < t->companion_count; i++)
		if (t->companions[i].table == table && cnv_file_same(t->companions[i].name, name))
			return CNV_OK;
	if (!cnv_mem_room((void **)&t->companions, &t->companion_room, t->companion_count + 1, sizeof *t->companions))
		return CNV_NO_MEMORY;
	companion = &t->companions[t->companion_count];
	*companion = (taking_companion){ .name = cnv_arena_copy(&t->arena, name), .table = table };
	status = cnv_file_load(name, CNV_ENTRY_TABLE_BYTES, &t->arena, &companion->bytes, &t->diags);
	t->companion_count += !status;
	return status;
}

/* demo-doc.csv beside demo.csv. */
static cnv_status add_siblings(taking *t)
{
	const cnv_form *form = t->intake->form->form;
	cnv_status status = CNV_OK;

	for (uint32_t table = 1; table < form->table_count && !status; table++) {
		cnv_str stem = taking_stem(t->name), folder = cnv_folder_of(t->name);
		cnv_str ending = cnv_str_slice(t->name, folder.len + stem.len, t->name.len);
		cnv_str repeat = form->questions[form->tables[table].repeat].name;
		cnv_str name = cnv_arena_format(&t->arena, "%.*s%.*s-%.*s%.*s", CNV_ARG(folder), CNV_ARG(stem),
		                                CNV_ARG(repeat), CNV_ARG(ending));

		if (name.len && cnv_file_exists(name) && entries_of(form, name) == table)
			status = add(t, name, table);
	}
	return status;
}

cnv_status taking_find_companions(taking *t)
{
	const cli_intake *in = t->intake;
	uint32_t own, table, at;
	cnv_status status = CNV_OK;

	if (in->form->form->table_count < 2)
		return CNV_OK;
	own = cnv_map_find(&in->given_at, t->name);
	table = own == CNV_NONE ? entries_of(in->form->form, t->name) : in->together[own].table;
	t->alone = table != CNV_NONE;
	if (t->alone)
		return CNV_OK;
	at = own == CNV_NONE ? CNV_NONE : in->together[own].next;
	for (; at != CNV_NONE && !status; at = in->together[at].next)
		status = add(t, in->given[at], in->together[at].table);
	return status ? status : add_siblings(t);
}

cnv_status taking_refuse_alone(taking *t)
{
	cnv_diags_say(&t->diags, CNV_ENTRIES_ALONE, (cnv_place){ .source = t->name }, (cnv_str){ 0 }, (cnv_str){ 0 },
	              CNV_STR("import the file with the responses; this one is then read with it"),
	              "the file holds entries of a repeat, and not the responses they belong to");
	return CNV_REJECTED;
}

/* "wide (ODK Central); with demo-doc.csv, demo-page.csv", behind what else is said of the reading. */
void taking_say_layout(taking *t)
{
	cnv_str tool = t->gather ? cnv_gather_tool(t->gather) : (cnv_str){ 0 };
	cnv_text *with = &t->intake->with;

	if (tool.len)
		cnv_text_format(&t->reading, "%swide (%.*s)", t->reading.len ? "; " : "", CNV_ARG(tool));
	for (uint32_t i = 0; i < t->companion_count; i++) {
		cnv_str name = t->companions[i].name;

		cnv_text_format(with, "%s%.*s", i ? ", " : "",
		                CNV_ARG(cnv_str_slice(name, cnv_folder_of(name).len, name.len)));
	}
	if (with->len)
		cnv_text_format(&t->reading, "%swith %.*s", t->reading.len ? "; " : "", CNV_ARG(cnv_text_str(with)));
}
