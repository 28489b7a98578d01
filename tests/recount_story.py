"""The sheets of entries, texts, sources and changes of the comparison workbook, recomputed from the returned files and the form
by other means: the published returns, 200 invented ones, and three more forms.  Counts and the like: position_story.py."""
import csv
import datetime
import hashlib
import os
import re
import unittest

import openpyxl

from position_story import Recount
from recount import DRILLS, Given, answers_of, asked_of, crowd, form_sheets, unanswered
from story import FORM, NOW, ROOT, Story, published, run

SHORT, LONG = 48, 200  # characters of choices and of other texts in a cell
NO_ANSWER = (None, "", "no answer", "not asked", "no entries", "–")
EVIDENCE = (("as_of", "as of"), ("source_url", "source"), ("source_seen", "seen"), ("evidence", "evidence"))


def economies(count):
    return "%d %s" % (count, "economy" if count == 1 else "economies")


class Answers:
    """The form's questions and what was returned, line by line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = [row for row in form_sheets(cls.form)["survey"] if row["type"]]
        cls.by_name = {row["name"]: row for row in cls.survey if row["name"]}
        cls.raw, cls.sha = {}, {}
        for code, path in cls.paths.items():
            with open(path, encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                cls.raw[code] = [{**row, "line": reader.line_num - sum((value or "").count("\n") for value in row.values())}
                                 for row in reader]
            with open(path, "rb") as file:
                cls.sha[code] = hashlib.sha256(file.read()).hexdigest()

    def order(self):
        """The codes of those who returned something, as on the roster."""
        return [code for code in self.economies if code in self.given]

    def contact(self, name):
        return bool(self.by_name[name].get("audience"))

    @staticmethod
    def parts(path):
        """"doc[2]/title" is entry 2 and the question title; outside of repeats the entry is None."""
        found = re.fullmatch(r"\w+\[(\d+)\]/(\w+)", path)
        return (found.group(1), found.group(2)) if found else (None, path)

    def shown(self, name, answer):
        """An answer as a cell shows it."""
        kind = self.by_name[name]["type"].split()
        if kind[0] in ("select_one", "select_multiple"):
            labels = self.labels.get(kind[1], {})
            chosen = [labels.get(option, option) for option in labels if option in answer.split()]
            return self.cut("; ".join(chosen), SHORT)
        if kind[0] in ("integer", "decimal"):
            return float(answer)
        if kind[0] == "date" and answer > "1901":
            return datetime.datetime.fromisoformat(answer)
        return self.cut(answer, LONG)

    def check_cell(self, cell, name, answer, about):
        if answer:
            self.assertEqual(cell, self.shown(name, answer), about)
        elif self.by_name[name]["type"] != "calculate":
            self.assertIn(cell, NO_ANSWER, about)

    def headed(self, name):
        row = self.by_name[name]
        return self.cut((row["qno"] + " " + row["label"]).strip(), 60)


class Rest(Answers):
    """What the sheets say answer by answer."""

    # ------------------------------------------------------------ answers

    def test_matrix(self):
        rows = list(self.book["Matrix"].iter_rows(values_only=True))
        head = next(i for i, row in enumerate(rows) if row[0] == "code")
        columns = {title: [i for i, cell in enumerate(rows[head]) if cell == title] for title in rows[head]}
        lines = {row[0]: row for row in rows[head + 1:]}
        self.assertEqual([row[:2] for row in rows[head + 1:-1]],
                         [(code, row["name"]) for code, row in self.economies.items()])
        seen = 0
        asked = [row for row in self.survey if row["name"] and row["name"] in self.questions]
        for row in asked:
            kind, title = row["type"].split()[0], self.headed(row["name"])
            if title not in columns or kind in ("note", "calculate") or kind.startswith(("begin", "end")):
                continue
            same = [other["name"] for other in asked if self.headed(other["name"]) == title]
            column = columns[title][same.index(row["name"])]
            for code in self.economies:
                cell = lines[code][column]
                if code not in self.given:
                    self.assertEqual(cell, "–", (code, row["name"]))
                else:
                    self.check_cell(cell, row["name"], self.given[code].get(row["name"], ""), (code, row["name"]))
                    seen += bool(self.given[code].get(row["name"]))
        self.assertGreater(seen, 100)

    def repeats(self):
        """Each repeat with its questions."""
        for i, row in enumerate(self.survey):
            if row["type"].replace(" ", "_") == "begin_repeat":
                end = next(j for j in range(i, len(self.survey))
                           if self.survey[j]["type"].replace(" ", "_") == "end_repeat")
                yield row, [r["name"] for r in self.survey[i + 1:end] if r["type"].split()[0] not in ("note", "calculate")
                            and not r["type"].startswith(("begin", "end"))]

    def test_repeats(self):
        for repeat, names in self.repeats():
            given = {code: {path: answer for path, answer in answers.items() if path.startswith(repeat["name"] + "[")}
                     for code, answers in self.given.items()}
            sheet = next(s for s in self.book if s["A1"].value and " ".join(s["A1"].value.split()) ==
                         " ".join((repeat["qno"] + ". " + repeat["label"] if repeat["qno"] else repeat["label"]).split())
                         or s["A1"].value == repeat["label"])
            self.assertLessEqual(len(sheet.title), 31)
            self.assertTrue(sheet["A1"].value.startswith(re.sub(r" \d+$", "", sheet.title)[:20]), sheet.title)
            entries = [(code, str(entry)) for code in self.order()
                       for entry in range(1, 1 + max((int(self.parts(path)[0]) for path in given[code]), default=0))]
            people = len({code for code, _ in entries})
            compiled = sum(self.given[code].get("return_basis") == "compiled_published" for code in self.order())
            self.assertEqual(sheet["A2"].value, "%d %s from %s.%s" % (
                len(entries), "entry" if len(entries) == 1 else "entries", economies(people),
                " %s: answers compiled by others, no replies." % economies(compiled) if compiled else ""))
            rows = list(sheet.iter_rows(values_only=True))
            head = next(i for i, row in enumerate(rows) if row[0] == "code")
            self.assertEqual([(row[0], row[1], row[2]) for row in rows[head + 1:]],
                             [(code, self.economies[code]["name"], entry) for code, entry in entries])
            titles = [cell for cell in rows[head][3:] if cell]
            self.assertEqual([t for t in titles if t in map(self.headed, names)], [self.headed(name) for name in names])
            for (code, entry), row in zip(entries, rows[head + 1:]):
                for name in names:
                    answer = given[code].get("%s[%s]/%s" % (repeat["name"], entry, name), "")
                    self.check_cell(row[rows[head].index(self.headed(name))], name, answer, (code, entry, name))

    # ------------------------------------------------------------ words

    def remark(self, row):
        lines = [row.get("note") or ""] + ["%s: %s" % (words, row[key]) for key, words in EVIDENCE if row.get(key)]
        return "\n".join(line for line in lines if line)

    def test_comments(self):
        wanted = {}
        for code in self.order():
            for row in self.raw[code]:
                entry, name = self.parts(row["question"])
                if name not in self.by_name or self.contact(name):
                    continue
                if self.by_name[name]["type"] == "text" and row["answer"].strip():
                    wanted.setdefault(name, []).append((code, entry, "answer", row["answer"]))
                if self.remark(row):
                    wanted.setdefault(name, []).append((code, entry, "remark", self.remark(row)))
        if not wanted:
            self.assertNotIn("Comments", [s for s in self.book.sheetnames if self.book[s].max_row > 3])
            return
        found = {}
        for row in self.rows("Comments"):
            question = self.by_name[row["name"]]
            self.assertEqual((row["question"] or "", row["respondent"]),
                             (question["qno"], self.economies[row["code"]]["name"]), row)
            found.setdefault(row["name"], []).append((row["code"], row["entry"], row["kind"], row["text"]))
        self.assertEqual(list(found), [row["name"] for row in self.survey if row["name"] in wanted])
        self.assertEqual(found, wanted)

    # ------------------------------------------------------------ respondents

    def test_returns(self):
        rows = {row["code"]: row for row in self.rows("Returns")}
        self.assertEqual(list(rows), [*self.economies, "(total)"])
        total = 0
        for code, row in rows.items():
            if code == "(total)":
                continue
            for head in self.economies[code]:
                if head.startswith("group:"):
                    self.assertEqual(row[head[6:]], self.economies[code][head])
            if code not in self.given:
                self.assertEqual((row["asked"], row["file"]), ("–", "–"))
                self.assertIn(row["state"], ("silent", "no source found"))
                continue
            answered = sum(self.by_name[self.parts(path)[1]]["type"] != "calculate" for path in self.given[code])
            self.assertEqual((row["answered"], row["revision"], row["errors"]), (answered, 1, 0), row)
            asked = asked_of(self.survey, self.given[code])
            self.assertEqual((row["asked"], row["no answer"]), (len(asked), len(asked) - answered), row)
            self.assertEqual(row["file"], os.path.basename(self.paths[code]))
            self.assertEqual(row["received"].date().isoformat(), NOW[:10])
            compiled = self.given[code].get("return_basis") == "compiled_published"
            self.assertEqual((row["returned"], row["state"]),
                             ("compiled", "answered (compiled)") if compiled else ("yes", "answered"))
            total += answered
        self.assertEqual(rows["(total)"]["answered"], total)

    def test_who_was_asked(self):
        """Of each question of the sheet Counts, whom it was put to, and whom not."""
        asked = {}
        for code in self.order():
            for name, _ in asked_of(self.survey, self.given[code]):
                asked.setdefault(name, []).append(code)
        counts = {}
        for row in self.rows("Counts"):
            counts.setdefault(row["name"], {})[row["option"]] = row
        for name, rows in counts.items():
            if self.by_name[name]["type"] == "calculate":
                continue
            for row in rows.values():
                self.assertEqual(row["asked"], len(asked.get(name, [])), row)
            if name in self.questions:
                states = unanswered(next(iter(rows.values()))) or {"not asked": (0, "")}
                left = [code for code in self.order() if code not in asked.get(name, [])]
                self.assertEqual(rows["(not asked)"]["n"] if "(not asked)" in rows else states.get("not asked", (0, ""))[0],
                                 len(left), name)
                self.assertIn(states.get("not asked", (0, ""))[1], ("", ", ".join(left)))
        self.assertGreater(len(counts), 20)

    def test_non_respondents(self):
        rows = self.rows("Non-respondents")
        self.assertEqual([(row["code"], row["name"]) for row in rows],
                         [(code, row["name"]) for code, row in self.economies.items() if code not in self.given])
        self.assertLessEqual({row["state"] for row in rows}, {"silent", "no source found"})

    def test_groups(self):
        rows, seen = self.rows("Groups"), 0
        members = {}
        for group, code in self.groups():
            members.setdefault(group, set()).add(code)
        self.assertEqual([head for head in rows[0] if head.endswith(": n")], [group + ": n" for group in members])
        for row in rows:
            options = self.by_option(row["name"])
            answered = {code for codes in options.values() for code in codes}
            for group, codes in members.items():
                if row["option"] == "(total)":
                    self.assertEqual(row[group + ": n"], len(codes), row)
                elif row["option"] == "(answered)":
                    self.assertEqual(row[group + ": n"], len(codes & answered), row)
                elif not row["option"].startswith("("):
                    n = len(codes & set(options.get(row["option"], [])))
                    self.assertEqual(row[group + ": n"], n, row)
                    if codes & answered:
                        self.assertAlmostEqual(row[group + ": share"], n / len(codes & answered), 9, row)
                    else:
                        self.assertIsNone(row[group + ": share"])
                    seen += n > 0
        self.assertEqual({row["name"] for row in rows}, {name for name, _ in self.selects(several=True)
                                                         if name not in self.identifying() and not self.contact(name)})
        self.assertGreater(seen, 5)
        for name in {row["name"] for row in rows}:
            options = [row["option"] for row in rows if row["name"] == name]
            if not self.by_option(name) and not {"(N/A)", "(D/K)", "(withheld)", "(not usable)"} & set(options):
                (row,) = [row for row in rows if row["name"] == name]
                self.assertEqual(sum(n for n, _ in unanswered(row).values()), len(self.economies), row)

    # ------------------------------------------------------------ positions

    def compared(self):
        """Each question of choices: what each respondent chose, and whether several are possible."""
        for name, _ in self.selects(several=True):
            if name not in self.identifying() and not self.contact(name):
                yield ({code: set(self.given[code][name].split()) for code in self.order() if name in self.given[code]},
                       self.by_name[name]["type"].startswith("select_multiple"))

    @staticmethod
    def alike(left, right):
        return len(left & right) / len(left | right) if left | right else 1

    def agreements(self):
        """With the majority, and of each two: a list of shares, one for each question."""
        majority, pairs = {code: [] for code in self.order()}, {}
        for chosen, several in self.compared():
            if len(chosen) < 2:
                continue
            counts = {}
            for options in chosen.values():
                for option in options:
                    counts[option] = counts.get(option, 0) + 1
            most = max(counts.values())
            if several:
                usual = {option for option, n in counts.items() if 2 * n > len(chosen)}
            else:
                usual = {option for option, n in counts.items() if n == most}
                usual = usual if len(usual) == 1 else None
            for code, options in chosen.items():
                if usual is not None:
                    majority[code].append(self.alike(options, usual) if several else float(options == usual))
                for other, theirs in chosen.items():
                    if other != code:
                        pairs.setdefault((code, other), []).append(self.alike(options, theirs) if several
                                                                   else float(options == theirs))
        return majority, pairs

    def test_positions(self):
        rows = list(self.book["Positions"].iter_rows(values_only=True))
        heads = [i for i, row in enumerate(rows) if row[0] == "code"]
        majority, pairs = self.agreements()
        for head, figure in zip(heads, (lambda shares: sum(shares) / len(shares), len)):
            lines = [row for row in rows[head + 1:] if row[0] in self.given][:len(self.given)]
            self.assertEqual({row[0] for row in lines}, set(self.order()))
            for row in lines:
                if majority[row[0]]:
                    self.assertAlmostEqual(row[2], figure(majority[row[0]]), 9, row[:2])
                for column, other in enumerate(rows[head][3:], 3):
                    if other is None:
                        continue
                    shares = pairs.get((row[0], other))
                    if shares:
                        self.assertAlmostEqual(row[column], figure(shares), 9, (row[0], other))
                    else:
                        self.assertIn(row[column], (None, "–", 0), (row[0], other))
        if len(self.given) > 100:
            return  # only compared with the majority, in the order of the roster
        share = {code: sum(shares) / len(shares) if shares else -1 for code, shares in majority.items()}
        left, wanted = self.order(), []
        while left:
            closest = share if not wanted else {code: sum(pairs[wanted[-1], code]) / len(pairs[wanted[-1], code])
                                                if (wanted[-1], code) in pairs else -1 for code in left}
            best = max(left, key=lambda code: (round(closest[code], 12), -left.index(code)))
            wanted.append(best)
            left.remove(best)
        self.assertEqual([code for code in rows[heads[0]][3:] if code], wanted)

    # ------------------------------------------------------------ the audit

    def test_sources(self):
        found = [(row[0], row[1] or "", row[2], row[3], row[4], row[5], row[6], row[7]) for row in
                 list(self.book["Sources"].iter_rows(values_only=True))[3:]]
        wanted = []
        for code in self.order():
            lines = {}
            for row in self.raw[code]:
                if row["answer"].strip() and self.parts(row["question"])[1] in self.by_name:
                    entry, name = self.parts(row["question"])
                    lines.setdefault(name, []).append((code, self.by_name[name]["qno"], name, entry,
                                                       self.source_value(name, row["answer"].strip()),
                                                       os.path.basename(self.paths[code]), row["line"], self.sha[code]))
            for row in self.survey:
                if row["type"] != "calculate" and row["name"]:
                    wanted += lines.get(row["name"], [])
        self.assertEqual(found, wanted)

    def source_value(self, name, answer):
        kind = self.by_name[name]["type"].split()
        if kind[0] in ("integer", "decimal"):
            answer = repr(float(answer)).removesuffix(".0")
        return self.cut(answer, 80)

    def test_codebook(self):
        rows, section, depth = self.rows_of_codebook(), "", 0
        wanted = []
        for row in self.survey:
            kind = row["type"].replace("begin ", "begin_").replace("end ", "end_")
            if kind.startswith("end_"):
                depth -= 1
                section = section if depth else ""
                continue
            (name, _, listed) = kind.partition(" ")
            choices = "; ".join("%s = %s" % pair for pair in self.labels.get(listed.split(" ")[0], {}).items()) if listed else ""
            if name == "note":
                continue
            wanted.append((row["qno"], row["name"], name.replace("begin_", "") + (" " + listed if listed else ""),
                           section, row["label"], choices))
            if kind.startswith("begin_"):
                section = section if depth else row["label"]
                depth += 1
        found = [tuple(row[head] or "" for head in ("number", "name", "type", "section", "label", "choices")) for row in rows]
        self.assertEqual(len(found), len(wanted))
        for one, other in zip(found, wanted):
            self.assertEqual(tuple(map(self.bare, one[:5])), tuple(map(self.bare, other[:5])))
            self.assertEqual(one[5][:400], other[5][:400])
        for row in rows:
            of = self.by_name.get(row["name"]) or {}
            for head, own in (("asked when", "relevant"), ("rule", "constraint"), ("reference", "legal_ref")):
                self.assertEqual(row[head] or "", of.get(own) or "", (row["name"], head))

    @staticmethod
    def bare(text):
        return re.sub(r"^\w+\. ", "", text)

    def rows_of_codebook(self):
        rows = list(self.book["Codebook"].iter_rows(values_only=True))
        head = next(i for i, row in enumerate(rows) if row[0] == "number")
        return [dict(zip(rows[head], row)) for row in rows[head + 1:] if row[1]]

    def doubtful(self):
        """Code and question of each answer that a rule of the form warns of."""
        return []

    def test_findings(self):
        rows = list(self.book["Findings"].iter_rows(values_only=True))
        found = []
        for row in (dict(zip(rows[2], row)) for row in rows[3:] if row[0]):
            (raw,) = [raw for raw in self.raw[row["respondent"]] if raw["line"] == row["line"]]
            of = self.by_name[self.parts(raw["question"])[1]]
            self.assertEqual((row["question"], row["value"], row["message"], row["severity"], row["file"]),
                             (of["qno"], raw["answer"], of["warning_message"], "warning", row["respondent"] + ".csv"))
            found.append((row["respondent"], of["name"]))
        self.assertEqual(found, list(self.doubtful()))
        warned = {row["code"]: row["warnings"] for row in self.rows("Returns")}
        for code in self.given:
            self.assertEqual(warned[code], sum(who == code for who, _ in found), code)


class Published(Rest, Given, Story):
    """The published answers."""
    form = FORM

    @classmethod
    def returns(cls):
        return published()


def simulated(cls, left_out):
    """Invented returns, but for the last of the roster."""
    out = os.path.join(cls.place, "in")
    code, told, err = run("simulate", cls.form, "--roster", cls.roster, "--now", NOW, "--seed", "5", "-o", out)
    assert code == 0, told + err
    return [os.path.join(out, name) for name in sorted(os.listdir(out)) if name.endswith(".csv")][:-left_out]


class Drills(Rest, Given, Story):
    form = DRILLS

    @classmethod
    def returns(cls):
        return simulated(cls, 3)


class Ports(Rest, Recount, Story):
    form = os.path.join(ROOT, "forms/port-security-plan.csv")

    @classmethod
    def returns(cls):
        return simulated(cls, 2)


class Needs(Rest, Recount, Story):
    form = os.path.join(ROOT, "forms/isps-needs.csv")

    @classmethod
    def returns(cls):
        return simulated(cls, 1)

    def doubtful(self):
        for code in sorted(self.given):
            answers = self.given[code]
            parts = sum(float(answer) for path, answer in answers.items() if path.endswith("/grant_usd"))
            if "offer_usd" in answers and abs(float(answers["offer_usd"]) - parts) >= 0.01:
                yield code, "offer_usd"


class Crowd(Rest, Recount, Story):
    """200 responses to a shipped form, asked of 205."""

    @classmethod
    def returns(cls):
        cls.form, cls.roster = crowd(cls.place, 205)
        cls.options[cls.options.index("--roster") + 1] = cls.roster
        return simulated(cls, 5)


class Moves(Answers):
    """The sheet Changes of two rounds, recomputed from the returns of both; `earlier` is set by the classes below."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        files = cls.earlier()
        code, _, err = run("import", cls.form, *files, *cls.options, "--round", "2005")
        assert code == 0, err
        code, _, err = run("report", cls.form, *cls.options, "--audience", "secretariat", "--since", "2005", "-f", "-o",
                           cls.book_path)
        assert code == 0, err
        cls.book = openpyxl.load_workbook(cls.book_path)
        returns = [answers_of(path) for path in files]
        cls.then = {answers[cls.settings["respondent"]]: answers for answers in returns}
        cls.asked = {time: {code: {name for name, entry in asked_of(cls.survey, answers) if entry is None}
                            for code, answers in given.items()} for time, given in (("then", cls.then), ("now", cls.given))}
        cls.compared, inside = [], False
        for row in cls.survey:
            kind = row["type"].replace(" ", "_")
            if not inside and (kind == "begin_repeat" or not kind.startswith(("begin", "end", "note", "calculate"))) and \
                    row["name"] not in (cls.settings.get(key) for key in ("respondent", "release", "circulate", "basis")):
                cls.compared.append(row)
            inside = (inside or kind == "begin_repeat") and kind != "end_repeat"

    def returned(self, time):
        return self.then if time == "then" else self.given

    def value(self, row, code, time):
        """An answer, of a repeat the number of its entries; and its state."""
        answers = self.returned(time).get(code)
        if answers is None:
            return None, "(no reply)"
        if row["type"].replace(" ", "_") == "begin_repeat":
            return len({self.parts(path)[0] for path in answers if path.startswith(row["name"] + "[")}), "(answered)"
        if row["name"] in answers:
            kind, answer = row["type"].split()[0], answers[row["name"]]
            return (frozenset(answer.split()) if kind == "select_multiple" else
                    float(answer) if kind in ("integer", "decimal") else answer), "(answered)"
        return None, "(no answer)" if row["name"] in self.asked[time][code] else "(not asked)"

    def moved(self, row):
        """Who answered otherwise than before, with what they answered; in the order of the roster."""
        for code in self.economies:
            then, now = self.value(row, code, "then"), self.value(row, code, "now")
            if code in self.then and code in self.given and then != now and "(answered)" in (then[1], now[1]):
                yield code, then, now

    def tables(self):
        """The rows of the three tables, by headings."""
        rows, tables = list(self.book["Changes"].iter_rows(values_only=True)), []
        for row in rows:
            if row[0] == "question":
                tables.append((row, []))
            elif tables and row[1] is not None:
                tables[-1][1].append(dict(zip(tables[-1][0], row)))
        return [table for _, table in tables]

    def cell(self, row, value, state):
        if row["type"].replace(" ", "_") == "begin_repeat":
            return "%d %s" % (value, "entry" if value == 1 else "entries")
        if state != "(answered)":
            return state.strip("()")
        return self.shown(row["name"], " ".join(value) if isinstance(value, frozenset) else str(value))

    def difference(self, row, then, now):
        if "(answered)" != then[1] or "(answered)" != now[1] or not isinstance(now[0], (int, float, frozenset)):
            return None
        if not isinstance(now[0], frozenset):
            return now[0] - then[0]
        labels = self.labels[row["type"].split()[1]]
        return "; ".join("%s %s" % (sign, label) for sign, more, less in (("+", now[0], then[0]), ("\u2212", then[0], now[0]))
                         for option, label in labels.items() if option in more - less)

    def test_who_moved(self):
        wanted = [(row["qno"] or None, row["label"], code, self.economies[code]["name"], self.cell(row, *then),
                   self.cell(row, *now), self.difference(row, then, now))
                  for row in self.compared for code, then, now in self.moved(row)]
        found = [(row["question"], row["label"], row["code"], row["respondent"], row["from"], row["to"], row["change"])
                 for row in self.tables()[0]]
        self.assertEqual(found, wanted)
        for column in (4, 5, 6):
            self.assertGreater(len({row[column] for row in found}), 3)

    def test_counts_side_by_side(self):
        wanted = []
        for row in self.compared:
            kind, lines = row["type"].split(), {}
            for at, time in enumerate(("then", "now")):
                given = [self.value(row, code, time) for code in self.economies]
                for option in self.labels[kind[1]] if kind[0].startswith("select_") else ():
                    lines.setdefault(option, [0, 0])[at] = sum(
                        state == "(answered)" and (option in value if isinstance(value, frozenset) else option == value)
                        for value, state in given)
                for state in ("(answered)", "(no answer)", "(not asked)", "(no reply)"):
                    lines.setdefault(state, [0, 0])[at] = sum(found == state for _, found in given)
                lines.setdefault("(total)", [0, 0])[at] = len(given)
                sums = {"begin_repeat": "(entries)", "begin": "(entries)", "integer": "(sum)", "decimal": "(sum)"}
                if kind[0] in sums:
                    lines.setdefault(sums[kind[0]], [0, 0])[at] = sum(value or 0 for value, _ in given)
            wanted += [(row["qno"] or None, row["label"], option, then, now, None if option == "(total)" else now - then)
                       for option, (then, now) in lines.items()
                       if then or now or not option.startswith("(") or option in ("(sum)", "(entries)")]
        titles = {label: option for row in self.compared if row["type"].startswith("select_")
                  for option, label in self.labels[row["type"].split()[1]].items()}
        self.assertGreater(len(titles), 10)
        found = [(row["question"], row["label"].replace(" (several answers possible)", ""), row["option"], row["n then"],
                  row["n now"], row["difference"]) for row in self.tables()[1]]
        self.assertEqual(found, wanted)
        for row in self.tables()[1]:
            if not row["option"].startswith("("):
                self.assertIn(row["option label"], titles)

    def way(self, row, moves):
        """Between which choices most of them moved."""
        if not row["type"].startswith("select_one"):
            return ""
        labels = self.labels[row["type"].split()[1]]
        ways = {}
        for _, (then, before), (now, after) in moves:
            if before == after == "(answered)":
                ways[then, now] = ways.get((then, now), 0) + 1
        if not ways:
            return ""
        options = list(labels)
        (then, now), n = min(ways.items(), key=lambda one: (-one[1], *map(options.index, one[0])))
        start = ", " if len(moves) == 1 else ", all " if n == len(moves) else "; %d " % n
        return '%sfrom "%s" to "%s"' % (start, labels[then], labels[now])

    def test_the_sentences(self):
        moves = {row["name"]: list(self.moved(row)) for row in self.compared}
        both = [code for code in self.economies if code in self.then and code in self.given]
        people, total = {code for found in moves.values() for code, *_ in found}, sum(map(len, moves.values()))
        self.assertTrue(2 < len(people) <= len(both) and total > 20, (len(people), len(both), total))
        start = "All %s" % economies(len(both)) if len(people) == len(both) else "%d of the %s" % (len(people),
                                                                                              economies(len(both)))
        wanted = ["%s with answers then and now changed %d answers." % (start, total)]
        most = max(self.compared, key=lambda row: len(moves[row["name"]]))
        found = moves[most["name"]]
        wanted.append("Most changes are in %s: %s (%s)%s." % (
            (most["qno"] + " " + self.cut(most["label"], 80)).strip(), economies(len(found)),
            ", ".join(code for code, *_ in found), self.way(most, found)))
        once = [[code for code in self.economies if code in one and code not in other]
                for one, other in ((self.given, self.then), (self.then, self.given))]
        self.assertTrue(all(once))
        wanted.append("; ".join("%s answered %s only (%s)" % (economies(len(codes)), time, ", ".join(codes))
                                for codes, time in zip(once, ("now", "then"))) + ".")
        column = [row[0] for row in self.book["Changes"].iter_rows(values_only=True)]
        self.assertEqual(column[0], "Changes since round 2005")
        self.assertEqual(column[2:5], wanted)
        self.assertEqual([row[1] for row in self.book["Summary"].iter_rows(values_only=True) if row[0] == "Changes"],
                         ["Since round 2005: " + " ".join(wanted)])
        self.assertEqual(len(self.tables()), 2)  # every answer can be compared


class PublishedMoves(Moves, Given, Story):
    """The published answers and what they might have been."""
    form = FORM

    @classmethod
    def returns(cls):
        return [path for path in published() if not path.endswith("/US.csv")]

    @classmethod
    def changed(cls, row, answer, number):
        """The answer to a question that no formula is about, as it might have been before; None: not answered."""
        kind = row["type"].split()
        if number % 5 == 0 and not row["required"]:
            return None
        if kind[0] == "select_one":
            options = list(cls.labels[kind[1]])
            return options[(options.index(answer) + 1) % len(options)]
        if kind[0] == "select_multiple":
            options = list(cls.labels[kind[1]])
            return " ".join(option for option in options if (option in answer.split()) != (option == options[number % 3]))
        return answer + "0" if kind[0] == "integer" else "Before: " + answer

    @classmethod
    def earlier(cls):
        identifying = [cls.settings.get(key) for key in ("respondent", "release", "circulate", "basis")]
        formulas = " ".join(row.get(key) or "" for row in cls.survey
                            for key in ("relevant", "constraint", "calculation", "required", "warning", "choice_filter"))
        free = {row["name"]: row for row in cls.survey if row["name"] in cls.questions and
                row["type"].split()[0] in ("select_one", "select_multiple", "integer", "text") and
                (not row["constraint"] or row["constraint"].startswith("string-length")) and
                "{%s}" % row["name"] not in formulas and row["name"] not in identifying}
        out, files = os.path.join(cls.place, "before"), []
        os.mkdir(out)
        for number, path in enumerate(published()):
            name = os.path.basename(path)
            if name in ("RUS.csv", "THA.csv"):
                continue
            with open(path, encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                rows = list(reader)
            kept = []
            for at, row in enumerate(rows):
                if row["question"] in free and row["answer"].strip() and (at + number) % 2:
                    row["answer"] = cls.changed(free[row["question"]], row["answer"].strip(), at + number)
                if row["answer"] and not (row["question"].startswith(("doc[2]", "centre[1]", "centre[2]")) and number % 2):
                    kept.append(row)
            files.append(os.path.join(out, name))
            with open(files[-1], "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, reader.fieldnames)
                writer.writeheader()
                writer.writerows(kept)
        return files


class DrillsMoves(Moves, Given, Story):
    form = DRILLS

    @classmethod
    def returns(cls):
        return simulated(cls, 3)

    @classmethod
    def earlier(cls):
        out = os.path.join(cls.place, "before")
        code, told, err = run("simulate", cls.form, "--roster", cls.roster, "--now", NOW, "--seed", "8", "-o", out)
        assert code == 0, told + err
        return [os.path.join(out, name) for name in sorted(os.listdir(out)) if name.endswith(".csv")][2:]


class Spoiled(Given, Story):
    """Answers that cannot be used, put into invented returns: each is a finding, counted apart, and shown as it came."""
    form, imported = DRILLS, 1

    @classmethod
    def returns(cls):
        survey = [row for row in form_sheets(cls.form)["survey"] if row["type"]]
        formulas = " ".join(row[key] or "" for row in survey for key in ("relevant", "constraint", "calculation", "required")
                            if key in row)
        free = {row["name"]: row for row in survey if not re.search(r"\b%s\b" % row["name"], formulas)}
        cls.wrong, files = {}, simulated(cls, 3)
        for number, path in enumerate(files):
            with open(path, encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                rows = [{**row, "line": reader.line_num} for row in reader]
            (code,) = [row["answer"] for row in rows if row["question"] == "economy"]
            for row in rows:
                asked = free.get(row["question"])
                kind = asked["type"].split()[0] if asked and row["answer"] else None
                if kind in ("integer", "select_one", "date") and row["question"] not in ("economy", "release", "return_basis") and \
                        (row["line"] + number) % 3 == 0:
                    row["answer"] = {"integer": "many", "select_one": "nowhere", "date": "31 June"}[kind]
                    cls.wrong[code, row["question"]] = (row["answer"], row["line"], asked["qno"])
            with open(path, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, reader.fieldnames, extrasaction="ignore")
                writer.writeheader()
                writer.writerows(rows)
        return files

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = sorted({code for code, _ in cls.wrong})

    def test_findings(self):
        rows = list(self.book["Findings"].iter_rows(values_only=True))
        found = [dict(zip(rows[2], row)) for row in rows[3:] if row[0]]
        self.assertEqual([(row["respondent"], row["question"], row["file"], row["line"], row["value"], row["severity"])
                          for row in found],
                         [(code, qno, code + ".csv", line, value, "error") for code in self.codes
                          for (who, _), (value, line, qno) in self.wrong.items() if who == code])
        self.assertGreater(len(found), 10)

    def test_returns_and_counts(self):
        for row in self.rows("Returns")[:-1]:
            if row["code"] in self.given:
                wrong = sum(code == row["code"] for code, _ in self.wrong)
                self.assertEqual((row["errors"], row["not usable"]), (wrong, wrong), row)
                self.assertEqual(row["answered"], sum(bool(answer) for answer in self.given[row["code"]].values()) - wrong)
        counted = {}
        for row in self.rows("Counts"):
            counted.setdefault(row["name"], {})[row["option"]] = row
        for name in {name for _, name in self.wrong}:
            codes = [code for code in self.economies if (code, name) in self.wrong]
            row = counted[name]["(not usable)"]
            self.assertEqual((row["n"], row["names"]), (len(codes), ", ".join(codes)))
            answered = [code for code in self.given if name in self.given[code] and code not in codes]
            self.assertEqual(counted[name]["(answered)"]["n"], len(answered))

    def test_matrix(self):
        rows = list(self.book["Matrix"].iter_rows(values_only=True))
        head = next(row for row in rows if row[0] == "code")
        for (code, name), (value, *_) in self.wrong.items():
            row = next(row for row in rows if row[0] == code)
            self.assertEqual(row[head.index(self.title(name))], value)


if __name__ == "__main__":
    unittest.main()
