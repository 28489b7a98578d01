"""Makes large forms in the manner of public household and facility surveys, the same for the same arguments.

usage: make_form.py ROWS [SEED] > form.csv

A form has sections with rosters inside them (a repeat within a repeat), a cascade of three lists, labels, hints and
messages in four languages, and a relevance, constraint or calculation on about every second question.
"""
import csv
import io
import random
import sys

LANGUAGES = ["English (en)", "French (fr)", "Spanish (es)", "Vietnamese (vi)"]
WORDS = {
    "English (en)": "how many people of this household usually fetch water food wood from the market in a week".split(),
    "French (fr)": "combien de personnes du ménage vont chercher eau bois nourriture au marché par semaine".split(),
    "Spanish (es)": "cuántas personas del hogar suelen traer agua leña comida del mercado cada semana".split(),
    "Vietnamese (vi)": "bao nhiêu người trong hộ thường đi lấy nước củi thức ăn ở chợ mỗi tuần".split(),
}
LISTS = {"yesno": 3, "source": 9, "crop": 24, "relation": 12, "illness": 16, "asset": 30, "level": 5}
COLUMNS = (["type", "name"] + ["label::" + language for language in LANGUAGES] +
           ["hint::" + language for language in LANGUAGES] +
           ["relevant", "constraint"] + ["constraint_message::" + language for language in LANGUAGES] +
           ["required", "calculation", "choice_filter", "repeat_count", "appearance"])


class Maker:
    TOLD = ("integer", "decimal", "select_one", "select_multiple")  # what a relevance may ask about

    def __init__(self, rows, seed):
        self.rng = random.Random(seed)
        self.wanted = rows
        self.rows = []
        self.count = 0
        self.asked = {}  # (kind, list) -> names of earlier questions outside of repeats

    def words(self, column, count=7):
        text = {}
        for language in LANGUAGES:
            chosen = [self.rng.choice(WORDS[language]) for _ in range(count)]
            text["%s::%s" % (column, language)] = " ".join(chosen).capitalize()
        return text

    def row(self, type, name="", **cells):
        self.rows.append(dict({"type": type, "name": name}, **cells))

    def name(self, stem):
        self.count += 1
        return "%s_%d" % (stem, self.count)

    def condition(self, near):
        """A relevance on an earlier answer, the kinds in about the proportions of public forms."""
        pool = [q for q in near if q[0] in self.TOLD] or [q for qs in self.asked.values() for q in qs if q[0] in self.TOLD][-40:]
        if not pool:
            return ""
        kind, name, list_name = self.rng.choice(pool)
        if kind == "integer":
            return "${%s} %s %d" % (name, self.rng.choice([">", ">=", "="]), self.rng.randrange(1, 9))
        if kind == "decimal":
            return "${%s} > 0 and ${%s} < 50" % (name, name)
        code = "%s_%d" % (list_name, self.rng.randrange(1, LISTS[list_name] + 1))
        if kind == "select_multiple":
            return "selected(${%s}, '%s')" % (name, code)
        other = "%s_%d" % (list_name, self.rng.randrange(1, LISTS[list_name] + 1))
        return "${%s} = '%s'" % (name, code) + (" or ${%s} = '%s'" % (name, other) if self.rng.random() < .3 else "")

    def question(self, near, inside):
        kind = self.rng.choices(["select_one", "integer", "text", "select_multiple", "decimal", "date", "calculate"],
                                [40, 16, 14, 9, 4, 4, 13])[0]
        relevant = self.condition(near) if self.rng.random() < .3 else ""
        if kind == "calculate":
            numbers = [q[1] for q in near if q[0] in ("integer", "decimal")]
            if not numbers:
                return
            one, two = self.rng.choice(numbers), self.rng.choice(numbers)
            self.row(kind, self.name("calc"), calculation=self.rng.choice([
                "coalesce(${%s}, 0) + coalesce(${%s}, 0)", "if(${%s} > 5, ${%s}, 0)",
                "round(${%s} div (1 + coalesce(${%s}, 0)), 2)"]) % (one, two))
            return
        name = self.name("q")
        cells = dict(self.words("label"), relevant=relevant)
        if self.rng.random() < .4:
            cells.update(self.words("hint", 5))
        if self.rng.random() < .6:
            cells["required"] = "yes"
        if kind in ("integer", "decimal"):
            cells["constraint"] = ". >= 0 and . <= %d" % self.rng.choice([20, 120, 999])
            cells.update(self.words("constraint_message", 4))
        elif kind == "text" and self.rng.random() < .4:
            cells["constraint"] = "regex(., '^[A-Za-z -]{2,%d}$')" % self.rng.randrange(20, 60)
            cells.update(self.words("constraint_message", 4))
        elif kind == "date":
            cells["constraint"] = ". <= today()"
            cells.update(self.words("constraint_message", 4))
        list_name = self.rng.choice(list(LISTS)) if kind.startswith("select") else ""
        self.row(kind + (" " + list_name if list_name else ""), name, **cells)
        near.append((kind, name, list_name))
        if not inside:
            self.asked.setdefault((kind, list_name), []).append((kind, name, list_name))

    def roster(self):
        """A repeat counted by a question, and one within it."""
        size, people, trips = self.name("size"), self.name("people"), self.name("trips")
        self.row("integer", size, constraint=". >= 0 and . <= 30", **self.words("label"),
                 **self.words("constraint_message", 4))
        self.row("begin_repeat", people, repeat_count="${%s}" % size, **self.words("label", 3))
        near = []
        for _ in range(self.rng.randrange(6, 14)):
            self.question(near, True)
        self.row("begin_repeat", trips, **self.words("label", 3))
        inner = list(near)
        for _ in range(self.rng.randrange(3, 7)):
            self.question(inner, True)
        days = self.name("days")
        self.row("integer", days, constraint=". >= 0 and . <= 365", **self.words("label"),
                 **self.words("constraint_message", 4))
        self.row("end_repeat")
        total = self.name("total")
        self.row("calculate", total, calculation="sum(${%s})" % days)
        self.row("end_repeat")
        self.row("calculate", self.name("all"), calculation="sum(${%s})" % total)

    def cascade(self):
        region, district, village = self.name("region"), self.name("district"), self.name("village")
        self.row("select_one region", region, required="yes", **self.words("label", 3))
        self.row("select_one district", district, choice_filter="region = ${%s}" % region, **self.words("label", 3))
        self.row("select_one village", village, choice_filter="district = ${%s}" % district, **self.words("label", 3))

    def survey(self):
        self.cascade()
        while len(self.rows) < self.wanted - 30:
            section, near = self.name("section"), []
            relevant = self.condition([]) if self.rng.random() < .5 else ""
            self.row("begin_group", section, relevant=relevant, appearance="field-list", **self.words("label", 3))
            for _ in range(self.rng.randrange(8, 24)):
                self.question(near, False)
            if self.rng.random() < .35:
                self.roster()
            self.row("end_group")
        while len(self.rows) < self.wanted:
            self.row("note", self.name("note"), **self.words("label"))

    def choices(self):
        rows = []
        for list_name, count in LISTS.items():
            for i in range(1, count + 1):
                rows.append(dict({"list_name": list_name, "name": "%s_%d" % (list_name, i)}, **self.words("label", 3)))
        scale = max(1, self.wanted // 300)
        for r in range(8):
            rows.append(dict({"list_name": "region", "name": "r%d" % r}, **self.words("label", 2)))
            for d in range(4 * scale):
                rows.append(dict({"list_name": "district", "name": "r%dd%d" % (r, d), "region": "r%d" % r},
                                 **self.words("label", 2)))
                for v in range(4):
                    rows.append(dict({"list_name": "village", "name": "r%dd%dv%d" % (r, d, v),
                                      "district": "r%dd%d" % (r, d)}, **self.words("label", 2)))
        return rows


def make_form(rows, seed=1):
    """The form as the text of one CSV file."""
    maker = Maker(rows, seed)
    maker.survey()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["survey"])
    writer.writerow([""] + COLUMNS)
    for row in maker.rows:
        writer.writerow([""] + [row.get(column, "") for column in COLUMNS])
    head = ["list_name", "name"] + ["label::" + language for language in LANGUAGES] + ["region", "district"]
    writer.writerow(["choices"])
    writer.writerow([""] + head)
    for row in maker.choices():
        writer.writerow([""] + [row.get(column, "") for column in head])
    writer.writerow(["settings"])
    writer.writerow(["", "form_title", "form_id", "version", "default_language"])
    writer.writerow(["", "Made form of %d rows" % rows, "made_%d" % rows, "1", LANGUAGES[0]])
    return text.getvalue()


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(make_form(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
