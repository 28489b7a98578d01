"""Documents that show files and terminal sessions: the files are written to a folder, the sessions run there, and what they
print is compared with the document.

A fenced block says after its kind what it is: `csv NAME` is a file, `console DAY` a session on that day.  GOLDEN=1 rewrites
the sessions; git shows the difference."""
import datetime
import os
import re
import subprocess

from story import CANVASS, HANG, ROOT, Story

DAY = "2026-12-01"  # of a session that does not say its day


def instant(day):
    """Midnight of a day, UTC, in seconds since 1970."""
    return "%d" % datetime.datetime.fromisoformat(day + "T00:00+00:00").timestamp()


class Document(Story):
    maxDiff = None

    def setUp(self):
        super().setUp()
        os.mkdir(self.path("bin"))
        os.symlink(CANVASS, self.path("bin/canvass"))
        self.env = dict(os.environ, PATH=self.path("bin") + ":" + os.environ["PATH"], LOGNAME="officer",
                        SOURCE_DATE_EPOCH=instant(DAY))

    def read(self, document):
        with open(os.path.join(ROOT, document), encoding="utf-8") as file:
            return file.read()

    def blocks(self, text):
        """(kind, what it is, content) of each block that is a file or a session."""
        return re.findall(r"(?ms)^```(csv|console) ?(\S*)\n(.*?)^```$", text)

    def before(self, session):
        """What happens outside the program before a session, counted from 0."""

    def after(self, line):
        """What is to be true after each command."""

    def session(self, content):
        """The same commands, each followed by what it prints."""
        shown = ""
        for line in re.findall(r"(?m)^\$ (.*)$", content):
            done = subprocess.run(line, shell=True, cwd=self.folder.name, env=self.env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=HANG)
            shown += "$ %s\n%s" % (line, done.stdout.decode("utf-8"))
            self.after(line)
        return shown

    def hold(self, document):
        """The sessions of the document print what it shows.  Returns how many there are."""
        text = self.read(document)
        sessions = 0
        for kind, name, content in self.blocks(text):
            if kind == "csv":
                self.write(name, content)
                continue
            self.env["SOURCE_DATE_EPOCH"] = instant(name or DAY)
            self.before(sessions)
            sessions += 1
            output = self.session(content)
            if os.environ.get("GOLDEN"):
                text = text.replace(content, output)
            else:
                self.assertEqual(output, content)
        if os.environ.get("GOLDEN"):
            with open(os.path.join(ROOT, document), "w", encoding="utf-8") as file:
                file.write(text)
        return sessions
