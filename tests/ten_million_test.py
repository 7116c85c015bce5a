#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A layer of ten million entries: a gzip member of a million files, ten times. It is refused by the limit `entries`, whose name
the message has, in bounded memory; so is the same layer by the limit `ratio` before it gets that far.
usage: ten_million_test.py PEEKR_PROGRAM"""
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

PEEKR = ""
MILLION = 1_000_000


def headers(first, count):
    """ustar headers of empty files f0000000, f0000001, ..: all alike but for the digits and the checksum."""
    blank = bytearray(512)
    blank[100:108] = b"0000644\0"
    blank[108:116] = blank[116:124] = b"0000000\0"
    blank[124:136] = blank[136:148] = b"00000000000\0"
    blank[148:156] = b" " * 8
    blank[156:157] = b"0"
    blank[257:265] = b"ustar\00000"
    out = []
    for i in range(first, first + count):
        name = b"f%07d" % i
        one = bytearray(blank)
        one[0:8] = name
        one[148:156] = b"%06o\0 " % (sum(blank) + sum(name))
        out.append(bytes(one))
    return b"".join(out)


def layout(folder):
    """An OCI layout of that one layer."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, 31)
    member = b"".join(deflate.compress(headers(i, 10_000)) for i in range(0, MILLION, 10_000)) + deflate.flush()
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)

    def put(data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data)}

    kind = "application/vnd.oci.image."
    config = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["sha256:" + "0" * 64]}}
    manifest = {"schemaVersion": 2, "mediaType": kind + "manifest.v1+json",
                "config": put(json.dumps(config).encode(), kind + "config.v1+json"),
                "layers": [put(member * 10, kind + "layer.v1.tar+gzip")]}
    index = {"schemaVersion": 2, "manifests": [put(json.dumps(manifest).encode(), kind + "manifest.v1+json")]}
    (folder / "index.json").write_text(json.dumps(index))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return folder


class TenMillion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="peekr-ten-million-")
        cls.image = layout(Path(cls.holder.name) / "image")

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def refused(self, *options):
        done = subprocess.run([PEEKR, "inventory", *options, "--platform", "linux/amd64", f"oci-dir:{self.image}"],
                              capture_output=True, text=True, timeout=900)
        self.assertEqual(done.returncode, 1, done.stdout[-500:] + done.stderr)
        return done.stderr

    def test_entries(self):
        self.assertRegex(self.refused("--limit", "ratio=1000000"), r"entries.*4000000|4000000.*entries")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        self.assertLess(peak, 3000)  # MiB; AddressSanitizer doubles it

    def test_ratio(self):
        self.assertIn("ratio", self.refused("--limit", "ratio=2", "--limit", "ratio_from=16M"))


if __name__ == "__main__":
    PEEKR = os.path.abspath(sys.argv.pop(1))
    unittest.main()
