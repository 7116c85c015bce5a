#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peekr db update against a loopback server in the official layouts, with faults: usage: update_test.py PEEKR_PROGRAM"""
import contextlib
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

import loopback
from loopback import Server, record, zipped


class Update(loopback.Case):
    def setUp(self):
        super().setUp()
        self.records = [record(i) for i in range(100)]
        self.server.osv(self.records)

    def update(self, *arguments, code=0, mirror=None, feeds="osv/npm", **environment):
        done = self.peekr("db", "update", "--db", str(self.at / "db"), "--feeds", feeds, "--mirror", mirror or self.base,
                          *arguments, **environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr

    def advisories(self):
        status = self.peekr("db", "status", "--db", str(self.at / "db"), "-f", "json")
        return json.loads(status.stdout)["database"]["advisories"]

    def assert_nothing_left(self):
        self.assertLessEqual({one.name for one in (self.at / "db").iterdir()}, {"data.mdb", "lock"})

    def test_first_all_then_nothing_then_only_what_changed(self):
        self.assertIn("100 new", self.update())
        self.assertEqual(self.advisories(), 100)
        self.asked()
        self.assertIn("nothing new", self.update())
        self.assertIn("nothing new", self.update())
        self.assertNotIn("/npm/all.zip", self.asked())
        self.records[7] = record(7, "2024-02-01T00:00:00Z", "3.0")
        self.server.osv(self.records + [record(100, "2024-02-02T00:00:00.5Z")])
        self.assertIn("1 new, 1 changed, 0 gone", self.update())
        self.assertEqual(sorted(one for one in self.asked() if one != "/ecosystems.txt"),
                         ["/npm/GHSA-0007.json", "/npm/GHSA-0100.json", "/npm/modified_id.csv"])
        self.assert_nothing_left()

    def test_single_records_come_several_at_once_and_one_that_fails_is_the_last(self):
        self.update()
        self.server.osv([record(i, "2024-02-01T00:00:00Z", "3.0") for i in range(40)] + self.records[40:])
        busy, most, lock, refused = [0], [0], threading.Lock(), ["/npm/GHSA-0030.json"]

        def count(handler, path):
            with lock:
                busy[0] += 1
                most[0] = max(most[0], busy[0])
            time.sleep(0.003)
            with lock:
                busy[0] -= 1
            return path in refused and (handler.say(403), True)[1]

        self.server.fault = count
        self.asked()
        self.assertRegex(self.update(code=1), r"GHSA-0030.json: the server says 403; the data of .* stays")
        asked = [one for one in self.asked() if one.endswith(".json")]
        self.assertIn(refused[0], asked)
        self.assertLess(len(asked), 25)  # ten up to it, and those that were under way
        refused.clear()
        self.assertIn("0 new, 40 changed, 0 gone", self.update())
        self.assertEqual(len([one for one in self.asked() if one.endswith(".json")]), 40)
        self.assertGreater(most[0], 1)
        self.assertLessEqual(most[0], 3)
        # Of a mirror of the whole only, whatever else one of them says meanwhile.
        self.server.osv([record(i, "2024-02-02T00:00:00Z", "4.0") for i in range(2)] + self.records[2:])
        missing = threading.Event()

        def none(handler, path):
            if path == "/npm/GHSA-0001.json":
                missing.wait(5)
                return (handler.say(403), True)[1]
            if path == "/npm/GHSA-0000.json":
                return (handler.say(404), missing.set(), True)[2]

        self.server.fault = none
        self.assertIn("40 changed, 0 gone", self.update())
        self.assertIn("/npm/all.zip", self.asked())

    def test_who_writes_second_waits(self):
        go_on = threading.Event()
        self.server.fault = lambda handler, path: path == "/npm/all.zip" and go_on.wait(20) and False
        (self.at / "mine.json").write_text(json.dumps(record(500)))
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1711000000"}
        to = ("--db", str(self.at / "db"))
        update = (loopback.PEEKR, "db", "update", *to, "--feeds", "osv/npm", "--mirror", self.base)

        def begin(*command):
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)

        self.server.files.update({"/ecosystems.txt": b"npm\nPyPI\n", "/PyPI/all.zip": b"none"})
        with begin(*update[:6], "osv/npm,osv/PyPI", *update[7:]) as first:
            self.assertIn("osv/PyPI: failed: ", first.stderr.readline())  # the database is still the first one's
            writes = f": process {first.pid} is writing it\n"
            self.assertIn(writes, self.update(code=1, PEEKR_DB_WAIT="0"))
            with begin(*update) as second, begin(loopback.PEEKR, "db", "add", str(self.at / "mine.json"), *to) as third:
                for one in (second, third):
                    self.assertRegex(one.stderr.readline(), "^waiting: write .*" + writes)
                go_on.set()
                self.assertIn("osv/npm: nothing new", second.stderr.read())
                self.assertEqual(third.stderr.read(), "")
            self.assertIn("100 new", first.stderr.read())
        self.assertEqual((first.returncode, second.returncode, third.returncode), (1, 0, 0))
        self.assertEqual(self.advisories(), 101)

    def test_a_socks_proxy_is_asked_for_no_kerberos(self):
        for arguments in (("db", "update", "--db", str(self.at / "db"), "--feeds", "osv/npm", "--mirror", "http://mirror.invalid"), ("inventory", "registry:mirror.invalid/a:1")):
            greetings = []
            with socket.create_server(("127.0.0.1", 0)) as proxy:
                def take():
                    with contextlib.suppress(OSError):
                        while True:
                            line, _ = proxy.accept()
                            with line:
                                greetings.append(line.recv(64))
                thread = threading.Thread(target=take, daemon=True)
                thread.start()
                self.peekr(*arguments, all_proxy=f"socks5h://user:secret@127.0.0.1:{proxy.getsockname()[1]}")
                proxy.shutdown(socket.SHUT_RDWR)
                thread.join()
            self.assertEqual(set(greetings), {b"\5\2\0\2"}, "none, or a name and password; 1 is GSSAPI")

    def test_a_proxy_that_refuses_is_asked_once_and_what_to_do_is_said(self):
        want = "it wants a name and a password, or other ones"
        for status, words in ((401, want), (407, want), (403, "it lets nobody through to there"), (503, "503")):
            self.server.fault = lambda handler, path: (handler.say(status), True)[1]
            for mirror in ("http://mirror.invalid", "https://mirror.invalid"):
                if status in (401, 403, 503) and mirror.startswith("http:"):
                    continue  # that may be the mirror's own word
                proxy = self.base.replace("//", "//user:pr0xysecret@")
                err = self.update(code=1, mirror=mirror, http_proxy=proxy, https_proxy=proxy)
                self.assertIn(words, err)
                self.assertNotIn("pr0xysecret", err)
                # The list of ecosystems, which this feed needs none of, and the feed.
                self.assertEqual(self.asked().count("mirror.invalid:443") // 5, 2 * err.count("5 tries"), err)
                self.assertEqual("in no_proxy" in err, status != 503, err)

    def test_without_the_list_of_its_ecosystems_all_else_goes_on(self):
        del self.server.files["/ecosystems.txt"]
        kev = "www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
        self.assertIn("osv/npm: 100 new", self.update())
        mirror = self.at / "mirror" / kev
        mirror.parent.mkdir(parents=True)
        mirror.write_text(json.dumps({"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2024.03.20",
            "dateReleased": "2024-03-20T00:00:00.0000Z", "count": 1, "vulnerabilities": [{
                "cveID": "CVE-2024-0001", "vendorProject": "a", "product": "b", "vulnerabilityName": "c", "dateAdded": "2024-01-02",
                "shortDescription": "d", "requiredAction": "e", "dueDate": "2024-01-23", "knownRansomwareCampaignUse": "Unknown"}]}))
        done = self.peekr("db", "update", "--db", str(self.at / "of-kev"), "--mirror", f"{self.at}/mirror/{{host}}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("kev: 1 new", done.stderr)
        self.assertNotIn("osv", done.stderr)

    def test_a_list_that_fails_is_one_feed_that_fails(self):
        self.update()
        self.server.fault = lambda handler, path: path.endswith("ecosystems.txt") and (handler.say(503), True)[1]
        self.assertIn("osv/npm: nothing new", self.update())  # whose name is known
        said = self.update(code=1, feeds="osv,kev")
        self.assertRegex(said, r"osv: failed: .*503.*; the data of 2024-03-21T05:46:40Z .* stays")
        self.assertIn("kev: failed", said)  # it was asked for
        self.assertEqual(self.advisories(), 100)

    def test_what_the_list_no_longer_names_has_gone(self):
        self.update()
        self.asked()
        late = record(100, "2023-01-01T00:00:00Z")  # of before the last update
        self.server.osv([*self.records[:90], late])
        later = {"SOURCE_DATE_EPOCH": str(1711000000 + 60)}
        self.assertIn("1 new, 0 changed, 10 gone", self.update(**later))
        self.assertNotIn("/npm/all.zip", self.asked())
        self.assertEqual(self.advisories(), 91)
        late["modified"] = "2023-02-01T00:00:00Z"  # later than before, and still of before the newest
        self.server.osv([*self.records[:90], late])
        self.asked()
        self.assertIn("0 new, 1 changed, 0 gone", self.update(**later))
        self.assertEqual([one for one in self.asked() if one.endswith((".json", ".zip"))], ["/npm/GHSA-0100.json"])
        self.assertIn("nothing new", self.update(**later))
        for day, found in (("2024-03-21T05:46:40Z", True), ("2024-03-21T05:47:40Z", False)):
            said = self.peekr("db", "search", "GHSA-0095", "--db", str(self.at / "db"), "--as-of", day)
            self.assertEqual("GHSA-0095 (from" in said.stdout, found, said.stdout + said.stderr)

    def test_a_weekly_look_at_the_whole_finds_what_has_gone(self):
        self.update()
        self.server.osv(self.records[:90])
        self.server.files["/npm/modified_id.csv"] = b""
        self.update()
        self.assertEqual(self.advisories(), 100)
        self.assertIn("10 gone", self.update(SOURCE_DATE_EPOCH=str(1711000000 + 8 * 86400)))
        self.assertEqual(self.advisories(), 90)

    def test_a_feed_that_shrinks_by_more_than_a_fifth_is_held_back(self):
        self.update()
        self.server.osv(self.records[:70])
        later = {"SOURCE_DATE_EPOCH": str(1711000000 + 8 * 86400)}
        for environment in ({}, later):  # by the list, by the whole
            self.assertIn("held back: still there: 70 of its 100 records", self.update(code=1, **environment))
            self.assertEqual(self.advisories(), 100)
        self.assertIn("30 gone", self.update("--accept-shrink", **later))
        self.assertEqual(self.advisories(), 70)

    def test_as_many_records_of_something_else_make_up_for_none(self):
        self.update()
        later = {"SOURCE_DATE_EPOCH": str(1711000000 + 8 * 86400)}
        self.server.osv([record(i) for i in range(50, 150)])
        self.assertIn("held back: still there: 50 of its 100 records", self.update(code=1, **later))
        self.assertEqual(self.advisories(), 100)
        self.server.osv([record(i) for i in range(10, 110)])
        self.assertIn("10 new, 0 changed, 10 gone", self.update(**later))

    def test_drops_at_every_tenth_go_on_where_they_stopped(self):
        body, drops = self.server.files["/npm/all.zip"], []

        def drop(handler, path):
            if path != "/npm/all.zip" or len(drops) == 9:
                return False
            begin = int(handler.headers.get("Range", "bytes=0-")[6:-1])
            end = (len(drops) + 1) * len(body) // 10
            drops.append(begin)
            tag = {"ETag": '"one"'}
            if begin:
                tag["Content_Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            handler.say(206 if begin else 200, body[begin:end], len(body) - begin, **tag)
            handler.close_connection = True
            return True

        self.server.fault = drop
        self.assertIn("100 new", self.update(PEEKR_FETCH_TRIES="10"))
        self.assertEqual(drops, [i * len(body) // 10 for i in range(9)])

    def test_a_document_that_broke_off_behind_its_last_byte_is_not_nothing_new(self):
        body, asked = self.server.files["/npm/all.zip"], []
        tag = '"%08x"' % (hash(body) & 0xFFFFFFFF)

        def long(handler, path):
            if path != "/npm/all.zip":
                return False
            asked.append(handler.headers.get("Range"))
            if len(asked) > 1:
                return False
            handler.say(200, body, len(body) + 1, ETag=tag)
            handler.close_connection = True
            return True

        self.server.fault = long
        self.assertIn("100 new", self.update())
        self.assertEqual(asked, [None, f"bytes={len(body)}-", None])

    def test_nothing_new_is_no_answer_to_a_first_request(self):
        def stale(handler, path):
            if path == "/npm/all.zip":
                handler.say(304)
            return path == "/npm/all.zip"

        self.server.fault = stale
        text = self.update(code=1)
        self.assertIn("npm/all.zip: the server says 304 to a first request; there is no data of it", text)

    def faults(self, fault, *words, **environment):
        """On a fresh machine and with old data: exit code 1, the words, the old data."""
        good = self.server.files.copy()
        self.server.fault = fault
        text = self.update(code=1, **environment)
        for word in (*words, "there is no data of it"):
            self.assertIn(word, text)
        self.server.fault = None
        self.update()
        self.server.osv(self.records[:95])
        self.server.fault = fault
        text = self.update(code=1, SOURCE_DATE_EPOCH=str(1711000000 + 8 * 86400), **environment)
        for word in (*words, "the data of 2024-03-21T05:46:40Z (8 days old) stays"):
            self.assertIn(word, text)
        self.assertEqual(self.advisories(), 100)
        self.assert_nothing_left()
        self.server.files = good

    @staticmethod
    def on_zip(answer):
        return lambda handler, path: path == "/npm/all.zip" and (answer(handler), True)[1]

    def test_truncation(self):
        self.faults(self.on_zip(lambda h: (h.say(200, b"PK" * 50, 5000), setattr(h, "close_connection", True))), "5 tries")

    def test_a_zip_that_is_none(self):
        self.faults(self.on_zip(lambda h: h.say(200, b"<html>come back tomorrow</html>")), "npm/all.zip")

    def test_a_corrupt_member(self):
        body = bytearray(zipped(self.records))
        body[60:90] = b"x" * 30
        self.faults(self.on_zip(lambda h: h.say(200, bytes(body))), "npm/all.zip")

    def test_busy(self):
        self.faults(self.on_zip(lambda h: h.say(503)), "the server says 503", "5 tries")

    def test_forbidden_is_not_asked_again(self):
        self.faults(self.on_zip(lambda h: h.say(403)), "the server says 403")
        self.assertEqual(self.asked().count("/npm/all.zip"), 3)

    def test_slow_loris(self):
        def slow(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "5000")
            handler.end_headers()
            try:
                for _ in range(40):
                    handler.wfile.write(b"x")
                    time.sleep(0.1)
            except OSError:
                pass
            handler.close_connection = True
        self.faults(self.on_zip(slow), "too slow", PEEKR_FETCH_TRIES="1")

    def test_redirect_loop(self):
        self.faults(self.on_zip(lambda h: h.say(302, Location="/npm/all.zip")), "redirects")

    def test_retry_after_is_waited_for(self):
        asked = []

        def once(handler, path):
            if path != "/npm/all.zip":
                return False
            asked.append(time.monotonic())
            if len(asked) > 1:
                return False
            handler.say(429, Retry_After="1")
            return True

        self.server.fault = once
        self.update()
        self.assertGreater(asked[1] - asked[0], 0.9)
        self.server.fault = self.on_zip(lambda h: h.say(429, Retry_After="86400"))
        self.assertIn("429", self.update(code=1, SOURCE_DATE_EPOCH=str(1711000000 + 8 * 86400)))

    def test_redirects_are_followed_and_credentials_stay(self):
        other = Server()
        other.files = self.server.files
        there = f"http://localhost:{other.server_port}"
        self.server.fault = lambda h, path: (h.say(307, Location=there + path), True)[1]
        self.update(mirror=self.base.replace("//", "//user:secret@"))
        self.assertEqual(self.advisories(), 100)
        self.assertTrue(all("Authorization" in headers for _, headers in self.server.log))
        self.assertTrue(other.log and not any("Authorization" in headers for _, headers in other.log))
        other.shutdown()

    def test_errors_do_not_show_the_password_of_a_mirror(self):
        secret = self.base.replace("//", "//user:secret@")
        for fault in (lambda h: h.say(403), lambda h: h.say(302, Location="/npm/all.zip"),
                      lambda h: h.say(302, Location=f"/x?signature=secret"), lambda h: h.say(206, b"x", 1, Content_Range="bytes 7-7/8")):
            self.server.fault = self.on_zip(fault)
            text = self.update(code=1, mirror=secret, PEEKR_FETCH_TRIES="1")
            self.assertIn(self.base, text)
            self.assertNotIn("secret", text)
        text = self.update(code=1, mirror="http://user:secret@127.0.0.1:1", PEEKR_FETCH_TRIES="1")
        self.assertIn("http://127.0.0.1:1/", text)
        self.assertNotIn("secret", text)

    def test_tls_with_a_private_authority_and_no_way_back_to_http(self):
        key, certificate = self.at / "key.pem", self.at / "ca.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days",
                        "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = Server(context)
        server.files = self.server.files
        base = f"https://localhost:{server.server_port}"
        self.assertIn("certificate", self.update(code=1, mirror=base))
        self.update("--cacert", str(certificate), mirror=base)
        self.assertIn("nothing new", self.update(mirror=base, SSL_CERT_FILE=str(certificate)))
        server.fault = lambda h, path: (h.say(302, Location=self.base + path), True)[1]
        text = self.update("--cacert", str(certificate), mirror=base, code=1)
        self.assertIn("rotocol", text)
        server.shutdown()

    def test_a_folder_is_a_mirror(self):
        for path, body in self.server.files.items():
            if not path.endswith(".json"):
                file = self.at / "mirror" / path[1:]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
        self.assertIn("100 new", self.update(mirror=str(self.at / "mirror")))
        self.assertIn("nothing new", self.update(mirror=str(self.at / "mirror")))
        self.server.osv([record(7, "2024-02-01T00:00:00Z", "3.0"), *self.records[:7], *self.records[8:]])
        for name in ("all.zip", "modified_id.csv"):
            (self.at / "mirror/npm" / name).write_bytes(self.server.files["/npm/" + name])
        self.assertIn("0 new, 1 changed", self.update(mirror=str(self.at / "mirror")))

    def test_releases_that_no_row_names_are_refreshed_once_they_are_there(self):
        secdb = lambda version: json.dumps({"reponame": "main", "distroversion": "v3.99", "packages": [
            {"pkg": {"name": "a", "secfixes": {version: ["CVE-2024-0001"]}}}]}).encode()
        for repository in ("main", "community"):
            self.server.files[f"/v3.99/{repository}.json"] = secdb("1.0-r1")
        self.assertIn("alpine/v3.99/main: 1 new", self.update(feeds="alpine/v3.99"))
        self.server.files["/v3.99/main.json"] = secdb("1.0-r2")
        update = ("db", "update", "--db", str(self.at / "db"), "--mirror", self.base)
        for arguments, said in (((), "alpine/v3.99/main: 0 new, 1 changed"), (("--feeds", "alpine"), "alpine/v3.99/main: nothing new")):
            self.assertIn(said, self.peekr(*update, *arguments).stderr)
        done = self.peekr(*update, "--feeds", "alpine/v3.99/testing")
        self.assertIn("there is no such feed", done.stderr)

    def test_names_nobody_has(self):
        done = self.peekr("db", "update", "--db", str(self.at / "db"), "--feeds", "osf")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--feeds osf: there is no such feed", done.stderr)


if __name__ == "__main__":
    loopback.main(os.path.abspath(sys.argv.pop(1)))
