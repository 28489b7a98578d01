"""The questionnaire as people read it: Markdown in a pipe, wrapped text on a terminal, in each of its languages."""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import unicodedata
import unittest

from story import CANVASS, FORM, ROOT, Story, run

EVERYTHING = os.path.join(ROOT, "tests/golden/show/everything/form.csv")


def on_terminal(columns, *args):
    """Runs canvass with a terminal of so many columns as its standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    program = subprocess.Popen([CANVASS, *args], cwd=ROOT, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    out = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:
            break
        if not more:
            break
        out += more
    os.close(ours)
    return program.wait(), out.decode("utf-8").replace("\r\n", "\n")


def width(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Show(Story):
    def test_a_pipe_gets_markdown(self):
        code, out, err = run("show", FORM)
        self.assertEqual((code, err), (0, ""))
        self.assertTrue(out.startswith("# Questionnaire on improving seafarers' identity documents\n\n"))
        self.assertIn("\n## B. Conventions and intentions\n\nOnly if A2 is not 'Nil return (nothing to report)'\n", out)
        self.assertIn("\n- Only if B2 is 'Ratified and in force', 'Ratified, not yet in force' or 'Applied provisionally (C185 Art. 9)'\n", out)

    def test_every_question_is_there_once(self):
        _, out, _ = run("show", FORM)
        numbers = [line.split("**")[1] for line in out.splitlines() if line.startswith("**")]
        self.assertEqual(len(numbers), 78)
        self.assertEqual(len(set(numbers)), 78)

    def test_the_shipped_form_is_told_in_words_but_for_its_patterns(self):
        _, out, _ = run("show", FORM)
        for line in out.splitlines():
            if line.startswith(("- Only if", "- Required if")):
                self.assertNotIn("`", line)
            if line.startswith("- Rule") and "`" in line:
                self.assertIn("(fits the pattern `", line)

    def test_a_terminal_gets_text_no_wider_than_it_is(self):
        for columns in (60, 80, 100):
            code, out = on_terminal(columns, "show", FORM)
            self.assertEqual(code, 0)
            self.assertNotIn("**", out)
            self.assertLessEqual(max(map(width, out.splitlines())), columns)
            self.assertGreater(max(map(width, out.splitlines())), columns - 5)

    def test_a_wide_terminal_is_used_up_to_100_columns(self):
        _, out = on_terminal(300, "show", FORM)
        self.assertLessEqual(max(map(width, out.splitlines())), 100)

    def test_another_language(self):
        code, out, _ = run("show", EVERYTHING, "--language", "français (fr)")
        self.assertEqual(code, 0)
        self.assertIn("## Où vous êtes", out)
        self.assertIn("`north` Nord", out)
        self.assertIn("is 'Nord' and (question 2 is 'Arbe' or 'Câlin')", out)

    def test_a_language_that_the_form_does_not_have(self):
        code, out, err = run("show", EVERYTHING, "--language", "Deutsch")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("English (en), français (fr)", err)

    def test_a_form_that_cannot_be_used(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,select_one none,a,A\n")
        code, out, err = run("show", form)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("canvass check", err)

    def test_what_a_form_says_cannot_command_the_terminal(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,text,a,Red \x1b[31m \u202e end\n")
        _, out = on_terminal(80, "show", form)
        self.assertNotIn("\x1b", out)
        self.assertIn("<U+001B>[31m <U+202E> end", out)

    def test_long_words_and_wide_characters_are_wrapped(self):
        form = self.write("f.csv", "survey\n,type,name,label\n,text,a,%s %s\n" % ("x" * 300, "漢字" * 100))
        _, out = on_terminal(60, "show", form)
        self.assertEqual(max(map(width, out.splitlines())), 60)
        self.assertEqual(out.count("漢"), 100)

    def test_the_summary_counts_questions_sections_and_bounds(self):
        form = self.write("form.csv", "survey\n,type,name,label,relevant,required\n,select_one yn,q,Question,,yes\n"
                          ",begin_group,g,First section,,\n,text,a,A,${q} = 'yes',\n,text,b,B,${q} = 'no',${a} = ''\n"
                          ",end_group,,,,\n,begin_repeat,r,Each ship,,\n,text,c,C,,\n,end_repeat,,,,\n"
                          "choices\n,list_name,name,label\n,yn,yes,Yes\n,yn,no,No\nsettings\n,form_title\n,Ships\n")
        code, out, err = run("show", form, "--summary")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines(), [
            "Ships", "    4 questions in 2 sections, 1 repeat", "    1 always required, 1 under a condition",
            "    1 asked at least, 3 at most (with one entry in each repeat)",
            "    1 minute at least, 2 at most, to read and answer", "", "questions in each section:",
            "      2  First section", "      1  Each ship (repeat)"])

    def test_json_needs_the_summary(self):
        code, out, err = run("show", FORM, "--json")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("--json needs --summary", err)


if __name__ == "__main__":
    unittest.main()
