/* The view `cell`: a row for each cell, whatever version of the form it answers. */
#include "store/state.h"
#include "store/views.h"

#define MOST_TERMS 400u  /* of the union for one version, each for a run of columns */
#define SHORTEST_RUN 16u /* columns of such a run: each cell is found by comparing with them in turn */

static void put_run(cnv_text *out, const store_version *version, const view_paths *paths, uint32_t table, uint32_t from,
		    uint32_t upto)
{
	uint32_t part = from / version->width, first = part * version->width;
	char rows[16];

	views_name_rows(rows, table, part);
	cnv_text_format(out,
			"%lld AS form, %u AS tab, k.col AS col, r.id AS response, " VIEWS_IDENTITY
			", r.later IS NULL AS counts, ",
			(long long)version->form, table);
	if (table)
		views_put_entry(out, version, paths, table);
	else
		cnv_text_put(out, CNV_STR("NULL"));
	cnv_text_format(out,
			" AS entry, nullif(e%u.line + coalesce(%s.lines ->> (k.col - %u), 0), 0) AS line, CASE k.col",
			table, rows, first);
	for (uint32_t i = from; i < upto; i++)
		cnv_text_format(out, " WHEN %u THEN %s.q%u", i, rows, i);
	/* Of each byte of the verdicts the lower half, its second digit, is that of an even column. */
	cnv_text_format(
		out,
		" END AS value, %s.own ->> ('$.' || k.col) AS written, instr('0123456789ABCDEF', "
		"substr(hex(substr(%s.verdicts, (k.col - %u) / 2 + 1, 1)), 2 - (k.col - %u) %% 2, 1)) - 1 AS verdict",
		rows, rows, first, first);
	views_put_rows(out, version, table, part, part + 1);
	cnv_text_format(out, " JOIN question k ON k.form = %lld AND k.tab = %u AND k.col BETWEEN %u AND %u",
			(long long)version->form, table, from, upto - 1);
}

static void put_version(views *v, const store_version *version, const view_paths *paths, uint32_t run)
{
	uint32_t terms = 0;

	cnv_text_format(&v->text, "CREATE VIEW cell_%lld", (long long)version->form);
	for (uint32_t t = 0; t < version->count; t++) {
		uint32_t count = version->tables[t].count, upto;

		for (uint32_t from = 0; from < count; from = upto) {
			uint32_t part_end = (from / version->width + 1) * version->width;

			upto = from + run < count ? from + run : count;
			upto = upto < part_end ? upto : part_end;
			views_begin_term(&v->text, &terms);
			put_run(&v->text, version, paths, t, from, upto);
		}
	}
	cnv_text_put_char(&v->text, ';');
}

void views_make_cells(views *v)
{
	uint32_t terms = 0;

	for (uint32_t i = 0; i < v->count && !v->store->status; i++) {
		const store_version *version = &v->versions[i];
		view_paths paths = { 0 };
		uint32_t columns = 0;

		for (uint32_t t = 0; t < version->count; t++)
			columns += version->tables[t].count;
		views_read_paths(v->store, version, &paths);
		if (!v->store->status)
			put_version(v, version, &paths,
				    columns / MOST_TERMS < SHORTEST_RUN ? SHORTEST_RUN : columns / MOST_TERMS + 1);
		cnv_arena_fini(&paths.arena);
	}
	cnv_text_put(&v->text, CNV_STR("CREATE VIEW cell"));
	for (uint32_t i = 0; i < v->count; i++) {
		views_begin_term(&v->text, &terms);
		cnv_text_format(&v->text, "* FROM cell_%lld", (long long)v->versions[i].form);
	}
	cnv_text_put_char(&v->text, ';');
}
