#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peekr explain: every verdict on a vulnerability of one image, as text and as JSON: found, fixed, not affected, suppressed by a rule of a file, not judged here, not
in the image, unknown. usage: explain_test.py PEEKR_PROGRAM"""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import Case, status, valid, write_files, write_image  # noqa: E402

STATUS = status([("libssl3", "openssl", "3.0.9-1"), ("openssl", "openssl", "3.0.9-1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1"), ("tar", "tar", "1.34+dfsg-1.2")])
DEBIAN = {"etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "var/lib/dpkg/status": STATUS}


def osv(identity, ecosystem, package, events, **more):
    return {"schema_version": "1.7.0", "id": identity, "modified": "2023-10-25T00:00:00Z", "published": "2023-10-25T00:00:00Z",
            "affected": [{"package": {"ecosystem": ecosystem, "name": package}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}], **more}


def debian(cve, package, *events, release="Debian:12"):
    return osv(f"DEBIAN-{cve}", release, package, [{"introduced": "0"}, *events], upstream=[cve],
               severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"}])


FEED = [debian("CVE-2023-5363", "openssl", {"fixed": "3.0.11-1~deb12u2"}), debian("CVE-2022-48303", "tar", {"fixed": "1.34+dfsg-1.2"}), debian("CVE-2023-45853", "zlib"),
        debian("CVE-2023-38545", "curl", {"fixed": "7.88.1-10+deb12u4"}), debian("CVE-2021-0001", "tar", {"fixed": "1.34"}, release="Debian:11"),
        osv("DEBIAN-CVE-2024-0002", "Debian:12", "zlib", [{"introduced": "2:9"}], upstream=["CVE-2024-0002"]),
        osv("DSA-3481-1", "Debian:12", "tar", [{"introduced": "0"}, {"fixed": "1.35"}], upstream=["CVE-2024-0003"]),
        osv("GHSA-jf85-cpcp-j695", "npm", "lodash", [{"introduced": "0"}, {"fixed": "4.17.12"}], aliases=["CVE-2019-10744"])]
# The record of the CVE's own: it has scores, and names no package.
CVE5 = {"dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {"cveId": "CVE-2019-10744", "state": "PUBLISHED", "assignerShortName": "snyk",
                                                                            "datePublished": "2019-07-25T00:00:00Z", "dateUpdated": "2019-07-25T00:00:00Z"},
        "containers": {"cna": {"providerMetadata": {"shortName": "snyk"}, "descriptions": [{"lang": "en", "value": "x"}], "references": [{"url": "https://example.org"}],
                               "metrics": [{"cvssV3_1": {"version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H"}}]}}}
RULES = "vulnerabilities:\n  - id: CVE-2000-1\n    reason: another one\n  - id: CVE-2023-45853\n    reason: minizip is not built\n"


class Explain(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_image(cls.at, [DEBIAN, {"etc/motd": "x"}], "app:1")
        write_files(cls.at / "feed", {f"{number}.json": record for number, record in enumerate(FEED)} | {"CVE-2019-10744.json": CVE5})
        write_files(cls.at / "odd", DEBIAN | {"etc/os-release": 'ID=odd\nVERSION_ID="1"\n'})
        write_files(cls.at / "damaged", DEBIAN | {"var/lib/dpkg/status": STATUS + "Package: curl\nStatus: install ok installed\n\n"})
        (cls.at / "rules.yaml").write_text(RULES)
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")

    def explain(self, identity, *options, target="image"):
        line = ["explain", target, identity, "--db", "db", "--offline", *options]
        answer = valid("explain", self.run_peekr(*line, "-f", "json"))
        text = self.run_peekr(*line)
        self.assertEqual(text, self.run_peekr("scan", target, "--db", "db", "--offline", "--explain", identity, *options), "one text")
        return answer, " ".join(text.split())

    def test_found(self):
        for identity in "CVE-2023-5363", "DEBIAN-CVE-2023-5363":
            answer, text = self.explain(identity)
            self.assertEqual((answer["verdict"], answer["records"], [one["package"]["name"] for one in answer["packages"]]), ("affected", 1, ["libssl3", "openssl"]))
            part = answer["packages"][0]
            self.assertEqual(part["why"], "3.0.9-1 < 3.0.11-1~deb12u2 (DEBIAN-CVE-2023-5363 of Debian)")
            self.assertEqual((part["finding"]["fixed_in"], part["records"][0]["answer"], part["package"]["layer_index"]), ("3.0.11-1~deb12u2", "affected", 0))
            for words in (f"{identity} in image: it is affected", "libssl3: 3.0.9-1 < 3.0.11-1~deb12u2 (DEBIAN-CVE-2023-5363 of Debian), and 1 package more",
                          "/var/lib/dpkg/status", "layer 1 of 2", "fixed in 3.0.11-1~deb12u2", "severity: critical", "severity by Debian: critical, 9.1, CVSS:3.1/", "published: 2023-10-25, ", "page: https://nvd.nist.gov/vuln/detail/CVE-2023-5363"):
                self.assertIn(words, text)

    def test_all_names_in_any_case_tell_the_same(self):
        stories = {}
        for identity in ("CVE-2019-10744", "cve-2019-10744", "GHSA-jf85-cpcp-j695", "ghsa-JF85-cpcp-j695", "CVE5-CVE-2019-10744", "cve5-cve-2019-10744"):
            answer, text = self.explain(identity, target="pkg:npm/lodash@4.17.4")
            self.assertIn("it is affected lodash: 4.17.4 < 4.17.12 (GHSA-jf85-cpcp-j695", text)
            stories[identity] = [answer[key] for key in ("verdict", "why", "records")] + [part["records"] for part in answer["packages"]]
        self.assertEqual({str(one) for one in stories.values()}, {str(stories["CVE-2019-10744"])})
        for identity in "dsa-3481-1", "DSA-3481-1":
            self.assertEqual(self.explain(identity)[0]["verdict"], "affected", identity)

    def test_fixed(self):
        answer, text = self.explain("CVE-2022-48303")
        self.assertEqual((answer["verdict"], answer["packages"][0]["records"][0]["answer"], answer["packages"][0]["records"][0]["fixed_in"]), ("fixed", "fixed", "1.34+dfsg-1.2"))
        self.assertIn("it is fixed tar: 1.34+dfsg-1.2 has the fix, which is in 1.34+dfsg-1.2 (DEBIAN-CVE-2022-48303 of Debian)", text)

    def test_not_affected(self):
        answer, text = self.explain("CVE-2024-0002")
        self.assertEqual((answer["verdict"], answer["packages"][0]["records"][0]["answer"]), ("not_affected", "out_of_range"))
        self.assertIn("it is not affected zlib1g: 1:1.2.13.dfsg-1 is in no range of what is affected (DEBIAN-CVE-2024-0002 of Debian)", text)

    def test_suppressed(self):
        answer, text = self.explain("CVE-2023-45853", "--ignorefile", "rules.yaml")
        self.assertEqual((answer["verdict"], len(answer["packages"])), ("suppressed", 1))
        self.assertRegex(answer["why"], r"^zlib1g: exception rules\.yaml.*: minizip is not built$")
        self.assertIn("it is found, and suppressed", text)
        self.assertEqual(self.explain("CVE-2023-45853")[0]["verdict"], "affected")

    def test_not_judged_here(self):
        answer, text = self.explain("CVE-2021-0001")
        self.assertEqual((answer["verdict"], answer["packages"][0]["records"][0]["answer"]), ("no_data", "elsewhere"))
        self.assertIn("speaks of it in Debian:11 only", text)
        answer, text = self.explain("CVE-2023-5363", target="rootfs:odd")
        self.assertEqual(answer["verdict"], "no_data")
        self.assertIn("nobody judges it", text)

    def test_not_in_the_image_and_not_known(self):
        answer, text = self.explain("CVE-2023-38545")
        self.assertEqual((answer["verdict"], answer["records"], answer["packages"]), ("not_in_image", 1, []))
        self.assertIn("it is not in the image no package of this image is named by any of its records", text)
        answer, text = self.explain("CVE-1999-1")
        self.assertEqual((answer["verdict"], answer["records"]), ("unknown", 0))
        self.assertIn("it is not known the database has no record of it", text)

    def test_what_could_not_be_looked_at_may_have_it(self):
        answer, text = self.explain("CVE-2023-38545", target="rootfs:damaged")
        self.assertEqual((answer["verdict"], answer["packages"]), ("undetermined", []))
        self.assertIn("of which not all could be looked at: damaged: var/lib/dpkg/status: ", answer["why"])
        self.assertIn("it cannot be said whether it is affected", text)
        self.assertIn("What could not be looked at, or is in doubt damaged: not what its format says (1) /var/lib/dpkg/status: ", text)
        for identity in "CVE-2022-48303", "CVE-2024-0002":
            answer, text = self.explain(identity, target="rootfs:damaged")
            self.assertIn(answer["verdict"], ("fixed", "not_affected"))
            self.assertTrue(answer["why"].endswith("; but not all of the image could be looked at"), answer["why"])

    def test_remarks_on_rules(self):
        answer, text = self.explain("CVE-2023-45853", "--ignorefile", "rules.yaml")
        (remark,) = (one["what"] for one in answer["remarks"])
        self.assertIn("CVE-2000-1", remark)
        self.assertIn("- " + remark, text)

    def test_of_a_scan(self):
        line = ["scan", "image", "--db", "db", "--offline", "--explain", "CVE-2023-5363"]
        self.assertEqual(self.told(*line, "-o", "text"), "explanation: text\n")
        self.assertEqual((self.at / "text").read_text(), self.run_peekr(*line))
        self.assertRegex(self.told(*line, "--fail-on", "low", code=2), "^exit code 2: severity: ")

    def test_what_cannot_be_done(self):
        self.assertIn("nowhere", self.told("explain", "nowhere/at/all.tar", "CVE-1", "--db", "db", "--offline", code=1))
        self.assertIn("--help", self.told("explain", "image", code=1))
        self.assertIn("--format sarif", self.told("explain", "image", "CVE-1", "-f", "sarif", code=1))


if __name__ == "__main__":
    unittest.main()
