#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/ci.md: every command of it that needs no network is run as it stands there, on an image with a finding. usage: ci_docs_test.py PEEKR_PROGRAM"""
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import CLOCK, PEEKR, Case, status, write_files, write_image  # noqa: E402

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../docs/ci.md")
FEED = {"1.json": {"schema_version": "1.7.0", "id": "DEBIAN-CVE-2023-5363", "modified": "2023-10-25T00:00:00Z", "published": "2023-10-25T00:00:00Z",
                   "upstream": ["CVE-2023-5363"], "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"}],
                   "affected": [{"package": {"ecosystem": "Debian:12", "name": "openssl"},
                                 "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.11-1~deb12u2"}]}]}]}}
# What the pipelines set; a name in a registry becomes that of a folder.
SET = {"IMAGE": "oci-dir:image:1", "CI_REGISTRY_IMAGE": "oci-dir:image", "CI_COMMIT_SHA": "1", "CI_REGISTRY_USER": "u", "CI_REGISTRY_PASSWORD": "p", "TOKEN": "t"}
ENGINE = 'docker run --rm --user "$(id -u):0" -v peekr:/var/cache/peekr -v ~/.docker:/docker:ro -e DOCKER_CONFIG=/docker registry.example/peekr:0.1.0'
ELSEWHERE = {ENGINE: "peekr", "docker:$IMAGE": "$IMAGE", "/srv/peekr/": "", "peekr db update && ": "", "36h": "90d"}  # an engine, a folder, the network, and the day of the advisory


def commands():
    """The blocks of shell whole; of the others, from "peekr" to where a quote, a comment or a bracket of theirs ends it."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    for language, block in re.findall(r"```(\w*)\n(.*?)```", page, re.S):
        if language == "sh":
            yield block
            continue
        block = re.sub(r"\n +(?=-f )", " ", block)
        for line in block.splitlines():
            found = re.search(r"(printf %s \S+ \| )?peekr (scan|inventory|db|diff) .*", line)
            if found:
                yield re.split(r"' \}|; done| \|\| ", found[0])[0]
    yield from re.findall(r"`(peekr [^`]*)`", page)


class CiDocs(Case):
    def test_every_command_says_what_it_found(self):
        packages = status([("libssl3", "openssl", "3.0.9-1")])
        write_image(self.at, [{"etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "var/lib/dpkg/status": packages}], "1")
        write_files(self.at / "feed", FEED)
        write_files(self.at, {"package-lock.json": {"lockfileVersion": 3, "packages": {}}})
        self.run_peekr("db", "build", "--from", "feed", "--db", "db")
        self.run_peekr("scan", SET["IMAGE"], "--db", "db", "-f", "json=last.json", "-q")
        self.run_peekr("inventory", SET["IMAGE"], "-f", "cyclonedx-json=app.cdx.json", "-q")
        environment = os.environ | CLOCK | SET | {"PEEKR_DB": "db", "sbom": "app.cdx.json", "PATH": os.path.dirname(PEEKR) + ":" + os.environ["PATH"]}
        seen = 0
        for command in commands():
            for there, here in ELSEWHERE.items():
                command = command.replace(there, here)
            with self.subTest(command=command):
                done = subprocess.run(["sh", "-c", command], cwd=self.at, env=environment, capture_output=True, text=True, timeout=120, check=False)
                self.assertIn(done.returncode, (0, 2), done.stderr)
                self.assertNotIn("usage", done.stderr)
                if "app.cdx.json" in command or "$sbom" in command:  # by a timer, which mails or keeps whatever is written
                    self.assertEqual(done.stdout, "")
                seen += 1
        self.assertGreaterEqual(seen, 9)
        for written in ("peekr.json", "peekr.sarif", "peekr.md", "peekr.xml", "gl-container-scanning-report.json", "all.peekr"):
            self.assertTrue((self.at / written).stat().st_size > 0, written)


    def test_jobs_take_nothing_from_the_checkout(self):
        with open(PAGE, encoding="utf-8") as file:
            page = file.read()
        jobs = page.partition("## A timer")[0]
        asked = re.findall(r"peekr (?:scan|diff) (?:.*\\\n|.*\n +-f .*|.*)+", "\n".join(re.findall(r"```\w*\n(.*?)```", jobs, re.S)))
        self.assertGreaterEqual(len(asked), 7)
        for command in asked:
            self.assertIn("--ignorefile none", command)
        for inside in ("github.workspace", "WORKSPACE}/", " ./peekr"):
            self.assertNotIn(inside, page)
        self.assertIn("GIT_STRATEGY: none", page.partition("## GitLab")[2].partition("## Jenkins")[0])


if __name__ == "__main__":
    unittest.main()
