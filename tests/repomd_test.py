#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an update fetches of a repository of rpms, where repomd.xml says whether its updates have changed: usage: repomd_test.py PEEKR_PROGRAM"""
import gzip
import os
import sys

import loopback
from delta_test import Delta, sha256


class Repomd(Delta):
    mirrors = "/cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list"
    repository = "/cdn.amazonlinux.com/al2023/core/guids/1/x86_64/"

    def test_a_release_of_fedora_that_has_ended_is_in_the_archive(self):
        body = gzip.compress(b"""<?xml version="1.0"?><updates><update from="updates@fedoraproject.org" status="stable" type="security"
            version="2.0"><id>FEDORA-2024-1</id><title>curl-8.2.1-5.fc39</title><issued date="2024-03-20 00:00:00"/>
            <severity>Moderate</severity><description>CVE-2024-2398</description><references/><pkglist><collection short="F39">
            <name>Fedora 39</name><package name="curl" version="8.2.1" release="5.fc39" epoch="0" arch="x86_64">
            <filename>curl.rpm</filename></package></collection></pkglist></update></updates>""", mtime=0)
        here, archive = (f"/dl.fedoraproject.org/pub/{part}fedora/linux/updates/39/Everything/x86_64/repodata/" for part in ("", "archive/"))
        for folder in (here, archive):
            self.server.files[folder + "updateinfo.xml.gz"] = body
            self.server.files[folder + "repomd.xml"] = (f'<repomd><data type="updateinfo"><checksum type="sha256">{sha256(body)}'
                '</checksum><location href="repodata/updateinfo.xml.gz"/></data></repomd>').encode()
        del self.server.files[here + "repomd.xml"]
        self.assertIn("1 new", self.update("fedora/39"))
        self.assertEqual(self.asked(), [here + "repomd.xml", archive + "repomd.xml", archive + "updateinfo.xml.gz"])
        self.server.files[here + "repomd.xml"] = self.server.files[archive + "repomd.xml"]
        self.assertIn("nothing new", self.update("fedora/39", days=1))
        self.assertEqual(self.asked(), [here + "repomd.xml"])

    def publish(self, ids, checksum=None):
        updates = "".join(f"""<update from="linux-security@amazon.com" status="final" type="security" version="1.4"><id>{one}</id>
            <title>Amazon Linux 2023 - {one}: Medium priority package update for curl</title>
            <issued date="2023-02-17 00:25"/><updated date="2023-02-22 00:25"/><severity>medium</severity><references>
            <reference href="https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2022-1" id="CVE-2022-43552" type="cve"/></references>
            <pkglist><collection short="amazon-linux-2023---core"><name>Amazon Linux 2023</name>
            <package name="curl" epoch="0" version="7.87.0" release="2.amzn2023.0.2" arch="x86_64">
            <filename>curl.rpm</filename></package></collection></pkglist></update>""" for one in ids)
        body = gzip.compress(f'<?xml version="1.0"?><updates>{updates}</updates>'.encode(), mtime=0)
        name = f"repodata/{sha256(body)[:8]}-updateinfo.xml.gz"
        self.server.files[self.mirrors] = f"https:/{self.repository}\n".encode()
        self.server.files[self.repository + name] = body
        self.server.files[self.repository + "repodata/repomd.xml"] = f"""<repomd><revision>1</revision>
            <data type="primary"><checksum type="sha256">aa</checksum><location href="repodata/primary.xml.gz"/></data>
            <data type="updateinfo"><checksum type="sha256">{checksum or sha256(body)}</checksum>
            <open-checksum type="sha256">bb</open-checksum><location href="{name}"/></data></repomd>""".encode()
        return self.repository + name

    def test_updateinfo_is_fetched_when_its_checksum_is_another(self):
        first = self.publish(["ALAS2023-2023-001"])
        self.assertIn("1 new", self.update("amazon/2023"))
        self.assertIn(first, self.asked())
        self.assertIn("nothing new", self.update("amazon/2023", days=9))
        self.assertEqual(self.asked(), [self.mirrors, self.repository + "repodata/repomd.xml"])
        second = self.publish(["ALAS2023-2023-001", "ALAS2023-2023-002"])
        self.assertIn("1 new", self.update("amazon/2023", days=10))
        self.assertIn(second, self.asked())

    def test_a_topic_of_the_extras_that_has_had_no_update_is_no_failure(self):
        topic = "/cdn.amazonlinux.com/2/extras/lynis/"
        self.server.files[topic + "latest/x86_64/mirror.list"] = f"https:/{topic}2.0/x86_64/1".encode()
        body = gzip.compress(b'<?xml version="1.0" ?>\n<updates></updates>', mtime=0)
        self.server.files[topic + "2.0/x86_64/1/repodata/updateinfo.xml.gz"] = body
        index = topic + "2.0/x86_64/1/repodata/repomd.xml"
        self.server.files[index] = b'<repomd><data type="primary"><location href="repodata/primary.xml.gz"/></data></repomd>'
        self.assertIn("nothing new", self.update("amazon/2/lynis"))
        self.server.files[index] = (f'<repomd><data type="updateinfo"><checksum type="sha256">{sha256(body)}</checksum>'
                                    f'<location href="repodata/updateinfo.xml.gz"/></data></repomd>').encode()
        self.assertIn("0 new", self.update("amazon/2/lynis", days=1))
        self.assertEqual(self.database()["advisories"], 0)
        self.server.files[index] = b"<repomd></repomd>"
        self.assertIn("it names no updateinfo", self.update("amazon/2/lynis", days=2, code=1))

    def test_a_list_that_rolls_is_not_held_back_for_ever(self):
        ids = [f"ALAS2023-2023-{i:03}" for i in range(1, 11)]
        self.publish(ids)
        self.update("amazon/2023")
        self.publish(ids[5:] + ["ALAS2023-2023-011"])
        held = "held back: still there: 5 of its 10 records"
        self.assertIn(held, self.update("amazon/2023", days=60, code=1))
        self.assertIn(held, self.update("amazon/2023", days=60.2, code=1))
        self.publish(ids[6:] + ["ALAS2023-2023-012"])
        self.assertIn("1 new, 0 changed, 6 gone", self.update("amazon/2023", days=61))
        self.publish(ids[9:])  # the next loss is one of its own
        self.assertIn("held back: still there: 1 of its 5 records", self.update("amazon/2023", days=62, code=1))
        self.publish(ids[6:] + ["ALAS2023-2023-012"])  # an accident that was mended
        self.update("amazon/2023", days=62.1)
        self.publish(ids[9:])
        self.update("amazon/2023", days=63, code=1)

    def test_what_a_list_lacks_for_half_a_day_is_gone_but_not_what_went_after_it_nor_all(self):
        ids = [f"ALAS2023-2023-{i:03}" for i in range(1, 11)]
        self.publish(ids)
        self.update("amazon/2023")
        left = "held back: still there: {} of its 10 records".format
        self.publish(ids[3:])
        self.assertIn(left(7), self.update("amazon/2023", days=4000, code=1))  # a clock that was wrong
        self.assertIn(left(7), self.update("amazon/2023", days=60, code=1))
        self.publish(ids[8:])  # another accident
        self.assertIn(left(2), self.update("amazon/2023", days=61, code=1))
        self.assertIn(left(2), self.update("amazon/2023", days=61.2, code=1))
        self.assertIn("8 gone", self.update("amazon/2023", days=62))

    def test_a_topic_never_loses_all_of_its_updates(self):
        topic = "/cdn.amazonlinux.com/2/extras/docker/"
        self.publish(["ALAS2DOCKER-2023-001"])
        for name in [self.mirrors, *[one for one in self.server.files if one.startswith(self.repository)]]:
            self.server.files[name.replace(self.mirrors, topic + "latest/x86_64/mirror.list")] = self.server.files[name]
        self.update("amazon/2/docker")
        body = gzip.compress(b"<updates></updates>", mtime=0)
        self.server.files[self.repository + "repodata/updateinfo.xml.gz"] = body
        self.server.files[self.repository + "repodata/repomd.xml"] = (
            f'<repomd><data type="updateinfo"><checksum type="sha256">{sha256(body)}</checksum>'
            f'<location href="repodata/updateinfo.xml.gz"/></data></repomd>').encode()
        for days in (1, 2, 3):
            self.assertIn("old) stays", self.update("amazon/2/docker", days=days, code=1))
        self.assertEqual(self.database()["advisories"], 1)

    def test_a_wrong_checksum_is_said_and_the_old_data_stays(self):
        self.publish(["ALAS2023-2023-001"])
        self.update("amazon/2023")
        self.publish(["ALAS2023-2023-002"], "c" * 64)
        text = self.update("amazon/2023", days=2, code=1)
        self.assertIn("its publisher says " + "c" * 64, text)
        self.assertIn("(2 days old) stays", text)
        self.assertEqual(self.database()["advisories"], 1)


if __name__ == "__main__":
    loopback.main(os.path.abspath(sys.argv.pop(1)))
