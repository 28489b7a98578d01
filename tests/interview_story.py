"""docs/interview.md: the interviews of the page are held again at a terminal, by what is typed in it."""
import json
import os
import re
import unittest

from document import Document
from story import ROOT, run
from terminal import Terminal, rendered

PAGE = "docs/interview.md"
PROMPT = r"(?m)^.*\((?:\d+/\d+|y/n|1-\d)\)>(?: (.*))?$"


class Interview(Document):
    def setUp(self):
        super().setUp()
        os.symlink(os.path.join(ROOT, "forms"), self.path("forms"))

    def talk(self, command, recorded):
        """Types at the prompts what is behind them on the page."""
        waiting = re.findall(PROMPT, recorded)
        terminal = Terminal(*command.split()[2:], env=self.env, cwd=self.folder.name, LC_ALL="C.UTF-8")
        while terminal.prompt() is not None:
            self.assertTrue(waiting, terminal.screen.decode())
            terminal.type(waiting.pop(0) + "\n")
        _, screen = terminal.end()
        self.assertEqual(waiting, [], screen)
        return rendered(screen)

    def session(self, content):
        shown = ""
        for part in re.split(r"(?m)^(?=\$ )", content)[1:]:
            command, recorded = part.split("\n", 1)
            if re.search(PROMPT, recorded):
                shown += command + "\n" + self.talk(command, recorded)
            else:
                shown += super().session(part)
        return shown

    def test_the_page_is_what_an_officer_sees(self):
        self.assertEqual(self.hold(PAGE), 4)
        code, out, err = run("status", "forms/seafarers-id.csv", "--json", cwd=self.folder.name, env=self.env)
        self.assertEqual(code, 0, err)
        done = json.loads(out)
        self.assertEqual([row["code"] for row in done["respondents"] if row["returned"]], ["NZ"])
        self.assertEqual(done["drafts"], [])


if __name__ == "__main__":
    unittest.main()
