#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The OCI image of peekr, without an engine: oci_image.py PEEKR.deb OUT.oci.tar. Beside it its SBOMs, OUT.spdx.json and OUT.cdx.json.

In it are the program, the libraries that it needs, of Debian packages as the mirrors of this machine have them now, the certificates and
the name of the system: no shell. Each package has its entry in var/lib/dpkg/status.d, so that scanners know what is there.
In the archive is one index: the image, and its SBOMs and VEX as BuildKit and OCI 1.1 attach them (`skopeo copy --all` takes them along). The
same packages and the same SOURCE_DATE_EPOCH make the same bytes."""
import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tarfile
import tempfile

OCI = "application/vnd.oci."
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
CREATED = datetime.datetime.fromtimestamp(EPOCH, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
USER = 65532
OPENED_LATE = ["libcurl.so.4", "libcrypto.so.3"]  # by dlopen
BESIDE = ["base-files", "ca-certificates", "gcc-12-base"]  # gcc-12-base: the licence of libgcc-s1 and libstdc++6
LEFT_OUT = re.compile(r"usr/share/(?!doc/[^/]+$|doc/[^/]+/(copyright|LICENSE)$|ca-certificates/|common-licenses/)|usr/lib/[^/]+/gconv/"
                      r"|etc/(ca-certificates|default|dpkg|kernel|ld\.so\.conf\.d|profile\.d|skel|update-motd\.d)/|root/|usr/sbin/|usr/lib/os-probes/")
VEX = pathlib.Path(__file__).parent / "peekr.openvex.json"
PREDICATES = {"spdx": "https://spdx.dev/Document", "cdx": "https://cyclonedx.org/bom", "vex": "https://openvex.dev/ns/v0.2.0"}


def ran(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **more).stdout


def needed(program):
    """The libraries of the program, and the packages that they are in here, both by their names."""
    cached = ran("ldconfig", "-p", text=True)
    late = [re.search(rf"^\t{re.escape(name)} .* => (.*)$", cached, re.M)[1] for name in OPENED_LATE]
    files = set(late)
    for one in (program, *late):
        files.update(re.findall(r"(/\S+) \(0x", ran("ldd", one, text=True)))
    # dpkg knows some by /lib/..., where they are /usr/lib/... here.
    owners = ran("dpkg-query", "-S", *sorted({"*" + os.path.realpath(one).removeprefix("/usr") for one in files}), text=True)
    packages = {line.split(":")[0] for line in owners.splitlines()}
    return sorted({os.path.basename(one) for one in files}), sorted(packages | set(BESIDE))


def fields_of(deb):
    return dict(re.findall(r"^(\S+): (.*)$", ran("dpkg-deb", "-f", deb, text=True), re.M))


class Files:
    """Of one layer: name -> (TarInfo, bytes)."""

    def __init__(self):
        self.all, self.sums = {}, {}

    def add(self, name, data=b"", kind=tarfile.REGTYPE, **fields):
        info = tarfile.TarInfo(name)
        info.type, info.size, info.mtime = kind, len(data), EPOCH
        info.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
        for key, value in fields.items():
            setattr(info, key, value)
        self.all[name] = (info, data)

    def unpack(self, deb, libraries=()):
        """What a container needs of a package, and its entry in dpkg's list. Of libraries those of these names alone."""
        with tarfile.open(fileobj=io.BytesIO(ran("dpkg-deb", "--fsys-tarfile", deb))) as archive:
            for member in archive:
                name = member.name.removeprefix("./").removeprefix(".")
                library = not member.isdir() and re.match(r"(usr/)?lib(64)?/([^/]+/)?(ld-linux|lib)[^/]*\.so", name)
                strange = library and not os.path.basename(name).startswith(tuple(libraries))
                if not name or strange or LEFT_OUT.match(name + "/" * member.isdir()):
                    continue
                data = archive.extractfile(member).read() if member.isfile() else b""
                self.add(name, data, member.type, mode=member.mode, linkname=member.linkname.removeprefix("./"))
        at = f"var/lib/dpkg/status.d/{fields_of(deb)['Package']}"
        self.add(at, ran("dpkg-deb", "-f", deb))
        self.sums[at + ".md5sums"] = subprocess.run(["dpkg-deb", "-I", deb, "md5sums"], check=False, capture_output=True, text=True).stdout

    def packed(self):
        """The layer, and the digest of what is in it."""
        for name, text in self.sums.items():
            self.add(name, "".join(line for line in text.splitlines(True) if line[34:].strip() in self.all).encode())
        for parent in sorted({str(one) for name in self.all for one in pathlib.PurePath(name).parents[:-1]} - set(self.all)):
            self.add(parent, kind=tarfile.DIRTYPE)
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for _, (info, data) in sorted(self.all.items()):
                archive.addfile(info, io.BytesIO(data))
        return gzip.compress(out.getvalue(), 6, mtime=0), "sha256:" + hashlib.sha256(out.getvalue()).hexdigest()


def system(debs, libraries):
    """The layer below the program."""
    files = Files()
    for deb in debs:
        files.unpack(deb, libraries)
    files.add("etc/ssl/certs/ca-certificates.crt", b"".join(data for name, (_, data) in sorted(files.all.items()) if name.endswith(".crt")))
    files.all = {name: one for name, one in files.all.items() if not name.startswith("usr/share/ca-certificates")}
    files.add("etc/passwd", f"root:x:0:0:root:/root:/sbin/nologin\npeekr:x:{USER}:{USER}:peekr:/home/peekr:/sbin/nologin\n".encode())
    files.add("etc/group", f"root:x:0:\npeekr:x:{USER}:\n".encode())
    files.add("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")
    for name, mode, group in (("home/peekr", 0o700, USER), ("work", 0o755, USER), ("var/cache/peekr", 0o775, 0)):
        files.add(name, kind=tarfile.DIRTYPE, mode=mode, uid=USER, gid=group)
    files.add("tmp", kind=tarfile.DIRTYPE, mode=0o1777)
    return files


def descriptor(data, kind, **more):
    return {"mediaType": kind, "digest": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data), **more}


class Layout:
    def __init__(self):
        self.blobs = {}

    def blob(self, data, kind, **more):
        data = data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":")).encode()
        at = descriptor(data, kind, **more)
        self.blobs["blobs/sha256/" + at["digest"].removeprefix("sha256:")] = data
        return at

    def write(self, out, top):
        index = {"schemaVersion": 2, "mediaType": OCI + "image.index.v1+json", "manifests": [top]}
        files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps(index).encode(), **dict(sorted(self.blobs.items()))}
        with tarfile.open(out, "w", format=tarfile.GNU_FORMAT) as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size, info.mtime = len(data), EPOCH
                archive.addfile(info, io.BytesIO(data))


def add_image(layout, layers, labels):
    """Returns the descriptor of its manifest."""
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    packed = [(files.packed(), step) for files, step in layers]
    config = {"created": CREATED, "architecture": architecture, "os": "linux",
              "config": {"User": f"{USER}:{USER}", "Env": ["PATH=/usr/bin", "XDG_CACHE_HOME=/var/cache"], "Entrypoint": ["/usr/bin/peekr"],
                         "WorkingDir": "/work", "Labels": labels},
              "rootfs": {"type": "layers", "diff_ids": [diff for (_, diff), _ in packed]},
              "history": [{"created": CREATED, "created_by": step} for _, step in packed]}
    manifest = {"schemaVersion": 2, "mediaType": OCI + "image.manifest.v1+json",
                "config": layout.blob(config, OCI + "image.config.v1+json"),
                "layers": [layout.blob(data, OCI + "image.layer.v1.tar+gzip") for (data, _), _ in packed], "annotations": labels}
    return layout.blob(manifest, manifest["mediaType"], platform={"architecture": architecture, "os": "linux"})


def add_attestations(layout, image, documents):
    """Of the image, a statement for each document. Returns the descriptor of their manifest."""
    layers = []
    subject = [{"name": "peekr", "digest": {"sha256": image["digest"].removeprefix("sha256:")}}]
    for kind, text in documents.items():
        statement = {"_type": "https://in-toto.io/Statement/v1", "subject": subject, "predicateType": PREDICATES[kind],
                     "predicate": json.loads(text)}
        layers.append(layout.blob(statement, "application/vnd.in-toto+json",
                                  annotations={"in-toto.io/predicate-type": PREDICATES[kind]}))
    bare = {key: image[key] for key in ("mediaType", "digest", "size")}
    manifest = {"schemaVersion": 2, "mediaType": OCI + "image.manifest.v1+json",
                "artifactType": "application/vnd.docker.attestation.manifest.v1+json",
                "config": layout.blob(b"{}", OCI + "empty.v1+json"), "layers": layers, "subject": bare,
                "annotations": {"org.opencontainers.image.created": CREATED}}
    return layout.blob(manifest, manifest["mediaType"], platform={"architecture": "unknown", "os": "unknown"},
                       annotations={"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image["digest"]})


def sboms(program, archive):
    """What the program itself finds in the image."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(archive.parent), "SOURCE_DATE_EPOCH": str(EPOCH), "PEEKR_CONFIG": "none",
             "PEEKR_CACHE_SIZE": "0", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    ran(program, "inventory", archive.name, "-f", "spdx-json=spdx", "-f", "cyclonedx-json=cdx", "--quiet", cwd=archive.parent, env=clean)
    return {kind: (archive.parent / kind).read_text() for kind in ("spdx", "cdx")}


def vex(image):
    """Our statements, of this image."""
    document = json.loads(VEX.read_text())
    document["timestamp"] = CREATED
    for statement in document["statements"]:
        for product in statement["products"]:
            product["@id"] += "@" + image["digest"]
    return json.dumps(document)


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 1
    deb, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    version = fields_of(deb)["Version"]
    with tempfile.TemporaryDirectory(prefix="peekr-image-") as name:
        at = pathlib.Path(name)
        at.chmod(0o755)  # apt fetches as a user of its own
        ran("dpkg-deb", "-x", deb, at / "peekr")
        program = at / "peekr/usr/bin/peekr"
        (at / "debs").mkdir(mode=0o777)
        libraries, packages = needed(program)
        ran("apt-get", "download", "-qq", *packages, cwd=at / "debs", stderr=subprocess.PIPE)
        own = Files()
        own.unpack(deb)
        layers = [(system(sorted((at / "debs").iterdir()), libraries), "the libraries of peekr, of Debian"), (own, f"peekr {version}")]
        labels = {f"org.opencontainers.image.{key}": value for key, value in {
            "title": "peekr", "description": "scanner for known vulnerabilities in container images", "version": version,
            "licenses": "Apache-2.0", "created": CREATED}.items()}
        layout = Layout()
        image = add_image(layout, layers, labels)
        named = {"annotations": {"org.opencontainers.image.ref.name": "peekr:" + version}}
        layout.write(at / out.name, {**image, **named})
        documents = {**sboms(program, at / out.name), "vex": vex(image)}
        attested = add_attestations(layout, image, documents)
        index = {"schemaVersion": 2, "mediaType": OCI + "image.index.v1+json", "manifests": [image, attested]}
        layout.write(out, layout.blob(index, index["mediaType"], **named))
    for kind in ("spdx", "cdx"):
        out.with_name(out.name.removesuffix(".oci.tar") + f".{kind}.json").write_text(documents[kind])
    return 0


sys.exit(main())
