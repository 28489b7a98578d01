"""Who is silent: what passed with each respondent, who is late, and whom a reminder goes to."""
import email
import email.policy
import os
import shlex
import sqlite3
import unittest

from story import ROOT, Story, run

import json

FORM = ("survey\n,type,name,label,required\n,text,respondent,Who,yes\n,integer,count,How many,yes\n"
        "settings\n,form_title,form_id\n,Ships and crews,ships\n")
ROSTER = ("code,name,contact,email,group:Region\nAA,Alpha,Ms Ada,ada@example.org,North\n"
          "BB,Bêta,\"Mr. \"\"Bo\"\" Ö\",bo@example.org,North\nCC,Gamma,,,South\nDD,Delta,,nobody,\n")


class Circulation(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.write("roster.csv", ROSTER)
        self.options = ["--store", self.path("s.db"), "--round", "r1"]

    def status(self, *more, now="2026-12-20T00:00:00Z", code=0):
        got = run("status", self.form, *self.options, "--now", now, *more)
        self.assertEqual(got[0], code, got)
        return got

    def rows(self, **kw):
        told = json.loads(self.status("--json", **kw)[1])
        return {row["code"]: row for row in told["respondents"]}, told

    def answer(self, code, now="2026-12-20T00:00:00Z"):
        path = self.write(code + ".csv", "question,no,label,answer,note\nrespondent,,,%s,\ncount,,,3,\n" % code)
        got = run("import", self.form, path, *self.options, "--now", now)
        self.assertEqual(got[0], 0, got)

    def test_each_state_is_told(self):
        out, err = self.status("--sent", "all", "--due", "2026-12-31")[1:]
        self.assertIn("sent to all 4 respondents", err)
        self.assertIn("round r1 is due on 31 December 2026", err)
        self.assertIn("due 31 December 2026 (in 11 days)", out)
        self.status("--acknowledged", "BB")
        self.assertIn("CC: extended until 15 January 2027 (asked by letter)",
                      self.status("--extended", "CC", "--due", "2027-01-15", "--reason", "asked by letter")[2])
        self.status("--declined", "DD", "--reason", "no ships")
        self.answer("AA")
        rows, told = self.rows()
        self.assertEqual({code: row["state"] for code, row in rows.items()},
                         {"AA": "answered", "BB": "not yet due", "CC": "extended", "DD": "declined"})
        self.assertEqual(told["due"], "2026-12-31")
        self.assertEqual((rows["CC"]["due"], rows["CC"]["reason"]), ("2027-01-15", "asked by letter"))
        self.assertIn("1 of 4 answered, 1 declined, 2 without a reply", self.status()[1])

    def test_after_the_due_day_the_silent_are_overdue_and_the_late_are_late(self):
        self.status("--sent", "all", "--due", "2026-12-31")
        self.answer("AA", now="2027-01-02T00:00:00Z")
        out = self.status(now="2027-01-03T00:00:00Z")[1]
        self.assertIn("3 without a reply (3 overdue)", out)
        self.assertIn("silent, sent, due 2026-12-31, 3 days ago", out)
        rows, _ = self.rows(now="2027-01-03T00:00:00Z")
        self.assertTrue(rows["AA"]["late"])
        self.assertTrue(rows["BB"]["late"])

    def test_a_reminder_is_proposed_when_the_day_comes_near(self):
        self.assertNotIn("--remind", self.status("--sent", "all", "--due", "2026-12-31", now="2026-11-20T00:00:00Z")[2])
        self.assertRegex(self.status(now="2026-12-17T00:00:00Z")[2],
                         r"4 have not replied\n  next: canvass status \S+ .*--remind reminders\n")

    def test_more_time_given_stays_when_receipt_is_confirmed_later(self):
        self.status("--sent", "all")
        self.status("--extended", "CC", "--due", "2027-01-15", "--reason", "x")
        self.status("--acknowledged", "CC")
        rows, _ = self.rows()
        self.assertEqual((rows["CC"]["state"], rows["CC"]["due"]), ("extended", "2027-01-15"))

    def test_response_rates_by_group(self):
        self.answer("AA")
        out = self.status()[1]
        self.assertIn("response rate by Region\n  North        1 of 2    50%\n  South        0 of 1     0%\n"
                      "  (no group)   0 of 1     0%\n", out)

    def test_reminders_go_to_the_silent_alone(self):
        self.status("--sent", "all", "--due", "2026-12-31")
        self.answer("AA")
        self.status("--declined", "DD", "--reason", "no ships")
        err = self.status("--remind", self.path("out"))[2]
        self.assertIn("2 reminders written", err)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["BB.txt", "CC.txt"])
        with open(self.path("out/BB.txt"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn('Dear Mr. "Bo" Ö,', text)
        self.assertIn("The deadline is 31 December 2026, in 11 days", text)
        rows, _ = self.rows()
        self.assertEqual((rows["BB"]["reminded"], rows["CC"]["reminded"]), (1, 1))
        self.status("--remind", self.path("out"), code=2)  # files are there
        self.status("--remind", self.path("out"), "--force")  # of one day, so it is the same reminder
        self.assertEqual(self.rows()[0]["BB"]["reminded"], 1)
        self.status("--remind", self.path("out"), "--force", now="2026-12-21T00:00:00Z")
        self.assertEqual(self.rows()[0]["BB"]["reminded"], 2)

    def test_a_command_that_is_run_again_writes_nothing_twice(self):
        def notices():
            store = sqlite3.connect(self.path("s.db"))
            self.addCleanup(store.close)
            return store.execute("SELECT respondent, kind, due, reason FROM notice ORDER BY respondent, kind").fetchall()

        packs = self.path("packs")
        for arguments in (("--sent", "all", "--due", "2026-12-31"), ("--acknowledged", "BB"),
                          ("--extended", "CC", "--due", "2027-01-15", "--reason", "by letter"),
                          ("--declined", "DD", "--reason", "no ships")):
            self.status(*arguments)
            once = notices()
            self.status(*arguments, now="2026-12-20T06:00:00Z")
            self.assertEqual(notices(), once, arguments)
        for _ in range(2):
            self.assertEqual(run("distribute", self.form, *self.options, "-o", packs, "--force",
                                 "--now", "2026-12-20T00:00:00Z")[0], 0)
            self.assertEqual(notices(), once)

    def test_drafts_open_as_messages_with_the_pack_attached(self):
        self.status("--sent", "all", "--due", "2026-12-31")
        os.makedirs(self.path("packs/BB"))
        self.write("packs/BB/ships-BB.csv", "question\r\n" * 30)
        self.status("--remind", self.path("out"), "--eml", "--packs", self.path("packs"))
        with open(self.path("out/BB.eml"), "rb") as file:
            content = file.read()
        self.assertTrue(all(len(line) <= 78 for line in content.split(b"\r\n")))
        self.assertTrue(content.isascii())
        mail = email.message_from_bytes(content, policy=email.policy.default)
        self.assertEqual(mail["To"].addresses[0].addr_spec, "bo@example.org")
        self.assertEqual(mail["To"].addresses[0].display_name, 'Mr. "Bo" Ö')
        self.assertEqual(mail["Subject"], "Reminder: Ships and crews (round r1)")
        self.assertEqual(mail["X-Unsent"], "1")
        self.assertIn("The questionnaire is attached", mail.get_body().get_content())
        parts = list(mail.iter_attachments())
        self.assertEqual([part.get_filename() for part in parts], ["ships-BB.csv"])
        self.assertEqual(parts[0].get_payload(decode=True), b"question\r\n" * 30)
        with open(self.path("out/DD.eml"), "rb") as file: # "nobody" is no address
            self.assertIsNone(email.message_from_bytes(file.read(), policy=email.policy.default)["To"])

    def test_line_ends_in_the_roster_make_no_headers(self):
        self.write("roster.csv", "code,name,contact,email\nAA,Alpha,\"Ada\r\nBcc: x@example.org\",ada@example.org\n")
        self.status("--sent", "all")
        self.status("--remind", self.path("out"), "--eml")
        with open(self.path("out/AA.eml"), "rb") as file:
            mail = email.message_from_bytes(file.read(), policy=email.policy.default)
        self.assertIsNone(mail["Bcc"])

    def test_what_is_asked_wrongly_is_refused(self):
        for arguments, words in ((("--sent", "XX"), '"XX" is not in the roster'),
                                 (("--sent", "AA", "--reason", "x"), "--reason requires --extended"),
                                 (("--sent", "AA", "--eml"), "require --remind"),
                                 (("--sent", "AA", "--force"), "--force requires --remind"),
                                 (("--extended", "AA", "--reason", "x"), "--extended requires the new date"),
                                 (("--declined", "AA"), "--extended and --declined require --reason TEXT"),
                                 (("--reason", "x"), "--reason requires --extended"),
                                 (("--due", "31/12/2026"), "is not a date"),
                                 (("--eml",), "require --remind")):
            self.assertIn(words, self.status(*arguments, code=2)[2])
            self.assertFalse(os.path.exists(self.path("s.db")), arguments)  # and nothing was written down

    def test_no_reminder_is_written_when_one_is_there(self):
        self.status("--sent", "all")
        os.makedirs(self.path("out"))
        self.write("out/CC.txt", "mine")
        err = self.status("--remind", self.path("out"), code=2)[2]
        self.assertIn("CC.txt already exists; nothing was written", err)
        self.assertEqual(os.listdir(self.path("out")), ["CC.txt"])
        self.assertNotIn("reminded", self.rows()[0]["AA"])

    def test_the_pack_of_a_form_whose_id_names_no_file_is_found(self):
        self.write("form.csv", FORM.replace("Ships and crews,ships", "Ships and crews,ships/2"))
        packs = self.path("packs")
        self.assertEqual(run("distribute", self.form, *self.options, "-o", packs)[0], 0)
        self.status("--sent", "all")
        err = self.status("--remind", self.path("out"), "--eml", "--packs", packs)[2]
        self.assertNotIn("no pack was found", err)

    def test_the_label_of_a_round_has_no_control_characters(self):
        self.options[-1] = "r\x1b[31m"
        err = self.status("--due", "2026-12-31", code=2)[2]
        self.assertNotIn("\x1b", err)
        self.assertIn("the label must be one line without control characters", err)
        self.assertFalse(os.path.exists(self.path("s.db")))

    def test_next_commands_may_be_pasted_into_a_shell(self):
        form = self.write("our form's.csv", FORM)
        for arguments in (("distribute", form, *self.options, "-o", self.path("packs")),
                          ("simulate", form, "-o", self.path("a b")),
                          ("status", form, "--store", self.path("none.db")),
                          ("status", form, *self.options)):
            _, _, err = run(*arguments, "--now", "2026-12-20T00:00:00Z")
            pasted = [shlex.split(line) for line in err.split("\n") if "canvass import" in line or "next: canvass" in line]
            self.assertTrue(any(form in line for line in pasted), (arguments, err))

    def test_the_store_of_another_form_is_a_failure_of_the_store(self):
        self.status("--sent", "AA")
        self.write("form.csv", FORM.replace("Ships and crews,ships", "Other,other"))
        for more in ((), ("--sent", "AA")):
            self.assertIn("it has answers to the form ships", self.status(*more, code=3)[2])
        self.assertEqual(run("distribute", self.form, *self.options, "-o", self.path("packs"))[0], 3)


if __name__ == "__main__":
    unittest.main()
