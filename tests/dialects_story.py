"""The published returns as other programs would have sent them: twelve dialects, the same answers and the same workbook.

Every return gets one invented sentence in the script that the dialect is for, so that its letters are proved too."""
import csv
import io
import os
import re
import shutil
import subprocess
import unittest

import openpyxl

from circle_story import parts
from story import FORM, HANG, NOW, ROOT, Story, import_json, published, run

ROSTER = os.path.join(ROOT, "forms/roster.csv")

# Invented sentences, and the form's own labels in the language that they are in.
SENTENCES = {
    "latin": "Déclaration inventée pour l'épreuve – près de l'Île, à Łódź",
    "western": "Réponse inventée pour l’épreuve – où l'Île de Ré n'est pas à côté",
    "mac": "Réponse inventée pour l'épreuve, où l'Île de Ré n'est pas à côté",
    "japanese": "これは試験のために作られた文です。船員の身分証明書",
    "chinese": "这是为测试而虚构的一句话：海员身份证件",
}
LANGUAGES = {"latin": "French (fr)", "western": "French (fr)", "mac": "French (fr)", "japanese": "Japanese (ja)",
             "chinese": "Chinese (zh)"}
LABELS = {
    "French (fr)": {"economy": "Économie membre", "as_at": "Date à laquelle les réponses s'appliquent",
                    "resp_phone": "Numéro de téléphone", "release": "Manière de présenter ces réponses",
                    "c185_date": "Date d'entrée en vigueur de la convention", "doc_name": "Intitulé du document délivré",
                    "comments": "Autres remarques ou réserves"},
    "Japanese (ja)": {"economy": "エコノミー", "as_at": "回答の基準日", "resp_phone": "担当者の電話番号", "release": "回答の公開方法",
                      "c185_date": "条約の批准日", "doc_name": "身分証明書の名称", "comments": "その他の意見または留保"},
    "Chinese (zh)": {"economy": "经济体", "as_at": "答复所适用的日期", "resp_phone": "联系人的电话号码", "release": "答复的公布方式",
                     "c185_date": "批准公约的日期", "doc_name": "证件的名称", "comments": "其他意见或保留"},
}


def read_return(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_csv(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    return text.getvalue()


def leaf(path):
    return path.rsplit("/", 1)[-1]


def form_in(language):
    """The form with some of its labels in one more language."""
    out, sheet, at = [], None, None
    with open(FORM, encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if row and row[0]:
                sheet, at = row[0], None
            elif sheet == "survey" and any(row):
                if at is None:
                    at = row.index("name")
                    row = row + ["label::" + language]
                else:
                    row = row + [LABELS[language].get(row[at], "")]
            out.append(row)
    return as_csv(out)


def with_sentence(rows, sentence, labels):
    """The rows of a long return in that language, with the sentence as the answer to H6 (other comments)."""
    rows = [rows[0]] + [row[:2] + [labels.get(leaf(row[0]), row[2])] + row[3:] for row in rows[1:]]
    for row in rows:
        if row[0] == "comments":
            row[3] = (row[3] + " " + sentence).strip()
            return rows
    return rows + [["comments", "H6", labels["comments"], sentence, ""]]


def choice_labels():
    """list name -> choice name -> English label, and question -> list, from the form's own file."""
    lists, questions, sheet, head = {}, {}, None, None
    with open(FORM, encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if row and row[0]:
                sheet, head = row[0], None
                continue
            if not any(row):
                continue
            if head is None:
                head = row
                continue
            cells = dict(zip(head, row))
            if sheet == "choices":
                lists.setdefault(cells["list_name"], {})[cells["name"]] = cells.get("label") or cells.get("label::English (en)")
            elif sheet == "survey":
                found = re.match(r"(select_one|select_multiple) (\S+)", cells["type"])
                if found:
                    questions[cells["name"]] = (found.group(1), found.group(2))
    return lists, questions


LISTS, QUESTIONS = choice_labels()


def label_answer(path, answer):
    kind = QUESTIONS.get(leaf(path))
    if not kind or not answer:
        return answer
    labels = LISTS[kind[1]]
    if kind[0] == "select_one":
        return labels.get(answer, answer)
    if all(name in labels for name in answer.split()):
        return "; ".join(labels[name] for name in answer.split())
    return answer


def labelled(rows):
    return [rows[0]] + [[r[0], r[1], r[2], label_answer(r[0], r[3])] + r[4:] for r in rows[1:]]


def with_decimal_comma(rows):
    return [rows[0]] + [[r[0], r[1], r[2], r[3].replace(".", ",") if leaf(r[0]) == "doc_fee" else r[3]] + r[4:]
                        for r in rows[1:]]


def shuffled(rows):
    """Columns in another order, and the lines from the last to the first."""
    order = [4, 2, 3, 0, 1]
    return [[rows[0][i] for i in order]] + [[r[i] for i in order] for r in reversed(rows[1:])]


def wide(rows):
    """One row: a column a path, and one for each remark."""
    head, values = [], []
    for path, _, _, answer, note in (r[:5] for r in rows[1:]):
        if answer:
            head.append(path)
            values.append(answer)
        if note:
            head.append(path + "#note")
            values.append(note)
    return [head, values]


def as_workbook(path, rows):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Answers"
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value != "":
                cell = sheet.cell(r, c)
                cell.value = value
                cell.data_type = "s"  # a text such as =A1 stays a text
    book.save(path)


def resave_in_libreoffice(paths, folder):
    """All files opened and saved again by LibreOffice, into `folder`."""
    os.makedirs(folder)
    done = subprocess.run(["soffice", "-env:UserInstallation=file://" + folder + "-profile", "--headless",
                           "--convert-to", "xlsx", "--outdir", folder, *paths], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=HANG)
    assert done.returncode == 0, done.stdout


# name -> (sentence, what is written for one return)
BYTES = {
    "utf-16le with tabs": ("japanese", lambda rows: b"\xff\xfe" + as_csv(rows, "\t").encode("utf-16-le")),
    "cp1252, semicolons, decimal comma": ("western", lambda rows: as_csv(with_decimal_comma(rows), ";").encode("cp1252")),
    "cp932": ("japanese", lambda rows: as_csv(rows).encode("cp932", "replace")),
    "gb18030": ("chinese", lambda rows: as_csv(rows).encode("gb18030")),
    "mac roman": ("mac", lambda rows: as_csv(rows, ";", end="\r").encode("mac_roman")),
    "labels for codes": ("latin", lambda rows: as_csv(labelled(rows)).encode("utf-8")),
    "columns and lines shuffled": ("latin", lambda rows: as_csv(shuffled(rows)).encode("utf-8")),
    "wide": ("latin", lambda rows: as_csv(wide(rows)).encode("utf-8")),
    "everything quoted, with a byte order mark": ("latin", lambda rows: as_csv(rows, quoting=csv.QUOTE_ALL).encode("utf-8-sig")),
}


class Dialects(Story):
    # í is no letter of code page 932: that return goes without it in every file that is compared.  So do the columns on
    # sources, which no other layout has.
    def returns(self, sentence, without="í"):
        made = {}
        for path in published():
            rows = [[cell.replace(without, "i") for cell in row[:5]] for row in read_return(path)]
            made[os.path.basename(path)[:-4]] = with_sentence(rows, SENTENCES[sentence], LABELS[LANGUAGES[sentence]])
        return made

    def workbook(self, folder, files, sentence):
        store, book = os.path.join(folder, "s.db"), os.path.join(folder, "s.xlsx")
        form = self.write("form.csv", form_in(LANGUAGES[sentence]))
        given = ("--store", store, "--now", NOW, "--roster", ROSTER)
        code, result, err = import_json(form, *files, *given)
        self.assertEqual(result["files"]["accepted"], len(files), str(result)[:3000] + err)
        self.assertEqual(result["errors"], 0, str(result)[:3000])
        done = run("report", form, *given, "-o", book)
        self.assertEqual(done[0], 0, done)
        return parts(book, ("Sources", "Manifest"))

    def straight(self, sentence):
        """The same returns as canvass's own long CSV, and the workbook of them."""
        folder = self.path("straight-" + sentence)
        os.makedirs(folder)
        files = []
        for name, rows in self.returns(sentence).items():
            files.append(os.path.join(folder, name + ".csv"))
            with open(files[-1], "w", encoding="utf-8", newline="") as file:
                file.write(as_csv(rows))
        return self.workbook(folder, files, sentence)

    def compare(self, want, got):
        self.assertEqual(sorted(want), sorted(got))
        for name in want:
            self.assertEqual(want[name], got[name], name)

    def check_bytes(self, dialect):
        sentence, write = BYTES[dialect]
        want = self.straight(sentence)
        folder = self.path("dialect")
        os.makedirs(folder)
        files = []
        for name, rows in self.returns(sentence).items():
            files.append(os.path.join(folder, name + ".csv"))
            with open(files[-1], "wb") as file:
                file.write(write(rows))
        self.compare(want, self.workbook(folder, files, sentence))

    def check_books(self, resave):
        want = self.straight("latin")
        folder = self.path("books")
        os.makedirs(folder)
        files = []
        for name, rows in self.returns("latin").items():
            files.append(os.path.join(folder, name + ".xlsx"))
            as_workbook(files[-1], rows)
        if resave:
            resave_in_libreoffice(files, os.path.join(folder, "saved"))
            files = [os.path.join(folder, "saved", os.path.basename(file)) for file in files]
        self.compare(want, self.workbook(folder, files, "latin"))

    def test_a_workbook_for_each_return(self):
        self.check_books(resave=False)

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not here")
    def test_workbooks_saved_again_by_libreoffice(self):
        self.check_books(resave=True)

    def test_workbooks_opened_and_saved_again_by_openpyxl(self):
        want = self.straight("latin")
        folder = self.path("again")
        os.makedirs(folder)
        files = []
        for name, rows in self.returns("latin").items():
            file = os.path.join(folder, name + ".xlsx")
            as_workbook(file, wide(rows))
            openpyxl.load_workbook(file).save(file)
            files.append(file)
        self.compare(want, self.workbook(folder, files, "latin"))


def _name(dialect):
    return "test_" + re.sub(r"\W+", "_", dialect)


for _dialect in BYTES:
    setattr(Dialects, _name(_dialect), lambda self, dialect=_dialect: self.check_bytes(dialect))


if __name__ == "__main__":
    unittest.main()
