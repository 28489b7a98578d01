"""import, collect: a response whose answers are the same in other words changes nothing, and is known to have come.

All responses are invented."""
import csv
import io
import sqlite3
import unittest

from story import NOW, Story, dump, import_json, run

FORM = """survey
,type,name,label
,text,who,Who
,select_one colour,one,Colour
,select_multiple colour,many,Colours
,rank colour,order,"Colours, the best first"
,select_one_from_file ports.csv,port,Port
,select_multiple_from_file ports.csv,ports,Ports
,integer,ships,Ships
,decimal,share,Share
,date,day,Day
,time,at,Time
,dateTime,met,Met
,text,note,Note
,acknowledge,seen,Seen
,begin_repeat,doc,Document
,text,title,Title
,select_one colour,tint,Tint
,end_repeat,,
choices
,list_name,name,label
,colour,red,Rouge
,colour,blue,Bleu
settings
,form_id,version,respondent
,spelling,1,who
"""
PORTS = "name,label\np1,North Harbour\np2,South Harbour\n"
# The question, its answer in two returns, and whether it is the same.
PAIRS = [("one", "red", "Rouge", True), ("one", "red", "rouge ", True), ("one", "red", "Bleu", False), ("one", "red", "", False),
         ("many", "red blue", "Bleu; Rouge", True), ("many", "red", "Rouge, Bleu", False),
         ("order", "blue red", "Bleu, Rouge", True), ("order", "blue red", "red blue", False),
         ("port", "p1", "North Harbour", True), ("port", "p1", "South Harbour", False), ("ports", "p1 p2", "p2 p1", True), ("ports", "p1", "p1 p2", False),
         ("ships", "3400", "3400.0", True), ("ships", "7", "007", True), ("ships", "7", "8", False), ("ships", "soon", " soon", True),
         ("ships", "soon", "later", False), ("ships", "N/A", "n/a", True), ("ships", "N/A", "D/K", False), ("ships", "N/A", "7", False),
         ("share", "0.5", "0.50", True), ("share", "2", "2.0", True), ("share", "0.5", "0.51", False),
         ("day", "2026-12-01", "1 December 2026", True), ("day", "2026-12-01", "2026-12-02", False),
         ("at", "09:05", "9:05", True), ("at", "09:05", "09:06", False), ("met", "2026-12-01T10:00:00Z", "2026-12-01T11:00:00+01:00", True),
         ("met", "2026-12-01T10:00:00Z", "2026-12-01T10:00:00+01:00", False), ("note", "two\r\nlines", "two\nlines", True),
         ("note", "an act", " an act ", True), ("note", "an act", "An act", False), ("note", "an act", "an  act", False),
         ("seen", "OK", "yes", True), ("doc[1]/tint", "red", "Rouge", True), ("doc[1]/tint", "red", "blue", False), ("doc[1]/title", "x", "", False)]
HEADER = ["who", *dict.fromkeys(pair[0] for pair in PAIRS)]


def respondent(number):
    return "R%02d" % number


class Spelling(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("ports.csv", PORTS)
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--now", NOW]

    def table(self, name, rows):
        out = io.StringIO()
        write = csv.DictWriter(out, HEADER, lineterminator="\n")
        write.writeheader()
        write.writerows(rows)
        return self.write(name, out.getvalue())

    def returns(self, name, which, numbers=range(len(PAIRS))):
        """A table of the first or second answers of these pairs."""
        return self.table(name, [{"who": respondent(i), "doc[1]/title": "Act", PAIRS[i][0]: PAIRS[i][1 + which]} for i in numbers])

    def take(self, *files, more=()):
        told = import_json(self.form, *files, *self.options, *more)[1]
        return [told["responses"][key] for key in ("new", "revisions", "already_there", "quarantined")]

    def ask(self, query):
        with sqlite3.connect(self.store) as db:
            return db.execute(query).fetchall()

    def expected(self):
        same = sum(pair[3] for pair in PAIRS)
        return [0, len(PAIRS) - same, same, 0]

    def assert_counted(self):
        """Revision 2 of those whose answer is another; every change is listed, and the store is as its originals say."""
        revisions = dict(self.ask("SELECT respondent, max(revision) FROM response GROUP BY respondent"))
        for i, pair in enumerate(PAIRS):
            self.assertEqual(revisions[respondent(i)], 1 if pair[3] else 2, pair)
            out = run("history", self.form, respondent(i), *self.options)[1]
            self.assertNotIn("0 answers changed", out, pair)
        code, out, err = run("verify", self.store)
        self.assertEqual((code, err), (0, ""), out)

    def test_in_one_file(self):
        first, second = self.returns("1.csv", 0), self.returns("2.csv", 1)
        self.assertEqual(self.take(first), [len(PAIRS), 0, 0, 0])
        self.assertEqual(self.take(second, more=["-n"]), self.expected())
        self.assertEqual(self.take(second), self.expected())
        self.assert_counted()

    def test_one_by_one_and_then_together(self):
        """Small returns are summed otherwise than large ones."""
        files = [self.returns("one-%d.csv" % i, 0, [i]) for i in range(len(PAIRS))]
        self.assertEqual(self.take(*files), [len(PAIRS), 0, 0, 0])
        self.assertEqual(self.take(self.returns("2.csv", 1)), self.expected())
        self.assert_counted()

    def test_together_and_then_one_by_one(self):
        self.assertEqual(self.take(self.returns("1.csv", 0)), [len(PAIRS), 0, 0, 0])
        self.assertEqual(self.take(*[self.returns("one-%d.csv" % i, 1, [i]) for i in range(len(PAIRS))]), self.expected())
        self.assert_counted()

    def test_the_other_return_is_kept_and_listed(self):
        """The words that came first stay those of the answer."""
        self.take(self.table("1.csv", [{"who": "aa", "one": "Rouge", "ships": "007"}]))
        before = dump(self.store)
        self.take(self.table("2.csv", [{"who": "aa", "one": "red", "ships": "7"}]))
        after = dump(self.store)
        for table in ("response", "answers_1_0_0", "finding", "ledger"):
            self.assertEqual(after[table], before[table], table)
        self.assertEqual(self.ask("SELECT name FROM original ORDER BY id"), [(self.path("1.csv"),), (self.path("2.csv"),)])
        out = run("history", self.form, "aa", *self.options)[1]
        self.assertRegex(out, r"2  2026-\S+ \S+  imported    aa: \S*2\.csv, by \w+\n +no answer changed\n")
        self.assertEqual(out.count("\nrevision "), 1)
        self.assertEqual(run("verify", self.store)[0], 0)

    def test_a_remark_is_a_change(self):
        lines = "question,answer,note\nwho,aa,\none,%s,%s\n"
        self.assertEqual(self.take(self.write("1.csv", lines % ("red", ""))), [1, 0, 0, 0])
        self.assertEqual(self.take(self.write("2.csv", lines % ("Rouge", ""))), [0, 0, 1, 0])
        self.assertEqual(self.take(self.write("3.csv", lines % ("Rouge", "page 2"))), [0, 1, 0, 0])

    def test_what_is_set_in_other_words_changes_nothing(self):
        self.take(self.table("1.csv", [{"who": "aa", "one": "red", "many": "red blue", "day": "2026-12-01"}]))
        code, out, err = run("collect", self.form, "aa", "--set", "one=Rouge", "--set", "many=Bleu, Rouge", "--set", "day=1 December 2026",
                             "--reason", "telephone", *self.options)
        self.assertEqual((code, out), (0, "already imported; nothing changed\n"), err)
        out = run("history", self.form, "aa", *self.options)[1]
        self.assertEqual(out.count("\nrevision "), 1)
        self.assertRegex(out, r"entered     aa: entered by \w+\n +telephone\n")


if __name__ == "__main__":
    unittest.main()
