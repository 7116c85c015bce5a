#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where peekr writes: -o, several formats at once, links, devices, open files, other users' files, closed standard output.
usage: cli_output_test.py PEEKR_PROGRAM"""
import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import time
import unittest
from pathlib import Path

from cli_case import CliCase, PEEKR
import images


class Output(CliCase):
    @staticmethod
    def opened_by(process, pipe):
        """To write into, as soon as the process reads it."""
        while process.poll() is None:
            with contextlib.suppress(OSError):
                descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
                os.set_blocking(descriptor, True)
                return os.fdopen(descriptor, "w")
            time.sleep(0.01)
        raise AssertionError(process.stderr.read())

    def test_1_of_several_files_none_is_there_where_one_output_fails(self):
        report, other = self.at / "kept.json", self.at / "new.json"
        asked = ("scan", "--db", "db", "vulnerable", "-f", "json=new.json", "-f", "json=kept.json", "-f", "table")
        with open("/dev/full", "w") as full:
            self.assertEqual(self.peekr(*asked, stdout=full).returncode, 1)
        reading, writing = os.pipe()  # full, and nobody reads
        os.set_blocking(writing, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writing, b"x" * 4096)
        os.set_blocking(writing, True)
        self.assertEqual(self.peekr(*asked, "--timeout", "3s", stdout=writing).returncode, 1)
        self.assertEqual([one for one in os.listdir(self.at) if one.startswith(("new.json", "kept.json"))], [])
        report.write_text("old")
        with subprocess.Popen([PEEKR, *asked], cwd=self.at, stdout=writing, stderr=subprocess.DEVNULL) as waiting:
            until = time.monotonic() + 20
            while report.read_text() == "old" and time.monotonic() < until:
                time.sleep(0.01)
            waiting.send_signal(signal.SIGINT)
            self.assertEqual(waiting.wait(20), -signal.SIGINT)
        os.close(reading), os.close(writing)
        self.assertEqual([one for one in os.listdir(self.at) if one.startswith(("new.json", "kept.json"))], ["kept.json"])
        self.assertEqual(report.read_text(), "old")
        report.write_text("")
        if not shutil.which("chattr") or subprocess.run(["chattr", "+i", report], capture_output=True, check=False).returncode:
            return print("partly skipped: no chattr")
        try:
            done = self.peekr(*asked)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            self.assertIn("write " + str(report), done.stderr)
        finally:
            subprocess.run(["chattr", "-i", report], check=True)
        self.assertFalse(other.exists())
        report.unlink()

    # output

    def test_o_writes_a_whole_file_or_none(self):
        out = self.at / "report.json"
        done = self.scan("vulnerable", "-f", "json", "-o", "report.json", "--fail-on", "low")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("exit code 2: severity", done.stderr)
        self.assertEqual(json.loads(out.read_text())["verdict"]["exit_code"], 2)
        self.assertEqual(stat.S_IMODE(out.stat().st_mode) & 0o600, 0o600)
        self.assertEqual(self.scan("clean", "-q", "-f", "json", "-o", "report.json").stderr, "")
        self.assertEqual(json.loads(out.read_text())["findings"], [])
        done = self.scan("clean", "-o", "nowhere/report")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere/report", done.stderr)
        self.assertEqual(self.scan("clean", "-o", "feed").returncode, 1)
        self.assertEqual([p for p in self.at.rglob("*.part-*")], [])

    def test_what_another_process_has_under_the_name_of_the_unfinished_file_stays(self):
        # The same process number, as in two containers: the shell's, which becomes peekr's.
        done = subprocess.run(["sh", "-c", 'echo other > "r.json.part-$$"; exec "$@"', "sh", PEEKR, "scan", "--db", "db", "clean", "-f", "json", "-o", "r.json"],
                              cwd=self.at, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads((self.at / "r.json").read_text())["findings"], [])
        other, = self.at.glob("r.json.part-*")
        self.assertEqual(other.read_text(), "other\n")
        other.unlink()

    def test_several_formats_at_once(self):
        done = self.scan("vulnerable", "-f", "table", "-f", "json=r.json", "-f", "sarif=r.sarif")
        self.assertEqual(done.stdout, self.scan("vulnerable").stdout)
        self.assertIn("report: r.json", done.stderr)
        report, sarif = (json.loads((self.at / name).read_text()) for name in ("r.json", "r.sarif"))
        run = sarif["runs"][0]
        self.assertEqual(len(run["results"]), len(report["findings"]))
        for result, finding in zip(run["results"], report["findings"]):
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
            self.assertEqual(result["ruleId"], finding["id"])
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            self.assertFalse(uri.startswith("/"))
            marks = result["partialFingerprints"]
            self.assertEqual(marks["primaryLocationLineHash"], images.sha256(marks["peekr/v1"].encode()) + ":1")  # GitHub's key
        self.assertEqual(len({result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]}), len(run["results"]))
        self.assertEqual(json.loads(self.scan("clean", "-f", "sarif").stdout)["runs"][0]["results"], [])
        self.assertEqual(json.loads(self.scan("clean", "-f", "cyclonedx-json").stdout)["vulnerabilities"], [])
        self.assertNotIn("vulnerabilities", json.loads(self.peekr("inventory", "-f", "cyclonedx-json", "clean").stdout))
        only = self.scan("vulnerable", "-f", "json=r.json")
        self.assertEqual(only.stdout, "")
        for wrong, words in ((("-f", "table", "-f", "json"), "is a second one"), (("-f", "json="), "names no file"),
                             (("-f", "yaml=x"), "cyclonedx-json or "), (("-f", "json=x", "-o", "y"), "want a --format for it")):
            done = self.scan("vulnerable", *wrong)
            self.assertEqual(done.returncode, 1, wrong)
            self.assertIn(words, done.stderr)
        wanted = self.peekr("inventory", "-f", "sarif", "vulnerable").stderr
        self.assertIn("--format sarif: want csv or cyclonedx-json or ", wanted)
        self.assertNotIn("or sarif", wanted)
        self.assertIn("--format csaf: want json or table or dockerfile-patch\n", self.peekr("plan", "-f", "csaf", "vulnerable").stderr)
        self.assertIn("--format sarif@2: has no versions", self.peekr("scan", "-f", "sarif@2", "vulnerable").stderr)
        self.assertIn("--sort age: want risk or severity or epss or kev or package or fix\n", self.scan("vulnerable", "--sort", "age").stderr)
        self.assertEqual(self.peekr("inventory", "-f", "json=i.json", "-f", "csv", "-o", "i.csv", "clean").stderr, "inventory: i.json\ninventory: i.csv\n")
        self.assertIn("inventory: j.json\n", self.peekr("convert", "i.json", "-f", "json=j.json").stderr)
        self.assertEqual(self.peekr("convert", "r.json", "-f", "json=j.json", "-f", "csv", "-o", "r.csv").stderr, "report: j.json\nreport: r.csv\n")
        self.assertIn("want --output FILE", self.peekr("db", "status", "-f", "json=x").stderr)

    def test_where_output_goes_is_settled_before_the_scan(self):
        for wrong, words in ((("-o", "json"), "--output json: is a format: want --format json (or ./json, a file)"),
                             (("-o", "sarif=out.sarif"), "want --format sarif=out.sarif "), (("-f", "json=nowhere/r.json"), "there is no folder nowhere"),
                             (("-o", "nowhere/r.txt"), "there is no folder nowhere"), (("-f", "json=feed"), "is a directory"),
                             (("-f", "json=same", "-f", "sarif=./same"), "another report goes there"), (("-f", "json=same", "-f", "csv", "-o", "same"), "another report goes there"),
                             (("-f", "json=-", "-f", "csv=-"), "is a second one"),
                             (("-f", "json=-", "-o", "same"), "--output says another place")):
            done = self.peekr("scan", "no-such-image.tar", *wrong)
            self.assertEqual((done.returncode, done.stdout), (1, ""), wrong)
            self.assertIn(words, done.stderr)
        self.assertEqual(self.scan("clean", "-f", "json=-").stdout, self.scan("clean", "-f", "json").stdout)
        self.assertEqual(self.scan("clean", "-o", "-").stdout, self.scan("clean").stdout)
        self.assertEqual(self.scan("clean", "-f", "json=/dev/null", "-f", "sarif=/dev/null").returncode, 0)
        self.assertEqual([name for name in ("json", "same", "-") if (self.at / name).exists()], [])

    def test_o_writes_through_a_link_and_into_a_device(self):
        (self.at / "link").symlink_to("behind")
        (self.at / "behind").write_text("old")
        self.assertEqual(self.scan("clean", "-o", "link").returncode, 0)
        self.assertTrue((self.at / "link").is_symlink())
        self.assertIn("Verdict", (self.at / "behind").read_text())
        self.assertEqual(self.scan("clean", "-o", "/dev/null").returncode, 0)
        self.assertFalse(Path("/dev/null").is_file())

    def test_what_another_user_laid_in_a_folder_of_all_is_neither_followed_nor_written(self):
        if os.geteuid():
            return print("partly skipped: who is not root has no files of others")
        self.scan("vulnerable", "-q", "-f", "json=open.json")
        shared, victim, absent = self.at / "shared", self.at / "victim", self.at / "absent"
        shared.mkdir()
        shared.chmod(0o1777)
        victim.write_text("kept")
        for name, to in (("dangling", absent), ("to-victim", victim), ("to-stdout", "/dev/stdout")):
            (shared / name).symlink_to(to)
            os.lchown(shared / name, 65534, 65534)
        (shared / "by-us").symlink_to("dangling")
        (shared / "file").write_text("kept")
        os.mkfifo(shared / "pipe")
        for name in "file", "pipe":
            os.chown(shared / name, 65534, 65534)
        for name, what in (("dangling", "dangling"), ("to-victim", "to-victim"), ("to-stdout", "to-stdout"), ("by-us", "dangling"), ("file", "file"), ("pipe", "pipe")):
            done = self.peekr("convert", "open.json", "-f", f"csv=shared/{name}")
            self.assertEqual((done.returncode, done.stdout), (1, ""), name)
            self.assertIn(f"shared/{what} is another user's, in a folder where everybody may lay files", done.stderr)
        self.assertEqual((absent.exists(), victim.read_text(), (shared / "file").read_text()), (False, "kept", "kept"))
        os.mkfifo(self.at / "input")
        with subprocess.Popen([PEEKR, "convert", "input", "-f", "csv", "-o", "shared/late"], cwd=self.at, stderr=subprocess.PIPE, text=True) as reading:
            with self.opened_by(reading, self.at / "input") as pipe:  # the options have been checked
                (shared / "to-victim").rename(shared / "late")
                pipe.write((self.at / "open.json").read_text())
            self.assertIn("shared/late is another user's", reading.communicate(timeout=60)[1])
        self.assertEqual((reading.returncode, victim.read_text()), (1, "kept"))
        for name in "dangling", "by-us":  # ours lead where they lead
            os.lchown(shared / name, 0, 0)
        self.assertEqual(self.peekr("convert", "open.json", "-f", "csv", "-o", "shared/by-us").returncode, 0)
        self.assertTrue(absent.is_file() and (shared / "by-us").is_symlink() and (shared / "dangling").is_symlink())
        os.chown(shared, 65534, 65534)  # in his own folder he lays what he likes; nothing is given to him
        (shared / "file").chmod(0o640)
        self.assertEqual(self.peekr("convert", "open.json", "-f", "csv", "-o", "shared/file").returncode, 0)
        now = (shared / "file").stat()
        self.assertEqual((now.st_uid, stat.S_IMODE(now.st_mode)), (0, 0o640))

    def test_what_is_open_already_is_written_on(self):
        """Standard output in a log to which others write; several reports there; standard error."""
        self.scan("vulnerable", "-q", "-f", "json=open.json")
        csv, table = (self.peekr("convert", "open.json", "-q", "-f", form).stdout for form in ("csv", "table"))
        for mode, options, wanted in (("a", ("-f", "csv=/dev/stdout"), csv), ("w", ("-f", "csv=/dev/stdout", "-f", "csv=/dev/fd/1"), csv + csv),
                                      ("w", ("-f", "table", "-f", "csv=/proc/self/fd/1"), csv + table), ("w", ("-f", "csv", "-o", "out"), csv)):
            (self.at / "log").write_text("kept\n")
            (self.at / "out").unlink(missing_ok=True)
            (self.at / "out").symlink_to("/dev/stdout")
            with open(self.at / "log", mode) as log:
                log.write("before\n")
                log.flush()
                done = self.peekr("convert", "open.json", "-q", *options, stdout=log)
                log.flush()
                log.seek(0, os.SEEK_END)
                log.write("after\n")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((self.at / "log").read_text(), ("kept\n" if mode == "a" else "") + "before\n" + wanted + "after\n", options)
        with open(self.at / "log", "a") as log:
            self.peekr("convert", "open.json", "-q", "-f", "csv=/dev/stderr", stderr=log)
        self.assertTrue((self.at / "log").read_text().endswith("after\n" + csv))
        for path, why in (("/dev/fd/77", "Bad file descriptor"), ("/dev/stdin", "is open for reading only")):
            with open("/dev/null") as nothing:
                done = self.peekr("convert", "open.json", "-f", "csv", "-o", path, stdin=nothing)
            self.assertEqual((done.returncode, done.stderr.splitlines()[0]), (1, f"peekr: --output {path}: {why}"))

    def test_a_file_that_is_there_keeps_its_owner_and_mode_and_is_overwritten_where_none_can_take_its_place(self):
        self.scan("vulnerable", "-q", "-f", "json=open.json")
        wanted = self.peekr("convert", "open.json", "-q", "-f", "csv").stdout
        is_root = os.geteuid() == 0

        def convert(path, **more):
            done = self.peekr("convert", "open.json", "-q", "-f", "csv", "-o", path, **more)
            self.assertEqual((done.returncode, (self.at / path).read_text()), (0, wanted), done.stderr)
            return (self.at / path).stat()

        own = self.at / "own.csv"
        own.write_text("longer than that" * 1000)
        if is_root:
            os.chown(own, 65534, 65533)
        own.chmod(0o4600)
        was = own.stat()
        now = convert("own.csv")
        self.assertEqual((stat.S_IMODE(now.st_mode), now.st_uid, now.st_gid), (0o600, was.st_uid, was.st_gid))
        (self.at / "latest").symlink_to("today")
        convert("latest")
        self.assertTrue((self.at / "latest").is_symlink() and (self.at / "today").is_file())
        shut = self.at / "shut"
        shut.mkdir()
        (shut / "r.csv").write_text("longer than that" * 1000)
        (shut / "r.csv").chmod(0o666)
        (self.at / "open.json").chmod(0o644)
        self.at.chmod(0o755)
        shut.chmod(0o555)
        other = {"user": 65534} if is_root else {}
        for path in "/dev/full", "-":  # overwritten last, when all else is where it belongs
            with open("/dev/full", "w") as full:
                done = self.peekr("convert", "open.json", "-q", "-f", "json=shut/r.csv", "-f", "csv", "-o", path, stdout=full, **other)
            self.assertEqual((done.returncode, (shut / "r.csv").read_text()), (1, "longer than that" * 1000), (path, done.stderr))
        convert("shut/r.csv", **other)
        done = self.peekr("scan", "no-such-image.tar", "-o", "shut/new.csv", **other)  # told before the work
        self.assertEqual((done.returncode, done.stderr.splitlines()[0]), (1, "peekr: --output shut/new.csv: Permission denied"))
        shut.chmod(0o755)
        self.assertEqual([one.name for one in shut.iterdir()], ["r.csv"])
        if not is_root:
            print("partly skipped: who is not root mounts no file")
        else:  # as engines mount it into a container
            (self.at / "mounted").write_text("")
            there = 'mount --bind mounted own.csv && exec "$@"'
            done = subprocess.run(["unshare", "-m", "sh", "-c", there, "sh", PEEKR, "convert", "open.json", "-q", "-f", "csv", "-o", "own.csv"],
                                  cwd=self.at, capture_output=True, text=True, check=False)
            if "mount:" in done.stderr or "unshare:" in done.stderr:
                print("partly skipped: no file may be mounted here: " + done.stderr)
            else:
                self.assertEqual((done.returncode, (self.at / "mounted").read_text()), (0, wanted), done.stderr)

    def test_a_standard_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = self.scan("vulnerable", stdout=full)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)
        done = self.scan("vulnerable", "-f", "table", "-f", "json=/dev/full")
        self.assertEqual((done.returncode, done.stdout), (1, ""))  # nothing that names another exit code
        (self.at / "kept.sarif").write_text("kept")
        for broken in ("json=/dev/full", "json"):
            with open("/dev/full", "w") as full:
                done = self.scan("vulnerable", "-f", "csv=first.csv", "-f", "sarif=kept.sarif", "-f", broken, "--fail-on", "low", stdout=full)
            self.assertEqual(done.returncode, 1, broken)
            self.assertNotIn("report: ", done.stderr)
            self.assertEqual((self.at / "kept.sarif").read_text(), "kept")
            self.assertEqual([one.name for one in self.at.iterdir() if one.name.startswith(("first.csv", "kept.sarif."))], [])
        reader, writer = os.pipe()
        os.close(reader)
        done = self.peekr("--version", stdout=writer)
        os.close(writer)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
