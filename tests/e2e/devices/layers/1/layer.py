# SPDX-License-Identifier: Apache-2.0
tar = (entry("var/lib/dpkg/status", type=tarfile.CHRTYPE, devmajor=1, devminor=5) + entry("dev/sda", type=tarfile.BLKTYPE) +
       entry("lib/apk/db/installed", type=tarfile.FIFOTYPE) + END)
