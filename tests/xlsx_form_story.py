"""Forms as workbooks: written by two spreadsheet programs, and read as their CSV is."""
import csv
import datetime
import glob
import json
import os
import resource
import shutil
import subprocess
import sys
import unittest
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from story import CANVASS, HANG, ROOT, Story, run

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

SHARED = os.environ.get("CANVASS_SHARED", "../shared")


def is_form(path):
    """The folder of forms also holds the roster and a file of answers to begin with."""
    with open(path, encoding="utf-8") as file:
        return file.readline().startswith("survey")


FORMS = sorted(filter(is_form, glob.glob(os.path.join(ROOT, "forms/*.csv"))))
SHARED_FORMS = sorted(glob.glob(os.path.join(ROOT, SHARED, "domain/forms/*.csv")))


def put(sheet, row, column, text):
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # an expression may begin with "="


def convert(source, target):
    """A form from CSV to a workbook, cell by cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    row = 0
    with open(source, encoding="utf-8-sig", newline="") as file:
        for record in csv.reader(file):
            if record and record[0].strip():
                sheet = book.create_sheet(record[0].strip())
                row = 0
            if any(text.strip() for text in record[1:]):
                row += 1
                for at, text in enumerate(record[1:], 1):
                    if text:
                        put(sheet, row, at, text)
    book.save(target)


def checked(path):
    """What check says of a form, without the places, which differ between lines of a text and cells of a sheet."""
    code, out, err = run("check", path, "--json")
    said = json.loads(out)
    for key in ("form",):
        del said[key]
    for diag in said["diagnostics"]:
        for key in ("file", "row", "column", "cell"):
            diag.pop(key, None)
    said["diagnostics"].sort(key=lambda diag: json.dumps(diag, sort_keys=True))
    return code, said


def libreoffice(path, folder):
    """The workbook opened and saved again by another program."""
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["soffice", "--headless", "-env:UserInstallation=file://" + os.path.join(folder, "profile"),
                    "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, path],
                   check=True, timeout=HANG, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return os.path.join(folder, os.path.basename(path))


class SameAsCsv(Story):
    def same(self, forms):
        for form in forms:
            with self.subTest(form=os.path.basename(form)):
                book = self.path(os.path.basename(form)[:-4] + ".xlsx")
                convert(form, book)
                self.assertEqual(checked(book), checked(form))

    def test_the_shipped_forms(self):
        self.same(FORMS)

    def test_the_drafts_of_all_ten(self):
        if not SHARED_FORMS:
            self.skipTest("the shared forms are not here")
        self.assertGreaterEqual(len(SHARED_FORMS), 10)
        self.same(SHARED_FORMS)

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not here")
    def test_saved_again_by_libreoffice(self):
        form = FORMS[0]
        book = self.path("form.xlsx")
        convert(form, book)
        self.assertEqual(checked(libreoffice(book, self.path("again"))), checked(form))

    def test_other_commands_take_it(self):
        book = self.path("form.xlsx")
        convert(os.path.join(ROOT, "forms/seafarers-id.csv"), book)
        code, out, err = run("eval", book, "${economy}", "--set", "economy=AUS")
        self.assertEqual((code, out.strip()), (0, "string\tAUS"), err)
        store = self.path("s.db")
        code, out, err = run("import", book, os.path.join(ROOT, "responses/published/AUS.csv"), "--store", store,
                             "--roster", os.path.join(ROOT, "forms/roster.csv"), "--now", "2026-12-01T00:00:00Z")
        self.assertEqual(code, 0, err)


class Book(Story):
    """A workbook made cell by cell."""

    def setUp(self):
        super().setUp()
        self.book = openpyxl.Workbook()
        self.survey = self.book.active
        self.survey.title = "survey"

    def fill(self, sheet, *rows):
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(at, column).value = value

    def check(self, *options):
        path = self.path("form.xlsx")
        self.book.save(path)
        return run("check", os.path.basename(path), *options, cwd=self.folder.name)

    def read(self, value, number_format=None):
        """The text of a cell that holds `value`: as the type of a question, which it is not, it is repeated as it was read."""
        self.fill(self.survey, ("type", "name", "label"), (value, "q", "Q"))
        if number_format:
            self.survey.cell(2, 1).number_format = number_format
        code, out, err = self.check("--json")
        return self.types(out)

    def types(self, out):
        return [diag.get("excerpt") for diag in json.loads(out)["diagnostics"] if diag["code"] == "E0213"]


class Cells(Book):
    def test_numbers_booleans_and_dates(self):
        day = datetime.datetime(2026, 12, 31)
        for value, number_format, text in (
                (5, None, "5"), (5.0, "0.00", "5"), (0.1 + 0.2, None, "0.3"), (1e-7, None, "0.0000001"),
                (123456789012345, None, "123456789012345"), (-2.5, None, "-2.5"), (1e22, None, "1e+22"),
                (True, None, "TRUE"), (False, None, "FALSE"),
                (day, "yyyy-mm-dd", "2026-12-31"), (day, 'd" days in "mmmm', "2026-12-31"),
                (day, "yyyy-mm-dd hh:mm", "2026-12-31 00:00:00"),
                (datetime.datetime(2026, 12, 31, 9, 5, 7), "yyyy-mm-dd", "2026-12-31 09:05:07"),
                (datetime.time(9, 5), "h:mm", "09:05:00"), (1.5, "[h]:mm:ss", "36:00:00"),
                (46387, '0" d"', "46387"), (46387, "[$-409]0.00", "46387"), (60, "yyyy-mm-dd", "1900-02-29"),
                (1, "dd/mm/yyyy", "1900-01-01"), (61, "d.m.yy", "1900-03-01"), (-1, "d.m.yy", "-1"),
                ("#N/A", None, "#N/A")):
            with self.subTest(value=value, number_format=number_format):
                self.assertEqual(self.read(value, number_format), [text])

    def test_the_epoch_of_1904(self):
        self.book.epoch = CALENDAR_MAC_1904
        self.assertEqual(self.read(datetime.datetime(2026, 12, 31), "yyyy-mm-dd"), ["2026-12-31"])

    def test_rich_text(self):
        self.read("RICH")
        runs = ('<r><t xml:space="preserve">not </t></r><r><rPr><b/></rPr><t>one</t></r><rPh sb="0" eb="1"><t>hito</t></rPh>'
                '<r><t xml:space="preserve"> of them</t></r><phoneticPr fontId="1"/>')
        with zipfile.ZipFile(self.path("form.xlsx")) as plain, zipfile.ZipFile(self.path("rich.xlsx"), "w") as rich:
            for part in plain.namelist():
                rich.writestr(part, plain.read(part).replace(b"<t>RICH</t>", runs.encode("utf-8")))
        code, out, err = run("check", self.path("rich.xlsx"), "--json")
        self.assertEqual(self.types(out), ["not one of them"])

    def test_no_break_spaces_and_curly_quotes(self):
        self.assertEqual(self.read("\u00a0a\u00a0b \u2018c\u2019\u00a0"), ["a b 'c'"])

    def test_escapes(self):
        self.assertEqual(self.read("a_x0041_b_x005F_x0041_"), ["aAb_x0041_"])

    def test_merged_cells_have_their_text_at_the_top_left(self):
        self.fill(self.survey, ("type", "name", "label"), ("text", "a", "One"), ("text", "b", "Two"))
        self.survey.merge_cells("C2:E4")
        code, out, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("form.xlsx: survey", out)
        self.assertIn("E0227", out)

    def test_a_formula_without_its_value_is_told(self):
        self.assertEqual(self.read("=1+1"), [])
        code, out, err = run("check", self.path("form.xlsx"))
        self.assertIn("survey!A2: warning[W0036]", out)


class Sheets(Book):
    def good(self):
        self.fill(self.survey, ("type", "name", "label"), ("select_one yn", "a", "A"))
        choices = self.book.create_sheet("Choices")
        self.fill(choices, ("list_name", "name", "label"), ("yn", "yes", "Yes"), ("yn", "no", "No"))
        return choices

    def test_other_sheets_are_ignored_and_hidden_ones_read(self):
        self.good().sheet_state = "hidden"
        notes = self.book.create_sheet("Notes", 0)
        self.fill(notes, ("anything",), (1,))
        self.fill(self.book.create_sheet("_survey"), ("type",), ("nothing",))
        self.fill(self.book.create_sheet("surveys"), ("type",), ("nothing",))
        code, out, err = self.check()
        self.assertEqual((code, err), (0, ""), out)
        self.assertIn("no mistakes found", out)

    def test_a_missing_sheet_that_is_misspelt_is_told(self):
        self.good()
        self.survey.title = "servey"
        code, out, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn('form.xlsx: servey, row 1: error[E0202]', out)

    def test_one_sheet_is_the_survey_whatever_its_name(self):
        self.survey.title = "Sheet1"
        self.fill(self.survey, ("type", "name", "label"), ("text", "a", "A"))
        code, out, err = self.check()
        self.assertEqual(code, 0, out)

    def test_places_are_cells(self):
        choices = self.good()
        self.survey.cell(1, 4).value = "constraint"
        self.survey.cell(22, 4).value = "iff(. = 1, 2, 3)"
        self.survey.cell(22, 1).value = "text"
        self.survey.cell(22, 2).value = "b"
        self.survey.cell(22, 3).value = "B"
        choices.cell(4, 2).value = "lost"
        code, out, err = self.check()
        self.assertIn("form.xlsx: survey!D22 (column constraint): error[E0107]: b: ", out)
        self.assertIn("form.xlsx: Choices, row 4: warning", out)
        self.assertLess(out.index("survey!D22"), out.index("Choices, row 4"))
        code, out, err = self.check("--json")
        self.assertIn("D22", [diag.get("cell") for diag in json.loads(out)["diagnostics"]])

    def test_a_heading_that_stands_twice_is_an_error(self):
        self.good()
        self.survey.cell(1, 4).value = "note"
        self.survey.cell(1, 5).value = "note"
        code, out, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn('form.xlsx: survey!E1 (column note): error[E0207]: column "note" occurs twice', out)

    def test_rows_are_called_rows(self):
        self.good()
        self.fill(self.survey, (), (), ("text", "a", "Again"))
        code, out, err = self.check()
        self.assertIn("on row 2", out)

    def test_headers_and_sheets_end_after_a_gap(self):
        choices = self.good()
        choices.cell(1, 24).value = "kept"      # 20 empty cells between
        choices.cell(1, 46).value = "left out"  # 21
        choices.cell(2, 46).value = "x"
        self.survey.cell(63, 1).value = "text"  # 60 empty rows between
        self.survey.cell(63, 2).value = "b"
        self.survey.cell(63, 3).value = "B"
        self.survey.cell(125, 1).value = "nonsense"  # 61
        code, out, err = self.check()
        self.assertEqual(code, 0, out)
        self.assertIn(": 2 questions", out)
        self.assertIn("form.xlsx: survey!A125 (column type): warning[W0280]", out)
        self.assertIn("form.xlsx: Choices!AT2: warning[W0210]", out)
        self.assertIn("0 errors, 2 warnings", out)


class Hostile(Story):
    """A little file may ask for much; what it gets is bounded, and it is told why."""

    @classmethod
    def setUpClass(cls):
        with open(CANVASS, "rb") as file:
            cls.sanitized = b"__asan_init" in file.read()  # which takes terabytes of addresses for itself

    def limited(self, path):
        def limit():
            if not self.sanitized:
                resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        done = subprocess.run([CANVASS, "check", path], timeout=HANG, preexec_fn=limit, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode("utf-8")

    def book(self, name, **parts):
        path = self.path(name)
        whole = {
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                           '<Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels":
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                '<Relationship Id="r1" Type="x/worksheet" Target="sheet1.xml"/>'
                '<Relationship Id="r2" Type="x/sharedStrings" Target="strings.xml"/></Relationships>',
            "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                               'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
                               '<sheets><sheet name="survey" r:id="r1"/></sheets></workbook>',
        }
        whole.update({"xl/%s.xml" % part: text for part, text in parts.items()})
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for part, text in whole.items():
                file.writestr(part, text)
        return path

    def sheet(self, rows):
        return ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>'
                '</worksheet>' % rows)

    def strings(self, items):
        return '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>' % items

    def test_bombs(self):
        megabyte = 1 << 20
        text = '<is><t>%s</t></is>'
        cases = {
            "a part that unpacks to a hundred megabytes":
                (dict(sheet1=self.sheet(" " * (100 * megabyte))), "E0031"),
            "a text told millions of times":
                (dict(strings=self.strings("<si><t>%s</t></si>" % ("x" * 32000)),
                      sheet1=self.sheet("<row>" + '<c t="s"><v>0</v></c>' * 16000 + "</row>" )), "E0031"),
            "a cell of ten megabytes":
                (dict(sheet1=self.sheet('<row><c t="inlineStr">%s</c></row>' % (text % ("x" * 10 * megabyte)))), "E0031"),
            "an attribute of ten megabytes":
                (dict(sheet1=self.sheet('<row x="%s"/>' % ("x" * 10 * megabyte))), "E0034"),
            "a million names":
                (dict(sheet1=self.sheet("".join("<e%d/>" % at for at in range(1000000)))), "E0034"),
            "a million names of attributes":
                (dict(sheet1=self.sheet("".join('<row e%d=""/>' % at for at in range(1000000)))), "E0034"),
            "a million elements in each other":
                (dict(sheet1=self.sheet("<a>" * 1000000)), "E0034"),
            "a million empty strings and cells":
                (dict(strings=self.strings("<si/>" * 10000000), sheet1=self.sheet("<row><c/></row>" * 1000000)), "E0206"),
            "more rows than a sheet has":
                (dict(sheet1=self.sheet("<row/>" * 1048577)), "E0035"),
            "a row far down": (dict(sheet1=self.sheet('<row r="99999999"><c><v>1</v></c></row>')), "E0035"),
            "a cell far right": (dict(sheet1=self.sheet('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>')), "E0035"),
        }
        for name, (parts, code) in cases.items():
            with self.subTest(name):
                status, out = self.limited(self.book("bomb.xlsx", **parts))
                self.assertEqual(status, 1, out[:2000])
                self.assertIn("error[%s]" % code, out)

    def test_65535_parts(self):
        path = self.path("parts.xlsx")
        with zipfile.ZipFile(path, "w") as file:
            for at in range(65535):
                file.writestr("p%d" % at, b"")
        status, out = self.limited(path)
        self.assertEqual(status, 1)
        self.assertIn("error[E0031]: the workbook has more than 2,000 parts", out)

    def test_names_of_parts_lead_nowhere(self):
        path = self.book("names.xlsx", sheet1=self.sheet('<row><c t="str"><v>type</v></c></row>'))
        with zipfile.ZipFile(path, "a") as file:
            file.writestr("../../../../tmp/canvass-was-here", b"x")
            file.writestr("/tmp/canvass-was-here", b"x")
        status, out = self.limited(path)
        self.assertIn("error[E0206]", out)
        self.assertFalse(os.path.exists("/tmp/canvass-was-here"))

    def test_every_cut_is_told(self):
        convert(FORMS[0], self.path("whole.xlsx"))
        with open(self.path("whole.xlsx"), "rb") as file:
            whole = file.read()
        for length in range(4, len(whole), len(whole) // 40):
            status, out = self.limited(self.write("cut.xlsx", whole[:length]))
            self.assertEqual(status, 1, out)
            self.assertIn("error[E0030]", out)

    def test_every_changed_byte_is_told_or_harmless(self):
        convert(FORMS[0], self.path("whole.xlsx"))
        with open(self.path("whole.xlsx"), "rb") as file:
            whole = file.read()
        for at in range(0, len(whole), len(whole) // 60):
            bad = bytearray(whole)
            bad[at] ^= 0x55
            status, out = self.limited(self.write("bad.xlsx", bytes(bad)))
            self.assertIn(status, (0, 1), out)

    def test_files_of_other_programs(self):
        def packed(name, part):
            with zipfile.ZipFile(self.path(name), "w") as file:
                file.writestr(part, b"<x/>")
            return self.path(name)
        encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
        for path, code, words in (
                (packed("a.ods", "META-INF/manifest.xml"), "E0033", "OpenDocument"),
                (packed("a.xlsb", "xl/workbook.bin"), "E0033", ".xlsb"),
                (packed("a.docx", "word/document.xml"), "E0033", ".docx"),
                (packed("a.zip", "readme.txt"), "E0033", "zip"),
                (self.write("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "E0030", ".xls"),
                (self.write("locked.xlsx", encrypted), "E0032", "password"),
                (self.write("renamed.xlsx", b"survey\n,type,name,label\n,text,a,A\n"), None, "1 question")):
            status, out = self.limited(path)
            self.assertEqual(status, 1 if code else 0, out)
            self.assertIn(words, out)
            if code:
                self.assertIn(code, out)
                self.assertEqual(out.count("error["), 1, out)


if __name__ == "__main__":
    unittest.main()
