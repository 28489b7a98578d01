"""The meeting paper: the same figures as the workbook and status in .md, .html and .docx, and no text that could do harm."""
import base64
import hashlib
import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

import openpyxl

from demo_story import sheet_rows
from recount import unanswered
from story import FORM, HANG, NOW, ROOT, Story, import_json, published, run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STATES = {"(answered)": "Answered", "(N/A)": "Not applicable", "(D/K)": "Do not know", "(withheld)": "Withheld",
          "(not usable)": "Not usable", "(no answer)": "No answer", "(not asked)": "Not asked", "(no reply)": "No reply",
          "(no source found)": "No source found"}
SOFFICE = shutil.which("soffice")


def same(text):
    """A text without regard to how a format breaks its lines."""
    return " ".join(text.split())


class Reader:
    """What every reader of a paper finds: blocks (kind, text), and tables {heading of the question: [rows of the table]}."""

    def __init__(self):
        self.blocks, self.tables, self.question = [], {}, None

    def block(self, kind, text):
        self.blocks.append((kind, same(text)))
        if kind in ("heading", "section", "question"):
            self.question = same(text)

    def row(self, cells):
        self.tables.setdefault(self.question, []).append([same(cell) for cell in cells])


def group_cells(book):
    """Of the sheet Groups: each row with each group's n and share, as (row, grouping, group, n, share)."""
    rows = list(book["Groups"].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "question")
    groupings, grouping = [], None
    for cell in rows[head - 1]:
        grouping = cell or grouping
        groupings.append(grouping)
    for row in rows[head + 1:]:
        named = dict(zip(rows[head], row))
        for at in range(5, len(row), 2):
            yield named, groupings[at], rows[head][at].rpartition(": ")[0], row[at], row[at + 1]


def unescaped(text):
    return re.sub(r"\\(.)", r"\1", text)


def read_markdown(path):
    found, broken = Reader(), False
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for line in lines:
        if line.startswith("|"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not set(cells) <= {"---", "---:"}:
                cells = [re.sub(r"^(\*\*|\*)(.*)\1$", r"\2", cell) for cell in cells]
                found.row(unescaped(cell.replace("<br>", " ")) for cell in cells)
            continue
        kind = "text"
        for mark, name in (("# ", "title"), ("## ", "heading"), ("### ", "section"), ("#### ", "question"), ("> ", "quote"),
                           ("- ", "fact" if not found.question else "item")):
            if line.startswith(mark):
                kind, line = name, line[len(mark):]
        if kind == "quote" and broken:
            found.blocks.pop()
            line = before + " " + line
        broken = bool(re.search(r"(?<!\\)\\$", line))
        before = line = line[:-1] if broken else line
        if line:
            found.block(kind, unescaped(re.sub(r"(?<!\\)\*\*", "", line)))
    return found


class Page(html.parser.HTMLParser):
    KINDS = {"h1": "title", "h2": "heading", "h3": "section", "h4": "question", "p": "text", "blockquote": "quote", "dd": "fact", "li": "item"}

    def __init__(self):
        super().__init__()
        self.found, self.text, self.cells, self.tags, self.group = Reader(), "", [], [], None
        self.options, self.script, self.policy = {}, "", ""
        self.groups, self.figures, self.lines = {}, {}, {}  # of each question and group: rows, figures by heading, texts

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append(tag)
        if tag in self.KINDS or tag in ("td", "th", "dt", "option", "script"):
            self.text = ""
        if tag == "tr":
            self.cells = []
        if tag == "div":
            self.group = values["data-g"] or None
            assert ("hidden" in values) == bool(self.group)
        if tag == "option":
            self.value = values["value"]
        if tag == "br":
            self.text += "\n"
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]

    def handle_endtag(self, tag):
        if tag in ("span", "b"):
            self.text += " "
        if tag == "div":
            self.group = None
        if tag in self.KINDS and self.group is None:
            self.found.block(self.KINDS[tag], self.text)
        elif tag in self.KINDS:
            self.lines.setdefault((self.found.question, self.group), []).append(same(self.text))
        elif tag in ("td", "th"):
            self.cells.append(self.text)
        elif tag == "option":
            self.options[self.value] = self.text
        elif tag == "script":
            self.script = self.text
        elif tag == "tr" and self.group is None:
            self.found.row(self.cells)
        elif tag == "tr" and self.tags[-1] == "th":
            self.heads = self.cells
        elif tag == "tr" and self.heads[0] == "n":
            self.figures[(self.found.question, self.group)] = dict(zip(self.heads, self.cells))
        elif tag == "tr":
            self.groups.setdefault((self.found.question, self.group), []).append([same(cell) for cell in self.cells])

    def handle_data(self, data):
        self.text += data


def read_html(path):
    page = Page()
    with open(path, encoding="utf-8") as file:
        page.feed(file.read())
    page.found.page = page
    return page.found


def read_word(path):
    kinds = {"Title": "title", "Heading1": "heading", "Heading2": "section", "Heading3": "question", "Quote": "quote", "Fact": "fact", "Item": "item"}
    found = Reader()
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        parts = {name: xml.etree.ElementTree.fromstring(file.read(name)) for name in file.namelist()}

    def text(element):
        return "".join({"t": part.text or "", "br": "\n", "tab": "\t"}[part.tag[len(W):]] for part in element.iter()
                       if part.tag in (W + "t", W + "br", W + "tab"))

    for element in parts["word/document.xml"].find(W + "body"):
        if element.tag == W + "p":
            style = element.find(W + "pPr/" + W + "pStyle").get(W + "val")
            found.block(kinds.get(style, "text"), text(element))
        elif element.tag == W + "tbl":
            for row in element.iter(W + "tr"):
                found.row(text(cell) for cell in row.iter(W + "tc"))
    found.parts = parts
    return found


READERS = {"md": read_markdown, "html": read_html, "docx": read_word}


def write_all(folder, form, *given):
    """Writes the workbook and the three papers, and gives the papers as they are read back."""
    papers = {}
    for ending in ("xlsx", *READERS):
        path = os.path.join(folder, "p." + ending)
        code, out, err = run("report", form, *given, "--now", NOW, "-o", path)
        assert code == 0, (ending, out, err)
        if ending in READERS:
            papers[ending] = READERS[ending](path)
    return openpyxl.load_workbook(os.path.join(folder, "p.xlsx")), papers


def counted(book):
    """The sheet Counts as {heading of the question: {option: (n, names)}}, with the words of the paper."""
    counts = {}
    for row in sheet_rows(book, "Counts"):
        heading = same("%s %s" % (row["question"] or "", re.sub(r" \((several answers possible|(; )?of [\d,]+ entr\w+)*\)$", "",
                                                               row["label"])))
        states = unanswered(row)
        if states is not None:  # in place of all rows
            counts[heading] = {"Answered": (row["n"], ""), "(total)": (sum(n for n, _ in states.values()), ""),
                               **{word.capitalize(): told for word, told in states.items()}}
            continue
        option = STATES.get(row["option"]) or row["option label"]
        counts.setdefault(heading, {})[same(option or "(total)")] = (row["n"], row["names"] or "")
    return counts


class Agreement:
    """What must be so for every form."""
    no_reply = "No reply"  # what those without answers are called
    some_unanswered = False

    def test_the_figures_are_those_of_the_sheet_counts(self):
        counts = counted(self.book)
        for ending, paper in self.papers.items():
            seen = 0
            for heading, rows in paper.tables.items():
                if rows[0][:2] != ["Answer", "n"]:
                    continue
                answered = counts[heading]["Answered"][0]
                for option, n, share, names in rows[1:]:
                    if rows[0][3:] != ["Who"] or option.startswith("Lowest") or option == "n":
                        break
                    wanted = counts[heading]["(total)" if option.startswith("All ") else option]
                    self.assertEqual((int(n.replace(",", "")), names), wanted, (ending, heading, option))
                    if share:
                        self.assertEqual(share, "%d%% of %d" % (int(100 * wanted[0] / answered + 0.5), answered))
                    seen += 1
                    if option.startswith("All "):
                        break
            self.assertGreater(seen, self.least, ending)

    def test_every_question_of_counts_is_in_the_paper(self):
        for ending, paper in self.papers.items():
            missing = {heading for heading, counts in counted(self.book).items()
                       if not self.unanswered(counts)} - set(paper.tables)
            self.assertLessEqual(len(missing), 1, (ending, missing))  # who the respondent is

    def unanswered(self, counts):
        """The line of a question that nobody answered, None of others."""
        told = {key: n for key, (n, _) in counts.items()}
        if told["Answered"] or any(told.get(key) for key in ("Not applicable", "Do not know", "Withheld", "Not usable")):
            return None
        states = [("no answer", "No answer"), ("not asked", "Not asked"), ("returned blank", "Returned blank"),
                  (self.no_reply.lower(), self.no_reply)]
        states = [(word, *counts[key]) for word, key in states if told.get(key)]
        if not states:
            return "There are no entries."
        self.assertEqual(sum(n for _, n, _ in states), told["(total)"])
        names = len(states) > 1
        return "(%s)." % "; ".join("%s %d%s" % (word, n, " (%s)" % who if names and who and who.count(",") < 25 else "")
                                  for word, n, who in states)

    def test_what_nobody_answered_is_one_line(self):
        for paper in self.papers.values():
            lines, question, seen = {}, None, 0
            for kind, text in paper.blocks:
                if kind in ("heading", "section", "question"):
                    question = text
                elif kind == "text":
                    lines.setdefault(question, []).append(text)
            for heading, counts in counted(self.book).items():
                line = self.unanswered(counts)
                if line and heading in lines:
                    found = lines[heading][0]
                    self.assertEqual(found[-len(line):], line, heading)
                    self.assertIn(found[:-len(line)].strip(), ("", "No economy answered", "No answer was found", "No entry has an answer"))
                    self.assertNotIn(heading, paper.tables)
                    seen += 1
                else:
                    self.assertEqual((line, bool(counts["Answered"][0])), (None, True), heading)
            self.assertEqual(seen > 0, self.some_unanswered)

    def test_the_three_papers_are_one(self):
        tables = [paper.tables for paper in self.papers.values()]
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[1], tables[2])
        for kind in ("title", "heading", "section", "question", "item"):
            blocks = [[text for found, text in paper.blocks if found == kind] for paper in self.papers.values()]
            self.assertEqual(blocks[0], blocks[1])
            self.assertEqual(blocks[1], blocks[2])

    def test_who_answered_is_as_in_status(self):
        status = json.loads(run("status", self.form, *self.given, "--now", NOW, "--json")[1])
        # of a round that has compiled answers only, and in which nothing was sent
        compiled = all(one["state"] in ("silent", "answered (compiled)") for one in status["respondents"])
        words = {"silent": "no source found"} if compiled else {}
        states = [[one["code"], one["name"], words.get(one["state"], one["state"])] for one in status["respondents"]]
        silent = [one for one, full in zip(states, status["respondents"]) if not full["returned"]]
        for paper in self.papers.values():
            self.assertEqual([row[:3] for row in paper.tables["Annex: respondents"][1:]], states)
            self.assertEqual([row[:3] for row in paper.tables.get("Annex: " + self.no_reply.lower(), [[]])[1:]], silent)

    def test_who_is_without_answers_is_called_the_same_everywhere(self):
        others = {"no reply", "no source found"} - {self.no_reply.lower()}
        with zipfile.ZipFile(os.path.join(self.place, "p.xlsx")) as parts:
            (summary,) = re.findall(r'descr="(Stacked bars of 100%, one for each question[^"]*)"',
                                    parts.read("xl/drawings/drawing1.xml").decode())
        self.assertTrue(summary.endswith("not asked, %s." % self.no_reply.lower()), summary)
        for sheet in self.book:
            for row in sheet.iter_rows(values_only=True):
                for text in [cell for cell in row if isinstance(cell, str)]:
                    for other in others:
                        self.assertNotRegex(text.lower(), other + "(?!es)", sheet.title)
        for ending, paper in self.papers.items():
            self.assertFalse([text for kind, text in paper.blocks if kind == "fact" and "(2 no source found)" in text], ending)
            for _, text in paper.blocks:
                for other in others:
                    self.assertNotIn(other, text.lower(), ending)

    def test_the_groups_of_the_page_are_those_of_the_sheet_groups(self):
        page = self.papers["html"].page
        groups, members = {}, {}
        for row, grouping, group, n, _ in group_cells(self.book):
            option = STATES.get(row["option"]) or row["option label"]
            heading = same("%s %s" % (row["question"] or "", row["label"]))
            if row["option"] == "(total)":
                members.setdefault(heading, {})["%s: %s" % (grouping, group)] = n
            else:
                groups[(heading, "%s: %s" % (grouping, group), same(option or ""))] = n
        seen = 0
        for (heading, group), rows in page.groups.items():
            for option, n, *_ in rows if heading in members else []:
                if option == "All economies":
                    self.assertEqual(int(n), members[heading][page.options[group]], (heading, group))
                if option not in STATES.values() and not option.startswith("All ") or option == "Answered":
                    self.assertEqual(int(n), groups.get((heading, page.options[group], option), 0), (heading, group, option))
                    seen += int(n) > 0
        self.assertGreater(seen, self.least // 3)


class Demo(Agreement, Story):
    least = 250
    no_reply = "No source found"  # nobody was asked
    some_unanswered = True

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-paper-")
        cls.form, cls.given = FORM, ("--store", os.path.join(cls.place, "s.db"))
        import_json(FORM, *published()[:19], *cls.given, "--now", NOW)  # so that two have not replied
        cls.book, cls.papers = write_all(cls.place, FORM, *cls.given)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)

    def test_the_title_says_what_the_paper_is(self):
        for paper in self.papers.values():
            facts = " ".join(text for kind, text in paper.blocks if kind == "fact")
            for words in ("2026", "1 December 2026", "21 economies", "19 economies", "2 economies", "members"):
                self.assertIn(words, facts)

    def test_a_known_figure(self):
        for paper in self.papers.values():
            rows = paper.tables["B2 Status of ILO Convention No. 185 (2003)"]
            self.assertIn(["Ratified and in force", "4", "31% of 13", "INA, ROK, PH, RUS"], rows)

    def test_the_sentences_are_those_of_the_sheet_summary(self):
        rows = [row for row in self.book["Summary"].iter_rows(values_only=True)]
        head = next(at for at, row in enumerate(rows) if row[0] == "Question")
        wanted = [same("%s%s %s" % (row[0], "" if row[0].endswith("?") else ":", row[1]))
                  for row in rows[head + 1:] if row[0] and row[1]]
        self.assertTrue(any("? All" in text for text in wanted))
        self.assertGreaterEqual(len(wanted), 5)
        for paper in self.papers.values():
            found = [text for kind, text in paper.blocks if kind == "item"]
            self.assertEqual(found[:len(wanted)], wanted)

    def test_comments_are_word_for_word_by_question_and_respondent(self):
        """What several wrote on one question is there once, under all their names; what is there already, as a reference."""
        wanted, under = {}, {}
        for row in sheet_rows(self.book, "Comments"):
            under.setdefault(row["text"], row["question"])
        for row in sheet_rows(self.book, "Comments"):
            if row["kind"] == "remark":
                who = "%s%s" % (row["respondent"], ", entry %s" % row["entry"] if row["entry"] else "")
                wanted.setdefault((row["question"], row["text"]), []).append(who)
        self.assertTrue(any(len(names) > 1 for names in wanted.values()))
        self.assertTrue(any(under[text] != question for question, text in wanted))
        wanted = [same("; ".join(names) + " " + (text if under[text] == question or len(text.encode()) <= 80 else "As under %s." % under[text]))
                  for (question, text), names in wanted.items()]
        for paper in self.papers.values():
            quotes = [text for kind, text in paper.blocks if kind == "quote"]
            found = [re.sub(r" ?\(remark\):? ?", " ", text) for text in quotes if "(remark)" in text]
            self.assertEqual([same(text) for text in found], wanted)

    def test_the_same_input_makes_the_same_bytes(self):
        for ending in READERS:
            path = self.path("again." + ending)
            self.assertEqual(run("report", FORM, *self.given, "--now", NOW, "-o", path)[0], 0)
            with open(path, "rb") as again, open(os.path.join(self.place, "p." + ending), "rb") as first:
                self.assertEqual(again.read(), first.read())

    def test_an_existing_paper_is_replaced_only_with_force(self):
        path = self.write("p.md", "mine")
        self.assertEqual(run("report", FORM, *self.given, "-o", path)[0], 2)
        self.assertEqual(run("report", FORM, *self.given, "-o", path, "--force")[0], 0)

    def test_the_page_runs_its_own_script_and_needs_nothing_else(self):
        page = self.papers["html"].page
        digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
        self.assertIn("script-src 'sha256-%s'" % digest, page.policy)
        self.assertIn("default-src 'none'", page.policy)
        with open(os.path.join(self.place, "p.html"), encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.count("<script"), 1)
        self.assertIsNone(re.search(r"(src|href)=|url\(|@import", text))

    @unittest.skipUnless(SOFFICE, "LibreOffice is not installed")
    def test_libreoffice_opens_the_docx(self):
        done = subprocess.run(["soffice", "-env:UserInstallation=file://" + self.path("profile"), "--headless", "--convert-to",
                               "pdf", "--outdir", self.folder.name, os.path.join(self.place, "p.docx")], timeout=HANG,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertTrue(os.path.exists(self.path("p.pdf")), done.stdout)
        text = subprocess.run(["pdftotext", "-layout", self.path("p.pdf"), "-"], stdout=subprocess.PIPE).stdout.decode()
        for words in ("31% of 13", "Annex: comments", "Annex: " + self.no_reply.lower(), "1 / "):
            self.assertIn(words, text)


class Simulated(Agreement, Story):
    least = 60

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="canvass-paper-")
        cls.form = os.path.join(ROOT, "forms/port-security-plan.csv")
        cls.given = ("--store", os.path.join(cls.place, "s.db"))
        run("simulate", cls.form, "--now", NOW, "--seed", "3", "-o", os.path.join(cls.place, "in"))
        files = sorted(os.listdir(os.path.join(cls.place, "in")))[:17]
        code, told, err = import_json(cls.form, *(os.path.join(cls.place, "in", name) for name in files), *cls.given, "--now", NOW)
        assert told["responses"]["new"] == 17, (told, err)
        cls.book, cls.papers = write_all(cls.place, cls.form, *cls.given)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.place)


HOSTILE = ["<script>alert(1)</script>", "</p></td></script><b>&amp;&lt;", "*bold* _low_ `code` [a](http://x) ![i](x) | pipe",
           "# heading", "1. list", "- item", "=1+1", "_x0041_", "]]>", "\"quoted\" 'single'", "   blanks   ", "back\\slash\\|",
           "السؤال الأول", "日本語の答え", "a & b", "~~x~~ $y$ <!-- z -->", "{title} {footer}", "%s %n"]


class Hostile(Story):
    def papers(self):
        lines = ["survey", ",type,name,label"]
        quote = lambda text: '"%s"' % text.replace('"', '""')
        lines.append(",text,respondent,Who")
        for at, text in enumerate(HOSTILE):
            lines.append(",select_one l,c%d,%s" % (at, quote(text)))
        lines += [",text,words,Words", "choices", ",list_name,name,label"]
        lines += [",l,o%d,%s" % (at, quote(text)) for at, text in enumerate(HOSTILE)]
        lines += ["settings", ",form_title,form_id", ",%s,hostile" % quote("<i>Title</i> | *&* {footer}")]
        form = self.write("form.csv", "\n".join(lines) + "\n")
        for at, text in enumerate(HOSTILE):
            answers = "".join("c%d,o%d\n" % (q, at) for q in range(len(HOSTILE)))
            words = quote("first\n" + text + "\n\nlast")
            self.write("r%02d.csv" % at, "question,answer\nrespondent,r%02d\n%swords,%s\n" % (at, answers, words))
        given = ("--store", self.path("s.db"))
        files = [self.path("r%02d.csv" % at) for at in range(len(HOSTILE))]
        code, told, err = import_json(form, *files, *given, "--now", NOW)
        self.assertEqual(told["responses"]["new"], len(HOSTILE), err)
        return write_all(self.folder.name, form, *given)[1]

    def test_every_text_arrives_as_the_text_it_is(self):
        for ending, paper in self.papers().items():
            self.assertIn(("title", "<i>Title</i> | *&* {footer}"), paper.blocks)
            questions = [text for kind, text in paper.blocks if kind == "question"]
            quotes = [text for kind, text in paper.blocks if kind == "quote"]
            for at, text in enumerate(HOSTILE):
                self.assertIn(same(text), questions, ending)
                rows = [row[:2] for row in paper.tables[same(text)]]
                self.assertIn([same(text), "1"], rows, ending)
                self.assertIn("r%02d%s first %s last" % (at, ":" if ending == "md" else "", same(text)), quotes)
            if ending == "html":
                self.assertEqual(sorted(set(paper.page.tags) & {"script", "b", "i", "p"}), ["b", "p", "script"])
                self.assertEqual(paper.page.tags.count("script"), 1)

    def test_markdown_has_no_markup_of_a_form_or_answer(self):
        self.papers()
        with open(self.path("p.md"), encoding="utf-8") as file:
            text = file.read().replace("<br>", "")
        self.assertIsNone(re.search(r"(?<!\\)[<`\[$~]", text))
        for line in text.split("\n"):
            self.assertIsNone(re.match(r"> (#|[-+=]|\d+[.)])", line), line)

    def test_arabic_runs_from_right_to_left(self):
        paper = self.papers()["docx"]
        turned = {"".join(part.text or "" for part in one.iter(W + "t")) for one in paper.parts["word/document.xml"].iter(W + "p")
                  if one.find(W + "pPr/" + W + "bidi") is not None}
        self.assertEqual(turned, {"السؤال الأول"})

    def test_control_characters_are_left_out(self):
        form = self.write("form.csv", "survey\n,type,name,label\n,text,respondent,Who\n,text,words,Words\n")
        answers = self.write("a.csv", "question,answer\nrespondent,aa\nwords,a\x01b\x1b[31m\x7fc\ufffe\n")
        given = ("--store", self.path("s.db"))
        import_json(form, answers, *given, "--now", NOW)
        papers = write_all(self.folder.name, form, *given)[1]
        for ending in ("html", "docx"):
            self.assertEqual([re.sub("[\x7f\ufffe]", "", text) for kind, text in papers[ending].blocks if kind == "quote"],
                             ["aa ab[31mc"])


if __name__ == "__main__":
    unittest.main()
