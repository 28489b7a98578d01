"""Forms of the field: what ODK and KoboToolbox load and run is used, with at most a warning for each cause.

Each form here has one thing that other engines give a meaning, however odd.  `check` warns of it once, `--strict`
rejects it, and a return is imported with the meaning that the engines give.
"""
import json
import os
import re
import unittest

from story import NOW, Story, run

SHARED = os.environ.get("CANVASS_SHARED", "../shared")


class Field(Story):
    def form(self, survey, choices=(), head="type,name,label", choices_head="list_name,name,label", more=(), name="f"):
        """A form in CSV; survey and choices hold rows without the first cell, as text."""
        lines = ["survey", "," + head, *("," + row for row in survey)]
        if choices:
            lines += ["choices", "," + choices_head, *("," + row for row in choices)]
        lines += [*more, "settings", ",form_id,version", ",%s,1" % name]
        return self.write(name + ".csv", "\n".join(lines) + "\n")

    def check(self, form, *more):
        code, out, err = run("check", form, "--json", *more)
        self.assertIn(code, (0, 1), out + err)
        return code, json.loads(out)["diagnostics"]

    def codes(self, form):
        return [diag["code"] for diag in self.check(form)[1]]

    def assert_warned_once(self, form, code, message=""):
        """One warning, of this code, and a refusal only under --strict."""
        exit_code, diags = self.check(form)
        warned = [diag for diag in diags if diag["severity"] != "note"]
        self.assertEqual([diag["code"] for diag in warned], [code], diags)
        self.assertIn(message, warned[0]["message"])
        self.assertEqual(exit_code, 0)
        self.assertEqual(run("check", form, "--strict")[0], 1)
        self.assertEqual(run("show", form)[0], 0)

    def take_in(self, form, answers, *more):
        """The codes of what an import says of one wide return; nothing is stored."""
        path = self.write("r.csv", "\n".join(answers) + "\n")
        code, out, err = run("import", form, path, "--store", self.path("s.db"), "--now", NOW, "-n", *more)
        self.assertIn(code, (0, 1), out + err)
        return re.findall(r"(?:error|warning)\[([EW]\d+)\]", out + err)


class Severity(Field):
    def test_a_bare_word_in_a_formula_reads_as_blank(self):
        form = self.form(["text,respondent,Who,", "text,a,A,", "text,b,B,${a} != null", "text,c,C,${a} = null"],
                         head="type,name,label,relevant")
        self.assert_warned_once(form, "W0112", '"null" is neither')
        self.assertIn("2 times: rows 5, 6", self.check(form)[1][0]["message"])
        self.assertEqual(self.take_in(form, ["respondent,a,b", "X,1,2"]), [])
        self.assertEqual(self.take_in(form, ["respondent,a,b", "X,,2"]), ["W0507"])

    def test_a_heading_row_of_a_table_needs_no_label(self):
        form = self.form(["select_one yn,head,,label", "select_one yn,q,Q,list-nolabel"], ["yn,y,Yes", "yn,n,No"],
                         head="type,name,label,appearance")
        self.assertEqual([code for code in self.codes(form) if not code.startswith("N")], [])
        self.assertIn("E0227", self.codes(self.form(["select_one yn,head,,minimal"], ["yn,y,Yes"],
                                                    head="type,name,label,appearance")))

    def test_numbers_and_words_where_yes_or_no_belongs(self):
        for word, required in ("1", True), ("0", False), ("T", False), ("basic", False):
            form = self.form(["text,respondent,Who,", "text,q,Q," + word], head="type,name,label,required")
            self.assert_warned_once(form, "W0232", "read as " + ("yes" if required else "no"))
            self.assertEqual(self.take_in(form, ["respondent,q", "X,"]), ["E0501"] if required else [], word)

    def test_an_answer_compared_with_those_of_a_repeat(self):
        form = self.form(["text,respondent,Who,", "integer,n,N,", "begin_repeat,r,R,", "integer,m,M,", "end_repeat,,,",
                          'calculate,c,,"if(${n}=${m},1,0)"', "text,t,T,"], head="type,name,label,calculation")
        self.assert_warned_once(form, "W0114", "true for any of them")

    def test_a_choice_filter_with_a_missing_column(self):
        form = self.form(["text,a,A,", "select_one p,q,Q,region=${a}"], ["p,x,X"], head="type,name,label,choice_filter")
        self.assert_warned_once(form, "W0113", 'no column "region"')

    def test_a_default_that_is_no_answer_is_ignored(self):
        for row, code in ("select_one yn,q,Q,maybe", "W0244"), ("integer,q,Q,many", "W0243"):
            form = self.form(["text,respondent,Who,", row], ["yn,y,Yes"] if "yn" in row else [],
                             head="type,name,label,default")
            self.assert_warned_once(form, code, "it is ignored")
            roster = self.write("roster.csv", "code,name\nXX,X\n")
            code, out, err = run("distribute", form, "--roster", roster, "-o", self.path("packs"), "--now", NOW, "-f")
            self.assertEqual(code, 0, out + err)
            folder = self.path("packs/XX")
            pack = [name for name in os.listdir(folder) if name.endswith(".csv")][0]
            with open(os.path.join(folder, pack), encoding="utf-8-sig") as file:
                self.assertIsNone(re.search("maybe|many", file.read()))


if __name__ == "__main__":
    unittest.main()
