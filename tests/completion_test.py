#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Completions in the real shells, and the manual as mandoc reads it. usage: completion_test.py PEEKR_PROGRAM"""
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PEEKR = ""


def printed(*arguments):
    return subprocess.run([PEEKR, *arguments], check=True, capture_output=True, text=True).stdout


# What each shell must offer at the end of a line, and what it must not.
CASES = [("peekr in", {"inventory"}, {"scan"}),
         ("peekr db ", {"build", "update", "list"}, {"inventory", "scan"}),
         ("peekr db list --s", {"--source"}, {"--severity", "--stdin"}),
         ("peekr list ", {"catalogers", "formats"}, {"--source", "build"}),
         ("peekr scan --fail-on", {"--fail-on", "--fail-on-base", "--fail-on-incomplete"}, {"--format"}),
         ("peekr scan --sort ", {"risk", "epss", "fix"}, {"scan", "--sort"}),
         ("peekr scan x.tar --platform ", {"all"}, {"--platform", "scan"}),
         ("peekr plan x.tar --platform ", set(), {"all"}),
         ("peekr scan x.tar -f spdx", {"spdx-json", "spdx-tag-value"}, {"table"}),
         ("peekr plan -f d", {"dockerfile-patch"}, {"csaf"}),
         ("peekr policy ", {"check", "explain"}, {"build"}),
         ("peekr completion ", {"bash", "zsh", "fish"}, {"scan"}),
         ("peekr scan im", {"image.tar"}, {"inventory"}),
         ("peekr convert im", {"image.tar"}, {"inventory"}),
         ("peekr inventory -f spdx", {"spdx-json", "spdx-tag-value"}, {"sarif"}),
         ("peekr explain x.tar CVE-1 -f ", {"json", "table"}, {"sarif", "dockerfile-patch"}),
         ("peekr convert r.json --sort ", {"risk", "epss", "fix"}, {"--sort"}),
         ("peekr scan --vex im", {"image.tar"}, {"inventory"}),
         ("peekr scan --db im", {"images"}, {"image.tar"})]


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="peekr-completion-")
        cls.at = Path(cls.holder.name)
        (cls.at / "image.tar").write_bytes(b"")
        (cls.at / "images").mkdir()
        (cls.at / "bin").mkdir()
        (cls.at / "bin/peekr").symlink_to(Path(PEEKR).resolve())
        for shell in ("bash", "zsh", "fish"):
            (cls.at / f"script.{shell}").write_text(printed("completion", shell))
        cls.environment = {"PATH": f"{cls.at}/bin:{os.environ['PATH']}", "HOME": str(cls.at), "TERM": "xterm", "LANG": "C.UTF-8"}

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def check(self, offered, echo=False):
        """echo: the words of the line itself are among what is seen."""
        for line, wanted, unwanted in CASES:
            found = offered(line)
            for _ in range(12):  # a terminal may need its time
                if not echo or wanted <= found:
                    break
                time.sleep(1)
                found |= offered(line)
            unwanted = unwanted - set(line.split()) if echo else unwanted
            self.assertEqual(wanted - found, set(), line)
            self.assertEqual(unwanted & found, set(), line)

    def run_shell(self, *command):
        done = subprocess.run(command, cwd=self.at, env=self.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_bash(self):
        def offered(line):
            words = line.split(" ")
            return set(self.run_shell("bash", "--norc", "-c", 'source script.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _peekr; '
                                      'printf "%s\\n" "${COMPREPLY[@]}"', "bash", *words).split())
        self.check(offered)

    def test_fish(self):
        def offered(line):
            out = self.run_shell("fish", "--no-config", "-c", f"source script.fish; complete -C '{line}'")
            return {one.split("\t")[0].rstrip("/") for one in out.splitlines()}
        self.check(offered)

    def test_zsh(self):
        """At a terminal: what is shown after Tab, with a mark that tells when a line is done."""
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.at)
            os.execvpe("zsh", ["zsh", "-f", "-i"], self.environment)

        seen = [""]

        def until(mark):
            end = time.monotonic() + 60
            while mark not in seen[0]:
                self.assertLess(time.monotonic(), end, seen[0])
                if select.select([terminal], [], [], 1)[0]:
                    seen[0] += os.read(terminal, 65536).decode(errors="replace")
            text, _, seen[0] = seen[0].partition(mark)
            return text + mark

        # Only behind its prompt does the shell read keys itself; before, the terminal would take ^U for its own.
        prompt = "ready> "
        try:
            os.write(terminal, b"PROMPT='rea''dy> '; LISTMAX=9999; setopt no_beep; autoload -U compinit; compinit -u -D; source script.zsh; "
                               b"zstyle ':completion:*' format ''; echo go''ne\n")
            until("gone\r\n")
            until(prompt)

            def offered(line):
                # Twice: what all have in common, then the list. ^U clears the line for the mark.
                os.write(terminal, line.encode() + b"\t\t")
                time.sleep(0.5)
                os.write(terminal, b"\x15echo do''ne\n")
                text = until("done\r\n").replace("echo do''ne", "").replace(prompt, " ")
                until(prompt)
                text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|[\r\x07]", " ", text)
                text = re.sub(".\b", "", text).replace(line, " ", 1)
                whole = line.rsplit(" ", 1)[1]
                return set(re.split(r"[\s/]+", text)) | {whole + part for part in re.split(r"[\s/]+", text)[:2]}
            self.check(offered, echo=True)
        finally:
            os.close(terminal)
            os.waitpid(process, 0)

    def test_another_shell(self):
        done = subprocess.run([PEEKR, "completion", "tcsh"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("completion tcsh: want bash, zsh or fish", done.stderr)

    def manual(self, *command):
        page = self.at / "peekr.1"
        page.write_text(printed("help", *command, "--man"))
        lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", str(page)], capture_output=True, text=True)
        # A page that says when it was made would be another one each day.
        self.assertEqual([line for line in lint.stdout.splitlines() if "missing date" not in line], [])
        return re.sub(".\b", "", self.run_shell("mandoc", "-Tutf8", str(page)))

    def test_the_manual(self):
        text = self.manual()
        for words in ("peekr scan [OPTIONS] TARGET", "peekr db list [OPTIONS]", "--fail-on CONDITION", "oci-dir:FOLDER",
                      "peekr scan image.tar --fail-on 'kev || (high && fix_age > 14d)'"):
            self.assertIn(words, text)

    def test_each_command_has_a_page_that_is_installed(self):
        installed = re.search(r"foreach\(command (.*)\)", (ROOT / "cmake/package.cmake").read_text())[1].split()
        commands = {line.split()[0] for line in printed("help").split("Subcommands:")[1].split("\n\n")[0].splitlines() if re.match(r"  \w", line)}
        self.assertEqual(set(installed), commands - {"help", "version"})
        for one in installed:
            text = self.manual(one)
            self.assertIn(f"PEEKR-{one.upper()}(1)", text)
            self.assertIn(f"peekr {one}", text)
        self.assertNotIn("peekr plan", self.manual("db"))
        self.assertRegex(printed("help"), r"(?m)^Usage: peekr \[OPTIONS\] SUBCOMMAND$")
        done = subprocess.run([PEEKR, "help", "scna", "--man"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("help scna: there is no such command", done.stderr)


if __name__ == "__main__":
    PEEKR = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
