/* The view `cell`: a row for each cell, whatever version of the form it answers.
 *
 * SQLite finds a cell by comparing its number with those of a run of columns.  A server makes the cells of a part into
 * rows at once, which costs the same for each of them however many there are. */
#include "store/engine.h"
#include "store/state.h"
#include "store/views.h"

#include <stdio.h>

#define MOST_TERMS 400u  /* of the union for one version, each for a run of columns */
#define SHORTEST_RUN 16u /* columns of such a run: each cell is found by comparing with them in turn */

/* What both have of a cell before its line. */
static void put_place(cnv_text *out, const store_version *version, const view_paths *paths, uint32_t table,
		      const char *column)
{
	cnv_text_format(
		out,
		"CAST(%lld AS INTEGER) AS form, CAST(%u AS INTEGER) AS tab, %s AS col, r.id AS response, " VIEWS_IDENTITY
		", r.later IS NULL AS counts, ",
		(long long)version->form, table, column);
	if (table)
		views_put_entry(out, version, paths, table);
	else
		cnv_text_put(out, CNV_STR("CAST(NULL AS text)"));
}

static void put_run(cnv_text *out, const store_version *version, const view_paths *paths, uint32_t table, uint32_t from,
		    uint32_t upto)
{
	uint32_t part = from / version->width, first = part * version->width;
	char rows[16];

	views_name_rows(rows, table, part);
	put_place(out, version, paths, table, "k.col");
	cnv_text_format(out,
			" AS entry, nullif(e%u.line + coalesce(%s.lines ->> (k.col - %u), 0), 0) AS line, CASE k.col",
			table, rows, first);
	for (uint32_t i = from; i < upto; i++)
		cnv_text_format(out, " WHEN %u THEN %s.q%u", i, rows, i);
	/* Of each byte of the verdicts the lower half, its second digit, is that of an even column. */
	cnv_text_format(out,
			" END AS value, %s.own ->> ('$.' || k.col) AS written, instr('0123456789ABCDEF',"
			" substr(hex(substr(%s.verdicts, (k.col - %u) / 2 + 1, 1)), 2 - (k.col - %u) %% 2, 1)) - 1 AS"
			" verdict",
			rows, rows, first, first);
	views_put_rows(out, version, table, part, part + 1);
	cnv_text_format(out, " JOIN question k ON k.form = %lld AND k.tab = %u AND k.col BETWEEN %u AND %u",
			(long long)version->form, table, from, upto - 1);
}

/* What the respondents wrote, to those who may see it. */
static void put_written(const views *v, cnv_text *out, const store_version *version, uint32_t table, uint32_t part,
			const char *column)
{
	bool any = false;

	for (uint32_t i = store_part_from(version, part); i < store_part_upto(version, table, part); i++) {
		if (!views_withholds(v, version, table, i))
			continue;
		if (!any)
			cnv_text_format(out, "CASE WHEN " VIEWS_SEES_ALL " OR %s NOT IN (", column);
		cnv_text_format(out, any ? ", %u" : "%u", i);
		any = true;
	}
	cnv_text_format(out, any ? ") THEN o.own ->> CAST(%s AS text) END" : "(o.own ->> CAST(%s AS text))", column);
}

/* The cells of a part on a server: arrays of its values and lines become rows. */
static void put_part(const views *v, cnv_text *out, const store_version *version, const view_paths *paths,
		     uint32_t table, uint32_t part)
{
	uint32_t from = store_part_from(version, part), upto = store_part_upto(version, table, part);
	const store_column *columns = version->tables[table].columns;
	char rows[16], column[48];

	views_name_rows(rows, table, part);
	snprintf(column, sizeof column, "k.number - 1 + %u", from);
	put_place(out, version, paths, table, column);
	cnv_text_format(out,
			" COLLATE \"C\" AS entry, nullif(e%u.line + coalesce(k.step, 0), 0) AS line, k.value"
			" COLLATE \"C\" AS value, ",
			table);
	put_written(v, out, version, table, part, column);
	cnv_text_format(out,
			" COLLATE \"C\" AS written, CAST(get_byte(%s.verdicts, CAST((k.number - 1) / 2 AS int)) >>"
			" CAST((k.number - 1) %% 2 * 4 AS int) & 15 AS INTEGER) AS verdict",
			rows);
	views_put_rows(out, version, table, part, part + 1);
	cnv_text_put(out, CNV_STR(" JOIN LATERAL unnest(CAST(ARRAY["));
	for (uint32_t i = from; i < upto; i++) {
		bool withheld = views_withholds(v, version, table, i);

		cnv_text_put(out, i > from ? CNV_STR(", ") : (cnv_str){ 0 });
		cnv_text_put(out, withheld ? CNV_STR("CASE WHEN " VIEWS_SEES_ALL " THEN ") : (cnv_str){ 0 });
		cnv_text_format(out,
				store_is_number(columns[i].coding) ? "number_text(%s.q%u)" : "CAST(%s.q%u AS text)",
				rows, i);
		cnv_text_put(out, withheld ? CNV_STR(" END") : (cnv_str){ 0 });
	}
	/* OFFSET 0: the texts are parsed once a row, not once a cell. */
	cnv_text_format(
		out,
		"] AS text[]), CAST(string_to_array(btrim(%s.lines, '[]'), ',') AS INTEGER[])) WITH ORDINALITY AS k"
		" (value, step, number) ON TRUE JOIN LATERAL (SELECT CAST(%s.own AS jsonb) AS own OFFSET 0) o ON"
		" TRUE",
		rows, rows);
}

/* run: columns of a term of the union; 0: a part. */
static void put_version(views *v, const store_version *version, const view_paths *paths, uint32_t run)
{
	uint32_t terms = 0;

	views_begin(v);
	cnv_text_format(&v->text, "cell_%lld", (long long)version->form);
	for (uint32_t t = 0; t < version->count; t++) {
		uint32_t count = version->tables[t].count, upto;

		for (uint32_t part = 0; !run && part < version->tables[t].parts; part++) {
			views_begin_term(&v->text, &terms);
			put_part(v, &v->text, version, paths, t, part);
		}
		for (uint32_t from = 0; run && from < count; from = upto) {
			uint32_t part_end = (from / version->width + 1) * version->width;

			upto = from + run < count ? from + run : count;
			upto = upto < part_end ? upto : part_end;
			views_begin_term(&v->text, &terms);
			put_run(&v->text, version, paths, t, from, upto);
		}
	}
	cnv_text_put_char(&v->text, ';');
}

static uint32_t find_run(const store_version *version)
{
	uint32_t columns = 0;

	for (uint32_t t = 0; t < version->count; t++)
		columns += version->tables[t].count;
	return columns / MOST_TERMS < SHORTEST_RUN ? SHORTEST_RUN : columns / MOST_TERMS + 1;
}

void views_make_cells(views *v)
{
	uint32_t terms = 0;

	for (uint32_t i = 0; i < v->count && !v->store->status; i++) {
		const store_version *version = &v->versions[i];
		view_paths paths = { 0 };

		views_read_paths(v->store, version, &paths);
		if (!v->store->status)
			put_version(v, version, &paths, v->store->engine->in_file ? find_run(version) : 0);
		cnv_arena_fini(&paths.arena);
	}
	views_begin(v);
	cnv_text_put(&v->text, CNV_STR("cell"));
	for (uint32_t i = 0; i < v->count; i++) {
		views_begin_term(&v->text, &terms);
		cnv_text_format(&v->text, "* FROM cell_%lld", (long long)v->versions[i].form);
	}
	cnv_text_put_char(&v->text, ';');
}
