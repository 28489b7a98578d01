"""The marks of answers in the Matrix: notes, and links to the line about each of them."""
import os
import re
import unittest

import openpyxl

from story import NOW, Story, run

FORM = """survey
,type,name,label
,select_one who,who,Economy
,begin_group,facts,Facts
,select_one status,status,Status
,integer,people,People
,date,since,Since
,decimal,share,Share
,text,notes,Notes
,end_group,,
,begin_repeat,ship,Who's there
,text,ship_name,Name of the ship
,end_repeat,,
choices
,list_name,name,label
,who,AA,Aland
,who,BB,Beland
,status,force,In force
,status,draft,In draft
settings
,form_title,form_id,respondent
,Small form,small,who
"""
AUDIT = ["Findings", "Codebook", "Sources", "How to read this"]


class Marks(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.options = ("--store", self.path("s.db"), "--now", NOW)

    def take(self, code, **answers):
        lines = ["question,no,label,answer,note", "who,,,%s," % code]
        for name, (answer, note) in answers.items():
            lines.append('%s,,,"%s",%s' % (name if "/" in name else "facts/" + name, answer, note))
        got = run("import", self.form, self.write(code + ".csv", "\n".join(lines) + "\n"), *self.options)
        self.assertIn(got[0], (0, 1), got)

    def book(self, *more):
        target = self.path("x.xlsx")
        got = run("report", self.form, *self.options, "-f", "-o", target, *more)
        self.assertEqual(got[0], 0, got)
        return openpyxl.load_workbook(target)

    def cell(self, book, code, title):
        rows = list(book["Matrix"].iter_rows())
        heads = next(row for row in rows if row[0].value == "code")
        row = next(row for row in rows if row[0].value == code)
        return row[[head.value for head in heads].index(title)]

    def line(self, book, cell):
        """The sheet that a cell leads to, and the row there by its headings."""
        found = re.match(r"'((?:[^']|'')*)'!A([0-9]+)$", cell.hyperlink.location)
        title, number = found.group(1).replace("''", "'"), int(found.group(2))
        self.assertEqual(cell.hyperlink.tooltip, title)
        sheet = book[title]
        heads = next(row for row in sheet.iter_rows(values_only=True) if row[0] in ("respondent", "question", "code"))
        return title, dict(zip(heads, [cell.value for cell in sheet[number]]))

    def some(self):
        self.take("AA", status=("In force", ""), people=("1 200", ""), since=("2015-06-08", "By act 7"), share=("12,5", ""),
                  notes=("Words", ""), **{"ship[1]/ship_name": ("Anna", ""), "ship[2]/ship_name": ("Bella", "")})
        self.take("BB", status=("perhaps", "A remark"), people=("many", ""), **{"ship[1]/ship_name": ("Cora", "")})

    def test_a_cell_leads_to_the_line_about_it(self):
        self.some()
        book = self.book()
        for code, title, name, sheet in (("AA", "code", "who", "Sources"), ("AA", "People", "people", "Sources"),
                                         ("AA", "Share", "share", "Sources"), ("AA", "Since", "since", "Comments"),
                                         ("AA", "Notes", "notes", "Comments"), ("BB", "code", "who", "Sources")):
            where, row = self.line(book, self.cell(book, code, title))
            self.assertEqual((where, row.get("respondent" if sheet == "Sources" else "code"), row["name"]), (sheet, code, name))
        self.assertEqual(self.line(book, self.cell(book, "AA", "Since"))[1]["text"], "By act 7")
        for title, value in (("People", "many"), ("Status", "perhaps")):
            where, row = self.line(book, self.cell(book, "BB", title))
            self.assertEqual((where, row["respondent"], row["value"], row["severity"]), ("Findings", "BB", value, "error"))
        for code, ship in (("AA", "Anna"), ("BB", "Cora")):
            where, row = self.line(book, self.cell(book, code, "Who's there"))
            self.assertEqual((where, row["code"], row["Name of the ship"]), ("Who's there", code, ship))
        # nothing was answered, or there is no more to read of a text than where it came from
        for code, title in (("BB", "Notes"), ("AA", "Status")):
            self.assertIsNone(self.cell(book, code, title).hyperlink)

    def test_a_text_that_wraps_has_no_link(self):
        self.some()
        self.take("AA", notes=("Words that need more than one line in their column. " * 2, "A remark"))
        cell = self.cell(self.book(), "AA", "Notes")
        self.assertEqual((cell.hyperlink, cell.comment.text), (None, "A remark"))

    def test_numbers_and_dates_stay_what_they_are(self):
        self.some()
        book = self.book()
        self.assertEqual([self.cell(book, "AA", title).value for title in ("People", "Share")], [1200, 12.5])
        self.assertTrue(self.cell(book, "AA", "Since").is_date)

    def test_notes_have_remarks_findings_and_readings(self):
        self.some()
        book = self.book()
        self.assertRegex(self.cell(book, "AA", "Share").comment.text, r"^As written: 12,5\. Read as: 12\.5 \(.+\)\.$")
        self.assertRegex(self.cell(book, "AA", "People").comment.text, r"^As written: 1 200\. Read as: 1200 \(.+\)\.$")
        self.assertEqual(self.cell(book, "AA", "Since").comment.text, "By act 7")
        self.assertIsNone(self.cell(book, "AA", "Status").comment, "it shows the label as it was written")
        lines = self.cell(book, "BB", "Status").comment.text.split("\n")
        self.assertEqual(lines[:2], ["Not counted: not one of the choices", "A remark"])
        self.assertRegex(lines[2], '^error: "perhaps" ')

    def test_codes_have_a_note_of_the_label_that_was_written(self):
        self.some()
        self.assertRegex(self.cell(self.book("--labels", "code"), "AA", "Status").comment.text, "^As written: In force")

    def test_without_audit_sheets_notes_are_remarks(self):
        self.some()
        book = self.book("--no-audit")
        self.assertFalse(set(AUDIT) & set(book.sheetnames))
        self.assertIsNone(self.cell(book, "AA", "Share").comment)
        self.assertIsNone(self.cell(book, "AA", "Share").hyperlink)
        self.assertEqual(self.cell(book, "BB", "Status").comment.text, "Not counted: not one of the choices\nA remark")
        self.assertEqual(self.line(book, self.cell(book, "AA", "Since"))[0], "Comments")
        self.assertEqual(self.line(book, self.cell(book, "AA", "Who's there"))[0], "Who's there")

    def test_respondents_across_have_the_same_marks(self):
        self.some()
        down, across = self.book()["Matrix"], self.book("--orient", "across")["Matrix"]

        def marks(sheet):
            return sorted((cell.hyperlink.location if cell.hyperlink else "", cell.comment.text if cell.comment else "")
                          for row in sheet.iter_rows(min_col=2) for cell in row if cell.hyperlink or cell.comment)
        self.assertEqual(marks(down), marks(across))
        self.assertEqual(len(marks(down)), 8)

    def test_the_workbook_is_found_untouched(self):
        self.some()
        self.book()
        got = run("verify", self.path("x.xlsx"), "--store", self.path("s.db"))
        self.assertEqual(got[0], 0, got)

    def test_of_a_corrected_return_there_are_the_marks_of_the_correction(self):
        self.some()
        self.take("BB", status=("In draft", ""), people=("1 300", ""))
        book = self.book()
        self.assertEqual(self.line(book, self.cell(book, "BB", "People"))[0], "Sources")
        self.assertRegex(self.cell(book, "BB", "People").comment.text, "^As written: 1 300")

    def test_of_too_many_answers_there_are_none_and_the_sheet_says_so(self):
        names = ["n%d" % at for at in range(100)]
        self.write("form.csv", "survey\n,type,name,label\n,text,who,Who\n" +
                   "".join(",integer,%s,Number %s\n" % (name, name) for name in names) +
                   "settings\n,form_title,form_id,respondent\n,Wide form,small,who\n")
        for rows, marked in ((198, True), (199, False)):
            os.mkdir(self.path("run%d" % rows))
            self.options = ("--store", self.path("run%d/s.db" % rows), "--now", NOW)
            text = ",".join(["who"] + names) + "\n"
            text += "".join(",".join(["R%d" % row] + ["x"] + ["1"] * 99) + "\n" for row in range(rows))
            got = run("import", self.form, self.write("run%d/all.csv" % rows, text), *self.options)
            self.assertIn(got[0], (0, 1), got)
            sheet = self.book()["Matrix"]
            links = [cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.hyperlink]
            self.assertEqual(len(links), rows * 101 if marked else 0)
            self.assertEqual("With more than 20,000 answers" in sheet["A2"].value, not marked)
            self.assertEqual("error:" in self.cell({"Matrix": sheet}, "R0", "Number n0").comment.text, marked)


if __name__ == "__main__":
    unittest.main()
