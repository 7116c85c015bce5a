#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The database in time and on its way to other machines: db list, search, diff, gc, export, import, keygen, --as-of, and what a
build would lose. On small feeds of our own, and on the real ones of PEEKR_SHARED. usage: store_test.py PEEKR_PROGRAM"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

PEEKR = ""
DAYS = {1: 1789862400, 3: 1790985600}  # 2026-09-20 and 2026-10-03: more than a week, so the whole is fetched again


def osv(identity, ecosystem, package, fixed, **more):
    return {"id": identity, "modified": "2026-09-01T00:00:00Z", "affected": [{"package": {"ecosystem": ecosystem, "name": package},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}], **more}


def kev(*cves):
    return {"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2026.10.01",
            "dateReleased": "2026-10-01T00:00:00.0000Z", "count": len(cves), "vulnerabilities": [
                {"cveID": cve, "vendorProject": "v", "product": "p", "vulnerabilityName": "n", "dateAdded": "2026-09-30",
                 "shortDescription": "s", "requiredAction": "Apply updates.", "dueDate": "2026-10-20",
                 "knownRansomwareCampaignUse": "Unknown", "notes": "", "cwes": []} for cve in cves]}


class Store(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="peekr-store-")
        self.at = Path(self.holder.name)

    def tearDown(self):
        self.holder.cleanup()

    def peekr(self, *arguments, day=3, code=0, db="db", cwd=None):
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(DAYS[day]), "PEEKR_DB": str(self.at / db), "HOME": str(self.at),
                       "ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99"}
        done = subprocess.run([PEEKR, *map(str, arguments)], capture_output=True, text=True, timeout=600, env=environment,
                              cwd=cwd or self.at)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def mirror(self, records, kevs=None):
        """What osv.dev and CISA publish, as a folder."""
        base = self.at / "mirror"
        folder = base / "osv-vulnerabilities.storage.googleapis.com"
        (folder / "npm").mkdir(parents=True, exist_ok=True)
        (folder / "ecosystems.txt").write_text("npm\n")
        with zipfile.ZipFile(folder / "npm/all.zip", "w") as file:
            for one in records:
                file.writestr(one["id"] + ".json", json.dumps(one))
        if kevs is not None:
            at = base / "www.cisa.gov/sites/default/files/feeds"
            at.mkdir(parents=True, exist_ok=True)
            (at / "known_exploited_vulnerabilities.json").write_text(json.dumps(kev(*kevs)))

    def update(self, day, records, kevs=None, feeds="osv/npm,kev"):
        shutil.rmtree(self.at / "mirror", ignore_errors=True)
        self.mirror(records, kevs)
        self.peekr("db", "update", "--mirror", self.at / "mirror" / "{host}", "--feeds", feeds, "-q", day=day)

    def three_days(self):
        old = osv("GHSA-1", "npm", "lodash", "4.17.20", aliases=["CVE-2026-1"])
        gone = osv("GHSA-2", "npm", "minimist", "1.2.6")
        keep = [osv(f"GHSA-{i}", "npm", f"p{i}", "1.0.0") for i in range(10, 20)]
        self.update(1, [old, gone, *keep], ["CVE-2026-1", "CVE-2026-3", "CVE-2026-4", "CVE-2026-5", "CVE-2026-6"])
        new = osv("GHSA-1", "npm", "lodash", "4.17.21", aliases=["CVE-2026-1"], modified="2026-10-02T00:00:00Z")
        added = osv("GHSA-3", "npm", "express", "5.0.0", modified="2026-10-02T00:00:00Z")
        self.update(3, [new, added, *keep], ["CVE-2026-2", "CVE-2026-3", "CVE-2026-4", "CVE-2026-5", "CVE-2026-6"])

    def test_what_was_known_on_a_day_is_known_later(self):
        self.three_days()
        self.assertIn("< 4.17.21", self.peekr("db", "search", "--package", "lodash"))
        self.assertIn("< 4.17.20", self.peekr("db", "search", "--package", "lodash", "--as-of", "2026-10-02"))
        self.assertIn("no advisory", self.peekr("db", "search", "GHSA-3", "--as-of", "2026-10-02T12:00:00Z"))
        self.assertIn("GHSA-3", self.peekr("db", "search", "GHSA-3", "--as-of", "2026-10-03"))
        self.assertIn("its history begins at", self.peekr("db", "search", "GHSA-3", "--as-of", "2026-09-19", code=1))
        self.assertIn("want a day", self.peekr("db", "search", "X", "--as-of", "yesterday", code=1))
        status = self.peekr("db", "status", "--as-of", "2026-10-02")
        self.assertIn("as of       2026-10-02T23:59:59Z", status)
        self.assertIn("built       2026-09-20", status)

    def test_a_scan_is_reproduced_as_of_a_day(self):
        root = self.at / "root/app/node_modules/lodash"
        root.mkdir(parents=True)
        (root / "package.json").write_text(json.dumps({"name": "lodash", "version": "4.17.20"}))
        self.three_days()

        def findings(*more):
            report = json.loads(self.peekr("scan", "rootfs:" + str(self.at / "root"), "--format", "json", *more))
            return [one["id"] for one in report["findings"]], report["database"]["as_of"], report["findings"]
        self.assertEqual(findings("--as-of", "2026-10-02"), ([], "2026-10-02T23:59:59Z", []))
        ids, as_of, found = findings("--as-of", "2026-10-03")
        self.assertEqual((ids, as_of), (["CVE-2026-1"], "2026-10-03T23:59:59Z"))
        self.assertEqual(found[0]["kev"] if "kev" in found[0] else None, None)  # no longer in the catalogue

    def test_diff_of_two_days_and_of_two_databases_is_the_same(self):
        self.three_days()
        text = self.peekr("db", "diff", "2026-10-01", "2026-10-03")
        for line in ("osv/npm: 1 appeared, 1 changed, 1 vanished", "  ~ GHSA-1  npm lodash: dates, packages", "  - GHSA-2  npm minimist",
                     "  + GHSA-3  npm express", "kev: risks: 1 appeared, 1 vanished", "  - CVE-2026-1  no longer known to be exploited",
                     "  + CVE-2026-2  now known to be exploited"):
            self.assertIn(line + "\n", text)
        self.assertIn("nothing has changed", self.peekr("db", "diff", "2026-10-03"))
        by_day = json.loads(self.peekr("db", "diff", "2026-10-01", "-f", "json"))
        self.peekr("db", "export", "now.peekr")
        shutil.copytree(self.at / "db", self.at / "new")
        shutil.rmtree(self.at / "db")
        shutil.rmtree(self.at / "mirror")
        self.three_days_first()
        by_directory = json.loads(self.peekr("db", "diff", self.at / "db", self.at / "new", "-f", "json"))
        for key in ("records", "exploited", "risks"):
            self.assertEqual(by_day[key], by_directory[key], key)
        self.assertIn("no such directory", self.peekr("db", "diff", "tomorrow", code=1))

    def three_days_first(self):
        old = osv("GHSA-1", "npm", "lodash", "4.17.20", aliases=["CVE-2026-1"])
        keep = [osv(f"GHSA-{i}", "npm", f"p{i}", "1.0.0") for i in range(10, 20)]
        self.update(1, [old, osv("GHSA-2", "npm", "minimist", "1.2.6"), *keep],
                    ["CVE-2026-1", "CVE-2026-3", "CVE-2026-4", "CVE-2026-5", "CVE-2026-6"])

    def test_gc_shortens_the_history(self):
        self.three_days()
        self.assertIn("history, which begins at 2026-10-02", self.peekr("db", "gc", "--keep", "1"))
        self.assertIn("GHSA-2", self.peekr("db", "list", "--as-of", "2026-10-02"))
        self.assertIn("its history begins", self.peekr("db", "list", "--as-of", "2026-10-01", code=1))
        self.assertIn("history, which begins at 2026-10-03", self.peekr("db", "gc", "--keep", "0"))
        self.peekr("db", "verify")

    def test_list_and_search_by_purl(self):
        self.three_days()
        self.assertEqual(len(self.peekr("db", "list").splitlines()), 12)
        self.assertEqual(self.peekr("db", "list", "--ecosystem", "npm", "--source", "osv").splitlines()[0],
                         "osv/npm  GHSA-1  2026-10-02  npm lodash")
        self.assertIn("no such source", self.peekr("db", "list", "--source", "osv/n", code=1))
        self.assertIn("1 known vulnerability", self.peekr("db", "search", "pkg:npm/lodash@4.17.20"))
        self.assertIn("fixed in 4.17.21", self.peekr("db", "search", "pkg:npm/lodash@4.17.20"))
        self.assertIn("0 known vulnerabilities", self.peekr("db", "search", "pkg:npm/lodash@4.17.21"))
        self.assertIn("< 4.17.21", self.peekr("db", "search", "pkg:npm/lodash"))
        self.assertIn("no advisory", self.peekr("db", "search", "pkg:npm/nothing"))
        self.assertIn("latest: not judged", self.peekr("db", "search", "pkg:npm/lodash@latest"))
        self.assertIn("not a package URL", self.peekr("db", "search", "pkg:npm", code=1))
        self.assertIn("no advisories are known", self.peekr("db", "search", "pkg:fortran/x@1", code=1))
        self.assertIn("GHSA-1", self.peekr("db", "search", "cve-2026-1"))

    def test_an_export_is_imported_whole(self):
        self.three_days()
        self.peekr("db", "keygen", "k")
        self.assertEqual((self.at / "k").stat().st_mode & 0o777, 0o600)
        self.assertIn("File exists", self.peekr("db", "keygen", "k", code=1))
        self.assertIn("signed", self.peekr("db", "export", "x.peekr", "--key", "k"))
        self.peekr("db", "import", "x.peekr", "--trust", "k.pub", db="other")
        self.peekr("db", "verify", db="other")
        for asked in (("db", "list"), ("db", "list", "--as-of", "2026-10-02"), ("db", "search", "CVE-2026-1"), ("db", "status")):
            self.assertEqual(self.peekr(*asked).replace(str(self.at / "db"), "").split("MB")[-1],
                             self.peekr(*asked, db="other").replace(str(self.at / "other"), "").split("MB")[-1])
        shown = self.peekr("db", "diff", self.at / "db", self.at / "other")
        self.assertIn("nothing has changed", shown)
        done = subprocess.run(["openssl", "pkey", "-pubin", "-in", self.at / "k.pub", "-noout", "-text"], capture_output=True, text=True)
        self.assertIn("ED25519", done.stdout.upper())
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.at / "o"], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.at / "o", "-pubout", "-out", self.at / "o.pub"], check=True, capture_output=True)
        self.peekr("db", "export", "y.peekr", "--key", "o")
        self.peekr("db", "import", "y.peekr", "--trust", "k.pub", "--trust", "o.pub", db="other")

    def refused(self, why, *arguments):
        before = (self.at / "other/data.mdb").read_bytes()
        self.assertIn(why, self.peekr("db", "import", *arguments, db="other", code=1))
        self.assertEqual((self.at / "other/data.mdb").read_bytes(), before)
        self.assertEqual(sorted(os.listdir(self.at / "other")), ["data.mdb", "lock"])

    def test_what_is_not_the_signed_export_is_refused_and_the_old_database_stays(self):
        self.three_days()
        shutil.copytree(self.at / "db", self.at / "other")
        for name in ("k", "stranger"):
            self.peekr("db", "keygen", name)
        self.peekr("db", "export", "x.peekr", "--key", "k")
        self.peekr("db", "export", "unsigned.peekr")
        whole = (self.at / "x.peekr").read_bytes()
        self.refused("--trust FILE", "x.peekr")
        self.refused("none of those that are trusted", "x.peekr", "--trust", "stranger.pub")
        self.refused("it is not signed", "unsigned.peekr", "--trust", "k.pub")
        self.refused("want one of", "x.peekr", "--trust", "k.pub", "--insecure-unsigned")
        self.refused("not an Ed25519 key", "x.peekr", "--trust", "x.peekr")
        self.refused("No such file", "x.peekr", "--trust", "none.pub")
        self.refused("No such file", "none.peekr", "--trust", "k.pub")
        bad = self.at / "bad.peekr"
        for size in (0, 10, 100, 400, len(whole) // 2, len(whole) - 1):
            bad.write_bytes(whole[:size])
            self.refused("cut short" if size >= 400 else "damaged" if size > 16 else "not an export", bad, "--trust", "k.pub")
        bad.write_bytes(whole + b"x")
        self.refused("bytes behind its end", bad, "--trust", "k.pub")
        for trust in (("--trust", "k.pub"), ("--insecure-unsigned",)):
            for at in range(470, len(whole), max(1, len(whole) // 40)):  # the frames
                bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1:])
                self.refused("", bad, *trust)
        head = whole[:whole.index(b"\n\n")]
        for at in range(0, len(head), 5):  # every line of the head
            bad.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
            self.refused("", bad, "--trust", "k.pub")
        bad.write_bytes(whole.replace(b"built 2026-10-03", b"built 2026-10-09", 1))
        self.refused("the signature is not of this key", bad, "--trust", "k.pub")
        self.peekr("db", "import", "unsigned.peekr", "--insecure-unsigned", db="other")

    def test_an_older_or_smaller_export_wants_to_be_asked_for(self):
        self.update(1, [osv("GHSA-1", "npm", "a", "1")], feeds="osv/npm")
        self.peekr("db", "export", "old.peekr", day=1)
        self.update(3, [osv("GHSA-1", "npm", "a", "2")], ["CVE-2026-1"])
        (self.at / "mine.osv.json").write_text(json.dumps(osv("MINE-1", "npm", "a", "9")))
        self.peekr("db", "add", "mine.osv.json")
        self.assertIn("older than the database", self.peekr("db", "import", "old.peekr", "--insecure-unsigned", code=1))
        text = self.peekr("db", "import", "old.peekr", "--insecure-unsigned", "--replace")
        self.assertIn("kev: 1 records of the old database are not in the new one", text)
        self.assertIn("MINE-1", self.peekr("db", "search", "MINE-1"))
        self.assertIn("< 1\n", self.peekr("db", "search", "--package", "a"))

    def test_an_import_of_a_time_to_come_or_with_a_head_of_other_bytes_is_refused(self):
        self.three_days()
        shutil.copytree(self.at / "db", self.at / "other")
        self.peekr("db", "keygen", "k")
        self.peekr("db", "export", "x.peekr", "--key", "k")
        whole = (self.at / "x.peekr").read_bytes()
        bad = self.at / "bad.peekr"
        bad.write_bytes(whole.replace(b"built 2026-10-03", b"built 2099-10-03", 1))
        self.refused("it is of 2099-10-03T00:00:00Z, and it is 2026-10-03T00:00:00Z now", bad, "--insecure-unsigned")
        self.refused("it is of 2099-10-03T00:00:00Z, and it is 2026-10-03T00:00:00Z now", bad, "--insecure-unsigned", "--replace")
        for old, new in ((b"built 2026-10-03T00:00:00Z", b"built \x1b[2J6-10-03T00:00:00Z"), (b"key ", b"key \x1b]0;x\x07")):
            at = whole.index(old)
            bad.write_bytes(whole[:at] + new + whole[at + len(new):])
            for trust in ((), ("--trust", "k.pub"), ("--insecure-unsigned",)):
                self.refused("damaged", bad, *trust)
                self.assertNotIn("\x1b", self.peekr("db", "import", bad, *trust, db="other", code=1))
        self.assertNotIn("\x1b", self.peekr("db", "import", "no\x1b[2Jsuch", "--insecure-unsigned", code=1))

    def test_ecosystems_of_ones_own_are_taken_for_what_packages_are_looked_up_by(self):
        (self.at / "mine.json").write_text(json.dumps([osv("MINE-1", "Debian:bookworm", "a", "9"), osv("MINE-2", "pypi", "b", "9"),
                                                       osv("MINE-3", "Nmp", "c", "9"), osv("MINE-4", "npm", "d", "9")]))
        text = self.peekr("db", "add", "mine.json")
        self.assertEqual(text.splitlines(), ["mine.json: 4 added, 0 changed, 0 gone", "MINE-1: Debian:bookworm is taken for Debian:12",
                                             "MINE-2: pypi is taken for PyPI", "MINE-3: no package is judged by Nmp"])
        for purl in ("pkg:pypi/b@1", "pkg:deb/debian/a@1?distro=debian-12&upstream=a"):
            self.assertRegex(self.peekr("scan", purl, "--offline"), "MINE-")

    def test_a_package_url_alone_names_a_package(self):
        records = [osv("MINE-1", "", "", "9"), osv("MINE-2", "", "", "9")]
        for record, purl in zip(records, ("pkg:npm/%40angular/core", "pkg:generic/a")):
            record["affected"][0]["package"] = {"purl": purl}
        (self.at / "mine.json").write_text(json.dumps(records))
        for command in (("add", "mine.json"), ("build", "--from", "mine.json")):
            text = self.peekr("db", *command, db=command[0])
            self.assertIn("MINE-2: pkg:generic/a: nobody is known to judge it: want ecosystem and name", text)
            self.assertRegex(self.peekr("scan", "pkg:npm/%40angular/core@1", "--offline", db=command[0]), "MINE-1")

    def test_a_day_to_come_is_refused(self):
        self.three_days()
        for to_come in ("2026-10-04", "2026-10-04T00:00:00Z"):
            self.assertIn(f"--as-of {to_come}: is to come", self.peekr("db", "list", "--as-of", to_come, code=1))
        self.peekr("db", "list", "--as-of", "2026-10-03")

    def test_risks_are_added_too(self):
        (self.at / "mine.json").write_text(json.dumps(kev("CVE-2026-1", "CVE-2026-2")))
        self.peekr("db", "add", "mine.json")
        self.assertEqual(json.loads(self.peekr("db", "status", "-f", "json"))["database"]["risks"], 2)
        (self.at / "mine.json").write_text(json.dumps(kev("CVE-2026-1")))
        self.peekr("db", "add", "mine.json")
        self.assertEqual(json.loads(self.peekr("db", "status", "-f", "json"))["database"]["risks"], 1)
        self.peekr("db", "verify")

    def test_an_id_of_two_sources_hides_nothing(self):
        self.update(1, [osv("GHSA-1", "npm", "a", "1")], feeds="osv/npm")
        mine = osv("GHSA-1", "npm", "b", "9")
        mine["aliases"] = ["CVE-2026-77"]
        (self.at / "mine.json").write_text(json.dumps(mine))
        text = self.peekr("db", "add", "mine.json")
        self.assertIn("mine.json: 1 added, 0 changed, 0 gone\nalso in other sources", text)
        self.assertTrue(text.endswith("\n  GHSA-1: osv/npm\n"), text)
        self.assertRegex(self.peekr("db", "search", "pkg:npm/a@0.1"), r"\n  CVE-2026-77 .*fixed in 1 \(GHSA-1\)")
        self.assertRegex(self.peekr("db", "search", "pkg:npm/b@0.1"), r"\n  CVE-2026-77 .*fixed in 9 \(GHSA-1\)")
        self.assertEqual(self.peekr("db", "search", "GHSA-1").count("GHSA-1 (from"), 2)
        self.peekr("db", "verify")
        self.assertNotIn("also in", self.peekr("db", "add", "mine.json", db="other"))

    def test_a_build_says_what_it_would_lose(self):
        self.three_days()
        (self.at / "in").mkdir()
        (self.at / "in/a.json").write_text(json.dumps(osv("PYSEC-1", "PyPI", "a", "1")))
        error = self.peekr("db", "build", "--from", "in", code=1)
        self.assertIn("would lack what was fetched of kev, osv/npm: --replace", error)
        self.assertIn("GHSA-1", self.peekr("db", "search", "GHSA-1"))
        text = self.peekr("db", "build", "--from", "in", "--replace")
        self.assertIn("osv/npm: 12 records of the old database are not in the new one", text)
        (self.at / "in/a.json").unlink()
        (self.at / "in/b.json").write_text(json.dumps(osv("R-1", "RubyGems", "a", "1")))
        self.assertIn("osv/PyPI: 1 records", self.peekr("db", "build", "--from", "in"))

    def test_folders_behind_links_are_read_once(self):
        (self.at / "in").mkdir()
        (self.at / "else").mkdir()
        (self.at / "else/a.json").write_text(json.dumps(osv("PYSEC-1", "PyPI", "a", "1")))
        for link, to in (("PyPI", "../else"), ("again", "../else"), ("in", "."), ("gone.json", "nowhere")):
            (self.at / "in" / link).symlink_to(to)
        text = self.peekr("db", "build", "--from", "in")
        self.assertRegex(text, r"osv/PyPI +osv +1 ")
        self.assertIn("gone.json: neither a file nor a folder", text)

    def test_status_says_what_is_old_held_back_and_left_out(self):
        self.update(1, [osv(f"GHSA-{i}", "npm", f"p{i}", "1") for i in range(20)], ["CVE-2026-1"])
        self.mirror([osv("GHSA-1", "npm", "p1", "1")])
        os.utime(self.at / "mirror/osv-vulnerabilities.storage.googleapis.com/npm/all.zip", (DAYS[3], DAYS[3]))
        said = self.peekr("db", "update", "--mirror", self.at / "mirror" / "{host}", "--feeds", "osv/npm", day=3, code=1)
        self.assertIn("held back", said)
        mine = osv("MINE-1", "npm", "p1", "9")
        mine["affected"].append(7)
        (self.at / "mine.json").write_text(json.dumps(mine))
        self.peekr("db", "add", "mine.json", day=3)
        text = self.peekr("db", "status")
        self.assertRegex(text, r"osv/npm +osv +20 +2026-09-01 \(32 days\) +2026-09-20 \(13 days\)")
        self.assertIn("held back (db update --accept-shrink takes the new data):\n  osv/npm: still there: 1 of its 20 records", text)
        self.assertIn("not read, or not whole:\n  private/mine: ", text)
        data = {one["name"]: one for one in json.loads(self.peekr("db", "status", "-f", "json"))["database"]["sources"]}
        self.assertEqual(data["osv/npm"]["fetched"], "2026-09-20T00:00:00Z")
        self.assertIn("still there: 1 of its 20 records", data["osv/npm"]["held"])
        self.assertGreater(data["private/mine"]["left_out"], 0)
        self.assertTrue(data["private/mine"]["notes"][0]["what"])

    def test_real_feeds_go_through_a_file_and_back(self):
        shared = os.environ.get("PEEKR_SHARED", Path(__file__).resolve().parents[2] / "shared")
        if not Path(shared, "feeds").is_dir():
            self.skipTest("no shared data")
        feeds = Path(shared, "feeds")
        given = [feeds / "osv" / one for one in ("PyPI", "npm", "RubyGems", "crates.io")] + [feeds / "native/kev"]
        self.peekr("db", "build", "--from", *given)
        self.peekr("db", "export", "real.peekr")
        self.peekr("db", "import", "real.peekr", "--insecure-unsigned", db="other")
        self.peekr("db", "verify", db="other")
        self.assertIn("nothing has changed", self.peekr("db", "diff", self.at / "db", self.at / "other"))
        size = (self.at / "real.peekr").stat().st_size
        print(f"real feeds: {(self.at / 'db/data.mdb').stat().st_size} bytes are exported as {size}")


if __name__ == "__main__":
    PEEKR = sys.argv.pop(1)
    unittest.main(verbosity=1)
