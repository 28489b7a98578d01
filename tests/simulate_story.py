"""Simulated returns: they stand by the rules of the form, can be made again to the byte, and are spoiled as they say."""
import csv
import glob
import os
import unittest

from story import FORM, FULL, NOW, ROOT, Story, import_json, run

SHARED = os.environ.get("CANVASS_SHARED", os.path.join(ROOT, "../shared"))
OWN_MISTAKE = {"1037"}  # a calculation gives a number to a question that wants a date
CONFORMANCE = os.path.join(SHARED, "conformance/xlsforms")
FORMS = [path for path in sorted(glob.glob(os.path.join(ROOT, "forms/*.csv")))
         if not path.endswith("roster.csv")]


def read_all(folder):
    made = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            made[name] = file.read()
    return made


class Simulate(Story):
    def simulate(self, form, *more, folder="made", **kw):
        code, out, err = run("simulate", form, "-o", self.path(folder), "--now", NOW, *more, **kw)
        self.assertEqual(code, 0, out + err)
        return self.path(folder), out

    def take_in(self, form, folder, *more):
        files = sorted(glob.glob(os.path.join(folder, "*.csv")))
        return import_json(form, *files, "--store", self.path("s.db"), "--now", NOW, "-n", *more)[1]

    def test_every_shipped_form_is_answered_without_a_mistake(self):
        self.assertEqual(len(FORMS), 12)
        for number, form in enumerate(FORMS):
            folder, _ = self.simulate(form, "--seed", "7", folder="f%d" % number)
            result = self.take_in(form, folder)
            self.assertEqual(result["files"]["accepted"], 21, form)
            self.assertEqual(result["errors"], 0, form + str(result)[:2000])

    def comes_back(self, form, number, *more, ending="csv"):
        """Simulates a few returns, imports them, and says what the import found: nothing, if all is well."""
        folder, out = self.simulate(form, "--seed", "7", "-n", "3", *more, folder="c%d-%s" % (number, ending))
        files = sorted(glob.glob(os.path.join(folder, "*." + ending)))
        self.assertTrue(files, form)
        result = import_json(form, *files, "--store", self.path("s%d.db" % number), "--now", NOW, "-n")[1]
        self.assertNotIn("could not be invented", out, form)
        blank = sum(f["code"] == "W0637" for back in result["returns"] for f in back["findings"])  # by chance
        return (result["files"]["accepted"] - len(files), result["errors"], result["warnings"] - blank)

    def has_entries_only(self, folder):
        """Whether every answer of a form is one of an entry, by its invented returns."""
        with open(glob.glob(self.path(folder) + "/*.csv")[0], encoding="utf-8", newline="") as file:
            return all("[" in row["question"] for row in csv.DictReader(file) if row["label"])

    def test_every_shipped_form_makes_workbooks_that_are_imported_without_a_word(self):
        for number, form in enumerate(FORMS):
            # Invented answers may be unusual: the forms' own sense checks warn, nothing else does.
            self.assertEqual(self.comes_back(form, number, "--format", "xlsx", ending="xlsx")[:2], (0, 0), form)

    def test_broken_workbooks_are_not_made(self):
        code, _, err = run("simulate", FORM, "-o", self.path("made"), "--broken", "--format", "xlsx")
        self.assertEqual(code, 2)
        self.assertIn("--broken spoils CSV files only", err)

    def test_an_unknown_format_is_rejected(self):
        code, _, err = run("simulate", FORM, "-o", self.path("made"), "--format", "ods")
        self.assertEqual(code, 2)
        self.assertIn('"ods" is not csv or xlsx', err)

    def write_form(self, name, *rows):
        return self.write(name + ".csv", "survey\n,type,name,label,required,constraint,choice_filter\n" +
                          "".join(",%s\n" % row for row in rows) +
                          "choices\n,list_name,name,label\n,reg,a,A\n,reg,b,B\n"
                          "external_choices\n,list_name,name,label,region\n,place,x,X,a\n,place,y,Y,b\n"
                          "settings\n,form_id\n,%s\n" % name)

    def test_forms_that_no_question_identifies_and_equal_answers(self):
        # Of each form: a return that no question identifies; the answer to another question; a fixed answer; a list on
        # the sheet external_choices, with a filter; a list in a file that is not there; entries only.
        forms = (("text,a,A,yes,,",),
                 ("text,mail,Mail,yes,,", "text,again,Again,yes,. = ${mail},", "integer,n,N,yes,,",
                  "integer,m,M,yes,${n} = .,"),
                 ("integer,k,K,yes,. = 4321,", "text,code,Code,yes,. = 'ABC' or . = 'DEF',"),
                 ("select_one reg,r,R,yes,,", "select_one_external place,p,P,yes,,region=${r}"),
                 ("select_one_from_file ports.csv,p,P,yes,,", "select_multiple_from_file ports.csv,q,Q,yes,,"),
                 ("begin_repeat,r,R,,,", "text,a,A,yes,,", "text,b,B,yes,. = ${a},", "end_repeat,,,,,"))
        for number, rows in enumerate(forms):
            form = self.write_form("f%d" % number, *rows)
            self.assertEqual(self.comes_back(form, number), (0, 0, 0), rows)
            if "begin_repeat" not in rows[0]:
                self.assertEqual(self.comes_back(form, number, "--format", "xlsx", ending="xlsx"), (0, 0, 0), rows)

    def test_a_form_that_asks_nothing_is_rejected(self):
        form = self.write_form("nothing", "note,n,N,,,")
        code, out, err = run("simulate", form, "-o", self.path("made"))
        self.assertEqual(code, 2, out + err)
        self.assertIn("E0428", err)

    @unittest.skipUnless(os.path.exists(CONFORMANCE), "the shared forms are not there")
    def test_forms_of_other_people(self):
        with open(os.path.join(CONFORMANCE, "index.tsv"), encoding="utf-8", newline="") as file:
            ids = [row["id"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                   if row["verdict"] != "error" and row["id"] not in OWN_MISTAKE]
        came_back = 0
        for number, name in enumerate(ids[::1 if FULL else 12]):
            form = os.path.join(CONFORMANCE, name + ".csv")
            code, out, err = run("check", form)
            if code or run("simulate", form, "-o", self.path("nothing-%d" % number), "-n", "1")[0] == 2:
                continue  # rejected by the engines too, or a form that asks nothing
            self.assertEqual(self.comes_back(form, number), (0, 0, 0), name)
            came_back += 1
            if number % 3 == 0 and not self.has_entries_only("c%d-csv" % number):
                found = self.comes_back(form, number, "--format", "xlsx", ending="xlsx")
                self.assertEqual(found, (0, 0, 0), name)
        self.assertGreater(came_back, 20)
        self.tell("returns of %d forms of other people are imported without a finding" % came_back)

    def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(self):
        first = read_all(self.simulate(FORM, "--seed", "5", "--broken", folder="a")[0])
        again = read_all(self.simulate(FORM, "--seed", "5", "--broken", folder="b",
                                       env={"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"})[0])
        other = read_all(self.simulate(FORM, "--seed", "6", "--broken", folder="c")[0])
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_every_file_says_that_it_is_invented(self):
        for name, content in read_all(self.simulate(FORM)[0]).items():
            self.assertIn(b"not a real return", content, name)

    def test_a_number_of_returns_can_be_asked_for(self):
        self.assertEqual(len(read_all(self.simulate(FORM, "-n", "4")[0])), 4)

    def test_no_more_than_the_roster_has(self):
        code, _, err = run("simulate", FORM, "-n", "22", "-o", self.path("made"))
        self.assertEqual(code, 2)
        self.assertIn("the roster has 21 respondents", err)

    def test_files_that_are_there_are_not_replaced_unasked(self):
        self.simulate(FORM)
        code, _, err = run("simulate", FORM, "-o", self.path("made"), "--now", NOW)
        self.assertEqual(code, 2, err)
        self.simulate(FORM, "--force")

    def test_nothing_is_written_when_one_file_is_there(self):
        os.makedirs(self.path("made"))
        self.write("made/CT.csv", "mine")
        code, _, err = run("simulate", FORM, "-o", self.path("made"))
        self.assertEqual(code, 2)
        self.assertIn("CT.csv already exists; nothing was written", err)
        self.assertEqual(os.listdir(self.path("made")), ["CT.csv"])

    def test_without_a_folder_it_says_what_is_missing(self):
        code, _, err = run("simulate", FORM)
        self.assertEqual(code, 2)
        self.assertIn("-o DIR", err)

    def test_what_was_spoiled_is_listed_and_found_at_its_question(self):
        folder, out = self.simulate(FORM, "--seed", "11", "--broken")
        with open(self.path("made-broken.csv"), encoding="utf-8", newline="") as file:
            listed = list(csv.DictReader(file))
        self.assertIn("with %d defects listed" % len(listed), out)
        self.assertGreater(len(listed), 15)
        whole = {row["file"] for row in listed if not row["question"]}
        found = {}
        for taken in self.take_in(FORM, folder)["returns"]:
            found[os.path.basename(taken["file"])] = {finding.get("field", "") for finding in taken["findings"]}
        looked = 0
        for row in listed:
            if row["file"] in whole or row["defect"] not in ("choice misspelt", "words beside the number",
                                                             "text that breaks the constraint", "number far too large",
                                                             "required answer left blank", "answered twice"):
                continue
            looked += 1
            self.assertIn(row["question"], found[row["file"]], str(row))
        self.assertGreater(looked, 4)

    def test_repeats_skip_logic_and_counts_hold_together(self):
        form = self.write("form.csv", "survey\n,type,name,label,relevant,constraint,repeat_count,required,choice_filter\n"
                          ",text,respondent,Who,,,,yes,\n"
                          ",integer,members,Members,,. >= 1 and . <= 4,,yes,\n"
                          ",begin_repeat,person,Person,,,${members},,\n"
                          ",integer,age,Age,,. > 17 and . < 65,,yes,\n"
                          ",begin_repeat,trip,Trip,${age} > 30,,,,\n"
                          ",date,day,Day,,. <= today() and . > date('2026-01-01'),,yes,\n"
                          ",end_repeat,,,,,,,\n"
                          ",end_repeat,,,,,,,\n"
                          ",select_one country,country,Country,,,,yes,\n"
                          ",select_one city,city,City,,,,yes,country = ${country}\n"
                          ",integer,share,Share,,. <= ${members},,yes,\n"
                          "choices\n,list_name,name,label,country\n,country,a,A,\n,country,b,B,\n"
                          ",city,a1,A1,a\n,city,a2,A2,a\n,city,b1,B1,b\n"
                          "settings\n,form_id\n,f\n")
        folder, out = self.simulate(form, "-n", "60", "--seed", "2")
        result = self.take_in(form, folder)
        self.assertEqual((result["files"]["accepted"], result["errors"], result["warnings"]), (60, 0, 0),
                         str(result)[:3000])

    @unittest.skipUnless(os.path.isdir(os.path.join(SHARED, "domain")), "shared files are not here")
    def test_texts_are_made_for_the_patterns_of_the_field(self):
        with open(os.path.join(SHARED, "domain/patterns.csv"), encoding="utf-8", newline="") as file:
            patterns = [row["pcre2"] for row in csv.DictReader(file) if row["pcre2"] and "'" not in row["pcre2"]]
        rows = "".join(',text,p%d,P %d,"regex(., \'%s\')",yes\n' % (i, i, pattern.replace('"', '""'))
                       for i, pattern in enumerate(patterns))
        form = self.write("form.csv", "survey\n,type,name,label,constraint,required\n,text,respondent,Who,,yes\n" + rows +
                          "settings\n,form_id\n,f\n")
        folder, out = self.simulate(form, "-n", "1")
        result = self.take_in(form, folder)
        missing = [finding for taken in result["returns"] for finding in taken["findings"]]
        self.tell("%d of %d patterns are given a text" % (len(patterns) - len(missing), len(patterns)))
        self.assertLessEqual(len(missing), len(patterns) // 10, str(missing)[:3000])


if __name__ == "__main__":
    unittest.main()
