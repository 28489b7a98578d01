"""What the stories share: running the program, reading its store and its workbook."""
import json
import os
import sqlite3
import subprocess
import tempfile
import termios
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CANVASS = os.path.abspath(os.environ.get("CANVASS", os.path.join(ROOT, "build/release/canvass")))
NOW = "2026-12-01T00:00:00Z"
FORM = os.path.join(ROOT, "forms/seafarers-id.csv")
PUBLISHED = os.path.join(ROOT, "responses/published")
# make nightly sets FULL: larger sizes and more samples than those that prove the same in make check.
FULL = os.environ.get("FULL") == "1"
HANG = 1800  # seconds: ends a program that would never end; no correct one comes near it on any machine


def run(*args, cwd=ROOT, stdin=None, env=None):
    """Runs canvass and gives (exit code, stdout, stderr) as text."""
    full = dict(os.environ)
    full.update(env or {})
    done = subprocess.run([CANVASS, *args], cwd=cwd, input=stdin, env=full, timeout=HANG,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def published():
    return [os.path.join(PUBLISHED, name) for name in sorted(os.listdir(PUBLISHED)) if name.endswith(".csv")]


def dump(path):
    """A logical dump of every table, sorted: what two stores of the same content agree in."""
    if not os.path.exists(path):
        return None
    store = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted(repr(row) for row in store.execute('SELECT * FROM "%s"' % name)) for name in names}
    finally:
        store.close()


def import_json(*args, **more):
    code, out, err = run("import", *args, "--json", **more)
    return code, json.loads(out), err


def usage(*args, stdout=subprocess.DEVNULL):
    """Runs canvass and gives (exit code, seconds of processor, peak bytes of memory)."""
    child = subprocess.Popen([CANVASS, *args], stdout=stdout, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss << 10


def wait_for_single_keys(terminal):
    """Until the program at the terminal reads single keys: a key typed before is lost when the terminal stops reading lines."""
    until = time.monotonic() + HANG
    while termios.tcgetattr(terminal)[3] & termios.ICANON and time.monotonic() < until:
        time.sleep(0.01)


def grows_evenly(work, size, times=8, most=2, attempts=5):
    """Whether work(size), which returns its seconds of processor, grows linearly.

    No time is asserted: `times` small pieces of work are compared with one that is `times` as large.  Linear work takes
    about as long both ways (start-up makes the small pieces dearer), quadratic work `times` as long in one piece.  A busy
    machine slows both; where it slows only one, further attempts find the least that each takes.
    """
    small = large = float("inf")
    for _ in range(attempts):
        small, large = min(small, work(size // times)), min(large, work(size))
        if large <= most * times * small:
            return True
    return False


class Story(unittest.TestCase):
    maxDiff = 4000
    told = []

    @classmethod
    def tell(cls, text):
        """A figure that the test run shows, told when the tests of the class are done."""
        cls.told = cls.told + ["agreement: " + text]

    @classmethod
    def tearDownClass(cls):
        for line in cls.told:
            print(line, flush=True)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="canvass-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, content):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path


if __name__ == "__main__":
    unittest.main()
