"""canvass at a terminal of its own, as a person sees it who types at its prompts."""
import fcntl
import os
import pty
import select
import struct
import termios
import time

from story import CANVASS, HANG, wait_for_single_keys

PROMPT = b"> "


def rendered(text):
    """The lines as they stay on a terminal of any width, after what was typed is corrected on them."""
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        row, at = [], 0
        for c in line:
            if c in "\b\r":
                at = max(at - 1, 0) if c == "\b" else 0
            elif c != "\a":
                row[at:at + 1] = [c]
                at += 1
        lines.append("".join(row).rstrip())
    return "\n".join(lines)


class Terminal:
    """The program runs from the beginning until end()."""

    def __init__(self, *args, columns=80, env=None, cwd=None, before=(), **more):
        self.screen, self.seen = b"", 0
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            self.resize(columns, file=0)
            os.chdir(cwd or os.curdir)
            command = [*before, CANVASS, *args]  # before: a program that runs it
            os.execvpe(command[0], command, dict(os.environ if env is None else env, TERM="dumb", **more))

    def resize(self, columns, rows=50, file=None):
        fcntl.ioctl(self.file if file is None else file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def prompt(self, left=b""):
        """What was shown since the last prompt until this one, behind which there is `left`; None: the program ended."""
        while select.select([self.file], [], [], HANG)[0]:
            try:
                piece = os.read(self.file, 65536)
            except OSError:
                break
            if not piece:
                break
            self.screen += piece
            if self.screen.endswith(PROMPT + left):
                shown, self.seen, self.came = self.screen[self.seen:], len(self.screen), time.monotonic()
                wait_for_single_keys(self.file)
                return shown.decode("utf-8").replace("\r\n", "\n")
        return None

    def type(self, keys):
        os.write(self.file, keys.encode() if isinstance(keys, str) else keys)

    def modes(self):
        return termios.tcgetattr(self.file)[3]

    def end(self):
        """(exit code, all that was shown)"""
        os.close(self.file)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status), self.screen.decode("utf-8", "replace").replace("\r\n", "\n")
