"""Other people's forms: the verdicts of pyxform, held against those of `canvass check`.

The forms are read in place from CANVASS_SHARED.  tests/cases/xlsforms-known.tsv is the table of known differences.  A
form that pyxform takes is rejected only if an engine that runs it would reject it (verdict "rejected"); what the engines
load and run is at most a warning, however odd its result, and an error under --strict (verdict "warned").  The rows
"rule" are this rule of severity: the warnings of which the engines make something.  A form that pyxform takes and that has
one of them is listed.
"""
import csv
import os
import re
import statistics
import subprocess
import unittest

from story import CANVASS

FORMS = os.path.join(os.environ.get("CANVASS_SHARED", "../shared"), "conformance", "xlsforms")
KNOWN = os.path.join(os.path.dirname(__file__), "cases", "xlsforms-known.tsv")


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def has_entities(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return any(line.split(",")[0].strip(' "\r\n').lower() == "entities" for line in file)


def check(path, *more):
    """The exit code of check, and the codes that it prints in order."""
    done = subprocess.run([CANVASS, "check", path, *more], capture_output=True, text=True, errors="replace")
    return done.returncode, re.findall(r"(?:error|warning)\[([EW]\d+)\]", done.stdout)


@unittest.skipUnless(os.path.exists(os.path.join(FORMS, "index.tsv")), "the shared forms are not there")
class Verdicts(unittest.TestCase):
    def test_they_agree_with_pyxform(self):
        known = {row["id"]: row for row in rows(KNOWN) if row["id"] != "rule"}
        ruled = {row["code"] for row in rows(KNOWN) if row["id"] == "rule"}
        self.assertGreaterEqual(len(ruled), 6)
        agreed, judged, apart, others, warnings = 0, 0, [], [], []
        for row in rows(os.path.join(FORMS, "index.tsv")):
            path = os.path.join(FORMS, row["id"] + ".csv")
            code, codes = check(path)
            self.assertIn(code, (0, 1), row["id"])
            if row["verdict"] == "ok":
                warnings.append(sum(code[0] == "W" for code in codes))
                if code == 1:
                    self.assertEqual(known.get(row["id"], {}).get("verdict"), "rejected", row["id"])
            if row["verdict"] != "error" and ruled & set(codes):
                self.assertEqual(known.get(row["id"], {}).get("verdict"), "warned", row["id"])
            if has_entities(path):
                continue
            rejected = code == 1
            if rejected and row["verdict"] != "error" and row["id"] in known:
                apart.append(row["id"])
                continue
            judged += 1
            if row["verdict"] == "error" and known.get(row["id"], {}).get("verdict") == "accepted":
                self.assertFalse(rejected, row["id"])
            elif rejected == (row["verdict"] == "error"):
                agreed += 1
            else:
                others.append(row["id"])
        print(f"agreement: {agreed} of {judged} forms ({len(apart)} rejected for what pyxform does not look for; "
              f"against it: {' '.join(others) or 'none'})")
        print(f"agreement: of {len(warnings)} forms that pyxform takes without a word {sum(n == 0 for n in warnings)} "
              f"have no warning; median {statistics.median(warnings):g}, most {max(warnings)}")
        self.assertEqual(sorted(apart), sorted(id for id, row in known.items() if row["verdict"] == "rejected"),
                         "xlsforms-known.tsv names forms that are no longer rejected")
        self.assertGreaterEqual(agreed, 0.97 * judged)
        self.assertEqual(others, [])
        self.assertLessEqual(statistics.median(warnings), 2)

    def test_what_engines_run_is_a_warning_and_an_error_under_strict(self):
        for row in rows(KNOWN):
            if row["id"] == "rule" or row["verdict"] == "accepted":
                continue
            path = os.path.join(FORMS, row["id"] + ".csv")
            self.assertIn(row["code"], check(path)[1], row["id"])
            if row["verdict"] == "warned":
                self.assertEqual(check(path)[0], 0, row["id"])
                self.assertEqual(check(path, "--strict")[0], 1, row["id"])


if __name__ == "__main__":
    unittest.main()
