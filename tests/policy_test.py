#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What rules of the user's do to a scan: gates with conditions, filters, baselines, ignore files, VEX. A root file system with three packages
of Debian 12 is made, with advisories of our own (true versions). usage: policy_test.py PEEKR_PROGRAM"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

PEEKR = os.path.abspath(sys.argv[1])
STATUS = """Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.9-1

Package: zlib1g
Status: install ok installed
Architecture: amd64
Source: zlib
Version: 1:1.2.13.dfsg-1

"""


def advisory(cve, source, severity, fixed=None, published="2023-10-25T00:00:00Z"):
    events = [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])
    return {"schema_version": "1.7.0", "id": f"DEBIAN-{cve}", "modified": published, "published": published, "upstream": [cve],
            "affected": [{"package": {"ecosystem": "Debian:12", "name": source}, "ecosystem_specific": {"urgency": severity},
                          "ranges": [{"type": "ECOSYSTEM", "events": events}]}]}


ADVISORIES = [advisory("CVE-2023-5363", "openssl", "high", "3.0.11-1~deb12u2"),
              advisory("CVE-2023-5678", "openssl", "low", "3.0.13-1~deb12u1"),
              advisory("CVE-2023-45853", "zlib", "high")]
ALL = ["CVE-2023-45853", "CVE-2023-5363", "CVE-2023-5678"]
failures = []


def blind(field):
    """The database of these tests has none of CISA's list."""
    return (f"a gate asks for {field}, which is known of no finding: the database has no feed that tells it "
            "(peekr db update --feeds kev)")


def check(what, got, want):
    if got != want:
        failures.append(f"{what}: {got!r}, want {want!r}")


class Box:
    """The image, the database, and a folder to run in."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "root/etc").mkdir(parents=True)
        (folder / "root/var/lib/dpkg").mkdir(parents=True)
        (folder / "root/etc/os-release").write_text('ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n')
        (folder / "root/var/lib/dpkg/status").write_text(STATUS)
        (folder / "osv").mkdir()
        for one in ADVISORIES:
            (folder / "osv" / (one["id"] + ".json")).write_text(json.dumps(one))
        self.run("db", "build", "--from", "osv", "--db", "db")

    def run(self, *arguments):
        environment = dict(os.environ, SOURCE_DATE_EPOCH="1700000000", PEEKR_CONFIG="none")  # 2023-11-14
        return subprocess.run([PEEKR, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)

    def scan(self, *options):
        """(exit code, ids of findings, {id: (rule, reason)} of what was taken out, verdict)"""
        done = self.run("scan", "rootfs:root", "--db", "db", "--offline", "-f", "json", *options)
        if not done.stdout:
            return done.returncode, [], {}, done.stderr.splitlines()[0]
        report = json.loads(done.stdout)
        check(f"{options}: exit code", report["verdict"]["exit_code"], done.returncode)
        out = {one["id"]: (one["rule"], one["reason"]) for one in report["suppressed"]}
        return done.returncode, sorted(one["id"] for one in report["findings"]), out, report["verdict"]


def gates(box):
    check("no gate", box.scan()[:2], (0, ALL))
    for condition, code in [("high", 2), ("critical", 0), ("high && !fixable", 2), ("kev", 0), ("kev || age > 19d", 2), ("age > 20d", 0),
                            ("id == CVE-2023-5678 && severity == low", 2), ("package ~ 'lib*' and critical", 0), ("critical,low", 2)]:
        check(condition, box.scan("--fail-on", condition)[0], code)
    check("reason", [one["what"] for one in box.scan("--fail-on", "high && fixable")[3]["reasons"]],
          ["condition: 1 finding: high && fixable"])
    check("bad condition", box.scan("--fail-on", "epss > 5")[::3],
          (1, "peekr: --fail-on epss > 5: character 8: want a number from 0 to 1, found 5"))
    code, found, _, verdict = box.scan("--fail-on", "high", "--grace", "high=21d")
    check("grace", (code, found, [one["what"] for one in verdict["remarks"]]),
          (0, ALL, ["2 findings would hit the gate, within the grace period"]))
    check("grace is over", box.scan("--fail-on", "high", "--grace", "high=20d")[0], 2)
    check("base layers are not known", box.scan("--fail-on", "high", "--fail-on-base", "off")[0], 2)


def filters(box):
    code, found, out, _ = box.scan("--severity", "high,critical", "--fail-on", "low")
    check("--severity", (code, found, list(out)), (2, ["CVE-2023-45853", "CVE-2023-5363"], ["CVE-2023-5678"]))
    check("--severity reason", out["CVE-2023-5678"], ("filter", "its severity is low: not among those of --severity"))
    check("--severity and its gate", box.scan("-s", "critical", "--fail-on", "low")[:2], (0, []))
    for option in ("--only-fixed", "--ignore-unfixed"):
        check(option, box.scan(option)[1], ["CVE-2023-5363", "CVE-2023-5678"])
    check("--ignore-status", box.scan("--ignore-status", "fixed")[1], ["CVE-2023-45853"])
    check("--ignore-status of Trivy", box.scan("--ignore-status", "will_not_fix,affected")[1], ["CVE-2023-5363", "CVE-2023-5678"])
    table = box.run("scan", "rootfs:root", "--db", "db", "--offline", "--severity", "critical").stdout
    check("the table says so", "Verdict: nothing is left of 3 findings that rules of yours have taken out" in table, True)


def baselines(box):
    box.run("scan", "rootfs:root", "--db", "db", "--offline", "-s", "high", "-f", "json", "-o", "old.json")
    code, found, out, _ = box.scan("--baseline", "old.json", "--fail-on", "low")
    check("--baseline: what a filter took out is new", (code, found), (2, ["CVE-2023-5678"]))
    check("--baseline reason", out["CVE-2023-5363"], ("baseline", "known since 2023-11-14: old.json"))
    box.run("scan", "rootfs:root", "--db", "db", "--offline", "--baseline", "old.json", "-f", "json", "-o", "new.json")
    check("a baseline made with a baseline", box.scan("--baseline", "new.json", "--fail-on", "low")[:2], (0, []))
    (box.folder / "of-other.json").write_text((box.folder / "old.json").read_text().replace('"rootfs:root"', '"rootfs:node"', 1))
    check("a baseline of another image", [one["what"] for one in box.scan("--baseline", "of-other.json")[3]["remarks"]],
          ["of-other.json: is a report on node, not on root: what that has, too, counts as known"])
    (box.folder / "bad.json").write_text('{"findings": []}')
    check("no report", box.scan("--baseline", "bad.json")[::3],
          (1, "peekr: --baseline bad.json: not a report that peekr scan -f json wrote"))


IGNORE_FILES = {
    # name: (text, what stays, reason of one, remarks)
    ".trivyignore": ("# zlib's\nCVE-2023-45853 exp:2023-12-01\nDEBIAN-CVE-2023-5678\nCVE-2023-5363 exp:2023-11-14\naws-access-key-id\n",
                     ["CVE-2023-5363"], ("CVE-2023-45853", "exception .trivyignore:2, until 2023-12-01"),
                     [".trivyignore:4: CVE-2023-5363: the exception has expired on 2023-11-14, and would take out 1 of what is listed",
                      ".trivyignore:5: aws-access-key-id: the exception takes out nothing"]),
    "trivy.yaml": ("vulnerabilities:\n  - id: CVE-2023-5363\n    purls: [pkg:deb/debian/libssl3, pkg:npm/x]\n    statement: no TLS\n"
                   "  - id: CVE-2023-5678\n    paths:\n      - usr/**\nsecrets:\n  - id: x\n",
                   ["CVE-2023-45853", "CVE-2023-5678"], ("CVE-2023-5363", "exception trivy.yaml:2: no TLS"),
                   ["trivy.yaml:5: CVE-2023-5678: the exception takes out nothing"]),
    "lines": ("\ufeffCVE-2023-45853\texp:2023-12-01 minizip is not built\nCVE-2023-5363 # exp:2023-11-14\nCVE-2023-567*\nCVE-2023-5678# no\n",
              ["CVE-2023-5363", "CVE-2023-5678"], ("CVE-2023-45853", "exception lines:1, until 2023-12-01"),
              ["lines:2: CVE-2023-5363: the exception has expired on 2023-11-14, and would take out 1 of what is listed",
               "lines:3: CVE-2023-567*: the exception takes out nothing", "lines:4: CVE-2023-5678#: the exception takes out nothing"]),
    "strict.yaml": ("vulnerabilities:\n  - purls: [pkg:deb/debian/zlib1g]\n  - {id: CVE-2023-5363, purls: ['pkg:deb/debian/openssl@3.0.9-1']}\n"
                    "  - id: CVE-2023-5*\n  - {id: CVE-2023-5678, paths: ['var/*']}\n  - {id: CVE-2023-45853, paths: ['var/**/status']}\n"
                    "  - {paths: ['**'], statement: all}\n  - id: '*'\n",
                    ["CVE-2023-5363", "CVE-2023-5678"], ("CVE-2023-45853", "exception strict.yaml:6"),
                    ["strict.yaml:2: the rule is not used: it has no id: to Trivy it is about nothing",
                     "strict.yaml:7: the rule is not used: it has no id: to Trivy it is about nothing",
                     "strict.yaml:3: CVE-2023-5363: the exception takes out nothing", "strict.yaml:4: CVE-2023-5*: the exception takes out nothing",
                     "strict.yaml:5: CVE-2023-5678: the exception takes out nothing", "strict.yaml:8: *: the exception takes out nothing"]),
    "all.grype.yaml": ("ignore:\n  - package: {name: '.*', location: '/**'}\n  - package: {location: '/var/*'}\n  - package: {upstream-name: zlib, location: '/var/**'}\n",
                       ["CVE-2023-5363", "CVE-2023-5678"], ("CVE-2023-45853", "exception all.grype.yaml:4"),
                       ["all.grype.yaml:2: the rule is not used: it would take out everything", "all.grype.yaml:3: /var/*: the exception takes out nothing"]),
    "types.yaml": ("exceptions:\n  - type: [deb, npm]\n", [], ("CVE-2023-45853", "exception types.yaml:2"),
                   ["types.yaml:2: deb, npm: the exception takes out all of the 3 findings"]),
    "own.yaml": ("exceptions:\n- id: CVE-2023-5*\n  package: openssl\n  path: /var/lib/dpkg/*\n  expires: 2024-01-01\n  reason: later\n  owner: team-a\n"
                 "- purl: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?distro=debian-11\n",
                 ["CVE-2023-45853"], ("CVE-2023-5363", "exception own.yaml:2: later (owner: team-a), until 2024-01-01"),
                 ["own.yaml:8: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?distro=debian-11: the exception takes out nothing"]),
    "grype.yaml": ("log:\n  level: warn\nignore:\n  - vulnerability: CVE-2023-5363\n    fix-state: fixed\n    package: {name: 'libssl.*', type: deb}\n"
                   "  - fix-state: not-fixed\n    package:\n      upstream-name: zli.\n  - vulnerability: DEBIAN-CVE-2023-5678\n"
                   "  - vulnerability: CVE-2023-5678\n    vex-status: fixed\n  - {vulnerability: CVE-2023-5678, match-type: guess}\n",
                   ["CVE-2023-5678"], ("CVE-2023-45853", "exception grype.yaml:7"),
                   ["grype.yaml:11: the rule is not used: peekr cannot ask for vex-status",
                    "grype.yaml:13: the rule is not used: match-type guess means nothing to peekr",
                    "grype.yaml:10: DEBIAN-CVE-2023-5678: the exception takes out nothing"]),
    "grype2.yaml": ("ignore:\n  - {vulnerability: CVE-2023-5678, namespace: 'debian:distro:debian:12'}\n  - {namespace: 'debian:distro:debian:11'}\n"
                    "  - {namespace: 'nvd:cpe'}\n  - {match-type: cpe-match}\n  - {vulnerability: CVE-2023-5363, match-type: exact-indirect-match}\n"
                    "  - {vulnerability: CVE-2023-45853, match-type: exact-direct-match}\n",
                    ["CVE-2023-45853"], ("CVE-2023-5678", "exception grype2.yaml:2"),
                    ["grype2.yaml:3: debian:distro:debian:11: the exception takes out nothing", "grype2.yaml:4: nvd:cpe: the exception takes out nothing",
                     "grype2.yaml:5: cpe-match: the exception takes out nothing", "grype2.yaml:7: CVE-2023-45853: the exception takes out nothing"]),
    "pattern/osv-scanner.toml": ('[[PackageOverrides]]\nname = "z.i[bx]"\nnameIsRegex = true\nignore = true\n'
                                 '[[PackageOverrides]]\nname = "ssl"\nnameIsRegex = true\nignore = true\n'
                                 '[[PackageOverrides]]\nname = "("\nnameIsRegex = true\nignore = true\n'
                                 '[[PackageOverrides]]\nname = "zlib"\ngroup = "dev"\nignore = true\n',
                                 ["CVE-2023-5363", "CVE-2023-5678"], ("CVE-2023-45853", "exception pattern/osv-scanner.toml: PackageOverrides[0]"),
                                 ["pattern/osv-scanner.toml: PackageOverrides[2]: the rule is not used: the pattern ( cannot be read",
                                  "pattern/osv-scanner.toml: PackageOverrides[3]: the rule is not used: peekr cannot ask for group: what is in an image is in no group of a lock file",
                                  "pattern/osv-scanner.toml: PackageOverrides[1]: ssl: the exception takes out nothing"]),
    "osv-scanner.toml": ('[[IgnoredVulns]]\nid = "CVE-2023-5363"\nignoreUntil = 2024-01-01\nreason = "no TLS"\n'
                         '[[PackageOverrides]]\nname = "zlib"\necosystem = "Debian:12"\nvulnerability.ignore = true\n'
                         '[[PackageOverrides]]\nname = "openssl"\nlicense.override = ["MIT"]\n',
                         ["CVE-2023-5678"], ("CVE-2023-5363", "exception osv-scanner.toml: IgnoredVulns[0]: no TLS, until 2024-01-01"), []),
}
BAD_IGNORE_FILES = {
    "a.yaml": ("exceptions:\n  - id: CVE-1\n    pakage: zlib\n", "a.yaml:3: there is no pakage: want id, package, version, type, path, purl, "
               "layer, status, an expiry, a reason or an owner"),
    "b2.yaml": ("exceptions:\n  - {path: '**'}\n", "b2.yaml:2: the rule would take out everything"),
    "b3.yaml": ("exceptions:\n  - {id: '*', package: [zlib, '**'], path: '/**'}\n", "b3.yaml:2: the rule would take out everything"),
    "b.yaml": ("exceptions:\n  - reason: all\n", "b.yaml:2: the rule would take out everything"),
    "c.yaml": ("exceptions:\n  - id: CVE-1\n    expires: soon\n", "c.yaml:3: expires: soon: want a day such as 2026-12-31"),
    "c2.yaml": ("exceptions:\n  - id: CVE-1\n    id: CVE-2\n", "c2.yaml: not YAML that is read: line 3: id: stands twice"),
    "c3.yaml": ("exceptions: []\n---\nexceptions: []\n", "c3.yaml: line 2: a second document"),
    "d.yaml": ("exceptions: [", "d.yaml: not YAML"),
    "e": ("CVE-1\n[CVE-2]\n", "e:2: want an id, and perhaps exp:2026-12-31"),
    "e2": ("PATH=/bin:hunter2\n", "e2:1: want an id, and perhaps exp:2026-12-31"),
    "e3": ("CVE-1 exp:hunter2\n", "e3:1: exp: want a day such as 2026-12-31"),
    "f.yaml": ("exceptions:\n  - purl: zlib\n", "f.yaml:2: purl: zlib: not a package URL: want pkg:TYPE/NAME"),
    "g.toml": ("[[IgnoredVulns]\n", "g.toml: line 1"),
    "h.toml": ('IgnoredVulns = [{id = "CVE-2023-5363"}]\n', "h.toml: only tables of their own are read"),
}


def exceptions(box):
    for name, (text, stays, (cve, reason), remarks) in IGNORE_FILES.items():
        (box.folder / name).parent.mkdir(exist_ok=True)
        (box.folder / name).write_text(text)
        code, found, out, verdict = box.scan("--ignorefile", name, "--exit-code", "7")
        check(name, (code, found, [one["what"] for one in verdict["remarks"]]), (7 if stays else 0, stays, remarks))
        check(name, out.get(cve), ("exception", reason))
    for name, (text, message) in BAD_IGNORE_FILES.items():
        (box.folder / name).write_text(text)
        code, _, _, error = box.scan("--ignorefile", name)
        check(name, (code, error.startswith("peekr: " + message) or error, "hunter2" in error), (1, True, False))
    check("of the folder", box.scan()[1], ["CVE-2023-5363"])  # .trivyignore
    check("none", box.scan("--ignorefile", "none")[1], ALL)
    check("all of it", box.scan("--ignorefile", "own.yaml", "--ignorefile", "osv-scanner.toml", "--fail-on", "low")[:2], (0, []))
    (box.folder / "any.yaml").write_text("exit-code: 3\n")
    check("of the folder, beside a policy", box.scan("--policy", "any.yaml")[:2], (3, ALL))
    check("asked for, beside a policy", box.scan("--policy", "any.yaml", "--ignorefile", ".trivyignore")[:2], (3, ["CVE-2023-5363"]))
    (box.folder / ".trivyignore").unlink()


def odd_files_of_the_folder(box):
    """A link may lead to what is secret, a pipe never end."""
    (box.folder / "netrc").write_text("hunter2\nCVE-2023-5363\n")
    for name in ".trivyignore", ".peekrignore.yaml":
        for make in (lambda path: path.symlink_to("netrc"), os.mkfifo, Path.mkdir):
            make(box.folder / name)
            done = box.run("scan", "rootfs:root", "--db", "db", "--offline", "-f", "json")
            check(f"{name}: {make}", (done.returncode, len(json.loads(done.stdout)["findings"]), "hunter2" in done.stdout + done.stderr, done.stderr),
                  (0, 3, False, f"{name}: is no regular file: it is not read (--ignorefile names it)\n"))
            (Path.rmdir if (box.folder / name).is_dir() else Path.unlink)(box.folder / name)


def none_and_nothing(box):
    for option in "--policy", "--baseline", "--ignorefile", "--vex":
        check(f"{option} of nothing", box.scan(option, "")[::3], (1, f"peekr: {option}: want a file, or none"))
    box.run("scan", "rootfs:root", "--db", "db", "--offline", "-f", "json", "-o", "known.json")
    (box.folder / "vex.json").write_text(json.dumps(openvex(states("CVE-2023-5363", {"@id": SSL}))))
    (box.folder / "empty.json").write_text(json.dumps(dict(json.loads((box.folder / "known.json").read_text()), findings=[])))
    (box.folder / "all.yaml").write_text("vex: vex.json\nbaseline: known.json\n")
    check("a policy's files", box.scan("--policy", "all.yaml")[1], [])
    check("--baseline none", box.scan("--policy", "all.yaml", "--baseline", "none")[1], ["CVE-2023-45853", "CVE-2023-5678"])
    check("exit-code of a policy is of scans", box.run("diff", "empty.json", "known.json", "--policy", "any.yaml").returncode, 0)
    check("--vex none", box.scan("--policy", "all.yaml", "--baseline", "none", "--vex", "none")[1], ALL)


def openvex(*statements):
    return {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "team-a", "timestamp": "2023-11-01T00:00:00Z",
            "version": 1, "statements": list(statements)}


def states(cve, product, status="not_affected", **more):
    return {"vulnerability": {"name": cve}, "products": [product], "status": status, **more}


SSL, ZLIB, IMAGE = "pkg:deb/debian/libssl3@3.0.9-1?arch=amd64", "pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1", "pkg:oci/root@sha256%3A" + "0" * 64
CSAF = {"document": {"csaf_version": "2.0", "category": "csaf_vex"}, "product_tree": {
    "branches": [{"category": "vendor", "name": "v", "branches": [
        {"category": "product_version", "name": "a", "product": {"product_id": "a", "name": "a", "product_identification_helper": {"purl": SSL}}},
        {"category": "product_version", "name": "b", "product": {"product_id": "b", "name": "b", "product_identification_helper": {"purl": ZLIB}}}]}],
    "full_product_names": [{"product_id": "c", "name": "no image of ours"}],
    "relationships": [{"category": "default_component_of", "product_reference": "a", "relates_to_product_reference": "b",
                       "full_product_name": {"product_id": "a-in-b", "name": "a in b"}}]},
    "vulnerabilities": [{"cve": "CVE-2023-5363", "product_status": {"known_not_affected": ["a-in-b", "c"], "known_affected": []},
                         "flags": [{"label": "vulnerable_code_not_present", "product_ids": ["a-in-b"]}],
                         "threats": [{"category": "impact", "details": "no TLS", "product_ids": ["a-in-b"]}]},
                        {"cve": "CVE-2023-5678", "product_status": {"known_affected": ["a"]}}]}
CYCLONEDX = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"type": "library", "name": "x", "components": [
    {"type": "library", "bom-ref": "z", "name": "zlib1g", "purl": ZLIB}]}], "vulnerabilities": [
    {"id": "X-1", "references": [{"id": "CVE-2023-45853"}], "analysis": {"state": "false_positive", "detail": "minizip is not built"},
     "affects": [{"ref": "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#z"}]},
    {"id": "CVE-2023-5363", "analysis": {"state": "exploitable"}, "affects": [{"ref": SSL}]}]}
VEX = {
    # name: (document, what stays, reason of one, remarks)
    "openvex.json": (openvex(
        states("CVE-2023-5363", {"@id": "pkg:deb/debian/openssl"}, justification="vulnerable_code_not_in_execute_path", impact_statement="no TLS"),
        states("CVE-2023-5678", {"@id": "pkg:deb/debian/openssl@3.0.8-1"}),
        states("CVE-2023-45853", {"@id": IMAGE}),
        states("CVE-2023-45853", {"@id": "root", "subcomponents": [{"@id": ZLIB}]}),
        states("CVE-2020-1", {"@id": SSL}), states("CVE-2020-2", {"@id": SSL}, "affected")),
        ["CVE-2023-45853", "CVE-2023-5678"],
        ("CVE-2023-5363", "openvex.json: statement 1: not_affected: vulnerable_code_not_in_execute_path: no TLS"),
        ["openvex.json: statement 4: product root: neither a package URL nor an image",
         "openvex.json: statement 4: names no product that peekr could look for",
         "openvex.json: statement 2: takes out nothing: pkg:deb/debian/openssl@3.0.8-1: another version; found is libssl3 3.0.9-1",
         f"openvex.json: statement 3: takes out nothing: {IMAGE} is not this image",
         "openvex.json: 1 of 5 statements is about vulnerabilities that were not found"]),
    "later.json": (openvex(states("CVE-2023-5363", {"@id": SSL}, timestamp="2023-11-02T00:00:00Z"),
                           states("CVE-2023-5363", {"@id": SSL}, "affected", timestamp="2023-11-03T00:00:00Z"),
                           states("DEBIAN-CVE-2023-5678", {"@id": "pkg:deb/debian/zlib1g", "subcomponents": [{"@id": SSL}]}, "fixed")),
                   ["CVE-2023-45853", "CVE-2023-5363"], ("CVE-2023-5678", "later.json: statement 3: fixed"),
                   ["later.json: statement 1: takes out nothing: another statement counts more"]),
    "csaf.json": (CSAF, ["CVE-2023-45853", "CVE-2023-5678"],
                  ("CVE-2023-5363", "csaf.json: CVE-2023-5363: a-in-b: not_affected: vulnerable_code_not_present: no TLS"),
                  ["csaf.json: CVE-2023-5363: c: names no product that peekr could look for"]),
    "cyclonedx.json": (CYCLONEDX, ["CVE-2023-5363", "CVE-2023-5678"],
                       ("CVE-2023-45853", "cyclonedx.json: X-1: not_affected: minizip is not built"), []),
    "envelope.json": ({"payloadType": "application/vnd.in-toto+json", "payload": base64.b64encode(json.dumps(
        {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://openvex.dev/ns/v0.2.0",
         "predicate": openvex(states("CVE-2023-5363", {"@id": SSL}))}).encode()).decode(), "signatures": []},
        ["CVE-2023-45853", "CVE-2023-5678"], ("CVE-2023-5363", "envelope.json: statement 1: not_affected"), []),
}
VEX["bundle.json"] = ({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": VEX["envelope.json"][0]},
                      VEX["envelope.json"][1], ("CVE-2023-5363", "bundle.json: statement 1: not_affected"), [])


def vex(box):
    for name, (document, stays, (cve, reason), remarks) in VEX.items():
        (box.folder / name).write_text(json.dumps(document))
        code, found, out, verdict = box.scan("--vex", name, "--exit-code", "7")
        check(name, (code, found, [one["what"] for one in verdict["remarks"]]), (7, stays, remarks))
        check(name, out.get(cve), ("vex", reason))
    check("the first document decides", box.scan("--vex", "cyclonedx.json", "--vex", "openvex.json")[1], ["CVE-2023-5363", "CVE-2023-5678"])
    for text, message in [("{}", "not a VEX document: want OpenVEX, CSAF or CycloneDX, in JSON"), ("[", "not JSON: "),
                          ('{"payloadType": "text/plain", "payload": "e30="}', "payloadType: text/plain where ")]:
        (box.folder / "bad.json").write_text(text)
        code, _, _, error = box.scan("--vex", "bad.json")
        check("no VEX", (code, error.startswith("peekr: --vex: bad.json: " + message) or error), (1, True))


POLICY = """fail-on: critical
severity: [high]
ignorefile: rules/.trivyignore
vex: openvex.json
gates:
  - name: unfixed
    when: severity >= high && !fixable
    reason: we cannot mend it
  - {name: old, when: age > 10d, reason: long known, until: 2023-11-14}
  - {name: later, when: kev, reason: exploited, until: 2023-11-15}
exceptions:
  - {id: CVE-2023-5678, reason: not reachable, owner: team-a}
"""
BAD_POLICIES = {  # the text, and the error behind the file's name
    "severty: high\n": ":1: there is no severty: want fail-on, fail-on-base, grace, exit-code, exit-on-eol, fail-on-incomplete, allow-partial, severity, only-fixed, "
                       "ignore-status, ignorefile, vex, baseline, gates or exceptions",
    "only-fixed: true\nfail-on: epss > 5\n": ":2: fail-on: epss > 5: character 8: want a number from 0 to 1, found 5",
    "exit-code: many\n": ":1: exit-code: many: want a number from 0 to 255",
    "gates:\n  - name: a\n    when: kevv\n    reason: b\n": ":3: when: kevv: character 1: there is no kevv",
    "gates:\n  - name: a\n    when: kev\n": ":2: gates: a gate without reason",
    "fail-on: high\n---\n---\nfail-on: low\n": ": line 2: a second document",
    "gates:\n  - {name: a, when: kev, reason: b, when: high}\n": ": not YAML that is read: line 2: when: stands twice",
    "exceptions:\n  - cve: CVE-1\n": ":2: there is no cve: want id, ",
    "fail-on: [": ": not YAML",
}


def policy_files(box):
    team = box.folder / "team"
    (team / "rules").mkdir(parents=True)
    (team / "policy.yaml").write_text(POLICY)
    (team / "rules/.trivyignore").write_text("CVE-2023-5363\n")
    (team / "openvex.json").write_text(json.dumps(openvex(states("CVE-2020-1", {"@id": SSL}))))
    code, found, out, verdict = box.scan("--policy", "team/policy.yaml")
    check("policy", (code, found, {cve: why[0] for cve, why in out.items()}),
          (2, ["CVE-2023-45853"], {"CVE-2023-5363": "exception", "CVE-2023-5678": "exception"}))
    check("policy: exception", out["CVE-2023-5678"][1], "exception team/policy.yaml:12: not reachable (owner: team-a)")
    check("policy: reason", [one["what"] for one in verdict["reasons"]],
          ["gate unfixed: 1 finding: we cannot mend it (team/policy.yaml:6: severity >= high && !fixable)"])
    check("policy: remarks", [one["what"] for one in verdict["remarks"]],
          [blind("kev"), "team/policy.yaml:9: gate old: has expired on 2023-11-14",
           "team/openvex.json: 1 of 1 statements is about vulnerabilities that were not found"])
    code, found, _, verdict = box.scan("--policy", "team/policy.yaml", "--severity", "low,high", "--ignorefile", "none", "--exit-code", "9")
    check("the command line comes first", (code, found), (9, ["CVE-2023-45853", "CVE-2023-5363"]))
    check("what it has overridden is told", [one["what"] for one in verdict["remarks"]][2:4],
          ["team/policy.yaml:2: severity: does not count: the command line has --severity",
           "team/policy.yaml:3: ignorefile: does not count: the command line has --ignorefile"])
    table = box.run("scan", "rootfs:root", "--db", "db", "--offline", "--policy", "team/policy.yaml")
    check("the table has the gate", (table.returncode, "Exit code 2: gate unfixed: 1 finding: we cannot mend it" in table.stdout), (2, True))
    (team / "fixed.yaml").write_text("only-fixed: true\nexit-code: 3\n")
    check("a flag", box.scan("--policy", "team/fixed.yaml")[:2], (3, ["CVE-2023-5363", "CVE-2023-5678"]))
    check("a flag that is taken back", box.scan("--policy", "team/fixed.yaml", "--only-fixed=false")[:2], (3, ALL))
    check("no policy after all", box.scan("--policy", "none")[:2], (0, ALL))
    check("no gate on findings is left", box.scan("--policy", "team/fixed.yaml", "--exit-code", "0")[0], 0)
    for text, message in BAD_POLICIES.items():
        (team / "bad.yaml").write_text(text)
        for command in (["scan", "rootfs:root", "--db", "db", "--offline", "--policy"], ["policy", "check"], ["policy", "explain"]):
            done = box.run(*command, "team/bad.yaml")
            check(f"{text} {command}", (done.returncode, done.stdout, done.stderr.startswith("peekr: team/bad.yaml" + message) or done.stderr), (1, "", True))
    for command in (["plan", "rootfs:root"], ["explain", "rootfs:root", "CVE-2023-5363"]):
        done = box.run(*command, "--db", "db", "--offline", "--policy", "team/policy.yaml")
        check(command, (done.returncode, "CVE-2023-5678" in done.stdout), (0, False))
        check(f"{command}: gates", (done.stdout + done.stderr).count("team/policy.yaml: its gates count in peekr scan only"), 1)
        done = box.run(*command, "--db", "db", "--offline", "--policy", "team/policy.yaml", "--severity", "low")
        check(f"{command}: what it has overridden is told once", (done.stdout + done.stderr).count("team/policy.yaml:2: severity: does not count"), 1)
    box.run("scan", "rootfs:root", "--db", "db", "--offline", "-f", "json", "-o", "new.json")
    (box.folder / "empty.json").write_text(json.dumps(dict(json.loads((box.folder / "new.json").read_text()), findings=[])))
    came = box.run("diff", "empty.json", "new.json", "-f", "json", "--policy", "team/policy.yaml", "--exit-code", "5", "-s", "high")
    check("diff: gates", came.stderr.count("team/policy.yaml: its gates count in peekr scan only"), 1)
    check("diff: what it has overridden is told", came.stderr.count("team/policy.yaml:2: severity: does not count"), 1)
    check("diff", (came.returncode, [one["id"] for one in json.loads(came.stdout)["findings"]]), (5, ["CVE-2023-45853"]))


CHECKED = """team/policy.yaml: 4 settings, 3 gates, 2 exceptions
  team/policy.yaml:9: gate old; has expired on 2023-11-14
"""
EXPLAINED = """fail-on: critical
    exit code 2 for a finding of at least this severity, or for which this holds
severity: high
    only findings of these severities
ignorefile: team/rules/.trivyignore
    exceptions: peekr's YAML, .trivyignore, .trivyignore.yaml, .grype.yaml, osv-scanner.toml
vex: team/openvex.json
    VEX document (OpenVEX, CSAF, CycloneDX; JSON) that says what does not affect the image
gate unfixed: we cannot mend it
    exit code 2 for a finding for which this holds: severity >= high && !fixable
gate old: long known; has expired on 2023-11-14
    exit code 2 for a finding for which this holds: age > 10d
gate later: exploited; until 2023-11-15
    exit code 2 for a finding for which this holds: kev
exception team/policy.yaml:12: not reachable (owner: team-a)
    takes out: id CVE-2023-5678
exception team/rules/.trivyignore:1: without a reason
    takes out: id CVE-2023-5363
"""
JUDGED = """--fail-on critical
    is hit by no finding
gate unfixed: we cannot mend it
    exit code 2 for a finding for which this holds: severity >= high && !fixable
    is hit by 1 finding
      CVE-2023-45853 of zlib1g 1:1.2.13.dfsg-1, high
"""


def policy_command(box):
    done = box.run("policy", "check", "team/policy.yaml")
    check("policy check", (done.returncode, done.stdout, done.stderr), (0, CHECKED, ""))
    done = box.run("policy", "explain", "team/policy.yaml")
    check("policy explain", (done.returncode, done.stdout.split()), (0, EXPLAINED.split()))
    box.run("scan", "rootfs:root", "--db", "db", "--offline", "-s", "low", "-f", "json", "-o", "low.json")
    done = box.run("policy", "explain", "team/policy.yaml", "low.json")  # what --severity low took out counts again
    check("policy explain with a report", (done.returncode, JUDGED in done.stdout or done.stdout), (0, True))
    check("its verdict", "of rootfs:root: 1 finding left, exit code 2\n  gate unfixed: 1 finding:" in done.stdout or done.stdout, True)
    (box.folder / "team/line.yaml").write_text("exceptions: [{id: CVE-2023-5363}, {id: CVE-2023-5678}]\n")
    said = box.run("policy", "explain", "team/line.yaml", "new.json").stdout
    check("two exceptions on a line", re.findall("takes out (.*)", said), ["1 finding", "1 finding"])
    # What of the files that it names is not used is said without a report, too.
    odd = {**openvex(), "statements": [{"vulnerability": {"name": "CVE-1"}, "products": [{"@id": "pkg:deb/debian/a"}], "status": "bogus"}]}
    (box.folder / "team/odd.json").write_text(json.dumps(odd))
    (box.folder / "team/rules.yaml").write_text("exceptions: [{id: CVE-1}]\nexeptions: [{id: CVE-2}]\n")
    (box.folder / "team/odd.yaml").write_text("vex: odd.json\nignorefile: rules.yaml\n")
    for command in ("check", "explain"):
        said = box.run("policy", command, "team/odd.yaml").stdout
        check(f"policy {command}: what is not used", ("team/rules.yaml:2: exeptions: is not read" in said or said, "bogus" in said or said), (True, True))
    (box.folder / "team/gone.yaml").write_text("fail-on: high\nvex: gone.json\n")
    done = box.run("policy", "check", "team/gone.yaml")
    check("a file that is gone", (done.returncode, done.stderr.startswith("peekr: team/gone.yaml:2: vex: ") or done.stderr), (1, True))


FIXTURES = Path(__file__).resolve().parent / "fixtures/policy/policy_file"
# What is wrong with these is not to be said in a schema.
NOT_IN_THE_SCHEMA = {"twice", "bad-condition", "bad-condition-of-a-gate", "two-gates-of-a-name", "gate-until-when", "severity", "status", "grace",
                     "no-yaml", "alias", "two-documents"}


DOCUMENT = (FIXTURES.parents[3] / "docs/policy.md").read_text().partition("## A policy file")[2]
EXAMPLE = textwrap.dedent("".join(re.search(r"((?:    .*\n)+)", DOCUMENT).group(1)))


def example(box):
    """That of docs/policy.md."""
    (box.folder / "vex").mkdir()
    (box.folder / "vex/openssl.json").write_text(json.dumps(openvex()))
    (box.folder / "example.yaml").write_text(EXAMPLE)
    done = box.run("policy", "check", "example.yaml")
    check("example", (done.returncode, done.stdout), (0, "example.yaml: 3 settings, 1 gate, 1 exception\n"))
    code, found, _, verdict = box.scan("--policy", "example.yaml")
    check("example: scan", (code, found, [one["what"] for one in verdict["remarks"]]),
          (0, ["CVE-2023-45853"], [blind("kev"), blind("ransomware")]))


def schema(_):
    try:
        import jsonschema
        import yaml
    except ImportError:
        return

    class Loader(yaml.SafeLoader):  # a day is a text
        yaml_implicit_resolvers = {key: [one for one in all_of if not one[0].endswith("timestamp")]
                                   for key, all_of in yaml.SafeLoader.yaml_implicit_resolvers.items()}

    document = json.loads((FIXTURES.parents[3] / "docs/schema/policy.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(document)
    holds = jsonschema.Draft202012Validator(document)
    check("schema: the example of the document", [one.message for one in holds.iter_errors(yaml.load(EXAMPLE, Loader))], [])
    for path in sorted(FIXTURES.glob("*/in/*.yaml")):
        if path.stem in NOT_IN_THE_SCHEMA and path.parents[1].name == "corrupt":
            continue
        errors = [one.message for one in holds.iter_errors(yaml.load(path.read_text(), Loader))]
        check(f"schema: {path}", errors == [], path.parents[1].name == "typical")


def main():
    with tempfile.TemporaryDirectory() as temporary:
        box = Box(Path(temporary))
        for part in (gates, filters, baselines, exceptions, odd_files_of_the_folder, none_and_nothing, vex, policy_files, policy_command, example, schema):
            part(box)
    print("\n".join(failures) or "ok")
    return bool(failures)


sys.exit(main())
