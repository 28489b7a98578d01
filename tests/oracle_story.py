"""The size of a file, its kind and the number of threads change nothing in what is imported.

The same rows are padded by a column of text to about 1 and 17 MiB (make nightly: 1, 15, 17 and 40), as CSV and as workbook, and imported.  Every
store must say what that of the smallest CSV says, and every run must report the same findings; the padding, names and
sizes of files and columns of cells aside.  With threads to choose from (import --threads), the same file gives the same
bytes on standard output and the same places in the store whatever their number.

All answers are invented."""
import json
import os
import unittest

import openpyxl

from logical import differences, logical
from rows import FILLER, FORM, HEADER, MIB, OLDER, ROWS, padded, plain_rows, respondent, scrub, spoilt_rows, table, workbook
from story import FULL, NOW, Story, run

LATER = "2026-12-02T00:00:00Z"
SIZES = (1, 15, 17, 40) if FULL else (1, 17)  # MiB, of the file


class Oracle(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.older = self.write("older.csv", OLDER)
        self.number = 0
        self.threads = "--threads" in run("import", "--help")[1]

    def variants(self, header, rows, sizes=SIZES, kinds=("csv", "xlsx")):
        """(name, path) of each file, the smallest CSV first; one at a time, so that the disk holds one."""
        for size in sizes:
            for kind in kinds:
                name = "%d.%s" % (size, kind)
                path = self.write(name, padded(header, rows, size, table if kind == "csv" else workbook))
                if size > 1:
                    self.assertEqual(os.path.getsize(path) > 16 * MIB, size > 16)
                yield name, path
                os.unlink(path)

    def said(self, out):
        """What --jsonl said, without what differs from file to file."""
        lines = []
        for line in out.splitlines():
            told = json.loads(line)
            for one in (told, told.get("finding", {})):
                for key in ("file", "source", "sheet", "heading", "column", "cell", "excerpt", "from", "upto"):
                    if not (key == "from" and told["type"] in ("change", "changed")):
                        one.pop(key, None)
            if told.get("field") == "filler":
                continue
            lines.append(scrub(json.dumps(told, sort_keys=True, ensure_ascii=False)))
        return sorted(lines)

    def take(self, form, path, store, *more, now=NOW):
        code, out, err = run("import", form, path, "--store", store, "--round", "2026", "--now", now, "--jsonl", *more)
        self.assertIn(code, (0, 1), err + out[-2000:])
        return code, out

    def found(self, store, outcomes, settle=True):
        """What a store says, with what was said on the way: (exit code, output) of each import."""
        if settle:
            run("findings", self.form, "--store", store, "--round", "2026", "--now", NOW, "--json")
        got = logical(store, ignore={"filler"}, scrub=scrub)
        got.update({"said %d" % n: self.said(out) + ["exit %d" % code] for n, (code, out) in enumerate(outcomes, 1)})
        return got

    def fresh(self):
        self.number += 1
        return self.path("s%d.db" % self.number)

    def agree(self, header, rows, steps, sizes=SIZES, kinds=("csv", "xlsx")):
        """Runs steps(path, store, more) on each variant, with one number of threads after the other: (exit code, output) of
        each import.  All must agree with the first."""
        wanted = None
        for name, path in self.variants(header, rows, sizes, kinds):
            more = ("--threads", str(self.number % 3)) if self.threads else ()
            with self.subTest(" ".join((name,) + more)):
                store = self.fresh()
                got = self.found(store, steps(path, store, more))
                wanted = wanted or got
                self.assertEqual(differences(wanted, got), [])
        return wanted

    # ------------------------------------------------------------ what is compared

    def test_spoilt_cells(self):
        found = self.agree(HEADER, spoilt_rows(), lambda path, store, more: [self.take(self.form, path, store, *more)])
        said = "\n".join(found["said 1"] + found["findings"])
        for code in ("W0623", "E0501", "E0502", "E0503", "E0505"):
            self.assertIn(code, said)
        self.assertEqual(len(found["responses"]), ROWS)

    def test_repeated_respondents(self):
        rows = plain_rows()
        for at, of in [(21, 20), (22, 20)] + [(4300 + i, 10 + i) for i in range(10)]:
            rows[at][0] = respondent(of)
        found = self.agree(HEADER, rows, lambda path, store, more: [self.take(self.form, path, store, *more)], sizes=(1, 17))
        self.assertEqual(len([row for row in found["responses"] if ", True, [" in row]), ROWS - 12)

    def test_an_older_version_of_the_form(self):
        header = ["years" if name == "age" else name for name in HEADER] + ["form_version"]
        rows = [row[:2] + [row[2][:1]] + row[3:] + ["1"] for row in plain_rows()]
        rows[ROWS - 1][1] = "old"

        def was(path, store, more):
            return [self.take(self.form, path, store, "--was", self.older, *more)]

        def stored(path, store, more):
            first = self.write("first.csv", "who,years,legal\nFIRST,7,y\n")
            return [self.take(self.older, first, store), self.take(self.form, path, store, *more)]

        for steps, kinds in ((was, ("csv", "xlsx")), (stored, ("csv",))):
            with self.subTest(steps.__name__):
                found = self.agree(header, rows, steps, (1, 17), kinds)
                self.assertIn("('age', 'accepted', 5.0, None)", "".join(found["responses"]))

    def test_rows_without_a_known_respondent_are_tried_again(self):
        lines = ["code,name\n"] + ["%s,%s\n" % (respondent(i), respondent(i)) for i in range(ROWS)]
        short = self.write("short.csv", "".join(line for line in lines if line[1:6] not in ("00007", "02000", "04498")))
        whole = self.write("whole.csv", "".join(lines))

        def steps(path, store, more):
            return [self.take(self.form, path, store, "--roster", short, *more),
                    self.take(self.form, path, store, "--roster", whole, *more, now=LATER)]

        found = self.agree(HEADER, plain_rows(), steps, sizes=(1, 17))
        self.assertEqual((len(found["responses"]), found.get("quarantine", [])), (ROWS, []))

    def test_rows_that_remain_without_a_respondent(self):
        rows = plain_rows()
        rows[5][0] = rows[4300][0] = ""
        roster = self.write("roster.csv", "code,name\n" + "".join("%s,%s\n" % (respondent(i), i) for i in range(ROWS) if i != 17))
        found = self.agree(HEADER, rows, lambda path, store, more: [self.take(self.form, path, store, "--roster", roster, *more)],
                           sizes=(1, 17))
        self.assertEqual((len(found["responses"]), len(found["quarantine"])), (ROWS - 3, 3))

    def test_earlier_answers(self):
        """A newer return is compared with the earlier answers; --keep-blank lets them stand."""
        earlier = plain_rows()[::60]
        for row in earlier:
            row[5:7] = ["99.5", "earlier"]
        first = self.write("first.csv", table([HEADER] + earlier))
        rows = plain_rows()
        for i in range(0, ROWS, 120):
            rows[i][5] = ""
        for more_still, kinds in (((), ("csv",)), (("--keep-blank",), ("csv", "xlsx")), (("--replace",), ("csv",))):
            with self.subTest(more_still):
                found = self.agree(HEADER, rows, lambda path, store, more: [
                    self.take(self.form, first, store), self.take(self.form, path, store, *more_still, *more, now=LATER)],
                    (1, 17), kinds)
                kept = [row for row in found["responses"] if "'%s', 2," % respondent(120) in row]
                self.assertEqual([("99.5" in row) for row in kept], [more_still == ("--keep-blank",)])

    def test_dates_and_numbers_whose_order_the_last_row_decides(self):
        """20,000 rows are more than four windows."""
        count = 20000
        rows = [[respondent(i), "7", "%02d/%02d/2024" % (1 + i % 12, 1 + i % 11), '"%d,5"' % (i % 9)] for i in range(count)]
        rows[count - 1][2] = "25/03/2024"
        found = self.agree(["who", "age", "day", "fee"], rows, lambda path, store, more: [self.take(self.form, path, store, *more)],
                           (1, 17), ("csv",))
        self.assertIn("('day', 'accepted', '2024-02-01'", "".join(found["responses"]))

    def test_the_number_of_threads_changes_nothing_at_all(self):
        for name, path in self.variants(HEADER, spoilt_rows(), (1, 17)):
            wanted = None
            for threads in (0, 1, 2) if self.threads else ():
                with self.subTest("%s, %d threads" % (name, threads)):
                    store = self.fresh()
                    code, out = self.take(self.form, path, store, "--threads", str(threads))
                    got = dict(logical(store, places=True), said=out.splitlines() + ["exit %d" % code])
                    wanted = wanted or got
                    self.assertEqual(differences(wanted, got), [])

    def test_dates_that_contradict_each_other_far_apart(self):
        rows = [[respondent(i), "7", "05/03/2024"] for i in range(ROWS)]
        rows[10][2], rows[ROWS - 10][2] = "25/03/2024", "03/25/2024"
        self.agree(["who", "age", "day"], rows, lambda path, store, more: [self.take(self.form, path, store, *more)], sizes=(1, 17))

    def test_annotated_returns(self):
        rows = plain_rows()
        rows[4][1], rows[2000][2], rows[ROWS - 5][4] = "many", "perhaps", "2024-02-30"

        def steps(path, store, more):
            folder = store + ".annotated"
            done = [self.take(self.form, path, store, "--annotate", folder, *more)]
            books = {}
            for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
                book = openpyxl.load_workbook(os.path.join(folder, name))
                texts = [(sheet.title, cell.coordinate, str(cell.value), cell.comment.text if cell.comment else "")
                         for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
                books[name] = [row for row in texts if "sha256" not in row[2] and FILLER.strip() not in row[2]]
            self.books = self.books or books
            self.assertEqual(sorted(books), sorted(self.books))
            for name in books:
                here = os.path.basename(path)
                wanted = [repr(row) for row in self.books[name]]
                got = [repr(row).replace(here, "1.csv") for row in books[name]]
                self.assertEqual(differences({name: sorted(wanted)}, {name: sorted(got)}), [])
            return done

        self.books = None
        self.agree(HEADER, rows, steps, sizes=(1, 17))
        self.assertEqual(len(self.books), 3)

    def test_a_file_that_ends_inside_a_quoted_cell(self):
        """What cannot be read to its end is quarantined whole, whatever its size."""
        rows = plain_rows()
        rows[ROWS - 1][9] = '"never closed'
        found = self.agree(HEADER, rows, lambda path, store, more: [self.take(self.form, path, store, *more)], (1, 17), ("csv",))
        self.assertEqual((found.get("responses", []), len(found.get("quarantine", []))), ([], 1))

    def test_another_form_said_in_the_last_row(self):
        rows = [row[:2] + ["oracle"] for row in plain_rows()]
        rows[ROWS - 1][2] = "supply-chain"
        self.agree(["who", "age", "form_id"], rows, lambda path, store, more: [self.take(self.form, path, store, *more)],
                   sizes=(1, 17))

    def test_a_dry_run_says_the_same(self):
        wanted = None
        for name, path in self.variants(HEADER, spoilt_rows(), (1, 17)):
            with self.subTest(name):
                code, out = self.take(self.form, path, self.path("none.db"), "-n")
                got = {"said": self.said(out) + ["exit %d" % code]}
                wanted = wanted or got
                self.assertEqual(differences(wanted, got), [])
                self.assertFalse(os.path.exists(self.path("none.db")))


if __name__ == "__main__":
    unittest.main()
