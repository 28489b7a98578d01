"""Exports in the layouts of KoboToolbox's exporter, of invented forms with invented answers.

Its options: names, or labels in one of the languages, as headings and values; groups in the headings, and what is
written between them; several choices in one column, in a column each, or both; numbers as numbers in workbooks;
addresses of media; lines of tags; columns of earlier versions; some of the columns only.  A CSV has the responses
alone, a workbook a sheet for each repeat too.
"""
import csv
import datetime
import io
import random

import openpyxl

META = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__",
        "_tags", "meta/rootUuid"]
LANGUAGES = ["", "English (en)", "Français (fr)"]
CROPS = [("maize", "Maize", "Maïs"), ("beans", "Green beans", "Haricots verts"), ("rice", "Rice", "Riz"),
         ("none", "None of these / not known", "Aucun")]
YES_NO = [("yes", "Yes", "Oui"), ("no", "No", "Non")]
LISTS = {"crop": CROPS, "yn": YES_NO}
WORDS = ["quay", "two words", "with \"quotes\"", "a;b", "line\nbreak", "naïve", "5 o'clock", "über"]
KINDS = ["text", "integer", "decimal", "date", "select_one yn", "select_one crop", "select_multiple crop", "geopoint",
         "image", "note", "calculate"]
SEPARATORS = ["/", "/", "/", ".", "-", ":", " / ", "::", " - ", " > ", "|", "__"]
PARTS = ["latitude", "longitude", "altitude", "precision"]


class Node:
    """A question, a group or a repeat; labels: in each language, the first without a name."""

    def __init__(self, kind, name, labels, inner=()):
        self.kind, self.name, self.labels, self.inner = kind, name, labels, list(inner)


def label(node, language):
    return node.name if language is None else node.labels[language]


def make_form(chance, alike):
    """A form: questions, some of them in groups, some of those in groups, and repeats, one of them in another."""
    count = [0]

    def question(kind):
        count[0] += 1
        name = "q%d" % count[0]
        if alike and kind == "text" and chance.random() < 0.2:  # a label that other questions have too
            return Node(kind, name, ["Say more", "Please say more", "Précisez"])
        return Node(kind, name, ["%s of %s?" % (kind.split()[-1].title(), name), "What about %s: %s" % (name, kind),
                                 "Qu'en est-il de %s" % name])

    def some(least, most):
        return [question(chance.choice(KINDS)) for _ in range(chance.randint(least, most))]

    def group(name, inner):
        return Node("group", name, ["Part " + name, "Section %s" % name, "Partie %s" % name], inner)

    def repeat(name, inner):
        return Node("repeat", name, ["Many " + name, "Entries of %s" % name, "Entrées de %s" % name], inner)

    root = [question("text")] + some(1, 4) + [group("ga", some(1, 4) + [group("gb", some(1, 3))])] + some(0, 2)
    if chance.random() < 0.7:
        root.append(repeat("person", [question("text")] + some(1, 3) + [group("more", some(1, 2))] +
                           [repeat("pet", [question("text")] + some(0, 2))] * (chance.random() < 0.5)))
    if chance.random() < 0.3:
        root.append(group("gc", [repeat("ship", [question("integer")] + some(1, 2))]))
    return root


def form_text(root, form_id, translated):
    rows = [["survey"], ["", "type", "name", "label"] + ["label::" + name for name in LANGUAGES[1:]] + ["calculation"]]

    def put(nodes):
        for node in nodes:
            labels = node.labels if translated else node.labels[:1] + ["", ""]
            if node.inner:
                rows.append(["", "begin_" + node.kind, node.name] + labels + [""])
                put(node.inner)
                rows.append(["", "end_" + node.kind, ""])
            else:
                rows.append(["", node.kind, node.name] + labels + ["'made'" if node.kind == "calculate" else ""])

    put(root)
    rows += [["choices"], ["", "list_name", "name", "label"] + ["label::" + name for name in LANGUAGES[1:]]]
    for name, choices in LISTS.items():
        rows += [["", name, choice[0], choice[1]] + list(choice[1:] if translated else ("", "")) for choice in choices]
    rows += [["settings"], ["", "form_id", "version"], ["", form_id, "vNow"]]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def value(chance, kind):
    if kind == "note" or chance.random() < 0.2:
        return ""
    if kind == "integer":
        return str(chance.randint(0, 5000))
    if kind == "decimal":
        return "%d.%d" % (chance.randint(0, 99), chance.choice([25, 5, 75]))
    if kind == "date":
        return (datetime.date(2020, 1, 1) + datetime.timedelta(chance.randint(0, 2500))).isoformat()
    if kind.startswith("select_one"):
        return chance.choice(LISTS[kind.split()[1]])[0]
    if kind.startswith("select_multiple"):
        return " ".join(choice[0] for choice in CROPS[:3] if chance.random() < 0.5)
    if kind == "geopoint":
        return "%d.5 %d.25 %d 4" % (chance.randint(-80, 80), chance.randint(-170, 170), chance.randint(0, 90))
    if kind == "image":
        return "photo-%d.jpg" % chance.randint(1, 999)
    if kind == "calculate":
        return "made"
    return chance.choice(WORDS)


def answers(chance, nodes):
    """{name: text}, and {repeat: [answers]}."""
    found = {}
    for node in nodes:
        if node.kind == "group":
            found.update(answers(chance, node.inner))
        elif node.kind == "repeat":
            found[node.name] = [answers(chance, node.inner) for _ in range(chance.randint(0, 3))]
        else:
            found[node.name] = value(chance, node.kind)
    if nodes and nodes[0].kind in ("text", "integer") and not found[nodes[0].name]:
        found[nodes[0].name] = "7"
    return found


class Options:
    def __init__(self, chance):
        self.workbook = chance.random() < 0.5
        self.translated = chance.random() < 0.7
        # None: the names; 0: labels of the form's default language; else of another one
        self.language = chance.choice([None, None, 0] + [1, 2] * self.translated)
        self.hierarchy = chance.random() < 0.5
        self.between = chance.choice(SEPARATORS)
        self.select = chance.choice(["both", "both", "summary", "details"])
        self.text = chance.random() < 0.5
        self.urls = chance.random() < 0.5
        self.tags = chance.random() < 0.2
        self.older = chance.random() < 0.2
        self.fields = chance.choice([META, META, [name for name in META if name != "meta/rootUuid"],
                                     ["_id", "_uuid", "_submission_time", "_validation_status", "_index"],
                                     ["_uuid", "_submission_time", "__version__"], ["meta/rootUuid"]])
        self.prefix = chance.random() < 0.5
        self.blank_root = chance.random() < 0.3

    def __repr__(self):
        return ", ".join("%s=%r" % (name, found) for name, found in vars(self).items() if name != "fields") + \
            ", fields=" + "+".join(self.fields)


class Export:
    """One export: its form, its file, and the answers that it must bring by the identity of each response."""

    def __init__(self, seed, chosen=None):
        self.chance = random.Random(seed)
        self.options = chosen or Options(self.chance)
        self.form = make_form(self.chance, not self.options.hierarchy)
        self.form_id = "kobo%d" % seed
        self.answers = [answers(self.chance, self.form) for _ in range(self.chance.randint(1, 5))]
        self.uuids = ["%08x-0000-4000-8000-%012x" % (self.chance.getrandbits(32), number)
                      for number in range(len(self.answers))]

    def form_text(self):
        return form_text(self.form, self.form_id, self.options.translated)

    # ---------------------------------------------------------------- headings

    def heading(self, node, around):
        options = self.options
        own = label(node, options.language)
        if not options.hierarchy:
            return own
        return options.between.join([label(outer, options.language) for outer in around] + [own])

    def headings_of(self, node, around):
        options = self.options
        if node.kind == "geopoint":
            own = label(node, options.language)
            before = options.between.join(label(outer, options.language) for outer in around)
            before = before + options.between if options.hierarchy and before else ""
            return [own] + ["%s_%s_%s" % (before, own, part) for part in PARTS]
        head = self.heading(node, around)
        if node.kind.startswith("select_multiple"):
            index = 0 if options.language is None else max(options.language, 1)
            between = options.between
            return [head] * (options.select != "details") + \
                [head + between + choice[index] for choice in CROPS] * (options.select != "summary")
        if node.kind == "image" and options.urls:
            return [head, head + "_URL"]
        return [head]

    def cells_of(self, node, text):
        options = self.options
        index = 0 if options.language is None else max(options.language, 1)
        labels = {choice[0]: choice[index] for choices in LISTS.values() for choice in choices}
        if node.kind == "geopoint":
            return [text] + (text.split() + [""] * 4)[:4]
        if node.kind.startswith("select_multiple"):
            named = text.split()
            ticks = [("1" if choice[0] in named else "0") if text else "" for choice in CROPS]
            return [" ".join(labels[name] for name in named)] * (options.select != "details") + \
                ticks * (options.select != "summary")
        if node.kind.startswith("select_one"):
            return [labels.get(text, "")]
        if node.kind == "image" and options.urls:
            return [text, text and "https://kobo.example.org/media/%s?q=1" % text]
        return [text]

    def section(self, nodes, around=()):
        """The questions of one sheet, each with the groups around it, and the repeats below."""
        found, repeats = [], []
        for node in nodes:
            if node.kind == "repeat":
                repeats.append((node, (*around, node)))
            elif node.kind == "group":
                inner, below = self.section(node.inner, (*around, node))
                found += inner
                repeats += below
            else:
                found.append((node, around))
        return found, repeats

    # ---------------------------------------------------------------- sheets

    def meta(self, number):
        root = self.uuids[number]
        if self.options.prefix:
            root = "uuid:" + root
        if self.options.blank_root and number % 2 and "_uuid" in self.options.fields:
            root = ""
        full = {"_id": str(5000 + number), "_uuid": self.uuids[number], "_submission_time": "2026-11-30T10:00:0%d" % number,
                "_validation_status": "", "_notes": "", "_status": "submitted_via_web", "_submitted_by": "desk",
                "__version__": "vNow", "_tags": "", "meta/rootUuid": root, "_index": str(number + 1)}
        return [full[name] for name in self.fields()]

    def fields(self):
        more = ["_index"] if self.options.workbook and "_index" not in self.options.fields else []
        return self.options.fields + more

    def sheets(self):
        """[(name, header, rows)], the responses first."""
        root, repeats = self.section(self.form)
        header = ["start", "end"] + [head for node, around in root for head in self.headings_of(node, around)]
        if self.options.older:
            header.insert(4, "asked_once")
        sheets = {"root": (self.form_id, header + self.fields(), [])}
        for number, found in enumerate(self.answers):
            row = ["2026-11-30T09:00:00.000+10:00", "2026-11-30T09:30:00.000+10:00"]
            row += [cell for node, _ in root for cell in self.cells_of(node, found[node.name])]
            if self.options.older:
                row.insert(4, "gone" if number % 2 else "")
            sheets["root"][2].append(row + self.meta(number))
            self.put_entries(sheets, repeats, found, number, self.form_id, number + 1)
        return list(sheets.values())

    def put_entries(self, sheets, repeats, found, number, parent, parent_index):
        for node, around in repeats:
            inner, below = self.section(node.inner, around)
            if node.name not in sheets and found[node.name]:
                header = [head for question, outer in inner for head in self.headings_of(question, outer)]
                sheets[node.name] = (node.name, header + ["_index"] * bool(below) + ["_parent_table_name", "_parent_index"] +
                                     ["_submission_" + name for name in self.options.fields if name != "_index"], [])
            for entry in found[node.name]:
                rows = sheets[node.name][2]
                row = [cell for question, _ in inner for cell in self.cells_of(question, entry[question.name])]
                row += [str(len(rows) + 1)] * bool(below) + [parent, str(parent_index)]
                row += [cell for name, cell in zip(self.fields(), self.meta(number))
                        if name in self.options.fields and name != "_index"]
                rows.append(row)
                self.put_entries(sheets, below, entry, number, node.name, len(rows))

    def content(self):
        """The bytes of the file."""
        out = io.StringIO()
        if not self.options.workbook:
            _, header, rows = self.sheets()[0]
            tags = self.tags(header)
            csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([header] + tags + rows)
            return out.getvalue().encode("utf-8")
        book, out = openpyxl.Workbook(), io.BytesIO()
        book.remove(book.active)
        for name, header, rows in self.sheets():
            sheet = book.create_sheet(name[:31])
            sheet.append(header)
            for row in self.tags(header) + rows:
                sheet.append([self.typed(cell) for cell in row])
        book.save(out)
        return out.getvalue()

    def tags(self, header):
        """The line of tags, which what Kobo adds itself does not have."""
        return [["" if head.startswith("_") or head in ("start", "end") or at % 3 == 2 else "#tag+%d" % at
                 for at, head in enumerate(header)]] * self.options.tags

    def typed(self, cell):
        if self.options.text or not cell:
            return cell or None
        try:
            return int(cell) if cell.isdigit() else float(cell)
        except ValueError:
            return cell

    # ---------------------------------------------------------------- what it must bring

    def reference(self):
        """The same answers in canvass's own wide layout."""
        rows = []
        for number, found in enumerate(self.answers):
            row = {"respondent": self.identity(number)}
            self.flatten(row, self.form, "", found)
            rows.append(row)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        out = io.StringIO()
        csv.writer(out).writerows([heads] + [[row.get(head, "") for head in heads] for row in rows])
        return out.getvalue()

    def identity(self, number):
        return self.uuids[number]

    def flatten(self, row, nodes, path, found):
        for node in nodes:
            if node.kind == "group":
                self.flatten(row, node.inner, path + node.name + "/", found)
            elif node.kind == "repeat":
                for number, entry in enumerate(found[node.name] if self.options.workbook else [], 1):
                    self.flatten(row, node.inner, "%s%s[%d]/" % (path, node.name, number), entry)
            elif node.kind != "note":
                row[path + node.name] = found[node.name]
