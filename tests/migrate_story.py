"""A store of an earlier layout: read as it is, and made a store of this layout by the first command that writes to it,
whatever happens on the way.

tests/stores/layout-7.sql is a store as the last canvass of that layout made it."""
import os
import re
import sqlite3
import unittest

from logical import differences, logical
from shim import begin, built, finish, preloaded
from story import FULL, NOW, ROOT, Story, run

STORES = os.path.join(ROOT, "tests/stores")
FORM = os.path.join(STORES, "layout-7-form.csv")
LAYOUT = 10
KILLED, ENOSPC = -9, 28
# Every table, column, index, trigger and view, as it was written.
SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*' ORDER BY type, name"


def query(path, text):
    store = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        return store.execute(text).fetchall()
    finally:
        store.close()


def layout(path):
    return query(path, "PRAGMA user_version")[0][0]


def content(path):
    with open(path, "rb") as file:
        return file.read()


class Migrate(Story):
    def older(self, name="s.db"):
        """The store of layout 7."""
        path = self.path(name)
        store = sqlite3.connect(path)
        with open(os.path.join(STORES, "layout-7.sql"), encoding="utf-8") as script:
            store.executescript(script.read())
        store.close()
        os.chmod(path, 0o600)
        self.assertEqual(layout(path), 7)
        return path

    def write_to(self, path, env=None):
        """A command that writes, and changes only which round is current."""
        return finish(begin("status", FORM, "--store", path, "--round", "2026", "--make-current", "--now", NOW, env=env))

    # ------------------------------------------------------------ read

    def test_reading_it_changes_no_byte(self):
        path = self.older()
        before = content(path)
        for command in (["status", FORM], ["findings", FORM, "--all"], ["history", FORM, "AA"], ["quarantine", FORM],
                        ["export", FORM, "-o", self.path("export")], ["report", FORM, "-o", self.path("r.xlsx")]):
            code, _, err = run(*command, "--store", path, "--round", "2026", "--now", NOW)
            self.assertIn(code, (0, 1), err)
        code, out, err = run("verify", path)
        self.assertEqual((code, err), (0, ""), out)
        self.assertIn("6 returns imported again", out)
        self.assertEqual(content(path), before)

    def test_it_is_read_as_at_an_earlier_time(self):
        path = self.older()
        for instant, answered in (("2027-01-01T00:00:00Z", 1), ("2020-01-01T00:00:00Z", 0)):
            code, out, err = run("report", FORM, "--store", path, "--round", "2026", "--as-of", instant, "-o", self.path("past.xlsx"),
                                 "--force", "--now", NOW)
            self.assertEqual((code, bool(re.search(r"[1-9]\d* of \d+ answered", out))), (0, bool(answered)), out + err)

    def test_its_own_texts_are_those_of_the_answers(self):
        """What is exported from the older store is what is exported once it was written to."""
        path = self.older()
        exported = []
        for folder in ("before", "after"):
            out = self.path(folder)
            code, _, err = run("export", FORM, "--store", path, "--round", "2026", "-o", out + ".jsonl", "--now", NOW)
            self.assertEqual(code, 0, err)
            exported.append(content(out + ".jsonl"))
            self.assertEqual(self.write_to(path)[0], 0)
        self.assertIn(b'"answer":"perhaps"', exported[0])
        self.assertEqual(*exported)

    # ------------------------------------------------------------ written to

    def test_the_first_command_that_writes_makes_it_a_store_of_this_layout(self):
        path = self.older()
        before = logical(path, places=True)
        code, _, err = self.write_to(path)
        self.assertEqual((code, err.split("\n")[0]), (0, "%s: note[N0724]: upgraded from layout 7 to %d" % (path, LAYOUT)))
        self.assertEqual(layout(path), LAYOUT)
        after = logical(path, places=True)
        before["rounds"] = after["rounds"]  # the command has made the other one current
        self.assertEqual(differences(before, after), [])
        self.assertEqual(query(path, "PRAGMA foreign_key_check"), [])
        self.assertEqual(run("verify", path)[0::2], (0, ""))
        code, _, err = self.write_to(path)
        self.assertEqual(code, 0, err)
        self.assertNotIn("N0724", err)

    def test_it_is_made_like_a_new_store(self):
        path = self.older()
        self.assertEqual(self.write_to(path)[0], 0)
        with open(FORM, encoding="utf-8") as file:
            newer = file.read()
        older = self.write("form1.csv", newer.replace(",invented,2,who", ",invented,1,who").replace(",time,at,At,,", ",text,at,At,,"))
        answers = self.write("n.csv", "who,ships\nAA,1\n")
        for form, label in ((older, "2025"), (FORM, "2026")):
            self.assertEqual(run("import", form, answers, "--store", self.path("new.db"), "--round", label, "--now", NOW)[0], 0)
        self.assertEqual(query(path, SCHEMA), query(self.path("new.db"), SCHEMA))

    def test_a_table_with_fewer_columns_is_made_again(self):
        """As in layout 9, which knew one query for each path and code."""
        path = self.older()
        self.assertEqual(self.write_to(path)[0], 0)
        schema, rows = query(path, SCHEMA), query(path, "SELECT * FROM query ORDER BY id")
        self.assertTrue(rows)
        store = sqlite3.connect(path)
        made = store.execute("SELECT sql FROM sqlite_schema WHERE name = 'query'").fetchone()[0]
        store.executescript("CREATE TABLE kept AS SELECT * FROM query; DROP TABLE query; %s; INSERT INTO query SELECT %s FROM kept;"
                            "DROP TABLE kept; CREATE INDEX query_waived ON query (finding) WHERE state = 2; PRAGMA user_version = 9;"
                            % (made.replace("nth INTEGER NOT NULL DEFAULT 1, ", "").replace("code, nth)", "code)"),
                               ", ".join(row[1] for row in store.execute("PRAGMA table_info(query)") if row[1] != "nth")))
        store.close()
        listed = run("findings", FORM, "--store", path, "--round", "2026", "--all", "--json", "--now", NOW)
        self.assertEqual(self.write_to(path)[0], 0)
        self.assertEqual(layout(path), LAYOUT)
        self.assertEqual(query(path, SCHEMA), schema)
        self.assertEqual(query(path, "SELECT * FROM query ORDER BY id"), rows)
        self.assertEqual(run("findings", FORM, "--store", path, "--round", "2026", "--all", "--json", "--now", NOW), listed)

    def test_the_views_say_what_was_written_and_where(self):
        path = self.older()
        self.assertEqual(self.write_to(path)[0], 0)
        self.assertIn(("CC", "reasons", "law time", "time  law", "b.csv", 3),
                      query(path, "SELECT respondent, path, value, written, file, line FROM answers_long WHERE round = '2026'"))
        self.assertIn(("crew[1]/paper[2]/issued", 14), query(path, "SELECT path, line FROM answers_long WHERE round = '2025'"))

    def test_what_a_person_added_stays(self):
        path = self.older()
        store = sqlite3.connect(path)
        store.executescript("CREATE TABLE mine (a); INSERT INTO mine VALUES (1); CREATE VIEW counted AS SELECT count(*) FROM response;")
        store.close()
        self.assertEqual(self.write_to(path)[0], 0)
        self.assertEqual(query(path, "SELECT * FROM mine"), [(1,)])
        self.assertEqual(query(path, "SELECT * FROM counted"), [(7,)])

    # ------------------------------------------------------------ what goes wrong

    def test_a_damaged_store_stays_as_it_is(self):
        for damage in ("UPDATE answers_2_0_0 SET own = x'05ff' WHERE id = 3", "UPDATE answers_2_0_0 SET lines = x'ff' WHERE id = 3",
                       "UPDATE file SET size = 'large'"):
            path = self.older()
            store = sqlite3.connect(path)
            store.execute(damage)
            store.commit()
            store.close()
            before = content(path)
            code, _, err = self.write_to(path)
            self.assertNotEqual(code, 0)
            self.assertIn("error[E0708]", err)
            self.assertEqual(content(path), before)
            os.unlink(path)

    @unittest.skipUnless(built("shim_calls"), "there is no C compiler")
    def test_killed_at_any_call_it_is_the_older_store_or_the_newer_one(self):
        path, count = self.older(), self.path("count")
        wanted = logical(path, places=True)
        self.assertEqual(self.write_to(path, preloaded("shim_calls", SHIM_COUNT=count))[0], 0)
        with open(count, encoding="ascii") as file:
            total = int(file.read())
        after = logical(path, places=True)
        os.unlink(path)
        seen = set()
        for point in range(1, total + 1, 1 if FULL else max(1, total // 12)):
            for do in ("kill", "torn"):
                with self.subTest("%s at call %d of %d" % (do, point, total)):
                    path = self.older()
                    code, _, err = self.write_to(path, preloaded("shim_calls", SHIM_AT=point, SHIM_DO=do))
                    self.assertEqual(code, KILLED, err)
                    # The next reader finds what there was, rolls back what was not committed, and changes nothing else.
                    code, _, err = run("status", FORM, "--store", path, "--round", "2026", "--now", NOW)
                    self.assertEqual(code, 0, err)
                    seen.add(layout(path))
                    now = logical(path, places=True)
                    self.assertEqual(differences(dict(wanted, rounds=now["rounds"]), now), [])
                    self.assertEqual(self.write_to(path)[0], 0)
                    self.assertEqual(differences(after, logical(path, places=True)), [])
                    os.unlink(path)
        self.assertIn(7, seen)

    @unittest.skipUnless(built("shim_calls"), "there is no C compiler")
    def test_a_full_disk_leaves_the_older_store(self):
        for point in (3, 20, 60):
            path = self.older()
            code, _, err = self.write_to(path, preloaded("shim_calls", SHIM_AT=point, SHIM_DO=ENOSPC))
            self.assertNotEqual(code, 0, err)
            self.assertEqual(layout(path), 7)
            self.assertEqual(self.write_to(path)[0], 0)
            self.assertEqual(layout(path), LAYOUT)
            os.unlink(path)


if __name__ == "__main__":
    unittest.main()
