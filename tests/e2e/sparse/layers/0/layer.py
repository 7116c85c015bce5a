# SPDX-License-Identifier: Apache-2.0
release = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
status = 'Package: bash\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nSource: bash (5.2.15-2)\nVersion: 5.2.15-2+b2\nDescription: bash for a test\n\nPackage: zlib1g\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nSource: zlib\nVersion: 1:1.2.13.dfsg-1\nDescription: zlib1g for a test\n\n'
# Old GNU sparse (type S): two pieces and the empty one that marks the end, no hole between them. And pax 1.0: the map stands
# in front of the data.
data = status.encode()
half = len(data) // 2


def octal(value):
    return b"%011o\0" % value


def old_gnu(name, pieces, body, real):
    header = bytearray(entry(name, type=tarfile.GNUTYPE_SPARSE)[:512])
    header[124:136] = octal(len(body))
    header[386:386 + 24 * len(pieces)] = b"".join(octal(at) + octal(size) for at, size in pieces)
    header[483:495] = octal(real)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + body + bytes(-len(body) % 512)


def pax_1_0(name, pieces, body, real):
    table = b"%d\n" % len(pieces) + b"".join(b"%d\n%d\n" % piece for piece in pieces)
    whole = table + bytes(-len(table) % 512) + body
    info = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": name, "GNU.sparse.realsize": str(real)}
    return entry("GNUSparseFile.0/x", whole, format=tarfile.PAX_FORMAT, pax_headers=info)


release = release.encode()
tar = (old_gnu("var/lib/dpkg/status", [(0, half), (half, len(data) - half), (len(data), 0)], data, len(data)) +
       pax_1_0("etc/os-release", [(0, 20), (20, len(release) - 20)], release, len(release)) + END)
