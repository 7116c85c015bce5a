#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes an OCI layout of one gzip layer with many empty files: many_files_image.py DIR [FILES [FOLDERS]], 3,000,000 in 3,000."""
import hashlib
import json
import pathlib
import sys
import zlib


def header(name, kind, mode):
    block = bytearray(512)
    block[0:len(name)] = name
    block[100:108], block[108:116], block[116:124] = mode, b"0000000\0", b"0000000\0"
    block[124:136], block[136:148], block[148:156] = b"00000000000\0", b"14000000000\0", b" " * 8
    block[156:157], block[257:265] = kind, b"ustar\00000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def layer(files, folders):
    """The tar, a folder at a time; headers of one folder differ by the number and the checksum only."""
    for folder in range(folders):
        yield header(b"srv/data/folder%04d/" % folder, b"5", b"0000755\0")
        name = b"srv/data/folder%04d/file" % folder
        block = header(name + b"00000000", b"0", b"0000644\0")
        zeros = sum(block) - sum(block[148:156]) + 8 * 32 - 8 * 48
        before, behind = block[len(name) + 8:148], block[156:]
        numbers = [b"%08d" % i for i in range(files // folders)]
        yield b"".join(name + one + before + b"%06o\0 " % (zeros + sum(one)) + behind for one in numbers)
    yield bytes(1024)


def put(blobs, data):
    digest = hashlib.sha256(data).hexdigest()
    (blobs / digest).write_bytes(data)
    return {"digest": f"sha256:{digest}", "size": len(data)}


def main():
    out, files, folders = pathlib.Path(sys.argv[1]), *[int(one) for one in (sys.argv[2:] + ["3000000", "3000"])[:2]]
    blobs = out / "blobs" / "sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    packer, plain, parts = zlib.compressobj(6, zlib.DEFLATED, 31), hashlib.sha256(), []
    for part in layer(files, folders):
        plain.update(part)
        parts.append(packer.compress(part))
    described = put(blobs, b"".join(parts) + packer.flush())
    kinds = "application/vnd.oci.image."
    config = put(blobs, json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                                    "rootfs": {"type": "layers", "diff_ids": [f"sha256:{plain.hexdigest()}"]}}).encode())
    manifest = put(blobs, json.dumps({"schemaVersion": 2, "mediaType": f"{kinds}manifest.v1+json",
                                      "config": {"mediaType": f"{kinds}config.v1+json", **config},
                                      "layers": [{"mediaType": f"{kinds}layer.v1.tar+gzip", **described}]}).encode())
    index = {"schemaVersion": 2, "manifests": [{"mediaType": f"{kinds}manifest.v1+json", **manifest}]}
    (out / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (out / "index.json").write_text(json.dumps(index))


main()
