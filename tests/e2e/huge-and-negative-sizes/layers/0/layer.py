# SPDX-License-Identifier: Apache-2.0
release = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
status = 'Package: bash\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nSource: bash (5.2.15-2)\nVersion: 5.2.15-2+b2\nDescription: bash for a test\n\n'
sizes = {
    "octal": b"77777777777\0",
    "base256": b"\x80" + bytes(3) + b"\x7f" + b"\xff" * 7,
    "overflow": b"\x80" + b"\xff" * 11,
    "negative": b"\xff" * 12,
    "words": b"not a number",
}
header = bytearray(entry("var/lib/dpkg/status")[:512])
header[124:136] = sizes[variant]
header[148:156] = b" " * 8
header[148:156] = b"%06o\0 " % sum(header)
tar = entry("etc/os-release", release) + bytes(header) + status.encode().ljust(512, b"\0") + END
