#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--platform all: every image of an index in one report. usage: platforms_test.py PEEKR_PROGRAM"""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import images  # noqa: E402
from case import Case, as_kept, status, valid, write_files  # noqa: E402

GLIBC = ("libc6", "glibc", "2.19-18+deb8u2")
OPENSSL = ("libssl1.0.0", "openssl", "1.0.1t-1+deb8u1")
ATTESTS = {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": "sha256:0"}
UNKNOWN = {"os": "unknown", "architecture": "unknown"}


def layer(files):
    return b"".join(images.entry(name, data) for name, data in files.items()) + images.END


BASE = layer({"etc/os-release": 'ID=debian\nVERSION_ID="8"\n'})


def advisory(id, cve, package, fixed):
    return {"schema_version": "1.7.0", "id": id, "modified": "2023-01-02T03:04:05Z", "upstream": [cve],
            "affected": [{"package": {"ecosystem": "Debian:8", "name": package},
                          "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}


def image(platform, *packages, version=""):
    """Of one platform, on the layer that all share."""
    made = images.Image([BASE, layer({"var/lib/dpkg/status": status(packages), "usr/share/platform": platform + version})],
                        "oci-dir-gzip", architecture=platform.split("/")[1], tag="")
    made.platform = platform
    return made


def index(made, *others, damaged=(), lost=()):
    """Files of an OCI layout: an index of these images; others: made of the first image's descriptor."""
    blobs, listed = {}, []
    for one in made:
        more, descriptor = one.blobs_and_descriptor()
        blobs.update(more)
        listed.append(descriptor)
    for one in damaged:
        name = "blobs/sha256/" + images.sha256(one.blobs[-1])
        blobs[name] = blobs[name][:-9] + bytes([blobs[name][-9] ^ 1]) + blobs[name][-8:]
    for one in lost:
        del blobs["blobs/" + listed[made.index(one)]["digest"].replace(":", "/")]
    text = json.dumps({"schemaVersion": 2, "manifests": listed + [{**listed[0], **other} for other in others]}).encode()
    blobs["blobs/sha256/" + images.sha256(text)] = text
    top = {"mediaType": images.OCI + "index.v1+json", "digest": "sha256:" + images.sha256(text), "size": len(text)}
    return {**blobs, "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
            "index.json": json.dumps({"schemaVersion": 2, "manifests": [top]}).encode()}


class Platforms(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.environ["XDG_CACHE_HOME"] = str(cls.at / "cache")
        write_files(cls.at, {"osv/a.json": advisory("DSA-1-1", "CVE-2015-7547", "glibc", "2.19-18+deb8u3"),
                             "osv/b.json": advisory("DSA-2-1", "CVE-2016-0800", "openssl", "1.0.1t-1+deb8u2")})
        cls.run_peekr("db", "build", "--from", "osv", "--db", "db")
        amd, arm, small = image("linux/amd64", GLIBC), image("linux/arm64", GLIBC, OPENSSL), image("linux/arm/v7", GLIBC)
        attestation, unknown = {"platform": UNKNOWN, "annotations": ATTESTS}, {"platform": UNKNOWN, "digest": "sha256:" + "7" * 64}
        for name, files in (("good", index([amd, arm], attestation, unknown)), ("bad", index([amd, arm, small], damaged=[small])),
                            ("lost", index([amd, arm], lost=[amd])), ("aside", index([amd], attestation)),
                            ("single", images.files_of([amd]))):
            images.write(files, "oci-dir", cls.at / name)
        images.write(index([amd, arm]), "oci-archive", cls.at / "archive")

    def scan(self, name, *arguments, code=0):
        return self.done("scan", f"{name}/image", "--platform", "all", "--db", "db", "--offline", *arguments, code=code)

    def all_of(self, name, *arguments, code=0):
        """What -f json writes, with each report held to its own schema."""
        return self.whole(self.scan(name, "-f", "json", *arguments, code=code)[0])

    def whole(self, text, name="report"):
        said = json.loads(text)
        reports = [one["report"] for one in said["platforms"]]
        for one in said["platforms"]:
            if one["report"] is not None:
                valid(name, json.dumps(one["report"]))
            one["report"] = None
        valid("platforms", json.dumps(said))
        for one, report in zip(said["platforms"], reports):
            one["report"] = report
        return said

    def test_each_image_has_the_report_that_it_has_alone(self):
        said = self.all_of("good")
        self.assertEqual([(one["platform"], one["state"]) for one in said["platforms"]],
                         [("linux/amd64", "scanned"), ("linux/arm64", "scanned"), ("unknown/unknown", "listed"), ("unknown/unknown", "listed")])
        self.assertEqual([one["why"] for one in said["platforms"]][2:],
                         ["an attestation of sha256:0", "its platform is unknown: an attestation, or what else is no image"])
        for one in said["platforms"][:2]:
            alone = self.run_peekr("scan", "good/image", "--platform", one["platform"], "--db", "db", "--offline", "-f", "json")
            self.assertEqual(one["report"], json.loads(alone))
            self.assertEqual(one["digest"], one["report"]["image"]["digest"])
        self.assertEqual(said["verdict"], {"exit_code": 0, "reasons": [], "remarks": []})

    def test_the_table_has_a_section_for_each_and_what_they_come_to(self):
        table = self.scan("good", "--fail-on", "low", code=2)[0]
        for platform in ("linux/amd64", "linux/arm64"):
            alone = self.done("scan", "good/image", "--platform", platform, "--db", "db", "--offline", "--fail-on", "low", code=2)[0]
            self.assertIn(alone, table)
        end = table[table.index("\nAll platforms\n"):]
        for line in ("  linux/amd64      1 known vulnerability in 1 source package (1 fixable)\n",
                     "  linux/arm64      2 known vulnerabilities in 2 source packages (2 fixable)\n",
                     "  unknown/unknown  not scanned: an attestation of sha256:0\n",
                     "  Together 2 vulnerabilities, 1 of them in every platform that was scanned.\n  Only in linux/arm64: CVE-2016-0800.\n",
                     "Exit code 2: linux/amd64: severity: 1 finding of at least low; linux/arm64: severity: 2 findings of"):
            self.assertIn(line, end)

    def test_threads_caches_and_forms_change_nothing(self):
        once = self.all_of("good", "--no-cache", "--threads", "1")
        for arguments in (("--threads", "8", "--no-cache"), (), ()):
            self.assertEqual(self.all_of("good", *arguments), once)
        archive = json.loads(self.run_peekr("scan", "archive/image.tar", "--platform", "all", "--db", "db", "--offline", "-f", "json"))
        self.assertEqual([one["report"]["findings"] for one in archive["platforms"]],
                         [one["report"]["findings"] for one in once["platforms"][:2]])

    def test_what_fails_for_one_does_not_hide_the_others(self):
        table, told = self.scan("bad", code=1)
        self.assertIn("linux/arm/v7 could not be scanned: layer 2 of 2 ", told)
        self.assertIn("  linux/arm/v7  could not be scanned: layer 2 of 2\n", table)
        self.assertIn("\nExit code 1: linux/arm/v7: could not be scanned\n", table)
        for name, failed in (("bad", "linux/arm/v7"), ("lost", "linux/amd64")):
            said = self.all_of(name, "-q", code=1)
            states = {one["platform"]: one["state"] for one in said["platforms"]}
            self.assertEqual(states.pop(failed), "failed")
            self.assertEqual(set(states.values()), {"scanned"})
            self.assertEqual(said["verdict"]["exit_code"], 1)
        self.assertIn("could not be scanned", self.scan("bad", "-q", "-f", "json", code=1)[1], "an error is no news to be quiet about")

    def test_what_is_for_a_platform_is_scanned_or_fails_whatever_else_is_said_of_it(self):
        amd, arm = image("linux/amd64", GLIBC), image("linux/arm64")
        gone = {"digest": "sha256:" + "7" * 64}
        for name, other, code, want in (
                ("called-attestation", {"annotations": ATTESTS}, 2, ["scanned", "scanned"]),
                ("other-kind", {"mediaType": "application/json"} | gone, 1, ["scanned", "failed"]),
                ("without-platform", {"platform": None}, 2, ["scanned", "scanned"]),
                ("twice", {"platform": None}, 2, ["scanned", "scanned", "listed"])):
            with self.subTest(name):
                files = index([arm, amd])
                top = json.loads(files["index.json"])["manifests"][0]
                listed = json.loads(files["blobs/" + top["digest"].replace(":", "/")])["manifests"]
                odd = {key: value for key, value in {**listed[1], **other}.items() if value is not None}
                text = json.dumps({"schemaVersion": 2, "manifests": [listed[0], odd] + listed[1:] * (name == "twice")}).encode()
                files["blobs/sha256/" + images.sha256(text)] = text
                top |= {"digest": "sha256:" + images.sha256(text), "size": len(text)}
                images.write(files | {"index.json": json.dumps({"schemaVersion": 2, "manifests": [top]}).encode()}, "oci-dir", self.at / name)
                all_of = self.all_of(name, "--fail-on", "low", code=code)
                self.assertEqual([one["state"] for one in all_of["platforms"]], want)

    def test_an_image_is_no_base_of_another_platform(self):
        low = image("linux/amd64", GLIBC)
        high = images.Image(low.tars + [layer({"etc/more": ""})], "oci-dir-gzip", architecture="arm64", tag="")
        high.platform = "linux/arm64"
        for name, made in (("low-first", [low, high]), ("high-first", [high, low])):
            images.write(index(made), "oci-dir", self.at / name)
            with self.subTest(name):
                all_of = self.all_of(name, "--no-cache", "--fail-on", "low", "--fail-on-base", "off", code=2)
                self.assertEqual([one["report"]["verdict"]["exit_code"] for one in all_of["platforms"]], [2, 2])

    def test_layers_are_those_of_the_base_image_that_the_user_names(self):
        base = image("linux/amd64", GLIBC)
        app, other = images.Image(base.tars + [layer({"opt/app": "1"})], "oci-dir-gzip", tag=""), images.Image([BASE, layer({"opt/app": "2"})], "oci-dir-gzip", tag="")
        for name, made in (("base", base), ("app", app), ("other", other)):
            made.platform = "linux/amd64"
            images.write(images.files_of([made]), "oci-dir", self.at / f"base-{name}")

        gate = ("scan", "oci-dir:base-app/image", "--db", "db", "--offline", "--fail-on", "low", "--fail-on-base", "off")
        self.told(*gate, code=2)
        self.told(*gate, "--base", "oci-dir:base-base/image", code=0)
        self.told(*gate, "--base", "base-base/image", "--no-cache", code=0)
        self.assertIn("--base oci-dir:base-other/image: its layers are not the lowest ones of the image", self.told(*gate, "--base", "oci-dir:base-other/image", code=2))
        self.told(*gate, "--base", "oci-dir:nothing", code=1)

    def test_what_is_no_index_is_the_one_platform_that_it_has(self):
        table, _ = self.scan("single")
        self.assertIn("- --platform all: single/image is no index of several platforms: it is for linux/amd64 only\n", table)
        said = self.all_of("single")
        self.assertEqual([(one["platform"], one["state"]) for one in said["platforms"]], [("linux/amd64", "scanned")])
        self.assertIn("is no index of several platforms", self.scan("single", "-f", "json")[1])
        self.assertEqual([one["state"] for one in self.all_of("aside")["platforms"]], ["scanned", "listed"])

    def test_a_platform_that_is_not_there_names_those_that_are(self):
        told = self.told("scan", "good/image", "--platform", "linux/s390x", "--db", "db", "--offline", code=1)
        self.assertIn("no image for linux/s390x; there are: linux/amd64, linux/arm64\n", told)

    def test_formats_of_one_image_are_refused_before_anything_is_read(self):
        for format in ("cyclonedx-json", "html", "csv=x.csv"):
            told = self.told("scan", "nowhere", "--platform", "all", "-f", format, code=1)
            self.assertIn("is of one image; of all platforms want json or sarif or table or template\n", told)
        for command in (("plan", "x"), ("explain", "x", "CVE-1"), ("diff", "x", "y")):
            self.assertIn("peekr scan and peekr inventory take all", self.told(*command, "--platform", "all", code=1))
        self.assertIn("for --explain", self.told("scan", "x", "--platform", "all", "--explain", "CVE-1", code=1))

    def test_an_inventory_has_them_too(self):
        out, told = self.done("inventory", "good/image", "--platform", "all", "-f", "json")
        said = self.whole(out, "inventory")
        self.assertEqual([len(one["report"]["packages"]) for one in said["platforms"][:2]], [1, 2])
        self.assertNotIn("verdict", said)
        table, told = self.done("inventory", "bad/image", "--platform", "all", code=1)
        self.assertIn("linux/arm64   2 packages\n", table)
        self.assertIn("linux/arm/v7 could not be scanned", told)

    def test_a_saved_one_is_converted_whole_or_one_of_it(self):
        self.scan("bad", "-f", "json=saved.json", code=1)
        for format in ("json", "sarif", "table"):
            self.assertEqual(self.run_peekr("convert", "saved.json", "-f", format), as_kept(self.scan("bad", "-f", format, code=1)[0]))
        for format in ("json", "cyclonedx-json", "html", "csv"):
            alone = self.run_peekr("scan", "bad/image", "--platform", "linux/arm64", "--db", "db", "--offline", "-f", format)
            self.assertEqual(self.run_peekr("convert", "saved.json", "--platform", "linux/arm64/v8", "-f", format), alone)
        for arguments, message in ((("-f", "csv"), "is of one image"),
                                   (("--platform", "linux/s390x"), "no report for linux/s390x; there are: linux/amd64, linux/arm64"),
                                   (("--platform", "linux/arm/v7"), "linux/arm/v7 could not be scanned: layer 2 of 2 ")):
            self.assertIn(message, self.told("convert", "saved.json", *arguments, code=1))

    def test_two_images_of_one_platform_are_told_apart(self):
        made = [image("windows/amd64", GLIBC, version=version) for version in "12"]
        blobs, listed = {}, []
        for one, version in zip(made, ("10.0.17763.1", "10.0.20348.2")):
            more, descriptor = one.blobs_and_descriptor()
            descriptor["platform"]["os.version"] = version
            blobs.update(more)
            listed.append(descriptor)
        files = index([image("linux/amd64", GLIBC), image("linux/amd64", GLIBC, OPENSSL)])
        top = json.loads(files["index.json"])["manifests"][0]
        inner = json.loads(files["blobs/" + top["digest"].replace(":", "/")])
        text = json.dumps({**inner, "manifests": inner["manifests"] + listed}).encode()
        top.update(digest="sha256:" + images.sha256(text), size=len(text))
        files.update(blobs)
        files["blobs/sha256/" + images.sha256(text)] = text
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [top]}).encode()
        images.write(files, "oci-dir", self.at / "twins")
        said = self.all_of("twins", "-f", "json=twins.json")
        digests = [one["digest"] for one in said["platforms"]]
        for asked, at in (("windows/amd64 10.0.20348.2", 3), ("windows/amd64 10.0.17763.1", 2), (digests[0], 0), (digests[1], 1)):
            got = json.loads(self.run_peekr("convert", "twins.json", "--platform", asked, "-f", "json"))
            self.assertEqual(got["image"]["digest"], digests[at], asked)
        for version, at in (("10.0.20348.2", 3), ("10.0.17763.1", 2)):
            got = json.loads(self.run_peekr("inventory", "twins/image", "--platform", "windows/amd64 " + version, "-f", "json"))
            self.assertEqual(got["image"]["digest"], digests[at], version)
        told = self.told("inventory", "twins/image", "--platform", "windows/amd64 10.0.1", code=1)
        self.assertIn("no image for windows/amd64 10.0.1; there are: linux/amd64, windows/amd64 10.0.17763.1, windows/amd64 10.0.20348.2", told)
        told = self.told("convert", "twins.json", "--platform", "windows/amd64", code=1)
        self.assertIn('has several reports for windows/amd64: want --platform "windows/amd64 10.0.17763.1" or "windows/amd64 10.0.20348.2"', told)
        told = self.told("convert", "twins.json", "--platform", "linux/amd64", code=1)
        self.assertIn(f"has several reports for linux/amd64: want --platform {digests[0]} or {digests[1]}", told)
        runs = json.loads(self.run_peekr("convert", "twins.json", "-f", "sarif"))["runs"]
        self.assertEqual([run["automationDetails"]["id"] for run in runs],
                         ["peekr/linux/amd64/", "peekr/linux/amd64#2/", "peekr/windows/amd64 10.0.17763.1/", "peekr/windows/amd64 10.0.20348.2/"])

    def test_an_archive_whose_two_lists_differ_gives_no_other_image_than_was_asked_for(self):
        listed, other = (images.Image([bytes(1024), layer({name: name})], "oci-archive", tag=f"{name}:1") for name in ("aaa", "bbb"))
        saved = [{"Config": "blobs/sha256/" + images.sha256(one.config()), "RepoTags": [one.tag],
                  "Layers": ["blobs/sha256/" + images.sha256(blob) for blob in one.blobs]} for one in (listed, other)]
        files = {**images.files_of([other]), **images.files_of([listed])}  # the index is that of the last one
        files["manifest.json"] = json.dumps(saved).encode()
        images.write(files, "oci-archive", self.at / "lists")
        self.assertIn("none of its 1 manifests is that image", self.told("inventory", "docker-archive:lists/image.tar:bbb:1", code=1))
        for target in ("docker-archive:lists/image.tar", "docker-archive:lists/image.tar:aaa:1"):
            got = json.loads(self.run_peekr("inventory", target, "-f", "json"))
            self.assertEqual(got["image"]["layers"][1]["digest"], "sha256:" + images.sha256(listed.blobs[1]))
            what = [one["what"] for one in got["notes"]]
            self.assertEqual("manifest.json names an image that index.json does not know" in what, "aaa" not in target, what)

    def test_the_version_of_the_system_may_stand_in_the_configuration_alone(self):
        one = images.Image([bytes(1024)], "oci-dir-gzip", tag="app:1")
        config = {**json.loads(one.config()), "os": "windows", "os.version": "10.0.17763.1"}
        one.config = lambda: json.dumps(config).encode()
        images.write(images.files_of([one]), "oci-dir", self.at / "alone")
        self.run_peekr("inventory", "alone/image", "--platform", "windows/amd64 10.0.17763.1")
        told = self.told("inventory", "alone/image", "--platform", "windows/amd64 10.0.1", code=1)
        self.assertIn("windows/amd64 10.0.1", told)

    def test_a_saved_report_of_one_platform_is_none_of_another(self):
        self.run_peekr("scan", "good/image", "--platform", "linux/arm64", "--db", "db", "--offline", "-f", "json=arm.json", "-q")
        for command in (("diff", "arm.json", "arm.json"), ("convert", "arm.json")):
            self.assertIn("no report for linux/amd64; it is of linux/arm64", self.told(*command, "--platform", "linux/amd64", code=1))
            self.run_peekr(*command, "--platform", "linux/arm64")

    def test_what_one_of_two_lists_does_not_know_is_said_of_all_platforms(self):
        """Docker 25 saves an index, and manifest.json with one of its images for older readers."""
        made = [image("linux/amd64", GLIBC), image("linux/arm64", GLIBC)]
        for one in made:
            one.tag = ""
        saved = {"RepoTags": ["app:1"], "Layers": ["blobs/sha256/" + images.sha256(blob) for blob in made[0].blobs]}
        files = index(made)
        stranger = b'{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}'
        files["blobs/sha256/" + images.sha256(stranger)] = stranger
        other = {"Config": "blobs/sha256/" + images.sha256(stranger), "RepoTags": ["app:2"], "Layers": []}
        config = {"Config": "blobs/sha256/" + images.sha256(made[0].config()), **saved}
        unknown, one_more = "manifest.json does not know the image that index.json names", "manifest.json names an image that index.json does not know"
        for number, (entries, wanted) in enumerate((([config], []), ([other], [unknown]), ([config, other], [one_more]))):
            at = images.write(files | {"manifest.json": json.dumps(entries).encode()}, "docker-archive-oci", self.at / f"saved{number}")
            target = f"docker-archive:{at}"
            out = json.loads(self.run_peekr("inventory", target, "--platform", "all", "-f", "json"))
            notes = [[note["what"] for note in one["report"]["notes"] if note["why"] == "suspicious"] for one in out["platforms"]]
            self.assertEqual(notes, [wanted, wanted], number)
            for platform in ("linux/amd64", "linux/arm64"):
                alone = json.loads(self.run_peekr("inventory", target, "--platform", platform, "-f", "json"))
                self.assertEqual([note["what"] for note in alone["notes"] if note["why"] == "suspicious"], wanted, platform)

    def test_what_takes_one_report_says_so(self):
        self.scan("good", "-f", "json=saved.json")
        self.assertIn("is of several platforms: want --platform linux/amd64 or linux/arm64",
                      self.told("diff", "saved.json", "saved.json", code=1))
        self.assertIn("2 stayed", self.run_peekr("diff", "saved.json", "saved.json", "--platform", "linux/arm64"))
        self.assertIn("is of several platforms", self.scan("good", "--baseline", "saved.json", code=1)[1])
        (self.at / "policy.yaml").write_text("fail-on: high\n")
        self.assertIn("is of several platforms", self.told("policy", "explain", "policy.yaml", "saved.json", code=1))
        self.assertIn("is a report", self.told("explain", "saved.json", "CVE-2015-7547", "--db", "db", "--offline", code=1))
        whole = ["--platform", "all"]
        for command, target, more in (("scan", "saved.json", []), ("plan", "saved.json", []), ("inventory", "saved.json", []),
                                      ("scan", "saved.json", whole), ("inventory", "saved.json", whole),
                                      ("scan", "sbom:saved.json", []), ("inventory", "sbom:saved.json", [])):
            known = [] if command == "inventory" else ["--db", "db", "--offline"]
            self.assertIn("peekr convert writes the report", self.told(command, target, *known, *more, code=1), (command, target, more))


if __name__ == "__main__":
    unittest.main(verbosity=1)
