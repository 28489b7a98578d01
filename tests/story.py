"""What the stories share: running the program, reading its store and its workbook."""
import json
import os
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CANVASS = os.path.abspath(os.environ.get("CANVASS", os.path.join(ROOT, "build/release/canvass")))
NOW = "2026-12-01T00:00:00Z"
FORM = os.path.join(ROOT, "forms/seafarers-id.csv")
PUBLISHED = os.path.join(ROOT, "responses/published")


def run(*args, cwd=ROOT, stdin=None, env=None, timeout=120):
    """Runs canvass and gives (exit code, stdout, stderr) as text."""
    full = dict(os.environ)
    full.update(env or {})
    done = subprocess.run([CANVASS, *args], cwd=cwd, input=stdin, env=full, timeout=timeout,
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
