"""The views of a store, queried by somebody who has only SQL: what they give is compared with what was returned.  The same of
a store in a file and on a PostgreSQL server, and what the two give is the same."""
import csv
import json
import os
import re
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import postgres_story  # noqa: E402
from postgres_story import name_of, plain  # noqa: E402
from story import FORM, NOW, Story, published, run  # noqa: E402

# In version 2 a question has moved and a choice is gone; two names differ only in case; one label has quotes of both kinds.
SURVEY = """survey
,type,name,label
,select_one who,who,Who
,select_one yes,has,"Has ""it"", or 'not'"
,select_multiple why,reasons,Reasons
,rank why,ranked,Order
,date,since,Since
,time,at,At
,decimal,share,Share
%s
,begin_repeat,crew,Crew
,text,name,Name
,begin_repeat,paper,Papers
,text,title,Title
,text,Title,Subtitle
,end_repeat,,
,end_repeat,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
%s
,yes,n,No
,why,cost,It costs; much
,why,law,Law
,why,time,Time
settings
,form_id,version,respondent
,young,%d,who
"""
FIRST = SURVEY % (",text,place,Place", ",yes,y,Yes", 1)
SECOND = SURVEY % (",begin_group,g,G\n,text,place,Place\n,end_group,,", ",yes,y,Certainly", 2)
ANSWERS = """question,answer
who,aa
has,y
reasons,law cost
ranked,time cost law
since,2026-02-28
at,10:30
share,0.30000000000000004
place,'; DROP TABLE response; --
crew[1]/name,Ann
crew[1]/paper[1]/title,First
crew[1]/paper[2]/title,Second
crew[1]/paper[2]/Title,Sub
crew[2]/name,Bo
"""


def shown(row):
    """A row as both databases give it: a server's answers_long has texts where a file's has numbers, and true for 1."""
    return tuple("" if value is None else str(int(value) if isinstance(value, bool) else plain(value)) for value in row)


class InFile:
    """A store in a file, as sqlite3 reads it."""
    def store(self):
        return self.path("s.db")

    def query(self, text):
        store = sqlite3.connect("file:%s?mode=ro" % self.path("s.db"), uri=True)
        try:
            cursor = store.execute(text)
            self.heads = [column[0] for column in cursor.description]
            return cursor.fetchall()
        finally:
            store.close()

    def views(self):
        return [name for name, in self.query("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")]

    def long(self, number):
        """A number as answers_long has it."""
        return number


class OnServer(postgres_story.OnServer):
    """A store on a server, as psql reads it."""
    def store(self):
        return self.stores["server"]

    def query(self, text):
        def pairs(found):
            return found
        schema = self.server.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'canvass%'", name_of(self.store()))[0]
        lines = self.server.sql("SET search_path = %s; SELECT row_to_json(t) FROM (%s) t" % (schema, text.rstrip(";")), name_of(self.store()))
        rows = [json.loads(line, object_pairs_hook=pairs) for line in lines]
        self.heads = [key for key, _ in rows[0]] if rows else []
        return [tuple(value for _, value in row) for row in rows]

    def views(self):
        return [name for name, in self.query("SELECT viewname FROM pg_views WHERE schemaname = current_schema() ORDER BY 1")]

    def long(self, number):
        return repr(number)


class Views:
    """Of either store."""
    def take(self, form, *files, more=()):
        code, _, err = run("import", form, *files, "--store", self.store(), "--now", NOW, "--round", "2026", *more)
        self.assertIn(code, (0, 1), err)

    def take_young(self):
        self.form = self.write("form.csv", FIRST)
        self.write("roster.csv", "code,name\naa,Alpha\nbb,Beta\n")
        self.take(self.form, self.write("aa.csv", ANSWERS))

    # ------------------------------------------------------------ answers

    def test_a_row_for_each_respondent_reads_as_people_write(self):
        self.take_young()
        row = self.query("SELECT * FROM answers")
        self.assertEqual(self.heads, ["respondent", "round", "revision", "who", "has", "reasons", "ranked", "since", "at", "share", "place"])
        self.assertEqual(row, [("aa", "2026", 1, "Alpha", "Yes", "It costs; much; Law", "Time; It costs; much; Law",
                                "2026-02-28", "10:30:00", 0.30000000000000004, "'; DROP TABLE response; --")])

    def test_entries_have_views_of_their_own(self):
        self.take_young()
        self.assertEqual(self.query("SELECT entry, name FROM answers_repeat_1"), [("crew[1]", "Ann"), ("crew[2]", "Bo")])
        self.assertEqual(self.query("SELECT entry, title, \"Title_2\" FROM answers_repeat_2"),
                         [("crew[1]/paper[1]", "First", None), ("crew[1]/paper[2]", "Second", "Sub")])

    def test_columns_lists_each_question_once(self):
        self.take_young()
        found = self.query("SELECT view, name, path, label FROM columns WHERE path IS NOT NULL")
        self.assertIn(("answers", "has", "has", "Has \"it\", or 'not'"), found)
        self.assertIn(("answers_repeat_2", "Title_2", "crew/paper/Title", "Subtitle"), found)
        self.assertEqual(len(found), 11)

    def test_a_row_for_each_answer_is_what_was_returned(self):
        self.take_young()
        stored = self.query("SELECT path, value FROM answers_long WHERE value IS NOT NULL")
        given = [line.split(",", 1) for line in ANSWERS.split("\n")[1:] if line]
        want = {path: answer for path, answer in given}
        want.update({"share": self.long(0.30000000000000004), "at": "10:30:00", "reasons": "cost law"})
        self.assertEqual(dict(stored), want)
        self.assertEqual(self.query("SELECT label FROM answers_long WHERE path = 'ranked'"), [("Time; It costs; much; Law",)])

    def test_what_was_not_answered_has_its_verdict_in_words(self):
        self.form = self.write("form.csv", FIRST)
        self.take(self.form, self.write("bb.csv", "question,answer\nwho,bb\nhas,maybe\nsince,N/A\nshare,much\n"))
        found = dict(self.query("SELECT path, verdict FROM answers_long"))
        self.assertEqual([found[path] for path in ("who", "has", "since", "share", "place")],
                         ["accepted", "not a choice", "not applicable", "not readable", "blank"])

    def test_what_was_written_is_next_to_the_value_with_its_line(self):
        self.form = self.write("form.csv", FIRST)
        self.take(self.form, self.write("bb.csv", "question,answer\nwho,bb\nshare,0.50\nsince,soon\nplace,\"a \"\"b\"\" \\ c\"\ncrew[1]/name,Cy\n"))
        found = {row[0]: row[1:] for row in self.query("SELECT path, value, written, line FROM answers_long")}
        self.assertEqual(found["share"], (self.long(0.5), "0.50", 3))
        self.assertEqual(found["since"], (None, "soon", 4))
        self.assertEqual(found["place"], ('a "b" \\ c', None, 5))
        self.assertEqual(found["crew[1]/name"], ("Cy", None, 6))
        self.assertEqual(found["has"], (None, None, None))
        if isinstance(self, OnServer):
            return
        own = "SELECT q.name, j.value FROM answers_1_0_0 a, json_each(a.own) j JOIN question q ON q.tab = 0 AND q.col = j.key ORDER BY 1"
        self.assertEqual(self.query(own), [("share", "0.50"), ("since", "soon")])

    # ------------------------------------------------------------ versions and revisions

    def test_an_older_version_is_in_the_columns_of_today(self):
        self.take_young()
        self.form = self.write("form.csv", SECOND)
        self.take(self.form, self.write("bb.csv", "question,answer\nwho,bb\nhas,y\ng/place,Here\ncrew[1]/name,Cy\n"))
        self.assertEqual(self.query("SELECT respondent, has, place FROM answers ORDER BY 1"),
                         [("aa", "Yes", "'; DROP TABLE response; --"), ("bb", "Certainly", "Here")])
        self.assertEqual(self.query("SELECT respondent, entry, name FROM answers_repeat_1 ORDER BY 1, 2"),
                         [("aa", "crew[1]", "Ann"), ("aa", "crew[2]", "Bo"), ("bb", "crew[1]", "Cy")])
        self.assertEqual(self.query("SELECT path, value FROM answers_long WHERE path LIKE '%place' ORDER BY respondent"),
                         [("place", "'; DROP TABLE response; --"), ("g/place", "Here")])

    def test_changes_are_from_revision_to_revision(self):
        self.take_young()
        newer = ANSWERS.replace("has,y", "has,n").replace("crew[2]/name,Bo\n", "").replace("place,'; DROP TABLE response; --\n", "")
        self.take(self.form, self.write("later.csv", newer), more=["--replace"])
        self.assertEqual(sorted(self.query("SELECT revision, path, before, after FROM changes WHERE respondent = 'aa'")),
                         [(2, "crew[2]/name", "Bo", None), (2, "has", "y", "n"),
                          (2, "place", "'; DROP TABLE response; --", None)])
        self.assertEqual(self.query("SELECT revision, has FROM answers"), [(2, "No")])
        self.assertEqual(self.query("SELECT DISTINCT revision, counts FROM answers_all ORDER BY 1"), [(1, 0), (2, 1)])

    # ------------------------------------------------------------ size and names

    def test_a_thousand_columns_are_a_view(self):
        rows = "".join(",integer,q%d,Question %d\n" % (i, i) for i in range(2345))
        form = self.write("form.csv", "survey\n,type,name,label\n,text,who,Who\n" + rows + "settings\n,form_id,version,respondent\n,wide,1,who\n")
        answers = "".join("q%d,%d\n" % (i, i) for i in range(2345))
        self.take(form, self.write("a.csv", "question,answer\nwho,aa\n" + answers))
        self.assertEqual([name for name in self.views() if re.fullmatch("answers_[0-9]", name)], ["answers_1", "answers_2", "answers_3"])
        self.assertEqual(self.query("SELECT q0, q998 FROM answers_1"), [(0, 998)])
        self.assertEqual(self.query("SELECT q999, q1998 FROM answers_2"), [(999, 1998)])
        self.assertEqual(self.query("SELECT respondent, q2344 FROM answers_3"), [("aa", 2344)])
        self.assertEqual(self.query("SELECT count(*), sum(CAST(value AS int)) FROM answers_long WHERE path <> 'who'"), [(2345, sum(range(2345)))])

    def test_names_are_cut_and_made_unique(self):
        long = "n" * 80
        rows = ",text,%s,A\n,text,%sx,B\n,text,respondent,C\n,text,Round,D\n,text,%s,E\n" % (long, long, "é" * 40)
        form = self.write("form.csv", "survey\n,type,name,label\n,text,who,Who\n" + rows + "settings\n,form_id,version,respondent\n,names,1,who\n")
        self.take(form, self.write("a.csv", "question,answer\nwho,aa\n%s,1\n%sx,2\nrespondent,3\nRound,4\n%s,5\n" % (long, long, "é" * 40)))
        row = self.query("SELECT * FROM answers")[0]
        self.assertEqual(self.heads, ["respondent", "round", "revision", "who", "n" * 63, "n" * 52 + "_2", "respondent_2", "Round_2", "é" * 31])
        self.assertEqual(row[4:], ("1", "2", "3", "4", "5"))
        heads = self.heads
        self.assertEqual([head for head, in self.query("SELECT name FROM columns")], heads)

    # ------------------------------------------------------------ the manual

    def roster_with(self, row):
        with open(os.path.join(os.path.dirname(FORM), "roster.csv"), encoding="utf-8") as lines:
            text = lines.read()
        return self.write("roster.csv", text + row + "," * (text.split("\n")[0].count(",") - 1) + "\n")

    def manual(self):
        code, out, err = run("--man", "store")
        self.assertEqual(code, 0, err)
        return out

    def queries(self):
        found = re.findall(r"\.Bd -literal -offset indent\n(SELECT.*?;)\n\.Ed", self.manual(), re.S)
        return [text.replace("\\e", "\\").replace("\\(aq", "'") for text in found]

    def test_the_queries_of_the_manual_answer(self):
        self.take(FORM, *published(), more=["--roster", self.roster_with("XX,Nowhere")])
        queries = self.queries()
        self.assertEqual(len(queries), 6)
        for text in queries:
            self.query(text)
        silent = self.query(queries[0])
        self.assertEqual(silent, [("XX", "Nowhere")])
        answers = {}
        for name in published():
            with open(name, encoding="utf-8-sig", newline="") as lines:
                for row in csv.DictReader(lines):
                    if row["question"].endswith("c185_status") and row["answer"]:
                        answers[os.path.basename(name)[:-4]] = row["answer"]
        self.assertEqual({row[0] for row in self.query(queries[1]) if row[2] == "accepted"}, set(answers))
        self.assertEqual(sum(row[1] for row in self.query(queries[2])), len(answers))

    def test_each_view_is_in_the_manual_with_its_columns(self):
        self.take_young()
        manual = self.manual()
        section = manual.split(".Sh VIEWS")[1].split(".Sh TABLES")[0]
        listed = dict(re.findall(r"^\.It (\S+)\n.*?\nColumns:\n([^\n]*)", section, re.S | re.M))
        made = [name for name in self.views() if name not in ("cell", "cell_1", "verdict", "answers_repeat_2")]
        self.assertEqual(set(listed), set(made))
        self.take(self.form, self.write("zz.csv", "question,answer\nwho,zz\n"), self.write("bb.csv", "question,answer\nwho,bb\nhas,maybe\n"))
        self.take(self.form, self.write("aa.csv", ANSWERS.replace("has,y", "has,n")))
        for name in made:
            self.assertTrue(self.query("SELECT * FROM " + name), name)
            leading = listed[name].rstrip(".").split()
            self.assertEqual(self.heads[:len(leading)], leading, name)

    def test_quarantine_and_findings_are_readable(self):
        self.take_young()
        self.take(self.form, self.write("zz.csv", "question,answer\nwho,zz\nhas,y\n"), self.write("bb.csv", "question,answer\nwho,bb\nhas,maybe\n"))
        self.assertEqual([row[0] for row in self.query("SELECT round FROM quarantined")], ["2026"])
        found = self.query("SELECT respondent, path, value FROM findings WHERE respondent = 'bb'")
        self.assertIn(("bb", "has", "maybe"), found)
        self.assertEqual([row[:2] for row in self.query("SELECT respondent, revision FROM replies")], [("aa", 1), ("bb", 1)])
        self.assertEqual([row[0] for row in self.query("SELECT kind FROM history ORDER BY number")][:1], ["imported"])

    def test_a_question_that_was_a_number_and_is_a_text(self):
        form = "survey\n,type,name,label\n,text,who,Who\n,%s,size,Size\nsettings\n,form_id,version,respondent\n,types,%d,who\n"
        first, second = self.write("form.csv", form % ("decimal", 1)), self.write("second.csv", form % ("text", 2))
        self.take(first, self.write("a.csv", "question,answer\nwho,aa\nsize,1000000000000000\n"),
                  self.write("b.csv", "question,answer\nwho,bb\nsize,0.5\n"))
        self.take(second, self.write("c.csv", "question,answer\nwho,cc\nsize,large\n"))
        self.assertEqual([(who, str(plain(size))) for who, size in self.query("SELECT who, size FROM answers ORDER BY who")],
                         [("aa", "1000000000000000"), ("bb", "0.5"), ("cc", "large")])


class File(InFile, Views, Story):
    """Of a store in a file."""


class Server(OnServer, Views):
    """Of a store on a server."""
    def assert_as_in_a_file(self, queries):
        """What the queries give is what they give of the same store in a file."""
        there = {text: self.query(text) for text in queries}
        for text in queries:
            here = InFile.query(self, text)
            self.assertEqual(sorted(map(shown, there[text])), sorted(map(shown, here)), text)

    def test_all_is_as_in_a_file(self):
        self.take(FORM, *published(), more=["--roster", self.roster_with("XX,Nowhere")])
        self.assertEqual(run("copy", self.store(), self.path("s.db"))[0], 0)
        self.assert_as_in_a_file(self.queries() + ["SELECT * FROM " + name for name in self.views()])

    def test_all_is_as_in_a_file_of_two_versions(self):
        self.take_young()
        self.form = self.write("form.csv", SECOND)
        self.take(self.form, self.write("bb.csv", "question,answer\nwho,bb\nhas,maybe\nsince,N/A\nshare,0.50\ng/place,\"a \"\"b\"\" \\ c\"\ncrew[1]/name,Cy\n"),
                  self.write("zz.csv", "question,answer\nwho,zz\n"))
        self.take(self.form, self.write("aa2.csv", ANSWERS.replace("crew[2]/name,Bo\n", "").replace("place,", "g/place,")))
        self.assertEqual(run("copy", self.store(), self.path("s.db"))[0], 0)
        self.assert_as_in_a_file(self.queries() + ["SELECT * FROM " + name for name in self.views()])
        # A copy to a server has the views as well.
        self.stores["server"] = self.server.database()
        self.assertEqual(run("copy", self.path("s.db"), self.store())[0], 0)
        self.assert_as_in_a_file(["SELECT * FROM " + name for name in self.views()])


if __name__ == "__main__":
    unittest.main()
