"""Returns sent back to be corrected: what is wrong is marked and told, what is right comes back as it was.

All answers are invented.
"""
import json
import os
import re
import shutil
import subprocess
import unittest

import openpyxl
from openpyxl.utils.escape import unescape

from story import FORM, FULL, HANG, NOW, Story, import_json, run

SOFFICE = shutil.which("soffice")
LATER = "2026-12-02T00:00:00Z"
FORM_IN_TWO = """survey
,type,name,label::English (en),label::Français (fr),required,constraint,constraint_message::English (en),constraint_message::Français (fr),required_message::English (en),required_message::Français (fr),relevant,qno
,text,who,Who,Qui,yes,,,,,,,
,integer,ships,Ships,Navires,,. < 100,Under 100 ships please.,Moins de 100 navires.,,,,A1
,select_one kind,kind,Kind,Genre,yes,,,,Which kind is it?,De quel genre est-ce ?,,A2
,select_multiple flag,flags,Flags,Pavillons,,,,,,,,A3
,date,since,Since,Depuis,,,,,,,,A4
,decimal,fee,Fee,Droit,,,,,,,,A5
,text,why,Why none,Pourquoi aucun,,,,,,,${ships} = 0,A6
,text,notes,Notes,Notes,,,,,,,,A7
,begin_repeat,doc,Documents,Documents,,,,,,,,
,text,title,Title,Titre,yes,,,,,,,B1
,select_multiple flag,use,Used under,Sous pavillon,,,,,,,,B2
,integer,pages,Pages,Pages,,. > 0,More than none.,Plus de zéro.,,,,B3
,end_repeat,,,,,,,,,,,
choices
,list_name,name,label::English (en),label::Français (fr)
,kind,ferry,Ferry,Bac
,kind,tug,Tug,Remorqueur
,flag,pa,Panama,Panama
,flag,lr,Liberia,Libéria
,flag,mt,Malta,Malte
settings
,form_id,form_title,version,respondent,default_language
,fleet,Fleets,1,who,English (en)
"""
ROSTER = "code,name,language\nAA,Alpha,fr\nBB,Beta,en\nCC,Gamma,en\n"
# What AA sent: everything that can be wrong, beside what is right.
BROKEN = """question,answer,note
who,AA,
ships,"  12 or so ",counted in May
kind,ferri,
flags,"pa, Mars",
since,30.02.2025,
fee,"2,5",
why,none at all,
notes,"+1, or _x0041_ – “so”",
,,"On the whole, fine."
shipz,3,
doc[1]/title,Loi,
doc[1]/use,pa mt,
doc[1]/pages,0,
doc[2]/title,Décret,second
doc[2]/use,Atlantis,
doc[2]/pages,7,
"""
# What the person makes of it.
CORRECTED = {"ships": "12", "kind": "ferry", "flags": "pa mt", "since": "2025-02-28", "why": "", "doc[1]/pages": "4",
             "doc[2]/use": "lr"}
SOUND = "question,answer\nwho,%s\nships,%s\nkind,%s\nflags,pa lr\nsince,2025-01-02\n"


def cell_of(book, path):
    """The answer cell of a path, by the machine's own headings."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=1, max_row=6):
            names = {cell.value: cell.column for cell in row if cell.value}
            if "question" in names and "answer" in names:
                for line in range(row[0].row + 1, sheet.max_row + 1):
                    if sheet.cell(line, names["question"]).value == path:
                        return sheet.cell(line, names["answer"])
            elif re.sub(r"\[\d+\]", "[]", path) in names and "[" in path:
                return sheet.cell(row[0].row + int(re.search(r"\[(\d+)\]", path).group(1)),
                                  names[re.sub(r"\[\d+\]", "[]", path)])
    return None


def plain(value):
    return unescape(value) if isinstance(value, str) else value


def issues_of(book):
    """What stands on the sheet of issues: (id, question, answer, what, link)."""
    sheet = book.worksheets[1]
    return [tuple(sheet.cell(row, column).value for column in range(1, 6)) + (sheet.cell(row, 5).hyperlink,)
            for row in range(4, sheet.max_row + 1)]


def own(book):
    sheet = book["canvass"]
    return {row[0].value: row[1].value for row in sheet.iter_rows(min_row=1) if row[0].value != "sheet"}


def linked(book, link):
    sheet, cell = link.location.rsplit("!", 1)
    return book[sheet.strip("'")][cell]


def is_marked(cell):
    return cell.fill.fgColor.rgb not in ("00000000", "FFFFFBE6") and cell.comment is not None


class Annotate(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM_IN_TWO)
        self.write("roster.csv", ROSTER)
        self.store = self.path("s.db")
        self.back = self.path("back")

    def take(self, *files, now=NOW, more=()):
        return import_json(self.form, *files, "--store", self.store, "--now", now, *more)

    def send_back(self, text=BROKEN, more=()):
        """Imports a return and gives the workbook that goes back."""
        file = self.write("AA.csv", text)
        _, told, err = self.take(file, more=("--annotate", self.back, *more))
        self.assertEqual(told["annotated"], 1, err)
        return openpyxl.load_workbook(os.path.join(self.back, "AA.xlsx"))

    def findings(self, *more):
        _, out, _ = run("findings", self.form, "--store", self.store, "--now", NOW, "--json", *more)
        return json.loads(out)["findings"]

    def test_every_wrong_cell_is_marked_and_told(self):
        book = self.send_back()
        for path, value, words in (("ships", "  12 or so ", "Entrez un nombre entier"), ("kind", "ferri", "Choisissez"),
                                   ("flags", "pa, Mars", "videz cette cellule"), ("since", "30.02.2025", "Entrez une date"),
                                   ("why", "none at all", "sans objet"), ("doc[1]/pages", 0, "Plus de zéro."),
                                   ("doc[2]/use", "Atlantis", "videz cette cellule")):
            with self.subTest(path):
                cell = cell_of(book, path)
                self.assertEqual(cell.value, value)
                self.assertTrue(is_marked(cell), path)
                self.assertIn(words, cell.comment.text)

    def test_what_is_right_is_shown_as_in_any_questionnaire(self):
        book = self.send_back()
        for path, value in (("fee", 2.5), ("notes", "+1, or _x0041_ – “so”"), ("doc[1]/title", "Loi"), ("doc[2]/title", "Décret"),
                            ("doc[2]/pages", 7), ("doc[1]/use/pa", "x"), ("doc[1]/use/mt", "x"), ("doc[1]/use/lr", None),
                            ("doc[2]/use/pa", None), ("flags/pa", None)):
            with self.subTest(path):
                self.assertEqual(plain(cell_of(book, path).value), value)
                self.assertIsNone(cell_of(book, path).comment)
        ships = cell_of(book, "ships")
        self.assertEqual(ships.parent.cell(ships.row, ships.column + 2).value, "counted in May")

    def test_each_issue_leads_to_its_cell(self):
        book = self.send_back()
        rows = {row[0]: row for row in issues_of(book)}
        asked = {item["id"]: item["question"] for item in self.findings()}
        self.assertTrue(asked)
        for name, path in asked.items():
            if path == "shipz":  # a line for no question: nothing to lead to, and told with its place
                self.assertEqual((rows[name][1], rows[name][4], rows[name][5]), ("shipz", "AA.csv:11", None))
                continue
            with self.subTest(name):
                self.assertEqual(linked(book, rows[name][5]).coordinate, cell_of(book, path).coordinate)
                self.assertEqual(linked(book, rows[name][5]).parent.title, cell_of(book, path).parent.title)

    def test_a_rehearsal_numbers_the_issues_and_leaves_no_store(self):
        book = self.send_back(more=("-n",))
        self.assertEqual([row[0] for row in issues_of(book)], [str(i + 1) for i in range(len(issues_of(book)))])
        self.assertFalse(os.path.exists(self.store))
        self.assertNotIn("revision", own(book))

    def test_the_hidden_sheet_says_whose_it_is(self):
        book = self.send_back()
        says = own(book)
        self.assertIn(book["canvass"].sheet_state, ("hidden", "veryHidden"))
        self.assertEqual((says["form"], says["version"], says["respondent"], says["language"], says["revision"]),
                         ("fleet", "1", "AA", "fr", "1"))
        self.assertEqual((len(says["form_sha256"]), len(says["check"])), (64, 16))

    def test_english_respondents_read_our_messages_and_hints(self):
        file = self.write("BB.csv", BROKEN.replace("who,AA", "who,BB"))
        self.take(file, more=("--annotate", self.back))
        comment = cell_of(openpyxl.load_workbook(os.path.join(self.back, "BB.xlsx")), "kind").comment.text
        self.assertIn('"ferri" is not in the list', comment)
        self.assertIn('did you mean "ferry" (Ferry)?', comment)

    def correct(self, book):
        cell_of(book, "ships").value = 12
        cell_of(book, "kind").value = "Bac"
        cell_of(book, "flags").value = None
        for name in ("pa", "mt"):
            cell_of(book, "flags/" + name).value = "x"
        cell_of(book, "since").value = "2025-02-28"
        cell_of(book, "why").value = None
        cell_of(book, "doc[1]/pages").value = 4
        cell_of(book, "doc[2]/use").value = None
        cell_of(book, "doc[2]/use/lr").value = "x"
        book.save(self.path("corrected.xlsx"))

    def is_settled(self, file):
        """The corrected workbook becomes a new revision, with nothing open and the other answers as they were."""
        code, told, err = self.take(file, now=LATER)
        self.assertEqual((code, told["responses"]["revisions"], told["errors"]), (0, 1, 0), (told, err))
        response = told["returns"][0]["responses"][0]
        self.assertFalse(response["remarks_changed"])
        self.assertEqual({item["path"]: item["to"] for item in response["changes"]}, CORRECTED)
        self.assertEqual(self.findings(), [])
        self.assertEqual({item["state"] for item in self.findings("--all")}, {"closed"})
        book = openpyxl.load_workbook(self.compared(), data_only=True)
        titles = [row[0].value for sheet in book.worksheets for row in sheet.iter_rows() if row[0].value]
        self.assertTrue(titles)
        told = "\n".join(str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
                         if cell.value is not None)
        told = plain(told)
        for text in ("+1, or _x0041_ – “so”", "Loi", "Décret", "counted in May", "On the whole, fine.", "second"):
            self.assertIn(text, told)
        # A second look finds nothing to send back.
        _, told, _ = self.take(file, now=LATER, more=("--annotate", self.path("none")))
        self.assertEqual(told["annotated"], 0)
        self.assertFalse(os.path.exists(self.path("none")))

    def compared(self):
        run("report", self.form, "--store", self.store, "--now", LATER, "-o", self.path("report.xlsx"), "--force")
        return self.path("report.xlsx")

    def test_corrected_by_openpyxl_its_findings_are_closed(self):
        self.correct(self.send_back())
        self.is_settled(self.path("corrected.xlsx"))

    def through_libreoffice(self, name):
        subprocess.run([SOFFICE, "-env:UserInstallation=file://" + self.path("lo"), "--headless", "--convert-to",
                        "xlsx:Calc MS Excel 2007 XML", "--outdir", self.path("out"), name],
                       check=True, timeout=HANG, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return os.path.join(self.path("out"), os.path.basename(name))

    @unittest.skipUnless(SOFFICE, "LibreOffice is not installed")
    def test_corrected_in_libreoffice_its_findings_are_closed(self):
        self.correct(self.send_back())
        self.is_settled(self.through_libreoffice(self.path("corrected.xlsx")))

    @unittest.skipUnless(SOFFICE, "LibreOffice is not installed")
    def test_saved_in_libreoffice_as_it_is_nothing_changes(self):
        self.send_back()
        before = [(item["id"], item["value"]) for item in self.findings() if item["question"] != "shipz"]
        _, told, err = self.take(self.through_libreoffice(os.path.join(self.back, "AA.xlsx")), now=LATER)
        self.is_unchanged(told, err)
        self.assertEqual([(item["id"], item["value"]) for item in self.findings()], before)

    def is_unchanged(self, told, err):
        """Each return that was sent back is taken in again, and no answer and no remark of it has changed."""
        for item in told["returns"]:
            self.assertEqual(item["outcome"], "accepted", err)
            for response in item["responses"]:
                self.assertEqual((response["changed"], response["remarks_changed"]), (0, False), item)

    def test_sent_back_untouched_the_same_is_found(self):
        self.send_back()
        before = [(item["id"], item["value"]) for item in self.findings() if item["question"] != "shipz"]
        _, told, err = self.take(os.path.join(self.back, "AA.xlsx"), now=LATER)
        self.is_unchanged(told, err)
        self.assertEqual([(item["id"], item["value"]) for item in self.findings()], before)

    def test_what_is_waived_is_not_asked_again(self):
        self.take(self.write("AA.csv", BROKEN))
        waived = next(item["id"] for item in self.findings() if item["question"] == "since")
        run("findings", self.form, "--store", self.store, "--now", NOW, "--waive", waived, "--reason", "known")
        book = self.send_back()  # the file is there already, and can be sent back even so
        self.assertNotIn(waived, [row[0] for row in issues_of(book)])
        self.assertIsNone(cell_of(book, "since").comment)
        self.assertEqual(cell_of(book, "since").value, "30.02.2025")

    def test_what_exists_is_kept_unless_forced(self):
        self.send_back()
        name = os.path.join(self.back, "AA.xlsx")
        with open(name, "wb") as file:
            file.write(b"mine")
        code, told, _ = self.take(self.path("AA.csv"), more=("--annotate", self.back))
        self.assertEqual((code, told["annotated"]), (2, 0))
        with open(name, "rb") as file:
            self.assertEqual(file.read(), b"mine")
        code, told, _ = self.take(self.path("AA.csv"), more=("--annotate", self.back, "--force"))
        self.assertEqual((code, told["annotated"]), (0, 1))
        openpyxl.load_workbook(name)

    def test_an_older_return_is_not_sent_back(self):
        self.take(self.write("AA.csv", BROKEN))
        self.take(self.write("later.csv", SOUND % ("AA", "3", "tug")), now=LATER)
        _, told, _ = self.take(self.path("AA.csv"), now=LATER, more=("--annotate", self.back))
        self.assertEqual(told["annotated"], 0)
        self.assertIn("N0822", [item["code"] for item in told["returns"][0]["findings"]])

    def test_only_returns_with_findings_are_written(self):
        files = [self.write("%s.csv" % code, SOUND % (code, ships, "tug")) for code, ships in (("AA", "3"), ("BB", "300"))]
        _, out, err = run("import", self.form, *files, "--store", self.store, "--now", NOW, "--annotate", self.back)
        self.assertIn("1 annotated return written to %s\n" % self.back, out, err)
        self.assertEqual(os.listdir(self.back), ["BB.xlsx"])

    def test_several_responses_in_one_file_each_get_their_own(self):
        wide = "who,ships,kind,flags,notes\nAA,many,tug,pa,one\nBB,3,tug,pa,two\nCC,4,boat,pa,three\nAA,100,tug,lr,four\n"
        _, told, err = self.take(self.write("all.csv", wide), more=("--annotate", self.back))
        self.assertEqual(told["annotated"], 2, err)
        self.assertEqual(sorted(os.listdir(self.back)), ["AA.xlsx", "CC.xlsx"])
        alpha = openpyxl.load_workbook(os.path.join(self.back, "AA.xlsx"))
        self.assertEqual((cell_of(alpha, "notes").value, cell_of(alpha, "ships").value), ("four", 100))
        self.assertEqual(own(alpha)["revision"], "2")
        gamma = openpyxl.load_workbook(os.path.join(self.back, "CC.xlsx"))
        self.assertEqual((cell_of(gamma, "notes").value, cell_of(gamma, "kind").value), ("three", "boat"))

    def test_a_code_that_names_no_file_is_told(self):
        os.remove(self.path("roster.csv"))
        _, told, _ = self.take(self.write("x.csv", SOUND % ("../evil", "many", "tug")), more=("--annotate", self.back))
        self.assertIn("W0821", [item["code"] for item in told["returns"][0]["findings"]])
        self.assertFalse(os.path.exists(self.back))

    def test_a_large_file_is_annotated_like_a_small_one(self):
        wrong = range(0, 190, 1 if FULL else 63)
        lines = ["who,ships,kind,notes"] + ["R%d,%s,tug,%s" % (i, "many" if i in wrong else "5", "€" * 30000) for i in range(190)]
        os.remove(self.path("roster.csv"))
        _, out, _ = run("import", self.form, self.write("large.csv", "\n".join(lines) + "\n"), "--store", self.store, "--now",
                        NOW, "--annotate", self.back, "--jsonl")
        self.assertGreater(os.path.getsize(self.path("large.csv")), 16 << 20)
        self.assertEqual(json.loads(out.splitlines()[-1])["annotated"], len(wrong))
        self.assertEqual(sorted(os.listdir(self.back)), sorted("R%d.xlsx" % i for i in wrong))

    def test_of_many_the_first_thousand_are_written(self):
        """No file can be named after the codes of the first 999, so that only make nightly writes a thousand."""
        unnamed = 0 if FULL else 999
        lines = ["who,ships"] + ["%sR%d,many" % ("../" if i < unnamed else "", i) for i in range(1001)]
        os.remove(self.path("roster.csv"))
        _, out, _ = run("import", self.form, self.write("many.csv", "\n".join(lines) + "\n"), "--store", self.store, "--now",
                        NOW, "--annotate", self.back, "--jsonl")
        self.assertIn("N0820", out)
        self.assertEqual(json.loads(out.splitlines()[-1])["annotated"], 1000 - unnamed)
        self.assertEqual(sorted(os.listdir(self.back)), sorted("R%d.xlsx" % i for i in range(unnamed, 1000)))

    def values_of(self, out):
        """Id, code and value of each finding; a choice that is only unusual comes back as its label."""
        return [(item["id"], item["code"], "" if item["code"] == "W0653" else item["value"])
                for item in json.loads(out)["findings"]]

    def test_a_rehearsed_round_goes_out_and_comes_back(self):
        """Made up by simulate, spoiled, sent back, and taken in again: nothing that stood has changed."""
        run("simulate", FORM, "-n", "12", "--broken", "--seed", "5", "-o", self.path("sim"))
        files = [os.path.join(self.path("sim"), name) for name in sorted(os.listdir(self.path("sim")))]
        _, told, _ = import_json(FORM, *files, "--store", self.store, "--now", NOW, "--annotate", self.back)
        self.assertGreater(told["annotated"], 3)
        _, out, _ = run("findings", FORM, "--store", self.store, "--json")
        before = [item for item in self.values_of(out) if item[1] != "E0609"]
        back = [os.path.join(self.back, name) for name in sorted(os.listdir(self.back))]
        _, again, err = import_json(FORM, *back, "--store", self.store, "--now", LATER)
        self.assertEqual(again["files"]["accepted"], len(back), err)
        self.is_unchanged(again, err)
        _, out, _ = run("findings", FORM, "--store", self.store, "--json")
        self.assertEqual(self.values_of(out), before)


if __name__ == "__main__":
    unittest.main()
