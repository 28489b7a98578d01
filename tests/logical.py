"""A store as what it says: its content without ids, lines, or the order of its rows.

Two stores agree when they hold the same rounds, answers, findings and so on, however they were made.  Answers are decoded
as src/store/schema.sql describes them.  Columns and tables that are not named here are not compared."""
import datetime
import hashlib
import json
import os
import re
import sqlite3
import zlib

VERDICTS = ("blank", "accepted", "not applicable", "do not know", "withheld", "missing", "unreadable", "not a choice",
            "against constraint", "not asked", "undue", "duplicate", "unchecked", "13", "14", "15")
EPOCH = datetime.date(1970, 1, 1)


def varint(blob, at):
    """The number that begins at `at`, seven bits a byte from the lowest, and where the next one begins."""
    value = shift = 0
    while True:
        byte = blob[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def unescaped(text):
    """U+241B and two hexadecimal digits are a byte."""
    whole = re.sub(b"\xe2\x90\x9b([0-9A-F]{2})", lambda found: bytes([int(found.group(1), 16)]), text.encode("utf-8"))
    return whole.decode("utf-8", "surrogateescape")


def own_texts(own, first):
    """{column: text}: what the respondent wrote where the value does not say it.  first: column of the part."""
    if isinstance(own, str):
        return {int(column): unescaped(text) for column, text in json.loads(own).items()}
    blob, texts, at, cell = own, {}, 0, first  # before layout 8
    while blob and at < len(blob):
        step, at = varint(blob, at)
        length, at = varint(blob, at)
        cell += step
        texts[cell] = blob[at:at + length].decode("utf-8", "surrogateescape")
        at += length
    return texts


def short(text):
    """A long text by its length and digest: nobody reads a difference of 30,000 characters."""
    if not isinstance(text, str) or len(text) < 300:
        return text
    return "%s... %d characters, %s" % (text[:40], len(text), hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16])


def plain(value, coding, choices):
    """A stored value as a person would write it."""
    if value is None:
        return None
    if coding == "day":
        return (EPOCH + datetime.timedelta(days=value)).isoformat()
    if coding == "code":
        return choices[value]
    if coding == "bits":
        return " ".join(choices[n] for n in sorted(choices) if value >> n & 1)
    if coding in ("integer", "real"):
        return float(value)
    return value


class Logical:
    def __init__(self, path, ignore=(), scrub=lambda text: text):
        self.path, self.ignore, self.scrub = path, set(ignore), scrub
        self.db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        self.tables = {row[0] for row in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def close(self):
        self.db.close()

    def columns(self, table):
        return [row[1] for row in self.db.execute('PRAGMA table_info("%s")' % table)]

    def rows(self, table, *wanted):
        """Rows of a table as dictionaries, None for a column that this layout lacks; nothing where it lacks the table."""
        if table not in self.tables:
            return
        there = [name for name in wanted if name in self.columns(table)]
        for row in self.db.execute('SELECT %s FROM "%s"' % (", ".join('"%s"' % name for name in there), table)):
            found = dict.fromkeys(wanted)
            found.update(zip(there, row))
            yield found

    # ------------------------------------------------------------ answers

    def parts(self, form, tab):
        """{id: (cells, response, parent, position)} of one table of answers; cells: (verdict, value, own text) by column."""
        found = {}
        part = 0
        while "answers_%d_%d_%d" % (form, tab, part) in self.tables:
            table = "answers_%d_%d_%d" % (form, tab, part)
            names = self.columns(table)
            asked = [name for name in names if name[0] == "q" and name[1:].isdigit()]
            place = [names.index(name) for name in asked]
            at = {name: names.index(name) for name in ("id", "verdicts", "own", "response", "parent", "position") if name in names}
            for row in self.db.execute('SELECT * FROM "%s"' % table):
                one = found.setdefault(row[at["id"]], [{}, None, None, None])
                if part == 0 and "response" in at:
                    one[1:] = [row[at["response"]], row[at["parent"]], row[at["position"]]]
                own = own_texts(row[at["own"]], int(asked[0][1:]) if asked else 0)
                verdicts = row[at["verdicts"]] or b""
                for cell, name in enumerate(asked):
                    verdict = verdicts[cell // 2] >> (cell % 2 * 4) & 15 if cell // 2 < len(verdicts) else 0
                    one[0][int(name[1:])] = (VERDICTS[verdict], row[place[cell]], own.get(int(name[1:])))
            part += 1
        return found

    def answers(self):
        """{response: [(path, verdict, value, own text), ...]} of all that is not blank."""
        questions, choices, answers = {}, {}, {}
        for row in self.rows("question", "form", "tab", "col", "coding", "list", "name", "path"):
            questions[row["form"], row["tab"], row["col"]] = row
        for row in self.rows("choice", "form", "list", "code", "name"):
            choices.setdefault((row["form"], row["list"]), {})[row["code"]] = row["name"]
        parents = {(row["form"], row["tab"]): (row["parent"], row["path"])
                   for row in self.rows("form_table", "form", "tab", "parent", "path")}
        for form in sorted({key[0] for key in parents}):
            prefixes = {}
            for tab in sorted(tab for one, tab in parents if one == form):
                for id_, (cells, response, parent, position) in self.parts(form, tab).items():
                    if tab == 0:
                        response, prefix = id_, ""
                    else:
                        outer = prefixes.get((parents[form, tab][0], parent), "")
                        prefix = "%s%s[%s]/" % (outer, parents[form, tab][1].rsplit("/", 1)[-1], position)
                    prefixes[tab, id_] = prefix
                    if tab:
                        answers.setdefault(response, []).append((prefix, "entry", None, None))
                    for column, (verdict, value, own) in cells.items():
                        question = questions.get((form, tab, column))
                        name = question["name"] if question else "column %d" % column
                        if name in self.ignore or (verdict in ("blank", "not asked") and value is None and own is None):
                            continue
                        if question:
                            value = plain(value, question["coding"], choices.get((form, question["list"]), {}))
                        answers.setdefault(response, []).append((prefix + name, verdict, short(value), short(own)))
        return {response: sorted(cells, key=repr) for response, cells in answers.items()}

    # ------------------------------------------------------------ everything

    def content(self, places=False):
        """{section: sorted texts}.  places: with files, lines and columns too, as two imports of the same files have them."""
        where = ("line", "col", "sheet") if places else ()
        rounds = {row["id"]: row["label"] for row in self.rows("round", "id", "label")}
        forms = {row["id"]: row["version"] for row in self.rows("form", "id", "version")}
        files = {row["id"]: row for row in self.rows("file", "id", "round", "name", "sha256", "size", "layout", "responses",
                                                     "quarantined", "reading", "form", "bytes")}
        answers = self.answers()
        out = {}

        def put(section, *row):
            out.setdefault(section, []).append(repr(tuple(
                self.scrub(cell) if isinstance(cell, str) else self.scrub(cell.decode("utf-8", "replace"))
                if isinstance(cell, bytes) else cell for cell in row)))

        responses = {}
        for row in self.rows("response", "id", "file", "form", "round", "respondent", "revision", "later", "line"):
            responses[row["id"]] = (rounds.get(row["round"]), row["respondent"], row["revision"])
            put("responses", *responses[row["id"]], forms.get(row["form"]), row["later"] is None, answers.get(row["id"], []),
                *([row["line"]] if places else []))
        for row in self.rows("round", "label", "current", "due"):
            put("rounds", row["label"], bool(row["current"]), row["due"])
        for row in self.rows("form", "version", "sha256"):
            put("forms", row["version"], row["sha256"].hex())
        for row in self.rows("roster", "bytes"):
            put("roster", row["bytes"])
        for file in files.values():
            same = ("responses", "quarantined") if not places else ("name", "size", "layout", "responses", "quarantined", "reading")
            put("files", rounds.get(file["round"]), forms.get(file["form"]), *(file[name] for name in same),
                *([file["sha256"].hex()] if places else []))
        for row in self.rows("original", "file", "position", "name", "size", "sha256"):
            of = files.get(row["file"])
            put("originals", rounds.get(of["round"]) if of else None, row["position"], *((
                os.path.basename(row["name"]), row["size"], row["sha256"].hex()) if places else ()))
        for row in self.rows("remark", "response", "question", "path", "text", "line"):
            if row["question"] not in self.ignore:
                put("remarks", responses.get(row["response"]), row["question"], row["path"], row["text"],
                    *([row["line"]] if places else []))
        for row in self.rows("finding", "file", "response", "code", "severity", "verdict", "question", "path", "value", "message",
                             "hint", "line", "col", "sheet"):
            put("findings", responses.get(row["response"]),
                *(row[name] for name in ("code", "severity", "verdict", "question", "path", "value", "message", "hint") + where))
        for row in self.rows("ledger", "response", "path", "stood", "read_as", "why", "line", "col", "sheet"):
            put("ledger", responses.get(row["response"]), *(row[name] for name in ("path", "stood", "read_as", "why") + where))
        for row in self.rows("quarantine", "round", "whole", "code", "field", "message", "hint", "bytes", "line", "source", "sheet",
                             "settled"):
            if row["settled"] == 1:  # imported again
                continue
            put("quarantine", rounds.get(row["round"]), row["whole"], row["code"], row["field"], row["message"], row["hint"],
                *((row["bytes"], row["line"], row["source"], row["sheet"]) if places else (bool(row["bytes"]),)))
        for row in self.rows("query", "round", "respondent", "number", "name", "path", "code", "nth", "state", "reason"):
            put("queries", rounds.get(row["round"]),
                *(row[name] for name in ("respondent", "number", "name", "path", "code", "state", "reason")), row["nth"] or 1)
        for row in self.rows("notice", "round", "respondent", "kind", "due", "reason"):
            put("notices", rounds.get(row["round"]), *(row[name] for name in ("respondent", "kind", "due", "reason")))
        return {section: sorted(rows) for section, rows in out.items()}


def logical(path, ignore=(), scrub=lambda text: text, places=False):
    """The content of a store.  ignore: names of questions that are left out; scrub: turns what may differ into what may not."""
    store = Logical(path, ignore, scrub)
    try:
        assert store.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return store.content(places)
    finally:
        store.close()


def differences(wanted, got, most=6):
    """Where two contents differ, in a few lines: a whole comparison takes minutes to print."""
    lines = []
    for section in sorted(set(wanted) | set(got)):
        ours, theirs = wanted.get(section, []), got.get(section, [])
        if ours == theirs:
            continue
        counts = {}
        for row in ours:
            counts[row] = counts.get(row, 0) + 1
        for row in theirs:
            counts[row] = counts.get(row, 0) - 1
        missing = [row for row in counts if counts[row] > 0]
        added = [row for row in counts if counts[row] < 0]
        lines.append("%s: %d wanted, %d found; %d missing, %d too many" % (section, len(ours), len(theirs), len(missing), len(added)))
        lines += ["  - " + row[:300] for row in sorted(missing)[:most]] + ["  + " + row[:300] for row in sorted(added)[:most]]
    return lines


# ---------------------------------------------------------------- kept originals

class Original:
    """A file that the store keeps."""

    def __init__(self, name, size, sha256, bytes_):
        self.name, self.size, self.sha256, self.bytes = name, size, sha256, bytes_


def beside(store):
    """The folders where a store may keep large originals."""
    folder = os.path.dirname(os.path.abspath(store))
    return [store + ".files", os.path.join(folder, "files")]


def originals(store):
    """Every original that the store names, with the bytes it keeps of it (None: they are not there).

    A table `original` holds them by a row for each file, else the table `file`.  Bytes may be compressed, or lie beside the
    store under their SHA-256 in hexadecimal."""
    db = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
    try:
        tables = {row[0]: [column[1] for column in db.execute('PRAGMA table_info("%s")' % row[0])]
                  for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
        table = "original" if {"name", "size", "sha256"} <= set(tables.get("original", ())) else "file"
        held = "bytes" if "bytes" in tables[table] else "NULL"
        kept = []
        for name, size, sha256, bytes_ in db.execute("SELECT name, size, sha256, %s FROM %s ORDER BY rowid" % (held, table)):
            name = name.decode() if isinstance(name, bytes) else name
            if bytes_ is None:
                for folder in beside(store):
                    path = os.path.join(folder, sha256.hex())
                    if os.path.exists(path):
                        with open(path, "rb") as file:
                            bytes_ = file.read()
            if bytes_ is not None and len(bytes_) != size:
                for width in (15, -15, 31):
                    try:
                        bytes_ = zlib.decompress(bytes_, width)
                        break
                    except zlib.error:
                        pass
            kept.append(Original(name, size, sha256.hex(), bytes_))
        return kept
    finally:
        db.close()


def kept_amiss(store):
    """What is wrong with the originals that a store keeps: each must have the size and digest that its row says."""
    wrong = []
    for one in originals(store):
        if one.bytes is None:
            wrong.append("%s: not kept" % one.name)
        elif len(one.bytes) != one.size:
            wrong.append("%s: %d bytes kept, %d said" % (one.name, len(one.bytes), one.size))
        elif hashlib.sha256(one.bytes).hexdigest() != one.sha256:
            wrong.append("%s: kept bytes have another SHA-256" % one.name)
    return wrong


if __name__ == "__main__":
    import sys
    json.dump(logical(sys.argv[1], places=True), sys.stdout, indent=1)
