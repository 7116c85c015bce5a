#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/model/end_of_life.def from the data of endoflife.date (MIT; facts only).

    tools/end_of_life.py [endoflife.tar.zst | endoflife.json] > src/model/end_of_life.def

Without an argument: $PEEKR_SHARED/feeds/native/eol/endoflife.tar.zst. The file maps a product to its releases; of a release,
`eol` is the end of the publisher's security support and `eoes` that of extended support."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# product: ID of its os-release (centos-stream has "centos" there: src/model/end_of_life.cc)
PRODUCTS = {
    "almalinux": "almalinux", "alpine-linux": "alpine", "amazon-linux": "amzn", "centos": "centos",
    "centos-stream": "centos-stream", "cos": "cos", "debian": "debian", "devuan": "devuan", "fedora": "fedora",
    "linuxmint": "linuxmint", "mageia": "mageia", "nixos": "nixos", "openwrt": "openwrt", "opensuse": "opensuse",
    "oracle-linux": "ol", "rhel": "rhel", "rocky-linux": "rocky", "slackware": "slackware", "sles": "sles",
    "suse-linux-micro": "sl-micro", "ubuntu": "ubuntu", "vmware-photon": "photon",
}


def load(path):
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    return json.loads(subprocess.run(["tar", "--zstd", "-xOf", path], check=True, capture_output=True).stdout)


def date(text):
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)) else ""


def rows(product, id_, releases):
    for release in releases:
        version = release["releaseCycle"].removeprefix("cos-")
        if not version[0].isdigit():
            continue  # Linux Mint's Debian edition: its os-release says "debian"
        end, extended = date(release.get("eol")), date(release.get("eoes"))
        if product == "devuan":  # as Debian: what it calls lts is the end of regular support
            end, extended = date(release.get("lts")), end
        if end:
            yield [int(n) for n in version.split(".")], (id_, version, end, extended if extended > end else "")


def main():
    shared = os.environ.get("PEEKR_SHARED", os.path.join(ROOT, "..", "shared"))
    data = load(sys.argv[1] if len(sys.argv) > 1 else os.path.join(shared, "feeds/native/eol/endoflife.tar.zst"))
    print("// When distributions stop getting fixes: os-release ID, release, last day of security support, last day of extended")
    print("// support. Made by tools/end_of_life.py from the data of endoflife.date (MIT; facts only). Do not edit.")
    for product, id_ in sorted(PRODUCTS.items(), key=lambda pair: pair[1]):
        for _, row in sorted(rows(product, id_, data[product]["releases"])):
            print("END_OF_LIFE(" + ", ".join(f'"{cell}"' for cell in row) + ")")


if __name__ == "__main__":
    main()
