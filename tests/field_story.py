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


class Noise(Field):
    """One line a cause, and bounded work for a form that is wrong in every row."""

    def lines(self, form):
        code, out, err = run("check", form)
        return (out + err).splitlines()

    def test_rows_without_a_list_are_one_warning(self):
        form = self.form(["select_one l,a,A"], ["l,x,X"] + [",n%d,N" % i for i in range(585)])
        self.assert_warned_once(form, "W0303", "585 times: rows 7, 8, 9, 10, 11, 12, ...")

    def test_unused_lists_are_one_warning(self):
        form = self.form(["select_one l,a,A"], ["l,x,X"] + ["u%d,n,N" % i for i in range(40)])
        self.assert_warned_once(form, "W0307", '"u0", "u1", "u2", "u3", "u4", "u5", ...')

    def test_comparisons_of_one_question_are_one_warning(self):
        form = self.form(["select_multiple l,a,A,"] + ["text,t%d,T,\"${a} = 'x' or ${a} = 'y%s'\"" % (i, "")
                                                       for i in range(9)],
                         ["l,x,X", "l,y,Y"], head="type,name,label,relevant")
        self.assert_warned_once(form, "W0402", "18 times: rows 4, 5, 6, 7, 8, 9, ...")

    def test_uses_of_a_missing_file_are_one_note(self):
        rows = ["text,k,K,"] + ["calculate,c%d,,\"pulldata('prices', 'price', 'id', ${k})\"" % i for i in range(12)]
        notes = [diag for diag in self.check(self.form(rows, head="type,name,label,calculation"))[1]
                 if diag["code"] == "N0126"]
        self.assertEqual(len(notes), 1)
        self.assertIn("12 times", notes[0]["message"])

    def test_sixty_thousand_characters_of_another_language(self):
        for sign in ("& ", "&& ", "$ ", "{", "'"):
            form = self.form(["text,a,A,", 'text,b,B,"${a} %s"' % (sign * 30000)], head="type,name,label,relevant")
            self.assertLess(len(self.lines(form)), 40, sign)

    def test_did_you_mean_is_searched_a_hundred_times(self):
        rows = ["text,question_%d,Q," % i for i in range(600)]
        rows += ["text,r%d,R,${qestion_%dx} = 1" % (i, i) for i in range(600)]
        lines = self.lines(self.form(rows, head="type,name,label,relevant"))
        self.assertEqual(sum("error[E0110]" in line for line in lines), 600)
        self.assertEqual(sum("did you mean" in line for line in lines), 100)

    def test_a_name_twice_is_one_message(self):
        form = self.form(["text,host,A,", "text,host,B,"] + ["text,t%d,${host},${host} = 'x'" % i for i in range(4)],
                         head="type,name,label,relevant")
        self.assertEqual([diag["code"] for diag in self.check(form)[1]], ["E0219"])

    def test_a_wrong_end_is_one_message(self):
        for rows, hint in ((["begin_group,g,G", "begin_repeat,r,R", "text,a,A", "end_group,,", "end_group,,", "text,b,B"],
                            "write end_repeat"),
                           (["begin_group,g,G", "text,a,A", "end_repeat,,", "text,b,B", "begin_group,h,H", "text,c,C",
                             "end_group,,"], "write end_group")):
            diags = self.check(self.form(rows))[1]
            self.assertEqual([(diag["code"], diag["hint"]) for diag in diags], [("E0224", hint)])


class Scales(Field):
    def test_the_steps_of_a_range_are_held(self):
        form = self.form(["text,respondent,Who,", "range,a,A,start=0 end=10 step=2",
                          "range,b,B,start=0 end=1 step=0.1"], head="type,name,label,parameters")
        self.assertEqual(self.take_in(form, ["respondent,a,b", "X,4,0.3", "Y,0,0.7", "Z,10,1"]), [])
        self.assertEqual(self.take_in(form, ["respondent,a,b", "X,5,0.35", "Y,12,1.1", "Z,-2,-0.1"]), ["E0505"] * 6)

    def test_a_loop_has_a_child_for_other(self):
        form = self.form(["select_multiple v or_other,vs,Which", "begin loop over v,l,L", "integer,n,How many %(label)s",
                          "end loop,,"], ["v,car,Car", "v,bus,Bus"])
        code, out, err = run("show", form)
        self.assertEqual(code, 0, err)
        for label in ("How many Car", "How many Bus", "How many Other"):
            self.assertIn(label, out)


if __name__ == "__main__":
    unittest.main()
