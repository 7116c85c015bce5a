# SPDX-License-Identifier: Apache-2.0
"""A registry with some images, and a proxy in front of it: for the tests of images straight from one. The registry is Debian's
docker-registry, the images are pushed by skopeo; where something has to go wrong, the proxy does it."""
import base64
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

import images
import registries
from images import BASE, layer

SECRET = "s3cret/w+rd="


def noise(size):
    return random.Random(size).randbytes(size)


SMALL = layer(("opt/x", "x"))
LARGE = layer(("opt/noise", noise(1_500_000)), ("opt/lib/python3/dist-packages/a-1.0.dist-info/METADATA",
                                                "Metadata-Version: 2.1\nName: a\nVersion: 1.0\n\n"))


class RegistryCase(unittest.TestCase):
    program = ""  # peekr

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="peekr-registry-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.plain = cls.started(registries.Registry(cls.folder / "storage"))
        for name, form, layers in (("app", "oci-dir-gzip", [BASE, LARGE]), ("zstd", "oci-dir-zstd", [BASE, LARGE])):
            cls.push(images.Image(layers, form, tag="x"), name + ":1")
        cls.push(images.Image([BASE], "oci-dir-gzip", tag="x"), "v2s2:1", "--format", "v2s2")
        cls.push_index("many:1", [("amd64", [BASE]), ("arm64", [BASE])])
        cls.push_index("shared:1", [("amd64", [BASE, SMALL]), ("arm64", [BASE, LARGE])])

    @classmethod
    def started(cls, server):
        cls.addClassCleanup(server.close)
        return server

    @classmethod
    def push(cls, image, name, *options):
        with tempfile.TemporaryDirectory() as folder:
            registries.push(f"oci:{images.write(images.files_of([image]), image.form, folder)}", cls.plain, name, *options)

    @classmethod
    def push_index(cls, name, platforms):
        """An index of platforms, and an attestation."""
        parts, blobs = [], {}
        for architecture, layers in platforms:
            image = images.Image(layers, "oci-dir-gzip", architecture=architecture, tag="")
            image.platform = f"linux/{architecture}"
            more, descriptor = image.blobs_and_descriptor()
            blobs.update(more)
            parts.append(descriptor)
        parts.append({**parts[0], "platform": {"os": "unknown", "architecture": "unknown"},
                      "annotations": {"vnd.docker.reference.type": "attestation-manifest"}})
        index = json.dumps({"schemaVersion": 2, "mediaType": images.OCI + "image.index.v1+json".removeprefix("image."),
                            "manifests": parts}).encode()
        blobs["blobs/sha256/" + images.sha256(index)] = index
        top = {"mediaType": images.OCI + "index.v1+json", "digest": "sha256:" + images.sha256(index), "size": len(index)}
        files = {**blobs, "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
                 "index.json": json.dumps({"schemaVersion": 2, "manifests": [top]}).encode()}
        with tempfile.TemporaryDirectory() as folder:
            registries.push(f"oci:{images.write(files, 'oci-dir', folder)}", cls.plain, name, "--all")

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="home-", dir=self.folder))
        self.proxy = registries.Proxy(self.plain)
        self.addCleanup(self.proxy.close)

    def peekr(self, *arguments, input="", **environment):
        clean = {"PATH": f"{self.home}/bin:{os.environ['PATH']}", "HOME": str(self.home), "PEEKR_FETCH_BACKOFF_MS": "5",
                 "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), **environment}
        done = subprocess.run([self.program, *arguments], input=input.encode(), env=clean, stdout=subprocess.PIPE, timeout=120,
                              stderr=subprocess.PIPE, check=False, cwd=self.home)
        said = done.stdout.decode() + done.stderr.decode()
        for secret in (SECRET, base64.b64encode(f"user:{SECRET}".encode()).decode()):
            self.assertNotIn(secret, said)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def packages(self, target, *arguments, **more):
        code, out, err = self.peekr("inventory", "-f", "json", *arguments, target, **more)
        self.assertEqual(code, 0, err)
        report = json.loads(out)
        return sorted(one["name"] for one in report["packages"]), report, err

    def refused(self, target, message, *arguments, **more):
        code, out, err = self.peekr("inventory", *arguments, target, **more)
        self.assertEqual((code, out), (1, ""), err)
        self.assertIn(message, err)
        if target == self.app():
            self.check_cache()
        return err

    def check_cache(self):
        """What a scan that failed has left in the cache is whole and right: with it the image is what it is."""
        kept, copy = self.home / ".cache", self.home / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(kept, copy) if kept.exists() else copy.mkdir()
        names, _, err = self.packages(f"{self.plain.host}/app:1", XDG_CACHE_HOME=str(copy))
        self.assertEqual(names, ["a", "bash"])
        self.assertNotIn("damaged", err)

    def app(self):
        return f"{self.proxy.host}/app:1"

    def layers_asked(self):
        return [path for _, path, _ in self.proxy.log if "/blobs/" in path]


def main(*more):
    """more: programs that these tests need."""
    RegistryCase.program = os.path.abspath(sys.argv.pop(1))
    registries.main(*more)
