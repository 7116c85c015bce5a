# SPDX-License-Identifier: Apache-2.0
tar = b"".join(entry(f"x{i}", "") for i in range(2000)) + END
