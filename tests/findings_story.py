"""What was found in the answers, followed until it is settled: listed, waived, asked by letter, closed and back again.

All answers are invented.
"""
import json
import os
import sqlite3
import unittest

import openpyxl

from story import NOW, Story, dump, import_json, run

FORM = """survey
,type,name,label::English (en),label::French (fr),required,constraint,constraint_message::English (en),constraint_message::French (fr),relevant,qno
,text,who,Who,Qui,yes,,,,,
,integer,age,Age of the *ship*,Age du navire,yes,. < 100,Under 100 years please.,Moins de 100 ans.,,B1
,text,why,Why,Pourquoi,${age} > 50,,,,,B2
,select_one yn,old,Is it old?,Ancien ?,,. != 'yes' or ${age} > 20,,,,B3
,begin_repeat,doc,Documents,Documents,,,,,,
,date,day,Issued on,Date,,,,,,C1
,end_repeat,,,,,,,,,
choices
,list_name,name,label::English (en),label::French (fr)
,yn,yes,Yes,Oui
,yn,no,No,Non
settings
,form_id,form_title,version,respondent
,ships,Old [ships] & <boats>,1,who
"""
ROSTER = "code,name,language,contact\naa,Alpha,de fr,Ms. A. *Alpha*\nbb,Beta,en,\ncc,Gamma,en,\n"


class Findings(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("roster.csv", ROSTER)
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--now", NOW]
        self.files = 0

    def take(self, who="aa", note="", **answers):
        """Imports answers as a long file; `note` stands beside the age."""
        self.files += 1
        lines = ["question,answer,note", "who,%s," % who]
        lines += ['%s,"%s","%s"' % (name.replace("__", "/"), answer, note if name == "age" else "")
                  for name, answer in answers.items()]
        file = self.write("%d.csv" % self.files, "\n".join(lines) + "\n")
        code, told, err = import_json(self.form, file, *self.options)
        self.assertEqual(told["files"]["accepted"], 1, err)

    def findings(self, *more):
        code, out, err = run("findings", self.form, *self.options, "--json", *more)
        self.assertEqual(code, 0, err)
        told = json.loads(out)
        self.assertEqual(told["schema"], "canvass.findings/1")
        return told

    def states(self, *more):
        return {row["id"]: row["state"] for row in self.findings("--all", *more)["findings"]}

    def settle(self, *more):
        return run("findings", self.form, *self.options, *more)


class Reading(Findings):
    def test_a_line_of_no_question_is_a_finding_of_whoever_sent_it(self):
        self.take(agee="5", old="no")
        self.assertEqual(self.states(), {"aa-agee-001": "open", "aa-B1-002": "open"})
        self.take(age="5", old="no")
        self.assertEqual(self.states(), {"aa-agee-001": "closed", "aa-B1-002": "closed"})

    def test_each_of_several_at_one_place_is_a_finding(self):
        """Each is shown, and settled, until it is gone."""
        lines = ["question,answer", "who,aa", "age,5", "See,the letter", "See,page 2"]
        file = self.write("letter.csv", "\n".join(lines) + "\n")
        code, told, err = import_json(self.form, file, *self.options)
        self.assertEqual(told["warnings"] + told["errors"], 2, err)
        found = self.findings()["findings"]
        self.assertEqual([row["row"] for row in found], [4, 5])
        self.assertEqual(run("report", self.form, "-o", self.path("r.xlsx"), *self.options)[0], 0)
        rows = openpyxl.load_workbook(self.path("r.xlsx"))["Findings"].iter_rows(values_only=True)
        self.assertEqual(sorted({cell for row in rows for cell in row} & {row["id"] for row in found}),
                         sorted(row["id"] for row in found))
        self.assertEqual(self.settle("--waive", found[1]["id"], "--reason", "by telephone")[0], 0)
        self.assertEqual(list(self.states().values()), ["open", "waived"])
        import_json(self.form, self.write("next.csv", "\n".join([*lines[:2], "age,6", lines[3]]) + "\n"), *self.options)
        self.assertEqual(list(self.states().values()), ["open", "closed"])
        self.assertEqual(run("verify", self.store)[0], 0)

    def test_new_words_with_the_same_answers_are_a_finding(self):
        """The return makes no revision; what it says is found in the response that has its answers, once."""
        self.take(age="5", see="the letter")
        self.take(age="5", see="the letter", call="us")
        self.take(see="the letter", call="us", age="5")
        self.assertEqual(self.states(), {"aa-see-001": "open", "aa-call-002": "open"})
        self.assertEqual([row["file"][-5:] for row in self.findings()["findings"]], ["1.csv", "2.csv"])
        code, out, _ = run("status", self.form, *self.options)
        self.assertRegex(out, r"(?m)^aa .* 1 +2 of 4 +2 +0$")
        self.assertEqual(run("verify", self.store)[0], 0)
        self.take(age="6")
        self.assertEqual(self.states(), {"aa-see-001": "closed", "aa-call-002": "closed"})

    def test_what_is_waived_of_several_words_is_these_words(self):
        """The words that are still there keep their own number, and stay open."""
        top = ["question,answer", "who,aa", "age,5"]
        import_json(self.form, self.write("two.csv", "\n".join([*top, "See,the letter", "See,page 2"])), *self.options)
        first, second = (row["id"] for row in self.findings()["findings"])
        self.assertEqual(self.settle("--waive", first, "--reason", "seen")[0], 0)
        import_json(self.form, self.write("one.csv", "\n".join([*top[:2], "age,6", "See,page 2"])), *self.options)
        self.assertEqual(self.states(), {first: "closed", second: "open"})
        import_json(self.form, self.write("new.csv", "\n".join([*top[:2], "age,7", "See,page 3"])), *self.options)
        self.assertEqual(list(self.states().values()), ["closed", "closed", "open"])

    def test_as_of_an_earlier_day_each_has_its_number(self):
        top = ["question,answer", "who,aa"]
        texts = [[*top, "age,5", "See,the letter", "See,page 2"], [*top, "age,6", "See,page 2"]]
        for day, text in enumerate(texts, 1):
            file = self.write(f"{day}.csv", "\n".join(text))
            import_json(self.form, file, "--now", f"2026-05-0{day}T10:00:00Z", "--store", self.store)
        options = ["-o", self.path("r.xlsx"), "--store", self.store, "--as-of", "2026-05-01T12:00:00Z"]
        self.assertEqual(run("report", self.form, *options)[0], 0)
        rows = openpyxl.load_workbook(self.path("r.xlsx"))["Findings"].iter_rows(values_only=True)
        ids = {cell for row in rows for cell in row if str(cell).startswith("aa-")}
        self.assertEqual(ids, {"aa-See-001", "aa-See-002"})

    def test_more_words_of_one_name_with_the_same_answers_are_findings(self):
        """What a line says, and how often it is said, is compared, not only the line's name."""
        lines = ["question,answer", "who,aa", "age,5", "See,the letter"]
        for number, more in enumerate([[], ["See,page 2"], ["See,page 2", "See,page 2"]]):
            file = self.write(f"{number}.csv", "\n".join(lines + more) + "\n")
            import_json(self.form, file, *self.options)
            self.assertEqual(len(self.findings()["findings"]), number + 1)
        self.assertEqual([row["value"] for row in self.findings()["findings"]], ["the letter", "page 2", "page 2"])

    def test_a_column_of_no_question_is_a_finding_of_the_file(self):
        file = self.write("wide.csv", "who,age,aeg\naa,5,6\nbb,6,7\n")
        code, told, err = import_json(self.form, file, *self.options)
        self.assertEqual((code, told["warnings"]), (0, 1), err)
        findings = dump(self.store)["finding"]
        self.assertEqual(len(findings), 1)
        self.assertIn("605", findings[0])

    def test_a_row_set_aside_is_told_of_that_row_alone(self):
        file = self.write("wide.csv", "who,age\naa,5\nzz,6\nbb,6,7\n")
        code, told, err = import_json(self.form, file, *self.options)
        self.assertEqual((code, told["errors"], told["responses"]["quarantined"]), (1, 2, 2), err)
        self.assertEqual(dump(self.store)["finding"], [])


class Following(Findings):
    def test_a_finding_lives_from_import_to_import(self):
        self.take(age="130", why="x", old="maybe")
        self.assertEqual(self.states(), {"aa-B1-001": "open", "aa-B3-002": "open"})
        code, out, err = self.settle("--waive", "aa-B1-001", "--reason", "confirmed by phone")
        self.assertEqual((code, out), (0, "aa-B1-001: waived, was open\n"))
        self.assertIn("next: canvass findings %s --store %s" % (self.form, self.store), err)
        # A later revision closes what it no longer has; what is waived stays so while it is there.
        self.take(age="130", why="x", old="no")
        self.assertEqual(self.states(), {"aa-B1-001": "waived", "aa-B3-002": "closed"})
        self.assertEqual(self.findings()["findings"], [])
        # What comes back is the old finding, and what is new has the next number.
        self.take(age="130", why="x", old="perhaps")
        self.take(age="60", old="perhaps")
        self.assertEqual(self.states(), {"aa-B1-001": "closed", "aa-B3-002": "open", "aa-B2-003": "open"})
        code, out, err = self.settle("--waive", "aa-B1-001", "--reason", "x")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("E0721", err)

    def test_a_new_remark_answers_a_finding(self):
        self.take(age="130", why="x")
        self.take(age="130", why="x", note="It is that old, see the register.")
        (row,) = self.findings()["findings"]
        self.assertEqual((row["id"], row["state"]), ("aa-B1-001", "answered"))
        self.assertEqual(row["remark"], "It is that old, see the register.")
        code, out, _ = self.settle("--reopen", "aa-B1-001")
        self.assertEqual((code, out), (0, "aa-B1-001: open, was answered\n"))
        code, out, _ = self.settle("--reopen", "aa-B1-001")
        self.assertEqual((code, out), (0, "aa-B1-001: already open; nothing changed\n"))

    def test_listing_twice_changes_nothing(self):
        self.take(age="130", why="x", old="maybe")
        self.take("bb", age="200", why="x")
        before = dump(self.store)
        self.assertEqual(self.findings(), self.findings())
        self.settle()
        self.assertEqual(dump(self.store), before)
        self.assertEqual(list(self.states("--respondent", "bb")), ["bb-B1-001"])

    def test_the_list_says_what_a_person_must_know(self):
        self.take(age="130", why="x", old="maybe")
        self.take("cc", age="30", old="no")
        code, out, err = self.settle()
        self.assertEqual(code, 0)
        self.assertIn("\naa Alpha\n  aa-B1-001  open  error[E0505]  %s:3\n    B1 Age of the *ship*\n"
                      "    Under 100 years please.\n    answer: 130\n" % self.path("1.csv"), out)
        self.assertTrue(out.endswith("\n2 open, 0 answered, 0 waived, 0 closed\n"))
        self.assertRegex(err, r"next: canvass findings %s .*--letters letters\n" % self.form)

    def test_another_round_has_findings_of_its_own(self):
        self.take(age="130", why="x")
        self.options += ["--round", "2027"]
        self.take(age="130", why="x")
        self.assertEqual(self.states(), {"aa-B1-001": "open"})
        self.settle("--waive", "aa-B1-001", "--reason", "x")
        self.options = self.options[:-2] + ["--round", "2026"]
        self.assertEqual(self.states(), {"aa-B1-001": "open"})


class Counting(Findings):
    def test_what_is_waived_is_open_no_more(self):
        self.take(age="130", why="x", old="maybe")
        self.settle("--waive", "aa-B1-001", "--reason", "confirmed by phone")
        code, out, err = run("status", self.form, *self.options, "--json")
        self.assertEqual(json.loads(out)["respondents"][0]["errors"], 1)
        code, _, err = run("status", self.form, *self.options)
        self.assertIn("next: canvass findings", err)
        code, _, err = run("report", self.form, *self.options, "-o", self.path("r.xlsx"))
        self.assertEqual(code, 0, err)
        rows = list(openpyxl.load_workbook(self.path("r.xlsx"))["Findings"].iter_rows(values_only=True))
        heads = next(row for row in rows if row[0] == "respondent")
        told = {row[heads.index("id")]: row[heads.index("state")] for row in rows[rows.index(heads) + 1:]}
        self.assertEqual(told, {"aa-B1-001": "waived: confirmed by phone", "aa-B3-002": "open"})

    def test_what_is_open_already_stays_as_it_is(self):
        self.take(age="130", why="x", old="maybe")
        before = json.loads(run("findings", self.form, *self.options, "--json")[1])
        code, out, err = self.settle("--reopen", "aa-B1-001", "--now", "2027-05-05T00:00:00Z")
        self.assertIn("nothing changed", out)
        self.assertEqual(json.loads(run("findings", self.form, *self.options, "--json")[1]), before)

    def test_an_id_says_whose_it_is(self):
        self.take(age="130", why="x", old="maybe")
        code, out, err = run("findings", self.form, *self.options, "--reopen", "aa-B1-001", "--respondent", "bb")
        self.assertEqual(code, 2)
        self.assertIn("--respondent cannot be combined", err)

    def test_a_store_from_before_gets_its_findings_followed(self):
        self.take(age="130", why="x")
        expected = self.states()
        store = sqlite3.connect(self.store)
        store.executescript("DROP TABLE query; UPDATE file SET matched = NULL; PRAGMA user_version = 1;")
        store.close()
        code, _, err = run("report", self.form, *self.options, "-o", self.path("r.xlsx"))
        self.assertEqual(code, 0, err)
        self.assertEqual(self.states(), expected)


class Letters(Findings):
    def test_a_letter_asks_each_respondent(self):
        self.take(age="130", why="x\r# <b>", old="maybe", **{"doc[2]__day": "yesterday"})
        self.take("bb", age="60", why="\x1b[31m", old="no")
        self.take("cc", age="10", old="yes")
        folder = self.path("letters")
        code, out, err = self.settle("--letters", folder)
        self.assertEqual(code, 0, err)
        self.assertIn("2 letters written", out)
        self.assertEqual(sorted(os.listdir(folder)), ["aa.md", "aa.txt", "cc.md", "cc.txt"])
        texts = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                texts[name] = file.read()
        # In the first of their languages that the form has, else the form's own.
        for part in ("To: Ms. A. *Alpha*, Alpha", "1.     B1 Age du navire", "What is asked: Moins de 100 ans.",
                     "- Reference: aa-B3-002", "this is not one of the choices", "yes  Oui", "C1 Date (entry 2)",
                     "such as\n         2026-09-30"):
            self.assertIn(part, texts["aa.txt"])
        self.assertIn("To: Ms. A. \\*Alpha\\*, Alpha", texts["aa.md"])
        self.assertIn("# Questions on your answers: Old \\[ships\\] \\& \\<boats\\>", texts["aa.md"])
        self.assertIn("**3.** C1 Date (entry 2)", texts["aa.md"])
        self.assertIn("The rule: the answer is not 'Yes' or B1 is more than 20", texts["cc.txt"])
        self.assertIn("Your answer: yes (Yes)", texts["cc.txt"])
        for text in texts.values():
            self.assertNotIn("\x1b", text)
            self.assertNotIn("${", text)
            self.assertLessEqual(max(len(line) for line in texts["aa.txt"].splitlines()), 76)

    def test_nothing_is_written_over_without_force(self):
        self.take(age="130", why="x")
        self.take("cc", age="10", old="yes")
        folder = self.path("letters")
        os.mkdir(folder)
        self.write("letters/cc.txt", "mine")
        code, _, err = self.settle("--letters", folder)
        self.assertEqual((code, os.listdir(folder)), (2, ["cc.txt"]))
        self.assertIn("cc.txt already exists; nothing was written", err)
        code, out, _ = self.settle("--letters", folder, "--force")
        self.assertEqual((code, len(os.listdir(folder))), (0, 4))

    def test_what_is_waived_or_answered_is_not_asked(self):
        self.take(age="130", why="x")
        self.take("cc", age="130", why="x")
        self.take("cc", age="130", why="x", note="It is that old.")
        self.settle("--waive", "aa-B1-001", "--reason", "seen")
        code, out, _ = self.settle("--letters", self.path("letters"))
        self.assertEqual((code, out), (0, "no open findings: no letter written\n"))

    def test_a_code_that_cannot_name_a_file_is_told(self):
        os.remove(self.path("roster.csv"))
        self.take("a/../b", age="130", why="x")
        code, _, err = self.settle("--letters", self.path("letters"))
        self.assertEqual(code, 2)
        self.assertIn("E0722", err)
        self.assertFalse(os.path.exists(self.path("letters")))


class Usage(Findings):
    def test_what_does_not_go_together_is_refused(self):
        self.take(age="130", why="x")
        for more, said in ((["--waive", "aa-B1-001"], "--waive requires --reason TEXT"),
                           (["--waive", "aa-B1-001", "--reason", "  "], "--reason: the text must be"),
                           (["--reason", "x"], "--reason requires --waive ID"),
                           (["--waive", "aa-B1-001", "--reason", "x", "--reopen", "aa-B1-001"], "cannot be combined"),
                           (["--waive", "aa-B1-001", "--reason", "x", "--json"], "--json cannot be combined"),
                           (["--force"], "--force requires --letters"),
                           (["--waive", "aa-B1-1", "--reason", "x"], "E0720"),
                           (["--respondent", "zz"], '"zz" is not in the roster')):
            code, out, err = self.settle(*more)
            self.assertEqual((code, out), (2, ""), more)
            self.assertIn(said, err)
        self.assertEqual(self.states(), {"aa-B1-001": "open"})

    def test_nothing_imported_yet(self):
        code, _, err = self.settle()
        self.assertEqual(code, 3)
        self.assertIn("nothing has been imported yet", err)


if __name__ == "__main__":
    unittest.main()
