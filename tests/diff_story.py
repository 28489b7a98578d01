"""Two versions of a form: every kind of change told once, and what it does to stored answers."""
import json
import os
import unittest

from story import FORM, NOW, Story, dump, published, run

BASE = """survey
,type,name,label,hint,required,relevant,constraint,constraint_message,qno
,begin_group,first,First part,,,,,,
,select_one yn,a,Question a,,yes,,,,A1
,text,b,Question b,A hint,,${a} = 'yes',string-length(.) <= 20,Too long.,A2
,integer,c,Question c,,,,. >= 0,,A3
,text,d,Question d,,,,,,A4
,end_group,,,,,,,,
,begin_group,second,Second part,,,,,,
,decimal,e,Question e,,,,,,B1
,begin_repeat,r,Entries,,,,,,
,text,f,Question f,,,,,,B2
,end_repeat,,,,,,,,
,end_group,,,,,,,,
choices
,list_name,name,label,region
,yn,yes,Yes,north
,yn,no,No,
,yn,dk,Do not know,
settings
,form_title,form_id,version
,Two versions,two,1
"""

# What is replaced in BASE, and every line that diff has for it (without the places).
CHANGES = [
    ("a version", [(",two,1", ",two,2")], ['setting version: value was "1", is "2"']),
    ("a setting added", [("form_id,version\n,Two versions,two,1", "form_id,version,round\n,Two versions,two,1,2027")],
     ['setting round: value added: "2027"']),
    ("a label", [("Question c,", "Question C!,")], ['question c: label was "Question c", is "Question C!"']),
    ("a hint removed", [("A hint", "")], ['question b: hint removed: "A hint"']),
    ("required", [("Question c,,,", "Question c,,yes,")], ['question c: required added: "yes"']),
    ("skip logic", [("= 'yes'", "!= 'no'")], ["question b: skip logic was \"${a} = 'yes'\", is \"${a} != 'no'\""]),
    ("a rule and its message", [("<= 20,Too long.", "<= 10,Over ten.")],
     ['question b: message of the rule was "Too long.", is "Over ten."',
      'question b: rule was "string-length(.) <= 20", is "string-length(.) <= 10"']),
    ("a type", [(",integer,c", ",decimal,c")], ['question c: type was "integer", is "decimal"']),
    ("a number", [(",A4\n", ",A5\n")], ['question d: number was "A4", is "A5"']),
    ("a question added", [(",integer,c", ",date,x,Question x,,,,,,\n,integer,c")], ['question x added: "Question x"']),
    ("a question removed", [(",text,d,Question d,,,,,,A4\n", "")], ['question d removed: "Question d"']),
    ("a question renamed", [(",text,d,", ",text,dd,")], ["question dd: possibly renamed from d"]),
    ("renamed and said otherwise", [(",text,d,Question d", ",text,dd,Something else")],
     ['question dd added: "Something else"', 'question d removed: "Question d"']),
    ("one question moved up", [(",text,d,Question d,,,,,,A4\n", ""),
                               (",select_one yn,a", ",text,d,Question d,,,,,,A4\n,select_one yn,a")],
     ["question d moved: was after c, is first"]),
    ("one question moved down", [(",select_one yn,a,Question a,,yes,,,,A1\n", ""),
                                 (",text,d,Question d,,,,,,A4\n",
                                  ",text,d,Question d,,,,,,A4\n,select_one yn,a,Question a,,yes,,,,A1\n")],
     ["question a moved: was first, is after d"]),
    ("moved to another section", [(",text,d,Question d,,,,,,A4\n", ""), (",decimal,e", ",text,d,Question d,,,,,,A4\n,decimal,e")],
     ["question d moved: was in first, is in second"]),
    ("a section renamed", [(",begin_group,second", ",begin_group,zweite")],
     ["section zweite: possibly renamed from second"]),
    ("a choice added", [(",yn,dk,", ",yn,na,Not applicable,\n,yn,dk,")], ['choice na of list yn added: "Not applicable"']),
    ("a choice removed", [(",yn,dk,Do not know,\n", "")], ['choice dk of list yn removed: "Do not know"']),
    ("a choice relabelled", [("Do not know", "Unknown")],
     ['choice dk of list yn: label was "Do not know", is "Unknown"']),
    ("a choice's column", [(",north", ",south")], ['choice yes of list yn: column region was "north", is "south"']),
    ("choices in another order", [(",yn,yes,Yes,north\n", ""), (",yn,dk,Do not know,\n", ",yn,dk,Do not know,\n,yn,yes,Yes,north\n")],
     ["choice yes of list yn moved: was first, is after dk"]),
    ("a list renamed", [("_one yn", "_one ny"), (",yn,", ",ny,")],
     ['question a: type was "select_one yn", is "select_one ny"', "list ny added", "list yn removed"]),
    ("a language", [("type,name,label,hint,", "type,name,label,label::Deutsch (de),hint,"),
                    ("Question c,", "Question c,Frage c,"), ("Question a,", "Question a,Frage a,"),
                    ("Question b,", "Question b,Frage b,"), ("Question d,", "Question d,Frage d,"),
                    ("Question e,", "Question e,Frage e,"), ("Question f,", "Question f,Frage f,"),
                    ("First part,", "First part,Teil 1,"), ("Second part,", "Second part,Teil 2,"),
                    ("Entries,", "Entries,Eintraege,")],
     ["language Deutsch (de) added"]),
]


class Diff(Story):
    def edited(self, name, edits, base=BASE):
        for old, new in edits:
            self.assertIn(old, base)
            base = base.replace(old, new)
        return self.write(name, base)

    def test_each_change_is_told_once_and_no_other(self):
        before = self.write("before.csv", BASE)
        for name, edits, expected in CHANGES:
            with self.subTest(name):
                after = self.edited("after.csv", edits)
                code, out, err = run("diff", before, after)
                self.assertEqual((code, err), (0, ""))
                lines = [line.split(".csv:")[-1].split(": ", 1)[-1] if ".csv:" in line else line for line in out.splitlines()]
                self.assertEqual(lines[:-1], expected)
                self.assertEqual(lines[-1], "%d change%s" % (len(expected), "s" if len(expected) > 1 else ""))

    def test_places_in_both_files(self):
        before, after = self.write("before.csv", BASE), self.edited("after.csv", [(",begin_group,first", ",note,n,Read me,,,,,,\n,begin_group,first"),
                                                                                 ("Question c,", "C,")])
        _, out, _ = run("diff", before, after)
        self.assertIn("%s:6 -> %s:7: question c: label" % (before, after), out)
        self.assertIn("%s:3: note n added" % after, out)

    def test_the_same_form_has_no_differences(self):
        self.assertEqual(run("diff", FORM, FORM), (0, "no differences\n", ""))

    def test_json(self):
        before = self.write("before.csv", BASE)
        after = self.edited("after.csv", [("Do not know", "Unknown")])
        code, out, _ = run("diff", before, after, "--json")
        told = json.loads(out)
        self.assertEqual((code, told["schema"], len(told["changes"])), (0, "canvass.diff/1", 1))
        change = told["changes"][0]
        self.assertEqual((change["change"], change["thing"], change["name"], change["list"], change["aspect"]),
                         ("altered", "choice", "dk", "yn", "label"))
        self.assertEqual((change["from"]["row"], change["to"]["row"]), (19, 19))

    def stored(self):
        before, store = self.write("before.csv", BASE), self.path("two.db")
        for code, rows in [("AUS", "a,yes\nb,some words\nc,7\nr[1]/f,one\nr[2]/f,two\n"), ("NZ", "a,no\nc,30\nd,N/A\n"),
                           ("PNG", "a,dk\nc,-5\n")]:
            run("import", before, self.write(code + ".csv", "question,answer\n" + rows), "--store", store, "--round", "2026",
                "--now", NOW, "--respondent", code)
        return before, store

    def against(self, edits):
        before, store = self.stored()
        kept = dump(store)
        code, out, err = run("diff", before, self.edited("after.csv", edits), "--against", store, "--json", "--now", NOW)
        self.assertEqual(err, "")
        self.assertEqual(dump(store), kept)
        told = json.loads(out)["against"]
        return code, [(f["respondent"], f["question"], f["value"]) for f in told["fallen"]], told

    def test_the_form_itself_lets_every_answer_stand(self):
        code, fallen, told = self.against([])
        self.assertEqual((code, fallen, told["anew"]), (0, [], []))
        self.assertEqual((told["round"], told["responses"]), ("2026", 3))

    def test_a_choice_that_is_gone(self):
        code, fallen, told = self.against([(",yn,dk,Do not know,\n", "")])
        self.assertEqual((code, fallen), (1, [("PNG", "a", "dk")]))
        self.assertIn('"dk" is not in the list "yn"', told["fallen"][0]["why"])

    def test_a_stricter_rule_spares_what_did_not_stand_before(self):
        code, fallen, told = self.against([(". >= 0", ". >= 10")])
        self.assertEqual((code, fallen), (1, [("AUS", "c", "7")]))
        self.assertIn(". >= 10", told["fallen"][0]["why"])

    def test_an_answer_that_would_not_be_asked_for(self):
        code, fallen, _ = self.against([("= 'yes'", "= 'no'")])
        self.assertEqual((code, fallen), (1, [("AUS", "b", "some words")]))

    def test_questions_removed_and_renamed(self):
        code, fallen, told = self.against([(",text,f,", ",text,ff,"), (",text,d,Question d,,,,,,A4\n", "")])
        self.assertEqual((code, sorted(fallen)), (1, [("AUS", "r[1]/f", "one"), ("AUS", "r[2]/f", "two"), ("NZ", "d", "N/A")]))
        self.assertIn("unless it is now ff", [f["why"] for f in told["fallen"] if f["value"] == "one"][0])

    def test_a_question_moved_out_of_its_repeat(self):
        code, fallen, _ = self.against([(",text,f,Question f,,,,,,B2\n,end_repeat,,,,,,,,\n",
                                         ",text,g,Question g,,,,,,\n,end_repeat,,,,,,,,\n,text,f,Question f,,,,,,B2\n")])
        self.assertEqual((code, fallen), (1, [("AUS", "r[1]/f", "one"), ("AUS", "r[2]/f", "two")]))

    def test_a_question_moved_between_sections_keeps_its_answers(self):
        code, fallen, _ = self.against([(",text,d,Question d,,,,,,A4\n", ""),
                                        (",decimal,e", ",text,d,Question d,,,,,,A4\n,decimal,e")])
        self.assertEqual((code, fallen), (0, []))

    def test_what_would_be_asked_anew(self):
        code, fallen, told = self.against([(",integer,c", ",text,x,Question x,,yes,,,,\n,integer,c"),
                                           ("Question d,,,", "Question d,,yes,"), ("= 'yes'", "!= ''")])
        self.assertEqual((code, fallen), (0, []))
        anew = {a["question"]: (a["asked"], a["required"], a["now_required"]) for a in told["anew"]}
        self.assertEqual(anew, {"x": (3, 3, 0), "d": (0, 0, 2), "b": (2, 0, 0)})

    def test_the_shipped_answers_as_text(self):
        store = self.path("s.db")
        run("import", FORM, *published(), "--store", store, "--now", NOW)
        with open(FORM, encoding="utf-8") as file:
            after = self.write("after.csv", file.read().replace(". >= 0 and . <= 50", ". >= 0 and . <= 6"))
        code, out, _ = run("diff", FORM, after, "--against", store, "--now", NOW)
        self.assertEqual(code, 1)
        self.assertIn("round 2026, 21 responses, checked against the second form:\n", out)
        self.assertRegex(out, r'\n  JPN: doc\[1\]/doc_validity "10" would no longer be valid: .*\(the rule: \. >= 0 and \. <= 6\)\n')
        self.assertTrue(out.endswith("2 answers would no longer be valid, 0 questions would be asked again\n"))

    def test_what_cannot_be_compared(self):
        before = self.write("before.csv", BASE)
        code, out, err = run("diff", before, self.write("bad.csv", "survey\n,type\n"))
        self.assertEqual((code, out), (2, ""))
        code, _, err = run("diff", before, before, "--against", self.path("none.db"))
        self.assertEqual(code, 3)
        self.assertIn("none.db", err)
        self.assertFalse(os.path.exists(self.path("none.db")))
        code, _, _ = run("diff", before, self.path("none.csv"))
        self.assertEqual(code, 3)
        code, _, err = run("diff", before, before, "--round", "2026")
        self.assertEqual(code, 2)
        self.assertIn("--round requires --against", err)


if __name__ == "__main__":
    unittest.main()
