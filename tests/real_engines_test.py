#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images out of podman and containerd, where they run: each on a socket of its own, with storage of its own. usage: real_engines_test.py PEEKR_PROGRAM"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import engine_case  # noqa: E402
import images  # noqa: E402
from engine_case import LAYERS, TOP, EngineCase, python_package  # noqa: E402
from images import BASE, STATUS, layer  # noqa: E402


class RealEngine(EngineCase):
    @classmethod
    def begin(cls, name, *others):
        """A folder and a socket for the engine, which start() starts; skipped where that gives a reason, or a program is not here."""
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"peekr-{name}-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.socket = cls.folder / f"{name}.sock"
        why = cls.start() if all(map(shutil.which, (name, *others))) else f"{name} is not installed"
        if why:
            print("partly skipped: " + why, flush=True)
            raise unittest.SkipTest(why)


class Podman(RealEngine):
    """The real one."""

    @classmethod
    def setUpClass(cls):
        cls.begin("podman")

    @classmethod
    def start(cls):
        """Why it does not run; empty: it does."""
        cls.podman = ["podman", "--root", cls.folder / "root", "--runroot", cls.folder / "runroot", "--storage-driver", "vfs"]
        cls.environment = {"PATH": os.environ["PATH"], "HOME": str(cls.folder), "TMPDIR": str(cls.folder)}
        log = open(cls.folder / "log", "wb")
        cls.service = subprocess.Popen([*cls.podman, "system", "service", "--time", "0", f"unix://{cls.socket}"],
                                       env=cls.environment, stdout=log, stderr=log)
        cls.addClassCleanup(cls.service.wait)
        cls.addClassCleanup(cls.service.terminate)
        cls.addClassCleanup(log.close)
        for _ in range(200):
            if cls.socket.exists():
                break
            if cls.service.poll() is not None:
                break
            time.sleep(0.05)
        said = subprocess.run(["podman", "--url", f"unix://{cls.socket}", "info"], env=cls.environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if not said.returncode:
            return ""
        return "podman's service does not run here: " + (cls.folder / "log").read_text() + said.stdout.decode()

    def load(self, layers, name):
        image = images.Image(layers, "docker-archive-oci", tag=name)
        path = images.write(images.files_of([image]), image.form, self.home / "made")
        subprocess.run([*self.podman, "load", "-q", "-i", path], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        return "sha256:" + images.sha256(image.config())

    def test_an_image_by_name_and_by_id(self):
        number = self.load(LAYERS, "localhost/app:1")
        host = {"CONTAINER_HOST": f"unix://{self.socket}"}
        for name in ("localhost/app:1", "app:1", number, number[7:19]):
            found, report, _ = self.packages("podman:" + name, "--no-cache", **host)
            self.assertEqual(found, ["a", "bash"], name)
            self.assertEqual((report["image"]["kind"], report["image"]["id"]), ("podman", number))
            self.assertEqual([one["diff_id"] for one in report["image"]["layers"]],
                             ["sha256:" + images.sha256(one) for one in LAYERS])
        self.refused("podman:none:1", "podman: none:1: no image of that name or id", "podman pull fetches it", **host)

    def test_it_says_the_same_as_the_archive_that_it_saves(self):
        self.load([BASE, TOP, layer(python_package("b"), ("usr/local/bin/x", b"\x7fELF" + bytes(100)))], "localhost/other:1")
        subprocess.run([*self.podman, "save", "-q", "-o", self.home / "saved.tar", "localhost/other:1"], env=self.environment, check=True)
        _, live, _ = self.packages("podman:localhost/other:1", CONTAINER_HOST=f"unix://{self.socket}")
        _, saved, _ = self.packages("saved.tar")
        for key in ("packages", "notes", "completeness"):
            self.assertEqual(live.get(key), saved.get(key), key)

    def test_docker_sees_what_podman_has_over_the_socket(self):
        self.load(LAYERS, "localhost/app:1")
        self.assertEqual(self.packages("docker:localhost/app:1", DOCKER_HOST=f"unix://{self.socket}")[0], ["a", "bash"])

    def test_a_container_and_what_it_has_written(self):
        self.load(LAYERS, "localhost/app:1")
        run = lambda *command: subprocess.run([*self.podman, *command], env=self.environment, check=True,
                                              stdout=subprocess.PIPE).stdout.decode().strip()
        number = run("create", "--name", "box", "localhost/app:1", "/bin/true")
        self.addCleanup(run, "rm", "box")
        host = {"CONTAINER_HOST": f"unix://{self.socket}"}
        self.assertEqual(self.packages("container:box", **host)[1]["drift"], {"packages": []})
        root = pathlib.Path(run("mount", "box"))
        status = root / "var/lib/dpkg/status"
        status.write_text(STATUS.replace("-2+b2", "-10") + STATUS.replace("bash", "nc"))
        shutil.rmtree(root / "opt/lib")
        path, text = python_package("late")
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text)
        run("umount", "box")
        for name in ("box", number, number[:12]):
            found, report, _ = self.packages("container:" + name, **host)
            self.assertEqual(found, ["bash", "late", "nc"], name)
            self.assertEqual([(one["change"], one["name"]) for one in report["drift"]["packages"]],
                             [("changed", "bash"), ("added", "nc"), ("removed", "a"), ("added", "late")])
        self.refused("container:none", "container: none: no container of that name or id", **host)


    def test_a_container_that_runs(self):
        """A process in it installs a package, and lives on."""
        made = self.home / "made"
        made.mkdir()
        place, text = python_package("late")
        (made / "start.c").write_text("#include <stdio.h>\n#include <unistd.h>\n"
                                      f'int main(void) {{ rename("/later", "/{os.path.dirname(place)}"); for (;;) pause(); }}\n')
        subprocess.run(["clang-19", "-static", "-O1", "-o", made / "start", made / "start.c"], check=True)
        start = images.entry("start", (made / "start").read_bytes(), mode=0o755) + images.END
        self.load([*LAYERS, layer(("later/METADATA", text)), start], "localhost/runs:1")
        run = subprocess.run([*self.podman, "--cgroup-manager", "cgroupfs", "run", "-d", "--name", "runs", "--network", "none", "--ulimit", "host",
                              "localhost/runs:1", "/start"], env=self.environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(subprocess.run, [*self.podman, "rm", "-f", "-t", "0", "runs"], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        if run.returncode:
            print("partly skipped: no container runs here: " + run.stdout.decode(), flush=True)
            self.skipTest("no container runs here")
        host, found = {"CONTAINER_HOST": f"unix://{self.socket}"}, []
        for _ in range(100):
            found, report, _ = self.packages("container:runs", **host)
            if "late" in found:
                break
            time.sleep(0.1)
        self.assertEqual(found, ["a", "bash", "late"])
        self.assertEqual([(one["change"], one["name"]) for one in report["drift"]["packages"]], [("added", "late")])
        state = subprocess.run([*self.podman, "inspect", "-f", "{{.State.Running}}", "runs"], env=self.environment, check=True,
                               stdout=subprocess.PIPE).stdout
        self.assertEqual(state.strip(), b"true")


class Containerd(RealEngine):
    """The real one."""

    @classmethod
    def setUpClass(cls):
        cls.begin("containerd", "ctr")

    @classmethod
    def start(cls):
        """Why it does not run; empty: it does."""
        (cls.folder / "config.toml").write_text(
            f"version = 2\nroot = '{cls.folder}/root'\nstate = '{cls.folder}/state'\n"
            f"disabled_plugins = ['io.containerd.grpc.v1.cri']\n[grpc]\naddress = '{cls.socket}'\n"
            f"[plugins.'io.containerd.internal.v1.opt']\npath = '{cls.folder}/opt'\n")
        log = open(cls.folder / "log", "wb")
        cls.addClassCleanup(log.close)
        service = subprocess.Popen(["containerd", "-c", cls.folder / "config.toml"], stdout=log, stderr=log)
        cls.addClassCleanup(service.wait)
        cls.addClassCleanup(service.terminate)
        for _ in range(200):
            if cls.ctr("version", check=False).returncode == 0:
                return ""
            if service.poll() is not None:
                break
            time.sleep(0.05)
        return "containerd does not run here: " + (cls.folder / "log").read_text()[-1000:]

    @classmethod
    def ctr(cls, *command, check=True, **more):
        return subprocess.run(["ctr", "-a", cls.socket, *command], check=check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)

    def load(self, layers, name, form="oci-archive"):
        image = images.Image(layers, form, tag=name)
        path = images.write(images.files_of([image]), form, self.home / "made")
        self.ctr("images", "import", "--no-unpack", path)
        return image

    def host(self, **more):
        return {"CONTAINERD_ADDRESS": str(self.socket), **more}

    def test_an_image_by_its_name(self):
        image = self.load(LAYERS, "docker.io/library/app:latest")
        for name in ("docker.io/library/app:latest", "app", "library/app:latest"):
            found, report, _ = self.packages("containerd:" + name, **self.host())
            self.assertEqual(found, ["a", "bash"], name)
            self.assertEqual((report["image"]["kind"], report["image"]["tag"]), ("containerd", "docker.io/library/app:latest"))
            self.assertEqual(report["image"]["id"], "sha256:" + images.sha256(image.config()))
            self.assertEqual([one["digest"] for one in report["image"]["layers"]], ["sha256:" + images.sha256(one) for one in image.blobs])

    def test_what_the_cache_has_is_not_asked_for(self):
        image = self.load(LAYERS, "example.org/cached:1")
        self.packages("containerd:example.org/cached:1", **self.host())
        for blob in set(image.blobs):
            self.ctr("content", "rm", "sha256:" + images.sha256(blob))
        self.assertEqual(self.packages("containerd:example.org/cached:1", **self.host())[0], ["a", "bash"])
        self.refused("containerd:example.org/cached:1", "ctr: exit status 1: ctr: content digest sha256:", "not found",
                     **self.host(XDG_CACHE_HOME=str(self.home / "other")))

    def test_what_is_not_there(self):
        self.refused("containerd:none:1", "containerd: none:1: no image of that name in this namespace", **self.host())
        self.load(LAYERS, "example.org/app:1")
        self.refused("containerd:example.org/app:1", "no image of that name", **self.host(CONTAINERD_NAMESPACE="other"))
        self.refused("containerd:--help", "no name", **self.host())
        self.refused("containerd:app", "exit status 1: ctr: failed to dial", CONTAINERD_ADDRESS="/no/such.sock")
        self.refused("containerd:app", "ctr: start it: No such file", "containerd is asked through it", PATH="/nowhere")


if __name__ == "__main__":
    engine_case.main()
