"""What --json and --jsonl print, against docs/schemas/: every command in its states, every member of every schema."""
import json
import os
import re
import sqlite3
import unittest

import openpyxl

import collect_story

from story import NOW, ROOT, Story, run

try:
    import jsonschema
except ImportError:
    jsonschema = None

FOLDER = os.path.join(ROOT, "docs/schemas")
# The keywords in use.  A validator passes over one that it does not know, so a slip would be a rule less.
KEYWORDS = {"$schema", "$id", "$ref", "$defs", "title", "description", "type", "const", "enum", "pattern", "minimum",
            "items", "properties", "required", "additionalProperties", "dependentRequired", "oneOf"}

FORM = """survey
,type,name,label,hint,required,constraint,qno,other
,select_one who,who,Who,,yes,,A1,
,integer,age,Age,,yes,. > 0 and . < 200,A2,
,date,since,Since when,A hint,,,A3,
,text,note,Note,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
,who,dd,Delta
,who,ee,Epsilon
settings
,form_title,form_id,version,respondent
,Small,small,1,who
"""
OTHER = """survey
,type,name,label,hint,required,constraint,qno,other
,select_one who,who,Who,,yes,,A1,
,integer,age,Age,,yes,. > 50,A2,x
,date,since,Since when,,yes,,A3,
,text,remark,Note,,,,,
,text,more,More,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,who,cc,Gamma
settings
,form_title,form_id,version,respondent
,Small,small,2,who
"""
ROSTER = "code,name,group:Region\naa,Alpha,North\nbb,Beta,South\ncc,Gamma,South\nee,Epsilon,South\n"
WRONG = """survey
,type,name,label,constraint
,integer,age,Age,iff(. > 120)
"""


def load(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


def unique(members):
    """An object of JSON; a member that occurs twice would hide one of its values."""
    names = [name for name, _ in members]
    assert len(names) == len(set(names)), names
    return dict(members)


SCHEMAS = {name: load(name) for name in sorted(os.listdir(FOLDER)) if name.endswith(".json")}


def parts(schema, at=""):
    """A schema and those inside it, each with where it is; enum, const and the like hold none."""
    yield at, schema
    for keyword in ("properties", "$defs"):
        for name, part in schema.get(keyword, {}).items():
            yield from parts(part, "%s/%s/%s" % (at, keyword, name))
    if "items" in schema:
        yield from parts(schema["items"], at + "/items")
    for number, part in enumerate(schema.get("oneOf", [])):
        yield from parts(part, "%s/oneOf/%d" % (at, number))


@unittest.skipUnless(jsonschema, "no python3-jsonschema")
class Schemas(Story):
    talk = collect_story.Collect.talk

    def setUp(self):
        super().setUp()
        self.seen = set()  # (file, where): members that some output has
        self.form = self.write("form.csv", FORM)
        self.store = self.path("s.db")

    def check(self, value, name):
        schema = SCHEMAS[name]
        resolver = jsonschema.RefResolver(name, schema, store=SCHEMAS)
        errors = list(jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(value))
        self.assertEqual([error.message for error in errors], [], value)
        self.see(name, "", schema, value)

    def see(self, name, at, schema, value):
        if "$ref" in schema:
            file, _, inside = schema["$ref"].partition("#")
            name, at = file or name, inside
            schema = SCHEMAS[name]
            for step in inside.split("/")[1:]:
                schema = schema[step]
        for part in schema.get("oneOf", []):
            if part["$ref"] == "#/$defs/" + value["type"]:
                self.see(name, at, part, value)
        if isinstance(value, dict):
            for key in value if "properties" in schema else ():
                self.seen.add((name, "%s/properties/%s" % (at, key)))
                self.see(name, "%s/properties/%s" % (at, key), schema["properties"][key], value[key])
        if isinstance(value, list):
            for item in value:
                self.see(name, at + "/items", schema["items"], item)

    def one(self, *args, code=(0, 1), cwd=None):
        """Runs a command with --json and checks what it prints."""
        got, out, err = run(*args, "--json", cwd=cwd or self.folder.name)
        self.assertIn(got, code, err)
        value = json.loads(out, object_pairs_hook=unique)
        self.assertRegex(value["schema"], r"^canvass\.%s(-workbook)?/" % args[0])
        self.check(value, value["schema"].replace("/", "-") + ".json")
        return value

    def lines(self, *args, code=(0, 1)):
        got, out, err = run(*args, "--jsonl", cwd=self.folder.name)
        self.assertIn(got, code, err)
        values = [json.loads(line, object_pairs_hook=unique) for line in out.splitlines()]
        for value in values:
            self.check(value, "canvass.%s-lines-1.json" % args[0])
        return values

    def answers(self, name, text):
        return self.write(name, "question,answer,note\n" + text)

    def book(self, name, rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(self.path(name))
        return self.path(name)

    def form_book(self):
        book = openpyxl.Workbook()
        sheet = None
        for line in WRONG.splitlines():
            if not line.startswith(","):
                sheet = book.create_sheet(line)
            else:
                sheet.append(line.split(",")[1:])
        del book["Sheet"]
        book.save(self.path("wrong.xlsx"))
        return self.path("wrong.xlsx")

    # The schemas themselves

    def test_the_schemas_say_what_they_mean(self):
        for name, schema in SCHEMAS.items():
            jsonschema.Draft202012Validator.check_schema(schema)
            self.assertEqual((schema["$id"], schema["$schema"]), (name, "https://json-schema.org/draft/2020-12/schema"))
            for at, part in parts(schema):
                self.assertEqual(set(part) - KEYWORDS, set(), name + at)
                if part.get("type") == "object":
                    self.assertIs(part["additionalProperties"], False, name + at)
                    self.assertLessEqual(set(part["required"]), set(part["properties"]), name + at)
                elif part.get("type") == "array":
                    self.assertIn("items", part, name + at)
                else:
                    self.assertTrue({"type", "$ref", "const", "enum", "oneOf"} & set(part), name + at)

    def test_every_command_that_prints_json_has_one(self):
        for command in re.findall(r"^  ([a-z]+) ", run("--help")[1], re.M):
            told = run(command, "--help")[1]
            for option, name in (("--json ", "canvass.%s-1.json"), ("--jsonl ", "canvass.%s-lines-1.json")):
                self.assertEqual(option in told, name % command in SCHEMAS, command + " " + option)

    # The commands

    def print_checks(self):
        for form in (self.form, self.write("wrong.csv", WRONG), self.form_book(), self.write("empty.csv", "")):
            self.one("check", form)
            self.lines("check", form)
        self.one("check", self.path("none.csv"), code=(3,))
        self.lines("check", self.path("none.csv"), code=(3,))

    def print_summaries(self):
        self.one("show", self.form, "--summary")
        told = self.one("show", os.path.join(ROOT, "forms/seafarers-id.csv"), "--summary")
        self.assertEqual(told["questions"], sum(section["questions"] for section in told["sections"]))

    def print_differences(self):
        other = self.write("other.csv", OTHER)
        self.one("diff", self.form, other)
        self.one("diff", other, self.form)
        self.assertEqual(self.one("diff", self.form, self.form)["changes"], [])
        french = FORM.replace(",label,hint", ",label::fr,hint")
        self.one("diff", self.write("french.csv", french), self.write("age.csv", french.replace("Age", "Years")))
        answers = self.answers("old.csv", "who,aa,\nage,9,\n")
        store = self.path("old.db")
        self.assertEqual(run("import", self.form, answers, "--store", store, "--now", NOW)[0], 0)
        against = self.one("diff", self.form, other, "--against", store)["against"]
        self.assertTrue(against["fallen"] and against["anew"])

    def print_imports(self):
        """Each kind of return, and each outcome; the roster comes later, so that dd is not in it."""
        store = ("--store", self.store, "--round", "2026", "--now", NOW)
        dd = self.answers("dd.csv", "who,dd,\nage,40,\nsince,2020-01-01,\n")
        returned = [self.answers("aa.csv", "who,Alpha,\nage,-1,I am young\nsince,2020-01-01,\n"),
                    self.book("bb.xlsx", [["question", "answer"], ["who", "Beta"], ["age", "old"]]),
                    self.answers("nobody.csv", "age,3,\n"), self.path("missing.csv")]
        newer = self.answers("newer.csv", "who,aa,\nage,-2,\n")
        self.one("import", self.form, dd, *store)
        self.one("status", self.form, *store)
        roster = ("--roster", self.write("list.csv", ROSTER))
        self.one("import", self.form, *returned, *store, *roster, "-n", code=(3,))
        self.lines("import", self.form, *returned, *store, *roster, "-n", code=(3,))
        told = self.one("import", self.form, *returned, *store, *roster, "--annotate", self.path("back"), code=(3,))
        self.assertEqual([each["outcome"] for each in told["returns"]],
                         ["accepted", "accepted", "quarantined", "not read"])
        told = self.one("import", self.form, returned[0], newer, *store, "-n")
        self.assertEqual([each["outcome"] for each in told["returns"]], ["already there", "accepted"])
        told = self.lines("import", self.form, returned[0], newer, *store, "--annotate", self.path("more"))
        self.assertEqual({each["type"] for each in told}, {"finding", "response", "changed", "file", "totals"})
        self.assertEqual(run("quarantine", self.form, *store, "--dismiss", "1", "--reason", "of nobody")[0], 0)
        self.assertEqual(self.one("import", self.form, returned[2], *store)["returns"][0]["outcome"], "dismissed")
        self.assertEqual(self.lines("import", self.form, returned[2], *store)[0]["outcome"], "dismissed")

    def print_a_round(self):
        store = ("--store", self.store, "--now", NOW)
        packs = self.path("packs")
        self.one("distribute", self.form, *store, "--due", "2026-12-31", "-o", packs)
        self.one("distribute", self.form, *store, "-o", packs, "--force", "--prefill", "last")
        self.one("status", self.form, *store, "--declined", "cc", "--reason", "no ships")
        self.one("status", self.form, *store, "--extended", "ee", "--due", "2027-01-15", "--reason", "a holiday")
        self.one("status", self.form, *store, "--remind", self.path("reminders"))
        sent = self.write("sent.csv", "question,answer,still_right,prefilled\nwho,ee,,\nage,40,x,40\nsince,2020-01-01,,\n")
        self.assertEqual(run("import", self.form, sent, *store)[0], 0)
        self.one("status", self.form, *store)
        self.one("status", self.form, *store, "--round", "1999")
        self.one("findings", self.form, *store)
        self.one("import", self.form, self.answers("why.csv", "who,aa,\nage,-2,born tomorrow\n"), *store)
        found = self.one("findings", self.form, *store)
        waived = found["findings"][0]["id"]
        self.assertEqual(run("findings", self.form, *store, "--waive", waived, "--reason", "so it is")[0], 0)
        self.one("findings", self.form, *store, "--all")
        self.write("Gamma.csv", "nothing\n")
        self.one("import", self.form, self.path("Gamma.csv"), self.write("wide.csv", "who,age\nzz,4\n"), *store)
        self.assertEqual(len(self.one("quarantine", self.form, *store, "--round", "2026", "--all")["items"]), 3)
        self.one("status", self.form, *store)
        self.one("history", self.form, *store)
        self.one("history", self.form, "aa", *store)
        self.talk(["c", "age", "17", "n"], self.form, "aa", *store)
        self.assertEqual(len(self.one("status", self.form, *store)["drafts"]), 1)
        self.assertEqual(run("collect", self.form, "aa", *store, "--set", "age=4", "--reason", "telephone")[0], 0)
        self.one("history", self.form, "aa", "age", *store)
        for who in ("aa", "bb"):
            self.one("explain", self.form, who, "age", *store)
        self.one("history", self.form, "aa", *store, "--round", "2026")
        self.one("report", self.form, *store, "-o", self.path("out.xlsx"))
        self.one("report", self.form, *store, "-o", self.path("out.md"))
        self.one("report", self.form, *store, "-f", "-o", self.path("out.md"), "--since", "2020-01-01")
        self.one("export", self.form, *store, "-o", self.path("out"))
        observations = self.write("sdmx.csv", "name,DATAFLOW,OBS_VALUE\nage,X,${value}\n")
        self.one("export", self.form, *store, "--sdmx", observations, "-o", self.path("out.csv"))
        self.assertTrue(self.one("verify", self.store)["complete"])
        self.assertTrue(self.one("verify", self.path("out.xlsx"), *store[:2])["untouched"])

    def print_damage(self):
        with sqlite3.connect(self.store) as store:
            store.execute("UPDATE original SET bytes = x'78' WHERE rowid = (SELECT min(rowid) FROM original)")
        self.assertGreater(self.one("verify", self.store)["differences"], 0)
        with open(self.store, "r+b") as file:
            file.truncate(5000)
        self.assertFalse(self.one("verify", self.store, code=(1, 3))["complete"])

    def test_outputs_follow_their_schema_and_every_member_occurs(self):
        self.print_checks()
        self.print_summaries()
        self.print_differences()
        self.print_imports()
        self.print_a_round()
        self.print_damage()
        members = {(name, at) for name, schema in SCHEMAS.items() for at, part in parts(schema)
                   if re.search(r"/properties/[a-z_]+$", at)}
        self.assertEqual(sorted(members - self.seen), [])


if __name__ == "__main__":
    unittest.main()
