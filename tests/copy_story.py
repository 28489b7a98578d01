"""A store copied: from a file to a PostgreSQL server and back, and from file to file; and a store on a server verified."""
import json
import os
import re
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import postgres_story  # noqa: E402
from logical import kept_amiss, logical  # noqa: E402
from postgres_story import NOW, ROSTER, SHIPS, answers, dump_file, dump_server, name_of  # noqa: E402
from story import Story, run  # noqa: E402

DAY = "2026-12-%02dT00:00:00Z"


def exact(path, kinds=("table", "view")):
    """Every row of a store in a file with the type of each value, and what its views show."""
    store = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        names = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type IN (%s)" % ", ".join(map(repr, kinds)))]
        return {name: sorted(repr(row) for row in store.execute('SELECT * FROM "%s"' % name)) for name in names}
    finally:
        store.close()


def wide(count):
    """A form of so many questions, and as many in a repeat: texts that are too long for a page together, numbers, choices."""
    rows = ["survey", ",type,name,label", ",text,respondent,Who"]
    kinds = ["text", "text", "text", "integer", "select_one yn"]
    rows += [",%s,a%d,A %d" % (kinds[i % 5], i, i) for i in range(count)]
    rows += [",begin repeat,ship,Ship"] + [",%s,b%d,B %d" % (kinds[i % 5], i, i) for i in range(count)] + [",end repeat,,"]
    return "\n".join(rows + ["choices", ",list_name,name,label", ",yn,y,Yes", ",yn,n,No", "settings", ",form_title,form_id",
                             ",Wide,wide"]) + "\n"


def wide_answers(code, count):
    """All answered, some in the respondent's own way, each on a line of its own."""
    def answer(i):
        return ["text of the answer number %d, %s" % (i, "as long as it is " * 5), "007 ", "“%d”" % i, "%d.0" % i, "Yes"][i % 5]
    rows = [("respondent", code)] + [("a%d" % i, answer(i)) for i in range(count)]
    rows += [("ship[%d]/b%d" % (ship, i), answer(i + ship)) for ship in (1, 2) for i in range(0, count, 3)]
    return "question,no,label,answer,note\n" + "".join('%s,,,"%s",\n' % row for row in rows)


def fill(story, store):
    """A round with revisions, a finding waived, a return withdrawn and one quarantined.  Gives the form."""
    form = story.write("form.csv", SHIPS)
    story.write("roster.csv", ROSTER)

    def act(*args):
        code, _, err = run(args[0], form, *args[1:], "--round", "r1", "--store", store, "--by", "Ada")
        story.assertIn(code, (0, 1), err)

    act("status", "--sent", "all", "--due", "2026-12-24", "--now", DAY % 1)
    for day, (code, more) in enumerate([("AA", {}), ("BB", {"count": "400", "words": "007 "}), ("AA", {"ships": ()}),
                                        ("CC", {"count": "2.50", "words": "ünïcode “quoted”"}), ("ZZ", {})], 2):
        act("import", story.write("%s%d.csv" % (code, day), answers(code, **more)), "--now", DAY % day)
    code, out, err = run("findings", form, "--round", "r1", "--store", store, "--now", DAY % 9)
    found = re.search(r"BB-\S+", out)
    story.assertTrue(found, err)
    act("findings", "--waive", found[0], "--reason", "confirmed", "--now", DAY % 9)
    act("withdraw", "CC", "--reason", "sent by mistake", "--now", DAY % 10)
    return form


class Files(Story):
    """From file to file."""
    def test_all_is_there_and_large_originals_too(self):
        ours, theirs = self.path("ours.db"), self.path("theirs.db")
        form = self.write("form.csv", SHIPS)
        rows = "".join("R%06d,%d,0.5,y,a b,2026-01-02,%s\n" % (i, i % 100, "many words " * 400) for i in range(4000))
        big = self.write("big.csv", "respondent,count,share,yes,ports,day,words\n" + rows)
        self.assertGreater(os.path.getsize(big), 16 << 20)
        self.assertIn(run("import", form, big, "--store", ours, "--now", NOW)[0], (0, 1))
        code, out, err = run("copy", ours, theirs)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out, "copied: 1 return, 1 original, 4000 responses, 1 event\n")
        self.assertEqual(exact(ours, ["table"]), exact(theirs, ["table"]))
        self.assertEqual((len(os.listdir(theirs + ".files")), kept_amiss(theirs)), (1, []))

    def test_a_store_that_holds_something_is_left_alone(self):
        ours, theirs = self.path("ours.db"), self.path("theirs.db")
        fill(self, ours)
        fill(self, theirs)
        with open(theirs, "rb") as file:
            before = file.read()
        code, out, err = run("copy", ours, theirs)
        self.assertEqual((code, out), (1, ""), err)
        self.assertIn("error[E0726]", err)
        self.assertIn("it holds a round already; nothing was copied", err)
        code, _, err = run("copy", ours, ours)
        self.assertEqual(code, 1, err)
        self.assertIn("error[E0726]", err)
        with open(theirs, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_what_cannot_be_copied(self):
        code, _, err = run("copy", self.path("none.db"), self.path("new.db"))
        self.assertEqual(code, 3, err)
        self.assertFalse(os.path.exists(self.path("new.db")))
        form = self.write("form.csv", SHIPS)
        self.write("roster.csv", ROSTER)
        self.assertEqual(run("status", form, "--sent", "all", "--store", self.path("sent.db"), "--now", NOW)[0], 0)
        self.assertEqual(run("copy", self.path("sent.db"), self.path("new.db"))[1],
                         "copied: 0 returns, 0 originals, 0 responses, 4 events\n")
        store = sqlite3.connect(self.path("sent.db"))
        with store:
            store.execute("DELETE FROM form")
        store.close()
        code, _, err = run("copy", self.path("sent.db"), self.path("newer.db"))
        self.assertEqual(code, 1, err)
        self.assertIn("the store to copy has no answers yet", err)


class Servers(postgres_story.OnServer):
    """From a file to a server, and back."""
    def sql(self, text):
        return self.server.sql(text, name_of(self.stores["server"]))

    def test_there_and_back_again(self):
        ours, back = self.stores["file"], self.path("back.db")
        form = fill(self, ours)
        code, out, err = run("copy", ours, self.stores["server"])
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out, "copied: 5 returns, 5 originals, 4 responses, 12 events\n")
        self.assert_same_rows("canvass_ships")
        # Originals are not compressed, which would cost more than it saves.
        self.assertEqual(self.sql("SELECT attstorage FROM pg_attribute WHERE attrelid = 'canvass_ships.original'::regclass"
                                  " AND attname = 'bytes'"), ["e"])
        self.assertEqual(run("copy", self.stores["server"], back), (0, out, ""))
        self.assertEqual(exact(back), exact(ours))
        self.assertEqual(logical(back, places=True), logical(ours, places=True))
        self.assertEqual(kept_amiss(back), [])
        # What comes next is counted from where the file was.
        more = self.write("AA20.csv", answers("AA", count="7"))
        for store in ours, self.stores["server"], back:
            self.assertIn(run("import", form, more, "--round", "r1", "--store", store, "--by", "Ada", "--now", DAY % 20)[0], (0, 1))
        self.assert_same_rows("canvass_ships")
        self.assertEqual(dump_file(back), dump_file(ours))

    def test_forms_of_many_questions(self):
        form, there, back = self.write("form.csv", wide(1000)), self.server.database(), self.path("back.db")
        files = [self.write("%s.csv" % code, wide_answers(code, 1000)) for code in ("AA", "BB", "CC")]
        self.both("import", form, *files, "--round", "r1", "--now", NOW)
        self.both("report", form, "-o", "OUT.xlsx", "--round", "r1", "--now", NOW)
        self.assert_same_files(".xlsx")
        self.assertEqual(self.sql("SELECT table_name, count(*) FROM information_schema.columns WHERE table_name ~ '^answers(_[0-9]+){3}$'"
                                  " GROUP BY 1 ORDER BY 1"),
                         ["answers_1_0_0|405", "answers_1_0_1|404", "answers_1_0_2|205",
                          "answers_1_1_0|408", "answers_1_1_1|404", "answers_1_1_2|204"])
        self.assertEqual(run("copy", self.stores["file"], there)[0], 0)
        self.assertEqual(dump_server(self.server, there, "canvass_wide"),
                         dump_server(self.server, self.stores["server"], "canvass_wide"))
        self.assertEqual(run("copy", there, back)[0], 0)
        self.assertEqual(exact(back), exact(self.stores["file"]))
        self.assertEqual(run("verify", there)[0], 0)

    def test_large_originals(self):
        form, there, back = self.write("form.csv", SHIPS), self.server.database(), self.path("back.db")
        rows = "".join("R%06d,%d,0.5,y,a b,2026-01-02,%s\n" % (i, i % 100, "many words " * 400) for i in range(4000))
        head = "respondent,count,share,yes,ports,day,words\n"
        big, bad = self.write("big.csv", head + rows), self.write("bad.csv", head.replace("respondent", "nobody") + rows)
        code, out, err = run("import", form, big, "--store", self.stores["server"], "--now", NOW, env={"TMPDIR": self.path("none")})
        self.assertEqual(code, 3, out + err)
        self.assertIn("cannot keep a temporary copy of the original", out + err)
        for path in big, bad, big:
            self.both("import", form, path, "--round", "r1", "--now", NOW, code=(0, 1, 2, 3))
        self.assert_same_rows("canvass_ships")
        # The indexes that the first large file was stored without are there.
        self.assertEqual(self.sql("SELECT indexname FROM pg_indexes WHERE schemaname = 'canvass_ships' AND tablename = 'response' ORDER BY 1"),
                         ["response_by_respondent", "response_current", "response_pkey"])
        # Two files of 17 pieces each.
        self.assertEqual(self.sql("SELECT count(*), count(DISTINCT sha256), min(position), max(position), max(length(bytes))"
                                  " FROM canvass_ships.original_piece"), ["34|2|0|16|1048576"])
        self.assertEqual(run("copy", self.stores["file"], there)[0], 0)
        self.assertEqual(self.server.sql("SELECT md5(string_agg(bytes, '' ORDER BY sha256, position)) FROM canvass_ships.original_piece", name_of(there)),
                         self.sql("SELECT md5(string_agg(bytes, '' ORDER BY sha256, position)) FROM canvass_ships.original_piece"))
        self.assertEqual(run("copy", there, back)[0], 0)
        self.assertEqual(exact(back), exact(self.stores["file"]))
        self.assertEqual((len(os.listdir(back + ".files")), kept_amiss(back)), (2, []))
        self.assertEqual(run("verify", there)[0], 0)
        # What waits in quarantine is imported from the pieces.
        columns = self.write("map.csv", "column,question\nnobody,respondent\n")
        said = self.both("quarantine", form, "--retry", "1", "--map", columns, "--by", "Ada", "--round", "r1", "--now", NOW)
        self.assertIn("4000", said)
        self.assert_same_rows("canvass_ships")
        self.sql("DELETE FROM canvass_ships.original_piece WHERE position = 7")
        code, _, err = run("copy", self.stores["server"], self.path("lost.db"))
        self.assertEqual(code, 3, err)
        self.assertIn("a large original is missing", err)

    def test_a_server_that_holds_something_is_left_alone(self):
        form = fill(self, self.stores["file"])
        self.assertIn(run("import", form, self.path("AA2.csv"), "--round", "r1", "--store", self.stores["server"], "--now", NOW)[0], (0, 1))
        before = dump_server(self.server, self.stores["server"], "canvass_ships")
        code, _, err = run("copy", self.stores["file"], self.stores["server"])
        self.assertEqual(code, 1, err)
        self.assertIn("error[E0726]", err)
        self.assertEqual(dump_server(self.server, self.stores["server"], "canvass_ships"), before)

    def test_a_copy_that_fails_leaves_nothing(self):
        fill(self, self.stores["file"])
        store = sqlite3.connect(self.stores["file"])
        with store:
            store.execute("UPDATE remark SET text = 'a' || char(0) WHERE id = (SELECT max(id) FROM remark)")
        store.close()
        code, _, err = run("copy", self.stores["file"], self.stores["server"])
        self.assertEqual(code, 3, err)
        self.assertIn("PostgreSQL cannot keep a text with the character NUL", err)
        self.assertEqual(self.sql("SELECT count(*) FROM canvass_ships.round"), ["0"])

    def test_of_several_forms_the_address_says_which(self):
        form = fill(self, self.stores["file"])
        other = self.write("other.csv", SHIPS.replace(",ships\n", ",boats\n"))
        for one in form, other:
            self.assertIn(run("import", one, self.path("AA2.csv"), "--round", "r1", "--store", self.stores["server"], "--now", NOW)[0],
                          (0, 1))
        code, _, err = run("copy", self.stores["server"], self.path("one.db"))
        self.assertEqual(code, 1, err)
        self.assertIn("error[E0727]: the database has stores of several forms", err)
        code, _, err = run("copy", self.stores["server"] + "&options=-csearch_path%3Dcanvass_boats", self.path("one.db"))
        self.assertEqual((code, err), (0, ""))
        store = sqlite3.connect(self.path("one.db"))
        self.assertEqual(store.execute("SELECT form_id FROM store").fetchall(), [("boats",)])
        store.close()

    def test_a_store_on_a_server_is_verified(self):
        fill(self, self.stores["server"])
        code, out, err = run("verify", self.stores["server"])
        self.assertEqual(code, 0, out + err)
        self.assertIn("5 returns (1 quarantined), 5 originals, 4 responses\n5 returns imported again\n", out)
        self.assertIn("no differences", out)
        self.sql("UPDATE canvass_ships.answers_1_0_0 SET q1 = 5 WHERE id = 1")
        code, out, _ = run("verify", self.stores["server"])
        self.assertEqual(code, 1, out)
        self.assertIn("error[E0734]", out)

    def test_a_password_is_never_said(self):
        fill(self, self.stores["file"])
        address = self.stores["server"].replace("canvass@", "canvass:s3cret@")
        for args in (["copy", self.stores["file"], address], ["copy", self.stores["file"], address],
                     ["copy", address, self.stores["file"]], ["verify", address], ["verify", "--json", address],
                     ["copy", address.replace("/t", "/none"), self.path("x.db")]):
            _, out, err = run(*args)
            self.assertNotIn("s3cret", out + err, args)


if __name__ == "__main__":
    unittest.main()
