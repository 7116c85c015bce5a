#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The plan's commands for projects of Node.js, gems and environments of Python, done by the real npm, gem and pip, with packages of ours out of a registry on loopback and a folder:
a rescan shows exactly the promised findings gone. apt says what it would do. usage: tools_plan_test.py PEEKR_PROGRAM"""
import base64
import ensurepip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import unittest
import venv
import zipfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from case import Case, valid, write_files  # noqa: E402
from loopback import Server  # noqa: E402

# name: {version: what it needs}; "bundles" of its own: what lies in its archive.
NPM = {"alpha": {"1.0.0": {}, "1.2.0": {"beta": "2.0.0"}},                # asked for; the new one needs another old one
       "beta": {"1.0.0": {}, "2.0.0": {}, "2.0.1": {}},                   # needed by others, who do not allow the fix
       "gamma": {"0.1.0": {}, "0.2.0": {}, "1.0.0": {}},                  # asked for, and an old copy within another
       "delta": {"1.0.0": {}, "1.1.0": {}},                               # bundled
       "epsilon": {"1.0.0": {}, "2.0.0": {}, "2.0.1": {}},                # the lower copy has nothing, and stays
       "tool": {"1.0.0": {"beta": "^1.0.0", "alpha": "~1.0.0", "epsilon": "^1.0.0"}},
       "old": {"1.0.0": {"gamma": "0.1.0", "epsilon": "2.0.0", "beta": "1.0.0"}},
       "box": {"1.0.0": {"delta": "1.0.0"}},
       "keeper": {"1.0.0": {"al-beta": "npm:beta@1.0.0"}}}                # needs one under another name
BUNDLES = {"box": "delta"}
PROJECT = {"name": "app", "version": "1.0.0", "dependencies": {"alpha": "1.0.0", "gamma": "^1.0.0", "tool": "1.0.0", "box": "1.0.0"}, "devDependencies": {"old": "1.0.0"}}
FIXES = {"npm": [("alpha", "0", "1.2.0"), ("beta", "0", "2.0.1"), ("gamma", "0", "0.2.0"), ("delta", "0", "1.1.0"), ("epsilon", "2.0.0", "2.0.1")],
         "Debian:12": [("libx", "0", "1.1-1"), ("liby", "0", "1.1-1")],
         "Go": [("example.com/text", "0", "0.3.8"), ("example.com/net", "0", "0.7.0"), ("example.com/old", "0", "2.1.0")],
         "PyPI": [("fastx", "0", "0.109.1"), ("starx", "0", "0.27.0"), ("idnax", "0", "3.7")],
         "RubyGems": [("rackx", "0", "2.2.8"), ("railsx", "0", "7.1.0")]}
# module: {version: what it requires}; the fixed net needs more of text than the fix of that.
GO = {"example.com/text": {"v0.3.5": {}, "v0.3.8": {}, "v0.7.0": {}}, "example.com/net": {"v0.1.0": {"example.com/text": "v0.3.5"}, "v0.7.0": {"example.com/text": "v0.7.0"}},
      "example.com/old": {"v2.0.0+incompatible": {}, "v2.1.0+incompatible": {}}}
# The fixed fastx needs more of starx than the fix of that; to idnax's next line nobody is sent.
PYPI = [("fastx", "0.88.0", "starx==0.22.0"), ("fastx", "0.109.1", "starx<0.36.0,>=0.35.0"), ("starx", "0.22.0", ""), ("starx", "0.27.0", ""), ("starx", "0.35.1", ""),
        ("idnax", "2.10", ""), ("idnax", "3.7", ""), ("idnax", "3.9", ""), ("idnax", "4.0", "")]
PIP = [*Path("/usr/share/python-wheels").glob("pip-*.whl"), *Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")]
GEMS = [("rackx", "2.2.3", {}), ("rackx", "2.2.8", {}), ("railsx", "7.0.0", {"rackx": "= 2.2.3"}), ("railsx", "7.1.0", {"rackx": ">= 2.2"})]
OPTIONS = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false", "npm_config_ignore_scripts": "true"}


def archive(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo("package/" + name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def manifest(name, version):
    needs = {"dependencies": NPM[name][version]} | ({"bundleDependencies": [BUNDLES[name]]} if name in BUNDLES else {})
    return {"name": name, "version": version} | needs


def registry():
    server = Server()
    for name, versions in NPM.items():
        all_of = {}
        for version in versions:
            files = {"package.json": json.dumps(manifest(name, version)).encode()}
            if name in BUNDLES:
                inner = BUNDLES[name]
                files[f"node_modules/{inner}/package.json"] = json.dumps(manifest(inner, "1.0.0")).encode()
            data = archive(files)
            path = f"/{name}/-/{name}-{version}.tgz"
            server.files[path] = data
            sums = {"shasum": hashlib.sha1(data).hexdigest(), "integrity": "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()}
            all_of[version] = manifest(name, version) | {"dist": {"tarball": f"http://127.0.0.1:{server.server_port}{path}"} | sums}
        server.files["/" + name] = json.dumps({"name": name, "dist-tags": {"latest": max(versions)}, "versions": all_of}).encode()
    return server


def advisories():
    for ecosystem, rows in FIXES.items():
        for number, (name, since, fixed) in enumerate(rows):
            one = f"DEBIAN-CVE-2024-{number:04}" if ":" in ecosystem else f"GHSA-{ecosystem.lower()}-{number:04}"
            ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": since}, {"fixed": fixed}]}]
            yield f"osv/{one}.json", {"schema_version": "1.7.0", "id": one, "modified": "2023-10-25T00:00:00Z",
                                      "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": ranges}]}


def version_of(program):
    try:
        return int(subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0


class ToolsPlan(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_files(cls.at, dict(advisories()))
        cls.run_peekr("db", "build", "--from", "osv", "--db", "db")

    def report(self, *command):
        return valid("report" if command[0] == "scan" else command[0], self.run_peekr(*command, "--db", "db", "--offline", "-f", "json"))

    def found(self, root):
        """What is there in which version and is found, by where it lies in the root file system."""
        report = self.report("scan", root)
        packages = [report["packages"][one["package"]["index"]] for one in report["findings"]]
        return {(package["path"], package["name"], package["version"], one["id"]) for package, one in zip(packages, report["findings"])}

    def promised(self, plan):
        return {(package["path"], package["name"], package["version"], one["id"]) for action in plan["actions"] for step in action["steps"]
                for package in step["packages"] for one in step["removes"]}

    def apply(self, root, command, **environment):
        done = subprocess.run(["sh", "-ec", command], cwd=root, env=os.environ | OPTIONS | environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, (command, done.stdout[-500:], done.stderr[-1500:]))

    def npm(self, name, files, install="npm install", project=PROJECT):
        """A project in a root file system; the environment of its npm."""
        server = registry()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        # npx would fetch npm itself: the one that is here does.
        write_files(self.at, {"bin/npx": '#!/bin/sh\n[ "$1 $2" = "-y npm@11" ] || exit 1\nshift 2\nexec npm "$@"\n'})
        (self.at / "bin/npx").chmod(0o755)
        write_files(self.at / name, {"etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "app/package.json": project} | files)
        to = {"npm_config_registry": f"http://127.0.0.1:{server.server_port}/", "npm_config_cache": str(self.at / f"cache-{name}"),
              "PATH": f"{self.at}/bin:{os.environ['PATH']}", "HOME": str(self.at)}
        self.apply(self.at / name / "app", install, **to)
        return to

    @unittest.skipUnless(version_of("npm") >= 11, "skipped: no npm 11")
    def test_npm_does_what_is_promised(self):
        to = self.npm("node", {}, "npm install")
        before = self.found("rootfs:node")
        self.assertEqual({name for _, name, _, _ in before}, {"alpha", "beta", "gamma", "delta", "epsilon"})
        plan = self.report("plan", "rootfs:node")
        action, = plan["actions"]
        self.assertEqual((action["where"], action["missing"]), ("/app", "npm"))
        self.assertEqual(action["command"], "npm install alpha@1.2.0 && npm pkg set 'overrides[alpha@<1.2.0]=1.2.0' 'overrides[beta@<2.0.1]=2.0.1' "
                         "'overrides[epsilon@2.0.0 || >2.0.0 <2.0.1]=2.0.1' 'overrides[gamma@<0.2.0]=0.2.0' && npx -y npm@11 install")
        self.assertEqual({step["name"]: (step["direct"], step["through"]) for step in action["steps"]},
                         {"alpha": (True, ""), "beta": (False, "old, tool"), "epsilon": (False, "old"), "gamma": (False, "old")})
        self.assertEqual([one["what"].split(": GHSA")[0] for one in plan["staying"]],
                         ["npm delta 1.0.0: bundled in box 1.0.0: only another version of that can change it"])
        self.apply(self.at / "node/app", action["command"], **to)
        after = self.found("rootfs:node")
        self.assertEqual(before - after, self.promised(plan))
        self.assertEqual({one[1] for one in after}, {"delta"})
        self.assertEqual(len(after), plan["findings_after"])
        self.assertIn('"epsilon","version":"1.0.0"', json.dumps(self.versions("node"), separators=(",", ":")))
        self.assertEqual(self.report("plan", "rootfs:node")["actions"], [])

    @unittest.skipUnless(version_of("npm") >= 11, "skipped: no npm 11")
    def test_npm_brings_nothing_that_is_for_development_alone(self):
        to = self.npm("lean", {"usr/lib/node_modules/npm/package.json": {"name": "npm", "version": "11.0.0"}}, "npm install --omit=dev")
        before = self.found("rootfs:lean")
        plan = self.report("plan", "rootfs:lean")
        action, = plan["actions"]
        self.assertEqual(action["missing"], "")
        self.assertEqual(action["command"], "npm install --omit=dev alpha@1.2.0 && npm pkg set 'overrides[alpha@<1.2.0]=1.2.0' 'overrides[beta@<2.0.1]=2.0.1' "
                         "&& npx -y npm@11 install --omit=dev")
        self.apply(self.at / "lean/app", action["command"], **to)
        after = self.found("rootfs:lean")
        self.assertEqual((before - after, after - before), (self.promised(plan), set()))
        self.assertNotIn("old", [one["name"] for one in self.versions("lean")])

    @unittest.skipUnless(version_of("npm") >= 11, "skipped: no npm 11")
    def test_npm_changes_what_is_asked_for_under_another_name(self):
        to = self.npm("alias", {}, project={"name": "app", "version": "1.0.0", "dependencies": {"my-gamma": "npm:gamma@0.1.0", "keeper": "1.0.0"}})
        before = self.found("rootfs:alias")
        self.assertEqual({name for _, name, _, _ in before}, {"beta", "gamma"})
        plan = self.report("plan", "rootfs:alias")
        action, = plan["actions"]
        self.assertEqual(action["command"], "npm install my-gamma@npm:gamma@0.2.0 && npm pkg set 'overrides[al-beta@<2.0.1]=npm:beta@2.0.1' && npx -y npm@11 install")
        self.apply(self.at / "alias/app", action["command"], **to)
        after = self.found("rootfs:alias")
        self.assertEqual((before - after, after), (self.promised(plan), set()))

    def versions(self, root):
        return [{"name": one["name"], "version": one["version"]} for one in json.loads(self.run_peekr("inventory", f"rootfs:{root}", "-f", "json"))["packages"]]

    @unittest.skipUnless(shutil.which("apt-get"), "skipped: no apt")
    def test_apt_upgrades_what_is_held_and_what_is_of_another_architecture(self):
        def stanza(name, arch, version, rest):
            return f"Package: {name}\nArchitecture: {arch}\nMulti-Arch: same\nMaintainer: x <x@y.z>\nVersion: {version}\nDescription: x\n{rest}\n"

        ours = [("libx", "amd64", "hold"), ("liby", "i386", "install")]
        installed = "".join(stanza(name, arch, "1.0-1", f"Status: {want} ok installed\n") for name, arch, want in ours)
        apt = "".join(stanza(name, "amd64", "1-1", "Status: install ok installed\n") for name in ("apt", "dpkg"))
        known = "".join(stanza(name, arch, "1.1-1", f"Filename: ./{name}.deb\nSize: 1\nSHA256: {'0' * 64}\n") for name, arch, _ in [*ours, ("liby", "amd64", "")])
        write_files(self.at, {"deb/etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "deb/var/lib/dpkg/status": installed + apt, "repo/Packages": known,
                              "apt/etc/sources.list": f"deb [trusted=yes] file:{self.at}/repo ./\n", "apt/state/lists/partial/x": "", "apt/cache/archives/partial/x": "",
                              "apt/conf": f'Dir "{self.at}/apt"; Dir::Etc "etc"; Dir::State "state"; Dir::State::status "{self.at}/deb/var/lib/dpkg/status"; Dir::Cache "cache";\n'
                                          'APT::Architecture "amd64"; APT::Architectures { "amd64"; "i386"; }; APT::Sandbox::User "root"; Dir::Log "log";\n'})
        action, = self.report("plan", "rootfs:deb")["actions"]
        self.assertEqual(action["command"], "apt-get update && apt-get install -y --only-upgrade --allow-change-held-packages libx liby:i386")
        done = subprocess.run(["sh", "-ec", action["command"].replace("apt-get install", "apt-get --simulate install")], env=os.environ | {"APT_CONFIG": str(self.at / "apt/conf"), "LC_ALL": "C"},
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line.split(" (")[0] for line in done.stdout.splitlines() if line.startswith("Inst ")], ["Inst libx [1.0-1]", "Inst liby:i386 [1.0-1]"])

    @unittest.skipUnless(shutil.which("go"), "skipped: no go")
    def test_go_does_what_is_promised(self):
        for name, versions in GO.items():
            for version, needs in versions.items():
                at = self.at / "proxy" / name / "@v"
                lines = "".join(f"require {one} {what}\n" for one, what in needs.items())
                uses = "".join(f'import _ "{one}"\n' for one in needs)
                write_files(at, {version + ".mod": f"module {name}\n{lines}", version + ".info": {"Version": version}})
                with zipfile.ZipFile(at / (version + ".zip"), "w") as file:
                    file.writestr(f"{name}@{version}/a.go", "package a\n" + uses)
                    if "+" not in version:
                        file.writestr(f"{name}@{version}/go.mod", f"module {name}\n{lines}")
        wanted = "".join(f"require {name} {min(versions)}\n" for name, versions in GO.items())
        write_files(self.at, {"go/etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "go/app/go.mod": "module app\ngo 1.17\n" + wanted,
                              "go/app/main.go": "package main\n" + "".join(f'import _ "{name}"\n' for name in GO) + "func main() {}\n"})
        local = {"GOPROXY": f"file://{self.at}/proxy", "GONOSUMDB": "*", "GOPATH": str(self.at / "gopath"), "GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local", "HOME": str(self.at)}
        before = self.found("rootfs:go")
        self.assertEqual({name for _, name, _, _ in before}, set(GO))
        action, = self.report("plan", "rootfs:go")["actions"]
        self.assertEqual(action["command"], "go mod edit -require=example.com/net@v0.7.0 -require=example.com/old@v2.1.0+incompatible "
                         "-require=example.com/text@v0.3.8 && go mod tidy")
        self.apply(self.at / "go/app", action["command"], **local)
        self.assertEqual(self.found("rootfs:go"), set())
        self.assertIn("example.com/text v0.7.0", (self.at / "go/app/go.mod").read_text())

    @unittest.skipUnless(shutil.which("gem"), "skipped: no gem")
    def test_gem_does_what_is_promised(self):
        gems, home = self.at / "gems", self.at / "ruby/usr/local/bundle"
        for name, version, needs in GEMS:
            lines = "".join(f's.add_runtime_dependency "{one}", "{what}"\n' for one, what in needs.items())
            write_files(gems, {"bin/" + name: "", "one.gemspec": f'Gem::Specification.new do |s|\ns.name = "{name}"\ns.version = "{version}"\ns.summary = "x"\n'
                               f's.authors = ["x"]\ns.files = ["bin/{name}"]\ns.executables = ["{name}"]\n{lines}end\n'})
            self.apply(gems, "gem build one.gemspec")
        local = {"GEMRC": str(self.at / "gemrc"), "HOME": str(self.at)}
        write_files(self.at, {"gemrc": "gem: --no-document\ninstall: --local\n", "ruby/etc/os-release": 'ID=debian\nVERSION_ID="12"\n'})
        self.apply(gems, "gem install rackx-2.2.3.gem railsx-7.0.0.gem", GEM_HOME=str(home), **local)
        # What comes with Ruby itself no gem takes out.
        specification = (home / "specifications/rackx-2.2.3.gemspec").read_text()
        write_files(self.at, {"ruby/usr/lib/ruby/gems/3.1.0/specifications/default/rackx-2.2.3.gemspec": specification})
        before = self.found("rootfs:ruby")
        self.assertEqual(len(before), 3)
        plan = self.report("plan", "rootfs:ruby")
        action, = plan["actions"]
        self.assertEqual(action["command"], "export GEM_HOME=/usr/local/bundle && gem install rackx:2.2.8 railsx:7.1.0 && gem uninstall -I -x rackx -v 2.2.3 && "
                         "gem uninstall -I -x railsx -v 7.0.0")
        self.assertEqual([re.sub(": GHSA.*", "", one["what"]) for one in plan["staying"]],
                         ["gem rackx 2.2.3: comes with Ruby, and gem cannot take it out: only another version of Ruby can change it"])
        self.apply(gems, action["command"].replace("=/usr", f"={self.at}/ruby/usr"), **local)
        after = self.found("rootfs:ruby")
        self.assertEqual(before - after, self.promised(plan))
        self.assertEqual(len(after), plan["findings_after"])
        self.assertTrue((home / "bin/rackx").exists() and (home / "bin/railsx").exists())

    @unittest.skipUnless(PIP, "skipped: no pip of Python's own")
    def test_pip_does_what_is_promised(self):
        home = self.at / "python/opt/venv"
        venv.EnvBuilder(symlinks=True).create(home)
        packages, = home.glob("lib/python*/site-packages")
        with zipfile.ZipFile(PIP[0]) as file:
            file.extractall(packages)
        (self.at / "wheels").mkdir()
        for name, version, needs in PYPI:
            wheel = self.at / f"wheels/{name}-{version}-py3-none-any.whl"
            inside, at = {name + ".py": "", "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + (f"Requires-Dist: {needs}\n" if needs else ""),
                          "WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}, f"{name}-{version}.dist-info/"
            with zipfile.ZipFile(wheel, "w") as file:
                inside = {(one if one.endswith(".py") else at + one): text for one, text in inside.items()}
                for one, text in [*inside.items(), (at + "RECORD", "".join(f"{one},,\n" for one in [*inside, at + "RECORD"]))]:
                    file.writestr(one, text)
            if version in ("0.88.0", "0.22.0", "2.10"):
                with zipfile.ZipFile(wheel) as file:
                    file.extractall(packages)
        write_files(self.at, {"python/etc/os-release": 'ID=debian\nVERSION_ID="12"\n'})
        plan = self.report("plan", "rootfs:python")
        action, = plan["actions"]
        python = "/opt/venv/bin/" + packages.parent.name
        self.assertEqual(action["command"], f"{python} -m pip install 'fastx>=0.109.1,<1' 'idnax>=3.7,<4' 'starx>=0.27.0,<1'")
        self.apply(self.at, action["command"].replace("/opt", f"{self.at}/python/opt"), PIP_NO_INDEX="1", PIP_FIND_LINKS=str(self.at / "wheels"), PIP_DISABLE_PIP_VERSION_CHECK="1",
                   PIP_NO_COMPILE="1")
        after = self.report("scan", "rootfs:python")
        self.assertEqual((len(self.promised(plan)), after["findings"]), (3, []))
        self.assertEqual([(one["name"], one["version"]) for one in after["packages"] if one["name"] in ("fastx", "idnax", "starx")], [("fastx", "0.109.1"), ("idnax", "3.9"), ("starx", "0.35.1")])
        write_files(self.at, {"lock/uv.lock": 'version = 1\n[[package]]\nname = "idnax"\nversion = "2.10"\n'})
        action, = self.report("plan", "dir:lock")["actions"]
        self.assertEqual((action["command"], "image" in action["words"]), ("uv lock --upgrade-package 'idnax>=3.7,<4'", False))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
