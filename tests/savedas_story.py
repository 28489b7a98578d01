"""A questionnaire comes back in another format than it was sent out in: its sheet saved as CSV by a spreadsheet program of
any country, or the workbook as .ods or .xls.  The answers are those of the workbook."""
import csv
import datetime
import io
import os
import shutil
import sqlite3
import subprocess
import unittest
import zipfile
from xml.sax.saxutils import escape, quoteattr

import openpyxl

from story import HANG, NOW, Story, import_json, run

FORM = """survey
,type,name,label,hint
,text,who,Wer sind Sie?,
,decimal,share,"Anteil, in Prozent",
,date,since,Gültig seit,
,select_one yn,ok,Prüfung genügt?,
,select_multiple crop,sm,Güter,
,text,why,Begründung,Bitte kurz
choices
,list_name,name,label
,yn,yes,Ja
,yn,no,Nein
,crop,maize,Mais
,crop,beans,Grüne Bohnen
settings
,form_id,form_title,version,respondent
,demo,Umfrage über Häfen,1,who
"""
ROSTER = "code,name\nAA,Österreich\nBB,Belgien\n"
GIVEN = {"share": 4.5, "since": datetime.date(2026, 3, 31), "ok": "Ja", "sm/beans": "x",
         "why": "Die Behörde prüft; gründlich,\nund höflich"}


def shown(value, comma, order):
    """A cell as a spreadsheet program writes it into a CSV."""
    if isinstance(value, datetime.datetime):
        return value.strftime(order)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(value).replace(".", comma)
    return "" if value is None else str(value)


SPACES = {"office": "office", "table": "table", "text": "text", "style": "style"}


def ods_cell(cell):
    if cell.value is None and not cell.comment:
        return "<table:table-cell/>"
    if isinstance(cell.value, str) and cell.value.startswith("="):
        return '<table:table-cell table:formula=%s/>' % quoteattr("of:" + cell.value)
    kind = ""
    if isinstance(cell.value, datetime.datetime):
        kind = ' office:value-type="date" office:date-value="%s"' % cell.value.date().isoformat()
    elif isinstance(cell.value, (int, float)):
        kind = ' office:value-type="float" office:value="%s"' % cell.value
    lines = "".join("<text:p>%s</text:p>" % escape(line) for line in str("" if cell.value is None else cell.value).split("\n"))
    note = "<office:annotation><text:p>%s</text:p></office:annotation>" % escape(cell.comment.text) if cell.comment else ""
    return "<table:table-cell%s>%s%s</table:table-cell>" % (kind, note, lines)


def as_ods(book):
    """The workbook as an OpenDocument spreadsheet, without what nobody reads."""
    out, tables = io.BytesIO(), []
    for sheet in book.worksheets:
        style = ' table:style-name="hidden"' if sheet.sheet_state != "visible" else ""
        rows = []
        for number, row in enumerate(sheet.iter_rows(), 1):
            hidden = ' table:visibility="collapse"' if sheet.row_dimensions[number].hidden else ""
            rows.append("<table:table-row%s>%s</table:table-row>" % (hidden, "".join(map(ods_cell, row))))
        tables.append("<table:table table:name=%s%s>%s</table:table>" % (quoteattr(sheet.title), style, "".join(rows)))
    spaces = "".join(' xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % pair for pair in SPACES.items())
    content = '<?xml version="1.0" encoding="UTF-8"?><office:document-content%s><office:automatic-styles><style:style ' \
        'style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>' \
        '</office:automatic-styles><office:body><office:spreadsheet>%s</office:spreadsheet></office:body>' \
        '</office:document-content>' % (spaces, "".join(tables))
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


class SavedAs(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("demo.csv", FORM)
        self.roster = self.write("roster.csv", ROSTER)
        code, _, err = run("distribute", self.form, "--roster", self.roster, "-o", self.path("packs"), "--now", NOW)
        self.assertEqual(code, 0, err)
        book = openpyxl.load_workbook(self.path("packs/AA/demo-AA.xlsx"))
        self.fill(book)
        self.workbook = self.path("back.xlsx")
        book.save(self.workbook)
        self.stores = 0
        self.expected = self.take(self.workbook)[1]
        self.assertEqual([row[1] for row in self.expected], ["AA"])

    def fill(self, book):
        """Answers in the cells of the questionnaire, found by its hidden column."""
        for sheet in book.worksheets:
            rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
            if "question" not in rows:
                continue
            self.sheet = sheet.title
            answer = [cell.value for cell in sheet[rows["question"]]].index("answer") + 1
            for name, value in GIVEN.items():
                sheet.cell(rows[name], answer).value = value

    def take(self, *files, code=0):
        """Imports into a store of its own; gives the summary, and the answers that are then stored."""
        self.stores += 1
        store = self.path("store%d.db" % self.stores)
        found, told, err = import_json(self.form, *files, "--store", store, "--now", NOW)
        self.assertEqual(found, code, str(told) + err)
        if code:
            return told, None
        kept = sqlite3.connect(store)
        rows = kept.execute("SELECT a.*, r.respondent FROM answers_1_0_0 a JOIN response r ON r.id = a.id").fetchall()
        names = [row[1] for row in kept.execute("PRAGMA table_info(answers_1_0_0)")]
        wanted = [at for at, name in enumerate(names) if name.startswith("q")]
        kept.close()
        return told, [("answers", row[-1], *(row[at] for at in wanted)) for row in rows]

    def rows(self, comma, order):
        sheet = openpyxl.load_workbook(self.workbook)[self.sheet]
        return [[shown(cell, comma, order) for cell in row] for row in sheet.iter_rows(values_only=True)]

    def saved(self, name, delimiter, encoding, comma=",", order="%d.%m.%Y", more=()):
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([*more, *self.rows(comma, order)])
        return self.write(name, out.getvalue().encode(encoding))

    def assert_same(self, file):
        told, answers = self.take(file)
        self.assertEqual(answers, self.expected)
        found = [found["code"] for found in told["returns"][0]["findings"]]
        self.assertEqual([code for code in found if not code.startswith("N")], [], told)
        self.assertEqual(found.count("N0666"), 1)

    # ---------------------------------------------------------------- CSV

    def test_saved_as_csv_by_spreadsheets_of_many_countries(self):
        for name, delimiter, encoding, comma, order in [
            ("German", ";", "cp1252", ",", "%d.%m.%Y"), ("American", ",", "cp1252", ".", "%m/%d/%Y"),
            ("Unicode text", "\t", "utf-16", ",", "%d.%m.%Y"), ("UTF-8 with a mark", ";", "utf-8-sig", ",", "%d.%m.%Y"),
            ("MS-DOS", ";", "cp850", ",", "%d.%m.%Y"), ("Macintosh", ";", "mac_roman", ",", "%d.%m.%Y"),
            ("plain", ",", "utf-8", ".", "%Y-%m-%d"), ("text", "\t", "cp1252", ",", "%d.%m.%Y"),
        ]:
            with self.subTest(name):
                self.assert_same(self.saved(name + ".csv", delimiter, encoding, comma, order))

    def test_a_letterhead_of_a_single_cell_above_it(self):
        self.assert_same(self.saved("head.csv", ";", "utf-8", more=[["Ministerium für Häfen"], ["Ort, 1. Mai"], []]))

    def test_a_title_above_a_table_of_responses(self):
        table = self.write("table.csv", "Häfen; Stand 2026\n\nwho;share;ok\nAA;4,5;Ja\n".encode("cp1252"))
        told, answers = self.take(table)
        self.assertEqual([found["code"] for found in told["returns"][0]["findings"]], ["N0620", "N0666", "N0511"])
        self.assertEqual([row[1:4] for row in answers], [("AA", "AA", 4.5)])

    def test_without_a_header_the_first_line_is_named(self):
        told, _ = self.take(self.write("none.csv", "Umfrage\nHafen;Ort\nKiel;Nord\n"), code=1)
        self.assertEqual([(found["code"], found["row"]) for found in told["returns"][0]["findings"]], [("E0601", 1)])

    # ---------------------------------------------------------------- other workbooks

    def assert_book(self, file, notes=()):
        told, answers = self.take(file)
        self.assertEqual(answers, self.expected)
        self.assertEqual([found["code"] for found in told["returns"][0]["findings"]], list(notes), told)

    def convert(self, name, ending):
        """By LibreOffice."""
        done = subprocess.run(["soffice", "-env:UserInstallation=file://" + self.path("office"), "--headless", "--convert-to",
                               ending, "--outdir", self.folder.name, name], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=HANG)
        self.assertEqual(done.returncode, 0)
        return os.path.splitext(name)[0] + "." + ending

    def test_as_ods(self):
        self.assert_book(self.write("back.ods", as_ods(openpyxl.load_workbook(self.workbook))))

    def form_book(self):
        book = openpyxl.Workbook()
        for line in csv.reader(io.StringIO(FORM)):
            if line[0]:
                sheet = book.create_sheet(line[0])
            else:
                sheet.append([cell or None for cell in line[1:]])
        book.remove(book.worksheets[0])
        return book

    def test_a_form_as_ods(self):
        form = self.write("form.ods", as_ods(self.form_book()))
        self.assertEqual(run("check", form)[0], 0, run("check", form))
        self.assertEqual(run("show", form)[1], run("show", self.form)[1])

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
    def test_as_ods_by_libreoffice(self):
        self.assert_book(self.convert(self.workbook, "ods"))

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
    def test_as_xls_by_libreoffice(self):
        self.assert_book(self.convert(self.workbook, "xls"), ["W0038"])

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
    def test_a_form_as_xls(self):
        self.form_book().save(self.path("form.xlsx"))
        form = self.convert(self.path("form.xlsx"), "xls")
        self.assertEqual(run("show", form)[1], run("show", self.form)[1])

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
    def test_a_damaged_xls_is_one_rejected_file(self):
        with open(self.convert(self.workbook, "xls"), "rb") as file:
            content = file.read()
        for cut in (600, 5000, len(content) - 2000):
            for bad in (content[:cut], content[:cut] + bytes(300) + content[cut + 300:]):
                code, told, _ = import_json(self.form, self.write("bad.xls", bad), "--store", self.path("bad.db"), "-n", "--now",
                                            NOW)
                self.assertIn(code, (0, 1))
                self.assertEqual(told["files"]["received"], 1)

    def test_an_xls_without_its_library_is_named(self):
        bad = self.write("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le"))
        with open(self.path("libfreexl.so.1"), "w", encoding="ascii") as file:
            file.write("no library")
        code, out, _ = run("import", self.form, bad, "--store", self.path("lib.db"), "-n", "--now", NOW,
                           env={"LD_LIBRARY_PATH": self.folder.name})
        self.assertEqual(code, 1)
        self.assertIn("error[E0039]: cannot load the library that reads old workbooks", out)


if __name__ == "__main__":
    unittest.main()
