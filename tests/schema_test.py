#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What -f json writes is what docs/schema publishes: a small root file system and a small OSV folder are made, scanned, and
checked against the schemas and against the facts. usage: schema_test.py PEEKR_PROGRAM"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import CLOCK, PEEKR, status, valid, write_files  # noqa: E402

STATUS = status([("libc6", "glibc", "2.19-18+deb8u2"), ("libc-bin", "glibc", "2.19-18+deb8u2"), ("tar", "tar", "1.27.1-2+deb8u2")])
ADVISORY = {
    "schema_version": "1.7.0", "id": "DSA-3481-1", "published": "2016-02-16T00:00:00Z", "modified": "2023-01-02T03:04:05Z",
    "summary": "glibc: a stack overflow\nin the resolver \u001b[31m \"quoted\"", "upstream": ["CVE-2015-7547"],
    "references": [{"type": "ADVISORY", "url": "https://www.debian.org/security/2016/dsa-3481"}],
    "affected": [{"package": {"ecosystem": "Debian:8", "name": "glibc"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.19-18+deb8u3"}]}]}],
}


RATING = {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": [{"cve": {
    "id": "CVE-2015-7547", "published": "2016-02-15T21:59:00.120", "lastModified": "2026-06-17T00:32:43.407", "vulnStatus": "Modified",
    "descriptions": [{"lang": "en", "value": "long answers overflow the stack"}],
    "metrics": {"cvssMetricV30": [{"source": "nvd@nist.gov", "cvssData": {"vectorString": "CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
                "cvssMetricV2": [{"source": "nvd@nist.gov", "cvssData": {"vectorString": "AV:N/AC:M/Au:N/C:P/I:P/A:P"}}]},
    "weaknesses": [{"description": [{"lang": "en", "value": "CWE-119"}]}],
    "references": [{"url": "https://www.exploit-db.com/exploits/39454/", "tags": ["Exploit"]}]}}]}
KEV = {"catalogVersion": "1", "dateReleased": "2023-01-01T00:00:00Z", "vulnerabilities": [
    {"cveID": "CVE-2015-7547", "dateAdded": "2022-03-03", "dueDate": "2022-03-24", "requiredAction": "Apply updates.",
     "knownRansomwareCampaignUse": "Known"}]}  # a catalogue of our own: the true one does not have it
EPSS = "#model_version:v2023.03.01,score_date:2023-11-14T00:00:00+0000\ncve,epss,percentile\nCVE-2015-7547,0.97409,0.99900\n"
CVE5 = {"dataType": "CVE_RECORD", "cveMetadata": {"cveId": "CVE-2015-7547", "state": "PUBLISHED", "assignerShortName": "redhat"},
        "containers": {"cna": {"descriptions": []}, "adp": [{"providerMetadata": {"shortName": "CISA-ADP"}, "metrics": [
            {"other": {"type": "ssvc", "content": {"timestamp": "2023-10-01T00:00:00Z", "options": [
                {"Exploitation": "poc"}, {"Automatable": "yes"}, {"Technical Impact": "total"}]}}}]}]}}


def run(folder, *arguments):
    done = subprocess.run([PEEKR, *arguments], cwd=folder, env=os.environ | CLOCK, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (arguments, done.returncode, done.stderr)
    return done.stdout


def check_scan(report):
    assert report["schema_version"] == 1 and report["created"] == "2023-11-14T22:13:20Z"
    assert report["image"]["kind"] == "rootfs" and len(report["image"]["layers"]) == 1
    assert report["distro"]["id"] == "debian" and report["distro"]["end_of_life"]["past"] is True
    assert report["database"]["sources"][0]["name"] == "osv/Debian"
    assert report["summary"]["packages"] == 3 and report["summary"]["findings"] == 2
    assert sum(row["count"] for row in report["summary"]["rows"]) == 1, "two binary packages, one row"
    names = [finding["package"]["name"] for finding in report["findings"]]
    assert names == ["libc-bin", "libc6"], names
    for finding in report["findings"]:
        assert finding["id"] == "CVE-2015-7547" and {"id": "DSA-3481-1"} in finding["names"]
        assert finding["fixed_in"] == "2.19-18+deb8u3" and finding["file"] == "var/lib/dpkg/status"
        assert finding["layer"] is None  # a root file system has none
        assert "\n" in finding["summary"] and '"quoted"' in finding["summary"]
        (proof,) = finding["proofs"]
        assert proof["advisory"] == "DSA-3481-1" and proof["publisher"] == "Debian" and proof["ecosystem"] == "Debian:8"
        assert proof["key"] == "glibc" and proof["by_source"] is True and proof["scheme"] == "deb"
        assert proof["installed"] == "2.19-18+deb8u2" and "2.19-18+deb8u3" in proof["comparison"]
    assert report["verdict"] == {"exit_code": 0, "reasons": [], "remarks": []}


def check_risk(report):
    """The same image, and a database that also knows what NVD, CISA and FIRST say."""
    for finding in report["findings"]:
        assert finding["severity"] == "high" and finding["cvss"] == 8.1, finding["severity_source"]
        assert [(one["source"], one["severity"], one["score"]) for one in finding["severities"]] == [
            ("NVD", "high", 8.1), ("NVD", "medium", 6.8)], finding["severities"]
        assert finding["epss"] == {"score": 0.97409, "percentile": 0.999, "cve": "CVE-2015-7547", "date": "2023-11-14", "source": "EPSS"}
        assert finding["kev"]["due"] == "2022-03-24" and finding["kev"]["ransomware"] is True
        assert finding["ssvc"]["exploitation"] == "poc" and finding["ssvc"]["technical_impact"] == "total"
        assert finding["weaknesses"] == [{"id": "CWE-119"}] and len(finding["exploits"]) == 1
        assert finding["published"].startswith("2016-02-15") and finding["age_days"] == 2829
        assert finding["fix_published"] == "2016-02-16T00:00:00Z" and finding["fix_age_days"] == 2828
        risk = finding["risk"]
        assert risk["likelihood"] == 1 and risk["score"] == 80.5, risk
        assert risk["likelihood_by"] == "known exploited (KEV), by ransomware"
        assert risk["harm_by"] == "severity high, CVSS 8.1"


def check_db(at):
    """What db status, list and search say of a database of the one advisory."""
    database = valid("status", run(at, "db", "status", "--db", "db", "-f", "json"))["database"]
    assert [one["name"] for one in database["sources"]] == ["osv/Debian"] and database["advisories"] == 1
    (record,) = valid("list", run(at, "db", "list", "--db", "db", "-f", "json"))["records"]
    assert (record["source"], record["id"], record["kind"]) == ("osv/Debian", "DSA-3481-1", "vulnerability")
    assert record["packages"] == [{"ecosystem": "Debian:8", "name": "glibc"}]
    assert valid("list", run(at, "db", "list", "--db", "db", "-f", "json", "--ecosystem", "npm"))["records"] == []
    search = lambda *of: valid("search", run(at, "db", "search", "--db", "db", "-f", "json", *of))
    named = search("CVE-2015-7547")
    assert named["packages"] == [] and named["judged"] is None
    (advisory,) = named["advisories"]
    assert advisory["summary"] == ADVISORY["summary"] and advisory["upstream"] == [{"id": "CVE-2015-7547"}]
    (affected,) = advisory["affected"]
    assert affected["ranges"][0]["events"][1] == {"kind": "fixed", "version": "2.19-18+deb8u3"}
    (package,) = search("--package", "glibc")["packages"]
    assert package["ecosystem"] == "Debian:8" and package["entries"] == [{"advisory": "DSA-3481-1", "affected": affected}]
    assert search("--package", "nothing")["packages"] == [] and search("CVE-2000-1")["advisories"] == []
    judged = search("pkg:deb/debian/libc6@2.19-1?distro=debian-8&upstream=glibc")["judged"]
    assert (judged["name"], judged["version"]) == ("libc6", "2.19-1")
    (finding,) = judged["findings"]
    assert finding["id"] == "CVE-2015-7547" and finding["advisories"] == [{"id": "DSA-3481-1"}]
    kernel = search("pkg:deb/debian/linux-libc-dev@6.1-1?distro=debian-8")["judged"]
    assert kernel["findings"] == [] and kernel["suppressed"] == []


def check_diff(diff, fate="appeared"):
    assert all(one["fate"] == fate for one in diff["records"]), diff
    assert [one["id"] for one in diff["exploited"]] == ["CVE-2015-7547"]
    assert sorted(one["source"] for one in diff["risks"]) == ["cve5", "epss", "kev"], diff["risks"]


def check_inventory(inventory):
    assert [(p["type"], p["name"], p["version"]) for p in inventory["packages"]] == [
        ("deb", "libc-bin", "2.19-18+deb8u2"), ("deb", "libc6", "2.19-18+deb8u2"), ("deb", "tar", "1.27.1-2+deb8u2")]
    libc = inventory["packages"][1]
    assert libc["source"] == "glibc" and libc["epoch"] is None and libc["layer_index"] == 0
    assert libc["purl"].startswith("pkg:deb/debian/libc6@2.19-18"), libc["purl"]
    assert {"path": "lib/x86_64-linux-gnu/libc-2.19.so"} in libc["files"]
    assert inventory["distro"]["end_of_life"]["past"], inventory["distro"]


def main():
    with tempfile.TemporaryDirectory(prefix="peekr-schema-") as name:
        at = Path(name)
        write_files(at / "root", {"etc/os-release": 'ID=debian\nVERSION_ID="8"\nPRETTY_NAME="Debian GNU/Linux 8 (jessie)"\n', "var/lib/dpkg/status": STATUS,
                                  "lib/x86_64-linux-gnu/libc-2.19.so": "in its place",
                                  "var/lib/dpkg/info/libc6:amd64.list": "/.\n/lib/x86_64-linux-gnu/libc-2.19.so\n"})
        write_files(at, {"feed/DSA-3481-1.json": ADVISORY})
        run(at, "db", "build", "--from", "feed", "--db", "db")
        check_scan(valid("report", run(at, "scan", "root", "--db", "db", "-f", "json")))
        check_db(at)
        write_files(at / "feed", {"nvd.json": RATING, "kev.json": KEV, "cve5.json": CVE5, "epss.csv": EPSS})
        run(at, "db", "build", "--from", "feed", "--db", "more")
        for order in "risk", "severity", "epss", "kev", "package", "fix":
            check_risk(valid("report", run(at, "scan", "root", "--db", "more", "-f", "json", "--sort", order)))
        check_diff(valid("diff", run(at, "db", "diff", "db", "more", "-f", "json")))
        check_diff(valid("diff", run(at, "db", "diff", "more", "db", "-f", "json")), fate="vanished")
        changed = json.loads(json.dumps(ADVISORY).replace("deb8u3", "deb8u4"))
        (at / "feed/DSA-3481-1.json").write_text(json.dumps(changed))
        run(at, "db", "build", "--from", "feed", "--db", "other")
        (one,) = valid("diff", run(at, "db", "diff", "more", "other", "-f", "json"))["records"]
        assert one["fate"] == "changed" and {"name": "packages"} in one["fields"], one
        check_inventory(valid("inventory", run(at, "inventory", "root", "-f", "json", "--files")))
        plain = valid("inventory", run(at, "inventory", "root", "-f", "json"))
        assert all("files" not in package for package in plain["packages"])
        for target in "pkg:npm/lodash@4.17.4", "a.cdx.json":
            run(at, "inventory", "root", "-f", "cyclonedx-json=a.cdx.json")
            kind = valid("inventory", run(at, "inventory", target, "-f", "json"))["image"]["kind"]
            assert kind == valid("report", run(at, "scan", target, "--db", "db", "-f", "json"))["image"]["kind"]
            assert kind == ("purl" if ":" in target else "sbom"), kind
        (at / "root/etc/os-release").unlink()
        blind = valid("report", run(at, "scan", "root", "--db", "db", "-f", "json"))
        assert blind["distro"] is None and blind["summary"]["assessment"] == "none" and blind["summary"]["not_assessed"]
    print("schema_test: passed")


main()
