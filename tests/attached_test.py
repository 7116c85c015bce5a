#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What publishers attach to images: usage: attached_test.py PEEKR_PROGRAM. In Debian's docker-registry, which knows no referrers, so that
tags name what is attached; behind a proxy that does know them; and in OCI layouts."""
import base64
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import images  # noqa: E402
import registries  # noqa: E402

PEEKR = ""
MANIFEST, INDEX = images.OCI + "manifest.v1+json", images.OCI + "index.v1+json"
STATUS = "".join(f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n" for name in ("bash", "zlib"))
BASE = (images.entry("etc/os-release", 'ID=debian\nVERSION_ID="12"\n') + images.entry("var/lib/dpkg/status", STATUS) + images.END)
INTOTO, DSSE = "application/vnd.in-toto+json", "application/vnd.dsse.envelope.v1+json"


def cyclonedx(*names):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
        {"type": "library", "name": name, "version": "9.0-1", "purl": f"pkg:deb/debian/{name}@9.0-1?distro=debian-12"} for name in names]})


def spdx(*names):
    return json.dumps({"spdxVersion": "SPDX-2.3", "packages": [
        {"name": name, "versionInfo": "9.0-1", "externalRefs": [
            {"referenceType": "purl", "referenceLocator": f"pkg:deb/debian/{name}@9.0-1?distro=debian-12"}]} for name in names]})


def openvex(cve, status="not_affected"):
    return json.dumps({"@context": "https://openvex.dev/ns/v0.2.0", "statements": [
        {"vulnerability": {"name": cve}, "products": [{"@id": "pkg:deb/debian/bash"}], "status": status,
         "justification": "vulnerable_code_not_present"}]})


def statement(predicate, kind):
    return json.dumps({"_type": "https://in-toto.io/Statement/v1", "predicateType": kind, "subject": [], "predicate": json.loads(predicate)})


def envelope(text):
    return json.dumps({"payloadType": INTOTO, "payload": base64.b64encode(text.encode()).decode(), "signatures": [{"sig": "AA=="}]})


def described(data, media_type, **more):
    return {"mediaType": media_type, "digest": "sha256:" + images.sha256(data), "size": len(data), **more}


class Made:
    """A manifest with these documents, each (text, media type, annotations)."""

    def __init__(self, *documents, subject=None, **fields):
        self.blobs = [text.encode() for text, *_ in documents]
        layers = [described(blob, kind, **({"annotations": more[0]} if more else {}))
                  for blob, (_, kind, *more) in zip(self.blobs, documents)]
        self.blobs.append(b"{}")
        self.bytes = json.dumps({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": described(b"{}", "application/vnd.oci.empty.v1+json"),
            "layers": layers, **({"subject": subject} if subject else {}), **fields}).encode()
        self.descriptor = described(self.bytes, MANIFEST)

    def digest(self, number=0):
        return "sha256:" + images.sha256(self.blobs[number])


def index_of(*descriptors):
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors}).encode()


class Place:
    """One repository."""

    def __init__(self, registry, name):
        self.registry, self.name = registry, name

    def send(self, method, path, body=b"", media_type="application/octet-stream"):
        line = http.client.HTTPConnection("127.0.0.1", self.registry.port, timeout=60)
        line.request(method, path, body, {"Content-Type": media_type})
        reply = line.getresponse()
        text = reply.read()
        line.close()
        assert reply.status in (201, 202), (method, path, reply.status, text)
        return reply.headers.get("Location", "")

    def blob(self, data):
        where = self.send("POST", f"/v2/{self.name}/blobs/uploads/").split(self.registry.host)[-1]
        self.send("PUT", f"{where}{'&' if '?' in where else '?'}digest=sha256:{images.sha256(data)}", data)

    def manifest(self, data, media_type, tag=""):
        self.send("PUT", f"/v2/{self.name}/manifests/{tag or 'sha256:' + images.sha256(data)}", data, media_type)

    def image(self, tag="1"):
        image = images.Image([BASE], "oci-dir-gzip", tag="")
        image.platform = "linux/amd64"
        blobs, descriptor = image.blobs_and_descriptor()
        for data in blobs.values():
            self.blob(data)
        self.manifest(blobs["blobs/sha256/" + descriptor["digest"].split(":")[1]], MANIFEST, tag)
        return descriptor

    def attach(self, made, tag=""):
        for blob in made.blobs:
            self.blob(blob)
        self.manifest(made.bytes, MANIFEST, tag)
        return made


def tag_of(descriptor):
    return descriptor["digest"].replace(":", "-")


class Attached(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="peekr-attached-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.registry = registries.Registry(cls.folder / "storage")
        cls.addClassCleanup(cls.registry.close)
        osv = cls.folder / "osv"
        osv.mkdir()
        for cve in ("CVE-2024-0001", "CVE-2024-0002"):
            (osv / f"{cve}.json").write_text(json.dumps({
                "id": "DEBIAN-" + cve, "modified": "2024-01-01T00:00:00Z", "upstream": [cve],
                "affected": [{"package": {"ecosystem": "Debian:12", "name": "bash"},
                              "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0-1"}]}]}]}))
        cls.run_peekr("db", "build", "--from", "osv", "--db", "db")

    def setUp(self):
        self.place = Place(self.registry, self.id().split(".")[-1].lower().replace("test_", "x-"))
        self.target = f"registry:{self.registry.host}/{self.place.name}:1"

    @classmethod
    def run_peekr(cls, *arguments):
        clean = {"PATH": os.environ["PATH"], "HOME": str(cls.folder), "PEEKR_FETCH_BACKOFF_MS": "5",
                 "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        return subprocess.run([PEEKR, *arguments], cwd=cls.folder, env=clean, capture_output=True, text=True, timeout=120, check=False)

    def claimed(self, target, *more):
        """The names of the packages, and the report."""
        done = self.run_peekr("inventory", "-f", "json", "--sbom-from", "referrers", *more, target)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        return [one["name"] for one in report["packages"]], report

    def refused(self, target, *words, options=("inventory", "--sbom-from", "referrers")):
        done = self.run_peekr(*options, target)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        for one in words:
            self.assertIn(one, done.stderr)

    def layout(self, extra):
        """An OCI layout of the image and what is attached to its descriptor, (Made, annotations) each; returns its path."""
        image = images.Image([BASE], "oci-dir-gzip", tag="one")
        blobs, descriptor = image.blobs_and_descriptor()
        attached = extra(descriptor)
        entries = [descriptor]
        for made, annotations in attached:
            blobs["blobs/sha256/" + images.sha256(made.bytes)] = made.bytes
            blobs.update({"blobs/sha256/" + images.sha256(blob): blob for blob in made.blobs})
            entries.append({**made.descriptor, **({"annotations": annotations} if annotations else {})})
        at = images.write({**blobs, "oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": index_of(*entries)}, "oci-dir",
                          self.folder / self.place.name)
        return f"oci-dir:{at}:one"

    # SBOMs

    def test_the_fallback_tag(self):
        image = self.place.image()
        made = self.place.attach(Made((cyclonedx("curl"), "application/vnd.cyclonedx+json"), subject=image,
                                      artifactType="application/vnd.cyclonedx+json"))
        other = self.place.attach(Made((cyclonedx("nmap"), "application/vnd.cyclonedx+json"),
                                       subject={**image, "digest": "sha256:" + "0" * 64}))
        self.place.manifest(index_of(other.descriptor, made.descriptor), INDEX, tag_of(image))
        names, report = self.claimed(self.target)
        self.assertEqual(names, ["curl"])
        self.assertEqual(report["image"]["digest"], image["digest"])
        self.assertEqual([one["claimed"] for one in report["packages"]], [True])
        notes = [one for one in report["notes"] if one["why"] == "unasked"]
        self.assertEqual(len(notes), 1)
        for words in ("no layer was read", "signature was not checked", made.digest()):
            self.assertIn(words, notes[0]["what"])
        self.assertEqual(report["image"]["layers"], [])

    def test_layers_are_not_fetched(self):
        image = self.place.image()
        self.place.attach(Made((spdx("curl"), "text/spdx+json")), tag_of(image) + ".sbom")
        proxy = registries.Proxy(self.registry)
        self.addCleanup(proxy.close)
        names, report = self.claimed(f"registry:{proxy.host}/{self.place.name}:1")
        self.assertEqual(names, ["curl"])
        self.assertGreater(report["image"]["fetched"], 0)
        layer = "sha256:" + images.sha256(images.pack(BASE, "oci-dir-gzip"))
        self.assertFalse([path for _, path, _ in proxy.log if layer in path])

    def test_cosigns_attestations(self):
        image = self.place.image()
        self.place.attach(Made((envelope(statement('{"builder": {}}', "https://slsa.dev/provenance/v1")), DSSE,
                                {"predicateType": "https://slsa.dev/provenance/v1"}),
                               (envelope(statement(cyclonedx("curl"), "https://cyclonedx.org/bom")), DSSE)), tag_of(image) + ".att")
        self.assertEqual(self.claimed(self.target)[0], ["curl"])

    def test_buildkits_attestation_of_this_image(self):
        image = self.place.image("part")
        parts = []
        for name, digest in (("nmap", "sha256:" + "1" * 64), ("curl", image["digest"])):
            made = self.place.attach(Made((statement('{"a": 1}', "https://slsa.dev/provenance/v1"), INTOTO,
                                           {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"}),
                                          (statement(spdx(name), "https://spdx.dev/Document"), INTOTO,
                                           {"in-toto.io/predicate-type": "https://spdx.dev/Document"})))
            parts.append({**made.descriptor, "platform": {"os": "unknown", "architecture": "unknown"}, "annotations": {
                "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest}})
        self.place.manifest(index_of(image, *parts), INDEX, "1")
        self.assertEqual(self.claimed(self.target, "--platform", "linux/amd64")[0], ["curl"])

    def test_what_is_attached_to_the_index_comes_behind(self):
        image = self.place.image("part")
        index = index_of(image)
        self.place.manifest(index, INDEX, "1")
        top = described(index, INDEX)
        self.place.attach(Made((spdx("nmap"), "text/spdx+json")), tag_of(top) + ".sbom")
        self.assertEqual(self.claimed(self.target, "--platform", "linux/amd64")[0], ["nmap"])
        self.place.attach(Made((spdx("curl"), "text/spdx+json")), tag_of(image) + ".sbom")
        self.assertEqual(self.claimed(self.target, "--platform", "linux/amd64")[0], ["curl"])

    def in_pages(self, image, link, *pages):
        """Where the registry answers behind a proxy that knows referrers: the first page with that Link, and the second."""
        path = f"/v2/{self.place.name}/referrers/{image['digest']}"
        proxy = registries.Proxy(self.registry)
        self.addCleanup(proxy.close)

        def answer(handler, asked):
            if not asked.split("?")[0].endswith("/referrers/" + image["digest"]):
                return False
            last = asked.endswith("?page=2")
            more = {} if last else {"Link": link.replace("PATH", path).replace("HOST", proxy.host).replace("DIGEST", image["digest"])}
            handler.say(200, index_of(*pages[last]), Content_Type=INDEX, **more)
            return True
        proxy.fault = answer
        return f"registry:{proxy.host}/{self.place.name}:1"

    def test_the_referrers_api_page_by_page_and_the_newest(self):
        image = self.place.image()
        pages = []
        for name, when in (("nmap", "2024-01-01T00:00:00Z"), ("curl", "2025-01-01T00:00:00Z")):
            pages.append(self.place.attach(Made((cyclonedx(name), "application/json"), subject=image,
                                                artifactType="application/vnd.cyclonedx+json",
                                                annotations={"org.opencontainers.image.created": when})))
        for at in ("PATH", "", "DIGEST", "/api/docker/local/v2/app/referrers/DIGEST", "http://HOST/api/docker/referrers/DIGEST"):
            target = self.in_pages(image, f'<{at}?page=2>; rel="next"', *[[one.descriptor] for one in pages])
            self.assertEqual(self.claimed(target)[0], ["curl"], at)
        for at in ("https://other.example/referrers/DIGEST", "//other.example/referrers/DIGEST"):
            self.refused(self.in_pages(image, f'<{at}?page=2>; rel="next"', [], []), "its next page is elsewhere")

    def test_vex_is_no_sbom_and_an_sbom_that_was_passed_over_is_named(self):
        image = self.place.image()
        kinds = {"old": "application/vnd.cyclonedx+json", "new": "application/vnd.cyclonedx+json", "vex": "application/vnd.cyclonedx.vex+json",
                 "vex beside": "application/vnd.cyclonedx+json"}
        vex = json.dumps(json.loads(cyclonedx("left-pad")) | {"vulnerabilities": [
            {"id": "CVE-2024-0001", "analysis": {"state": "not_affected"}, "affects": [{"ref": "pkg:deb/debian/left-pad@9.0-1"}]}]})
        made = {}

        def attach(name, text, created):
            made[name] = self.place.attach(Made((text, kinds[name]), subject=image, artifactType=kinds[name],
                                                annotations={"org.opencontainers.image.created": created}))
            self.place.manifest(index_of(*(one.descriptor for one in made.values())), INDEX, tag_of(image))

        attach("vex", vex, "2024-03-01T00:00:00Z")
        self.refused(self.target, "no SBOM is attached", kinds["vex"])
        attach("vex beside", vex + " ", "2024-02-01T00:00:00Z")
        self.assertEqual(self.claimed(self.target)[0], ["left-pad"])
        attach("old", cyclonedx("curl"), "2024-01-01T00:00:00Z")
        names, report = self.claimed(self.target)
        self.assertEqual(names, ["curl"])
        notes = [one["what"] for one in report["notes"] if one["why"] == "unasked" and "one was used" in one["what"]]
        self.assertEqual([(made["vex beside"].digest() in one, made["vex"].digest() in one) for one in notes], [(True, False)])
        attach("new", cyclonedx("nmap"), "2024-01-02T00:00:00Z")
        names, report = self.claimed(self.target)
        self.assertEqual(names, ["nmap"])
        self.assertTrue([one for one in report["notes"] if made["old"].digest() in one["what"]])
        proxy = registries.Proxy(self.registry)
        self.addCleanup(proxy.close)
        proxy.change = lambda path, status, headers, body: (
            status, headers, body.replace(b"nmap", b"gawk") if path.endswith(made["new"].digest()) else body)
        names, report = self.claimed(f"registry:{proxy.host}/{self.place.name}:1")
        self.assertEqual(names, ["curl"])
        self.assertTrue([one for one in report["notes"] if one["why"] != "unasked" and f"expected {made['new'].digest()}" in one["what"]])

    def test_one_link_of_several_leads_on(self):
        image = self.place.image()
        made = self.place.attach(Made((cyclonedx("curl"), "application/json"), subject=image, artifactType="application/vnd.cyclonedx+json"))
        link = '<PATH?page=0>; rel="first", <PATH?page=2>; title="a, b"; rel="next"'
        self.assertEqual(self.claimed(self.in_pages(image, link, [], [made.descriptor]))[0], ["curl"])

    def test_a_registry_that_does_not_know_the_request_may_say_so_in_many_ways(self):
        image = self.place.image()
        self.place.attach(Made((cyclonedx("curl"), "application/vnd.cyclonedx+json")), tag_of(image) + ".sbom")
        proxy = registries.Proxy(self.registry)
        self.addCleanup(proxy.close)
        for status in (400, 404, 405, 406, 501):
            proxy.fault = lambda handler, path: "/referrers/" in path and (handler.say(status) or True)
            self.assertEqual(self.claimed(f"registry:{proxy.host}/{self.place.name}:1")[0], ["curl"], status)
            asked = [path for _, path, _ in proxy.log if "/referrers/" in path]
            self.assertEqual(len(asked), 1, (status, "it is not asked again"))
            proxy.log.clear()
        proxy.fault = lambda handler, path: "/referrers/" in path and (handler.say(403) or True)
        done = self.run_peekr("inventory", "--sbom-from", "referrers", f"registry:{proxy.host}/{self.place.name}:1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the list of what is attached: the server says 403: its tags are asked for", done.stderr)

    def test_documents_have_a_limit_together(self):
        vex = [openvex(f"CVE-2024-000{number}") for number in (1, 2, 3)]
        made = Made(*[(text, "application/vnd.openvex+json") for text in vex])
        target = self.layout(lambda image: [(made, {"org.opencontainers.image.ref.name": tag_of(image) + ".att"})])
        options = ("scan", "--db", "db", "--offline", "--vex-from", "referrers", "--limit")
        most = sum(map(len, vex))
        self.refused(target, f"have {most} bytes together (limit file_bytes is {most - 1})", options=(*options, f"file_bytes={most - 1}"))
        done = self.run_peekr(*options, f"file_bytes={most}", target)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_sbom_is_catalogued_once(self):
        image = self.place.image()
        self.place.attach(Made((spdx("curl"), "text/spdx+json")), tag_of(image) + ".sbom")
        done = self.run_peekr("inventory", "--sbom-from", "referrers", "--timing", self.target)
        self.assertRegex(done.stderr, r"catalog/document +1 x")

    def test_a_document_that_is_not_what_its_digest_says(self):
        image = self.place.image()
        made = self.place.attach(Made((spdx("curl"), "text/spdx+json")), tag_of(image) + ".sbom")
        proxy = registries.Proxy(self.registry)
        self.addCleanup(proxy.close)
        proxy.change = lambda path, status, headers, body: (
            status, headers, body.replace(b"curl", b"nmap") if path.endswith(made.digest()) else body)
        self.refused(f"registry:{proxy.host}/{self.place.name}:1", f"expected {made.digest()}")
        self.refused(self.target, "limit file_bytes", options=("inventory", "--limit", "file_bytes=10", "--sbom-from", "referrers"))

    def test_none_is_attached(self):
        image = self.place.image()
        self.refused(self.target, "no SBOM is attached to the image; nothing is")
        made = self.place.attach(Made(("{}", "application/vnd.dev.cosign.simplesigning.v1+json"), ("no SBOM", "text/spdx+json")),
                                 tag_of(image) + ".sbom")
        self.refused(self.target, "there are: application/vnd.dev.cosign.simplesigning.v1+json (" + made.digest(), "no SBOM is in",
                     made.digest(1))

    def test_one_without_a_package_is_named(self):
        made = self.place.attach(Made(('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}', "application/vnd.cyclonedx+json")),
                                 tag_of(self.place.image()) + ".sbom")
        self.refused(self.target, "no package is in " + made.digest())

    def test_where_nothing_can_be_attached(self):
        (self.folder / "root/etc").mkdir(parents=True)
        self.refused("rootfs:root", "nothing can be attached to an image of the kind rootfs")
        self.refused("rootfs:root", "--sbom-from x: want referrers", options=("inventory", "--sbom-from", "x"))

    def test_layouts(self):
        target = self.layout(lambda image: [
            (Made((cyclonedx("nmap"), "application/vnd.cyclonedx+json"), subject={**image, "digest": "sha256:" + "2" * 64}), None),
            (Made((cyclonedx("curl"), "application/vnd.cyclonedx+json"), subject=image), None)])
        self.assertEqual(self.claimed(target)[0], ["curl"])
        shutil.rmtree(self.folder / self.place.name)
        target = self.layout(lambda image: [(Made((spdx("vim"), "text/spdx+json")),
                                             {"org.opencontainers.image.ref.name": tag_of(image) + ".sbom"})])
        self.assertEqual(self.claimed(target)[0], ["vim"])

    # VEX

    def scan(self, target, *more):
        """(ids of findings, {id: reason} of what was taken out, exit code, standard error)"""
        done = self.run_peekr("scan", "--db", "db", "--offline", "-f", "json", *more, target)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        report = json.loads(done.stdout)
        return (sorted(one["id"] for one in report["findings"]), {one["id"]: one["reason"] for one in report["suppressed"]},
                done.returncode, done.stderr)

    def test_vex_counts_behind_the_users_own(self):
        made = Made((envelope(statement(openvex("CVE-2024-0001"), "https://openvex.dev/ns/v0.2.0")), DSSE),
                    (openvex("CVE-2024-0002"), "application/vnd.openvex+json"))
        target = self.layout(lambda image: [(made, {"org.opencontainers.image.ref.name": tag_of(image) + ".att"})])
        both = ["CVE-2024-0001", "CVE-2024-0002"]
        self.assertEqual(self.scan(target)[:2], (both, {}))
        found, out, _, _ = self.scan(target, "--vex-from", "referrers")
        self.assertEqual((found, sorted(out)), ([], both))
        self.assertIn(made.digest(0), out[both[0]])
        self.assertIn(made.digest(1), out[both[1]])
        (self.folder / "own.json").write_text(openvex(both[1], "affected"))
        self.assertEqual(self.scan(target, "--vex-from", "referrers", "--vex", "own.json")[0], both[1:])

    def test_vex_that_is_not_there_or_cannot_be_read(self):
        target = self.layout(lambda image: [(Made((cyclonedx("curl"), "application/vnd.cyclonedx+json"), subject=image), None)])
        found, _, code, said = self.scan(target, "--vex-from", "referrers")
        self.assertEqual((len(found), code), (2, 0))
        self.assertIn("no VEX document is attached to the image; there are: application/vnd.cyclonedx+json", said)
        self.assertEqual(self.scan(target, "--sbom-from", "referrers", "--fail-on-incomplete")[2], 4)
        shutil.rmtree(self.folder / self.place.name)
        target = self.layout(lambda image: [(Made(("{", "application/vnd.openvex+json"), subject=image), None)])
        self.refused(target, "not JSON", options=("scan", "--db", "db", "--offline", "--vex-from", "referrers"))


if __name__ == "__main__":
    PEEKR = os.path.abspath(sys.argv.pop(1))
    registries.main()
