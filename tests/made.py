#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes binary input for the fixtures of tests/fixtures/catalog: made.py KIND OUT_DIR"""
import gzip
import json
import lzma
import pathlib
import sqlite3
import struct
import sys
import tempfile

from executables import elf

MODULES = "lib/modules/6.8.0-49-generic/kernel/drivers"


def zstd(data):
    """One frame, of one block that is not packed."""
    return b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data)) + struct.pack("<I", len(data) << 3 | 1)[:3] + data


def wall(*records):
    lines = [{"jsonwall": "1.0", "schema": "1.0", "count": len(records) + 1}, *records]
    return zstd("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode())


def chisel_typical():
    return {"var/lib/chisel/manifest.wall": wall(
        {"kind": "content", "slice": "libc6_libs", "path": "/usr/lib/libc.so.6"},
        {"kind": "package", "name": "base-files", "version": "13ubuntu10.2", "sha256": "0" * 64, "arch": "amd64"},
        {"kind": "package", "name": "libc6", "version": "2.39-0ubuntu8.4", "sha256": "1" * 64, "arch": "amd64"},
        {"kind": "path", "path": "/usr/lib/", "mode": "0755", "slices": ["base-files_base", "libc6_libs"]},
        {"kind": "path", "path": "/usr/lib/libc.so.6", "mode": "0755", "slices": ["libc6_config", "libc6_libs"], "size": 1},
        {"kind": "slice", "name": "libc6_libs"})}


def chisel_corrupt():
    whole = wall({"kind": "package", "name": "a", "version": "1"}, {"kind": "package", "name": "b"}, {"kind": "path", "path": 7})
    return {"var/lib/chisel/manifest.wall": whole, "cut/var/lib/chisel/manifest.wall": whole[:-30],
            "text/var/lib/chisel/manifest.wall": b"{\"kind\":\n[]\nnull\n"}


def boot_image(version, at=0x300):
    head = bytearray(0x202) + b"HdrS" + struct.pack("<H", 0x20F) + bytes(6) + struct.pack("<H", at - 0x200)
    return bytes(head) + bytes(at - len(head)) + version + b"\0" * 64


def linux_kernel_typical():
    return {"boot/vmlinuz-5.10.121-linuxkit": boot_image(b"5.10.121-linuxkit (root@build) #1 SMP Fri Jun 17 10:00:00 UTC 2022"),
            "boot/vmlinux": elf([(".rodata", b"Linux version %s\0Linux version 6.1.0-21-arm64 (someone@host) (gcc 12)\n\0")]),
            "usr/share/vmlinuz": b"a text of that name"}


def linux_kernel_corrupt():
    return {"boot/vmlinuz": boot_image(b"no number"), "boot/vmlinuz-far": boot_image(b"5.1.2 x")[:0x310 - 0x20],
            "boot/vmlinux-none": b"Linux version \x01"}


def module(*texts):
    return elf([(".modinfo", b"".join(text.encode() + b"\0" for text in texts))])


def linux_module_typical():
    vermagic = "vermagic=6.8.0-49-generic SMP preempt mod_unload modversions"
    return {f"{MODULES}/e1000.ko": module("version=7.3.21", "license=GPL v2", "name=e1000", vermagic),
            f"{MODULES}/power.ko.gz": gzip.compress(module("license=GPL", "depends=", "name=power", vermagic), mtime=0),
            f"{MODULES}/old.ko.xz": lzma.compress(module("license=GPL", "vermagic=3.2.0-4-amd64 SMP")),
            f"{MODULES}/new.ko.zst": zstd(module("license=Dual MIT/GPL", "name=new_name", vermagic)),
            "usr/share/locale/messages.ko": b"Korean"}


def linux_module_corrupt():
    return {f"{MODULES}/none.ko": elf([(".text", b"")]), f"{MODULES}/cut.ko.gz": gzip.compress(module("name=a"), mtime=0)[:40],
            f"{MODULES}/odd.ko": module("", "=", "name", "license="), f"{MODULES}/head.ko": b"\x7fELF"}


def store(*names):
    """Nix's database with these names behind one hash."""
    with tempfile.NamedTemporaryFile() as file:
        db = sqlite3.connect(file.name)
        db.execute("CREATE TABLE ValidPaths (id integer primary key autoincrement not null, path text unique not null, "
                   "hash text not null, registrationTime integer not null, deriver text, narSize integer)")
        db.executemany("INSERT INTO ValidPaths (path, hash, registrationTime) VALUES (?, 'sha256:0', 0)", [[name] for name in names])
        db.commit()
        db.close()
        return pathlib.Path(file.name).read_bytes()


def history(*repositories):
    with tempfile.NamedTemporaryFile() as file:
        db = sqlite3.connect(file.name)
        db.execute("CREATE TABLE repo (id INTEGER PRIMARY KEY, repoid TEXT NOT NULL)")
        db.executemany("INSERT INTO repo (repoid) VALUES (?)", ((one,) for one in repositories))
        db.commit()
        db.close()
        return pathlib.Path(file.name).read_bytes()


def dnf_history_typical():
    return {"var/lib/dnf/history.sqlite": history("@System", "rhel-9-for-x86_64-appstream-rpms", "epel"),
            "usr/lib/sysimage/libdnf5/transaction_history.sqlite": history("ubi-9-codeready-builder-rpms")}


def dnf_history_corrupt():
    return {"var/lib/dnf/history.sqlite": b"text", "usr/lib/sysimage/libdnf5/transaction_history.sqlite": history("a-rpms")[:5000]}


def nix_typical():
    names = ["openssl-3.0.13", "openssl-3.0.13-bin", "openssl-3.0.13.drv", "bash-5.2-p26", "libxml2-2.12.5-dev", "source", "python3.11-requests-2.31.0",
             "foo-unstable-2023-01-01", "CVE-2023-1234.patch", "stdenv-linux", "glibc-2.38-44"]
    return {"nix/var/nix/db/db.sqlite": store(*(f"/nix/store/{i:032d}-{name}" for i, name in enumerate(names)))}


def nix_corrupt():
    whole = store("/nix/store/short-1.0", "elsewhere", "/nix/store/", f"/nix/store/{0:032d}-a-1/bin", f"/nix/store/{1:032d}-a-1")
    return {"nix/var/nix/db/db.sqlite": whole, "cut/nix/var/nix/db/db.sqlite": whole[:5000], "text/nix/var/nix/db/db.sqlite": b"text",
            "hot/nix/var/nix/db/db.sqlite": store(f"/nix/store/{1:032d}-a-1"),
            "hot/nix/var/nix/db/db.sqlite-journal": bytes.fromhex("d9d505f920a163d7")}


def main():
    for path, data in globals()[sys.argv[1]]().items():
        file = pathlib.Path(sys.argv[2], path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


if __name__ == "__main__":
    main()
