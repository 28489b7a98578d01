"""collect: what survives when an interview is killed after any key, or the disk is full at any write."""
import csv
import errno
import os
import re
import signal
import sqlite3
import unittest
import unittest.mock

import collect_story
import shim
from story import FULL, NOW, Story
from terminal import Terminal

NUMBERS = ["Number %d" % i for i in range(1, 16)]
FORM = "survey\n,type,name,label,relevant\n,select_one who,who,Who,\n" + "".join(
    ",integer,%s,%s,\n" % (label.lower().replace(" ", ""), label) for label in NUMBERS) + """,text,first,Remark,
,select_one colour,one,Colour,
,select_multiple colour,many,Colours,
,begin_repeat,doc,Document,
,text,title,Title,
,integer,year,Year,
,end_repeat,,,
,select_one colour,other,Other colour,
,select_multiple colour,others,Other colours,
,text,second,Second remark,
,text,third,Third remark,${number1} > 0
,text,last,Last remark,
choices
,list_name,name,label
,who,aa,Alpha
,colour,red,Red
,colour,blue,Blue
,colour,green,Green
settings
,form_id,version,respondent
,long,1,who
"""
ENTRIES = 3
# What is typed at each question, and the answer that is stored; of a question of the repeat for each entry.
TYPED = {label: (str(i % 7), str(i % 7)) for i, label in enumerate(NUMBERS, 1)}
TYPED.update({"Remark": ("日本 ä", "日本 ä"), "Colour": ("2", "blue"), "Colours": ("1,3", "red green"), "Other colour": ("gr", "green"),
              "Other colours": ("2 3", "blue green"), "Second remark": ("x", "x"), "Third remark": ("y", "y"), "Last remark": ("z", "z")})
for entry in range(1, ENTRIES + 1):
    TYPED["Title", entry] = ("Act %d" % entry,) * 2
    TYPED["Year", entry] = (str(1990 + entry),) * 2
PATHS = {"Remark": "first", "Colour": "one", "Colours": "many", "Other colour": "other", "Other colours": "others",
         "Second remark": "second", "Third remark": "third", "Last remark": "last"}


def path_of(key):
    if isinstance(key, tuple):
        return "doc[%d]/%s" % (key[1], key[0].lower())
    return PATHS.get(key, key.lower().replace(" ", ""))


def lines_of(store, query):
    """The answers of a file in the long layout, by path; None: there is none."""
    if not os.path.exists(store):
        return None
    with sqlite3.connect(store) as db:
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'draft'").fetchall():
            return None
        row = db.execute(query).fetchone()
    return row and {line["question"]: line["answer"] for line in csv.DictReader(row[0].decode().splitlines())}


def draft_of(store):
    return lines_of(store, "SELECT bytes FROM draft")


def stored_in(store):
    return lines_of(store, "SELECT bytes FROM original ORDER BY id DESC")


class Interviews(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)

    def reply(self, shown):
        """What is typed at a prompt, given what was shown since the last one; and the question whose answer it is."""
        if re.search(r"resume it\? \(y/n\)> $", shown) or "submit? " in shown:
            return "y", None
        if "not saved; " in shown:
            return (":q" if self.full else ""), None
        entries = re.search(r"^Document: (\d+) entr(?:y|ies)\n.*add an.*> $", shown, re.M | re.S)
        if entries:
            return ("y" if int(entries[1]) < ENTRIES else "n"), None
        heading = re.findall(r"Document, entry (\d+)", shown)
        self.entry = int(heading[-1]) if heading else self.entry
        labels = re.findall(r"^(%s)$" % "|".join([*NUMBERS, *PATHS, "Title", "Year"]), shown, re.M)
        self.assertTrue(labels, repr(shown))
        label = labels[-1]
        key = (label, self.entry) if label in ("Title", "Year") else label
        return TYPED[key][0], key

    def interview(self, store, keys=None, env=None):
        """Types what is asked for until the program ends, or so many keys, then kills it: (exit code, screen, keys typed).

        self.passed: the answers whose prompt had passed, as the next one was there."""
        terminal = Terminal("collect", self.form, "aa", "--store", store, "--now", NOW, "--by", "rita", env=env, CANVASS_ACCESSIBLE="1")
        self.passed, self.entry, before, typed = {}, 0, None, 0
        while (shown := terminal.prompt()) is not None:
            # The prompt to try again comes before the answer is behind it.
            if before and "not saved; " not in shown:
                self.passed[before] = TYPED[before][1]
            reply, before = self.reply(shown)
            reply = [key.encode() for key in reply] + [b"\n"]
            if keys is not None and typed + len(reply) >= keys:
                terminal.type(b"".join(reply[:keys - typed]))
                os.kill(terminal.pid, signal.SIGKILL)
                typed = keys
                break
            terminal.type(b"".join(reply))
            typed += len(reply)
        return *terminal.end(), typed

    def holds_what_passed(self, store, point):
        draft = draft_of(store) or {}
        for key, answer in self.passed.items():
            self.assertEqual(draft.get(path_of(key)), answer, (point, key))

    def ends_as_if_undisturbed(self, store, point):
        """What is resumed ends like an interview that nothing disturbed."""
        self.full = False
        code, screen, _ = self.interview(store)
        self.assertEqual(code, 0, (point, screen))
        self.assertEqual(stored_in(store), self.whole, (point, screen))
        self.assertIsNone(draft_of(store))

    def undisturbed(self):
        self.full = False
        store = self.path("whole.db")
        code, screen, keys = self.interview(store)
        self.assertEqual(code, 0, screen)
        self.whole = stored_in(store)
        self.assertEqual({path_of(key): answer for key, (_, answer) in TYPED.items()},
                         {path: answer for path, answer in self.whole.items() if path not in ("who", "form_id", "form_version", "round")})
        return keys

    def test_killed_after_any_key_it_goes_on_with_all_answers_that_had_passed(self):
        keys = self.undisturbed()
        points = range(1, keys) if FULL else range(3, keys, keys // 12)
        for point in points:
            store = self.path("%d.db" % point)
            code, screen, typed = self.interview(store, keys=point)
            self.assertEqual((code, typed), (-signal.SIGKILL, point), screen)
            self.holds_what_passed(store, point)
            self.ends_as_if_undisturbed(store, point)
        self.tell("interviews killed after a key, and resumed: %d of %d keys" % (len(points), keys - 1))

    def test_a_disk_that_is_full_at_any_write_loses_nothing(self):
        """At one write, after which there is room again; or from one write on, until the program ends."""
        self.undisturbed()
        count = self.path("count")
        code, screen, _ = self.interview(self.path("counted.db"), env=shim.preloaded("shim_calls", SHIM_COUNT=count))
        self.assertEqual(code, 0, screen)
        with open(count) as file:
            calls = int(file.read())
        points = range(1, calls + 1) if FULL else range(2, calls + 1, calls // 40 | 1)
        ends, again = {}, 0
        for point in points:
            store = self.path("%d.db" % point)
            self.full = point % 2 == 1
            code, screen, _ = self.interview(store, env=shim.preloaded(
                "shim_calls", SHIM_AT=point, SHIM_DO=errno.ENOSPC, SHIM_FROM=1 if self.full else None))
            ends[code] = ends.get(code, 0) + 1
            again += code == 0 and "not saved; press Enter to try again" in screen
            self.assertIn(code, (0, 3), (point, screen))
            if code == 3:
                self.assertRegex(screen, r"error\[E0\d{3}\]: cannot ", point)
            if stored_in(store) != self.whole:
                self.assertEqual(code, 3, (point, screen))
                self.holds_what_passed(store, (point, screen))
                self.ends_as_if_undisturbed(store, (point, screen))
        self.assertGreater(ends[3], len(points) // 2 - 1, ends)
        self.assertGreater(again, len(points) // 4, ends)
        self.tell("interviews with a full disk at a write, and resumed: %d of %d calls, %d ended with exit code 3"
                  % (len(points), calls, ends[3]))


DAYS = """survey
,type,name,label,constraint,constraint_message,calculation
,date,seen,Seen,. <= today(),Not after today.,
,date,due,Due,. >= today(),Not before today.,
,text,note,Note,,,
,calculate,day,,,,today()
,calculate,begun,,,,once(string(today()))
"""
MIDNIGHT = 1796169600  # 2026-12-02


class Midnight(Story):
    talk = collect_story.Collect.talk

    def test_today_is_the_day_on_which_an_answer_is_typed(self):
        clock = self.write("clock", str(MIDNIGHT - 60))
        form, store = self.write("form.csv", DAYS), self.path("s.db")

        def after_midnight(terminal):
            self.write("clock", str(MIDNIGHT + 60))
            terminal.type("2026-12-02\n")
        env = dict(shim.preloaded("shim_clock", SHIM_CLOCK=clock), TZ="UTC")
        with unittest.mock.patch.dict(os.environ, env):
            code, screen = self.talk(["2026-12-02", "2026-12-01", "2026-12-01", ":g seen", after_midnight, ":r", ":q"], form, "aa", "--store", store)
            self.assertEqual(code, 130, screen)
            self.assertEqual(screen.count("Not after today."), 1, screen)
            with sqlite3.connect(store) as db:
                self.assertEqual(db.execute("SELECT begun, changed FROM draft").fetchall(), [((MIDNIGHT - 60) * 1000, (MIDNIGHT + 60) * 1000)])
            # What was right on the day before is judged again.
            self.assertIn("Due: 2026-12-01\n       ! Not before today.\n", screen)


DRAWN = """survey
,type,name,label,calculation,trigger,read_only
,integer,age,Age,,,
,integer,size,Size,,,
,calculate,id,,uuid(),,
,calculate,draw,,once(random()),,
,calculate,chance,,random(),,
,calculate,stamp,,random(),${age},
,text,fixed,Fixed,'set',,yes
,text,last,Last,,,
"""
DRAWN_NAMES = ("id", "draw", "chance", "stamp", "fixed")


class Drawn(Story):
    talk = collect_story.Collect.talk

    def collect(self, typed, form, store, day):
        return self.talk(typed, form, "aa", "--store", store, "--by", "rita", "--now", "2026-12-%02dT00:00:00Z" % day)

    def test_values_that_were_drawn_stay_from_the_draft_to_the_response(self):
        form, store = self.write("form.csv", DRAWN), self.path("s.db")
        drawn = []
        for day, typed in ((1, ["5", ":q"]), (2, ["y", "7", ":q"]), (3, ["y", ":g age", "6", "8", "z", "n"])):
            code, screen = self.collect(typed, form, store, day)
            self.assertEqual(code, 130, screen)
            answers = draft_of(store)
            drawn.append([answers[name] for name in DRAWN_NAMES])
        self.assertEqual(drawn[0], drawn[1])
        # The trigger has changed; all else is as it was.
        self.assertEqual(drawn[1][:3], drawn[2][:3])
        self.assertNotEqual(drawn[1][3], drawn[2][3])
        code, screen = self.collect(["y", "y"], form, store, 4)
        self.assertEqual(code, 0, screen)
        with sqlite3.connect(store) as db:
            stored = dict(db.execute("SELECT path, value FROM answers_long").fetchall())
        self.assertEqual([stored[name] for name in DRAWN_NAMES], drawn[2])

    def test_a_draft_of_a_version_with_other_questions_keeps_what_was_typed(self):
        form, store = self.write("form.csv", DRAWN), self.path("s.db")
        self.collect(["5", "7", "the sea", "n"], form, store, 1)
        self.write("form.csv", DRAWN.replace(",integer,size,Size", ",text,town,Town").replace("Last", "The last one"))
        code, screen = self.collect(["y", "Perth", "", "y"], form, store, 2)
        self.assertEqual(code, 0, screen)
        self.assertIn("the form has changed since; the answers were carried over", screen)
        with sqlite3.connect(store) as db:
            stored = dict(db.execute("SELECT path, value FROM answers_long").fetchall())
            remarks = [row[0] for row in db.execute("SELECT text FROM remark")]
        self.assertEqual((stored["age"], stored["town"], stored["last"]), (5, "Perth", "the sea"))
        self.assertEqual(len(remarks), 1, remarks)
        self.assertIn("7", remarks[0])


if __name__ == "__main__":
    unittest.main()
