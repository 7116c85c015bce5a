# SPDX-License-Identifier: Apache-2.0
release = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
status = 'Package: bash\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Somebody <somebody@example.org>\nArchitecture: amd64\nSource: bash (5.2.15-2)\nVersion: 5.2.15-2+b2\nDescription: bash for a test\n\n'
import random
noise = random.Random(1).randbytes(100000)
tar = entry("bin/noise", noise) + entry("var/lib/dpkg/status", status * 300) + END
