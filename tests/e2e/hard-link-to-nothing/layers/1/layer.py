# SPDX-License-Identifier: Apache-2.0
tar = entry("lib/apk/db/installed", type=tarfile.LNKTYPE, link="../../etc/shadow") + END
