"""Killed at any call that changes a file, or refused that call, an import leaves the store whole: done again, it is as if
nothing had happened.

An undisturbed run counts the calls (open to create, write, fsync, rename, unlink, mkdir ...).  KILL_POINTS of them (all:
every one, the default of make nightly) are then tried, with three small files and with one of 17 MiB: half of them calls
that are no plain write, the rest by chance, always the same.  Half of the kills leave half of a write behind.
SEED chooses others.

Refused means that the call fails once with "no space" or "input/output error", or that the disk stays full from there on.
What the program then says it did must be so."""
import json
import os
import random
import re
import shutil
import sqlite3
import unittest

from logical import differences, kept_amiss, logical, originals
from rows import FORM, HEADER, MIB, padded, plain_rows, respondent, table
from shim import begin, built, finish, preloaded
from story import FULL, NOW, Story, run

POINTS = os.environ.get("KILL_POINTS", "all" if FULL else "20")
SEED = int(os.environ.get("SEED", "1"))
KILLED = -9
ENOSPC, EIO = 28, 5


def leftovers(folder):
    """Files that no finished command leaves behind, by their names."""
    return sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names
                  if re.search(r"\.part$|\.new$|-journal$|-wal$|-shm$|incoming|\.tmp$|~$", name))


def loose(store):
    """Files beside the store that no row names."""
    kept = {one.sha256 for one in originals(store)}
    folder = os.path.dirname(store)
    return sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names
                  if place != folder and not place.startswith(os.path.join(folder, "tmp")) and name not in kept)


@unittest.skipUnless(built("shim_calls"), "there is no C compiler")
class Killpoints(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        rows = plain_rows(752)
        names = ["FIRST"] + [row[0] for row in rows]
        self.rosters = [self.write("roster%d.csv" % count, "code,name\n" + "".join("%s,%d\n" % pair for pair in zip(names[:count], range(count))))
                        for count in (12, len(names))]
        for i in (7, 400):
            rows[i][1] = "many"
        rows[500][0] = "NOBODY"
        self.small = [
            self.write("a.csv", "question,answer,note\nwho,FIRST\nage,7,counted in May\nlegal,Legal\ndoc[1]/title,Law\n"),
            self.write("b.csv", table([HEADER] + rows[:8] + [["R00003", "8"] + [""] * 8, ["NOBODY", "9"] + [""] * 8])),
            self.write("c.csv", "these,are\nnot,answers\n")]
        self.large = [self.small[0], self.write("large.csv", padded(HEADER, rows, 17, table))]
        self.verify = re.search(r"^ +verify ", run("--help")[1], re.M) is not None

    # ------------------------------------------------------------ one import

    def command(self, files, store):
        roster = self.rosters[files is self.large]
        return ["import", self.form, *files, "--store", store, "--roster", roster, "--round", "2026", "--now", NOW, "--json"]

    def place(self, name):
        """A store's name in an empty folder of its own."""
        folder = self.path(name)
        shutil.rmtree(folder, True)
        os.makedirs(os.path.join(folder, "tmp"))
        return os.path.join(folder, "s.db")

    def disturbed(self, files, store, **settings):
        env = preloaded("shim_calls", SQLITE_TMPDIR=os.path.join(os.path.dirname(store), "tmp"), **settings)
        return finish(begin(*self.command(files, store), env=env))

    def content(self, store):
        """What the store says once its findings are matched, which the first command that shows them may do."""
        code, _, err = finish(begin("findings", self.form, "--store", store, "--round", "2026", "--now", NOW, "--json",
                                    env=preloaded("shim_calls")))
        self.assertIn(code, (0, 1), err)
        return logical(store, places=True)

    def undisturbed(self, files):
        """Content of the store that an import leaves, how many calls it made, and which of them are no plain writes."""
        store, trace, count = self.place("whole"), self.path("trace"), self.path("count")
        for name in (trace, count):
            if os.path.exists(name):
                os.unlink(name)
        code, out, err = self.disturbed(files, store, SHIM_TRACE=trace, SHIM_COUNT=count)
        self.assertEqual(code, 1, out + err)
        with open(count) as file:
            total = int(file.read())
        with open(trace) as file:
            rare = [int(line.split()[0]) for line in file if line.split()[1] not in ("write", "pwrite")]
        self.assertGreater(total, 20)
        self.amiss(store)
        return self.content(store), json.loads(out), total, rare

    def points(self, total, rare, share):
        """Which calls: those that are no plain writes and the ones behind them, then others."""
        chance = random.Random(SEED)
        if POINTS == "all":
            return list(range(1, total + 1))
        most = min(total, max(4, int(int(POINTS) * share)))
        first = sorted({n for number in rare for n in (number, number + 1) if n <= total})
        chosen = set(chance.sample(first, min(len(first), most // 2)))
        others = [n for n in range(1, total + 1) if n not in chosen]
        return sorted(chosen | set(chance.sample(others, most - len(chosen))))

    def amiss(self, store):
        """Nothing is wrong with what a finished import leaves."""
        self.assertEqual(kept_amiss(store), [])
        self.assertEqual(leftovers(os.path.dirname(store)), [])
        self.assertEqual(loose(store), [])
        if self.verify:
            code, out, err = run("verify", store)
            self.assertEqual(code, 0, out + err)

    def converges(self, files, store, wanted):
        code, out, err = self.disturbed(files, store)
        # Where all was there already, nothing is judged again.
        self.assertIn(code, (0, 1), out + err)
        self.assertEqual(differences(wanted, self.content(store)), [])
        self.amiss(store)
        shutil.rmtree(os.path.dirname(store))

    # ------------------------------------------------------------ killed

    def kill(self, files, share):
        wanted, _, total, rare = self.undisturbed(files)
        points = self.points(total, rare, share)
        inside = 0
        for number, point in enumerate(points):
            with self.subTest("killed at call %d of %d" % (point, total)):
                store = self.place("k%d" % point)
                code, out, err = self.disturbed(files, store, SHIM_AT=point, SHIM_DO="torn" if number % 2 else "kill")
                if point < total - 20:  # threads do not make the same calls every time
                    self.assertEqual(code, KILLED, out + err)
                inside += any(os.path.exists(store + end) and os.path.getsize(store + end) for end in ("-journal", "-wal"))
                self.converges(files, store, wanted)
        print("\nkilled at %d of %d calls, %d of them inside a transaction" % (len(points), total, inside), end=" ... ")
        self.assertGreaterEqual(inside, len(points) // 5)

    def test_killed_with_small_files(self):
        self.kill(self.small, 0.5)

    def test_killed_with_a_large_file(self):
        self.kill(self.large, 0.15)

    # ------------------------------------------------------------ refused

    def said_is_so(self, store, code, out, err):
        """What was printed as accepted or quarantined is in the store."""
        if code == 3:
            self.assertRegex(out + err, r"error|out of memory", "exit 3 without a message")
        else:
            self.assertIn(code, (0, 1), err)
        told = json.loads(out) if out.strip() else {"returns": []}
        there = {}
        if os.path.exists(store) and os.path.getsize(store):
            db = sqlite3.connect(store)
            try:
                if db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'file'").fetchone()[0]:
                    for name, quarantined in db.execute("SELECT name, quarantined FROM file"):
                        there[os.path.basename(name)] = "quarantined" if quarantined else "accepted"
                    responses = db.execute("SELECT count(*) FROM response").fetchone()[0]
                    whole = db.execute("SELECT count(*) FROM quarantine WHERE whole = 1").fetchone()[0]
                else:
                    responses = whole = 0
            finally:
                db.close()
        else:
            responses = whole = 0
        for one in told["returns"]:
            if one["outcome"] in ("accepted", "quarantined"):
                self.assertEqual(there.get(os.path.basename(one["file"])), one["outcome"], one["file"])
            else:
                self.assertEqual(one["outcome"], "not read")
        if "responses" in told:
            counts = [(told["responses"]["new"] + told["responses"]["revisions"], responses), (told["files"]["quarantined"], whole),
                      (told["files"]["accepted"], sum(outcome == "accepted" for outcome in there.values()))]
            for said, stored in counts:
                # A disk that fails while a commit is being confirmed may have it: that is a failure, and the next run finds it.
                self.assertLessEqual(said, stored)
                if code != 3:
                    self.assertEqual(said, stored)
        return told

    def refuse(self, files, share):
        wanted, told_whole, total, rare = self.undisturbed(files)
        failed = 0
        for number, point in enumerate(self.points(total, rare, share)):
            error, lasting = ((ENOSPC, None), (EIO, None), (ENOSPC, 1))[number % 3]
            with self.subTest("call %d of %d fails with %s%s" % (point, total, os.strerror(error), " from there on" if lasting else "")):
                store = self.place("f%d" % point)
                code, out, err = self.disturbed(files, store, SHIM_AT=point, SHIM_DO=error, SHIM_FROM=lasting)
                told = self.said_is_so(store, code, out, err)
                failed += code == 3
                if code in (0, 1):
                    self.assertEqual(told["files"], told_whole["files"])
                    self.assertEqual(differences(wanted, self.content(store)), [])
                self.converges(files, store, wanted)
        self.assertGreater(failed, 0)

    def test_refused_with_small_files(self):
        self.refuse(self.small, 0.15)

    def test_refused_with_a_large_file(self):
        self.refuse(self.large, 0.05)

    def test_a_store_that_was_there_is_not_harmed(self):
        """The same with a store that holds answers already: it keeps them."""
        before = self.place("before")
        run(*self.command(self.small, before))
        held = self.content(before)
        second = [self.write("d.csv", "question,answer\nwho,FIRST\nage,9\n")]
        whole = self.place("both")
        shutil.copy(before, whole)
        count = self.path("count2")
        code, out, err = self.disturbed(second, whole, SHIM_COUNT=count)
        self.assertEqual(code, 0, out + err)
        wanted = self.content(whole)
        with open(count) as file:
            total = int(file.read())
        for point in self.points(total, [], 0.05):
            for do in ("kill", ENOSPC):
                with self.subTest("call %d of %d: %s" % (point, total, do)):
                    store = self.place("t%d" % point)
                    shutil.copy(before, store)
                    code, out, err = self.disturbed(second, store, SHIM_AT=point, SHIM_DO=do)
                    content = self.content(store)
                    if differences(held, content):
                        self.assertEqual(differences(wanted, content), [])
                    self.converges(second, store, wanted)


if __name__ == "__main__":
    unittest.main()
