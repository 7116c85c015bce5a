# SPDX-License-Identifier: Apache-2.0
"""What the tests of container engines share: images, and how peekr is run."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from images import BASE, layer


def python_package(name):
    return (f"opt/lib/python3/dist-packages/{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n\n")


TOP = layer(python_package("a"), ("opt/noise", bytes(range(256)) * 4000))
LAYERS = [BASE, TOP, BASE]  # the last one is what the first one is


class EngineCase(unittest.TestCase):
    program = ""  # peekr

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="peekr-engine-"))
        self.addCleanup(shutil.rmtree, self.home)

    def peekr(self, *arguments, **environment):
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home / "run"),
                 "PEEKR_FETCH_TRIES": "1", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), **environment}
        done = subprocess.run([self.program, *arguments], env=clean, stdout=subprocess.PIPE, timeout=120, stderr=subprocess.PIPE,
                              check=False, cwd=self.home)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def packages(self, target, *arguments, **environment):
        code, out, err = self.peekr("inventory", "-f", "json", *arguments, target, **environment)
        self.assertEqual(code, 0, err)
        report = json.loads(out)
        return sorted(one["name"] for one in report["packages"]), report, err

    def refused(self, target, *messages, **environment):
        code, out, err = self.peekr("inventory", target, **environment)
        self.assertEqual((code, out), (1, ""), err)
        for message in messages:
            self.assertIn(message, err)
        return err


def main():
    EngineCase.program = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
