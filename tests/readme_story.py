"""README: its terminal sessions print what it shows."""
import unittest

from document import Document


class Readme(Document):
    def test_its_sessions_print_what_it_shows(self):
        self.assertEqual(self.hold("README.md"), 2)

    def test_the_form_it_begins_with_has_six_lines(self):
        _, name, content = self.blocks(self.read("README.md"))[0]
        self.assertEqual((name, content.count("\n")), ("ports.csv", 6))


if __name__ == "__main__":
    unittest.main()
