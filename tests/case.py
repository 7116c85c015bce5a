# SPDX-License-Identifier: Apache-2.0
"""Case: a test of the whole program in a folder of its own, at a time that stands still; and what such tests are made of: dpkg's list of packages, files,
images in layers, and the schemas that -f json is held to."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import images

PEEKR = os.path.abspath(sys.argv.pop(1))
SCHEMAS = Path(__file__).resolve().parent.parent / "docs/schema"
CLOCK = {"SOURCE_DATE_EPOCH": "1700000000", "ASAN_OPTIONS": "exitcode=99", "PEEKR_CONFIG": "none"}  # 2023-11-14T22:13:20Z


def status(packages, *more):
    """var/lib/dpkg/status of (name, source, version); more: lines of each stanza."""
    lines = "".join(line + "\n" for line in more)
    return "".join(f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\nVersion: {version}\n{lines}\n"
                   for name, source, version in packages)


def as_kept(table):
    """A table of standard output as it stands in a file: without the line that asks the same of peekr plan, and without the database."""
    table = re.sub(r"(?m)(not rated: peekr db update --feeds nvd) --db \S+", r"\1", table)
    return re.sub(r"(?m)^   the versions, the commands and a patch for the Dockerfile:\n     .*$",
                  "   peekr plan has the versions, the commands and a patch for the Dockerfile", table)


def write_files(folder, files):
    """name -> text, bytes, or what is written as JSON."""
    for name, data in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(data, (str, bytes)):
            data = json.dumps(data)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())


def write_image(folder, layers, tag):
    """An OCI layout in the folder "image" there, of layers of files."""
    tars = []
    for number, files in enumerate(layers):
        write_files(Path(folder) / f"layer{number}", files)
        tars.append(images.tar_of_folder(Path(folder) / f"layer{number}"))
    return images.write(images.files_of([images.Image(tars, "oci-dir-gzip", tag=tag)]), "oci-dir", folder)


def properties(schema, whole):
    """The fields that a schema names, through $ref, allOf and oneOf."""
    if "$ref" in schema:
        return properties(whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    all_of = dict(schema.get("properties", {}))
    for one in schema.get("allOf", []) + schema.get("oneOf", []):
        all_of.update(properties(one, whole))
    return all_of


def items(schema, whole):
    if "$ref" in schema:
        return items(whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    return schema["items"]


def unknown(data, schema, whole, place):
    """Fields that no schema names; list items that are no records."""
    if isinstance(data, dict):
        known = properties(schema, whole)
        for key, value in data.items():
            if key not in known:
                yield f"{place}/{key}"
            else:
                yield from unknown(value, known[key], whole, f"{place}/{key}")
    elif isinstance(data, list):
        for item in data:
            if not isinstance(item, dict):
                yield f"{place}: an item is no record"
            else:
                yield from unknown(item, items(schema, whole), whole, place)


def valid(name, text):
    """What the text says, when it is what docs/schema publishes by that name, and has nothing that is not published."""
    data, schema = json.loads(text), json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    strangers = sorted(unknown(data, schema, schema, ""))
    assert not strangers, ("written, but not in the schema", strangers)
    try:
        import jsonschema
    except ImportError:
        return data
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in jsonschema.Draft202012Validator(schema).iter_errors(data)]
    assert not errors, errors
    return data


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="peekr-")
        cls.at = Path(cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def done(cls, *arguments, code=0, given=None):
        """Line ends as they are, and bytes that are no text kept."""
        done = subprocess.run([PEEKR, *arguments], cwd=cls.at, env=os.environ | CLOCK, capture_output=True, timeout=120,
                              input=None if given is None else given.encode("utf-8", "surrogateescape"))
        assert done.returncode == code, (arguments, done.returncode, done.stderr)
        return [text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr)]

    @classmethod
    def run_peekr(cls, *arguments, code=0, given=None):
        return cls.done(*arguments, code=code, given=given)[0]

    @classmethod
    def told(cls, *arguments, code=0):
        """On standard error."""
        return cls.done(*arguments, code=code)[1]
