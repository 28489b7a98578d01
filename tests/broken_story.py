"""Files as they really come back, broken in one way each: one clear diagnostic, and the store as it was or the file kept in
quarantine.  The contents are made here; invented, every one."""
import os
import sqlite3
import unittest

from story import NOW, Story, dump, grows_evenly, import_json, run, usage

FORM = """survey
,type,name,label,required,relevant,constraint,constraint_message
,text,who,Who,yes,,,
,integer,age,Age,yes,,. >= 0 and . < 150,From 0 to 149.
,select_one yn,ok,Okay,,,,
,text,why,Why,,${ok} = 'no',,
,begin_repeat,doc,Documents,,,,
,text,title,Title,,,,
,end_repeat,,,,,,
choices
,list_name,name,label
,yn,yes,Yes
,yn,no,No
settings
,form_id,version,respondent
,small,1,who
"""
ROSTER = "code,name\nAA,Alpha\nBB,Beta\nCC,Gamma\n"
LONG = "question,no,label,answer,note\n"


def long(who, age="5", more=""):
    return LONG + "who,,,%s,\nage,,,%s,\n%s" % (who, age, more)


# name: (bytes, expected exit code, code of the one error, file outcome)
CASES = {
    "an unclosed quote": (LONG + 'who,,,"AA\nage,,,5,\n', 1, "E0011", "quarantined"),
    "text after a closing quote": (LONG + 'who,,,"AA"x,\nage,,,5,\n', 1, "E0012", "quarantined"),
    "a NUL": (long("AA").encode() + b"ok,,,y\0es,\n", 1, "E0014", "quarantined"),
    "UTF-8 with a few bytes spoilt": ((long("AA") + "why,,,Die Prüfung höflich und gründlich caf").encode() + b"\xe9,\n", 1,
                                      "E0015", "quarantined"),
    "no text in any encoding": (long("AA").encode() + b"why,,,\xb6\x95\xb6\x98\xba\xb0\xff\xb6 \xb6\xd7\xb6\xff\xb5,\n", 1, "E0621",
                                "quarantined"),
    "a field of 100,000 characters": (long("AA") + "why,,,%s,\n" % ("x" * 100000), 1, "E0018", "quarantined"),
    "a wrong header": ("a,b,c\n1,2,3\n", 1, "E0601", "quarantined"),
    "an empty file": ("", 1, "E0010", "quarantined"),
    "blank lines only": ("\n\r\n\n", 1, "E0010", "quarantined"),
    "only a header, long": (LONG, 1, "E0612", "quarantined"),
    "only a header, wide": ("who,age\n", 1, "E0612", "quarantined"),
    "truncated within a quoted cell": (long("AA", more='why,,,"because of the')[:-3], 1, "E0011", "quarantined"),
    "a damaged workbook": (b"PK\x03\x04" + bytes(range(256)) * 4, 1, "E0030", "quarantined"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), 1, "E0030", "quarantined"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", 1, "E0017", "quarantined"),
    "random bytes": (bytes((i * 73 + 41) % 256 for i in range(5000)), 1, "E0015", "quarantined"),
    "two returns in one": (long("AA") + "who,,,BB,\nage,,,6,\n", 1, "E0611", "quarantined"),
    "two returns with their headers": (long("AA") + long("BB"), 1, "E0611", "quarantined"),
    "a return for another form": (LONG + "economy,,,AUS,\nc185_status,,,in_force,\n", 1, "E0602", "quarantined"),
    "an unknown respondent": (long("ZZ"), 1, "E0691", "quarantined"),
    "no respondent": (LONG + "age,,,5,\n", 1, "E0690", "quarantined"),
    "a blank respondent": (long("   "), 1, "E0690", "quarantined"),
    "a question that does not exist": (long("AA", more="agee,,,5,\n"), 1, "E0609", "accepted"),
    "a question twice": (long("AA", more="age,,,6,\n"), 1, "E0610", "accepted"),
    "an entry number of zero": (long("AA", more="doc[0]/title,,,Law,\n"), 1, "E0613", "accepted"),
    "an entry number beyond all use": (long("AA", more="doc[99999999999]/title,,,Law,\n"), 1, "E0613", "accepted"),
    "a value of the wrong type": (long("AA", "five"), 1, "E0502", "accepted"),
    "a value against the rule": (long("AA", "151"), 1, "E0505", "accepted"),
    "a choice that is not in the list": (long("AA", more="ok,,,maybe,\n"), 1, "E0503", "accepted"),
    "a required answer left out": (LONG + "who,,,AA,\nok,,,yes,\n", 1, "E0501", "accepted"),
    "a row of too many cells, wide": ("who,age\nAA,5,6,7\n", 1, "E0606", "accepted"),
    "a wide column twice": ("who,age,age\nAA,5,6\n", 1, "E0604", "quarantined"),
    "a separator inside unquoted text": (LONG + "who,,,AA,\nage,,,5,\nwhy,,,one, two, three,a note\n", 1, "E0606", "accepted"),
}

# What was refused once and is understood now: name: (bytes, what the file is said to be read as, an answer it gives)
ACCEPTED = {
    "bytes that are not UTF-8": (long("AA", more="ok,,,no,\n").encode() + b"why,,,caf\xe9,\n", "windows-1252, comma", "café"),
    "UTF-16": (long("AA", more="ok,,,no,\nwhy,,,café,\n").encode("utf-16"), "UTF-16LE, comma", "café"),
}


class Broken(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("roster.csv", ROSTER)
        self.store = self.path("s.db")
        code, _, err = import_json(self.form, self.write("first.csv", long("CC")), "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0, err)
        self.before = dump(self.store)

    def judge(self, content, exit_code, code, outcome):
        path = self.write("return.csv", content)
        answers = {k: v for k, v in self.before.items() if k.startswith("response")}
        got, result, err = import_json(self.form, path, "--store", self.store, "--now", NOW)
        self.assertEqual(got, exit_code, (result, err))
        found = result["returns"][0]
        errors = [f for f in found["findings"] if f["severity"] == "error"]
        self.assertEqual(len(errors), 1, errors)
        self.assertEqual((errors[0]["code"], found["outcome"]), (code, outcome), found)
        self.assertTrue(errors[0]["message"])
        after = dump(self.store)
        if found["outcome"] == "quarantined":
            # What counts is as it was; the file itself is kept.
            self.assertEqual({k: v for k, v in after.items() if k.startswith("response")}, answers)
            self.assertEqual(len(after["quarantine"]), len(self.before["quarantine"]) + 1)
        files = result["files"]
        self.assertEqual(files["received"], sum(v for k, v in files.items() if k != "received"))
        counted = result["responses"]
        self.assertEqual(counted["received"], sum(v for k, v in counted.items() if k != "received"))

    def test_many_lines_of_carriage_returns_are_looked_at_once(self):
        def work(size):
            code, seconds, _ = usage("import", self.form, self.write("cr.csv", b"\r" * size), "-n", "--store", self.store)
            self.assertEqual(code, 1)
            return seconds
        self.assertTrue(grows_evenly(work, 32 << 20))

    def test_a_folder(self):
        os.mkdir(self.path("folder"))
        code, result, err = import_json(self.form, self.path("folder"), "--store", self.store, "--now", NOW)
        self.assertEqual((code, result["returns"]), (0, []))
        self.assertIn("/folder: 0 files\n", err)
        self.assertEqual(dump(self.store), self.before)

    def test_a_file_that_is_not_there(self):
        code, result, _ = import_json(self.form, self.path("nobody.csv"), "--store", self.store, "--now", NOW)
        self.assertEqual((code, len(result["returns"][0]["findings"])), (3, 1))
        self.assertEqual(dump(self.store), self.before)

    def test_a_pipe(self):
        os.mkfifo(self.path("pipe"))
        code, result, _ = import_json(self.form, self.path("pipe"), "--store", self.store, "--now", NOW)
        self.assertEqual((code, len(result["returns"][0]["findings"])), (3, 1))
        self.assertEqual(dump(self.store), self.before)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_that_may_not_be_read(self):
        path = self.write("secret.csv", long("AA"))
        os.chmod(path, 0)
        code, result, _ = import_json(self.form, path, "--store", self.store, "--now", NOW)
        self.assertEqual((code, len(result["returns"][0]["findings"])), (3, 1))
        self.assertEqual(dump(self.store), self.before)

    def test_the_others_of_a_run_are_still_taken_in(self):
        good = self.write("good.csv", long("BB"))
        bad = self.write("bad.csv", CASES["an unclosed quote"][0])
        code, result, _ = import_json(self.form, self.path("nobody.csv"), bad, good, "--store", self.store, "--now", NOW)
        self.assertEqual(code, 3)
        self.assertEqual([r["outcome"] for r in result["returns"]], ["not read", "quarantined", "accepted"])

    def test_formula_text_is_stored_as_text(self):
        text = '=HYPERLINK("http://example.org","x")'
        path = self.write("formula.csv", long("AA", more='ok,,,no,\nwhy,,,"%s",\n' % text.replace('"', '""')))
        code, result, _ = import_json(self.form, path, "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0, result)
        code, out, err = run("report", self.form, "--store", self.store, "--now", NOW, "-o", self.path("x.xlsx"))
        self.assertEqual(code, 0, err)
        import openpyxl
        cells = [c for sheet in openpyxl.load_workbook(self.path("x.xlsx")) for row in sheet.iter_rows() for c in row]
        found = [c for c in cells if c.value == text]
        self.assertTrue(found)
        self.assertEqual({c.data_type for c in found}, {"s"})

    def test_a_rehearsal_gives_the_same_verdict_and_leaves_nothing(self):
        for name in ("an unclosed quote", "a value against the rule", "an unknown respondent"):
            path = self.write("return.csv", CASES[name][0])
            code, result, _ = import_json(self.form, path, "--store", self.path("none.db"), "-n", "--now", NOW)
            self.assertEqual(code, CASES[name][1], result)
            self.assertFalse(os.path.exists(self.path("none.db")))

    def waiting(self):
        store = sqlite3.connect(self.store)
        (count,), = store.execute("SELECT count(*) FROM quarantine WHERE settled IS NULL")
        store.close()
        return count

    def test_what_was_quarantined_can_be_tried_again(self):
        path = self.write("return.csv", long("DD"))
        self.assertEqual(import_json(self.form, path, "--store", self.store, "--now", NOW)[0], 1)
        kept = dump(self.store)
        self.assertEqual(import_json(self.form, path, "--store", self.store, "--now", NOW)[0], 1)
        self.assertEqual(dump(self.store), kept)
        self.assertEqual(self.waiting(), 1)
        roster = self.write("roster2.csv", ROSTER + "DD,Delta\n")
        code, result, _ = import_json(self.form, path, "--store", self.store, "--roster", roster, "--now", NOW)
        self.assertEqual((code, result["files"]["accepted"]), (0, 1), result)
        self.assertEqual(self.waiting(), 0)


def add(name, case):
    def test(self):
        self.judge(*case)
    test.__doc__ = name
    setattr(Broken, "test_" + "".join(c if c.isalnum() else "_" for c in name), test)


def add_accepted(name, content, reading, answer):
    def test(self):
        path = self.write("return.csv", content)
        code, result, err = import_json(self.form, path, "--store", self.store, "--now", NOW)
        self.assertEqual(code, 0, (result, err))
        found = result["returns"][0]
        self.assertEqual([f["code"] for f in found["findings"]], ["N0620"])
        self.assertTrue(found["findings"][0]["message"].startswith("read as %s:" % reading), found)
        after = dump(self.store)
        self.assertTrue([row for row in after["file"] if reading in row], after["file"])
        self.assertTrue([row for name in after if name.startswith("answers") for row in after[name] if answer in row])
    test.__doc__ = name
    setattr(Broken, "test_accepted_" + "".join(c if c.isalnum() else "_" for c in name), test)


for name, case in CASES.items():
    add(name, case)
for name, case in ACCEPTED.items():
    add_accepted(name, *case)

if __name__ == "__main__":
    unittest.main()
