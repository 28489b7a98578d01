"""Returned workbooks, as spreadsheet programs and people leave them: the published answers come out of them unchanged, what
is not used is told, and hostile ones end in one diagnostic.  Answers other than the published ones are invented."""
import csv
import datetime
import io
import json
import os
import shutil
import sqlite3
import subprocess
import unittest
import zipfile

import openpyxl
from openpyxl.comments import Comment

from story import FORM, FULL, HANG, NOW, ROOT, Story, grows_evenly, import_json, published, run, usage

ROSTER = os.path.join(ROOT, "forms/roster.csv")

SMALL = """survey
,type,name,label,required,relevant,constraint,constraint_message
,text,who,Who,yes,,,
,integer,age,Age,yes,,. >= 0 and . < 150,From 0 to 149.
,decimal,fee,Fee,,,,
,date,day,Day,,,,
,select_one yn,ok,Okay,,,,
,select_multiple way,ways,Ways,,,,
,text,why,Why,,,,
,begin_repeat,doc,Documents,,,,
,text,title,Title,,,,
,integer,pages,Pages,,,,
,end_repeat,,,,,,
choices
,list_name,name,label
,yn,yes,Yes
,yn,no,No
,way,sea,By sea
,way,land,By land
,way,air,By air
settings
,form_id,version,respondent
,small,1,who
"""


def lines(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def long_book(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    return book


def wide_row(rows):
    """One response in the wide layout, with its remarks in columns of their own."""
    heads, cells = [], []
    for path, _, _, answer, note, *_ in rows[1:]:
        if answer:
            heads.append(path)
            cells.append(answer)
        if note:
            heads.append(path + "#note")
            cells.append(note)
    return heads, cells


def answers(store):
    """What each respondent answered: (respondent, digest over answers and remarks)."""
    connection = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
    try:
        return connection.execute("SELECT respondent, hex(digest) FROM response ORDER BY respondent").fetchall()
    finally:
        connection.close()


class Published(Story):
    """The 19 published returns, rewritten as workbooks."""

    def take(self, name, files):
        store = self.path(name + ".db")
        code, told, err = import_json(FORM, *files, "--store", store, "--now", NOW, "--round", "2026")
        self.assertEqual(told["files"]["accepted"], len(files), err + str(told)[:2000])
        return answers(store), [f["code"] for r in told["returns"] for f in r["findings"]]

    def setUp(self):
        super().setUp()
        self.wanted, self.codes = self.take("csv", published())

    def without_sources(self):
        """The wide layout has remarks, but no columns for where an answer was published."""
        files = []
        for path in published():
            files.append(self.path(os.path.basename(path)))
            with open(files[-1], "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(row[:5] for row in lines(path))
        return self.take("plain", files)[0]

    def save(self, name, book):
        path = self.path(name)
        book.save(path)
        return path

    def test_long(self):
        files = [self.save(os.path.basename(p)[:-4] + ".xlsx", long_book(lines(p))) for p in published()]
        self.assertEqual(self.take("long", files), (self.wanted, self.codes))

    def test_wide_one_workbook_each(self):
        files = []
        for path in published():
            book = openpyxl.Workbook()
            for row in wide_row(lines(path)):
                book.active.append(row)
            files.append(self.save(os.path.basename(path)[:-4] + ".xlsx", book))
        self.assertEqual(self.take("wide", files)[0], self.without_sources())

    def test_wide_all_in_one_sheet(self):
        heads, rows = [], []
        for path in published():
            rows.append(dict(zip(*wide_row(lines(path)))))
            heads += [head for head in rows[-1] if head not in heads]
        book = openpyxl.Workbook()
        book.active.append(heads)
        for row in rows:
            book.active.append([row.get(head) for head in heads])
        self.assertEqual(self.take("one", [self.save("all.xlsx", book)])[0], self.without_sources())

    def test_titles_above_and_columns_anywhere(self):
        files = []
        for path in published():
            rows = lines(path)
            book = openpyxl.Workbook()
            sheet = book.active
            for at, row in enumerate(rows):
                for column, cell in zip((3, 4, 6, 7, 9, 10, 12, 13, 15), row):
                    if cell:
                        sheet.cell(5 + at, column, cell)
            files.append(self.save(os.path.basename(path)[:-4] + ".xlsx", book))
        self.assertEqual(self.take("moved", files), (self.wanted, self.codes))

    @unittest.skipUnless(shutil.which("soffice"), "no soffice")
    def test_saved_again_by_libreoffice(self):
        os.mkdir(self.path("in"))
        for path in published():
            long_book(lines(path)).save(self.path("in/" + os.path.basename(path)[:-4] + ".xlsx"))
        names = sorted(os.listdir(self.path("in")))
        subprocess.run(["soffice", "-env:UserInstallation=file://" + self.path("profile"), "--headless", "--convert-to",
                        "xlsx", "--outdir", self.path("out"), *(self.path("in/" + name) for name in names)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=HANG)
        self.assertEqual(self.take("again", [self.path("out/" + name) for name in names]), (self.wanted, self.codes))


class Small(Story):
    """One small form."""

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", SMALL)
        self.store = self.path("store.db")

    def take(self, book, *options):
        path = book if isinstance(book, str) else self.path("return.xlsx")
        if not isinstance(book, str):
            book.save(path)
        code, told, err = import_json(self.form, path, "--store", self.store, "--now", NOW, *options)
        return told["returns"][0]

    def found(self, book):
        return [(f["code"], f.get("sheet"), f.get("cell") or f.get("row")) for f in self.take(book)["findings"]]

    def value(self, column, table=0):
        connection = sqlite3.connect("file:%s?mode=ro" % self.store, uri=True)
        try:
            return [row[0] for row in connection.execute("SELECT q%d FROM answers_1_%d_0" % (column, table))]
        finally:
            connection.close()

    def remarks(self):
        connection = sqlite3.connect("file:%s?mode=ro" % self.store, uri=True)
        try:
            return connection.execute("SELECT question, text FROM remark ORDER BY question").fetchall()
        finally:
            connection.close()

    def long(self, *rows):
        return long_book([["question", "no", "label", "answer", "note"], *rows])


class Cells(Small):
    """What stands in and beside the answers."""

    def test_cells_of_every_kind(self):
        book = self.long(["who", None, None, "AA"], ["age", None, None, 42], ["fee", None, None, 1 / 3],
                         ["day", None, None, datetime.date(2026, 2, 28)], ["why", None, None, "_x005F_x0041_ \U0001F6A2"])
        self.assertEqual(self.found(book), [])
        self.assertEqual([self.value(column) for column in (0, 1, 2, 6)],
                         [["AA"], [42], [1 / 3], ["_x0041_ \U0001F6A2"]])
        self.assertEqual(self.value(3), [20512])

    def test_an_error_of_a_formula_is_a_bad_answer_at_its_cell(self):
        book = self.long(["who", None, None, "AA"], ["age", None, None, "#REF!"])
        book.active["D3"].data_type = "e"
        codes = [(code, cell) for code, _, cell in self.found(book)]
        self.assertEqual(len(codes), 1)
        self.assertEqual(codes[0][1], "D3")

    def test_a_formula_without_its_value_is_told_once(self):
        book = self.long(["who", None, None, "AA"], ["age", None, None, "=40+2"], ["fee", None, None, "=1/3"])
        self.assertEqual([code for code, _, _ in self.found(book) if code == "W0036"], ["W0036"])

    def test_findings_point_at_the_cell(self):
        book = openpyxl.Workbook()
        book.active.title = "Our answers"
        for at, row in enumerate([["question", "answer"], ["who", "AA"], ["age", "old"], ["agee", 4]]):
            for column, cell in zip((2, 5), row):
                book.active.cell(3 + at, column, cell)
        self.assertEqual(self.found(book), [("E0609", "Our answers", "B6"), ("E0502", "Our answers", "E5")])
        code, out, err = run("import", self.form, self.path("return.xlsx"), "--store", self.path("other.db"), "--now", NOW)
        self.assertIn("return.xlsx: Our answers!E5: error[E0502]: age: ", out)

    def test_comments_are_remarks(self):
        book = self.long(["who", None, None, "AA"], ["age", None, None, 5, "a guess"], ["fee"])
        book.active["D3"].comment = Comment("by the harbour master", "Kim")
        book.active["B4"].comment = Comment("none is taken", "Kim")
        book.active["D2"].comment = Comment("canvass: correct this", "canvass")
        book.active["G9"].comment = Comment("not about an answer", "Kim")
        self.assertEqual(self.found(book), [("W0662", "Sheet", "G9")])
        self.assertEqual(self.remarks(), [("age", "a guess\nby the harbour master"), ("fee", "none is taken")])

    def test_comments_in_the_wide_layout(self):
        book = long_book([["who", "age", "doc[1]/title", "mood"], ["AA", 5, "Law", "good"]])
        book.active["B2"].comment = Comment("a guess", "Kim")
        book.active["C2"].comment = Comment("of 1998", "Kim")
        book.active["D2"].comment = Comment("nobody asked", "Kim")
        self.assertEqual(self.found(book), [("W0605", "Sheet", "D1"), ("W0662", "Sheet", "D2")])
        self.assertEqual(self.remarks(), [("age", "a guess"), ("doc/title", "of 1998")])

    def test_what_is_not_used_is_told_an_area_at_a_time(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet["A1"], sheet["B2"] = "Ministry of Ports", "Draft"
        for at, row in enumerate([["question", "answer"], ["who", "AA"], ["age", 5]]):
            sheet.cell(4 + at, 1, row[0])
            sheet.cell(4 + at, 2, row[1])
        sheet["F5"], sheet["G6"] = "see my mail", "and this"
        book.create_sheet("Notes")["B7"] = "The minister has not seen this"
        told = self.take(book)["findings"]
        self.assertEqual([(f["code"], f["sheet"], f["cell"]) for f in told],
                         [("W0661", "Sheet", "A1"), ("W0661", "Sheet", "F5"), ("W0661", "Notes", "B7")])
        self.assertEqual([f["message"] for f in told],
                         ['above the answers: 2 cells are not read (A1:B2), "Ministry of Ports" first',
                          'outside the columns of answers: 2 cells are not read (F5:G6), "see my mail" first',
                          'the sheet has no answers: 1 cell is not read (B7), "The minister has not seen this"'])

    def test_hidden_answers_are_read_and_told(self):
        book = self.long(["who", None, None, "AA"], ["age", None, None, 5], ["why", None, None, "so"])
        book.active.row_dimensions[3].hidden = True
        book.active.row_dimensions[4].hidden = True
        self.assertEqual(self.found(book), [("W0664", "Sheet", 3)])
        self.assertEqual(self.value(1), [5])
        book = long_book([["who", "age"], ["BB", 6]])
        book.active.column_dimensions["B"].hidden = True
        self.assertEqual([code for code, _, _ in self.found(book)], ["W0664"])
        book = long_book([["who", "age"], ["CC", 7]])
        book.create_sheet("Front")
        book.active.sheet_state = "hidden"
        self.assertEqual(self.found(book), [("W0664", "Sheet", None)])
        self.assertEqual(self.value(1), [5, 6, 7])

    def test_merged_answers_are_told(self):
        book = self.long(["who", None, None, "AA"], ["age", None, None, 5], ["fee"])
        book.active.merge_cells("D3:D4")
        self.assertEqual(self.found(book), [("W0663", "Sheet", "D3")])
        book = self.long(["who", None, None, "BB"], ["age", None, None, 5], [], ["A title"])
        book.active.merge_cells("D2:E2")
        book.active.merge_cells("A5:E5")
        self.assertEqual([code for code, _, _ in self.found(book)], ["E0609"])

    def test_a_workbook_without_answers_is_refused(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "Dear colleague"
        told = self.take(book)
        self.assertEqual(told["outcome"], "quarantined")
        self.assertEqual([f["code"] for f in told["findings"]], ["E0660"])


class Tables(Small):
    """Several sheets are one return."""

    def book(self, *sheets):
        book = openpyxl.Workbook()
        for name, rows in sheets:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        del book["Sheet"]
        return book

    def test_sections_in_sheets_of_their_own_are_one_response(self):
        book = self.long(["who", None, None, "AA"], ["age", None, None, 5])
        sheet = book.create_sheet("Part 2")
        for row in (["Second part"], ["question", "answer"], ["fee", "dear"], ["why", "so"]):
            sheet.append(row)
        self.assertEqual(self.found(book), [("W0661", "Part 2", "A1"), ("E0502", "Part 2", "B3")])
        self.assertEqual(self.value(1), [5])
        self.assertEqual(self.value(6), ["so"])

    def test_kobotoolbox_with_its_repeat(self):
        book = self.book(("small", [["who", "age", "_id", "_uuid", "_submission_time", "_index"],
                                    ["AA", 5, 11, "a", "2026-12-01T00:00:00", 1], ["BB", 6, 12, "b", None, 2]]),
                         ("doc", [["title", "pages", "_index", "_parent_table_name", "_parent_index"],
                                  ["Law", 3, 1, "small", 2], ["Rule", 4, 2, "small", 1], ["Act", 5, 3, "small", 2]]))
        self.assertEqual(self.found(book), [])
        self.assertEqual(self.value(0, 1), ["Rule", "Law", "Act"])

    def test_kobotoolbox_with_many_repeats(self):
        names = ["rep%d" % at for at in range(14)]
        self.form = self.write("many.csv", "survey\n,type,name,label\n,text,who,Who\n" + "".join(
            ",begin_repeat,%s,Repeat\n,text,of_%s,Text\n,end_repeat,,\n" % (name, name) for name in names) +
            "settings\n,form_id,respondent\n,many,who\n")
        heads = ["_index", "_parent_table_name", "_parent_index", "_submission__id"]
        book = self.book(("many", [["who", "_index", "_uuid", "_submission_time"]] +
                                  [["R%d" % at, at, "u%d" % at, "2026-12-01"] for at in range(1, 51)]),
                         *((name, [["of_" + name] + heads] +
                                  [["text", at, "many", at, at] for at in range(1, 51)]) for name in names))
        self.assertEqual(self.found(book), [])
        self.assertEqual([len(self.value(0, table)) for table in range(1, 15)], [50] * 14)

    def test_entries_find_their_cells(self):
        book = self.book(("small", [["who", "age", "_index"], ["AA", 5, 1]]),
                         ("doc", [[], [None, "title", "pages", "_parent_index"], [None, "Law", "many", 1]]))
        self.assertEqual(self.found(book), [("E0502", "doc", "C3")])

    def test_a_sheet_that_names_one_question_is_no_second_table(self):
        book = self.book(("Data", [["who", "age", "why"], ["AA", 5, "so"]]),
                         ("Read me", [["Who", "sent this"], ["Kim", "did"]]))
        self.assertEqual(self.found(book), [("W0661", "Read me", "A1")])

    def test_two_tables_of_responses_are_refused(self):
        book = self.book(("2025", [["who", "age"], ["AA", 5]]), ("2026", [["who", "age"], ["AA", 6]]))
        self.assertEqual(self.found(book), [("E0640", "2026", 1)])


class Packs(Small):
    """A workbook as canvass sends it out, filled in."""

    def pack(self, claims=()):
        book = openpyxl.Workbook()
        front = book.active
        front.title = "Cover"
        front["B2"] = "Small questionnaire"
        sheet = book.create_sheet("A")
        for row in ([None, "A  About you"], [None, "No", "Question", "Answer", "Remarks"],
                    ["question", "no", "label", "answer", "note"],
                    [None, "Section A"],
                    ["who", None, "Who", "AA"], ["age", None, "Age"], ["ok", None, "Okay"],
                    [None, "A4", "Ways", "tick all that apply"],
                    ["ways/sea", None, "By sea"], ["ways/land", None, "By land"], ["ways/air", None, "By air"],
                    [None, "A5", "Documents", "see sheet Documents"]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["A"].hidden = True
        sheet.merge_cells("B4:E4")
        docs = book.create_sheet("Documents")
        for row in (["Documents"], ["Title", "Pages"], ["doc[]/title", "doc[]/pages"]):
            docs.append(row)
        docs.row_dimensions[3].hidden = True
        hidden = book.create_sheet("canvass")
        for row in [("canvass.pack/1",), *claims]:
            hidden.append(row)
        hidden.sheet_state = "veryHidden"
        lists = book.create_sheet("lists")
        lists["A1"] = "Yes"
        lists.sheet_state = "hidden"
        return book

    def test_a_filled_pack(self):
        book = self.pack([("form", "small"), ("sheet", "Cover"), ("sheet", "lists")])
        sheet = book["A"]
        sheet["D6"], sheet["D7"], sheet["E7"] = 5, "Yes", "since May"
        for at, row in enumerate([("Law", 3), (None, None), ("Act", 5)]):
            for column, cell in enumerate(row):
                book["Documents"].cell(4 + at, 1 + column, cell)
        sheet["D6"].comment = Comment("a guess", "Kim")
        sheet["D7"].comment = Comment("not a choice", "canvass")
        self.assertEqual(self.found(book), [])
        self.assertEqual([self.value(column) for column in (0, 1)], [["AA"], [5]])
        self.assertEqual(self.value(0, 1), ["Law", "Act"])
        self.assertEqual(self.remarks(), [("age", "a guess"), ("ok", "since May")])

    def test_what_the_respondent_added_is_told(self):
        book = self.pack([("form", "small"), ("sheet", "Cover"), ("sheet", "lists")])
        book["A"]["D6"], book["A"]["H6"] = 40, "about 40"
        book.create_sheet("Sheet1")["A1"] = "more to come"
        self.assertEqual(self.found(book), [("W0661", "A", "H6"), ("W0661", "Sheet1", "A1")])

    def test_a_pack_of_another_form_is_refused(self):
        told = self.take(self.pack([("form", "large")]))
        self.assertEqual(told["outcome"], "quarantined")
        self.assertEqual([f["code"] for f in told["findings"]], ["E0680"])

    def test_ticks_make_one_answer(self):
        book = self.pack()
        book["A"]["D6"], book["A"]["D9"], book["A"]["D11"] = 5, "x", "x"
        self.assertEqual(self.found(book), [])
        self.assertEqual(self.value(5), [5])


def packed(*names):
    """A zip file with parts of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

# what came: (bytes, code, what is said of it)
OTHERS = {
    "old.xls": (OLE + "Workbook".encode("utf-16-le"), "E0030", "this old Excel workbook (.xls) is damaged"),
    "old.doc": (OLE + "WordDocument".encode("utf-16-le"), "E0033", "this is an old Word document (.doc)"),
    "locked.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "E0032", "the workbook has a password"),
    "a.ods": (packed("mimetype", "META-INF/manifest.xml"), "E0033", "OpenDocument file (.ods)"),
    "a.xlsb": (packed("[Content_Types].xml", "xl/workbook.bin"), "E0033", "binary workbook (.xlsb)"),
    "a.docx": (packed("[Content_Types].xml", "word/document.xml"), "E0033", "text document (.docx)"),
    "a.numbers": (packed("Index/Document.iwa"), "E0033", "Numbers file"),
    "a.zip": (packed("photo.jpg"), "E0033", "a zip file without a workbook"),
    "a.msg": (OLE + "__substg1.0_0037001F".encode("utf-16-le"), "E0037", "a message of Outlook (.msg)"),
    "a.eml": (b"Received: from x\r\n\tby y\r\nFrom: desk@example.org\r\nSubject: R\xe9ponse, 2026\r\n\r\nHello,\r\n", "E0037",
              "an e-mail message (.eml)"),
    "a.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "E0017", "PDF document"),
    "a.png": (b"\x89PNG\r\n\x1a\n" + bytes(40), "E0017", "picture"),
    "page.xls": (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>1</td></tr></table></html>', "E0017",
                 "this is a web page with a workbook's name (.xls)"),
    "table.xls": (b"\xef\xbb\xbf<table><tr><td>question</td></tr></table>", "E0017", "a web page with a table"),
    "2003.xml": (b'<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n<Workbook/>', "E0017",
                 "XML Spreadsheet 2003"),
}


class Others(Small):
    """Files that are no .xlsx say what they are, once."""

    def test_each_is_called_by_its_name(self):
        for name, (content, code, words) in OTHERS.items():
            with self.subTest(name):
                told = self.take(self.write(name, content))
                self.assertEqual(told["outcome"], "quarantined")
                self.assertEqual([f["code"] for f in told["findings"]], [code])
                self.assertIn(words, told["findings"][0]["message"])
                self.assertTrue(told["findings"][0]["hint"])
                if "document (.doc" in words or "presentation" in words:  # their programs save no workbook
                    self.assertIn("enter them with canvass collect", told["findings"][0]["hint"])

    def test_a_workbook_over_16_mib(self):
        path = raw(self.path("large.xlsx"), [worksheet(GOOD)], [("xl/media/image1.png", os.urandom(17 << 20))])
        told = self.take(path)
        self.assertEqual((told["outcome"], told["findings"]), ("accepted", []))


class SentOut(Story):
    """Workbooks that canvass wrote itself, as they come back."""

    def setUp(self):
        super().setUp()
        code, out, err = run("distribute", FORM, "--roster", ROSTER, "--round", "2026", "--due", "2026-12-31", "-o",
                             self.path("packs"), "--store", self.path("store.db"), "--now", NOW)
        self.assertEqual(code, 0, err)

    def found(self, path):
        code, told, err = import_json(FORM, path, "--store", self.path("store.db"), "--now", NOW, "--round", "2026")
        self.assertEqual(told["returns"][0]["outcome"], "accepted", err + str(told)[:2000])
        return {f["code"] for f in told["returns"][0]["findings"]}

    def pack(self, code):
        return self.path("packs/%s/seafarers_id-%s.xlsx" % (code, code))

    def test_a_blank_pack_is_returned_blank(self):
        self.assertEqual(self.found(self.pack("AUS")), {"W0637"})
        openpyxl.load_workbook(self.pack("CHL")).save(self.path("CHL.xlsx"))  # without the values of its formulas
        self.assertEqual(self.found(self.path("CHL.xlsx")), {"W0637"})

    @unittest.skipUnless(shutil.which("soffice"), "no soffice")
    def test_a_blank_pack_saved_by_libreoffice(self):
        subprocess.run(["soffice", "-env:UserInstallation=file://" + self.path("profile"), "--headless", "--convert-to",
                        "xlsx", "--outdir", self.path("out"), self.pack("JPN")],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=HANG)
        self.assertEqual(self.found(self.path("out/seafarers_id-JPN.xlsx")), {"W0637"})


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def links(*rows):
    return '<Relationships xmlns="%s">%s</Relationships>' % (PACKAGE, "".join(
        '<Relationship Id="r%d" Type="%s/%s" Target="%s"/>' % (at, LINK, kind, target)
        for at, (kind, target) in enumerate(rows, 1)))


def worksheet(rows, before="", after="", space=MAIN):
    return '<worksheet xmlns="%s">%s<sheetData>%s</sheetData>%s</worksheet>' % (space, before, rows, after)


def cells(*texts):
    return "<row>%s</row>" % "".join('<c t="inlineStr"><is><t>%s</t></is></c>' % text for text in texts)


def raw(path, sheets, extra=(), space=MAIN, strings=None):
    """A workbook put together by hand: its sheets, and other parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("_rels/.rels", links(("officeDocument", "xl/workbook.xml")))
        book.writestr("xl/workbook.xml", '<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
            space, LINK, "".join('<sheet name="S%d" sheetId="%d" r:id="r%d"/>' % (at, at, at)
                                 for at in range(1, len(sheets) + 1))))
        book.writestr("xl/_rels/workbook.xml.rels", links(*(
            ("worksheet", "worksheets/sheet%d.xml" % at) for at in range(1, len(sheets) + 1)),
            *([("sharedStrings", "sharedStrings.xml")] if strings else [])))
        if strings:
            book.writestr("xl/sharedStrings.xml", strings)
        for at, sheet in enumerate(sheets, 1):
            book.writestr("xl/worksheets/sheet%d.xml" % at, sheet)
        for name, content in extra:
            book.writestr(name, content)
    return path


GOOD = cells("question", "answer") + cells("who", "AA") + cells("age", "5")


class Written(Small):
    """What programs write that openpyxl does not."""

    def test_strict_without_addresses_and_styles(self):
        self.assertEqual(self.found(raw(self.path("strict.xlsx"), [worksheet(GOOD, space=STRICT)], space=STRICT)), [])
        self.assertEqual(self.value(1), [5])

    def test_rich_shared_strings_keep_their_blanks(self):
        strings = ('<sst xmlns="%s"><si><t>question</t></si><si><t>answer</t></si><si><t>who</t></si><si><t>AA</t></si>'
                   '<si><t>age</t></si><si><t>why</t></si><si><r><t xml:space="preserve">so </t></r><r><rPr><b/></rPr>'
                   '<t>be it</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si></sst>' % MAIN)
        rows = "".join('<row>%s</row>' % "".join('<c t="s"><v>%d</v></c>' % at for at in row)
                       for row in ([0, 1], [2, 3], [5, 6])) + '<row><c t="s"><v>4</v></c><c><v>5</v></c></row>'
        self.assertEqual(self.found(raw(self.path("rich.xlsx"), [worksheet(rows)], strings=strings)), [])
        self.assertEqual(self.value(6), ["so be it"])


class Hostile(Small):
    """One diagnostic, in little memory, and in time that grows with the file and no faster than it."""

    MANY = 1000000 if FULL else 200000  # rows, cells: the work grows evenly, or does not, with either
    MOST = 512 << 20

    def ends(self, path, code, many=False):
        with open(self.path("out"), "wb") as out:
            status, seconds, memory = usage("import", self.form, path, "--store", self.store, "--now", NOW, "--jsonl",
                                            stdout=out)
        with open(self.path("out"), encoding="utf-8") as file:
            told = [json.loads(line) for line in file]
        found = [row["finding"]["code"] for row in told if row["type"] == "finding"]
        self.assertEqual(found[-1:] if many else found, [code] if code else [])
        self.assertIn(status, (0, 1))
        self.assertLess(memory, self.MOST)
        return seconds

    def grows(self, whole, make, code, many=False, smaller=None):
        """make(size) writes the file; a smaller one may end with a code of its own."""
        def work(size):
            self.store = self.path("%d.db" % size)
            seconds = self.ends(make(size), code if size == whole else smaller or code, many)
            os.unlink(self.store)
            return seconds
        self.assertTrue(grows_evenly(work, whole))

    def test_a_zip_bomb(self):
        self.ends(raw(self.path("b.xlsx"), [worksheet(GOOD, after=" " * (70 << 20))]), "E0031")

    def test_a_document_type(self):
        self.ends(raw(self.path("d.xlsx"), ['<!DOCTYPE x [<!ENTITY a "b">]>' + worksheet(GOOD)]), "E0034")

    def test_a_document_type_in_comments(self):
        path = raw(self.path("d.xlsx"), [worksheet(GOOD)],
                   [("xl/worksheets/_rels/sheet1.xml.rels", links(("comments", "../comments1.xml"))),
                    ("xl/comments1.xml", "<!DOCTYPE x><comments/>")])
        self.ends(path, "E0034")

    def test_20000_sheets(self):
        self.ends(raw(self.path("s.xlsx"), [worksheet("")] * 20000), "E0031")

    def test_1900_sheets(self):
        def make(count):
            return raw(self.path("s.xlsx"), [worksheet(GOOD)] + [worksheet(cells("who", "x") * 40)] * count)
        self.ends(make(1900), "W0661", many=True)
        with open(self.path("out"), encoding="utf-8") as out:
            self.assertEqual(sum("W0661" in line for line in out), 21)
        self.grows(1900, make, "W0661", many=True)

    def test_a_sheet_that_leads_to_itself(self):
        self.ends(raw(self.path("r.xlsx"), [worksheet(GOOD)],
                      [("xl/worksheets/_rels/sheet1.xml.rels", links(("comments", "sheet1.xml")))]), "E0030")

    def test_elements_in_each_other(self):
        self.ends(raw(self.path("e.xlsx"), [worksheet(GOOD, after="<x>" * 100 + "</x>" * 100)]), "E0034")

    def test_the_last_cell_of_a_sheet(self):
        last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        self.ends(raw(self.path("l.xlsx"), [worksheet(GOOD + last, '<dimension ref="A1:XFD1048576"/>')]), "W0661")

    def test_a_header_of_16384_columns_over_a_million_rows(self):
        head = "<row>%s</row>" % "".join('<c t="inlineStr"><is><t>c%d</t></is></c>' % at for at in range(16381))
        head = head.replace("<row>", "<row>" + "".join('<c t="inlineStr"><is><t>%s</t></is></c>' % name
                                                        for name in ("who", "age", "fee")))

        def make(count):
            return raw(self.path("w.xlsx"), [worksheet(head + "<row><c><v>1</v></c></row>" * count)])
        self.grows(self.MANY, make, "E0602")

    def test_all_columns_of_the_form_over_a_million_rows(self):
        names = ["who", "age", "fee", "day", "ok", "ways", "why"] + \
                ["doc[%d]/%s" % (at, name) for at in range(1, 2000) for name in ("title", "pages")]

        def make(count):
            return raw(self.path("w.xlsx"), [worksheet(cells(*names) + "<row><c><v>1</v></c></row>" * count)])
        self.grows(self.MANY, make, "E0665", many=True)

    def test_long_texts_without_end(self):
        strings = '<sst xmlns="%s"><si><t>%s</t></si></sst>' % (MAIN, "x" * 32767)
        rows = GOOD + '<row><c t="inlineStr"><is><t>why</t></is></c><c t="s"><v>0</v></c></row>' * 4000
        self.ends(raw(self.path("t.xlsx"), [worksheet(rows)], strings=strings), "E0665")
        self.ends(raw(self.path("t.xlsx"), [worksheet(rows * 50)], strings=strings), "E0031")

    def test_a_million_lines(self):
        def make(count):
            return raw(self.path("m.xlsx"), [worksheet(GOOD + "<row><c><v>1</v></c><c><v>2</v></c></row>" * count)])
        if FULL:
            self.grows(1048570, make, "E0616", smaller="E0602")
        else:
            self.grows(self.MANY, make, "E0602")

    def test_a_million_merged_cells_and_hidden_rows(self):
        def make(count):
            after = "<mergeCells>%s</mergeCells>" % ('<mergeCell ref="A1:B1048576"/>' * count)
            return raw(self.path("m.xlsx"), [worksheet(GOOD, after=after)])
        self.grows(self.MANY, make, "W0663")

    def test_comments_without_end(self):
        comments = '<comments xmlns="%s"><commentList>%s</commentList></comments>' % (
            MAIN, '<comment ref="B3"><text><t>x</t></text></comment>' * 30000)
        self.ends(raw(self.path("c.xlsx"), [worksheet(GOOD)],
                      [("xl/worksheets/_rels/sheet1.xml.rels", links(("comments", "../comments1.xml"))),
                       ("xl/comments1.xml", comments)]), "E0665")


if __name__ == "__main__":
    unittest.main()
