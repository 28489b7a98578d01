/* The store's SQL statements that do not depend on the form, in two variants.
 *
 * A dry run reads the same store but writes only to temporary tables.  The tables rehearsed_* hold the part of the
 * writes that later files of the same dry run need (which files were imported, which respondents with which
 * answers); seen is the union of both.  Where a statement differs in a dry run, its second text is used; an empty
 * text means that nothing is written. */
#include "store/sql.h"

/* The response of a respondent that a new one follows: the one that counts, or (without a digest, so that no answers
 * equal it) the one that was withdrawn.  Its number is that of the last revision. */
#define IS_HEAD "(later IS NULL OR later = 0)"
#define HEAD "CASE WHEN later IS NULL THEN digest END AS digest, coalesce(highest, revision) AS revision, line"

const char sql_rehearsal[] =
	"CREATE TEMP TABLE rehearsed_round (id INTEGER PRIMARY KEY, label TEXT);CREATE TEMP TABLE rehearsed_file"
	" (id INTEGER PRIMARY KEY, round INTEGER, sha256 BLOB, given TEXT, size INTEGER, responses INTEGER,"
	" quarantined INTEGER);CREATE TEMP TABLE rehearsed (id INTEGER PRIMARY KEY, round INTEGER, respondent TEXT,"
	" digest BLOB, revision INTEGER, line INTEGER);CREATE INDEX rehearsed_by_respondent ON rehearsed"
	" (respondent, round);CREATE TEMP TABLE spool (id INTEGER PRIMARY KEY, piece BLOB);CREATE TEMP TABLE"
	" spooled_pair (id INTEGER PRIMARY KEY, revision INTEGER);CREATE TEMP VIEW seen AS SELECT id, round,"
	" respondent, " HEAD " FROM response WHERE " IS_HEAD
	" UNION ALL SELECT id, round, respondent, digest, revision, line FROM rehearsed;";

#define ANSWERS_OF_FILE "(SELECT 1 FROM response r WHERE r.id BETWEEN f.first AND f.last AND r.later IS NULL)"
/* A finding counts while its response does; a finding about a whole file counts while any response made from the
 * file does. */
#define COUNTED " FROM finding n CROSS JOIN file f ON f.id = n.file LEFT JOIN response r ON r.id = n.response"
#define COUNTING                                                                                                       \
	" WHERE f.round = ?1 AND ((n.response > 0 AND r.id IS NOT NULL AND r.later IS NULL)"                           \
	" OR (n.response = 0 AND EXISTS " ANSWERS_OF_FILE "))"

/* Is query `p` about the cell of finding `n` and of its kind? */
#define QUERY_OF_CELL " p.respondent = r.respondent AND p.round = f.round AND p.path = n.path AND p.code = n.code"

/* Before layout 3 the given respondent was not recorded; the respondent of the file's responses is used instead. */
#define SAME_GIVEN                                                                                                     \
	"(f.given = ?3 OR (f.given IS NULL AND (?3 = '' OR EXISTS (SELECT 1 FROM response r WHERE r.id BETWEEN"        \
	" f.first AND f.last AND r.respondent = ?3))))"
/* Or it was imported as the return of somebody whom a person named, and comes again without that name. */
#define KNOWN_AS                                                                                                       \
	"(" SAME_GIVEN " OR (?3 = '' AND f.quarantined = 0 AND EXISTS (SELECT 1 FROM event e WHERE e.round = f.round"  \
	" AND e.kind = 'attributed' AND e.file = f.sha256)))"
/* Files quarantined as a whole that have now been imported again. */
#define REPLACED                                                                                                       \
	"(f.id = ?5 OR (f.round = ?1 AND f.sha256 = ?2 AND (f.given IS NULL OR f.given IN ('', ?4)))) AND +f.round = " \
	"?1 AND f.quarantined = 1 AND f.id <> ?3"

#define QUERY_ID                                                                                                       \
	"q.respondent || '-' || q.name || CASE WHEN q.number < 10 THEN '-00' WHEN q.number < 100 THEN '-0' ELSE '-'"   \
	" END || q.number"
#define WAITING " FROM file WHERE round = ?1 AND matched IS NULL AND first IS NOT NULL"
/* The query of a reported finding `t`. */
#define SAME " q.respondent = t.respondent AND q.round = ?1 AND q.path = t.path AND q.code = t.code AND q.nth = t.nth"
/* A remark at the query's cell that did not exist when its finding was last reported. */
#define NEW_REMARK                                                                                                     \
	"EXISTS (SELECT 1 FROM remark m WHERE m.response = t.response AND m.path = q.path AND NOT EXISTS (SELECT 1"    \
	" FROM remark p WHERE p.response = o.response AND p.path = q.path AND p.text = m.text))"

static const struct statement {
	const char *text;
	const char *rehearsal; /* NULL: the same */
} statements[] = {
	[SQL_FIND_ROUND] = { "SELECT id FROM round WHERE label = ?1",
			     "SELECT id FROM main.round WHERE label = ?1 UNION ALL"
			     " SELECT id FROM rehearsed_round WHERE label = ?1" },
	[SQL_PUT_ROUND] = { "INSERT INTO round (label, created, created_offset, current) VALUES (?1, ?2, ?3,"
			    " CASE WHEN EXISTS (SELECT 1 FROM round) THEN 0 ELSE 1 END) RETURNING id",
			    "INSERT INTO rehearsed_round (id, label) SELECT 1 + coalesce(max(id), 0), ?1 FROM (SELECT"
			    " id FROM main.round UNION ALL SELECT id FROM rehearsed_round) AS known RETURNING id" },
	[SQL_OTHERS_NOT_CURRENT] = { "UPDATE round SET current = 0 WHERE current = 1 AND id <> ?1", "" },
	[SQL_ROUND_CURRENT] = { "UPDATE round SET current = 1 WHERE id = ?1 AND current = 0", "" },
	[SQL_CURRENT_ROUND] = { "SELECT label FROM round WHERE current = 1 ORDER BY id DESC LIMIT 1", NULL },

	[SQL_FORM_SHA256] = { "SELECT sha256 FROM form WHERE id = ?1", NULL },
	[SQL_FIND_FORM] = { "SELECT id FROM form WHERE sha256 = ?1", NULL },
	[SQL_PUT_FORM] = { "INSERT INTO form (version, name, sha256, bytes) VALUES (?1, ?2, ?3, ?4) RETURNING id",
			   NULL },
	[SQL_FORM_BY_SHA256] = { "SELECT version, name, bytes, sha256 FROM form WHERE sha256 = ?1", NULL },
	[SQL_FORM_BY_VERSION] = { "SELECT version, name, bytes, sha256 FROM form WHERE version = ?1 AND sha256 <> ?2"
				  " ORDER BY id DESC LIMIT 1",
				  NULL },
	[SQL_PUT_FORM_TABLE] = { "INSERT INTO form_table (form, tab, parent, path) VALUES (?1, ?2, ?3, ?4) ON CONFLICT"
				 " (form, tab) DO UPDATE SET parent = excluded.parent, path = excluded.path",
				 NULL },
	[SQL_PUT_QUESTION] = { "INSERT INTO question (form, tab, col, coding, list, name, path, label)"
			       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (form, tab, col) DO UPDATE SET"
			       " coding = excluded.coding, list = excluded.list, name = excluded.name, path ="
			       " excluded.path, label = excluded.label",
			       NULL },
	[SQL_PUT_CHOICE] = { "INSERT INTO choice (form, list, code, name, label) VALUES (?1, ?2, ?3, ?4, ?5) ON"
			     " CONFLICT (form, list, code) DO UPDATE SET name = excluded.name, label ="
			     " excluded.label",
			     NULL },
	[SQL_PUT_VIEW_COLUMN] = { "INSERT INTO view_column (view, position, name, path, label) VALUES (?1, ?2, ?3,"
				  " ?4, ?5)",
				  NULL },
	[SQL_FORM_TABLES] = { "SELECT t.tab, t.parent, t.path, (SELECT count(*) FROM question q WHERE q.form = t.form"
			      " AND q.tab = t.tab) FROM form_table t WHERE t.form = ?1 ORDER BY t.tab",
			      NULL },
	[SQL_FORM_QUESTIONS] = { "SELECT tab, col, coding, list, name, path FROM question WHERE form = ?1"
				 " ORDER BY tab, col",
				 NULL },
	[SQL_FORM_CHOICES] = { "SELECT list, code, name FROM choice WHERE form = ?1 ORDER BY list, code", NULL },

	[SQL_READ_ROSTER] = { "SELECT source, bytes FROM roster ORDER BY id DESC LIMIT 1", NULL },
	[SQL_HAS_MEMBERS] = { "SELECT 1 FROM member WHERE roster = (SELECT max(id) FROM roster) LIMIT 1", NULL },
	[SQL_PUT_MEMBER] = { "INSERT INTO member (roster, position, code, name) VALUES ((SELECT max(id) FROM"
			     " roster), ?1, ?2, ?3)",
			     NULL },
	[SQL_READ_MAP] = { "SELECT source, bytes FROM column_map ORDER BY id DESC LIMIT 1", NULL },
	[SQL_HAS_MAP] = { "SELECT 1 FROM column_map WHERE id = (SELECT max(id) FROM column_map) AND source = ?1"
			  " AND bytes = ?2",
			  NULL },
	[SQL_PUT_MAP] = { "INSERT INTO column_map (source, bytes, sha256) VALUES (?1, ?2, ?3)", "" },
	[SQL_HAS_ROSTER] = { "SELECT 1 FROM roster WHERE id = (SELECT max(id) FROM roster) AND source = ?1 AND bytes ="
			     " ?2",
			     NULL },
	[SQL_PUT_ROSTER] = { "INSERT INTO roster (source, bytes, sha256) VALUES (?1, ?2, ?3)", "" },

	[SQL_FIND_FILE] = { "SELECT quarantined, responses, id FROM file f WHERE round = ?1 AND sha256 = ?2 AND " KNOWN_AS
			    " ORDER BY quarantined, id DESC LIMIT 1",
			    "SELECT quarantined, responses, kept FROM (SELECT id AS kept, id, quarantined,"
			    " responses FROM file f WHERE round = ?1 AND sha256 = ?2 AND " KNOWN_AS
			    " UNION ALL SELECT NULL, id,"
			    " quarantined, responses FROM rehearsed_file WHERE round = ?1 AND sha256 = ?2 AND given"
			    " = ?3) AS known ORDER BY quarantined, kept IS NOT NULL, id DESC LIMIT 1" },
	[SQL_RETRY] = { "INSERT INTO temp.retried SELECT line FROM quarantine WHERE file = ?1 AND whole = 0 AND settled"
			" IS NULL ON CONFLICT DO NOTHING",
			NULL },
	[SQL_IS_RETRIED] = { "SELECT 1 FROM temp.retried WHERE line = ?1", NULL },
	[SQL_DROP_RETRIED] = { "UPDATE quarantine SET settled = 1, file = NULL WHERE file = ?1 AND whole = 0 AND"
			       " settled IS NULL",
			       "" },
	/* Of the same return, imported without naming its respondent, or with another name. */
	[SQL_DROP_UNNAMED] = { "UPDATE quarantine SET settled = 1, file = NULL WHERE id IN (SELECT k.id FROM file f"
			       " CROSS JOIN quarantine k ON k.file = +f.id WHERE f.round = ?1 AND f.sha256 = ?2 AND"
			       " k.whole = 0 AND k.settled IS NULL)",
			       "" },
	[SQL_FIND_SIZE] = { "SELECT 1 FROM file WHERE round = ?1 AND size = ?2 LIMIT 1",
			    "SELECT 1 FROM main.file WHERE round = ?1 AND size = ?2 UNION ALL"
			    " SELECT 1 FROM rehearsed_file WHERE round = ?1 AND size = ?2 LIMIT 1" },
	[SQL_PUT_FILE] = { "INSERT INTO file (id, round, form, name, sha256, size, layout, received, received_offset,"
			   " reading, given, options, program, roster, map, responses, quarantined) VALUES ((SELECT"
			   " coalesce(max(id), 0) + 1 FROM file), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
			   " (SELECT max(id) FROM roster), (SELECT max(id) FROM column_map), 0, 0) RETURNING id",
			   "INSERT INTO rehearsed_file (round, sha256, size, given, responses, quarantined)"
			   " VALUES (?1, ?4, ?5, ?10, 0, 0) RETURNING id" },
	[SQL_SET_FILE] = { "UPDATE file SET name = ?3, sha256 = ?4, size = ?5, layout = ?6, received = ?7,"
			   " received_offset = ?8, reading = ?9, given = ?10, options = ?11, program = ?12 WHERE id"
			   " = ?1",
			   "UPDATE rehearsed_file SET sha256 = ?4, size = ?5, given = ?10 WHERE id = ?1" },
	[SQL_END_FILE] = { "UPDATE file SET responses = ?2, first = ?3, last = ?4 WHERE id = ?1",
			   "UPDATE rehearsed_file SET responses = ?2 WHERE id = ?1" },
	/* The join makes SQLite look up the file first; IN (SELECT ...) would scan the whole quarantine table. */
	[SQL_DROP_FILE_QUARANTINE] = { "UPDATE quarantine SET settled = 1, file = NULL WHERE id IN (SELECT k.id FROM"
				       " file f CROSS JOIN quarantine k ON k.file = +f.id WHERE " REPLACED ")",
				       "" },
	[SQL_DROP_FILE_ORIGINALS] = { "DELETE FROM original WHERE id IN (SELECT o.id FROM file f CROSS JOIN original"
				      " o ON o.file = +f.id WHERE " REPLACED ")",
				      "" },
	[SQL_DROP_FILE_BESIDES] = { "DELETE FROM judged_with WHERE file IN (SELECT +f.id FROM file f WHERE " REPLACED
				    ")",
				    "" },
	[SQL_DROP_FILE] = { "DELETE FROM file AS f WHERE " REPLACED, "" },
	[SQL_PUT_ORIGINAL] = { "INSERT INTO original (id, file, position, name, size, sha256, bytes) VALUES ((SELECT"
			       " coalesce(max(id), 0) + 1 FROM original), ?1, ?2, ?3, ?4, ?5, ?6)",
			       "" },
	/* Before layout 3 large files had only a row in `file`. */
	[SQL_IS_KEPT] = { "SELECT 1 FROM original WHERE sha256 = ?1 AND bytes IS NULL UNION ALL"
			  " SELECT 1 FROM file WHERE sha256 = ?1 AND program IS NULL LIMIT 1",
			  NULL },
	[SQL_FIND_BESIDE] = { "SELECT id FROM beside WHERE sha256 = ?1 AND name = ?2", NULL },
	[SQL_PUT_BESIDE] = { "INSERT INTO beside (name, size, sha256, bytes) VALUES (?1, ?2, ?3, ?4) RETURNING id",
			     "" },
	[SQL_PUT_JUDGED_WITH] = { "INSERT INTO judged_with (file, beside) VALUES (?1, ?2) ON CONFLICT DO NOTHING", "" },
	[SQL_PUT_QUARANTINE] = { "INSERT INTO quarantine (round, file, whole, source, line, code, field, message,"
				 " hint, bytes, sheet, claimed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
				 " ?11, ?12)",
				 "" },
	[SQL_MARK_FILE] = { "UPDATE file SET quarantined = 1 WHERE id = ?1",
			    "UPDATE rehearsed_file SET quarantined = 1 WHERE id = ?1" },

	[SQL_LAST_RESPONSE] = { "SELECT coalesce(max(id), 0) FROM response",
				"SELECT coalesce(max(id), 0) FROM (SELECT max(id) AS id FROM main.response UNION ALL"
				" SELECT max(id) FROM rehearsed) AS known" },
	[SQL_LATEST] = { "SELECT id, " HEAD " FROM response WHERE round = ?1 AND respondent = ?2 AND " IS_HEAD
			 " ORDER BY id DESC LIMIT 1",
			 "SELECT id, digest, revision, line FROM seen WHERE round = ?1 AND respondent = ?2"
			 " ORDER BY id DESC LIMIT 1" },
	[SQL_PUT_RESPONSE] = { "INSERT INTO response (id, file, form, round, respondent, line, digest, revision)"
			       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
			       "INSERT INTO rehearsed (id, round, respondent, digest, revision, line)"
			       " VALUES (?1, ?4, ?5, ?7, ?8, ?6)" },
	[SQL_PUT_RESPONSES] = { "INSERT INTO response (id, file, form, round, respondent, line, digest, revision)"
				" SELECT c0, c1, c2, c3, c4, c5, c6, c7 FROM incoming",
				"" },
	[SQL_SET_LATER] = { "UPDATE response SET later = ?2 WHERE id = ?1", "" },
	[SQL_SET_REVISION] = { "UPDATE response SET revision = ?2 WHERE id = ?1",
			       "INSERT INTO temp.spooled_pair (id, revision) VALUES (?1, ?2)" },
	[SQL_ALL_LATEST] = { "SELECT id, respondent, " HEAD " FROM response NOT INDEXED WHERE round = ?1 AND " IS_HEAD,
			     "SELECT id, respondent, digest, revision, line FROM seen WHERE round = ?1" },
	[SQL_PUT_SUSPECT] = { "INSERT INTO temp.suspect (respondent, id, digest, revision, line)"
			      " VALUES (?1, ?2, ?3, ?4, ?5)",
			      NULL },
	[SQL_READ_SUSPECTS] = { "SELECT respondent, id, digest, revision, line FROM temp.suspect ORDER BY"
				" respondent, id",
				NULL },
	[SQL_PUT_PAIR] = { "INSERT INTO temp.pair (place, respondent, id, before, line, line_before, revision, outcome)"
			   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
			   NULL },
	[SQL_LAST_PAIR] = { "SELECT line FROM temp.pair WHERE respondent = ?1 ORDER BY place DESC LIMIT 1", NULL },
	[SQL_READ_PAIRS] = { "SELECT respondent, id, before, line, line_before, revision, outcome FROM temp.pair"
			     " ORDER BY place",
			     NULL },
	[SQL_PUT_SPOOL] = { "INSERT INTO temp.spool (piece) VALUES (?1)", NULL },
	[SQL_READ_SPOOL] = { "SELECT piece FROM temp.spool ORDER BY id", NULL },
	[SQL_SPOOLED_REVISION] = { "SELECT revision FROM temp.spooled_pair WHERE id = ?1", NULL },
	[SQL_DROP_RESPONSE] = { "DELETE FROM response WHERE id = ?1",
				"INSERT INTO temp.spooled_pair (id, revision) VALUES (?1, 0)" },
	[SQL_DROP_REMARKS] = { "DELETE FROM remark WHERE response = ?1", "" },
	[SQL_DROP_FINDINGS] = { "DELETE FROM finding WHERE response = ?1", "" },
	[SQL_DROP_LEDGER] = { "DELETE FROM ledger WHERE response = ?1", "" },

	[SQL_PUT_REMARK] = { "INSERT INTO remark (response, tab, row, question, line, text, path)"
			     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			     "" },
	[SQL_PUT_FINDING] = { "INSERT INTO finding (file, response, code, severity, verdict, tab, question, path, line,"
			      " col, value, message, hint, sheet) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			      " ?11, ?12, ?13, ?14)",
			      "" },
	[SQL_COUNT_SAME_FINDINGS] = { "SELECT count(*) FROM finding WHERE response = ?1 AND code = ?2 AND path IS"
				      " NOT DISTINCT FROM ?3 AND value IS NOT DISTINCT FROM ?4 AND message = ?5",
				      NULL },
	/* Its form, and whether it is followed; if not, it is with its own file. */
	[SQL_OF_RESPONSE] = { "SELECT r.form, f.matched IS NOT NULL FROM response r JOIN file f ON f.id = r.file"
			      " WHERE r.id = ?1",
			      NULL },
	[SQL_PUT_LEDGER] = { "INSERT INTO ledger (file, response, tab, path, line, col, stood, read_as, why, sheet)"
			     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
			     "" },

	[SQL_PUT_PRIOR] = { "INSERT INTO prior (response, path, state) VALUES (?1, ?2, ?3) ON CONFLICT (response, path)"
			    " DO UPDATE SET state = excluded.state",
			    "" },
	[SQL_FIND_REVISION] = { "SELECT id FROM response WHERE round = ?1 AND respondent = ?2 AND revision = ?3",
				NULL },

	[SQL_COUNT_RESPONSES] = { "SELECT count(*) FROM response WHERE round = ?1 AND later IS NULL", NULL },
	[SQL_COUNT_FILES] = { "SELECT count(*) FROM file WHERE round = ?1", NULL },
	[SQL_READ_FILES] = { "SELECT f.name, f.sha256, f.received, f.received_offset, f.id, f.reading, e.reason,"
			     " e.kind, f.responses FROM file f LEFT JOIN event e ON e.id = +f.event WHERE f.round ="
			     " ?1 ORDER BY f.id",
			     NULL },
	[SQL_COUNT_FINDINGS] = { "SELECT count(*)" COUNTED COUNTING, NULL },
	[SQL_READ_FINDINGS] = { "SELECT r.respondent, n.question, n.path, n.value, n.message, n.hint, f.name, n.line,"
				" n.col, n.code, n.sheet, " QUERY_ID ", q.state, q.reason" COUNTED
				" LEFT JOIN query q ON q.id = coalesce((SELECT p.id FROM query p WHERE" QUERY_OF_CELL
				" AND p.finding = n.id), (SELECT p.id FROM query p JOIN finding o ON o.id = p.finding"
				" WHERE (?3 = 1 OR f.matched IS NULL) AND" QUERY_OF_CELL " AND (o.value IS NOT"
				" DISTINCT FROM n.value AND o.message = n.message OR NOT EXISTS (SELECT 1 FROM"
				" query x WHERE x.respondent = p.respondent AND x.round = p.round AND x.path ="
				" p.path AND x.code = p.code AND x.nth > 1)) LIMIT 1))" COUNTING
				" ORDER BY n.response, n.line, n.col, n.id LIMIT ?2",
				NULL },
	[SQL_READ_LEDGER] = { "SELECT r.respondent, l.path, l.stood, l.read_as, l.why FROM response r CROSS JOIN"
			      " ledger l ON l.response = r.id WHERE r.round = ?1 AND r.later IS NULL AND l.tab = 0"
			      " ORDER BY l.id LIMIT ?2",
			      NULL },

	/* Queries.  `came`: the responses that a file provided as the latest of their respondents, and the last number
	 * used.  `found`: the findings in them, numbered where a cell has several of one kind; those cells are in `several`.
	 * A + before a row's id keeps SQLite from converting the other operand, which would prevent use of the index. */
	[SQL_COUNT_UNMATCHED] = { "SELECT count(*), CAST(coalesce(sum(last - first + 1), 0) AS INTEGER)" WAITING,
				  NULL },
	[SQL_NEXT_UNMATCHED] = { "SELECT id, first, last" WAITING " ORDER BY id LIMIT 1", NULL },
	[SQL_FILE_MATCHED] = { "UPDATE file SET matched = 1 WHERE id = ?1", NULL },
	[SQL_COME] = { "INSERT INTO temp.came SELECT r.respondent, r.id, coalesce((SELECT max(q.number) FROM query"
		       " q WHERE q.respondent = r.respondent AND q.round = ?1), 0) FROM response r NOT INDEXED LEFT"
		       " JOIN response n ON n.id = r.later WHERE r.id BETWEEN ?2 AND ?3 AND r.file = ?4 AND (n.id"
		       " IS NULL OR n.file <> ?4) AND (EXISTS (SELECT 1 FROM finding f WHERE f.response = +r.id) OR"
		       " EXISTS (SELECT 1 FROM query q WHERE q.respondent = r.respondent AND q.round = ?1)) ON"
		       " CONFLICT (respondent) DO UPDATE SET response = excluded.response, last = excluded.last",
		       NULL },
	[SQL_NUMBER_FINDINGS] = { "INSERT INTO temp.found SELECT c.respondent, n.path, n.code, row_number() OVER"
				  " (PARTITION BY c.response, n.path, n.code ORDER BY n.id), c.response, n.id"
				  " FROM temp.came c CROSS JOIN finding n ON n.response = c.response"
				  " WHERE n.severity > 0",
				  NULL },
	/* Cells with several findings of one kind, now or before, and what is about no question. */
	[SQL_FIND_SEVERAL] = { "INSERT INTO temp.several SELECT t.respondent, t.path, t.code FROM temp.found t JOIN"
			       " finding n ON n.id = t.finding WHERE t.nth = 2 OR n.question IS NULL UNION SELECT"
			       " q.respondent, q.path, q.code FROM temp.came c CROSS JOIN query q ON q.respondent ="
			       " c.respondent AND q.round = ?1 WHERE q.nth = 2",
			       NULL },
	[SQL_HAS_SEVERAL] = { "SELECT EXISTS (SELECT 1 FROM temp.several)", NULL },
	[SQL_DROP_SEVERAL] = { "DELETE FROM temp.found WHERE EXISTS (SELECT 1 FROM temp.several w WHERE w.respondent ="
			       " found.respondent AND w.path = found.path AND w.code = found.code)",
			       NULL },
	/* There a finding has the number of the query that was about the same words, else one after the last. */
	[SQL_RENUMBER_FINDINGS] = { "WITH present AS (SELECT c.respondent, c.response, n.id, n.path, n.code,"
				    " n.value, n.message, row_number() OVER (PARTITION BY c.response, n.path,"
				    " n.code, n.value, n.message ORDER BY n.id) AS copy FROM temp.came c CROSS"
				    " JOIN finding n ON n.response = c.response JOIN temp.several w ON"
				    " w.respondent = c.respondent AND w.path = n.path AND w.code = n.code WHERE"
				    " n.severity > 0), known AS (SELECT q.respondent, q.path, q.code, q.nth,"
				    " n.value, n.message, row_number() OVER (PARTITION BY q.respondent, q.path,"
				    " q.code, n.value, n.message ORDER BY q.nth) AS copy FROM temp.several w"
				    " CROSS JOIN query q ON q.respondent = w.respondent AND q.round = ?1 AND"
				    " q.path = w.path AND q.code = w.code LEFT JOIN finding n ON n.id ="
				    " q.finding), last AS (SELECT respondent, path, code, max(nth) AS nth FROM"
				    " known GROUP BY respondent, path, code) INSERT INTO temp.found SELECT"
				    " p.respondent, p.path, p.code, coalesce(k.nth, coalesce(l.nth, 0) +"
				    " row_number() OVER (PARTITION BY p.respondent, p.path, p.code, k.nth IS NULL"
				    " ORDER BY p.id)), p.response, p.id FROM present p LEFT JOIN known k ON"
				    " k.respondent = p.respondent AND k.path = p.path AND k.code = p.code AND"
				    " k.value IS NOT DISTINCT FROM p.value AND k.message = p.message AND k.copy ="
				    " p.copy LEFT JOIN last l ON l.respondent = p.respondent AND l.path = p.path"
				    " AND l.code = p.code",
				    NULL },
	[SQL_LAST_QUERY] = { "SELECT coalesce(max(id), 0) FROM query", NULL },
	[SQL_CLOSE_QUERIES] = { "WITH gone AS MATERIALIZED (SELECT q.id, c.response FROM temp.came c CROSS JOIN query q"
				" ON q.respondent = c.respondent AND q.round = ?1 WHERE q.state <> 3 AND NOT EXISTS"
				" (SELECT 1 FROM temp.found t WHERE" SAME ")) UPDATE query SET state = 3, closed ="
				" gone.response, reason = NULL, changed = ?2, changed_offset = ?3 FROM gone WHERE"
				" query.id = gone.id",
				NULL },
	[SQL_KEEP_QUERIES] = { "WITH next AS MATERIALIZED (SELECT q.id, t.finding, CASE WHEN q.state = 2 THEN 2"
			       " WHEN q.state = 3 OR n.value IS DISTINCT FROM o.value THEN 0 WHEN q.state = 1 OR " NEW_REMARK
			       " THEN 1 ELSE 0 END AS state FROM temp.found t CROSS JOIN query q ON" SAME
			       " JOIN finding n ON n.id = t.finding LEFT JOIN finding o ON o.id = q.finding) UPDATE"
			       " query SET finding = next.finding, closed = NULL, state = next.state, changed ="
			       " CASE WHEN query.state = next.state THEN query.changed ELSE ?2 END, changed_offset"
			       " = CASE WHEN query.state = next.state THEN query.changed_offset ELSE ?3 END FROM"
			       " next WHERE query.id = next.id",
			       NULL },
	[SQL_OPEN_QUERIES] = { "INSERT INTO query (round, respondent, number, path, code, nth, finding, state,"
			       " opened, changed, changed_offset) SELECT CAST(?1 AS INTEGER), t.respondent, c.last"
			       " + row_number() OVER (PARTITION BY t.respondent ORDER BY t.finding), t.path,"
			       " t.code, t.nth, t.finding, 0, t.response, CAST(?2 AS INTEGER), CAST(?3 AS INTEGER)"
			       " FROM temp.found t JOIN temp.came c ON c.respondent = t.respondent WHERE NOT EXISTS"
			       " (SELECT 1 FROM query q WHERE" SAME ") ORDER BY t.respondent, t.finding",
			       NULL },
	[SQL_NEW_QUERIES] = { "SELECT q.id, n.question, q.path FROM query q JOIN finding n ON n.id = q.finding"
			      " WHERE q.id > ?1",
			      NULL },
	[SQL_NAME_QUERY] = { "UPDATE query SET name = ?2 WHERE id = ?1", NULL },
	[SQL_READ_QUERIES] = { "SELECT " QUERY_ID ", q.respondent, q.state, q.reason, n.severity, q.code,"
			       " n.question, q.path, n.value, n.message, n.hint, (SELECT m.text FROM remark m WHERE"
			       " m.response = n.response AND m.path = q.path LIMIT 1), f.name, n.sheet, n.line,"
			       " n.col, q.changed, q.changed_offset FROM query q JOIN finding n ON n.id = q.finding"
			       " JOIN file f ON f.id = n.file WHERE q.round = ?1 AND (q.respondent = ?2 OR ?2 IS"
			       " NULL) AND (?3 = 1 OR q.state < 2) ORDER BY q.respondent, q.number",
			       NULL },
	[SQL_FIND_QUERY] = { "SELECT q.id, q.state, q.respondent FROM query q WHERE q.round = ?1 AND q.number = ?3"
			     " AND " QUERY_ID " = ?2",
			     NULL },
	[SQL_SETTLE_QUERY] = { "UPDATE query SET state = ?2, reason = ?3, changed = ?4, changed_offset = ?5 WHERE"
			       " id = ?1",
			       NULL },

	[SQL_LAST_EVENT] = { "SELECT r.label, e.number, e.digest FROM round r LEFT JOIN event e ON e.round = r.id AND"
			     " e.number = (SELECT max(number) FROM event m WHERE m.round = r.id) WHERE r.id = ?1",
			     NULL },
	[SQL_PUT_EVENT] = { "INSERT INTO event (round, number, kind, respondent, file, response, who, happened,"
			    " happened_offset, reason, detail, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			    " ?10, ?11, ?12) RETURNING id",
			    "" },
	[SQL_SET_EVENT] = { "UPDATE file SET event = ?2 WHERE id = ?1", "" },
	/* The return that ends, with its only response; of a blank one, which has none, the respondent. */
	[SQL_END_EVENT] = { "SELECT f.name, f.sha256, f.quarantined, r.id, coalesce(r.respondent, b.respondent),"
			    " coalesce((SELECT q.message FROM quarantine q WHERE q.file = +f.id AND q.whole = 1),"
			    " CASE WHEN b.id IS NOT NULL THEN 'returned blank' END) FROM file f LEFT JOIN response"
			    " r ON r.id = f.first AND f.first = f.last LEFT JOIN returned_blank b ON b.id = (SELECT"
			    " max(id) FROM returned_blank) AND b.file = +f.id WHERE f.id = ?1",
			    NULL },
	[SQL_COUNT_QUARANTINED] = { "SELECT count(*) FROM quarantine WHERE round = ?1 AND settled IS NULL", NULL },
	[SQL_READ_QUARANTINED] = { "SELECT NULL, field, field, NULL, message, hint, source, line, 0, code, sheet,"
				   " NULL, 0, NULL FROM quarantine WHERE round = ?1 AND settled IS NULL ORDER BY id"
				   " LIMIT ?2",
				   NULL },

	/* roll-ups (rollup.c) */
	[SQL_IS_ROLLED] = { "SELECT n FROM rollup WHERE round = ?1 AND form = ?2 AND tab = 0 AND col = -1 AND kind"
			    " = 'rows' AND key = 0",
			    NULL },
	[SQL_ROLL] = { "INSERT INTO rollup (round, form, tab, col, kind, key, n) SELECT ?1, ?2, c0, c1, c2, c3, c4 FROM"
		       " incoming WHERE true ON CONFLICT (round, form, tab, col, kind, key) DO UPDATE SET n = CASE"
		       " excluded.kind WHEN 'many' THEN 1 ELSE rollup.n + excluded.n END",
		       "" },
	[SQL_ROLLED_RESPONSES] = { "SELECT u.n FROM rollup_whole w JOIN rollup u ON u.round = w.round AND u.form ="
				   " w.form AND u.tab = 0 AND u.col = -1 AND u.kind = 'rows' AND u.key = 0 WHERE"
				   " w.round = ?1",
				   NULL },
	[SQL_ROLLED_WHOLE] = { "INSERT INTO rollup_whole (round, form) VALUES (?1, ?2) ON CONFLICT (round) DO"
			       " UPDATE SET form = excluded.form",
			       "" },
	[SQL_NOT_WHOLE] = { "DELETE FROM rollup_whole WHERE round = ?1 AND form = ?2", "" },
	[SQL_NOT_WHOLE_OTHERS] = { "DELETE FROM rollup_whole WHERE round = ?1 AND form <> ?2", "" },
	[SQL_ROLLED_CROWDS] = { "SELECT tab, col FROM rollup WHERE round = ?1 AND form = ?2 AND kind IN ('many',"
				" 'number') GROUP BY tab, col HAVING sum(CASE kind WHEN 'number' THEN 1 ELSE 0 END)"
				" > ?3 OR (sum(CASE kind WHEN 'many' THEN 1 ELSE 0 END) > 0 AND sum(CASE kind WHEN"
				" 'number' THEN 1 ELSE 0 END) > 0)",
				NULL },
	[SQL_READ_ROLLED_NUMBERS] = { "SELECT key, n FROM rollup WHERE round = ?1 AND form = ?2 AND tab = ?3 AND"
				      " col = ?4 AND kind = 'number'",
				      NULL },
	[SQL_READ_ROLLED_MANY] = { "SELECT tab, col, kind, key, n FROM rollup WHERE round = ?1 AND form = ?2 AND"
				   " kind IN ('many', 'least', 'greatest')",
				   NULL },
	[SQL_UNROLL] = { "DELETE FROM rollup WHERE round = ?1 AND form = ?2", "" },
	[SQL_UNROLL_OTHERS] = { "DELETE FROM rollup WHERE round = ?1 AND form <> ?2", "" },
	[SQL_UNROLL_ZEROS] = { "DELETE FROM rollup WHERE round = ?1 AND form = ?2 AND n = 0", "" },
	[SQL_UNROLL_NUMBERS] = { "DELETE FROM rollup WHERE round = ?1 AND form = ?2 AND tab = ?3 AND col = ?4 AND"
				 " kind = 'number'",
				 "" },
	[SQL_UNROLL_EXTREMES] = { "DELETE FROM rollup WHERE round = ?1 AND form = ?2 AND kind IN ('least', 'greatest')",
				  "" },
	[SQL_READ_ROLLED] = { "SELECT tab, col, kind, key, n FROM rollup WHERE round = ?1 AND form = ?2 ORDER BY"
			      " tab, col, kind, key",
			      NULL },
	[SQL_COUNT_SOME] = { "SELECT count(*) FROM (SELECT 1 FROM response WHERE round = ?1 AND later IS NULL LIMIT"
			     " ?2) s",
			     NULL },
	[SQL_OTHER_FILE] = { "SELECT 1 FROM file WHERE round = ?1 AND id <> ?2 AND first IS NOT NULL LIMIT 1", NULL },
	[SQL_COUNT_PROBLEMS] = { "SELECT n.severity, count(*) FROM finding n CROSS JOIN response r ON r.id ="
				 " n.response WHERE r.round = ?1 AND r.later IS NULL AND NOT EXISTS (SELECT 1 FROM"
				 " query q WHERE q.finding = n.id AND q.state = 2) GROUP BY n.severity",
				 NULL },
	[SQL_COUNT_WAIVED] = { "SELECT severity, count(*) FROM (SELECT DISTINCT n.id, n.severity FROM query q JOIN"
			       " finding n ON n.id = q.finding JOIN response r ON r.id = n.response WHERE q.state ="
			       " 2 AND r.round = ?1 AND r.later IS NULL) w GROUP BY severity",
			       NULL },
	[SQL_ROLLED_FINDINGS] = { "SELECT CAST(u.key AS INTEGER), u.n FROM rollup_whole w JOIN rollup u ON u.round"
				  " = w.round AND u.form = w.form AND u.tab = 0 AND u.col = -1 AND u.kind ="
				  " 'finding' WHERE w.round = ?1",
				  NULL },
	[SQL_FINDINGS_OF_FORM] = { "SELECT n.severity, count(*) FROM finding n CROSS JOIN response r ON r.id ="
				   " n.response WHERE r.round = ?1 AND r.form = ?2 AND r.later IS NULL GROUP BY"
				   " n.severity",
				   NULL },
	[SQL_FINDINGS_OF_RESPONSE] = { "SELECT severity, count(*) FROM finding WHERE response = ?1 GROUP BY severity",
				       NULL },

	/* and by group (rollup_group.c) */
	[SQL_IS_GROUPED] = { "SELECT 1 FROM rollup_roster WHERE round = ?1 AND form = ?2 AND sha256 = ?3", NULL },
	[SQL_HAS_GROUPS] = { "SELECT 1 FROM rollup_roster WHERE round = ?1 AND form = ?2 UNION ALL SELECT 1 FROM"
			     " rollup_group WHERE round = ?1 AND form = ?2 LIMIT 1",
			     NULL },
	[SQL_GROUP] = { "INSERT INTO rollup_group (round, form, part, col, kind, key, n) SELECT ?1, ?2, c0, c1, c2, c3,"
			" c4 FROM incoming WHERE true ON CONFLICT (round, form, part, col, kind, key) DO UPDATE SET n ="
			" rollup_group.n + excluded.n",
			"" },
	[SQL_GROUP_ROSTER] = { "INSERT INTO rollup_roster (round, form, sha256) VALUES (?1, ?2, ?3) ON CONFLICT (round,"
			       " form) DO UPDATE SET sha256 = excluded.sha256",
			       "" },
	[SQL_UNGROUP] = { "DELETE FROM rollup_group WHERE round = ?1 AND form = ?2", "" },
	[SQL_UNGROUP_ROSTER] = { "DELETE FROM rollup_roster WHERE round = ?1 AND form = ?2", "" },
	[SQL_UNGROUP_OTHERS] = { "DELETE FROM rollup_group WHERE round = ?1 AND form <> ?2", "" },
	[SQL_UNGROUP_OTHER_ROSTERS] = { "DELETE FROM rollup_roster WHERE round = ?1 AND form <> ?2", "" },
	[SQL_UNGROUP_ZEROS] = { "DELETE FROM rollup_group WHERE round = ?1 AND form = ?2 AND n = 0", "" },
	[SQL_UNGROUP_STALE] = { "DELETE FROM rollup_group WHERE EXISTS (SELECT 1 FROM rollup_roster r WHERE r.round ="
				" rollup_group.round AND r.form = rollup_group.form AND r.sha256 <> ?1)",
				"" },
	[SQL_UNGROUP_STALE_ROSTERS] = { "DELETE FROM rollup_roster WHERE sha256 <> ?1", "" },
	[SQL_READ_GROUPED] = { "SELECT part, col, kind, key, n FROM rollup_group WHERE round = ?1 AND form = ?2"
			       " ORDER BY part, col, kind, key",
			       NULL },
};
_Static_assert(sizeof statements / sizeof statements[0] == SQL_FIXED, "one row for each statement");

cnv_str sql_fixed_text(sql_fixed which, bool rehearse)
{
	const struct statement *found = &statements[which];

	return cnv_str_from(rehearse && found->rehearsal ? found->rehearsal : found->text);
}
