#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peekr convert: what it makes of a saved report is, byte for byte, what the scan itself writes, in every format and with every option that
changes how it looks: of an image with findings, malware, exceptions, VEX, names that are no text, gates; and of one with nothing in it. e2e_test.py
asks the same of its images. usage: convert_test.py PEEKR_PROGRAM"""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import Case, as_kept, status, write_files, write_image  # noqa: E402
from executables import elf, strings  # noqa: E402

STATUS = status([("libssl3", "openssl", "3.0.9-1"), ("openssl", "openssl", "3.0.9-1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"), ("linux-libc-dev", "linux", "6.1.52-1")])
LAYERS = [{"etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "var/lib/dpkg/status": STATUS,
           "usr/include/linux/a.h": "", "var/lib/dpkg/info/linux-libc-dev.list": "/usr/include/linux/a.h\n",
           "usr/lib/python3/dist-packages/a.dist-info/METADATA": "Name: certifi\nVersion: 2022.9.24\n"},
          {"app/node_modules/lodash/package.json": json.dumps({"name": "lodash", "version": "4.17.4", "license": "MIT"}),
           "app/caf\udce9\x7f/node_modules/lodash/package.json": json.dumps({"name": "lodash", "version": "4.17.4"}),
           "app/node_modules/evil/package.json": json.dumps({"name": "evil", "version": "1.0.0"}), "app/a.jar": "no archive",
           "opt/redis": elf(strings("redis_version:%s", "6.2.6", "c11-builtin")), "opt/tool": elf(strings("who knows"))}]


def osv(identity, ecosystem, package, fixed=None, **more):
    events = [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])
    return {"schema_version": "1.7.0", "id": identity, "modified": "2023-10-25T00:00:00Z", "published": "2023-10-25T00:00:00Z",
            "affected": [{"package": {"ecosystem": ecosystem, "name": package}, "ranges": [{"type": "SEMVER" if ecosystem == "npm" else "ECOSYSTEM", "events": events}]}], **more}


CVSS = {"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"}]}
FEED = {"1.json": osv("DEBIAN-CVE-2023-5363", "Debian:12", "openssl", "3.0.11-1~deb12u2", upstream=["CVE-2023-5363"], summary="keys\nand \"vectors\"", **CVSS),
        "2.json": osv("DEBIAN-CVE-2023-45853", "Debian:12", "zlib", upstream=["CVE-2023-45853"]),
        "3.json": osv("DEBIAN-CVE-2023-4244", "Debian:12", "linux", "6.1.55-1", upstream=["CVE-2023-4244"]),
        "4.json": osv("GHSA-jf85-cpcp-j695", "npm", "lodash", "4.17.12", aliases=["CVE-2019-10744"], **CVSS),
        "5.json": osv("MAL-2024-1", "npm", "evil"),
        "6.json": osv("DEBIAN-CVE-2023-5678", "Debian:12", "openssl", upstream=["CVE-2023-5678"]),
        "kev.json": {"catalogVersion": "1", "dateReleased": "2023-11-01T00:00:00Z", "vulnerabilities": [
            {"cveID": "CVE-2019-10744", "dateAdded": "2022-03-03", "dueDate": "2022-03-24", "requiredAction": "Apply updates.", "knownRansomwareCampaignUse": "Known"}]}}
EPSS = "#model_version:v2023.03.01,score_date:2023-11-14T00:00:00+0000\ncve,epss,percentile\nCVE-2023-5363,0.00217,0.590123\nCVE-2023-45853,0.97409,0.99900\n"
TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures/report/template/typical/in/template")
RULES = "vulnerabilities:\n  - id: CVE-2023-5678\n    reason: not used, \"they\" say\n"
VEX = {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "us", "timestamp": "2023-11-01T00:00:00Z", "version": 1,
       "statements": [{"vulnerability": {"name": "CVE-2023-45853"}, "products": [{"@id": "pkg:deb/debian/zlib1g"}], "status": "not_affected",
                       "justification": "vulnerable_code_not_present"}]}


class Convert(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_image(cls.at, LAYERS, "registry.example/team/app:1")
        write_files(cls.at / "feed", FEED | {"epss.csv": EPSS})
        write_files(cls.at, {"rules.yaml": RULES, "vex.json": VEX})
        (cls.at / "nothing").mkdir()
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")
        lines = cls.run_peekr("list", "formats").splitlines()
        cls.formats = [line.split()[0] for line in lines if line[0] != " "] + ["cyclonedx-json@1.4", "spdx-json@3.0"]

    def written(self, *command, code=0, formats=None):
        """{format: what one run of the command writes in it}."""
        formats = formats or self.formats
        self.run_peekr(*command, "--template", TEMPLATE, *(word for form in formats for word in ("-f", f"{form}=out-{form}")), code=code)
        return {form: (self.at / f"out-{form}").read_bytes().decode("utf-8", "surrogateescape") for form in formats}

    def converts(self, report, want, *looks):
        for form, text in self.written("convert", report, *looks, formats=list(want)).items():
            self.assertEqual(text, want[form], form)

    def same(self, *options, looks=(), code=0, target="image"):
        """In every format: by the scan, and by convert of the scan's JSON."""
        scan = ["scan", target, "--db", "db", "--offline", *options]
        report = self.run_peekr(*scan, "-f", "json", code=code)
        write_files(self.at, {"report.json": report})
        self.converts("report.json", self.written(*scan, *looks, code=code), *looks)
        return json.loads(report)

    def test_findings_malware_and_names_that_are_no_text(self):
        report = self.same()
        self.assertIn("not rated: peekr db update --feeds nvd --db db fetches", self.run_peekr("scan", "image", "--db", "db", "--offline"))
        self.assertEqual(sorted({one["id"] for one in report["findings"]}), ["CVE-2019-10744", "CVE-2023-45853", "CVE-2023-5363", "CVE-2023-5678"])
        self.assertEqual([one["id"] for one in report["malware"]], ["MAL-2024-1"])
        self.assertEqual([one["rule"] for one in report["suppressed"]], ["host_kernel"])
        odd = [one for one in report["packages"] if "path_bytes" in one]
        self.assertEqual(len(odd), 1, "the JSON keeps what is no UTF-8")
        self.assertGreater(len(report["plan"]["actions"]), 0)

    def test_what_rules_took_out_and_how_it_looks(self):
        rules = ["--ignorefile", "rules.yaml", "--vex", "vex.json", "--severity", "high,critical,unknown", "--fail-on", "high"]
        report = self.same(*rules, code=2)
        self.assertEqual({one["rule"] for one in report["suppressed"]}, {"host_kernel", "exception", "vex"})
        self.same(*rules, code=2, looks=["--show-suppressed", "--split", "--sort", "risk"])
        for order in "epss", "kev", "package", "fix", "severity":
            self.same(looks=["--sort", order])

    def test_the_exit_code_of_the_scan_is_not_that_of_convert(self):
        self.run_peekr("scan", "image", "--db", "db", "--offline", "--fail-on", "low", "-f", "json", "-o", "failed.json", "-q", code=2)
        self.assertEqual(self.told("convert", "failed.json"), "exit code 2 was that of the scan\n")
        self.assertEqual(self.told("convert", "failed.json", "-q"), "")

    def test_any_order_of_the_saved_report(self):
        want = self.written("scan", "image", "--db", "db", "--offline")
        for order in "risk", "fix":
            self.run_peekr("scan", "image", "--db", "db", "--offline", "--sort", order, "-f", "json", "-o", "sorted.json", "-q")
            self.converts("sorted.json", want)

    def test_nothing_in_it_an_sbom_and_a_package(self):
        self.same(target="rootfs:nothing")
        self.run_peekr("inventory", "image", "-f", "cyclonedx-json", "-o", "a.cdx.json", "-q")
        self.same(target="a.cdx.json")
        self.same(target="pkg:npm/lodash@4.17.4")

    def test_an_inventory(self):
        self.run_peekr("inventory", "image", "-f", "json", "--files", "-o", "inventory.json", "-q")
        of_packages = []
        for form in self.formats:
            how = ["-f", form, *(["--template", TEMPLATE] if form == "template" else [])]
            try:
                self.run_peekr("inventory", "rootfs:nothing", *how)
                of_packages.append(form)
            except AssertionError:
                self.assertIn(f"--format {form}: is of findings", self.told("convert", "inventory.json", *how, code=1))
        self.assertIn("table", of_packages)
        self.converts("inventory.json", self.written("inventory", "image", "--files", formats=of_packages))

    def test_several_formats_and_standard_input(self):
        report = self.run_peekr("scan", "image", "--db", "db", "--offline", "-f", "json")
        table = self.run_peekr("convert", "-", "-f", "table", "-f", "csv=a.csv", "-f", "json=a.json", given=report)
        self.assertEqual(table, as_kept(self.run_peekr("scan", "image", "--db", "db", "--offline")))
        self.assertEqual((self.at / "a.json").read_bytes(), report.encode())
        self.assertEqual((self.at / "a.csv").read_bytes().decode(), self.run_peekr("scan", "image", "--db", "db", "--offline", "-f", "csv"))

    def test_what_is_no_report(self):
        for text, why in (("{", "not JSON"), ("[]", "is no record"), ("{}", "schema_version: is missing"), ('{"schema_version": 9}', "schema_version: is 9"),
                          ('{"schema_version": 1}', "peekr: is missing")):
            (self.at / "odd.json").write_text(text)
            self.assertIn(f"odd.json: {why}", self.told("convert", "odd.json", code=1))
        self.assertIn("no-such.json", self.told("convert", "no-such.json", code=1))


if __name__ == "__main__":
    unittest.main()
