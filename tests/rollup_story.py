#!/usr/bin/python3
"""Roll-ups: what the store counts while it imports a large round is what reading every answer gives.

The answers are invented.  A workbook is made twice: by the counts, and from a copy of the store without them."""
import json
import math
import os
import random
import shutil
import sqlite3
import statistics
import unittest

from release_story import sheets, table
from story import Story, run

FORM = """survey
,type,name,label,required
,text,who,Respondent,
,select_one yn,member,Member,
,select_multiple topic,topics,Topics,
,rank topic,order,Order,
,integer,people,People,yes
,decimal,rate,Rate,
,decimal,weight,Weight,
,date,since,Since,
,begin_repeat,ship,Ships,
,select_one yn,active,Active,
,integer,crew,Crew,
,end_repeat,,,
choices
,list_name,name,label
,yn,yes,Yes
,yn,no,No
,topic,law,Law
,topic,cost,Cost
,topic,time,Time
settings
,form_title,form_id,version,respondent
,Large form,large,1,who
"""
SMALL_FORM = """survey
,type,name,label
,text,who,Respondent
,decimal,weight,Weight
,integer,age,Age
settings
,form_title,form_id,version,respondent
,Small form,small,1,who
"""
HEADER = "who,member,topics,order,people,rate,weight,since,ship[1]/active,ship[1]/crew,ship[2]/crew\n"
MANY, NAMED, EXACT = 20400, 20000, 200000
NOW = ["--now", "2026-12-01T00:00:00Z"]


def rows(seed, first, count, blank=True):
    """Invented answers: of few and of many different numbers, some wrong, some blank, some wholly blank."""
    draw = random.Random(seed)
    for i in range(first, first + count):
        if blank and draw.random() < 0.01:
            yield "R%d,,,,,,,,,," % i
            continue
        yield "R%d,%s,%s,%s,%s,%.2f,%.6f,%s,%s,%s,%s" % (
            i, draw.choice(["yes", "no", "N/A", "", "perhaps"]), draw.choice(["law", "law cost", "time", "D/K", ""]),
            draw.choice(["cost law time", ""]), draw.choice([draw.randrange(90), "", "many", "CONF"]), draw.randrange(300) / 7 - 3,
            draw.gauss(0, 1e3), draw.choice(["2020-02-29", "soon", ""]), draw.choice(["yes", "no", ""]),
            draw.choice([draw.randrange(30), "x"]), draw.choice(["", 7]))


WARNINGS = "SELECT n FROM rollup WHERE kind = 'finding' AND key = 1"
REGIONS = ["North", "South", "", "East"]


def region(i):
    return REGIONS[i % 4 if i % 7 else 1]


def roster(upto, groups=region, step=1):
    """Respondents R1, R1 + step and so on, by region and by size."""
    return "code,name,group:Region,group:Size\n" + "".join(
        "R%d,Name %d,%s,%s\n" % (i, i, groups(i), "large" if i % 3 else "small") for i in range(1, upto, step))


class Rollup(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.store = self.path("s.db")

    def take(self, name, lines, round_="2026", form=None, *options):
        path = self.write(name, HEADER + "".join(line + "\n" for line in lines))
        code, _, err = run("import", form or self.form, path, "--store", self.store, "--round", round_, *NOW, *options)
        self.assertIn(code, (0, 1), err)

    def large(self, round_="2026", first=1, seed=1):
        self.take("large-%s.csv" % round_, rows(seed, first, MANY), round_)

    def rolled(self, query="SELECT count(*) FROM rollup", path=None):
        store = sqlite3.connect("file:%s?mode=ro" % (path or self.store), uri=True)
        try:
            return store.execute(query).fetchall()
        finally:
            store.close()

    def counted(self, round_="2026"):
        return dict(self.rolled("SELECT tab, n FROM rollup u JOIN round r ON r.id = u.round WHERE kind = 'rows' AND label = '%s'"
                                % round_)).get(0)

    def change(self, path, script):
        store = sqlite3.connect(path)
        store.executescript(script)
        store.close()

    def status(self, path, round_, *options):
        code, out, err = run("status", self.form, "--store", path, "--round", round_, "--json", *NOW, *options)
        self.assertEqual(code, 0, err)
        return out.replace(path, "STORE")

    def report(self, path, round_, *options):
        made = self.path("r.xlsx")
        code, _, err = run("report", self.form, "--store", path, "--round", round_, "-o", made, "--force", *NOW, *options)
        self.assertEqual(code, 0, err)
        with open(made, "rb") as file:
            return file.read()

    def assert_agree(self, round_="2026", counted=True, *options):
        """What is reported by the counts is what is reported from the answers."""
        if counted:
            self.assertEqual(self.counted(round_), self.rolled(
                "SELECT count(*) FROM response s JOIN round r ON r.id = s.round WHERE later IS NULL AND label = '%s'" % round_)[0][0])
        code, out, err = run("verify", self.store)
        self.assertEqual((code, err), (0, ""), out)
        scanned = self.path("scanned.db")
        shutil.copy(self.store, scanned)
        if os.path.isdir(self.store + ".files") and not os.path.isdir(scanned + ".files"):
            shutil.copytree(self.store + ".files", scanned + ".files")
        self.change(scanned, "DELETE FROM rollup; DELETE FROM rollup_group; DELETE FROM rollup_roster; DELETE FROM rollup_whole")
        self.assertEqual(self.status(self.store, round_, *options), self.status(scanned, round_, *options))
        for audience in ("secretariat", "members"):
            self.assertEqual(self.report(self.store, round_, "--audience", audience, *options),
                             self.report(scanned, round_, "--audience", audience, *options))

    def test_a_large_round_is_counted_as_it_is_read(self):
        self.large()
        self.assertEqual(self.counted(), MANY)
        kinds = {kind for kind, in self.rolled("SELECT DISTINCT kind FROM rollup")}
        self.assertEqual(kinds, {"rows", "finding", "state", "choice", "number", "many", "bucket", "sum", "least", "greatest"})
        self.assertGreater(self.rolled("SELECT n FROM rollup WHERE tab = 0 AND col = 1 AND kind = 'state' AND key = 7")[0][0], 0)
        self.assert_agree()
        roster = self.write("roster.csv", "code,name\n" + "".join("R%d,Name %d\n" % (i, i) for i in range(1, 300)))
        self.assert_agree("2026", True, "--roster", roster)

    def test_a_roster_is_counted_without_the_answers(self):
        self.take("full.csv", rows(5, 1, MANY, blank=False))
        roster = self.write("roster.csv", "code,name\n" + "".join("R%d,Name %d\n" % (i, i) for i in range(1, 30000, 3)))
        self.assert_agree("2026", True, "--roster", roster)

    def test_revisions_and_withdrawals_are_subtracted(self):
        self.large()
        self.large("2027", first=5, seed=2)
        self.take("revised.csv", rows(3, 10, 300))
        self.take("revised-again.csv", list(rows(4, 20, 5)) + list(rows(4, 25, 2)) + list(rows(9, 25, 2)))
        for who, revision in (("R11", 0), ("R12", 0), ("R25", 0), ("R12", 1), ("R26", 2)):
            code, _, err = run("withdraw", self.form, who, "--store", self.store, "--round", "2026", "--reason", "asked", *NOW,
                               *(["--revision", str(revision)] if revision else []))
            self.assertEqual(code, 0, err)
        self.take("after.csv", rows(6, 11, 1, blank=False))
        self.assertEqual(self.counted(), MANY - 1)
        self.assert_agree()
        self.assert_agree("2027")

    def test_a_large_file_of_revisions_is_counted_once(self):
        self.large()
        before = self.rolled("SELECT * FROM rollup")
        self.take("same.csv", list(rows(1, 1, MANY))[::-1])
        self.assertEqual(self.rolled("SELECT * FROM rollup"), before)
        self.take("next.csv", list(rows(1, 1, 900)) + list(rows(7, 901, MANY)))
        self.assertEqual(self.counted(), MANY + 900)
        self.assert_agree()

    def test_a_round_is_counted_when_it_becomes_large(self):
        self.take("first.csv", rows(1, 1, NAMED - 1))
        self.take("second.csv", rows(2, NAMED, 1))
        self.assertEqual(self.rolled(), [(0,)])
        self.take("third.csv", rows(3, NAMED + 1, 2))
        self.assert_agree()

    def test_answers_to_two_versions_are_read(self):
        self.large()
        later = self.write("later.csv", FORM.replace("large,1,", "large,2,").replace(",law,Law", ",law,Laws"))
        self.take("later-answers.csv", rows(8, 50, 30, blank=False), "2026", later)
        self.assertEqual(self.rolled("SELECT count(DISTINCT form), max(form) FROM rollup"), [(1, 2)])
        self.assertEqual(self.rolled("SELECT * FROM rollup_whole"), [])
        self.assert_agree(counted=False)
        self.change(self.store, "INSERT INTO rollup_whole (round, form) VALUES (1, 2)")
        self.assertIn("E0748", "".join(run("verify", self.store)[1:]))

    def test_the_number_of_responses_is_not_counted_again(self):
        """As long as all are to one version of the form."""
        self.large()
        self.assertEqual(self.rolled("SELECT * FROM rollup_whole"), [(1, 1)])
        self.take("more.csv", rows(8, MANY + 1, 3, blank=False))
        self.assertEqual(run("withdraw", self.form, "R9", "--store", self.store, "--round", "2026", "--reason", "asked", *NOW)[0], 0)
        self.assertEqual(self.rolled("SELECT * FROM rollup_whole"), [(1, 1)])
        self.assertEqual(json.loads(self.status(self.store, "2026"))["responses"], MANY + 2)
        self.assert_agree()
        later = self.write("later.csv", FORM.replace("large,1,", "large,2,").replace(",law,Law", ",law,Laws"))
        self.take("another.csv", rows(9, 9, 1, blank=False), "2026", later)
        self.assertEqual(self.rolled("SELECT * FROM rollup_whole"), [])
        self.assertEqual(json.loads(self.status(self.store, "2026"))["responses"], MANY + 3)
        # The response to the first version counts again, instead of the only one to the second.
        self.assertEqual(run("withdraw", self.form, "R9", "--revision", "1", "--store", self.store, "--round", "2026", "--reason",
                             "asked", *NOW)[0], 0)
        self.assertEqual(json.loads(self.status(self.store, "2026"))["responses"], MANY + 3)
        self.take("last.csv", rows(10, MANY + 9, 1, blank=False))
        self.assert_agree()

    def test_changed_counts_are_found(self):
        self.large()
        for script, said in (("UPDATE rollup SET n = n + 1 WHERE col = 1 AND kind = 'state' AND key = 0", ": member"),
                             ("UPDATE rollup SET n = n - 1 WHERE col = 5 AND kind = 'number' AND key = (SELECT min(key) FROM rollup"
                              " WHERE col = 5 AND kind = 'number' AND n > 1)", ": rate"),
                             ("DELETE FROM rollup WHERE kind = 'many'", ": weight"),
                             ("UPDATE rollup SET n = n + 1 WHERE kind = 'finding' AND key = 2", ""),
                             ("UPDATE rollup SET n = n + 1 WHERE kind = 'bucket' AND key > 0", ": weight"),
                             ("UPDATE rollup SET n = n - 1 WHERE kind = 'sum'", ": weight"),
                             ("UPDATE rollup SET key = key - 1 WHERE kind = 'least'", ": weight"),
                             ("DELETE FROM rollup WHERE kind = 'greatest'", ": weight"),
                             ("UPDATE rollup SET kind = 'rows' WHERE kind = 'choice' AND col = 2 AND key = 1", "")):
            changed = self.path("changed.db")
            shutil.copy(self.store, changed)
            self.change(changed, script)
            code, out, err = run("verify", changed)
            self.assertEqual(code, 1, err)
            self.assertIn("error[E0748]: the roll-ups of round 2026 differ from its answers" + said, out + err)

    def weights(self, first, weights):
        """Answers of respondents from R<first> on, with these weights."""
        return ["R%d,yes,,,,,%r,,,," % (first + i, weight) for i, weight in enumerate(weights)]

    def extremes(self):
        """Least and greatest weight, and how often each occurs."""
        return self.rolled("SELECT kind, key, n FROM rollup WHERE tab = 0 AND col = 6 AND kind IN ('least', 'greatest') ORDER BY 1")

    def test_numbers_become_many(self):
        """4,000 different ones are kept; 200 more are not, neither of one file nor of two."""
        self.take("first.csv", self.weights(1, [i % 4000 - 10.5 for i in range(MANY)]))
        self.assertEqual(self.rolled("SELECT count(*) FROM rollup WHERE col = 6 AND kind = 'number'"), [(4000,)])
        self.take("second.csv", self.weights(MANY + 1, [0.25 + i for i in range(200)]))
        self.assertEqual(self.rolled("SELECT count(*) FROM rollup WHERE col = 6 AND kind = 'number'"), [(0,)])
        self.assertEqual(self.extremes(), [("greatest", 3988.5, 5), ("least", -10.5, 6)])
        self.assert_agree()
        self.take("third.csv", self.weights(MANY + 201, [4000.5, -11.5, -11.5]))
        self.assertEqual(self.extremes(), [("greatest", 4000.5, 1), ("least", -11.5, 2)])
        self.assert_agree()

    def test_many_numbers_come_to_few(self):
        """Those of the second file alone are too many to keep."""
        self.take("first.csv", self.weights(1, [i % 10 for i in range(MANY)]))
        self.take("second.csv", self.weights(MANY + 1, [-0.5 - i for i in range(5000)]) + self.weights(2, [9, 9, 0.5]))
        weights = [i % 10 for i in range(MANY)]
        weights[1:4] = [9, 9, 0.5]
        self.assertEqual(self.extremes(), [("greatest", 9, weights.count(9)), ("least", -4999.5, 1)])
        self.assert_agree()

    def test_the_least_and_greatest_are_known_when_they_count_no_more(self):
        self.take("first.csv", self.weights(1, [i + 0.5 for i in range(MANY)]))
        self.take("less.csv", self.weights(1, [7]))
        self.assertEqual(self.extremes(), [("greatest", MANY - 0.5, 1), ("least", 1.5, 1)])
        self.assert_agree()
        for who in ("R%d" % MANY, "R2"):
            self.assertEqual(run("withdraw", self.form, who, "--store", self.store, "--round", "2026", "--reason", "asked", *NOW)[0], 0)
        self.assertEqual(self.extremes(), [("greatest", MANY - 1.5, 1), ("least", 2.5, 1)])
        self.assert_agree()
        self.take("equal.csv", self.weights(3, [2.5]) + self.weights(4, [2.5]) + self.weights(4, [99]))
        self.assertEqual(self.extremes(), [("greatest", MANY - 1.5, 1), ("least", 2.5, 1)])
        self.assert_agree()

    def test_a_report_reads_the_counts(self):
        """So that the comparisons here compare something."""
        self.large()
        before = self.report(self.store, "2026")
        self.change(self.store, "UPDATE rollup SET n = n + 1 WHERE col = 1 AND kind = 'choice' AND key = 0")
        self.assertNotEqual(self.report(self.store, "2026"), before)

    def test_a_store_of_layout_8_is_counted_by_the_next_import(self):
        self.large()
        before = self.rolled("SELECT * FROM rollup")
        owns = self.rolled("SELECT id, lines, own FROM answers_1_0_0")
        self.change(self.store, "DROP TABLE rollup; DROP TABLE rollup_group; DROP TABLE rollup_roster; DROP TABLE rollup_whole; PRAGMA user_version = 8")
        content = os.path.getsize(self.store)
        self.status(self.store, "2026")
        self.assertEqual(os.path.getsize(self.store), content)
        self.assertEqual(run("verify", self.store)[0], 0)
        self.take("one.csv", rows(11, MANY + 1, 1, blank=False))
        self.assertEqual(self.rolled("PRAGMA user_version"), [(10,)])
        self.assertEqual(self.rolled("SELECT id, lines, own FROM answers_1_0_0 WHERE id <= %d" % MANY), owns)
        self.assertGreaterEqual(len(self.rolled("SELECT * FROM rollup")), len(before))
        self.assert_agree()

    def test_counts_of_layout_9_are_passed_over_until_they_are_counted_anew(self):
        self.large()
        self.change(self.store, "DELETE FROM rollup WHERE kind IN ('finding', 'bucket', 'sum', 'least', 'greatest');"
                                "DROP TABLE rollup_group; DROP TABLE rollup_roster; DROP TABLE rollup_whole; PRAGMA user_version = 9")
        code, out, err = run("verify", self.store)
        self.assertEqual((code, err), (0, ""), out)
        before = self.report(self.store, "2026")
        self.take("one.csv", rows(11, MANY + 1, 1, blank=False))
        self.assert_agree()
        self.assertNotEqual(self.report(self.store, "2026"), before)

    def test_a_response_without_its_row_is_reported(self):
        """Whichever thread reads it: the first reads the first 4,096 responses, the second those after them."""
        self.take("full.csv", rows(5, 1, MANY, blank=False))
        for missing in (100, 5000, MANY - 1):
            damaged = self.path("damaged.db")
            shutil.copy(self.store, damaged)
            self.change(damaged, "DELETE FROM rollup; DELETE FROM answers_1_0_0 WHERE id = %d" % missing)
            code, out, err = run("report", self.form, "--store", damaged, "--round", "2026", "-o", self.path("no.xlsx"), *NOW)
            self.assertEqual((code, out), (3, ""), err)
            self.assertEqual(err.count("error["), 1, err)
            self.assertIn("cannot read response %d: its rows do not match" % missing, err)

    def test_findings_that_are_waived_are_left_out(self):
        self.large()
        self.take("wrong.csv", ["R%d,yes,,,,1,0.5,,,," % (MANY + 1), "R%d,perhaps,,,many,1,0.5,,,," % (MANY + 2)])
        code, out, err = run("findings", self.form, "--respondent", "R%d" % (MANY + 2), "--store", self.store, "--round", "2026", "--json", *NOW)
        ids = [finding["id"] for finding in json.loads(out)["findings"]]
        self.assertGreater(len(ids), 1, err)
        before = self.report(self.store, "2026")
        code, _, err = run("findings", self.form, "--waive", ids[0], "--reason", "agreed", "--store", self.store, "--round", "2026", *NOW)
        self.assertEqual(code, 0, err)
        self.assertNotEqual(self.report(self.store, "2026"), before)
        self.assert_agree()

    def test_findings_of_a_return_with_known_answers_are_counted(self):
        """Also one to an older version of the form, whose findings are not of the counts."""
        self.large()
        later = self.write("later.csv", FORM.replace("large,1,", "large,2,").replace(",law,Law", ",law,Laws"))
        answers = {who: next(rows(20, who, 1, blank=False)) for who in (MANY + 1, MANY + 2)}
        self.take("known.csv", [answers[MANY + 1]])
        self.take("older.csv", [answers[MANY + 2]], "2026")
        for name, who, form in (("words.csv", MANY + 1, None), ("late.csv", MANY + 2, later)):
            path = self.write(name, HEADER.rstrip() + ",note to you\n" + answers[who] + ",call us\n")
            before = self.rolled(WARNINGS)
            code, out, err = run("import", form or self.form, path, "--store", self.store, "--round", "2026", *NOW)
            self.assertIn("0 new + 0 new revisions + 1 already there", out, err)
            code, out, err = run("verify", self.store)
            self.assertEqual((code, err), (0, ""), out)
            if not form:
                self.assertEqual(self.rolled(WARNINGS), [(before[0][0] + 1,)])

    def test_the_past_is_read(self):
        self.large()
        before = self.report(self.store, "2026", "--as-of", "2026-12-01T00:00:00Z")
        path = self.write("later.csv", HEADER + "\n".join(rows(12, 1, 50, blank=False)) + "\n")
        self.assertIn(run("import", self.form, path, "--store", self.store, "--round", "2026", "--now", "2026-12-02T00:00:00Z")[0], (0, 1))
        self.assertEqual(self.report(self.store, "2026", "--as-of", "2026-12-01T00:00:00Z")[:2], before[:2])
        self.assert_agree()

    def test_many_numbers_of_a_very_large_round_are_known_within_one_percent(self):
        """And n, least, greatest, mean and sum exactly, by the counts as from the answers; in a smaller round all are exact."""
        form = self.write("form.csv", SMALL_FORM)
        draw = random.Random(3)
        weights = [round(draw.lognormvariate(5, 2), 4) for _ in range(EXACT + 1)]
        lines = ["R%d,%r,%d\n" % (i, weight, i % 50) for i, weight in enumerate(weights)]
        for round_, some in (("2025", lines[:-1]), ("2026", lines)):
            path = self.write("many.csv", "who,weight,age\n" + "".join(some))
            self.assertEqual(run("import", form, path, "--store", self.store, "--round", round_, *NOW)[0], 0)
        self.assert_agree()
        self.assertEqual(run("report", form, "--store", self.store, "--round", "2026", "-o", self.path("m.md"), *NOW)[0], 0)
        weights.sort()
        exact = statistics.quantiles(weights, n=4, method="inclusive")
        book = sheets(self.path("r.xlsx"))
        numbers = {row["label"]: row for row in table(book["Numbers"], "median")}
        overview = {row[0]: row for row in book["Overview"] if row and row[0] in ("Weight", "Age")}
        shown = [[numbers["Weight"][head] for head in ("lower quartile", "median", "upper quartile")], overview["Weight"][3:6]]
        with open(self.path("m.md"), encoding="utf-8") as file:
            cells = next(line for line in file if line.startswith("| {:,} |".format(len(weights)))).strip("| \n").split(" | ")
        for figures in (*shown, cells[2:5]):
            for figure, wanted in zip(figures, exact):
                self.assertTrue(figure.startswith("≈ "), figure)
                self.assertLessEqual(abs(float(figure[2:]) - wanted), wanted / 100)
        self.assertEqual([float(numbers["Weight"][head]) for head in ("n", "min", "max", "sum")],
                         [len(weights), weights[0], weights[-1], math.fsum(weights)])
        self.assertEqual([numbers["Age"][head] for head in ("lower quartile", "median", "upper quartile")], ["12", "24", "37"])
        remark = "≈ means within 1%: there are more than 4,096 different numbers, in more than 200,000 responses."
        for sheet in ("Numbers", "Overview"):
            self.assertIn(remark, [cell for row in book[sheet] for cell in row])
        made = self.path("r.xlsx")
        for options in ((), ("--exact",)):
            self.report(self.store, "2026", *options)
            self.assertEqual(run("verify", made, "--store", self.store)[0], 0)
        book = sheets(made)
        self.assertNotIn("≈", str(book))
        row = next(row for row in table(book["Numbers"], "median") if row["label"] == "Weight")
        self.assertEqual([row["median"], row["lower quartile"]], [repr(exact[1]), "over 16,384 different values"])
        self.report(self.store, "2025")
        book = sheets(made)
        self.assertNotIn("≈", str(book))
        row = next(row for row in table(book["Numbers"], "median") if row["label"] == "Weight")
        self.assertEqual(float(row["median"]), statistics.median(float(line.split(",")[1]) for line in lines[:-1]))

    # ------------------------------------------------------------ groups of the roster

    def by_group(self, lines, upto, groups=region):
        """What Groups says of the question "member", from the answers themselves: region -> option -> n."""
        wanted = {}
        words = {"yes": "yes", "no": "no", "N/A": "(N/A)", "": "(no answer)", "perhaps": "(not usable)"}
        given = {int(line.split(",")[0][1:]): line.split(",") for line in lines}
        for i in range(1, upto):
            counts = wanted.setdefault(groups(i) or "(no group)", {})
            cells = given.get(i)
            state = "(no reply)" if not cells else words[cells[1]] if any(cells[1:]) else "(returned blank)"
            for option in {state, "(answered)"} if state in ("yes", "no") else {state}:
                counts[option] = counts.get(option, 0) + 1
            counts["(total)"] = counts.get("(total)", 0) + 1
        return wanted

    def assert_groups(self, path, wanted, *options):
        """Groups, Overview and status have these counts."""
        self.report(path, "2026", *options)
        book = sheets(self.path("r.xlsx"))
        rows = [row for row in table(book["Groups"], "option") if row["label"] == "Member"]
        for group, counts in wanted.items():
            self.assertEqual({row["option"]: int(row[group + ": n"]) for row in rows if int(row[group + ": n"])}, counts)
        replied = {group: counts["(total)"] - counts.get("(no reply)", 0) - counts.get("(returned blank)", 0)
                   for group, counts in wanted.items()}
        overview = {row[0]: row[1:3] for row in book["Overview"][[row[0] for row in book["Overview"]].index("Region"):]}
        status = json.loads(self.status(path, "2026", *options))["groups"]
        for group, n in replied.items():
            self.assertEqual(overview[group], [str(n), str(wanted[group]["(total)"])])
            self.assertIn({"grouping": "Region", "group": group, "members": wanted[group]["(total)"], "replied": n}, status)
        self.assertIn("response rate by Region", run("status", self.form, "--store", path, "--round", "2026", *NOW, *options)[1])

    def parts(self, path=None):
        return self.rolled("SELECT count(DISTINCT part) FROM rollup_group", path)[0][0]

    def test_a_large_round_is_counted_by_group(self):
        lines = list(rows(1, 1, MANY))
        self.take("large.csv", lines, "2026", None, "--roster", self.write("roster.csv", roster(MANY + 500)))
        self.assertEqual(self.parts(), 1 + 4 + 2)
        self.assert_agree()
        wanted = self.by_group(lines, MANY + 500)
        self.assertEqual(set(wanted), {"North", "South", "East", "(no group)"})
        self.assertGreater(min(len(counts) for counts in wanted.values()), 7)
        self.assert_groups(self.store, wanted)

    def test_groups_follow_revisions_and_withdrawals(self):
        """Also of respondents who are in no roster, and of a blank return."""
        self.large()
        listed = ["--roster", self.write("roster.csv", roster(MANY + 20, step=2))]
        self.take("revised.csv", list(rows(3, 11, 300))[::2], "2026", None, *listed)
        self.assertEqual(self.parts(), 1 + 2 + 2)
        self.take("twice.csv", list(rows(4, 25, 1)) + list(rows(9, 25, 1)) + list(rows(9, 27, 1)))
        self.take("blank.csv", ["R%d,,,,,,,,,," % (MANY + 5)])
        for who, revision in (("R11", 0), ("R13", 0), ("R25", 1)):
            code, _, err = run("withdraw", self.form, who, "--store", self.store, "--round", "2026", "--reason", "asked", *NOW,
                               *(["--revision", str(revision)] if revision else []))
            self.assertEqual(code, 0, err)
        self.assertEqual(self.parts(), 1 + 2 + 2)
        self.assert_agree()

    def test_another_roster_counts_its_groups(self):
        lines = list(rows(1, 1, MANY))
        self.take("large.csv", lines)
        self.assertEqual(self.parts(), 0)
        first = self.write("roster.csv", roster(MANY + 10))
        self.assert_groups(self.store, self.by_group(lines, MANY + 10), "--roster", first)
        self.assert_agree("2026", True, "--roster", first)
        lines += rows(2, MANY + 1, 1, blank=False)
        self.take("first.csv", lines[-1:], "2026", None, "--roster", first)
        self.assertEqual(self.parts(), 1 + 4 + 2)
        self.assert_agree()
        # The names and addresses of a roster may change, not its groups.
        lines += rows(3, MANY + 9, 1, blank=False)
        self.take("named.csv", lines[-1:], "2026", None, "--roster",
                  self.write("renamed.csv", roster(MANY + 10).replace("Name 1,", "Other,")))
        self.assertEqual(self.parts(), 1 + 4 + 2)
        before = self.rolled("SELECT sha256 FROM rollup_roster")
        moved = lambda i: region(i + 1)
        second = self.write("second.csv", roster(MANY + 12, moved))
        self.assert_groups(self.store, self.by_group(lines, MANY + 12, moved), "--roster", second)
        self.assertEqual(self.rolled("SELECT sha256 FROM rollup_roster"), before)
        self.assertEqual(run("status", self.form, "--store", self.store, "--round", "2026", "--sent", "all", "--roster", second, *NOW)[0], 0)
        self.assertEqual((self.parts(), self.rolled("SELECT count(*) FROM rollup_roster")), (0, [(0,)]))
        self.assert_groups(self.store, self.by_group(lines, MANY + 12, moved))
        lines += rows(4, MANY + 2, 1, blank=False)
        self.take("second-one.csv", lines[-1:])
        self.assertEqual(self.parts(), 1 + 4 + 2)
        self.assert_agree()
        self.assert_groups(self.store, self.by_group(lines, MANY + 12, moved))

    def test_changed_counts_by_group_are_found(self):
        self.take("large.csv", rows(1, 1, MANY), "2026", None, "--roster", self.write("roster.csv", roster(MANY)))
        for script, said in (("UPDATE rollup_group SET n = n + 1 WHERE part = 2 AND col = 1 AND kind = 'state' AND key = 0", ": member"),
                             ("DELETE FROM rollup_group WHERE part = 3 AND col = 2 AND kind = 'choice' AND key = 1", ": topics"),
                             ("UPDATE rollup_group SET n = n - 1 WHERE part = 0 AND kind = 'blank'", ""),
                             ("UPDATE rollup_group SET part = 99 WHERE part = 3 AND col = 1 AND kind = 'choice'", ""),
                             ("DELETE FROM rollup_roster", "")):
            changed = self.path("changed.db")
            shutil.copy(self.store, changed)
            self.change(changed, script)
            code, out, err = run("verify", changed)
            self.assertEqual(code, 1, err)
            self.assertIn("error[E0748]: the roll-ups by group of round 2026 differ from its answers" + said, out + err)

    def test_a_report_reads_the_counts_by_group(self):
        self.take("large.csv", rows(1, 1, MANY), "2026", None, "--roster", self.write("roster.csv", roster(MANY)))
        before = self.report(self.store, "2026")
        self.change(self.store, "UPDATE rollup_group SET n = n + 1 WHERE part = 1 AND col = 1 AND kind = 'choice' AND key = 0")
        self.assertNotEqual(self.report(self.store, "2026"), before)


if __name__ == "__main__":
    unittest.main()
