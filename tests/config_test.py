#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Options that are not on the command line: PEEKR_* variables and the config file, which of them counts, and what peekr config says of it.
usage: config_test.py PEEKR_PROGRAM"""
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import CLOCK, PEEKR, SCHEMAS, Case, status, write_files  # noqa: E402


def debian(cve, package, urgency):
    return {"schema_version": "1.7.0", "id": f"DEBIAN-{cve}", "modified": "2023-10-25T00:00:00Z", "upstream": [cve],
            "affected": [{"package": {"ecosystem": "Debian:12", "name": package}, "ecosystem_specific": {"urgency": urgency},
                          "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}


HIGH, LOW = "CVE-2023-45853", "CVE-2023-5678"


class Config(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_files(cls.at, {"root/etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
                             "root/var/lib/dpkg/status": status([("libssl3", "openssl", "3.0.9-1"), ("zlib1g", "zlib", "1:1.2.13.dfsg-1")]),
                             "feed/1.json": debian(HIGH, "zlib", "high"), "feed/2.json": debian(LOW, "openssl", "low"),
                             "home/.config/peekr/team.yaml": "severity: low\nfail-on: low\n", "home/.config/peekr/high.vex.json": "{}"})
        cls.run_peekr("db", "build", "--from", "feed", "--db", "db")

    def peekr(self, *arguments, **variables):
        environment = {name: value for name, value in (os.environ | CLOCK).items() if not name.startswith(("PEEKR_", "XDG_CONFIG"))}
        environment |= {"HOME": str(self.at / "home"), "PEEKR_CACHE_SIZE": "0"} | variables
        return subprocess.run([PEEKR, *arguments], cwd=self.at, env=environment, capture_output=True, text=True, timeout=120)

    def config(self, text):
        path = self.at / "home/.config/peekr/config.yaml"
        path.write_text(text)
        self.addCleanup(path.unlink)
        return path

    def scan(self, *options, **variables):
        """(exit code, ids of the findings, remarks)"""
        done = self.peekr("scan", "rootfs:root", "-f", "json", *options, **({"PEEKR_OFFLINE": "true", "PEEKR_DB": "db"} | variables))
        self.assertTrue(done.stdout, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["verdict"]["exit_code"], done.returncode)
        return done.returncode, sorted(one["id"] for one in report["findings"]), [one["what"] for one in report["verdict"]["remarks"]]

    def fails(self, message, *arguments, **variables):
        done = self.peekr(*arguments, **variables)
        self.assertEqual((done.returncode, done.stdout), (1, ""), arguments)
        self.assertIn(message, done.stderr)

    def test_the_schema_is_that_of_the_options(self):
        try:
            import jsonschema
            import yaml
        except ImportError:
            self.skipTest("skipped: no jsonschema")
        made, file = self.peekr("config", "--schema").stdout, SCHEMAS / "config.schema.json"
        if os.environ.get("PEEKR_ACCEPT"):
            file.write_text(made)
        self.assertEqual(file.read_text(), made, "run this test with PEEKR_ACCEPT=1")
        schema = json.loads(made)
        jsonschema.Draft202012Validator.check_schema(schema)
        path, texts = self.config(""), re.findall(r"(?ms)^    # ~/\.config.*?(?=^\S)", (SCHEMAS.parent / "config.md").read_text())
        right = ["offline: true", "severity: [high, critical]", "db: {update: {feeds: [alpine, kev]}}", "threads: 2", "scan: {db: /srv/db}", "db: /srv/db", "scan: {}",
                 "fail-on-base: off", "policy: team.yaml", "policy: {check: {}}", "ignore-unfixed: true", "format: [table, json=x.json]", textwrap.dedent(texts[0])]
        wrong = ["ofline: true", "db: {severity: high}", "scan: {feeds: [kev]}", "scan: [severity]", "severity: [[high]]", "severity: []", "version: true",
                 "db: {update: {feeds: {a: b}}}", "man: true", "inventory: {fail-on: high}"]
        for text in (*right, *wrong):
            path.write_text(text + "\n")
            told = self.peekr("config")
            errors = list(jsonschema.Draft202012Validator(schema).iter_errors(yaml.safe_load(text)))
            self.assertEqual((told.returncode == 0, not errors), (text in right, text in right), (text, told.stderr, errors))
        self.assertEqual([list(jsonschema.Draft202012Validator(schema).iter_errors(one)) == [] for one in ({"offline": 1}, {"offline": "yes"})], [False] * 2)

    def test_variables_set_options(self):
        self.assertEqual(self.scan(), (0, [HIGH, LOW], []))
        self.assertEqual(self.scan(PEEKR_SEVERITY="high,critical", PEEKR_FAIL_ON="low"),
                         (2, [HIGH], ["PEEKR_FAIL_ON: --fail-on counts", "PEEKR_SEVERITY: --severity counts"]))
        self.assertEqual(self.scan(PEEKR_ONLY_FIXED="true")[1], [])
        self.assertEqual(self.scan(PEEKR_ONLY_FIXED="")[1], [HIGH, LOW], "an empty one says nothing")
        self.assertEqual(self.scan("--severity", "low", PEEKR_SEVERITY="high"), (0, [LOW], []), "the line comes first")
        self.assertEqual(self.scan("--only-fixed=false", PEEKR_ONLY_FIXED="true")[1], [HIGH, LOW])

    def test_what_comes_first_counts(self):
        path = self.config("severity: critical\nscan: {severity: high}\n")
        self.assertEqual(self.scan(), (0, [HIGH], [f"{path}:2: --severity counts"]), "what is said of the command comes before what is said of all")
        path.write_text("severity: high\npolicy: team.yaml\n")
        code, found, remarks = self.scan()
        self.assertEqual((code, found), (2, [LOW]), "the policy, which stands beside the config file, comes before it")
        self.assertIn(f"{path}:2: --policy counts", remarks)
        code, found, remarks = self.scan(PEEKR_SEVERITY="high")
        self.assertEqual((code, found), (2, [HIGH]), "a variable comes before the policy")
        self.assertIn(f"{path.parent}/team.yaml:1: severity: does not count: PEEKR_SEVERITY has --severity", remarks)
        self.assertEqual(self.scan(PEEKR_CONFIG="none"), (0, [HIGH, LOW], []))
        write_files(self.at, {"other.yaml": "severity: low\n", ".peekr.yaml": "severity: critical\n", ".config/peekr/config.yaml": "severity: critical\n"})
        self.assertEqual(self.scan(PEEKR_CONFIG="other.yaml")[1], [LOW])
        self.assertEqual(self.scan(PEEKR_CONFIG="none")[1], [HIGH, LOW], "none of this folder")
        self.assertEqual(self.scan(XDG_CONFIG_HOME=".config")[1], [LOW], "nor by a relative $XDG_CONFIG_HOME: ~/.config it is")

    def test_what_cannot_be_read_names_where_it_stands(self):
        path = self.config("scan: {severty: high}\n")
        self.fails(f"peekr: {path}:1: severty: is no option of peekr scan", "scan", "rootfs:root")
        self.assertEqual(self.peekr("version").returncode, 0)
        for text, message in (("sort: risc\n", ":1: --sort risc: want"), ("offline: maybe\n", ":1: --offline maybe: want true or false"),
                              ("exit-code: [1, 2]\n", ":1: --exit-code"), ("threads: 0\n", ":1: --threads"), ("db: {feeds: kev}\n", ":1: feeds: is no option of peekr db"),
                              ("quiet: true\nquiet: true\n", ": not YAML that is read: line 2: quiet: stands twice"), ("[a]\n", ": want a map"), ("a: [\n", ": not YAML"), ("TARGET: x\n", ":1: TARGET: is no option"),
                              ("vex: high.vex.json\n", f": {path.parent}/high.vex.json"), ("help: true\n", ":1: help: is no option of any command")):
            path.write_text(text)
            self.fails(message, "scan", "rootfs:root", "--db", "db")
        path.write_text("")
        self.fails("PEEKR_SORT: --sort risc: want", "scan", "rootfs:root", PEEKR_SORT="risc")
        self.fails("PEEKR_ONLY_FIXED: --only-fixed 1: want true or false", "scan", "rootfs:root", PEEKR_ONLY_FIXED="1")
        self.fails("PEEKR_CONFIG: /nowhere", "scan", "rootfs:root", PEEKR_CONFIG="/nowhere")

    def test_config_says_what_is_set_by_what(self):
        self.assertEqual(self.peekr("config").stdout, "config file: none\n")
        path = self.config("scan: {policy: team.yaml, severity: high}\nconvert: {sort: risk}\nquiet: true\ndb: {update: {feeds: [kev, alpine]}}\n")
        said = " ".join(self.peekr("config", PEEKR_SORT="epss", PEEKR_MIRROR="https://user:secret@mirror/a@b?token=secret", PEEKR_REGISTRY_TOKEN="secret").stdout.split())
        for words in (f"config file: {path} ", "--sort epss PEEKR_SORT: scan, convert ", f"--severity low {path.parent}/team.yaml:1: scan ",
                      f"--policy {path.parent}/team.yaml {path}:1: scan ", f"--feeds kev, alpine {path}:4: db update",
                      "--mirror https://...@b?... PEEKR_MIRROR: scan, plan, diff, explain, db update "):
            self.assertIn(words, said + " ")
        self.assertNotIn("secret", said)
        self.assertNotIn("risk", said)
        for url in ("https://u:secret/secret@mirror/a", "https://u:secret?secret@mirror/a", "https://u:secret#secret@mirror/a", "https://mirror/a?t=@secret", "https://mirror/#secret"):
            said = self.peekr("config", "scan", PEEKR_MIRROR=url).stdout
            self.assertIn("--mirror https://", said)
            self.assertNotIn("secret", said)
        self.assertEqual(self.peekr("config", "db", "update", PEEKR_SORT="epss").stdout.count("--"), 2)
        self.fails("config scna: there is no such command", "config", "scna")

    def test_every_long_name_has_a_variable(self):
        self.assertEqual(self.scan(PEEKR_IGNORE_UNFIXED="true")[1], [])
        self.assertIn("PEEKR_PARALLEL: --threads", self.peekr("scan", "rootfs:root", PEEKR_PARALLEL="0").stderr)
        said = self.peekr("doctor", "--db", "db", PEEKR_PARALLEL="1", PEEKR_MAN="true").stdout
        self.assertRegex(said, r"ok +environment +PEEKR_PARALLEL")
        self.assertRegex(said, r"bad +environment +PEEKR_MAN")

    def test_doctor_says_what_a_scan_would_not_take(self):
        for name, value in (("OFFLINE", "yes"), ("THREADS", "abc"), ("MAX_MEMORY", "1K"), ("FAIL_ON", "foo"), ("FORMAT", "foo"), ("POLICY", "/nope")):
            done = self.peekr("doctor", "--db", "db", **{f"PEEKR_{name}": value})
            self.assertEqual(done.returncode, 1, (name, done.stdout))
            self.assertRegex(done.stdout, r"bad +config +.*" + value)
        self.assertEqual(self.peekr("doctor", "--db", "db", PEEKR_OFFLINE="true").returncode, 0)

    def test_what_a_variable_takes_back_is_not_told(self):
        self.assertEqual(self.scan(PEEKR_INSECURE="false", PEEKR_ONLY_FIXED="false", PEEKR_VEX="none", PEEKR_FAIL_ON_BASE="on")[2], [])

    def test_an_empty_value_on_the_line_is_an_error(self):
        for option in ("--db", "--platform", "--timeout", "--pkg-types"):
            self.fails(f"{option}: is empty: of a variable that nobody has set?", "scan", "rootfs:root", option, "")
        self.fails("--policy: want a file, or none", "scan", "rootfs:root", "--policy", "")

    def test_what_is_read_is_not_written_over(self):
        image = self.at / "image.tar"
        image.write_bytes(b"an image")
        (self.at / "link.tar").symlink_to("image.tar")
        (self.at / "one.json").symlink_to("two.json")
        self.fails("--output link.tar: is what is to be read", "scan", "image.tar", "--db", "db", "-o", "link.tar")
        self.fails("csv=one.json: another report goes there", "scan", "rootfs:root", "--db", "db", "-f", "json=two.json", "-f", "csv=one.json")
        self.assertEqual(image.read_bytes(), b"an image")
        for name in "p.yaml", "i.yaml", "v.json", "t.tpl", "Dockerfile":
            (self.at / name).write_text("{}")
        for asked, place in ((("scan", "--policy", "p.yaml"), "p.yaml"), (("scan", "--ignorefile", "i.yaml"), "i.yaml"), (("scan", "--vex", "v.json"), "v.json"),
                             (("scan", "--template", "t.tpl"), "t.tpl"), (("plan",), "Dockerfile"), (("plan", "--dockerfile", "p.yaml"), "./p.yaml")):
            self.fails(f"--output {place}: is what is to be read", asked[0], "image.tar", "--db", "db", *asked[1:], "-o", place)
        self.fails("--output v.json: is what is to be read", "scan", "image.tar", "--db", "db", "-o", "v.json", PEEKR_VEX="v.json")
        for asked, place in ((("scan", "docker-archive:image.tar"), "image.tar"), (("scan", "oci-archive:image.tar:1.0"), "image.tar"), (("scan", "sbom:v.json"), "v.json"),
                             (("scan", "image.tar@sha256:" + 64 * "0"), "image.tar"), (("scan", "rootfs:root", "--base", "oci-archive:image.tar"), "image.tar"),
                             (("convert", "v.json", "-f", "csv"), "v.json"), (("diff", "v.json", "i.yaml"), "v.json"), (("diff", "v.json", "i.yaml"), "i.yaml"),
                             (("diff", "v.json", "docker-archive:image.tar:a"), "image.tar"), (("scan", "rootfs:root", "--registry-token", "p.yaml"), "p.yaml"),
                             (("scan", "rootfs:root", "--cacert", "p.yaml"), "p.yaml")):
            self.fails(f"--output {place}: is what is to be read", *asked, "-o", place, PEEKR_OFFLINE="true")
        (self.at / "p.yaml").write_text("offline: true\n")
        self.fails("--output p.yaml: is what is to be read", "scan", "rootfs:root", "-o", "p.yaml", PEEKR_CONFIG="p.yaml")
        self.assertNotIn("to be read", self.peekr("scan", "docker:t.tpl", "--offline", "--db", "db", "-o", "t.tpl").stderr)  # an image's name
        for name in "p.yaml", "i.yaml", "v.json", "t.tpl", "Dockerfile":
            (self.at / name).unlink()
        with tempfile.NamedTemporaryFile(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as kept:
            self.fails("another report goes there", "scan", "rootfs:root", "--db", "db", "-f", f"csv={kept.name}", "-f", f"json={kept.name}")

    def test_what_is_judged_and_by_what_is_told(self):
        code, _, remarks = self.scan(PEEKR_PKG_TYPES="os", PEEKR_LIMIT="entries=1000", PEEKR_MIRROR="/nowhere", PEEKR_INSECURE="true")
        self.assertEqual((code, sorted(remarks)), (0, [f"PEEKR_{name}: --{name.lower().replace('_', '-')} counts" for name in ("INSECURE", "LIMIT", "MIRROR", "PKG_TYPES")]))
        done = self.peekr("inventory", "rootfs:root", "-f", "json", PEEKR_PKG_TYPES="os")
        self.assertEqual(done.stderr, "PEEKR_PKG_TYPES: --pkg-types counts\n")
        done = self.peekr("scan", "rootfs:root", "--db", "db", PEEKR_AS_OF="2023-11-14T23:00:00Z")
        self.assertIn("as of 2023-11-14T23:00:00Z", " ".join(done.stdout.split()), done.stderr)
        self.assertIn("PEEKR_AS_OF: --as-of counts", done.stdout)

    def test_paths_are_from_the_folder_of_the_file(self):
        path = self.config("mirror: copies/{host}\nscan: {format: [table, json=out.json]}\n")
        said = self.peekr("config", "scan").stdout
        self.assertIn(f"--mirror {path.parent}/copies/{{host}}\n", said)
        self.assertIn(f"--format table, json={path.parent}/out.json\n", said)

    def test_the_exit_code_of_diff_is_of_the_line(self):
        for name, options in (("a", ("--severity", "critical")), ("b", ())):
            self.peekr("scan", "rootfs:root", "--db", "db", "--offline", "-f", f"json={name}.json", *options)
        self.assertIn("CVE-", self.peekr("diff", "a.json", "b.json").stdout)
        self.assertEqual(self.peekr("diff", "a.json", "b.json", PEEKR_EXIT_CODE="5").returncode, 0)
        self.assertEqual(self.peekr("diff", "a.json", "b.json", "--exit-code", "5").returncode, 5)
        self.config("exit-code: 5\n")
        self.assertEqual(self.peekr("diff", "a.json", "b.json").returncode, 0)

    def test_the_example_of_the_document(self):
        document = (SCHEMAS.parent / "config.md").read_text()
        path = self.config(textwrap.dedent(re.search(r"((?:    .*\n)+)", document).group(1)))
        said = self.peekr("config").stdout
        self.assertIn(f"--format table, json={path.parent}/report.json\n  {path}:6: scan\n", said)
        self.assertIn("--mirror https://mirror.example/{host}\n", said)

    def test_a_misspelt_variable_is_told(self):
        said = self.peekr("scan", "rootfs:root", "--db", "db", "--offline", PEEKR_FAIL_NO="high", PEEKR_SEVERETY="low", PEEKR_SERVICE_HOST="10.0.0.1", PEEKR_ACCEPT="1", PEEKR_CONFIG="none", PEEKR_FETCH_TRIE="3")
        self.assertEqual(said.stderr, "PEEKR_FAIL_NO: no variable of peekr's; did you mean PEEKR_FAIL_ON?\nPEEKR_FETCH_TRIE: no variable of peekr's; did you mean PEEKR_FETCH_TRIES?\n"
                                      "PEEKR_SEVERETY: no variable of peekr's; did you mean PEEKR_SEVERITY?\n")
        self.assertEqual(self.peekr("scan", "rootfs:root", "--db", "db", "--offline", "-q", PEEKR_FAIL_NO="high").stderr, "")
        self.assertEqual(self.peekr("version", PEEKR_FAIL_NO="high").stderr, "")

    def test_doctor_knows_the_variables_of_options(self):
        said = self.peekr("doctor", "--db", "db", PEEKR_FAIL_ON="high", PEEKR_FAIL_NO="high", PEEKR_CONFIG="none", PEEKR_MIRROR="https://a:secret@b/").stdout
        self.assertRegex(said, r"ok +environment +PEEKR_FAIL_ON: what it sets: peekr config")
        self.assertRegex(said, r"ok +environment +PEEKR_CONFIG")
        self.assertRegex(said, r"bad +environment +PEEKR_FAIL_NO: no variable of peekr's; did you mean PEEKR_FAIL_ON\?")
        self.assertNotIn("secret", said)
        path = self.config("severty: high\n")
        done = self.peekr("doctor", "--db", "db")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertRegex(" ".join(done.stdout.split()), f"bad config {path}:1: severty: is no option of any command")
        self.assertIn("ok   database", done.stdout)


if __name__ == "__main__":
    unittest.main()
