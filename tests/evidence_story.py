"""What is kept is what was judged: files that change while they are imported, the files of one return, and whose they are.

All answers are invented."""
import csv
import hashlib
import io
import os
import random
import shutil
import sqlite3
import unittest

from logical import differences, kept_amiss, logical, originals
from rows import FORM, HEADER, padded, plain_rows, table, workbook
from shim import begin, built, finish, go_on, is_stopped, preloaded
from story import FULL, NOW, Story, import_json, run

# A repeat, whose entries survey tools export into a file of their own.
DEMO = """survey
,type,name,label
,text,who,Who
,begin_repeat,doc,Documents
,text,title,Title
,end_repeat,,
settings
,form_id,version,respondent
,demo,1,who
"""


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Evidence(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.demo = self.write("demo-form.csv", DEMO)
        self.store = self.path("s.db")
        self.number = 0

    def write(self, name, content):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        return super().write(name, content)

    def options(self, store=None, round_="2026"):
        return ["--store", store or self.store, "--round", round_, "--now", NOW]

    def take(self, form, *files, store=None, code=0, round_="2026", more=()):
        got, told, err = import_json(form, *files, *self.options(store, round_), *more)
        self.assertEqual(got, code, "%s\n%s" % (told, err))
        return told

    def ask(self, question, store=None):
        db = sqlite3.connect("file:%s?mode=ro" % (store or self.store), uri=True)
        try:
            return db.execute(question).fetchall()
        finally:
            db.close()

    def responses(self, store=None):
        return sorted(self.ask("SELECT respondent, revision FROM response", store))

    def current(self, store=None):
        return self.ask("SELECT label FROM round WHERE current", store)


@unittest.skipUnless(built("shim_calls"), "there is no C compiler")
class Changing(Evidence):
    """The program is stopped before its n-th read of a file, the file changes, and it goes on."""

    def reads(self, form, watched, files):
        """How many reads of the file an import makes, its opening included."""
        count = self.path("count")
        env = preloaded("shim_calls", SHIM_FILE=watched, SHIM_COUNT=count)
        code, out, err = finish(begin("import", form, *files, *self.options(self.path("count.db")), env=env))
        self.assertEqual(code, 0, out + err)
        with open(count) as file:
            return int(file.read())

    def points(self, total, most):
        most = most if FULL else min(most, 4)
        if total <= most:
            return list(range(1, total + 1))
        return sorted({1, 2, total - 1} | set(random.Random(1).sample(range(3, total - 1), most - 3)))

    def changed_while(self, form, watched, files, at, change):
        """One import, in which the file changes before the read: (exit code, store); the store in a folder of its own."""
        self.number += 1
        folder = self.path("store%d" % self.number)
        os.makedirs(folder)
        store = os.path.join(folder, "s.db")
        process = begin("import", form, *files, *self.options(store), env=preloaded("shim_calls", SHIM_FILE=watched, SHIM_AT=at, SHIM_DO="stop"))
        self.addCleanup(lambda: process.poll() is None and process.kill())
        if is_stopped(process):
            change()
            go_on(process)
        code, out, err = finish(process)
        self.assertIn(code, (0, 1, 3), out + err)
        if code:
            self.assertRegex(out + err, "error", "refused without a message")
        return code, store

    def agrees(self, form, store, names):
        """Answers and findings are those that the kept originals give; True: there are answers."""
        if not os.path.exists(store) or not self.ask("SELECT count(*) FROM sqlite_master WHERE name = 'file'", store)[0][0]:
            return False
        self.assertEqual(kept_amiss(store), [])
        if not self.ask("SELECT count(*) FROM response", store)[0][0]:
            return False
        kept = {os.path.basename(one.name): one.bytes for one in originals(store)}
        self.assertEqual(sorted(kept), sorted(names))
        key = tuple(sha256(kept[name]) for name in names)
        if key not in self.known:
            folder = self.path("again%d" % len(self.known))
            os.makedirs(folder)
            for name in names:
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(kept[name])
            again = os.path.join(folder, "again.db")
            finish(begin("import", form, *(os.path.join(folder, name) for name in names), *self.options(again),
                         env=preloaded("shim_calls")))
            self.known[key] = logical(again)
            shutil.rmtree(folder)
        self.assertEqual(differences(self.known[key], logical(store)), [])
        return True

    def changes(self, path, content, other, behind, lines):
        """What happens to files: (word, function that does it, bytes that are then there)."""
        def replaced():
            with open(path + ".new", "wb") as file:
                file.write(other)
            os.rename(path + ".new", path)

        def rewritten():
            with open(path, "r+b") as file:
                file.write(other)

        def appended():
            with open(path, "ab") as file:
                file.write(behind)

        def cut():
            os.truncate(path, len(b"".join(lines)))

        return (("replaced", replaced, other), ("rewritten", rewritten, other), ("appended to", appended, content + behind),
                ("cut short", cut, b"".join(lines)))

    def test_a_large_file(self):
        self.known = {}
        rows, others = plain_rows(700), [[row[0], str((int(row[1]) + 1) % 90)] + row[2:] for row in plain_rows(700)]
        content = padded(HEADER, rows, 17, table)
        # As long, to the byte: only ages differ, by a digit for a digit.
        for row, other in zip(rows, others):
            other[1] = other[1].rjust(len(row[1]), "1")[:len(row[1])]
        other = padded(HEADER, others, 17, table)
        self.assertEqual(len(other), len(content))
        behind = table([["Z%d" % i, "5"] + [""] * 9 for i in range(50)])
        lines = content.splitlines(True)[:400]
        path = self.write("large.csv", content)
        for at in self.points(self.reads(self.form, path, [path]), 7):
            for word, change, _ in self.changes(path, content, other, behind, lines):
                with self.subTest("%s before read %d" % (word, at)):
                    self.write("large.csv", content)
                    _, store = self.changed_while(self.form, path, [path], at, change)
                    self.agrees(self.form, store, ["large.csv"])
                shutil.rmtree(self.path("store%d" % self.number))

    def test_a_small_file(self):
        """Once it is open, it is imported as it was, or refused: part of it never counts as all of it."""
        self.known = {}
        rows = plain_rows(60)
        content, other = table([HEADER] + rows), table([HEADER] + [[row[0], row[1][::-1]] + row[2:] for row in rows])
        behind, lines = table([["Z%d" % i, "5"] + [""] * 8 for i in range(9)]), content.splitlines(True)[:30]
        path = self.write("small.csv", content)
        for at in self.points(self.reads(self.form, path, [path]), 12):
            for word, change, after in self.changes(path, content, other, behind, lines):
                with self.subTest("%s before read %d" % (word, at)):
                    self.write("small.csv", content)
                    _, store = self.changed_while(self.form, path, [path], at, change)
                    if self.agrees(self.form, store, ["small.csv"]):
                        (kept,) = originals(store)
                        whole = [sha256(content), sha256(after)] if at == 1 or word != "cut short" else [sha256(content)]
                        self.assertIn(kept.sha256, whole, "%d of %d bytes were taken for the file" % (kept.size, len(content)))

    def test_a_workbook(self):
        """The same of a small workbook; half of one is none."""
        self.known = {}
        rows = plain_rows(60)
        content = workbook([HEADER] + rows, 6)
        other = workbook([HEADER] + [[row[0], str((int(row[1]) + 1) % 90)] + row[2:] for row in rows], 6)
        path = self.write("small.xlsx", content)
        for at in self.points(self.reads(self.form, path, [path]), 8):
            for word, change, _ in self.changes(path, content, other, b"\0" * 100, [content[:len(content) // 2]]):
                with self.subTest("%s before read %d" % (word, at)):
                    self.write("small.xlsx", content)
                    _, store = self.changed_while(self.form, path, [path], at, change)
                    self.agrees(self.form, store, ["small.xlsx"])

    def test_a_file_of_entries(self):
        self.known = {}
        root = self.write("in/demo.csv", "who,KEY\nAUS,k1\nNZ,k2\n")
        content = b"title,PARENT_KEY,KEY\n" + b"".join(b"Law %d,k%d,e%d\n" % (i, 1 + i % 2, i) for i in range(40))
        other, behind = content.replace(b"Law", b"Act"), b"Rule,k1,e99\n"
        lines = content.splitlines(True)[:20]
        path = self.write("in/demo-doc.csv", content)
        for at in self.points(self.reads(self.demo, path, [root]), 10):
            for word, change, _ in self.changes(path, content, other, behind, lines):
                with self.subTest("%s before read %d" % (word, at)):
                    self.write("in/demo-doc.csv", content)
                    _, store = self.changed_while(self.demo, path, [root], at, change)
                    self.agrees(self.demo, store, ["demo.csv", "demo-doc.csv"])


class Files(Evidence):
    """The files of one return."""

    def kept(self):
        return sorted((os.path.basename(one.name), one.size, one.sha256, one.bytes) for one in originals(self.store))

    def as_given(self, *paths):
        rows = []
        for path in paths:
            with open(path, "rb") as file:
                content = file.read()
            rows.append((os.path.basename(path), len(content), sha256(content), content))
        return sorted(rows)

    def titles(self, store=None):
        """{respondent: titles of the entries} of what counts."""
        found = {}
        for row in logical(store or self.store)["responses"]:
            (_, who, _, _, counts, answers) = eval(row, {"__builtins__": {}})
            if counts:
                found[who] = [value for path, verdict, value, _ in answers if path.endswith("/title")]
        return found

    def test_every_file_of_a_return_is_kept_with_its_own_name_and_digest(self):
        root = self.write("in/demo.csv", "who,KEY\nAUS,k1\nNZ,k2\n")
        entries = self.write("in/demo-doc.csv", "title,PARENT_KEY,KEY\nLaw,k2,e1\nRule,k1,e2\n")
        for given in ([root], [root, entries], [entries, root], [self.path("in")]):
            with self.subTest(given):
                self.store = self.path("s%d.db" % len(os.listdir(self.folder.name)))
                told = self.take(self.demo, *given)
                self.assertEqual((told["files"]["accepted"], told["files"]["quarantined"]), (1, 0))
                self.assertEqual(self.kept(), self.as_given(root, entries))
                self.assertEqual(self.titles(), {"AUS": ["Rule"], "NZ": ["Law"]})

    def test_large_entries_are_kept_too(self):
        root = self.write("in/demo.csv", "who,KEY\n" + "".join("R%03d,k%d\n" % (i, i) for i in range(100)))
        entries = self.write("in/demo-doc.csv", "title,PARENT_KEY,KEY\n" + "".join(
            "Law %d %s,k%d,e%d\n" % (i, "x" * 30000, i % 100, i) for i in range(600)))
        self.assertGreater(os.path.getsize(entries), 16 << 20)
        self.take(self.demo, root)
        self.assertEqual(self.kept(), self.as_given(root, entries))

    def test_a_return_is_another_when_its_entries_are(self):
        root = self.write("in/demo.csv", "who,KEY\nAUS,k1\n")
        self.write("in/demo-doc.csv", "title,PARENT_KEY,KEY\nLaw,k1,e1\n")
        self.take(self.demo, root)
        self.assertEqual(self.take(self.demo, root)["files"]["already_there"], 1)
        self.write("in/demo-doc.csv", "title,PARENT_KEY,KEY\nRule,k1,e1\n")
        self.assertEqual(self.take(self.demo, root)["responses"]["revisions"], 1)
        self.assertEqual(self.titles(), {"AUS": ["Rule"]})
        self.assertEqual(len(self.kept()), 4)
        self.assertEqual(kept_amiss(self.store), [])

    def test_entries_in_utf_16_belong_to_their_return(self):
        root = self.write("in/demo.csv", "who,KEY\nAUS,k1\nNZ,k2\n")
        entries = self.write("in/demo-doc.csv", "title,PARENT_KEY,KEY\nLaw,k2,e1\nRule,k1,e2\n".encode("utf-16"))
        for given in ([root], [root, entries], [self.path("in")]):
            with self.subTest(given):
                self.store = self.path("s%d.db" % len(os.listdir(self.folder.name)))
                told = self.take(self.demo, *given)
                self.assertEqual((told["files"]["received"], told["files"]["accepted"]), (1, 1))
                self.assertEqual(self.titles(), {"AUS": ["Rule"], "NZ": ["Law"]})

    def test_entries_go_with_the_responses_of_their_own_folder(self):
        """Tools number responses from 1 in every export, so that keys say nothing about whose they are."""
        self.write("AUS/demo.csv", "who,KEY\nAUS,k1\n")
        self.write("NZ/demo.csv", "who,KEY\nNZ,k1\n")
        self.write("NZ/demo-doc.csv", "title,PARENT_KEY,KEY\nLaw,k1,e1\nRule,k1,e2\n")
        for given in (["AUS", "NZ"], ["NZ", "AUS"], ["AUS/demo.csv", "NZ/demo-doc.csv", "NZ/demo.csv"]):
            with self.subTest(given):
                self.store = self.path("s%d.db" % len(os.listdir(self.folder.name)))
                self.take(self.demo, *(self.path(name) for name in given))
                self.assertEqual(self.titles(), {"AUS": [], "NZ": ["Law", "Rule"]})

    def test_each_folder_has_its_own_entries(self):
        for who in ("AUS", "NZ"):
            self.write(who + "/demo.csv", "who,KEY\n%s,k1\n" % who)
            self.write(who + "/demo-doc.csv", "title,PARENT_KEY,KEY\n%s law,k1,e1\n" % who)
        self.take(self.demo, self.path("AUS"), self.path("NZ"))
        self.assertEqual(self.titles(), {"AUS": ["AUS law"], "NZ": ["NZ law"]})

    def test_a_file_that_is_not_there_leaves_no_store(self):
        code, out, err = run("import", self.form, self.path("nosuch.csv"), *self.options())
        self.assertEqual(code, 3, out + err)
        self.assertIn("nosuch.csv", out + err)
        self.assertFalse(os.path.exists(self.store))
        os.makedirs(self.path("home"))
        code, out, err = run("import", self.form, "nosuch.csv", cwd=self.path("home"))
        self.assertEqual((code, os.listdir(self.path("home"))), (3, []))

    def test_a_file_that_is_not_there_changes_nothing_in_a_store(self):
        self.take(self.form, self.write("a.csv", table([HEADER] + plain_rows(2))))
        before = logical(self.store, places=True)
        self.assertEqual(run("import", self.form, self.path("nosuch.csv"), *self.options(round_="2025"))[0], 3)
        self.assertEqual(differences(before, logical(self.store, places=True)), [])


class Whose(Evidence):
    """Respondents, rounds and folders."""

    def test_the_same_bytes_of_two_respondents_are_two_replies(self):
        form = self.write("plain.csv", "survey\n,type,name,label\n,integer,age,Age\nsettings\n,form_id,version\n,plain,1\n")
        file = self.write("r.csv", "question,answer\nage,7\n")
        for who in ("AA", "BB"):
            self.assertEqual(self.take(form, file, more=["--respondent", who])["responses"]["new"], 1)
        self.assertEqual(self.responses(), [("AA", 1), ("BB", 1)])
        for who in ("AA", "BB"):
            self.assertEqual(self.take(form, file, more=["--respondent", who])["files"]["already_there"], 1)
        self.assertEqual(self.responses(), [("AA", 1), ("BB", 1)])

    def test_the_same_bytes_in_two_rounds_are_two_replies(self):
        file = self.write("a.csv", table([HEADER] + plain_rows(1)))
        self.take(self.form, file)
        self.take(self.form, file, round_="2027")
        self.assertEqual(self.responses(), [("R00000", 1), ("R00000", 1)])

    def test_a_file_that_is_no_return_does_not_change_the_current_round(self):
        self.take(self.form, self.write("a.csv", table([HEADER] + plain_rows(2))))
        self.take(self.form, self.write("junk.csv", "these,are\nnot,answers\n"), round_="2025", code=1)
        self.assertEqual(self.current(), [("2026",)])

    def test_a_return_of_another_round_does_not_change_the_current_round(self):
        self.take(self.form, self.write("a.csv", table([HEADER] + plain_rows(2))))
        code, out, err = run("import", self.form, self.write("b.csv", table([HEADER] + plain_rows(3)[2:])), *self.options(round_="2025"))
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.current(), [("2026",)])
        self.assertIn("2026", out + err)
        self.assertEqual(self.ask("SELECT count(*) FROM response JOIN round ON round.id = round WHERE label = '2025'"), [(1,)])

    def test_the_first_round_of_a_store_is_the_current_one(self):
        self.take(self.form, self.write("a.csv", table([HEADER] + plain_rows(2))), round_="2025")
        self.assertEqual(self.current(), [("2025",)])

    def home(self):
        """A folder as people have it: the form, and returns in the default folder, in which the store will be."""
        self.write("home/form.csv", FORM)
        for i, row in enumerate(plain_rows(3)):
            self.write("home/responses/r%d.csv" % i, table([HEADER, row]))
        return self.path("home")

    def counts(self, files):
        """The sum of files, in the order in which it is written."""
        return [files[name] for name in ("received", "accepted", "already_there", "quarantined", "not_read")]

    def take_home(self, *files, code=0):
        got, told, err = import_json("form.csv", *files, "--round", "2026", "--now", NOW, cwd=self.path("home"))
        self.assertEqual(got, code, "%s\n%s" % (told, err))
        return self.counts(told["files"])

    def test_the_default_folder_holds_the_store_and_the_returns(self):
        self.home()
        self.assertEqual(self.take_home("responses"), [3, 3, 0, 0, 0])
        store = self.path("home/responses/oracle.db")
        size = os.path.getsize(store)
        for _ in range(2):
            self.assertEqual(self.take_home("responses"), [3, 0, 3, 0, 0])
        self.assertEqual(os.path.getsize(store), size)

    def test_a_large_original_beside_the_store_is_no_return(self):
        self.home()
        self.write("home/responses/large.csv", padded(HEADER, plain_rows(700)[10:], 17, table))
        self.assertEqual(self.take_home("responses"), [4, 4, 0, 0, 0])
        self.assertEqual(self.take_home("responses"), [4, 0, 4, 0, 0])

    def test_what_systems_leave_in_folders_is_passed_over(self):
        self.home()
        for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "~$r1.xlsx", ".~lock.r1.xlsx#"):
            self.write("home/responses/" + name, b"\0\1\2\3 of no interest")
        self.assertEqual(self.take_home("responses"), [3, 3, 0, 0, 0])

    def test_files_of_a_folder_go_in_the_order_of_their_numbers(self):
        for number, age in ((2, "2"), (10, "10")):
            self.write("in/AUS-%d.csv" % number, "who,age\nAUS,%s\n" % age)
        self.take(self.form, self.path("in"))
        counts = [row for row in logical(self.store)["responses"] if ", True, [" in row]
        self.assertEqual(len(counts), 1)
        self.assertIn("('age', 'accepted', 10.0, None)", counts[0])

    def test_packs_that_were_filled_in_where_they_are(self):
        roster = self.write("roster.csv", "code,name\nAA,Alpha\nBB,Beta\n")
        code, out, err = run("distribute", self.form, "--roster", roster, "--round", "2026", "--now", NOW, "-o", self.path("packs"),
                             "--store", self.store)
        self.assertEqual(code, 0, out + err)
        for who in ("AA", "BB"):
            folder = self.path("packs/" + who)
            for name in os.listdir(folder):
                if not name.endswith(".csv"):
                    os.unlink(os.path.join(folder, name))
                    continue
                with open(os.path.join(folder, name), newline="", encoding="utf-8-sig") as file:
                    rows = list(csv.reader(file))
                for row in rows[1:]:
                    if row[0] in ("who", "age"):
                        row[3] = {"who": who, "age": "7"}[row[0]]
                text = io.StringIO()
                csv.writer(text, lineterminator="\n").writerows(rows)
                self.write("packs/%s/%s" % (who, name), text.getvalue())
        self.assertTrue(os.path.exists(self.path("packs/manifest.csv")))
        told = self.take(self.form, self.path("packs"), more=["--roster", roster])
        self.assertEqual(self.counts(told["files"]), [2, 2, 0, 0, 0])
        self.assertEqual(self.responses(), [("AA", 1), ("BB", 1)])


if __name__ == "__main__":
    unittest.main()
