"""verify of a workbook: as it was written and as the store has it, and every way in which it is not."""
import json
import os
import re
import unittest
import zipfile

from story import Story, run

FORM = """survey
,type,name,label,required
,select_one who,who,Who,yes
,integer,age,Age,yes
,select_one yesno,agrees,Agrees,
,text,notes,Notes,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
,yesno,yes,Yes
,yesno,no,No
settings
,form_title,form_id,version,respondent
,Small,small,1,who
"""
ROSTER = "code,name\naa,Alpha\nbb,Beta\ncc,Gamma\n"
NOW = "2026-12-02T00:00:00Z"
NONE = ("the same", [])


class Manifest(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("roster.csv", ROSTER)
        self.store, self.book, self.changed = self.path("s.db"), self.path("b.xlsx"), self.path("c.xlsx")
        self.take("aa", 31, "yes", "2026-12-01T00:00:00Z")
        self.take("bb", 32, "no", "2026-12-01T00:00:00Z")

    def take(self, who, age, agrees, now):
        file = self.write("%s-%s.csv" % (who, age), "question,answer,note\nwho,%s,\nage,%s,A remark\nagrees,%s,\n" %
                          (who, age, agrees))
        code, _, err = run("import", self.form, file, "--store", self.store, "--round", "r", "--now", now)
        self.assertEqual(code, 0, err)

    def report(self, *options):
        code, _, err = run("report", self.form, "--store", self.store, "-f", "-o", self.book,
                           *(() if "--now" in options else ("--now", NOW)), *options)
        self.assertEqual(code, 0, err)

    def verify(self, book=None, code=None, more=None):
        """The outcome, and code with sheet of each difference; without a store the outcome is whether it is untouched."""
        got, out, err = run("verify", book or self.book, "--json", *(("--store", self.store) if more is None else more))
        self.assertEqual(err, "")
        told = json.loads(out)
        found = [(one["code"], one.get("sheet", "")) for one in told["diagnostics"]]
        self.assertEqual(got, code if code is not None else int(told["differences"] > 0), told)
        return told.get("outcome", told["untouched"]), found

    def change(self, part, pattern, by):
        """c.xlsx is the workbook with the first match in the first of the parts that has one replaced."""
        done = False
        with zipfile.ZipFile(self.book) as old, zipfile.ZipFile(self.changed, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                if not done and re.fullmatch(part, name) and re.search(pattern, text):
                    text, done = re.sub(pattern, by, text, count=1), True
                new.writestr(name, text)
        self.assertTrue(done, part)
        return self.changed

    def test_what_each_option_makes_is_what_the_store_has(self):
        code, _, err = run("import", self.form, self.write("before.csv", "question,answer\nwho,aa\nage,30\n"), "--store",
                           self.store, "--round", "before", "--now", "2025-12-01T00:00:00Z")
        self.assertEqual(code, 0, err)
        code, _, err = run("status", self.form, "--store", self.store, "--round", "r", "--make-current")
        self.assertEqual(code, 0, err)
        for options in ((), ("--labels", "code"), ("--orient", "across"), ("--technical",), ("--no-audit",),
                        ("--audience", "secretariat"), ("--as-of", "2026-12-01T12:00:00Z"),
                        ("--now", "2027-01-01T00:00:00+10:00"), ("--cross", "agrees"), ("--since", "2026-11-30"),
                        ("--since", "before", "--cross", "agrees")):
            self.report(*options)
            self.assertEqual(self.verify(), NONE, options)
            self.assertEqual(self.verify(more=()), (True, []))

    def test_a_change_is_found_on_its_sheet(self):
        self.report()
        sheet = r"xl/worksheets/sheet\d+\.xml"
        for part, pattern, by, name in (
                (sheet, rb"<t>Alpha</t>", rb"<t>Alphx</t>", "Returns"),
                (sheet, rb"<t>A remark</t>", rb"<t>A remar</t>", "Comments"),
                (sheet, rb"<v>31</v>", rb"<v>131</v>", "Overview"),
                (sheet, rb"<v>31</v>", rb"<f>30+1</f><v>31</v>", "Overview"),
                (r"xl/comments\d+\.xml", rb"A remark", rb"No remark", "Matrix"),
                (r"xl/drawings/drawing\d+\.xml", rb'descr="', rb'descr="Not ', "Overview"),
                (sheet, rb"'Sources'!A4(\W tooltip)", rb"'Sources'!A5\1", "Matrix"),
                (sheet, rb"(<hyperlink [^>]*)/>", rb'\1 r:id="rId1"/>', "Matrix"),
                (sheet, rb"<hyperlink [^>]*/>", b"", "Matrix"),
                (r"xl/charts/chart1\.xml", rb"(<c:f>[^<]*\$)(\d)</c:f>", rb"\g<1>99</c:f>", "Overview")):
            code, found = self.verify(self.change(part, pattern, by), 1, ())
            self.assertEqual((code, {one[0] for one in found}), (False, {"E0743"}), pattern)
            self.assertIn(("E0743", name), found)
            self.assertEqual(len(found), 1, pattern)
            self.assertEqual(self.verify(self.changed, 1), ("the same", [("E0743", name)]))

    def test_a_sheet_removed_renamed_or_added(self):
        self.report()
        book = r"xl/workbook\.xml"
        self.change(book, rb'<sheet name="Counts"[^>]*/>', b"")
        self.assertEqual(self.verify(self.changed), ("the same", [("E0743", "Counts")]))
        self.change(book, rb'<sheet name="Counts"', b'<sheet name="Count"')
        self.assertEqual(self.verify(self.changed), ("the same", [("E0743", "Counts"), ("E0743", "Count")]))
        # one that the manifest does not know
        self.change(re.escape(self.manifest_part()),
                    rb"<row [^>]*><c [^>]*><is><t>Counts</t>((?!</row>).)*</row>", b"")
        self.assertEqual(self.verify(self.changed, more=()), (False, [("E0743", "Counts")]))

    def test_answers_that_came_later(self):
        self.report()
        self.take("cc", 33, "no", "2026-12-03T00:00:00Z")
        self.assertEqual(self.verify(), ("changed since", [("W0747", "")]))
        self.assertEqual(self.verify(more=("--store", self.store, "--strict"), code=1)[0], "changed since")
        self.report("--as-of", NOW)  # names who came later
        self.assertEqual(self.verify(), NONE)
        self.take("cc", 34, "no", "2026-12-04T00:00:00Z")
        self.assertEqual(self.verify(), ("changed since", [("W0747", "")]))

    def test_answers_that_are_not_carried_over_are_no_difference(self):
        """A warning of the report about answers to an earlier version says nothing about the workbook."""
        self.write("form.csv", FORM.replace(",yesno,no,No\n", ",yesno,never,Never\n").replace(",Small,small,1", ",Small,small,2"))
        file = self.write("new.csv", "question,answer\nwho,aa\nage,40\nagrees,never\n")
        code, _, err = run("import", self.form, file, "--store", self.store, "--round", "s", "--now", "2026-12-01T12:00:00Z")
        self.assertEqual(code, 0, err)
        code, _, err = run("report", self.form, "--store", self.store, "-f", "-o", self.book, "--now", NOW, "--round", "s",
                           "--since", "r")
        self.assertEqual(code, 0)
        self.assertIn("W0687", err)
        self.assertEqual(self.verify(more=("--store", self.store, "--strict")), NONE)

    def test_a_manifest_that_was_changed_as_well(self):
        self.report()
        sheet = r"xl/worksheets/sheet\d+\.xml"
        self.change(sheet, rb"(<t>audience</t></is></c><c [^>]*><is><t>)members", rb"\1secretariat")
        self.assertEqual(self.verify(self.changed), ("differs", [("E0745", "")]))
        self.change(sheet, rb"(<t>canvass</t></is></c><c [^>]*><is><t>)[^<]*(.*)<t>members", rb"\g<1>9.9\2<t>public")
        self.assertEqual(self.verify(self.changed), ("differs", [("W0746", "")]))

    def test_a_manifest_that_cannot_be_read(self):
        self.report()
        sheet = r"xl/worksheets/sheet\d+\.xml"
        self.change(r"xl/workbook\.xml", rb'<sheet name="Manifest"[^>]*/>', b"")
        self.assertEqual(self.verify(self.changed, more=()), (False, [("E0742", "")]))
        for pattern, by in ((rb"<t>audience</t>", rb"<t>whim</t>"), (rb"<t>members</t>", rb"<t>everybody</t>"),
                            (rb"<t>short</t>", rb"<t>odd</t>"), (rb"(<t>[0-9a-f]{63})[0-9a-f]</t>", rb"\1g</t>"),
                            (rb'<row r="8".*?</row>', b""), (rb"<t>as at</t>", rb"<t>round</t>")):
            name = self.manifest_part()
            self.change(re.escape(name), pattern, by)
            self.assertEqual(self.verify(self.changed, more=()), (False, [("E0742", "")]), pattern)
        self.assertEqual(run("verify", self.write("no.xlsx", "PK\3\4 no workbook"))[0], 1)

    def manifest_part(self):
        with zipfile.ZipFile(self.book) as book:
            return max((name for name in book.namelist() if name.startswith("xl/worksheets/sheet")),
                       key=lambda name: int(re.search(r"\d+", name.rsplit("/", 1)[1]).group()))

    def test_another_roster_and_another_store(self):
        other = self.write("other.csv", ROSTER + "dd,Delta\n")
        self.report("--roster", other)
        self.assertEqual(self.verify(), ("not compared", [("E0744", "")]))
        self.assertEqual(self.verify(more=("--store", self.store, "--roster", other)), NONE)
        self.form = self.write("form.csv", FORM.replace("small,1", "small,2"))
        first, self.store = self.store, self.path("t.db")
        self.take("aa", 31, "yes", "2026-12-01T00:00:00Z")
        self.assertEqual(self.verify(), ("not compared", [("E0744", "")]))
        self.assertEqual(run("verify", self.book, "--store", self.path("none.db"))[0], 3)
        self.assertEqual(run("verify", first, "--store", first)[0], 2)

    def test_as_text(self):
        self.report()
        code, out, err = run("verify", self.book, "--store", self.store)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("round r, as at 2026-12-02T00:00:00.000+00:00, audience: members, made by canvass ", out)
        self.assertRegex(out, r"\n\d+ sheets, none changed\nstore \S+s\.db: the same\n$")


if __name__ == "__main__":
    unittest.main()
