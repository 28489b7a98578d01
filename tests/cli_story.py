"""The command line: what is printed where, and the exit codes."""
import fcntl
import hashlib
import json
import os
import pty
import select
import signal
import sqlite3
import struct
import subprocess
import termios
import time
import unittest
import unittest.mock

from story import CANVASS, FORM, HANG, NOW, Story, dump, run, wait_for_single_keys

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


class Commands(Story):
    def test_help_names_every_command(self):
        code, out, _ = run("--help")
        self.assertEqual(code, 0)
        for command in ("check", "show", "diff", "import", "collect", "status", "report", "eval", "explain"):
            self.assertIn("\n  " + command, out)
            code, told, _ = run(command, "--help")
            self.assertEqual(code, 0)
            self.assertIn("usage: canvass " + command, told)
            self.assertLess(max(len(line) for line in told.splitlines()), 80)

    def test_no_command_is_wrong_usage(self):
        code, out, err = run()
        self.assertEqual((code, out), (2, ""))
        self.assertIn("usage:", err)

    def test_wrong_usage_is_told_on_stderr(self):
        for args, words in [(["chek", "x"], 'did you mean "check"'), (["check"], "usage: canvass check FORM"),
                            (["check", "--nonsense", "x"], "unknown option"), (["check", "x", "--set", "a=b"], "has no option --set"),
                            (["import", FORM], "usage:"), (["eval", "1", "--as", "money"], "number, string or boolean"),
                            (["eval", "1", "--now", "2026-12-01"], "time with an offset"),
                            (["check", "x", "--json", "--jsonl"], "cannot be combined"),
                            (["import", "x", "y", "--force"], "--force requires --annotate"),
                            (["--stor", "x", "status", FORM], 'did you mean "--store"'),
                            (["status", FORM, "--rou=2026"], 'unknown option "--rou"'),
                            (["status", FORM, "--store", ""], "--store needs a value"),
                            (["status", FORM, "--round", "x" * 65], "at most 64 bytes"),
                            (["check\x1b[31m"], "check<U+001B>[31m"),
                            (["explain", "E9999"], "unknown code")]:
            code, out, err = run(*args)
            self.assertEqual((code, out), (2, ""), args)
            self.assertIn(words, err, args)

    def test_options_may_stand_before_the_command_and_after_the_operands(self):
        self.assertEqual(run("--json", "check", FORM)[0], 0)
        self.assertEqual(run("check", FORM, "--json")[0], 0)

    def test_the_folders_of_default_names_are_made(self):
        form = self.write("form.csv", INTERVIEW)
        answers = self.write("a.csv", "question,answer\nwho,aa\nage,9\nlast,x\n")
        self.assertEqual(run("import", "-n", form, answers, cwd=self.folder.name)[0], 0)
        self.assertFalse(os.path.exists(self.path("responses")))
        code, _, err = run("import", form, answers, cwd=self.folder.name)
        self.assertEqual(code, 0, err)
        self.assertIn("stored in responses/interview.db", err)
        self.assertEqual(run("report", form, cwd=self.folder.name)[0], 0)
        self.assertTrue(os.path.exists(self.path("reports/interview.xlsx")))

    def test_forms_of_different_ids_have_stores_of_their_own(self):
        for number, name in enumerate(("船舶", "港口")):
            form = self.write("form%d.csv" % number, INTERVIEW.replace("interview,1", name + ",1"))
            answers = self.write("a.csv", "question,answer\nwho,aa\nage,9\nlast,x\n")
            code, _, err = run("import", form, answers, cwd=self.folder.name)
            self.assertEqual(code, 0, err)
            self.assertIn("stored in responses/%s.db" % name, err)
        self.assertEqual(sorted(os.listdir(self.path("responses"))), ["港口.db", "船舶.db"])

    def test_files_next_to_the_form_that_cannot_be_looked_at_stop_the_run(self):
        listed = "survey\n,type,name,label\n,text,respondent,Who\n,select_one_from_file ports.csv,port,Port\n"
        form = self.write("form.csv", listed)
        store = ("--store", self.path("s.db"))
        for name in ("ports.csv", "roster.csv"):
            answers = self.write("a.csv", "respondent,port\naa,\n")
            os.symlink(name, self.path(name))
            code, out, err = run("import", form, answers, *store)
            self.assertEqual(code, 3, err)
            self.assertIn("%s: error[E0001]: its symbolic links form a loop" % name, err)
            os.unlink(self.path(name))
        self.assertEqual(run("import", form, answers, *store)[0], 0)

    def test_only_what_writes_workbooks_needs_their_library(self):
        form = self.write("form.csv", INTERVIEW)
        answers = self.write("a.csv", "question,answer\nwho,aa\nage,9\nlast,x\n")
        self.write("libxlsxwriter.so.4", "no library")
        env = {"LD_LIBRARY_PATH": self.folder.name}
        self.assertEqual(run("import", form, answers, cwd=self.folder.name, env=env)[0], 0)
        code, out, err = run("report", form, cwd=self.folder.name, env=env)
        self.assertEqual((code, out), (3, ""))
        self.assertIn("error[E0025]: cannot load the library that writes workbooks: ", err)
        self.assertIn("hint: install libxlsxwriter", err)
        self.assertEqual(os.listdir(self.path("reports")) if os.path.exists(self.path("reports")) else [], [])

    def test_a_large_file_has_the_same_digest_with_libcrypto_and_without(self):
        form = self.write("form.csv", "survey\n,type,name,label\n,text,respondent,Who\n,text,note,Note\n")
        answers = "respondent,note\n" + "".join("r%05d,%s\n" % (row, "x" * 4000) for row in range(4300))
        large = self.write("large.csv", answers)
        self.write("libcrypto.so.3", "no library")
        for name, env in (("with.db", {}), ("without.db", {"LD_LIBRARY_PATH": self.folder.name})):
            self.assertEqual(run("import", form, large, "--store", self.path(name), env=env)[0], 0)
            with sqlite3.connect(self.path(name)) as store:
                self.assertEqual(store.execute("SELECT sha256 FROM file").fetchall(),
                                 [(hashlib.sha256(answers.encode()).digest(),)])

    def test_a_folder_that_was_named_is_not_made(self):
        form = self.write("form.csv", INTERVIEW)
        code, _, err = run("import", form, form, "--store", self.path("none/s.db"))
        self.assertEqual(code, 3)
        self.assertIn("check that its folder exists", err)
        self.assertFalse(os.path.exists(self.path("none")))

    def test_force_spares_the_form_the_store_and_the_roster(self):
        form, roster = self.write("form.csv", INTERVIEW), self.write("roster.csv", "code,name\naa,Alpha\n")
        answers = self.write("a.csv", "question,answer\nwho,aa\nage,9\nlast,x\n")
        store = self.path("s.db")
        self.assertEqual(run("import", form, answers, "--store", store)[0], 0)
        for kept, word in ((form, "form"), (store, "store"), (roster, "roster")):
            name = self.path(word + ".xlsx")
            os.symlink(kept, name)
            with open(name, "rb") as file:
                before = file.read()
            code, out, err = run("report", form, "--store", store, "--force", "-o", name, "--roster", roster)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("is the %s itself" % word, err)
            with open(name, "rb") as file:
                self.assertEqual(file.read(), before)

    def test_the_ending_decides_what_a_report_is(self):
        form = self.write("form.csv", INTERVIEW)
        answers = self.write("a.csv", "question,answer\nwho,aa\nage,9\nlast,x\n")
        store = ("--store", self.path("s.db"))
        self.assertEqual(run("import", form, answers, *store)[0], 0)
        for name in ("x.pdf", "x", "x.xlsx.bak", ".xlsx", "xlsx"):
            code, out, err = run("report", form, *store, "-o", self.path(name))
            self.assertEqual((code, out), (2, ""), name)
            self.assertIn("the name of a report ends in .xlsx, .docx, .md or .html", err)
            self.assertFalse(os.path.exists(self.path(name)))
        for option in (("--no-audit",), ("--labels", "full")):
            code, out, err = run("report", form, *store, *option, "-o", self.path("x.md"))
            self.assertEqual((code, out), (2, ""), option)
            self.assertIn(option[0] + ": only a workbook", err)
        for name, begins in (("x.xlsx", b"PK"), ("Y.XLSX", b"PK"), ("x.docx", b"PK"), ("x.md", b"# "), ("x.Html", b"<!")):
            self.assertEqual(run("report", form, *store, "-o", self.path(name))[0], 0, name)
            with open(self.path(name), "rb") as file:
                self.assertEqual(file.read(2), begins)

    def test_a_form_that_is_not_there(self):
        code, out, err = run("check", self.path("none.csv"))
        self.assertEqual(code, 3)
        self.assertIn("none.csv", out + err)

    def test_check_prints_place_code_caret_and_hint(self):
        form = self.write("f.csv", "survey\n,type,name,label,constraint\n,integer,age,Age,\"iff(. > 120, 'a', 'b')\"\n")
        code, out, _ = run("check", form)
        self.assertEqual(code, 1)
        self.assertIn(":3 (survey, column constraint): error[E0107]: age: ", out)
        self.assertIn("\n    iff(. > 120, 'a', 'b')\n    ^~~\n", out)
        self.assertIn('did you mean "if"?', out)

    def test_check_as_json(self):
        code, out, _ = run("check", FORM, "--json")
        told = json.loads(out)
        self.assertEqual((code, told["schema"], told["errors"]), (0, "canvass.check/1", 0))
        self.assertEqual(told["questions"], 72)

    def test_a_form_with_errors_cannot_be_used(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,integr,age,Age\n")
        code, out, err = run("import", form, form, "--store", self.path("s.db"))
        self.assertEqual((code, out), (2, ""))
        self.assertIn("canvass check", err)
        self.assertFalse(os.path.exists(self.path("s.db")))

    def test_warnings_are_errors_when_strict(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,select_one a,q,Q\nchoices\n,list_name,name,label\n,a,x,X\n,b,y,Y\n")
        self.assertEqual(run("check", form)[0], 0)
        self.assertEqual(run("check", form, "--strict")[0], 1)

    def test_explain_knows_every_code_it_lists(self):
        code, out, _ = run("explain")
        codes = [line.split()[0] for line in out.splitlines()]
        self.assertGreater(len(codes), 60)
        for name in codes:
            code, told, _ = run("explain", name)
            self.assertEqual(code, 0)
            self.assertTrue(told.startswith(name + " ("))

    def test_printed_text_cannot_drive_the_terminal(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,integer,\"a\x1b[31mb\u202e\",Age\n")
        code, out, _ = run("check", form)
        self.assertEqual(code, 1)
        self.assertNotIn("\x1b", out)
        self.assertNotIn("\u202e", out)
        self.assertIn("<U+001B>", out)

    def test_colour_only_on_request_when_not_a_terminal(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,integr,age,Age\n")
        self.assertNotIn("\x1b", run("check", form)[1])
        self.assertIn("\x1b", run("check", form, env={"CLICOLOR_FORCE": "1"})[1])
        self.assertNotIn("\x1b", run("check", form, env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"})[1])


class Eval(Story):
    def test_one_expression(self):
        self.assertEqual(run("eval", "1 + 1")[:2], (0, "number\t2\n"))
        self.assertEqual(run("eval", "concat('a', 'b')")[:2], (0, "string\tab\n"))
        self.assertEqual(run("eval", "1 = 1")[:2], (0, "boolean\ttrue\n"))
        self.assertEqual(run("eval", "'x'", "--as", "boolean")[:2], (0, "boolean\ttrue\n"))

    def test_values_by_name(self):
        code, out, _ = run("eval", "${a} + 1", "--set", "a=41")
        self.assertEqual((code, out), (0, "number\t42\n"))

    def test_values_of_a_form(self):
        code, out, err = run("eval", FORM, "${c185_status} = 'in_force'", "--set", "c185_status=in_force")
        self.assertEqual((code, out), (0, "boolean\ttrue\n"), err)
        code, out, err = run("eval", FORM, ". > 5", "--at", "doc_validity", "--set", "issues_doc=yes", "--set", "doc[1]/doc_validity=10")
        self.assertEqual((code, out), (0, "boolean\ttrue\n"), err)

    def test_answers_from_a_file(self):
        answers = os.path.join(os.path.dirname(FORM), "../responses/published/RUS.csv")
        self.assertEqual(run("eval", FORM, "${c185_status}", "--answers", answers)[:2], (0, "string\tin_force\n"))

    def test_a_line_each_goes_on_after_an_error(self):
        code, out, _ = run("eval", "-", stdin=b"1+1\niff(1)\n'a\\tb'\n")
        lines = out.splitlines()
        self.assertEqual((code, lines[0], lines[2]), (1, "number\t2", "string\ta\\tb"))
        self.assertEqual(lines[1], "error\tE0107")

    def test_the_time_is_an_input(self):
        self.assertEqual(run("eval", "today()", "--now", "2026-12-01T23:30:00Z")[1], "string\t2026-12-01\n")
        self.assertEqual(run("eval", "today()", "--now", "2026-12-01T23:30:00+10:00")[1], "string\t2026-12-01\n")
        self.assertEqual(run("eval", "string(today())", env={"SOURCE_DATE_EPOCH": "0"})[1], "string\t1970-01-01\n")


class NextCommand(Story):
    def test_it_may_be_pasted_whatever_the_names_are(self):
        folder = self.path("it's $(a) \u202e\n;")
        os.mkdir(folder)
        form = os.path.join(folder, "my form.csv")
        with open(form, "w") as file:
            file.write(INTERVIEW)
        store = os.path.join(folder, "s.db")
        answers = self.write("a.csv", "who,age\naa,5\n")
        _, _, err = run("import", form, answers, "--store", store, "--round", "a & b", "--now", NOW)
        command = [line for line in err.splitlines() if "next: canvass" in line][0].split("next: canvass ", 1)[1]
        done = subprocess.run(["bash", "-c", '"$0" ' + command, CANVASS], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, command + done.stderr)
        self.assertIn("a & b", done.stdout)

    def test_a_round_is_one_line(self):
        for label in ("a\nb", "a\r\nb", "a\tb", "a\x1b[2Jb", "a\u202eb", "a\u200bb"):
            code, out, err = run("status", FORM, "--round", label)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("--round: the label must be one line without control characters", err)
        self.assertNotIn("control characters", run("status", FORM, "--round", "2026 второй", "--store", self.path("no.db"))[2])


class Collect(Story):
    def talk(self, answers, *args):
        """Types the answers one after the other at the prompts; gives (exit code, what the screen showed)."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(CANVASS, [CANVASS, "collect", *args])
        screen, waiting = b"", list(answers)
        while select.select([terminal], [], [], HANG)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            screen += piece
            if screen.endswith(b"> ") and waiting:
                typed = waiting.pop(0)
                # A single key, or whatever else is done, follows once the terminal reads single keys.
                if callable(typed) or "" < typed < " ":
                    wait_for_single_keys(terminal)
                if callable(typed):
                    typed(pid, terminal)
                else:
                    os.write(terminal, typed.encode() + (b"" if typed and typed < " " else b"\n"))
        self.modes = termios.tcgetattr(terminal)[3]
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status), screen.decode("utf-8", "replace")

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
        code, screen = self.talk(["2", "151", "15", "1 2", "it is the sea", "y", "Law", "n", ""], *self.options)
        self.assertEqual(code, 0, screen)
        self.assertIn("From 0 to 149.", screen)
        self.assertIn("stored in %s, round " % self.store, screen)
        self.assertIn("next: canvass status", screen)
        code, out, _ = run("status", self.form, "--store", self.store, "--now", NOW)
        self.assertIn("bb", out)
        self.assertEqual(len(dump(self.store)["response"]), 1)

    def test_nobody_of_the_roster_is_told_before_the_questions(self):
        roster = self.write("r.csv", "code,name\nbb,Beta\n")
        code, screen = self.talk([], self.form, "aa", "--store", self.store, "--now", NOW, "--roster", roster)
        self.assertEqual(code, 2, screen)
        self.assertIn('"aa": not in the roster', screen)
        code, screen = self.talk(["1", "2", "5", "red", ""], *self.options, "--roster", roster)
        self.assertEqual(code, 0, screen)
        self.assertIn("! not in the roster", screen)
        self.assertIn("stored in", screen)

    def test_a_form_that_asks_for_no_respondent_wants_one_on_the_command_line(self):
        form = self.write("plain.csv", "survey\n,type,name,label\n,integer,age,Age\n")
        code, screen = self.talk([], form, "--store", self.store)
        self.assertEqual(code, 2, screen)
        self.assertIn("name the respondent after the form", screen)
        code, screen = self.talk(["7"], form, "aa", "--store", self.store)
        self.assertEqual(code, 0, screen)

    def test_letters_beyond_ascii_are_kept_whatever_the_locale(self):
        for locale in ("C", "C.UTF-8"):
            store = self.path(locale + ".db")
            with unittest.mock.patch.dict(os.environ, LC_ALL=locale):
                code, screen = self.talk(["1", "5", "red", "Zoë 日本"], self.form, "--store", store, "--now", NOW)
            self.assertEqual(code, 0, screen)
            self.assertIn(repr("Zoë 日本".encode())[2:-1], "".join(dump(store)["original"]))

    def test_what_does_not_concern_the_respondent_is_not_asked(self):
        code, screen = self.talk(["9", "5", "red", ""], self.form, "aa", "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0, screen)
        self.assertNotIn("Why blue?", screen)
        self.assertNotIn("Document", screen)
        self.assertNotIn("1  Alpha", screen)

    def drafted(self, *last):
        code, screen = self.talk(["1", "15", *last], *self.options)
        self.assertEqual(code, 130, screen)
        self.assertTrue(self.modes & termios.ICANON and self.modes & termios.ECHO)
        with open(self.path("s-draft.csv")) as draft:
            self.assertIn("age,,Age,15,\n", draft.read())
        os.unlink(self.path("s-draft.csv"))

    def test_broken_off_it_keeps_a_draft(self):
        for key in ("\x04", "\x03"):
            self.drafted(key)

    def test_broken_off_within_a_line_it_keeps_a_draft(self):
        def type_a_part(pid, terminal):
            os.write(terminal, "re日".encode())
            time.sleep(0.3)
            os.write(terminal, b"\x03")
        self.drafted(type_a_part)

    def test_asked_to_end_it_keeps_a_draft(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            self.drafted(lambda pid, terminal: os.kill(pid, number))

    def test_a_window_that_changes_its_size_ends_nothing(self):
        def resize(pid, terminal):
            os.write(terminal, b"re")
            for columns in (30, 100):
                fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 20, columns, 0, 0))
                time.sleep(0.2)
            os.write(terminal, b"d\n")
        code, screen = self.talk(["1", "5", resize, ""], *self.options)
        self.assertEqual(code, 0, screen)
        self.assertIn("stored in", screen)


if __name__ == "__main__":
    unittest.main()
