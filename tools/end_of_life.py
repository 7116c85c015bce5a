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
    "centos-stream": "centos-stream", "clearlinux": "clear-linux-os", "cos": "cos", "debian": "debian", "devuan": "devuan",
    "eurolinux": "eurolinux", "fedora": "fedora", "linuxmint": "linuxmint", "mageia": "mageia", "nixos": "nixos",
    "openwrt": "openwrt", "opensuse": "opensuse", "oracle-linux": "ol", "pop-os": "pop", "postmarketos": "postmarketos",
    "rhel": "rhel", "rocky-linux": "rocky", "slackware": "slackware", "sles": "sles", "steamos": "steamos",
    "suse-linux-micro": "sl-micro", "ubuntu": "ubuntu", "vmware-photon": "photon",
}
# What endoflife.date does not have. An empty version: all of them.
OTHERS = [
    ("coreos", "", "2020-05-26", ""),  # Container Linux: Red Hat's announcement of February 2020
    ("mariner", "1.0", "2023-08-31", ""),  # Microsoft: github.com/dotnet/dotnet-docker/issues/4558
    # "July 2025" for all, github.com/Azure/azure-cli/pull/31533; in AKS later, learn.microsoft.com/azure/azure-linux/support-cycle
    ("mariner", "2.0", "2025-07-31", "2025-11-30"),
    ("azurelinux", "3.0", "2027-08-31", ""),  # endoflife.date has it since July 2026; the copy at hand is older
    # Red Hat's errata policy of 2003, www.cnews.ru/news/line/red_hat_prekrashchaet_podderzhku_nekotoryh
    ("redhat", "6.2", "2003-03-31", ""),
    ("redhat", "7.0", "2003-03-31", ""),
    *(("redhat", version, "2003-12-31", "") for version in ("7.1", "7.2", "7.3", "8.0")),
]
# Without releases: their packages are replaced by newer ones for good.
ROLLING = ("arch", "archarm", "artix", "chainguard", "endeavouros", "gentoo", "kali", "manjaro", "minimos", "opensuse-microos",
           "opensuse-slowroll", "opensuse-tumbleweed", "solus", "void", "wolfi")


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
        if version == "current":  # one at a time: the date is that of the whole distribution
            yield [], (id_, "", date(release["eol"]), "")
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
    print("// When distributions stop getting fixes: os-release ID, release (empty: any), last day of security support, last day of")
    print("// extended support; and those that have no releases. Made by tools/end_of_life.py from the data of endoflife.date (MIT;")
    print("// facts only) and what is noted there. Do not edit.")
    table = {id_: [row for _, row in sorted(rows(product, id_, data[product]["releases"]))] for product, id_ in PRODUCTS.items()}
    for row in OTHERS:
        table.setdefault(row[0], []).append(row)
    for id_ in sorted(table):
        for row in table[id_]:
            print("END_OF_LIFE(" + ", ".join(f'"{cell}"' for cell in row) + ")")
    for id_ in ROLLING:
        print(f'ROLLING("{id_}")')


if __name__ == "__main__":
    main()
