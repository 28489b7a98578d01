"""Large made forms: what `check` says of them, how long it takes, and that the time grows with the form and no faster."""
import importlib.machinery
import importlib.util
import os
import unittest

import openpyxl

from story import CANVASS, NOW, ROOT, Story, import_json, run

os.environ["CANVASS"] = CANVASS
loader = importlib.machinery.SourceFileLoader("bench_forms", os.path.join(ROOT, "bench/forms"))
forms = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench_forms", loader))
loader.exec_module(forms)

MOST_GROWTH = 12.0  # of five times the questions: in step with them it is 5, with their square 25
ATTEMPTS = 3
QUICK = 0.050      # seconds; told, as other machines are slower


class LargeForms(Story):
    def test_five_large_forms_are_checked_quickly(self):
        for rows, questions, rules, said, wall, work in forms.rows_of(forms.LARGE):
            with self.subTest(rows=rows):
                self.assertEqual(said, 0)
                self.assertGreaterEqual(rules, 200)
                self.tell("%d rows, %d questions, %d rules checked in %.0f ms (%.0f ms of processor)%s" % (
                    rows, questions, rules, 1000 * wall, 1000 * work, "" if work <= QUICK else ", more than 50"))

    def test_the_time_grows_with_the_questions_and_no_faster(self):
        for _ in range(ATTEMPTS):
            small, _, large = list(forms.rows_of(forms.GROWING))
            self.assertGreaterEqual(small[1], 950)
            self.assertGreaterEqual(large[1], 5000)
            growth = large[5] / small[5]
            if growth <= MOST_GROWTH:
                break
        self.tell("%d questions take %.1f times as long as %d" % (large[1], growth, small[1]))
        self.assertLessEqual(growth, MOST_GROWTH)

    def make(self, count, groups):
        """A form of so many choices in so many groups, each with a rule and asked only after the one before."""
        rows = ["survey", ",type,name,label,hint,relevant,constraint,constraint_message", ",select_one who,who,Who,,,,"]
        for k in range(count):
            if k % (count // groups) == 0:
                rows.append((",end_group,,,,,,\n" if k else "") + ",begin_group,g%d,Section %d,,,," % (k, k))
            asked = "${q%d} != 'c0'" % (k - 1) if k else ""
            rows.append(",select_one l%d,q%d,Question %d,A hint of %d,%s,. != 'c7',Not the last" % (k, k, k, k, asked))
        rows += [",end_group,,,,,,", "choices", ",list_name,name,label", ",who,AA,Alpha", ",who,BB,Beta"]
        rows += [",l%d,c%d,Choice %d of %d" % (k, c, c, k) for k in range(count) for c in range(8)]
        return self.write("form.csv", "\n".join(rows + ["settings", ",form_id,version,respondent", ",big,1,who", ""]))

    def test_a_pack_of_a_large_form_comes_back_whole(self):
        """What the parser of a workbook may remember does not depend on how much is done with the cells meanwhile."""
        for count, groups in ((600, 40), (1000, 40), (5000, 40)):
            with self.subTest(count=count):
                form, roster = self.make(count, groups), self.write("roster.csv", "code,name\nAA,Alpha\nBB,Beta\n")
                options = ["--roster", roster, "--now", NOW]
                answers = self.write("a.csv", "who,%s\nAA,%s\n" % (",".join("q%d" % k for k in range(count)),
                                                                   ",".join("c%d" % (1 + k % 6) for k in range(count))))
                first, second = self.path("first%d.db" % count), self.path("second%d.db" % count)
                self.assertEqual(run("check", form)[0], 0)
                self.assertEqual(run("import", form, answers, "--store", first, "--round", "2026", *options)[0], 0)
                workbook, want = self.send(form, first, "2027", *options)
                code, told, err = import_json(form, workbook, "--store", second, "--round", "2027", *options)
                self.assertEqual((code, told["files"]["accepted"]), (0, 1), (told["returns"][0]["findings"][:3], err))
                self.assertEqual(len(want), count)
                self.assertEqual(self.send(form, second, "2028", *options)[1], want)

    def test_a_pack_of_repeats_alone_comes_back_whole(self):
        form = self.write("form.csv", "survey,type,name,label\n,begin_repeat,ship,Ships\n,text,name,Name\n,integer,tons,Tons\n"
                          ",end_repeat,,\nsettings,form_id,version\n,fleet,1\n")
        roster, packs, store = self.write("roster.csv", "code,name\nAA,Alpha\n"), self.path("packs"), self.path("s.db")
        options = ["--roster", roster, "--now", NOW]
        self.assertEqual(run("distribute", form, "-o", packs, "--store", self.path("p.db"), *options)[0], 0)
        book = openpyxl.load_workbook(os.path.join(packs, "AA/fleet-AA.xlsx"))
        book["Ships"]["C6"], book["Ships"]["D6"], book["Ships"]["C7"] = "Aurora", 5, "Bella"
        book.save(self.path("AA.xlsx"))
        code, told, err = import_json(form, self.path("AA.xlsx"), "--store", store, *options)
        self.assertEqual((code, told["files"]["accepted"], told["cells"]["answers"]), (0, 1, 3), (told, err))
        self.assertEqual(told["returns"][0]["responses"][0]["respondent"], "AA")

    def test_the_sheets_of_a_tool_for_repeats_alone_are_read(self):
        form = self.write("form.csv", "survey,type,name,label\n,begin_repeat,ship,Ships\n,text,name,Name\n,integer,tons,Tons\n"
                          ",end_repeat,,\nsettings,form_id,version\n,fleet,1\n")
        book = openpyxl.Workbook()
        book.active.title = "fleet"
        for row in (["_id", "_uuid", "_submission_time", "_index"], [1, "u1", "2026-01-02", 1]):
            book.active.append(row)
        ships = book.create_sheet("ship")
        for row in (["name", "tons", "_index", "_parent_index"], ["Aurora", 5, 1, 1], ["Bella", 7, 2, 1]):
            ships.append(row)
        book.save(self.path("kobo.xlsx"))
        code, told, err = import_json(form, self.path("kobo.xlsx"), "--respondent", "AA", "--now", NOW, "--store",
                                      self.path("s.db"))
        self.assertEqual((code, told["files"]["accepted"], told["cells"]["answers"]), (0, 1, 4), (told, err))

    def send(self, form, store, round, *options):
        """The pack that has the answers in a store filled in: its workbook, with all confirmed, and the answers in its CSV."""
        packs = store + "-packs"
        code, _, err = run("distribute", form, "-o", packs, "--store", store, "--prefill", "last", "--round", round,
                           "--respondent", "AA", *options)
        self.assertEqual(code, 0, err)
        workbook = os.path.join(packs, "AA/big-AA.xlsx")
        book = openpyxl.load_workbook(workbook)
        (tick,) = [row[0] for row in book.worksheets[0].iter_rows() if row[-1].value == "still_right"]
        tick.value = "x"
        book.save(workbook)
        with open(os.path.join(packs, "AA/big-AA.csv"), encoding="utf-8") as file:
            return workbook, [line for line in file if ",c" in line]


if __name__ == "__main__":
    unittest.main()
