"""Exports of survey tools, written as those tools write them: from one set of invented answers each brings the same
answers into the store as canvass's own wide layout."""
import csv
import io
import os
import sqlite3
import unittest
import zipfile

import openpyxl

from story import NOW, Story, import_json, run

FORM = """survey
,type,name,label,label::French (fr),qno
,text,who,Who are you?,Qui ?,
,begin_group,g,Section G,Partie G,
,integer,q1,How many seats?,Combien ?,G1
,date,day,Since when?,Depuis quand ?,G2
,select_one yn,ok,Is it legal?,Legal ?,G3
,geopoint,loc,Location,Lieu,G4
,select_multiple crop,sm,Crops,Cultures,G5
,text,why,Why?,Pourquoi ?,G6
,end_group,,,,
,begin_group,rate,Rate us,Notez,
,integer,price,Price,Prix,
,integer,service,Service,Service,
,end_group,,,,
,begin_repeat,person,Persons,Personnes,
,text,name,Name,Nom,
,begin_group,more,More,Plus,
,select_multiple crop,likes,Likes,Aime,
,geopoint,home,Home,Maison,
,end_group,,,,
,begin_repeat,pet,Pets,Animaux,
,text,kind,Kind,Sorte,
,end_repeat,,,,
,end_repeat,,,,
choices
,list_name,name,label,label::French (fr)
,yn,yes,Yes,Oui
,yn,no,No,Non
,crop,maize,Maize,Mais
,crop,beans,Green beans,Haricots
,crop,-888,"Refused, or not known",Refus
settings
,form_id,version,respondent
,demo,1,who
"""

# Invented.
ANSWERS = [
    {"who": "AUS", "q1": "3", "day": "2026-03-04", "ok": "yes", "loc": "1.5 -2.25 10 3", "sm": "maize beans",
     "why": "Two lines,\nand \"quotes\"", "price": "4", "service": "5",
     "person": [{"name": "Ann", "likes": "maize -888", "home": "1 2 0 5", "pet": [{"kind": "cat"}, {"kind": "eel"}]},
                {"name": "Bob", "likes": "", "home": "", "pet": []}]},
    {"who": "NZ", "q1": "", "day": "2025-12-31", "ok": "no", "loc": "", "sm": "", "why": "", "price": "", "service": "1",
     "person": []},
    {"who": "PNG", "q1": "0", "day": "", "ok": "", "loc": "-9.5 147.1 0 0", "sm": "-888", "why": "a {tab}", "price": "2",
     "service": "", "person": [{"name": "Kila", "likes": "beans", "home": "", "pet": [{"kind": "dog"}]}]},
]
PLAIN = ["who", "q1", "day", "ok", "sm", "why", "price", "service"]
ROOT = ["who", "q1", "day", "ok", "loc", "sm", "why", "price", "service"]
GROUP = {name: "g" for name in ("q1", "day", "ok", "loc", "sm", "why")} | {"price": "rate", "service": "rate"}
LABELS = {"who": "Who are you?", "q1": "How many seats?", "day": "Since when?", "ok": "Is it legal?", "loc": "Location",
          "sm": "Crops", "why": "Why?", "price": "Price", "service": "Service"}
TITLES = {"g": "Section G", "rate": "Rate us"}
CHOICES = {"yes": "Yes", "no": "No", "maize": "Maize", "beans": "Green beans", "-888": "Refused, or not known"}
CROPS = ["maize", "beans", "-888"]
POINT = ["Latitude", "Longitude", "Altitude", "Accuracy"]


def path(name, between="/"):
    return GROUP[name] + between + name if name in GROUP else name


def point(text):
    return (text.split() + [""] * 4)[:4]


def ticks(text, yes="1", no="0", blank=None):
    """A cell for each crop; blank: what they are where none is named."""
    if not text and blank is not None:
        return [blank] * len(CROPS)
    return [yes if crop in text.split() else no for crop in CROPS]


def text_of(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue()


def flat(answer, fields):
    """One response in canvass's wide layout, entries in brackets."""
    cells = {path(name): answer[name] for name in fields}
    for i, person in enumerate(answer["person"], 1):
        for name in ("name", "likes", "home"):
            inner = name if name == "name" else "more/" + name
            cells["person[%d]/%s" % (i, inner)] = person[name]
        for k, pet in enumerate(person["pet"], 1):
            cells["person[%d]/pet[%d]/kind" % (i, k)] = pet["kind"]
    return cells


class Exports(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("demo.csv", FORM)
        self.stores = 0

    def take(self, *files, code=0, options=()):
        """Imports into a store of its own; gives the summary, and the answers that are then stored."""
        self.stores += 1
        store = self.path("store%d.db" % self.stores)
        found, told, _ = import_json(self.form, *files, "--store", store, "--now", NOW, *options)
        self.assertEqual(found, code, told)
        return told, self.stored(store)

    def stored(self, name):
        store = sqlite3.connect(name)
        who = dict(store.execute("SELECT id, respondent FROM response WHERE later IS NULL"))
        rows = []
        for table in range(3):
            columns = [row[1] for row in store.execute("PRAGMA table_info(answers_1_%d_0)" % table)]
            wanted = [name for name in columns if name.startswith("q") or name in ("response", "position")]
            if not wanted:
                continue
            for row in store.execute("SELECT %s, %s FROM answers_1_%d_0" %
                                     ("id" if not table else "response", ", ".join(wanted), table)):
                rows.append((table, who.get(row[0]), *row[2 if table else 1:]))
        reading = store.execute("SELECT reading FROM file").fetchone()[0]
        store.close()
        self.reading = reading
        return sorted(rows, key=repr)

    def wide(self, fields, entries):
        answers = [answer if entries else {**answer, "person": []} for answer in ANSWERS]
        rows = [flat(answer, fields) for answer in answers]
        heads = list(dict.fromkeys(head for row in rows for head in row))
        content = text_of([heads] + [[row.get(head, "") for head in heads] for row in rows])
        return self.take(self.write("reference.csv", content))[1]

    def assert_same(self, files, fields, entries=False, reading=None, options=()):
        expected = self.wide(fields, entries)
        told, answers = self.take(*files, options=options)
        self.assertEqual(answers, expected)
        self.assertEqual([told["errors"], told["warnings"]], [0, 0], told)
        if reading:
            self.assertIn(reading, self.reading)
        return told

    # ---------------------------------------------------------------- ODK Central and Briefcase

    def central(self, paths=True, split=False, briefcase=False):
        """The root table and those of both repeats, by file name."""
        def head(name):
            return path(name, "-") if paths else name

        def choices(name, text):
            return [text] + (ticks(text) if split else [])

        def split_heads(name):
            return [name] + (["%s/%s" % (name, crop) for crop in CROPS] if split else [])

        heads = ["SubmissionDate"]
        for name in ROOT:
            heads += ["%s-%s" % (head(name), part) for part in POINT] if name == "loc" else \
                split_heads(head(name)) if name == "sm" else [head(name)]
        heads += ["SET-OF-person", "KEY", "isValidated"] if briefcase else \
            ["meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected",
             "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"]
        more = "more-" if paths else ""
        root, persons, pets = [heads], [], []
        persons.append(["name", *split_heads(more + "likes"), *("%shome-%s" % (more, part) for part in POINT)] +
                       ["PARENT_KEY", "KEY"])
        pets.append(["kind", "PARENT_KEY", "KEY"])
        for number, answer in enumerate(ANSWERS):
            key = "uuid:0000-%d" % number
            row = ["2026-11-30T10:00:00.000Z"]
            for name in ROOT:
                row += point(answer[name]) if name == "loc" else choices(name, answer[name]) if name == "sm" else \
                    [answer[name]]
            row += [key + "/person", key, "True"] if briefcase else \
                [key, key, "7", "Desk", "0", "0", "", "", "", "0", "1"]
            root.append(row)
            for i, person in enumerate(answer["person"], 1):
                inner = "%s/person[%d]" % (key, i)
                persons.append([person["name"], *choices("likes", person["likes"]), *point(person["home"]), key, inner])
                pets += [[pet["kind"], inner, "%s/pet[%d]" % (inner, k)] for k, pet in enumerate(person["pet"], 1)]
        return {"demo.csv": text_of(root), "demo-person.csv": text_of(persons), "demo-pet.csv": text_of(pets)}

    def export(self, folder, files):
        os.mkdir(self.path(folder))
        return [self.write(os.path.join(folder, name), content) for name, content in files.items()]

    def test_central_files_given_together(self):
        files = self.export("out", self.central())
        told = self.assert_same(list(reversed(files)), ROOT, True, "wide (ODK Central); with demo-pet.csv, demo-person.csv")
        self.assertEqual(told["files"]["received"], 1)
        self.assertEqual(told["responses"]["new"], 3)

    def test_central_siblings_are_found(self):
        self.assert_same(self.export("out", self.central())[:1], ROOT, True, "with demo-person.csv, demo-pet.csv")

    def test_central_without_group_paths(self):
        self.assert_same(self.export("out", self.central(paths=False)), ROOT, True)

    def test_central_with_split_choices(self):
        self.assert_same(self.export("out", self.central(split=True)), ROOT, True)

    def test_briefcase(self):
        self.assert_same(self.export("out", self.central(briefcase=True)), ROOT, True, "wide (ODK Briefcase)")

    def zipped(self, name, files):
        with zipfile.ZipFile(self.path(name), "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in files.items():
                archive.writestr(part, content)
        return self.path(name)

    def test_central_download_is_one_return(self):
        media = {"media/%d.jpg" % at: b"\xff\xd8" for at in range(5)} | {"media/data.csv": "a,b\n", "demo - audit.csv": "event\n"}
        archive = self.zipped("demo.csv.zip", self.central() | media)
        told = self.assert_same([archive], ROOT, True, "wide (ODK Central); with demo-person.csv, demo-pet.csv")
        self.assertEqual([told["files"]["received"], told["responses"]["new"]], [1, 3])
        _, out, _ = run("import", self.form, archive, "--store", self.path("again.db"), "--now", NOW)
        self.assertIn("demo.csv.zip: note[N0667]: 7 files in the archive are passed over: media/0.jpg, media/1.jpg, media/2.jpg, ...",
                      out)
        # Its files are kept: they are imported again from the store.
        self.assertEqual(run("verify", self.path("again.db"))[0], 0)
        again = import_json(self.form, archive, "--store", self.path("again.db"), "--now", NOW)[1]
        self.assertEqual(again["files"]["already_there"], 1)

    def test_an_archive_of_several_returns(self):
        content = {"%s.csv" % who: "who,q1\n%s,%d\n" % (who, at) for at, who in enumerate(("AUS", "NZ"))}
        told, answers = self.take(self.zipped("two.zip", content))
        self.assertEqual([told["files"]["received"], told["responses"]["new"]], [2, 2])
        self.assertEqual([os.path.basename(one["file"]) for one in told["returns"]], ["AUS.csv", "NZ.csv"])

    def test_an_archive_in_a_folder(self):
        os.mkdir(self.path("inbox"))
        self.zipped("inbox/a.zip", {"AUS.csv": "who,q1\nAUS,1\n"})
        told, _ = self.take(self.path("inbox"))
        self.assertEqual([told["files"]["received"], told["responses"]["new"]], [1, 1])

    def test_a_damaged_archive_is_one_return_that_is_quarantined(self):
        archive = self.zipped("a.zip", {"AUS.csv": "who,q1\nAUS,1\n" * 50})
        with open(archive, "rb") as file:
            content = bytearray(file.read())
        content[45] ^= 0x55
        told, _ = self.take(self.write("a.zip", bytes(content)), code=1)
        self.assertEqual(told["files"], {**told["files"], "received": 1, "quarantined": 1})

    def test_a_repeat_alone_is_refused(self):
        files = self.export("out", self.central())
        told, answers = self.take(files[1], code=1)
        self.assertEqual([found["code"] for found in told["returns"][0]["findings"]], ["E0646"])
        self.assertEqual(told["files"]["quarantined"], 1)
        self.assertEqual(answers, [])

    def test_an_entry_of_nobody_is_told_and_the_rest_is_kept(self):
        export = self.central()
        export["demo-person.csv"] += "Eve,,,,,,uuid:gone,uuid:gone/person[1]\n"
        files = self.export("out", export)
        told, answers = self.take(*files, code=1)
        self.assertEqual([(found["code"], os.path.basename(found["file"]), found["row"])
                          for found in told["returns"][0]["findings"]], [("E0641", "demo-person.csv", 5)])
        self.assertEqual(answers, self.wide(ROOT, True))

    def test_a_changed_repeat_file_is_no_file_already_there(self):
        export = self.central()
        files = self.export("out", export)
        store = self.path("again.db")
        import_json(self.form, *files, "--store", store, "--now", NOW)
        _, told, _ = import_json(self.form, *files, "--store", store, "--now", NOW)
        self.assertEqual(told["files"]["already_there"], 1)
        self.write("out/demo-pet.csv", export["demo-pet.csv"].replace("eel", "hen"))
        _, told, _ = import_json(self.form, *files, "--store", store, "--now", NOW)
        self.assertEqual([told["files"]["already_there"], told["responses"]["revisions"]], [0, 1])

    def test_findings_of_entries_stand_in_their_own_file(self):
        export = self.central()
        export["demo-person.csv"] = export["demo-person.csv"].replace("maize -888", "maize rice")
        told, _ = self.take(*self.export("out", export), code=1)
        found = [(found["code"], os.path.basename(found["file"]), found["row"], found["column"], found["field"])
                 for found in told["returns"][0]["findings"]]
        self.assertEqual(found, [("E0503", "demo-person.csv", 2, 2, "person[1]/likes")])

    # ---------------------------------------------------------------- KoboToolbox

    META = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__",
            "_tags", "meta/rootUuid", "_index"]

    def kobo(self, labels=False, hierarchy=False, select="both", tags=False):
        def head(name, part=None):
            own = LABELS[name] if labels else name
            titles = [TITLES[GROUP[name]] if labels else GROUP[name]] if hierarchy and name in GROUP else []
            return "/".join(titles + [own] + ([CHOICES[part] if labels else part] if part else []))

        def value(name, text):
            if labels and name == "ok":
                return CHOICES.get(text, "")
            return " ".join(CHOICES[crop] for crop in text.split()) if labels and name == "sm" else text

        heads = []
        for name in ROOT:
            if name == "loc":
                own, around = (LABELS[name], "Section G/") if labels else (name, "g/")
                heads += [own] + ["%s_%s_%s" % (around if hierarchy else "", own, part)
                                  for part in ("latitude", "longitude", "altitude", "precision")]
            elif name == "sm":
                heads += [head(name)] * (select != "details") + \
                    [head(name, crop) for crop in CROPS] * (select != "summary")
            else:
                heads.append(head(name))
        rows = [heads + self.META]
        if tags:
            rows.append(["#tag+%d" % i for i in range(len(rows[0]))])
        for number, answer in enumerate(ANSWERS):
            row = []
            for name in ROOT:
                if name == "loc":
                    row += [answer[name], *point(answer[name])]
                elif name == "sm":
                    row += [value(name, answer[name])] * (select != "details") + \
                        ticks(answer[name], blank="") * (select != "summary")
                else:
                    row.append(value(name, answer[name]))
            rows.append(row + [str(100 + number), "u%d" % number, "2026-11-30T10:00:00", "", "", "submitted_via_web", "",
                               "vA1", "", "u%d" % number, str(number + 1)])
        return text_of(rows, ";", csv.QUOTE_ALL, "\r\n")

    def test_kobo_names(self):
        self.assert_same([self.write("kobo.csv", self.kobo())], ROOT, reading="wide (KoboToolbox)")

    def test_kobo_names_with_groups(self):
        self.assert_same([self.write("kobo.csv", self.kobo(hierarchy=True))], ROOT)

    def test_kobo_names_with_choices_in_columns_alone(self):
        self.assert_same([self.write("kobo.csv", self.kobo(select="details"))], ROOT)

    def test_kobo_names_with_choices_in_one_cell(self):
        self.assert_same([self.write("kobo.csv", self.kobo(select="summary"))], ROOT)

    def test_kobo_labels(self):
        self.assert_same([self.write("kobo.csv", self.kobo(labels=True))], ROOT)

    def test_kobo_labels_with_groups_and_choices_in_columns(self):
        self.assert_same([self.write("kobo.csv", self.kobo(labels=True, hierarchy=True, select="details"))], ROOT)

    def test_kobo_with_a_line_of_tags(self):
        self.assert_same([self.write("kobo.csv", self.kobo(tags=True))], ROOT)

    def test_kobo_workbook_with_repeat_sheets(self):
        book = openpyxl.Workbook()
        root, persons, pets = book.active, book.create_sheet("person"), book.create_sheet("pet")
        root.title = "demo"
        for row in csv.reader(io.StringIO(self.kobo()), delimiter=";"):
            root.append(row)
        persons.append(["name", "likes", "likes/maize", "likes/beans", "likes/-888", "home", "_home_latitude",
                        "_home_longitude", "_home_altitude", "_home_precision", "_index", "_parent_table_name",
                        "_parent_index", "_submission__id", "_submission__uuid"])
        pets.append(["kind", "_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"])
        for number, answer in enumerate(ANSWERS, 1):
            for person in answer["person"]:
                at = persons.max_row
                persons.append([person["name"], person["likes"], *ticks(person["likes"], blank=""), person["home"],
                                *point(person["home"]), at, "demo", number, 99 + number, "u%d" % (number - 1)])
                for pet in person["pet"]:
                    pets.append([pet["kind"], pets.max_row, "person", at, 99 + number, "u%d" % (number - 1)])
        book.save(self.path("kobo.xlsx"))
        self.assert_same([self.path("kobo.xlsx")], ROOT, True)

    # ---------------------------------------------------------------- Ona and KoBoCAT

    def ona(self):
        rows = [flat(answer, ROOT) for answer in ANSWERS]
        heads = list(dict.fromkeys(head for row in rows for head in row))
        out = [[]]
        for head in heads:
            if head.endswith("likes") or head == "g/sm":
                out[0] += ["%s/%s" % (head, crop) for crop in CROPS]
            elif head == "g/loc":
                out[0] += [head] + ["g/_loc_%s" % part for part in ("latitude", "longitude", "altitude", "precision")]
            else:
                out[0].append(head)
        out[0] += ["meta/instanceID", "_uuid", "_submission_time", "_tags", "_notes", "_version", "_duration"]
        for number, row in enumerate(rows):
            cells = []
            for head in heads:
                text = row.get(head, "")
                if head.endswith("likes") or head == "g/sm":
                    cells += ticks(text, "True", "False", "n/a")
                elif head == "g/loc":
                    cells += [text or "n/a"] + [part or "n/a" for part in point(text)]
                else:
                    cells.append(text or "n/a")
            out.append(cells + ["uuid:%d" % number, str(number), "2026-11-30T10:00:00", "", "", "v1", "60"])
        return text_of(out)

    def test_ona(self):
        self.assert_same([self.write("ona.csv", self.ona())], ROOT, True, "wide (Ona)")

    # ---------------------------------------------------------------- SurveyCTO

    def surveycto_wide(self):
        def split(name):
            return [name.replace("*", "")] + [name.replace("*", "_" + "".join(c if c.isalnum() else "_" for c in crop))
                                              for crop in CROPS]

        heads = ["SubmissionDate", "starttime", "endtime", "deviceid"]
        for name in ROOT:
            heads += ["loc" + part for part in POINT] if name == "loc" else split("sm*") if name == "sm" else [name]
        heads.append("person_count")
        for i in (1, 2):
            heads += ["name_%d" % i] + [head + "_%d" % i for head in split("likes*")] + \
                ["home%s_%d" % (part, i) for part in POINT] + ["pet_count_%d" % i]
            heads += ["kind_%d_%d" % (i, k) for k in (1, 2)]
        rows = [heads + ["instanceID", "formdef_version", "KEY", "review_status"]]
        for number, answer in enumerate(ANSWERS):
            row = ["Nov 30, 2026 10:00:00 AM", "", "", "web"]
            for name in ROOT:
                row += point(answer[name]) if name == "loc" else \
                    [answer[name]] + ticks(answer[name], blank="") if name == "sm" else [answer[name]]
            row.append(str(len(answer["person"])))
            for i in range(2):
                person = answer["person"][i] if i < len(answer["person"]) else \
                    {"name": "", "likes": "", "home": "", "pet": []}
                row += [person["name"], person["likes"], *ticks(person["likes"], blank=""), *point(person["home"]),
                        str(len(person["pet"]))]
                row += [person["pet"][k]["kind"] if k < len(person["pet"]) else "" for k in range(2)]
            rows.append(row + ["uuid:%d" % number, "1", "uuid:%d" % number, "NONE"])
        return text_of(rows)

    def test_surveycto_wide(self):
        self.assert_same([self.write("cto.csv", self.surveycto_wide())], ROOT, True, "wide (SurveyCTO)")

    def test_columns_of_choices_that_contradict_the_whole_answer(self):
        rows = list(csv.reader(io.StringIO(self.surveycto_wide(), newline="")))
        for name, text, said in [("sm_beans", "1", '"sm_beans" is "1", but the whole answer in column 13 is "-888"'),
                                 ("sm__888", "", '"sm__888" is "", but the whole answer in column 13 is "-888"'),
                                 ("sm__888", "0 perhaps", '"sm__888" is "0 perhaps", but the whole answer in column 13 is "-888"'),
                                 ("sm", "", "the whole answer in column 13 is blank, and choices in their own columns are not"),
                                 ("sm", "-88x", 'the whole answer in column 13 has a choice that the list does not have: "-88x"')]:
            changed = [list(row) for row in rows]
            changed[3][rows[0].index(name)] = text
            told = self.take(self.write("cto.csv", text_of(changed)))[0]
            self.assertEqual([(found["code"], found["message"]) for found in told["returns"][0]["findings"]], [("W0645", said)])

    def test_surveycto_long(self):
        export = self.central(paths=False)
        names = {"demo.csv": "demo.csv", "demo-person.csv": "demo-person.csv", "demo-pet.csv": "demo-person-pet.csv"}
        files = {names[name]: content.replace("PARENT_KEY,KEY", "PARENT_KEY,KEY,SET-OF-" + name[5:-4], 1)
                 for name, content in export.items()}
        for name in list(files)[1:]:
            head, *rest = files[name].splitlines()
            files[name] = "\n".join([head] + [line + ",x" for line in rest]) + "\n"
        self.assert_same(self.export("out", files), ROOT, True)

    # ---------------------------------------------------------------- Google Forms

    def google_forms(self):
        heads = ["Timestamp", "Email Address", "Who are you?", "G1. How many seats?", "Since when? *", "Is it legal?",
                 "Crops", "Why?", "Rate us [Price]", "Rate us [Service]"]
        rows = [heads]
        for answer in ANSWERS:
            day = answer["day"]
            rows.append(["11/30/2026 10:00:00", "desk@example.org", answer["who"], answer["q1"],
                         "%d/%d/%s" % (int(day[5:7]), int(day[8:]), day[:4]) if day else "",
                         CHOICES.get(answer["ok"], ""), ", ".join(CHOICES[crop] for crop in answer["sm"].split()),
                         answer["why"], answer["price"], answer["service"]])
        return text_of(rows, end="\r\n")

    def test_google_forms(self):
        expected = self.wide(PLAIN, False)
        told, answers = self.take(self.write("google.csv", self.google_forms()))
        self.assertEqual(answers, expected)
        self.assertEqual(told["errors"], 0)
        self.assertIn("wide (Google Forms)", self.reading)

    # ---------------------------------------------------------------- LimeSurvey

    LIME = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl"]

    def lime(self, heads, answer):
        return heads + [answer["who"], answer["q1"], answer["day"], answer["ok"],
                        *ticks(answer["sm"], "Y", ""), answer["why"], answer["price"], answer["service"]]

    def limesurvey(self, names, separator=";"):
        rows = [self.LIME + names]
        for number, answer in enumerate(ANSWERS, 1):
            row = self.lime([str(number), "2026-11-30 10:00:00", "3", "en", "9", "", "", "", ""], answer)
            rows.append(row)
        return b"\xef\xbb\xbf" + text_of(rows, separator, csv.QUOTE_ALL, "\r\n").encode() + b"\r\n"

    LIME_CODES = ["who", "q1", "day", "ok", "sm[maize]", "sm[beans]", "sm[-888]", "why", "rate[price]", "rate[service]"]

    def test_limesurvey_codes(self):
        self.assert_same([self.write("lime.csv", self.limesurvey(self.LIME_CODES))], PLAIN, reading="wide (LimeSurvey)")

    def test_limesurvey_expression_codes(self):
        names = ["who", "q1", "day", "ok", "sm_maize", "sm_beans", "sm__888", "why", "price", "service"]
        self.assert_same([self.write("lime.csv", self.limesurvey(names, ","))], PLAIN)

    def test_limesurvey_texts(self):
        names = ["Who are you?", "How many seats?", "Since when?", "Is it legal?", "Crops [Maize]", "Crops [Green beans]",
                 "Crops [Refused, or not known]", "Why?", "Rate us [Price]", "Rate us [Service]"]
        self.assert_same([self.write("lime.csv", self.limesurvey(names))], PLAIN)

    def test_limesurvey_codes_and_texts(self):
        names = ["who. Who are you?", "q1. How many seats?", "day. Since when?", "ok. Is it legal?", "sm. Crops [Maize]",
                 "sm. Crops [Green beans]", "sm. Crops [Refused, or not known]", "why. Why?", "price. Price",
                 "service. Service"]
        self.assert_same([self.write("lime.csv", self.limesurvey(names, "\t"))], PLAIN)

    def test_limesurvey_vv(self):
        codes = self.LIME + ["who", "q1", "day", "ok", "sm_maize", "sm_beans", "sm__888", "why", "price", "service"]
        rows = [["Response ID", "Date submitted", "Last page", "Start language", "Seed", "Date started",
                 "Date last action", "IP address", "Referrer URL", "Who are you?"] + ["?"] * 9, codes]
        rows[0] = rows[0][:len(codes)]
        for number, answer in enumerate(ANSWERS, 1):
            row = self.lime([str(number), "2026-11-30 10:00:00", "3", "en", "9", "", "", "", ""], answer)
            rows.append([cell.replace("{", "{lbrace}").replace("\n", "{newline}").replace("\t", "{tab}") or
                         "{question_not_shown}" for cell in row])
        self.assert_same([self.write("lime.csv", text_of(rows, "\t"))], PLAIN, reading="wide (LimeSurvey VV)")

    # ---------------------------------------------------------------- a form that does not ask for the name

    def nameless(self, *files):
        """Imports with a form without an identifying question; the respondents that are then stored."""
        self.stores += 1
        form = self.write("nameless.csv", FORM.replace(",form_id,version,respondent\n,demo,1,who", ",form_id,version\n,demo,1"))
        store = self.path("nameless%d.db" % self.stores)
        code, told, _ = import_json(form, *files, "--store", store, "--now", NOW)
        self.assertEqual([code, told["responses"]["quarantined"]], [0, 0], told)
        kept = sqlite3.connect(store)
        found = [row[0] for row in kept.execute("SELECT respondent FROM response WHERE later IS NULL ORDER BY 1")]
        kept.close()
        return found

    def test_every_tool_names_its_records(self):
        uuids = ["uuid:0000-%d" % at for at in range(3)]
        self.assertEqual(self.nameless(self.zipped("central.zip", self.central())), uuids)
        self.assertEqual(self.nameless(self.write("kobo.csv", self.kobo())), ["u0", "u1", "u2"])
        names = ["who", "q1", "day", "ok", "sm[maize]", "sm[beans]", "sm[-888]", "why", "price", "service"]
        self.assertEqual(self.nameless(self.write("lime.csv", self.limesurvey(names))), ["1", "2", "3"])
        self.assertEqual(self.nameless(self.write("google.csv", "Timestamp,Email Address,How many seats?,Why?\n"
                                                  "1,a@example.org,3,x\n2,b@example.org,4,y\n")),
                         ["a@example.org", "b@example.org"])
        self.assertEqual(self.nameless(self.write("ona.csv", "g/q1,g/why,_uuid,_submission_time\n3,n/a,o1,t\n4,x,o2,t\n")),
                         ["o1", "o2"])
        self.assertEqual(self.nameless(self.write("cto.csv", "SubmissionDate,q1,why,formdef_version,KEY\nt,3,x,1,uuid:k\n")),
                         ["uuid:k"])

    # ---------------------------------------------------------------- what a person says of columns

    ODD = "who,Seats in all,Price,Colour\nAUS,3,4,red\n"

    def findings(self, told):
        return [(found["code"], found["field"]) for found in told["returns"][0]["findings"]]

    def test_a_map_settles_columns_and_is_remembered(self):
        odd = self.write("odd.csv", self.ODD)
        again = self.write("again.csv", self.ODD.replace("AUS,3", "NZ,5"))
        columns = self.write("map.csv", "column,question\nseats IN all,q1\nPrice,rate/price\nColour,\n")
        store = self.path("mapped.db")
        code, told, _ = import_json(self.form, odd, "--store", store, "--now", NOW, "-n")
        self.assertEqual(self.findings(told), [("W0605", "Seats in all"), ("W0605", "Colour")])
        code, told, _ = import_json(self.form, odd, "--map", columns, "--store", store, "--now", NOW)
        self.assertEqual([code, self.findings(told)], [0, []])
        code, told, _ = import_json(self.form, again, "--store", store, "--now", NOW)
        self.assertEqual([code, self.findings(told)], [0, []])
        kept = sqlite3.connect(store)
        self.assertEqual(kept.execute("SELECT q1, q7 FROM answers_1_0_0 ORDER BY q0").fetchall(), [(3, 4), (5, 4)])
        kept.close()
        third = self.write("third.csv", self.ODD.replace("AUS,3", "PNG,6"))
        code, told, _ = import_json(self.form, third, "--map", "none", "--store", store, "--now", NOW)
        self.assertEqual(self.findings(told), [("W0605", "Seats in all"), ("W0605", "Colour")])
        code, told, _ = import_json(self.form, self.write("fourth.csv", self.ODD.replace("AUS,3", "FJI,7")), "--store",
                                    store, "--now", NOW)
        self.assertEqual(self.findings(told), [("W0605", "Seats in all"), ("W0605", "Colour")])

    def test_the_heading_shown_is_the_one_that_is_told(self):
        path = self.write("none.csv", "Colour,q1x\nred,2\n")
        told = import_json(self.form, path, "--store", self.path("none.db"), "--now", NOW)[1]
        self.assertEqual([(f["code"], f["field"], f["excerpt"]) for f in told["returns"][0]["findings"]],
                         [("E0601", "q1x", "q1x")])

    def test_a_map_that_is_wrong_is_told_at_its_line(self):
        odd = self.write("odd.csv", self.ODD)
        for content, expected, code in [
            ("heading,question\nColour,\n", ":1: error[E0647]", 2),
            ("column,question\nColour,\nSeats in all,q11\n", ":3, column 2: error[E0648]", 2),
            ("column,question\nColour,\ncolour,q1\n", ":3, column 1: error[E0650]", 2),
            ("question,column\n,Colour\nq1,Seats in most\n", ":3, column 2: error[E0649]", 1),
            ("column,question\n" + "".join("c%u,\n" % at for at in range(20001)), ":20002: error[E0651]", 2),
        ]:
            columns = self.write("map.csv", content)
            found, out, err = run("import", self.form, odd, "--map", columns, "--store", self.path("x.db"), "--now", NOW)
            self.assertEqual(found, code, err)
            self.assertIn("map.csv" + expected, err)


if __name__ == "__main__":
    unittest.main()
