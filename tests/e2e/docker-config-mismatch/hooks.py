# SPDX-License-Identifier: Apache-2.0
def files(files, form, variant):
    return {name: data.replace(b"step", b"Step") if name.endswith(".json") else data for name, data in files.items()}
