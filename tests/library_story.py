"""The library as other programs use it: installed into a folder of its own, found by pkg-config, linked both ways."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from story import CANVASS, FORM, ROOT, published

MAKE = os.environ.get("MAKE", "make").split()
EXAMPLES = os.path.join(ROOT, "docs/examples")
# Of the world outside: what prints, ends or copies the process, or asks for the time, the environment or the locale.
FORBIDDEN = set("""printf fprintf vprintf vfprintf puts putchar fputs fputc putc fwrite perror stdout stderr
    exit _exit abort fork vfork system popen execve execv execvp posix_spawn signal sigaction
    time clock gettimeofday clock_gettime localtime localtime_r gmtime mktime
    getenv secure_getenv setenv putenv setlocale localeconv rand random srand umask chdir""".split())
FORM_TEXT = """survey
,type,name,label,constraint,constraint_message
,integer,age,Age,. >= 0 and . <= 120,An age is between 0 and 120
,date,joined,Date of joining,. <= today(),This day is still to come
"""
ANSWERS = "age,joined\n34,2026-01-31\n340,\nold,2001-02-01\n"
CHECKED = """answers.csv:3: E0505 age: An age is between 0 and 120
answers.csv:4: E0502 age: "old" is not a whole number
  hint: write digits only, such as 12 or 3000, without separators or words
3 responses, 2 errors, 0 warnings
"""
JUDGED = """row 2, age "340": An age is between 0 and 120
row 3, age "old": "old" is not a whole number
row 3, joined "2027-02-01": This day is still to come
3 rows, 3 errors: done
"""


def output(*args, cwd=None, env=None, code=0):
    done = subprocess.run(args, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != code:
        raise AssertionError("%s\nended with %d, not %d\n%s%s" % (" ".join(args), done.returncode, code, done.stdout, done.stderr))
    return done.stdout


@unittest.skipUnless("/release/" in CANVASS, "the library is tested once, with the release build")
class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.mkdtemp(prefix="canvass-library-")
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.prefix = os.path.join(cls.work, "usr")
        # The make that runs this hands its own variables on; this one is a make of its own.
        clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        output(*MAKE, "-s", "FLAVOUR=release", "PREFIX=" + cls.prefix, "install", cwd=ROOT, env=clean)
        cls.lib = os.path.join(cls.prefix, "lib")
        cls.env = dict(clean, PKG_CONFIG_PATH=os.path.join(cls.lib, "pkgconfig"), LD_LIBRARY_PATH=cls.lib)
        with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as makefile:
            cls.version = re.search(r"^VERSION := (\S+)$", makefile.read(), re.M).group(1)
        for name, text in (("form.csv", FORM_TEXT), ("answers.csv", ANSWERS)):
            with open(os.path.join(cls.work, name), "w", encoding="utf-8") as file:
                file.write(text)

    def flags(self, *options):
        if not shutil.which("pkg-config"):
            self.skipTest("pkg-config is not installed")
        return output("pkg-config", *options, "canvass", env=self.env).split()

    def build(self, example, name, static=False):
        """Compiles an example as its first comment says; static: with the archive, whose own libraries are shared."""
        program = os.path.join(self.work, name)
        flags = self.flags("--cflags", "--libs", *(["--static"] if static else []))
        if static:
            flags = [os.path.join(self.lib, "libcanvass.a") if flag == "-lcanvass" else flag for flag in flags]
        output(*os.environ.get("CC", "cc").split(), "-std=c17", "-Wall", "-Wextra", "-Werror",
               os.path.join(EXAMPLES, example), "-o", program, *flags)
        return program

    def run_example(self, program, *args, code, expected):
        env = self.env
        self.assertEqual(output(program, *args, cwd=self.work, env=env, code=code), expected)
        if shutil.which("valgrind"):
            watched = output("valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite,possible",
                             "--error-exitcode=9", program, *args, cwd=self.work, env=env, code=code)
            self.assertEqual(watched, expected)

    def test_an_example_checks_a_file(self):
        program = self.build("check_file.c", "check_file")
        self.run_example(program, "form.csv", "answers.csv", code=1, expected=CHECKED)
        self.assertIn("libcanvass.so.0", output("ldd", program, env=self.env))

    def test_an_example_judges_rows(self):
        self.run_example(self.build("check_rows.c", "check_rows"), code=0, expected=JUDGED)

    def test_the_archive_does_the_same(self):
        self.run_example(self.build("check_rows.c", "check_rows_static", static=True), code=0, expected=JUDGED)
        program = self.build("check_file.c", "check_file_static", static=True)
        self.run_example(program, "form.csv", "answers.csv", code=1, expected=CHECKED)
        self.assertNotIn("libcanvass", output("ldd", program, env=self.env))

    def test_an_example_checks_a_workbook_and_a_large_form(self):
        import openpyxl
        book = openpyxl.Workbook()
        for row in (["age", "joined"], [34, "2026-01-31"], [340, None]):
            book.active.append(row)
        book.save(os.path.join(self.work, "answers.xlsx"))
        program = self.build("check_file.c", "check_workbook")
        found = output(program, "form.csv", "answers.xlsx", cwd=self.work, env=self.env, code=1)
        self.assertIn("answers.xlsx:3: E0505 age: An age is between 0 and 120", found)
        output(program, FORM, published()[0], env=self.env, cwd=self.work, code=0)

    def test_examples_are_short(self):
        for name in os.listdir(EXAMPLES):
            with open(os.path.join(EXAMPLES, name), encoding="utf-8") as file:
                self.assertLessEqual(len(file.readlines()), 60, name)

    def test_only_the_names_of_the_header_are_defined(self):
        with open(os.path.join(ROOT, "include/canvass.h"), encoding="utf-8") as file:
            declared = set(re.findall(r"^CANVASS_API .*?\b(canvass_\w+)\(", file.read(), re.M))
        self.assertGreater(len(declared), 20)
        for path, dynamic in (("libcanvass.so", ["-D"]), ("libcanvass.a", ["-g"])):
            listed = output("nm", *dynamic, "--defined-only", os.path.join(self.lib, path))
            self.assertEqual({line.split()[-1] for line in listed.splitlines() if len(line.split()) == 3}, declared)

    def test_the_shared_object_asks_nothing_of_the_world_outside(self):
        listed = output("nm", "-D", "--undefined-only", os.path.join(self.lib, "libcanvass.so"))
        wanted = {line.split()[-1].split("@")[0] for line in listed.splitlines()}
        wanted |= {re.sub(r"^__(.*)_chk$", r"\1", name) for name in wanted}
        self.assertEqual(wanted & FORBIDDEN, set())

    def test_one_version_names_everything(self):
        self.assertEqual(output(os.path.join(self.prefix, "bin/canvass"), "--version"), "canvass %s\n" % self.version)
        self.assertEqual(self.flags("--modversion"), [self.version])
        major, minor, _ = self.version.split(".")
        self.assertEqual(os.readlink(os.path.join(self.lib, "libcanvass.so.%s" % major)),
                         "libcanvass.so.%s.%s" % (major, minor))
        listed = output("objdump", "-p", os.path.join(self.lib, "libcanvass.so"))
        self.assertRegex(listed, r"SONAME +libcanvass\.so\.%s\n" % major)
        with open(os.path.join(self.work, "version.c"), "w", encoding="utf-8") as file:
            file.write('#include <canvass.h>\n#include <stdio.h>\nint main(void) { return puts(canvass_version()) < 0; }\n')
        program = os.path.join(self.work, "version")
        output(*os.environ.get("CC", "cc").split(), os.path.join(self.work, "version.c"), "-o", program,
               *self.flags("--cflags", "--libs"))
        self.assertEqual(output(program, env=self.env), self.version + "\n")

    def test_the_header_is_cpp_too(self):
        if not shutil.which("g++"):
            self.skipTest("g++ is not installed")
        with open(os.path.join(self.work, "first.cpp"), "w", encoding="utf-8") as file:
            file.write('#include <canvass.h>\n'
                       'int main() { canvass_time t{}; return canvass_time_read("2026-12-01", &t) == CANVASS_MISUSE; }\n')
        program = os.path.join(self.work, "first")
        output("g++", "-Wall", "-Wextra", "-Werror", os.path.join(self.work, "first.cpp"), "-o", program,
               *self.flags("--cflags", "--libs"))
        output(program, env=self.env)

    def test_only_the_public_header_is_installed(self):
        self.assertEqual(os.listdir(os.path.join(self.prefix, "include")), ["canvass.h"])


if __name__ == "__main__":
    unittest.main()
