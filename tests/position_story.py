"""The figures and sentences of the comparison workbook, recomputed from the returned files by other means."""
import os
import re
import statistics
import unittest
import zipfile

import openpyxl

from recount import DRILLS, Given, ROSTER, form_sheets, unanswered
from story import FORM, NOW, ROOT, published, run, Story

AUDIT = ["Findings", "Codebook", "Sources", "How to read this"]
OTHER_WORDS = ("(N/A)", "(D/K)", "(withheld)", "(not usable)")


class Recount(Given):
    """Every count and headline of a workbook."""

    def test_counts(self):
        counted = {}
        for row in self.rows("Counts"):
            counted.setdefault(row["name"], {})[row["option"]] = row
        seen = 0
        for question, choices in self.selects(several=True):
            if question not in counted:
                continue
            options = self.by_option(question)
            answered = len({code for codes in options.values() for code in codes})
            states = unanswered(next(iter(counted[question].values())))
            if states is not None:
                (row,) = counted[question].values()
                self.assertEqual((row["option"], row["n"], row["answered"], row["share"], row["names"], answered),
                                 ("(answered)", 0, 0, None, None, 0))
                self.assertEqual(sum(n for n, _ in states.values()), len(self.economies), row)
                for n, names in states.values():
                    self.assertIn(len(names.split(", ")) if names else 0, (0, n), row)
                continue
            self.assertTrue(answered or any(counted[question].get(state, {"n": 0})["n"] for state in OTHER_WORDS), question)
            for option, label in self.labels[choices].items():
                row = counted[question][option]
                codes = options.get(option, [])
                self.assertEqual((row["option label"], row["n"], row["answered"]), (label, len(codes), answered), row)
                self.assertEqual(row["names"] or "", ", ".join(codes))
                if answered:
                    self.assertAlmostEqual(row["share"], len(codes) / answered)
                else:
                    self.assertIsNone(row["share"])
                seen += 1
            states = {o: r["n"] for o, r in counted[question].items() if o.startswith("(") and o != "(total)"}
            self.assertEqual(sum(states.values()), len(self.economies))
            self.assertEqual(counted[question]["(total)"]["n"], len(self.economies))
        self.assertGreater(seen, 30)
        self.assertNotIn(self.settings["respondent"], counted)

    def test_crossings(self):
        kinds = dict(self.selects(several=True))
        compared = [name for name in kinds if name not in self.identifying()]
        for several in (False, True):
            crossed = max((name for name in compared if (name not in dict(self.selects())) == several),
                          key=lambda name: len(self.by_option(name)))
            path = os.path.join(self.place, "cross.xlsx")
            code, _, err = run("report", self.form, *self.options, "--audience", "secretariat", "--cross", crossed,
                               "--force", "-o", path)
            self.assertEqual(code, 0, err)
            parts, labels = self.by_option(crossed), self.labels[kinds[crossed]]
            names = {self.cut(labels[part], 40): codes for part, codes in parts.items()}
            names["(no answer that counts)"] = [code for code in self.economies
                                                if not any(code in codes for codes in parts.values())]
            seen, rows = 0, self.rows("Crossings", openpyxl.load_workbook(path))
            self.assertEqual({row["name"] for row in rows}, set(compared) - {crossed})
            self.assertEqual([head[:-3] for head in rows[0] if head.endswith(": n")],
                             sorted(names, key=lambda name: [*map(lambda label: self.cut(label, 40), labels.values()),
                                                             "(no answer that counts)"].index(name)))
            for row in rows:
                options = self.by_option(row["name"])
                answered = {code for codes in options.values() for code in codes}
                for name, codes in names.items():
                    if not row["option"].startswith("("):
                        n = len(set(codes) & set(options.get(row["option"], [])))
                        self.assertEqual(row[name + ": n"], n, (crossed, row))
                        base = len(set(codes) & answered)
                        if base:
                            self.assertAlmostEqual(row[name + ": share"], n / base)
                        else:
                            self.assertIsNone(row[name + ": share"])
                        seen += n > 0
                    elif row["option"] in ("(answered)", "(total)"):
                        self.assertEqual(row[name + ": n"], len(codes if row["option"] == "(total)" else set(codes) & answered))
            self.assertGreater(seen, 5, crossed)

    def numbers(self):
        """Names and rising values, with the codes that gave them, of the questions of a number outside repeats."""
        for name, row in self.questions.items():
            if row["type"] in ("integer", "decimal"):
                yield name, sorted((float(given[name]), code) for code, given in self.given.items() if name in given)

    def check_figures(self, row, values):
        self.assertEqual(row["n"], len(values), row)
        if not values:
            self.assertEqual([row[head] for head in ("min", "median", "sum")], [None] * 3)
            return
        lower, median, upper = (statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3)
        for head, figure in (("min", values[0]), ("lower quartile", lower), ("median", median), ("upper quartile", upper),
                             ("max", values[-1]), ("mean", statistics.mean(values)), ("sum", sum(values))):
            self.assertAlmostEqual(row[head], figure, None, row, 0.0051 if head == "mean" else 1e-7 * max(1, abs(figure)))

    def test_numbers(self):
        rows, seen = self.rows("Numbers"), 0
        for name, values in self.numbers():
            own = [row for row in rows if row["name"] == name]
            self.assertEqual(own[0]["group"], "(all)")
            self.check_figures(own[0], [value for value, _ in values])
            grouped = {}
            for group, code in self.groups():
                grouped.setdefault(group, []).extend(value for value, who in values if who == code)
            self.assertEqual([row["group"] for row in own[1:]], list(grouped) if values else [])
            for row in own[1:]:
                self.check_figures(row, sorted(grouped[row["group"]]))
            wanted = ""
            if len(values) >= 5:
                middle = statistics.median(value for value, _ in values)
                deviation = statistics.median(abs(value - middle) for value, _ in values)
                order = sorted(values, key=lambda pair: (pair[0], list(self.economies).index(pair[1])))
                wanted = ", ".join("%s %g" % (code, value) for value, code in order
                                   if deviation and abs(value - middle) > 3.5 * 1.4826 * deviation)
            self.assertEqual(own[0]["outliers"] or "", wanted)
            seen += bool(values)
        self.assertEqual(seen > 0, any(values for _, values in self.numbers()))

    def test_dates(self):
        dates = [name for name, row in self.questions.items() if row["type"] == "date" and not row.get("audience")]
        rows, seen = self.rows("Dates"), 0
        for name in dates:
            given = sorted((self.given[code][name], list(self.economies).index(code), code)
                           for code in self.economies if name in self.given.get(code, {}))
            years = {"(all)": given}
            for day in given:
                years.setdefault(day[0][:4], []).append(day)
            own = [row for row in rows if row["name"] == name]
            self.assertEqual([row["year"] for row in own], list(years))
            for row in own:
                days = years[row["year"]]
                self.assertEqual(row["n"], len(days))
                if days:
                    self.assertEqual([row[head].date().isoformat() for head in ("earliest", "median", "latest")],
                                     [days[0][0], days[(len(days) - 1) // 2][0], days[-1][0]])
                if row["year"] != "(all)":
                    self.assertAlmostEqual(row["share"], len(days) / len(given))
                    self.assertEqual(row["names"], ", ".join(code for _, _, code in sorted(days, key=lambda day: day[1])))
                    seen += 1
        self.assertEqual(seen > 0, any(name in given for name in dates for given in self.given.values()))

    def test_matrix_sets_dissent_apart(self):
        rows = list(self.book["Matrix"].iter_rows())
        head = next(i for i, row in enumerate(rows) if row[0].value == "code")
        titles = {self.title(name): (name, choices) for name, choices in self.selects()
                  if name not in self.identifying()}
        group = next(row for row in rows if row[0].value == "(group)")
        seen = majorities = 0
        for column, cell in enumerate(rows[head]):
            if cell.value not in titles:
                continue
            name, choices = titles[cell.value]
            options = self.by_option(name)
            answered = sum(map(len, options.values()))
            most = [option for option, codes in options.items() if 2 * len(codes) > answered]
            wanted = "%s: %d of %d" % (self.cut(self.labels[choices][most[0]], 40), len(options[most[0]]), answered) \
                if most else "no majority" if answered > 1 else None
            self.assertEqual(group[column].value or None, wanted)
            apart = {row[0].value for row in rows[head + 1:] if row[column].font.b and row[0].value != "(group)"}
            self.assertEqual(apart, {code for option, codes in options.items() for code in codes
                                     if most and option not in most}, name)
            seen, majorities = seen + len(apart), majorities + bool(most)
        self.assertEqual(seen > 0, majorities > 0)

    def test_matrix_across_is_the_matrix_turned(self):
        path = os.path.join(self.place, "across.xlsx")
        code, _, err = run("report", self.form, *self.options, "--audience", "secretariat", "--orient", "across", "--force",
                           "-o", path)
        self.assertEqual(code, 0, err)
        def cells(book, corner):
            rows = list(book["Matrix"].iter_rows())
            head = next(i for i, row in enumerate(rows) if row[0].value == corner)
            return [[(cell.value, cell.font.b, cell.comment and cell.comment.text) for cell in row] for row in rows[head + 1:]]
        down, across = cells(self.book, "code"), cells(openpyxl.load_workbook(path), "section")
        self.assertEqual([list(row) for row in zip(*across)][3:], [row[2:] for row in down[:-1]])
        self.assertEqual([row[2][0] for row in across], [cell[0] for cell in down[-1][2:]])
        self.assertGreater(len({row[0][0] for row in across}), 2)

    def test_overview(self):
        seen = 0
        rows = list(self.book["Overview"].iter_rows(values_only=True))
        titles = {(q["qno"] + " " + q["label"]).strip(): (name, q["type"].split()[1]) for name, q in self.questions.items()
                  if q["type"].startswith("select_one")}
        for row in rows:
            if row[0] == "Question":
                head = row
            elif row[0] in titles:
                name, choices = titles[row[0]]
                options = self.by_option(name)
                self.assertEqual((row[1], row[2]), (sum(map(len, options.values())), len(self.economies)))
                for option, label in self.labels[choices].items():
                    if label in head:
                        self.assertEqual(row[head.index(label)], len(options.get(option, [])))
                        seen += 1
        self.assertGreater(seen, 5)

    def test_summary(self):
        sheet = self.book["Summary"]
        facts = {row[0]: row[1] for row in sheet.iter_rows(values_only=True, max_col=2) if row[0]}
        asked, answered = len(self.economies), len(self.given)
        compiled = sum(given.get("return_basis") == "compiled_published" for given in self.given.values())
        replied = answered - compiled
        self.assertEqual(facts["Replies" if compiled else "Responses"],
                         "%d of %d economies (%d%%)" % (replied, asked, (replied * 200 + asked) // (2 * asked)))
        if compiled:
            self.assertEqual(facts["Compiled"], "%d econom%s: answers compiled by others, no replies" %
                             (compiled, "y" if compiled == 1 else "ies"))
            self.assertNotIn("that answered", str(self.rows("Summary")))
        silent = [code for code in self.economies if code not in self.given]
        if silent:
            self.assertEqual(facts["silent"], "%d: %s" % (len(silent), ", ".join(silent)))
        seen = 0
        plain = {(row["qno"] + " " + row["label"]).strip() for row in self.questions.values()
                 if row["type"].split()[0] in ("integer", "decimal", "date", "text")}
        for row in self.rows("Summary"):
            if row["Question"] in plain:
                self.assertIsNone(row["Most frequent answer"], row)
            question = [(name, choices) for name, choices in self.selects()
                        if row["Question"] == (self.questions[name]["qno"] + " " + self.questions[name]["label"]).strip()]
            if not question:
                continue
            (name, choices), = question
            options = self.by_option(name)
            order = sorted((-len(codes), list(self.labels[choices]).index(option), option) for option, codes in options.items())
            total = sum(map(len, options.values()))
            if not total:
                states = re.fullmatch(r"%s \((.+)\)\." % ("No answer was found" if compiled else "No economy answered"),
                                      row["Answers"])
                self.assertTrue(states, row["Answers"])
                self.assertEqual(sum(int(state.rpartition(" ")[2]) for state in states[1].split("; ")), asked)
                continue
            who = "with an answer" if compiled else "that answered"
            if " %d %s" % (total, who) in row["Answers"] and not any(c.get("says") for c in form_sheets(self.form)["choices"]
                                                             if c["list_name"] == choices):
                parts = []
                for i, (n, _, option) in enumerate(order):
                    codes = options[option]
                    parts.append("%s %d%s%s" % (self.labels[choices][option], -n, "" if i else " of %d %s" % (total, who),
                                                " (%s)" % ", ".join(codes) if len(codes) <= 25 else ""))
                text = ", ".join(parts)
                self.assertEqual(row["Answers"][:len(text)], text)
            self.assertEqual(row["Most frequent answer"], -order[0][0])
            self.assertEqual(row["Other answers"], total + order[0][0])
            self.assertEqual(row["No reply" if replied else "No source found"], len(silent))
            self.assertEqual(sum(row[head] for head in row if isinstance(row[head], int)), asked)
            seen += 1
        self.assertGreater(seen, 1)

    def test_the_section_is_named_on_every_printed_page(self):
        sheet, broken = self.book["Matrix"], [brk.id + 1 for brk in self.book["Matrix"].col_breaks.brk]
        heads = next(row for row in sheet.iter_rows() if row[0].value == "code")
        bands = [cell.value for cell in sheet[heads[0].row - 1]]
        self.assertEqual(sheet.print_title_rows, "$%d:$%d" % (heads[0].row - 1, heads[0].row))
        for column in [3] + broken:
            self.assertTrue(bands[column - 1], column)
        self.assertEqual(len(set(filter(None, bands))), len([b for i, b in enumerate(bands) if b and i + 1 not in broken
                                                             or b and b != next(filter(None, reversed(bands[:i])))]))
        self.assertGreater(len(broken), 1)

    def test_charts_have_alternative_texts_and_the_summary_one_page(self):
        with zipfile.ZipFile(self.book_path) as parts:
            drawings = [n for n in parts.namelist() if n.startswith("xl/drawings/drawing")]
            self.assertEqual(len(drawings), 2)
            for name in drawings:
                text = parts.read(name).decode()
                self.assertEqual(text.count("<xdr:graphicFrame "), text.count('descr="Stacked bars of 100%')
                                 + text.count('descr="Bars: how many of the '))
        self.assertEqual((self.book["Summary"].page_setup.fitToHeight, self.book["Summary"].page_setup.orientation),
                         (None, "portrait"))
        self.assertTrue(self.book["Summary"].sheet_properties.pageSetUpPr.fitToPage)


class Published(Recount, Story):
    """The 19 published returns."""
    form = FORM

    @classmethod
    def returns(cls):
        return published()


class Drills(Recount, Story):
    """Another form, with invented returns; those of three economies do not come."""
    form = DRILLS

    @classmethod
    def returns(cls):
        out = os.path.join(cls.place, "returns")
        code, _, err = run("simulate", cls.form, "--roster", ROSTER, "--now", NOW, "-o", out)
        assert code == 0, err
        names = sorted(name for name in os.listdir(out) if name.endswith(".csv"))
        return [os.path.join(out, name) for name in names[3:]]


class Choices(Story):
    """How the workbook shows choices, and which sheets it has."""

    def setUp(self):
        super().setUp()
        self.options = ["--store", self.path("s.db"), "--now", NOW, "--roster", ROSTER]
        code, _, err = run("import", FORM, *published(), *self.options)
        self.assertEqual(code, 0, err)

    def book(self, *more):
        code, _, err = run("report", FORM, *self.options, *more, "--force", "-o", self.path("s.xlsx"))
        self.assertEqual(code, 0, err)
        return openpyxl.load_workbook(self.path("s.xlsx"))

    def test_technical(self):
        plain, technical = self.book(), self.book("--technical")
        for name, row, heads in (("plain", 4, plain), ("technical", 5, technical)):
            self.assertEqual([heads["Matrix"].cell(row, 1).value, heads["Matrix"].tables["Matrix"].ref.split(":")[0]],
                             ["code", "A%d" % row], name)
        names = [cell.value for cell in technical["Matrix"][5]]
        self.assertIn("return_basis", names)
        titles = [cell.value for cell in plain["Matrix"][4]]
        self.assertEqual(titles[2:], [cell.value for cell in technical["Matrix"][4]][2:])
        self.assertNotIn("return_basis", titles)
        code, _, err = run("report", FORM, *self.options, "--technical", "-o", self.path("x.md"))
        self.assertEqual((code, "--technical: only a workbook (.xlsx) takes it" in err), (2, True), err)

    def cell(self, book, respondent, question):
        head = None
        for row in book["Matrix"].iter_rows(values_only=True):
            head = row if row[0] == "code" else head
            if row[0] == respondent:
                return row[head.index(question)]
        return None

    def test_labels(self):
        wanted = {"code": "compiled_published",
                  "short": "Compiled from published sources, not confirmed…",
                  "full": "Compiled from published sources, not confirmed by the economy"}
        for kind, shown in wanted.items():
            self.assertEqual(self.cell(self.book("--technical", "--labels", kind), "AUS", "return_basis"), shown)
        self.assertEqual(self.cell(self.book("--technical"), "AUS", "return_basis"), wanted["short"])
        code, _, err = run("report", FORM, *self.options, "--labels", "long", "-o", self.path("x.xlsx"))
        self.assertEqual(code, 2)
        self.assertIn('"long" is not code, short or full', err)

    def test_what_cannot_be_crossed(self):
        for question, why in (("nothing", "no question has this name"), ("economy", "it says who answers"),
                              ("comments", "it is not a choice question"), ("doc_class", "it is inside a repeat")):
            code, _, err = run("report", FORM, *self.options, "--cross", question, "-o", self.path("x.xlsx"))
            self.assertEqual((code, why in err), (2, True), err)
            self.assertFalse(os.path.exists(self.path("x.xlsx")))
        code, _, err = run("report", FORM, *self.options, "--cross", "c185_status", "-o", self.path("x.md"))
        self.assertEqual((code, "--cross: only a workbook (.xlsx) takes it" in err), (2, True), err)
        self.assertNotIn("Crossings", self.book().sheetnames)

    def test_no_audit(self):
        whole, short = self.book().sheetnames, self.book("--no-audit").sheetnames
        self.assertEqual(whole[-5:], AUDIT + ["Manifest"])
        self.assertEqual(short, whole[:-5] + ["Manifest"])


if __name__ == "__main__":
    unittest.main()
