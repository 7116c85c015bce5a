#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who a registry, its token server and other hosts are told that asks, and what of them is believed: usage: registry_access_test.py
PEEKR_PROGRAM."""
import base64
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import registries  # noqa: E402
import registry_case  # noqa: E402
from registry_case import SECRET  # noqa: E402

LOGIN = ("--username", "user", "--password-stdin")


class Asked(registries.Handler):
    """A server whose `answer(handler)` says something, or nothing: then it gives everybody the token "t"."""

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.server.log.append((self.command, self.path, dict(self.headers), body))
        if not self.server.answer(self):
            self.say(200, b'{"token": "t"}')

    do_POST = do_GET


class Access(registry_case.RegistryCase):
    def server(self, answer=lambda handler: False):
        one = registries.Server(Asked)
        one.answer = answer
        self.addCleanup(one.close)
        return one

    def leading(self, server, status=307):
        """A server that leads to that one, at the same path."""
        return self.server(lambda handler: handler.say(status, Location=f"http://{server.host}{handler.path}") or True)

    def configure(self, **fields):
        file = self.home / ".docker/config.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(fields))

    def identity(self):
        self.configure(auths={self.proxy.host: {"identitytoken": SECRET, "auth": base64.b64encode(b"<token>:").decode()}})

    def wants_token(self, realm):
        """The registry wants a token, and believes "t"."""
        def fault(handler, path):
            if handler.headers.get("Authorization") == "Bearer t":
                del handler.headers["Authorization"]
                return False
            return handler.say(401, WWW_Authenticate=f'Bearer realm = "{realm}", service="s"') or True

        self.proxy.fault = fault

    # Another host.

    def test_another_host_that_asks_who_we_are_is_told_nothing(self):
        thief, other = self.server(), registries.Proxy(self.plain)
        self.addCleanup(other.close)
        for challenge in (f'Bearer realm="http://{thief.host}/token",service="s"', 'Basic realm="x"'):
            other.fault = lambda handler, path, challenge=challenge: handler.say(401, WWW_Authenticate=challenge) or True

            def fault(handler, path):
                del handler.headers["Authorization"]
                return "/blobs/" in path and (handler.say(307, Location=f"http://{other.host}{path}") or True)

            def basic(handler, path):
                if "Authorization" not in handler.headers:
                    return handler.say(401, WWW_Authenticate='Basic realm="x"') or True
                return fault(handler, path)

            why = f"access is denied: http://{other.host}, where that leads, says 401"
            self.proxy.fault = basic
            self.refused(self.app(), why, *LOGIN, "--threads", "1", input=SECRET)
            self.identity()
            self.proxy.fault = fault
            self.refused(self.app(), why, "--threads", "1")
            self.assertEqual(thief.log, [])
            self.assertFalse([headers for _, _, headers in other.log if "Authorization" in headers])
            blobs = [path for _, path, _ in self.proxy.log if "/blobs/" in path]
            self.assertLessEqual(max(blobs.count(path) for path in blobs), 4, "each scan asks at home at most once again")
            self.proxy.log.clear()

    def test_an_address_that_is_too_old_is_asked_for_anew(self):
        other, old = registries.Proxy(self.plain), []
        self.addCleanup(other.close)
        other.fault = lambda handler, path: path not in old and (old.append(path) or handler.say(401) or True)
        self.proxy.fault = lambda handler, path: "/blobs/" in path and (
            handler.say(307, Location=f"http://{other.host}{path}") or True)
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])
        self.assertEqual(len(old), 3)

    # Token servers.

    def test_a_token_server_may_lead_elsewhere_without_the_credentials(self):
        end = self.server()
        self.wants_token(f"http://{self.leading(end).host}/token")
        self.assertEqual(self.packages(self.app(), *LOGIN, input=SECRET)[0], ["a", "bash"])
        self.assertTrue(end.log)
        self.assertFalse([one for one in end.log if "Authorization" in one[2]])
        end.log.clear()
        self.identity()
        self.refused(self.app(), "where the identity token is not sent")
        self.assertEqual(end.log, [])

    def test_a_token_server_that_leads_to_itself_is_told_again(self):
        def answer(handler):
            return handler.path.startswith("/token") and (
                handler.say(307, Location=handler.path.replace("/token", "/other")) or True)

        server = self.server(answer)
        self.wants_token(f"http://{server.host}/token")
        self.assertEqual(self.packages(self.app(), *LOGIN, input=SECRET)[0], ["a", "bash"])
        self.assertEqual(server.log[1][2]["Authorization"], "Basic " + base64.b64encode(f"user:{SECRET}".encode()).decode())
        server.log.clear()
        self.identity()
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])
        self.assertIn("refresh_token", server.log[1][3])
        server.answer = lambda handler: handler.say(307, Location=handler.path) or True
        self.refused(self.app(), "more than 10 redirects")

    def tls_registry(self, name):
        """With a private authority, and tokens of a server that has another one, and that the registry calls http."""
        keys, of_tokens = registries.certificates(self.folder / name), registries.certificates(self.folder / (name + "-tokens"))
        (self.folder / name / "tokens").mkdir()
        tokens = registries.TokenServer(self.folder / name / "tokens")
        self.addCleanup(tokens.close)
        tokens.users["user"] = SECRET
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(of_tokens / "server.crt", of_tokens / "server.key")
        tokens.socket = context.wrap_socket(tokens.socket, server_side=True)
        tls = f"  tls: {{certificate: {keys}/server.crt, key: {keys}/server.key}}\n"
        registry = registries.Registry(self.folder / "storage", tokens.auth, tls)
        self.addCleanup(registry.close)
        place = self.home / ".config/containers/certs.d" / registry.host
        place.mkdir(parents=True)
        shutil.copy(keys / "ca.crt", place / "ca.crt")
        return registry, tokens, of_tokens / "ca.crt"

    def test_a_token_server_is_asked_with_tls_whatever_it_calls_itself(self):
        registry, tokens, authority = self.tls_registry("keys")
        self.assertEqual(self.packages(f"{registry.host}/app:1", *LOGIN, input=SECRET, SSL_CERT_FILE=str(authority))[0], ["a", "bash"])
        self.assertIn("Authorization", tokens.log[0][2])
        self.refused(f"{registry.host}/app:1", "certificate", *LOGIN, input=SECRET)
        plain = self.server()
        tokens.close()
        text = registry.config.read_text().replace(tokens.host, plain.host)
        registry.config.write_text(text)
        registry.close()
        registry.process = subprocess.Popen(["docker-registry", "serve", registry.config], stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "OTEL_TRACES_EXPORTER": "none"})
        registries.wait_for(registry.port, "docker-registry")
        self.refused(f"{registry.host}/app:1", "the token server does not speak https: ", *LOGIN, input=SECRET)
        self.assertEqual([one for one in plain.log if "Authorization" in one[2]], [])

    def test_the_systems_authorities_count_beside_those_of_a_registry(self):
        system = pathlib.Path("/etc/ssl/certs")
        unshare = ["unshare", "-m", "sh", "-c", 'mount --bind "$1" /etc/ssl/certs && shift && exec "$@"', "sh"]
        if not system.is_dir() or subprocess.run([*unshare, self.folder, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("no mount of its own for a test here")
        registry, _, authority = self.tls_registry("keys2")
        folder = self.home / "certs"
        folder.mkdir()
        for name, want in (("none", 1), ("ca-certificates.crt", 0)):
            shutil.copy(authority, folder / name)
            done = subprocess.run([*unshare, folder, self.program, "inventory", "--no-cache", *LOGIN, f"{registry.host}/app:1"], check=False,
                                  env={"PATH": os.environ["PATH"], "HOME": str(self.home)}, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, input=SECRET.encode())
            self.assertEqual(done.returncode, want, (name, done.stderr))

    # What is said.

    def test_who_has_not_said_who_he_is_hears_that_a_login_may_help(self):
        hint = f"it is not there, or needs a login (docker login {self.proxy.host}, podman login {self.proxy.host}, or --username"
        tokens = self.server()
        challenge = f'Bearer realm="http://{tokens.host}/token"'
        hub = lambda handler, path: handler.say(401, WWW_Authenticate=challenge) or True  # noqa: E731
        quay = lambda handler, path: handler.say(403) or True  # noqa: E731
        for fault, code, named in ((hub, 401, "the credentials are refused: the server says 401"), (quay, 403, "access is denied: the server says 403")):
            self.proxy.fault = fault
            self.assertIn(f"the server says {code}", self.refused(self.app(), hint))
            self.assertNotIn("needs a login", self.refused(self.app(), named, *LOGIN, input=SECRET))
        self.proxy.fault = hub
        tokens.answer = lambda handler: handler.say(403) or True
        self.assertIn("/token: the server says 403", self.refused(self.app(), hint))
        self.assertNotIn("needs a login", self.refused(self.app(), "are refused", *LOGIN, input=SECRET))

    def test_who_has_a_name_is_asked_for_it_at_the_door_where_nothing_else_asks(self):
        basic = "Basic " + base64.b64encode(f"user:{SECRET}".encode()).decode()

        def fault(handler, path):
            if handler.headers.get("Authorization") == basic:
                del handler.headers["Authorization"]
                return False
            named = "Authorization" in handler.headers
            return handler.say(401 if path == "/v2/" or named else hidden, WWW_Authenticate='Basic realm="x"') or True

        self.proxy.fault = fault
        for hidden in (404, 403):
            self.assertEqual(self.packages(self.app(), "--no-cache", *LOGIN, input=SECRET)[0], ["a", "bash"])
            self.refused(self.app(), "the credentials are refused", *LOGIN, input="wrong")
            self.proxy.log.clear()
            self.refused(self.app(), f"the server says {hidden}")
            self.assertEqual(len(self.proxy.log), 1, "who has none is not asked for it")
        self.configure(auths={self.proxy.host: {"auth": basic.split()[1]}})
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])

    def test_an_old_login_takes_nothing_from_what_nobody_may_have(self):
        tokens = self.server(lambda handler: handler.say(401) or True)
        for challenge in ('Basic realm="x"', f'Bearer realm="http://{tokens.host}/token"'):
            def fault(handler, path, challenge=challenge):
                named = handler.headers.get("Authorization")
                return (path == "/v2/" or named) and (handler.say(401, WWW_Authenticate=challenge) or True)

            self.proxy.fault = fault
            self.proxy.log.clear()
            self.refused(self.app(), "no SBOM is attached to the image", "--sbom-from", "referrers", *LOGIN, input="old")
            paths = [path for _, path, *_ in self.proxy.log]
            self.assertEqual(paths.count("/v2/"), 1)
            self.assertGreater(len([path for path in paths if "/manifests/sha256-" in path]), 2, "what is attached is asked for on")

    def test_a_token_server_may_ask_for_patience(self):
        tokens = self.server(lambda handler: handler.say(429, Retry_After="3600") or True)
        self.wants_token(f"http://{tokens.host}/token")
        self.refused(self.app(), "the server says 429, and asks for 3600 seconds of patience")
        self.assertEqual(len(tokens.log), 1)

    def sent(self, log):
        """What these requests said of who asks."""
        said = {headers.get("Authorization", "") for _, _, headers, *_ in log}
        log.clear()
        return said

    def test_a_token_goes_to_one_registry(self):
        other = self.server(lambda handler: handler.say(404) or True)
        token = {"PEEKR_REGISTRY_TOKEN": "t"}
        theirs = f"registry:{other.host}/c/d:1"
        code, _, err = self.peekr("diff", f"registry:{self.app()}", theirs, **token)
        self.assertEqual(code, 1)
        self.assertIn(f"the targets are in {self.proxy.host} and {other.host}: PEEKR_REGISTRY says in which", err)
        self.assertEqual((self.proxy.log, other.log), ([], []))
        ours = token | {"PEEKR_REGISTRY": self.proxy.host}
        self.assertIn(f"the registry token is not sent to {other.host}: it is that of {self.proxy.host}", self.refused(theirs, "404", **ours))
        self.assertEqual(self.sent(other.log), {""})
        self.peekr("diff", "--db", "none", f"registry:{self.app()}", theirs, **ours)
        self.assertNotIn("Bearer t", self.sent(other.log))
        (self.home / "none.json").write_text('{"id": "CVE-1", "modified": "2024-01-01T00:00:00Z", "affected": []}')
        self.assertEqual(self.peekr("db", "build", "--from", "none.json", "--db", "db")[0], 0)
        self.sent(self.proxy.log)
        code, _, err = self.peekr("scan", "--db", "db", self.app(), "--base", theirs, **token, PEEKR_REGISTRY=other.host)
        self.assertEqual((code, self.sent(other.log), self.sent(self.proxy.log)), (1, {"Bearer t"}, {""}), err)
        for more in (ours, token):
            self.packages(self.app(), "--no-cache", **more)
            self.assertEqual(self.sent(self.proxy.log), {"Bearer t"})
        self.refused(theirs, "want a host", **token, PEEKR_REGISTRY="ghcr.io/team")
        conf = self.home / ".config/containers/registries.conf"
        conf.parent.mkdir(parents=True)
        conf.write_text(f'[[registry]]\nprefix = "docker.io"\nlocation = "{self.proxy.host}"\n')
        self.proxy.fault = lambda handler, path: handler.say(404) or True
        self.assertIn("not sent to docker.io: the target does not name it", self.refused("registry:app:1", "not there", **token))
        self.assertEqual(self.sent(self.proxy.log), {""})
        for target, more in (("registry:docker.io/library/app:1", {}), ("registry:app:1", {"PEEKR_REGISTRY": "index.docker.io"})):
            self.refused(target, "not there", **token, **more)
            self.assertEqual(self.sent(self.proxy.log), {"Bearer t"})

    def test_a_quota_is_larger_with_a_login(self):
        self.proxy.fault = lambda handler, path: handler.say(429) or True
        self.refused(self.app(), f"too many requests (a login may have a larger quota: docker login {self.proxy.host}, ")
        self.proxy.fault = lambda handler, path: handler.say(
            429 if "Authorization" in handler.headers else 401, WWW_Authenticate='Basic realm="x"') or True
        self.refused(self.app(), "too many requests: the server says 429", *LOGIN, input=SECRET)

    def test_the_form_that_skopeo_knows(self):
        for front in ("docker://", "registry:docker://"):
            found, report, _ = self.packages(f"{front}{self.plain.host}/app:1")
            self.assertEqual((found, report["image"]["kind"]), (["a", "bash"], "registry"))

    # A line that breaks behind the last byte.

    def test_a_body_whose_end_is_missing(self):
        whole, ranges = [], []

        def fault(handler, path):
            if "/blobs/" not in path:
                return False
            if "Range" in handler.headers:
                ranges.append(handler.headers["Range"])
                return handler.say(416) or True
            status, _, body = handler.ask()
            if len(body) < 100_000:
                return False
            whole.append(f"bytes={len(body)}-")
            handler.send_response(status)
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
            handler.close_connection = True
            return True

        self.proxy.fault = fault
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])
        self.assertEqual(len(whole), 1)
        self.assertEqual(ranges, whole)

    # Credential helpers.

    def helper_that_waits(self):
        file = self.home / "bin/docker-credential-slow"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\nsleep 100 &\necho $$ $! > {self.home}/started\nwait\n")
        file.chmod(0o755)
        self.configure(credsStore="slow")
        self.proxy.fault = lambda handler, path: handler.say(401, WWW_Authenticate='Basic realm="x"') or True

    def numbers(self):
        for _ in range(600):
            try:
                numbers = (self.home / "started").read_text().split()
            except OSError:
                numbers = []
            if len(numbers) == 2:
                return numbers
            time.sleep(0.05)
        raise AssertionError("the helper does not start")

    def runs(self, number):
        try:
            return pathlib.Path("/proc", number, "stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
        except OSError:
            return False

    def ended(self):
        for number in self.numbers():
            for _ in range(100):
                if not self.runs(number):
                    break
                time.sleep(0.05)
            self.assertFalse(self.runs(number), "the helper or what it has started")
        (self.home / "started").unlink()

    def test_a_helper_ends_with_the_scan_that_has_started_it(self):
        self.helper_that_waits()
        code, _, err = self.peekr("inventory", "--timeout", "5s", self.app())
        self.assertEqual(code, 1)
        self.assertIn("the time of --timeout is over", err)
        self.ended()
        environment = {"PATH": f"{self.home}/bin:{os.environ['PATH']}", "HOME": str(self.home)}
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with subprocess.Popen([self.program, "inventory", self.app()], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  preexec_fn=lambda number=number: signal.signal(number, signal.SIG_DFL)) as scan:
                self.numbers()
                scan.send_signal(number)
                self.assertEqual(scan.wait(30), -number)
            self.ended()

    # Rules for registries.

    def test_who_has_rules_of_his_own_has_none_of_the_systems_folder(self):
        unshare = ["unshare", "-m", "sh", "-c", 'mount --bind "$1" /etc/containers && shift && exec "$@"', "sh"]
        if not pathlib.Path("/etc/containers").is_dir() or subprocess.run([*unshare, self.folder, "true"], stderr=subprocess.DEVNULL,
                                                                          check=False).returncode != 0:
            self.skipTest("no mount of its own for a test here")
        (self.home / "etc/registries.conf.d").mkdir(parents=True)
        (self.home / "etc/registries.conf.d/block.conf").write_text(f'[[registry]]\nlocation = "{self.plain.host}"\nblocked = true\n')
        own = self.home / ".config/containers/registries.conf"
        own.parent.mkdir(parents=True)
        for want in (1, 0):
            done = subprocess.run([*unshare, self.home / "etc", self.program, "inventory", "--no-cache", f"{self.plain.host}/app:1"],
                                  check=False, env={"PATH": os.environ["PATH"], "HOME": str(self.home)}, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, want, done.stderr)
            own.write_text("")

    # The cache.

    def test_a_cache_that_cannot_be_cleared_is_an_error(self):
        nobody = [] if os.getuid() else ["setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all"]
        cache = self.home / "cache"
        self.packages(self.app(), XDG_CACHE_HOME=str(cache))
        entries = len(list(cache.rglob("peekr/layers/*")))
        self.assertGreater(entries, 0)
        for folder in (self.folder, self.home, *(one for one in (cache, *cache.rglob("*")) if one.is_dir())):
            folder.chmod(0o555)
        try:
            for action, code in (("status", 0), ("clear", 1), ("prune", 0)):
                done = subprocess.run([*nobody, self.program, "cache", action], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "XDG_CACHE_HOME": str(cache)}, cwd="/")
                if b"execute" in done.stderr:
                    self.skipTest("another user may not run " + self.program)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertEqual(b"cannot be removed: Permission denied" in done.stderr, code == 1)
        finally:
            for folder in (self.folder, self.home, *(one for one in (cache, *cache.rglob("*")) if one.is_dir())):
                folder.chmod(0o755)
        self.assertEqual(len(list(cache.rglob("peekr/layers/*"))), entries)


if __name__ == "__main__":
    registry_case.main()
