# SPDX-License-Identifier: Apache-2.0
variants = ["layer", "config", "manifest"]


def files(files, form, variant):
    def role(data):
        if data.startswith(b"{"):
            return "config" if b"diff_ids" in data else "manifest"
        return "layer"

    for name, data in files.items():
        if name.startswith("blobs/") and role(data) == variant:
            middle = len(data) // 2
            files[name] = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:]
    return files
