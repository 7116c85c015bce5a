# SPDX-License-Identifier: Apache-2.0
variants = ["ten layers", "one layer"]
show_layers = False


def layers(variant, tars):
    if variant == "ten layers":
        return tars
    return [b"".join(tar[:-1024] for tar in tars) + bytes(1024)]
