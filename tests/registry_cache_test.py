#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a scan out of a registry costs, and what of it is kept: usage: registry_cache_test.py PEEKR_PROGRAM."""
import json
import os
import pathlib
import subprocess
import sys
import time
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import registry_case  # noqa: E402


class Kept(registry_case.RegistryCase):
    def test_a_second_scan_touches_no_layer(self):
        first = self.packages(self.app())[1]
        self.assertEqual(len(self.layers_asked()), 3)  # the configuration and two layers
        self.proxy.log.clear()
        _, second, err = self.packages(self.app())
        self.assertEqual(len(self.layers_asked()), 1)
        self.assertEqual(first["packages"], second["packages"])
        self.assertIn("fetched ", err)
        self.proxy.log.clear()
        self.assertEqual(self.packages(self.app(), "--no-cache")[1]["packages"], first["packages"])
        self.assertEqual(len(self.layers_asked()), 3)

    def test_verify_full_reads_the_layers_whatever_is_kept(self):
        self.packages(self.app())
        self.proxy.log.clear()
        self.packages(self.app(), "--verify", "full")
        self.assertEqual(len(self.layers_asked()), 3)

    def test_a_layer_that_two_images_share_is_fetched_once(self):
        self.packages(self.app())
        self.proxy.log.clear()
        found, report, _ = self.packages(f"{self.proxy.host}/v2s2:1")  # its one layer is the lower one of app:1
        self.assertEqual(found, ["bash"])
        self.assertLessEqual(len(self.layers_asked()), 2)

    def test_the_cache_is_looked_at_and_cut_back(self):
        def status(*arguments, **more):
            code, out, err = self.peekr("cache", *arguments, **more)
            self.assertEqual(code, 0, err)
            return out

        self.assertIn("0 entries", status("status"))
        self.packages(self.app())
        self.assertIn("8 entries", status("status"))  # the layers, the image that they make, that it has this name, and what it is as a base image: by blobs and by diff IDs
        self.assertIn("0 removed", status("prune"))
        self.assertIn("8 removed", status("prune", "--size", "0"))
        self.packages(self.app(), PEEKR_CACHE_SIZE="0")
        self.assertIn("0 entries", status("status"))
        self.packages(self.app())
        self.assertIn("8 removed", status("clear"))
        place = self.home / ".cache/peekr"
        self.assertEqual([one for one in place.rglob("*") if one.is_file()], [])

    def test_a_damaged_or_unwritable_cache_is_no_error(self):
        self.packages(self.app())
        for file in (self.home / ".cache/peekr/layers").iterdir():
            file.write_bytes(file.read_bytes()[:-1])
        self.proxy.log.clear()
        names, _, err = self.packages(self.app())
        self.assertEqual(names, ["a", "bash"])
        self.assertEqual(len(self.layers_asked()), 3)
        self.assertIn("damaged entries were removed", err)
        for file in (self.home / ".cache/peekr/layers").iterdir():  # whole, but nothing that can be unpacked
            file.write_bytes(b"%08x\n" % zlib.crc32(b"\xff") + b"\xff")
        self.assertIn("damaged entries were removed", self.packages(self.app())[2])
        self.proxy.log.clear()
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])
        self.assertEqual(len(self.layers_asked()), 1, "they were replaced")
        (self.home / "file").write_text("")
        err = self.packages(self.app(), XDG_CACHE_HOME=str(self.home / "file"))[2]
        self.assertIn("what was found is not kept", err)

    def test_a_wrong_layer_is_never_kept(self):
        self.proxy.change = lambda path, status, headers, body: (
            status, headers, body[:-9] + bytes([body[-9] ^ 1]) + body[-8:] if len(body) > 100_000 else body)
        self.refused(self.app(), "expected sha256:")
        self.proxy.change = None
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])

    def test_many_scans_at_once(self):
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.home)}
        running = [subprocess.Popen([self.program, "inventory", "-f", "json", self.app()], env=clean, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL) for _ in range(6)]
        said = [(one.communicate(timeout=120)[0], one.returncode) for one in running]
        self.assertEqual({code for _, code in said}, {0})
        self.assertEqual(len({json.dumps(json.loads(out)["packages"]) for out, _ in said}), 1)

    def test_a_killed_scan_leaves_nothing(self):
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.home)}
        for pause in (0.05, 0.1, 0.15, 0.2, 0.3):
            scan = subprocess.Popen([self.program, "inventory", self.app()], env=clean, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
            time.sleep(pause)
            scan.kill()
            scan.wait()
        names = [one.name for one in self.home.rglob("*") if one.is_file()]
        self.assertTrue(all(len(name) == 64 for name in names), names)
        self.assertEqual(self.packages(self.app())[0], ["a", "bash"])

    def test_a_scan_has_its_time(self):
        self.proxy.fault = lambda handler, path: "/blobs/" in path and (time.sleep(12) or True)
        begin = time.monotonic()
        self.refused(self.app(), "the time of --timeout is over", "--timeout", "500ms")
        self.assertLess(time.monotonic() - begin, 11)
        self.refused(self.app(), "want a time such as", "--timeout", "soon")

    def test_an_image_that_is_too_large_is_not_fetched(self):
        self.refused(self.app(), "bytes (limit image_bytes is 1048576)", "--max-image-size", "1M")
        self.assertEqual(len(self.layers_asked()), 1)

if __name__ == "__main__":
    registry_case.main()
