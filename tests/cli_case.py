# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: roots with and without vulnerabilities, a database, and how peekr is run in their folder. The program
is the script's first argument."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path


PEEKR = os.path.abspath(sys.argv.pop(1))
TODAY = str(1700000000)  # 2023-11-14: the clock of every run


def status(*packages):
    return "".join(f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\nVersion: {version}\n"
                   "Maintainer: nobody\nDescription: x\n\n" for name, source, version in packages)


def root(folder, distro, packages):
    (folder / "etc").mkdir(parents=True)
    (folder / "etc/os-release").write_text(distro)
    (folder / "var/lib/dpkg").mkdir(parents=True)
    (folder / "var/lib/dpkg/status").write_text(packages)
    return folder


def advisory(release, package, identity, fixed, severity):
    return {"schema_version": "1.7.0", "id": "DEBIAN-" + identity, "modified": "2023-11-01T00:00:00Z", "upstream": [identity],
            "severity": [{"type": "CVSS_V3", "score": severity}],
            "affected": [{"package": {"ecosystem": "Debian:" + release, "name": package},
                          "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}


class CliCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="peekr-cli-")
        cls.at = Path(cls.holder.name)
        high = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"  # 7.5
        (cls.at / "feed").mkdir()
        for one in (advisory("12", "openssl", "CVE-2023-5363", "3.0.11-1~deb12u2", high),
                    advisory("8", "glibc", "CVE-2015-7547", "2.19-18+deb8u3", high)):
            (cls.at / "feed" / (one["id"] + ".json")).write_text(json.dumps(one))
        debian = 'ID=debian\nVERSION_ID="%s"\nPRETTY_NAME="Debian GNU/Linux %s"\n'
        vulnerable = status(("libssl3", "openssl", "3.0.9-1"), ("openssl", "openssl", "3.0.9-1"))
        root(cls.at / "vulnerable", debian % (12, 12), vulnerable)
        root(cls.at / "clean", debian % (12, 12), status(("openssl", "openssl", "3.0.11-1~deb12u2")))
        root(cls.at / "old", debian % (8, 8), status(("libc6", "glibc", "2.19-18+deb8u2")))
        root(cls.at / "unknown", 'ID=plan9\nVERSION_ID="4"\n', vulnerable)
        done = cls.run_in(cls.at, "db", "build", "--from", "feed", "--db", "db")
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    @staticmethod
    def run_in(folder, *arguments, **more):
        sanitizers = "exitcode=99:detect_leaks=1:detect_stack_use_after_return=1"  # cmake/sanitized.cc leaves those out elsewhere
        environment = {**os.environ, "SOURCE_DATE_EPOCH": TODAY, "HOME": str(folder), "ASAN_OPTIONS": sanitizers,
                       "UBSAN_OPTIONS": "exitcode=99"}
        for name in ("PEEKR_DB", "XDG_CACHE_HOME", "NO_COLOR"):
            environment.pop(name, None)
        environment.update(more.pop("env", {}))
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        return subprocess.run([PEEKR, *arguments], cwd=folder, env=environment, text=True, timeout=120, **more)

    def peekr(self, *arguments, **more):
        return self.run_in(self.at, *arguments, **more)

    def scan(self, target, *arguments, **more):
        return self.peekr("scan", target, "--db", "db", *arguments, **more)
