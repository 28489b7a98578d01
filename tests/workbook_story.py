"""The comparison workbook as its readers meet it: figures that are not known, notes, links, and access for everybody."""
import unittest

from release_story import sheets, table
from story import Story, run

MANY = """survey
,type,name,label
,text,who,Who
,integer,people,Seafarers
settings
,form_title,form_id,version,respondent
,Many,many,1,who
"""


class Workbook(Story):
    def report(self, form, *files, options=()):
        """The workbook of a round of these returns."""
        store = ["--store", self.path("s.db"), "--now", "2026-12-01T00:00:00Z"]
        self.assertIn(run("import", form, *files, *store)[0], (0, 1))
        target = self.path("book.xlsx")
        code, out, err = run("report", form, *store, "--force", "-o", target, *options)
        self.assertEqual(code, 0, err)
        return target

    def test_quartiles_that_are_not_known_are_said(self):
        form = self.write("many.csv", MANY)
        rows = self.write("rows.csv", "who,people\n" + "".join("r%d,%d\n" % (i, i) for i in range(20500)))
        book = sheets(self.report(form, rows))
        unknown = "over 16,384 different values"
        row = next(row for row in book["Overview"] if row[0] == "Seafarers")
        self.assertEqual(row[1:8], ["20500", "0", unknown, "10249.5", unknown, "20499", str(sum(range(20500)))])
        row = table(book["Numbers"], "median")[0]
        self.assertEqual([row[head] for head in ("lower quartile", "median", "upper quartile")], [unknown, "10249.5", unknown])


if __name__ == "__main__":
    unittest.main()
