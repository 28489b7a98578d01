"""collect: interviews in a terminal, what is typed, and what is kept."""
import json
import os
import sqlite3
import signal
import termios
import time
import unittest
import unittest.mock

from story import NOW, Story, dump, run
from terminal import Terminal

INTERVIEW = """survey
,type,name,label,hint,required,relevant,constraint,constraint_message
,select_one who,who,Who,,yes,,,
,integer,age,Age,In full years,yes,,. >= 0 and . < 150,From 0 to 149.
,select_multiple colour,colours,Colours,,,,,
,text,why,Why blue?,,yes,"selected(${colours}, 'blue')",,
,begin_repeat,doc,Document,,,${age} > 10,,
,text,title,Title,,yes,,,
,end_repeat,,,,,,,
,text,last,Anything else?,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,colour,red,Red
,colour,blue,Blue
settings
,form_id,version,respondent
,interview,1,who
"""


class Collect(Story):
    def talk(self, answers, *args, **more):
        """Types the answers one after the other at the prompts, a control character alone without Enter, or does with the
        terminal what a function says; gives (exit code, what the screen showed)."""
        terminal, waiting = Terminal("collect", *args, CANVASS_ACCESSIBLE="1", **more), list(answers)
        while terminal.prompt() is not None:
            if waiting:
                typed = waiting.pop(0)
                if callable(typed):
                    typed(terminal)
                else:
                    terminal.type(typed if "" < typed < " " else typed + "\n")
        self.modes = terminal.modes()
        return terminal.end()

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", INTERVIEW)
        self.store = self.path("s.db")
        self.options = [self.form, "--store", self.store, "--now", NOW]

    def test_it_never_asks_without_a_terminal(self):
        code, out, err = run("collect", *self.options, stdin=b"")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("terminal", err)

    def test_it_never_asks_without_libedit(self):
        self.write("libedit.so.0", "no library")
        self.write("libedit.so.2", "no library")
        with unittest.mock.patch.dict(os.environ, {"LD_LIBRARY_PATH": self.folder.name}):
            code, screen = self.talk([], *self.options)
        self.assertEqual(code, 3, screen)
        self.assertIn("cannot load libedit, which reads typed lines: ", screen)
        self.assertIn("hint: install libedit", screen)
        self.assertFalse(os.path.exists(self.store))

    def test_an_interview_is_stored_as_a_response(self):
        code, screen = self.talk(["2", "151", "15", "1 2", "it is the sea", "y", "Law", "n", "", "y"], *self.options)
        self.assertEqual(code, 0, screen)
        self.assertIn("From 0 to 149.", screen)
        self.assertIn("stored in %s, round " % self.store, screen)
        self.assertIn("next: canvass status", screen)
        code, out, _ = run("status", self.form, "--store", self.store, "--now", NOW)
        self.assertIn("bb", out)
        self.assertEqual(len(dump(self.store)["response"]), 1)

    def test_the_choices_of_a_file_next_to_the_form_are_listed(self):
        self.write("ports.csv", "name,label\nosl,Oslo harbour\nlim,Lima harbour\n")
        form = self.write("ports-form.csv", "survey,type,name,label\n,text,who,Who\n,select_one_from_file ports.csv,port,Port\n"
                          "settings,form_id,version,respondent\n,ports,1,who\n")
        code, screen = self.talk(["2", "", "y"], form, "aa", "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0, screen)
        self.assertRegex(screen, r"1 +Oslo harbour")
        self.assertRegex(screen, r"2 +Lima harbour")
        with sqlite3.connect(self.store) as db:
            self.assertEqual(db.execute("SELECT value FROM answers_long WHERE path = 'port'").fetchall(), [("lim",)])

    def test_nobody_of_the_roster_is_told_before_the_questions(self):
        roster = self.write("r.csv", "code,name\nbb,Beta\n")
        code, screen = self.talk([], self.form, "aa", "--store", self.store, "--now", NOW, "--roster", roster)
        self.assertEqual(code, 2, screen)
        self.assertIn('"aa": not in the roster', screen)
        code, screen = self.talk(["1", "2", "5", "red", "", "y"], *self.options, "--roster", roster)
        self.assertEqual(code, 0, screen)
        self.assertIn("! not in the roster", screen)
        self.assertIn("stored in", screen)

    def test_a_form_that_asks_for_no_respondent_wants_one_on_the_command_line(self):
        form = self.write("plain.csv", "survey\n,type,name,label\n,integer,age,Age\n")
        code, screen = self.talk([], form, "--store", self.store)
        self.assertEqual(code, 2, screen)
        self.assertIn("name the respondent after the form", screen)
        code, screen = self.talk(["7", "y"], form, "aa", "--store", self.store)
        self.assertEqual(code, 0, screen)

    def test_letters_beyond_ascii_are_kept_whatever_the_locale(self):
        for locale in ("C", "C.UTF-8"):
            store = self.path(locale + ".db")
            with unittest.mock.patch.dict(os.environ, LC_ALL=locale):
                code, screen = self.talk(["1", "5", "red", "Zoë 日本", "y"], self.form, "--store", store, "--now", NOW)
            self.assertEqual(code, 0, screen)
            self.assertIn(repr("Zoë 日本".encode())[2:-1], "".join(dump(store)["original"]))

    def test_the_next_command_opens_the_draft_of_this_respondent_and_person(self):
        screen = self.talk(["y", ":q"], self.form, "bb", *self.options[1:], "--by", "rita")[1]
        self.assertIn("next: canvass collect %s --store %s bb --by rita" % (self.form, self.store),
                      " ".join(screen.split()))

    def test_what_does_not_concern_the_respondent_is_not_asked(self):
        code, screen = self.talk(["5", "red", "", "y"], self.form, "aa", "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0, screen)
        self.assertNotIn("Why blue?", screen)
        self.assertNotIn("Document", screen)
        self.assertNotIn("1  Alpha", screen)

    def drafted(self, *last):
        code, screen = self.talk(["1", "15", *last], *self.options, "--by", "rita")
        self.assertEqual(code, 130, screen)
        self.assertTrue(self.modes & termios.ICANON and self.modes & termios.ECHO)
        code, out, _ = run("collect", *self.options, "--drafts")
        self.assertEqual((code, out), (0, "aa: rita has a draft, 2 of 4 questions answered, begun on 1 December 2026\n"))
        code, screen = self.talk(["1", "y", ":q"], *self.options, "--by", "rita")
        self.assertTrue(screen.endswith("  next: canvass collect %s --store %s aa --by rita\n" % (self.form, self.store)), screen)
        self.assertIn("You have a draft, 2 of 4 questions answered", screen)
        self.assertIn("Colours", screen)
        os.unlink(self.store)

    def test_broken_off_it_keeps_a_draft(self):
        for key in ("\x04", "\x03", ":q"):
            self.drafted(key)

    def test_broken_off_within_a_line_it_keeps_a_draft(self):
        def type_a_part(terminal):
            terminal.type("re日")
            time.sleep(0.3)
            terminal.type("\x03")
        self.drafted(type_a_part)

    def test_resumed_it_shows_only_the_notes_since_the_last_answer(self):
        form = INTERVIEW.replace(",integer,age", ",note,first,Read this first.,,,,,\n,integer,age") \
            .replace(",select_multiple colour,colours", ",note,second,Now the colours.,,,,,\n,select_multiple colour,colours")
        self.write("form.csv", form)
        screen = self.talk(["1", ":q"], *self.options)[1]
        self.assertIn("Read this first.", screen)
        self.talk(["1", "y", "15", ":q"], *self.options)
        screen = self.talk(["1", "y", ":q"], *self.options)[1]
        self.assertIn("Now the colours.", screen)
        self.assertNotIn("Read this first.", screen)

    def test_asked_to_end_it_keeps_a_draft(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            self.drafted(lambda terminal: os.kill(terminal.pid, number))

    def test_killed_at_any_prompt_it_keeps_the_answers_before(self):
        answers = ["1", "15", "1", "y", "Law", "n", "all"]
        for done in range(2, len(answers)):
            store = self.path("%d.db" % done)
            options = [self.form, "--store", store, "--now", NOW, "--by", "rita"]
            code, screen = self.talk([*answers[:done], lambda terminal: os.kill(terminal.pid, signal.SIGKILL)], *options)
            self.assertEqual(code, -signal.SIGKILL, screen)
            code, out, _ = run("collect", *options, "--drafts")
            kept = sum(answer not in ("y", "n") for answer in answers[:done])
            self.assertIn("a draft, %d of " % kept, out)

    def test_entries_that_come_before_all_questions_are_asked_for(self):
        form = self.write("repeat.csv", "survey\n,type,name,label\n,begin_repeat,doc,Document\n,text,title,Title\n,end_repeat,,\n")
        code, screen = self.talk(["y", "Law", "n", "y"], form, "aa", "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0, screen)
        self.assertEqual(len(dump(self.store)["answers_1_0_0"]), 1, dump(self.store))

    def test_two_people_are_told_of_each_other(self):
        self.talk(["1", "15", ":q"], *self.options, "--by", "rita")
        code, screen = self.talk(["1", ":q"], *self.options, "--by", "bob")
        self.assertIn("aa: rita has a draft, 2 of 4 questions answered", screen)
        self.assertNotIn("resume it?", screen)

    def test_status_lists_drafts_with_who_has_them_since_when(self):
        later = [self.form, "--store", self.store, "--now", "2026-12-03T08:00:00Z"]
        self.talk(["1", "15", ":q"], *self.options, "--by", "rita")
        self.talk(["1", "y", "red", ":q"], *later, "--by", "rita")
        self.talk(["2", "5", ":q"], *later, "--by", "bob")
        self.assertIn("\n\ninterviews that are not finished\n"
                      "  aa: rita has a draft, 3 of 4 questions answered, begun on 1 December 2026, last changed on 3 December 2026\n"
                      "  bb: bob has a draft, 2 of 4 questions answered, begun on 3 December 2026\n", run("status", *later)[1])
        rita, bob = json.loads(run("status", *later, "--json")[1])["drafts"]
        self.assertEqual(rita, {"code": "aa", "who": "rita", "begun": "2026-12-01T00:00:00.000+00:00",
                                "changed": "2026-12-03T08:00:00.000+00:00", "asked": 4, "answered": 3})
        self.assertEqual((bob["who"], bob["asked"], bob["answered"]), ("bob", 4, 2))

    def test_who_only_looks_leaves_no_store(self):
        for typed in ([], [":h", ":g last", ":b", ":l"], ["", "", "/re", ":r"]):
            code, screen = self.talk(["2", *typed, ":q"], *self.options)
            self.assertEqual(code, 130, screen)
            self.assertIn("stopped: nothing was stored", screen)
            self.assertFalse(os.path.exists(self.store))
            self.assertIn("nothing has been imported yet", run("collect", *self.options, "--drafts")[2])
        self.assertEqual(self.talk(["2", "5", ":q"], *self.options)[0], 130)
        self.assertIn("bb: ", run("collect", *self.options, "--drafts")[1])

    def test_a_store_that_cannot_be_made_is_said_before_the_first_question(self):
        code, screen = self.talk([], self.form, "aa", "--store", self.path("no/such/s.db"))
        self.assertEqual(code, 3, screen)
        self.assertIn("cannot create the store: No such file or directory", screen)
        self.assertNotIn("Age", screen)

    def test_the_default_store_and_its_folder_are_made_with_the_first_answer(self):
        for typed, made in ((["aa", ":q"], False), (["aa", "5", ":q"], True)):
            code, screen = self.talk(typed, "form.csv", cwd=self.folder.name)
            self.assertEqual(code, 130, screen)
            self.assertEqual(os.path.exists(self.path("responses/interview.db")), made, screen)

    def test_a_draft_that_is_not_resumed_stays_until_the_first_answer(self):
        self.talk(["1", "15", "red", ":q"], *self.options, "--by", "rita")
        screen = self.talk(["1", "n", ":q"], *self.options, "--by", "rita")[1]
        self.assertIn("your first answer now replaces that draft", screen)
        self.assertIn("a draft, 3 of 4 questions", run("collect", *self.options, "--drafts")[1])
        self.talk(["1", "n", "15", ":q"], *self.options, "--by", "rita")
        self.assertIn("a draft, 2 of 4 questions", run("collect", *self.options, "--drafts")[1])

    def test_a_submitted_draft_is_gone(self):
        self.talk(["1", "5", "red", "", "y"], *self.options)
        self.assertEqual(run("collect", *self.options, "--drafts")[1], "no drafts\n")

    def test_a_draft_outlives_a_new_version_of_the_form(self):
        self.talk(["1", "5", "red", ":q"], *self.options)
        changed = INTERVIEW.replace(",red,Red", ",green,Green\n,colour,red,Rouge").replace("interview,1", "interview,2")
        self.write("form.csv", changed)
        code, screen = self.talk(["1", "y", ":r", ":q"], *self.options)
        self.assertIn("the form has changed since", screen)
        self.assertIn("Colours: Rouge", screen)

    def test_commands(self):
        typed = ["1", ":b", "5", "?", ":n by phone", ":g age", ":?", ":s", "4", "", "6", ":l", ":x", "/re", "re", ":r", "::x", "n"]
        code, screen = self.talk(typed, *self.options)
        self.assertEqual(code, 130, screen)
        for words in ("this is the first question", "remark kept", "remark: by phone", "rule: at least 0 and less than 150",
                      "! type 1, 2 or 3", "nothing is missing or wrong", "! unknown command", "searches the choices",
                      "= Red", "Age: 6", "answer: 5"):
            self.assertIn(words, screen)
        (draft,) = dump(self.store)["draft"]
        self.assertIn(",:x,", draft)

    def test_a_wrong_answer_typed_twice_is_kept(self):
        code, screen = self.talk(["1", "200", "200", "red", "n", "", "y"], *self.options)
        self.assertEqual(code, 1, screen)
        self.assertIn("the same again is kept, and reported", screen)
        self.assertIn("1 answer is not usable", screen)

    def test_the_review_lists_warnings_and_the_outcome_is_in_its_words(self):
        """Lines and codes of the file that an interview becomes are nothing to a person who typed the answers."""
        form = self.write("likely.csv", INTERVIEW.replace("constraint_message", "constraint_message,warning,warning_message,qno")
                          .replace("From 0 to 149.", "From 0 to 149.,. < 100,Very old.,A1"))
        code, screen = self.talk(["1", "120", "", "", "", "y"], form, *self.options[1:])
        self.assertEqual(code, 0, screen)
        self.assertIn("  ! Very old.\n    it counts as it is; :b goes back to correct it\n", screen)
        review, outcome = screen[screen.index("2 of 4 questions"):].split("submit? (y/n)> y\n")
        self.assertTrue(review.startswith("2 of 4 questions answered, 2 left blank, 1 warning\n    2  A1 Age: 120\n       ! Very old.\n"
                                          "         it counts as it is\n  y submits"), review)
        self.assertRegex(outcome, r"\A\nstored in \S+, round 2026: 2 of 4 questions answered, 2 left blank, 1 warning\n  next: [^\n]+\n\Z")
        code, out, _ = run("collect", form, "aa", *self.options[1:], "--set", "colours=red", "--reason", "telephone")
        self.assertEqual((code, out.count("Very old.")), (0, 0), out)
        # Of an answer that is set: it is A1 on the telephone.
        code, out, _ = run("collect", form, "aa", *self.options[1:], "--set", "A1=121", "--reason", "telephone")
        self.assertEqual((code, out.count("warning[W0653]: age: Very old.")), (0, 1), out)

    def test_yes_and_no_are_asked_for(self):
        code, screen = self.talk(["1", "15", "red", "Law", "y", "Law", "d 1", "n", "", "maybe", "y"], *self.options)
        self.assertEqual(code, 0, screen)
        self.assertIn("! type y or n", screen)
        self.assertIn("! type y, n, r", screen)
        self.assertNotIn("doc[1]", "".join(dump(self.store)["original"]))

    def test_a_correction_is_a_new_revision_with_its_reason(self):
        self.talk(["1", "5", "red", "", "y"], *self.options, "--by", "rita")
        for age in ("6", "5"):
            code, screen = self.talk(["1", "c", "age", age, "y"], *self.options, "--by", "bob", "--reason", "telephone, 3 May")
            self.assertEqual(code, 0, screen)
            self.assertIn("There is a response already", screen)
            self.assertIn("stored in", screen)
        out = run("history", self.form, "aa", "--store", self.store, "--now", NOW)[1]
        self.assertIn("telephone, 3 May", out)
        self.assertIn("entered by bob", out)
        self.assertEqual(len(dump(self.store)["response"]), 3)

    def test_a_window_that_changes_its_size_ends_nothing(self):
        def resize(terminal):
            terminal.type("re")
            for columns in (30, 100):
                terminal.resize(columns)
                time.sleep(0.2)
            terminal.type("d\n")
        code, screen = self.talk(["1", "5", resize, "", "y"], *self.options)
        self.assertEqual(code, 0, screen)
        self.assertIn("stored in", screen)


if __name__ == "__main__":
    unittest.main()
