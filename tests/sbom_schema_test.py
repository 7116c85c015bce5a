#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every version of CycloneDX and SPDX 3 that peekr writes, of the image of formats_test.py, against the official schemas: those of CycloneDX are in
cyclonedx-python-lib, and spdx-python-model is made of SPDX's. Both are installed from PyPI at test time. usage: sbom_schema_test.py PEEKR_PROGRAM"""
import io
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import formats_test  # noqa: E402

TOOLS = ("cyclonedx-python-lib[validation]==11.12.0", "spdx-python-model==0.0.6")


class SbomSchemas(unittest.TestCase):
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


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        done = subprocess.run([folder + "/bin/pip", "install", "-q", "--disable-pip-version-check", "--no-compile", "--only-binary=:all:", *TOOLS],
                              capture_output=True, text=True)
        if done.returncode != 0:
            print("skipped: not to be had from PyPI: " + ", ".join(TOOLS))
            print(done.stderr)
            return 0
        sys.path.insert(0, str(next(Path(folder).glob("lib/python3*/site-packages"))))
        return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
