#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""conformance_test.py PEEKR: what `peekr inventory` finds in the root file systems of $PEEKR_SHARED/conformance.

The README there says how to compare: name, version and type find a package; `complete` allows no other of that ecosystem;
what else an expectation has (architecture, source, epoch, licences, owned files) counts where the model has it.
One line a case; fails on any miss that EXCEPTIONS does not explain."""
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What peekr reads so far. Other formats have issues of their own.
# By ecosystem: the package types that `complete` closes.
ECOSYSTEMS = {"dpkg": {"deb"}, "apk": {"apk"}, "rpm": {"rpm"}, "opkg": {"opkg"}, "image": {"apk", "deb", "rpm"},
              "distro": set(), "npm": {"npm"}, "python": {"pypi"}, "go": {"golang"}, "rust": {"cargo"}, "java": {"maven"},
              "java-runtime": {"generic"}, "binary-classifier": {"generic", "golang", "github"},
              "ruby": {"gem"}, "ruby-lock": {"gem"}, "php": {"composer", "pear"}, "php-lock": {"composer"},
              "wordpress": {"wordpress"}, "dotnet": {"nuget"}, "dotnet-lock": {"nuget"}, "npm-lock": {"npm"}, "python-lock": {"pypi"},
              "rust-lock": {"cargo"}, "go-lock": {"golang"}, "java-lock": {"maven"}, "conda": {"conda"},
              "pacman": {"alpm"}, "portage": {"ebuild"}, "chisel": {"deb"}, "homebrew": {"brew"}, "snap": {"snap", "deb"},
              "cos": {"cos"}, "kernel": {"linux-kernel", "linux-kernel-module"}, "bitnami": {"bitnami"},
              "sbom": {"bitnami", "cargo", "deb", "generic", "maven", "npm"}, "lua": {"luarocks"}, "perl": {"cpan"},
              "ocaml": {"opam"}, "prolog": {"swiplpack"}, "conan": {"conan"}, "dart-lock": {"pub"}, "elixir-lock": {"hex"},
              "erlang-lock": {"hex"}, "haskell-lock": {"hackage"}, "julia": {"julia"}, "r-lock": {"cran"}, "swift-lock": {"swift"}}
NOT_YET = set()

# case: why the expectation is not met, and rightly so; the misses. No others are allowed, nor fewer.
EXCEPTIONS = {
    "sbom-cdx-minimal": (
        "its document is about com.example.group:fooBar and has no components; what is expected stands in another one",
        {"not found: any Nginx 1.21.1", "not found: any openssl 1.1.1", "not found: any rustls 0.23.13",
         "not found: any @gar/promisify 1.1.3", "not expected: maven com.example.group:fooBar 1.2.3"}),
    "dpkg-scalibr-statusfield": (
        "it leaves out what is unpacked and not set up, whose files are all there", {"not expected: deb wantinstall_unpacked 1.0"}),
    "rpm-container-manifest-2-syft": (
        "its version of vim has the epoch in front, which it also has in `epoch` and which the README keeps out of versions",
        {"not found: rpm vim 2:9.0-1.cm2", "not expected: rpm vim 9.0-1.cm2"}),
    "lock-yarn-berry-trivy": (
        "it leaves out what Yarn patches, which is that package all the same", {"not expected: npm fsevents 2.1.3"}),
    "lock-requirements-versions": (
        "it takes the bound of a range for the version; which one will be there is not known, and a note says so",
        {"not found: pypi newspaper3k 0.2.2", "not found: pypi asdf ", "not found: pypi combination-._-.also_-._valid 3.5",
         "not found: pypi pkg 1.2.3"}),
}

# Names of distributions there: os-release IDs here.
DISTROS = {"alma": "almalinux", "oracle": "ol"}


def words(texts):
    """Licences as words, however they are joined."""
    return {word for text in texts for word in re.split(r"[\s,()]+", text.lower())} - {"and", "or", "with", "unknown", ""}


def qualifiers(purl):
    """The parts of a purl that do not depend on which distribution it is."""
    pairs = dict(pair.split("=", 1) for pair in purl.partition("?")[2].split("&") if "=" in pair)
    return {key: pairs[key] for key in ("arch", "upstream") if key in pairs}


def differences(want, got):
    """What an expectation says otherwise of a package with the same name, version and type."""
    pairs = {key: (want[key], got[key]) for key in ("arch", "vendor") if key in want and key in got}
    if "epoch" in want:
        pairs["epoch"] = (want["epoch"] or 0, got["epoch"] or 0)
    if want.get("source", "").endswith(".src.rpm"):
        pairs["source"] = (want["source"], f"{got['source']}-{got['source_version']}.src.rpm")
    elif "source" in want:
        pairs["source"] = (want["source"], got["source"])
    if "source_version" in want:
        pairs["source_version"] = (want["source_version"], got["source_version"])
    if "licenses" in want:
        pairs["licenses"] = (words(want["licenses"]), words(one["name"] for one in got["licenses"]))
    if "purl" in want:
        pairs["purl"] = (qualifiers(want["purl"]), qualifiers(got["purl"]))
    if "files" in want:
        pairs["files"] = (want["files"], len(got["files"]))
    return [f"{want['name']}: {key} {b!r}, not {a!r}" for key, (a, b) in pairs.items() if a != b]


def check_distro(want, inventory):
    distro = inventory["distro"] or {"id": "", "version_id": ""}
    name, version = DISTROS.get(want["name"], want["name"]), want["version"]
    if distro["id"] == name and (distro["version_id"] == version or distro["version_id"].startswith(version + ".")):
        return []
    return [f"distro {distro['id']} {distro['version_id']}, not {name} {version}"]


def key(package):
    """Type and name; PyPI names as PEP 503 writes them."""
    name = package["name"]
    return package["type"], re.sub(r"[-_.]+", "-", name).lower() if package["type"] == "pypi" else name


def same(want, got):
    if want.get("type") == "maven" and ":" not in want["name"]:  # the group is left open
        got = dict(got, name=got["name"].rpartition(":")[2])
    if "classifier" in want and want["purl"].partition("@")[0] == got["purl"].partition("@")[0]:  # consul: the module's name here
        got = dict(got, name=want["name"])
    if "type" not in want:  # names only, as SBOMs have them
        got, want = dict(got, name=got["name"].lower()), dict(want, type=got["type"], name=want["name"].lower())
    return key(want) == key(got) and want["version"] in ("", got["version"])


def check_packages(case, inventory):
    packages, misses, used = inventory["packages"], [], []
    for want in [one for one in case["expected"] if one.get("type") != "distro"]:
        found = [one for one in packages if same(want, one) and id(one) not in used]
        if not found:
            if not any(want.get(key) for key in ("root", "dev", "optional")):
                misses.append(f"not found: {want.get('type', 'any')} {want['name']} {want['version']}")
            continue
        best = min(found, key=lambda one: len(differences(want, one)))
        used.append(id(best))
        misses += differences(want, best)
    if case["complete"]:
        types = ECOSYSTEMS[case["ecosystem"]]
        rest = [one for one in packages if one["type"] in types and id(one) not in used]
        if case["ecosystem"] == "binary-classifier":  # one package with several places there
            rest = [one for one in rest if not any(same(want, one) for want in case["expected"])]
        misses += [f"not expected: {one['type']} {one['name']} {one['version']}" for one in rest]
    return misses


def check_owned(case, inventory):
    owned = {"/" + one["path"] for package in inventory["packages"] for one in package["files"]}
    return [f"nobody owns {path}" for path in case.get("owned_files", []) if path not in owned]


def check(peekr, folder, case):
    # Forced: some hold a file or two that no system would. Lock files are read in a folder of sources.
    target = ("dir:" if case["group"] == "lock" else "rootfs:") + os.path.join(folder, "rootfs")
    if not os.path.exists(os.path.join(folder, "rootfs")):
        target = "docker-archive:" + os.path.join(folder, "image.tar.gz")
    run = subprocess.run([peekr, "inventory", "--files", "-f", "json", target], capture_output=True, timeout=120)
    if run.returncode != 0:
        return [f"exit code {run.returncode}: {run.stderr.decode(errors='replace').strip()}"]
    inventory = json.loads(run.stdout)
    misses = [miss for want in case["expected"] if want.get("type") == "distro" for miss in check_distro(want, inventory)]
    return misses + check_packages(case, inventory) + check_owned(case, inventory)


def report(case, misses):
    """Prints the line of a case; whether it is as it should be."""
    reason, allowed = EXCEPTIONS.get(case["id"], ("", set()))
    if reason and set(misses) == allowed:
        print(f"except {case['id']}: {reason}")
        return True
    if reason and not misses:
        misses = ["is met: no exception any more"]
    print(f"{'FAIL' if misses else 'ok':6} {case['id']}")
    for miss in misses[:10]:
        print(f"         {miss}")
    if len(misses) > 10:
        print(f"         and {len(misses) - 10} more")
    return not misses


def main():
    shared = os.environ.get("PEEKR_SHARED", os.path.join(ROOT, "..", "shared"))
    archive = os.path.join(shared, "conformance", "packages.tar.zst")
    if not os.path.exists(archive):
        print("skipped: no shared data")
        return 0
    total = met = bad = 0
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(["tar", "--zstd", "-xf", archive, "-C", temporary], check=True)
        packages = os.path.join(temporary, "packages")
        for name in sorted(os.listdir(packages)):
            folder = os.path.join(packages, name)
            with open(os.path.join(folder, "want.json"), encoding="utf-8") as file:
                case = json.load(file)
            if case["ecosystem"] not in ECOSYSTEMS or name in NOT_YET:
                continue
            misses = check(sys.argv[1], folder, case)
            total, met = total + 1, met + (not misses)
            bad += not report(case, misses)
    print(f"conformance: {met} of {total}" + (f", {total - met - bad} reasoned exceptions" if total - met - bad else ""))
    return 1 if bad or not total else 0


if __name__ == "__main__":
    sys.exit(main())
