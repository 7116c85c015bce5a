#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What scan and inventory write for other programs, against the rules of each format and the facts: an image of two layers is made (packages of
Debian and npm, a program known by its bytes, one that nothing accounts for), with advisories of our own (true versions). Where the libraries of a
format are installed, they are asked as well. usage: formats_test.py PEEKR_PROGRAM"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import images  # noqa: E402
from executables import elf, strings  # noqa: E402

PEEKR = os.path.abspath(sys.argv.pop(1))
STATUS = "".join(f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\nVersion: {version}\nMaintainer: A (b) <c@example.org>\n\n"
                 for name, source, version in (("libssl3", "openssl", "3.0.9-1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"),
                                               ("linux-libc-dev", "linux", "6.1.52-1")))
LAYERS = [{"etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "var/lib/dpkg/status": STATUS,
           "usr/share/doc/zlib1g/copyright": "License: Zlib\n", "usr/share/doc/libssl3/copyright": "License: Apache-2.0\n\nLicense: GPL-2+\n",
           "usr/include/linux/a.h": "", "var/lib/dpkg/info/linux-libc-dev.list": "/usr/include/linux/a.h\n"},
          {"app/node_modules/lodash/package.json": json.dumps({"name": "lodash", "version": "4.17.4", "license": "MIT"}),
           "opt/redis": elf(strings("redis_version:%s", "6.2.6", "c11-builtin")), "opt/tool": elf(strings("who knows"))}]


def debian(cve, source, urgency, fixed=None):
    events = [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])
    return {"schema_version": "1.7.0", "id": f"DEBIAN-{cve}", "modified": "2023-10-25T00:00:00Z", "published": "2023-10-25T00:00:00Z", "upstream": [cve],
            "summary": "a \"quoted\" summary, <b>with</b> @mention & more", "references": [{"type": "WEB", "url": "https://example.org/a b"}],
            "affected": [{"package": {"ecosystem": "Debian:12", "name": source}, "ecosystem_specific": {"urgency": urgency},
                          "ranges": [{"type": "ECOSYSTEM", "events": events}]}]}


FEED = {
    "1.json": debian("CVE-2023-5363", "openssl", "high", "3.0.11-1~deb12u2"), "2.json": debian("CVE-2023-45853", "zlib", "high"),
    "3.json": debian("CVE-2023-4244", "linux", "high", "6.1.55-1"),
    "4.json": {"schema_version": "1.7.0", "id": "GHSA-jf85-cpcp-j695", "modified": "2023-10-25T00:00:00Z", "aliases": ["CVE-2019-10744"],
               "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"}],
               "affected": [{"package": {"ecosystem": "npm", "name": "lodash"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "4.17.12"}]}]}]},
    "nvd.json": {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": [{"cve": {
        "id": "CVE-2022-24735", "published": "2022-04-27T20:15:09.677", "lastModified": "2023-01-01T00:00:00.000", "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "en", "value": "Lua scripts run with another user's rights"}], "weaknesses": [{"description": [{"lang": "en", "value": "CWE-94"}]}],
        "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {"vectorString": "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"}}]},
        "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": [
            {"vulnerable": True, "criteria": "cpe:2.3:a:redis:redis:*:*:*:*:*:*:*:*", "versionEndExcluding": "6.2.7"}]}]}]}}]}}
FOUND = ["CVE-2019-10744", "CVE-2022-24735", "CVE-2023-45853", "CVE-2023-5363"]


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.at = Path(cls.temporary.name)
        tars = []
        for number, files in enumerate(LAYERS):
            for name, data in files.items():
                path = cls.at / f"layer{number}" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data if isinstance(data, bytes) else data.encode())
            tars.append(images.tar_of_folder(cls.at / f"layer{number}"))
        image = images.Image(tars, "oci-dir-gzip", tag="registry.example/team/app:1")
        images.write(images.files_of([image]), "oci-dir", cls.at)
        (cls.at / "feed").mkdir()
        for name, data in FEED.items():
            (cls.at / "feed" / name).write_text(json.dumps(data))
        (cls.at / "clean/etc").mkdir(parents=True)
        (cls.at / "clean/etc/os-release").write_text('ID=debian\nVERSION_ID="12"\n')
        (cls.at / "clean/var/lib/dpkg").mkdir(parents=True)
        (cls.at / "clean/var/lib/dpkg/status").write_text("Package: tar\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.34\n")
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def run_peekr(cls, *arguments, code=0):
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "ASAN_OPTIONS": "exitcode=99"}
        done = subprocess.run([PEEKR, *arguments], cwd=cls.at, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == code, (arguments, done.returncode, done.stderr)
        return done.stdout

    def scan(self, form, target="image", *options):
        return self.run_peekr("scan", target, "--db", "db", "--offline", "-f", form, *options)

    def found(self, target, *options):
        report = json.loads(self.scan("json", target, *options))
        return sorted((one["id"], one["package"]["type"], one["package"]["name"], one["package"]["version"], one["fixed_in"]) for one in report["findings"])

    def of_each(self, form, inventory=True):
        """The same format on an image with findings, on one without, and on a list of packages."""
        texts = [self.scan(form), self.scan(form, "rootfs:clean")]
        return texts + [self.run_peekr("inventory", "image", "-f", form)] if inventory else texts

    def test_the_image_is_what_the_other_tests_want(self):
        self.assertEqual([one[0] for one in self.found("image")], FOUND)
        report = json.loads(self.scan("json"))
        self.assertEqual([(one["id"], one["rule"]) for one in report["suppressed"]], [("CVE-2023-4244", "host_kernel")])

    def spdx_rules(self, document):
        self.assertEqual((document["spdxVersion"], document["dataLicense"], document["SPDXID"]), ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"))
        self.assertRegex(document["documentNamespace"], "^urn:uuid:[0-9a-f-]{36}$")
        self.assertRegex(document["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertRegex(document["creationInfo"]["creators"][0], "^Tool: peekr-")
        ids = [one["SPDXID"] for one in document["packages"]]
        self.assertEqual(len(ids), len(set(ids)))
        for one in document["packages"]:
            self.assertRegex(one["SPDXID"], r"^SPDXRef-[a-zA-Z0-9.-]+$")
            self.assertTrue(one["name"])
            self.assertIs(one["filesAnalyzed"], False)
            self.assertEqual([one[key] for key in ("downloadLocation", "licenseConcluded", "copyrightText")], ["NOASSERTION"] * 3)
            for checksum in one.get("checksums", []):
                self.assertRegex(checksum["checksumValue"], "^[0-9a-f]{64}$")
            for reference in one.get("externalRefs", []):
                self.assertNotRegex(reference["referenceLocator"], r"\s")
        self.assertEqual({one["relatedSpdxElement"] for one in document["relationships"]}, set(ids))
        self.assertLessEqual({one["spdxElementId"] for one in document["relationships"]}, set(ids) | {"SPDXRef-DOCUMENT"})
        self.assertEqual([one["relationshipType"] for one in document["relationships"] if one["spdxElementId"] == "SPDXRef-DOCUMENT"], ["DESCRIBES"])

    def test_spdx(self):
        texts = {form: self.of_each(form) for form in ("spdx-json", "spdx-tag-value")}
        for text in texts["spdx-json"]:
            self.spdx_rules(json.loads(text))
        document = json.loads(texts["spdx-json"][0])
        named = {one["name"]: one for one in document["packages"]}
        self.assertEqual((named["libssl3"]["licenseDeclared"], named["zlib1g"]["licenseDeclared"]), ("NOASSERTION", "Zlib"))
        self.assertEqual(named["libssl3"]["licenseComments"], "the package says: Apache-2.0, GPL-2+")
        self.assertEqual(named["libssl3"]["supplier"], "Organization: A (b)")
        self.assertEqual(named["opt/tool"]["primaryPackagePurpose"], "FILE")
        manifest = json.loads((self.at / "image/index.json").read_text())["manifests"][0]["digest"].removeprefix("sha256:")
        layers = [one["digest"].removeprefix("sha256:") for one in json.loads((self.at / f"image/blobs/sha256/{manifest}").read_text())["layers"]]
        self.assertEqual([named[name]["checksums"][0]["checksumValue"] for name in ("registry.example/team/app", "layer 1 of 2", "layer 2 of 2")], [manifest, *layers])
        whole = {one["relatedSpdxElement"]: one["spdxElementId"] for one in document["relationships"]}
        self.assertEqual([whole[named[name]["SPDXID"]] for name in ("libssl3", "lodash")], ["SPDXRef-Layer-0", "SPDXRef-Layer-1"])
        advisories = [one["referenceLocator"] for one in named["libssl3"]["externalRefs"] if one["referenceType"] == "advisory"]
        self.assertEqual(advisories, ["https://nvd.nist.gov/vuln/detail/CVE-2023-5363"])
        self.assertNotIn("advisory", texts["spdx-json"][2])
        for form, name in (("spdx-json", "a.spdx.json"), ("spdx-tag-value", "a.spdx")):
            for text in texts[form]:
                (self.at / name).write_text(text)
                self.spdx_tools(name)
            (self.at / name).write_text(texts[form][0])
            self.assertEqual(self.found(name), self.found("image"), form)
            (self.at / name).write_text(texts[form][2])
            self.assertEqual(self.found("sbom:" + name), self.found("image"), form)

    def spdx_tools(self, name):
        try:
            from spdx_tools.spdx.parser.parse_anything import parse_file
            from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
        except ImportError:
            return
        self.assertEqual([one.validation_message for one in validate_full_spdx_document(parse_file(str(self.at / name)))], [])

    def test_cyclonedx_read_back(self):
        for text in (self.scan("cyclonedx-json"), self.run_peekr("inventory", "image", "-f", "cyclonedx-json")):
            (self.at / "a.cdx.json").write_text(text)
            self.assertEqual(self.found("a.cdx.json"), self.found("image"))


if __name__ == "__main__":
    unittest.main()
