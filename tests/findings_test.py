#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many findings each feed makes of known lists of packages: findings_test.py PEEKR

The lists are those of $PEEKR_SHARED/conformance (packages of npm, PyPI, Go and Rust that its cases name, Alpine 3.11, Azure Linux)
and, where it has none (AlmaLinux 9, Photon OS 3.0), packages as the release's first images had them. The database is made of
$PEEKR_SHARED/feeds. A figure that changes is a change of the rules: docs/checked.md has what was checked by hand."""
import collections
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import executables  # noqa: E402

FEEDS = ["osv/AlmaLinux", "osv/Alpine", "osv/Go", "osv/PyPI", "osv/npm", "osv/crates.io", "osv/Photon OS", "native/alpine-secdb",
         "native/azurelinux", "native/photon"]
# name, version-release, epoch, source package: AlmaLinux 9.0 as released; Photon OS 3.0 as of its first images.
ALMALINUX_9 = """bash 5.1.8-4.el9 0
curl 7.76.1-14.el9 0
dbus 1.12.20-5.el9 1
expat 2.2.10-12.el9_0 0
glibc 2.34-28.el9_0 0
gnutls 3.7.3-9.el9 0
krb5-libs 1.19.1-15.el9_0 0 krb5
libxml2 2.9.13-1.el9 0
openssl 3.0.1-23.el9_0 1
openssl-libs 3.0.1-23.el9_0 1 openssl
pcre2 10.37-5.el9_0 0
python3 3.9.10-2.el9 0 python3.9
sqlite-libs 3.34.1-5.el9 0 sqlite
sudo 1.9.5p2-7.el9 0
systemd 250-6.el9_0 0
tar 1.34-3.el9 2
vim-minimal 8.2.2637-16.el9_0.2 2 vim
zlib 1.2.11-31.el9 0"""
PHOTON_3 = """bash 4.4.18-1.ph3 0
curl 7.61.1-4.ph3 0
expat 2.2.6-1.ph3 0
glibc 2.28-1.ph3 0
krb5 1.16.1-1.ph3 0
libxml2 2.9.8-1.ph3 0
openssl 1.0.2q-1.ph3 0
python3 3.7.0-3.ph3 0
sqlite 3.25.1-1.ph3 0
sudo 1.8.23-1.ph3 0
systemd 239-9.ph3 0
tar 1.30-1.ph3 0
vim 8.1.0388-3.ph3 0
zlib 1.2.11-1.ph3 0"""
# list: findings; then by the ecosystem and the publisher of each record that makes them, and by confidence.
PINNED = {'almalinux 9': {'packages': 18, 'findings': 325, 'AlmaLinux:9: AlmaLinux': 325, 'confirmed': 325},
 'alpine 3.11': {'packages': 14, 'findings': 0},
 'azure linux 2': {'packages': 5, 'findings': 14, 'Azure Linux:2: Azure Linux': 14, 'confirmed': 14},
 'photon 3': {'packages': 14,
              'findings': 415,
              'Photon OS:3.0: Photon OS': 415,
              'confirmed': 415,
              'suppressed, overruled': 994},
 'go': {'packages': 23, 'findings': 429, 'Go: Go': 429, 'confirmed': 379, 'potential': 50},
 'npm': {'packages': 67, 'findings': 2, 'confirmed': 2, 'npm: GitHub': 2},
 'pypi': {'packages': 50, 'findings': 60, 'PyPI: GitHub': 9, 'PyPI: PyPA': 57, 'confirmed': 59, 'vendor_unfixed': 1},
 'rust': {'packages': 11, 'findings': 1, 'confirmed': 1, 'crates.io: RustSec': 1, 'suppressed, informational': 1}}


def shared():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.environ.get("PEEKR_SHARED", os.path.join(root, "..", "shared"))


def write(root, path, content):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def expected(cases, kind):
    """The packages of that type that the cases name."""
    found = set()
    for name in os.listdir(cases):
        with open(os.path.join(cases, name, "want.json")) as file:
            found |= {(one["name"], one["version"]) for one in json.load(file)["expected"] if one.get("type") == kind and one.get("version")}
    return sorted(found)


def npm(root, packages):
    for at, (name, version) in enumerate(packages):
        write(root, f"app{at}/node_modules/{name}/package.json", json.dumps({"name": name, "version": version}))


def pypi(root, packages):
    for at, (name, version) in enumerate(packages):
        write(root, f"venv{at}/lib/python3/site-packages/{name}-{version}.dist-info/METADATA",
              f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def golang(root, packages):
    modules = [row for row in packages if "/" in row[0]]
    for at, (_, version) in enumerate([row for row in packages if row[0] == "stdlib"]):
        deps = [("dep", name, "v" + one.removeprefix("v")) for name, one in modules] if at == 0 else []
        text = executables.lines(("path", "example.org/app"), ("mod", "example.org/app", "(devel)"), *deps)
        write(root, f"usr/bin/go{at}", executables.elf([(".go.buildinfo", executables.inline("go" + version, text))]))


def cargo(root, packages):
    crates = executables.crates(*[{"name": name, "version": version, "source": "crates.io"} for name, version in packages])
    write(root, "usr/bin/rust", executables.elf([(".text", b"code"), (".dep-v0", crates)]))


def rpm(root, system, rows):
    write(root, "etc/os-release", system)
    vendor = "AlmaLinux" if "almalinux" in system else "VMware, Inc."
    text = ""
    for row in rows.splitlines():
        name, version, epoch, source = (row.split() + [row.split()[0]])[:4]
        text += "\t".join([name, version, "1", "1", vendor, epoch, "1", "x86_64", epoch, f"{source}-{version}.src.rpm"]) + "\n"
    write(root, "var/lib/rpmmanifest/container-manifest-2", text)


def lists(folder, cases):
    """name: target."""
    def made(name, make, *arguments):
        root = os.path.join(folder, name)
        make(root, *arguments)
        return "rootfs:" + root

    azure = os.path.join(cases, "rpm-container-manifest-2-syft/rootfs/var/lib/rpmmanifest/container-manifest-2")
    with open(azure) as file:
        azure_rows = "\n".join(" ".join([row[0], row[1], row[8], row[9].rsplit("-", 2)[0]])
                               for row in (line.rstrip("\n").split("\t") for line in file) if len(row) > 9)
    return {
        "almalinux 9": made("alma", rpm, 'ID=almalinux\nVERSION_ID="9.0"\n', ALMALINUX_9),
        "alpine 3.11": "docker-archive:" + os.path.join(cases, "image-alpine-311/image.tar.gz"),
        "azure linux 2": made("azure", rpm, 'ID=mariner\nVERSION_ID="2.0"\n', azure_rows),
        "photon 3": made("photon", rpm, 'ID=photon\nVERSION_ID=3.0\n', PHOTON_3),
        "go": made("go", golang, expected(cases, "golang")),
        "npm": made("npm", npm, expected(cases, "npm")),
        "pypi": made("pypi", pypi, expected(cases, "pypi")),
        "rust": made("rust", cargo, expected(cases, "cargo")),
    }


def scan(database, target):
    run = subprocess.run([sys.argv[1], "scan", "--offline", "--db", database, "-f", "json", target], capture_output=True, timeout=300)
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    return json.loads(run.stdout)


def figures(report):
    by = collections.Counter()
    for one in report["findings"]:
        for record in {(proof["ecosystem"], proof["publisher"]) for proof in one["proofs"]}:
            by[": ".join(record)] += 1
        by[one.get("confidence", "")] += 1
    suppressed = collections.Counter("suppressed, " + one.get("rule", "") for one in report["suppressed"])
    return {"packages": report["summary"]["packages"], "findings": len(report["findings"]), **dict(sorted((by + suppressed).items()))}


class Findings(unittest.TestCase):
    def test_each_list_has_the_findings_that_were_checked(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = os.path.join(shared(), "conformance/packages.tar.zst")
            subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
            database = os.path.join(folder, "db")
            subprocess.run([sys.argv[1], "db", "build", "--db", database, "--from"] +
                           [os.path.join(shared(), "feeds", feed) for feed in FEEDS], check=True, capture_output=True)
            got = {name: figures(scan(database, target))
                   for name, target in lists(folder, os.path.join(folder, "packages")).items()}
        print(json.dumps(got, indent=1))
        self.maxDiff = None
        self.assertEqual(got, PINNED)


if __name__ == "__main__":
    if not os.path.exists(os.path.join(shared(), "conformance/packages.tar.zst")):
        print("skipped: no shared data")
        sys.exit(0)
    unittest.main(argv=sys.argv[:1], verbosity=1)
