#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Layers with a table of contents, in part and whole: usage: partial_test.py PEEKR_PROGRAM. eStargz is made here, zstd:chunked by
skopeo; the registry is Debian's docker-registry, and a proxy before it says what was asked for."""
import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import images  # noqa: E402
import registries  # noqa: E402

PEEKR = ""
TOC = "containerd.io/snapshot/stargz/toc.digest"
STATUS = "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2+b2\n\n"
MODULE = '{"name": "left-pad", "version": "1.0.0"}'
FILES = [("etc/os-release", 'ID=debian\nVERSION_ID="12"\n'), ("opt/noise", random.Random(1).randbytes(400_000)),
         ("var/lib/dpkg/status", STATUS), ("opt/more", random.Random(2).randbytes(200_000)),
         ("usr/lib/node_modules/left-pad/package.json", MODULE), ("opt/a.jar", random.Random(3).randbytes(100_000))]
ADVISORY = {"id": "X-1", "modified": "2026-01-01T00:00:00Z", "affected": [
    {"package": {"ecosystem": "npm", "name": "left-pad"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}


def digest(data):
    return "sha256:" + images.sha256(data)


def estargz(files, lie=lambda entries: None):
    """A layer, and the digest of its table; `lie` may change what that says."""
    blob, entries = b"", []
    for name, data in files:
        data = data.encode() if isinstance(data, str) else data
        whole = images.entry(name, data)
        blob += gzip.compress(whole[:512], mtime=0)
        entries.append({"name": name, "type": "reg", "size": len(data), "mode": 0o644, "digest": digest(data), "offset": len(blob),
                        "chunkDigest": digest(data)})
        blob += gzip.compress(data, mtime=0) + gzip.compress(whole[512 + len(data):], mtime=0)
    lie(entries)
    table = json.dumps({"version": 1, "entries": entries}).encode()
    footer = (b"\x1f\x8b\x08\x04" + bytes(5) + b"\xff\x1a\0SG\x16\0" + b"%016xSTARGZ" % len(blob) + b"\1\0\0\xff\xff" + bytes(8))
    return blob + gzip.compress(images.entry("stargz.index.json", table) + images.END, mtime=0) + footer, digest(table)


class Lazy(images.Image):
    """One eStargz layer, and a plain one above."""

    def __init__(self, lie=lambda entries: None, annotation=None):
        layer, toc = estargz(FILES, lie)
        super().__init__([gzip.decompress(layer), images.entry("opt/x", "x") + images.END], "oci-dir-gzip", tag="x")
        self.blobs[0] = layer
        self.annotation = annotation or toc

    def blobs_and_descriptor(self):
        blobs, descriptor = super().blobs_and_descriptor()
        manifest = json.loads(blobs.pop("blobs/" + descriptor["digest"].replace(":", "/")))
        manifest["layers"][0]["annotations"] = {TOC: self.annotation}
        data = json.dumps(manifest).encode()
        blobs["blobs/" + digest(data).replace(":", "/")] = data
        return blobs, {**descriptor, "digest": digest(data), "size": len(data)}


class Tokens(registries.Handler):
    """The first one is 1, the second one 2."""

    def do_GET(self):
        self.server.log.append(self.path)
        self.say(200, json.dumps({"token": str(len(self.server.log))}).encode())


class Partial(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="peekr-partial-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.registry = registries.Registry(cls.folder / "storage")
        cls.addClassCleanup(cls.registry.close)
        cls.layouts = {}
        for name, image in {"esgz": Lazy(), "wrong": Lazy(annotation=digest(b"")),
                            "lies": Lazy(lambda entries: entries.pop()),
                            "broken": Lazy(lambda entries: entries[0].update(offset=1 << 40)),
                            "other": Lazy(lambda entries: entries[2].update(digest=digest(b""), chunkDigest=digest(b"")))}.items():
            cls.layouts[name] = images.write(images.files_of([image]), image.form, cls.folder / name)
            registries.push(f"oci:{cls.layouts[name]}", cls.registry, f"{name}:1", "--preserve-digests")
        plain = images.Image([b"".join(images.entry(*one) for one in FILES) + images.END], "oci-dir-gzip", tag="x")
        source = images.write(images.files_of([plain]), plain.form, cls.folder / "plain")
        registries.push(f"oci:{source}", cls.registry, "plain:1")
        cls.layouts["chunked"] = cls.folder / "chunked"
        subprocess.run(["skopeo", "--insecure-policy", "copy", "-q", "--dest-compress-format", "zstd:chunked", f"oci:{source}",
                        f"oci:{cls.layouts['chunked']}:x"], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        registries.push(f"oci:{cls.layouts['chunked']}:x", cls.registry, "chunked:1", "--preserve-digests")

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="home-", dir=self.folder))
        self.proxy = registries.Proxy(self.registry)
        self.addCleanup(self.proxy.close)

    def peekr(self, *arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "PEEKR_FETCH_BACKOFF_MS": "5",
                       "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        done = subprocess.run([PEEKR, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
                              check=False, cwd=self.home)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def inventory(self, name, *arguments):
        target = name if "/" in str(name) else f"{self.proxy.host}/{name}:1"
        code, out, err = self.peekr("inventory", "-f", "json", *arguments, str(target))
        self.assertEqual(code, 0, err)
        self.err = err
        report = json.loads(out)
        self.packages = sorted(one["name"] for one in report["packages"])
        self.notes = [f"{one['why']}: {one['what']}" for one in report["notes"]]
        return report

    def ranges(self):
        """What was asked of blobs: (bytes, or None for all of it)."""
        asked = [headers.get("Range") for _, path, headers in self.proxy.log if "/blobs/" in path]
        return [one and int(one.split("-")[1]) - int(one.split("=")[1].split("-")[0]) + 1 for one in asked]

    def test_only_what_is_wanted_travels(self):
        for name, ranges in (("esgz", 5), ("chunked", 4)):
            self.proxy.log.clear()
            report = self.inventory(name, "--partial")
            self.assertEqual(self.packages, ["bash", "left-pad"])
            layer = report["image"]["layers"][0]
            self.assertEqual((layer["partial"], layer["whole_because"]), (True, ""))
            self.assertEqual(len([one for one in self.ranges() if one]), ranges)
            sent = sum(one for one in self.ranges() if one)
            self.assertLess(sent, 6000)
            self.assertLess(report["image"]["fetched"], sent + 2000)
            self.assertGreater(report["image"]["bytes"], 690_000)
            part = [one for one in self.notes if one.startswith("unasked: 1 of ")]
            self.assertEqual(len(part), 1, self.notes)
            self.assertRegex(part[0], "; large files that were left out .*: 1$")

    def test_parts_are_asked_for_side_by_side(self):
        for most, arguments in ((3, []), (2, ["--threads", "2"]), (1, ["--parallel", "1"])):
            changed, now, seen = threading.Condition(), [0], [0]

            def waits(handler, path, most=most, changed=changed, now=now, seen=seen):
                """Until so many are there; then until they have been, so that more would be seen."""
                if "/blobs/" not in path or not handler.headers.get("Range"):
                    return False
                first = int(handler.headers["Range"][6:].split("-")[0])
                with changed:
                    now[0] += 1
                    seen[0] = max(seen[0], now[0])
                    changed.notify_all()
                    if first < 650_000:  # not the footer and the table, which come one after the other
                        changed.wait_for(lambda: seen[0] >= most, 20)
                    now[0] -= 1
                return False

            self.proxy.fault = waits
            for name in ("esgz", "chunked"):
                seen[0] = 0
                report = self.inventory(name, "--partial", "--no-cache", *arguments)
                self.assertEqual(self.packages, ["bash", "left-pad"])
                self.assertTrue(report["image"]["layers"][0]["partial"])
                self.assertEqual(seen, [most])

    def test_a_token_that_runs_out_while_parts_are_asked_for_is_bought_anew_once(self):
        tokens = registries.Server(Tokens)
        self.addCleanup(tokens.close)
        good, changed, refused = [1], threading.Condition(), [0]

        def judge(handler, path):
            _, _, number = handler.headers.get("Authorization", "Bearer 0").partition(" ")
            with changed:
                first = int(handler.headers.get("Range", "bytes=999999-")[6:].split("-")[0])
                if "/blobs/" in path and number == "1" and first < 650_000:  # not the table
                    good[0] = 2
                    refused[0] += 1
                    changed.notify_all()
                    changed.wait_for(lambda: refused[0] == 3, 20)
                if int(number) >= good[0]:
                    return False
            return handler.say(401, WWW_Authenticate=f'Bearer realm="http://{tokens.host}/",service="x"') or True

        self.proxy.fault = judge
        self.inventory("chunked", "--partial")
        self.assertEqual(self.packages, ["bash", "left-pad"])
        self.assertEqual((refused[0], len(tokens.log)), (3, 2))

    def test_the_report_says_so(self):
        code, out, _ = self.peekr("inventory", "--partial", f"{self.proxy.host}/esgz:1")
        self.assertEqual(code, 0)
        self.assertRegex(" ".join(out.split()), r"fetched [\d,]+ bytes; the image has 7\d\d,\d\d\d; 1 of 2 layers read through a table of contents")
        _, out, _ = self.peekr("inventory", f"{self.proxy.host}/esgz:1")
        self.assertRegex(out, r"fetched +7\d\d,\d\d\d bytes; the image has 7\d\d,\d\d\d\n")
        _, out, _ = self.peekr("inventory", str(self.layouts["esgz"]))
        self.assertNotIn("fetched", out)

    def test_nothing_of_it_is_kept(self):
        self.inventory("esgz", "--partial")
        self.proxy.log.clear()
        self.assertFalse(self.inventory("esgz")["image"]["layers"][0]["partial"])
        self.assertIn(None, self.ranges()[1:])
        self.proxy.log.clear()
        report = self.inventory("esgz", "--partial")
        self.assertEqual(len(self.ranges()), 1, "the configuration: what was read whole is kept, and better")
        self.assertFalse(report["image"]["layers"][0]["partial"])

    def test_a_server_without_ranges(self):
        answers = {"all": 200, "no": 501, "wrong": 416}
        for status in answers.values():
            def fault(handler, path, status=status):
                if "/blobs/" not in path or not handler.headers.get("Range"):
                    return False
                if status != 200:
                    return handler.say(status) or True
                del handler.headers["Range"]
                return False
            self.proxy.fault = fault
            self.proxy.log.clear()
            report = self.inventory("esgz", "--partial", "--no-cache")
            self.assertEqual(self.packages, ["bash", "left-pad"])
            layer = report["image"]["layers"][0]
            self.assertFalse(layer["partial"])
            self.assertIn("the server knows no ranges", layer["whole_because"])
            _, out, _ = self.peekr("inventory", "--partial", "--no-cache", f"{self.proxy.host}/esgz:1")
            self.assertIn("layer 1 of 2 was read whole: the server knows no ranges", " ".join(out.split()))

    def test_where_a_registry_leads_to_is_remembered_until_it_is_good_no_more(self):
        other = registries.Proxy(self.registry)
        self.addCleanup(other.close)
        self.proxy.fault = lambda handler, path: "/blobs/" in path and (
            handler.say(307, Location=f"http://{other.host}{path}?signature=1") or True)
        asked = []

        def expires(handler, path):
            asked.append(path)
            return len(asked) == 4 and (handler.say(403) or True)

        other.fault = expires
        report = self.inventory("chunked", "--partial", "--threads", "1")
        self.assertEqual(self.packages, ["bash", "left-pad"])
        self.assertTrue(report["image"]["layers"][0]["partial"])
        self.assertEqual(len(self.ranges()), 3, "the configuration, the table, and what came after the 403")
        self.assertEqual(len(asked), 6)

    def test_where_a_registry_leads_to_is_forgotten_when_the_line_breaks(self):
        first, second = registries.Proxy(self.registry), registries.Proxy(self.registry)
        self.addCleanup(first.close)
        self.addCleanup(second.close)
        asked, broken = [], []

        def home(handler, path):
            if "/blobs/" not in path or not handler.headers.get("Range"):
                return False
            asked.append(path)
            handler.say(307, Location=f"http://{(second if len(asked) > 1 else first).host}{path}?signature=1")
            return True

        def breaks(handler, path):
            broken.append(path)
            return len(broken) > 2 and (handler.reset() or True)

        self.proxy.fault, first.fault = home, breaks
        report = self.inventory("esgz", "--partial", "--threads", "1")
        self.assertEqual(self.packages, ["bash", "left-pad"])
        self.assertTrue(report["image"]["layers"][0]["partial"])
        self.assertEqual(len(asked), 2, "once more at home, and no more there")

    def test_a_broken_table(self):
        report = self.inventory("broken", "--partial")
        self.assertEqual(self.packages, ["bash", "left-pad"])
        self.assertEqual(report["image"]["layers"][0]["whole_because"],
                         "table of contents: etc/os-release: its bytes lie outside of the layer")

    def test_wrong_digests(self):
        for name, what in (("wrong", "table of contents"), ("other", "var/lib/dpkg/status: chunk")):
            why = f"{what}: expected {digest(b'')}, got sha256:[0-9a-f]{{64}}"
            report = self.inventory(name, "--partial")
            self.assertEqual(self.packages, ["bash", "left-pad"])
            layer = report["image"]["layers"][0]
            self.assertFalse(layer["partial"])
            self.assertRegex(layer["whole_because"], f"^{why}$")
            self.assertEqual(len([one for one in self.notes if "its table of contents does not describe the layer" in one]), 1)
            self.assertRegex(self.err, f"(?m)^layer 1 of 2 was read whole: {why}$")

    def test_without_a_table(self):
        why = "its manifest vouches for no table of contents"
        report = self.inventory("plain", "--partial")
        self.assertEqual([one["whole_because"] for one in report["image"]["layers"]], [why])
        self.assertIn(f"layer 1 of 1 was read whole: {why}\n", self.err)
        report = self.inventory("plain", "--partial")
        self.assertEqual([one["whole_because"] for one in report["image"]["layers"]], [""], "out of the cache")
        layers = [images.entry("opt/x", str(i)) + images.END for i in range(2)]
        source = images.write(images.files_of([images.Image(layers, "oci-dir-gzip", tag="x")]), "oci-dir-gzip", self.home / "two")
        registries.push(f"oci:{source}", self.registry, "two:1")
        _, out, err = self.peekr("inventory", "--partial", "--no-cache", f"{self.proxy.host}/two:1")
        self.assertIn(f"2 of 2 layers were read whole: {why}\n", err)
        self.assertIn(f"2 of 2 layers were read whole: {why}", " ".join(out.split()))

    def test_not_in_a_registry(self):
        target = self.layouts["esgz"]
        report = self.inventory(target, "--partial")
        self.assertEqual([one["whole_because"] for one in report["image"]["layers"]], ["", ""])
        self.assertIn(f"--partial: parts are to be had of an image in a registry only: all of {target} was read\n", self.err)
        self.inventory(target)
        self.assertNotIn("--partial", self.err)

    def test_a_whole_layer_is_compared_with_its_table(self):
        head = "its table of contents does not describe the layer: "
        for name, told in (("lies", "opt/a.jar is not in the table"), ("other", "var/lib/dpkg/status has other bytes there"),
                           ("wrong", "table of contents: expected sha256:"), ("esgz", None), ("chunked", None)):
            for target in (name, self.layouts[name]):
                self.inventory(target)
                lies = [one for one in self.notes if "table of contents" in one]
                self.assertEqual(len(lies), 1 if told else 0, lies)
                if told:
                    self.assertRegex(lies[0], r"^suspicious: layer 1 of \d \(sha256:")
                    self.assertIn(head + told, lies[0])
        self.inventory("lies", "--partial")
        self.assertEqual(self.packages, ["bash", "left-pad"], "only a whole reading shows it")

    def test_gates_refuse(self):
        (self.home / "x.json").write_text(json.dumps(ADVISORY))
        self.assertEqual(self.peekr("db", "build", "--db", "db", "--from", "x.json")[0], 0)
        (self.home / "policy.yaml").write_text("gates:\n  - name: all\n    when: severity >= low\n    reason: none\n")
        scan = ["scan", "--db", "db", f"{self.proxy.host}/esgz:1", "--partial"]
        self.assertEqual(self.peekr(*scan)[0], 0)
        for gate in (["--fail-on", "low"], ["--exit-code", "2"], ["--exit-on-eol"], ["--policy", "policy.yaml"],
                     ["--fail-on", "low", "--platform", "all"]):
            self.proxy.log.clear()
            code, out, err = self.peekr(*scan, *gate)
            self.assertEqual((code, out), (1, ""), gate)
            self.assertIn("leave out --partial, or say --allow-partial", err)
            self.assertEqual(self.proxy.log, [], "nothing is fetched for it")
        self.assertEqual(self.peekr(*scan, "--fail-on", "low", "--allow-partial")[0], 2)
        self.assertEqual(self.peekr(*scan, "--fail-on-incomplete")[0], 4)
        self.assertEqual(self.peekr(*scan, "-f", "json", "-o", "part.json")[0], 0)
        self.assertEqual(self.peekr("diff", "--db", "db", "part.json", "part.json")[0], 0)
        code, _, err = self.peekr("diff", "--db", "db", "part.json", "part.json", "--exit-code", "2")
        self.assertEqual(code, 1)
        self.assertIn("--exit-code: part.json is of peekr scan --partial", err)
        code, _, err = self.peekr(*scan, "--verify", "full")
        self.assertEqual(code, 1)
        self.assertIn("--partial: want it or --verify full", err)


if __name__ == "__main__":
    PEEKR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    registries.main()
