#!/usr/bin/python3
"""Roll-ups: what the store counts while it imports a large round is what reading every answer gives.

The answers are invented.  A workbook is made twice: by the counts, and from a copy of the store without them."""
import os
import random
import shutil
import sqlite3
import unittest

from story import Story, run

FORM = """survey
,type,name,label,required
,text,who,Respondent,
,select_one yn,member,Member,
,select_multiple topic,topics,Topics,
,rank topic,order,Order,
,integer,people,People,yes
,decimal,rate,Rate,
,decimal,weight,Weight,
,date,since,Since,
,begin_repeat,ship,Ships,
,select_one yn,active,Active,
,integer,crew,Crew,
,end_repeat,,,
choices
,list_name,name,label
,yn,yes,Yes
,yn,no,No
,topic,law,Law
,topic,cost,Cost
,topic,time,Time
settings
,form_title,form_id,version,respondent
,Large form,large,1,who
"""
HEADER = "who,member,topics,order,people,rate,weight,since,ship[1]/active,ship[1]/crew,ship[2]/crew\n"
MANY, NAMED = 20400, 20000
NOW = ["--now", "2026-12-01T00:00:00Z"]


def rows(seed, first, count, blank=True):
    """Invented answers: of few and of many different numbers, some wrong, some blank, some wholly blank."""
    draw = random.Random(seed)
    for i in range(first, first + count):
        if blank and draw.random() < 0.01:
            yield "R%d,,,,,,,,,," % i
            continue
        yield "R%d,%s,%s,%s,%s,%.2f,%.6f,%s,%s,%s,%s" % (
            i, draw.choice(["yes", "no", "N/A", "", "perhaps"]), draw.choice(["law", "law cost", "time", "D/K", ""]),
            draw.choice(["cost law time", ""]), draw.choice([draw.randrange(90), "", "many", "CONF"]), draw.randrange(300) / 7 - 3,
            draw.gauss(0, 1e3), draw.choice(["2020-02-29", "soon", ""]), draw.choice(["yes", "no", ""]),
            draw.choice([draw.randrange(30), "x"]), draw.choice(["", 7]))


class Rollup(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.store = self.path("s.db")

    def take(self, name, lines, round_="2026", form=None, *options):
        path = self.write(name, HEADER + "".join(line + "\n" for line in lines))
        code, _, err = run("import", form or self.form, path, "--store", self.store, "--round", round_, *NOW, *options)
        self.assertIn(code, (0, 1), err)

    def large(self, round_="2026", first=1, seed=1):
        self.take("large-%s.csv" % round_, rows(seed, first, MANY), round_)

    def rolled(self, query="SELECT count(*) FROM rollup", path=None):
        store = sqlite3.connect("file:%s?mode=ro" % (path or self.store), uri=True)
        try:
            return store.execute(query).fetchall()
        finally:
            store.close()

    def counted(self, round_="2026"):
        return dict(self.rolled("SELECT tab, n FROM rollup u JOIN round r ON r.id = u.round WHERE kind = 'rows' AND label = '%s'"
                                % round_)).get(0)

    def change(self, path, script):
        store = sqlite3.connect(path)
        store.executescript(script)
        store.close()

    def status(self, path, round_, *options):
        code, out, err = run("status", self.form, "--store", path, "--round", round_, "--json", *NOW, *options)
        self.assertEqual(code, 0, err)
        return out.replace(path, "STORE")

    def report(self, path, round_, *options):
        made = self.path("r.xlsx")
        code, _, err = run("report", self.form, "--store", path, "--round", round_, "-o", made, "--force", *NOW, *options)
        self.assertEqual(code, 0, err)
        with open(made, "rb") as file:
            return file.read()

    def assert_agree(self, round_="2026", counted=True, *options):
        """What is reported by the counts is what is reported from the answers."""
        if counted:
            self.assertEqual(self.counted(round_), self.rolled(
                "SELECT count(*) FROM response s JOIN round r ON r.id = s.round WHERE later IS NULL AND label = '%s'" % round_)[0][0])
        code, out, err = run("verify", self.store)
        self.assertEqual((code, err), (0, ""), out)
        scanned = self.path("scanned.db")
        shutil.copy(self.store, scanned)
        if os.path.isdir(self.store + ".files") and not os.path.isdir(scanned + ".files"):
            shutil.copytree(self.store + ".files", scanned + ".files")
        self.change(scanned, "DELETE FROM rollup")
        self.assertEqual(self.status(self.store, round_, *options), self.status(scanned, round_, *options))
        for audience in ("secretariat", "members"):
            self.assertEqual(self.report(self.store, round_, "--audience", audience, *options),
                             self.report(scanned, round_, "--audience", audience, *options))

    def test_a_large_round_is_counted_as_it_is_read(self):
        self.large()
        self.assertEqual(self.counted(), MANY)
        kinds = {kind for kind, in self.rolled("SELECT DISTINCT kind FROM rollup")}
        self.assertEqual(kinds, {"rows", "state", "choice", "number", "many"})
        self.assertGreater(self.rolled("SELECT n FROM rollup WHERE tab = 0 AND col = 1 AND kind = 'state' AND key = 7")[0][0], 0)
        self.assert_agree()
        roster = self.write("roster.csv", "code,name\n" + "".join("R%d,Name %d\n" % (i, i) for i in range(1, 300)))
        self.assert_agree("2026", True, "--roster", roster)

    def test_a_roster_is_counted_without_the_answers(self):
        self.take("full.csv", rows(5, 1, MANY, blank=False))
        roster = self.write("roster.csv", "code,name\n" + "".join("R%d,Name %d\n" % (i, i) for i in range(1, 30000, 3)))
        self.assert_agree("2026", True, "--roster", roster)

    def test_revisions_and_withdrawals_are_subtracted(self):
        self.large()
        self.large("2027", first=5, seed=2)
        self.take("revised.csv", rows(3, 10, 300))
        self.take("revised-again.csv", list(rows(4, 20, 5)) + list(rows(4, 25, 2)) + list(rows(9, 25, 2)))
        for who, revision in (("R11", 0), ("R12", 0), ("R25", 0), ("R12", 1), ("R26", 2)):
            code, _, err = run("withdraw", self.form, who, "--store", self.store, "--round", "2026", "--reason", "asked", *NOW,
                               *(["--revision", str(revision)] if revision else []))
            self.assertEqual(code, 0, err)
        self.take("after.csv", rows(6, 11, 1, blank=False))
        self.assertEqual(self.counted(), MANY - 1)
        self.assert_agree()
        self.assert_agree("2027")

    def test_a_large_file_of_revisions_is_counted_once(self):
        self.large()
        before = self.rolled("SELECT * FROM rollup")
        self.take("same.csv", list(rows(1, 1, MANY))[::-1])
        self.assertEqual(self.rolled("SELECT * FROM rollup"), before)
        self.take("next.csv", list(rows(1, 1, 900)) + list(rows(7, 901, MANY)))
        self.assertEqual(self.counted(), MANY + 900)
        self.assert_agree()

    def test_a_round_is_counted_when_it_becomes_large(self):
        self.take("first.csv", rows(1, 1, NAMED - 1))
        self.take("second.csv", rows(2, NAMED, 1))
        self.assertEqual(self.rolled(), [(0,)])
        self.take("third.csv", rows(3, NAMED + 1, 2))
        self.assert_agree()

    def test_answers_to_two_versions_are_read(self):
        self.large()
        later = self.write("later.csv", FORM.replace("large,1,", "large,2,").replace(",law,Law", ",law,Laws"))
        self.take("later-answers.csv", rows(8, 50, 30, blank=False), "2026", later)
        self.assertEqual(self.rolled("SELECT count(DISTINCT form), max(form) FROM rollup"), [(1, 2)])
        self.assert_agree(counted=False)

    def test_changed_counts_are_found(self):
        self.large()
        for script, said in (("UPDATE rollup SET n = n + 1 WHERE col = 1 AND kind = 'state' AND key = 0", ": member"),
                             ("UPDATE rollup SET n = n - 1 WHERE col = 5 AND kind = 'number' AND key = (SELECT min(key) FROM rollup"
                              " WHERE col = 5 AND kind = 'number' AND n > 1)", ": rate"),
                             ("DELETE FROM rollup WHERE kind = 'many'", ": weight"),
                             ("UPDATE rollup SET kind = 'rows' WHERE kind = 'choice' AND col = 2 AND key = 1", "")):
            changed = self.path("changed.db")
            shutil.copy(self.store, changed)
            self.change(changed, script)
            code, out, err = run("verify", changed)
            self.assertEqual(code, 1, err)
            self.assertIn("error[E0748]: the roll-ups of round 2026 differ from its answers" + said, out + err)

    def test_a_report_reads_the_counts(self):
        """So that the comparisons here compare something."""
        self.large()
        before = self.report(self.store, "2026")
        self.change(self.store, "UPDATE rollup SET n = n + 1 WHERE col = 1 AND kind = 'choice' AND key = 0")
        self.assertNotEqual(self.report(self.store, "2026"), before)

    def test_a_store_of_layout_8_is_counted_by_the_next_import(self):
        self.large()
        before = self.rolled("SELECT * FROM rollup")
        owns = self.rolled("SELECT id, lines, own FROM answers_1_0_0")
        self.change(self.store, "DROP TABLE rollup; PRAGMA user_version = 8")
        content = os.path.getsize(self.store)
        self.status(self.store, "2026")
        self.assertEqual(os.path.getsize(self.store), content)
        self.assertEqual(run("verify", self.store)[0], 0)
        self.take("one.csv", rows(11, MANY + 1, 1, blank=False))
        self.assertEqual(self.rolled("PRAGMA user_version"), [(10,)])
        self.assertEqual(self.rolled("SELECT id, lines, own FROM answers_1_0_0 WHERE id <= %d" % MANY), owns)
        self.assertGreaterEqual(len(self.rolled("SELECT * FROM rollup")), len(before))
        self.assert_agree()

    def test_the_past_is_read(self):
        self.large()
        before = self.report(self.store, "2026", "--as-of", "2026-12-01T00:00:00Z")
        path = self.write("later.csv", HEADER + "\n".join(rows(12, 1, 50, blank=False)) + "\n")
        self.assertIn(run("import", self.form, path, "--store", self.store, "--round", "2026", "--now", "2026-12-02T00:00:00Z")[0], (0, 1))
        self.assertEqual(self.report(self.store, "2026", "--as-of", "2026-12-01T00:00:00Z")[:2], before[:2])
        self.assert_agree()


if __name__ == "__main__":
    unittest.main()
