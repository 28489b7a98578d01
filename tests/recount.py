"""The returned files of a workbook, read by other means than its own; what its figures are recomputed from."""
import csv
import os
import re
import shutil
import tempfile

import openpyxl

from story import NOW, ROOT, run

DRILLS = os.path.join(ROOT, "forms/drills-exercises.csv")
ROSTER = os.path.join(ROOT, "forms/roster.csv")


def form_sheets(path):
    """The rows of a form's sheets, as dictionaries by heading."""
    sheets, name, heads = {}, None, None
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if row and row[0]:
                name, heads = row[0], None
                sheets[name] = []
            elif heads is None:
                heads = row
            else:
                sheets[name].append({head: cell for head, cell in zip(heads, row) if head})
    return sheets


def answers_of(path):
    """The answers of a return in the long layout, by question."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["question"]: row["answer"].strip() for row in rows if row["answer"].strip()}


def unanswered(row):
    """The states, {word: (n, names)}, of the only row that Counts or Groups has of a question without any answer; None of
    other rows."""
    told = re.fullmatch(r"There are no entries\.|(No \w+ answered|No answer was found|No entry has an answer) (\(.+\))\.",
                        row["option label"] or "")
    if not told:
        return None
    states = re.findall(r"([a-z ]+) (\d+)(?: \(([^()]+)\))?[;)]", told[2] or "")
    return {word.strip(): (int(n), names) for word, n, names in states}


class Condition:
    """The column relevant of the shipped forms, as an expression of Python."""

    def __init__(self, text):
        text = re.sub(r"date\(('[^']*')\)", r"\1", text)
        text = re.sub(r"\$\{(\w+)\} > (\d+)", r"float(value('\1') or 'nan') > \2", text)
        text = re.sub(r"\$\{(\w+)\}", r"value('\1')", text)
        self.code = compile(re.sub(r"(?<![!<>=])=", "==", text), text, "eval")

    def holds(self, value):
        return bool(eval(self.code, {"value": value, "selected": lambda answer, option: option in answer.split()}))


def asked_of(survey, answers):
    """The questions that a respondent with these answers was asked, in the order of the form: question, entry or None."""
    asked, groups, at = [], [], 0
    entries = {}
    for path in answers:
        found = re.fullmatch(r"(\w+)\[(\d+)\]/\w+", path)
        if found:
            entries[found[1]] = max(entries.get(found[1], 0), int(found[2]))

    def holds(row, value):
        return not row.get("relevant") or Condition(row["relevant"]).holds(value)

    while at < len(survey):
        row, kind = survey[at], survey[at]["type"].replace(" ", "_")
        at += 1
        if kind.startswith("end_"):
            groups.pop()
        elif kind == "begin_repeat":
            end = next(i for i in range(at, len(survey)) if survey[i]["type"].replace(" ", "_") == "end_repeat")
            for entry in range(1, 1 + entries.get(row["name"], 0)):
                def value(name, start="%s[%d]/" % (row["name"], entry)):
                    return answers.get(start + name, answers.get(name, ""))
                if all(groups) and holds(row, value):
                    asked += [(inner["name"], entry) for inner in survey[at:end]
                              if inner["type"] not in ("note", "calculate") and holds(inner, value)]
            at = end + 1
        elif kind == "begin_group":
            groups.append(holds(row, lambda name: answers.get(name, "")))
        elif kind not in ("note", "calculate") and all(groups) and holds(row, lambda name: answers.get(name, "")):
            asked.append((row["name"], None))
    return asked


def crowd(place, count):
    """The form about drills and its roster, for so many invented respondents."""
    codes = ["E%03d" % i for i in range(count)]
    with open(DRILLS, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    at = next(i for i, row in enumerate(rows) if row[1:3] == ["economy", "AUS"])
    blank = [""] * (len(rows[at]) - 4)
    rows = [row for row in rows if row[1] != "economy"]
    rows[at:at] = [["", "economy", code, "Land " + code, *blank] for code in codes]
    form, roster = os.path.join(place, "form.csv"), os.path.join(place, "roster.csv")
    with open(form, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with open(roster, "w", encoding="utf-8") as file:
        file.write("code,name,group:Region\n")
        file.writelines("%s,Land %s,Region %d\n" % (code, code, i % 7) for i, code in enumerate(codes))
    return form, roster


class Given:
    """A workbook and the returns it was made from; `form` and `returns` are set by the classes below this."""
    roster = ROSTER
    imported = 0  # the exit code of import

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-position-")
        cls.book_path = os.path.join(cls.place, "s.xlsx")
        cls.options = ["--store", os.path.join(cls.place, "s.db"), "--now", NOW, "--roster", cls.roster]
        files = cls.returns()
        code, _, err = run("import", cls.form, *files, *cls.options)
        assert code == cls.imported, err
        code, _, err = run("report", cls.form, *cls.options, "--audience", "secretariat", "-o", cls.book_path)
        assert code == 0, err
        cls.book = openpyxl.load_workbook(cls.book_path)
        sheets = form_sheets(cls.form)
        cls.labels = {}
        for row in sheets["choices"]:
            cls.labels.setdefault(row["list_name"], {})[row["name"]] = row["label"]
        cls.questions, inside = {}, 0
        for row in sheets["survey"]:
            inside += {"begin_repeat": 1, "end_repeat": -1}.get(row["type"].replace(" ", "_"), 0)
            if not inside:
                cls.questions[row["name"]] = row
        (cls.settings,) = sheets["settings"]
        with open(cls.roster, encoding="utf-8-sig", newline="") as file:
            cls.economies = {row["code"]: row for row in csv.DictReader(file)}
        cls.given, cls.paths = {}, {}
        for path in files:
            answers = answers_of(path)
            cls.given[answers[cls.settings["respondent"]]] = answers
            cls.paths[answers[cls.settings["respondent"]]] = path

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def rows(self, sheet, book=None):
        rows = list((book or self.book)[sheet].iter_rows(values_only=True))
        head = next(i for i, row in enumerate(rows) if row[0] in ("question", "Question", "code"))
        return [dict(zip(rows[head], row)) for row in rows[head + 1:] if any(c is not None for c in row)]

    def selects(self, several=False):
        """Questions of one choice (or of several too) outside repeats, with their lists."""
        for name, row in self.questions.items():
            kind = row["type"].split()
            if kind[0] == "select_one" or (several and kind[0] == "select_multiple"):
                yield name, kind[1]

    def identifying(self):
        return [self.settings.get(key) for key in ("respondent", "release", "circulate", "basis")]

    def title(self, name):
        """Above the question's column."""
        return self.cut((self.questions[name]["qno"] + " " + self.questions[name]["label"]).strip(), 60)

    @staticmethod
    def cut(text, most):
        """A text that is too long ends between two words, if there are some near its end."""
        if len(text) <= most:
            return text
        blank = text.rfind(" ", most - 20, most)
        return text[:blank if blank > 0 else most - 1] + "…"

    def by_option(self, question):
        """Codes of respondents by option, in the order of the roster."""
        found = {}
        for code in self.economies:
            for option in self.given.get(code, {}).get(question, "").split():
                found.setdefault(option, []).append(code)
        return found

    def groups(self):
        """Each group of each grouping, with a code in it; groups as the roster has them first."""
        for head in next(iter(self.economies.values())):
            for code, row in self.economies.items() if head.startswith("group:") else []:
                yield row[head] or "(no group)", code
