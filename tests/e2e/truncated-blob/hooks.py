# SPDX-License-Identifier: Apache-2.0
variants = list(range(1, 16))


def change(image, variant):
    image.blobs[1] = image.blobs[1][:len(image.blobs[1]) * variant // 16]
