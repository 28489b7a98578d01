"""Large made forms: what `check` says of them, how long it takes, and that the time grows with the form and no faster."""
import datetime
import importlib.machinery
import importlib.util
import os
import sqlite3
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

DAY = datetime.date(2026, 1, 1)
LISTS = {"one": ["First choice", "Second choice", "A third, with a comma"], "or": ["Rail", "Road"],
         "many": ["By sea", "By land", "By air", "On foot"]}


def hour(k):
    return datetime.time(k % 24, k % 60)


# Of each type: what question k is in the column `type`, what a respondent writes in its cell (of ticks: which choices of LISTS),
# and the answer that is stored.
KINDS = [
    ("text", lambda k: "Answer %d; \u201cas agreed\u201d" % k, lambda k: "Answer %d; \u201cas agreed\u201d" % k),
    ("integer", lambda k: k - 50, lambda k: k - 50),
    ("decimal", lambda k: k + 0.25, lambda k: k + 0.25),
    ("range", lambda k: k % 10 + 1, lambda k: k % 10 + 1),
    ("date", lambda k: DAY + datetime.timedelta(k), lambda k: str(DAY + datetime.timedelta(k))),
    ("time", hour, lambda k: str(hour(k))),
    ("dateTime", lambda k: datetime.datetime.combine(DAY, hour(k)), lambda k: "%sT%sZ" % (DAY, hour(k))),
    ("select_one one", lambda k: LISTS["one"][k % 3], lambda k: "c%d" % (k % 3)),
    ("select_one or or_other", lambda k: "Other", lambda k: "other"),
    ("select_multiple many", lambda k: {k % 4, (k // 4) % 4}, lambda k: " ".join("c%d" % c for c in sorted({k % 4, (k // 4) % 4}))),
    ("rank many", lambda k: "By air; On foot; By sea; By land", lambda k: "c2 c3 c0 c1"),
    ("acknowledge", lambda k: "OK", lambda k: "OK"),
    ("geopoint", lambda k: "%d.5 7.25 0 0" % (k % 90), lambda k: "%d.5 7.25 0 0" % (k % 90)),
    ("barcode", lambda k: "%08d" % k, lambda k: "%08d" % k),
]
OTHER = "Something else, of %s"


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

    # ---------------------------------------------------------------- filled in as a respondent does

    @staticmethod
    def questions(names):
        return [",%s,%s,The question %s,%s" % (KINDS[k % len(KINDS)][0], name, name, "start=1 end=10" * (k % len(KINDS) == 3))
                for k, name in enumerate(names)]

    @staticmethod
    def fill(names, path="%s"):
        """What is written in the cells of these questions, by the paths that a pack has for them, and what is then stored."""
        cells, want = {}, {}
        for k, name in enumerate(names):
            kind, write, stored = KINDS[k % len(KINDS)]
            if isinstance(write(k), set):
                cells.update((path % name + "/c%d" % c, "x" if c in write(k) else None) for c in range(4))
            else:
                cells[path % name] = write(k)
            want[name] = stored(k)
            if kind.endswith("or_other"):
                cells[path % (name + "_other")] = want[name + "_other"] = OTHER % name
        return cells, want

    def finish(self, rows, *settings):
        rows += ["choices", ",list_name,name,label"]
        rows += [',%s,c%d,"%s"' % (name, c, label) for name, labels in LISTS.items() for c, label in enumerate(labels)]
        form = self.write("form.csv", "\n".join(rows + ["settings", *settings, ""]))
        roster = self.write("roster.csv", "code,name\nAA,Alpha\n")
        options, packs = ["--roster", roster, "--now", NOW], self.path("packs")
        code, _, err = run("distribute", form, "-o", packs, "--store", self.path("sent.db"), "--force", *options)
        self.assertEqual(code, 0, err)
        return form, options, openpyxl.load_workbook(os.path.join(packs, "AA/big-AA.xlsx"))

    def take(self, form, book, options):
        """What an import stores: each answer by the path of its question, and each remark."""
        book.save(self.path("AA.xlsx"))
        store = self.path("taken.db")
        if os.path.exists(store):
            os.remove(store)
        code, told, err = import_json(form, self.path("AA.xlsx"), "--store", store, *options)
        self.assertEqual((code, told["files"]["accepted"]), (0, 1), (told["returns"][0]["findings"][:3], err))
        self.assertEqual([found for found in told["returns"][0]["findings"] if not found["code"].startswith("N")], [])
        self.assertEqual(sum(told["cells"][of] for of in told["cells"] if of != "read"), told["cells"]["read"])
        with sqlite3.connect(store) as db:
            return (dict(db.execute("SELECT path, value FROM answers_long WHERE value IS NOT NULL")),
                    dict(db.execute("SELECT path, text FROM remark")))

    def assert_same(self, got, want):
        """A few of the differences are enough, and how many there are."""
        apart = [(key, got.get(key), want.get(key)) for key in sorted({*got, *want}) if got.get(key) != want.get(key)]
        self.assertEqual((len(apart), apart[:5]), (0, []))

    def test_every_cell_of_a_large_pack_is_stored_as_it_was_filled_in(self):
        """Every type, by labels and ticks; a question in seven with a remark."""
        for count, groups in ((600, 40), (1000, 40), (5000, 40)) + (((20000, 400),) if os.environ.get("FULL") == "1" else ()):
            with self.subTest(count=count):
                names, rows = ["q%d" % k for k in range(count)], ["survey,type,name,label,parameters", ",text,who,Who,"]
                for g in range(groups):
                    rows += [",begin_group,g%d,Section %d," % (g, g)]
                    rows += self.questions(names)[g * count // groups:(g + 1) * count // groups] + [",end_group,,,"]
                form, options, book = self.finish(rows, ",form_id,version,respondent", ",big,1,who")
                cells, want = self.fill(names)
                want, noted, left = dict(want, who="AA"), {}, set(cells)
                for sheet in book.worksheets:
                    for row in sheet.iter_rows():
                        path = row[0].value
                        if path in left:
                            left.remove(path)
                            row[3].value = cells[path]
                            if path[1:].isdigit() and int(path[1:]) % 7 == 0:
                                row[5].value = noted[path] = "A remark on %s" % path
                        elif sheet.sheet_state == "visible" and path:
                            self.assertIn(path, ("question", "who"))
                self.assertEqual(left, set())
                stored, remarks = self.take(form, book, options)
                self.assert_same({path.split("/")[-1]: answer for path, answer in stored.items()}, want)
                self.assert_same({path.split("/")[-1]: text for path, text in remarks.items()}, noted)

    def test_every_cell_of_a_pack_of_repeats_is_stored_as_it_was_filled_in(self):
        """Three repeats, one of them inside another, with every type; as many entries as there are rows."""
        ships, trips, ports = ([start + str(k) for k in range(len(KINDS))] for start in "stp")
        rows = ["survey,type,name,label,parameters", ",begin_repeat,ship,Ships,", *self.questions(ships),
                ",begin_repeat,trip,Trips,", *self.questions(trips), ",end_repeat,,,", ",end_repeat,,,",
                ",begin_repeat,port,Ports,", *self.questions(ports), ",end_repeat,,,"]
        form, options, book = self.finish(rows, ",form_id,version", ",big,1")
        want = {}
        for sheet, names, repeat in (("Ships", ships, "ship[]"), ("Trips", trips, "ship[]/trip[]"), ("Ports", ports, "port[]")):
            sheet = book[sheet]
            cells, stored = self.fill(names, repeat + "/%s")
            heads = [cell.value for cell in sheet[5]]
            drawn = [row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 2).value]
            self.assertEqual([sheet.cell(row, 2).value for row in drawn], list(range(1, len(drawn) + 1)))
            self.assertEqual({head for head in heads if head} - {"ship[]", repeat}, set(cells))
            for row, number in zip(drawn, range(1, len(drawn) + 1)):
                for column, head in enumerate(heads, 1):
                    if head in cells:
                        sheet.cell(row, column).value = cells[head]
                    elif head == "ship[]" != repeat:  # two trips of each ship, of the last ones none
                        sheet.cell(row, column).value = (number + 1) // 2
                inside = "ship[%d]/trip[%d]" % ((number + 1) // 2, 2 - number % 2) if repeat.endswith("trip[]") else \
                    repeat.replace("[]", "[%d]" % number)
                want.update((inside + "/" + name, answer) for name, answer in stored.items())
        self.assertGreater(len(want), 3 * 20 * len(KINDS))
        stored, remarks = self.take(form, book, options)
        self.assert_same(stored, want)
        self.assertEqual(remarks, {})

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
