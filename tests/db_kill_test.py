#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An update is killed (SIGKILL) at 200 random moments. Before, during and after, every reader sees a whole database: `db verify`
finds no fault, and the records are all of one state. The next update completes. usage: db_kill_test.py PEEKR_PROGRAM"""
import concurrent.futures
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
DATABASES = 4  # side by side: the test waits more than it works
RECORDS = 60


def record(number, state):
    return {"id": f"T-{number}", "modified": f"2024-01-01T00:00:{state % 60:02}Z", "summary": f"state {state}",
            "details": "d" * random.Random(number * 7 + state).randrange(4000), "aliases": [f"CVE-2024-{number + state % 3}"],
            "affected": [{"package": {"ecosystem": "npm", "name": f"p{number % 7}-{state % 5}"},
                          "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": f"1.{state}.0"}]}]}]}


class Database:
    """One that is updated, killed and read, by one thread."""

    def __init__(self, test, inputs, folder, number):
        self.test, self.inputs, self.at = test, inputs, folder / f"db{number}"
        self.random = random.Random(20261125 + number)

    def add(self, state):
        return [PEEKR, "db", "add", "--db", self.at, self.inputs / f"in{state}/test.tar"]

    def run(self, *arguments):
        return subprocess.run([PEEKR, "db", *arguments, "--db", self.at], capture_output=True, text=True, timeout=60)

    def check(self):
        done = self.run("verify")
        self.test.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        info = json.loads(self.run("status", "--format", "json").stdout)
        self.test.assertIn(info["database"]["sources"][0]["records"], range(RECORDS, RECORDS + 5))

    def update(self, state):
        done = subprocess.run(self.add(state), capture_output=True, text=True, timeout=60)
        self.test.assertEqual(done.returncode, 0, done.stderr)

    def kill(self, times):
        """How many of that many updates were killed before they had ended."""
        start = time.monotonic()
        self.update(0)
        took = time.monotonic() - start
        self.check()
        killed = 0
        for i in range(times):
            update = subprocess.Popen(self.add((i + 1) % 5), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.random.random() * took * 1.2)
            if i % 10 == 0:  # a reader while the update runs
                self.check()
            update.send_signal(signal.SIGKILL)
            killed += update.wait() == -signal.SIGKILL
            if i % 20 == 0:
                self.check()
        self.check()
        for state in range(5):
            self.update(state)
            self.check()
        self.test.assertEqual(sorted(os.listdir(self.at)), ["data.mdb", "lock"])
        return killed


class Kill(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="peekr-kill-")
        self.memory = tempfile.TemporaryDirectory(prefix="peekr-kill-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        self.at = Path(self.holder.name)
        for state in range(5):
            folder = self.at / f"in{state}"
            (folder / "all").mkdir(parents=True)
            for number in range(RECORDS + state):
                (folder / "all" / f"T-{number}.json").write_text(json.dumps(record(number, state)))
            subprocess.run(["tar", "-cf", folder / "test.tar", "-C", folder, "all"], check=True)

    def tearDown(self):
        self.holder.cleanup()
        self.memory.cleanup()

    def test_an_update_that_is_killed_at_any_moment_has_happened_or_not(self):
        with concurrent.futures.ThreadPoolExecutor(DATABASES) as pool:
            # What a killed process has written is there, on the disk or not: only one of them waits for the disk.
            folders = [self.at] + [Path(self.memory.name)] * (DATABASES - 1)
            databases = [Database(self, self.at, folder, number) for number, folder in enumerate(folders)]
            killed = sum(pool.map(lambda one: one.kill(KILLS // DATABASES), databases))
        self.assertGreater(killed, KILLS // 3)


if __name__ == "__main__":
    PEEKR = sys.argv.pop(1)
    unittest.main(verbosity=1)
