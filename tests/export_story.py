"""What export writes, read back with Python's own readers and compared with what was returned."""
import csv
import json
import os
import subprocess
import unittest
import xml.etree.ElementTree as xml

from story import FORM, NOW, Story, published, run

SURVEY = """survey
,type,name,label,hint,constraint,calculation,audience,relevant,bind::type
,select_one who,who,Who,,,,,
,select_one release,release,Release,,,,,
,select_one yes,has,"Has ""it"" so",Say so.,,,,
,select_multiple why,reasons,Reasons,,,,,
,rank why,ranked,Order,,,,,
,date,since,Since,,,,,
,time,at,At,,,,,
,dateTime,seen,Seen,,,,,
,decimal,share,Share,,. <= 1,,,
,integer,crews,Crews,,,,,
,calculate,double,Twice,,,${crews} * 2,,,int
,text,place,Place,,,,,
,text,mail,Mail,,,,contact,
,text,because,Because,,,,,${has} = 'y'
%s
,begin_repeat,crew,Crew,,,,,
,text,name,Name,,,,,
,begin_repeat,paper,Papers,,,,,
,text,title,Title,,,,,
,text,Title,Subtitle,,,,,
,end_repeat,,,,,,,
,end_repeat,,,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
,who,dd,Delta
,yes,y,Yes
,yes,n,No
,why,cost,It costs; much
,why,law,Law
,why,time,Time
,release,attributed,By name
,release,members_only,To members
,release,aggregate_only,In counts
,release,secretariat,To nobody
settings
,form_id,version,respondent,release
,young,%d,who,release
"""
FIRST = SURVEY % ("", 1)
ALPHA = """question,answer,note
who,aa,
release,attributed,
has,Yes,as the law says
reasons,law cost,
ranked,time cost law,
since,28.2.2026,
at,10:30,
seen,2026-02-28T10:30:00+09:00,
share,0.30000000000000004,
crews,"3,400",
place,"=1+1, ""quoted""
second line",
mail,a@example.org,
because,é漢字,
crew[1]/name,Ann,
crew[1]/paper[1]/title,First,a remark on an entry
crew[1]/paper[2]/title,Second,
crew[1]/paper[2]/Title,Sub,
crew[2]/name,-Bo,
"""
BETA = """question,answer
who,bb
release,members_only
has,N/A
reasons,D/K
share,7
crews,many
place,CONF
because,not asked for
mail,b@example.org
crew[1]/name,Cy
"""
COUNTED = "question,answer\nwho,cc\nrelease,aggregate_only\nplace,SECRET-C\ncrew[1]/name,SECRET-D\n"
HIDDEN = "question,answer\nwho,dd\nrelease,secretariat\nplace,SECRET-E\n"
ROSTER = "code,name,group:Region\naa,Alpha,East\nbb,Beta,\ncc,Gamma,West\ndd,Delta,West\n"


class Export(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FIRST)
        self.write("roster.csv", ROSTER)

    def take(self, *returns):
        files = [self.write("%d.csv" % number, content) for number, content in enumerate(returns)]
        code, _, err = run("import", self.form, *files, "--store", self.path("s.db"), "--now", NOW, "--round", "2026")
        self.assertIn(code, (0, 1), err)

    def export(self, *more, expect=0, to="out"):
        code, out, err = run("export", self.form, "--store", self.path("s.db"), "--now", NOW, "--round", "2026",
                             "-o", self.path(to), *more)
        self.assertEqual(code, expect, out + err)
        return out + err

    def table(self, name, to="out"):
        with open(self.path("%s/%s.csv" % (to, name)), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def lines(self, to):
        with open(self.path(to), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    # ------------------------------------------------------------ a folder of CSV files

    def test_each_answer_is_in_its_column_in_one_format(self):
        self.take(ALPHA)
        self.export("--audience", "secretariat")
        row, = self.table("responses")
        self.assertEqual(row, {
            "respondent": "aa", "round": "2026", "revision": "1", "received": "2026-12-01T00:00:00.000+00:00",
            "who": "aa", "release": "attributed", "has": "y", "reasons": "law cost", "ranked": "time cost law",
            "since": "2026-02-28", "at": "10:30", "seen": "2026-02-28T01:30:00.000+00:00", "share": "0.30000000000000004",
            "crews": "3400", "double": "6800", "place": '=1+1, "quoted"\nsecond line', "mail": "a@example.org",
            "because": "é漢字"})
        self.assertEqual(self.table("crew"), [{"respondent": "aa", "entry": "crew[1]", "name": "Ann"},
                                              {"respondent": "aa", "entry": "crew[2]", "name": "-Bo"}])
        self.assertEqual(self.table("paper"), [
            {"respondent": "aa", "entry": "crew[1]/paper[1]", "inside": "crew[1]", "title": "First", "Title_2": ""},
            {"respondent": "aa", "entry": "crew[1]/paper[2]", "inside": "crew[1]", "title": "Second", "Title_2": "Sub"}])
        self.assertEqual(self.table("remarks"), [
            {"respondent": "aa", "question": "has", "remark": "as the law says"},
            {"respondent": "aa", "question": "crew[1]/paper[1]/title", "remark": "a remark on an entry"}])
        self.assertEqual(self.table("respondents")[1], {"respondent": "bb", "name": "Beta", "Region": ""})

    def test_what_does_not_count_is_listed_apart_and_nothing_is_lost(self):
        self.take(BETA)
        said = self.export("--audience", "secretariat")
        row, = self.table("responses")
        self.assertEqual([row[name] for name in ("has", "reasons", "place", "share", "crews", "double", "because")],
                         ["N/A", "D/K", "CONF", "", "", "", ""])
        self.assertEqual({(each["question"], each["answer"], each["why"]) for each in self.table("not_counted")},
                         {("share", "7", "against the rule"), ("crews", "many", "cannot be read as an answer of this kind"),
                          ("because", "not asked for", "answered though not asked")})
        self.assertIn("3 answers do not count and are listed apart (not_counted)", said)

    def test_labels_in_place_of_names(self):
        self.take(ALPHA)
        self.export("--audience", "secretariat", "--with-labels")
        row, = self.table("responses")
        self.assertEqual([row[name] for name in ("who", "has", "reasons", "ranked")],
                         ["Alpha", "Yes", "It costs; much; Law", "time cost law"])

    def test_a_spreadsheet_sees_no_formula(self):
        self.take(ALPHA)
        self.export("--audience", "secretariat", "--formula-safe")
        self.assertEqual(self.table("responses")[0]["place"], '\'=1+1, "quoted"\nsecond line')
        self.assertEqual(self.table("crew")[1]["name"], "'-Bo")
        self.assertIn("only CSV files", self.export("--formula-safe", to="x.jsonl", expect=2))

    def test_every_file_or_none_and_none_is_replaced(self):
        self.take(ALPHA)
        os.mkdir(self.path("out"))
        self.write("out/paper.csv", "mine")
        self.assertIn("paper.csv", self.export(expect=2))
        self.assertEqual(os.listdir(self.path("out")), ["paper.csv"])
        self.export("--force")
        self.assertEqual(len(os.listdir(self.path("out"))), 8)

    # ------------------------------------------------------------ what describes it

    def test_the_data_package_describes_every_column(self):
        self.take(ALPHA, BETA)
        self.export("--audience", "secretariat")
        with open(self.path("out/datapackage.json"), encoding="utf-8") as file:
            package = json.load(file)
        self.assertEqual(package["name"], "young-2026")
        for resource in package["resources"]:
            with open(self.path("out/" + resource["path"]), encoding="utf-8", newline="") as file:
                self.assertEqual(next(csv.reader(file)), [field["name"] for field in resource["schema"]["fields"]])
        fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
        self.assertEqual({name: fields[name]["type"] for name in ("since", "at", "seen", "share", "crews", "double", "has")},
                         {"since": "date", "at": "time", "seen": "datetime", "share": "number", "crews": "integer",
                          "double": "number", "has": "string"})
        self.assertEqual(fields["has"]["constraints"], {"enum": ["y", "n"]})
        self.assertEqual(fields["has"]["categories"], [{"value": "y", "label": "Yes"}, {"value": "n", "label": "No"}])
        missing = package["resources"][0]["schema"]["missingValues"]
        for resource in package["resources"]:
            schema = resource["schema"]
            rows = self.table(resource["name"])
            for field in schema["fields"]:
                for row in rows:
                    value = row[field["name"]]
                    if "enum" in field.get("constraints", {}) and value not in missing:
                        self.assertIn(value, field["constraints"]["enum"])
            keys = [tuple(row[name] for name in schema.get("primaryKey", ())) for row in rows]
            self.assertTrue(not schema.get("primaryKey") or len(set(keys)) == len(keys))
            for foreign in schema.get("foreignKeys", ()):
                reference = foreign["reference"]
                theirs = {tuple(row[name] for name in reference["fields"]) for row in self.table(reference["resource"])}
                self.assertLessEqual({tuple(row[name] for name in foreign["fields"]) for row in rows}, theirs)

    def test_the_codebook_names_every_variable(self):
        self.take(ALPHA)
        self.export("--audience", "secretariat")
        root = xml.parse(self.path("out/codebook.xml")).getroot()
        ddi = "{ddi:codebook:2_5}"
        self.assertEqual(root.tag, ddi + "codeBook")
        columns = {"responses.csv": 18, "crew.csv": 3, "paper.csv": 5}
        files = {each.get("ID"): each for each in root.iter(ddi + "fileDscr")}
        found = {each.find(".//" + ddi + "fileName").text: int(each.find(".//" + ddi + "varQnty").text) for each in files.values()}
        self.assertEqual(found, columns)
        self.assertEqual(len(list(root.iter(ddi + "var"))), sum(columns.values()))
        has, = [each for each in root.iter(ddi + "var") if each.get("name") == "has"]
        self.assertEqual(has.find(ddi + "labl").text, 'Has "it" so')
        self.assertEqual(has.find(ddi + "qstn/" + ddi + "ivuInstr").text, "Say so.")
        self.assertEqual([each.find(ddi + "catValu").text for each in has.iter(ddi + "catgry")], ["y", "n", "N/A", "D/K", "CONF"])

    # ------------------------------------------------------------ JSON Lines

    def test_a_response_is_a_line_with_its_entries(self):
        self.take(ALPHA, BETA)
        self.export("--audience", "secretariat", to="x.jsonl")
        alpha, beta = self.lines("x.jsonl")
        self.assertEqual((alpha["respondent"], alpha["revision"]), ("aa", 1))
        answers = alpha["answers"]
        self.assertEqual((answers["reasons"], answers["ranked"], answers["crews"], answers["double"], answers["share"]),
                         (["law", "cost"], ["time", "cost", "law"], 3400, 6800, 0.30000000000000004))
        self.assertEqual(alpha["entries"], {"crew": [
            {"answers": {"name": "Ann"}, "entries": {"paper": [{"answers": {"title": "First"}},
                                                               {"answers": {"title": "Second", "Title_2": "Sub"}}]}},
            {"answers": {"name": "-Bo"}}]})
        self.assertEqual(alpha["remarks"], [{"question": "has", "remark": "as the law says"},
                                            {"question": "crew[1]/paper[1]/title", "remark": "a remark on an entry"}])
        self.assertEqual(beta["missing"], {"has": "N/A", "reasons": "D/K", "place": "CONF"})
        self.assertEqual(beta["not_counted"]["share"], {"answer": "7", "why": "against the rule"})
        self.assertNotIn("share", beta["answers"])

    def test_labels_of_several_are_an_array(self):
        self.take(ALPHA)
        self.export("--with-labels", to="x.JSONL")
        self.assertEqual(self.lines("x.JSONL")[0]["answers"]["reasons"], ["It costs; much", "Law"])

    # ------------------------------------------------------------ SPSS and Stata

    def pspp(self, commands):
        done = subprocess.run(["pspp", "-O", "format=csv", self.write("commands.sps", commands)], cwd=self.folder.name,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "LC_ALL": "C.UTF-8"})
        text = done.stdout.decode("utf-8")
        self.assertEqual(done.returncode, 0, text)
        return text

    def sav(self, name):
        text = self.pspp("GET FILE='%s.sav'.\nSAVE TRANSLATE /OUTFILE='read.csv' /TYPE=CSV /FIELDNAMES /REPLACE "
                         "/TEXTOPTIONS DELIMITER=','.\n" % name)
        self.assertNotIn("error", text)
        with open(self.path("read.csv"), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_spss_reads_values_labels_and_missing_values(self):
        self.take(ALPHA, BETA)
        said = self.export("--audience", "secretariat", to="x.sav")
        self.assertIn("3 answers do not count and are left out", said)
        self.assertIn("2 remarks are left out", said)
        alpha, beta = self.sav("x")
        self.assertEqual([alpha[name] for name in ("respondent", "revision", "has", "reasons_cost", "reasons_law", "reasons_time",
                                                   "ranked", "since", "crews", "double_", "because")],
                         ["aa", "1", "1", "1", "1", "0", "time cost law", "02/28/2026", "3400", "6800", "é漢字"])
        self.assertEqual(float(alpha["share"]), 0.30000000000000004)
        self.assertEqual(alpha["place"], '=1+1, "quoted"\nsecond line')
        self.assertEqual([beta[name].strip() for name in ("has", "reasons_cost", "place", "share", "crews")],
                         ["97", "98", "CONF", "", ""])
        self.assertEqual([(row["respondent"], row["entry"], row["inside"], row["title"], row["Title_2"]) for row in self.sav("x_paper")],
                         [("aa", "crew[1]/paper[1]", "crew[1]", "First", ""), ("aa", "crew[1]/paper[2]", "crew[1]", "Second", "Sub")])
        shown = self.pspp("GET FILE='x.sav'.\nDISPLAY DICTIONARY.\nFREQUENCIES has.\n")
        for text in ('Has ""it"" so', "Reasons: It costs; much", "not applicable", "97", "Yes", "No"):
            self.assertIn(text, shown)
        self.assertIn("Missing,1", shown.replace(" ", ""))

    def test_stata_reads_values_labels_and_missing_values(self):
        import pandas

        self.take(ALPHA, BETA)
        self.export("--audience", "secretariat", to="x.dta")
        plain = pandas.read_stata(self.path("x.dta"), convert_categoricals=False, convert_missing=True, convert_dates=False)
        alpha, beta = plain.iloc[0], plain.iloc[1]
        self.assertEqual([alpha[name] for name in ("respondent", "revision", "has", "reasons_cost", "reasons_law", "reasons_time",
                                                   "ranked", "crews", "double_", "share", "because", "place")],
                         ["aa", 1, 1, 1, 1, 0, "time cost law", 3400, 6800, 0.30000000000000004, "é漢字",
                          '=1+1, "quoted"\nsecond line'])
        self.assertEqual([str(beta[name]) for name in ("has", "reasons_cost", "share", "crews")], [".a", ".b", ".", "."])
        labelled = pandas.read_stata(self.path("x.dta"))
        self.assertEqual((str(labelled["since"][0])[:10], str(labelled["seen"][0])[:19]), ("2026-02-28", "2026-02-28 01:30:00"))
        self.assertEqual((labelled["who"][0], labelled["has"][0]), ("Alpha", "Yes"))
        with pandas.read_stata(self.path("x.dta"), iterator=True) as reader:
            self.assertEqual(reader.variable_labels()["has"], 'Has "it" so')
        self.assertEqual(list(pandas.read_stata(self.path("x_crew.dta"))["name"]), ["Ann", "-Bo", "Cy"])

    def test_texts_of_any_length_and_names_of_any_kind(self):
        import pandas

        long = "漢" * 20000
        self.form = self.write("form.csv", "survey\n,type,name,label\n,text,who,Who\n,text,a-b.c,Dots\n,text,a_b.c,Same\n"
                               ",text,with,Reserved\n,text,_under,Under\n,text,%s,Long\n,text,%sx,Longer\n,select_one n,code,Code\n"
                               "choices\n,list_name,name,label\n,n,3,Three\n,n,98,Many\nsettings\n,form_id,respondent\n,odd,who\n"
                               % ("n" * 40, "n" * 40))
        self.take("question,answer\nwho,aa\na-b.c,%s\na_b.c,2\nwith,3\n_under,4\n%s,5\n%sx,6\ncode,98\n"
                  % (long, "n" * 40, "n" * 40))
        said = self.export(to="x.sav")
        self.assertIn("1 text is cut, at 32,767 bytes", said)
        self.export(to="x.dta")
        row = pandas.read_stata(self.path("x.dta"), convert_categoricals=False).iloc[0]
        names = [name for name in row.index if name not in ("respondent", "round", "revision", "received")]
        self.assertEqual([row[name] for name in names], ["aa", long, "2", "3", "4", "5", "6", 98])
        self.assertTrue(all(len(name) <= 32 for name in names))
        row, = self.sav("x")
        self.assertEqual([row[name] for name in list(row)[6:]], ["2", "3", "4", "5", "6", "98"])
        self.assertEqual(row["a_b_c"], long[:32767 // 3])
        self.assertIn("997", self.pspp("GET FILE='x.sav'.\nDISPLAY DICTIONARY.\n"))

    def test_options_that_a_file_cannot_have(self):
        self.take(ALPHA)
        self.assertIn("have labels in any case", self.export("--with-labels", to="x.sav", expect=2))
        self.write("x_crew.dta", "mine")
        self.assertIn("x_crew.dta", self.export(to="x.dta", expect=2))
        self.assertFalse(os.path.exists(self.path("x.dta")))

    # ------------------------------------------------------------ SDMX-CSV

    HEADER = "name,STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,INDICATOR,ENTRY,UNIT,OBS_VALUE,OBS_STATUS\n"
    FLOW = ",dataflow,XX:DF_Y(1.0),I,${respondent},${round},"

    def observations(self, content, *more, expect=0, header=HEADER):
        said = self.export("--sdmx", self.write("map.csv", header + content), *more, expect=expect, to="x.csv")
        if expect:
            self.assertFalse(os.path.exists(self.path("x.csv")))
            return said
        with open(self.path("x.csv"), encoding="utf-8", newline="") as file:
            records = list(csv.reader(file))
        self.assertEqual(",".join(records[0]), header.strip().split(",", 1)[1])
        return [record[3:] for record in records[1:]], said

    def test_a_map_makes_observations_of_answers(self):
        self.take(ALPHA, BETA)
        rows, said = self.observations(
            "has" + self.FLOW + "HAS,,_Z,${value},${status}\n"
            "reasons/law" + self.FLOW + "LAW,,_Z,${value},${status}\n"
            "reasons/time" + self.FLOW + "TIME,,_Z,1,\n"
            "reasons/law" + self.FLOW + "LAW_CHOSEN,,_Z,1,${status}\n"
            "crews" + self.FLOW + "CREWS,,${has},${value},\n"
            "place" + self.FLOW + "PLACE,,,${value},\n"
            "title" + self.FLOW + "TITLE,${entry},${has},${value},\n"
            "respondent/aa,,,,ALPHA,,,,,,\nround/2026,,,,,2026-A1,,,,,\n", "--audience", "secretariat")
        alpha, beta = ["ALPHA", "2026-A1"], ["bb", "2026-A1"]
        self.assertEqual(rows, [
            alpha + ["HAS", "", "_Z", "y", "A"], beta + ["HAS", "", "_Z", "", "M"],
            alpha + ["LAW", "", "_Z", "1", "A"], beta + ["LAW", "", "_Z", "", "L"],
            alpha + ["LAW_CHOSEN", "", "_Z", "1", "A"],
            alpha + ["CREWS", "", "y", "3400", ""],
            alpha + ["PLACE", "", "", "=1+1, \"quoted\"\nsecond line", ""],
            alpha + ["TITLE", "crew[1]/paper[1]", "y", "First", ""], alpha + ["TITLE", "crew[1]/paper[2]", "y", "Second", ""]])
        self.assertIn("2 responses, 9 observations", said)
        self.assertIn("1 answer does not count and is left out", said)  # crews: many
        self.assertIn("1 answer is N/A, D/K or CONF and is left out; ${status} in the map keeps them", said)  # place
        self.assertIn("2 remarks are left out", said)

    def test_a_choice_is_one_or_zero_or_only_where_it_was_chosen(self):
        self.take(ALPHA, BETA.replace("reasons,D/K", "reasons,time"))
        rows, _ = self.observations("reasons/law" + self.FLOW + "LAW,,,${value},\nreasons/cost" + self.FLOW + "COST,,,1,\n"
                                    "has/n" + self.FLOW + "NO,,,${value},\n", "--audience", "secretariat")
        self.assertEqual([(row[0], row[2], row[5]) for row in rows],
                         [("aa", "LAW", "1"), ("bb", "LAW", "0"), ("aa", "COST", "1"), ("aa", "NO", "0")])

    def test_an_audience_sees_its_observations_and_no_contacts(self):
        self.take(ALPHA, BETA, COUNTED, HIDDEN)
        lines = "place" + self.FLOW + "PLACE,,,${value},\nmail" + self.FLOW + "MAIL,,,${value},\n"
        rows, said = self.observations(lines, "--audience", "members")
        self.assertEqual([(row[0], row[2]) for row in rows], [("aa", "PLACE")])
        self.assertIn("map.csv:3, column 1: warning[W0861]: \"mail\" has answers that this audience does not see", said)
        rows, _ = self.observations(lines, "--audience", "secretariat", "--force")
        self.assertEqual(sorted((row[0], row[2]) for row in rows),
                         [("aa", "MAIL"), ("aa", "PLACE"), ("bb", "MAIL"), ("cc", "PLACE"), ("dd", "PLACE")])

    def test_a_map_that_cannot_be_used_names_its_cell(self):
        self.take(ALPHA)
        place = "place" + self.FLOW + "PLACE,,,${value},\n"
        for content, where in (
                ("plaice" + self.FLOW + "P,,,${value},\n", '2, column 1: error[E0860]: no question with an answer has this name'),
                (place.replace("${round}", "${rownd}"), "2, column 6: error[E0860]"),
                (place.replace("${round}", "${name}"), "2, column 6: error[E0860]: the question is in another repeat"),
                ("reasons" + self.FLOW + "R,,,${value},\n", "2, column 1: error[E0860]: an answer of several choices"),
                ("ranked" + self.FLOW + "R,,,${value},\n", "2, column 1: error[E0860]: a ranking"),
                ("reasons/lore" + self.FLOW + "R,,,${value},\n", "2, column 1: error[E0860]: the question has no such choice"),
                ("title" + self.FLOW + "T,,,${value},\n", "2, column 1: error[E0860]: the observations of a repeat"),
                (place.replace("\n", ",more\n"), "2, column 12: error[E0860]: the line has more cells"),
                (place + "respondent/aa,,,,A,,,,,,\nrespondent/aa,,,,B,,,,,,\n", "4, column 5: error[E0860]: an earlier line"),
                ("", ": error[E0860]: the map has no line for a question")):
            with self.subTest(where):
                self.assertIn(where, self.observations(content, expect=2))
        for header, where in (("name,A,B\n", "begin as SDMX-CSV"), ("nom,DATAFLOW\n", 'is not "name"'),
                              ("name,DATAFLOW,A,A\n", "two components"), ("name,DATAFLOW,,B\n", "has no name")):
            with self.subTest(where):
                self.assertIn(where, self.observations("place,x,x,x\n"[:9], expect=2, header=header))
        self.assertIn("no such file", self.export("--sdmx", self.path("none.csv"), expect=3, to="x.csv"))
        self.export("--sdmx", self.path("none.csv"), "--with-labels", expect=2, to="x.csv")

    # ------------------------------------------------------------ who may see what

    def test_an_audience_sees_the_responses_it_may_see_by_name(self):
        self.take(ALPHA, BETA, COUNTED, HIDDEN)
        seen = {"public": ["aa"], "members": ["aa", "bb"], "secretariat": ["aa", "bb", "cc", "dd"]}
        for audience, respondents in seen.items():
            said = self.export("--audience", audience, to=audience)
            self.export("--audience", audience, to=audience + ".jsonl")
            self.assertEqual([row["respondent"] for row in self.table("responses", audience)], respondents)
            self.assertEqual([line["respondent"] for line in self.lines(audience + ".jsonl")], respondents)
            if audience != "secretariat":
                self.assertIn("%d responses are withheld from this audience" % (4 - len(respondents)), said)
            text = ""
            for name in [audience + ".jsonl"] + [os.path.join(audience, name) for name in os.listdir(self.path(audience))]:
                with open(self.path(name), encoding="utf-8") as file:
                    text += file.read()
            for secret in ("SECRET-C", "SECRET-D", "SECRET-E", "a@example.org", "b@example.org"):
                self.assertEqual(secret in text, audience == "secretariat", (audience, secret))
            self.assertEqual("mail" in self.table("responses", audience)[0], audience == "secretariat")

    # ------------------------------------------------------------ versions, sizes, the shipped data

    def test_answers_to_an_older_version_are_carried(self):
        self.take(ALPHA)
        self.form = self.write("form.csv", SURVEY.replace(",text,place,", ",text,spot,").replace(
            "calculation,audience", "calculation,was,audience").replace(",text,spot,Place,,,,,", ",text,spot,Place,,,,place,,")
            % (",text,fresh,Fresh,,,,,,", 2))
        self.write("two.csv", "question,answer\nwho,bb\nrelease,attributed\nspot,Here\nfresh,new\n")
        code, _, err = run("import", self.form, self.path("two.csv"), "--store", self.path("s.db"), "--now", NOW, "--round", "2026")
        self.assertIn(code, (0, 1), err)
        self.export("--audience", "secretariat")
        self.assertEqual([(row["respondent"], row["spot"].split(",")[0], row["fresh"]) for row in self.table("responses")],
                         [("aa", "=1+1", ""), ("bb", "Here", "new")])

    def test_more_responses_than_a_window(self):
        self.form = self.write("form.csv", "survey\n,type,name,label\n,text,id,Id\n,integer,n,N\n,begin_repeat,r,R\n"
                               ",integer,m,M\n,end_repeat,,\nsettings\n,form_id,respondent\n,many,id\n")
        os.remove(self.path("roster.csv"))
        count = 9000
        with open(self.path("many.csv"), "w", encoding="utf-8") as file:
            file.write("id,n,r[1]/m,r[2]/m\n")
            file.writelines("i%d,%d,%d,%s\n" % (i, i * 7, i, "" if i % 3 else i + 1) for i in range(count))
        code, _, err = run("import", self.form, self.path("many.csv"), "--store", self.path("s.db"), "--now", NOW, "--round", "2026")
        self.assertEqual(code, 0, err)
        self.export()
        self.export(to="x.jsonl")
        self.assertEqual([(row["respondent"], row["n"]) for row in self.table("responses")],
                         [("i%d" % i, str(i * 7)) for i in range(count)])
        want = [("i%d" % i, "r[%d]" % k, str(i + k - 1)) for i in range(count) for k in ((1,) if i % 3 else (1, 2))]
        self.assertEqual([(row["respondent"], row["entry"], row["m"]) for row in self.table("r")], want)
        self.assertEqual([(line["respondent"], "r[%d]" % (k + 1), str(entry["answers"]["m"])) for line in self.lines("x.jsonl")
                          for k, entry in enumerate(line["entries"]["r"])], want)

    def test_the_published_returns_give_the_same_bytes_twice(self):
        self.form = FORM
        code, _, err = run("import", FORM, *published(), "--store", self.path("s.db"), "--now", NOW, "--round", "2026")
        self.assertIn(code, (0, 1), err)
        self.export(to="one")
        self.export(to="two")
        for name in os.listdir(self.path("one")):
            with open(self.path("one/" + name), "rb") as one, open(self.path("two/" + name), "rb") as two:
                self.assertEqual(one.read(), two.read(), name)
        self.assertEqual(len(self.table("responses", "one")), len(published()))


if __name__ == "__main__":
    unittest.main()
