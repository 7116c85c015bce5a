#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the plan says could be left out: of an image that runs a program of a package, with tools beside it. What it promises is what a scan shows when they are
gone. usage: spare_test.py PEEKR_PROGRAM"""
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import executables  # noqa: E402
import images  # noqa: E402
import rpmdb  # noqa: E402
from case import Case, valid, write_files  # noqa: E402

# name: (its files, its headers)
PACKAGES = {"apt": ("usr/bin/apt", ""), "libc6": ("lib/x86_64-linux-gnu/libc.so.6", ""), "nginx": ("usr/sbin/nginx", "Depends: libc6, openssl\n"),
            "openssl": ("usr/bin/openssl", ""), "curl": ("usr/bin/curl", "Depends: libc6\n"), "perl": ("usr/bin/perl", ""), "git": ("usr/bin/git", "Depends: perl\n"),
            "wget": ("usr/bin/wget", "")}
UNFIXED = ["curl", "perl", "openssl", "libc6"]  # wget's has a fix


def feed():
    for ecosystem in ("Debian:12", "Alpine:v3.18", "AlmaLinux:9"):
        for number, name in enumerate([*UNFIXED, "wget"]):
            events = [{"introduced": "0"}] + [{"fixed": "2-1"}] * (name == "wget")
            cve = f"CVE-2024-{number + 1:04}"
            yield {"schema_version": "1.7.0", "id": f"{ecosystem.split(':')[0].upper()}-{cve}", "modified": "2023-10-25T00:00:00Z", "upstream": [cve],
                   "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}]}


def root(names):
    files = {"etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "var/lib/dpkg/status": "".join(
        f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n{PACKAGES[name][1]}\n" for name in names)}
    for name in names:
        files |= {PACKAGES[name][0]: name, f"var/lib/dpkg/info/{name}.list": f"/{PACKAGES[name][0]}\n"}
    return files


# name: (its origin, its files, what it needs, what it provides)
APKS = {"alpine-baselayout": ("", ["etc/hosts"], "/bin/sh", ""), "apk-tools": ("", ["sbin/apk"], "so:libssl.so.3", "cmd:apk=1"), "busybox": ("", ["bin/busybox"], "", ""),
        "busybox-binsh": ("busybox", ["bin/sh"], "busybox=1-r0", "/bin/sh cmd:sh=1"), "libssl3": ("openssl", ["lib/libssl.so.3"], "", "so:libssl.so.3=3"),
        "ssl_client": ("busybox", ["usr/bin/ssl_client"], "so:libssl.so.3", ""), "nginx": ("", ["usr/sbin/nginx"], "so:libssl.so.3", "cmd:nginx=1"),
        "curl": ("", ["usr/bin/curl"], "so:libcurl.so.4 so:libssl.so.3", "cmd:curl=1"), "libcurl": ("curl", ["usr/lib/libcurl.so.4"], "so:libssl.so.3", "so:libcurl.so.4=4.8.0")}


def alpine(names, world):
    records = ""
    for name in names:
        origin, files, needs, provides = APKS[name]
        records += f"P:{name}\nV:1-r0\nA:x86_64\no:{origin or name}\n" + (f"D:{needs}\n" if needs else "") + (f"p:{provides}\n" if provides else "")
        records += "i:busybox=1-r0 libssl3\n" * (name == "ssl_client")
        records += "".join(f"F:{os.path.dirname(file)}\nR:{os.path.basename(file)}\n" for file in files) + "\n"
    return {"etc/os-release": 'ID=alpine\nVERSION_ID=3.18.4\n', "lib/apk/db/installed": records, "etc/apk/world": "\n".join(world) + "\n"} | {
        file: name for name in names for file in APKS[name][1]} | {"sbin/apk": executables.elf([])}


# name: (its files, its headers)
RPMS = {"rpm": (["/usr/bin/rpm", "/usr/lib/rpm/macros"], ""), "bash": (["/usr/bin/bash", "/usr/bin/sh", "/etc/skel/.bashrc"], "Provides: /bin/sh"),
        "nginx": (["/usr/sbin/nginx"], "Requires: /bin/sh, openssl"), "openssl": (["/usr/bin/openssl"], ""), "curl": (["/usr/bin/curl", "/usr/share/licenses/curl/COPYING"], ""),
        "perl": (["/usr/bin/perl"], ""), "git": (["/usr/bin/git", "/usr/lib/.build-id/3a/01"], "Requires: /usr/bin/perl"), "wget": (["/usr/bin/wget"], "")}


class Spare(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_files(cls.at / "feed", {f"{number}.json": record for number, record in enumerate(feed())})
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")
        (cls.at / "Dockerfile").write_text("FROM debian:12\nRUN a\nRUN b\nCOPY c d\nCMD e\n")

    def image(self, names, **settings):
        return self.image_of(root(names), **settings)

    def image_of(self, files, **settings):
        name = f"{self.id().rsplit('.', 1)[1]}-{len(list(self.at.iterdir()))}"
        write_files(self.at / name / "0", files)
        image = images.Image([images.tar_of_folder(self.at / name / "0")], "oci-dir-gzip", tag="app:1")
        image.settings = settings
        images.write(images.files_of([image]), "oci-dir", self.at / name)
        return f"{name}/image"

    def actions(self, image):
        return valid("plan", self.run_peekr("plan", image, "--db", "db", "--offline", "-f", "json"))["actions"]

    def found(self, image):
        report = json.loads(self.run_peekr("scan", image, "--db", "db", "--offline", "-f", "json"))
        return {(one["package"]["name"], one["id"]) for one in report["findings"]}

    def test_what_is_promised_is_what_is_gone(self):
        image = self.image(PACKAGES, Entrypoint=["nginx"], Cmd=["-g", "daemon off;"])
        upgrade, removal = self.actions(image)
        self.assertEqual(upgrade["command"], "apt-get update && apt-get install -y --only-upgrade wget")
        self.assertEqual(removal["command"], "apt-get purge -y curl git perl", "git needs perl")
        self.assertIn("a program of nginx", removal["words"])
        gone = {(package["name"], one["id"]) for step in removal["steps"] for package in step["packages"] for one in step["removes"]}
        self.assertEqual([(step["from"], step["to"]) for step in removal["steps"]], [("1", "")] * 3)
        after = self.image([name for name in PACKAGES if name not in ("curl", "git", "perl")], Entrypoint=["nginx"])
        self.assertEqual(gone, self.found(image) - self.found(after))
        self.assertEqual(len(gone), 2)
        text = self.run_peekr("scan", image, "--db", "db", "--offline")
        self.assertIn("2. remove what the entry point does not need (deb): removes 2 vulnerabilities (2 unknown)\n     apt-get purge -y curl git perl\n", text)

    def test_it_goes_where_all_else_is_done(self):
        image = self.image(PACKAGES, Entrypoint=["/usr/sbin/nginx"])
        patch = self.run_peekr("plan", image, "--db", "db", "--offline", "-f", "dockerfile-patch")
        done = subprocess.run(["patch", "-p1", "--fuzz=0", "-o", "-"], cwd=self.at, input=patch, capture_output=True, text=True)
        self.assertEqual(done.stdout, "FROM debian:12\nRUN apt-get update && apt-get install -y --only-upgrade wget\nRUN a\nRUN b\nCOPY c d\n"
                                      "RUN apt-get purge -y curl git perl\nCMD e\n", done.stderr)

    def test_behind_a_user_it_is_told_and_not_done(self):
        image = self.image(PACKAGES, Entrypoint=["nginx"])
        for number, text in enumerate(("FROM debian:12\nRUN a\nUSER www-data\n", "FROM debian:12 AS base\nUSER 33\nFROM base\nRUN a\n")):
            (self.at / f"Dockerfile.{number}").write_text(text)
            patch, told = self.done("plan", image, "--db", "db", "--offline", "-f", "dockerfile-patch", "--dockerfile", f"Dockerfile.{number}")
            self.assertIn("--only-upgrade wget", patch)
            self.assertNotIn("purge", patch)
            self.assertIn("apt-get purge -y curl git perl", told)

    def test_what_is_used_or_may_be_stays(self):
        check = {"Test": ["CMD-SHELL", "curl -f http://localhost/"]}
        self.assertEqual(self.actions(self.image(PACKAGES, Entrypoint=["nginx"], Healthcheck=check))[1]["command"], "apt-get purge -y git perl")
        for settings in ({}, {"Cmd": ["/bin/sh", "-c", "nginx"]}, {"Entrypoint": ["/start.sh"], "Cmd": ["nginx"]},
                         {"Cmd": ["perl", "-e", "1"]}, {"Cmd": ["nginx"], "Healthcheck": {"Test": ["CMD", "nc", "-z", "localhost", "80"]}}):
            self.assertEqual(len(self.actions(self.image(PACKAGES, **settings))), 1, settings)
        self.assertEqual(len(self.actions(self.image([name for name in PACKAGES if name != "apt"], Entrypoint=["nginx"]))), 1, "nothing can remove it")

    def removed(self, image):
        """The command, and what it promises to remove."""
        removal = self.actions(image)[-1]
        return removal["command"], {(package["name"], one["id"]) for step in removal["steps"] for package in step["packages"] for one in step["removes"]}

    def test_apk_takes_with_a_tool_what_only_that_needs(self):
        world = ["alpine-baselayout", "apk-tools", "busybox", "curl>1", "nginx"]
        image = self.image_of(alpine(APKS, world), Entrypoint=["nginx"])
        command, gone = self.removed(image)
        self.assertEqual(command, "apk del curl")
        self.assertEqual(gone, {("curl", "CVE-2024-0001"), ("libcurl", "CVE-2024-0001")})
        after = self.image_of(alpine([name for name in APKS if "curl" not in name], world), Entrypoint=["nginx"])
        self.assertEqual(gone, self.found(image) - self.found(after))
        for asked in (world[:3] + world[4:], [*world, ".build-deps=1"], [*world, "so:libcurl.so.4"], []):
            actions = self.actions(self.image_of(alpine(APKS, asked), Entrypoint=["nginx"]))
            self.assertNotIn("apk del", str(actions), "there is more than was asked for")
        for more in ({"opt/app": executables.elf([])}, {"sbin/apk": "of no executable known"}):
            self.assertNotIn("apk del", str(self.actions(self.image_of(alpine(APKS, world) | more, Entrypoint=["nginx"]))), "whose needs are not known")
        self.assertNotIn("apk del", str(self.actions(self.image_of(alpine(APKS, world), Entrypoint=["nginx"], Healthcheck={"Test": ["CMD", "curl", "x"]}))))

    @unittest.skipUnless(os.environ.get("PEEKR_SHARED"), "skipped: no shared data")
    def test_all_of_a_real_alpine_is_explained(self):
        archive = os.path.join(os.environ["PEEKR_SHARED"], "conformance/packages.tar.zst")
        real = subprocess.run(["tar", "--zstd", "-xOf", archive, "packages/apk-scalibr-installed/rootfs/lib/apk/db/installed"], capture_output=True, check=True, text=True).stdout
        tools = {name: APKS[name] for name in ("nginx", "curl", "libcurl")}
        files = alpine(tools, ["alpine-baselayout", "alpine-keys", "apk-tools", "busybox", "libc-utils", "nginx", "curl"])
        files["lib/apk/db/installed"] = real.rstrip("\n") + "\n\n" + files["lib/apk/db/installed"]
        folder = ""
        for line in real.splitlines():
            folder = line[2:] if line.startswith("F:") else folder
            files |= {f"{folder}/{line[2:]}": "x"} if line.startswith("R:") and line != "R:apk" else {}
        image = self.image_of(files, Entrypoint=["nginx"])
        self.assertEqual(self.removed(image), ("apk del curl", {("curl", "CVE-2024-0001"), ("libcurl", "CVE-2024-0001")}))
        files["etc/apk/world"] = files["etc/apk/world"].replace("libc-utils\n", "")
        self.assertNotIn("apk del", str(self.actions(self.image_of(files, Entrypoint=["nginx"]))), "who has asked for musl-utils?")

    def with_rpm(self, database):
        files = {"etc/os-release": 'ID=almalinux\nVERSION_ID="9.3"\nPLATFORM_ID="platform:el9"\n', "var/lib/rpm/rpmdb.sqlite": database.read_bytes()}
        return files | {file[1:]: name for name in RPMS for file in RPMS[name][0]}

    @unittest.skipUnless(shutil.which("rpmbuild"), "skipped: no rpmbuild")
    def test_rpm_itself_removes_what_is_promised(self):
        rpmdb.SOURCES = [(f"Name: {name}\nVersion: 1\nRelease: 1\nLicense: MIT\n{more}", [(name, "", files)]) for name, (files, more) in RPMS.items()]
        (self.at / "rpms").mkdir()
        rpmdb.build(self.at / "rpms")
        database = self.at / "rpmdb"
        database.mkdir()
        rpm = ["rpm", "--dbpath", database, "--define", "_db_backend sqlite"]
        rpmdb.run(*rpm, "-i", "--justdb", "--noscripts", "--nosignature", "--nodigest", "--ignorearch", "--ignoreos",
                  *sorted((self.at / "rpms").glob("out*/*/*.rpm")), stderr=subprocess.DEVNULL)
        image = self.image_of(self.with_rpm(database / "rpmdb.sqlite"), Entrypoint=["nginx"])
        command, gone = self.removed(image)
        self.assertEqual(command, "rpm -e curl git perl")
        refused = subprocess.run([*rpm, "-e", "--justdb", "perl"], capture_output=True, text=True)
        self.assertIn("is needed by", refused.stderr)
        rpmdb.run(*rpm, *command.split()[1:], "--justdb", "--noscripts")
        after = self.image_of(self.with_rpm(database / "rpmdb.sqlite"), Entrypoint=["nginx"])
        self.assertEqual(gone, self.found(image) - self.found(after))
        self.assertEqual({name for name, _ in gone}, {"curl", "perl"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
