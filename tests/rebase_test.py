#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The base image as an action of the plan: two generations of one are fetched from a registry and scanned, and an image on the older. What the plan says that the newer one removes, and
brings, is what a scan of the same layers on the newer one shows. usage: rebase_test.py PEEKR_PROGRAM"""
import concurrent.futures
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import images  # noqa: E402
import registries  # noqa: E402
from case import CLOCK, PEEKR, Case, as_kept, status, valid, write_files, write_image  # noqa: E402

SAME = [("apt", "apt", "2.6.1"), ("bash", "bash", "5.2.15-2+b2"), ("coreutils", "coreutils", "9.1-1"), ("dpkg", "dpkg", "1.21.22"), ("grep", "grep", "3.8-5"),
        ("gzip", "gzip", "1.12-1"), ("hostname", "hostname", "3.23+nmu1"), ("login", "shadow", "1:4.13+dfsg1-1"), ("mawk", "mawk", "1.3.4.20200120-3.1"),
        ("sed", "sed", "4.9-1"), ("tar", "tar", "1.34+dfsg-1.2+deb12u1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"), ("libacl1", "acl", "2.3.1-3"),
        ("libattr1", "attr", "1:2.5.1-4"), ("libbz2-1.0", "bzip2", "1.0.8-5+b1"), ("liblz4-1", "lz4", "1.9.4-1"), ("debianutils", "debianutils", "5.7-0.5~deb12u1"),
        ("gpgv", "gnupg2", "2.2.40-1.1"), *((f"lib{one}", one, "1-1") for one in ("audit", "cap", "crypt", "db", "ffi", "gmp", "hogweed", "idn", "mount", "nettle"))]
OLD = [*SAME, ("libc6", "glibc", "2.36-9+deb12u3"), ("libssl3", "openssl", "3.0.11-1~deb12u2"), ("libsystemd0", "systemd", "252.19-1~deb12u1"), ("libgone", "gone", "1-1")]
NEW = [*SAME, ("libc6", "glibc", "2.36-9+deb12u13"), ("libssl3", "openssl", "3.0.17-1~deb12u2"), ("libsystemd0", "systemd", "252.39-1~deb12u1"), ("libnew", "new", "1-1")]
OWN = [("curl", "curl", "7.88.1-10"), ("libssl3", "openssl", "3.0.14-1~deb12u1")]


def osv(cve, package, *events, ecosystem="Debian:12"):
    kind = "ECOSYSTEM" if ":" in ecosystem else "SEMVER"
    return {"schema_version": "1.7.0", "id": f"DEBIAN-{cve}" if ":" in ecosystem else f"GHSA-{cve[4:]}", "modified": "2023-10-25T00:00:00Z", "aliases": [cve], "upstream": [],
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"}],
            "affected": [{"package": {"ecosystem": ecosystem, "name": package}, "ranges": [{"type": kind, "events": [{kind: version} for kind, version in events]}]}]}


FEED = [osv("CVE-2024-0001", "glibc", ("introduced", "0"), ("fixed", "2.36-9+deb12u4")),
        osv("CVE-2024-0011", "glibc", ("introduced", "0"), ("fixed", "2.36-9+deb12u5")),
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
            {"app/package.json": {"dependencies": {"lodash": "4.17.4"}}, "app/node_modules/lodash/package.json": {"name": "lodash", "version": "4.17.4"},
             "usr/lib/node_modules/npm/package.json": {"name": "npm", "version": "11.0.0"}}]


class Rebase(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_files(cls.at / "feed", {f"{number}.json": record for number, record in enumerate(FEED)})
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")
        cls.registry = registries.Registry(cls.at / "storage")
        cls.addClassCleanup(cls.registry.close)
        for name, layers in (("old", [root(OLD)]), ("new", [root(NEW)]), ("older", [root(OLD[:-1])]), ("trixie", [root(NEW, "13")]), ("app", [root(OLD), *on(OLD)]), ("after", [root(NEW), *on(NEW)])):
            write_image(cls.at / name, layers, "debian:12.12")
        for name, tag in (("old", "debian:12.4"), ("new", "debian:12.12"), ("older", "debian:12.5"), ("trixie", "debian:12.13")):
            cls.push(name, tag)
        cls.old, cls.new = (f"{cls.registry.host}/debian:{tag}" for tag in ("12.4", "12.12"))

    @classmethod
    def push(cls, name, tag):
        registries.push(f"oci:{cls.at / name / 'image'}", cls.registry, tag)

    def setUp(self):
        self.cache = self.at / self.id().rsplit(".", 1)[1]
        os.environ.update(XDG_CACHE_HOME=str(self.cache), PEEKR_CACHE_SIZE="1G")

    def scan(self, *names, options=()):
        """Without looking for vulnerabilities: that would fetch what is known of them."""
        for name in names:
            self.run_peekr("inventory", name if "/" in name else f"{self.registry.host}/debian:{name}", "-q", *options)

    def plan(self, name="app", *options):
        return valid("plan", self.run_peekr("plan", f"{name}/image", "--db", "db", "--offline", "-f", "json", *options))

    def base_action(self, name="app", *options):
        return next((one for one in self.plan(name, *options)["actions"] if one["type"] == "oci"), None)

    def found(self, name):
        report = json.loads(self.run_peekr("scan", f"{name}/image", "--db", "db", "--offline", "-f", "json", "--no-cache"))
        return {(one["package"]["name"], one["id"]) for one in report["findings"]}

    def test_what_is_promised_is_what_is_there_then(self):
        self.scan("12.4", "12.12")
        plan = self.plan()
        base, *rest = plan["actions"]
        self.assertEqual((base["type"], base["where"], base["command"]), ("oci", self.old, f"FROM {self.new}"))
        before, after = self.found("app"), self.found("after")
        removed = {(package["name"], one["id"]) for step in base["steps"] for package in step["packages"] for one in step["removes"]}
        self.assertEqual(removed, before - after)
        self.assertEqual(removed, {("libc6", "CVE-2024-0001"), ("libc6", "CVE-2024-0011"), ("libssl3", "CVE-2024-0002"), ("libgone", "CVE-2024-0005")})
        self.assertIn(f"3 of the 4 findings in the base image's layers go; {self.new} (sha256:", base["words"])
        self.assertEqual(after - before, {("libnew", "CVE-2024-0006"), ("libsystemd0", "CVE-2024-0008")})
        # That your layers remove tar is not known.
        self.assertEqual(sorted(one["what"] for one in plan["brings"]),
                         ["deb libnew 1-1: CVE-2024-0006", "deb libsystemd0 252.19-1~deb12u1: CVE-2024-0008", "deb tar 1.34+dfsg-1.2+deb12u1: CVE-2024-0004"])
        # What is left to do is of the image on the newer base.
        steps = {one["name"]: (one["from"], one["to"]) for action in rest for one in action["steps"]}
        self.assertEqual(steps, {"openssl": ("3.0.17-1~deb12u2", "3.0.17-1~deb12u3"), "curl": ("7.88.1-10", "7.88.1-10+deb12u12"), "lodash": ("4.17.4", "4.17.21")})
        self.assertEqual((plan["findings_before"], plan["findings_after"]), (len(before), 1))
        self.assertEqual([one["id"] for one in plan["unfixable"]], ["CVE-2024-0009"])
        self.assertEqual(plan["base_image"], "")

    def test_the_patch_changes_the_base_image(self):
        self.scan("12.4", "12.12")
        lines, added, told = self.patched(DOCKERFILE.replace("debian:12.4", self.old))
        self.assertEqual(lines[:4], ["FROM golang:1.22 AS build", "RUN go build", f"FROM {self.new}", "RUN apt-get update && apt-get install -y --only-upgrade curl libssl3"])
        self.assertEqual(added, [*lines[2:4], "RUN cd /app && npm install --omit=dev lodash@4.17.21"])
        self.assertNotIn("not in the patch", told)

    def test_where_the_from_stays_the_rest_is_of_the_base_image_that_is_there(self):
        self.scan("12.4", "12.12")
        for line in (f"{self.registry.host}/debian:$V", f"{self.old}@sha256:{'0' * 64}"):
            lines, added, told = self.patched(DOCKERFILE.replace("debian:12.4", line))
            self.assertEqual(lines[2], f"FROM {line}")
            self.assertEqual(added, ["RUN apt-get update && apt-get install -y --only-upgrade curl libc6 libssl3", "RUN cd /app && npm install --omit=dev lodash@4.17.21"])
            self.assertIn(f"not in the patch: oci {self.old}: FROM {self.new}\n", told)

    def patched(self, dockerfile):
        """Its lines then, those that are new, and what is told."""
        (self.at / "Dockerfile").write_text(dockerfile)
        patch, told = self.done("plan", "app/image", "--db", "db", "--offline", "-f", "dockerfile-patch")
        done = subprocess.run(["patch", "-p1", "--fuzz=0"], cwd=self.at, input=patch, capture_output=True, text=True)
        self.assertEqual((done.returncode, "offset" in done.stdout), (0, False), done.stdout)
        lines = (self.at / "Dockerfile").read_text().splitlines()
        return lines, [line for line in lines if line not in dockerfile.splitlines()], told

    def test_reports_have_it(self):
        self.scan("12.4", "12.12")
        text = self.run_peekr("scan", "app/image", "--db", "db", "--offline", "-f", "table", "-f", "json=report.json", "-f", "html=report.html", "-f", "markdown=report.md")
        self.assertIn(f"1. base image {self.old} -> {self.new}: removes 4 vulnerabilities (4 critical)", " ".join(text.split()))
        self.assertEqual(self.run_peekr("convert", "report.json"), as_kept(text))
        self.assertEqual(self.run_peekr("convert", "report.json", "-f", "markdown"), (self.at / "report.md").read_text())
        self.assertIn(f"base image {self.old} -&gt; {self.new}", (self.at / "report.html").read_text())
        self.assertIn("&#47;debian&#58;12.4", (self.at / "report.md").read_text())
        self.assertEqual(valid("report", (self.at / "report.json").read_text())["plan"]["actions"][0]["type"], "oci")

    def test_a_tag_that_was_moved_is_another_image(self):
        name = f"{self.registry.host}/moving:1"
        self.push("old", "moving:1")
        self.scan(name)
        self.push("new", "moving:1")
        self.scan(name)
        base = self.base_action()
        self.assertEqual((base["where"], base["command"]), (name, "docker build --pull ."))
        self.assertIn(", which is another image since, was scanned before", base["words"])
        self.assertIn(f"base image {name}, as it is now removes 4 ", " ".join(self.run_peekr("plan", "app/image", "--db", "db", "--offline").split()))

    def test_what_an_image_says_of_itself_makes_it_nobodys_base(self):
        self.scan("12.4", "new/image")
        self.assertIsNone(self.base_action())

    def test_what_was_not_read_whole_makes_nobodys_base(self):
        self.scan("12.4")
        self.scan("12.12", options=["--limit", "file_bytes=10"])
        self.assertIsNone(self.base_action())
        self.scan("12.12")
        self.assertIsNotNone(self.base_action())

    def test_the_same_plan_twice_is_the_same(self):
        self.scan("12.12", "12.5", "12.13", "12.4")
        self.assertEqual(self.plan(), self.plan())

    def test_what_is_not_later_or_of_another_release_is_none(self):
        self.scan("12.4", "12.5", "12.13")
        plan = self.plan()
        self.assertEqual([one["type"] for one in plan["actions"] if one["type"] == "oci"], [])
        self.assertIn(f"base image {self.old}: none of its line that was scanned before is later and has less of a risk (known: 2)", plan["base_image"])
        self.scan("12.12", "12.4")
        self.assertIsNone(self.base_action("after"), "the older one")

    def test_what_is_not_known_is_said_and_how_it_would_be(self):
        self.assertEqual(self.plan()["base_image"], "which layers are the base image's is not known: peekr scan NAME, once, tells")
        self.scan("12.4")
        known = f"base image {self.old}: no later one was fetched from its registry before: peekr scan {self.old} (or a later tag), once, makes it known"
        self.assertEqual(self.plan()["base_image"], known)
        self.assertIn(f"base image {self.old}: no later one", self.run_peekr("plan", "app/image", "--db", "db", "--offline"))
        self.scan("12.12")
        self.assertIsNotNone(self.base_action())
        self.assertIsNone(self.base_action("app", "--no-cache"))
        self.run_peekr("cache", "clear")
        self.assertIsNone(self.base_action())

    def test_without_a_cache_nothing_is_kept(self):
        self.run_peekr("inventory", self.old, "--no-cache")
        self.assertFalse((self.cache / "peekr/layers").exists())

    def test_scans_at_the_same_time_lose_nothing(self):
        command = [PEEKR, "inventory", "-q"]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda name: subprocess.run([*command, name], cwd=self.at, env=os.environ | CLOCK, capture_output=True).returncode,
                                  [self.old, self.new, "trixie/image", "app/image"] * 4))
        self.assertEqual(set(codes), {0})
        self.assertEqual(self.base_action()["command"], f"FROM {self.new}")


if __name__ == "__main__":
    registries.main()
