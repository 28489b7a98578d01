"""What is built and installed: one version, no trace of the building machine."""
import os
import re
import unittest

from story import CANVASS, ROOT, Story, run


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


VERSION = re.search(r"^VERSION := ([0-9]+\.[0-9]+\.[0-9]+)$", read("Makefile"), re.M).group(1)


class Version(Story):
    def test_the_program_has_the_version_of_the_makefile(self):
        self.assertEqual(run("--version"), (0, "canvass %s\n" % VERSION, ""))

    def test_no_source_repeats_it(self):
        for folder, _, names in os.walk(os.path.join(ROOT, "src")):
            for name in names:
                self.assertNotIn('"%s"' % VERSION, read(os.path.join(folder, name)), name)


class Program(Story):
    def test_it_does_not_name_the_folder_it_was_built_in(self):
        if "/cov/" in CANVASS:
            self.skipTest("a program that measures coverage names where to write it")
        with open(CANVASS, "rb") as file:
            self.assertNotIn(ROOT.encode(), file.read())


if __name__ == "__main__":
    unittest.main()
