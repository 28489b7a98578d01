"""The expressions that other engines agree on, through `canvass eval -`, each result converted to the row's type.

Rows that do not agree are listed, with the reason, in tests/cases/expr/known-differences.tsv (by line of expressions.tsv)."""
import math
import os
import unittest

from story import ROOT, Story, run

SHARED = os.environ.get("CANVASS_SHARED", os.path.join(ROOT, "../shared"))
EXPRESSIONS = os.path.join(SHARED, "conformance/expressions.tsv")
KNOWN = os.path.join(ROOT, "tests/cases/expr/known-differences.tsv")


def agrees(kind, got, expected, tolerance):
    if kind != "number":
        return got == expected
    try:
        left, right = float(got), float(expected)
    except ValueError:
        return False
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return left == right or abs(left - right) <= max(float(tolerance or 0), 1e-9 * abs(right))


@unittest.skipUnless(os.path.exists(EXPRESSIONS), "the shared conformance files are not here")
class Conformance(Story):
    def test_the_expressions_that_other_engines_agree_on(self):
        with open(EXPRESSIONS, encoding="utf-8", newline="\n") as file:
            lines = file.read().split("\n")[1:]
        rows = [(number, line.split("\t")) for number, line in enumerate(lines, 2) if line]
        with open(KNOWN, encoding="utf-8") as file:
            known = {int(line.split("\t")[0]) for line in file if line[:1].isdigit()}
        different = []
        for kind in ("number", "string", "boolean"):
            asked = [(number, row) for number, row in rows if row[1] == kind]
            source = "".join(row[0] + "\n" for _, row in asked)
            _, out, _ = run("eval", "-", "--as", kind, "--now", "2026-12-01T00:00:00-07:00", stdin=source.encode("utf-8"))
            answers = out.split("\n")[:-1]
            self.assertEqual(len(answers), len(asked))
            for (number, row), answer in zip(asked, answers):
                got_kind, value = answer.split("\t", 1)
                if got_kind != kind or not agrees(kind, value, row[2], row[3]):
                    different.append(number)
        agreed = len(rows) - len(different)
        print("\nagreement: %d of %d expressions through eval (%.1f%%)" % (agreed, len(rows), 100 * agreed / len(rows)), end=" ... ")
        self.assertGreaterEqual(agreed, 0.95 * len(rows))
        self.assertEqual(set(different) - known, set(), "not listed with a reason")


if __name__ == "__main__":
    unittest.main()
