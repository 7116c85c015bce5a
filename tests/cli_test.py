#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line, from outside: every exit code of docs/exit-codes.md, usage errors, --help, colours. What is written where: cli_output_test.py.
usage: cli_test.py PEEKR_PROGRAM"""
import json
import os
import pty
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from cli_case import CliCase, PEEKR, advisory, root
import images
import terminal


class Cli(CliCase):
    # exit codes

    def test_0_findings_alone_change_nothing(self):
        done = self.scan("vulnerable")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("CVE-2023-5363", done.stdout)
        self.assertTrue(done.stdout.endswith("Exit code 0\n"), done.stdout[-300:])

    def test_0_the_fixed_package_has_none(self):
        self.assertIn("no known vulnerabilities in 1 package\n", self.scan("clean").stdout)

    def test_1_it_could_not_be_done(self):
        for arguments, words in ((("scan", "nowhere", "--db", "db"), "nowhere"),
                                 (("scan", "clean", "--offline", "--db", "none"), "peekr db build --from FROM --db none"),
                                 (("scan", "clean", "--offline"), "peekr db build --from FROM"),
                                 (("db", "status", "--db", "none"), "peekr db update --db none"),
                                 (("db", "build", "--from", "nowhere", "--db", "x"), "nowhere"),
                                 (("db", "build", "--from", "clean", "--db", "x"), "advisor"),
                                 (("inventory", "nowhere"), "nowhere")):
            done = self.peekr(*arguments)
            self.assertEqual((done.returncode, done.stdout), (1, ""), arguments)
            self.assertIn("peekr: ", done.stderr)
            self.assertIn(words, done.stderr, arguments)

    def test_2_the_gate(self):
        for level, code in (("negligible", 2), ("low", 2), ("high", 2), ("HIGH", 2), ("critical", 0)):
            self.assertEqual(self.scan("vulnerable", "--fail-on", level).returncode, code, level)
        done = self.scan("vulnerable", "--fail-on", "high")
        self.assertRegex(done.stdout, r"\nExit code 2: severity: 2 findings")
        self.assertEqual(self.scan("clean", "--fail-on", "low").returncode, 0)

    def test_exit_code_takes_the_place_of_2(self):
        self.assertEqual(self.scan("vulnerable", "--fail-on", "high", "--exit-code", "77").returncode, 77)
        self.assertEqual(self.scan("vulnerable", "--exit-code", "77").returncode, 77)
        self.assertEqual(self.scan("clean", "--exit-code", "77").returncode, 0)

    def test_3_end_of_life(self):
        done = self.scan("old", "--exit-on-eol")
        self.assertEqual(done.returncode, 3)
        self.assertIn("past its end of life", done.stdout)
        self.assertEqual(self.peekr("scan", "--db", "db", "--exit-on-eol", "old").returncode, 3, "the value may be left out")
        self.assertEqual(self.scan("old", "--exit-on-eol", "9").returncode, 9)
        self.assertEqual(self.scan("old", "--exit-on-eol=9").returncode, 9)
        self.assertEqual(self.scan("clean", "--exit-on-eol").returncode, 0)

    def test_4_incomplete(self):
        done = self.scan("unknown", "--fail-on-incomplete")
        self.assertEqual(done.returncode, 4)
        self.assertIn("Verdict: not assessed", done.stdout)
        self.assertNotIn("no known", done.stdout)
        self.assertEqual(self.scan("unknown").returncode, 0)
        self.assertEqual(self.scan("clean", "--fail-on-incomplete").returncode, 0)

    def test_1_the_time_is_over_whatever_is_waited_for(self):
        pipe, other, config = self.at / "pipe", self.at / "other.json", self.at / "slow.yaml"
        os.mkfifo(pipe)
        self.addCleanup(pipe.unlink)
        config.write_text("timeout: 200ms\n")
        given = ("--timeout", "200ms")
        for arguments, more in (((*given, "--policy", "pipe"), {}), ((*given, "-o", "pipe"), {}), ((*given, "--vex", "pipe"), {}),
                                ((*given, "-t", "pipe", "-f", "template"), {}), (("--timeout", "5s", "-f", "table", "-f", "json=other.json", "-o", "pipe"), {}),
                                (("--policy", "pipe"), {"PEEKR_TIMEOUT": "200ms"}), (("--policy", "pipe"), {"PEEKR_CONFIG": str(config)})):
            done = self.scan("vulnerable", *arguments, env=more)
            self.assertEqual((done.returncode, done.stdout), (1, ""), (arguments, done.stderr))
            self.assertIn("peekr: given up: the time of --timeout is over", done.stderr)
        self.assertFalse(other.exists())  # it would say 0
        self.assertEqual([one for one in os.listdir(self.at) if ".part-" in one], [])

    def test_what_the_system_does_not_give(self):
        nobody = [] if os.getuid() else ["setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all"]
        if nobody and not shutil.which("setpriv"):
            return print("partly skipped: no setpriv")
        with tempfile.TemporaryDirectory(prefix="peekr-shut-") as folder:
            os.chmod(folder, 0o755)
            root(Path(folder), "ID=debian\nVERSION_ID=12\n", "x")
            os.chmod(Path(folder, "var/lib/dpkg/status"), 0)
            done = subprocess.run([*nobody, PEEKR, "inventory", "--no-cache", "-f", "json", "rootfs:" + folder], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"}, cwd="/")
        if "execute" in done.stderr:
            return print("partly skipped: another user may not run " + PEEKR)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(("var/lib/dpkg/status", "unreadable", "Permission denied"),
                      [(one["path"], one["why"], one["what"]) for one in json.loads(done.stdout)["notes"]])

    # usage

    def test_usage_errors_name_what_is_wrong_and_where_help_is(self):
        for arguments, words in ((("scan",), "TARGET"), (("scan", "x", "--nonsense"), "--nonsense"),
                                 (("scan", "x", "--format", "yaml"), "--format yaml"),
                                 (("scan", "x", "--fail-on", "severe"), "--fail-on severe"),
                                 (("scan", "x", "--verify", "all"), "--verify all"),
                                 (("scan", "x", "--limit", "size=1"), "--limit size=1"),
                                 (("scan", "x", "--limit", "entries=many"), "--limit entries=many"),
                                 (("scan", "x", "--limit", "entries=99999999999999999999"), "--limit entries="),
                                 (("scan", "x", "--limit", "window_log=99"), "window_log"),
                                 (("scan", "x", "--exit-code", "256"), "--exit-code"),
                                 (("scan", "x", "--mirror", "ftp://h"), "--mirror ftp://h: want an https:// or http:// URL, or a folder"),
                                 (("db", "update", "--mirror", "ftp://h"), "--mirror ftp://h: want an https:// or http:// URL, or a folder"),
                                 (("scan", "x", "--exit-on-eol=x"), "--exit-on-eol"),
                                 (("scan", "x", "--threads", "0"), "--threads"), (("scan", "x", "-o"), "-o"),
                                 (("scan", "x", "y"), "y"), (("scna", "x"), "scna"), (("db",), "db --help"),
                                 (("db", "nonsense"), "nonsense"), (("db", "build"), "--from"), (("db", "search"), "ID"),
                                 (("db", "search", "X", "--package", "y"), "ID"),
                                 (("db", "search", "X", "--ecosystem", "y"), "--package"), (("list", "x"), "x"),
                                 (("help", "nonsense"), "nonsense"), (("--nonsense",), "--nonsense"), ((), "--help")):
            done = self.peekr(*arguments)
            self.assertEqual((done.returncode, done.stdout), (1, ""), arguments)
            self.assertIn(words, done.stderr, arguments)
            self.assertIn("--help", done.stderr, arguments)

    def test_usage_errors_say_which_word_and_what_was_meant(self):
        for arguments, line, command in (
                (("scan", "x", "--formt", "json"), "--formt: there is no such option of peekr scan; did you mean --format?", "peekr scan"),
                (("scan", "--formt", "json", "x"), "--formt: there is no such option of peekr scan; did you mean --format?", "peekr scan"),
                (("scan", "--severety=high"), "--severety: there is no such option of peekr scan; did you mean --severity?", "peekr scan"),
                (("scan", "x", "--suppressed", "a"), "--suppressed: there is no such option of peekr scan", "peekr scan"),
                (("scan", "x", "-z", "-y"), "-z: there is no such option of peekr scan", "peekr scan"),
                (("scan", "a", "b", "c"), "b: is one argument too many for peekr scan", "peekr scan"),
                (("inventory", "x", "--fail-on", "high"), "--fail-on: there is no such option of peekr inventory; peekr scan has it", "peekr inventory"),
                (("db", "status", "--feeds", "kev"), "--feeds: there is no such option of peekr db status; peekr db update has it", "peekr db status"),
                (("scan", "x", "--db"), "--db: want DIR behind it", "peekr scan"),
                (("scan", "x", "--username", "a", "--username", "b"), "--username: stands more than once", "peekr scan"),
                (("list",), "peekr list: want one of catalogers, feeds, sources, schemes, formats", "peekr list")):
            self.assertEqual(self.peekr(*arguments).stderr, f"peekr: {line}\nwhat it can do: {command} --help\n", arguments)
        for arguments, line, command in (
                (("scna", "x"), "scna: there is no such command; did you mean scan?", "peekr"),
                (("--versoin",), "--versoin: there is no such option of peekr; did you mean --version?", "peekr"),
                (("db", "stauts"), "stauts: there is no such command; did you mean status?", "peekr db"),
                (("frobnicate",), "frobnicate: there is no such command", "peekr"),
                (("image", "debian:12"), "image: there is no such command; an image, a root file system, dir:FOLDER or an SBOM: peekr scan TARGET", "peekr"),
                (("my image.tar",), "my image.tar: there is no such command; to scan an image: peekr scan 'my image.tar'", "peekr")):
            self.assertEqual(self.peekr(*arguments).stderr, f"peekr: {line}\nwhat there is: {command} --help\n", arguments)

    def test_the_plan_is_a_line_that_a_shell_takes(self):
        """Below a report: the same question to peekr plan, without what is only of how a report looks."""
        odd = self.at / "it's $HOME"
        if not odd.exists():
            odd.symlink_to("vulnerable")
        for arguments, line in (
                (("vulnerable",), f"{PEEKR} plan vulnerable --db db"),
                (("it's $HOME", "--severity", "high,critical", "-f", "table", "--no-color", "--fail-on", "critical", "--sort", "risk", "--only-fixed"),
                 f"{PEEKR} plan 'it'\\''s $HOME' --db db --severity high,critical --only-fixed"),
                (("rootfs:vulnerable", "--vex", "none", "--limit", "entries=10K", "--limit", "ratio_from=9M", "--threads=2"),
                 f"{PEEKR} plan rootfs:vulnerable --limit entries=10K --limit ratio_from=9M --db db --vex none")):
            done = self.scan(*arguments)
            self.assertIn(f"\n   the versions, the commands and a patch for the Dockerfile:\n     {line}\n", done.stdout, done.stderr)
            environment = {**os.environ, "HOME": str(self.at), "ASAN_OPTIONS": "exitcode=99"}
            planned = subprocess.run(["sh", "-c", line], cwd=self.at, env=environment, capture_output=True, text=True, timeout=120)
            self.assertEqual(planned.returncode, 0, planned.stderr)
            self.assertIn("openssl", planned.stdout)
        done = self.scan("vulnerable", "--mirror", "https://user:secret@mirror.example/", "--offline")
        self.assertIn("--mirror https://...@mirror.example/\n", done.stdout)
        self.assertIn("https://...@", done.stdout)
        self.scan("vulnerable", "-f", "json", "-o", "of.json")
        self.scan("vulnerable", "-f", "table=of.txt")
        self.assertIn("   peekr plan has the versions", self.peekr("convert", "of.json").stdout)
        self.assertIn("   peekr plan has the versions", (self.at / "of.txt").read_text())

    def test_help_mentions_every_option_of_the_document(self):
        document = (Path(__file__).parent.parent / "docs/cli.md").read_text()
        for part in re.split(r"^## ", document, flags=re.M)[1:]:
            command = re.match(r"`peekr ([a-z ]+?)( [A-Z-].*)?`\n", part)
            if command is None:
                continue
            words = command.group(1).split()
            done = self.peekr(*words, "--help")
            self.assertEqual(done.returncode, 0, words)
            self.assertEqual(done.stdout, self.peekr("help", *words).stdout if words[0] != "help" else done.stdout)
            documented = set(re.findall(r"--[a-z][a-z-]+", "\n".join(re.findall(r"^\| `(.*?)` \|", part, flags=re.M))))
            helped = set(re.findall(r"^  (?:-\w,)?(--[a-z][a-z-]+)", done.stdout, flags=re.M)) - {"--help"}
            self.assertEqual(documented, helped, words)
        self.assertIn("Exit codes:", self.peekr("scan", "--help").stdout)

    def test_help_is_as_wide_as_the_terminal(self):
        """80 columns where nobody says, 100 at most; what is to be typed is not broken."""
        commands = [(), *(tuple(words.split()) for words in ("scan", "plan", "inventory", "convert", "diff", "explain", "policy check", "policy explain", "db", "db build", "db update", "db search",
                                                             "db list", "db diff", "db gc", "db add", "db export", "db import", "db keygen", "versions", "cache", "doctor", "config", "completion"))]
        for columns, most in (("", 80), ("60", 60), ("90", 90), ("400", 100)):
            for command in commands:
                lines = self.peekr(*command, "--help", env={"COLUMNS": columns}).stdout.splitlines()
                long = [line for line in lines if len(line) > most and not re.match(r"  (peekr|openssl) |\S*$| *\S+$", line)]
                self.assertEqual(long, [], (columns, command))
                words = " ".join(" ".join(lines).split())
                self.assertEqual(words, " ".join(self.peekr(*command, "--help", env={"COLUMNS": "100"}).stdout.split()), command)
        self.assertIn("  peekr scan image.tar --fail-on 'kev || (high && fix_age > 14d)'\n", self.peekr("scan", "--help", env={"COLUMNS": "40"}).stdout)

    def test_version(self):
        for arguments in (("--version",), ("-V",), ("version",)):
            self.assertRegex(self.peekr(*arguments).stdout, r"^peekr \d+\.\d+\.\d+\n$")

    def test_list_names_every_row(self):
        for kind, some in (("catalogers", "dpkg"), ("feeds", "osv"), ("sources", "docker-archive:"), ("schemes", "deb"),
                           ("formats", "json")):
            done = self.peekr("list", kind)
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stdout, rf"(?m)^{some} +\S")

    def test_what_is_not_read_is_not_verified_but_where_that_is_asked_for(self):
        """A layer on disk that the cache has, and what is skipped of a plain layer of which nobody states a digest."""
        layer = images.entry("etc/os-release", b"ID=debian\nVERSION_ID=12\n") + images.entry("opt/data", bytes(range(256)) * 256) + images.END
        for form, also in (("oci-dir-gzip", "--no-cache"), ("docker-archive", None)):
            image = images.write(images.files_of([images.Image([layer], form)]), form, self.at / form)
            blob = next(image.glob("blobs/sha256/" + images.sha256(images.pack(layer, form)))) if image.is_dir() else image
            env = {"XDG_CACHE_HOME": str(self.at / "layers"), "PEEKR_CACHE_SIZE": "1G"}
            done = self.scan(image, env=env)
            self.assertEqual((done.returncode, done.stderr), (0, done.stderr), form)
            whole = bytearray(blob.read_bytes())
            at = len(whole) // 2 if image.is_dir() else whole.index(bytes(range(256)))
            whole[at] ^= 1
            blob.write_bytes(whole)
            done = self.scan(image, env=env)
            self.assertEqual((done.returncode, done.stderr), (0, done.stderr), form)
            for arguments in (("--verify", "full"), *(((also,),) if also else ())):
                done = self.scan(image, *arguments, env=env)
                self.assertEqual(done.returncode, 1, (form, arguments))
                self.assertIn("): blob: expected " if image.is_dir() else "): diff ID: expected ", done.stderr)

    def test_offline_asks_no_registry(self):
        done = self.scan("nowhere.example/app:1", "--offline")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--offline forbids to ask its registry", done.stderr)

    def test_the_database_is_found_by_option_then_environment_then_home(self):
        self.assertEqual(self.peekr("scan", "clean", env={"PEEKR_DB": "db"}).returncode, 0)
        self.assertIn("/cache/peekr/db", self.peekr("scan", "clean", "--offline", env={"XDG_CACHE_HOME": "/cache"}).stderr)
        self.assertIn(f"{self.at}/.cache/peekr/db", self.peekr("scan", "clean", "--offline").stderr)
        self.assertEqual(self.scan("clean", env={"PEEKR_DB": "none"}).returncode, 0)

    def test_timing_and_quiet(self):
        self.assertIn("report/table", self.scan("clean", "--timing").stderr)
        self.assertEqual(self.scan("unknown", "-f", "json", "-q").stderr, "")
        self.assertIn("not assessed", self.scan("unknown", "-f", "json").stderr)

    def test_search(self):
        done = self.peekr("db", "search", "cve-2015-7547", "--db", "db")
        self.assertIn("DEBIAN-CVE-2015-7547", done.stdout)
        self.assertIn("< 2.19-18+deb8u3", done.stdout)
        done = self.peekr("db", "search", "--package", "openssl", "--db", "db")
        self.assertIn("Debian:12 openssl", done.stdout)
        self.assertIn("no advisory", self.peekr("db", "search", "--package", "nothing", "--db", "db").stdout)
        done = self.peekr("db", "search", "--package", "openssl", "--ecosystem", "Debian:8", "--db", "db")
        self.assertIn("no advisory", done.stdout)
        done = self.peekr("db", "search", "--package", "openssl", "--ecosystem", "debian:bookworm", "--db", "db")
        self.assertIn("Debian:12 openssl", done.stdout)
        self.assertIn("Debian:12 openssl", self.peekr("db", "list", "--ecosystem", "debian:12", "--db", "db").stdout)
        record = advisory("12", "org.apache.logging.log4j:log4j-core", "CVE-2021-44228", "2.15.0", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H")
        record["affected"][0]["package"]["ecosystem"] = "Maven"
        (self.at / "log4j.json").write_text(json.dumps(record))
        self.peekr("db", "build", "--from", "log4j.json", "--db", "java")
        for arguments in ((), ("--ecosystem", "Maven")):
            done = self.peekr("db", "search", "--package", "log4j-core", "--db", "java", *arguments)
            self.assertIn("Maven org.apache.logging.log4j:log4j-core", done.stdout)

    def test_db_status(self):
        self.assertIn("osv/Debian", self.peekr("db", "status", "--db", "db").stdout)
        data = json.loads(self.peekr("db", "status", "--db", "db", "-f", "json").stdout)
        self.assertEqual(data["database"]["advisories"], 2)
        self.assertEqual(data["database"]["built"], "2023-11-14T22:13:20Z")

    def on_terminal(self, *arguments, **environment):
        """What a terminal of 70 columns is sent."""
        master, slave = pty.openpty()
        import fcntl
        import struct
        import termios
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
        done = self.scan("vulnerable", *arguments, stdout=slave, env={"TERM": "xterm", **environment})
        os.close(slave)
        self.assertEqual(done.returncode, 0)
        return terminal.read_all(master)

    def test_colour_only_on_a_terminal_and_not_where_it_is_unwanted(self):
        self.assertNotIn("\x1b", self.scan("vulnerable").stdout)
        self.assertIn("\x1b[31m", self.on_terminal())
        self.assertNotIn("\x1b", self.on_terminal("--no-color"))
        self.assertNotIn("\x1b", self.on_terminal(NO_COLOR="1"))
        self.assertNotIn("\x1b", self.on_terminal(TERM="dumb"))
        self.assertIn("\x1b", self.on_terminal(NO_COLOR=""), "no-color.org: only when not empty")

    def test_layers_that_take_their_time_have_a_line_on_a_terminal(self):
        """Of nothing so much that to work out its digest takes more than half a second."""
        def scanned(*arguments, **variables):
            environment = {**os.environ, "HOME": str(self.at), "ASAN_OPTIONS": "exitcode=99", **variables}
            code, seen = terminal.errors_of([PEEKR, "inventory", "--no-cache", *arguments], environment)
            self.assertEqual(code, 0, seen)
            return seen

        layout = images.write_sparse(self.at / "large", 1 << 30)
        seen = scanned(layout)
        self.assertTrue(re.search(r"layer 1 of 1  \[[# ]{20}\]  \d+\.\d of 1073\.\d MB, \d+\.\d MB/s\r\n", seen), seen[:1000])
        self.assertTrue(seen.endswith("\x1b[J"), "no line is left")
        self.assertEqual(set(re.findall("\x1b\\[[\\d;]*[A-Za-z]", seen)), {"\x1b[1F", "\x1b[J"}, "no colours")
        self.assertEqual(scanned("-q", layout), "")
        self.assertEqual(scanned(str(self.at / "vulnerable")), "", "it is soon done")

    def test_links_on_a_terminal_that_is_known_to_have_them(self):
        link = "\x1b]8;;https://nvd.nist.gov/vuln/detail/CVE-2023-5363\x1b\\CVE-2023-5363\x1b]8;;\x1b\\"
        for known in ({"TERM_PROGRAM": "vscode"}, {"VTE_VERSION": "7006"}, {"TERM": "xterm-kitty"}, {"WT_SESSION": "1"}, {"KONSOLE_VERSION": "220401"}, {"FORCE_HYPERLINK": "1"}):
            self.assertIn(link, self.on_terminal(**known), known)
        for unknown in ({}, {"VTE_VERSION": "4205"}, {"WT_SESSION": "1", "FORCE_HYPERLINK": "0"}, {"WT_SESSION": "1", "NO_COLOR": "1"}, {"FORCE_HYPERLINK": "1", "TERM": "dumb"}):
            self.assertNotIn("\x1b]8", self.on_terminal(**unknown), unknown)
        self.assertNotIn("\x1b", self.scan("vulnerable", env={"FORCE_HYPERLINK": "1"}).stdout)
        self.assertIn(link, self.on_terminal("-f", "table", "-f", "table=linked.txt", WT_SESSION="1"))
        in_file = (self.at / "linked.txt").read_text()
        self.assertIn("CVE-2023-5363", in_file)
        self.assertNotIn("\x1b", in_file)
        shown = re.sub("\x1b(]8;;[^\x1b]*\x1b\\\\|\\[[0-9;]*m)", "", self.on_terminal(WT_SESSION="1"))
        self.assertEqual(shown, self.on_terminal("--no-color"))

    def test_verbose_has_all_below_each_finding(self):
        terse, full = self.scan("vulnerable").stdout, self.scan("vulnerable", "-v").stdout
        for words in ("      confidence: ", "      page: https://nvd.nist.gov/vuln/detail/CVE-2023-5363\n"):
            self.assertNotIn(words, terse)
            self.assertIn(words, full)

    def test_a_terminal_gets_lines_of_its_width(self):
        lines = self.on_terminal("--no-color").splitlines()
        free = [line for line in lines if "/" not in line]  # a path cannot be broken
        self.assertLessEqual(max(map(len, free)), 70)

    def test_doctor(self):
        """It says what is there, and is bad where something that is there does not work."""
        home = self.at / "home"
        (home / ".docker").mkdir(parents=True)
        base = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_RUNTIME_DIR": str(home),
                "CONTAINERS_REGISTRIES_CONF": str(home / "registries.conf"), "DOCKER_HOST": f"unix://{home}/none.sock"}

        def doctor(*arguments, **more):
            done = subprocess.run([PEEKR, "doctor", *arguments], env=base | more, capture_output=True, text=True, cwd=self.at)
            return done.returncode, done.stdout

        (home / "registries.conf").write_text("[[registry]]\nlocation = 'a.example'\n")
        code, out = doctor("--db", "db")
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"(?m)^ok   database +db: 2 advisories of 1 source")
        self.assertRegex(out, r"(?m)^ok   registries.conf +1 rule$")
        self.assertRegex(out, rf"(?m)^-    docker +no engine listens at {home}/none.sock$")
        self.assertRegex(doctor("--db", "nowhere")[1], r"(?m)^-    database +nowhere: none yet")
        bad = [({"PEEKR_DATABASE": "x"}, r"bad  environment +PEEKR_DATABASE: no variable of peekr's"),
               ({"PEEKR_CACHE_SIZE": "much"}, r"bad  cache +.*PEEKR_CACHE_SIZE"),
               ({"PEEKR_FETCH_TRIES": "many"}, r"bad  environment +PEEKR_FETCH_TRIES=many: want a number below 1,000,000"),
               ({"SSL_CERT_FILE": "/nowhere.pem"}, r"bad  certificates +/nowhere.pem: cannot be read"),
               ({"DOCKER_HOST": "tcp://127.0.0.1:1"}, r"bad  docker +\$DOCKER_HOST is tcp:...: only unix:// sockets are asked")]
        for more, line in bad:
            code, out = doctor("--db", "db", **more)
            self.assertEqual(code, 1, out)
            self.assertRegex(out, "(?m)^" + line)
            self.assertEqual(len(re.findall("(?m)^bad", out)), 1, out)
        code, out = doctor("--db", "db", SSL_CERT_FILE="", PEEKR_CACHE_SIZE="1M", PEEKR_FETCH_TRIES="3", PEEKR_FETCH_PATIENCE="")
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"(?m)^(ok|-) +certificates +/etc/ssl/certs/ca-certificates.crt")
        self.assertNotIn("PEEKR_CACHE_SIZE", out)
        (home / ".docker/config.json").write_text('{"auths": {"docker.io": {"auth": "secret-and-wrong"}}')
        code, out = doctor("--db", "db")
        self.assertEqual(code, 1, out)
        self.assertRegex(out, r"(?m)^bad  credentials +.*config.json")
        self.assertNotIn("secret", out)
        code, out = doctor("--db", "db", PEEKR_REGISTRY_TOKEN="hunter2")
        self.assertNotIn("hunter2", out)


if __name__ == "__main__":
    unittest.main()
