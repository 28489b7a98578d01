"""Packs as respondents get them: re-read by openpyxl, filled in, sent back.  Forms and answers are invented."""
import csv
import hashlib
import json
import os
import shutil
import subprocess
import unittest

import openpyxl

from story import FORM, HANG, NOW, Story, run

LANGUAGES = [("English (en)", "Port"), ("Français (fr)", "Port"), ("日本語 (ja)", "港"), ("Русский (ru)", "Порт")]
SOFFICE = shutil.which("soffice")


def form_in_four_languages(choices=300):
    """A form whose every text is in four languages, with a drop-down of 300 choices."""
    names = [name for name, _ in LANGUAGES]
    head = ["type", "name"] + ["label::" + name for name in names] + ["constraint_message::" + name for name in names]
    rows = [["survey"], [""] + head + ["required", "relevant", "constraint"],
            ["", "text", "economy"] + ["Economy", "Économie", "経済", "Экономика"] + [""] * 4 + ["yes", "", ""],
            ["", "select_one port", "port"] + [word for _, word in LANGUAGES] + [""] * 4 + ["yes", "", ""],
            ["", "integer", "ships"] + ["Ships", "Navires", "船舶数", "Суда"] +
            ["0 to 9 é", "De 0 à 9 " + "é" * 300, "0から9まで", "От 0 до 9"] + ["", "${port} != ''", ". >= 0 and . <= 9"],
            ["", "select_multiple flag", "flags"] + ["Flags", "Drapeaux", "旗", "Флаги"] + [""] * 4 + ["", "", ""],
            ["choices"], ["", "list_name", "name"] + ["label::" + name for name in names]]
    for number in range(choices):
        rows.append(["", "port", "p%d" % number] + ["%s %d é港" % (word, number) for _, word in LANGUAGES])
    for name in ("a", "b"):
        rows.append(["", "flag", name] + ["Same", "Pareil", "同じ", "То же"])
    rows += [["settings"], ["", "form_id", "form_title", "version", "default_language", "respondent"],
             ["", "four", "Ports 港", "3", "English (en)", "economy"]]
    width = max(len(row) for row in rows)
    return "".join(",".join('"%s"' % cell for cell in row + [""] * (width - len(row))) + "\n" for row in rows)


ROSTER = 'code,name,language\nEN,England,en\nFR,France,fr\nJP,日本,ja en\nRU,Россия,ru-RU\nXX,Elsewhere,xh\n'


def contents(folder):
    found = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def names_of(book):
    defined = book.defined_names
    if hasattr(defined, "definedName"):
        return {item.name: item.attr_text for item in defined.definedName}
    return {name: item.attr_text for name, item in defined.items()}


def cells_of(book, name):
    """The texts of a named range."""
    sheet, area = names_of(book)[name].rsplit("!", 1)
    rows = book[sheet.strip("'")][area.replace("$", "")]
    return [row[0].value for row in rows] if isinstance(rows, tuple) else [rows.value]


def find(book, path):
    """The answer cell of a path."""
    for sheet in book.worksheets:
        if sheet["A5"].value != "question":
            continue
        for row in sheet.iter_rows(min_row=6):
            if row[0].value == path:
                return row[3]
    raise KeyError(path)


def validation_of(cell):
    for rule in cell.parent.data_validations.dataValidation:
        if cell.coordinate in rule.sqref:
            return rule
    return None


class Packs(Story):
    def distribute(self, *more, out="packs", form=FORM, env=None, code=0):
        if "--store" not in more:
            more += ("--store", self.path("sent.db"))
        got, said, talk = run("distribute", form, "--round", "2026", "--due", "2026-12-31", "--now", NOW, "-o",
                              self.path(out), *more, env=env)
        self.assertEqual(got, code, talk)
        return said, talk

    def four(self, *more, **named):
        self.form = self.write("four.csv", form_in_four_languages())
        self.roster = self.write("four-roster.csv", ROSTER)
        return self.distribute("--roster", self.roster, *more, form=self.form, **named)

    def test_every_respondent_has_four_files_and_the_manifest_tells_their_digests(self):
        self.distribute()
        found = contents(self.path("packs"))
        with open(self.path("packs/manifest.csv"), newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        self.assertEqual(len(lines), 4 * 21)
        self.assertEqual(len(found), 4 * 21 + 1)
        for line in lines:
            content = found[line["file"]]
            self.assertEqual(line["sha256"], hashlib.sha256(content).hexdigest())
            self.assertEqual(int(line["bytes"]), len(content))
        self.assertIn("JPN/seafarers_id-JPN.xlsx", found)

    def test_same_inputs_give_the_same_bytes_in_any_zone_and_locale(self):
        self.four(out="one", env={"TZ": "Pacific/Auckland", "LC_ALL": "C"})
        self.four(out="two", env={"TZ": "America/Lima", "LC_ALL": "de_DE.UTF-8"})
        self.assertEqual(contents(self.path("one")), contents(self.path("two")))

    def test_what_exists_is_replaced_only_with_force(self):
        self.distribute("--respondent", "JPN")
        path = self.path("packs/JPN/seafarers_id-JPN.txt")
        with open(path, "w") as file:
            file.write("mine")
        before = contents(self.path("packs"))
        _, talk = self.distribute(code=2)
        self.assertIn("already exists; nothing was written", talk)
        self.assertEqual(contents(self.path("packs")), before)
        self.distribute("--force")
        with open(path) as file:
            self.assertIn("Japan", file.read())

    def test_each_pack_is_in_its_language_and_says_whose_it_is(self):
        self.four()
        for code, tag, cover, words in (("EN", "en", "Cover", "Choose from the list."),
                                        ("FR", "fr", "Couverture", "Choisissez dans la liste."),
                                        ("JP", "ja", "表紙", "リストから選択してください。"),
                                        ("RU", "ru", "Обложка", "Выберите из списка."),
                                        ("XX", "en", "Cover", "Choose from the list.")):
            book = openpyxl.load_workbook(self.path("packs/%s/four-%s.xlsx" % (code, code)))
            self.assertEqual(book.sheetnames[0], cover)
            own = {row[0]: row[1] for row in book["canvass"].iter_rows(values_only=True)}
            self.assertIn("canvass.pack/1", own)
            self.assertEqual((own["form"], own["version"], own["round"], own["respondent"], own["language"]),
                             ("four", "3", "2026", code, tag))
            self.assertEqual(len(own["check"]), 16)
            self.assertEqual(own["form_sha256"], hashlib.sha256(form_in_four_languages().encode()).hexdigest())
            self.assertEqual(validation_of(find(book, "port")).error, words)

    def test_the_drop_down_holds_300_choices_that_are_not_ascii(self):
        self.four()
        for at, (_, word) in enumerate(LANGUAGES):
            code = ("EN", "FR", "JP", "RU")[at]
            book = openpyxl.load_workbook(self.path("packs/%s/four-%s.xlsx" % (code, code)))
            rule = validation_of(find(book, "port"))
            self.assertEqual(rule.type, "list")
            self.assertEqual(cells_of(book, rule.formula1), ["%s %d é港" % (word, n) for n in range(300)])

    def test_rules_prompts_and_messages(self):
        self.four()
        book = openpyxl.load_workbook(self.path("packs/FR/four-FR.xlsx"))
        rule = validation_of(find(book, "ships"))
        self.assertEqual((rule.type, rule.operator or "between", rule.formula1, rule.formula2),
                         ("whole", "between", "0", "9"))
        self.assertTrue(rule.error.startswith("De 0 à 9 éé"))
        for code in ("EN", "FR", "JP", "RU"):
            book = openpyxl.load_workbook(self.path("packs/%s/four-%s.xlsx" % (code, code)))
            for sheet in book.worksheets:
                for rule in sheet.data_validations.dataValidation:
                    self.assertLessEqual(len((rule.error or "").encode("utf-16-le")) // 2, 224)
                    self.assertLessEqual(len((rule.prompt or "").encode("utf-16-le")) // 2, 255)
                    if rule.type == "list":
                        self.assertIn(rule.formula1, names_of(book))
        tick = validation_of(find(book, "flags/a"))
        self.assertEqual(cells_of(book, tick.formula1), ["x"])

    def test_answers_are_unlocked_and_all_else_is_locked(self):
        self.four()
        book = openpyxl.load_workbook(self.path("packs/EN/four-EN.xlsx"))
        for sheet in book.worksheets:
            self.assertTrue(sheet.protection.sheet, sheet.title)
            self.assertIsNone(sheet.protection.password)
        cell = find(book, "ships")
        self.assertFalse(cell.protection.locked)
        self.assertTrue(cell.parent.cell(cell.row, 3).protection.locked)
        self.assertFalse(cell.parent.cell(cell.row, 6).protection.locked)
        self.assertTrue(find(book, "economy").protection.locked)
        self.assertEqual(find(book, "economy").value, "EN")
        self.assertEqual([sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"],
                         ["canvass lists", "canvass"])
        self.assertIn('"not asked"', cell.parent.cell(cell.row, 5).value)
        self.assertFalse(any("[" in str(formula) for formula in names_of(book).values()), "no links to other files")

    def test_a_blank_pack_comes_back_as_blank_and_nothing_else_is_said(self):
        self.distribute("--respondent", "JPN")
        for ending in ("xlsx", "csv"):
            _, out, _ = run("import", FORM, self.path("packs/JPN/seafarers_id-JPN." + ending), "--store",
                            self.path(ending + ".db"), "--round", "2026", "--now", NOW, "--jsonl")
            lines = [json.loads(line) for line in out.splitlines()]
            self.assertEqual([line["finding"]["code"] for line in lines if line["type"] == "finding"], ["W0637"])
            self.assertEqual((lines[-1]["responses"]["new"], lines[-1]["responses"]["blank"]), (0, 1))

    def test_what_is_filled_in_arrives(self):
        self.distribute("--respondent", "JPN")
        path = self.path("packs/JPN/seafarers_id-JPN.xlsx")
        book = openpyxl.load_workbook(path)
        find(book, "return_basis").value = "Return completed by the economy"
        find(book, "issues_doc").value = "Yes, issued now"
        find(book, "seafarers_pop").value = 1200
        find(book, "consulted/immigration").value = "x"
        find(book, "resp_org").value = "007 Agency é"
        entries = [sheet for sheet in book.worksheets if sheet["C5"].value == "doc[]/doc_name"][0]
        entries["C6"] = "Seafarer's book (invented)"
        entries["C7"] = "Second (invented)"
        entries["C40"] = "Far below (invented)"
        book.save(path)
        run("import", FORM, path, "--store", self.path("s.db"), "--round", "2026", "--now", NOW)
        self.distribute("--store", self.path("s.db"), "--prefill", "2026", "--respondent", "JPN", out="again")
        book = openpyxl.load_workbook(self.path("again/JPN/seafarers_id-JPN.xlsx"))
        self.assertEqual(find(book, "return_basis").value, "Return completed by the economy")
        self.assertEqual(find(book, "seafarers_pop").value, 1200)
        self.assertEqual(find(book, "consulted/immigration").value, "x")
        self.assertIsNone(find(book, "consulted/none").value)
        self.assertEqual(find(book, "resp_org").value, "007 Agency é")
        state = find(book, "seafarers_pop").parent.cell(find(book, "seafarers_pop").row, 5).value
        self.assertIn('"confirm or change"', state)
        entries = [sheet for sheet in book.worksheets if sheet["C5"].value == "doc[]/doc_name"][0]
        self.assertEqual([entries.cell(row, 3).value for row in (6, 7, 8, 9)],
                         ["Seafarer's book (invented)", "Second (invented)", "Far below (invented)", None])
        own = {row[0]: row[1] for row in book["canvass"].iter_rows(values_only=True)}
        self.assertEqual(own["revision"], "1")

    def test_the_covering_text_comes_from_a_template(self):
        template = self.write("letter.txt", "{name}: {title}, {round}, {due}\nask {contact}\n{files}\n")
        self.distribute("--template", template, "--respondent", "JPN")
        with open(self.path("packs/JPN/seafarers_id-JPN.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "Japan: Questionnaire on improving seafarers' identity documents, 2026, "
                             "31 December 2026\nseafarers_id-JPN.xlsx\nseafarers_id-JPN.csv\nseafarers_id-JPN.html\n")
        template = self.write("wrong.txt", "Dear {name},\n\nby {deu}\n")
        _, talk = self.distribute("--template", template, "--respondent", "JPN", out="wrong", code=2)
        self.assertIn("wrong.txt:3", talk)
        self.assertIn("E0800", talk)
        self.assertIn("did you mean {due}?", talk)
        self.assertFalse(os.path.exists(self.path("wrong/manifest.csv")))

    def test_the_cover_says_for_whom_by_when_and_whom_to_ask(self):
        lines = {"For": "Alpha (AA)", "Round": "r1", "Please return by": "31 December 2026", "Contact": "desk@example.org"}
        for contact in ("desk@example.org", ""):
            form = self.write("small.csv", "survey\n,type,name,label\n,text,respondent,Who\n"
                              "settings\n,form_title,form_id,contact\n,Ships,ships,%s\n" % contact)
            roster = self.write("r.csv", "code,name\nAA,Alpha\n")
            out = self.path("with" + contact)
            code, _, err = run("distribute", form, "--roster", roster, "--store", self.path("small.db"), "--round", "r1",
                               "--due", "2026-12-31", "-o", out)
            self.assertEqual(code, 0, err)
            cover = openpyxl.load_workbook(os.path.join(out, "AA/ships-AA.xlsx")).worksheets[0]
            told = {row[i]: row[i + 1] for row in cover.iter_rows(values_only=True) for i in range(len(row) - 1)
                    if row[i] in lines}
            self.assertEqual(told, {word: text for word, text in lines.items() if contact or word != "Contact"})

    def test_the_day_is_in_the_language_of_the_pack(self):
        for tag, day in {"fr": "31 janvier 2027", "es": "31 de enero de 2027", "pt": "31 de janeiro de 2027", "id": "31 Januari 2027",
                         "vi": "ngày 31 tháng 1 năm 2027", "ru": "31 января 2027 г.", "ja": "2027年1月31日", "zh": "2027年1月31日",
                         "zh-Hant": "2027年1月31日", "ko": "2027년 1월 31일", "th": "31 มกราคม ค.ศ. 2027", "en": "31 January 2027",
                         "de": "31 January 2027"}.items():
            with self.subTest(language=tag):
                form = self.write(tag + ".csv", "survey\n,type,name,label\n,text,respondent,Zq\n"
                                  "settings\n,form_title,form_id,default_language\n,Zq,zq,Zq (%s)\n" % tag)
                roster = self.write("r.csv", "code,name\nAA,Zq\n")
                out = self.path("in-" + tag)
                code, _, err = run("distribute", form, "--roster", roster, "--store", self.path(tag + ".db"), "--due", "2027-01-31",
                                   "-o", out)
                self.assertEqual(code, 0, err)
                texts = []
                for ending in ("txt", "html"):
                    with open(os.path.join(out, "AA/zq-AA." + ending), encoding="utf-8") as file:
                        texts.append(file.read())
                book = openpyxl.load_workbook(os.path.join(out, "AA/zq-AA.xlsx"))
                texts += [str([cell.value for row in sheet.iter_rows() for cell in row]) for sheet in book.worksheets[:2]]
                for text in texts:
                    self.assertEqual(text.count(day), 1, text)
                    self.assertNotIn("2027-01-31", text)
                self.assertEqual({row[0]: row[1] for row in book["canvass"].iter_rows(values_only=True)}["due"], "2027-01-31")

    def test_a_respondent_who_is_no_choice_is_told(self):
        roster = self.write("r.csv", "code,name\nJPN,Japan\nATL,Atlantis\n")
        _, talk = self.distribute("--roster", roster)
        self.assertIn("W0801", talk)
        self.assertIn("r.csv:3", talk)

    def test_the_page_has_every_choice_and_no_script(self):
        self.four()
        with open(self.path("packs/JP/four-JP.html"), encoding="utf-8") as file:
            page = file.read()
        self.assertIn('<html lang="ja">', page)
        self.assertNotIn("<script", page)
        self.assertEqual(page.count("é港</li>"), 300)

    @unittest.skipUnless(SOFFICE, "LibreOffice is not installed")
    def test_libreoffice_keeps_the_drop_down_and_counts_what_is_left(self):
        self.four()
        book = openpyxl.load_workbook(self.path("packs/JP/four-JP.xlsx"))
        find(book, "port").value = "港 7 é港"
        book.save(self.path("filled.xlsx"))
        subprocess.run([SOFFICE, "-env:UserInstallation=file://" + self.path("lo"), "--headless", "--convert-to",
                        "xlsx:Calc MS Excel 2007 XML", "--outdir", self.path("out"), self.path("filled.xlsx")],
                       check=True, timeout=HANG, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        formulas = openpyxl.load_workbook(self.path("out/filled.xlsx"))
        values = openpyxl.load_workbook(self.path("out/filled.xlsx"), data_only=True)
        rule = validation_of(find(formulas, "port"))
        self.assertEqual(rule.type, "list")
        name = rule.formula1.split("!")[-1] if rule.formula1 not in names_of(formulas) else rule.formula1
        self.assertEqual(len(cells_of(formulas, name)), 300)
        port = find(values, "port")
        self.assertEqual(port.parent.cell(port.row, 5).value or "", "")
        ships = find(values, "ships")
        self.assertEqual(ships.parent.cell(ships.row, 7).value, 1)


if __name__ == "__main__":
    unittest.main()
