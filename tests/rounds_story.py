"""Rounds, revisions, rosters and quarantine, as a secretariat meets them over the weeks."""
import hashlib
import json
import os
import sqlite3
import unittest
import zipfile

import openpyxl

from story import NOW, Story, dump, import_json, run

FORM = """survey
,type,name,label,required,relevant,audience
,select_one who,who,Who,yes,,
,select_one release,release,How may this be shown?,yes,,
,text,person,Contact person,,,contact
,integer,age,Age,yes,,
,text,why,Why so young?,yes,${age} < 10,
,begin_repeat,doc,Documents,,,
,text,title,Title,yes,,
,end_repeat,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
,release,attributed,With name
,release,aggregate_only,Counted only
settings
,form_id,version,respondent,release
,young,1,who,release
"""
ROSTER = "code,name,group:Region\naa,Alpha,North\nbb,Beta,South\n"


class Round(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("roster.csv", ROSTER)
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--now", NOW]

    def answers(self, name, who="aa", age="15", **more):
        lines = ["question,answer", "who," + who, "release,attributed", "age," + age]
        return self.write(name, "\n".join(lines + ["%s,%s" % pair for pair in more.items()]) + "\n")

    def take(self, *files, more=()):
        """Imports and gives (exit code, [new, revisions, already there, quarantined])."""
        code, told, err = import_json(self.form, *files, *self.options, *more)
        counted = told["responses"]
        self.assertEqual(counted["received"], counted["new"] + counted["revisions"] + counted["already_there"] + counted["quarantined"])
        return code, [counted[key] for key in ("new", "revisions", "already_there", "quarantined")]

    def status(self, *more):
        code, out, err = run("status", self.form, *self.options, "--json", *more)
        self.assertEqual(code, 0, err)
        told = json.loads(out)
        return told["round"], {row["code"]: row.get("revision", 0) for row in told["respondents"]}


class Rounds(Round):
    def test_of_two_returns_of_one_respondent_in_one_run_the_last_or_the_first_counts(self):
        one, two = self.answers("1.csv", age="11"), self.answers("2.csv", age="12")
        for label, more, which, age in (("2026", (), "later", 12), ("2027", ("--keep", "last"), "later", 12),
                                        ("2028", ("--keep", "first"), "first", 11)):
            code, told, err = import_json(self.form, one, two, *self.options, "--round", label, *more)
            self.assertEqual((code, told["responses"]["new"], told["responses"]["revisions"]), (0, 1, 1), err)
            said = [diag for file in told["returns"] for diag in file["findings"] if diag["code"] == "W0695"]
            self.assertEqual(len(said), 1)
            self.assertTrue("1.csv" in said[0]["message"] + said[0]["file"] and "2.csv" in said[0]["message"] + said[0]["file"])
            self.assertIn("the %s one counts" % which, said[0]["message"])
            base = sqlite3.connect(self.store)
            self.assertEqual(base.execute("SELECT a.q3 FROM answers_1_0_0 a JOIN response r ON r.id = a.id JOIN round o ON"
                                          " o.id = r.round WHERE r.later IS NULL AND o.label = ?", (label,)).fetchall(),
                             [(age,)])
            base.close()
        code, _, err = run("import", self.form, one, *self.options, "--keep", "both")
        self.assertEqual(code, 2)
        self.assertIn("--keep", err)

    def test_an_import_does_not_change_the_current_round(self):
        first = self.answers("a.csv")
        self.take(first)
        self.assertEqual(self.status(), ("2026", {"aa": 1, "bb": 0}))
        self.assertEqual(self.take(first, more=["--round", "2027"]), (0, [1, 0, 0, 0]))
        self.assertEqual(self.status(), ("2026", {"aa": 1, "bb": 0}))
        self.take(self.answers("b.csv", "bb"))
        self.assertEqual(self.status(), ("2026", {"aa": 1, "bb": 1}))
        self.assertEqual(self.status("--round", "2027"), ("2027", {"aa": 1, "bb": 0}))

    def test_a_round_is_made_current_by_name(self):
        self.take(self.answers("a.csv"))
        self.take(self.answers("b.csv", "bb"), more=["--round", "2027"])
        code, out, err = run("status", self.form, *self.options, "--round", "2027", "--make-current")
        self.assertEqual(code, 0, err)
        self.assertIn("round 2027 is now the current round", err)
        self.assertEqual(self.status(), ("2027", {"aa": 0, "bb": 1}))
        for arguments, code, words in ((("--make-current",), 2, "--make-current requires --round LABEL"),
                                       (("--round", "2072", "--make-current"), 2, "there is no round 2072")):
            got = run("status", self.form, *self.options, *arguments)
            self.assertEqual((got[0], got[1]), (code, ""), got)
            self.assertIn(words, got[2])
        self.assertEqual(self.status()[0], "2027")
        missing = self.path("none.db")
        self.assertEqual(run("status", self.form, "--store", missing, "--round", "2027", "--make-current")[0], 3)
        self.assertFalse(os.path.exists(missing))

    def test_what_is_distributed_is_the_current_round(self):
        self.take(self.answers("a.csv"))
        code, _, err = run("distribute", self.form, *self.options, "--round", "2027", "-o", self.path("packs"))
        self.assertEqual(code, 0, err)
        self.assertEqual(self.status()[0], "2027")

    def test_a_rehearsal_leaves_the_current_round(self):
        self.take(self.answers("a.csv"))
        self.take(self.answers("b.csv"), more=["--round", "2027", "-n"])
        self.assertEqual(self.status()[0], "2026")

    def test_a_round_that_nobody_has_answered_is_told(self):
        self.take(self.answers("a.csv"))
        for command in (["status"], ["report", "-o", self.path("x.xlsx")]):
            code, _, err = run(*command, self.form, *self.options, "--round", "206")
            self.assertEqual(code, 0)
            self.assertIn("no responses in round 206 yet", err)

    def test_the_next_command_names_the_round_that_was_asked_for(self):
        code, _, err = run("import", self.form, self.answers("a.csv"), *self.options, "--round", "2030")
        self.assertIn("canvass status %s --store %s --round 2030\n" % (self.form, self.store), err)


class Revisions(Round):
    def test_a_newer_return_is_a_new_revision(self):
        self.assertEqual(self.take(self.answers("a.csv")), (0, [1, 0, 0, 0]))
        self.assertEqual(self.take(self.answers("b.csv", age="16")), (0, [0, 1, 0, 0]))
        self.assertEqual(self.status()[1]["aa"], 2)

    def test_the_same_file_and_the_same_answers_change_nothing(self):
        first = self.answers("a.csv")
        self.take(first)
        self.assertEqual(self.take(first), (0, [0, 0, 1, 0]))
        code, _, err = run("import", self.form, first, *self.options)
        self.assertIn("nothing changed in", err)
        with open(first, "a") as file:
            file.write("\n")
        self.assertEqual(self.take(first), (0, [0, 0, 1, 0]))
        self.assertEqual(self.status()[1]["aa"], 1)

    def test_several_of_one_respondent_in_one_file_are_revisions_in_its_order(self):
        wide = self.write("w.csv", "who,release,age\naa,attributed,11\naa,attributed,12\n")
        code, told, _ = import_json(self.form, wide, *self.options, "-n")
        (finding,) = told["returns"][0]["findings"]
        self.assertEqual((code, finding["code"], finding["row"], finding["column"]), (0, "W0693", 3, 1))
        self.assertEqual(finding["message"], 'the response on line 2 is also from "aa"; the last one counts')
        self.assertEqual(self.take(wide), (0, [1, 1, 0, 0]))
        self.assertEqual(self.status()[1]["aa"], 2)


class Names(Round):
    def findings(self, *args, form=None):
        code, told, _ = import_json(form or self.form, *args, *self.options, "-n")
        return code, [(finding["code"], finding["message"]) for file in told["returns"] for finding in file["findings"]]

    def test_the_name_of_the_file_is_not_trusted_and_a_contradiction_is_told(self):
        self.assertEqual(self.findings(self.answers("aa.csv")), (0, []))
        self.assertEqual(self.findings(self.answers("whatever.csv")), (0, []))
        self.assertEqual(self.findings(self.answers("bb.final.csv")),
                         (0, [("W0694", 'the file name says "bb", but the answers are from "aa"')]))

    def test_a_contradicting_option_is_told(self):
        self.assertEqual(self.findings(self.answers("a.csv"), "--respondent", "aa"), (0, []))
        self.assertEqual(self.findings(self.answers("a.csv"), "--respondent", "bb"),
                         (0, [("W0694", '--respondent is "bb", but the answers are from "aa"')]))

    def test_the_option_names_one_response_and_not_several(self):
        form = self.write("plain.csv", "survey\n,type,name,label\n,integer,age,Age\n")
        one, two = self.write("one.csv", "age\n1\n"), self.write("two.csv", "age\n1\n2\n")
        self.assertEqual(self.findings(one, "--respondent", "aa", form=form), (0, []))
        code, found = self.findings(two, "--respondent", "aa", form=form)
        self.assertEqual((code, [name for name, _ in found]), (1, ["E0690", "E0690"]))


class Quarantine(Round):
    def test_a_long_file_of_nobody_is_kept_and_may_be_tried_again(self):
        lost = self.answers("c.csv", "cc")
        self.assertEqual(self.take(lost), (1, [0, 0, 0, 1]))
        self.assertEqual(self.take(lost), (1, [0, 0, 0, 1]))
        longer = self.write("longer.csv", ROSTER + "cc,Gamma,South\n")
        self.assertEqual(self.take(lost, more=["--roster", longer]), (0, [1, 0, 0, 0]))
        self.assertEqual(self.status()[1], {"aa": 0, "bb": 0, "cc": 1})
        self.assertEqual(self.quarantined(), 0)

    def test_of_a_wide_file_only_the_rows_of_nobody(self):
        wide = self.write("w.csv", "who,release,age\naa,attributed,11\nzz,attributed,12\n,attributed,13\nbb,attributed,14\n")
        self.assertEqual(self.take(wide), (1, [2, 0, 0, 2]))
        self.assertEqual(self.quarantined(), 2)

    def test_rows_of_nobody_may_be_tried_again_with_the_same_file(self):
        wide = self.write("w.csv", "who,release,age\naa,attributed,11\nzz,attributed,12\n,attributed,13\nbb,attributed,14\n")
        self.take(wide)
        before = dump(self.store)
        # Nothing is otherwise: nothing changes.
        self.assertEqual(self.take(wide), (1, [0, 0, 2, 2]))
        self.assertEqual(dump(self.store), before)
        # What came since is not undone by the old file.
        self.take(self.answers("a.csv", age="16"))
        longer = self.write("longer.csv", ROSTER + "cc,Gamma,South\nzz,Zeta,South\n")
        with_zz = self.write("form2.csv", FORM.replace(",who,cc,Gamma\n", ",who,cc,Gamma\n,who,zz,Zeta\n"))
        self.form = with_zz
        self.assertEqual(self.take(wide, more=["--roster", longer, "-n"]), (1, [1, 0, 2, 1]))
        self.assertEqual(self.take(wide, more=["--roster", longer]), (1, [1, 0, 2, 1]))
        self.assertEqual(self.status()[1], {"aa": 2, "bb": 1, "cc": 0, "zz": 1})
        self.assertEqual(self.quarantined(), 1)
        self.assertEqual(self.take(wide), (1, [0, 0, 3, 1]))

    def test_a_wide_file_refused_half_way_brings_nothing(self):
        rows = "".join("%s,attributed,%d\n" % (("aa", "zz")[row % 2], row) for row in range(9000))
        wide = self.write("w.csv", "who,release,age\n" + rows + 'bb,attributed,"5\n')
        code, told, _ = import_json(self.form, wide, *self.options)
        self.assertEqual((code, told["files"]["quarantined"]), (1, 1))
        self.assertEqual(told["responses"], {"received": 0, "new": 0, "revisions": 0, "blank": 0, "already_there": 0, "quarantined": 0})
        self.assertEqual(self.quarantined(), 1)
        code, out, _ = run("import", self.form, wide, *self.options, "--jsonl")
        self.assertEqual(json.loads(out.splitlines()[-1])["files"]["quarantined"], 1)
        for line in out.splitlines():
            json.loads(line)

    def quarantined(self):
        store = sqlite3.connect(self.store)
        try:
            return store.execute("SELECT count(*) FROM quarantine WHERE settled IS NULL").fetchone()[0]
        finally:
            store.close()


class Roster(Round):
    def test_the_store_remembers_it(self):
        self.take(self.answers("a.csv"))
        os.unlink(self.path("roster.csv"))
        self.assertEqual(self.status()[1], {"aa": 1, "bb": 0})

    def test_a_new_one_is_remembered_even_when_every_file_is_there_already(self):
        first = self.answers("a.csv")
        self.take(first)
        longer = self.write("longer.csv", ROSTER + "cc,Gamma,South\n")
        self.assertEqual(self.take(first, more=["--roster", longer]), (0, [0, 0, 1, 0]))
        self.assertEqual(self.status()[1], {"aa": 1, "bb": 0, "cc": 0})

    def test_columns_of_the_status_stand_under_each_other(self):
        self.take(self.answers("a.csv"), more=["--roster", self.write("r.csv", "code,name\naa,大韓民國\n"
                                                                     "A-CODE-OF-MANY-LETTERS,%s\n" % ("long name " * 9))])
        code, out, _ = run("status", self.form, *self.options)
        heads, first, second = out.splitlines()[2:5]
        self.assertEqual(heads.index("received"), 64)
        self.assertEqual((first.index("2026-12-01"), second.index("silent")), (60, 64))
        self.assertEqual(second[23:63], "long name long name long name long name…")

    def test_without_one_any_name_is_a_respondent(self):
        os.unlink(self.path("roster.csv"))
        self.take(self.answers("a.csv"))
        code, out, _ = run("status", self.form, *self.options)
        self.assertEqual(code, 0)
        self.assertIn("1 response; without a roster, missing replies are not known", out)


class Release(Round):
    """aa may be shown by name, bb may only be counted."""

    def setUp(self):
        super().setUp()
        aa = self.answers("a.csv", "aa", "15", person="ALPHACONTACT", **{"doc[1]/title": "ALPHATITLE"})
        bb = self.write("b.csv", "question,answer,note\nwho,bb,\nrelease,aggregate_only,\nperson,BETACONTACT,\nage,9,BETANOTE\n"
                                 "doc[1]/title,BETATITLE,\ndoc[2]/title,BETAMORE,\n")
        self.assertEqual(self.take(aa, bb), (1, [2, 0, 0, 0]))
        self.workbook = self.path("r.xlsx")
        code, _, err = run("report", self.form, *self.options, "--technical", "-o", self.workbook)
        self.assertEqual(code, 0, err)
        self.sheets = openpyxl.load_workbook(self.workbook)

    def rows(self, sheet):
        """The rows under the one that begins with "code", "question" or "respondent", by heading."""
        heads, found = None, []
        for row in self.sheets[sheet].iter_rows(values_only=True):
            if heads:
                found.append(dict(zip(heads, row)))
            elif row[0] in ("code", "question", "respondent"):
                heads = row
        return found

    def test_no_part_of_the_file_holds_what_is_not_to_be_shown(self):
        with zipfile.ZipFile(self.workbook) as parts:
            whole = b"".join(parts.read(name) for name in parts.namelist())
        self.assertIn(b"ALPHATITLE", whole)
        for secret in (b"ALPHACONTACT", b"BETACONTACT", b"BETANOTE", b"BETATITLE", b"BETAMORE"):
            self.assertNotIn(secret, whole)

    def test_the_matrix_tells_no_state_of_it(self):
        (row,) = [row for row in self.rows("Matrix") if row["code"] == "bb"]
        self.assertEqual({row[name] for name in ("who", "release", "age", "why", "doc")}, {"withheld"})

    def test_its_findings_are_not_listed(self):
        self.assertEqual([row for row in self.rows("Findings") if row["respondent"] == "bb"], [])

    def test_entries_of_one_alone_are_left_out(self):
        self.assertEqual([row["code"] for row in self.rows("Documents")], ["aa"])
        self.assertEqual(self.sheets["Documents"]["A2"].value, "1 entry from 1 respondent.")
        (row,) = [row for row in self.rows("Counts") if row["name"] == "title" and row["option"] == "(answered)"]
        self.assertEqual((row["n"], row["answered"], row["asked"]), (1, 1, 1))

    def test_one_alone_counts_as_withheld(self):
        counts = {(row["name"], row["option"]): row for row in self.rows("Counts")}
        self.assertEqual((counts["age", "(answered)"]["n"], counts["age", "(answered)"]["names"]), (1, "aa"))
        self.assertEqual((counts["age", "(withheld)"]["n"], counts["age", "(withheld)"]["names"]), (1, "1 withheld"))
        self.assertEqual(counts["why", "(not asked)"]["names"], "aa")


class Large(Story):
    """A file over 16 MiB is kept next to the store, and its responses are paired at the end."""

    FORM = """survey
,type,name,label,required,constraint
,text,who,Who,yes,
,integer,age,Age,yes,. < 100
,text,why,Why,,
settings
,form_id,version,respondent
,large,1,who
"""
    ROWS = 60000

    def rows(self, last="", padding=300):
        yield "who,age,why\n"
        for i in range(self.ROWS):
            yield "R%06d,%d,%s\n" % (i if i != 50000 else 7, i % 100, "x" * padding)
        yield last

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", self.FORM)
        self.store = self.path("s.db")

    def take(self, content, *more):
        path = self.write("large.csv", content)
        self.assertGreater(os.path.getsize(path), 16 << 20)
        return import_json(self.form, path, "--store", self.store, "--now", NOW, *more)

    def test_it_is_kept_beside_the_store_and_paired(self):
        code, result, _ = self.take("".join(self.rows()))
        self.assertEqual(code, 0, result["returns"][0]["findings"][:3])
        self.assertEqual((result["responses"]["new"], result["responses"]["revisions"]), (self.ROWS - 1, 1))
        told = result["returns"][0]["findings"]
        self.assertEqual([f["code"] for f in told], ["W0693"])
        self.assertIn("R000007", told[0]["message"])
        self.assertTrue(told[0]["file"].endswith("large.csv"))
        kept = os.listdir(self.store + ".files")
        self.assertEqual(kept, [hashlib.sha256("".join(self.rows()).encode()).hexdigest()])
        code, result, _ = self.take("".join(self.rows()))
        self.assertEqual((code, result["files"]["already_there"], result["responses"]["already_there"]), (0, 1, self.ROWS))

    def test_a_rehearsal_counts_the_same_and_leaves_nothing(self):
        code, result, _ = self.take("".join(self.rows()), "-n")
        self.assertEqual((code, result["responses"]["new"], result["responses"]["revisions"]), (0, self.ROWS - 1, 1))
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["form.csv", "large.csv"])

    def test_broken_at_its_end_none_of_it_counts(self):
        code, result, _ = self.take("".join(self.rows(last='R999999,5,"never closed\n')))
        self.assertEqual((code, result["returns"][0]["outcome"]), (1, "quarantined"))
        self.assertEqual([f["code"] for f in result["returns"][0]["findings"]], ["E0011"])
        after = dump(self.store)
        self.assertEqual(after["response"], [])
        self.assertEqual(len(after["quarantine"]), 1)

    def test_findings_come_with_their_lines(self):
        code, result, _ = self.take("".join(self.rows(last="R999998,100,\nR999999,x,\n")))
        found = [(f["code"], f["row"]) for f in result["returns"][0]["findings"] if f["severity"] == "error"]
        self.assertEqual((code, found), (1, [("E0505", self.ROWS + 2), ("E0502", self.ROWS + 3)]))


if __name__ == "__main__":
    unittest.main()
