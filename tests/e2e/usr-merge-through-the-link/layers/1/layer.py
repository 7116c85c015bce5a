# SPDX-License-Identifier: Apache-2.0
tar = entry("lib/apk/db/installed", 'P:zlib\nV:1.2.13-r1\nA:x86_64\nT:zlib for a test\nL:MIT\no:zlib\n\n') + END
