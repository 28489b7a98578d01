"""Killed at any moment, an import leaves the store whole: done again, it is as if nothing had happened.

KILLS (default 50) points are spread over the time an import takes.  The store's journal exists only while a transaction
has written, so a journal left behind proves that the kill fell inside one."""
import os
import signal
import subprocess
import time
import unittest

from story import CANVASS, NOW, Story, dump

KILLS = int(os.environ.get("KILLS", "50"))
ROWS = 30000

FORM = """survey
,type,name,label,required,constraint
,text,who,Who,yes,
,integer,age,Age,yes,. >= 0 and . < 150
,select_one yn,ok,Okay,,
,select_multiple yn,many,Many,,
,date,day,Day,,
,decimal,fee,Fee,,
,text,why,Why,,
,begin_repeat,doc,Documents,,
,text,title,Title,,
,end_repeat,,,,
choices
,list_name,name,label
,yn,yes,Yes
,yn,no,No
settings
,form_id,version,respondent
,kill,1,who
"""


def rows():
    yield "who,age,ok,many,day,fee,why,doc[1]/title,doc[2]/title\n"
    for i in range(ROWS):
        yield "R%06d,%d,%s,yes no,2024-0%d-1%d,%d.%d,Because of reason %d,Law %d,%s\n" % (
            (i * 7919) % (ROWS - 50), i % 200, "yes" if i % 3 else "Yes", 1 + i % 9, i % 9, i, i % 10, i, i,
            "Rule" if i % 2 else "")


class Kill(Story):
    def command(self, store):
        return [CANVASS, "import", self.form, self.first, self.large, "--store", store, "--now", NOW, "--json"]

    def finish(self, store):
        done = subprocess.run(self.command(store), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # Some ages are against the rule; where the kill came after the last commit, all is there already.
        self.assertIn(done.returncode, (0, 1), done.stderr)

    def test_killed_at_any_point_and_run_again(self):
        self.form = self.write("form.csv", FORM)
        self.first = self.write("first.csv", "question,answer\nwho,FIRST\nage,7\n")
        self.large = self.write("large.csv", "".join(rows()))
        whole = self.path("whole.db")
        begun = time.monotonic()
        self.finish(whole)
        lasts = time.monotonic() - begun
        expected = dump(whole)
        inside = 0
        for point in range(KILLS):
            store = self.path("k%d.db" % point)
            process = subprocess.Popen(self.command(store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(lasts * (point + 0.5) / KILLS)
            process.send_signal(signal.SIGKILL)
            process.wait()
            inside += os.path.exists(store + "-journal") and os.path.getsize(store + "-journal") > 0
            self.finish(store)
            # Compared table by table: a difference of whole dumps takes minutes to print.
            got = dump(store)
            self.assertEqual([name for name in expected if got.get(name) != expected[name]], [], "killed at point %d" % point)
            self.assertEqual(sorted(got), sorted(expected))
            for left in (store, store + "-journal"):
                if os.path.exists(left):
                    os.unlink(left)
        print("\nkilled at %d points, %d of them inside a transaction" % (KILLS, inside), end=" ... ")
        self.assertGreaterEqual(inside, KILLS // 5)


if __name__ == "__main__":
    unittest.main()
