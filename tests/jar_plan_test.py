#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The plan's action on archives, of real libraries: jars out of Debian's packages, as an image would have them that was built elsewhere, with Maven's
advisories of the shared data. Applied, a rescan shows exactly the promised findings gone. usage: jar_plan_test.py PEEKR_PROGRAM"""
import io
import json
import os
import re
import subprocess
import sys
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import Case, valid, write_files, write_image  # noqa: E402

SHARED = os.environ.get("PEEKR_SHARED")
PACKAGES = ["libcommons-compress-java", "libcommons-fileupload-java", "libyaml-snake-java"]
LIBRARIES = {"commons-compress.jar": "org.apache.commons:commons-compress", "commons-fileupload.jar": "commons-fileupload:commons-fileupload",
             "snakeyaml.jar": "org.yaml:snakeyaml"}


def changed(jar, before, after):
    """The same library in another version: where it says so itself, in pom.properties, pom.xml and its manifest."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(jar)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith(("pom.properties", "pom.xml", "MANIFEST.MF")):
                data = re.sub(rb"(?<![\d.])" + re.escape(before.encode()) + rb"(?![\d.]*\d)", after.encode(), data)
            new.writestr(name, data)
    return out.getvalue()


def war(**jars):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("WEB-INF/web.xml", "<web-app/>")
        for name, data in jars.items():
            archive.writestr(f"WEB-INF/lib/{name}.jar", data)
    return out.getvalue()


@unittest.skipUnless(SHARED, "skipped: no shared data")
class JarPlan(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jars = cls.downloaded()
        cls.run_peekr("db", "build", "--from", f"{SHARED}/feeds/osv/Maven", "--db", "db")

    @classmethod
    def downloaded(cls):
        """name: bytes; without the package database, nobody owns them."""
        at = Path(cls.at) / "debs"
        at.mkdir()
        try:
            done = subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=at, capture_output=True, text=True, timeout=120)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise unittest.SkipTest(f"skipped: apt-get: {error}") from error
        if done.returncode != 0:
            raise unittest.SkipTest("skipped: apt-get download: " + done.stderr.strip()[-200:])
        for package in at.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, at / "root"], check=True)
        return {path.name: path.read_bytes() for path in (at / "root/usr/share/java").glob("*.jar") if not path.is_symlink()}

    def scanned(self, name, files):
        image = write_image(self.at / name, [{"etc/os-release": 'ID=debian\nVERSION_ID="12"\n'}, files], tag="app:1")
        return os.path.relpath(image, self.at) if os.path.isabs(str(image)) else str(image)

    def found(self, image):
        report = json.loads(self.run_peekr("scan", image, "--db", "db", "--offline", "-f", "json"))
        packages = [report["packages"][one["package"]["index"]] for one in report["findings"]]
        return {(package["path"], package["name"], one["id"]) for package, one in zip(packages, report["findings"])}

    def test_what_is_promised_is_what_is_gone(self):
        files = {f"opt/app/lib/{name}": data for name, data in self.jars.items()}
        files["srv/app.war"] = war(compress=self.jars["commons-compress.jar"], upload=self.jars["commons-fileupload.jar"])
        image = self.scanned("before", files)
        before = self.found(image)
        self.assertEqual({name for _, name, _ in before} & set(LIBRARIES.values()), set(LIBRARIES.values()))
        plan = valid("plan", self.run_peekr("plan", image, "--db", "db", "--offline", "-f", "json"))
        self.assertTrue({"/opt/app/lib/commons-compress.jar", "/opt/app/lib/commons-fileupload.jar", "/srv/app.war"} <= {one["where"] for one in plan["actions"]})
        promised, to = set(), {}
        for action in plan["actions"]:
            self.assertEqual(action["type"], "maven")
            for step in action["steps"]:
                to[step["name"]] = (step["from"], step["to"])
                promised |= {(package["path"], package["name"], one["id"]) for package in step["packages"] for one in step["removes"]}
        self.assertEqual(plan["findings_before"] - plan["findings_after"], len(promised))
        newer = {name: changed(data, *to[LIBRARIES[name]]) if name in LIBRARIES else data for name, data in self.jars.items()}
        files = {f"opt/app/lib/{name}": data for name, data in newer.items()}
        files["srv/app.war"] = war(compress=newer["commons-compress.jar"], upload=newer["commons-fileupload.jar"])
        after = self.found(self.scanned("after", files))
        self.assertEqual(before - after, promised)
        self.assertEqual(after - before, set())
        text = self.run_peekr("plan", image, "--db", "db", "--offline")
        self.assertIn("maven: /srv/app.war", text)
        self.assertRegex(text, r"org\.apache\.commons:commons-compress +1\.22 +-> +1\.\d+")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
