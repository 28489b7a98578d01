"""What a secretariat enters: single answers amended, files of answers, double entry, many paper returns in a row."""
import csv
import json
import os
import re
import signal
import sqlite3
import unittest

import openpyxl

import collect_story
from story import FORM, FULL, NOW, Story, dump, grows_evenly, published, run, usage
from terminal import Terminal

ANSWERS = """question,answer
who,aa
age,15
colours,red
doc[1]/title,Law
doc[2]/title,Act
"""


class Entry(Story):
    talk = collect_story.Collect.talk

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", collect_story.INTERVIEW)
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--now", NOW]

    def collect(self, *args):
        return run("collect", self.form, *args, *self.options, stdin=b"")

    def import_first(self):
        self.assertEqual(run("import", self.form, self.write("aa.csv", ANSWERS), *self.options)[0], 0)

    def responses(self):
        return len((dump(self.store) or {"response": []})["response"])


class Amend(Entry):
    def setUp(self):
        super().setUp()
        self.import_first()

    def rejected(self, *args):
        """Nothing is stored; the errors."""
        before = dump(self.store)
        code, out, err = self.collect("aa", *args, "--reason", "telephone")
        self.assertEqual((code, out), (1, ""), err)
        self.assertTrue(err.endswith("nothing was stored\n"), err)
        self.assertEqual(dump(self.store), before)
        return err

    def test_answers_are_amended_with_a_reason_and_visible_everywhere(self):
        code, out, err = self.collect("aa", "--set", "age=16", "--set", "doc[2]/title=Decree", "--reason",
                                      "telephone, 3 May", "--by", "bob")
        self.assertEqual(code, 0, err)
        self.assertIn("  age: 15 -> 16\n  doc[2]/title: Act -> Decree\nstored in ", out)
        out = run("history", self.form, "aa", *self.options)[1]
        self.assertIn("entered     aa: entered by bob\n      telephone, 3 May\n", out)
        self.assertIn("revision 2, counts: entered by bob", out)
        self.assertEqual(run("report", self.form, "-o", self.path("x.xlsx"), *self.options)[0], 0)
        rows = list(openpyxl.load_workbook(self.path("x.xlsx"))["Sources"].iter_rows(values_only=True))
        head = next(row for row in rows if row[0] == "respondent")
        self.assertEqual(head[:4], ("respondent", "name", "entry", "value"))  # questions have no numbers: no such column
        lines = [dict(zip(head, row)) for row in rows[rows.index(head) + 1:]]
        age = next(line for line in lines if line["name"] == "age")
        self.assertEqual((age["value"], age["file"], age["reason"]), ("16", "entered by bob", "telephone, 3 May"))
        self.assertEqual(str(age["received"])[:10], "2026-12-01")
        self.assertEqual(run("verify", self.store)[0], 0)

    def test_one_answer_of_a_long_return_is_corrected_by_telephone(self):
        """One command; the report, history and Sources have the new answer and its reason, and the other answers as they were."""
        options = ["--store", self.path("long.db"), "--now", NOW]
        self.assertLess(run("import", FORM, *published(), *options)[0], 2)
        self.assertEqual(run("report", FORM, "-o", self.path("before.xlsx"), "--technical", *options)[0], 0)
        code, out, err = run("collect", FORM, "AUS", "--set", "comments=By telephone", "--reason", "telephone, 3 May",
                             "--by", "bob", *options, stdin=b"")
        self.assertLess(code, 2, err)
        changes = [line for line in out.splitlines() if " -> " in line]
        self.assertEqual(len(changes), 1, out)
        self.assertTrue(changes[0].endswith(" -> By telephone"), out)
        out = run("history", FORM, "AUS", "comments", *options)[1]
        self.assertIn("by bob: telephone, 3 May\n", out)
        self.assertEqual(run("report", FORM, "-o", self.path("after.xlsx"), "--technical", *options)[0], 0)
        books = [openpyxl.load_workbook(self.path(name)) for name in ("before.xlsx", "after.xlsx")]
        before, after = ({(row, column): cell for row, cells in enumerate(book["Matrix"].iter_rows(values_only=True))
                          for column, cell in enumerate(cells)} for book in books)
        changed = {after.get(place) for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
        self.assertEqual(changed, {"By telephone"})
        sources = [row for row in books[1]["Sources"].iter_rows(values_only=True) if "telephone, 3 May" in row]
        self.assertEqual([(row[0], "By telephone" in row, "entered by bob" in row) for row in sources], [("AUS", True, True)])
        self.assertEqual(*({row[:7] for row in book["Sources"].iter_rows(values_only=True) if row[0] == "AUS" and
                            "By telephone" not in row and "comments" not in row} for book in books))

    def origins(self, audience="secretariat"):
        """The file and line of each answer of aa, as Sources has them."""
        book = self.path("origins.xlsx")
        self.assertEqual(run("report", self.form, "-o", book, "--force", "--audience", audience, *self.options)[0], 0)
        rows = list(openpyxl.load_workbook(book)["Sources"].iter_rows(values_only=True))
        head = next(row for row in rows if row[0] == "respondent")
        lines = [dict(zip(head, row)) for row in rows[rows.index(head) + 1:] if row[0] == "aa"]
        return {(line["name"], line["entry"]): (line["file"], line["line"], bool(line["SHA-256"])) for line in lines}

    def test_an_answer_that_is_not_amended_keeps_its_source(self):
        """Over several revisions entered by hand; one that was changed and changed back is of the last."""
        first = self.origins()
        self.assertEqual({file for file, _, _ in first.values()}, {"aa.csv"})
        for by, value in (("bob", "age=16"), ("eve", "doc[2]/title=Decree"), ("kim", "age=15")):
            self.assertEqual(self.collect("aa", "--set", value, "--reason", "telephone", "--by", by)[0], 0)
        now = self.origins()
        changed = {place: now[place][0] for place in now if now[place] != first.get(place)}
        self.assertEqual(changed, {("age", None): "entered by kim", ("title", "2"): "entered by eve"})
        self.assertEqual(run("import", self.form, self.write("again.csv", ANSWERS.replace("Act", "Code")), *self.options)[0], 0)
        self.assertEqual({file for file, _, _ in self.origins().values()}, {"again.csv"})  # sent again: new in full

    def test_a_source_that_others_shared_is_not_identified_to_the_public(self):
        both = "who,age,colours\naa,8,red\nbb,9,red\n"
        self.store = self.path("both.db")
        self.options = ["--store", self.store, "--now", NOW]
        self.assertEqual(run("import", self.form, self.write("both.csv", both), *self.options)[0], 0)
        for respondent in ("aa", "bb"):
            self.assertEqual(self.collect(respondent, "--set", "age=7", "--reason", "telephone")[0], 0)
        for audience, identified in (("public", False), ("secretariat", True)):
            file, line, digest = self.origins(audience)["colours", None]
            self.assertEqual((file, line is not None, digest), ("both.csv", identified, identified))

    def test_a_public_report_does_not_show_the_reason(self):
        self.collect("aa", "--set", "age=16", "--reason", "telephone, 3 May")
        for audience, shown in (("public", False), ("secretariat", True)):
            book = self.path(audience + ".xlsx")
            self.assertEqual(run("report", self.form, "-o", book, "--audience", audience, *self.options)[0], 0)
            cells = {cell for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows(values_only=True) for cell in row}
            self.assertEqual("telephone, 3 May" in cells, shown)

    def test_values_are_read_as_an_import_reads_them(self):
        code, out, err = self.collect("aa", "--set", "colours=Blue, Red", "--set", "why=the sea", "--set", "age= 12,0 ",
                                      "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertIn("colours: red -> blue red", out)
        self.assertIn("age: 15 -> 12", out)

    def test_an_answer_is_taken_back(self):
        code, out, err = self.collect("aa", "--set", "colours=", "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertIn("colours: red -> (blank)", out)

    def test_what_is_set_already_makes_no_revision(self):
        code, out, _ = self.collect("aa", "--set", "age=15", "--reason", "x")
        self.assertEqual((code, out), (0, "already imported; nothing changed\n"))
        self.assertEqual(self.responses(), 1)

    def test_a_wrong_answer_stores_nothing(self):
        err = self.rejected("--set", "age=222", "--set", "colours=green")
        self.assertIn("--set: error[E0505]: age: From 0 to 149.\n    222\n", err)
        self.assertIn("error[E0503]: colours: ", err)
        self.assertIn("error[E0501]: age: an answer is required", self.rejected("--set", "age="))

    def test_what_is_not_asked_stores_nothing(self):
        err = self.rejected("--set", "why=the sea")
        self.assertIn("error[E0841]: why: the question is not asked of this respondent\n  hint: ", err)

    def test_answers_that_are_no_longer_asked_stay_until_they_are_taken_back(self):
        self.assertEqual(self.collect("aa", "--set", "colours=blue", "--set", "why=sea", "--reason", "x")[0], 0)
        code, out, err = self.collect("aa", "--set", "colours=red", "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertIn("warning[W0507]: why: ", out)
        self.assertIn("  colours: blue -> red\n", out)
        self.assertNotIn("why: sea ->", out)
        code, out, err = self.collect("aa", "--set", "why=", "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertIn("  why: sea -> (blank)\n", out)

    def test_an_unknown_name_stores_nothing(self):
        err = self.rejected("--set", "agee=3", "--set", "title=x", "--set", "doc[0]/title=x",
                            "--set", "doc[2]=x", "--set", "doc=")
        self.assertIn('error[E0840]: agee: no question has this name\n  hint: did you mean "age"?\n', err)
        self.assertIn("error[E0842]: doc[2]: an entry has no answer of its own\n", err)
        self.assertIn("error[E0840]: doc: the number of the entry is missing\n", err)
        self.assertIn('title: the number of the entry is missing\n  hint: did you mean "doc[1]/title"?', err)
        self.assertIn("doc[0]/title: no entry has this number", err)
        err = self.rejected("--set", "doc[4]/title=x", "--set", "doc[3]/title=", "--set", "doc[3]=")
        self.assertIn("doc[4]/title: there is no such entry; the next that can be added is number 3\n", err)
        self.assertIn("doc[3]/title: there is no such entry\n", err)
        self.assertIn("doc[3]: there is no such entry\n", err)

    def test_a_question_in_a_repeat_is_named_by_its_number(self):
        """On the telephone a question is B1.  In a repeat the entry is named too."""
        self.write("form.csv", collect_story.INTERVIEW.replace("constraint_message", "constraint_message,qno")
                   .replace(",text,title,Title,,yes,,,", ",text,title,Title,,yes,,,,B1"))
        self.assertIn('B1: the number of the entry is missing\n  hint: did you mean "doc[1]/title"?', self.rejected("--set", "B1=x"))
        self.assertIn("doc[1]/B2: no question has this name\n", self.rejected("--set", "doc[1]/B2=x"))
        code, out, err = self.collect("aa", "--set", "doc[2]/B1=Order", "--set", "doc[3]/B1=Rule", "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.titles(), ["Law", "Order", "Rule"])
        out = run("history", self.form, "aa", "doc[2]/B1", *self.options)[1]
        self.assertIn("doc[2]/title: Act (line 6)\n", out)
        self.assertIn("doc[2]/title: Order", out)

    def titles(self):
        with sqlite3.connect(self.store) as store:
            return [row[0] for row in store.execute("SELECT value FROM answers_long WHERE path GLOB 'doc*/title' ORDER BY path")]

    def test_entries_are_added_changed_and_removed(self):
        code, out, err = self.collect("aa", "--set", "doc[4]/title=Rule", "--reason", "x")
        self.assertEqual(code, 1, err)
        code, out, err = self.collect("aa", "--set", "doc[3]/title=Order", "--set", "doc[4]/title=Rule", "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertIn("  doc[3]/title: (blank) -> Order\n  doc[4]/title: (blank) -> Rule\n", out)
        self.assertEqual(self.titles(), ["Law", "Act", "Order", "Rule"])
        # Numbers are those before the change.
        code, out, err = self.collect("aa", "--set", "doc[2]=", "--set", "doc[3]/title=Decree", "--set", "doc[5]/title=Last",
                                      "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.titles(), ["Law", "Decree", "Rule", "Last"])
        self.assertEqual(run("verify", self.store)[0], 0)

    def test_an_entry_that_is_removed_has_no_answers(self):
        self.assertIn("error[E0840]: doc[2]/title: its entry is removed\n",
                      self.rejected("--set", "doc[2]=", "--set", "doc[2]/title=x"))

    def test_entries_that_the_form_counts_follow_their_count(self):
        self.form = self.write("form.csv", "survey\n,type,name,label,required,repeat_count\n,integer,n,Number,,\n,begin_repeat,doc,Document,,${n}\n"
                               ",text,title,Title,yes,\n,begin_repeat,part,Part,,\n,text,page,Page,,\n,end_repeat,,,,\n,end_repeat,,,,\n")
        self.store = self.path("counted.db")
        self.options[1] = self.store
        path = self.write("aa.csv", "question,answer\nn,1\ndoc[1]/title,Law\n")
        self.assertEqual(run("import", self.form, path, "--respondent", "aa", *self.options)[0], 0)
        self.assertIn("error[E0842]: doc[2]/title: the form sets how many entries there are\n", self.rejected("--set", "doc[2]/title=x"))
        self.assertIn("error[E0842]: doc[1]: the form sets how many entries there are\n", self.rejected("--set", "doc[1]="))
        code, out, err = self.collect("aa", "--set", "doc[2]/part[1]/page=7", "--set", "n=2", "--set", "doc[2]/title=Act", "--reason", "x")
        self.assertEqual(code, 0, err)
        self.assertIn("  n: 1 -> 2\n", out)
        self.assertIn("  doc[2]/title: (blank) -> Act\n", out)
        self.assertIn("  doc[2]/part[1]/page: (blank) -> 7\n", out)

    def test_entries_are_not_added_where_they_are_not_asked(self):
        self.assertEqual(self.collect("aa", "--set", "age=5", "--reason", "x")[0], 0)
        self.assertIn("error[E0841]: doc[3]/title: these entries are not asked of this respondent\n",
                      self.rejected("--set", "doc[3]/title=x"))

    def test_what_the_form_sets_is_not_amended(self):
        self.form = self.write("form.csv", "survey\n,type,name,label,calculation,read_only,default\n,integer,n,Number,,,\n,integer,twice,Twice,${n} * 2,,\n"
                               ",text,edition,Edition,,yes,2026\n")
        self.options[1] = self.store = self.path("fixed.db")
        path = self.write("aa.csv", "question,answer\nn,1\n")
        self.assertEqual(run("import", self.form, path, "--respondent", "aa", *self.options)[0], 0)
        err = self.rejected("--set", "twice=3", "--set", "edition=2027")
        self.assertIn("error[E0842]: twice: the form sets this answer\n", err)
        self.assertIn("error[E0842]: edition: the form sets this answer\n", err)

    def test_whose_response_it_is_stays(self):
        self.assertIn("error[E0842]: who: this answer says whose response it is", self.rejected("--set", "who=bb"))

    def test_it_takes_a_respondent_with_a_response_and_a_reason(self):
        for args, message in ((["aa", "--set", "age=3"], "--set needs --reason"),
                              (["--set", "age=3", "--reason", "x"], "name the respondent after the form"),
                              (["bb", "--set", "age=3", "--reason", "x"], '"bb" has no response in round "2026" to change'),
                              (["zz", "--set", "age=3", "--reason", "x"], "zz")):
            code, out, err = self.collect(*args)
            self.assertEqual((code, out), (2, ""))
            self.assertIn(message, err)

    def test_a_value_that_is_not_utf_8_is_rejected(self):
        code, out, err = self.collect("aa", "--set", b"last=a\xffb", "--reason", "x")
        self.assertEqual((code, out), (2, ""))
        self.assertIn('--set: the value of "last" is not UTF-8', err)

    def test_without_a_store_none_is_made(self):
        os.unlink(self.store)
        code, out, err = self.collect("aa", "--set", "age=3", "--reason", "x")
        self.assertEqual((code, out), (3, ""))
        self.assertIn("nothing has been imported yet", err)
        self.assertFalse(os.path.exists(self.store))

    def test_a_draft_of_the_same_person_stays(self):
        self.talk(["c", "age", "17", "n"], self.form, "aa", *self.options, "--by", "rita")
        self.assertEqual(self.collect("aa", "--set", "age=16", "--reason", "x", "--by", "rita")[0], 0)
        self.assertIn("aa: rita has a draft", self.collect("--drafts")[1])


class Files(Entry):
    """--blank prints a file to fill in, --answers stores it."""

    def fill(self, **answers):
        code, out, err = self.collect("aa", "--blank")
        self.assertEqual((code, err), (0, ""))
        lines = [line.split(",") for line in out.splitlines()]
        for line in lines:
            line[3] = answers.get(line[0].partition("/")[2] or line[0], line[3])
        return self.write("filled.csv", "\n".join(",".join(line) for line in lines) + "\n")

    def test_a_blank_file_has_what_may_be_asked_and_no_store_is_made(self):
        code, out, err = self.collect("aa", "--blank")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual([line.split(",")[0] for line in out.splitlines()],
                         ["question", "form_id", "form_version", "round", "who", "age", "colours", "why", "last", "doc[1]/title"])
        self.assertIn("\nwho,,Who,aa,\n", out)
        self.assertFalse(os.path.exists(self.store))

    def test_what_the_respondent_alone_decides_is_left_out(self):
        form = collect_story.INTERVIEW.replace("integer,age,Age,In full years,yes,,",
                                               "integer,age,Age,In full years,yes,${who} = 'bb',")
        self.form = self.write("form.csv", form.replace("${age} > 10", "${who} = 'bb' and ${who} != ''"))
        for who, there in (("aa", False), ("bb", True)):
            paths = [line.split(",")[0] for line in self.collect(who, "--blank")[1].splitlines()]
            self.assertEqual(("age" in paths, "doc[1]/title" in paths), (there, there), paths)
            self.assertIn("why", paths)

    def test_a_filled_in_file_is_stored_as_entered(self):
        code, out, err = self.collect("aa", "--answers", self.fill(age="15", colours="red", title="Law"), "--by", "bob")
        self.assertEqual(code, 0, err)
        self.assertIn("stored in", out)
        out = run("history", self.form, *self.options)[1]
        self.assertIn("entered     aa: %s, by bob" % self.path("filled.csv"), out)
        self.assertEqual(run("verify", self.store)[0], 0)

    def test_what_is_missing_or_wrong_stores_nothing_unless_it_is_wanted(self):
        path = self.fill(age="222", colours="blue")
        code, out, err = self.collect("aa", "--answers", path)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("filled.csv: error[E0505]: age: From 0 to 149.\n", err)
        self.assertIn("filled.csv: error[E0501]: why: an answer is required\n", err)
        self.assertIn("error[E0501]: doc[1]/title: an answer is required", self.collect(
            "aa", "--answers", self.write("b.csv", ANSWERS.replace("/title,Law", ",")))[2])
        self.assertTrue(err.endswith("nothing was stored; --incomplete stores these answers as they are\n"), err)
        self.assertFalse(os.path.exists(self.store))
        code, out, err = self.collect("aa", "--answers", path, "--incomplete")
        self.assertEqual(code, 1, err)
        self.assertEqual(self.responses(), 1)

    def test_the_file_says_whose_it_is(self):
        path = self.write("a.csv", ANSWERS)
        code, _, err = self.collect("bb", "--answers", path)
        self.assertEqual(code, 2)
        self.assertIn('the file has the answers of "aa", not of "bb"', err)
        code, _, err = self.collect("aa", "--answers", self.write("n.csv", ANSWERS.replace("who,aa\n", "")))
        self.assertEqual(code, 2)
        self.assertIn('the file does not say whose answers it has: "who" is blank', err)
        self.assertEqual(self.collect("--answers", path)[0], 0)
        self.assertEqual(self.responses(), 1)

    def test_a_file_that_cannot_be_read_stores_nothing(self):
        for text, words in (("question,answer\nage,1\nage,2\n", "error[E0610]: age"), ("a,b\n1,2\n", "error[E06")):
            code, out, err = self.collect("aa", "--answers", self.write("x.csv", text), "--incomplete")
            self.assertEqual((code, out), (1, ""))
            self.assertIn(words, err)
        self.assertEqual(self.collect("aa", "--answers", self.path("none.csv"))[0], 3)
        self.assertFalse(os.path.exists(self.store))

    def test_options_that_do_not_go_together(self):
        for args in (["--answers", "x", "--blank"], ["--set", "age=1", "--answers", "x"], ["--drafts", "--blank"]):
            self.assertIn("cannot be combined", self.collect("aa", *args)[2])
        self.assertIn("--incomplete needs --answers", self.collect("aa", "--incomplete")[2])


COUNTED = """survey
,type,name,label,repeat_count
,integer,n,Number,
,begin_repeat,ship,Ship,${n}
,begin_repeat,crew,Crew,9
,text,name,Name,
,end_repeat,,,
,end_repeat,,,
,integer,last,Last,
"""


class Counted(Entry):
    def test_entries_that_are_counted_take_time_by_their_number(self):
        form = self.write("counted.csv", COUNTED)

        def work(count):
            path = self.write("answers.csv", "question,answer\nn,%d\nlast,x\n" % count)
            code, seconds, _ = usage("collect", form, "aa", "--answers", path, *self.options)
            self.assertEqual(code, 1)
            return seconds
        self.assertTrue(grows_evenly(work, 8000))


class History(Entry):
    """history of one question."""

    def setUp(self):
        super().setUp()
        self.import_first()
        self.collect("aa", "--set", "age=16", "--set", "doc[2]/title=Decree", "--reason", "telephone, 3 May", "--by", "bob")
        self.assertEqual(run("import", self.form, self.write("b.csv", ANSWERS.replace("15", "old").replace("Act", "")),
                             "--by", "rita", *self.options)[0], 1)

    def test_each_value_with_its_revision_person_time_reason_and_way(self):
        code, out, err = run("history", self.form, "aa", "age", *self.options)
        self.assertEqual((code, err), (0, ""))
        blocks = [block.split("\n") for block in out.split("\n\n")[1:]]
        self.assertEqual([block[0] for block in blocks],
                         ["revision 1, replaced", "revision 2, replaced", "revision 3, counts"])
        self.assertIn("  imported from %s, 2026-12-01 00:00" % self.path("aa.csv"), blocks[0][1])
        self.assertEqual(blocks[0][2], "  age: 15 (line 3)")
        self.assertEqual(blocks[1][1:3], ["  entered, 2026-12-01 00:00, by bob: telephone, 3 May", "  age: 16 (line 7)"])
        self.assertEqual(blocks[2][1:3], ["  imported from %s, 2026-12-01 00:00, by rita" % self.path("b.csv"),
                                          "  age: old (line 3), cannot be read as an answer of this kind"])

    def test_answers_of_a_repeat(self):
        lines = run("history", self.form, "aa", "doc[2]/title", *self.options)[1].splitlines()
        self.assertEqual([line for line in lines if "title" in line or "no such" in line],
                         ["  doc[2]/title: Act (line 6)", "  doc[2]/title: Decree (line 10)", "  (no such entry)"])
        out = json.loads(run("history", self.form, "aa", "title", "--json", *self.options)[1])
        self.assertEqual([(one["revision"], one["question"], one["value"]) for one in out["answers"]],
                         [(1, "doc[1]/title", "Law"), (1, "doc[2]/title", "Act"), (2, "doc[1]/title", "Law"),
                          (2, "doc[2]/title", "Decree"), (3, "doc[1]/title", "Law")])
        self.assertEqual([(one["how"], one.get("who"), one.get("reason"), one["state"]) for one in out["answers"][2:4]],
                         [("entered", "bob", "telephone, 3 May", "replaced")] * 2)

    def test_no_such_question(self):
        code, out, err = run("history", self.form, "aa", "agee", *self.options)
        self.assertEqual((code, out), (2, ""))
        self.assertIn('"agee": no question has this name; did you mean "age"?', err)
        self.assertIn("no revisions\n", run("history", self.form, "bb", "age", *self.options)[1])


RULES = collect_story.INTERVIEW.replace(
    ",text,last,Anything else?,,,,,\n",
    ",text,last,Anything else?,,,\"not(${age} < 18 or selected(${colours}, 'red')) and count(${doc}) > 0\",string-length(.) > 2 + 1,Longer.\n"
    ",begin_group,old,,,,${age} >= 18,,\n,integer,years,Years,,,${who} = 'aa',. <= ${age},\n,end_group,,,,,,,\n")


class Explain(Entry):
    """explain of an answer: the rules that decide about it, with the values of their parts."""

    def explain(self, question, answers, *args):
        self.form = self.write("form.csv", RULES)
        self.assertIn(run("import", self.form, self.write("aa.csv", "question,answer\n" + answers), *self.options)[0], (0, 1))
        code, out, err = run("explain", self.form, "aa", question, *self.options, *args)
        self.assertEqual((code, err), (0, ""))
        return out

    def test_why_it_is_not_asked(self):
        self.assertEqual(self.explain("last", "who,aa\nage,15\ncolours,blue\nwhy,sea\ndoc[1]/title,Law\n"), """\
aa, round 2026, revision 1
last: Anything else?
  not asked

relevant: not(${age} < 18 or selected(${colours}, 'red')) and count(${doc}) > 0
  = false
    not(${age} < 18 or selected(${colours}, 'red'))  = false
      ${age} < 18 or selected(${colours}, 'red')  = true
        ${age} < 18  = true
        selected(${colours}, 'red')  = false
    count(${doc}) > 0  = true
      count(${doc})  = 1
  ${age} is '15'
  ${colours} is 'blue'
""")

    def test_why_it_is_wrong(self):
        out = self.explain("last", "who,aa\nage,20\ncolours,blue\nwhy,sea\ndoc[1]/title,Law\nlast,abc\n")
        self.assertTrue(out.startswith("""\
aa, round 2026, revision 1
last: Anything else?
  abc (line 7): against the rule
  error[E0505]: Longer.

relevant: """), out)
        self.assertTrue(out.endswith("""
constraint: string-length(.) > 2 + 1
  = false
    string-length(.)  = 3
    2 + 1  = 3
  ${last} is 'abc'
"""), out)

    def test_the_relevance_around_it_comes_first(self):
        rules = json.loads(self.explain("years", "who,aa\nage,20\ncolours,red\nyears,21\ndoc[1]/title,Law\n", "--json"))["rules"]
        self.assertEqual([(rule["rule"], rule["of"], rule["value"]) for rule in rules],
                         [("relevant", "old", "true"), ("relevant", "years", "true"), ("constraint", "years", "false")])
        self.assertIn("\n  ${who} is 'aa' (Alpha)\n", run("explain", self.form, "aa", "years", *self.options)[1])
        self.assertEqual(rules[2]["answers"], [{"question": "years", "value": "'21'"}, {"question": "age", "value": "'20'"}])

    def test_an_answer_that_breaks_a_rule_is_read_by_other_rules(self):
        self.assertIn("${age} is '222'", self.explain("doc[1]/title", "who,aa\nage,222\ncolours,red\ndoc[1]/title,Law\n"))

    def test_what_cannot_be_explained(self):
        self.import_first()
        for args, message in (((self.form, "aa", "agee"), 'did you mean "age"?'),
                              ((self.form, "aa", "title"), 'the number of the entry is missing; did you mean "doc[1]/title"?'),
                              ((self.form, "aa", "doc[7]/title"), "there is no such entry"),
                              ((self.form, "bb", "age"), '"bb" has no response in round "2026"'),
                              ((self.form, "bb"), "usage: canvass explain CODE, or canvass explain FORM RESPONDENT QUESTION"),
                              (("E0107",), "options are for FORM RESPONDENT QUESTION")):
            code, out, err = run("explain", *args, *self.options)
            self.assertEqual((code, out), (2, ""))
            self.assertIn(message, err)


class Clerk:
    """Keys returns at the terminal as a person does: reads each question from the screen, and types what the paper has."""

    def __init__(self, form):
        self.names, self.repeats = {}, {}
        with open(form, encoding="utf-8") as file:
            rows = list(csv.reader(file))
        head = rows[1]
        for row in rows[2:]:
            if row[0] in ("choices", "settings"):
                break
            one = dict(zip(head, row))
            if one["type"] == "begin_repeat":
                self.repeats[one["label"]] = one["name"]
            elif one.get("qno"):
                self.names[one["qno"]] = one["name"]

    def start(self, path):
        """The answers and the remarks of a return by question, those of a repeat entry by entry."""
        self.answers, self.remarks, self.entries, self.entry, self.kept = {}, {}, {}, 0, None
        with open(path, encoding="utf-8") as file:
            for line in csv.DictReader(file):
                repeat, number, name = re.fullmatch(r"(?:(\w+)\[(\d+)\]/)?(\w+)", line["question"]).groups()
                key = name, int(number or 0)
                self.answers[key] = line["answer"]
                notes = [line["note"]] + [words + line[column] for column, words in MORE_REMARKS if line.get(column)]
                self.remarks[key] = " | ".join(note for note in notes if note)
                if repeat and (line["answer"] or self.remarks[key]):
                    self.entries[repeat] = max(self.entries.get(repeat, 0), int(number))

    def reply(self, screen):
        """What is typed at a prompt, given what was printed since the last line."""
        if screen.endswith("submit? (y/n)> "):
            return "y"
        entries = re.search(r"^([^\n]*): (\d+) entr(?:y|ies)\n.*add an[^\n]*> $", screen, re.M | re.S)
        if entries:
            self.entry = int(entries[2]) + 1
            return "y" if self.entry <= self.entries.get(self.repeats[entries[1]], 0) else "n"
        number = re.findall(r"^([A-Z][0-9.]*)  ", screen, re.M)
        if number:
            name = self.names[number[-1]]
            self.key = (name, 0) if (name, 0) in self.answers else (name, self.entry)
        remark = self.remarks.pop(self.key, "")
        return ":n " + remark if remark else self.answers.get(self.key, "")


# The columns of a return that are remarks beside `note`, and the words that an import puts before them.
MORE_REMARKS = (("as_of", "as of: "), ("source_url", "source: "), ("source_seen", "seen: "), ("evidence", "evidence: "))


# Columns of a table of answers that depend on the file and the order of returns.
OF_FILE = ("id", "response", "parent", "line", "lines", "own")


class Keying(Story):
    def key(self, clerk, path, *args):
        clerk.start(path)
        terminal = Terminal("collect", FORM, *args, CANVASS_ACCESSIBLE="1", LC_ALL="C.UTF-8")
        while (shown := terminal.prompt()) is not None:
            terminal.type(clerk.reply(shown) + "\n")
        return terminal.end()

    def content(self, store):
        """Of each respondent the answers with their verdicts, the remarks by place, and the findings."""
        with sqlite3.connect(store) as db:
            who = dict(db.execute("SELECT id, respondent FROM response WHERE later IS NULL"))
            found = {}
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'answers_*'").fetchall():
                names = [row[1] for row in db.execute("PRAGMA table_info(%s)" % table)]
                for row in db.execute("SELECT * FROM %s ORDER BY id" % table):
                    cells = dict(zip(names, row))
                    key = who[cells.get("response", cells["id"])], re.sub(r"^answers_\d+", "", table)
                    found.setdefault(key, []).append({name: cell for name, cell in cells.items() if name not in OF_FILE})
            for response, path, text in db.execute("SELECT response, path, text FROM remark ORDER BY id"):
                found.setdefault((who[response], path, "remark"), []).append(text)
            for response, path, code, message in db.execute("SELECT response, path, code, message FROM finding ORDER BY path, code"):
                found.setdefault((who.get(response), path, "finding"), []).append((code, message))
        return {key: " | ".join(value) if key[-1] == "remark" else value for key, value in found.items()}

    def test_returns_that_are_keyed_are_stored_as_those_that_are_imported(self):
        files = published() if FULL else published()[2:4]
        clerk = Clerk(FORM)
        keyed, imported = self.path("keyed.db"), self.path("imported.db")
        for path in files:
            code, screen = self.key(clerk, path, os.path.basename(path)[:-4], "--store", keyed, "--now", NOW)
            self.assertEqual(code, 0, screen)
        self.assertEqual(run("import", FORM, *files, "--store", imported, "--now", NOW)[0], 0)
        content = self.content(imported)
        self.assertGreater(sum(key[-1] == "remark" for key in content), 5 * len(files))
        self.assertEqual(self.content(keyed), content)
        self.tell("returns keyed at the terminal and stored as imported: %d" % len(files))


class Twice(Entry):
    """Double entry: the second keying is blind, and only what differs is decided."""

    FIRST = ["15", "1", "y", "Law", "y", "Act", "n", "thanks", "y"]

    def key(self, *typed, first=FIRST):
        return self.talk([*first, *typed], self.form, "aa", "--twice", "--by", "rita", *self.options)

    def stored(self):
        """The return that was stored: its lines by question."""
        with sqlite3.connect(self.store) as db:
            (bytes,) = db.execute("SELECT bytes FROM original ORDER BY id DESC LIMIT 1").fetchone()
        lines = list(csv.DictReader(bytes.decode().splitlines()))
        return {line["question"]: (line["answer"], line["first_keying"], line["second_keying"]) for line in lines}

    def test_keyings_that_agree_are_stored_with_both(self):
        code, screen = self.key("15", "1", "y", "Law", "y", "Act", "n", "thanks", "y", "y")
        self.assertEqual(code, 0, screen)
        self.assertIn("y begins the second keying", screen)
        self.assertIn("\n0 differences\n", screen)
        second = screen[screen.index("Second keying"):screen.index("The two keyings are compared")]
        self.assertNotIn("answer: ", second)
        self.assertEqual(self.stored()["doc[2]/title"], ("Act", "Act", "Act"))
        self.assertIn("entered     aa: entered twice by rita", run("history", self.form, *self.options)[1])
        self.assertEqual(self.collect("--drafts")[1], "no drafts\n")
        self.assertEqual(run("verify", self.store)[0], 0)

    def test_each_difference_is_decided(self):
        code, screen = self.key(":n from page 2", "16", "1 2", "sea", "y", "Law", "y", "Axt", "n", "thank", "y",
                                "s", "x", "s", "f", "s", "e", "Decree", "why", "sea!", "y")
        self.assertEqual(code, 0, screen)
        decisions = screen[screen.index("The two keyings are compared"):].replace("\r", "")
        for words in ("Age\n     first keying: 15\n     second keying: 16, remark: from page 2\n",
                      "     first keying: Red\n     second keying: Red, Blue\n", "! type f, s or e", "\n5 differences\n",
                      "== Document, entry 2 ==\n\nTitle\n     first keying: Act\n     second keying: Axt\n"):
            self.assertIn(words, decisions)
        stored = self.stored()
        self.assertEqual([stored[path] for path in ("age", "colours", "why", "last", "doc[1]/title", "doc[2]/title")],
                         [("16", "15", "16"), ("red blue", "red", "red blue"), ("sea!", "", "sea"), ("thank", "thanks", "thank"),
                          ("Law", "Law", "Law"), ("Decree", "Act", "Axt")])
        self.assertEqual(run("verify", self.store)[0], 0)

    def test_entries_that_only_one_keying_has(self):
        for letter, titles in (("f", {"doc[1]/title": ("Law", "Law", "Law"), "doc[2]/title": ("Act", "Act", "")}),
                               ("s", {"doc[1]/title": ("Law", "Law", "Law"), "doc[2]/title": ("", "Act", "")})):
            code, screen = self.key("15", "1", "y", "Law", "n", "thanks", "y", letter, "y")
            self.assertEqual(code, 0, screen)
            self.assertIn("first keying: 2 entries\n     second keying: 1 entry\n", screen)
            stored = self.stored()
            self.assertEqual({path: stored[path] for path in titles}, titles)
            self.assertEqual(len([row for row in dump(self.store)["answers_1_1_0"]]), 2 if letter == "f" else 1)
            os.unlink(self.store)
        code, screen = self.key("15", "1", "y", "Law", "y", "Act", "y", "New", "n", "thanks", "y", "f", "y")
        self.assertEqual(self.stored()["doc[3]/title"], ("", "", "New"))

    def test_what_the_decisions_leave_unasked_is_not_decided(self):
        code, screen = self.key("5", "1", "thanks", "y", "s", "y")
        self.assertEqual(code, 0, screen)
        self.assertIn("\n1 difference\n", screen)
        stored = self.stored()
        self.assertEqual((stored["age"], stored["doc[1]/title"]), (("5", "15", "5"), ("", "Law", "")))
        self.assertEqual(dump(self.store)["answers_1_1_0"], [])
        self.assertEqual(run("verify", self.store)[0], 0)
        os.unlink(self.store)
        code, screen = self.key("5", "1", "thanks", "y", "f", "f", "y")
        self.assertEqual(code, 0, screen)
        self.assertIn("second keying: 0 entries", screen)
        self.assertEqual(self.stored()["doc[2]/title"], ("Act", "Act", ""))

    def test_interrupted_in_the_second_keying_or_the_decision_it_goes_on_there(self):
        second = ["16", "1", "y", "Law", "y", "Act", "n", "thanks", "y"]
        for typed, rest in ((["16", ":q"], [*second[1:], "s", "y"]), ([*second, ":q"], ["y", "s", "y"])):
            code, screen = self.key(*typed)
            self.assertEqual(code, 130, screen)
            out = self.collect("--drafts")[1]
            self.assertIn("aa: rita, first keying has a draft, 6 of ", out)
            code, screen = self.key("y", "y", *rest, first=[])
            self.assertEqual(code, 0, screen)
            self.assertIn("Your first keying is finished, with 6 answers", screen)
            self.assertNotIn("Age\n     In full", screen)
            self.assertEqual(self.stored()["age"], ("16", "15", "16"))
            self.assertEqual(self.collect("--drafts")[1], "no drafts\n")
            os.unlink(self.store)

    def test_killed_at_the_start_of_the_second_keying_it_stays_blind(self):
        code, screen = self.key(lambda terminal: os.kill(terminal.pid, signal.SIGKILL))
        self.assertEqual(code, -signal.SIGKILL)
        self.assertEqual(self.collect("--drafts")[1],
                         "aa: rita has a draft, 1 of 4 questions answered, begun on 1 December 2026\n"
                         "aa: rita, first keying has a draft, 6 of 6 questions answered, begun on 1 December 2026\n")
        code, screen = self.key("y", "y", ":q", first=[])
        self.assertIn("You have a draft, 1 of 4 questions answered", screen)
        self.assertIn("less than 150; required)\n(2/4)", screen)
        self.assertNotIn("answer: 15", screen)

    def test_it_is_for_the_terminal(self):
        for args in (["--answers", "x"], ["--set", "age=1"], ["--blank"], ["--drafts"]):
            self.assertIn("--twice is for interviews in the terminal", self.collect("aa", "--twice", *args)[2])


class ManyReturns(Entry):
    """--clerk: one return after the other, of respondents of the roster."""

    ONE = ["5", "red", "", "y"]

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", collect_story.INTERVIEW.replace(",who,bb,Beta\n", ",who,bb,Beta\n,who,bc,Beta\n,who,dd,Delta\n"))
        roster = self.write("r.csv", "code,name,sort_name\naa,The Alpha,Alpha\nbb,Beta Isles,\nbc,Beta Coast,\ndd,Delta,\n")
        self.options += ["--roster", roster]

    def clerk(self, *typed, args=()):
        code, screen = self.talk(list(typed), self.form, "--clerk", "--by", "rita", *args, *self.options)
        return code, screen.replace("\r", "")

    def test_returns_are_keyed_in_a_row_by_code_number_or_name(self):
        code, screen = self.clerk("dd", *self.ONE, "2", *self.ONE, "alp", *self.ONE, ":q")
        self.assertEqual(code, 0, screen)
        self.assertIn("\n3 returns keyed\n", screen)
        self.assertIn("\nnext respondent (2 keyed)> ", screen)
        self.assertEqual(screen.count("next: canvass"), 1)
        with sqlite3.connect(self.store) as db:
            self.assertEqual([row[0] for row in db.execute("SELECT respondent FROM response ORDER BY id")], ["dd", "bb", "aa"])

    def test_after_the_first_return_hints_and_the_welcome_are_left_out(self):
        code, screen = self.clerk("aa", *self.ONE, "bb", ":?", *self.ONE, ":q")
        self.assertEqual(code, 0, screen)
        first, second = screen.split("next respondent (1 keyed)> ")
        for words in ("Choose by number", "\n    In full years\n"):
            self.assertIn(words, first)
        self.assertNotIn("Choose by number", second)
        shown, helped = second.split(":?\n", 1)
        self.assertNotIn("In full years", shown)
        self.assertIn("\nAge\n    (whole number, at least 0 and less than 150; required)\n", shown)
        self.assertTrue(helped.startswith("    In full years\n"), helped)

    def test_a_start_that_several_have_lists_them(self):
        code, screen = self.clerk("beta", "zeta", "?", "Beta C", ":q", ":q")
        self.assertIn("\n      2  bb  Beta Isles\n      3  bc  Beta Coast\nnext respondent (0 keyed)> ", screen)
        self.assertIn("! no respondent of the roster has this code, number or name", screen)
        self.assertIn("\n      1  aa  The Alpha\n      2  bb", screen)
        self.assertIn("\nbc  Beta Coast\n", screen)

    def test_a_return_that_is_left_is_a_draft_and_the_next_follows(self):
        code, screen = self.clerk("aa", "5", ":q", "bb", *self.ONE, ":q")
        self.assertEqual(code, 0, screen)
        self.assertIn("\n1 return keyed\n", screen)
        self.assertEqual(self.collect("--drafts")[1], "aa: rita has a draft, 2 of 4 questions answered, begun on 1 December 2026\n")

    def test_the_end_of_input_leaves(self):
        code, screen = self.clerk("aa", "5", "\x04")
        self.assertEqual(code, 0, screen)
        self.assertIn("\n0 returns keyed\n", screen)
        self.assertIn("aa: rita has a draft", self.collect("--drafts")[1])

    def test_an_answer_with_an_error_counts_and_is_the_exit_code(self):
        code, screen = self.clerk("aa", "200", "200", "red", "n", "", "y", ":q")
        self.assertEqual(code, 1, screen)
        self.assertIn("\n1 return keyed\n", screen)

    def test_each_may_be_keyed_twice(self):
        code, screen = self.clerk("aa", *self.ONE, *self.ONE, ":q", args=["--twice"])
        self.assertEqual(code, 0, screen)
        self.assertIn("\n1 return keyed\n", screen)
        self.assertIn("entered twice by rita", run("history", self.form, *self.options)[1])

    def test_it_needs_a_roster_and_no_respondent(self):
        code, screen = self.talk([], self.form, "aa", "--clerk", *self.options)
        self.assertEqual(code, 2)
        self.assertIn("--clerk asks for each respondent", screen)
        code, screen = self.talk([], self.form, "--clerk", *self.options[:4])
        self.assertEqual(code, 2)
        self.assertIn("--clerk needs a roster", screen)
        self.assertIn("--clerk is for interviews in the terminal", self.collect("--clerk", "--blank")[2])


if __name__ == "__main__":
    unittest.main()
