#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The base image as an action of the plan: two generations of one are scanned, and an image on the older. What the plan says that the newer one removes, and
brings, is what a scan of the same layers on the newer one shows. usage: rebase_test.py PEEKR_PROGRAM"""
import concurrent.futures
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import images  # noqa: E402
from case import CLOCK, PEEKR, Case, status, valid, write_files  # noqa: E402

SAME = [("apt", "apt", "2.6.1"), ("bash", "bash", "5.2.15-2+b2"), ("coreutils", "coreutils", "9.1-1"), ("dpkg", "dpkg", "1.21.22"), ("grep", "grep", "3.8-5"),
        ("gzip", "gzip", "1.12-1"), ("hostname", "hostname", "3.23+nmu1"), ("login", "shadow", "1:4.13+dfsg1-1"), ("mawk", "mawk", "1.3.4.20200120-3.1"),
        ("sed", "sed", "4.9-1"), ("tar", "tar", "1.34+dfsg-1.2+deb12u1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"), ("libacl1", "acl", "2.3.1-3"),
        ("libattr1", "attr", "1:2.5.1-4"), ("libbz2-1.0", "bzip2", "1.0.8-5+b1"), ("liblz4-1", "lz4", "1.9.4-1"), ("debianutils", "debianutils", "5.7-0.5~deb12u1"),
        ("gpgv", "gnupg2", "2.2.40-1.1")]
OLD = [*SAME, ("libc6", "glibc", "2.36-9+deb12u3"), ("libssl3", "openssl", "3.0.11-1~deb12u2"), ("libsystemd0", "systemd", "252.19-1~deb12u1"), ("libgone", "gone", "1-1")]
NEW = [*SAME, ("libc6", "glibc", "2.36-9+deb12u13"), ("libssl3", "openssl", "3.0.17-1~deb12u2"), ("libsystemd0", "systemd", "252.39-1~deb12u1"), ("libnew", "new", "1-1")]
OWN = [("curl", "curl", "7.88.1-10"), ("libssl3", "openssl", "3.0.14-1~deb12u1")]


def osv(cve, package, *events, ecosystem="Debian:12"):
    kind = "ECOSYSTEM" if ":" in ecosystem else "SEMVER"
    return {"schema_version": "1.7.0", "id": f"DEBIAN-{cve}" if ":" in ecosystem else f"GHSA-{cve[4:]}", "modified": "2023-10-25T00:00:00Z", "aliases": [cve], "upstream": [],
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"}],
            "affected": [{"package": {"ecosystem": ecosystem, "name": package}, "ranges": [{"type": kind, "events": [{kind: version} for kind, version in events]}]}]}


FEED = [osv("CVE-2024-0001", "glibc", ("introduced", "0"), ("fixed", "2.36-9+deb12u4")),
        osv("CVE-2024-0002", "openssl", ("introduced", "0"), ("fixed", "3.0.15-1~deb12u1")),
        osv("CVE-2024-0003", "openssl", ("introduced", "0"), ("fixed", "3.0.17-1~deb12u3")),  # the newer base has it still
        osv("CVE-2024-0004", "tar", ("introduced", "0")),
        osv("CVE-2024-0005", "gone", ("introduced", "0")),
        osv("CVE-2024-0006", "new", ("introduced", "0"), ("fixed", "1-2")),
        osv("CVE-2024-0007", "curl", ("introduced", "0"), ("fixed", "7.88.1-10+deb12u12")),
        osv("CVE-2024-0008", "systemd", ("introduced", "252.30"), ("fixed", "252.40")),  # came with a later version
        osv("CVE-2024-0009", "zlib", ("introduced", "0")),
        osv("CVE-2024-0010", "lodash", ("introduced", "0"), ("fixed", "4.17.21"), ecosystem="npm")]
DOCKERFILE = "FROM golang:1.22 AS build\nRUN go build\nFROM debian:12.4\nRUN apt-get update\nCOPY . /app\nRUN a\nRUN b\nRUN c\nRUN d\nRUN e\n"


def root(packages, release="12"):
    return {"etc/os-release": f'ID=debian\nVERSION_ID="{release}"\n', "var/lib/dpkg/status": status(packages)}


def on(base):
    """What your layers make of it: curl is installed, libssl3 upgraded, tar removed; and an application is copied in."""
    kept = {name: one for one in base if (name := one[0]) != "tar"}
    own = [one for one in OWN if one[0] not in kept or one[0] == "libssl3" and base is OLD]
    return [{"var/lib/dpkg/status": status((kept | {one[0]: one for one in own}).values())},
            {"app/node_modules/lodash/package.json": {"name": "lodash", "version": "4.17.4"}}]


class Rebase(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_files(cls.at / "feed", {f"{number}.json": record for number, record in enumerate(FEED)})
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")
        for name, tag, layers in (("old", "debian:12.4", [root(OLD)]), ("new", "debian:12.12", [root(NEW)]), ("moved", "debian:12.4", [root(NEW)]),
                                  ("trixie", "debian:13", [root(NEW, "13")]), ("loose", "latest", [root(NEW)]), ("other", "example:1", [{"a": "1"}, *on(OLD)]),
                                  ("app", "app:1", [root(OLD), *on(OLD)]), ("after", "app:2", [root(NEW), *on(NEW)])):
            cls.write(name, tag, layers)

    @classmethod
    def write(cls, name, tag, layers):
        tars = []
        for number, files in enumerate(layers):
            write_files(cls.at / name / str(number), files)
            tars.append(images.tar_of_folder(cls.at / name / str(number)))
        images.write(images.files_of([images.Image(tars, "oci-dir-gzip", tag=tag)]), "oci-dir", cls.at / name)

    def setUp(self):
        self.cache = self.at / self.id().rsplit(".", 1)[1]
        os.environ.update(XDG_CACHE_HOME=str(self.cache), PEEKR_CACHE_SIZE="1G")

    def scan(self, *names):
        for name in names:
            self.run_peekr("scan", f"{name}/image", "--db", "db", "--offline", "-q")

    def plan(self, name="app", *options):
        return valid("plan", self.run_peekr("plan", f"{name}/image", "--db", "db", "--offline", "-f", "json", *options))

    def base_action(self, name="app", *options):
        return next((one for one in self.plan(name, *options)["actions"] if one["type"] == "oci"), None)

    def found(self, name):
        report = json.loads(self.run_peekr("scan", f"{name}/image", "--db", "db", "--offline", "-f", "json", "--no-cache"))
        return {(one["package"]["name"], one["id"]) for one in report["findings"]}

    def test_what_is_promised_is_what_is_there_then(self):
        self.scan("old", "new")
        plan = self.plan()
        base, *rest = plan["actions"]
        self.assertEqual((base["type"], base["where"], base["command"]), ("oci", "debian:12.4", "FROM debian:12.12"))
        before, after = self.found("app"), self.found("after")
        removed = {(package["name"], one["id"]) for step in base["steps"] for package in step["packages"] for one in step["removes"]}
        self.assertEqual(removed, before - after)
        self.assertEqual(removed, {("libc6", "CVE-2024-0001"), ("libssl3", "CVE-2024-0002"), ("libgone", "CVE-2024-0005")})
        self.assertIn("2 of the 3 findings in the base image's layers go; debian:12.12 (sha256:", base["words"])
        self.assertEqual(after - before, {("libnew", "CVE-2024-0006"), ("libsystemd0", "CVE-2024-0008")})
        self.assertEqual(sorted(one["what"] for one in plan["brings"]), ["deb libnew 1-1: CVE-2024-0006", "deb libsystemd0 252.19-1~deb12u1: CVE-2024-0008"])
        # What is left to do is of the image on the newer base.
        steps = {one["name"]: (one["from"], one["to"]) for action in rest for one in action["steps"]}
        self.assertEqual(steps, {"openssl": ("3.0.17-1~deb12u2", "3.0.17-1~deb12u3"), "curl": ("7.88.1-10", "7.88.1-10+deb12u12"), "lodash": ("4.17.4", "4.17.21")})
        self.assertEqual((plan["findings_before"], plan["findings_after"]), (len(before), 1))
        self.assertEqual([one["id"] for one in plan["unfixable"]], ["CVE-2024-0009"])
        self.assertEqual(plan["base_image"], "")

    def test_the_patch_changes_the_base_image(self):
        self.scan("old", "new")
        (self.at / "Dockerfile").write_text(DOCKERFILE)
        patch = self.run_peekr("plan", "app/image", "--db", "db", "--offline", "-f", "dockerfile-patch")
        done = subprocess.run(["patch", "-p1", "--fuzz=0"], cwd=self.at, input=patch, capture_output=True, text=True)
        self.assertEqual((done.returncode, "offset" in done.stdout), (0, False), done.stdout)
        lines = (self.at / "Dockerfile").read_text().splitlines()
        self.assertEqual(lines[:4], ["FROM golang:1.22 AS build", "RUN go build", "FROM debian:12.12", "RUN apt-get update && apt-get install -y --only-upgrade curl libssl3"])
        self.assertEqual([line for line in lines if line not in DOCKERFILE.splitlines()], [*lines[2:4], "RUN cd /app && npm install lodash@4.17.21"])

    def test_reports_have_it(self):
        self.scan("old", "new")
        text = self.run_peekr("scan", "app/image", "--db", "db", "--offline", "-f", "table", "-f", "json=report.json", "-f", "html=report.html", "-f", "markdown=report.md")
        self.assertIn("1. base image debian:12.4 -> debian:12.12: removes 3 vulnerabilities (3 critical)\n", text)
        self.assertEqual(self.run_peekr("convert", "report.json"), text)
        self.assertEqual(self.run_peekr("convert", "report.json", "-f", "markdown"), (self.at / "report.md").read_text())
        self.assertIn("base image debian:12.4 -&gt; debian:12.12", (self.at / "report.html").read_text())
        self.assertIn("base image debian&#58;12.4", (self.at / "report.md").read_text())
        self.assertEqual(valid("report", (self.at / "report.json").read_text())["plan"]["actions"][0]["type"], "oci")

    def test_a_tag_that_was_moved_is_another_image(self):
        self.scan("old", "moved")
        base = self.base_action()
        self.assertEqual((base["where"], base["command"]), ("debian:12.4", "docker build --pull ."))
        self.assertIn(", which is another image since, was scanned before", base["words"])

    def test_where_it_has_no_name_of_its_own_the_release_of_the_distribution_tells(self):
        self.scan("old", "loose")
        self.assertIsNone(self.base_action(), "other packages: libnew, not libgone")
        self.write("alike", "latest", [root([one for one in NEW if one[0] != "libnew"] + [("libgone", "gone", "1-1")])])
        self.scan("alike")
        base = self.base_action()
        self.assertEqual(base["command"], "")
        self.assertIn("alike/image (sha256:", base["words"])

    def test_what_is_not_later_or_of_another_release_is_none(self):
        self.scan("old", "trixie", "other")
        plan = self.plan()
        self.assertEqual([one["type"] for one in plan["actions"] if one["type"] == "oci"], [])
        self.assertIn("base image debian:12.4: none of its kind that was scanned before is later and has less of a risk (known: 1)", plan["base_image"])
        self.scan("new", "old")
        self.assertIsNone(self.base_action("after"), "the older one")

    def test_what_is_not_known_is_said_and_how_it_would_be(self):
        self.assertEqual(self.plan()["base_image"], "which layers are the base image's is not known: peekr scan NAME, once, tells")
        self.scan("old")
        self.assertEqual(self.plan()["base_image"], "base image debian:12.4: no other one of its kind was scanned before: peekr scan debian:12.4, once, makes the present one known")
        self.assertIn("base image debian:12.4: no other one", self.run_peekr("plan", "app/image", "--db", "db", "--offline"))
        self.scan("new")
        self.assertIsNotNone(self.base_action())
        self.assertIsNone(self.base_action("app", "--no-cache"))
        self.run_peekr("cache", "clear")
        self.assertIsNone(self.base_action())

    def test_without_a_cache_nothing_is_kept(self):
        self.run_peekr("scan", "old/image", "--db", "db", "--offline", "--no-cache")
        self.assertFalse((self.cache / "peekr/layers").exists())

    def test_scans_at_the_same_time_lose_nothing(self):
        command = [PEEKR, "scan", "--db", "db", "--offline", "-q"]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda name: subprocess.run([*command, f"{name}/image"], cwd=self.at, env=os.environ | CLOCK, capture_output=True).returncode,
                                  ["old", "new", "trixie", "app"] * 4))
        self.assertEqual(set(codes), {0})
        self.assertEqual(self.base_action()["command"], "FROM debian:12.12")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
