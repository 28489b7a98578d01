"""An interview on a form of 1,000 questions with 500 expressions, typed at a terminal of its own."""
import os
import re
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests"))
from story import FORM  # noqa: E402
from terminal import Terminal  # noqa: E402

QUESTIONS = 1000
NOW = "2026-12-01T00:00:00Z"


def make_form(path):
    """Every second question is asked because of the one before it."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("survey\n,type,name,label,relevant,constraint\n,text,who,Who,,\n")
        for number in range(1, QUESTIONS):
            relevant = "${q%d} > 0" % (number - 1) if number % 2 == 0 else ""
            file.write(",integer,q%d,Question %d,%s,\n" % (number, number, relevant))
        file.write("settings\n,form_id,version,respondent\n,long,1,who\n")


def interview(folder, answers, before=(), form=None, store=None, who="JPN"):
    """Types so many answers and leaves.  Seconds until the first prompt, seconds of each answer, all that was shown.

    store: one that is there; else it is a new one."""
    form = form or os.path.join(folder, "long.csv")
    if not os.path.exists(form):
        make_form(form)
    if not store:
        store = os.path.join(folder, "%d.db" % answers)
        if os.path.exists(store):
            os.unlink(store)
    begun = time.monotonic()
    terminal = Terminal("collect", form, who, "--store", store, "--by", "bench", "--now", NOW, before=before)
    if terminal.prompt() is None:
        raise SystemExit("the interview has not begun: %s" % terminal.end()[1])
    first, took = terminal.came - begun, []
    for _ in range(answers):
        begun = time.monotonic()
        terminal.type("7\r")
        if terminal.prompt() is None:
            raise SystemExit("the interview has ended: %s" % terminal.end()[1])
        took.append(terminal.came - begun)
    terminal.type("\x04")
    while terminal.prompt() is not None:
        pass
    return first, took, terminal.end()[1]


def count(folder, answers, **more):
    """The instructions of the whole interview."""
    shown = interview(folder, answers, ("valgrind", "--tool=cachegrind", "--cache-sim=no",
                                        "--cachegrind-out-file=/dev/null"), **more)[2]
    found = re.search(r"I\s+refs:\s+([0-9,]+)", shown)
    if not found:
        raise SystemExit("counting the interview failed:\n%s" % shown[-2000:])
    return int(found.group(1).replace(",", ""))


def count_start(folder):
    """The instructions until the first prompt of the shipped form, and to leave there; a store is there, made by the
    draft of another respondent."""
    store = os.path.join(folder, "start.db")
    if os.path.exists(store):
        os.unlink(store)
    interview(folder, 1, form=FORM, store=store, who="AUS")
    return count(folder, 0, form=FORM, store=store)


def report():
    """Prints seconds next to the goals."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = min(interview(folder, 0, form=FORM)[0] for _ in range(5))
        first, took, _ = interview(folder, 200)
    print("interview of the seafarers' form: first prompt %.1f ms (goal 20)" % (shipped * 1000))
    print("interview of %d questions: first prompt %.1f ms, median answer %.1f ms, longest %.1f ms (goal 50)" %
          (QUESTIONS, first * 1000, sorted(took)[len(took) // 2] * 1000, max(took) * 1000))


if __name__ == "__main__":
    report()
