"""Completion: the same lines, completed by bash, zsh and fish themselves."""
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import unittest

from story import CANVASS, HANG, Story, run

# A line as typed, what is offered, and what is not.  In the folder are form.csv and folder/.
LINES = [
    ("canvass chec", {"check"}, set()),
    ("canvass s", {"show", "simulate", "status"}, {"check"}),
    ("canvass --completion ", {"bash", "zsh", "fish"}, {"folder/", "check"}),
    ("canvass --ver", {"--version"}, {"--store"}),
    ("canvass check fo", {"form.csv", "folder/"}, set()),
    ("canvass check --js", {"--json", "--jsonl"}, set()),
    ("canvass check --sto", set(), {"--store"}),
    ("canvass import form.csv --enc", {"--encoding"}, set()),
    ("canvass import --encoding KOI", {"KOI8-R"}, {"windows-1252"}),
    ("canvass import --encoding=KOI", {"KOI8-R"}, {"windows-1252"}),
    ("canvass import --encoding KOI8-R fo", {"form.csv", "folder/"}, {"KOI8-R"}),
    ("canvass import --delimiter se", {"semicolon"}, set()),
    ("canvass import --threads ", {"0", "1", "2"}, {"form.csv"}),
    ("canvass eval --as bo", {"boolean"}, {"number"}),
    ("canvass status form.csv --packs fo", {"folder/"}, {"form.csv"}),
    ("canvass status form.csv --store fo", {"form.csv", "folder/"}, set()),
    ("canvass report form.csv -o fo", {"form.csv", "folder/"}, set()),
    ("canvass report form.csv --round fo", set(), {"form.csv", "folder/"}),
    ("canvass simulate form.csv -n fo", set(), {"form.csv", "folder/"}),
    ("canvass import -n fo", {"form.csv", "folder/"}, set()),
    ("canvass explain E010", {"E0101", "E0107"}, {"form.csv"}),
]

BASH = """source "$1"
while IFS= read -r line; do
	read -ra COMP_WORDS <<< "${line//=/ = }"
	[[ $line == *' ' ]] && COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
	_canvass
	for word in "${COMPREPLY[@]}"; do
		[[ -d $word ]] && word+=/
		printf '%s\\n' "$word"
	done
	echo =
done
"""

FISH = """source $argv[1]
while read -l line
	complete -C $line
	echo =
end
"""

# Each match is written down as it is added; a line is done when its completion is.
ZSH = """PS1=; autoload -Uz compinit; compinit -u -D; source $SCRIPT; zstyle ':completion:*' verbose no
compadd() {
	[[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]] || {
		local -a hits; local IFS=; builtin compadd -A hits "$@"
		local hit; for hit in $hits; do [[ -d $hit ]] && hit+=/; print -r - $hit >> $OFFERED; done
	}
	builtin compadd "$@"
}
mark() { print = >> $OFFERED }
complete-and-mark() { zle complete-word; mark; BUFFER= }
zle -N complete-and-mark; bindkey '^I' complete-and-mark; print = >> $OFFERED
"""


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


class Completion(Story):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("folder"))
        self.write("form.csv", "")

    def script(self, shell):
        code, out, err = run("--completion", shell)
        self.assertEqual((code, err), (0, ""))
        return self.write("canvass." + shell, out)

    def need(self, shell):
        path = shutil.which(shell)
        if not path:
            print("skipped: no %s to complete with" % shell, flush=True)
            self.skipTest("no %s" % shell)
        return path

    def shell(self, *args, **more):
        env = dict(os.environ, LC_ALL="C.UTF-8", HOME=self.folder.name, XDG_CONFIG_HOME=self.folder.name)
        done = subprocess.run(args, cwd=self.folder.name, env=env, timeout=HANG, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""), args)
        return done.stdout

    def offers(self, offered, lines=LINES):
        self.assertEqual(len(offered), len(lines))
        for (line, some, none), words in zip(lines, offered):
            self.assertEqual((some - words, none & words), (set(), set()), "%s: %s" % (line, sorted(words)))

    def every_option(self):
        """For each command, a line on which it offers the options that its help lists, and no others."""
        commands = re.findall(r"^  ([a-z]+) ", run("--help")[1], re.M)
        every = set(re.findall(r"^  .{4}(--[a-z-]+)", "".join(run(command, "--help")[1] for command in commands), re.M))
        self.assertGreater(len(every), 30)
        for command in commands:
            taken = set(re.findall(r"^  .{4}(--[a-z-]+)", run(command, "--help")[1], re.M)) | {"--help"}
            yield "canvass %s --" % command, taken, every - taken

    # One function for each shell: a set of words for each line.

    def bash(self, lines):
        script = self.script("bash")
        out = self.shell("bash", "--norc", "-c", BASH, "bash", script, input="".join(line + "\n" for line in lines))
        return [set(part.split("\n")) - {""} for part in out.split("=\n")[:-1]]

    def fish(self, lines):
        out = self.shell("fish", "--no-config", "-c", FISH, self.script("fish"),
                         input="".join(line + "\n" for line in lines))
        offered = [{row.split("\t")[0] for row in part.split("\n")} - {""} for part in out.split("=\n")[:-1]]
        # Of --option=value fish offers the whole word.
        return [{word[word.find("=") + 1:] for word in words} for words in offered]

    def zsh(self, lines):
        written = self.write("offered", "")
        env = dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb", HOME=self.folder.name, SCRIPT=self.script("zsh"),
                   OFFERED=written)
        init = self.write("init.zsh", ZSH)
        child, terminal = pty.fork()
        if not child:
            os.chdir(self.folder.name)
            os.execve(shutil.which("zsh"), ["zsh", "-f", "-i"], env)
        try:
            os.write(terminal, ("source %s\n" % init).encode())
            for done, line in enumerate([None, *lines]):
                if line is not None:
                    os.write(terminal, line.encode() + b"\t")
                while read(written).count("=\n") <= done:
                    self.assertTrue(select.select([terminal], [], [], HANG)[0], "zsh does not answer")
                    os.read(terminal, 4096)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(terminal)
        parts = read(written).split("=\n")
        return [set(part.split("\n")) - {""} for part in parts[1:-1]]

    def completes(self, offered_by):
        self.offers(offered_by([line for line, _, _ in LINES]))
        options = list(self.every_option())
        self.offers(offered_by([line for line, _, _ in options]), options)

    def test_bash(self):
        self.need("bash")
        self.completes(self.bash)

    def test_zsh(self):
        self.need("zsh")
        self.completes(self.zsh)

    def test_fish(self):
        self.need("fish")
        self.completes(self.fish)

    def test_explain_offers_every_code(self):
        codes = {line.split()[0] for line in run("explain")[1].splitlines()}
        self.assertGreater(len(codes), 100)
        self.assertEqual(self.bash(["canvass explain "]), [codes])

    def test_another_shell_is_wrong_usage(self):
        code, out, err = run("--completion", "tcsh")
        self.assertEqual((code, out), (2, ""))
        self.assertIn('"tcsh" is not bash, zsh or fish', err)


if __name__ == "__main__":
    unittest.main()
