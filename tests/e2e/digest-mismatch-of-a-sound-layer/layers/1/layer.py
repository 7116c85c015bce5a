# SPDX-License-Identifier: Apache-2.0
tar = entry("bin/noise", bytes(range(256)) * 4000) + END
