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

MOST_GROWTH = 8.0  # five times the questions
QUICK = 0.050      # seconds; told, as other machines are slower


class LargeForms(Story):
    def test_five_large_forms_are_checked_quickly(self):
        for rows, questions, rules, said, wall, work in forms.rows_of(forms.LARGE):
            with self.subTest(rows=rows):
                self.assertEqual(said, 0)
                self.assertGreaterEqual(rules, 200)
                self.tell("%d rows, %d questions, %d rules checked in %.0f ms (%.0f ms of processor)%s" % (
                    rows, questions, rules, 1000 * wall, 1000 * work, "" if work <= QUICK else ", more than 50"))

    def test_five_times_the_questions_take_at_most_eight_times_as_long(self):
        small, _, large = list(forms.rows_of(forms.GROWING))
        self.assertGreaterEqual(small[1], 950)
        self.assertGreaterEqual(large[1], 5000)
        self.tell("%d questions take %.1f times as long as %d" % (large[1], large[5] / small[5], small[1]))
        self.assertLessEqual(large[5], MOST_GROWTH * small[5])


if __name__ == "__main__":
    unittest.main()
