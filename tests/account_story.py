"""Every cell is accounted for: cells of real and invented returns are changed, added, moved, doubled and deleted, one at a
time.  Of each change either the answers or remarks differ, or a finding is at the cell or names its column: none is silent."""
import csv
import glob
import io
import os
import random
import sys
import unittest

import openpyxl

from story import FORM, FULL, NOW, ROOT, Story, import_json, published, run

MUTATIONS = int(os.environ.get("MUTATIONS", "10000" if FULL else "500"))
SEED = 20261201
ROSTER = os.path.join(ROOT, "forms/roster.csv")
FORMS = [form for form in sorted(glob.glob(os.path.join(ROOT, "forms/*.csv")))
         if not form.endswith(("roster.csv", "-prefill.csv"))]
KINDS = ["change", "add", "move", "double", "delete"]


class Csv:
    """A return as a table of texts."""

    def __init__(self, form, name, bytes_, exact=True):
        self.form, self.name = form, name
        self.rows = list(csv.reader(io.StringIO(bytes_.decode("utf-8-sig"))))
        width = max(map(len, self.rows))
        for row in self.rows:
            row += [""] * (width - len(row))
        self.columns = [at for at in range(width) if exact or not self.rows[0][at].startswith(("_", "meta", "KEY"))]

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

    def header(self, cell):
        return self.headers.get(cell[0], 0)


class Account(Story):
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

    def published(self):
        for path in published():
            with open(path, "rb") as file:
                yield Csv(FORM, os.path.basename(path), file.read())

    # ------------------------------------------------------------ what a change shows

    def take(self, source, path, store, dry=True):
        told = import_json(source.form, path, "--roster", ROSTER, "--store", store, "--now", NOW, "--threads", "0",
                           *(["-n"] if dry else []))[1]
        returned = told["returns"][0]
        cells = returned.get("cells")
        if cells:
            self.assertEqual(cells["read"], sum(cells.values()) - cells["read"], source.name)
            self.counted += cells["read"]
        self.assertNotIn("E0626", [finding["code"] for finding in returned["findings"]], source.name)
        return returned

    @staticmethod
    def said(returned):
        return [(f["code"], f.get("sheet", ""), f.get("row", 0), f.get("column", 0), f["message"])
                for f in returned["findings"]]

    def is_seen(self, source, cell, text, before, returned):
        if returned["outcome"] == "quarantined":
            return True
        for finding in self.said(returned):
            if finding not in before and finding[2] in (0, cell[1], source.header(cell)) and finding[1] in ("", cell[0]):
                return True
        for response in returned.get("responses", []):
            if response.get("remarks_changed") or response["new"]:
                return True
            for change in response.get("changes", []):
                if text in (change["to"], "") or text in change["to"] or change["to"] in text:
                    return True
        return False

    @staticmethod
    def is_moot(source, cell, before, text):
        """Changes that no reader of the cells can tell from none: a formula in a column of formulas (what canvass calculates
        is not read), the number in the last row of a table of entries (rows may be deleted), and the digest of the form's
        file where the version is named too (the version counts)."""
        digest = isinstance(source, Csv) and source.rows[cell[1] - 1][0] == "form_sha256" and cell[2] == 4
        formula = text.startswith("=") and cell[2] in (1, 5, 7)
        number = isinstance(source, Book) and cell[2] == 2 and before == "20" and not text
        return digest or formula or number

    # ------------------------------------------------------------ the changes

    def mutate(self, source, kind, filled, blank):
        """Makes one change and gives the cells that differ, with their text now; and what undoes it."""
        pick = self.random.choice
        cell = pick(blank if kind == "add" else filled)
        text, made = source.get(cell), "zz%d" % self.random.randrange(100, 1000)
        other = pick(blank)
        keep = 0 if text.startswith("=") else self.random.randrange(len(text) + 1)  # a formula becomes a value
        changes = {"change": [(cell, text[:keep] + made)], "add": [(cell, made)],
                   "move": [(cell, ""), (other, text)], "double": [(other, text)], "delete": [(cell, "")]}[kind]
        undo = [(at, source.get(at)) for at, _ in changes]
        for at, now in changes:
            source.put(at, now)
        return changes, undo

    def try_all(self, sources):
        each = max(1, MUTATIONS // len(sources))
        for source in sources:
            store = self.path("s%d.db" % self.tried)
            extension = ".csv" if isinstance(source, Csv) else ".xlsx"
            path = self.path("return" + extension)
            source.save(path)
            before = self.said(self.take(source, path, store, dry=False))
            filled = [cell for cell in source.cells() if source.get(cell).strip()]
            blank = [cell for cell in source.cells() if not source.get(cell).strip()]
            for _ in range(each):
                kind = self.random.choice(KINDS)
                changes, undo = self.mutate(source, kind, filled, blank)
                source.save(path)
                returned = self.take(source, path, store)
                for cell, text in changes:
                    if not self.is_moot(source, cell, dict(undo)[cell], text) and not self.is_seen(source, cell, text, before, returned):
                        self.silent.append((source.name, kind, cell, dict(undo)[cell], text))
                for at, text in undo:
                    source.put(at, text)
                self.tried += 1

    def test_no_change_is_silent(self):
        sources = [*self.packs(), *self.simulated(), *self.published()]
        self.try_all(sources)
        self.tell("%d changes of %d returns, %d cells: %d silent" % (self.tried, len(sources), self.counted,
                                                                     len(self.silent)))
        self.assertEqual(self.silent, [])


if __name__ == "__main__":
    unittest.main()
