"""What is built and installed: one version, no trace of the building machine."""
import os
import re
import subprocess
import unittest

from story import CANVASS, HANG, ROOT, Story, run


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


    def test_the_package_and_the_changelog_begin_with_it(self):
        self.assertEqual(read("debian/changelog").split("\n")[0].split(" ")[:2], ["canvass", "(%s)" % VERSION])
        self.assertEqual(re.search(r"^## ([0-9.]+) ", read("CHANGELOG.md"), re.M).group(1), VERSION)


class Program(Story):
    def test_it_does_not_name_the_folder_it_was_built_in(self):
        if "/cov/" in CANVASS:
            self.skipTest("a program that measures coverage names where to write it")
        with open(CANVASS, "rb") as file:
            self.assertNotIn(ROOT.encode(), file.read())


def make(*args):
    """Runs make for the program under test; a make that runs the tests is not asked for its job slots."""
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "B")}
    built = os.path.relpath(os.path.dirname(CANVASS), ROOT)
    return subprocess.run(["make", "-s", "B=" + built, *args], cwd=ROOT, env=env, timeout=HANG, check=True,
                          stdout=subprocess.PIPE, encoding="utf-8").stdout


def files(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


class Installed(Story):
    def setUp(self):
        super().setUp()
        if os.path.dirname(CANVASS) != os.path.join(ROOT, "build/release"):
            self.skipTest("only the release flavour is installed")

    def test_install_puts_files_under_destdir_and_prefix(self):
        said = make("install", "DESTDIR=" + self.path("to here"), "PREFIX=/opt/can vass")
        prefix = self.path("to here/opt/can vass")
        there = files(prefix)
        self.assertEqual(files(self.path("to here")), ["opt/can vass/" + name for name in there])
        self.assertEqual(sorted(said.splitlines()), ["installed %s/%s" % (prefix, name) for name in there])
        for name in ("bin/canvass", "share/man/man1/canvass.1", "share/bash-completion/completions/canvass",
                     "share/zsh/site-functions/_canvass", "share/fish/vendor_completions.d/canvass.fish"):
            self.assertIn(name, there)
        self.assertEqual(subprocess.check_output([os.path.join(prefix, "bin/canvass"), "--version"]),
                         b"canvass %s\n" % VERSION.encode())
        for name, mode in (("bin/canvass", 0o755), ("share/man/man1/canvass.1", 0o644)):
            self.assertEqual(os.stat(os.path.join(prefix, name)).st_mode & 0o777, mode)

    def test_uninstall_removes_what_install_put_there_and_nothing_else(self):
        to = "DESTDIR=" + self.path("root")
        make("install", to)
        installed = files(self.path("root"))
        folders = {os.path.dirname(name) for name in installed}
        for folder in folders:
            self.write(os.path.join("root", folder, "other"), "")
        make("uninstall", to)
        self.assertEqual(files(self.path("root")), sorted(folder + "/other" for folder in folders))
        make("install", to)
        for folder in folders:
            os.unlink(self.path(os.path.join("root", folder, "other")))
        make("uninstall", to)
        left = [os.path.join(at, name) for at, below, names in os.walk(self.path("root")) for name in below + names]
        self.assertEqual([path for path in left if "canvass" in os.path.relpath(path, self.folder.name)], [])
        make("uninstall", to)


if __name__ == "__main__":
    unittest.main()
