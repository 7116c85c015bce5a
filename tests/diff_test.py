#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peekr diff: what came, went and changed, and by what cause: of reports, of targets that are scanned, of an SBOM, of inventories. One image is made, its
next version, and a database of then and of now. usage: diff_test.py PEEKR_PROGRAM"""
import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import Case, status, valid, write_files  # noqa: E402

OLD = [("libssl3", "openssl", "3.0.9-1"), ("openssl", "openssl", "3.0.9-1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"), ("tar", "tar", "1.34+dfsg-1")]
NEW = [("libssl3", "openssl", "3.0.11-1~deb12u2"), ("openssl", "openssl", "3.0.11-1~deb12u2"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"), ("curl", "curl", "7.88.1-10")]


def osv(cve, package, fixed=None, score="C:N/I:H/A:H", day="2023-10-25"):
    events = [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])
    return {"schema_version": "1.7.0", "id": f"DEBIAN-{cve}", "modified": f"{day}T00:00:00Z", "published": f"{day}T00:00:00Z", "upstream": [cve],
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/" + score}],
            "affected": [{"package": {"ecosystem": "Debian:12", "name": package}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}]}


THEN = [osv("CVE-2023-5363", "openssl", "3.0.11-1~deb12u2"), osv("CVE-2023-45853", "zlib"), osv("CVE-2022-48303", "tar"), osv("CVE-2023-38545", "curl", "7.88.1-10+deb12u4")]
NOW = [THEN[0], osv("CVE-2023-45853", "zlib", "1:1.2.13.dfsg-2"), THEN[2], THEN[3], osv("CVE-2024-0001", "zlib", score="C:N/I:N/A:L")]
NOW.append({**osv("CVE-2023-25577", "werkzeug", "2.2.3"), "id": "PYSEC-2023-58", "affected": [{"package": {"ecosystem": "PyPI", "name": "werkzeug"}, "ranges": [
    {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.2.3"}]}]}]})
LATER = [*NOW, osv("CVE-2024-0003", "openssl", day="2024-01-02")]
RULES = "vulnerabilities:\n  - id: CVE-2023-38545\n    reason: no SOCKS here\n"


class Diff(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, packages in (("old", OLD), ("new", NEW)):
            write_files(cls.at / name, {"etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "var/lib/dpkg/status": status(packages)})
        for name, records in (("then", THEN), ("now", NOW), ("later", LATER)):
            write_files(cls.at / f"feed-{name}", {f"{number}.json": record for number, record in enumerate(records)})
            cls.run_peekr("db", "build", "--from", f"feed-{name}", "--db", name)
        (cls.at / "rules.yaml").write_text(RULES)
        for image in "old", "new":
            for db in "then", "now":
                cls.run_peekr("scan", image, "--db", db, "--offline", "-f", "json", "-o", f"{image}-{db}.json", "-q")

    def diff(self, *arguments, code=0):
        return valid("compare", self.run_peekr("diff", *arguments, "-f", "json", code=code))

    @staticmethod
    def changes(answer):
        return [(one["change"], one["cause"], one["id"], one["package"]) for one in answer["findings"]]

    def test_the_same_is_no_difference(self):
        for target in "old-then.json", "old":
            answer = self.diff("old-then.json", target, "--db", "then", "--offline")
            self.assertEqual((answer["findings"], answer["packages"], answer["summary"]["stayed"]), ([], [], 3))

    def test_findings_are_counted_alike_above_and_below(self):
        text = self.run_peekr("diff", "old-then.json", "old-then.json")
        self.assertIn("Findings: 0 came, 0 went, 0 changed, 3 stayed", text)
        self.assertEqual([line.rsplit(", ", 1)[1] for line in text.splitlines()[:2]], ["3 findings", "3 findings"])

    def test_what_looks_like_a_file_is_none_of_a_registry(self):
        for name in "last.json", "bom.xml", "bom.spdx", "app.tar":
            self.assertIn(f"{name}: no such file", self.told("diff", "old-then.json", name, code=1))

    def test_the_image_has_changed(self):
        for before, after in (("old-now.json", "new-now.json"), ("old", "new"), ("old-now.json", "new")):
            answer = self.diff(before, after, "--db", "now", "--offline")
            self.assertEqual(self.changes(answer), [("came", "image", "CVE-2023-38545", "curl"), ("went", "image", "CVE-2022-48303", "tar"), ("went", "image", "CVE-2023-5363", "openssl")])
            self.assertEqual([(one["change"], one["name"], one["before"], one["after"]) for one in answer["packages"]], [
                ("added", "curl", "", "7.88.1-10"), ("changed", "libssl3", "3.0.9-1", "3.0.11-1~deb12u2"), ("changed", "openssl", "3.0.9-1", "3.0.11-1~deb12u2"),
                ("removed", "tar", "1.34+dfsg-1", "")])
            self.assertEqual([one["why"] for one in answer["findings"]], ["the package came", "the package went", "3.0.9-1 is now 3.0.11-1~deb12u2"])

    def test_what_is_known_has_changed(self):
        answer = self.diff("old-then.json", "old-now.json")
        self.assertEqual(self.changes(answer), [("came", "advisories", "CVE-2024-0001", "zlib"), ("changed", "advisories", "CVE-2023-45853", "zlib")])
        self.assertEqual(answer["findings"][0]["why"], "the same version was not found affected; published 2023-10-25")
        self.assertEqual(answer["findings"][1]["why"], "the fix was none (affected) and is now 1:1.2.13.dfsg-2")
        self.assertEqual(answer["packages"], [])
        self.assertEqual(answer["summary"]["rows"], [{"change": "came", "image": 0, "advisories": 1, "rules": 0}, {"change": "changed", "image": 0, "advisories": 1, "rules": 0},
                                                     {"change": "went", "image": 0, "advisories": 0, "rules": 0}])
        back = self.diff("old-now.json", "old-then.json")
        self.assertEqual(self.changes(back)[-1], ("went", "advisories", "CVE-2024-0001", "zlib"))

    def test_what_may_have_come_by_either(self):
        answer = self.diff("old-now.json", "new", "--db", "later", "--offline")
        (one,) = [one for one in answer["findings"] if one["id"] == "CVE-2024-0003"]
        self.assertEqual((one["change"], one["cause"], one["why"]), ("came", "image", "3.0.9-1 is now 3.0.11-1~deb12u2; published 2024-01-02, after the first scan"))

    def test_rules(self):
        self.run_peekr("scan", "new", "--db", "now", "--offline", "--ignorefile", "rules.yaml", "-f", "json", "-o", "ruled.json", "-q")
        self.assertEqual(self.changes(self.diff("new-now.json", "ruled.json")), [("went", "rules", "CVE-2023-38545", "curl")])
        self.assertEqual(self.changes(self.diff("new-now.json", "ruled.json", "--ignorefile", "rules.yaml")), [])
        self.assertEqual(self.changes(self.diff("old-now.json", "new", "--db", "now", "--offline", "--severity", "low")), [])

    def test_exit_codes(self):
        self.diff("old-now.json", "new-now.json", "--exit-code", "7", code=7)
        self.diff("new-now.json", "new-now.json", "--exit-code", "7")
        table = self.run_peekr("diff", "old-now.json", "new-now.json", "--exit-code", "7", code=7)
        self.assertTrue(table.endswith("Exit code 7: 1 finding came\n"), table)
        self.run_peekr("diff", "old-now.json", "nowhere", "--db", "now", "--offline", code=1)
        (self.at / "odd.json").write_text('{\n  "schema_version": 1, "peekr": {}}')
        self.assertIn("odd.json: peekr.version: is missing", self.told("diff", "odd.json", "odd.json", code=1))

    def test_an_sbom_and_inventories(self):
        self.run_peekr("inventory", "new", "-f", "cyclonedx-json", "-o", "new.cdx.json", "-q")
        answer = self.diff("old-now.json", "new.cdx.json", "--db", "now", "--offline")
        self.assertEqual(self.changes(answer)[0], ("came", "image", "CVE-2023-38545", "curl"))
        self.run_peekr("inventory", "new", "-f", "json", "-o", "new-inventory.json", "-q")
        answer = self.diff("old-now.json", "new-inventory.json")
        self.assertEqual((answer["judged"], answer["findings"], len(answer["packages"])), (False, [], 4))
        told = self.told("diff", "old-now.json", "new-inventory.json", "--exit-code", "2", code=1)
        self.assertIn("--exit-code: is of findings, and new-inventory.json is an inventory", told)
        self.assertIn("Findings: not compared", self.run_peekr("diff", "old-now.json", "new-inventory.json"))

    def test_names_are_spelled_otherwise_in_an_sbom(self):
        write_files(self.at / "flask", {"usr/lib/python3/dist-packages/Werkzeug-2.0.3.dist-info/METADATA": "Metadata-Version: 2.1\nName: Werkzeug\nVersion: 2.0.3\n"})
        judged = ["--db", "now", "--offline", "-q"]
        self.run_peekr("scan", "flask", *judged, "-f", "json=flask.json", "-f", "cyclonedx-json=flask.cdx.json")
        answer = self.diff("flask.json", "flask.cdx.json", *judged)
        self.assertEqual((answer["findings"], answer["packages"], answer["summary"]["stayed"]), ([], [], 1))
        self.run_peekr("scan", "flask.cdx.json", *judged, "--baseline", "flask.json", "--fail-on", "low")
        self.run_peekr("scan", "flask.cdx.json", *judged, "--fail-on", 'package == "Werkzeug"', code=2)

    def test_what_was_not_assessed(self):
        write_files(self.at / "partial", {"app/a.jar": "no archive"})
        shutil.copytree(self.at / "new", self.at / "partial", dirs_exist_ok=True)
        self.run_peekr("scan", "partial", "--db", "now", "--offline", "-f", "json", "-o", "partial.json", "-q")
        answer = self.diff("new-now.json", "partial.json")
        self.assertEqual([answer[side]["assessment"] for side in ("before", "after")], ["full", "partial"])
        self.assertEqual((answer["before"]["notes"], [one["path"] for one in answer["after"]["notes"]]), ([], ["app/a.jar"]))
        table = self.run_peekr("diff", "new-now.json", "partial.json")
        self.assertRegex(table, r"\nB partial, .*: 4 packages, 3 findings, not all of it assessed\n")
        self.assertRegex(table, r"\nIn B: what could not be looked at, or is in doubt\n  .*\n    /app/a.jar: ")
        self.assertNotIn("In A:", table)
        self.assertIn("\nIn A: what could not be looked at", self.run_peekr("diff", "partial.json", "new-now.json"))

    def test_a_gate_on_what_could_not_be_assessed(self):
        write_files(self.at / "odd", {"etc/os-release": "ID=nobodys\nVERSION_ID=1\n", "var/lib/dpkg/status": status(NEW)})
        self.run_peekr("scan", "odd", "--db", "now", "--offline", "-f", "json", "-o", "odd-now.json", "-q")
        self.assertEqual(self.diff("new-now.json", "odd-now.json")["after"]["assessment"], "none")
        told = self.told("diff", "new-now.json", "odd-now.json", "--exit-code", "2", code=1)
        self.assertRegex(told, "^peekr: --exit-code: odd-now.json could not be assessed: ")
        self.assertIn("Findings: ", self.run_peekr("diff", "new-now.json", "odd-now.json"))
        self.run_peekr("diff", "odd-now.json", "new-now.json", "--exit-code", "2", code=2)

    def test_a_pipe_is_a_saved_report(self):
        saved = (self.at / "old-now.json").read_text()
        want = self.run_peekr("diff", "old-now.json", "new-now.json")
        for pipe in "-", "/dev/stdin":
            self.assertEqual(self.run_peekr("diff", pipe, "new-now.json", given=saved), want)

    def test_the_day_of_the_rules(self):
        (self.at / "expires.yaml").write_text(RULES + "    expires: 2023-11-20\n")
        line = ["old-now.json", "new-now.json", "--ignorefile", "expires.yaml"]
        self.assertNotIn("CVE-2023-38545", [one["id"] for one in self.diff(*line)["findings"]])
        self.assertIn("CVE-2023-38545", [one["id"] for one in self.diff(*line, "--as-of", "2023-11-20")["findings"]])
        told = self.told("diff", *line)
        self.assertRegex(told, r"^in A: .*expires\.yaml.*\n$")  # there it takes out nothing

    def test_the_table(self):
        table = self.run_peekr("diff", "old-then.json", "new-now.json")
        for words in ("A old, scanned 2023-11-14T22:13:20Z: 4 packages, 3 findings", "Packages: 1 came, 1 went, 2 changed", "  + deb curl 7.88.1-10\n",
                      "  ~ deb openssl 3.0.9-1 is now 3.0.11-1~deb12u2\n", "Findings: 2 came, 2 went, 1 changed, 0 stayed", "  + critical    CVE-2023-38545  deb curl 7.88.1-10, fixed in 7.88.1-10+deb12u4\n",
                      "      image: the package came\n", "      advisories: the same version was not found affected; published 2023-10-25\n"):
            self.assertIn(words, table)


if __name__ == "__main__":
    unittest.main()
