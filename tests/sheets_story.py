"""The sheets of a questionnaire come back one by one, each saved as CSV: together they are one return, and what is on a sheet
that did not come is not returned, never deleted."""
import csv
import io
import json
import os
import unittest

import openpyxl

from savedas_story import shown
from story import NOW, Story, import_json, run

QUESTIONS = 24  # of each section: enough that each has a sheet of its own
WHO = [",text,who,Who are you?,,"]
REPEAT = [",begin_repeat,ship,A12 Ships: all of them,One row each,A12", ",text,name,Name of the ship,,",
          ",integer,tons,Tonnage,,", ",begin_repeat,trip,Trips,,", ",text,port,Port of call,,", ",end_repeat,,,,", ",end_repeat,,,,"]


def form(first, between):
    """A questionnaire of two sections, with a question before them and a repeat between them, or all in the first section."""
    return "\n".join(
        ["survey", ",type,name,label,hint,qno"] + (WHO if first else []) + [",begin_group,ports,Ports and harbours,,"] +
        ([] if first else WHO) + [",integer,p%d,Port number %d,,A%d" % (i, i, i) for i in range(QUESTIONS)] +
        [",decimal,share,Share in per cent,,", ",select_multiple crop,sm,Goods,Tick all,"] + ([] if between else REPEAT) +
        [",end_group,,,,"] + (REPEAT if between else []) + [",begin_group,law,Laws,,", ",note,n1,Please be exact.,,"] +
        [",text,l%d,Law number %d,,B%d" % (i, i, i) for i in range(QUESTIONS)] +
        [",end_group,,,,", "choices", ",list_name,name,label", ",crop,maize,Maize", ",crop,beans,Beans", "settings",
         ",form_id,form_title,version,respondent", ",demo,Survey of ports,1,who", ""])


ROSTER = "code,name\nAA,Aland\nBB,Belgium\n"
ANSWERS = dict([("p%d" % i, 100 + i) for i in range(QUESTIONS)] + [("l%d" % i, "Act %d; as amended" % i) for i in range(QUESTIONS)],
               share=4.5)


class Sheets(Story):
    FORM = form(False, False)

    def setUp(self):
        super().setUp()
        self.form, self.roster = self.write("demo.csv", self.FORM), self.write("roster.csv", ROSTER)
        self.options = ["--roster", self.roster, "--now", NOW]
        code, _, err = run("distribute", self.form, "-o", self.path("packs"), "--store", self.path("sent.db"), *self.options)
        self.assertEqual(code, 0, err)
        self.stores = 0

    def book(self, who, answers=None, more=()):
        """The returned workbook of a respondent, its cells found by the hidden columns and rows."""
        book = openpyxl.load_workbook(self.path("packs/%s/demo-%s.xlsx" % (who, who)))
        answers = ANSWERS if answers is None else answers
        for sheet in book.worksheets:
            rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
            if "question" not in rows:
                continue
            answer = [cell.value for cell in sheet[rows["question"]]].index("answer") + 1
            for name, value in [*answers.items(), *more]:
                if name in rows:
                    sheet.cell(rows[name], answer).value = value
            if answers and "sm/beans" in rows:
                sheet.cell(rows["sm/beans"], answer).value = "x"
        if answers:
            ships, trips = (next(sheet for sheet in book.worksheets if sheet.title.startswith(name)) for name in ("A12 Ships", "Trips"))
            for row, values in enumerate([("Aurora", 5), ("Bella", 7)], 6):
                ships.cell(row, 3).value, ships.cell(row, 4).value = values
            for row, values in enumerate([(2, "Oslo"), (1, "Bergen"), (2, "Gävle")], 6):
                trips.cell(row, 3).value, trips.cell(row, 4).value = values
        return book

    def save(self, book, name, delimiter=";", encoding="cp1252", comma=",", only=None):
        """Each visible sheet as a spreadsheet program saves it; gives the files, in the order of the sheets."""
        files = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible" or (only is not None and not only(sheet.title)):
                continue
            out = io.StringIO()
            writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
            for row in sheet.iter_rows(values_only=True):  # a formula has the value that the program calculates
                writer.writerow(["" if str(cell).startswith("=") else shown(cell, comma, "%d.%m.%Y") for cell in row])
            path = name.format(sheet.title.replace(":", " "))
            os.makedirs(os.path.dirname(self.path(path)) or ".", exist_ok=True)
            files.append(self.write(path, out.getvalue().encode(encoding)))
        return files

    def take(self, *files, store=None, code=0):
        """Imports into a store, gives the summary and the answers that count, by respondent and path."""
        if not store:
            self.stores += 1
            store = self.path("store%d.db" % self.stores)
        found, told, err = import_json(self.form, *files, "--store", store, *self.options)
        self.assertEqual(found, code, json.dumps(told, indent=1) + err)
        return told, self.answers(store)

    def answers(self, store):
        out = self.path("out%d" % self.stores)
        code, _, err = run("export", self.form, "--store", store, "-o", out, "--force", "--audience", "secretariat", *self.options)
        self.assertEqual(code, 0, err)
        tables = {}
        for name in sorted(os.listdir(out)):
            if name.endswith(".csv") and name not in ("questions.csv", "choices.csv"):
                with open(os.path.join(out, name), encoding="utf-8-sig", newline="") as file:
                    tables[name] = list(csv.reader(file))
        return tables

    @staticmethod
    def codes(told, at=0):
        return [found["code"] for found in told["returns"][at]["findings"] if not found["code"].startswith("N")]

    # ---------------------------------------------------------------- a single sheet

    def first(self, book, name="demo-AA-{}.csv", **more):
        """The sheet with the question for the respondent."""
        return self.save(book, name, only=lambda title: title.startswith("Ports"), **more)

    def test_the_texts_of_a_sheet_of_a_pack_are_the_forms(self):
        """Titles of sections, notes and links to the sheets of entries are neither answers nor strange."""
        told, _ = self.take(*self.first(self.book("AA")))
        self.assertEqual(self.codes(told), ["W0671"], told["returns"][0]["findings"])

    def test_a_text_in_the_cell_of_a_link_is_reported(self):
        book = self.book("AA")
        (cell,) = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
                   if isinstance(cell.value, str) and cell.value.startswith("See the sheet")]
        cell.value = "See the sheet of our ministry"
        told, _ = self.take(*self.first(book), code=1)
        self.assertEqual(sorted(self.codes(told)), ["E0615", "W0671"])

    def test_a_single_sheet_says_what_is_missing(self):
        told, _ = self.take(*self.first(self.book("AA")))
        (found,) = [found for found in told["returns"][0]["findings"] if found["code"] == "W0671"]
        self.assertIn("27 of the 53 questions", found["message"])
        self.assertIn("Name of the ship", found["message"])

    def test_what_is_on_a_missing_sheet_is_not_deleted(self):
        store = self.path("store.db")
        _, whole = self.take(self.keep(self.book("AA")), store=store)
        told, after = self.take(*self.first(self.book("AA", dict(ANSWERS, p3=7))), store=store)
        self.assertEqual(self.codes(told), ["W0671"])
        self.assertEqual([(found["path"], found["from"], found["to"]) for found in told["returns"][0]["responses"][0]["changes"]],
                         [("p3", "103", "7")])
        self.assertEqual(told["returns"][0]["responses"][0]["revision"], 2)
        self.assertEqual(self.differ(whole, after), [("103", "7")])

    def test_what_was_left_blank_on_a_sheet_that_came_is_deleted(self):
        store = self.path("store.db")
        _, whole = self.take(self.keep(self.book("AA")), store=store)
        _, after = self.take(*self.first(self.book("AA", dict(ANSWERS, p3=None))), store=store)
        self.assertEqual(self.differ(whole, after), [("103", "")])

    def test_entries_on_a_missing_sheet_stay_in_the_entry_of_their_number(self):
        store = self.path("store.db")
        _, whole = self.take(self.keep(self.book("AA")), store=store)
        self.assertEqual(len(whole["trip.csv"]), 4)
        changed = self.book("AA", dict(ANSWERS, p3=7))
        next(sheet for sheet in changed.worksheets if sheet.title.startswith("A12"))["D6"] = 55
        told, after = self.take(*self.save(changed, "AA/demo-AA-{}.csv", only=lambda title: title != "Trips"), store=store)
        self.assertEqual(self.codes(told), ["W0671"])
        self.assertEqual(sorted(self.differ(whole, after)), [("103", "7"), ("5", "55")])
        self.assertEqual(after["trip.csv"], whole["trip.csv"])

    def test_entries_of_entries_on_a_missing_sheet_are_reported_and_the_earlier_ones_stay(self):
        store = self.path("store.db")
        _, whole = self.take(self.keep(self.book("AA")), store=store)
        files = self.save(self.book("AA", dict(ANSWERS, p3=7)), "AA/demo-AA-{}.csv", only=lambda title: not title.startswith("A12"))
        told, after = self.take(*files, store=store, code=1)
        self.assertEqual(self.codes(told), ["W0671", "E0641", "E0641", "E0641"])
        self.assertIn('this entry belongs to number 2 on the sheet "A12 Ships: all of them", which is missing',
                      [found["message"] for found in told["returns"][0]["findings"]])
        self.assertEqual(self.differ(whole, after), [("103", "7")])

    def keep(self, book):
        book.save(self.path("whole.xlsx"))
        return self.path("whole.xlsx")

    @staticmethod
    def differ(before, after):
        """The answers that differ, by what they were and are."""
        return [(was, now) for name in before for rows in zip(before[name], after[name])
                for head, was, now in zip(before[name][0], *rows) if was != now and head not in ("revision", "received")]

    # ---------------------------------------------------------------- several sheets

    def assert_joined(self, book, *files):
        """All files are one return, with the answers of the workbook."""
        _, expected = self.take(self.keep(book))
        told, answers = self.take(*files)
        self.assertEqual(told["files"], {"received": 1, "accepted": 1, "already_there": 0, "quarantined": 0, "not_read": 0})
        self.assertEqual(self.codes(told), [], told["returns"][0]["findings"])
        self.assertEqual(self.differ(expected, answers), [])
        self.assertEqual([len(rows) for rows in answers.values()], [len(rows) for rows in expected.values()])
        self.assertEqual(sum(told["cells"][of] for of in told["cells"] if of != "read"), told["cells"]["read"])

    def test_all_sheets_of_a_pack_are_one_return(self):
        book = self.book("AA")
        for number, (delimiter, encoding, comma) in enumerate([(";", "cp1252", ","), (",", "utf-8", "."), ("\t", "utf-16", ","),
                                                               (";", "utf-8-sig", ",")]):
            with self.subTest(encoding=encoding):
                files = self.save(book, "from%d/demo-AA-{}.csv" % number, delimiter, encoding, comma)
                self.assertGreaterEqual(len(files), 5)
                self.assert_joined(book, *files)
                self.assert_joined(book, *files[::-1])
                self.assert_joined(book, os.path.dirname(files[0]))

    def test_files_with_the_names_of_the_sheets_in_a_folder_of_the_respondent(self):
        book = self.book("BB")
        self.assert_joined(book, os.path.dirname(self.save(book, "BB/{}.csv")[0]))

    def test_sheets_of_several_respondents_in_one_folder(self):
        books = {who: self.book(who, dict(ANSWERS, p0=number)) for number, who in enumerate(("AA", "BB"))}
        for who, book in books.items():
            self.save(book, "inbox/demo-%s-{}.csv" % who)
        for book in books.values():
            ships = next(sheet for sheet in book.worksheets if sheet.title.startswith("A12"))
            self.assertEqual(ships["C6"].value, "Aurora")
        told, answers = self.take(self.path("inbox"))
        self.assertEqual((told["files"]["received"], told["files"]["accepted"]), (2, 2))
        self.assertEqual([self.codes(told, at) for at in (0, 1)], [[], []])
        self.assertEqual([row[:2] for row in answers["ship.csv"][1:]] and sorted(len(row) for row in answers["ship.csv"]),
                         [len(answers["ship.csv"][0])] * 5)

    def test_a_sheet_of_somebody_else_is_not_taken(self):
        self.first(self.book("AA"), "inbox/demo-AA-{}.csv")
        self.save(self.book("BB"), "inbox/demo-BB-{}.csv", only=lambda title: title.startswith("A12"))
        told, answers = self.take(self.path("inbox"), code=1)
        self.assertEqual((told["files"]["received"], told["files"]["accepted"]), (2, 1))
        self.assertEqual([self.codes(told, at) for at in (0, 1)], [["W0671"], ["E0646"]])
        self.assertEqual(answers["ship.csv"][1:], [])

    def test_a_sheet_of_somebody_who_is_not_in_the_roster_is_not_taken(self):
        """The names differ where the first sheet names its respondent: what the other has there must be its title."""
        for name, taken in (("demo-CC-{}.csv", False), ("demo-{}.csv", True)):
            with self.subTest(name=name):
                folder = "inbox%d/" % taken
                self.first(self.book("AA"), folder + "demo-AA-{}.csv")
                self.save(self.book("AA"), folder + name, only=lambda title: title.startswith("A12"))
                told, answers = self.take(self.path(folder[:-1]), code=0 if taken else 1)
                self.assertEqual((told["files"]["received"], told["files"]["accepted"]), (1 if taken else 2, 1))
                self.assertEqual(len(answers["ship.csv"][1:]), 2 if taken else 0)

    def test_without_a_roster_only_the_titles_of_sheets_join_them(self):
        book, self.options = self.book("AA"), ["--now", NOW]
        os.remove(self.roster)
        self.assert_joined(book, *self.save(book, "one/demo-AA-{}.csv"))
        files = self.save(book, "two/demo-AA-{}.csv", only=lambda title: title.startswith("Ports")) + \
            self.save(book, "two/demo-AA-CC {}.csv", only=lambda title: title.startswith("A12"))
        told, _ = self.take(*files, code=1)
        self.assertEqual([self.codes(told, at) for at in (0, 1)], [["W0671"], ["E0646"]])

    def test_a_sheet_that_is_left_out_is_named(self):
        book = self.book("AA")
        told, _ = self.take(*self.save(book, "AA/demo-AA-{}.csv", only=lambda title: title != "Laws"))
        self.assertEqual(self.codes(told), ["W0671"])
        self.assertIn("24 of the 53 questions", "".join(found["message"] for found in told["returns"][0]["findings"]))

    def test_the_same_sheets_again_are_already_there(self):
        store, files = self.path("store.db"), self.save(self.book("AA"), "AA/demo-AA-{}.csv")
        self.take(*files, store=store)
        told, _ = self.take(*files, store=store)
        self.assertEqual((told["files"]["received"], told["files"]["already_there"]), (1, 1))
        self.assertEqual(run("verify", store)[0], 0, run("verify", store))

    def test_sheets_with_earlier_answers_do_not_say_which_were_filled_in(self):
        """Only the hidden sheet of the workbook lists them; but the tick on the cover confirms them all."""
        store = self.path("store.db")
        _, whole = self.take(self.keep(self.book("AA")), store=store)
        code, _, err = run("distribute", self.form, "-o", self.path("again"), "--store", store, "--prefill", "last", "--round",
                           "2027", "--respondent", "AA", *self.options)
        self.assertEqual(code, 0, err)
        for number, (tick_text, cover, codes) in enumerate([(None, True, ["W0673"]), ("x", True, []), ("x", False, ["W0673"]),
                                                            ("all but one", True, ["W0638", "W0673"])]):
            with self.subTest(tick=tick_text, cover=cover):
                book, self.options = openpyxl.load_workbook(self.path("again/AA/demo-AA.xlsx")), self.options[:4] + ["--round", "2027"]
                (tick,) = [row[0] for row in book.worksheets[0].iter_rows() if row[-1].value == "still_right"]
                tick.value = tick_text
                told, after = self.take(*self.save(book, "AA%d/demo-AA-{}.csv" % number,
                                                   only=lambda title: cover or title != book.worksheets[0].title))
                self.assertEqual(self.codes(told), codes)
                self.assertEqual(sum(told["cells"][of] for of in told["cells"] if of != "read"), told["cells"]["read"])
                self.assertEqual([self.differ(whole, after)[0], len(self.differ(whole, after))], [("2026", "2027"), 1])

    def test_what_is_written_on_a_cover_is_reported(self):
        book = self.book("AA")
        book.worksheets[0]["F30"] = "please call us"
        told, _ = self.take(*self.save(book, "AA/demo-AA-{}.csv"))
        self.assertIn("N0672", [found["code"] for found in told["returns"][0]["findings"]])


class SheetsBetween(Sheets):
    """The question for the respondent has a sheet of its own, and so has the link to the entries."""
    FORM = form(True, True)
    # Its link is on a sheet of its own, which has the title of the form, not that of a section.
    test_a_text_in_the_cell_of_a_link_is_reported = test_without_a_roster_only_the_titles_of_sheets_join_them = None

    def first(self, book, name="demo-AA-{}.csv", **more):
        return self.save(book, name, only=lambda title: title == "Questionnaire" or title.startswith("Ports"), **more)


if __name__ == "__main__":
    unittest.main()
