"""Rounds next to each other: answers of another version of the form, and what has changed since an earlier round."""
import json
import os
import unittest

from release_story import sheets, table
from story import Story, run

FORM = """survey
,type,name,label
,select_one who,who,Economy
,select_one st,status,Status of the law
,select_multiple why,why,Obstacles
,integer,people,Seafarers
,text,notes,Notes
,text,gone,No longer asked
,begin_repeat,doc,Documents
,text,title,Title
,end_repeat
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
,st,f,In force
,st,d,In draft
,st,n,None
,why,cost,Cost
,why,law,Law
settings
,form_title,form_id,version,respondent
,Small form,small,1,who
"""
# a question, a choice and a repeat have other names; a choice and a question are gone; a question is new
LATER = (FORM.replace(",status,Status", ",state_of_law,Status").replace(",st,f,", ",st,force,").replace(",st,d,In draft\n", "")
         .replace(",text,gone,No longer asked\n", ",text,added,New question\n").replace("begin_repeat,doc", "begin_repeat,docs")
         .replace("small,1,", "small,2,"))
ROSTER = "code,name,group:Region\naa,Alpha,North\nbb,Beta,South\ncc,Gamma,South\n"


def returned(answers, notes=None):
    """A return in the long layout."""
    return "question,no,label,answer,note\n" + "".join(
        '%s,,,"%s",%s\n' % (name, str(value).replace('"', '""'), (notes or {}).get(name, "")) for name, value in answers.items())


class Versions(Story):
    def setUp(self):
        super().setUp()
        self.first, self.later = self.write("first.csv", FORM), self.write("later.csv", LATER)
        self.write("roster.csv", ROSTER)
        self.options = ["--store", self.path("s.db"), "--now", "2026-12-01T00:00:00Z"]
        self.take(self.first, "2025", {"who": "aa", "status": "f", "why": "law cost", "people": 10, "notes": "Text",
                                       "gone": "was here", "doc[1]/title": "One", "doc[2]/title": "Two"},
                  {"status": "a remark"})
        self.take(self.first, "2025", {"who": "bb", "status": "d", "why": "law", "people": "many"})

    def take(self, form, round_, answers, notes=None):
        path = self.write("%s-%s.csv" % (answers["who"], round_), returned(answers, notes))
        got = run("import", form, path, *self.options, "--round", round_)
        self.assertIn(got[0], (0, 1), got)

    def report(self, form, round_, *more):
        target = self.path("r%d.xlsx" % len(os.listdir(self.folder.name)))
        code, out, err = run("report", form, *self.options, "--round", round_, "-o", target, *more)
        self.assertEqual(code, 0, err)
        return sheets(target), err

    def test_a_round_is_carried_to_a_form_that_is_new(self):
        book, err = self.report(self.later, "2025")
        self.assertIn('2 responses of round 2025 were given with version "1" of the form, and are carried to version "2"', err)
        self.assertIn('1 answer to "gone" of version "1" was not carried over: the question is not in this version', err)
        self.assertIn('1 answer to "status" of version "1" was not carried over: this version of the form does not offer the'
                      ' choice', err)
        matrix = {row["code"]: row for row in table(book["Matrix"], "Status of the law")}
        self.assertEqual([matrix["aa"][name] for name in ("Status of the law", "Obstacles", "Seafarers", "Notes", "New question",
                                                           "Documents")],
                         ["In force", "Cost; Law", "10", "Text", "not asked", "2 entries"])
        self.assertEqual([row["Title"] for row in table(book["Documents"], "Title")], ["One", "Two"])
        self.assertEqual([row["text"] for row in table(book["Comments"], "text") if row["kind"] == "remark"], ["a remark"])
        # nothing vanishes
        lost = {row["question"]: row for row in table(book["Findings"], "respondent") if row["code"] == "W0687"}
        self.assertEqual({name: (row["respondent"], row["value"], row["file"]) for name, row in lost.items()},
                         {"gone": ("aa", "was here", "aa-2025.csv"), "status": ("bb", "In draft", "bb-2025.csv")})
        returns = {row["code"]: row for row in table(book["Returns"], "state")}
        self.assertEqual([returns[code]["warnings"] for code in ("aa", "bb")], ["1", "1"])
        self.assertIn("Answers given with version 1 are carried to it.", [row[1] for row in book["How to read this"]])
        # an answer that was not usable is no answer that is lost
        self.assertEqual([row["value"] for row in table(book["Findings"], "respondent") if row["question"] == "people"], ["many"])

    def test_what_is_not_carried_is_released_as_its_response_is(self):
        form = FORM.replace(",text,gone", ",select_one rel,rel,How may this be shown?\n,text,gone").replace(
            "settings", ",rel,attributed,By name\n,rel,aggregate_only,Counts only\nsettings").replace(
            "respondent\n", "respondent,release\n").replace("1,who", "1,who,rel").replace("small", "other")
        first, later = self.write("f1.csv", form), self.write("f2.csv", form.replace(",st,d,In draft\n", "").replace("other,1", "other,2"))
        self.options[1] = self.path("o.db")
        for code, release in (("aa", "attributed"), ("bb", "aggregate_only"), ("cc", "")):
            self.take(first, "2025", {"who": code, "status": "d", "rel": release})
        book, err = self.report(later, "2025")
        self.assertEqual([row["respondent"] for row in table(book["Findings"], "respondent") if row["code"] == "W0687"], ["aa"])

    def test_a_form_of_another_round_gives_way_to_the_one_that_was_answered(self):
        self.take(self.later, "2026", {"who": "aa", "state_of_law": "force", "added": "yes"})
        book, err = self.report(self.later, "2025")
        self.assertIn("round 2025 was answered with version 1 of the form; it is used instead of " + self.later, err)
        matrix = {row["code"]: row for row in table(book["Matrix"], "Status of the law")}
        self.assertEqual([matrix[code]["Status of the law"] for code in ("aa", "bb")], ["In force", "In draft"])
        self.assertIn("small, version 1", [row[1] for row in book["How to read this"]])
        book, err = self.report(self.first, "2026")
        self.assertIn("New question", [cell for row in book["Matrix"] for cell in row])
        # and status has the same figures
        told = [run("status", form, *self.options, "--round", "2025", "--json")[1] for form in (self.first, self.later)]
        self.assertEqual(told[0], told[1])

    def test_versions_of_one_round_are_reported_together(self):
        self.take(self.later, "2025", {"who": "cc", "state_of_law": "n", "why": "law", "added": "here"})
        book, err = self.report(self.later, "2025")
        counts = {row["option"]: (row["n"], row["names"]) for row in table(book["Counts"], "option") if row["name"] == "state_of_law"}
        self.assertEqual((counts["force"], counts["n"], counts["(not usable)"]), (("1", "aa"), ("1", "cc"), ("1", "bb")))

    def test_figures_of_a_carried_round_are_those_of_the_paper_and_of_status(self):
        target = self.path("p.md")
        self.assertEqual(run("report", self.later, *self.options, "--round", "2025", "-o", target)[0], 0)
        with open(target, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"\*\*Carried over:?\*\*:? answers given with version 1")
        told = json.loads(run("status", self.later, *self.options, "--round", "2025", "--json")[1])
        self.assertEqual([one.get("warnings") for one in told["respondents"][:2]], [1, 1])


if __name__ == "__main__":
    unittest.main()
