"""The whole circle: packs go out, are filled in by program, come back, and every answer arrives.

The invented answers of `canvass simulate` are put into the packs cell by cell, as a person would: texts of the
drop-downs, ticks, remarks, entries of repeats.  The same answers as canvass's own CSV give the same report.  All forms
and answers are invented."""
import csv
import datetime
import email
import email.policy
import json
import os
import re
import shutil
import sqlite3
import subprocess
import unittest
import zipfile

import openpyxl

from story import CANVASS, FORM, HANG, NOW, ROOT, Story, dump, import_json, run

SOFFICE = shutil.which("soffice")
# What tests/check built with the other compiler.
OTHER = next((path for path in (os.path.join(ROOT, "build", name, "canvass") for name in ("clang", "release"))
              if os.path.exists(path) and path != CANVASS), None)
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
                           to, "--outdir", folder, *paths], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=HANG)
    assert done.returncode == 0, done.stdout


def parts(path, places=("Sources", "Findings", "Manifest")):
    """The bytes of a workbook's parts, without the sheets that name places in the files, nor the width of the files' names."""
    with zipfile.ZipFile(path) as book:
        names = re.findall(r'<sheet name="([^"]*)" sheetId="(\d+)"', book.read("xl/workbook.xml").decode("utf-8"))
        left = ["xl/worksheets/sheet%s.xml" % number for name, number in names if name in places]
        returns, = ["xl/worksheets/sheet%s.xml" % number for name, number in names if name == "Returns"]
        read = {name: re.sub(rb"<definedName [^>]*>'?Sources'?![^<]*</definedName>", b"",
                             book.read(name).replace(b".xlsx</t>", b".csv</t>")) for name in book.namelist()
                if name not in left and not name.startswith("docProps/")}
        read = {name: part for name, part in read.items() if b'displayName="Sources"' not in part}  # Sources may have a column more
        read[returns] = re.sub(rb"<col [^>]*/></cols>", b"</cols>", read[returns])  # the last column has the names
        return read


class Circle(Story):
    """Packs sent, filled in and taken back."""

    def given(self, store="s.db"):
        return ("--store", self.path(store), "--roster", self.roster, "--now", NOW, "--round", "2026")

    def send(self, form, roster, *more, folder="packs", seed="7"):
        self.form, self.roster = form, roster
        code, _, err = run("distribute", form, "--due", "2026-12-31", "-o", self.path(folder), *self.given(folder + ".db"), *more)
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
        # Invented answers may be unusual.
        unusual = sum(found["code"] == "W0653" for returned in told["returns"] for found in returned["findings"])
        self.assertEqual((told["errors"], told["warnings"]), (0, unusual), str(told)[:4000])
        out = self.path(store + ".xlsx")
        code, _, err = run("report", self.form, *self.given(store), "-o", out)
        self.assertEqual(code, 0, err)
        return parts(out)

    def compare(self, want, got):
        self.assertEqual(sorted(want), sorted(got))
        for name in want:
            self.assertEqual(want[name], got[name], name)


class Round(Circle):
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

    def test_dates_typed_as_text_arrive(self):
        self.send(self.write("circle.csv", four_languages()), self.write("roster.csv", ROSTER))
        self.compare(self.take(self.path("answers"), "straight.db"),
                     self.take(self.fill(dates_as_text=True), "filled.db"))

    def test_the_csv_of_a_pack_filled_in_arrives(self):
        self.send(self.write("circle.csv", four_languages()), self.write("roster.csv", ROSTER))
        want = self.take(self.path("answers"), "straight.db")
        os.makedirs(self.path("filled"))
        for code in self.codes():
            answers = {row[0]: row for row in read_answers(self.path("answers/%s.csv" % code))}
            with open(self.pack(code, "csv"), encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            for row in rows[1:]:
                given = answers.pop(row[0], None)
                if given:
                    row[3:] = given[3:]
            rows += answers.values()  # entries after the first
            with open(self.path("filled/%s.csv" % code), "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        self.compare(want, self.take(self.path("filled"), "filled.db"))

    def look_at_blank(self, folder, count):
        store = self.path(os.path.basename(folder) + ".db")
        code, told, err = import_json(self.form, folder, "--store", store, "--roster", self.roster, "--now", NOW,
                                      "--round", "2026")
        self.assertEqual(told["files"]["accepted"], count, str(told)[:3000] + err)
        found = {finding["code"] for taken in told["returns"] for finding in taken["findings"]}
        self.assertEqual((found, told["responses"]["new"]), ({"W0637"}, 0), str(told)[:3000])
        with sqlite3.connect(store) as base:
            self.assertEqual(base.execute("SELECT path, stood, read_as FROM ledger").fetchall(), [])
            self.assertEqual(base.execute("SELECT text FROM remark").fetchall(), [])

    def test_blank_packs_are_returned_blank_and_nothing_else(self):
        forms = ((FORM, self.write("few.csv", "code,name\nJPN,Japan\nMEX,Mexico\n")),
                 (self.write("circle.csv", four_languages()), self.write("roster.csv", ROSTER)))
        for number, (form, roster) in enumerate(forms):
            self.send(form, roster, folder="packs%d" % number)
            os.makedirs(self.path("blank%d" % number))
            with open(roster, encoding="utf-8") as file:
                codes = [line.split(",")[0] for line in file.readlines()[1:]]
            for code in codes:
                shutil.copy(self.pack(code, folder="packs%d" % number), self.path("blank%d" % number))
            self.look_at_blank(self.path("blank%d" % number), len(codes))
        if not SOFFICE:
            return
        blank = [os.path.join(self.path("blank%d" % n), name) for n in (0, 1)
                 for name in os.listdir(self.path("blank%d" % n))]
        convert(blank, self.path("saved"))
        for number, (form, roster) in enumerate(forms):
            self.form, self.roster = form, roster
            os.makedirs(self.path("again%d" % number))
            names = os.listdir(self.path("blank%d" % number))
            for name in names:
                shutil.move(self.path("saved/" + name), self.path("again%d" % number))
            self.look_at_blank(self.path("again%d" % number), len(names))


class Wrong(Circle):
    """A pack that is not what is being imported is refused, in the right words."""

    def setUp(self):
        super().setUp()
        self.send(FORM, self.write("few.csv", "code,name\nJPN,Japan\nMEX,Mexico\n"))
        self.book = openpyxl.load_workbook(self.pack("JPN"))

    def refused(self, form=FORM, round="2026"):
        self.book.save(self.path("back.xlsx"))
        code, told, err = import_json(form, self.path("back.xlsx"), "--store", self.path("w.db"), "--roster", self.roster,
                                      "--now", NOW, "--round", round)
        self.assertEqual(code, 1, str(told) + err)
        (taken,) = told["returns"]
        self.assertEqual(taken["outcome"], "quarantined")
        (found,) = [finding for finding in taken["findings"] if finding["severity"] == "error"]
        return found["code"], found["message"], found.get("hint", "")

    def answer(self, path):
        for sheet in self.book.worksheets:
            for row in sheet.iter_rows(min_row=6, max_col=4):
                if sheet["A5"].value == "question" and row[0].value == path:
                    return row[3]
        raise KeyError(path)

    def test_another_respondent_in_it(self):
        self.answer("economy").value = "Mexico"
        self.assertEqual(self.refused()[:2], ("E0682", 'the workbook was made for "JPN", but the answers are from "MEX"'))

    def test_another_round(self):
        self.assertEqual(self.refused(round="2027"), ("E0681", "this is a return of round 2026, and round 2027 is being imported",
                                                      "import it with --round 2026"))

    def test_another_form(self):
        code, words, _ = self.refused(form=os.path.join(ROOT, "forms/supply-chain.csv"))
        self.assertEqual(code, "E0680")
        self.assertTrue(words.startswith('this is a return of the form "seafarers_id", not of "'), words)

    def test_the_hidden_sheet_was_edited(self):
        own = {row[0].value: row[1] for row in self.book["canvass"].iter_rows() if len(row) > 1}
        own["respondent"].value = "MEX"
        self.answer("economy").value = "Mexico"
        self.assertEqual(self.refused()[:2], ("E0683", "the hidden sheet, which identifies the return, was changed"))

    def test_its_check_was_taken_out(self):
        own = {row[0].value: row[1] for row in self.book["canvass"].iter_rows() if len(row) > 1}
        own["round"].value, own["check"].value = "2027", None
        self.assertEqual(self.refused()[0], "E0683")


class Older(Circle):
    def test_a_pack_of_an_older_version_is_read_as_that(self):
        form = self.write("circle.csv", four_languages())
        self.send(form, self.write("roster.csv", ROSTER))
        filled = self.fill()
        # Ships are called vessels now, their repeat fleet, a port goes by another code, and one more thing is asked.
        now = {"ships": "vessels", "title": "ship_name", "ship": "fleet"}
        newer = [(kind, now.get(name, name), label,
                  {key: value.replace("${ships}", "${vessels}") for key, value in more.items()})
                 for kind, name, label, more in QUESTIONS] + [("text", "more", "More|Mais|Plus|更多", {})]
        lists = dict(LISTS, port=[("q1", LISTS["port"][0][1])] + LISTS["port"][1:])
        lists["flag"] = [(code, label.replace("${ships}", "${vessels}")) for code, label in lists["flag"]]
        self.form = self.write("newer.csv", four_languages(newer, lists, version="2"))
        code, told, err = import_json(self.form, filled, *self.given("s.db"), "--was", form)
        self.assertEqual(told["files"]["accepted"], 6, str(told)[:3000] + err)
        found = [finding["code"] for taken in told["returns"] for finding in taken["findings"]]
        self.assertEqual(found, ["N0685"] * 6, str(told)[:3000])
        with sqlite3.connect(self.path("s.db")) as store:
            ledger = store.execute("SELECT stood, read_as FROM ledger WHERE read_as LIKE '%q1%' OR read_as = 'vessels'").fetchall()
        self.assertIn(("ships", "vessels"), ledger)
        self.assertIn(("Porto 1 ç", "q1"), ledger)
        self.assertTrue([stood for stood, now in ledger if "p1" in stood.split() and "q1" in now.split()], str(ledger))


class Workbooks(Circle):
    """What the workbooks hold, before and after LibreOffice."""

    def look_at_rules(self, path):
        """Every drop-down has its range, and messages fit; how many cells have rules, and of how many drop-downs."""
        book = openpyxl.load_workbook(path)
        names = book.defined_names
        names = {item.name: item.attr_text for item in names.definedName} if hasattr(names, "definedName") else \
            {name: item.attr_text for name, item in names.items()}
        cells, lists, longest = 0, 0, 0
        for sheet in book.worksheets:
            for rule in sheet.data_validations.dataValidation:
                self.assertLessEqual(len((rule.error or "").encode("utf-16-le")) // 2, 224)
                self.assertLessEqual(len((rule.prompt or "").encode("utf-16-le")) // 2, 255)
                self.assertLessEqual(len((rule.promptTitle or "").encode("utf-16-le")) // 2, 32)
                cells += sum(1 for area in rule.sqref.ranges for _ in area.cells)
                if rule.type != "list":
                    continue
                lists += 1
                sheet_name, area = names.get(rule.formula1, rule.formula1).rsplit("!", 1)
                found = book[sheet_name.strip("$'")][area.replace("$", "")]
                texts = [row[0].value for row in found] if isinstance(found, tuple) else [found.value]
                self.assertTrue(all(texts), rule.formula1)
                longest = max(longest, len(texts))
        return cells, lists, longest

    def look_at_values(self, path):
        """No formula gives an error."""
        for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
            for row in sheet.iter_rows(values_only=True):
                for value in row:
                    self.assertFalse(isinstance(value, str) and re.match("#[A-Z]|Err:", value), (sheet.title, value))

    def test_large_forms_and_long_lists_survive_libreoffice(self):
        ports = {"port": [("p%d" % i, "Port %d é 港|Porto %d ç|Port %d œ|港 %d 號" % (i, i, i, i)) for i in range(300)]}
        self.send(self.write("circle.csv", four_languages(lists=dict(LISTS, **ports))),
                  self.write("roster.csv", "code,name,language\nDD,丁,zh-Hant\n"))
        small = self.pack("DD")
        made = subprocess.run(["/usr/bin/env", "python3", os.path.join(ROOT, "bench/make_form.py"), "700"], check=True,
                              stdout=subprocess.PIPE).stdout
        self.assertGreaterEqual(made.count(b"begin_repeat"), 12)
        self.send(self.write("large.csv", made), self.write("large-roster.csv", "code,name,language\nH1,House,vi\n"),
                  folder="large")
        large = self.pack("H1", folder="large")
        before = [self.look_at_rules(path) for path in (small, large)]
        self.assertEqual(before[0][2], 301)  # and "other"
        questions = [row for row in csv.reader(made.decode("utf-8").splitlines())
                     if len(row) > 1 and row[1].split(" ")[0] in ("integer", "decimal", "text", "date", "select_one",
                                                                  "select_multiple", "geopoint")]
        self.assertGreaterEqual(len(questions), 500)
        if SOFFICE:
            convert([small, large], self.path("saved"))
            saved = [self.path("saved/" + os.path.basename(path)) for path in (small, large)]
            self.assertEqual([self.look_at_rules(path) for path in saved], before)
            for path in saved:
                self.look_at_values(path)

    def test_every_pack_is_in_the_language_that_its_respondent_reads(self):
        self.send(self.write("circle.csv", four_languages()), self.write("roster.csv", ROSTER))
        for code, tag, label, own in (("AA", "en", "Ships", "0 to 90"), ("BB", "fr", "Navires", "De 0 à 90 é"),
                                      ("CC", "pt", "Navios", "De 0 a 90 é"), ("DD", "zh-Hant", "船舶", "從0到90"),
                                      ("FF", "pt", "Navios", "De 0 a 90 é")):
            pack = Pack(self.pack(code), read_form(self.form))
            cell = pack.answers["ships"]
            self.assertEqual(cell.parent.cell(cell.row, 3).value, label)
            self.assertEqual(pack.rule_of(cell).error, own)
            said = {row[0]: row[1] for row in pack.book["canvass"].iter_rows(values_only=True)}
            self.assertEqual(said["language"], tag)
            self.assertEqual(pack.offered(pack.answers["port"])[0], dict(LISTS["port"])["p1"].split("|")[
                ["en", "pt", "fr", "zh-Hant"].index(tag)])
            with open(self.pack(code, "html"), encoding="utf-8") as page:
                self.assertIn('<html lang="%s"' % tag, page.read())

    @unittest.skipUnless(OTHER, "the program of another compiler is not here")
    def test_the_build_of_another_compiler_gives_the_same_bytes(self):
        self.send(self.write("circle.csv", four_languages()), self.write("roster.csv", ROSTER))
        subprocess.run([OTHER, "distribute", self.form, "--due", "2026-12-31", "-o",
                        self.path("other"), *self.given("other.db")], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=dict(os.environ, TZ="Asia/Kathmandu", LC_ALL="C"))
        with open(self.path("packs/manifest.csv"), "rb") as one, open(self.path("other/manifest.csv"), "rb") as other:
            self.assertEqual(one.read(), other.read())


class Mailing(Circle):
    """Who got a pack is known, and drafts carry it."""

    def setUp(self):
        super().setUp()
        self.form = self.write("circle.csv", four_languages().replace('"circle"', '"circle é 1"'))
        self.roster = self.write("roster.csv", ROSTER)

    def distribute(self, *more, code=0):
        got, said, talk = run("distribute", self.form, "--due", "2026-12-31", "-o", self.path("packs"), *self.given(), *more)
        self.assertEqual(got, code, talk)
        return talk

    def status(self, *more):
        got, said, talk = run("status", self.form, "--store", self.path("s.db"), "--now", "2026-12-20T00:00:00Z", *more)
        self.assertEqual(got, 0, talk)
        return said

    def mail(self, path):
        with open(self.path(path), "rb") as file:
            return email.message_from_bytes(file.read(), policy=email.policy.default)

    def attached(self, mail):
        return {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}

    def files_of(self, code):
        found = {}
        for ending in ("xlsx", "csv", "html"):
            path = self.pack(code, ending)
            with open(path, "rb") as file:
                found[os.path.basename(path)] = file.read()
        return found

    def test_what_was_sent_and_when_it_is_due_is_known(self):
        self.distribute("--respondent", "BB")
        states = {row["code"]: row.get("notice") for row in json.loads(self.status("--json"))["respondents"]}
        self.assertEqual({code: state for code, state in states.items() if state == "sent"}, {"BB": "sent"})
        self.distribute("--force")
        told = json.loads(self.status("--json"))
        self.assertEqual(({row["notice"] for row in told["respondents"]}, told["due"], told["round"]),
                         ({"sent"}, "2026-12-31", "2026"))
        self.assertIn("sent, due 2026-12-31, in 11 days", self.status())

    def test_what_cannot_be_written_is_not_sent(self):
        self.distribute()
        before = dump(self.path("s.db"))
        self.assertIn("already exists", self.distribute(code=2))
        self.assertEqual(dump(self.path("s.db")), before)

    def test_a_draft_holds_the_covering_text_and_the_pack(self):
        self.distribute("--eml")
        with open(self.path("packs/manifest.csv"), encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 5 * 6)
        mail = self.mail(self.pack("DD", "eml"))
        self.assertEqual(mail["To"].addresses[0].addr_spec, "dd@example.org")
        self.assertEqual((mail["Subject"], mail["X-Unsent"]), ("Ships 船 é, 2026", "1"))
        with open(self.pack("DD", "txt"), encoding="utf-8") as file:
            self.assertEqual(mail.get_body().get_content().replace("\r\n", "\n").strip(), file.read().strip())
        self.assertEqual(self.attached(mail), self.files_of("DD"))

    def test_a_reminder_carries_the_pack_as_it_was_sent(self):
        self.distribute()
        self.status("--remind", self.path("reminders"), "--eml", "--packs", self.path("packs"))
        self.assertEqual(sorted(os.listdir(self.path("reminders"))), [code + ".eml" for code in ("AA", "BB", "CC", "DD", "EE", "FF")])
        self.assertEqual(self.attached(self.mail("reminders/CC.eml")), self.files_of("CC"))

    def test_a_pack_of_a_version_that_was_only_sent_is_read_as_that(self):
        self.distribute()
        pack = Pack(self.pack("BB"), read_form(self.form))
        pack.put("ships", "7", "")
        pack.book.save(self.path("back.xlsx"))
        newer = [(kind, "vessels" if name == "ships" else name, label,
                  {key: value.replace("${ships}", "${vessels}") for key, value in more.items()})
                 for kind, name, label, more in QUESTIONS]
        lists = dict(LISTS, flag=[(code, label.replace("${ships}", "${vessels}")) for code, label in LISTS["flag"]])
        self.form = self.write("newer.csv", four_languages(newer, lists, version="2").replace('"circle"', '"circle é 1"'))
        code, told, err = import_json(self.form, self.path("back.xlsx"), *self.given())
        (taken,) = told["returns"]
        self.assertEqual((taken["outcome"], taken["findings"][0]["code"]), ("accepted", "N0685"), str(told) + err)
        with sqlite3.connect(self.path("s.db")) as store:
            self.assertIn(("ships", "vessels"), store.execute("SELECT stood, read_as FROM ledger").fetchall())


class Prefill(Circle):
    def test_answers_of_the_last_revision_are_there_to_be_confirmed_and_do_not_count(self):
        form, roster = self.write("circle.csv", four_languages()), self.write("roster.csv", ROSTER)
        self.send(form, roster)
        self.take(self.path("answers"), "s.db")
        # A later revision of one of them.
        with open(self.path("answers/AA.csv"), encoding="utf-8") as file:
            text = file.read()
        later = re.sub(r"^(words,[^,]*,[^,]*),[^,]*,", r"\1,Revised é (invented),", text, flags=re.M)
        self.assertNotEqual(later, text)
        code, told, err = import_json(form, self.write("later.csv", later), *self.given("s.db"))
        self.assertEqual(told["responses"]["revisions"], 1, str(told)[:3000] + err)
        for wanted in ("last", "2026", "last"):
            code, _, err = run("distribute", form, "--force", "-o", self.path(wanted), "--store", self.path("s.db"), "--roster", roster,
                               "--now", NOW, "--round", "2027", "--prefill", wanted)
            self.assertEqual(code, 0, err)
            pack = Pack(self.pack("AA", folder=wanted), read_form(form))
            cell = pack.answers["words"]
            self.assertEqual(cell.value, "Revised é (invented)")
            self.assertIn('"confirm or change"', cell.parent.cell(cell.row, 5).value)
            said = {row[0]: row[1] for row in pack.book["canvass"].iter_rows(values_only=True)}
            self.assertEqual((said["round"], "revision" in said), ("2027", False))  # of another round: not merged
        # That the round is sent makes it the current one, which has no answers: the last ones are still those before.
        code, told, err = run("status", form, "--store", self.path("s.db"), "--now", NOW, "--json")
        self.assertEqual(json.loads(told)["round"], "2027")
        self.assertEqual({row["state"] for row in json.loads(told)["respondents"]} & {"answered"}, set(), told + err)
        # Confirmed by the tick on the cover, the answers are those of the round before.
        os.makedirs(self.path("back"))
        for name in self.codes():
            pack = Pack(self.pack(name, folder="last"), read_form(form))
            (tick,) = [row[0] for row in pack.book.worksheets[0].iter_rows() if row[-1].value == "still_right"]
            tick.value = "x"
            pack.book.save(self.path("back/%s.xlsx" % name))
        code, told, err = import_json(form, self.path("back"), "--store", self.path("s.db"), "--roster", roster, "--now", NOW,
                                      "--round", "2027")
        self.assertEqual((told["files"]["accepted"], told["errors"], told["warnings"]), (6, 0, 0), str(told)[:3000] + err)
        out = [self.path("2026.xlsx"), self.path("2027.xlsx")]
        for round, name in (("2026", out[0]), ("2027", out[1])):
            code, _, err = run("report", form, "--store", self.path("s.db"), "--roster", roster, "--now", NOW, "--round", round,
                               "-o", name)
            self.assertEqual(code, 0, err)
        first, second = ([[[cell.value for cell in row] for row in book[name].iter_rows(min_row=5)]
                          for name in ("Matrix", "Counts")] for book in map(openpyxl.load_workbook, out))
        self.assertEqual(first, second)


if __name__ == "__main__":
    unittest.main()
