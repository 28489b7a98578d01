"""What counts is in the hands of the secretariat: the quarantine seen and settled, returns withdrawn and restored, and who
did it.

All answers are invented.
"""
import json
import os
import sqlite3
import unittest

import openpyxl

from story import NOW, Story, import_json, run

FORM = """survey
,type,name,label,required,constraint,qno
,select_one who,who,Who,yes,,
,integer,age,Age,yes,. < 100,B1
,text,why,Why,,,B2
choices
,list_name,name,label
,who,AUS,Australia
,who,THA,Thailand
,who,VN,Viet Nam
,who,NZ,New Zealand
settings
,form_id,form_title,version,respondent
,ships,Ships,1,who
"""
ROSTER = "code,name,group:Region\nAUS,Australia,South\nTHA,Thailand,North\nVN,Viet Nam,North\nNZ,New Zealand,South\n"


def answers(who, age, why=""):
    return "question,answer\nwho,%s\nage,%s\nwhy,%s\n" % (who, age, why)


class Named(Story):
    """A return whose identifying question is blank, and --respondent."""

    def test_the_person_who_imports_names_the_respondent(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,select_one who,who,Who\n,text,t,T\nchoices\n,list_name,name,label\n"
                                   ",who,aa,Alpha\n,who,bb,Beta\nsettings\n,form_id,version,respondent\n,named,1,who\n")
        self.write("roster.csv", "code,name\naa,Alpha\nbb,Beta\n")
        file, store = self.write("r.csv", "who,t\n,hello\n"), ["--store", self.path("s.db"), "--now", NOW]
        waiting = lambda: run("quarantine", form, *store)[1]
        self.assertIn("E0690", run("import", form, file, *store)[1])
        self.assertIn("the respondent is missing", waiting())
        code, out, _ = run("import", form, file, *store, "--respondent", "Gamma")
        self.assertEqual(code, 1)
        self.assertIn('"Gamma" is not in the roster', waiting())
        self.assertIn("correct --respondent", out)
        self.assertEqual(run("import", form, file, *store, "--respondent", "Beta")[0], 0)
        self.assertIn("bb   Beta  2026-12-01         1", run("status", form, *store)[1])
        self.assertNotIn("Gamma", waiting())
        self.assertIn("0 files and 0 records waiting", waiting())
        self.assertIn("no differences", run("verify", self.path("s.db"))[1])
        other = self.write("o.csv", "who,t\naa,hello\n")
        self.assertIn('--respondent is "bb", but the answers are from "aa"',
                      run("import", form, other, *store, "--respondent", "bb")[1])


class Blank(Story):
    """A return whose required identifying question is blank, and --attribute."""

    def test_an_attribution_answers_who_it_is(self):
        for kind, answered in (("select_one who", 1), ("text", "bb")):
            form = self.write("f.csv", "survey\n,type,name,label,required\n,%s,who,Who,yes\n,text,t,T,\nchoices\n,list_name,name,"
                                       "label\n,who,aa,Alpha\n,who,bb,Beta\nsettings\n,form_id,version,respondent\n,b,1,who\n" % kind)
            self.write("roster.csv", "code,name\naa,Alpha\nbb,Beta\n")
            store = self.path(kind[:4] + ".db")
            options = ["--store", store, "--now", NOW]
            for name, text, line in (("whole.csv", "question,answer\nwho,\nt,hello\n", 2),
                                     ("some.csv", "who,t\naa,one\n ,two\n", 3)):
                with self.subTest(kind=kind, name=name):
                    self.assertEqual(run("import", form, self.write(name, text), *options)[0], 1)
                    item = json.loads(run("quarantine", form, *options, "--json")[1])["items"][-1]
                    code, out, _ = run("quarantine", form, "--attribute", str(item["id"]), "--respondent", "bb", "--reason",
                                       "mail of 3 May", "--by", "Ms. Officer", *options)
                    self.assertEqual((code, "E0501" in out), (0, False), out)
                    db = sqlite3.connect(store)
                    last = db.execute("SELECT max(id) FROM response").fetchone()
                    self.assertEqual(db.execute("SELECT path, line, read_as, why FROM ledger WHERE response = ?", last).fetchall(),
                                     [("who", line, "bb", "attributed by hand")])
                    self.assertEqual(db.execute("SELECT q0 FROM answers_1_0_0 WHERE id = ?", last).fetchall(), [(answered,)])
                    self.assertEqual(db.execute("SELECT respondent, who, reason FROM event WHERE kind = 'attributed'").fetchall()[-1],
                                     ("bb", "Ms. Officer", "mail of 3 May"))
                    db.close()
            code, out, _ = run("import", form, self.write("given.csv", "question,answer\nwho,\nt,given\n"), "--respondent", "aa",
                               *options)
            self.assertEqual((code, "E0501" in out), (0, False), out)
            db = sqlite3.connect(store)
            self.assertEqual(db.execute("SELECT path, line, read_as, why FROM ledger ORDER BY id DESC LIMIT 1").fetchall(),
                             [("who", 2, "aa", "respondent named by --respondent")])
            db.close()
            code, out, err = run("verify", store)
            self.assertEqual(code, 0, out + err)


class Control(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("roster.csv", ROSTER)
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--round", "2026", "--now", NOW]

    def put(self, name, content):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        return self.write(name, content)

    def take(self, name, content, *more):
        return import_json(self.form, self.put(name, content), *self.options, *more)

    def canvass(self, command, *more, code=0):
        by = [] if command == "report" else ["--by", "Ms. Officer"]
        got, out, err = run(command, self.form, *more, *self.options, *by)
        self.assertEqual(got, code, out + err)
        return out, err

    def json(self, command, *more):
        code, out, err = run(command, self.form, *more, *self.options, "--json")
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def items(self, *more):
        return self.json("quarantine", *more)["items"]

    def states(self):
        return {row["code"]: row["state"] for row in self.json("status")["respondents"]}

    def counting(self):
        return {row["code"]: row["revision"] for row in self.json("status")["respondents"] if row["returned"]}

    def sheet(self, name):
        target = self.path("report.xlsx")
        self.canvass("report", "-o", target, "--force")
        return [[cell.value for cell in row] for row in openpyxl.load_workbook(target)[name].iter_rows()]

    def events(self):
        db = sqlite3.connect(self.store)
        rows = db.execute("SELECT kind, respondent, who, reason, detail FROM event ORDER BY number").fetchall()
        db.close()
        return rows

    def assert_sound(self):
        code, out, err = run("verify", self.store)
        self.assertEqual(code, 0, out + err)


class Quarantine(Control):
    def test_respondents_are_guessed_by_content_name_and_folder(self):
        self.take("in/x.csv", answers("Thialand", 5))
        self.take("in/ships-VN (2).csv", "no questionnaire at all\n")
        self.take("in/reply of new_zealand.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        self.take("AUS/scan0001.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd4\n")
        self.take("in/scan0001.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd5\n")
        items = self.items()
        self.assertEqual([(item["id"], item.get("respondent"), item.get("guessed_by")) for item in items],
                         [(1, "THA", "its content, misspelt"), (2, "VN", "its file name"), (3, "NZ", "its file name"),
                          (4, "AUS", "its folder"), (5, None, None)])
        out, err = self.canvass("quarantine")
        self.assertIn("perhaps from THA Thailand, by its content, misspelt", out)
        self.assertIn("5 files and 0 records waiting", out)
        self.assertIn("--attribute 1 --respondent THA --reason TEXT", err)
        out, _ = self.canvass("quarantine", "--show", "1")
        self.assertIn("names itself: Thialand", out)
        self.assertIn("SHA-256", out)

    def test_a_return_in_another_ones_file_is_attributed(self):
        # filled in in the pack of Australia, and sent by Thailand
        code, told, _ = self.take("in/a.csv", "question,answer\nwho,AUS\nage,5\n# respondent: AUS,\n")
        code, told, _ = self.take("in/b.csv", "nonsense\n")
        (item,) = [item for item in self.items() if item["file"].endswith("b.csv")]
        self.canvass("quarantine", "--attribute", str(item["id"]), "--respondent", "THA", "--reason", "mail of 3 May", code=1)
        self.assertEqual([row["id"] for row in self.items()], [item["id"]])  # it still cannot be read
        self.take("in/c.csv", answers("Atlantis", 7))
        item = self.items()[-1]
        out, _ = self.canvass("quarantine", "--attribute", str(item["id"]), "--respondent", "THA", "--reason", "mail of 3 May")
        self.assertIn('attributed to "THA" by hand, but it names "Atlantis" itself', out)
        self.assertIn("files: 1 received = 1 accepted", out)
        self.assertEqual(self.counting()["THA"], 1)
        self.assertEqual([(row["id"], row["state"]) for row in self.items("--all")][-1], (item["id"], "imported"))
        self.assertIn(("attributed", "THA", "Ms. Officer", "mail of 3 May", self.path("in/c.csv")), self.events())
        self.assertIn(("imported", "THA", "Ms. Officer", None, self.path("in/c.csv")), self.events())
        code, _, err = run("quarantine", self.form, "--dismiss", str(item["id"]), "--reason", "x", *self.options)
        self.assertEqual(code, 2)
        self.assertIn("E0717", err)
        # it is known when it comes again, also without the name
        code, told, _ = self.take("in/c.csv", answers("Atlantis", 7))
        self.assertEqual((code, told["returns"][0]["outcome"], told["files"]["already_there"]), (0, "already there", 1))
        self.assert_sound()

    def test_a_dismissed_file_is_gone_from_the_cover_and_from_status(self):
        self.take("in/a.csv", answers("AUS", 5))
        self.take("in/ad.csv", "buy now\n")
        self.assertIn("Not imported", str(self.sheet("How to read this")))
        out, _ = self.canvass("quarantine", "--dismiss", "1", "--reason", "an advertisement")
        self.assertIn("in/ad.csv dismissed", out)
        self.assertNotIn("Not imported", str(self.sheet("How to read this")))
        self.assertEqual(self.items(), [])
        self.assertEqual([row["state"] for row in self.items("--all")], ["dismissed"])
        self.assertIn(("dismissed", None, "Ms. Officer", "an advertisement", "item 1, " + self.path("in/ad.csv")), self.events())
        # its number is never used for another
        self.take("in/ad2.csv", "buy more\n")
        self.assertEqual([row["id"] for row in self.items()], [2])
        self.assert_sound()

    def test_a_dismissed_file_that_comes_again_is_said_to_be_dismissed(self):
        path, _ = self.put("in/w.csv", answers("PNG", 5)), self.put("in/ad.csv", "buy now\n")
        for more in ([], ["-n"]):
            self.assertEqual(run("import", self.form, self.path("in"), *self.options, *more)[0], 1)
        self.canvass("quarantine", "--dismiss", "1", "--reason", "an advertisement")
        self.canvass("quarantine", "--dismiss", "2", "--reason", "not asked")
        for more in (["-n"], []):
            code, out, err = run("import", self.form, self.path("in"), *self.options, *more)
            self.assertEqual((code, out.splitlines()), (0, [
                self.path("in/ad.csv") + ": dismissed before, on 2026-12-01 by Ms. Officer: an advertisement (item 1 of the quarantine)",
                path + ": dismissed before, on 2026-12-01 by Ms. Officer: not asked (item 2 of the quarantine)",
                "files: 2 received = 0 accepted + 2 already there + 0 quarantined",
                "responses: 0 = 0 new + 0 new revisions + 0 already there + 0 quarantined"]))
        told = import_json(self.form, path, *self.options)[1]
        self.assertEqual([(one["outcome"], one["findings"], one["dismissed"]["item"], one["dismissed"]["who"])
                          for one in told["returns"]], [("dismissed", [], 2, "Ms. Officer")])
        self.assertEqual(self.items(), [])
        # it can be imported after all, and all that is found in it is said
        self.write("roster.csv", ROSTER + "PNG,Papua New Guinea,South\n")
        code, out, err = run("import", self.form, path, *self.options, "--roster", self.path("roster.csv"))
        self.assertIn("error[E0503]", out)
        self.assertIn("1 received = 1 accepted", out)
        self.assertEqual(self.counting(), {"PNG": 1})
        self.assert_sound()

    def test_a_dismissal_is_taken_back(self):
        self.take("in/a.csv", answers("Siam", 5))
        self.take("in/ad.csv", "buy now\n")
        self.canvass("quarantine", "--dismiss", "1", "--reason", "nobody of this name")
        self.canvass("quarantine", "--dismiss", "2", "--reason", "an advertisement")
        self.assertIn("--attribute 1 --respondent CODE --reason TEXT\n", self.canvass("quarantine", "--show", "1")[1])
        self.assertIn("--retry 2\n", self.canvass("quarantine", "--show", "2")[1])
        out, _ = self.canvass("quarantine", "--attribute", "1", "--respondent", "THA", "--reason", "the old name")
        self.assertIn("1 received = 1 accepted", out)
        self.assertEqual(self.counting(), {"THA": 1})
        out, _ = self.canvass("quarantine", "--retry", "2", code=1)
        self.assertIn("error[E0601]", out)
        self.assertIn("in/ad.csv: still dismissed, not counted\n", out)
        self.assertEqual([(row["id"], row["state"]) for row in self.items("--all")], [(1, "imported"), (2, "dismissed")])
        self.canvass("quarantine", "--attribute", "1", "--respondent", "VN", "--reason", "x", code=2)
        self.assert_sound()

    def test_the_next_command_is_one_that_can_help(self):
        for name, content, wanted in (
                ("scan.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "import FORM FILE..."),
                ("old.csv", answers("AUS", 5, "près").encode("cp1252"), "quarantine FORM --retry 2 --encoding NAME"),
                ("who.csv", answers("Siam", 5), "quarantine FORM --attribute 3 --respondent CODE --reason TEXT")):
            self.take("in/" + name, content)
            number = self.items()[-1]["id"]
            _, err = self.canvass("quarantine", "--show", str(number))
            first, second = [line.replace(self.form, "FORM").replace(" --store " + self.store + " --round 2026", "")
                             for line in err.splitlines()]
            self.assertEqual(first, "  next: canvass " + wanted)
            self.assertEqual(second, "  next: canvass quarantine FORM --dismiss %d --reason TEXT" % number)

    def test_all_are_tried_again_after_the_roster_was_corrected(self):
        self.take("in/a.csv", answers("AUS", 5))
        self.take("in/w.csv", "who,age\nPNG,5\nNZ,6\nPE,7\n")
        self.take("in/p.csv", answers("PNG", 8))
        self.assertEqual([(row["kind"], row["row"], row["claimed"]) for row in self.items()],
                         [("record", 2, "PNG"), ("record", 4, "PE"), ("file", 2, "PNG")])
        self.write("roster.csv", ROSTER + "PNG,Papua New Guinea,South\n")
        out, err = self.canvass("quarantine", "--retry", "all", "--roster", self.path("roster.csv"), code=1)
        self.assertEqual([(row["row"], row["claimed"]) for row in self.items()], [(4, "PE")], out)
        self.assertEqual(self.counting(), {"AUS": 1, "NZ": 1, "PNG": 2})
        self.assert_sound()

    def test_what_waits_of_a_respondent_who_has_answered_is_shown(self):
        self.take("in/ships-VN.csv", "no questionnaire\n")
        self.take("in/v.csv", answers("VN", 5))
        out, _ = self.canvass("status")
        self.assertRegex(out, r"(?m)^VN .* also item 1 of the quarantine$")
        rows = list(map(list, self.sheet("Non-respondents")))
        self.assertEqual(rows[1][0], "Without answers that count: 3 of 4 respondents.")
        self.assertEqual([row[0] for row in rows if row[0] in ("AUS", "THA", "VN", "NZ")], ["AUS", "THA", "NZ"])
        self.canvass("quarantine", "--dismiss", "1", "--reason", "sent again as CSV")
        self.assertNotIn("quarantine", self.canvass("status")[0])

    def test_one_record_of_a_file_is_attributed(self):
        self.take("in/w.csv", "who,age\nSiam,5\nNZ,6\nAtlantis,7\n")
        out, _ = self.canvass("quarantine", "--attribute", "1", "--respondent", "THA", "--reason", "old name", code=1)
        self.assertNotIn("E0503", out)  # the name is no mistake that THA is asked about
        db = sqlite3.connect(self.store)
        self.assertIn(("who", "Siam", "THA", "attributed by hand"),
                      db.execute("SELECT path, stood, read_as, why FROM ledger").fetchall())
        db.close()
        rows = self.sheet("Matrix")
        self.assertIn("Thailand", [row for row in rows if row[0] == "THA"][0][2:])
        self.assertEqual(self.counting(), {"THA": 1, "NZ": 1})
        self.assertEqual([(row["row"], row["claimed"]) for row in self.items()], [(4, "Atlantis")])
        self.assert_sound()

    def test_a_return_tried_again_is_as_old_as_it_is(self):
        self.take("in/a.csv", answers("PNG", 5))
        run("status", self.form, "--due", "2026-12-15", *self.options)
        self.write("roster.csv", ROSTER + "PNG,Papua New Guinea,South\n")
        code, out, err = run("quarantine", self.form, "--retry", "1", "--roster", self.path("roster.csv"), "--store", self.store,
                             "--round", "2026", "--now", "2027-03-01T00:00:00Z")
        self.assertEqual(code, 1, out + err)  # the form's own list does not have it
        (row,) = [row for row in self.json("status")["respondents"] if row["code"] == "PNG"]
        self.assertEqual((row["received"], row["late"]), ("2026-12-01T00:00:00.000+00:00", False))

    def test_junk_changes_no_current_round(self):
        self.take("in/a.csv", answers("AUS", 5))
        import_json(self.form, self.put("in/junk.csv", "junk\n"), "--store", self.store, "--round", "2025", "--now", NOW)
        code, out, err = run("status", self.form, "--store", self.store, "--now", NOW, "--json")
        self.assertEqual(json.loads(out)["round"], "2026", err)

    def test_wrong_usage(self):
        self.take("in/junk.csv", "junk\n")
        for more in (["--dismiss", "1"], ["--attribute", "1", "--reason", "x"], ["--show", "x"], ["--respondent", "AUS"],
                     ["--retry", "1", "--dismiss", "1", "--reason", "x"], ["--retry", "1", "--json"], ["--show", "9"],
                     ["--attribute", "1", "--respondent", "XYZ", "--reason", "x"], ["--map", "m.csv"], ["--reason", "x"]):
            code, _, err = run("quarantine", self.form, *self.options, *more)
            self.assertEqual(code, 2, more)
            self.assertNotEqual(err, "")


class States(Control):
    def test_each_respondent_is_in_one_state_and_status_and_workbook_agree(self):
        self.write("roster.csv", ROSTER + "BN,Brunei,South\nCT,Taipei,North\nMY,Malaysia,South\nPH,Philippines,North\nHK,Hong Kong,North\nPE,Peru,South\n")
        self.canvass("status", "--sent", "all", "--due", "2026-12-15")
        self.take("in/a.csv", answers("AUS", 5))
        self.take("in/t.csv", answers("THA", "", ""))
        self.take("in/ships-VN.csv", "no questionnaire\n")
        self.take("in/n.csv", answers("NZ", 6))
        self.take("in/m.csv", answers("Malayia", 7))
        self.take("in/ships-PH.csv", "question,answer\nform_id,cargo\nage,5\n")
        self.canvass("withdraw", "NZ", "--reason", "by mistake")
        self.canvass("status", "--declined", "BN", "--reason", "no ships")
        self.canvass("status", "--extended", "CT", "--due", "2027-01-31", "--reason", "illness")
        wanted = {"AUS": "answered", "THA": "returned blank", "VN": "returned, not readable", "NZ": "withdrawn", "BN": "declined",
                  "CT": "extended", "HK": "not yet due", "PE": "not yet due", "MY": "returned, not attributed", "PH": "returned, not accepted"}
        self.assertEqual(self.states(), wanted)
        out, err = self.canvass("status")
        self.assertIn("1 of 10 answered, 1 returned blank, 1 returned, not attributed, 1 returned, not accepted, "
                      "1 returned, not readable, 1 withdrawn, 1 declined, 3 without a reply", out)
        self.assertIn("returned, not readable (item 1 of the quarantine: %s)" % self.path("in/ships-VN.csv"), out)
        self.assertIn("withdrawn (by mistake)", out)
        self.assertIn("3 files or records wait in quarantine\n  next: canvass quarantine", err)
        self.assertIn("3 files or records wait in quarantine\n  next: canvass quarantine", self.canvass("findings")[1])
        rows = self.sheet("Returns")
        heads = [row for row in rows if row[0] == "code"][0]
        told = {row[0]: (row[heads.index("state")], row[heads.index("reason")]) for row in rows if row[0] in wanted}
        self.assertEqual({code: state for code, (state, _) in told.items()}, wanted)
        self.assertEqual((told["BN"][1], told["NZ"][1], told["CT"][1]), ("no ships", "by mistake", "illness"))
        rows = self.sheet("Non-respondents")
        heads = [row for row in rows if row[0] == "code"][0]
        self.assertEqual({row[0]: row[heads.index("state")] for row in rows if row[0] in wanted},
                         {code: state for code, state in wanted.items() if code != "AUS"})
        cover = str(self.sheet("How to read this"))
        self.assertIn("'1 answered'", cover)
        self.assertIn("['Returned blank', '1 respondent']", cover)
        self.assertIn("1 returned, not readable, 1 withdrawn, 1 declined, 1 extended, 1 returned, not attributed, "
                      "1 returned, not accepted, 2 not yet due", cover)
        self.assertEqual(self.canvass("report", "-o", self.path("r.xlsx"))[0], self.path("r.xlsx") + ": round 2026, 1 of 10 answered\n")
        # a reminder goes to those of whom an answer is still to come
        self.canvass("status", "--remind", self.path("reminders"))
        self.assertEqual(sorted(os.listdir(self.path("reminders"))), ["CT.txt", "HK.txt", "PE.txt"])
        # after the day
        self.options[-1] = "2026-12-20T00:00:00Z"
        self.assertEqual(self.states()["PE"], "silent")
        self.canvass("quarantine", "--dismiss", "1", "--reason", "an advertisement")
        self.assertEqual(self.states()["VN"], "silent")

    def test_what_is_returned_blank_is_a_term_of_each_question(self):
        """One as a pack, from which no response is made, and one as a record among others, which is one."""
        self.write("roster.csv", ROSTER + "BN,Brunei,South\n")
        self.take("in/t.csv", answers("THA", "", ""))
        self.take("in/all.csv", "who,age,why\nAUS,5,for fun\nVN,,\nNZ,7,\n")
        self.assertEqual(self.states(), {"AUS": "answered", "THA": "returned blank", "VN": "returned blank", "NZ": "answered", "BN": "silent"})
        self.assertIn("2 of 5 answered, 2 returned blank, 1 without a reply", self.canvass("status")[0])
        rows = self.sheet("Counts")
        at = {text: column for column, text in enumerate(next(row for row in rows if "option" in row))}
        counts = {question: {row[at["option"]]: (row[at["n"]], row[at["names"]], row[at["asked"]]) for row in rows
                             if row[at["name"]] == question} for question in ("age", "why")}
        self.assertEqual(counts["age"]["(returned blank)"], (2, "THA, VN", 2))
        for told, states in ((counts["age"], (2, 0, 0, 2, 1)), (counts["why"], (1, 1, 0, 2, 1))):
            self.assertEqual([told[state][0] for state in ("(answered)", "(no answer)", "(not asked)", "(returned blank)", "(no reply)")],
                             list(states))
            self.assertEqual(told["(total)"][0], 5)
        rows = self.sheet("Returns")
        heads = next(row for row in rows if row[0] == "code")
        self.assertEqual({row[0]: row[heads.index("returned")] for row in rows if row[0] in self.states()},
                         {"AUS": "yes", "THA": "blank", "VN": "blank", "NZ": "yes", "BN": "no"})
        self.assertEqual(next(row for row in rows if row[0] == "(total)")[heads.index("returned")], 2)
        self.assertEqual({row[0]: row[-1] for row in self.sheet("Matrix") if row[0] in ("THA", "VN", "BN")},
                         {"THA": "blank", "VN": "blank", "BN": "–"})
        facts = {row[0]: row[1] for row in self.sheet("Summary")}
        self.assertEqual((facts["Responses"], facts["returned blank"], facts["silent"]), ("2 of 5 respondents (40%)", "2: THA, VN", "1: BN"))
        self.canvass("report", "-o", self.path("paper.md"))
        with open(self.path("paper.md"), encoding="utf-8") as file:
            paper = file.read()
        for words in ("**Replied:** 2 respondents", "**Returned blank:** 2 respondents", "**No reply:** 1 respondent",
                      "| *Returned blank* | 2 |  | THA, VN |", "| *No reply* | 1 |  | BN |"):
            self.assertIn(words, paper)

    def test_blank_responses_among_many_count_in_no_figure(self):
        """More than are named, whose median takes a second pass that reads some columns only."""
        self.form = self.write("many.csv", "survey\n,type,name,label,required,calculation,bind::type\n,text,who,Who,yes,,\n,integer,n,N,,,\n"
                               ",calculate,m,,,\"coalesce(${n}, 9000000)\",int\nsettings\n,form_id,respondent\n,many,who\n")
        codes = range(20002)
        self.write("roster.csv", "code,name\n" + "".join("c%d,x\n" % code for code in codes) + "d1,x\nd2,x\n")
        self.take("in/all.csv", "who,n\n" + "".join("c%d,%s\n" % (code, code or "") for code in codes))
        self.take("in/d1.csv", "question,answer\nwho,d1\nn,\n")
        rows = self.sheet("Counts")
        at = {text: column for column, text in enumerate(next(row for row in rows if "option" in row))}
        for question in ("n", "m"):
            told = {row[at["option"]]: row[at["n"]] for row in rows if row[at["name"]] == question}
            self.assertEqual({state: told[state] for state in ("(answered)", "(returned blank)", "(no reply)", "(total)")},
                             {"(answered)": 20001, "(returned blank)": 2, "(no reply)": 1, "(total)": 20004})
        rows = self.sheet("Numbers")
        heads = next(row for row in rows if "median" in row)
        told = {row[heads.index("name")]: (row[heads.index("median")], row[heads.index("max")]) for row in rows}
        self.assertEqual((told["n"], told["m"]), ((10001, 20001), (10001, 20001)))

    def test_the_report_says_what_it_wrote(self):
        self.take("in/a.csv", answers("AUS", 5))
        code, out, err = run("report", self.form, "-o", self.path("r.xlsx"), *self.options, "--json")
        self.assertEqual((code, json.loads(out)), (0, {"schema": "canvass.report/1", "workbook": self.path("r.xlsx"), "audience": "members",
                                                       "round": "2026", "responses": 1}), err)


class Withdrawn(Control):
    def test_a_withdrawn_return_counts_no_more_and_its_findings_are_closed(self):
        self.take("a.csv", answers("AUS", 500))
        self.take("b.csv", answers("THA", 5))
        self.assertEqual([row["state"] for row in self.json("findings", "--all")["findings"]], ["open"])
        out, err = self.canvass("withdraw", "AUS", "--reason", "sent by mistake")
        self.assertIn("AUS: revision 1 withdrawn", out)
        self.assertIn("withdraw %s --store %s --round 2026 AUS --revision 1 --reason TEXT" % (self.form, self.options[1]), err)
        self.assertEqual(self.counting(), {"THA": 1})
        self.assertEqual([row["state"] for row in self.json("findings", "--all")["findings"]], ["closed"])
        self.assertEqual(self.json("status")["responses"], 1)
        self.assertIn(("withdrawn", "AUS", "Ms. Officer", "sent by mistake", "revision 1"), self.events())
        self.assert_sound()
        self.canvass("withdraw", "AUS", "--revision", "1", "--reason", "it was right")
        self.assertEqual(self.counting(), {"AUS": 1, "THA": 1})
        self.assertEqual([row["state"] for row in self.json("findings", "--all")["findings"]], ["open"])
        self.assertIn(("restored", "AUS", "Ms. Officer", "it was right", "revision 1"), self.events())
        self.assert_sound()

    def test_an_earlier_revision_counts_again_and_the_next_is_numbered_after_all(self):
        for age in (1, 2, 3):
            self.take("a%d.csv" % age, answers("AUS", age))
        out, _ = self.canvass("withdraw", "AUS", "--revision", "1", "--reason", "letter of the ministry")
        self.assertIn("AUS: revision 1 counts, instead of revision 3", out)
        self.assertEqual(self.counting(), {"AUS": 1})
        self.assert_sound()
        # equal to what counts: nothing new; equal to what does not: a new revision
        code, told, _ = self.take("same.csv", answers("AUS", 1, ""))
        self.assertEqual(told["responses"]["already_there"], 1)
        code, told, _ = self.take("as3.csv", answers("AUS", 3) + "# again,\n")
        self.assertEqual(told["responses"]["revisions"], 1, told)
        self.assertEqual(self.counting(), {"AUS": 4})
        self.canvass("withdraw", "AUS", "--revision", "2", "--reason", "x")
        self.canvass("withdraw", "AUS", "--reason", "y")
        self.assertEqual(self.counting(), {})
        code, told, _ = self.take("new.csv", answers("AUS", 9))
        self.assertEqual(self.counting(), {"AUS": 5})
        self.assert_sound()

    def test_a_later_return_is_not_compared_with_one_that_was_withdrawn(self):
        self.take("in/a.csv", answers("AUS", 5, "so"))
        self.canvass("withdraw", "AUS", "--reason", "sent by mistake")
        for more in (["-n"], ["-n", "--keep-blank"], ["--keep-blank"]):
            code, told, _ = self.take("in/b.csv", answers("AUS", 6), *more)
            self.assertEqual((code, told["responses"]["revisions"], told["returns"][0]["findings"]), (0, 1, []))
        db = sqlite3.connect(self.store)
        self.assertEqual(db.execute("SELECT path FROM ledger WHERE why LIKE '%earlier%'").fetchall(), [])
        db.close()
        self.assertNotIn("so", [cell for row in self.sheet("Matrix") for cell in row])
        self.assert_sound()

    def test_a_large_file_and_a_dry_run_follow_what_was_withdrawn(self):
        self.take("a1.csv", answers("AUS", 1))
        self.take("a2.csv", answers("AUS", 2))
        self.take("v.csv", answers("VN", 3))
        self.canvass("withdraw", "AUS", "--revision", "1", "--reason", "x")
        self.canvass("withdraw", "VN", "--reason", "x")
        # over 16 MiB: responses are paired at the end
        large = "who,age,why\nAUS,1,\nVN,3,%s\n" % ("x" * 1000) + "THA,5,%s\n" % ("y" * 30000) * 600
        for more in (["-n"], []):
            code, told, _ = self.take("large.csv", large, *more)
            self.assertEqual((told["responses"]["already_there"], told["responses"]["revisions"], told["responses"]["new"]),
                             (600, 1, 1), more)
        self.assertEqual(self.counting(), {"AUS": 1, "VN": 2, "THA": 1})
        self.assert_sound()

    def test_what_cannot_be_withdrawn(self):
        self.take("a.csv", answers("AUS", 1))
        for who, more, text in (("THA", [], "E0713"), ("AUS", ["--revision", "2"], "E0714"), ("AUS", ["--revision", "1"], "E0715")):
            code, out, err = run("withdraw", self.form, who, *more, "--reason", "x", *self.options)
            self.assertEqual((code, out), (2, ""))
            self.assertIn(text, err)
        self.assertEqual(run("withdraw", self.form, "AUS", *self.options)[0], 2)
        self.assertEqual([event[0] for event in self.events()], ["imported"])


class Again(Control):
    """Returns of several files, and those over 16 MiB, are imported from what the store keeps of them."""

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM.replace("choices\n", ",begin_repeat,doc,Documents,,,\n,text,title,Title,,,\n"
                                                        ",end_repeat,,,,,\nchoices\n", 1))

    def titles(self):
        db = sqlite3.connect(self.store)
        rows = db.execute("SELECT respondent, entry, title FROM answers_repeat_1 ORDER BY 1, 2").fetchall()
        db.close()
        return rows

    def test_files_that_belong_together(self):
        self.put("in/docs-doc.csv", "title,PARENT_KEY,KEY\nLaw,u1,e1\nRule,u1,e2\nAct,u2,e3\n")
        code, told, _ = self.take("in/docs.csv", "who,age,KEY\nAtlantis,7,u1\nTHA,8,u2\n")
        self.assertEqual((code, told["responses"]["quarantined"], self.titles()), (1, 1, [("THA", "doc[1]", "Act")]))
        for name in ("docs.csv", "docs-doc.csv"):
            os.remove(self.path("in/" + name))
        out, _ = self.canvass("quarantine", "--attribute", "1", "--respondent", "AUS", "--reason", "mail of 3 May")
        self.assertIn("files: 1 received = 1 accepted", out)
        self.assertEqual(self.titles(), [("AUS", "doc[1]", "Law"), ("AUS", "doc[2]", "Rule"), ("THA", "doc[1]", "Act")])
        self.assertEqual(self.items(), [])
        self.assert_sound()

    def test_files_that_belong_together_by_their_folder_only(self):
        self.put("in/entries.csv", "title,PARENT_KEY,KEY\nLaw,u1,e1\n")
        self.put("in/all.csv", "who,age,KEY\nAtlantis,7,u1\n")
        self.assertEqual(run("import", self.form, self.path("in"), *self.options)[0], 1)
        # what lies there today is another return
        self.put("in/all-doc.csv", "title,PARENT_KEY,KEY\nWrong,u1,e1\n")
        self.canvass("quarantine", "--attribute", "1", "--respondent", "AUS", "--reason", "mail of 3 May")
        self.assertEqual(self.titles(), [("AUS", "doc[1]", "Law")])

    def test_a_file_over_16_mib(self):
        entries = "title,PARENT_KEY,KEY\n" + "".join("%s%d,u1,e%d\n" % ("x" * 3000, i, i) for i in range(6000))
        self.put("in/docs-doc.csv", entries)
        self.take("in/docs.csv", "who,age,KEY\nAtlantis,7,u1\n")
        (kept,) = os.listdir(self.store + ".files")
        os.remove(self.path("in/docs-doc.csv"))
        os.rename(self.store + ".files/" + kept, self.path("elsewhere"))
        retry = ("quarantine", "--attribute", "1", "--respondent", "AUS", "--reason", "mail of 3 May")
        _, err = self.canvass(*retry, code=2)
        self.assertIn("docs-doc.csv: error[E0718]: the original is missing from the folder next to the store", err)
        self.assertEqual([item["id"] for item in self.items()], [1])
        os.rename(self.path("elsewhere"), self.store + ".files/" + kept)
        self.canvass(*retry)
        self.assertEqual(len(self.titles()), 6000)
        self.assertEqual(os.listdir(self.store + ".files"), [kept])
        self.assert_sound()


class History(Control):
    def test_revisions_say_what_they_changed_and_where(self):
        self.take("a.csv", answers("AUS", 5, "old"), "--by", "Importer")
        self.take("b.csv", answers("AUS", 7, "old") + "# a remark,\n", "--by", "Another")
        self.canvass("withdraw", "AUS", "--reason", "by mistake")
        told = self.json("history", "AUS")
        self.assertEqual([(event["number"], event["kind"], event["who"], event.get("reason")) for event in told["events"]],
                         [(1, "imported", "Importer", None), (2, "imported", "Another", None),
                          (3, "withdrawn", "Ms. Officer", "by mistake")])
        first, second = told["revisions"]
        self.assertEqual((first["state"], first["who"], first["changed"]), ("replaced", "Importer", []))
        self.assertEqual((second["state"], second["who"], os.path.basename(second["file"])), ("withdrawn", "Another", "b.csv"))
        self.assertEqual(second["changed"], [{"no": "B1", "question": "age", "from": "5", "to": "7", "row": 3}])
        code, out, err = run("history", self.form, "AUS", *self.options)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("   3  2026-12-01 00:00  withdrawn   AUS: revision 2, by Ms. Officer\n      by mistake\n", out)
        self.assertIn("  B1 age: 5 -> 7 (line 3)\n", out)
        self.assertIn("revision 1, replaced: %s, received 2026-12-01 00:00, by Importer\n" % self.path("a.csv"), out)

    def test_of_a_round_all_events_are_listed_and_of_another_none(self):
        self.take("a.csv", answers("AUS", 5))
        self.take("junk.csv", "junk\n")
        code, out, err = run("history", self.form, *self.options)
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"(?m)^   1  2026-12-01 00:00  imported    AUS: .*a.csv, by ")
        self.assertRegex(out, r"(?m)^   2  2026-12-01 00:00  quarantined .*junk.csv, by ")
        self.assertNotIn("revisions", self.json("history"))
        self.assertEqual([len(self.json("history", who)["events"]) for who in ("AUS", "THA")], [1, 0])


class Who(Control):
    def test_every_act_names_who_did_it(self):
        self.take("a.csv", answers("AUS", 500), "--by", "Importer")
        self.canvass("status", "--sent", "THA")
        self.canvass("status", "--extended", "THA", "--due", "2027-01-31", "--reason", "illness")
        self.canvass("status", "--declined", "NZ", "--reason", "no ships")
        self.canvass("status", "--due", "2026-12-31")
        self.canvass("status", "--due", "2026-12-31")  # nothing new
        self.canvass("findings", "--waive", "AUS-B1-001", "--reason", "an old ship")
        self.canvass("findings", "--reopen", "AUS-B1-001")
        me = "Ms. Officer"
        self.assertEqual(self.events(), [("imported", "AUS", "Importer", None, self.path("a.csv")),
                                         ("sent", "THA", me, None, None), ("extended", "THA", me, "illness", "2027-01-31"),
                                         ("declined", "NZ", me, "no ships", None), ("due", None, me, None, "2026-12-31"),
                                         ("waived", "AUS", me, "an old ship", "AUS-B1-001"),
                                         ("reopened", "AUS", me, None, "AUS-B1-001")])
        self.assert_sound()

    def test_without_a_name_it_is_the_login_name(self):
        run("import", self.form, self.write("a.csv", answers("AUS", 5)), *self.options, env={"LOGNAME": "officer"})
        run("status", self.form, "--sent", "AUS", *self.options, env={"LOGNAME": ""})
        self.assertEqual(self.events()[0][2], "officer")
        self.assertTrue(self.events()[1][2])

    def test_a_name_is_one_line(self):
        for name in ("", "a\nb", "x" * 129):
            self.assertEqual(run("status", self.form, "--by", name, *self.options)[0], 2)


if __name__ == "__main__":
    unittest.main()
