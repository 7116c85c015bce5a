# SPDX-License-Identifier: Apache-2.0
library = b"\x7fELF\x02\x01\x01" + bytes(57) + b"\0GNU C Library (GNU libc) stable release version 2.19, by Roland McGrath et al.\nCopyright\0"
tar = entry("opt/app/vendor/resolver.bin", library) + END
