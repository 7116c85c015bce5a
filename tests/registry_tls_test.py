#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TLS with a registry: authorities, certificates of clients, and where none is spoken. usage: registry_tls_test.py PEEKR_PROGRAM."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import registries  # noqa: E402
import registry_case  # noqa: E402
from registry_case import SECRET  # noqa: E402


class Tls(registry_case.RegistryCase):
    def test_tls_with_a_private_authority(self):
        keys = registries.certificates(self.folder / "keys")
        tls = f"  tls: {{certificate: {keys}/server.crt, key: {keys}/server.key}}\n"
        registry = registries.Registry(self.folder / "storage", tls=tls)
        self.addCleanup(registry.close)
        self.refused(f"{registry.host}/app:1", "certificate")
        self.assertEqual(self.packages(f"{registry.host}/app:1", SSL_CERT_FILE=str(keys / "ca.crt"))[0], ["a", "bash"])
        self.assertEqual(self.packages(f"{registry.host}/app:1", "--insecure")[0], ["a", "bash"])

    def first_words(self, *arguments, answer=b"", **more):
        """What each connection began with, at a server of this machine that hangs up; it may answer http before that."""
        words = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            def serve():
                while True:
                    try:
                        line = server.accept()[0]
                    except OSError:
                        return
                    with line:
                        words.append(line.recv(3))
                        if answer and words[-1] == b"GET":
                            line.recv(65536)
                            line.sendall(answer)

            threading.Thread(target=serve, daemon=True).start()
            self.refused(f"127.0.0.1:{server.getsockname()[1]}/app:1", "", *arguments, PEEKR_FETCH_TRIES="1", **more)
            server.shutdown(socket.SHUT_RDWR)
        return words

    def test_a_registry_of_this_machine_is_asked_without_tls_first_and_told_no_secret_by_that(self):
        tls = b"\x16\x03\x01"
        self.assertEqual(self.first_words()[:2], [b"GET", tls])
        self.assertEqual(self.first_words("--registry-token", "-", input=SECRET)[0], tls)

    def test_what_is_said_without_tls_counts_only_if_it_is_a_registrys(self):
        end = "Content-Length: 0\r\nConnection: close\r\n\r\n"
        for said in ("200 OK\r\nContent-Type: text/html", "302 Found\r\nLocation: http://127.0.0.1:1/",
                     "401 Unauthorized\r\nDocker-Distribution-Api-Version: registry/2.0\r\nWWW-Authenticate: Basic realm=x"):
            words = self.first_words(answer=f"HTTP/1.1 {said}\r\n{end}".encode())
            self.assertEqual(words[:2], [b"GET", b"\x16\x03\x01"], said)
        known = "200 OK\r\nContent-Type: application/vnd.oci.image.manifest.v1+json; charset=utf-8"
        self.assertEqual(set(self.first_words(answer=f"HTTP/1.1 {known}\r\n{end}".encode())), {b"GET"})

    def test_no_other_port_than_that_of_tls_is_asked_where_none_is_named(self):
        try:
            server = socket.create_server(("127.0.0.1", 80))
        except OSError as error:
            self.skipTest(f"port 80: {error}")
        with server:
            self.refused("127.0.0.1/app:1", "https://127.0.0.1", PEEKR_FETCH_TRIES="1")
            server.settimeout(0)
            self.assertRaises(BlockingIOError, server.accept)

    def test_a_registry_of_this_machine_is_not_asked_through_a_proxy(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
            found = self.packages(f"{self.plain.host}/app:1", "--no-cache", http_proxy=proxy, https_proxy=proxy, no_proxy="")
            self.assertEqual(found[0], ["a", "bash"])
            server.settimeout(0)
            self.assertRaises(BlockingIOError, server.accept)

    def test_the_systems_authorities_are_those_of_its_folder_and_of_its_file(self):
        system = pathlib.Path("/etc/ssl/certs")
        unshare = ["unshare", "-m", "sh", "-c", 'mount --bind "$1" /etc/ssl/certs && shift && exec "$@"', "sh"]
        if not system.is_dir() or subprocess.run([*unshare, self.folder, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("no mount of its own for a test here")
        keys = registries.certificates(self.folder / "keys3")
        tls = f"  tls: {{certificate: {keys}/server.crt, key: {keys}/server.key}}\n"
        registry = registries.Registry(self.folder / "storage", tls=tls)
        self.addCleanup(registry.close)
        folder, hashed = self.home / "certs", registries.openssl("x509", "-in", keys / "ca.crt", "-noout", "-hash").decode().strip()
        folder.mkdir()
        for name, want in (("none", 1), (hashed + ".0", 0), ("ca-certificates.crt", 0)):
            for one in folder.iterdir():
                one.unlink()
            shutil.copy(keys / "ca.crt", folder / name)
            done = subprocess.run([*unshare, folder, self.program, "inventory", "--no-cache", f"{registry.host}/app:1"], check=False,
                                  env={"PATH": os.environ["PATH"], "HOME": str(self.home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, want, (name, done.stderr))

    def test_certificates_of_one_registry(self):
        keys = registries.certificates(self.folder / "keys2")
        tls = (f"  tls: {{certificate: {keys}/server.crt, key: {keys}/server.key, clientcas: [{keys}/ca.crt]}}\n")
        registry = registries.Registry(self.folder / "storage", tls=tls)
        self.addCleanup(registry.close)
        place = self.home / ".config/containers/certs.d" / registry.host
        place.mkdir(parents=True)
        shutil.copy(keys / "ca.crt", place / "ca.crt")
        self.refused(f"{registry.host}/app:1", registry.host, PEEKR_FETCH_TRIES="1")
        shutil.copy(keys / "client.crt", place / "client.cert")
        self.refused(f"{registry.host}/app:1", "client.key")
        shutil.copy(keys / "client.key", place / "client.key")
        self.assertEqual(self.packages(f"{registry.host}/app:1")[0], ["a", "bash"])


if __name__ == "__main__":
    registry_case.main()
