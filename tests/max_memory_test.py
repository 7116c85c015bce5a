#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--max-memory: what a scan holds, measured. usage: max_memory_test.py PEEKR_PROGRAM"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import case  # noqa: E402
import images  # noqa: E402

MIB = 2**20
BOUND = 96 * MIB
RELEASE = 'ID=debian\nVERSION_ID="12"\n'
# A process begins with the memory of the one that it is forked from: this small one.
LAUNCHER = """import os, sys
child = os.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
with open("measured", "w") as file:
    print(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024, file=file)
"""
STATUS = case.status([("bash", "bash", "5.2.15-2")])


def program(size, number):
    """An ELF file that says nothing of itself."""
    return b"\x7fELF\2\1\1" + bytes(9) + random.Random(number).randbytes(MIB) * (size // MIB)


def tree(files):
    return b"".join(images.entry(name, data) for name, data in files.items()) + images.END


class MaxMemory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="peekr-memory-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.image = cls.write("large", [
            tree({"etc/os-release": RELEASE, "var/lib/dpkg/status": STATUS, "opt/program": program(70 * MIB, 1)}),
            tree({"opt/one": program(20 * MIB, 2), "opt/app/package-lock.json": b" " * (40 * MIB) + b'{"name": "a", "lockfileVersion": 3}'}),
            tree({"opt/two": program(20 * MIB, 3)}), tree({"opt/three": program(20 * MIB, 4)})])

    @classmethod
    def write(cls, name, layers):
        (cls.folder / name).mkdir()
        return images.write(images.files_of([images.Image(layers, "oci-dir-zstd", tag="a:1")]), "oci-dir", cls.folder / name)

    def run_measured(self, *arguments, **environment):
        """Exit code, standard output and error, and the largest resident set, bytes."""
        done = subprocess.run([sys.executable, "-c", LAUNCHER, case.PEEKR, *map(str, arguments)], cwd=self.folder, text=True, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **case.CLOCK, **environment})
        code, peak = map(int, (self.folder / "measured").read_text().split())
        return code, done.stdout, done.stderr, peak

    def inventory(self, *arguments, **environment):
        got = self.run_measured("inventory", "--no-cache", "-f", "json", *arguments, self.image, **environment)
        if "it has more than" in got[2]:
            self.skipTest("with sanitizers peekr holds terabytes of addresses")
        return got

    def test_large_files_fit_in(self):
        _, out, _, usual = self.inventory("--threads", "4")
        without = json.loads(out)
        code, out, err, peak = self.inventory("--threads", "4", "--max-memory", "96M")
        self.assertEqual(code, 0, err)
        self.assertLess(peak, BOUND)
        self.assertLess(BOUND, usual, "else nothing is shown")
        bounded = json.loads(out)
        self.assertEqual(bounded["packages"], without["packages"])
        self.assertEqual([(one["path"], one["why"]) for one in bounded["notes"] if one not in without["notes"]],
                         [("opt/app/package-lock.json", "too_big")])
        self.assertIn("(limit file_bytes is 11184810)", json.dumps(bounded["notes"]))
        self.assertEqual(bounded["completeness"], without["completeness"])

    def test_what_does_not_fit_is_one_message_and_exit_code_1(self):
        # Of so many files what is kept of each is too much.
        many = self.write("many", [tree({"etc/os-release": RELEASE})[:-1024] + b"".join(
            images.entry(f"opt/{number:0200}/{number}") for number in range(120_000)) + images.END])
        code, out, err, peak = self.run_measured("inventory", "--no-cache", "--max-memory", "64M", many)
        if "it has more than" in err:
            self.skipTest("with sanitizers peekr holds terabytes of addresses")
        self.assertEqual((code, out), (1, ""))
        self.assertEqual(err, f"peekr: memory: it takes more than {64 * MIB} bytes (--max-memory)\n")
        self.assertLess(peak, 64 * MIB)

    def test_too_little_is_refused(self):
        for value, why in (("63M", "want 64M or more"), ("much", "want a number of bytes, or with K, M, G or T")):
            code, _, err, _ = self.run_measured("inventory", "--max-memory", value, self.image)
            self.assertEqual(code, 1)
            self.assertIn(f"--max-memory {value}: {why}", err)

    def test_programs_that_are_run_have_no_bound(self):
        program = self.folder / "bin/ctr"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n[ $(ulimit -d) = unlimited ] && echo unbounded >&2\nexit 1\n")
        program.chmod(0o755)
        code, _, err, _ = self.run_measured("inventory", "--max-memory", "64M", "containerd:a", PATH=f"{program.parent}:{os.environ['PATH']}")
        if "it has more than" not in err:
            self.assertIn("unbounded", err)
        self.assertEqual(code, 1)

    def test_who_says_nothing_has_a_bound_too(self):
        program = self.folder / "asks/ctr"
        program.parent.mkdir()
        # The bound is lifted while a program is started.
        program.write_text("#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; grep 'Max data size' /proc/$PPID/limits; done >&2\nexit 1\n")
        program.chmod(0o755)
        path = f"{program.parent}:{os.environ['PATH']}"
        for arguments, bound in ((("--max-memory", "100M"), 100 * MIB), ((), 4096 * MIB)):
            code, _, err, _ = self.run_measured("inventory", *arguments, "containerd:a", PATH=path)
            self.assertEqual(code, 1)
            if "it has more than" in err:
                self.skipTest("with sanitizers peekr holds terabytes of addresses")
            self.assertIn(str(bound - 20 * MIB), err)

    def test_a_variable_says_it_too(self):
        code, _, err, _ = self.run_measured("inventory", self.image, PEEKR_MAX_MEMORY="1M")
        self.assertEqual(code, 1)
        self.assertIn("PEEKR_MAX_MEMORY: --max-memory 1M: want 64M or more", err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
