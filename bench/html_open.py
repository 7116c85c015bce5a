#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a page of many findings takes from the command to the eye: peekr writes it, Chromium opens it and draws it, then searches in it.
usage: bench/html_open.py PEEKR [FINDINGS [TIMES]]   prints bytes and the median of the times in milliseconds"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
import browser  # noqa: E402

PEEKR = os.path.abspath(sys.argv[1])
FINDINGS = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
TIMES = int(sys.argv[3]) if len(sys.argv) > 3 else 9
PACKAGES = 200
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:{0}/I:{0}/A:{0}"


def advisory(number):
    return {"schema_version": "1.7.0", "id": f"DEBIAN-CVE-2023-{10000 + number}", "modified": "2023-10-25T00:00:00Z", "published": "2023-06-01T00:00:00Z",
            "aliases": [f"CVE-2023-{10000 + number}"], "severity": [{"type": "CVSS_V3", "score": VECTOR.format("HLN"[number % 3])}] if number % 4 else [],
            "summary": f"A flaw of some kind, the {number}th: what is read is not what was written, and who can send it decides which",
            "references": [{"type": "WEB", "url": f"https://example.org/advisories/{number}/{i}"} for i in range(4)],
            "affected": [{"package": {"ecosystem": "Debian:12", "name": f"package{number % PACKAGES}"},
                          "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}] + ([{"fixed": "1.0-2"}] if number % 3 else [])}]}]}


def image(at):
    for folder in ("root/etc", "root/var/lib/dpkg", "feed"):
        (at / folder).mkdir(parents=True)
    (at / "root/etc/os-release").write_text("ID=debian\nVERSION_ID=12\n")
    (at / "root/var/lib/dpkg/status").write_text("".join(
        f"Package: package{i}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n" for i in range(PACKAGES)))
    for number in range(FINDINGS):
        (at / f"feed/{number}.json").write_text(json.dumps(advisory(number)))
    subprocess.run([PEEKR, "db", "build", "--from", "feed", "--db", "db"], cwd=at, check=True, capture_output=True)


def busy(page):
    """Seconds of processor time that the page's thread has had: what else runs on the machine is not in it."""
    return next(one["value"] for one in page.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration")


def main():
    if browser.PROGRAM is None:
        sys.exit("bench/html_open.py: there is no Chromium")
    with tempfile.TemporaryDirectory(prefix="peekr-html-") as folder:
        at = pathlib.Path(folder)
        image(at)
        scan = [PEEKR, "scan", "rootfs:root", "--db", "db", "--offline", "-q", "-f", "json=r.json", "-f", "html=r.html"]
        subprocess.run(scan, cwd=at, check=True)
        written, opened, worked, searched = [], [], [], []
        for _ in range(TIMES):
            start = time.monotonic()
            subprocess.run([PEEKR, "convert", "r.json", "-q", "-f", "html=r.html"], cwd=at, check=True)
            written.append(time.monotonic() - start)
        with browser.Browser() as page:
            page.size(1400, 900)
            page.send("Performance.enable", timeDomain="threadTicks")
            for _ in range(TIMES):
                page.open("about:blank")
                before = busy(page)
                opened.append(page.open((at / "r.html").as_uri()))
                worked.append(busy(page) - before)
                start = time.monotonic()
                page.run("""new Promise((done) => { const box = document.querySelector('input[type=search]'); box.value = 'package7';
                            box.dispatchEvent(new Event('input', {bubbles: true})); requestAnimationFrame(() => setTimeout(done)); })""")
                searched.append(time.monotonic() - start)
        median = {name: round(statistics.median(times) * 1000) for name, times in (("convert", written), ("open", opened), ("of it the page's thread at work", worked), ("search", searched))}
        print(f"{len(json.loads((at / 'r.json').read_text())['findings'])} findings, {(at / 'r.html').stat().st_size} bytes of HTML; "
              + ", ".join(f"{name} {time} ms" for name, time in median.items()) + f" (median of {TIMES}; opened in at most {round(max(opened) * 1000)} ms)")


main()
