"""README: the files it shows are written to a folder, its terminal sessions are run there, and their output is compared.

GOLDEN=1 rewrites the sessions; git shows the difference."""
import os
import re
import subprocess
import unittest

from story import CANVASS, HANG, ROOT, Story

README = os.path.join(ROOT, "README.md")


def blocks(text):
    """(kind, file name, content) of each fenced block that says what it is."""
    return re.findall(r"(?ms)^```(csv|console) ?(\S*)\n(.*?)^```$", text)


class Readme(Story):
    maxDiff = None

    def session(self, content):
        """The same commands, each followed by what it prints."""
        shown = ""
        for line in re.findall(r"(?m)^\$ (.*)$", content):
            done = subprocess.run(line, shell=True, cwd=self.folder.name, env=self.env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=HANG)
            shown += "$ %s\n%s" % (line, done.stdout.decode("utf-8"))
        return shown

    def test_its_sessions_print_what_it_shows(self):
        os.mkdir(self.path("bin"))
        os.symlink(CANVASS, self.path("bin/canvass"))
        self.env = dict(os.environ, PATH=self.path("bin") + ":" + os.environ["PATH"], SOURCE_DATE_EPOCH="1796083200")
        with open(README, encoding="utf-8") as file:
            text = file.read()
        found = blocks(text)
        self.assertEqual([kind for kind, _, _ in found].count("console"), 2)
        for kind, name, content in found:
            if kind == "csv":
                self.write(name, content)
                continue
            output = self.session(content)
            if os.environ.get("GOLDEN"):
                text = text.replace(content, output)
            else:
                self.assertEqual(output, content)
        if os.environ.get("GOLDEN"):
            with open(README, "w", encoding="utf-8") as file:
                file.write(text)

    def test_the_form_it_begins_with_has_six_lines(self):
        with open(README, encoding="utf-8") as file:
            form = blocks(file.read())[0]
        self.assertEqual((form[1], form[2].count("\n")), ("ports.csv", 6))


if __name__ == "__main__":
    unittest.main()
