#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What peekr writes of the image of formats_test.py, against the official schemas and in real readers, which are installed from PyPI and npm at test
time: CycloneDX (the schemas are in cyclonedx-python-lib), SPDX 2.3 (spdx-tools), SPDX 3 (spdx-python-model is made of its schema), SARIF with
GitHub's rules (Microsoft's multitool), CSAF (schema and mandatory tests in csaf), JUnit (junitparser). usage: official_schema_test.py PEEKR_PROGRAM"""
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import formats_test  # noqa: E402

TOOLS = ("cyclonedx-python-lib[validation]==11.12.0", "spdx-python-model==0.0.6", "spdx-tools==0.8.5", "csaf==2026.10.25", "junitparser==5.0.3")
MULTITOOL = "@microsoft/sarif-multitool-linux@5.7.0"
# peekr has no page of its own to name.
ALLOWED = {"SARIF2005"}


class OfficialSchemas(unittest.TestCase):
    folder = None

    @classmethod
    def setUpClass(cls):
        cls.made = formats_test.Formats()
        cls.made.setUpClass()

    @classmethod
    def tearDownClass(cls):
        cls.made.tearDownClass()

    def test_cyclonedx(self):
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator
        from cyclonedx.validation.xml import XmlValidator
        for version in formats_test.CYCLONEDX:
            for form, validator in (("json", JsonStrictValidator), ("xml", XmlValidator)):
                valid = validator(SchemaVersion["V" + version.replace(".", "_")])
                for text in self.made.of_each(f"cyclonedx-{form}@{version}"):
                    self.assertIsNone(valid.validate_str(text), (form, version))
                    self.assertIsNotNone(valid.validate_str(text.replace("library", "librarian")), (form, version))

    def test_spdx3(self):
        from spdx_python_model import v3_0_1 as spdx
        for text in self.made.of_each("spdx-json@3.0"):
            elements = spdx.SHACLObjectSet()
            spdx.JSONLDDeserializer().read(io.BytesIO(text.encode()), elements)
            self.assertEqual(elements.link(), set())
            self.assertEqual(len(elements.objects), text.count('"spdxId"') + 1)  # and CreationInfo
        with self.assertRaises(Exception):
            spdx.JSONLDDeserializer().read(io.BytesIO(text.replace("software_primaryPurpose", "software_purpose").encode()), spdx.SHACLObjectSet())

    def written(self, form, name):
        """Files with the format of an image with findings and of one without."""
        for number, text in enumerate(self.made.of_each(form, inventory=False)):
            path = Path(self.folder, f"{number}{name}")
            path.write_text(text)
            yield path

    def broken(self, path, old, new):
        text = path.read_text()
        self.assertIn(old, text)
        other = path.with_name("broken-" + path.name)
        other.write_text(text.replace(old, new))
        return other

    def test_spdx2(self):
        from spdx_tools.spdx.parser.parse_anything import parse_file
        from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
        for form, name in (("spdx-json", ".spdx.json"), ("spdx-tag-value", ".spdx")):
            for path in self.written(form, name):
                self.assertEqual([one.validation_message for one in validate_full_spdx_document(parse_file(str(path)))], [], form)
            self.assertNotEqual(validate_full_spdx_document(parse_file(str(self.broken(path, "CC0-1.0", "MIT")))), [], form)

    def sarif_faults(self, path):
        faults = path.with_suffix(".faults")
        done = subprocess.run([Path(self.folder, "package/Sarif.Multitool"), "validate", path, "--rule-kind", "Sarif;Ghas", "--output", faults],
                              capture_output=True, text=True, env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
        self.assertTrue(faults.exists(), done.stdout + done.stderr)
        return {one["ruleId"] for one in json.loads(faults.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])}

    def test_sarif(self):
        done = subprocess.run(["npm", "pack", "--silent", MULTITOOL], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest(f"not to be had from npm: {MULTITOOL}: {done.stderr}")
        subprocess.run(["tar", "-xzf", done.stdout.split()[-1]], cwd=self.folder, check=True)
        Path(self.folder, "package/Sarif.Multitool").chmod(0o755)
        for path in self.written("sarif", ".sarif"):
            self.assertLessEqual(self.sarif_faults(path), ALLOWED)
        path = Path(self.folder, "0.sarif")
        self.assertIn("GH2012", self.sarif_faults(self.broken(path, '"fullDescription"', '"someDescription"')) - ALLOWED, "else nothing is shown")

    def test_csaf(self):
        for path in self.written("csaf", ".csaf.json"):
            check = ["csaf", "validate", "--spec-version", "v20", "--preset", "basic", "--no-network"]
            environment = {**os.environ, "HOME": self.folder, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}
            done = subprocess.run([*check, path], capture_output=True, text=True, env=environment)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("[PASS] 6.1.1 ", done.stdout)
            done = subprocess.run([*check, self.broken(path, '"csaf_version"', '"csaf_versions"')], capture_output=True, text=True, env=environment)
            self.assertNotEqual(done.returncode, 0)

    def test_junit(self):
        from junitparser import JUnitXml
        for path, counts in zip(self.written("junit", ".junit.xml"), ((6, 4, 0), (1, 0, 0))):
            read = JUnitXml.fromfile(str(path))
            self.assertEqual((read.tests, read.failures, read.errors), counts)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        done = subprocess.run([folder + "/bin/pip", "install", "-q", "--disable-pip-version-check", "--no-compile", "--only-binary=:all:", *TOOLS],
                              capture_output=True, text=True)
        if done.returncode != 0:
            print("skipped: not to be had from PyPI: " + ", ".join(TOOLS))
            print(done.stderr)
            return 0
        OfficialSchemas.folder = folder
        sys.path.insert(0, str(next(Path(folder).glob("lib/python3*/site-packages"))))
        return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
