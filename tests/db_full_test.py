#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A database on a disk that becomes full, at a limit of the size of files, and one that is damaged: the message says which file and
why, the exit code is 1, and what was there is untouched. usage: db_full_test.py PEEKR_PROGRAM"""
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PEEKR = ""
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99"}
SMALL, LARGE = 40, 1000  # records of 4 KB


def limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


class Full(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="peekr-full-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        self.at = Path(self.holder.name)
        for name, count in (("small", SMALL), ("large", LARGE)):
            folder = self.at / name
            folder.mkdir()
            for number in range(count):
                (folder / f"T-{number}.json").write_text(json.dumps({
                    "id": f"T-{number}", "modified": "2024-01-01T00:00:00Z", "details": "d" * 4000, "affected": [
                        {"package": {"ecosystem": "npm", "name": f"p{number}"}, "versions": ["1"]}]}))
            subprocess.run(["tar", "-cf", self.at / f"{name}.tar", "-C", folder, "."], check=True)

    def tearDown(self):
        self.holder.cleanup()

    def peekr(self, *arguments, code=0, before=None):
        done = subprocess.run([PEEKR, "db", *map(str, arguments)], capture_output=True, text=True, timeout=120, env=ENVIRONMENT,
                              preexec_fn=before)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def build(self, db):
        self.peekr("build", "--db", db, "--from", self.at / "small.tar")
        return (db / "data.mdb").read_bytes()

    def untouched(self, db, was):
        self.assertEqual((db / "data.mdb").read_bytes(), was)
        self.assertEqual(sorted(os.listdir(db)), ["data.mdb", "lock"])
        self.assertIn(f"{SMALL} records", self.peekr("verify", "--db", db))

    def test_a_file_may_not_become_larger(self):
        db = self.at / "db"
        was = self.build(db)
        said = self.peekr("build", "--db", db, "--from", self.at / "large.tar", "--replace", code=1, before=limit)
        self.assertIn(f"write {db}/data.mdb.new: File too large", said)
        self.untouched(db, was)
        said = self.peekr("add", "--db", db, self.at / "large.tar", code=1, before=limit)
        self.assertIn(f"write {db}/data.mdb: File too large", said)
        self.untouched(db, was)

    def test_the_disk_becomes_full(self):
        disk = self.at / "disk"
        disk.mkdir()
        inside = os.environ.get("PEEKR_SMALL_DISK")
        if inside is None:  # once more, where there is a disk of 2 MB
            alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
            command = [*alone, "sh", "-c", 'mount -t tmpfs -o size=2m tmpfs "$1" || exit 77; shift; exec "$@"', "sh", disk,
                       sys.executable, __file__, PEEKR, "Full.test_the_disk_becomes_full"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=600,
                                  env={**os.environ, "PEEKR_SMALL_DISK": str(disk)})
            if done.returncode == 77 or "unshare" in done.stderr:
                self.skipTest("nobody may mount here")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            return
        db = Path(inside) / "db"
        was = self.build(db)
        said = self.peekr("build", "--db", db, "--from", self.at / "large.tar", "--replace", code=1)
        self.assertIn(f"write {db}/data.mdb.new: No space left on device", said)
        self.untouched(db, was)
        said = self.peekr("add", "--db", db, self.at / "large.tar", code=1)
        self.assertIn(f"write {db}/data.mdb: No space left on device", said)
        self.untouched(db, was)

    def test_a_file_that_is_cut_short_is_said_to_be(self):
        db = self.at / "db"
        was = self.build(db)
        for size in (len(was) - 1, len(was) // 2, 8192):
            os.truncate(db / "data.mdb", size)
            for command in ("status", "verify", "list"):
                said = self.peekr(command, "--db", db, code=1)
                self.assertIn(f"{db}/data.mdb: cut short: {size} bytes of {len(was)}", said)
            said = self.peekr("add", "--db", db, self.at / "large.tar", code=1)
            self.assertIn(f"{db}/data.mdb: cut short: {size} bytes of {len(was)}", said)
            (db / "data.mdb").write_bytes(was)

    def test_damage_ends_in_a_message(self):
        db = self.at / "db"
        was = self.build(db)
        chance = random.Random(3)
        told = 0
        for number in range(40):
            damaged = bytearray(was)
            start = chance.randrange(len(was) // 4096) * 4096 + chance.randrange(200)  # where pages have their lists
            for place in range(start, min(start + chance.choice([1, 8, 64]), len(was))):
                damaged[place] = chance.choice([0, 255, chance.randrange(256)])
            for command in (["verify"], ["list"], ["add", self.at / "small.tar"]):
                (db / "data.mdb").write_bytes(damaged)
                done = subprocess.run([PEEKR, "db", command[0], "--db", db, *command[1:]], capture_output=True, text=True, timeout=120,
                                      env=ENVIRONMENT)
                self.assertIn(done.returncode, (0, 1), f"{number} {start} {command} {done.stderr}")
                if done.returncode == 1:
                    self.assertRegex(done.stdout + done.stderr, str(db) + "|damaged|fault", f"{number} {start} {command}")
                    told += 1
        self.assertGreater(told, 5, "nothing was found damaged")


if __name__ == "__main__":
    PEEKR = sys.argv.pop(1)
    unittest.main(verbosity=1)
