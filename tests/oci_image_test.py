#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The image of peekr that tools/oci_image.py makes: usage: oci_image_test.py PEEKR_PROGRAM. It is made of the program under test, looked at by
skopeo, taken to a registry, unpacked and run."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import images  # noqa: E402
import registries  # noqa: E402

TOOL = pathlib.Path(__file__).resolve().parent.parent / "tools/oci_image.py"
PEEKR = ""
CONTROL = "Package: peekr\nVersion: 1.2.3\nArchitecture: amd64\nMaintainer: peekr <peekr@peekr.invalid>\nDescription: the program under test\n"


def ran(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **more).stdout


def reachable():
    """Whether packages are to be had here."""
    with tempfile.TemporaryDirectory() as at:
        return subprocess.run(["apt-get", "download", "-qq", "libkeyutils1"], cwd=at, capture_output=True, check=False).returncode == 0


def package(folder):
    """A .deb with the program, as `./dev package` makes one with more."""
    root = folder / "deb"
    for one in ("DEBIAN", "usr/bin", "usr/share/doc/peekr", "usr/share/man/man1"):
        (root / one).mkdir(parents=True)
    ran("strip", "-o", root / "usr/bin/peekr", PEEKR)
    (root / "DEBIAN/control").write_text(CONTROL)
    (root / "usr/share/doc/peekr/LICENSE").write_text("the licence")
    (root / "usr/share/man/man1/peekr.1").write_text("the manual")
    files = sorted(str(one.relative_to(root)) for one in (root / "usr").rglob("*") if one.is_file())
    (root / "DEBIAN/md5sums").write_text(ran("md5sum", *files, cwd=root))
    ran("dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", root, folder / "peekr.deb")
    return folder / "peekr.deb"


class OciImage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = pathlib.Path(tempfile.mkdtemp(prefix="peekr-oci-image-"))
        cls.addClassCleanup(shutil.rmtree, cls.at)
        cls.registry = registries.Registry(cls.at / "storage")
        cls.addClassCleanup(cls.registry.close)
        deb = package(cls.at)
        cls.archives = [cls.at / name / "peekr.oci.tar" for name in ("one", "two")]
        for archive in cls.archives:
            archive.parent.mkdir()
            ran(TOOL, deb, archive, env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"})
        with tarfile.open(cls.archives[0]) as file:
            cls.blobs = {one.name.split("/")[-1]: file.extractfile(one).read() for one in file}
        cls.index, = json.loads(cls.blobs["index.json"])["manifests"]
        cls.image, cls.attested = cls.document(cls.index)["manifests"]
        cls.source = f"oci-archive:{cls.archives[0]}"
        cls.pushed = f"{cls.registry.host}/tools/peekr:1.2.3"
        ran("skopeo", "copy", "-q", "--all", "--dest-tls-verify=false", cls.source, "docker://" + cls.pushed)
        cls.root = cls.at / "root"
        cls.root.mkdir()
        for layer in cls.document(cls.image)["layers"]:
            subprocess.run(["tar", "-xz", "--numeric-owner", "-C", cls.root], input=cls.blobs[layer["digest"].split(":")[1]], check=True)

    @classmethod
    def document(cls, descriptor):
        data = cls.blobs[descriptor["digest"].split(":")[1]]
        assert images.sha256(data) == descriptor["digest"].split(":")[1] and len(data) == descriptor["size"]
        return json.loads(data)

    def inside(self, *command):
        """In the image alone, nothing but what is in it can be opened; as its user, where this is run by root."""
        user = " --userspec=65532:65532" if os.getuid() == 0 else ""
        script = f'mount --rbind /proc "$0/proc" && exec chroot{user} "$0" "$@"'
        own = [] if os.getuid() == 0 else ["-r"]
        clean = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": "/var/cache", "ASAN_OPTIONS": "detect_leaks=0"}
        done = subprocess.run(["unshare", *own, "-m", "sh", "-c", script, self.root, *command], env=clean, capture_output=True, text=True,
                              timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def outside(self, *command):
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.at), "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        done = subprocess.run([PEEKR, *command], cwd=self.at, env=clean, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_two_builds_are_the_same_bytes(self):
        self.assertEqual(self.archives[0].read_bytes(), self.archives[1].read_bytes())

    def test_what_it_says_of_itself(self):
        config = json.loads(ran("skopeo", "inspect", "--config", self.source))
        self.assertEqual({key: config["config"][key] for key in ("User", "Entrypoint", "WorkingDir")},
                         {"User": "65532:65532", "Entrypoint": ["/usr/bin/peekr"], "WorkingDir": "/work"})
        labels = json.loads(ran("skopeo", "inspect", "--tls-verify=false", "docker://" + self.pushed))["Labels"]
        self.assertEqual(labels, {"org.opencontainers.image." + key: value for key, value in {
            "title": "peekr", "version": "1.2.3", "licenses": "Apache-2.0", "created": "2023-11-14T22:13:20Z",
            "description": "scanner for known vulnerabilities in container images"}.items()})

    def test_nothing_that_is_not_needed(self):
        files = [one for one in self.root.rglob("*") if one.is_file()]
        self.assertEqual([str(one) for one in files if re.search(r"/(sh|bash|perl|dpkg|apt)$|/(man|locale|gconv)/", str(one))], [])
        programs = [one.name for one in files if one.parent.name in ("bin", "sbin")]
        self.assertEqual(programs, ["peekr"])

    def test_every_package_is_known_and_every_file_its_own(self):
        report = json.loads(self.outside("inventory", f"registry:{self.pushed}", "-f", "json").stdout)
        names = [one["name"] for one in report["packages"]]
        for name in ("peekr", "libc6", "libcurl4", "libssl3", "ca-certificates", "base-files"):
            self.assertIn(name, names)
        self.assertEqual({one["type"] for one in report["packages"]}, {"deb"})
        completeness = report["completeness"]
        self.assertEqual(completeness["owned"], completeness["executables"], completeness)
        # With sanitizers the program is larger than what is looked at in one piece.
        notes = [one for one in report["notes"] if (one["path"], one["why"]) != ("usr/bin/peekr", "too_big")]
        self.assertEqual((completeness["remnants"], notes), (0, []), report)

    def test_its_sboms_are_beside_it_and_attached(self):
        names = {kind: self.archives[0].with_name(f"peekr.{kind}.json").read_text() for kind in ("spdx", "cdx")}
        statements = [self.document(one) for one in self.document(self.attested)["layers"]]
        self.assertEqual([one["predicate"] for one in statements[:2]], [json.loads(text) for text in names.values()])
        subject = {"sha256": self.image["digest"].split(":")[1]}
        self.assertEqual([one["subject"][0]["digest"] for one in statements], [subject] * 3)
        self.assertEqual(self.document(self.attested)["subject"]["digest"], self.image["digest"])
        for target in (f"registry:{self.pushed}", self.source):
            claimed = json.loads(self.outside("inventory", target, "--sbom-from", "referrers", "-f", "json").stdout)
            read = json.loads(self.outside("inventory", target, "-f", "json").stdout)
            self.assertEqual(*[[(one["name"], one["version"]) for one in report["packages"]] for report in (claimed, read)])

    def test_nothing_is_known_against_it_and_its_vex_counts_for_it(self):
        """The advisories are those of bookworm that the shared data has, and one that our VEX answers."""
        osv = self.at / "osv/Debian"
        osv.mkdir(parents=True)
        (osv / "DEBIAN-CVE-2022-27943.json").write_text(json.dumps({
            "id": "DEBIAN-CVE-2022-27943", "modified": "2024-01-01T00:00:00Z", "upstream": ["CVE-2022-27943"],
            "affected": [{"package": {"ecosystem": "Debian:12", "name": "gcc-12"},
                          "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}))
        shared = pathlib.Path(os.environ.get("PEEKR_SHARED", "/none"), "feeds/osv-bookworm")
        self.outside("db", "build", "--db", "db", "--from", self.at / "osv", *(["--from", shared] if shared.exists() else []))
        found = json.loads(self.outside("scan", f"registry:{self.pushed}", "--db", "db", "-f", "json").stdout)["findings"]
        self.assertEqual({one["id"] for one in found}, {"CVE-2022-27943"})
        done = self.outside("scan", f"registry:{self.pushed}", "--db", "db", "--vex-from", "referrers", "-f", "json")
        self.assertEqual(json.loads(done.stdout)["findings"], [])

    def test_what_our_vex_says_of_calls_is_so(self):
        """glob(), regcomp() and MiniZip: CVE-2010-4756, CVE-2018-20796, CVE-2019-9192, CVE-2023-45853."""
        callers = {}
        for one in self.root.rglob("*"):
            if not one.is_file() or one.is_symlink() or one.read_bytes()[:4] != b"\x7fELF":
                continue
            symbols = {line.split()[-1].split("@")[0] for line in ran("nm", "-D", "--undefined-only", one).splitlines()}
            for name in symbols & {"glob", "glob64", "regcomp", "regexec", "wordexp"}:
                callers.setdefault(name, set()).add(re.split(r"\.so", one.name)[0])
        self.assertEqual(callers, {"glob": {"libgssapi_krb5"}, "regcomp": {"libkrb5"}, "regexec": {"libkrb5"}})
        zlib, = [one for one in self.root.rglob("libz.so.1")]
        self.assertNotIn("zipOpen", ran("nm", "-D", "--defined-only", zlib))
        self.assertEqual([one for one in self.root.rglob("*") if one.name == "ldd" or "gssrpc" in one.name], [])

    def test_it_runs_with_nothing_else(self):
        self.assertIn("peekr ", self.inside("/usr/bin/peekr", "--version"))
        status = "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n"
        files = {"etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "var/lib/dpkg/status": status}
        layer = b"".join(images.entry(name, text) for name, text in files.items()) + images.END
        made = images.write(images.files_of([images.Image([layer], "oci-dir-gzip", tag="one")]), "oci-dir", self.root / "work")
        (self.root / "work/osv").mkdir()
        (self.root / "work/osv/D-1.json").write_text(json.dumps({
            "id": "DEBIAN-CVE-2024-0001", "modified": "2024-01-01T00:00:00Z", "upstream": ["CVE-2024-0001"],
            "affected": [{"package": {"ecosystem": "Debian:12", "name": "bash"},
                          "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0-1"}]}]}]}))
        self.inside("/usr/bin/peekr", "db", "build", "--from", "/work/osv")
        target = "/" + str(pathlib.Path(made).relative_to(self.root))
        report = json.loads(self.inside("/usr/bin/peekr", "scan", target + ":one", "-f", "json"))
        self.assertEqual([one["id"] for one in report["findings"]], ["CVE-2024-0001"])
        # libcurl is opened late, and all that it needs is there.
        done = json.loads(self.inside("/usr/bin/peekr", "inventory", f"registry:{self.pushed}", "-f", "json"))
        self.assertIn("libcurl4", [one["name"] for one in done["packages"]])


if __name__ == "__main__":
    PEEKR = os.path.abspath(sys.argv.pop(1))
    if not reachable():
        print("skipped: the mirror of the Debian packages is not reachable")
        sys.exit(0)
    registries.main()
