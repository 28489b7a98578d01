/* Any bytes as a returned file: gathered, settled and judged against a small form of every kind.
 *
 * A line `==` ends a table of the return, as where an export has a file for each repeat; a table that begins with
 * `column,` is what a person said of columns. */
#include "corpus.h"
#include "small_form.h"

/* Headings of a table that are looked at to know what it holds. */
enum { HEADINGS = 64 };

typedef struct header {
	cnv_str headings[HEADINGS];
	uint32_t count;
	cnv_arena arena;
} header;

static void on_field(void *self, cnv_str field)
{
	cnv_gather_field(((fixture *)self)->gather, field);
}

static void on_heading(void *self, cnv_str field)
{
	header *h = self;
	if (h->count < HEADINGS)
		h->headings[h->count++] = cnv_arena_copy(&h->arena, field);
}

static cnv_status on_header(void *self, uint32_t line)
{
	(void)self;
	(void)line;
	return CNV_STOPPED;
}

/* Opens the table as what its headings say. */
static cnv_status open_table(fixture *f, cnv_str bytes)
{
	header h = { 0 };
	cnv_diags diags = { 0 };
	cnv_csv_sink sink = { .self = &h, .field = on_heading, .record = on_header };
	cnv_holds holds;
	uint32_t table;

	cnv_csv_read(CNV_STR("table.csv"), bytes, 0, (cnv_csv_limits){ 0 }, &sink, &diags);
	holds = cnv_gather_recognise(f->form, CNV_STR("table"), h.headings, h.count, &table);
	cnv_arena_fini(&h.arena);
	return cnv_gather_open(f->gather, holds, table, (cnv_origin){ .source = CNV_STR("table.csv") });
}

static void on_map_field(void *self, cnv_str field)
{
	cnv_column_map_field(self, field);
}

static cnv_status on_map_record(void *self, uint32_t line)
{
	cnv_diags diags = { 0 };
	return cnv_column_map_record(self, line, &diags);
}

static cnv_column_map *read_map(fixture *f, cnv_str bytes, cnv_arena *arena)
{
	cnv_column_map *map = cnv_column_map_new(CNV_STR("map.csv"), arena);
	cnv_csv_sink sink = { .self = map, .field = on_map_field, .record = on_map_record };
	cnv_diags diags = { 0 };

	if (map && !cnv_csv_read(CNV_STR("map.csv"), bytes, 0, (cnv_csv_limits){ 0 }, &sink, &diags))
		cnv_column_map_end(map, f->form, &diags);
	return map;
}

/* The next table of the input. */
static cnv_str next_table(cnv_str *rest)
{
	static const char end[] = "\n==\n";
	size_t at = cnv_str_find(*rest, CNV_STR(end));
	cnv_str table = cnv_str_slice(*rest, 0, at);

	*rest = cnv_str_slice(*rest, at == SIZE_MAX ? rest->len : at + sizeof end - 1, rest->len);
	return table;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	fixture *f = small_form();
	cnv_diags diags = { 0 };
	cnv_csv_sink sink = { .self = f, .field = on_field, .record = small_form_record };
	cnv_str rest = { (const char *)at, len }, table = next_table(&rest);
	cnv_arena arena = { 0 };
	cnv_column_map *map = NULL;
	cnv_status status = CNV_OK;

	cnv_batch_reset(f->batch);
	f->gather = cnv_gather_new(f->form, f->batch, CNV_STR("fuzz.csv"), &diags);
	for (bool several = rest.len > 0; !status; table = next_table(&rest)) {
		bool last = !rest.len;
		if (several && !map && cnv_str_starts(table, CNV_STR("column,"))) {
			map = read_map(f, table, &arena);
			cnv_gather_map(f->gather, map);
		} else {
			if (several)
				status = open_table(f, table);
			if (!status)
				status = cnv_csv_read(CNV_STR("fuzz.csv"), table, 0, (cnv_csv_limits){ 0 }, &sink,
						      &diags);
		}
		if (last)
			break;
	}
	if (!status && !cnv_gather_end(f->gather))
		small_form_judge(f);
	if (map)
		cnv_column_map_report_unused(map, &diags);
	cnv_gather_free(f->gather);
	cnv_column_map_free(map);
	cnv_arena_fini(&arena);
	return 0;
}
