"""Status, the workbook and the three papers agree figure for figure: the published returns, two more forms and 200 invented
responses, each for the three audiences."""
import collections
import json
import os
import re
import shutil
import tempfile
import unittest

from demo_story import sheet_rows
from paper_story import Agreement, same, write_all
from recount import crowd, unanswered
from story import FORM, NOW, ROOT, Story, import_json, published, run

FIGURES = {"n": "n", "Lowest": "min", "Lower quartile": "lower quartile", "Median": "median",
           "Upper quartile": "upper quartile", "Highest": "max", "Mean": "mean", "Sum": "sum"}
STATES = ("answered", "N/A", "D/K", "withheld", "not usable", "no answer")


def in_papers(paper, heading):
    """The tables below a heading: each starts at its own header row."""
    tables = []
    for row in paper.tables.get(heading, []):
        if row[0] in ("Answer", "n") or not tables:
            tables.append([])
        tables[-1].append(row)
    return tables


class Agree(Agreement):
    """What must be so for each audience; `audience`, `form` and `answers` are set by the classes below."""
    least = 60

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-agreement-")
        cls.given = ["--store", os.path.join(cls.place, "s.db")]
        files = cls.answers()
        code, told, err = import_json(cls.form, *files, *cls.given, "--now", NOW)
        assert (code, told["responses"]["new"]) == (0, len(files)), (told, err)
        cls.book, cls.papers = write_all(cls.place, cls.form, *cls.given, "--audience", cls.audience)
        cls.status = json.loads(run("status", cls.form, *cls.given, "--now", NOW, "--json")[1])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    @classmethod
    def simulated(cls, left_out, *more):
        """Invented returns, but for the last of the roster."""
        out = os.path.join(cls.place, "in")
        code, told, err = run("simulate", cls.form, "--now", NOW, "--seed", "5", "-o", out, *more)
        assert code == 0, told + err
        files = [os.path.join(out, name) for name in sorted(os.listdir(out))]
        return files[:-left_out]

    def silent(self):
        return [one["code"] for one in self.status["respondents"] if not one["returned"]]

    def test_the_rate_is_the_same_everywhere(self):
        replied, roster = self.status["replied"], self.status["roster"]
        compiled = sum(one["state"] == "answered (compiled)" for one in self.status["respondents"])
        facts = {row[0]: row[1] for row in self.book["Summary"].iter_rows(values_only=True, max_col=2) if row[0]}
        rate = facts["Replies" if compiled else "Responses"]
        self.assertEqual(re.match(r"(\d+) of (\d+) \w+ \((\d+)%\)$", rate).groups(),
                         (str(replied), str(roster), str((200 * replied + roster) // (2 * roster))))
        told = run("status", self.form, *self.given, "--now", NOW)[1]
        self.assertIn("\n%d of %d answered" % (replied, roster), told)
        withheld = sum(row["release"] == "withheld" for row in sheet_rows(self.book, "Returns"))
        for paper in self.papers.values():
            said = [re.search(r"(?:^|[: ])(\d+) econom(?:y|ies)(?=$|:| \()", text) for kind, text in paper.blocks if kind == "fact"]
            self.assertEqual([int(one.group(1)) for one in said if one],
                             [roster, replied, *([compiled] if compiled else []), roster - replied - compiled,
                              *([withheld] if withheld else [])])

    def test_returns_and_the_silent_are_those_of_status(self):
        rows = {row["code"]: row for row in sheet_rows(self.book, "Returns")}
        missing = {row["code"]: row["state"] for row in sheet_rows(self.book, "Non-respondents")}
        self.assertEqual(list(missing), self.silent())
        counted = 0
        for one in self.status["respondents"]:
            row = rows[one["code"]]
            self.assertEqual(row["name"], one["name"])
            if one["code"] in missing:
                self.assertEqual(missing[one["code"]], row["state"])
            else:
                self.assertEqual(row["state"], one["state"])
            if one["returned"] and isinstance(row["asked"], int) and self.audience == "secretariat":
                self.assertEqual((row["asked"], sum(row[state] for state in STATES[:4])), (one["asked"], one["answered"]))
                self.assertEqual((row["errors"], row["warnings"], row["revision"]),
                                 (one["errors"], one["warnings"], one["revision"]))
                counted += 1
        self.assertEqual(counted > 0, self.audience == "secretariat")
        for state in STATES:
            self.assertEqual(rows["(total)"][state],
                             sum(row[state] for code, row in rows.items() if code != "(total)" and isinstance(row[state], int)))

    def test_the_sentences_of_the_papers_are_those_of_the_summary(self):
        rows = list(self.book["Summary"].iter_rows(values_only=True))
        head = next(at for at, row in enumerate(rows) if row[0] == "Question")
        wanted = [same("%s%s %s" % (row[0], "" if row[0].endswith(("?", ".")) else ":", row[1])) for row in rows[head + 1:]
                  if row[0] and row[1]]
        self.assertGreater(len(wanted), 1)
        for paper in self.papers.values():
            self.assertEqual([text for kind, text in paper.blocks if kind == "item"][:len(wanted)], wanted)

    def overview(self):
        """The rows of the sheet Overview, each with the header row above it."""
        head = None
        for row in self.book["Overview"].iter_rows(values_only=True):
            if isinstance(row[1], str):
                head = row
            elif head and row[0] and row[1] is not None:
                yield head, row

    def test_the_overview_has_the_figures_of_counts_numbers_and_status(self):
        counts, seen = {}, {"Question": 0, "Number": 0, "several": 0, "group": 0}
        for row in sheet_rows(self.book, "Counts"):
            options = counts.setdefault(same("%s %s" % (row["question"] or "", row["label"])), {})
            options[row["option"]] = options[row["option label"]] = row["n"]
        numbers = {same("%s %s" % (row["question"] or "", row["label"])): row for row in sheet_rows(self.book, "Numbers")
                   if row["group"] == "(all)"} if "Numbers" in self.book.sheetnames else {}
        answered = {one["code"] for one in self.status["respondents"] if one["state"].startswith("answered")}
        returns = sheet_rows(self.book, "Returns")
        for head, row in self.overview():
            if head[0] == "Question":
                own = counts[same(row[0])]
                self.assertEqual((row[1], row[2]), (own["(answered)"], own["(total)"]), row)
                for label, n in zip(head[3:], row[3:]):
                    if label in own and n is not None:
                        self.assertEqual(n, own[label], (row[0], label))
                        seen["Question"] += 1
            elif head[0] == "Number":
                own = numbers[same(row[0])]
                self.assertEqual(dict(zip(head[1:8], row[1:8])),
                                 {heading: own[name] for heading, name in FIGURES.items() if heading != "Mean"}, row[0])
                seen["Number"] += 1
            elif list(head[1:4]) == ["n", "Answered", "share"]:
                own = counts[same(head[0] + " (several answers possible)")]  # a row for each choice
                cut = row[0].rstrip("…")
                chose = {n for label, n in own.items() if label == row[0] or (cut != row[0] and str(label).startswith(cut))}
                self.assertEqual((chose, row[2]), ({row[1]}, own["(answered)"]), (head[0], row))
                self.assertAlmostEqual(row[3], row[1] / row[2])
                seen["several"] += 1
            else:
                members = [one["code"] for one in returns if one.get(head[0]) == row[0]]
                self.assertEqual((row[1], row[2]), (len(answered & set(members)), len(members)), row)
                seen["group"] += 1
        self.assertGreater(seen["Question"], 3)
        self.assertGreater(seen["several"], 0)
        self.assertGreater(seen["group"], 4)
        self.assertEqual(seen["Number"] > 0, any(row["n"] and "(of" not in row["label"] for row in numbers.values()))

    def test_numbers_and_dates_of_the_papers_are_those_of_the_sheets(self):
        wanted = {}
        for sheet, part in (("Numbers", "group"), ("Dates", "year")):
            for row in sheet_rows(self.book, sheet) if sheet in self.book.sheetnames else []:
                if row[part] == "(all)" and row["n"]:
                    label = re.sub(r" \(of [\d,]+ entr\w+\)$", "", row["label"])
                    wanted[same("%s %s" % (row["question"] or "", label))] = row
        seen = 0
        for ending, paper in self.papers.items():
            for heading, row in wanted.items():
                table = next((table for table in in_papers(paper, heading) if table[0][0] == "n"), None)
                if table is None:
                    continue
                for head, cell in zip(table[0], table[1]):
                    if head in FIGURES and FIGURES[head] in row and row[FIGURES[head]] is not None:
                        figure = float(cell.replace(",", "")) if re.fullmatch(r"-?[\d,.]+", cell) else cell
                        if isinstance(figure, float):
                            self.assertAlmostEqual(figure, row[FIGURES[head]], None, (ending, heading, head), 0.0051)
                            seen += 1
        self.assertEqual(seen > 0, any("min" in row for row in wanted.values()))

    def part(self, heading, group):
        """How many of a group gave each answer, as the page has it: in a table, or in the sentence that there are none."""
        page = self.papers["html"].page
        rows = page.groups.get((heading, group))
        if rows:
            self.assertEqual(sum(option.startswith("All ") for option, *_ in rows), 1)
            return {"All" if option.startswith("All ") else option: int(n.replace(",", "")) for option, n, *_ in rows}
        states = unanswered({"option label": page.lines[heading, group][0]})
        return {**{state.capitalize(): n for state, (n, _) in states.items()}, "All": sum(n for n, _ in states.values())}

    def members(self):
        """The codes of each group, by the value that the page's filter has for it."""
        returns = sheet_rows(self.book, "Returns")
        for value, title in self.papers["html"].page.options.items():
            grouping, _, group = title.partition(": ")
            if group:
                yield value, [row["code"] for row in returns if row["code"] != "(total)" and
                              (row[grouping] or "(no group)") == group]

    def test_a_group_without_any_answer_has_a_sentence_in_place_of_its_table(self):
        page, seen = self.papers["html"].page, {"told": 0, "of all": 0}
        for value, codes in self.members():
            for heading, rows in self.papers["html"].tables.items():
                if rows[0][:2] != ["Answer", "n"]:
                    continue
                told = self.part(heading, value)
                given = {option for option, n in told.items() if n} - {"No answer", "Not asked", "Returned blank",
                                                                       self.no_reply, "All"}
                self.assertEqual(bool(given), (heading, value) in page.groups, (heading, value, told))
                if any(rows[-1][0] == "All " + word for word in ("economies", "respondents")):
                    self.assertEqual(told["All"], len(codes), (heading, value))
                seen["told"] += not given
        for (heading, value), (line, *_) in page.lines.items():
            if heading not in self.papers["html"].tables:  # no one at all answered
                self.assertIsNotNone(unanswered({"option label": line}), line)
                self.assertNotIn((heading, value), page.groups)
                codes = set(re.findall(r"\b[A-Z]{2,3}\b|\bE\d{3}\b", line))
                self.assertLessEqual(codes, set(dict(self.members())[value]))
                seen["of all"] += 1
        self.assertEqual(seen["of all"] > 0, self.some_unanswered)
        self.assertTrue(seen["told"] or not self.some_unanswered)

    def test_the_figures_of_a_group_are_those_of_the_sheet_numbers(self):
        page, seen, wanted = self.papers["html"].page, 0, {}
        for row in sheet_rows(self.book, "Numbers") if "Numbers" in self.book.sheetnames else []:
            label = re.sub(r" \(of [\d,]+ entr\w+\)$", "", row["label"])
            wanted.setdefault((same("%s %s" % (row["question"] or "", label)), row["group"]), row)
        for (heading, value), figures in page.figures.items():
            row = wanted[heading, page.options[value].partition(": ")[2]]
            for head, cell in figures.items():
                self.assertAlmostEqual(float(cell.replace(",", "")), row[FIGURES[head]], None, (heading, value, head), 0.0051)
                seen += 1
        for (heading, group), row in wanted.items():
            values = [value for value, title in page.options.items() if title.partition(": ")[2] == group]
            if heading in self.papers["html"].tables:
                self.assertEqual([value for value in values if (heading, value) in page.figures], values if row["n"] else [])
        self.assertEqual(seen > 0, any(row["n"] for (_, group), row in wanted.items() if group[0] != "("))

    def test_the_answers_listed_for_a_group_are_those_of_its_members(self):
        page, members, seen = self.papers["html"].page, dict(self.members()), 0
        for (heading, value), lines in page.lines.items():
            for line in lines if (heading, value) in page.figures else []:
                codes = set(code for part in line.split("; ") for code in part.partition(": ")[2].split(", ") if ": " in part)
                self.assertLessEqual(codes, set(members[value]), (heading, value, line))
                seen += len(codes)
        entries = {heading for heading, rows in self.papers["html"].tables.items() if "All entries" in [row[0] for row in rows]}
        self.assertEqual(seen > 0, any(heading not in entries for heading, _ in page.figures))

    def test_the_groups_of_the_page_add_up_to_everybody(self):
        """Who may only be counted is counted in no group, so that a small one does not tell: there it is withheld."""
        page, seen = self.papers["html"].page, 0
        groupings = {title.partition(": ")[0] for title in page.options.values() if ": " in title}
        for heading, rows in self.papers["html"].tables.items():
            for grouping in groupings if rows[0][:2] == ["Answer", "n"] else []:
                sums = collections.Counter()
                for value, title in page.options.items():
                    sums.update(self.part(heading, value) if title.startswith(grouping + ": ") else {})
                for option, n, *_ in in_papers(self.papers["html"], heading)[0][1:] if sums else []:
                    less = int(n.replace(",", "")) - sums["All" if option.startswith("All ") else option]
                    if self.audience == "secretariat" or option.startswith("All "):
                        self.assertEqual(less, 0, (heading, grouping, option))
                    elif option != "Withheld":
                        self.assertGreaterEqual(less, 0, (heading, grouping, option))
                    seen += 1
        self.assertGreater(seen, self.least // 3)

    def test_comments_are_the_same(self):
        """Of every text of the sheet there is one passage in each paper for each question it is about; a long one that is
        there already is referred to."""
        rows = sheet_rows(self.book, "Comments") if "Comments" in self.book.sheetnames else []
        under = {}
        for row in rows:
            under.setdefault(row["text"], (row["question"], row["name"]))
        wanted = list(dict.fromkeys((row["question"], row["name"], row["kind"], row["text"]) for row in rows))
        for ending, paper in self.papers.items():
            found = [same(text) for kind, text in paper.blocks if kind == "quote"]
            self.assertEqual(len(found), len(wanted), ending)
            for text, (question, name, _, words) in zip(found, wanted):
                if under[words] != (question, name) and len(words.encode()) > 80:
                    words = "As under %s." % under[words][0]
                self.assertTrue(text.endswith(same(words)), (ending, text, words))


class Public:
    audience = "public"


class Members:
    audience = "members"


class Secretariat:
    audience = "secretariat"


class Published(Agree):
    form, least, some_unanswered = FORM, 250, True
    no_reply = "No source found"

    @classmethod
    def answers(cls):
        return published()[:19]


class Ports(Agree):
    form = os.path.join(ROOT, "forms/port-security-plan.csv")

    @classmethod
    def answers(cls):
        return cls.simulated(3)


class Needs(Agree):
    form = os.path.join(ROOT, "forms/isps-needs.csv")

    @classmethod
    def answers(cls):
        return cls.simulated(2)


class Crowd(Agree):
    """200 responses to a shipped form, asked of 205."""

    @classmethod
    def answers(cls):
        cls.form, _ = crowd(cls.place, 205)
        return cls.simulated(5)


for answers in (Published, Ports, Needs, Crowd):
    for audience in (Public, Members, Secretariat):
        name = answers.__name__ + audience.__name__
        globals()[name] = type(name, (audience, answers, Story), {"__doc__": answers.__doc__, "__module__": __name__})


if __name__ == "__main__":
    unittest.main()
