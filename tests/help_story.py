"""Help and the manual pages: they are complete, they agree with the program, and every example runs."""
import glob
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import unittest

from story import CANVASS, FORM, HANG, NOW, PUBLISHED, ROOT, Story, published, run, wait_for_single_keys

SECTIONS = ["Examples", "Exit codes"]
GROUPS = {"Input", "Selection", "Processing", "Recording", "Output", "General"}


def commands():
    listed = run("--help")[1].split("\nCommands:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


def section(text, name):
    return text.split("\n%s:\n" % name)[1].split("\n\n")[0].splitlines()


def examples(command):
    return [line.strip() for line in section(run(command, "--help")[1], "Examples")]


def plain(page):
    """A manual page without its macros' escapes."""
    return page.replace("\\-", "-").replace("\\(dq", '"').replace("\\e", "\\").replace("\\&", "")


class Help(Story):
    def test_each_command_has_usage_groups_examples_and_exit_codes(self):
        for command in commands():
            code, out, _ = run(command, "--help")
            self.assertEqual(code, 0)
            self.assertTrue(out.startswith("canvass %s: " % command), out)
            self.assertIn("\nusage: canvass %s " % command, out)
            self.assertLess(max(len(line) for line in out.splitlines()), 80, command)
            headings = re.findall(r"(?m)^([A-Z][a-z ]+):$", out)
            self.assertEqual(headings[-2:], SECTIONS, command)
            self.assertLessEqual(set(headings[:-2]), GROUPS, command)
            self.assertIn("canvass %s --man" % command, out)
            self.assertTrue(1 <= len(examples(command)) <= 4, command)

    def test_each_option_is_one_line_and_no_sentence(self):
        for command in commands():
            for line in re.findall(r"(?m)^  (?:-.|  ) .*--.*$", run(command, "--help")[1].split("\nExamples:")[0]):
                summary = line[27:]
                self.assertRegex(summary, r"^[a-zA-Z].*[^.]$", line)
                self.assertLess(len(summary), 60, line)
                self.assertNotRegex(summary, r"^(the|a|an) ", line)

    def test_the_exit_codes_are_those_of_the_program(self):
        """1 is listed for the commands that can return it."""
        able = {command for command in commands() if any(line.split()[0] == "1" for line in
                                                         section(run(command, "--help")[1], "Exit codes"))}
        self.assertEqual(able, {"check", "diff", "import", "collect", "eval", "verify", "copy", "quarantine"})


class Examples(Story):
    """Each example runs in a folder with the shipped forms and returns, and a store made of them."""

    def setUp(self):
        super().setUp()
        place = self.folder.name
        shutil.copytree(os.path.join(ROOT, "forms"), self.path("forms"))
        shutil.copytree(os.path.join(ROOT, "docs/examples"), self.path("docs/examples"))
        shutil.copytree(PUBLISHED, self.path("responses/published"))
        os.mkdir(self.path("bin"))
        os.symlink(CANVASS, self.path("bin/canvass"))
        self.env = {"PATH": self.path("bin") + ":" + os.environ["PATH"], "SOURCE_DATE_EPOCH": "1796083200"}
        shutil.copy(FORM, self.path("old.csv"))
        self.write("new.csv", self.text(FORM).replace("Date to which", "Day to which"))
        os.mkdir(self.path("inbox"))
        self.spoiled = self.text(os.path.join(PUBLISHED, "JPN.csv"))
        self.place = place

    def text(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def shell(self, line, code=0):
        done = subprocess.run(line, shell=True, cwd=self.place, env={**os.environ, **self.env}, timeout=HANG,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, code, "%s\n%s" % (line, done.stdout.decode()))
        return done.stdout.decode()

    def fill_store(self):
        self.shell("canvass import forms/seafarers-id.csv responses/published/*.csv")
        wrong = re.sub(r"(?m)^(c185_date,[^,]*,(?:\"[^\"]*\"|[^,]*),)[^,]*", r"\g<1>31/02/2024", self.spoiled, count=1)
        wrong = re.sub(r"(?m)^(c185_status,[^,]*,(?:\"[^\"]*\"|[^,]*),)[^,]*", r"\g<1>in_force", wrong, count=1)
        self.assertNotEqual(wrong, self.spoiled)
        self.write("wrong.csv", wrong)
        self.shell("canvass import forms/seafarers-id.csv wrong.csv", code=1)

    def test_examples_of_a_form_alone(self):
        for command in ("check", "show", "simulate", "eval"):
            for line in examples(command):
                self.shell(line)
        for line in examples("explain")[:2]:
            self.shell(line)

    def test_examples_of_import(self):
        shutil.copy(os.path.join(PUBLISHED, "AUS.csv"), self.path("inbox/AUS.csv"))
        for line in examples("import"):
            self.shell(line)

    def test_examples_with_a_store(self):
        self.fill_store()
        self.shell(examples("explain")[2])
        for line in examples("collect")[1:]:
            self.shell(line)
        done = {"check", "show", "simulate", "eval", "explain", "import", "collect"}
        # distribute makes another round the current one, so it comes last.
        for command in sorted(set(commands()) - done, key=lambda name: (name == "distribute", name)):
            for line in examples(command):
                self.shell(line)
        self.assertTrue(os.path.exists(self.path("reports/2026.docx")))
        self.assertTrue(glob.glob(self.path("next/JPN/*.xlsx")))

    def test_the_example_of_collect_begins_an_interview(self):
        line = examples("collect")[0]
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.place)
            os.environ.update(self.env, TERM="dumb")
            os.execvp("canvass", line.split())
        screen = b""
        while select.select([terminal], [], [], HANG)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            screen += piece
            if screen.endswith(b"> "):
                wait_for_single_keys(terminal)
                os.write(terminal, b"\x04")
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 130, screen)
        self.assertIn(b"Every answer is saved at once", screen)


class Manual(Story):
    def test_each_page_has_what_help_has(self):
        for command in commands():
            page, told = plain(run(command, "--man")[1]), run(command, "--help")[1]
            for option in re.findall(r"(?m)^  (?:-.,|   ) --([a-z-]+)", told):
                self.assertIn("Fl -%s" % option, page, command)
            for line in examples(command):
                self.assertIn(line, page)
        whole = run("--man")[1]
        for command in commands():
            self.assertIn(".Xr canvass-%s 1" % command, whole)

    def test_every_page_is_built_and_installed(self):
        with open(os.path.join(ROOT, "Makefile")) as file:
            listed = re.search(r"(?s)canvass-%\.1,(.*?)\)", file.read()).group(1).replace("\\\n", " ").split()
        self.assertEqual(sorted(listed), sorted(commands()))

    def test_the_page_of_the_store_lists_its_tables_and_columns(self):
        form = self.write("f.csv", "survey,type,name,label\n,text,respondent,Who?\n")
        answers = self.write("a.csv", "respondent\nA\n")
        store = self.path("s.db")
        self.assertEqual(run("import", form, answers, "--store", store, "--now", NOW)[0], 0)
        page = plain(run("store", "--man")[1]).split(".Sh TABLES\n")[1].split(".Sh ANSWERS")[0]
        told = {name: columns.split() for name, columns in re.findall(r"\.It (\w+)\n(?:[^.].*\n)+?Columns:\n(.*)\n", page)}
        database = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        there = {name: [row[1] for row in database.execute("PRAGMA table_info(%s)" % name)] for name in names
                 if not name.startswith(("answers_", "sqlite_"))}
        database.close()
        self.assertEqual(told, there)

    def test_the_page_of_forms_names_every_kind_of_column_and_setting(self):
        page = plain(run("form", "--man")[1])
        told = set(re.findall(r"(?m)^\.It (.*)$", page.split(".Sh QUESTION TYPES")[0]))
        told = {word for term in told for word in term.split(", ")}
        sources = "".join(open(path, encoding="utf-8").read() for path in glob.glob(os.path.join(ROOT, "src/form/*.c")))
        roles = {}
        for heading, role in re.findall(r'\{ "([^"]+)", (ROLE_\w+), ', sources):
            roles.setdefault(role, set()).add(heading)
        self.assertGreater(len(roles), 20)
        for role, headings in roles.items():
            self.assertTrue(headings & told, "%s: %s" % (role, headings))
        own = sources.split("known_settings[] = {")[1].split("}")[0].split('"entity_version",')[1]
        self.assertLessEqual(set(re.findall(r'"(\w+)"', own)), told)

    def test_every_function_and_type_has_its_place(self):
        page = plain(run("form", "--man")[1])
        for term in ("select_multiple", "begin_repeat", "count-non-empty(answers)", "regex("):
            self.assertIn("\n.It " + term, page)


if __name__ == "__main__":
    unittest.main()
