# SPDX-License-Identifier: Apache-2.0
library = b"\x7fELF\x02\x01\x01" + bytes(57) + b"\0GNU C Library (Debian GLIBC 2.19-18+deb8u2) stable release version 2.19, by Roland McGrath et al.\nCopyright\0"
status = 'Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc\nVersion: 2.19-18+deb8u3\n\n'
tar = (entry("etc/os-release", 'ID=debian\nVERSION_ID="8"\nPRETTY_NAME="Debian GNU/Linux 8 (jessie)"\n')
       + entry("var/lib/dpkg/status", status) + entry("var/lib/dpkg/info/libc6:amd64.list", "/lib/x86_64-linux-gnu/libc-2.19.so\n")
       + entry("lib/x86_64-linux-gnu/libc-2.19.so", library) + END)
