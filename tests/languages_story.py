"""A report in the language of its readers: none of canvass's own words stay English, and verify makes it again."""
import os
import re
import unittest
import zipfile

import openpyxl

from story import NOW, Story, run

# Every text of the form, the roster and the returns is of these words, so that all others are canvass's own.
FORM = """survey
,type,name,label,required,constraint,relevant,headline
,select_one zqwho,zqwho,Zqwho,yes,,,
,begin_group,zqpart,Zqpart,,,,
,select_one zqlist,zqstatus,Zqstatus,yes,,,1
,select_multiple zqlist,zqmany,Zqmany,,,,2
,integer,zqnumber,Zqnumber,,. < 1000,${zqstatus} = 'zqb',3
,date,zqday,Zqday,,,,4
,text,zqwords,Zqwords,,,,
,end_group,,,,,,
,begin_repeat,zqdoc,Zqdoc,,,,
,text,zqtitle,Zqtitle,,,,
,end_repeat,,,,,,
choices
,list_name,name,label
,zqlist,zqa,Zqa
,zqlist,zqb,Zqb
,zqlist,zqc,Zqc
"""
CODES = ["ZQ%02d" % i for i in range(1, 10)]
ROSTER = "code,name,group:Zqregion\n" + "".join("%s,Zqname%d,%s\n" % (code, i, "Zqeast" if i % 2 else "")
                                                  for i, code in enumerate(CODES))
SAME = {"code", "type", "SHA-", "Dates", "option", "question",  # the same word in French
        "select", "one", "multiple", "integer", "date", "text", "true"}  # of the form



def answers(at, then):
    """A return: valid answers, one against the rule, one that is no choice, a remark."""
    yield "zqstatus", ("zqa", "zqb", "zqb", "zqq", "")[at % 5] if not then else "zqc", ""
    yield "zqmany", "zqa zqc", "Zqremark" if at == 1 else ""
    yield "zqnumber", str(5 + at * 400), ""
    yield "zqday", "2026-0%d-11" % (at + 1), ""
    yield "zqwords", "Zqsaid", ""
    yield "zqdoc[1]/zqtitle", "Zqsaid", ""


class Languages(Story):
    def setUp(self):
        super().setUp()
        lists = "".join(",zqwho,%s,Zqname%d\n" % (code, i) for i, code in enumerate(CODES))
        self.form = self.write("zqform.csv", FORM + lists + "settings\n,form_title,form_id,respondent,version\n,Zqform,zqform,zqwho,1\n")
        self.write("roster.csv", ROSTER)
        for label, count in (("2025", 6), ("2026", 7)):
            for at, code in enumerate(CODES[:count]):
                rows = [("zqwho", code, "")] + list(answers(at, label == "2025"))
                path = self.write("%s-%s.csv" % (code, label), "question,answer,note\n" +
                                  "".join("%s,%s,%s\n" % row for row in rows))
                self.run_there("import", self.form, path, "--round", label, "--now", NOW)
        for mark, code in (("--declined", "ZQ08"), ("--extended", "ZQ09")):
            self.run_there("status", self.form, mark, code, *(["2026-12-20"] if mark == "--extended" else ["--reason", "Zqreason"]),
                           "--round", "2026", "--now", NOW)

    def run_there(self, *args):
        code, out, err = run(*args, cwd=self.folder.name)
        return code, out + err

    def book(self, language, *options):
        path = self.path(language + ".xlsx")
        code, said = self.run_there("report", self.form, "--round", "2026", "--now", NOW, "--language", language, "-o", path,
                                    "--force", "--cross", "zqstatus", "--since", "2025", *options)
        self.assertEqual(code, 0, said)
        return path


def own_words(path):
    """Every text of the shown sheets, notes and footers, with where it is; of Findings not the diagnostics."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        yield sheet.title, "the name of a sheet"
        for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
            yield part.text or "", "the footer of " + sheet.title
        head = []
        for row in sheet.iter_rows():
            for cell in row:
                if head and len(head) > cell.column - 1 and head[cell.column - 1] in ("message", "explication", "hint", "conseil"):
                    continue
                if isinstance(cell.value, str):
                    yield cell.value, "%s!%s" % (sheet.title, cell.coordinate)
                if cell.comment:
                    yield cell.comment.text, "the note of %s!%s" % (sheet.title, cell.coordinate)
            if {"message", "explication"} & {cell.value for cell in row}:
                head = [cell.value for cell in row]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def english(text):
    """The words that only canvass can have written."""
    return [word for word in re.findall(r"[A-Za-z][A-Za-z-]+", re.sub(r"`[^`]*`|\b[0-9a-f]{64}\b|[ZzQq]\w*q\w*(\.csv)?|[\w/.-]*[zZ][qQ][\w.\[\]/-]*", "", text))]


class Books(Languages):
    def test_no_word_stays_english(self):
        spoken, seen = {}, 0
        for text, where in own_words(self.book("en")):
            for word in english(text):
                spoken.setdefault(text, where)
        left = []
        for text, where in own_words(self.book("fr")):
            seen += 1
            if text in spoken and set(english(text)) - SAME:
                left.append((where, text))
        self.assertGreater(seen, 500)
        self.maxDiff = None
        self.assertEqual(left, [])

    def test_every_language_has_the_same_figures(self):
        def figures(path):
            return [[(cell.coordinate, cell.value) for row in sheet.iter_rows() for cell in row
                     if isinstance(cell.value, (int, float))]
                    for sheet in openpyxl.load_workbook(path).worksheets if sheet.sheet_state == "visible"]

        expected = figures(self.book("en"))
        for language in ("es", "pt-BR", "id", "vi", "ru", "ja", "zh", "zh-Hant", "ko", "th"):
            with self.subTest(language):
                self.assertEqual(figures(self.book(language)), expected)

    def test_verify_makes_it_again(self):
        path = self.book("ru")
        code, said = self.run_there("verify", path, "--store", "responses/zqform.db")
        self.assertEqual(code, 0, said)
        self.assertIn("the same", said)

    def test_nouns_follow_their_number(self):
        texts = [text for text, _ in own_words(self.book("ru"))]
        self.assertTrue(any(re.search(r"\b1 запись\b", text) for text in texts), texts)
        self.assertTrue(any("7 записей" in text for text in texts))

    def test_a_language_without_words_is_rejected(self):
        code, said = self.run_there("report", self.form, "--language", "de", "-o", "x.xlsx")
        self.assertEqual(code, 2)
        self.assertIn("no language \"de\"", said)
        self.assertFalse(os.path.exists(self.path("x.xlsx")))


ARABIC = """survey
,type,name,label::العربية (ar),label::English (en)
,text,who,من أنتم؟,Who
,select_one yn,ready,هل أنتم مستعدون؟,Ready?
choices
,list_name,name,label::العربية (ar),label::English (en)
,yn,yes,نعم,Yes
,yn,no,لا,No
settings
,form_title,form_id,respondent,default_language
,استبيان,ar,who,العربية (ar)
"""


class FromRight(Story):
    def test_sheets_of_an_arabic_form_begin_on_the_right(self):
        form, store = self.write("ar.csv", ARABIC), self.path("ar.db")
        answers = self.write("a.csv", "who,ready\nميناء,نعم\nمرسى,لا\n")
        self.assertEqual(run("import", form, answers, "--store", store, "--now", NOW)[0], 0)
        for language, from_right in (("ar", True), ("en", False)):
            path = self.path(language + ".xlsx")
            code, _, err = run("report", form, "--store", store, "--now", NOW, "--language", language, "-o", path)
            self.assertEqual(code, 0, err)
            for sheet in openpyxl.load_workbook(path).worksheets:
                self.assertEqual(bool(sheet.sheet_view.rightToLeft), from_right, sheet.title)
                # a title in Latin letters would leave such a sheet
                if sheet.sheet_state == "visible":
                    self.assertEqual(sheet["A1"].alignment.horizontal, "right" if from_right else None, sheet.title)
            for ending in (".html", ".docx"):
                path = self.path(language + ending)
                code, _, err = run("report", form, "--store", store, "--now", NOW, "--language", language, "-o", path)
                self.assertEqual(code, 0, err)
            self.assertEqual('<html lang="ar" dir="rtl">' in read(self.path(language + ".html")), from_right)
            with zipfile.ZipFile(self.path(language + ".docx")) as archive:
                body = archive.read("word/document.xml").decode()
            self.assertEqual("<w:bidiVisual/>" in body, from_right)
            self.assertEqual("<w:bidi/></w:sectPr>" in body, from_right)


    def test_packs_of_an_arabic_form_begin_on_the_right(self):
        form, roster = self.write("ar.csv", ARABIC), self.write("roster.csv", "code,name\nA,ميناء\n")
        for language, from_right in (("ar", True), ("en", False)):
            place = self.path(language)
            code, _, err = run("distribute", form, "--roster", roster, "--store", self.path(language + ".db"), "--round", "2026",
                               "--language", language, "-o", place, "--now", NOW)
            self.assertEqual(code, 0, err)
            sheets = [sheet for sheet in openpyxl.load_workbook(os.path.join(place, "A", "ar-A.xlsx")).worksheets
                      if sheet.sheet_state == "visible"]
            self.assertEqual({bool(sheet.sheet_view.rightToLeft) for sheet in sheets}, {from_right})
            title = next(cell for row in sheets[1].iter_rows() for cell in row if cell.font.sz == 18)
            self.assertEqual(title.alignment.horizontal, "right" if from_right else None)
            page = read(os.path.join(place, "A", "ar-A.html"))
            self.assertEqual('<html lang="ar" dir="rtl">' in page, from_right)


class Papers(Languages):
    def paper(self, language, ending, *options):
        path = self.path(language + ending)
        code, said = self.run_there("report", self.form, "--round", "2026", "--now", NOW, "--language", language, "-o", path,
                                    "--force", *(options or ("--since", "2025")))
        self.assertEqual(code, 0, said)
        return path

    def texts(self, path):
        """The texts of a page, without those of its style and script."""
        page = re.sub(r"<(style|script)>.*?</\1>", "", read(path), flags=re.S)
        return [text.strip() for text in re.findall(r">([^<>]+)<", page) if text.strip()]

    def test_no_word_of_a_paper_or_a_profile_stays_english(self):
        for options in (("--since", "2025"), ("--respondent", "ZQ02")):
            spoken = set(self.texts(self.paper("en", ".html", *options)))
            french = self.texts(self.paper("fr", ".html", *options))
            self.assertGreater(len(french), 30)
            self.assertEqual([text for text in french if text in spoken and set(english(text)) - SAME - {"Code"}], [])

    def test_the_figures_of_a_paper_are_the_same_in_every_language(self):
        def figures(path):
            return re.findall(r"<td class=r>(\d+)</td>", read(path))

        expected = figures(self.paper("en", ".html"))
        self.assertGreater(len(expected), 30)
        for language in ("es", "pt-BR", "id", "vi", "ru", "ja", "zh", "zh-Hant", "ko", "th"):
            with self.subTest(language):
                path = self.paper(language, ".html")
                self.assertEqual(figures(path), expected)
                self.assertIn('<html lang="%s">' % language.split("-BR")[0], read(path))

    def test_words_in_latin_letters_are_not_broken_as_chinese_is(self):
        with zipfile.ZipFile(self.paper("zh", ".docx")) as archive:
            self.assertIn('<w:lang w:val="en" w:eastAsia="zh" w:bidi="zh"/>', archive.read("word/styles.xml").decode())

    def test_nouns_of_a_paper_follow_their_number(self):
        text = read(self.paper("ru", ".md"))
        self.assertIn("9 респондентов", text)
        self.assertIn("Учтено: 7 записей", text)

    def test_a_language_without_words_is_rejected(self):
        code, said = self.run_there("report", self.form, "--language", "de", "-o", "x.docx")
        self.assertEqual(code, 2)
        self.assertIn("no language \"de\"", said)


if __name__ == "__main__":
    unittest.main()
