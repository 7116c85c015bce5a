# SPDX-License-Identifier: Apache-2.0
"""Registries for the tests: Debian's docker-registry on loopback, plain or with TLS, htpasswd or tokens; a token server that signs
what that registry believes; nginx in front of it; and a proxy that does to its answers what a test wants."""
import base64
import http.client
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse


def main(*more):
    """The tests of the script that is run, where this machine has what they need."""
    missing = [name for name in ("docker-registry", "skopeo", "htpasswd", "openssl", *more) if not shutil.which(name)]
    if missing:
        print("skipped: not installed: " + ", ".join(missing))
        sys.exit(0)
    unittest.main(verbosity=2)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more).stdout


def certificates(folder):
    """ca.crt, and server.crt and client.crt (with keys) that it has signed."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-batch"]
    openssl("req", "-x509", *new, "-keyout", folder / "ca.key", "-out", folder / "ca.crt", "-days", "9", "-subj", "/CN=tests CA")
    for name in ("server", "client"):
        openssl("req", *new, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr", "-subj", f"/CN={name}")
        extensions = folder / "extensions"
        extensions.write_text("subjectAltName=IP:127.0.0.1,IP:0.0.0.0,DNS:localhost\n")
        openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.crt", "-CAkey", folder / "ca.key",
                "-CAcreateserial", "-days", "9", "-extfile", extensions, "-out", folder / f"{name}.crt")
    return folder


class Registry:
    """docker-registry with these lines of configuration; `storage` may be shared by several."""

    def __init__(self, storage, auth="", tls=""):
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        pathlib.Path(storage).mkdir(parents=True, exist_ok=True)
        self.config = pathlib.Path(storage).parent / f"config-{self.port}.yml"
        self.config.write_text(f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
                               f"storage: {{filesystem: {{rootdirectory: {storage}}}}}\n{auth}"
                               f"http:\n  addr: {self.host}\n  secret: tests\n{tls}")
        environment = {"PATH": os.environ["PATH"], "OTEL_TRACES_EXPORTER": "none"}
        self.process = subprocess.Popen(["docker-registry", "serve", self.config], env=environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port, "docker-registry")

    def close(self):
        self.process.kill()
        self.process.wait()


class Nginx:
    """One process of nginx, in the foreground; all that it writes is below `folder`. http: lines of its configuration, where a server listens at
    `port`."""

    def __init__(self, folder, port, http):
        self.folder, self.port = pathlib.Path(folder), port
        self.host = f"127.0.0.1:{port}"
        self.folder.mkdir(parents=True, exist_ok=True)
        places = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\nmaster_process off;\npid {self.folder}/pid;\nevents {{}}\nhttp {{\n{places}"
            "log_format seen '$server_port $status $request_uri auth=$http_authorization range=$http_range certificate=$ssl_client_verify "
            f"$server_protocol';\naccess_log {self.folder}/seen seen;\n{http}}}\n")
        self.start()

    def start(self):
        self.process = subprocess.Popen(["nginx", "-p", self.folder, "-e", self.folder / "errors", "-c", self.folder / "nginx.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port, "nginx")

    def close(self):
        self.process.kill()
        self.process.wait()

    def seen(self):
        """A line for each request, when all have been answered: nginx has ended then."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)
        return (self.folder / "seen").read_text().splitlines()


def wait_for(port, what):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(what + " does not start")


def push(source, registry, name, *options):
    subprocess.run(["skopeo", "--insecure-policy", "copy", "-q", "--dest-tls-verify=false", *options, source,
                    f"docker://{registry.host}/{name}"], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.log = []  # (method, path, headers)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that has enough

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reset(self):
        """The line breaks as it does when a machine goes away."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()
        self.close_connection = True


class Proxy(Server):
    """Before a registry. `fault(handler, path)` answers instead, or says nothing and the registry does; `body(path, status, headers,
    bytes)` may change what it says."""

    def __init__(self, registry):
        super().__init__(ProxyHandler)
        self.registry, self.fault, self.change = registry, None, None


class ProxyHandler(Handler):
    def ask(self):
        line = http.client.HTTPConnection("127.0.0.1", self.server.registry.port, timeout=60)
        line.putrequest("GET", self.path, skip_host=True, skip_accept_encoding=True)
        line.putheader("Host", self.server.registry.host)
        for name, value in self.headers.items():
            if name.lower() != "host":
                line.putheader(name, value)
        line.endheaders()
        reply = line.getresponse()
        answer = reply.status, dict(reply.getheaders()), reply.read()
        line.close()
        return answer

    def do_GET(self):
        self.server.log.append(("GET", self.path, dict(self.headers)))
        if self.server.fault and self.server.fault(self, self.path):
            return
        status, headers, body = self.ask()
        if self.server.change:
            status, headers, body = self.server.change(self.path, status, headers, body)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "date", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", headers.get("Content-Length", str(len(body))))
        self.end_headers()
        self.wfile.write(body)


class TokenServer(Server):
    """Signs tokens for whoever has the right password or refresh token; for anybody, where `anonymous`."""

    def __init__(self, folder):
        super().__init__(TokenHandler)
        self.folder, self.users, self.refresh, self.anonymous, self.life = pathlib.Path(folder), {}, {}, False, 300
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-batch", "-keyout", self.folder / "token.key", "-out",
                self.folder / "token.crt", "-days", "9", "-subj", "/CN=tokens")
        self.auth = (f"auth: {{token: {{realm: 'http://{self.host}/token', service: tests, issuer: tests, "
                     f"rootcertbundle: {self.folder}/token.crt}}}}\n")

    def token(self, scope):
        def packed(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")
        kind, name, actions = scope.split(":") if scope else ("", "", "")
        der = openssl("x509", "-in", self.folder / "token.crt", "-outform", "DER")
        head = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}
        now = int(time.time())
        access = [{"type": kind, "name": name, "actions": actions.split(",")}] if scope else []
        claims = {"iss": "tests", "aud": "tests", "sub": "", "exp": now + self.life, "nbf": now - 10, "iat": now, "jti": "1",
                  "access": access}
        text = packed(json.dumps(head).encode()) + b"." + packed(json.dumps(claims).encode())
        return (text + b"." + packed(openssl("dgst", "-sha256", "-sign", self.folder / "token.key", input=text))).decode()


class TokenHandler(Handler):
    def do_GET(self):
        self.server.log.append(("GET", self.path, dict(self.headers)))
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        basic = self.headers.get("Authorization", "").removeprefix("Basic ")
        user, _, password = base64.b64decode(basic).decode().partition(":")
        known = user in self.server.users and self.server.users[user] == password
        if not known and (basic or not self.server.anonymous):
            return self.say(401, b'{"errors": [{"code": "UNAUTHORIZED"}]}')
        self.say(200, json.dumps({"token": self.server.token(query.get("scope", [""])[0])}).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.log.append(("POST", self.path, dict(self.headers)))
        form = {key: value[0] for key, value in urllib.parse.parse_qs(body).items()}
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") not in self.server.refresh:
            return self.say(401)
        self.say(200, json.dumps({"access_token": self.server.token(form.get("scope", ""))}).encode())
