"""Workbooks for those who cannot see them, or not well: titles, tables with headings, words for charts, contrast."""
import csv
import io
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

import openpyxl
from openpyxl.utils import range_boundaries

from story import FORM, HANG, NOW, ROOT, Story, published, run

SOFFICE = shutil.which("soffice")
HEADING = "1F3864"  # the ground of headings, with white text
LARGE = 20000       # rows of a sheet that has tables
RATIO = 4.5         # of brightness, between a text and its ground
STATES = {"not asked", "–", "blank", "no answer", "withheld", "N/A", "D/K", ""}
FORM_PARTS = """survey
,type,name,label,required,audience
,select_one who,who,Economy,yes,
,select_one release,release,How may this be shown?,,
,text,officer,Officer,,contact
,select_one status,status,Status,,
,select_one status,status_b,Status,,
,integer,people,People,,
,text,notes,"What else,
on two lines",,
,begin_repeat,ship,Who's there,,
,text,ship_name,Name of the ship,,
,end_repeat,,,,
,begin_repeat,person,Officers of secrets,,contact
,text,person_name,Name of the officer,,
,end_repeat,,,,
choices
,list_name,name,label
,release,attributed,By name
,release,members_only,Members
,status,force,In force
,status,draft,In draft
"""
SETTINGS = "settings\n,form_title,form_id,respondent,release\n,Small form,small,who,release\n"


PEOPLE = {5: "many", 6: "SECRET many", 7: "987 654", 8: "987 654"}  # a finding, and values that are normalized


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def brightness(colour):
    parts = [int(colour[at:at + 2], 16) / 255 for at in (0, 2, 4)]
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """As WCAG 2.1 defines it, from 1 to 21."""
    bright, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def ink(cell):
    colour = cell.font.color
    return colour.rgb[-6:] if colour is not None and isinstance(colour.rgb, str) else "000000"


def ground(cell):
    return cell.fill.fgColor.rgb[-6:] if cell.fill.patternType == "solid" else "FFFFFF"


def overlap(one, other):
    a, b = range_boundaries(one), range_boundaries(other)
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


class Workbook:
    """What these tests are about, of a workbook."""

    @classmethod
    def read(cls, path):
        cls.book = openpyxl.load_workbook(path)
        cls.names = {name.name: name.attr_text for name in cls.book.defined_names.definedName}
        with zipfile.ZipFile(path) as parts:
            cls.parts = {name: parts.read(name).decode("utf-8") for name in parts.namelist()}

    def visible(self):
        return [sheet for sheet in self.book if sheet.sheet_state == "visible"]

    def test_each_sheet_has_its_title_in_the_first_cell(self):
        for sheet in self.book:
            first = sheet["A1"]
            self.assertTrue(first.value and first.font.b and first.font.sz > 12, sheet.title)

    def test_rows_of_headings_are_those_of_tables(self):
        found = 0
        for sheet in self.visible():
            self.assertIsNone(sheet.auto_filter.ref if sheet.tables else None, sheet.title)
            heads = {row[0].row for row in sheet.iter_rows(max_col=1)
                     if row[0].fill.patternType and ground(row[0]) == HEADING and row[0].value is not None}
            self.assertTrue(heads or not sheet.freeze_panes, sheet.title)
            if sheet.max_row > LARGE:
                self.assertEqual((len(sheet.tables), len(heads)), (0, 1), sheet.title)
                continue
            tables = list(sheet.tables.values())
            self.assertEqual(len({table.ref for table in tables}), len(tables))
            for at, table in enumerate(tables):
                left, top, right, last = range_boundaries(table.ref)
                found += 1
                self.assertIn(top, heads)
                heads.remove(top)
                cells = [sheet.cell(top, column).value for column in range(left, right + 1)]
                self.assertEqual([column.name for column in table.tableColumns], cells, (sheet.title, table.ref))
                self.assertEqual(len({text.casefold() for text in cells}), len(cells), (sheet.title, cells))
                self.assertEqual((left, table.headerRowCount), (1, 1))
                self.assertGreater(last, top)
                self.assertTrue(sheet.max_row == last or all(cell.value is None or cell.column == 1 for cell in sheet[last + 1]),
                                (sheet.title, table.ref))
                for other in tables[:at]:
                    self.assertFalse(overlap(table.ref, other.ref))
                for merged in sheet.merged_cells.ranges:
                    self.assertFalse(overlap(table.ref, str(merged)))
            # what is left has no rows: a name says where its headings are, if they are those of the sheet
            for row in heads:
                if "$%d" % row in (sheet.print_title_rows or ""):
                    self.assertTrue([name for name, range_ in self.names.items() if "$A$%d:" % row in range_ and
                                     range_.startswith("'" + sheet.title.replace("'", "''") + "'!")], (sheet.title, row))
                else:
                    self.assertIsNone(sheet.cell(row + 1, 1).value, (sheet.title, row))
        self.assertGreater(found, 3)

    def test_the_headings_of_a_long_table_stay_in_sight_and_on_every_page(self):
        for sheet in self.visible():
            long = [table for table in sheet.tables.values() if table.autoFilter is not None]
            self.assertLessEqual(len(long), 1)
            if not long and sheet.max_row <= LARGE:
                continue
            row = range_boundaries(long[0].ref)[1] if long else range_boundaries(sheet.auto_filter.ref)[1]
            self.assertEqual(re.search(r"\d+", sheet.freeze_panes).group(), str(row + 1), sheet.title)
            self.assertTrue(sheet.print_title_rows.endswith("$%d" % row), sheet.title)
            if not long:
                self.assertEqual(range_boundaries(sheet.auto_filter.ref)[3], sheet.max_row)
                self.assertIn("'%s'!$A$%d:$%s$%d" % (sheet.title.replace("'", "''"), row,
                                                    openpyxl.utils.get_column_letter(sheet.max_column), sheet.max_row),
                              self.names.values())

    def test_names_of_tables_and_ranges_are_taken_once(self):
        tables = [name for sheet in self.book for name in sheet.tables]
        names = [name.casefold() for name in tables + list(self.names) if not name.startswith("_xlnm")]
        self.assertEqual(len(set(names)), len(names))
        for name in names:
            self.assertRegex(name, r"^[a-z][a-z_]*(_[0-9]+)?$")

    def test_charts_say_in_words_what_they_show(self):
        charts = 0
        for name, text in self.parts.items():
            if re.match(r"xl/drawings/drawing\d+\.xml$", name):
                for frame in (element for element in ElementTree.fromstring(text).iter() if local(element) == "graphicFrame"):
                    words = [element.get("descr") for element in frame.iter() if local(element) == "cNvPr"]
                    self.assertGreater(len(words[0] or ""), 20, name)
                    charts += 1
        self.assertEqual(charts, len([name for name in self.parts if re.match(r"xl/charts/chart\d+\.xml$", name)]))

    def test_texts_stand_out_from_their_ground(self):
        pairs = set()
        for sheet in self.book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        pairs.add((ink(cell), ground(cell)))
        self.assertIn(("FFFFFF", HEADING), pairs)
        for one, other in pairs:
            self.assertGreaterEqual(contrast(one, other), RATIO, (one, other))

    def test_figures_in_charts_stand_out_from_their_segments(self):
        for name, text in self.parts.items():
            if not re.match(r"xl/charts/chart\d+\.xml$", name):
                continue
            chart = list(ElementTree.fromstring(text).iter())
            stacked = [element.get("val") for element in chart if local(element) == "grouping"] != ["clustered"]
            for series in (element for element in chart if local(element) == "ser"):
                colours = {}
                for part in series:
                    if local(part) in ("spPr", "dLbls"):
                        colours[local(part)] = [element.get("val") for element in part.iter() if local(element) == "srgbClr"]
                fill, labels = colours["spPr"], colours["dLbls"]
                # a figure on a pattern has a white box, which comes first; that of a bar of its own is next to it
                box = "FFFFFF" if not stacked else labels[0] if len(labels) > 1 else fill[0]
                self.assertGreaterEqual(contrast(labels[-1], box), RATIO, (name, fill, labels))

    def test_nothing_is_said_by_colour_alone(self):
        for sheet in self.visible():
            for row in sheet.iter_rows():
                for cell in row:
                    font = cell.font
                    if cell.value is None or (ink(cell) in ("1A1A1A", "000000") and ground(cell) == "FFFFFF"):
                        continue
                    apart = (font.b or font.i or font.strike or font.u or font.sz != 10 or str(cell.value) in STATES or
                             re.match(r"\[.*\]$", str(cell.value), re.S))
                    self.assertTrue(apart, (sheet.title, cell.coordinate, cell.value))


class Demo(Workbook, Story):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-accessibility-")
        cls.path_of_book = os.path.join(cls.place, "s.xlsx")
        store = os.path.join(cls.place, "s.db")
        run("import", FORM, *published(), "--store", store, "--now", NOW)
        assert run("report", FORM, "--store", store, "--now", NOW, "-o", cls.path_of_book)[0] == 0
        cls.read(cls.path_of_book)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def test_sheets_have_tables(self):
        for name in ("Summary", "Overview", "Returns", "Matrix", "Counts", "Groups", "Numbers", "Sources"):
            self.assertTrue(self.book[name].tables, name)
        self.assertEqual(self.book["Matrix"].tables["Matrix"].autoFilter.ref, self.book["Matrix"].tables["Matrix"].ref)

    @unittest.skipUnless(SOFFICE, "LibreOffice is not installed")
    def test_libreoffice_finds_the_tables(self):
        subprocess.run([SOFFICE, "-env:UserInstallation=file://" + self.path("profile"), "--headless", "--convert-to", "fods",
                        "--outdir", self.folder.name, self.path_of_book], timeout=HANG, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT)
        with open(self.path("s.fods"), encoding="utf-8") as file:
            found = dict(re.findall(r'<table:database-range table:name="(\w+)" table:target-range-address="([^"]*)"', file.read()))
        for sheet in self.visible():
            for name, area in sheet.tables.items():
                first, last = area.split(":")
                quoted = "&apos;%s&apos;" % sheet.title if re.search(r"\W", sheet.title) else sheet.title
                self.assertIn(found[name], ("%s.%s:%s.%s" % (quoted, first, quoted, last),
                                            "%s.%s:.%s" % (quoted, first, last)))


class Released(Workbook, Story):
    """For members, of a form with texts that a table cannot have as they are."""
    audience = "members"

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-accessibility-")
        codes = ["R%02d" % number for number in range(1, 10)]
        form, store, book = (os.path.join(cls.place, name) for name in ("form.csv", "s.db", "s.xlsx"))
        with open(form, "w", encoding="utf-8") as file:
            file.write(FORM_PARTS + "".join(",who,%s,Land %s\n" % (code, code) for code in codes) + SETTINGS)
        paths = []
        for at, code in enumerate(codes):
            paths.append(os.path.join(cls.place, code + ".csv"))
            with open(paths[-1], "w", encoding="utf-8", newline="") as file:
                secret = "SECRET " if at > 5 else ""
                csv.writer(file).writerows([["question", "no", "label", "answer", "note"], ["who", "", "", code, ""],
                                            ["release", "", "", "" if secret else "attributed", ""],
                                            ["officer", "", "", "SECRET officer", ""],
                                            ["status", "", "", "draft" if at < 2 else "force", secret + "remark"],
                                            ["people", "", "", PEOPLE.get(at, str(at)), ""],
                                            ["notes", "", "", secret + "notes", ""],
                                            ["ship[1]/ship_name", "", "", secret + "ship", ""],
                                            ["person[1]/person_name", "", "", "SECRET person", ""]])
        got = run("import", form, *paths, "--store", store, "--now", NOW)
        assert got[0] in (0, 1), got
        cls.more = (form, "--store", store, "--now", NOW, "--audience")
        got = run("report", *cls.more, cls.audience, "-o", book)
        assert got[0] == 0, got
        cls.read(book)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def test_tables_names_and_notes_have_no_secret(self):
        whole = self.path("whole.xlsx")
        self.assertEqual(run("report", *self.more, "secretariat", "-o", whole)[0], 0)
        with zipfile.ZipFile(whole) as parts:
            notes = "".join(parts.read(name).decode("utf-8") for name in parts.namelist() if name.startswith("xl/comments"))
        for words in ("SECRET", "987 654"):
            self.assertIn(words, notes)
            for name, text in self.parts.items():
                self.assertNotIn(words, text, name)
        with zipfile.ZipFile(whole) as parts:
            self.assertIn("987654", parts.read("xl/worksheets/sheet4.xml").decode("utf-8"))
        self.assertFalse([name for name, text in self.parts.items() if "987654" in text])

    def test_headings_that_are_alike_have_numbers(self):
        columns = [column.name for column in self.book["Matrix"].tables["Matrix"].tableColumns]
        self.assertEqual(columns[-4:-1], ["Status (2)", "People", "What else, on two lines"])

    def test_a_repeat_has_a_table_of_its_own(self):
        self.assertEqual(list(self.book["Who's there"].tables), ["Entries_1"])


class Published(Released):
    audience = "public"


class Large(Workbook, Story):
    """More than 20,000 rows on Sources."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-accessibility-")
        form, data, store, book = (os.path.join(cls.place, name) for name in ("form.csv", "all.csv", "s.db", "s.xlsx"))
        with open(form, "w", encoding="utf-8") as file:
            file.write("survey\n,type,name,label\n,text,who,Who\n" +
                       "".join(",integer,n%d,Number %d\n" % (at, at) for at in range(10)) +
                       "settings\n,form_title,form_id,respondent\n,Large form,large,who\n")
        text = io.StringIO()
        csv.writer(text).writerows([["who"] + ["n%d" % at for at in range(10)]] +
                                   [["R%d" % row] + ["x" if at == row % 10 else row * at for at in range(10)]
                                    for row in range(2100)])
        with open(data, "w", encoding="utf-8") as file:
            file.write(text.getvalue())
        got = run("import", form, data, "--store", store, "--now", NOW)
        assert got[0] in (0, 1), got
        got = run("report", form, "--store", store, "--now", NOW, "-o", book)
        assert got[0] == 0, got
        cls.read(book)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def test_the_large_sheet_has_a_name_and_no_table(self):
        self.assertGreater(self.book["Sources"].max_row, LARGE)
        self.assertEqual(self.names["Sources"], "'Sources'!$A$3:$F$%d" % self.book["Sources"].max_row)
        self.assertEqual(list(self.book["Matrix"].tables), ["Matrix"])


if __name__ == "__main__":
    unittest.main()
