#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A registry behind nginx, as most are: redirects, faults, throttling, TLS and passwords, all of them nginx's own; and what is asked for through a
proxy. usage: nginx_test.py PEEKR_PROGRAM"""
import base64
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import images  # noqa: E402
import registries  # noqa: E402
import registry_case  # noqa: E402
from images import BASE  # noqa: E402
from registry_case import LARGE, SECRET  # noqa: E402

BLOBS = [images.pack(one, "oci-dir-gzip") for one in (BASE, LARGE)]
NAME = "sha256:" + images.sha256(BLOBS[1])  # of the larger layer
AT = f"/v2/app/blobs/{NAME}"
PASS = "proxy_pass http://@registry;"
PLAIN = "listen 127.0.0.1:@port;"
TLS = "listen 127.0.0.1:@port ssl http2; ssl_certificate @keys/server.crt; ssl_certificate_key @keys/server.key;"
LOGIN = ("--username", "user", "--password-stdin")


def server(*lines):
    return "server {\n" + "\n".join(lines) + "\n}\n"


def at(path, what, how="="):
    return f"location {how} {path} {{ {what} }}"


# A server that falls silent after so many bytes.
def silent(size):
    return server("listen 127.0.0.1:@other;", f"limit_rate_after {size}; limit_rate 1;", at("/", PASS, ""))


# One in front of it, which has promised all of them, and hangs up.
HANGS_UP = "proxy_pass http://127.0.0.1:@other; proxy_buffering off; proxy_read_timeout 300ms;"


class BehindNginx(registry_case.RegistryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = registries.certificates(cls.folder / "keys")
        (cls.folder / "htpasswd").write_bytes(subprocess.run(["htpasswd", "-bn", "user", SECRET], check=True, stdout=subprocess.PIPE).stdout)
        (cls.folder / "www").mkdir()
        for name, data in (("other", BLOBS[1][:-9] + b"x" + BLOBS[1][-8:]), ("short", BLOBS[1][:-1000]), ("long", BLOBS[1] + b"x"), ("empty", b"")):
            (cls.folder / "www" / name).write_bytes(data)
        with open(cls.folder / "www/huge", "wb") as file:
            file.truncate(100_000_000)

    def nginx(self, of_layer="", of_all="", listen=PLAIN, more=""):
        """In front of the registry. of_layer: what it does with the larger layer; of_all: with every request; more: what else stands there. @port is
        where it listens, @other another port, @registry the registry, @www a folder of files."""
        port, other = registries.free_port(), registries.free_port()
        text = server(listen, of_all, of_layer and at(AT, of_layer), at("/", PASS + " proxy_set_header Authorization '';", "")) + more
        for name, value in (("port", port), ("other", other), ("registry", self.plain.host), ("www", self.folder / "www"),
                            ("keys", self.keys), ("folder", self.folder)):
            text = text.replace("@" + name, str(value))
        self.front = registries.Nginx(self.home / f"nginx-{port}", port, text)
        self.front.other = other
        self.addCleanup(self.front.close)
        return self.front

    def app(self):
        return f"{self.front.host}/app:1"

    def whole(self, *arguments, **more):
        """All of the image came."""
        found, report, err = self.packages(self.app(), *arguments, **more)
        self.assertEqual(found, ["a", "bash"])
        return report, err

    def kept(self):
        """How many layers of the image the cache has: what a scan of it need not fetch."""
        self.proxy.log.clear()
        self.packages(f"{self.proxy.host}/app:1", "--threads", "1")
        return 2 - len([path for path in self.layers_asked() if path.endswith(tuple(images.sha256(one) for one in BLOBS))])

    # What is wrong with a layer: exit code 1, what is said, and what is kept.

    def test_a_layer_that_does_not_come(self):
        for what, why in (
                ("return 444;", "mpty reply from server, at the last of 5 tries"),
                ("return 500;", "the server says 500, at the last of 5 tries"),
                ("return 503;", "the server says 503, at the last of 5 tries"),
                ("proxy_pass http://127.0.0.1:1;", "the server says 502, at the last of 5 tries"),
                ("deny all;", "access is denied: the server says 403"),
                ("return 404;", "not there: the server says 404"),
                ("return 400;", "the server says 400"),
                ("return 302 $request_uri;", "more than 10 redirects"),
                ("return 302 http://127.0.0.1:1$request_uri;", "127.0.0.1:1"),
                ("return 301 ftp://127.0.0.1/x;", "is not followed"),
                ("return 200 '<html>log in first</html>';", "bytes, its descriptor says"),
                ("alias @www/other;", f"blob: expected {NAME}"),
                ("alias @www/short;", "bytes, its descriptor says"),
                ("alias @www/long;", "bytes that its descriptor says"),
                ("alias @www/empty;", "its descriptor says")):
            with self.subTest(what):
                self.nginx(what)
                err = self.refused(self.app(), why, "--threads", "1")
                self.assertIn(NAME, err)
                self.assertEqual(self.kept(), 1, "the other layer")
                self.peekr("cache", "clear")

    def test_a_manifest_that_is_not_the_image_s(self):
        for what, why in (
                ("alias @www/huge;", "larger than 16777216 bytes (limit manifest_bytes)"),
                ("return 200 '<html>log in first</html>';", "no image in it, only text/plain"),
                (PASS + " sub_filter_types *; sub_filter '\"schemaVersion\"' ' \"schemaVersion\"';",
                 "manifest: expected sha256:"),
                ("return 301 https://127.0.0.1:1$request_uri;", "127.0.0.1:1")):
            with self.subTest(what):
                self.nginx(of_all=at("/v2/app/manifests/1", what))
                self.refused(self.app(), why, PEEKR_FETCH_TRIES="2")
                self.assertEqual(self.kept(), 0)
                self.peekr("cache", "clear")

    def test_a_layer_that_comes_too_slowly(self):
        self.nginx("limit_rate 500; " + PASS)
        self.refused(self.app(), "at the last of 2 tries", "--threads", "1", PEEKR_FETCH_PATIENCE="1", PEEKR_FETCH_TRIES="2")
        self.assertEqual(self.kept(), 1)
        self.peekr("cache", "clear")
        self.refused(self.app(), "the time of --timeout is over", "--threads", "1", "--timeout", "2s")
        self.assertEqual(self.kept(), 1)

    # What holds it up.

    def test_a_layer_that_comes_slowly(self):
        self.nginx("limit_rate 1m; " + PASS)
        begin = time.monotonic()
        self.whole()
        self.assertGreater(time.monotonic() - begin, 0.3)

    def test_a_layer_whose_line_breaks_at_every_tenth(self):
        for tenth in range(1, 10):
            self.nginx(HANGS_UP, more=silent(len(BLOBS[1]) * tenth // 10))
            _, err = self.whole("--no-cache", "--threads", "1")
            seen = [line for line in self.front.seen() if line.startswith(str(self.front.port)) and AT in line]
            self.assertEqual([line.split()[1] for line in seen], ["200"] + ["206"] * (len(seen) - 1), seen)
            self.assertGreater(len(seen), 1)
            for line in seen[1:]:
                self.assertRegex(line, r"range=bytes=[1-9][0-9]*- ")

    def test_a_registry_that_is_started_anew_while_a_layer_comes(self):
        front = self.nginx("limit_rate 500k; " + PASS)
        said = []
        scan = threading.Thread(target=lambda: said.append(self.peekr("inventory", "--no-cache", self.app(), PEEKR_FETCH_BACKOFF_MS="300")))
        scan.start()
        time.sleep(1)
        front.close()
        time.sleep(0.2)
        front.start()
        scan.join()
        self.assertEqual(said[0][0], 0, said)
        self.assertTrue([line for line in front.seen() if AT in line and "206" in line and "range=bytes=" in line])

    def test_too_many_requests(self):
        zone = "limit_req_zone $server_port zone=all:1m rate=2r/s;\n"
        for status in (429, 503):
            throttle = f"limit_req zone=all; limit_req_status {status}; add_header Retry-After 1 always;"
            self.nginx(of_all=throttle, more=zone)
            self.whole("--no-cache")
            statuses = [line.split()[1] for line in self.front.seen()]
            self.assertIn(str(status), statuses)
            self.assertEqual(statuses.count("200"), 4)  # the manifest, the configuration, two layers
        self.nginx(of_all=throttle.replace("Retry-After 1", "Retry-After 3600"), more=zone)
        self.refused(self.app(), "the server says 503, and asks for 3600 seconds of patience", "--threads", "1")
        self.nginx(of_all="limit_req zone=all; limit_req_status 429;", more=zone.replace("2r/s", "1r/m"))
        self.refused(self.app(), "the server says 429, at the last of 5 tries", "--threads", "1")

    def test_more_connections_than_it_allows(self):
        self.nginx(of_all="limit_conn all 1; limit_rate 2m;", more="limit_conn_zone $server_port zone=all:1m;\n")
        self.whole("--no-cache", PEEKR_FETCH_BACKOFF_MS="200")

    # Who asks, and who is told.

    def test_a_password_that_nginx_asks_for(self):
        self.nginx(of_all="auth_basic x; auth_basic_user_file @folder/htpasswd;")
        self.refused(self.app(), "authentication is required")
        self.refused(self.app(), "the credentials are refused: the server says 401", *LOGIN, input="wrong")
        self.assertEqual(self.kept(), 0)
        self.peekr("cache", "clear")
        self.whole(*LOGIN, input=SECRET)

    def test_a_redirect_to_another_server_takes_no_secret_along(self):
        place = self.home / ".config/containers/certs.d"
        for listen in (PLAIN, TLS):
            scheme = "https" if listen == TLS else "http"
            client = " ssl_verify_client optional; ssl_client_certificate @keys/ca.crt;" if listen == TLS else ""
            self.nginx(f"return 307 {scheme}://127.0.0.1:@other$request_uri?signature={SECRET};", listen=listen + client,
                       of_all="auth_basic x; auth_basic_user_file @folder/htpasswd;",
                       more=server(listen.replace("@port", "@other") + client, at("/", PASS, "")))
            folder = place / self.front.host
            folder.mkdir(parents=True)
            for name, to in (("ca.crt", "ca.crt"), ("client.crt", "client.cert"), ("client.key", "client.key")):
                if listen == TLS:
                    (folder / to).write_bytes((self.keys / name).read_bytes())
            self.whole("--no-cache", *LOGIN, input=SECRET)
            seen = self.front.seen()
            told = [line for line in seen if line.startswith(str(self.front.other))]
            self.assertEqual(len(told), 1, seen)
            self.assertIn("auth=- ", told[0])
            self.assertRegex(told[0], "certificate=(-|NONE) ")
            basic = base64.b64encode(f"user:{SECRET}".encode()).decode()
            self.assertTrue([line for line in seen if line.startswith(str(self.front.port)) and f"auth=Basic {basic}" in line])
            if listen == TLS:
                self.assertTrue([line for line in seen if "certificate=SUCCESS" in line])

    def test_a_private_authority(self):
        self.nginx(listen=TLS)
        self.refused(self.app(), "certificate", "--threads", "1")
        self.assertEqual(self.kept(), 0)
        self.peekr("cache", "clear")
        self.whole("--no-cache", SSL_CERT_FILE=str(self.keys / "ca.crt"))
        self.whole("--no-cache", "--insecure")
        self.assertTrue([line for line in self.front.seen() if AT in line and line.endswith("HTTP/2.0")])

    def test_a_layer_whose_stream_breaks_with_http_2(self):
        self.nginx(HANGS_UP, listen=TLS, more=silent(500_000))
        self.whole("--no-cache", "--threads", "1", SSL_CERT_FILE=str(self.keys / "ca.crt"))
        seen = [line for line in self.front.seen() if line.startswith(str(self.front.port)) and AT in line]
        self.assertTrue([line for line in seen if line.split()[1] == "206" and line.endswith("HTTP/2.0")], seen)

    def test_a_proxy_that_wants_a_password(self):
        self.nginx(listen=TLS.replace("127.0.0.1", "0.0.0.0"))
        port, folder = registries.free_port(), self.home / "proxy"
        folder.mkdir()
        (folder / "conf").write_text(f'Port {port}\nListen 127.0.0.1\nLogFile "{folder}/log"\nLogLevel Connect\nBasicAuth user pr0xysecret\n')
        proxy = subprocess.Popen(["tinyproxy", "-d", "-c", folder / "conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(proxy.wait)
        self.addCleanup(proxy.terminate)
        registries.wait_for(port, "tinyproxy")
        name = f"0.0.0.0:{self.front.port}"  # this machine, but not by a name that goes through no proxy
        through = lambda password: {"https_proxy": f"http://user:{password}@127.0.0.1:{port}",
                                    "SSL_CERT_FILE": str(self.keys / "ca.crt"), "PEEKR_FETCH_TRIES": "2"}
        self.assertEqual(self.packages(f"{name}/app:1", "--no-cache", **through("pr0xysecret"))[0], ["a", "bash"])
        asked = (folder / "log").read_text().count(f"CONNECT {name} ")
        self.assertGreater(asked, 0)
        err = self.refused(f"{name}/app:1", "it wants a name and a password, or other ones: put http://USER:PASSWORD@", **through("wr0ngsecret"))
        self.assertRegex(err, "the proxy says 40[17]: ")
        self.assertNotIn("tries", err)
        self.assertNotIn("wr0ngsecret", err)
        self.assertEqual(self.packages(f"{name}/app:1", "--no-cache", no_proxy="0.0.0.0", **through("wr0ngsecret"))[0], ["a", "bash"])
        err = self.refused(f"{name}/app:1", "127.0.0.1 port 1 ", **{**through(""), "https_proxy": "http://user:pr0xysecret@127.0.0.1:1"})
        self.assertNotIn("pr0xysecret", err)

    def test_a_redirect_from_https_to_http_is_not_followed(self):
        self.nginx("return 307 http://@registry$request_uri;", listen=TLS)
        self.refused(self.app(), "a redirect from https to http://", "--threads", "1", SSL_CERT_FILE=str(self.keys / "ca.crt"))
        self.assertEqual(self.kept(), 1)

    def test_a_redirect_from_http_to_https_is_followed(self):
        self.nginx(of_all="return 301 https://127.0.0.1:@other$request_uri;", more=server(TLS.replace("@port", "@other"), at("/", PASS, "")))
        self.whole("--no-cache", SSL_CERT_FILE=str(self.keys / "ca.crt"))


if __name__ == "__main__":
    registry_case.main("nginx", "tinyproxy")
