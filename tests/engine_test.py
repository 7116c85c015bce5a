#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images out of a container engine: one that says what Docker's says, in the forms in which its versions save, with faults where a test wants them.
usage: engine_test.py PEEKR_PROGRAM"""
import gzip
import http.server
import json
import os
import pathlib
import shutil
import socketserver
import subprocess
import sys
import threading
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import engine_case  # noqa: E402
import images  # noqa: E402
from engine_case import LAYERS, TOP, EngineCase, python_package  # noqa: E402
from images import BASE, RELEASE, STATUS, layer  # noqa: E402

BOX = "b0" * 32
MODIFIED, ADDED, REMOVED = range(3)


def save(form, layers, config):
    """What `docker save` sends: before Docker 25, since then, with images kept by containerd (packed); podman's."""
    files = []
    if form == "old":
        names = ["%064x/layer.tar" % (9 - i) for i in range(len(layers))]
        for name, data in sorted(zip(names, layers)):
            files += [(name.replace("layer.tar", "VERSION"), b"1.0"), (name.replace("layer.tar", "json"), b"{}"), (name, data)]
        files.append((images.sha256(config) + ".json", config))
    elif form == "podman":
        names = [images.sha256(data) + ".tar" for data in layers]
        files += {name: (name, data) for name, data in zip(names, layers)}.values()
        files.append((images.sha256(config) + ".json", config))
    else:
        blobs = [gzip.compress(data, mtime=0) if form == "packed" else data for data in layers]
        names = ["blobs/sha256/" + images.sha256(data) for data in blobs]
        files += sorted({*zip(names, blobs), ("blobs/sha256/" + images.sha256(config), config)})
        files += [("index.json", b'{"schemaVersion": 2}'), ("oci-layout", b'{"imageLayoutVersion": "1.0.0"}')]
    files.append(("manifest.json", json.dumps([{"Config": "x", "RepoTags": None, "Layers": names}]).encode()))
    return b"".join(images.entry(name, data) for name, data in files) + images.END


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def address_string(self):
        return "socket"

    def do_GET(self):
        path = urllib.parse.unquote(self.path)
        self.server.log.append(path)
        if self.server.fault and self.server.fault(self, path):
            return
        self.answer(path)

    def answer(self, path):
        body = self.server.answers.get(path)
        if body is None:
            return self.say(404, json.dumps({"message": "No such image: " + path}).encode())
        self.say(200, body)

    def say(self, status, body, stop=None):
        """In chunks, as engines do; `stop`: after so many bytes the line is closed."""
        self.send_response(status)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for at in range(0, len(body if stop is None else body[:stop]), 32768):
                part = body[at:at + 32768]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            if stop is None:
                self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.server.left = True
        if stop is not None:
            self.close_connection = True


class FakeEngine(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """What Docker says of one image, `app:1`."""
    daemon_threads = True

    def __init__(self, path, form="old", layers=LAYERS):
        super().__init__(str(path), Handler)
        self.path, self.log, self.fault, self.left = str(path), [], None, False
        image = images.Image(layers, "docker-archive")
        config = image.config()
        self.id = "sha256:" + images.sha256(config)
        told = {"Id": self.id, "RepoTags": ["app:1"], "Size": sum(map(len, layers)), "Os": "linux", "Architecture": "amd64",
                "Config": {"Labels": {"who": "tests"}},
                "RootFS": {"Type": "layers", "Layers": ["sha256:" + images.sha256(data) for data in layers]}}
        history = [{"CreatedBy": f"step {i}", "Created": 1700000000 + i, "Size": len(data)} for i, data in enumerate(layers)]
        self.answers = {f"/images/{self.id}/history": json.dumps(history[::-1]).encode(),
                        f"/images/{self.id}/get": save(form, layers, config)}
        for name in ("app:1", self.id, self.id[7:19]):
            self.answers[f"/images/{name}/json"] = json.dumps(told).encode()
        self.answers["/containers/box/json"] = json.dumps(
            {"Id": BOX, "Name": "/box", "Image": self.id, "Mounts": [{"Destination": "/data"}]}).encode()
        self.changed(b"null", LAYERS[0])
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def changed(self, changes, root):
        """What the container `box` has: the engine's list of changes, and the tar of its root."""
        self.answers[f"/containers/{BOX}/changes"] = changes if isinstance(changes, bytes) else json.dumps(
            [{"Path": path, "Kind": kind} for path, kind in changes]).encode()
        self.answers[f"/containers/{BOX}/export"] = root

    def handle_error(self, *_):
        pass  # a client that has enough

    def close(self):
        self.shutdown()
        self.server_close()

    def saves(self):
        return sum(path.endswith("/get") for path in self.log)


class Docker(EngineCase):
    def engine(self, *arguments):
        place = self.home / "run/docker.sock"
        place.parent.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        if self.running:
            self.running.close()
        self.running = FakeEngine(place, *arguments)
        return self.running

    def setUp(self):
        super().setUp()
        self.running = None

    def tearDown(self):
        if self.running:
            self.running.close()

    def test_every_form_in_which_it_saves(self):
        for form in ("old", "new", "packed", "podman"):
            with self.subTest(form=form):
                engine = self.engine(form)
                found, report, _ = self.packages("docker:app:1", "--no-cache")
                self.assertEqual(found, ["a", "bash"])
                image = report["image"]
                self.assertEqual((image["kind"], image["tag"], image["id"]), ("docker", "app:1", engine.id))
                self.assertEqual(image["platform"], "linux/amd64")
                self.assertEqual(image["labels"], [{"name": "who", "value": "tests"}])
                self.assertEqual([one["diff_id"] for one in image["layers"]], ["sha256:" + images.sha256(one) for one in LAYERS])
                self.assertEqual([one["created_by"] for one in image["layers"]], ["step 0", "step 1", "step 2"])
                self.assertEqual({one["name"]: one["layer_index"] for one in report["packages"]}, {"a": 1, "bash": 0})

    def test_by_id_too(self):
        engine = self.engine()
        self.assertEqual(self.packages("docker:" + engine.id)[0], ["a", "bash"])
        self.assertEqual(self.packages("docker:" + engine.id[7:19])[0], ["a", "bash"])

    def test_what_the_cache_has_is_not_sent(self):
        engine = self.engine()
        cold = self.packages("docker:app:1")
        warm = self.packages("docker:app:1")
        self.assertEqual(cold[1]["packages"], warm[1]["packages"])
        self.assertEqual(engine.saves(), 1)

    def test_a_changed_top_layer_alone_is_read(self):
        self.engine("podman")
        self.packages("docker:app:1")
        self.engine("podman", [BASE, TOP, layer(python_package("b"))])
        self.assertEqual(self.packages("docker:app:1")[0], ["a", "b", "bash"])

    def test_the_rest_is_not_waited_for(self):
        big = layer(("opt/big", bytes(40_000_000)))
        engine = self.engine("podman", [BASE, TOP])
        body = engine.answers[f"/images/{engine.id}/get"]
        engine.answers[f"/images/{engine.id}/get"] = body[:-len(images.END)] + images.entry("zzz.tar", big) + images.END
        self.assertEqual(self.packages("docker:app:1")[0], ["a", "bash"])
        self.assertTrue(engine.left)

    def test_it_is_held_in_no_memory_and_on_no_disk(self):
        peaks = []
        for size in (1_000_000, 300_000_000):
            self.engine("old", [BASE, layer(("opt/big", bytes(size)))])
            code = subprocess.run(["/usr/bin/env", "python3", "-c", "import resource, subprocess, sys; "
                                   "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
                                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)",
                                   self.program, "inventory", "--no-cache", "docker:app:1"], stdout=subprocess.PIPE, check=True,
                                  env={"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.home),
                                       "XDG_RUNTIME_DIR": str(self.home / "run"),
                                       "ASAN_OPTIONS": "quarantine_size_mb=1"})  # it keeps what was freed
            peaks.append(int(code.stdout))
            self.assertEqual(sorted(one.name for one in self.home.rglob("*")), ["docker.sock", "run"])
        self.assertLess(peaks[1] - peaks[0], 20_000, "kB")

    def test_without_a_scheme(self):
        self.engine()
        found, _, err = self.packages("app:1")
        self.assertEqual(found, ["a", "bash"])
        self.assertIn("taken from docker: app:1", err)
        (self.home / "app").write_text("no image")
        self.refused("app:1", "a file, but not an image archive")

    def test_without_a_scheme_the_registry_is_asked_where_the_engine_has_none(self):
        self.engine()
        self.refused("127.0.0.1:1/none:1", "https://127.0.0.1:1/v2/none/manifests/1")

    def test_an_engine_that_cannot_be_asked_is_said_before_the_registry_is(self):
        err = self.refused("127.0.0.1:1/none:1", "127.0.0.1:1/none:1", DOCKER_HOST="tcp://127.0.0.1:2375")
        self.assertIn("$DOCKER_HOST is tcp:...: only unix:// sockets are asked", err)

    def test_where_it_listens(self):
        engine = self.engine()
        other = self.home / "other.sock"
        os.rename(engine.path, other)
        self.assertEqual(self.packages("docker:app:1", DOCKER_HOST=f"unix://{other}")[0], ["a", "bash"])
        self.assertEqual(self.packages("podman:app:1", CONTAINER_HOST=f"unix://{other}")[0], ["a", "bash"])
        podman = self.home / "run/podman/podman.sock"
        podman.parent.mkdir()
        os.rename(other, podman)
        self.assertEqual(self.packages("podman:app:1")[0], ["a", "bash"])
        desktop = self.home / ".docker/desktop/docker.sock"
        desktop.parent.mkdir(parents=True)
        os.rename(podman, desktop)
        self.assertEqual(self.packages("docker:app:1")[0], ["a", "bash"])
        os.rename(desktop, engine.path)

    def test_one_engine_s_trouble_is_told_and_hides_no_other(self):
        engine = self.engine()
        podman = self.home / "run/podman/podman.sock"
        podman.parent.mkdir()
        os.rename(engine.path, podman)
        _, _, err = self.packages("container:box", DOCKER_HOST="tcp://127.0.0.1:2375")
        self.assertIn("$DOCKER_HOST is tcp:...: only unix:// sockets are asked", err)
        self.refused("container:none", "$DOCKER_HOST is tcp:...", DOCKER_HOST="tcp://127.0.0.1:2375")
        first = FakeEngine(engine.path)
        self.addCleanup(first.close)
        first.fault = lambda handler, path: not handler.say(500, b'{"message": "out of order"}')
        _, _, err = self.packages("container:box")
        self.assertIn("the engine answers 500 (out of order)", err)

    def test_the_name_that_was_asked_for_is_told(self):
        engine = self.engine()
        told = json.loads(engine.answers["/images/app:1/json"])
        told["RepoTags"] = ["other:2", "docker.io/library/app:1", "app:latest"]
        for asked, tag in (("app:1", "docker.io/library/app:1"), ("app", "app:latest"), (engine.id, "other:2")):
            engine.answers[f"/images/{asked}/json"] = json.dumps(told).encode()
            self.assertEqual(self.packages("docker:" + asked)[1]["image"]["tag"], tag)

    def test_platforms(self):
        self.engine()
        self.assertEqual(self.packages("docker:app:1", "--platform", "linux/amd64")[0], ["a", "bash"])
        code, _, err = self.peekr("inventory", "--platform", "linux/arm64", "docker:app:1")
        self.assertEqual(code, 1)
        self.assertIn("no image for linux/arm64: it is for linux/amd64", err)

    # Containers.

    def drift(self, report):
        return [(one["change"], one["name"], one["before"], one["after"]) for one in report["drift"]["packages"]]

    def test_a_container_that_has_written_nothing(self):
        engine = self.engine()
        found, report, _ = self.packages("container:box")
        self.assertEqual((found, self.drift(report)), (["a", "bash"], []))
        self.assertEqual([report["image"][key] for key in ("kind", "tag", "id", "digest")], ["container", "", "", ""])
        self.assertEqual([one["created_by"] for one in report["image"]["layers"]][-2:], ["step 2", f"written by the container box over {engine.id}"])
        self.assertEqual([(one["path"], one["what"]) for one in report["notes"]],
                         [("data", "is a mount of the container: what is in it is not looked at")])
        self.assertNotIn("drift", self.packages("docker:app:1")[1])
        base = self.packages("container:box")[1]["image"]["base"]
        self.assertEqual((base["name"], base["layers"]), ("app:1", 3))
        self.assertEqual(self.packages("docker:app:1")[1]["image"]["base"]["layers"], 0)

    def test_what_a_container_has_written_is_told_from_its_image(self):
        engine = self.engine()
        long = "opt/" + "x" * 120 + "/lib/python3/dist-packages/c-1.0.dist-info/METADATA"
        unchanged = python_package("unchanged")
        root = layer(("etc/os-release", RELEASE), ("var/lib/dpkg/status", STATUS.replace("-2+b2", "-9") + STATUS.replace("bash", "nc")),
                     (long, python_package("c")[1]), unchanged)
        engine.changed([("/var/lib/dpkg", MODIFIED), ("/var/lib/dpkg/status", MODIFIED), ("/opt/lib", REMOVED), ("/" + long, ADDED),
                        ("/gone/since", ADDED)], root)
        for options in ((), ("--no-cache",)):
            found, report, _ = self.packages("container:box", *options)
            self.assertEqual(found, ["bash", "c", "nc"])
            self.assertEqual(self.drift(report), [("changed", "bash", "5.2.15-2+b2", "5.2.15-9"), ("added", "nc", "", "5.2.15-2+b2"),
                                                  ("removed", "a", "1.0", ""), ("added", "c", "", "1.0")])
            self.assertEqual({one["layer_index"] for one in report["packages"]}, {3})
            self.assertIn(("gone/since", "is said to have changed and was not sent (and 1 more)"), [(one["path"], one["what"]) for one in report["notes"]])
        self.assertEqual(engine.saves(), 2)
        code, out, _ = self.peekr("inventory", "container:box")
        self.assertEqual(code, 0)
        self.assertIn("Drift from the image\n  2 packages added, 1 removed, 1 changed\n    ~ deb bash 5.2.15-2+b2 is now 5.2.15-9\n", out)

    def test_a_large_file_of_a_container(self):
        engine = self.engine()
        noise = bytes(range(256)) * 40_001
        late = python_package("late")
        engine.changed([("/opt/a", ADDED), ("/opt/b", ADDED), ("/" + late[0], ADDED)],
                       layer(("opt/a", noise), python_package("z"), ("opt/b", noise[:513]), late))
        self.assertEqual(self.packages("container:box")[0], ["a", "bash", "late"])

    def test_a_container_that_hides_what_it_has_written(self):
        engine = self.engine()
        late = python_package("late")
        for name in (b"P*M\x18\x08\x10\x20\x30", b"BZh9"):
            name = name.decode()
            engine.changed([("/" + name, ADDED), ("/var/lib/dpkg/.wh.status", ADDED), ("/" + late[0], ADDED)],
                           layer((name, b""), ("var/lib/dpkg/.wh.status", b""), late))
            found, report, _ = self.packages("container:box")
            self.assertEqual(found, ["a", "bash", "late"])
            self.assertIn(("var/lib/dpkg/.wh.status", "has the name of a whiteout: this change of the container was left out"),
                          [(one["path"], one["what"]) for one in report["notes"]])

    def test_no_such_container(self):
        engine = self.engine()
        self.refused("container:none", f"container: none: no container of that name or id at {engine.path}")
        engine.answers.pop(f"/images/{engine.id}/json")
        self.refused("container:box", f"its image {engine.id}: ", "answers 404 (No such image")
        engine = self.engine()
        engine.fault = lambda handler, path: path == f"/images/{engine.id}/json" and not handler.say(200, b'{"Id": "' + b"a" * 64 + b'"}')
        self.refused("container:box", f"its image {engine.id}: image: no RootFS")

    def test_a_container_in_trouble(self):
        engine = self.engine()
        engine.changed(b"[1]", BASE)
        self.refused("container:box", "changes: an item: not an object")
        engine.changed([("/etc/os-release", MODIFIED)], BASE[:1000])
        self.refused("container:box", "layer 4 of 4: ")
        engine.changed([("/etc/os-release", MODIFIED)], BASE[:1024])
        self.refused("container:box", "layer 4 of 4: ", "the merged root ends too early")
        engine.answers["/containers/box/json"] = json.dumps({"Id": "../x", "Image": engine.id}).encode()
        self.refused("container:box", "container: its id is none: ../x")

    # What goes wrong.

    def test_no_engine(self):
        self.refused("docker:app:1", "docker: app:1: no engine listens at ", f"{self.home}/run/docker.sock")
        self.refused("podman:app:1", "podman: app:1: no engine listens at ", "/run/podman/podman.sock")
        self.refused("docker:app:1", "no engine listens at /no/such.sock", DOCKER_HOST="unix:///no/such.sock")
        for host in ("tcp://127.0.0.1:2375", "ssh://somewhere", "npipe:////./pipe/docker"):
            self.refused("docker:app:1", f"$DOCKER_HOST is {host.partition(':')[0]}:...: only unix:// sockets are asked", DOCKER_HOST=host)

    def test_a_socket_that_nobody_listens_at(self):
        engine = self.engine()
        engine.close()
        self.running = None
        self.refused("docker:app:1", engine.path, "onnect")

    def test_permission_denied(self):
        self.engine()
        run = self.home / "run"
        nobody = [] if os.getuid() else ["setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all"]
        if nobody and not shutil.which("setpriv"):
            print("partly skipped: no setpriv")
            return
        (run / "docker.sock").chmod(0o600 if nobody else 0)
        self.home.chmod(0o755)
        run.chmod(0o755)
        clean = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "DOCKER_HOST": f"unix://{run}/docker.sock"}
        done = subprocess.run([*nobody, self.program, "inventory", "--no-cache", "docker:app:1"], stdout=subprocess.PIPE, env=clean,
                              stderr=subprocess.PIPE, check=False, cwd="/")
        if b"execute" in done.stderr:
            print("partly skipped: another user may not run " + self.program)
            return
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{run}/docker.sock: permission denied", done.stderr.decode())

    def test_no_such_image(self):
        engine = self.engine()
        self.refused("docker:none:1", f"docker: none:1: no image of that name or id at {engine.path}", "docker pull fetches it")
        self.refused("docker:[::1]:5000/none:1", f"docker: [::1]:5000/none:1: no image of that name or id at {engine.path}")

    def test_names_that_are_none(self):
        self.engine()
        for name in ("", "../containers", "a b", "a?b", "/x", "a%2fb"):
            self.refused("docker:" + name, "no name or id that an engine knows")

    def test_an_engine_in_trouble(self):
        engine = self.engine()
        engine.fault = lambda handler, path: path.endswith("/json") and not handler.say(500, b'{"message": "layer store is\\u001b broken"}')
        err = self.refused("docker:app:1", "the engine answers 500 (layer store is", "broken)")
        self.assertNotIn("\x1b", err)
        engine.fault = lambda handler, path: path.endswith("/get") and not handler.say(500, b"no JSON")
        self.refused("docker:app:1", f"/images/{engine.id}/get: the engine answers 500\n")
        engine.fault = lambda handler, path: path.endswith("/json") and not handler.say(200, b"[]")
        self.refused("docker:app:1", "image: not an object")
        engine.fault = lambda handler, path: path.endswith("/json") and not handler.say(200, b"[" * 20_000_000)
        self.refused("docker:app:1", "more than 16777216 bytes (limit manifest_bytes)")
        engine.fault = lambda handler, path: path.endswith("/history") and not handler.say(500, b"{}")
        self.assertIn("its build steps are not known", self.packages("docker:app:1")[2])
        engine.fault = lambda handler, path: path.endswith("/history") and not handler.say(200, b"null")
        self.assertIn("its build steps are not known: history: not a list", self.packages("docker:app:1")[2])

    def test_a_save_that_is_cut_short_at_every_tenth(self):
        engine = self.engine()
        body = engine.answers[f"/images/{engine.id}/get"]
        for tenth in range(10):
            engine.fault = lambda handler, path: path.endswith("/get") and not handler.say(200, body, len(body) * tenth // 10)
            self.refused("docker:app:1", engine.path)
            short = body[:len(body) * tenth // 10]
            engine.fault = lambda handler, path: path.endswith("/get") and not handler.say(200, short)
            self.refused("docker:app:1", "what the engine sends: ")
        engine.fault = None
        self.assertEqual(self.packages("docker:app:1")[0], ["a", "bash"])

    def test_a_save_of_something_else(self):
        engine = self.engine()
        get = f"/images/{engine.id}/get"
        engine.answers[get] = save("podman", [BASE], b"{}")
        err = self.refused("docker:app:1", f"layer 2 of 3 (sha256:{images.sha256(TOP)}): nothing that was sent has this digest")
        self.assertNotIn("layer 1", err)
        engine.answers[get] = images.END
        self.refused("docker:app:1", "layer 2 of 3 (")  # the other one is in the cache
        engine.answers[get] = b'{"message": "no"}'
        self.refused("docker:app:1", "what the engine sends: ")

    def test_what_comes_beside_the_layers(self):
        engine = self.engine("new", [BASE, b"", TOP])
        get = f"/images/{engine.id}/get"
        engine.answers[get] = images.entry("blobs/sha256/" + "0" * 64, b"\0asm" + bytes(600)) + images.entry(
            "blobs/sha256/" + "1" * 64, b"\n{}") + engine.answers[get]
        self.assertEqual(self.packages("docker:app:1", "--no-cache")[0], ["a", "bash"])

    def test_a_save_without_end(self):
        engine = self.engine()
        engine.answers[f"/images/{engine.id}/get"] = images.entry("x.tar", b"") * 200 + engine.answers[f"/images/{engine.id}/get"]
        code, _, err = self.peekr("inventory", "--no-cache", "--limit", "entries=100", "docker:app:1")
        self.assertEqual(code, 1)
        self.assertIn("what the engine sends: more than 100 entries (limit entries)", err)
        noise = images.entry("noise", bytes(20_000_000))
        engine.answers[f"/images/{engine.id}/get"] = noise
        code, _, err = self.peekr("inventory", "--no-cache", "--limit", "image_bytes=10000000", "docker:app:1")
        self.assertEqual(code, 1)
        self.assertIn("what the engine sends: more than ", err)
        self.assertIn("(limit image_bytes)", err)

    def test_limits(self):
        self.engine()
        code, _, err = self.peekr("inventory", "--limit", "image_bytes=100", "docker:app:1")
        self.assertEqual(code, 1)
        self.assertIn("limit image_bytes is 100", err)
        code, _, err = self.peekr("inventory", "--limit", "layer_bytes=10000", "docker:app:1")
        self.assertEqual(code, 1)
        self.assertIn("limit layer_bytes", err)
        code, _, err = self.peekr("inventory", "--limit", "layers=1", "docker:app:1")
        self.assertEqual(code, 1)
        self.assertIn("3 layers (limit layers is 1)", err)


if __name__ == "__main__":
    engine_case.main()
