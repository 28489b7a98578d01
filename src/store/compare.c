/* Compares two stores of the same forms return by return: the first was filled by imports, the second was rebuilt
 * from the first one's originals.
 *
 * The second store is attached, so that a query can join the rows of both.  A return may have other ids there: its
 * responses are paired by order, and so are the entries of each repeat. */
#include "store/state.h"

#include <stdio.h>

static void run_text(cnv_store *store, cnv_text *text)
{
	cnv_text_put_char(text, 0);
	if (text->failed)
		store_no_memory(store);
	else
		sql_script(store, text->at);
	cnv_text_reset(text);
}

cnv_status cnv_store_compare_open(cnv_store *store, cnv_str other, cnv_diags *diags)
{
	sql attach;

	store_enter(store, "compare it with another store", diags);
	/* Only temporary tables are written from here on.  Their ids have a type, or no index of them would be used. */
	sql_script(store, "COMMIT; PRAGMA query_only = OFF");
	sql_prepare(&attach, store, CNV_STR("ATTACH ?1 AS again"));
	sql_put_text(&attach, 1, other);
	sql_run(&attach);
	sql_finish(&attach);
	sql_script(store, "CREATE TEMP TABLE twin (tab INTEGER, id INTEGER, other INTEGER, PRIMARY KEY (tab, id))"
			  " WITHOUT ROWID;CREATE UNIQUE INDEX temp.twin_by_other ON twin (tab, other);CREATE TEMP"
			  " TABLE lined (n INTEGER PRIMARY KEY, id INTEGER); BEGIN");
	return store->status;
}

/* ---------------------------------------------------------------- reporting */

typedef struct comparison {
	cnv_store *store;
	const cnv_stored_return *from;
	cnv_code code;
	const store_version *version;
	cnv_text text;
} comparison;

static void tell(const comparison *c, uint32_t line, cnv_str respondent, cnv_str field, const char *what)
{
	if (c->store->diags->errors + c->store->diags->warnings > 1000)
		return;
	cnv_diags_emit(c->store->diags,
		       CNV_DIAG(.code = (uint16_t)c->code,
				.place = (cnv_place){ .source = c->from->file.name, .row = line },
				.field = field.len ? field : respondent),
		       "%.*s%s%.*s%s%s", CNV_ARG(respondent), respondent.len && field.len ? ", " : "", CNV_ARG(field),
		       respondent.len || field.len ? ": " : "", what);
}

/* ---------------------------------------------------------------- responses */

static int64_t ask(cnv_store *store, const char *query, int64_t first, int64_t second)
{
	sql statement;
	int64_t number;

	sql_prepare(&statement, store, cnv_str_from(query));
	sql_put_integer(&statement, 1, first);
	if (second)
		sql_put_integer(&statement, 2, second);
	number = sql_number(&statement, 0);
	sql_finish(&statement);
	return number;
}

/* false: the responses cannot be paired, which has been reported. */
static bool pair_responses(comparison *c, int64_t twin)
{
	cnv_store *store = c->store;
	int64_t ours = ask(store, "SELECT count(*) FROM main.response WHERE file = ?1", c->from->id, 0);
	int64_t theirs = ask(store, "SELECT count(*) FROM again.response WHERE file = ?1", twin, 0);
	char what[80];
	sql line, pair;

	sql_script(store, "DELETE FROM temp.twin; DELETE FROM temp.lined");
	if (ours != theirs) {
		snprintf(what, sizeof what, "%lld responses are stored, the original has %lld", (long long)ours,
			 (long long)theirs);
		tell(c, 0, (cnv_str){ 0 }, (cnv_str){ 0 }, what);
		return false;
	}
	sql_prepare(&line, store,
		    CNV_STR("INSERT INTO temp.lined SELECT row_number() OVER (ORDER BY id), id FROM again.response"
			    " WHERE file = ?1"));
	sql_put_integer(&line, 1, twin);
	sql_run(&line);
	sql_finish(&line);
	sql_prepare(&pair, store,
		    CNV_STR("INSERT INTO temp.twin SELECT 0, a.id, l.id FROM (SELECT id, row_number() OVER (ORDER"
			    " BY id) AS n FROM main.response WHERE file = ?1) a CROSS JOIN temp.lined l ON l.n ="
			    " a.n"));
	sql_put_integer(&pair, 1, c->from->id);
	sql_run(&pair);
	sql_finish(&pair);
	return !store->status;
}

static void compare_responses(comparison *c)
{
	sql read;

	sql_prepare(&read, c->store,
		    CNV_STR("SELECT a.line, a.respondent FROM temp.twin t CROSS JOIN main.response a ON a.id = +t.id"
			    " JOIN again.response b ON b.id = +t.other WHERE t.tab = 0 AND (a.respondent, a.line,"
			    " a.revision, a.digest) IS NOT (b.respondent, b.line, b.revision, b.digest)"));
	while (sql_row(&read))
		tell(c, store_place(&read, 0), sql_text(&read, 1), (cnv_str){ 0 },
		     "the response differs from its original: respondent, line, revision or answers");
	sql_finish(&read);
}

/* ---------------------------------------------------------------- answers */

static cnv_str path_of(comparison *c, uint32_t table, uint32_t column)
{
	sql find;

	sql_prepare(&find, c->store,
		    CNV_STR("SELECT path FROM main.question WHERE form = ?1 AND tab = ?2 AND col = ?3"));
	sql_put_integer(&find, 1, c->version->form);
	sql_put_integer(&find, 2, table);
	sql_put_integer(&find, 3, column);
	cnv_text_reset(&c->text);
	if (sql_row(&find))
		cnv_text_put(&c->text, sql_text(&find, 0));
	sql_finish(&find);
	return cnv_text_str(&c->text);
}

static bool is_equal(sql *read, uint32_t a, uint32_t b)
{
	sql_type type = sql_kind(read, a);

	if (type != sql_kind(read, b))
		return false;
	switch (type) {
	case SQL_INTEGER:
		return sql_integer(read, a) == sql_integer(read, b);
	case SQL_REAL:
		return sql_real(read, a) == sql_real(read, b);
	case SQL_TEXT:
	case SQL_BLOB:
		return cnv_str_equal(sql_text(read, a), sql_text(read, b));
	case SQL_NULL:
		break;
	}
	return true;
}

/* The first cell whose verdict differs; `count`: none does. */
static uint32_t other_verdict(cnv_str a, cnv_str b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		unsigned left = i / 2 < a.len ? (unsigned)(unsigned char)a.at[i / 2] >> (i % 2 * 4) & 15u : 16u;
		unsigned right = i / 2 < b.len ? (unsigned)(unsigned char)b.at[i / 2] >> (i % 2 * 4) & 15u : 16u;

		if (left != right)
			return i;
	}
	return count;
}

/* Reports the differences in a row: line and respondent, then the part's columns of both. */
static void tell_row(comparison *c, sql *read, uint32_t table, uint32_t part, uint32_t count)
{
	uint32_t line = store_place(read, 0), left = 2, right = 2 + count + 3, cell = count;
	cnv_str respondent = sql_text(read, 1);

	for (uint32_t i = 0; i < count && cell == count; i++)
		if (!is_equal(read, left + i, right + i))
			cell = i;
	if (cell < count) {
		tell(c, line, respondent, path_of(c, table, store_part_from(c->version, part) + cell),
		     "the stored answer differs from its original");
		return;
	}
	cell = other_verdict(sql_text(read, left + count), sql_text(read, right + count), count);
	if (cell < count)
		tell(c, line, respondent, path_of(c, table, store_part_from(c->version, part) + cell),
		     "the stored verdict differs from its original");
	else if (!is_equal(read, left + count + 1, right + count + 1))
		tell(c, line, respondent, (cnv_str){ 0 }, "the line numbers of its answers differ from the original");
	else
		tell(c, line, respondent, (cnv_str){ 0 }, "the texts of its answers differ from the original");
}

static void put_columns(cnv_text *out, char side, uint32_t from, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(out, "%c.q%u, ", side, from + i);
	cnv_text_format(out, "%c.verdicts, %c.lines, %c.own", side, side, side);
}

/* Our table is named without a schema: of a store of an earlier layout, a view has its rows as they are now. */
static void put_joined(comparison *c, uint32_t table, uint32_t part)
{
	cnv_text_put(&c->text, CNV_STR(" FROM temp.twin t CROSS JOIN "));
	store_table_name(&c->text, c->version->form, table, part);
	cnv_text_put(&c->text, CNV_STR(" a ON a.id = +t.id LEFT JOIN again."));
	store_table_name(&c->text, c->version->form, table, part);
	cnv_text_put(&c->text, CNV_STR(" b ON b.id = +t.other LEFT JOIN main.response r ON r.id = "));
	if (table) {
		cnv_text_put(&c->text, CNV_STR("(SELECT +e.response FROM main."));
		store_table_name(&c->text, c->version->form, table, 0);
		cnv_text_put(&c->text, CNV_STR(" e WHERE e.id = a.id)"));
	} else {
		cnv_text_put(&c->text, CNV_STR("a.id"));
	}
	cnv_text_format(&c->text, " WHERE t.tab = %u AND (", table);
}

static void compare_part(comparison *c, uint32_t table, uint32_t part)
{
	uint32_t from = store_part_from(c->version, part), count = store_part_upto(c->version, table, part) - from;
	sql read;

	cnv_text_reset(&c->text);
	cnv_text_put(&c->text, CNV_STR("SELECT r.line, r.respondent, "));
	put_columns(&c->text, 'a', from, count);
	cnv_text_put(&c->text, CNV_STR(", "));
	put_columns(&c->text, 'b', from, count);
	put_joined(c, table, part);
	if (!part)
		cnv_text_put(&c->text, table ? CNV_STR("a.line, a.position, ") : CNV_STR("a.line, "));
	put_columns(&c->text, 'a', from, count);
	cnv_text_put(&c->text, CNV_STR(") IS NOT ("));
	if (!part)
		cnv_text_put(&c->text, table ? CNV_STR("b.line, b.position, ") : CNV_STR("b.line, "));
	put_columns(&c->text, 'b', from, count);
	cnv_text_put(&c->text, CNV_STR(")"));
	if (c->text.failed)
		store_no_memory(c->store);
	sql_prepare(&read, c->store, cnv_text_str(&c->text));
	while (sql_row(&read))
		tell_row(c, &read, table, part, count);
	sql_finish(&read);
	cnv_text_reset(&c->text);
}

/* Pairs the entries of a repeat, in the order of their responses. */
static bool pair_entries(comparison *c, uint32_t table)
{
	cnv_store *store = c->store;
	static const char *const sides[] = { "main", "again" };
	static const char *const ids[] = { "id", "other" };
	int64_t entries[2];

	cnv_text_reset(&c->text);
	for (int i = 0; i < 2; i++) {
		cnv_text_format(&c->text, "SELECT count(*) FROM temp.twin t CROSS JOIN %s.", sides[i]);
		store_table_name(&c->text, c->version->form, table, 0);
		cnv_text_format(&c->text, " e ON e.response = t.%s WHERE t.tab = 0 AND ?1 IS NOT NULL", ids[i]);
		cnv_text_put_char(&c->text, 0);
		if (c->text.failed)
			store_no_memory(store);
		else
			entries[i] = ask(store, c->text.at, 1, 0);
		cnv_text_reset(&c->text);
	}
	if (store->status)
		return false;
	if (entries[0] != entries[1]) {
		tell(c, 0, (cnv_str){ 0 }, (cnv_str){ 0 },
		     "a repeat and its original have different numbers of entries");
		return false;
	}
	cnv_text_format(
		&c->text,
		"DELETE FROM temp.lined; INSERT INTO temp.lined SELECT row_number() OVER (ORDER BY t.id, e.id), e.id"
		" FROM temp.twin t CROSS JOIN again.");
	store_table_name(&c->text, c->version->form, table, 0);
	cnv_text_format(&c->text,
			" e ON e.response = t.other WHERE t.tab = 0; INSERT INTO temp.twin SELECT %u, a.id, l.id"
			" FROM (SELECT e.id, row_number() OVER (ORDER BY t.id, e.id) AS n FROM temp.twin t CROSS"
			" JOIN main.",
			table);
	store_table_name(&c->text, c->version->form, table, 0);
	cnv_text_put(&c->text,
		     CNV_STR(" e ON e.response = t.id WHERE t.tab = 0) a CROSS JOIN temp.lined l ON l.n = a.n"));
	run_text(store, &c->text);
	return !store->status;
}

/* ---------------------------------------------------------------- findings, ledger, remarks, quarantine */

struct listing {
	const char *what;
	const char *columns; /* of `table` */
	const char *table;
};

/* Wordings are not compared: a later canvass may say the same in other words. */
static const struct listing listings[] = {
	{ "a finding differs from the original",
	  "line, path, code, severity, verdict, tab, question, col, value, sheet", "finding" },
	{ "a ledger entry differs from the original", "line, path, tab, col, stood, read_as, sheet", "ledger" },
	{ "a remark differs from the original", "line, path, tab, question, text", "remark" },
	{ "the outcome of an earlier answer differs from the original", "path, state", "prior" },
};

static void put_side(comparison *c, const struct listing *listing, const char *schema, const char *id, const char *file)
{
	cnv_text_format(&c->text, "SELECT (SELECT t.id FROM temp.twin t WHERE t.tab = 0 AND t.%s = x.response) AS of",
			id);
	for (cnv_str rest = cnv_str_from(listing->columns), name; cnv_str_split(&rest, ',', &name);) {
		name = cnv_str_trim(name);
		cnv_text_format(&c->text, ", x.%.*s", CNV_ARG(name));
	}
	cnv_text_format(&c->text, " FROM %s.%s x JOIN ", schema, listing->table);
	/* Remarks and the like do not record which return they came with. */
	if (listing >= &listings[2])
		cnv_text_format(&c->text, "%s.response f ON f.id = +x.response WHERE f.file = %s", schema, file);
	else
		cnv_text_format(&c->text, "%s.file f ON f.id = +x.file WHERE f.id = %s", schema, file);
	/* Warnings about answers that are now blank depend on what else was imported in the same run. */
	if (listing == &listings[0])
		cnv_text_format(&c->text, " AND x.code <> %d", CNV_NOW_BLANK);
}

static void compare_listing(comparison *c, const struct listing *listing, int64_t twin)
{
	for (int turn = 0; turn < 2; turn++) {
		sql read;

		cnv_text_reset(&c->text);
		cnv_text_format(&c->text, "SELECT %s, r.respondent, d.path FROM (",
				listing == &listings[3] ? "0" : "d.line");
		put_side(c, listing, turn ? "again" : "main", turn ? "other" : "id", turn ? "?2" : "?1");
		cnv_text_put(&c->text, CNV_STR(" EXCEPT "));
		put_side(c, listing, turn ? "main" : "again", turn ? "id" : "other", turn ? "?1" : "?2");
		cnv_text_put(&c->text, CNV_STR(") d LEFT JOIN main.response r ON r.id = +d.of"));
		if (c->text.failed)
			store_no_memory(c->store);
		sql_prepare(&read, c->store, cnv_text_str(&c->text));
		sql_put_integer(&read, 1, c->from->id);
		sql_put_integer(&read, 2, twin);
		while (sql_row(&read))
			tell(c, store_place(&read, 0), sql_text(&read, 1), sql_text(&read, 2), listing->what);
		sql_finish(&read);
	}
	cnv_text_reset(&c->text);
}

static void compare_quarantine(comparison *c, int64_t twin)
{
	static const char query[] =
		"SELECT line, field FROM (SELECT line, field, code, bytes, sheet, whole, claimed FROM quarantine"
		" WHERE file = ?1 EXCEPT SELECT line, field, code, bytes, sheet, whole, claimed FROM again.quarantine"
		" WHERE file = ?2)";
	sql read;

	sql_prepare(&read, c->store, cnv_str_from(query));
	sql_put_integer(&read, 1, c->from->id);
	sql_put_integer(&read, 2, twin);
	while (sql_row(&read))
		tell(c, store_place(&read, 0), (cnv_str){ 0 }, sql_text(&read, 1),
		     "what is quarantined, or why, differs from the original");
	sql_finish(&read);
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_store_compare_return(cnv_store *store, const cnv_stored_return *from, int64_t twin, cnv_code code,
				    cnv_diags *diags)
{
	store_version version = { 0 };
	comparison c = { .store = store, .from = from, .code = code, .version = &version };
	int64_t form;

	store_enter(store, "compare a return with its originals", diags);
	form = ask(store, "SELECT form FROM main.file WHERE id = ?1", from->id, 0);
	if (store->status || store_version_read(store, &version, form))
		return store->status;
	if (!ask(store,
		 "SELECT 1 FROM main.file a JOIN again.file b ON b.id = ?2 WHERE a.id = ?1 AND (a.responses,"
		 " a.layout, a.quarantined, a.size, a.sha256, a.given) IS (b.responses, b.layout, b.quarantined,"
		 " b.size, b.sha256, b.given)",
		 from->id, twin) &&
	    !store->status)
		tell(&c, 0, (cnv_str){ 0 }, (cnv_str){ 0 }, "its counts or its layout differ from the original");
	if (pair_responses(&c, twin)) {
		compare_responses(&c);
		for (uint32_t i = 0; i < version.count && !store->status; i++)
			for (uint32_t part = 0;
			     (!i || part || pair_entries(&c, i)) && part < version.tables[i].parts && !store->status;
			     part++)
				compare_part(&c, i, part);
		for (size_t i = 0; i < sizeof listings / sizeof listings[0] && !store->status; i++)
			compare_listing(&c, &listings[i], twin);
		compare_quarantine(&c, twin);
	}
	store_version_fini(&version);
	cnv_text_fini(&c.text);
	return store->status;
}
