#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a docker-archive of one root file system tar: image_of_tar.py ROOTFS.tar OUT.tar HISTORY_LINE"""
import hashlib
import io
import json
import platform
import sys
import tarfile


def main():
    if len(sys.argv) != 4:
        print(__doc__)
        return 1
    rootfs, out, line = sys.argv[1:]
    digest = hashlib.sha256()
    with open(rootfs, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    config = json.dumps({"architecture": architecture, "os": "linux", "config": {},
                         "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest.hexdigest()]},
                         "history": [{"created_by": line}]}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    layer = digest.hexdigest() + ".tar"
    manifest = json.dumps([{"Config": name, "RepoTags": ["demo/debian:12"], "Layers": [layer]}]).encode()
    with tarfile.open(out, "w") as archive:
        archive.add(rootfs, layer)
        for member, data in ((name, config), ("manifest.json", manifest)):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return 0


sys.exit(main())
