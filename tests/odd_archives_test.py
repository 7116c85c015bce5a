#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""odd_archives_test.py PROGRAM: the odd tars and gzips of $PEEKR_SHARED/images/odd/mk.py and mk2.py, each as the only layer of
an image. The makers are run with two files more, an os-release in front and a dpkg status at the end: who sees both has walked
over all that is odd between them."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import e2e_test  # noqa: E402
import images  # noqa: E402
from images import RELEASE, STATUS  # noqa: E402

FOUND = ["distro debian 12", "package deb bash 5.2.15-2+b2 layer 0 var/lib/dpkg/status"]
EVIL = "note suspicious evil"  # the entry ../evil
BEHIND = "note suspicious"     # data behind the end
ALL = FOUND + [EVIL]
NOTHING = ["distro none"]

# What is right for each: GNU tar and bsdtar agree on these; data behind the end they ignore, peekr says so.
WANT = {
    "gnu.tar": ALL, "pax.tar": ALL, "paxg.tar": ALL, "paxsize.tar": NOTHING, "v7.tar": NOTHING, "empty.tar": NOTHING,
    "zero.tar": NOTHING, "noend.tar": ALL, "oneend.tar": ALL,
    "garbage.tar": FOUND + [BEHIND, EVIL], "concat.tar": FOUND + [BEHIND, EVIL],
    "g-garbage.gz": FOUND + [BEHIND, EVIL],
    **{f"g-{name}.gz": ALL for name in ("plain", "name", "all", "multi", "emptymem", "zeros", "stored", "fixed")},
    **{f"g-{name}.gz": None for name in ("trunc", "trunc2", "badcrc", "badlen", "badbody", "reserved")},
    **{f"h-{name}.gz": ALL for name in ("name", "extra", "extra300", "comment", "hcrc", "name_hcrc", "name_extra",
                                        "name_extra_comment")},
}
# noend.tar and oneend.tar lack the end of the archive; saying so is allowed.
MAY_SAY_MORE = {"noend.tar", "oneend.tar", "zero.tar"}


def make(shared, out):
    maker = (shared / "mk.py").read_text()
    first, last = "add(t,'a');", "add(t,'p'*155+'/'+'q'*99)"
    assert maker.count(first) == 1 and maker.count(last) == 1, "mk.py has changed: look at it again"
    maker = maker.replace(first, f"add(t,'etc/os-release',{RELEASE.encode()!r}); {first}")
    maker = maker.replace(last, f"{last}; add(t,'var/lib/dpkg/status',{STATUS.encode()!r})")
    (out / "mk.py").write_text(maker)
    (out / "mk2.py").write_text((shared / "mk2.py").read_text())
    for script in ("mk.py", "mk2.py"):
        subprocess.run([sys.executable, script], cwd=out, check=True)


def answer(program, blob, out):
    image = images.Image([b""], "oci-dir-gzip")
    image.blobs = [blob]
    target = images.write(images.files_of([image]), "oci-dir", out)
    done = subprocess.run([program, "inventory", "--format", "json", str(target)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")


def wrong(name, result):
    """What is wrong with the answer, or nothing."""
    code, text, errors = result
    if WANT[name] is None:
        return "" if code == 1 and "layer 1 of 1" in errors else f"exit {code}, wanted 1 and the layer's name: {errors}{text}"
    if code != 0:
        return f"exit {code}: {errors}"
    got, want = e2e_test.summary(text, True).splitlines(), list(WANT[name])
    if name in MAY_SAY_MORE:
        got = [line for line in got if line in want or not line.startswith("note ")]
    return "" if sorted(got) == sorted(want) else f"wanted {want}, got {got}"


def main():
    program = os.path.abspath(sys.argv[1])
    root = os.environ.get("PEEKR_SHARED", str(pathlib.Path(__file__).parent.parent / ".." / "shared"))
    shared = pathlib.Path(root) / "images" / "odd"
    if not (shared / "mk.py").exists():
        print("skipped: no shared data (images/odd/mk.py)")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory(prefix="peekr-odd-") as scratch:
        out = pathlib.Path(scratch)
        make(shared, out)
        made = sorted(path.name for path in out.iterdir() if path.suffix in (".tar", ".gz"))
        for name in sorted(set(made) | set(WANT)):
            if name not in made or name not in WANT:
                why = "nobody makes it" if name in WANT else "nobody has said what is right for it"
            else:
                why = wrong(name, answer(program, (out / name).read_bytes(), out / (name + ".image")))
            failed += bool(why)
            print(f"FAILED {name}: {why}" if why else f"ok {name}")
    print(f"{failed} of {len(set(made) | set(WANT))} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
