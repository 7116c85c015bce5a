#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images straight from a registry: usage: registry_test.py PEEKR_PROGRAM."""
import base64
import concurrent.futures
import email.utils
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import registries  # noqa: E402
import registry_case  # noqa: E402
import terminal  # noqa: E402
from registry_case import SECRET  # noqa: E402


class Registries(registry_case.RegistryCase):
    # What an image is called, and where it is looked for.

    def test_every_kind_of_image_by_tag_and_by_digest(self):
        for name, want in (("app", ["a", "bash"]), ("zstd", ["a", "bash"]), ("v2s2", ["bash"]), ("many", ["bash"])):
            target = f"{self.plain.host}/{name}"
            found, report, _ = self.packages(target + ":1")
            self.assertEqual(found, want, name)
            self.assertEqual(report["image"]["kind"], "registry")
            self.assertEqual(report["image"]["tag"], target + ":1")
            digest = report["image"]["digest"]
            self.assertEqual(self.packages(f"registry:{target}@{digest}")[0], want)
            self.assertEqual(self.packages(f"{target}:other@{digest}")[0], want)

    def test_the_choice_is_printed(self):
        _, _, err = self.packages(f"{self.plain.host}/app:1")
        self.assertIn(f"taken from registry: {self.plain.host}/app:1", err)
        self.assertEqual(self.packages(f"{self.plain.host}/app:1", "-q")[2], "")

    def test_a_file_of_that_name_stands_before_it(self):
        place = self.home / self.plain.host / "app"
        place.parent.mkdir()
        place.write_text("no image")
        self.refused(f"{self.plain.host}/app:1", "registry: in front takes the image of that name")
        self.assertEqual(self.packages(f"registry:{self.plain.host}/app:1")[0], ["a", "bash"])

    def test_platforms(self):
        target = f"{self.plain.host}/many:1"
        self.assertEqual(self.packages(target, "--platform", "linux/arm64")[1]["image"]["platform"], "linux/arm64")
        err = self.refused(target, "no image for linux/s390x; there are: linux/amd64, linux/arm64", "--platform", "linux/s390x")
        self.assertNotIn("unknown", err)

    def all_platforms(self, *arguments, code=0):
        """By platform, in the order of the index: what it is, and its packages."""
        got, out, err = self.peekr("inventory", "-f", "json", "--platform", "all", *arguments, f"{self.proxy.host}/shared:1")
        self.assertEqual(got, code, err)
        return [(one["platform"], one["state"], sorted(p["name"] for p in one["report"]["packages"]) if one["report"] else None)
                for one in json.loads(out)["platforms"]], err

    def test_a_layer_that_platforms_share_is_fetched_once(self):
        for arguments in (("--no-cache",), ("--no-cache", "--threads", "1"), ()):
            self.proxy.log.clear()
            found, err = self.all_platforms(*arguments)
            self.assertEqual(found, [("linux/amd64", "scanned", ["bash"]), ("linux/arm64", "scanned", ["a", "bash"]),
                                     ("unknown/unknown", "listed", None)])
            asked = [path.rsplit("/", 1)[1] for _, path, _ in self.proxy.log]
            self.assertEqual(len(asked), len(set(asked)), "nothing is asked for twice")
            self.assertEqual(len(self.layers_asked()), 5)  # two configurations, the layer of both, and one layer each
            self.assertEqual(len(asked) - 5, 3)  # the index and two manifests
            self.assertIn("linux/arm64: fetched ", err)
        self.proxy.log.clear()
        self.all_platforms()
        self.assertEqual(len(self.layers_asked()), 2)

    def test_a_layer_that_comes_damaged_is_one_platforms_trouble(self):
        self.proxy.change = lambda path, status, headers, body: (
            status, headers, body[:-9] + bytes([body[-9] ^ 1]) + body[-8:] if len(body) > 100_000 else body)
        found, err = self.all_platforms(code=1)
        self.assertEqual([one[:2] for one in found], [("linux/amd64", "scanned"), ("linux/arm64", "failed"), ("unknown/unknown", "listed")])
        self.assertIn("linux/arm64 could not be scanned: ", err)

    def test_a_terminal_shows_what_is_under_way(self):
        def slow(handler, path):
            status, headers, body = handler.ask()
            if len(body) < 1_000_000:
                return False
            handler.send_response(status)
            handler.send_header("Content-Length", headers["Content-Length"])
            handler.end_headers()
            for at in range(0, len(body), 400_000):
                handler.wfile.write(body[at:at + 400_000])
                handler.wfile.flush()
                time.sleep(0.25)
            return True

        self.proxy.fault = slow
        target = f"{self.proxy.host}/app:1"
        self.assertNotIn("MB/s", self.packages(target, "--no-cache")[2])
        code, seen = terminal.errors_of([self.program, "inventory", "--no-cache", target], {**os.environ, "HOME": str(self.home)})
        self.assertEqual(code, 0)
        self.assertRegex(seen, r"sha256:[0-9a-f]{12} +\[#+ +\]  \d\.\d of 1\.5 MB, \d+\.\d MB/s")
        self.assertRegex(seen, r"fetched 15\d{5} bytes; the image has")
        self.assertGreater(seen.rindex("fetched "), seen.rindex("[#"), "no bar is left")

    def test_what_is_not_there(self):
        self.refused(f"{self.plain.host}/app:none", "(MANIFEST_UNKNOWN)")
        self.refused(f"{self.plain.host}/none:1", f"nor is there a file or folder {self.plain.host}/none:1")
        self.refused("127.0.0.1:1/app:1", "127.0.0.1")
        self.refused("docker.io/Upper:1", "lower case")

    def test_nothing_is_written(self):
        before = sorted(self.home.rglob("*"))
        self.packages(f"{self.plain.host}/app:1", "--no-cache", TMPDIR=str(self.home))
        self.assertEqual(sorted(self.home.rglob("*")), before)

    # Who asks.

    def basic(self):
        if not hasattr(type(self), "basic_registry"):
            (self.folder / "htpasswd").write_bytes(subprocess.run(["htpasswd", "-Bbn", "user", SECRET], check=True,
                                                                  stdout=subprocess.PIPE).stdout)
            auth = f"auth: {{htpasswd: {{realm: tests, path: {self.folder}/htpasswd}}}}\n"
            type(self).basic_registry = self.started(registries.Registry(self.folder / "storage", auth))
        return self.basic_registry.host

    def tokens(self):
        if not hasattr(type(self), "token_server"):
            type(self).token_server = self.started(registries.TokenServer(self.folder))
            self.token_server.users["user"] = SECRET
            self.token_server.refresh[SECRET] = "user"
            type(self).token_registry = self.started(registries.Registry(self.folder / "storage", self.token_server.auth))
        self.token_server.anonymous = False
        self.token_server.log.clear()
        return self.token_registry.host

    def configure(self, host, path=".docker/config.json", **entry):
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"auths": {host: entry}}))
        return file

    def helper(self, name, script):
        file = self.home / "bin" / f"docker-credential-{name}"
        file.parent.mkdir(exist_ok=True)
        file.write_text("#!/bin/sh\n" + script)
        file.chmod(0o755)

    def test_basic_authentication(self):
        host = self.basic()
        self.refused(f"{host}/app:1", "authentication is required")
        self.assertEqual(self.packages(f"{host}/app:1", "--username", "user", "--password-stdin", input=SECRET + "\n")[0],
                         ["a", "bash"])
        self.refused(f"{host}/app:1", "the credentials are refused", "--username", "user", "--password-stdin", input="no")
        self.refused(f"{host}/app:1", "want both or none", "--username", "user")
        packed = base64.b64encode(f"user:{SECRET}".encode()).decode()
        self.configure(host, auth=packed)
        self.assertEqual(self.packages(f"{host}/app:1")[0], ["a", "bash"])

    def test_where_credentials_are_found(self):
        host = self.basic()
        packed = base64.b64encode(f"user:{SECRET}".encode()).decode()
        for path, environment in ((".config/containers/auth.json", {}), ("run/containers/auth.json", {"XDG_RUNTIME_DIR": "run"}),
                                  ("d/config.json", {"DOCKER_CONFIG": "d"}), ("a.json", {"REGISTRY_AUTH_FILE": "a.json"}),
                                  ("x/containers/auth.json", {"XDG_CONFIG_HOME": "x"})):
            file = self.configure(host, path, auth=packed)
            more = {name: str(self.home / value) for name, value in environment.items()}
            self.assertEqual(self.packages(f"{host}/app:1", **more)[0], ["a", "bash"], path)
            file.unlink()
        wrong = base64.b64encode(b"user:wrong").decode()
        (self.home / ".docker").mkdir()
        (self.home / ".docker/config.json").write_text(json.dumps({"auths": {
            "other.example": {"auth": wrong}, host: {"auth": wrong}, f"{host}/app": {"auth": packed}, f"{host}/ap": {"auth": wrong}}}))
        self.assertEqual(self.packages(f"{host}/app:1")[0], ["a", "bash"])

    def test_credential_helpers(self):
        host = self.basic()
        answer = json.dumps({"ServerURL": host, "Username": "user", "Secret": SECRET})
        config = self.home / ".docker/config.json"
        config.parent.mkdir()
        self.helper("good", f"read server; [ \"$1 $server\" = 'get {host}' ] && echo '{answer}'")
        for text in ({"credHelpers": {host: "good"}}, {"credsStore": "good"}):
            config.write_text(json.dumps(text))
            self.assertEqual(self.packages(f"{host}/app:1")[0], ["a", "bash"])
        old, right = ({"auth": base64.b64encode(f"user:{password}".encode()).decode()} for password in ("old", SECRET))
        self.helper("silent", "echo 'credentials not found in native keychain'; exit 1")
        for store, login in (("good", old), ("silent", right), ("none", right)):
            config.write_text(json.dumps({"auths": {host: login}, "credsStore": store}))
            self.assertEqual(self.packages(f"{host}/app:1")[0], ["a", "bash"], store)
        config.write_text(json.dumps({"auths": {host: old}}))
        self.assertEqual(self.packages(f"{host}/app:1", DOCKER_AUTH_CONFIG=json.dumps({"auths": {host: right}}))[0], ["a", "bash"])
        config.write_text(json.dumps({"auths": {host: right}}))
        self.assertEqual(self.packages(f"{host}/app:1", DOCKER_AUTH_CONFIG='{"credsStore": "silent"}')[0], ["a", "bash"])
        self.refused(f"{host}/app:1", "$DOCKER_AUTH_CONFIG: not a JSON object", DOCKER_AUTH_CONFIG="x")
        config.write_text(json.dumps({"credHelpers": {host: "bad"}}))
        for script, why in (("echo 'credentials not found in native keychain'; exit 1", "authentication is required"),
                            (f"echo '{SECRET}' >&2; exit 1", f"docker-credential-bad: exit status 1 (echo {host} | docker-credential-bad get says why)"),
                            (f"echo '{SECRET}'", "docker-credential-bad: its answer is no JSON object"), ("yes", "says more than")):
            self.helper("bad", script)
            self.refused(f"{host}/app:1", why)
        config.write_text(json.dumps({"credHelpers": {host: "none"}}))
        self.refused(f"{host}/app:1", "docker-credential-none: start it: No such file")

    def test_tokens(self):
        host = self.tokens()
        err = self.refused(f"{host}/app:1", "token server")
        self.assertIn("401", err)
        self.token_server.anonymous = True
        self.assertEqual(self.packages(f"{host}/app:1")[0], ["a", "bash"])
        self.token_server.anonymous = False
        self.token_server.log.clear()
        self.assertEqual(self.packages(f"{host}/app:1", "--username", "user", "--password-stdin", input=SECRET)[0], ["a", "bash"])
        self.assertIn("repository%3aapp%3apull", self.token_server.log[0][1])
        self.assertLessEqual(len(self.token_server.log), 2)
        err = self.refused(f"{host}/app:1", "are refused", "--username", "user", "--password-stdin", input="wrong")
        self.assertNotIn("?", err)

    def test_identity_tokens_and_registry_tokens(self):
        host = self.tokens()
        self.configure(host, identitytoken=SECRET, auth=base64.b64encode(b"<token>:").decode())
        self.assertEqual(self.packages(f"{host}/app:1")[0], ["a", "bash"])
        self.assertEqual(self.token_server.log[0][0], "POST")
        self.configure(host)
        token = self.token_server.token("repository:app:pull")
        (self.home / "token").write_text(token + "\n")
        for arguments, more in ((["--registry-token", "token"], {}), (["--registry-token", "-"], {"input": token}),
                                ([], {"PEEKR_REGISTRY_TOKEN": token})):
            self.assertEqual(self.packages(f"{host}/app:1", *arguments, **more)[0], ["a", "bash"])
        (self.home / "token").write_text("no.such.token")
        self.refused(f"{host}/app:1", "the registry token is refused", "--registry-token", "token")

    # What goes wrong on the way.

    def blobs_asked(self):
        return [(path, headers) for _, path, headers in self.proxy.log if "/blobs/" in path]

    def test_a_layer_that_breaks_at_every_tenth_goes_on(self):
        for tenth in range(10):
            broken = set()

            def fault(handler, path):
                if "/blobs/" not in path or handler.headers.get("Range"):
                    return False
                status, headers, body = handler.ask()
                if len(body) < 100_000 or path in broken:
                    return False
                broken.add(path)
                handler.send_response(status)
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body[:len(body) * tenth // 10])
                handler.reset()
                return True

            self.proxy.fault = fault
            self.proxy.log.clear()
            self.assertEqual(self.packages(self.app(), "--no-cache")[0], ["a", "bash"], tenth)
            self.assertEqual(len(broken), 1)
        self.assertTrue(any("Range" in headers for _, headers in self.blobs_asked()))

    def test_a_server_without_ranges_sends_it_again(self):
        broken = []

        def fault(handler, path):
            if "/blobs/" not in path:
                return False
            if handler.headers.get("Range"):
                del handler.headers["Range"]
                return False
            status, headers, body = handler.ask()
            if len(body) < 100_000:
                return False
            broken.append(path)
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body[:700_000])
            handler.reset()
            return True

        self.proxy.fault = fault
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])
        self.assertEqual(len(broken), 1)

    def test_statuses(self):
        for status, why, asked in ((500, "the server says 500 (X_Y), at the last of 5 tries", 5), (403, "it is not there, or needs a login", 1),
                                   (418, "the server says 418", 1), (404, "not there", 1),
                                   (401, "a kind of authentication that is not known here", 1)):
            self.proxy.fault = lambda handler, path: handler.say(status, b'{"errors": [{"code": "X_Y"}]}') or True
            self.proxy.log.clear()
            err = self.refused(self.app(), why)
            self.assertEqual(len([one for one in self.proxy.log]), asked, err)

    def test_a_storm_of_401_is_answered_once(self):
        self.proxy.fault = lambda handler, path: handler.say(401, WWW_Authenticate='Basic realm="x"') or True
        self.refused(self.app(), "the credentials are refused", "--username", "user", "--password-stdin", input=SECRET)
        self.assertEqual(len(self.proxy.log), 2)

    def test_too_many_requests(self):
        times = []

        def fault(handler, path):
            times.append(time.monotonic())
            return len(times) == 1 and (handler.say(429, Retry_After="1") or True)

        self.proxy.fault = fault
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])
        self.assertGreater(times[1] - times[0], 0.9)
        self.proxy.fault = lambda handler, path: handler.say(429, Retry_After="3600") or True
        self.refused(self.app(), "the server says 429, and asks for 3600 seconds of patience")
        until = email.utils.formatdate(time.time() + 3600, usegmt=True)  # the other form
        self.proxy.fault = lambda handler, path: handler.say(429, Retry_After=until) or True
        self.assertRegex(self.refused(self.app(), "429"), "and asks for 3[56][0-9]{2} seconds of patience")
        self.proxy.fault = lambda handler, path: handler.say(429) or True
        self.refused(self.app(), "too many requests")

    def test_the_quota_is_told(self):
        self.proxy.change = lambda path, status, headers, body: (status, {**headers, "ratelimit-remaining": "76;w=21600"}, body)
        self.assertIn("76 more pulls are allowed within 6 hours", self.packages(self.app())[2])

    def test_what_is_not_what_it_says(self):
        def large(path, body):
            return "/blobs/" in path and len(body) > 100_000

        def flipped(path, status, headers, body):
            return status, headers, body[:-9] + bytes([body[-9] ^ 1]) + body[-8:] if large(path, body) else body

        def short(path, status, headers, body):
            if not large(path, body):
                return status, headers, body
            return status, {k: v for k, v in headers.items() if k != "Content-Length"}, body[:-1000]

        def longer(path, status, headers, body):
            if not large(path, body):
                return status, headers, body
            return status, {k: v for k, v in headers.items() if k != "Content-Length"}, body + b"x"

        def other_manifest(path, status, headers, body):
            return status, headers, body.replace(b"}", b" }", 1) if "/manifests/" in path else body

        def huge(path, status, headers, body):
            if "/manifests/" not in path:
                return status, headers, body
            return status, {k: v for k, v in headers.items() if k != "Content-Length"}, b" " * 100_000_000

        for change, why in ((flipped, "blob: expected sha256:"), (short, "bytes, its descriptor says"),
                            (longer, "bytes that its descriptor says"), (other_manifest, "manifest: expected sha256:"),
                            (huge, "larger than 16777216 bytes (limit manifest_bytes)")):
            self.proxy.change = lambda path, status, headers, body: change(
                path, status, {k: v for k, v in headers.items() if k != "Content-Length"}, body)
            self.refused(self.app(), why)

    def test_a_body_that_stands_still(self):
        def fault(handler, path):
            if "/blobs/" not in path:
                return False
            handler.send_response(200)
            handler.send_header("Content-Length", "1000000")
            handler.end_headers()
            handler.wfile.write(b"x")
            time.sleep(6)
            return True

        # A proxy that fetches all of it before it answers is no such one.
        late = registries.Proxy(self.plain)
        self.addCleanup(late.close)
        late.fault = lambda handler, path: "/blobs/" in path and len([one for _, one, _ in late.log if "/blobs/" in one]) == 1 and time.sleep(2.5)
        self.proxy.fault = fault
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor() as beside:
            arrives = beside.submit(self.peekr, "inventory", "--no-cache", f"{late.host}/app:1", PEEKR_FETCH_PATIENCE="1", PEEKR_FETCH_TRIES="1")
            err = self.refused(self.app(), "tries", PEEKR_FETCH_PATIENCE="1", PEEKR_FETCH_TRIES="2")
        self.assertLess(time.monotonic() - begin, 60)
        self.assertEqual(arrives.result()[0], 0, arrives.result()[2])
        self.assertIn("PEEKR_FETCH_PATIENCE", err)

    def registries_conf(self, location, *mirrors):
        path = self.home / ".config/containers/registries.conf"
        path.parent.mkdir(parents=True)
        path.write_text(f'[[registry]]\nprefix = "registry.example"\nlocation = "{location}"\n' +
                        "".join(f'[[registry.mirror]]\nlocation = "{mirror}"\n' for mirror in mirrors))
        return path

    def test_mirrors(self):
        conf = self.registries_conf("127.0.0.1:1", "127.0.0.1:2/none", self.proxy.host)
        with conf.open("a") as file:
            file.write('[[registry]]\nlocation = "blocked.example"\nblocked = true\n')
        found, report, err = self.packages("registry.example/app:1", PEEKR_FETCH_TRIES="1")
        self.assertEqual(found, ["a", "bash"])
        self.assertEqual(report["image"]["tag"], "registry.example/app:1")
        self.assertIn("mirror 127.0.0.1:2/none/app: ", err)
        self.assertIn(f"out of the mirror {self.proxy.host}/app", err)
        self.refused("blocked.example/app:1", "blocked.example is blocked by registries.conf")
        conf.write_text("[[registry]\n")
        self.refused("registry.example/app:1", "registries.conf: line 1")
        # Rules that cannot be read are not no rules: where they lead is where the image may not come from.
        conf.unlink()
        conf.symlink_to(conf)
        self.refused("registry.example/app:1", "containers/registries.conf: ")

    def test_a_platform_that_a_mirror_lacks_comes_from_the_next_place(self):
        mirror = registries.Proxy(self.plain)
        self.addCleanup(mirror.close)
        self.registries_conf(self.proxy.host, mirror.host)
        index = json.loads(self.peekr("inventory", "-f", "json", "--platform", "all", f"{self.plain.host}/many:1")[1])
        lost = index["platforms"][1]
        mirror.fault = lambda handler, path: path.endswith(lost["digest"]) and (handler.say(404) or True)
        got, out, err = self.peekr("inventory", "-f", "json", "--platform", "all", "registry.example/many:1")
        self.assertEqual(got, 0, err)
        found = json.loads(out)["platforms"]
        self.assertEqual([one["state"] for one in found], [one["state"] for one in index["platforms"]])
        self.assertEqual(found[1]["report"]["packages"], lost["report"]["packages"])
        self.assertEqual(found[1]["report"]["image"]["platform"], lost["platform"])
        self.assertIn("out of the mirror", err)
        self.assertIn(f"mirror {mirror.host}/many: ", err)
        self.assertTrue([path for _, path, _ in self.proxy.log if path.endswith(lost["digest"])])

    def test_a_blob_that_a_mirror_lacks_comes_from_the_next_place(self):
        mirror = registries.Proxy(self.plain)
        self.addCleanup(mirror.close)
        self.registries_conf(self.proxy.host, "127.0.0.1:1", mirror.host)
        types = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
        asked = urllib.request.Request(f"http://{self.plain.host}/v2/app/manifests/1", headers={"Accept": types})
        manifest = json.load(urllib.request.urlopen(asked))
        want = self.packages(f"{self.plain.host}/app:1")[1]
        for lost in (manifest["layers"][1]["digest"], manifest["config"]["digest"]):
            mirror.fault = lambda handler, path, lost=lost: path.endswith(lost) and (handler.say(404) or True)
            self.proxy.log.clear()
            _, report, err = self.packages("registry.example/app:1", "--no-cache", PEEKR_FETCH_TRIES="1")
            self.assertEqual(report["packages"], want["packages"])
            self.assertEqual(report["image"]["fetched"], want["image"]["fetched"])
            self.assertIn(f"out of the mirror {mirror.host}/app", err)
            self.assertIn(f"mirror {mirror.host}/app: {lost}: {mirror.host}: not there", err)
            self.assertEqual([path.rsplit("/", 1)[1] for _, path, _ in self.proxy.log], [lost])

    def test_a_mirror_that_has_no_blob_to_give_is_asked_once(self):
        mirror = registries.Proxy(self.plain)
        self.addCleanup(mirror.close)
        mirror.fault = lambda handler, path: "/blobs/" in path and (handler.say(500) or True)
        self.registries_conf(self.proxy.host, mirror.host)
        _, report, err = self.packages("registry.example/app:1", "--no-cache", "--threads", "1", PEEKR_FETCH_TRIES="1")
        self.assertEqual(report["packages"], self.packages(f"{self.plain.host}/app:1")[1]["packages"])
        self.assertEqual(len([path for _, path, _ in mirror.log if "/blobs/" in path]), 1)
        self.assertEqual(err.count(f"mirror {mirror.host}/app: sha256:"), 1)

    def test_a_mirror_is_not_told_the_password(self):
        mirror = registries.Proxy(self.plain)
        self.addCleanup(mirror.close)
        mirror.fault = lambda handler, path: "Authorization" not in handler.headers and (
            handler.say(401, WWW_Authenticate='Basic realm="x"') or True)
        self.registries_conf(self.proxy.host, mirror.host)
        found, _, err = self.packages("registry.example/app:1", "--username", "user", "--password-stdin", input=SECRET)
        self.assertEqual(found, ["a", "bash"])
        self.assertIn(f"mirror {mirror.host}/app: ", err)
        self.assertTrue(mirror.log)
        for _, _, headers in mirror.log:
            self.assertNotIn("Authorization", headers)

    # Redirects.

    def test_redirects_to_another_host_go_without_credentials(self):
        other = registries.Proxy(self.plain)
        self.addCleanup(other.close)

        def fault(handler, path):
            if handler.headers.get("Authorization", "") == "":
                return handler.say(401, WWW_Authenticate='Basic realm="x"') or True
            del handler.headers["Authorization"]
            to = f"http://{other.host}{path}?signature={SECRET}"
            return "/blobs/" in path and (handler.say(307, Location=to) or True)

        self.proxy.fault = fault
        self.assertEqual(self.packages(self.app(), "--username", "user", "--password-stdin", input=SECRET)[0], ["a", "bash"])
        self.assertTrue(other.log)
        for _, _, headers in other.log:
            self.assertNotIn("Authorization", headers)
        other.fault = lambda handler, path: handler.say(500) or True
        self.refused(self.app(), f"http://{other.host}, where that leads, says 500", "--username", "user", "--password-stdin", input=SECRET)
        other.fault = lambda handler, path: handler.reset() or True
        self.refused(self.app(), other.host, "--username", "user", "--password-stdin", input=SECRET)

    def test_redirects_that_lead_nowhere(self):
        self.proxy.fault = lambda handler, path: handler.say(302, Location=path) or True
        self.refused(self.app(), "more than 10 redirects")
        self.proxy.fault = lambda handler, path: handler.say(302, Location="file:///etc/passwd") or True
        self.refused(self.app(), "is not followed")

    def test_a_schema_1_manifest_is_refused(self):
        for body in (b'{"schemaVersion": 1, "name": "x", "fsLayers": []}',):
            self.proxy.change = lambda path, status, headers, _: (
                status, {"Content-Type": "application/vnd.docker.distribution.manifest.v1+prettyjws"}, body)
            self.refused(self.app(), "schema 1")
            self.proxy.change = lambda path, status, headers, _: (status, {"Content-Type": "application/json"}, body)
            self.refused(self.app(), "schema 1")

    def test_the_process_list_has_no_secrets(self):
        seen = []
        self.proxy.fault = lambda handler, path: seen.append(subprocess.run(
            ["ps", "axww", "-o", "args"], stdout=subprocess.PIPE, check=True).stdout.decode()) and False
        self.packages(self.app(), "--username", "user", "--password-stdin", input=SECRET)
        self.assertTrue(any("--password-stdin" in one for one in seen))
        self.assertFalse(any(SECRET in one for one in seen))


if __name__ == "__main__":
    registry_case.main()
