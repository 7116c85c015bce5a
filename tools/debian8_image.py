#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a docker-archive shaped like Debian 8: debian8_image.py OUT.tar

Two layers: a base with the packages of jessie as its installer left them (glibc 2.19-18+deb8u2, the getaddrinfo overflow of
CVE-2015-7547), and one that adds a package. Only the package database is there, which is all that a scanner believes."""
import hashlib
import io
import json
import sys
import tarfile

BASE = [  # package, version, source with version if it differs
    ("libc6", "2.19-18+deb8u2", "glibc"), ("libc-bin", "2.19-18+deb8u2", "glibc"), ("multiarch-support", "2.19-18+deb8u2", "glibc"),
    ("bash", "4.3-11+b1", "bash (4.3-11)"), ("libssl1.0.0", "1.0.1k-3+deb8u2", "openssl"), ("openssl", "1.0.1k-3+deb8u2", "openssl"),
    ("perl-base", "5.20.2-3+deb8u3", "perl"), ("tar", "1.27.1-2+b1", "tar (1.27.1-2)"), ("zlib1g", "1:1.2.8.dfsg-2+b1", "zlib (1:1.2.8.dfsg-2)"),
    ("apt", "1.0.9.8.2", "apt"), ("dpkg", "1.17.26", "dpkg"), ("coreutils", "8.23-4", "coreutils"),
]
ADDED = [("curl", "7.38.0-4+deb8u2", "curl"), ("libcurl3", "7.38.0-4+deb8u2", "curl")]
OS_RELEASE = """PRETTY_NAME="Debian GNU/Linux 8 (jessie)"
NAME="Debian GNU/Linux"
VERSION_ID="8"
VERSION="8 (jessie)"
ID=debian
HOME_URL="http://www.debian.org/"
"""


def status(packages):
    text = ""
    for name, version, source in packages:
        text += f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: Debian\nVersion: {version}\n"
        if source != name:
            text += f"Source: {source}\n"
        text += "\n"
    return text


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 1
    layers = [
        tar([("etc/os-release", OS_RELEASE.encode()), ("etc/debian_version", b"8.3\n"), ("var/lib/dpkg/status", status(BASE).encode())]),
        tar([("var/lib/dpkg/status", status(BASE + ADDED).encode())]),
    ]
    digests = [hashlib.sha256(layer).hexdigest() for layer in layers]
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/bin/bash"]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest for digest in digests]},
        "history": [{"created_by": "/bin/sh -c #(nop) ADD file:debian-8.tar in /"},
                    {"created_by": "/bin/sh -c #(nop) CMD [\"/bin/bash\"]", "empty_layer": True},
                    {"created_by": "/bin/sh -c apt-get update && apt-get install -y curl"}]}).encode()
    name = hashlib.sha256(config).hexdigest()
    manifest = json.dumps([{"Config": name + ".json", "RepoTags": ["demo/debian:8"],
                            "Layers": [digest + ".tar" for digest in digests]}]).encode()
    with open(sys.argv[1], "wb") as out:
        out.write(tar([(digest + ".tar", layer) for digest, layer in zip(digests, layers)] +
                      [(name + ".json", config), ("manifest.json", manifest)]))
    return 0


sys.exit(main())
