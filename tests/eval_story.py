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


FORM = os.path.join(ROOT, "forms/isps-needs.csv")


class Explain(Story):
    """--explain prints the compiled steps: register, type, operation, arguments."""

    def explain(self, *args):
        code, out, err = run("eval", *args, "--explain")
        self.assertEqual((code, err), (0, ""))
        return out.splitlines()

    def test_constants_are_folded(self):
        self.assertEqual(self.explain("1 + 2 * 3"), ["result number = 7"])
        self.assertEqual(self.explain("1 > 2 or 'x' = 'x'"), ["result boolean = true()"])

    def test_a_step_names_its_arguments(self):
        self.assertEqual(self.explain("concat('on ', today())"),
                         ["r0 number = today", "r1 string = day_to_text r0", "r3 string = concat 'on ', r1",
                          "result string = r3"])

    def test_a_comparison_with_a_choice_reads_the_column_of_the_question(self):
        self.assertEqual(self.explain(FORM, "${self_assess} = 'yes' and ${pf_total} >= 2"),
                         ["r0 boolean = column_is_choice ${self_assess} 'yes'",
                          "r1 boolean = compare_column ${pf_total} >= 2", "r2 boolean = both r0, r1",
                          "result boolean = r2"])

    def test_a_condition_on_a_path_is_a_program_of_its_own(self):
        lines = self.explain(FORM, "count(${facility}[string-length(pf_name) > 2])")
        self.assertEqual(lines, ["r0 boolean = select set 0", "  r0 string = load_text ${pf_name}",
                                 "  r1 number = string_length r0", "  r3 boolean = compare_numbers r1 > 2",
                                 "  result boolean = r3", "r1 number = count_set set 0 r0", "result number = r1"])

    def test_a_broken_expression_has_no_steps(self):
        code, out, err = run("eval", "1 +", "--explain")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("E0101", err)


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
