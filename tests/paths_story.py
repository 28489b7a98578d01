"""Rules over lists, repeats and files beside the form, from form to findings."""
import unittest

from story import NOW, Story, dump, run

CREW = """survey
,type,name,label,calculation,constraint,constraint_message
,text,id,Id,,,
,select_one port,home,Home port,,,
,calculate,home_name,,instance('port')/root/item[name = ${home}]/label,,
,begin_repeat,crew,Crew,,,
,integer,rank,Rank,,count(${crew}[rank = current()]) = 1,Each rank once.
,calculate,before,,${crew}[position() = position(current()/..) - 1]/rank,,
,end_repeat,,,,,
,calculate,top,,max(${crew}[rank < 50]/rank),,
choices
,list_name,name,label
,port,syd,Sydney
,port,lim,Lima
settings
,form_id
,crew
"""

PULLED = """survey
,type,name,label,calculation,constraint
,text,id,Id,,
,calculate,price,,"pulldata('prices', 'price', 'code', ${id})",
,integer,paid,Paid,,". <= pulldata('prices', 'price', 'code', ${id})"
settings
,form_id
,pulled
"""


class Paths(Story):
    def test_entries_and_items_are_chosen(self):
        form = self.write("crew.csv", CREW)
        answers = self.write("a.csv", "id,home,home_name,crew[1]/rank,crew[2]/rank,crew[3]/rank,KEY\n"
                                      "1,lim,,7,8,7,k1\n2,syd,Sidney,60,4,,k2\n")
        code, out, err = run("import", form, answers, "--store", self.path("s.db"), "--now", NOW)
        told = out + err
        self.assertEqual(told.count("Each rank once."), 2, told)
        self.assertIn("Sidney", told)
        self.assertIn("Sydney", told)
        code, out, err = run("eval", form, "concat(${home_name}, ' ', ${top})", "--set", "home=lim",
                             "--set", "crew[1]/rank=9", "--set", "crew[2]/rank=70")
        self.assertEqual((code, out), (0, "string\tLima 9\n"), err)

    def test_what_is_not_at_hand_decides_nothing(self):
        form = self.write("pulled.csv", PULLED)
        answers = self.write("p.csv", "id,price,paid,KEY\n1,40,30,k1\n2,,,k2\n")
        code, out, err = run("import", form, answers, "--store", self.path("p.db"), "--now", NOW)
        self.assertIn("warning[W0506]: paid", out + err)
        self.assertIn("found: 0 errors, 1 warning\n", out + err)
        self.assertIn("'40'", repr(dump(self.path("p.db"))).replace('"40"', "'40'"))

    def test_a_file_beside_the_form_is_read(self):
        form = self.write("pulled.csv", PULLED)
        self.write("prices.csv", "code,price\n1,40\n2,50\n2,60\n")
        answers = self.write("p.csv", "id,price,paid,KEY\n1,,30,k1\n2,,51,k2\n3,,1,k3\n")
        code, out, err = run("import", form, answers, "--store", self.path("p.db"), "--now", NOW)
        self.assertIn("found: 2 errors, 0 warnings\n", out + err)
        code, out, err = run("eval", form, "${price} + 1", "--set", "id=2")
        self.assertEqual((code, out), (0, "number\t51\n"), err)
        code, out, err = run("eval", form, "count(instance('prices')/root/item[price > 45])", "--set", "id=2")
        self.assertEqual((code, out), (0, "number\t2\n"), err)
        self.write("prices.csv", "code,cost\n1,40\n")
        code, out, err = run("check", form)
        self.assertEqual(code, 0)
        self.assertIn('warning[W0113]: price: the file "prices" has no column "price"', out + err)
        self.write("prices.csv", 'code,price\n1,"40\n')
        code, out, err = run("check", form)
        self.assertEqual(code, 1)
        self.assertIn("prices.csv:2", out + err)


if __name__ == "__main__":
    unittest.main()
