"""Rounds next to each other: answers of another version of the form, and what has changed since an earlier round."""
import html.parser
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


class Rounds(Story):
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


class Nested(html.parser.HTMLParser):
    """The headings of a page and, by the heading above them, its questions, each with the part of the page it is in: None, or
    the group that the part is about."""

    def __init__(self):
        super().__init__()
        self.open, self.headings, self.articles = [], [], {}

    def part(self):
        return next((group for tag, group in self.open if tag == "div"), None)

    def handle_starttag(self, tag, attributes):
        if tag in ("div", "article", "table", "tbody", "h2"):
            self.open.append((tag, dict(attributes).get("data-g")))
        if tag == "article" and self.headings:
            self.articles.setdefault(self.headings[-1][0], set()).add(self.part())

    def handle_endtag(self, tag):
        if tag in ("div", "article", "table", "tbody", "h2"):
            assert self.open.pop()[0] == tag, (tag, self.open)

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "h2":
            self.headings.append((data, self.part()))


class Versions(Rounds):
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

    def test_a_contact_that_is_not_carried_is_for_the_secretariat(self):
        form = FORM.replace(",type,name,label\n", ",type,name,label,audience\n").replace(
            "No longer asked\n", "No longer asked,contact\n,text,officer,Officer,contact\n").replace("small", "other")
        first, later = self.write("f1.csv", form), self.write("f2.csv", form.replace(",text,gone,No longer asked,contact\n", "")
                                                              .replace("other,1", "other,2"))
        self.options[1] = self.path("o.db")
        self.take(first, "2025", {"who": "aa", "notes": "Short", "gone": "Ms Secret", "officer": "Mr Hidden"})
        for audience, value in (("public", "withheld"), ("members", "withheld"), ("secretariat", "Ms Secret")):
            book, err = self.report(later, "2025", "--audience", audience)
            lost = [row for row in table(book["Findings"], "respondent") if row["code"] == "W0687"]
            self.assertEqual([(row["respondent"], row["question"], row["value"]) for row in lost], [("aa", "gone", value)])
            everything = repr(book)
            self.assertEqual(("Ms Secret" in everything, "Mr Hidden" in everything), (audience == "secretariat",) * 2)
            # free texts are comments however short they are; who answers, and how to reach them, is none
            self.assertEqual([(row["name"], row["text"]) for row in table(book["Comments"], "text")], [("notes", "Short")])

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



def parts(rows):
    """The three tables of the sheet Changes, each as dictionaries: who moved, the counts, and what is not compared."""
    heads = [i for i, row in enumerate(rows) if row[0] == "question"] + [len(rows) + 2]
    found = []
    for at, upto in zip(heads, heads[1:]):
        body = rows[at + 1:upto - 2]
        found.append([dict(zip(rows[at], row)) for row in body])
    return (found + [[], []])[:3]


class Changes(Rounds):
    def setUp(self):
        super().setUp()
        self.take(self.later, "2026", {"who": "aa", "state_of_law": "n", "why": "law", "people": 12, "notes": "Text",
                                       "added": "new", "docs[1]/title": "One"})
        self.take(self.later, "2026", {"who": "bb", "state_of_law": "force", "why": "law", "people": 5})
        self.take(self.later, "2026", {"who": "cc", "state_of_law": "force"})

    def test_who_moved_is_found_through_renamed_questions_and_choices(self):
        book, err = self.report(self.later, "2026", "--since", "2025")
        moved, counts, uncompared = parts(book["Changes"])
        self.assertEqual([tuple(row[name] for name in ("name", "code", "from", "to", "change")) for row in moved],
                         [("state_of_law", "aa", "In force", "None", ""), ("why", "aa", "Cost; Law", "Law", "\u2212 Cost"),
                          ("people", "aa", "10", "12", "2"), ("people", "bb", "many", "5", ""),
                          ("docs", "aa", "2 entries", "1 entry", "-1")])
        self.assertEqual([(row["name"], row["code"], row["answer then"], row["answer now"], row["why it is not compared"])
                          for row in uncompared],
                         [("gone", "aa", "was here", "", "the question is not in this version of the form"),
                          ("status", "bb", "In draft", "In force", "this version of the form does not offer the choice"),
                          ("added", "", "", "", "the question was not asked then")])
        # what was not asked then, or is not asked now, is nobody's move
        self.assertNotIn("added", [row["name"] for row in moved + counts])
        sums = {row["name"]: (row["n then"], row["n now"]) for row in counts if row["option"] in ("(sum)", "(entries)")}
        self.assertEqual(sums, {"people": ("10", "17"), "docs": ("2", "1")})

    def test_counts_side_by_side_are_those_of_the_two_reports(self):
        then, err = self.report(self.later, "2025")
        book, err = self.report(self.later, "2026", "--since", "2025")
        moved, counts, uncompared = parts(book["Changes"])
        for column, report in (("n then", then), ("n now", book)):
            told = {(row["name"], row["option"]): row["n"] for row in table(report["Counts"], "option")}
            if report is then:  # in its own form, which has other names and a choice more
                told = {("state_of_law" if name == "status" else name, "force" if option == "f" else option): n
                        for (name, option), n in told.items()}
                gone = told.pop(("state_of_law", "d"))
                told["state_of_law", "(not usable)"] = gone
                told["state_of_law", "(answered)"] = str(int(told["state_of_law", "(answered)"]) - int(gone))
            compared = [row for row in counts if row["name"] != "docs" and row["option"] != "(sum)"]
            self.assertGreater(len(compared), 15)
            for row in compared:
                self.assertEqual(row[column], told.get((row["name"], row["option"]), "0"), (column, row))

    def test_a_day_is_a_time_in_the_round_itself(self):
        self.options[3] = "2026-12-05T10:00:00Z"
        self.take(self.later, "2026", {"who": "bb", "state_of_law": "n", "why": "law", "people": 5})
        for since in ("2026-12-05", "2026-12-05T12:00:00+12:00"):
            book, err = self.report(self.later, "2026", "--now", "2026-12-06T00:00:00Z", "--since", since)
            moved, counts, uncompared = parts(book["Changes"])
            self.assertEqual(book["Changes"][0][0], "Changes since 5 December 2026")
            self.assertEqual([(row["name"], row["code"], row["from"], row["to"]) for row in moved],
                             [("state_of_law", "bb", "In force", "None")])
            self.assertEqual(book["Changes"][2][0], "1 of the 3 respondents with answers then and now changed 1 answer.")
            self.assertEqual(book["Changes"][3][0],
                             'All changes are in Status of the law: 1 respondent (bb), from "In force" to "None".')
        book, err = self.report(self.later, "2026", "--now", "2026-12-06T00:00:00Z", "--since", "2026-12-06",
                                "--as-of", "2026-12-06T01:00:00Z")
        self.assertIn("No answer has changed.", [row[0] for row in book["Changes"]])

    def test_who_answered_once_only_is_said(self):
        self.take(self.first, "2024", {"who": "cc", "status": "n"})
        self.take(self.first, "2024", {"who": "dd", "status": "n"})
        book, err = self.report(self.later, "2026", "--since", "2024")
        self.assertIn('2 respondents answered now only (aa, bb); 1 question not asked then.', [row[0] for row in book["Changes"]])
        book, err = self.report(self.first, "2025", "--since", "2024")
        self.assertIn("2 respondents answered now only (aa, bb); 1 respondent answered then only (cc).",
                      [row[0] for row in book["Changes"]])

    def test_the_summary_and_the_paper_say_it_in_three_sentences(self):
        sentences = ['All 2 respondents with answers then and now changed 5 answers.',
                     'Most changes are in Seafarers: 2 respondents (aa, bb).',
                     '1 respondent answered now only (cc); 2 answers of then cannot be compared; 1 question not asked then.']
        book, err = self.report(self.later, "2026", "--since", "2025")
        self.assertEqual([row[0] for row in book["Changes"][2:5]], sentences)
        self.assertEqual([row[1] for row in book["Summary"] if row[0] == "Changes"],
                         ["Since round 2025: " + " ".join(sentences)])
        target = self.path("p.md")
        code, out, err = run("report", self.later, *self.options, "--round", "2026", "--since", "2025", "-o", target, "--json")
        self.assertEqual((code, json.loads(out)["since"]), (0, "round 2025"), err)
        with open(target, encoding="utf-8") as file:
            paper = file.read()
        changes = paper[paper.index("Changes since round 2025"):paper.index("# Answers")]
        self.assertIn(" ".join(sentences), " ".join(changes.split()).replace("\\", ""))
        rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in changes.splitlines() if line.startswith("|")]
        for row in (["aa Alpha", "In force", "None"], ["aa Alpha", "Cost; Law", "Law"], ["aa Alpha", "10", "12"],
                    ["bb Beta", "not usable: many", "5"], ["aa Alpha", "2 entries", "1 entry"],
                    ["Status of the law", "bb", "In draft", "this version of the form does not offer the choice"],
                    ["New question", "", "", "the question was not asked then"]):
            self.assertIn(row, rows)

    def test_what_is_about_everyone_is_not_there_for_a_group(self):
        target = self.path("p.html")
        self.assertEqual(run("report", self.later, *self.options, "--round", "2026", "--since", "2025", "-o", target)[0], 0)
        nested = Nested()
        with open(target, encoding="utf-8") as file:
            nested.feed(file.read())
        self.assertEqual(nested.open, [])
        self.assertEqual({heading: group for heading, group in nested.headings if not heading.startswith("Annex")},
                         {"Summary": "", "Changes since round 2025": "", "Answers": None})
        self.assertEqual(nested.articles["Changes since round 2025"], {""})
        self.assertEqual(nested.articles["Answers"], {None})

    def test_a_time_that_is_none_is_rejected(self):
        for since, words in (("2026", "2026 is the round of the report itself"),
                             ("last year", '"last year" is neither a round in the store nor a day, such as 2026-12-01'),
                             ("2027-01-01", "2027-01-01 is not before the time of the report")):
            got = run("report", self.later, *self.options, "--round", "2026", "--since", since, "-o", self.path("none.xlsx"))
            self.assertEqual(got[0], 2)
            self.assertIn("--since: " + words, got[2])
            self.assertFalse(os.path.exists(self.path("none.xlsx")))


if __name__ == "__main__":
    unittest.main()
