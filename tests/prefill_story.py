"""Packs filled in with earlier answers: what is confirmed, changed or left as it was, and what comes of it."""
import csv
import glob
import io
import json
import os
import sqlite3
import unittest

import openpyxl

from story import NOW, ROOT, Story, import_json, run

ROSTER = os.path.join(ROOT, "forms/roster.csv")
FORMS = sorted(name for name in glob.glob(os.path.join(ROOT, "forms/*.csv"))
               if not name.endswith(("roster.csv", "-prefill.csv")))

SHIPS = """survey
,type,name,label,required,relevant,constraint,trigger,calculation,default
,select_one who,who,Who,yes,,,,,
,date,as_at,Date of the answers,,,,,,
,text,port,Name of the port,yes,,,,,
,integer,ships,Ships,,,%s,,,
,select_multiple way,ways,Ways,,,,,,
,select_one yn,wide,Is it wide?,,,,,,
,integer,width,Width,,${wide} = 'y',,,,
,text,stamp,Stamp,,,,${port},"'made by the form'",
,text,unit,Unit,,${wide} = 'y',,,,m
,begin_repeat,dock,Docks,,,,,,
,text,dock_name,Name,yes,,,,,
,integer,depth,Depth,,,,,,
,end_repeat,,,,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,way,road,Road
,way,rail,Rail
%s,way,air,Air
,yn,y,Yes
,yn,n,No
settings
,form_id,version,respondent
,ships,%s,who
"""
SMALL = SHIPS % ("", ",way,river,River\n", 1)
# River is gone, and there are at most 5 ships.
STRICT = SHIPS % (". <= 5", "", 2)
ANSWERS = ("question,answer\nwho,aa\nas_at,2025-06-01\nport,Haven\nships,7\nways,road river\nwide,y\nwidth,12\n"
           "dock[1]/dock_name,East\ndock[1]/depth,9\ndock[2]/dock_name,West\ndock[2]/depth,11\n")


class Pack:
    """A pack as a person edits it."""

    def __init__(self, path):
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def rows(self):
        """Each line of a sheet of questions, as (path, answer cell, still right? cell)."""
        for sheet in self.book.worksheets:
            head = {cell.value: cell.column for cell in sheet[5] if cell.value}
            if "question" not in head or "answer" not in head:
                continue
            for row in range(6, sheet.max_row + 1):
                path = sheet.cell(row, head["question"]).value
                if path:
                    yield (path, sheet.cell(row, head["answer"]),
                           sheet.cell(row, head["still_right"]) if "still_right" in head else None)

    def entries(self, first):
        """The sheet of entries whose first question is `first`, and its columns by their paths."""
        for sheet in self.book.worksheets:
            head = {cell.value: cell.column for cell in sheet[5] if cell.value}
            if first in head:
                return sheet, head
        raise KeyError(first)

    def find(self, path):
        return next(row for row in self.rows() if row[0] == path)

    def answer(self, path):
        return self.find(path)[1]

    def still(self, path):
        return self.find(path)[2]

    def all(self):
        """The tick on the cover."""
        for row in self.book.worksheets[0].iter_rows():
            if row[-1].value == "still_right":
                return row[0]
        raise KeyError("still_right")

    def hidden(self):
        """The answers that it was sent out with."""
        return {row[1]: row[2] for row in self.book["canvass"].iter_rows(values_only=True) if row[0] == "prefilled"}

    def save(self):
        self.book.save(self.path)
        return self.path


class Prefill(Story):
    def setUp(self):
        super().setUp()
        self.store = self.path("s.db")

    def start(self, form=SMALL, answers=ANSWERS, now="2025-12-01T09:00:00Z"):
        self.form = self.write("form.csv", form)
        self.roster = self.write("roster.csv", "code,name\naa,Alpha\nbb,Beta\n")
        code, out, err = run("import", self.form, self.write("aa.csv", answers), "--store", self.store, "--roster",
                             self.roster, "--round", "2025", "--now", now)
        self.assertEqual(code, 0, err)

    def distribute(self, round_="2026", prefill="2025", out="packs", form=None):
        code, _, err = run("distribute", form or self.form, "--store", self.store, "--roster", self.roster, "--round",
                           round_, "--prefill", prefill, "-o", self.path(out), "--now", NOW)
        self.assertEqual(code, 0, err)
        return Pack(self.path(out + "/aa/ships-aa.xlsx"))

    def take(self, *files, round_="2026", more=()):
        code, told, err = import_json(self.form, *files, "--store", self.store, "--roster", self.roster, "--round",
                                      round_, "--now", NOW, *more)
        return code, told, err

    def codes(self, told):
        return [diag["code"] for file in told["returns"] for diag in file["findings"]]

    def priors(self, round_="2026"):
        base = sqlite3.connect(self.store)
        try:
            return dict(base.execute("SELECT p.path, p.state FROM prior p JOIN response r ON r.id = p.response JOIN"
                                     " round o ON o.id = r.round WHERE o.label = ? AND r.later IS NULL", (round_,)))
        finally:
            base.close()

    def status(self, round_="2026"):
        code, out, err = run("status", self.form, "--store", self.store, "--roster", self.roster, "--round", round_,
                             "--now", NOW, "--json")
        self.assertEqual(code, 0, err)
        return {row["code"]: row for row in json.loads(out)["respondents"]}

    def test_untouched_is_no_answer_confirmed_and_changed_are(self):
        self.start()
        pack = self.distribute()
        self.assertEqual(pack.answer("port").value, "Haven")
        pack.still("port").value = "x"
        pack.answer("ships").value = 3
        sheet, head = pack.entries("dock[]/dock_name")
        sheet.cell(6, head["still_right"]).value = "x"
        code, told, err = self.take(pack.save())
        self.assertEqual((code, told["responses"]["new"]), (0, 1), err)
        self.assertEqual(self.priors(), {"port": 1, "ships": 2, "ways": 0, "wide": 0, "width": 0,
                                         "dock[1]/dock_name": 1, "dock[1]/depth": 1, "dock[2]/dock_name": 0,
                                         "dock[2]/depth": 0})
        row = self.status()["aa"]
        self.assertEqual(row["prefilled"], {"untouched": 5, "confirmed": 3, "changed": 1, "new": 0})
        self.assertEqual(row["answered"], 6)  # who, port, ships, the stamp, and one dock with two

    def test_one_tick_confirms_all(self):
        self.start()
        pack = self.distribute()
        pack.all().value = "x"
        code, told, err = self.take(pack.save())
        self.assertEqual((code, told["responses"]["new"]), (0, 1), err)
        self.assertEqual(set(self.priors().values()), {1})
        self.assertEqual(self.status()["aa"]["answered"], 11)

    def test_a_pack_that_comes_back_as_it_went_out_is_blank(self):
        self.start()
        pack = self.distribute()
        code, told, err = self.take(pack.save())
        self.assertEqual((code, told["responses"]["blank"], told["responses"]["new"]), (0, 1, 0), err)
        self.assertIn("W0637", self.codes(told))
        self.assertEqual(self.status()["aa"]["state"], "returned blank")
        pack = self.distribute("2025", "2025", "same")
        code, told, err = self.take(pack.save(), round_="2025")
        self.assertEqual((code, told["responses"]["blank"], told["responses"]["revisions"]), (0, 1, 0), err)
        self.assertEqual(self.status("2025")["aa"]["state"], "answered")

    def test_in_the_same_round_what_is_not_touched_stays(self):
        self.start()
        pack = self.distribute("2025", "2025")
        pack.answer("ships").value = 3
        code, told, err = self.take(pack.save(), round_="2025")
        self.assertEqual((code, told["responses"]["revisions"]), (0, 1), err)
        self.assertEqual(self.status("2025")["aa"]["answered"], 12)

    def test_the_csv_has_the_same_columns(self):
        self.start()
        self.distribute()
        path = self.path("packs/aa/ships-aa.csv")
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        self.assertEqual(rows[0], ["question", "no", "label", "answer", "note", "still_right", "prefilled"])
        for row in rows:
            if row[0] == "port":
                row[5] = "x"
            if row[0] == "ships":
                row[3] = "3"
            if row[0] == "ways":  # the same choices in another order are no change
                row[3] = " ".join(reversed(row[3].split()))
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        code, told, err = self.take(path)
        self.assertEqual(code, 0, err)
        found = self.priors()
        self.assertEqual((found["port"], found["ships"], found["ways"], found["dock[2]/depth"]), (1, 2, 0, 0))
        for row in rows:
            if row[0] == "still_right":
                row[3] = "x"
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        code, told, err = self.take(path)
        self.assertEqual((code, told["responses"]["revisions"]), (0, 1), err)
        self.assertEqual(self.priors()["dock[2]/depth"], 1)

    def test_what_the_form_no_longer_accepts_is_listed_and_not_filled_in(self):
        self.start()
        self.form = self.write("form.csv", STRICT)
        pack = self.distribute()
        labels = {path: cell.parent.cell(cell.row, 3).value for path, cell, _ in pack.rows()}
        self.assertIsNone(pack.answer("ships").value)
        self.assertIn("Earlier answer, not filled in: 7", str(labels["ships"]))
        self.assertEqual(pack.answer("ways/road").value, "x")
        self.assertIsNone(pack.answer("ways/air").value)
        self.assertIsNone(pack.answer("ways").value)
        self.assertIn("Earlier answer, not filled in: river", str(labels["ways"]))
        self.assertIsNone(pack.answer("as_at").value)
        self.assertIn("Earlier answer, not filled in: 2025-06-01", str(labels["as_at"]))
        self.assertEqual(pack.hidden()["ways"], "road")
        self.assertNotIn("ships", pack.hidden())
        with open(self.path("packs/aa/ships-aa.csv"), encoding="utf-8") as file:
            self.assertIn("Ships (Earlier answer, not filled in: 7)", file.read())
        pack.answer("ways/air").value = "x"
        code, told, err = self.take(pack.save())
        self.assertEqual((code, self.priors()["ways"]), (1, 2), err)  # the port is required

    def test_calculations_with_a_trigger_and_defaults_of_questions_not_asked_stay_out(self):
        self.start()
        pack = self.distribute()
        self.assertIsNone(pack.answer("stamp").value)
        code, _, err = run("distribute", self.form, "--roster", self.roster, "--store", self.path("none.db"), "--round",
                           "2026", "-o", self.path("blank"), "--now", NOW)
        self.assertEqual(code, 0, err)
        blank = Pack(self.path("blank/aa/ships-aa.xlsx"))
        self.assertIsNone(blank.answer("stamp").value)
        self.assertIsNone(blank.answer("unit").value)
        self.assertNotIn("still_right", [cell.value for sheet in blank.book.worksheets for cell in sheet[5]])

    def test_a_tick_at_a_changed_answer_and_a_text_in_place_of_one_are_reported(self):
        self.start()
        pack = self.distribute()
        pack.answer("ships").value = 3
        pack.still("ships").value = "x"
        pack.still("port").value = "ask the harbour master"
        code, told, err = self.take(pack.save())
        self.assertEqual(code, 1, err)  # the port is required, and not confirmed
        self.assertIn("W0638", self.codes(told))
        self.assertIn("W0639", self.codes(told))
        self.assertEqual((self.priors()["ships"], self.priors()["port"]), (2, 0))
        base = sqlite3.connect(self.store)
        self.assertEqual(base.execute("SELECT text FROM remark").fetchall(), [("ask the harbour master",)])
        base.close()

    def test_the_report_counts_them(self):
        self.start()
        pack = self.distribute()
        pack.still("port").value = "x"
        self.take(pack.save())
        code, _, err = run("report", self.form, "--store", self.store, "--roster", self.roster, "--round", "2026", "--now",
                           NOW, "-o", self.path("r.xlsx"))
        self.assertEqual(code, 0, err)
        sheet = openpyxl.load_workbook(self.path("r.xlsx"))["Returns"]
        rows = list(sheet.iter_rows(values_only=True))
        at = next(i for i, row in enumerate(rows) if "untouched" in row)
        row = dict(zip(rows[at], next(row for row in rows[at + 1:] if row[0] == "aa")))
        self.assertEqual((row["untouched"], row["confirmed"], row["changed"], row["new"]), (8, 1, 0, 0))

    def test_a_blank_return_replaces_nothing(self):
        self.start()
        blank = self.write("blank.csv", "question,answer\nwho,aa\nport,\nships,\n")
        code, told, err = self.take(blank, round_="2025")
        self.assertEqual((code, told["responses"]["blank"], told["responses"]["already_there"]), (0, 1, 0), err)
        self.assertIn("W0637", self.codes(told))
        self.assertEqual(self.status("2025")["aa"]["answered"], 12)
        code, told, err = self.take(self.write("bb.csv", "question,answer\nwho,bb\nport,\n"), round_="2025")
        row = self.status("2025")["bb"]
        self.assertEqual((row["returned"], row["state"]), (False, "returned blank"))
        code, out, err = run("history", self.form, "bb", "--store", self.store, "--round", "2025")
        self.assertRegex(out, r"imported +bb: \S+bb\.csv, by .*\n +returned blank\n")
        code, out, err = run("verify", self.store)
        self.assertEqual(code, 0, out + err)

    def revise(self, **changes):
        """A second revision of the answers in 2025."""
        answers = ANSWERS
        for name, value in changes.items():
            old = next(line for line in ANSWERS.splitlines() if line.startswith(name + ","))
            answers = answers.replace(old + "\n", "%s,%s\n" % (name, value))
        code, told, err = self.take(self.write("second.csv", answers), round_="2025")
        self.assertEqual((code, told["responses"]["revisions"]), (0, 1), err)

    def stored(self, *names):
        base = sqlite3.connect(self.store)
        columns = [base.execute("SELECT 'q' || col FROM question WHERE tab = 0 AND name = ?", (name,)).fetchone()[0]
                   for name in names]
        row = base.execute("SELECT %s FROM answers_1_0_0 a JOIN response r ON r.id = a.id WHERE r.later IS NULL"
                           % ", ".join(columns)).fetchone()
        base.close()
        return row

    def test_a_return_made_from_an_earlier_revision_is_merged_with_the_later_one(self):
        self.start()
        pack = self.distribute("2025", "2025")
        self.revise(port="Harbour")
        pack.answer("ships").value = 3
        code, told, err = self.take(pack.save(), round_="2025")
        self.assertEqual((code, told["responses"]["revisions"]), (0, 1), err)
        self.assertIn("N0699", self.codes(told))
        self.assertEqual(self.stored("port", "ships"), ("Harbour", 3))
        code, out, err = run("verify", self.store)
        self.assertEqual(code, 0, out + err)

    def test_entries_changed_by_the_later_revision_only_are_kept(self):
        self.start()
        pack = self.distribute("2025", "2025")
        self.revise(**{"dock[2]/depth": 14})
        pack.answer("ships").value = 3
        code, told, err = self.take(pack.save(), round_="2025")
        self.assertEqual((code, told["responses"]["revisions"]), (0, 1), err)
        base = sqlite3.connect(self.store)
        self.assertEqual(base.execute("SELECT a.q1 FROM answers_1_1_0 a JOIN response r ON r.id = a.response WHERE"
                                      " r.later IS NULL ORDER BY a.id").fetchall(), [(9,), (14,)])
        base.close()

    def test_what_both_changed_is_a_conflict_that_waits(self):
        self.start()
        pack = self.distribute("2025", "2025")
        self.revise(ships=8)
        pack.answer("ships").value = 3
        code, told, err = self.take(pack.save(), round_="2025")
        self.assertEqual((code, told["responses"]["quarantined"], told["responses"]["revisions"]), (1, 1, 0), err)
        self.assertIn("E0697", self.codes(told))
        self.assertIn("W0698", self.codes(told))
        self.assertEqual((told["errors"], told["warnings"]), (1, 1))
        self.assertIn("  next: canvass quarantine ", err)
        self.assertIn('ships ("3" here, "8" there)', next(diag["message"] for file in told["returns"] for diag in file["findings"]
                                    if diag["code"] == "E0697"))
        self.assertEqual(self.stored("ships"), (8,))
        self.assertEqual(self.status("2025")["aa"]["state"], "conflict")
        # the later revision counts meanwhile: it has answered, for everyone who counts
        options = ["--store", self.store, "--roster", self.roster, "--round", "2025", "--now", NOW]
        code, out, err = run("status", self.form, *options)
        self.assertRegex(out, r"(?m)^aa +Alpha .* conflict: item 1 of the quarantine$")
        self.assertIn("1 of 2 answered (1 with a later return in conflict), 1 without a reply", out)
        self.assertEqual(json.loads(run("status", self.form, *options, "--json")[1])["replied"], 1)
        self.assertIn("1 of 2 answered", run("report", self.form, *options, "-o", self.path("conflict.xlsx"))[1])
        self.assertEqual([row[1:4] for row in openpyxl.load_workbook(self.path("conflict.xlsx"))["Returns"].values
                          if row[0] == "aa"], [("Alpha", "yes", "conflict")])
        code, out, err = run("verify", self.store)
        self.assertEqual(code, 0, out + err)
        pack.answer("ships").value = 8
        code, told, err = self.take(pack.save(), round_="2025")
        self.assertEqual((code, self.stored("ships")), (0, (8,)), err)

    def test_a_conflict_is_decided_for_the_return(self):
        self.start()
        pack = self.distribute("2025", "2025")
        self.revise(ships=8, port="Harbour")
        pack.answer("ships").value = 3
        code, told, err = self.take(pack.save(), round_="2025")
        self.assertEqual(code, 1)
        code, out, err = run("quarantine", self.form, "--attribute", "1", "--respondent", "aa", "--reason", "by telephone",
                             "--store", self.store, "--round", "2025", "--now", NOW)
        self.assertEqual(code, 0, out + err)
        self.assertNotIn("W0698", out)
        self.assertIn("  ships: 8 -> 3, accepted", out)
        self.assertIn("of which 1 answer is kept; where both changed an answer, this return counts", out)
        self.assertEqual(self.stored("port", "ships"), ("Harbour", 3))
        self.assertEqual(self.status("2025")["aa"]["state"], "answered")
        code, out, err = run("verify", self.store)
        self.assertEqual(code, 0, out + err)

    def test_an_annotated_copy_of_an_earlier_revision_does_not_replace_the_later_one(self):
        self.start(answers=ANSWERS.replace("aa\n", "aa\n", 1))
        bad = self.write("bad.csv", ANSWERS.replace("ships,7", "ships,many"))
        back = self.path("back")
        code, told, err = self.take(bad, round_="2025", more=("--annotate", back))
        self.assertEqual(code, 1, err)
        copy = Pack(glob.glob(os.path.join(back, "*.xlsx"))[0])
        self.revise(port="Harbour")
        copy.answer("ships").value = 9
        code, told, err = self.take(copy.save(), round_="2025")
        self.assertEqual((code, told["responses"]["revisions"]), (1, 0), err)  # ships: many, 7 and 9
        self.assertIn("E0697", self.codes(told))
        copy.answer("ships").value = 7
        code, told, err = self.take(copy.save(), round_="2025")
        self.assertEqual((code, self.stored("port", "ships")), (0, ("Harbour", 7)), err)

    def test_of_every_form(self):
        for form in FORMS:
            with self.subTest(form=os.path.basename(form)):
                self.round_trip(form)

    def round_trip(self, form):
        name = os.path.basename(form)[:-4]
        roster = os.path.join(ROOT, "forms/action-items-roster.csv") if name == "action-items" else ROSTER
        self.form, self.roster = form, roster
        self.store = self.path(name + ".db")
        sim, packs = self.path(name), self.path(name + "-packs")
        code, _, err = run("simulate", form, "-o", sim, "--roster", roster, "--count", "3", "--now", NOW)
        self.assertEqual(code, 0, err)
        code, _, err = run("import", form, sim, "--store", self.store, "--roster", roster, "--round", "2025", "--now", NOW)
        self.assertIn(code, (0, 1), err)
        with open(roster, encoding="utf-8") as file:
            codes = [row["code"] for row in csv.DictReader(file)][:3]
        code, _, err = run("distribute", form, "--store", self.store, "--roster", roster, "--round", "2026", "--prefill",
                           "2025", "-o", packs, "--now", NOW)
        self.assertEqual(code, 0, err)
        made = [Pack(glob.glob(os.path.join(packs, one, "*.xlsx"))[0]) for one in codes]
        # One is confirmed as a whole, in one a line is ticked and another deleted, one comes back untouched.
        made[0].all().value = "x"
        ticked = next(row for row in made[1].rows() if row[0] in made[1].hidden() and row[1].value is not None)
        other = next((row for row in made[1].rows() if row[0] in made[1].hidden() and row[1].value is not None
                      and row[0] != ticked[0]), None)
        ticked[2].value = "x"
        if other:
            other[1].value = None
        sent = [pack.hidden() for pack in made]
        files = [pack.save() for pack in made]
        code, told, err = self.take(*files)
        self.assertEqual(told["responses"], dict(told["responses"], new=2, blank=1, quarantined=0), err)
        base = sqlite3.connect(self.store)
        states = {one: dict(base.execute("SELECT p.path, p.state FROM prior p JOIN response r ON r.id = p.response"
                                         " WHERE r.respondent = ?", (one,))) for one in codes}
        base.close()
        self.assertEqual(states[codes[0]], {path: 1 for path in sent[0]})
        expected = {path: 0 for path in sent[1]}
        expected[ticked[0]] = 1
        if other:
            expected[other[0]] = 2
        self.assertEqual(states[codes[1]], expected)
        self.assertEqual(states[codes[2]], {})
        code, out, err = run("verify", self.store)
        self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    unittest.main()
