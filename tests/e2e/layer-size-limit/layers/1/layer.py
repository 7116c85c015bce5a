# SPDX-License-Identifier: Apache-2.0
tar = entry("zeros", bytes(4000000)) + END
