-- The views of a store for people (canvass-store(5)).  canvass itself reads none of them, and a dry run makes none.  They
-- are written so that they mean the same in PostgreSQL's words (dialect.c).  Those that depend on the form (answers,
-- answers_repeat_1, cell) are made with each of its versions (views.c).

CREATE VIEW columns AS SELECT view, name, path, label FROM view_column;

-- A row for each stored cell.  Until there are answers, there is none, but the columns have their types
CREATE VIEW cell AS SELECT k.form, k.tab, k.col, r.id AS response, r.respondent, o.label AS round, r.revision,
	r.later IS NULL AS counts, k.path AS entry, r.line, k.path AS value, k.path AS written, r.id AS verdict
	FROM question k JOIN response r ON r.form = k.form JOIN round o ON o.id = r.round WHERE 1 = 0;

CREATE VIEW verdict (number, word) AS VALUES (0, 'blank'), (1, 'accepted'), (2, 'not applicable'), (3, 'not known'),
	(4, 'withheld'), (5, 'missing'), (6, 'not readable'), (7, 'not a choice'), (8, 'against the rule'), (9, 'not asked'),
	(10, 'not expected'), (11, 'given twice'), (12, 'not checked');

-- CROSS JOIN: the responses first, in one pass, rather than all of them for each question.  Without an outer join the cells
-- are not put aside either
CREATE VIEW answers_all AS SELECT x.respondent, x.round, x.revision, x.counts,
	coalesce(x.entry || substr(q.path, length(t.path) + 1), q.path) AS path, q.label AS question,
	CASE q.coding WHEN 'code' THEN (SELECT name FROM choice c WHERE c.form = x.form AND c.list = q.list AND
			c.code = CAST(x.value AS INTEGER))
		WHEN 'bits' THEN (SELECT group_concat(name, ' ') OVER (ORDER BY c.code ROWS BETWEEN UNBOUNDED PRECEDING AND
			UNBOUNDED FOLLOWING) FROM choice c WHERE c.form = x.form AND c.list = q.list AND
			CAST(x.value AS INTEGER) >> CAST(c.code AS int) & 1 = 1 LIMIT 1)
		WHEN 'day' THEN date(CAST(x.value AS INTEGER) * 86400, 'unixepoch')
		WHEN 'time' THEN time(CAST(x.value AS INTEGER) / 1000, 'unixepoch')
		WHEN 'moment' THEN date(CAST(x.value AS INTEGER) / 1000, 'unixepoch') || 'T' ||
			time(CAST(x.value AS INTEGER) / 1000, 'unixepoch') || 'Z'
		ELSE x.value END AS value,
	CASE q.coding WHEN 'code' THEN (SELECT coalesce(label, name) FROM choice c WHERE c.form = x.form AND
			c.list = q.list AND c.code = CAST(x.value AS INTEGER))
		WHEN 'bits' THEN (SELECT group_concat(coalesce(label, name), '; ') OVER (ORDER BY c.code
			ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM choice c WHERE c.form = x.form AND
			c.list = q.list AND CAST(x.value AS INTEGER) >> CAST(c.code AS int) & 1 = 1 LIMIT 1)
		WHEN 'names' THEN (SELECT group_concat(coalesce(label, name), '; ') OVER (ORDER BY c.code
			ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM choice c WHERE c.form = x.form AND
			c.list = q.list AND instr(' ' || x.value || ' ', ' ' || c.name || ' ') > 0 LIMIT 1)
		WHEN 'order' THEN (SELECT group_concat(coalesce(label, name), '; ') OVER (ORDER BY instr(' ' || x.value || ' ', ' ' || c.name || ' ')
			ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM choice c WHERE c.form = x.form AND
			c.list = q.list AND instr(' ' || x.value || ' ', ' ' || c.name || ' ') > 0 LIMIT 1) END AS label,
	(SELECT word FROM verdict v WHERE v.number = x.verdict) AS verdict, x.written, f.name AS file, x.line
	FROM cell x CROSS JOIN question q ON q.form = x.form AND q.tab = x.tab AND q.col = x.col
	JOIN form_table t ON t.form = x.form AND t.tab = x.tab JOIN response r ON r.id = x.response
	JOIN file f ON f.id = +r.file;
CREATE VIEW answers_long AS SELECT respondent, round, path, question, value, label, verdict, written, file, line FROM
	answers_all WHERE counts;
-- From each revision to the next; of an entry that is gone, the answers it had
CREATE VIEW changes AS SELECT b.respondent, b.round, b.revision, b.path, b.question, a.value AS before, b.value AS after,
	b.verdict FROM answers_all b LEFT JOIN answers_all a ON a.respondent = b.respondent AND a.round = b.round AND
	a.path = b.path AND a.revision = b.revision - 1
	WHERE b.revision > 1 AND (a.value IS DISTINCT FROM b.value OR a.verdict IS DISTINCT FROM
	b.verdict)
	UNION ALL SELECT a.respondent, a.round, a.revision + 1, a.path, a.question, a.value, NULL, NULL FROM answers_all a
	LEFT JOIN answers_all b ON b.respondent = a.respondent AND b.round = a.round AND b.path = a.path AND
	b.revision = a.revision + 1 WHERE a.value IS NOT NULL AND b.path IS NULL AND EXISTS (SELECT 1 FROM response n
	JOIN round o ON o.id = n.round WHERE n.respondent = a.respondent AND o.label = a.round AND
	n.revision = a.revision + 1);

-- The findings of the responses that count, and of returns as a whole
CREATE VIEW findings AS SELECT r.respondent, round.label AS round, r.revision, n.path,
	substr('NWE', CAST(n.severity + 1 AS int), 1) || substr('' || (10000 + n.code), 2) AS code, n.value, n.message, n.hint,
	CASE q.state WHEN 0 THEN 'open' WHEN 1 THEN 'answered' WHEN 2 THEN 'waived' WHEN 3 THEN 'closed' END AS state,
	f.name AS file, n.sheet, n.line, n.col AS "column"
	FROM finding n JOIN file f ON f.id = +n.file JOIN round ON round.id = +f.round LEFT JOIN response r ON r.id = +n.response
	LEFT JOIN query q ON q.finding = n.id WHERE n.response = 0 OR r.later IS NULL;
CREATE VIEW history AS SELECT round.label AS round, e.number, e.kind, e.respondent, r.revision, e.who,
	date(e.happened / 1000, 'unixepoch') || 'T' || time(e.happened / 1000, 'unixepoch') || 'Z' AS happened, e.reason, e.detail
	FROM event e JOIN round ON round.id = +e.round LEFT JOIN response r ON r.id = +e.response;
-- What waits in quarantine
CREATE VIEW quarantined AS SELECT round.label AS round, q.id AS item, q.source AS file, q.sheet, q.line, q.claimed AS
	respondent, 'E' || substr('' || (10000 + q.code), 2) AS code, q.message, q.hint
	FROM quarantine q JOIN round ON round.id = +q.round WHERE q.settled IS NULL;
-- Everybody on the roster, in each round: revision is NULL while no answers count
CREATE VIEW replies AS SELECT round.label AS round, m.code AS respondent, m.name, r.revision,
	(SELECT count(*) FROM returned_blank b WHERE b.round = round.id AND b.respondent = m.code) AS blank,
	(SELECT count(*) FROM quarantine q WHERE q.round = round.id AND q.claimed = m.code AND q.settled IS NULL) AS quarantined,
	(SELECT max(coalesce(reason, '')) FROM notice n WHERE n.round = round.id AND n.respondent = m.code AND n.kind = 4) AS
	declined, date(coalesce((SELECT max(due) FROM notice n WHERE n.round = round.id AND n.respondent = m.code AND
	n.kind = 3), round.due) * 86400, 'unixepoch') AS due
	FROM round JOIN member m ON m.roster = (SELECT max(id) FROM roster)
	LEFT JOIN response r ON r.respondent = m.code AND r.round = round.id AND r.later IS NULL
	ORDER BY round.id, m.position;
