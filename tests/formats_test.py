#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What scan and inventory write for other programs, against the rules of each format and the facts: an image of two layers is made (packages of
Debian and npm, a program known by its bytes, one that nothing accounts for), with advisories of our own (true versions). Where the libraries of a
format are installed, they are asked as well. usage: formats_test.py PEEKR_PROGRAM"""
import csv
import io
import json
import os
import re
import sys
import unittest
import unittest.mock
from xml.etree import ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import Case, status, write_files, write_image  # noqa: E402
from executables import elf, strings  # noqa: E402

STATUS = status([("libssl3", "openssl", "3.0.9-1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"), ("linux-libc-dev", "linux", "6.1.52-1")], "Maintainer: A (b) <c@example.org>")
LAYERS = [{"etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "var/lib/dpkg/status": STATUS,
           "usr/share/doc/zlib1g/copyright": "License: Zlib\n", "usr/share/doc/libssl3/copyright": "License: Apache-2.0\n\nLicense: GPL-2+\n",
           "usr/include/linux/a.h": "", "var/lib/dpkg/info/linux-libc-dev.list": "/usr/include/linux/a.h\n"},
          {"app/node_modules/lodash/package.json": json.dumps({"name": "lodash", "version": "4.17.4", "license": "(MIT OR Apache-2.0)"}),
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


CYCLONEDX = ("1.4", "1.5", "1.6", "1.7")


class Formats(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_image(cls.at, LAYERS, "registry.example/team/app:1")
        write_files(cls.at / "feed", FEED)
        write_files(cls.at / "clean", {"etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
                                       "var/lib/dpkg/status": "Package: tar\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.34\n"})
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")

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
            (self.at / name).write_text(texts[form][0])
            self.assertEqual(self.found(name), self.found("image"), form)
            (self.at / name).write_text(texts[form][2])
            self.assertEqual(self.found("sbom:" + name), self.found("image"), form)

    def test_junit(self):
        for form, counts in zip(self.of_each("junit", inventory=False), (("6", "4", "0", "1"), ("1", "0", "0", "0"))):
            suite = ElementTree.fromstring(form).find("testsuite")
            cases = suite.findall("testcase")
            self.assertEqual(tuple(suite.get(key) for key in ("tests", "failures", "errors", "skipped")), counts)
            self.assertEqual(tuple(str(sum(case.find(tag) is not None for case in cases)) for tag in ("failure", "error", "skipped")), counts[1:])
            self.assertEqual(str(len(cases)), counts[0])
            for case in cases:
                self.assertTrue(case.get("classname") and case.get("name"))
        self.assertIn("</failure>", self.scan("junit"))

    def test_gitlab(self):
        for text in self.of_each("gitlab", inventory=False):
            report = json.loads(text)
            scan = report["scan"]
            self.assertEqual((report["version"], scan["type"], scan["status"]), ("15.0.7", "container_scanning", "success"))
            for key in "start_time", "end_time":
                self.assertRegex(scan[key], r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$")
            for tool in scan["analyzer"], scan["scanner"]:
                self.assertTrue(tool["id"] and tool["name"] and tool["version"] and tool["vendor"]["name"])
            for one in report["vulnerabilities"]:
                self.assertLessEqual(len(one["name"]), 255)
                self.assertLessEqual(len(one["solution"]), 7000)
                self.assertIn(one["severity"], ("Info", "Unknown", "Low", "Medium", "High", "Critical"))
                for of in one["identifiers"]:
                    self.assertTrue(of["type"] and of["name"] and of["value"] and of["url"].startswith("https://"))
                self.assertTrue(all(re.match("^(https?|ftp)://.+", link["url"]) for link in one["links"]))
                self.assertEqual(one["location"]["image"], "registry.example/team/app:1")
                self.assertEqual(one["location"]["operating_system"], "Debian GNU/Linux 12 (bookworm)")
                self.assertTrue(one["location"]["dependency"]["package"]["name"] and one["location"]["dependency"]["version"])
            ids = [one["id"] for one in report["vulnerabilities"]]
            self.assertEqual(len(ids), len(set(ids)))
        redis = next(one for one in json.loads(self.scan("gitlab"))["vulnerabilities"] if one["identifiers"][0]["value"] == "CVE-2022-24735")
        self.assertIn({"type": "cwe", "name": "CWE-94", "value": "94", "url": "https://cwe.mitre.org/data/definitions/94.html"}, redis["identifiers"])
        self.assertEqual(redis["cvss_vectors"], [{"vendor": "NVD", "vector": "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"}])

    def test_github(self):
        found, clean = self.of_each("github", inventory=False)
        for line in found.splitlines():
            self.assertRegex(line, "^::(error|warning|notice) title=[^:,]+::.+$")
        self.assertEqual(sum(line.startswith("::error title=CVE-") for line in found.splitlines()), 4)
        self.assertEqual(clean, "::notice title=peekr::no known vulnerabilities were found in rootfs:clean\n")

    def test_markdown(self):
        found, clean = self.of_each("markdown", inventory=False)
        self.assertEqual(len(re.findall(r"\n\| (critical|high) \| \[<code>CVE-", found)), 4)
        self.assertIn("**1 critical (1 with a fix), 3 high (2 with a fix)**", found)
        self.assertNotIn("@", found)
        self.assertIn("no known vulnerabilities were found", clean)
        for text in found, clean:
            self.assertLess(len(text), 65536)

    def test_csv(self):
        for text, rows in zip(self.of_each("csv") + [self.scan("csv", "image", "--show-suppressed")], (4, 0, 5, 5)):
            self.assertTrue(text.endswith("\r\n"))
            table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
            self.assertEqual((len(table) - 1, {len(row) for row in table}), (rows, {len(table[0])}))
        rows = list(csv.DictReader(io.StringIO(self.scan("csv"), newline="")))
        lodash = next(row for row in rows if row["package"] == "lodash")
        self.assertEqual([lodash[key] for key in ("vulnerability", "installed", "fixed_in", "status", "layer")], ["CVE-2019-10744", "4.17.4", "4.17.12", "fixed", "2"])
        openssl = next(row for row in rows if row["package"] == "libssl3")
        self.assertEqual(openssl["summary"], 'a "quoted" summary, <b>with</b> @mention & more')

    def openvex_rules(self, document):
        self.assertLessEqual({"@context", "@id", "author", "timestamp", "version", "statements"}, document.keys())
        self.assertTrue(document["statements"])
        texts = [json.dumps(one) for one in document["statements"]]
        self.assertEqual(len(texts), len(set(texts)))
        for one in document["statements"]:
            self.assertTrue(one["vulnerability"]["name"])
            self.assertIn(one["status"], ("not_affected", "fixed", "affected", "under_investigation"))
            self.assertEqual("justification" in one or "impact_statement" in one, one["status"] == "not_affected")
            self.assertEqual("action_statement" in one, one["status"] == "affected")
            for product in one["products"]:
                self.assertRegex(product["@id"], "^pkg:")

    def csaf_rules(self, document):
        head, tree = document["document"], document["product_tree"]
        self.assertEqual((head["category"], head["csaf_version"]), ("csaf_vex", "2.0"))
        self.assertEqual([one["number"] for one in head["tracking"]["revision_history"]], [head["tracking"]["version"]])
        names = tree["full_product_names"] + [one["full_product_name"] for one in tree.get("relationships", [])]
        ids = [one["product_id"] for one in names]
        self.assertEqual(len(ids), len(set(ids)))
        cves = [one["cve"] for one in document["vulnerabilities"] if "cve" in one]
        self.assertEqual(len(cves), len(set(cves)))
        for one in document["vulnerabilities"]:
            self.assertTrue("cve" in one or one["ids"])
            self.assertTrue(one["notes"] and one["product_status"])
            listed = [product for status in one["product_status"].values() for product in status]
            self.assertEqual(len(listed), len(set(listed)))
            self.assertLessEqual(set(listed), set(ids))
            about = {key: {product for item in one.get(key, []) for product in item["product_ids"]} for key in ("flags", "threats", "remediations")}
            self.assertEqual(about["remediations"], set(one["product_status"].get("known_affected", [])))
            self.assertEqual(about["flags"] | about["threats"], set(one["product_status"].get("known_not_affected", [])))

    def check_words(self, status, justification, state, label):
        """What a document of the user's says goes through, into every format and out of it again."""
        mine = json.loads((self.at / "mine.json").read_text())
        said = mine["statements"][0]
        said.update(status=status, impact_statement="never called")
        if justification:
            said["justification"] = justification
        (self.at / "theirs.json").write_text(json.dumps(mine))
        for name in ("theirs.json", "own.json"):
            words = next(one for one in json.loads(self.scan("json", "image", "--vex", name))["suppressed"] if one["id"] == "CVE-2019-10744")["vex"]
            self.assertEqual((words["status"], words["justification"]), (status, justification or ""))
            one = next(one for one in json.loads(self.scan("openvex", "image", "--vex", name))["statements"] if one["vulnerability"]["name"] == "CVE-2019-10744")
            self.assertEqual((one["status"], one.get("justification")), (status, justification))
            if name == "theirs.json" or justification:  # of what is fixed nobody reads the notes
                self.assertIn("never called", one["impact_statement" if justification else "status_notes"])
            (self.at / "own.json").write_text(self.scan("openvex", "image", "--vex", name))
        csaf = next(one for one in json.loads(self.scan("csaf", "image", "--vex", "theirs.json"))["vulnerabilities"] if one["cve"] == "CVE-2019-10744")
        self.assertEqual(list(csaf["product_status"]), ["fixed" if status == "fixed" else "known_not_affected"])
        self.assertEqual([one["label"] for one in csaf.get("flags", [])], [justification] if justification else [])
        self.assertEqual([one["details"] for one in csaf.get("threats", [])], ["never called"] if justification else [])
        bom = next(one for one in json.loads(self.scan("cyclonedx-json", "image", "--vex", "theirs.json"))["vulnerabilities"] if one["id"] == "CVE-2019-10744")
        self.assertEqual((bom["analysis"]["state"], bom["analysis"].get("justification")), (state, label))
        self.assertIn("never called", bom["analysis"]["detail"])
        trivy = json.loads(self.scan("trivy-json", "image", "--vex", "theirs.json", "--show-suppressed"))
        changed = {one["Finding"]["VulnerabilityID"]: one for result in trivy["Results"] for one in result.get("ExperimentalModifiedFindings", [])}["CVE-2019-10744"]
        self.assertEqual((changed["Status"], "never called" in changed["Statement"]), (status, True))
        spdx = json.loads(self.scan("spdx-json@3.0", "image", "--vex", "theirs.json"))["@graph"]
        self.assertEqual(any(one["type"] == "security_VexFixedVulnAssessmentRelationship" for one in spdx), status == "fixed")

    def test_vex(self):
        (self.at / "mine.json").write_text(json.dumps({
            "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "us", "timestamp": "2023-11-01T00:00:00Z", "version": 1,
            "statements": [{"vulnerability": {"name": "CVE-2019-10744"}, "products": [{"@id": "pkg:npm/lodash"}], "status": "not_affected",
                            "impact_statement": "never called"}]}))
        for form, rules in (("openvex", self.openvex_rules), ("csaf", self.csaf_rules)):
            for text in self.of_each(form, inventory=False) + [self.scan(form, "pkg:npm/lodash@4.17.21")]:
                rules(json.loads(text))
            (self.at / "own.json").write_text(self.scan(form))
            self.assertEqual(self.found("image", "--vex", "own.json"), self.found("image"))  # what is affected stays
            (self.at / "own.json").write_text(self.scan(form, "image", "--vex", "mine.json"))
            report = json.loads(self.scan("json", "image", "--vex", "own.json"))
            out = {one["id"]: one for one in report["suppressed"]}
            self.assertEqual({cve: one["rule"] for cve, one in out.items()}, {"CVE-2019-10744": "vex", "CVE-2023-4244": "host_kernel"})
            self.assertIn("never called", out["CVE-2019-10744"]["reason"])
            (self.at / "own.json").write_text(self.scan(form, "rootfs:clean"))
            report = json.loads(self.scan("json", "image", "--vex", "own.json"))
            self.assertEqual([one["id"] for one in report["suppressed"]], ["CVE-2023-4244"])
        for product, stays in (("pkg:deb/debian/openssl", 3), ("pkg:deb/debian/openssl@3.0.9-1?arch=amd64", 4)):  # the source; its package of that name
            mine = json.loads((self.at / "mine.json").read_text())
            mine["statements"][0].update(vulnerability={"name": "CVE-2023-5363"}, products=[{"@id": product}])
            (self.at / "own.json").write_text(json.dumps(mine))
            self.assertEqual(len(self.found("image", "--vex", "own.json")), stays, product)
        for status, justification, state, label in (("fixed", None, "resolved", None), ("not_affected", "vulnerable_code_not_in_execute_path", "not_affected", "code_not_reachable"),
                                                    ("not_affected", "vulnerable_code_cannot_be_controlled_by_adversary", "not_affected", None)):
            self.check_words(status, justification, state, label)
        statements = {one["vulnerability"]["name"]: one for one in json.loads(self.scan("openvex"))["statements"]}
        self.assertEqual(statements["CVE-2023-4244"]["justification"], "vulnerable_code_not_present")
        self.assertEqual(statements["CVE-2023-5363"]["action_statement"], "upgrade libssl3 to 3.0.11-1~deb12u2")
        (product,) = statements["CVE-2023-5363"]["products"]
        self.assertRegex(product["@id"], "^pkg:oci/app@sha256%3A")
        self.assertEqual([one["@id"].split("?")[0] for one in product["subcomponents"]], ["pkg:deb/debian/libssl3@3.0.9-1"])

    def test_trivy(self):
        found, clean, packages = map(json.loads, self.of_each("trivy-json"))
        self.assertEqual((found["SchemaVersion"], found["ArtifactType"], found["Metadata"]["OS"]), (2, "container_image", {"Family": "debian", "Name": "12"}))
        results = {one["Class"] + " " + one["Type"]: one for one in found["Results"]}
        self.assertEqual(sorted(results), ["lang-pkgs generic", "lang-pkgs node-pkg", "os-pkgs debian"])
        (ssl,) = [one for one in results["os-pkgs debian"]["Vulnerabilities"] if one["PkgName"] == "libssl3"]
        self.assertEqual([ssl[key] for key in ("VulnerabilityID", "InstalledVersion", "FixedVersion", "Status", "Severity")],
                         ["CVE-2023-5363", "3.0.9-1", "3.0.11-1~deb12u2", "fixed", "HIGH"])
        (lodash,) = results["lang-pkgs node-pkg"]["Vulnerabilities"]
        self.assertEqual((lodash["PkgPath"], lodash["CVSS"]["ghsa"]["V3Score"]), ("app/node_modules/lodash/package.json", 9.1))
        for of in found, clean, packages:
            for result in of["Results"]:
                self.assertTrue(result["Packages"])
        self.assertFalse([one for of in (clean, packages) for one in of["Results"] if "Vulnerabilities" in one])

    def test_grype(self):
        found, clean = map(json.loads, self.of_each("grype-json", inventory=False))
        of_github = next(one for one in found["matches"] if one["vulnerability"]["namespace"].startswith("github:"))
        self.assertEqual(of_github["vulnerability"]["id"], "GHSA-jf85-cpcp-j695")
        self.assertIn("CVE-2019-10744", [one["id"] for one in of_github["relatedVulnerabilities"]])
        self.assertEqual(sorted(one["vulnerability"]["id"].replace("GHSA-jf85-cpcp-j695", "CVE-2019-10744") for one in found["matches"]), FOUND)
        self.assertEqual((clean["matches"], clean["source"]), ([], {"type": "directory", "target": "rootfs:clean"}))
        ssl = next(one for one in found["matches"] if one["artifact"]["name"] == "libssl3")
        self.assertEqual((ssl["vulnerability"]["fix"], ssl["vulnerability"]["severity"], ssl["vulnerability"]["namespace"]),
                         ({"versions": ["3.0.11-1~deb12u2"], "state": "fixed"}, "High", "debian:distro:debian:12"))
        self.assertEqual((ssl["matchDetails"][0]["type"], ssl["artifact"]["upstreams"]), ("exact-indirect-match", [{"name": "openssl"}]))
        self.assertEqual([one["vulnerability"]["id"] for one in found["ignoredMatches"]], ["CVE-2023-4244"])
        self.assertEqual((found["source"]["type"], found["source"]["target"]["tags"]), ("image", ["registry.example/team/app:1"]))
        self.assertEqual((found["distro"]["name"], found["distro"]["version"]), ("debian", "12"))

    def test_syft(self):
        for text in self.of_each("syft-json")[::2]:
            (self.at / "a.syft.json").write_text(text)
            self.assertEqual(self.found("a.syft.json"), self.found("image"))
            ids = [one["id"] for one in json.loads(text)["artifacts"]]
            self.assertEqual(len(ids), len(set(ids)))
        ssl = next(one for one in json.loads(text)["artifacts"] if one["name"] == "libssl3")
        self.assertEqual((ssl["type"], ssl["metadataType"], ssl["metadata"]["source"]), ("deb", "dpkg-db-entry", "openssl"))

    def test_cyclonedx_xml(self):
        space = "{http://cyclonedx.org/schema/bom/1.6}"
        for text, data in zip(self.of_each("cyclonedx-xml"), self.of_each("cyclonedx-json")):
            bom, data = ElementTree.fromstring(text), json.loads(data)
            self.assertEqual(bom.get("serialNumber"), data["serialNumber"])
            for key in "components", "vulnerabilities":
                self.assertEqual(len(bom.findall(f"{space}{key}/*")), len(data.get(key, [])))
            self.assertEqual([one.text for one in bom.findall(f"{space}components/*/{space}purl")], [one["purl"] for one in data["components"] if "purl" in one])
            self.cyclonedx_tools(text)

    def cyclonedx_tools(self, text):
        try:
            from cyclonedx.schema import SchemaVersion
            from cyclonedx.validation.xml import XmlValidator
            self.assertIsNone(XmlValidator(SchemaVersion.V1_6).validate_str(text))
        except ImportError:
            return
        except Exception as missing:  # its XML extra
            self.assertIn("MissingOptionalDependency", type(missing).__name__)

    def test_cyclonedx_versions(self):
        self.assertEqual(self.scan("cyclonedx"), self.scan("cyclonedx-json@1.6"))
        self.assertEqual(self.scan("cyclonedx-xml"), self.scan("cyclonedx-xml@1.6"))
        self.assertIn("--format cyclonedx@1.3: want version 1.6 or 1.4 or 1.5 or 1.7", self.told("scan", "image", "-f", "cyclonedx@1.3", code=1))
        serials = set()
        for version in CYCLONEDX:
            for text, xml in zip(self.of_each("cyclonedx-json@" + version), self.of_each("cyclonedx-xml@" + version)):
                bom, space = json.loads(text), "{http://cyclonedx.org/schema/bom/" + version + "}"
                self.assertEqual((bom["specVersion"], bom["$schema"]), (version, f"http://cyclonedx.org/schema/bom-{version}.schema.json"))
                self.assertEqual(isinstance(bom["metadata"]["tools"], list), version == "1.4")
                self.assertEqual(ElementTree.fromstring(xml).find(f"{space}metadata/{space}tools//{space}name").text, "peekr")
                methods = {rating["method"] for one in bom.get("vulnerabilities", []) for rating in one["ratings"]}
                self.assertLessEqual(methods, {"CVSSv2", "CVSSv3", "CVSSv31", "other"} | ({"CVSSv4"} if version != "1.4" else set()))
                places = [one["evidence"]["occurrences"][0]["location"] for one in bom["components"] if "evidence" in one]
                places += [of["value"] for one in bom["components"] for of in one.get("properties", []) if of["name"] == "peekr:path" and one["type"] != "operating-system"]
                self.assertEqual(len(places), sum("purl" in one for one in bom["components"]))
                serials.add(bom["serialNumber"])
        self.assertEqual(len(serials), 3 * len(CYCLONEDX))

    def test_cyclonedx_read_back(self):
        for form, name in (("json", "a.cdx.json"), ("xml", "a.cdx.xml")):
            for version in CYCLONEDX:
                for text in (self.scan(f"cyclonedx-{form}@{version}"), self.run_peekr("inventory", "image", "-f", f"cyclonedx-{form}@{version}")):
                    (self.at / name).write_text(text)
                    self.assertEqual(self.found(name), self.found("image"), (form, version))

    def test_spdx3(self):
        self.assertEqual(self.scan("spdx-json"), self.scan("spdx-json@2.3"))
        for text, findings in zip(self.of_each("spdx-json@3.0"), (True, True, False)):
            graph = json.loads(text)["@graph"]
            ids = [one["spdxId"] for one in graph if "spdxId" in one]
            self.assertEqual(len(ids), len(set(ids)))
            named = {text for one in graph for key in ("from", "to", "rootElement", "suppliedBy", "createdBy", "createdUsing")
                     for text in ([one[key]] if isinstance(one.get(key), str) else one.get(key, []))}
            self.assertLessEqual(named, set(ids))
            (document,) = (one for one in graph if one["type"] == "SpdxDocument")
            self.assertEqual("security" in document["profileConformance"], findings)
            self.assertEqual({one["creationInfo"] for one in graph if one["type"] != "CreationInfo"}, {"_:creation"})
        graph = json.loads(self.scan("spdx-json@3.0"))["@graph"]
        by_id = {one["spdxId"]: one for one in graph if "spdxId" in one}
        status = {(by_id[one["from"]]["name"], by_id[to]["name"]): (one["relationshipType"], one) for one in graph if one["type"].startswith("security_Vex") for to in one["to"]}
        self.assertEqual({key: kind for key, (kind, _) in status.items()}, {
            ("CVE-2019-10744", "lodash"): "affects", ("CVE-2022-24735", "redis"): "affects", ("CVE-2023-45853", "zlib1g"): "affects",
            ("CVE-2023-5363", "libssl3"): "affects", ("CVE-2023-4244", "linux-libc-dev"): "doesNotAffect"})
        self.assertEqual(status["CVE-2023-5363", "libssl3"][1]["security_actionStatement"], "upgrade libssl3 to 3.0.11-1~deb12u2")
        self.assertEqual(status["CVE-2023-4244", "linux-libc-dev"][1]["security_justificationType"], "vulnerableCodeNotPresent")
        licensed = {by_id[one["from"]]["name"]: by_id[one["to"][0]]["simplelicensing_licenseExpression"] for one in graph if one.get("relationshipType") == "hasDeclaredLicense"}
        self.assertEqual((licensed["lodash"], licensed["zlib1g"]), ("(MIT OR Apache-2.0)", "Zlib"))
        (score,) = (one for one in graph if one["type"] == "security_CvssV3VulnAssessmentRelationship" and by_id[one["from"]]["name"] == "CVE-2019-10744")
        self.assertEqual((score["security_score"], score["security_severity"]), (9.1, "critical"))
        for text in (self.scan("spdx-json@3.0"), self.run_peekr("inventory", "image", "-f", "spdx-json@3.0")):
            (self.at / "a.spdx3.json").write_text(text)
            self.assertEqual(self.found("a.spdx3.json"), self.found("image"))

    def test_template(self):
        (self.at / "form.txt").write_text("{{#findings}}{{id}} {{#package}}{{name}}{{/package}}{{#fixed_in}} {{fixed_in}}{{/fixed_in}}\n{{/findings}}{{#no_findings}}none{{/no_findings}}")
        found, clean = (self.scan("template", target, "--template", "form.txt") for target in ("image", "rootfs:clean"))
        self.assertEqual(sorted(found.splitlines()), sorted(" ".join((one[0], one[2], one[4])).strip() for one in self.found("image")))
        self.assertEqual(clean, "none")
        (self.at / "none.txt").write_text("{{#findings}}")
        for arguments, words in ((("-f", "template"), "want --template FILE"), (("--template", "form.txt"), "want --format template"),
                                 (("-f", "template", "-t", "none.txt"), "none.txt: not a template"), (("-f", "template=a", "-t", "nowhere"), "nowhere")):
            out, told = self.done("scan", "no-such-image", "--db", "db", "--offline", *arguments, code=1)  # which is not asked for before
            self.assertEqual(out, "", arguments)
            self.assertIn(words, told)
            self.assertNotIn("no-such-image", told)

    def test_github_snapshot(self):
        run = {"GITHUB_SHA": "a" * 40, "GITHUB_REF": "refs/heads/main", "GITHUB_RUN_ID": "7", "GITHUB_WORKFLOW": "ci", "GITHUB_JOB": "scan",
               "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "team/app"}
        for variables in (run, dict.fromkeys(run, "")):
            with unittest.mock.patch.dict(os.environ, variables):
                snapshots = [json.loads(text) for text in self.of_each("github-snapshot")]
            for one in snapshots:
                self.assertLessEqual({"version", "detector", "scanned", "manifests"}, one.keys())
                self.assertEqual("sha" in one and "ref" in one and "job" in one, bool(variables["GITHUB_SHA"]))
                for name, manifest in one["manifests"].items():
                    self.assertEqual((manifest["name"], manifest["file"]["source_location"]), (name, name))
                    for url, package in manifest["resolved"].items():
                        self.assertEqual((package["package_url"], url[:4]), (url, "pkg:"))
            self.assertEqual(snapshots[0]["manifests"], snapshots[2]["manifests"])
            if variables["GITHUB_SHA"]:
                self.assertEqual(snapshots[0]["job"], {"id": "7", "correlator": "ci_scan_registry.example/team/app:1_linux/amd64", "html_url": "https://github.com/team/app/actions/runs/7"})
        self.assertEqual(list(snapshots[0]["manifests"]["app/node_modules"]["resolved"]), ["pkg:npm/lodash@4.17.4"])


if __name__ == "__main__":
    unittest.main()
