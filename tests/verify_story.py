"""verify: a store that is what was imported into it, and every way in which it is not."""
import hashlib
import json
import os
import shutil
import sqlite3
import unittest

from story import NOW, Story, published, FORM as SEAFARERS, run

FORM = """survey
type,name,label,required,constraint,audience
select_one who,who,Who,yes,,
integer,age,Age,yes,. > 0,
date,since,Since when,,,
select_multiple_from_file ports.csv,ports,Ports,,,
begin_repeat,doc,Documents,,,
text,title,Title,yes,,
end_repeat,,,,,
choices
list_name,name,label
who,aa,Alpha
who,bb,Beta
who,cc,Gamma
settings
form_id,version,respondent
small,1,who
"""
FORM = FORM.replace("\ntype", "\n,type").replace("\nlist_name", "\n,list_name").replace("\nform_id", "\n,form_id")
FORM = "\n".join(line if line.startswith(",") or line in ("survey", "choices", "settings") else "," + line
                 for line in FORM.splitlines()) + "\n"

# Columns whose content nothing else in the store or in an original says: what people did, and when.
UNPROVED = {("notice", "respondent"), ("notice", "reason"), ("query", "respondent"), ("query", "name"),
            ("query", "path"), ("query", "reason"), ("quarantine", "hint"), ("quarantine", "source"),
            ("finding", "hint"), ("file", "name"), ("file", "reading"), ("file", "program"), ("form", "version"), ("form", "name"),
            ("form_table", "path"), ("question", "path"), ("question", "name"), ("question", "coding"), ("choice", "name"),
            ("roster", "source"), ("column_map", "source"), ("beside", "name"), ("original", "name"), ("remark", "question"),
            ("finding", "question"),
            # wordings: another canvass may have others for the same
            ("finding", "message"), ("ledger", "why"), ("quarantine", "message")}


class Verify(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("roster.csv", "code,name\naa,Alpha\nbb,Beta\ncc,Gamma\n")
        self.write("ports.csv", "name,label\nrtm,Rotterdam\nsin,Singapore\n")
        self.store = self.path("s.db")

    def take(self, *files, more=()):
        code, _, err = run("import", self.form, *files, "--store", self.store, "--round", "2026", "--now", NOW, *more)
        self.assertIn(code, (0, 1), err)

    def verify(self, store=None):
        code, out, err = run("verify", store or self.store, "--json")
        self.assertEqual(err, "")
        told = json.loads(out)
        self.assertEqual(told["schema"], "canvass.verify/1")
        self.assertEqual(told["differences"] > 0, code == 1, out)
        return code, told

    def fill(self):
        """A store with all that a store can hold."""
        self.take(self.write("a.csv", "who,age,since,ports,doc[1]/title,doc[2]/title\naa,15,2026-02-01,rtm sin,one,two\n"
                             "Beta, 007,01.02.2026,Rotterdam,three,\nzz,3,,,,\n"))
        self.take(self.write("b.csv", "question,answer,note\nwho,aa,by phone\nage,-1,\nsince,2026-02-03,\ndoc[1]/title,four,\n"))
        self.take(self.write("c.csv", "who,age\n"))
        self.take(self.write("d.csv", "question,answer\nage,5\n"), more=["--respondent", "dd"])
        run("status", self.form, "--store", self.store, "--now", NOW, "--extended", "cc", "--due", "2027-01-01", "--reason", "illness")

    def change(self, statement, *values):
        copy = self.path("copy.db")
        shutil.copyfile(self.store, copy)
        db = sqlite3.connect(copy)
        with db:
            for trigger in ("event_is_final", "event_stays"):
                db.execute("DROP TRIGGER " + trigger)
            db.execute(statement, values)
        db.close()
        return copy

    def test_a_store_is_what_was_imported(self):
        self.fill()
        with open(self.store, "rb") as file:
            before = file.read()
        code, told = self.verify()
        self.assertEqual((code, told["diagnostics"]), (0, []))
        self.assertEqual((told["returns"], told["quarantined"], told["responses"], told["derived"], told["not_checked"]),
                         (4, 2, 3, 4, 0))
        with open(self.store, "rb") as file:
            self.assertEqual(before, file.read())
        self.assertEqual(os.path.exists(self.store + ".files"), False)

    def test_a_return_is_judged_again_with_the_delimiter_it_was_given(self):
        path = self.write("tabs.csv", "who\tage\naa\t5\n")
        code, _, err = run("import", self.form, path, "--store", self.store, "--round", "2026", "--now", NOW, "--delimiter", "tab")
        self.assertIn(code, (0, 1), err)
        code, out, _ = run("verify", self.store)
        self.assertEqual(code, 0, out)

    def test_the_published_answers(self):
        store = self.path("p.db")
        run("import", SEAFARERS, *published(), "--store", store, "--now", NOW)
        code, told = self.verify(store)
        self.assertEqual((code, told["derived"], told["not_checked"]), (0, 21, 0))

    def test_a_changed_byte_is_found_wherever_it_is(self):
        self.fill()
        db = sqlite3.connect(self.store)
        missed, tried = [], 0
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if table.startswith("sqlite_"):
                continue
            keyed = "WITHOUT ROWID" not in db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
            names = [row[1] for row in db.execute('PRAGMA table_info("%s")' % table)]
            for row in db.execute('SELECT %s, * FROM "%s"' % ("rowid" if keyed else "NULL", table)).fetchall():
                for name, value in zip(names, row[1:]):
                    if not keyed or not isinstance(value, (str, bytes)) or not value or (table, name) in UNPROVED:
                        continue
                    places = sorted({0, len(value) // 2, len(value) - 1})
                    for at in places if len(value) > 100 else [places[tried % len(places)]]:
                        if isinstance(value, str):
                            other = value[:at] + ("x" if value[at] != "x" else "y") + value[at + 1:]
                        else:
                            other = value[:at] + bytes([value[at] ^ 1]) + value[at + 1:]
                        tried += 1
                        copy = self.change('UPDATE "%s" SET %s = ? WHERE rowid = ?' % (table, name), other, row[0])
                        code = run("verify", copy)[0]
                        if code not in (1, 3):
                            missed.append((table, name, row[0], at, value))
        db.close()
        print("agreement: changed bytes of texts and blobs: %d of %d found" % (tried - len(missed), tried))
        self.assertEqual(missed, [])

    def test_events_are_chained_and_the_last_link_is_printed(self):
        self.fill()
        code, told = self.verify()
        db = sqlite3.connect(self.store)
        last = db.execute("SELECT number, digest FROM event ORDER BY number DESC LIMIT 1").fetchone()
        with self.assertRaises(sqlite3.IntegrityError):
            db.execute("UPDATE event SET reason = 'another' WHERE number = 1")
        with self.assertRaises(sqlite3.IntegrityError):
            db.execute("DELETE FROM event WHERE number = 1")
        self.assertEqual((code, told["events"]), (0, [{"round": "2026", "count": last[0], "last": last[1].hex(), "unbroken": True}]))
        # anybody can compute the digests
        digest = bytes(32)
        for row in db.execute("SELECT '2026', number, kind, respondent, lower(hex(file)), response, who, happened, happened_offset,"
                              " reason, detail FROM event ORDER BY number").fetchall():
            parts = ["" if i == 4 and not part else part for i, part in enumerate(row)]
            parts = [None if part in (None, "") else str(part).encode() for part in parts]
            digest = hashlib.sha256(digest + b"".join(b"-," if part is None else b"%d:%s," % (len(part), part)
                                                      for part in parts)).digest()
        self.assertEqual(digest, last[1])
        for statement in ("DELETE FROM event WHERE number = 2", "UPDATE event SET who = 'another' WHERE number = 1",
                          "UPDATE event SET number = number + 1 WHERE number = 5", "UPDATE event SET response = 3 WHERE number = 1",
                          "INSERT INTO event SELECT NULL, round, 6, kind, respondent, file, response, who, happened, happened_offset,"
                          " reason, detail, digest FROM event WHERE number = 5",
                          "UPDATE event SET happened = happened + 1 WHERE number = 5"):
            code, told = self.verify(self.change(statement))
            self.assertEqual((code, told["events"][0]["unbroken"]), (1, False), statement)
            self.assertIn("E0723", [diag["code"] for diag in told["diagnostics"]])

    def test_wordings_may_change(self):
        self.fill()
        for statement in ("UPDATE finding SET message = 'said otherwise', hint = 'otherwise'", "UPDATE ledger SET why = 'otherwise'",
                          "UPDATE quarantine SET message = 'otherwise', hint = ''"):
            code, told = self.verify(self.change(statement))
            self.assertEqual(code, 0, (statement, told))

    def test_changed_values_are_found(self):
        self.fill()
        for statement in ("UPDATE answers_1_0_0 SET q1 = 16 WHERE q1 = 15", "UPDATE answers_1_0_0 SET q0 = 2 WHERE id = 2",
                          "DELETE FROM answers_1_1_0 WHERE id = 2", "UPDATE response SET later = NULL WHERE id = 1",
                          "UPDATE response SET revision = 3 WHERE revision = 2", "UPDATE response SET line = 9 WHERE id = 1",
                          "DELETE FROM response WHERE id = 3", "DELETE FROM finding WHERE id = 1", "DELETE FROM ledger WHERE id = 1",
                          "DELETE FROM quarantine WHERE whole", "UPDATE file SET responses = 7 WHERE id = 1",
                          "DELETE FROM original WHERE id = 2", "UPDATE round SET current = 0", "DELETE FROM remark",
                          "UPDATE finding SET severity = 1 - severity WHERE id = 1", "UPDATE file SET quarantined = 1 WHERE id = 1"):
            code, told = self.verify(self.change(statement))
            self.assertEqual(code, 1, statement)
        code, told = self.verify(self.change("UPDATE answers_1_0_0 SET q1 = 16 WHERE q1 = 15"))
        self.assertIn("age", [diag.get("field") for diag in told["diagnostics"]])

    def test_a_large_original_is_read_again(self):
        path = self.write("large.csv", "who,age,doc[1]/title\n" + "".join("aa,%d,%s\n" % (i + 1, "t" * 800) for i in range(22000)))
        self.take(path)
        folder = self.store + ".files"
        kept = os.path.join(folder, os.listdir(folder)[0])
        self.assertEqual(self.verify()[0], 0)
        size = os.path.getsize(kept)
        for at in (0, size // 2, size - 1):
            with open(kept, "r+b") as file:
                file.seek(at)
                byte = file.read(1)
                file.seek(at)
                file.write(bytes([byte[0] ^ 1]))
            code, told = self.verify()
            self.assertEqual((code, told["diagnostics"][0]["code"]), (1, "E0733"))
            with open(kept, "r+b") as file:
                file.seek(at)
                file.write(byte)
        self.write("s.db.files/letter.txt", "Dear all")
        code, told = self.verify()
        self.assertEqual((code, [diag["code"] for diag in told["diagnostics"]]), (0, ["W0736"]))
        os.remove(kept)
        code, told = self.verify()
        self.assertEqual((code, told["diagnostics"][0]["code"]), (1, "E0733"))

    def test_what_another_version_judged_is_a_warning(self):
        self.fill()
        copy = self.change("UPDATE file SET program = '0.0.1'")
        self.assertEqual(self.verify(copy)[0], 0)
        db = sqlite3.connect(copy)
        with db:
            db.execute("UPDATE finding SET value = 'another'")
        db.close()
        code, told = self.verify(copy)
        self.assertEqual((code, {diag["code"] for diag in told["diagnostics"]}), (0, {"W0740"}))
        self.assertEqual(run("verify", copy, "--strict")[0], 1)

    def test_what_an_earlier_canvass_did_not_note_is_counted(self):
        self.fill()
        copy = self.change("UPDATE file SET program = NULL, given = NULL, options = NULL")
        code, told = self.verify(copy)
        self.assertEqual((code, told["derived"], told["not_checked"]), (0, 0, 4))

    def test_what_cannot_be_read(self):
        for path in (self.path("none.db"), self.form):
            code, _, err = run("verify", path)
            self.assertEqual(code, 3, err)
        self.fill()
        size = os.path.getsize(self.store)
        with open(self.store, "r+b") as file:
            file.seek(size // 2 // 16384 * 16384)  # the head of a page
            file.write(b"\xff" * 4096)
        os.mkdir(self.path("work"))
        self.assertIn(run("verify", self.store, env={"TMPDIR": self.path("work")})[0], (1, 3))
        self.assertEqual(os.listdir(self.path("work")), [])


if __name__ == "__main__":
    unittest.main()
