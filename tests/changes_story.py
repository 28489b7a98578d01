"""Two rounds, a changed form, three audiences: every figure of the sheet Changes recomputed from the returns, and nothing
in it, or in any other output, that a withheld answer could be found from."""
import os
import unittest

from release_story import everything, sheets, table
from since_story import parts
from story import Story, run

FORM = """survey
,type,name,label,audience
,select_one who,who,Economy,
,select_one release,release,How may this be shown?,
,text,officer,Officer,contact
,select_one yesno,consent,May contacts be circulated?,
,select_one st,status,Status of the law,
,select_multiple why,why,Obstacles,
,integer,people,Seafarers,
,text,notes,Notes,
,text,gone,No longer asked,
,begin_repeat,doc,Documents,
,text,title,Title,
,end_repeat,,
choices
,list_name,name,label
"""
LISTS = [("release", "attributed", "By name"), ("release", "members_only", "Members"),
         ("release", "aggregate_only", "Counts only"), ("yesno", "yes", "Yes"), ("yesno", "no", "No"),
         ("st", "f", "In force"), ("st", "d", "In draft"), ("st", "n", "None"), ("why", "cost", "Cost"), ("why", "law", "Law"),
         ("why", "staff", "Staff")]
CODES = ["R%02d" % i for i in range(1, 19)]
LABELS = {"force": "In force", "n": "None", "cost": "Cost", "law": "Law", "staff": "Staff"}
ASKED = ["state_of_law", "why", "people", "notes", "docs"]
OPTIONS = {"state_of_law": ["force", "n"], "why": ["cost", "law", "staff"]}


def shown(answers, audience):
    release = answers["release"]
    return audience == "secretariat" or release == "attributed" or (release == "members_only" and audience == "members")


def carried(answers):
    """An answer of the first form in the second; None: it has no place there."""
    new = {name: answers.get(name, "") for name in ("why", "people", "notes", "docs")}
    new["state_of_law"] = {"f": "force", "d": None}.get(answers.get("status", ""), answers.get("status", ""))
    return new


def standing(question, value):
    if question == "docs":
        return "(answered)"
    return "(not usable)" if value is None or value == "many" else "(answered)" if value else "(no answer)"


def text(question, value):
    """An answer as the workbook shows it."""
    if question == "docs":
        return "%d %s" % (value, "entry" if value == 1 else "entries")
    if not value:
        return "no answer"
    if question == "why":
        return "; ".join(LABELS[code] for code in OPTIONS["why"] if code in value.split())
    return LABELS.get(value, value)


class Changes(Story):
    def setUp(self):
        super().setUp()
        first = FORM + "".join(",who,%s,Land %s\n" % (code, code) for code in CODES)
        first += "".join(",%s,%s,%s\n" % row for row in LISTS)
        first += "settings\n,form_title,form_id,version,respondent,release,circulate\n,Small form,small,1,who,release,consent\n"
        later = (first.replace(",status,Status", ",state_of_law,Status").replace(",st,f,", ",st,force,")
                 .replace(",st,d,In draft\n", "").replace(",text,gone,No longer asked", ",text,added,New question")
                 .replace("begin_repeat,doc,", "begin_repeat,docs,").replace("small,1,", "small,2,"))
        self.forms = {"2025": self.write("first.csv", first), "2026": self.write("later.csv", later)}
        self.write("roster.csv", "code,name,group:Region\n" + "".join(
            "%s,Land %s,%s\n" % (code, code, "North" if code < "R09" else "South") for code in CODES))
        self.number = 0

    def given(self, code, release, status, why="cost", people="10", **more):
        return dict({"who": code, "release": release, "officer": "Officer of " + code, "consent": "no", "status": status,
                     "why": why, "people": people, "notes": "Notes by " + code, "docs": 1}, **more)

    def rounds(self):
        """The answers of both rounds, by respondent."""
        then = [self.given("R01", "attributed", "f", "law cost"), self.given("R02", "attributed", "d", gone="Lost by R02"),
                self.given("R03", "attributed", "n", people="many"), self.given("R04", "members_only", "n", docs=3),
                self.given("R05", "", "d", gone="Lost by R05"), self.given("R06", "attributed", "f"),
                self.given("R07", "members_only", "d"), self.given("R17", "attributed", "n", notes="")]
        then += [self.given(code, "aggregate_only", "f") for code in CODES[7:15]]
        now = [self.given("R01", "attributed", "n", "law", added="New"), self.given("R02", "attributed", "force", people="12"),
               self.given("R03", "attributed", "n", people="7"), self.given("R04", "members_only", "force", docs=1),
               self.given("R05", "", "n", "staff"), self.given("R06", "", "n"), self.given("R07", "attributed", "force"),
               self.given("R16", "attributed", "force", "", notes="")]
        now += [self.given(code, "aggregate_only", "force" if code < "R12" else "n") for code in CODES[7:15]]
        return {answers["who"]: answers for answers in then}, {answers["who"]: answers for answers in now}

    def store(self, then, now):
        self.number += 1
        folder = "run%d" % self.number
        options = ["--store", self.path(folder + ".db")]
        for label, form, round_ in (("2025", "1", then), ("2026", "2", now)):
            os.makedirs(self.path(folder + "/" + label))
            repeat, files = "doc" if label == "2025" else "docs", []
            for code, answers in round_.items():
                lines = ["question,no,label,answer,note"]
                for name, value in answers.items():
                    if name == "docs":
                        lines += ["%s[%d]/title,,,Book," % (repeat, i + 1) for i in range(value)]
                    else:
                        lines.append("%s,,,%s," % ("state_of_law" if name == "status" and label == "2026" else name, value))
                files.append(self.write("%s/%s/%s.csv" % (folder, label, code), "\n".join(lines) + "\n"))
            got = run("import", self.forms[label], *files, *options, "--round", label, "--now", "2026-12-01T00:00:00Z")
            self.assertIn(got[0], (0, 1), got)
        return options

    def report(self, options, audience, name):
        target = self.path("%d-%s-%s" % (self.number, audience, name))
        got = run("report", self.forms["2026"], *options, "--round", "2026", "--since", "2025", "--audience", audience,
                  "--now", "2026-12-02T00:00:00Z", "-o", target)
        self.assertEqual(got[0], 0, got)
        return target

    def recompute(self, then, now, audience):
        """Who moved, the counts of both rounds, and what is not compared."""
        moves, counts, lost = [], {}, []
        for question in ASKED:
            for code in CODES:
                sides = [carried(then[code]) if code in then else None,
                         dict(now[code], state_of_law=now[code]["status"]) if code in now else None]
                if not all(shown(round_[code], audience) for round_ in (then, now) if code in round_):
                    words = ["(withheld)", "(withheld)"]
                else:
                    words = ["(no reply)" if side is None else standing(question, side[question]) for side in sides]
                    if None not in sides and None not in (side[question] for side in sides):
                        old, new = (side[question] for side in sides)
                        if question == "why":
                            old, new = (" ".join(sorted(value.split())) for value in (old, new))
                        if old != new:
                            moves.append((question, code, text(question, old), text(question, new)))
                for place, (word, side) in enumerate(zip(words, sides)):
                    options = [word]
                    if word == "(answered)" and question in OPTIONS:
                        options += side[question].split()
                    if word == "(answered)" and question in ("people", "docs"):
                        name = "(sum)" if question == "people" else "(entries)"
                        counts.setdefault((question, name), [0, 0])[place] += int(side[question])
                    for option in options:
                        counts.setdefault((question, option), [0, 0])[place] += 1
        for code, answers in then.items():
            if shown(answers, audience) and (code not in now or shown(now[code], audience)):
                lost += [("gone", code)] * ("gone" in answers) + [("status", code)] * (answers["status"] == "d")
        return moves, counts, lost

    def test_every_figure_adds_up_for_each_audience(self):
        then, now = self.rounds()
        options = self.store(then, now)
        for audience in ("public", "members", "secretariat"):
            moves, counts, lost = self.recompute(then, now, audience)
            rows = sheets(self.report(options, audience, "r.xlsx"))["Changes"]
            moved, counted, uncompared = parts(rows)
            self.assertEqual([(row["name"], row["code"], row["from"], row["to"]) for row in moved
                              if row["name"] != "officer"], moves, audience)
            for row in counted:
                if row["option"] == "(total)":
                    self.assertEqual((row["n then"], row["n now"]), ("18", "18"), audience)
                elif row["name"] != "officer":
                    self.assertEqual([int(row["n then"]), int(row["n now"])],
                                     counts.pop((row["name"], row["option"]), [0, 0]), (audience, row))
            self.assertEqual(counts, {})
            self.assertEqual(sorted((row["name"], row["code"]) for row in uncompared if row["code"]), sorted(lost), audience)
            self.assertEqual([row["name"] for row in uncompared if not row["code"]], ["added"])
            both = [code for code in CODES if code in then and code in now and shown(then[code], audience) and
                    shown(now[code], audience)]
            people = {move[1] for move in moves}
            who = "All %d" % len(both) if len(people) == len(both) else "%d of the %d" % (len(people), len(both))
            self.assertEqual(rows[2][0], "%s respondents with answers then and now changed %d answers." % (who, len(moves)))

    def outputs(self, then, now, audience):
        options = self.store(then, now)
        found = [everything(self.report(options, audience, "r.xlsx"))]
        for name in ("p.md", "p.html"):
            with open(self.report(options, audience, name), "rb") as file:
                found.append(file.read())
        return found

    def test_what_is_withheld_then_or_now_leaves_the_outputs_equal_to_the_byte(self):
        then, now = self.rounds()
        secret = {"why": "law staff", "people": "777", "notes": "Secret", "docs": 2, "officer": "Nobody"}
        for audience, then_too in (("public", ["R04", "R05", "R07"]), ("members", ["R05"])):
            before = self.outputs(then, now, audience)
            changed = {code: dict(answers, **secret, status="n", gone="Secret") if code in then_too else answers
                       for code, answers in then.items()}
            later = {code: dict(answers, **secret, status="force") if code in ("R05", "R06") else answers
                     for code, answers in now.items()}
            for one, other in zip(before, self.outputs(changed, later, audience)):
                self.assertEqual(one, other, audience)
            self.assertNotIn(b"Lost by R05", b"".join(before))

    def test_an_answer_for_counts_only_changes_nothing_on_the_sheet(self):
        then, now = self.rounds()
        other = {code: dict(answers, status="n") if code == "R08" else answers for code, answers in now.items()}
        for audience in ("public", "members"):
            books = [sheets(self.report(self.store(then, round_), audience, "r.xlsx")) for round_ in (now, other)]
            self.assertNotEqual(books[0]["Counts"], books[1]["Counts"])
            self.assertEqual(books[0]["Changes"], books[1]["Changes"])


if __name__ == "__main__":
    unittest.main()
