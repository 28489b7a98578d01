-- The store of one form, layout 7.  A store of an earlier layout is given the tables, columns and
-- indexes that it lacks (migrate.c), so additions belong here and nowhere else; a column added to a
-- table is NULL in the rows from before.
--
-- No column has a declared type, so that no value is ever converted.
-- Every name here, and every name made later, is canvass's own: no text of a form becomes an
-- identifier.  Ids are counted 1, 2, 3, ... in the order of import.
--
-- For each form version and each table of answers, canvass adds
--   answers_<form>_<table>_<part>   part 0: id, line, q0 ... q499, verdicts, lines, own
--                                   in a repeat, after line: response, parent, position
--                                   part n: id, q<500 n> ..., verdicts, lines, own
-- (SQLite has at most 2,000 columns.)  Of the cells of its own part:
--   id        the response's in table 0, else the entry's own; parts share it
--   verdicts  4 bits a cell, the first, third, ... in the lower half of its byte
--   lines     zigzag varints, one a cell: source line less that of the cell before; NULL when all
--             are the record's
--   own       what the respondent wrote where the value does not give it back to the byte: cell (from 0)
--             less the cell before and length as varints, then the text; NULL when there is none
-- q<n> holds the value of column n as its question's coding says, NULL where it was not understood:
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

CREATE TABLE store (form_id);

CREATE TABLE form (id INTEGER PRIMARY KEY, version, name, sha256 UNIQUE, bytes);
-- path: of the repeat, empty for table 0
CREATE TABLE form_table (form, tab, parent, path, PRIMARY KEY (form, tab)) WITHOUT ROWID;
-- list: NULL where the answer is no choice; label: in the form's default language, its name where it has none (NULL
-- before layout 6)
CREATE TABLE question (form, tab, col, coding, list, name, path, label, PRIMARY KEY (form, tab, col)) WITHOUT ROWID;
CREATE TABLE choice (form, list, code, name, label, PRIMARY KEY (form, list, code)) WITHOUT ROWID;

-- created: milliseconds since 1970, told in the zone created_offset (seconds east); due: the day by which answers are
-- asked for (days since 1970), NULL: none was given
CREATE TABLE round (id INTEGER PRIMARY KEY, label UNIQUE, created, created_offset, current, due);
-- the last counts; those before it are what earlier returns were judged with
CREATE TABLE roster (id INTEGER PRIMARY KEY, source, bytes, sha256);
-- who is on it, in its order (none before layout 6)
CREATE TABLE member (roster, position, code, name, PRIMARY KEY (roster, position)) WITHOUT ROWID;

-- A return.  bytes: only before layout 3; responses: how many it brought; first and last: the
-- responses made from it; quarantined: 1 when it could not be imported at all; reading: how it was
-- read, where that is more than plain ("windows-1252, semicolon"); matched: 1 when its findings are
-- among the queries; given: whose it is, as the person who imported it said, empty: nobody did;
-- options, program: how and by which canvass it was judged; roster, map: ids, NULL: without one;
-- event: the id of the event of its import
CREATE TABLE file (id INTEGER PRIMARY KEY, round, form, name, sha256, size, bytes, layout, received, received_offset,
	responses, first, last, quarantined, reading, matched, given, options, program, roster, map, event);
CREATE INDEX file_by_sha256 ON file (round, sha256);
-- those that wait to be matched, which every import asks for and which are few
CREATE INDEX file_unmatched ON file (round) WHERE matched IS NULL AND first IS NOT NULL;

-- The files of a return, the main one at position 0.  bytes: NULL when it is large and lies in the
-- folder <store>.files/, its name the digest in hexadecimal
CREATE TABLE original (id INTEGER PRIMARY KEY, file, position, name, size, sha256, bytes);
CREATE INDEX original_by_file ON original (file);
CREATE INDEX original_kept ON original (sha256) WHERE bytes IS NULL;

-- The files next to the form (lists of choices), each once, and which of them a return was judged with
CREATE TABLE beside (id INTEGER PRIMARY KEY, name, size, sha256, bytes);
CREATE TABLE judged_with (file, beside, PRIMARY KEY (file, beside)) WITHOUT ROWID;

-- later: the revision that took its place, NULL while it counts, 0 when it was withdrawn and none took its place;
-- digest: over all its answers and remarks; highest: of an earlier revision that was made to count again, the number of
-- the last one, so that the next is numbered after it
CREATE TABLE response (id INTEGER PRIMARY KEY, file, form, round, respondent, line, digest, revision, later, highest);
-- absent after a large file
CREATE INDEX response_by_respondent ON response (respondent, round);

-- response 0: of the file as a whole; row: the entry's id, NULL in table 0; question: its path, NULL: of the whole
-- response; path: of the cell, as findings have it
CREATE TABLE remark (id INTEGER PRIMARY KEY, response, tab, row, question, line, text, path);
CREATE INDEX remark_by_response ON remark (response);
CREATE INDEX remark_by_place ON remark (response, path);
-- sheet: of a workbook; line and col are then a cell's
CREATE TABLE finding (id INTEGER PRIMARY KEY, file, response, code, severity, verdict, tab, question, path, line, col,
	value, message, hint, sheet);
CREATE INDEX finding_by_response ON finding (response);
CREATE TABLE ledger (id INTEGER PRIMARY KEY, file, response, tab, path, line, col, stood, read_as, why, sheet);
CREATE INDEX ledger_by_response ON ledger (response);
-- whole: 1 when it is the file, 0 when it is one record of it; claimed: the respondent as the content names it;
-- settled: NULL while it waits, 1 when it was imported again (file is then NULL: another row of `file` has the return),
-- 2 when it was dismissed.  No row is deleted, so that an id is never used twice
CREATE TABLE quarantine (id INTEGER PRIMARY KEY, round, file, whole, source, line, code, field, message, hint, bytes, sheet,
	claimed, settled);
CREATE INDEX quarantine_by_file ON quarantine (file);

-- A finding that a person must settle.  number: counted for each respondent and round; name: the
-- question's number or name when it was opened; path: of the cell, with entry numbers; finding: the latest
-- that told it; state: a cnv_query_state; opened, closed: responses; changed: when its state was set
CREATE TABLE query (id INTEGER PRIMARY KEY, round, respondent, number, name, path, code, finding, state, reason,
	opened, closed, changed, changed_offset);
CREATE UNIQUE INDEX query_by_place ON query (respondent, round, path, code);
-- those waived, which every reader asks for and which are few
CREATE INDEX query_waived ON query (finding) WHERE state = 2;

-- Of a return that was sent out with earlier answers: the outcome of each of them, and the answers that are new;
-- path: of the cell; state: a cnv_prior
CREATE TABLE prior (response, path, state, PRIMARY KEY (response, path)) WITHOUT ROWID;
-- Returns in which nothing is answered: no response is made of them
CREATE TABLE returned_blank (id INTEGER PRIMARY KEY, file, round, respondent);

-- Which column of a returned file is which question, as a person said (import --map); form: NULL for all versions; the
-- last counts, without bytes: there is none
CREATE TABLE column_map (id INTEGER PRIMARY KEY, form, source, bytes, sha256);

-- What passed between those who ask and a respondent, in its order.  kind: a cnv_notice_kind; due: the new day of an
-- extension; happened as created above, and day (since 1970) in that zone: of one kind and day there is one (NULL before
-- layout 3)
CREATE TABLE notice (id INTEGER PRIMARY KEY, round, respondent, kind, due, reason, happened, happened_offset, day);
CREATE UNIQUE INDEX notice_by_key ON notice (round, respondent, kind, day);

-- What was done in a round, by whom and why, in its order: number 1, 2, 3, ...  kind: "imported" and so on; file: the
-- SHA-256 of the return; response: its id; happened as created above; detail: what else there is to know, depending on
-- the kind (canvass-store(5)).  digest: SHA-256 over the digest of the event before (32 zero bytes for the first) and,
-- each as length in bytes, colon, bytes, comma (NULL: a hyphen and a comma), the round's label and the columns from
-- number to detail, numbers in decimal and file in hexadecimal
CREATE TABLE event (id INTEGER PRIMARY KEY, round, number, kind, respondent, file, response, who, happened, happened_offset,
	reason, detail, digest);
CREATE UNIQUE INDEX event_by_number ON event (round, number);
CREATE TRIGGER event_is_final BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'an event cannot be changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'an event cannot be deleted'); END;

-- Interviews that are not finished: of one respondent one for each person who asks.  form: the bytes of the form that it was
-- begun with; bytes: the answers so far in the long layout; answered: how many, of the questions asked (NULL before layout 7);
-- changed as created above, and begun (NULL before layout 7)
CREATE TABLE draft (id INTEGER PRIMARY KEY, round, respondent, who, form, version, bytes, answered, changed, changed_offset,
	asked, begun, begun_offset);
CREATE UNIQUE INDEX draft_by_who ON draft (round, respondent, who);

-- Which column of the views for people (reading.sql) is which question; path and label: NULL for a column that is none
CREATE TABLE view_column (view, position, name, path, label, PRIMARY KEY (view, position)) WITHOUT ROWID;
