# SPDX-License-Identifier: Apache-2.0
"""Makes container images from tar layers, in every form that peekr reads: for the tests. Deterministic: no clocks, no names.

A layer is the bytes of a tar. merge() is a second, independent reading of the OCI layer rules: it makes the root file system
that the form "rootfs" lays on disk.
"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import subprocess
import tarfile

FORMS = ["docker-archive", "docker-archive-oci", "oci-dir-gzip", "oci-dir-zstd", "oci-archive", "rootfs"]
OCI = "application/vnd.oci.image."
END = bytes(1024)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def entry(name, data=b"", type=tarfile.REGTYPE, link="", format=tarfile.GNU_FORMAT, mode=None, **fields):
    """One tar entry: its header (with what goes before it) and its body."""
    if isinstance(data, str):
        data = data.encode()
    info = tarfile.TarInfo(name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name)
    info.size, info.type, info.linkname = len(data), type, link
    info.mode = mode if mode is not None else 0o755 if type == tarfile.DIRTYPE else 0o644
    for key, value in fields.items():
        setattr(info, key, value)
    return info.tobuf(format, "utf-8", "surrogateescape") + data + bytes(-len(data) % 512)


def layer(*files):
    """Of (name, data) each."""
    return b"".join(entry(name, data) for name, data in files) + END


# Debian 12 with one package: what a test has below its own.
RELEASE = 'ID=debian\nVERSION_ID="12"\n'
STATUS = "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2+b2\n\n"
BASE = layer(("etc/os-release", RELEASE), ("var/lib/dpkg/status", STATUS))


def tar_of_folder(folder):
    """A folder as a layer, sorted."""
    out = b""
    for path in sorted(pathlib.Path(folder).rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            out += entry(name, type=tarfile.SYMTYPE, link=os.readlink(path))
        elif path.is_dir():
            out += entry(name + "/", type=tarfile.DIRTYPE)
        else:
            out += entry(name, path.read_bytes())
    return out + END


def pack(data, form):
    if form == "oci-dir-zstd":
        return subprocess.run(["zstd", "-q", "-3"], input=data, stdout=subprocess.PIPE, check=True).stdout
    if form in ("oci-dir-gzip", "oci-archive"):
        return gzip.compress(data, 6, mtime=0)
    return data


class Image:
    """The parts of an image, which a case may change before they are written. Blobs are packed layers."""

    def __init__(self, layers, form, architecture="amd64", tag="example:1"):
        suffix = {"oci-dir-zstd": "+zstd", "oci-dir-gzip": "+gzip", "oci-archive": "+gzip"}.get(form, "")
        self.form, self.tag, self.architecture = form, tag, architecture
        self.tars, self.blobs = layers, [pack(layer, form) for layer in layers]
        self.media_types = [OCI + "layer.v1.tar" + suffix for _ in layers]
        self.platform = None  # of the manifest's descriptor
        self.history = [{"created_by": f"step {i}"} for i in range(len(layers))]
        self.settings = {}  # what runs in a container of it
        self.left_out = set()  # layers whose blob is not in the image

    def config(self):
        return json.dumps({
            "architecture": self.architecture, "os": "linux", "config": self.settings, "history": self.history,
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + sha256(layer) for layer in self.tars]},
        }).encode()

    def blobs_and_descriptor(self):
        def describe(data, media_type):
            return {"mediaType": media_type, "digest": "sha256:" + sha256(data), "size": len(data)}

        config = self.config()
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": OCI + "manifest.v1+json",
            "config": describe(config, OCI + "config.v1+json"),
            "layers": [describe(*pair) for pair in zip(self.blobs, self.media_types)],
        }).encode()
        descriptor = describe(manifest, OCI + "manifest.v1+json")
        if self.platform:
            os_name, architecture, *variant = self.platform.split("/")
            descriptor["platform"] = {"os": os_name, "architecture": architecture}
            descriptor["platform"].update(variant=variant[0]) if variant else None
        if self.tag:
            descriptor["annotations"] = {"org.opencontainers.image.ref.name": self.tag}
        kept = [blob for i, blob in enumerate(self.blobs) if i not in self.left_out]
        return {"blobs/sha256/" + sha256(blob): blob for blob in [config, manifest, *kept]}, descriptor


def files_of(images):
    """name -> bytes, or a link's target as str, of everything that the image on disk has."""
    form = images[0].form
    if form == "docker-archive":
        files, saved = {}, []
        for image in images:
            config = image.config()
            files[sha256(config) + ".json"] = config
            names = []
            for i, layer in enumerate(image.blobs):
                files[sha256(layer) + ".tar"] = layer
                names.append(f"{sha256(config + bytes([i]))}/layer.tar")
                files[names[-1]] = f"../{sha256(layer)}.tar"
            tags = [image.tag] if image.tag else None
            saved.append({"Config": sha256(config) + ".json", "RepoTags": tags, "Layers": names})
        files["manifest.json"] = json.dumps(saved).encode()
        return files
    files, descriptors, saved = {}, [], []
    for image in images:
        blobs, descriptor = image.blobs_and_descriptor()
        files.update(blobs)
        descriptors.append(descriptor)
        saved.append({"Config": "blobs/sha256/" + sha256(image.config()), "RepoTags": [image.tag] if image.tag else None,
                      "Layers": ["blobs/sha256/" + sha256(blob) for blob in image.blobs]})
    files["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": descriptors}).encode()
    if form == "docker-archive-oci":
        files["manifest.json"] = json.dumps(saved).encode()
    return files


def write(files, form, out):
    """Writes them below the folder `out`; returns the path of the image."""
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    if form.startswith("oci-dir"):
        for name, data in files.items():
            path = out / "image" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return out / "image"
    data = b""
    for name, body in sorted(files.items()):
        data += entry(name, type=tarfile.SYMTYPE, link=body) if isinstance(body, str) else entry(name, body)
    (out / "image.tar").write_bytes(data + END)
    return out / "image.tar"


def merge(layers, out):
    """The merged root file system of well-behaved layers (no hard links, no devices), as a folder."""
    tree = {}  # path -> bytes, str (a link's target) or None (a directory)

    def remove(path):
        for name in [n for n in tree if n == path or n.startswith(path + "/")]:
            del tree[name]

    for layer in layers:
        entries = [(member, member.name.strip("/")) for member in tarfile.open(fileobj=io.BytesIO(layer))]
        archive = tarfile.open(fileobj=io.BytesIO(layer))
        for _, path in entries:
            folder, _, name = path.rpartition("/")
            if name == ".wh..wh..opq":
                for inside in [n for n in tree if n.startswith(folder + "/")]:
                    tree.pop(inside)
            elif name.startswith(".wh."):
                remove((folder + "/" if folder else "") + name[4:])
        for member, path in entries:
            if path.rpartition("/")[2].startswith(".wh."):
                continue
            parts = path.split("/")
            for i in range(1, len(parts)):
                if tree.get("/".join(parts[:i]), b"") is not None:
                    remove("/".join(parts[:i]))
                    tree["/".join(parts[:i])] = None
            if member.isdir():
                if tree.get(path, b"") is not None:
                    remove(path)
                    tree[path] = None
                continue
            remove(path)
            tree[path] = member.linkname if member.issym() else archive.extractfile(member).read()
    root = pathlib.Path(out) / "rootfs"
    root.mkdir(parents=True)
    for path, content in sorted(tree.items()):
        place = root / path
        if content is None:
            place.mkdir(parents=True, exist_ok=True)
        elif isinstance(content, str):
            place.symlink_to(content)
        else:
            place.write_bytes(content)
    return root


def write_sparse(folder, size):
    """An OCI layout of one layer with one file of so many zeros, which take no room on the disk. The layout's path."""
    blobs = pathlib.Path(folder) / "blobs/sha256"
    blobs.mkdir(parents=True)
    info = tarfile.TarInfo("zeros")
    info.size = size
    digest, zeros = hashlib.sha256(info.tobuf(tarfile.GNU_FORMAT)), bytes(1 << 20)
    for _ in range(size // len(zeros)):
        digest.update(zeros)
    digest.update(END)
    with open(blobs / digest.hexdigest(), "wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        file.truncate(512 + size + len(END))

    def blob(kind, value):
        data = json.dumps(value).encode()
        (blobs / sha256(data)).write_bytes(data)
        return {"mediaType": OCI + kind, "digest": "sha256:" + sha256(data), "size": len(data)}

    layer_of_it = {"mediaType": OCI + "layer.v1.tar", "digest": "sha256:" + digest.hexdigest(), "size": 512 + size + len(END)}
    config = blob("config.v1+json", {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [layer_of_it["digest"]]}})
    manifest = blob("manifest.v1+json", {"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": config, "layers": [layer_of_it]})
    (pathlib.Path(folder) / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))
    (pathlib.Path(folder) / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return str(folder)
