# SPDX-License-Identifier: Apache-2.0
release = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
status = 'Package: bash\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nSource: bash (5.2.15-2)\nVersion: 5.2.15-2+b2\nDescription: bash for a test\n\n'
def pax(kind, text):
    record = b"%d %s\n" % (len(text) + 4, text)
    assert len(record) == len(text) + 4
    return entry("pax", record, type=kind)


# A global "path" would name every file that follows; "size" in an extended header overrides the 0 of the header.
body = status.encode()
header = entry("var/lib/dpkg/status", format=tarfile.USTAR_FORMAT)
tar = (pax(b"g", b"comment=x") + entry("etc/os-release", release) + pax(b"x", b"size=%d" % len(body)) + header + body +
       bytes(-len(body) % 512) + END)
