"""What may not be shown cannot be found, answer by answer: each answer of a withheld response is changed in turn, then each of
one that may only be counted, and everything that is written is compared.

A withheld response changes nothing.  One that may only be counted changes counts that are not suppressed, and what is made of
those counts alone: outputs with the same counts are equal to the byte.  All responses are invented.
"""
import collections
import os
import random
import re
import unittest
import zipfile

import openpyxl

from story import FULL, Story, run

SEED = 12
SURVEY = """survey
,type,name,label,required,audience,relevant,calculation,constraint
,select_one who,who,Economy,yes,,,,
,select_one release,release,How may this be shown?,,,,,
,select_one yesno,consent,May contacts be circulated?,,,,,
,text,officer,Officer,,contact,,,
,begin_group,law,The law,,,,,
,select_one status,status,Status,,,,,
,select_one status,second,Status of the second,,,${status} != 'none',,
,select_multiple why,why,Obstacles,,,,,
,end_group,,,,,,,
,begin_group,sizes,Sizes,,,,,
,integer,people,Seafarers,,,,,. < 5000
,decimal,fee,Fee,,,,,
,calculate,double,Twice the seafarers,,,,${people} * 2,
,date,since,In force since,,,,,
,dateTime,checked,Checked at,,,,,
,time,opens,Opens at,,,,,
,geopoint,port,Main port,,,,,
,text,notes,Notes,,,,,
,end_group,,,,,,,
,begin_repeat,doc,Documents,,,,,
,text,title,Title of the document,,,,,
,select_one status,doc_status,Its status,,,,,
,integer,pages,Its pages,,,,,
,end_repeat,,,,,,,
choices
,list_name,name,label
"""
SETTINGS = "settings\n,form_title,form_id,respondent,release,circulate\n,Small form,small,who,release,consent\n"
LISTS = [("release", "attributed", "By name"), ("release", "members_only", "Members"),
         ("release", "aggregate_only", "Counts only"), ("yesno", "yes", "Yes"), ("yesno", "no", "No"),
         ("status", "force", "In force"), ("status", "draft", "In draft"), ("status", "none", "None"),
         ("why", "cost", "Cost"), ("why", "law", "Law"), ("why", "staff", "Staff")]
CODES = ["R%02d" % i for i in range(1, 17)]
SECRET = "R09"
DAYS = ("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z", "2026-12-03T00:00:00Z")
# Other answers to each question, among them such as cannot be used; "" takes the answer out.
OTHERS = {
    "consent": ["yes", "", "perhaps"], "officer": ["Somebody else", ""], "status": ["force", "draft", "none", "", "N/A", "CONF", "?"],
    "second": ["draft", "none", "", "D/K"], "why": ["cost", "law", "law staff", "cost law staff", "", "many"],
    "people": ["4", "123", "9999", "few", "", "N/A"], "fee": ["0.5", "1e3", "free", ""],
    "since": ["2001-02-03", "1850-01-01", "31 June", ""], "checked": ["2026-01-01T10:00:00+02:00", "later", ""],
    "opens": ["08:15", "noon", ""], "port": ["1 2", "95 400", ""], "notes": ["Others", "", "Long " * 400, "=1+1"],
    "doc[1]/title": ["A book", ""], "doc[1]/doc_status": ["none", "x", ""], "doc[1]/pages": ["7", "many", ""],
    "doc[2]/title": ["A second book"], "doc[3]/pages": ["3"],
}


def unpacked(path):
    """Each part of a workbook or .docx by its name; the text of another file."""
    if path.endswith((".xlsx", ".docx")):
        with zipfile.ZipFile(path) as parts:
            return {name: parts.read(name) for name in sorted(parts.namelist())}
    with open(path, "rb") as file:
        return {"": file.read()}


def cells(book, sheet):
    """Value, note and whether it is bold, of each cell that has one of these."""
    return {cell.coordinate: (cell.value, cell.comment and cell.comment.text, bool(cell.font.b))
            for row in book[sheet].iter_rows() for cell in row if cell.value is not None or cell.comment}


def table(book, sheet, heading):
    rows = [["" if cell is None else cell for cell in row] for row in book[sheet].values]
    at = next(i for i, row in enumerate(rows) if heading in row)
    return [dict(zip(rows[at], row)) for row in rows[at + 1:] if any(cell != "" for cell in row)]


class Secrecy(Story):
    def setUp(self):
        super().setUp()
        text = SURVEY + "".join(",who,%s,Land %s\n" % (code, code) for code in CODES)
        self.form = self.write("form.csv", text + "".join(",%s,%s,%s\n" % row for row in LISTS) + SETTINGS)
        self.write("roster.csv", "code,name,group:Region\n" + "".join(
            "%s,Land %s,%s\n" % (code, code, "North" if i % 2 else "South") for i, code in enumerate(CODES)))
        self.number = 0
        self.chance = random.Random(SEED)

    def answers(self, code, release):
        """A return with an answer to everything, by path."""
        pick = self.chance.choice
        return {"who": code, "release": release, "consent": pick(["yes", "no"]), "officer": "Officer " + code,
                "status": pick(["force", "draft", "none"]), "second": pick(["force", "draft"]), "why": pick(["cost", "cost law"]),
                "people": str(self.chance.randrange(5000)), "fee": "%d.5" % self.chance.randrange(90),
                "since": "20%02d-03-04" % self.chance.randrange(26), "checked": "2026-11-0%dT10:00:00Z" % (1 + self.chance.randrange(9)),
                "opens": "0%d:30" % self.chance.randrange(10), "port": "%d %d" % (self.chance.randrange(80), self.chance.randrange(80)),
                "notes": "Notes " + code, "doc[1]/title": "Book " + code, "doc[1]/doc_status": pick(["force", "draft"]),
                "doc[1]/pages": str(self.chance.randrange(300))}

    def others(self):
        """The returns but the one in question: by name, for members, for counts, and withheld."""
        return ([self.answers(code, "attributed") for code in CODES[:4]] + [self.answers(code, "members_only") for code in CODES[4:6]] +
                [self.answers(code, "aggregate_only") for code in CODES[9:14]] + [self.answers(CODES[14], "")])

    def file(self, folder, answers, remark=None, name=None, dialect="%s,,,%s,%s\n", encoding="utf-8"):
        quote = '"%s"'
        lines = dialect % ("question", "answer", "note") if dialect != "%s,,,%s,%s\n" else "question,no,label,answer,note\n"
        for path, answer in answers.items():
            if answer:
                lines += dialect % (path, quote % answer, remark or "" if path == "status" else "")
        return self.write("%s/%s.csv" % (folder, name or answers["who"]), lines.encode(encoding))

    def outputs(self, returns, *more, earlier=None, **file):
        """All outputs for all audiences, from a store of their own; `more`: further options of the workbook.  earlier: a return
        that the last one revises."""
        self.number += 1
        folder = "run%d" % self.number
        os.mkdir(self.path(folder))
        os.mkdir(self.path(folder + "/first"))
        given = ["--store", self.path(folder + "/s.db"), "--round", "r"]
        paths = [self.file(folder, answers) for answers in returns[:-1]]
        if earlier:
            got = run("import", self.form, self.file(folder + "/first", earlier), *given, "--now", DAYS[0])
            self.assertIn(got[0], (0, 1), got)
        got = run("import", self.form, *paths, self.file(folder, returns[-1], **file), *given, "--now", DAYS[1])
        self.assertIn(got[0], (0, 1), got)
        self.assertIn("+ 0 quarantined", got[1])
        found = {}
        for audience in ("public", "members"):
            for ending in ("xlsx", "md", "html", "docx"):
                path = self.path("%s/%s.%s" % (folder, audience, ending))
                got = run("report", self.form, *given, "--now", DAYS[2], "--audience", audience, *(more if ending == "xlsx" else ()),
                          "-o", path)
                self.assertEqual(got[0], 0, got)
                found[audience, ending] = unpacked(path)
        return folder, found

    def changes(self, secret):
        """What is changed, and the return with that change: of each answer one, or all of the above."""
        for path, others in OTHERS.items():
            others = [other for other in others if other != secret.get(path, "")]
            for other in others if FULL else [self.chance.choice(others)]:
                yield "%s: %.20s" % (path, other), {**secret, path: other}

    def same(self, found, kept, about):
        for key, parts in found.items():
            self.assertEqual(sorted(parts), sorted(kept[key]), about)
            differ = [name for name in parts if parts[name] != kept[key][name]]
            self.assertEqual(differ, [], (about, key))

    def test_a_withheld_response_changes_nothing(self):
        returns = self.others()
        secret = self.answers(SECRET, "")
        _, kept = self.outputs(returns + [secret])
        for about, changed in self.changes(secret):
            self.same(self.outputs(returns + [changed])[1], kept, about)
        self.same(self.outputs(returns + [{**secret, "release": "of no such choice"}])[1], kept, "release")

    def test_nor_do_its_remarks_its_file_or_its_entries(self):
        returns = self.others()
        secret = self.answers(SECRET, "")
        _, kept = self.outputs(returns + [secret])
        for about, file in (("remark", {"remark": "Said in private"}), ("encoding", {"encoding": "utf-16"}),
                            ("dialect", {"dialect": "%s;%s;%s\n"}), ("words", {})):
            changed = {**secret, "status": "In Force"} if about == "words" else secret
            self.same(self.outputs(returns + [changed], **file)[1], kept, about)

    def test_nor_does_it_in_what_is_compared_or_crossed(self):
        returns = self.others()
        secret = self.answers(SECRET, "")
        for more, earlier in ((("--cross", "status", "--technical", "--orient", "across", "--labels", "code"), None),
                              (("--since", "2026-12-01T12:00:00Z"), {**secret, "status": "force", "notes": "Before"})):
            _, kept = self.outputs(returns + [secret], *more, earlier=earlier)
            for path in ("status", "second", "why", "people", "since", "notes", "doc[1]/title", "doc[2]/title"):
                _, found = self.outputs(returns + [{**secret, path: OTHERS[path][0]}], *more, earlier=earlier)
                self.same(found, kept, (more, path))
        _, found = self.outputs(returns + [secret], *more, earlier={**earlier, "status": "none", "people": "7", "notes": "Other"})
        self.same(found, kept, "the answers before")

    def test_members_only_is_as_good_as_withheld_to_the_public(self):
        returns = self.others()
        secret = self.answers(SECRET, "members_only")
        _, kept = self.outputs(returns + [secret])
        seen = set()
        for about, changed in self.changes(secret):
            _, found = self.outputs(returns + [changed])
            public = {key: parts for key, parts in found.items() if key[0] == "public"}
            self.same(public, kept, about)
            seen.add(found["members", "xlsx"] == kept["members", "xlsx"])
        self.assertEqual(seen, {False})  # members see each of the changes

    # ------------------------------------------------------------ in counts only

    def residuals(self, book):
        """By question and choice: how many chose it who are not named."""
        found = collections.defaultdict(dict)
        for row in table(book, "Counts", "option"):
            named = len(re.findall(r"\bR\d\d\b", str(row["names"])))
            if row["option"] != "(total)":
                found[row["name"]][row["option"]] = row["n"] - named
        return found

    def test_one_for_counts_changes_counts_and_what_is_made_of_them(self):
        returns = self.others()
        secret = self.answers(SECRET, "aggregate_only")
        by_counts, numbers = {}, collections.Counter()
        _, kept = self.outputs(returns + [secret])
        for about, changed in [("as it is", secret), *self.changes(secret)]:
            folder, found = self.outputs(returns + [changed])
            for audience in ("public", "members"):
                book = openpyxl.load_workbook(self.path("%s/%s.xlsx" % (folder, audience)))
                counts = tuple(sorted((c, v[0]) for c, v in cells(book, "Counts").items()))
                mine = {key: parts for key, parts in found.items() if key[0] == audience}
                if (audience, counts) in by_counts:
                    self.same(mine, by_counts[audience, counts], about)
                else:
                    by_counts[audience, counts] = mine
                    numbers[audience] += 1
                self.check_other_sheets(book, audience, about)
        # some changes are seen in counts, some are not
        self.assertGreater(min(numbers.values()), 1)
        self.assertLess(max(numbers.values()), len(OTHERS) if not FULL else 40)

    def check_other_sheets(self, book, audience, about):
        """Sheets without counts are always the same; a Matrix is, but for the group's line and what differs from it."""
        kept = self.__dict__.setdefault("kept", {})
        for sheet in book.sheetnames:
            if sheet in ("Counts", "Summary", "Overview", "Manifest"):
                continue
            mine = cells(book, sheet)
            if sheet == "Documents":  # "11 entries from 10 economies."
                del mine["A2"]
            if sheet in ("Numbers", "Dates"):  # their other figures are of those who are named
                for heading in ("answered", "asked"):
                    (column,) = {at.rstrip("0123456789") for at, cell in mine.items() if cell[0] == heading}
                    mine = {at: cell for at, cell in mine.items() if at.rstrip("0123456789") != column}
                mine = {at: re.sub(r"\(of \d+ entries\)", "", str(cell)) for at, cell in mine.items()}
            if sheet == "Matrix":
                heads = next(row for row in book[sheet].iter_rows() if row[0].value == "code")
                group = next(row for row in book[sheet].iter_rows() if row[0].value == "(group)")
                self.check_bold(book, heads, group, about)
                mine = {at: cell[:2] for at, cell in mine.items() if not at.endswith(str(group[0].row))}
            self.assertEqual(mine, kept.setdefault((audience, sheet), mine), (about, audience, sheet))
        text = "\n".join(str(value) for sheet in book for row in sheet.values for value in row if value is not None)
        self.assertNotIn("Notes " + SECRET, text)
        self.assertNotIn("Book " + SECRET, text)

    def check_bold(self, book, heads, group, about):
        """The group's line is made of Counts, and the answers in bold of that line: they say nothing else."""
        counts = collections.defaultdict(dict)
        for row in table(book, "Counts", "option"):
            counts[str(row["label"])][row["option"]] = row
        for column, head in enumerate(heads):
            own = counts.get(head.value) or {}
            options = {o: r for o, r in own.items() if not o.startswith("(")}
            if not options or head.value == "Obstacles":
                continue
            answered = own["(answered)"]["n"] if "(answered)" in own else sum(r["n"] for r in options.values())
            most = [r for r in options.values() if 2 * r["n"] > answered]
            wanted = "%s: %d of %d" % (most[0]["option label"], most[0]["n"], answered) if most else \
                "no majority" if answered > 1 else None
            self.assertEqual(group[column].value, wanted, (about, head.value))
            labels = {r["option label"] for r in options.values()} - {m["option label"] for m in most}
            for row in book["Matrix"].iter_rows(min_row=heads[0].row + 1, max_row=group[0].row - 1):
                self.assertEqual(bool(row[column].font.b), bool(most) and row[column].value in labels, (about, head.value))

    def test_no_choice_of_those_who_are_counted_can_be_told(self):
        """By subtraction: of a choice as few as one, or as many as all of them."""
        small = 0
        for turn in range(60 if FULL else 12):
            self.chance.seed(SEED + turn)
            number = self.chance.choice([3, 4, 5, 8])
            answered = self.chance.random() < 0.5
            counted = []
            for code in CODES[4:4 + number]:
                answers = self.answers(code, "aggregate_only")
                answers["status"] = self.chance.choice(["force", "draft"]) if answered else "force"
                answers["why"] = self.chance.choice(["cost", "cost law", "law staff"]) if answered else "cost law"
                counted.append(answers)
            folder, _ = self.outputs([self.answers(code, "attributed") for code in CODES[:3]] + counted)
            book = openpyxl.load_workbook(self.path(folder + "/members.xlsx"))
            if not answered:  # nor by who was asked the question that depends on it
                self.assertEqual({o for o, n in self.residuals(book)["second"].items() if n}, {"(withheld)"})
            for question, options in self.residuals(book).items():
                for option, n in options.items():
                    if option.startswith("("):
                        continue
                    self.assertTrue(n == 0 or 3 <= n < number, (turn, question, option, n, number))
                    small += n > 0
        self.assertGreater(small, 3)


class Known(Story):
    """What everybody knows is no secret, though a withheld response says it too: nothing is rejected by mistake."""

    def test_a_name_in_words_a_shared_answer_and_words_of_the_form(self):
        form = self.write("form.csv", "survey\n,type,name,label,audience\n,text,who,Who are you?,\n,select_one release,release,Release,\n"
                          ",text,notes,What do you think of it?,\n,text,phone,Telephone,contact\nchoices\n,list_name,name,label\n"
                          ",release,attributed,By name to everybody\nsettings\n,form_title,form_id,respondent,release\n"
                          ",A form with a long title,known,who,release\n")
        given = {"The Ministry of Transport": ("attributed", "We have nothing to add to this", "+61 2 5550 0100 ext. 12"),
                 "The Coast Guard of the North": ("", "We have nothing to add to this", "+61 2 5550 0100 ext. 13"),
                 "The Harbour Master's Office": ("", "A form with a long title", "What do you think of it?"),
                 "The Customs and Excise Board": ("", "By name to everybody", "The Ministry of Transport")}
        for number, (who, answers) in enumerate(given.items()):
            self.write("r%d.csv" % number, "question,answer\nwho,%s\nrelease,%s\nnotes,%s\nphone,%s\n" % (who, *answers))
        options = ["--store", self.path("s.db"), "--round", "r", "--now", DAYS[1]]
        got = run("import", form, *[self.path("r%d.csv" % number) for number in range(len(given))], *options)
        self.assertIn(got[0], (0, 1), got)
        for name in ("s.xlsx", "s.md"):
            got = run("report", form, *options, "--audience", "public", "-o", self.path(name))
            self.assertEqual(got[0], 0, got)
        text = b"".join(unpacked(self.path("s.xlsx")).values()).decode("utf-8", "replace")
        self.assertIn("The Coast Guard of the North", text)
        self.assertNotIn("ext. 13", text)


if __name__ == "__main__":
    unittest.main()
