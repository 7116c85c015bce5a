# SPDX-License-Identifier: Apache-2.0
variants = list(range(1, 16))


def layers(variant, tars):
    return [tars[0], tars[1][:len(tars[1]) * variant // 16]]
