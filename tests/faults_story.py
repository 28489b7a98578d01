"""What canvass does when the system refuses: memory, room on the disk, a reader that has gone."""
import os
import resource
import shutil
import subprocess
import tempfile
import unittest

from story import CANVASS, FORM, FULL, HANG, NOW, ROOT, Story, published, run

with open(CANVASS, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()


class Shim:
    """A library that refuses memory to the whole program (shim_malloc.c), made once for all tests."""
    folder = path = None

    @classmethod
    def make(cls):
        if not cls.path:
            cls.folder = tempfile.TemporaryDirectory(prefix="canvass-shim-")
            path = os.path.join(cls.folder.name, "shim.so")
            subprocess.run([os.environ.get("CC", "cc").split()[-1], "-O1", "-shared", "-fPIC", "-o", path,
                            os.path.join(ROOT, "tests/shim_malloc.c")], check=True)
            cls.path = path
        return cls.path


@unittest.skipIf(SANITIZED, "a sanitizer has an allocator of its own")
class Memory(Story):
    def setUp(self):
        super().setUp()
        self.shim = Shim.make()
        self.store = self.path("s.db")
        self.options = ["--store", self.store, "--round", "2026", "--now", NOW]
        self.assertEqual(run("import", FORM, *published()[:6], *self.options)[0], 0)

    def refuse(self, *args, **which):
        """Runs canvass with requests refused: (exit code, stdout, stderr, requests in all)."""
        count = self.write("count", bytes(8))
        # A login sets LOGNAME. Without it getpwuid is asked, where glibc itself aborts if memory is refused.
        env = {"LOGNAME": "officer", "LD_PRELOAD": self.shim, "SHIM_COUNT": count, **{"SHIM_" + name.upper(): str(k) for name, k in which.items()}}
        code, out, err = run(*args, env=env)
        with open(count, "rb") as file:
            return code, out, err, int.from_bytes(file.read(), "little")

    def sample(self, *args, points, fresh=lambda: None):
        """Refuses requests one by one and all from one on, at points spread over the run; what does not end in exit 3 ends
        as if nothing had been refused."""
        fresh()
        want = self.refuse(*args)
        self.assertIn(want[0], (0, 1), want[2])
        short = 0
        for i in range(points):
            k = 1 + want[3] * i // points
            for which in ("one", "from"):
                fresh()
                code, out, err, _ = self.refuse(*args, **{which: k})
                with self.subTest(args=args[0], which=which, k=k):
                    self.assertIn(code, (want[0], 2, 3), err)
                    if code == 3:
                        short += 1
                        self.assertRegex(out + err, r"out of memory|error\[E")
                    elif code != 2:
                        self.assertEqual(out, want[1])
        self.assertGreater(short, points // 4)

    def test_no_command_ends_without_a_word(self):
        self.sample("check", FORM, points=40 if FULL else 10)
        self.sample("status", FORM, *self.options, points=40 if FULL else 10)
        self.sample("findings", FORM, *self.options, points=40 if FULL else 10)
        self.sample("history", FORM, "AUS", "c185_status", *self.options, points=40 if FULL else 6)
        self.sample("explain", FORM, "AUS", "obstacles_detail", *self.options, points=40 if FULL else 6)
        self.sample("collect", FORM, "JPN", "--blank", *self.options, points=40 if FULL else 6)

    def test_a_workbook_is_whole_or_not_there(self):
        target = self.path("r.xlsx")

        def fresh():
            if os.path.exists(target):
                os.unlink(target)
        args = ["report", FORM, *self.options, "-o", target]
        self.assertEqual(self.refuse(*args)[0], 0)
        with open(target, "rb") as file:
            whole = file.read()
        fresh()
        points, want = 150 if FULL else 40, self.refuse(*args)[3]
        kinds = {0: 0, 2: 0, 3: 0}
        for i in range(points):
            k = 1 + want * i // points
            for which in ("one", "from"):
                fresh()
                code, out, err, _ = self.refuse(*args, **{which: k})
                with self.subTest(which=which, k=k):
                    self.assertIn(code, (0, 2, 3), err)
                    kinds[code] += 1
                    self.assertNotIn("[ERROR]", err)
                    if code:
                        self.assertFalse(os.path.exists(target))
                        self.assertRegex(err, r"out of memory|error\[E")
                    else:
                        with open(target, "rb") as file:
                            self.assertEqual(file.read(), whole)
                    self.assertEqual([name for name in os.listdir(self.folder.name) if name.endswith(".part")], [])
        self.assertGreater(kinds[3], points)

    def test_an_import_ends_with_a_word(self):
        kept = self.path("kept.db")
        shutil.copyfile(self.store, kept)

        def fresh():
            for left in (self.store, self.store + "-journal", self.store + "-wal", self.store + "-shm"):
                if os.path.exists(left):
                    os.unlink(left)
            shutil.copyfile(kept, self.store)
        self.sample("import", FORM, published()[7], *self.options, points=60 if FULL else 15, fresh=fresh)
        self.sample("collect", FORM, "AUS", "--set", "c185_status=pending", "--reason", "telephone", *self.options,
                    points=60 if FULL else 6, fresh=fresh)

    def test_packs_are_whole_or_not_there(self):
        roster = self.write("roster.csv", "code,name\nAUS,Australia\nNZ,New Zealand\n")
        packs = self.path("packs")

        def fresh():
            shutil.rmtree(packs, True)
        fresh()
        args = ["distribute", FORM, "--roster", roster, "--due", "2026-12-31", "-o", packs, *self.options]
        self.sample(*args, points=60 if FULL else 12, fresh=fresh)


class Disk(Story):
    def limited(self, limit, *args):
        """Runs canvass where no file may grow over `limit` bytes."""
        done = subprocess.run([CANVASS, *args], cwd=ROOT, capture_output=True, text=True, timeout=HANG,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        return done.returncode, done.stdout, done.stderr

    def test_a_file_that_may_not_grow_is_a_failed_write(self):
        store = self.path("s.db")
        options = ["--store", store, "--round", "2026", "--now", NOW]
        code, out, err = self.limited(16384, "import", FORM, *published(), *options)
        self.assertEqual(code, 3, err)
        self.assertIn("error[E07", out + err)
        if os.path.exists(store):
            os.unlink(store)
        self.assertEqual(run("import", FORM, *published(), *options)[0], 0)
        code, _, err = self.limited(8192, "report", FORM, *options, "-o", self.path("r.xlsx"))
        self.assertEqual(code, 3, err)
        self.assertIn("the workbook could not be written", err)
        self.assertNotIn("[ERROR]", err)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["s.db"])


class Reader(Story):
    def closed(self, *args):
        """Runs canvass with nobody left to read its output."""
        ours, theirs = os.pipe()
        os.close(ours)
        done = subprocess.run([CANVASS, *args], cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=HANG)
        os.close(theirs)
        return done.returncode, done.stderr

    def test_a_reader_that_has_seen_enough_is_no_error(self):
        self.assertEqual(self.closed("explain"), (0, ""))
        self.assertEqual(self.closed("--man"), (0, ""))
        bad = self.write("bad.csv", "survey\n,type,name,label\n,nonsense,a,A\n")
        self.assertEqual(self.closed("check", bad)[0], 1)

    def test_an_output_that_cannot_be_written_is_one(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([CANVASS, "explain"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=HANG)
        self.assertEqual((done.returncode, done.stderr), (3, "canvass: cannot write the output\n"))


if __name__ == "__main__":
    unittest.main()
