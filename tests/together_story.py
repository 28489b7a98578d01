"""Several at once: imports into one store, imports into two stores of one folder, and an import while somebody reads.

An import that must wait says so: a line on standard error that names the store and how long it has waited, about every
second.  After a minute (CANVASS_PATIENCE: so many seconds) it gives up with exit 3 and has changed nothing.  Nothing here
measures a time: what should happen is awaited, and only its absence for AWHILE seconds is a failure."""
import hashlib
import os
import random
import re
import shutil
import sqlite3
import tempfile
import threading
import time
import unittest

from logical import differences, kept_amiss, logical, originals
from rows import FORM, HEADER, padded, plain_rows, table
from shim import begin, built, finish, go_on, is_stopped, preloaded
from story import FULL, NOW, Story, dump, run

AWHILE = 15
GIVE_UP = 120


class Watched:
    """A running import whose standard error is read as it comes."""

    def __init__(self, *args, env=None):
        self.process = begin(*args, env=env)
        self.out, self.lines = b"", []
        self.threads = [threading.Thread(target=self.read_out), threading.Thread(target=self.read_err)]
        for thread in self.threads:
            thread.start()

    def read_out(self):
        self.out = self.process.stdout.read()

    def read_err(self):
        piece = b""
        while True:
            byte = os.read(self.process.stderr.fileno(), 4096)
            if not byte:
                break
            *whole, piece = re.split(rb"[\r\n]", piece + byte)
            self.lines += [line.decode("utf-8", "replace") for line in whole]
        self.lines.append(piece.decode("utf-8", "replace"))

    def waits(self, store):
        """The line that says that it waits for the store; None: it ended without one, or was silent for AWHILE."""
        until = time.monotonic() + AWHILE
        while time.monotonic() < until:
            for line in list(self.lines):
                if os.path.basename(store) in line and re.search(r"\b\d+ ?s(econds?)?\b", line):
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        return None

    def end(self, seconds=GIVE_UP):
        """(exit code, stdout, stderr); killed where it does not end, and the code is None."""
        try:
            code = self.process.wait(seconds)
        except BaseException:
            self.process.kill()
            self.process.wait()
            code = None
        for thread in self.threads:
            thread.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, self.out.decode("utf-8", "replace"), "\n".join(self.lines)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Together(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.store = self.path("s.db")

    def options(self, store=None, patience=None):
        env = dict(os.environ)
        if patience is not None:
            env["CANVASS_PATIENCE"] = str(patience)
        return ["--store", store or self.store, "--round", "2026", "--now", NOW], env

    def file(self, name, first, count=30, size=0):
        rows = plain_rows(first + count)[first:]
        return self.write(name, padded(HEADER, rows, size, table))

    def large(self, name, first):
        return self.file(name, first, 700, 17)

    def take(self, *files, store=None):
        code, out, err = run("import", self.form, *files, *self.options(store)[0])
        self.assertEqual(code, 0, out + err)

    def content(self, store):
        run("findings", self.form, "--store", store, "--round", "2026", "--now", NOW, "--json")
        return logical(store, places=True)

    def wanted(self, *files):
        """What a store holds into which these are imported one after the other."""
        store = self.path("wanted.db")
        self.take(*files, store=store)
        wanted = self.content(store)
        os.unlink(store)
        shutil.rmtree(store + ".files", True)
        shutil.rmtree(self.path("files"), True)
        return wanted

    # ------------------------------------------------------------ imports at once

    def test_many_imports_into_a_store_that_is_not_there_yet(self):
        files = [self.file("f%d.csv" % i, 100 * i) for i in range(6)]
        wanted = self.wanted(*files)
        options, env = self.options(patience=60)
        running = [begin("import", self.form, file, *options, env=env) for file in files]
        for process in running:
            code, out, err = finish(process, GIVE_UP)
            self.assertEqual(code, 0, out + err)
        self.assertEqual(differences(wanted, self.content(self.store)), [])
        self.assertEqual(kept_amiss(self.store), [])

    def test_many_imports_of_the_same_file(self):
        file = self.file("f.csv", 0)
        wanted = self.wanted(file)
        options, env = self.options(patience=60)
        running = [begin("import", self.form, file, *options, env=env) for _ in range(4)]
        for process in running:
            code, out, err = finish(process, GIVE_UP)
            self.assertEqual(code, 0, out + err)
        self.assertEqual(differences(wanted, self.content(self.store)), [])

    def stopping(self, process):
        """The process, once it has stopped itself or ended; it does not outlive the test."""
        self.addCleanup(lambda: process.poll() is None and process.kill())
        is_stopped(process)
        return process

    def stop_points(self, count, *args, env=None, **settings):
        """Some calls of an import that change files: those of which the trace's line holds one of the words, if any do."""
        trace = self.path("trace")
        if os.path.exists(trace):
            os.unlink(trace)
        code, out, err = finish(begin(*args, env=dict(preloaded("shim_calls", SHIM_TRACE=trace), **(env or {}))))
        self.assertIn(code, (0, 1), out + err)
        with open(trace) as file:
            lines = [line.split() for line in file]
        words = settings.get("words", ())
        numbers = [int(line[0]) for line in lines if any(word in " ".join(line) for word in words)] or [int(line[0]) for line in lines]
        if len(numbers) <= count:
            return numbers
        ends = numbers[:1] + numbers[-2:]
        return sorted(ends + random.Random(1).sample(numbers[1:-2], count - 3))

    @unittest.skipUnless(built("shim_calls"), "there is no C compiler")
    def test_two_imports_into_one_store(self):
        """The first stands still at some call while the second runs: that one ends, or says that it waits."""
        small, large, other = self.file("small.csv", 0), self.large("large.csv", 1000), self.file("other.csv", 5000)
        for first, second in ((small, other), (large, other), (other, large)):
            wanted = self.wanted(first, second)
            options, env = self.options(self.path("trace.db"), patience=60)
            points = self.stop_points(4 if FULL else 3, "import", self.form, first, *options, words=("trace.db",))
            for point in points:
                with self.subTest("%s beside %s, stopped at call %d" % (os.path.basename(second), os.path.basename(first), point)):
                    folder = tempfile.mkdtemp(dir=self.folder.name)
                    store = os.path.join(folder, "s.db")
                    options, env = self.options(store, patience=60)
                    stopping = dict(preloaded("shim_calls", SHIM_AT=point, SHIM_DO="stop"), CANVASS_PATIENCE="60")
                    a = self.stopping(begin("import", self.form, first, *options, env=stopping))
                    b = self.watched("import", self.form, second, *options, env=env)
                    line = b.waits(store)
                    went_on_alone = b.process.poll() is not None
                    go_on(a)
                    code_a, out, err = finish(a)
                    code_b, out_b, err_b = b.end()
                    self.assertEqual((code_a, code_b), (0, 0), out + err + out_b + err_b)
                    self.assertTrue(went_on_alone or line, "waited without a word")
                    self.assertEqual(differences(wanted, self.content(store)), [])
                    self.assertEqual(kept_amiss(store), [])
                    shutil.rmtree(folder)
            os.unlink(self.path("trace.db"))

    @unittest.skipUnless(built("shim_calls"), "there is no C compiler")
    def test_two_stores_of_one_folder(self):
        """Each keeps its own original, wherever the first of two large imports stands still while the second runs."""
        first, second = self.large("first.csv", 0), self.large("second.csv", 1000)
        stores = [self.path("together/a.db"), self.path("together/b.db")]
        os.makedirs(self.path("together"))
        options, env = self.options(stores[0])
        points = self.stop_points(6 if FULL else 3, "import", self.form, first, *options, words=("files", ".part", "incoming", "spool"))
        for point in points:
            with self.subTest("stopped at call %d" % point):
                shutil.rmtree(self.path("together"))
                os.makedirs(self.path("together"))
                a = self.stopping(begin("import", self.form, first, *self.options(stores[0])[0],
                                        env=preloaded("shim_calls", SHIM_AT=point, SHIM_DO="stop")))
                code_b, out_b, err_b = run("import", self.form, second, *self.options(stores[1])[0])
                go_on(a)
                code_a, out, err = finish(a)
                self.assertEqual((code_a, code_b), (0, 0), out + err + out_b + err_b)
                for store, file in zip(stores, (first, second)):
                    self.assertEqual(kept_amiss(store), [])
                    self.assertEqual([one.sha256 for one in originals(store)], [sha256(file)])

    def test_two_stores_of_one_folder_at_once(self):
        files = [self.large("f%d.csv" % i, 1000 * i) for i in range(3)]
        stores = [self.path("s%d.db" % i) for i in range(3)]
        running = [begin("import", self.form, file, *self.options(store)[0]) for file, store in zip(files, stores)]
        for process in running:
            code, out, err = finish(process, GIVE_UP)
            self.assertEqual(code, 0, out + err)
        for store, file in zip(stores, files):
            self.assertEqual(kept_amiss(store), [])
            self.assertEqual([one.sha256 for one in originals(store)], [sha256(file)])

    # ------------------------------------------------------------ somebody reads

    def watched(self, *args, env):
        process = Watched(*args, env=env)
        self.addCleanup(lambda: process.process.poll() is None and process.process.kill())
        return process

    def held(self, how):
        """Another program at work in the store: it reads (one view, kept open), or writes."""
        db = sqlite3.connect(self.store, isolation_level=None)
        if how == "reads":
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM response").fetchall()
        else:
            db.execute("BEGIN IMMEDIATE")
        self.addCleanup(db.close)
        return db

    def beside(self):
        """(how the store is held, name of the file to import, its path), each in a store of its own."""
        first = self.file("first.csv", 0)
        for size, path in (("small", self.file("small.csv", 100)), ("large", self.large("large.csv", 1000))):
            for how in ("reads", "writes"):
                self.store = self.path("%s-%s.db" % (size, how))
                self.take(first)
                yield how, size, first, path

    def test_an_import_gives_up_and_has_changed_nothing(self):
        for how, size, first, path in self.beside():
            with self.subTest("%s file while somebody %s" % (size, how)):
                before = dump(self.store)
                db = self.held(how)
                options, env = self.options(patience=3)
                process = self.watched("import", self.form, path, *options, env=env)
                line = process.waits(self.store)
                if line is None and process.process.poll() is None:
                    process.process.kill()
                    process.end()
                    self.fail("waited %d seconds without a word" % AWHILE)
                code, out, err = process.end(AWHILE)
                seen = db.execute("SELECT count(*) FROM response").fetchall() if how == "reads" else None
                db.execute("ROLLBACK")
                db.close()
                if code == 0:  # a store whose readers are in nobody's way
                    self.assertEqual(seen, [(30,)])
                    self.assertEqual(differences(self.wanted(first, path), self.content(self.store)), [])
                    continue
                self.assertIsNotNone(code, "CANVASS_PATIENCE=3 did not end it: " + err)
                self.assertEqual(code, 3, out + err)
                self.assertTrue(line, "waited without a word: " + err)
                self.assertEqual(dump(self.store), before)
                self.assertEqual([name for _, _, names in os.walk(self.folder.name) for name in names
                                  if name.endswith((".part", ".new", "-journal")) or name.startswith("incoming")], [])
                self.assertNotIn("1 accepted", out)
                self.assertEqual(run("import", self.form, path, *options)[0], 0)

    def test_an_import_goes_on_when_the_other_has_ended(self):
        for how, size, first, path in self.beside():
            with self.subTest("%s file while somebody %s" % (size, how)):
                db = self.held(how)
                options, env = self.options(patience=60)
                process = self.watched("import", self.form, path, *options, env=env)
                line = process.waits(self.store)
                waits = process.process.poll() is None
                db.execute("ROLLBACK")
                db.close()
                code, out, err = process.end()
                self.assertEqual(code, 0, out + err)
                self.assertTrue(line or not waits, "waited without a word")
                self.assertEqual(differences(self.wanted(first, path), self.content(self.store)), [])
                self.assertEqual(kept_amiss(self.store), [])

    def test_a_reader_keeps_its_view(self):
        """What a reader saw at its beginning is what it sees while an import ends behind it, or waits for it."""
        self.take(self.file("first.csv", 0))
        db = self.held("reads")
        before = db.execute("SELECT respondent FROM response ORDER BY id").fetchall()
        options, env = self.options(patience=60)
        process = self.watched("import", self.form, self.file("small.csv", 100), *options, env=env)
        process.waits(self.store)
        self.assertEqual(db.execute("SELECT respondent FROM response ORDER BY id").fetchall(), before)
        db.execute("ROLLBACK")
        db.close()
        code, out, err = process.end()
        self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    unittest.main()
