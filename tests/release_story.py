"""What an audience may see: three audiences, contacts, small cells, and what cannot be told from the outputs."""
import hashlib
import json
import os
import re
import unittest
import zipfile

import openpyxl

from story import Story, run

FORM = """survey
,type,name,label,required,audience,relevant,calculation
,select_one who,who,Economy,yes,,,
,select_one release,release,How may this be shown?,,,,
,text,officer,Officer,,contact,,
,calculate,greeting,Greeting,,,,"concat('Dear ', ${officer})"
,select_one yesno,consent,May contacts be circulated?,,,,
,select_one status,status,Status,,,,
,select_multiple why,why,Obstacles,,,,
,integer,people,Seafarers,,,,
,text,notes,Notes,,,,
,begin_repeat,doc,Documents,,,,
,text,title,Title of the document,,,,
,select_one status,doc_status,Its status,,,,
,end_repeat,,,,,,
choices
,list_name,name,label
"""
SETTINGS = "settings\n,form_title,form_id,respondent,release,circulate\n,Small form,small,who,release,consent\n"
LISTS = [("release", "attributed", "By name"), ("release", "members_only", "Members"),
         ("release", "aggregate_only", "Counts only"), ("yesno", "yes", "Yes"), ("yesno", "no", "No"),
         ("status", "force", "In force"), ("status", "draft", "In draft"), ("status", "none", "None"),
         ("why", "cost", "Cost"), ("why", "law", "Law"), ("why", "staff", "Staff")]
CODES = ["R%02d" % i for i in range(1, 21)]
WITHHELD = "withheld"


def sheets(path):
    """Each sheet as rows of texts, by its name."""
    return {sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
            for sheet in openpyxl.load_workbook(path)}


def everything(path):
    """All bytes of the workbook, unpacked."""
    with zipfile.ZipFile(path) as book:
        return b"\0".join(book.read(name) for name in sorted(book.namelist()))


def table(rows, heading):
    """The rows below the header row that has this heading, as dictionaries."""
    at = next(i for i, row in enumerate(rows) if heading in row)
    return [dict(zip(rows[at], row + [""] * len(rows[at]))) for row in rows[at + 1:]]


class Release(Story):
    def setUp(self):
        super().setUp()
        text = FORM + "".join(",who,%s,Land %s\n" % (code, code) for code in CODES)
        text += "".join(",%s,%s,%s\n" % row for row in LISTS) + SETTINGS
        self.form = self.write("form.csv", text)
        self.write("roster.csv", "code,name,group:Region\n" +
                   "".join("%s,Land %s,%s\n" % (code, code, "North" if code < "R11" else "South") for code in CODES))
        self.number = 0

    def workbook(self, returns, audience="members", code=0, at="2026-12-02T00:00:00Z",
                 more=()):
        """returns: a list of answers by name; documents: a list of (title, status)."""
        self.number += 1
        folder = "run%d" % self.number
        os.mkdir(self.path(folder))
        options = ["--store", self.path(folder + ".db"), "--round", "r"]
        paths = []
        for answers in returns:
            lines = ["question,no,label,answer,note"]
            for name, value in answers.items():
                if name == "documents":
                    for i, (title, status) in enumerate(value):
                        lines.append("doc[%d]/title,,,%s," % (i + 1, title))
                        lines.append("doc[%d]/doc_status,,,%s," % (i + 1, status))
                elif name != "remark":
                    lines.append("%s,,,%s,%s" % (name, value, answers.get("remark", "") if name == "status" else ""))
            paths.append(self.write("%s/%s.csv" % (folder, answers["who"]), "\n".join(lines) + "\n"))
        got = run("import", self.form, *paths, *options, "--now", "2026-12-01T00:00:00Z")
        self.assertIn(got[0], (0, 1), got)
        target = self.path(folder + ".xlsx")
        got = run("report", self.form, *options, "--now", at, "--audience", audience, *more, "-o", target)
        self.assertEqual(got[0], code, got)
        return target

    def answers(self, code, release, **more):
        given = {"who": code, "release": release, "officer": "Officer of " + code, "consent": "no", "status": "force",
                 "why": "cost", "people": "100", "notes": "Notes by " + code, "remark": "Remark by " + code,
                 "documents": [("Book of " + code, "force")]}
        given.update(more)
        return {name: value for name, value in given.items() if value is not None}

    def mixed(self):
        return ([self.answers(code, "attributed") for code in CODES[:4]] +
                [self.answers(code, "members_only", consent="yes", status="draft") for code in CODES[4:6]] +
                [self.answers(code, "aggregate_only", people="7777", status="force" if code < CODES[9] else "draft")
                 for code in CODES[6:12]] +
                [self.answers(CODES[12], ""), self.answers(CODES[13], "perhaps")])

    def test_crossings_count_only_those_shown_by_name(self):
        book = self.workbook(self.mixed(), more=("--cross", "status"))
        rows = {row["option"]: row for row in table(sheets(book)["Crossings"], "option") if row["name"] == "why"}
        self.assertEqual([rows["cost"][part + ": n"] for part in ("In force", "In draft", "(no answer that counts)")],
                         ["4", "2", "0"])
        self.assertEqual([rows["(withheld)"][part + ": n"] for part in ("In force", "In draft", "(no answer that counts)")],
                         ["0", "0", "8"])
        self.assertEqual(sum(int(rows["(total)"][part + ": n"])
                             for part in ("In force", "In draft", "(no answer that counts)")), len(CODES))
        book = self.workbook(self.mixed(), "secretariat", more=("--cross", "status"))
        rows = {row["option"]: row for row in table(sheets(book)["Crossings"], "option") if row["name"] == "why"}
        self.assertEqual((rows["cost"]["In force: n"], rows["cost"]["In draft: n"]), ("9", "5"))
        book = self.workbook(self.mixed(), "public", more=("--cross", "consent"))
        self.assertNotIn("In draft", [row["option label"] for row in table(sheets(book)["Crossings"], "option")
                                      if row["name"] == "status" and row["No: n"] not in ("0", "")])

    def counts(self, path, question):
        return {row["option"]: int(row["n"]) for row in table(sheets(path)["Counts"], "option")
                if row["name"] == question}

    def test_each_audience_sees_the_names_it_may(self):
        for audience, named, counted in (("public", CODES[:4], 10), ("members", CODES[:6], 12),
                                         ("secretariat", CODES[:14], 14)):
            book = self.workbook(self.mixed(), audience)
            text = everything(book).decode("utf-8", "replace")
            for code in CODES[:14]:
                for words in ("Notes by ", "Remark by ", "Book of "):
                    (self.assertIn if code in named else self.assertNotIn)(words + code, text, audience)
            answered = self.counts(book, "status")
            self.assertEqual(answered["(answered)"], counted, audience)
            self.assertEqual(answered.get("(withheld)", 0), 14 - counted, audience)
            self.assertEqual(answered["(total)"], 20)

    def test_contacts_go_to_members_by_consent(self):
        for audience, seen in (("public", []), ("members", CODES[4:6]), ("secretariat", CODES[:14])):
            text = everything(self.workbook(self.mixed(), audience)).decode("utf-8", "replace")
            for code in CODES[:14]:
                for words in ("Officer of ", "Dear Officer of "):
                    (self.assertIn if code in seen else self.assertNotIn)(words + code, text, audience)

    def test_what_is_for_the_secretariat_goes_to_nobody_else_whatever_is_circulated(self):
        """A calculation that reads it, too, though it also reads a contact."""
        with open(self.form, encoding="utf-8") as file:
            self.write("form.csv", file.read().replace(
                ",select_one yesno,consent", ",text,desk,Desk,,secretariat,,\n"
                ",calculate,reach,Reach,,,,\"concat(${desk}, ' of ', ${officer})\"\n,select_one yesno,consent", 1))
        returns = [self.answers(code, "attributed", consent="yes", desk="Desk of " + code) for code in CODES[:4]]
        for audience in ("public", "members", "secretariat"):
            target = self.workbook(returns, audience)
            text = everything(target).decode("utf-8", "replace")
            for code in CODES[:4]:
                (self.assertIn if audience == "secretariat" else self.assertNotIn)("Desk of " + code, text, audience)
                (self.assertNotIn if audience == "public" else self.assertIn)("Dear Officer of " + code, text, audience)
            told = [row for row in sheets(target)["How to read this"] if row[0] == "Contacts"]
            self.assertEqual([row[1] for row in told], {
                "public": ["Answers to questions about contacts are not on any sheet."],
                "members": ["Some answers to questions about contacts are not on any sheet."], "secretariat": []}[audience])
        got = run("export", self.form, "--store", self.path("run2.db"), "--now", "2026-12-02T00:00:00Z", "-o", self.path("e.jsonl"))
        with open(self.path("e.jsonl"), encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(got[0], 0, got)
        self.assertIn("Officer of R01", text)
        self.assertNotIn("Desk of", text)

    def test_contacts_stay_with_the_secretariat_where_nothing_is_circulated(self):
        with open(self.form, encoding="utf-8") as file:
            self.write("form.csv", file.read().replace("release,circulate", "release").replace("release,consent", "release"))
        self.assertNotIn(b"Officer of", everything(self.workbook(self.mixed())))

    def test_the_audience_is_in_every_footer(self):
        for audience in ("public", "members", "secretariat"):
            with zipfile.ZipFile(self.workbook(self.mixed(), audience)) as book:
                for name in book.namelist():
                    if re.match(r"xl/worksheets/sheet\d+\.xml", name):
                        self.assertIn("audience: " + audience, book.read(name).decode(), name)

    def test_a_withheld_response_leaves_the_outputs_equal_to_the_byte(self):
        others = [self.answers(code, "attributed") for code in CODES[:4]]
        kept = None
        for release, more in (("", {}), ("perhaps", {"status": "none"}), ("", {"people": "many", "why": "law staff"}),
                              ("", {"documents": [("One", "none"), ("Two", "x")], "notes": "Long " * 50})):
            for audience in ("public", "members"):
                secret = self.answers("R05", release, **more)
                found = everything(self.workbook(others + [secret], audience))
                if kept is None or audience not in kept:
                    kept = dict(kept or {}, **{audience: found})
                self.assertEqual(found, kept[audience], (audience, more))

    def test_members_only_is_withheld_from_the_public_to_the_byte(self):
        others = [self.answers(code, "attributed") for code in CODES[:4]]
        one = everything(self.workbook(others + [self.answers("R05", "members_only")], "public"))
        two = everything(self.workbook(others + [self.answers("R05", "members_only", status="none", people="-")], "public"))
        self.assertEqual(one, two)

    def test_a_response_for_counts_changes_counts_and_nothing_else(self):
        others = [self.answers(code, "attributed") for code in CODES[:4]]
        before = others + [self.answers(code, "aggregate_only", status="none" if code < CODES[7] else "force")
                           for code in CODES[4:15]]
        after = before[:-4] + [dict(answers, status="draft", people="5", notes="Other words",
                                    documents=[("Other", "force")]) for answers in before[-4:]]
        one, two = sheets(self.workbook(before)), sheets(self.workbook(after))
        # these show the counts, as does the line of the group in the Matrix, and the manifest has digests of these
        for name in one:
            self.assertEqual([len(row) for row in one[name]], [len(row) for row in two[name]], name)
            changed = [(row[0], at, a, b) for row, other in zip(one[name], two[name])
                       for at, (a, b) in enumerate(zip(row, other)) if a != b]
            if name == "Matrix":
                heads = next(row for row in one[name] if "Status" in row)
                self.assertEqual([(row, heads[at]) for row, at, a, b in changed], [("(group)", "Status")])
                self.assertEqual([changed[0][2], changed[0][3]], ["In force: 12 of 15", "In force: 8 of 15"])
            elif name not in ("Counts", "Summary", "Overview", "Manifest"):
                self.assertEqual(changed, [], name)
        for name in ("Summary", "Overview"):
            about = {row[0] for row, other in zip(one[name], two[name]) if row != other}
            self.assertLessEqual({text for text in about if text}, {"Question", "Status", "force", "In force", "draft", "In draft"}, name)
        changed = [(a, b) for a, b in zip(table(one["Counts"], "option"), table(two["Counts"], "option")) if a != b]
        self.assertEqual([(a["name"], a["option"], int(a["n"]), int(b["n"])) for a, b in changed],
                         [("status", "force", 12, 8), ("status", "draft", 0, 4)])

    def test_a_file_with_a_withheld_response_has_no_digest(self):
        books = []
        for number, secret in enumerate(("force", "none")):
            os.mkdir(self.path("wide%d" % number))
            file = self.write("wide%d/all.csv" % number, "who,release,status\nR01,attributed,force\nR02,,%s\n" % secret)
            store, book = self.path("wide%d.db" % number), self.path("wide%d.xlsx" % number)
            got = run("import", self.form, file, "--store", store, "--round", "r", "--now", "2026-12-01T00:00:00Z")
            self.assertIn(got[0], (0, 1), got)
            self.assertEqual(run("report", self.form, "--store", store, "--now", "2026-12-02T00:00:00Z", "-o", book)[0], 0)
            self.assertEqual({row["SHA-256"] for row in table(sheets(book)["Sources"], "SHA-256")}, {""})
            books.append(everything(book))
        self.assertEqual(*books)

    def test_lines_of_a_file_with_a_withheld_response_are_left_out(self):
        books = []
        for number, secret in enumerate(("one", '"one\ntwo\nthree"')):
            os.mkdir(self.path("wide%d" % number))
            rows = "who,release,status,people,notes\nR01,attributed,force,5,plain\nR02,,none,5,%s\nR03,attributed,x,many,words\n"
            file = self.write("wide%d/all.csv" % number, rows % secret)
            store, book = self.path("wide%d.db" % number), self.path("wide%d.xlsx" % number)
            got = run("import", self.form, file, "--store", store, "--round", "r", "--now", "2026-12-01T00:00:00Z")
            self.assertIn(got[0], (0, 1), got)
            self.assertEqual(run("report", self.form, "--store", store, "--now", "2026-12-02T00:00:00Z", "-o", book)[0], 0)
            found = sheets(book)
            self.assertEqual([(row["name"], row["line"]) for row in table(found["Sources"], "SHA-256")
                              if row["respondent"] == "R03" and row["name"] == "notes"], [("notes", "")])
            self.assertEqual({row["line"] for row in table(found["Findings"], "severity") if row["respondent"] == "R03"}, {""})
            books.append(everything(book))
        self.assertEqual(*books)
        whole = self.path("secretariat.xlsx")
        self.assertEqual(run("report", self.form, "--store", self.path("wide0.db"), "--audience", "secretariat", "--now",
                             "2026-12-02T00:00:00Z", "-o", whole)[0], 0)
        self.assertEqual({row["line"] for row in table(sheets(whole)["Sources"], "SHA-256")}, {"2", "3", "4"})
        self.assertEqual({row["line"] for row in table(sheets(whole)["Findings"], "severity")}, {"4"})

    def test_the_manifest_knows_only_files_that_are_shown_by_name(self):
        for audience, named in (("public", CODES[:4]), ("members", CODES[:6]), ("secretariat", CODES[:14])):
            book = self.workbook(self.mixed(), audience)
            digest = hashlib.sha256()
            for code in named:
                with open(os.path.join(book[:-5], code + ".csv"), "rb") as file:
                    digest.update(hashlib.sha256(file.read()).digest())
            rows = {row[0]: row[1:] for row in sheets(book)["Manifest"]}
            self.assertEqual(rows["SHA-256 of the files shown by name"][0], digest.hexdigest(), audience)
            self.assertEqual(rows["audience"][0], audience)

    def test_the_few_are_withheld_with_a_second_cell(self):
        returns = [self.answers(code, "attributed") for code in CODES[:2]]
        returns += [self.answers(code, "aggregate_only", status="force") for code in CODES[2:7]]
        returns += [self.answers(code, "aggregate_only", status="draft") for code in CODES[7:11]]
        self.assertEqual(self.counts(self.workbook(returns), "status")["draft"], 4)
        returns += [self.answers("R20", "aggregate_only", status="none")]
        counts = self.counts(self.workbook(returns), "status")
        # the one, and the next smallest cell: what is left out could be either
        self.assertEqual((counts["force"], counts["draft"], counts["none"], counts["(withheld)"]), (7, 0, 0, 5))
        self.assertEqual(counts["(total)"], 20)

    def test_of_several_answers_each_chosen_by_few_is_withheld(self):
        returns = [self.answers(code, "aggregate_only", why="cost law") for code in CODES[:5]]
        returns += [self.answers("R20", "aggregate_only", why="staff cost")]
        counts = self.counts(self.workbook(returns), "why")
        self.assertEqual(counts["staff"], 0)
        self.assertIn((counts["cost"], counts["(withheld)"]), [(0, 6), (3, 3)])

    def test_groups_do_not_tell_what_one_of_a_group_answered(self):
        returns = [self.answers(code, "attributed") for code in CODES[:4]]
        returns += [self.answers(code, "aggregate_only", status="none") for code in ("R05", "R06", "R11")]
        returns += [self.answers(code, "aggregate_only", status="draft") for code in ("R07", "R08", "R12")]
        book = self.workbook(returns)
        self.assertEqual(self.counts(book, "status")["none"], 3)
        (row,) = [row for row in table(sheets(book)["Groups"], "option")
                  if row["name"] == "status" and row["option"] == "none"]
        self.assertEqual([row[name] for name in ("North: n", "South: n")], ["0", "0"])

    def test_findings_and_returns_tell_nothing_of_the_withheld(self):
        book = sheets(self.workbook([self.answers("R01", "attributed", people="few"),
                                     self.answers("R02", "", people="many")]))
        self.assertEqual([row["respondent"] for row in table(book["Findings"], "respondent")], ["R01"])
        row = next(row for row in table(book["Returns"], "release") if row["code"] == "R02")
        self.assertEqual([row[name] for name in ("revision", "answered", "errors", "release", "file")],
                         [WITHHELD] * 5)

    def test_returns_add_up_as_in_status(self):
        returns = [self.answers("R01", "attributed", people="N/A", notes="D/K", why=None),
                   self.answers("R02", "attributed", people="many", consent="CONF"),
                   self.answers("R03", "attributed", documents=[("N/A", "force"), ("D/K", "nothing")]),
                   {"who": "R04"}, self.answers("R05", "")]
        target = self.workbook(returns, "secretariat")
        code, out, err = run("status", self.form, "--store", self.path("run%d.db" % self.number), "--round", "r", "--json")
        told = {one["code"]: one for one in json.loads(out)["respondents"]}
        rows = {row["code"]: row for row in table(sheets(target)["Returns"], "state") if row["code"]}
        states = ("answered", "N/A", "D/K", "withheld", "not usable", "no answer")
        for code in ("R01", "R02", "R03", "R04", "R05"):
            row = rows[code]
            self.assertEqual(row["state"], told[code]["state"])
            if code == "R04":
                self.assertEqual([row["state"], row["asked"]], ["returned blank", "\u2013"])
            else:
                self.assertEqual(sum(int(row[name]) for name in states), int(row["asked"]), row)
                self.assertEqual(sum(int(row[name]) for name in states[:4]), told[code]["answered"], row)
                self.assertEqual(int(row["asked"]), told[code]["asked"], row)
        self.assertEqual([[rows[code][name] for name in states[1:]] for code in ("R01", "R02", "R03")],
                         [["1", "1", "0", "0", "1"], ["0", "0", "1", "1", "0"], ["1", "1", "0", "1", "0"]])
        self.assertEqual([int(rows["(total)"][name]) for name in states],
                         [sum(int(rows[code][name]) for code in ("R01", "R02", "R03", "R05")) for name in states])

    def test_of_whom_nobody_was_asked_no_source_was_found(self):
        with open(self.form, encoding="utf-8") as file:
            text = file.read()
        self.write("form.csv", text.replace(
            ",text,officer,", ",select_one basis,basis,Basis,,,,\n,text,officer,", 1).replace(
            "settings\n", ",basis,official,Official\n,basis,compiled_published,Compiled\nsettings\n").replace(
            "respondent,release,circulate", "respondent,release,circulate,basis").replace(
            "who,release,consent", "who,release,consent,basis"))

        def words(returns, code):
            target = self.workbook(returns, "secretariat")
            options = ["--store", self.path("run%d.db" % self.number), "--round", "r", "--now", "2026-12-02T00:00:00Z"]
            told = re.search(r"^%s .*$" % code, run("status", self.form, *options)[1], re.M).group()
            self.assertEqual(run("report", self.form, *options, "-o", self.path("%s.md" % self.number))[0], 0)
            with open(self.path("%s.md" % self.number), encoding="utf-8") as file:
                paper = file.read()
            book = sheets(target)
            for sheet in ("Returns", "Non-respondents"):
                state = next(row["state"] for row in table(book[sheet], "state") if row["code"] == code)
                self.assertIn(state, told)
                self.assertRegex(paper, r"\| *%s *\|[^|]*\| *%s *\|" % (code, state))
                self.assertIn(state, [row[0] for row in book["Summary"]])
            return state
        compiled = self.answers("R01", "attributed", basis="compiled_published")
        self.assertEqual(words([compiled], "R09"), "no source found")
        self.assertEqual(words([compiled, self.answers("R02", "attributed", basis="official")], "R09"), "silent")

    def test_positions_compare_what_both_answered_by_name_only(self):
        returns = [self.answers("R01", "attributed", status="force", why="cost law", consent="no"),
                   self.answers("R02", "attributed", status="draft", why="cost", consent=None),
                   self.answers("R03", "attributed", status="force", why="cost", consent="no"),
                   self.answers("R04", "aggregate_only"), self.answers("R05", "")]
        rows = sheets(self.workbook(returns))["Positions"]
        heads = next(i for i, row in enumerate(rows) if row[0] == "code")
        # R03 is the majority; of R01 and R02, R01 is closer to it: 1 of 1, and half of cost and law
        self.assertEqual(rows[heads][3:6], ["R03", "R01", "R02"])
        self.assertEqual([[row[0]] + row[2:6] for row in rows[heads + 1:heads + 4]],
                         [["R03", "1", "", "0.75", "0.5"], ["R01", "0.75", "0.75", "", "0.25"],
                          ["R02", "0.5", "0.5", "0.25", ""]])
        self.assertEqual([row[2:6] for row in rows[heads + 6:heads + 9]],
                         [["2", "", "2", "2"], ["2", "2", "", "2"], ["2", "2", "2", ""]])
        self.assertNotIn("R04", [row[0] for row in rows])

    def test_as_of_gives_the_state_then_and_lists_what_came_later(self):
        options = ["--store", self.path("s.db"), "--round", "r"]
        for code, status, day in (("R01", "force", 1), ("R02", "draft", 2), ("R01", "none", 4), ("R03", "force", 5)):
            path = self.write("%s%d.csv" % (code, day), "question,no,label,answer,note\nwho,,,%s,\nrelease,,,attributed,\n"
                              "status,,,%s,\npeople,,,%s,\n" % (code, status, "many" if day == 4 else "7"))
            self.assertIn(run("import", self.form, path, *options, "--now", "2026-12-0%dT00:00:00Z" % day)[0], (0, 1))
        for kind, day in (("--declined", 3), ("--extended", 6)):
            more = ["--due", "2026-12-31"] if kind == "--extended" else []
            got = run("status", self.form, *options, "--now", "2026-12-0%dT00:00:00Z" % day, kind, "R04", "--reason", "x", *more)
            self.assertEqual(got[0], 0, got)
        got = run("withdraw", self.form, "R02", *options, "--reason", "x", "--now", "2026-12-07T00:00:00Z")
        self.assertEqual(got[0], 0, got)

        def report(name, *more):
            got = run("report", self.form, *options, "--now", "2026-12-20T00:00:00Z", "-o", self.path(name), *more)
            self.assertEqual(got[0], 0, got)
            return self.path(name)
        then, now = report("then.xlsx", "--as-of", "2026-12-03T12:00:00Z"), report("now.xlsx")
        self.assertEqual([self.counts(then, "status")[option] for option in ("force", "draft", "none")], [1, 1, 0])
        self.assertEqual([self.counts(now, "status")[option] for option in ("force", "draft", "none")], [1, 0, 1])
        returns = sheets(then)["Returns"]
        states = {row["code"]: row["state"] for row in reversed(table(returns, "state"))}
        self.assertEqual([states[code] for code in ("R01", "R02", "R03", "R04")],
                         ["answered", "answered", "silent", "declined"])
        at = next(i for i, row in enumerate(returns) if row[0] == "Received after the cut-off")
        self.assertEqual([(row[0], row[1], row[2][:10]) for row in returns[at + 2:]],
                         [("R01", "Land R01", "2026-12-04"), ("R03", "Land R03", "2026-12-05")])
        self.assertEqual([row["respondent"] for row in table(sheets(now)["Findings"], "respondent")], ["R01"])
        self.assertEqual(table(sheets(then)["Findings"], "respondent"), [])
        self.assertIn("2026-12-03", [row[1] for row in sheets(then)["How to read this"] if row[0] == "As at"])
        states = {row["code"]: row["state"] for row in table(sheets(now)["Returns"], "state")}
        self.assertEqual([states[code] for code in ("R02", "R04")], ["withdrawn", "extended"])
        # what was withdrawn and made to count again in between
        got = run("withdraw", self.form, "R01", *options, "--revision", "1", "--reason", "x", "--now", "2026-12-08T00:00:00Z")
        self.assertEqual(got[0], 0, got)
        for day, wanted in (("06", [1, 1, 1]), ("07T06", [1, 0, 1]), ("09", [2, 0, 0])):
            time = "2026-12-%s:00:00Z" % (day if "T" in day else day + "T00")
            counts = self.counts(report("at%s.xlsx" % day, "--as-of", time), "status")
            self.assertEqual([counts[option] for option in ("force", "draft", "none")], wanted, day)
        got = run("report", self.form, *options, "--as-of", "2026-12-03")
        self.assertEqual(got[0], 2)
        self.assertIn("--as-of", got[2])

    def test_an_unknown_audience_is_rejected(self):
        got = run("report", self.form, "--audience", "press")
        self.assertEqual(got[0], 2)
        self.assertIn('--audience: "press" is not public, members or secretariat', got[2])


if __name__ == "__main__":
    unittest.main()
