"""What a return changes is told before it is stored and after, blanks are meant or not, and a folder may be given.

All answers are invented."""
import json
import os
import random
import shutil
import sqlite3
import unittest

from story import NOW, Story, dump, import_json, run

FORM = """survey
,type,name,label,required,relevant,qno
,select_one who,who,Who,yes,,
,integer,seats,How many seats?,yes,,A1
,select_one yn,legal,Is it legal?,,,A2
,text,why,Why?,,${legal} = 'y',A3
,decimal,share,Share,,,A4
,select_multiple yn,both,Both,,,A5
,begin_repeat,doc,Documents,,${legal} = 'y',
,text,title,Title,,,B1
,integer,pages,Pages,,,B2
,end_repeat,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
,yn,y,Yes
,yn,n,No
settings
,form_id,version,respondent
,demo,1,who
"""
FIRST = [("who", "aa"), ("seats", "3"), ("legal", "y"), ("why", "because"), ("share", "1.50"), ("both", "y n"),
         ("doc[1]/title", "T"), ("doc[1]/pages", "9"), ("doc[2]/title", "U")]


class Staged(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--now", NOW, "--round", "2026"]

    def long(self, name, pairs, note=""):
        return self.write(name, "question,answer,note\n" + "".join("%s,%s,%s\n" % (*pair, note) for pair in pairs))

    def take(self, *files, more=(), code=0):
        got, out, err = run("import", self.form, *files, *self.options, *more)
        self.assertEqual(got, code, out + err)
        return out.replace(self.folder.name + "/", "")

    def lines(self, file, *more):
        """Lines of --jsonl by their type."""
        _, out, err = run("import", self.form, file, *self.options, "--jsonl", *more)
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertTrue(lines, err)
        return {kind: [line for line in lines if line["type"] == kind] for kind in ("response", "changed", "change", "finding")}

    def changed(self, file, *more):
        return [(line["question"], line["path"], line["from"], line["to"], line["verdict"]) for line in self.lines(file, *more)["changed"]]

    def but(self, name, **answers):
        """The first return with other answers; None: without that line."""
        answers = {key.replace("_1_", "[1]/").replace("_2_", "[2]/"): value for key, value in answers.items()}
        pairs = [(key, answers.pop(key, value)) for key, value in FIRST] + list(answers.items())
        return self.long(name, [pair for pair in pairs if pair[1] is not None])


class Changes(Staged):
    def test_a_rehearsal_tells_new_responses_in_a_line_each(self):
        out = self.take(self.long("a.csv", FIRST), self.long("b.csv", [("who", "bb"), ("seats", "1")]), more=["-n"])
        self.assertEqual(out.splitlines()[:2], ["a.csv: aa, new: 9 answers", "b.csv: bb, new: 2 answers"])
        self.assertNotIn("new: 9", self.take(self.long("a.csv", FIRST)))

    def test_every_changed_answer_is_told_with_the_old_and_the_new(self):
        self.take(self.long("a.csv", FIRST))
        second = self.but("a2.csv", seats="4", share="1.5", both="n", doc_1_title="V", doc_2_title=None)
        lines = ["a2.csv: aa, revision 2: 4 answers changed", "  A1 seats: 3 -> 4, accepted",
                 "  A5 both: y n -> n, accepted", "  B1 doc[1]/title: T -> V, accepted", "  B1 doc[2]/title: U -> (blank)"]
        before = dump(self.store)
        rehearsed = self.take(second, more=["-n"]).splitlines()
        self.assertEqual(rehearsed[:len(lines)], lines)
        self.assertEqual(dump(self.store), before)
        self.assertEqual(self.take(second).splitlines()[:len(lines)], lines)

    def test_the_same_answers_in_another_file_change_nothing(self):
        self.take(self.long("a.csv", FIRST))
        out = self.take(self.long("b.csv", FIRST[::-1]))
        self.assertNotIn("revision", out.splitlines()[0])
        self.assertIn("1 already there", out)

    def test_an_answer_that_became_wrong_says_how(self):
        self.take(self.long("a.csv", FIRST))
        self.assertEqual(self.changed(self.but("b.csv", seats="many", legal="maybe"), "-n"), [
            ("A1", "seats", "3", "many", "cannot be read as an answer of this kind"),
            ("A2", "legal", "y", "maybe", "not one of the choices"),
            ])

    def test_a_new_entry_and_an_entry_that_is_gone(self):
        self.take(self.long("a.csv", FIRST))
        self.assertEqual(self.changed(self.but("b.csv", doc_3_title=None, **{"doc[3]/title": "W"}), "-n"),
                         [("B1", "doc[3]/title", "", "W", "accepted")])

    def test_other_remarks_alone_are_told(self):
        self.take(self.long("a.csv", FIRST))
        out = self.take(self.long("b.csv", FIRST, note="seen"))
        self.assertEqual(out.splitlines()[0], "b.csv: aa, revision 2: 0 answers changed, remarks changed")

    def test_the_last_revision_is_what_it_is_compared_with(self):
        self.take(self.long("a.csv", FIRST))
        self.take(self.but("b.csv", seats="4"))
        self.assertEqual(self.changed(self.but("c.csv", seats="5")), [("A1", "seats", "4", "5", "accepted")])

    def test_files_of_one_import_come_one_after_the_other(self):
        out = self.take(self.long("a.csv", FIRST), self.but("b.csv", seats="4"), self.but("c.csv", seats="5"))
        self.assertEqual([line for line in out.splitlines() if "seats" in line],
                         ["  A1 seats: 3 -> 4, accepted", "  A1 seats: 4 -> 5, accepted"])

    def test_another_round_is_not_compared_with(self):
        self.take(self.long("a.csv", FIRST))
        self.options[-1] = "2027"
        self.assertEqual(self.lines(self.but("b.csv", seats="4"), "-n")["response"][0]["new"], True)

    def test_no_more_than_a_screenful_and_jsonl_tells_all(self):
        people = ["P%03d" % i for i in range(60)]
        form = self.write("wide.csv", "survey\n,type,name,label\n,text,who,Who\n,integer,age,Age\nsettings\n,form_id,respondent\n,wide,who\n")
        rows = ["who,age\n" + "".join("%s,%d\n" % (who, age) for who in people) for age in (20, 21)]
        first, second = self.write("w1.csv", rows[0]), self.write("w2.csv", rows[1])
        run("import", form, first, *self.options)
        code, out, _ = run("import", form, second, *self.options)
        self.assertEqual((code, out.count("age: 20 -> 21, accepted")), (0, 20))
        self.assertIn("... and 80 more lines about changes; --jsonl prints all\n", out)
        _, out, _ = run("import", form, first, *self.options, "--jsonl", "--round", "2027")
        _, out, _ = run("import", form, second, *self.options, "--jsonl", "--round", "2027")
        self.assertEqual(out.count('"type":"changed"'), 60)

    def test_json_holds_them_with_the_file(self):
        self.take(self.long("a.csv", FIRST))
        _, told, _ = import_json(self.form, self.but("b.csv", seats="4"), *self.options)
        self.assertEqual(told["returns"][0]["responses"], [
            {"respondent": "aa", "new": False, "revision": 2, "changed": 1, "now_blank": 0, "remarks_changed": False,
             "changes": [{"question": "A1", "path": "seats", "from": "3", "to": "4", "verdict": "accepted"}]}])
        _, told, _ = import_json(self.form, self.path("b.csv"), *self.options)
        self.assertNotIn("responses", told["returns"][0])

    def test_what_a_newer_form_asks_is_no_change(self):
        self.take(self.long("a.csv", FIRST))
        with open(self.form, "w") as file:
            file.write(FORM.replace(",decimal,share", ",text,colour,Colour,,,A6\n,decimal,share").replace("demo,1", "demo,2"))
        self.assertEqual(self.changed(self.but("b.csv", colour="red"), "-n"), [("A6", "colour", "", "red", "accepted")])


class Blanks(Staged):
    BLANK = {"seats": "", "share": "", "why": "", "legal": "n", "doc_1_title": None, "doc_1_pages": None, "doc_2_title": None}

    def setUp(self):
        super().setUp()
        self.take(self.long("a.csv", FIRST))

    def answers(self):
        """What counts of aa, by question."""
        code, out, err = run("report", self.form, *self.options, "--technical", "--json", "-o", self.path("r.xlsx"), "--force")
        self.assertEqual(code, 0, err)
        import openpyxl
        heads, values = None, None
        for row in openpyxl.load_workbook(self.path("r.xlsx"))["Matrix"].iter_rows(values_only=True):
            if row[0] == "code":
                heads = row
            elif row[0] == "aa":
                values = row
        return dict(zip(heads, values))

    def test_by_themselves_they_count_and_are_told(self):
        told = self.lines(self.but("b.csv", **self.BLANK))
        (warning,) = [line["finding"] for line in told["finding"] if line["finding"]["code"] == "W0636"]
        self.assertEqual(warning["message"], "2 earlier answers are left blank: A1, A4")
        self.assertEqual(warning["hint"], "to keep the earlier answers, use --keep-blank; if blanks are meant, --replace")
        self.assertEqual(told["response"][0]["now_blank"], 2)
        self.assertIsNone(self.answers()["share"])

    def test_what_is_no_longer_asked_is_no_such_blank(self):
        told = self.lines(self.but("b.csv", legal="n", why="", doc_1_title=None, doc_1_pages=None, doc_2_title=None))
        self.assertEqual(told["finding"], [])

    def test_with_replace_they_are_meant(self):
        told = self.lines(self.but("b.csv", **self.BLANK), "--replace")
        self.assertEqual([line["finding"]["code"] for line in told["finding"]], ["E0501"])
        self.assertIsNone(self.answers()["share"])

    def test_with_keep_blank_the_earlier_answers_stand(self):
        told = self.lines(self.but("b.csv", **self.BLANK), "--keep-blank")
        self.assertEqual(told["finding"], [])
        self.assertEqual([(line["field"], line["from"], line["to"], line["why"], line["row"]) for line in told["change"]],
                         [("seats", "", "3", "left blank; the earlier answer is kept", 3),
                          ("share", "", "1.50", "left blank; the earlier answer is kept", 6)])
        self.assertEqual([(line["path"], line["to"]) for line in told["changed"]],
                         [("legal", "n"), ("why", ""), ("doc[1]/title", ""), ("doc[1]/pages", ""), ("doc[2]/title", "")])
        self.assertEqual(float(self.answers()["share"]), 1.5)

    def test_with_keep_blank_a_repeat_without_entries_keeps_its_own(self):
        self.assertEqual(self.changed(self.long("b.csv", [("who", "aa"), ("seats", "4")]), "--keep-blank"),
                         [("A1", "seats", "3", "4", "accepted")])

    def test_with_keep_blank_a_return_of_nothing_new_changes_nothing(self):
        out = self.take(self.long("b.csv", [("who", "aa"), ("seats", "")]), more=["--keep-blank"])
        self.assertIn("responses: 1 = 0 new + 0 new revisions + 1 blank + 0 already there + 0 quarantined", out)

    def test_with_keep_blank_a_new_respondent_has_no_earlier_answers(self):
        told = self.lines(self.long("b.csv", [("who", "bb"), ("seats", "")]), "--keep-blank")
        self.assertEqual((told["change"], [line["finding"]["code"] for line in told["finding"]]), ([], ["W0637"]))

    def test_wide_rows_each_keep_their_own(self):
        self.take(self.long("b.csv", [("who", "bb"), ("seats", "7"), ("share", "2")]))
        wide = self.write("w.csv", "who,seats,legal,share\ncc,1,,\nbb,,y,\naa,,y,9\n")
        told = self.lines(wide, "--keep-blank")
        self.assertEqual(sorted((line["row"], line["field"], line["to"]) for line in told["change"] if line["row"]),
                         [(3, "seats", "7"), (3, "share", "2"), (4, "both", "y n"), (4, "seats", "3"), (4, "why", "because")])
        self.assertEqual(sorted((line["field"], line["to"]) for line in told["change"] if not line["row"]),
                         [("doc[1]/pages", "9"), ("doc[1]/title", "T"), ("doc[2]/title", "U")])
        self.assertEqual(sorted((line["path"], line["from"], line["to"]) for line in told["changed"]),
                         [("legal", "", "y"), ("share", "1.50", "9")])

    def test_the_two_exclude_each_other(self):
        code, _, err = run("import", self.form, self.path("a.csv"), *self.options, "--keep-blank", "--replace")
        self.assertEqual(code, 2)
        self.assertIn("--keep-blank and --replace cannot be combined", err)

    def test_a_large_file_keeps_them_as_a_small_one_does(self):
        rows = "".join("R%05d,%s\n" % (i, "x" * 900) for i in range(20000))
        path = self.write("large.csv", "who,why\n" + rows + "aa,\n")
        self.assertGreater(os.path.getsize(path), 16 << 20)
        told = self.lines(path, "--keep-blank")
        self.assertIn(("why", "because"), [(line["field"], line["to"]) for line in told["change"]])


class Folders(Staged):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("in"))
        for name, who, seats in (("b.csv", "bb", "1"), ("a.csv", "aa", "2"), ("c.csv", "cc", "3")):
            self.long("in/" + name, [("who", who), ("seats", seats)])

    def test_its_files_are_taken_in_by_name(self):
        code, told, _ = import_json(self.form, self.path("in"), *self.options)
        self.assertEqual((code, [os.path.basename(file["file"]) for file in told["returns"]]), (0, ["a.csv", "b.csv", "c.csv"]))
        self.assertEqual(told["files"]["accepted"], 3)

    def test_a_slash_behind_it_makes_no_difference(self):
        _, told, _ = import_json(self.form, self.path("in/"), *self.options)
        self.assertEqual([file["file"] for file in told["returns"]], [self.path("in/" + name) for name in ("a.csv", "b.csv", "c.csv")])

    def test_numbers_in_names_count_by_value(self):
        """The later file of a respondent counts: a byte order would put -10 before -2, and " (2)" before the first."""
        order = ["AUS-1.csv", "AUS-002.csv", "AUS-2.csv", "AUS-10.csv", "AUS-10a.csv", "PE.csv", "PE.txt", "PE (2).csv", "PE (10).csv",
                 "v99999999999999999999.csv", "v100000000000000000000.csv"]
        os.mkdir(self.path("named"))
        for seats, name in enumerate(order):
            self.long("named/" + name, [("who", "aa" if name[0] == "A" else "bb"), ("seats", str(seats + 1))])
        code, told, _ = import_json(self.form, self.path("named"), *self.options)
        self.assertEqual((code, [os.path.basename(file["file"]) for file in told["returns"]]), (0, order))

    def test_what_is_skipped_is_counted(self):
        for name in (".hidden", "~$a.xlsx", ".~lock.b.ods#"):
            self.write("in/" + name, "x")
        os.mkdir(self.path("in/older"))
        os.mkfifo(self.path("in/pipe"))
        code, out, err = run("import", self.form, self.path("in"), *self.options)
        self.assertEqual(code, 0, out)
        self.assertIn("/in: 3 files; skipped: 1 hidden file, 2 lock files of open documents, 1 folder, 1 entry that is not a file\n", err)
        self.assertIn("files: 3 received = 3 accepted", out)

    def test_files_that_a_system_leaves_are_skipped_by_name(self):
        for name in ("Thumbs.db", ".DS_Store"):
            self.write("in/" + name, "x")
        code, out, err = run("import", self.form, self.path("in"), *self.options)
        self.assertEqual(code, 0, out)
        self.assertIn("/in: 3 files; skipped: 2 system files (.DS_Store, Thumbs.db)\n", err)
        for name in ("DESKTOP.INI", "ehthumbs.db", "Icon\r", "._a.csv"):
            self.write("in/" + name, "x")
        os.mkdir(self.path("in/__MACOSX"))
        code, out, err = run("import", self.form, self.path("in"), *self.options)
        self.assertEqual(code, 0, out)
        self.assertIn("/in: 3 files; skipped: 7 system files (.DS_Store, ._a.csv, DESKTOP.INI, ...)\n", err)

    def test_folders_and_files_may_be_mixed_and_a_file_twice_is_there_already(self):
        out = self.take(self.path("in/c.csv"), self.path("in"), self.long("d.csv", [("who", "aa"), ("seats", "5")]))
        self.assertIn("files: 5 received = 4 accepted + 1 already there + 0 quarantined", out)

    def test_any_order_gives_the_same_end(self):
        names = ["a.csv", "b.csv", "c.csv"]
        self.take(self.path("in"))
        stored = dump(self.store)
        for name in names:
            os.utime(self.path("in/" + name), (random.Random(name).randrange(10 ** 9),) * 2)
        shutil.copytree(self.path("in"), self.path("again"))
        os.unlink(self.store)
        self.take(self.path("in"))
        self.assertEqual(dump(self.store), stored)

    def test_an_empty_folder_is_told(self):
        os.mkdir(self.path("none"))
        code, out, err = run("import", self.form, self.path("none"), *self.options)
        self.assertEqual(code, 0)
        self.assertIn("/none: 0 files\n", err)
        self.assertIn("files: 0 received", out)

    @unittest.skipIf(os.getuid() == 0, "root reads every folder")
    def test_a_folder_that_cannot_be_read_is_told(self):
        os.chmod(self.path("in"), 0)
        self.addCleanup(os.chmod, self.path("in"), 0o700)
        code, _, err = run("import", self.form, self.path("in"), *self.options)
        self.assertEqual(code, 3)
        self.assertIn("the folder cannot be read", err)


if __name__ == "__main__":
    unittest.main()
