#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an update fetches where a publisher says what has changed, from a loopback server laid out as each publisher's:
usage: delta_test.py PEEKR_PROGRAM"""
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
import time
import zipfile

import loopback
import terminal
from loopback import record

NOW, DAY = 1711000000, 86400


def tar_xz(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as tar:
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return out.getvalue()


def sha256(body):
    return hashlib.sha256(body).hexdigest()


class Delta(loopback.Case):
    def update(self, feeds, *arguments, days=0, code=0, **environment):
        done = self.peekr("db", "update", "--db", str(self.at / "db"), "--feeds", feeds, "--mirror", self.base + "/{host}",
                          *arguments, SOURCE_DATE_EPOCH=str(NOW + int(days * DAY)), **environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr

    def database(self):
        return json.loads(self.peekr("db", "status", "--db", str(self.at / "db"), "-f", "json").stdout)["database"]

    def verify(self):
        done = self.peekr("db", "verify", "--db", str(self.at / "db"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Csaf(Delta):
    folder = "/security.access.redhat.com/data/csaf/v2/vex/"
    archive = "csaf_vex_2024-01-10.tar.xz"

    @staticmethod
    def document(number, date):
        return json.dumps({"document": {
            "category": "csaf_vex", "title": "words", "publisher": {"namespace": "https://www.redhat.com"},
            "tracking": {"id": f"CVE-2024-{number:04}", "initial_release_date": "2024-01-01T00:00:00+00:00",
                         "current_release_date": date + "T00:00:00+00:00"}},
            "vulnerabilities": [{"cve": f"CVE-2024-{number:04}", "product_status": {}}]}).encode()

    def lists(self, changes, deletions):
        for name, rows in (("changes", changes), ("deletions", deletions)):
            self.server.files[f"{self.folder}{name}.csv"] = "".join(
                f'"2024/cve-2024-{number:04}.json","{date}T10:00:00+00:00"\n' for number, date in rows).encode()

    def put(self, number, date):
        self.server.files[f"{self.folder}2024/cve-2024-{number:04}.json"] = self.document(number, date)

    def setUp(self):
        super().setUp()
        self.server.files[self.folder + "archive_latest.txt"] = self.archive.encode()
        body = tar_xz({f"2024/cve-2024-{i:04}.json": self.document(i, "2024-01-02") for i in range(1, 11)})
        self.server.files[self.folder + self.archive] = body
        self.server.files[self.folder + self.archive + ".sha256"] = f"{sha256(body)}  {self.archive}\n".encode()
        self.put(4, "2024-01-12")
        self.put(11, "2024-01-11")
        self.lists([(4, "2024-01-12"), (11, "2024-01-11"), (2, "2024-01-02")], [(3, "2024-01-13"), (5, "2023-06-01")])

    def test_the_archive_once_then_what_was_changed_and_deleted_since(self):
        self.assertIn("11 new", self.update("redhat"))
        self.assertEqual(sorted(one for one in self.asked() if one.endswith(".json")),
                         [self.folder + "2024/cve-2024-0004.json", self.folder + "2024/cve-2024-0011.json"])
        self.assertEqual((self.database()["advisories"], self.database()["withdrawn"]), (11, 1))
        self.assertIn("nothing new", self.update("redhat", days=30))
        self.assertEqual(sorted(self.asked()), [self.folder + "changes.csv", self.folder + "deletions.csv"])
        self.put(3, "2024-02-01")
        self.lists([(3, "2024-02-01"), (4, "2024-01-12"), (11, "2024-01-11")], [(3, "2024-01-13"), (4, "2024-02-02")])
        self.assertIn("2 changed", self.update("redhat", days=31))
        self.assertEqual([one for one in self.asked() if one.endswith(".json")], [self.folder + "2024/cve-2024-0003.json"])
        text = self.peekr("db", "search", "REDHAT-CVE-2024-0004", "--db", str(self.at / "db")).stdout
        self.assertIn("withdrawn", text)
        self.assertNotIn("withdrawn", self.peekr("db", "search", "REDHAT-CVE-2024-0003", "--db", str(self.at / "db")).stdout)
        self.verify()

    def test_a_wrong_checksum_is_said_and_nothing_is_taken(self):
        self.server.files[self.folder + self.archive + ".sha256"] = b"0" * 64 + b"  x\n"
        text = self.update("redhat", code=1)
        self.assertIn(f"its publisher says {'0' * 64}", text)
        self.assertIn("there is no data of it", text)
        self.assertEqual(self.asked().count(self.folder + self.archive), 2)

    def test_a_document_that_is_listed_and_not_there_is_noted_and_asked_for_again(self):
        self.update("redhat")
        self.put(12, "2024-02-01")
        self.lists([(12, "2024-02-01"), (13, "2024-02-01"), (4, "2024-01-12"), (11, "2024-01-11")], [])
        for days in (1, 2):
            self.update("redhat", days=days)
            data = self.database()
            self.assertEqual(data["advisories"], 12)
            notes = [one for source in data["sources"] for one in source.get("notes", [])]
            self.assertEqual([one["path"].rsplit("/", 1)[-1] for one in notes], ["cve-2024-0013.json"], notes)
        self.put(13, "2024-02-01")
        self.assertIn("1 new", self.update("redhat", days=3))
        data = self.database()
        self.assertEqual((data["advisories"], sum(one.get("left_out", 0) for one in data["sources"])), (13, 0))
        self.assertIn("nothing new", self.update("redhat", days=4))

    def gaps(self):
        sources = self.database()["sources"]
        notes = sorted(one["path"].rsplit("/", 1)[-1] for source in sources for one in source.get("notes", []))
        return notes, sum(one.get("left_out", 0) for one in sources)

    def test_what_was_unreadable_in_the_archive_is_told_until_it_is_read_again(self):
        files = {f"2024/cve-2024-{i:04}.json": self.document(i, "2024-01-02") for i in range(1, 11)}
        files["2024/cve-2024-0007.json"] = files["2024/cve-2024-0008.json"] = b'{"document": {"category": "csaf_vex", '
        body = tar_xz(files)
        self.server.files[self.folder + self.archive] = body
        self.server.files[self.folder + self.archive + ".sha256"] = f"{sha256(body)}  {self.archive}\n".encode()
        self.update("redhat")
        both = (["cve-2024-0007.json", "cve-2024-0008.json"], 2)
        self.assertEqual(self.gaps(), both)
        self.put(12, "2024-02-01")
        changed = [(12, "2024-02-01"), (4, "2024-01-12"), (11, "2024-01-11")]
        self.lists(changed, [])
        self.assertIn("1 new", self.update("redhat", days=1))
        self.assertEqual(self.gaps(), both)
        self.put(7, "2024-02-02")
        self.lists([(7, "2024-02-02"), (13, "2024-02-02"), *changed], [])
        for days in (2, 3):
            self.update("redhat", days=days)
            self.assertEqual(self.gaps(), (["cve-2024-0008.json", "cve-2024-0013.json"], 2))

    def test_a_last_update_of_a_time_to_come_is_no_reason_not_to_load_it(self):
        self.update("redhat", days=4000)
        text = self.update("redhat")
        self.assertIn("loaded whole, for the last update is said to be of 2035", text)
        self.assertIn("/".join([self.folder.rstrip("/"), self.archive]), self.asked())
        self.assertIn("nothing new", self.update("redhat", days=1))

    def test_a_date_to_come_does_not_stop_what_comes_until_then(self):
        self.put(12, "2099-01-01")
        rows = [(12, "2099-01-01"), (4, "2024-01-12"), (11, "2024-01-11")]
        self.lists(rows, [])
        self.update("redhat")
        self.put(13, "2024-04-01")
        self.lists([*rows, (13, "2024-04-01")], [])
        self.update("redhat", days=20)
        self.assertEqual(self.database()["advisories"], 13)

    def test_more_than_single_documents_are_worth_wait_for_a_newer_archive(self):
        self.update("redhat")
        self.asked()
        for i in range(20, 560):
            self.put(i, "2024-02-01")
        self.lists([(i, "2024-02-01") for i in range(20, 560)], [])
        newer = "csaf_vex_2024-02-01.tar.xz"
        self.server.files[self.folder + "archive_latest.txt"] = newer.encode()
        self.server.files[self.folder + newer] = tar_xz(
            {f"2024/cve-2024-{i:04}.json": self.document(i, "2024-02-01") for i in range(1, 560)})
        self.assertIn("548 new", self.update("redhat", days=1))
        self.assertIn(self.folder + newer, self.asked())


class Nvd(Delta):
    folder = "/nvd.nist.gov/feeds/json/cve/2.0/"

    @staticmethod
    def page(records):
        return json.dumps({"resultsPerPage": len(records), "startIndex": 0, "totalResults": len(records), "format": "NVD_CVE",
                           "version": "2.0", "timestamp": "2024-01-01T00:00:00.000", "vulnerabilities": [
                               {"cve": {"id": one, "published": "2024-01-01T00:00:00.000", "lastModified": date + "T00:00:00.000",
                                        "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "words"}],
                                        "references": []}} for one, date in records]}).encode()

    def publish(self, name, records, checksum=None):
        body = self.page(records)
        self.server.files[f"{self.folder}nvdcve-2.0-{name}.json.gz"] = gzip.compress(body)
        self.server.files[f"{self.folder}nvdcve-2.0-{name}.meta"] = (
            f"lastModifiedDate:2024-01-01T00:00:00-05:00\r\nsize:1\r\nsha256:{(checksum or sha256(body)).upper()}\r\n").encode()

    def setUp(self):
        super().setUp()
        self.years = [("CVE-2024-0001", "2024-01-01"), ("CVE-2024-0002", "2024-01-01")]
        self.publish("2024", self.years)
        self.update("nvd/2024")
        self.asked()
        self.years[0] = ("CVE-2024-0001", "2024-03-01")

    def test_what_has_the_same_checksum_is_not_fetched(self):
        self.assertIn("nothing new", self.update("nvd/2024", days=300))
        self.assertEqual(self.asked(), [self.folder + "nvdcve-2.0-2024.meta"])

    def test_of_a_week_what_was_modified_and_only_of_the_year(self):
        self.publish("2024", self.years)
        self.publish("modified", [self.years[0], ("CVE-2024-0003", "2024-03-01"), ("CVE-2023-0009", "2024-03-01")])
        self.assertIn("1 new, 1 changed, 0 gone", self.update("nvd/2024", days=3))
        self.assertNotIn(self.folder + "nvdcve-2.0-2024.json.gz", self.asked())
        self.assertEqual(self.database()["advisories"], 3)
        self.assertIn("nothing new", self.update("nvd/2024", days=4))

    def test_of_a_month_the_window_of_the_interface(self):
        self.publish("2024", self.years)
        asked = []

        def api(handler, path):
            if "/rest/json/cves/2.0" not in path:
                return False
            asked.append(path)
            handler.say(200, self.page([self.years[0]]))
            return True

        self.server.fault = api
        self.assertIn("0 new, 1 changed, 0 gone", self.update("nvd/2024", days=20))
        self.assertEqual(asked, ["/services.nvd.nist.gov/rest/json/cves/2.0?lastModStartDate=2024-03-20T00:00:00.000%2B00:00"
                                 "&lastModEndDate=2024-04-10T05:46:40.000%2B00:00&startIndex=0"])

    def test_after_that_the_whole(self):
        self.publish("2024", self.years)
        self.assertIn("0 new, 1 changed, 0 gone", self.update("nvd/2024", days=60))
        self.assertIn(self.folder + "nvdcve-2.0-2024.json.gz", self.asked())

    def test_what_was_rejected_is_withdrawn_without_a_date(self):
        page = json.loads(self.page([("CVE-2024-0007", "2024-01-01")]))
        rejected = page["vulnerabilities"][0]["cve"]
        rejected["vulnStatus"] = "Rejected"
        del rejected["lastModified"], rejected["published"]
        (self.at / "nvd.json").write_text(json.dumps(page))
        self.peekr("db", "build", "--from", str(self.at / "nvd.json"), "--db", str(self.at / "other"))
        status = self.peekr("db", "status", "--db", str(self.at / "other"), "-f", "json").stdout
        self.assertEqual(json.loads(status)["database"]["withdrawn"], 1)

    def test_a_wrong_checksum_of_what_is_unpacked(self):
        self.publish("2024", self.years, "d" * 64)
        self.assertIn("its publisher says " + "d" * 64, self.update("nvd/2024", days=60, code=1))
        self.assertEqual(self.database()["advisories"], 2)


class Go(Delta):
    folder = "/vuln.go.dev/"

    def publish(self, records):
        out = io.BytesIO()
        rows = [{"id": one["id"], "modified": one["modified"]} for one in records]
        with zipfile.ZipFile(out, "w") as file:
            for one in records:
                file.writestr(f"ID/{one['id']}.json", json.dumps(one))
                self.server.files[f"{self.folder}ID/{one['id']}.json"] = json.dumps(one).encode()
            for name in ("db", "modules", "vulns"):
                file.writestr(f"index/{name}.json", json.dumps(rows))
        self.server.files[self.folder + "vulndb.zip"] = out.getvalue()
        self.server.files[self.folder + "index/vulns.json"] = json.dumps(rows).encode()

    def test_the_index_says_what_is_new_and_what_has_gone(self):
        def go(number, modified="2024-01-01T00:00:00Z"):
            return {**record(number, modified), "id": f"GO-2024-{number:04}"}
        records = [go(i) for i in range(20)]
        self.publish(records)
        text = self.update("go")
        self.assertIn("20 new", text)
        self.assertNotIn("not read whole", text)
        self.asked()
        self.assertIn("nothing new", self.update("go", days=30))
        self.assertEqual(self.asked(), [self.folder + "index/vulns.json"])
        records[3] = go(3, "2024-02-01T00:00:00Z")
        self.publish(records[:-1] + [go(99, "2024-02-02T00:00:00Z")])
        self.assertIn("1 new, 1 changed, 1 gone", self.update("go", days=31))
        self.assertEqual(sorted(self.asked()), [self.folder + one for one in
                                                ("ID/GO-2024-0003.json", "ID/GO-2024-0099.json", "index/vulns.json")])
        ours = [one for one in records[:-1]] + [go(99, "2024-02-02T00:00:00Z")]
        ours += [go(50, "2020-01-01T00:00:00Z"), go(51, "2099-01-01T00:00:00Z")]  # older than the newest; a date to come
        self.publish(ours)
        self.assertIn("2 new, 0 changed, 0 gone", self.update("go", days=31.2))
        ours[0] = go(0, "2024-04-01T00:00:00Z")
        self.publish(ours)
        self.asked()
        self.update("go", days=31.4)
        self.assertEqual(sorted(self.asked()), [self.folder + one for one in ("ID/GO-2024-0000.json", "index/vulns.json")])
        records = ours
        self.publish(records[:10])
        self.assertIn("held back: still there: 10 of its 22 records", self.update("go", days=32, code=1))


class Osv(Delta):
    root = "/osv-vulnerabilities.storage.googleapis.com"

    def publish(self, records):
        self.server.osv(records, self.root)

    def test_of_a_long_list_only_the_head_is_fetched(self):
        records = [record(i) for i in range(5000)]
        self.publish(records)
        self.update("osv/npm")
        self.server.log.clear()
        records[7] = record(7, "2024-02-01T00:00:00Z", "3.0")
        self.publish(records)
        self.assertIn("0 new, 1 changed", self.update("osv/npm", days=0.5))
        asked = {path: headers for path, headers in self.server.log}
        self.assertEqual(asked[self.root + "/npm/modified_id.csv"].get("Range"), "bytes=0-65535")
        self.assertGreater(len(self.server.files[self.root + "/npm/modified_id.csv"]), 65536)
        self.assertNotIn(self.root + "/npm/all.zip", asked)
        del records[4000:4010]  # behind the head
        self.publish(records)
        self.assertIn("nothing new", self.update("osv/npm", days=0.6))
        self.asked()
        self.assertIn("0 new, 0 changed, 10 gone", self.update("osv/npm", days=1))
        self.assertEqual(self.asked(), [self.root + "/ecosystems.txt", self.root + "/npm/modified_id.csv"])
        self.publish([record(i, "2024-03-01T00:00:00Z", "4.0") for i in range(5000)])
        self.assertIn("10 new, 4,990 changed", self.update("osv/npm", days=2))

    def test_an_empty_list_is_no_fault(self):
        self.publish([record(1)])
        self.update("osv/npm")
        self.server.files[self.root + "/npm/modified_id.csv"] = b""
        self.assertIn("nothing new", self.update("osv/npm", days=1))

    def test_a_row_that_cannot_be_read_takes_nothing_away(self):
        self.publish([record(i) for i in range(10)])
        self.update("osv/npm")
        name = self.root + "/npm/modified_id.csv"
        self.publish([record(i) for i in range(10)])
        rows = self.server.files[name].splitlines(keepends=True)
        self.server.files[name] = b"".join(rows[:3]) + b"2024-01-01T00:00:00Z\n" + b"".join(rows[4:])
        self.assertIn("modified_id.csv: a row without time or id", self.update("osv/npm", days=1, code=1))
        self.assertEqual(self.database()["advisories"], 10)

    def test_a_list_of_something_else_takes_nothing_away(self):
        records = [record(i) for i in range(20)]
        self.publish(records)
        self.update("osv/npm")
        self.publish([record(i) for i in range(100, 120)])
        text = self.update("osv/npm", days=1, code=1)
        self.assertIn("held back: still there: 0 of its 20 records", text)
        self.assertEqual(self.database()["advisories"], 20)
        self.publish(records[4:] + [record(100)])  # a fifth
        self.assertIn("1 new, 0 changed, 4 gone", self.update("osv/npm", days=2))

    def test_what_is_kept_under_an_id_of_our_own_stays(self):
        def kubernetes(number, modified):
            return {"id": f"CVE-2024-{number:04}", "modified": modified, "affected": [{
                "package": {"ecosystem": "kubernetes", "name": "k8s.io/kubelet"},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]}]}
        for days, count in ((0, 10), (1, 10), (2, 11), (3, 11)):
            records = [kubernetes(i, f"2024-0{days + 1}-01T00:00:00Z" if i in (0, 10) else "2024-01-01T00:00:00Z")
                       for i in range(count)]
            self.publish(records)
            self.asked()
            text = self.update("osv/npm", days=days)
            self.assertNotIn("held back", text)
            self.assertEqual(self.database()["advisories"], count, days)
            if days:
                self.assertIn("0 gone", text)
                self.assertLessEqual(len([one for one in self.asked() if one.endswith(".json")]), 2)
        self.verify()

    def test_many_that_the_parser_leaves_out_are_no_reason_to_load_the_whole_daily(self):
        def publish(count, unread=1000, late=()):
            others = [{**record(i), "affected": [{"package": {}}]} for i in range(unread, 1600)]
            self.publish(others + [record(50, "2024-03-01T00:00:00Z")] + [record(i, *late) if i == 3 else record(i) for i in range(count - 1)])
        publish(10)
        self.update("osv/npm")
        whole = self.root + "/npm/all.zip"
        for days, count, loaded in ((1, 10, True), (2, 9, False), (3, 8, False), (4, 11, False), (5, 10, False)):
            publish(count)
            self.asked()
            self.update("osv/npm", days=days)
            self.assertEqual((whole in self.asked(), self.database()["advisories"]), (loaded, count), days)
        publish(10, 1001, ("2024-02-01T00:00:00Z", "9.0"))  # as many as before are other than the database has them
        for text, asked in (("0 new, 1 changed", [self.root + "/npm/GHSA-0003.json"]), ("nothing new", [])):
            self.assertIn(text, self.update("osv/npm", days=6))
            self.assertEqual([one for one in self.asked() if one.endswith(".json")], asked)

    def test_one_host_is_asked_by_few_at_once(self):
        names = [f"E{i}" for i in range(12)]
        busy, most, lock = [0], [0], threading.Lock()
        self.publish([record(1)])
        files = self.server.files
        files[self.root + "/ecosystems.txt"] = "\n".join(names).encode()
        for name in names:
            files[f"{self.root}/{name}/all.zip"] = files[self.root + "/npm/all.zip"]

        def count(handler, path):
            with lock:
                busy[0] += 1
                most[0] = max(most[0], busy[0])
            time.sleep(0.05)
            with lock:
                busy[0] -= 1
            return False

        self.server.fault = count
        self.update("osv")
        self.assertGreater(most[0], 1)
        self.assertLessEqual(most[0], 3)

    def test_a_host_that_says_later_says_it_to_all(self):
        names = [f"E{i}" for i in range(12)]
        self.publish([record(1)])
        files, times, lock = self.server.files, [], threading.Lock()
        files[self.root + "/ecosystems.txt"] = "\n".join(names).encode()
        for name in names:
            files[f"{self.root}/{name}/all.zip"] = files[self.root + "/npm/all.zip"]

        def once(handler, path):
            if not path.endswith("all.zip"):
                return False
            with lock:
                times.append(time.monotonic())
                first = len(times) == 1
            if first:
                handler.say(429, Retry_After="2")
            else:
                time.sleep(0.2)
            return first

        self.server.fault = once
        self.update("osv")
        self.assertEqual(len(times), 13)
        self.assertEqual([one - times[0] for one in times if 0.5 < one - times[0] < 1.9], [])

    def test_documents_come_behind_gzip_where_the_server_can(self):
        file = "/security-tracker.debian.org/tracker/data/json"
        body = json.dumps({"zlib": {"CVE-2023-45853": {"scope": "local", "description": "x" * 1000, "releases": {"bookworm": {
            "status": "open", "repositories": {"bookworm": "1:1.2.13.dfsg-1"}, "urgency": "not yet assigned"}}}}}).encode()

        def packed(handler, path):
            if path != file:
                return False
            self.assertIn("gzip", handler.headers.get("Accept-Encoding", ""))
            handler.say(200, gzip.compress(body), Content_Encoding="gzip", ETag='"1"')
            return True

        self.server.fault = packed
        self.assertIn("1 new", self.update("debian-tracker"))

    def test_bars_are_for_terminals(self):
        self.publish([record(i) for i in range(2000)])
        big = self.server.files[self.root + "/npm/all.zip"]

        def slow(handler, path):
            if not path.endswith("all.zip"):
                return False
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(big)))
            handler.end_headers()
            for at in range(0, len(big), len(big) // 4):
                handler.wfile.write(big[at:at + len(big) // 4])
                handler.wfile.flush()
                time.sleep(0.15)
            return True

        self.server.fault = slow
        self.assertNotIn("\x1b", self.update("osv/npm"))
        code, seen = terminal.errors_of([loopback.PEEKR, "db", "update", "--db", str(self.at / "other"), "--feeds", "osv/npm", "--mirror",
                                         self.base + "/{host}"], os.environ)
        self.assertEqual(code, 0)
        self.assertIn("#", seen)
        self.assertRegex(seen, r"osv/npm +\[#+ *\]  0\.\d of 0\.\d MB")
        self.assertIn("osv/npm: 2,000 new", seen)
        self.assertTrue(seen.rindex("2,000 new") > seen.rindex("[#"))


class OnlyFor(Delta):
    def test_what_an_inventory_or_an_sbom_asks_for(self):
        root = self.at / "root"
        (root / "etc").mkdir(parents=True)
        (root / "lib/apk/db").mkdir(parents=True)
        (root / "etc/os-release").write_text("ID=alpine\nVERSION_ID=3.18.4\n")
        (root / "lib/apk/db/installed").write_text("P:zlib\nV:1.2-r0\nA:x86_64\no:zlib\n\n")
        file = self.at / "inventory.json"
        sbom = self.at / "a.cdx.json"
        self.peekr("inventory", str(root), "-f", f"json={file}", "-f", f"cyclonedx-json={sbom}")
        for repo in ("main", "community"):
            self.server.files[f"/secdb.alpinelinux.org/v3.18/{repo}.json"] = json.dumps(
                {"distroversion": "v3.18", "reponame": repo, "packages": [
                    {"pkg": {"name": "zlib", "secfixes": {"1.2-r3": ["CVE-2023-0001"]}}}]}).encode()
        for of, db in ((file, "db"), (sbom, "another")):
            done = self.peekr("db", "update", "--only-for", str(of), "--db", str(self.at / db), "--mirror", self.base + "/{host}")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(sorted(one for one in self.asked() if "secdb" in one),
                             ["/secdb.alpinelinux.org/v3.18/community.json", "/secdb.alpinelinux.org/v3.18/main.json"])
        file.write_text('{"schema_version": 2, "peekr": {}}')
        done = self.peekr("db", "update", "--only-for", str(file), "--db", str(self.at / "db"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("inventory.json: schema_version: is 2, and this peekr reads 1", done.stderr)


if __name__ == "__main__":
    loopback.main(os.path.abspath(sys.argv.pop(1)))
