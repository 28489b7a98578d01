/* The files of one return: one has the responses, the others the entries of each repeat.
 *
 * ODK Central, Briefcase and SurveyCTO export `form.csv` and next to it `form-doc.csv` for the repeat `doc`.  The
 * files of entries are imported together with the file of responses: those passed as arguments, and those next to
 * it.  Only files in the same folder belong together.  A file of entries is recognized by its header and is not a
 * return by itself. */
#include "round/parts.h"
#include "round/sheets.h"

#include <string.h>

/* Longest header that is examined. */
enum { HEADER = 1 << 18 };

/* The name without its extension: "responses/AUS" of responses/AUS.csv. */
static cnv_str trunk_of(cnv_str name)
{
	return cnv_str_slice(name, 0, cnv_folder_of(name).len + parts_stem(name).len);
}

/* ---------------------------------------------------------------- the content of a file */

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

/* Parses the first record of the bytes that a file begins with. */
static void read_header(header *h, cnv_str name, cnv_str bytes, const parts_asked *asked)
{
	const cnv_csv_sink sink = { .self = h, .field = on_heading, .record = on_header };

	h->failed |= !parts_parse(name, bytes, asked, &sink, h->arena);
}

/* The repeat whose entries these bytes, the beginning of a file, contain; CNV_NONE. */
static uint32_t entries_in(cnv_str name, cnv_str bytes, const parts_asked *asked)
{
	cnv_arena arena = { 0 };
	header h = { .arena = &arena };
	uint32_t table = CNV_NONE;

	read_header(&h, name, bytes, asked);
	if (h.count && !h.failed && !arena.failed) {
		cnv_recognised found = cnv_gather_classify(asked->form, NULL, parts_stem(name), h.headings, h.count);
		if (found.holds == CNV_HOLDS_ENTRIES && found.linked)
			table = found.table;
	}
	cnv_mem_free(h.headings);
	cnv_arena_fini(&arena);
	return table;
}

/* The same for a file that is only peeked at, at `path`; *size: of the file. */
static uint32_t entries_of_file(cnv_str name, cnv_str path, const parts_asked *asked, uint64_t *size)
{
	cnv_diags quiet = { 0 };
	cnv_file *file = NULL;
	char *head = NULL;
	size_t len = 0;
	uint32_t table = CNV_NONE;

	*size = UINT64_MAX;
	if (asked->form->table_count > 1 && !cnv_file_open(&file, path, &quiet) &&
	    (head = cnv_mem_get(HEADER)) != NULL && !cnv_file_peek(file, 0, head, HEADER, &len, &quiet)) {
		table = entries_in(name, (cnv_str){ head, len }, asked);
		*size = cnv_file_size(file);
	}
	cnv_file_close(file);
	cnv_mem_free(head);
	return table;
}

/* The same for a file opened for reading: its current content counts. */
static uint32_t entries_of_source(source *s, const parts_asked *asked)
{
	cnv_diags quiet = { 0 };
	cnv_text title = { 0 };
	char *head;
	size_t len = 0;
	uint32_t table = CNV_NONE;

	if (asked->form->table_count < 2 || (head = cnv_mem_get(HEADER)) == NULL)
		return CNV_NONE;
	if (!source_peek(s, 0, head, HEADER, &len, &quiet)) {
		table = entries_in(s->name, (cnv_str){ head, len }, asked);
		if (table == CNV_NONE && sheets_may_be((cnv_str){ head, len }))
			sheets_look(s->name, (cnv_str){ head, len }, asked, &table, &title);
	}
	cnv_text_fini(&title);
	cnv_mem_free(head);
	return table;
}

/* ---------------------------------------------------------------- files passed together */

static cnv_status add(parts_list *list, parts_given given)
{
	if (!cnv_mem_room((void **)&list->at, &list->room, list->count + 1, sizeof *list->at))
		return CNV_NO_MEMORY;
	given.name = cnv_arena_copy(&list->names, given.name);
	given.kept = cnv_arena_copy(&list->names, given.kept);
	given.table = given.root = given.next = CNV_NONE;
	given.sheet = SHEET_NONE;
	given.size = UINT64_MAX;
	list->at[list->count++] = given;
	return list->names.failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_status parts_add(parts_list *list, cnv_str name)
{
	return add(list, (parts_given){ .name = name });
}

cnv_status parts_add_kept(parts_list *list, cnv_str name, cnv_str path)
{
	return add(list, (parts_given){ .name = name, .kept = path });
}

cnv_status parts_add_bytes(parts_list *list, cnv_str name, cnv_str bytes)
{
	return add(list, (parts_given){ .name = name, .bytes = bytes, .in_memory = true });
}

/* The number of response files in a folder, and the last of them. */
typedef struct folder_roots {
	uint32_t count, last;
} folder_roots;

typedef struct pairing {
	parts_list *list;
	cnv_map trunks;  /* "responses/demo" -> the response file of that name */
	cnv_map folders; /* -> of `roots` */
	folder_roots *roots;
	uint32_t root_count, root_room;
	bool failed;
} pairing;

static void note_root(pairing *p, uint32_t at)
{
	cnv_str name = p->list->at[at].name;
	uint32_t folder = cnv_map_put(&p->folders, cnv_folder_of(name), p->root_count);

	cnv_map_put(&p->trunks, trunk_of(name), at);
	if (folder == p->root_count) {
		if (!cnv_mem_room((void **)&p->roots, &p->root_room, p->root_count + 1, sizeof *p->roots)) {
			p->failed = true;
			return;
		}
		p->roots[p->root_count++] = (folder_roots){ 0 };
	}
	p->roots[folder].count++;
	p->roots[folder].last = at;
}

/* The response file that a file of entries belongs to: in its folder the one with the longest name that begins its
 * own name, as demo.csv for demo-doc.csv, else the only one. */
static uint32_t root_of(const pairing *p, cnv_str entries)
{
	cnv_str trunk = trunk_of(entries), folder = cnv_folder_of(entries);
	uint32_t at;

	for (size_t len = trunk.len; len-- > folder.len;) {
		uint32_t root =
			trunk.at[len] == '-' ? cnv_map_find(&p->trunks, cnv_str_slice(trunk, 0, len)) : CNV_NONE;
		if (root != CNV_NONE)
			return root;
	}
	at = cnv_map_find(&p->folders, folder);
	return at != CNV_NONE && p->roots[at].count == 1 ? p->roots[at].last : CNV_NONE;
}

static cnv_str path_of(const parts_given *given)
{
	return given->kept.len ? given->kept : given->name;
}

/* Looks at the sheets of packs; covers: only at those. */
static cnv_status look_for_sheets(parts_list *list, const parts_asked *asked, bool covers)
{
	char *head = cnv_mem_get(HEADER);
	cnv_status status = head ? CNV_OK : CNV_NO_MEMORY;

	for (uint32_t i = 0; i < list->count && !status; i++) {
		parts_given *given = &list->at[i];
		cnv_diags quiet = { 0 };
		cnv_text title = { 0 };
		cnv_file *file = NULL;
		cnv_str bytes = given->bytes;

		if (!given->in_memory && !cnv_file_open(&file, path_of(given), &quiet) &&
		    !cnv_file_peek(file, 0, head, HEADER, &bytes.len, &quiet))
			bytes.at = head;
		cnv_file_close(file);
		bytes = cnv_str_slice(bytes, 0, HEADER);
		if (bytes.at && given->sheet == SHEET_NONE && sheets_may_be(bytes) != covers) {
			given->sheet = sheets_look(given->name, bytes, asked, &given->table, &title);
			given->title = cnv_arena_copy(&list->names, cnv_text_str(&title));
		}
		if (title.failed || list->names.failed)
			status = CNV_NO_MEMORY;
		cnv_text_fini(&title);
	}
	cnv_mem_free(head);
	return status;
}

/* Sheets of packs that belong to the first one. */
static cnv_status sort_sheets(parts_list *list, const parts_asked *asked)
{
	bool any = false;
	cnv_status status = list->count > 1 ? look_for_sheets(list, asked, false) : CNV_OK;

	for (uint32_t i = 0; i < list->count; i++)
		any |= list->at[i].sheet == SHEET_FIRST;
	if (!status && any)
		status = look_for_sheets(list, asked, true);
	return status || !any ? status : sheets_join(list, asked);
}

/* Files of entries, and the response files that they may belong to. */
static void find_entries(pairing *p, const parts_asked *asked)
{
	parts_list *list = p->list;

	for (uint32_t i = 0; i < list->count && !p->failed; i++) {
		parts_given *given = &list->at[i];
		if (given->sheet != SHEET_NONE)
			continue;
		if (given->in_memory)
			given->table = entries_in(given->name, cnv_str_slice(given->bytes, 0, HEADER), asked);
		else
			given->table = entries_of_file(given->name, path_of(given), asked, &given->size);
		if (given->table == CNV_NONE)
			note_root(p, i);
	}
	p->failed |= p->trunks.failed || p->folders.failed;
}

cnv_status parts_sort(parts_list *list, const parts_asked *asked)
{
	pairing p = { .list = list };
	cnv_status status = sort_sheets(list, asked);

	if (status)
		return status;
	if (asked->form->table_count > 1)
		find_entries(&p, asked);
	/* From the last, so that each chain is in the order of the arguments. */
	for (uint32_t i = list->count; i-- > 0 && !p.failed;) {
		parts_given *given = &list->at[i];
		if (given->sheet == SHEET_NONE && given->table != CNV_NONE)
			given->root = root_of(&p, given->name);
		if (given->root == CNV_NONE)
			continue;
		given->next = list->at[given->root].next;
		list->at[given->root].next = i;
	}
	cnv_map_fini(&p.trunks);
	cnv_map_fini(&p.folders);
	cnv_mem_free(p.roots);
	return p.failed ? CNV_NO_MEMORY : CNV_OK;
}

void parts_free(parts_list *list)
{
	cnv_mem_free(list->at);
	cnv_arena_fini(&list->names);
	*list = (parts_list){ 0 };
}

/* ---------------------------------------------------------------- the files of one return */

static cnv_status make_room(parts *p)
{
	/* Sources must not move: parts refer to them. */
	enum { MOST = 1 + CNV_PARTS };

	if (p->sources)
		return p->count < MOST ? CNV_OK : CNV_REJECTED;
	p->sources = cnv_mem_array(MOST, sizeof *p->sources);
	p->at = cnv_mem_array(MOST, sizeof *p->at);
	return p->sources && p->at ? CNV_OK : CNV_NO_MEMORY;
}

static cnv_status report_too_many(cnv_str name, cnv_diags *diags)
{
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_RETURN_TOO_LARGE, .place = (cnv_place){ .source = name },
				.hint = CNV_STR("import fewer files of entries at a time")),
		       "a return can have at most %u files", 1u + CNV_PARTS);
	return CNV_REJECTED;
}

/* looked: the file's size when it was peeked at and selected. */
static cnv_status open_part(parts *p, cnv_str name, cnv_str path, stream_part part, uint64_t looked, cnv_diags *diags)
{
	cnv_status status = make_room(p);

	if (status == CNV_REJECTED)
		return report_too_many(name, diags);
	if (!status)
		status = source_open(&p->sources[p->count], name, path, diags);
	if (!status && looked != UINT64_MAX && looked != p->sources[p->count].size)
		status = source_say_changed(&p->sources[p->count], diags);
	if (status) {
		if (p->sources)
			source_close(&p->sources[p->count]);
		return status;
	}
	part.source = &p->sources[p->count];
	p->at[p->count] = part;
	p->size += p->sources[p->count++].size;
	return CNV_OK;
}

static cnv_status open_given(parts *p, const parts_given *given, stream_part part, cnv_diags *diags)
{
	cnv_status status;

	if (!given->in_memory)
		return open_part(p, given->name, path_of(given), part, given->size, diags);
	status = make_room(p);
	if (status == CNV_REJECTED)
		return report_too_many(given->name, diags);
	if (status)
		return status;
	source_borrow(&p->sources[p->count], given->name, given->bytes);
	part.source = &p->sources[p->count];
	p->at[p->count] = part;
	p->size += p->sources[p->count++].size;
	return CNV_OK;
}

static bool has_part(const parts *p, cnv_str name, uint32_t table)
{
	for (uint32_t i = 0; i < p->count; i++)
		if (p->at[i].table == table && cnv_file_same(p->at[i].source->name, name))
			return true;
	return false;
}

/* demo-doc.csv next to demo.csv. */
static cnv_status open_siblings(parts *p, cnv_str name, const parts_asked *asked, cnv_arena *arena, cnv_diags *diags)
{
	const cnv_form *form = asked->form;
	cnv_str trunk = trunk_of(name), ending = cnv_str_slice(name, trunk.len, name.len);
	cnv_status status = CNV_OK;

	for (uint32_t table = 1; table < form->table_count && !status; table++) {
		uint64_t size;
		cnv_str repeat = form->questions[form->tables[table].repeat].name;
		cnv_str sibling =
			cnv_arena_format(arena, "%.*s-%.*s%.*s", CNV_ARG(trunk), CNV_ARG(repeat), CNV_ARG(ending));

		if (sibling.len && cnv_file_exists(sibling) && !has_part(p, sibling, table) &&
		    entries_of_file(sibling, sibling, asked, &size) == table)
			status = open_part(p, sibling, sibling, (stream_part){ .table = table }, size, diags);
	}
	return status;
}

/* Files that were passed with it: those of entries, or further sheets. */
static cnv_status open_others(parts *p, const parts_list *list, uint32_t at, bool entries, cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	for (uint32_t next = list->at[at].next; next != CNV_NONE && !status; next = list->at[next].next) {
		const parts_given *given = &list->at[next];
		if ((given->table != CNV_NONE) == entries && !has_part(p, given->name, given->table))
			status = open_given(p, given, (stream_part){ .table = given->table, .sheet = given->sheet },
					    diags);
	}
	return status;
}

cnv_status parts_open(parts *p, const parts_list *list, uint32_t at, const parts_asked *asked, cnv_arena *arena,
		      cnv_diags *diags)
{
	const parts_given *given = &list->at[at];
	bool repeats = asked->form->table_count > 1;
	cnv_status status = make_room(p);

	if (!status)
		status = open_given(p, given, (stream_part){ .table = CNV_NONE, .sheet = given->sheet }, diags);
	if (!status && repeats)
		p->alone = entries_of_source(p->sources, asked) != CNV_NONE;
	if (status || p->alone)
		return status;
	status = open_others(p, list, at, true, diags);
	if (!status && repeats && !given->in_memory && !given->kept.len)
		status = open_siblings(p, given->name, asked, arena, diags);
	if (!status)
		status = open_others(p, list, at, false, diags);
	/* Entries are read before the responses, and the first file is the last. */
	if (!status && p->count > 1) {
		stream_part responses = p->at[0];
		memmove(p->at, p->at + 1, (p->count - 1) * sizeof *p->at);
		p->at[p->count - 1] = responses;
	}
	return status;
}

source *parts_main(const parts *p)
{
	return p->at[p->count - 1].source;
}

void parts_digest(const parts *p, uint8_t sha256[32])
{
	cnv_digest digest;

	memcpy(sha256, p->sources[0].sha256, 32);
	if (p->count < 2)
		return;
	cnv_digest_init(&digest, CNV_SHA256);
	for (uint32_t i = 0; i < p->count; i++)
		cnv_digest_add(&digest, p->sources[i].sha256, 32);
	cnv_digest_end(&digest, sha256);
}

bool parts_digested(const parts *p)
{
	for (uint32_t i = 0; i < p->count; i++)
		if (!p->sources[i].digested)
			return false;
	return true;
}

void parts_close(parts *p)
{
	for (uint32_t i = 0; i < p->count; i++)
		source_close(&p->sources[i]);
	cnv_mem_free(p->sources);
	cnv_mem_free(p->at);
	*p = (parts){ 0 };
}
