/* Checks that the store is consistent.
 *
 * SQLite checks its own structure first.  Then each rule of the layout is one query for the rows that break it:
 * every response has a return, every answer its response, revisions are consecutive, counts agree.  The tables of
 * answers are read once more for what they have next to their values, which no query can inspect.  Nothing is repaired. */
#include "store/own.h"
#include "store/state.h"

#include <string.h>

/* Limit on reported differences: more would not be read. */
enum { MOST_TOLD = 1000 };

/* A query returns the rows that break the rule: source (NULL: the store), line, respondent or path, and the row. */
struct rule {
	cnv_code code;
	const char *words;
	const char *query;
};

#define FILE_OF(table) " FROM " table " t LEFT JOIN file f ON f.id = +t.file"
#define ROUND_OF(table) " FROM " table " t LEFT JOIN round r ON r.id = +t.round WHERE r.id IS NULL"

static const struct rule rules[] = {
	{ CNV_VERIFY_ROWS, "a response has no return",
	  "SELECT NULL, t.line, t.respondent, 'response ' || t.id" FILE_OF("response") " WHERE f.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a response and its return disagree",
	  "SELECT f.name, t.line, t.respondent, 'response ' || t.id" FILE_OF(
		  "response") " WHERE f.id IS NOT NULL AND (t.round IS NOT f.round OR t.form IS NOT f.form OR"
			      " f.quarantined IS NOT 0 OR (t.id BETWEEN f.first AND f.last) IS NOT 1)" },
	{ CNV_VERIFY_ROWS, "a response and its next revision disagree",
	  "SELECT NULL, t.line, t.respondent, 'response ' || t.id FROM response t LEFT JOIN response n ON n.id ="
	  " +t.later WHERE t.later IS NOT NULL AND t.later IS NOT 0 AND (n.id IS NULL OR n.respondent IS NOT"
	  " t.respondent OR n.round IS NOT t.round OR (n.highest IS NULL AND n.revision IS NOT coalesce(t.highest,"
	  " t.revision) + 1))" },
	{ CNV_VERIFY_ROWS, "the revisions of a respondent do not follow each other",
	  "SELECT NULL, 0, respondent, (SELECT 'round ' || label FROM round r WHERE r.id = +t.round) FROM response"
	  " t GROUP BY respondent, round HAVING sum(later IS NULL OR later = 0) <> 1 OR min(revision) IS NOT 1 OR"
	  " max(revision) IS NOT count(*) OR count(DISTINCT revision) <> count(*)" },
	{ CNV_VERIFY_ROWS, "no event has withdrawn a response, or made it count again",
	  "SELECT NULL, t.line, t.respondent, 'response ' || t.id FROM response t WHERE (t.later = 0 AND NOT EXISTS"
	  " (SELECT 1 FROM event e WHERE e.round = +t.round AND e.response = +t.id AND e.kind = 'withdrawn')) OR"
	  " (t.highest IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event e WHERE e.round = +t.round AND e.response ="
	  " +t.id AND e.kind = 'restored'))" },
	{ CNV_VERIFY_ROWS, "a return has no event",
	  "SELECT t.name, 0, NULL, 'return ' || t.id FROM file t LEFT JOIN event e ON e.id = +t.event WHERE t.event"
	  " IS NULL AND t.id > (SELECT min(id) FROM file WHERE event IS NOT NULL) OR t.event IS NOT NULL AND"
	  " (e.file IS NOT t.sha256 OR e.round IS NOT t.round)" },
	{ CNV_VERIFY_ROWS, "no event has dismissed an item of the quarantine",
	  "SELECT t.source, t.line, t.field, 'item ' || t.id FROM quarantine t WHERE t.settled = 2 AND NOT EXISTS"
	  " (SELECT 1 FROM event e WHERE e.round = +t.round AND e.kind = 'dismissed' AND e.detail LIKE 'item ' ||"
	  " t.id || ',%')" },
	{ CNV_VERIFY_COUNTS, "a return has more responses than were counted",
	  "SELECT f.name, 0, NULL, f.responses || ' counted, ' || (coalesce(r.n, 0) + coalesce(q.n, 0)) || ' stored'"
	  " FROM file f LEFT JOIN (SELECT file, count(*) AS n FROM response GROUP BY file) r ON r.file = f.id"
	  " LEFT JOIN (SELECT file, count(*) AS n FROM quarantine WHERE NOT whole GROUP BY file) q ON q.file = f.id"
	  " WHERE (coalesce(r.n, 0) + coalesce(q.n, 0) <= f.responses) IS NOT 1" },
	{ CNV_VERIFY_ROWS, "a quarantined return has no reason",
	  "SELECT f.name, 0, NULL, 'return ' || f.id FROM file f WHERE f.quarantined AND NOT EXISTS"
	  " (SELECT 1 FROM quarantine q WHERE q.file = f.id AND q.whole)" },
	{ CNV_VERIFY_ROWS, "a quarantined record has no return",
	  "SELECT t.source, t.line, t.field, 'quarantine row ' || t.id" FILE_OF(
		  "quarantine") " WHERE t.file IS NOT NULL AND f.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a quarantine row and its return disagree",
	  "SELECT t.source, t.line, t.field, 'quarantine row ' || t.id" FILE_OF(
		  "quarantine") " WHERE f.id IS NOT NULL AND (t.round IS NOT f.round OR (t.whole AND f.quarantined"
				" IS NOT 1))" },
	{ CNV_VERIFY_ROWS, "a finding has no return",
	  "SELECT NULL, t.line, t.field, 'finding ' || t.id FROM (SELECT *, path AS field FROM finding) t"
	  " LEFT JOIN file f ON f.id = +t.file WHERE f.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a finding has no response",
	  "SELECT NULL, t.line, t.path, 'finding ' || t.id FROM finding t LEFT JOIN response r ON r.id = +t.response"
	  " WHERE t.response IS NOT 0 AND r.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a ledger entry has no return",
	  "SELECT NULL, t.line, t.path, 'ledger entry ' || t.id" FILE_OF("ledger") " WHERE f.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a ledger entry has no response",
	  "SELECT NULL, t.line, t.path, 'ledger entry ' || t.id FROM ledger t LEFT JOIN response r ON r.id ="
	  " +t.response WHERE t.response IS NOT 0 AND r.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a remark has no response",
	  "SELECT NULL, t.line, t.path, 'remark ' || t.id FROM remark t LEFT JOIN response r ON r.id = +t.response"
	  " WHERE r.id IS NULL" },
	{ CNV_VERIFY_ROWS, "the outcome of an earlier answer has no response",
	  "SELECT NULL, 0, t.path, 'response ' || t.response FROM prior t LEFT JOIN response r ON r.id = +t.response"
	  " WHERE r.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a blank return has no return",
	  "SELECT NULL, 0, t.respondent, 'blank return ' || t.id" FILE_OF("returned_blank") " WHERE f.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a query has no finding",
	  "SELECT NULL, 0, t.respondent, t.path FROM query t LEFT JOIN finding n ON n.id = +t.finding WHERE n.id IS"
	  " NULL AND t.state IS NOT 3" },
	{ CNV_VERIFY_ROWS, "an original has no return",
	  "SELECT t.name, 0, NULL, 'original ' || t.id" FILE_OF("original") " WHERE f.id IS NULL" },
	{ CNV_VERIFY_ROWS, "a return has no original",
	  "SELECT f.name, 0, NULL, 'return ' || f.id FROM file f WHERE f.program IS NOT NULL AND NOT EXISTS"
	  " (SELECT 1 FROM original o WHERE o.file = f.id)" },
	{ CNV_VERIFY_ROWS, "the originals of a return are not numbered in order",
	  "SELECT f.name, 0, NULL, 'return ' || f.id FROM file f JOIN original o ON o.file = f.id GROUP BY f.id"
	  " HAVING min(o.position) IS NOT 0 OR max(o.position) IS NOT count(*) - 1 OR count(DISTINCT o.position) <>"
	  " count(*)" },
	{ CNV_VERIFY_ROWS, "a file that a return was judged with is missing",
	  "SELECT f.name, 0, NULL, 'return ' || t.file FROM judged_with t LEFT JOIN file f ON f.id = +t.file LEFT JOIN"
	  " beside b ON b.id = +t.beside WHERE f.id IS NULL OR b.id IS NULL" },
	{ CNV_VERIFY_ROWS, "the roster or column map of a return is missing",
	  "SELECT t.name, 0, NULL, 'return ' || t.id FROM file t LEFT JOIN roster r ON r.id = +t.roster LEFT JOIN"
	  " column_map m ON m.id = +t.map WHERE (t.roster IS NOT NULL AND r.id IS NULL) OR (t.map IS NOT NULL AND"
	  " m.id IS NULL)" },
	{ CNV_VERIFY_ROWS, "the form of a return is missing",
	  "SELECT t.name, 0, NULL, 'return ' || t.id FROM file t LEFT JOIN form v ON v.id = +t.form WHERE v.id IS"
	  " NULL" },
	{ CNV_VERIFY_ROWS, "a return has no round", "SELECT t.name, 0, NULL, 'return ' || t.id" ROUND_OF("file") },
	{ CNV_VERIFY_ROWS, "a quarantine row has no round",
	  "SELECT t.source, t.line, t.field, 'quarantine row ' || t.id" ROUND_OF("quarantine") },
	{ CNV_VERIFY_ROWS, "a query has no round", "SELECT NULL, 0, t.respondent, t.path" ROUND_OF("query") },
	{ CNV_VERIFY_ROWS, "a notice has no round",
	  "SELECT NULL, 0, t.respondent, 'notice ' || t.id" ROUND_OF("notice") },
	{ CNV_VERIFY_ROWS, "not exactly one round is current",
	  "SELECT NULL, 0, NULL, sum(current <> 0) || ' of ' || count(*) FROM round HAVING count(*) > 0 AND"
	  " sum(current <> 0) IS NOT 1" },
};

/* ---------------------------------------------------------------- reporting */

static void tell(cnv_store *store, const struct rule *rule, cnv_str source, uint32_t line, cnv_str field, cnv_str which)
{
	if (store->diags->errors == MOST_TOLD)
		cnv_diags_emit(store->diags,
			       CNV_DIAG(.code = CNV_VERIFY_MORE, .place = (cnv_place){ .source = store->name }),
			       "there are more than %d differences", MOST_TOLD);
	if (store->diags->errors > MOST_TOLD)
		return;
	cnv_diags_emit(store->diags,
		       CNV_DIAG(.code = (uint16_t)rule->code,
				.place = (cnv_place){ .source = source.len ? source : store->name, .row = line },
				.field = field),
		       "%s%s%.*s", rule->words, which.len ? ": " : "", CNV_ARG(which));
}

static void run_rule(cnv_store *store, const struct rule *rule)
{
	sql ask;

	sql_prepare(&ask, store, cnv_str_from(rule->query));
	while (sql_row(&ask))
		tell(store, rule, sql_text(&ask, 0), store_place(&ask, 1), sql_text(&ask, 2), sql_text(&ask, 3));
	sql_finish(&ask);
}

/* ---------------------------------------------------------------- SQLite's own structure */

/* Every reference that the schema declares.  The rules above say what most of them mean to people: these are the rest. */
static void check_references(cnv_store *store)
{
	static const struct rule dangling = { CNV_VERIFY_ROWS, "a row refers to one that is missing", NULL };
	cnv_text which = { 0 };
	sql read;

	sql_prepare(&read, store, CNV_STR("PRAGMA main.foreign_key_check"));
	while (sql_row(&read)) {
		cnv_str table = sql_text(&read, 0), parent = sql_text(&read, 2);

		cnv_text_reset(&which);
		cnv_text_format(&which, "%.*s, row %lld, to %.*s", CNV_ARG(table), (long long)sql_integer(&read, 1),
				CNV_ARG(parent));
		tell(store, &dangling, (cnv_str){ 0 }, 0, (cnv_str){ 0 }, cnv_text_str(&which));
	}
	sql_finish(&read);
	cnv_text_fini(&which);
}

/* false: the database is damaged, and no further checks are possible. */
static bool is_sound(cnv_store *store)
{
	static const struct rule damaged = { CNV_VERIFY_DATABASE, "the database is damaged", NULL };
	bool sound = true;
	sql ask;

	sql_prepare(&ask, store, CNV_STR("PRAGMA integrity_check(20)"));
	while (sql_row(&ask)) {
		cnv_str found = sql_text(&ask, 0);

		if (cnv_str_equal(found, CNV_STR("ok")))
			continue;
		tell(store, &damaged, (cnv_str){ 0 }, 0, (cnv_str){ 0 }, found);
		sound = false;
	}
	sql_finish(&ask);
	return sound && !store->status;
}

/* ---------------------------------------------------------------- tables of answers */

static void put_name(cnv_text *out, const char *words, const store_version *version, uint32_t table, uint32_t part)
{
	cnv_text_put(out, cnv_str_from(words));
	store_table_name(out, version->form, table, part);
}

static void run_made(cnv_store *store, const char *words, cnv_text *query)
{
	cnv_text_put_char(query, 0);
	if (query->failed)
		store_no_memory(store);
	else
		run_rule(store, &(struct rule){ CNV_VERIFY_ROWS, words, query->at });
	cnv_text_reset(query);
}

/* Table 0 has exactly one row for each response. */
static void check_responses(cnv_store *store, const store_version *version, uint32_t part, cnv_text *query)
{
	put_name(query, "SELECT NULL, r.line, r.respondent, 'response ' || r.id FROM response r LEFT JOIN ", version, 0,
		 part);
	cnv_text_format(query, " a ON a.id = r.id WHERE r.form = %lld AND a.id IS NULL", (long long)version->form);
	run_made(store, "the answers of a response are missing", query);
	put_name(query, "SELECT NULL, r.line, r.respondent, 'answers ' || a.id FROM ", version, 0, part);
	cnv_text_format(query, " a LEFT JOIN response r ON r.id = a.id WHERE r.form IS NOT %lld",
			(long long)version->form);
	run_made(store, "answers have no response", query);
	if (part)
		return;
	put_name(query, "SELECT NULL, r.line, r.respondent, 'response ' || r.id FROM ", version, 0, 0);
	cnv_text_put(query, CNV_STR(" a JOIN response r ON r.id = a.id WHERE a.line IS NOT r.line"));
	run_made(store, "a response and its answers disagree about their line", query);
}

/* In a repeat every entry belongs to a response, and to an entry of the enclosing repeat. */
static void check_entries(cnv_store *store, const store_version *version, uint32_t table, uint32_t part,
			  cnv_text *query)
{
	uint32_t parent = version->tables[table].parent;

	if (part) {
		put_name(query, "SELECT NULL, 0, NULL, 'entry ' || coalesce(a.id, b.id) FROM ", version, table, part);
		put_name(query, " a FULL JOIN ", version, table, 0);
		cnv_text_put(query, CNV_STR(" b ON b.id = a.id WHERE a.id IS NULL OR b.id IS NULL"));
		run_made(store, "a part of an entry is missing", query);
		return;
	}
	put_name(query, "SELECT NULL, a.line, NULL, 'entry ' || a.id FROM ", version, table, 0);
	put_name(query, " a LEFT JOIN ", version, 0, 0);
	put_name(query, " r ON r.id = +a.response LEFT JOIN ", version, parent, 0);
	cnv_text_put(query, CNV_STR(" p ON p.id = +a.parent WHERE r.id IS NULL OR p.id IS NULL OR "));
	cnv_text_put(query, parent ? CNV_STR("p.response IS NOT a.response") : CNV_STR("a.parent IS NOT a.response"));
	run_made(store, "an entry has no response, or none around it", query);
}

/* Does every cell have a verdict, and is each verdict valid? */
static bool are_verdicts(cnv_str verdicts, uint32_t count)
{
	if (verdicts.len != (count + 1) / 2)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (((unsigned char)verdicts.at[i / 2] >> (i % 2 * 4) & 15) > CNV_UNCHECKED)
			return false;
	return count % 2 == 0 || !((unsigned char)verdicts.at[count / 2] >> 4);
}

static bool are_lines(cnv_str json, uint32_t count, int64_t line)
{
	store_lines lines = { .rest = json };
	uint32_t found = 0;

	for (; store_lines_next(&lines); found++)
		if (line + lines.step < 0 || line + lines.step > UINT32_MAX)
			return false;
	return !lines.damaged && found == count;
}

static bool are_own(cnv_str json, uint32_t from, uint32_t count, cnv_text *room)
{
	store_own own = { .rest = json };
	cnv_str text;

	while (store_own_next(&own))
		if (own.column - from >= count || !store_own_text(&own, room, &text))
			return false;
	return json.len && !own.damaged && cnv_utf8_check(json) == json.len;
}

/* Columns after the id: line (of the first part), verdicts, lines, own. */
static void check_rest(cnv_store *store, const store_version *version, uint32_t table, uint32_t part, cnv_text *query)
{
	static const struct rule broken = { CNV_VERIFY_ROWS,
					    "the verdicts, lines or texts of a row of answers are damaged", NULL };
	uint32_t from = store_part_from(version, part), count = store_part_upto(version, table, part) - from;
	cnv_text which = { 0 }, room = { 0 };
	sql read;

	cnv_text_put(query, part ? CNV_STR("SELECT id, 0") : CNV_STR("SELECT id, line"));
	put_name(query, ", verdicts, lines, own FROM ", version, table, part);
	if (query->failed)
		store_no_memory(store);
	sql_prepare(&read, store, cnv_text_str(query));
	while (sql_row(&read)) {
		/* Parts after the first have no line of their own: each step must still be a valid line. */
		int64_t line = part ? UINT32_MAX / 2 : sql_integer(&read, 1);
		bool lined = sql_kind(&read, 3) != SQL_NULL, owned = sql_kind(&read, 4) != SQL_NULL;

		if (sql_kind(&read, 2) == SQL_BLOB && are_verdicts(sql_text(&read, 2), count) &&
		    (!lined || (sql_kind(&read, 3) == SQL_TEXT && are_lines(sql_text(&read, 3), count, line))) &&
		    (!owned || (sql_kind(&read, 4) == SQL_TEXT && are_own(sql_text(&read, 4), from, count, &room))))
			continue;
		cnv_text_reset(&which);
		store_table_name(&which, version->form, table, part);
		cnv_text_format(&which, ", row %lld", (long long)sql_integer(&read, 0));
		tell(store, &broken, (cnv_str){ 0 }, 0, (cnv_str){ 0 }, cnv_text_str(&which));
	}
	sql_finish(&read);
	if (room.failed)
		store_no_memory(store);
	cnv_text_reset(query);
	cnv_text_fini(&which);
	cnv_text_fini(&room);
}

static void check_version(cnv_store *store, int64_t form)
{
	store_version version;
	cnv_text query = { 0 };

	if (store_version_read(store, &version, form))
		return;
	for (uint32_t i = 0; i < version.count && !store->status; i++) {
		for (uint32_t part = 0; part < version.tables[i].parts && !store->status; part++) {
			if (i)
				check_entries(store, &version, i, part, &query);
			else
				check_responses(store, &version, part, &query);
			check_rest(store, &version, i, part, &query);
		}
	}
	store_version_fini(&version);
	cnv_text_fini(&query);
}

/* Checks rosters and column maps, which no form refers to. */
static void check_kept_texts(cnv_store *store)
{
	static const struct rule changed = { CNV_VERIFY_FORM, "a roster or column map was changed", NULL };
	sql read;

	sql_prepare(&read, store,
		    CNV_STR("SELECT source, bytes, sha256 FROM roster WHERE sha256 IS NOT NULL UNION ALL"
			    " SELECT source, bytes, sha256 FROM column_map WHERE sha256 IS NOT NULL"));
	while (sql_row(&read)) {
		cnv_str bytes = sql_text(&read, 1);
		uint8_t sha256[32];
		cnv_digest digest;

		cnv_digest_init(&digest, CNV_SHA256);
		cnv_digest_add(&digest, bytes.at, bytes.len);
		cnv_digest_end(&digest, sha256);
		if (!cnv_str_equal(sql_text(&read, 2), (cnv_str){ (const char *)sha256, sizeof sha256 }))
			tell(store, &changed, sql_text(&read, 0), 0, (cnv_str){ 0 }, (cnv_str){ 0 });
	}
	sql_finish(&read);
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_store_verify(cnv_store *store, cnv_diags *diags)
{
	int64_t *forms = NULL;
	uint32_t count = 0, room = 0;
	uint64_t before;
	sql read;

	store_enter(store, "verify it", diags);
	if (!is_sound(store)) {
		if (!store->status)
			store->status = CNV_REJECTED;
		return store->status;
	}
	before = store->diags->errors;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0] && !store->status; i++)
		run_rule(store, &rules[i]);
	if (store->diags->errors == before)
		check_references(store);
	check_kept_texts(store);
	sql_prepare(&read, store, CNV_STR("SELECT id FROM form ORDER BY id"));
	while (sql_row(&read)) {
		if (!cnv_mem_room((void **)&forms, &room, count + 1, sizeof *forms)) {
			store_no_memory(store);
			break;
		}
		forms[count++] = sql_integer(&read, 0);
	}
	sql_finish(&read);
	for (uint32_t i = 0; i < count && !store->status; i++)
		check_version(store, forms[i]);
	cnv_mem_free(forms);
	return store->status;
}
