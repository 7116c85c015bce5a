#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An update is killed (SIGKILL) at 200 random moments. Before, during and after, every reader sees a whole database: `db verify`
finds no fault, and the records are all of one state. The next update completes. usage: db_kill_test.py PEEKR_PROGRAM"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PEEKR = ""
KILLS = 200
RECORDS = 60


def record(number, state):
    return {"id": f"T-{number}", "modified": f"2024-01-01T00:00:{state % 60:02}Z", "summary": f"state {state}",
            "details": "d" * random.Random(number * 7 + state).randrange(4000), "aliases": [f"CVE-2024-{number + state % 3}"],
            "affected": [{"package": {"ecosystem": "npm", "name": f"p{number % 7}-{state % 5}"},
                          "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": f"1.{state}.0"}]}]}]}


class Kill(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="peekr-kill-")
        self.at = Path(self.holder.name)
        self.random = random.Random(20261125)
        for state in range(5):
            folder = self.at / f"in{state}"
            (folder / "all").mkdir(parents=True)
            for number in range(RECORDS + state):
                (folder / "all" / f"T-{number}.json").write_text(json.dumps(record(number, state)))
            subprocess.run(["tar", "-cf", folder / "test.tar", "-C", folder, "all"], check=True)

    def tearDown(self):
        self.holder.cleanup()

    def add(self, state):
        return [PEEKR, "db", "add", "--db", self.at / "db", self.at / f"in{state}/test.tar"]

    def run_(self, *arguments):
        return subprocess.run([PEEKR, "db", *arguments, "--db", self.at / "db"], capture_output=True, text=True, timeout=60)

    def check(self):
        done = self.run_("verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        info = json.loads(self.run_("status", "--format", "json").stdout)
        self.assertIn(info["database"]["sources"][0]["records"], range(RECORDS, RECORDS + 5))

    def test_an_update_that_is_killed_at_any_moment_has_happened_or_not(self):
        start = time.monotonic()
        subprocess.run(self.add(0), check=True, capture_output=True)
        took = time.monotonic() - start
        self.check()
        killed = 0
        for i in range(KILLS):
            update = subprocess.Popen(self.add((i + 1) % 5), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.random.random() * took * 1.2)
            if i % 10 == 0:  # a reader while the update runs
                self.check()
            update.send_signal(signal.SIGKILL)
            killed += update.wait() == -signal.SIGKILL
            if i % 20 == 0:
                self.check()
        self.check()
        self.assertGreater(killed, KILLS // 3)
        for state in range(5):
            done = subprocess.run(self.add(state), capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.check()
        self.assertEqual(sorted(os.listdir(self.at / "db")), ["data.mdb", "lock"])


if __name__ == "__main__":
    PEEKR = sys.argv.pop(1)
    unittest.main(verbosity=1)
