"""The main job on the shipped data: from the form and 21 compiled files to the workbook's figures."""
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import openpyxl

from story import FORM, HANG, NOW, ROOT, Story, dump, import_json, published, run


def sheet_rows(book, name):
    """The rows of a sheet below its header, as dictionaries by header text; the header is the first row with a `question`,
    `name` or `code` cell."""
    rows = [[cell for cell in row] for row in book[name].iter_rows(values_only=True)]
    for at, row in enumerate(rows):
        if {"question", "name", "code", "respondent", "economy"} & {str(c).lower() for c in row if c is not None}:
            if len([c for c in row if c is not None]) >= 3:
                head = [str(c) if c is not None else "" for c in row]
                return [dict(zip(head, r)) for r in rows[at + 1:] if any(c is not None for c in r)]
    raise AssertionError("no header in sheet " + name)


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Demo(Story):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-demo-")
        cls.store = os.path.join(cls.place, "s.db")
        cls.book_path = os.path.join(cls.place, "s.xlsx")
        cls.imported = import_json(FORM, *published(), "--store", cls.store, "--now", NOW)
        cls.reported = run("report", FORM, "--store", cls.store, "--now", NOW, "-o", cls.book_path)
        cls.book = openpyxl.load_workbook(cls.book_path)
        cls.counts = {}
        for row in sheet_rows(cls.book, "Counts"):
            cls.counts[(row["name"], row["option"])] = row

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def names(self, question, option):
        return (self.counts[(question, option)]["names"] or "").split(", ")

    def n(self, question, option):
        return self.counts[(question, option)]["n"]

    def test_every_answer_has_the_address_of_its_source(self):
        about = {"economy", "return_basis", "release"}  # which are of the return, not from a source
        answers = 0
        for path in published():
            with open(path, encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    if row["answer"] and row["question"] not in about:
                        answers += 1
                        self.assertRegex(row["source_url"], "^https?://", (path, row["question"]))
        self.assertGreater(answers, 150)

    def test_a_reader_of_the_first_sheet_knows_that_the_answers_are_no_replies(self):
        texts = [str(cell) for row in self.book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None]
        self.assertIn("no one replied", texts[1])
        self.assertEqual(texts[2:6], ["Replies", "0 of 21 economies (0%)", "Compiled",
                                      "21 economies: answers compiled by others, no replies"])

    def test_a_table_and_its_chart_are_printed_on_one_page(self):
        sheet = self.book["Overview"]
        breaks = [each.id for each in sheet.row_breaks.brk]  # rows above which a page begins, from 0
        self.assertTrue(breaks)
        for chart in sheet._charts:
            top, last = chart.anchor._from.row, chart.anchor.to.row
            first = top - 1
            while sheet.cell(first + 1, 1).value is not None:  # up to the empty row above the table
                first -= 1
            self.assertFalse([row for row in breaks if first + 1 < row <= last], (first, last))
        for row in breaks:  # where a page begins, a title or a row of headings does
            self.assertEqual((sheet.cell(row, 1).value, sheet.cell(row + 1, 1).font.b or sheet.cell(row + 1, 1).font.sz > 10),
                             (None, True), row)

    def test_the_summary_is_printed_on_one_page_whichever_way_it_is_turned(self):
        sheet = self.book["Summary"]
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.assertEqual((sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1), (1, 1))
        self.assertEqual(len(sheet.row_breaks.brk), 0)

    def test_a_sheet_is_one_page_wide_and_codes_are_hidden(self):
        for name in ("Returns", "Counts", "Groups", "Comments"):
            sheet = self.book[name]
            self.assertEqual(len(sheet.col_breaks.brk), 0, name)
        shown = lambda sheet: [cell.value for cell in sheet[next(row for row in range(1, 9) if sheet.cell(row, 2).value in
                               ("name", "Region"))] if not sheet.column_dimensions[cell.column_letter].hidden]
        self.assertEqual(shown(self.book["Counts"]),
                         ["question", "label", "option label", "n", "share", "answered", "asked", "names"])
        target = os.path.join(self.place, "technical.xlsx")
        self.assertEqual(run("report", FORM, "--store", self.store, "--now", NOW, "--technical", "-o", target)[0], 0)
        self.assertEqual(shown(openpyxl.load_workbook(target)["Counts"])[:5],
                         ["question", "name", "label", "option", "option label"])

    def test_every_file_is_accepted_and_accounted_for(self):
        code, result, _ = self.imported
        self.assertEqual(code, 0)
        self.assertEqual(result["files"], {"received": 21, "accepted": 21, "already_there": 0, "quarantined": 0, "not_read": 0})
        self.assertEqual(result["responses"]["new"], 21)
        self.assertEqual(result["errors"], 0)

    def test_the_report_is_written(self):
        self.assertEqual(self.reported[0], 0, self.reported)

    def test_the_sheets_stand_in_order(self):
        names = self.book.sheetnames
        self.assertEqual(names[:8], ["Summary", "Overview", "Returns", "Matrix", "Counts", "Groups", "Numbers", "Dates"])
        self.assertEqual(names[-8:], ["Comments", "Non-respondents", "Positions", "Findings", "Codebook", "Sources",
                                      "How to read this", "Manifest"])
        self.assertEqual(len(names), 19)
        self.assertEqual([sheet.title for sheet in self.book if sheet.sheet_state != "visible"], ["Manifest"])

    def test_no_sheet_takes_a_compiled_answer_for_a_reply(self):
        compiled = "21 economies: answers compiled by others, no replies"
        first = [[cell for cell in row if cell is not None] for row in self.book["Summary"].iter_rows(values_only=True)]
        self.assertEqual(first[1], ["Summary of answers that others compiled; no one replied, round 2026, as at 1 December 2026"])
        self.assertIn(["Replies", "0 of 21 economies (0%)"], first)
        self.assertIn(["Compiled", compiled], first)
        for name in self.book.sheetnames:
            if name not in ("Summary", "Codebook", "How to read this", "Manifest"):
                with self.subTest(sheet=name):
                    self.assertTrue(self.book[name]["A2"].value.endswith(compiled + "."), self.book[name]["A2"].value)
        self.assertEqual([row["returned"] for row in sheet_rows(self.book, "Returns")], ["compiled"] * 21 + [0])
        self.assertEqual({row["withheld"] for row in sheet_rows(self.book, "Returns")}, {0})
        self.assertEqual(sheet_rows(self.book, "Non-respondents"), [])
        words = {str(cell) for sheet in self.book for row in sheet.iter_rows(values_only=True) for cell in row}
        self.assertEqual(words & {"Sent to", "Asked", "No reply", "Everyone asked has replied.", "silent"}, set())

    def test_the_paper_does_not_say_that_those_who_were_not_asked_replied_or_did_not(self):
        code, _, err = run("report", FORM, "--store", self.store, "--now", NOW, "-o", self.path("paper.md"))
        self.assertEqual(code, 0, err)
        paper = read(self.path("paper.md")).decode("utf-8")
        self.assertIn("- **Replied:** 0 economies\n- **Compiled:** 21 economies: answers compiled by others, no replies\n"
                      "- **No source found:** 0 economies\n", paper)
        self.assertNotIn("No reply", paper)

    def test_who_compiled_the_answers_is_no_position(self):
        """Nothing is known of both Brunei Darussalam and Hong Kong, China but that others compiled their answers."""
        rows = {row["code"]: row for row in sheet_rows(self.book, "Positions")}
        self.assertEqual((rows["AUS"]["BD"], rows["HKC"]["BD"]), (2, 0))

    def test_c185_status(self):
        self.assertEqual(self.n("c185_status", "in_force"), 4)
        self.assertEqual(set(self.names("c185_status", "in_force")), {"INA", "ROK", "PH", "RUS"})
        self.assertEqual(self.n("c185_status", "not_ratified"), 10)
        self.assertEqual(set(self.names("c185_status", "not_ratified")),
                         {"AUS", "BD", "CDA", "CHL", "PRC", "JPN", "MAS", "MEX", "NZ", "US"})
        self.assertEqual(self.n("c185_status", "(no answer)"), 7)
        self.assertEqual(set(self.names("c185_status", "(no answer)")), {"HKC", "PNG", "PE", "SGP", "CT", "THA", "VN"})

    def test_c108_status(self):
        self.assertEqual(set(self.names("c108_status", "in_force")), {"CDA", "MEX"})
        self.assertEqual(self.names("c108_status", "denounced"), ["RUS"])
        self.assertEqual(self.n("c108_status", "not_ratified"), 9)

    def test_c185_intention(self):
        self.assertEqual(self.names("c185_intention", "deferred"), ["AUS"])
        self.assertEqual(self.names("c185_intention", "not_intended"), ["CDA"])
        self.assertEqual(self.n("c185_intention", "considering"), 0)
        row = self.counts[("c185_intention", "deferred")]
        self.assertEqual((row["answered"], row["asked"]), (2, 10))
        self.assertEqual(self.n("c185_intention", "(no answer)"), 8)
        self.assertEqual(self.n("c185_intention", "(not asked)"), 11)

    def test_annex2016(self):
        row = self.counts[("annex2016", "in_force")]
        self.assertEqual((row["n"], row["answered"], row["asked"]), (4, 4, 4))

    def test_other_figures(self):
        for question, option, n in [("sid2016_stage", "issuing", 2), ("sid2016_stage", "none", 1), ("issues_doc", "yes", 14),
                                    ("issues_doc", "planned", 0), ("visa_shore", "visa_required", 2),
                                    ("visa_shore", "by_document", 1), ("ilo_list", "listed", 2)]:
            self.assertEqual(self.n(question, option), n, (question, option))

    def test_doc_validity(self):
        row = [r for r in sheet_rows(self.book, "Numbers") if r["name"] == "doc_validity"][0]
        self.assertEqual((row["n"], row["min"], row["median"], round(row["mean"], 2), row["max"]), (7, 5, 5, 6.43, 10))

    def test_fees_in_different_currencies_are_never_added_up(self):
        """In the shipped data and with a fee in a second currency."""
        content = read(next(path for path in published() if path.endswith("CHL.csv"))).decode("utf-8")
        content = content.replace("doc[1]/doc_fee,C5.11,Fee for a first issue,", "doc[1]/doc_fee,C5.11,Fee for a first issue,9000", 1)
        content = content.replace("doc[1]/doc_currency,C5.12,Currency of the fee,", "doc[1]/doc_currency,C5.12,Currency of the fee,CLP", 1)
        store, book = self.path("fee.db"), self.path("fee.xlsx")
        files = [path for path in published() if not path.endswith("CHL.csv")] + [self.write("CHL.csv", content)]
        self.assertEqual(import_json(FORM, *files, "--store", store, "--now", NOW)[0], 0)
        self.assertEqual(run("report", FORM, "--store", store, "--now", NOW, "-o", book)[0], 0)
        for where, second in ((self.book, []), (openpyxl.load_workbook(book), [("CLP", 1, 9000, 9000)])):
            rows = [row for row in sheet_rows(where, "Numbers") if row["name"] == "doc_fee"]
            self.assertEqual([(row["group"], row["n"], row["max"], row["sum"]) for row in rows],
                             [("(all)", None, None, None), *second, ("MYR", 2, 30, 50)])
            self.assertEqual((rows[0]["answered"], rows[0]["asked"]), (2 + len(second), 17))

    def test_entries_of_the_repeats(self):
        docs = [name for name in self.book.sheetnames if name.startswith("C5.")]
        centres = [name for name in self.book.sheetnames if name.startswith("C6.")]
        self.assertEqual((len(docs), len(centres)), (1, 1))
        self.assertEqual(len(sheet_rows(self.book, docs[0])), 17)
        self.assertEqual(len(sheet_rows(self.book, centres[0])), 11)

    def test_every_question_adds_up_to_the_roster(self):
        standings = {"(answered)", "(N/A)", "(D/K)", "(withheld)", "(not usable)", "(no answer)", "(not asked)", "(no reply)"}
        totals = {}
        for (question, option), row in self.counts.items():
            if option in standings - {"(answered)"}:
                totals[question] = totals.get(question, 0) + row["n"]
        in_repeat = ("doc_", "centre_", "prac_")
        for question, left in totals.items():
            if question.startswith(in_repeat):
                continue
            row = next(r for (q, o), r in self.counts.items() if q == question)
            self.assertEqual(left + row["answered"], 21, question)

    def test_contact_answers_stay_in_the_store(self):
        secret = "NIGHTINGALE Florence"
        content = read(published()[0]).decode("utf-8")
        content = content.replace("A2,Basis of this return,compiled_published,", "A2,Basis of this return,nil_return,")
        content = content.replace("Name of the contact officer,,", 'Name of the contact officer,%s,%s' % (secret, secret))
        self.assertIn(secret, content)
        store = self.path("contact.db")
        code, result, _ = import_json(FORM, self.write("AUS.csv", content), "--store", store, "--now", NOW)
        self.assertEqual(result["files"]["accepted"], 1)
        run("report", FORM, "--store", store, "--now", NOW, "-o", self.path("contact.xlsx"))
        self.assertIn(secret, str(dump(store)))
        for sheet in openpyxl.load_workbook(self.path("contact.xlsx")):
            for row in sheet.iter_rows():
                for cell in row:
                    self.assertNotIn(secret, str(cell.value) + str(cell.comment.text if cell.comment else ""), sheet.title)

    def test_the_codebook_has_warnings_and_their_messages(self):
        rows = {row["name"]: row for row in sheet_rows(self.book, "Codebook")}
        self.assertEqual(rows["c108_status"]["warning"], "not(. = 'in_force' and ${c185_status} = 'in_force')")
        self.assertTrue(rows["c108_status"]["warning message"].endswith("is it still in force?"))
        self.assertIsNone(rows["economy"]["warning"])

    def test_sources_name_the_file_the_line_and_the_digest(self):
        digests = {hashlib.sha256(read(p)).hexdigest() for p in published()}
        seen = {str(c) for row in self.book["Sources"].iter_rows(values_only=True) for c in row if c is not None}
        self.assertTrue(digests <= seen)

    def test_no_answer_is_without_the_page_it_was_read_on(self):
        """In the returns, and next to each answer that the workbook names a line of."""
        page = re.compile(r"https?://[a-z0-9.-]+/[^\s/][^\s]*")
        shown = {(row["code"], row["name"], str(row["entry"] or "")): row["text"]
                 for row in sheet_rows(self.book, "Comments") if row["kind"] == "remark"}
        numbers = set()
        for row in sheet_rows(self.book, "Sources"):
            if row["question"] not in ("A1", "A2", "A8"):
                with self.subTest(respondent=row["respondent"], question=row["question"]):
                    text = shown[(row["respondent"], row["name"], str(row["entry"] or ""))]
                    self.assertRegex(text, r"^\S.*\n(as of: .*\n)?source: \S.*\nevidence: [ABC]$")
                    for address in re.search("^source: (.*)$", text, re.MULTILINE).group(1).split("; "):
                        self.assertIsNotNone(page.fullmatch(address), address)
                numbers.add((row["respondent"], row["line"]))
        given = {(os.path.basename(path)[:-4], line) for path in published()
                 for line, row in enumerate(csv.DictReader(io.StringIO(read(path).decode("utf-8"))), 2)
                 if row["answer"] and row["no"] not in ("A1", "A2", "A8")}
        self.assertEqual(numbers, given)
        self.assertGreater(len(given), 150)

    def test_the_same_inputs_give_the_same_bytes(self):
        again = self.path("again.db")
        import_json(FORM, *published(), "--store", again, "--now", NOW)
        run("report", FORM, "--store", again, "--now", NOW, "-o", self.path("again.xlsx"), env={"TZ": "Asia/Tokyo"})
        self.assertEqual(read(self.path("again.xlsx")), read(self.book_path))

    def test_importing_again_changes_nothing_and_says_so(self):
        before = dump(self.store)
        code, result, _ = import_json(FORM, *published(), "--store", self.store, "--now", NOW)
        self.assertEqual((code, result["files"]["already_there"], result["responses"]["already_there"]), (0, 21, 21))
        self.assertEqual(dump(self.store), before)

    def test_status_lists_the_roster(self):
        code, out, _ = run("status", FORM, "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0)
        self.assertIn("0 of 21 answered, 21 compiled by others (not replies), 0 without answers", out)

    def test_an_existing_workbook_is_not_overwritten_without_force(self):
        code, _, err = run("report", FORM, "--store", self.store, "--now", NOW, "-o", self.book_path)
        self.assertEqual(code, 2, err)
        code, _, err = run("report", FORM, "--store", self.store, "--now", NOW, "-o", self.book_path, "--force")
        self.assertEqual(code, 0, err)

    def test_the_report_is_told_as_text_or_as_json(self):
        for more in ((), ("--json",)):
            out = self.path("told%d.xlsx" % len(more))
            code, told, err = run("report", FORM, "--store", self.store, "--now", NOW, "-o", out, *more)
            self.assertEqual((code, err), (0, ""))
            if more:
                self.assertEqual(json.loads(told), {"schema": "canvass.report/1", "workbook": out, "round": "2026", "audience": "members",
                                                    "responses": 21})
            else:
                self.assertEqual(told, out + ": round 2026, 0 of 21 answered, 21 compiled\n")

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
    def test_the_workbook_opens_in_libreoffice(self):
        done = subprocess.run(["soffice", "-env:UserInstallation=file://" + self.path("profile"), "--headless", "--convert-to",
                               "pdf", "--outdir", self.folder.name, self.book_path], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=HANG)
        self.assertTrue(os.path.exists(self.path("s.pdf")), done.stdout)


if __name__ == "__main__":
    unittest.main()
