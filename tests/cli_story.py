"""The command line: what is printed where, and the exit codes."""
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import unittest

from collect_story import INTERVIEW
from story import CANVASS, FORM, NOW, Story, run


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
                            (["status", "x", "y"], 'unexpected "y": usage: canvass status FORM'),
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
        self.assertEqual(told["questions"], 78)

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

    def test_it_names_the_store_and_the_round_that_were_named(self):
        form, store = self.write("f.csv", INTERVIEW), self.path("s.db")
        roster, answers = self.write("r.csv", "code,name\naa,A\n"), self.write("a.csv", "who,age\naa,500\n")
        named = ("--store", store, "--round", "2027")
        wanted = " %s --store %s --round 2027 " % (form, store)
        for command, more in (("status", ()), ("distribute", ("--roster", roster, "-o", self.path("packs"))),
                              ("import", (answers,)), ("findings", ("--letters", self.path("letters"))),
                              ("withdraw", ("aa", "--reason", "x"))):
            with self.subTest(command=command):
                _, _, err = run(command, form, *more, *named, "--now", NOW)
                told = re.findall("canvass [a-z]+( .*)", err)
                self.assertTrue(told, err)
                for rest in told:
                    self.assertTrue((rest + " ").startswith(wanted), err)

    def test_a_round_is_one_line(self):
        for label in ("a\nb", "a\r\nb", "a\tb", "a\x1b[2Jb", "a\u202eb", "a\u200bb"):
            code, out, err = run("status", FORM, "--round", label)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("--round: the label must be one line without control characters", err)
        self.assertNotIn("control characters", run("status", FORM, "--round", "2026 второй", "--store", self.path("no.db"))[2])


if __name__ == "__main__":
    unittest.main()
