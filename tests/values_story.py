"""Answers that are not written as the form asks: what the whole file decides is read, kept and said, and --strict reads
none of it.  Every response here is invented."""
import csv
import io
import os
import sqlite3
import unittest

import circle_story
from story import NOW, Story, import_json, run

FORM = """survey
,type,name,label,required,relevant,constraint,constraint_message
,text,who,Who,yes,,,
,date,day,Day,,,,
,decimal,fee,Fee,,,,
,integer,people,People,,,,
,select_one yn,ok,Okay,,,,
,select_multiple means,means,Means,,,,
,text,means_other,Which other,,,,
,text,code,Code,,,"regex(., '^[0-9]{5}$')",Five digits.
,text,note,Note,,,,
choices
,list_name,name,label
,yn,yes,Yes
,yn,no,No
,means,ship,Ship
,means,rail,"Rail, road"
,means,other,Other
settings
,form_id,version,respondent
,small,1,who
"""
HEADER = ["who", "day", "fee", "people", "ok", "means", "code", "note"]


class Taking(Story):
    """One form, one store, and what it holds."""
    FORM = FORM

    def setUp(self):
        super().setUp()
        self.form = self.write("small.csv", self.FORM)
        self.store = self.path("small.db")

    def file(self, name, rows, delimiter=","):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
        return self.write(name, out.getvalue())

    def take(self, path, *more):
        return import_json(self.form, path, "--store", self.store, "--now", NOW, *more)

    def ask(self, text):
        store = sqlite3.connect(self.store)
        try:
            return store.execute(text).fetchall()
        finally:
            store.close()

    def readings(self):
        """Path, what stood there, what it was read as, and why."""
        return self.ask("SELECT path, stood, read_as, why FROM ledger ORDER BY id")

    def findings(self, told):
        return [(f["code"], f.get("row"), f.get("column")) for f in told["returns"][0]["findings"]]


class Values(Taking):
    ROW = ["AA", "31/12/2025", "1.234,5", "1\u00a0200", "Y", "Rail, road; Other: ferry", "00123", "plain"]

    def test_what_the_file_decides_is_read_and_kept(self):
        path = self.file("a.csv", [self.ROW, ["BB", "03/04/2025", "4,5", "7", "no", "ship rail", "", ""]], ";")
        code, told, _ = self.take(path)
        self.assertEqual(code, 0)
        self.assertEqual([f["code"] for f in told["returns"][0]["findings"] if f["severity"] != "note"], [])
        note = [f for f in told["returns"][0]["findings"] if f["code"] == "N0511"]
        self.assertEqual([f["message"] for f in note],
                         ["number and date formats of the file: decimal comma (1.234,5 on line 2); "
                          "dates day first (31/12/2025 on line 2)"])
        self.assertEqual(sorted(self.readings()), sorted([
            ("day", "31/12/2025", "2025-12-31", "date read as day, month, year"),
            ("fee", "1.234,5", "1234.5", "decimal comma replaced by a point, thousands separators removed"),
            ("people", "1\u00a0200", "1200", "thousands separators removed"),
            ("ok", "Y", "yes", "word for yes or no converted to its code"),
            ("means", "Rail, road; Other: ferry", "rail other", 'text after "other" separated'),
            ("means_other", "", "ferry", 'text after "other" moved here'),
            ("day", "03/04/2025", "2025-04-03", "date read as day, month, year"),
            ("fee", "4,5", "4.5", "decimal comma replaced by a point")]))
        self.assertEqual(self.ask("SELECT reading FROM file"), [("UTF-8, semicolon; decimal comma; dates day first",)])

    def test_what_decides_is_named_by_its_own_file(self):
        self.form = self.write("small.csv", FORM.replace("choices\n", ",begin_repeat,trip,Trip,,,,\n"
                                                         ",date,start,Start,,,,\n,end_repeat,,,,,,\nchoices\n", 1))
        path = self.write("a.csv", "who,day,KEY\nAA,,k1\nBB,03/04/2025,k2\n")
        self.write("a-trip.csv", 'start,PARENT_KEY,KEY\n,k2,t1\n"Wednesday, 31 / 12 / 2025 00:00:00.000",k1,t2\n')
        code, told, _ = self.take(path)
        self.assertEqual((code, [f["message"] for f in told["returns"][0]["findings"]]), (0, [
            "number and date formats of the file: dates day first (Wednesday, 31 / 12 / 2025 00:00:00.000 on line 3 of "
            + self.path("a-trip.csv") + ")"]))
        self.write("a-trip.csv", "start,PARENT_KEY,KEY\n31/12/2025,k2,t1\n12/31/2025,k1,t2\n")
        told = self.take(path, "--round", "other")[1]
        both = [f for f in told["returns"][0]["findings"] if f["code"] == "W0512"]
        self.assertEqual([(f["file"], f["row"], f["column"]) for f in both], [(self.path("a-trip.csv"), 3, 1)])

    def test_strict_reads_none_of_it(self):
        path = self.file("a.csv", [self.ROW], ";")
        code, told, _ = self.take(path, "--strict")
        self.assertEqual(code, 1)
        found = {f["field"]: (f["code"], f["hint"]) for f in told["returns"][0]["findings"]}
        self.assertEqual(found, {
            "day": ("E0502", "write 2025-12-31"),
            "fee": ("E0502", "write 1234.5, with a point"),
            "people": ("E0502", "write 1200, without separators"),
            "ok": ("E0503", "write yes"),
            "means": ("E0503", "write rail other")})
        self.assertEqual(told["changes"], 0)

    def test_choices_after_other_stay_choices(self):
        rows = [["A%d" % i, "", "", "", "", cell, "", ""] for i, cell in enumerate([
            "Other: ferry; Ship", "Other: ferry; canal", "Other: ferry, canal; Ship", "Other: ferry\nShip",
            "Other: ferry; canal; Ship", "Ship; Other: ferry; canal"])]
        code, told, _ = self.take(self.file("a.csv", rows))
        means = [(stood, read) for path, stood, read, _ in self.readings() if path == "means"]
        others = [read for path, _, read, _ in self.readings() if path == "means_other"]
        self.assertEqual(means, [(rows[i][5], read) for i, read in (
            (0, "other ship"), (1, "other"), (2, "other ship"), (3, "other ship"), (5, "ship other"))])
        self.assertEqual(others, ["ferry", "ferry; canal", "ferry, canal", "ferry", "ferry; canal"])
        # Which pieces are text and which are choices is not decided: reported, and not counted.
        self.assertEqual((code, [(f["code"], f["row"]) for f in told["returns"][0]["findings"]]), (1, [("E0503", 7)]))

    def test_what_was_read_comes_back_from_the_store(self):
        self.take(self.file("a.csv", [self.ROW], ";"))
        book = self.path("a.xlsx")
        code, _, said = run("report", self.form, "--store", self.store, "-o", book, "--now", NOW)
        self.assertEqual((code, said.count("error")), (0, 0))
        import openpyxl
        cells = {str(cell.value) for sheet in openpyxl.load_workbook(book).worksheets for row in sheet.iter_rows()
                 for cell in row if cell.value is not None}
        self.assertTrue({"1234.5", "1200", "ferry"} <= cells, cells)
        self.assertTrue(any(cell.startswith("2025-12-31") for cell in cells), cells)

    def many(self, last, pad=""):
        rows = [["R%d" % i, "03/04/2025", "", "", "", "", "", pad] for i in range(5000)]
        return rows + [["Z", last, "", "", "", "", "", ""]]

    def test_the_last_line_of_a_long_file_decides(self):
        code, told, _ = self.take(self.file("a.csv", self.many("12/31/2025")))
        self.assertEqual((code, told["responses"]["new"], told["changes"]), (0, 5001, 5001))
        self.assertEqual(self.ask("SELECT DISTINCT read_as FROM ledger ORDER BY 1"), [("2025-03-04",), ("2025-12-31",)])

    def test_the_last_line_of_a_large_file_decides(self):
        path = self.file("a.csv", self.many("31/12/2025", "x" * 4000))
        self.assertGreater(os.path.getsize(path), 16 << 20)
        code, told, _ = self.take(path)
        self.assertEqual((code, told["responses"]["new"], told["changes"]), (0, 5001, 5001))
        self.assertEqual(self.ask("SELECT DISTINCT read_as FROM ledger ORDER BY 1"), [("2025-04-03",), ("2025-12-31",)])

    def test_a_large_file_that_contradicts_itself_far_below(self):
        rows = self.many("12/31/2025", "x" * 4000)
        rows[0][1] = "31/12/2025"
        code, told, _ = self.take(self.file("a.csv", rows))
        self.assertEqual((code, told["files"]["accepted"], told["responses"]["new"]), (1, 1, 5001))
        found = [f["code"] for f in told["returns"][0]["findings"]]
        self.assertEqual((found[0], set(found[1:]), told["errors"]), ("W0512", {"E0502"}, 5001))

    def test_a_large_file_is_read_by_what_its_windows_tell(self):
        rows = self.many("31/12/2025", "x" * 4000)
        rows[0][1] = "30/12/2025"
        code, told, _ = self.take(self.file("a.csv", rows))
        self.assertEqual((code, told["responses"]["new"], told["changes"]), (0, 5001, 5001))
        self.assertEqual([f["code"] for f in told["returns"][0]["findings"]], ["N0511"])

    def test_a_long_file_that_decides_nothing(self):
        code, told, _ = self.take(self.file("a.csv", self.many("04/03/2025")))
        self.assertEqual((code, told["errors"], told["changes"]), (1, 5001, 0))
        self.assertEqual({f["code"] for f in told["returns"][0]["findings"]}, {"E0502"})

    def test_a_file_that_contradicts_itself(self):
        rows = [["AA", "31/12/2025"] + [""] * 6, ["BB", "12/31/2025"] + [""] * 6, ["CC", "2025-01-02"] + [""] * 6]
        code, told, _ = self.take(self.file("a.csv", rows))
        self.assertEqual(code, 1)
        self.assertEqual(self.findings(told), [("W0512", 3, 2), ("E0502", 2, 2), ("E0502", 3, 2)])

    def test_damage_is_named_and_not_mended(self):
        rows = [["AA", "44561", "#REF!", "", "", "", "123", "=A1"], ["BB", "", "", "", "", "", "00123", "1.2E+17"]]
        code, told, _ = self.take(self.file("a.csv", rows))
        self.assertEqual(code, 1)
        self.assertEqual(self.findings(told), [("E0502", 2, 2), ("E0502", 2, 3), ("E0520", 2, 7), ("W0527", 2, 8),
                                               ("W0524", 3, 8)])
        self.assertEqual(told["changes"], 0)


RANDOM = """survey
,type,name,label,calculation
,text,who,Who,
,dateTime,seen,Seen,
,calculate,id,,uuid()
,calculate,share,,random()
,calculate,said,,"format-date-time(${seen}, '%Y-%m-%d %H:%M')"
,begin_repeat,doc,Document,
,text,title,Title,
,calculate,mark,,uuid()
,end_repeat,,,
settings
,form_id,version,respondent
,small,1,who
"""


class World(Taking):
    """Values that depend on chance, the time zone and the respondent, and on nothing else."""
    FORM = RANDOM

    def ask_columns(self, columns, table="answers_1_0_0"):
        return self.ask("SELECT %s FROM %s ORDER BY id" % (columns, table))

    def test_random_values_belong_to_the_respondent(self):
        self.take(self.write("a.csv", "who,doc[1]/title,doc[2]/title\nAA,x,y\nBB,x,y\n"))
        self.take(self.write("b.csv", "who,doc[1]/title\nCC,x\n"))
        several = ["R%d" % i for i in range(4500)]
        self.take(self.write("c.csv", "who\n" + "\n".join(several) + "\nDD\n"))
        rows = self.ask_columns("q0, q2, q3")
        self.assertEqual((len(rows), len({row[1] for row in rows}), len({row[2] for row in rows})), (4504,) * 3)
        marks = self.ask_columns("q1", "answers_1_1_0")
        self.assertEqual((len(marks), len(set(marks))), (5, 5))
        self.assertEqual(run("verify", self.store)[0], 0)
        # The row and the file do not matter, only whose response it is, and in which round.
        self.take(self.write("d.csv", "who\nDD\nCC\n"), "--replace")
        again = self.ask_columns("q0, q2, q3")[4504:]
        self.assertEqual(again, [rows[2]])  # DD has sent nothing new
        self.take(self.write("e.csv", "who\nEE\nAA\n"), "--round", "other")
        self.assertNotIn(self.ask_columns("q2")[-1], {row[1:2] for row in rows})

    def test_random_values_of_nobody_differ_too(self):
        self.form = self.write("small.csv", RANDOM.replace(",text,who,Who,\n", "").replace(",respondent", "")
                               .replace("1,who", "1"))
        self.take(self.write("a.csv", "seen,KEY\n,k1\n,k2\n"))
        ids = self.ask_columns("q1")
        self.assertEqual((len(ids), len(set(ids))), (2, 2))

    def test_a_time_without_a_zone_is_in_that_of_the_run(self):
        text = "2026-03-05T10:00:00.000"
        code, _, _ = self.take(self.write("a.csv", "who,seen\nAA,%s\nBB,05/31/2026 10:00\nCC,%sZ\n" % (text, text)),
                               "--now", "2026-12-01T00:00:00+10:00")
        self.assertEqual(code, 0)
        midnight = 1772668800000  # 2026-03-05T00:00Z, which is ten o'clock there
        moments = self.ask_columns("q1, q4")
        self.assertEqual([moments[0], moments[2]], [(midnight, "2026-03-05 10:00"),
                                                    (midnight + 36000000, "2026-03-05 20:00")])
        self.assertEqual(moments[1][1], "2026-05-31 10:00")
        self.assertEqual(run("verify", self.store)[0], 0)


SHOWN = """survey
,type,name,label,constraint
,text,who,Who,
,decimal,share,Share of ships in per cent,. <= 100
,decimal,part,Part of the fleet,
,decimal,cost,Cost (USD),
,decimal,way,Distance in km,
,text,code,Code,"regex(., '^[0-9]{6}$')"
,text,phone,Phone,"regex(., '^[+][0-9]+$')"
,integer,people,People,
,date,day,Day,
settings
,form_id,version,respondent
,small,1,who
"""


class Lines(Taking):
    FORM = """survey
,type,name,label,required,constraint,constraint_message
,text,who,Who,yes,,
,geotrace,way,Way,,not(intersects(.)),The way crosses itself.
settings
,form_id,version,respondent
,small,1,who
"""

    def test_a_line_that_crosses_itself_and_one_with_too_many_points(self):
        """A zigzag has no crossing, and each of its parts lies beside all others: they cannot all be compared."""
        zigzag = [";".join("%g %d" % (at * 0.01, at % 2) for at in range(points)) for points in (1000, 9000)]
        rows = [("AA", "0 0 0 0;2 2 0 0;0 2 0 0"), ("BB", "0 0 0 0;2 2 0 0;0 2 0 0;2 0 0 0"), ("CC", zigzag[0]), ("DD", zigzag[1])]
        told = self.take(self.write("a.csv", "who,way\n" + "".join("%s,%s\n" % row for row in rows)))[1]
        self.assertEqual([(code, row) for code, row, _ in self.findings(told)], [("E0505", 3), ("W0506", 5)])


class Shown(Taking):
    """Numbers of a workbook are what their cells show."""
    FORM = SHOWN

    def book(self, name, **cells):
        """A workbook with one response; each cell: its value and its number format."""
        import openpyxl
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["who", *cells])
        sheet.append(["AA", *(value for value, _ in cells.values())])
        for column, (_, shown) in enumerate(cells.values(), 2):
            sheet.cell(2, column).number_format = shown
        book.save(self.path(name))
        return self.path(name)

    def values(self):
        return dict(zip("share part cost way code phone people day".split(),
                        self.ask("SELECT q1, q2, q3, q4, q5, q6, q7, q8 FROM answers_1_0_0")[0]))

    def test_what_a_format_adds_is_read_and_told(self):
        self.look_at_shown(self.book_of_formats())

    @unittest.skipUnless(circle_story.SOFFICE, "no soffice")
    def test_what_a_format_adds_is_read_from_ods(self):
        circle_story.convert([self.book_of_formats()], self.path("saved"), "ods")
        self.look_at_shown(self.path("saved/a.ods"))

    def book_of_formats(self):
        return self.book(
            "a.xlsx", share=(0.3, "0%"), cost=(1234.5, '[$USD] #,##0.00'), way=(12, '0.0" km"'), code=(1234, "000000"),
            phone=(61262, "+0"), people=(5, "#,##0_);[Red]\\(#,##0\\)"), day=(46295, "d mmm yy"))

    def look_at_shown(self, path):
        code, told, _ = self.take(path)
        self.assertEqual((code, told["returns"][0]["findings"]), (0, []))
        self.assertEqual(sorted(self.readings()), sorted([
            ("share", "30%", "30", "per cent sign removed"), ("cost", "USD 1234.5", "1234.5", "unit removed"),
            ("way", "12 km", "12", "unit removed")]))
        values = self.values()
        self.assertEqual([float(values[name]) for name in ("share", "cost", "way", "people")], [30, 1234.5, 12, 5])
        self.assertEqual((values["code"], values["phone"]), ("001234", "+61262"))

    def test_what_the_question_does_not_ask_for_is_reported(self):
        code, told, _ = self.take(self.book(
            "a.xlsx", part=(0.125, "0%"), cost=(5, '#,##0 "EUR"'), way=(5, "0.0,"), people=(3, '"ca. "0'), share=(-0.05, "0.0%")))
        self.assertEqual((code, sorted((f["code"], f["field"]) for f in told["returns"][0]["findings"])), (
            1, [("E0502", "people"), ("E0515", "cost"), ("E0515", "part")]))
        hints = {f["field"]: f["hint"] for f in told["returns"][0]["findings"]}
        self.assertEqual(hints["part"], "write 12.5 if the question asks for per cent, or 0.125 if it asks for a share")
        self.assertEqual(hints["people"], "write the number alone: 3")
        values = self.values()
        self.assertEqual([float(values[name]) for name in ("share", "way")], [-5, 0.005])

    def test_a_form_is_read_without_its_formats(self):
        import openpyxl
        book = openpyxl.Workbook()
        for name, rows in (("survey", [["type", "name", "label"], ["select_one n", "who", "Who"]]),
                           ("choices", [["list_name", "name", "label"], ["n", 7, "Seven"]]),
                           ("settings", [["form_id", "version"], ["small", "1"]])):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book["choices"]["B2"].number_format = "000"
        del book["Sheet"]
        book.save(self.path("form.xlsx"))
        code, told, _ = import_json(self.path("form.xlsx"), self.write("a.csv", "who,KEY\n7,k\n"), "--store", self.store,
                                    "--now", NOW)
        self.assertEqual((code, told["errors"]), (0, 0))


TICKED = """survey
,type,name,label
,text,who,Who
,select_multiple way,ways,Ways of travel
,select_one yn,ok,Okay?
choices
,list_name,name,label
,way,sea,By sea
,way,land,By land
,way,air,By air
,yn,yes,Yes
,yn,no,No
settings
,form_id,version,respondent
,small,1,who
"""


class Pack(Taking):
    FORM = TICKED

    def test_wrong_ticks_are_reported_where_they_are_in_the_words_of_the_sheet(self):
        import openpyxl
        self.write("roster.csv", "code,name\nAA,Alpha\n")
        self.assertEqual(run("distribute", self.form, "-o", self.path("packs"), "--store", self.store, "--due", "2026-12-31",
                             "--now", NOW)[0], 0)
        book = openpyxl.load_workbook(self.path("packs/AA/small-AA.xlsx"))
        sheet, at = book["Questionnaire"], {}
        for row in sheet.iter_rows():
            for cell in row:
                at[cell.value] = cell.row
        for label, text in (("By sea", "perhaps"), ("By air", "ask Bob"), ("Okay?", "Yess")):
            sheet.cell(at[label], 4).value = text
        sheet.cell(at["By land"], 4).value = "x"
        book.save(self.path("AA.xlsx"))
        code, told, _ = self.take(self.path("AA.xlsx"))
        self.assertEqual((code, [(f["code"], f["cell"], f.get("excerpt"), f["message"]) for f in told["returns"][0]["findings"]]), (1, [
            ("E0503", "D%d" % at["By sea"], "perhaps", 'cannot tell from "perhaps" whether "By sea" is selected'),
            ("E0503", "D%d" % at["By air"], "ask Bob", 'cannot tell from "ask Bob" whether "By air" is selected'),
            ("E0503", "D%d" % at["Okay?"], "Yess", '"Yess" is not one of the choices')]))
        self.assertEqual(told["returns"][0]["findings"][2]["hint"], 'choose "Yes" from the list of the cell')


if __name__ == "__main__":
    unittest.main()
