# SPDX-License-Identifier: Apache-2.0
release = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
status = 'Package: bash\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nSource: bash (5.2.15-2)\nVersion: 5.2.15-2+b2\nDescription: bash for a test\n\n'
one, two = 'Package: one\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nVersion: 1.0-1\nDescription: one for a test\n\n', 'Package: two\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nVersion: 2.0-1\nDescription: two for a test\n\n'
tar = (entry("etc/os-release", release) + entry("var/lib/dpkg/status.d/" + "g" * 200, one, format=tarfile.GNU_FORMAT) +
       entry("var/lib/dpkg/status.d/" + "p" * 200, two, format=tarfile.PAX_FORMAT) + END)
