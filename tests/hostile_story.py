"""Texts that a spreadsheet, XML or a reader of a workbook could take for something else arrive as the texts they are, or are
reported: in answers, remarks, the form, the roster and the names of sheets.  Read back by openpyxl and from the XML itself."""
import csv
import datetime
import io
import re
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

import openpyxl

from paper_story import read_html, read_markdown, read_word, same
from story import NOW, Story, run

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TEXTS = ["=1+1", "+1-2", "-1", "@SUM(A1)", "=HYPERLINK(\"http://example.org\",\"x\")", "=cmd|' /C calc'!A0", "{=1}", "'quoted", "'",
         "_x0041_", "_x005F_", "_x000D_", "_X0041_", "__x0041__", "a\x01b", "\x07bell", "esc\x1b[31mred", "del\x7f", "next\x85line",
         "tab\there", "two\nlines", "win\r\ndows", "http://example.org/?a=1&b=2", "mailto:a@example.org", "internal:Summary!A1",
         "\u202eright to left\u202c", "\u2066isolated\u2069", "zero\u200bwidth", "\ufeffmark", "no\ufffe\uffffcharacters", "a\u2028line",
         "]]>", "&amp;&#65;&lt;", "<b>bold</b>", "<!--x-->", "TRUE", "#REF!", "1e400", "007", "2026-12-01", "12:30", "1/2", "NaN", "inf",
         "N\u2044A", "\U0001f6a2 ship", "e\u0301", "السؤال", "日本語", "%s%n", "{1} {2}", "{title}", "$A$1", "\"", "\"\"", ";", "0x10",
         "x" * 40000 + "end", "=" * 33000]
# Titles of repeats, and of a form: forbidden characters, too long, alike but for their case, taken or reserved names.
TITLES = ["a[b]c:d*e?f/g\\h", "'apostrophes'", "Forty characters and some more than that, or so", "Forty characters and some MORE, said again",
          "History", "history ", "SUMMARY", "Matrix", "Manifest", "***", "''", "=1+1", "_x0041_", "\U0001f6a2" * 20, "tab\tin it", "السؤال الأول",
          "日本語の題名はとても長いので切らなければならないが、それでもよい", "Summary 2", "same", "Same", "SAME", "\u202ereversed"]


def plain(text):
    """As Excel reads it: _x0041_ is the character with that number."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), text)


def table(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


class Raw:
    """A workbook as its XML says it: names of sheets, cells and notes, without a library of spreadsheets."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as parts:
            read = {name: parts.read(name) for name in parts.namelist() if name.endswith((".xml", ".rels", ".vml"))}
        trees = {name: ElementTree.fromstring(text) for name, text in read.items()}  # each part is well-formed
        self.names = [sheet.get("name") for sheet in trees["xl/workbook.xml"].iter(MAIN + "sheet")]
        strings = [self.text(one) for one in trees["xl/sharedStrings.xml"]] if "xl/sharedStrings.xml" in trees else []
        self.ranges = [(name.get("name"), name.text) for name in trees["xl/workbook.xml"].iter(MAIN + "definedName")]
        self.sheets, self.formulas = [], 0
        for number in range(1, len(self.names) + 1):
            cells = {}
            for cell in trees["xl/worksheets/sheet%d.xml" % number].iter(MAIN + "c"):
                self.formulas += cell.find(MAIN + "f") is not None
                value = cell.find(MAIN + "v")
                if cell.get("t") == "s":
                    cells[cell.get("r")] = strings[int(value.text)]
                elif cell.get("t") == "inlineStr":
                    cells[cell.get("r")] = self.text(cell.find(MAIN + "is"))
                elif value is not None:
                    cells[cell.get("r")] = float(value.text)
            self.sheets.append(cells)
        self.notes = [self.text(note.find(MAIN + "text")) for name, tree in trees.items() if "/comments" in name
                      for note in tree.iter(MAIN + "comment")]

    @staticmethod
    def text(element):
        return plain("".join(part.text or "" for part in element.iter(MAIN + "t")))

    def sheet(self, name):
        return self.sheets[self.names.index(name)]


class Texts(Story):
    """Every text as an answer, as a remark, as a label of a choice, and as a name and group on the roster."""

    def setUp(self):
        super().setUp()
        codes = ["R%02d" % i for i in range(len(TEXTS))]
        short = [text[:60] for text in TEXTS]
        rows = [["survey"], ["", "type", "name", "label"], ["", "select_one who", "who", "Who"], ["", "text", "words", "Words"],
                ["", "select_one l", "pick", "Pick"], ["", "begin_repeat", "doc", "Documents"], ["", "text", "title", "Title"],
                ["", "end_repeat", "", ""], ["choices"], ["", "list_name", "name", "label"]]
        rows += [["", "who", code, code] for code in codes] + [["", "l", "o%d" % i, text] for i, text in enumerate(short)]
        rows += [["settings"], ["", "form_title", "form_id", "respondent"], ["", "=1+1 _x0041_ <b>", "hostile", "who"]]
        self.form = self.write("form.csv", table(rows))
        self.write("roster.csv", table([["code", "name", "group:=G"]] + [[code, "Land %s %s" % (code, text), "=%d" % (i % 3)]
                                                                        for i, (code, text) in enumerate(zip(codes, short))]))
        self.answered = dict(zip(codes, TEXTS))
        files = [self.write(code + ".csv", table([
            ["question", "answer", "note"], ["who", code, ""], ["words", text, ""], ["pick", "o%d" % i, text],
            ["doc[1]/title", text, ""]])) for i, (code, text) in enumerate(self.answered.items())]
        self.options = ["--store", self.path("s.db"), "--round", "r", "--now", NOW]
        code, out, err = run("import", self.form, *files, *self.options)
        self.assertIn(code, (0, 1), err)
        self.assertIn("%d accepted" % len(files), out)
        self.said = out + err

    def report(self, name):
        code, _, err = run("report", self.form, *self.options, "--audience", "secretariat", "-o", self.path(name))
        self.assertEqual(code, 0, err)
        self.said += err
        return self.path(name)

    @staticmethod
    def lines(text):
        return text.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")

    def test_workbook(self):
        path = self.report("s.xlsx")
        raw, book = Raw(path), openpyxl.load_workbook(path)
        self.assertEqual(raw.formulas, 0)
        self.assertEqual([cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], [])
        comments = raw.sheet("Comments")
        rows = {}
        for at, value in comments.items():
            rows.setdefault(int(re.sub(r"\D", "", at)), {})[re.sub(r"\d", "", at)] = value
        heads = rows[3]
        found, part = {}, None
        for _, row in sorted(rows.items())[3:]:
            code, name, kind, text = (row.get(self.column(heads, title)) for title in ("code", "name", "kind", "text"))
            part = (code, name, kind) if kind != "continued" else part
            found[part] = found.get(part, "") + text
        for code, text in self.answered.items():
            for name, kind in (("words", "answer"), ("title", "answer"), ("pick", "remark")):
                self.assertEqual(self.lines(found[code, name, kind]), self.lines(text), (code, name))
        whole = {value for sheet in raw.sheets for value in sheet.values() if isinstance(value, str)}
        for code, text in self.answered.items():
            self.assertIn("Land %s %s" % (code, self.lines(text[:60])), {self.lines(value) for value in whole}, code)
        self.assertGreaterEqual(len(raw.notes), len(TEXTS))
        for text in TEXTS:
            self.assertTrue(any(self.lines(text)[:100] in self.lines(note) for note in raw.notes), repr(text[:60]))
        numbers = [value for sheet in ("Matrix", "Documents", "Comments") for at, value in raw.sheet(sheet).items()
                   if isinstance(value, float)]
        self.assertEqual(numbers, [])  # no answer was a number

    @staticmethod
    def column(heads, title):
        return next(at for at, value in heads.items() if value == title)

    @staticmethod
    def legible(text):
        """Without control characters, which XML cannot have, and with blanks as one."""
        return re.sub("[\x00-\x1f\x7f-\x9f\ufffe\uffff\ufffd]", "", same(text))

    def test_papers(self):
        seen = {}
        for ending, read in (("md", read_markdown), ("html", read_html), ("docx", read_word)):
            path = self.report("p." + ending)
            paper = read(path)
            if ending != "docx":  # whose parts are read as XML
                with open(path, encoding="utf-8", newline="") as file:
                    self.assertEqual(re.findall("[\x00-\x08\x0b-\x1f\x7f]", file.read()), [], ending)
            quotes = [text for kind, text in paper.blocks if kind == "quote"]
            for code, text in self.answered.items():
                own = [quote for quote in quotes if quote.startswith("Land %s " % code)]
                self.assertEqual(len(own), 3, (ending, code))  # two answers and a remark
                referring = [quote for quote in own if quote.endswith(" As under “Words”.")]
                self.assertEqual(len(referring), 2 if len(text.encode()) > 80 else 0, (ending, code, text[:40]))
                for quote in set(own) - set(referring):
                    self.assertTrue(self.legible(quote).endswith(self.legible(text)), (ending, code, text[:40], quote[-80:]))
                seen[ending] = seen.get(ending, 0) + 1
        self.assertEqual(set(seen.values()), {len(TEXTS)})

    def test_the_store_gives_the_workbook_again(self):
        path = self.report("s.xlsx")
        code, out, err = run("verify", path, "--store", self.path("s.db"))
        self.assertEqual(code, 0, out + err)


class Values(Story):
    """What cannot be a number or a date of a spreadsheet is a text or a finding."""

    def test_numbers_and_dates(self):
        days = ["1899-12-31", "1900-01-01", "1900-02-28", "1900-03-01", "1901-01-01", "0001-01-01", "9999-12-31"]
        wrong = [("day", "1900-02-29"), ("day", "2026-02-30"), ("day", "0000-01-01"), ("n", "NaN"), ("n", "inf"), ("n", "-Infinity"),
                 ("n", "1e400"), ("whole", "NaN"), ("whole", "1e400"),
                 ("n", "1e300"), ("whole", "9007199254740991")]
        fine = [("n", "-0.5"), ("n", "1234567890.125"), ("whole", "2147483647")]
        codes = ["R%02d" % i for i in range(len(days) + len(wrong) + len(fine))]
        form = self.write("form.csv", table(
            [["survey"], ["", "type", "name", "label"], ["", "select_one who", "who", "Who"], ["", "date", "day", "Day"],
             ["", "decimal", "n", "Number"], ["", "integer", "whole", "Whole number"], ["choices"], ["", "list_name", "name", "label"]] +
            [["", "who", code, code] for code in codes] + [["settings"], ["", "form_title", "form_id", "respondent"],
                                                          ["", "Values", "values", "who"]]))
        given = dict(zip(codes, [("day", day) for day in days] + wrong + fine))
        files = [self.write(code + ".csv", table([["question", "answer"], ["who", code], pair])) for code, pair in given.items()]
        options = ["--store", self.path("s.db"), "--round", "r", "--now", NOW]
        code, out, err = run("import", form, *files, *options)
        self.assertEqual(code, 1, err)
        code, _, err = run("report", form, *options, "--audience", "secretariat", "-o", self.path("s.xlsx"))
        self.assertEqual(code, 0, err)
        raw, book = Raw(self.path("s.xlsx")), openpyxl.load_workbook(self.path("s.xlsx"))
        found = {row[0]: row[7] for row in book["Findings"].iter_rows(min_row=4, values_only=True)}
        self.assertEqual(found, {code: value for code, (name, value) in given.items() if (name, value) in wrong})
        rows = list(book["Matrix"].iter_rows())
        head = next(row for row in rows if row[0].value == "code")
        columns = {title: [cell.value for cell in head].index(title) for title in ("Day", "Number", "Whole number")}
        columns = {name: columns[title] for name, title in (("day", "Day"), ("n", "Number"), ("whole", "Whole number"))}
        for row in rows[rows.index(head) + 1:]:
            if row[0].value not in given:
                continue
            name, value = given[row[0].value]
            cell = row[columns[name]]
            if (name, value) in wrong or value < "1901" and name == "day":
                self.assertEqual((cell.value, cell.data_type), (value, "s"), value)
            elif name == "day":
                self.assertEqual((cell.value, cell.is_date), (datetime.datetime.fromisoformat(value), True), value)
            else:
                self.assertEqual((float(cell.value), cell.data_type), (float(value), "n"), value)
        for sheet in raw.sheets:
            for value in sheet.values():
                self.assertTrue(isinstance(value, str) or value - value == 0, value)


class Names(Story):
    """Names of sheets are made from titles of repeats, whatever these are."""

    def test_sheets(self):
        rows = [["survey"], ["", "type", "name", "label"], ["", "select_one who", "who", "Who"]]
        for i, title in enumerate(TITLES):
            rows += [["", "begin_repeat", "rep%d" % i, title], ["", "text", "t%d" % i, "Text"], ["", "end_repeat", "", ""]]
        rows += [["choices"], ["", "list_name", "name", "label"], ["", "who", "A", "A"], ["", "who", "B", "B"],
                 ["settings"], ["", "form_title", "form_id", "respondent"], ["", "[]:*?/\\' " + "t" * 40, "names", "who"]]
        form = self.write("form.csv", table(rows))
        answers = [["rep%d[1]/t%d" % (i, i), "text %d" % i] for i in range(len(TITLES))]
        path = self.write("A.csv", table([["question", "answer"], ["who", "A"], *answers]))
        options = ["--store", self.path("s.db"), "--round", "r", "--now", NOW]
        code, _, err = run("import", form, path, *options)
        self.assertEqual(code, 0, err)
        for language in ("en", "ja"):
            target = self.path(language + ".xlsx")
            code, _, err = run("report", form, *options, "--audience", "secretariat", "--language", language, "-o", target)
            self.assertEqual(code, 0, err)
            raw = Raw(target)
            self.assertEqual(raw.names, openpyxl.load_workbook(target).sheetnames)
            self.assertEqual(len({name.casefold() for name in raw.names}), len(raw.names))
            for name in raw.names:
                self.assertLessEqual(len(name.encode("utf-16-le")) // 2, 31, name)
                self.assertIsNone(re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$|^\s*$", name), name)
                self.assertNotEqual(name.casefold(), "history")
            for name, text in raw.ranges:
                self.assertRegex(text, r"^(.+!\$[A-Z]+:\$[A-Z]+,)?.+!\$[A-Z]*\$?\d+:\$[A-Z]*\$?\d+$", name)
            for i, title in enumerate(TITLES):  # each has its own sheet, with its title and its entry
                (sheet,) = [cells for cells in raw.sheets if "text %d" % i in cells.values() and len(cells) < 20 and
                            str(cells.get("A1", "")).split() == title.split()]


if __name__ == "__main__":
    unittest.main()
