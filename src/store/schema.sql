-- The store of one form, layout 10.  A store of an earlier layout is made again with these tables and the rows that it
-- has (migrate.c), so additions belong here and nowhere else; a column that it lacks is NULL in those rows.
--
-- Tables are STRICT: a column holds its type or NULL.  Every name here, and every name made later, is canvass's own: no
-- text of a form becomes an identifier.  Ids are counted 1, 2, 3, ... in the order of import.
--
-- A reference is declared where each value is an id.  SQLite does not enforce them: to delete a return, or an answer
-- that came twice, it would search every table that may refer to it, and an import would look up each response twice.
-- verify checks all of them, and those to responses that may also be 0.
--
-- For each form version and each table of answers, canvass adds
--   answers_<form>_<table>_<part>   part 0: id, line, q0 ... q499, verdicts, lines, own
--                                   in a repeat, after line: response, parent, position
--                                   part n: id, q<500 n> ..., verdicts, lines, own
-- (SQLite has at most 2,000 columns.  On a server a part has 400 questions.)  Of the cells of its own part:
--   id        the response's in table 0, else the entry's own; parts share it
--   verdicts  4 bits a cell, the first, third, ... in the lower half of its byte
--   lines     JSON, [0,1,2]: for each cell its source line less that of the row; NULL when all are that of the row
--   own       JSON, {"3":"007 "}: what the respondent wrote where the value does not give it back to the byte, by number
--             of its column; NULL when there is none.  U+241B and two hexadecimal digits are a byte that is not valid in
--             such a text (zero, not UTF-8, or of U+241B itself)
-- q<n> has no type, so that no text becomes a number.  It holds the value of column n as its question's coding says, NULL
-- where it was not understood:
--   text      as it came
--   integer   a whole number (a fraction where a calculation gave one)
--   real      a number
--   day       days since 1970-01-01
--   time      milliseconds since midnight
--   moment    milliseconds since 1970-01-01T00:00Z
--   code      number of the choice in its list, from 0
--   bits      the choices taken: bit n for choice n (lists of at most 62)
--   names     the choices taken, by name, in the order of the list
--   order     the choices by name, in the order given

CREATE TABLE store (form_id TEXT) STRICT;

CREATE TABLE form (id INTEGER PRIMARY KEY, version TEXT, name TEXT, sha256 BLOB UNIQUE, bytes BLOB) STRICT;
-- path: of the repeat, empty for table 0
CREATE TABLE form_table (form INTEGER REFERENCES form, tab INTEGER, parent INTEGER, path TEXT, PRIMARY KEY (form,
	tab)) STRICT, WITHOUT ROWID;
-- list: NULL where the answer is no choice; label: in the form's default language, its name where it has none (NULL
-- before layout 6)
CREATE TABLE question (form INTEGER, tab INTEGER, col INTEGER, coding TEXT, list INTEGER, name TEXT, path TEXT,
	label TEXT, PRIMARY KEY (form, tab, col), FOREIGN KEY (form, tab) REFERENCES form_table) STRICT,
	WITHOUT ROWID;
CREATE TABLE choice (form INTEGER REFERENCES form, list INTEGER, code INTEGER, name TEXT, label TEXT,
	PRIMARY KEY (form, list, code)) STRICT, WITHOUT ROWID;

-- created: milliseconds since 1970, told in the zone created_offset (seconds east); due: the day by which answers are
-- asked for (days since 1970), NULL: none was given
CREATE TABLE round (id INTEGER PRIMARY KEY, label TEXT UNIQUE, created INTEGER, created_offset INTEGER,
	current INTEGER, due INTEGER) STRICT;
-- the last counts; those before it are what earlier returns were judged with
CREATE TABLE roster (id INTEGER PRIMARY KEY, source TEXT, bytes BLOB, sha256 BLOB) STRICT;
-- who is on it, in its order (none before layout 6)
CREATE TABLE member (roster INTEGER REFERENCES roster, position INTEGER, code TEXT, name TEXT, PRIMARY KEY (roster,
	position)) STRICT, WITHOUT ROWID;

-- A return.  bytes: only before layout 3; responses: how many it brought; first and last: the
-- responses made from it; quarantined: 1 when it could not be imported at all; reading: how it was
-- read, where that is more than plain ("windows-1252, semicolon"); matched: 1 when its findings are
-- among the queries; given: whose it is, as the person who imported it said, empty: nobody did;
-- options, program: how and by which canvass it was judged; roster, map: ids, NULL: without one;
-- event: the id of the event of its import
CREATE TABLE file (id INTEGER PRIMARY KEY, round INTEGER REFERENCES round, form INTEGER REFERENCES form, name TEXT,
	sha256 BLOB, size INTEGER, bytes BLOB, layout INTEGER, received INTEGER, received_offset INTEGER,
	responses INTEGER, first INTEGER, last INTEGER, quarantined INTEGER, reading TEXT, matched INTEGER,
	given TEXT, options TEXT, program TEXT, roster INTEGER REFERENCES roster, map INTEGER REFERENCES column_map,
	event INTEGER REFERENCES event) STRICT;
CREATE INDEX file_by_sha256 ON file (round, sha256);
-- those that wait to be matched, which every import asks for and which are few
CREATE INDEX file_unmatched ON file (round) WHERE matched IS NULL AND first IS NOT NULL;

-- The files of a return, the main one at position 0.  bytes: NULL when it is large and lies in the
-- folder <store>.files/, its name the digest in hexadecimal
CREATE TABLE original (id INTEGER PRIMARY KEY, file INTEGER REFERENCES file, position INTEGER, name TEXT, size INTEGER,
	sha256 BLOB, bytes BLOB, UNIQUE (file, position)) STRICT;
CREATE INDEX original_kept ON original (sha256) WHERE bytes IS NULL;

-- The files next to the form (lists of choices), each once, and which of them a return was judged with
CREATE TABLE beside (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, sha256 BLOB, bytes BLOB) STRICT;
CREATE TABLE judged_with (file INTEGER REFERENCES file, beside INTEGER REFERENCES beside, PRIMARY KEY (file,
	beside)) STRICT, WITHOUT ROWID;

-- later: the revision that took its place, NULL while it counts, 0 when it was withdrawn and none took its place;
-- digest: over all its answers and remarks; highest: of an earlier revision that was made to count again, the number of
-- the last one, so that the next is numbered after it
CREATE TABLE response (id INTEGER PRIMARY KEY, file INTEGER REFERENCES file, form INTEGER REFERENCES form,
	round INTEGER REFERENCES round, respondent TEXT, line INTEGER, digest BLOB, revision INTEGER, later INTEGER,
	highest INTEGER) STRICT;
-- of all, and of those that count; both are absent after a large file
CREATE INDEX response_by_respondent ON response (respondent, round);
CREATE INDEX response_current ON response (round) WHERE later IS NULL;

-- response 0: of the file as a whole; row: the entry's id, NULL in table 0; question: its path, NULL: of the whole
-- response; path: of the cell, as findings have it
CREATE TABLE remark (id INTEGER PRIMARY KEY, response INTEGER, tab INTEGER, row INTEGER, question TEXT, line INTEGER,
	text TEXT, path TEXT) STRICT;
CREATE INDEX remark_by_response ON remark (response);
CREATE INDEX remark_by_place ON remark (response, path);
-- sheet: of a workbook; line and col are then a cell's
CREATE TABLE finding (id INTEGER PRIMARY KEY, file INTEGER REFERENCES file, response INTEGER, code INTEGER,
	severity INTEGER, verdict INTEGER, tab INTEGER, question TEXT, path TEXT, line INTEGER, col INTEGER,
	value TEXT, message TEXT, hint TEXT, sheet TEXT) STRICT;
CREATE INDEX finding_by_response ON finding (response);
CREATE TABLE ledger (id INTEGER PRIMARY KEY, file INTEGER REFERENCES file, response INTEGER, tab INTEGER, path TEXT,
	line INTEGER, col INTEGER, stood TEXT, read_as TEXT, why TEXT, sheet TEXT) STRICT;
CREATE INDEX ledger_by_response ON ledger (response);
-- whole: 1 when it is the file, 0 when it is one record of it; claimed: the respondent as the content names it;
-- settled: NULL while it waits, 1 when it was imported again (file is then NULL: another row of `file` has the return),
-- 2 when it was dismissed.  No row is deleted, so that an id is never used twice
CREATE TABLE quarantine (id INTEGER PRIMARY KEY, round INTEGER REFERENCES round, file INTEGER REFERENCES file,
	whole INTEGER, source TEXT, line INTEGER, code INTEGER, field TEXT, message TEXT, hint TEXT, bytes BLOB,
	sheet TEXT, claimed TEXT, settled INTEGER) STRICT;
CREATE INDEX quarantine_by_file ON quarantine (file);

-- A finding that a person must settle.  number: counted for each respondent and round; name: the
-- question's number or name when it was opened; path: of the cell, with entry numbers; nth: counted for each path and
-- code; finding: the latest that it is about; state: a cnv_query_state; opened, closed: responses; changed: when its state
-- was set
CREATE TABLE query (id INTEGER PRIMARY KEY, round INTEGER REFERENCES round, respondent TEXT, number INTEGER,
	name TEXT, path TEXT, code INTEGER, nth INTEGER NOT NULL DEFAULT 1, finding INTEGER, state INTEGER, reason TEXT,
	opened INTEGER, closed INTEGER, changed INTEGER, changed_offset INTEGER,
	UNIQUE (respondent, round, path, code, nth)) STRICT;
-- those waived, which every reader asks for and which are few
CREATE INDEX query_waived ON query (finding) WHERE state = 2;

-- Of a return that was sent out with earlier answers: the outcome of each of them, and the answers that are new;
-- path: of the cell; state: a cnv_prior
CREATE TABLE prior (response INTEGER REFERENCES response, path TEXT, state INTEGER, PRIMARY KEY (response,
	path)) STRICT, WITHOUT ROWID;
-- Returns in which nothing is answered: no response is made of them
CREATE TABLE returned_blank (id INTEGER PRIMARY KEY, file INTEGER REFERENCES file, round INTEGER REFERENCES round,
	respondent TEXT) STRICT;

-- How often each state, choice and number occurs among the responses that count in a round of more than 20,000, for the
-- form that they answered; kind: rows (responses, or entries of the repeat; col -1), finding, state, choice, number; or instead of
-- number, where there are more than 4,096 different ones, many, bucket, sum, least and greatest; key: number of the state,
-- code of the choice, severity (finding; col -1), the number, the one of the bucket that is closest to 0, or which 32 binary digits of the sum n counts
CREATE TABLE rollup (round INTEGER REFERENCES round, form INTEGER REFERENCES form, tab INTEGER, col INTEGER, kind TEXT,
	key REAL, n INTEGER, PRIMARY KEY (round, form, tab, col, kind, key)) STRICT, WITHOUT ROWID;
-- Rounds all of whose responses that count are to this version of the form, so that `rows` says how many there are
CREATE TABLE rollup_whole (round INTEGER REFERENCES round, form INTEGER REFERENCES form, PRIMARY KEY (round)) STRICT,
	WITHOUT ROWID;
-- States and choices of choice questions outside repeats by group; part: 0 for the respondents of the roster, else a group from 1, in
-- the order of the groupings and of their groups in the roster; kind: rows and blank (responses in which nothing is answered;
-- col -1), state, choice
CREATE TABLE rollup_group (round INTEGER REFERENCES round, form INTEGER REFERENCES form, part INTEGER, col INTEGER, kind TEXT,
	key INTEGER, n INTEGER, PRIMARY KEY (round, form, part, col, kind, key)) STRICT, WITHOUT ROWID;
-- sha256: of who is in which group, when these were counted
CREATE TABLE rollup_roster (round INTEGER REFERENCES round, form INTEGER REFERENCES form, sha256 BLOB, PRIMARY KEY (round,
	form)) STRICT, WITHOUT ROWID;

-- Which column of a returned file is which question, as a person said (import --map); form: NULL for all versions; the
-- last counts, without bytes: there is none
CREATE TABLE column_map (id INTEGER PRIMARY KEY, form INTEGER REFERENCES form, source TEXT, bytes BLOB,
	sha256 BLOB) STRICT;

-- What passed between those who ask and a respondent, in its order.  kind: a cnv_notice_kind; due: the new day of an
-- extension; happened as created above, and day (since 1970) in that zone: of one kind and day there is one (NULL before
-- layout 3)
CREATE TABLE notice (id INTEGER PRIMARY KEY, round INTEGER REFERENCES round, respondent TEXT, kind INTEGER,
	due INTEGER, reason TEXT, happened INTEGER, happened_offset INTEGER, day INTEGER, UNIQUE (round, respondent,
	kind, day)) STRICT;

-- What was done in a round, by whom and why, in its order: number 1, 2, 3, ...  kind: "imported" and so on; file: the
-- SHA-256 of the return; response: its id; happened as created above; detail: what else there is to know, depending on
-- the kind (canvass-store(5)).  digest: SHA-256 over the digest of the event before (32 zero bytes for the first) and,
-- each as length in bytes, colon, bytes, comma (NULL: a hyphen and a comma), the round's label and the columns from
-- number to detail, numbers in decimal and file in hexadecimal
CREATE TABLE event (id INTEGER PRIMARY KEY, round INTEGER REFERENCES round, number INTEGER, kind TEXT,
	respondent TEXT, file BLOB, response INTEGER, who TEXT, happened INTEGER, happened_offset INTEGER,
	reason TEXT, detail TEXT, digest BLOB, UNIQUE (round, number)) STRICT;
CREATE TRIGGER event_is_final BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'an event cannot be changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'an event cannot be deleted'); END;

-- Interviews that are not finished: of one respondent one for each person who asks.  form: the bytes of the form that it was
-- begun with; bytes: the answers so far in the long layout; answered: how many, of the questions asked (NULL before layout 7);
-- changed as created above, and begun (NULL before layout 7)
CREATE TABLE draft (id INTEGER PRIMARY KEY, round INTEGER REFERENCES round, respondent TEXT, who TEXT, form BLOB,
	version TEXT, bytes BLOB, answered INTEGER, changed INTEGER, changed_offset INTEGER, asked INTEGER,
	begun INTEGER, begun_offset INTEGER, UNIQUE (round, respondent, who)) STRICT;

-- Which column of the views for people (reading.sql) is which question; path and label: NULL for a column that is none
CREATE TABLE view_column (view TEXT, position INTEGER, name TEXT, path TEXT, label TEXT, PRIMARY KEY (view,
	position)) STRICT, WITHOUT ROWID;
