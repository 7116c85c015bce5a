#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peekr plan on a root file system of ours: what it promises is what a second scan finds, and its patch applies to the Dockerfile.
usage: plan_test.py PEEKR_PROGRAM"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PEEKR, SOURCE = os.path.abspath(sys.argv[1]), Path(__file__).resolve().parent.parent
STATUS = """Package: apt
Status: install ok installed
Architecture: amd64
Version: 2.6.1

Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: {ssl}

Package: python3-six
Status: install ok installed
Architecture: all
Source: six
Version: 1.16.0-4

"""
FILES = {"app/package.json": '{"name": "app", "version": "1.0.0", "dependencies": {"lodash": "^4.17.4", "webpack": "5.0.0"}, "devDependencies": {"evil": "1.0.0"}}',
         "usr/local/lib/node_modules/npm/package.json": '{"name": "npm", "version": "11.0.0"}',
         "app/node_modules/webpack/package.json": '{"name": "webpack", "version": "5.0.0", "dependencies": {"semver": "^5.7.1"}}',
         "app/node_modules/lodash/package.json": '{"name": "lodash", "version": "4.17.4"}',
         "app/node_modules/webpack/node_modules/semver/package.json": '{"name": "semver", "version": "5.7.1"}',
         "app/node_modules/evil/package.json": '{"name": "evil;reboot", "version": "1.0.0"}',
         "usr/lib/python3/dist-packages/six-1.16.0.egg-info": "Metadata-Version: 1.2\nName: six\nVersion: 1.16.0\n",
         "var/lib/dpkg/info/python3-six.list": "/usr/lib/python3/dist-packages/six-1.16.0.egg-info\n"}
DOCKERFILE = (Path(__file__).parent / "fixtures/report/dockerfile/typical/in/Dockerfile").read_text().rstrip("\n")
NPM = "npm install lodash@4.17.21 && npm pkg set 'overrides[semver@<5.7.2]=5.7.2' && npx -y npm@11 install"
failures = []


def check(what, got, want):
    if got != want:
        failures.append(f"{what}: {got!r}, want {want!r}")


def advisory(cve, ecosystem, name, *events, number=[0]):
    number[0] += 1
    return {"schema_version": "1.7.0", "id": f"{'DEBIAN-' if ecosystem.startswith('Debian') else 'GHSA-'}{cve}", "modified": "2023-10-25T00:00:00Z",
            "aliases": [cve], "upstream": [], "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [
                {"type": "ECOSYSTEM" if ":" in ecosystem else "SEMVER", "events": [{kind: version} for kind, version in events]}]}]}


def fixed(version):
    return [("introduced", "0"), ("fixed", version)]


ADVISORIES = [
    advisory("CVE-2023-1", "Debian:12", "openssl", *fixed("3.0.11-1~deb12u2")),
    advisory("CVE-2023-2", "Debian:12", "openssl", *fixed("3.0.9-2")),
    advisory("CVE-2023-3", "Debian:12", "openssl", ("introduced", "0")),
    # The first fix has a hole of its own, of which the next one is the end.
    advisory("CVE-2019-1", "npm", "lodash", *fixed("4.17.11")),
    advisory("CVE-2019-2", "npm", "lodash", ("introduced", "4.17.11"), ("fixed", "4.17.21")),
    advisory("CVE-2019-3", "npm", "lodash", ("introduced", "4.17.20")),
    advisory("CVE-2022-1", "npm", "semver", *fixed("5.7.2")),
    advisory("CVE-2022-2", "npm", "evil;reboot", *fixed("2.0.0")),
    advisory("CVE-2023-4", "Alpine:v3.18", "curl", *fixed("8.5.0-r0")),
    advisory("CVE-2022-3", "PyPI", "six", *fixed("1.17.0"))]


class Box:
    def __init__(self, folder):
        self.folder = folder
        for name, text in FILES.items():
            self.write("root/" + name, text)
        self.write("root/etc/os-release", 'ID=debian\nVERSION_ID="12"\n')
        self.write("root/var/lib/dpkg/status", STATUS.format(ssl="3.0.9-1"))
        for one in ADVISORIES:
            self.write("osv/" + one["id"] + ".json", json.dumps(one))
        self.run("db", "build", "--from", "osv", "--db", "db")

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def run(self, *arguments):
        return subprocess.run([PEEKR, *arguments], cwd=self.folder, capture_output=True, text=True)

    def plan(self, *options):
        return self.run("plan", "rootfs:root", "--db", "db", "--offline", *options)

    def found(self):
        done = self.run("scan", "rootfs:root", "--db", "db", "--offline", "-f", "json")
        return sorted((one["package"]["name"], one["id"]) for one in json.loads(done.stdout)["findings"])


def promises(box):
    done = box.plan("-f", "json")
    check("exit code", (done.returncode, done.stderr.count("\n") <= 1), (0, True))
    plan = json.loads(done.stdout)
    box.write("plan.json", done.stdout)
    checked = subprocess.run([sys.executable, "-c", "import json, sys, jsonschema; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                              box.folder / "plan.json", SOURCE / "docs/schema/plan.schema.json"], capture_output=True, text=True)
    check("schema", (checked.returncode, checked.stderr[-300:]), (0, ""))
    actions = {one["where"]: one for one in plan["actions"]}
    check("places", sorted(actions), ["", "/app"])
    check("system", actions[""]["command"], "apt-get update && apt-get install -y --only-upgrade libssl3")
    check("project", (actions["/app"]["command"], actions["/app"]["words"]),
          (NPM, "npm before 11 leaves what is overridden as it is, hence npm@11; those that need it did not choose that version: test them"))
    steps = {one["name"]: (one["from"], one["to"], [removed["id"] for removed in one["removes"]]) for action in plan["actions"] for one in action["steps"]}
    check("steps", steps, {"openssl": ("3.0.9-1", "3.0.11-1~deb12u2", ["CVE-2023-1", "CVE-2023-2"]), "lodash": ("4.17.4", "4.17.21", ["CVE-2019-1"]),
                           "semver": ("5.7.1", "5.7.2", ["CVE-2022-1"])})
    check("unfixable", [one["id"] for one in plan["unfixable"]], ["CVE-2023-3"])
    check("staying", [one["what"] for one in plan["staying"]],
          ["npm evil;reboot 1.0.0: its name or version may not stand in a command: CVE-2022-2",
           "pypi six 1.16.0: installed by deb package python3-six, which nobody says to have fixed it: CVE-2022-3"])
    check("brings", [one["what"] for one in plan["brings"]], ["npm lodash 4.17.4: no version was found that has none: CVE-2019-3"])
    before = box.found()
    check("before", plan["findings_before"], len(before))
    box.write("root/var/lib/dpkg/status", STATUS.format(ssl=steps["openssl"][1]))
    for name, where in [("lodash", "lodash"), ("semver", "webpack/node_modules/semver")]:
        box.write(f"root/app/node_modules/{where}/package.json", json.dumps({"name": name, "version": steps[name][1]}))
    after = box.found()
    check("after", (plan["findings_after"], after), (3, [("evil;reboot", "CVE-2022-2"), ("libssl3", "CVE-2023-3"), ("lodash", "CVE-2019-3"), ("six", "CVE-2022-3")]))
    check("nothing is left to do", json.loads(box.plan("-f", "json").stdout)["actions"], [])


def sums(box):
    """A source package has two binary packages: what the actions remove adds up to what the plan says."""
    box.write("root/var/lib/dpkg/status", STATUS.format(ssl="3.0.9-1") + "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.9-1\n\n")
    plan = json.loads(box.plan("-f", "json").stdout)
    check("each once", (plan["findings_before"], plan["findings_after"], len(box.found())), (7, 3, 10))
    check("removed", sum(len(step["removes"]) for action in plan["actions"] for step in action["steps"]), 4)
    check("risks", round(plan["risk_before"] - plan["risk_after"], 1), round(sum(action["risk"] for action in plan["actions"]), 1))
    box.write("root/var/lib/dpkg/status", STATUS.format(ssl="3.0.9-1"))


def architectures(box):
    """apt takes a name without one for that of dpkg's own."""
    one = STATUS.format(ssl="3.0.9-1")
    foreign = one.replace("Architecture: amd64\nSource", "Architecture: i386\nSource")
    for status, names in [(foreign, "libssl3:i386"), (one + foreign, "libssl3 libssl3:i386"), (one.replace("amd64", "arm64"), "libssl3")]:
        box.write("root/var/lib/dpkg/status", status)
        commands = [action["command"] for action in json.loads(box.plan("-f", "json").stdout)["actions"] if action["type"] == "deb"]
        check("architectures", commands, ["apt-get update && apt-get install -y --only-upgrade " + names])
    box.write("root/var/lib/dpkg/status", one)


def kept(box):
    """What somebody keeps in its version: dpkg's hold, etc/apk/world, overrides of package.json."""
    one = STATUS.format(ssl="3.0.9-1")
    box.write("root/var/lib/dpkg/status", one.replace("libssl3\nStatus: install", "libssl3\nStatus: hold"))
    box.write("root/app/package.json", FILES["app/package.json"].replace('"devDep', '"overrides": {"lodash": "4.17.4"}, "devDep'))
    plan = json.loads(box.plan("-f", "json").stdout)
    check("held", [(action["where"], action["command"], [step["name"] for step in action["steps"]]) for action in plan["actions"]],
          [("", "apt-get update && apt-get install -y --only-upgrade --allow-change-held-packages libssl3", ["openssl"]), ("/app", NPM.split(" && ", 1)[1], ["semver"])])
    check("overridden", [one["what"] for one in plan["staying"] if "lodash" in one["what"]],
          ["npm lodash 4.17.4: overrides of package.json has its name already, and npm keeps to that: change the version there: CVE-2019-1"])
    for name in ("var/lib/dpkg/status", "app/package.json"):
        box.write("root/" + name, FILES.get(name, one))
    box.write("alpine/etc/os-release", "ID=alpine\nVERSION_ID=3.18.4\n")
    box.write("alpine/etc/apk/world", "apk-tools curl=8.4.0-r0\n")
    box.write("alpine/lib/apk/db/installed", "".join(f"P:{name}\nV:{version}\nA:x86_64\no:{source}\n\n" for name, version, source in
                                                     [("apk-tools", "2.14.0-r2", "apk-tools"), ("curl", "8.4.0-r0", "curl"), ("libcurl", "8.4.0-r0", "curl")]))
    action, = json.loads(box.run("plan", "rootfs:alpine", "--db", "db", "--offline", "-f", "json").stdout)["actions"]
    check("pinned", (action["command"], action["words"]), ("apk add --no-cache 'curl>=8.5.0-r0' && apk upgrade --no-cache libcurl",
                                                           "somebody keeps these in their versions (etc/apk/world), and the command does not: curl"))


def inside(box):
    """A root file system inside the image: no command of the image's own upgrades what is there."""
    shutil.copytree(box.folder / "root/var/lib/dpkg", box.folder / "root/srv/chroot/var/lib/dpkg")
    box.write("root/srv/chroot/etc/os-release", 'ID=debian\nVERSION_ID="12"\n')
    actions = {one["where"]: one for one in json.loads(box.plan("-f", "json").stdout)["actions"] if one["type"] == "deb"}
    check("inside: places", sorted(actions), ["", "/srv/chroot"])
    for where, command in [("", "apt-get update && apt-get install -y --only-upgrade libssl3"), ("/srv/chroot", "")]:
        check("inside: " + where, (actions[where]["command"], [len(one["removes"]) for one in actions[where]["steps"]]), (command, [2]))
    check("inside: words", "1. upgrade 1 source package of the root file system /srv/chroot (deb)\n" in box.plan().stdout.replace("2. ", "1. ").replace("3. ", "1. "), True)
    box.write("Dockerfile", "FROM debian:12\n")
    done = box.plan("-f", "dockerfile-patch")
    check("inside: patch", ("chroot" in done.stdout, "not in the patch: deb /srv/chroot: upgrade them where" in done.stderr or done.stderr), (False, True))
    shutil.rmtree(box.folder / "root/srv")


def patches(box):
    for name, text in [("Dockerfile", DOCKERFILE), ("end", DOCKERFILE + "\n"), ("short", "FROM debian:12\n"), ("bare", "FROM debian:12"), ("low", "FROM debian:12\nRUN a\nRUN b\nRUN c\nRUN d\nRUN e\n")]:
        box.write(name, text)
        done = box.plan("-f", "dockerfile-patch", "--dockerfile", name)
        check(name + ": exit code", done.returncode, 0)
        applied = subprocess.run(["patch", "-p1", "--fuzz=0"], input=done.stdout, cwd=box.folder, capture_output=True, text=True)
        check(name + ": patch", (applied.returncode, "offset" in applied.stdout), (0, False))
        patched = (box.folder / name).read_text()
        added = [line for line in patched.split("\n") if line and line not in text.split("\n")]
        check(name + ": lines", added, ["RUN apt-get update && apt-get install -y --only-upgrade libssl3", "RUN cd /app && " + NPM])
        check(name + ": the rest", [line for line in patched.split("\n") if line not in added], text.split("\n") + [""] * (name == "bare"))
    lines = (box.folder / "Dockerfile").read_text().split("\n")
    check("behind FROM", lines[4], "RUN apt-get update && apt-get install -y --only-upgrade libssl3")
    check("behind the here-document", lines[lines.index("EOF") + 1], "RUN cd /app && " + NPM)
    box.write("none", "# nothing\n")
    done = box.plan("-f", "dockerfile-patch", "--dockerfile", "none")
    check("no FROM", (done.returncode, "peekr: --dockerfile: none: no FROM in it" in done.stderr or done.stderr), (1, True))
    box.write("stages", "FROM debian:12 AS prod\nRUN a\nFROM prod AS test\nRUN b\n")
    for target, behind in [((), "AS test"), (("--target", "prod"), "AS prod")]:
        done = box.plan("-f", "dockerfile-patch", "--dockerfile", "stages", *target)
        check("stages: where", behind + "\n+RUN apt-get" in done.stdout or done.stdout, True)
        check("stages: told", "the patch is for the last stage, test (line 3): for another one say --target STAGE" in done.stderr or done.stderr, not target or done.stderr)
    check("stages: none", box.plan("-f", "dockerfile-patch", "--dockerfile", "stages", "--target", "x").stderr, "peekr: --dockerfile: stages: no stage x\n")


def names(box):
    """The patch is of the file that was given, not of one of its name in the working folder."""
    want = "FROM debian:12\nRUN apt-get update && apt-get install -y --only-upgrade libssl3\nRUN cd /app && " + NPM + "\n"
    for name, at, where in [("docker/Dockerfile", "docker/Dockerfile", "."), ("./docker/../docker/Dockerfile", "docker/Dockerfile", "."), ("my files/Dockerfile", "my files/Dockerfile", "."),
                            (str(box.folder / "docker/Dockerfile"), "docker/Dockerfile", "."), (str(box.folder) + ".other/Dockerfile", "../" + box.folder.name + ".other/Dockerfile", "../" + box.folder.name + ".other")]:
        box.write("Dockerfile", "FROM other\n")
        box.write(at, "FROM debian:12\n")
        done = box.plan("-f", "dockerfile-patch", "--dockerfile", name)
        applied = subprocess.run(["patch", "-p1", "--fuzz=0"], input=done.stdout, cwd=box.folder / where, capture_output=True, text=True)
        check(name + ": applied", (applied.returncode, (box.folder / at).read_text(), (box.folder / "Dockerfile").read_text()), (0, want, "FROM other\n"))
        check(name + ": told", "the patch is to be applied in " in done.stderr, where != ".")
    shutil.rmtree(str(box.folder) + ".other")
    box.write("docker/Dockerfile", "FROM debian:12\n")
    box.write("docker/a\tb", "FROM debian:12\n")
    for name, to in [("link", "docker/Dockerfile"), ("docker/a\tb", "docker/a\tb")]:
        if name == "link":
            (box.folder / name).symlink_to(to)
        done = box.plan("-f", "dockerfile-patch", "--dockerfile", name)
        if shutil.which("git"):  # where it is in a repository, it would pass over what is not below its root
            alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(box.folder.parent)}
            applied = subprocess.run(["git", "apply", "--check", "--verbose"], input=done.stdout, cwd=box.folder, env=alone, capture_output=True, text=True)
            check(to + ": git", (applied.returncode, applied.stderr.startswith("Checking patch ") or applied.stderr), (0, True))
        else:
            print("skipped: no git")
        applied = subprocess.run(["patch", "-p1", "--fuzz=0"], input=done.stdout, cwd=box.folder, capture_output=True, text=True)
        check(to + ": applied", (applied.returncode, (box.folder / to).read_text()), (0, want))


def line_ends(box):
    """A Dockerfile of Windows: the mark of UTF-8 at its start, and its ends of lines."""
    for text in ("FROM debian:12\r\nRUN a\r\n", "FROM debian:12\r\nRUN a", "\ufeffFROM debian:12\r\nRUN a\r\n", "\ufeffFROM debian:12\nRUN a\n"):
        (box.folder / "Dockerfile").write_bytes(text.encode())
        done = subprocess.run([PEEKR, "plan", "rootfs:root", "--db", "db", "--offline", "-f", "dockerfile-patch"], cwd=box.folder, capture_output=True)
        applied = subprocess.run(["patch", "-p1", "--fuzz=0"], input=done.stdout, cwd=box.folder, capture_output=True)
        end = "\r\n" if "\r" in text else "\n"
        first, last = text.rstrip().split(end)
        want = end.join([first, "RUN apt-get update && apt-get install -y --only-upgrade libssl3", last, "RUN cd /app && " + NPM, ""])
        check("ends of lines", (applied.returncode, (box.folder / "Dockerfile").read_bytes()), (0, want.encode()))


def people(box):
    text = box.plan().stdout
    for part in ("Plan: 2 actions remove 4 of 7 vulnerabilities", "1. upgrade 1 source package of the system (deb)\n", "2. npm: /app\n",
                 f"\n     {NPM}\n", "lodash 4.17.4 -> 4.17.21 (direct): CVE-2019-1", "semver 5.7.1 -> 5.7.2 (through webpack): CVE-2022-1", "No fix is known of 1 vulnerability: CVE-2023-3",
                 "Comes with the new versions (1)"):
        check("table: " + part, part in text or text, True)
    check("severities are no work", "Plan: nothing to do: no findings" in box.plan("--severity", "critical").stdout, True)


def main():
    with tempfile.TemporaryDirectory() as temporary:
        box = Box(Path(temporary))
        for part in (sums, architectures, kept, inside, people, patches, names, line_ends, promises):
            part(box)
    print("\n".join(failures) or "ok")
    return bool(failures)


sys.exit(main())
