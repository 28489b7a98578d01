"""Is it the right file?  Returns of another form, round or respondent, and of an older version of the form.

All answers are invented."""
import json
import os
import sqlite3
import unittest

import openpyxl

from story import NOW, Story, import_json, run

FORM = """survey
,type,name,label
,select_one who,who,Who
,begin_group,one,Section one
,integer,seats,How many seats?
,select_one yn,legal,Is it legal?
,end_group,,
,select_multiple body,asked,Who was asked?
,text,fax,Fax number
,begin_repeat,doc,Documents
,text,title,Title
,end_repeat,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,yn,y,Yes
,yn,n,No
,body,a,Ministry
,body,b,Court
settings
,form_id,version,respondent
,demo,1,who
"""
# seats is called berths, legal moved, fax is gone, why is new; yn and body go by other codes.
NEWER = """survey
,type,name,label
,select_one who,who,Who
,begin_group,one,Section one
,integer,berths,How many seats?
,end_group,,
,begin_group,two,Section two
,select_one yn,legal,Is it legal?
,text,why,Why?
,end_group,,
,select_multiple body,asked,Who was asked?
,begin_repeat,doc,Documents
,text,title,Title
,end_repeat,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,yn,yes,Yes
,yn,no,No
,body,a,Court
,body,b,Ministry
settings
,form_id,version,respondent
,demo,2,who
"""
OTHER = """survey
,type,name,label
,text,ship,Name of the ship
,text,flag,Flag
,integer,cargo,Cargo in tonnes
settings
,form_id,version
,supply-chain,1
"""
ROSTER = "code,name\naa,Alpha\nbb,Beta\n"


class RightFile(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.newer = self.write("newer.csv", NEWER)
        self.write("supply-chain.csv", OTHER)
        self.write("roster.csv", ROSTER)
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--now", NOW, "--round", "2026"]

    def long(self, name, *pairs):
        return self.write(name, "question,answer\n" + "".join("%s,%s\n" % pair for pair in pairs))

    def take(self, file, *more, form=None):
        """Imports one file: exit code, what became of it, and what was found, as (code, message, hint)."""
        code, told, _ = import_json(form or self.form, file, *self.options, *more)
        (one,) = told["returns"]
        return code, one["outcome"], [(f["code"], f["message"], f.get("hint", "")) for f in one["findings"]]


class Claims(RightFile):
    def test_a_return_of_another_form_is_refused_by_its_name(self):
        for name, content in [("wide.csv", "who,seats,form_id\naa,3,supply-chain\n"),
                              ("ona.csv", "who,seats,_xform_id_string\naa,3,supply-chain\n"),
                              ("long.csv", "question,answer\nwho,aa\nseats,3\nform_id,supply-chain\n"),
                              ("later.csv", "who,seats,form_id\naa,3,demo\nbb,4,supply-chain\n")]:
            with self.subTest(name):
                self.assertEqual(self.take(self.write(name, content)), (1, "quarantined", [
                    ("E0680", 'this is a return of the form "supply-chain", not of "demo"',
                     "import it with " + self.path("supply-chain.csv"))]))

    def test_the_form_it_is_of_need_not_lie_there(self):
        _, _, found = self.take(self.write("a.csv", "who,form_id\naa,zzz\n"))
        self.assertEqual(found, [("E0680", 'this is a return of the form "zzz", not of "demo"', "import it with its own form")])

    def test_a_claim_to_be_this_form_is_no_finding(self):
        self.assertEqual(self.take(self.write("a.csv", "who,seats,form_id,form_version,round\naa,3,demo,1,2026\n")), (0, "accepted", []))

    def test_an_id_of_a_tool_is_no_other_form(self):
        self.assertEqual(self.take(self.write("a.csv", "who,_xform_id_string,__version__\naa,aBcDeFgHiJkLmNoPqRsTuV,vX7\n")),
                         (0, "accepted", []))

    def test_a_return_of_another_round_is_refused_with_its_round(self):
        for content in ("who,seats,round\naa,3,2025\n", "question,answer\nwho,aa\nround,2025\nseats,3\n"):
            self.assertEqual(self.take(self.write("a.csv", content)), (1, "quarantined", [
                ("E0681", "this is a return of round 2025, and round 2026 is being imported", "import it with --round 2025")]))
        self.options[-1] = "2025"
        self.assertEqual(self.take(self.path("a.csv")), (0, "accepted", []))

    def test_rows_of_several_rounds_are_refused(self):
        self.assertEqual(self.take(self.write("a.csv", "who,seats,round\naa,3,2026\nbb,4,2025\n")), (1, "quarantined", [
            ("E0681", "this is a return of round 2025, and round 2026 is being imported",
             "put the responses of each round into a separate file")]))

    def test_a_question_of_that_name_is_an_answer(self):
        form = self.write("game.csv", FORM.replace(",text,fax,", ",text,round,"))
        self.assertEqual(self.take(self.write("a.csv", "who,round\naa,third\n"), form=form), (0, "accepted", []))

    def test_two_respondents_in_one_return_are_both_named(self):
        for content in ("who,seats,respondent\naa,3,bb\n", "question,answer\nwho,Alpha\nrespondent,Beta\nseats,3\n"):
            code, outcome, found = self.take(self.write("a.csv", content))
            self.assertEqual((code, outcome, found), (1, "quarantined", [
                ("E0682", 'the file is the return of "bb", but the answers are from "aa"',
                 "ask whose answers they are, and correct the name")]))

    def test_what_the_file_says_names_a_respondent_who_gave_no_name(self):
        path = self.write("a.csv", "who,seats,respondent\n,3,Beta\n")
        self.assertEqual(self.take(path), (0, "accepted", []))
        with sqlite3.connect(self.store) as store:
            self.assertEqual(store.execute("SELECT respondent FROM response").fetchall(), [("bb",)])
            self.assertEqual(store.execute("SELECT read_as, why FROM ledger").fetchall(),
                             [("bb", "respondent taken from the file's own line or column")])

    def test_what_the_file_says_comes_before_its_name(self):
        _, _, found = self.take(self.write("bb.csv", "who,seats,respondent\naa,3,aa\n"))
        self.assertEqual([code for code, _, _ in found], ["W0694"])

    def test_it_may_be_tried_again_in_the_right_round(self):
        path = self.write("a.csv", "who,round\naa,2025\n")
        self.take(path)
        with sqlite3.connect(self.store) as store:
            self.assertEqual(store.execute("SELECT code, message FROM quarantine").fetchall(),
                             [(681, "this is a return of round 2025, and round 2026 is being imported")])


class SentOut(RightFile):
    """Workbooks that canvass sent out: their hidden sheet is believed before anything else."""

    def setUp(self):
        super().setUp()
        code, _, err = run("distribute", self.form, "--store", self.path("sent.db"), "--round", "2026", "--due", "2026-12-31",
                           "--now", NOW, "-o", self.path("packs"))
        self.assertEqual(code, 0, err)

    def pack(self, name, who="aa", claims=None, answer=None):
        """The pack of `who` with claims changed or removed, and another answer to the first question."""
        book = openpyxl.load_workbook(self.path("packs/%s/demo-%s.xlsx" % (who, who)))
        for row in list(book["canvass"].iter_rows()):
            for key, value in (claims or {}).items():
                if row[0].value == key:
                    row[1].value = value
        if answer:
            (cell,) = [cells for sheet in book for cells in sheet.iter_rows() if cells[0].value == "who"]
            (at,) = [c.column for sheet in book for cells in sheet.iter_rows() for c in cells if c.value == "answer"]
            cell[0].parent.cell(cell[0].row, at, answer)
        path = self.path(name)
        book.save(path)
        return path

    def test_as_sent_out_it_is_the_respondent_s(self):
        code, outcome, found = self.take(self.pack("a.xlsx"))
        self.assertEqual((code, outcome, [line[:2] for line in found]),
                         (0, "accepted", [("W0637", "returned blank: nothing is answered")]))

    def test_an_edited_hidden_sheet_is_refused(self):
        for claims in ({"respondent": "bb"}, {"round": "2025"}, {"version": "9"}, {"form_sha256": "00"}, {"check": None},
                       {"check": "0123456789abcdef"}):
            with self.subTest(claims=claims):
                code, outcome, found = self.take(self.pack("a.xlsx", claims=claims))
                self.assertEqual((code, outcome, found), (1, "quarantined", [
                    ("E0683", "the hidden sheet, which identifies the return, was changed",
                     "copy the answers into the workbook as it was sent out, and import that")]))

    def test_another_form_s_is_refused_as_that(self):
        code, _, ((name, message, _),) = self.take(self.pack("a.xlsx", claims={"form": "supply-chain"}))
        self.assertEqual((code, name, message), (1, "E0680", 'this is a return of the form "supply-chain", not of "demo"'))

    def test_another_round_s_is_refused_as_that(self):
        self.options[-1] = "2027"
        code, _, ((name, message, hint),) = self.take(self.pack("a.xlsx"))
        self.assertEqual((code, name, message, hint),
                         (1, "E0681", "this is a return of round 2026, and round 2027 is being imported", "import it with --round 2026"))

    def test_another_respondent_s_answers_in_it_are_refused_with_both_names(self):
        code, _, ((name, message, _),) = self.take(self.pack("a.xlsx", answer="bb"))
        self.assertEqual((code, name, message),
                         (1, "E0682", 'the workbook was made for "aa", but the answers are from "bb"'))

    def test_one_of_an_older_version_is_known_by_it(self):
        self.take(self.long("first.csv", ("who", "bb"), ("seats", "1")))
        code, outcome, found = self.take(self.pack("a.xlsx"), form=self.newer)
        self.assertEqual((outcome, [name for name, _, _ in found][:1]), ("accepted", ["N0685"]))


class Guesses(RightFile):
    def test_a_file_that_claims_nothing_is_told_by_its_questions(self):
        for name, content, code in [("wide.csv", "ship,flag,cargo\nx,y,1\n", "E0601"),
                                    ("labels.csv", "Name of the ship,Flag,Cargo in tonnes\nx,y,1\n", "E0601"),
                                    ("long.csv", "question,answer\nship,x\nflag,y\n", "E0602")]:
            with self.subTest(name):
                exit_code, outcome, ((found, _, hint),) = self.take(self.write(name, content))
                self.assertEqual((exit_code, outcome, found), (1, "quarantined", code))
                self.assertEqual(hint, 'this looks like a return of the form "supply-chain": import it with ' + self.path("supply-chain.csv"))

    def test_nothing_is_named_where_nothing_fits(self):
        _, _, ((code, _, hint),) = self.take(self.write("a.csv", "question,answer\nx,1\ny,2\n"))
        self.assertEqual((code, hint), ("E0602", "import it with the form it was made for"))

    def test_a_form_in_the_folder_that_cannot_be_read_is_no_obstacle(self):
        self.write("broken.xlsx", b"PK\x03\x04nothing")
        self.write("broken.csv", b"\xff\xfe\x00")
        _, _, ((_, _, hint),) = self.take(self.write("a.csv", "ship,flag\nx,y\n"))
        self.assertIn("supply-chain", hint)


class Versions(RightFile):
    OLD = (("who", "bb"), ("one/seats", "3"), ("legal", "y"), ("asked", "a b"), ("fax", "12"), ("doc[1]/title", "T"))

    def ledger(self):
        with sqlite3.connect(self.store) as store:
            return sorted(store.execute("SELECT path, stood, read_as FROM ledger").fetchall())

    def check_migrated(self, result):
        code, outcome, found = result
        self.assertEqual((code, outcome), (0, "accepted"))
        self.assertEqual([(name, message) for name, message, _ in found], [
            ("N0685", 'made for version "1" of the form; read as that version; 1 of the questions asked now was not in it'),
            ("W0635", "1 question of the older version is no longer asked (fax); its answers are kept as remarks")])
        self.assertEqual(self.ledger(), [("asked", "a b", "b a"), ("berths", "seats", "berths"),
                                         ("legal", "one/legal", "two/legal"), ("legal", "y", "yes")])
        with sqlite3.connect(self.store) as store:
            self.assertEqual(store.execute("SELECT text FROM remark").fetchall(), [("fax: 12",)])
        code, out, err = run("report", self.newer, *self.options, "-o", self.path("r.xlsx"))
        self.assertEqual(code, 0, err)

    def test_a_version_that_the_store_knows_is_carried_over(self):
        self.take(self.long("first.csv", ("who", "aa"), ("seats", "1")))
        with sqlite3.connect(self.store) as store:
            store.execute("DELETE FROM ledger")
        self.check_migrated(self.take(self.long("old.csv", *self.OLD, ("form_version", "1")), form=self.newer))

    def test_it_is_known_by_the_digest_of_the_form_too(self):
        self.take(self.long("first.csv", ("who", "aa"), ("seats", "1")))
        with sqlite3.connect(self.store) as store:
            ((digest,),) = store.execute("SELECT sha256 FROM form").fetchall()
        self.check_migrated(self.take(self.long("old.csv", *self.OLD, ("form_sha256", digest.hex().upper())), form=self.newer))

    def test_the_older_form_may_be_given(self):
        self.check_migrated(self.take(self.long("old.csv", *self.OLD), "--was", self.form, form=self.newer))

    def test_a_return_of_this_version_is_not_carried_over(self):
        new = self.long("new.csv", ("who", "bb"), ("berths", "3"), ("asked", "a"), ("form_version", "2"))
        self.assertEqual(self.take(new, "--was", self.form, form=self.newer), (0, "accepted", []))
        self.assertEqual(self.ledger(), [])

    def test_wide_files_too_and_every_row_its_own_ledger(self):
        wide = self.write("w.csv", "who,one-seats,legal,FormVersion\naa,1,y,1\nbb,2,n,1\n")
        self.take(self.long("first.csv", ("who", "aa"), ("seats", "1")))
        code, outcome, found = self.take(wide, form=self.newer)
        self.assertEqual((code, outcome, [name for name, _, _ in found]), (0, "accepted", ["N0685"]))
        self.assertEqual(self.ledger().count(("berths", "seats", "berths")), 2)

    def test_a_version_that_nobody_knows_is_told(self):
        _, _, found = self.take(self.long("a.csv", ("who", "aa"), ("seats", "1"), ("form_version", "7")))
        self.assertEqual(found, [("W0684", 'made for an unknown version of the form; read as version "1"',
                                  "if answers are missing, name the older form with --was")])

    def test_rows_of_several_versions_are_told(self):
        _, _, found = self.take(self.write("a.csv", "who,FormVersion\naa,1\nbb,2\n"))
        self.assertEqual([code for code, _, _ in found], ["W0684"])

    def test_an_older_form_that_cannot_be_read_fails_the_file(self):
        code, told, _ = import_json(self.newer, self.long("old.csv", *self.OLD), *self.options, "--was", self.path("none.csv"))
        self.assertEqual((code, told["files"]["not_read"]), (3, 1))


if __name__ == "__main__":
    unittest.main()
