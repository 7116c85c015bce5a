#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real software, made at test time, against what its own package manager says is there: dpkg-query, rpm, npm, pip, gem, go; and what a
linker has put in. The sets must be identical. What a registry would have to give is skipped, and says so, where it cannot be reached. usage: oracle_test.py PEEKR_PROGRAM"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PEEKR = os.path.abspath(sys.argv[1])
PIP = "black celery fastapi flask httpx jinja2 pytest pyyaml requests rich sphinx starlette tox twine virtualenv zope.interface".split()
NPM = "eslint@8 express@4 jest@29 webpack@5 webpack-cli@5".split()
GO = {"github.com/google/uuid": "uuid.NewString()", "golang.org/x/text/cases": "cases.Fold().String(`x`)", "gopkg.in/yaml.v3": "yaml.ScalarNode"}


class Unreachable(Exception):
    pass


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, **more).stdout


NETWORK = re.compile(r"network|connect|ENOTFOUND|EAI_AGAIN|ECONN|time(d|) ?out|no such host|name resolution|proxy|unreachable|certificate", re.I)


def installed(*command, **more):
    """What has to come out of a registry. That it cannot be reached is no error; what else fails is."""
    try:
        return run(*command, **more)
    except subprocess.TimeoutExpired as error:
        raise Unreachable(f"{command[0]}: no answer within {error.timeout:.0f} s") from error
    except subprocess.CalledProcessError as error:
        lines = [line for line in (error.stderr or "").splitlines() if NETWORK.search(line)]
        if not lines:
            raise
        raise Unreachable(f"{command[0]}: {lines[0].strip()}") from error


def packages(root, kind, *fields):
    """What is installed there; not what documents or lock files that lie there speak of."""
    found = json.loads(run(PEEKR, "inventory", f"rootfs:{root}", "-f", "json"))["packages"]
    return sorted(tuple(one[field] for field in fields) for one in found if one["type"] == kind and not (one["claimed"] or one["declared"]))


def dpkg(at):
    """The database of this machine."""
    database = at / "var/lib/dpkg"
    database.mkdir(parents=True)
    shutil.copy("/var/lib/dpkg/status", database)
    shutil.copytree("/var/lib/dpkg/info", database / "info")
    text = run("dpkg-query", f"--admindir={database}", "-W", "-f=${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n")
    said = [tuple(line.split("\t")) for line in text.splitlines()]
    return sorted(one[1:] for one in said if one[0] == "installed"), packages(at, "deb", "name", "version", "arch", "source", "source_version")


def spec(count):
    """One source with many packages; some with an epoch, some of other versions."""
    parts = ["Name: tower\nVersion: 1.2\nRelease: 3.el9\nSummary: x\nLicense: MIT\nBuildArch: noarch\n%description\nx\n%files\n"]
    for i in range(count):
        extra = (f"Epoch: {i % 3}\n" if i % 4 == 0 else "") + (f"Version: {i}.{i % 7}~rc1\n" if i % 5 == 0 else "")
        parts.append(f"%package -n part{i}\nSummary: x\n{extra}%description -n part{i}\nx\n%files -n part{i}\n/usr/share/part{i}\n")
    return "\n".join(parts) + "\n%install\n" + "".join(f"mkdir -p %{{buildroot}}/usr/share/part{i}\n" for i in range(count))


def rpm(at):
    """A database that rpm itself makes; Debian's makes only SQLite."""
    (at / "tower.spec").write_text(spec(900))
    run("rpmbuild", "-bb", "--define", f"_topdir {at}/top", "--define", "_binary_payload w0.gzdio", at / "tower.spec")
    root = at / "root"
    root.mkdir()
    where = ("--root", root, "--dbpath", "/var/lib/rpm")
    run("rpm", *where, "-i", "--nodeps", "--justdb", "--noscripts", *sorted((at / "top").rglob("*.rpm")))
    said = []
    for line in run("rpm", *where, "-qa", "--qf", "%{NAME}\t%{VERSION}-%{RELEASE}\t%{EPOCH}\t%{ARCH}\t%{SOURCERPM}\n").splitlines():
        name, version, epoch, arch, source = line.split("\t")
        said.append((name, version, None if epoch == "(none)" else int(epoch), arch, re.sub(r"-[^-]*-[^-]*$", "", source)))
    name = lambda one: one[:2]
    return sorted(said, key=name), sorted(packages(root, "rpm", "name", "version", "epoch", "arch", "source"), key=name)


def npm(at):
    installed("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *NPM, cwd=at)
    tree = json.loads(run("npm", "ls", "--all", "--json", "--long", cwd=at))
    said, open_ = set(), [tree]
    while open_:
        for name, one in (open_.pop().get("dependencies") or {}).items():
            if "version" in one and "path" in one:
                said.add((one.get("name", name), one["version"], os.path.relpath(one["path"], os.path.realpath(at)) + "/package.json"))
            open_.append(one)
    return sorted(said), packages(at, "npm", "name", "version", "path")


def pip(at):
    run(sys.executable, "-m", "venv", at / "venv")
    # Without building anything: that would be a test of compilers.
    installed(at / "venv/bin/pip", "install", "-q", "--disable-pip-version-check", "--no-compile", "--only-binary=:all:", *PIP)
    listed = json.loads(run(at / "venv/bin/pip", "list", "--disable-pip-version-check", "--format", "json"))
    plain = lambda name: re.sub(r"[-_.]+", "-", name).lower()
    return sorted((plain(one["name"]), one["version"]) for one in listed), sorted((plain(name), version) for name, version in packages(at, "pypi", "name", "version"))


def gem(at):
    """Those of this machine."""
    folders = run("gem", "env", "path").strip().split(":")
    for folder in folders:
        if (Path(folder) / "specifications").is_dir():
            shutil.copytree(Path(folder) / "specifications", at / folder.strip("/") / "specifications")
    said = set()
    for name, versions in re.findall(r"^(\S+) \((.*)\)$", run("gem", "list", "--local"), re.M):
        said |= {(name, version.removeprefix("default: ").split(" ")[0]) for version in versions.split(", ")}
    return sorted(said), sorted(set(packages(at, "gem", "name", "version")))


def go(at):
    uses = "".join(f"\tprintln({use})\n" for use in GO.values()).replace("println(yaml.ScalarNode)", "println(int(yaml.ScalarNode))")
    (at / "main.go").write_text("package main\n\nimport (\n" + "".join(f'\t"{one}"\n' for one in GO) + f")\n\nfunc main() {{\n{uses}}}\n")
    run("go", "mod", "init", "example.org/app", cwd=at)
    installed("go", "mod", "tidy", cwd=at)
    (at / "root").mkdir()
    run("go", "build", "-o", "root/app", ".", cwd=at)
    said = []
    for line in run("go", "version", "-m", "root/app", cwd=at).splitlines():
        parts = line.split("\t")
        if parts[1:2] == ["dep"]:
            said.append((parts[2], parts[3]))
        elif len(parts) == 1:
            said.append(("stdlib", parts[0].split(": go")[1]))
        elif parts[1] == "mod":
            said.append((parts[2], parts[3]))
    return sorted(said), packages(at / "root", "golang", "name", "version")


def static(at):
    """What clang links in, where nothing asks for a version."""
    (at / "a.c").write_text('#include <openssl/evp.h>\nint main(void) { unsigned char out[64]; return EVP_Digest("x", 1, out, 0, EVP_sha256(), 0); }\n')
    (at / "root").mkdir()
    run("clang-19", "-static", "-s", "-w", at / "a.c", "-o", at / "root/a", "-lcrypto")
    upstream = lambda package: run("dpkg-query", "-W", "-f=${Version}", package).split(":")[-1].rsplit("-", 1)[0]
    return [("glibc", upstream("libc6-dev")), ("openssl", upstream("libssl-dev"))], packages(at / "root", "generic", "name", "version")


PARTS = {"npm ls": npm, "pip list": pip, "dpkg-query": dpkg, "rpm -qa": rpm, "gem list": gem, "go version -m": go,
         "clang -static": static}


def check(name, at):
    """(how many, what is wrong, why it was not looked at)"""
    at.mkdir()
    try:
        said, found = PARTS[name](at)
    except Unreachable as error:
        return 0, None, str(error)
    except FileNotFoundError as error:
        return 0, f"there is no {error.filename}", None
    except subprocess.TimeoutExpired as error:
        return 0, f"{error.cmd[0]} did not end within {error.timeout:.0f} s", None
    except subprocess.CalledProcessError as error:
        return 0, f"{error.cmd[0]} failed with {error.returncode}: {error.stderr[-400:]}", None
    if said == found:
        return len(said), None, None
    more, fewer = [one for one in found if one not in said], [one for one in said if one not in found]
    return len(said), f"{len(found)} found; too many: {more[:10]}; missing: {fewer[:10]}", None


def main():
    total, wrong, left_out = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(3) as pool:
        done = {name: pool.submit(check, name, Path(folder) / str(i)) for i, name in enumerate(PARTS)}
        for name, one in done.items():
            count, error, skipped = one.result()
            total, wrong, left_out = total + count, wrong + (error is not None), left_out + (skipped is not None)
            print(f"{name}: " + (f"skipped: {skipped}" if skipped else f"{count} packages, " + (error or "identical")))
    print(f"{total} packages")
    if not left_out and total < 2000:
        print("fewer than 2,000 packages were compared")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
