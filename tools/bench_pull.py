# SPDX-License-Identifier: Apache-2.0
"""./dev bench pull: scanning an image in a registry (Debian's docker-registry on loopback) against scanning it out of a folder, and
against `skopeo copy` out of the same registry: time, and bytes of layers that travelled. One part of it: pull:whole, pull:partial,
pull:warm or pull:changed."""
import gzip
import hashlib
import http.client
import io
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tarfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import registries  # noqa: E402

NAMES = ("min", "fat")
LAZY = ("estargz", "zstdchunked")  # forms with a table of contents
PARTS = ("whole", "partial", "warm", "changed")
WARM = {"min": 20, "fat": 40}  # ms, goals of the issue
CHANGED = 60
ROUNDS = 7
AS_IT_IS = ["--preserve-digests"]  # else skopeo takes a layer of another form that it knows to be there


def folder_of(images, name, form):
    return images / f"{name}-oci-{form}"


def layers_of(folder):
    index = json.loads((folder / "index.json").read_text())
    return json.loads((folder / "blobs/sha256" / index["manifests"][0]["digest"][7:]).read_text())["layers"]


class Changed:
    """An image whose uppermost layer is another one each time: the others are linked to, not copied."""

    def __init__(self, image, folder):
        self.image, self.folder = image, folder
        index = json.loads((image / "index.json").read_text())
        self.manifest = json.loads(self.blob(index["manifests"][0]["digest"]))
        self.config = json.loads(self.blob(self.manifest["config"]["digest"]))
        self.index, self.top = index, gzip.decompress(self.blob(self.manifest["layers"][-1]["digest"]))

    def blob(self, digest):
        return (self.image / "blobs/sha256" / digest[7:]).read_bytes()

    def put(self, data):
        digest = hashlib.sha256(data).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(data)
        return {"digest": "sha256:" + digest, "size": len(data)}

    def write(self, number):
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "blobs/sha256").mkdir(parents=True)
        for one in self.manifest["layers"][:-1]:
            (self.folder / "blobs/sha256" / one["digest"][7:]).symlink_to(self.image / "blobs/sha256" / one["digest"][7:])
        extra, out = random.Random(number).randbytes(64), io.BytesIO()
        info = tarfile.TarInfo("opt/changed")
        info.size = len(extra)
        layer = info.tobuf() + extra + bytes(-len(extra) % 512) + self.top
        with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
            packed.write(layer)
        self.config["rootfs"]["diff_ids"][-1] = "sha256:" + hashlib.sha256(layer).hexdigest()
        self.manifest["layers"][-1].update(self.put(out.getvalue()))
        self.manifest["config"].update(self.put(json.dumps(self.config).encode()))
        self.index["manifests"][0].update(self.put(json.dumps(self.manifest).encode()))
        (self.folder / "index.json").write_text(json.dumps(self.index))
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        return self.folder


def round_trips(host, name):
    """Milliseconds that the registry takes to answer for the manifest and for the configuration, on a line of its own: what each peekr
    must wait for. Between two tries it rests, as it does while peekr starts."""
    times = []
    for _ in range(31):
        time.sleep(0.02)
        start = time.perf_counter()
        line = http.client.HTTPConnection(host)
        line.request("GET", f"/v2/{name}/manifests/1", headers={"Accept": "application/vnd.oci.image.manifest.v1+json"})
        manifest = json.loads(line.getresponse().read())
        line.request("GET", f"/v2/{name}/blobs/{manifest['config']['digest']}")
        line.getresponse().read()
        times.append(1000 * (time.perf_counter() - start))
        line.close()
    return statistics.median(times)


def report_of(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout)["image"]


def whole(bench, scan, registry, name):
    """A gzip image, all of it."""
    image, copied = folder_of(bench.images, name, "gzip"), bench.temporary / "copied"
    remote = f"{registry.host}/{name}-gzip:1"
    seconds = bench.interleaved({
        "remote": [*scan, remote], "local": [*scan, image],
        "skopeo": ["skopeo", "--insecure-policy", "copy", "-q", "--src-tls-verify=false", f"docker://{remote}", f"dir:{copied}"]})
    bytes_of_layers = sum(one["size"] for one in layers_of(image))
    fetched = report_of([*scan, remote])["fetched"]
    skopeo = sum(one.stat().st_size for one in copied.iterdir())
    bench.row(f"{name} gzip: pull and scan", seconds["remote"], "s")
    bench.row(f"{name} gzip: skopeo copy, no scan", seconds["skopeo"], "s")
    bench.row(f"{name} gzip: pull and scan / scan of a folder", seconds["remote"] / seconds["local"], "x", 1.25)
    bench.row(f"{name} gzip: pull and scan / skopeo copy", seconds["remote"] / seconds["skopeo"], "x")
    bench.row(f"{name} gzip: bytes of pull and scan / skopeo copy", fetched / skopeo, "x")
    bench.row(f"{name} gzip: bytes fetched / layers", fetched / bytes_of_layers, "x")


def in_part(bench, scan, registry, proxy, name):
    """Layers through their tables of contents."""
    for form in LAZY:
        image = folder_of(bench.images, name, form)
        if not image.exists():
            continue
        remote = f"{registry.host}/{name}-{form}:1"
        partial = [*scan, "--partial"]
        seconds = bench.interleaved({"part": [*partial, remote], "all": [*scan, remote]})
        fetched = report_of([*partial, remote])["fetched"]
        proxy.log.clear()
        report_of([*partial, f"{proxy.host}/{name}-{form}:1"])
        asked = [headers.get("Range", "") for _, path, headers in proxy.log if "/blobs/" in path]
        bench.row(f"{name} {form}: --partial", seconds["part"], "s")
        bench.row(f"{name} {form}: --partial / all of it", seconds["part"] / seconds["all"], "x")
        bench.row(f"{name} {form}: --partial, bytes fetched / layers", 100 * fetched / sum(one["size"] for one in layers_of(image)), "%", 3)
        bench.row(f"{name} {form}: --partial, requests for blobs", len(asked), "")
        bench.row(f"{name} {form}: --partial, ranges per request", max(one.count(",") + 1 for one in asked), "", 1)


def warm(bench, scan, registry, name):
    """A second scan: the manifest and the configuration travel."""
    remote = f"{registry.host}/{name}-gzip:1"
    trips = round_trips(registry.host, f"{name}-gzip")
    seconds = bench.interleaved({"warm": [*scan, remote]})
    bench.row(f"{name} gzip: two round trips to the registry", trips, "ms")
    bench.row(f"{name} gzip: warm scan (goal: {WARM[name]} ms + 2 round trips)", 1000 * seconds["warm"], "ms", round(WARM[name] + trips, 1))


def changed(bench, scan, registry):
    """fat: nine layers, of which the uppermost has 1 MB and is another one each time."""
    maker, times = Changed(folder_of(bench.images, "fat", "gzip"), bench.temporary / "changed"), []
    for number in range(ROUNDS + 1):
        registries.push(f"oci:{maker.write(number)}", registry, f"changed:{number}", *AS_IT_IS)
        seconds = bench.once([*scan, f"{registry.host}/changed:{number}"])
        times.append(1000 * seconds)
    bench.row(f"fat gzip: one layer of 1 MB is new, {len(maker.manifest['layers']) - 1} are cached", statistics.median(times[1:]), "ms", CHANGED)


def pull(bench, parts):
    missing = [name for name in ("docker-registry", "skopeo") if not shutil.which(name)]
    if missing:
        print("bench pull: skipped: not installed: " + ", ".join(missing), file=sys.stderr)
        return
    registry = registries.Registry(bench.temporary / "storage")
    proxy = registries.Proxy(registry)
    try:
        for name in NAMES:
            for form in ("gzip", *(LAZY if "partial" in parts else ())):
                if folder_of(bench.images, name, form).exists():
                    registries.push(f"oci:{folder_of(bench.images, name, form)}", registry, f"{name}-{form}:1", *AS_IT_IS)
        os.environ.pop("SSL_CERT_FILE", None)  # what most machines have not
        os.environ["XDG_CACHE_HOME"] = str(bench.temporary / "cache")
        cached = [bench.peekr, "scan", "--db", bench.db, "--quiet", "-f", "json"]
        scan = [*cached, "--no-cache"]
        for name in NAMES:
            if "whole" in parts:
                whole(bench, scan, registry, name)
            if "partial" in parts:
                in_part(bench, scan, registry, proxy, name)
        if "warm" in parts:
            for name in NAMES:
                warm(bench, cached, registry, name)
        if "changed" in parts:
            changed(bench, cached, registry)
    finally:
        proxy.close()
        registry.close()
