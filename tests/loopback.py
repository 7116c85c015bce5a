# SPDX-License-Identifier: Apache-2.0
"""A server on loopback, laid out as a publisher's, with faults where a test wants them; and how peekr is run against it."""
import http.server
import io
import json
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
import zipfile
from pathlib import Path

PEEKR = ""


def record(number, modified="2024-01-01T00:00:00Z", fixed="2.0"):
    return {"id": f"GHSA-{number:04}", "modified": modified, "affected": [{"package": {"ecosystem": "npm", "name": f"p{number}"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}


def zipped(records):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for one in records:
            file.writestr(one["id"] + ".json", json.dumps(one))
    return out.getvalue()


class Server(http.server.ThreadingHTTPServer):
    """`files`: path to bytes. `fault(handler, path)`: does what it likes, and says whether that was all."""
    daemon_threads = True

    def __init__(self, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.fault, self.log = {}, None, []
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that has enough

    def osv(self, records, root=""):
        rows = sorted(((one["modified"], one["id"]) for one in records), reverse=True)
        self.files[root + "/ecosystems.txt"] = b"npm\n"
        self.files[root + "/npm/all.zip"] = zipped(records)
        self.files[root + "/npm/modified_id.csv"] = "".join(f"{a},{b}\n" for a, b in rows).encode()
        for one in records:
            self.files[f"{root}/npm/{one['id']}.json"] = json.dumps(one).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body waits for no acknowledgement of its headers

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path
        self.server.log.append((path, dict(self.headers)))
        if self.server.fault and self.server.fault(self, path):
            return
        self.answer(path)

    do_CONNECT = do_GET  # asked as a proxy

    def answer(self, path):
        if path not in self.server.files:
            return self.say(404)
        body = self.server.files[path]
        tag = '"%08x"' % (hash(body) & 0xFFFFFFFF)
        if self.headers.get("If-None-Match") == tag:
            return self.say(304, ETag=tag)
        span, expected = self.headers.get("Range", ""), self.headers.get("If-Range", tag)
        if span and expected == tag:
            first, last = span.removeprefix("bytes=").split("-")
            if int(first) >= len(body):
                return self.say(416)
            part = body[int(first):int(last) + 1 if last else None]
            return self.say(206, part, ETag=tag, Content_Range=f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}")
        self.say(200, body, ETag=tag)

    def say(self, status, body=b"", length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


class Case(unittest.TestCase):
    """A folder and a server of its own for each test."""

    def setUp(self):
        self.at = Path(tempfile.mkdtemp(prefix="peekr-update-"))
        self.server = Server()
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.at)

    def peekr(self, *arguments, **environment):
        full = {**os.environ, "ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99", "SOURCE_DATE_EPOCH": "1711000000",
                "PEEKR_FETCH_BACKOFF_MS": "10", "PEEKR_FETCH_PATIENCE": "1", "HOME": str(self.at), **environment}
        for name in ("http_proxy", "https_proxy", "all_proxy", "SSL_CERT_FILE", "PEEKR_DB", "XDG_CACHE_HOME"):
            if name not in environment:
                full.pop(name, None)
        return subprocess.run([PEEKR, *arguments], capture_output=True, text=True, timeout=120, env=full)

    def asked(self):
        """The paths since the last time."""
        paths = [path for path, _ in self.server.log]
        self.server.log.clear()
        return paths


def main(program):
    """Of a test file: its one argument is the program."""
    global PEEKR
    PEEKR = program
    unittest.main()
