#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SBOMs, bare and attested, and package URLs as targets: the same packages out of each format, the distribution by what is said of it, and what is said where
nothing is. usage: sbom_test.py PEEKR_PROGRAM"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.sax.saxutils import escape

PEEKR = os.path.abspath(sys.argv.pop(1))
SSL = "pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&upstream=openssl"
LODASH = "pkg:npm/lodash@4.17.4"


def cyclonedx(*purls):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"type": "container", "name": "app", "version": "1"}},
                       "components": [{"type": "library", "name": one.split("@")[0].split("/")[-1], "version": one.split("@")[1].split("?")[0], "purl": one}
                                      for one in purls]})


def spdx(*purls):
    return json.dumps({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "app", "packages": [
        {"SPDXID": f"SPDXRef-{i}", "name": "x", "versionInfo": "0", "licenseDeclared": "MIT",
         "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": one}]} for i, one in enumerate(purls)]})


def spdx_tags(*purls):
    return "SPDXVersion: SPDX-2.3\n" + "".join(f"\nPackageName: x\nPackageVersion: 0\nExternalRef: PACKAGE-MANAGER purl {one}\n" for one in purls)


def syft(*purls):
    return json.dumps({"artifacts": [{"name": "x", "version": "0", "type": "deb", "purl": one, "locations": [{"path": "/a"}]} for one in purls],
                       "source": {"type": "image"}, "distro": {"id": "debian"}})


def cyclonedx_xml(*purls):
    return "\ufeff<?xml version='1.0'?><bom xmlns='http://cyclonedx.org/schema/bom/1.4'><components>" + "".join(
        f"<component type='library'><name>x</name><version>0</version><purl>{escape(one)}</purl></component>" for one in purls) + "</components></bom>"


def spdx3(*purls):
    return json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "SpdxDocument", "spdxId": "urn:d"}] + [
        {"type": "software_Package", "spdxId": f"urn:{i}", "name": "x", "software_packageVersion": "0", "software_packageUrl": one} for i, one in enumerate(purls)]})


def statement(make):
    return lambda *purls: json.dumps({"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": "https://example.org/sbom",
                                      "predicate": json.loads(make(*purls)) if make(*purls).startswith("{") else make(*purls)})


def dsse(make):
    return lambda *purls: json.dumps({"payloadType": "application/vnd.in-toto+json", "signatures": [],
                                      "payload": base64.b64encode(statement(make)(*purls).encode()).decode()})


def github_export(make):
    return lambda *purls: json.dumps({"sbom": json.loads(make(*purls))})


def bundle(make):
    return lambda *purls: json.dumps({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": json.loads(dsse(make)(*purls))}, indent=1)


def lines(*purls):
    return "".join(dsse(make)(one) + "\n" for make, one in zip((cyclonedx, spdx3, spdx_tags), purls))


class Sbom(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.at = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def peekr(self, *arguments, text=None):
        return subprocess.run([PEEKR, *arguments], cwd=self.at, capture_output=True, text=True, input=text)

    def inventory(self, target, *options, text=None):
        done = self.peekr("inventory", target, "-f", "json", *options, text=text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_each_format_names_the_same_packages(self):
        plain = (cyclonedx, cyclonedx_xml, spdx, spdx_tags, spdx3, syft)
        for make in (*plain, *map(statement, plain), *map(dsse, plain), bundle(cyclonedx), github_export(spdx), lines):
            text = make(SSL + "&distro=debian-12", LODASH)
            (self.at / "a.json").write_text(text)
            for found in (self.inventory("a.json"), self.inventory("sbom:a.json"), self.inventory("sbom:-", text=text)):
                self.assertEqual([(one["type"], one["name"], one["version"], one["source"], one["claimed"]) for one in found["packages"]],
                                 [("deb", "libssl3", "3.0.9-1", "openssl", False), ("npm", "lodash", "4.17.4", "", False)], make.__name__)
                self.assertEqual((found["image"]["kind"], found["distro"]["id"], found["distro"]["version_id"]), ("sbom", "debian", "12"))
                self.assertEqual(found["notes"], [])
        only = self.inventory("a.json", "--pkg-types", "os")
        self.assertEqual([one["name"] for one in only["packages"]], ["libssl3"])

    def test_the_distribution(self):
        for purls, want in (((SSL.replace("3.0.9-1", "3.0.11-1~deb12u2"),), ("debian", "12")), ((SSL + "&distro=debian-11",) * 2 + (SSL + "&distro=debian-12",), ("debian", "11")),
                            (("pkg:rpm/rocky/bash@5.1.8-6.el9?arch=x86_64",), ("rocky", "9")), (("pkg:rpm/amzn/bash@5.2-1.amzn2023",), ("amzn", "2023")),
                            (("pkg:deb/debian/libssl3@3.0.9-1+deb12u1?distro=bookworm",), ("debian", "12")), (("pkg:deb/debian/bash@5.2?distro=sid",), ("debian", "")),
                            (("pkg:deb/debian/bash@5.2?distro=debian-sid",), ("debian", "")), (("pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-edge",), ("alpine", "")),
                            (("pkg:alpm/arch/bash@5.2-1?distro=arch-rolling",), ("arch", "")), (("pkg:rpm/fedora/bash@5.2-1.fc42?distro=fedora-rawhide",), ("fedora", "42")),
                            (("pkg:rpm/opensuse/bash@5.2-1?distro=tumbleweed",), ("opensuse-tumbleweed", "")),
                            ((SSL + "&distro=bookworm", SSL + "&distro=debian-12"), ("debian", "12")), ((SSL + "&distro=debian-bookworm",), ("debian", "12")),
                            (("pkg:deb/ubuntu/bash@5.1-6ubuntu1?distro=jammy",), ("ubuntu", "22.04")),
                            (("pkg:rpm/amazon/bash@5.2-1.amzn2023.0.2",), ("amzn", "2023")), (("pkg:rpm/alma/bash@5.1.8-6.el9?distro=alma-9.3",), ("almalinux", "9.3")),
                            (("pkg:apk/alpine/musl@1.2.4-r2?distro=3.18.4",), ("alpine", "3.18.4")),
                            (("pkg:apk/wolfi/bash@5.2.37-r30?arch=x86_64",), ("wolfi", "")), (("pkg:alpm/arch/bash@5.2.037-1",), ("arch", "")),
                            (("pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-3.18.4",), ("alpine", "3.18.4")), (("pkg:deb/openssl@3.0.11-1~deb12u2",), ("debian", "12")),
                            (("pkg:rpm/fedora/htop@3.3.0-1.el9",), ("epel", "9")), (("pkg:rpm/fedora/htop@3.3.0-1.el9?distro=rocky-9.4",), ("rocky", "9.4")),
                            (("pkg:rpm/bash@5.2-1.amzn2023",), ("amzn", "2023")), (("pkg:rpm/bash@5.2-1.fc38",), ("fedora", "38")), (("pkg:rpm/photon/curl@8-1.ph4",), ("photon", "4.0")),
                            (("pkg:rpm/mariner/curl@8-1.cm2",), ("mariner", "2.0")), (("pkg:rpm/curl@8-1.azl3",), ("azurelinux", "3.0")),
                            (("pkg:rpm/redhat/nodejs@16.20-1.module+el8.9.0+1+ab",), ("rhel", "8")), (("pkg:rpm/alma/nodejs@16.20-1.module_el8.5.0+1+ab",), ("almalinux", "8")),
                            (("pkg:deb/debian/git@2.39-1~bpo12+1",), ("debian", "12")), (("pkg:deb/debian/git@2.1-1~bpo70+1",), ("debian", "7"))):
            found = self.inventory("sbom:-", text=cyclonedx(*purls))
            self.assertEqual((found["distro"]["id"], found["distro"]["version_id"]), want, purls)
        mixed = self.inventory("sbom:-", text=cyclonedx(*(SSL.replace("3.0.9-1", "3.0.9-1+deb11u" + n) for n in "12"), SSL.replace("3.0.9-1", "3.0.9-1+deb12u1")))
        self.assertEqual([one["what"] for one in mixed["notes"]], ["1 packages are said to be of debian 12: judged as of debian 11"])
        torn = self.inventory("sbom:-", text=cyclonedx("pkg:deb/ubuntu/openssl@3.0.2-0ubuntu1.10?distro=debian-12", SSL + "&distro=debian-12"))
        self.assertEqual([(one["what"], one["incomplete"]) for one in torn["notes"]],
                         [("1 package URL has the namespace of another distribution than that of the qualifier distro, which counts", True)])
        epel = self.inventory("sbom:-", text=cyclonedx(*(f"pkg:rpm/rocky/{one}@5-6.el9?distro=rocky-9.4" for one in ("bash", "curl")), "pkg:rpm/fedora/htop@3.3.0-1.el9"))
        self.assertEqual((epel["distro"]["id"], epel["notes"]), ("rocky", []))
        for purl in (SSL, SSL + "&distro=stable", SSL + "&distro=jammy"):  # a name without a number would be judged by unstable
            silent = self.inventory("sbom:-", text=cyclonedx(purl))
            self.assertIsNone(silent["distro"], purl)
            self.assertIn("want the qualifier distro", silent["notes"][0]["what"])
            self.assertTrue(silent["notes"][0]["incomplete"])
        for purl, example in (("pkg:rpm/openssl@3.0.7-27.el9", "rocky-9"), ("pkg:rpm/redhat/bash@5", "rhel-9"), ("pkg:deb/ubuntu/openssl@3.0.2-0ubuntu1.10", "ubuntu-22.04"), ("pkg:rpm/amazon/bash@5", "amzn-2023"), ("pkg:deb/a@1.2-3ubuntu1~deb12u1", "debian-12"),
                              ("pkg:deb/git@2.39-1~bpo22.04.1", "debian-12"), ("pkg:apk/musl@1.2.4-r2", "alpine-3.20"), ("pkg:alpm/bash@5.2-1", "arch")):
            silent = self.inventory("sbom:-", text=cyclonedx(purl))
            self.assertEqual((silent["distro"], [one["what"] for one in silent["notes"]]),
                             (None, ["1 package of a system does not say of which release: want the qualifier distro, such as distro=" + example]), purl)

    def test_the_system_that_a_document_names_counts_where_no_package_says_a_release(self):
        def with_system(make, purl, name, version):
            document = json.loads(make(purl))
            if make is cyclonedx:
                document["components"].append({"type": "operating-system", "name": name, "version": version})
            elif make is spdx:
                document["packages"].append({"name": name, "versionInfo": version, "primaryPackagePurpose": "OPERATING-SYSTEM"})
            elif make is spdx3:
                document["@graph"].append({"type": "software_Package", "spdxId": "urn:os", "name": name, "software_packageVersion": version,
                                           "software_primaryPurpose": "operatingSystem"})
            else:
                document["distro"] = {"id": name, "versionID": version}
            return json.dumps(document)

        def with_tags(purl, name, version):
            return spdx_tags(purl) + f"\nPackageName: {name}\nPackageVersion: {version}\nPrimaryPackagePurpose: OPERATING-SYSTEM\n"

        for make in (cyclonedx, spdx, spdx3, syft):
            for purl, name, version, want in ((SSL, "debian", "12.4", ("debian", "12.4")), ("pkg:rpm/amazon/bash@5.2-1", "amazon", "2 (Karoo)", ("amzn", "2")),
                                              ("pkg:rpm/bash@5.2-1", "oracle", "8.5", ("ol", "8.5")), (SSL + "&distro=debian-11", "debian", "12", ("debian", "11"))):
                found = self.inventory("sbom:-", text=with_system(make, purl, name, version))
                self.assertEqual((found["distro"]["id"], found["distro"]["version_id"], len(found["packages"]), found["notes"]), (*want, 1, []), (make.__name__, purl))
            self.assertIsNone(self.inventory("sbom:-", text=with_system(make, SSL, "ubuntu", "22.04"))["distro"])
        self.assertEqual(self.inventory("sbom:-", text=with_tags(SSL, "debian", "12"))["distro"]["version_id"], "12")

    def test_a_heading_of_trivy_is_no_package(self):
        document = json.loads(cyclonedx(LODASH))
        document["components"].append({"type": "application", "name": "Node.js", "properties": [{"name": "aquasecurity:trivy:Class", "value": "lang-pkgs"}]})
        self.assertEqual(self.inventory("sbom:-", text=json.dumps(document))["notes"], [])
        for more in ({"attributionTexts": ["Class: lang-pkgs"]}, {"annotations": [{"comment": "Class: lang-pkgs"}]}):
            document = json.loads(spdx(LODASH))
            document["packages"].append({"name": "Node.js", "primaryPackagePurpose": "APPLICATION", **more})
            self.assertEqual(self.inventory("sbom:-", text=json.dumps(document))["notes"], [])

    def test_what_it_is_may_stand_behind_a_long_comment(self):
        text = cyclonedx_xml(LODASH).replace("<bom", "<!--" + "x" * 5000 + "--><bom", 1)
        self.assertEqual([one["name"] for one in self.inventory("sbom:-", text=text)["packages"]], ["lodash"])

    def test_what_it_is_may_stand_behind_all_that_it_lists(self):
        text = json.loads(cyclonedx(LODASH))
        text = {"components": [{"name": f"a{number}", "version": "1", "description": "x" * 60} for number in range(1000)], **text["components"][0], **{
            key: text[key] for key in text if key != "components"}}
        (self.at / "a.cdx").write_text(json.dumps(text))
        self.assertEqual(len(self.inventory("a.cdx")["packages"]), 1000)
        (self.at / "a.cdx").write_text(json.dumps(text | {"more": "x" * 70_000}))
        for words in (json.dumps(text | {"more": "x" * 70_000}), "<a/>"):
            (self.at / "a.cdx").write_text(words)
            self.assertIn("sbom: in front reads it as one", self.peekr("inventory", "a.cdx").stderr)
        (self.at / "a.cdx").write_text("text")
        self.assertIn("not an image archive", self.peekr("inventory", "a.cdx").stderr)

    def test_comments_may_stand_before_the_first_tag(self):
        (self.at / "a").write_text("## Document Information\n\n# of the build\n" + spdx_tags(LODASH))
        self.assertEqual([one["name"] for one in self.inventory("a")["packages"]], ["lodash"])

    def test_a_document_of_cyclonedx_need_not_have_components(self):
        for text in ('{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "<bom xmlns='http://cyclonedx.org/schema/bom/1.4'/>"):
            found = self.inventory("sbom:-", text=text)
            self.assertEqual((found["packages"], found["notes"]), ([], []))
        self.assertIn("no list of components", self.peekr("inventory", "sbom:-", text='{"bomFormat": "CycloneDX", "Components": []}').stderr)

    def test_what_has_no_version_is_said(self):
        text = json.loads(cyclonedx(LODASH))
        text["components"] += [{"type": "library", "name": "left-pad"}, {"type": "library", "name": "x", "purl": "pkg:npm/express"}]
        found = self.inventory("sbom:-", text=json.dumps(text))
        self.assertEqual([one["name"] for one in found["packages"]], ["lodash"])
        self.assertEqual(sorted(one["what"] for one in found["notes"]), ["express: no version", "left-pad: no version"])
        text["components"] = [{"type": "library", "name": "left-pad"}]
        found = self.inventory("sbom:-", text=json.dumps(text))
        self.assertEqual((found["packages"], [(one["what"], one["incomplete"]) for one in found["notes"]]), ([], [("left-pad: no version", True)]))

    def test_what_nothing_names_to_anybody_is_not_judged(self):
        (self.at / "osv").mkdir()
        for ecosystem, name in (("Bitnami", "redis"), ("Go", "stdlib"), ("CPE", "treasuredata:fluent_bit")):
            (self.at / f"osv/{ecosystem}.json").write_text(json.dumps({
                "schema_version": "1.7.0", "id": ecosystem, "modified": "2023-10-25T00:00:00Z", "affected": [
                    {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}]}]}))
        self.peekr("db", "build", "--from", "osv", "--db", "db")
        bare = {"type": "library", "group": "org.apache.logging.log4j", "name": "log4j-core", "version": "2.14.1"}
        note = "1 package has neither a package URL of an ecosystem nor a CPE ({}): not judged"
        for target, text, found, notes in (
                ("sbom:-", json.dumps({"bomFormat": "CycloneDX", "components": [bare]}), [], [note.format("org.apache.logging.log4j/log4j-core")]),
                ("sbom:-", json.dumps({"bomFormat": "CycloneDX", "components": [bare, {**bare, "name": "b"}]}), [],
                 ["2 packages have neither a package URL of an ecosystem nor a CPE (org.apache.logging.log4j/b, ..): not judged"]),
                ("sbom:-", json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "redis", "version": "6.0"}]}), [("redis", "Bitnami")], []),
                ("pkg:generic/fluent-bit@1.7.0", None, [], [note.format("fluent-bit")]), ("pkg:generic/redis@6.0", None, [("redis", "Bitnami")], []),
                ("pkg:github/fluent/fluent-bit@1.7.0", None, [], [note.format("fluent/fluent-bit")]), ("pkg:golang/std@v1.20.0", None, [("stdlib", "Go")], []),
                ("sbom:-", json.dumps({"bomFormat": "CycloneDX", "components": [
                    {"name": "fluent-bit", "version": "1.7.0", "purl": "pkg:github/fluent/fluent-bit@1.7.0", "cpe": "cpe:2.3:a:treasuredata:fluent_bit:1.7.0:*:*:*:*:*:*:*"}]}),
                 [("fluent/fluent-bit", "CPE")], [])):
            got, gaps = self.findings("db", target, text=text)
            self.assertEqual((got, [one for one in gaps if "NVD" not in one]), (found, notes), (target, text))
            done = self.peekr("scan", target, "--db", "db", "--fail-on-incomplete", text=text)
            if notes:
                self.assertEqual((done.returncode, "no known vulnerabilities in 1 package" in done.stdout), (4, False), done.stdout)

    def test_a_package_url_is_a_target(self):
        found = self.inventory("pkg:deb/debian/openssl@3.0.11-1~deb12u2?distro=debian-12")
        self.assertEqual([(one["name"], one["version"], one["purl"]) for one in found["packages"]],
                         [("openssl", "3.0.11-1~deb12u2", "pkg:deb/debian/openssl@3.0.11-1~deb12u2?distro=debian-12")])
        self.assertEqual((found["image"]["kind"], found["distro"]["version_id"]), ("purl", "12"))
        self.assertEqual([one["name"] for one in self.inventory("pkg:npm/%40angular/core@1.0.0")["packages"]], ["@angular/core"])
        self.assertRegex(self.peekr("inventory", LODASH).stdout, r"system +not recognised: none is named\n")

    def test_a_code_name_is_a_release_where_it_is_known_for_db_search_too(self):
        (self.at / "osv").mkdir()
        for name, fixed in (("12", "3.0.11-1"), ("unstable", "3.0.8-1")):
            (self.at / f"osv/{name}.json").write_text(json.dumps({
                "schema_version": "1.7.0", "id": f"DEBIAN-CVE-2023-{len(name)}", "modified": "2023-10-25T00:00:00Z", "affected": [
                    {"package": {"ecosystem": "Debian:" + name, "name": "openssl"},
                     "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}))
        self.peekr("db", "build", "--from", "osv", "--db", "db")
        for distro, words in (("debian-12", "1 known vulnerability"), ("sid", "not judged, or not wholly"), ("debian-sid", "not judged, or not wholly"), ("bookworm", "1 known vulnerability"), ("stable", "Debian:12 openssl")):
            done = self.peekr("db", "search", "--db", "db", "pkg:deb/debian/openssl@3.0.9-1?distro=" + distro)
            self.assertIn(words, done.stdout, done.stderr)

    def findings(self, db, target, text=None):
        done = self.peekr("scan", target, "--db", db, "-f", "json", text=text)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        return sorted((one["package"]["name"], one["id"]) for one in report["findings"]), [one["what"] for one in report["notes"]]

    def test_the_source_of_a_package_is_read_where_each_tool_has_it(self):
        deb, rpm, apk = "pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12", "pkg:rpm/rocky/libgcc@11.4-2.el9?epoch=1&distro=rocky-9", "pkg:apk/alpine/ssl_client@1.36-r2"
        trivy = {deb: {"SrcName": "openssl", "SrcVersion": "3.0.9", "SrcRelease": "2", "SrcEpoch": "1"}, rpm: {"SrcName": "gcc", "SrcVersion": "11.4", "SrcRelease": "2.el9", "SrcEpoch": "1"},
                 apk: {"SrcName": "busybox", "SrcVersion": "1.36-r2"}}
        info = {deb: "openssl 1:3.0.9-2", rpm: "gcc 1:11.4-2.el9", apk: "busybox 1.36-r2"}
        syft_says = {deb: {"source": "openssl", "sourceVersion": "1:3.0.9-2"}, rpm: {"sourceRpm": "gcc-11.4-2.el9.src.rpm"}, apk: {"originPackage": "busybox"}}

        def cyclonedx_of_trivy(*purls):
            document = json.loads(cyclonedx(*purls))
            for one in document["components"]:
                one["properties"] = [{"name": "aquasecurity:trivy:" + key, "value": value} for key, value in trivy[one["purl"]].items()]
            return json.dumps(document)

        def xml_of_trivy(*purls):
            text = cyclonedx_xml(*purls)
            for one in purls:
                said = "".join(f"<property name='aquasecurity:trivy:{key}'>{value}</property>" for key, value in trivy[one].items())
                text = text.replace(escape(one) + "</purl>", escape(one) + f"</purl><properties>{said}</properties>")
            return text

        def spdx_of_trivy(*purls):
            document = json.loads(spdx(*purls))
            for one, purl in zip(document["packages"], purls):
                one["sourceInfo"] = "built package from: " + info[purl]
            return json.dumps(document)

        def tags_of_trivy(*purls):
            text = spdx_tags(*purls)
            for one in purls:
                text = text.replace(one + "\n", f"{one}\nPackageSourceInfo: <text>built package from: {info[one]}</text>\n")
            return text

        def spdx3_of_others(*purls):
            document = json.loads(spdx3(*purls))
            for one, purl in zip(document["@graph"][1:], purls):
                one["software_sourceInfo"] = "built package from: " + info[purl]
            return json.dumps(document)

        def json_of_syft(*purls):
            document = json.loads(syft(*purls))
            for one in document["artifacts"]:
                one["metadata"] = syft_says[one["purl"]]
            return json.dumps(document)

        for make in (cyclonedx_of_trivy, xml_of_trivy, spdx_of_trivy, tags_of_trivy, spdx3_of_others, json_of_syft):
            for purl, want in ((deb, ("openssl", "1:3.0.9-2")), (rpm, ("gcc", "11.4-2.el9")), (apk, ("busybox", "1.36-r2"))):
                one = self.inventory("sbom:-", text=make(purl))["packages"][0]
                self.assertEqual((one["source"], one["source_version"]), want, make.__name__)
                self.assertTrue(one["purl"].startswith(purl + ("&" if "?" in purl else "?") + "upstream="), one["purl"])
                again = self.inventory("sbom:-", text=cyclonedx(one["purl"]))["packages"][0]
                self.assertEqual((again["source"], again["source_version"]), want, make.__name__)
        equal = json.loads(json_of_syft(deb))
        equal["artifacts"][0].update(name="libssl3", metadata={"source": "", "sourceVersion": ""})
        one = self.inventory("sbom:-", text=json.dumps(equal))["packages"][0]
        self.assertEqual((one["source"], one["source_version"], one["purl"]), ("libssl3", "3.0.9-1", deb))

    def test_a_source_that_nothing_says_is_a_gap_where_the_package_is_none(self):
        (self.at / "osv").mkdir()
        (self.at / "osv/a.json").write_text(json.dumps({
            "schema_version": "1.7.0", "id": "DEBIAN-CVE-2023-1", "modified": "2023-10-25T00:00:00Z", "affected": [
                {"package": {"ecosystem": "Debian:12", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.11-1"}]}]}]}))
        (self.at / "osv/b.json").write_text(json.dumps({
            "schema_version": "1.7.0", "id": "SUSE-SU-2023:1", "modified": "2023-10-25T00:00:00Z", "affected": [
                {"package": {"ecosystem": "openSUSE:Leap 15.5", "name": "openssl-3"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.8-150500.5.11.1"}]}]}]}))
        self.peekr("db", "build", "--from", "osv", "--db", "db")
        leap = "pkg:rpm/opensuse/libopenssl3@3.0.8-150500.5.8.1?distro=opensuse-leap-15.5"
        found, gaps = self.findings("db", leap)
        self.assertEqual((found, len(gaps)), ([], 1))
        self.assertIn("1 rpm package does not say of which source it is built (libopenssl3)", gaps[0])
        self.assertEqual(self.findings("db", leap + "&upstream=openssl-3-3.0.8-150500.5.8.1.src.rpm"), ([("libopenssl3", "SUSE-SU-2023:1")], []))
        deb = "pkg:deb/debian/{}@3.0.9-1?distro=debian-12"
        words = " package does not say of which source it is built (libssl3): what is known of sources of other names is missed: want the qualifier upstream, such as upstream=openssl"
        found, gaps = self.findings("db", deb.format("libssl3"))
        self.assertEqual((found, gaps), ([], ["1 deb" + words]))
        found, gaps = self.findings("db", deb.format("openssl"))
        self.assertEqual((found, gaps), ([("openssl", "DEBIAN-CVE-2023-1")], []))
        found, gaps = self.findings("db", "sbom:-", text=cyclonedx(deb.format("libssl3"), deb.format("libc6"), deb.format("openssl")))
        self.assertEqual((found, len(gaps)), ([("openssl", "DEBIAN-CVE-2023-1")], 1))
        self.assertIn("2 deb packages do not say of which source they are built (libc6, ..)", gaps[0])
        # Whoever names some leaves out those of the same name.
        found, gaps = self.findings("db", "sbom:-", text=cyclonedx(SSL + "&distro=debian-12", deb.format("bash")))
        self.assertEqual((found, gaps), ([("libssl3", "DEBIAN-CVE-2023-1")], []))
        # So do these tools, which say it wherever it is another: no document of theirs has this gap.
        for tools, gap in (({"components": [{"type": "application", "name": "peekr", "version": "0.1.0"}]}, 0), ([{"vendor": "anchore", "name": "syft", "version": "1.4.1"}], 0), ([{"name": "syft", "version": "v1.4.1"}], 0),
                           ([{"name": "syft", "version": "0.9.0"}], 1), ([{"name": "other", "version": "1.0"}], 1), ({"name": "syft"}, 1), ("syft", 1)):
            document = json.loads(cyclonedx(deb.format("bash")))
            document["metadata"] = {"tools": tools}
            self.assertEqual(len(self.findings("db", "sbom:-", text=json.dumps(document))[1]), gap, tools)
        (self.at / "root/var/lib/dpkg").mkdir(parents=True)
        (self.at / "root/etc").mkdir()
        (self.at / "root/etc/os-release").write_text("ID=debian\nVERSION_ID=12\n")
        (self.at / "root/var/lib/dpkg/status").write_text("Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2\n\n")
        for form in ("cyclonedx-json", "cyclonedx-json@1.4", "cyclonedx-xml", "cyclonedx-xml@1.4", "spdx-json", "spdx-tag-value", "spdx-json@3.0", "syft-json"):
            self.assertEqual(self.peekr("inventory", "rootfs:root", "-f", form + "=out").returncode, 0)
            self.assertEqual(self.findings("db", "sbom:out"), ([], []), form)

    def test_the_vendor_of_an_rpm_comes_back_out_of_each_format(self):
        document = json.loads(cyclonedx("pkg:rpm/almalinux/htop@3.3.0-1.el9?arch=x86_64&distro=almalinux-9.4"))
        document["components"][0]["supplier"] = {"name": "Fedora Project"}
        for form in ("cyclonedx-json", "cyclonedx-json@1.4", "cyclonedx-xml", "cyclonedx-xml@1.4", "spdx-json", "spdx-tag-value", "spdx-json@3.0", "syft-json"):
            self.assertEqual(self.peekr("inventory", "sbom:-", "-f", form + "=out", text=json.dumps(document)).returncode, 0)
            self.assertEqual([one["vendor"] for one in self.inventory("sbom:out")["packages"]], ["Fedora Project"], form)

    def test_each_package_is_judged_as_of_the_distribution_that_it_names(self):
        (self.at / "osv").mkdir()
        for ecosystem, fixed in (("Debian:12", "3.0.11-1"), ("Debian:11", "1.1.1w-0+deb11u1"), ("Alpine:v3.18", "3.1.4-r0")):
            name = ecosystem.replace(":", "-").upper()
            (self.at / f"osv/{name}.json").write_text(json.dumps({
                "schema_version": "1.7.0", "id": name, "modified": "2023-10-25T00:00:00Z", "affected": [
                    {"package": {"ecosystem": ecosystem, "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}))
        self.peekr("db", "build", "--from", "osv", "--db", "db")
        for name, text in (("etc/os-release", "ID=debian\nVERSION_ID=12\n"), ("opt/alp/etc/os-release", "ID=alpine\nVERSION_ID=3.18.4\n"),
                           ("var/lib/dpkg/status", "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 3.0.9-1\n\n"),
                           ("opt/alp/lib/apk/db/installed", "P:libssl3\nV:3.1.3-r0\nA:x86_64\no:openssl\n\n")):
            (self.at / "root" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.at / "root" / name).write_text(text)
        want = [("libssl3", "ALPINE-V3.18"), ("libssl3", "DEBIAN-12")]
        self.assertEqual(self.findings("db", "rootfs:root")[0], want)
        for form in ("cyclonedx-json", "cyclonedx-xml", "spdx-json", "spdx-json@3.0", "syft-json"):
            self.assertEqual(self.peekr("inventory", "rootfs:root", "-f", form + "=out").returncode, 0)
            self.assertEqual(self.findings("db", "sbom:out"), (want, []), form)
        for target in ("rootfs:root", "sbom:out"):
            grype = json.loads(self.peekr("scan", target, "--db", "db", "-f", "grype-json").stdout)
            self.assertEqual(sorted(one["vulnerability"]["namespace"] for one in grype["matches"]), ["alpine:distro:alpine:3.18", "debian:distro:debian:12"])
            trivy = json.loads(self.peekr("scan", target, "--db", "db", "-f", "trivy-json").stdout)
            self.assertEqual([(one["Type"], one["Target"].split(" (")[1], [each["VulnerabilityID"] for each in one["Vulnerabilities"]]) for one in trivy["Results"]],
                             [("alpine", "alpine 3.18.4)", ["ALPINE-V3.18"]), ("debian", "debian 12)", ["DEBIAN-12"])])
        older = SSL.replace("libssl3@3.0.9-1", "libssl1.1@1.1.1n-0")
        self.assertEqual(self.findings("db", "sbom:-", text=cyclonedx(SSL + "&distro=debian-12", SSL.replace("libssl3", "openssl") + "&distro=debian-12", older + "&distro=debian-11")),
                         ([("libssl1.1", "DEBIAN-11"), ("libssl3", "DEBIAN-12"), ("openssl", "DEBIAN-12")], []))

    def test_the_service_pack_of_openeuler_is_kept_in_each_format_and_told_by_builds(self):
        (self.at / "osv").mkdir()
        for ecosystem in ("openEuler:22.03-LTS", "openEuler:22.03-LTS-SP2"):
            name = ecosystem.replace(":", "-").upper()
            (self.at / f"osv/{name}.json").write_text(json.dumps({
                "schema_version": "1.7.0", "id": name, "modified": "2023-10-25T00:00:00Z", "affected": [
                    {"package": {"ecosystem": ecosystem, "name": "curl"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "8.0-1"}]}]}]}))
        self.peekr("db", "build", "--from", "osv", "--db", "db")
        release, manifest = self.at / "root/etc/os-release", self.at / "root/var/lib/rpmmanifest/container-manifest-2"
        for one in (release, manifest):
            one.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text("curl\t7.79.1-24\t1690000000\t1690000001\topenEuler\t(none)\t100\tx86_64\t0\tcurl-7.79.1-24.src.rpm\n")
        for version, pretty, want in (("22.03 (LTS-SP2)", "openEuler 22.03 (LTS-SP2)", "LTS-SP2"), ("22.03 LTS", "openEuler 22.03 LTS", "LTS"), ("22.03 (LTS-SP2)", "openEuler", "LTS-SP2")):
            release.write_text(f'NAME="openEuler"\nVERSION="{version}"\nID="openEuler"\nVERSION_ID="22.03"\nPRETTY_NAME="{pretty}"\n')
            found = [("curl", "OPENEULER-22.03-" + want)]
            self.assertEqual(self.findings("db", "rootfs:root")[0], found, version)
            for form in ("cyclonedx-json", "cyclonedx-xml", "spdx-json", "spdx-json@3.0", "syft-json"):
                self.assertEqual(self.peekr("inventory", "rootfs:root", "-f", form + "=out").returncode, 0)
                self.assertEqual(self.findings("db", "sbom:out"), (found, []), form)
        for purl, want in (("?distro=openEuler-22.03-LTS-SP2", "-SP2"), (".oe2203sp2?distro=openeuler-22.03", "-SP2"), (".oe2203sp2", "-SP2"), (".oe2203", ""),
                           (".oe2203sp2?distro=openeuler-22.03-LTS", "")):
            self.assertEqual(self.findings("db", "sbom:-", text=cyclonedx("pkg:rpm/openeuler/curl@7.79.1-24" + purl)), ([("curl", "OPENEULER-22.03-LTS" + want)], []), purl)

    def test_what_is_none_is_an_error(self):
        for name, text, words in (
                ("e.json", "{}", "of a format that is not read"), ("x.json", "<bom/>", "XML that is not CycloneDX"), ("cut.json", cyclonedx(SSL)[:-9], "not JSON"),
                ("cut.xml", cyclonedx_xml(SSL)[:-9], "xml: cut short"), ("deep.xml", "<bom xmlns='http://cyclonedx.org/schema/bom/1.4'>" + "<a>" * 99, "more than 64 levels"),
                ("deep.json", '{"bomFormat": "CycloneDX", "components": ' + "[" * 2000, "not JSON"), ("graph.json", spdx3().replace("[", "{").replace("]", "}"), "not JSON"),
                ("graph.json", '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": 1}', "@graph: not a list"),
                ("type.json", dsse(cyclonedx)(SSL).replace("in-toto", "other"), "payloadType: application/vnd.other+json"),
                ("payload.json", '{"payloadType": "application/vnd.in-toto+json", "payload": "?"}', "payload: not base64"),
                ("predicate.json", '{"predicateType": "https://spdx.dev/Document", "predicate": "{"}', "predicate: not JSON"),
                ("slsa.json", '{"predicateType": "https://slsa.dev/provenance/v1", "predicate": {}}', "predicate: an SBOM of a format"),
                ("nested.json", dsse(dsse(cyclonedx))(SSL), "an attestation about an attestation")):
            (self.at / name).write_text(text)
            done = self.peekr("inventory", "sbom:" + name)
            self.assertEqual((done.returncode, done.stdout), (1, ""), name)
            self.assertIn(name + ": ", done.stderr)
            self.assertIn(words, done.stderr)
        for target, words in (("pkg:foo", "not a package URL"), ("pkg:npm/lodash", "no version in it"), ("sbom:nowhere", "nowhere: ")):
            done = self.peekr("inventory", target)
            self.assertEqual((done.returncode, done.stdout), (1, ""), target)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
