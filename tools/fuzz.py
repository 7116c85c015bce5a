#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fuzzing: seeds from the fixtures, replay in every test run, libFuzzer on demand.

fuzz.py replay PROGRAM TESTS_DIR            run an ordinary build of a target over its seeds (and their damaged copies)
fuzz.py run BIN_DIR [SECONDS [TARGET[:ROW]...]]   libFuzzer, that many CPU seconds for each target and each of its rows
"""
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import gzip
import hashlib
import io
import json
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
# Targets that feed every row of a list: the first line of an input names the row, or PEEKR_FUZZ_ROW does.
ROWS = {"catalog_catalog_fuzz": "catalog/catalogers.def", "feed_feed_fuzz": "feed/feeds.def",
        "version_version_fuzz": "version/schemes.def"}
# Their fixtures are cut and have bits flipped in tests/catalog_fixtures_test.cc, with the neighbours that a row reads.
DAMAGED_BY_TESTS = ("catalog_catalog_fuzz",)


def rows_of(target):
    if target not in ROWS:
        return [""]
    return re.findall(r"^[A-Z]+\((\w+)\)", (ROOT / "src" / ROWS[target]).read_text(), re.M)


def made(case):
    """The input files of a fixture case; one with a `make` is made in a temporary folder."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = case / "in"
        if (case / "make").exists():
            folder = pathlib.Path(temporary)
            subprocess.run([case / "make", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()]


def tar_of(names):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kind, text in names:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(text)
            else:
                info.linkname = text.decode()
            tar.addfile(info, io.BytesIO(text) if kind == tarfile.REGTYPE else None)
    return out.getvalue()


def layer_seeds():
    low = tar_of([("d/wanted", tarfile.REGTYPE, b"x"), ("lib", tarfile.SYMTYPE, b"usr/lib"), ("usr/lib", tarfile.DIRTYPE, b""),
                  ("long" * 60 + "/wanted", tarfile.REGTYPE, b"y")])
    high = tar_of([("d/.wh.wanted", tarfile.REGTYPE, b""), ("lib/wanted", tarfile.REGTYPE, b"z"),
                   ("e/.wh..wh..opq", tarfile.REGTYPE, b""), ("wanted2", tarfile.LNKTYPE, b"lib/wanted")])
    zstd = shutil.which("zstd")
    forms = [lambda b: b, gzip.compress]
    if zstd:
        forms.append(lambda b: subprocess.run([zstd, "-qc"], input=b, capture_output=True, check=True).stdout)
    return [len(form(low)).to_bytes(2, "little") + form(low) + form(high) for form in forms]


def toc_seeds():
    """Tables of contents of layers, each with the bytes that it speaks of; and the end of an eStargz layer."""
    def digest(data):
        return "sha256:" + hashlib.sha256(data).hexdigest()
    first, second = b"wanted by name", b"and more of it"
    payload = gzip.compress(bytes(512), mtime=0) + gzip.compress(first, mtime=0)
    end = len(payload)
    payload += gzip.compress(second, mtime=0)
    begin = len(gzip.compress(bytes(512), mtime=0))
    other = [{"name": "d/", "type": "dir", "mode": 493}, {"name": "l", "type": "symlink", "linkName": "../wanted"},
             {"name": "wanted2", "type": "hardlink", "linkName": "wanted"}, {"name": "c", "type": "char", "devMajor": 1}]
    one = {"name": "wanted", "type": "reg", "mode": 420, "size": len(first), "offset": begin, "digest": digest(first), "chunkDigest": digest(first)}
    whole = first + bytes(3) + second
    chunks = [{**one, "size": len(whole), "digest": digest(whole), "chunkSize": len(first), "endOffset": len(payload)},
              {"name": "wanted", "type": "chunk", "chunkOffset": len(first), "chunkSize": 3, "chunkType": "zeros"},
              {"name": "wanted", "type": "chunk", "offset": end, "chunkOffset": len(first) + 3, "chunkDigest": digest(second)}]
    inner = [{**one, "size": 6, "innerOffset": 7, "digest": digest(b"by nam"), "chunkDigest": digest(b"by nam")}]
    footer = b"\x1f\x8b\x08\x04" + bytes(5) + b"\xff\x1a\0SG\x16\0" + b"%016xSTARGZ" % 77 + b"\1\0\0\xff\xff" + bytes(8)
    documents = [json.dumps({"version": 1, "entries": more + other}).encode() for more in ([one], chunks, inner)]
    return [document + b"\0" + payload for document in documents] + [footer, b"100:20:300:1"]


def seeds(target, row):
    """(row, bytes) for each seed."""
    if target == "image_toc_fuzz":
        return [("", seed) for seed in toc_seeds()]
    if target.startswith("image_"):
        return [("", seed) for seed in layer_seeds()]
    if target in ROWS and target.startswith("version_"):
        versions = ["1.0", "1:2.30-1", "1.0~rc1", "2.19-18+deb8u2", "1.2.3_alpha1-r2", "1.0^git1-1.el9", "0", "1.2a"]
        return [(r, "\n".join(f"{a}\n{b}" for b in versions).encode()) for r in rows_of(target) for a in versions if row in ("", r)]
    folder, _, rest = target.partition("_")
    found = []
    for case in sorted((FIXTURES / folder).glob("*/*")):
        name = case.parent.name
        if target in ROWS and row not in ("", name):
            continue
        if target not in ROWS and not rest.startswith(name):
            continue
        found += [(name, data) for data in made(case)]
    return found or [("", b"")]


def write(folder, target, row):
    folder.mkdir(parents=True, exist_ok=True)
    prefixed = target in ROWS and not row
    for number, (name, data) in enumerate(seeds(target, row)):
        (folder / f"{number:04}").write_bytes(name.encode() + b"\n" + data if prefixed else data)


def damaged(folder):
    """Copies of each seed cut at every 1/16 and with flipped bits: always the same ones."""
    chance = random.Random(2015_7547)
    for file in sorted(folder.iterdir()):
        data = file.read_bytes()
        for part in range(1, 16):
            (folder / f"{file.name}-cut{part}").write_bytes(data[: len(data) * part // 16])
        for number in range(16):
            flipped = bytearray(data)
            for _ in range(1 + number // 4):
                if flipped:
                    at = chance.randrange(min(len(flipped), 1 << 16))
                    flipped[at] ^= 1 << chance.randrange(8)
            (folder / f"{file.name}-flip{number}").write_bytes(flipped)


def replay(program):
    target = pathlib.Path(program).name
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "seeds"
        write(folder, target, "")
        if target not in DAMAGED_BY_TESTS:
            damaged(folder)
        files = sorted(str(file) for file in folder.iterdir())
        for start in range(0, len(files), 500):
            done = subprocess.run([program, *files[start:start + 500]], timeout=900)
            if done.returncode != 0:
                return done.returncode
    return 0


def libfuzzer(program, corpus, row, seconds):
    """(output if something was found, executions, coverage, CPU seconds): rounds until that much CPU time is spent."""
    environment = dict(os.environ, **({"PEEKR_FUZZ_ROW": row} if row else {}))
    executions, covered, spent = 0, 0, 0.0
    for _ in range(50):
        left = seconds - spent
        if left < 1:
            break
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [program, f"-max_total_time={int(left) + 1}", "-print_final_stats=1", "-rss_limit_mb=2048", "-timeout=60",
             "-max_len=65536", f"-artifact_prefix={corpus}/crash-", str(corpus / "found"), str(corpus / "seeds")],
            env=environment, capture_output=True, text=True, errors="replace")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        count = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        executions += int(count[1]) if count else 0
        covered = max([covered, *map(int, re.findall(r"cov: (\d+)", done.stderr))])
        if done.returncode != 0:
            return done.stderr[-3000:], executions, covered, spent
    return "", executions, covered, spent


def run(folder, seconds, wanted):
    failed = 0
    targets = wanted or sorted(file.name for file in pathlib.Path(folder).glob("*_fuzz"))
    print(f"{'target':28} {'row':14} {'executions':>12} {'coverage':>9} {'CPU s':>8}  result")
    for name in targets:
        target, _, only = name.partition(":")
        for row in [only] if only else rows_of(target):
            corpus = ROOT / "build" / "corpus" / f"{target}-{row or 'all'}"
            work = corpus / "found"
            work.mkdir(parents=True, exist_ok=True)
            write(corpus / "seeds", target, row)
            found, executions, covered, spent = libfuzzer(f"{folder}/{target}", corpus, row, seconds)
            result = f"FOUND SOMETHING: see {corpus}/crash-*" if found else "nothing found"
            print(f"{target:28} {row:14} {executions:>12} {covered:>9} {spent:>8.0f}  {result}", flush=True)
            if found:
                failed += 1
                print(found)
    return 1 if failed else 0


def main():
    if len(sys.argv) >= 4 and sys.argv[1] == "replay":
        return replay(sys.argv[2])
    if len(sys.argv) >= 3 and sys.argv[1] == "run":
        return run(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 60, sys.argv[4:])
    print(__doc__)
    return 1


sys.exit(main())
