"""docs/messy-returns.md: fifteen messy returns are made here as people make them, and an officer brings each of them to where
it belongs, by the commands of the page.  After each command the states in status, in the workbook and in the reminders
agree.  Every answer is invented."""
import csv
import datetime
import email.message
import io
import json
import os
import re
import shutil
import subprocess
import unittest
import zipfile

import openpyxl

from document import Document
from prefill_story import Pack
from story import HANG
from wrong_story import compound

PAGE = "docs/messy-returns.md"
WAITS = "returned, not readable"
REMINDED = {"silent", "not yet due", "extended"}
GOOGLE = """Timestamp,Economy,Drills held in 2026,Exercises held in 2026,Date of the last exercise,\
Is a report written after each exercise?,Kinds of exercise,Main lesson
2026/11/26 10:02:11 am GMT+9,Canada,17,2,2026-04-14,Yes,"Tabletop, Full scale",Invented.
2026/11/26 4:41:09 pm GMT+9,Indonesa,9,1,2026-08-01,No,Tabletop,
"""


def shown(value):
    """A cell as a spreadsheet program in Mexico writes it into a CSV."""
    if isinstance(value, datetime.datetime):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else value


def table(sheet):
    """The rows of a sheet below its header, by the header's texts; the title lines above it are left out."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(i for i, row in enumerate(rows) if "code" in row or "question" in row)
    return [dict(zip(rows[at], row)) for row in rows[at + 1:]]


class Returns:
    """The files as they arrive."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("inbox", "again", "made"):
            os.mkdir(self.path(name))

    def path(self, *name):
        return os.path.join(self.folder, *name)

    def fill(self, code, to, day=None, pack=None, **answers):
        """A questionnaire filled in and saved under another name; __ in a name is a slash."""
        made = Pack(self.path(pack or "packs/%s/drills-%s.xlsx" % (code, code)))
        if day:
            answers["last"] = datetime.date.fromisoformat(day)
        for name, value in answers.items():
            made.answer(name.replace("__", "/")).value = value
        made.path = self.path(to)
        return made.save()

    def convert(self, path, ending):
        done = subprocess.run(["soffice", "-env:UserInstallation=file://" + self.path("made/office"), "--headless",
                               "--convert-to", ending, "--outdir", self.path("inbox"), path],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=HANG)
        assert done.returncode == 0

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)

    def early(self):
        self.fill("PE", "inbox/drills-PE.xlsx", drills=1200, exercises=3, written="No")

    def mail(self):
        """A mail with the questionnaire of Singapore."""
        name = "drills-SGP.xlsx"
        mail = email.message.EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "desk@example.org", "secretariat@example.org", "Return of Singapore"
        mail.set_content("Dear colleagues,\n\nplease find our return attached.\n")
        with open(self.fill("SGP", "again/" + name, "2026-09-09", drills=31, exercises=4, written="Yes"), "rb") as file:
            mail.add_attachment(file.read(), maintype="application", filename=name,
                                subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        self.write("inbox/Return of Singapore.eml", mail.as_bytes())

    def sheet_as_csv(self):
        """The sheet of questions, saved as CSV by a spreadsheet program in Mexico."""
        path = self.fill("MEX", "made/drills-MEX.xlsx", "2026-03-31", drills=14, exercises=2, written="Yes",
                         lesson="Más práctica; menos papel")
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        for row in openpyxl.load_workbook(path)["Questionnaire"].iter_rows(values_only=True):
            writer.writerow([shown(value) for value in row])
        self.write("inbox/drills-MEX.csv", text.getvalue().encode("cp1252", "replace"))

    def cut_archive(self):
        """The first 4,000 bytes of a .zip file."""
        path = self.fill("PNG", "again/drills-PNG.xlsx", drills=4, exercises=1)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.write(path, "drills-PNG.xlsx")
        self.write("inbox/PNG.zip", out.getvalue()[:4000])

    def correction(self):
        """The annotated return of Peru, corrected, and one more answer changed."""
        self.fill("PE", "inbox/drills-PE (corrected).xlsx", pack="back/PE.xlsx", drills=112, exercises=4)

    def fifteen(self):
        os.remove(self.path("inbox/drills-PE.xlsx"))  # filed away
        self.convert(self.fill("AUS", "made/drills-AUS.xlsx", "2026-05-04", drills=12, exercises=2, written="Yes",
                               kinds__tabletop="x", lesson="Invented."), "ods")
        self.convert(self.fill("CHL", "made/drills-CHL.xlsx", "2026-06-30", drills=8, exercises=1, written="No",
                               kinds__live="x"), "xls")
        self.write("inbox/Japan scan.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer"
                                           b"<</Root 1 0 R>>\n%%EOF\n")
        self.fill("THA", "inbox/drills-THA.xlsx", "2026-02-03", drills=20, exercises=3, written="Yes")
        self.fill("THA", "inbox/drills-THA (2).xlsx", "2026-02-03", drills=22, exercises=3, written="Yes",
                  kinds__live="x")
        self.fill("MAS", "inbox/Viet Nam reply.xlsx", economy="Viet Nam", drills=5, exercises=1, written="No")
        shutil.copy(self.path("packs/NZ/drills-NZ.xlsx"), self.path("inbox"))
        self.mail()
        self.write("inbox/drills-PH.xlsx", compound("EncryptedPackage"))
        self.fill("PH", "again/drills-PH.xlsx", "2026-10-05", drills=16, exercises=2, written="Yes")
        self.sheet_as_csv()
        self.write("inbox/Drills (Responses).csv", GOOGLE.encode())
        self.fill("HKC", "inbox/Macao.xlsx", economy="Macao, China", drills=3)
        self.cut_archive()
        self.fill("BD", "inbox/contacts-BD.xlsx", pack="other/BD/contacts-BD.xlsx", officer="AWANG Invented")
        self.correction()

    def key(self):
        """What a clerk reads in the scan of Japan."""
        with open(self.path("JPN.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for row in rows:
            row[3] = {"drills": "9", "exercises": "1", "written": "Yes"}.get(row[0], row[3])
        with open(self.path("JPN.csv"), "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


@unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
class Messy(Document):
    def before(self, session):
        acts = {1: self.returns.early, 2: self.returns.fifteen, 7: self.returns.key}
        acts.get(session, lambda: None)()

    looked = None

    def canvass(self, *args):
        done = subprocess.run([self.path("bin/canvass"), *args], cwd=self.folder.name, env=self.env, timeout=HANG,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def after(self, line):
        """The commands agree on the state of every respondent.  They do as before if neither store nor day has changed."""
        with open(self.path("responses/drills.db"), "rb") as file:
            now = file.read(), self.env["SOURCE_DATE_EPOCH"]
        if now == self.looked:
            return
        self.looked = now
        status = json.loads(self.canvass("status", "drills.csv", "--json"))
        states = {row["code"]: row["state"] for row in status["respondents"]}
        answered = {row["code"] for row in status["respondents"] if row["returned"]}
        self.workbook_agrees(line, states, answered)
        self.reminders_agree(line, states)
        self.quarantine_agrees(line, status, states)

    def workbook_agrees(self, line, states, answered):
        self.canvass("report", "drills.csv", "-o", "made/look.xlsx", "--force")
        book = openpyxl.load_workbook(self.path("made/look.xlsx"))
        returns = {row["code"]: row["state"] for row in table(book["Returns"]) if row["code"] in states}
        self.assertEqual(returns, states, line)
        silent = {row["code"]: row["state"] for row in table(book["Non-respondents"])}
        self.assertEqual(silent, {code: state for code, state in states.items() if code not in answered}, line)
        summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows() if row[0].value}
        self.assertIn("%d of %d economies" % (len(answered), len(states)), summary["Responses"], line)
        for state in set(states.values()) - {"answered"}:
            codes = sorted(code for code, its in states.items() if its == state)
            self.assertEqual(summary[state], "%d: %s" % (len(codes), ", ".join(codes)), line)
        for row in table(book["Counts"]):
            if row["option"] == "(total)":
                self.assertEqual(row["n"], len(states), line)
            if row["option"] == "(no reply)":
                self.assertEqual(row["n"], len(set(states) - answered) - list(states.values()).count("returned blank"), line)

    def reminders_agree(self, line, states):
        """In a copy of the store: a reminder is an event."""
        shutil.copy(self.path("responses/drills.db"), self.path("made/copy.db"))
        shutil.rmtree(self.path("made/reminders"), ignore_errors=True)
        self.canvass("status", "drills.csv", "--store", "made/copy.db", "--remind", "made/reminders")
        reminded = {os.path.splitext(name)[0] for name in os.listdir(self.path("made/reminders"))} \
            if os.path.exists(self.path("made/reminders")) else set()
        self.assertEqual(reminded, {code for code, state in states.items() if state in REMINDED}, line)

    def quarantine_agrees(self, line, status, states):
        items = json.loads(self.canvass("quarantine", "drills.csv", "--json"))["items"]
        self.assertEqual(status["quarantined"], len(items), line)
        theirs = {item.get("respondent") for item in items}
        self.assertLessEqual({code for code, state in states.items() if state in (WAITS, "conflict")}, theirs, line)
        self.assertFalse({code for code, state in states.items() if state in REMINDED} & theirs, line)

    def arrivals(self):
        """The rows of the table: file, respondents, where it ends."""
        rows = re.findall(r"(?m)^\| \d+ \| `(.+?)` \| (.+?) \| .+? \| (.+?) \|$", self.read(PAGE))
        return [(name, [] if codes == "none" else codes.split(", "), end) for name, codes, end in rows]

    def test_fifteen_returns_end_where_they_belong(self):
        self.returns = Returns(self.folder.name)
        self.hold(PAGE)
        arrivals = self.arrivals()
        self.assertEqual(sorted(name for name, _, _ in arrivals), sorted(os.listdir(self.path("inbox"))))
        self.assertEqual(len(arrivals), 15)
        status = json.loads(self.canvass("status", "drills.csv", "--json"))
        states = {row["code"]: row["state"] for row in status["respondents"]}
        self.assertEqual(status["quarantined"], 0)
        for name, codes, end in arrivals:
            state = "returned blank" if end == "returned blank" else "silent" if "silent" in end else "answered"
            for code in codes:
                self.assertEqual(states[code], state, name)


if __name__ == "__main__":
    unittest.main()
