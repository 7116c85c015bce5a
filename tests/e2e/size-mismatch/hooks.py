# SPDX-License-Identifier: Apache-2.0
variants = ["layer", "config", "manifest"]


def files(files, form, variant):
    def role(data):
        if data.startswith(b"{"):
            return "config" if b"diff_ids" in data else "manifest"
        return "layer"

    return {name: data + b" " if name.startswith("blobs/") and role(data) == variant else data
            for name, data in files.items()}
