"""Choices that do not stand on the choices sheet: files beside the form, and the sheet external_choices."""
import os
import sqlite3
import tempfile
import unittest

from story import NOW, Story, import_json, run

FORM = """survey
,type,name,label,choice_filter,parameters,calculation
,text,respondent,Who answers?,,,
,select_one_from_file states.csv,state,State,,,
,select_one_from_file ports.csv,port,Port,state = ${state},value=code label=title,
,select_multiple_from_file ports.csv,calls,Calls at,,value=code label=title,
,select_one_from_file gates.geojson,gate,Gate,,,
,select_one_from_file crews.xml,crew,Crew,rank > 2,,
,select_one_external berths,berth,Berth,port = ${port},,
,calculate,where,,,,"instance('gates')/root/item[id = ${gate}]/geometry"
,calculate,rank,,,,"instance('crews')/root/item[name = ${crew}]/rank"
,calculate,title,,,,"jr:choice-name(${port}, '${port}')"
external_choices
,list_name,name,label,port
,berths,b1,Berth 1,syd
,berths,b2,Berth 2,mel
settings
,form_id,form_title
,beside,Beside
"""
FILES = {
    "states.csv": "name,label\nnsw,New South Wales\nvic,Victoria\n",
    # one code in two states, as gazetteers have them
    "ports.csv": "code,title,state\nsyd,Sydney,nsw\nmel,Melbourne,vic\ntwo,Twofold,nsw\ntwo,Twofold,vic\n",
    "gates.geojson": '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "g1", "properties": '
                     '{"title": "Gate 1"}, "geometry": {"type": "Point", "coordinates": [151.2, -33.8]}}]}',
    "crews.xml": "<root><item><name>c1</name><rank>3</rank></item><item><name>c2</name><rank>2</rank></item></root>",
}


class Beside(Story):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.put("form.csv", FORM)
        for name, text in FILES.items():
            self.put(name, text)

    def put(self, name, text):
        with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
            file.write(text)

    def check(self):
        return run("check", "form.csv", cwd=self.folder.name)

    def take(self, answers):
        """Codes and questions of what is found in invented answers."""
        self.put("answers.csv", "respondent,state,port,calls,gate,crew,berth\n" + answers)
        _, told, _ = import_json("form.csv", "answers.csv", "--store", "s.db", "--now", NOW, "-n",
                                   cwd=self.folder.name)
        return [(one["code"], one["field"]) for one in told["returns"][0]["findings"]]

    def test_the_form_is_clean(self):
        code, out, _ = self.check()
        self.assertEqual(code, 0, out)
        self.assertIn("no mistakes found", out)

    def test_answers_that_are_there(self):
        self.assertEqual(self.take("A,nsw,syd,syd two,g1,c1,b1\nB,vic,two,mel,,,\n"), [])

    def test_answers_that_are_not_there(self):
        found = self.take("A,qld,,syd xyz,g9,c9,b9\n")
        self.assertEqual(found, [("E0503", name) for name in ("state", "calls", "gate", "crew", "berth")])

    def test_labels_are_read_as_their_codes(self):
        answers = ("respondent,state,port,calls,gate,crew,berth\n"
                   "A,New South Wales,Sydney,\"Sydney, Twofold\",Gate 1,c1,Berth 1\n"
                   "B,vic,Melbourne,Melbourne;Sydney,,,\n"
                   "C,victoria,MELBOURNE,mel two,,,Berth 9\n")
        self.put("answers.csv", answers)
        code, out, err = run("import", "form.csv", "answers.csv", "--store", "s.db", "--now", NOW, "--jsonl",
                             cwd=self.folder.name)
        self.assertEqual(code, 1, out + err)
        self.assertEqual(sum('"E0503"' in line for line in out.splitlines()), 1)
        for before, after in (("New South Wales", "nsw"), ("Sydney, Twofold", "syd two"), ("Gate 1", "g1"),
                              ("Berth 1", "b1"), ("Melbourne;Sydney", "mel syd"), ("MELBOURNE", "mel")):
            self.assertTrue(any('"%s"' % before in line and '"%s"' % after in line for line in out.splitlines()),
                            before)
        store = sqlite3.connect(os.path.join(self.folder.name, "s.db"))
        self.addCleanup(store.close)
        kept = "\n".join(map(repr, store.execute("SELECT * FROM answers_1_0_0")))
        for value in ("syd two", "mel syd"):
            self.assertIn(value, kept)
        # exact codes only
        self.assertEqual(run("import", "form.csv", "answers.csv", "--store", "t.db", "--now", NOW, "--strict",
                             cwd=self.folder.name)[1].count("E0503"), 10)

    def test_answers_that_the_filter_leaves_out(self):
        self.assertEqual(self.take("A,nsw,mel,,,c2,b1\n"), [("E0504", "port"), ("E0504", "crew"), ("E0504", "berth")])

    def test_formulas_read_them(self):
        for name, answer, value in (("where", "gate=g1", "-33.8 151.2 0 0"), ("rank", "crew=c1", "3"),
                                    ("title", "port=mel", "Melbourne")):
            _, out, err = run("eval", "form.csv", "${%s}" % name, "--set", answer, cwd=self.folder.name)
            self.assertEqual(out, "string\t%s\n" % value, err)

    def test_a_file_that_is_not_there_is_told_and_takes_any_answer(self):
        os.remove(os.path.join(self.folder.name, "states.csv"))
        code, out, _ = self.check()
        self.assertEqual(code, 0, out)
        self.assertIn("form.csv:4 (survey, column type): note[N0126]: states.csv was not found; answers to this question are not checked",
                      out)
        self.assertEqual(self.take("A,qld,,,,,\n"), [])

    def test_a_file_without_the_column_of_codes(self):
        self.put("states.csv", "nam,label\nnsw,New South Wales\n")
        code, out, _ = self.check()
        self.assertEqual(code, 0, out)
        self.assertIn("warning[W0263]: states.csv has no column \"name\"; its choices are unknown", out)
        self.assertIn("did you mean \"nam\"?", out)
        self.assertEqual(self.take("A,qld,,,,,\n"), [])

    def test_a_file_that_is_damaged(self):
        for name, text, message in (("gates.geojson", '{"features": [', "gates.geojson:1: error[E0264]"),
                                    ("crews.xml", "<root><item>", "crews.xml:1: error[E0264]"),
                                    ("states.csv", 'name\n"a', "states.csv:2, column 1: error[E0011]")):
            self.put(name, text)
            code, out, _ = self.check()
            self.assertEqual(code, 1)
            self.assertIn(message, out)
            self.put(name, FILES[name])

    def test_a_file_of_more_rows_than_a_sheet_has_is_refused_and_not_cut(self):
        self.put("states.csv", "name,label\n" + "".join("%x,\n" % n for n in range(1048577)))
        code, out, err = run("check", os.path.join(self.folder.name, "form.csv"))
        self.assertEqual(code, 1, out + err)
        self.assertIn("states.csv:1048578: error[E0264]: the file has more rows than a sheet can have", out + err)

    def test_a_column_that_the_file_lacks(self):
        self.put("form.csv", FORM.replace("state = ${state}", "stat = ${state}").replace("]/rank", "]/rnk"))
        code, out, _ = self.check()
        self.assertEqual(code, 0)
        self.assertIn('has no column "stat"', out)
        self.assertIn('has no column "rnk"', out)
        self.assertIn('did you mean "state"?', out)

    def test_a_comparison_with_a_code_that_the_file_lacks(self):
        self.put("form.csv", FORM.replace(",calculate,rank,", ",calculate,same,,,,${state} = 'nws'\n,calculate,rank,"))
        _, out, _ = self.check()
        self.assertIn('"nws" is not a choice of "state" (list "states.csv")', out)
        self.assertIn('did you mean "nsw" (New South Wales)?', out)


if __name__ == "__main__":
    unittest.main()
