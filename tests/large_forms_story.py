"""Large made forms: what `check` says of them, how long it takes, and that the time grows with the form and no faster."""
import importlib.machinery
import importlib.util
import os
import unittest

from story import CANVASS, ROOT, Story

os.environ["CANVASS"] = CANVASS
loader = importlib.machinery.SourceFileLoader("bench_forms", os.path.join(ROOT, "bench/forms"))
forms = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench_forms", loader))
loader.exec_module(forms)

MOST_GROWTH = 12.0  # of five times the questions: in step with them it is 5, with their square 25
ATTEMPTS = 3
QUICK = 0.050      # seconds; told, as other machines are slower


class LargeForms(Story):
    def test_five_large_forms_are_checked_quickly(self):
        for rows, questions, rules, said, wall, work in forms.rows_of(forms.LARGE):
            with self.subTest(rows=rows):
                self.assertEqual(said, 0)
                self.assertGreaterEqual(rules, 200)
                self.tell("%d rows, %d questions, %d rules checked in %.0f ms (%.0f ms of processor)%s" % (
                    rows, questions, rules, 1000 * wall, 1000 * work, "" if work <= QUICK else ", more than 50"))

    def test_the_time_grows_with_the_questions_and_no_faster(self):
        for _ in range(ATTEMPTS):
            small, _, large = list(forms.rows_of(forms.GROWING))
            self.assertGreaterEqual(small[1], 950)
            self.assertGreaterEqual(large[1], 5000)
            growth = large[5] / small[5]
            if growth <= MOST_GROWTH:
                break
        self.tell("%d questions take %.1f times as long as %d" % (large[1], growth, small[1]))
        self.assertLessEqual(growth, MOST_GROWTH)


if __name__ == "__main__":
    unittest.main()
