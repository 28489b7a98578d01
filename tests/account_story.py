"""Every cell is accounted for: cells of real and invented returns are changed, added, moved, doubled and deleted, one at a
time.  Of each change either the answers or remarks differ, or a finding is at the cell or names its column: none is silent."""
import csv
import glob
import io
import json
import os
import random
import re
import sys
import unittest

import openpyxl

import exports_story
from story import FORM, FULL, NOW, ROOT, Story, published, run

MUTATIONS = int(os.environ.get("MUTATIONS", "10000" if FULL else "500"))
SEED = int(os.environ.get("SEED", "20261201"))
ROSTER = os.path.join(ROOT, "forms/roster.csv")
FORMS = [form for form in sorted(glob.glob(os.path.join(ROOT, "forms/*.csv")))
         if not form.endswith(("roster.csv", "-prefill.csv"))]
KINDS = ["change", "add", "move", "double", "delete", "format"]
FORMATS = ["0%", '"USD" #,##0', '0 "km"', "yyyy-mm-dd", "h:mm"]

# Of an export: columns that describe the response and not its answers, and parts of a location that is there as a whole.
TOOLS = re.compile(r"^_|/_|^(meta|KEY|id$|submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr|refurl|start$|end$|"
                   r"SubmissionDate|starttime|endtime|deviceid|instanceID|formdef_version|review_status|Timestamp|Email)|_count")
TICKS = ("x", "1", "true", "y", "yes", "1.0", "on", "\u2713", "\u2714", "\u2611", "\u2612")  # and those of one that is
NOTHING = ("", "0", "n/a", "no", "No", "False")  # what tools write for a tick that is not set


class Csv:
    """A return as a table of texts."""

    def __init__(self, form, name, bytes_, exact=True, delimiter=","):
        self.form, self.name = form, name
        self.rows = list(csv.reader(io.StringIO(bytes_.decode("utf-8-sig"), newline=""), delimiter=delimiter))
        width = max(map(len, self.rows))
        for row in self.rows:
            row += [""] * (width - len(row))
        self.exact = exact
        self.columns = [at for at in range(width) if exact or not TOOLS.search(self.rows[0][at])]

    def cells(self):
        return [("", y + 1, x + 1) for y in range(len(self.rows)) for x in self.columns]

    def get(self, cell):
        return self.rows[cell[1] - 1][cell[2] - 1]

    def put(self, cell, text):
        self.rows[cell[1] - 1][cell[2] - 1] = text

    def save(self, path):
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(self.rows)

    def header(self, cell):
        return 1

    def is_empty(self, cell):
        return not any(row[cell[2] - 1].strip() for row in self.rows[1:])

    def line(self, cell):
        """A cell may hold lines of its own."""
        return cell[1] + sum(text.count("\n") for row in self.rows[:cell[1] - 1] for text in row)

    @staticmethod
    def numbers():
        return []


class Book:
    """A return as a workbook."""

    def __init__(self, form, name, path):
        self.form, self.name = form, name
        self.book = openpyxl.load_workbook(path)
        self.spans = {sheet.title: {(y, x) for area in sheet.merged_cells.ranges for y, x in area.cells
                                    if (y, x) != (area.min_row, area.min_col)} for sheet in self.book}
        self.headers = {}
        for sheet in self.book:
            for row in range(1, 8):
                if sheet.row_dimensions[row].hidden:
                    self.headers[sheet.title] = row

    def cells(self):
        """Of the sheets that people see; below and to the right there is room for more."""
        return [(sheet.title, y, x) for sheet in self.book if sheet.sheet_state == "visible"
                for y in range(1, min(sheet.max_row, 60) + 2) for x in range(1, min(sheet.max_column, 12) + 2)
                if (y, x) not in self.spans[sheet.title]]

    def get(self, cell):
        value = self.book[cell[0]].cell(cell[1], cell[2]).value
        return "" if value is None else str(value)

    def put(self, cell, text):
        self.book[cell[0]].cell(cell[1], cell[2]).value = text or None

    def save(self, path):
        self.book.save(path)

    def numbers(self):
        """Cells that a number format can make look like something else; later than the year 9999 there is no day."""
        return [(at, y, x) for at, y, x in self.cells() if isinstance(self.book[at].cell(y, x).value, (int, float)) and
                self.book[at].cell(y, x).value < 2958466 and not self.book[at].cell(y, x).protection.locked]

    def look(self, cell, number_format):
        at = self.book[cell[0]].cell(cell[1], cell[2])
        before, at.number_format = at.number_format, number_format
        return before

    def is_empty(self, cell):
        return not any(self.get((cell[0], y, cell[2])) for y in range(cell[1] + 1, self.book[cell[0]].max_row + 1))

    def line(self, cell):
        return cell[1]

    def header(self, cell):
        return self.headers.get(cell[0], 0)


class Account(Story):
    maxDiff = None  # every silent change is shown

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.silent, self.counted, self.tried = [], 0, 0

    # ------------------------------------------------------------ the returns

    def packs(self):
        for form in FORMS:
            stem = os.path.splitext(os.path.basename(form))[0]
            folder = self.path("packs-" + stem)
            code, _, err = run("distribute", form, "--roster", ROSTER, "--now", NOW, "-o", folder, "--store",
                               self.path("packs-%s.db" % stem), "--respondent", "AUS", "--due", "2026-12-20")
            self.assertEqual(code, 0, err)
            for path in sorted(glob.glob(folder + "/AUS/*-AUS.csv")):
                with open(path, "rb") as file:
                    yield Csv(form, os.path.basename(path), file.read())
            for path in sorted(glob.glob(folder + "/AUS/*.xlsx")):
                yield Book(form, os.path.basename(path), path)

    def simulated(self):
        for form in FORMS:
            folder = self.path("simulated-" + os.path.splitext(os.path.basename(form))[0])
            code, _, err = run("simulate", form, "--roster", ROSTER, "--now", NOW, "-o", folder, "--count", "1")
            self.assertEqual(code, 0, err)
            for path in glob.glob(folder + "/*.csv"):
                with open(path, "rb") as file:
                    yield Csv(form, "simulated " + os.path.basename(path), file.read())

    def workbooks(self):
        """Filled in, so that there are numbers to be given another format."""
        for form in FORMS:
            folder = self.path("filled-" + os.path.splitext(os.path.basename(form))[0])
            code, _, err = run("simulate", form, "--roster", ROSTER, "--now", NOW, "-o", folder, "--count", "1", "--format", "xlsx")
            self.assertEqual(code, 0, err)
            for path in glob.glob(folder + "/*.xlsx"):
                yield Book(form, "filled in " + os.path.basename(path), path)

    def exports(self):
        """One file each, as survey tools write them."""
        form, made = self.write("demo.csv", exports_story.FORM), exports_story.Exports()
        for name, text in [("kobo", made.kobo()), ("kobo labels", made.kobo(labels=True, hierarchy=True, select="details")),
                           ("ona", made.ona()), ("cto", made.surveycto_wide()), ("google", made.google_forms()),
                           ("lime", made.limesurvey(made.LIME_CODES).decode())]:
            yield Csv(form, name, text.encode(), exact=False, delimiter=";" if name[:4] in ("kobo", "lime") else ",")

    def published(self):
        for path in published():
            with open(path, "rb") as file:
                yield Csv(FORM, os.path.basename(path), file.read())

    # ------------------------------------------------------------ what a change shows

    def take(self, source, path, store, dry=True, changed=()):
        code, out, err = run("import", source.form, path, "--roster", ROSTER, "--store", store, "--now", NOW, "--threads", "0",
                             "--jsonl", *(["-n"] if dry else []))
        self.assertIn(code, (0, 1), (source.name, changed, err))
        lines = [json.loads(line) for line in out.splitlines()]
        returned = {kind: [line for line in lines if line["type"] == kind]
                    for kind in ("finding", "change", "response", "changed", "file")}
        cells = returned["file"][0].get("cells")
        if cells:
            self.assertEqual(cells["read"], sum(cells.values()) - cells["read"], source.name)
            self.counted += cells["read"]
        self.assertNotIn("E0626", [line["finding"]["code"] for line in returned["finding"]], (source.name, changed))
        return returned

    @staticmethod
    def said(returned):
        """Findings, and values that were normalized: both name the cell."""
        return [(f["code"], f.get("sheet", ""), f.get("row", 0), f.get("column", 0), f["message"])
                for f in (line["finding"] for line in returned["finding"])] + \
               [("ledger", f.get("sheet", ""), f["row"], f["column"], f["from"]) for f in returned["change"]]

    def is_seen(self, source, cell, text, before, returned):
        if returned["file"][0]["outcome"] == "quarantined":
            return True
        for finding in self.said(returned):
            if finding not in before and finding[1] in ("", cell[0]) and \
                    (finding[2] in (0, source.line(cell), source.header(cell)) or cell[1] == source.header(cell)):
                return True
        if any(response.get("remarks_changed") or response["new"] for response in returned["response"]):
            return True
        # The choice of a tick: in the first cell of its line, or in a table of entries above it.
        ticks = {source.get(at).rpartition("/")[2] for at in ((cell[0], cell[1], 1), (cell[0], source.header(cell), cell[2]))
                 if at[1]} if text.lower() in TICKS and isinstance(source, Book) else set()
        return any(not getattr(source, "exact", True) or text in (line["to"], "") or text in line["to"] or line["to"] in text
                   or ticks & (set(line["to"].split()) - set(line["from"].split())) for line in returned["changed"])

    @staticmethod
    def is_moot(source, cell, before, text):
        """Changes that no reader of the cells can tell from none: a formula in a column of formulas (what canvass calculates
        is not read), the number in the last row of a table of entries (rows may be deleted), and the digest of the form's
        file where the version is named too (the version counts), a tick that is not set, and the heading of a column that holds nothing."""
        digest = isinstance(source, Csv) and source.rows[cell[1] - 1][0] == "form_sha256" and cell[2] == 4
        formula = text.startswith("=") and cell[2] in (1, 5, 7)
        number = isinstance(source, Book) and cell[2] == 2 and before == "20" and not text
        tick = before in NOTHING and text in NOTHING and (isinstance(source, Book) or not source.exact)
        owner = not text and before in ("AUS", "Australia") and source.get(cell) == ""  # the pack says itself whose it is
        heading = not text and cell[1] == source.header(cell) and source.is_empty(cell)
        return digest or formula or number or tick or owner or heading

    # ------------------------------------------------------------ the changes

    def mutate(self, source, kind, filled, blank):
        """Makes one change and gives the cells that differ, with their text now; and what undoes it."""
        pick = self.random.choice
        cell = pick(blank if kind == "add" else filled)
        text, made = source.get(cell), "zz%d" % self.random.randrange(100, 1000)
        other = pick(blank or filled)
        keep = 0 if text.startswith("=") else self.random.randrange(len(text) + 1)  # a formula becomes a value
        changes = {"change": [(cell, text[:keep] + made)], "add": [(cell, made)],
                   "move": [(cell, ""), (other, text)], "double": [(other, text)], "delete": [(cell, "")]}[kind]
        undo = [(at, source.get(at)) for at, _ in changes]
        for at, now in changes:
            source.put(at, now)
        return changes, undo

    def try_format(self, source, path, store, before):
        """A number that is shown as per cent, money, a distance, a day or a time is one of these, or is reported."""
        cell = self.random.choice(source.numbers())
        made = self.random.choice(FORMATS)
        undo = source.look(cell, made)
        source.save(path)
        if not self.is_seen(source, cell, "", before, self.take(source, path, store)):
            self.silent.append((source.name, "format", cell, source.get(cell), made))
        source.look(cell, undo)

    def try_all(self, sources):
        each = max(1, MUTATIONS // len(sources))
        for number, source in enumerate(sources):
            store = self.path("s%d.db" % number)
            extension = ".csv" if isinstance(source, Csv) else ".xlsx"
            path = self.path("return" + extension)
            source.save(path)
            before = self.said(self.take(source, path, store, dry=False))
            filled = [cell for cell in source.cells() if source.get(cell).strip()]
            blank = [cell for cell in source.cells() if not source.get(cell).strip()]
            for _ in range(each):
                self.tried += 1
                kind = self.random.choice([kind for kind in KINDS if (blank or kind in ("change", "delete")) and
                                           (kind != "format" or source.numbers())])
                if kind == "format":
                    self.try_format(source, path, store, before)
                    continue
                changes, undo = self.mutate(source, kind, filled, blank)
                source.save(path)
                returned = self.take(source, path, store, changed=(kind, changes, undo))
                for cell, text in changes:
                    if not self.is_moot(source, cell, dict(undo)[cell], text) and not self.is_seen(source, cell, text, before, returned):
                        self.silent.append((source.name, kind, cell, dict(undo)[cell], changes))
                for at, text in undo:
                    source.put(at, text)

    def test_no_change_is_silent(self):
        sources = [*self.packs(), *self.simulated(), *self.workbooks(), *self.published(), *self.exports()]
        self.try_all(sources)
        self.tell("%d changes of %d returns, %d cells: %d silent" % (self.tried, len(sources), self.counted,
                                                                     len(self.silent)))
        self.assertEqual(self.silent, [])

    def pack(self):
        return next(source for source in self.packs() if isinstance(source, Book))

    def test_a_changed_heading_of_a_sheet_is_reported(self):
        """Each hidden heading in turn, so that the sheet has no column of this name."""
        source, path, sheet = self.pack(), self.path("return.xlsx"), None
        for cell in [cell for cell in source.cells() if cell[1] == source.header(cell)]:
            if sheet not in (None, cell[0]):
                break
            sheet, text = cell[0], source.get(cell)
            source.put(cell, text + "zz1")
            source.save(path)
            said = self.said(self.take(source, path, self.path("heading%d.db" % cell[2])))
            self.assertTrue([one for one in said if one[1] in ("", sheet) and one[2] in (0, cell[1])], (cell, text, said))
            source.put(cell, text)

    def test_a_missing_heading_of_a_sheet_without_answers_is_reported(self):
        """The sheet has a link to a table of entries and no answer of its own."""
        source = next(source for source in self.packs() if source.name == "links_duplication-AUS.xlsx")
        path, cell = self.path("return.xlsx"), ("Questionnaire", 5, 4)
        self.assertEqual(source.get(cell), "answer")
        source.put(cell, "")
        source.save(path)
        said = self.said(self.take(source, path, self.path("missing.db")))
        self.assertIn(("W0628", "Questionnaire", 5, 4), [one[:4] for one in said], said)

    def test_a_path_above_the_questions_is_reported(self):
        """The path of a question is in its own row too, which is found by it."""
        source, path = self.pack(), self.path("return.xlsx")
        sheet, header = next(iter(source.headers.items()))
        paths = [text for text in (source.get((sheet, row, 1)) for row in range(header + 1, header + 9)) if text]
        source.put((sheet, header - 2, 1), paths[1])
        source.save(path)
        said = self.said(self.take(source, path, self.path("path.db")))
        self.assertIn(("W0661", sheet, header - 2, 1), [one[:4] for one in said], said)

    def test_a_text_above_its_own_place_is_reported(self):
        """The title of the cover, written once more a row higher: the row below is still where it was."""
        source, path = self.pack(), self.path("return.xlsx")
        source.put(("Cover", 1, 2), source.get(("Cover", 2, 2)))
        source.save(path)
        said = [one[:4] for one in self.said(self.take(source, path, self.path("above.db"))) if one[1]]
        self.assertEqual(said, [("W0661", "Cover", 1, 2)])

    def test_a_text_that_moved_alone_is_reported_at_both_places(self):
        """Up and down; a row inserted above moves every text below it, and nothing is said."""
        source, path = self.pack(), self.path("return.xlsx")
        texts = [y for at, y, x in source.cells() if at == "Cover" and x == 2 and source.get((at, y, x)) and y > 5]
        empty = next(y for y in range(max(texts), max(texts) + 9) if not source.get(("Cover", y, 2)))
        gap = next(y for y in range(6, max(texts)) if not source.get(("Cover", y, 2)))
        for number, (row, other) in enumerate(((texts[2], empty), (texts[-1], gap))):
            self.assertEqual(source.get(("Cover", other, 2)), "")
            text = source.get(("Cover", row, 2))
            source.put(("Cover", other, 2), text)
            source.put(("Cover", row, 2), "")
            source.save(path)
            said = {one[:4] for one in self.said(self.take(source, path, self.path("alone%d.db" % number))) if one[1]}
            self.assertEqual(said, {("W0628", "Cover", row, 2), ("W0661", "Cover", other, 2)})
            source.put(("Cover", other, 2), "")
            source.put(("Cover", row, 2), text)
        source.book["Cover"].insert_rows(texts[2])
        source.save(path)
        self.assertEqual([one for one in self.said(self.take(source, path, self.path("inserted.db"))) if one[1] == "Cover"], [])

    def test_a_path_that_moved_to_an_empty_row_is_missing_in_its_own(self):
        """The other texts of the question are where they were, so each half lacks the other."""
        source, path = self.pack(), self.path("return.xlsx")
        sheet, header = next(iter(source.headers.items()))
        row = next(row for row in range(header + 1, header + 9) if source.get((sheet, row, 1)))
        end = max(y for at, y, _ in source.cells() if at == sheet) + 1
        source.put((sheet, end, 1), source.get((sheet, row, 1)))
        source.put((sheet, row, 1), "")
        source.save(path)
        said = [one[:4] for one in self.said(self.take(source, path, self.path("moved.db"))) if one[1]]
        self.assertIn(("W0628", sheet, row, 1), said)
        self.assertIn(("W0628", sheet, end, 3), said)

    def test_no_heading_of_a_questionnaire_is_a_survey_tools(self):
        """Survey tools have columns of their own, such as status; a questionnaire has none of them."""
        sheet, path = "C5. Each type of document", self.path("return.xlsx")
        source = next(source for source in self.packs() if isinstance(source, Book) and sheet in source.book.sheetnames)
        source.put((sheet, 5, 1), "Status")
        source.save(path)
        said = [one[:4] for one in self.said(self.take(source, path, self.path("heading.db"))) if one[1]]
        self.assertEqual(said, [("W0605", sheet, 5, 1)])

    def test_a_number_of_no_entry_is_reported(self):
        """Below the rows of the table: a year, and the number that would be next, in rows that have nothing else."""
        sheet, path = "C5. Each type of document", self.path("return.xlsx")
        source = next(source for source in self.packs() if isinstance(source, Book) and sheet in source.book.sheetnames)
        last = max(y for at, y, x in source.cells() if at == sheet and x == 2 and source.get((at, y, x)).isdigit())
        for number, made in enumerate(("2026", str(int(source.get((sheet, last, 2))) + 1))):
            source.put((sheet, last + 2, 2), made)
            source.save(path)
            said = [one[:4] for one in self.said(self.take(source, path, self.path("number%d.db" % number))) if one[1]]
            self.assertEqual(said, [("W0661", sheet, last + 2, 2)])

    def test_an_amount_shown_in_its_unit_is_named_with_its_cell(self):
        """The question asks for dollars, so "USD 0" is 0; the change that was made to read it names the sheet and the cell."""
        source = next(source for source in self.workbooks() if "D3. Each grant" in source.book.sheetnames)
        path, cell = self.path("return.xlsx"), ("D3. Each grant", 6, 6)
        source.book[cell[0]].cell(cell[1], cell[2]).value = 0
        source.look(cell, '"USD" #,##0')
        source.save(path)
        changes = self.take(source, path, self.path("unit.db"))["change"]
        self.assertIn(("D3. Each grant", "F6", "USD 0", "0"), [(c["sheet"], c["cell"], c["from"], c["to"]) for c in changes])

    def test_a_formula_without_a_value_makes_no_line_of_answers(self):
        """In the column of paths, in a row of text: its other cells are texts, and the account adds up."""
        source, path = self.pack(), self.path("return.xlsx")
        sheet, header = next(iter(source.headers.items()))
        row = next(row for row in range(header + 1, header + 40) if not source.get((sheet, row, 1)) and source.get((sheet, row, 3)))
        source.put((sheet, row, 1), '=IF(A1="","",1)')
        source.save(path)
        said = self.said(self.take(source, path, self.path("formula.db")))
        self.assertIn(("W0661", sheet, row, 1), [one[:4] for one in said], said)

    def test_a_version_beside_the_digest_of_another_is_reported(self):
        source = next(source for source in self.packs() if isinstance(source, Csv))
        path, row = self.path("return.csv"), [row[0] for row in source.rows].index("form_version") + 1
        source.put(("", row, source.rows[0].index("answer") + 1), "1999")
        source.save(path)
        said = self.said(self.take(source, path, self.path("version.db")))
        self.assertIn("the return names another version", "; ".join(one[4] for one in said if one[0] == "W0684"), said)


if __name__ == "__main__":
    unittest.main()
