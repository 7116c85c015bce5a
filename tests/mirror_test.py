#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every origin of docs/feeds.md out of a folder laid out as the publishers are, and by http from one: the typical fixtures, packed
as each publisher packs them. usage: mirror_test.py PEEKR_PROGRAM"""
import bz2
import gzip
import hashlib
import io
import lzma
import os
import re
import sys
import tarfile
import zipfile
from pathlib import Path

import loopback

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests/fixtures/feed"


def fixture(name):
    row, file = name.split("/", 1)
    return (FIXTURES / row / "typical/in" / file).read_bytes()


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr("x/" + name.split("/")[-1], fixture(name))
    return out.getvalue()


def tarred(*names):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in names:
            info = tarfile.TarInfo("x/" + name.split("/")[-1])
            info.size = len(fixture(name))
            tar.addfile(info, io.BytesIO(fixture(name)))
    return out.getvalue()


def repository(base, name):
    """repomd.xml below `base`, and the updateinfo that it names."""
    body = gzip.compress(fixture(name), mtime=0)
    index = (f'<repomd><data type="updateinfo"><checksum type="sha256">{hashlib.sha256(body).hexdigest()}</checksum>'
             f'<location href="repodata/updateinfo.xml.gz"/></data></repomd>')
    return {base + "repodata/repomd.xml": index.encode(), base + "repodata/updateinfo.xml.gz": body}


def amazon(place):
    base = "repo.example/" + place
    return {place: f"https://{base}/\n".encode(), **repository(base + "/", "amazon/updateinfo.xml")}


# name in docs/feeds.md: what --feeds is to say, and the files.
ORIGINS = {
    "almalinux": ("almalinux/8", {"errata.almalinux.org/8/errata.json": fixture("almalinux/errata.json")}),
    "alpine": ("alpine/v3.18/main", {"secdb.alpinelinux.org/v3.18/main.json": fixture("alpine_secdb/main.json")}),
    "alpine-rejections": ("alpine-rejections/main", {
        "gitlab.alpinelinux.org/alpine/security/security-rejections/-/raw/master/main.yaml": fixture("alpine_rejections/main.yaml")}),
    "amazon/1": ("amazon/1", amazon("repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list")),
    "amazon/2": ("amazon/2/docker", amazon("cdn.amazonlinux.com/2/extras/docker/latest/x86_64/mirror.list")),
    "amazon/2/core": ("amazon/2/core", amazon("cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list")),
    "amazon/2023": ("amazon/2023", amazon("cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list")),
    "arch": ("arch", {"security.archlinux.org/all.json": fixture("arch/all.json")}),
    **{f"azurelinux/{release}": (f"azurelinux/{release}", {
        f"raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/{file}":
            fixture("azurelinux/" + file.replace("mariner-1.0", "mariner-2.0"))})
       for release, file in (("1.0", "cbl-mariner-1.0-oval.xml"), ("2.0", "cbl-mariner-2.0-oval.xml"),
                             ("3.0", "azurelinux-3.0-oval.xml"))},
    "bottlerocket": ("bottlerocket", {
        "advisories.bottlerocket.aws/updateinfo.xml.gz": gzip.compress(fixture("bottlerocket/updateinfo.xml"))}),
    "chainguard": ("chainguard", {"packages.cgr.dev/chainguard/security.json": fixture("alpine_secdb/security.json")}),
    "cve5": ("cve5", {"github.com/CVEProject/cvelistV5/archive/refs/heads/main.zip": zipped("cve5/CVE-2024-3094.json")}),
    "debian-advisories": ("debian-advisories/DSA", {
        "salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/DSA/list": fixture("debian_advisories/list")}),
    "debian-cves": ("debian-cves", {
        "salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/CVE/list": fixture("debian_cves/list")}),
    "debian-tracker": ("debian-tracker", {"security-tracker.debian.org/tracker/data/json": fixture("debian_tracker/json")}),
    "docker-hardened-images": ("docker-hardened-images", {
        "github.com/docker-hardened-images/advisories/archive/refs/heads/main.tar.gz":
            gzip.compress(tarred("openvex/dhi-minio.vex.json", "osv/CVE-2024-22018.json"))}),
    "echo": ("echo", {"advisory.echohq.com/data.json": fixture("echo/data.json")}),
    "epel": ("epel/9", repository("dl.fedoraproject.org/pub/epel/9/Everything/x86_64/", "fedora/updateinfo.xml")),
    "epel/10z": ("epel/10z", repository("dl.fedoraproject.org/pub/epel/10z/Everything/x86_64/", "fedora/updateinfo.xml")),
    "epel/7": ("epel/7", repository("dl.fedoraproject.org/pub/archive/epel/7/x86_64/", "fedora/updateinfo.xml")),
    "epss": ("epss", {"epss.cyentia.com/epss_scores-current.csv.gz": gzip.compress(fixture("epss/epss_scores-2024-10-25.csv"))}),
    "fedora": ("fedora/42", repository("dl.fedoraproject.org/pub/fedora/linux/updates/42/Everything/x86_64/",
                                       "fedora/updateinfo.xml")),
    "go": ("go", {"vuln.go.dev/vulndb.zip": zipped("osv/GO-2023-2185.json")}),
    "kev": ("kev", {"www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json":
                    fixture("kev/known_exploited_vulnerabilities.json")}),
    "minimos": ("minimos", {"packages.mini.dev/advisories/secdb/security.json": fixture("alpine_secdb/security.json")}),
    "nodejs": ("nodejs/core", {"raw.githubusercontent.com/nodejs/security-wg/main/vuln/core/index.json": fixture("nodejs/index.json")}),
    "nvd": ("nvd/2024", {"nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-2024.json.gz":
                         gzip.compress(fixture("nvd/page.json"))}),
    "nvd/overrides": ("nvd/overrides", {"github.com/anchore/nvd-data-overrides/archive/refs/heads/main.tar.gz":
                                        gzip.compress(tarred("nvd/CVE-2019-7317.json"))}),
    "oracle": ("oracle", {"linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2":
                          bz2.compress(fixture("oracle/com.oracle.elsa-all.xml"))}),
    "osv": ("osv/Go", {"osv-vulnerabilities.storage.googleapis.com/ecosystems.txt": b"Go\nRocky Linux\n",
                       "osv-vulnerabilities.storage.googleapis.com/Go/all.zip": zipped("osv/GO-2022-0617.json")}),
    "photon": ("photon/5.0", {"packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon5.0.json":
                              fixture("photon/cve_data_photon5.0.json")}),
    "redhat": ("redhat", {
        "security.access.redhat.com/data/csaf/v2/vex/archive_latest.txt": b"csaf_vex_2024-01-01.tar.xz",
        "security.access.redhat.com/data/csaf/v2/vex/csaf_vex_2024-01-01.tar.xz": lzma.compress(tarred("redhat/cve-2023-38545.json")),
        "security.access.redhat.com/data/csaf/v2/vex/changes.csv": b'"2023/cve-2023-38545.json","2023-12-01T00:00:00+00:00"\n',
        "security.access.redhat.com/data/csaf/v2/vex/deletions.csv": fixture("redhat/deletions.csv")}),
    "redhat-repositories": ("redhat-repositories", {"security.access.redhat.com/data/metrics/repository-to-cpe.json":
                                                    fixture("redhat_repositories/repository-to-cpe.json")}),
    "root": ("root", {"api.root.io/external/cve_feed": fixture("root/cve_feed.json")}),
    "secureos": ("secureos", {"security.secureos.io/v1/secdb.json.gz": gzip.compress(fixture("alpine_secdb/secureos.json"))}),
    **{f"suse/{name}": (f"suse/{name}" + more, {
        f"ftp.suse.com/pub/projects/security/oval/{file}-affected.xml.bz2":
            bz2.compress(fixture("suse/suse.linux.enterprise.server.15-affected.xml"))})
       for name, more, file in (("12", "", "suse.linux.enterprise.server.12"), ("15", "", "suse.linux.enterprise.server.15"),
                                ("micro", "/5.5", "suse.linux.enterprise.micro.5.5"), ("leap", "/15.6", "opensuse.leap.15.6"),
                                ("tumbleweed", "", "opensuse.tumbleweed"))},
    "suse-vex": ("suse-vex", {"ftp.suse.com/pub/projects/security/csaf-vex.tar.bz2":
                              bz2.compress(tarred("suse_vex/csaf-vex/cve-2023-38545.json")),
                              "ftp.suse.com/pub/projects/security/csaf-vex/changes.csv": b""}),
    "ubuntu": ("ubuntu", {"security-metadata.canonical.com/osv/osv-all.tar.xz":
                          lzma.compress(tarred("osv/UBUNTU-CVE-2014-2901.json"))}),
    "ubuntu-vex": ("ubuntu-vex", {"security-metadata.canonical.com/vex/vex-all.tar.xz":
                                  lzma.compress(tarred("openvex/CVE-2016-20013.json"))}),
    "wolfi": ("wolfi", {"packages.wolfi.dev/os/security.json": fixture("alpine_secdb/security.json")}),
}


class Mirror(loopback.Case):
    def update(self, mirror, database):
        feeds = ",".join(feed for feed, _ in ORIGINS.values())
        done = self.peekr("db", "update", "--db", str(self.at / database), "--feeds", feeds, "--mirror", mirror + "/{host}",
                          SOURCE_DATE_EPOCH="1732000000")
        lines = dict(re.match(r"(\S+): (.*)", line).groups() for line in done.stderr.splitlines())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(sorted(lines), sorted(feed for feed, _ in ORIGINS.values()))
        return lines

    def check(self, mirror, database):
        for feed, line in self.update(mirror, database).items():
            self.assertRegex(line, r"^[1-9]\d* new", feed)
            self.assertNotIn("not read whole", line, feed)
        for feed, line in self.update(mirror, database).items():
            self.assertEqual(line, "nothing new", feed)
        done = self.peekr("db", "verify", "--db", str(self.at / database))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_origin_has_its_place_here(self):
        names = re.findall(r"^\| (\S+) \| `", (ROOT / "docs/feeds.md").read_text(), re.M)
        self.assertEqual(sorted(names), sorted(ORIGINS))

    def test_a_folder_laid_out_as_the_publishers_are(self):
        for _, files in ORIGINS.values():
            for path, body in files.items():
                file = self.at / "mirror" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
        self.check(str(self.at / "mirror"), "folder")

    def test_a_server_laid_out_as_the_publishers_are(self):
        for _, files in ORIGINS.values():
            self.server.files.update({"/" + path: body for path, body in files.items()})
        self.check(self.base, "server")


if __name__ == "__main__":
    loopback.main(os.path.abspath(sys.argv.pop(1)))
