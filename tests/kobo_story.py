"""Exports of KoboToolbox by the options of its exporter: each is read as it comes, the identity of every response is
found, and the answers are those of canvass's own wide layout."""
import sqlite3
import unittest

import kobo
from story import FULL, NOW, Story, import_json

SEEDS = range(300) if FULL else [*range(36), 46, 66, 86, 142]  # the last have few tags


class Kobo(Story):
    def stored(self, name):
        """The answers by respondent, table and order."""
        store = sqlite3.connect(name)
        who = dict(store.execute("SELECT id, respondent FROM response WHERE later IS NULL"))
        rows = []
        for (table,) in store.execute("SELECT name FROM sqlite_master WHERE name GLOB 'answers_1_*_0'").fetchall():
            columns = [row[1] for row in store.execute("PRAGMA table_info(%s)" % table)]
            own = [column for column in columns if column.startswith("q") or column == "position"]
            key = "response" if "response" in columns else "id"
            for row in store.execute("SELECT %s, %s FROM %s" % (key, ", ".join(own), table)):
                rows.append((table, who[row[0]], *row[1:]))
        store.close()
        return sorted(rows, key=repr)

    def read_export(self, seed):
        export = kobo.Export(seed)
        form = self.write("form%d.csv" % seed, export.form_text())
        file = self.write("export%d.%s" % (seed, "xlsx" if export.options.workbook else "csv"), export.content())
        stores = [self.path("%d-%s.db" % (seed, word)) for word in ("export", "reference")]
        reference = self.write("reference%d.csv" % seed, export.reference())
        expected, told, _ = import_json(form, reference, "--store", stores[1], "--now", NOW)
        self.assertEqual(expected, 0, told)
        code, told, _ = import_json(form, file, "--store", stores[0], "--now", NOW)
        findings = [(found["code"], found.get("field"), found["message"]) for found in told["returns"][0]["findings"] if found["severity"] != "note"]
        expected = [("W0605", "asked_once")] if export.options.older else []
        with self.subTest(seed=seed, options=export.options):
            self.assertEqual([found[:2] for found in findings], expected, findings)
            self.assertEqual(code, 0, findings)
            self.assertEqual(self.stored(stores[0]), self.stored(stores[1]))

    def test_exports_by_all_options(self):
        for seed in SEEDS:
            self.read_export(seed)
        self.tell("%d exports of KoboToolbox" % len(SEEDS))


if __name__ == "__main__":
    unittest.main()
