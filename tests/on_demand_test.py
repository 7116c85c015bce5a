#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peekr scan on a machine without a database, with an old one, without a network: usage: on_demand_test.py PEEKR_PROGRAM"""
import gzip
import hashlib
import json
import os
import subprocess
import sys
import time

import loopback

NOW, DAY = 1711000000, 86400


def secdb(branch, repo):
    return json.dumps({"distroversion": branch, "reponame": repo, "packages": [
        {"pkg": {"name": "zlib", "secfixes": {"1.2-r3": ["CVE-2023-0001"], "0": ["CVE-2023-0002"]}}}]}).encode()


class OnDemand(loopback.Case):
    def setUp(self):
        super().setUp()
        self.mirror = self.base + "/{host}"
        for branch in ("v3.18", "v3.19"):
            for repo in ("main", "community"):
                self.server.files[f"/secdb.alpinelinux.org/{branch}/{repo}.json"] = secdb(branch, repo)
        self.server.files["/epss.cyentia.com/epss_scores-current.csv.gz"] = gzip.compress(
            b"#model_version:v2025.03.14,score_date:2024-03-20T00:00:00+0000\ncve,epss,percentile\nCVE-2023-0001,0.5,0.99\n")
        for repo in ("main", "community"):
            self.server.files[f"/gitlab.alpinelinux.org/alpine/security/security-rejections/-/raw/master/{repo}.yaml"] = (
                b"zlib:\n  - CVE-2023-0003\n")
        self.root = self.at / "root"
        (self.root / "etc").mkdir(parents=True)
        (self.root / "lib/apk/db").mkdir(parents=True)
        (self.root / "etc/os-release").write_text('ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"\n')
        (self.root / "lib/apk/db/installed").write_text("P:zlib\nV:1.2-r0\nA:x86_64\no:zlib\n\n")

    def scan(self, *arguments, mirror=None, days=0, **environment):
        return self.peekr("scan", str(self.root), "--db", str(self.at / "db"), "--mirror", mirror or self.mirror, *arguments,
                          SOURCE_DATE_EPOCH=str(NOW + int(days * DAY)), **environment)

    def test_a_fresh_machine_fetches_what_the_image_needs_and_no_more(self):
        began = time.monotonic()
        done = self.scan()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(time.monotonic() - began, 10)
        self.assertIn("CVE-2023-0001", done.stdout)
        asked = self.asked()
        self.assertEqual(sorted(one for one in asked if "secdb" in one),
                         ["/secdb.alpinelinux.org/v3.18/community.json", "/secdb.alpinelinux.org/v3.18/main.json"])
        self.assertLessEqual({one.split("/")[1] for one in asked},
                             {"secdb.alpinelinux.org", "gitlab.alpinelinux.org", "epss.cyentia.com", "www.cisa.gov",
                              "osv-vulnerabilities.storage.googleapis.com"})
        self.assertIn("alpine/v3.18/main: 2 new", done.stderr)

    def test_scores_of_osv_rate_what_the_publisher_does_not(self):
        told = "a gate asks for severity, which is not known of 1 finding: the database has no feed that rates them"
        done = self.scan("--fail-on", "high", "--fail-on-incomplete")
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn(told, " ".join((done.stdout + done.stderr).split()))
        record = {"id": "ALPINE-CVE-2023-0001", "modified": "2024-01-01T00:00:00Z", "upstream": ["CVE-2023-0001"],
                  "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                  "affected": [{"package": {"ecosystem": "Alpine:v3.18", "name": "zlib"}, "ranges": [
                      {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2-r3"}]}]}]}
        self.server.files["/osv-vulnerabilities.storage.googleapis.com/Alpine/all.zip"] = loopback.zipped([record])
        done = self.scan("--fail-on", "high")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertNotIn(told, " ".join((done.stdout + done.stderr).split()))
        self.assertEqual(json.loads(self.scan("-f", "json").stdout)["findings"][0]["severity"], "critical")

    def test_within_a_day_nobody_is_asked_again(self):
        self.scan()
        self.asked()
        done = self.scan(days=0.9)
        self.assertEqual([one for one in self.asked() if "secdb" in one or "epss" in one], [])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = self.scan("--quiet", days=1.1)
        self.assertEqual(len([one for one in self.asked() if "secdb" in one]), 2)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_data_of_a_time_to_come_is_fetched_again_or_said_to_be_of_no_known_age(self):
        self.scan(days=1000)
        self.asked()
        said = "advisories of alpine/v3.18/main are of no known age: 2026-12-16"
        for arguments in (["--offline"], []):
            done = self.scan("-f", "json", *arguments, mirror="http://127.0.0.1:9/{host}")
            self.assertTrue(any(one.startswith(said) for one in self.gaps(done)), done.stdout)
        self.assertEqual(self.scan("--offline", "--max-db-age", "2d").returncode, 1)
        status = self.peekr("db", "status", "--db", str(self.at / "db"), SOURCE_DATE_EPOCH=str(NOW)).stdout
        self.assertIn("2026-12-16 (to come)", status)
        done = self.scan("-f", "json", "--max-db-age", "2d")
        self.assertEqual((done.returncode, self.gaps(done)), (0, []), done.stderr)
        self.assertIn("the last update is said to be of 2026-12-16", done.stderr)
        self.assertEqual(len([one for one in self.asked() if "secdb" in one]), 2)
        self.scan()
        self.assertEqual([one for one in self.asked() if "secdb" in one], [])

    def test_another_image_adds_what_it_needs(self):
        self.scan()
        self.asked()
        release = self.root / "etc/os-release"
        release.write_text(release.read_text().replace("3.18", "3.19"))
        self.assertIn("CVE-2023-0001", self.scan().stdout)
        self.assertEqual(sorted(one for one in self.asked() if "secdb" in one or "epss" in one),
                         ["/secdb.alpinelinux.org/v3.19/community.json", "/secdb.alpinelinux.org/v3.19/main.json"])

    def test_offline_asks_nobody(self):
        proxy = {"https_proxy": self.base, "http_proxy": self.base, "all_proxy": self.base}
        done = self.peekr("scan", str(self.root), "--db", str(self.at / "db"), "--offline", **proxy)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no database", done.stderr)
        self.assertIn("--offline forbids", done.stderr)
        self.assertIn("peekr db update", done.stderr)
        self.assertEqual(self.asked(), [])
        self.assertFalse((self.at / "db").exists())
        self.scan()
        self.asked()
        done = self.peekr("scan", str(self.root), "--db", str(self.at / "db"), "--offline",
                          SOURCE_DATE_EPOCH=str(NOW + 12 * DAY), **proxy)
        self.assertEqual((done.returncode, self.asked()), (0, []))
        self.assertIn("CVE-2023-0001", done.stdout)
        self.assertIn("12 days old", done.stderr)

    def test_proxies_of_the_environment_are_used(self):
        self.server.fault = lambda handler, path: (handler.say(403), True)[1]
        done = self.peekr("scan", str(self.root), "--db", str(self.at / "db"), "--mirror", "http://feeds.example/{host}",
                          http_proxy=self.base)
        self.assertEqual(done.returncode, 1)
        self.assertIn("http://feeds.example/secdb.alpinelinux.org/v3.18/main.json", self.asked())

    def test_without_database_and_network_it_says_what_to_do(self):
        began = time.monotonic()
        done = self.scan(mirror="http://127.0.0.1:9/{host}")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("there is no database", done.stderr)
        self.assertIn("127.0.0.1", done.stderr)
        for words in ("peekr db update", "--mirror", "peekr db build --from"):
            self.assertIn(words, done.stderr)
        self.assertLess(time.monotonic() - began, 10)
        self.assertFalse((self.at / "db/data.mdb").exists())

    def test_old_data_is_a_warning_unless_it_is_asked_for_newer(self):
        self.scan()
        lost = "http://127.0.0.1:9/{host}"
        done = self.scan(mirror=lost, days=3)
        self.assertEqual(done.returncode, 0)
        self.assertIn("CVE-2023-0001", done.stdout)
        self.assertRegex(done.stderr, r"alpine/v3.18/main: failed: .*; the data of 2024-03-21T05:46:40Z \(3 days old\) stays")
        done = self.scan("--max-db-age", "2d", mirror=lost, days=3)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("3 days old", done.stderr)
        self.assertIn("--max-db-age wants 2 days at most", done.stderr)
        self.assertEqual(self.scan("--max-db-age", "4d", mirror=lost, days=3).returncode, 0)
        self.assertEqual(self.scan("--max-db-age", "2d", days=3).returncode, 0)
        self.assertEqual(self.scan("--max-db-age", "soon").returncode, 1)

    def test_what_could_not_be_fetched_is_a_gap_of_the_report(self):
        self.server.fault = lambda handler, path: path.endswith("v3.18/community.json") and (handler.say(403), True)[1]
        done = self.scan("--fail-on-incomplete", "-f", "json")
        self.assertEqual(done.returncode, 4)
        notes = [one["what"] for one in json.loads(done.stdout)["notes"]]
        self.assertTrue(any("alpine/v3.18/community could not be fetched" in one for one in notes), notes)
        self.assertEqual(self.scan("--max-db-age", "2d").returncode, 1)
        self.server.fault = lambda handler, path: "epss" in path and (handler.say(403), True)[1]
        self.assertEqual(self.scan("--fail-on-incomplete", "-q").returncode, 0)

    def gaps(self, done):
        return [one["what"] for one in json.loads(done.stdout)["notes"] if one["what"].startswith("advisories of")]

    def test_what_a_mirror_lacks_is_a_gap_of_the_report(self):
        del self.server.files["/secdb.alpinelinux.org/v3.18/main.json"]
        for _ in range(2):
            done = self.scan("--fail-on-incomplete", "-f", "json")
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertEqual([one.split(" could")[0] for one in self.gaps(done)], ["advisories of alpine/v3.18/main"])
        done = self.scan("--max-db-age", "2d")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("alpine/v3.18/main could not be fetched", done.stderr)

    def test_what_is_not_at_hand_is_a_gap_offline_and_of_a_day(self):
        self.scan("--offline")
        self.scan()
        self.assertEqual(self.gaps(self.scan("--offline", "-f", "json")), [])
        release = self.root / "etc/os-release"
        release.write_text(release.read_text().replace("3.18", "3.19"))
        of_3_19 = ["advisories of alpine/v3.19/community", "advisories of alpine/v3.19/main"]
        for how in (("--offline",), ("--as-of", "2024-03-21")):
            done = self.scan(*how, "--fail-on-incomplete", "-f", "json")
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertEqual(sorted(one.split(" are not")[0] for one in self.gaps(done)), of_3_19)
            done = self.scan(*how, "--max-db-age", "5d")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
        release.write_text(release.read_text().replace("3.19", "3.18"))
        self.assertEqual(self.scan("--as-of", "2024-03-21", "--max-db-age", "2d", days=9).returncode, 0)
        done = self.scan("--as-of", "2024-03-25", "--max-db-age", "2d", days=9)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("4 days old", done.stderr)

    def test_a_feed_that_shrinks_is_held_back_and_asked_for_once_a_day(self):
        path = "/secdb.alpinelinux.org/v3.18/main.json"
        good = json.loads(self.server.files[path])
        good["packages"] = [{"pkg": {"name": f"p{i}", "secfixes": {"2-r0": [f"CVE-2022-{i:04}"]}}} for i in range(20)]
        self.server.files[path] = json.dumps(good).encode()
        self.scan()
        good["packages"] = good["packages"][:10]
        self.server.files[path] = json.dumps(good).encode()
        done = self.scan(days=2)
        self.assertEqual(done.returncode, 0)
        self.assertIn("alpine/v3.18/main: held back: still there: 10 of its 20 records", done.stderr)
        self.asked()
        self.scan(days=2.1)
        self.assertNotIn(path, self.asked())
        self.scan(days=900)  # of a clock that is wrong
        self.asked()
        self.scan(days=4)
        self.assertIn(path, self.asked())

    def test_of_software_that_nvd_judges_its_corrections_are_fetched_and_that_it_is_not_there_is_a_gap(self):
        cpe = "cpe:2.3:a:openssl:openssl:1.1.1zb:*:*:*:*:*:*:*"
        (self.at / "bom.json").write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
            {"type": "application", "name": "openssl", "version": "1.1.1zb", "cpe": cpe, "purl": "pkg:generic/openssl@1.1.1zb"}]}))

        def scan(*more, **environment):
            return self.peekr("scan", f"sbom:{self.at}/bom.json", "--db", str(self.at / "db"), "--mirror", self.mirror, "-f", "json",
                              "--fail-on-incomplete", *more, **environment)
        self.peekr("db", "update", "--db", str(self.at / "db"), "--mirror", self.mirror, "--feeds", "kev,epss")
        notes = [one["what"] for one in json.loads(scan("--offline").stdout)["notes"] if "nvd" in one["what"]]
        self.assertEqual([one.split(": ")[0] for one in notes], ["openssl 1.1.1zb"])  # one gap, not one of its corrections, too
        done = scan()
        self.assertIn("/github.com/anchore/nvd-data-overrides/archive/refs/heads/main.tar.gz", self.asked())
        notes = [one["what"] for one in json.loads(done.stdout)["notes"]]
        self.assertTrue(any("openssl 1.1.1zb: " in one and one.endswith("peekr db update --feeds nvd") for one in notes), notes)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.publish_nvd("2024", [0])
        self.peekr("db", "update", "--db", str(self.at / "db"), "--mirror", self.mirror, "--feeds", "nvd/2024")
        done = scan()
        self.assertIn("CVE-2024-0727", done.stdout)
        notes = [one["what"] for one in json.loads(done.stdout)["notes"]]
        self.assertFalse(any("--feeds nvd" in one for one in notes), notes)
        # All of it is too much for a scan: that it has become old is told, with what is to be typed.
        later, told = str(NOW + 40 * DAY), r"the data of nvd/2024 is 40 days old \([^)]*\){}: peekr db update --feeds nvd --db "
        self.publish_nvd("2024", [0, 1])
        self.publish_nvd("modified", [1])
        self.asked()
        done = scan(SOURCE_DATE_EPOCH=later)
        self.assertRegex(done.stderr, told.format(""))
        self.assertEqual([one for one in self.asked() if "nvd.nist.gov" in one], [])
        for place in ("/raw.githubusercontent.com/nodejs/security-wg/main/vuln/core/index.json",
                      "/raw.githubusercontent.com/nodejs/security-wg/main/vuln/deps/index.json"):
            self.server.files[place] = b'{"1": {"cve": ["CVE-2016-2107"], "vulnerable": "4.x", "patched": "^4.4.4"}}'
        self.server.files["/github.com/anchore/nvd-data-overrides/archive/refs/heads/main.tar.gz"] = gzip.compress(b"\0" * 1024)
        self.server.files["/osv-vulnerabilities.storage.googleapis.com/Bitnami/all.zip"] = loopback.zipped([])
        done = scan("--max-db-age", "5d", SOURCE_DATE_EPOCH=later)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, told.format(", and --max-db-age wants 5 days at most"))

    nvd = "/nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-"

    def publish_nvd(self, name, numbers, year=2024):
        body = json.dumps({"format": "NVD_CVE", "version": "2.0", "vulnerabilities": [{"cve": {
            "id": f"CVE-{year}-{727 + number:04}", "lastModified": "2024-01-26T00:00:00.000", "configurations": [{"nodes": [{
                "operator": "OR", "negate": False, "cpeMatch": [{
                    "vulnerable": True, "criteria": "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*", "versionEndExcluding": "1.1.1zc"}]}]}]}}
            for number in numbers]}).encode()
        self.server.files[f"{self.nvd}{name}.json.gz"] = gzip.compress(body)
        self.server.files[f"{self.nvd}{name}.meta"] = f"sha256:{hashlib.sha256(body).hexdigest()}\n".encode()

    def test_nvd_where_it_is_there_is_kept_fresh_by_what_was_modified_and_never_fetched_whole(self):
        (self.at / "bom.json").write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
            {"type": "application", "name": "openssl", "version": "1.1.1zb", "cpe": "cpe:2.3:a:openssl:openssl:1.1.1zb:*:*:*:*:*:*:*",
             "purl": "pkg:generic/openssl@1.1.1zb"}]}))
        began = 1703980800  # 2023-12-31

        def scan(days, *more):
            done = self.peekr("scan", f"sbom:{self.at}/bom.json", "--db", str(self.at / "db"), "--mirror", self.mirror, "-f", "json", *more,
                              SOURCE_DATE_EPOCH=str(began + int(days * DAY)))
            self.assertEqual(done.returncode, 0, done.stderr)
            asked = sorted(one.removeprefix(self.nvd) for one in self.asked() if "nvd.nist.gov" in one)
            return [one["id"] for one in json.loads(done.stdout)["findings"]], asked, done.stderr
        for year in (2022, 2023):
            self.publish_nvd(str(year), [0], year)
        self.peekr("db", "update", "--db", str(self.at / "db"), "--mirror", self.mirror, "--feeds", "nvd/2022,nvd/2023",
                   SOURCE_DATE_EPOCH=str(began))
        self.asked()
        self.assertEqual(scan(0.5)[1], [])
        # The year that begins is no gap, and stops nothing, while NVD does not have it.
        _, asked, errors = scan(1.1)
        self.assertEqual(asked, ["2022.meta", "2023.meta", "2024.json.gz", "2024.meta"])
        self.assertNotIn("nvd", errors)
        # One list for all years, which the newest of them, asked alone, has fetched already; and the year that begins.
        self.publish_nvd("2024", [0], 2024)
        for year in (2022, 2023):
            self.publish_nvd(str(year), [0, 1], year)
        self.publish_nvd("modified", [1], 2023)
        found, asked, _ = scan(2.2)
        self.assertEqual((sorted(found), asked), (["CVE-2022-0727", "CVE-2023-0727", "CVE-2023-0728", "CVE-2024-0727"],
                                                  ["2022.meta", "2023.meta", "2024.json.gz", "2024.meta", "modified.json.gz"]))
        self.assertEqual(scan(2.5)[1], [])
        # Of who has no such list nothing is fetched, but for what it says of itself, and that once a day.
        del self.server.files[self.nvd + "modified.json.gz"]
        self.publish_nvd("2023", [0, 1, 2], 2023)
        self.assertEqual(scan(4)[1], ["2022.meta", "2023.meta", "2024.meta", "modified.json.gz"])
        self.assertEqual(scan(4.1)[1], [])
        # One that cannot be reached is asked for one year.
        self.server.fault = lambda handler, path: "nvd.nist.gov" in path and (handler.say(403), True)[1]
        asked, errors = scan(6)[1:]
        self.assertEqual(asked, ["2024.meta"])
        self.assertRegex(errors, "nvd/2024: failed: .*403; the data of 2024-01-04T00:00:00Z .2 days old. stays")
        self.server.fault = None
        self.assertRegex(scan(20)[2], "the data of nvd/2023 is 17 days old .*: peekr db update --feeds nvd --db .* --mirror ")

    def test_a_package_of_epel_asks_for_epel(self):
        (self.root / "etc/os-release").write_text("ID=rocky\nVERSION_ID=9.4\n")
        (self.root / "lib/apk/db/installed").unlink()
        manifest = self.root / "var/lib/rpmmanifest/container-manifest-2"
        manifest.parent.mkdir(parents=True)
        package = "chromium\t120-1.el9\t1\t1\tFedora Project\t(none)\t1\tx86_64\t0\tchromium-120-1.el9.src.rpm\n"
        manifest.write_text(package)
        done = self.scan("--fail-on-incomplete", "-f", "json")
        self.assertEqual(done.returncode, 4, done.stderr)
        notes = [one["what"] for one in json.loads(done.stdout)["notes"]]
        self.assertTrue(any("EPEL 9: the database has no advisories for EPEL:9 (1 rpm package not judged)" in one for one in notes), notes)
        place = "/dl.fedoraproject.org/pub/epel/9/Everything/x86_64/repodata/"
        self.server.files[place + "repomd.xml"] = (b'<repomd><data type="updateinfo"><location href="repodata/updateinfo.xml.gz"/>'
                                                   b"</data></repomd>")
        self.server.files[place + "updateinfo.xml.gz"] = gzip.compress(b"""<updates><update type="security">
            <id>FEDORA-EPEL-2024-1</id><references><reference type="bugzilla" title="CVE-2024-0519 chromium: out of bounds [epel-all]"/>
            </references><pkglist><collection><package name="chromium" epoch="0" version="120" release="2.el9" arch="x86_64"/>
            </collection></pkglist></update></updates>""")
        self.asked()
        found = json.loads(self.scan("-f", "json").stdout)["findings"]
        self.assertEqual([(one["id"], one["fixed_in"]) for one in found], [("CVE-2024-0519", "0:120-2.el9")])
        self.assertFalse([one for one in self.asked() if "Rocky" in one])  # it has no package of its own

    def test_a_database_out_of_files_is_left_alone(self):
        (self.at / "main.json").write_bytes(secdb("v3.18", "main"))
        self.peekr("db", "build", "--from", str(self.at / "main.json"), "--db", str(self.at / "db"))
        self.assertIn("CVE-2023-0001", self.scan(days=400).stdout)
        self.assertEqual(self.asked(), [])
        self.assertEqual(self.scan("--max-db-age", "5d", days=400).returncode, 1)

    def test_two_scans_at_once_fetch_once(self):
        slow = self.server.files["/secdb.alpinelinux.org/v3.18/main.json"]

        def wait(handler, path):
            if path.endswith("main.json"):
                time.sleep(1)
            return False

        self.server.fault = wait
        command = [loopback.PEEKR, "scan", str(self.root), "--db", str(self.at / "db"), "--mirror", self.mirror]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(NOW)}
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
                for _ in range(2)]
        for one in both:
            out, errors = one.communicate(timeout=60)
            self.assertEqual(one.returncode, 0, errors)
            self.assertIn("CVE-2023-0001", out)
        self.assertEqual(self.asked().count("/secdb.alpinelinux.org/v3.18/main.json"), 1)
        self.assertTrue(slow)


if __name__ == "__main__":
    loopback.main(os.path.abspath(sys.argv.pop(1)))
