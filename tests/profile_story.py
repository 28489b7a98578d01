"""A respondent and the group: report --respondent, held to the returns it was made from."""
import os
import re
import shutil
import statistics
import subprocess
import unittest
import zipfile

from story import FORM, NOW, Story, published, run

SURVEY = """survey
,type,name,label,qno,relevant,headline,audience
,select_one who,who,Who,,,,
,select_one yes,has,Has it,A1,,2,
,select_one yes,wants,Wants it,A2,,,
,select_one yes,knows,Knows it,A3,,,
,select_one release,release,Release,,,,
,select_multiple why,reasons,Reasons,A4,,1,
,integer,ships,Ships,A5,,3,
,date,since,Since,A6,${has} = 'y',4,
,text,mail,Mail,A7,,,contact
,begin_repeat,crew,Crew,,,,
,text,name,Name,,,,
,end_repeat,,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
,who,dd,Delta
,who,ee,Epsilon
,yes,y,Yes
,yes,n,No
,why,cost,Cost|s
,why,law,Law
,release,attributed,By name
,release,members_only,Members
settings
,form_id,title,version,respondent,release
,young,Ships,1,who,release
"""
# who: has, wants, knows, release, reasons, ships, since
GIVEN = {
    "aa": ("y", "n", "y", "attributed", "cost law", "10", "2026-02-28"),
    "bb": ("y", "y", "D/K", "members_only", "law", "20", "2025-01-31"),
    "cc": ("n", "y", "", "attributed", "", "30", ""),
    "dd": ("y", "y", "", "attributed", "cost", "70", "2024-01-01"),
}
NAMES = ("has", "wants", "knows", "release", "reasons", "ships", "since")
ROSTER = "code,name\naa,Alpha\nbb,Beta\ncc,Gamma\ndd,Delta\nee,Epsilon\n"


class Profile(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", SURVEY)
        self.write("roster.csv", ROSTER)

    def take(self, given):
        files = [self.write(who + ".csv", "who,%s,mail\n%s,%s,me@example.org\n" % (",".join(NAMES), who, ",".join(values)))
                 for who, values in given.items()]
        code, _, err = run("import", self.form, *files, "--store", self.path("s.db"), "--now", NOW, "--round", "2026")
        self.assertIn(code, (0, 1), err)

    def profile(self, *more, to="p.md", expect=0):
        code, out, err = run("report", self.form, "--store", self.path("s.db"), "--now", NOW, "--round", "2026",
                             "-o", self.path(to), "-f", *more)
        self.assertEqual(code, expect, out + err)
        if expect or not to.endswith(".md"):
            return out + err
        with open(self.path(to), encoding="utf-8") as file:
            return file.read()

    def rows(self, text):
        """The rows of the tables: heading, then question, answer, group, majority."""
        tables = {}
        for line in text.splitlines():
            if line.startswith("## "):
                heading = line[3:]
            elif line.startswith("| ") and not line.startswith("| Question") and not line.startswith("| ---"):
                cells = [re.sub(r"\\(.)", r"\1", cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                tables.setdefault(heading, []).append(cells)
        return tables

    def test_the_answers_of_one_stand_next_to_those_of_the_group(self):
        self.take(GIVEN)
        text = self.profile("--respondent", "aa", "--audience", "secretariat")
        ships = [float(values[5]) for values in GIVEN.values()]
        group = "median %g, %g to %g (4 answered)" % (statistics.median(ships), min(ships), max(ships))
        self.assertEqual(self.rows(text), {
            "The questions that matter": [
                ["A4 Reasons", "Cost|s; Law", "Cost|s: 2; Law: 2 (3 answered)", ""],
                ["A1 Has it", "Yes", "Yes: 3; No: 1 (4 answered)", "same"],
                ["A5 Ships", "10", group, ""],
                ["A6 Since", "28 February 2026", "3 answered", ""]],
            "Other answers that differ from the majority": [["A2 Wants it", "No", "Yes: 3; No: 1 (4 answered)", "differs"]]})
        self.assertIn("**Alpha and the group**", text)
        self.assertIn("- **Answered:** 7 of the 7 questions asked", text)
        # A3: nobody else has answered it, so that there is no majority to differ from.
        self.assertIn("- **With the majority:** in 1 of the 2 questions that have one", text)
        self.assertNotIn("example.org", text)

    def test_what_is_not_an_answer_is_said(self):
        self.take(GIVEN)
        rows = self.rows(self.profile("--respondent", "cc", "--audience", "secretariat"))
        self.assertEqual([row[1:] for row in rows["The questions that matter"]],
                         [["no answer", "Cost|s: 2; Law: 2 (3 answered)", ""], ["No", "Yes: 3; No: 1 (4 answered)", "differs"],
                          ["30", "median 25, 10 to 70 (4 answered)", ""], ["not asked", "3 answered", ""]])
        self.assertNotIn("Other answers that differ from the majority", rows)

    def test_nobody_is_shown_whom_the_audience_may_not_see(self):
        self.take(GIVEN)
        self.assertIn('"bb" is not shown by name to this audience', self.profile("--respondent", "bb", "--audience", "public", expect=2))
        self.assertIn("**Beta and the group**", self.profile("--respondent", "bb", "--audience", "members"))
        seen = self.profile("--respondent", "aa", "--audience", "public")
        self.take({"bb": ("n", "n", "n", "members_only", "cost", "9999", "")})
        self.assertEqual(self.profile("--respondent", "aa", "--audience", "public"), seen)

    def test_who_has_no_profile_and_what_it_does_not_take(self):
        self.take(GIVEN)
        for more, to, words in ((("--respondent", "ee"), "p.md", '"ee" has no answers in this round'),
                                (("--respondent", "zz"), "p.md", '"zz" has no answers in this round'),
                                (("--respondent", "aa"), "p.xlsx", "a profile is a paper (.docx, .md or .html)"),
                                (("--respondent", "aa", "--since", "2020-01-01"), "p.md", "does not take --since"),
                                (("--respondent", "aa", "--technical"), "p.md", "only a workbook")):
            with self.subTest(words):
                self.assertIn(words, self.profile(*more, to=to, expect=2))
                self.assertFalse(os.path.exists(self.path(to)))

    def test_it_has_a_name_of_its_own(self):
        self.take(GIVEN)
        code, out, err = run("report", self.form, "--store", self.path("s.db"), "--now", NOW, "--respondent", "aa",
                             cwd=self.folder.name)
        self.assertEqual(code, 0, err)
        self.assertTrue(zipfile.is_zipfile(self.path("reports/s-aa.docx")))

    @unittest.skipUnless(shutil.which("soffice") and shutil.which("pdfinfo"), "LibreOffice and pdfinfo are not installed")
    def test_a_compiled_return_says_so_and_each_profile_is_one_page(self):
        self.form = FORM
        code, _, err = run("import", FORM, *published(), "--store", self.path("s.db"), "--now", NOW, "--round", "2026")
        self.assertIn(code, (0, 1), err)
        self.assertIn("- **Basis:** answers compiled by others, no reply", self.profile("--respondent", "PH"))
        for who in ("PH", "JPN"):
            self.profile("--respondent", who, to=who + ".docx")
            subprocess.run(["soffice", "-env:UserInstallation=file://" + self.path("profile"), "--headless", "--convert-to", "pdf",
                            "--outdir", self.folder.name, self.path(who + ".docx")], check=True, stdout=subprocess.DEVNULL)
            info = subprocess.run(["pdfinfo", self.path(who + ".pdf")], check=True, stdout=subprocess.PIPE, text=True).stdout
            self.assertRegex(info, r"Pages: +1\n")


if __name__ == "__main__":
    unittest.main()
