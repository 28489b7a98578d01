"""The whole circle: packs go out, are filled in by program, come back, and every answer arrives.

The invented answers of `canvass simulate` are put into the packs cell by cell, as a person would: texts of the
drop-downs, ticks, remarks, entries of repeats.  The same answers as canvass's own CSV give the same report.  All forms
and answers are invented."""
import csv
import datetime
import os
import re
import shutil
import subprocess
import unittest
import zipfile

import openpyxl

from story import FORM, NOW, ROOT, Story, import_json, run

SOFFICE = shutil.which("soffice")
LANGUAGES = ["English (en)", "Português (pt)", "Français (fr)", "繁體中文 (zh-Hant)"]

# type, name, the label in the four languages, and what else there is to say of it
QUESTIONS = [
    ("text", "who", "Who|Quem|Qui|誰", {"required": "yes"}),
    ("integer", "ships", "Ships|Navios|Navires|船舶", {"constraint": ". >= 0 and . <= 90", "required": "yes",
                                                      "constraint_message": "0 to 90|De 0 a 90 é|De 0 à 90 é|從0到90"}),
    ("decimal", "share", "Share|Quota|Part|比例", {}),
    ("range", "score", "Score|Pontuação|Note|分數", {"parameters": "start=1 end=5 step=1"}),
    ("date", "since", "Since|Desde|Depuis|自", {"constraint": ". >= date('1990-01-01') and . <= today()"}),
    ("time", "opens", "Opens|Abre|Ouvre|開始", {}),
    ("dateTime", "met", "Met|Reunião|Réunion|會議", {}),
    ("select_one port", "port", "Port|Porto|Port|港口", {"required": "yes"}),
    ("select_one port or_other", "second", "Second port|Segundo porto|Second port|第二港口", {}),
    ("select_multiple flag", "flags", "Flags|Bandeiras|Pavillons|旗幟", {}),
    ("rank flag", "order", "Order|Ordem|Ordre|順序", {}),
    ("acknowledge", "seen", "Seen|Visto|Vu|已閱", {}),
    ("geopoint", "place", "Place|Lugar|Lieu|地點", {}),
    ("image", "picture", "Picture|Imagem|Image|圖片", {}),
    ("text", "words", "Words|Palavras|Mots|文字", {}),
    ("begin_repeat", "ship", "Ship|Navio|Navire|船", {"relevant": "${ships} > 0"}),
    ("text", "title", "Name of the ship|Nome|Nom|船名", {"required": "yes"}),
    ("select_one flag", "flag", "Flag|Bandeira|Pavillon|旗", {}),
    ("select_multiple port", "calls", "Ports of call|Escalas|Escales|停靠港", {}),
    ("date", "built", "Built|Construído|Construit|建造", {}),
    ("begin_repeat", "crew", "Crew|Tripulação|Équipage|船員", {}),
    ("text", "rank", "Rank|Cargo|Grade|職級", {}),
    ("integer", "count", "How many|Quantos|Combien|人數", {"constraint": ". >= 0"}),
    ("end_repeat", "", "", {}),
    ("end_repeat", "", "", {}),
]
LISTS = {"port": [("p%d" % i, "Port %d é|Porto %d ç|Port %d œ|港 %d 號" % (i, i, i, i)) for i in range(1, 7)],
         # Labels that do not lead back by themselves are shown with their codes.
         "flag": [("a", "Same|Igual|Pareil|相同"), ("b", "Same|Igual|Pareil|相同"), ("1", "One|Um|Un|一"),
                  ("A", "One of ${ships} é|Um de ${ships}|Un de ${ships}|${ships}之一")]}
ROSTER = ("code,name,language,email\nAA,Alpha,en,aa@example.org\nBB,Bêta,fr-CA,bb@example.org\nCC,Céu,pt,cc@example.org\n"
          "DD,丁,zh-Hant zh en,dd@example.org\nEE,Épsilon,fr,ee@example.org\nFF,Foz,pt-BR,\n")


def four_languages(questions=None, lists=None, version="1"):
    """The form as a file; `questions` and `lists` as above."""
    questions, lists = questions or QUESTIONS, lists or LISTS
    plain = ["required", "relevant", "constraint", "parameters"]
    head = (["type", "name"] + ["label::" + name for name in LANGUAGES] +
            ["constraint_message::" + name for name in LANGUAGES] + plain)
    rows = [["survey"], [""] + head]
    for kind, name, label, more in questions:
        rows.append(["", kind, name] + (label or "|||").split("|") + more.get("constraint_message", "|||").split("|") +
                    [more.get(column, "") for column in plain])
    rows += [["choices"], ["", "list_name", "name"] + ["label::" + name for name in LANGUAGES]]
    rows += [["", name, choice] + label.split("|") for name, choices in lists.items() for choice, label in choices]
    rows += [["settings"], ["", "form_id", "form_title", "version", "default_language", "respondent"],
             ["", "circle", "Ships 船 é", version, "English (en)", "who"]]
    return "".join(",".join('"%s"' % cell.replace('"', '""') for cell in row) + "\n" for row in rows)


# ---------------------------------------------------------------- a form, and answers to it

def read_form(path):
    """question -> (kind, list), and list -> its choices' names, from the form's file."""
    questions, lists, sheet, head = {}, {}, None, None
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if row and row[0]:
                sheet, head = row[0], None
            elif any(row) and head is None:
                head = row
            elif any(row):
                cells = dict(zip(head, row))
                if sheet == "choices":
                    lists.setdefault(cells["list_name"], []).append(cells["name"])
                elif sheet == "survey":
                    kind, _, rest = cells["type"].partition(" ")
                    questions[cells["name"]] = (kind, rest.split(" ")[0])
                    if rest.endswith(" or_other"):
                        questions[cells["name"] + "_other"] = ("text", "")
    return questions, lists


def read_answers(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def leaf(path):
    return path.rsplit("/", 1)[-1]


# ---------------------------------------------------------------- a pack, filled in

class Pack:
    """A workbook that a respondent got, found by its hidden headings."""

    def __init__(self, path, form):
        self.book = openpyxl.load_workbook(path)
        self.questions, self.lists = form
        self.answers, self.entries, self.sheets = {}, {}, {}
        self.names = {name: item.attr_text for name, item in self.defined()}
        for sheet in self.book.worksheets:
            if sheet["A5"].value == "question":
                for row in sheet.iter_rows(min_row=6):
                    if row[0].value:
                        self.answers[row[0].value] = row[3]
            elif str(sheet["B5"].value).endswith("[]"):
                self.read_entries(sheet)

    def defined(self):
        names = self.book.defined_names
        return [(item.name, item) for item in names.definedName] if hasattr(names, "definedName") else names.items()

    def read_entries(self, sheet):
        repeat = leaf(sheet["B5"].value[:-2])
        columns = {cell.value: cell.column for cell in sheet[5] if cell.value and cell.column > 2}
        self.sheets[repeat] = (sheet, columns)
        for heading in columns:
            self.entries[re.sub(r"\[\]", "", heading)] = repeat

    def rule_of(self, cell):
        for rule in cell.parent.data_validations.dataValidation:
            if cell.coordinate in rule.sqref:
                return rule
        return None

    def offered(self, cell):
        """What a drop-down shows: the texts of the range that it refers to."""
        sheet, area = self.names[self.rule_of(cell).formula1].rsplit("!", 1)
        found = self.book[sheet.strip("'")][area.replace("$", "")]
        return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]

    def put_value(self, cell, kind, listed, answer, dates_as_text):
        if kind in ("select_one", "acknowledge") and answer not in ("", "OK"):
            names = self.lists[listed] + ["other"]
            answer = self.offered(cell)[names.index(answer)] if answer in names else answer
        elif kind in ("integer", "decimal", "range") and answer:
            answer = float(answer) if "." in answer else int(answer)
        elif kind == "date" and answer and not dates_as_text:
            answer = datetime.date.fromisoformat(answer)
            cell.number_format = "dd/mm/yyyy"
        if answer == "":
            return
        cell.value = answer
        if isinstance(answer, str):
            cell.data_type = "s"

    def put(self, path, answer, note, dates_as_text=False):
        kind, listed = self.questions[leaf(path)]
        if "[" in path:
            self.put_entry(path, kind, listed, answer, dates_as_text)
            return
        if path in self.answers:
            if self.answers[path].protection.locked is False:
                self.put_value(self.answers[path], kind, listed, answer, dates_as_text)
            remark = self.answers[path]
        else:
            for choice in answer.split():
                self.answers["%s/%s" % (path, choice)].value = "x"
            remark = self.answers["%s/%s" % (path, self.lists[listed][0])]
        if note:
            remark.parent.cell(remark.row, 6).value = note

    def put_entry(self, path, kind, listed, answer, dates_as_text):
        indices = [int(number) for number in re.findall(r"\[(\d+)\]", path)]
        heading = re.sub(r"\[\d+\]", "[]", path)
        repeat = re.findall(r"(\w+)\[\]", heading)[-1]
        sheet, columns = self.sheets[repeat]
        row = self.row_of(path.rsplit("]", 1)[0] + "]", repeat)
        parents = [name for name in columns if name.endswith("[]")]
        if parents:
            outer = path.rsplit("]", 1)[0]
            outer = outer[:outer.rindex("[")]
            outer = outer[:outer.rindex("]") + 1]
            sheet.cell(row, columns[parents[0]]).value = self.row_of(outer, leaf(parents[0][:-2])) - 5
        if heading in columns:
            self.put_value(sheet.cell(row, columns[heading]), kind, listed, answer, dates_as_text)
        else:
            for choice in answer.split():
                sheet.cell(row, columns["%s/%s" % (heading, choice)]).value = "x"
        return indices

    def row_of(self, entry, repeat):
        rows = self.__dict__.setdefault("rows", {}).setdefault(repeat, {})
        return rows.setdefault(entry, 6 + len(rows))


def convert(paths, folder, to="xlsx:Calc MS Excel 2007 XML"):
    """All files opened and saved again by LibreOffice, into `folder`."""
    done = subprocess.run([SOFFICE, "-env:UserInstallation=file://" + folder + "-profile", "--headless", "--convert-to",
                           to, "--outdir", folder, *paths], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    assert done.returncode == 0, done.stdout


def parts(path):
    """The bytes of a workbook's parts, without what tells of the files themselves."""
    with zipfile.ZipFile(path) as book:
        names = re.findall(r'<sheet name="([^"]*)" sheetId="(\d+)"', book.read("xl/workbook.xml").decode("utf-8"))
        sources = [number for name, number in names if name == "Sources"]
        return {name: re.sub(rb"<definedName [^>]*>'?Sources'?![^<]*</definedName>", b"",
                             book.read(name).replace(b".xlsx</t>", b".csv</t>")) for name in book.namelist()
                if name != "xl/worksheets/sheet%s.xml" % sources[0] and not name.startswith("docProps/")}


class Circle(Story):
    def given(self, store="s.db"):
        return ("--store", self.path(store), "--roster", self.roster, "--now", NOW, "--round", "2026")

    def send(self, form, roster, *more, folder="packs", seed="7"):
        self.form, self.roster = form, roster
        code, _, err = run("distribute", form, "--due", "2026-12-31", "-o", self.path(folder), *self.given("sent.db"), *more)
        self.assertEqual(code, 0, err)
        code, _, err = run("simulate", form, "--roster", roster, "--seed", seed, "--now", NOW, "-o", self.path("answers"),
                           "--force")
        self.assertEqual(code, 0, err)

    def codes(self):
        return sorted(name[:-4] for name in os.listdir(self.path("answers")))

    def pack(self, code, ending="xlsx", folder="packs"):
        """The path of one file of a pack."""
        names = [name for name in os.listdir(self.path(os.path.join(folder, code))) if name.endswith("." + ending)]
        self.assertEqual(len(names), 1, names)
        return self.path(os.path.join(folder, code, names[0]))

    def fill(self, dates_as_text=False):
        """Every pack filled in with the simulated answers; the folder they are in."""
        form = read_form(self.form)
        os.makedirs(self.path("filled"))
        for code in self.codes():
            pack = Pack(self.pack(code), form)
            for path, _, _, answer, note in read_answers(self.path("answers/%s.csv" % code)):
                pack.put(path, answer, note, dates_as_text)
            pack.book.save(self.path("filled/%s.xlsx" % code))
        return self.path("filled")

    def take(self, folder, store):
        """The report on what lies in a folder, as parts; nothing in it may be refused."""
        code, told, err = import_json(self.form, folder, *self.given(store))
        self.assertEqual(told["files"]["accepted"], len(self.codes()), str(told)[:4000] + err)
        self.assertEqual((told["errors"], told["warnings"]), (0, 0), str(told)[:4000])
        out = self.path(store + ".xlsx")
        code, _, err = run("report", self.form, *self.given(store), "-o", out)
        self.assertEqual(code, 0, err)
        return parts(out)

    def compare(self, want, got):
        self.assertEqual(sorted(want), sorted(got))
        for name in want:
            self.assertEqual(want[name], got[name], name)

    def go_round(self, form, roster, seed):
        self.send(form, roster, seed=seed)
        self.look_at_answers()
        want = self.take(self.path("answers"), "straight.db")
        filled = self.fill()
        self.compare(want, self.take(filled, "filled.db"))
        if SOFFICE:
            convert([os.path.join(filled, name) for name in sorted(os.listdir(filled))], self.path("saved"))
            self.compare(want, self.take(self.path("saved"), "saved.db"))

    def look_at_answers(self):
        """Every question is answered by somebody, and entries stand in a second entry."""
        answered, paths = set(), set()
        for code in self.codes():
            for path, _, _, answer, _ in read_answers(self.path("answers/%s.csv" % code)):
                if answer:
                    answered.add(leaf(path))
                    paths.add(re.sub(r"\d+\]", "n]", path) if "[1]" in path else path)
        asked = {name for name, (kind, _) in read_form(self.form)[0].items()
                 if kind not in ("begin_repeat", "end_repeat", "begin_group", "end_group", "note", "calculate", "")}
        self.assertEqual(sorted(asked - answered), [])
        self.assertTrue(any("[2]/" in path for path in paths))

    def test_answers_of_every_type_in_four_languages_arrive(self):
        self.go_round(self.write("circle.csv", four_languages()), self.write("roster.csv", ROSTER), seed="7")

    def test_answers_to_the_shipped_form_arrive(self):
        with open(os.path.join(ROOT, "forms/roster.csv"), encoding="utf-8") as file:
            lines = file.readlines()
        self.go_round(FORM, self.write("roster.csv", "".join(lines[:9])), seed="1")


if __name__ == "__main__":
    unittest.main()
